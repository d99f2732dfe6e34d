//! What rten would compute in a narrower type than the model says, and what it gets wrong.

use std::collections::{HashMap, HashSet};

use crate::error::{Error, ErrorKind, Result};
use crate::model::onnx::data::dtype_number;
use crate::model::onnx::operator_name;
use crate::model::onnx::proto::{Graph, Model, Node, Tensor};
use crate::tensor::DType;

/// Element types that rten keeps the values of: its own, bool, and i64 where the values fit 32 bits.
const KEPT: [DType; 6] = [DType::F32, DType::I8, DType::U8, DType::I32, DType::I64, DType::Bool];

/// Integers from the inputs that are added to others: sums of 2⁷ of them stay within 32 bits.
const ADDED: i64 = 1 << 24;

/// Integers from the inputs that are summed along an axis: sums of 2¹¹ of them stay within 32 bits.
const SUMMED: i64 = 1 << 20;

/// Attributes that name an element type.
const TYPES: &[&str] = &["to", "dtype", "output_datatype", "stash_type"];

/// The integers that an i64 input may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) low: i64,
    pub(super) high: i64,
}

impl Range {
    const WHOLE: Range = Range { low: i32::MIN as i64, high: i32::MAX as i64 };

    fn symmetric(limit: i64) -> Self {
        Range { low: -limit, high: limit }
    }

    pub(super) fn contains(self, value: i64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// Checks a model, and says which integers its inputs may carry.
///
/// # Errors
/// `unsupported` that names tensor or node.
pub(super) fn scan(model: &Model<'_>) -> Result<Range> {
    let Some(graph) = &model.graph else { return Ok(Range::WHOLE) };
    if let Some(function) = model.functions.first() {
        return Err(refused("functions are not supported: inline them").with("operator", function.name));
    }
    for info in graph.inputs.iter().chain(&graph.outputs) {
        kept(info.elem_type).map_err(|e| e.with("tensor", info.name))?;
    }
    values(graph)?;
    integers(graph)
}

fn refused(message: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported, message).with("engine", "rten")
}

fn kept(number: i64) -> Result<()> {
    if KEPT.iter().any(|dtype| i64::from(dtype_number(*dtype)) == number) {
        return Ok(());
    }
    let name = DType::ALL.into_iter().find(|dtype| i64::from(dtype_number(*dtype)) == number);
    Err(refused("the engine would compute in a narrower element type than the model says")
        .with("value", name.map_or("unknown", DType::name))
        .with("allowed", KEPT.map(DType::name).join(", ")))
}

/// Element types and constants of every graph.
fn values(graph: &Graph<'_>) -> Result<()> {
    let bounds = bounds_of_slices(graph);
    let vectors = graph.initializers.iter().filter(|tensor| tensor.dims.len() == 1).map(|tensor| tensor.name);
    let inputs = graph.inputs.iter().filter(|info| info.shape.as_ref().is_some_and(|axes| axes.len() == 1));
    let flat: HashSet<&str> = vectors.chain(inputs.map(|info| info.name)).collect();
    for tensor in &graph.initializers {
        constant(tensor, bounds.contains(tensor.name)).map_err(|e| e.with("tensor", tensor.name))?;
    }
    for node in &graph.nodes {
        let bound = node.outputs.iter().all(|output| bounds.contains(output));
        node_values(node, bound, &flat)
            .map_err(|e| e.with("node", node.label()).with("operator", operator_name(node)))?;
        for body in node.graphs() {
            values(body)?;
        }
    }
    Ok(())
}

/// What rten 0.27 makes of a node, where it is not what the standard says. Found by the standard's node tests
/// (`tests/operators.rs`).
fn wrong(node: &Node<'_>, flat: &HashSet<&str>) -> Option<&'static str> {
    let text = |name: &str| node.attribute(name).map_or("", |a| std::str::from_utf8(a.text).unwrap_or(""));
    let reads = |index: usize| node.inputs.get(index).is_some_and(|name| !name.is_empty());
    match node.op {
        "Sign" => Some("gives 1 for 0"),
        "ArgMax" if node.int("select_last_index").unwrap_or(0) == 0 => Some("gives the last of equal elements"),
        "NonMaxSuppression" => Some("leaves out boxes of further batches and classes"),
        "Resize" if text("mode") == "cubic" => Some("gives other numbers for cubic interpolation"),
        "Resize" if text("coordinate_transformation_mode") == "align_corners" && reads(2) => {
            Some("aligns corners by the scale given, not by the sizes")
        }
        "MatMul" if node.inputs.get(1).is_some_and(|name| flat.contains(name)) => {
            Some("keeps an axis that a product with a vector drops")
        }
        _ => None,
    }
}

fn node_values(node: &Node<'_>, bound: bool, flat: &HashSet<&str>) -> Result<()> {
    if let Some(what) = wrong(node, flat) {
        return Err(refused("the engine computes the operator otherwise than the standard says").with("reason", what));
    }
    for attribute in &node.attributes {
        if TYPES.contains(&attribute.name) && attribute.kind == 2 {
            kept(attribute.int)?;
        }
        for tensor in attribute.tensor.iter().chain(&attribute.tensors) {
            constant(tensor, bound)?;
        }
        let ints = attribute.ints.iter().chain([&attribute.int]);
        if let Some(wide) = ints.copied().find(|&int| !Range::WHOLE.contains(int))
            && !(bound || node.op == "Slice")
        {
            return Err(too_wide(wide).with("field", attribute.name));
        }
    }
    Ok(())
}

fn too_wide(value: i64) -> Error {
    refused("the engine computes with 32-bit integers").with("value", value).with("allowed", "-2^31 to 2^31 - 1")
}

/// A constant of i64 may be wide only where it bounds a slice: rten's 2³¹ - 1 means the end there as well.
fn constant(tensor: &Tensor<'_>, bound: bool) -> Result<()> {
    kept(tensor.data_type)?;
    if bound || tensor.data_type != i64::from(dtype_number(DType::I64)) {
        return Ok(());
    }
    let bytes = tensor.bytes()?;
    let (integers, _) = bytes.as_chunks::<8>();
    match integers.iter().map(|bytes| i64::from_le_bytes(*bytes)).find(|&int| !Range::WHOLE.contains(int)) {
        Some(wide) => Err(too_wide(wide)),
        None => Ok(()),
    }
}

/// Names that are read as starts and ends of slices and as nothing else.
fn bounds_of_slices<'a>(graph: &Graph<'a>) -> HashSet<&'a str> {
    let mut only: HashMap<&str, bool> = HashMap::new();
    let mut bodies: Vec<&Graph<'a>> = vec![graph];
    while let Some(body) = bodies.pop() {
        for node in &body.nodes {
            for (index, name) in node.inputs.iter().enumerate() {
                let bound = node.op == "Slice" && matches!(index, 1 | 2);
                *only.entry(name).or_insert(true) &= bound;
            }
            bodies.extend(node.graphs());
        }
        for output in &body.outputs {
            only.insert(output.name, false);
        }
    }
    only.into_iter().filter_map(|(name, bound)| bound.then_some(name)).collect()
}

/// What arithmetic does with integers that come from the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// Moves them, compares them, or looks something up with them.
    Kept,
    /// Adds them to others.
    Added,
    /// Adds them along an axis.
    Summed,
}

/// Follows the integers of the inputs through the graph.
fn integers(graph: &Graph<'_>) -> Result<Range> {
    let wide = i64::from(dtype_number(DType::I64));
    let mut followed: HashSet<&str> =
        graph.inputs.iter().filter(|input| input.elem_type == wide).map(|input| input.name).collect();
    let switches = switches(graph);
    let mut most = Use::Kept;
    // Loops carry values back to nodes that come before: follow until nothing is new.
    loop {
        let before = followed.len();
        most = most.max(follow(graph, &mut followed, &switches)?);
        if followed.len() == before {
            break;
        }
    }
    Ok(match most {
        Use::Kept => Range::WHOLE,
        Use::Added => Range::symmetric(ADDED),
        Use::Summed => Range::symmetric(SUMMED),
    })
}

/// Names of constants that are zeros and ones and nothing else, wherever the name is used: a product with those is no
/// larger than the other factor.
fn switches<'a>(graph: &Graph<'a>) -> HashSet<&'a str> {
    let mut only: HashMap<&str, bool> = HashMap::new();
    let mut bodies: Vec<&Graph<'a>> = vec![graph];
    while let Some(body) = bodies.pop() {
        for input in &body.inputs {
            only.insert(input.name, false);
        }
        for tensor in &body.initializers {
            *only.entry(tensor.name).or_insert(true) &= is_switch(tensor);
        }
        for node in &body.nodes {
            let value = node.attribute("value").filter(|_| node.op == "Constant");
            let switch = value.and_then(|a| a.tensor.as_ref()).is_some_and(is_switch);
            for output in &node.outputs {
                *only.entry(output).or_insert(true) &= switch;
            }
            bodies.extend(node.graphs());
        }
    }
    only.into_iter().filter_map(|(name, switch)| switch.then_some(name)).collect()
}

fn is_switch(tensor: &Tensor<'_>) -> bool {
    let Ok(bytes) = tensor.bytes() else { return false };
    let (integers, rest) = bytes.as_chunks::<8>();
    tensor.data_type == i64::from(dtype_number(DType::I64))
        && rest.is_empty()
        && integers.iter().all(|bytes| matches!(i64::from_le_bytes(*bytes), 0 | 1))
}

fn follow<'a>(graph: &Graph<'a>, followed: &mut HashSet<&'a str>, switches: &HashSet<&str>) -> Result<Use> {
    let mut most = Use::Kept;
    for node in &graph.nodes {
        let reads = node.inputs.iter().any(|input| followed.contains(input));
        let mut makes = false;
        for body in node.graphs() {
            if reads {
                followed.extend(body.inputs.iter().map(|input| input.name));
            }
            most = most.max(follow(body, followed, switches)?);
            makes |= reads || body.outputs.iter().any(|output| followed.contains(output.name));
        }
        if reads {
            makes |= result(node, followed, switches, &mut most)
                .map_err(|e| e.with("node", node.label()).with("operator", operator_name(node)))?;
        }
        if makes {
            followed.extend(node.outputs.iter().filter(|output| !output.is_empty()));
        }
    }
    Ok(most)
}

/// Whether a node that reads followed integers hands them on.
fn result(node: &Node<'_>, followed: &HashSet<&str>, switches: &HashSet<&str>, most: &mut Use) -> Result<bool> {
    let reads = |index: usize| node.inputs.get(index).is_some_and(|input| followed.contains(input));
    Ok(match node.op {
        "Mul" if node.inputs.iter().any(|input| switches.contains(input)) => true,
        "Mul" | "Pow" | "BitShift" | "ReduceProd" | "ReduceSumSquare" | "MatMul" | "MatMulInteger" | "Gemm"
        | "Einsum" | "ReduceL2" | "CumProd" => {
            return Err(refused("the engine would multiply integers of the inputs in 32 bits"));
        }
        "Add" | "Sub" | "Sum" | "Neg" | "Abs" | "ScatterElements" | "ScatterND" | "Range" => {
            *most = (*most).max(Use::Added);
            true
        }
        "CumSum" | "ReduceSum" | "ReduceL1" | "ReduceMean" | "Mean" => {
            *most = (*most).max(Use::Summed);
            true
        }
        // The second input says where; what comes out is of the first.
        "Gather" | "GatherElements" | "GatherND" => reads(0),
        "Cast" => {
            let to = node.int("to").unwrap_or(0);
            [DType::I64, DType::I32].iter().any(|dtype| i64::from(dtype_number(*dtype)) == to)
        }
        "Shape" | "Size" | "Equal" | "Less" | "LessOrEqual" | "Greater" | "GreaterOrEqual" | "ArgMax" | "ArgMin"
        | "NonZero" | "And" | "Or" | "Xor" | "Not" | "IsNaN" | "IsInf" => false,
        "OneHot" => reads(2),
        "Where" => reads(1) || reads(2),
        "Reshape" | "Expand" | "Tile" | "Unsqueeze" | "Squeeze" | "Slice" | "Pad" => reads(0) || reads(3),
        "ConstantOfShape" => false,
        _ => true,
    })
}
