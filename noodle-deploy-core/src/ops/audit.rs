//! Operations on the hash chain.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Nothing, Operation, Role};
use crate::control::CallContext;
use crate::error::Result;
use crate::machine::retention::Keep;
use crate::noodle::Noodle;
use crate::store::Head;

/// Shows the head of the log.
pub struct AuditHead;

impl Operation for AuditHead {
    const NAME: &'static str = "audit_head";
    const SUMMARY: &'static str = "Shows the head of the log: what to keep or sign, so that a later change shows.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = Nothing;
    type Output = Head;

    fn run(noodle: &Noodle, _: &CallContext, _: Self::Input) -> Result<Self::Output> {
        noodle.audit_head()
    }
}

/// Checks the log.
pub struct AuditVerify;

/// Input of [`AuditVerify`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditVerifyInput {
    /// A head that was kept; the log must still contain it. One below a cut of `retain` is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Head>,
    /// Read every artifact too, and check its digest.
    #[serde(default)]
    pub artifacts: bool,
}

/// Output of [`AuditVerify`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditReport {
    /// The head that the log leads to.
    pub head: Head,
    /// Events checked, as a string: those that were not cut away.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub events: u64,
    /// Head of what `retain` cut away: the log was checked from there on. Absent for a whole log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<Head>,
    /// Rows of the state that were folded again and agree.
    pub rows: u32,
    /// Artifacts whose digests were checked.
    pub artifacts: u32,
}

impl Operation for AuditVerify {
    const NAME: &'static str = "audit_verify";
    const SUMMARY: &'static str =
        "Checks every event's hash, folds the state again and compares; on request checks every artifact.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    const PROGRESS: bool = true;
    type Input = AuditVerifyInput;
    type Output = AuditReport;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.verify_as(input.since.as_ref(), input.artifacts, &context.progress)
    }
}

/// Cuts old events away.
pub struct Retain;

/// Input of [`Retain`]. An event goes when every bound that is given lets it go; at least one is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetainInput {
    /// Keeps the last so many events, the new checkpoint among them; 1 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_events: Option<u32>,
    /// Keeps events younger than so many milliseconds, as a string.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub keep_ms: Option<u64>,
}

/// Output of [`Retain`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RetainReport {
    /// Head of what was cut away; absent where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<Head>,
    /// Events removed, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub removed: u64,
    /// Head of the log: after a cut, the checkpoint's.
    pub head: Head,
}

impl Operation for Retain {
    const NAME: &'static str = "retain";
    const SUMMARY: &'static str =
        "Cuts old events away; the log goes on from the state at the cut, for which a checkpoint vouches.";
    const ROLE: Role = Role::Admin;
    const MUTATES: bool = true;
    const PROGRESS: bool = true;
    type Input = RetainInput;
    type Output = RetainReport;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.retain_as(context, &Keep { events: input.keep_events.map(u64::from), ms: input.keep_ms })
    }
}
