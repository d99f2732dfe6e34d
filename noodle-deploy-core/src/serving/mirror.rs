//! Requests that run a second time on a revision that is tried in the shadow: nobody waits for it, and nobody gets its
//! answer. What is found is how far it is from the answer that the caller got.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use smallvec::SmallVec;

use super::predict::Prediction;
use super::revision::LiveRevision;
use super::shadow::{Job, Shadow};
use super::split::Placing;
use crate::engine::{Cancel, Outputs};
use crate::error::Result;
use crate::metrics::recorder::Recorder;
use crate::metrics::spent::Spent;
use crate::model::probe::{Tolerance, among_engines, compare};
use crate::tensor::{Tensor, TensorView, bytes_of};

/// Inputs of a request, in the order of the signature.
pub(crate) type Inputs = SmallVec<[Tensor; 4]>;

/// A revision that is tried in the shadow of the one that serves.
pub(crate) struct Mirror {
    shadow: Arc<Shadow>,
    candidate: Arc<LiveRevision>,
    /// What of its runs is counted, and of the same requests where callers got their answers.
    counted: [Arc<Recorder>; 2],
    /// Share of the requests, in basis points.
    share: u32,
    placing: Placing,
    met: AtomicU64,
    tolerance: Option<Tolerance>,
}

impl Mirror {
    pub(crate) fn new(
        shadow: Arc<Shadow>,
        candidate: Arc<LiveRevision>,
        [counted, baseline]: [Arc<Recorder>; 2],
        share: u32,
        salt: u64,
        tolerance: Option<Tolerance>,
    ) -> Self {
        let counted = [counted, baseline];
        Mirror { shadow, candidate, counted, share, placing: Placing::new(salt), met: AtomicU64::new(0), tolerance }
    }

    /// Whether a request is to run again.
    pub(crate) fn takes(&self) -> bool {
        self.placing.of(&self.met.fetch_add(1, Ordering::Relaxed).to_le_bytes()).point < self.share
    }

    /// Hands a request over once its caller's answer is there.
    pub(crate) fn hand_over(self: Arc<Self>, inputs: Inputs, answer: &Prediction, spent: &Spent) {
        let mirror = self.clone();
        let run =
            Run { bytes: bytes_of(&inputs), mirror, inputs, answer: answer.clone(), baseline_ns: spent.compute_ns };
        if !self.shadow.give(Box::new(run)) {
            self.counted[0].skip();
        }
    }
}

/// A request that waits for its second run, with the answer that its caller got.
struct Run {
    mirror: Arc<Mirror>,
    inputs: Inputs,
    bytes: u64,
    answer: Prediction,
    baseline_ns: u64,
}

impl Job for Run {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn run(self: Box<Self>) {
        let Run { mirror, inputs, answer, baseline_ns, .. } = *self;
        let views: SmallVec<[TensorView<'_>; 8]> = inputs.iter().map(Tensor::view).collect();
        let mut outputs = Outputs::new();
        let cancel = Cancel { flag: Some(mirror.shadow.closed().flag()), ..Cancel::NEVER };
        let result = mirror.candidate.replicas.infer(&views, &mut outputs, &cancel);
        if mirror.shadow.closed().is_set() {
            // Cut short: that says nothing of it.
            return;
        }
        let found =
            result.map(|took| (Prediction { outputs, served: mirror.candidate.served.clone() }, took.compute_ns));
        count(&mirror.counted, (&answer, baseline_ns), found, mirror.tolerance);
    }
}

/// Counts one request that the baseline has answered, and what the candidate made of it: answers with nanoseconds in the
/// engine.
pub(crate) fn count(
    [counted, baseline]: &[Arc<Recorder>; 2],
    (answer, baseline_ns): (&Prediction, u64),
    found: Result<(Prediction, u64)>,
    tolerance: Option<Tolerance>,
) {
    counted.begin();
    baseline.begin();
    let spent = |ns| Spent { compute_ns: ns, ..Spent::default() };
    baseline.success(baseline_ns, 0, &spent(baseline_ns));
    match found {
        Ok((found, ns)) => {
            counted.success(ns, 0, &spent(ns));
            let (differs, most) = difference(answer, &found, tolerance);
            counted.differ(differs, most);
        }
        Err(error) => counted.error(error.kind()),
    }
}

/// Whether two answers to one request differ, and by how much their numbers do at most. Classifications differ where another
/// class comes first in any row; other answers, where a number is further off than the tolerance allows.
fn difference(answer: &Prediction, found: &Prediction, tolerance: Option<Tolerance>) -> (bool, f64) {
    let (mut differs, mut most) = (answer.outputs.len() != found.outputs.len(), 0.0_f64);
    for (answer, found) in answer.outputs.iter().zip(&found.outputs) {
        let (answer, found) = (answer.view(), found.view());
        let allowed = tolerance.unwrap_or_else(|| among_engines(&answer, Tolerance::default()));
        match compare(&answer, &found, allowed) {
            Ok(agreement) => {
                differs |= !agreement.agrees();
                most = most.max(agreement.max_abs);
            }
            // Tensors of other shapes, as detectors give them.
            Err(_) => differs = true,
        }
    }
    match (answer.top(1), found.top(1)) {
        (Ok(answer), Ok(found)) => {
            let labels = |rows: &[Vec<(&str, f32)>]| {
                rows.iter().map(|row| row.first().map(|(label, _)| (*label).to_owned())).collect::<Vec<_>>()
            };
            (labels(&answer) != labels(&found), most)
        }
        _ => (differs, most),
    }
}
