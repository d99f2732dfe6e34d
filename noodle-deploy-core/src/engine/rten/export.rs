//! Writes the checked file anew, so that rten's own reader sees what was checked and nothing else.
//!
//! Typed tensor data becomes raw data. A cast to bool becomes a comparison with zero: rten keeps bools as 32-bit
//! integers, and a cast to one would leave a 5 a 5.

use crate::error::Result;
use crate::model::onnx::data::dtype_number;
use crate::model::onnx::proto::{Attribute, Axis, Graph, Model, Node, Tensor, ValueInfo};
use crate::tensor::DType;

/// A protobuf message in the making.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn int(&mut self, field: u64, value: i64) {
        self.varint(field << 3);
        self.varint(value as u64);
    }

    fn float(&mut self, field: u64, value: f32) {
        self.varint(field << 3 | 5);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn bytes(&mut self, field: u64, bytes: &[u8]) {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    fn text(&mut self, field: u64, text: &str) {
        self.bytes(field, text.as_bytes());
    }

    /// One by one, as ONNX's second version of protobuf has them; rten reads no packed ones.
    fn ints(&mut self, field: u64, values: &[i64]) {
        values.iter().for_each(|&value| self.int(field, value));
    }
}

/// ONNX's numbers of the kinds of attributes.
mod kind {
    pub(super) const FLOAT: i64 = 1;
    pub(super) const INT: i64 = 2;
    pub(super) const STRING: i64 = 3;
    pub(super) const FLOATS: i64 = 6;
    pub(super) const INTS: i64 = 7;
    pub(super) const STRINGS: i64 = 8;
}

pub(super) fn model(source: &Model<'_>) -> Result<Vec<u8>> {
    let mut out = Message::default();
    out.int(1, source.ir_version);
    for (domain, version) in &source.opsets {
        let mut opset = Message::default();
        opset.text(1, domain);
        opset.int(2, *version);
        out.bytes(8, &opset.0);
    }
    if let Some(source) = &source.graph {
        out.bytes(7, &graph(source)?);
    }
    Ok(out.0)
}

fn graph(source: &Graph<'_>) -> Result<Vec<u8>> {
    let mut out = Message::default();
    for source in &source.nodes {
        node(source, &mut out)?;
    }
    out.text(2, source.name);
    for source in &source.initializers {
        out.bytes(5, &tensor(source)?);
    }
    source.inputs.iter().for_each(|source| out.bytes(11, &value_info(source)));
    source.outputs.iter().for_each(|source| out.bytes(12, &value_info(source)));
    Ok(out.0)
}

/// Appends the node, or the nodes that stand for it.
fn node(source: &Node<'_>, graph: &mut Message) -> Result<()> {
    if let ("Cast", [input], [output]) = (source.op, &source.inputs[..], &source.outputs[..])
        && source.int("to") == Some(i64::from(dtype_number(DType::Bool)))
    {
        // x - x is a zero of x's own type; where x is infinite or not a number it is not one, and x counts as true.
        let zero = format!("{output}/zero");
        let equal = format!("{output}/is_zero");
        graph.bytes(1, &plain("Sub", &[input, input], &zero));
        graph.bytes(1, &plain("Equal", &[input, &zero], &equal));
        graph.bytes(1, &plain("Not", &[&equal], output));
        return Ok(());
    }
    let mut out = Message::default();
    source.inputs.iter().for_each(|name| out.text(1, name));
    source.outputs.iter().for_each(|name| out.text(2, name));
    out.text(3, source.label());
    out.text(4, source.op);
    for source in &source.attributes {
        out.bytes(5, &attribute(source)?);
    }
    out.text(7, source.domain);
    graph.bytes(1, &out.0);
    Ok(())
}

fn plain(op: &str, inputs: &[&str], output: &str) -> Vec<u8> {
    let mut out = Message::default();
    inputs.iter().for_each(|name| out.text(1, name));
    out.text(2, output);
    out.text(3, output);
    out.text(4, op);
    out.0
}

fn attribute(source: &Attribute<'_>) -> Result<Vec<u8>> {
    let mut out = Message::default();
    out.text(1, source.name);
    match source.kind {
        kind::FLOAT => out.float(2, source.float),
        kind::INT => out.int(3, source.int),
        kind::STRING => out.bytes(4, source.text),
        kind::FLOATS => source.floats.iter().for_each(|&value| out.float(7, value)),
        kind::INTS => out.ints(8, &source.ints),
        kind::STRINGS => source.texts.iter().for_each(|text| out.bytes(9, text)),
        _ => {}
    }
    if let Some(source) = &source.tensor {
        out.bytes(5, &tensor(source)?);
    }
    if let Some(source) = &source.graph {
        out.bytes(6, &graph(source)?);
    }
    out.int(20, source.kind);
    Ok(out.0)
}

fn tensor(source: &Tensor<'_>) -> Result<Vec<u8>> {
    let mut out = Message::default();
    out.ints(1, &source.dims);
    out.int(2, source.data_type);
    out.text(8, source.name);
    out.bytes(9, &source.bytes()?);
    Ok(out.0)
}

fn value_info(source: &ValueInfo<'_>) -> Vec<u8> {
    let mut tensor = Message::default();
    tensor.int(1, source.elem_type);
    if let Some(axes) = &source.shape {
        let mut shape = Message::default();
        for axis in axes {
            let mut dim = Message::default();
            match axis {
                Axis::Size(size) if *size >= 0 => dim.int(1, *size),
                Axis::Symbol(name) => dim.text(2, name),
                _ => {}
            }
            shape.bytes(1, &dim.0);
        }
        tensor.bytes(2, &shape.0);
    }
    let mut kind = Message::default();
    kind.bytes(1, &tensor.0);
    let mut out = Message::default();
    out.text(1, source.name);
    out.bytes(2, &kind.0);
    out.0
}
