//! The small models of `conformance/models/`, from their sources.

use crate::graph::{Attr, F32, I64, floats, linear, model, node, tensor, value_info};

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
    ]
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}
