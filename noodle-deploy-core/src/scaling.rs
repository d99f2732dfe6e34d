//! Observes traffic, asks the autoscaling machine, and does what it says. Only the holder of the lease does this.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::{Millis, instant};
use crate::control::CallContext;
use crate::error::{Error, ErrorKind, Result};
use crate::machine::autoscale::{
    AutoscalePolicy, AutoscaleState, Observation, Recommendation, VerticalChange, VerticalReason, decide,
};
use crate::machine::command::Command;
use crate::machine::state::{Deployment, DeploymentState};
use crate::metrics::totals::Totals;
use crate::noodle::Inner;
use crate::ops::autoscale::{ScaleRecommendation, SizeChange};
use crate::progress::{ProgressStage, Sink};
use crate::store::Fence;

/// Time between two decisions at least.
const LEAST_MS: u64 = 100;

/// What the decider remembers, by deployment.
#[derive(Default)]
pub(crate) struct Scaling(Mutex<BTreeMap<String, Scaler>>);

#[derive(Default)]
struct Scaler {
    state: AutoscaleState,
    policy: Option<AutoscalePolicy>,
    /// Counts of each process at the last decision.
    seen: BTreeMap<String, Totals>,
    at: Millis,
    start_up_ms: Option<f64>,
    last: Option<ScaleRecommendation>,
}

impl Scaling {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Scaler>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last recommendation for a deployment.
    pub(crate) fn last(&self, deployment: &str) -> Option<ScaleRecommendation> {
        self.lock().get(deployment)?.last.clone()
    }
}

/// The tag of a value that is told apart by one.
fn tag(value: &impl serde::Serialize, key: &str) -> String {
    let tag = serde_json::to_value(value).ok().and_then(|value| Some(value.get(key)?.as_str()?.to_owned()));
    tag.unwrap_or_default()
}

fn shown(at: Millis, recommendation: &Recommendation) -> ScaleRecommendation {
    let figures = &recommendation.figures;
    ScaleRecommendation {
        at,
        desired: recommendation.desired,
        current: recommendation.current,
        act: recommendation.act,
        reason: tag(&recommendation.reason, "signal"),
        limits: recommendation.limits.iter().map(|limit| tag(limit, "limit")).collect(),
        arrivals_per_s: figures.arrivals_per_s,
        expected_per_s: figures.expected_per_s,
        service_ms: figures.service_ms,
        offered: figures.offered,
        target_in_flight: figures.target_in_flight,
        queue_budget_ms: figures.queue_budget_ms,
        late: figures.late,
        late_allowed: figures.late_allowed,
        unreachable: figures.unreachable,
        lead_ms: figures.lead_ms,
        panic: figures.panic,
        vertical: recommendation.vertical.iter().filter_map(size_change).collect(),
    }
}

/// A change of threads or batches; memory belongs to the host.
fn size_change(change: &VerticalChange) -> Option<SizeChange> {
    let shown = |what: &str, from: u32, to: u32, reason: &VerticalReason| SizeChange {
        what: what.to_owned(),
        from,
        to,
        reason: tag(reason, "signal"),
    };
    match change {
        VerticalChange::Threads { from, to, reason } => Some(shown("threads", *from, *to, reason)),
        VerticalChange::Batch { from, to, reason } => Some(shown("batch", *from, *to, reason)),
        VerticalChange::Memory { .. } => None,
    }
}

/// What is to be done about a deployment now.
enum Act {
    Nothing,
    Replicas { from: u32, to: u32 },
    Sizes(Vec<SizeChange>),
}

/// What a process did since the last look, as the machine wants it. Answers that were kept take no replica.
fn observation(policy: &AutoscalePolicy, delta: &Totals, whole: &Totals, passed_ms: u64) -> Observation {
    let ms = |ns: f64| (ns > 0.0).then_some(ns / 1e6);
    let quantile = policy.latency.map_or(0.95, |latency| latency.quantile);
    let runs = delta.compute.count();
    let kept = delta.latency.count().saturating_sub(runs);
    let under_way = whole.begun.saturating_sub(whole.ended());
    // Little's law over the interval; what is under way now tells of requests that are longer than it.
    let mean = delta.latency.sum() as f64 / (passed_ms.max(1) as f64 * 1e6);
    let wait = delta.queue.quantile(quantile).max(delta.batch_wait.quantile(quantile));
    Observation {
        slots: 1,
        arrivals: delta.begun.saturating_sub(kept),
        completions: runs,
        in_flight: mean.max(under_way as f64),
        service_ms: ms(delta.compute.mean() + delta.input.mean() + delta.output.mean()),
        service_quantile_ms: ms(delta.compute.quantile(quantile) as f64),
        queue_delay_ms: ms(wait as f64),
        latency_ms: ms(delta.latency.quantile(quantile) as f64),
        queued: under_way,
        ..Observation::default()
    }
}

impl Inner {
    /// Decides for every deployment that is due, and acts.
    pub(crate) fn autoscale(&self, fence: Option<&Fence>) -> Result<()> {
        let deployments: Vec<Deployment> = {
            let state = self.control.read();
            let scaled = |d: &&Deployment| d.autoscale.is_some() && d.state == DeploymentState::Running;
            state.deployments.values().filter(scaled).cloned().collect()
        };
        self.scaling.lock().retain(|name, _| deployments.iter().any(|d| d.name == *name));
        let now = self.clock.now();
        for d in &deployments {
            let Some(policy) = d.autoscale.as_ref().map(|config| config.policy()) else { continue };
            let begun = instant();
            let context = self.background("autoscale");
            let (result, grew) = match self.recommend(d, policy, now)? {
                Act::Nothing => continue,
                Act::Replicas { from, to } => {
                    tracing::trace!(deployment = d.name, from, to, "autoscales");
                    (self.scale_to(&context, &d.name, to, &Sink::default(), fence), to > from)
                }
                Act::Sizes(changes) => (self.change_sizes(&context, d, &changes, fence), false),
            };
            match result {
                Ok(()) => {
                    tracing::info!(deployment = d.name, "autoscaled");
                    if grew && let Some(scaler) = self.scaling.lock().get_mut(&d.name) {
                        scaler.start_up_ms = Some(begun.elapsed().as_secs_f64() * 1e3);
                    }
                }
                // Somebody else changes it meanwhile, or there is no memory: the next decision sees what is.
                Err(error) if matches!(error.kind(), ErrorKind::Conflict | ErrorKind::ResourceExhausted) => {
                    tracing::debug!(deployment = d.name, %error, "not autoscaled");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Brings up a revision of the same version with other threads or batches.
    fn change_sizes(
        &self,
        context: &CallContext,
        d: &Deployment,
        changes: &[SizeChange],
        fence: Option<&Fence>,
    ) -> Result<()> {
        self.check_scaling()?;
        let _working = self.reconciler.work_on(&d.name);
        let Some(revision) = d.active_revision() else { return Ok(()) };
        let mut deploy = revision.again(d, self.worker());
        for SizeChange { what, to, .. } in changes {
            match (what.as_str(), &mut deploy.batching) {
                ("threads", _) => deploy.threads = *to,
                (_, Some(batching)) => {
                    batching.max_batch_size = *to;
                    batching.preferred_batch_sizes.retain(|size| size <= to);
                }
                (_, None) => {}
            }
        }
        self.roll_out(context, deploy, fence)
    }

    /// What the machine wants done now.
    fn recommend(&self, d: &Deployment, policy: AutoscalePolicy, now: Millis) -> Result<Act> {
        let mut scalers = self.scaling.lock();
        let scaler = scalers.entry(d.name.clone()).or_default();
        if scaler.policy.as_ref() != Some(&policy) {
            scaler.policy = Some(policy.clone());
        }
        let passed_ms = now.saturating_sub(scaler.at);
        let early = |due_ms: u64| scaler.at != 0 && passed_ms < due_ms.max(LEAST_MS);
        if early(policy.panic_window_ms / 4) {
            return Ok(Act::Nothing);
        }
        let shares = self.shares_of(&d.name, d.active.unwrap_or_default())?;
        // What others wrote is as old as a heartbeat: a look between two would see a lull and a burst.
        if shares.len() > 1 && early(self.settings.heartbeat_ms) {
            return Ok(Act::Nothing);
        }
        // Each process has as many replicas, so the busiest one counts.
        let deltas = shares.iter().map(|(name, totals)| (totals.since(scaler.seen.get(name)), totals));
        let busiest = deltas.max_by_key(|(delta, _)| (delta.latency.sum(), delta.begun));
        let nothing = Totals::default();
        let (delta, whole) = busiest.as_ref().map_or((&nothing, &nothing), |(delta, whole)| (delta, *whole));
        let active = d.active_revision();
        let mut seen = Observation {
            now,
            ready: d.replicas,
            start_up_ms: scaler.start_up_ms,
            threads: active.map(|revision| revision.threads),
            batch_limit: active.and_then(|revision| Some(revision.batching.as_ref()?.max_batch_size)),
            batch_size: (delta.batch_rows.count() > 0).then(|| delta.batch_rows.mean()),
            ..observation(&policy, delta, whole, passed_ms)
        };
        seen.queued = seen.queued.saturating_sub(u64::from(d.replicas));
        if scaler.at == 0 {
            // The first look only begins the count.
            (seen.arrivals, seen.completions) = (0, 0);
        }
        let (state, recommendation) = decide(&policy, std::mem::take(&mut scaler.state), &seen, None);
        scaler.state = state;
        scaler.at = now;
        scaler.seen = shares;
        scaler.last = Some(shown(now, &recommendation));
        let desired = recommendation.desired.clamp(1, self.settings.max_replicas);
        let sizes = || recommendation.vertical.iter().filter_map(size_change).collect::<Vec<_>>();
        Ok(match () {
            () if recommendation.act && desired != d.replicas => Act::Replicas { from: d.replicas, to: desired },
            () if recommendation.act_vertically => Act::Sizes(sizes()),
            () => Act::Nothing,
        })
    }

    /// Whether the number of replicas may change at all.
    pub(crate) fn check_scaling(&self) -> Result<()> {
        match self.settings.scale_enabled {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::Unsupported, "scaling is switched off by the settings")
                .with("field", "scale_enabled")
                .with("value", false)
                .with("allowed", true)),
        }
    }

    /// Changes the number of replicas of a deployment.
    pub(crate) fn scale_to(
        &self,
        context: &CallContext,
        deployment: &str,
        replicas: u32,
        progress: &Sink,
        fence: Option<&Fence>,
    ) -> Result<()> {
        self.check_scaling()?;
        let worker = self.worker();
        let _working = self.reconciler.work_on(deployment);
        if !self.settings.load_on_open {
            // Whether more replicas can be had shows on what is loaded.
            self.load_asked(deployment)?;
        }
        let deployment = deployment.to_owned();
        let command = Command::Scale { deployment: deployment.clone(), replicas, worker: worker.clone() };
        let Some(ticket) = self.control.begin(context, &command, fence)? else { return Ok(()) };
        let resized = self.resize_all(&deployment, replicas, progress);
        let done = match &resized {
            Ok(()) => Command::ScaleDone { deployment, worker, ticket },
            Err(error) => Command::ScaleFailed { deployment, worker, ticket, cause: error.to_string() },
        };
        let done = self.control.execute(context, &done, fence);
        self.publish();
        resized?;
        done.map(drop)
    }

    fn resize_all(&self, deployment: &str, replicas: u32, progress: &Sink) -> Result<()> {
        let loaded = self.reconciler.live_of(deployment);
        let mut stage = progress.stage(ProgressStage::Load, Some(loaded.len() as u64 * u64::from(replicas)));
        for live in loaded {
            // While replicas are being replaced, their number is that of the step.
            let number = live.served.revision;
            let replicas = self.control.read().deployment(deployment)?.replicas_of(number);
            self.resize(deployment, number, &live, replicas)?;
            stage.add(replicas.into());
        }
        stage.finish();
        Ok(())
    }
}
