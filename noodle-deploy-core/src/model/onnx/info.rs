//! What a model file says about itself.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::budgets::Meter;
use super::data::{dtype, invalid};
use super::proto::{Axis, Graph, Model, Node, ValueInfo};
use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::{Dim, Signature, TensorSpec};

/// One set of operators that a model imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Opset {
    /// `ai.onnx` for the standard one.
    pub domain: String,
    /// Version.
    pub version: i64,
}

/// Facts about an ONNX file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OnnxInfo {
    /// Version of the file format.
    pub ir_version: i64,
    /// Operator sets.
    pub opsets: Vec<Opset>,
    /// Name and version of what wrote the file.
    pub producer: String,
    /// Inputs and outputs. Inputs with a default value (initializers) are left out. Sizes that the file does not tell
    /// are `?`.
    pub signature: Signature,
    /// Outputs whose number of axes the file does not tell; their shape in `signature` is empty.
    #[serde(default)]
    pub unknown_rank: Vec<String>,
    /// The file's own key-value pairs.
    pub metadata: BTreeMap<String, String>,
    /// Nodes, those of subgraphs and functions included.
    pub node_count: u64,
    /// How often each operator occurs; operators outside the standard domain as `domain.name`.
    pub operators: BTreeMap<String, u64>,
    /// Bytes of initializers and constant tensors.
    pub weight_bytes: u64,
    /// Constructs that engines are known to have got wrong; a deploy should insist on probes. For people.
    #[serde(default)]
    pub suspect: Vec<String>,
}

pub(super) fn is_standard(domain: &str) -> bool {
    matches!(domain, "" | "ai.onnx")
}

/// An operator's name for people and maps.
pub(crate) fn operator_name(node: &Node<'_>) -> String {
    if is_standard(node.domain) { node.op.to_owned() } else { format!("{}.{}", node.domain, node.op) }
}

pub(super) fn describe(model: &Model<'_>, meter: &Meter<'_>) -> Result<OnnxInfo> {
    let graph = model.graph.as_ref().ok_or_else(|| Error::new(ErrorKind::InvalidModel, "the model has no graph"))?;
    let mut unknown_rank = Vec::new();
    let defaults = graph.initializers.iter().map(|t| t.name).collect::<std::collections::HashSet<_>>();
    let inputs = graph
        .inputs
        .iter()
        .filter(|input| !defaults.contains(input.name))
        .map(|input| spec(input, None))
        .collect::<Result<_>>()?;
    let outputs = graph.outputs.iter().map(|output| spec(output, Some(&mut unknown_rank))).collect::<Result<_>>()?;
    let mut info = OnnxInfo {
        ir_version: model.ir_version,
        opsets: model
            .opsets
            .iter()
            .map(|(domain, version)| Opset {
                domain: if domain.is_empty() { "ai.onnx" } else { domain }.to_owned(),
                version: *version,
            })
            .collect(),
        producer: format!("{} {}", model.producer_name, model.producer_version).trim().to_owned(),
        signature: Signature { inputs, outputs },
        unknown_rank,
        metadata: model.metadata.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        node_count: meter.nodes,
        operators: BTreeMap::new(),
        weight_bytes: 0,
        suspect: Vec::new(),
    };
    walk(graph, &mut info);
    for function in &model.functions {
        nodes(&function.nodes, &mut info);
    }
    Ok(info)
}

fn walk(graph: &Graph<'_>, info: &mut OnnxInfo) {
    info.weight_bytes += graph.initializers.iter().map(|t| t.byte_len()).sum::<u64>();
    nodes(&graph.nodes, info);
}

fn nodes(nodes: &[Node<'_>], info: &mut OnnxInfo) {
    for node in nodes {
        *info.operators.entry(operator_name(node)).or_default() += 1;
        if let Some(note) = suspect(node) {
            info.suspect.push(note);
        }
        for attribute in &node.attributes {
            info.weight_bytes += attribute.tensor.iter().chain(&attribute.tensors).map(|t| t.byte_len()).sum::<u64>();
        }
        for graph in node.graphs() {
            walk(graph, info);
        }
    }
}

/// Constructs for which tract 0.23.9 was seen to answer wrongly; see `tests/engine_tract.rs`.
fn suspect(node: &Node<'_>) -> Option<String> {
    if !is_standard(node.domain) {
        return None;
    }
    let text = |name: &str| node.attribute(name).and_then(|a| std::str::from_utf8(a.text).ok()).unwrap_or("");
    match node.op {
        "GRU" | "LSTM" | "RNN" if matches!(text("direction"), "reverse" | "bidirectional") => {
            Some(format!("{} {} runs in direction {}", node.op, node.label(), text("direction")))
        }
        _ => None,
    }
}

fn spec(info: &ValueInfo<'_>, unknown_rank: Option<&mut Vec<String>>) -> Result<TensorSpec> {
    let dtype = dtype(info.elem_type, info.name)?;
    let axes = match (&info.shape, unknown_rank) {
        (Some(axes), _) => axes.as_slice(),
        (None, Some(unknown)) => {
            unknown.push(info.name.to_owned());
            &[]
        }
        (None, None) => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "an input does not tell its number of axes: export the model with shapes, if only symbolic ones",
            )
            .with("input", info.name));
        }
    };
    let shape = axes
        .iter()
        .map(|axis| match *axis {
            Axis::Unknown | Axis::Size(-1) | Axis::Symbol("" | "?") => Ok(Dim::Any),
            Axis::Size(size) => usize::try_from(size)
                .map(Dim::Fixed)
                .map_err(|_| invalid("a size is negative", info.name).with("value", size)),
            // A name that reads as a size would come back as one from JSON.
            Axis::Symbol(name) if name.bytes().all(|b| b.is_ascii_digit()) => Ok(Dim::Any),
            Axis::Symbol(name) => Ok(Dim::Symbol(name.to_owned())),
        })
        .collect::<Result<_>>()?;
    Ok(TensorSpec { name: info.name.to_owned(), dtype, shape })
}
