//! Operations on what loaded models may hold.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Operation, Role};
use crate::control::CallContext;
use crate::error::Result;
use crate::noodle::Noodle;

/// Changes what loaded models of this process may hold together.
pub struct SetMemoryBudget;

/// Input of [`SetMemoryBudget`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMemoryBudgetInput {
    /// Bytes, 1 MiB or more, as a string; absent: no limit.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub bytes: Option<u64>,
}

/// Output of [`SetMemoryBudget`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemoryBudgetView {
    /// Bytes that models may hold, as a string; absent: no limit.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub limit_bytes: Option<u64>,
    /// Bytes that they hold, as a string. More than the limit as long as what is resident, or runs, does not fit.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub used_bytes: u64,
}

impl Operation for SetMemoryBudget {
    const NAME: &'static str = "set_memory_budget";
    const SUMMARY: &'static str =
        "Changes what loaded models of this process may hold together; what is on demand and idle makes room.";
    const ROLE: Role = Role::Operator;
    // Nothing that is kept changes.
    const MUTATES: bool = false;
    type Input = SetMemoryBudgetInput;
    type Output = MemoryBudgetView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.optimizer().set_memory_budget(context, input)
    }
}
