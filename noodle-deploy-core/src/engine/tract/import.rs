//! Builds tract's own protobuf structures out of the checked file: tract sees what was checked and nothing else.
//!
//! Typed tensor data is turned into raw data on the way: tract 0.23.9 reads u32 and u64 from the wrong fields.

use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TypeProto, ValueInfoProto,
    tensor_shape_proto, type_proto,
};

use std::collections::HashSet;

use crate::error::Result;
use crate::model::onnx::data::dtype_number;
use crate::model::onnx::proto::{Attribute, Axis, Graph, Model, Node, Tensor, ValueInfo};
use crate::tensor::DType;

pub(super) fn model(model: &Model<'_>) -> Result<ModelProto> {
    Ok(ModelProto {
        ir_version: model.ir_version,
        opset_import: model
            .opsets
            .iter()
            .map(|(domain, version)| OperatorSetIdProto { domain: (*domain).to_owned(), version: *version })
            .collect(),
        graph: model.graph.as_ref().map(|source| graph(source, &mut Names::new(source))).transpose()?,
        ..ModelProto::default()
    })
}

/// tract wants a name on every node and none twice; files may repeat names or leave them out.
struct Names<'a> {
    taken: HashSet<&'a str>,
    made: HashSet<String>,
}

impl<'a> Names<'a> {
    fn new(graph: &Graph<'a>) -> Self {
        let mut names = Names { taken: HashSet::new(), made: HashSet::new() };
        names.reserve(graph);
        names
    }

    fn reserve(&mut self, graph: &Graph<'a>) {
        self.taken.extend(graph.inputs.iter().map(|i| i.name));
        self.taken.extend(graph.initializers.iter().map(|t| t.name));
        graph.nodes.iter().flat_map(Node::graphs).for_each(|body| self.reserve(body));
    }

    fn node(&mut self, node: &Node<'_>) -> String {
        let label = if node.label().is_empty() { node.op } else { node.label() };
        let mut name = label.to_owned();
        while self.taken.contains(name.as_str()) || self.made.contains(&name) {
            name = format!("{label}#{}", self.made.len());
        }
        self.made.insert(name.clone());
        name
    }
}

fn graph(source: &Graph<'_>, names: &mut Names<'_>) -> Result<GraphProto> {
    Ok(GraphProto {
        name: source.name.to_owned(),
        node: source.nodes.iter().map(|n| node(n, names)).collect::<Result<_>>()?,
        initializer: source.initializers.iter().map(tensor).collect::<Result<_>>()?,
        input: source.inputs.iter().map(value_info).collect(),
        output: source.outputs.iter().map(value_info).collect(),
        ..GraphProto::default()
    })
}

fn strings(source: &[&str]) -> Vec<String> {
    source.iter().map(|&s| s.to_owned()).collect()
}

fn node(source: &Node<'_>, names: &mut Names<'_>) -> Result<NodeProto> {
    Ok(NodeProto {
        input: strings(&source.inputs),
        output: strings(&source.outputs),
        name: names.node(source),
        op_type: source.op.to_owned(),
        domain: source.domain.to_owned(),
        attribute: source.attributes.iter().map(|a| attribute(a, names)).collect::<Result<_>>()?,
        ..NodeProto::default()
    })
}

fn attribute(source: &Attribute<'_>, names: &mut Names<'_>) -> Result<AttributeProto> {
    Ok(AttributeProto {
        name: source.name.to_owned(),
        ref_attr_name: source.reference.to_owned(),
        r#type: i32::try_from(source.kind).unwrap_or(0),
        f: source.float,
        i: source.int,
        s: source.text.to_vec(),
        t: source.tensor.as_ref().map(tensor).transpose()?,
        g: source.graph.as_ref().map(|g| graph(g, names)).transpose()?,
        floats: source.floats.clone(),
        ints: source.ints.clone(),
        strings: source.texts.iter().map(|t| t.to_vec()).collect(),
        tensors: source.tensors.iter().map(tensor).collect::<Result<_>>()?,
        graphs: source.graphs.iter().map(|g| graph(g, names)).collect::<Result<_>>()?,
        ..AttributeProto::default()
    })
}

fn tensor(source: &Tensor<'_>) -> Result<TensorProto> {
    let text = source.data_type == i64::from(dtype_number(DType::String));
    Ok(TensorProto {
        dims: source.dims.clone(),
        data_type: i32::try_from(source.data_type).unwrap_or(0),
        string_data: if text { source.texts().map(<[u8]>::to_vec).collect() } else { Vec::new() },
        name: source.name.to_owned(),
        raw_data: if text { Vec::new() } else { source.bytes()?.into_owned() },
        ..TensorProto::default()
    })
}

fn value_info(source: &ValueInfo<'_>) -> ValueInfoProto {
    use tensor_shape_proto::{Dimension, dimension::Value};
    let shape = source.shape.as_ref().map(|axes| tract_onnx::pb::TensorShapeProto {
        dim: axes
            .iter()
            .map(|axis| Dimension {
                value: match *axis {
                    Axis::Size(size) if size >= 0 => Some(Value::DimValue(size)),
                    // Symbols are given to tract with the plan; a name in a file could be an expression.
                    _ => None,
                },
                ..Dimension::default()
            })
            .collect(),
    });
    let tensor = type_proto::Tensor { elem_type: i32::try_from(source.elem_type).unwrap_or(0), shape };
    ValueInfoProto {
        name: source.name.to_owned(),
        r#type: Some(TypeProto { value: Some(type_proto::Value::TensorType(tensor)), ..TypeProto::default() }),
        ..ValueInfoProto::default()
    }
}
