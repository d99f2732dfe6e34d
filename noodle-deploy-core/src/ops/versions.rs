//! Operations on models, versions and aliases.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Nothing, Operation, Role};
use crate::control::CallContext;
use crate::error::Result;
use crate::machine::state::{Model, VersionRecord, VersionStatus};
use crate::model::kind::ModelKind;
use crate::noodle::Noodle;

/// Registers a model file as a version.
pub struct RegisterVersion;

/// Input of [`RegisterVersion`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterVersionInput {
    /// The model; made by its first version.
    pub model: String,
    /// Path of the model file.
    pub path: String,
    /// Semantic version; absent: the next major version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Type of the model; absent: the model's, `custom` for a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_type: Option<ModelKind>,
    /// Names of the classes; absent: those in the file's metadata.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
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
    /// Path of a JSON file with probe inputs and expected outputs, which every deploy is checked against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probes_path: Option<String>,
}

impl Operation for RegisterVersion {
    const NAME: &'static str = "register_version";
    const SUMMARY: &'static str = "Registers a model file as a version of a model.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    const PROGRESS: bool = true;
    type Input = RegisterVersionInput;
    type Output = VersionRecord;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.versioning().register(context, input)
    }
}

/// Shows a version.
pub struct GetVersion;

/// Names a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionRef {
    /// The model.
    pub model: String,
    /// A version, an alias, or `latest`; absent: `latest`.
    #[serde(default = "latest")]
    pub version: String,
}

fn latest() -> String {
    "latest".to_owned()
}

impl Operation for GetVersion {
    const NAME: &'static str = "get_version";
    const SUMMARY: &'static str = "Shows a version: signature, labels, metrics, lineage, status.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = VersionRef;
    type Output = VersionRecord;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.versioning().get(&input.model, &input.version)
    }
}

/// Lists the versions of a model.
pub struct ListVersions;

/// Names a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelRef {
    /// The model.
    pub model: String,
}

/// Output of [`ListVersions`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VersionList {
    /// By number, oldest first.
    pub versions: Vec<VersionRecord>,
}

impl Operation for ListVersions {
    const NAME: &'static str = "list_versions";
    const SUMMARY: &'static str = "Lists the versions of a model.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = ModelRef;
    type Output = VersionList;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.versioning().list(&input.model).map(|versions| VersionList { versions })
    }
}

/// Lists the models.
pub struct ListModels;

/// Output of [`ListModels`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelList {
    /// By name.
    pub models: Vec<Model>,
}

impl Operation for ListModels {
    const NAME: &'static str = "list_models";
    const SUMMARY: &'static str = "Lists the models with their latest versions and aliases.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = Nothing;
    type Output = ModelList;

    fn run(noodle: &Noodle, _: &CallContext, _: Self::Input) -> Result<Self::Output> {
        noodle.versioning().models().map(|models| ModelList { models })
    }
}

/// Compares two versions.
pub struct CompareVersions;

/// Input of [`CompareVersions`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompareVersionsInput {
    /// The model.
    pub model: String,
    /// The version to compare with: a version, an alias, or `latest`.
    pub base: String,
    /// The version to judge: a version, an alias, or `latest`.
    pub candidate: String,
}

/// Whether a version can take another's place without its callers noticing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compatibility {
    /// Same signature and labels.
    Identical,
    /// Every request to the base is one to the candidate, and every output is still there.
    Compatible,
    /// Some request or some reader of an answer breaks.
    Incompatible,
}

/// A figure of both versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricDifference {
    /// Of the base, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<f64>,
    /// Of the candidate, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<f64>,
    /// Candidate less base, where both have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<f64>,
}

/// Output of [`CompareVersions`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VersionComparison {
    /// The model.
    pub model: String,
    /// Version of the base.
    pub base: String,
    /// Version of the candidate.
    pub candidate: String,
    /// Same artifact.
    pub same_artifact: bool,
    /// The verdict.
    pub compatibility: Compatibility,
    /// What differs in signature and labels, a sentence each.
    pub differences: Vec<String>,
    /// Size of the base in bytes, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub base_bytes: u64,
    /// Size of the candidate in bytes, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub candidate_bytes: u64,
    /// By name.
    pub metrics: BTreeMap<String, MetricDifference>,
}

impl Operation for CompareVersions {
    const NAME: &'static str = "compare_versions";
    const SUMMARY: &'static str =
        "Compares two versions: signature, labels, size, metrics, and whether one can replace the other.";
    const ROLE: Role = Role::Viewer;
    const MUTATES: bool = false;
    type Input = CompareVersionsInput;
    type Output = VersionComparison;

    fn run(noodle: &Noodle, _: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.versioning().compare(&input.model, &input.base, &input.candidate)
    }
}

/// Changes description, tags or metrics.
pub struct AnnotateVersion;

/// Input of [`AnnotateVersion`]. Absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnotateVersionInput {
    /// The model.
    pub model: String,
    /// A version, an alias, or `latest`.
    pub version: String,
    /// New description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Tags to set; an empty value removes the tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Metrics to set; finite.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<String, f64>,
}

impl Operation for AnnotateVersion {
    const NAME: &'static str = "annotate_version";
    const SUMMARY: &'static str = "Changes the description, tags or metrics of a version.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    type Input = AnnotateVersionInput;
    type Output = VersionRecord;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.versioning().annotate(context, input)
    }
}

/// Changes the status of a version.
pub struct SetVersionStatus;

/// Input of [`SetVersionStatus`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetVersionStatusInput {
    /// The model.
    pub model: String,
    /// A version, an alias, or `latest`.
    pub version: String,
    /// New status.
    pub status: VersionStatus,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Operation for SetVersionStatus {
    const NAME: &'static str = "set_version_status";
    const SUMMARY: &'static str = "Changes the status of a version, as in approved, deprecated or retired.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    type Input = SetVersionStatusInput;
    type Output = VersionRecord;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.versioning().set_status(context, input)
    }
}

/// Deletes a version.
pub struct DeleteVersion;

/// Input of [`DeleteVersion`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteVersionInput {
    /// The model.
    pub model: String,
    /// A version, an alias, or `latest`. What deletes takes no default.
    pub version: String,
}

/// Output of [`DeleteVersion`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deleted {
    /// The model.
    pub model: String,
    /// The version that is gone; its artifact goes with the next collection.
    pub version: String,
}

impl Operation for DeleteVersion {
    const NAME: &'static str = "delete_version";
    const SUMMARY: &'static str = "Deletes a version that nothing refers to.";
    const ROLE: Role = Role::Admin;
    const MUTATES: bool = true;
    type Input = DeleteVersionInput;
    type Output = Deleted;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.versioning().delete(context, &input.model, &input.version)
    }
}

/// Sets or moves an alias.
pub struct SetAlias;

/// Input of [`SetAlias`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAliasInput {
    /// The model.
    pub model: String,
    /// The alias, as in `production`.
    pub alias: String,
    /// A version, another alias, or `latest`.
    pub version: String,
}

impl Operation for SetAlias {
    const NAME: &'static str = "set_alias";
    const SUMMARY: &'static str = "Sets or moves an alias of a model.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    type Input = SetAliasInput;
    type Output = Model;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.versioning().set_alias(context, &input.model, &input.alias, &input.version)
    }
}

/// Removes an alias.
pub struct RemoveAlias;

/// Input of [`RemoveAlias`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveAliasInput {
    /// The model.
    pub model: String,
    /// The alias.
    pub alias: String,
}

impl Operation for RemoveAlias {
    const NAME: &'static str = "remove_alias";
    const SUMMARY: &'static str = "Removes an alias of a model.";
    const ROLE: Role = Role::Deployer;
    const MUTATES: bool = true;
    type Input = RemoveAliasInput;
    type Output = Model;

    fn run(noodle: &Noodle, context: &CallContext, input: Self::Input) -> Result<Self::Output> {
        noodle.versioning().remove_alias(context, &input.model, &input.alias)
    }
}
