//! Operations that say where requests go, and that explain where they went.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Operation, Role};
use crate::clock::Millis;
use crate::control::CallContext;
use crate::error::Result;
use crate::machine::rules::RouteRule;
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
    /// What the request says of itself: name to value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// When, in milliseconds since 1970, as a string: who answered then is computed again from the log. Absent: now.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub at: Option<Millis>,
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
    const SUMMARY: &'static str =
        "Says which revision the requests of a caller's key go to, or went to at some time, and why.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = ExplainRouteInput;
    type Output = Arm;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.ab_test().arm(&input)
    }
}

/// Says where requests go by what they say of themselves.
pub struct SetRules;

/// Input of [`SetRules`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRulesInput {
    /// The deployment.
    pub deployment: String,
    /// At most 32; the first one that is about a request counts. They take the place of those before, so none takes them away.
    pub rules: Vec<RouteRule>,
}

/// Output of [`SetRules`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RulesView {
    /// The deployment.
    pub deployment: String,
    /// Its rules, in the order in which they count.
    pub rules: Vec<RouteRule>,
}

impl Operation for SetRules {
    const NAME: &'static str = "set_rules";
    const SUMMARY: &'static str =
        "Sends requests that say certain things of themselves to a revision, whatever is tried with the others.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    const PROGRESS: bool = true;
    type Input = SetRulesInput;
    type Output = RulesView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.ab_test().set_rules(context, input)
    }
}

/// Says what became of a request.
pub struct ExplainRequest;

/// Input of [`ExplainRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainRequestInput {
    /// The deployment.
    pub deployment: String,
    /// Name that the request had.
    pub request_id: String,
}

/// Output of [`ExplainRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RequestView {
    /// The deployment.
    pub deployment: String,
    /// Name that the request had.
    pub request_id: String,
    /// When it ended, in milliseconds since 1970, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub at: Millis,
    /// The revision that it went to.
    pub revision: u32,
    /// Its version.
    pub version: String,
    /// Name of the error, where it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The class that came first, of one row with classes that have names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl Operation for ExplainRequest {
    const NAME: &'static str = "explain_request";
    const SUMMARY: &'static str =
        "Says which revision a request of this process went to, and what came of it, as long as that is remembered.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = ExplainRequestInput;
    type Output = RequestView;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.ab_test().request(&input)
    }
}

/// Takes in what would have been right.
pub struct RecordLabels;

/// The right class of one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Name that the request had.
    pub request_id: String,
    /// Name of the class.
    pub label: String,
}

/// Input of [`RecordLabels`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordLabelsInput {
    /// The deployment.
    pub deployment: String,
    /// Labels of its requests, at most 10000.
    pub labels: Vec<Label>,
}

/// Output of [`RecordLabels`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordedLabels {
    /// Requests of this process that are remembered and had an answer with classes.
    pub known: u32,
    /// Those of them whose first class was the right one.
    pub right: u32,
    /// Labels that a rollout or an experiment took, as the outcome `accuracy`: 1 where the class was right, else 0.
    pub recorded: u32,
    /// Labels of requests that are not remembered, or had no such answer, or their label already.
    pub unknown: u32,
}

impl Operation for RecordLabels {
    const NAME: &'static str = "record_labels";
    const SUMMARY: &'static str = "Takes in which classes would have been right, by the names of requests. \
        A rollout or an experiment with a metric accuracy is judged by it.";
    const ROLE: Role = Role::Operator;
    const MUTATES: bool = true;
    type Input = RecordLabelsInput;
    type Output = RecordedLabels;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.ab_test().record_labels(&input)
    }
}
