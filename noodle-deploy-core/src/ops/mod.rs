//! The operations table: every user-visible control operation is one type here, and every surface comes from the table.
//!
//! A call is validated, authorised, run, and, where it changes something, recorded with actor and request in the log.

use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::control::CallContext;
use crate::decode;
use crate::error::{Error, ErrorKind, Result};
use crate::noodle::Noodle;

pub mod audit;
pub mod autoscale;
pub mod benchmark;
mod call;
pub mod deployments;
pub mod directory;
pub mod evaluate;
pub mod experiment;
pub mod lifecycle;
pub mod memory;
pub mod monitor;
pub mod rollout;
pub mod routing;
pub mod versions;

pub use call::Watched;

/// What a caller may do. Each role may do what the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks.
    Viewer,
    /// Scales and rolls back.
    Operator,
    /// Registers, deploys and promotes.
    Deployer,
    /// Everything, deletion and backup too.
    Admin,
}

impl std::str::FromStr for Role {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        serde_json::from_value(name.into())
            .map_err(|_| Error::invalid("role", name, "viewer, operator, deployer, admin"))
    }
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The principal, for the record.
    pub actor: String,
    /// What the principal may do.
    pub role: Role,
    /// Identifies the call; a fresh UUID where absent.
    pub request_id: Option<String>,
}

/// One control operation.
pub trait Operation {
    /// Stable name, as in `POST /api/v1/operations/{NAME}`.
    const NAME: &'static str;
    /// One sentence.
    const SUMMARY: &'static str;
    /// Least role that may call it.
    const ROLE: Role;
    /// Whether it changes anything.
    const MUTATES: bool;
    /// Whether it may take long, and reports how far it is.
    const PROGRESS: bool = false;
    /// What goes in.
    type Input: DeserializeOwned + Serialize + JsonSchema;
    /// What comes out.
    type Output: DeserializeOwned + Serialize + JsonSchema;

    /// Runs it.
    ///
    /// # Errors
    /// As the trait method behind it says.
    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output>;
}

/// No input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A row of the table.
pub struct OperationInfo {
    /// Stable name.
    pub name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// Least role that may call it.
    pub role: Role,
    /// Whether it changes anything.
    pub mutates: bool,
    /// Whether it may take long, and reports how far it is.
    pub progress: bool,
    /// JSON schema of the input.
    pub input: fn() -> Schema,
    /// JSON schema of the output.
    pub output: fn() -> Schema,
    /// Reads an input without running anything, and returns it with its defaults filled in.
    pub decode: fn(serde_json::Value) -> Result<serde_json::Value>,
    run: fn(&Noodle, &CallContext, serde_json::Value) -> Result<serde_json::Value>,
}

const fn row<O: Operation>() -> OperationInfo {
    OperationInfo {
        name: O::NAME,
        summary: O::SUMMARY,
        role: O::ROLE,
        mutates: O::MUTATES,
        progress: O::PROGRESS,
        input: || schemars::schema_for!(O::Input),
        output: || schemars::schema_for!(O::Output),
        decode: |input| encode(&decode::<O>(input)?),
        run: |noodle, context, input| encode(&O::run(noodle, context, decode::<O>(input)?)?),
    }
}

fn encode(value: &impl Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(|e| Error::new(ErrorKind::Internal, "a value does not serialise").source(e))
}

/// Every operation.
pub static OPERATIONS: &[OperationInfo] = &[
    row::<versions::RegisterVersion>(),
    row::<versions::GetVersion>(),
    row::<versions::ListVersions>(),
    row::<versions::ListModels>(),
    row::<versions::CompareVersions>(),
    row::<versions::AnnotateVersion>(),
    row::<versions::SetVersionStatus>(),
    row::<versions::DeleteVersion>(),
    row::<versions::SetAlias>(),
    row::<versions::RemoveAlias>(),
    row::<deployments::Deploy>(),
    row::<deployments::Promote>(),
    row::<deployments::Rollback>(),
    row::<deployments::Scale>(),
    row::<autoscale::SetAutoscale>(),
    row::<autoscale::GetAutoscale>(),
    row::<deployments::Unload>(),
    row::<deployments::Undeploy>(),
    row::<deployments::GetDeployment>(),
    row::<deployments::ListDeployments>(),
    row::<routing::ExplainRoute>(),
    row::<lifecycle::History>(),
    row::<monitor::GetHealth>(),
    row::<monitor::GetMetrics>(),
    row::<monitor::GetTraffic>(),
    row::<audit::AuditHead>(),
    row::<audit::AuditVerify>(),
    row::<audit::Retain>(),
    row::<directory::Backup>(),
    row::<directory::CollectGarbage>(),
    row::<benchmark::Benchmark>(),
    row::<benchmark::Profile>(),
    row::<evaluate::Evaluate>(),
    row::<monitor::GetResources>(),
    row::<rollout::GetRollout>(),
    row::<rollout::AdvanceRollout>(),
    row::<rollout::PauseRollout>(),
    row::<rollout::ResumeRollout>(),
    row::<rollout::AbortRollout>(),
    row::<memory::SetMemoryBudget>(),
    row::<experiment::CreateExperiment>(),
    row::<experiment::GetExperiment>(),
    row::<experiment::StartExperiment>(),
    row::<experiment::PauseExperiment>(),
    row::<experiment::StopExperiment>(),
    row::<experiment::DeclareWinner>(),
    row::<experiment::RecordOutcomes>(),
    row::<experiment::PlanExperiment>(),
    row::<routing::SetRules>(),
    row::<routing::ExplainRequest>(),
    row::<routing::RecordLabels>(),
];

/// Finds an operation.
///
/// # Errors
/// `not_found`.
pub fn find(name: &str) -> Result<&'static OperationInfo> {
    OPERATIONS.iter().find(|o| o.name == name).ok_or_else(|| Error::not_found("operation", name))
}

/// Reads an input.
///
/// # Errors
/// `invalid_argument` with the field that does not fit, its value and what is allowed. A field within another one is
/// named by both, with a slash between them: `since/hash`.
pub fn decode<O: Operation>(input: serde_json::Value) -> Result<O::Input> {
    decode::decode(&input).map_err(|misfit| misfit.error("input").operation(O::NAME))
}
