//! What the whole path of a synchronous predict (route, signature check, lease, metrics) costs on top of the engine.
//!
//! Prints medians of single calls, measured in turns with tract alone; then criterion's own figures.
#![allow(clippy::disallowed_macros)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use noodle_deploy_core::{Noodle, PredictOptions, TensorView};

mod support;

use support::{deploy, direct, interleaved, plan, predict, trivial};

const SHAPE: [usize; 2] = [1, 4];
const DATA: [f32; 4] = [1.0, 2.0, 3.0, 4.0];

fn dispatch(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("trivial.onnx");
    std::fs::write(&path, trivial()).unwrap();
    let noodle = Noodle::open(dir.path().join("state")).unwrap();
    deploy(&noodle, "trivial", &path, 1);
    let plan = plan(&trivial(), &SHAPE);
    let mut state = plan.spawn().unwrap();
    let pinned = PredictOptions { version: Some("1.0.0".into()), ..PredictOptions::default() };
    let timed = PredictOptions { timeout: Some(std::time::Duration::from_secs(1)), ..PredictOptions::default() };
    let with = |options: &PredictOptions| {
        noodle.predict_with("trivial", &[("x", TensorView::new(&SHAPE, &DATA).unwrap())], options).unwrap()
    };

    let [nothing, tract, ours, by_version, by_time] = interleaved(
        400,
        500,
        [
            &mut || (),
            &mut || drop(black_box(direct(&mut state, &SHAPE, black_box(&DATA)))),
            &mut || drop(black_box(predict(&noodle, "trivial", "x", &SHAPE, black_box(&DATA)))),
            &mut || drop(black_box(with(&pinned))),
            &mut || drop(black_box(with(&timed))),
        ],
    );
    println!("{:<28} {:>8} {:>8} {:>8} {:>14}", "one call, ns", "p50", "p90", "p99", "p50 over tract");
    for (name, times) in [
        ("nothing (the clock itself)", &nothing),
        ("tract alone", &tract),
        ("predict", &ours),
        ("predict, version pinned", &by_version),
        ("predict, with a timeout", &by_time),
    ] {
        let (p50, p90, p99) = (times.at(50.0), times.at(90.0), times.at(99.0));
        println!("{name:<28} {p50:>8.0} {p90:>8.0} {p99:>8.0} {:>14.0}", p50 - tract.at(50.0));
    }

    let mut group = c.benchmark_group("dispatch");
    group.bench_function("tract", |b| b.iter(|| direct(&mut state, &SHAPE, black_box(&DATA))));
    group.bench_function("predict", |b| b.iter(|| predict(&noodle, "trivial", "x", &SHAPE, black_box(&DATA))));
    group.bench_function("predict_pinned", |b| b.iter(|| with(&pinned)));
    group.bench_function("predict_timeout", |b| b.iter(|| with(&timed)));
    group.finish();
}

criterion_group!(benches, dispatch);
criterion_main!(benches);
