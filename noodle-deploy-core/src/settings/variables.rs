//! The one table of environment variables and ranges: parsing, documentation and errors read it.

use crate::machine::deployment::MAX_REPLICAS;
use crate::machine::residency::Loading;
use crate::machine::rollout::MAX_REPLAYED;
use std::fmt::Write as _;

use super::parse::{boolean, bytes, integer, limit, seconds};
use super::{LogLevel, Settings, Strategy};

/// One environment variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// The variable.
    pub name: &'static str,
    /// What it decides.
    pub meaning: &'static str,
    /// What it may hold.
    pub allowed: &'static str,
    /// What becomes of it.
    pub scope: Scope,
}

/// What becomes of a [`Variable`].
#[derive(Debug, Clone, Copy)]
pub enum Scope {
    /// It sets a field of [`Settings`].
    Field {
        /// The field.
        field: &'static str,
        /// What the field may hold, in the field's unit.
        range: &'static str,
        /// Sets the field; `None` where the text does not parse.
        set: fn(&mut Settings, &str) -> Option<()>,
        /// Whether the field is in range.
        fits: fn(&Settings) -> bool,
    },
    /// It switches on what this build does not have: only false is allowed.
    Missing {
        /// What this build cannot do.
        feature: &'static str,
    },
    /// It concerns a server: checked for form, and without effect on an embedded host.
    Server {
        /// Whether the text has the form.
        fits: fn(&str) -> bool,
    },
}

const BOOL: &str = "true, false, 1, 0, yes, no, on or off";
const BYTES: &str = "bytes, such as 1048576, 512MiB or 2GB";
const COUNT_OR_NONE: &str = "1 to 4294967295, or none";
const DAY_MS: u64 = 86_400_000;

/// A field whose variable has the field's unit.
const fn field(
    name: &'static str,
    field: &'static str,
    meaning: &'static str,
    allowed: &'static str,
    set: fn(&mut Settings, &str) -> Option<()>,
    fits: fn(&Settings) -> bool,
) -> Variable {
    Variable { name, meaning, allowed, scope: Scope::Field { field, range: allowed, set, fits } }
}

/// A boolean field.
const fn switch(
    name: &'static str,
    field_name: &'static str,
    meaning: &'static str,
    set: fn(&mut Settings, &str) -> Option<()>,
) -> Variable {
    field(name, field_name, meaning, BOOL, set, |_| true)
}

const fn missing(name: &'static str, meaning: &'static str, feature: &'static str) -> Variable {
    Variable { name, meaning, allowed: BOOL, scope: Scope::Missing { feature } }
}

const fn server(name: &'static str, meaning: &'static str, allowed: &'static str, fits: fn(&str) -> bool) -> Variable {
    Variable { name, meaning, allowed, scope: Scope::Server { fits } }
}

fn put<T>(place: &mut T, value: Option<T>) -> Option<()> {
    *place = value?;
    Some(())
}

/// A name as a target has it: lower-case letters, digits, `-` and `_`.
fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

fn is_host(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:[]/".contains(&b))
}

fn is_actor(text: &str) -> bool {
    (1..=256).contains(&text.len()) && !text.contains(char::is_control) && text.trim() == text
}

fn is_redis_url(text: &str) -> bool {
    let rest = ["redis://", "unix://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    text.len() <= 1_024 && !text.contains(char::is_control) && rest.is_some_and(|rest| !rest.is_empty())
}

/// Names of ONNX Runtime's execution providers that are passed through.
pub(crate) const PROVIDERS: &[&str] = &["cuda", "tensorrt", "rocm", "openvino", "coreml", "directml", "xnnpack", "cpu"];
const PROVIDERS_ALLOWED: &str =
    "names with commas between them: cuda, tensorrt, rocm, openvino, coreml, directml, xnnpack, cpu";

/// Every variable, in the order in which they are applied: of two that set the same field the later one wins.
pub const VARIABLES: &[Variable] = &[
    switch("NOODLE_AI_DEPLOYMENT_ENABLED", "enabled", "Whether a directory may be opened at all", |s, t| {
        put(&mut s.enabled, boolean(t))
    }),
    field(
        "NOODLE_AI_DEPLOYMENT_TARGET",
        "default_target",
        "Target of a deployment that names none",
        "local, or the name of a backend of the host: at most 64 of a to z, 0 to 9, - and _",
        |s, t| put(&mut s.default_target, Some(t.trim().to_owned())),
        |s| is_name(&s.default_target),
    ),
    field(
        "NOODLE_AI_DEPLOYMENT_STRATEGY",
        "default_strategy",
        "Strategy of a change that names none",
        Strategy::ALLOWED,
        |s, t| put(&mut s.default_strategy, t.trim().parse().ok()),
        |_| true,
    ),
    field(
        "NOODLE_ENGINE",
        "default_engine",
        "Engine of a deployment that names none",
        "auto, or the name of an engine: at most 64 of a to z, 0 to 9, - and _",
        |s, t| {
            let name = t.trim();
            s.default_engine = (name != "auto").then(|| name.to_owned());
            Some(())
        },
        |s| s.default_engine.as_deref().is_none_or(is_name),
    ),
    field(
        "NOODLE_LOADING",
        "default_loading",
        "When a deployment is loaded whose deploy does not say",
        Loading::ALLOWED,
        |s, t| put(&mut s.default_loading, t.trim().parse().ok()),
        |_| true,
    ),
    field(
        "NOODLE_ONNXRUNTIME",
        "onnxruntime",
        "ONNX Runtime's shared library, which then stands for choice among the engines",
        "none, auto, or the path of a file",
        |s, t| {
            s.onnxruntime = (t.trim() != "none").then(|| t.trim().to_owned());
            Some(())
        },
        |s| s.onnxruntime.as_deref().is_none_or(|path| !path.is_empty() && !path.contains(char::is_control)),
    ),
    field(
        "NOODLE_ONNXRUNTIME_PROVIDERS",
        "onnxruntime_providers",
        "Execution providers of ONNX Runtime, the preferred one first",
        PROVIDERS_ALLOWED,
        |s, t| {
            s.onnxruntime_providers = t.split(',').map(|name| name.trim().to_owned()).collect();
            Some(())
        },
        |s| s.onnxruntime_providers.iter().all(|name| PROVIDERS.contains(&name.as_str())),
    ),
    switch("NOODLE_AI_SCALE_ENABLED", "scale_enabled", "Whether the number of replicas may change", |s, t| {
        put(&mut s.scale_enabled, boolean(t))
    }),
    switch(
        "NOODLE_MONITORING_ENABLED",
        "monitoring_enabled",
        "Whether metrics, alerts and drift are watched, unless NOODLE_AI_MONITORING_ENABLED says otherwise",
        |s, t| put(&mut s.monitoring_enabled, boolean(t)),
    ),
    switch(
        "NOODLE_AI_MONITORING_ENABLED",
        "monitoring_enabled",
        "Whether metrics, alerts and drift are watched",
        |s, t| put(&mut s.monitoring_enabled, boolean(t)),
    ),
    field(
        "NOODLE_AI_MAX_DEPLOYMENTS",
        "max_deployments",
        "Deployments at most",
        COUNT_OR_NONE,
        |s, t| put(&mut s.max_deployments, limit(t, integer)),
        |s| s.max_deployments != Some(0),
    ),
    field(
        "NOODLE_AI_MAX_CONCURRENT",
        "max_concurrent",
        "Control operations that run at once",
        COUNT_OR_NONE,
        |s, t| put(&mut s.max_concurrent, limit(t, integer)),
        |s| s.max_concurrent != Some(0),
    ),
    server(
        "NOODLE_AI_TIMEOUT_SECONDS",
        "Time that a request to the server may take",
        "seconds, 0.001 to 604800",
        |t| seconds(t).is_some_and(|ms| (1..=7 * DAY_MS).contains(&ms)),
    ),
    server("NOODLE_AI_METRICS_INTERVAL", "Time between two samples of the metrics", "seconds, 0.1 to 86400", |t| {
        seconds(t).is_some_and(|ms| (100..=DAY_MS).contains(&ms))
    }),
    server(
        "NOODLE_AI_AUDIT_LOGGING",
        "Whether changes leave a record",
        "true: the state is read from that record, so it cannot be switched off",
        |t| boolean(t) == Some(true),
    ),
    field(
        "NOODLE_MEMORY_BUDGET_BYTES",
        "memory_budget_bytes",
        "Memory for weights and plans of loaded models",
        "none, or at least 1MiB in bytes, such as 1048576, 512MiB or 2GB",
        |s, t| put(&mut s.memory_budget_bytes, limit(t, bytes)),
        |s| s.memory_budget_bytes.is_none_or(|n| n >= 1 << 20),
    ),
    field(
        "NOODLE_PLAN_CACHE_BYTES",
        "plan_cache_bytes",
        "Memory for compiled plans",
        BYTES,
        |s, t| put(&mut s.plan_cache_bytes, bytes(t)),
        |_| true,
    ),
    switch("NOODLE_SPECIALISE", "specialise", "Whether shapes that run often get plans of their own", |s, t| {
        put(&mut s.specialise, boolean(t))
    }),
    field(
        "NOODLE_MAX_ARTIFACT_BYTES",
        "max_artifact_bytes",
        "Size of one model artifact at most",
        "at least 1 in bytes, such as 1048576, 512MiB or 2GB",
        |s, t| put(&mut s.max_artifact_bytes, bytes(t)),
        |s| s.max_artifact_bytes > 0,
    ),
    field(
        "NOODLE_MAX_QUEUE",
        "max_queue",
        "Requests of one deployment that wait at most",
        "0 to 1000000",
        |s, t| put(&mut s.max_queue, integer(t)),
        |s| s.max_queue <= 1_000_000,
    ),
    field(
        "NOODLE_MAX_REPLICAS",
        "max_replicas",
        "Replicas of one deployment at most",
        "1 to 1024",
        |s, t| put(&mut s.max_replicas, integer(t)),
        |s| (1..=MAX_REPLICAS).contains(&s.max_replicas),
    ),
    field(
        "NOODLE_WORKERS",
        "workers",
        "Threads for asynchronous predictions, 0 for one per core",
        "0 to 1024",
        |s, t| put(&mut s.workers, integer(t)),
        |s| s.workers <= 1024,
    ),
    field(
        "NOODLE_DRAIN_TIMEOUT_MS",
        "drain_timeout_ms",
        "Time that running requests have to finish",
        "0 to 86400000",
        |s, t| put(&mut s.drain_timeout_ms, integer(t)),
        |s| s.drain_timeout_ms <= DAY_MS,
    ),
    field(
        "NOODLE_SHADOW_CPU_PERCENT",
        "shadow_cpu_percent",
        "Share of one processor that runs of versions in the shadow may take, in percent",
        "1 to 100",
        |s, t| put(&mut s.shadow_cpu_percent, integer(t)),
        |s| (1..=100).contains(&s.shadow_cpu_percent),
    ),
    field(
        "NOODLE_JOURNAL_REQUESTS",
        "journal",
        "Requests with a name of their own that are remembered",
        "0 to 1000000",
        |s, t| put(&mut s.journal.get_or_insert_default().requests, integer(t)),
        |s| s.journal.is_none_or(|journal| journal.requests <= 1_000_000),
    ),
    field(
        "NOODLE_JOURNAL_MS",
        "journal",
        "Time for which they are",
        "1000 to 31536000000",
        |s, t| put(&mut s.journal.get_or_insert_default().ms, integer(t)),
        |s| s.journal.is_none_or(|journal| (1_000..=365 * DAY_MS).contains(&journal.ms)),
    ),
    field(
        "NOODLE_RECORDING_REQUESTS",
        "recording",
        "Requests of a deployment that are recorded with their answers, to be replayed",
        "0 to 10000",
        |s, t| put(&mut s.recording.get_or_insert_default().requests, integer(t)),
        |s| s.recording.is_none_or(|recording| recording.requests <= MAX_REPLAYED),
    ),
    field(
        "NOODLE_RECORDING_BYTES",
        "recording",
        "Bytes that they may take",
        "at least 1MiB in bytes, such as 1048576, 512MiB or 2GB",
        |s, t| put(&mut s.recording.get_or_insert_default().bytes, bytes(t)),
        |s| s.recording.is_none_or(|recording| recording.bytes >= 1 << 20),
    ),
    field(
        "NOODLE_RECORDING_MS",
        "recording",
        "Time for which each is kept",
        "1000 to 31536000000",
        |s, t| put(&mut s.recording.get_or_insert_default().ms, integer(t)),
        |s| s.recording.is_none_or(|recording| (1_000..=365 * DAY_MS).contains(&recording.ms)),
    ),
    field(
        "NOODLE_RETAIN_EVENTS",
        "retain_events",
        "Events of the log that stay when it has grown to twice as many",
        COUNT_OR_NONE,
        |s, t| put(&mut s.retain_events, limit(t, integer)),
        |s| s.retain_events != Some(0),
    ),
    field(
        "NOODLE_POLL_INTERVAL_MS",
        "poll_interval_ms",
        "Time between two looks at what other processes did",
        "10 to 250",
        |s, t| put(&mut s.poll_interval_ms, integer(t)),
        |s| (10..=250).contains(&s.poll_interval_ms),
    ),
    field(
        "NOODLE_HEARTBEAT_MS",
        "heartbeat_ms",
        "Time between two heartbeats of a process",
        "10 to 60000",
        |s, t| put(&mut s.heartbeat_ms, integer(t)),
        |s| (10..=60_000).contains(&s.heartbeat_ms),
    ),
    field(
        "NOODLE_LEASE_TTL_MS",
        "lease_ttl_ms",
        "Time after which the lease of a silent process lapses",
        "more than twice heartbeat_ms, to 600000",
        |s, t| put(&mut s.lease_ttl_ms, integer(t)),
        |s| s.lease_ttl_ms > s.heartbeat_ms.saturating_mul(2) && s.lease_ttl_ms <= 600_000,
    ),
    field(
        "NOODLE_KEEP_WARM",
        "keep_warm",
        "Previous revisions that stay loaded",
        "0 to 16",
        |s, t| put(&mut s.keep_warm, integer(t)),
        |s| s.keep_warm <= 16,
    ),
    field(
        "NOODLE_FAILURES_TO_ERROR",
        "failures_to_error",
        "Consecutive failures after which a deployment is in error",
        "1 to 4294967295",
        |s, t| put(&mut s.failures_to_error, integer(t)),
        |s| s.failures_to_error > 0,
    ),
    switch("NOODLE_READ_ONLY", "read_only", "Whether every change is refused", |s, t| {
        put(&mut s.read_only, boolean(t))
    }),
    switch(
        "NOODLE_ALLOW_NETWORK_FS",
        "allow_network_fs",
        "Whether the directory may lie on a network file system",
        |s, t| put(&mut s.allow_network_fs, boolean(t)),
    ),
    switch(
        "NOODLE_ALLOW_UNVERIFIED",
        "allow_unverified",
        "Whether a model without probes or references may be deployed",
        |s, t| put(&mut s.allow_unverified, boolean(t)),
    ),
    switch("NOODLE_LOAD_ON_OPEN", "load_on_open", "Whether opening the directory loads its deployments", |s, t| {
        put(&mut s.load_on_open, boolean(t))
    }),
    field(
        "NOODLE_ACTOR",
        "actor",
        "Who acts, where the caller does not say",
        "1 to 256 bytes without control characters or outer spaces",
        |s, t| put(&mut s.actor, Some(t.to_owned())),
        |s| is_actor(&s.actor),
    ),
    field(
        "NOODLE_REDIS_URL",
        "cache_redis_url",
        "Redis for deployments that keep answers there",
        "none, redis://[user:password@]host[:port][/database] or unix:///path",
        |s, t| {
            s.cache_redis_url = (t.trim() != "none").then(|| t.trim().to_owned());
            Some(())
        },
        |s| s.cache_redis_url.as_deref().is_none_or(is_redis_url),
    ),
    server("NOODLE_LOG_LEVEL", "The least severe message that the server reports", LogLevel::ALLOWED, |t| {
        t.trim().to_ascii_lowercase().parse::<LogLevel>().is_ok()
    }),
    missing("NOODLE_AI_ENCRYPTION_ENABLED", "Whether artifacts are encrypted at rest", "encrypt artifacts"),
    missing("NOODLE_AI_SECURITY_ENABLED", "Whether callers must prove who they are", "authenticate callers"),
    missing("NOODLE_AI_WEBSOCKET_ENABLED", "Whether events are sent over WebSocket", "send events over WebSocket"),
    missing("NOODLE_GPU_ENABLED", "Whether models run on a GPU", "run models on a GPU"),
    server("NOODLE_ENV", "Name of the environment", "at most 64 of a to z, 0 to 9, - and _", is_name),
    server("NOODLE_PORT", "Port that the server listens on", "1 to 65535", |t| {
        integer::<u16>(t).is_some_and(|n| n > 0)
    }),
    server("NOODLE_DB_HOST", "Host of the shared database", "a host name or address", is_host),
    server("NOODLE_DB_MAX_CONNECTIONS", "Connections to the shared database at most", "1 to 10000", |t| {
        integer::<u32>(t).is_some_and(|n| (1..=10_000).contains(&n))
    }),
];

/// The table as Markdown, for the reference page.
pub fn variables_markdown() -> String {
    let mut text = String::from("| Variable | Sets | Meaning | Allowed |\n|---|---|---|---|\n");
    for row in VARIABLES {
        let sets = match row.scope {
            Scope::Field { field, .. } => format!("`{field}`"),
            Scope::Missing { .. } => "not in this build: only false".to_owned(),
            Scope::Server { .. } => "a server only".to_owned(),
        };
        // Writing into a string cannot fail.
        let _ = writeln!(text, "| `{}` | {sets} | {} | {} |", row.name, row.meaning, row.allowed);
    }
    text
}

impl Variable {
    /// The field of [`Settings`] that the variable sets.
    pub fn field(&self) -> Option<&'static str> {
        match self.scope {
            Scope::Field { field, .. } => Some(field),
            Scope::Missing { .. } | Scope::Server { .. } => None,
        }
    }
}
