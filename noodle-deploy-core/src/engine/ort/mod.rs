//! ONNX Runtime, out of a shared library that is found at run time; nothing of it is linked.
//!
//! A process has one such library: the first runtime that loads a model decides which.

mod convert;
mod library;
mod loaded;

use std::path::PathBuf;
use std::sync::Arc;

use ::ort::ep::ExecutionProviderDispatch;

use super::{LoadOptions, Runnable, Runtime};
use crate::error::{Error, Result};
use crate::model::onnx::Budgets;
use crate::settings::PROVIDERS;

/// Loads ONNX files into ONNX Runtime.
#[derive(Debug, Clone, Default)]
pub struct OrtRuntime {
    library: Option<PathBuf>,
    providers: Vec<String>,
    automatic: bool,
    budgets: Budgets,
}

impl OrtRuntime {
    /// A runtime over the library that is found ([`OrtRuntime::search`]), on the CPU. It serves where it is asked for.
    pub fn new() -> Self {
        OrtRuntime::default()
    }

    /// A runtime over the library in this file.
    pub fn with_library(mut self, file: PathBuf) -> Self {
        self.library = Some(file);
        self
    }

    /// Execution providers, the preferred one first; ONNX Runtime gives each node to the first that takes it.
    ///
    /// # Errors
    /// `invalid_argument` for a name that is not passed through, with those that are.
    pub fn with_providers(mut self, names: &[String]) -> Result<Self> {
        for name in names {
            provider(name)?;
        }
        self.providers = names.to_vec();
        Ok(self)
    }

    /// Stands for choice where a deploy names no engine.
    pub fn standing_for_choice(mut self) -> Self {
        self.automatic = true;
        self
    }

    /// Where a library is looked for, in this order: `ORT_DYLIB_PATH`; the `onnxruntime` package of the active Python
    /// environment (`VIRTUAL_ENV`, `CONDA_PREFIX`, the running interpreter, the user's and the system's packages); the
    /// package `onnxruntime-node` beside the running script or above the working directory.
    pub fn search() -> Vec<PathBuf> {
        library::search()
    }
}

fn provider(name: &str) -> Result<Option<ExecutionProviderDispatch>> {
    use ::ort::ep;
    Ok(Some(
        match name {
            "cpu" => return Ok(None),
            "cuda" => ep::CUDA::default().build(),
            "tensorrt" => ep::TensorRT::default().build(),
            "rocm" => ep::ROCm::default().build(),
            "openvino" => ep::OpenVINO::default().build(),
            "coreml" => ep::CoreML::default().build(),
            "directml" => ep::DirectML::default().build(),
            "xnnpack" => ep::XNNPACK::default().build(),
            _ => return Err(Error::invalid("onnxruntime_providers", name, PROVIDERS.join(", "))),
        }
        .error_on_failure(),
    ))
}

impl Runtime for OrtRuntime {
    fn name(&self) -> &'static str {
        "ort"
    }

    fn version(&self) -> &'static str {
        library::open(self.library.as_deref()).map_or("without a library", |library| library.version)
    }

    fn automatic(&self) -> bool {
        self.automatic
    }

    fn load(&self, artifact: &[u8], options: &LoadOptions) -> Result<Arc<dyn Runnable>> {
        let library = library::open(self.library.as_deref())?;
        loaded::Loaded::load(library, artifact, &self.providers, &self.budgets, options)
            .map(|loaded| loaded as Arc<dyn Runnable>)
    }
}
