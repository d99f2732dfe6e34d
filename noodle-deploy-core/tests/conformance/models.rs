//! The small models of `conformance/models/`, from their sources.

use crate::graph::{
    Attr, BOOL, F16, F32, F64, I8, I16, I32, I64, STRING, U8, U16, U32, U64, floats, ints, linear, model, node, tensor,
    value_info,
};

pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    let x = || value_info("x", F32, &["batch", "4"]);
    let y = || value_info("y", F32, &["batch", "2"]);
    let weights: Vec<f32> = (0..8).map(|i| (i % 7) as f32 - 3.0).collect();
    let w = || floats("w", &[4, 2], &weights);
    vec![
        // y = x @ w
        ("linear.onnx", linear(4, 2)),
        // The same with three columns: no caller of the first can read it.
        ("linear-wide.onnx", linear(4, 3)),
        // The same as the first, and its positive part beside it.
        (
            "linear-and-relu.onnx",
            model(
                &[node("MatMul", &["x", "w"], &["y"], &[]), node("Relu", &["y"], &["z"], &[])],
                &[w()],
                &[x()],
                &[y(), value_info("z", F32, &["batch", "2"])],
            ),
        ),
        // h_next = h + x and y = h_next · 2: what comes out of one call goes into the next.
        (
            "recurrent.onnx",
            model(
                &[node("Add", &["h", "x"], &["h_next"], &[]), node("Mul", &["h_next", "two"], &["y"], &[])],
                &[floats("two", &[1], &[2.0])],
                &[x(), value_info("h", F32, &["batch", "4"])],
                &[value_info("y", F32, &["batch", "4"]), value_info("h_next", F32, &["batch", "4"])],
            ),
        ),
        // n_next = n - 1, and y = n as a float.
        (
            "countdown.onnx",
            model(
                &[
                    node("Add", &["n", "minus"], &["n_next"], &[]),
                    node("Cast", &["n"], &["y"], &[Attr::Int("to", F32)]),
                ],
                &[ints("minus", &[-1])],
                &[value_info("n", I64, &["1"])],
                &[value_info("n_next", I64, &["1"]), value_info("y", F32, &["1"])],
            ),
        ),
        // 0 / 0 on every input.
        (
            "nan.onnx",
            model(
                &[node("Sub", &["x", "x"], &["o"], &[]), node("Div", &["o", "o"], &["y"], &[])],
                &[],
                &[x()],
                &[value_info("y", F32, &["batch", "4"])],
            ),
        ),
        // An operator that does not exist.
        (
            "unknown-operator.onnx",
            model(&[node("Frobnicate", &["x"], &["y"], &[Attr::Int("axis", 1)])], &[], &[x()], &[y()]),
        ),
        // An operator that the engine does not have for this element type, which shows when it runs.
        (
            "sigmoid-f64.onnx",
            model(
                &[node("Sigmoid", &["x"], &["y"], &[])],
                &[],
                &[value_info("x", F64, &["batch", "4"])],
                &[value_info("y", F64, &["batch", "4"])],
            ),
        ),
        // Says that it takes any length, and takes one.
        (
            "one-length.onnx",
            model(
                &[node("Reshape", &["x", "shape"], &["y"], &[])],
                &[ints("shape", &[3, 4])],
                &[value_info("x", F32, &["length"])],
                &[value_info("y", F32, &["3", "4"])],
            ),
        ),
        // Takes rows of a table of five: any other index fails while it runs.
        (
            "table.onnx",
            model(
                &[node("Gather", &["table", "index"], &["row"], &[Attr::Int("axis", 0)])],
                &[tensor("table", F32, &[5, 2], &bytes(&[0., 1., 2., 3., 4., 5., 6., 7., 8., 9.]))],
                &[value_info("index", I64, &["n"])],
                &[value_info("row", F32, &["n", "2"])],
            ),
        ),
        // Every element type comes out as it goes in: `f32_in` as `f32_out`.
        ("every-dtype.onnx", every_dtype(&["rows", "columns"])),
        // The same for tensors without axes.
        ("every-dtype-scalar.onnx", every_dtype(&[])),
        // Names that are not ASCII, and one with a space.
        (
            "unicode-names.onnx",
            model(
                &[node("Identity", &["größe"], &["結果 🍜"], &[])],
                &[],
                &[value_info("größe", F32, &["zeilen"])],
                &[value_info("結果 🍜", F32, &["zeilen"])],
            ),
        ),
    ]
}

const EVERY: [(&str, i64); 13] = [
    ("f16", F16),
    ("f32", F32),
    ("f64", F64),
    ("i8", I8),
    ("i16", I16),
    ("i32", I32),
    ("i64", I64),
    ("u8", U8),
    ("u16", U16),
    ("u32", U32),
    ("u64", U64),
    ("bool", BOOL),
    ("string", STRING),
];

/// One input and one output of each element type, with the axes given.
fn every_dtype(axes: &[&str]) -> Vec<u8> {
    let names: Vec<(String, String, i64)> =
        EVERY.iter().map(|(name, dtype)| (format!("{name}_in"), format!("{name}_out"), *dtype)).collect();
    let nodes: Vec<_> = names.iter().map(|(from, to, _)| node("Identity", &[from], &[to], &[])).collect();
    let inputs: Vec<_> = names.iter().map(|(from, _, dtype)| value_info(from, *dtype, axes)).collect();
    let outputs: Vec<_> = names.iter().map(|(_, to, dtype)| value_info(to, *dtype, axes)).collect();
    model(&nodes, &[], &inputs, &outputs)
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}
