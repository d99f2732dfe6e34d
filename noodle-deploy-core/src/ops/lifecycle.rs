//! Operations on what happened.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Operation, Role};
use crate::control::CallContext;
use crate::error::Result;
use crate::event::EventRecord;
use crate::noodle::Noodle;
use crate::store::Head;

/// Reads the history.
pub struct History;

/// Input of [`History`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryInput {
    /// Only this deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment: Option<String>,
    /// Only this model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Only events after this sequence, as a string.
    #[serde(default, with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub after: u64,
    /// At most so many events, 1 to 1000; absent: 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Output of [`History`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryOutput {
    /// Oldest first.
    pub events: Vec<EventRecord>,
    /// Whether there are more: ask again after the last sequence.
    pub more: bool,
    /// Head of what `retain` cut away, where that reaches beyond `after`: events that were asked for are gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<Head>,
}

impl Operation for History {
    const NAME: &'static str = "history";
    const SUMMARY: &'static str = "Reads what happened, with actor, time and cause, oldest first.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = HistoryInput;
    type Output = HistoryOutput;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.lifecycle().history(&input)
    }
}
