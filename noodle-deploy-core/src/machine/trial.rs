//! What is tried with a deployment's requests: who gets which of them, and under what name they are counted.

use std::fmt;

use super::experiment::ExperimentPhase;
use super::rollout::{Rollout, RolloutPhase, under_way};
use super::shares::{Shares, WHOLE};
use super::state::Deployment;

/// Why some requests of a revision are counted by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trial {
    /// A rollout, by the number of its candidate.
    Rollout(u32),
    /// An arm of an experiment, by their numbers.
    Experiment(u32, u32),
    /// Requests that run a second time in the shadow, by the number of the candidate.
    Mirror(u32),
}

impl fmt::Display for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trial::Rollout(candidate) => write!(f, "{candidate}"),
            Trial::Experiment(number, arm) => write!(f, "x{number}.{arm}"),
            Trial::Mirror(candidate) => write!(f, "m{candidate}"),
        }
    }
}

impl Trial {
    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(candidate) = text.strip_prefix('m') {
            return candidate.parse().ok().map(Trial::Mirror);
        }
        let Some(numbers) = text.strip_prefix('x') else { return text.parse().ok().map(Trial::Rollout) };
        let (number, arm) = numbers.split_once('.')?;
        Some(Trial::Experiment(number.parse().ok()?, arm.parse().ok()?))
    }

    /// Whether what it counts are requests of callers.
    pub fn is_traffic(self) -> bool {
        !matches!(self, Trial::Mirror(_))
    }

    /// Whether a deployment still asks for what it counts.
    pub fn is_current(self, d: &Deployment) -> bool {
        match self {
            Trial::Rollout(candidate) | Trial::Mirror(candidate) => {
                under_way(d).is_ok_and(|rollout| rollout.candidate == candidate)
            }
            Trial::Experiment(number, _) => d.experiment.as_ref().is_some_and(|of| of.number == number),
        }
    }
}

/// How requests are divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// Revision of each arm, and what it is counted for; none: like requests that nothing is tried with.
    pub arms: Vec<(u32, Option<Trial>)>,
    /// Who gets which points.
    pub shares: Shares,
    /// Secret that decides where keys lie.
    pub salt: u64,
}

impl Deployment {
    /// The rollout whose candidate is to run requests in the shadow now.
    pub fn mirrored(&self) -> Option<&Rollout> {
        let rollout = under_way(self).ok().filter(|_| self.serves())?;
        Some(rollout).filter(|of| of.mirror().is_some() && self.active == Some(of.baseline))
    }

    /// The rollout whose candidate is to run recorded requests now.
    pub fn replayed(&self) -> Option<&Rollout> {
        let rollout = under_way(self).ok().filter(|_| self.serves())?;
        let runs = rollout.phase == RolloutPhase::Analysing && rollout.replay().is_some();
        Some(rollout).filter(|of| runs && self.active == Some(of.baseline))
    }

    /// How the requests are to be divided now; none: all go to the revision that serves.
    pub fn division(&self) -> Option<Division> {
        if !self.serves() {
            return None;
        }
        if let Ok(rollout) = under_way(self) {
            if rollout.weight == 0 {
                return None;
            }
            let trial = Some(Trial::Rollout(rollout.candidate));
            let weights = [rollout.weight, WHOLE.saturating_sub(rollout.weight)];
            let arms = vec![(rollout.candidate, trial), (rollout.baseline, trial)];
            let division = Division { arms, shares: Shares::of(&weights), salt: rollout.salt };
            return Some(division).filter(|_| self.active == Some(rollout.baseline));
        }
        let experiment = self.experiment.as_ref().filter(|of| of.phase == ExperimentPhase::Running)?;
        let arm = |(number, revision)| (revision, Some(Trial::Experiment(experiment.number, number)));
        let mut arms: Vec<_> = (0..).zip(experiment.arms.iter().map(|arm| arm.revision)).map(arm).collect();
        // Who is held out gets what serves.
        arms.push((self.active?, None));
        Some(Division { arms, shares: experiment.shares.clone().into(), salt: experiment.salt })
    }
}
