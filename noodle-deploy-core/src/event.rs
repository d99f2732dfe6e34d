//! What can happen. The log keeps these; the state is what they fold to.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::Digest;
use crate::clock::Millis;
use crate::error::{Error, ErrorKind, Result};
use crate::machine::autoscale::AutoscaleConfig;
use crate::machine::evaluation::Evaluation;
use crate::machine::experiment::{Experiment, ExperimentPhase, ExperimentReport};
use crate::machine::rollout::{CanaryConfig, Evidence, Findings, RolloutPhase, Seen};
use crate::machine::rules::RouteRule;
use crate::machine::shares::Share;
use crate::machine::state::{Revision, VersionRecord, VersionStatus};
use crate::model::kind::ModelKind;
use crate::settings::Strategy;
use crate::store::{Hash, Head, StoredEvent};

/// A fact about a model, a deployment or the directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A version was registered; the first one brings its model into being.
    VersionRegistered {
        /// Type of the model.
        model_type: ModelKind,
        /// The version.
        record: Box<VersionRecord>,
    },
    /// Description, tags or metrics of a version changed. Absent fields stay.
    VersionAnnotated {
        /// The version.
        version: String,
        /// New description.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// Tags to set; an empty value removes the tag.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        tags: BTreeMap<String, String>,
        /// Metrics to set.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        metrics: BTreeMap<String, f64>,
    },
    /// Probe inputs and outputs were recorded by the first engine that ran a version.
    VersionProbed {
        /// The version.
        version: String,
        /// The probe set, in the artifact store.
        probes: Digest,
        /// Engine that gave the outputs.
        engine: String,
    },
    /// The status of a version changed.
    VersionStatusChanged {
        /// The version.
        version: String,
        /// Status before.
        from: VersionStatus,
        /// Status after.
        to: VersionStatus,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A version was deleted; its artifact goes with the next collection.
    VersionDeleted {
        /// The version.
        version: String,
    },
    /// An alias was set or moved.
    AliasSet {
        /// The alias.
        alias: String,
        /// What it names now.
        version: String,
        /// What it named before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        previous: Option<String>,
    },
    /// An alias was removed.
    AliasRemoved {
        /// The alias.
        alias: String,
        /// What it named.
        previous: String,
    },
    /// A deployment, or a further revision of one, was asked for.
    DeployRequested {
        /// Model that the deployment serves.
        model: String,
        /// Where replicas live.
        target: String,
        /// How traffic moves to the revision.
        strategy: Strategy,
        /// Replicas wanted in each process.
        replicas: u32,
        /// The revision.
        revision: Box<Revision>,
        /// Gates that a version must have passed to be deployed or promoted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        required_gates: Vec<String>,
    },
    /// A process took it upon itself to bring a revision up.
    DeployStarted {
        /// Number of the revision.
        revision: u32,
        /// The process.
        instance: String,
    },
    /// A revision is loaded and verified.
    RevisionReady {
        /// Number of the revision.
        revision: u32,
        /// What verification found, for people.
        verification: String,
    },
    /// A revision could not be brought up.
    RevisionFailed {
        /// Number of the revision.
        revision: u32,
        /// Why.
        cause: String,
    },
    /// Traffic moved to a revision.
    Promoted {
        /// Revision that served before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<u32>,
        /// Revision that serves now.
        to: u32,
    },
    /// Traffic moved back to an earlier revision.
    RolledBack {
        /// Revision that served before.
        from: u32,
        /// Revision that serves now.
        to: u32,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Another number of replicas was asked for.
    ScaleRequested {
        /// Replicas before.
        from: u32,
        /// Replicas wanted.
        to: u32,
        /// The process that asked.
        instance: String,
    },
    /// The replicas are there.
    Scaled {
        /// Replicas.
        replicas: u32,
    },
    /// The replicas could not be had; the old number stays.
    ScaleFailed {
        /// Replicas that stay.
        replicas: u32,
        /// Why.
        cause: String,
    },
    /// The deployment is to stop.
    StopRequested {
        /// Whether running requests are not waited for.
        force: bool,
        /// The process that asked.
        instance: String,
    },
    /// The deployment has stopped.
    Stopped {},
    /// The deployment kept failing and serves no more.
    Failed {
        /// Why.
        cause: String,
    },
    /// The log was cut: it goes on from a stored state.
    Checkpoint {
        /// Head of what was cut away.
        cut: Head,
        /// Digest of the state at the cut; see [`crate::store::chain::digest`].
        state: Hash,
    },
    /// A version was evaluated over a data set.
    VersionEvaluated {
        /// The version.
        version: String,
        /// What was found.
        evaluation: Box<Evaluation>,
    },
    /// How the number of replicas follows demand was changed.
    AutoscaleSet {
        /// How; absent: it does not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        autoscale: Option<AutoscaleConfig>,
    },
    /// A revision that is ready began to get a share of the traffic.
    RolloutStarted {
        /// Revision that serves.
        baseline: u32,
        /// Revision that is tried.
        candidate: u32,
        /// Secret that decides which keys are the first, as a string.
        #[serde(with = "crate::store::chain::u64_string")]
        #[schemars(with = "String")]
        salt: u64,
        /// How it proceeds.
        canary: Box<CanaryConfig>,
    },
    /// The counting of a step began.
    RolloutMarked {
        /// Number of the step.
        step: u32,
        /// What was counted before.
        from: Box<Seen>,
    },
    /// A step passed, and the next one began.
    RolloutStepped {
        /// Number of the step that began.
        step: u32,
        /// Share of the traffic that the candidate gets, in basis points.
        weight: u32,
        /// Why, in a sentence.
        reason: String,
        /// What the steps so far have shown, where they were judged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<Box<Evidence>>,
        /// The figures, where it was judged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        findings: Option<Box<Findings>>,
    },
    /// A rollout stopped, went on, or ended.
    RolloutPhaseChanged {
        /// Where it stands.
        phase: RolloutPhase,
        /// Why, in a sentence.
        reason: String,
        /// What the steps so far have shown, where they were judged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<Box<Evidence>>,
        /// The figures, where it was judged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        findings: Option<Box<Findings>>,
    },
    /// An experiment was asked for.
    ExperimentCreated {
        /// What it is.
        experiment: Box<Experiment>,
    },
    /// The arms of an experiment got other shares.
    ExperimentWeighted {
        /// Weight of each arm, in basis points.
        weights: Vec<u32>,
        /// Which points are whose.
        shares: Vec<Share>,
        /// Why, in a sentence.
        reason: String,
    },
    /// An experiment began, paused or ended.
    ExperimentPhaseChanged {
        /// Where it stands.
        phase: ExperimentPhase,
        /// Why, in a sentence.
        reason: String,
        /// Name of the arm that has won.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        winner: Option<String>,
        /// What was found by then, where anything was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report: Option<Box<ExperimentReport>>,
    },
    /// Requests go elsewhere by what they say of themselves.
    RulesSet {
        /// In the order in which they count.
        rules: Vec<RouteRule>,
    },
}

impl Event {
    /// The tag in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::VersionRegistered { .. } => "version_registered",
            Event::VersionAnnotated { .. } => "version_annotated",
            Event::VersionProbed { .. } => "version_probed",
            Event::VersionStatusChanged { .. } => "version_status_changed",
            Event::VersionDeleted { .. } => "version_deleted",
            Event::AliasSet { .. } => "alias_set",
            Event::AliasRemoved { .. } => "alias_removed",
            Event::DeployRequested { .. } => "deploy_requested",
            Event::DeployStarted { .. } => "deploy_started",
            Event::RevisionReady { .. } => "revision_ready",
            Event::RevisionFailed { .. } => "revision_failed",
            Event::Promoted { .. } => "promoted",
            Event::RolledBack { .. } => "rolled_back",
            Event::ScaleRequested { .. } => "scale_requested",
            Event::Scaled { .. } => "scaled",
            Event::ScaleFailed { .. } => "scale_failed",
            Event::StopRequested { .. } => "stop_requested",
            Event::Stopped {} => "stopped",
            Event::Failed { .. } => "failed",
            Event::Checkpoint { .. } => "checkpoint",
            Event::VersionEvaluated { .. } => "version_evaluated",
            Event::AutoscaleSet { .. } => "autoscale_set",
            Event::RolloutStarted { .. } => "rollout_started",
            Event::RolloutMarked { .. } => "rollout_marked",
            Event::RolloutStepped { .. } => "rollout_stepped",
            Event::RolloutPhaseChanged { .. } => "rollout_phase_changed",
            Event::ExperimentCreated { .. } => "experiment_created",
            Event::ExperimentWeighted { .. } => "experiment_weighted",
            Event::ExperimentPhaseChanged { .. } => "experiment_phase_changed",
            Event::RulesSet { .. } => "rules_set",
        }
    }
}

/// What an event belongs to. Its text form names the stream in the store.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    /// Versions and aliases of a model.
    Model(String),
    /// Revisions and states of a deployment.
    Deployment(String),
    /// The directory as a whole.
    Directory,
}

const DIRECTORY: &str = "directory";

impl Stream {
    /// Parses the text form.
    ///
    /// # Errors
    /// `corrupt` for another form.
    pub fn parse(text: &str) -> Result<Self> {
        match text.split_once('/') {
            Some(("model", name)) => Ok(Stream::Model(name.to_owned())),
            Some(("deployment", name)) => Ok(Stream::Deployment(name.to_owned())),
            None if text == DIRECTORY => Ok(Stream::Directory),
            _ => Err(Error::new(ErrorKind::Corrupt, "not a stream of this library").with("stream", text)),
        }
    }
}

impl std::fmt::Display for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Stream::Model(name) => write!(f, "model/{name}"),
            Stream::Deployment(name) => write!(f, "deployment/{name}"),
            Stream::Directory => f.write_str(DIRECTORY),
        }
    }
}

/// An event with its place in the log: an entry of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventRecord {
    /// Position in the log, from 1, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub sequence: u64,
    /// `model/NAME`, `deployment/NAME` or `directory`.
    pub stream: String,
    /// When, in milliseconds since 1970, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub at: Millis,
    /// Who.
    pub actor: String,
    /// Operation that decided it.
    pub operation: String,
    /// Identifies the call.
    pub request_id: String,
    /// What.
    pub event: Event,
    /// Hash of the event; the chain's head when it is the last one.
    pub hash: Hash,
}

impl EventRecord {
    /// Reads a stored event.
    ///
    /// # Errors
    /// `corrupt` where the payload is not an event.
    pub fn from_stored(stored: &StoredEvent) -> Result<Self> {
        let event = serde_json::from_str(&stored.event.payload).map_err(|e| {
            Error::new(ErrorKind::Corrupt, "an event's payload does not parse")
                .with("sequence", stored.sequence)
                .source(e)
        })?;
        Ok(EventRecord {
            sequence: stored.sequence,
            stream: stored.event.stream.clone(),
            at: stored.at,
            actor: stored.event.actor.clone(),
            operation: stored.event.operation.clone(),
            request_id: stored.event.request.clone(),
            event,
            hash: stored.hash,
        })
    }
}
