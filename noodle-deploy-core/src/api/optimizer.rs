//! Capacity.

use crate::control::CallContext;
use crate::error::Result;
use crate::ops::autoscale::{AutoscaleView, SetAutoscaleInput};
use crate::ops::deployments::{DeploymentRef, DeploymentView, ScaleInput};
use crate::ops::memory::{MemoryBudgetView, SetMemoryBudgetInput};

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

    /// Switches autoscaling on, changes it, or switches it off.
    ///
    /// Behavior:
    /// - The holder of the deciding lease decides, for all processes, by the busiest of them.
    /// - `scale` still changes the number; the next decision may change it again.
    ///
    /// # Errors
    /// `not_found`, `invalid_argument`.
    fn set_autoscale(&self, context: &CallContext, input: SetAutoscaleInput) -> Result<AutoscaleView>;

    /// How a deployment scales, and the last recommendation of this process.
    ///
    /// # Errors
    /// `not_found`.
    fn autoscale(&self, deployment: &str) -> Result<AutoscaleView>;

    /// Unloads the replicas of an `on_demand` deployment in this process.
    ///
    /// Behavior:
    /// - The next request loads it again; none fails for it.
    /// - What a request runs on stays until the rule of the deployment or a want of memory takes it.
    ///
    /// # Errors
    /// `not_found`, `conflict` where the deployment is resident.
    fn unload(&self, context: &CallContext, input: DeploymentRef) -> Result<DeploymentView>;

    /// Changes what loaded models of this process may hold together.
    ///
    /// Behavior:
    /// - It holds until the handle is closed; the setting says what the next one begins with.
    /// - Deployments that are on demand and idle are unloaded where that makes room. What is resident or runs stays, and
    ///   what does not fit beside it is refused.
    ///
    /// # Errors
    /// `invalid_argument` below 1 MiB.
    fn set_memory_budget(&self, context: &CallContext, input: SetMemoryBudgetInput) -> Result<MemoryBudgetView>;
}
