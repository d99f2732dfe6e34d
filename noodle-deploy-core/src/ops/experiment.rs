//! Operations on experiments: versions that are compared on live traffic.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::deployments::DeploymentRef;
use super::{Operation, Role};
use crate::control::CallContext;
use crate::error::Result;
use crate::machine::experiment::history::IntervalAt;
use crate::machine::experiment::{ArmConfig, Experiment, ExperimentReport, JudgementConfig, MetricConfig};
use crate::noodle::Noodle;

/// Asks for an experiment.
pub struct CreateExperiment;

/// Input of [`CreateExperiment`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateExperimentInput {
    /// The deployment.
    pub deployment: String,
    /// Name of the experiment.
    pub name: String,
    /// The versions that are compared, 2 to 10; the first one is the control, and has to be the one that serves.
    pub arms: Vec<ArmConfig>,
    /// What is compared, 1 to 16; at least one is primary.
    pub metrics: Vec<MetricConfig>,
    /// Share of the callers that take no part and get what serves, in basis points.
    #[serde(default)]
    pub holdout: u32,
    /// How it is judged; absent: with the defaults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judgement: Option<JudgementConfig>,
    /// Attributes of requests whose values are looked at by themselves too, up to 4. It decides nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<String>,
}

/// Output of the operations on experiments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExperimentView {
    /// The deployment.
    pub deployment: String,
    /// The last experiment; absent: there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<Experiment>,
    /// What it shows: now, while it is open; when it ended, once it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ExperimentReport>,
    /// The report as a person reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How the intervals of its primary metrics narrowed, oldest first, at up to 64 moments; in the process that decides, as
    /// long as it is open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<IntervalAt>,
}

impl Operation for CreateExperiment {
    const NAME: &'static str = "create_experiment";
    const SUMMARY: &'static str =
        "Asks for a comparison of versions on a deployment's traffic, which does not begin yet.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    type Input = CreateExperimentInput;
    type Output = ExperimentView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.ab_test().create(context, input)
    }
}

/// Shows an experiment.
pub struct GetExperiment;

impl Operation for GetExperiment {
    const NAME: &'static str = "get_experiment";
    const SUMMARY: &'static str = "Shows the last experiment of a deployment, and what it shows.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = DeploymentRef;
    type Output = ExperimentView;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.ab_test().experiment(&input.deployment)
    }
}

/// Names a deployment whose experiment is to change, and says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExperimentInput {
    /// The deployment.
    pub deployment: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Begins an experiment, or lets it go on.
pub struct StartExperiment;

impl Operation for StartExperiment {
    const NAME: &'static str = "start_experiment";
    const SUMMARY: &'static str = "Divides a deployment's traffic between the arms of its experiment.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    const PROGRESS: bool = true;
    type Input = ExperimentInput;
    type Output = ExperimentView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.ab_test().start(context, input)
    }
}

/// Stops the traffic of an experiment.
pub struct PauseExperiment;

impl Operation for PauseExperiment {
    const NAME: &'static str = "pause_experiment";
    const SUMMARY: &'static str = "Moves all traffic back to what serves, until the experiment is started again.";
    const ROLE: Role = Role::Operator;
    const MUTATES: bool = true;
    type Input = ExperimentInput;
    type Output = ExperimentView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.ab_test().pause(context, input)
    }
}

/// Ends an experiment.
pub struct StopExperiment;

impl Operation for StopExperiment {
    const NAME: &'static str = "stop_experiment";
    const SUMMARY: &'static str = "Ends an experiment: all traffic goes to what serves, and what was found stays.";
    const ROLE: Role = Role::Operator;
    const MUTATES: bool = true;
    type Input = ExperimentInput;
    type Output = ExperimentView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.ab_test().stop(context, input)
    }
}

/// Moves all traffic to an arm.
pub struct DeclareWinner;

/// Input of [`DeclareWinner`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclareWinnerInput {
    /// The deployment.
    pub deployment: String,
    /// Name of the arm; absent: the one that the report shows to be the best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arm: Option<String>,
    /// How sure the report has to be, 0.5 to 0.9999; absent: one less the experiment's level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// Whether the arm wins whatever the report shows.
    #[serde(default)]
    pub force: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Operation for DeclareWinner {
    const NAME: &'static str = "declare_winner";
    const SUMMARY: &'static str = "Ends an experiment and moves all traffic to an arm that is shown to be better.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    const PROGRESS: bool = true;
    type Input = DeclareWinnerInput;
    type Output = ExperimentView;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.ab_test().declare_winner(context, input)
    }
}

/// Takes in what came of requests.
pub struct RecordOutcomes;

/// What came of something. Exactly one of `key`, `revision` and `request_id` says of what.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Name of the outcome, as metrics say it.
    pub name: String,
    /// How much.
    pub value: f64,
    /// The caller's sticky key: it says which arm it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Revision that answered, of a caller without a key. Two arms of one revision cannot be told apart by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// Name that the request had: what is remembered of it says which arm it was, and whose caller's. Only in the process that
    /// answered, and as long as it remembers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What is known of it, as its request said it or from elsewhere: where the experiment has segments, it counts in those
    /// too, with values of up to 256 bytes each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

/// Input of [`RecordOutcomes`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordOutcomesInput {
    /// The deployment.
    pub deployment: String,
    /// What came of its requests, at most 10000; all of them are taken, or none.
    pub outcomes: Vec<Outcome>,
}

/// Output of [`RecordOutcomes`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordedOutcomes {
    /// Outcomes that an arm got.
    pub recorded: u32,
    /// Outcomes of callers who take no part.
    pub held_out: u32,
    /// Outcomes that came when the experiment was over, or of requests that were part of an earlier one, and are not taken.
    pub late: u32,
    /// Outcomes of requests that are not remembered, or not any more, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub unknown: u64,
}

impl Operation for RecordOutcomes {
    const NAME: &'static str = "record_outcomes";
    const SUMMARY: &'static str = "Takes in what came of requests, for the experiment that is open. \
        What is recorded before the start allows for how callers differ already.";
    const ROLE: Role = Role::Operator;
    const MUTATES: bool = true;
    type Input = RecordOutcomesInput;
    type Output = RecordedOutcomes;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.ab_test().record(input)
    }
}

/// Says how long an experiment takes.
pub struct PlanExperiment;

/// What an experiment is planned by: a proportion, or a mean with its deviation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanExperimentInput {
    /// The metric on the control: a proportion between 0 and 1, or a mean.
    pub baseline: f64,
    /// Standard deviation of the values of a mean; absent: it is a proportion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviation: Option<f64>,
    /// Difference that is to be found, in units of the metric; absent: `values` is given, and the difference is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<f64>,
    /// Values that each arm gets, as a string; absent: it is asked for.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub values: Option<u64>,
    /// Probability of finding a difference where there is none, two-sided. Default 0.05.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<f64>,
    /// Probability of finding the difference where it is there. Default 0.8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<f64>,
}

/// Output of [`PlanExperiment`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExperimentPlan {
    /// Values that each arm needs, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub values: u64,
    /// Difference that is found with the power.
    pub difference: f64,
    /// Probability of finding it.
    pub power: f64,
    /// Probability of finding a difference where there is none.
    pub level: f64,
}

impl Operation for PlanExperiment {
    const NAME: &'static str = "plan_experiment";
    const SUMMARY: &'static str = "Says how many values each arm needs for a difference, or which difference is found.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = PlanExperimentInput;
    type Output = ExperimentPlan;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.ab_test().plan(&input)
    }
}
