//! Operations on deployments.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Nothing, Operation, Role};
use crate::backends::ReplicaStatus;
use crate::clock::Millis;
use crate::control::CallContext;
use crate::error::Result;
use crate::machine::cache::CacheConfig;
use crate::machine::residency::Loading;
use crate::machine::rollout::{CanaryConfig, RollingConfig};
use crate::machine::session::StateConfig;
use crate::machine::state::Deployment;
use crate::machine::stream::StreamConfig;
use crate::machine::tuning::Aim;
use crate::noodle::Noodle;
use crate::serving::batch::BatchConfig;
use crate::settings::Strategy;

/// Deploys a version, or brings a further one up beside it.
pub struct Deploy;

/// Input of [`Deploy`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeployInput {
    /// Name of the deployment.
    pub deployment: String,
    /// The model; absent: named like the deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// A version, an alias, or `latest`.
    #[serde(default = "latest")]
    pub version: String,
    /// Where replicas live; absent: the default target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// `immediate` moves traffic when the revision is verified; `blue_green` waits for `promote`; `canary` moves it step by
    /// step while the revision is found to be no worse; `shadow` lets it answer nobody until somebody advances it; `rolling`
    /// replaces replicas a few at a time; `ab_testing` divides the traffic in halves until somebody decides. Absent: the
    /// default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<Strategy>,
    /// Replicas in each process; absent: as before, 1 at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<u32>,
    /// Threads that one request may use.
    #[serde(default = "one")]
    pub threads: u32,
    /// Input shapes to compile plans for before traffic: input name to sizes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shapes: Vec<BTreeMap<String, Vec<u32>>>,
    /// Engine; absent: the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// How requests are batched; absent: not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batching: Option<BatchConfig>,
    /// How answers are kept; absent: they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheConfig>,
    /// Gates that a version must have passed, by an `evaluate` of each, to be deployed or promoted here, at most 16;
    /// absent: as before, none at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_gates: Option<Vec<String>>,
    /// When the revision is loaded; absent: as the one before, the default at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loading: Option<Loading>,
    /// Milliseconds without a request after which an `on_demand` revision is unloaded, as a string; absent: as the one
    /// before where `loading` is absent too, else only to make room.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub unload_after_ms: Option<Millis>,
    /// Measures on this machine what gives the most of this, and takes it where the request leaves it open: `threads` where
    /// they are 1, `replicas` where they are absent, and with `throughput` the rows of a batch. Absent: nothing is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tune: Option<Aim>,
    /// What sessions carry from call to call; absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StateConfig>,
    /// How one request gives many answers; absent: it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<StreamConfig>,
    /// How traffic moves to the revision with the strategy `canary`, which it implies; absent with that strategy: by the
    /// steps and the analysis that are the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<CanaryConfig>,
    /// A deployment whose serving version is to be deployed here, configured as it is there where this input says nothing:
    /// from staging to production. Absent: what `version` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// How replicas are replaced with the strategy `rolling`, which it implies; absent with that strategy: a quarter at a
    /// time, with none missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolling: Option<RollingConfig>,
}

impl DeployInput {
    /// A version of the model that is named like the deployment, with defaults.
    pub fn new(deployment: impl Into<String>, version: impl Into<String>) -> Self {
        DeployInput {
            deployment: deployment.into(),
            model: None,
            version: version.into(),
            target: None,
            strategy: None,
            replicas: None,
            threads: 1,
            shapes: Vec::new(),
            engine: None,
            batching: None,
            cache: None,
            required_gates: None,
            loading: None,
            unload_after_ms: None,
            tune: None,
            state: None,
            stream: None,
            canary: None,
            from: None,
            rolling: None,
        }
    }
}

fn latest() -> String {
    "latest".to_owned()
}

fn one() -> u32 {
    1
}

/// A deployment as desired and as this process observes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeploymentView {
    /// As desired: what the log says.
    pub desired: Deployment,
    /// Version that answers in this process, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serving: Option<String>,
    /// This process still serves an older revision than the desired one, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lagging: Option<String>,
    /// Replicas of each loaded revision in this process, by revision number as text.
    pub replicas: BTreeMap<String, ReplicaStatus>,
}

impl Operation for Deploy {
    const NAME: &'static str = "deploy";
    const SUMMARY: &'static str = "Loads, verifies and serves a version under a name.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    const PROGRESS: bool = true;
    type Input = DeployInput;
    type Output = DeploymentView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.deployer().deploy(context, input)
    }
}

/// Moves traffic to a version that is up.
pub struct Promote;

/// Input of [`Promote`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromoteInput {
    /// The deployment.
    pub deployment: String,
    /// A version or an alias among its revisions; absent: the candidate that is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl Operation for Promote {
    const NAME: &'static str = "promote";
    const SUMMARY: &'static str = "Moves all traffic of a deployment to a version that is up beside the serving one.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    const PROGRESS: bool = true;
    type Input = PromoteInput;
    type Output = DeploymentView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.deployer().promote(context, input)
    }
}

/// Moves traffic back.
pub struct Rollback;

/// Input of [`Rollback`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RollbackInput {
    /// The deployment.
    pub deployment: String,
    /// A version that served before; absent: the last one, or, while a change is under way, the end of that change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Operation for Rollback {
    const NAME: &'static str = "rollback";
    const SUMMARY: &'static str =
        "Moves all traffic of a deployment back to an earlier version, at once and from any state.";
    const ROLE: Role = Role::Operator;
    const MUTATES: bool = true;
    const PROGRESS: bool = true;
    type Input = RollbackInput;
    type Output = DeploymentView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.deployer().rollback(context, input)
    }
}

/// Changes the number of replicas.
pub struct Scale;

/// Input of [`Scale`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScaleInput {
    /// The deployment.
    pub deployment: String,
    /// Replicas in each process, 1 to 1024.
    pub replicas: u32,
}

impl Operation for Scale {
    const NAME: &'static str = "scale";
    const SUMMARY: &'static str = "Changes the number of replicas of a deployment while it serves.";
    const ROLE: Role = Role::Operator;
    const MUTATES: bool = true;
    const PROGRESS: bool = true;
    type Input = ScaleInput;
    type Output = DeploymentView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.optimizer().scale(context, input)
    }
}

/// Unloads a deployment until its next request.
pub struct Unload;

impl Operation for Unload {
    const NAME: &'static str = "unload";
    const SUMMARY: &'static str = "Unloads an on_demand deployment in this process; its next request loads it again.";
    const ROLE: Role = Role::Operator;
    // Nothing that is kept changes.
    const MUTATES: bool = false;
    type Input = DeploymentRef;
    type Output = DeploymentView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.optimizer().unload(context, input)
    }
}

/// Stops a deployment.
pub struct Undeploy;

/// Input of [`Undeploy`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndeployInput {
    /// The deployment.
    pub deployment: String,
    /// Do not wait for running requests.
    #[serde(default)]
    pub force: bool,
}

impl Operation for Undeploy {
    const NAME: &'static str = "undeploy";
    const SUMMARY: &'static str = "Stops a deployment after its running requests have ended.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    const PROGRESS: bool = true;
    type Input = UndeployInput;
    type Output = DeploymentView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.deployer().undeploy(context, input)
    }
}

/// Shows a deployment.
pub struct GetDeployment;

/// Names a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeploymentRef {
    /// The deployment.
    pub deployment: String,
}

impl Operation for GetDeployment {
    const NAME: &'static str = "get_deployment";
    const SUMMARY: &'static str = "Shows a deployment as desired and as this process observes it.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = DeploymentRef;
    type Output = DeploymentView;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.deployer().get(&input.deployment)
    }
}

/// Lists the deployments.
pub struct ListDeployments;

/// Output of [`ListDeployments`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeploymentList {
    /// By name.
    pub deployments: Vec<DeploymentView>,
}

impl Operation for ListDeployments {
    const NAME: &'static str = "list_deployments";
    const SUMMARY: &'static str = "Lists the deployments.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = Nothing;
    type Output = DeploymentList;

    fn run(noodle: &Noodle, _: &CallContext, _: Self::Input) -> Result<Self::Output> {
        noodle.deployer().list().map(|deployments| DeploymentList { deployments })
    }
}
