//! The judgement of a step: whether the candidate is worse than the baseline by more than the margins, or shown not to be.
//!
//! Both are compared over the same time, on requests that were divided between them by chance. Failures are judged by
//! [`proportion`](crate::statistics::proportion), latency by the mean of its logarithm
//! ([`mean`](crate::statistics::mean)). Evidence that the candidate is worse adds up over the steps; evidence that it is not
//! has to be found anew in each, because more traffic may bring out what less did not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cost::{self, CostFindings};
use super::drift::{self, DriftFindings};
use super::metric::{MetricEvidence, MetricFindings, sums_of};
use super::mirror::{MirrorEvidence, MirrorFindings};
use super::replay::ReplayFindings;
use super::{AnalysisConfig, ReplicaCounts, Rollout, RolloutPhase};
use crate::clock::Millis;
use crate::error::ErrorKind;
use crate::machine::shares::WHOLE;
use crate::metrics::answers::Answers;
use crate::metrics::differences::Differences;
use crate::metrics::histogram::Snapshot;
use crate::metrics::outcomes::Outcomes;
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

/// Whether a failure of a kind is a revision's own.
pub fn is_own(kind: ErrorKind) -> bool {
    OWN.contains(&kind)
}

/// Difference of mean logarithms of latency that is looked for beyond the margin: about a tenth.
const LATENCY_SCALE: f64 = 0.1;

/// What one revision has got by a rollout.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// How far its answers in the shadow were from those that callers got; absent: it has given none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differences: Option<Differences>,
    /// What the host recorded, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<OutcomeSums>,
    /// Logarithms of the times in the engine, in nanoseconds; absent: nothing has run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_compute: Option<Moments>,
    /// What its answers were like, where that is looked at; absent: nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Answers>,
}

/// What the host recorded of one name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutcomeSums {
    /// The name.
    pub name: String,
    /// The values.
    pub values: Moments,
}

impl ArmCounts {
    /// Of what was recorded.
    pub fn of(totals: &Totals) -> Self {
        let own = |(name, n): (&String, &u64)| OWN.iter().any(|kind| kind.name() == name).then_some(*n);
        let failed: u64 = totals.errors.iter().filter_map(own).sum();
        let logarithms = |of: &Snapshot| {
            let mut moments = Moments::default();
            of.values().for_each(|(ns, n)| moments.add((ns as f64).max(1.0).ln(), n as f64));
            moments
        };
        let sums = |(name, outcomes): (&String, &Outcomes)| OutcomeSums { name: name.clone(), values: outcomes.all() };
        ArmCounts {
            ended: totals.latency.count().saturating_add(failed),
            failed,
            log_latency: logarithms(&totals.latency),
            log_compute: Some(logarithms(&totals.compute)).filter(|runs| runs.n > 0.0),
            answers: Some(&totals.answers).filter(|of| !of.is_empty()).cloned(),
            differences: Some(totals.differences).filter(|of| !of.is_empty()),
            outcomes: totals.outcomes.iter().map(sums).collect(),
        }
    }

    fn since(&self, earlier: &ArmCounts) -> ArmCounts {
        ArmCounts {
            ended: self.ended.saturating_sub(earlier.ended),
            failed: self.failed.saturating_sub(earlier.failed),
            log_latency: self.log_latency.since(&earlier.log_latency),
            differences: self.differences.map(|now| now.since(&earlier.differences.unwrap_or_default())),
            outcomes: self.outcomes.iter().map(|now| now.since(&sums_of(earlier, &now.name))).collect(),
            log_compute: self.log_compute.map(|now| now.since(&earlier.log_compute.unwrap_or_default())),
            answers: self.answers.as_ref().map(|now| match &earlier.answers {
                Some(earlier) => now.since(earlier),
                None => now.clone(),
            }),
        }
    }

    pub(super) fn trials(&self) -> Trials {
        Trials { n: self.ended, hits: self.failed.min(self.ended) }
    }

    fn error_rate(&self) -> f64 {
        if self.ended == 0 { 0.0 } else { self.failed as f64 / self.ended as f64 }
    }
}

impl OutcomeSums {
    fn since(&self, earlier: &Moments) -> OutcomeSums {
        OutcomeSums { name: self.name.clone(), values: self.values.since(earlier) }
    }
}

/// What both revisions have got.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// What requests in the shadow have shown; absent before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirror: Option<MirrorEvidence>,
    /// What the host's own figures have shown, in the order of the metrics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricEvidence>,
    /// What the time in the engine has shown; absent where it decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<MetricEvidence>,
    /// What answers have shown, of each class or the mean: that it has grown, and that it has fallen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drift: Vec<MetricEvidence>,
    /// What of the step under way is counted in; absent: nothing yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Seen>,
}

impl Evidence {
    /// As a further step begins with it.
    pub(super) fn into_next_step(self) -> Self {
        Evidence {
            fails_no_more: self.fails_no_more.anew(),
            slower_before: self.slower_before.and(self.slower),
            slower: MeanEvidence::default(),
            mirror: self.mirror.map(MirrorEvidence::into_next_step),
            metrics: self.metrics.into_iter().map(MetricEvidence::into_next_step).collect(),
            cost: self.cost.map(MetricEvidence::into_next_step),
            drift: self.drift.into_iter().map(MetricEvidence::into_next_step).collect(),
            counted: None,
            ..self
        }
    }
}

/// The figures of a step, and what they are held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// The candidate's latency over the baseline's (geometric means); absent before both have answered. In the shadow the time
    /// in the engine, which decides nothing: everything else on the machine goes before the shadow.
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
    /// What evidence of the first kind has to reach to end the rollout: the kinds that are looked at share the level.
    pub to_abort: f64,
    /// What both of the second kind have to reach for the step to pass.
    pub to_pass: f64,
    /// Natural logarithm of the evidence that the candidate does not get the share of the requests that it should, since
    /// whoever decides began to look at the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mismatch: Option<f64>,
    /// How far answers in the shadow are from those that callers got; absent in a step with traffic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirror: Option<MirrorFindings>,
    /// The host's own figures, in the order of the metrics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricFindings>,
    /// What requests cost; absent where that decides nothing, and in the shadow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostFindings>,
    /// How far answers are distributed otherwise; absent likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<DriftFindings>,
    /// How many of the recorded requests have run; absent in another step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replay: Option<ReplayFindings>,
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

/// What else is known when a step is judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moment<'a> {
    /// Requests that were divided, where they are known.
    pub met: Option<&'a Met>,
    /// Whether the replicas are up that a step of counts asks for.
    pub up: bool,
    /// Milliseconds since 1970.
    pub now: Millis,
}

/// Judges a step: `before` is what was shown until the last look, `step` all of the step by now. What `before` counts in
/// already counts no second time.
pub fn judge(rollout: &Rollout, before: &Evidence, step: &Seen, at: Moment<'_>) -> Look {
    let analysis = rollout.canary.analysis();
    let more = before.counted.as_ref().map_or_else(|| step.clone(), |counted| step.since(counted));
    let mut evidence = Evidence { counted: Some(step.clone()), ..before.clone() };
    let mut mirror = None;
    if rollout.is_in_shadow() {
        let shown = evidence.mirror.get_or_insert_default();
        shown.add(&analysis, &more);
        mirror = Some(MirrorFindings::of(shown, step));
    } else {
        let (control, treatment) = (more.baseline.trials(), more.candidate.trials());
        evidence.fails_more.add(Side::Above, analysis.error_margin, control, treatment);
        evidence.fails_no_more.add(Side::Below, analysis.error_margin, control, treatment);
        let (control, treatment) = (&step.baseline.log_latency, &step.candidate.log_latency);
        evidence.slower = MeanEvidence::of(control, treatment, analysis.latency_ratio.ln());
        evidence.metrics.resize(analysis.metrics.len(), MetricEvidence::default());
        evidence.metrics.iter_mut().zip(&analysis.metrics).for_each(|(shown, metric)| shown.look(metric, step));
        if let Some(ratio) = analysis.cost_ratio {
            cost::look(evidence.cost.get_or_insert_default(), ratio, step);
        }
        if let Some(config) = &analysis.drift {
            drift::look(&mut evidence.drift, config, step);
        }
    }
    let findings = findings(&analysis, &evidence, step, mirror, at.met.map(|met| met.mismatch(rollout.weight)));
    let (verdict, reason) = verdict(rollout, &analysis, &findings, at);
    Look { evidence, findings, verdict, reason }
}

fn findings(
    analysis: &AnalysisConfig,
    evidence: &Evidence,
    step: &Seen,
    mirror: Option<MirrorFindings>,
    mismatch: Option<f64>,
) -> Findings {
    let means = step.candidate.log_latency.mean().zip(step.baseline.log_latency.mean());
    // What the shadow has shown counts on; evidence of what came after it multiplies.
    let in_shadow = evidence.mirror.as_ref();
    let metrics = match mirror {
        Some(_) => Vec::new(),
        None => MetricFindings::of_all(analysis, &evidence.metrics, step),
    };
    let in_traffic = mirror.is_none();
    let drift = analysis.drift.as_ref().filter(|_| in_traffic);
    Findings {
        cost: evidence.cost.as_ref().filter(|_| in_traffic).map(|shown| CostFindings::of(shown, step)),
        drift: drift.map(|config| DriftFindings::of(&evidence.drift, config, step)),
        candidate_requests: step.candidate.ended,
        baseline_requests: step.baseline.ended,
        candidate_error_rate: step.candidate.error_rate(),
        baseline_error_rate: step.baseline.error_rate(),
        latency_ratio: means.map(|(candidate, baseline)| (candidate - baseline).exp()),
        fails_more: evidence.fails_more.log_e(Side::Above) + in_shadow.map_or(0.0, |shown| shown.fails_more.log_e()),
        fails_no_more: match in_shadow.filter(|_| mirror.is_some()) {
            Some(shown) => shown.fails_no_more.log_e(),
            None => evidence.fails_no_more.log_e(Side::Below),
        },
        slower: evidence.slower_before.and(evidence.slower).log_e(LATENCY_SCALE),
        no_slower: evidence.slower.mirrored().log_e(LATENCY_SCALE),
        to_abort: threshold(analysis.level / analysis.kinds()),
        to_pass: threshold(analysis.level),
        mismatch: mismatch.filter(|_| mirror.is_none()),
        mirror,
        metrics,
        replay: None,
    }
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

/// What evidence that the candidate is worse has reached its bound, as a sentence goes on; none: nothing has.
fn worse(analysis: &AnalysisConfig, f: &Findings) -> Option<String> {
    if f.fails_more >= f.to_abort {
        return Some(format!("{}, more than {} above", f.errors(), percent(analysis.error_margin)));
    }
    if f.slower >= f.to_abort {
        return Some(format!("{}, more than {} times", f.latency(), analysis.latency_ratio));
    }
    if let (Some(mirror), Some(most)) = (&f.mirror, analysis.max_differing)
        && mirror.differs_more >= f.to_abort
    {
        return Some(format!("{}, more than {}", mirror.text(), percent(most)));
    }
    if let (Some(cost), Some(ratio)) = (&f.cost, analysis.cost_ratio)
        && cost.costlier >= f.to_abort
    {
        return Some(format!("{}, more than {ratio} times", cost.text()));
    }
    if let (Some(drift), Some(config)) = (&f.drift, &analysis.drift)
        && drift.moved >= f.to_abort
    {
        let most = match drift.class_index {
            Some(_) => percent(config.max_class_shift),
            None => format!("{} standard deviations", config.max_mean_shift),
        };
        return Some(format!("{}, more than {most}", drift.text()));
    }
    let metric = f.metrics.iter().zip(&analysis.metrics).find(|(found, _)| found.worse >= f.to_abort);
    metric.map(|(found, metric)| format!("{}, worse by more than {}", found.text(), metric.margin))
}

/// Whether everything that is looked at is shown to be no worse.
fn no_worse(analysis: &AnalysisConfig, f: &Findings) -> bool {
    let shown = |log_e: f64| log_e >= f.to_pass;
    shown(f.fails_no_more)
        && match &f.mirror {
            Some(mirror) => analysis.max_differing.is_none() || shown(mirror.differs_no_more),
            None => {
                shown(f.no_slower)
                    && f.cost.is_none_or(|cost| shown(cost.no_costlier))
                    && f.drift.is_none_or(|drift| shown(drift.not_moved))
                    && f.metrics.iter().all(|metric| shown(metric.no_worse))
            }
        }
}

impl Findings {
    fn errors(&self) -> String {
        let of = |rate, n| format!("{} of {n} requests", percent(rate));
        let candidate = of(self.candidate_error_rate, self.candidate_requests);
        match self.mirror {
            Some(_) => format!("it fails {candidate} that the baseline has answered"),
            None => {
                let baseline = of(self.baseline_error_rate, self.baseline_requests);
                format!("it fails {candidate}, the baseline {baseline}")
            }
        }
    }

    fn latency(&self) -> String {
        format!("its latency is {:.3} times the baseline's", self.latency_ratio.unwrap_or(1.0))
    }

    pub(super) fn text(&self) -> String {
        let rest: Vec<String> = match &self.mirror {
            Some(mirror) => vec![mirror.text()],
            None => {
                let cost = self.cost.iter().map(CostFindings::text);
                let drift = self.drift.iter().map(DriftFindings::text);
                let metrics = self.metrics.iter().map(MetricFindings::text);
                std::iter::once(self.latency()).chain(cost).chain(drift).chain(metrics).collect()
            }
        };
        format!("{}; {}", self.errors(), rest.join("; "))
    }
}

fn verdict(rollout: &Rollout, analysis: &AnalysisConfig, f: &Findings, at: Moment<'_>) -> (Verdict, String) {
    let level = percent(analysis.level);
    if let Some(text) = worse(analysis, f) {
        return (Verdict::Abort, format!("the candidate is worse at a level of {level}: {text}"));
    }
    let Some(step) = rollout.current().filter(|_| rollout.phase == RolloutPhase::Analysing) else {
        return (Verdict::Wait, String::new());
    };
    if f.mismatch.is_some_and(|mismatch| mismatch >= threshold(groups::LEVEL)) {
        let share = f64::from(rollout.weight) / f64::from(WHOLE);
        let text = format!("the candidate does not get the {} of the requests that it should", percent(share));
        return (Verdict::GiveUp, format!("{text}, so nothing can be concluded"));
    }
    let lasted = at.now.saturating_sub(rollout.since);
    let long = step.min_ms.is_none_or(|min| lasted >= min);
    let late = step.max_ms.filter(|max| lasted >= *max);
    if let Some(ReplicaCounts { candidate, baseline }) = step.replicas {
        let counts = format!("{candidate} replicas of the new revision beside {baseline} of the old one");
        return match late {
            _ if at.up && long => (Verdict::Pass, format!("{counts} are up; {}", f.text())),
            Some(max) => (Verdict::GiveUp, format!("{counts} are not up within {max} ms")),
            None => (Verdict::Wait, String::new()),
        };
    }
    let enough = f.candidate_requests.min(f.baseline_requests) >= u64::from(step.min_requests);
    if enough && long && no_worse(analysis, f) {
        return (Verdict::Pass, format!("the candidate is no worse at a level of {level}: {}", f.text()));
    }
    match late {
        Some(max) => (Verdict::GiveUp, format!("nothing is shown within {max} ms: {}", f.text())),
        None => (Verdict::Wait, String::new()),
    }
}
