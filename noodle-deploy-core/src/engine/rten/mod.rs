//! rten, pure Rust, on the CPU: near ONNX Runtime on transformers, and it runs the `If` and `Loop` graphs that tract
//! cannot compile.
//!
//! rten computes with 32-bit integers and single precision alone, and turns wider types into those without a word. So a
//! model is scanned before rten sees it (`scan`): what would lose values, and operators that rten gets wrong, are
//! refused. rten then reads a file that is written anew from what was checked (`export`).

mod convert;
mod export;
mod loaded;
mod scan;

use std::sync::Arc;

use super::{LoadOptions, Runnable, Runtime};
use crate::error::Result;
use crate::model::onnx::Budgets;

const VERSION: &str = "0.27.0";

/// Loads ONNX files into rten.
#[derive(Debug, Clone, Default)]
pub struct RtenRuntime {
    budgets: Budgets,
}

impl RtenRuntime {
    /// A runtime with the default budgets for files.
    pub fn new() -> Self {
        RtenRuntime::default()
    }

    /// A runtime with other budgets for files.
    pub fn with_budgets(budgets: Budgets) -> Self {
        RtenRuntime { budgets }
    }
}

impl Runtime for RtenRuntime {
    fn name(&self) -> &'static str {
        "rten"
    }

    fn version(&self) -> &'static str {
        VERSION
    }

    fn load(&self, artifact: &[u8], options: &LoadOptions) -> Result<Arc<dyn Runnable>> {
        loaded::Loaded::load(artifact, &self.budgets, options).map(|loaded| loaded as Arc<dyn Runnable>)
    }
}
