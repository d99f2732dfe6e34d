//! Runs a plan node by node and notes what each costs.

use smallvec::SmallVec;
use tract_onnx::prelude::{DatumType, TValue, TVec, TractError, TypedSimpleState};
use tract_onnx::tract_core::plan::eval;

use crate::clock::instant;
use crate::engine::profile::{NodeRun, RunProfile, Step, dense_bytes, peak};
use crate::error::Result;
use crate::tensor::Shape;

/// What is noted while the plan runs: names and texts come after it, so that they cost the run nothing.
struct Noted {
    node: usize,
    nanos: u64,
    outputs: SmallVec<[(DatumType, Shape); 1]>,
}

/// Runs a plan, checks before each node whether to go on, and says what each node cost. A loop is one node: its body
/// runs within.
pub(super) fn observed(
    state: &mut TypedSimpleState,
    values: TVec<TValue>,
    mut check: impl FnMut() -> Result<()>,
) -> std::result::Result<(TVec<TValue>, RunProfile), TractError> {
    let mut noted: Vec<Noted> = Vec::with_capacity(state.model().nodes.len());
    let values = state.run_plan_with_eval(
        values,
        |context, op_state, node, inputs| -> std::result::Result<TVec<TValue>, TractError> {
            check()?;
            let begun = instant();
            let values = eval(context, op_state, node, inputs)?;
            let nanos = begun.elapsed().as_nanos() as u64;
            let output = |value: &TValue| (value.datum_type(), Shape::from_slice(value.shape()));
            noted.push(Noted { node: node.id, nanos, outputs: values.iter().map(output).collect() });
            Ok(values)
        },
    )?;
    let model = state.model();
    let bytes = |noted: &Noted| -> u64 {
        let each = noted.outputs.iter().map(|(dtype, shape)| dense_bytes(shape, dtype.size_of()));
        each.fold(0, u64::saturating_add)
    };
    let steps: Vec<Step> = noted
        .iter()
        .map(|noted| {
            let reads = model.node(noted.node).inputs.iter().map(|outlet| outlet.node).collect();
            Step { node: noted.node, reads, bytes: bytes(noted) }
        })
        .collect();
    let peak_bytes = peak(&steps);
    let nodes = noted
        .into_iter()
        .map(|noted| {
            let node = model.node(noted.node);
            NodeRun {
                node: noted.node,
                name: node.name.clone(),
                operator: node.op().name().into_owned(),
                nanos: noted.nanos,
                output_bytes: bytes(&noted),
                outputs: noted
                    .outputs
                    .into_iter()
                    .map(|(dtype, shape)| (format!("{dtype:?}").to_lowercase(), shape))
                    .collect(),
            }
        })
        .collect();
    Ok((values, RunProfile { nodes, peak_bytes }))
}
