//! Which operators tract takes, before it is asked to.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::plan::Labels;
use crate::error::{Error, ErrorKind, Result};
use crate::model::onnx::operator_name;
use crate::model::onnx::proto::{Graph, Model, Node};

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

/// Checks every operator.
pub(super) fn check(model: &Model<'_>) -> Result<()> {
    let mut graphs: Vec<&Graph<'_>> = model.graph.iter().collect();
    while let Some(graph) = graphs.pop() {
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
