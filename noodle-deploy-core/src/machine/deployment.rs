//! The life of a deployment: `pending → deploying → running → scaling → stopping → stopped | error`.
//!
//! A deployment that serves goes on serving while a further revision is brought up. Rollback and stop win over every
//! change under way: the change's worker finds its own report refused.

use super::autoscale::AutoscaleConfig;
use super::cache::CacheConfig;
use super::command::{Decision, Deploy};
use super::evaluation::{check_required, refuse_ungated};
use super::experiment::{self, Act, ExperimentPhase};
use super::residency::{Loading, LoadingRule};
use super::rollout::{self, Grounds, Move, RolloutPhase};
use super::state::{Change, Deployment, DeploymentState, Revision, RevisionStatus, State, VersionRecord, misfit};
use super::version::{check_name, refuse_retired};
use crate::clock::Millis;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Stream};
use crate::model::signature::TensorSpec;
use crate::settings::Strategy;

/// Revisions that a deployment remembers; older ones are in the history.
pub const MAX_REVISIONS: usize = 32;
/// Rollback targets that a deployment remembers.
pub const MAX_PREVIOUS: usize = 16;
/// Replicas that one deployment may have in one process.
pub const MAX_REPLICAS: u32 = 1_024;
/// Threads that one request may use.
pub const MAX_THREADS: u32 = 256;

impl Deployment {
    /// A revision by number.
    pub fn revision(&self, number: u32) -> Option<&Revision> {
        self.revisions.iter().find(|r| r.number == number)
    }

    fn revision_mut(&mut self, number: u32) -> Result<&mut Revision> {
        let name = self.name.clone();
        self.revisions.iter_mut().find(|r| r.number == number).ok_or_else(|| misfit("revision", &name))
    }

    /// The revision that serves.
    pub fn active_revision(&self) -> Option<&Revision> {
        self.active.and_then(|n| self.revision(n))
    }

    /// The revision being brought up.
    pub fn loading(&self) -> Option<&Revision> {
        self.revisions.iter().find(|r| r.status == RevisionStatus::Loading)
    }

    /// Whether requests are answered.
    pub fn serves(&self) -> bool {
        self.active.is_some()
            && !matches!(self.state, DeploymentState::Stopping | DeploymentState::Stopped | DeploymentState::Error)
    }

    /// Revisions that each process keeps loaded: the active one first, then the candidate, then the arms of an experiment
    /// that has begun, then what rules name, then up to `keep_warm` rollback targets.
    pub fn wanted(&self, keep_warm: usize) -> Vec<u32> {
        if !self.serves() {
            return Vec::new();
        }
        let ready = self.revisions.iter().rev().find(|r| r.status == RevisionStatus::Ready).map(|r| r.number);
        let warm = self.previous.iter().rev().take(keep_warm).copied();
        let compared = self.experiment.iter().filter(|of| of.phase.is_open() && of.started_at.is_some());
        let compared = compared.flat_map(|experiment| experiment.arms.iter().map(|arm| arm.revision));
        let ruled = self.rules.iter().filter_map(|rule| rule.revision(self));
        let mut wanted: Vec<u32> = Vec::new();
        for number in self.active.into_iter().chain(ready).chain(compared).chain(ruled).chain(warm) {
            if !wanted.contains(&number) {
                wanted.push(number);
            }
        }
        wanted
    }

    /// Whether a loaded revision may go on answering while the one that serves is not loaded: not where it was taken out of
    /// service, nor where the deployment has come to serve another model.
    pub fn may_stand_in(&self, model: &str, revision: u32) -> bool {
        let failed = self.revision(revision).is_some_and(|r| r.status == RevisionStatus::Failed);
        self.serves() && self.model == model && !failed
    }

    /// The revision that serves a version and is fit to: the newest of them.
    pub fn revision_of(&self, version: &str) -> Option<&Revision> {
        self.revisions.iter().rev().find(|r| r.version == version && r.is_fit())
    }
}

impl Revision {
    /// Whether it came up and may serve.
    pub fn is_fit(&self) -> bool {
        matches!(self.status, RevisionStatus::Ready | RevisionStatus::Active | RevisionStatus::Retired)
    }

    /// When it is loaded and unloaded.
    pub fn loading_rule(&self) -> LoadingRule {
        LoadingRule { when: self.loading.unwrap_or_default(), unload_after_ms: self.unload_after_ms }
    }

    /// A deploy of the same version in the same way, for traffic to move to at once.
    pub fn again(&self, of: &Deployment, worker: String) -> Deploy {
        Deploy {
            deployment: of.name.clone(),
            model: of.model.clone(),
            version: self.version.clone(),
            target: of.target.clone(),
            strategy: Strategy::Immediate,
            replicas: of.replicas,
            threads: self.threads,
            shapes: self.shapes.clone(),
            engine: self.engine.clone(),
            batching: self.batching.clone(),
            worker,
            max_deployments: None,
            cache: self.cache.clone(),
            required_gates: None,
            loading: self.loading_rule(),
            tuning: None,
            state: self.state.clone(),
            stream: self.stream.clone(),
            canary: None,
        }
    }
}

pub(super) fn wrong_state(deployment: &Deployment, needed: &str) -> Error {
    Error::conflict("the deployment's state does not allow this")
        .with("deployment", &deployment.name)
        .with("state", format!("{:?}", deployment.state).to_lowercase())
        .with("allowed", needed)
}

fn overtaken(deployment: &Deployment) -> Error {
    Error::conflict("the change was overtaken").with("deployment", &deployment.name)
}

pub(super) fn decision(name: &str, events: Vec<Event>) -> Decision {
    let stream = Stream::Deployment(name.to_owned());
    Decision { events: events.into_iter().map(|e| (stream.clone(), e)).collect(), reads: vec![stream], all: false }
}

pub(crate) fn check_range(field: &'static str, value: u32, max: u32) -> Result<()> {
    if (1..=max).contains(&value) { Ok(()) } else { Err(Error::invalid(field, value, format!("1 to {max}"))) }
}

pub(super) fn deploy(state: &State, deploy: &Deploy) -> Result<Decision> {
    use DeploymentState::{Running, Stopped};
    check_name("deployment", &deploy.deployment)?;
    check_range("replicas", deploy.replicas, MAX_REPLICAS)?;
    check_range("threads", deploy.threads, MAX_THREADS)?;
    deploy.cache.as_ref().map_or(Ok(()), CacheConfig::validate)?;
    deploy.loading.validate()?;
    check_canary(state, deploy)?;
    let record = state.resolve(&deploy.model, &deploy.version)?;
    refuse_retired(record)?;
    let carried = deploy.state.as_ref().map(|state| state.plan(&record.signature)).transpose()?.unwrap_or_default();
    deploy.stream.as_ref().map(|stream| stream.plan(&record.signature, &carried)).transpose()?;
    let existing = state.deployments.get(&deploy.deployment);
    let required_gates = match &deploy.required_gates {
        Some(gates) => gates.clone(),
        None => existing.map(|d| d.required_gates.clone()).unwrap_or_default(),
    };
    check_required(&required_gates)?;
    refuse_ungated(record, &required_gates)?;
    if let Some(d) = existing {
        if !matches!(d.state, Running | Stopped | DeploymentState::Error) {
            return Err(wrong_state(d, "running, stopped, error"));
        }
        if d.model != deploy.model && d.state != Stopped {
            return Err(Error::conflict("the deployment serves another model; undeploy it first")
                .with("deployment", &d.name)
                .with("model", &d.model));
        }
        if d.target != deploy.target && d.state != Stopped {
            return Err(Error::conflict("the deployment has another target; undeploy it first")
                .with("deployment", &d.name)
                .with("target", &d.target));
        }
    }
    if let Some(max) = deploy.max_deployments
        && existing.is_none_or(|d| d.state == Stopped)
        && state.deployments.values().filter(|d| d.state != Stopped).count() >= max as usize
    {
        return Err(Error::new(ErrorKind::ResourceExhausted, "the limit of deployments is reached")
            .with("max_deployments", max));
    }
    let revision = Revision {
        number: existing.map_or(0, |d| d.last_revision) + 1,
        version: record.version.clone(),
        threads: deploy.threads,
        shapes: deploy.shapes.clone(),
        engine: deploy.engine.clone(),
        status: RevisionStatus::Loading,
        note: None,
        batching: deploy.batching.clone(),
        cache: deploy.cache.clone(),
        // Absent where it says nothing new, so that rows of older logs stay as they are.
        loading: Some(deploy.loading.when).filter(|when| *when != Loading::default()),
        unload_after_ms: deploy.loading.unload_after_ms,
        tuning: deploy.tuning.clone(),
        state: deploy.state.clone(),
        stream: deploy.stream.clone(),
        canary: deploy.canary.clone(),
    };
    let number = revision.number;
    let mut decision = decision(
        &deploy.deployment,
        vec![
            Event::DeployRequested {
                model: deploy.model.clone(),
                target: deploy.target.clone(),
                strategy: deploy.strategy,
                replicas: deploy.replicas,
                revision: Box::new(revision),
                required_gates,
            },
            Event::DeployStarted { revision: number, instance: deploy.worker.clone() },
        ],
    );
    decision.reads.push(Stream::Model(deploy.model.clone()));
    // The limit counts every deployment.
    decision.all = deploy.max_deployments.is_some();
    Ok(decision)
}

/// A rollout by steps compares like with like: both revisions answer the same requests.
fn check_canary(state: &State, deploy: &Deploy) -> Result<()> {
    match (&deploy.canary, deploy.strategy) {
        (Some(canary), Strategy::Canary | Strategy::AbTesting) => canary.validate()?,
        (Some(canary), Strategy::Shadow) => {
            canary.validate()?;
            if !canary.is_shadow() {
                let allowed = "steps that mirror and have the weight 0, or the strategy canary";
                return Err(Error::invalid("canary/steps", "a step with a share of the traffic", allowed));
            }
        }
        (Some(canary), Strategy::Rolling) => {
            canary.validate()?;
            if !canary.is_rolling() {
                let allowed = "steps that say how many replicas there are, or the strategy canary";
                return Err(Error::invalid("canary/steps", "a step without replicas", allowed));
            }
        }
        (Some(canary), Strategy::Replay) => {
            canary.validate()?;
            if !canary.is_replay() {
                let allowed = "a first step that replays, no step with a weight above 0, or the strategy canary";
                return Err(Error::invalid("canary/steps", "other steps", allowed));
            }
        }
        (None, Strategy::Canary | Strategy::Shadow | Strategy::Replay | Strategy::Rolling | Strategy::AbTesting) => {
            return Err(Error::invalid("canary", "nothing", "the steps of a rollout, as the strategy asks for"));
        }
        (Some(_), other) => {
            let allowed = "nothing, or the strategy canary, shadow, replay, rolling or ab_testing";
            return Err(Error::invalid("canary", other, allowed));
        }
        (None, _) => return Ok(()),
    }
    let existing = state.deployments.get(&deploy.deployment).filter(|d| d.serves() && d.model == deploy.model);
    let Some((d, active)) = existing.and_then(|d| Some((d, d.active_revision()?))) else { return Ok(()) };
    experiment::refuse_open(d)?;
    check_alike(state.resolve(&d.model, &active.version)?, state.resolve(&deploy.model, &deploy.version)?)
}

/// Refuses versions whose requests and answers differ in form.
pub(super) fn check_alike(old: &VersionRecord, new: &VersionRecord) -> Result<()> {
    if old.signature == new.signature {
        return Ok(());
    }
    let tensors = |record: &VersionRecord| {
        let of = |specs: &[TensorSpec]| specs.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        format!("{}: {} to {}", record.version, of(&record.signature.inputs), of(&record.signature.outputs))
    };
    Err(Error::conflict("the versions take or give different tensors, so a request may not go to either")
        .with("field", "version")
        .with("value", tensors(new))
        .with("allowed", tensors(old)))
}

pub(super) fn claim(state: &State, name: &str, worker: &str) -> Result<Decision> {
    let d = state.deployment(name)?;
    let events = match d.state {
        DeploymentState::Pending | DeploymentState::Deploying => {
            let loading = d.loading().ok_or_else(|| overtaken(d))?;
            vec![Event::DeployStarted { revision: loading.number, instance: worker.to_owned() }]
        }
        DeploymentState::Scaling => vec![Event::ScaleRequested {
            from: d.scaling_from.unwrap_or(d.replicas),
            to: d.replicas,
            instance: worker.to_owned(),
        }],
        DeploymentState::Stopping => vec![Event::StopRequested { force: false, instance: worker.to_owned() }],
        _ => return Err(wrong_state(d, "pending, deploying, scaling, stopping")),
    };
    Ok(decision(name, events))
}

/// The deployment, if this worker still brings this revision up.
fn under_way<'a>(state: &'a State, name: &str, revision: u32, worker: &str) -> Result<&'a Deployment> {
    let d = state.deployment(name)?;
    let mine = d.state == DeploymentState::Deploying
        && d.worker.as_deref() == Some(worker)
        && d.loading().is_some_and(|r| r.number == revision);
    if mine { Ok(d) } else { Err(overtaken(d)) }
}

pub(super) fn ready(
    state: &State,
    name: &str,
    revision: u32,
    worker: &str,
    verification: &str,
    salt: u64,
) -> Result<Decision> {
    let d = under_way(state, name, revision, worker)?;
    let mut events = vec![Event::RevisionReady { revision, verification: verification.to_owned() }];
    // Blue-green keeps the old copy serving until somebody promotes; with nothing to keep there is nothing to wait for.
    let strategy = d.change.as_ref().map_or(d.strategy, |change| change.strategy);
    match rollout::begin(d, revision, salt) {
        Some(begun) => events.push(begun),
        None if strategy == Strategy::BlueGreen && d.active.is_some() => {}
        None => events.push(Event::Promoted { from: d.active, to: revision }),
    }
    Ok(decision(name, events))
}

pub(super) fn revision_failed(state: &State, name: &str, revision: u32, worker: &str, cause: &str) -> Result<Decision> {
    under_way(state, name, revision, worker)?;
    Ok(decision(name, vec![Event::RevisionFailed { revision, cause: cause.to_owned() }]))
}

pub(super) fn promote(state: &State, name: &str, revision: u32) -> Result<Decision> {
    let d = state.deployment(name)?;
    if d.state != DeploymentState::Running {
        return Err(wrong_state(d, "running"));
    }
    if d.active == Some(revision) {
        return Ok(decision(name, Vec::new()));
    }
    match d.revision(revision) {
        Some(r) if matches!(r.status, RevisionStatus::Ready | RevisionStatus::Retired) => {
            let mut decision = decision(name, vec![Event::Promoted { from: d.active, to: revision }]);
            decision.reads.push(Stream::Model(d.model.clone()));
            // Deletion and retirement look at revisions that can serve, not at older ones: the version may be gone.
            let record = state.resolve(&d.model, &r.version)?;
            refuse_retired(record)?;
            refuse_ungated(record, &d.required_gates)?;
            Ok(decision)
        }
        Some(r) => Err(Error::conflict("the revision is not ready")
            .with("revision", revision)
            .with("status", format!("{:?}", r.status).to_lowercase())),
        None => Err(Error::not_found("revision", revision).with("deployment", name)),
    }
}

pub(super) fn rollback(state: &State, name: &str, to: Option<u32>, reason: Option<&str>) -> Result<Decision> {
    use DeploymentState::{Deploying, Pending, Stopped, Stopping};
    let d = state.deployment(name)?;
    if matches!(d.state, Stopping | Stopped) {
        return Err(wrong_state(d, "pending, deploying, running, scaling, error"));
    }
    let rolling = rollout::under_way(d).is_ok();
    // Without an active revision the one that is or was being brought up is what is left.
    let from = match d.active {
        Some(active) => active,
        None if d.previous.is_empty() => {
            return Err(Error::conflict("nothing has served yet").with("deployment", name));
        }
        None => d.last_revision,
    };
    let target = match to {
        Some(number) => number,
        // A change under way is what is rolled back: traffic stays where it is.
        None if (matches!(d.state, Pending | Deploying) || rolling) && d.active.is_some() => from,
        None => *d
            .previous
            .last()
            .ok_or_else(|| Error::conflict("there is no earlier revision to return to").with("deployment", name))?,
    };
    let found = d.revision(target).ok_or_else(|| Error::not_found("revision", target).with("deployment", name))?;
    if target != from && !d.previous.contains(&target) {
        return Err(Error::conflict("the revision has not served before").with("revision", target));
    }
    if target == from && (d.active.is_none() || !(matches!(d.state, Pending | Deploying) || rolling)) {
        return Err(Error::conflict("the revision already serves").with("revision", target));
    }
    state.resolve(&d.model, &found.version)?;
    let mut decision = decision(name, vec![Event::RolledBack { from, to: target, reason: reason.map(str::to_owned) }]);
    decision.reads.push(Stream::Model(d.model.clone()));
    Ok(decision)
}

pub(super) fn scale(state: &State, name: &str, replicas: u32, worker: &str) -> Result<Decision> {
    check_range("replicas", replicas, MAX_REPLICAS)?;
    let d = state.deployment(name)?;
    if d.state != DeploymentState::Running {
        return Err(wrong_state(d, "running"));
    }
    if d.replicas == replicas {
        return Ok(decision(name, Vec::new()));
    }
    Ok(decision(name, vec![Event::ScaleRequested { from: d.replicas, to: replicas, instance: worker.to_owned() }]))
}

/// The deployment, if this very scale still goes on: everything that follows a request for replicas ends it, so its
/// ticket is the version of the stream.
fn scaling<'a>(state: &'a State, name: &str, worker: &str, ticket: u64) -> Result<&'a Deployment> {
    let d = state.deployment(name)?;
    let mine = d.state == DeploymentState::Scaling
        && d.worker.as_deref() == Some(worker)
        && state.streams.get(&Stream::Deployment(name.to_owned()).to_string()) == Some(&ticket);
    if mine { Ok(d) } else { Err(overtaken(d)) }
}

pub(super) fn scale_done(state: &State, name: &str, worker: &str, ticket: u64) -> Result<Decision> {
    let d = scaling(state, name, worker, ticket)?;
    Ok(decision(name, vec![Event::Scaled { replicas: d.replicas }]))
}

pub(super) fn scale_failed(state: &State, name: &str, worker: &str, ticket: u64, cause: &str) -> Result<Decision> {
    let d = scaling(state, name, worker, ticket)?;
    let replicas = d.scaling_from.unwrap_or(d.replicas);
    Ok(decision(name, vec![Event::ScaleFailed { replicas, cause: cause.to_owned() }]))
}

pub(super) fn set_autoscale(state: &State, name: &str, autoscale: Option<&AutoscaleConfig>) -> Result<Decision> {
    autoscale.map_or(Ok(()), AutoscaleConfig::validate)?;
    let d = state.deployment(name)?;
    if d.autoscale.as_ref() == autoscale {
        return Ok(decision(name, Vec::new()));
    }
    Ok(decision(name, vec![Event::AutoscaleSet { autoscale: autoscale.cloned() }]))
}

pub(super) fn stop(state: &State, name: &str, force: bool, worker: &str) -> Result<Decision> {
    let d = state.deployment(name)?;
    match d.state {
        DeploymentState::Stopped => Ok(decision(name, Vec::new())),
        // A second stop may turn a patient one into a forced one.
        _ => Ok(decision(name, vec![Event::StopRequested { force, instance: worker.to_owned() }])),
    }
}

pub(super) fn stop_done(state: &State, name: &str) -> Result<Decision> {
    let d = state.deployment(name)?;
    match d.state {
        DeploymentState::Stopped => Ok(decision(name, Vec::new())),
        DeploymentState::Stopping => Ok(decision(name, vec![Event::Stopped {}])),
        _ => Err(overtaken(d)),
    }
}

pub(super) fn fail(state: &State, name: &str, revision: u32, cause: &str) -> Result<Decision> {
    let d = state.deployment(name)?;
    if rollout::under_way(d).is_ok_and(|rollout| rollout.candidate == revision) {
        let reason = format!("the candidate keeps failing: {cause}");
        let grounds = Grounds { reason, ..Grounds::default() };
        return rollout::advance(state, name, None, &Move::Abort, &grounds);
    }
    let runs = d.experiment.as_ref().is_some_and(|experiment| experiment.phase == ExperimentPhase::Running);
    if runs && d.active != Some(revision) && d.is_compared(revision) {
        let reason = format!("revision {revision} keeps failing: {cause}");
        return experiment::act(state, name, None, &Act::Pause, &reason, None);
    }
    if d.active != Some(revision) || !matches!(d.state, DeploymentState::Running | DeploymentState::Scaling) {
        return Err(overtaken(d));
    }
    Ok(decision(name, vec![Event::Failed { cause: cause.to_owned() }]))
}

pub(super) fn apply(state: &mut State, name: &str, at: Millis, event: &Event) -> Result<()> {
    if let Event::DeployRequested { model, target, strategy, replicas, revision, required_gates } = event {
        let d = state.deployments.entry(name.to_owned()).or_insert_with(|| Deployment {
            name: name.to_owned(),
            model: model.clone(),
            target: target.clone(),
            strategy: *strategy,
            state: DeploymentState::Pending,
            cause: None,
            replicas: *replicas,
            change: None,
            autoscale: None,
            rollout: None,
            experiment: None,
            rules: Vec::new(),
            scaling_from: None,
            revisions: Vec::new(),
            active: None,
            previous: Vec::new(),
            worker: None,
            last_revision: 0,
            created_at: at,
            updated_at: at,
            required_gates: Vec::new(),
        });
        if d.model != *model {
            // Revisions name versions of the model that the deployment served before.
            d.revisions.clear();
            d.rules.clear();
            experiment::end(d, at, "the deployment serves another model");
            d.model.clone_from(model);
        }
        d.target.clone_from(target);
        if d.state == DeploymentState::Error
            && let Some(failing) = d.active.take()
        {
            // What was taken out of service does not come back because something else is brought up.
            d.revision_mut(failing)?.status = RevisionStatus::Failed;
        }
        let change = Change { strategy: *strategy, replicas: *replicas, required_gates: required_gates.clone() };
        if d.active.is_some() {
            d.change = Some(change);
        } else {
            take_on(d, change);
        }
        d.state = DeploymentState::Pending;
        d.cause = None;
        d.last_revision = revision.number;
        d.revisions.push(Revision::clone(revision));
        d.updated_at = at;
        forget_old(d);
        return Ok(());
    }
    let d = state.deployments.get_mut(name).ok_or_else(|| misfit("deployment", name))?;
    d.updated_at = at;
    match event {
        Event::DeployStarted { instance, .. } => {
            d.state = DeploymentState::Deploying;
            d.worker = Some(instance.clone());
        }
        Event::RevisionReady { revision, verification } => {
            let r = d.revision_mut(*revision)?;
            r.status = RevisionStatus::Ready;
            r.note = Some(verification.clone());
            d.supersede();
            rollout::end(d, RolloutPhase::Aborted, "a newer revision takes its place");
            if let Some(change) = d.change.take() {
                take_on(d, change);
            }
            settle(d, DeploymentState::Running);
        }
        Event::RevisionFailed { revision, cause } => {
            let r = d.revision_mut(*revision)?;
            r.status = RevisionStatus::Failed;
            r.note = Some(cause.clone());
            let next = if d.active.is_some() { DeploymentState::Running } else { DeploymentState::Error };
            settle(d, next);
            d.cause = Some(cause.clone());
        }
        Event::Promoted { to, .. } => {
            let whole = d.rollout.as_ref().is_some_and(|rollout| rollout.candidate == *to);
            let phase = if whole { RolloutPhase::Completed } else { RolloutPhase::Aborted };
            rollout::end(d, phase, "all traffic was moved by a promote");
            experiment::end(d, at, "all traffic was moved by a promote");
            activate(d, *to, RevisionStatus::Retired)?;
            settle(d, DeploymentState::Running);
        }
        Event::RolledBack { from, to, reason } => {
            for r in &mut d.revisions {
                if matches!(r.status, RevisionStatus::Loading) {
                    r.status = RevisionStatus::Superseded;
                }
            }
            let reason = reason.as_deref().unwrap_or("the deployment was rolled back");
            rollout::end(d, RolloutPhase::Aborted, reason);
            experiment::end(d, at, reason);
            if from != to {
                d.previous.retain(|n| n != to);
                // What was rolled back is no rollback target.
                let keep = d.previous.clone();
                activate(d, *to, RevisionStatus::Retired)?;
                d.previous = keep;
            }
            if let Some(from) = d.scaling_from.take() {
                d.replicas = from;
            }
            settle(d, DeploymentState::Running);
            d.cause = None;
        }
        Event::ScaleRequested { from, to, instance } => {
            d.state = DeploymentState::Scaling;
            d.scaling_from = Some(*from);
            d.replicas = *to;
            d.worker = Some(instance.clone());
        }
        Event::Scaled { replicas } => {
            d.replicas = *replicas;
            d.scaling_from = None;
            settle(d, DeploymentState::Running);
        }
        Event::ScaleFailed { replicas, cause } => {
            d.replicas = *replicas;
            d.scaling_from = None;
            settle(d, DeploymentState::Running);
            d.cause = Some(cause.clone());
        }
        Event::AutoscaleSet { autoscale } => d.autoscale.clone_from(autoscale),
        Event::RulesSet { rules } => d.rules.clone_from(rules),
        Event::StopRequested { instance, .. } => {
            d.state = DeploymentState::Stopping;
            d.change = None;
            d.worker = Some(instance.clone());
            d.scaling_from = None;
        }
        Event::Stopped {} => {
            rollout::end(d, RolloutPhase::Aborted, "the deployment was stopped");
            experiment::end(d, at, "the deployment was stopped");
            for r in &mut d.revisions {
                r.status = match r.status {
                    RevisionStatus::Active | RevisionStatus::Retired => RevisionStatus::Retired,
                    RevisionStatus::Failed => RevisionStatus::Failed,
                    _ => RevisionStatus::Superseded,
                };
            }
            d.active = None;
            d.previous.clear();
            d.rules.clear();
            d.cause = None;
            settle(d, DeploymentState::Stopped);
        }
        Event::Failed { cause } => {
            rollout::end(d, RolloutPhase::Aborted, "the revision that serves kept failing");
            experiment::end(d, at, "the revision that serves kept failing");
            settle(d, DeploymentState::Error);
            d.scaling_from = None;
            d.cause = Some(cause.clone());
        }
        Event::RolloutStarted { .. }
        | Event::RolloutMarked { .. }
        | Event::RolloutStepped { .. }
        | Event::RolloutPhaseChanged { .. } => rollout::apply(d, at, event)?,
        Event::ExperimentCreated { .. } | Event::ExperimentWeighted { .. } | Event::ExperimentPhaseChanged { .. } => {
            experiment::apply(d, at, event)?
        }
        _ => return Err(misfit("model event in a deployment stream", name)),
    }
    Ok(())
}

fn take_on(d: &mut Deployment, change: Change) {
    d.strategy = change.strategy;
    d.replicas = change.replicas;
    d.required_gates = change.required_gates;
}

fn settle(d: &mut Deployment, state: DeploymentState) {
    d.state = state;
    d.worker = None;
    d.change = None;
}

fn activate(d: &mut Deployment, to: u32, old: RevisionStatus) -> Result<()> {
    if let Some(from) = d.active
        && from != to
    {
        d.revision_mut(from)?.status = old;
        d.previous.retain(|n| *n != to && *n != from);
        d.previous.push(from);
        if d.previous.len() > MAX_PREVIOUS {
            d.previous.remove(0);
        }
    }
    d.revision_mut(to)?.status = RevisionStatus::Active;
    d.active = Some(to);
    d.cause = None;
    Ok(())
}

fn forget_old(d: &mut Deployment) {
    while d.revisions.len() > MAX_REVISIONS {
        let keep = |r: &Revision| {
            Some(r.number) == d.active
                || d.previous.contains(&r.number)
                || d.is_compared(r.number)
                || matches!(r.status, RevisionStatus::Loading | RevisionStatus::Ready)
        };
        let Some(oldest) = d.revisions.iter().position(|r| !keep(r)) else { break };
        d.revisions.remove(oldest);
    }
}
