//! The rten engine on hand-made graphs: what it takes, what it refuses, and that it loses no value.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(feature = "engine-rten")]

#[path = "support/graph.rs"]
mod graph;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use graph::*;
use noodle_deploy_core::engine::rten::RtenRuntime;
use noodle_deploy_core::engine::{Cancel, LoadOptions, MemoryBudget, Outputs, Runnable, Runtime};
use noodle_deploy_core::tensor::Element;
use noodle_deploy_core::{Error, ErrorKind, Tensor, TensorView};

fn load(file: &[u8]) -> Result<Arc<dyn Runnable>, Error> {
    RtenRuntime::new().load(file, &LoadOptions::default())
}

fn run(model: &Arc<dyn Runnable>, inputs: &[TensorView<'_>]) -> Result<Outputs, Error> {
    let mut outputs = Outputs::new();
    model.clone().spawn()?.run(inputs, &mut outputs, &Cancel::NEVER)?;
    Ok(outputs)
}

/// One node from `x` to `y`.
fn unary(op: &str, from: i64, to: i64, attrs: &[Attr<'_>]) -> Vec<u8> {
    let nodes = [node(op, &["x"], &["y"], attrs)];
    model(&nodes, &[], &[value_info("x", from, &["n"])], &[value_info("y", to, &["m"])])
}

/// One node from `x` and a constant `c` to `y`.
fn binary(op: &str, kind: i64, constant: Vec<u8>) -> Vec<u8> {
    let nodes = [node(op, &["x", "c"], &["y"], &[])];
    model(&nodes, &[constant], &[value_info("x", kind, &["n"])], &[value_info("y", kind, &["m"])])
}

fn unsupported(file: &[u8]) -> Error {
    let error = load(file).err().expect("the model loads");
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert_eq!(error.get("engine"), Some("rten"), "{error}");
    error
}

fn round_trip<T: Element + PartialEq + std::fmt::Debug>(number: i64, values: Vec<T>) {
    let model = load(&unary("Identity", number, number, &[])).unwrap();
    assert_eq!(model.signature().inputs[0].dtype, T::DTYPE);
    let len = values.len();
    let tensor = Tensor::new(&[len], values.clone()).unwrap();
    assert_eq!(run(&model, &[tensor.view()]).unwrap()[0].as_slice::<T>().unwrap(), values);
    // Bytes at an odd address.
    let mut odd = vec![0u8];
    odd.extend_from_slice(bytemuck::cast_slice(&values));
    let shape = [len];
    let view = TensorView::from_bytes(T::DTYPE, &shape, &odd[1..]).unwrap();
    assert_eq!(run(&model, &[view]).unwrap()[0].as_slice::<T>().unwrap(), values);
}

#[test]
fn its_element_types_go_through() {
    round_trip::<f32>(F32, vec![1.5, -0.0, f32::INFINITY]);
    round_trip::<i8>(I8, vec![i8::MIN, 3]);
    round_trip::<u8>(U8, vec![255, 3]);
    round_trip::<i32>(I32, vec![i32::MIN, i32::MAX]);
    round_trip::<i64>(I64, vec![i64::from(i32::MIN), i64::from(i32::MAX)]);
    round_trip::<bool>(BOOL, vec![true, false]);
}

#[test]
fn empty_tensors_and_scalars_go_through() {
    let model = load(&unary("Identity", F32, F32, &[])).unwrap();
    let empty = Tensor::new(&[0], Vec::<f32>::new()).unwrap();
    assert_eq!(run(&model, &[empty.view()]).unwrap()[0].shape(), [0]);
    let nodes = [node("Neg", &["x"], &["y"], &[])];
    let file = graph::model(&nodes, &[], &[value_info("x", F32, &[])], &[value_info("y", F32, &[])]);
    let scalar = Tensor::new(&[], vec![2f32]).unwrap();
    let outputs = run(&load(&file).unwrap(), &[scalar.view()]).unwrap();
    assert_eq!((outputs[0].shape(), outputs[0].as_slice::<f32>().unwrap()), (&[][..], &[-2f32][..]));
}

#[test]
fn wider_element_types_are_refused() {
    for (number, name) in
        [(F64, "f64"), (F16, "f16"), (U32, "u32"), (U64, "u64"), (I16, "i16"), (U16, "u16"), (STRING, "string")]
    {
        let error = unsupported(&unary("Identity", number, number, &[]));
        assert_eq!((error.get("value"), error.get("tensor")), (Some(name), Some("x")), "{error}");
        let cast = unsupported(&unary("Cast", F32, F32, &[Attr::Int("to", number)]));
        assert_eq!((cast.get("value"), cast.get("operator")), (Some(name), Some("Cast")), "{cast}");
    }
    let wide = tensor("c", F64, &[1], &1e-300f64.to_le_bytes());
    assert_eq!(unsupported(&binary("Add", F32, wide)).get("tensor"), Some("c"));
}

#[test]
fn constants_beyond_32_bits_are_refused() {
    let error = unsupported(&binary("Add", I64, ints("c", &[5_000_000_000])));
    assert_eq!((error.get("value"), error.get("tensor")), (Some("5000000000"), Some("c")), "{error}");
    let constant = node("Constant", &[], &["c"], &[Attr::Tensor("value", ints("", &[-5_000_000_000]))]);
    let add = node("Add", &["x", "c"], &["y"], &[]);
    let file = graph::model(&[constant, add], &[], &[value_info("x", I64, &["n"])], &[value_info("y", I64, &["n"])]);
    assert_eq!(unsupported(&file).get("value"), Some("-5000000000"));
    let listed = node("Constant", &[], &["c"], &[Attr::Ints("value_ints", &[1, 1 << 40])]);
    let add = node("Add", &["x", "c"], &["y"], &[]);
    let file = graph::model(&[listed, add], &[], &[value_info("x", I64, &["n"])], &[value_info("y", I64, &["n"])]);
    assert_eq!(unsupported(&file).get("field"), Some("value_ints"));
}

#[test]
fn the_end_of_a_slice_may_be_as_far_as_it_likes() {
    let constants = [ints("starts", &[1]), ints("ends", &[i64::MAX]), ints("axes", &[0])];
    let nodes = [node("Slice", &["x", "starts", "ends", "axes"], &["y"], &[])];
    let info = |name| value_info(name, F32, &["n"]);
    let model = load(&graph::model(&nodes, &constants, &[info("x")], &[value_info("y", F32, &["m"])])).unwrap();
    let x = Tensor::new(&[3], vec![1f32, 2.0, 3.0]).unwrap();
    assert_eq!(run(&model, &[x.view()]).unwrap()[0].as_slice::<f32>().unwrap(), [2.0, 3.0]);
    // Not where it is read as a number too.
    let also = [nodes[0].clone(), node("Add", &["ends", "ends"], &["z"], &[])];
    let outputs = [value_info("y", F32, &["m"]), value_info("z", I64, &["1"])];
    assert_eq!(unsupported(&graph::model(&also, &constants, &[info("x")], &outputs)).get("tensor"), Some("ends"));
}

#[test]
fn inputs_beyond_32_bits_are_refused() {
    let model = load(&unary("Identity", I64, I64, &[])).unwrap();
    let x = Tensor::new(&[2], vec![1i64, 5_000_000_000]).unwrap();
    let error = run(&model, &[x.view()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!((error.get("input"), error.get("value")), (Some("x"), Some("5000000000")), "{error}");
}

#[test]
fn integers_that_could_grow_out_of_32_bits_are_refused() {
    // Multiplied: refused at load.
    let error = unsupported(&binary("Mul", I64, ints("c", &[1000])));
    assert_eq!(error.get("operator"), Some("Mul"), "{error}");
    // By nothing but zeros and ones: no product is larger than its factor.
    let model = load(&binary("Mul", I64, ints("c", &[1, 0]))).unwrap();
    let x = Tensor::new(&[2], vec![i64::from(i32::MIN), 7]).unwrap();
    assert_eq!(run(&model, &[x.view()]).unwrap()[0].as_slice::<i64>().unwrap(), [i64::from(i32::MIN), 0]);
    unsupported(&binary("Mul", I64, ints("c", &[1, -1])));
    // Not where the name stands for something else in a branch.
    let branch = |c| {
        let nodes = [c, node("Mul", &["x", "c"], &["z"], &[])];
        graph::graph(&nodes, &[], &[], &[value_info("z", I64, &["n"])])
    };
    let sum = branch(node("Add", &["x", "x"], &["c"], &[]));
    let one = branch(node("Constant", &[], &["c"], &[Attr::Tensor("value", ints("", &[1]))]));
    let branches = [Attr::Graph("then_branch", sum), Attr::Graph("else_branch", one)];
    let inputs = [value_info("x", I64, &["n"]), value_info("on", BOOL, &[])];
    let file = graph::model(&[node("If", &["on"], &["y"], &branches)], &[], &inputs, &[value_info("y", I64, &["n"])]);
    assert_eq!(unsupported(&file).get("operator"), Some("Mul"));
    // Added: a smaller range at run.
    let model = load(&binary("Add", I64, ints("c", &[7]))).unwrap();
    let largest = Tensor::new(&[1], vec![1i64 << 24]).unwrap();
    assert_eq!(run(&model, &[largest.view()]).unwrap()[0].as_slice::<i64>().unwrap(), [(1 << 24) + 7]);
    let larger = Tensor::new(&[1], vec![(1i64 << 24) + 1]).unwrap();
    assert_eq!(run(&model, &[larger.view()]).unwrap_err().get("value"), Some("16777217"));
    // Looked up with: the whole range.
    let gather = node("Gather", &["c", "x"], &["y"], &[]);
    let times = node("Mul", &["y", "y"], &["z"], &[]);
    let info = [value_info("x", I64, &["n"])];
    let file = graph::model(&[gather, times], &[ints("c", &[3, 5])], &info, &[value_info("z", I64, &["n"])]);
    let x = Tensor::new(&[2], vec![1i64, 0]).unwrap();
    assert_eq!(run(&load(&file).unwrap(), &[x.view()]).unwrap()[0].as_slice::<i64>().unwrap(), [25, 9]);
}

#[test]
fn integers_are_followed_into_loops_and_branches() {
    // The body multiplies what the loop carries from the input.
    let body = graph(
        &[node("Mul", &["carried", "carried"], &["next"], &[]), node("Identity", &["condition"], &["on"], &[])],
        &[],
        &[value_info("i", I64, &[]), value_info("condition", BOOL, &[]), value_info("carried", I64, &["n"])],
        &[value_info("on", BOOL, &[]), value_info("next", I64, &["n"])],
    );
    let nodes = [node("Loop", &["trips", "", "x"], &["y"], &[Attr::Graph("body", body)])];
    let trips = tensor("trips", I64, &[], &2i64.to_le_bytes());
    let file = graph::model(&nodes, &[trips], &[value_info("x", I64, &["n"])], &[value_info("y", I64, &["n"])]);
    assert_eq!(unsupported(&file).get("operator"), Some("Mul"));
}

#[test]
fn a_loop_runs() {
    let body = graph(
        &[node("Add", &["carried", "carried"], &["next"], &[]), node("Identity", &["condition"], &["on"], &[])],
        &[],
        &[value_info("i", I64, &[]), value_info("condition", BOOL, &[]), value_info("carried", F32, &["n"])],
        &[value_info("on", BOOL, &[]), value_info("next", F32, &["n"])],
    );
    let nodes = [node("Loop", &["trips", "", "x"], &["y"], &[Attr::Graph("body", body)])];
    let trips = tensor("trips", I64, &[], &5i64.to_le_bytes());
    let file = graph::model(&nodes, &[trips], &[value_info("x", F32, &["n"])], &[value_info("y", F32, &["n"])]);
    let x = Tensor::new(&[2], vec![1f32, 3.0]).unwrap();
    assert_eq!(run(&load(&file).unwrap(), &[x.view()]).unwrap()[0].as_slice::<f32>().unwrap(), [32.0, 96.0]);
}

#[test]
fn a_branch_runs() {
    let branch = |op| graph(&[node(op, &["x"], &["out"], &[])], &[], &[], &[value_info("out", F32, &["n"])]);
    let nodes = [node(
        "If",
        &["condition"],
        &["y"],
        &[Attr::Graph("then_branch", branch("Neg")), Attr::Graph("else_branch", branch("Abs"))],
    )];
    let inputs = [value_info("condition", BOOL, &[]), value_info("x", F32, &["n"])];
    let model = load(&graph::model(&nodes, &[], &inputs, &[value_info("y", F32, &["n"])])).unwrap();
    let x = Tensor::new(&[2], vec![1f32, -3.0]).unwrap();
    for (condition, expected) in [(true, [-1.0, 3.0]), (false, [1.0, 3.0])] {
        let condition = Tensor::new(&[], vec![condition]).unwrap();
        assert_eq!(run(&model, &[condition.view(), x.view()]).unwrap()[0].as_slice::<f32>().unwrap(), expected);
    }
}

#[test]
fn a_cast_to_bool_gives_ones() {
    // rten by itself would hand on the 5.
    let nodes =
        [node("Cast", &["x"], &["b"], &[Attr::Int("to", BOOL)]), node("Cast", &["b"], &["y"], &[Attr::Int("to", F32)])];
    let file = graph::model(&nodes, &[], &[value_info("x", F32, &["n"])], &[value_info("y", F32, &["n"])]);
    let x = Tensor::new(&[5], vec![5f32, 0.0, -0.0, -2.5, f32::INFINITY]).unwrap();
    let outputs = run(&load(&file).unwrap(), &[x.view()]).unwrap();
    assert_eq!(outputs[0].as_slice::<f32>().unwrap(), [1.0, 0.0, 0.0, 1.0, 1.0]);
}

#[test]
fn operators_that_it_gets_wrong_are_refused() {
    let error = unsupported(&unary("Sign", F32, F32, &[]));
    assert_eq!((error.get("operator"), error.get("reason")), (Some("Sign"), Some("gives 1 for 0")));
}

#[test]
fn an_unknown_operator_is_named() {
    let error = unsupported(&unary("Frobnicate", F32, F32, &[]));
    assert_eq!(error.get("node"), Some("Frobnicate_y"), "{error}");
}

#[test]
fn memory_is_charged_and_given_back() {
    let budget = Arc::new(MemoryBudget::new(1 << 20));
    let weights = vec![0.5f32; 1 << 16];
    let file = graph::model(
        &[node("MatMul", &["x", "w"], &["y"], &[])],
        &[floats("w", &[256, 256], &weights)],
        &[value_info("x", F32, &["n", "256"])],
        &[value_info("y", F32, &["n", "256"])],
    );
    let options = LoadOptions { budget: budget.clone(), ..LoadOptions::default() };
    let error = RtenRuntime::new().load(&file, &options).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::ResourceExhausted);
    assert_eq!(budget.used(), 0);
    let budget = Arc::new(MemoryBudget::new(2 << 20));
    let options = LoadOptions { budget: budget.clone(), ..LoadOptions::default() };
    let model = RtenRuntime::new().load(&file, &options).unwrap();
    assert_eq!(budget.used(), model.memory_bytes());
    assert!(model.memory_bytes() >= 2 * 256 * 1024, "{}", model.memory_bytes());
    drop(model);
    assert_eq!(budget.used(), 0);
}

#[test]
fn a_cancelled_request_does_not_start() {
    let model = load(&unary("Identity", F32, F32, &[])).unwrap();
    let flag = AtomicBool::new(true);
    let cancel = Cancel { flag: Some(&flag), ..Cancel::NEVER };
    let x = Tensor::new(&[1], vec![1f32]).unwrap();
    let error = model.spawn().unwrap().run(&[x.view()], &mut Outputs::new(), &cancel).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn a_failing_run_names_the_node_and_the_shapes() {
    let nodes = [node("Gather", &["c", "x"], &["y"], &[])];
    let file =
        graph::model(&nodes, &[ints("c", &[3, 5])], &[value_info("x", I64, &["n"])], &[value_info("y", I64, &["n"])]);
    let x = Tensor::new(&[1], vec![9i64]).unwrap();
    let error = run(&load(&file).unwrap(), &[x.view()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::EngineFailed);
    assert_eq!((error.get("node"), error.get("shapes")), (Some("Gather_y"), Some("[1]")), "{error}");
}
