//! What can be asked for, and the one function that answers with events.

use std::collections::{BTreeMap, BTreeSet};

use super::autoscale::AutoscaleConfig;
use super::cache::CacheConfig;
use super::evaluation::Evaluation;
use super::experiment::{self, Act, ExperimentConfig, ExperimentReport};
use super::residency::LoadingRule;
use super::rollout::{CanaryConfig, Grounds, Move};
use super::rules::{self, RouteRule};
use super::session::StateConfig;
use super::state::{State, VersionRecord, VersionStatus};
use super::stream::StreamConfig;
use super::tuning::Tuning;
use super::{deployment, evaluation, retention, rollout, version};
use crate::artifact::Digest;
use crate::error::{Error, Result};
use crate::event::{Event, Stream};
use crate::model::kind::ModelKind;
use crate::serving::batch::BatchConfig;
use crate::settings::Strategy;
use crate::store::{Hash, Head};

/// A change that somebody asks for.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Command {
    RegisterVersion {
        model_type: ModelKind,
        record: Box<VersionRecord>,
    },
    AnnotateVersion {
        model: String,
        version: String,
        description: Option<String>,
        tags: BTreeMap<String, String>,
        metrics: BTreeMap<String, f64>,
    },
    RecordProbes {
        model: String,
        version: String,
        probes: Digest,
        engine: String,
    },
    RecordEvaluation {
        model: String,
        version: String,
        evaluation: Box<Evaluation>,
    },
    SetVersionStatus {
        model: String,
        version: String,
        status: VersionStatus,
        reason: Option<String>,
    },
    DeleteVersion {
        model: String,
        version: String,
    },
    SetAlias {
        model: String,
        alias: String,
        version: String,
    },
    RemoveAlias {
        model: String,
        alias: String,
    },
    /// Ask for a deployment or a further revision, and begin with it.
    Deploy(Box<Deploy>),
    /// Take over a change whose worker is gone.
    Claim {
        deployment: String,
        worker: String,
    },
    RevisionReady {
        deployment: String,
        revision: u32,
        worker: String,
        verification: String,
        /// Where a rollout begins with it: what decides which keys are the first.
        salt: u64,
    },
    RevisionFailed {
        deployment: String,
        revision: u32,
        worker: String,
        cause: String,
    },
    Promote {
        deployment: String,
        revision: u32,
    },
    Rollback {
        deployment: String,
        to: Option<u32>,
        reason: Option<String>,
    },
    Scale {
        deployment: String,
        replicas: u32,
        worker: String,
    },
    /// The replicas of one scale are there.
    ScaleDone {
        deployment: String,
        worker: String,
        /// Version of the deployment's stream that the request for replicas made: it names this scale and no other.
        ticket: u64,
    },
    /// The replicas of one scale could not be had.
    ScaleFailed {
        deployment: String,
        worker: String,
        /// As in [`Command::ScaleDone`].
        ticket: u64,
        cause: String,
    },
    /// Move a rollout on, back, or stop it.
    Rollout {
        deployment: String,
        /// Candidate and step that were looked at, where a look decided.
        of: Option<(u32, u32)>,
        moved: Move,
        grounds: Box<Grounds>,
    },
    /// Ask for an experiment.
    CreateExperiment {
        deployment: String,
        experiment: Box<ExperimentConfig>,
        /// Decides where keys lie.
        salt: u64,
    },
    /// Begin, pause, end or weigh an experiment.
    Experiment {
        deployment: String,
        /// Number of the experiment that was looked at, where a look decided.
        of: Option<u32>,
        act: Act,
        reason: String,
        report: Option<Box<ExperimentReport>>,
    },
    /// Send requests elsewhere by what they say of themselves.
    SetRules {
        deployment: String,
        rules: Vec<RouteRule>,
    },
    SetAutoscale {
        deployment: String,
        autoscale: Option<AutoscaleConfig>,
    },
    Stop {
        deployment: String,
        force: bool,
        worker: String,
    },
    StopDone {
        deployment: String,
    },
    /// The health machine's verdict on the revision that serves.
    Fail {
        deployment: String,
        revision: u32,
        cause: String,
    },
    /// Vouch for the state at a cut.
    Checkpoint {
        cut: Head,
        state: Hash,
    },
}

/// Fields of [`Command::Deploy`].
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Deploy {
    pub deployment: String,
    pub model: String,
    pub version: String,
    pub target: String,
    pub strategy: Strategy,
    pub replicas: u32,
    pub threads: u32,
    pub shapes: Vec<BTreeMap<String, Vec<u32>>>,
    pub engine: Option<String>,
    /// How requests are batched, where they are.
    pub batching: Option<BatchConfig>,
    pub worker: String,
    pub max_deployments: Option<u32>,
    pub cache: Option<CacheConfig>,
    /// Gates that a version must have passed; none: those that the deployment requires already.
    pub required_gates: Option<Vec<String>>,
    pub loading: LoadingRule,
    /// What threads, replicas and batching were tuned to, where they were.
    pub tuning: Option<Tuning>,
    /// What sessions carry, where they carry anything.
    pub state: Option<StateConfig>,
    /// How one request gives many answers, where it can.
    pub stream: Option<StreamConfig>,
    /// How traffic moves to the revision, with the strategy `canary`.
    pub canary: Option<CanaryConfig>,
}

/// Streams that a decision read, and what it decided.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decision {
    /// Every stream whose state the decision depends on.
    pub reads: Vec<Stream>,
    /// Whether it depends on the whole state: also on what is not there.
    pub all: bool,
    /// Events, each with its stream.
    pub events: Vec<(Stream, Event)>,
}

/// Answers a command: events, or the error that says why not. Never changes anything.
///
/// # Errors
/// `invalid_argument`, `not_found`, `conflict`, `unsupported`.
pub fn decide(state: &State, command: &Command) -> Result<Decision> {
    use Command::*;
    let of_model = |model: &str, events: Result<Vec<Event>>| {
        let stream = Stream::Model(model.to_owned());
        let events = events?.into_iter().map(|e| (stream.clone(), e)).collect();
        Ok(Decision { events, reads: vec![stream], all: false })
    };
    match command {
        RegisterVersion { model_type, record } => {
            let decided = of_model(&record.model, version::register(state, *model_type, record))?;
            // What it is made of stays: a delete of a part and this registration cannot both win.
            let parts: BTreeSet<_> = record.uses.iter().map(|pin| Stream::Model(pin.model.clone())).collect();
            let others = parts.into_iter().filter(|stream| *stream != decided.reads[0]);
            let reads = decided.reads.iter().cloned().chain(others).collect();
            Ok(Decision { reads, ..decided })
        }
        AnnotateVersion { model, version, description, tags, metrics } => {
            let record = state.resolve(model, version)?;
            if let Some((name, value)) = metrics.iter().find(|(_, v)| !v.is_finite()) {
                return Err(Error::invalid("metrics", value, "finite numbers").with("metric", name));
            }
            if description.is_none() && tags.is_empty() && metrics.is_empty() {
                return of_model(model, Ok(Vec::new()));
            }
            of_model(
                model,
                Ok(vec![Event::VersionAnnotated {
                    version: record.version.clone(),
                    description: description.clone(),
                    tags: tags.clone(),
                    metrics: metrics.clone(),
                }]),
            )
        }
        RecordProbes { model, version, probes, engine } => {
            let record = state.resolve(model, version)?;
            // The first verified engine's outputs stay.
            let events = match record.probes {
                Some(_) => Vec::new(),
                None => vec![Event::VersionProbed {
                    version: record.version.clone(),
                    probes: *probes,
                    engine: engine.clone(),
                }],
            };
            of_model(model, Ok(events))
        }
        RecordEvaluation { model, version, evaluation } => {
            of_model(model, evaluation::record(state, model, version, evaluation))
        }
        SetVersionStatus { model, version, status, reason } => {
            let decided = of_model(model, version::set_status(state, model, version, *status, reason.as_deref()))?;
            Ok(Decision { all: *status == VersionStatus::Retired, ..decided })
        }
        DeleteVersion { model, version } => {
            // No deployment uses the version, none that another process is about to make either.
            Ok(Decision { all: true, ..of_model(model, version::delete(state, model, version))? })
        }
        SetAlias { model, alias, version } => of_model(model, version::set_alias(state, model, alias, version)),
        RemoveAlias { model, alias } => of_model(model, version::remove_alias(state, model, alias)),
        Deploy(deploy) => deployment::deploy(state, deploy),
        Claim { deployment, worker } => deployment::claim(state, deployment, worker),
        RevisionReady { deployment, revision, worker, verification, salt } => {
            deployment::ready(state, deployment, *revision, worker, verification, *salt)
        }
        Rollout { deployment, of, moved, grounds } => rollout::advance(state, deployment, *of, moved, grounds),
        CreateExperiment { deployment, experiment, salt } => experiment::create(state, deployment, experiment, *salt),
        Experiment { deployment, of, act, reason, report } => {
            experiment::act(state, deployment, *of, act, reason, report.as_deref())
        }
        RevisionFailed { deployment, revision, worker, cause } => {
            deployment::revision_failed(state, deployment, *revision, worker, cause)
        }
        Promote { deployment, revision } => deployment::promote(state, deployment, *revision),
        Rollback { deployment, to, reason } => deployment::rollback(state, deployment, *to, reason.as_deref()),
        Scale { deployment, replicas, worker } => deployment::scale(state, deployment, *replicas, worker),
        ScaleDone { deployment, worker, ticket } => deployment::scale_done(state, deployment, worker, *ticket),
        ScaleFailed { deployment, worker, ticket, cause } => {
            deployment::scale_failed(state, deployment, worker, *ticket, cause)
        }
        SetRules { deployment, rules } => rules::set(state, deployment, rules),
        SetAutoscale { deployment, autoscale } => deployment::set_autoscale(state, deployment, autoscale.as_ref()),
        Stop { deployment, force, worker } => deployment::stop(state, deployment, *force, worker),
        StopDone { deployment } => deployment::stop_done(state, deployment),
        Fail { deployment, revision, cause } => deployment::fail(state, deployment, *revision, cause),
        Checkpoint { cut, state: digest } => retention::checkpoint(state, *cut, *digest),
    }
}
