//! The desired state: models, versions, deployments, and how each event changes them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

use super::autoscale::AutoscaleConfig;
use super::cache::CacheConfig;
use super::evaluation::Evaluation;
use super::experiment::Experiment;
use super::residency::Loading;
use super::rollout::{CanaryConfig, Rollout};
use super::rules::RouteRule;
use super::session::StateConfig;
use super::stream::StreamConfig;
use super::tuning::Tuning;
use super::{deployment, retention, version};
use crate::artifact::Digest;
use crate::clock::Millis;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Stream};
use crate::model::kind::ModelKind;
use crate::model::signature::Signature;
use crate::serving::batch::BatchConfig;
use crate::settings::Strategy;
use crate::store::Projection;

/// A name with versions and aliases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Model {
    /// The name.
    pub name: String,
    /// Type, with its template.
    pub model_type: ModelKind,
    /// Highest version ever registered; the next automatic one follows it.
    pub latest: String,
    /// Movable names.
    pub aliases: BTreeMap<String, String>,
    /// Versions that were deleted: a number is never used again for other bytes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deleted: Vec<String>,
    /// When the first version was registered, in milliseconds since 1970, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub created_at: Millis,
}

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VersionStatus {
    /// Registered.
    Draft,
    /// Being tried.
    Testing,
    /// Fit for traffic.
    Approved,
    /// Served by a deployment.
    Deployed,
    /// To be replaced; still serves.
    Deprecated,
    /// Not to be deployed again.
    Retired,
    /// Failed to load or to verify.
    Failed,
}

impl VersionStatus {
    /// Whether the status may change to another.
    pub fn allows(self, to: VersionStatus) -> bool {
        use VersionStatus::*;
        match self {
            Draft => matches!(to, Testing | Approved | Deployed | Deprecated | Retired | Failed),
            Testing => matches!(to, Draft | Approved | Deployed | Deprecated | Retired | Failed),
            Approved => matches!(to, Testing | Deployed | Deprecated | Retired | Failed),
            Deployed => matches!(to, Approved | Deprecated | Retired | Failed),
            Deprecated => matches!(to, Approved | Deployed | Retired),
            Failed => matches!(to, Draft | Testing | Approved | Deployed | Retired),
            Retired => false,
        }
    }
}

/// One immutable artifact of a model and what is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VersionRecord {
    /// The model.
    pub model: String,
    /// Semantic version.
    pub version: String,
    /// Digest of the model file.
    pub digest: Digest,
    /// Size of the model file in bytes, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub bytes: u64,
    /// Format of the model file.
    pub format: String,
    /// Inputs and outputs.
    pub signature: Signature,
    /// Names of the classes, in the order of the last output axis.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Free names and values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Measured figures.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<String, f64>,
    /// Version of the same model that this one was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Identifies the training run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training_run: Option<String>,
    /// Probe inputs and expected outputs, in the artifact store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probes: Option<Digest>,
    /// Who gave the expected outputs: `registrar`, or the engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probes_from: Option<String>,
    /// Constructs that engines are known to get wrong; such a version deploys only with the registrar's probes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspect: Vec<String>,
    /// Where it stands.
    pub status: VersionStatus,
    /// When it was registered, in milliseconds since 1970, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub created_at: Millis,
    /// What evaluations found: the last one of each gate, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evaluations: Vec<Evaluation>,
    /// Versions that a pipeline is made of; they stay as long as it does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<VersionPin>,
}

/// One version of one model, by number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct VersionPin {
    /// The model.
    pub model: String,
    /// Its version.
    pub version: String,
}

/// States of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeploymentState {
    /// Accepted.
    Pending,
    /// A revision is being brought up. An earlier one goes on serving.
    Deploying,
    /// Serves.
    Running,
    /// Serves while replicas come or go.
    Scaling,
    /// Drains.
    Stopping,
    /// Serves nothing.
    Stopped,
    /// Kept failing, or its first revision never came up.
    Error,
}

/// States of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RevisionStatus {
    /// Being brought up.
    Loading,
    /// Loaded, verified, without traffic.
    Ready,
    /// Serves.
    Active,
    /// Served before.
    Retired,
    /// Could not be brought up, or kept failing.
    Failed,
    /// Overtaken by a rollback or a stop before it was ready.
    Superseded,
}

/// A version with one configuration inside a deployment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Revision {
    /// 1, 2, 3, …
    pub number: u32,
    /// Version of the model.
    pub version: String,
    /// Threads that one request may use.
    pub threads: u32,
    /// Input shapes to compile plans for before traffic: input name to sizes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shapes: Vec<BTreeMap<String, Vec<u32>>>,
    /// Engine asked for, or none for the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// Where it stands.
    pub status: RevisionStatus,
    /// Why it failed, or what verification found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How requests are batched, where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batching: Option<BatchConfig>,
    /// How answers are kept; absent: they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheConfig>,
    /// When it is loaded; absent: it is resident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loading: Option<Loading>,
    /// Milliseconds without a request after which it is unloaded, as a string; absent: only to make room.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub unload_after_ms: Option<Millis>,
    /// What it was tuned to, and the figures behind it; absent: it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tuning: Option<Tuning>,
    /// What sessions carry from call to call; absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StateConfig>,
    /// How one request gives many answers; absent: it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<StreamConfig>,
    /// How traffic moves to it, where that goes by steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<CanaryConfig>,
}

/// What a deploy changes besides the revision. It holds only once the revision is ready: a deploy that fails leaves what
/// served before as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// How traffic moves to the revision.
    pub strategy: Strategy,
    /// Replicas wanted in each process.
    pub replicas: u32,
    /// Gates that a version must have passed to be deployed or promoted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_gates: Vec<String>,
}

/// A named endpoint that serves a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Deployment {
    /// The name.
    pub name: String,
    /// The model.
    pub model: String,
    /// Where replicas live.
    pub target: String,
    /// How traffic moves to the newest revision.
    pub strategy: Strategy,
    /// Where it stands.
    pub state: DeploymentState,
    /// Why it is in `error`, or what the last change failed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Replicas wanted in each process.
    pub replicas: u32,
    /// What the change under way brings along once its revision is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// Replicas before a scaling that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaling_from: Option<u32>,
    /// The last revisions, oldest first; at most [`deployment::MAX_REVISIONS`].
    pub revisions: Vec<Revision>,
    /// Number of the revision that serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<u32>,
    /// Revisions that served before, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previous: Vec<u32>,
    /// The process that works on the change under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker: Option<String>,
    /// Highest revision number ever.
    pub last_revision: u32,
    /// When it was first asked for, in milliseconds since 1970, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub created_at: Millis,
    /// When it last changed, in milliseconds since 1970, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub updated_at: Millis,
    /// Gates that a version must have passed to be deployed or promoted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_gates: Vec<String>,
    /// How the number of replicas follows demand, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autoscale: Option<AutoscaleConfig>,
    /// The last move of traffic that went by steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollout: Option<Box<Rollout>>,
    /// The last experiment on its traffic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<Box<Experiment>>,
    /// Where requests go by what they say of themselves; the first rule that is about one counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RouteRule>,
}

/// Everything that the log folds to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// By name.
    pub models: BTreeMap<String, Model>,
    /// By model and version.
    pub versions: BTreeMap<(String, String), VersionRecord>,
    /// By name.
    pub deployments: BTreeMap<String, Deployment>,
    /// Version of each stream.
    pub streams: BTreeMap<String, u64>,
    /// Sequence of the last event.
    pub sequence: u64,
}

/// One row of the state.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entity {
    /// By name.
    Model(String),
    /// By model and version.
    Version(String, String),
    /// By name.
    Deployment(String),
}

/// The rows that an event may change.
pub fn touched(stream: &Stream, event: &Event) -> SmallVec<[Entity; 2]> {
    match stream {
        Stream::Directory => smallvec![],
        Stream::Deployment(name) => smallvec![Entity::Deployment(name.clone())],
        Stream::Model(name) => {
            let model = Entity::Model(name.clone());
            let version = |v: &String| Entity::Version(name.clone(), v.clone());
            match event {
                Event::VersionRegistered { record, .. } => smallvec![model, version(&record.version)],
                Event::VersionDeleted { version: v } => smallvec![model, version(v)],
                Event::VersionAnnotated { version: v, .. }
                | Event::VersionProbed { version: v, .. }
                | Event::VersionEvaluated { version: v, .. }
                | Event::VersionStatusChanged { version: v, .. } => smallvec![version(v)],
                _ => smallvec![model],
            }
        }
    }
}

/// Folds one event. Reads and writes only the rows that [`touched`] names.
///
/// # Errors
/// `corrupt` where the event does not fit the state: the log was not written by this machine.
pub fn apply(state: &mut State, stream: &Stream, at: Millis, event: &Event) -> Result<()> {
    match stream {
        Stream::Model(name) => version::apply(state, name, at, event),
        Stream::Deployment(name) => deployment::apply(state, name, at, event),
        Stream::Directory => retention::apply(event),
    }
}

/// The error of an event that does not fit.
pub(super) fn misfit(what: &'static str, name: &str) -> Error {
    Error::new(ErrorKind::Corrupt, "an event does not fit the state").with("missing", what).with("name", name)
}

impl State {
    /// Finds a version by number, alias, or `latest`.
    ///
    /// # Errors
    /// `not_found` that names the model or the version.
    pub fn resolve(&self, model: &str, version: &str) -> Result<&VersionRecord> {
        let found = self.models.get(model).ok_or_else(|| Error::not_found("model", model))?;
        let number = match found.aliases.get(version) {
            Some(number) => number,
            None if version == "latest" => &found.latest,
            None => version,
        };
        let at = |number: &str| self.versions.get(&(model.to_owned(), number.to_owned()));
        // The highest version ever may be deleted; then the highest that is there is the latest.
        let highest = || self.versions_of(model).max_by_key(|v| semver::Version::parse(&v.version).ok());
        at(number)
            .or_else(|| if version == "latest" { highest() } else { None })
            .ok_or_else(|| Error::not_found("version", version).with("model", model))
    }

    /// Versions of a model, by number as text.
    pub fn versions_of<'a>(&'a self, model: &str) -> impl Iterator<Item = &'a VersionRecord> + use<'a> {
        let model = model.to_owned();
        let from = (model.clone(), String::new());
        self.versions.range(from..).map(|(_, v)| v).take_while(move |v| v.model == model)
    }

    /// Finds a deployment.
    ///
    /// # Errors
    /// `not_found`.
    pub fn deployment(&self, name: &str) -> Result<&Deployment> {
        self.deployments.get(name).ok_or_else(|| Error::not_found("deployment", name))
    }

    /// Digests that must not be collected: model files and probes of every version.
    pub fn referenced(&self) -> impl Iterator<Item = Digest> + '_ {
        self.versions.values().flat_map(|v| [Some(v.digest), v.probes]).flatten()
    }

    /// Copies the named rows, so that events can be tried on them alone.
    pub fn extract(&self, entities: &[Entity]) -> State {
        let mut part = State::default();
        for entity in entities {
            self.copy_row(entity, &mut part);
        }
        part
    }

    /// Takes the named rows over from `part`; rows that it lacks are removed.
    pub fn absorb(&mut self, entities: &[Entity], part: &State) {
        for entity in entities {
            if !part.copy_row(entity, self) {
                match entity {
                    Entity::Model(name) => drop(self.models.remove(name)),
                    Entity::Version(model, version) => {
                        drop(self.versions.remove(&(model.clone(), version.clone())));
                    }
                    Entity::Deployment(name) => drop(self.deployments.remove(name)),
                }
            }
        }
    }

    fn copy_row(&self, entity: &Entity, to: &mut State) -> bool {
        fn copy<K: Ord + Clone, V: Clone>(from: &BTreeMap<K, V>, to: &mut BTreeMap<K, V>, key: &K) -> bool {
            from.get(key).map(|value| to.insert(key.clone(), value.clone())).is_some()
        }
        match entity {
            Entity::Model(name) => copy(&self.models, &mut to.models, name),
            Entity::Version(model, version) => {
                copy(&self.versions, &mut to.versions, &(model.clone(), version.clone()))
            }
            Entity::Deployment(name) => copy(&self.deployments, &mut to.deployments, name),
        }
    }

    /// The stored form of a row.
    ///
    /// # Errors
    /// `internal` where a row does not serialise.
    pub fn project(&self, entity: &Entity) -> Result<Projection> {
        fn json<T: Serialize>(value: Option<&T>) -> Result<Option<String>> {
            value
                .map(serde_json::to_string)
                .transpose()
                .map_err(|e| Error::new(ErrorKind::Internal, "a row does not serialise").source(e))
        }
        let (kind, key, stream, value) = match entity {
            Entity::Model(name) => ("model", name.clone(), Stream::Model(name.clone()), json(self.models.get(name))?),
            Entity::Version(model, version) => (
                "version",
                format!("{model}@{version}"),
                Stream::Model(model.clone()),
                json(self.versions.get(&(model.clone(), version.clone())))?,
            ),
            Entity::Deployment(name) => {
                ("deployment", name.clone(), Stream::Deployment(name.clone()), json(self.deployments.get(name))?)
            }
        };
        Ok(Projection { kind: kind.into(), key, stream: stream.to_string(), value })
    }

    /// Takes a stored row in.
    ///
    /// # Errors
    /// `corrupt` for a row that does not parse.
    pub fn insert(&mut self, row: &Projection) -> Result<()> {
        let Some(value) = &row.value else { return Ok(()) };
        let corrupt = |e: serde_json::Error| {
            Error::new(ErrorKind::Corrupt, "a stored row does not parse")
                .with("kind", &row.kind)
                .with("key", &row.key)
                .source(e)
        };
        match row.kind.as_str() {
            "model" => {
                let model: Model = serde_json::from_str(value).map_err(corrupt)?;
                self.models.insert(model.name.clone(), model);
            }
            "version" => {
                let version: VersionRecord = serde_json::from_str(value).map_err(corrupt)?;
                self.versions.insert((version.model.clone(), version.version.clone()), version);
            }
            "deployment" => {
                let deployment: Deployment = serde_json::from_str(value).map_err(corrupt)?;
                self.deployments.insert(deployment.name.clone(), deployment);
            }
            other => {
                return Err(Error::new(ErrorKind::Corrupt, "a stored row of an unknown kind").with("kind", other));
            }
        }
        Ok(())
    }

    /// The state of stored rows.
    ///
    /// # Errors
    /// As [`State::insert`].
    pub fn from_rows(rows: &[Projection]) -> Result<Self> {
        let mut state = State::default();
        rows.iter().try_for_each(|row| state.insert(row))?;
        Ok(state)
    }

    /// The stored form, by kind and key.
    ///
    /// # Errors
    /// As [`State::project`].
    pub fn to_rows(&self) -> Result<Vec<Projection>> {
        let mut rows = self.entities().iter().map(|entity| self.project(entity)).collect::<Result<Vec<_>>>()?;
        rows.sort_unstable_by(|a, b| (&a.kind, &a.key).cmp(&(&b.kind, &b.key)));
        Ok(rows)
    }

    /// Every row.
    pub fn entities(&self) -> Vec<Entity> {
        let models = self.models.keys().cloned().map(Entity::Model);
        let versions = self.versions.keys().cloned().map(|(m, v)| Entity::Version(m, v));
        let deployments = self.deployments.keys().cloned().map(Entity::Deployment);
        models.chain(versions).chain(deployments).collect()
    }
}
