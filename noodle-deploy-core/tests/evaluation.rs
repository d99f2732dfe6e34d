//! Work on a version: `benchmark`, `profile` and `evaluate`, and the gates that a deployment can require.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "engine-rten", feature = "store-sqlite", feature = "backend-local"))]

#[path = "evaluation/cost.rs"]
mod cost;
#[path = "support/graph.rs"]
mod graph;
#[path = "evaluation/worth.rs"]
mod worth;

use std::path::{Path, PathBuf};

use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{Error, ErrorKind, Noodle};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn register(noodle: &Noodle, model: &str, path: &Path, probes: Option<&Path>) {
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    noodle
        .call::<RegisterVersion>(RegisterVersionInput {
            model: model.into(),
            path: text(path),
            probes_path: probes.map(text),
            ..RegisterVersionInput::default()
        })
        .unwrap();
}

/// A directory with `langid` (a batch axis, probes of its own), `linear` (a batch axis, none) and `fixed` (two rows).
fn opened() -> (tempfile::TempDir, Noodle) {
    let dir = tempfile::tempdir().unwrap();
    let noodle = Noodle::open(dir.path().join("noodle")).unwrap();
    let models = repository().join("conformance/models");
    let examples = repository().join("examples/models");
    register(&noodle, "langid", &examples.join("langid-v2.onnx"), Some(&examples.join("langid-v2.probe.json")));
    register(&noodle, "linear", &models.join("linear.onnx"), None);
    let (x, y) = (graph::value_info("x", 1, &["2", "3"]), graph::value_info("y", 1, &["2", "3"]));
    let fixed = dir.path().join("fixed.onnx");
    std::fs::write(&fixed, graph::model(&[graph::node("Relu", &["x"], &["y"], &[])], &[], &[x], &[y])).unwrap();
    register(&noodle, "fixed", &fixed, None);
    (dir, noodle)
}

/// Field, value and what is allowed of a refusal.
fn refused(error: &Error, kind: ErrorKind, field: &str) {
    assert_eq!((error.kind(), error.get("field")), (kind, Some(field)), "{error}");
    assert!(error.get("value").is_some() && error.get("allowed").is_some(), "{error}");
}
