//! Operations on the directory as a whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Nothing, Operation, Role};
use crate::control::CallContext;
use crate::error::Result;
use crate::noodle::Noodle;
use crate::store::Head;

/// Copies the directory while it serves.
pub struct Backup;

/// Input of [`Backup`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackupInput {
    /// Directory to make, with those above it; it must not exist, nor lie in the one that is copied.
    pub to: String,
}

/// Output of [`Backup`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BackupReport {
    /// Head of the copied log.
    pub head: Head,
    /// Artifacts copied.
    pub artifacts: u32,
}

impl Operation for Backup {
    const NAME: &'static str = "backup";
    const SUMMARY: &'static str = "Writes a complete, verified copy of the directory while it goes on serving.";
    const ROLE: Role = Role::Admin;
    const MUTATES: bool = false;
    const PROGRESS: bool = true;
    type Input = BackupInput;
    type Output = BackupReport;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.backup_as(input.to.as_ref(), &context.progress)
    }
}

/// Removes artifacts that nothing refers to.
pub struct CollectGarbage;

/// Output of [`CollectGarbage`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GarbageReport {
    /// Artifacts removed.
    pub removed: u32,
    /// Bytes freed, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub bytes: u64,
    /// Artifacts kept.
    pub kept: u32,
}

impl Operation for CollectGarbage {
    const NAME: &'static str = "collect_garbage";
    const SUMMARY: &'static str = "Removes artifacts that no version refers to.";
    const ROLE: Role = Role::Admin;
    const MUTATES: bool = true;
    const PROGRESS: bool = true;
    type Input = Nothing;
    type Output = GarbageReport;

    fn run(noodle: &Noodle, context: &CallContext, _: Self::Input) -> Result<Self::Output> {
        noodle.collect_garbage_as(&context.progress)
    }
}
