//! What a request says and what an answer carries.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use super::revision::Served;
use super::router::Wanted;
use crate::clock::instant;
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// A flag that cancels requests; clones share it.
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A flag that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels every request that carries the flag: before it starts, or between two nodes of the model.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn flag(&self) -> &AtomicBool {
        &self.0
    }
}

/// What a request may say besides its inputs.
#[derive(Debug, Clone, Default)]
pub struct PredictOptions {
    /// A version or an alias to pin; none takes the revision that serves. It must be loaded.
    pub version: Option<String>,
    /// Time after which the answer is of no use.
    pub timeout: Option<Duration>,
    /// Cancels the request.
    pub cancel: Option<CancelToken>,
    /// Level of priority among the requests that wait: 1 is the most urgent, 0 the deployment's default. A deployment has
    /// three levels, of which 2 is the default, unless its batching says otherwise.
    pub priority: u32,
    /// What the request is counted under, as a user or a tenant: while a rollout gives two revisions a share of the traffic,
    /// all requests of one key go to the same one. None: each request by itself.
    pub key: Option<String>,
    /// What the request says of itself, as a segment or a header: the deployment's rules may send it elsewhere by it.
    pub attributes: Vec<(String, String)>,
    /// Name by which it can be asked for later, and by which labels find it, 1 to 256 bytes. None: it is not remembered.
    /// Calls of sessions, and streams, do not remember it; a session has one of its own.
    pub request_id: Option<String>,
}

impl PredictOptions {
    /// Who is to answer.
    pub(crate) fn wanted(&self) -> Wanted<'_> {
        Wanted { version: self.version.as_deref(), key: self.key.as_deref(), attributes: &self.attributes }
    }

    /// When a call that begins now gives up.
    pub(crate) fn cancel(&self) -> Cancel<'_> {
        Cancel {
            flag: self.cancel.as_ref().map(CancelToken::flag),
            dropped: None,
            deadline: self.timeout.map(|timeout| instant() + timeout),
            priority: self.priority,
        }
    }
}

/// The answer to a request: outputs of exactly one version.
#[derive(Clone, PartialEq)]
pub struct Prediction {
    pub(crate) outputs: Outputs,
    pub(crate) served: Arc<Served>,
}

impl Prediction {
    /// Who answered.
    pub fn served(&self) -> &Arc<Served> {
        &self.served
    }

    /// Version of the model that answered.
    pub fn version(&self) -> &str {
        &self.served.version
    }

    /// An output by name.
    ///
    /// # Errors
    /// `invalid_argument` that lists the outputs.
    pub fn output(&self, name: &str) -> Result<&Tensor> {
        self.served.signature.output(name).and_then(|i| self.outputs.get(i)).ok_or_else(|| {
            let allowed = self.served.signature.outputs.iter().map(|o| o.name.as_str()).collect::<Vec<_>>().join(", ");
            Error::invalid("output", name, allowed)
        })
    }

    /// Names and tensors, in the model's order.
    pub fn outputs(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.served.signature.outputs.iter().map(|o| o.name.as_str()).zip(&self.outputs)
    }

    /// Takes the tensors, in the model's order.
    pub fn into_outputs(self) -> Outputs {
        self.outputs
    }

    /// The first floating-point output whose last axis has one entry per label.
    fn scores(&self) -> Option<&[f32]> {
        let labels = self.served.labels.len();
        let mut fitting = self.outputs.iter().filter(|t| labels > 0 && t.shape().last() == Some(&labels));
        fitting.find_map(|t| t.as_slice::<f32>().ok())
    }

    /// Number of the label that comes first in the first row; none where [`Prediction::top`] has none.
    pub(crate) fn first_class(&self) -> Option<usize> {
        let row = self.scores()?.get(..self.served.labels.len())?;
        // Of equal ones the first, as there.
        let best = row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
        best.map(|(class, _)| class)
    }

    /// The `k` best labels of each row of the first floating-point output whose last axis has one entry per label,
    /// best first.
    ///
    /// # Errors
    /// `invalid_argument` where the version has no labels or no such output.
    pub fn top(&self, k: usize) -> Result<Vec<Vec<(&str, f32)>>> {
        let labels = &self.served.labels;
        let allowed = "a version with labels and an f32 output with one score for each";
        let scores = self.scores().ok_or_else(|| Error::invalid("labels", labels.len(), allowed))?;
        Ok(scores
            .chunks_exact(labels.len())
            .map(|row| {
                let mut ranked: Vec<(&str, f32)> = labels.iter().map(String::as_str).zip(row.iter().copied()).collect();
                ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
                ranked.truncate(k);
                ranked
            })
            .collect())
    }
}

impl fmt::Debug for Prediction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prediction by {} {} of ", self.served.model, self.served.version)?;
        f.debug_map().entries(self.outputs()).finish()
    }
}
