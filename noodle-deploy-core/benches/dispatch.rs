//! What the whole path of a synchronous predict (route, signature check, lease, metrics) costs on top of the engine.
//!
//! Prints medians of single calls, measured in turns with tract alone; then criterion's own figures.
#![allow(clippy::disallowed_macros)]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use noodle_deploy_core::ops::decode;
use noodle_deploy_core::ops::deployments::Deploy;
use noodle_deploy_core::ops::experiment::{CreateExperiment, ExperimentInput, StartExperiment};
use noodle_deploy_core::ops::routing::SetRules;
use noodle_deploy_core::{Noodle, PredictOptions, Settings, TensorView};

mod support;

use support::{MODELS, Times, deploy, deploy_with, direct, interleaved, plan, predict, trivial};

const SHAPE: [usize; 2] = [1, 4];
const DATA: [f32; 4] = [1.0, 2.0, 3.0, 4.0];

/// The first row is what the others are compared with.
fn print(title: &str, rows: &[(&str, &Times)]) {
    println!("{title:<34} {:>8} {:>8} {:>8} {:>12}", "p50 ns", "p90", "p99", "p50 over");
    for (name, times) in rows {
        let (p50, p90, p99) = (times.at(50.0), times.at(90.0), times.at(99.0));
        println!("{name:<34} {p50:>8.0} {p90:>8.0} {p99:>8.0} {:>+12.0}", p50 - rows[0].1.at(50.0));
    }
    println!();
}

/// A deployment whose callers are divided among ten arms of one version.
fn divided(noodle: &Noodle, path: &Path) {
    deploy(noodle, "divided", path, 1);
    let arm = |n: u32| serde_json::json!({"name": format!("arm-{n}"), "version": "1.0.0", "weight": 1_000});
    let metric = serde_json::json!({"name": "worth", "kind": "mean", "goal": "increase", "role": "primary"});
    let asked = serde_json::json!({"deployment": "divided", "name": "ten", "arms": (0..10).map(arm).collect::<Vec<_>>(),
        "metrics": [metric]});
    noodle.call::<CreateExperiment>(decode::<CreateExperiment>(asked).unwrap()).unwrap();
    noodle.call::<StartExperiment>(ExperimentInput { deployment: "divided".into(), reason: None }).unwrap();
}

/// Ten rules for the same deployment, of which the last is about a request.
fn ruled(noodle: &Noodle) -> PredictOptions {
    let rule = |n: u32| {
        let when = [serde_json::json!({"attribute": "segment", "any_of": [format!("segment-{n}")]})];
        serde_json::json!({"when": when, "to": "serving"})
    };
    let asked = serde_json::json!({"deployment": "divided", "rules": (0..10).map(rule).collect::<Vec<_>>()});
    noodle.call::<SetRules>(decode::<SetRules>(asked).unwrap()).unwrap();
    let attributes = vec![("segment".to_owned(), "segment-9".to_owned())];
    PredictOptions { attributes, ..PredictOptions::default() }
}

/// A deployment whose requests, a share of them, run a second time in the shadow.
fn mirrored(noodle: &Noodle, name: &str, path: &Path, share: u32) {
    deploy(noodle, name, path, 1);
    let step = serde_json::json!({"weight": 0, "mirror": {"share": share}, "min_requests": u32::MAX});
    let asked = serde_json::json!({"deployment": name, "strategy": "shadow", "canary": {"steps": [step]}});
    noodle.call::<Deploy>(decode::<Deploy>(asked).unwrap()).unwrap();
}

/// A real model. Its plan for every shape is slower than one for a declared shape, which tract alone is given here.
fn languages(dir: &Path, noodle: &Noodle) {
    const SHAPE: [usize; 2] = [1, 1024];
    let path = Path::new(MODELS).join("langid-v1.onnx");
    let data: Vec<i32> = (0..SHAPE[1]).map(|i| (i % 90) as i32 + 32).collect();
    deploy(noodle, "langid", &path, 1);
    let declared = Noodle::open(dir.join("declared")).unwrap();
    deploy_with(&declared, "langid", &path, 1, vec![[("bytes".to_owned(), vec![1, 1024])].into()]);
    let plan = plan(&std::fs::read(&path).unwrap(), &SHAPE);
    let mut state = plan.spawn().unwrap();
    let [tract, fixed, free] = interleaved(
        100,
        30,
        [
            &mut || drop(black_box(direct(&mut state, &SHAPE, black_box(&data)))),
            &mut || drop(black_box(predict(&declared, "langid", "bytes", &SHAPE, black_box(&data)))),
            &mut || drop(black_box(predict(noodle, "langid", "bytes", &SHAPE, black_box(&data)))),
        ],
    );
    print(
        "langid-v1 on 1 x 1024",
        &[("tract alone, this shape", &tract), ("predict, shape declared", &fixed), ("predict, any shape", &free)],
    );
}

fn dispatch(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("trivial.onnx");
    std::fs::write(&path, trivial()).unwrap();
    let noodle = Noodle::open(dir.path().join("state")).unwrap();
    deploy(&noodle, "trivial", &path, 1);
    let unseen = Settings { monitoring_enabled: false, ..Settings::default() };
    let unseen = Noodle::builder(dir.path().join("unseen")).settings(unseen).open().unwrap();
    deploy(&unseen, "trivial", &path, 1);
    let plan = plan(&trivial(), &SHAPE);
    let mut state = plan.spawn().unwrap();
    let pinned = PredictOptions { version: Some("1.0.0".into()), ..PredictOptions::default() };
    divided(&noodle, &path);
    let keyed = PredictOptions { key: Some("user-4711".into()), ..PredictOptions::default() };
    let timed = PredictOptions { timeout: Some(std::time::Duration::from_secs(1)), ..PredictOptions::default() };
    let of = |deployment: &str, options: &PredictOptions| {
        noodle.predict_with(deployment, &[("x", TensorView::new(&SHAPE, &DATA).unwrap())], options).unwrap()
    };
    let with = |options: &PredictOptions| of("trivial", options);

    let by_attribute = ruled(&noodle);
    mirrored(&noodle, "tenth", &path, 1_000);
    mirrored(&noodle, "every", &path, 10_000);
    let plain = PredictOptions::default();

    let [nothing, tract, ours, unrecorded, by_version, by_time, by_key, by_arm, by_rule, tenth, every] = interleaved(
        400,
        500,
        [
            &mut || (),
            &mut || drop(black_box(direct(&mut state, &SHAPE, black_box(&DATA)))),
            &mut || drop(black_box(predict(&noodle, "trivial", "x", &SHAPE, black_box(&DATA)))),
            &mut || drop(black_box(predict(&unseen, "trivial", "x", &SHAPE, black_box(&DATA)))),
            &mut || drop(black_box(with(&pinned))),
            &mut || drop(black_box(with(&timed))),
            &mut || drop(black_box(with(&keyed))),
            &mut || drop(black_box(of("divided", &keyed))),
            &mut || drop(black_box(of("divided", &by_attribute))),
            &mut || drop(black_box(of("tenth", &plain))),
            &mut || drop(black_box(of("every", &plain))),
        ],
    );
    print(
        "y = x + 1 on 1 x 4",
        &[
            ("tract alone", &tract),
            ("predict", &ours),
            ("predict, nothing recorded", &unrecorded),
            ("predict, version pinned", &by_version),
            ("predict, with a timeout", &by_time),
            ("predict, with a key", &by_key),
            ("predict, a key and ten arms", &by_arm),
            ("predict, the last of ten rules", &by_rule),
            ("predict, a tenth in the shadow", &tenth),
            ("predict, all in the shadow", &every),
            ("nothing (the clock itself)", &nothing),
        ],
    );
    languages(dir.path(), &noodle);

    let mut group = c.benchmark_group("dispatch");
    group.bench_function("tract", |b| b.iter(|| direct(&mut state, &SHAPE, black_box(&DATA))));
    group.bench_function("predict", |b| b.iter(|| predict(&noodle, "trivial", "x", &SHAPE, black_box(&DATA))));
    group.bench_function("predict_pinned", |b| b.iter(|| with(&pinned)));
    group.bench_function("predict_timeout", |b| b.iter(|| with(&timed)));
    group.finish();
}

criterion_group!(benches, dispatch);
criterion_main!(benches);
