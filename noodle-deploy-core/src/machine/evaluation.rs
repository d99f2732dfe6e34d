//! Evaluations of versions, the gates they pass, and what a deployment requires.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::state::{State, VersionRecord};
use super::version::check_name;
use crate::artifact::Digest;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::event::Event;

/// Gates that a version may be evaluated for, and that a deployment may require.
pub const MAX_GATES: usize = 16;
/// Evaluations that a version remembers: the last one of each gate, and the last one without; older ones are in the
/// history.
pub const MAX_EVALUATIONS: usize = MAX_GATES + 1;
/// Bounds of a gate.
pub const MAX_BOUNDS: usize = 64;

/// What a metric must reach for a gate to be passed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// Name of the metric.
    pub metric: String,
    /// It must be this or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// It must be this or less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
}

impl Bound {
    /// Whether a value is within. A metric without a value is not.
    pub fn holds(&self, value: Option<f64>) -> bool {
        value.is_some_and(|value| {
            self.at_least.is_none_or(|least| value >= least) && self.at_most.is_none_or(|most| value <= most)
        })
    }

    /// What is allowed, for people.
    pub fn text(&self) -> String {
        let parts = [
            self.at_least.map(|least| format!("at least {least}")),
            self.at_most.map(|most| format!("at most {most}")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn validate(&self) -> Result<()> {
        let named = |e: Error| e.with("metric", &self.metric);
        let given: Vec<f64> = [self.at_least, self.at_most].into_iter().flatten().collect();
        match given[..] {
            [] => Err(named(Error::invalid("gate/bounds", "nothing", "at_least, at_most or both"))),
            _ if given.iter().any(|bound| !bound.is_finite()) => {
                Err(named(Error::invalid("gate/bounds", format!("{given:?}"), "finite numbers")))
            }
            [least, most] if least > most => {
                Err(named(Error::invalid("gate/bounds", self.text(), "at_least that is no more than at_most")))
            }
            _ => Ok(()),
        }
    }
}

/// Checks the name and the bounds of a gate.
///
/// # Errors
/// `invalid_argument` that names the field.
pub fn check_gate(name: &str, bounds: &[Bound]) -> Result<()> {
    check_name("gate/name", name)?;
    if bounds.is_empty() || bounds.len() > MAX_BOUNDS {
        return Err(Error::invalid("gate/bounds", format!("{} bounds", bounds.len()), format!("1 to {MAX_BOUNDS}")));
    }
    bounds.iter().try_for_each(Bound::validate)
}

/// What an evaluation of a version found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evaluation {
    /// The gate that it is for, where it is for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// Whether every bound holds; true without bounds.
    pub passed: bool,
    /// Digest of the model file that was evaluated. An evaluation of another file does not count.
    pub artifact: Digest,
    /// Digest of the data set.
    pub data: Digest,
    /// Rows of the data set, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub rows: u64,
    /// Engine and version that gave the answers.
    pub engine: String,
    /// Metrics that have a value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<String, f64>,
    /// What the gate asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<Bound>,
    /// When it was recorded, in milliseconds since 1970, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub at: Millis,
}

impl Evaluation {
    /// The first bound that does not hold.
    pub fn broken(&self) -> Option<&Bound> {
        self.bounds.iter().find(|bound| !bound.holds(self.metrics.get(&bound.metric).copied()))
    }
}

pub(super) fn record(state: &State, model: &str, version: &str, evaluation: &Evaluation) -> Result<Vec<Event>> {
    let record = state.resolve(model, version)?;
    if evaluation.artifact != record.digest {
        return Err(Error::conflict("the evaluation is of another file than the version has")
            .with("version", &record.version)
            .with("value", evaluation.artifact)
            .with("allowed", record.digest));
    }
    match &evaluation.gate {
        Some(gate) => {
            check_gate(gate, &evaluation.bounds)?;
            // None is forgotten for a new one: a deployment may require it.
            let others = record.evaluations.iter().filter_map(|e| e.gate.as_ref()).filter(|other| *other != gate);
            if others.count() >= MAX_GATES {
                let allowed = format!("at most {MAX_GATES} gates for one version");
                return Err(Error::invalid("gate/name", gate, allowed).with("version", &record.version));
            }
        }
        None if !evaluation.bounds.is_empty() => {
            return Err(Error::invalid("gate", "nothing", "a gate that the bounds belong to"));
        }
        None => {}
    }
    if let Some((name, value)) = evaluation.metrics.iter().find(|(_, value)| !value.is_finite()) {
        return Err(Error::invalid("metrics", value, "finite numbers").with("metric", name));
    }
    let evaluation = Evaluation { passed: evaluation.broken().is_none(), ..evaluation.clone() };
    Ok(vec![Event::VersionEvaluated { version: record.version.clone(), evaluation: Box::new(evaluation) }])
}

/// Takes an evaluation in the place of the one before for the same gate; beyond [`MAX_EVALUATIONS`] the oldest
/// goes, which a log of this version never has.
pub(super) fn keep(record: &mut VersionRecord, at: Millis, evaluation: &Evaluation) {
    record.evaluations.retain(|other| other.gate != evaluation.gate);
    record.evaluations.push(Evaluation { at, ..evaluation.clone() });
    if record.evaluations.len() > MAX_EVALUATIONS {
        record.evaluations.remove(0);
    }
}

/// Checks the gates that a deployment requires.
pub(super) fn check_required(gates: &[String]) -> Result<()> {
    if gates.len() > MAX_GATES {
        return Err(Error::invalid("required_gates", format!("{} gates", gates.len()), format!("at most {MAX_GATES}")));
    }
    gates.iter().try_for_each(|gate| check_name("required_gates", gate))
}

/// Refuses a version that has not passed every gate; the first that it has not is named.
///
/// # Errors
/// `conflict` with gate, metric, value and what is allowed.
pub fn refuse_ungated(record: &VersionRecord, gates: &[String]) -> Result<()> {
    for gate in gates {
        let of_gate = |e: &&Evaluation| e.gate.as_ref() == Some(gate) && e.artifact == record.digest;
        let found = record.evaluations.iter().find(of_gate);
        let refuse = || {
            Error::conflict("the version has not passed a gate that the deployment requires")
                .with("gate", gate)
                .with("model", &record.model)
                .with("version", &record.version)
        };
        match found {
            None => {
                return Err(refuse()
                    .with("value", "not evaluated")
                    .with("allowed", "an evaluation that passes the gate"));
            }
            Some(evaluation) => {
                if let Some(bound) = evaluation.broken() {
                    let value = evaluation.metrics.get(&bound.metric);
                    return Err(refuse()
                        .with("metric", &bound.metric)
                        .with("value", value.map_or_else(|| "undefined".to_owned(), f64::to_string))
                        .with("allowed", bound.text()));
                }
            }
        }
    }
    Ok(())
}
