//! Deploy, promote, roll back, scale, undeploy.

use std::time::Duration;

use super::Local;
use super::tune::Wanted;
use crate::api::{Deployer, Optimizer};
use crate::clock::{Millis, instant};
use crate::control::CallContext;
use crate::engine::pipeline::{FORMAT as PIPELINE, PipelineDocument};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluation::rows::RowAxis;
use crate::event::{Event, EventRecord};
use crate::machine::command::{Command, Deploy};
use crate::machine::deployment::{MAX_THREADS, check_range};
use crate::machine::residency::{Loading, LoadingRule};
use crate::machine::rollout::{CanaryConfig, Move, RollingConfig};
use crate::machine::state::{Deployment, Revision, VersionRecord};
use crate::noodle::Inner;
use crate::ops::autoscale::{AutoscaleView, SetAutoscaleInput};
use crate::ops::deployments::{
    DeployInput, DeploymentRef, DeploymentView, PromoteInput, RollbackInput, ScaleInput, UndeployInput,
};
use crate::ops::memory::{MemoryBudgetView, SetMemoryBudgetInput};
use crate::ops::rollout::{RolloutInput, RolloutView};
use crate::progress::{ProgressStage, Sink};
use crate::reconcile::bind_shapes;
use crate::settings::Strategy;
use crate::store::Fence;

impl Local {
    fn execute(&self, context: &CallContext, command: &Command) -> Result<Vec<EventRecord>> {
        self.0.control.execute(context, command, None)
    }

    fn view(&self, d: &Deployment) -> DeploymentView {
        let inner = &*self.0;
        let table = inner.router.table();
        let route = table.routes.get(&d.name);
        let serving = route.and_then(|r| r.active.as_ref()).map(|r| r.served.version.clone());
        let lagging = route.filter(|r| r.lagging).map(|_| {
            inner.reconciler.load_error(&d.name).unwrap_or_else(|| "the desired revision is being loaded".to_owned())
        });
        let replicas = inner
            .reconciler
            .live_of(&d.name)
            .iter()
            .map(|live| (live.served.revision.to_string(), live.replicas.status()))
            .collect();
        DeploymentView { desired: d.clone(), serving, lagging, replicas }
    }

    fn desired(&self, deployment: &str) -> Result<Deployment> {
        self.0.control.read().deployment(deployment).cloned()
    }

    /// The revision of a deployment that a version or an alias means.
    fn revision_of(&self, d: &Deployment, version: &str) -> Result<u32> {
        let number = self.0.control.read().resolve(&d.model, version)?.version.clone();
        d.revision_of(&number).map(|r| r.number).ok_or_else(|| {
            let mut allowed: Vec<&str> =
                d.revisions.iter().filter(|r| r.is_fit()).map(|r| r.version.as_str()).collect();
            allowed.sort_unstable();
            allowed.dedup();
            Error::not_found("version", version).with("deployment", &d.name).with("allowed", allowed.join(", "))
        })
    }

    /// Waits until no request runs on a retired revision of the deployment any more.
    fn drain(&self, deployment: &str, progress: &Sink) {
        let deadline = instant() + Duration::from_millis(self.0.settings.drain_timeout_ms);
        // A revision that nobody listens to is not asked for its status.
        let in_flight = || if progress.is_heard() { self.0.in_flight(deployment) } else { 0 };
        let begun = in_flight();
        let mut stage = progress.stage(ProgressStage::Drain, Some(begun));
        while !self.0.sweep(Some(deployment)) {
            if instant() >= deadline {
                return;
            }
            std::thread::sleep(Duration::from_millis(2));
            stage.reach(begun.saturating_sub(in_flight()));
        }
        stage.finish();
    }
}

/// The rule that a deploy asks for: what it says, else that of the newest revision, else the default.
fn loading_rule(
    inner: &Inner,
    existing: Option<&Deployment>,
    when: Option<Loading>,
    unload_after_ms: Option<Millis>,
) -> LoadingRule {
    let before = existing.and_then(|d| d.revisions.last()).map(Revision::loading_rule);
    let default = || LoadingRule { when: inner.settings.default_loading, unload_after_ms: None };
    match when {
        Some(when) => LoadingRule { when, unload_after_ms },
        None => {
            let before = before.unwrap_or_else(default);
            LoadingRule { unload_after_ms: unload_after_ms.or(before.unload_after_ms), ..before }
        }
    }
}

/// Takes what serves elsewhere, and how, for what a deploy leaves open.
fn adopt(input: &mut DeployInput, from: &Deployment) -> Result<()> {
    if input.version != "latest" {
        return Err(Error::invalid("version", &input.version, "nothing beside `from`"));
    }
    if input.model.as_ref().is_some_and(|model| *model != from.model) {
        let model = input.model.clone().unwrap_or_default();
        return Err(Error::invalid("model", model, format!("{}, or nothing beside `from`", from.model)));
    }
    let serving = from.active_revision().filter(|_| from.serves()).ok_or_else(|| {
        Error::conflict("the deployment that is to be taken over does not serve").with("from", &from.name)
    })?;
    let Revision { version, threads, shapes, engine, batching, cache, state, stream, .. } = serving.clone();
    input.model = Some(from.model.clone());
    input.version = version;
    if input.threads == 1 {
        input.threads = threads;
    }
    if input.shapes.is_empty() {
        input.shapes = shapes;
    }
    input.engine = input.engine.take().or(engine);
    input.batching = input.batching.take().or(batching);
    input.cache = input.cache.take().or(cache);
    input.state = input.state.take().or(state);
    input.stream = input.stream.take().or(stream);
    if input.loading.is_none() {
        let rule = serving.loading_rule();
        (input.loading, input.unload_after_ms) = (Some(rule.when), input.unload_after_ms.or(rule.unload_after_ms));
    }
    Ok(())
}

/// Checks a number of replicas against the host's own limit.
fn check_replicas(inner: &Inner, replicas: u32) -> Result<()> {
    check_range("replicas", replicas, inner.settings.max_replicas)
}

/// A condition judges all rows of a request together, so an answer would depend on the other requests of its batch.
fn check_batching(inner: &Inner, record: &VersionRecord) -> Result<()> {
    let is_conditional = || {
        PipelineDocument::from_json(&inner.artifacts.read(&record.digest)?).map(|document| document.is_conditional())
    };
    if record.format != PIPELINE || !is_conditional()? {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Unsupported, "a pipeline with conditions cannot be batched")
        .with("field", "batching")
        .with("value", format!("{} {}", record.model, record.version))
        .with("allowed", "no batching, or a pipeline without `when`"))
}

/// What a request takes for rows, as far as requests may share them.
fn rows_of(inner: &Inner, record: &VersionRecord) -> RowAxis {
    match check_batching(inner, record) {
        Ok(()) => RowAxis::of(&record.signature),
        Err(error) => RowAxis::None(error.message().to_owned()),
    }
}

impl Deployer for Local {
    fn deploy(&self, context: &CallContext, mut input: DeployInput) -> Result<DeploymentView> {
        let inner = &*self.0;
        let name = input.deployment.clone();
        inner.control.catch_up()?;
        if let Some(from) = input.from.take() {
            let from = self.desired(&from)?;
            adopt(&mut input, &from)?;
        }
        let existing = inner.control.read().deployments.get(&name).cloned();
        let loading = loading_rule(inner, existing.as_ref(), input.loading, input.unload_after_ms);
        let model =
            input.model.clone().or_else(|| existing.as_ref().map(|d| d.model.clone())).unwrap_or_else(|| name.clone());
        let target = input
            .target
            .clone()
            .or_else(|| existing.as_ref().map(|d| d.target.clone()))
            .unwrap_or_else(|| inner.settings.default_target.clone());
        let engine = input.engine.as_deref().or(inner.settings.default_engine.as_deref());
        inner.backend(&target)?.check(engine)?;
        input.cache.as_ref().map_or(Ok(()), |config| inner.caching.check(config))?;
        let record = inner.control.read().resolve(&model, &input.version)?.clone();
        bind_shapes(&record.signature, &input.shapes)?;
        if let Some(batching) = &input.batching {
            batching.plan(&record.signature)?;
            check_batching(inner, &record)?;
        }
        let mut replicas = input.replicas.or_else(|| existing.as_ref().map(|d| d.replicas)).unwrap_or(1);
        check_replicas(inner, replicas)?;
        let tuning = match input.tune {
            None => None,
            Some(aim) => {
                check_range("threads", input.threads, MAX_THREADS)?;
                // A rule that scales the deployment decides on replicas.
                let ruled = existing.as_ref().filter(|d| d.autoscale.is_some()).map(|d| d.replicas);
                let wanted = Wanted {
                    input: &input,
                    model: &model,
                    version: &input.version,
                    target: &target,
                    aim,
                    replicas: input.replicas.or(ruled),
                    axis: rows_of(inner, &record),
                };
                let tuning = self.tune(&wanted, &context.progress)?;
                let axis = wanted.axis;
                tuning.apply(&mut input, &mut replicas, &axis);
                Some(tuning)
            }
        };
        let worker = inner.worker();
        let _working = inner.reconciler.work_on(&name);
        let (strategy, canary) = moves(&input, replicas, inner.settings.default_strategy)?;
        let deploy = Deploy {
            deployment: name.clone(),
            model,
            version: input.version,
            target,
            strategy,
            replicas,
            threads: input.threads,
            shapes: input.shapes,
            engine: input.engine,
            batching: input.batching,
            worker,
            max_deployments: inner.settings.max_deployments,
            cache: input.cache,
            required_gates: input.required_gates,
            loading,
            tuning,
            state: input.state,
            stream: input.stream,
            canary,
        };
        inner.roll_out(context, deploy, None)?;
        self.get(&name)
    }

    fn promote(&self, context: &CallContext, input: PromoteInput) -> Result<DeploymentView> {
        let inner = &*self.0;
        inner.control.catch_up()?;
        let d = self.desired(&input.deployment)?;
        let revision = match &input.version {
            Some(version) => self.revision_of(&d, version)?,
            None => d
                .wanted(0)
                .into_iter()
                .find(|n| Some(*n) != d.active)
                .ok_or_else(|| Error::conflict("no candidate is ready").with("deployment", &d.name))?,
        };
        // Loaded first, so that traffic moves by one pointer swap or not at all.
        inner.bring_up(&d.name, revision, &context.progress)?;
        inner.residency.warm(&d.name, revision, &context.progress)?;
        let done = self.execute(context, &Command::Promote { deployment: d.name.clone(), revision });
        inner.settle(&d.name, &context.progress);
        done?;
        self.get(&d.name)
    }

    fn rollback(&self, context: &CallContext, input: RollbackInput) -> Result<DeploymentView> {
        let inner = &*self.0;
        inner.control.catch_up()?;
        let d = self.desired(&input.deployment)?;
        let to = input.version.as_ref().map(|v| self.rollback_target(&d, v)).transpose()?;
        if let Some(number) = to.or(d.previous.last().copied()) {
            // Warm as a rule. Where it is not and does not load, the desired state moves all the same: abort beats all.
            let up = inner.bring_up(&d.name, number, &context.progress);
            drop(up.and_then(|_| inner.residency.warm(&d.name, number, &context.progress)));
        }
        let done = self.execute(context, &Command::Rollback { deployment: d.name.clone(), to, reason: input.reason });
        inner.settle(&d.name, &context.progress);
        done?;
        self.get(&d.name)
    }

    fn undeploy(&self, context: &CallContext, input: UndeployInput) -> Result<DeploymentView> {
        let inner = &*self.0;
        let name = input.deployment;
        let _working = inner.reconciler.work_on(&name);
        self.execute(context, &Command::Stop { deployment: name.clone(), force: input.force, worker: inner.worker() })?;
        inner.publish();
        if !input.force {
            self.drain(&name, &context.progress);
        }
        self.execute(context, &Command::StopDone { deployment: name.clone() })?;
        inner.recordings.forget(&name);
        inner.publish();
        self.get(&name)
    }

    fn rollout(&self, deployment: &str) -> Result<RolloutView> {
        self.rollout_view(deployment)
    }

    fn advance_rollout(&self, context: &CallContext, input: RolloutInput) -> Result<RolloutView> {
        self.move_rollout(context, input, Move::Advance, "let it go on")
    }

    fn pause_rollout(&self, context: &CallContext, input: RolloutInput) -> Result<RolloutView> {
        self.move_rollout(context, input, Move::Pause, "stopped it")
    }

    fn resume_rollout(&self, context: &CallContext, input: RolloutInput) -> Result<RolloutView> {
        self.move_rollout(context, input, Move::Resume, "let it be judged again")
    }

    fn abort_rollout(&self, context: &CallContext, input: RolloutInput) -> Result<RolloutView> {
        self.move_rollout(context, input, Move::Abort, "ended it")
    }

    fn get(&self, deployment: &str) -> Result<DeploymentView> {
        self.desired(deployment).map(|d| self.view(&d))
    }

    fn list(&self) -> Result<Vec<DeploymentView>> {
        let deployments: Vec<Deployment> = self.0.control.read().deployments.values().cloned().collect();
        Ok(deployments.iter().map(|d| self.view(d)).collect())
    }
}

/// How traffic moves to a revision, as a deploy says it.
fn moves(input: &DeployInput, replicas: u32, default: Strategy) -> Result<(Strategy, Option<CanaryConfig>)> {
    let implied = match (&input.rolling, &input.canary) {
        (Some(_), _) => Some(Strategy::Rolling),
        (None, Some(_)) => Some(Strategy::Canary),
        (None, None) => None,
    };
    let strategy = input.strategy.or(implied).unwrap_or(default);
    if let Some(rolling) = &input.rolling {
        if strategy != Strategy::Rolling {
            return Err(Error::invalid("rolling", strategy, "nothing, or the strategy rolling"));
        }
        if input.canary.is_some() {
            return Err(Error::invalid("canary", "steps", "nothing beside rolling"));
        }
        return Ok((strategy, Some(rolling.plan(replicas)?)));
    }
    let canary = match (&input.canary, strategy) {
        (Some(canary), _) => Some(canary.clone()),
        (None, Strategy::Canary) => Some(CanaryConfig::default()),
        (None, Strategy::Shadow) => Some(CanaryConfig::shadow()),
        (None, Strategy::Replay) => Some(CanaryConfig::replay()),
        (None, Strategy::Rolling) => Some(RollingConfig::default().plan(replicas)?),
        (None, Strategy::AbTesting) => Some(CanaryConfig::split()),
        (None, Strategy::Immediate | Strategy::BlueGreen) => None,
    };
    Ok((strategy, canary))
}

impl Inner {
    /// Records a deploy, brings its revision up, and records what came of it. The caller works on the deployment.
    pub(crate) fn roll_out(&self, context: &CallContext, deploy: Deploy, fence: Option<&Fence>) -> Result<()> {
        let (name, worker) = (deploy.deployment.clone(), deploy.worker.clone());
        let salt = deploy.canary.as_ref().map_or(0, |_| self.rng.next());
        let record = |command: &Command| self.control.execute(context, command, fence);
        let events = record(&Command::Deploy(Box::new(deploy)))?;
        let revision = events
            .iter()
            .find_map(|e| match &e.event {
                Event::DeployStarted { revision, .. } => Some(*revision),
                _ => None,
            })
            .ok_or_else(|| Error::new(ErrorKind::Internal, "a deploy gave no revision"))?;
        let done = match self.bring_up(&name, revision, &context.progress) {
            Ok((_, verification)) => {
                record(&Command::RevisionReady { deployment: name.clone(), revision, worker, verification, salt })
            }
            Err(error) => {
                let cause = error.to_string();
                let failed = Command::RevisionFailed { deployment: name.clone(), revision, worker, cause };
                match record(&failed) {
                    Ok(_) => Err(error),
                    // A rollback or a stop was faster; the load's own error says more than "overtaken".
                    Err(overtaken) if overtaken.kind() == ErrorKind::Conflict => Err(error),
                    Err(other) => Err(other),
                }
            }
        };
        // The number of replicas holds for the revisions beside it as well.
        for live in self.reconciler.live_of(&name) {
            self.fit(&name, &live);
        }
        self.publish();
        done.map(drop)
    }
}

impl Local {
    fn rollback_target(&self, d: &Deployment, version: &str) -> Result<u32> {
        let number = self.0.control.read().resolve(&d.model, version)?.version.clone();
        let served = |n: &&u32| d.revision(**n).is_some_and(|r| r.version == number);
        d.previous.iter().rev().find(served).copied().map_or_else(|| self.revision_of(d, version), Ok)
    }
}

impl Optimizer for Local {
    fn scale(&self, context: &CallContext, input: ScaleInput) -> Result<DeploymentView> {
        check_replicas(&self.0, input.replicas)?;
        self.0.scale_to(context, &input.deployment, input.replicas, &context.progress, None)?;
        self.get(&input.deployment)
    }

    fn set_autoscale(&self, context: &CallContext, input: SetAutoscaleInput) -> Result<AutoscaleView> {
        if let Some(config) = &input.autoscale {
            self.0.check_scaling()?;
            config.validate()?;
            check_replicas(&self.0, config.policy().min_replicas)?;
        }
        let deployment = input.deployment.clone();
        self.execute(context, &Command::SetAutoscale { deployment, autoscale: input.autoscale })?;
        self.autoscale(&input.deployment)
    }

    fn autoscale(&self, deployment: &str) -> Result<AutoscaleView> {
        let d = self.desired(deployment)?;
        let recommendation = d.autoscale.as_ref().and_then(|_| self.0.scaling.last(deployment));
        Ok(AutoscaleView { deployment: d.name, replicas: d.replicas, autoscale: d.autoscale, recommendation })
    }

    fn set_memory_budget(&self, _: &CallContext, input: SetMemoryBudgetInput) -> Result<MemoryBudgetView> {
        const LEAST: u64 = 1 << 20;
        if let Some(bytes) = input.bytes.filter(|bytes| *bytes < LEAST) {
            return Err(Error::invalid("bytes", bytes, format!("{LEAST} or more, or nothing for no limit")));
        }
        let budget = &self.0.budget;
        budget.set_limit(input.bytes.unwrap_or(u64::MAX));
        Ok(MemoryBudgetView { limit_bytes: input.bytes, used_bytes: budget.used() })
    }

    fn unload(&self, _: &CallContext, input: DeploymentRef) -> Result<DeploymentView> {
        let d = self.desired(&input.deployment)?;
        if d.active_revision().is_some_and(|r| r.loading_rule().when == Loading::Resident) {
            return Err(Error::conflict("the deployment is resident")
                .with("deployment", &d.name)
                .with("allowed", "a deployment with the loading on_demand"));
        }
        self.0.residency.unload(&d.name);
        Ok(self.view(&d))
    }
}
