//! Finds and opens the shared library.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use ort::LoadDynamicError;
use ort::environment::Environment;

use crate::engine::guard::Cause;
use crate::error::{Error, ErrorKind, Result};

/// The library of this process.
pub(super) struct Library {
    pub(super) environment: Environment,
    pub(super) version: &'static str,
    file: PathBuf,
}

static LIBRARY: OnceLock<Library> = OnceLock::new();
static OPENING: Mutex<()> = Mutex::new(());

/// Directories that are looked through for `python3.*` at most.
const MOST_ENTRIES: usize = 4096;

/// The library in this file, or the one that is found. Opened once; it stays.
pub(super) fn open(file: Option<&Path>) -> Result<&'static Library> {
    let same = |library: &'static Library| match file {
        Some(file) if file != library.file => Err(refused("the process has another ONNX Runtime library open")
            .with("field", "onnxruntime")
            .with("value", file.display())
            .with("allowed", library.file.display())),
        _ => Ok(library),
    };
    if let Some(library) = LIBRARY.get() {
        return same(library);
    }
    let _opening = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(library) = LIBRARY.get() {
        return same(library);
    }
    let library = match file {
        Some(file) => load(file)?,
        None => match search().iter().find(|path| path.is_file()) {
            Some(found) => load(found)?,
            None => {
                return Err(refused("no ONNX Runtime library was found")
                    .with("field", "onnxruntime")
                    .with("value", "auto")
                    .with(
                        "allowed",
                        "the path of a library, or an installed package: pip install onnxruntime, npm install \
                         onnxruntime-node",
                    ));
            }
        },
    };
    Ok(LIBRARY.get_or_init(|| library))
}

fn refused(message: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported, message).with("engine", "ort")
}

fn load(file: &Path) -> Result<Library> {
    let refused = |message| refused(message).with("field", "onnxruntime").with("value", file.display());
    let wanted = format!("ONNX Runtime 1.{} or later", ort::MINOR_VERSION);
    let builder = ort::init_from(file).map_err(|error| match error {
        LoadDynamicError::BadVersion { version_str, .. } => {
            refused("the ONNX Runtime library is too old").with("found", version_str).with("allowed", &wanted)
        }
        other => refused("the ONNX Runtime library does not open").with("allowed", &wanted).source(Cause::of(&other)),
    })?;
    let environment = builder
        .with_name("noodle-deploy")
        .with_telemetry(false)
        .build()
        .map_err(|e| refused("ONNX Runtime does not start").source(Cause::of(&e)))?;
    // What goes wrong is in the error of the call; ONNX Runtime would write it to the host's standard error as well.
    environment.set_log_level(ort::logging::LogLevel::Fatal);
    let minor = ort::util::probe(file).unwrap_or(ort::MINOR_VERSION);
    // Once a process.
    let version = Box::leak(format!("1.{minor}").into_boxed_str());
    tracing::debug!(file = %file.display(), version, "ONNX Runtime is open");
    Ok(Library { environment, version, file: file.to_owned() })
}

#[allow(clippy::disallowed_methods, reason = "where packages lie is said by the environment alone")]
fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

pub(super) fn search() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = variable("ORT_DYLIB_PATH").into_iter().collect();
    let executable = std::env::current_exe().ok();
    let prefix = |program: &Path| Some(program.parent()?.parent()?.to_owned());
    // As it was called: the interpreter of a virtual environment is a link to another one's.
    let called = std::env::args_os().next().map(PathBuf::from).filter(|program| program.is_absolute());
    let home = variable("HOME").map(|home| home.join(".local"));
    let roots = [
        variable("VIRTUAL_ENV"),
        variable("CONDA_PREFIX"),
        called.as_deref().and_then(prefix),
        executable.as_deref().and_then(prefix),
        home,
        Some("/usr/local".into()),
        Some("/usr".into()),
    ];
    for root in roots.into_iter().flatten() {
        for site in site_packages(&root) {
            found.extend(libraries(&site.join("onnxruntime/capi")));
        }
    }
    let working = std::env::current_dir().ok();
    for start in [working, executable].into_iter().flatten() {
        for above in start.ancestors() {
            found.extend(node_libraries(&above.join("node_modules/onnxruntime-node/bin")));
        }
    }
    found
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.take(MOST_ENTRIES).flatten().map(|entry| entry.path()).collect();
    // The newest name first: python3.13 before python3.11, napi-v6 before napi-v3.
    paths.sort_by(|a, b| b.cmp(a));
    paths
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(OsStr::to_str).unwrap_or("")
}

/// Where a Python installation keeps its packages.
fn site_packages(root: &Path) -> Vec<PathBuf> {
    let versions = entries(&root.join("lib")).into_iter().filter(|path| name(path).starts_with("python3"));
    let unix = versions.flat_map(|python| [python.join("site-packages"), python.join("dist-packages")]);
    unix.chain([root.join("Lib/site-packages")]).collect()
}

/// The libraries of a folder: `libonnxruntime.so.1.32.0`, `libonnxruntime.1.32.0.dylib`, `onnxruntime.dll`.
fn libraries(dir: &Path) -> Vec<PathBuf> {
    let is_library = |path: &PathBuf| {
        let name = name(path);
        let of_runtime = name.starts_with("libonnxruntime.") || name == "onnxruntime.dll";
        of_runtime && [".so", ".dylib", ".dll"].iter().any(|ending| name.contains(ending))
    };
    entries(dir).into_iter().filter(is_library).collect()
}

/// `bin/napi-v6/linux/x64/libonnxruntime.so.1`.
fn node_libraries(bin: &Path) -> Vec<PathBuf> {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let processor = if std::env::consts::ARCH == "aarch64" { "arm64" } else { "x64" };
    entries(bin).iter().flat_map(|api| libraries(&api.join(system).join(processor))).collect()
}
