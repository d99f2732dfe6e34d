//! The reference engine: tract, pure Rust, on the CPU.
//!
//! A file is parsed once. Where tract types and optimises the graph with symbolic sizes and the plan really runs, one
//! plan serves every shape; else a plan is compiled for each concrete shape on demand. Equal constants, packed ones
//! too, are held once for all plans of a model.

mod cache;
mod convert;
mod extents;
mod failure;
mod import;
mod ledger;
mod loaded;
mod observe;
mod operators;
mod plan;
mod seen;
mod special;
mod state;

use std::sync::Arc;

use super::{LoadOptions, MemoryBudget, Runnable, Runtime};
use crate::error::Result;
use crate::model::onnx::{self, Budgets, OnnxInfo};

/// Loads ONNX files into tract.
#[derive(Debug, Clone, Default)]
pub struct TractRuntime {
    budgets: Budgets,
}

impl TractRuntime {
    /// A runtime with the default budgets for files.
    pub fn new() -> Self {
        TractRuntime::default()
    }

    /// A runtime with other budgets for files.
    pub fn with_budgets(budgets: Budgets) -> Self {
        TractRuntime { budgets }
    }
}

/// Loads a file and throws it away: whether this engine would take it, within so many bytes.
///
/// # Errors
/// Those of [`crate::model::onnx::inspect`] and [`Runtime::load`].
pub fn dry_run(artifact: &[u8], budgets: &Budgets, memory_bytes: u64) -> Result<OnnxInfo> {
    let info = onnx::inspect(artifact, budgets)?;
    let budget = Arc::new(MemoryBudget::new(memory_bytes));
    TractRuntime::with_budgets(budgets.clone()).load(artifact, &LoadOptions { budget, ..LoadOptions::default() })?;
    Ok(info)
}

impl Runtime for TractRuntime {
    fn name(&self) -> &'static str {
        "tract"
    }

    fn version(&self) -> &'static str {
        "0.23.9"
    }

    fn load(&self, artifact: &[u8], options: &LoadOptions) -> Result<Arc<dyn Runnable>> {
        loaded::Loaded::load(artifact, &self.budgets, options).map(|loaded| loaded as Arc<dyn Runnable>)
    }
}
