//! Runs requests: one state per replica and plan.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use smallvec::SmallVec;
use tract_onnx::prelude::{TValue, TVec, TractError, TypedSimpleState};
use tract_onnx::tract_core::plan::eval;

use super::convert;
use super::failure::cause;
use super::loaded::Loaded;
use super::observe::observed;
use super::plan::{Plan, blame};
use super::seen::Seen;
use crate::clock::instant;
use crate::engine::guard::guarded;
use crate::engine::profile::RunProfile;
use crate::engine::{Cancel, Outputs, State};
use crate::error::{Error, ErrorKind, Result};
use crate::tensor::{Shape, TensorView};

/// Plans that one state keeps warm.
const WARM: usize = 8;

struct Warm {
    /// The shapes that the plan is for; `None` for the plan that serves all.
    key: Option<SmallVec<[Shape; 4]>>,
    plan: Arc<Plan>,
    state: TypedSimpleState,
    /// Shapes that a plan that serves all ran: they fit it.
    seen: Seen,
}

pub(super) struct TractState {
    loaded: Arc<Loaded>,
    warm: Vec<Warm>,
    generation: u64,
}

impl TractState {
    pub(super) fn new(loaded: Arc<Loaded>) -> Self {
        let generation = loaded.generation.load(Ordering::Acquire);
        TractState { loaded, warm: Vec::new(), generation }
    }

    fn add(&mut self, key: Option<SmallVec<[Shape; 4]>>, plan: Arc<Plan>) -> Result<usize> {
        if self.warm.len() >= WARM
            && let Some((oldest, _)) =
                self.warm.iter().enumerate().min_by_key(|(_, warm)| warm.plan.used.load(Ordering::Relaxed))
        {
            self.warm.swap_remove(oldest);
        }
        let state = plan.plan.spawn().map_err(|e| convert_error(&self.loaded, e, "the engine cannot start a state"))?;
        self.warm.push(Warm { key, plan, state, seen: Seen::default() });
        Ok(self.warm.len() - 1)
    }

    /// The position of a state for these shapes among the warm ones.
    fn find(&mut self, inputs: &[TensorView<'_>], cancel: &Cancel<'_>) -> Result<usize> {
        let exact = |warm: &Warm| {
            warm.key.as_ref().is_some_and(|key| key.iter().zip(inputs).all(|(s, v)| s.as_slice() == v.shape()))
        };
        if let Some(index) = self.warm.iter().position(exact) {
            return Ok(index);
        }
        if self.loaded.has_general() {
            let general = self.warm.iter().position(|warm| warm.key.is_none());
            // Where none was there a moment ago, none is there until the generation changes: no lock for that.
            if self.loaded.has_concrete() && !general.is_some_and(|index| self.warm[index].seen.is_general(inputs)) {
                if let Some(plan) = self.loaded.concrete(inputs) {
                    return self.add(Some(key(inputs)), plan);
                }
                if let Some(index) = general {
                    self.warm[index].seen.stays_general(inputs);
                }
            }
            if let Some(index) = general {
                return Ok(index);
            }
            if let Some(plan) = self.loaded.general() {
                return self.add(None, plan);
            }
        }
        self.compile(inputs, cancel)
    }

    fn compile(&mut self, inputs: &[TensorView<'_>], cancel: &Cancel<'_>) -> Result<usize> {
        let plan = self.loaded.compile(inputs, cancel)?;
        self.add(Some(key(inputs)), plan)
    }

    fn attempt(
        &mut self,
        index: usize,
        inputs: &[TensorView<'_>],
        go: &mut dyn FnMut(&mut TypedSimpleState, TVec<TValue>) -> Ran,
    ) -> Result<TVec<TValue>> {
        let values = inputs.iter().map(convert::input).collect::<Result<TVec<_>>>()?;
        let warm = &mut self.warm[index];
        if warm.key.is_none() && !warm.seen.has(inputs) {
            let size = |index: usize, axis: usize| inputs.get(index).and_then(|v| v.shape().get(axis)).copied();
            warm.plan.extents.check(size, u64::MAX).map_err(|e| with_shapes(e, inputs))?;
            warm.seen.add(inputs);
        }
        warm.plan.used.store(self.loaded.tick(), Ordering::Relaxed);
        // Only a plan that serves every shape is watched.
        let watched = (warm.key.is_none() && self.loaded.specialises()).then(instant);
        let result = go(&mut warm.state, values);
        if let (Some(began), Ok(_)) = (watched, &result) {
            let loaded = &self.loaded;
            warm.seen.ran(inputs, began.elapsed(), || loaded.specialise(inputs));
        }
        result.map_err(|e| match e.downcast::<Error>() {
            Ok(error) => error,
            Err(e) => convert_error(&self.loaded, e, "the engine failed while it ran the model"),
        })
    }

    /// Runs by `go` with the plan for these inputs.
    fn run_by(
        &mut self,
        inputs: &[TensorView<'_>],
        outputs: &mut Outputs,
        cancel: &Cancel<'_>,
        go: &mut dyn FnMut(&mut TypedSimpleState, TVec<TValue>) -> Ran,
    ) -> Result<()> {
        cancel.check()?;
        let specs = &self.loaded.signature_ref().inputs;
        if inputs.len() != specs.len() {
            return Err(Error::invalid("inputs", inputs.len(), specs.len()));
        }
        let generation = self.loaded.generation.load(Ordering::Acquire);
        if generation != self.generation {
            self.generation = generation;
            self.warm.retain(|warm| !warm.plan.evicted.load(Ordering::Acquire));
            // A shape may have a plan of its own by now.
            self.warm.iter_mut().for_each(|warm| warm.seen.look_again());
        }
        let index = self.find(inputs, cancel)?;
        let general = self.warm[index].key.is_none();
        let first = guarded(ErrorKind::EngineFailed, || self.attempt(index, inputs, go));
        let values = match first {
            Ok(values) => values,
            // A symbolic plan can fail for a shape that compiles well by itself.
            Err(error) if general && error.kind() == ErrorKind::EngineFailed && self.loaded.is_symbolic() => {
                self.warm.swap_remove(index);
                let Ok(index) = self.compile(inputs, cancel) else { return Err(with_shapes(error, inputs)) };
                guarded(ErrorKind::EngineFailed, || self.attempt(index, inputs, go))
                    .map_err(|e| with_shapes(e, inputs))?
            }
            Err(error) => {
                self.warm.swap_remove(index);
                return Err(if error.kind() == ErrorKind::EngineFailed { with_shapes(error, inputs) } else { error });
            }
        };
        let specs = &self.loaded.signature_ref().outputs;
        if values.len() != specs.len() {
            return Err(Error::new(ErrorKind::EngineFailed, "the engine returned another number of outputs")
                .with("value", values.len())
                .with("allowed", specs.len()));
        }
        for (value, spec) in values.into_iter().zip(specs) {
            outputs.push(convert::output(value, spec.dtype, &spec.name)?);
        }
        Ok(())
    }
}

/// What a run of a plan gives.
type Ran = std::result::Result<TVec<TValue>, TractError>;

/// Runs a plan and checks before each node whether to go on.
fn run_checked(state: &mut TypedSimpleState, values: TVec<TValue>, mut check: impl FnMut() -> Result<()>) -> Ran {
    state.run_plan_with_eval(values, |context, op_state, node, inputs| -> Ran {
        check()?;
        eval(context, op_state, node, inputs)
    })
}

fn key(inputs: &[TensorView<'_>]) -> SmallVec<[Shape; 4]> {
    inputs.iter().map(|view| Shape::from_slice(view.shape())).collect()
}

fn convert_error(loaded: &Loaded, error: TractError, message: &'static str) -> Error {
    let cause = cause(&error);
    blame(Error::new(ErrorKind::EngineFailed, message), &cause.to_string(), loaded.labels()).source(cause)
}

impl State for TractState {
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()> {
        self.run_by(inputs, outputs, cancel, &mut |state, values| match cancel.is_never() {
            true => state.run(values),
            false => run_checked(state, values, || cancel.check()),
        })
    }

    fn profile(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<RunProfile> {
        let mut found = RunProfile::default();
        self.run_by(inputs, outputs, cancel, &mut |state, values| {
            let (values, run) = observed(state, values, || cancel.check())?;
            found = run;
            Ok(values)
        })?;
        Ok(found)
    }
}

fn with_shapes(error: Error, inputs: &[TensorView<'_>]) -> Error {
    error.with("shapes", super::plan::shapes_text(&key(inputs)))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use tract_onnx::prelude::{Datum as _, IntoRunnable as _, SpecialOps as _, TypedFact, TypedModel, tensor1};
    use tract_onnx::tract_core::ops::math::add;

    use super::*;

    const NODES: usize = 50;

    /// Doubles its input again and again.
    fn chain() -> TypedSimpleState {
        let mut model = TypedModel::default();
        let mut last = model.add_source("x", TypedFact::dt_shape(f32::datum_type(), [1])).unwrap();
        for n in 0..NODES {
            last = model.wire_node(format!("n{n}"), add(), &[last, last]).unwrap()[0];
        }
        model.select_output_outlets(&[last]).unwrap();
        model.into_runnable().unwrap().spawn().unwrap()
    }

    #[test]
    fn a_run_stops_between_nodes() {
        let input = || TVec::from_iter([TValue::from(tensor1(&[1_f32]))]);
        let mut state = chain();
        let mut nodes = 0;
        let mut count = |flag: &AtomicBool, last: usize| {
            nodes = 0;
            let cancel = Cancel { flag: Some(flag), ..Cancel::NEVER };
            let result = run_checked(&mut state, input(), || {
                cancel.check()?;
                nodes += 1;
                flag.store(nodes == last, Ordering::Relaxed);
                Ok(())
            });
            (nodes, result)
        };
        let (all, result) = count(&AtomicBool::new(false), usize::MAX);
        assert!(all >= NODES, "{all}");
        assert_eq!(*result.unwrap()[0], tensor1(&[2_f32.powi(NODES as i32)]));
        for last in [1, 17, all - 1] {
            // The flag is raised while a node runs: that one ends, and none begins after it.
            let (ran, result) = count(&AtomicBool::new(false), last);
            let error = result.unwrap_err().downcast::<Error>().unwrap();
            assert_eq!((ran, error.kind()), (last, ErrorKind::Cancelled));
        }
        assert_eq!(count(&AtomicBool::new(true), usize::MAX).0, 0);
    }
}
