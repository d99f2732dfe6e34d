//! One history: processes, a clock that jumps, users, requests, crashes; then everybody is well again, and nothing may be
//! stuck.

use std::collections::BTreeMap;
use std::rc::Rc;

use noodle_deploy_core::clock::Millis;
use noodle_deploy_core::machine::rollout::ArmCounts;
use noodle_deploy_core::machine::state::{Deployment, DeploymentState, State};
use noodle_deploy_core::machine::{Command, shares::WHOLE};
use noodle_deploy_core::store::Store;

use super::Mutant;
use super::coverage::Coverage;
use super::dice::Dice;
use super::history::{Answer, Checked};
use super::log::Log;
use super::process::{Call, Job, KEEP_WARM, Live, Process, Report, Then, deployment_of};
use super::users::{self, DEPLOYMENTS, VERSIONS};

const START: Millis = 1_000_000;

/// A request that runs.
pub struct Running {
    process: usize,
    pub deployment: String,
    live: Rc<Live>,
    left: usize,
}

pub struct World<'a> {
    pub dice: Dice,
    pub mutant: Mutant,
    pub coverage: &'a mut Coverage,
    pub log: Log,
    pub processes: Vec<Process>,
    pub running: Vec<Running>,
    /// The wall clock of the machine.
    pub now: Millis,
    /// Whether a process sees that another one has died; else only that its heartbeat is old.
    pub sees_locks: bool,
    /// What revisions have got by a rollout: by deployment, candidate and revision.
    pub counts: BTreeMap<(String, u32, u32), ArmCounts>,
    /// The latest that the clock has shown.
    latest: Millis,
    pub calm: bool,
    started: u64,
}

impl<'a> World<'a> {
    pub fn new(seed: u64, shown: bool, mutant: Mutant, coverage: &'a mut Coverage) -> Self {
        let dice = Dice::new(seed);
        let processes = 2 + dice.below(2);
        let world = World {
            mutant,
            coverage,
            log: Log { shown, ..Log::default() },
            processes: (0..processes).map(|_| Process::default()).collect(),
            running: Vec::new(),
            now: START,
            sees_locks: !dice.one_in(4),
            counts: BTreeMap::new(),
            latest: START,
            calm: false,
            started: 0,
            dice,
        };
        world.say(format_args!("{processes} processes, locks are seen: {}", world.sees_locks));
        world
    }

    fn say(&self, what: std::fmt::Arguments<'_>) {
        if self.log.shown {
            println!("{what}");
        }
    }

    pub fn run(mut self) -> Checked {
        for slot in 0..self.processes.len() {
            self.start(slot)?;
        }
        for (model, version) in VERSIONS {
            self.processes[0].calls.push_back(Call { command: users::registration(model, version), fence: None });
            self.settle(0)?;
        }
        let deploy = users::deploy(&self.dice, None, DEPLOYMENTS[0], &self.processes[0].id);
        self.processes[0].calls.push_back(Call { command: deploy, fence: None });
        self.settle(0)?;
        for _ in 0..40 + self.dice.below(160) {
            self.step()?;
        }
        self.heal()
    }

    fn step(&mut self) -> Checked {
        let slot = self.dice.below(self.processes.len());
        if !self.processes[slot].is_up() {
            return if self.dice.one_in(4) { self.start(slot) } else { Ok(()) };
        }
        self.now += self.dice.below(400) as u64;
        self.latest = self.latest.max(self.now);
        match self.dice.below(32) {
            0..=3 => self.ask(slot),
            4..=12 => {
                let pieces = 1 + self.dice.below(4);
                (0..pieces).try_for_each(|_| if self.processes[slot].is_up() { self.work(slot) } else { Ok(()) })
            }
            13..=17 => self.tick(slot),
            18 => self.crash(slot),
            19 => {
                let by = 100 * self.dice.below(600) as u64;
                self.now = if self.dice.one_in(2) { self.now + by } else { self.now.saturating_sub(by) };
                self.coverage.met("clock jumps");
                self.say(format_args!("the clock jumps to {}", self.now));
                Ok(())
            }
            _ => self.requests(slot),
        }
    }

    /// A user calls a process.
    fn ask(&mut self, slot: usize) -> Checked {
        let p = &mut self.processes[slot];
        let command = users::command(&self.dice, &p.state, &p.id);
        let name = deployment_of(&command).to_owned();
        // Both load first what they move traffic to.
        let loads = match &command {
            Command::Promote { revision, .. } => Some(*revision),
            Command::Rollback { to, .. } => {
                to.or_else(|| p.state.deployments.get(&name).and_then(|d| d.previous.last().copied()))
            }
            _ => None,
        };
        let anyway = matches!(command, Command::Rollback { .. });
        let call = Call { command, fence: None };
        let shown = format!("{}: {:?}", p.id, call.command);
        match loads.map(|revision| (name.clone(), revision)).filter(|key| !p.live.contains_key(key)) {
            Some(key) => {
                let (left, then) = (1 + self.dice.below(4), Then::Call { call: Box::new(call), anyway });
                p.jobs.push(Job { left, loads: Some(key), deployment: name, then });
            }
            None => p.calls.push_back(call),
        }
        self.say(format_args!("{shown}"));
        Ok(())
    }

    /// A process gets on with its calls and jobs: one decision, one append, or one job.
    pub fn work(&mut self, slot: usize) -> Checked {
        let p = &mut self.processes[slot];
        if p.writing.is_some() {
            // A disk that is full.
            if !self.calm && self.dice.one_in(30) {
                p.writing = None;
                self.coverage.met("appends that failed");
                return Ok(());
            }
            let done = p.write(&mut self.log)?;
            p.publish(self.mutant);
            if !self.calm && self.dice.one_in(25) {
                self.coverage.met("crashes after an append");
                return self.crash(slot);
            }
            match done {
                Ok(Some((call, version, event))) => self.processes[slot].begun(&call, version, &event, &self.dice),
                Ok(None) => {}
                Err(error) => self.coverage.refused(&error),
            }
            return Ok(());
        }
        if !p.calls.is_empty() && (p.jobs.is_empty() || self.dice.one_in(2)) {
            if let Some(error) = p.decide(&self.log, self.now, self.mutant)? {
                self.coverage.refused(&error);
                p.publish(self.mutant);
            }
            return Ok(());
        }
        if p.jobs.is_empty() {
            return Ok(());
        }
        let at = self.dice.below(p.jobs.len());
        let drains = matches!(p.jobs[at].then, Then::Report { of: Report::Drained, .. });
        let waits = drains && self.running.iter().any(|r| r.process == slot && r.deployment == p.jobs[at].deployment);
        p.jobs[at].left = p.jobs[at].left.saturating_sub(1);
        if p.jobs[at].left > 0 || waits && !self.calm && !self.dice.one_in(4) {
            return Ok(());
        }
        let job = p.jobs.swap_remove(at);
        let fails = !self.calm && self.dice.one_in(8);
        self.coverage.met(if fails { "jobs that failed" } else { "jobs that succeeded" });
        p.ended(job, fails, &self.dice, self.mutant);
        Ok(())
    }

    /// Works until a process has nothing to decide any more.
    fn settle(&mut self, slot: usize) -> Checked {
        self.calm = true;
        while !self.processes[slot].is_idle() {
            self.work(slot)?;
        }
        self.calm = false;
        Ok(())
    }

    pub fn crash(&mut self, slot: usize) -> Checked {
        let p = &mut self.processes[slot];
        let when = match (&p.writing, p.jobs.iter().any(|job| job.loads.is_some()), &p.fence) {
            (Some(_), ..) => "crashes before an append",
            (_, true, _) => "crashes while loading",
            (.., Some(_)) => "crashes of the leader",
            _ => "crashes at rest",
        };
        self.coverage.met(when);
        let shown = std::mem::take(&mut p.id);
        *p = Process::default();
        self.running.retain(|request| request.process != slot);
        self.log.history.restarted(slot);
        self.say(format_args!("{shown} crashes"));
        Ok(())
    }

    /// Opens the directory: the state comes from the stored rows.
    fn start(&mut self, slot: usize) -> Checked {
        self.started += 1;
        let snapshot = self.log.store.load().map_err(|e| e.to_string())?;
        let mut state = State::from_rows(&snapshot.projections).map_err(|e| e.to_string())?;
        state.sequence = snapshot.sequence;
        state.streams.extend(snapshot.streams);
        if state != self.log.state {
            return Err("the stored rows are not what the log folds to".to_owned());
        }
        let id = format!("p{slot}-{}", self.started);
        self.say(format_args!("{id} starts"));
        self.processes[slot] = Process { id, state, ..Process::default() };
        self.lead(slot)?;
        // What should run is loaded before the open returns; what does not load is tried again.
        let p = &mut self.processes[slot];
        for key in p.missing() {
            if self.calm || !self.dice.one_in(6) {
                p.load(&key);
            }
        }
        p.publish(self.mutant);
        Ok(())
    }

    /// A few requests, with keys and without, and the ends of some that run.
    fn requests(&mut self, slot: usize) -> Checked {
        for _ in 0..4 {
            let name = if self.dice.one_in(5) { DEPLOYMENTS[1] } else { DEPLOYMENTS[0] };
            self.request(slot, name, self.dice.number())?;
        }
        let mut running = std::mem::take(&mut self.running);
        running.retain_mut(|request| {
            request.left = request.left.saturating_sub(1);
            if request.left == 0 {
                self.end(request);
            }
            request.left > 0
        });
        self.running = running;
        Ok(())
    }

    fn request(&mut self, slot: usize, name: &str, caller: u64) -> Checked {
        let p = &self.processes[slot];
        let point = |salt: u64| (Dice::new(caller ^ salt).number() % u64::from(WHOLE)) as u32;
        let live = p.route(name, point);
        let has_active = p.table.get(name).is_some_and(|route| !route.lagging);
        let answer = live.as_ref().map(|live| Answer { revision: live.revision, model: &live.model, has_active });
        let stands_in = answer.as_ref().is_some_and(|_| !has_active);
        self.log.history.request(slot, name, p.published, answer).map_err(|why| format!("{}: {why}", p.id))?;
        self.coverage.met(match (&live, stands_in) {
            (None, _) => "requests to what does not serve",
            (Some(_), true) => "requests answered by what served before",
            (Some(_), false) => "requests answered",
        });
        if let Some(live) = live {
            // The newest version is slow.
            let left = if live.version == "3.0.0" { 1 + self.dice.below(6) } else { 1 + self.dice.below(2) };
            self.running.push(Running { process: slot, deployment: name.to_owned(), live, left });
        }
        Ok(())
    }

    /// A request ends on the copy that it began on. One counts for many, so that short histories show something.
    fn end(&mut self, request: &Running) {
        const COUNTS_FOR: u64 = 60;
        let Some(d) = self.processes[request.process].state.deployments.get(&request.deployment) else { return };
        let Some(rollout) = d.rollout.as_ref().filter(|rollout| rollout.phase.is_under_way()) else { return };
        let worse = request.live.version == "3.0.0";
        let key = (request.deployment.clone(), rollout.candidate, request.live.revision);
        let counts = self.counts.entry(key).or_default();
        counts.ended += COUNTS_FOR;
        for _ in 0..COUNTS_FOR {
            let fails = self.dice.one_in(if worse { 4 } else { 100 });
            counts.failed += u64::from(fails);
            if !fails {
                let latency = if worse { 2e6f64 } else { 1e6 };
                counts.log_latency.add(latency.ln() + self.dice.below(100) as f64 / 200.0, 1.0);
            }
        }
    }

    /// Everybody comes up, nothing fails any more, time passes: then nothing may be left undone.
    fn heal(&mut self) -> Checked {
        self.calm = true;
        self.say(format_args!("everybody is well again"));
        // Where locks are not seen, a heartbeat from before a jump back is as good as one of now until then.
        self.now = self.now.max(self.latest);
        for _ in 0..40 {
            self.now += 2_000;
            for slot in 0..self.processes.len() {
                if !self.processes[slot].is_up() {
                    self.start(slot)?;
                }
                self.tick(slot)?;
                for _ in 0..6 {
                    self.work(slot)?;
                }
                self.requests(slot)?;
            }
            if self.processes.iter().all(|p| p.is_idle() && p.published == self.log.state.sequence) {
                let done = self.log.state.deployments.values().all(|d| !changes(d));
                if done && self.processes.iter().all(|p| p.missing().is_empty()) {
                    break;
                }
            }
        }
        for p in &self.processes {
            if p.state != self.log.state {
                return Err(format!("{} has folded another state", p.id));
            }
        }
        for d in self.log.state.deployments.values() {
            if changes(d) {
                return Err(format!("{} is stuck in {:?}, worker {:?}", d.name, d.state, d.worker));
            }
            for p in &self.processes {
                serves_as_wanted(p, d).map_err(|why| format!("{}: {}: {why}", p.id, d.name))?;
            }
        }
        self.coverage.histories += 1;
        self.coverage.events += self.log.state.sequence;
        Ok(())
    }
}

pub fn changes(d: &Deployment) -> bool {
    use DeploymentState::{Deploying, Pending, Scaling, Stopping};
    matches!(d.state, Pending | Deploying | Scaling | Stopping)
}

/// Once all is well, a process routes exactly as the log says.
fn serves_as_wanted(p: &Process, d: &Deployment) -> Checked {
    let route = p.table.get(&d.name).cloned().unwrap_or_default();
    let active = route.active.as_ref().map(|live| live.revision);
    if active != d.active.filter(|_| d.serves()) {
        return Err(format!("routes to {active:?}, and {:?} is active", d.active));
    }
    if route.split.map(|(division, _)| division) != d.division() {
        return Err("divides requests otherwise than the log says".to_owned());
    }
    let wanted = d.wanted(KEEP_WARM);
    let loaded = p.live.keys().filter(|(name, _)| *name == d.name).count();
    if loaded != wanted.len() {
        return Err(format!("has {loaded} revisions loaded, {wanted:?} are wanted"));
    }
    Ok(())
}
