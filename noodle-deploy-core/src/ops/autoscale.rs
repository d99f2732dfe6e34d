//! Operations on automatic capacity.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Operation, Role};
use crate::clock::Millis;
use crate::control::CallContext;
use crate::error::Result;
pub use crate::machine::autoscale::{AutoscaleConfig, LatencyObjective, VerticalConfig};
use crate::noodle::Noodle;

/// Switches autoscaling of a deployment on, changes it, or switches it off.
pub struct SetAutoscale;

/// Input of [`SetAutoscale`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAutoscaleInput {
    /// The deployment.
    pub deployment: String,
    /// How it scales; absent switches it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autoscale: Option<AutoscaleConfig>,
}

/// How a deployment scales, and what was recommended last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AutoscaleView {
    /// The deployment.
    pub deployment: String,
    /// Replicas wanted in each process.
    pub replicas: u32,
    /// How it scales; absent where it does not by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autoscale: Option<AutoscaleConfig>,
    /// The last recommendation; absent before the first, and in processes that do not decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<ScaleRecommendation>,
}

/// What should be done about the number of replicas, and the figures behind it, of the busiest process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScaleRecommendation {
    /// When it was made, in milliseconds since 1970, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub at: Millis,
    /// Replicas that there should be in each process.
    pub desired: u32,
    /// Replicas that there are.
    pub current: u32,
    /// Whether the number is changed: it differs, and this is no dry run.
    pub act: bool,
    /// The signal that called for the most replicas: `in_flight`, `queue_delay`, `latency`, `backlog`, `forecast`,
    /// `idle`, `first_arrival` or `no_demand`.
    pub reason: String,
    /// What kept the number from being what was called for, in the order in which it did: `floor`, `ceiling`,
    /// `tolerance`, `stabilisation`, `recurrence`, `backlog`, `panic`, `cooldown`, `rate`.
    pub limits: Vec<String>,
    /// Requests in a second, now.
    pub arrivals_per_s: f64,
    /// Requests in a second that are reckoned with.
    pub expected_per_s: f64,
    /// Mean time on a replica, once it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_ms: Option<f64>,
    /// Requests that would be in flight if none waited.
    pub offered: f64,
    /// Requests that a replica should have in flight.
    pub target_in_flight: f64,
    /// Time that requests may wait, where it is bounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue_budget_ms: Option<f64>,
    /// Share of requests that wait longer with the replicas that there are, by the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<f64>,
    /// Share of requests that may.
    pub late_allowed: f64,
    /// Whether the time on a replica alone misses the objective, so that no number of replicas meets it.
    pub unreachable: bool,
    /// Time until a replica that is ordered now serves.
    pub lead_ms: f64,
    /// Whether nothing is removed, since need rose suddenly.
    pub panic: bool,
    /// How replicas themselves should change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vertical: Vec<SizeChange>,
}

/// A change of the replicas themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SizeChange {
    /// `threads` of one request, or `batch`: rows of one batch at most.
    pub what: String,
    /// What it is.
    pub from: u32,
    /// What it should be.
    pub to: u32,
    /// What calls for it: `bounds`, `service` or `waiting`.
    pub reason: String,
}

impl Operation for SetAutoscale {
    const NAME: &'static str = "set_autoscale";
    const SUMMARY: &'static str = "Switches autoscaling of a deployment on, changes it, or switches it off.";
    const ROLE: Role = Role::Operator;
    const MUTATES: bool = true;
    type Input = SetAutoscaleInput;
    type Output = AutoscaleView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.optimizer().set_autoscale(context, input)
    }
}

/// Shows how a deployment scales.
pub struct GetAutoscale;

/// Input of [`GetAutoscale`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetAutoscaleInput {
    /// The deployment.
    pub deployment: String,
}

impl Operation for GetAutoscale {
    const NAME: &'static str = "get_autoscale";
    const SUMMARY: &'static str = "Shows how a deployment scales, and the last recommendation with its figures.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = GetAutoscaleInput;
    type Output = AutoscaleView;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.optimizer().autoscale(&input.deployment)
    }
}
