//! Looks at what rollouts have shown, asks the rollout machine, and does what it says. Only the holder of the lease does
//! this.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::Millis;
use crate::error::{ErrorKind, Result};
use crate::machine::Command;
use crate::machine::rollout::analysis::{Moment, Verdict, judge};
use crate::machine::rollout::replay::conclude;
use crate::machine::rollout::{
    ArmCounts, Evidence, Findings, Grounds, Met, Move, Rollout, RolloutPhase, Seen, under_way,
};
use crate::machine::trial::Trial;
use crate::noodle::Inner;
use crate::store::Fence;

/// Time between two looks at least.
const LEAST_MS: u64 = 100;

/// What the decider remembers, by deployment.
#[derive(Default)]
pub(crate) struct Judging(Mutex<BTreeMap<String, Judge>>);

/// What has been found of one step.
struct Judge {
    /// Candidate and step.
    of: (u32, u32),
    /// Where the step's counting began.
    from: Seen,
    evidence: Evidence,
    findings: Option<Findings>,
    /// Requests that had been divided when the step was first looked at.
    met: Met,
    /// When the replay under way began, which begins anew where somebody lets it go on.
    replays: Option<Millis>,
    at: Millis,
}

impl Judging {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Judge>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the last look at a rollout found, and what is shown by then.
    pub(crate) fn last(&self, deployment: &str, rollout: &Rollout) -> Option<(Evidence, Findings)> {
        let judges = self.lock();
        let judge = judges.get(deployment).filter(|judge| judge.of == (rollout.candidate, rollout.step))?;
        Some((judge.evidence.clone(), judge.findings.clone()?))
    }
}

impl Inner {
    /// Judges every rollout that is due, and acts.
    pub(crate) fn judge_rollouts(&self, fence: Option<&Fence>) -> Result<()> {
        let rollouts: Vec<(String, Rollout)> = {
            let state = self.control.read();
            let serving = state.deployments.values().filter(|d| d.serves());
            serving.filter_map(|d| Some((d.name.clone(), under_way(d).ok()?.clone()))).collect()
        };
        self.judging.lock().retain(|name, _| rollouts.iter().any(|(known, _)| known == name));
        self.replays.retain(&rollouts);
        for (name, rollout) in &rollouts {
            let Some((moved, grounds)) = self.look(name, rollout)? else { continue };
            let deployment = name.clone();
            let of = Some((rollout.candidate, rollout.step));
            let command = Command::Rollout { deployment, of, moved, grounds: Box::new(grounds) };
            match self.control.execute(&self.background("rollout"), &command, fence) {
                Ok(_) => self.publish(),
                // Somebody moved it meanwhile: the next look sees what is.
                Err(error) if error.kind() == ErrorKind::Conflict => {
                    tracing::debug!(deployment = name, %error, "a rollout was not moved");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// What both revisions have got by the rollout so far.
    fn seen(&self, name: &str, rollout: &Rollout) -> Result<(Seen, Met)> {
        if rollout.replay().is_some() {
            return Ok((self.replays.seen(name), Met::default()));
        }
        let trial = match rollout.mirror() {
            Some(_) => Trial::Mirror(rollout.candidate),
            None => Trial::Rollout(rollout.candidate),
        };
        let mut arms = self.arms_of(name, &[(rollout.candidate, trial), (rollout.baseline, trial)])?.into_iter();
        let (candidate, baseline) = (arms.next().unwrap_or_default(), arms.next().unwrap_or_default());
        let seen = Seen { candidate: ArmCounts::of(&candidate), baseline: ArmCounts::of(&baseline) };
        Ok((seen, Met { candidate: candidate.exposures, baseline: baseline.exposures }))
    }

    fn look(&self, name: &str, rollout: &Rollout) -> Result<Option<(Move, Grounds)>> {
        let now = self.clock.now();
        let of = (rollout.candidate, rollout.step);
        let early = |judge: &Judge| judge.of == of && now.saturating_sub(judge.at) < LEAST_MS && now >= judge.at;
        if self.judging.lock().get(name).is_some_and(early) {
            return Ok(None);
        }
        if rollout.replay().is_some() && rollout.phase != RolloutPhase::Analysing {
            // Nothing runs, so nothing more is shown.
            return Ok(None);
        }
        let Some(from) = &rollout.from else {
            // Others go on with the old share until they have read of the new one.
            let alone = self.control.store().instances()?.len() <= 1;
            let settled = if alone { 0 } else { 2 * self.settings.heartbeat_ms };
            if now.saturating_sub(rollout.since) < settled {
                return Ok(None);
            }
            let seen = match rollout.replay() {
                Some(_) => Box::default(),
                None => Box::new(self.seen(name, rollout)?.0),
            };
            return Ok(Some((Move::Mark(seen), Grounds::default())));
        };
        let up = match rollout.current().and_then(|step| step.replicas) {
            Some(counts) => self.replicas_are_up(name, rollout, counts)?,
            None => true,
        };
        let Some(far) =
            rollout.replay().map_or(Ok(Some(None)), |_| self.replay(name, rollout).map(|far| far.map(Some)))?
        else {
            return Ok(None);
        };
        let (seen, met) = self.seen(name, rollout)?;
        let whole = seen.since(from);
        let mut judges = self.judging.lock();
        let replays = rollout.replay().map(|_| rollout.since);
        let new = || Judge {
            of,
            from: Seen::clone(from),
            evidence: rollout.evidence.clone(),
            findings: None,
            met: met.clone(),
            replays,
            at: now,
        };
        let judge_of = judges.entry(name.to_owned()).or_insert_with(new);
        if judge_of.of != of || judge_of.from != *from || judge_of.replays != replays {
            *judge_of = new();
        }
        let met = met.since(&judge_of.met);
        let look = judge(rollout, &judge_of.evidence, &whole, Moment { met: Some(&met), up, now });
        let look = match far {
            Some(far) => conclude(rollout, look, far, now),
            None => look,
        };
        judge_of.evidence = look.evidence.clone();
        judge_of.findings = Some(look.findings.clone());
        judge_of.at = now;
        let moved = match look.verdict {
            Verdict::Wait => return Ok(None),
            Verdict::Pass => Move::Pass,
            Verdict::Abort => Move::Abort,
            Verdict::GiveUp => Move::GiveUp,
        };
        let grounds = Grounds { reason: look.reason, evidence: Some(look.evidence), findings: Some(look.findings) };
        Ok(Some((moved, grounds)))
    }
}
