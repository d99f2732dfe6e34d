//! Loads a model into every engine, compares their answers and times them. What follows is decided in
//! [`crate::engine::choice`].

use std::sync::Arc;
use std::time::Duration;

use super::pool::Pool;
use super::{LocalBackend, Shared};
use crate::backends::{ReplicaSet, RevisionSpec, Trial, TrialSource};
use crate::clock::instant;
use crate::engine::choice::{EngineChoice, Measured, Outcome, choose};
use crate::engine::{Cancel, Outputs, Runtime};
use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::Signature;
use crate::tensor::Tensor;

/// Timing stops after so long, once every engine ran twice.
const TIMING: Duration = Duration::from_millis(200);
/// Turns of each engine at most.
const ROUNDS: usize = 30;
/// A turn ends after so long, or one run that takes longer.
const TURN: Duration = Duration::from_millis(2);
/// Between two turns: threads of the engine before may spin for a while in wait for more work.
const PAUSE: Duration = Duration::from_millis(2);

/// A loaded model and the engine that loaded it.
struct Loaded<'a> {
    engine: &'a Arc<dyn Runtime>,
    shared: Result<Arc<Shared>>,
    pool: Option<Pool>,
    outcome: Outcome,
}

pub(super) fn engine_name(engine: &dyn Runtime) -> String {
    format!("{} {}", engine.name(), engine.version())
}

/// The engine that serves, loaded, and whether the choice would be the same next time.
pub(super) fn calibrate(
    backend: &LocalBackend,
    engines: &[&Arc<dyn Runtime>],
    spec: &RevisionSpec,
) -> Result<(Arc<Shared>, EngineChoice, bool)> {
    // Requests are likely to be as the trials are, where nothing is known of their shapes; not as those that the model may
    // not take at all.
    let safe = spec.trials.iter().find(|trial| trial.source != TrialSource::Guessed);
    let likely: Vec<_> = match spec.shapes.is_empty() {
        true => safe.map(|trial| trial.inputs.clone()).into_iter().collect(),
        false => Vec::new(),
    };
    let mut loaded: Vec<Loaded<'_>> = engines
        .iter()
        .map(|&engine| {
            let shared = backend.load_likely(engine, spec, likely.clone());
            let outcome = match &shared {
                Ok(_) => Outcome::Agrees { median_ns: None, max_abs: None },
                Err(error) => Outcome::Refused(error.to_string()),
            };
            Loaded { engine, shared, pool: None, outcome }
        })
        .collect();
    // A budget that is short now may not be short next time.
    let lasting = !loaded.iter().any(|l| matches!(&l.shared, Err(e) if e.kind() == ErrorKind::ResourceExhausted));
    let several = loaded.iter().filter(|l| l.shared.is_ok()).count() > 1;
    let inputs = if several { compare_and_time(&mut loaded, spec) } else { 0 };
    let measured: Vec<_> =
        loaded.iter().map(|l| Measured { engine: engine_name(&**l.engine), outcome: l.outcome.clone() }).collect();
    let (chosen, choice) = choose(&measured, inputs);
    for candidate in &choice.candidates {
        tracing::trace!(
            model = spec.model,
            version = spec.version,
            engine = candidate.engine,
            verdict = ?candidate.verdict,
            median_us = candidate.median_us,
            reason = candidate.reason,
            "calibrated"
        );
    }
    // Where no engine gives the right answers, the preferred one is verified like any other, and that says what is wrong.
    let serves = chosen.or_else(|| loaded.iter().position(|l| l.shared.is_ok()));
    match serves {
        Some(index) => Ok((loaded.swap_remove(index).shared?, choice, lasting && chosen.is_some())),
        None => Err(nothing(loaded)),
    }
}

/// Why no engine loads the model: what the preferred one says and, beside it, what the others say that differs in kind
/// of cause only.
fn nothing(loaded: Vec<Loaded<'_>>) -> Error {
    let none = || Error::new(ErrorKind::Unsupported, "this build has no engine");
    let mut errors = loaded.into_iter().filter_map(|l| Some((l.engine.name(), l.shared.err()?)));
    let Some((_, first)) = errors.next() else { return none() };
    errors.fold(first, |first, (name, other)| {
        let both = [&first, &other].iter().all(|error| error.kind() == ErrorKind::Unsupported);
        if both { first.with(name, other) } else { first }
    })
}

/// Runs every trial on every engine; returns how many had an answer to compare with.
fn compare_and_time(loaded: &mut [Loaded<'_>], spec: &RevisionSpec) -> u32 {
    for candidate in loaded.iter_mut() {
        let Ok(shared) = &candidate.shared else { continue };
        match Pool::new(shared.clone(), None, 1, 1) {
            Ok(pool) => candidate.pool = Some(pool),
            Err(error) => candidate.outcome = Outcome::Refused(error.to_string()),
        }
    }
    let mut timed: Option<&Trial> = None;
    let mut compared = 0;
    for trial in &spec.trials {
        if trial.source == TrialSource::Fallback && compared > 0 {
            continue;
        }
        if compare_trial(loaded, trial, &spec.signature) {
            compared += 1;
            timed = timed.or(Some(trial));
        }
    }
    if let Some(trial) = timed {
        time(loaded, trial);
    }
    compared
}

fn run(pool: &Pool, trial: &Trial) -> Result<Outputs> {
    let views: Vec<_> = trial.inputs.iter().map(Tensor::view).collect();
    let mut outputs = Outputs::new();
    pool.infer(&views, &mut outputs, &Cancel::NEVER)?;
    Ok(outputs)
}

/// Whether the trial had an answer to compare with: the registrar's, else that of the first engine that gives one.
fn compare_trial(loaded: &mut [Loaded<'_>], trial: &Trial, signature: &Signature) -> bool {
    let standing = |l: &Loaded<'_>| l.pool.is_some() && matches!(l.outcome, Outcome::Agrees { .. });
    let mut answers: Vec<Option<Result<Outputs>>> = loaded.iter().map(|_| None).collect();
    // The preferred engine last: the others refuse what does not fit without a panic.
    for (candidate, answer) in loaded.iter().zip(&mut answers).rev().filter(|(candidate, _)| standing(candidate)) {
        let Some(pool) = &candidate.pool else { continue };
        let result = run(pool, trial);
        if result.is_err() && trial.source == TrialSource::Guessed {
            return false;
        }
        *answer = Some(result);
    }
    let mut expected: Option<Vec<Option<Tensor>>> = (!trial.expected.is_empty()).then(|| trial.expected.clone());
    for (candidate, answer) in loaded.iter_mut().zip(answers) {
        let (Some(answer), Outcome::Agrees { max_abs, .. }) = (answer, &mut candidate.outcome) else { continue };
        match (&expected, answer) {
            (None, Ok(outputs)) => expected = Some(outputs.into_iter().map(Some).collect()),
            // The preferred engine does not run on it: a guess of ours that the model does not take.
            (None, Err(_)) => return false,
            (Some(_), Err(error)) => candidate.outcome = Outcome::Refused(error.to_string()),
            (Some(expected), Ok(outputs)) => match trial.differ(expected, &outputs, signature) {
                Ok(difference) => *max_abs = Some(max_abs.unwrap_or(0.0).max(difference)),
                Err(why) => candidate.outcome = Outcome::Disagrees(why.to_string()),
            },
        }
    }
    true
}

/// Nanoseconds of a run: the median of a few, after one that finds its way back into the caches where it is short.
fn turn(pool: &Pool, trial: &Trial) -> Result<u64> {
    std::thread::sleep(PAUSE);
    let begun = instant();
    let mut times = Vec::new();
    while times.is_empty() || begun.elapsed() < TURN {
        let started = instant();
        run(pool, trial)?;
        times.push(started.elapsed().as_nanos() as u64);
    }
    if times.len() > 1 {
        times.remove(0);
    }
    times.sort_unstable();
    Ok(times[times.len() / 2])
}

/// Times the engines in turn, so that what else the machine does meets them alike.
fn time(loaded: &mut [Loaded<'_>], trial: &Trial) {
    let begun = instant();
    let mut times = vec![Vec::with_capacity(ROUNDS); loaded.len()];
    for round in 0..ROUNDS {
        for (candidate, times) in loaded.iter_mut().zip(&mut times) {
            let (Some(pool), Outcome::Agrees { .. }) = (&candidate.pool, &candidate.outcome) else { continue };
            match turn(pool, trial) {
                Ok(ns) => times.push(ns),
                Err(error) => candidate.outcome = Outcome::Refused(error.to_string()),
            }
        }
        if round > 0 && begun.elapsed() > TIMING {
            break;
        }
    }
    for (candidate, mut times) in loaded.iter_mut().zip(times) {
        times.sort_unstable();
        if let Outcome::Agrees { median_ns, .. } = &mut candidate.outcome {
            *median_ns = times.get(times.len() / 2).copied();
        }
    }
}
