//! Which segments of an experiment a request is counted in.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use super::predict::Prediction;
use crate::error::Result;
use crate::machine::experiment::Experiment;
use crate::machine::experiment::config::{FAILED, LATENCY};
use crate::machine::experiment::segments::KEPT;
use crate::machine::rollout::is_own;
use crate::metrics::recorder::Recorder;

/// Bytes of a value that is kept apart.
const MAX_VALUE: usize = 256;

/// Who asks, as far as it matters to what is counted.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Asker<'a> {
    /// Its group, where the requests are divided.
    pub(crate) group: Option<usize>,
    /// What it says of itself.
    pub(crate) attributes: &'a [(String, String)],
}

/// The segments of one experiment in this process. All arms share them: a value that is kept apart for one is so for all.
pub(crate) struct Segmenting {
    /// Number of the experiment.
    pub(crate) number: u32,
    /// Attributes, with the values that are kept apart: the first that came.
    attributes: Vec<(String, RwLock<BTreeSet<String>>)>,
    latency: bool,
    failed: bool,
}

impl Segmenting {
    /// None where the experiment has no segments.
    pub(crate) fn new(experiment: &Experiment) -> Option<Arc<Self>> {
        let asked = |name: &str| experiment.metrics.iter().any(|metric| metric.outcome() == name);
        let of = |name: &String| (name.clone(), RwLock::default());
        (!experiment.segments.is_empty()).then(|| {
            Arc::new(Segmenting {
                number: experiment.number,
                attributes: experiment.segments.iter().map(of).collect(),
                latency: asked(LATENCY),
                failed: asked(FAILED),
            })
        })
    }

    /// Counts what came of a request of an arm. `said` is what is known of an attribute.
    pub(crate) fn count<'a>(
        &self,
        recorder: &Recorder,
        said: impl Fn(&str) -> Option<&'a str>,
        outcome: &str,
        group: usize,
        value: f64,
    ) {
        for (attribute, kept) in &self.attributes {
            if let Some(of) = said(attribute) {
                recorder.segment(attribute, Some(of).filter(|of| is_kept(kept, of)), outcome, group, value);
            }
        }
    }

    /// Counts a request that is over: what the library records itself.
    pub(crate) fn ended(&self, recorder: &Recorder, asker: Asker<'_>, latency_ns: u64, answer: &Result<Prediction>) {
        let Some(group) = asker.group.filter(|_| !asker.attributes.is_empty()) else { return };
        let said = |name: &str| asker.attributes.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str());
        let failed = match answer {
            Ok(_) => Some(0.0),
            Err(error) => is_own(error.kind()).then_some(1.0),
        };
        if let Some(failed) = failed.filter(|_| self.failed) {
            self.count(recorder, said, FAILED, group, failed);
        }
        if self.latency && answer.is_ok() {
            self.count(recorder, said, LATENCY, group, latency_ns as f64 / 1e6);
        }
    }
}

/// Whether a value is one of those that are kept apart, and makes it one while there is room.
fn is_kept(kept: &RwLock<BTreeSet<String>>, value: &str) -> bool {
    let full = {
        let kept = kept.read().unwrap_or_else(PoisonError::into_inner);
        if kept.contains(value) {
            return true;
        }
        kept.len() >= KEPT
    };
    if full || value.len() > MAX_VALUE {
        return false;
    }
    let mut kept = kept.write().unwrap_or_else(PoisonError::into_inner);
    if kept.len() < KEPT {
        kept.insert(value.to_owned());
    }
    kept.contains(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_values_are_kept_apart() {
        let kept = RwLock::default();
        let found = (0..10_000).filter(|n| is_kept(&kept, &format!("v{n}"))).count();
        assert_eq!(found, KEPT);
        assert!(is_kept(&kept, "v3") && !is_kept(&kept, "v20"));
        assert!(!is_kept(&RwLock::default(), &"v".repeat(300)));
    }
}
