//! Capacity.

use crate::control::CallContext;
use crate::error::Result;
use crate::ops::deployments::{DeploymentView, ScaleInput};

/// Changes capacity.
pub trait Optimizer: Send + Sync {
    /// Changes the number of replicas.
    ///
    /// Behavior:
    /// - Requests go on meanwhile; none fails for it.
    /// - Where the replicas cannot be had, the old number stays.
    ///
    /// # Errors
    /// `not_found`, `invalid_argument`, `conflict` (not running), `resource_exhausted`, `unsupported` where scaling is
    /// switched off.
    fn scale(&self, context: &CallContext, input: ScaleInput) -> Result<DeploymentView>;
}
