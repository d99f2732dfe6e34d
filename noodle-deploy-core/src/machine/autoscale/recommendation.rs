//! What the machine answers, with the figures behind it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What should be done, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recommendation {
    /// Replicas that there should be.
    pub desired: u32,
    /// Replicas that there are, starting ones included.
    pub current: u32,
    /// Whether the number is to be changed: it differs, and this is no dry run.
    pub act: bool,
    /// What called for so many.
    pub reason: Reason,
    /// What kept the number from being what was called for, in the order in which it did.
    pub limits: Vec<Limit>,
    /// What was reckoned with.
    pub figures: Figures,
    /// Changes of the replicas themselves.
    pub vertical: Vec<VerticalChange>,
    /// Whether these are to be made.
    pub act_vertically: bool,
}

/// The signal that called for the most replicas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "signal", rename_all = "snake_case")]
pub enum Reason {
    /// Requests in flight, as arrivals times service time tell them.
    InFlight {
        /// Requests that would be in flight if none waited.
        offered: f64,
        /// How many a replica should have.
        target: f64,
        /// The window behind the figure.
        window_ms: u64,
        /// Replicas that this takes.
        replicas: u32,
    },
    /// Too many requests would wait too long.
    QueueDelay {
        /// Share of requests that would with the replicas that are ready.
        late: f64,
        /// Share that may.
        allowed: f64,
        /// Time that a request may wait.
        target_ms: f64,
        /// The window behind the figure.
        window_ms: u64,
        /// Replicas that this takes.
        replicas: u32,
    },
    /// As `queue_delay`, on a demand that was raised because the objective was missed.
    Latency {
        /// Latency at the quantile of the objective, where it was measured.
        latency_ms: Option<f64>,
        /// The objective.
        target_ms: f64,
        /// Factor on the demand.
        correction: f64,
        /// The window behind the figure.
        window_ms: u64,
        /// Replicas that this takes.
        replicas: u32,
    },
    /// Requests piled up.
    Backlog {
        /// Requests that wait.
        queued: u64,
        /// Requests that will wait when new replicas are ready.
        expected: f64,
        /// Time in which they should be worked off.
        target_ms: f64,
        /// Replicas that this takes.
        replicas: u32,
    },
    /// A forecast.
    Forecast {
        /// Requests in a second that it expects.
        arrivals_per_s: f64,
        /// Requests in a second that are measured.
        measured_per_s: f64,
        /// Replicas that this takes.
        replicas: u32,
    },
    /// No request for the idle time.
    Idle {
        /// Time since the last one.
        idle_ms: u64,
        /// The idle time.
        target_ms: u64,
    },
    /// A request came, and there is no replica.
    FirstArrival {
        /// Requests that came or wait.
        waiting: u64,
        /// Replicas that this takes.
        replicas: u32,
    },
    /// No demand was measured.
    NoDemand,
}

/// What stood between the need and the recommendation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "limit", rename_all = "snake_case")]
pub enum Limit {
    /// `min_replicas`, or the one replica that a deployment keeps until it is idle.
    Floor {
        /// Replicas that were called for.
        wanted: u32,
        /// The bound.
        least: u32,
    },
    /// `max_replicas`.
    Ceiling {
        /// Replicas that were called for.
        wanted: u32,
        /// The bound.
        most: u32,
    },
    /// A smaller number would leave less than the tolerance for growth.
    Tolerance {
        /// Replicas that were called for.
        wanted: u32,
        /// Replicas that the need and the tolerance take.
        with_tolerance: u32,
    },
    /// More were needed within the down-stabilisation window.
    Stabilisation {
        /// Replicas that were called for.
        wanted: u32,
        /// The largest need.
        largest: u32,
        /// The window.
        window_ms: u64,
    },
    /// Bursts came back sooner than capacity is kept for them.
    Recurrence {
        /// Replicas that were called for.
        wanted: u32,
        /// What the largest of them needed.
        replicas: u32,
        /// The longest gap between two that came soon.
        gap_ms: u64,
        /// Time until it is given up.
        left_ms: u64,
    },
    /// Requests piled up: nothing is removed until they are worked off.
    Backlog {
        /// Replicas that were called for.
        wanted: u32,
        /// Requests that wait.
        queued: u64,
    },
    /// Panic: nothing is removed.
    Panic {
        /// Replicas that were called for.
        wanted: u32,
        /// Time until it ends, if the need does not rise again.
        left_ms: u64,
    },
    /// A cooldown.
    Cooldown {
        /// Replicas that were called for.
        wanted: u32,
        /// Time until it ends.
        left_ms: u64,
    },
    /// A rate limit.
    Rate {
        /// Replicas that were called for.
        wanted: u32,
        /// Replicas that may be added or removed now.
        allowed: u32,
        /// The period.
        period_ms: u64,
    },
}

/// What was reckoned with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figures {
    /// Requests in a second, now.
    pub arrivals_per_s: f64,
    /// What these gain or lose in a second; 0 where neither is sure.
    pub trend_per_s2: f64,
    /// Requests in a second that are reckoned with: a standard deviation more.
    pub expected_per_s: f64,
    /// The window behind these figures: the longest whose history agrees with the newest.
    pub window_ms: u64,
    /// Variance of arrivals over their mean; 1 is Poisson's.
    pub dispersion: f64,
    /// Mean time on a replica.
    pub service_ms: Option<f64>,
    /// Requests that are in flight when none waits, now.
    pub offered: f64,
    /// The same, for `expected_per_s`.
    pub expected: f64,
    /// Requests that one replica works on at once.
    pub slots: u32,
    /// Requests that a replica should have in flight.
    pub target_in_flight: f64,
    /// Time that a request may wait.
    pub queue_budget_ms: Option<f64>,
    /// Whether service alone misses the objective, which no number of replicas can help.
    pub unreachable: bool,
    /// Share of requests that may wait longer.
    pub late_allowed: f64,
    /// Share of requests that wait longer with the replicas that are ready, as the model has it.
    pub late: Option<f64>,
    /// Time until a replica that is ordered now is ready, and the interval of decisions.
    pub lead_ms: f64,
    /// Factor on demand, learned from an objective that was missed.
    pub correction: f64,
    /// Whether panic is on.
    pub panic: bool,
}

/// One change of the replicas themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum VerticalChange {
    /// Threads of one request.
    Threads {
        /// What it is.
        from: u32,
        /// What it should be.
        to: u32,
        /// Why.
        reason: VerticalReason,
    },
    /// Requests in one batch at most.
    Batch {
        /// What it is.
        from: u32,
        /// What it should be.
        to: u32,
        /// Why.
        reason: VerticalReason,
    },
    /// Memory that may be used.
    Memory {
        /// What it is.
        from: u64,
        /// What it should be.
        to: u64,
        /// Why.
        reason: VerticalReason,
    },
}

/// Why a replica should change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "signal", rename_all = "snake_case")]
pub enum VerticalReason {
    /// The bounds of the policy.
    Bounds,
    /// Service alone takes most of the objective, or little of it.
    Service {
        /// Service time at the quantile of the objective.
        service_ms: f64,
        /// The objective.
        target_ms: f64,
    },
    /// Batches are full, requests wait, and no replica can be added.
    Waiting {
        /// Requests in one batch, mean.
        batch_size: f64,
        /// Time that a request waited.
        queue_delay_ms: f64,
        /// Latency at the quantile of the objective.
        latency_ms: f64,
    },
    /// Memory in use beside what may be used.
    Use {
        /// The most that was used in two stable windows.
        peak_bytes: u64,
        /// What may be used.
        limit_bytes: u64,
    },
}
