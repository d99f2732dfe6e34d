//! The operation that says what a version is worth.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Operation, Role};
use crate::artifact::Digest;
use crate::control::CallContext;
use crate::error::Result;
use crate::machine::evaluation::Bound;
use crate::model::probe::Tolerance;
use crate::noodle::Noodle;

/// Runs a version over a data set and computes metrics.
pub struct Evaluate;

/// A gate: a name, and what metrics must reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Name, as a deployment requires it.
    pub name: String,
    /// What must hold, 1 to 64; a metric that is bounded is computed.
    pub bounds: Vec<Bound>,
}

/// Input of [`Evaluate`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluateInput {
    /// The model; absent: that of `deployment`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// A version, an alias, or `latest`; absent: the one that serves in `deployment`, else `latest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// A deployment whose version, engine and threads are to be evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment: Option<String>,
    /// Path of the data set: an `.npz` file, a directory of `.npy` files, or a JSON file of probes.
    pub data: String,
    /// Names of metrics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<String>,
    /// The output that is judged; absent: the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The array of what is expected; absent: the one named like the output, else `labels`, else `expected`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Turn scores into probabilities first: softmax over classes, the logistic function of a single score.
    #[serde(default)]
    pub softmax: bool,
    /// Classes that count for `top_k_accuracy`, 1 or more.
    #[serde(default = "five")]
    pub top_k: u32,
    /// For `within_tolerance`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Tolerance>,
    /// The gate that this is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    /// Engine; absent: as a deploy would choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// Threads that one run may use, 1 to 256; absent: those of the deployment, else 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<u32>,
    /// Rows of one run, 1 to 4096, where the model takes any number; absent: 32.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<u32>,
}

impl EvaluateInput {
    /// The latest version of a model over a data set, with defaults.
    pub fn new(model: impl Into<String>, data: impl Into<String>) -> Self {
        EvaluateInput {
            model: Some(model.into()),
            version: None,
            deployment: None,
            data: data.into(),
            metrics: Vec::new(),
            output: None,
            target: None,
            softmax: false,
            top_k: five(),
            tolerance: None,
            gate: None,
            engine: None,
            threads: None,
            batch: None,
        }
    }
}

fn five() -> u32 {
    5
}

/// Answers to the rows of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConfusionRow {
    /// The right class: its label, else its number.
    pub label: String,
    /// Rows by the class that was answered, in the order of the rows of this table.
    pub answered: Vec<u32>,
}

/// Output of [`Evaluate`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EvaluationReport {
    /// The model.
    pub model: String,
    /// The version.
    pub version: String,
    /// Digest of its file.
    pub digest: Digest,
    /// Digest of the data set.
    pub data: Digest,
    /// Rows, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub rows: u64,
    /// Engine and version that gave the answers.
    pub engine: String,
    /// The output that was judged.
    pub output: String,
    /// The array that it was compared with.
    pub target: String,
    /// Metrics by name.
    pub metrics: BTreeMap<String, f64>,
    /// Metrics that have no value for this data, and why.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub undefined: BTreeMap<String, String>,
    /// Rows by right and by answered class, where that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confusion: Vec<ConfusionRow>,
    /// The gate, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// Whether every bound of the gate holds; true without a gate.
    pub passed: bool,
    /// Bounds that do not hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<Bound>,
}

impl Operation for Evaluate {
    const NAME: &'static str = "evaluate";
    const SUMMARY: &'static str =
        "Runs a version over a data set, computes metrics, and records whether it passes a gate.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    const PROGRESS: bool = true;
    type Input = EvaluateInput;
    type Output = EvaluationReport;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.evaluate_as(context, &input)
    }
}
