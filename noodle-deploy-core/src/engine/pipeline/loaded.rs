//! A pipeline over its loaded parts, and the states that run it.

use std::sync::Arc;

use smallvec::SmallVec;

use super::plan::{Plan, PlannedCondition, PlannedNode, Source, Work};
use super::steps::elements;
use super::{RUNTIME, VERSION};
use crate::engine::{Cancel, LoadReport, Outputs, Part, Reservation, Runnable, State};
use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::Signature;
use crate::tensor::{Tensor, TensorView};

pub(super) struct Loaded {
    pub plan: Plan,
    /// In the order of the document's uses.
    pub parts: Vec<Part>,
    /// What tokenizers and labels take.
    pub held: Reservation,
    pub load_ms: u64,
}

impl Runnable for Loaded {
    fn signature(&self) -> &Signature {
        &self.plan.signature
    }

    fn spawn(self: Arc<Self>) -> Result<Box<dyn State>> {
        // Nodes of the same version take turns with one state.
        let states = self.parts.iter().map(|part| part.runnable.clone().spawn()).collect::<Result<_>>()?;
        Ok(Box::new(PipelineState { loaded: self, states }))
    }

    fn memory_bytes(&self) -> u64 {
        self.held.bytes() + self.parts.iter().map(|part| part.runnable.memory_bytes()).sum::<u64>()
    }

    fn report(&self) -> LoadReport {
        let reports: Vec<_> = self.parts.iter().map(|part| (part, part.runnable.report())).collect();
        let parts = reports.iter().map(|(part, report)| format!("{} {}: {}", part.model, part.version, report.engine));
        let names: Vec<String> = parts.chain(self.plan.steps.iter().cloned()).collect();
        // The kind of plan that limits the shapes most.
        let plan =
            ["per_shape", "static"].into_iter().find(|plan| reports.iter().any(|(_, report)| report.plan == *plan));
        LoadReport {
            engine: format!("{RUNTIME} {VERSION} ({})", names.join("; ")),
            plan: plan.unwrap_or("symbolic").to_owned(),
            reason: reports.iter().find_map(|(_, report)| report.reason.clone()),
            plans: reports.iter().map(|(_, report)| report.plans).sum(),
            memory_bytes: self.memory_bytes(),
            load_ms: self.load_ms + reports.iter().map(|(_, report)| report.load_ms).sum::<u64>(),
            choice: None,
        }
    }
}

struct PipelineState {
    loaded: Arc<Loaded>,
    states: Vec<Box<dyn State>>,
}

/// A tensor of a run: lent by the caller, or made by a node.
enum Value<'a> {
    Lent(TensorView<'a>),
    Made(Tensor),
}

impl Value<'_> {
    fn view(&self) -> TensorView<'_> {
        match self {
            Value::Lent(view) => *view,
            Value::Made(tensor) => tensor.view(),
        }
    }
}

type Values<'a> = SmallVec<[Option<Value<'a>>; 16]>;

/// The first alternative that is there.
fn first_of<'v>(source: &Source, values: &'v Values<'_>) -> Option<&'v Value<'v>> {
    source.iter().find_map(|&slot| values[slot].as_ref())
}

/// Whether a condition holds; false where there are no scores.
fn holds(condition: PlannedCondition, values: &Values<'_>) -> Result<bool> {
    let Some(scores) = &values[condition.slot] else { return Ok(false) };
    let sure = confidence(&scores.view())? >= condition.threshold;
    Ok(sure != condition.below)
}

/// The smallest over the rows of the largest number of each; beyond every threshold where there are no rows.
fn confidence(scores: &TensorView<'_>) -> Result<f64> {
    let classes = scores.shape().last().copied().unwrap_or(1);
    let numbers = elements::<f32>(scores)?;
    if numbers.is_empty() {
        return Ok(f64::INFINITY);
    }
    // NaN is no score: a row of nothing else is less sure than any.
    let largest = |row: &[f32]| row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let rows = numbers.chunks_exact(classes).map(largest);
    Ok(f64::from(rows.fold(f32::INFINITY, f32::min)))
}

impl PipelineState {
    fn run_node(
        loaded: &Loaded,
        states: &mut [Box<dyn State>],
        node: &PlannedNode,
        values: &mut Values<'_>,
        cancel: &Cancel<'_>,
    ) -> Result<()> {
        if let Some(condition) = node.when
            && !holds(condition, values)?
        {
            return Ok(());
        }
        let inputs = node.inputs.iter().map(|source| first_of(source, values).map(Value::view));
        // A node whose input nobody made does not run either.
        let Some(inputs) = inputs.collect::<Option<SmallVec<[TensorView<'_>; 8]>>>() else { return Ok(()) };
        let mut made = Outputs::new();
        match &node.work {
            Work::Model(part) => {
                loaded.parts[*part].runnable.signature().check_inputs(&inputs)?;
                states[*part].run(&inputs, &mut made, cancel)?;
            }
            Work::Step(step) => step.run(&inputs, &mut made, cancel)?,
        }
        if made.len() != node.outputs {
            return Err(Error::new(ErrorKind::EngineFailed, "the node gave another number of outputs")
                .with("found", made.len())
                .with("allowed", node.outputs));
        }
        drop(inputs);
        for (slot, tensor) in made.into_iter().enumerate() {
            values[node.first + slot] = Some(Value::Made(tensor));
        }
        Ok(())
    }
}

impl State for PipelineState {
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()> {
        let PipelineState { loaded, states } = self;
        let plan = &loaded.plan;
        if inputs.len() != plan.signature.inputs.len() {
            return Err(Error::invalid("inputs", inputs.len(), plan.signature.inputs.len()));
        }
        let mut values: Values<'_> = inputs.iter().map(|view| Some(Value::Lent(*view))).collect();
        values.resize_with(plan.slots, || None);
        for node in &plan.nodes {
            cancel.check()?;
            Self::run_node(loaded, states, node, &mut values, cancel)
                .map_err(|e| e.with("pipeline_node", &node.name))?;
            for &slot in &node.spent {
                values[slot] = None;
            }
        }
        for (source, spec) in plan.outputs.iter().zip(&plan.signature.outputs) {
            let value = first_of(source, &values).ok_or_else(|| {
                Error::new(ErrorKind::Internal, "an output of the pipeline is missing").with("output", &spec.name)
            })?;
            outputs.push(match value {
                Value::Made(tensor) => tensor.clone(),
                Value::Lent(view) => view.to_tensor()?,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_sure_row_decides() {
        let of = |rows: &[f32]| {
            let tensor = Tensor::new(&[rows.len() / 2, 2], rows.to_vec()).unwrap();
            confidence(&tensor.view()).unwrap()
        };
        assert_eq!(of(&[0.5, 0.25, 0.0, 0.75]), 0.5);
        assert_eq!(of(&[f32::NAN, f32::NAN, 0.0, 0.75]), f64::NEG_INFINITY);
        assert_eq!(of(&[]), f64::INFINITY);
    }
}
