//! What came of requests, as the host records it: which arm it is counted for.

use super::Local;
use crate::error::{Error, ErrorKind, Result};
use crate::machine::experiment::config::{FAILED, LATENCY};
use crate::machine::experiment::{self, Experiment, ExperimentPhase, MetricConfig, MetricKind};
use crate::machine::rollout::{Rollout, under_way};
use crate::machine::shares::Shares;
use crate::machine::trial::Trial;
use crate::metrics::outcomes::When;
use crate::ops::experiment::{Outcome, RecordOutcomesInput, RecordedOutcomes};
use crate::ops::routing::{RecordLabelsInput, RecordedLabels};
use crate::serving::split::{GROUPS, Placing};

/// Outcomes of one call.
const MAX_OUTCOMES: usize = 10_000;
/// Largest size of a value: the sum of the squares of as many as there may be is a number.
const MAX_VALUE: f64 = 1e12;
/// Bytes of a key.
const MAX_KEY: usize = 1_024;

/// What is open, and takes outcomes in.
struct Taken {
    /// Revision of each arm, and what its outcomes are counted for.
    arms: Vec<(u32, Trial)>,
    /// Where keys lie; none where a key does not say which revision answered.
    keys: Option<(Placing, Shares)>,
    /// Outcomes that the host records.
    names: Vec<String>,
    /// Those of them that are made of zeros and ones.
    proportions: Vec<String>,
    /// None: it is over.
    when: Option<When>,
}

/// The arm that an outcome is counted for, and its caller's group where that is known.
struct Place {
    arm: usize,
    group: Option<usize>,
}

impl Local {
    /// Takes in what came of requests, all or nothing.
    pub(super) fn record_outcomes(&self, input: &RecordOutcomesInput) -> Result<RecordedOutcomes> {
        let RecordOutcomesInput { deployment, outcomes } = input;
        check_count("outcomes", outcomes.len())?;
        let taken = {
            let state = self.0.control.read();
            let d = state.deployment(deployment)?;
            match under_way(d) {
                Ok(rollout) => Taken::by_rollout(rollout),
                Err(_) => Taken::by_experiment(experiment::of(d)?),
            }
        };
        let placed: Vec<_> = outcomes.iter().enumerate().map(|(i, of)| taken.place(i, of)).collect::<Result<_>>()?;
        let mut done = RecordedOutcomes { recorded: 0, held_out: 0, late: 0 };
        // It may have stopped by itself since the request: that is nothing its host did wrong.
        let Some(when) = taken.when else { return Ok(RecordedOutcomes { late: outcomes.len() as u32, ..done }) };
        for (outcome, place) in outcomes.iter().zip(placed) {
            let Some((Place { group, .. }, (revision, trial))) =
                place.and_then(|place| taken.arms.get(place.arm).map(|arm| (place, *arm)))
            else {
                done.held_out += 1;
                continue;
            };
            let recorder = self.0.traffic.recorder(deployment, revision, Some(trial));
            // Callers without a key fall into groups by turns.
            let group = group.unwrap_or_else(|| self.0.comparing.turn() % GROUPS);
            recorder.outcome(&outcome.name, group, outcome.value, when);
            done.recorded += 1;
        }
        Ok(done)
    }
}

/// The outcome that labels become.
const ACCURACY: &str = "accuracy";

impl Local {
    /// Takes in which classes would have been right.
    pub(super) fn take_labels(&self, input: &RecordLabelsInput) -> Result<RecordedLabels> {
        let RecordLabelsInput { deployment, labels } = input;
        check_count("labels", labels.len())?;
        let open = {
            let state = self.0.control.read();
            let d = state.deployment(deployment)?;
            let open = under_way(d).map(Taken::by_rollout);
            let open = open.or_else(|_| experiment::of(d).map(Taken::by_experiment)).ok();
            open.filter(|taken| taken.when == Some(When::During) && taken.names.iter().any(|name| name == ACCURACY))
        };
        let mut done = RecordedLabels { known: 0, right: 0, recorded: 0, unknown: 0 };
        for label in labels {
            let (entry, _) = self.0.journal.find(deployment, &label.request_id, self.0.clock.now());
            let Some((entry, found)) = entry.and_then(|entry| entry.label.clone().map(|found| (entry, found))) else {
                done.unknown += 1;
                continue;
            };
            if !self.0.journal.label(deployment, &label.request_id) {
                done.unknown += 1;
                continue;
            }
            let right = found == label.label;
            done.known += 1;
            done.right += u32::from(right);
            let revision = entry.served.revision;
            let counted = |taken: &Taken, trial| taken.arms.contains(&(revision, trial));
            if let Some((trial, group)) = entry.trial
                && open.as_ref().is_some_and(|taken| counted(taken, trial))
            {
                let recorder = self.0.traffic.recorder(deployment, revision, Some(trial));
                recorder.outcome(ACCURACY, group, f64::from(u8::from(right)), When::During);
                done.recorded += 1;
            }
        }
        Ok(done)
    }
}

fn check_count(field: &'static str, found: usize) -> Result<()> {
    if found <= MAX_OUTCOMES {
        return Ok(());
    }
    Err(Error::new(ErrorKind::TooLarge, format!("too many {field} at once"))
        .with("field", field)
        .with("value", found)
        .with("allowed", format!("at most {MAX_OUTCOMES}")))
}

impl Taken {
    fn by_experiment(experiment: &Experiment) -> Self {
        let metrics = experiment.metrics.iter();
        let names = metrics.clone().flat_map(|metric| [Some(metric.outcome()), metric.per.as_deref()]).flatten();
        let names = names.filter(|name| ![LATENCY, FAILED].contains(name)).map(str::to_owned);
        let proportions = metrics.filter(|metric| metric.kind == MetricKind::Proportion).map(MetricConfig::outcome);
        let arm = |(number, revision)| (revision, Trial::Experiment(experiment.number, number));
        Taken {
            arms: (0..).zip(experiment.arms.iter().map(|arm| arm.revision)).map(arm).collect(),
            keys: Some((Placing::new(experiment.salt), Shares::from(experiment.shares.clone()))),
            names: names.collect(),
            proportions: proportions.map(str::to_owned).collect(),
            when: match experiment.phase {
                ExperimentPhase::Draft => Some(When::Before),
                ExperimentPhase::Running | ExperimentPhase::Paused => Some(When::During),
                ExperimentPhase::Stopped | ExperimentPhase::Decided => None,
            },
        }
    }

    /// With a rollout the revision that answered is what counts: by now its key may belong to the other one.
    fn by_rollout(rollout: &Rollout) -> Self {
        let trial = Trial::Rollout(rollout.candidate);
        Taken {
            arms: vec![(rollout.baseline, trial), (rollout.candidate, trial)],
            keys: None,
            names: rollout.canary.analysis().metrics.into_iter().map(|metric| metric.name).collect(),
            proportions: Vec::new(),
            when: Some(When::During),
        }
    }

    /// The arm of an outcome and its caller's group; none for a caller who takes no part.
    fn place(&self, at: usize, outcome: &Outcome) -> Result<Option<Place>> {
        let field = |name: &str| format!("outcomes/{at}/{name}");
        if !self.names.contains(&outcome.name) {
            let shown: String = outcome.name.chars().take(140).collect();
            let names = self.names.join(", ");
            let allowed = format!("an outcome of the metrics that the host records: {names}");
            return Err(Error::invalid(field("name"), format!("{shown:?}"), allowed));
        }
        if !outcome.value.is_finite() || outcome.value.abs() > MAX_VALUE {
            return Err(Error::invalid(field("value"), outcome.value, format!("-{MAX_VALUE:e} to {MAX_VALUE:e}")));
        }
        if self.proportions.contains(&outcome.name) && outcome.value != 0.0 && outcome.value != 1.0 {
            return Err(Error::invalid(field("value"), outcome.value, "0 or 1, as a proportion is made of"));
        }
        match (&outcome.key, outcome.revision, &self.keys) {
            (Some(_), Some(revision), Some(_)) => {
                Err(Error::invalid(field("revision"), revision, "nothing beside a key"))
            }
            (Some(key), None, Some(_)) if key.len() > MAX_KEY => {
                Err(Error::invalid(field("key"), format!("{} bytes", key.len()), format!("at most {MAX_KEY} bytes")))
            }
            (Some(key), None, Some((placing, shares))) => {
                let place = placing.of(key.as_bytes());
                let arm = shares.arm(place.point).map(|arm| arm as usize).filter(|arm| *arm < self.arms.len());
                Ok(arm.map(|arm| Place { arm, group: Some(place.group) }))
            }
            (Some(_), None, None) => {
                let allowed = "the revision that answered: the steps of a rollout move keys";
                Err(Error::invalid(field("key"), "a key", allowed))
            }
            (_, Some(revision), _) => self.place_of(revision, &field).map(Some),
            (None, None, _) => {
                Err(Error::invalid(field("key"), "nothing", "the caller's key, or the revision that answered"))
            }
        }
    }

    fn place_of(&self, revision: u32, field: &dyn Fn(&str) -> String) -> Result<Place> {
        let mut of = self.arms.iter().enumerate().filter(|(_, arm)| arm.0 == revision);
        if let (Some((arm, _)), None) = (of.next(), of.next()) {
            return Ok(Place { arm, group: None });
        }
        let arms = self.arms.iter().map(|arm| arm.0.to_string()).collect::<Vec<_>>().join(", ");
        let allowed = format!("the revision of exactly one arm, of {arms}");
        Err(Error::invalid(field("revision"), revision, allowed))
    }
}
