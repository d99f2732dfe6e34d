//! What a revision tells its sessions, and what it counts of them.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::machine::session::{Carry, StateConfig};
use crate::machine::stream::{StreamConfig, StreamPlan};
use crate::model::signature::Signature;
use crate::tensor::{DType, Tensor, element_count};

/// Sessions of one loaded revision in this process. A stream outside a session is one of its own while it lasts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionMetrics {
    /// Sessions that are open.
    pub open: u32,
    /// Bytes that they carry, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub bytes: u64,
    /// Sessions that were opened, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub opened: u64,
    /// Sessions that ended because no call came for long enough, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub expired: u64,
    /// Sessions that were not opened, and calls that were not answered, because of a bound; as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub refused: u64,
}

/// What sessions of a revision carry and what streams of it do.
#[derive(Default)]
pub(crate) struct Plan {
    pub(super) config: StateConfig,
    pub(super) carried: Vec<Carry>,
    pub(super) stream: Option<StreamPlan>,
    /// Whether a deploy said anything about sessions or streams.
    told: bool,
    pub(super) open: AtomicU32,
    pub(super) bytes: AtomicU64,
    pub(super) opened: AtomicU64,
    pub(super) expired: AtomicU64,
    pub(super) refused: AtomicU64,
}

impl Plan {
    /// # Errors
    /// As [`StateConfig::plan`] and [`StreamConfig::plan`].
    pub(crate) fn new(
        state: Option<&StateConfig>,
        stream: Option<&StreamConfig>,
        signature: &Signature,
    ) -> Result<Self> {
        let config = state.cloned().unwrap_or_default();
        let carried = config.plan(signature)?;
        let told = state.is_some() || stream.is_some();
        let stream = stream.map(|stream| stream.plan(signature, &carried)).transpose()?;
        Ok(Plan { config, carried, stream, told, ..Plan::default() })
    }

    /// Whether a session is open.
    pub(crate) fn are_open(&self) -> bool {
        self.open.load(Ordering::Acquire) > 0
    }

    /// None where nobody asked for any.
    pub(crate) fn metrics(&self) -> Option<SessionMetrics> {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let metrics = SessionMetrics {
            open: self.open.load(Ordering::Relaxed),
            bytes: read(&self.bytes),
            opened: read(&self.opened),
            expired: read(&self.expired),
            refused: read(&self.refused),
        };
        (self.told || metrics != SessionMetrics::default()).then_some(metrics)
    }

    /// What a session begins with.
    pub(super) fn zeros(&self, signature: &Signature) -> Result<Vec<Tensor>> {
        let of = |carry: &Carry| zeros(signature.inputs[carry.input].dtype, &carry.shape);
        self.carried.iter().map(of).collect()
    }

    /// Bytes of what a session begins with.
    pub(super) fn initial_bytes(&self, signature: &Signature) -> u64 {
        let of = |carry: &Carry| {
            let element = signature.inputs[carry.input].dtype.size().unwrap_or(size_of::<String>());
            element_count(&carry.shape).unwrap_or(usize::MAX).saturating_mul(element) as u64
        };
        self.carried.iter().map(of).fold(0, u64::saturating_add)
    }
}

/// Zeros, false, or empty strings.
pub(super) fn zeros(dtype: DType, shape: &[usize]) -> Result<Tensor> {
    let count = element_count(shape).unwrap_or(0);
    match dtype.size() {
        Some(size) => Tensor::from_bytes(dtype, shape, &vec![0; count * size]),
        None => Tensor::strings(shape, vec![String::new(); count]),
    }
}
