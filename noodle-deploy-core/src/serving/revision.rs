//! A revision that is loaded in this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::batch::BatchConfig;
use super::cache::ResponseCache;
use super::mirror::Mirror;
use super::predict::Prediction;
use super::priority::Levels;
use super::recording::Tape;
use super::segmenting::{Asker, Segmenting};
use super::session::Plan;
use crate::backends::ReplicaSet;
use crate::clock::instant;
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, ErrorKind, Result};
use crate::machine::health::{Health, Outcome, Verdict};
use crate::machine::trial::Trial;
use crate::metrics::recorder::Recorder;
use crate::metrics::spent::Spent;
use crate::model::signature::Signature;
use crate::settings::Settings;
use crate::tensor::TensorView;

/// Facts about the revision that an answer carries; small, so that an answer does not keep weights alive.
#[derive(Debug, PartialEq)]
pub struct Served {
    /// The deployment.
    pub deployment: String,
    /// Number of the revision.
    pub revision: u32,
    /// The model.
    pub model: String,
    /// Version of the model.
    pub version: String,
    /// Inputs and outputs.
    pub signature: Signature,
    /// Names of the classes.
    pub labels: Vec<String>,
}

pub(crate) struct LiveRevision {
    pub(crate) served: Arc<Served>,
    pub(crate) replicas: Arc<dyn ReplicaSet>,
    /// None where monitoring is switched off.
    pub(crate) recorder: Option<Arc<Recorder>>,
    /// Whether requests that wait run together.
    pub(crate) batched: bool,
    levels: Levels,
    /// None where answers are not kept.
    pub(crate) cache: Option<Arc<ResponseCache>>,
    /// What sessions and streams are told, and how many there are.
    pub(crate) sessions: Arc<Plan>,
    /// Failures in a row, of whatever it is counted as.
    failures: Arc<AtomicU32>,
    failure_limit: u32,
    /// What it is the arm of: that is not gone as long as requests run here.
    of: Option<Arc<LiveRevision>>,
    /// What its requests are counted for.
    pub(crate) trial: Option<Trial>,
    /// Whether what its answers are like is counted, too.
    watched: bool,
    /// Segments that its requests are counted in too.
    pub(crate) segmenting: Option<Arc<Segmenting>>,
    /// Where some of its requests run a second time.
    pub(crate) mirror: Option<Arc<Mirror>>,
    /// Where some of its requests are recorded.
    pub(super) tape: Option<Arc<Tape>>,
}

impl LiveRevision {
    pub(crate) fn new(
        served: Arc<Served>,
        replicas: Arc<dyn ReplicaSet>,
        cache: Option<Arc<ResponseCache>>,
        sessions: Arc<Plan>,
        recorder: Option<Arc<Recorder>>,
        batching: Option<&BatchConfig>,
        settings: &Settings,
    ) -> Result<Self> {
        Ok(LiveRevision {
            batched: batching.is_some(),
            levels: batching.map_or_else(|| Ok(Levels::default()), BatchConfig::levels)?,
            cache,
            sessions,
            served,
            replicas,
            recorder,
            failures: Arc::default(),
            failure_limit: settings.failures_to_error,
            of: None,
            trial: None,
            watched: false,
            segmenting: None,
            mirror: None,
            tape: None,
        })
    }

    /// The same revision, whose requests are recorded.
    pub(crate) fn recorded_on(self, tape: Option<Arc<Tape>>) -> Self {
        LiveRevision { tape, ..self }
    }

    /// The same revision, for requests that are counted by themselves, and their answers too where they are `watched`.
    pub(crate) fn counting_to(
        self: &Arc<Self>,
        recorder: Option<Arc<Recorder>>,
        trial: Option<Trial>,
        watched: bool,
        segmenting: Option<Arc<Segmenting>>,
    ) -> Arc<Self> {
        let arm = self.with_replicas(self.replicas.clone());
        let (of, failures) = (Some(self.clone()), self.failures.clone());
        Arc::new(LiveRevision { recorder, trial, watched, segmenting, of, failures, ..arm })
    }

    /// The same revision, with requests that run a second time elsewhere.
    pub(crate) fn mirrored_to(self: &Arc<Self>, mirror: Mirror) -> Arc<Self> {
        let mirror = Some(Arc::new(mirror));
        let same = self.with_replicas(self.replicas.clone());
        Arc::new(LiveRevision { mirror, of: Some(self.clone()), failures: self.failures.clone(), ..same })
    }

    /// The revision itself, where this is one of its arms.
    pub(crate) fn itself(self: Arc<Self>) -> Arc<Self> {
        self.of.clone().unwrap_or(self)
    }

    /// The same revision on other replicas.
    pub(crate) fn with_replicas(&self, replicas: Arc<dyn ReplicaSet>) -> Self {
        LiveRevision {
            served: self.served.clone(),
            replicas,
            recorder: self.recorder.clone(),
            batched: self.batched,
            levels: self.levels.clone(),
            cache: self.cache.clone(),
            sessions: self.sessions.clone(),
            failures: Arc::default(),
            failure_limit: self.failure_limit,
            of: None,
            trial: None,
            watched: false,
            segmenting: None,
            mirror: None,
            tape: self.tape.clone(),
        }
    }

    /// What this is the arm of.
    pub(crate) fn of(&self) -> Option<&Arc<LiveRevision>> {
        self.of.as_ref()
    }

    /// How a request waits: with the level that it asked for, and the timeout of its level where it brings none.
    ///
    /// # Errors
    /// `invalid_argument` for a level that the deployment does not have.
    pub(crate) fn admit<'a>(&self, cancel: &Cancel<'a>) -> Result<Cancel<'a>> {
        let priority = self.levels.level(cancel.priority)?;
        let timeout = || self.levels.timeout(priority).map(|after| instant() + after);
        let deadline = cancel.deadline.or_else(timeout);
        Ok(Cancel { priority, deadline, ..*cancel })
    }

    /// Runs a checked request, unless its answer is kept.
    pub(crate) fn infer(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<Spent> {
        match &self.cache {
            None => self.replicas.infer(inputs, outputs, cancel),
            Some(cache) => {
                cache.answer(inputs, outputs, cancel, |outputs| self.replicas.infer(inputs, outputs, cancel))
            }
        }
    }

    /// Counts a caller of a group in who got this arm.
    pub(crate) fn expose(&self, group: usize) {
        if let Some(recorder) = &self.recorder {
            recorder.expose(group);
        }
    }

    /// Counts a request in.
    pub(crate) fn begin(&self) {
        if let Some(recorder) = &self.recorder {
            recorder.begin();
        }
    }

    /// Counts an answered request: the check of its inputs took `input_ns`.
    pub(crate) fn succeeded(&self, latency_ns: u64, input_ns: u64, spent: &Spent) {
        if let Some(recorder) = &self.recorder {
            recorder.success(latency_ns, input_ns, spent);
        }
        if self.failures.load(Ordering::Relaxed) != 0 {
            self.forget_failures();
        }
    }

    /// Takes in what an answer is like, where somebody looks at that.
    pub(crate) fn answered(&self, answer: &Prediction) {
        if let Some(recorder) = self.recorder.as_ref().filter(|_| self.watched) {
            recorder.answered(answer);
        }
    }

    /// Counts a request that is over in its segments.
    pub(crate) fn segment(&self, asker: Asker<'_>, latency_ns: u64, answer: &Result<Prediction>) {
        if let (Some(segmenting), Some(recorder)) = (&self.segmenting, &self.recorder) {
            segmenting.ended(recorder, asker, latency_ns, answer);
        }
    }

    /// Begins to count failures anew.
    pub(crate) fn forget_failures(&self) {
        self.failures.store(0, Ordering::Relaxed);
    }

    /// Counts a failure. The cause, where the revision is to be taken out of service.
    pub(crate) fn failed(&self, error: &Error) -> Option<String> {
        if let Some(recorder) = &self.recorder {
            recorder.error(error.kind());
        }
        if error.kind() != ErrorKind::EngineFailed {
            return None;
        }
        let before = Health { consecutive_failures: self.failures.fetch_add(1, Ordering::Relaxed) };
        let (_, verdict) = before.observe(Outcome::Failure, self.failure_limit);
        (verdict == Verdict::Fail).then(|| {
            format!("{} failures in a row; the last one: {error}", before.consecutive_failures.saturating_add(1))
        })
    }
}
