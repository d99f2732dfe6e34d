//! The operations that measure a version: latency against throughput, and what its nodes cost.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Operation, Role};
use crate::artifact::Digest;
use crate::control::CallContext;
use crate::engine::profile::NodeProfile;
use crate::error::Result;
use crate::noodle::Noodle;

/// Measures a version over engines, threads and batches.
pub struct Benchmark;

/// Input of [`Benchmark`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BenchmarkInput {
    /// The model.
    pub model: String,
    /// A version, an alias, or `latest`.
    #[serde(default = "latest")]
    pub version: String,
    /// Where the model is to run; absent: the default target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Engines, each once, at most 8; absent: those that a deploy would choose among.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub engines: Vec<String>,
    /// Threads of one request, 1 to 256, each number once, at most 16 numbers; absent: 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<u32>,
    /// Rows of one request, 1 to 4096, each number once, at most 16 numbers; absent: 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub batches: Vec<u32>,
    /// Sizes of inputs where inputs are generated: input name to sizes; the first one gives way to the batch.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shapes: BTreeMap<String, Vec<u32>>,
    /// Seconds to measure each case, 0.01 to 60; all cases together at most an hour. Absent: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds_per_case: Option<f64>,
}

impl BenchmarkInput {
    /// The latest version of a model, with defaults.
    pub fn new(model: impl Into<String>) -> Self {
        BenchmarkInput {
            model: model.into(),
            version: latest(),
            target: None,
            engines: Vec::new(),
            threads: Vec::new(),
            batches: Vec::new(),
            shapes: BTreeMap::new(),
            seconds_per_case: None,
        }
    }
}

fn latest() -> String {
    "latest".to_owned()
}

/// The machine that measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MachineFacts {
    /// Architecture, as in `x86_64`.
    pub architecture: String,
    /// Operating system, as in `linux`.
    pub system: String,
    /// Name of the processor, where it can be told.
    pub processor: String,
    /// Threads that run at once.
    pub hardware_threads: u32,
}

/// One case of a benchmark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BenchmarkCase {
    /// Engine.
    pub engine: String,
    /// Threads of one request.
    pub threads: u32,
    /// Rows of one request.
    pub batch: u32,
}

/// What the runs of a case gave.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BenchmarkFigures {
    /// Requests that were timed, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub requests: u64,
    /// Mean latency of one request in microseconds.
    pub latency_mean_us: f64,
    /// Median latency; this and the others are off by at most 3.2 %.
    pub latency_p50_us: f64,
    /// Latency that 95 % of the requests stay below.
    pub latency_p95_us: f64,
    /// Latency that 99 % of the requests stay below.
    pub latency_p99_us: f64,
    /// Rows in a second, one request after another: the median of the rounds.
    pub rows_per_second: f64,
}

/// A case and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BenchmarkRow {
    /// Engine.
    pub engine: String,
    /// Threads of one request.
    pub threads: u32,
    /// Rows of one request.
    pub batch: u32,
    /// Figures; absent where it did not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<BenchmarkFigures>,
    /// Whether its answers are near enough to those of the reference; absent for the reference itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agrees: Option<bool>,
    /// Largest absolute difference from the reference, where they agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_abs: Option<f64>,
    /// Bytes that the loaded model holds with its plans, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub memory_bytes: u64,
    /// Why it did not run, or how it disagrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Output of [`Benchmark`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BenchmarkReport {
    /// The model.
    pub model: String,
    /// The version.
    pub version: String,
    /// Digest of its file.
    pub digest: Digest,
    /// The machine that measured.
    pub machine: MachineFacts,
    /// Where inputs come from: `probes` of the version, or `generated`.
    pub inputs: String,
    /// What answers are compared with: `probes`, or the first case of each batch that ran.
    pub reference: String,
    /// Every case: engines, then threads, then batches, in the order of the request.
    pub rows: Vec<BenchmarkRow>,
    /// The case with the least median latency, among those with right answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best_latency: Option<BenchmarkCase>,
    /// The case with the most rows in a second, among those with right answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best_throughput: Option<BenchmarkCase>,
}

impl Operation for Benchmark {
    const NAME: &'static str = "benchmark";
    const SUMMARY: &'static str = "Measures a version: latency against throughput over engines, threads and batches.";
    const ROLE: Role = Role::Operator;
    const MUTATES: bool = false;
    const PROGRESS: bool = true;
    type Input = BenchmarkInput;
    type Output = BenchmarkReport;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.benchmark_as(&input, &context.progress)
    }
}

/// Measures what the nodes of a version cost.
pub struct Profile;

/// Input of [`Profile`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileInput {
    /// The model.
    pub model: String,
    /// A version, an alias, or `latest`.
    #[serde(default = "latest")]
    pub version: String,
    /// Where the model is to run; absent: the default target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Engine; absent: the default, else the reference engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// Threads that a run may use, 1 to 256.
    #[serde(default = "one")]
    pub threads: u32,
    /// Rows of a run, 1 to 4096.
    #[serde(default = "one")]
    pub batch: u32,
    /// Sizes of inputs where inputs are generated: input name to sizes; the first one gives way to the batch.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shapes: BTreeMap<String, Vec<u32>>,
    /// Runs to add up, 1 to 1000; fewer where they take more than 30 seconds together.
    #[serde(default = "twenty")]
    pub runs: u32,
}

impl ProfileInput {
    /// The latest version of a model, with defaults.
    pub fn new(model: impl Into<String>) -> Self {
        ProfileInput {
            model: model.into(),
            version: latest(),
            target: None,
            engine: None,
            threads: one(),
            batch: one(),
            shapes: BTreeMap::new(),
            runs: twenty(),
        }
    }
}

fn one() -> u32 {
    1
}

fn twenty() -> u32 {
    20
}

/// Output of [`Profile`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProfileReport {
    /// The model.
    pub model: String,
    /// The version.
    pub version: String,
    /// Digest of its file.
    pub digest: Digest,
    /// Engine and version, as in `tract 0.23.9`.
    pub engine: String,
    /// The machine that measured.
    pub machine: MachineFacts,
    /// Where inputs come from: `probes` of the version, or `generated`.
    pub inputs: String,
    /// Runs that were added up.
    pub runs: u32,
    /// Mean time of a run from inputs to outputs in microseconds.
    pub run_us: f64,
    /// Of that, within nodes.
    pub attributed_us: f64,
    /// Of that, outside of nodes: inputs and outputs, the walk over the plan, the clock itself.
    pub unattributed_us: f64,
    /// Largest number of bytes that outputs of nodes hold at once, as a string: an upper bound, since a node may write
    /// over what it reads.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub peak_intermediate_bytes: u64,
    /// Bytes that the loaded model holds, as a string: weights, plans, packed constants.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub memory_bytes: u64,
    /// Nodes of the engine's plan, the most expensive first.
    pub nodes: Vec<NodeProfile>,
    /// Nodes that are left out, those that cost least.
    pub left_out: u32,
}

impl Operation for Profile {
    const NAME: &'static str = "profile";
    const SUMMARY: &'static str = "Measures a version node by node: time, calls, bytes and shapes.";
    const ROLE: Role = Role::Operator;
    const MUTATES: bool = false;
    const PROGRESS: bool = true;
    type Input = ProfileInput;
    type Output = ProfileReport;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.profile_as(&input, &context.progress)
    }
}
