//! A graph of models and steps as one model: a JSON document, registered as a version like any file.
//!
//! `document` reads it, `plan` checks it against the signatures of the versions that it names and puts the nodes in
//! order, `loaded` runs them, one after the other on the caller's thread. Tensors are lent from node to node and copied
//! nowhere. [`steps`] are what is not a model.

mod document;
mod guards;
mod loaded;
mod plan;
mod shapes;
pub mod steps;

use std::sync::Arc;

pub use document::{
    Condition, MAX_NODES, MAX_PARTS, MAX_PIPELINE_BYTES, MAX_TENSORS, Node, Output, PipelineDocument, Wire, is_document,
};
use steps::Steps;

use super::guard::guarded;
use super::{Cancel, LoadOptions, Outputs, Runnable, Runtime};
use crate::clock::instant;
use crate::error::{Error, ErrorKind, Result};
use crate::model::probe::{Spread, generate};
use crate::model::signature::{Dim, Signature, TensorSpec};
use crate::tensor::Shape;

/// The format of versions that are pipelines.
pub const FORMAT: &str = "pipeline";
const RUNTIME: &str = "pipeline";
const VERSION: &str = "1";
/// What a document holds once it is read, over its bytes: a tokenizer keeps its vocabulary twice, in maps.
const HELD: u64 = 8;

/// Loads pipelines. Their models are loaded before, and come with the options.
#[derive(Debug, Clone, Default)]
pub struct PipelineRuntime {
    steps: Steps,
}

impl PipelineRuntime {
    /// A runtime with these steps.
    pub fn new(steps: Steps) -> Self {
        PipelineRuntime { steps }
    }
}

/// Checks a document against the signatures of the versions that it [uses](PipelineDocument::uses), in that order, and
/// returns the signature of the whole.
///
/// # Errors
/// `invalid_argument` with the field, its value and what is allowed: a cycle, a name that is unknown, missing or unused,
/// an element type or a shape that does not fit, an output that may not be there. `unsupported` for a step that this build
/// does not have.
pub fn check(document: &PipelineDocument, signatures: &[&Signature], steps: &Steps) -> Result<Signature> {
    guarded(ErrorKind::InvalidArgument, || plan::plan(document, signatures, steps)).map(|plan| plan.signature)
}

impl Runtime for PipelineRuntime {
    fn name(&self) -> &'static str {
        RUNTIME
    }

    fn version(&self) -> &'static str {
        VERSION
    }

    /// It loads nothing but pipelines, and nothing else loads those.
    fn automatic(&self) -> bool {
        false
    }

    fn load(&self, artifact: &[u8], options: &LoadOptions) -> Result<Arc<dyn Runnable>> {
        let started = instant();
        let held = options.budget.reserve(artifact.len() as u64 * HELD)?;
        let document = PipelineDocument::from_json(artifact)?;
        let of = |pin: crate::machine::state::VersionPin| {
            let found = options.parts.iter().find(|part| part.model == pin.model && part.version == pin.version);
            found.cloned().ok_or_else(|| {
                Error::new(ErrorKind::Internal, "a model of the pipeline is not loaded")
                    .with("model", &pin.model)
                    .with("version", &pin.version)
            })
        };
        let parts = document.uses().into_iter().map(of).collect::<Result<Vec<_>>>()?;
        let signatures: Vec<&Signature> = parts.iter().map(|part| part.runnable.signature()).collect();
        let plan = guarded(ErrorKind::InvalidArgument, || plan::plan(&document, &signatures, &self.steps))?;
        let load_ms = started.elapsed().as_millis() as u64;
        let loaded = Arc::new(loaded::Loaded { plan, parts, held, load_ms });
        options.shapes.iter().try_for_each(|shapes| warm(&loaded, shapes))?;
        Ok(loaded)
    }
}

/// Runs declared shapes once: what they are to the models within shows when they run, and plans are compiled then.
fn warm(loaded: &Arc<loaded::Loaded>, shapes: &[Shape]) -> Result<()> {
    let declared = |(spec, shape): (&TensorSpec, &Shape)| TensorSpec {
        shape: shape.iter().map(|size| Dim::Fixed(*size)).collect(),
        ..spec.clone()
    };
    let inputs = loaded.signature().inputs.iter().zip(shapes).map(declared).collect();
    let signature = Signature { inputs, outputs: Vec::new() };
    let inputs = generate(&signature, 0, Spread::Unit, |_| 1)?;
    let views: Vec<_> = inputs.iter().map(|(_, tensor)| tensor.view()).collect();
    loaded.clone().spawn()?.run(&views, &mut Outputs::new(), &Cancel::NEVER)
}
