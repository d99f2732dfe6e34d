//! Which engine serves a model: the fastest of those that give the right answers. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An engine must be this much faster than one that comes before it: timings are noisy, and a choice should stand still.
const MARGIN: f64 = 0.05;

/// What one engine did with the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Engine and version, as in `tract 0.23.9`.
    pub engine: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of an engine.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It does not load or run the model; why.
    Refused(String),
    /// Its answers are not near enough to the right ones; how.
    Disagrees(String),
    /// It gives the right answers, where there are any to compare.
    Agrees {
        /// Median time of one run in nanoseconds; none where nothing was timed.
        median_ns: Option<u64>,
        /// Largest absolute difference from the expected outputs; none for the engine that gave them.
        max_abs: Option<f64>,
    },
}

/// The engine that serves, and the figures behind it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EngineChoice {
    /// Why this one, in a sentence.
    pub reason: String,
    /// Inputs on which answers were compared.
    pub inputs: u32,
    /// Whether the figures are of an earlier load of the same file on the same kind of machine.
    #[serde(default)]
    pub remembered: bool,
    /// Every engine, in the order of preference.
    pub candidates: Vec<EngineFigures>,
}

/// What a calibration found of one engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EngineFigures {
    /// Engine and version, as in `tract 0.23.9`.
    pub engine: String,
    /// What came of it.
    pub verdict: EngineVerdict,
    /// Median time of one run in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median_us: Option<f64>,
    /// Largest absolute difference from the expected outputs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_abs: Option<f64>,
    /// Why it does not serve, where it was not the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What came of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EngineVerdict {
    /// It serves.
    Chosen,
    /// It gives the right answers and is not faster.
    Slower,
    /// Its answers are not near enough to the right ones.
    Disagrees,
    /// It does not load or run the model.
    Refused,
}

/// Position of the engine that serves, with the figures; `None` where no engine gives the right answers.
///
/// The engines come in the order of preference. One of them serves in place of an earlier one where its median time is
/// more than 5 % less.
pub fn choose(measured: &[Measured], inputs: u32) -> (Option<usize>, EngineChoice) {
    let mut best: Option<(usize, Option<u64>)> = None;
    for (index, candidate) in measured.iter().enumerate() {
        let Outcome::Agrees { median_ns, .. } = candidate.outcome else { continue };
        let better = match (best, median_ns) {
            (None, _) => true,
            (Some((_, Some(other))), Some(time)) => (time as f64) < other as f64 * (1.0 - MARGIN),
            _ => false,
        };
        if better {
            best = Some((index, median_ns));
        }
    }
    let chosen = best.map(|(index, _)| index);
    let candidates = measured.iter().enumerate().map(|(index, m)| figures(m, Some(index) == chosen)).collect();
    let choice = EngineChoice { reason: reason(measured, chosen), inputs, remembered: false, candidates };
    (chosen, choice)
}

fn figures(measured: &Measured, chosen: bool) -> EngineFigures {
    let engine = measured.engine.clone();
    let none = EngineFigures { engine, verdict: EngineVerdict::Refused, median_us: None, max_abs: None, reason: None };
    match &measured.outcome {
        Outcome::Refused(reason) => EngineFigures { reason: Some(reason.clone()), ..none },
        Outcome::Disagrees(reason) => {
            EngineFigures { verdict: EngineVerdict::Disagrees, reason: Some(reason.clone()), ..none }
        }
        Outcome::Agrees { median_ns, max_abs } => EngineFigures {
            verdict: if chosen { EngineVerdict::Chosen } else { EngineVerdict::Slower },
            median_us: median_ns.map(|ns| ns as f64 / 1e3),
            max_abs: *max_abs,
            ..none
        },
    }
}

fn reason(measured: &[Measured], chosen: Option<usize>) -> String {
    let Some(chosen) = chosen else { return "no engine gives the right answers".to_owned() };
    let others = || measured.iter().enumerate().filter(move |(index, _)| *index != chosen).map(|(_, m)| m);
    let agree = others().filter(|m| matches!(m.outcome, Outcome::Agrees { .. })).count();
    let timed = matches!(measured[chosen].outcome, Outcome::Agrees { median_ns: Some(_), .. });
    match (measured.len(), agree, timed) {
        (1, ..) => "the only engine",
        (_, 0, _) => "the only engine that gives the right answers",
        (.., false) => "the first engine that loads the model: no input was found that it runs on",
        _ => "the fastest of the engines that give the right answers",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn agrees(median_ns: u64) -> Outcome {
        Outcome::Agrees { median_ns: Some(median_ns), max_abs: Some(1e-7) }
    }

    fn measured(outcomes: &[Outcome]) -> Vec<Measured> {
        outcomes.iter().enumerate().map(|(i, o)| Measured { engine: format!("e{i}"), outcome: o.clone() }).collect()
    }

    #[test]
    fn the_fastest_right_engine_serves() {
        let outcomes = [agrees(100), Outcome::Disagrees("off by 1".into()), agrees(60), Outcome::Refused("no".into())];
        let (chosen, choice) = choose(&measured(&outcomes), 3);
        assert_eq!(chosen, Some(2));
        let verdicts: Vec<_> = choice.candidates.iter().map(|c| c.verdict).collect();
        use EngineVerdict::{Chosen, Disagrees, Refused, Slower};
        assert_eq!(verdicts, [Slower, Disagrees, Chosen, Refused]);
        assert_eq!(choice.candidates[2].median_us, Some(0.06));
        assert_eq!(choice.reason, "the fastest of the engines that give the right answers");
    }

    #[test]
    fn a_small_difference_changes_nothing() {
        assert_eq!(choose(&measured(&[agrees(100), agrees(96)]), 1).0, Some(0));
        assert_eq!(choose(&measured(&[agrees(100), agrees(94)]), 1).0, Some(1));
    }

    #[test]
    fn without_a_right_engine_there_is_none() {
        let (chosen, choice) = choose(&measured(&[Outcome::Refused("a".into()), Outcome::Disagrees("b".into())]), 1);
        assert_eq!((chosen, choice.reason.as_str()), (None, "no engine gives the right answers"));
    }

    proptest! {
        #[test]
        fn nothing_wrong_and_nothing_much_slower_serves(
            times in prop::collection::vec(prop::option::of(1u64..1_000_000), 1..6),
        ) {
            let outcomes: Vec<_> =
                times.iter().map(|t| t.map_or(Outcome::Disagrees("wrong".into()), agrees)).collect();
            let (chosen, _) = choose(&measured(&outcomes), 1);
            let fastest = times.iter().flatten().min();
            prop_assert_eq!(chosen.is_some(), fastest.is_some());
            if let (Some(chosen), Some(fastest)) = (chosen, fastest) {
                let time = times[chosen].unwrap();
                prop_assert!(*fastest as f64 >= time as f64 * (1.0 - MARGIN) * (1.0 - MARGIN).powi(times.len() as i32));
            }
        }
    }
}
