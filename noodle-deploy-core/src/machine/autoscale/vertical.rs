//! How large a replica should be: threads, batches, memory.
//!
//! Each condition has to hold for a stable window, and every change is one whose effect, at its most, does not call for
//! the opposite: service time between nothing gained and proportional to threads or batch.

use super::observation::{Observation, clean, measured};
use super::policy::{AutoscalePolicy, ByteRange, Span, VerticalBounds};
use super::recommendation::{VerticalChange, VerticalReason};
use super::state::{AutoscaleState, Sizes};

/// Service beyond this share of the objective is slow; doubled threads leave it above `BRISK`.
const SLOW: f64 = 0.8;
/// Service below this share of the objective is brisk; halved threads leave it below `SLOW`.
const BRISK: f64 = 0.3;
/// A batch this full is full.
const FULL: f64 = 0.9;
const BATCH_GROWTH: f64 = 1.5;
const BATCH_CUT: f64 = 0.75;
/// Use beyond this share of memory is too much, below the other one it is little; a change leaves it between.
const MEMORY_HIGH: f64 = 0.9;
const MEMORY_LOW: f64 = 0.5;
const MEMORY_ROOM: f64 = 1.3;

pub(super) fn recommend(
    policy: &AutoscalePolicy,
    state: &mut AutoscaleState,
    seen: &Observation,
    passed_ms: u64,
    at_ceiling: bool,
) -> Vec<VerticalChange> {
    let Some(bounds) = &policy.vertical else { return Vec::new() };
    let sizes =
        Sizes { threads: seen.threads, batch_limit: seen.batch_limit, memory_limit_bytes: seen.memory_limit_bytes };
    let elapsed_ms = state.elapsed_ms;
    let memory = &mut state.vertical;
    if memory.seen.is_some_and(|last| last != sizes) {
        memory.changed_ms = Some(elapsed_ms);
        (memory.slow_ms, memory.brisk_ms, memory.full_ms) = (0, 0, 0);
    }
    memory.seen = Some(sizes);
    let judge = Judge { policy, bounds, seen };
    judge.remember_peak(state);
    let mut changes = Vec::new();
    changes.extend(judge.memory(state));
    let wait_ms = bounds.cooldown_ms.max(policy.stable_window_ms);
    let settled = state.vertical.changed_ms.is_none_or(|at| elapsed_ms.saturating_sub(at) >= wait_ms);
    // One of the two at a time: both move service time, and each has to be seen to work.
    changes.extend(judge.speed(state, passed_ms, at_ceiling, settled));
    changes
}

struct Judge<'a> {
    policy: &'a AutoscalePolicy,
    bounds: &'a VerticalBounds,
    seen: &'a Observation,
}

impl Judge<'_> {
    fn remember_peak(&self, state: &mut AutoscaleState) {
        let window = state.elapsed_ms / self.policy.stable_window_ms.max(1);
        let used = self.seen.memory_used_bytes.unwrap_or(0);
        let v = &mut state.vertical;
        match window.saturating_sub(v.peak_window) {
            0 => v.peaks[0] = v.peaks[0].max(used),
            1 => v.peaks = [used, v.peaks[0]],
            _ => v.peaks = [used, used],
        }
        v.peak_window = window;
    }

    fn memory(&self, state: &AutoscaleState) -> Option<VerticalChange> {
        let ByteRange { min, max } = self.bounds.memory?;
        let max = max.max(min);
        let from = self.seen.memory_limit_bytes?;
        let peak_bytes = *state.vertical.peaks.iter().max()?;
        // A share of a window says nothing of the least that is needed.
        let known = state.vertical.peak_window >= 2 && self.seen.memory_used_bytes.is_some();
        let share = peak_bytes as f64 / from.max(1) as f64;
        let to = if share > MEMORY_HIGH || (share < MEMORY_LOW && known) {
            ((peak_bytes as f64 * MEMORY_ROOM) as u64).clamp(min, max)
        } else {
            from.clamp(min, max)
        };
        let reason = match from.clamp(min, max) == to {
            true if to != from => VerticalReason::Bounds,
            _ => VerticalReason::Use { peak_bytes, limit_bytes: from },
        };
        (to != from).then_some(VerticalChange::Memory { from, to, reason })
    }

    fn speed(
        &self,
        state: &mut AutoscaleState,
        passed_ms: u64,
        at_ceiling: bool,
        settled: bool,
    ) -> Option<VerticalChange> {
        let seen = self.seen;
        let threads = self.bounds.threads.zip(seen.threads);
        let batch = self.bounds.batch.zip(seen.batch_limit);
        if let Some(change) = threads.and_then(|(span, from)| outside(span, from)) {
            let (from, to) = change;
            return Some(VerticalChange::Threads { from, to, reason: VerticalReason::Bounds });
        }
        if let Some((from, to)) = batch.and_then(|(span, from)| outside(span, from)) {
            return Some(VerticalChange::Batch { from, to, reason: VerticalReason::Bounds });
        }
        let target_ms = clean(self.policy.latency?.ms);
        let service_ms = measured(seen.service_quantile_ms)?;
        let queue_delay_ms = seen.queue_delay_ms.map_or(0.0, clean);
        let latency_ms = seen.latency_ms.map_or(0.0, clean);
        let batch_size = seen.batch_size.map_or(0.0, clean);
        let full = batch.is_some_and(|(_, limit)| batch_size >= FULL * f64::from(limit));
        let waits = latency_ms > target_ms && queue_delay_ms > service_ms;

        let v = &mut state.vertical;
        let held = |so_far: u64, holds: bool| if holds { so_far.saturating_add(passed_ms) } else { 0 };
        v.slow_ms = held(v.slow_ms, service_ms > SLOW * target_ms);
        v.brisk_ms = held(v.brisk_ms, service_ms < BRISK * target_ms);
        v.full_ms = held(v.full_ms, full && waits && at_ceiling);
        let long = |ms: u64| settled && ms >= self.policy.stable_window_ms;

        let by_service = VerticalReason::Service { service_ms, target_ms };
        if let Some((span, from)) = batch {
            let room = service_ms * BATCH_GROWTH <= target_ms;
            if long(v.full_ms) && room && from < span.max {
                let to = (f64::from(from) * BATCH_GROWTH).ceil().min(f64::from(span.max)) as u32;
                let reason = VerticalReason::Waiting { batch_size, queue_delay_ms, latency_ms };
                return Some(VerticalChange::Batch { from, to, reason });
            }
            if long(v.slow_ms) && service_ms > target_ms && batch_size > 1.0 && from > span.min {
                let to = ((f64::from(from) * BATCH_CUT) as u32).max(span.min);
                return Some(VerticalChange::Batch { from, to, reason: by_service });
            }
        }
        let (span, from) = threads?;
        if long(v.slow_ms) && from < span.max {
            let to = from.saturating_mul(2).min(span.max);
            return Some(VerticalChange::Threads { from, to, reason: by_service });
        }
        if long(v.brisk_ms) && from > span.min {
            let to = from.div_ceil(2).max(span.min);
            return Some(VerticalChange::Threads { from, to, reason: by_service });
        }
        None
    }
}

/// What brings a size into its span.
fn outside(span: Span, from: u32) -> Option<(u32, u32)> {
    let to = from.clamp(span.min, span.max.max(span.min));
    (to != from).then_some((from, to))
}
