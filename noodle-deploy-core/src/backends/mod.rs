//! Where replicas live. Each target is one backend; a host can bring its own.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::profile::{self, RunProfile};
use crate::engine::{Cancel, LoadReport, MemoryBudget, Outputs};
use crate::error::{Error, ErrorKind, Result};
use crate::metrics::spent::Spent;
use crate::model::probe::{Tolerance, among_engines, compare};
use crate::model::signature::Signature;
use crate::serving::batch::BatchStatus;
use crate::serving::residency::ResidencyStatus;
use crate::serving::ticket::Detached;
use crate::tensor::{Shape, Tensor, TensorView};

#[cfg(feature = "backend-local")]
pub mod local;
pub(crate) mod machine;

/// What a backend is to bring up.
#[derive(Debug, Clone)]
pub struct RevisionSpec {
    /// The deployment.
    pub deployment: String,
    /// Number of the revision.
    pub revision: u32,
    /// The model.
    pub model: String,
    /// Version of the model.
    pub version: String,
    /// Format of the model file: `onnx` or `pipeline`.
    pub format: String,
    /// Digest of the model file, as in `blake3:…`.
    pub digest: String,
    /// The model file; its digest was verified over these very bytes.
    pub artifact: Arc<Vec<u8>>,
    /// Signature as registered.
    pub signature: Signature,
    /// Engine asked for; none for the fastest one that gives the right answers.
    pub engine: Option<String>,
    /// Inputs to choose an engine by.
    pub trials: Vec<Trial>,
    /// Replicas.
    pub replicas: u32,
    /// Threads that one request may use.
    pub threads: u32,
    /// Input shapes, in the signature's order, to compile for before traffic.
    pub shapes: Vec<Vec<Shape>>,
    /// Requests that may wait for a replica.
    pub max_queue: u32,
    /// Bytes that plans for further shapes may hold.
    pub plan_cache_bytes: u64,
    /// Whether shapes that run often may get plans of their own.
    pub specialise: bool,
    /// Where held bytes are charged.
    pub budget: Arc<MemoryBudget>,
    /// What a pipeline is made of, each as if it were to be brought up alone.
    pub parts: Vec<RevisionSpec>,
}

/// Inputs that engines are compared on.
#[derive(Debug, Clone)]
pub struct Trial {
    /// One tensor per input, in the signature's order.
    pub inputs: Vec<Tensor>,
    /// The right answers, one per output, as far as they are known; empty where the preferred engine gives them.
    pub expected: Vec<Option<Tensor>>,
    /// How near is near enough.
    pub tolerance: Tolerance,
    /// Where it comes from.
    pub source: TrialSource,
}

/// Where inputs and answers of a trial come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrialSource {
    /// Probes of the registrar.
    Registrar,
    /// Probes that an engine answered, whose answers may differ a little more
    /// ([`crate::model::probe::among_engines`]).
    Recorded,
    /// Generated; the preferred engine gives the answers.
    Generated,
    /// Generated with integers that may be too large for the model: of use only where every engine takes them.
    Guessed,
    /// Generated, and only of use where no trial before it runs.
    Fallback,
}

impl Trial {
    /// The largest absolute difference between what is expected and what an engine gave, output by output.
    ///
    /// # Errors
    /// `verification_failed` where they are not near enough.
    pub(crate) fn differ(&self, expected: &[Option<Tensor>], found: &Outputs, signature: &Signature) -> Result<f64> {
        if expected.len() != found.len() {
            return Err(Error::new(ErrorKind::VerificationFailed, "the engine gave another number of outputs")
                .with("found", found.len())
                .with("allowed", expected.len()));
        }
        let mut largest = 0.0f64;
        for ((expected, found), spec) in expected.iter().zip(found).zip(&signature.outputs) {
            let Some(expected) = expected else { continue };
            let named = |e: Error| e.with("output", &spec.name);
            let expected = expected.view();
            let tolerance = match self.source {
                TrialSource::Registrar => self.tolerance,
                _ => among_engines(&expected, self.tolerance),
            };
            let agreement = compare(&expected, &found.view(), tolerance).map_err(named)?;
            if !agreement.agrees() {
                return Err(named(
                    Error::new(ErrorKind::VerificationFailed, "outputs are not near enough to the expected ones")
                        .with("mismatches", format!("{} of {}", agreement.mismatches, agreement.elements))
                        .with("max_abs", agreement.max_abs),
                ));
            }
            largest = largest.max(agreement.max_abs);
        }
        Ok(largest)
    }
}

/// Brings revisions up on one target.
///
/// Implementations are checked by one behaviour suite.
pub trait Backend: Send + Sync {
    /// Name of the target, as in `local`.
    fn target(&self) -> &str;

    /// Checks the engine that a deployment asks for, before anything is recorded. Any will do by default.
    ///
    /// # Errors
    /// `unsupported` that lists the engines.
    fn check(&self, engine: Option<&str>) -> Result<()> {
        let _any = engine;
        Ok(())
    }

    /// Names of the engines that stand for choice, in the order of preference. A target that does not tell has none.
    fn engines(&self) -> Vec<String> {
        Vec::new()
    }

    /// Loads a revision and returns its replicas, ready to run.
    ///
    /// Behavior:
    /// - Blocks until the replicas can run, or fails and leaves nothing behind.
    /// - May be called for several revisions at once.
    ///
    /// # Errors
    /// What the engine says; `resource_exhausted` where the budget does not suffice.
    fn start(&self, spec: &RevisionSpec) -> Result<Arc<dyn ReplicaSet>>;
}

/// The replicas of one revision in this process. Dropping the last reference releases what they hold.
pub trait ReplicaSet: Send + Sync {
    /// Names, element types and shapes, as the engine sees them.
    fn signature(&self) -> &Signature;

    /// Runs one request on a free replica; waits for one within the bounds of `cancel` and the queue. Returns where the
    /// time went, as far as it is known.
    ///
    /// Behavior:
    /// - `inputs` are checked and in the signature's order; outputs come in its order.
    /// - A replica that fails, panics or is cancelled is replaced before its next request.
    ///
    /// # Errors
    /// `overloaded` where the queue is full, `cancelled`, `deadline_exceeded`, `engine_failed`.
    fn infer(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<Spent>;

    /// Takes a request over whose answer no thread waits for, or gives it back: then it is run on the caller's thread, as
    /// by [`ReplicaSet::infer`]. Where `may_wait` is false, it blocks on nothing. Gives it back by default.
    fn submit(&self, request: Detached, may_wait: bool) -> Result<(), Detached> {
        let _either = may_wait;
        Err(request)
    }

    /// Runs one request node by node on a free replica and says what each node cost. Refused by default.
    ///
    /// # Errors
    /// `unsupported`; else as [`ReplicaSet::infer`].
    fn profile(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<RunProfile> {
        let _none = (inputs, outputs, cancel);
        Err(profile::unsupported())
    }

    /// The same revision with another number of replicas. Requests that run go on where they began.
    ///
    /// # Errors
    /// `resource_exhausted`, `unsupported`.
    fn scale(&self, replicas: u32) -> Result<Arc<dyn ReplicaSet>>;

    /// How the replicas fare.
    fn status(&self) -> ReplicaStatus;
}

/// Observed replicas of one revision in one process.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplicaStatus {
    /// Replicas that can run.
    pub replicas: u32,
    /// Replicas that run a request now.
    pub busy: u32,
    /// Requests that wait.
    pub waiting: u32,
    /// Replicas that were replaced after a failure or a panic.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub replaced: u64,
    /// What the engine says of the loaded model.
    pub load: LoadReport,
    /// How requests are batched, where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batching: Option<BatchStatus>,
    /// How an `on_demand` revision came and went; absent for a resident one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub residency: Option<ResidencyStatus>,
    /// What each replica did; empty where the target does not tell them apart. Shown with the metrics.
    #[serde(skip)]
    pub each: Vec<ReplicaLoad>,
}

/// What one replica did since it was started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplicaLoad {
    /// Runs, whole batches among them.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub runs: u64,
    /// Microseconds in the engine.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub busy_us: u64,
}
