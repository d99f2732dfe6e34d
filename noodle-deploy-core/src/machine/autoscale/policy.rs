//! What an operator wants of the autoscaler.

use std::fmt::Display;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::machine::deployment::{MAX_REPLICAS, MAX_THREADS};

/// An hour: no window or wait is longer.
const HOUR: u64 = 3_600_000;
/// Panic windows in a stable window at most; bounds what the machine remembers.
const MAX_WINDOWS: u64 = 300;
/// Batches larger than this are no batches.
const MAX_BATCH: u32 = 4_096;

/// When a deployment gets more replicas, or fewer. [`AutoscalePolicy::default`] suits a model behind a latency
/// objective that the host has yet to name.
///
/// Times are in milliseconds, sizes in bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AutoscalePolicy {
    /// Replicas at least; 0 lets an idle deployment go to zero. Default 1.
    pub min_replicas: u32,
    /// Replicas at most, 1 to 1024. Default 16.
    pub max_replicas: u32,
    /// Time without a request after which a deployment with `min_replicas` 0 goes to zero. Default 300 000.
    pub idle_ms: u64,
    /// Requests that a replica should have in flight on average; more than it works on at once counts as that many.
    /// Default none: 85 % of what it works on at once.
    pub target_in_flight: Option<f64>,
    /// Time that requests should wait for a replica at most, at the quantile of the objective. Default none: what the
    /// objective leaves beside the service time.
    pub target_queue_delay_ms: Option<f64>,
    /// What latency is promised. Default none.
    pub latency: Option<LatencyObjective>,
    /// The longest look back: how much history may stand behind an estimate of demand. Default 60 000.
    pub stable_window_ms: u64,
    /// The shortest look back, for sudden changes. Default 2 000.
    pub panic_window_ms: u64,
    /// Need over ready replicas at which panic begins: nothing is removed and no cooldown delays an addition. Default 2.
    pub panic_threshold: f64,
    /// Share by which demand may grow before a removal would be regretted; a removal that does not leave it is not made.
    /// Default 0.1.
    pub tolerance: f64,
    /// Additions at most. Default 900 % or 16 replicas in 15 s, whichever is more.
    pub up: RateLimit,
    /// Removals at most. Default 100 % in 15 s: the stabilisation slows them.
    pub down: RateLimit,
    /// Time for which the need has to stay low before replicas go. Default 60 000.
    pub down_stabilisation_ms: u64,
    /// Time for which replicas are kept at most for a burst that is expected back; 0 keeps none. Default 300 000.
    pub burst_hold_ms: u64,
    /// Time after any change before the next addition. Default 0.
    pub cooldown_up_ms: u64,
    /// Time after any change before the next removal. Default 0.
    pub cooldown_down_ms: u64,
    /// Time in which requests that piled up should be worked off once new replicas are there. Default 1 000.
    pub drain_ms: u64,
    /// Time until a new replica is ready, as long as none was measured. Default 5 000.
    pub start_up_ms: u64,
    /// Whether recommendations are only recorded. Default false.
    pub dry_run: bool,
    /// Bounds within which a replica itself may grow and shrink while it serves. Default none: it does not.
    pub vertical: Option<VerticalBounds>,
}

/// A promise about latency: at `quantile`, requests take `ms` or less.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LatencyObjective {
    /// Share of the requests, 0.5 to 0.9999.
    pub quantile: f64,
    /// Time from arrival to answer.
    pub ms: f64,
}

/// How much may change in a period: the larger of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Percent of the replicas.
    pub percent: u32,
    /// Replicas.
    pub replicas: u32,
    /// The period.
    pub period_ms: u64,
}

/// Bounds of vertical scaling; what is absent does not change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VerticalBounds {
    /// Threads of one request.
    pub threads: Option<Span>,
    /// Requests in one batch.
    pub batch: Option<Span>,
    /// Memory of the deployment.
    pub memory: Option<ByteRange>,
    /// Time after a vertical change before the next one; at least a stable window counts. Default 60 000.
    pub cooldown_ms: u64,
}

/// From `min` to `max`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The least.
    pub min: u32,
    /// The most.
    pub max: u32,
}

/// From `min` to `max` bytes, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByteRange {
    /// The least.
    pub min: u64,
    /// The most.
    pub max: u64,
}

impl Default for AutoscalePolicy {
    fn default() -> Self {
        AutoscalePolicy {
            min_replicas: 1,
            max_replicas: 16,
            idle_ms: 300_000,
            target_in_flight: None,
            target_queue_delay_ms: None,
            latency: None,
            stable_window_ms: 60_000,
            panic_window_ms: 2_000,
            panic_threshold: 2.0,
            tolerance: 0.1,
            up: RateLimit { percent: 900, replicas: 16, period_ms: 15_000 },
            down: RateLimit { percent: 100, replicas: 4, period_ms: 15_000 },
            down_stabilisation_ms: 60_000,
            burst_hold_ms: 300_000,
            cooldown_up_ms: 0,
            cooldown_down_ms: 0,
            drain_ms: 1_000,
            start_up_ms: 5_000,
            dry_run: false,
            vertical: None,
        }
    }
}

impl Default for VerticalBounds {
    fn default() -> Self {
        VerticalBounds { threads: None, batch: None, memory: None, cooldown_ms: 60_000 }
    }
}

fn within<T: PartialOrd + Display>(field: &'static str, value: T, least: T, most: T) -> Result<()> {
    if value >= least && value <= most {
        return Ok(());
    }
    Err(Error::invalid(field, value, format!("{least} to {most}")))
}

/// Refuses what is not a number, too.
fn positive(field: &'static str, value: f64) -> Result<()> {
    within(field, value, 0.001, 1e9)
}

fn ordered<T: PartialOrd + Display>(field: &'static str, min: T, max: T) -> Result<()> {
    if min <= max { Ok(()) } else { Err(Error::invalid(field, min, format!("at most max, {max}"))) }
}

impl RateLimit {
    /// The fields in their order, since errors name them.
    fn check(&self, fields: [&'static str; 3], percent: u32) -> Result<()> {
        within(fields[0], self.percent, 0, percent)?;
        within(fields[1], self.replicas, 0, MAX_REPLICAS)?;
        within(fields[2], self.period_ms, 1_000, HOUR)?;
        if self.percent == 0 && self.replicas == 0 {
            return Err(Error::invalid(fields[1], 0, format!("1 or more, or {} 1 or more", fields[0])));
        }
        Ok(())
    }

    /// Replicas that may change in a period, from `current`; never none, or nothing would ever move.
    pub(super) fn budget(&self, current: u32) -> f64 {
        let share = (u64::from(current) * u64::from(self.percent)).div_ceil(100);
        share.max(u64::from(self.replicas)).max(1) as f64
    }
}

impl VerticalBounds {
    fn check(&self) -> Result<()> {
        if self.threads.is_none() && self.batch.is_none() && self.memory.is_none() {
            return Err(Error::invalid("vertical", "{}", "threads, batch or memory"));
        }
        if let Some(Span { min, max }) = self.threads {
            within("vertical.threads.min", min, 1, MAX_THREADS)?;
            within("vertical.threads.max", max, 1, MAX_THREADS)?;
            ordered("vertical.threads.min", min, max)?;
        }
        if let Some(Span { min, max }) = self.batch {
            within("vertical.batch.min", min, 1, MAX_BATCH)?;
            within("vertical.batch.max", max, 1, MAX_BATCH)?;
            ordered("vertical.batch.min", min, max)?;
        }
        if let Some(ByteRange { min, max }) = self.memory {
            within("vertical.memory.min", min, 1, u64::MAX)?;
            ordered("vertical.memory.min", min, max)?;
        }
        within("vertical.cooldown_ms", self.cooldown_ms, 1_000, HOUR)
    }
}

impl AutoscalePolicy {
    /// Checks every field against its range, and fields against each other.
    ///
    /// # Errors
    /// `invalid_argument` with the field, its value and what is allowed.
    pub fn validate(&self) -> Result<()> {
        within("max_replicas", self.max_replicas, 1, MAX_REPLICAS)?;
        within("min_replicas", self.min_replicas, 0, self.max_replicas)?;
        self.check_targets()?;
        self.check_windows()?;
        self.up.check(["up.percent", "up.replicas", "up.period_ms"], 100_000)?;
        self.down.check(["down.percent", "down.replicas", "down.period_ms"], 100)?;
        self.vertical.as_ref().map_or(Ok(()), VerticalBounds::check)
    }

    fn check_targets(&self) -> Result<()> {
        self.target_in_flight.map_or(Ok(()), |n| positive("target_in_flight", n))?;
        if let Some(LatencyObjective { quantile, ms }) = self.latency {
            within("latency.quantile", quantile, 0.5, 0.9999)?;
            positive("latency.ms", ms)?;
        }
        let Some(delay) = self.target_queue_delay_ms else { return Ok(()) };
        positive("target_queue_delay_ms", delay)?;
        match self.latency {
            Some(LatencyObjective { ms, .. }) if delay >= ms => {
                Err(Error::invalid("target_queue_delay_ms", delay, format!("less than latency.ms, {ms}")))
            }
            _ => Ok(()),
        }
    }

    fn check_windows(&self) -> Result<()> {
        within("stable_window_ms", self.stable_window_ms, 1_000, HOUR)?;
        let (least, most) = ((self.stable_window_ms / MAX_WINDOWS).max(100), self.stable_window_ms / 2);
        within("panic_window_ms", self.panic_window_ms, least, most)?;
        within("tolerance", self.tolerance, 0.0, 0.5)?;
        within("panic_threshold", self.panic_threshold, 1.1, 1_000.0)?;
        if self.panic_threshold <= 1.0 + self.tolerance {
            let allowed = format!("more than 1 + tolerance, {}", 1.0 + self.tolerance);
            return Err(Error::invalid("panic_threshold", self.panic_threshold, allowed));
        }
        // An idle time within the window of a burst would remove what the burst is about to use.
        let least = if self.min_replicas == 0 { self.panic_window_ms } else { 0 };
        within("idle_ms", self.idle_ms, least, 24 * HOUR)?;
        within("down_stabilisation_ms", self.down_stabilisation_ms, 0, HOUR)?;
        within("burst_hold_ms", self.burst_hold_ms, 0, HOUR)?;
        within("cooldown_up_ms", self.cooldown_up_ms, 0, HOUR)?;
        within("cooldown_down_ms", self.cooldown_down_ms, 0, HOUR)?;
        within("drain_ms", self.drain_ms, 100, HOUR)?;
        within("start_up_ms", self.start_up_ms, 0, HOUR)
    }

    /// The most, whatever the policy says.
    pub(super) fn ceiling(&self) -> u32 {
        self.max_replicas.clamp(1, MAX_REPLICAS)
    }

    /// The least while there is demand.
    pub(super) fn floor(&self) -> u32 {
        self.min_replicas.clamp(1, self.ceiling())
    }

    /// The width of one bucket of history.
    pub(super) fn bucket_ms(&self) -> u64 {
        (self.panic_window_ms / 2).max(self.stable_window_ms / (2 * MAX_WINDOWS)).max(50)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_policy_is_valid_and_json_may_leave_fields_out() {
        AutoscalePolicy::default().validate().unwrap();
        let json = serde_json::json!({ "max_replicas": 4, "latency": { "quantile": 0.99, "ms": 50.0 } });
        let policy: AutoscalePolicy = serde_json::from_value(json).unwrap();
        assert_eq!((policy.max_replicas, policy.min_replicas), (4, 1));
        let back = serde_json::from_value(serde_json::to_value(&policy).unwrap()).unwrap();
        assert_eq!(policy, back);
        serde_json::from_value::<AutoscalePolicy>(serde_json::json!({ "max_replica": 4 })).unwrap_err();
    }

    #[test]
    fn what_does_not_fit_is_refused_by_name() {
        let refused = |field: &str, change: &dyn Fn(&mut AutoscalePolicy)| {
            let mut policy = AutoscalePolicy::default();
            change(&mut policy);
            let error = policy.validate().unwrap_err();
            assert_eq!(error.get("field"), Some(field));
            assert!(error.get("value").is_some() && error.get("allowed").is_some(), "{error}");
        };
        refused("max_replicas", &|p| p.max_replicas = 0);
        refused("max_replicas", &|p| p.max_replicas = MAX_REPLICAS + 1);
        refused("min_replicas", &|p| p.min_replicas = p.max_replicas + 1);
        refused("target_in_flight", &|p| p.target_in_flight = Some(f64::NAN));
        refused("target_in_flight", &|p| p.target_in_flight = Some(0.0));
        refused("latency.quantile", &|p| p.latency = Some(LatencyObjective { quantile: 1.0, ms: 10.0 }));
        refused("latency.ms", &|p| p.latency = Some(LatencyObjective { quantile: 0.9, ms: f64::INFINITY }));
        refused("target_queue_delay_ms", &|p| {
            p.latency = Some(LatencyObjective { quantile: 0.9, ms: 100.0 });
            p.target_queue_delay_ms = Some(100.0);
        });
        refused("stable_window_ms", &|p| p.stable_window_ms = 10);
        refused("panic_window_ms", &|p| p.panic_window_ms = p.stable_window_ms);
        refused("panic_window_ms", &|p| p.stable_window_ms = HOUR);
        refused("tolerance", &|p| p.tolerance = -0.1);
        refused("tolerance", &|p| p.tolerance = f64::NAN);
        refused("panic_threshold", &|p| p.panic_threshold = 1.0);
        refused("panic_threshold", &|p| (p.panic_threshold, p.tolerance) = (1.4, 0.4));
        refused("idle_ms", &|p| (p.min_replicas, p.idle_ms) = (0, 10));
        refused("down_stabilisation_ms", &|p| p.down_stabilisation_ms = HOUR + 1);
        refused("up.replicas", &|p| p.up = RateLimit { percent: 0, replicas: 0, period_ms: 1_000 });
        refused("down.percent", &|p| p.down.percent = 101);
        refused("up.period_ms", &|p| p.up.period_ms = 0);
        refused("vertical", &|p| p.vertical = Some(VerticalBounds::default()));
        let vertical = |threads, batch, memory| {
            move |p: &mut AutoscalePolicy| {
                p.vertical = Some(VerticalBounds { threads, batch, memory, ..VerticalBounds::default() });
            }
        };
        refused("vertical.threads.min", &vertical(Some(Span { min: 4, max: 2 }), None, None));
        refused("vertical.threads.max", &vertical(Some(Span { min: 1, max: MAX_THREADS + 1 }), None, None));
        refused("vertical.batch.min", &vertical(None, Some(Span { min: 0, max: 2 }), None));
        refused("vertical.memory.min", &vertical(None, None, Some(ByteRange { min: 2, max: 1 })));
    }
}
