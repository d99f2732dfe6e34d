//! Recorded requests that run on a revision which has no traffic yet, one after another on the thread of the shadow.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::mirror::count;
use super::predict::{CancelToken, Prediction};
use super::recorded::{Recorded, read};
use super::recording::Entry;
use super::revision::LiveRevision;
use super::shadow::{Job, Shadow};
use crate::clock::{Clock, instant};
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, Result};
use crate::machine::rollout::replay::ReplayFindings;
use crate::machine::rollout::{ArmCounts, Seen};
use crate::metrics::recorder::Recorder;
use crate::model::probe::Tolerance;
use crate::tensor::{Tensor, TensorView};

/// How long the thread goes on before it is asked again: so long it may hold revisions that are replaced meanwhile.
const TURN: Duration = Duration::from_secs(1);

/// The recorded requests of one step. What they show is counted here and nowhere else: a process that begins the step anew
/// runs all of them again, and none counts twice.
pub(crate) struct Replay {
    shadow: Arc<Shadow>,
    clock: Arc<dyn Clock>,
    pending: Mutex<VecDeque<Entry>>,
    recorded: u64,
    run: AtomicU64,
    counted: [Arc<Recorder>; 2],
    tolerance: Option<Tolerance>,
    stopped: CancelToken,
    /// Whether the thread is at it.
    runs: AtomicBool,
}

impl Replay {
    pub(crate) fn new(
        shadow: Arc<Shadow>,
        clock: Arc<dyn Clock>,
        pending: VecDeque<Entry>,
        tolerance: Option<Tolerance>,
    ) -> Self {
        Replay {
            shadow,
            clock,
            recorded: pending.len() as u64,
            pending: Mutex::new(pending),
            run: AtomicU64::new(0),
            counted: Default::default(),
            tolerance,
            stopped: CancelToken::new(),
            runs: AtomicBool::new(false),
        }
    }

    fn pending(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sees to it that the thread is at it, as long as something is left.
    pub(crate) fn go_on(self: &Arc<Self>, candidate: Arc<LiveRevision>, baseline: Arc<LiveRevision>) {
        if self.pending().is_empty() || self.runs.swap(true, Ordering::AcqRel) {
            return;
        }
        // Whoever could not hand it over comes again.
        self.shadow.give(Box::new(Turn { replay: self.clone(), candidate, baseline, until: instant() + TURN }));
    }

    /// Ends it after what runs, which is not counted.
    pub(crate) fn stop(&self) {
        self.stopped.cancel();
    }

    /// How far it is. What has run by then is counted.
    pub(crate) fn far(&self) -> ReplayFindings {
        ReplayFindings { recorded: self.recorded, run: self.run.load(Ordering::Acquire) }
    }

    /// What both revisions have shown.
    pub(crate) fn seen(&self) -> Seen {
        let [candidate, baseline] = &self.counted;
        Seen { candidate: ArmCounts::of(&candidate.totals()), baseline: ArmCounts::of(&baseline.totals()) }
    }
}

/// Some recorded requests, one at a time.
struct Turn {
    replay: Arc<Replay>,
    candidate: Arc<LiveRevision>,
    baseline: Arc<LiveRevision>,
    until: Instant,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.replay.runs.store(false, Ordering::Release);
    }
}

/// Counts a request as done, however it ends.
struct Done<'a>(&'a AtomicU64);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Release);
    }
}

impl Job for Turn {
    fn bytes(&self) -> u64 {
        0
    }

    fn run(self: Box<Self>) {
        let replay = self.replay.clone();
        let Some(entry) = replay.pending().pop_front().filter(|_| !replay.stopped.is_set()) else { return };
        {
            let _done = Done(&replay.run);
            match self.compare(&entry) {
                Ok(()) => {}
                Err(error) if self.is_cut_short() => tracing::debug!(%error, "a replay was cut short"),
                Err(error) => {
                    tracing::warn!(file = %entry.path.display(), %error, "a recorded request was skipped");
                    replay.counted[0].skip();
                }
            }
        }
        // Behind what waits meanwhile, after a rest.
        if instant() < self.until && !replay.pending().is_empty() {
            replay.shadow.give(self);
        }
    }
}

impl Turn {
    fn is_cut_short(&self) -> bool {
        self.replay.stopped.is_set() || self.replay.shadow.closed().is_set()
    }

    fn infer(&self, on: &LiveRevision, inputs: &[TensorView<'_>]) -> Result<(Prediction, u64)> {
        let (closed, stopped) = (self.replay.shadow.closed().flag(), self.replay.stopped.flag());
        let cancel = Cancel { flag: Some(closed), dropped: Some(stopped), ..Cancel::NEVER };
        let mut outputs = Outputs::new();
        let spent = on.replicas.infer(inputs, &mut outputs, &cancel)?;
        Ok((Prediction { outputs, served: on.served.clone() }, spent.compute_ns))
    }

    /// Runs a request and counts what came of it.
    ///
    /// # Errors
    /// Where it says nothing of the candidate: it does not read, does not fit, or the baseline does not answer it.
    fn compare(&self, entry: &Entry) -> Result<()> {
        let (request, expires_at) = read(&entry.path)?;
        let (candidate, baseline) = (&self.candidate.served, &self.baseline.served);
        if self.replay.clock.now() >= expires_at {
            return Err(Error::conflict("it is too old"));
        }
        if request.model != candidate.model {
            return Err(Error::invalid("model", &request.model, &candidate.model));
        }
        let Recorded { inputs, outputs, version, compute_ns, .. } = request;
        let views: Vec<_> =
            inputs.iter().map(|(name, tensor): &(String, Tensor)| (name.as_str(), tensor.view())).collect();
        let bound = candidate.signature.bind(&views)?;
        let answer = match version == baseline.version && outputs.len() == baseline.signature.outputs.len() {
            true => (Prediction { outputs, served: baseline.clone() }, compute_ns),
            false => self.infer(&self.baseline, &bound)?,
        };
        let found = self.infer(&self.candidate, &bound);
        if self.is_cut_short() {
            return Ok(());
        }
        count(&self.replay.counted, (&answer.0, answer.1), found, self.replay.tolerance);
        Ok(())
    }
}
