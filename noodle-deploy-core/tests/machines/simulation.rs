//! One sequence: several processes decide, each on a state that may be out of date, and what they decide is appended
//! as the store would.

use std::collections::BTreeMap;
use std::fmt;

use noodle_deploy_core::event::{Event, Stream};
use noodle_deploy_core::machine::command::Decision;
use noodle_deploy_core::machine::deployment::{MAX_PREVIOUS, MAX_REVISIONS};
use noodle_deploy_core::machine::experiment::{Act, ExperimentPhase};
use noodle_deploy_core::machine::rollout::Move;
use noodle_deploy_core::machine::state::{Deployment, DeploymentState, Entity, touched};
use noodle_deploy_core::machine::{Command, State, apply, decide};
use noodle_deploy_core::{Error, ErrorKind};

use super::generate::{self, Dice};
use super::invariants;

/// What the sequences reached.
#[derive(Default)]
pub struct Coverage {
    commands: u64,
    accepted: u64,
    overtaken: u64,
    stale: u64,
    events: BTreeMap<&'static str, u64>,
    moves: BTreeMap<String, u64>,
    refusals: BTreeMap<&'static str, u64>,
    most_revisions: usize,
    most_previous: usize,
}

impl Coverage {
    pub fn plus(mut self, other: Coverage) -> Coverage {
        self.commands += other.commands;
        self.accepted += other.accepted;
        self.overtaken += other.overtaken;
        self.stale += other.stale;
        other.events.into_iter().for_each(|(name, n)| *self.events.entry(name).or_default() += n);
        other.moves.into_iter().for_each(|(name, n)| *self.moves.entry(name).or_default() += n);
        other.refusals.into_iter().for_each(|(name, n)| *self.refusals.entry(name).or_default() += n);
        self.most_revisions = self.most_revisions.max(other.most_revisions);
        self.most_previous = self.most_previous.max(other.most_previous);
        self
    }

    /// Every kind of event, every move between states and every kind of refusal was met.
    pub fn is_complete(&self) -> Result<(), String> {
        let complete = self.events.len() == 29
            && self.refusals.len() == EXPECTED_KINDS.len()
            && self.overtaken > 0
            && self.stale > 0
            && self.moves.len() >= 17
            && self.most_revisions == MAX_REVISIONS
            && self.most_previous == MAX_PREVIOUS;
        if complete { Ok(()) } else { Err(format!("not everything was reached: {self}")) }
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} commands, {} accepted, {} late reports refused, {} decisions on an old state refused",
            self.commands, self.accepted, self.overtaken, self.stale
        )?;
        writeln!(f, "most revisions {}, most rollback targets {}", self.most_revisions, self.most_previous)?;
        writeln!(f, "events {:?}", self.events)?;
        writeln!(f, "moves {:?}", self.moves)?;
        write!(f, "refusals {:?}", self.refusals)
    }
}

/// Kinds that a refusal may have.
const EXPECTED_KINDS: [ErrorKind; 4] =
    [ErrorKind::InvalidArgument, ErrorKind::NotFound, ErrorKind::Conflict, ErrorKind::ResourceExhausted];

/// What the simulated store checks before it appends a decision on an old state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Checks {
    /// As the real ones: every stream that was read, and the whole log where everything was.
    Everything,
    /// Streams only.
    Streams,
    Nothing,
}

pub struct Simulation {
    checks: Checks,
    dice: Dice,
    shown: bool,
    steps: u64,
    calm: bool,
    /// Whether a second process decides on a copy that lags behind.
    lags: bool,
    state: State,
    behind: State,
    log: Vec<(Stream, u64, Event)>,
    /// Deployment and ticket of each scale that was overtaken.
    overtaken: Vec<(String, u64)>,
}

impl Simulation {
    pub fn new(seed: u64, shown: bool, checks: Checks) -> Self {
        let dice = Dice::new(seed);
        let steps = match dice.below(400) {
            0 => 1_500,
            1 => 100 + dice.below(500),
            2..=19 => 25 + dice.below(75),
            _ => 3 + dice.below(12),
        };
        // Limits are met only where little goes wrong for long.
        let calm = steps == 1_500;
        let lags = dice.one_in(4);
        Simulation {
            checks,
            dice,
            shown,
            steps,
            calm,
            lags,
            state: State::default(),
            behind: State::default(),
            log: Vec::new(),
            overtaken: Vec::new(),
        }
    }

    pub fn run(mut self, coverage: &mut Coverage) -> Result<(), String> {
        for step in 0..self.steps {
            let from = if self.lags && self.dice.one_in(2) { &self.behind } else { &self.state };
            let mut command = generate::command(&self.dice, from);
            while self.calm && generate::ends_something(&command) && !self.dice.one_in(50) {
                command = generate::command(&self.dice, from);
            }
            if self.shown {
                println!("{step}: {command:?}");
            }
            let named = |why| format!("step {step}: {why}\n{command:?}");
            self.step(step, &command, coverage).map_err(named)?;
            if self.lags && self.dice.one_in(5) {
                self.behind.clone_from(&self.state);
            }
        }
        self.fold_again()?;
        for d in self.state.deployments.values() {
            coverage.most_revisions = coverage.most_revisions.max(d.revisions.len());
            coverage.most_previous = coverage.most_previous.max(d.previous.len());
        }
        Ok(())
    }

    fn step(&mut self, at: u64, command: &Command, coverage: &mut Coverage) -> Result<(), String> {
        coverage.commands += 1;
        let decided = self.decide(command, coverage);
        let decision = match decided {
            Ok(decision) => decision,
            Err(error) => {
                if self.shown {
                    println!("    refused: {error}");
                }
                if !EXPECTED_KINDS.contains(&error.kind()) {
                    return Err(format!("refused with {}: {error}", error.kind()));
                }
                *coverage.refusals.entry(error.kind().name()).or_default() += 1;
                return must_succeed(&self.state, command)
                    .map_or(Ok(()), |why| Err(format!("{why}, and it was refused: {error}")));
            }
        };
        coverage.accepted += 1;
        let before = deployment_of(command).and_then(|name| self.state.deployments.get(name)).cloned();
        let ticket = before.as_ref().map_or(0, |d| generate::ticket(&self.state, &d.name));
        self.append(at, &decision, coverage)?;
        invariants::check(&self.state)?;
        if let Some(before) = before {
            self.late_reports(command, &before, ticket, coverage)?;
        }
        if let Command::Scale { deployment, .. } = command {
            self.overtaken_scales(deployment, coverage)?;
        }
        Ok(())
    }

    /// Decides as a process does that may lag behind: what it read must not have moved on, else it reads and decides
    /// again.
    fn decide(&self, command: &Command, coverage: &mut Coverage) -> Result<Decision, Error> {
        if self.lags
            && self.dice.one_in(2)
            && let Ok(decision) = decide(&self.behind, command)
        {
            let version = |state: &State, stream: &Stream| state.streams.get(&stream.to_string()).copied();
            let streams = || decision.reads.iter().any(|s| version(&self.behind, s) != version(&self.state, s));
            let whole = decision.all && self.behind.sequence != self.state.sequence;
            let moved_on = match self.checks {
                Checks::Everything => streams() || whole,
                Checks::Streams => streams(),
                Checks::Nothing => false,
            };
            if !moved_on {
                return Ok(decision);
            }
            coverage.stale += 1;
        }
        decide(&self.state, command)
    }

    fn append(&mut self, at: u64, decision: &Decision, coverage: &mut Coverage) -> Result<(), String> {
        if let Some((stream, _)) = decision.events.iter().find(|(stream, _)| !decision.reads.contains(stream)) {
            return Err(format!("the decision writes {stream} without having read it"));
        }
        let entities: Vec<Entity> = decision.events.iter().flat_map(|(s, e)| touched(s, e)).collect();
        // The way of the store: rows apart, then taken over. It must come to the same as folding in place.
        let thorough = self.shown || self.dice.one_in(8);
        let mut apart = thorough.then(|| (self.state.clone(), self.state.extract(&entities)));
        for (stream, event) in &decision.events {
            if self.shown {
                println!("    {stream}: {event:?}");
            }
            let state_of = |state: &State| match stream {
                Stream::Deployment(name) => state.deployments.get(name).map(|d| d.state),
                Stream::Model(_) | Stream::Directory => None,
            };
            let before = state_of(&self.state);
            apply(&mut self.state, stream, at, event).map_err(|e| format!("an event does not fit: {e}"))?;
            if let Some((_, part)) = &mut apart {
                apply(part, stream, at, event).map_err(|e| format!("{event:?} needs more than it touches: {e}"))?;
            }
            if let Some(after) = state_of(&self.state) {
                // An experiment is created and ended beside the states, and rules are set.
                let kind = event.kind();
                let beside = (kind.starts_with("experiment_") || kind == "rules_set") && before == Some(after);
                if !beside && !invariants::may_follow(before, after) {
                    return Err(format!("{stream} went from {before:?} to {after:?} by {event:?}"));
                }
                if before != Some(after) {
                    let before = before.map_or_else(|| "none".to_owned(), |state| format!("{state:?}"));
                    *coverage.moves.entry(format!("{before}-{after:?}")).or_default() += 1;
                }
            }
            *coverage.events.entry(event.kind()).or_default() += 1;
            *self.state.streams.entry(stream.to_string()).or_default() += 1;
            self.state.sequence += 1;
            self.log.push((stream.clone(), at, event.clone()));
        }
        if let Some((mut whole, part)) = apart {
            whole.absorb(&entities, &part);
            if !same_rows(&whole, &self.state) {
                return Err(format!("{:?} changed rows that they do not name", decision.events));
            }
            let mut changed = self.state.entities();
            changed.retain(|entity| !entities.contains(entity));
            let kept = self.state.extract(&changed);
            if !same_rows(&kept, &whole.extract(&changed)) {
                return Err("a row changed that no event touches".to_owned());
            }
        }
        Ok(())
    }

    /// After a rollback or a stop, whoever worked on the change that was overtaken is told so.
    fn late_reports(
        &mut self,
        command: &Command,
        before: &Deployment,
        ticket: u64,
        coverage: &mut Coverage,
    ) -> Result<(), String> {
        let (Command::Rollback { .. } | Command::Stop { .. }, Some(worker)) = (command, &before.worker) else {
            return Ok(());
        };
        let (deployment, worker) = (before.name.clone(), worker.clone());
        let reports = match before.state {
            DeploymentState::Deploying => {
                let revision = before.loading().map_or(0, |r| r.number);
                let (d, w) = (deployment.clone(), worker.clone());
                vec![
                    Command::RevisionReady { deployment: d, revision, worker: w, verification: String::new(), salt: 0 },
                    Command::RevisionFailed { deployment, revision, worker, cause: String::new() },
                ]
            }
            DeploymentState::Scaling => {
                self.overtaken.push((deployment.clone(), ticket));
                scale_reports(deployment, worker, ticket)
            }
            _ => Vec::new(),
        };
        self.refuses(reports, coverage)
    }

    /// A scale that goes on is not ended by reports of earlier ones, not even by those of the same process.
    fn overtaken_scales(&self, name: &str, coverage: &mut Coverage) -> Result<(), String> {
        let Some(worker) = self.state.deployments.get(name).and_then(|d| d.worker.clone()) else { return Ok(()) };
        let earlier = self.overtaken.iter().filter(|(deployment, _)| deployment == name);
        self.refuses(
            earlier.flat_map(|(_, ticket)| scale_reports(name.to_owned(), worker.clone(), *ticket)).collect(),
            coverage,
        )
    }

    fn refuses(&self, reports: Vec<Command>, coverage: &mut Coverage) -> Result<(), String> {
        for report in reports {
            coverage.overtaken += 1;
            match decide(&self.state, &report) {
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                other => return Err(format!("{report:?} came after it and got {other:?}")),
            }
        }
        Ok(())
    }

    /// The whole log from nothing, and the stored rows, both give the state.
    fn fold_again(&self) -> Result<(), String> {
        let mut folded = State::default();
        for (stream, at, event) in &self.log {
            let stream = Stream::parse(&stream.to_string()).map_err(|e| e.to_string())?;
            apply(&mut folded, &stream, *at, event).map_err(|e| format!("the log does not fold: {e}"))?;
        }
        if !same_rows(&folded, &self.state) {
            return Err("the log folds to another state".to_owned());
        }
        if !self.shown && !self.dice.one_in(16) {
            return Ok(());
        }
        let mut read = State::default();
        for entity in self.state.entities() {
            let row = self.state.project(&entity).map_err(|e| e.to_string())?;
            read.insert(&row).map_err(|e| format!("a stored row does not read: {e}"))?;
        }
        if !same_rows(&read, &self.state) {
            return Err("the stored rows are another state".to_owned());
        }
        for (_, _, event) in &self.log {
            let text = serde_json::to_string(event).map_err(|e| e.to_string())?;
            let read: Event = serde_json::from_str(&text).map_err(|e| format!("{text}: {e}"))?;
            if read != *event {
                return Err(format!("{event:?} reads back as {read:?}"));
            }
        }
        Ok(())
    }
}

fn scale_reports(deployment: String, worker: String, ticket: u64) -> Vec<Command> {
    vec![
        Command::ScaleDone { deployment: deployment.clone(), worker: worker.clone(), ticket },
        Command::ScaleFailed { deployment, worker, ticket, cause: String::new() },
    ]
}

fn same_rows(a: &State, b: &State) -> bool {
    a.models == b.models && a.versions == b.versions && a.deployments == b.deployments
}

fn deployment_of(command: &Command) -> Option<&str> {
    match command {
        Command::Rollback { deployment, .. } | Command::Stop { deployment, .. } => Some(deployment),
        _ => None,
    }
}

/// Why a refused command had to succeed, if it had to: abort beats every other state.
fn must_succeed(state: &State, command: &Command) -> Option<&'static str> {
    use DeploymentState::{Deploying, Pending, Stopped, Stopping};
    match command {
        Command::Stop { deployment, .. } => {
            state.deployments.contains_key(deployment).then_some("a stop succeeds from every state")
        }
        Command::Rollback { deployment, to, .. } => {
            let d = state.deployments.get(deployment)?;
            d.active?;
            let rolling = d.rollout.as_ref().is_some_and(|rollout| rollout.phase.is_under_way());
            let under_way = matches!(d.state, Pending | Deploying) || rolling;
            let fits = match to {
                None => under_way || !d.previous.is_empty(),
                Some(to) => d.previous.contains(to) || under_way && d.active == Some(*to),
            };
            (fits && !matches!(d.state, Stopping | Stopped))
                .then_some("a rollback succeeds from every state that serves")
        }
        Command::Rollout { deployment, of, moved: Move::Abort, .. } => {
            let rollout = state.deployments.get(deployment)?.rollout.as_ref()?;
            let of_this = of.is_none_or(|of| of == (rollout.candidate, rollout.step));
            (of_this && rollout.phase.is_under_way()).then_some("an abort succeeds in every phase of a rollout")
        }
        Command::Experiment { deployment, of, act: Act::Stop, .. } => {
            let experiment = state.deployments.get(deployment)?.experiment.as_ref()?;
            (of.is_none() && experiment.phase.is_open()).then_some("a stop ends every experiment that is open")
        }
        Command::Experiment { deployment, of: None, act: Act::Pause, .. } => {
            let experiment = state.deployments.get(deployment)?.experiment.as_ref()?;
            (experiment.phase == ExperimentPhase::Running).then_some("a pause takes every arm that runs its traffic")
        }
        _ => None,
    }
}
