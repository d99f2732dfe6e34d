//! Comparing versions of a model on live traffic: what an experiment is, and what may happen to it. What its figures say is
//! in [`analysis`].

pub mod analysis;
pub mod config;
pub mod history;
pub mod horizon;
mod metric;
pub mod report;
pub mod segments;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::config::{
    Allocation, ArmConfig, Correction, ExperimentConfig, Goal, JudgementConfig, Method, MetricConfig, MetricKind,
    MetricRole,
};
pub use self::report::{Comparison, ExperimentReport, Exposure, Finding};
use super::command::Decision;
use super::deployment::{check_alike, decision, wrong_state};
use super::evaluation::refuse_ungated;
use super::rollout;
use super::shares::{Share, Shares};
use super::state::{Deployment, DeploymentState, RevisionStatus, State, misfit};
use super::version::refuse_retired;
use crate::clock::Millis;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Stream};

/// Where an experiment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExperimentPhase {
    /// Has not begun. What is recorded by now says how its callers differ already.
    Draft,
    /// Its arms get their shares.
    Running,
    /// All traffic goes to what serves, until it is started again.
    Paused,
    /// It is over, and nobody has decided.
    Stopped,
    /// It is over, and one of its arms has won.
    Decided,
}

impl ExperimentPhase {
    /// Whether it is not over.
    pub fn is_open(self) -> bool {
        matches!(self, ExperimentPhase::Draft | ExperimentPhase::Running | ExperimentPhase::Paused)
    }

    /// As on the wire.
    pub fn name(self) -> &'static str {
        use ExperimentPhase::*;
        match self {
            Draft => "draft",
            Running => "running",
            Paused => "paused",
            Stopped => "stopped",
            Decided => "decided",
        }
    }
}

/// One side of an experiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExperimentArm {
    /// Name of the arm.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its revision.
    pub revision: u32,
    /// Share of the callers that it gets now, in basis points.
    pub weight: u32,
}

/// A comparison of versions on a deployment's traffic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Experiment {
    /// 1, 2, 3, … within the deployment.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// What is compared, the control first.
    pub arms: Vec<ExperimentArm>,
    /// Share of the callers that take no part, in basis points.
    pub holdout: u32,
    /// By what.
    pub metrics: Vec<MetricConfig>,
    /// How surely.
    pub judgement: JudgementConfig,
    /// Which points are whose; the number after the last arm is the holdout's.
    pub shares: Vec<Share>,
    /// Where it stands.
    pub phase: ExperimentPhase,
    /// Why, in a sentence.
    pub reason: String,
    /// Secret that decides where keys lie, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub salt: u64,
    /// When it first began, in milliseconds since 1970, as a string.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub started_at: Option<Millis>,
    /// When it came to where it stands, in milliseconds since 1970, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub since: Millis,
    /// Name of the arm that has won.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winner: Option<String>,
    /// What was found when it stopped, or when somebody decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Box<ExperimentReport>>,
    /// Attributes whose values are looked at by themselves too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<String>,
}

impl Experiment {
    /// An arm by name, with its number.
    ///
    /// # Errors
    /// `not_found` that lists the arms.
    pub fn arm(&self, name: &str) -> Result<(u32, &ExperimentArm)> {
        (0..).zip(&self.arms).find(|(_, arm)| arm.name == name).ok_or_else(|| {
            let names = self.arms.iter().map(|arm| arm.name.as_str()).collect::<Vec<_>>().join(", ");
            Error::not_found("arm", name).with("experiment", &self.name).with("allowed", names)
        })
    }

    /// The arm that serves while nothing is tried.
    pub fn control(&self) -> Option<&ExperimentArm> {
        self.arms.first()
    }

    /// Weights of the arms, and of those who are held out.
    pub fn weights(&self) -> Vec<u32> {
        self.arms.iter().map(|arm| arm.weight).chain([self.holdout]).collect()
    }
}

impl Deployment {
    /// Whether a revision is an arm of the last experiment: one that has stopped may still be decided.
    pub fn is_compared(&self, revision: u32) -> bool {
        self.experiment.as_ref().is_some_and(|experiment| experiment.arms.iter().any(|arm| arm.revision == revision))
    }

    /// A newer candidate takes the place of older ones that were never promoted, unless an experiment compares them.
    pub(super) fn supersede(&mut self) {
        let newest = self.revisions.iter().rev().find(|r| r.status == RevisionStatus::Ready).map(|r| r.number);
        let stays: Vec<u32> = self.revisions.iter().map(|r| r.number).filter(|n| self.is_compared(*n)).collect();
        for revision in &mut self.revisions {
            let older = Some(revision.number) < newest && !stays.contains(&revision.number);
            if revision.status == RevisionStatus::Ready && older {
                revision.status = RevisionStatus::Superseded;
            }
        }
    }
}

/// What is to happen to an experiment.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Its arms get their shares.
    Start,
    /// All traffic goes to what serves.
    Pause,
    /// It ends.
    Stop,
    /// It ends, and all traffic goes to an arm.
    Decide(String),
    /// The arms' shares change: weights of the arms, and of those who are held out.
    Weigh(Vec<u32>),
}

/// The experiment of a deployment.
///
/// # Errors
/// `not_found` where there is none.
pub fn of(d: &Deployment) -> Result<&Experiment> {
    d.experiment
        .as_deref()
        .ok_or_else(|| Error::new(ErrorKind::NotFound, "the deployment has no experiment").with("deployment", &d.name))
}

fn misplaced(d: &Deployment, experiment: &Experiment, allowed: &str) -> Error {
    Error::conflict("the experiment's phase does not allow this")
        .with("deployment", &d.name)
        .with("experiment", &experiment.name)
        .with("phase", experiment.phase.name())
        .with("allowed", allowed)
}

/// Refuses what would take the traffic of an experiment that runs.
pub(super) fn refuse_open(d: &Deployment) -> Result<()> {
    match d.experiment.as_ref().filter(|experiment| experiment.phase.is_open()) {
        Some(experiment) => Err(Error::conflict("an experiment of the deployment is not over")
            .with("deployment", &d.name)
            .with("experiment", &experiment.name)
            .with("phase", experiment.phase.name())
            .with("allowed", "stop it or declare its winner first")),
        None => Ok(()),
    }
}

pub(super) fn create(state: &State, name: &str, config: &ExperimentConfig, salt: u64) -> Result<Decision> {
    config.validate()?;
    let d = state.deployment(name)?;
    if !d.serves() {
        return Err(wrong_state(d, "one that serves"));
    }
    refuse_open(d)?;
    let mut arms = Vec::new();
    for (i, arm) in config.arms.iter().enumerate() {
        let field = format!("arms/{i}/version");
        let record = state.resolve(&d.model, &arm.version)?;
        refuse_retired(record)?;
        let Some(revision) = d.revision_of(&record.version) else {
            let fit = d.revisions.iter().filter(|revision| revision.is_fit());
            let allowed = fit.map(|revision| revision.version.as_str()).collect::<Vec<_>>().join(", ");
            return Err(Error::invalid(field, &arm.version, format!("a version that is up or has served: {allowed}")));
        };
        let active = d.active_revision().filter(|_| i == 0);
        if let Some(active) = active.filter(|active| active.number != revision.number) {
            let allowed = format!("the version that serves, {}, as the control", active.version);
            return Err(Error::invalid(field, &arm.version, allowed));
        }
        if let Some(active) = d.active_revision() {
            check_alike(state.resolve(&d.model, &active.version)?, record)?;
        }
        let (version, revision) = (record.version.clone(), revision.number);
        arms.push(ExperimentArm { name: arm.name.clone(), version, revision, weight: arm.weight });
    }
    let weights: Vec<u32> = arms.iter().map(|arm| arm.weight).chain([config.holdout]).collect();
    let experiment = Experiment {
        number: d.experiment.as_ref().map_or(0, |before| before.number) + 1,
        name: config.name.clone(),
        arms,
        holdout: config.holdout,
        metrics: config.metrics.clone(),
        judgement: config.judgement,
        shares: Shares::of(&weights).into(),
        phase: ExperimentPhase::Draft,
        reason: "it has not begun".to_owned(),
        salt,
        started_at: None,
        since: 0,
        winner: None,
        report: None,
        segments: config.segments.clone(),
    };
    let mut decision = decision(name, vec![Event::ExperimentCreated { experiment: Box::new(experiment) }]);
    decision.reads.push(Stream::Model(d.model.clone()));
    Ok(decision)
}

/// Answers an act. `of` is the experiment that was looked at, where a look decided.
pub(super) fn act(
    state: &State,
    name: &str,
    of: Option<u32>,
    act: &Act,
    reason: &str,
    report: Option<&ExperimentReport>,
) -> Result<Decision> {
    use ExperimentPhase::*;
    let d = state.deployment(name)?;
    let experiment = self::of(d)?;
    if of.is_some_and(|number| number != experiment.number || experiment.phase != Running) {
        return Err(Error::conflict("the experiment was overtaken").with("deployment", name));
    }
    let change = |phase, winner: Option<&str>| Event::ExperimentPhaseChanged {
        phase,
        reason: reason.to_owned(),
        winner: winner.map(str::to_owned),
        report: report.cloned().map(Box::new),
    };
    let mut decision = match act {
        Act::Start if matches!(experiment.phase, Draft | Paused) => {
            startable(state, d, experiment)?;
            decision(name, vec![change(Running, None)])
        }
        Act::Start => return Err(misplaced(d, experiment, "draft, paused")),
        Act::Pause if experiment.phase == Running => decision(name, vec![change(Paused, None)]),
        Act::Pause => return Err(misplaced(d, experiment, "running")),
        Act::Stop if experiment.phase.is_open() => decision(name, vec![change(Stopped, None)]),
        Act::Stop => return Err(misplaced(d, experiment, "draft, running, paused")),
        Act::Weigh(weights) if experiment.phase == Running => {
            let shares = Shares::from(experiment.shares.clone()).moved_to(weights).into();
            let weights = weights.iter().take(experiment.arms.len()).copied().collect();
            decision(name, vec![Event::ExperimentWeighted { weights, shares, reason: reason.to_owned() }])
        }
        Act::Weigh(_) => return Err(misplaced(d, experiment, "running")),
        Act::Decide(winner) if matches!(experiment.phase, Running | Paused | Stopped) => {
            let (_, arm) = experiment.arm(winner)?;
            let mut events = vec![change(Decided, Some(winner))];
            if d.active != Some(arm.revision) {
                if d.state != DeploymentState::Running {
                    return Err(wrong_state(d, "running"));
                }
                let revision = d.revision(arm.revision).filter(|revision| revision.is_fit());
                let revision = revision.ok_or_else(|| Error::not_found("revision", arm.revision))?;
                let record = state.resolve(&d.model, &revision.version)?;
                refuse_retired(record)?;
                refuse_ungated(record, &d.required_gates)?;
                events.push(Event::Promoted { from: d.active, to: arm.revision });
            }
            decision(name, events)
        }
        Act::Decide(_) => return Err(misplaced(d, experiment, "running, paused, stopped")),
    };
    decision.reads.push(Stream::Model(d.model.clone()));
    Ok(decision)
}

fn startable(state: &State, d: &Deployment, experiment: &Experiment) -> Result<()> {
    if d.state != DeploymentState::Running {
        return Err(wrong_state(d, "running"));
    }
    if let Ok(rollout) = rollout::under_way(d) {
        return Err(Error::conflict("a rollout of the deployment is under way")
            .with("deployment", &d.name)
            .with("candidate", rollout.candidate)
            .with("phase", rollout.phase.name()));
    }
    let serving = experiment.control().filter(|control| d.active == Some(control.revision));
    if serving.is_none() {
        return Err(Error::conflict("the control does not serve any more")
            .with("deployment", &d.name)
            .with("experiment", &experiment.name));
    }
    for arm in &experiment.arms {
        let fit = d.revision(arm.revision).is_some_and(|revision| revision.is_fit());
        if !fit {
            return Err(Error::not_found("revision", arm.revision).with("arm", &arm.name));
        }
        refuse_retired(state.resolve(&d.model, &arm.version)?)?;
    }
    Ok(())
}

/// Folds an event of an experiment into its deployment.
pub(super) fn apply(d: &mut Deployment, at: Millis, event: &Event) -> Result<()> {
    if let Event::ExperimentCreated { experiment } = event {
        d.experiment = Some(Box::new(Experiment { since: at, ..Experiment::clone(experiment) }));
        // Arms of the one before are revisions like any other now.
        d.supersede();
        return Ok(());
    }
    let name = d.name.clone();
    let experiment = d.experiment.as_mut().ok_or_else(|| misfit("experiment", &name))?;
    match event {
        Event::ExperimentWeighted { weights, shares, reason } => {
            experiment.arms.iter_mut().zip(weights).for_each(|(arm, weight)| arm.weight = *weight);
            experiment.shares.clone_from(shares);
            experiment.reason.clone_from(reason);
        }
        Event::ExperimentPhaseChanged { phase, reason, winner, report } => {
            experiment.phase = *phase;
            experiment.reason.clone_from(reason);
            experiment.since = at;
            experiment.winner.clone_from(winner);
            if *phase == ExperimentPhase::Running {
                experiment.started_at.get_or_insert(at);
                experiment.report = None;
            }
            if let Some(report) = report {
                experiment.report = Some(report.clone());
            }
        }
        _ => return Err(misfit("event of an experiment", &name)),
    }
    Ok(())
}

/// Ends an experiment that runs, as something else that happens to its deployment wants it.
pub(super) fn end(d: &mut Deployment, at: Millis, reason: &str) {
    use ExperimentPhase::{Paused, Running, Stopped};
    if let Some(experiment) = d.experiment.as_mut().filter(|of| matches!(of.phase, Running | Paused)) {
        experiment.phase = Stopped;
        experiment.since = at;
        experiment.reason = reason.to_owned();
    }
}
