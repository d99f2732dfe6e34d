//! The model: what the log says of each deployment, told by its events alone and not by the machines, and whether what
//! processes did is allowed by it.

use std::collections::{BTreeMap, BTreeSet};

use noodle_deploy_core::event::{Event, Stream};
use noodle_deploy_core::machine::State;
use noodle_deploy_core::machine::experiment::ExperimentPhase;
use noodle_deploy_core::machine::rollout::RolloutPhase;
use noodle_deploy_core::machine::shares::WHOLE;
use noodle_deploy_core::machine::state::Deployment;

pub type Checked<T = ()> = Result<T, String>;

/// What a deployment is after an event.
#[derive(Debug, Clone, Default, PartialEq)]
struct View {
    model: String,
    /// Whether requests are to be answered.
    serves: bool,
    /// Grows whenever the deployment begins to serve again.
    run: u32,
    active: Option<u32>,
    loading: Option<u32>,
    /// Candidate and baseline of the rollout that is under way.
    rollout: Option<(u32, u32)>,
    /// Candidate whose rollout has just completed: all traffic has to move to it.
    completing: Option<u32>,
    arms: Vec<u32>,
    compares: bool,
    /// Revisions that nothing may bring traffic to any more: aborted, overtaken, failed.
    dead: BTreeSet<u32>,
}

impl View {
    /// Revisions that may answer.
    fn traffic(&self) -> BTreeSet<u32> {
        let rollout = self.rollout.iter().flat_map(|(candidate, baseline)| [*candidate, *baseline]);
        let arms = self.arms.iter().copied().filter(|_| self.compares);
        self.active.into_iter().chain(rollout).chain(arms).filter(|_| self.serves).collect()
    }

    fn bury(&mut self, revision: Option<u32>) {
        self.dead.extend(revision);
    }

    /// Ends what is tried beside the active revision.
    fn end_trials(&mut self) {
        let candidate = self.rollout.take().map(|(candidate, _)| candidate);
        self.bury(candidate.filter(|candidate| Some(*candidate) != self.active));
        self.compares = false;
    }

    fn activate(&mut self, to: u32) -> Checked {
        if self.dead.contains(&to) {
            return Err(format!("traffic moves to revision {to}, which was aborted, overtaken or failed"));
        }
        self.active = Some(to);
        self.end_trials();
        self.serves = true;
        Ok(())
    }

    fn follow(&mut self, event: &Event) -> Checked {
        if let Some(candidate) = self.completing.take()
            && !matches!(event, Event::Promoted { to, .. } if *to == candidate)
        {
            return Err(format!("the rollout of {candidate} completed, and no traffic moved"));
        }
        let served = self.serves;
        let rollout = || format!("{} after the end of its rollout", event.kind());
        match event {
            Event::DeployRequested { model, revision, .. } => {
                if !self.serves {
                    let failing = self.active.take();
                    self.bury(failing);
                }
                self.model.clone_from(model);
                self.loading = Some(revision.number);
            }
            Event::RevisionReady { .. } => {
                self.loading = None;
                let candidate = self.rollout.take().map(|(candidate, _)| candidate);
                self.bury(candidate);
            }
            Event::RevisionFailed { revision, .. } => {
                self.loading = None;
                self.bury(Some(*revision));
            }
            Event::RolloutStarted { baseline, candidate, .. } => {
                if self.dead.contains(candidate) || self.active != Some(*baseline) {
                    return Err(format!("a rollout from {baseline} to {candidate} beside {:?}", self.active));
                }
                self.rollout = Some((*candidate, *baseline));
            }
            Event::RolloutMarked { .. } | Event::RolloutStepped { .. } if self.rollout.is_none() => {
                return Err(rollout());
            }
            Event::RolloutPhaseChanged { phase, .. } => {
                let (candidate, _) = self.rollout.ok_or_else(rollout)?;
                match phase {
                    RolloutPhase::Aborted => {
                        self.rollout = None;
                        self.bury(Some(candidate));
                    }
                    RolloutPhase::Completed => {
                        self.rollout = None;
                        self.completing = Some(candidate);
                    }
                    _ => {}
                }
            }
            Event::Promoted { to, .. } => self.activate(*to)?,
            Event::RolledBack { to, .. } => {
                let loading = self.loading.take();
                self.bury(loading);
                self.activate(*to)?;
            }
            Event::StopRequested { .. } => self.serves = false,
            Event::Stopped {} => {
                let loading = self.loading.take();
                self.bury(loading);
                self.end_trials();
                self.active = None;
            }
            Event::Failed { .. } => {
                self.end_trials();
                self.serves = false;
            }
            Event::ExperimentCreated { experiment } => {
                self.arms = experiment.arms.iter().map(|arm| arm.revision).collect();
                self.compares = false;
            }
            Event::ExperimentPhaseChanged { phase, .. } => {
                self.compares = *phase == ExperimentPhase::Running;
                if let Some(dead) = self.arms.iter().find(|arm| self.compares && self.dead.contains(arm)) {
                    return Err(format!("an experiment brings traffic to revision {dead}, which is gone"));
                }
            }
            _ => {}
        }
        self.run += u32::from(self.serves && !served);
        Ok(())
    }

    /// What the machines folded comes to the same.
    fn agrees(&self, d: &Deployment) -> Checked {
        let mut traffic: BTreeSet<u32> = d.active.into_iter().filter(|_| d.serves()).collect();
        if let Some(division) = d.division() {
            traffic.extend(division.arms.iter().map(|(revision, _)| revision));
            let weights = (0..division.arms.len() as u32).map(|arm| division.shares.weight(arm));
            let sum: u32 = weights.sum();
            if sum != WHOLE {
                return Err(format!("the shares add up to {sum}"));
            }
        }
        let same = traffic == self.traffic() && self.serves == d.serves() && self.active == d.active;
        if same { Ok(()) } else { Err(format!("the machines give traffic to {traffic:?}, the log says {self:?}")) }
    }
}

/// What the log has said, and what each process has shown since it started.
#[derive(Default)]
pub struct History {
    /// By deployment: what it was, from which event on.
    views: BTreeMap<String, Vec<(u64, View)>>,
    /// Run in which a process has answered requests to a deployment.
    answered: BTreeMap<(usize, String), u32>,
    /// Newest token under which a leader's decision is in the log.
    token: u64,
}

/// Who answered a request.
pub struct Answer<'a> {
    pub revision: u32,
    pub model: &'a str,
    /// Whether the process has what the log wants to serve.
    pub has_active: bool,
}

impl History {
    /// Takes an event in, with the state that the machines made of it. `token` is that of the leader who decided it.
    pub fn event(&mut self, at: u64, stream: &Stream, event: &Event, token: Option<u64>, state: &State) -> Checked {
        if let Some(token) = token {
            if token < self.token {
                return Err(format!("a leader with token {token} decided after one with {}", self.token));
            }
            self.token = token;
        }
        let Stream::Deployment(name) = stream else { return Ok(()) };
        let views = self.views.entry(name.clone()).or_default();
        let mut view = views.last().map(|(_, view)| view.clone()).unwrap_or_default();
        view.follow(event).map_err(|why| format!("event {at} of {name}: {why}"))?;
        // A rollout completes and traffic moves in one append.
        if view.completing.is_none() {
            view.agrees(state.deployment(name).map_err(|e| e.to_string())?)
                .map_err(|why| format!("event {at} of {name}: {why}"))?;
        }
        if views.last().is_none_or(|(_, last)| *last != view) {
            views.push((at, view));
        }
        Ok(())
    }

    fn view(&self, name: &str, at: u64) -> Option<&View> {
        let views = self.views.get(name)?;
        let next = views.partition_point(|(from, _)| *from <= at);
        views.get(next.checked_sub(1)?).map(|(_, view)| view)
    }

    pub fn restarted(&mut self, process: usize) {
        self.answered.retain(|(of, _), _| *of != process);
    }

    /// A request came to a process whose table is that of the log up to `at`.
    pub fn request(&mut self, process: usize, name: &str, at: u64, answer: Option<Answer<'_>>) -> Checked {
        let Some(view) = self.view(name, at) else { return Ok(()) };
        let key = (process, name.to_owned());
        let run = view.run;
        let Some(answer) = answer else {
            if view.serves && self.answered.get(&key) == Some(&run) {
                return Err(format!("a request to {name} failed although it serves since it was answered last"));
            }
            return Ok(());
        };
        let revision = answer.revision;
        if answer.model != view.model {
            return Err(format!("revision {revision} of {} answered for {}", answer.model, view.model));
        }
        // In place of what is not loaded yet, what served before answers.
        let stands_in = view.serves && !answer.has_active && !view.dead.contains(&revision);
        if !view.traffic().contains(&revision) && !stands_in {
            return Err(format!("revision {revision} of {name} answered, the log at {at} says {view:?}"));
        }
        self.answered.insert(key, run);
        Ok(())
    }
}
