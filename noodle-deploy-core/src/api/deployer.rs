//! Deployments come, change and go.

use crate::control::CallContext;
use crate::error::Result;
use crate::ops::deployments::{DeployInput, DeploymentView, PromoteInput, RollbackInput, UndeployInput};
use crate::ops::rollout::{RolloutInput, RolloutView};

/// Brings versions up, moves traffic between them, and takes them down.
pub trait Deployer: Send + Sync {
    /// Deploys a version, or brings a further revision up beside the one that serves.
    ///
    /// Behavior:
    /// - Returns when the revision is loaded, verified and warm; with `immediate` it serves by then, with `blue_green`
    ///   it waits for `promote`, unless nothing served before.
    /// - A failure leaves what served before untouched.
    ///
    /// # Errors
    /// `not_found` (version), `unsupported` (target, strategy, engine), `conflict` (a change is under way),
    /// `resource_exhausted`, `verification_failed`, `integrity_mismatch`, and what the engine says.
    fn deploy(&self, context: &CallContext, input: DeployInput) -> Result<DeploymentView>;

    /// Moves all traffic to a revision that is up.
    ///
    /// Behavior:
    /// - A request that begins after the return is answered by the new revision.
    /// - Requests that run finish on the revision they began on.
    ///
    /// # Errors
    /// `not_found`, `conflict` (the revision is not ready), and what loading says where it must be loaded again.
    fn promote(&self, context: &CallContext, input: PromoteInput) -> Result<DeploymentView>;

    /// Moves all traffic back to a revision that served before.
    ///
    /// Behavior:
    /// - Allowed from every state but `stopping` and `stopped`; a change under way is overtaken.
    /// - One pointer swap where the revision is warm.
    ///
    /// # Errors
    /// `not_found`, `conflict` (nothing to return to).
    fn rollback(&self, context: &CallContext, input: RollbackInput) -> Result<DeploymentView>;

    /// Shows the last rollout of a deployment.
    ///
    /// # Errors
    /// `not_found`.
    fn rollout(&self, deployment: &str) -> Result<RolloutView>;

    /// Lets a rollout go on to its next step; after the last one all traffic moves.
    ///
    /// Behavior:
    /// - Whatever it waits for: a gate, a verdict, or somebody's word.
    ///
    /// # Errors
    /// `not_found`, `conflict` (no rollout is under way, a gate was failed meanwhile).
    fn advance_rollout(&self, context: &CallContext, input: RolloutInput) -> Result<RolloutView>;

    /// Stops a rollout where it is.
    ///
    /// Behavior:
    /// - The candidate keeps its share of the traffic, and a breach still ends the rollout.
    ///
    /// # Errors
    /// `not_found`, `conflict` (no rollout is under way, or it is paused).
    fn pause_rollout(&self, context: &CallContext, input: RolloutInput) -> Result<RolloutView>;

    /// Lets a rollout that is paused or inconclusive be judged again.
    ///
    /// # Errors
    /// `not_found`, `conflict` (no rollout is under way, or it is being judged).
    fn resume_rollout(&self, context: &CallContext, input: RolloutInput) -> Result<RolloutView>;

    /// Moves all traffic back to the revision that served before.
    ///
    /// Behavior:
    /// - Allowed in every phase of a rollout that is under way.
    /// - A request that begins after the return is answered by the old revision.
    ///
    /// # Errors
    /// `not_found`, `conflict` (no rollout is under way).
    fn abort_rollout(&self, context: &CallContext, input: RolloutInput) -> Result<RolloutView>;

    /// Stops a deployment.
    ///
    /// Behavior:
    /// - New requests are refused with `unavailable` at once.
    /// - Returns when running requests have ended, when the drain time is over, or at once with `force`.
    /// - A deployment that has stopped stays stopped: not an error.
    ///
    /// # Errors
    /// `not_found`.
    fn undeploy(&self, context: &CallContext, input: UndeployInput) -> Result<DeploymentView>;

    /// Shows one deployment.
    ///
    /// # Errors
    /// `not_found`.
    fn get(&self, deployment: &str) -> Result<DeploymentView>;

    /// Shows every deployment, by name.
    ///
    /// # Errors
    /// None of its own.
    fn list(&self) -> Result<Vec<DeploymentView>>;
}
