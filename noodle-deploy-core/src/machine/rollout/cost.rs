//! What a request costs: the time in the engine that it takes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::analysis::Seen;
use super::metric::MetricEvidence;
use crate::statistics::mean::{MeanEvidence, Moments};

/// Difference of mean logarithms that is looked for beyond the margin: about a tenth.
const SCALE: f64 = 0.1;

/// What requests cost in a step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CostFindings {
    /// The candidate's time in the engine over the baseline's (geometric means); absent before both have run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    /// Natural logarithm of the evidence that the candidate costs more than the ratio allows, over all steps.
    pub costlier: f64,
    /// That it does not, in this step.
    pub no_costlier: f64,
}

fn runs(step: &Seen) -> (Moments, Moments) {
    (step.baseline.log_compute.unwrap_or_default(), step.candidate.log_compute.unwrap_or_default())
}

/// Looks at all of a step.
pub(super) fn look(evidence: &mut MetricEvidence, ratio: f64, step: &Seen) {
    let (baseline, candidate) = runs(step);
    evidence.now = MeanEvidence::of(&baseline, &candidate, ratio.ln());
}

impl CostFindings {
    /// Of a step.
    pub(super) fn of(evidence: &MetricEvidence, step: &Seen) -> Self {
        let (baseline, candidate) = runs(step);
        CostFindings {
            ratio: candidate.mean().zip(baseline.mean()).map(|(candidate, baseline)| (candidate - baseline).exp()),
            costlier: evidence.before.and(evidence.now).log_e(SCALE),
            no_costlier: evidence.now.mirrored().log_e(SCALE),
        }
    }

    /// In words.
    pub(super) fn text(&self) -> String {
        format!("it takes {:.3} times the baseline's time in the engine", self.ratio.unwrap_or(1.0))
    }
}
