//! Operations on the hash chain.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::versions::Nothing;
use super::{Operation, Role};
use crate::control::CallContext;
use crate::error::Result;
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
    /// A head that was kept; the log must still contain it.
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
    /// Events checked, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub events: u64,
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
    type Input = AuditVerifyInput;
    type Output = AuditReport;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.verify(input.since.as_ref(), input.artifacts)
    }
}
