//! What it costs to open a directory with 100 deployments and 100,000 events, besides loading models.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use noodle_deploy_core::{Noodle, Settings};

#[path = "../tests/support/large_directory.rs"]
mod large_directory;
mod support;

fn open(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    let model = dir.path().join("trivial.onnx");
    std::fs::write(&model, support::trivial()).unwrap();
    let settings = Settings { load_on_open: false, ..Settings::default() };
    let mut group = c.benchmark_group("open");
    group.sample_size(20);
    for (deployments, events) in [(1, 100), (100, 1_000), (100, 100_000)] {
        let state = dir.path().join(format!("{deployments}-{events}"));
        large_directory::make(&state, &model, deployments, events);
        let name = format!("{deployments} deployments, {events} events");
        group.bench_function(&name, |b| {
            b.iter_custom(|times| {
                (0..times)
                    .map(|_| {
                        let start = Instant::now();
                        let noodle = Noodle::builder(&state).settings(settings.clone()).open().unwrap();
                        let taken = start.elapsed();
                        noodle.close();
                        taken
                    })
                    .sum()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, open);
criterion_main!(benches);
