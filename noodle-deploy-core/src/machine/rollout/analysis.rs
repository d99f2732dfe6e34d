//! The judgement of a step: whether the candidate is worse than the baseline by more than the margins, or shown not to be.
//!
//! Both are compared over the same time, on requests that were divided between them by chance. Failures are judged by
//! [`proportion`](crate::statistics::proportion), latency by the mean of its logarithm
//! ([`mean`](crate::statistics::mean)). Evidence that the candidate is worse adds up over the steps; evidence that it is not
//! has to be found anew in each, because more traffic may bring out what less did not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Rollout, RolloutPhase};
use crate::clock::Millis;
use crate::error::ErrorKind;
use crate::machine::shares::WHOLE;
use crate::metrics::totals::{Totals, since};
use crate::statistics::groups;
use crate::statistics::mean::{MeanEvidence, Moments};
use crate::statistics::proportion::{ProportionEvidence, Side, Trials};
use crate::statistics::threshold;

/// Failures that are a revision's own: neither its caller's, nor nobody's.
const OWN: [ErrorKind; 5] = [
    ErrorKind::EngineFailed,
    ErrorKind::DeadlineExceeded,
    ErrorKind::Overloaded,
    ErrorKind::Unavailable,
    ErrorKind::Internal,
];
/// Difference of mean logarithms of latency that is looked for beyond the margin: about a tenth.
const LATENCY_SCALE: f64 = 0.1;

/// What one revision has got by a rollout.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArmCounts {
    /// Requests that were answered, or failed by its own fault, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub ended: u64,
    /// Those of them that failed, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub failed: u64,
    /// Logarithms of the latencies of those that were answered, in nanoseconds.
    pub log_latency: Moments,
}

impl ArmCounts {
    /// Of what was recorded.
    pub fn of(totals: &Totals) -> Self {
        let own = |(name, n): (&String, &u64)| OWN.iter().any(|kind| kind.name() == name).then_some(*n);
        let failed: u64 = totals.errors.iter().filter_map(own).sum();
        let mut log_latency = Moments::default();
        for (ns, n) in totals.latency.values() {
            log_latency.add((ns as f64).max(1.0).ln(), n as f64);
        }
        ArmCounts { ended: totals.latency.count().saturating_add(failed), failed, log_latency }
    }

    fn since(&self, earlier: &ArmCounts) -> ArmCounts {
        ArmCounts {
            ended: self.ended.saturating_sub(earlier.ended),
            failed: self.failed.saturating_sub(earlier.failed),
            log_latency: self.log_latency.since(&earlier.log_latency),
        }
    }

    fn trials(&self) -> Trials {
        Trials { n: self.ended, hits: self.failed.min(self.ended) }
    }

    fn error_rate(&self) -> f64 {
        if self.ended == 0 { 0.0 } else { self.failed as f64 / self.ended as f64 }
    }
}

/// What both revisions have got.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// The one that is tried.
    pub candidate: ArmCounts,
    /// The one that served before.
    pub baseline: ArmCounts,
}

impl Seen {
    /// What came since.
    pub fn since(&self, earlier: &Seen) -> Seen {
        Seen { candidate: self.candidate.since(&earlier.candidate), baseline: self.baseline.since(&earlier.baseline) }
    }
}

/// What has been shown so far. Folds deterministically: the same blocks in the same order give the same bits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// That the candidate fails more than the margin allows, over all steps.
    pub fails_more: ProportionEvidence,
    /// That it does not, in this step.
    pub fails_no_more: ProportionEvidence,
    /// That it is slower than the margin allows, of the steps before.
    pub slower_before: MeanEvidence,
    /// Of this step.
    pub slower: MeanEvidence,
}

impl Evidence {
    /// As a further step begins with it.
    pub(super) fn into_next_step(self) -> Self {
        Evidence {
            fails_no_more: self.fails_no_more.anew(),
            slower_before: self.slower_before.and(self.slower),
            slower: MeanEvidence::default(),
            ..self
        }
    }
}

/// The figures of a step, and what they are held against.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Findings {
    /// Requests of the candidate in this step, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub candidate_requests: u64,
    /// Requests of the baseline in this step, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub baseline_requests: u64,
    /// Share of the candidate's requests that failed.
    pub candidate_error_rate: f64,
    /// Share of the baseline's.
    pub baseline_error_rate: f64,
    /// The candidate's latency over the baseline's (geometric means); absent before both have answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ratio: Option<f64>,
    /// Natural logarithm of the evidence that the candidate fails more than the margin allows, over all steps.
    pub fails_more: f64,
    /// That it does not, in this step.
    pub fails_no_more: f64,
    /// That it is slower than the margin allows, over all steps.
    pub slower: f64,
    /// That it is not, in this step.
    pub no_slower: f64,
    /// What evidence of the first kind has to reach to end the rollout: two are looked at, so each has half of the level.
    pub to_abort: f64,
    /// What both of the second kind have to reach for the step to pass.
    pub to_pass: f64,
    /// Natural logarithm of the evidence that the candidate does not get the share of the requests that it should, since
    /// whoever decides began to look at the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mismatch: Option<f64>,
}

/// What is to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing yet.
    Wait,
    /// The step has passed.
    Pass,
    /// The candidate is worse.
    Abort,
    /// It takes too long.
    GiveUp,
}

/// A look at a rollout.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// What has been shown by now.
    pub evidence: Evidence,
    /// The figures.
    pub findings: Findings,
    /// What is to happen.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub reason: String,
}

/// Requests that were divided, by group of callers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Met {
    /// Those that the candidate got.
    pub candidate: Vec<u64>,
    /// Those that the baseline got.
    pub baseline: Vec<u64>,
}

impl Met {
    /// What came since.
    pub fn since(&self, earlier: &Met) -> Met {
        Met {
            candidate: since(&self.candidate, &earlier.candidate),
            baseline: since(&self.baseline, &earlier.baseline),
        }
    }

    fn mismatch(&self, weight: u32) -> f64 {
        let at = |counts: &[u64], group: usize| counts.get(group).copied().unwrap_or_default();
        let both = |group| {
            let candidate = at(&self.candidate, group);
            (candidate, candidate.saturating_add(at(&self.baseline, group)))
        };
        let groups = self.candidate.len().max(self.baseline.len());
        groups::log_e((0..groups).map(both), f64::from(weight) / f64::from(WHOLE))
    }
}

/// Judges a step: `before` is what was shown until the last look, `more` what came since, `step` all of the step; `met` are
/// the requests that were divided, where they are known.
pub fn judge(rollout: &Rollout, before: &Evidence, more: &Seen, step: &Seen, met: Option<&Met>, now: Millis) -> Look {
    let analysis = rollout.canary.analysis();
    let mut evidence = before.clone();
    let (control, treatment) = (more.baseline.trials(), more.candidate.trials());
    evidence.fails_more.add(Side::Above, analysis.error_margin, control, treatment);
    evidence.fails_no_more.add(Side::Below, analysis.error_margin, control, treatment);
    let (control, treatment) = (&step.baseline.log_latency, &step.candidate.log_latency);
    evidence.slower = MeanEvidence::of(control, treatment, analysis.latency_ratio.ln());
    let ratio = treatment.mean().zip(control.mean()).map(|(treatment, control)| (treatment - control).exp());
    let findings = Findings {
        candidate_requests: step.candidate.ended,
        baseline_requests: step.baseline.ended,
        candidate_error_rate: step.candidate.error_rate(),
        baseline_error_rate: step.baseline.error_rate(),
        latency_ratio: ratio,
        fails_more: evidence.fails_more.log_e(),
        fails_no_more: evidence.fails_no_more.log_e(),
        slower: evidence.slower_before.and(evidence.slower).log_e(LATENCY_SCALE),
        no_slower: evidence.slower.mirrored().log_e(LATENCY_SCALE),
        to_abort: threshold(analysis.level / 2.0),
        to_pass: threshold(analysis.level),
        mismatch: met.map(|met| met.mismatch(rollout.weight)),
    };
    let (verdict, reason) = verdict(rollout, &findings, now);
    Look { evidence, findings, verdict, reason }
}

fn verdict(rollout: &Rollout, f: &Findings, now: Millis) -> (Verdict, String) {
    let analysis = rollout.canary.analysis();
    let percent = |share: f64| format!("{:.2} %", 100.0 * share);
    let errors = || {
        let of = |rate, n| format!("{} of {n} requests", percent(rate));
        let candidate = of(f.candidate_error_rate, f.candidate_requests);
        format!("it fails {candidate}, the baseline {}", of(f.baseline_error_rate, f.baseline_requests))
    };
    let latency = || format!("its latency is {:.3} times the baseline's", f.latency_ratio.unwrap_or(1.0));
    let level = percent(analysis.level);
    if f.fails_more >= f.to_abort {
        let margin = percent(analysis.error_margin);
        return (
            Verdict::Abort,
            format!("the candidate is worse at a level of {level}: {}, more than {margin} above", errors()),
        );
    }
    if f.slower >= f.to_abort {
        let text = format!("the candidate is worse at a level of {level}: {}", latency());
        return (Verdict::Abort, format!("{text}, more than {} times", analysis.latency_ratio));
    }
    let Some(step) = rollout.current().filter(|_| rollout.phase == RolloutPhase::Analysing) else {
        return (Verdict::Wait, String::new());
    };
    if f.mismatch.is_some_and(|mismatch| mismatch >= threshold(groups::LEVEL)) {
        let share = f64::from(rollout.weight) / f64::from(WHOLE);
        let text = format!("the candidate does not get the {} of the requests that it should", percent(share));
        return (Verdict::GiveUp, format!("{text}, so nothing can be concluded"));
    }
    let lasted = now.saturating_sub(rollout.since);
    let enough = f.candidate_requests.min(f.baseline_requests) >= u64::from(step.min_requests);
    let long = step.min_ms.is_none_or(|min| lasted >= min);
    if enough && long && f.fails_no_more >= f.to_pass && f.no_slower >= f.to_pass {
        let text = format!("the candidate is no worse at a level of {level}: {}; {}", errors(), latency());
        return (Verdict::Pass, text);
    }
    match step.max_ms {
        Some(max) if lasted >= max => {
            let text = format!("nothing is shown within {max} ms: {}; {}", errors(), latency());
            (Verdict::GiveUp, text)
        }
        _ => (Verdict::Wait, String::new()),
    }
}
