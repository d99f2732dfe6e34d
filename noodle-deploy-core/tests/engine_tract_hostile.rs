//! Damaged and hostile files: typed errors, no panic, bounded memory.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(feature = "engine-tract")]

#[path = "support/graph.rs"]
mod graph;
#[path = "support/heap.rs"]
mod heap;

use graph::*;
use noodle_deploy_core::engine::tract::TractRuntime;
use noodle_deploy_core::engine::{LoadOptions, Runtime};
use noodle_deploy_core::model::onnx::{Budgets, inspect};
use noodle_deploy_core::{Error, ErrorKind};

const LIMIT: usize = 512 << 20;

fn load(file: &[u8]) -> Result<(), Error> {
    TractRuntime::new().load(file, &LoadOptions::default()).map(|_| ())
}

/// Loads, and expects an error of this kind and bounded memory.
fn refused(what: &str, file: &[u8], kind: ErrorKind) -> Error {
    let before = heap::mark();
    let error = match load(file) {
        Ok(()) => panic!("{what}: was loaded"),
        Err(error) => error,
    };
    let peak = heap::peak().saturating_sub(before);
    println!("{what}: {error} [peak {peak}]");
    assert_eq!(error.kind(), kind, "{what}: {error:?}");
    assert!(peak < LIMIT, "{what}: {peak} bytes");
    error
}

fn output() -> Vec<Vec<u8>> {
    vec![value_info("y", F32, &["n"])]
}

fn scalar(name: &str, value: i64) -> Vec<u8> {
    tensor(name, I64, &[], &value.to_le_bytes())
}

// One test: the peak belongs to the process.
#[test]
fn hostile_files_are_refused_in_bounded_memory() {
    not_models();
    graphs();
    tensors();
    giants();
    amplification();
    truncated();
    random();
}

fn not_models() {
    use ErrorKind::{InvalidModel, TooLarge};
    refused("empty", b"", InvalidModel);
    refused("text", b"This is not a model at all, but a sentence.\n", InvalidModel);
    refused("html", b"<!DOCTYPE html><html><body>404</body></html>", InvalidModel);
    refused("zeros", &[0; 4096], InvalidModel);
    refused("ones", &[0xff; 4096], InvalidModel);
    // If bodies in If bodies.
    let mut body = graph(&[node("Identity", &["x"], &["y"], &[])], &[], &[], &output());
    for _ in 0..200 {
        body = graph(&[node("If", &["c"], &["y"], &[Attr::Graph("then_branch", body)])], &[], &[], &output());
    }
    refused("deep nesting", &model_of(&body), TooLarge);
    let mut deep = Vec::new();
    for _ in 0..100_000 {
        let mut outer = Vec::new();
        bytes(5, &deep[..deep.len().min(64)], &mut outer);
        deep = outer;
    }
    let _ = inspect(&deep, &Budgets::default());
    // Two bytes in the file, hundreds in memory.
    let mut many = Vec::new();
    for _ in 0..8_000_000 {
        bytes(1, &[], &mut many);
    }
    refused("empty nodes", &model_of(&many), TooLarge);
    let mut many = Vec::new();
    for _ in 0..8_000_000 {
        bytes(11, &[], &mut many);
    }
    refused("empty inputs", &model_of(&many), TooLarge);
}

fn graphs() {
    use ErrorKind::{InvalidModel, Unsupported};
    let x = || vec![value_info("x", F32, &["2"])];
    let nodes =
        [node("Add", &["x", "b"], &["a"], &[]), node("Relu", &["a"], &["b"], &[]), node("Relu", &["b"], &["y"], &[])];
    let error = refused("cycle", &model(&nodes, &[], &x(), &output()), InvalidModel);
    assert!(error.get("node").is_some());
    let error = refused("undefined", &model(&[node("Relu", &["z"], &["y"], &[])], &[], &x(), &output()), InvalidModel);
    assert_eq!(error.get("tensor"), Some("z"));
    let twice = [node("Relu", &["x"], &["y"], &[]), node("Abs", &["x"], &["y"], &[])];
    refused("defined twice", &model(&twice, &[], &x(), &output()), InvalidModel);
    refused("no outputs", &model(&[node("Relu", &["x"], &["y"], &[])], &[], &x(), &[]), InvalidModel);
    refused("missing output", &model(&[node("Relu", &["x"], &["z"], &[])], &[], &x(), &output()), InvalidModel);
    let unknown = [node("Frobnicate", &["x"], &["y"], &[])];
    let error = refused("unknown operator", &model(&unknown, &[], &x(), &output()), Unsupported);
    assert_eq!((error.get("node"), error.get("operator")), (Some("Frobnicate_y"), Some("Frobnicate")));
    let relu = || [node("Relu", &["x"], &["y"], &[])];
    refused("negative axis", &model(&relu(), &[], &[value_info("x", F32, &["-5"])], &output()), InvalidModel);
    refused(
        "huge axis",
        &model(&relu(), &[], &[value_info("x", F32, &["9000000000000000000"])], &output()),
        ErrorKind::TooLarge,
    );
    refused("bf16", &model(&relu(), &[], &[value_info("x", BF16, &["2"])], &output()), Unsupported);
    refused("no such type", &model(&relu(), &[], &[value_info("x", 77, &["2"])], &output()), InvalidModel);
    let axes = vec!["1"; 40];
    refused("rank", &model(&relu(), &[], &[value_info("x", F32, &axes)], &output()), ErrorKind::TooLarge);
}

fn tensors() {
    use ErrorKind::{InvalidModel, TooLarge, Unsupported};
    let add =
        |w: Vec<u8>| model(&[node("Add", &["x", "w"], &["y"], &[])], &[w], &[value_info("x", F32, &["2"])], &output());
    refused("short data", &add(tensor("w", F32, &[2], &[0; 7])), InvalidModel);
    refused("long data", &add(tensor("w", F32, &[2], &[0; 12])), InvalidModel);
    refused("negative size", &add(tensor("w", F32, &[-2], &[0; 8])), InvalidModel);
    refused("huge size", &add(tensor("w", F32, &[1 << 40], &[0; 8])), TooLarge);
    refused("overflowing sizes", &add(tensor("w", F32, &[1 << 30, 1 << 30, 1 << 30], &[0; 8])), TooLarge);
    refused("no data", &add(tensor("w", F32, &[1 << 30], &[])), InvalidModel);
    refused("bf16 weights", &add(tensor("w", BF16, &[2], &[0; 4])), Unsupported);
    for (location, kind) in [
        ("weights.bin", Unsupported),
        ("/etc/passwd", InvalidModel),
        ("../outside.bin", InvalidModel),
        ("a/../../b", InvalidModel),
        ("..\\outside", InvalidModel),
        ("C:\\secret", InvalidModel),
        ("", InvalidModel),
    ] {
        let mut pair = Vec::new();
        text(1, "location", &mut pair);
        text(2, location, &mut pair);
        let mut w = tensor("w", F32, &[2], &[]);
        bytes(13, &pair, &mut w);
        int(14, 1, &mut w);
        refused(&format!("external {location:?}"), &add(w), kind);
    }
}

fn giants() {
    let fill = || Attr::Tensor("value", floats("", &[1], &[1.0]));
    let too_large = |what: &str, nodes: &[Vec<u8>], constants: &[Vec<u8>]| {
        let mut nodes = nodes.to_vec();
        nodes.push(node("ReduceSum", &["g"], &["r"], &[]));
        nodes.push(node("Add", &["x", "r"], &["y"], &[]));
        let file = model(&nodes, constants, &[value_info("x", F32, &["1"])], &output());
        let error = refused(what, &file, ErrorKind::TooLarge);
        assert!(error.get("node").is_some() && error.get("operator").is_some(), "{what}: {error:?}");
    };
    too_large("ConstantOfShape", &[node("ConstantOfShape", &["s"], &["g"], &[fill()])], &[ints("s", &[1 << 38])]);
    too_large(
        "ConstantOfShape 2d",
        &[node("ConstantOfShape", &["s"], &["g"], &[fill()])],
        &[ints("s", &[1 << 20, 1 << 18])],
    );
    let power = [
        node("Pow", &["two", "n"], &["p"], &[]),
        node("Unsqueeze", &["p", "zero"], &["s"], &[]),
        node("ConstantOfShape", &["s"], &["g"], &[fill()]),
    ];
    too_large("Pow", &power, &[scalar("two", 2), scalar("n", 38), ints("zero", &[0])]);
    let wrap = [
        node("Mul", &["a", "a"], &["b"], &[]),
        node("Div", &["b", "c"], &["s"], &[]),
        node("ConstantOfShape", &["s"], &["g"], &[fill()]),
    ];
    too_large("wrapping", &wrap, &[ints("a", &[3_037_000_500]), ints("c", &[-33_554_432])]);
    let outer = [
        node("Unsqueeze", &["a", "one"], &["c"], &[]),
        node("Unsqueeze", &["a", "zero"], &["row"], &[]),
        node("Mul", &["c", "row"], &["m"], &[]),
        node("Reshape", &["m", "flat"], &["s"], &[]),
        node("ConstantOfShape", &["s"], &["g"], &[fill()]),
    ];
    let constants = [ints("a", &[16, 16]), ints("one", &[1]), ints("zero", &[0]), ints("flat", &[-1])];
    too_large("outer product of sizes", &outer[..], &constants);
    let range = [node("Range", &["a", "b", "c"], &["i"], &[]), node("Cast", &["i"], &["g"], &[Attr::Int("to", F32)])];
    too_large("Range", &range, &[scalar("a", 0), scalar("b", 1 << 38), scalar("c", 1)]);
    let one = || floats("v", &[1], &[1.0]);
    too_large("Expand", &[node("Expand", &["v", "s"], &["g"], &[])], &[one(), ints("s", &[1 << 38])]);
    too_large("Expand of an input", &[node("Expand", &["x", "s"], &["g"], &[])], &[ints("s", &[1 << 38, 1])]);
    too_large("Tile", &[node("Tile", &["v", "s"], &["g"], &[])], &[one(), ints("s", &[1 << 38])]);
    too_large("Pad", &[node("Pad", &["v", "s"], &["g"], &[])], &[one(), ints("s", &[0, 1 << 38])]);
    let values = floats("values", &[2], &[0.0, 1.0]);
    let hot = [node("OneHot", &["i", "d", "values"], &["g"], &[])];
    too_large("OneHot", &hot, &[ints("i", &[0]), scalar("d", 1 << 38), values]);
    let four = floats("v", &[1, 1, 1, 1], &[1.0]);
    let resize = [node("Resize", &["v", "", "", "s"], &["g"], &[])];
    too_large("Resize", &resize, &[four, ints("s", &[1, 1, 1 << 19, 1 << 19])]);
    let pads = [node(
        "MaxPool",
        &["v"],
        &["g"],
        &[Attr::Ints("kernel_shape", &[1, 1]), Attr::Ints("pads", &[1 << 30, 0, 0, 0])],
    )];
    too_large("pads of a pool", &pads, &[floats("v", &[1, 1, 1, 1], &[1.0])]);
    let random = [node("RandomNormal", &[], &["g"], &[Attr::Ints("shape", &[1 << 20, 1 << 18])])];
    too_large("RandomNormal", &random, &[]);
}

fn amplification() {
    // Each Concat doubles.
    let mut nodes = Vec::new();
    let names: Vec<String> = (0..=40).map(|i| format!("d{i}")).collect();
    for i in 0..40 {
        nodes.push(node("Concat", &[&names[i], &names[i]], &[&names[i + 1]], &[Attr::Int("axis", 0)]));
    }
    nodes.push(node("ReduceSum", &["d40"], &["r"], &[]));
    nodes.push(node("Add", &["x", "r"], &["y"], &[]));
    let file = model(&nodes, &[floats("d0", &[1], &[1.0])], &[value_info("x", F32, &["1"])], &output());
    refused("doubling", &file, ErrorKind::TooLarge);
    // A column and a row.
    let big = 1i64 << 19;
    let fill = |shape: &str, out: &str| {
        node("ConstantOfShape", &[shape], &[out], &[Attr::Tensor("value", floats("", &[1], &[1.0]))])
    };
    let nodes = [
        fill("sa", "a"),
        fill("sb", "b"),
        node("Add", &["a", "b"], &["c"], &[]),
        node("ReduceSum", &["c"], &["r"], &[]),
        node("Add", &["x", "r"], &["y"], &[]),
    ];
    let constants = [ints("sa", &[big, 1]), ints("sb", &[1, big])];
    refused("outer sum", &model(&nodes, &constants, &[value_info("x", F32, &["1"])], &output()), ErrorKind::TooLarge);
}

fn truncated() {
    let file = linear(8, 4);
    load(&file).unwrap();
    for end in 0..file.len() {
        heap::mark();
        if let Err(error) = load(&file[..end]) {
            assert!(
                matches!(error.kind(), ErrorKind::InvalidModel | ErrorKind::Unsupported | ErrorKind::TooLarge),
                "{end}: {error:?}"
            );
        }
    }
    // One byte wrong at a time: any answer but a panic or an abort.
    let mut wrong = file.clone();
    for at in 0..file.len() {
        for bits in [0x01, 0x80, 0xff] {
            wrong[at] = file[at] ^ bits;
            let _ = load(&wrong);
        }
        wrong[at] = file[at];
    }
}

fn random() {
    let mut state = 1u64;
    for length in [1usize, 2, 7, 64, 1000, 65_536] {
        for _ in 0..50 {
            let noise: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (state >> 56) as u8
                })
                .collect();
            let error = inspect(&noise, &Budgets::default()).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::InvalidModel | ErrorKind::TooLarge), "{error:?}");
        }
    }
}
