//! Replays the corpora of the fuzz targets: whatever was found once stays found.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]

use std::path::Path;

use noodle_deploy_core::fuzzing;

fn replay(target: &str, run: fn(&[u8])) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let mut paths: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 10, "{} files", paths.len());
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let done = std::panic::catch_unwind(|| run(&bytes));
        assert!(done.is_ok(), "{} panics on {}", target, path.display());
    }
}

#[test]
#[cfg(feature = "engine-tract")]
fn model_load() {
    replay("model_load", fuzzing::model_load);
}

#[test]
fn operation_decode() {
    replay("operation_decode", fuzzing::operation_decode);
}

#[test]
fn pipeline_document() {
    replay("pipeline_document", fuzzing::pipeline_document);
}

#[test]
fn cache_decode() {
    replay("cache_decode", fuzzing::cache_decode);
}
