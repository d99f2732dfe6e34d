//! Replicas inside the host's process, on an engine linked into it. All replicas of a version share its weights.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde::{Deserialize, Serialize};

use super::machine::machine;
use super::{Backend, ReplicaSet, RevisionSpec};
use crate::engine::choice::{EngineChoice, EngineVerdict};
use crate::engine::pipeline::steps::Steps;
use crate::engine::pipeline::{FORMAT as PIPELINE, PipelineRuntime};
use crate::engine::{LoadOptions, LoadReport, Part, Runnable, Runtime, State};
use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::Signature;
use crate::remembered::{self, Remembered};
use crate::tensor::Tensor;

mod calibrate;
mod line;
mod pool;

use calibrate::{calibrate, engine_name};
use pool::Pool;

/// Name of the target.
pub const TARGET: &str = "local";

/// The backend of the target `local`.
pub struct LocalBackend {
    engines: Vec<Arc<dyn Runtime>>,
    /// Loaded models by what was loaded and how, so that deployments of one artifact share weights too.
    loaded: Mutex<HashMap<Key, Weak<Shared>>>,
    choices: Remembered,
    pipelines: PipelineRuntime,
}

/// The engine that was chosen for a load before.
#[derive(Serialize, Deserialize)]
struct Kept {
    engine: String,
    choice: EngineChoice,
}

/// What a choice is for: the file, how it runs, the engines that stood for choice, and the kind of machine.
fn choice_key(spec: &RevisionSpec, engines: &[String]) -> String {
    let (digest, threads, shapes) = (&spec.digest, spec.threads, &spec.shapes);
    remembered::key(&format!("{digest}|{threads}|{shapes:?}|{}|{}", engines.join(","), machine()))
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    digest: String,
    engine: &'static str,
    threads: u32,
    shapes: Vec<Vec<crate::tensor::Shape>>,
}

/// A loaded model. A type of its own, so that it can be found again through a weak reference.
struct Shared(Arc<dyn Runnable>);

/// As a part of a pipeline, which keeps it alive.
impl Runnable for Shared {
    fn signature(&self) -> &Signature {
        self.0.signature()
    }

    fn spawn(self: Arc<Self>) -> Result<Box<dyn State>> {
        self.0.clone().spawn()
    }

    fn memory_bytes(&self) -> u64 {
        self.0.memory_bytes()
    }

    fn report(&self) -> LoadReport {
        self.0.report()
    }
}

impl LocalBackend {
    /// A backend over engines, in the order of preference.
    pub fn new(engines: Vec<Arc<dyn Runtime>>) -> Self {
        LocalBackend {
            engines,
            loaded: Mutex::default(),
            choices: Remembered::default(),
            pipelines: PipelineRuntime::default(),
        }
    }

    /// Takes the steps that pipelines may have.
    #[must_use]
    pub fn with_steps(mut self, steps: Steps) -> Self {
        self.pipelines = PipelineRuntime::new(steps);
        self
    }

    /// Keeps which engine was chosen for which file in a file of its own; it is only read where `writable` is false.
    #[must_use]
    pub fn remembering(mut self, file: std::path::PathBuf, writable: bool) -> Self {
        self.choices = Remembered::in_file(file, writable);
        self
    }

    fn engine(&self, name: &str) -> Result<&Arc<dyn Runtime>> {
        self.engines.iter().find(|e| e.name() == name).ok_or_else(|| {
            let allowed = self.engines.iter().map(|e| e.name()).collect::<Vec<_>>().join(", ");
            Error::new(ErrorKind::Unsupported, "no such engine in this build")
                .with("field", "engine")
                .with("value", name)
                .with("allowed", allowed)
        })
    }

    /// Loads a model, or finds it where it is loaded already.
    fn load(&self, engine: &Arc<dyn Runtime>, spec: &RevisionSpec) -> Result<Arc<Shared>> {
        self.load_likely(engine, spec, Vec::new())
    }

    /// As [`LocalBackend::load`], for a calibration: an engine may be at its best for these inputs.
    fn load_likely(
        &self,
        engine: &Arc<dyn Runtime>,
        spec: &RevisionSpec,
        likely: Vec<Vec<Tensor>>,
    ) -> Result<Arc<Shared>> {
        let key = Key {
            digest: spec.digest.clone(),
            engine: engine.name(),
            threads: spec.threads,
            shapes: spec.shapes.clone(),
        };
        let lock = || self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let found = lock().get(&key).and_then(Weak::upgrade);
        if let Some(shared) = found {
            return Ok(shared);
        }
        let options = LoadOptions { likely, ..options(spec, Vec::new()) };
        let shared = Arc::new(Shared(engine.load(&spec.artifact, &options)?));
        let mut loaded = lock();
        loaded.retain(|_, weak| weak.strong_count() > 0);
        loaded.insert(key, Arc::downgrade(&shared));
        Ok(shared)
    }

    /// The engine that serves: the one asked for, the one chosen before, else the one that a calibration chooses.
    fn choose(&self, spec: &RevisionSpec) -> Result<(Arc<Shared>, Option<EngineChoice>)> {
        let standing: Vec<_> = self.engines.iter().filter(|engine| engine.automatic()).collect();
        match (spec.engine.as_deref(), &standing[..]) {
            (Some(name), _) => return Ok((self.load(self.engine(name)?, spec)?, None)),
            (None, [only]) => return Ok((self.load(only, spec)?, None)),
            _ => {}
        }
        let names: Vec<String> = standing.iter().map(|e| engine_name(&***e)).collect();
        let key = choice_key(spec, &names);
        if let Some(Kept { engine, choice }) = self.choices.find::<Kept>(&key)
            && let Ok(shared) = self.engine(&engine).and_then(|engine| self.load(engine, spec))
        {
            return Ok((shared, Some(EngineChoice { remembered: true, ..choice })));
        }
        let (shared, choice, lasting) = calibrate(self, &standing, spec)?;
        if let Some(chosen) = choice.candidates.iter().position(|c| c.verdict == EngineVerdict::Chosen)
            && lasting
        {
            self.choices.keep(key, Kept { engine: standing[chosen].name().to_owned(), choice: choice.clone() });
        }
        Ok((shared, Some(choice)))
    }
}

impl LocalBackend {
    /// A pipeline over its models, each loaded as if it were deployed alone.
    fn compose(&self, spec: &RevisionSpec) -> Result<Arc<Shared>> {
        let part = |part: &RevisionSpec| {
            let (shared, _) =
                self.choose(part).map_err(|e| e.with("part", format!("{} {}", part.model, part.version)))?;
            Ok(Part { model: part.model.clone(), version: part.version.clone(), runnable: shared })
        };
        let parts = spec.parts.iter().map(part).collect::<Result<Vec<_>>>()?;
        Ok(Arc::new(Shared(self.pipelines.load(&spec.artifact, &options(spec, parts))?)))
    }
}

fn options(spec: &RevisionSpec, parts: Vec<Part>) -> LoadOptions {
    LoadOptions {
        threads: spec.threads as usize,
        shapes: spec.shapes.clone(),
        likely: Vec::new(),
        specialise: spec.specialise,
        plan_cache_bytes: spec.plan_cache_bytes,
        budget: spec.budget.clone(),
        parts,
    }
}

impl Backend for LocalBackend {
    fn target(&self) -> &str {
        TARGET
    }

    fn check(&self, engine: Option<&str>) -> Result<()> {
        engine.map_or(Ok(()), |name| self.engine(name).map(drop))
    }

    fn engines(&self) -> Vec<String> {
        self.engines.iter().filter(|engine| engine.automatic()).map(|engine| engine.name().to_owned()).collect()
    }

    fn start(&self, spec: &RevisionSpec) -> Result<Arc<dyn ReplicaSet>> {
        let (shared, choice) = match spec.format == PIPELINE {
            true => (self.compose(spec)?, None),
            false => self.choose(spec)?,
        };
        Ok(Arc::new(Pool::new(shared, choice, spec.replicas, spec.max_queue)?))
    }
}
