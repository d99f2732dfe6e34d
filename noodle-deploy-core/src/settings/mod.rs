//! Settings of a handle: plain values with defaults, from code, from JSON, or from the environment.
//!
//! Components (clock, randomness, stores, backends) are not settings; the builder takes them beside these.

mod parse;
mod variables;
mod vocabulary;

use std::ffi::OsString;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::decode::decode;
use crate::error::{Error, ErrorKind, Result};
use crate::machine::deployment::MAX_REPLICAS;
use crate::machine::residency::Loading;

#[cfg(feature = "engine-ort")]
pub(crate) use variables::PROVIDERS;
pub use variables::{Scope, VARIABLES, Variable, variables_markdown};
pub(crate) use vocabulary::vocabulary;
pub use vocabulary::{LogLevel, Strategy, Target};

/// Settings of a handle. [`Settings::default`] suits an embedded host: no limit but what the host sets.
///
/// Times are in milliseconds, sizes in bytes. `None` means no limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether a directory may be opened at all. Default true.
    pub enabled: bool,
    /// Target of a deployment that names none: `local`, or the name of a backend of the builder. Default `local`.
    pub default_target: String,
    /// Strategy of a change that names none. Default immediate.
    pub default_strategy: Strategy,
    /// Whether the number of replicas may change, by hand or by rule. Default true.
    pub scale_enabled: bool,
    /// Whether requests are counted and timed. Default true.
    pub monitoring_enabled: bool,
    /// Deployments at most. Default none.
    pub max_deployments: Option<u32>,
    /// Control operations that run at once. Default none.
    pub max_concurrent: Option<u32>,
    /// Memory for weights and plans of loaded models. Default none.
    pub memory_budget_bytes: Option<u64>,
    /// Memory for compiled plans of one loaded model, within the budget. Default 256 MiB.
    pub plan_cache_bytes: u64,
    /// Size of one model artifact at most. Default 16 GiB.
    pub max_artifact_bytes: u64,
    /// Requests of one deployment that wait at most. Default 1024.
    pub max_queue: u32,
    /// Replicas of one deployment at most, 1 to 1024. Default 1024.
    pub max_replicas: u32,
    /// Threads for asynchronous predictions; 0 for one per core. Default 0.
    pub workers: u32,
    /// Time that `undeploy` waits for running requests. Default 30 000.
    pub drain_timeout_ms: u64,
    /// Time between two looks at what other processes did to the directory. Default 100.
    pub poll_interval_ms: u64,
    /// Time between two heartbeats of this process. Default 1 000.
    pub heartbeat_ms: u64,
    /// Time after which the deciding lease of a silent process lapses; more than two heartbeats. Default 3 000.
    pub lease_ttl_ms: u64,
    /// Previous revisions of a deployment that stay loaded, so that a rollback loads nothing. Default 1.
    pub keep_warm: u32,
    /// Consecutive failures after which a deployment is marked as in error. Default 5.
    pub failures_to_error: u32,
    /// Events of the log that stay when it has grown to twice as many; older ones are cut away. Default none: all stay.
    pub retain_events: Option<u32>,
    /// Whether the directory is only read: predictions work, every change is refused. Default false.
    pub read_only: bool,
    /// Whether the directory may lie on a network file system, where file locks are often not kept. Default false.
    pub allow_network_fs: bool,
    /// Whether a model without probes or references may be deployed unverified. Default false.
    pub allow_unverified: bool,
    /// Whether an open waits until deployments are loaded, rather than loading them in the background or at their first
    /// request. Default true.
    pub load_on_open: bool,
    /// Who acts, for the audit log, where the caller does not say. Default `local`.
    pub actor: String,
    /// Engine of a deployment that names none. Default none: the fastest one that gives the right answers.
    pub default_engine: Option<String>,
    /// ONNX Runtime's shared library, which then stands for choice among the engines: `auto` for the one that is found, or
    /// the path of a file. Default none: `ort` serves where a deploy names it, with the library that is found.
    pub onnxruntime: Option<String>,
    /// Execution providers of ONNX Runtime, the preferred one first, such as `cuda`. Default none: the CPU.
    pub onnxruntime_providers: Vec<String>,
    /// Redis for deployments that keep answers there, such as `redis://localhost:6379`. Default none.
    pub cache_redis_url: Option<String>,
    /// When a deployment is loaded whose deploy does not say. Default resident.
    pub default_loading: Loading,
    /// Whether shapes that run often may get plans of their own, in the background. Answers then differ in the last
    /// digits from those before. Default true.
    pub specialise: bool,
    /// Which requests with a name of their own are remembered, for labels that come later. Default: 10 000 for a day.
    pub journal: Option<JournalConfig>,
    /// Share of one processor, in percent, 1 to 100, that runs of versions in the shadow may take. Default 10.
    pub shadow_cpu_percent: u32,
    /// Which requests are kept in the directory, with their inputs and answers, for steps that replay them. Default none:
    /// nothing is recorded.
    pub recording: Option<RecordingConfig>,
}

/// Requests that are recorded, by deployment. What callers send is kept on the disk as they sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordingConfig {
    /// How many of a deployment at most, up to 10 000; 0: none, and what is there is removed at the next open. Default
    /// 1 000.
    #[serde(default = "recording_requests")]
    pub requests: u32,
    /// How many bytes of a deployment at most, 1 MiB or more. Default 256 MiB.
    #[serde(default = "recording_bytes")]
    pub bytes: u64,
    /// For how many milliseconds each is kept. Default a day.
    #[serde(default = "journal_ms")]
    pub ms: u64,
}

fn recording_requests() -> u32 {
    1_000
}

fn recording_bytes() -> u64 {
    256 << 20
}

impl Default for RecordingConfig {
    fn default() -> Self {
        RecordingConfig { requests: recording_requests(), bytes: recording_bytes(), ms: journal_ms() }
    }
}

/// Requests that are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JournalConfig {
    /// How many at most; 0: none. Default 10 000.
    #[serde(default = "journal_requests")]
    pub requests: u32,
    /// For how many milliseconds. Default a day.
    #[serde(default = "journal_ms")]
    pub ms: u64,
}

fn journal_requests() -> u32 {
    10_000
}

fn journal_ms() -> u64 {
    86_400_000
}

impl Default for JournalConfig {
    fn default() -> Self {
        JournalConfig { requests: journal_requests(), ms: journal_ms() }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            enabled: true,
            default_target: Target::Local.name().to_owned(),
            default_strategy: Strategy::Immediate,
            scale_enabled: true,
            monitoring_enabled: true,
            max_deployments: None,
            max_concurrent: None,
            memory_budget_bytes: None,
            plan_cache_bytes: 256 << 20,
            specialise: true,
            max_artifact_bytes: 16 << 30,
            max_queue: 1024,
            max_replicas: MAX_REPLICAS,
            workers: 0,
            drain_timeout_ms: 30_000,
            poll_interval_ms: 100,
            heartbeat_ms: 1_000,
            lease_ttl_ms: 3_000,
            keep_warm: 1,
            failures_to_error: 5,
            retain_events: None,
            read_only: false,
            allow_network_fs: false,
            allow_unverified: false,
            load_on_open: true,
            actor: "local".to_owned(),
            default_engine: None,
            onnxruntime: None,
            onnxruntime_providers: Vec::new(),
            cache_redis_url: None,
            default_loading: Loading::Resident,
            journal: None,
            shadow_cpu_percent: 10,
            recording: None,
        }
    }
}

impl Settings {
    /// Defaults, then the environment of the process.
    ///
    /// # Errors
    /// As [`Settings::apply_env`].
    pub fn from_env() -> Result<Self> {
        let mut settings = Settings::default();
        settings.apply_process_env()?;
        Ok(settings)
    }

    /// From a JSON object; absent fields have their defaults.
    ///
    /// # Errors
    /// `invalid_argument` with the field that is unknown or does not fit, its value and what is allowed.
    pub fn from_json(value: &serde_json::Value) -> Result<Self> {
        decode(value).map_err(|misfit| misfit.error("settings"))
    }

    /// Takes over the variables that the process was started with.
    ///
    /// # Errors
    /// As [`Settings::apply_env`].
    #[allow(clippy::disallowed_methods)]
    pub fn apply_process_env(&mut self) -> Result<()> {
        self.apply_env(&|name| std::env::var_os(name))
    }

    /// Checks every field against its range.
    ///
    /// # Errors
    /// `invalid_argument` that names the field, the value and what is allowed; `unsupported` for a target that this
    /// build has no backend for.
    pub fn validate(&self) -> Result<()> {
        for row in VARIABLES {
            if let Scope::Field { field, range, fits, .. } = row.scope
                && !fits(self)
            {
                return Err(Error::invalid(field, self.shown(field), range));
            }
        }
        check_target(&self.default_target)
    }

    /// Takes over every variable of [`VARIABLES`] that `lookup` has. A name that the table does not have is not looked
    /// at: other programs share the prefix `NOODLE_`. On an error nothing has changed.
    ///
    /// # Errors
    /// `invalid_argument` that names the variable, the value and what is allowed; `unsupported` where a variable
    /// switches on what this build does not have.
    pub fn apply_env(&mut self, lookup: &dyn Fn(&str) -> Option<OsString>) -> Result<()> {
        let mut next = self.clone();
        let mut set = Vec::new();
        for row in VARIABLES {
            let Some(value) = lookup(row.name) else { continue };
            let invalid = |value: &str| Error::invalid(row.name, presentable(value), row.allowed);
            let Some(text) = value.to_str() else { return Err(invalid(&value.to_string_lossy())) };
            match row.scope {
                Scope::Field { set: take, fits, .. } => {
                    take(&mut next, text).ok_or_else(|| invalid(text))?;
                    set.push((row, text.to_owned(), fits));
                }
                Scope::Missing { feature } => match parse::boolean(text) {
                    Some(false) => {}
                    Some(true) => {
                        return Err(Error::new(ErrorKind::Unsupported, format!("this build cannot {feature}"))
                            .with("field", row.name)
                            .with("value", shorten(text))
                            .with("allowed", "false, or unset"));
                    }
                    None => return Err(invalid(text)),
                },
                Scope::Server { fits } if fits(text) => {}
                Scope::Server { .. } => return Err(invalid(text)),
            }
        }
        // Ranges may lean on several fields, so they are checked when every variable is in.
        for (row, text, fits) in set {
            if !fits(&next) {
                return Err(Error::invalid(row.name, presentable(&text), row.allowed));
            }
        }
        next.validate()?;
        *self = next;
        Ok(())
    }

    /// A field's value, as an error shows it.
    fn shown(&self, field: &str) -> String {
        let value = serde_json::to_value(self).ok();
        match value.as_ref().and_then(|value| value.get(field)) {
            Some(serde_json::Value::String(text)) => presentable(text),
            Some(other) => other.to_string(),
            None => "?".to_owned(),
        }
    }
}

/// A name that another backend would have is told apart from a misspelt one by its kind of error.
fn check_target(name: &str) -> Result<()> {
    match name.parse::<Target>() {
        Ok(target) if !target.is_built() => {
            Err(Error::new(ErrorKind::Unsupported, "this build has no backend for the target")
                .with("field", "default_target")
                .with("value", target)
                .with("allowed", Target::Local))
        }
        _ => Ok(()),
    }
}

/// The beginning of a value, without the user and the password of a URL.
fn presentable(text: &str) -> String {
    match text.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?.1))) {
        Some((scheme, rest)) => shorten(&format!("{scheme}://…@{rest}")),
        None => shorten(text),
    }
}

/// Errors show the beginning of a value, not a megabyte of it.
pub(crate) fn shorten(text: &str) -> String {
    const MOST: usize = 120;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
