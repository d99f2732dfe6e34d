//! Sizes of everything that a plan makes, checked before it is made: tract computes sizes as signed numbers and trusts
//! them, so that an image smaller than a window would end in memory that is not its own.

use std::collections::HashSet;

use tract_onnx::prelude::{SymbolValues, TDim, TypedModel, TypedNode};
use tract_onnx::tract_core::ops::einsum::EinSum;

use crate::error::{Error, ErrorKind, Result};

/// The distinct shapes of a plan that depend on the sizes of its inputs.
#[derive(Debug, Default)]
pub(super) struct Extents {
    /// Input, axis and what the graph calls the size.
    inputs: Vec<(usize, usize, TDim)>,
    shapes: Vec<(Vec<TDim>, String, String)>,
    /// Sizes that a product takes for equal, where the graph does not say that they are.
    pairs: Vec<Pair>,
    limit: u64,
}

/// Two sizes of one axis of a product.
#[derive(Debug)]
struct Pair {
    sizes: [TDim; 2],
    /// Whether 1 stands for any size.
    spreads: bool,
    node: String,
}

fn check_shape(shape: &[TDim], symbols: &SymbolValues, limit: u64, node: &str, operator: &str) -> Result<()> {
    let mut volume = Some(1u64);
    for dim in shape {
        // A size that only the run itself tells is not known here.
        let Ok(size) = dim.eval(symbols).to_i64() else { continue };
        if size < 0 {
            return Err(Error::new(ErrorKind::Unsupported, "the inputs are too small: a size becomes negative")
                .with("value", size)
                .with("node", node)
                .with("operator", operator));
        }
        volume = volume.and_then(|volume| volume.checked_mul(size as u64));
    }
    if volume.is_none_or(|volume| volume > limit) {
        return Err(Error::new(ErrorKind::TooLarge, "a tensor is too large to be computed")
            .with("field", "max_run_elements")
            .with("value", format!("{shape:?}"))
            .with("allowed", format!("up to {limit} elements"))
            .with("node", node)
            .with("operator", operator));
    }
    Ok(())
}

/// The pairs of a node: tract takes the size of one input for that of the other, and reads beyond the smaller one.
fn pairs(model: &TypedModel, node: &TypedNode) -> Vec<Pair> {
    let (Some(product), Ok(facts)) = (node.op_as::<EinSum>(), model.node_input_facts(node.id)) else {
        return Vec::new();
    };
    let mut pairs = Vec::new();
    for axis in product.axes.iter_all_axes() {
        let spreads = axis.outputs.iter().any(|places| !places.is_empty());
        let places = axis.inputs.iter().zip(&facts).flat_map(|(places, fact)| places.iter().map(move |&at| (fact, at)));
        let sizes: Vec<&TDim> = places.filter_map(|(fact, at)| fact.shape.get(at)).collect();
        for pair in sizes.windows(2).filter(|pair| pair[0] != pair[1]) {
            let sizes = [pair[0].clone(), pair[1].clone()];
            pairs.push(Pair { sizes, spreads, node: node.name.clone() });
        }
    }
    pairs
}

impl Pair {
    fn check(&self, symbols: &SymbolValues) -> Result<()> {
        // A size that only the run itself tells is not known here.
        let [Ok(a), Ok(b)] = self.sizes.each_ref().map(|size| size.eval(symbols).to_i64()) else { return Ok(()) };
        if a == b || self.spreads && (a == 1 || b == 1) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::EngineFailed, "the sizes of a product do not fit each other")
            .with("value", format!("{a} and {b}"))
            .with("node", &self.node))
    }
}

impl Extents {
    /// Checks the sizes that are known already, and keeps the others.
    pub(super) fn new(model: &TypedModel, limit: u64) -> Result<Self> {
        let none = SymbolValues::default();
        let mut extents = Extents { limit, ..Extents::default() };
        let mut seen = HashSet::new();
        for node in &model.nodes {
            for outlet in &node.outputs {
                let shape: Vec<TDim> = outlet.fact.shape.iter().cloned().collect();
                check_shape(&shape, &none, limit, &node.name, &node.op.name())?;
                if shape.iter().any(|dim| dim.to_i64().is_err()) && seen.insert(shape.clone()) {
                    extents.shapes.push((shape, node.name.clone(), node.op.name().into_owned()));
                }
            }
        }
        for node in &model.nodes {
            extents.pairs.extend(pairs(model, node));
        }
        for (index, outlet) in model.inputs.iter().enumerate() {
            let fact = &model.nodes[outlet.node].outputs[outlet.slot].fact;
            extents.inputs.extend(fact.shape.iter().enumerate().map(|(axis, dim)| (index, axis, dim.clone())));
        }
        Ok(extents)
    }

    /// Checks the sizes that follow from those of the inputs.
    pub(super) fn check(&self, size: impl Fn(usize, usize) -> Option<usize>, limit: u64) -> Result<()> {
        let mut symbols = SymbolValues::default();
        for (index, axis, dim) in &self.inputs {
            if let (TDim::Sym(symbol), Some(size)) = (dim, size(*index, *axis)) {
                symbols.set(symbol, i64::try_from(size).unwrap_or(i64::MAX));
            }
        }
        self.pairs.iter().try_for_each(|pair| pair.check(&symbols))?;
        let limit = limit.min(self.limit);
        self.shapes.iter().try_for_each(|(shape, node, operator)| check_shape(shape, &symbols, limit, node, operator))
    }
}
