//! One process: a state that lags behind, revisions that it has loaded, the table that it routes by, and the calls that it
//! works on. Decisions, folds, divisions and judgements are the library's; threads and engines are modelled.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use noodle_deploy_core::Error;
use noodle_deploy_core::clock::Millis;
use noodle_deploy_core::event::{Event, Stream};
use noodle_deploy_core::machine::rollout::{Evidence, Seen};
use noodle_deploy_core::machine::state::{Entity, RevisionStatus, touched};
use noodle_deploy_core::machine::trial::Division;
use noodle_deploy_core::machine::{Command, State, apply, decide};
use noodle_deploy_core::store::{Append, Fence, NewEvent, WHOLE_LOG};

use super::Mutant;
use super::history::Checked;
use super::log::Log;

/// Rollback targets that are kept loaded, as by default.
pub const KEEP_WARM: usize = 1;

pub type Key = (String, u32);

/// A revision as a process has it in memory.
#[derive(Debug, PartialEq)]
pub struct Live {
    pub revision: u32,
    pub model: String,
    pub version: String,
}

/// Where the requests to one deployment go.
#[derive(Default, Clone)]
pub struct Route {
    pub active: Option<Rc<Live>>,
    pub split: Option<(Division, Vec<Rc<Live>>)>,
    /// What is to serve was not loaded when the table was computed.
    pub lagging: bool,
}

/// Something to be decided and appended.
#[derive(Clone, Debug)]
pub struct Call {
    pub command: Command,
    pub fence: Option<Fence>,
}

/// A call whose events are in the log, the version that the last one made of its stream, and that event.
pub type Written = (Call, u64, Event);

/// A decision on its way to the log.
pub struct Writing {
    call: Call,
    append: Append,
    entities: Vec<Entity>,
    part: State,
}

/// Work that takes time.
pub struct Job {
    pub left: usize,
    /// A revision that is loaded.
    pub loads: Option<Key>,
    pub deployment: String,
    pub then: Then,
}

/// What follows when the work is done.
pub enum Then {
    Nothing,
    /// The change's worker reports.
    Report {
        of: Report,
        fence: Option<Fence>,
    },
    /// The call that the revision was loaded for: whatever came of the load, or only where it is up.
    Call {
        call: Box<Call>,
        anyway: bool,
    },
}

pub enum Report {
    Loaded { canary: bool },
    Scaled { ticket: u64 },
    Drained,
}

/// What has been found of one step of a rollout, as its decider remembers it.
pub struct Judge {
    pub of: (u32, u32),
    pub from: Seen,
    pub evidence: Evidence,
}

#[derive(Default)]
pub struct Process {
    /// Of this incarnation; empty while it is down.
    pub id: String,
    pub state: State,
    pub live: BTreeMap<Key, Rc<Live>>,
    pub table: BTreeMap<String, Route>,
    /// Sequence of the state that the table is computed from.
    pub published: u64,
    pub jobs: Vec<Job>,
    pub calls: VecDeque<Call>,
    pub writing: Option<Writing>,
    pub fence: Option<Fence>,
    pub judging: BTreeMap<String, Judge>,
}

pub fn deployment_of(command: &Command) -> &str {
    use Command::*;
    match command {
        Deploy(deploy) => &deploy.deployment,
        Claim { deployment, .. }
        | RevisionReady { deployment, .. }
        | RevisionFailed { deployment, .. }
        | Promote { deployment, .. }
        | Rollback { deployment, .. }
        | Scale { deployment, .. }
        | ScaleDone { deployment, .. }
        | ScaleFailed { deployment, .. }
        | Rollout { deployment, .. }
        | CreateExperiment { deployment, .. }
        | Experiment { deployment, .. }
        | Stop { deployment, .. }
        | StopDone { deployment }
        | Fail { deployment, .. } => deployment,
        _ => "",
    }
}

impl Process {
    pub fn is_up(&self) -> bool {
        !self.id.is_empty()
    }

    /// Whether a call or a job of this process changes the deployment.
    pub fn works_on(&self, name: &str) -> bool {
        let calls = self.calls.iter().chain(self.writing.iter().map(|writing| &writing.call));
        // Looks at rollouts and experiments, and what users want of them, work on no change.
        let moves = |call: &&Call| !matches!(call.command, Command::Rollout { .. } | Command::Experiment { .. });
        let calls = calls.filter(moves);
        let reports = self.jobs.iter().filter(|job| matches!(job.then, Then::Report { .. }));
        calls.map(|call| deployment_of(&call.command)).chain(reports.map(|job| &*job.deployment)).any(|of| of == name)
    }

    pub fn is_loading(&self, key: &Key) -> bool {
        self.jobs.iter().any(|job| job.loads.as_ref() == Some(key))
    }

    /// Revisions that are wanted here and not loaded, the serving ones first.
    pub fn missing(&self) -> Vec<Key> {
        let wanted = self.state.deployments.values().flat_map(|d| {
            let numbers = d.wanted(KEEP_WARM).into_iter().enumerate();
            numbers.map(|(rank, number)| (rank, (d.name.clone(), number)))
        });
        let mut missing: Vec<_> = wanted.filter(|(_, key)| !self.live.contains_key(key)).collect();
        missing.sort_by_key(|(rank, _)| *rank);
        missing.into_iter().map(|(_, key)| key).collect()
    }

    /// Decides the next call on the state as this process knows it. An error is of a call that is refused for good.
    pub fn decide(&mut self, log: &Log, now: Millis, mutant: Mutant) -> Checked<Option<Error>> {
        let Some(call) = self.calls.pop_front() else { return Ok(None) };
        match decide(&self.state, &call.command) {
            // The refusal may rest on a state that another process has left behind.
            Err(_) if log.catch_up(&mut self.state)? => self.calls.push_front(call),
            Err(error) => return Ok(Some(error)),
            Ok(decision) if decision.events.is_empty() => {}
            Ok(decision) => {
                let mut entities: Vec<Entity> = decision.events.iter().flat_map(|(s, e)| touched(s, e)).collect();
                entities.sort();
                entities.dedup();
                let mut part = self.state.extract(&entities);
                for (stream, event) in &decision.events {
                    apply(&mut part, stream, now, event).map_err(|e| format!("{:?}: {e}", call.command))?;
                }
                let streams = decision.reads.iter().chain(decision.events.iter().map(|(s, _)| s));
                let mut streams: Vec<String> = streams.map(Stream::to_string).collect();
                streams.sort();
                streams.dedup();
                let known = if mutant == Mutant::ExpectsNothing { &log.state } else { &self.state };
                let version = |stream: &String| known.streams.get(stream).copied().unwrap_or(0);
                let whole = decision.all.then(|| (WHOLE_LOG.to_owned(), known.sequence));
                let append = Append {
                    expect: streams.into_iter().map(|s| (s.clone(), version(&s))).chain(whole).collect(),
                    events: decision.events.iter().map(|(s, e)| written(s, e, &call)).collect(),
                    projections: entities.iter().filter_map(|entity| part.project(entity).ok()).collect(),
                    at: now,
                    fence: call.fence.clone().filter(|_| mutant != Mutant::NoFence),
                    cut: None,
                };
                self.writing = Some(Writing { call, append, entities, part });
            }
        }
        Ok(None)
    }

    /// Appends what was decided; decides anew where another writer was faster. Returns what is in the log now, and the
    /// error of a call that ends with one.
    pub fn write(&mut self, log: &mut Log) -> Checked<Result<Option<Written>, Error>> {
        let Some(Writing { call, append, entities, part }) = self.writing.take() else { return Ok(Ok(None)) };
        match log.append(&append)? {
            Err(error) if error.get("stream").is_some() => {
                log.catch_up(&mut self.state)?;
                self.calls.push_front(call);
                Ok(Ok(None))
            }
            Err(error) => Ok(Err(error)),
            Ok(stored) => {
                if stored.first().is_some_and(|first| first.sequence == self.state.sequence + 1) {
                    self.state.absorb(&entities, &part);
                    for event in &stored {
                        self.state.streams.insert(event.event.stream.clone(), event.version);
                        self.state.sequence = event.sequence;
                    }
                } else {
                    log.catch_up(&mut self.state)?;
                }
                let event = log.entries.last().map(|entry| (call, entry.version, entry.event.clone()));
                Ok(Ok(event))
            }
        }
    }

    /// Computes the table from the state and what is loaded, as `reconcile::publish` does.
    pub fn publish(&mut self, mutant: Mutant) {
        let before = std::mem::take(&mut self.table);
        self.published = self.state.sequence;
        let mut keep: Vec<Key> = Vec::new();
        for (name, d) in &self.state.deployments {
            let live = |number: u32| self.live.get(&(name.clone(), number)).cloned();
            let busy = d.revisions.iter().filter(|r| r.status == RevisionStatus::Loading).map(|r| r.number);
            keep.extend(d.wanted(KEEP_WARM).into_iter().chain(busy).map(|number| (name.clone(), number)));
            let known = before.get(name);
            let desired = d.active.filter(|_| d.serves()).and_then(live);
            let fits = |live: &Rc<Live>| d.may_stand_in(&live.model, live.revision);
            let stale = known.and_then(|route| route.active.clone()).filter(fits);
            let stale = stale.filter(|_| mutant != Mutant::LetsGoAtOnce);
            let lagging = desired.is_none();
            let active = desired.or(stale);
            keep.extend(active.iter().map(|live| (name.clone(), live.revision)));
            let of_active = active.as_ref().is_some_and(|live| Some(live.revision) == d.active);
            let split = d.division().filter(|_| of_active).and_then(|division| {
                let arms = division.arms.iter().map(|(revision, _)| live(*revision)).collect::<Option<_>>()?;
                Some((division, arms))
            });
            let kept = known.and_then(|route| route.split.clone()).filter(|_| mutant == Mutant::IgnoresAborts);
            self.table.insert(name.clone(), Route { active, split: split.or(kept), lagging });
        }
        self.live.retain(|key, _| keep.contains(key));
    }

    /// Who answers a request that lies at a point.
    pub fn route(&self, name: &str, point: impl Fn(u64) -> u32) -> Option<Rc<Live>> {
        let route = self.table.get(name)?;
        let split = route.split.as_ref().and_then(|(division, arms)| {
            let arm = division.shares.arm(point(division.salt))?;
            arms.get(arm as usize).cloned()
        });
        split.or_else(|| route.active.clone())
    }
}

fn written(stream: &Stream, event: &Event, call: &Call) -> NewEvent {
    NewEvent {
        stream: stream.to_string(),
        kind: event.kind().to_owned(),
        payload: serde_json::to_string(event).expect("events serialise"),
        actor: "simulation".to_owned(),
        operation: "simulation".to_owned(),
        // The model learns from it whose decision it is.
        request: call.fence.as_ref().map_or_else(|| "user".to_owned(), |fence| fence.token.to_string()),
    }
}
