//! In steady state a predict allocates what the engine allocates, and nothing of its own.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "store-sqlite", feature = "backend-local"))]
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Duration;

use noodle_deploy_core::ops::deployments::{Deploy, DeployInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{CancelToken, Noodle, PredictOptions, TensorView};
use tract_onnx::prelude::{
    Datum, Framework, InferenceFact, InferenceModelExt, IntoRunnable, IntoTValue, TValue, TVec, Tensor, ToDim,
};

#[path = "support/graph.rs"]
mod graph;

use graph::{F32, node, value_info};

/// Counts the allocations of each thread, so that background threads do not blur the figures.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator unchanged; the counter is a plain thread-local cell, which neither
// allocates nor has a destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|n| n.set(n.get() + 1));
        // SAFETY: the caller's contract is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's contract is passed on.
        unsafe { System.dealloc(ptr, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|n| n.set(n.get() + 1));
        // SAFETY: the caller's contract is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.with(|n| n.set(n.get() + 1));
        // SAFETY: the caller's contract is passed on.
        unsafe { System.realloc(ptr, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const CALLS: u64 = 1_000;
const SHAPE: [usize; 2] = [1, 4];
const DATA: [f32; 4] = [1.0, 2.0, 3.0, 4.0];

/// Allocations of this thread in `CALLS` calls, once caches are warm.
fn count(mut call: impl FnMut()) -> u64 {
    (0..100).for_each(|_| call());
    let before = ALLOCATIONS.with(Cell::get);
    (0..CALLS).for_each(|_| call());
    ALLOCATIONS.with(Cell::get) - before
}

/// As many inputs as outputs, of a batch that is fixed or free.
fn model(tensors: usize, batch: &str) -> Vec<u8> {
    let info = |name: &str| value_info(name, F32, &[batch, "4"]);
    let (inputs, nodes) = match tensors {
        1 => (vec!["a"], vec![node("Relu", &["a"], &["y"], &[])]),
        _ => (vec!["a", "b"], vec![node("Add", &["a", "b"], &["y"], &[]), node("Mul", &["a", "b"], &["z"], &[])]),
    };
    let outputs = ["y", "z"][..tensors].iter().map(|name| info(name)).collect::<Vec<_>>();
    graph::model(&nodes, &[], &inputs.iter().map(|name| info(name)).collect::<Vec<_>>(), &outputs)
}

/// What tract allocates for the same answers: inputs copied, a state that is kept, outputs taken.
fn tract(file: &[u8], tensors: usize, batch: &str) -> u64 {
    let mut model = tract_onnx::onnx().model_for_read(&mut &file[..]).unwrap();
    let rows = batch.parse::<usize>().map_or_else(|_| model.symbols.sym("N").to_dim(), |n| n.to_dim());
    for input in 0..tensors {
        let fact = InferenceFact::dt_shape(f32::datum_type(), [rows.clone(), 4.to_dim()]);
        model.set_input_fact(input, fact).unwrap();
    }
    let mut state = model.into_optimized().unwrap().into_runnable().unwrap().spawn().unwrap();
    let input = || Tensor::from_shape(&SHAPE, &DATA).unwrap().into_tvalue();
    count(|| {
        let inputs: TVec<TValue> = (0..tensors).map(|_| input()).collect();
        let outputs = state.run(inputs).unwrap();
        assert_eq!(outputs.len(), tensors);
    })
}

#[test]
fn a_predict_allocates_nothing_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let noodle = Noodle::open(dir.path().join("state")).unwrap();
    let options = [
        ("plain", PredictOptions::default()),
        ("version pinned", PredictOptions { version: Some("1.0.0".into()), ..PredictOptions::default() }),
        ("timeout", PredictOptions { timeout: Some(Duration::from_secs(60)), ..PredictOptions::default() }),
        ("cancel token", PredictOptions { cancel: Some(CancelToken::new()), ..PredictOptions::default() }),
    ];
    for (tensors, batch) in [(1, "1"), (2, "1"), (1, "n"), (2, "n")] {
        let name = format!("model-{tensors}-{batch}");
        let path = dir.path().join(format!("{name}.onnx"));
        let file = model(tensors, batch);
        std::fs::write(&path, &file).unwrap();
        let input = RegisterVersionInput {
            model: name.clone(),
            path: path.display().to_string(),
            version: Some("1.0.0".into()),
            ..RegisterVersionInput::default()
        };
        noodle.call::<RegisterVersion>(input).unwrap();
        noodle.call::<Deploy>(DeployInput::new(&name, "1.0.0")).unwrap();
        let engine = tract(&file, tensors, batch);
        for (what, options) in &options {
            let view = TensorView::new(&SHAPE, &DATA).unwrap();
            let inputs = [("a", view), ("b", view)];
            let ours = count(|| {
                let answer = noodle.predict_with(&name, &inputs[..tensors], options).unwrap();
                assert_eq!(answer.outputs().count(), tensors);
            });
            println!(
                "{tensors} in and out, batch {batch}, {what}: {:.1} allocations a call, tract alone {:.1}",
                ours as f64 / CALLS as f64,
                engine as f64 / CALLS as f64,
            );
            assert!(ours <= engine, "{name}, {what}: {ours} allocations in {CALLS} calls, tract alone {engine}");
        }
    }
}
