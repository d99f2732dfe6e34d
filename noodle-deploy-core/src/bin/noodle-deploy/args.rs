//! The command line.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Parser, Subcommand};
use noodle_deploy_core::BatchConfig;
use noodle_deploy_core::DType;
use noodle_deploy_core::machine::autoscale::{AutoscaleConfig, LatencyObjective, VerticalConfig};
use noodle_deploy_core::machine::cache::CacheConfig;
use noodle_deploy_core::machine::residency::Loading;
use noodle_deploy_core::machine::rollout::{CanaryConfig, RollingConfig};
use noodle_deploy_core::machine::session::StateConfig;
use noodle_deploy_core::machine::stream::StreamConfig;
use noodle_deploy_core::machine::tuning::Aim;
use noodle_deploy_core::model::kind::ModelKind;
use noodle_deploy_core::settings::Strategy;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::exit;

/// Deploys, versions, routes and rolls back models in a directory, without a server.
#[derive(Debug, Parser)]
#[command(name = "noodle-deploy", version, after_help = exit::HELP, max_term_width = 100)]
pub(crate) struct Args {
    /// Directory of the deployments
    #[arg(long, global = true, env = "NOODLE_DIR", default_value = ".noodle", value_name = "DIR")]
    pub(crate) dir: PathBuf,

    /// Print answers and errors as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List deployments, models, versions and aliases
    Ls,
    /// Register a model file as a version
    Register(Register),
    /// Load, verify and serve a version under a name
    Deploy(Box<Deploy>),
    /// Ask a deployment
    Predict(Predict),
    /// Move all traffic to a version that is up beside the serving one
    Promote {
        /// Deployment
        name: String,
        /// A version or an alias; default: the candidate that is ready
        #[arg(long)]
        version: Option<String>,
    },
    /// Move all traffic back to an earlier version, at once
    Rollback {
        /// Deployment
        name: String,
        /// A version that served before; default: the last one
        #[arg(long)]
        version: Option<String>,
        /// Why, for the history
        #[arg(long)]
        reason: Option<String>,
    },
    /// Change the number of replicas
    Scale {
        /// Deployment
        name: String,
        /// Replicas in each process
        replicas: u32,
    },
    /// Show how the number of replicas follows demand, or change that
    Autoscale(Autoscale),
    /// Show how far traffic has moved to a new revision, or move it
    Rollout(Rollout),
    /// Show an experiment on a deployment's traffic, or ask for one, begin it and end it
    Experiment(Experiment),
    /// Stop a deployment after its running requests have ended
    Undeploy {
        /// Deployment
        name: String,
        /// Do not wait for running requests
        #[arg(long)]
        force: bool,
    },
    /// Run a version over a data set, compute metrics, and record whether it passes a gate
    Evaluate(Evaluate),
    /// Measure a version over engines, threads and batches
    Benchmark(Benchmark),
    /// Measure a version node by node
    Profile(Profile),
    /// Compare two versions of a model: signature, size, metrics, verdict
    Compare {
        /// Model
        model: String,
        /// The version to compare with: a version, an alias or latest
        base: String,
        /// The version to judge
        candidate: String,
    },
    /// Set, move or remove an alias
    #[command(subcommand)]
    Alias(Alias),
    /// Show what happened, oldest first
    History {
        /// Only this deployment
        #[arg(long, conflicts_with = "model")]
        deployment: Option<String>,
        /// Only this model
        #[arg(long)]
        model: Option<String>,
        /// Only events after this sequence
        #[arg(long, default_value_t = 0)]
        after: u64,
        /// At most so many events, 1 to 1000
        #[arg(long)]
        limit: Option<u32>,
    },
    /// Load what should run and show whether it answers
    Health {
        /// Only this deployment
        name: Option<String>,
    },
    /// Show requests, errors and latencies of all processes
    Metrics {
        /// Only this deployment
        name: Option<String>,
    },
    /// Show what this machine has and uses, and what loaded models hold
    Resources,
    /// Check the log, the state and, on request, every artifact
    Verify {
        /// A head that was kept, which the log must still contain
        #[arg(long, value_name = "SEQ:HASH", value_parser = parse_head)]
        since: Option<(u64, String)>,
        /// Read every artifact and check its digest
        #[arg(long)]
        artifacts: bool,
    },
    /// Show the head of the log: keep it, and `verify --since` finds any later edit
    Head,
    /// Cut old events away; the log goes on from the state at the cut
    #[command(group = clap::ArgGroup::new("keep").required(true).multiple(true))]
    Retain {
        /// Keep the last so many events, the new checkpoint among them
        #[arg(long, value_name = "N", group = "keep")]
        keep_events: Option<u32>,
        /// Keep events of so many last days
        #[arg(long, value_name = "DAYS", group = "keep")]
        keep_days: Option<u32>,
    },
    /// Remove artifacts that no version refers to
    Gc,
    /// Write a complete, verified copy of the directory while it serves
    Backup {
        /// Directory to make
        to: PathBuf,
    },
    /// Make the directory from a backup
    Restore {
        /// The backup
        from: PathBuf,
    },
    /// Call any operation of the table
    Op {
        /// Name of the operation
        name: String,
        /// Its input as JSON, or - to read it from the standard input
        #[arg(default_value = "{}")]
        input: String,
    },
    /// Print the operations with their schemas, and the kinds of errors, as JSON
    #[command(hide = true)]
    Schema,
}

/// What can be said of a version when it is registered.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct About {
    /// Semantic version; default: the next major one
    #[arg(long)]
    pub(crate) version: Option<String>,
    /// Type of the model, as in code_analysis
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) model_type: Option<ModelKind>,
    /// Names of the classes; default: those in the file's metadata
    #[arg(long, value_delimiter = ',')]
    pub(crate) labels: Option<Vec<String>>,
    /// JSON file with probe inputs and expected outputs, which every deploy is checked against
    #[arg(long, value_name = "FILE")]
    pub(crate) probes: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Register {
    /// Model
    pub(crate) model: String,
    /// Model file
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) about: About,
    /// Free text
    #[arg(long, default_value = "")]
    pub(crate) description: String,
    /// Free name and value; repeatable
    #[arg(long = "tag", value_name = "NAME=VALUE", value_parser = pair::<String>)]
    pub(crate) tags: Vec<(String, String)>,
    /// Measured figure; repeatable
    #[arg(long = "metric", value_name = "NAME=NUMBER", value_parser = pair::<f64>)]
    pub(crate) metrics: Vec<(String, f64)>,
    /// Version that this one was made from
    #[arg(long)]
    pub(crate) parent: Option<String>,
    /// Identifies the training run
    #[arg(long)]
    pub(crate) training_run: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Deploy {
    /// Model file (.onnx) or JSON model file; registered first, unless the model has the very same file already
    pub(crate) path: Option<PathBuf>,
    /// Model; default: what the JSON model file says, else the deployment's name
    #[arg(long)]
    pub(crate) model: Option<String>,
    #[command(flatten)]
    pub(crate) about: About,
    /// Deployment; default: the model's name, for a path the file's
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// How traffic moves: immediate, blue_green, canary, shadow or replay
    #[arg(long)]
    pub(crate) strategy: Option<Strategy>,
    /// Replicas in each process
    #[arg(long)]
    pub(crate) replicas: Option<u32>,
    /// Threads that one request may use
    #[arg(long)]
    pub(crate) threads: Option<u32>,
    /// Input shapes to prepare before traffic, as in x=1,3,224,224 (several inputs: a=1,2;b=1); repeatable
    #[arg(long = "shape", value_name = "NAME=SIZES", value_parser = parse_shapes)]
    pub(crate) shapes: Vec<BTreeMap<String, Vec<u32>>>,
    /// Where replicas live
    #[arg(long)]
    pub(crate) target: Option<String>,
    /// Engine
    #[arg(long)]
    pub(crate) engine: Option<String>,
    /// Batches requests that wait, as in {} or {"max_batch_size": 16}; fields as in the guide of batching
    #[arg(long, value_name = "JSON", value_parser = parse_batching)]
    pub(crate) batching: Option<BatchConfig>,
    /// Keeps answers, as in {} or {"levels":["memory","store"],"policy":"lfu","ttl_ms":"60000"}
    #[arg(long, value_name = "JSON", value_parser = parse_json::<CacheConfig>)]
    pub(crate) cache: Option<CacheConfig>,
    /// What sessions carry, as in {"carried":[{"output":"h_next","input":"h","shape":[1,64]}]}
    #[arg(long, value_name = "JSON", value_parser = parse_json::<StateConfig>)]
    pub(crate) state: Option<StateConfig>,
    /// How one request gives many answers, as in {"type":"windows","input":"x","axis":1,"length":512,"hop":512}
    #[arg(long, value_name = "JSON", value_parser = parse_json::<StreamConfig>)]
    pub(crate) stream: Option<StreamConfig>,
    /// How traffic moves to it step by step, as in {"steps":[{"weight":500},{"weight":5000,"gate":true}]}
    #[arg(long, value_name = "JSON", value_parser = parse_json::<CanaryConfig>)]
    pub(crate) canary: Option<CanaryConfig>,
    /// How replicas are replaced by its own, as in {} or {"max_surge":1,"max_unavailable":1}
    #[arg(long, value_name = "JSON", value_parser = parse_json::<RollingConfig>)]
    pub(crate) rolling: Option<RollingConfig>,
    /// Gate that a version must have passed here, by `evaluate`; repeatable
    #[arg(long = "require", value_name = "GATE")]
    pub(crate) required_gates: Vec<String>,
    /// When it is loaded: resident, or on_demand by the first request
    #[arg(long)]
    pub(crate) loading: Option<Loading>,
    /// Milliseconds without a request after which an on_demand deployment is unloaded
    #[arg(long, value_name = "MS")]
    pub(crate) unload_after: Option<u64>,
    /// Measures threads, replicas and rows of a batch on this machine: for throughput, or for latency
    #[arg(long, value_name = "AIM")]
    pub(crate) tune: Option<Aim>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Evaluate {
    /// Model, or, with --deployment, a deployment
    pub(crate) name: String,
    /// Data set: an .npz file, a directory of .npy files, or a JSON file of probes
    pub(crate) data: PathBuf,
    /// NAME is a deployment: evaluate what serves there
    #[arg(long)]
    pub(crate) deployment: bool,
    /// A version, an alias or latest
    #[arg(long)]
    pub(crate) version: Option<String>,
    /// Metric, as in accuracy or mae; repeatable
    #[arg(long = "metric", value_name = "METRIC")]
    pub(crate) metrics: Vec<String>,
    /// Gate that this is for; what it asks for is in --at-least and --at-most
    #[arg(long)]
    pub(crate) gate: Option<String>,
    /// The gate needs this metric to be so much or more; repeatable
    #[arg(long, value_name = "METRIC=NUMBER", value_parser = pair::<f64>, requires = "gate")]
    pub(crate) at_least: Vec<(String, f64)>,
    /// The gate needs this metric to be so much or less; repeatable
    #[arg(long, value_name = "METRIC=NUMBER", value_parser = pair::<f64>, requires = "gate")]
    pub(crate) at_most: Vec<(String, f64)>,
    /// Output to judge; default: the first one
    #[arg(long)]
    pub(crate) output: Option<String>,
    /// Array of what is expected; default: the one named like the output, else labels, else expected
    #[arg(long)]
    pub(crate) target: Option<String>,
    /// Turn scores into probabilities first
    #[arg(long)]
    pub(crate) softmax: bool,
    /// Classes that count for top_k_accuracy
    #[arg(long, default_value_t = 5)]
    pub(crate) top_k: u32,
    /// Engine; default: as a deploy would choose
    #[arg(long)]
    pub(crate) engine: Option<String>,
    /// Threads that one run may use
    #[arg(long)]
    pub(crate) threads: Option<u32>,
    /// Rows of one run
    #[arg(long)]
    pub(crate) batch: Option<u32>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Benchmark {
    /// Model
    pub(crate) model: String,
    /// A version, an alias or latest
    #[arg(long, default_value = "latest")]
    pub(crate) version: String,
    /// Engines; default: those that a deploy would choose among
    #[arg(long = "engine", value_name = "ENGINE,...", value_delimiter = ',')]
    pub(crate) engines: Vec<String>,
    /// Numbers of threads of one request
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_value = "1")]
    pub(crate) threads: Vec<u32>,
    /// Numbers of rows of one request
    #[arg(long = "batch", value_name = "N,...", value_delimiter = ',', default_value = "1")]
    pub(crate) batches: Vec<u32>,
    /// Input shapes to measure with, as in x=1,3,224,224 (several inputs: a=1,2;b=1)
    #[arg(long = "shape", value_name = "NAME=SIZES", value_parser = parse_shapes)]
    pub(crate) shapes: Option<BTreeMap<String, Vec<u32>>>,
    /// Seconds to measure each case
    #[arg(long, default_value_t = 1.0)]
    pub(crate) seconds: f64,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Profile {
    /// Model
    pub(crate) model: String,
    /// A version, an alias or latest
    #[arg(long, default_value = "latest")]
    pub(crate) version: String,
    /// Engine; default: the reference engine
    #[arg(long)]
    pub(crate) engine: Option<String>,
    /// Threads that one run may use
    #[arg(long, default_value_t = 1)]
    pub(crate) threads: u32,
    /// Rows of one run
    #[arg(long, default_value_t = 1)]
    pub(crate) batch: u32,
    /// Input shapes to measure with, as in x=1,3,224,224 (several inputs: a=1,2;b=1)
    #[arg(long = "shape", value_name = "NAME=SIZES", value_parser = parse_shapes)]
    pub(crate) shapes: Option<BTreeMap<String, Vec<u32>>>,
    /// Runs to add up
    #[arg(long, default_value_t = 20)]
    pub(crate) runs: u32,
    /// Nodes to print
    #[arg(long, default_value_t = 20)]
    pub(crate) top: u16,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Predict {
    /// Deployment
    pub(crate) name: String,
    /// JSON tensor {"dtype", "shape", "data"} from a file, or raw little-endian elements from @FILE; repeatable
    #[arg(long = "input", value_name = "NAME=[@]FILE", value_parser = pair::<String>)]
    pub(crate) inputs: Vec<(String, String)>,
    /// Element type of a raw input; default: the model's
    #[arg(long = "dtype", value_name = "[NAME=]TYPE", value_parser = optional_pair::<DType>)]
    pub(crate) dtypes: Vec<(Option<String>, DType)>,
    /// Shape of a raw input; default: the model's, one free axis following from the length
    #[arg(long = "shape", value_name = "[NAME=]SIZES", value_parser = optional_pair::<Sizes>)]
    pub(crate) shapes: Vec<(Option<String>, Sizes)>,
    /// The first LENGTH bytes of a file, each as one integer, as a row; shorter files are filled up with PAD
    #[arg(long = "bytes", value_name = "NAME=FILE[:LENGTH[:PAD]]", value_parser = pair::<String>)]
    pub(crate) bytes: Vec<(String, String)>,
    /// JSON object of tensors by input name, from a file or - for the standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) json_inputs: Option<String>,
    /// A loaded version or an alias instead of the serving one
    #[arg(long)]
    pub(crate) version: Option<String>,
    /// Milliseconds after which the answer is of no use
    #[arg(long)]
    pub(crate) timeout_ms: Option<u64>,
    /// Level of priority among requests that wait: 1 is the most urgent, 0 the deployment's default
    #[arg(long, default_value_t = 0, value_name = "LEVEL")]
    pub(crate) priority: u32,
    /// What the request is counted under: while a rollout goes on, all requests of one key go to one revision
    #[arg(long)]
    pub(crate) key: Option<String>,
    /// What the request says of itself, for the deployment's rules; repeatable
    #[arg(long = "attribute", value_name = "NAME=VALUE", value_parser = pair::<String>)]
    pub(crate) attributes: Vec<(String, String)>,
    /// Labels to print for each row
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) top: u16,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Alias {
    /// Set or move an alias
    Set {
        /// Model
        model: String,
        /// Alias, as in production
        alias: String,
        /// A version, another alias, or latest
        version: String,
    },
    /// Remove an alias
    Rm {
        /// Model
        model: String,
        /// Alias
        alias: String,
    },
}

/// Sizes of axes, as in `1,3,224,224`; nothing for a scalar.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sizes(pub(crate) Vec<usize>);

impl FromStr for Sizes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        numbers(text).map(Sizes)
    }
}

fn numbers<N: FromStr>(text: &str) -> Result<Vec<N>, String> {
    let parts = text.split(',').filter(|_| !text.is_empty());
    parts.map(|n| n.trim().parse().map_err(|_| format!("{n:?} is no size; sizes look like 1,3,224,224"))).collect()
}

fn split(text: &str) -> Result<(&str, &str), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name, value)),
        _ => Err(format!("{text:?} has no name; write NAME=VALUE")),
    }
}

fn value<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|e| format!("{e}"))
}

fn pair<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<(String, T), String> {
    let (name, text) = split(text)?;
    Ok((name.to_owned(), value(text)?))
}

fn optional_pair<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<(Option<String>, T), String> {
    match split(text) {
        Ok((name, text)) => Ok((Some(name.to_owned()), value(text)?)),
        Err(_) => Ok((None, value(text)?)),
    }
}

fn parse_shapes(text: &str) -> Result<BTreeMap<String, Vec<u32>>, String> {
    let one = |part: &str| split(part).and_then(|(name, sizes)| Ok((name.to_owned(), numbers(sizes)?)));
    text.split(';').map(one).collect()
}

fn parse_batching(text: &str) -> Result<BatchConfig, String> {
    serde_json::from_str(text).map_err(|error| format!("{error}; a JSON object such as {{\"max_batch_size\": 16}}"))
}

fn parse_json<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|e| e.to_string())
}

fn parse_head(text: &str) -> Result<(u64, String), String> {
    let form = || format!("{text:?} is no head; `head` prints one, as in 42:HASH");
    let (sequence, hash) = text.split_once(':').ok_or_else(form)?;
    Ok((sequence.parse().map_err(|_| form())?, hash.to_owned()))
}

/// An experiment, and what is to happen to it.
#[derive(Debug, clap::Args)]
pub(crate) struct Experiment {
    /// Deployment
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) act: Act,
    /// With --winner: whatever the report shows
    #[arg(long, requires = "winner")]
    pub(crate) force: bool,
    /// With --winner: how sure the report has to be
    #[arg(long, requires = "winner")]
    pub(crate) confidence: Option<f64>,
    /// Why, for the history
    #[arg(long)]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub(crate) struct Act {
    /// Ask for one: `name`, `arms`, `metrics`, `holdout` and `judgement` as a JSON object
    #[arg(long, value_name = "JSON", value_parser = parse_json::<Map<String, Value>>)]
    pub(crate) create: Option<Map<String, Value>>,
    /// Divide the traffic between its arms
    #[arg(long)]
    pub(crate) start: bool,
    /// Move all traffic to what serves, until it is started again
    #[arg(long)]
    pub(crate) pause: bool,
    /// End it
    #[arg(long)]
    pub(crate) stop: bool,
    /// End it and move all traffic to an arm
    #[arg(long, value_name = "ARM")]
    pub(crate) winner: Option<String>,
}

/// A rollout, and what is to happen to it.
#[derive(Debug, clap::Args)]
pub(crate) struct Rollout {
    /// Deployment
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) moved: Moved,
    /// Why, for the history
    #[arg(long)]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub(crate) struct Moved {
    /// Go on to the next step, or move all traffic after the last one
    #[arg(long)]
    pub(crate) advance: bool,
    /// Stop where it is
    #[arg(long)]
    pub(crate) pause: bool,
    /// Judge it again
    #[arg(long)]
    pub(crate) resume: bool,
    /// Move all traffic back
    #[arg(long)]
    pub(crate) abort: bool,
}

/// How the number of replicas follows demand.
#[derive(Debug, clap::Args)]
pub(crate) struct Autoscale {
    /// Deployment
    pub(crate) name: String,
    /// Replicas in each process at least
    #[arg(long)]
    pub(crate) min: Option<u32>,
    /// Replicas in each process at most
    #[arg(long)]
    pub(crate) max: Option<u32>,
    /// Latency that is promised, in milliseconds
    #[arg(long)]
    pub(crate) latency_ms: Option<f64>,
    /// Share of requests that it is promised for
    #[arg(long, default_value_t = 0.95, requires = "latency_ms")]
    pub(crate) quantile: f64,
    /// Threads of one request at most: they follow the latency too
    #[arg(long)]
    pub(crate) max_threads: Option<u32>,
    /// Rows of one batch at most: they follow the latency too
    #[arg(long)]
    pub(crate) max_batch: Option<u32>,
    /// Only recommend
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Switch it off
    #[arg(long, conflicts_with_all = ["min", "max", "latency_ms", "quantile", "max_threads", "max_batch", "dry_run"])]
    pub(crate) off: bool,
}

impl Autoscale {
    /// What is to be set; nothing where it is only to be shown.
    pub(crate) fn config(&self) -> Option<AutoscaleConfig> {
        let vertical = (self.max_threads.is_some() || self.max_batch.is_some()).then(|| VerticalConfig {
            max_threads: self.max_threads,
            max_batch_size: self.max_batch,
            ..VerticalConfig::default()
        });
        let bounds = [self.min, self.max].iter().any(Option::is_some);
        let says = bounds || self.latency_ms.is_some() || vertical.is_some() || self.dry_run;
        says.then(|| AutoscaleConfig {
            min_replicas: self.min,
            max_replicas: self.max,
            latency: self.latency_ms.map(|ms| LatencyObjective { quantile: self.quantile, ms }),
            dry_run: self.dry_run.then_some(true),
            vertical,
            ..AutoscaleConfig::default()
        })
    }
}
