//! Requests that run a second time on a revision that is tried in the shadow: nobody waits for it, and nobody gets its
//! answer. What is found is how far it is from the answer that the caller got.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use smallvec::SmallVec;

use super::predict::{CancelToken, Prediction};
use super::revision::LiveRevision;
use super::split::Placing;
use super::workers::Workers;
use crate::clock::instant;
use crate::engine::{Cancel, Outputs};
use crate::metrics::recorder::Recorder;
use crate::metrics::spent::Spent;
use crate::model::probe::{Tolerance, among_engines, compare};
use crate::tensor::{Tensor, TensorView, bytes_of};

/// Requests that wait for the shadow in one process; what comes beyond is skipped.
const WAITING: usize = 64;
/// Bytes of inputs that they may hold.
const HELD: u64 = 64 << 20;
/// Longest pause that keeps the shadow within its share of the processor.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Where the requests of all deployments of a handle run a second time: on one thread that everything else goes before.
pub(crate) struct Shadow {
    workers: Workers,
    held: AtomicU64,
    /// Share of one processor that it may take, in percent.
    percent: u32,
    closed: CancelToken,
}

impl Shadow {
    pub(crate) fn new(percent: u32) -> Self {
        let workers = Workers::idle("noodle-shadow", 1, WAITING);
        Shadow { workers, held: AtomicU64::new(0), percent: percent.clamp(1, 100), closed: CancelToken::new() }
    }

    pub(crate) fn close(&self) {
        self.closed.cancel();
        self.workers.close();
    }

    /// Keeps the thread from more than its share: after it has worked for so long, it rests.
    fn rest(&self, worked: Duration) {
        let pause = worked * (100 - self.percent) / self.percent;
        std::thread::sleep(if self.closed.is_set() { Duration::ZERO } else { pause.min(LONGEST_PAUSE) });
    }
}

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

/// A request that has been answered, to be run again.
pub(crate) struct Mirrored {
    mirror: Arc<Mirror>,
    inputs: SmallVec<[Tensor; 4]>,
    bytes: u64,
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

    /// Keeps the inputs of a request that is to run again, in the order of the signature. They are copied where they are
    /// the caller's, and shared where somebody counts who holds them.
    pub(crate) fn take(self: &Arc<Self>, inputs: &[TensorView<'_>]) -> Option<Mirrored> {
        let place = self.placing.of(&self.met.fetch_add(1, Ordering::Relaxed).to_le_bytes());
        if place.point >= self.share {
            return None;
        }
        let inputs: SmallVec<[Tensor; 4]> = inputs.iter().map(TensorView::to_tensor).collect::<Result<_, _>>().ok()?;
        let bytes = bytes_of(&inputs);
        Some(Mirrored { mirror: self.clone(), inputs, bytes })
    }
}

impl Mirrored {
    /// Hands the request over once its caller's answer is there. Nothing is waited for. An answer that was kept cost no run,
    /// and is not compared.
    pub(crate) fn hand_over(self, answer: &Prediction, spent: &Spent) {
        if spent.kept {
            return;
        }
        let shadow = self.mirror.shadow.clone();
        let (mirror, bytes) = (self.mirror.clone(), self.bytes);
        if shadow.held.fetch_add(bytes, Ordering::Relaxed) > HELD {
            shadow.held.fetch_sub(bytes, Ordering::Relaxed);
            return mirror.skip();
        }
        let (answer, baseline_ns) = (answer.clone(), spent.compute_ns);
        let at = shadow.clone();
        shadow.workers.run(Box::new(move |admitted| match admitted {
            Err(_) => {
                at.held.fetch_sub(bytes, Ordering::Relaxed);
                mirror.skip();
            }
            Ok(()) => {
                let begun = instant();
                self.run(&answer, baseline_ns);
                drop((answer, mirror));
                at.held.fetch_sub(bytes, Ordering::Relaxed);
                at.rest(begun.elapsed());
            }
        }));
    }

    fn run(self, answer: &Prediction, baseline_ns: u64) {
        let Mirrored { mirror, inputs, .. } = self;
        let views: SmallVec<[TensorView<'_>; 8]> = inputs.iter().map(Tensor::view).collect();
        let mut outputs = Outputs::new();
        let cancel = Cancel { flag: Some(mirror.shadow.closed.flag()), ..Cancel::NEVER };
        let [counted, baseline] = &mirror.counted;
        let result = mirror.candidate.replicas.infer(&views, &mut outputs, &cancel);
        if mirror.shadow.closed.is_set() {
            // Cut short: that says nothing of it.
            return;
        }
        for recorder in [counted, baseline] {
            recorder.begin();
        }
        let of = |ns| Spent { compute_ns: ns, ..Spent::default() };
        baseline.success(baseline_ns, 0, &of(baseline_ns));
        match result {
            Ok(spent) => {
                counted.success(spent.compute_ns, 0, &of(spent.compute_ns));
                let found = Prediction { outputs, served: mirror.candidate.served.clone() };
                let (differs, most) = difference(answer, &found, mirror.tolerance);
                counted.differ(|differences| differences.add(differs, most));
            }
            Err(error) => counted.error(error.kind()),
        }
    }
}

impl Mirror {
    fn skip(&self) {
        self.counted[0].differ(|differences| differences.skipped = differences.skipped.saturating_add(1));
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
