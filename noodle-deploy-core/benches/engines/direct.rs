//! The engines by themselves: load, answers beside the recorded ones, time of a run.

use std::sync::Arc;

use noodle_deploy_core::Result;
use noodle_deploy_core::engine::{Cancel, LoadOptions, Outputs, Runtime, State};

use crate::case::Case;
use crate::recorded::compare_all;
use crate::turns::{Call, Effort, Times, in_turns};

/// What an engine did with a case.
pub struct Figures {
    pub engine: &'static str,
    pub outcome: Outcome,
}

pub enum Outcome {
    /// It does not load or run the model; why.
    Refused(String),
    /// Its answers are not the recorded ones; how.
    Wrong(String),
    /// Its answers are the recorded ones.
    Right(Times),
}

impl Figures {
    /// Milliseconds of a run, where the answers are right.
    pub fn ms(&self) -> Option<f64> {
        match &self.outcome {
            Outcome::Right(times) => Some(times.median),
            _ => None,
        }
    }
}

/// A state of the engine, and its first answers.
pub fn load(engine: &dyn Runtime, case: &Case) -> Result<(Box<dyn State>, Outputs)> {
    let options = LoadOptions { threads: case.threads as usize, shapes: vec![case.shapes()], ..LoadOptions::default() };
    let loaded = engine.load(&case.artifact, &options)?;
    let named = case.named();
    let inputs = loaded.signature().bind(&named)?;
    let mut state = loaded.clone().spawn()?;
    let mut outputs = Outputs::new();
    state.run(&inputs, &mut outputs, &Cancel::NEVER)?;
    Ok((state, outputs))
}

/// One run after the other, as a host would make them: fresh outputs each time.
pub fn runs<'a>(mut state: Box<dyn State>, case: &'a Case) -> Call<'a> {
    let inputs: Vec<_> = case.named().into_iter().map(|(_, view)| view).collect();
    Box::new(move || {
        let mut outputs = Outputs::new();
        state.run(&inputs, &mut outputs, &Cancel::NEVER).expect("it ran before");
    })
}

pub fn measure(engines: &[Arc<dyn Runtime>], case: &Case, effort: Effort) -> Vec<Figures> {
    let mut calls: Vec<Call<'_>> = Vec::new();
    let found: Vec<std::result::Result<(), Outcome>> = engines
        .iter()
        .map(|engine| {
            let (state, outputs) = load(&**engine, case).map_err(|e| Outcome::Refused(format!("{e:?}")))?;
            compare_all(&outputs, &case.recorded).map_err(Outcome::Wrong)?;
            calls.push(runs(state, case));
            Ok(())
        })
        .collect();
    let mut times = in_turns(&mut calls, effort).into_iter();
    let outcomes = found.into_iter().map(|found| match found {
        Ok(()) => Outcome::Right(times.next().expect("as many as calls")),
        Err(outcome) => outcome,
    });
    engines.iter().zip(outcomes).map(|(engine, outcome)| Figures { engine: engine.name(), outcome }).collect()
}
