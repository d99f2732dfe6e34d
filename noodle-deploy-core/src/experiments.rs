//! Looks at what experiments show, asks what follows, and does it. Only the holder of the lease does this.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Millis;
use crate::error::{ErrorKind, Result};
use crate::machine::Command;
use crate::machine::experiment::analysis::{ArmData, report, verdict};
use crate::machine::experiment::history::{IntervalAt, Intervals};
use crate::machine::experiment::{Allocation, Experiment, ExperimentArm, ExperimentPhase, ExperimentReport};
use crate::machine::shares::Share;
use crate::machine::trial::Trial;
use crate::metrics::totals::since;
use crate::noodle::Inner;
use crate::serving::segmenting::Segmenting;
use crate::store::Fence;

/// Time between two looks at least.
const LEAST_MS: u64 = 250;

/// What a process remembers of experiments.
#[derive(Default)]
pub(crate) struct Comparing {
    looks: Mutex<BTreeMap<String, Look>>,
    /// Of the last experiment of each deployment, by its number.
    intervals: Mutex<BTreeMap<String, (u32, Intervals)>>,
    /// Of the last experiment of each deployment.
    segments: Mutex<BTreeMap<String, Arc<Segmenting>>>,
    turns: AtomicUsize,
}

struct Look {
    number: u32,
    shares: Vec<Share>,
    /// Requests of each arm by group when these shares were first seen.
    from: Vec<Vec<u64>>,
    at: Millis,
}

impl Comparing {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Look>> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn intervals(&self) -> MutexGuard<'_, BTreeMap<String, (u32, Intervals)>> {
        self.intervals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the intervals of an experiment narrowed, as far as this process has decided on it.
    pub(crate) fn history(&self, deployment: &str, number: u32) -> Vec<IntervalAt> {
        let intervals = self.intervals();
        intervals.get(deployment).filter(|(of, _)| *of == number).map(|(_, of)| of.all()).unwrap_or_default()
    }

    fn keep(&self, deployment: &str, number: u32, report: &ExperimentReport) {
        let mut intervals = self.intervals();
        let of = intervals.entry(deployment.to_owned()).or_default();
        if of.0 != number {
            *of = (number, Intervals::default());
        }
        of.1.look(report);
    }

    /// The segments of an experiment in this process, where it has some.
    pub(crate) fn segments(&self, deployment: &str, experiment: &Experiment) -> Option<Arc<Segmenting>> {
        let mut segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = segments.get(deployment).filter(|known| known.number == experiment.number) {
            return Some(known.clone());
        }
        // What an earlier experiment had is over.
        let new = Segmenting::new(experiment);
        match &new {
            Some(new) => segments.insert(deployment.to_owned(), new.clone()),
            None => segments.remove(deployment),
        };
        new
    }

    /// The next group of a caller without a key.
    pub(crate) fn turn(&self) -> usize {
        self.turns.fetch_add(1, Ordering::Relaxed)
    }
}

/// Revision of each arm, and what it is counted for.
fn counted(experiment: &Experiment) -> Vec<(u32, Trial)> {
    let of = |(number, arm): (u32, &ExperimentArm)| (arm.revision, Trial::Experiment(experiment.number, number));
    (0..).zip(&experiment.arms).map(of).collect()
}

impl Inner {
    /// What an experiment shows now, and what it is computed from.
    pub(crate) fn report_of(
        &self,
        deployment: &str,
        experiment: &Experiment,
    ) -> Result<(ExperimentReport, Vec<ArmData>)> {
        let arms = self.arms_of(deployment, &counted(experiment))?.into_iter();
        let mut data: Vec<_> = arms.map(|totals| ArmData { exposures: totals.exposures.clone(), totals }).collect();
        if experiment.judgement.allocation() != Allocation::Fixed {
            // Requests under earlier shares say nothing of these.
            let looks = self.comparing.lock();
            let known = looks.get(deployment);
            let known = known.filter(|look| look.number == experiment.number && look.shares == experiment.shares);
            for (at, arm) in data.iter_mut().enumerate() {
                let from = known.and_then(|look| look.from.get(at));
                arm.exposures = from.map_or_else(Vec::new, |from| since(&arm.exposures, from));
            }
        }
        Ok((report(experiment, &data, self.clock.now()), data))
    }

    /// Judges every experiment that is due, and acts.
    pub(crate) fn judge_experiments(&self, fence: Option<&Fence>) -> Result<()> {
        let running: Vec<(String, Experiment)> = {
            let state = self.control.read();
            self.comparing.intervals().retain(|name, _| state.deployments.contains_key(name));
            let serving = state.deployments.values().filter(|d| d.serves());
            let of = serving.filter_map(|d| Some((d.name.clone(), d.experiment.as_deref()?.clone())));
            of.filter(|(_, experiment)| experiment.phase == ExperimentPhase::Running).collect()
        };
        self.comparing.lock().retain(|name, _| running.iter().any(|(known, _)| known == name));
        for (deployment, experiment) in running {
            let now = self.clock.now();
            if !self.looks_at(&deployment, &experiment, now)? {
                continue;
            }
            let (report, data) = self.report_of(&deployment, &experiment)?;
            self.comparing.keep(&deployment, experiment.number, &report);
            let Some((act, reason)) = verdict(&experiment, &report, &data, now) else { continue };
            let report = Some(Box::new(report));
            let command = Command::Experiment { deployment, of: Some(experiment.number), act, reason, report };
            match self.control.execute(&self.background("experiment"), &command, fence) {
                Ok(_) => self.publish(),
                // Somebody moved it meanwhile: the next look sees what is.
                Err(error) if error.kind() == ErrorKind::Conflict => {
                    tracing::debug!(experiment = experiment.name, %error, "an experiment was not moved");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether an experiment is to be looked at; remembers where the counting under its shares began.
    fn looks_at(&self, deployment: &str, experiment: &Experiment, now: Millis) -> Result<bool> {
        {
            let mut looks = self.comparing.lock();
            let same = |look: &&mut Look| look.number == experiment.number && look.shares == experiment.shares;
            if let Some(look) = looks.get_mut(deployment).filter(same) {
                let due = now < look.at || now - look.at >= LEAST_MS;
                if due {
                    look.at = now;
                }
                return Ok(due);
            }
        }
        let from = self.arms_of(deployment, &counted(experiment))?.into_iter().map(|arm| arm.exposures).collect();
        let look = Look { number: experiment.number, shares: experiment.shares.clone(), from, at: now };
        self.comparing.lock().insert(deployment.to_owned(), look);
        Ok(true)
    }
}
