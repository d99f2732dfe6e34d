//! Builds ONNX files for tests: protobuf, written by hand.
#![allow(dead_code)]

pub fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub fn int(field: u32, value: i64, out: &mut Vec<u8>) {
    varint(u64::from(field) << 3, out);
    varint(value as u64, out);
}

pub fn bytes(field: u32, value: &[u8], out: &mut Vec<u8>) {
    varint(u64::from(field) << 3 | 2, out);
    varint(value.len() as u64, out);
    out.extend_from_slice(value);
}

pub fn text(field: u32, value: &str, out: &mut Vec<u8>) {
    bytes(field, value.as_bytes(), out);
}

/// Numbers of element types.
pub const F32: i64 = 1;
pub const U8: i64 = 2;
pub const I8: i64 = 3;
pub const U16: i64 = 4;
pub const I16: i64 = 5;
pub const I32: i64 = 6;
pub const I64: i64 = 7;
pub const STRING: i64 = 8;
pub const BOOL: i64 = 9;
pub const F16: i64 = 10;
pub const F64: i64 = 11;
pub const U32: i64 = 12;
pub const U64: i64 = 13;
pub const BF16: i64 = 16;

/// A tensor with raw data.
pub fn tensor(name: &str, data_type: i64, dims: &[i64], raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    dims.iter().for_each(|&dim| int(1, dim, &mut out));
    int(2, data_type, &mut out);
    text(8, name, &mut out);
    bytes(9, raw, &mut out);
    out
}

pub fn ints(name: &str, values: &[i64]) -> Vec<u8> {
    let raw: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    tensor(name, I64, &[values.len() as i64], &raw)
}

pub fn floats(name: &str, dims: &[i64], values: &[f32]) -> Vec<u8> {
    let raw: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    tensor(name, F32, dims, &raw)
}

/// Axes are sizes, or names where they do not read as numbers.
pub fn value_info(name: &str, data_type: i64, axes: &[&str]) -> Vec<u8> {
    let mut shape = Vec::new();
    for axis in axes {
        let mut dim = Vec::new();
        match axis.parse::<i64>() {
            Ok(size) => int(1, size, &mut dim),
            Err(_) => text(2, axis, &mut dim),
        }
        bytes(1, &dim, &mut shape);
    }
    let mut tensor = Vec::new();
    int(1, data_type, &mut tensor);
    bytes(2, &shape, &mut tensor);
    let mut kind = Vec::new();
    bytes(1, &tensor, &mut kind);
    let mut out = Vec::new();
    text(1, name, &mut out);
    bytes(2, &kind, &mut out);
    out
}

/// An attribute.
pub enum Attr<'a> {
    Int(&'a str, i64),
    Ints(&'a str, &'a [i64]),
    Text(&'a str, &'a str),
    Tensor(&'a str, Vec<u8>),
    Graph(&'a str, Vec<u8>),
}

fn attribute(attr: &Attr<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let (name, kind) = match attr {
        Attr::Int(name, value) => {
            int(3, *value, &mut out);
            (name, 2)
        }
        Attr::Ints(name, values) => {
            values.iter().for_each(|&v| int(8, v, &mut out));
            (name, 7)
        }
        Attr::Text(name, value) => {
            text(4, value, &mut out);
            (name, 3)
        }
        Attr::Tensor(name, value) => {
            bytes(5, value, &mut out);
            (name, 4)
        }
        Attr::Graph(name, value) => {
            bytes(6, value, &mut out);
            (name, 5)
        }
    };
    text(1, name, &mut out);
    int(20, kind, &mut out);
    out
}

pub fn node(op: &str, inputs: &[&str], outputs: &[&str], attrs: &[Attr<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    inputs.iter().for_each(|i| text(1, i, &mut out));
    outputs.iter().for_each(|o| text(2, o, &mut out));
    text(3, &format!("{op}_{}", outputs.first().unwrap_or(&"")), &mut out);
    text(4, op, &mut out);
    attrs.iter().for_each(|a| bytes(5, &attribute(a), &mut out));
    out
}

/// A graph of nodes, initializers, inputs and outputs, all encoded.
pub fn graph(nodes: &[Vec<u8>], initializers: &[Vec<u8>], inputs: &[Vec<u8>], outputs: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    nodes.iter().for_each(|n| bytes(1, n, &mut out));
    text(2, "g", &mut out);
    initializers.iter().for_each(|t| bytes(5, t, &mut out));
    inputs.iter().for_each(|i| bytes(11, i, &mut out));
    outputs.iter().for_each(|o| bytes(12, o, &mut out));
    out
}

pub fn model_of(graph: &[u8]) -> Vec<u8> {
    let mut opset = Vec::new();
    int(2, 17, &mut opset);
    let mut out = Vec::new();
    int(1, 8, &mut out);
    text(2, "test", &mut out);
    bytes(7, graph, &mut out);
    bytes(8, &opset, &mut out);
    out
}

pub fn model(nodes: &[Vec<u8>], initializers: &[Vec<u8>], inputs: &[Vec<u8>], outputs: &[Vec<u8>]) -> Vec<u8> {
    model_of(&graph(nodes, initializers, inputs, outputs))
}

/// y = x @ w, with w of so many rows and columns and x of a symbolic batch.
pub fn linear(rows: usize, columns: usize) -> Vec<u8> {
    let weights: Vec<f32> = (0..rows * columns).map(|i| (i % 7) as f32 - 3.0).collect();
    model(
        &[node("MatMul", &["x", "w"], &["y"], &[])],
        &[floats("w", &[rows as i64, columns as i64], &weights)],
        &[value_info("x", F32, &["batch", &rows.to_string()])],
        &[value_info("y", F32, &["batch", &columns.to_string()])],
    )
}

/// y = x @ w, by a detour for which tract has no symbolic plan: the shape goes through floats.
pub fn needs_shapes(rows: usize, columns: usize) -> Vec<u8> {
    let weights: Vec<f32> = (0..rows * columns).map(|i| (i % 7) as f32 - 3.0).collect();
    model(
        &[
            node("MatMul", &["x", "w"], &["m"], &[]),
            node("Shape", &["m"], &["s"], &[]),
            node("Cast", &["s"], &["f"], &[Attr::Int("to", F32)]),
            node("Cast", &["f"], &["t"], &[Attr::Int("to", I64)]),
            node("Reshape", &["m", "t"], &["y"], &[]),
        ],
        &[floats("w", &[rows as i64, columns as i64], &weights)],
        &[value_info("x", F32, &["batch", &rows.to_string()])],
        &[value_info("y", F32, &["batch", &columns.to_string()])],
    )
}
