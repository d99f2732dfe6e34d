//! The JSON model file, and the deploy body of REST v1, which says the same a little flatter.
//!
//! ```json
//! {"model_config": {"model_name": "langid", "model_type": "code_analysis", "model_version": "1.0.0",
//!                   "framework": "onnx", "model_path": "langid-v1.onnx"},
//!  "deployment_config": {"deployment_strategy": "canary",
//!                        "resource_requirements": {"cpu_cores": 2, "memory_gb": 1.5}},
//!  "monitoring_config": {"metrics_enabled": true, "alerts_enabled": true, "scaling_enabled": false}}
//! ```
//!
//! Fields that this page does not know are left alone. A value of the wrong type, or a name that is not in the
//! vocabulary, is an error with the JSON pointer of the field, the value and what is allowed. `null` is as good as
//! nothing.

mod reader;

use crate::machine::deployment::{MAX_REPLICAS, MAX_THREADS};
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::reader::Reader;
use super::kind::{Framework, ModelKind};
use crate::error::{Error, ErrorKind, Result};
use crate::settings::{Strategy, Target, shorten};

/// Bytes of a model file at most.
pub const MAX_MODEL_FILE_BYTES: usize = 1 << 20;

/// Schemes that a model's address may have, beside a plain path.
pub const MODEL_SCHEMES: &[&str] = &["https", "hf", "s3", "gs", "az", "oci"];

/// What a caller says about a model and how to deploy it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelFile {
    /// Name of the model.
    pub model_name: String,
    /// What it is for. Default custom.
    #[serde(default)]
    pub model_type: ModelKind,
    /// Version, as the caller counts; `None` for the next one.
    pub model_version: Option<String>,
    /// Framework of the file; `None` to look at the file.
    pub framework: Option<Framework>,
    /// A path, relative to the model file, or an address with one of [`MODEL_SCHEMES`].
    pub model_path: String,
    /// For people.
    pub model_description: Option<String>,
    /// What the host puts in, for people.
    pub input_format: Option<String>,
    /// What the host gets out, for people.
    pub output_format: Option<String>,
    /// Names of the answers, in the order of the output's last axis.
    pub labels: Option<Vec<String>>,
    /// Words to find the model by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Figures of the model's own evaluation.
    #[serde(default)]
    pub metrics: BTreeMap<String, f64>,
    /// Where it comes from: data set, commit, parent, and so on.
    #[serde(default)]
    pub lineage: BTreeMap<String, String>,
    /// Path of the probe file, relative to the model file.
    pub probe_path: Option<String>,
    /// How to deploy.
    #[serde(default)]
    pub deployment: DeploymentConfig,
    /// What to watch.
    #[serde(default)]
    pub monitoring: MonitoringConfig,
}

/// How to deploy. What is `None` follows the settings, or the surface's default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DeploymentConfig {
    /// Name of the deployment; `None` for the model's.
    pub name: Option<String>,
    /// Where replicas live.
    pub target: Option<Target>,
    /// How the change reaches the traffic.
    pub strategy: Option<Strategy>,
    /// Running copies.
    pub replicas: Option<u32>,
    /// Threads of one copy.
    pub threads: Option<u32>,
    /// Resources of one copy.
    pub resources: Resources,
}

/// Resources of one replica.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Resources {
    /// Processor cores, more than 0.
    pub cpu_cores: Option<f64>,
    /// Memory in 10⁹ bytes, more than 0.
    pub memory_gb: Option<f64>,
    /// Whether it needs a GPU.
    pub gpu_enabled: Option<bool>,
    /// Disk in 10⁹ bytes, more than 0.
    pub storage_gb: Option<f64>,
}

/// What to watch. What is `None` follows the settings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MonitoringConfig {
    /// Whether metrics are recorded.
    pub metrics_enabled: Option<bool>,
    /// Whether alerts are raised.
    pub alerts_enabled: Option<bool>,
    /// Whether the number of replicas follows the load.
    pub scaling_enabled: Option<bool>,
}

impl ModelFile {
    /// Reads a model file or a deploy body.
    ///
    /// # Errors
    /// `too_large` beyond [`MAX_MODEL_FILE_BYTES`]; `invalid_argument` where it is not JSON, nests deeper than 127
    /// levels, or a field is missing, of the wrong type or out of range; `unsupported` where it asks for a GPU.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_MODEL_FILE_BYTES {
            return Err(Error::new(ErrorKind::TooLarge, "model file is too large")
                .with("field", "model file bytes")
                .with("value", bytes.len())
                .with("allowed", format!("at most {MAX_MODEL_FILE_BYTES}")));
        }
        let value = serde_json::from_slice::<Value>(bytes)
            .map_err(|e| Error::invalid("model file", e, "a JSON object with model_config"))?;
        ModelFile::from_value(&value)
    }

    /// Reads a model file or a deploy body that is JSON already. Where a field stands both in `deployment_config` and
    /// beside it, the outer one counts.
    ///
    /// # Errors
    /// As [`ModelFile::from_json`].
    pub fn from_value(value: &Value) -> Result<Self> {
        let root = Reader::root(value)?;
        let model = root.object("model_config")?.ok_or_else(|| root.missing("model_config", "an object"))?;
        Ok(ModelFile {
            model_name: model.required("model_name", Reader::name, NAME)?,
            model_type: model.vocabulary("model_type", ModelKind::ALLOWED)?.unwrap_or_default(),
            model_version: model.word("model_version")?,
            framework: model.vocabulary("framework", Framework::ALLOWED)?,
            model_path: model.required("model_path", Reader::address, ADDRESS)?,
            model_description: model.string("model_description")?,
            input_format: model.string("input_format")?,
            output_format: model.string("output_format")?,
            labels: model.strings("labels")?,
            tags: model.strings("tags")?.unwrap_or_default(),
            metrics: model.numbers("metrics")?,
            lineage: model.string_map("lineage")?,
            probe_path: model.address("probe_path")?,
            deployment: deployment(&root)?,
            monitoring: monitoring(&root)?,
        })
    }
}

const NAME: &str = "1 to 128 bytes without control characters, / or \\, and no outer spaces";
const ADDRESS: &str = "a path, or an address that begins with https://, hf://, s3://, gs://, az:// or oci://";

fn deployment(root: &Reader<'_>) -> Result<DeploymentConfig> {
    let nested = read_deployment(&root.object("deployment_config")?.unwrap_or_else(Reader::empty), "deployment_name")?;
    let flat = read_deployment(root, "deployment_name")?;
    let (inner, outer) = (nested.resources, flat.resources);
    Ok(DeploymentConfig {
        name: flat.name.or(nested.name),
        target: flat.target.or(nested.target),
        strategy: flat.strategy.or(nested.strategy),
        replicas: flat.replicas.or(nested.replicas),
        threads: flat.threads.or(nested.threads),
        resources: Resources {
            cpu_cores: outer.cpu_cores.or(inner.cpu_cores),
            memory_gb: outer.memory_gb.or(inner.memory_gb),
            gpu_enabled: outer.gpu_enabled.or(inner.gpu_enabled),
            storage_gb: outer.storage_gb.or(inner.storage_gb),
        },
    })
}

fn read_deployment(at: &Reader<'_>, name: &'static str) -> Result<DeploymentConfig> {
    let resources = match at.object("resource_allocation")? {
        Some(found) => Some(found),
        None => at.object("resource_requirements")?,
    };
    Ok(DeploymentConfig {
        name: at.name(name)?,
        target: at.vocabulary("deployment_target", Target::ALLOWED)?,
        strategy: at.vocabulary("deployment_strategy", Strategy::ALLOWED)?,
        replicas: at.count("replicas", 1, MAX_REPLICAS)?,
        threads: at.count("threads", 1, MAX_THREADS)?,
        resources: resources.map_or(Ok(Resources::default()), |found| read_resources(&found))?,
    })
}

fn read_resources(at: &Reader<'_>) -> Result<Resources> {
    let gpu_enabled = at.boolean("gpu_enabled")?;
    if gpu_enabled == Some(true) {
        return Err(Error::new(ErrorKind::Unsupported, "this build cannot run models on a GPU")
            .with("field", at.pointer("gpu_enabled"))
            .with("value", true)
            .with("allowed", false));
    }
    Ok(Resources {
        cpu_cores: at.positive("cpu_cores")?,
        memory_gb: at.positive("memory_gb")?,
        gpu_enabled,
        storage_gb: at.positive("storage_gb")?,
    })
}

fn monitoring(root: &Reader<'_>) -> Result<MonitoringConfig> {
    let at = root.object("monitoring_config")?.unwrap_or_else(Reader::empty);
    Ok(MonitoringConfig {
        metrics_enabled: at.boolean("metrics_enabled")?,
        alerts_enabled: at.boolean("alerts_enabled")?,
        scaling_enabled: at.boolean("scaling_enabled")?,
    })
}

fn is_name(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.trim() == text
        && !text.contains(|c: char| c.is_control() || c == '/' || c == '\\')
        && text != "."
        && text != ".."
}

fn is_address(text: &str) -> bool {
    let scheme_is_known = match text.split_once("://") {
        Some((scheme, rest)) => MODEL_SCHEMES.contains(&scheme) && !rest.is_empty(),
        None => true,
    };
    (1..=4096).contains(&text.len()) && !text.contains(char::is_control) && scheme_is_known
}

#[cfg(test)]
mod tests;
