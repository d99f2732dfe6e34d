//! From a parsed graph to a plan that runs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use tract_onnx::pb::ModelProto;
use tract_onnx::prelude::tract_linalg::mmm::EagerPackedInput;
use tract_onnx::prelude::{
    InferenceFact, InferenceModel, InferenceModelExt as _, RunOptions, TDim, Tensor, ToDim as _, TractError,
    TypedModel, TypedSimplePlan,
};
use tract_onnx::tract_core::ops::gru_seq::GruSeq;
use tract_onnx::tract_core::ops::konst::Const;
use tract_onnx::tract_core::ops::logic::IfThenElse;
use tract_onnx::tract_core::ops::matmul::optimized::{MatMulOperand, OptMatMul, ProtoFusedSpec};
use tract_onnx::tract_core::ops::scan::{OptScan, Scan};

use super::convert::datum_type;
use super::extents::Extents;
use super::failure::cause;
use super::ledger::{Charge, Item, Ledger};
use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::{Dim, Signature};
use crate::tensor::Shape;

/// What a node of a plan costs beside its constants, measured on MiniLM and PP-OCR and rounded up.
const NODE_BYTES: u64 = 4 << 10;

/// A plan, what it holds, and when it was used last.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) plan: Arc<TypedSimplePlan>,
    pub(super) charge: Charge,
    pub(super) extents: Extents,
    pub(super) used: AtomicU64,
    pub(super) evicted: AtomicBool,
}

/// Names of the file's nodes and their operators, to find the culprit in tract's messages.
pub(super) type Labels = BTreeMap<String, String>;

/// The parsed graph: weights once, shapes open.
#[derive(Debug)]
pub(super) struct Parsed {
    model: InferenceModel,
    labels: Labels,
    max_run_elements: u64,
}

impl Parsed {
    pub(super) fn new(proto: &ModelProto, labels: Labels, max_run_elements: u64) -> Result<Self> {
        let onnx = tract_onnx::onnx().with_ignore_value_info(true).with_ignore_output_shapes(true);
        let result = onnx
            .parse_with_template(proto, None, InferenceModel::default())
            .map_err(|e| refused("the engine cannot load the model", &e, &labels))?;
        if let Some(name) = result.unresolved_inputs.first() {
            return Err(
                Error::new(ErrorKind::InvalidModel, "a node reads a name that nothing defines").with("tensor", name)
            );
        }
        Ok(Parsed { model: result.model, labels, max_run_elements })
    }

    /// The weights as parsed.
    pub(super) fn constants(&self) -> Vec<Arc<Tensor>> {
        self.model.nodes.iter().filter_map(|n| n.op_as::<Const>()).map(|c| c.val().clone()).collect()
    }

    /// The graph with input shapes set; `None` keeps symbols.
    fn shaped(&self, signature: &Signature, shapes: Option<&[Shape]>) -> Result<InferenceModel, TractError> {
        let mut model = self.model.clone();
        for (index, spec) in signature.inputs.iter().enumerate() {
            let dims: Vec<TDim> = match shapes {
                Some(shapes) => shapes[index].iter().map(|&size| size.to_dim()).collect(),
                None => spec
                    .shape
                    .iter()
                    .enumerate()
                    .map(|(axis, dim)| match dim {
                        Dim::Fixed(size) => size.to_dim(),
                        // Not the file's own name: it could be an expression or clash with tract's symbols.
                        Dim::Symbol(name) => model.symbols.sym(&symbol(signature, name)).to_dim(),
                        Dim::Any => model.symbols.sym(&format!("any_{index}_{axis}")).to_dim(),
                    })
                    .collect(),
            };
            model.set_input_fact(index, InferenceFact::dt_shape(datum_type(spec.dtype), dims))?;
        }
        Ok(model)
    }

    /// Compiles for these shapes, or for all where there are none given.
    pub(super) fn compile(
        &self,
        signature: &Signature,
        shapes: Option<&[Shape]>,
        options: &RunOptions,
        ledger: &Arc<Ledger>,
    ) -> Result<Plan> {
        let fail = |e: TractError| {
            let error = refused("the engine cannot compile the model", &e, &self.labels);
            match shapes {
                Some(shapes) => error.with("shapes", shapes_text(shapes)),
                None => error,
            }
        };
        let typed = self.shaped(signature, shapes).and_then(InferenceModel::into_typed).map_err(fail)?;
        let extents = Extents::new(&typed, self.max_run_elements)?;
        let mut model = optimized(typed).map_err(fail)?;
        let constants = share(&mut model, ledger).map_err(fail)?;
        let overhead = model.nodes.len() as u64 * NODE_BYTES;
        let charge = ledger.charge(&constants, overhead)?;
        let plan = TypedSimplePlan::new_with_options(model, options).map_err(fail)?;
        Ok(Plan { plan, charge, extents, used: AtomicU64::new(0), evicted: AtomicBool::new(false) })
    }

    pub(super) fn labels(&self) -> &Labels {
        &self.labels
    }
}

/// Declutters and lowers. ONNX has no memory between runs; tract's recurrent operators have one unless told otherwise.
fn optimized(mut model: TypedModel) -> Result<TypedModel, TractError> {
    forget(&mut model);
    model.declutter()?;
    forget(&mut model);
    model.optimize()?;
    for node in &mut model.nodes {
        if let Some(branch) = node.op_as_mut::<IfThenElse>() {
            // tract leaves branches as they are.
            branch.then_body = optimized(std::mem::take(&mut branch.then_body))?;
            branch.else_body = optimized(std::mem::take(&mut branch.else_body))?;
        }
    }
    Ok(model)
}

/// Makes recurrent operators start from their initial state at every run.
fn forget(model: &mut TypedModel) {
    for node in &mut model.nodes {
        if let Some(scan) = node.op_as_mut::<Scan>() {
            scan.reset_every_turn = true;
            forget(&mut scan.body);
        } else if let Some(gru) = node.op_as_mut::<GruSeq>() {
            gru.reset_every_turn = true;
        } else if let Some(branch) = node.op_as_mut::<IfThenElse>() {
            forget(&mut branch.then_body);
            forget(&mut branch.else_body);
        }
    }
}

/// A symbol that is the same wherever the name is the same.
fn symbol(signature: &Signature, name: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for dim in signature.inputs.iter().flat_map(|spec| &spec.shape) {
        if let Dim::Symbol(other) = dim
            && !names.contains(&other.as_str())
        {
            names.push(other);
        }
    }
    format!("size_{}", names.iter().position(|other| *other == name).unwrap_or(0))
}

pub(super) fn shapes_text(shapes: &[Shape]) -> String {
    shapes.iter().map(|s| format!("{:?}", s.as_slice())).collect::<Vec<_>>().join(" ")
}

/// Replaces constants by equal ones that are held already, and returns all that the graph holds.
fn share(model: &mut TypedModel, ledger: &Ledger) -> Result<Vec<Item>, TractError> {
    let mut held = Vec::new();
    for node in &mut model.nodes {
        if let Some(constant) = node.op.downcast_ref::<Const>() {
            let before = constant.val().clone();
            if let Item::Tensor(after) = ledger.find(Item::Tensor(before.clone()))
                && !Arc::ptr_eq(&before, &after)
            {
                let exotic = constant.exotic_fact().map(tract_onnx::tract_core::dyn_clone::clone_box);
                node.op = Box::new(Const::new_with_opt_exotic_fact(after.clone(), exotic)?);
                for outlet in &mut node.outputs {
                    if outlet.fact.konst.as_ref().is_some_and(|konst| Arc::ptr_eq(konst, &before)) {
                        outlet.fact.konst = Some(after.clone());
                    }
                }
                held.push(Item::Tensor(after));
            } else {
                held.push(Item::Tensor(before));
            }
        } else if let Some(product) = node.op_as_mut::<OptMatMul>() {
            for operation in &mut product.micro_ops {
                let ProtoFusedSpec::AddMatMul { a, b, .. } = operation else { continue };
                for operand in [a, b] {
                    let MatMulOperand::Const(value) = operand else { continue };
                    let Some(eager) = value.downcast_mut::<EagerPackedInput>() else { continue };
                    if let Item::Packed(packed, _) = ledger.find(Item::packed(eager)) {
                        eager.packed = packed;
                    }
                    held.push(Item::packed(eager));
                }
            }
        } else if let Some(branch) = node.op_as_mut::<IfThenElse>() {
            held.extend(share(&mut branch.then_body, ledger)?);
            held.extend(share(&mut branch.else_body, ledger)?);
        } else if let Some(scan) = node.op_as::<OptScan>() {
            let mut body = scan.plan.model().clone();
            held.extend(share(&mut body, ledger)?);
            let mut parameters = (**scan).clone();
            parameters.plan = TypedSimplePlan::new(body)?;
            node.op = Box::new(OptScan::new(Arc::new(parameters)));
        }
        held.extend(node.outputs.iter().filter_map(|outlet| outlet.fact.konst.clone()).map(Item::Tensor));
    }
    Ok(held)
}

/// `unsupported`, with the node and operator that the messages are about.
pub(super) fn refused(message: &'static str, error: &TractError, labels: &Labels) -> Error {
    let cause = cause(error);
    blame(Error::new(ErrorKind::Unsupported, message), &cause.to_string(), labels).source(cause)
}

/// Adds node and operator where the text names a node of the file.
pub(super) fn blame(error: Error, text: &str, labels: &Labels) -> Error {
    match culprit(text, labels) {
        Some((node, operator)) => error.with("node", node).with("operator", operator),
        None => error,
    }
}

fn culprit<'l>(text: &str, labels: &'l Labels) -> Option<(&'l str, &'l str)> {
    // tract writes a node as `#12 "name" Operator`, a wire as `node "name"`, a builder as `node name (Operator)`.
    let quoted = text.match_indices('"').filter_map(|(at, _)| text[at + 1..].split('"').next());
    let built = text.match_indices("Building node ").filter_map(|(at, m)| text[at + m.len()..].split(" (").next());
    for name in built.chain(quoted) {
        // Parts that tract made out of a node carry its name and a suffix.
        let found = labels
            .range::<str, _>((std::ops::Bound::Unbounded, std::ops::Bound::Included(name)))
            .rev()
            .take(64)
            .find(|(label, _)| !label.is_empty() && name.starts_with(label.as_str()));
        if let Some((label, operator)) = found {
            return Some((label, operator));
        }
    }
    None
}
