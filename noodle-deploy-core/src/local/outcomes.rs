//! What came of requests, as the host records it: which arm it is counted for.

use std::sync::Arc;

use super::Local;
use crate::error::{Error, ErrorKind, Result};
use crate::machine::experiment::config::{FAILED, LATENCY};
use crate::machine::experiment::{self, Experiment, ExperimentPhase, MetricConfig, MetricKind};
use crate::machine::rollout::{Rollout, under_way};
use crate::machine::shares::Shares;
use crate::machine::trial::Trial;
use crate::metrics::outcomes::When;
use crate::ops::experiment::{Outcome, RecordOutcomesInput, RecordedOutcomes};
use crate::serving::journal::{Entry, MAX_ID};
use crate::serving::segmenting::Segmenting;
use crate::serving::split::{GROUPS, Placing};

/// Outcomes of one call.
const MAX_OUTCOMES: usize = 10_000;
/// Largest size of a value: the sum of the squares of as many as there may be is a number.
const MAX_VALUE: f64 = 1e12;
/// Bytes of a key.
const MAX_KEY: usize = 1_024;
/// Attributes of an outcome.
const MAX_ATTRIBUTES: usize = 64;
/// Bytes of an attribute's value.
const MAX_ATTRIBUTE: usize = 256;

/// What is open, and takes outcomes in.
pub(super) struct Taken {
    /// Revision of each arm, and what its outcomes are counted for.
    arms: Vec<(u32, Trial)>,
    /// Where keys lie; none where a key does not say which revision answered.
    keys: Option<(Placing, Shares)>,
    /// Outcomes that the host records.
    pub(super) names: Vec<String>,
    /// Those of them that are made of zeros and ones.
    proportions: Vec<String>,
    /// None: it is over.
    pub(super) when: Option<When>,
    /// Segments that outcomes are counted in too.
    segments: Option<Arc<Segmenting>>,
}

/// What an outcome is counted for.
enum Place {
    /// An arm, and its caller's group where that is known.
    Arm(usize, Option<usize>),
    /// Nothing: its caller takes no part.
    HeldOut,
    /// Nothing: its request was part of what is over.
    Late,
    /// Nothing: its request is not remembered.
    Unknown,
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
                Err(_) => {
                    let experiment = experiment::of(d)?;
                    let segments = self.0.comparing.segments(deployment, experiment);
                    Taken { segments, ..Taken::by_experiment(experiment) }
                }
            }
        };
        let now = self.0.clock.now();
        let find = |id: &str| self.0.journal.find(deployment, id, now).0;
        let placed = outcomes.iter().enumerate().map(|(i, of)| taken.place(i, of, &find));
        let placed: Vec<_> = placed.collect::<Result<_>>()?;
        let mut done = RecordedOutcomes { recorded: 0, held_out: 0, late: 0, unknown: 0 };
        // It may have stopped by itself since the request: that is nothing its host did wrong.
        let Some(when) = taken.when else { return Ok(RecordedOutcomes { late: outcomes.len() as u32, ..done }) };
        for (outcome, place) in outcomes.iter().zip(placed) {
            let (arm, group) = match place {
                Place::Arm(arm, group) => (taken.arms.get(arm), group),
                Place::HeldOut => (None, None),
                Place::Late => {
                    done.late += 1;
                    continue;
                }
                Place::Unknown => {
                    done.unknown += 1;
                    continue;
                }
            };
            let Some((revision, trial)) = arm.copied() else {
                done.held_out += 1;
                continue;
            };
            let recorder = self.0.traffic.recorder(deployment, revision, Some(trial));
            // Callers without a key fall into groups by turns.
            let group = group.unwrap_or_else(|| self.0.comparing.turn() % GROUPS);
            recorder.outcome(&outcome.name, group, outcome.value, when);
            if let Some(segments) = taken.segments.as_ref().filter(|_| when == When::During) {
                let said = |attribute: &str| outcome.attributes.get(attribute).map(String::as_str);
                segments.count(&recorder, said, &outcome.name, group, outcome.value);
            }
            done.recorded += 1;
        }
        Ok(done)
    }
}

pub(super) fn check_count(field: &'static str, found: usize) -> Result<()> {
    if found <= MAX_OUTCOMES {
        return Ok(());
    }
    Err(Error::new(ErrorKind::TooLarge, format!("too many {field} at once"))
        .with("field", field)
        .with("value", found)
        .with("allowed", format!("at most {MAX_OUTCOMES}")))
}

impl Taken {
    pub(super) fn by_experiment(experiment: &Experiment) -> Self {
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
            segments: None,
        }
    }

    /// With a rollout the revision that answered is what counts: by now its key may belong to the other one.
    pub(super) fn by_rollout(rollout: &Rollout) -> Self {
        let trial = Trial::Rollout(rollout.candidate);
        Taken {
            arms: vec![(rollout.baseline, trial), (rollout.candidate, trial)],
            keys: None,
            names: rollout.canary.analysis().metrics.into_iter().map(|metric| metric.name).collect(),
            proportions: Vec::new(),
            when: Some(When::During),
            segments: None,
        }
    }

    /// The arm by what its requests are counted as.
    pub(super) fn arm(&self, revision: u32, trial: Trial) -> Option<usize> {
        self.arms.iter().position(|arm| *arm == (revision, trial))
    }

    /// What an outcome is counted for. `find` says what is remembered of a request.
    fn place(&self, at: usize, outcome: &Outcome, find: &dyn Fn(&str) -> Option<Entry>) -> Result<Place> {
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
        if let Some(attribute) = outcome.attributes.iter().find(|(_, value)| value.len() > MAX_ATTRIBUTE) {
            let (name, value) = attribute;
            let shown: String = name.chars().take(140).collect();
            let found = format!("{} bytes", value.len());
            return Err(Error::invalid(field("attributes"), found, format!("at most {MAX_ATTRIBUTE} bytes"))
                .with("attribute", shown));
        }
        if outcome.attributes.len() > MAX_ATTRIBUTES {
            let found = format!("{} attributes", outcome.attributes.len());
            return Err(Error::invalid(field("attributes"), found, format!("at most {MAX_ATTRIBUTES}")));
        }
        match (&outcome.key, outcome.revision, &outcome.request_id) {
            (Some(_), Some(revision), _) => Err(Error::invalid(field("revision"), revision, "nothing beside a key")),
            (Some(_), None, Some(_)) => Err(Error::invalid(field("request_id"), "a name", "nothing beside a key")),
            (None, Some(_), Some(_)) => Err(Error::invalid(field("request_id"), "a name", "nothing beside a revision")),
            (None, None, Some(id)) if id.is_empty() || id.len() > MAX_ID => {
                let found = format!("{} bytes", id.len());
                Err(Error::invalid(field("request_id"), found, format!("1 to {MAX_ID} bytes")))
            }
            (None, None, Some(id)) => Ok(find(id).map_or(Place::Unknown, |entry| self.place_by(&entry))),
            (Some(key), None, None) => self.place_key(key, &field),
            (None, Some(revision), None) => self.place_of(revision, &field),
            (None, None, None) => {
                let allowed = "the caller's key, the revision that answered, or the request's name in `request_id`";
                Err(Error::invalid(field("key"), "nothing", allowed))
            }
        }
    }

    fn place_by(&self, entry: &Entry) -> Place {
        // Who is held out, and who was sent somewhere by a rule or by name, has no part in it.
        let Some((trial, group)) = entry.trial else { return Place::HeldOut };
        self.arm(entry.served.revision, trial).map_or(Place::Late, |arm| Place::Arm(arm, Some(group)))
    }

    fn place_key(&self, key: &str, field: &dyn Fn(&str) -> String) -> Result<Place> {
        let Some((placing, shares)) = &self.keys else {
            let allowed = "the revision that answered, or the request's name: the steps of a rollout move keys";
            return Err(Error::invalid(field("key"), "a key", allowed));
        };
        if key.len() > MAX_KEY {
            let found = format!("{} bytes", key.len());
            return Err(Error::invalid(field("key"), found, format!("at most {MAX_KEY} bytes")));
        }
        let place = placing.of(key.as_bytes());
        let arm = shares.arm(place.point).map(|arm| arm as usize).filter(|arm| *arm < self.arms.len());
        Ok(arm.map_or(Place::HeldOut, |arm| Place::Arm(arm, Some(place.group))))
    }

    fn place_of(&self, revision: u32, field: &dyn Fn(&str) -> String) -> Result<Place> {
        let mut of = self.arms.iter().enumerate().filter(|(_, arm)| arm.0 == revision);
        if let (Some((arm, _)), None) = (of.next(), of.next()) {
            return Ok(Place::Arm(arm, None));
        }
        let arms = self.arms.iter().map(|arm| arm.0.to_string()).collect::<Vec<_>>().join(", ");
        let allowed = format!("the revision of exactly one arm, of {arms}");
        Err(Error::invalid(field("revision"), revision, allowed))
    }
}
