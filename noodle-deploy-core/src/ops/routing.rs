//! Operations that explain where requests go.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Operation, Role};
use crate::control::CallContext;
use crate::error::Result;
use crate::noodle::Noodle;

/// Says which arm a caller's key gets.
pub struct ExplainRoute;

/// Input of [`ExplainRoute`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainRouteInput {
    /// The deployment.
    pub deployment: String,
    /// The caller's sticky key.
    pub key: String,
}

/// Output of [`ExplainRoute`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Arm {
    /// The deployment.
    pub deployment: String,
    /// The revision that the key's requests go to.
    pub revision: u32,
    /// Its version.
    pub version: String,
    /// Share of the keys that go there, in basis points.
    pub weight: u32,
    /// Why, in a sentence.
    pub reason: String,
}

impl Operation for ExplainRoute {
    const NAME: &'static str = "explain_route";
    const SUMMARY: &'static str = "Says which revision the requests of a caller's key go to, and why.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = ExplainRouteInput;
    type Output = Arm;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.ab_test().arm(&input.deployment, &input.key)
    }
}
