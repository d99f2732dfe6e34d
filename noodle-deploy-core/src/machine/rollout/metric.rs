//! A figure that the host records for the requests of both revisions, as the accuracy of their answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::analysis::{ArmCounts, Seen};
use super::{AnalysisConfig, RolloutMetric};
use crate::machine::experiment::Goal;
use crate::statistics::mean::{MeanEvidence, Moments};

/// What one metric has shown: that its mean on the candidate is worse by more than the margin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricEvidence {
    /// Of the steps before.
    pub before: MeanEvidence,
    /// Of this step.
    pub now: MeanEvidence,
}

/// One metric in a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricFindings {
    /// Name of the metric.
    pub name: String,
    /// Values of the candidate, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub candidate_values: u64,
    /// Values of the baseline, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub baseline_values: u64,
    /// Mean of the candidate; absent without values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate_mean: Option<f64>,
    /// Mean of the baseline; absent likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_mean: Option<f64>,
    /// Natural logarithm of the evidence that the candidate is worse by more than the margin, over all steps.
    pub worse: f64,
    /// That it is not, in this step.
    pub no_worse: f64,
}

/// What an arm has of one outcome.
pub(super) fn sums_of(arm: &ArmCounts, name: &str) -> Moments {
    arm.outcomes.iter().find(|of| of.name == name).map(|of| of.values).unwrap_or_default()
}

impl MetricEvidence {
    /// Looks at all of a step.
    pub(super) fn look(&mut self, metric: &RolloutMetric, step: &Seen) {
        let (control, treatment) = (sums_of(&step.baseline, &metric.name), sums_of(&step.candidate, &metric.name));
        self.now = match metric.goal {
            Goal::Decrease => MeanEvidence::of(&control, &treatment, metric.margin),
            // Less is worse: the control lies above.
            Goal::Increase => MeanEvidence::of(&treatment, &control, metric.margin),
        };
    }

    /// As a further step begins with it.
    pub(super) fn into_next_step(self) -> Self {
        MetricEvidence { before: self.before.and(self.now), now: MeanEvidence::default() }
    }
}

impl MetricFindings {
    /// Of a step, in the order of the metrics.
    pub(super) fn of_all(analysis: &AnalysisConfig, evidence: &[MetricEvidence], step: &Seen) -> Vec<Self> {
        let of = |(metric, shown): (&RolloutMetric, &MetricEvidence)| {
            let (control, treatment) = (sums_of(&step.baseline, &metric.name), sums_of(&step.candidate, &metric.name));
            MetricFindings {
                name: metric.name.clone(),
                candidate_values: treatment.n as u64,
                baseline_values: control.n as u64,
                candidate_mean: treatment.mean(),
                baseline_mean: control.mean(),
                // A difference as large as the margin beyond it is what should be found soon.
                worse: shown.before.and(shown.now).log_e(metric.margin),
                no_worse: shown.now.mirrored().log_e(metric.margin),
            }
        };
        analysis.metrics.iter().zip(evidence).map(of).collect()
    }

    /// In words.
    pub(super) fn text(&self) -> String {
        let of =
            |mean: Option<f64>, n: u64| mean.map_or_else(|| "unknown".to_owned(), |mean| format!("{mean:.4} of {n}"));
        let baseline = of(self.baseline_mean, self.baseline_values);
        format!("its {} is {}, the baseline's {baseline}", self.name, of(self.candidate_mean, self.candidate_values))
    }
}
