//! What the machine is told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Millis;

/// What was seen of a deployment since the observation before. A figure that was not measured is absent, not 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Observation {
    /// Now.
    pub now: Millis,
    /// Replicas that serve.
    pub ready: u32,
    /// Replicas that were ordered and do not serve yet.
    pub starting: u32,
    /// Requests that one replica works on at once.
    pub slots: u32,
    /// Requests that arrived, refused ones included.
    pub arrivals: u64,
    /// Requests that ended.
    pub completions: u64,
    /// Requests in flight, mean of the interval, waiting ones included.
    pub in_flight: f64,
    /// Requests that wait now.
    pub queued: u64,
    /// Time that a request spent on a replica, mean of the interval.
    pub service_ms: Option<f64>,
    /// The same at the quantile of the objective.
    pub service_quantile_ms: Option<f64>,
    /// Time that a request waited, at the quantile of the objective.
    pub queue_delay_ms: Option<f64>,
    /// Time from arrival to answer, at the quantile of the objective.
    pub latency_ms: Option<f64>,
    /// Share of the slots that were busy, 0 to 1.
    pub utilisation: Option<f64>,
    /// Time until the replica that became ready last was ready.
    pub start_up_ms: Option<f64>,
    /// Threads of one request.
    pub threads: Option<u32>,
    /// Requests in one batch at most.
    pub batch_limit: Option<u32>,
    /// Requests in one batch, mean of the interval.
    pub batch_size: Option<f64>,
    /// Memory in use.
    pub memory_used_bytes: Option<u64>,
    /// Memory that may be used.
    pub memory_limit_bytes: Option<u64>,
}

/// What somebody expects. It adds replicas ahead of demand and never removes one, so that a bad forecast costs
/// replicas, not the objective.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Forecast {
    /// The moment that it is about.
    pub at: Millis,
    /// Time around that moment in which it holds.
    pub spread_ms: u64,
    /// Requests in a second; take the quantile that should be safe.
    pub arrivals_per_s: f64,
}

impl Forecast {
    /// Whether it speaks of the moment at which a replica that is ordered now would be ready, or of the time until then.
    pub(super) fn covers(&self, now: Millis, lead_ms: f64) -> bool {
        let until = now.saturating_add(lead_ms as u64);
        self.at.saturating_add(self.spread_ms) >= now && self.at.saturating_sub(self.spread_ms) <= until
    }
}

/// A figure that can be reckoned with: neither negative, nor infinite, nor no number.
pub(super) fn clean(value: f64) -> f64 {
    if value.is_finite() { value.clamp(0.0, 1e12) } else { 0.0 }
}

/// A figure that was measured and can be reckoned with.
pub(super) fn measured(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.is_finite() && *v > 0.0).map(clean)
}
