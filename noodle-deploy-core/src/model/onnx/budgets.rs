//! What a model file may ask for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// Limits on a model file. A file beyond one of them is `too_large`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Budgets {
    /// Bytes of the file. Default 2 GiB, protobuf's own limit.
    pub max_file_bytes: u64,
    /// Bytes that decoding may take beyond the raw tensor data, estimated before anything is decoded: an empty message
    /// costs two bytes in the file and hundreds in memory. Default 256 MiB.
    pub max_decoded_bytes: u64,
    /// Nodes, those of subgraphs and functions included. Default 100,000.
    pub max_nodes: u64,
    /// Initializers and constant tensors. Default 100,000.
    pub max_tensors: u64,
    /// Levels of subgraphs (`If`, `Loop`, `Scan` bodies) below the main graph. Default 8.
    pub max_depth: u32,
    /// Axes of a tensor. Default 16.
    pub max_rank: u32,
    /// Size of one axis. Default 2³¹ - 1.
    pub max_dim: u64,
    /// Elements of one tensor that the graph makes out of constants alone. Default 2²⁵, or
    /// four times the bytes of the weights.
    pub max_constant_elements: u64,
    /// Elements of all tensors that the graph makes out of constants alone, together. Default 2²⁶,
    /// and sixteen times the bytes of the weights.
    pub max_constant_elements_total: u64,
    /// Elements of one tensor that a plan for known shapes makes while it runs. Default 2³⁰.
    pub max_run_elements: u64,
}

impl Default for Budgets {
    fn default() -> Self {
        Budgets {
            max_file_bytes: 2 << 30,
            max_decoded_bytes: 256 << 20,
            max_nodes: 100_000,
            max_tensors: 100_000,
            max_depth: 8,
            max_rank: 16,
            max_dim: i32::MAX as u64,
            max_constant_elements: 1 << 25,
            max_constant_elements_total: 1 << 26,
            max_run_elements: 1 << 30,
        }
    }
}

impl Budgets {
    /// Much smaller limits, for files from strangers and for fuzzing.
    pub fn small() -> Self {
        Budgets {
            max_file_bytes: 16 << 20,
            max_decoded_bytes: 16 << 20,
            max_nodes: 2_000,
            max_tensors: 2_000,
            max_depth: 4,
            max_rank: 8,
            max_dim: 1 << 20,
            max_constant_elements: 1 << 18,
            max_constant_elements_total: 1 << 20,
            max_run_elements: 1 << 22,
        }
    }
}

/// `too_large` with what was counted.
pub(super) fn too_large(field: &'static str, value: impl std::fmt::Display, allowed: u64) -> Error {
    Error::new(ErrorKind::TooLarge, format!("the model exceeds {field}"))
        .with("field", field)
        .with("value", value)
        .with("allowed", format!("up to {allowed}"))
}

/// Counts while the file is walked.
#[derive(Debug)]
pub(super) struct Meter<'b> {
    pub(super) budgets: &'b Budgets,
    decoded: u64,
    pub(super) nodes: u64,
    pub(super) tensors: u64,
}

impl<'b> Meter<'b> {
    pub(super) fn new(budgets: &'b Budgets) -> Self {
        Meter { budgets, decoded: 0, nodes: 0, tensors: 0 }
    }

    /// Charges memory that decoding will take.
    pub(super) fn decoded(&mut self, bytes: u64) -> Result<()> {
        self.decoded = self.decoded.saturating_add(bytes);
        if self.decoded > self.budgets.max_decoded_bytes {
            return Err(too_large("max_decoded_bytes", self.decoded, self.budgets.max_decoded_bytes));
        }
        Ok(())
    }

    pub(super) fn node(&mut self) -> Result<()> {
        self.nodes += 1;
        if self.nodes > self.budgets.max_nodes {
            return Err(too_large("max_nodes", self.nodes, self.budgets.max_nodes));
        }
        Ok(())
    }

    pub(super) fn tensor(&mut self) -> Result<()> {
        self.tensors += 1;
        if self.tensors > self.budgets.max_tensors {
            return Err(too_large("max_tensors", self.tensors, self.budgets.max_tensors));
        }
        Ok(())
    }
}
