//! Plans for one shape beside the plan that serves every shape. tract's kernels for known sizes can be several times as
//! fast, or no faster at all, so both are measured on real inputs, and answers are compared before one takes over.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tract_onnx::prelude::{TValue, TVec};

use super::convert;
use super::failure::cause;
use super::loaded::Loaded;
use super::plan::Plan;
use crate::clock::instant;
use crate::engine::guard::{guarded, on_own_stack};
use crate::error::{Error, ErrorKind, Result};
use crate::model::probe::{Tolerance, among_engines, compare};
use crate::tensor::{Shape, Tensor, TensorView};

/// A shape that ran so often
pub(super) const RUNS: u32 = 16;
/// and took so long together is worth a look.
pub(super) const SPENT: Duration = Duration::from_millis(100);

/// Rounds of a comparison at most, and the time after which no further one begins.
const ROUNDS: usize = 7;
const TIMING: Duration = Duration::from_millis(150);

/// A plan for one shape must save a tenth of the time, for the memory that it takes.
const WORTH: f64 = 0.9;

impl Loaded {
    /// A plan for just the shapes of these inputs, where it gives the same answers and is worth it.
    ///
    /// # Errors
    /// Why it cannot be compiled or does not run.
    pub(super) fn special(&self, general: &Plan, inputs: &[TensorView<'_>]) -> Result<Option<Arc<Plan>>> {
        let key: Vec<Shape> = inputs.iter().map(|view| Shape::from_slice(view.shape())).collect();
        let plan = Arc::new(self.plan(Some(&key))?);
        let expected = self.answers(general, inputs)?;
        let found = self.answers(&plan, inputs)?;
        for (expected, found) in expected.iter().zip(&found) {
            let tolerance = among_engines(&expected.view(), Tolerance::default());
            if !compare(&expected.view(), &found.view(), tolerance)?.agrees() {
                tracing::warn!(shapes = super::plan::shapes_text(&key), "the plan for a shape gives other answers");
                return Ok(None);
            }
        }
        let begun = instant();
        let mut best = [Duration::MAX; 2];
        for round in 0..ROUNDS {
            for (plan, best) in [general, &plan].into_iter().zip(&mut best) {
                let started = instant();
                self.values(plan, inputs)?;
                *best = started.elapsed().min(*best);
            }
            if round > 0 && begun.elapsed() > TIMING {
                break;
            }
        }
        let worth = best[1].as_secs_f64() < WORTH * best[0].as_secs_f64();
        tracing::trace!(
            shapes = super::plan::shapes_text(&key),
            general_us = best[0].as_micros() as u64,
            special_us = best[1].as_micros() as u64,
            worth,
            "a plan for one shape was measured"
        );
        Ok(worth.then_some(plan))
    }

    fn values(&self, plan: &Plan, inputs: &[TensorView<'_>]) -> Result<TVec<TValue>> {
        let values = inputs.iter().map(convert::input).collect::<Result<TVec<_>>>()?;
        guarded(ErrorKind::EngineFailed, || {
            plan.plan
                .run(values)
                .map_err(|e| Error::new(ErrorKind::EngineFailed, "a plan does not run").source(cause(&e)))
        })
    }

    fn answers(&self, plan: &Plan, inputs: &[TensorView<'_>]) -> Result<Vec<Tensor>> {
        let values = self.values(plan, inputs)?;
        let specs = &self.signature_ref().outputs;
        values.into_iter().zip(specs).map(|(value, spec)| convert::output(value, spec.dtype, &spec.name)).collect()
    }

    /// Looks on a thread of its own whether a plan for just these shapes is worth it, and keeps it then. One look at a
    /// time; false where another one is under way or memory is short, so that it is worth asking again.
    pub(super) fn specialise(self: &Arc<Self>, inputs: &[TensorView<'_>]) -> bool {
        let Some(general) = self.general() else { return true };
        if self.is_short() || self.looking.swap(true, Ordering::AcqRel) {
            return false;
        }
        let loaded = Arc::clone(self);
        let owned: Result<Vec<Tensor>> = inputs.iter().map(TensorView::to_tensor).collect();
        let look = move || {
            let found = owned.and_then(|inputs| {
                let views: Vec<_> = inputs.iter().map(Tensor::view).collect();
                let plan = on_own_stack(|| loaded.special(&general, &views))?;
                Ok(plan.map(|plan| loaded.keep(&views, plan, false)))
            });
            if let Err(error) = found {
                tracing::trace!(%error, "there is no plan for a shape");
            }
            loaded.looking.store(false, Ordering::Release);
        };
        match crate::threads::spawn("noodle-special", look) {
            Ok(_) => true,
            Err(_) => {
                self.looking.store(false, Ordering::Release);
                false
            }
        }
    }
}
