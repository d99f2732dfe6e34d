//! What is kept of a request until its answer is there, for work that nobody waits for: a second run, or a recording.

use std::sync::Arc;

use super::mirror::{Inputs, Mirror};
use super::predict::Prediction;
use super::recording::Tape;
use super::revision::LiveRevision;
use crate::metrics::spent::Spent;
use crate::tensor::TensorView;

/// A request on its way, whose inputs are wanted once more.
pub(crate) struct Taken {
    inputs: Inputs,
    mirror: Option<Arc<Mirror>>,
    tape: Option<Arc<Tape>>,
}

impl LiveRevision {
    /// Keeps the inputs of a request where they are wanted once more. They are copied where they are the caller's, and
    /// shared where somebody counts who holds them.
    pub(crate) fn take(&self, inputs: &[TensorView<'_>]) -> Option<Taken> {
        let mirror = self.mirror.as_ref().filter(|mirror| mirror.takes());
        let tape = self.tape.as_ref().filter(|tape| tape.takes(inputs));
        if mirror.is_none() && tape.is_none() {
            return None;
        }
        let inputs = inputs.iter().map(TensorView::to_tensor).collect::<Result<_, _>>().ok()?;
        Some(Taken { inputs, mirror: mirror.cloned(), tape: tape.cloned() })
    }
}

impl Taken {
    /// Hands the request over with its answer. One that was kept cost no run, and says nothing new.
    pub(crate) fn hand_over(self, answer: &Prediction, spent: &Spent) {
        if spent.kept {
            return;
        }
        if let Some(tape) = self.tape {
            tape.hand_over(self.inputs.clone(), answer, spent);
        }
        if let Some(mirror) = self.mirror {
            mirror.hand_over(self.inputs, answer, spent);
        }
    }
}
