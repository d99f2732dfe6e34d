//! What a deploy makes of it that names no engine: the real choice, and requests through the replicas it brings up.

use std::sync::Arc;

use noodle_deploy_core::backends::local::LocalBackend;
use noodle_deploy_core::backends::{Backend, ReplicaSet, RevisionSpec, Trial, TrialSource};
use noodle_deploy_core::engine::choice::{EngineChoice, EngineVerdict};
use noodle_deploy_core::engine::ort::OrtRuntime;
use noodle_deploy_core::engine::{Cancel, MemoryBudget, Outputs, Runtime};
use noodle_deploy_core::model::onnx::{Budgets, inspect};
use noodle_deploy_core::model::probe::{Spread, Tolerance, generate};
use noodle_deploy_core::model::signature::{Dim, Signature};
use noodle_deploy_core::{Error, Result};

use crate::case::Case;
use crate::direct::{load, runs};
use crate::recorded::compare_all;
use crate::turns::{Call, Effort, in_turns};

/// As a deploy generates its inputs.
const SEED: u64 = 0x6e6f_6f64_6c65;

/// What a choice came to.
pub struct Chosen {
    /// The engine that serves.
    pub engine: String,
    /// The figures behind the choice.
    pub choice: EngineChoice,
    /// Whether its answers are the recorded ones.
    pub right: bool,
    /// Time of a request over that of ONNX Runtime by itself, in the same rounds.
    pub over_ort: Option<f64>,
}

/// The choices with ONNX Runtime standing and without; why there is none, where no engine loads the model.
pub struct Automatic {
    pub of_all: Result<Chosen, String>,
    pub of_rust: Result<Chosen, String>,
}

/// The inputs that a deploy of a version without probes compares engines on.
fn trials(signature: &Signature, case: &Case) -> Result<Vec<Trial>> {
    let mut fixed = signature.clone();
    for (spec, shape) in fixed.inputs.iter_mut().zip(case.shapes()) {
        spec.shape = shape.iter().map(|&size| Dim::Fixed(size)).collect();
    }
    let tokens = signature.inputs.iter().any(|spec| spec.dtype.is_integer());
    let trial = |(spread, source)| {
        let inputs = generate(&fixed, SEED, spread, |_| 1)?.into_iter().map(|(_, tensor)| tensor).collect();
        Ok(Trial { inputs, expected: Vec::new(), tolerance: Tolerance::default(), source })
    };
    let rest = if tokens { TrialSource::Fallback } else { TrialSource::Generated };
    let kinds = [(Spread::Tokens, TrialSource::Guessed), (Spread::Unit, rest), (Spread::Wide, rest)];
    kinds.into_iter().skip(usize::from(!tokens)).map(trial).collect()
}

fn spec(case: &Case) -> Result<RevisionSpec> {
    let signature = inspect(&case.artifact, &Budgets::default())?.signature;
    let trials = trials(&signature, case)?;
    Ok(RevisionSpec {
        deployment: case.model.to_owned(),
        revision: 1,
        model: case.model.to_owned(),
        version: "1.0.0".to_owned(),
        format: "onnx".to_owned(),
        digest: format!("{} in this process", case.model),
        artifact: case.artifact.clone(),
        signature,
        engine: None,
        trials,
        replicas: 1,
        threads: case.threads,
        shapes: vec![case.shapes()],
        max_queue: 16,
        plan_cache_bytes: 256 << 20,
        specialise: true,
        budget: Arc::new(MemoryBudget::unlimited()),
        parts: Vec::new(),
    })
}

struct Served {
    replicas: Arc<dyn ReplicaSet>,
    engine: String,
    choice: EngineChoice,
    right: bool,
}

fn serve(engines: Vec<Arc<dyn Runtime>>, spec: &RevisionSpec, case: &Case) -> Result<Served> {
    let replicas = LocalBackend::new(engines).start(spec)?;
    let load = replicas.status().load;
    let choice =
        load.choice.ok_or_else(|| Error::new(noodle_deploy_core::ErrorKind::Internal, "no choice was made"))?;
    let mut outputs = Outputs::new();
    let inputs: Vec<_> = case.named().into_iter().map(|(_, view)| view).collect();
    replicas.infer(&inputs, &mut outputs, &Cancel::NEVER)?;
    let right = compare_all(&outputs, &case.recorded).is_ok();
    let engine = load.engine.split(' ').next().unwrap_or_default().to_owned();
    Ok(Served { replicas, engine, choice, right })
}

fn requests<'a>(served: &'a Served, case: &'a Case) -> Call<'a> {
    let inputs: Vec<_> = case.named().into_iter().map(|(_, view)| view).collect();
    Box::new(move || {
        let mut outputs = Outputs::new();
        served.replicas.infer(&inputs, &mut outputs, &Cancel::NEVER).expect("it ran before");
    })
}

pub fn measure(engines: &[Arc<dyn Runtime>], case: &Case, effort: Effort) -> Result<Automatic> {
    let spec = spec(case)?;
    let rust: Vec<_> = engines.iter().filter(|engine| engine.name() != "ort").cloned().collect();
    let all = rust.iter().cloned().chain([Arc::new(OrtRuntime::new().standing_for_choice()) as Arc<dyn Runtime>]);
    let served = [all.collect(), rust].map(|engines| serve(engines, &spec, case));
    let ort = engines.iter().find(|engine| engine.name() == "ort").and_then(|ort| load(&**ort, case).ok());

    let with_ort = ort.is_some();
    let mut calls: Vec<Call<'_>> = ort.into_iter().map(|(state, _)| runs(state, case)).collect();
    calls.extend(served.iter().flatten().map(|served| requests(served, case)));
    let mut times = in_turns(&mut calls, effort).into_iter().map(|times| times.median);
    drop(calls);
    let ort = if with_ort { times.next() } else { None };
    let [of_all, of_rust] = served.map(|served| {
        let served = served.map_err(|e| format!("{e:?}"))?;
        let ms = times.next().expect("as many as calls");
        let Served { engine, choice, right, .. } = served;
        Ok(Chosen { engine, choice, right, over_ort: ort.map(|ort| ms / ort) })
    });
    Ok(Automatic { of_all, of_rust })
}

impl Chosen {
    /// Engines that the choice left out though they are among the right ones, and what it says of them.
    pub fn left_out<'a>(&'a self, right: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fell = |verdict| matches!(verdict, EngineVerdict::Disagrees | EngineVerdict::Refused);
        self.choice.candidates.iter().filter(move |c| fell(c.verdict)).filter_map(move |candidate| {
            let name = candidate.engine.split(' ').next().filter(|name| right.contains(name))?;
            Some((name, candidate.reason.as_deref().unwrap_or("")))
        })
    }
}
