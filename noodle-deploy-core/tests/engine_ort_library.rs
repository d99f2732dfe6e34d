//! Libraries that are no ONNX Runtime, or too old a one: typed errors, and no panic.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-ort", target_os = "linux"))]

use std::path::Path;
use std::process::Command;

use noodle_deploy_core::engine::ort::OrtRuntime;
use noodle_deploy_core::engine::{LoadOptions, Runtime};
use noodle_deploy_core::{Error, ErrorKind};

const OLD: &str = r#"
struct base { const void *(*get_api)(unsigned version); const char *(*get_version)(void); };
static const void *get_api(unsigned version) { (void)version; return 0; }
static const char *get_version(void) { return "1.10.0"; }
static const struct base base = { get_api, get_version };
const struct base *OrtGetApiBase(void) { return &base; }
"#;

fn refused(file: &Path) -> Error {
    let runtime = OrtRuntime::new().with_library(file.to_owned());
    assert_eq!(runtime.version(), "without a library");
    let error = runtime.load(b"no model is looked at", &LoadOptions::default()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert_eq!(error.get("field"), Some("onnxruntime"));
    assert_eq!(error.get("value"), Some(file.display().to_string().as_str()));
    assert!(error.get("allowed").unwrap().starts_with("ONNX Runtime 1."), "{error}");
    error
}

#[test]
fn what_is_no_library_or_too_old_is_refused_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    refused(&dir.path().join("missing.so"));
    let text = dir.path().join("text.so");
    std::fs::write(&text, "no library").unwrap();
    refused(&text);
    let (source, old) = (dir.path().join("old.c"), dir.path().join("old.so"));
    std::fs::write(&source, OLD).unwrap();
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&old).arg(&source).status();
    match built {
        Ok(status) => assert!(status.success()),
        Err(error) => {
            assert!(std::env::var("NOODLE_FORBID_SKIPS").as_deref() != Ok("1"), "cc: {error}");
            println!("skipped: no C compiler for a library of old");
            return;
        }
    }
    let error = refused(&old);
    assert_eq!((error.message(), error.get("found")), ("the ONNX Runtime library is too old", Some("1.10.0")));
}

/// Prints where a library is looked for.
#[test]
fn child() {
    if std::env::var_os("NOODLE_TEST_SEARCH").is_some() {
        OrtRuntime::search().iter().for_each(|path| println!("{}", path.display()));
    }
}

/// The interpreter of a virtual environment is a link to another one's, and may be called without the environment being
/// active.
#[test]
fn the_package_of_the_environment_that_was_called_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let (bin, capi) = (dir.path().join("bin"), dir.path().join("lib/python3.13/site-packages/onnxruntime/capi"));
    std::fs::create_dir_all(&bin).unwrap();
    std::fs::create_dir_all(&capi).unwrap();
    let library = capi.join("libonnxruntime.so.1.99.0");
    std::fs::write(&library, "").unwrap();
    let interpreter = bin.join("python");
    std::os::unix::fs::symlink(std::env::current_exe().unwrap(), &interpreter).unwrap();
    let mut command = Command::new(&interpreter);
    command.args(["--exact", "child", "--nocapture"]).env("NOODLE_TEST_SEARCH", "1");
    for name in ["VIRTUAL_ENV", "CONDA_PREFIX", "ORT_DYLIB_PATH"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().any(|line| Path::new(line) == library), "{text}");
}
