//! A loaded model, and the sessions that run it.

use std::sync::{Arc, Mutex, PoisonError};

use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use smallvec::SmallVec;

use super::library::Library;
use super::{convert, provider};
use crate::clock::instant;
use crate::engine::guard::{Cause, guarded, on_own_stack};
use crate::engine::{Cancel, LoadOptions, LoadReport, MemoryBudget, Outputs, Reservation, Runnable, State};
use crate::error::{Error, ErrorKind, Result};
use crate::model::onnx::{self, Budgets};
use crate::model::signature::Signature;
use crate::tensor::{Tensor, TensorView};

/// What a node costs a session beside its weights.
const NODE_BYTES: u64 = 4 << 10;

pub(super) struct Loaded {
    library: &'static Library,
    artifact: Vec<u8>,
    signature: Signature,
    providers: Vec<String>,
    threads: usize,
    budget: Arc<MemoryBudget>,
    session_bytes: u64,
    _file: Reservation,
    /// Sessions that no state uses now: making one takes as long as loading the model.
    idle: Mutex<Vec<Held>>,
    load_ms: u64,
}

/// A session and what it holds. ONNX Runtime's binding runs one request at a time on each.
struct Held {
    session: Session,
    _reservation: Reservation,
}

fn refused(message: &'static str, error: &(dyn std::error::Error + 'static)) -> Error {
    Error::new(ErrorKind::Unsupported, message).with("engine", "ort").source(Cause::of(error))
}

impl Loaded {
    pub(super) fn load(
        library: &'static Library,
        artifact: &[u8],
        providers: &[String],
        budgets: &Budgets,
        options: &LoadOptions,
    ) -> Result<Arc<Self>> {
        let started = instant();
        if options.threads == 0 {
            return Err(Error::invalid("threads", 0, "1 or more"));
        }
        on_own_stack(|| {
            let (_, info) = onnx::read(artifact, budgets)?;
            let mut loaded = Loaded {
                library,
                // Kept for the sessions of further replicas.
                _file: options.budget.reserve(artifact.len() as u64)?,
                artifact: artifact.to_vec(),
                signature: info.signature,
                providers: providers.to_vec(),
                threads: options.threads,
                budget: options.budget.clone(),
                // The weights, and at most as much again packed for the kernels.
                session_bytes: 2 * info.weight_bytes + info.node_count * NODE_BYTES,
                idle: Mutex::default(),
                load_ms: 0,
            };
            let first = loaded.session()?;
            loaded.idle = Mutex::new(vec![first]);
            loaded.load_ms = started.elapsed().as_millis() as u64;
            Ok(Arc::new(loaded))
        })
    }

    fn session(&self) -> Result<Held> {
        let reservation = self.budget.reserve(self.session_bytes)?;
        let providers = self.providers.iter().map(|name| provider(name)).collect::<Result<Vec<_>>>()?;
        let providers: Vec<_> = providers.into_iter().flatten().collect();
        let configure = || -> ort::Result<Session> {
            let mut builder = Session::builder(&self.library.environment)?
                .with_optimization_level(GraphOptimizationLevel::All)?
                .with_intra_threads(self.threads)?
                .with_inter_threads(1)?;
            if !providers.is_empty() {
                builder = builder.with_execution_providers(&providers)?;
            }
            builder.commit_from_memory(&self.artifact)
        };
        let session = configure().map_err(|e| refused("the engine cannot load the model", &e))?;
        let names = |outlets: &[ort::value::Outlet]| outlets.iter().map(|o| o.name().to_owned()).collect::<Vec<_>>();
        let declared: Vec<_> = self.signature.inputs.iter().map(|spec| spec.name.clone()).collect();
        if names(session.inputs()) != declared {
            return Err(Error::new(ErrorKind::Unsupported, "the engine sees other inputs than the file declares")
                .with("engine", "ort")
                .with("value", names(session.inputs()).join(", "))
                .with("allowed", declared.join(", ")));
        }
        Ok(Held { session, _reservation: reservation })
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Held>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Runnable for Loaded {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn spawn(self: Arc<Self>) -> Result<Box<dyn State>> {
        let idle = self.idle().pop();
        let held = match idle {
            Some(held) => held,
            None => guarded(ErrorKind::EngineFailed, || self.session())?,
        };
        Ok(Box::new(OrtState { loaded: self, held: Some(held) }))
    }

    fn memory_bytes(&self) -> u64 {
        self.artifact.len() as u64 + self.session_bytes
    }

    fn report(&self) -> LoadReport {
        let mut engine = format!("ort {}", self.library.version);
        if !self.providers.is_empty() {
            engine = format!("{engine} ({})", self.providers.join(", "));
        }
        LoadReport {
            engine,
            plan: if self.signature.is_static() { "static" } else { "symbolic" }.to_owned(),
            reason: None,
            plans: 1,
            memory_bytes: self.memory_bytes(),
            load_ms: self.load_ms,
            choice: None,
        }
    }
}

struct OrtState {
    loaded: Arc<Loaded>,
    /// Gone while a panic unwinds.
    held: Option<Held>,
}

impl OrtState {
    fn attempt(&self, session: &mut Session, inputs: &[TensorView<'_>], outputs: &mut Outputs) -> Result<()> {
        let signature = &self.loaded.signature;
        let mut copies: SmallVec<[Option<Tensor>; 8]> = inputs.iter().map(|_| None).collect();
        let values = inputs.iter().zip(&mut copies).map(|(view, copy)| convert::input(view, copy));
        let values = values.collect::<Result<SmallVec<[_; 8]>>>()?;
        let mut results = session.run(&values[..]).map_err(|e| {
            Error::new(ErrorKind::EngineFailed, "the engine failed while it ran the model").source(Cause::of(&e))
        })?;
        for spec in &signature.outputs {
            let value = results.remove(&spec.name).ok_or_else(|| {
                Error::new(ErrorKind::EngineFailed, "an output is missing").with("output", &spec.name)
            })?;
            outputs.push(convert::output(spec, value)?);
        }
        Ok(())
    }
}

impl State for OrtState {
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()> {
        cancel.check()?;
        let specs = &self.loaded.signature.inputs;
        if inputs.len() != specs.len() {
            return Err(Error::invalid("inputs", inputs.len(), specs.len()));
        }
        let Some(mut held) = self.held.take() else {
            return Err(Error::new(ErrorKind::EngineFailed, "the state is used up"));
        };
        let result = guarded(ErrorKind::EngineFailed, || self.attempt(&mut held.session, inputs, outputs));
        self.held = Some(held);
        result.map_err(|error| match error.kind() {
            ErrorKind::EngineFailed => {
                let shapes = inputs.iter().map(|v| format!("{:?}", v.shape())).collect::<Vec<_>>().join(" ");
                error.with("shapes", shapes)
            }
            _ => error,
        })
    }
}

impl Drop for OrtState {
    fn drop(&mut self) {
        // A session has no memory between runs: it serves again even where a run failed.
        self.loaded.idle().extend(self.held.take());
    }
}
