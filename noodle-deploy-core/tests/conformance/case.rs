//! The form of a case.

use std::collections::BTreeMap;

use noodle_deploy_core::model::probe::TensorData;
use noodle_deploy_core::ops::Role;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::runner::Found;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    pub about: String,
    pub seed: u64,
    pub clock: u64,
    /// Settings that differ from the defaults.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub settings: Value,
    /// Files to write under `$TMP` first: text as a string, JSON as anything else.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, Value>,
    pub steps: Vec<Step>,
}

#[derive(Serialize, Deserialize)]
pub struct Step {
    #[serde(flatten)]
    pub action: Action,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advance_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Value>,
    /// Reports of an operation; not asked for where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Value>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub enum Action {
    Operation { op: String, input: Value },
    Predict { predict: Predict },
    Reopen { reopen: Reopen },
    Write { write: Write },
    Session { session: Session },
    ResetSession { reset_session: String },
    EndSession { end_session: String },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predict {
    /// Empty for a call of a session.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub deployment: String,
    /// Name of the session whose call it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// Whether it is answered many times.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stream: bool,
    pub inputs: BTreeMap<String, TensorData>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// Opens a session, known by its name to the steps that follow.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    pub name: String,
    pub deployment: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Closes the handle and opens a directory, the same one by default.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reopen {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub settings: Value,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Write {
    pub path: String,
    pub text: String,
}

impl Case {
    /// Takes what was found in place of expectations that do not hold; those that do stay, with their patterns.
    pub fn take(&mut self, found: Vec<Found>) {
        for (step, found) in self.steps.iter_mut().zip(found) {
            if found.mismatch.is_some() {
                step.output = found.output;
                step.error = found.error;
                step.progress = found.progress;
            }
        }
    }
}
