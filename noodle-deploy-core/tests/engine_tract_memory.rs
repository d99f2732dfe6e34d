//! What loaded models really hold, by a counting allocator, against what they report.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(feature = "engine-tract")]

#[path = "support/graph.rs"]
mod graph;
#[path = "support/heap.rs"]
mod heap;

use std::sync::Arc;

use noodle_deploy_core::Tensor;
use noodle_deploy_core::engine::tract::TractRuntime;
use noodle_deploy_core::engine::{Cancel, LoadOptions, Outputs, Runnable, Runtime, State};

/// Four replicas run every shape; returns held bytes, reported bytes and the number of plans.
fn fill(
    file: &[u8],
    options: &LoadOptions,
    shapes: usize,
    inputs: &dyn Fn(usize) -> Vec<Tensor>,
) -> (usize, u64, usize) {
    let before = heap::mark();
    let model: Arc<dyn Runnable> = TractRuntime::new().load(file, options).unwrap();
    let peak = heap::peak() - before;
    let loaded = heap::held() - before;
    let mut replicas: Vec<Box<dyn State>> = (0..4).map(|_| model.clone().spawn().unwrap()).collect();
    for replica in &mut replicas {
        for case in 0..shapes {
            let tensors = inputs(case);
            let views: Vec<_> = tensors.iter().map(Tensor::view).collect();
            let mut outputs = Outputs::new();
            replica.run(&views, &mut outputs, &Cancel::NEVER).unwrap();
        }
    }
    let report = model.report();
    println!(
        "{} plan, {} plans: {loaded} bytes loaded (peak {peak}), {} after 4 replicas x {shapes} shapes, {} reported",
        report.plan,
        report.plans,
        heap::held() - before,
        model.memory_bytes()
    );
    (heap::held() - before, model.memory_bytes(), report.plans as usize)
}

// One test: the counters belong to the process.
#[test]
fn replicas_and_shapes_share_weights() {
    let (rows, columns) = (2048, 1024);
    let weights = rows * columns * 4;
    // A plan per shape packs weights for the kernel that suits the shape: as many times as there are kinds of kernels
    // (up to seven with AVX-512), not as there are shapes.
    for (file, most) in [(graph::linear(rows, columns), 2), (graph::needs_shapes(rows, columns), 8)] {
        let inputs = |case: usize| {
            let batch = [1, 2, 8, 33].get(case).copied().unwrap_or(30 + case);
            vec![Tensor::new(&[batch, rows], vec![1f32; batch * rows]).unwrap()]
        };
        let (held, reported, _) = fill(&file, &LoadOptions::default(), 24, &inputs);
        assert!(held <= most * weights + (1 << 20), "{held} bytes held for {weights} bytes of weights");
        assert!(
            reported as usize >= weights && reported as usize <= held + (1 << 20),
            "{reported} reported, {held} held"
        );
    }
    minilm();
}

fn minilm() {
    let Some(dir) = std::env::var_os("NOODLE_MODELS_DIR") else {
        println!("MiniLM skipped: NOODLE_MODELS_DIR is not set");
        return;
    };
    let file = std::fs::read(std::path::Path::new(&dir).join("minilm.onnx")).unwrap();
    let shapes = [(1usize, 16usize), (1, 128), (8, 16), (8, 64)];
    let inputs = |case: usize| {
        let (batch, sequence) = shapes[case];
        let ids = |value: i64| Tensor::new(&[batch, sequence], vec![value; batch * sequence]).unwrap();
        vec![ids(1000), ids(1), ids(0)]
    };
    let declared = shapes.iter().map(|&(b, s)| vec![smallvec::smallvec![b, s]; 3]).collect();
    for options in
        [LoadOptions::default(), LoadOptions { shapes: declared, plan_cache_bytes: 1 << 30, ..LoadOptions::default() }]
    {
        let (held, reported, plans) = fill(&file, &options, 4, &inputs);
        println!(
            "MiniLM: {:.2} x its file, {:.2} x reported",
            held as f64 / file.len() as f64,
            held as f64 / reported as f64
        );
        // A plan of its own, where it is measured to be worth it, packs weights for its kernels at most once more.
        let most = (1 + plans) * file.len();
        assert!(held <= most, "{held} bytes held by {plans} plans for a file of {}", file.len());
        assert!(held.abs_diff(reported as usize) < 4 << 20, "{reported} reported, {held} held");
    }
}
