//! What the background thread of a process does, as in `reconcile.rs` and `rollouts.rs`: follow the log, load what is
//! missing, take the lease, finish what others left, judge rollouts.

use noodle_deploy_core::event::Event;
use noodle_deploy_core::machine::Command;
use noodle_deploy_core::machine::experiment::{Act, ExperimentPhase};
use noodle_deploy_core::machine::rollout::analysis::{Moment, Verdict, judge};
use noodle_deploy_core::machine::rollout::{Grounds, Move, Rollout, Seen, under_way};
use noodle_deploy_core::store::{Fence, Instance, Store};

use super::Mutant;
use super::dice::Dice;
use super::history::Checked;
use super::process::{Call, Job, Judge, Key, Live, Process, Report, Then};
use super::users;
use super::world::{World, changes};

const LEASE: &str = "decider";
/// As by default.
const TTL: u64 = 10_000;

impl Process {
    pub fn is_idle(&self) -> bool {
        self.calls.is_empty() && self.jobs.is_empty() && self.writing.is_none()
    }

    /// A revision is up, if the state knows it.
    pub fn load(&mut self, key: &Key) -> bool {
        let Some(d) = self.state.deployments.get(&key.0) else { return false };
        let Some(revision) = d.revision(key.1) else { return false };
        let live = Live { revision: key.1, model: d.model.clone(), version: revision.version.clone() };
        self.live.insert(key.clone(), live.into());
        true
    }

    /// A change of this process is in the log: it begins with the work.
    pub fn begun(&mut self, call: &Call, ticket: u64, event: &Event, dice: &Dice) {
        let deployment = super::process::deployment_of(&call.command).to_owned();
        let (loads, of) = match event {
            Event::DeployStarted { revision, .. } => {
                let d = self.state.deployments.get(&deployment);
                let canary = d.and_then(|d| d.revision(*revision)).is_some_and(|r| r.canary.is_some());
                (Some((deployment.clone(), *revision)), Report::Loaded { canary })
            }
            Event::ScaleRequested { .. } => (None, Report::Scaled { ticket }),
            Event::StopRequested { .. } => (None, Report::Drained),
            _ => return,
        };
        let then = Then::Report { of, fence: call.fence.clone() };
        self.jobs.push(Job { left: 1 + dice.below(5), loads, deployment, then });
    }

    /// A job ended: its change is reported.
    pub fn ended(&mut self, job: Job, fails: bool, dice: &Dice, mutant: Mutant) {
        let Job { loads, deployment, then, .. } = job;
        let up = match &loads {
            Some(key) => !fails && (self.live.contains_key(key) || self.load(key)),
            None => !fails,
        };
        let (worker, cause) = (self.id.clone(), "it failed".to_owned());
        let call = match then {
            Then::Nothing => None,
            Then::Call { call, anyway } => Some(*call).filter(|_| up || anyway),
            Then::Report { of, fence } => {
                let command = match (of, loads) {
                    (Report::Loaded { canary }, Some((deployment, revision))) if up => {
                        let salt = if canary { dice.number() } else { 0 };
                        let verification = String::new();
                        Command::RevisionReady { deployment, revision, worker, verification, salt }
                    }
                    (Report::Loaded { .. }, revision) => {
                        let revision = revision.map_or(0, |(_, revision)| revision);
                        Command::RevisionFailed { deployment, revision, worker, cause }
                    }
                    (Report::Scaled { ticket }, _) if up => Command::ScaleDone { deployment, worker, ticket },
                    (Report::Scaled { ticket }, _) => Command::ScaleFailed { deployment, worker, ticket, cause },
                    (Report::Drained, _) => Command::StopDone { deployment },
                };
                Some(Call { command, fence })
            }
        };
        self.calls.extend(call);
        self.publish(mutant);
    }
}

impl World<'_> {
    /// One round of the background thread.
    pub fn tick(&mut self, slot: usize) -> Checked {
        let p = &mut self.processes[slot];
        // The state moves on under the writer's lock.
        let news = p.writing.is_none() && self.log.catch_up(&mut p.state)?;
        // A call may have folded already what others wrote.
        if news || p.published != p.state.sequence && self.mutant != Mutant::PublishesNewsOnly {
            p.publish(self.mutant);
        }
        if let Some(key) = p.missing().into_iter().find(|key| !p.is_loading(key)) {
            let left = 1 + self.dice.below(6);
            p.jobs.push(Job { left, deployment: key.0.clone(), loads: Some(key), then: Then::Nothing });
        }
        if p.fence.is_some() {
            self.judge_rollouts(slot)?;
            self.judge_experiments(slot);
        }
        if self.calm || self.dice.one_in(2) { self.lead(slot) } else { Ok(()) }
    }

    pub fn lead(&mut self, slot: usize) -> Checked {
        let error = |e: noodle_deploy_core::Error| e.to_string();
        let (id, now) = (self.processes[slot].id.clone(), self.now);
        let (store, observed) = (&self.log.store, String::new());
        let instance = Instance { id: id.clone(), pid: 1, started_at: now, heartbeat_at: now, observed };
        store.put_instance(&instance).map_err(error)?;
        let mut lease = store.lease(LEASE, &id, now, TTL).map_err(error)?;
        if lease.holder != id && !self.is_alive(&lease.holder) {
            let store = &self.log.store;
            store.release(LEASE, &lease.holder).map_err(error)?;
            lease = store.lease(LEASE, &id, now, TTL).map_err(error)?;
        }
        let fence = (lease.holder == id).then_some(Fence { lease: LEASE.to_owned(), token: lease.token });
        if fence.is_some() != self.processes[slot].fence.is_some() {
            self.coverage.met("changes of the leader");
        }
        self.processes[slot].fence = fence;
        self.finish_orphans(slot);
        Ok(())
    }

    fn is_alive(&self, id: &str) -> bool {
        if self.sees_locks {
            return self.processes.iter().any(|p| p.id == id);
        }
        let instances = self.log.store.instances().unwrap_or_default();
        instances.iter().any(|i| i.id == id && i.heartbeat_at + TTL > self.now)
    }

    fn finish_orphans(&mut self, slot: usize) {
        let p = &self.processes[slot];
        let leads = p.fence.is_some();
        let orphan = |worker: Option<&str>, name: &str| match worker {
            Some(worker) if worker == p.id => !p.works_on(name),
            Some(worker) => leads && !self.is_alive(worker) && !p.works_on(name),
            None => leads && !p.works_on(name),
        };
        let changing = p.state.deployments.values().filter(|d| changes(d));
        let orphans = changing.filter(|d| orphan(d.worker.as_deref(), &d.name)).map(|d| d.name.clone());
        let orphans: Vec<String> = orphans.filter(|_| self.mutant != Mutant::LeavesOrphans).collect();
        for deployment in orphans {
            self.coverage.met("orphans that were claimed");
            let p = &mut self.processes[slot];
            let command = Command::Claim { deployment, worker: p.id.clone() };
            p.calls.push_back(Call { command, fence: p.fence.clone() });
        }
    }

    fn judge_rollouts(&mut self, slot: usize) -> Checked {
        let state = &self.processes[slot].state;
        let serving = state.deployments.values().filter(|d| d.serves());
        let rollouts = serving.filter_map(|d| Some((d.name.clone(), under_way(d).ok()?.clone())));
        let rollouts: Vec<(String, Rollout)> = rollouts.collect();
        self.processes[slot].judging.retain(|name, _| rollouts.iter().any(|(known, _)| known == name));
        for (name, rollout) in rollouts {
            let Some((moved, grounds)) = self.look(slot, &name, &rollout) else { continue };
            let p = &mut self.processes[slot];
            let command = users::rollout(name, Some((rollout.candidate, rollout.step)), moved, grounds);
            p.calls.push_back(Call { command, fence: p.fence.clone() });
        }
        Ok(())
    }

    fn look(&mut self, slot: usize, name: &str, rollout: &Rollout) -> Option<(Move, Grounds)> {
        let of_arm = |revision| self.counts.get(&(name.to_owned(), rollout.candidate, revision)).cloned();
        let candidate = of_arm(rollout.candidate).unwrap_or_default();
        let seen = Seen { candidate, baseline: of_arm(rollout.baseline).unwrap_or_default() };
        let of = (rollout.candidate, rollout.step);
        let Some(from) = &rollout.from else { return Some((Move::Mark(Box::new(seen)), Grounds::default())) };
        let new = || Judge { of, from: from.clone(), evidence: rollout.evidence.clone() };
        let judging = self.processes[slot].judging.entry(name.to_owned()).or_insert_with(new);
        if judging.of != of || judging.from != *from {
            *judging = new();
        }
        let whole = seen.since(from);
        let at = Moment { met: None, up: self.dice.one_in(2), now: self.now };
        let look = judge(rollout, &judging.evidence, &whole, at);
        judging.evidence = look.evidence.clone();
        let (moved, what) = match look.verdict {
            Verdict::Wait => return None,
            Verdict::Pass => (Move::Pass, "verdicts: no worse"),
            Verdict::Abort => (Move::Abort, "verdicts: worse"),
            Verdict::GiveUp => (Move::GiveUp, "verdicts: inconclusive"),
        };
        self.coverage.met(what);
        let grounds = Grounds { reason: look.reason, evidence: Some(look.evidence), findings: Some(look.findings) };
        Some((moved, grounds))
    }

    /// What a look at an experiment finds is chance here; that a look was overtaken is not.
    fn judge_experiments(&mut self, slot: usize) {
        if self.calm || !self.dice.one_in(4) {
            return;
        }
        let p = &mut self.processes[slot];
        let open = p.state.deployments.values().filter_map(|d| Some((d.name.clone(), d.experiment.as_deref()?)));
        let Some((name, experiment)) = open.into_iter().find(|(_, of)| of.phase == ExperimentPhase::Running) else {
            return;
        };
        let mut weights = experiment.weights();
        let moved = weights[0] / 3;
        weights[0] -= moved;
        weights[1] += moved;
        let acts = [Act::Weigh(weights), Act::Pause, Act::Stop, Act::Decide("new".to_owned())];
        let command = users::experiment(name, Some(experiment.number), self.dice.pick(&acts).clone());
        p.calls.push_back(Call { command, fence: p.fence.clone() });
    }
}
