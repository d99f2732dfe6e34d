//! How many replicas each signal calls for.

use super::demand::delay;
use super::observation::{Forecast, Observation, clean};
use super::policy::AutoscalePolicy;
use super::recommendation::{Figures, Reason};

/// Share of the start-up time in which a backlog is worked off at the earliest.
const DRAIN_SHARE: f64 = 0.125;

/// What is needed, before any limit.
pub(super) struct Needs {
    /// Replicas for what arrives, and what piled up.
    pub now: u32,
    /// Replicas that would do if demand grew by the tolerance; what piled up does not count, since it goes away.
    pub kept: u32,
    /// What called for the most.
    pub reason: Reason,
    /// Requests that piled up.
    pub backlog: u64,
}

fn ceil(replicas: f64) -> u32 {
    // Whole numbers that arithmetic made a hair larger stay what they are.
    (clean(replicas) - 1e-9).ceil().max(0.0).min(f64::from(u32::MAX)) as u32
}

/// Replicas for a demand by its mean, and by the waits that it brings.
fn replicas(policy: &AutoscalePolicy, figures: &Figures, erlangs: f64) -> (u32, u32) {
    let by_mean = ceil(erlangs / figures.target_in_flight);
    let by_wait = match delay(figures, erlangs * figures.correction) {
        // One more than allowed shows that the ceiling limited it.
        Some(delay) if erlangs > 0.0 => delay.fewest(figures.slots, policy.ceiling() + 1, figures.late_allowed),
        _ => 0,
    };
    (by_mean, by_wait)
}

pub(super) fn needs(
    policy: &AutoscalePolicy,
    seen: &Observation,
    figures: &Figures,
    forecast: Option<&Forecast>,
) -> Needs {
    let window_ms = figures.window_ms;
    let (by_mean, by_wait) = replicas(policy, figures, figures.expected);
    let (mean_kept, wait_kept) = replicas(policy, figures, figures.expected * (1.0 + clean(policy.tolerance)));
    let mut needs = Needs { now: 0, kept: mean_kept.max(wait_kept), reason: Reason::NoDemand, backlog: 0 };
    let mut call = |replicas: u32, reason: Reason| {
        if replicas > needs.now {
            needs.now = replicas;
            needs.reason = reason;
        }
    };
    call(
        by_mean,
        Reason::InFlight { offered: figures.expected, target: figures.target_in_flight, window_ms, replicas: by_mean },
    );
    match policy.latency {
        Some(latency) if figures.correction > 1.01 => call(
            by_wait,
            Reason::Latency {
                latency_ms: seen.latency_ms.filter(|ms| ms.is_finite()),
                target_ms: clean(latency.ms),
                correction: figures.correction,
                window_ms,
                replicas: by_wait,
            },
        ),
        _ => call(
            by_wait,
            Reason::QueueDelay {
                late: figures.late.unwrap_or(0.0),
                allowed: figures.late_allowed,
                target_ms: figures.queue_budget_ms.unwrap_or(0.0),
                window_ms,
                replicas: by_wait,
            },
        ),
    }
    let backlog = Backlog::of(policy, seen, figures);
    if let Some(Backlog { expected, target_ms, replicas }) = backlog {
        call(replicas, Reason::Backlog { queued: seen.queued, expected, target_ms, replicas });
    }
    if let (Some(forecast), Some(service)) = (forecast, figures.service_ms)
        && forecast.covers(seen.now, figures.lead_ms)
    {
        let arrivals_per_s = clean(forecast.arrivals_per_s);
        let (by_mean, by_wait) = replicas(policy, figures, arrivals_per_s / 1_000.0 * service);
        let replicas = by_mean.max(by_wait);
        let measured_per_s = figures.arrivals_per_s;
        call(replicas, Reason::Forecast { arrivals_per_s, measured_per_s, replicas });
        needs.kept = needs.kept.max(replicas);
    }
    needs.backlog = if backlog.is_some() { seen.queued } else { 0 };
    needs
}

/// Requests that piled up, and what it takes to work them off beside those that arrive.
struct Backlog {
    expected: f64,
    target_ms: f64,
    replicas: u32,
}

impl Backlog {
    /// As many requests as are worked on at once may wait without being a backlog.
    fn of(policy: &AutoscalePolicy, seen: &Observation, figures: &Figures) -> Option<Backlog> {
        let service = figures.service_ms?;
        let (queued, slots) = (seen.queued as f64, f64::from(figures.slots));
        if queued <= slots * f64::from(seen.ready) {
            return None;
        }
        // Replicas that start already are halfway, for all that is known.
        let wait_ms = if seen.starting > 0 { figures.lead_ms / 2.0 } else { figures.lead_ms };
        let grows = (figures.offered - slots * f64::from(seen.ready)) / service;
        let expected = clean(queued + grows * wait_ms);
        // Replicas that start slowly are dear for a short use.
        let target_ms = (policy.drain_ms.max(1) as f64).max(DRAIN_SHARE * figures.lead_ms);
        let extra = expected * service / target_ms;
        Some(Backlog { expected, target_ms, replicas: ceil((figures.expected + extra) / slots) })
    }
}
