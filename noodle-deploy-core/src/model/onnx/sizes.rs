//! How much a graph makes out of constants alone.
//!
//! Engines fold constants while they load, so three nodes can ask for more memory than there is. Small constants are
//! followed through the operators that compute shapes, and the elements of every constant result are bounded from
//! above, before an engine sees the graph.

use std::collections::HashMap;

use super::Budgets;
use super::budgets::too_large;
use super::info::operator_name;
use super::numbers::numbers;
use super::proto::{Graph, Node, Tensor};
use crate::error::{Error, ErrorKind, Result};

/// Values are followed in tensors of up to this many elements; shapes are shorter.
pub(super) const FOLLOWED: usize = 64;

/// Larger pads, strides and kernels are no convolution.
const LARGEST_WINDOW: i64 = 1 << 20;

/// What is known of a tensor. Sizes are f64: they cannot overflow, and are exact where they matter.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Depends on no input of the graph.
    pub(super) constant: bool,
    /// Sizes of the axes.
    pub(super) shape: Option<Vec<f64>>,
    /// Elements, at most; 1 where nothing is known.
    pub(super) count: f64,
    /// The values, where there are few. Not a number where a value may have wrapped.
    pub(super) values: Option<Vec<f64>>,
    /// How arithmetic on the values rounds.
    pub(super) kind: Kind,
}

/// How arithmetic rounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Int,
    F16,
    F32,
    F64,
}

impl Kind {
    /// By ONNX's number of the element type.
    pub(super) fn of(data_type: i64) -> Self {
        match data_type {
            1 => Kind::F32,
            10 => Kind::F16,
            11 => Kind::F64,
            _ => Kind::Int,
        }
    }
}

impl Known {
    fn of(tensor: &Tensor<'_>) -> Self {
        let shape: Vec<f64> = tensor.dims.iter().map(|&d| d as f64).collect();
        let values = tensor.numbers(FOLLOWED);
        Known {
            constant: true,
            count: shape.iter().product(),
            shape: Some(shape),
            values,
            kind: Kind::of(tensor.data_type),
        }
    }

    pub(super) fn shaped(constant: bool, shape: Vec<f64>) -> Self {
        Known { constant, count: shape.iter().product(), shape: Some(shape), ..Known::default() }
    }

    fn counted(constant: bool, count: f64) -> Self {
        Known { constant, count, ..Known::default() }
    }
}

type Scope<'a> = HashMap<&'a str, Known>;

pub(super) fn check(graph: &Graph<'_>, weight_bytes: u64, budgets: &Budgets) -> Result<()> {
    // A model may compute with its own weights; what is bounded is what it makes out of little.
    let weight = weight_bytes as f64;
    let mut limits = Limits {
        one: (budgets.max_constant_elements as f64).max(4.0 * weight),
        all: budgets.max_constant_elements_total as f64 + 16.0 * weight,
        sum: 0.0,
    };
    walk(graph, &mut Vec::new(), &mut limits)
}

struct Limits {
    one: f64,
    all: f64,
    sum: f64,
}

fn walk<'a>(graph: &Graph<'a>, scopes: &mut Vec<Scope<'a>>, limits: &mut Limits) -> Result<()> {
    let mut scope = Scope::new();
    for tensor in &graph.initializers {
        scope.insert(tensor.name, Known::of(tensor));
    }
    scopes.push(scope);
    for node in order(graph) {
        let known = result(node, scopes).map_err(|e| at(e, node))?;
        if known.constant {
            limits.sum += known.count;
        }
        let wild = |limit: f64| known.constant && (known.count.is_nan() || known.count > limit);
        if wild(limits.one) {
            return Err(at(too_large("max_constant_elements", known.count, limits.one as u64), node));
        }
        if limits.sum > limits.all {
            return Err(at(too_large("max_constant_elements_total", limits.sum, limits.all as u64), node));
        }
        for body in node.graphs() {
            walk(body, scopes, limits)?;
        }
        if let Some(scope) = scopes.last_mut() {
            for (index, output) in node.outputs.iter().enumerate().filter(|(_, o)| !o.is_empty()) {
                let known = if index == 0 { known.clone() } else { Known::counted(known.constant, known.count) };
                scope.insert(output, known);
            }
        }
    }
    scopes.pop();
    Ok(())
}

fn at(error: Error, node: &Node<'_>) -> Error {
    error.with("node", node.label()).with("operator", operator_name(node))
}

/// The nodes so that each comes after those that it reads. Files are in order as a rule; the check before this one has
/// refused cycles, so that every pass over the rest places one node at least.
fn order<'g, 'a>(graph: &'g Graph<'a>) -> Vec<&'g Node<'a>> {
    let mut maker: HashMap<&str, usize> = HashMap::new();
    for (index, node) in graph.nodes.iter().enumerate() {
        maker.extend(node.outputs.iter().filter(|o| !o.is_empty()).map(|o| (*o, index)));
    }
    let mut placed = vec![false; graph.nodes.len()];
    let mut order = Vec::with_capacity(graph.nodes.len());
    for first in 0..graph.nodes.len() {
        let mut stack = vec![(first, 0)];
        while let Some((index, input)) = stack.pop() {
            if placed[index] {
                continue;
            }
            let node = &graph.nodes[index];
            match node.inputs.get(input) {
                Some(name) => {
                    stack.push((index, input + 1));
                    if let Some(&before) = maker.get(name)
                        && !placed[before]
                    {
                        stack.push((before, 0));
                    }
                }
                None => {
                    placed[index] = true;
                    order.push(node);
                }
            }
        }
    }
    order
}

fn unbounded() -> Error {
    Error::new(ErrorKind::TooLarge, "a size is computed from constants in a way that cannot be bounded before loading")
}

/// The values of a size-giving input. `None` where they depend on the graph's inputs.
fn given(known: Option<&Known>) -> Result<Option<&[f64]>> {
    match known {
        None => Ok(None),
        Some(known) => match &known.values {
            Some(values) if values.iter().any(|v| v.is_nan()) => Err(unbounded()),
            Some(values) => Ok(Some(values)),
            None if known.constant => Err(unbounded()),
            None => Ok(None),
        },
    }
}

fn product(values: &[f64]) -> f64 {
    // Negative sizes fail elsewhere; zero makes nothing.
    values.iter().map(|v| v.max(0.0)).product()
}

pub(super) fn broadcast<'k>(shapes: impl Iterator<Item = &'k Known>) -> Option<Vec<f64>> {
    let mut out: Vec<f64> = Vec::new();
    for known in shapes {
        let shape = known.shape.as_ref()?;
        while out.len() < shape.len() {
            out.insert(0, 1.0);
        }
        let skip = out.len() - shape.len();
        for (wide, dim) in out[skip..].iter_mut().zip(shape) {
            *wide = if *wide == 0.0 || *dim == 0.0 { 0.0 } else { wide.max(*dim) };
        }
    }
    Some(out)
}

fn result<'a>(node: &Node<'a>, scopes: &[Scope<'a>]) -> Result<Known> {
    let find = |name: &str| scopes.iter().rev().find_map(|scope| scope.get(name));
    let inputs: Vec<Option<&Known>> = node.inputs.iter().map(|n| if n.is_empty() { None } else { find(n) }).collect();
    let present = || inputs.iter().flatten().copied();
    let named = node.inputs.iter().filter(|n| !n.is_empty()).count();
    let constant = present().count() == named && present().all(|k| k.constant) && node.graphs().next().is_none();
    let input = |index: usize| inputs.get(index).copied().flatten();
    let count = |index: usize| input(index).map_or(1.0, |k| k.count);
    let shape = |index: usize| input(index).and_then(|k| k.shape.as_deref());
    check_window(node)?;
    if input(0).is_some_and(|k| k.constant) {
        check_slide(node, shape(0), shape(1))?;
    }
    // A size that is given outright counts even where the rest depends on the graph's inputs.
    let made = |elements: f64| Known::counted(constant || elements > LARGEST_WINDOW as f64, elements);
    let known = match node.op {
        "Constant" => return Ok(constant_value(node)),
        "ConstantOfShape" => match given(input(0))? {
            Some(sizes) => {
                let mut known = Known::shaped(true, sizes.iter().map(|v| v.max(0.0)).collect());
                if known.count <= FOLLOWED as f64 {
                    let tensor = node.attribute("value").and_then(|a| a.tensor.as_ref());
                    let fill = tensor.and_then(|t| t.numbers(1)).and_then(|v| v.first().copied()).unwrap_or(0.0);
                    known.kind = tensor.map_or(Kind::F32, |t| Kind::of(t.data_type));
                    known.values = Some(vec![fill; known.count as usize]);
                }
                return Ok(known);
            }
            None => Known::counted(false, 1.0),
        },
        "Range" => match (given(input(0))?, given(input(1))?, given(input(2))?) {
            (Some([start]), Some([limit]), Some([step])) if *step != 0.0 => {
                let elements = ((limit - start) / step).ceil().max(0.0);
                let mut known = Known::shaped(true, vec![elements]);
                if elements <= FOLLOWED as f64 {
                    known.kind = input(0).map_or(Kind::Int, |k| k.kind);
                    known.values = Some((0..elements as usize).map(|i| start + i as f64 * step).collect());
                }
                return Ok(known);
            }
            _ => Known::counted(false, 1.0),
        },
        "Expand" => match given(input(1))? {
            Some(sizes) => {
                let wanted = Known::shaped(true, sizes.to_vec());
                let wide = input(0).and_then(|x| broadcast([x, &wanted].into_iter()));
                made(wide.map_or_else(|| product(sizes) * count(0), |wide| product(&wide)))
            }
            None => Known::counted(false, 1.0),
        },
        "Tile" => given(input(1))?.map_or(Known::counted(false, 1.0), |repeats| made(count(0) * product(repeats))),
        "Pad" => {
            let attribute = node.attribute("pads").map(|a| a.ints.iter().map(|&i| i as f64).collect::<Vec<_>>());
            let pads = if attribute.is_some() { attribute.as_deref() } else { given(input(1))? };
            match pads {
                Some(pads) => {
                    let half = pads.len() / 2;
                    let sizes = (0..half).map(|axis| {
                        let size = shape(0).filter(|s| s.len() == half).map_or(1.0, |s| s[axis]);
                        (size + pads[axis] + pads[axis + half]).max(0.0)
                    });
                    made(sizes.product::<f64>().max(if shape(0).is_some() { 0.0 } else { count(0) }))
                }
                None => Known::counted(false, 1.0),
            }
        }
        "Resize" | "Upsample" => {
            let sizes = given(input(3))?;
            let scales = if inputs.len() == 2 { given(input(1))? } else { given(input(2))? };
            match (sizes, scales) {
                (Some(sizes), _) if !sizes.is_empty() => made(product(sizes)),
                (_, Some(scales)) => made(count(0) * product(scales)),
                _ => Known::counted(constant, count(0)),
            }
        }
        "OneHot" => match given(input(1))? {
            Some(depth) => made(count(0) * depth.first().copied().unwrap_or(0.0).max(0.0)),
            None => Known::counted(false, 1.0),
        },
        "RandomNormal" | "RandomUniform" => {
            let sizes = node.attribute("shape").map(|a| a.ints.iter().map(|&i| i as f64).collect::<Vec<_>>());
            made(product(&sizes.unwrap_or_default())).with_constant()
        }
        "HannWindow" | "HammingWindow" | "BlackmanWindow" => {
            made(given(input(0))?.and_then(|v| v.first().copied()).unwrap_or(1.0))
        }
        "MelWeightMatrix" => {
            let size = |i| given(input(i)).map(|v| v.and_then(|v| v.first().copied()).unwrap_or(1.0));
            made(size(0)?.max(1.0) * size(1)?.max(1.0))
        }
        "DFT" => made(count(0) * given(input(1))?.and_then(|v| v.first().copied()).unwrap_or(1.0).max(1.0)),
        "Shape" => match shape(0) {
            // The shape of an input of the graph is not followed: it may be a symbol.
            Some(sizes) if input(0).is_some_and(|k| k.constant) => Known {
                constant: true,
                shape: Some(vec![sizes.len() as f64]),
                count: sizes.len() as f64,
                values: Some(sizes.to_vec()),
                kind: Kind::Int,
            },
            _ => Known::counted(constant, 16.0),
        },
        "Size" if constant => {
            let values = Some(vec![count(0)]);
            Known { constant, shape: Some(vec![]), count: 1.0, values, kind: Kind::Int }
        }
        "Concat" if constant => Known::counted(true, present().map(|k| k.count).sum()),
        "Gather" => match (shape(0), node.int("axis").unwrap_or(0)) {
            (Some(data), axis) if !data.is_empty() => {
                let axis = if axis < 0 { axis + data.len() as i64 } else { axis };
                let along = usize::try_from(axis).ok().and_then(|a| data.get(a)).copied().unwrap_or(1.0).max(1.0);
                Known::counted(constant, count(0) / along * count(1))
            }
            _ => Known::counted(constant, if constant { count(0) * count(1) } else { 1.0 }),
        },
        "MatMul" | "Gemm" | "MatMulInteger" => match (shape(0), shape(1)) {
            (Some([rest @ .., m, _]), Some([other @ .., _, n])) if node.op != "Gemm" => {
                let batch = product(rest).max(1.0) * product(other).max(1.0);
                Known::counted(constant, batch * m * n)
            }
            (Some([a, b]), Some([c, d])) => Known::counted(constant, a.max(*b) * c.max(*d)),
            _ => Known::counted(constant, if constant { count(0) * count(1) } else { 1.0 }),
        },
        "Einsum"
        | "GridSample"
        | "Conv"
        | "ConvTranspose"
        | "ConvInteger"
        | "QLinearConv"
        | "QLinearMatMul"
        | "QLinearAdd"
        | "LSTM"
        | "GRU"
        | "RNN"
        | "Attention"
        | "MultiHeadAttention"
        | "TreeEnsembleClassifier"
            if constant =>
        {
            Known::counted(true, present().map(|k| k.count.max(1.0)).product())
        }
        "NonZero" => Known::counted(constant, count(0) * shape(0).map_or(16.0, |s| s.len() as f64).max(1.0)),
        "Reshape" | "Squeeze" | "Unsqueeze" | "Flatten" | "Transpose" | "Slice" | "Cast" | "Identity" => {
            let keeps = matches!(node.op, "Cast" | "Identity");
            Known {
                constant,
                count: count(0),
                shape: if keeps { shape(0).map(<[f64]>::to_vec) } else { None },
                ..Known::default()
            }
        }
        _ => match broadcast(present()) {
            Some(shape) if constant && !inputs.is_empty() => Known::shaped(true, shape),
            // Without shapes, each pair of elements could meet.
            _ if constant => Known::counted(true, present().map(|k| k.count.max(1.0)).product()),
            _ => Known::counted(false, 1.0),
        },
    };
    Ok(numbers(node, &inputs, known))
}

impl Known {
    fn with_constant(mut self) -> Self {
        self.constant = true;
        self
    }
}

/// Windows are attributes: a pad of 2³⁰ needs no constant at all.
fn check_window(node: &Node<'_>) -> Result<()> {
    for name in ["pads", "output_padding", "strides", "dilations", "kernel_shape", "output_shape"] {
        let sizes = node.attribute(name).map(|a| a.ints.as_slice()).unwrap_or_default();
        if let Some(size) = sizes.iter().find(|size| size.unsigned_abs() > LARGEST_WINDOW as u64) {
            return Err(Error::new(ErrorKind::TooLarge, "a window is too large")
                .with("field", name)
                .with("value", size)
                .with("allowed", format!("up to {LARGEST_WINDOW}")));
        }
    }
    Ok(())
}

/// A window larger than the constant that it slides over makes a size that is negative, and engines fold constants.
fn check_slide(node: &Node<'_>, data: Option<&[f64]>, kernel: Option<&[f64]>) -> Result<()> {
    if !matches!(node.op, "Conv" | "ConvInteger" | "QLinearConv" | "MaxPool" | "AveragePool" | "LpPool") {
        return Ok(());
    }
    let list = |name: &str| node.attribute(name).map(|a| a.ints.as_slice()).unwrap_or_default();
    let spatial = data.and_then(|d| d.get(2..)).ok_or_else(unbounded)?;
    let (window, dilations, pads) = (list("kernel_shape"), list("dilations"), list("pads"));
    for (axis, &size) in spatial.iter().enumerate() {
        let from_kernel = || kernel.and_then(|k| k.get(axis + 2)).copied();
        let width = window.get(axis).map(|&w| w as f64).or_else(from_kernel).ok_or_else(unbounded)?;
        let dilation = dilations.get(axis).copied().unwrap_or(1) as f64;
        let pad = [axis, axis + spatial.len()].iter().filter_map(|&i| pads.get(i)).sum::<i64>() as f64;
        if size + pad < (width - 1.0) * dilation + 1.0 {
            return Err(Error::new(
                ErrorKind::InvalidModel,
                "a window is larger than the constant that it slides over",
            ));
        }
    }
    Ok(())
}

fn constant_value(node: &Node<'_>) -> Known {
    if let Some(tensor) = node.attribute("value").and_then(|a| a.tensor.as_ref()) {
        return Known::of(tensor);
    }
    let list = |values: Vec<f64>, shape: Vec<f64>, kind: Kind| Known {
        constant: true,
        shape: Some(shape),
        count: values.len() as f64,
        values: (values.len() <= FOLLOWED).then_some(values),
        kind,
    };
    if let Some(attribute) = node.attribute("value_int") {
        list(vec![attribute.int as f64], vec![], Kind::Int)
    } else if let Some(attribute) = node.attribute("value_float") {
        list(vec![f64::from(attribute.float)], vec![], Kind::F32)
    } else if let Some(attribute) = node.attribute("value_ints") {
        list(attribute.ints.iter().map(|&i| i as f64).collect(), vec![attribute.ints.len() as f64], Kind::Int)
    } else if let Some(attribute) = node.attribute("value_floats") {
        let values = attribute.floats.iter().map(|&f| f64::from(f)).collect();
        list(values, vec![attribute.floats.len() as f64], Kind::F32)
    } else {
        let texts = node.attribute("value_strings").map_or(1, |a| a.texts.len());
        Known::shaped(true, vec![texts as f64])
    }
}
