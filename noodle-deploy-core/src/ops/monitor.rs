//! Operations on health and metrics.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Nothing, Operation, Role};
pub use crate::backends::ReplicaLoad;
use crate::control::CallContext;
use crate::error::Result;
use crate::machine::state::DeploymentState;
pub use crate::metrics::resources::{
    GpuReading, GpuReadings, LimitReading, MachineReading, ModelMemory, ProcessReading, ResourceReport, RevisionMemory,
};
pub use crate::metrics::totals::{Phase, PhaseMetrics, RequestMetrics};
use crate::noodle::Noodle;
pub use crate::serving::cache::CacheMetrics;
pub use crate::serving::session::SessionMetrics;

/// Shows health.
pub struct GetHealth;

/// Names a deployment, or none for all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeploymentFilter {
    /// Only this deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment: Option<String>,
}

/// How a thing fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// As desired.
    Healthy,
    /// Serves, but not as desired.
    Degraded,
    /// Should serve and does not.
    Unhealthy,
}

/// Health of one deployment in this process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeploymentHealth {
    /// The deployment.
    pub deployment: String,
    /// The verdict.
    pub health: Health,
    /// Whether it answers here and now, with the desired revision.
    pub ready: bool,
    /// State as desired.
    pub state: DeploymentState,
    /// The last error of a load or of the state, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// Output of [`GetHealth`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HealthReport {
    /// Every deployment that should run does, as desired.
    pub ready: bool,
    /// Whether this process holds the deciding lease.
    pub leader: bool,
    /// The last error of the background work, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// By name; stopped ones are left out.
    pub deployments: Vec<DeploymentHealth>,
    /// Bytes that loaded models hold, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub memory_used_bytes: u64,
    /// Bytes that they may hold, as a string; absent: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_limit_bytes: Option<String>,
}

impl Operation for GetHealth {
    const NAME: &'static str = "get_health";
    const SUMMARY: &'static str =
        "Shows whether every deployment that should run answers in this process, and the last errors.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = DeploymentFilter;
    type Output = HealthReport;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.monitor().health(input.deployment.as_deref())
    }
}

/// Shows request metrics.
pub struct GetMetrics;

/// Requests of one revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RevisionMetrics {
    /// Number of the revision.
    pub revision: u32,
    /// Its version.
    pub version: String,
    /// Counts and latencies.
    pub requests: RequestMetrics,
    /// What its cache did since it was loaded; absent where answers are not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheMetrics>,
    /// Counts of open processes that it is the sum of; absent where only this one is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processes: Option<u32>,
    /// What each replica did; empty where the target does not tell them apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replicas: Vec<ReplicaLoad>,
    /// Sessions and streams in this process; absent where there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions: Option<SessionMetrics>,
}

/// Output of [`GetMetrics`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricsReport {
    /// Revisions by deployment, newest first.
    pub deployments: BTreeMap<String, Vec<RevisionMetrics>>,
}

impl Operation for GetMetrics {
    const NAME: &'static str = "get_metrics";
    const SUMMARY: &'static str = "Shows requests, errors and latencies of the revisions loaded in this process.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = DeploymentFilter;
    type Output = MetricsReport;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.monitor().metrics(input.deployment.as_deref())
    }
}

/// Shows requests of all processes.
pub struct GetTraffic;

impl Operation for GetTraffic {
    const NAME: &'static str = "get_traffic";
    const SUMMARY: &'static str =
        "Shows requests, errors and latencies that all processes of the directory counted, those that are gone too.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = DeploymentFilter;
    type Output = MetricsReport;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.monitor().traffic(input.deployment.as_deref())
    }
}

/// Shows what this process and its machine use.
pub struct GetResources;

impl Operation for GetResources {
    const NAME: &'static str = "get_resources";
    const SUMMARY: &'static str =
        "Shows CPU, memory, GPU, disk and network of this process and its machine, and what loaded models hold.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = Nothing;
    type Output = ResourceReport;

    fn run(noodle: &Noodle, _: &CallContext, _: Self::Input) -> Result<Self::Output> {
        noodle.monitor().resources()
    }
}
