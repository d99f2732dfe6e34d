//! From what is needed to what is recommended.

use super::bursts::Kept;
use super::observation::Observation;
use super::policy::AutoscalePolicy;
use super::recommendation::{Limit, Reason};
use super::signals::Needs;
use super::state::AutoscaleState;

pub(super) struct Limiter<'a> {
    pub policy: &'a AutoscalePolicy,
    pub observation: &'a Observation,
    pub current: u32,
    pub burst: Option<Kept>,
}

impl Limiter<'_> {
    pub fn limit(&self, state: &mut AutoscaleState, needs: &Needs) -> (u32, Reason, Vec<Limit>) {
        let policy = self.policy;
        let held = state.largest_need(policy.down_stabilisation_ms, needs.kept);
        self.panic(state, needs.now);
        if let Some(answer) = self.zero(state, needs) {
            return answer;
        }
        let mut limits = Vec::new();
        let mut desired = needs.now;
        if desired < self.current {
            desired = self.keep(state, needs, held, &mut limits);
        }
        desired = self.bound(desired, &mut limits);
        desired = self.cool(state, desired, &mut limits);
        desired = self.pace(state, desired, &mut limits);
        // Bounds hold whatever the rates say.
        let desired = desired.clamp(self.floor(), policy.ceiling());
        (desired, needs.reason.clone(), limits)
    }

    /// A replica is kept until the deployment is idle, except where there is none yet.
    fn floor(&self) -> u32 {
        if self.current == 0 { self.policy.min_replicas.min(self.policy.ceiling()) } else { self.policy.floor() }
    }

    fn panic(&self, state: &mut AutoscaleState, needed: u32) {
        let ready = f64::from(self.observation.ready.max(1));
        if f64::from(needed) >= self.policy.panic_threshold * ready {
            state.panic_until_ms = Some(state.elapsed_ms.saturating_add(self.policy.panic_window_ms));
        } else if state.panic_until_ms.is_some_and(|until| until <= state.elapsed_ms) {
            state.panic_until_ms = None;
        }
    }

    /// To zero and back, which waits for nothing but the idle time.
    fn zero(&self, state: &AutoscaleState, needs: &Needs) -> Option<(u32, Reason, Vec<Limit>)> {
        let (policy, seen) = (self.policy, self.observation);
        let waiting = seen.arrivals.max(seen.queued);
        if self.current == 0 && waiting > 0 {
            let mut limits = Vec::new();
            let replicas = self.bound(needs.now.max(1), &mut limits).max(1);
            return Some((replicas, Reason::FirstArrival { waiting, replicas }, limits));
        }
        let idle_ms = state.idle_ms();
        let idle = waiting == 0 && (idle_ms >= policy.idle_ms || self.current == 0);
        (policy.min_replicas == 0 && idle && !matches!(needs.reason, Reason::Forecast { .. }))
            .then(|| (0, Reason::Idle { idle_ms, target_ms: policy.idle_ms }, Vec::new()))
    }

    /// What stands against a removal.
    fn keep(&self, state: &AutoscaleState, needs: &Needs, held: u32, limits: &mut Vec<Limit>) -> u32 {
        let wanted = needs.now;
        if let Some(until) = state.panic_until_ms {
            limits.push(Limit::Panic { wanted, left_ms: until.saturating_sub(state.elapsed_ms) });
            return self.current;
        }
        if needs.backlog > 0 {
            limits.push(Limit::Backlog { wanted, queued: needs.backlog });
            return self.current;
        }
        let mut desired = wanted;
        if needs.kept > desired {
            desired = needs.kept.min(self.current);
            limits.push(Limit::Tolerance { wanted, with_tolerance: needs.kept });
        }
        if held > desired {
            let window_ms = self.policy.down_stabilisation_ms;
            limits.push(Limit::Stabilisation { wanted: desired, largest: held, window_ms });
            desired = held.min(self.current);
        }
        if let Some(Kept { replicas, gap_ms, left_ms }) = self.burst
            && replicas > desired
        {
            limits.push(Limit::Recurrence { wanted: desired, replicas, gap_ms, left_ms });
            desired = replicas.min(self.current);
        }
        desired
    }

    fn bound(&self, wanted: u32, limits: &mut Vec<Limit>) -> u32 {
        let (least, most) = (self.floor(), self.policy.ceiling());
        if wanted > most {
            limits.push(Limit::Ceiling { wanted, most });
        } else if wanted < least {
            limits.push(Limit::Floor { wanted, least });
        }
        wanted.clamp(least, most)
    }

    /// Cooldowns; panic adds without one.
    fn cool(&self, state: &AutoscaleState, wanted: u32, limits: &mut Vec<Limit>) -> u32 {
        let up = wanted > self.current;
        let cooldown = if up { self.policy.cooldown_up_ms } else { self.policy.cooldown_down_ms };
        let since = state.changed_ms.map_or(u64::MAX, |at| state.elapsed_ms.saturating_sub(at));
        if wanted == self.current || since >= cooldown || (up && state.panic_until_ms.is_some()) {
            return wanted;
        }
        limits.push(Limit::Cooldown { wanted, left_ms: cooldown - since });
        self.current
    }

    fn pace(&self, state: &AutoscaleState, wanted: u32, limits: &mut Vec<Limit>) -> u32 {
        let (rate, used) = match wanted > self.current {
            true => (self.policy.up, state.up_used),
            false => (self.policy.down, state.down_used),
        };
        let left = (1.0 - used).clamp(0.0, 1.0);
        let allowed = (rate.budget(self.current) * left + 1e-9) as u32;
        if wanted.abs_diff(self.current) <= allowed {
            return wanted;
        }
        limits.push(Limit::Rate { wanted, allowed, period_ms: rate.period_ms });
        if wanted > self.current { self.current.saturating_add(allowed) } else { self.current - allowed }
    }
}
