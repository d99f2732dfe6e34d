//! The formulas of two autoscalers that many know, written anew from their documents and published source, for
//! comparison only.

use std::collections::VecDeque;

use noodle_deploy_core::machine::autoscale::Observation;

use super::simulator::{Controller, World};

/// The Kubernetes Horizontal Pod Autoscaler with its defaults: `ceil(replicas × value / target)` every 15 s, none
/// within 10 %, the highest recommendation of 5 minutes before a removal, at most the larger of double and four more
/// in 15 s, all removals at once. Pods that are not ready count as idle for an addition and are left out otherwise.
///
/// Sources: <https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/> (algorithm details,
/// default behavior); `pkg/controller/podautoscaler/replica_calculator.go` of kubernetes/kubernetes.
pub struct Hpa {
    metric: Metric,
    target: f64,
    min: u32,
    max: u32,
    recommended: VecDeque<(u64, u32)>,
}

/// What a pod's load is measured by.
#[derive(Clone, Copy, PartialEq)]
pub enum Metric {
    /// Busy slots over slots, as processor time over its request: a full pod shows 100 %, however many wait.
    Utilisation,
    /// Requests in flight, waiting ones included, as a custom metric.
    InFlight,
}

impl Hpa {
    const TOLERANCE: f64 = 0.1;
    const STABILISATION_MS: u64 = 300_000;

    pub fn new(world: &World, metric: Metric, use_of: f64) -> Self {
        let target = if metric == Metric::Utilisation { use_of } else { use_of * f64::from(world.slots) };
        Hpa { metric, target, min: 1, max: world.max_replicas, recommended: VecDeque::new() }
    }

    fn desired(&self, seen: &Observation) -> u32 {
        let current = seen.ready + seen.starting;
        if seen.ready == 0 {
            return current.max(self.min);
        }
        let ready = f64::from(seen.ready);
        let value = match self.metric {
            Metric::Utilisation => seen.utilisation.unwrap_or(0.0),
            Metric::InFlight => seen.in_flight / ready,
        };
        let ratio = value / self.target;
        if ratio <= 1.0 || seen.starting == 0 {
            if (1.0 - ratio).abs() <= Self::TOLERANCE {
                return current;
            }
            return (ratio * ready).ceil() as u32;
        }
        let all = f64::from(current);
        let with_idle = ratio * ready / all;
        if (1.0 - with_idle).abs() <= Self::TOLERANCE || with_idle < 1.0 {
            return current;
        }
        (with_idle * all).ceil() as u32
    }
}

impl Controller for Hpa {
    fn tick_ms(&self) -> u64 {
        15_000
    }

    fn decide(&mut self, seen: &Observation) -> u32 {
        let current = seen.ready + seen.starting;
        let desired = self.desired(seen).clamp(self.min, self.max);
        self.recommended.push_back((seen.now, desired));
        while self.recommended.front().is_some_and(|(at, _)| at + Self::STABILISATION_MS < seen.now) {
            self.recommended.pop_front();
        }
        let highest = self.recommended.iter().map(|(_, n)| *n).max().unwrap_or(desired);
        if desired > current { desired.min((current * 2).max(current + 4)) } else { highest.min(current).max(desired) }
    }
}

/// The Knative Pod Autoscaler with its defaults: concurrency over 70 % of what a pod takes, as means of 60 s and, in
/// panic, 6 s, every 2 s; panic when the short mean wants twice the ready pods, until 60 s after that was so last, with
/// no removals; at most a thousandfold and half in one decision.
///
/// Sources: <https://knative.dev/docs/serving/autoscaling/kpa-specific/>; `pkg/autoscaler/scaling/autoscaler.go` of
/// knative/serving.
pub struct Kpa {
    target: f64,
    min: u32,
    max: u32,
    seen: VecDeque<(u64, f64)>,
    panic_at: Option<u64>,
    panic_pods: u32,
}

impl Kpa {
    const STABLE_MS: u64 = 60_000;
    const PANIC_MS: u64 = 6_000;
    const PANIC_THRESHOLD: f64 = 2.0;
    const MAX_UP: f64 = 1_000.0;
    const MAX_DOWN: f64 = 2.0;

    pub fn new(world: &World, use_of: f64) -> Self {
        let target = use_of * f64::from(world.slots);
        Kpa { target, min: 1, max: world.max_replicas, seen: VecDeque::new(), panic_at: None, panic_pods: 0 }
    }

    fn mean(&self, now: u64, window_ms: u64) -> f64 {
        let values: Vec<f64> = self.seen.iter().filter(|(at, _)| at + window_ms > now).map(|(_, v)| *v).collect();
        values.iter().sum::<f64>() / values.len().max(1) as f64
    }
}

impl Controller for Kpa {
    fn tick_ms(&self) -> u64 {
        2_000
    }

    fn decide(&mut self, seen: &Observation) -> u32 {
        self.seen.push_back((seen.now, seen.in_flight));
        while self.seen.front().is_some_and(|(at, _)| at + Self::STABLE_MS <= seen.now) {
            self.seen.pop_front();
        }
        let ready = f64::from(seen.ready.max(1));
        let (most, least) = ((Self::MAX_UP * ready).ceil(), (ready / Self::MAX_DOWN).floor());
        let by_stable = (self.mean(seen.now, Self::STABLE_MS) / self.target).ceil();
        let by_panic = (self.mean(seen.now, Self::PANIC_MS) / self.target).ceil();
        let stable = by_stable.max(least).min(most) as u32;
        let panic = by_panic.max(least).min(most) as u32;
        if by_panic / ready >= Self::PANIC_THRESHOLD {
            self.panic_at = Some(seen.now);
        } else if self.panic_at.is_some_and(|at| at + Self::STABLE_MS < seen.now) {
            self.panic_at = None;
            self.panic_pods = 0;
        }
        let mut desired = stable;
        if self.panic_at.is_some() {
            self.panic_pods = self.panic_pods.max(stable.max(panic));
            desired = self.panic_pods;
        }
        desired.clamp(self.min, self.max)
    }
}
