//! How a canary proceeds, as a deploy says it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rolling::ReplicaCounts;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::machine::deployment::MAX_REPLICAS;
use crate::machine::experiment::Goal;
use crate::machine::shares::WHOLE;
use crate::machine::version::check_name;
use crate::model::probe::Tolerance;

/// Steps of a rollout.
pub const MAX_STEPS: usize = 32;
/// Metrics of its own that a rollout is judged by.
pub const MAX_METRICS: usize = 8;
/// Recorded requests of a step.
pub const MAX_REPLAYED: u32 = 10_000;

/// A growing share of the traffic for a new revision, step by step, as long as the analysis finds it no worse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CanaryConfig {
    /// Steps in order, 1 to 32; after the last one all traffic moves. Default: 1 %, 5 %, 25 % and 50 %.
    #[serde(default = "ladder")]
    pub steps: Vec<CanaryStep>,
    /// What lets a step pass, and what ends the rollout; absent: with the defaults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub analysis: Option<AnalysisConfig>,
}

/// One step of a canary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CanaryStep {
    /// Share of the traffic that the new revision gets, in basis points, 1 to 9999; no less than in the step before. 0 for
    /// a step in the shadow, which says what it mirrors or replays.
    pub weight: u32,
    /// Requests that both revisions have to end within the step before it may pass. Default 100.
    #[serde(default = "min_requests")]
    pub min_requests: u32,
    /// Milliseconds that the step lasts at least, as a string; absent: as long as the analysis takes.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub min_ms: Option<Millis>,
    /// Milliseconds after which a step that has not passed is inconclusive, as a string; absent: it waits for as many
    /// requests as it takes.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub max_ms: Option<Millis>,
    /// Whether the step waits for `advance_rollout` once the analysis has passed.
    #[serde(default)]
    pub gate: bool,
    /// Requests that run a second time on the new revision once they are answered. Nobody gets its answers: they are
    /// compared with those that callers got. Absent: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirror: Option<MirrorConfig>,
    /// Replicas of both revisions in each process while the step lasts. It passes once they are there, without evidence that
    /// the new revision is no worse; evidence that it is ends the rollout all the same. Absent: as many as the deployment has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<ReplicaCounts>,
    /// Requests that were recorded, which run on the new revision: their answers are compared with those of the one that
    /// serves. A step that replays has the weight 0 and mirrors nothing. Absent: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replay: Option<ReplayConfig>,
}

/// Which recorded requests run on the new revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayConfig {
    /// How many at most, the newest first, 1 to 10000. Default 1000.
    #[serde(default = "replay_requests")]
    pub requests: u32,
}

/// Which requests run in the shadow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MirrorConfig {
    /// Their share, in basis points, 1 to 10000.
    pub share: u32,
}

/// A figure that the host records, which must not get worse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RolloutMetric {
    /// Name of the outcome, as `record_outcomes` says it.
    pub name: String,
    /// Which way is better.
    pub goal: Goal,
    /// How much worse its mean may be on the new revision, above 0, in units of the metric.
    pub margin: f64,
}

/// What is compared between the new revision and the one that serves, and how surely.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnalysisConfig {
    /// Probability, over the whole rollout and however often it is looked at, that a revision which is no worse is
    /// aborted; and likewise that one which is worse by more than the margins passes. 0.0001 to 0.5, default 0.05.
    #[serde(default = "level")]
    pub level: f64,
    /// Share of requests, 0 to 1, that the new revision may fail beyond the share that the old one fails. Default 0.01.
    #[serde(default = "error_margin")]
    pub error_margin: f64,
    /// Factor, above 1, by which the new revision's latency (geometric mean) may exceed that of the old one. Default 1.2.
    #[serde(default = "latency_ratio")]
    pub latency_ratio: f64,
    /// Share of the answers in the shadow, above 0 and below 1, that may differ from those that callers got: by the class that
    /// comes first where the version has labels, else by numbers beyond the tolerance. Absent: differences are counted, and
    /// decide nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_differing: Option<f64>,
    /// How far numbers of an answer in the shadow may be off; absent: as far as those of two engines, a thousandth of the
    /// largest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Tolerance>,
    /// Figures that the host records for the requests of both revisions, at most 8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<RolloutMetric>,
    /// Factor, above 1, by which the time in the engine that one request of the new revision takes (geometric mean) may exceed
    /// that of the old one: what it costs, where latency is what its caller waits. Absent: it decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_ratio: Option<f64>,
    /// How far the answers of the new revision may be distributed otherwise than those of the old one; absent: it decides
    /// nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<DriftConfig>,
}

/// How far answers to callers may move.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DriftConfig {
    /// Of versions with labels: by how much of all answers, above 0 and below 1, the share of any class that comes first may
    /// differ. Default 0.05.
    #[serde(default = "max_class_shift")]
    pub max_class_shift: f64,
    /// Of the others: by how many standard deviations of the old revision's answers, above 0, the mean of an answer's numbers
    /// may differ. Default 0.25.
    #[serde(default = "max_mean_shift")]
    pub max_mean_shift: f64,
}

fn max_class_shift() -> f64 {
    0.05
}

fn max_mean_shift() -> f64 {
    0.25
}

impl Default for DriftConfig {
    fn default() -> Self {
        DriftConfig { max_class_shift: max_class_shift(), max_mean_shift: max_mean_shift() }
    }
}

fn ladder() -> Vec<CanaryStep> {
    [100, 500, 2_500, 5_000].map(CanaryStep::of).to_vec()
}

fn min_requests() -> u32 {
    100
}

fn replay_requests() -> u32 {
    1_000
}

fn level() -> f64 {
    0.05
}

fn error_margin() -> f64 {
    0.01
}

fn latency_ratio() -> f64 {
    1.2
}

impl Default for CanaryConfig {
    fn default() -> Self {
        CanaryConfig { steps: ladder(), analysis: None }
    }
}

impl Default for AnalysisConfig {
    fn default() -> Self {
        AnalysisConfig {
            level: level(),
            error_margin: error_margin(),
            latency_ratio: latency_ratio(),
            max_differing: None,
            tolerance: None,
            metrics: Vec::new(),
            cost_ratio: None,
            drift: None,
        }
    }
}

impl CanaryStep {
    /// A step of a share in basis points, with defaults.
    pub fn of(weight: u32) -> Self {
        CanaryStep {
            weight,
            min_requests: min_requests(),
            min_ms: None,
            max_ms: None,
            gate: false,
            mirror: None,
            replicas: None,
            replay: None,
        }
    }

    /// A step of recorded requests, so many at most, with defaults.
    pub fn of_recorded(requests: u32) -> Self {
        CanaryStep { replay: Some(ReplayConfig { requests }), ..CanaryStep::of(0) }
    }

    /// Whether no caller gets an answer of the new revision in it.
    pub fn is_shadow(&self) -> bool {
        self.mirror.is_some() || self.replay.is_some()
    }

    /// A step in the shadow, of a share of the requests in basis points, with defaults.
    pub fn in_shadow(share: u32) -> Self {
        CanaryStep { mirror: Some(MirrorConfig { share }), ..CanaryStep::of(0) }
    }
}

fn check_range_at(field: &str, replicas: u32) -> Result<()> {
    match (1..=MAX_REPLICAS).contains(&replicas) {
        true => Ok(()),
        false => Err(Error::invalid(field, replicas, format!("1 to {MAX_REPLICAS}"))),
    }
}

impl CanaryConfig {
    /// Checks every figure.
    ///
    /// # Errors
    /// `invalid_argument` that names the field.
    pub fn validate(&self) -> Result<()> {
        if !(1..=MAX_STEPS).contains(&self.steps.len()) {
            let found = format!("{} steps", self.steps.len());
            return Err(Error::invalid("canary/steps", found, format!("1 to {MAX_STEPS}")));
        }
        let mut least = 0;
        for (i, step) in self.steps.iter().enumerate() {
            let at = |field: &str| format!("canary/steps/{i}/{field}");
            match step.mirror {
                Some(MirrorConfig { share }) if !(1..=WHOLE).contains(&share) => {
                    return Err(Error::invalid(at("mirror/share"), share, format!("1 to {WHOLE} basis points")));
                }
                Some(_) if step.weight > 0 => {
                    return Err(Error::invalid(at("weight"), step.weight, "0, or a step that does not mirror"));
                }
                _ => {}
            }
            match step.replay {
                Some(ReplayConfig { requests }) if !(1..=MAX_REPLAYED).contains(&requests) => {
                    return Err(Error::invalid(at("replay/requests"), requests, format!("1 to {MAX_REPLAYED}")));
                }
                Some(_) if step.mirror.is_some() => {
                    return Err(Error::invalid(at("replay"), "beside mirror", "one of mirror and replay"));
                }
                Some(_) if step.weight > 0 => {
                    return Err(Error::invalid(at("weight"), step.weight, "0, or a step that does not replay"));
                }
                // More could never run.
                Some(ReplayConfig { requests }) if step.min_requests > requests => {
                    let allowed = format!("at most replay/requests, which is {requests}");
                    return Err(Error::invalid(at("min_requests"), step.min_requests, allowed));
                }
                _ => {}
            }
            if !step.is_shadow() {
                least = least.max(1);
            }
            if let Some(ReplicaCounts { candidate, baseline }) = step.replicas {
                check_range_at(&at("replicas/candidate"), candidate)?;
                check_range_at(&at("replicas/baseline"), baseline)?;
                if step.is_shadow() {
                    let allowed = "nothing in a step that mirrors or replays";
                    return Err(Error::invalid(at("replicas"), "counts", allowed));
                }
            }
            if !(least..WHOLE).contains(&step.weight) {
                let allowed = format!("{least} to {} basis points", WHOLE - 1);
                return Err(Error::invalid(at("weight"), step.weight, allowed));
            }
            least = step.weight;
            if step.min_requests == 0 {
                return Err(Error::invalid(at("min_requests"), 0, "1 or more"));
            }
            if let (Some(min), Some(max)) = (step.min_ms, step.max_ms)
                && min >= max
            {
                return Err(Error::invalid(at("max_ms"), max, format!("more than min_ms, which is {min}")));
            }
        }
        self.analysis().validate()
    }
}

impl CanaryConfig {
    /// What lets a step pass, and what ends the rollout.
    pub fn analysis(&self) -> AnalysisConfig {
        self.analysis.clone().unwrap_or_default()
    }

    /// One step in the shadow of a tenth of the requests, which goes no further until somebody lets it.
    pub fn shadow() -> Self {
        CanaryConfig { steps: vec![CanaryStep { gate: true, ..CanaryStep::in_shadow(WHOLE / 10) }], analysis: None }
    }

    /// Half of the traffic for each revision, until somebody decides or there is evidence that the new one is worse.
    pub fn split() -> Self {
        CanaryConfig { steps: vec![CanaryStep { gate: true, ..CanaryStep::of(WHOLE / 2) }], analysis: None }
    }

    /// Whether all it does is to replace replicas.
    pub fn is_rolling(&self) -> bool {
        self.steps.iter().all(|step| step.replicas.is_some())
    }

    /// One step of the newest recorded requests, which goes no further until somebody lets it.
    pub fn replay() -> Self {
        let step = CanaryStep { gate: true, ..CanaryStep::of_recorded(replay_requests()) };
        CanaryConfig { steps: vec![step], analysis: None }
    }

    /// Whether no caller gets an answer of the new revision before the end.
    pub fn is_shadow(&self) -> bool {
        self.steps.iter().all(CanaryStep::is_shadow)
    }

    /// Whether it is a shadow that begins with recorded requests.
    pub fn is_replay(&self) -> bool {
        self.is_shadow() && self.steps.first().is_some_and(|step| step.replay.is_some())
    }
}

impl AnalysisConfig {
    /// Kinds of evidence that may end a rollout: failures, latency, what may be asked for beside them, and each metric.
    pub(super) fn kinds(&self) -> f64 {
        let asked = [self.max_differing.is_some(), self.cost_ratio.is_some(), self.drift.is_some()];
        2.0 + asked.into_iter().filter(|asked| *asked).count() as f64 + self.metrics.len() as f64
    }

    fn validate(&self) -> Result<()> {
        let within = |field: &str, value: f64, fits: bool, allowed: &str| match fits {
            true => Ok(()),
            false => Err(Error::invalid(format!("canary/analysis/{field}"), value, allowed)),
        };
        within("level", self.level, (1e-4..=0.5).contains(&self.level), "0.0001 to 0.5")?;
        let margin = self.error_margin;
        within("error_margin", margin, (1e-4..1.0).contains(&margin), "0.0001 to less than 1")?;
        let ratio = self.latency_ratio;
        within("latency_ratio", ratio, ratio.is_finite() && ratio >= 1.001, "1.001 or more")?;
        if let Some(most) = self.max_differing {
            within("max_differing", most, (1e-4..1.0).contains(&most), "0.0001 to less than 1")?;
        }
        if let Some(ratio) = self.cost_ratio {
            within("cost_ratio", ratio, ratio.is_finite() && ratio >= 1.001, "1.001 or more")?;
        }
        if let Some(DriftConfig { max_class_shift: share, max_mean_shift: mean }) = self.drift {
            within("drift/max_class_shift", share, (1e-3..1.0).contains(&share), "0.001 to less than 1")?;
            let fits = mean.is_finite() && mean >= 1e-3;
            within("drift/max_mean_shift", mean, fits, "0.001 or more")?;
        }
        if let Some(tolerance) = &self.tolerance {
            for (field, value) in [("tolerance/rtol", tolerance.rtol), ("tolerance/atol", tolerance.atol)] {
                within(field, value, value.is_finite() && value >= 0.0, "a finite number, 0 or more")?;
            }
        }
        if self.metrics.len() > MAX_METRICS {
            let found = format!("{} metrics", self.metrics.len());
            return Err(Error::invalid("canary/analysis/metrics", found, format!("at most {MAX_METRICS}")));
        }
        for (i, metric) in self.metrics.iter().enumerate() {
            check_name("canary/analysis/metrics/name", &metric.name)?;
            let at = |field: &str| format!("metrics/{i}/{field}");
            if self.metrics.iter().take(i).any(|other| other.name == metric.name) {
                let field = format!("canary/analysis/{}", at("name"));
                return Err(Error::invalid(field, &metric.name, "a name that no other metric has"));
            }
            let margin = metric.margin;
            within(&at("margin"), margin, margin.is_finite() && margin > 0.0, "a finite number above 0")?;
        }
        Ok(())
    }
}
