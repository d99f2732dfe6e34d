//! What the machine remembers. Its size depends on the windows of the policy, not on how long it runs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bursts::Bursts;
use super::observation::{Observation, clean, measured};
use super::policy::AutoscalePolicy;
use super::recommendation::Figures;
use crate::clock::Millis;

/// Weight of the newest start-up time in its mean.
const START_UP_WEIGHT: f64 = 0.3;
/// A start that takes longer has failed.
const HOUR_MS: f64 = 3_600_000.0;
/// Slices of the down-stabilisation window.
const SLICES: u64 = 30;
/// The correction at most, what it gains in a second while the objective is missed, and the time in which it goes.
const MOST_CORRECTION: f64 = 1.5;
const CORRECTION_GAIN_PER_S: f64 = 0.01;
const CORRECTION_DECAY_MS: f64 = 600_000.0;

/// What [`decide`](super::decide) remembers between two calls; begin with `AutoscaleState::default()`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AutoscaleState {
    /// Time that passed, which no clock set back can shorten.
    pub(super) elapsed_ms: u64,
    last: Option<Last>,
    /// Arrivals of intervals in which no time passed.
    carried: Flow,
    /// History of the stable window, oldest first.
    pub(super) buckets: Vec<Bucket>,
    /// The largest need in each slice of the down-stabilisation window, oldest first.
    pub(super) needs: Vec<Need>,
    /// When panic ends.
    pub(super) panic_until_ms: Option<u64>,
    /// When the number of replicas changed last.
    pub(super) changed_ms: Option<u64>,
    /// Shares of the rate limits that are used up.
    pub(super) up_used: f64,
    pub(super) down_used: f64,
    start_up_ms: Option<f64>,
    service_ms: Option<f64>,
    service_quantile_ms: Option<f64>,
    correction: f64,
    busy_ms: Option<u64>,
    pub(super) bursts: Bursts,
    pub(super) vertical: Vertical,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Last {
    now: Millis,
    replicas: u32,
}

/// What went through in some time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Flow {
    pub arrivals: f64,
    pub completions: f64,
    /// Sum of the service times of the completions.
    pub service_ms: f64,
    pub in_flight_ms: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Bucket {
    pub end_ms: u64,
    pub covered_ms: u64,
    pub flow: Flow,
    /// Replicas that were needed at its end.
    pub need: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Need {
    /// Number of the slice.
    pub slice: u64,
    pub replicas: u32,
}

/// What vertical scaling remembers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Vertical {
    pub changed_ms: Option<u64>,
    pub seen: Option<Sizes>,
    /// Most memory in use in this stable window and in the one before.
    pub peaks: [u64; 2],
    pub peak_window: u64,
    /// Batches that were full, and requests that waited, one after another, in milliseconds.
    pub full_ms: u64,
    pub slow_ms: u64,
    pub brisk_ms: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Sizes {
    pub threads: Option<u32>,
    pub batch_limit: Option<u32>,
    pub memory_limit_bytes: Option<u64>,
}

impl Flow {
    fn plus(self, other: Flow) -> Flow {
        Flow {
            arrivals: clean(self.arrivals + other.arrivals),
            completions: clean(self.completions + other.completions),
            service_ms: clean(self.service_ms + other.service_ms),
            in_flight_ms: clean(self.in_flight_ms + other.in_flight_ms),
        }
    }
}

impl AutoscaleState {
    /// Takes an observation in, and says how much time passed since the one before.
    pub(super) fn observe(&mut self, policy: &AutoscalePolicy, seen: &Observation) -> u64 {
        let passed_ms = self.last.map_or(0, |last| seen.now.saturating_sub(last.now));
        self.elapsed_ms = self.elapsed_ms.saturating_add(passed_ms);
        self.take_flow(policy, seen, passed_ms);
        self.take_change(policy, seen, passed_ms);
        if let Some(ms) = measured(seen.start_up_ms) {
            let mean = self.start_up_ms.map_or(ms, |mean| mean + START_UP_WEIGHT * (ms - mean));
            self.start_up_ms = Some(mean);
        }
        if let Some(ms) = measured(seen.service_quantile_ms) {
            let weight = (passed_ms as f64 / policy.stable_window_ms.max(1) as f64).clamp(0.02, 1.0);
            self.service_quantile_ms = Some(self.service_quantile_ms.map_or(ms, |mean| mean + weight * (ms - mean)));
        }
        let busy = seen.arrivals > 0 || seen.queued > 0 || clean(seen.in_flight) > 0.0;
        if busy || self.busy_ms.is_none() {
            self.busy_ms = Some(self.elapsed_ms);
        }
        self.last = Some(Last { now: seen.now, replicas: seen.ready.saturating_add(seen.starting) });
        passed_ms
    }

    fn take_flow(&mut self, policy: &AutoscalePolicy, seen: &Observation, passed_ms: u64) {
        let completions = if measured(seen.service_ms).is_some() { seen.completions as f64 } else { 0.0 };
        let flow = Flow {
            arrivals: seen.arrivals as f64,
            completions,
            service_ms: completions * measured(seen.service_ms).unwrap_or(0.0),
            in_flight_ms: clean(seen.in_flight) * passed_ms as f64,
        };
        if passed_ms == 0 {
            // Two calls at one moment are one interval. After the first call, or with a clock that was set back, nobody
            // knows how long the interval was, and nothing can be said of its rates.
            let at_once = self.last.is_some_and(|last| last.now == seen.now);
            self.carried = if at_once { self.carried.plus(flow) } else { Flow::default() };
            return;
        }
        let flow = flow.plus(std::mem::take(&mut self.carried));
        let width = policy.bucket_ms();
        match self.buckets.last_mut() {
            Some(last) if last.end_ms / width == self.elapsed_ms / width => {
                last.covered_ms = last.covered_ms.saturating_add(passed_ms);
                last.end_ms = self.elapsed_ms;
                last.flow = last.flow.plus(flow);
            }
            _ => self.buckets.push(Bucket { end_ms: self.elapsed_ms, covered_ms: passed_ms, flow, need: 0 }),
        }
        let window = policy.stable_window_ms.max(width);
        let (now, last) = (self.elapsed_ms, self.elapsed_ms / width);
        self.buckets.retain(|b| b.end_ms / width == last || now.saturating_sub(b.end_ms) < window);
        // A policy with a shorter window leaves older buckets of another width behind.
        let most = (window / width) as usize + 2;
        self.buckets.drain(..self.buckets.len().saturating_sub(most));
    }

    fn take_change(&mut self, policy: &AutoscalePolicy, seen: &Observation, passed_ms: u64) {
        let used = |used: f64, period: u64| (used - passed_ms as f64 / period.max(1) as f64).max(0.0);
        self.up_used = used(self.up_used, policy.up.period_ms);
        self.down_used = used(self.down_used, policy.down.period_ms);
        let Some(last) = self.last else { return };
        let replicas = seen.ready.saturating_add(seen.starting);
        if replicas == last.replicas {
            return;
        }
        self.changed_ms = Some(self.elapsed_ms);
        let change = f64::from(replicas.abs_diff(last.replicas));
        if replicas > last.replicas {
            self.up_used = (self.up_used + change / policy.up.budget(last.replicas)).min(1.0);
        } else {
            self.down_used = (self.down_used + change / policy.down.budget(last.replicas)).min(1.0);
        }
    }

    /// Learns from an objective that is missed although the model says that there are enough replicas: traffic may be
    /// burstier, or service times more spread, than the model knows.
    pub(super) fn correct(&mut self, policy: &AutoscalePolicy, seen: &Observation, figures: &Figures, passed_ms: u64) {
        let passed = passed_ms as f64;
        let extra = (self.correction() - 1.0) * (-passed / CORRECTION_DECAY_MS).exp();
        let over = |value: Option<f64>, limit: Option<f64>| matches!((value, limit), (Some(v), Some(l)) if v > l);
        let missed = over(measured(seen.latency_ms), policy.latency.map(|l| l.ms));
        // Replicas help against waiting only, and only those that are there can be judged.
        let waits = over(measured(seen.queue_delay_ms), figures.queue_budget_ms.map(|ms| ms / 2.0));
        let judged = seen.starting == 0 && figures.late.is_some_and(|late| late <= figures.late_allowed);
        let gain = if missed && waits && judged { CORRECTION_GAIN_PER_S * passed / 1_000.0 } else { 0.0 };
        self.correction = (1.0 + extra + gain).min(MOST_CORRECTION);
    }

    /// Factor on demand.
    pub(super) fn correction(&self) -> f64 {
        if self.correction.is_finite() { self.correction.clamp(1.0, MOST_CORRECTION) } else { 1.0 }
    }

    /// Time until a replica that is ordered now is ready.
    pub(super) fn start_up_ms(&self, policy: &AutoscalePolicy) -> f64 {
        self.start_up_ms.map_or(policy.start_up_ms as f64, clean).min(HOUR_MS)
    }

    /// Mean service time when it was known last, which may be long before the stable window.
    pub(super) fn service_ms(&self) -> Option<f64> {
        measured(self.service_ms)
    }

    pub(super) fn remember_service(&mut self, ms: Option<f64>) {
        self.service_ms = ms;
    }

    pub(super) fn service_quantile_ms(&self) -> Option<f64> {
        measured(self.service_quantile_ms)
    }

    /// Time since the last request was seen.
    pub(super) fn idle_ms(&self) -> u64 {
        self.busy_ms.map_or(0, |at| self.elapsed_ms.saturating_sub(at))
    }

    /// Remembers a need, to tell whether it rose faster than replicas start.
    pub(super) fn remember_need(&mut self, policy: &AutoscalePolicy, need: u32, lead_ms: f64) {
        let Some((last, older)) = self.buckets.split_last_mut() else { return };
        last.need = need;
        let span_ms = (lead_ms as u64).saturating_add(policy.panic_window_ms);
        let since = self.elapsed_ms.saturating_sub(span_ms);
        let before = older.iter().filter(|b| b.end_ms >= since).map(|b| b.need).min();
        self.bursts.observe(policy, self.elapsed_ms, need, before.unwrap_or(need), span_ms);
    }

    /// Remembers a need, and says the largest of the window.
    pub(super) fn largest_need(&mut self, window_ms: u64, replicas: u32) -> u32 {
        let width = (window_ms / SLICES).max(1);
        let slice = self.elapsed_ms / width;
        match self.needs.last_mut() {
            Some(last) if last.slice == slice => last.replicas = last.replicas.max(replicas),
            _ => self.needs.push(Need { slice, replicas }),
        }
        self.needs.retain(|n| n.slice <= slice && slice - n.slice <= SLICES);
        if window_ms == 0 {
            self.needs.clear();
            return replicas;
        }
        self.needs.iter().map(|n| n.replicas).max().unwrap_or(replicas)
    }
}
