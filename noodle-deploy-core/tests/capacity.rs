//! A directory with 100 deployments and 100,000 events opens without reading its log.
//!
//! Prints the figures; the bench `open` measures them with care. The bound here is loose, since machines differ.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "store-sqlite", feature = "backend-local"))]

use std::time::{Duration, Instant};

use noodle_deploy_core::ops::Nothing;
use noodle_deploy_core::ops::deployments::ListDeployments;
use noodle_deploy_core::{Noodle, Settings};

#[path = "support/graph.rs"]
mod graph;
#[path = "support/large_directory.rs"]
mod large_directory;

const DEPLOYMENTS: u32 = 100;
const EVENTS: u64 = 100_000;
const LOOSE: Duration = Duration::from_millis(500);

#[test]
fn a_large_directory_opens_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let model = dir.path().join("model.onnx");
    std::fs::write(&model, graph::linear(4, 2)).unwrap();
    let state = dir.path().join("state");
    let start = Instant::now();
    large_directory::make(&state, &model, DEPLOYMENTS, EVENTS);
    println!("made in {:.1?}", start.elapsed());

    let settings = Settings { load_on_open: false, ..Settings::default() };
    let mut taken = Vec::new();
    for _ in 0..9 {
        let start = Instant::now();
        let noodle = Noodle::builder(&state).settings(settings.clone()).open().unwrap();
        taken.push(start.elapsed());
        let deployments = noodle.call::<ListDeployments>(Nothing {}).unwrap();
        assert_eq!(deployments.deployments.len(), DEPLOYMENTS as usize);
        noodle.close();
    }
    taken.sort();
    println!("open, models not loaded: median {:.1?}, all {taken:.1?}", taken[taken.len() / 2]);
    assert!(taken[taken.len() / 2] < LOOSE, "{taken:.1?}");

    let start = Instant::now();
    let noodle = Noodle::open(&state).unwrap();
    println!("open with {DEPLOYMENTS} models loaded and verified: {:.1?}", start.elapsed());
    let row = noodle_deploy_core::TensorView::new(&[1, 4], &[1f32; 4]).unwrap();
    assert_eq!(noodle.predict("service-99", &[("x", row)]).unwrap().version(), "1.0.0");

    // Every event is in order, and the log folds to the rows that the open read.
    let start = Instant::now();
    let report = noodle.verify(None, true).unwrap();
    println!("verify: {:.1?} for {} events", start.elapsed(), report.events);
    assert!(report.events >= EVENTS);
}
