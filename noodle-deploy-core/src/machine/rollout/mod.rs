//! Moving traffic to a revision bit by bit: what a rollout is, and what may happen to it. The judgement of a step is in
//! [`analysis`]; abort beats every other state.

pub mod analysis;
mod config;
mod cost;
mod drift;
pub mod metric;
pub mod mirror;
pub mod replay;
pub mod rolling;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::analysis::{ArmCounts, Evidence, Findings, Met, Seen, is_own};
pub use self::config::{
    AnalysisConfig, CanaryConfig, CanaryStep, DriftConfig, MAX_METRICS, MAX_REPLAYED, MAX_STEPS, MirrorConfig,
    ReplayConfig, RolloutMetric,
};
pub use self::cost::CostFindings;
pub use self::drift::DriftFindings;
pub use self::rolling::{ReplicaCounts, RollingConfig};
use super::command::Decision;
use super::deployment::{decision, wrong_state};
use super::state::{Deployment, DeploymentState, RevisionStatus, State};
use super::version::refuse_retired;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::event::{Event, Stream};
use crate::machine::shares::WHOLE;

/// Where a rollout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RolloutPhase {
    /// The step is being judged.
    Analysing,
    /// The step has passed, and waits for `advance_rollout`.
    Gated,
    /// Somebody stopped it; the share of the traffic stays.
    Paused,
    /// The step took too long to be judged; the share of the traffic stays until somebody decides.
    Inconclusive,
    /// All traffic has moved.
    Completed,
    /// All traffic has moved back.
    Aborted,
}

impl RolloutPhase {
    /// Whether the new revision gets a share of the traffic.
    pub fn is_under_way(self) -> bool {
        !matches!(self, RolloutPhase::Completed | RolloutPhase::Aborted)
    }

    /// As on the wire.
    pub fn name(self) -> &'static str {
        use RolloutPhase::*;
        match self {
            Analysing => "analysing",
            Gated => "gated",
            Paused => "paused",
            Inconclusive => "inconclusive",
            Completed => "completed",
            Aborted => "aborted",
        }
    }
}

/// The move of a deployment's traffic from one revision to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rollout {
    /// Revision that served before.
    pub baseline: u32,
    /// Revision that is tried.
    pub candidate: u32,
    /// How it proceeds.
    pub canary: CanaryConfig,
    /// Number of the step, from 0.
    pub step: u32,
    /// Share of the traffic that the candidate gets now, in basis points.
    pub weight: u32,
    /// Where it stands.
    pub phase: RolloutPhase,
    /// Why, in a sentence.
    pub reason: String,
    /// Secret that decides which keys are the first, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub salt: u64,
    /// When the step began, in milliseconds since 1970, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub since: Millis,
    /// What was counted before the step and is not of it; absent until the step's first look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Seen>,
    /// What the steps so far have shown.
    pub evidence: Evidence,
    /// The figures behind the last change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<Findings>,
}

impl Rollout {
    /// The step under way.
    pub fn current(&self) -> Option<&CanaryStep> {
        self.canary.steps.get(self.step as usize).filter(|_| self.phase.is_under_way())
    }

    /// Share of the requests, in basis points, that run a second time on the candidate now.
    pub fn mirror(&self) -> Option<u32> {
        self.current().and_then(|step| step.mirror).map(|mirror| mirror.share)
    }

    /// How many recorded requests are to run on both at most, in the step under way.
    pub fn replay(&self) -> Option<u32> {
        self.current().and_then(|step| step.replay).map(|replay| replay.requests)
    }

    /// Whether what is judged now are pairs of answers, of which callers get one at most.
    pub fn is_in_shadow(&self) -> bool {
        self.current().is_some_and(CanaryStep::is_shadow)
    }

    fn is_last(&self) -> bool {
        self.step as usize + 1 >= self.canary.steps.len()
    }
}

/// What a look at a rollout, or somebody, wants to happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Move {
    /// The step's counting begins here.
    Mark(Box<Seen>),
    /// The step has passed.
    Pass,
    /// The candidate is worse.
    Abort,
    /// It took too long.
    GiveUp,
    /// Somebody lets it go on: past a gate, past what is inconclusive, or past the analysis.
    Advance,
    /// Somebody stops it.
    Pause,
    /// Somebody lets what is stopped or inconclusive be judged again, from now on.
    Resume,
}

/// What a move rests on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grounds {
    /// Why, in a sentence.
    pub reason: String,
    /// What the rollout has shown so far, where it was judged.
    pub evidence: Option<Evidence>,
    /// The figures.
    pub findings: Option<Findings>,
}

/// Begins a rollout of a revision that is ready, beside the one that serves.
pub(super) fn begin(d: &Deployment, candidate: u32, salt: u64) -> Option<Event> {
    let canary = d.revision(candidate)?.canary.clone()?;
    Some(Event::RolloutStarted { baseline: d.active?, candidate, salt, canary: Box::new(canary) })
}

/// The rollout of a deployment that is under way.
///
/// # Errors
/// `conflict` where there is none.
pub fn under_way(d: &Deployment) -> Result<&Rollout> {
    d.rollout.as_deref().filter(|rollout| rollout.phase.is_under_way()).ok_or_else(|| {
        let phase = d.rollout.as_ref().map_or("none", |rollout| rollout.phase.name());
        Error::conflict("no rollout is under way").with("deployment", &d.name).with("rollout", phase)
    })
}

fn misplaced(d: &Deployment, rollout: &Rollout, allowed: &str) -> Error {
    Error::conflict("the rollout's phase does not allow this")
        .with("deployment", &d.name)
        .with("phase", rollout.phase.name())
        .with("allowed", allowed)
}

/// Answers a move at a rollout. `of` is the candidate and the step that was looked at, where the move comes from a look:
/// what was found of another one does not count.
pub(super) fn advance(
    state: &State,
    name: &str,
    of: Option<(u32, u32)>,
    moved: &Move,
    grounds: &Grounds,
) -> Result<Decision> {
    use RolloutPhase::*;
    let d = state.deployment(name)?;
    let rollout = under_way(d)?;
    // A candidate that is worse goes whatever its rollout waits for.
    let judged = rollout.phase == Analysing || matches!(moved, Move::Abort | Move::Mark(_));
    let overtaken = || Error::conflict("the rollout was overtaken").with("deployment", name);
    if let Some(of) = of
        && (of != (rollout.candidate, rollout.step) || !judged)
    {
        return Err(overtaken());
    }
    let reason = grounds.reason.clone();
    // A replay that stops begins anew when it goes on: what its requests have shown is not to count twice.
    let stops = matches!(moved, Move::Pause | Move::Resume | Move::GiveUp) && rollout.replay().is_some();
    let evidence = grounds.evidence.clone().filter(|_| !stops).map(Box::new);
    let findings = grounds.findings.clone().map(Box::new);
    let to_phase = |phase| {
        vec![Event::RolloutPhaseChanged {
            phase,
            reason: reason.clone(),
            evidence: evidence.clone(),
            findings: findings.clone(),
        }]
    };
    let events = match moved {
        Move::Mark(_) if rollout.from.is_some() => return Err(overtaken()),
        Move::Mark(seen) => vec![Event::RolloutMarked { step: rollout.step, from: seen.clone() }],
        Move::Abort => to_phase(Aborted),
        Move::GiveUp => to_phase(Inconclusive),
        Move::Pause if matches!(rollout.phase, Analysing | Gated | Inconclusive) => to_phase(Paused),
        Move::Pause => return Err(misplaced(d, rollout, "analysing, gated, inconclusive")),
        Move::Resume if matches!(rollout.phase, Paused | Inconclusive) => to_phase(Analysing),
        Move::Resume => return Err(misplaced(d, rollout, "paused, inconclusive")),
        Move::Pass if rollout.current().is_some_and(|step| step.gate) => to_phase(Gated),
        Move::Pass | Move::Advance if !rollout.is_last() => {
            let step = rollout.step + 1;
            let weight = rollout.canary.steps.get(step as usize).map_or(rollout.weight, |step| step.weight);
            vec![Event::RolloutStepped { step, weight, reason, evidence, findings }]
        }
        // Another change goes on: once it has ended, the next look sees what is.
        Move::Pass | Move::Advance if d.state != DeploymentState::Running => return Err(wrong_state(d, "running")),
        Move::Pass | Move::Advance => {
            // Looked at again: much may have happened since the deploy.
            let version =
                &d.revision(rollout.candidate).ok_or_else(|| Error::not_found("revision", rollout.candidate))?.version;
            let record = state.resolve(&d.model, version)?;
            refuse_retired(record)?;
            super::evaluation::refuse_ungated(record, &d.required_gates)?;
            let mut events = to_phase(Completed);
            events.push(Event::Promoted { from: d.active, to: rollout.candidate });
            let mut decision = decision(name, events);
            decision.reads.push(Stream::Model(d.model.clone()));
            return Ok(decision);
        }
    };
    Ok(decision(name, events))
}

/// Folds an event of a rollout into its deployment.
pub(super) fn apply(d: &mut Deployment, at: Millis, event: &Event) -> Result<()> {
    if let Event::RolloutStarted { baseline, candidate, salt, canary } = event {
        d.rollout = Some(Box::new(Rollout {
            baseline: *baseline,
            candidate: *candidate,
            step: 0,
            weight: canary.steps.first().map_or(0, |step| step.weight),
            canary: CanaryConfig::clone(canary),
            phase: RolloutPhase::Analysing,
            reason: match canary.steps.first() {
                Some(step) if step.replay.is_some() => "the revision is up and runs recorded requests".to_owned(),
                Some(step) if step.mirror.is_some() => "the revision is up and runs in the shadow".to_owned(),
                Some(step) if step.replicas.is_some() => {
                    "the revision is up and takes the first replicas over".to_owned()
                }
                _ => "the revision is up and gets its first share of the traffic".to_owned(),
            },
            salt: *salt,
            since: at,
            from: None,
            evidence: Evidence::default(),
            findings: None,
        }));
        return Ok(());
    }
    let name = d.name.clone();
    let rollout = d.rollout.as_mut().ok_or_else(|| super::state::misfit("rollout", &name))?;
    match event {
        Event::RolloutMarked { from, .. } => rollout.from = Some(Seen::clone(from)),
        Event::RolloutStepped { step, weight, reason, evidence, findings } => {
            rollout.step = *step;
            rollout.weight = *weight;
            rollout.enter(RolloutPhase::Analysing, reason, evidence, findings);
            rollout.evidence = std::mem::take(&mut rollout.evidence).into_next_step();
            rollout.since = at;
            rollout.from = None;
        }
        Event::RolloutPhaseChanged { phase, reason, evidence, findings } => {
            rollout.enter(*phase, reason, evidence, findings);
            match phase {
                // What was found so far goes on counting: or resuming often enough would let any revision pass.
                RolloutPhase::Analysing => rollout.since = at,
                RolloutPhase::Completed | RolloutPhase::Aborted => settle(d, *phase),
                _ => {}
            }
        }
        _ => return Err(super::state::misfit("event of a rollout", &name)),
    }
    Ok(())
}

/// Moves the traffic of a rollout that has ended to one side.
fn settle(d: &mut Deployment, phase: RolloutPhase) {
    let Some(rollout) = &mut d.rollout else { return };
    rollout.weight = if phase == RolloutPhase::Completed { WHOLE } else { 0 };
    let (candidate, reason) = (rollout.candidate, &rollout.reason);
    if phase == RolloutPhase::Aborted
        && let Some(revision) = d.revisions.iter_mut().find(|r| r.number == candidate)
        && revision.status == RevisionStatus::Ready
    {
        revision.status = RevisionStatus::Superseded;
        revision.note = Some(reason.clone());
    }
}

/// Ends a rollout that is under way, as something else that happens to its deployment wants it.
pub(super) fn end(d: &mut Deployment, phase: RolloutPhase, reason: &str) {
    if let Some(rollout) = d.rollout.as_mut().filter(|rollout| rollout.phase.is_under_way()) {
        rollout.phase = phase;
        rollout.reason = reason.to_owned();
        settle(d, phase);
    }
}

impl Rollout {
    fn enter(
        &mut self,
        phase: RolloutPhase,
        reason: &str,
        evidence: &Option<Box<Evidence>>,
        findings: &Option<Box<Findings>>,
    ) {
        self.phase = phase;
        self.reason = reason.to_owned();
        if let Some(evidence) = evidence {
            self.evidence = Evidence::clone(evidence);
        }
        self.findings = findings.as_deref().cloned();
    }
}
