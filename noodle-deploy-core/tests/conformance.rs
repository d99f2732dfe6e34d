//! Runs the conformance cases of `conformance/cases/` through the Rust API. See `conformance/README.md`.
//!
//! `NOODLE_CONFORMANCE_UPDATE=1` writes what was found into the cases, to be read before it is committed.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]

#[path = "conformance/case.rs"]
mod case;
#[path = "support/graph.rs"]
#[allow(clippy::duplicate_mod)]
mod graph;
#[path = "conformance/layout.rs"]
mod layout;
#[path = "conformance/matching.rs"]
mod matching;
#[path = "conformance/models.rs"]
mod models;
#[path = "conformance/runner.rs"]
mod runner;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use case::{Action, Case};
use noodle_deploy_core::error::ERROR_KINDS;
use noodle_deploy_core::ops::OPERATIONS;

/// Kinds that no case can bring about with one handle on a healthy machine: they need another process, another caller,
/// a server, a failing disk, or a fault of the library itself.
const OUT_OF_REACH: &[&str] =
    &["unauthenticated", "fenced", "newer_format", "rate_limited", "cancelled", "internal", "overloaded", "storage"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance").canonicalize().unwrap()
}

fn update() -> bool {
    std::env::var_os("NOODLE_CONFORMANCE_UPDATE").is_some_and(|value| value == "1")
}

fn cases() -> Vec<(PathBuf, Case)> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(root().join("cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let case = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        (path, case)
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn every_case_holds() {
    let mut failures = Vec::new();
    for (path, mut case) in cases() {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert_eq!(case.name, stem, "a case is named like its file");
        let found = runner::run(&case, &root());
        if update() {
            case.take(found);
            std::fs::write(&path, layout::pretty(&serde_json::to_value(&case).unwrap())).unwrap();
        } else {
            failures.extend(found.into_iter().filter_map(|step| step.mismatch));
        }
    }
    assert!(failures.is_empty(), "{} steps differ:\n\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn cases_are_laid_out_as_an_update_writes_them() {
    if update() {
        return;
    }
    for (path, case) in cases() {
        let written = layout::pretty(&serde_json::to_value(&case).unwrap());
        let found = std::fs::read_to_string(&path).unwrap();
        assert!(found == written, "{}: run NOODLE_CONFORMANCE_UPDATE=1", path.display());
    }
}

#[test]
fn every_operation_succeeds_and_fails_somewhere() {
    if update() {
        return;
    }
    let cases = cases();
    assert!(cases.len() >= 25, "{} cases", cases.len());
    let steps = || cases.iter().flat_map(|(_, case)| &case.steps);
    let called = |failed: bool| -> BTreeSet<&str> {
        let wanted = steps().filter(|s| s.error.is_some() == failed);
        wanted
            .filter_map(|s| if let Action::Operation { op, .. } = &s.action { Some(op.as_str()) } else { None })
            .collect()
    };
    let (succeeded, failed) = (called(false), called(true));
    for operation in OPERATIONS {
        assert!(succeeded.contains(operation.name), "no case calls {}", operation.name);
        assert!(failed.contains(operation.name), "no case makes {} fail", operation.name);
    }
    let kinds: BTreeSet<&str> = steps().filter_map(|s| s.error.as_ref()?["kind"].as_str()).collect();
    for row in ERROR_KINDS {
        let reached = kinds.contains(row.name);
        assert_ne!(reached, OUT_OF_REACH.contains(&row.name), "{}: reached {reached}", row.name);
    }
}

#[test]
fn models_are_what_their_source_makes() {
    for (name, bytes) in models::all() {
        let path = root().join("models").join(name);
        if update() {
            std::fs::write(&path, &bytes).unwrap();
        }
        assert!(
            std::fs::read(&path).is_ok_and(|found| found == bytes),
            "{}: run NOODLE_CONFORMANCE_UPDATE=1",
            path.display()
        );
    }
}
