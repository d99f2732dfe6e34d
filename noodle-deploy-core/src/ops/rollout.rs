//! Operations on rollouts: traffic that moves to a revision step by step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::deployments::DeploymentRef;
use super::{Operation, Role};
use crate::clock::Millis;
use crate::control::CallContext;
use crate::error::Result;
use crate::machine::rollout::{Findings, Rollout};
use crate::noodle::Noodle;

/// Shows a rollout.
pub struct GetRollout;

/// Output of the operations on rollouts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RolloutView {
    /// The deployment.
    pub deployment: String,
    /// The last rollout; absent: none was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollout: Option<Rollout>,
    /// What the step under way shows, as of the last look of the process that decides; absent in other processes, and
    /// before the first look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<Findings>,
    /// What is recorded of the deployment's requests; absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<RecordingView>,
}

/// Recorded requests of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordingView {
    /// How many, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub requests: u64,
    /// Bytes of their files, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub bytes: u64,
    /// When the oldest was answered, in milliseconds since 1970, as a string; absent: there is none.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub since: Option<Millis>,
    /// Requests that this process was to record since it opened the directory, and has not, as they were too large or came
    /// too fast, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub skipped: u64,
}

impl Operation for GetRollout {
    const NAME: &'static str = "get_rollout";
    const SUMMARY: &'static str = "Shows how far traffic has moved to a new revision, and what the analysis finds.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = DeploymentRef;
    type Output = RolloutView;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.deployer().rollout(&input.deployment)
    }
}

/// Names a deployment whose rollout is to change, and says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RolloutInput {
    /// The deployment.
    pub deployment: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Lets a rollout go on to its next step.
pub struct AdvanceRollout;

impl Operation for AdvanceRollout {
    const NAME: &'static str = "advance_rollout";
    const SUMMARY: &'static str =
        "Lets a rollout go on to its next step, or move all traffic after the last one, whatever it waits for.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    type Input = RolloutInput;
    type Output = RolloutView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.deployer().advance_rollout(context, input)
    }
}

/// Stops a rollout where it is.
pub struct PauseRollout;

impl Operation for PauseRollout {
    const NAME: &'static str = "pause_rollout";
    const SUMMARY: &'static str =
        "Stops a rollout where it is; the share of the traffic stays, and a breach still ends it.";
    const ROLE: Role = Role::Operator;
    const MUTATES: bool = true;
    type Input = RolloutInput;
    type Output = RolloutView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.deployer().pause_rollout(context, input)
    }
}

/// Lets a stopped rollout be judged again.
pub struct ResumeRollout;

impl Operation for ResumeRollout {
    const NAME: &'static str = "resume_rollout";
    const SUMMARY: &'static str = "Lets a rollout that is paused or inconclusive be judged again from now on.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    type Input = RolloutInput;
    type Output = RolloutView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.deployer().resume_rollout(context, input)
    }
}

/// Moves all traffic back.
pub struct AbortRollout;

impl Operation for AbortRollout {
    const NAME: &'static str = "abort_rollout";
    const SUMMARY: &'static str =
        "Moves all traffic back to the revision that served before, at once and from any phase.";
    const ROLE: Role = Role::Operator;
    const MUTATES: bool = true;
    type Input = RolloutInput;
    type Output = RolloutView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.deployer().abort_rollout(context, input)
    }
}
