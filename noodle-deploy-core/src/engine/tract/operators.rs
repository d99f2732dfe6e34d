//! Which operators tract takes, before it is asked to.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::plan::Labels;
use crate::error::{Error, ErrorKind, Result};
use crate::model::onnx::data::dtype_number;
use crate::model::onnx::operator_name;
use crate::model::onnx::proto::{Graph, Model, Node, Tensor};
use crate::tensor::DType;

static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| tract_onnx::onnx().op_register.0.into_keys().collect());

/// Operators of the traditional-learning domain. tract looks operators up by name alone, so the domain is checked here.
const ML: &[&str] = &[
    "ArrayFeatureExtractor",
    "CategoryMapper",
    "LinearClassifier",
    "LinearRegressor",
    "Normalizer",
    "TreeEnsembleClassifier",
];

/// Operators of ONNX Runtime's own domain.
const MICROSOFT: &[&str] = &[
    "BiasGelu",
    "FastGelu",
    "GatherBlockQuantized",
    "Gelu",
    "GroupQueryAttention",
    "MatMulNBits",
    "MultiHeadAttention",
    "QuickGelu",
    "RotaryEmbedding",
    "SimplifiedLayerNormalization",
    "SkipLayerNormalization",
];

fn is_known(node: &Node<'_>) -> bool {
    match node.domain {
        "" | "ai.onnx" => KNOWN.contains(node.op) && !ML.contains(&node.op),
        "ai.onnx.ml" => ML.contains(&node.op) && KNOWN.contains(node.op),
        "com.microsoft" => MICROSOFT.contains(&node.op) && KNOWN.contains(node.op),
        _ => false,
    }
}

/// What tract 0.23 makes of a node, where it is not what the standard says. Found by the standard's node tests
/// (`tests/operators.rs`).
fn wrong(node: &Node<'_>, constants: &HashMap<&str, &Tensor<'_>>, half: bool) -> Option<&'static str> {
    let text = |name: &str| node.attribute(name).map_or("", |a| std::str::from_utf8(a.text).unwrap_or(""));
    match node.op {
        "GRU" | "LSTM" | "RNN" if text("direction") == "reverse" => Some("gives the steps in another order"),
        "SpaceToDepth" if text("mode") == "CRD" => Some("takes the mode CRD for DCR"),
        "Swish" if node.attribute("alpha").is_some_and(|a| a.float != 1.0) => Some("ignores alpha"),
        "Celu" if half => Some("gives other numbers in half precision"),
        "BitShift" => {
            let shift = node.inputs.get(1).and_then(|name| constants.get(name)).and_then(|t| t.bytes().ok());
            // Every element type has eight bits or more.
            let small = shift.is_some_and(|bytes| bytes.iter().all(|&byte| byte < 8));
            (!small).then_some("shifts by the remainder where the shift is negative or too large")
        }
        _ => None,
    }
}

/// Whether anything in the graph is in half precision.
fn is_half(graph: &Graph<'_>) -> bool {
    let half = i64::from(dtype_number(DType::F16));
    graph.inputs.iter().any(|info| info.elem_type == half)
        || graph.initializers.iter().any(|tensor| tensor.data_type == half)
        || graph.nodes.iter().any(|node| node.int("to") == Some(half))
}

/// Checks every operator.
pub(super) fn check(model: &Model<'_>) -> Result<()> {
    let half = model.graph.as_ref().is_some_and(is_half);
    let mut graphs: Vec<&Graph<'_>> = model.graph.iter().collect();
    while let Some(graph) = graphs.pop() {
        let constants = graph.initializers.iter().map(|tensor| (tensor.name, tensor)).collect();
        for node in &graph.nodes {
            if model.functions.iter().any(|f| f.name == node.op && f.domain == node.domain) {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    "functions are not supported: inline them, as with onnx.inliner.inline_local_functions(model)",
                )
                .with("node", node.label())
                .with("operator", operator_name(node)));
            }
            if !is_known(node) {
                return Err(Error::new(ErrorKind::Unsupported, "the engine does not have the operator")
                    .with("node", node.label())
                    .with("operator", operator_name(node))
                    .with("engine", "tract"));
            }
            if let Some(reason) = wrong(node, &constants, half) {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    "the engine computes the operator otherwise than the standard says",
                )
                .with("node", node.label())
                .with("operator", operator_name(node))
                .with("engine", "tract")
                .with("reason", reason));
            }
            graphs.extend(node.graphs());
        }
    }
    Ok(())
}

/// Every node's name, as given to tract, with its operator.
pub(super) fn labels(graph: &tract_onnx::pb::GraphProto, into: &mut Labels) {
    for node in &graph.node {
        into.insert(node.name.clone(), node.op_type.clone());
        for attribute in &node.attribute {
            for body in attribute.g.iter().chain(&attribute.graphs) {
                labels(body, into);
            }
        }
    }
}
