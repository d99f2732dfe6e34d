//! The tract engine on hand-made graphs.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(feature = "engine-tract")]

#[path = "support/graph.rs"]
mod graph;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use graph::*;
use half::f16;
use noodle_deploy_core::engine::tract::TractRuntime;
use noodle_deploy_core::engine::{Cancel, LoadOptions, MemoryBudget, Outputs, Runnable, Runtime};
use noodle_deploy_core::model::onnx::{Budgets, inspect};
use noodle_deploy_core::tensor::Element;
use noodle_deploy_core::{Error, ErrorKind, Tensor, TensorView};
use smallvec::smallvec;

fn load(file: &[u8], options: &LoadOptions) -> Arc<dyn Runnable> {
    TractRuntime::new().load(file, options).unwrap()
}

fn run(model: &Arc<dyn Runnable>, inputs: &[TensorView<'_>], cancel: &Cancel<'_>) -> Result<Outputs, Error> {
    let mut outputs = Outputs::new();
    model.clone().spawn()?.run(inputs, &mut outputs, cancel)?;
    Ok(outputs)
}

fn round_trip<T: Element + PartialEq + std::fmt::Debug>(number: i64, values: Vec<T>) {
    let file = model(
        &[node("Identity", &["x"], &["y"], &[])],
        &[],
        &[value_info("x", number, &["n"])],
        &[value_info("y", number, &["n"])],
    );
    let model = load(&file, &LoadOptions::default());
    assert_eq!(model.signature().inputs[0].dtype, T::DTYPE);
    let len = values.len();
    let tensor = Tensor::new(&[len], values.clone()).unwrap();
    let outputs = run(&model, &[tensor.view()], &Cancel::NEVER).unwrap();
    assert_eq!(outputs[0].as_slice::<T>().unwrap(), values);
    // What the engine gave out goes in again without a copy, and comes out the same memory.
    let again = run(&model, &[outputs[0].view()], &Cancel::NEVER).unwrap();
    assert_eq!(again[0].as_slice::<T>().unwrap().as_ptr(), outputs[0].as_slice::<T>().unwrap().as_ptr());
    // Bytes at an odd address.
    let mut odd = vec![0u8];
    odd.extend_from_slice(bytemuck::cast_slice(&values));
    let shape = [len];
    let view = TensorView::from_bytes(T::DTYPE, &shape, &odd[1..]).unwrap();
    let outputs = run(&model, &[view], &Cancel::NEVER).unwrap();
    assert_eq!(outputs[0].as_slice::<T>().unwrap(), values);
}

#[test]
fn every_element_type_goes_through() {
    round_trip::<f32>(F32, vec![1.5, -0.0, f32::INFINITY]);
    round_trip::<f64>(F64, vec![1.5, f64::MIN]);
    round_trip::<f16>(F16, vec![f16::from_f32(0.5), f16::MAX]);
    round_trip::<i8>(I8, vec![i8::MIN, 3]);
    round_trip::<i16>(I16, vec![i16::MIN, 3]);
    round_trip::<i32>(I32, vec![i32::MIN, 3]);
    round_trip::<i64>(I64, vec![i64::MIN, 3]);
    round_trip::<u8>(U8, vec![255, 3]);
    round_trip::<u16>(U16, vec![u16::MAX, 3]);
    round_trip::<u32>(U32, vec![u32::MAX, 3]);
    round_trip::<u64>(U64, vec![u64::MAX, 3]);
    round_trip::<bool>(BOOL, vec![true, false]);
}

#[test]
fn strings_go_through() {
    let nodes = [node("Identity", &["x"], &["y"], &[])];
    let file = model(&nodes, &[], &[value_info("x", STRING, &["n"])], &[value_info("y", STRING, &["n"])]);
    let model = load(&file, &LoadOptions::default());
    let words = Tensor::strings(&[2], vec!["ja".to_owned(), String::new()]).unwrap();
    let outputs = run(&model, &[words.view()], &Cancel::NEVER).unwrap();
    assert_eq!(outputs[0].as_strings().unwrap(), words.as_strings().unwrap());
}

#[test]
fn typed_fields_hold_weights_too() {
    // uint32 and uint64 lie in a field of their own, int8 in the one of int32.
    for (number, field, value) in [(U32, 11, 4_000_000_000u64), (U64, 11, u64::MAX - 3), (I8, 5, (-5i64) as u64)] {
        let mut w = Vec::new();
        int(1, 1, &mut w);
        int(2, number, &mut w);
        text(8, "w", &mut w);
        int(field, value as i64, &mut w);
        let file = model(
            &[node("Concat", &["x", "w"], &["y"], &[Attr::Int("axis", 0)])],
            &[w],
            &[value_info("x", number, &["n"])],
            &[value_info("y", number, &["m"])],
        );
        let model = load(&file, &LoadOptions::default());
        let spec = &model.signature().inputs[0];
        let width = spec.dtype.size().unwrap();
        let bytes = vec![1u8; width];
        let view = TensorView::from_bytes(spec.dtype, &[1], &bytes).unwrap();
        let outputs = run(&model, &[view], &Cancel::NEVER).unwrap();
        let noodle_deploy_core::tensor::Data::Bytes(found) = outputs[0].data() else { panic!("bytes") };
        assert_eq!(&found[width..], &value.to_le_bytes()[..width]);
    }
}

#[test]
fn sizes_come_out_as_i64() {
    let nodes = [node("Shape", &["x"], &["y"], &[])];
    let file = model(&nodes, &[], &[value_info("x", F32, &["n", "m"])], &[value_info("y", I64, &["2"])]);
    let model = load(&file, &LoadOptions::default());
    let x = Tensor::new(&[3, 5], vec![0f32; 15]).unwrap();
    let outputs = run(&model, &[x.view()], &Cancel::NEVER).unwrap();
    assert_eq!(outputs[0].as_slice::<i64>().unwrap(), [3, 5]);
}

fn ones(rows: usize, columns: usize) -> Tensor {
    Tensor::new(&[rows, columns], vec![1f32; rows * columns]).unwrap()
}

fn check_linear(outputs: &Outputs, rows: usize, columns: usize, batch: usize) {
    assert_eq!(outputs[0].shape(), [batch, columns]);
    let found = outputs[0].as_slice::<f32>().unwrap();
    for (i, value) in found.iter().enumerate() {
        let wanted: f32 = (0..rows).map(|r| ((r * columns + i % columns) % 7) as f32 - 3.0).sum();
        assert!((value - wanted).abs() < 1e-3, "{value} instead of {wanted}");
    }
}

#[test]
fn one_symbolic_plan_serves_every_batch() {
    let model = load(&linear(16, 4), &LoadOptions::default());
    assert_eq!(model.report().plan, "symbolic");
    let mut state = model.clone().spawn().unwrap();
    for batch in [1, 7, 2] {
        let mut outputs = Outputs::new();
        state.run(&[ones(batch, 16).view()], &mut outputs, &Cancel::NEVER).unwrap();
        check_linear(&outputs, 16, 4, batch);
    }
    assert_eq!(model.report().plans, 1);
}

#[test]
fn several_threads_give_the_same_answers() {
    let options = LoadOptions { threads: 2, ..LoadOptions::default() };
    let model = load(&linear(64, 32), &options);
    check_linear(&run(&model, &[ones(33, 64).view()], &Cancel::NEVER).unwrap(), 64, 32, 33);
}

#[test]
fn without_a_symbolic_plan_each_shape_has_its_own_and_shares_weights() {
    let (rows, columns) = (512, 256);
    let weights = (rows * columns * 4) as u64;
    let model = load(&needs_shapes(rows, columns), &LoadOptions::default());
    let report = model.report();
    assert_eq!(report.plan, "per_shape");
    assert!(report.reason.is_some());
    let before = model.memory_bytes();
    let mut state = model.clone().spawn().unwrap();
    for batch in [1usize, 2, 3, 4, 1] {
        let mut outputs = Outputs::new();
        state.run(&[ones(batch, rows).view()], &mut outputs, &Cancel::NEVER).unwrap();
        check_linear(&outputs, rows, columns, batch);
    }
    let after = model.memory_bytes();
    println!("weights {weights}, one plan {before}, four plans {after}");
    assert!(model.report().plans >= 4);
    // The parsed weights, and a packing for each kind of kernel.
    assert!(before <= 2 * weights + (64 << 10) && after <= 4 * weights + (256 << 10), "{before} {after}");
    for batch in 40..60 {
        let mut outputs = Outputs::new();
        state.run(&[ones(batch, rows).view()], &mut outputs, &Cancel::NEVER).unwrap();
    }
    let many = model.memory_bytes();
    println!("twenty more plans {many}");
    assert!(many <= 8 * weights + 25 * (32 << 10), "{after} {many}");
}

#[test]
fn declared_shapes_are_compiled_at_load() {
    let options =
        LoadOptions { shapes: vec![vec![smallvec![2, 16]], vec![smallvec![9, 16]]], ..LoadOptions::default() };
    let model = load(&needs_shapes(16, 4), &options);
    assert_eq!(model.report().plans, 2);
    check_linear(&run(&model, &[ones(9, 16).view()], &Cancel::NEVER).unwrap(), 16, 4, 9);
    assert_eq!(model.report().plans, 2);
    for shapes in [vec![], vec![smallvec![2, 17]], vec![smallvec![2]]] {
        let options = LoadOptions { shapes: vec![shapes], ..LoadOptions::default() };
        let error = TractRuntime::new().load(&linear(16, 4), &options).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    }
}

#[test]
fn plans_stay_inside_their_bytes_and_the_budget() {
    let budget = Arc::new(MemoryBudget::unlimited());
    let options = LoadOptions { plan_cache_bytes: 64 << 10, budget: budget.clone(), ..LoadOptions::default() };
    let model = load(&needs_shapes(64, 64), &options);
    let mut state = model.clone().spawn().unwrap();
    for batch in 1..20 {
        let mut outputs = Outputs::new();
        state.run(&[ones(batch, 64).view()], &mut outputs, &Cancel::NEVER).unwrap();
        check_linear(&outputs, 64, 64, batch);
    }
    let report = model.report();
    println!("{report:?}");
    assert!(report.plans < 8, "{report:?}");
    assert!(budget.used() <= 64 * 64 * 4 * 4 + (64 << 10), "{}", budget.used());
    assert_eq!(budget.used(), model.memory_bytes());
    drop(state);
    drop(model);
    assert_eq!(budget.used(), 0);
}

#[test]
fn a_budget_that_does_not_suffice_is_respected() {
    let file = linear(512, 512);
    for limit in [1000, 1 << 20, 3 << 19] {
        let budget = Arc::new(MemoryBudget::new(limit));
        let options = LoadOptions { budget: budget.clone(), ..LoadOptions::default() };
        let error = TractRuntime::new().load(&file, &options).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ResourceExhausted, "{error:?}");
        assert_eq!(budget.used(), 0);
    }
    let budget = Arc::new(MemoryBudget::new(4 << 20));
    let model = load(&file, &LoadOptions { budget: budget.clone(), ..LoadOptions::default() });
    assert!(budget.used() > 1 << 20);
    drop(model);
    assert_eq!(budget.used(), 0);
}

/// A chain of products that takes a while.
fn slow() -> Vec<u8> {
    let names: Vec<String> = (0..=200).map(|i| format!("t{i}")).collect();
    let nodes: Vec<Vec<u8>> = (0..200)
        .map(|i| {
            let output = if i == 199 { "y" } else { &names[i + 1] };
            node("MatMul", &[if i == 0 { "x" } else { &names[i] }, "w"], &[output], &[])
        })
        .collect();
    let weights: Vec<f32> = (0..256 * 256).map(|i| if i % 257 == 0 { 1.0 } else { 0.0 }).collect();
    model(
        &nodes,
        &[floats("w", &[256, 256], &weights)],
        &[value_info("x", F32, &["batch", "256"])],
        &[value_info("y", F32, &["batch", "256"])],
    )
}

#[test]
fn a_run_that_is_of_no_use_ends_with_the_reason() {
    let model = load(&slow(), &LoadOptions::default());
    let x = ones(256, 256);
    run(&model, &[x.view()], &Cancel::NEVER).unwrap();
    // Far less than a run takes.
    let cancel = Cancel { deadline: Some(Instant::now() + Duration::from_millis(1)), ..Cancel::NEVER };
    let error = run(&model, &[x.view()], &cancel).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DeadlineExceeded);
    let flag = AtomicBool::new(true);
    let error = run(&model, &[x.view()], &Cancel { flag: Some(&flag), ..Cancel::NEVER }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let later = Cancel { deadline: Some(Instant::now() + Duration::from_secs(600)), ..Cancel::NEVER };
    assert_eq!(run(&model, &[x.view()], &later).unwrap()[0], x);
}

#[test]
fn callers_at_once_agree() {
    let model = load(&needs_shapes(64, 16), &LoadOptions::default());
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let model = &model;
            scope.spawn(move || {
                let mut state = model.clone().spawn().unwrap();
                for round in 0..20 {
                    let batch = 1 + (thread + round) % 5;
                    let mut outputs = Outputs::new();
                    state.run(&[ones(batch, 64).view()], &mut outputs, &Cancel::NEVER).unwrap();
                    check_linear(&outputs, 64, 16, batch);
                }
            });
        }
    });
}

#[test]
fn what_a_file_says_is_read() {
    let file = linear(16, 4);
    let info = inspect(&file, &Budgets::default()).unwrap();
    assert_eq!(info.ir_version, 8);
    assert_eq!((info.opsets[0].domain.as_str(), info.opsets[0].version), ("ai.onnx", 17));
    assert_eq!(info.producer, "test");
    assert_eq!((info.node_count, info.operators["MatMul"], info.weight_bytes), (1, 1, 16 * 4 * 4));
    assert_eq!(info.signature.inputs[0].to_string(), "x: f32[batch, 16]");
    // An input with a default is not asked for.
    let nodes = [node("Add", &["x", "w"], &["y"], &[])];
    let inputs = [value_info("x", F32, &["2"]), value_info("w", F32, &["2"])];
    let file = model(&nodes, &[floats("w", &[2], &[1.0, 2.0])], &inputs, &[value_info("y", F32, &["2"])]);
    let model = load(&file, &LoadOptions::default());
    assert_eq!(model.signature().inputs.len(), 1);
    assert_eq!(model.report().plan, "static");
    let x = Tensor::new(&[2], vec![10f32, 20.0]).unwrap();
    assert_eq!(run(&model, &[x.view()], &Cancel::NEVER).unwrap()[0].as_slice::<f32>().unwrap(), [11.0, 22.0]);
}

#[test]
fn names_may_repeat_or_be_missing() {
    // Nodes named like each other, like the input and like the initializer.
    let rename = |mut node: Vec<u8>, name: &str| {
        // A later field replaces an earlier one.
        text(3, name, &mut node);
        node
    };
    let nodes = [
        rename(node("Relu", &["x"], &["a"], &[]), "x"),
        rename(node("Add", &["a", "w"], &["b"], &[]), "w"),
        rename(node("Neg", &["b"], &["c"], &[]), "same"),
        rename(node("Neg", &["c"], &["d"], &[]), "same"),
        rename(node("Abs", &["d"], &["y"], &[]), ""),
    ];
    let file =
        model(&nodes, &[floats("w", &[1], &[1.0])], &[value_info("x", F32, &["n"])], &[value_info("y", F32, &["n"])]);
    let model = load(&file, &LoadOptions::default());
    let x = Tensor::new(&[2], vec![-1f32, 2.0]).unwrap();
    assert_eq!(run(&model, &[x.view()], &Cancel::NEVER).unwrap()[0].as_slice::<f32>().unwrap(), [1.0, 3.0]);
}

/// A recurrent layer of size 1 with weight 1 and recurrence 0.5: h = tanh(x + 0.5 h).
fn recurrent(direction: &str) -> Vec<u8> {
    model(
        &[node("RNN", &["x", "w", "r"], &["y"], &[Attr::Int("hidden_size", 1), Attr::Text("direction", direction)])],
        &[floats("w", &[1, 1, 1], &[1.0]), floats("r", &[1, 1, 1], &[0.5])],
        &[value_info("x", F32, &["steps", "1", "1"])],
        &[value_info("y", F32, &["steps", "1", "1", "1"])],
    )
}

#[test]
fn recurrent_layers_forget_between_runs() {
    let model = load(&recurrent("forward"), &LoadOptions::default());
    let x = Tensor::new(&[3, 1, 1], vec![0.1f32, 0.2, 0.3]).unwrap();
    let mut state = model.clone().spawn().unwrap();
    let mut h = 0f32;
    let wanted: Vec<f32> = [0.1f32, 0.2, 0.3]
        .iter()
        .map(|x| {
            h = (x + 0.5 * h).tanh();
            h
        })
        .collect();
    for _ in 0..3 {
        let mut outputs = Outputs::new();
        state.run(&[x.view()], &mut outputs, &Cancel::NEVER).unwrap();
        for (a, b) in outputs[0].as_slice::<f32>().unwrap().iter().zip(&wanted) {
            assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
    }
}

#[test]
fn recurrent_layers_in_reverse_are_refused() {
    let file = recurrent("reverse");
    assert_eq!(inspect(&file, &Budgets::default()).unwrap().suspect, ["RNN RNN_y runs in direction reverse"]);
    assert!(inspect(&recurrent("forward"), &Budgets::default()).unwrap().suspect.is_empty());
    let error = TractRuntime::new().load(&file, &LoadOptions::default()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!((error.get("operator"), error.get("reason")), (Some("RNN"), Some("gives the steps in another order")));
}

#[test]
fn depth_becomes_space() {
    let file = model(
        &[node("DepthToSpace", &["x"], &["y"], &[Attr::Int("blocksize", 2), Attr::Text("mode", "CRD")])],
        &[],
        &[value_info("x", F32, &["n", "8", "3", "2"])],
        &[value_info("y", F32, &["n", "2", "6", "4"])],
    );
    let model_ = load(&file, &LoadOptions::default());
    let x = Tensor::new(&[2, 8, 3, 2], (0..96).map(|v| v as f32).collect()).unwrap();
    let outputs = run(&model_, &[x.view()], &Cancel::NEVER).unwrap();
    let mut wanted = vec![0f32; 96];
    for (at, value) in wanted.iter_mut().enumerate() {
        let (n, c, y, x) = (at / 48, at / 24 % 2, at / 4 % 6, at % 4);
        *value = (((n * 8 + c * 4 + y % 2 * 2 + x % 2) * 3 + y / 2) * 2 + x / 2) as f32;
    }
    assert_eq!(outputs[0].as_slice::<f32>().unwrap(), wanted);
}

#[test]
fn an_image_smaller_than_a_window_is_refused() {
    // tract computes a size of -1 and trusts it.
    let file = model(
        &[node("Conv", &["x", "w"], &["y"], &[Attr::Ints("kernel_shape", &[3, 3])])],
        &[floats("w", &[1, 1, 3, 3], &[1.0; 9])],
        &[value_info("x", F32, &["n", "1", "h", "w"])],
        &[value_info("y", F32, &["n", "1", "a", "b"])],
    );
    let model = load(&file, &LoadOptions::default());
    println!("{:?}", model.report());
    for (height, width, fits) in [(1, 1, false), (3, 3, true), (1, 9, false), (2, 2, true), (5, 4, true)] {
        let x = Tensor::new(&[1, 1, height, width], vec![1f32; height * width]).unwrap();
        match run(&model, &[x.view()], &Cancel::NEVER) {
            Ok(outputs) => {
                assert!(fits, "{height}x{width}");
                assert_eq!(outputs[0].shape(), [1, 1, height - 2, width - 2]);
            }
            Err(error) => {
                assert!(!fits, "{height}x{width}: {error:?}");
                assert_eq!(error.kind(), ErrorKind::Unsupported, "{error:?}");
                assert!(error.get("node").is_some() && error.get("shapes").is_some(), "{error:?}");
            }
        }
    }
    // The same, folded while loading.
    let nodes = [
        node("Conv", &["c", "w"], &["y0"], &[Attr::Ints("kernel_shape", &[3, 3])]),
        node("Add", &["x", "y0"], &["y"], &[]),
    ];
    let constants = [floats("w", &[1, 1, 3, 3], &[1.0; 9]), floats("c", &[1, 1, 1, 1], &[1.0])];
    let file = graph::model(
        &nodes,
        &constants,
        &[value_info("x", F32, &["1"])],
        &[value_info("y", F32, &["1", "1", "1", "1"])],
    );
    let error = TractRuntime::new().load(&file, &LoadOptions::default()).map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidModel, "{error:?}");
}

#[test]
fn a_product_of_sizes_that_do_not_fit_is_refused() {
    // The file leaves the second axis open, and the weights have four rows.
    let file = model(
        &[node("MatMul", &["x", "w"], &["y"], &[])],
        &[floats("w", &[4, 2], &[1.0; 8])],
        &[value_info("x", F32, &["batch", "length"])],
        &[value_info("y", F32, &["batch", "2"])],
    );
    let error = TractRuntime::new().load(&file, &LoadOptions::default()).err().unwrap();
    assert_eq!((error.kind(), error.get("node")), (ErrorKind::Unsupported, Some("MatMul_y")), "no size tried fits");
    let options = LoadOptions { shapes: vec![vec![smallvec![2, 4]]], ..LoadOptions::default() };
    let model = load(&file, &options);
    for (length, fits) in [(3, false), (4, true), (5, false), (1, false), (4, true)] {
        let x = Tensor::new(&[2, length], vec![1f32; 2 * length]).unwrap();
        match run(&model, &[x.view()], &Cancel::NEVER) {
            Ok(outputs) => {
                assert!(fits, "{length}: {:?}", outputs[0].as_slice::<f32>());
                assert_eq!(outputs[0].as_slice::<f32>().unwrap(), [4.0; 4]);
            }
            Err(error) => {
                assert!(!fits, "{length}: {error}");
                assert_eq!(error.get("node"), Some("MatMul_y"), "{error}");
            }
        }
    }
}
