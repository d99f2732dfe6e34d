//! A step in the shadow: some requests that the baseline has answered run a second time on the candidate, whose answers
//! nobody gets. Each request is judged by itself, as both have had the same one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AnalysisConfig;
use super::analysis::Seen;
use crate::metrics::differences::Differences;
use crate::statistics::proportion::{Side, Trials};
use crate::statistics::rate::RateEvidence;

/// What requests in the shadow have shown so far, over all steps of this kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MirrorEvidence {
    /// That the candidate fails more of what the baseline answered than the margin allows.
    pub fails_more: RateEvidence,
    /// That it does not.
    pub fails_no_more: RateEvidence,
    /// That more of its answers differ than are allowed.
    pub differs_more: RateEvidence,
    /// That no more do.
    pub differs_no_more: RateEvidence,
}

/// How far the candidate's answers are from the baseline's to the same requests.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MirrorFindings {
    /// Requests of the step that both have answered, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub compared: u64,
    /// Requests that were not run a second time, because too many waited; of recorded ones those that do not read, do not
    /// fit, or are not answered by the baseline. As a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub skipped: u64,
    /// Share of the answers that differ: another class first, or, of what is no classification, numbers beyond the tolerance.
    pub differing: f64,
    /// The largest difference between numbers of an answer, on average over the requests.
    pub mean_difference: f64,
    /// The largest of all.
    pub largest_difference: f64,
    /// Natural logarithm of the evidence that more answers differ than are allowed; 0 where nothing is said about that.
    pub differs_more: f64,
    /// That no more do; 0 likewise.
    pub differs_no_more: f64,
}

impl MirrorEvidence {
    /// Takes in what came since the last look.
    pub(super) fn add(&mut self, analysis: &AnalysisConfig, more: &Seen) {
        let failures = more.candidate.trials();
        self.fails_more.add(Side::Above, analysis.error_margin, failures);
        self.fails_no_more.add(Side::Below, analysis.error_margin, failures);
        if let Some(most) = analysis.max_differing {
            let Differences { compared, differing, .. } = more.candidate.differences.unwrap_or_default();
            let trials = Trials { n: compared, hits: differing.min(compared) };
            self.differs_more.add(Side::Above, most, trials);
            self.differs_no_more.add(Side::Below, most, trials);
        }
    }
}

impl MirrorEvidence {
    /// As a further step begins with it.
    pub(super) fn into_next_step(self) -> Self {
        let anew = RateEvidence::default;
        MirrorEvidence { fails_no_more: anew(), differs_no_more: anew(), ..self }
    }
}

impl MirrorFindings {
    /// In words.
    pub(super) fn text(&self) -> String {
        let MirrorFindings { compared, differing, mean_difference, .. } = self;
        format!("{:.2} % of {compared} answers differ, by {mean_difference:.3e} on average", 100.0 * differing)
    }

    /// Of a step.
    pub(super) fn of(evidence: &MirrorEvidence, step: &Seen) -> Self {
        let Differences { compared, differing, skipped, sum, largest } = step.candidate.differences.unwrap_or_default();
        let share = |part: f64| if compared == 0 { 0.0 } else { part / compared as f64 };
        MirrorFindings {
            compared,
            skipped,
            differing: share(differing as f64),
            mean_difference: share(sum),
            largest_difference: largest,
            differs_more: evidence.differs_more.log_e(),
            differs_no_more: evidence.differs_no_more.log_e(),
        }
    }
}
