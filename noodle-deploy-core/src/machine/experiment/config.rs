//! What an experiment compares, by what, and how surely: as somebody asks for it.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::segments;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::machine::shares::WHOLE;
use crate::machine::version::check_name;

/// Arms of an experiment.
pub const MAX_ARMS: usize = 10;
/// Metrics of an experiment.
pub const MAX_METRICS: usize = 16;
/// The outcome that the library records itself: milliseconds of each answered request.
pub const LATENCY: &str = "latency_ms";
/// The outcome that the library records itself: 1 for each request that failed by the arm's fault, 0 for each answered one.
pub const FAILED: &str = "failed";

/// A version that gets a share of the traffic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArmConfig {
    /// Name of the arm.
    pub name: String,
    /// Version or alias; a revision of it has to be up, or has to have served.
    pub version: String,
    /// Share of the callers in basis points. All of them and `holdout` add up to 10000.
    pub weight: u32,
}

/// How a metric comes out of outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetricKind {
    /// Mean of the values.
    Mean,
    /// Share of ones among values that are 0 or 1.
    Proportion,
    /// Sum of the values over the sum of another outcome.
    Ratio,
    /// Quantile of the values.
    Quantile,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// More.
    Increase,
    /// Less.
    Decrease,
}

/// What a metric is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetricRole {
    /// Decides the experiment.
    Primary,
    /// Is shown.
    Secondary,
    /// Stops the traffic of an experiment where an arm is shown to be worse.
    Guardrail,
}

/// Something that is compared between the arms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricConfig {
    /// Name of the metric.
    pub name: String,
    /// How it comes out of outcomes.
    pub kind: MetricKind,
    /// Which way is better.
    pub goal: Goal,
    /// What it is for.
    pub role: MetricRole,
    /// The outcome that it is of; absent: the one of the metric's name. `latency_ms` and `failed` are recorded for every
    /// request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The outcome whose sum a ratio divides by; only with the kind ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
    /// Which quantile, between 0 and 1; only with the kind quantile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantile: Option<f64>,
    /// By how much, relative to the control, an arm may be worse before a guardrail counts it as worse. Default 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
}

/// What the intervals and p-values of an experiment stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// They hold at every moment, however often somebody looks.
    Sequential,
    /// They hold once, when every arm has been met `horizon` times.
    Fixed,
}

/// How p-values of several comparisons are corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// Not at all.
    None,
    /// Times their number.
    Bonferroni,
    /// Step by step, for the same error (Holm 1979).
    Holm,
    /// The share of false discoveries (Benjamini and Hochberg 1995).
    BenjaminiHochberg,
}

/// Who gets which share while an experiment runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Allocation {
    /// The weights as they were asked for.
    Fixed,
    /// The probability that an arm is the best one (Thompson 1933).
    Thompson,
    /// Most to the arm that may be the best one yet (upper confidence bounds, Auer, Cesa-Bianchi and Fischer 2002).
    Ucb,
}

/// How an experiment is judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgementConfig {
    /// What intervals and p-values stand for. Default sequential.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// Probability that a difference is found where there is none. 0.0001 to 0.5, default 0.05.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<f64>,
    /// How p-values of the primary metrics are corrected. Default holm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// How often every arm has to be met for the fixed method, as a string.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub horizon: Option<u64>,
    /// Milliseconds after its start when it stops by itself, as a string; absent: it does not.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub max_ms: Option<Millis>,
    /// Whether it stops by itself once every primary metric is decided. Default false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_early: Option<bool>,
    /// Who gets which share. Default fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocation: Option<Allocation>,
}

/// What an experiment is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct ExperimentConfig {
    /// Its name.
    pub name: String,
    /// The versions that are compared, the control first.
    pub arms: Vec<ArmConfig>,
    /// Share of the callers that take no part, in basis points.
    pub holdout: u32,
    /// What is compared.
    pub metrics: Vec<MetricConfig>,
    /// How it is judged.
    pub judgement: JudgementConfig,
    /// Attributes whose values are looked at by themselves too.
    pub segments: Vec<String>,
}

impl JudgementConfig {
    /// What intervals and p-values stand for.
    pub fn method(&self) -> Method {
        self.method.unwrap_or(Method::Sequential)
    }

    /// Probability of a false finding.
    pub fn level(&self) -> f64 {
        self.level.unwrap_or(0.05)
    }

    /// How p-values are corrected.
    pub fn correction(&self) -> Correction {
        self.correction.unwrap_or(Correction::Holm)
    }

    /// Who gets which share.
    pub fn allocation(&self) -> Allocation {
        self.allocation.unwrap_or(Allocation::Fixed)
    }

    fn validate(&self) -> Result<()> {
        let level = self.level();
        if !(1e-4..=0.5).contains(&level) {
            return Err(Error::invalid("judgement/level", level, "0.0001 to 0.5"));
        }
        match (self.method(), self.horizon) {
            (Method::Fixed, None) => {
                let allowed = "how often every arm has to be met, as the method fixed asks for";
                Err(Error::invalid("judgement/horizon", "nothing", allowed))
            }
            (Method::Fixed, Some(0)) => Err(Error::invalid("judgement/horizon", 0, "1 or more")),
            (Method::Sequential, Some(horizon)) => {
                Err(Error::invalid("judgement/horizon", horizon, "nothing, or the method fixed"))
            }
            _ if self.max_ms == Some(0) => Err(Error::invalid("judgement/max_ms", 0, "1 or more")),
            (Method::Fixed, _) if self.allocation() != Allocation::Fixed => {
                Err(Error::invalid("judgement/allocation", "adaptive", "fixed, or the method sequential"))
            }
            _ => Ok(()),
        }
    }
}

impl MetricConfig {
    /// The outcome that it is of.
    pub fn outcome(&self) -> &str {
        self.outcome.as_deref().unwrap_or(&self.name)
    }

    fn validate(&self, at: &str) -> Result<()> {
        check_name("metrics/name", &self.name)?;
        check_name("metrics/outcome", self.outcome())?;
        let at = |field: &str| format!("{at}/{field}");
        match (self.kind, &self.per) {
            (MetricKind::Ratio, None) => {
                return Err(Error::invalid(at("per"), "nothing", "the outcome that a ratio divides by"));
            }
            (MetricKind::Ratio, Some(per)) => check_name("metrics/per", per)?,
            (_, Some(per)) => return Err(Error::invalid(at("per"), per, "nothing, or the kind ratio")),
            (_, None) => {}
        }
        match (self.kind, self.quantile) {
            (MetricKind::Quantile, Some(q)) if 0.0 < q && q < 1.0 => {}
            (MetricKind::Quantile, Some(q)) => return Err(Error::invalid(at("quantile"), q, "between 0 and 1")),
            (MetricKind::Quantile, None) => {
                return Err(Error::invalid(at("quantile"), "nothing", "which quantile, between 0 and 1"));
            }
            (_, Some(q)) => return Err(Error::invalid(at("quantile"), q, "nothing, or the kind quantile")),
            (_, None) => {}
        }
        let built_in = |name: &str| [LATENCY, FAILED].contains(&name);
        let fits = match self.outcome() {
            LATENCY => matches!(self.kind, MetricKind::Mean | MetricKind::Quantile),
            FAILED => self.kind == MetricKind::Proportion,
            _ => !self.per.as_deref().is_some_and(built_in),
        };
        if !fits {
            let allowed = "latency_ms as a mean or a quantile, failed as a proportion";
            return Err(Error::invalid(at("kind"), format!("{:?}", self.kind).to_lowercase(), allowed));
        }
        match self.margin {
            Some(margin) if self.role != MetricRole::Guardrail => {
                Err(Error::invalid(at("margin"), margin, "nothing, or the role guardrail"))
            }
            Some(margin) if !(0.0..=10.0).contains(&margin) => Err(Error::invalid(at("margin"), margin, "0 to 10")),
            _ => Ok(()),
        }
    }
}

impl ExperimentConfig {
    /// Checks every figure.
    ///
    /// # Errors
    /// `invalid_argument` that names the field.
    pub fn validate(&self) -> Result<()> {
        check_name("name", &self.name)?;
        if !(2..=MAX_ARMS).contains(&self.arms.len()) {
            return Err(Error::invalid("arms", format!("{} arms", self.arms.len()), format!("2 to {MAX_ARMS}")));
        }
        let mut names = BTreeSet::new();
        for (i, arm) in self.arms.iter().enumerate() {
            check_name("arms/name", &arm.name)?;
            if !names.insert(&arm.name) {
                return Err(Error::invalid(format!("arms/{i}/name"), &arm.name, "a name that no other arm has"));
            }
            if arm.weight == 0 {
                return Err(Error::invalid(format!("arms/{i}/weight"), 0, "1 or more"));
            }
        }
        let sum: u64 = self.arms.iter().map(|arm| u64::from(arm.weight)).sum::<u64>() + u64::from(self.holdout);
        if sum != u64::from(WHOLE) {
            let found = format!("{sum} with a holdout of {}", self.holdout);
            return Err(Error::invalid("arms/weight", found, format!("basis points that add up to {WHOLE}")));
        }
        if !(1..=MAX_METRICS).contains(&self.metrics.len()) {
            let found = format!("{} metrics", self.metrics.len());
            return Err(Error::invalid("metrics", found, format!("1 to {MAX_METRICS}")));
        }
        let mut names = BTreeSet::new();
        for (i, metric) in self.metrics.iter().enumerate() {
            metric.validate(&format!("metrics/{i}"))?;
            if !names.insert(&metric.name) {
                let allowed = "a name that no other metric has";
                return Err(Error::invalid(format!("metrics/{i}/name"), &metric.name, allowed));
            }
        }
        if !self.metrics.iter().any(|metric| metric.role == MetricRole::Primary) {
            return Err(Error::invalid("metrics/role", "no primary", "at least one metric that decides"));
        }
        segments::validate(self)?;
        self.judgement.validate()
    }
}
