//! Where each field lies, and what it is in JSON.

// Written by `cargo xtask codegen`; do not edit.

use std::mem::offset_of;

use super::types::*;
use crate::marshal::{Field, Layout, Map, Ty, Union};

static F64_ENTRY: Map =
    Map { stride: size_of::<noodle_f64_entry>(), value_at: offset_of!(noodle_f64_entry, value), value: Ty::F64 };

static METRIC_DIFFERENCE_ENTRY: Map = Map {
    stride: size_of::<noodle_metric_difference_entry>(),
    value_at: offset_of!(noodle_metric_difference_entry, value),
    value: Ty::Struct(&METRIC_DIFFERENCE),
};

static REPLICA_STATUS_ENTRY: Map = Map {
    stride: size_of::<noodle_replica_status_entry>(),
    value_at: offset_of!(noodle_replica_status_entry, value),
    value: Ty::Struct(&REPLICA_STATUS),
};

static TEXT_ENTRY: Map =
    Map { stride: size_of::<noodle_text_entry>(), value_at: offset_of!(noodle_text_entry, value), value: Ty::Text };

static U64_ENTRY: Map =
    Map { stride: size_of::<noodle_u64_entry>(), value_at: offset_of!(noodle_u64_entry, value), value: Ty::U64 };

static REVISION_METRICS_LIST_ENTRY: Map = Map {
    stride: size_of::<noodle_revision_metrics_list_entry>(),
    value_at: offset_of!(noodle_revision_metrics_list_entry, value),
    value: Ty::List(&Ty::Struct(&REVISION_METRICS)),
};

static U32_LIST_ENTRY: Map = Map {
    stride: size_of::<noodle_u32_list_entry>(),
    value_at: offset_of!(noodle_u32_list_entry, value),
    value: Ty::List(&Ty::U32),
};

pub(crate) static AIM: &[&str] = &["throughput", "latency"];

pub(crate) static ALLOCATION: &[&str] = &["fixed", "thompson", "ucb"];

pub(crate) static CACHE_LEVEL: &[&str] = &["memory", "redis", "store"];

pub(crate) static CACHE_POLICY: &[&str] = &["lru", "lfu", "ttl", "fifo"];

pub(crate) static COMPATIBILITY: &[&str] = &["identical", "compatible", "incompatible"];

pub(crate) static CORRECTION: &[&str] = &["none", "bonferroni", "holm", "benjamini_hochberg"];

pub(crate) static DTYPE: &[&str] =
    &["f16", "f32", "f64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "bool", "string"];

pub(crate) static DEPLOYMENT_STATE: &[&str] =
    &["pending", "deploying", "running", "scaling", "stopping", "stopped", "error"];

pub(crate) static ENGINE_VERDICT: &[&str] = &["chosen", "slower", "disagrees", "refused"];

static EVENT: Union = Union {
    size: size_of::<noodle_event>(),
    tag: offset_of!(noodle_event, r#type),
    of: offset_of!(noodle_event, of),
    variants: &[
        ("version_registered", &EVENT_VERSION_REGISTERED),
        ("version_annotated", &EVENT_VERSION_ANNOTATED),
        ("version_probed", &EVENT_VERSION_PROBED),
        ("version_status_changed", &EVENT_VERSION_STATUS_CHANGED),
        ("version_deleted", &EVENT_VERSION_DELETED),
        ("alias_set", &EVENT_ALIAS_SET),
        ("alias_removed", &EVENT_ALIAS_REMOVED),
        ("deploy_requested", &EVENT_DEPLOY_REQUESTED),
        ("deploy_started", &EVENT_DEPLOY_STARTED),
        ("revision_ready", &EVENT_REVISION_READY),
        ("revision_failed", &EVENT_REVISION_FAILED),
        ("promoted", &EVENT_PROMOTED),
        ("rolled_back", &EVENT_ROLLED_BACK),
        ("scale_requested", &EVENT_SCALE_REQUESTED),
        ("scaled", &EVENT_SCALED),
        ("scale_failed", &EVENT_SCALE_FAILED),
        ("stop_requested", &EVENT_STOP_REQUESTED),
        ("stopped", &EVENT_STOPPED),
        ("failed", &EVENT_FAILED),
        ("checkpoint", &EVENT_CHECKPOINT),
        ("version_evaluated", &EVENT_VERSION_EVALUATED),
        ("autoscale_set", &EVENT_AUTOSCALE_SET),
        ("rollout_started", &EVENT_ROLLOUT_STARTED),
        ("rollout_marked", &EVENT_ROLLOUT_MARKED),
        ("rollout_stepped", &EVENT_ROLLOUT_STEPPED),
        ("rollout_phase_changed", &EVENT_ROLLOUT_PHASE_CHANGED),
        ("experiment_created", &EVENT_EXPERIMENT_CREATED),
        ("experiment_weighted", &EVENT_EXPERIMENT_WEIGHTED),
        ("experiment_phase_changed", &EVENT_EXPERIMENT_PHASE_CHANGED),
        ("rules_set", &EVENT_RULES_SET),
    ],
};

pub(crate) static EXPERIMENT_PHASE: &[&str] = &["draft", "running", "paused", "stopped", "decided"];

pub(crate) static FINDING: &[&str] = &["too_few", "inconclusive", "better", "worse"];

pub(crate) static GOAL: &[&str] = &["increase", "decrease"];

pub(crate) static HEALTH: &[&str] = &["healthy", "degraded", "unhealthy"];

pub(crate) static LOADING: &[&str] = &["resident", "on_demand"];

pub(crate) static METHOD: &[&str] = &["sequential", "fixed"];

pub(crate) static METRIC_KIND: &[&str] = &["mean", "proportion", "ratio", "quantile"];

pub(crate) static METRIC_ROLE: &[&str] = &["primary", "secondary", "guardrail"];

pub(crate) static MODEL_KIND: &[&str] = &[
    "code_completion",
    "documentation_generation",
    "code_analysis",
    "static_analysis",
    "security_analysis",
    "performance_optimization",
    "search",
    "semantic_search",
    "learning",
    "network",
    "custom",
];

pub(crate) static PROGRESS_STAGE: &[&str] = &[
    "read",
    "hash",
    "store",
    "load",
    "verify",
    "keep_warm",
    "drain",
    "copy_database",
    "check_log",
    "copy_artifacts",
    "check_artifacts",
    "collect",
    "benchmark",
    "profile",
    "evaluate",
];

pub(crate) static PROGRESS_UNIT: &[&str] =
    &["bytes", "replicas", "probes", "revisions", "requests", "pages", "events", "artifacts", "rounds", "runs", "rows"];

pub(crate) static REVISION_STATUS: &[&str] = &["loading", "ready", "active", "retired", "failed", "superseded"];

pub(crate) static ROLLOUT_PHASE: &[&str] = &["analysing", "gated", "paused", "inconclusive", "completed", "aborted"];

pub(crate) static RULE_TARGET: &[&str] = &["serving", "candidate", "version"];

pub(crate) static STRATEGY: &[&str] =
    &["immediate", "rolling", "blue_green", "canary", "shadow", "ab_testing", "replay"];

static STREAM_CONFIG: Union = Union {
    size: size_of::<noodle_stream_config>(),
    tag: offset_of!(noodle_stream_config, r#type),
    of: offset_of!(noodle_stream_config, of),
    variants: &[("windows", &STREAM_CONFIG_WINDOWS), ("repeat", &STREAM_CONFIG_REPEAT)],
};

pub(crate) static TIMEOUT_ACTION: &[&str] = &["reject", "delay"];

pub(crate) static VERSION_STATUS: &[&str] =
    &["draft", "testing", "approved", "deployed", "deprecated", "retired", "failed"];

pub(crate) static ANALYSIS_CONFIG: Layout = Layout {
    name: "noodle_analysis_config",
    size: size_of::<noodle_analysis_config>(),
    fields: &[
        Field {
            name: "level",
            offset: offset_of!(noodle_analysis_config, level),
            has: Some(offset_of!(noodle_analysis_config, has_level)),
            ty: Ty::F64,
        },
        Field {
            name: "error_margin",
            offset: offset_of!(noodle_analysis_config, error_margin),
            has: Some(offset_of!(noodle_analysis_config, has_error_margin)),
            ty: Ty::F64,
        },
        Field {
            name: "latency_ratio",
            offset: offset_of!(noodle_analysis_config, latency_ratio),
            has: Some(offset_of!(noodle_analysis_config, has_latency_ratio)),
            ty: Ty::F64,
        },
        Field {
            name: "max_differing",
            offset: offset_of!(noodle_analysis_config, max_differing),
            has: Some(offset_of!(noodle_analysis_config, has_max_differing)),
            ty: Ty::F64,
        },
        Field {
            name: "tolerance",
            offset: offset_of!(noodle_analysis_config, tolerance),
            has: None,
            ty: Ty::Struct(&TOLERANCE),
        },
        Field {
            name: "metrics",
            offset: offset_of!(noodle_analysis_config, metrics),
            has: None,
            ty: Ty::List(&Ty::Struct(&ROLLOUT_METRIC)),
        },
        Field {
            name: "cost_ratio",
            offset: offset_of!(noodle_analysis_config, cost_ratio),
            has: Some(offset_of!(noodle_analysis_config, has_cost_ratio)),
            ty: Ty::F64,
        },
        Field {
            name: "drift",
            offset: offset_of!(noodle_analysis_config, drift),
            has: None,
            ty: Ty::Struct(&DRIFT_CONFIG),
        },
    ],
};

pub(crate) static ANNOTATE_VERSION_INPUT: Layout = Layout {
    name: "noodle_annotate_version_input",
    size: size_of::<noodle_annotate_version_input>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_annotate_version_input, model), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_annotate_version_input, version), has: None, ty: Ty::Text },
        Field {
            name: "description",
            offset: offset_of!(noodle_annotate_version_input, description),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "tags",
            offset: offset_of!(noodle_annotate_version_input, tags),
            has: None,
            ty: Ty::Map(&TEXT_ENTRY),
        },
        Field {
            name: "metrics",
            offset: offset_of!(noodle_annotate_version_input, metrics),
            has: None,
            ty: Ty::Map(&F64_ENTRY),
        },
    ],
};

pub(crate) static ANSWERS: Layout = Layout {
    name: "noodle_answers",
    size: size_of::<noodle_answers>(),
    fields: &[
        Field { name: "classes", offset: offset_of!(noodle_answers, classes), has: None, ty: Ty::List(&Ty::F64) },
        Field { name: "means", offset: offset_of!(noodle_answers, means), has: None, ty: Ty::Struct(&MOMENTS) },
    ],
};

pub(crate) static ARM: Layout = Layout {
    name: "noodle_arm",
    size: size_of::<noodle_arm>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_arm, deployment), has: None, ty: Ty::Text },
        Field { name: "revision", offset: offset_of!(noodle_arm, revision), has: None, ty: Ty::U32 },
        Field { name: "version", offset: offset_of!(noodle_arm, version), has: None, ty: Ty::Text },
        Field { name: "weight", offset: offset_of!(noodle_arm, weight), has: None, ty: Ty::U32 },
        Field { name: "reason", offset: offset_of!(noodle_arm, reason), has: None, ty: Ty::Text },
    ],
};

pub(crate) static ARM_CONFIG: Layout = Layout {
    name: "noodle_arm_config",
    size: size_of::<noodle_arm_config>(),
    fields: &[
        Field { name: "name", offset: offset_of!(noodle_arm_config, name), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_arm_config, version), has: None, ty: Ty::Text },
        Field { name: "weight", offset: offset_of!(noodle_arm_config, weight), has: None, ty: Ty::U32 },
    ],
};

pub(crate) static ARM_COUNTS: Layout = Layout {
    name: "noodle_arm_counts",
    size: size_of::<noodle_arm_counts>(),
    fields: &[
        Field { name: "ended", offset: offset_of!(noodle_arm_counts, ended), has: None, ty: Ty::Text },
        Field { name: "failed", offset: offset_of!(noodle_arm_counts, failed), has: None, ty: Ty::Text },
        Field {
            name: "log_latency",
            offset: offset_of!(noodle_arm_counts, log_latency),
            has: None,
            ty: Ty::Struct(&MOMENTS),
        },
        Field {
            name: "differences",
            offset: offset_of!(noodle_arm_counts, differences),
            has: None,
            ty: Ty::Struct(&DIFFERENCES),
        },
        Field {
            name: "outcomes",
            offset: offset_of!(noodle_arm_counts, outcomes),
            has: None,
            ty: Ty::List(&Ty::Struct(&OUTCOME_SUMS)),
        },
        Field {
            name: "log_compute",
            offset: offset_of!(noodle_arm_counts, log_compute),
            has: None,
            ty: Ty::Struct(&MOMENTS),
        },
        Field { name: "answers", offset: offset_of!(noodle_arm_counts, answers), has: None, ty: Ty::Struct(&ANSWERS) },
    ],
};

pub(crate) static AUDIT_REPORT: Layout = Layout {
    name: "noodle_audit_report",
    size: size_of::<noodle_audit_report>(),
    fields: &[
        Field { name: "head", offset: offset_of!(noodle_audit_report, head), has: None, ty: Ty::Struct(&HEAD) },
        Field { name: "events", offset: offset_of!(noodle_audit_report, events), has: None, ty: Ty::Text },
        Field { name: "cut", offset: offset_of!(noodle_audit_report, cut), has: None, ty: Ty::Struct(&HEAD) },
        Field { name: "rows", offset: offset_of!(noodle_audit_report, rows), has: None, ty: Ty::U32 },
        Field { name: "artifacts", offset: offset_of!(noodle_audit_report, artifacts), has: None, ty: Ty::U32 },
    ],
};

pub(crate) static AUDIT_VERIFY_INPUT: Layout = Layout {
    name: "noodle_audit_verify_input",
    size: size_of::<noodle_audit_verify_input>(),
    fields: &[
        Field { name: "since", offset: offset_of!(noodle_audit_verify_input, since), has: None, ty: Ty::Struct(&HEAD) },
        Field { name: "artifacts", offset: offset_of!(noodle_audit_verify_input, artifacts), has: None, ty: Ty::Bool },
    ],
};

pub(crate) static AUTOSCALE_CONFIG: Layout = Layout {
    name: "noodle_autoscale_config",
    size: size_of::<noodle_autoscale_config>(),
    fields: &[
        Field {
            name: "min_replicas",
            offset: offset_of!(noodle_autoscale_config, min_replicas),
            has: Some(offset_of!(noodle_autoscale_config, has_min_replicas)),
            ty: Ty::U32,
        },
        Field {
            name: "max_replicas",
            offset: offset_of!(noodle_autoscale_config, max_replicas),
            has: Some(offset_of!(noodle_autoscale_config, has_max_replicas)),
            ty: Ty::U32,
        },
        Field {
            name: "target_in_flight",
            offset: offset_of!(noodle_autoscale_config, target_in_flight),
            has: Some(offset_of!(noodle_autoscale_config, has_target_in_flight)),
            ty: Ty::F64,
        },
        Field {
            name: "target_queue_delay_ms",
            offset: offset_of!(noodle_autoscale_config, target_queue_delay_ms),
            has: Some(offset_of!(noodle_autoscale_config, has_target_queue_delay_ms)),
            ty: Ty::F64,
        },
        Field {
            name: "latency",
            offset: offset_of!(noodle_autoscale_config, latency),
            has: None,
            ty: Ty::Struct(&LATENCY_OBJECTIVE),
        },
        Field {
            name: "stable_window_ms",
            offset: offset_of!(noodle_autoscale_config, stable_window_ms),
            has: Some(offset_of!(noodle_autoscale_config, has_stable_window_ms)),
            ty: Ty::U32,
        },
        Field {
            name: "panic_window_ms",
            offset: offset_of!(noodle_autoscale_config, panic_window_ms),
            has: Some(offset_of!(noodle_autoscale_config, has_panic_window_ms)),
            ty: Ty::U32,
        },
        Field {
            name: "panic_threshold",
            offset: offset_of!(noodle_autoscale_config, panic_threshold),
            has: Some(offset_of!(noodle_autoscale_config, has_panic_threshold)),
            ty: Ty::F64,
        },
        Field {
            name: "tolerance",
            offset: offset_of!(noodle_autoscale_config, tolerance),
            has: Some(offset_of!(noodle_autoscale_config, has_tolerance)),
            ty: Ty::F64,
        },
        Field {
            name: "down_stabilisation_ms",
            offset: offset_of!(noodle_autoscale_config, down_stabilisation_ms),
            has: Some(offset_of!(noodle_autoscale_config, has_down_stabilisation_ms)),
            ty: Ty::U32,
        },
        Field {
            name: "burst_hold_ms",
            offset: offset_of!(noodle_autoscale_config, burst_hold_ms),
            has: Some(offset_of!(noodle_autoscale_config, has_burst_hold_ms)),
            ty: Ty::U32,
        },
        Field {
            name: "cooldown_up_ms",
            offset: offset_of!(noodle_autoscale_config, cooldown_up_ms),
            has: Some(offset_of!(noodle_autoscale_config, has_cooldown_up_ms)),
            ty: Ty::U32,
        },
        Field {
            name: "cooldown_down_ms",
            offset: offset_of!(noodle_autoscale_config, cooldown_down_ms),
            has: Some(offset_of!(noodle_autoscale_config, has_cooldown_down_ms)),
            ty: Ty::U32,
        },
        Field {
            name: "dry_run",
            offset: offset_of!(noodle_autoscale_config, dry_run),
            has: Some(offset_of!(noodle_autoscale_config, has_dry_run)),
            ty: Ty::Bool,
        },
        Field {
            name: "vertical",
            offset: offset_of!(noodle_autoscale_config, vertical),
            has: None,
            ty: Ty::Struct(&VERTICAL_CONFIG),
        },
    ],
};

pub(crate) static AUTOSCALE_VIEW: Layout = Layout {
    name: "noodle_autoscale_view",
    size: size_of::<noodle_autoscale_view>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_autoscale_view, deployment), has: None, ty: Ty::Text },
        Field { name: "replicas", offset: offset_of!(noodle_autoscale_view, replicas), has: None, ty: Ty::U32 },
        Field {
            name: "autoscale",
            offset: offset_of!(noodle_autoscale_view, autoscale),
            has: None,
            ty: Ty::Struct(&AUTOSCALE_CONFIG),
        },
        Field {
            name: "recommendation",
            offset: offset_of!(noodle_autoscale_view, recommendation),
            has: None,
            ty: Ty::Struct(&SCALE_RECOMMENDATION),
        },
    ],
};

pub(crate) static BACKUP_INPUT: Layout = Layout {
    name: "noodle_backup_input",
    size: size_of::<noodle_backup_input>(),
    fields: &[Field { name: "to", offset: offset_of!(noodle_backup_input, to), has: None, ty: Ty::Text }],
};

pub(crate) static BACKUP_REPORT: Layout = Layout {
    name: "noodle_backup_report",
    size: size_of::<noodle_backup_report>(),
    fields: &[
        Field { name: "head", offset: offset_of!(noodle_backup_report, head), has: None, ty: Ty::Struct(&HEAD) },
        Field { name: "artifacts", offset: offset_of!(noodle_backup_report, artifacts), has: None, ty: Ty::U32 },
    ],
};

pub(crate) static BATCH_CONFIG: Layout = Layout {
    name: "noodle_batch_config",
    size: size_of::<noodle_batch_config>(),
    fields: &[
        Field {
            name: "max_batch_size",
            offset: offset_of!(noodle_batch_config, max_batch_size),
            has: Some(offset_of!(noodle_batch_config, has_max_batch_size)),
            ty: Ty::U32,
        },
        Field { name: "max_delay_us", offset: offset_of!(noodle_batch_config, max_delay_us), has: None, ty: Ty::U32 },
        Field {
            name: "preferred_batch_sizes",
            offset: offset_of!(noodle_batch_config, preferred_batch_sizes),
            has: None,
            ty: Ty::List(&Ty::U32),
        },
        Field {
            name: "adaptive",
            offset: offset_of!(noodle_batch_config, adaptive),
            has: Some(offset_of!(noodle_batch_config, has_adaptive)),
            ty: Ty::Bool,
        },
        Field {
            name: "padding",
            offset: offset_of!(noodle_batch_config, padding),
            has: None,
            ty: Ty::Struct(&PADDING),
        },
        Field {
            name: "priorities",
            offset: offset_of!(noodle_batch_config, priorities),
            has: None,
            ty: Ty::Struct(&PRIORITIES),
        },
    ],
};

pub(crate) static BATCH_STATUS: Layout = Layout {
    name: "noodle_batch_status",
    size: size_of::<noodle_batch_status>(),
    fields: &[
        Field { name: "batches", offset: offset_of!(noodle_batch_status, batches), has: None, ty: Ty::Text },
        Field { name: "rows", offset: offset_of!(noodle_batch_status, rows), has: None, ty: Ty::Text },
        Field {
            name: "max_batch_size",
            offset: offset_of!(noodle_batch_status, max_batch_size),
            has: None,
            ty: Ty::U32,
        },
        Field {
            name: "sizes",
            offset: offset_of!(noodle_batch_status, sizes),
            has: None,
            ty: Ty::List(&Ty::Struct(&SIZE_STATUS)),
        },
    ],
};

pub(crate) static BENCHMARK_CASE: Layout = Layout {
    name: "noodle_benchmark_case",
    size: size_of::<noodle_benchmark_case>(),
    fields: &[
        Field { name: "engine", offset: offset_of!(noodle_benchmark_case, engine), has: None, ty: Ty::Text },
        Field { name: "threads", offset: offset_of!(noodle_benchmark_case, threads), has: None, ty: Ty::U32 },
        Field { name: "batch", offset: offset_of!(noodle_benchmark_case, batch), has: None, ty: Ty::U32 },
    ],
};

pub(crate) static BENCHMARK_FIGURES: Layout = Layout {
    name: "noodle_benchmark_figures",
    size: size_of::<noodle_benchmark_figures>(),
    fields: &[
        Field { name: "requests", offset: offset_of!(noodle_benchmark_figures, requests), has: None, ty: Ty::Text },
        Field {
            name: "latency_mean_us",
            offset: offset_of!(noodle_benchmark_figures, latency_mean_us),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "latency_p50_us",
            offset: offset_of!(noodle_benchmark_figures, latency_p50_us),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "latency_p95_us",
            offset: offset_of!(noodle_benchmark_figures, latency_p95_us),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "latency_p99_us",
            offset: offset_of!(noodle_benchmark_figures, latency_p99_us),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "rows_per_second",
            offset: offset_of!(noodle_benchmark_figures, rows_per_second),
            has: None,
            ty: Ty::F64,
        },
    ],
};

pub(crate) static BENCHMARK_INPUT: Layout = Layout {
    name: "noodle_benchmark_input",
    size: size_of::<noodle_benchmark_input>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_benchmark_input, model), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_benchmark_input, version), has: None, ty: Ty::Text },
        Field { name: "target", offset: offset_of!(noodle_benchmark_input, target), has: None, ty: Ty::Text },
        Field {
            name: "engines",
            offset: offset_of!(noodle_benchmark_input, engines),
            has: None,
            ty: Ty::List(&Ty::Text),
        },
        Field {
            name: "threads",
            offset: offset_of!(noodle_benchmark_input, threads),
            has: None,
            ty: Ty::List(&Ty::U32),
        },
        Field {
            name: "batches",
            offset: offset_of!(noodle_benchmark_input, batches),
            has: None,
            ty: Ty::List(&Ty::U32),
        },
        Field {
            name: "shapes",
            offset: offset_of!(noodle_benchmark_input, shapes),
            has: None,
            ty: Ty::Map(&U32_LIST_ENTRY),
        },
        Field {
            name: "seconds_per_case",
            offset: offset_of!(noodle_benchmark_input, seconds_per_case),
            has: Some(offset_of!(noodle_benchmark_input, has_seconds_per_case)),
            ty: Ty::F64,
        },
    ],
};

pub(crate) static BENCHMARK_REPORT: Layout = Layout {
    name: "noodle_benchmark_report",
    size: size_of::<noodle_benchmark_report>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_benchmark_report, model), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_benchmark_report, version), has: None, ty: Ty::Text },
        Field { name: "digest", offset: offset_of!(noodle_benchmark_report, digest), has: None, ty: Ty::Text },
        Field {
            name: "machine",
            offset: offset_of!(noodle_benchmark_report, machine),
            has: None,
            ty: Ty::Struct(&MACHINE_FACTS),
        },
        Field { name: "inputs", offset: offset_of!(noodle_benchmark_report, inputs), has: None, ty: Ty::Text },
        Field { name: "reference", offset: offset_of!(noodle_benchmark_report, reference), has: None, ty: Ty::Text },
        Field {
            name: "rows",
            offset: offset_of!(noodle_benchmark_report, rows),
            has: None,
            ty: Ty::List(&Ty::Struct(&BENCHMARK_ROW)),
        },
        Field {
            name: "best_latency",
            offset: offset_of!(noodle_benchmark_report, best_latency),
            has: None,
            ty: Ty::Struct(&BENCHMARK_CASE),
        },
        Field {
            name: "best_throughput",
            offset: offset_of!(noodle_benchmark_report, best_throughput),
            has: None,
            ty: Ty::Struct(&BENCHMARK_CASE),
        },
    ],
};

pub(crate) static BENCHMARK_ROW: Layout = Layout {
    name: "noodle_benchmark_row",
    size: size_of::<noodle_benchmark_row>(),
    fields: &[
        Field { name: "engine", offset: offset_of!(noodle_benchmark_row, engine), has: None, ty: Ty::Text },
        Field { name: "threads", offset: offset_of!(noodle_benchmark_row, threads), has: None, ty: Ty::U32 },
        Field { name: "batch", offset: offset_of!(noodle_benchmark_row, batch), has: None, ty: Ty::U32 },
        Field {
            name: "figures",
            offset: offset_of!(noodle_benchmark_row, figures),
            has: None,
            ty: Ty::Struct(&BENCHMARK_FIGURES),
        },
        Field {
            name: "agrees",
            offset: offset_of!(noodle_benchmark_row, agrees),
            has: Some(offset_of!(noodle_benchmark_row, has_agrees)),
            ty: Ty::Bool,
        },
        Field {
            name: "max_abs",
            offset: offset_of!(noodle_benchmark_row, max_abs),
            has: Some(offset_of!(noodle_benchmark_row, has_max_abs)),
            ty: Ty::F64,
        },
        Field { name: "memory_bytes", offset: offset_of!(noodle_benchmark_row, memory_bytes), has: None, ty: Ty::Text },
        Field { name: "error", offset: offset_of!(noodle_benchmark_row, error), has: None, ty: Ty::Text },
    ],
};

pub(crate) static BOUND: Layout = Layout {
    name: "noodle_bound",
    size: size_of::<noodle_bound>(),
    fields: &[
        Field { name: "metric", offset: offset_of!(noodle_bound, metric), has: None, ty: Ty::Text },
        Field {
            name: "at_least",
            offset: offset_of!(noodle_bound, at_least),
            has: Some(offset_of!(noodle_bound, has_at_least)),
            ty: Ty::F64,
        },
        Field {
            name: "at_most",
            offset: offset_of!(noodle_bound, at_most),
            has: Some(offset_of!(noodle_bound, has_at_most)),
            ty: Ty::F64,
        },
    ],
};

pub(crate) static CACHE_CONFIG: Layout = Layout {
    name: "noodle_cache_config",
    size: size_of::<noodle_cache_config>(),
    fields: &[
        Field {
            name: "levels",
            offset: offset_of!(noodle_cache_config, levels),
            has: None,
            ty: Ty::List(&Ty::Enum(CACHE_LEVEL)),
        },
        Field {
            name: "policy",
            offset: offset_of!(noodle_cache_config, policy),
            has: None,
            ty: Ty::Enum(CACHE_POLICY),
        },
        Field { name: "max_bytes", offset: offset_of!(noodle_cache_config, max_bytes), has: None, ty: Ty::Text },
        Field {
            name: "max_entries",
            offset: offset_of!(noodle_cache_config, max_entries),
            has: Some(offset_of!(noodle_cache_config, has_max_entries)),
            ty: Ty::U32,
        },
        Field { name: "ttl_ms", offset: offset_of!(noodle_cache_config, ttl_ms), has: None, ty: Ty::Text },
        Field {
            name: "coalesce",
            offset: offset_of!(noodle_cache_config, coalesce),
            has: Some(offset_of!(noodle_cache_config, has_coalesce)),
            ty: Ty::Bool,
        },
    ],
};

pub(crate) static CACHE_METRICS: Layout = Layout {
    name: "noodle_cache_metrics",
    size: size_of::<noodle_cache_metrics>(),
    fields: &[
        Field { name: "hit_rate", offset: offset_of!(noodle_cache_metrics, hit_rate), has: None, ty: Ty::F64 },
        Field { name: "memory_hits", offset: offset_of!(noodle_cache_metrics, memory_hits), has: None, ty: Ty::Text },
        Field { name: "redis_hits", offset: offset_of!(noodle_cache_metrics, redis_hits), has: None, ty: Ty::Text },
        Field { name: "store_hits", offset: offset_of!(noodle_cache_metrics, store_hits), has: None, ty: Ty::Text },
        Field { name: "misses", offset: offset_of!(noodle_cache_metrics, misses), has: None, ty: Ty::Text },
        Field { name: "coalesced", offset: offset_of!(noodle_cache_metrics, coalesced), has: None, ty: Ty::Text },
        Field { name: "failures", offset: offset_of!(noodle_cache_metrics, failures), has: None, ty: Ty::Text },
        Field { name: "dropped", offset: offset_of!(noodle_cache_metrics, dropped), has: None, ty: Ty::Text },
        Field { name: "entries", offset: offset_of!(noodle_cache_metrics, entries), has: None, ty: Ty::Text },
        Field { name: "bytes", offset: offset_of!(noodle_cache_metrics, bytes), has: None, ty: Ty::Text },
    ],
};

pub(crate) static CANARY_CONFIG: Layout = Layout {
    name: "noodle_canary_config",
    size: size_of::<noodle_canary_config>(),
    fields: &[
        Field {
            name: "steps",
            offset: offset_of!(noodle_canary_config, steps),
            has: None,
            ty: Ty::List(&Ty::Struct(&CANARY_STEP)),
        },
        Field {
            name: "analysis",
            offset: offset_of!(noodle_canary_config, analysis),
            has: None,
            ty: Ty::Struct(&ANALYSIS_CONFIG),
        },
    ],
};

pub(crate) static CANARY_STEP: Layout = Layout {
    name: "noodle_canary_step",
    size: size_of::<noodle_canary_step>(),
    fields: &[
        Field { name: "weight", offset: offset_of!(noodle_canary_step, weight), has: None, ty: Ty::U32 },
        Field {
            name: "min_requests",
            offset: offset_of!(noodle_canary_step, min_requests),
            has: Some(offset_of!(noodle_canary_step, has_min_requests)),
            ty: Ty::U32,
        },
        Field { name: "min_ms", offset: offset_of!(noodle_canary_step, min_ms), has: None, ty: Ty::Text },
        Field { name: "max_ms", offset: offset_of!(noodle_canary_step, max_ms), has: None, ty: Ty::Text },
        Field { name: "gate", offset: offset_of!(noodle_canary_step, gate), has: None, ty: Ty::Bool },
        Field {
            name: "mirror",
            offset: offset_of!(noodle_canary_step, mirror),
            has: None,
            ty: Ty::Struct(&MIRROR_CONFIG),
        },
        Field {
            name: "replicas",
            offset: offset_of!(noodle_canary_step, replicas),
            has: None,
            ty: Ty::Struct(&REPLICA_COUNTS),
        },
        Field {
            name: "replay",
            offset: offset_of!(noodle_canary_step, replay),
            has: None,
            ty: Ty::Struct(&REPLAY_CONFIG),
        },
    ],
};

pub(crate) static CARRIED_TENSOR: Layout = Layout {
    name: "noodle_carried_tensor",
    size: size_of::<noodle_carried_tensor>(),
    fields: &[
        Field { name: "output", offset: offset_of!(noodle_carried_tensor, output), has: None, ty: Ty::Text },
        Field { name: "input", offset: offset_of!(noodle_carried_tensor, input), has: None, ty: Ty::Text },
        Field { name: "shape", offset: offset_of!(noodle_carried_tensor, shape), has: None, ty: Ty::List(&Ty::U32) },
    ],
};

pub(crate) static CHANGE: Layout = Layout {
    name: "noodle_change",
    size: size_of::<noodle_change>(),
    fields: &[
        Field { name: "strategy", offset: offset_of!(noodle_change, strategy), has: None, ty: Ty::Enum(STRATEGY) },
        Field { name: "replicas", offset: offset_of!(noodle_change, replicas), has: None, ty: Ty::U32 },
        Field {
            name: "required_gates",
            offset: offset_of!(noodle_change, required_gates),
            has: None,
            ty: Ty::List(&Ty::Text),
        },
    ],
};

pub(crate) static COMPARE_VERSIONS_INPUT: Layout = Layout {
    name: "noodle_compare_versions_input",
    size: size_of::<noodle_compare_versions_input>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_compare_versions_input, model), has: None, ty: Ty::Text },
        Field { name: "base", offset: offset_of!(noodle_compare_versions_input, base), has: None, ty: Ty::Text },
        Field {
            name: "candidate",
            offset: offset_of!(noodle_compare_versions_input, candidate),
            has: None,
            ty: Ty::Text,
        },
    ],
};

pub(crate) static COMPARISON: Layout = Layout {
    name: "noodle_comparison",
    size: size_of::<noodle_comparison>(),
    fields: &[
        Field { name: "metric", offset: offset_of!(noodle_comparison, metric), has: None, ty: Ty::Text },
        Field { name: "role", offset: offset_of!(noodle_comparison, role), has: None, ty: Ty::Enum(METRIC_ROLE) },
        Field { name: "goal", offset: offset_of!(noodle_comparison, goal), has: None, ty: Ty::Enum(GOAL) },
        Field { name: "arm", offset: offset_of!(noodle_comparison, arm), has: None, ty: Ty::Text },
        Field {
            name: "control_values",
            offset: offset_of!(noodle_comparison, control_values),
            has: None,
            ty: Ty::Text,
        },
        Field { name: "arm_values", offset: offset_of!(noodle_comparison, arm_values), has: None, ty: Ty::Text },
        Field { name: "finding", offset: offset_of!(noodle_comparison, finding), has: None, ty: Ty::Enum(FINDING) },
        Field { name: "figures", offset: offset_of!(noodle_comparison, figures), has: None, ty: Ty::Struct(&FIGURES) },
    ],
};

pub(crate) static CONFUSION_ROW: Layout = Layout {
    name: "noodle_confusion_row",
    size: size_of::<noodle_confusion_row>(),
    fields: &[
        Field { name: "label", offset: offset_of!(noodle_confusion_row, label), has: None, ty: Ty::Text },
        Field {
            name: "answered",
            offset: offset_of!(noodle_confusion_row, answered),
            has: None,
            ty: Ty::List(&Ty::U32),
        },
    ],
};

pub(crate) static COST_FINDINGS: Layout = Layout {
    name: "noodle_cost_findings",
    size: size_of::<noodle_cost_findings>(),
    fields: &[
        Field {
            name: "ratio",
            offset: offset_of!(noodle_cost_findings, ratio),
            has: Some(offset_of!(noodle_cost_findings, has_ratio)),
            ty: Ty::F64,
        },
        Field { name: "costlier", offset: offset_of!(noodle_cost_findings, costlier), has: None, ty: Ty::F64 },
        Field { name: "no_costlier", offset: offset_of!(noodle_cost_findings, no_costlier), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static CREATE_EXPERIMENT_INPUT: Layout = Layout {
    name: "noodle_create_experiment_input",
    size: size_of::<noodle_create_experiment_input>(),
    fields: &[
        Field {
            name: "deployment",
            offset: offset_of!(noodle_create_experiment_input, deployment),
            has: None,
            ty: Ty::Text,
        },
        Field { name: "name", offset: offset_of!(noodle_create_experiment_input, name), has: None, ty: Ty::Text },
        Field {
            name: "arms",
            offset: offset_of!(noodle_create_experiment_input, arms),
            has: None,
            ty: Ty::List(&Ty::Struct(&ARM_CONFIG)),
        },
        Field {
            name: "metrics",
            offset: offset_of!(noodle_create_experiment_input, metrics),
            has: None,
            ty: Ty::List(&Ty::Struct(&METRIC_CONFIG)),
        },
        Field { name: "holdout", offset: offset_of!(noodle_create_experiment_input, holdout), has: None, ty: Ty::U32 },
        Field {
            name: "judgement",
            offset: offset_of!(noodle_create_experiment_input, judgement),
            has: None,
            ty: Ty::Struct(&JUDGEMENT_CONFIG),
        },
        Field {
            name: "segments",
            offset: offset_of!(noodle_create_experiment_input, segments),
            has: None,
            ty: Ty::List(&Ty::Text),
        },
    ],
};

pub(crate) static DECLARE_WINNER_INPUT: Layout = Layout {
    name: "noodle_declare_winner_input",
    size: size_of::<noodle_declare_winner_input>(),
    fields: &[
        Field {
            name: "deployment",
            offset: offset_of!(noodle_declare_winner_input, deployment),
            has: None,
            ty: Ty::Text,
        },
        Field { name: "arm", offset: offset_of!(noodle_declare_winner_input, arm), has: None, ty: Ty::Text },
        Field {
            name: "confidence",
            offset: offset_of!(noodle_declare_winner_input, confidence),
            has: Some(offset_of!(noodle_declare_winner_input, has_confidence)),
            ty: Ty::F64,
        },
        Field { name: "force", offset: offset_of!(noodle_declare_winner_input, force), has: None, ty: Ty::Bool },
        Field { name: "reason", offset: offset_of!(noodle_declare_winner_input, reason), has: None, ty: Ty::Text },
    ],
};

pub(crate) static DELETE_VERSION_INPUT: Layout = Layout {
    name: "noodle_delete_version_input",
    size: size_of::<noodle_delete_version_input>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_delete_version_input, model), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_delete_version_input, version), has: None, ty: Ty::Text },
    ],
};

pub(crate) static DELETED: Layout = Layout {
    name: "noodle_deleted",
    size: size_of::<noodle_deleted>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_deleted, model), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_deleted, version), has: None, ty: Ty::Text },
    ],
};

pub(crate) static DEPLOY_INPUT: Layout = Layout {
    name: "noodle_deploy_input",
    size: size_of::<noodle_deploy_input>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_deploy_input, deployment), has: None, ty: Ty::Text },
        Field { name: "model", offset: offset_of!(noodle_deploy_input, model), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_deploy_input, version), has: None, ty: Ty::Text },
        Field { name: "target", offset: offset_of!(noodle_deploy_input, target), has: None, ty: Ty::Text },
        Field {
            name: "strategy",
            offset: offset_of!(noodle_deploy_input, strategy),
            has: None,
            ty: Ty::Enum(STRATEGY),
        },
        Field {
            name: "replicas",
            offset: offset_of!(noodle_deploy_input, replicas),
            has: Some(offset_of!(noodle_deploy_input, has_replicas)),
            ty: Ty::U32,
        },
        Field {
            name: "threads",
            offset: offset_of!(noodle_deploy_input, threads),
            has: Some(offset_of!(noodle_deploy_input, has_threads)),
            ty: Ty::U32,
        },
        Field {
            name: "shapes",
            offset: offset_of!(noodle_deploy_input, shapes),
            has: None,
            ty: Ty::List(&Ty::Map(&U32_LIST_ENTRY)),
        },
        Field { name: "engine", offset: offset_of!(noodle_deploy_input, engine), has: None, ty: Ty::Text },
        Field {
            name: "batching",
            offset: offset_of!(noodle_deploy_input, batching),
            has: None,
            ty: Ty::Struct(&BATCH_CONFIG),
        },
        Field {
            name: "cache",
            offset: offset_of!(noodle_deploy_input, cache),
            has: None,
            ty: Ty::Struct(&CACHE_CONFIG),
        },
        Field {
            name: "required_gates",
            offset: offset_of!(noodle_deploy_input, required_gates),
            has: None,
            ty: Ty::List(&Ty::Text),
        },
        Field { name: "loading", offset: offset_of!(noodle_deploy_input, loading), has: None, ty: Ty::Enum(LOADING) },
        Field {
            name: "unload_after_ms",
            offset: offset_of!(noodle_deploy_input, unload_after_ms),
            has: None,
            ty: Ty::Text,
        },
        Field { name: "tune", offset: offset_of!(noodle_deploy_input, tune), has: None, ty: Ty::Enum(AIM) },
        Field {
            name: "state",
            offset: offset_of!(noodle_deploy_input, state),
            has: None,
            ty: Ty::Struct(&STATE_CONFIG),
        },
        Field {
            name: "stream",
            offset: offset_of!(noodle_deploy_input, stream),
            has: None,
            ty: Ty::Union(&STREAM_CONFIG),
        },
        Field {
            name: "canary",
            offset: offset_of!(noodle_deploy_input, canary),
            has: None,
            ty: Ty::Struct(&CANARY_CONFIG),
        },
        Field { name: "from", offset: offset_of!(noodle_deploy_input, from), has: None, ty: Ty::Text },
        Field {
            name: "rolling",
            offset: offset_of!(noodle_deploy_input, rolling),
            has: None,
            ty: Ty::Struct(&ROLLING_CONFIG),
        },
    ],
};

pub(crate) static DEPLOYMENT: Layout = Layout {
    name: "noodle_deployment",
    size: size_of::<noodle_deployment>(),
    fields: &[
        Field { name: "name", offset: offset_of!(noodle_deployment, name), has: None, ty: Ty::Text },
        Field { name: "model", offset: offset_of!(noodle_deployment, model), has: None, ty: Ty::Text },
        Field { name: "target", offset: offset_of!(noodle_deployment, target), has: None, ty: Ty::Text },
        Field { name: "strategy", offset: offset_of!(noodle_deployment, strategy), has: None, ty: Ty::Enum(STRATEGY) },
        Field {
            name: "state",
            offset: offset_of!(noodle_deployment, state),
            has: None,
            ty: Ty::Enum(DEPLOYMENT_STATE),
        },
        Field { name: "cause", offset: offset_of!(noodle_deployment, cause), has: None, ty: Ty::Text },
        Field { name: "replicas", offset: offset_of!(noodle_deployment, replicas), has: None, ty: Ty::U32 },
        Field { name: "change", offset: offset_of!(noodle_deployment, change), has: None, ty: Ty::Struct(&CHANGE) },
        Field {
            name: "scaling_from",
            offset: offset_of!(noodle_deployment, scaling_from),
            has: Some(offset_of!(noodle_deployment, has_scaling_from)),
            ty: Ty::U32,
        },
        Field {
            name: "revisions",
            offset: offset_of!(noodle_deployment, revisions),
            has: None,
            ty: Ty::List(&Ty::Struct(&REVISION)),
        },
        Field {
            name: "active",
            offset: offset_of!(noodle_deployment, active),
            has: Some(offset_of!(noodle_deployment, has_active)),
            ty: Ty::U32,
        },
        Field { name: "previous", offset: offset_of!(noodle_deployment, previous), has: None, ty: Ty::List(&Ty::U32) },
        Field { name: "worker", offset: offset_of!(noodle_deployment, worker), has: None, ty: Ty::Text },
        Field { name: "last_revision", offset: offset_of!(noodle_deployment, last_revision), has: None, ty: Ty::U32 },
        Field { name: "created_at", offset: offset_of!(noodle_deployment, created_at), has: None, ty: Ty::Text },
        Field { name: "updated_at", offset: offset_of!(noodle_deployment, updated_at), has: None, ty: Ty::Text },
        Field {
            name: "required_gates",
            offset: offset_of!(noodle_deployment, required_gates),
            has: None,
            ty: Ty::List(&Ty::Text),
        },
        Field {
            name: "autoscale",
            offset: offset_of!(noodle_deployment, autoscale),
            has: None,
            ty: Ty::Struct(&AUTOSCALE_CONFIG),
        },
        Field { name: "rollout", offset: offset_of!(noodle_deployment, rollout), has: None, ty: Ty::Struct(&ROLLOUT) },
        Field {
            name: "experiment",
            offset: offset_of!(noodle_deployment, experiment),
            has: None,
            ty: Ty::Struct(&EXPERIMENT),
        },
        Field {
            name: "rules",
            offset: offset_of!(noodle_deployment, rules),
            has: None,
            ty: Ty::List(&Ty::Struct(&ROUTE_RULE)),
        },
    ],
};

pub(crate) static DEPLOYMENT_FILTER: Layout = Layout {
    name: "noodle_deployment_filter",
    size: size_of::<noodle_deployment_filter>(),
    fields: &[Field {
        name: "deployment",
        offset: offset_of!(noodle_deployment_filter, deployment),
        has: None,
        ty: Ty::Text,
    }],
};

pub(crate) static DEPLOYMENT_HEALTH: Layout = Layout {
    name: "noodle_deployment_health",
    size: size_of::<noodle_deployment_health>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_deployment_health, deployment), has: None, ty: Ty::Text },
        Field { name: "health", offset: offset_of!(noodle_deployment_health, health), has: None, ty: Ty::Enum(HEALTH) },
        Field { name: "ready", offset: offset_of!(noodle_deployment_health, ready), has: None, ty: Ty::Bool },
        Field {
            name: "state",
            offset: offset_of!(noodle_deployment_health, state),
            has: None,
            ty: Ty::Enum(DEPLOYMENT_STATE),
        },
        Field { name: "last_error", offset: offset_of!(noodle_deployment_health, last_error), has: None, ty: Ty::Text },
    ],
};

pub(crate) static DEPLOYMENT_LIST: Layout = Layout {
    name: "noodle_deployment_list",
    size: size_of::<noodle_deployment_list>(),
    fields: &[Field {
        name: "deployments",
        offset: offset_of!(noodle_deployment_list, deployments),
        has: None,
        ty: Ty::List(&Ty::Struct(&DEPLOYMENT_VIEW)),
    }],
};

pub(crate) static DEPLOYMENT_REF: Layout = Layout {
    name: "noodle_deployment_ref",
    size: size_of::<noodle_deployment_ref>(),
    fields: &[Field {
        name: "deployment",
        offset: offset_of!(noodle_deployment_ref, deployment),
        has: None,
        ty: Ty::Text,
    }],
};

pub(crate) static DEPLOYMENT_VIEW: Layout = Layout {
    name: "noodle_deployment_view",
    size: size_of::<noodle_deployment_view>(),
    fields: &[
        Field {
            name: "desired",
            offset: offset_of!(noodle_deployment_view, desired),
            has: None,
            ty: Ty::Struct(&DEPLOYMENT),
        },
        Field { name: "serving", offset: offset_of!(noodle_deployment_view, serving), has: None, ty: Ty::Text },
        Field { name: "lagging", offset: offset_of!(noodle_deployment_view, lagging), has: None, ty: Ty::Text },
        Field {
            name: "replicas",
            offset: offset_of!(noodle_deployment_view, replicas),
            has: None,
            ty: Ty::Map(&REPLICA_STATUS_ENTRY),
        },
    ],
};

pub(crate) static DIFFERENCES: Layout = Layout {
    name: "noodle_differences",
    size: size_of::<noodle_differences>(),
    fields: &[
        Field { name: "compared", offset: offset_of!(noodle_differences, compared), has: None, ty: Ty::Text },
        Field { name: "differing", offset: offset_of!(noodle_differences, differing), has: None, ty: Ty::Text },
        Field { name: "skipped", offset: offset_of!(noodle_differences, skipped), has: None, ty: Ty::Text },
        Field { name: "sum", offset: offset_of!(noodle_differences, sum), has: None, ty: Ty::F64 },
        Field { name: "largest", offset: offset_of!(noodle_differences, largest), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static DRIFT_CONFIG: Layout = Layout {
    name: "noodle_drift_config",
    size: size_of::<noodle_drift_config>(),
    fields: &[
        Field {
            name: "max_class_shift",
            offset: offset_of!(noodle_drift_config, max_class_shift),
            has: Some(offset_of!(noodle_drift_config, has_max_class_shift)),
            ty: Ty::F64,
        },
        Field {
            name: "max_mean_shift",
            offset: offset_of!(noodle_drift_config, max_mean_shift),
            has: Some(offset_of!(noodle_drift_config, has_max_mean_shift)),
            ty: Ty::F64,
        },
    ],
};

pub(crate) static DRIFT_FINDINGS: Layout = Layout {
    name: "noodle_drift_findings",
    size: size_of::<noodle_drift_findings>(),
    fields: &[
        Field {
            name: "candidate_answers",
            offset: offset_of!(noodle_drift_findings, candidate_answers),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "baseline_answers",
            offset: offset_of!(noodle_drift_findings, baseline_answers),
            has: None,
            ty: Ty::Text,
        },
        Field { name: "shift", offset: offset_of!(noodle_drift_findings, shift), has: None, ty: Ty::F64 },
        Field {
            name: "class_index",
            offset: offset_of!(noodle_drift_findings, class_index),
            has: Some(offset_of!(noodle_drift_findings, has_class_index)),
            ty: Ty::U32,
        },
        Field { name: "moved", offset: offset_of!(noodle_drift_findings, moved), has: None, ty: Ty::F64 },
        Field { name: "not_moved", offset: offset_of!(noodle_drift_findings, not_moved), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static ENGINE_CHOICE: Layout = Layout {
    name: "noodle_engine_choice",
    size: size_of::<noodle_engine_choice>(),
    fields: &[
        Field { name: "reason", offset: offset_of!(noodle_engine_choice, reason), has: None, ty: Ty::Text },
        Field { name: "inputs", offset: offset_of!(noodle_engine_choice, inputs), has: None, ty: Ty::U32 },
        Field { name: "remembered", offset: offset_of!(noodle_engine_choice, remembered), has: None, ty: Ty::Bool },
        Field {
            name: "candidates",
            offset: offset_of!(noodle_engine_choice, candidates),
            has: None,
            ty: Ty::List(&Ty::Struct(&ENGINE_FIGURES)),
        },
    ],
};

pub(crate) static ENGINE_FIGURES: Layout = Layout {
    name: "noodle_engine_figures",
    size: size_of::<noodle_engine_figures>(),
    fields: &[
        Field { name: "engine", offset: offset_of!(noodle_engine_figures, engine), has: None, ty: Ty::Text },
        Field {
            name: "verdict",
            offset: offset_of!(noodle_engine_figures, verdict),
            has: None,
            ty: Ty::Enum(ENGINE_VERDICT),
        },
        Field {
            name: "median_us",
            offset: offset_of!(noodle_engine_figures, median_us),
            has: Some(offset_of!(noodle_engine_figures, has_median_us)),
            ty: Ty::F64,
        },
        Field {
            name: "max_abs",
            offset: offset_of!(noodle_engine_figures, max_abs),
            has: Some(offset_of!(noodle_engine_figures, has_max_abs)),
            ty: Ty::F64,
        },
        Field { name: "reason", offset: offset_of!(noodle_engine_figures, reason), has: None, ty: Ty::Text },
    ],
};

pub(crate) static ERROR_RECORD: Layout = Layout {
    name: "noodle_error_record",
    size: size_of::<noodle_error_record>(),
    fields: &[
        Field { name: "code", offset: offset_of!(noodle_error_record, code), has: None, ty: Ty::U32 },
        Field { name: "kind", offset: offset_of!(noodle_error_record, kind), has: None, ty: Ty::Text },
        Field { name: "message", offset: offset_of!(noodle_error_record, message), has: None, ty: Ty::Text },
        Field { name: "operation", offset: offset_of!(noodle_error_record, operation), has: None, ty: Ty::Text },
        Field {
            name: "context",
            offset: offset_of!(noodle_error_record, context),
            has: None,
            ty: Ty::Map(&TEXT_ENTRY),
        },
        Field { name: "retryable", offset: offset_of!(noodle_error_record, retryable), has: None, ty: Ty::Bool },
    ],
};

pub(crate) static EVALUATE_INPUT: Layout = Layout {
    name: "noodle_evaluate_input",
    size: size_of::<noodle_evaluate_input>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_evaluate_input, model), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_evaluate_input, version), has: None, ty: Ty::Text },
        Field { name: "deployment", offset: offset_of!(noodle_evaluate_input, deployment), has: None, ty: Ty::Text },
        Field { name: "data", offset: offset_of!(noodle_evaluate_input, data), has: None, ty: Ty::Text },
        Field {
            name: "metrics",
            offset: offset_of!(noodle_evaluate_input, metrics),
            has: None,
            ty: Ty::List(&Ty::Text),
        },
        Field { name: "output", offset: offset_of!(noodle_evaluate_input, output), has: None, ty: Ty::Text },
        Field { name: "target", offset: offset_of!(noodle_evaluate_input, target), has: None, ty: Ty::Text },
        Field { name: "softmax", offset: offset_of!(noodle_evaluate_input, softmax), has: None, ty: Ty::Bool },
        Field {
            name: "top_k",
            offset: offset_of!(noodle_evaluate_input, top_k),
            has: Some(offset_of!(noodle_evaluate_input, has_top_k)),
            ty: Ty::U32,
        },
        Field {
            name: "tolerance",
            offset: offset_of!(noodle_evaluate_input, tolerance),
            has: None,
            ty: Ty::Struct(&TOLERANCE),
        },
        Field { name: "gate", offset: offset_of!(noodle_evaluate_input, gate), has: None, ty: Ty::Struct(&GATE) },
        Field { name: "engine", offset: offset_of!(noodle_evaluate_input, engine), has: None, ty: Ty::Text },
        Field {
            name: "threads",
            offset: offset_of!(noodle_evaluate_input, threads),
            has: Some(offset_of!(noodle_evaluate_input, has_threads)),
            ty: Ty::U32,
        },
        Field {
            name: "batch",
            offset: offset_of!(noodle_evaluate_input, batch),
            has: Some(offset_of!(noodle_evaluate_input, has_batch)),
            ty: Ty::U32,
        },
    ],
};

pub(crate) static EVALUATION: Layout = Layout {
    name: "noodle_evaluation",
    size: size_of::<noodle_evaluation>(),
    fields: &[
        Field { name: "gate", offset: offset_of!(noodle_evaluation, gate), has: None, ty: Ty::Text },
        Field { name: "passed", offset: offset_of!(noodle_evaluation, passed), has: None, ty: Ty::Bool },
        Field { name: "artifact", offset: offset_of!(noodle_evaluation, artifact), has: None, ty: Ty::Text },
        Field { name: "data", offset: offset_of!(noodle_evaluation, data), has: None, ty: Ty::Text },
        Field { name: "rows", offset: offset_of!(noodle_evaluation, rows), has: None, ty: Ty::Text },
        Field { name: "engine", offset: offset_of!(noodle_evaluation, engine), has: None, ty: Ty::Text },
        Field { name: "metrics", offset: offset_of!(noodle_evaluation, metrics), has: None, ty: Ty::Map(&F64_ENTRY) },
        Field {
            name: "bounds",
            offset: offset_of!(noodle_evaluation, bounds),
            has: None,
            ty: Ty::List(&Ty::Struct(&BOUND)),
        },
        Field { name: "at", offset: offset_of!(noodle_evaluation, at), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EVALUATION_REPORT: Layout = Layout {
    name: "noodle_evaluation_report",
    size: size_of::<noodle_evaluation_report>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_evaluation_report, model), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_evaluation_report, version), has: None, ty: Ty::Text },
        Field { name: "digest", offset: offset_of!(noodle_evaluation_report, digest), has: None, ty: Ty::Text },
        Field { name: "data", offset: offset_of!(noodle_evaluation_report, data), has: None, ty: Ty::Text },
        Field { name: "rows", offset: offset_of!(noodle_evaluation_report, rows), has: None, ty: Ty::Text },
        Field { name: "engine", offset: offset_of!(noodle_evaluation_report, engine), has: None, ty: Ty::Text },
        Field { name: "output", offset: offset_of!(noodle_evaluation_report, output), has: None, ty: Ty::Text },
        Field { name: "target", offset: offset_of!(noodle_evaluation_report, target), has: None, ty: Ty::Text },
        Field {
            name: "metrics",
            offset: offset_of!(noodle_evaluation_report, metrics),
            has: None,
            ty: Ty::Map(&F64_ENTRY),
        },
        Field {
            name: "undefined",
            offset: offset_of!(noodle_evaluation_report, undefined),
            has: None,
            ty: Ty::Map(&TEXT_ENTRY),
        },
        Field {
            name: "confusion",
            offset: offset_of!(noodle_evaluation_report, confusion),
            has: None,
            ty: Ty::List(&Ty::Struct(&CONFUSION_ROW)),
        },
        Field { name: "gate", offset: offset_of!(noodle_evaluation_report, gate), has: None, ty: Ty::Text },
        Field { name: "passed", offset: offset_of!(noodle_evaluation_report, passed), has: None, ty: Ty::Bool },
        Field {
            name: "broken",
            offset: offset_of!(noodle_evaluation_report, broken),
            has: None,
            ty: Ty::List(&Ty::Struct(&BOUND)),
        },
    ],
};

pub(crate) static EVENT_VERSION_REGISTERED: Layout = Layout {
    name: "noodle_event_version_registered",
    size: size_of::<noodle_event_version_registered>(),
    fields: &[
        Field {
            name: "model_type",
            offset: offset_of!(noodle_event_version_registered, model_type),
            has: None,
            ty: Ty::Enum(MODEL_KIND),
        },
        Field {
            name: "record",
            offset: offset_of!(noodle_event_version_registered, record),
            has: None,
            ty: Ty::Struct(&VERSION_RECORD),
        },
    ],
};

pub(crate) static EVENT_VERSION_ANNOTATED: Layout = Layout {
    name: "noodle_event_version_annotated",
    size: size_of::<noodle_event_version_annotated>(),
    fields: &[
        Field { name: "version", offset: offset_of!(noodle_event_version_annotated, version), has: None, ty: Ty::Text },
        Field {
            name: "description",
            offset: offset_of!(noodle_event_version_annotated, description),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "tags",
            offset: offset_of!(noodle_event_version_annotated, tags),
            has: None,
            ty: Ty::Map(&TEXT_ENTRY),
        },
        Field {
            name: "metrics",
            offset: offset_of!(noodle_event_version_annotated, metrics),
            has: None,
            ty: Ty::Map(&F64_ENTRY),
        },
    ],
};

pub(crate) static EVENT_VERSION_PROBED: Layout = Layout {
    name: "noodle_event_version_probed",
    size: size_of::<noodle_event_version_probed>(),
    fields: &[
        Field { name: "version", offset: offset_of!(noodle_event_version_probed, version), has: None, ty: Ty::Text },
        Field { name: "probes", offset: offset_of!(noodle_event_version_probed, probes), has: None, ty: Ty::Text },
        Field { name: "engine", offset: offset_of!(noodle_event_version_probed, engine), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EVENT_VERSION_STATUS_CHANGED: Layout = Layout {
    name: "noodle_event_version_status_changed",
    size: size_of::<noodle_event_version_status_changed>(),
    fields: &[
        Field {
            name: "version",
            offset: offset_of!(noodle_event_version_status_changed, version),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "from",
            offset: offset_of!(noodle_event_version_status_changed, from),
            has: None,
            ty: Ty::Enum(VERSION_STATUS),
        },
        Field {
            name: "to",
            offset: offset_of!(noodle_event_version_status_changed, to),
            has: None,
            ty: Ty::Enum(VERSION_STATUS),
        },
        Field {
            name: "reason",
            offset: offset_of!(noodle_event_version_status_changed, reason),
            has: None,
            ty: Ty::Text,
        },
    ],
};

pub(crate) static EVENT_VERSION_DELETED: Layout = Layout {
    name: "noodle_event_version_deleted",
    size: size_of::<noodle_event_version_deleted>(),
    fields: &[Field {
        name: "version",
        offset: offset_of!(noodle_event_version_deleted, version),
        has: None,
        ty: Ty::Text,
    }],
};

pub(crate) static EVENT_ALIAS_SET: Layout = Layout {
    name: "noodle_event_alias_set",
    size: size_of::<noodle_event_alias_set>(),
    fields: &[
        Field { name: "alias", offset: offset_of!(noodle_event_alias_set, alias), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_event_alias_set, version), has: None, ty: Ty::Text },
        Field { name: "previous", offset: offset_of!(noodle_event_alias_set, previous), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EVENT_ALIAS_REMOVED: Layout = Layout {
    name: "noodle_event_alias_removed",
    size: size_of::<noodle_event_alias_removed>(),
    fields: &[
        Field { name: "alias", offset: offset_of!(noodle_event_alias_removed, alias), has: None, ty: Ty::Text },
        Field { name: "previous", offset: offset_of!(noodle_event_alias_removed, previous), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EVENT_DEPLOY_REQUESTED: Layout = Layout {
    name: "noodle_event_deploy_requested",
    size: size_of::<noodle_event_deploy_requested>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_event_deploy_requested, model), has: None, ty: Ty::Text },
        Field { name: "target", offset: offset_of!(noodle_event_deploy_requested, target), has: None, ty: Ty::Text },
        Field {
            name: "strategy",
            offset: offset_of!(noodle_event_deploy_requested, strategy),
            has: None,
            ty: Ty::Enum(STRATEGY),
        },
        Field { name: "replicas", offset: offset_of!(noodle_event_deploy_requested, replicas), has: None, ty: Ty::U32 },
        Field {
            name: "revision",
            offset: offset_of!(noodle_event_deploy_requested, revision),
            has: None,
            ty: Ty::Struct(&REVISION),
        },
        Field {
            name: "required_gates",
            offset: offset_of!(noodle_event_deploy_requested, required_gates),
            has: None,
            ty: Ty::List(&Ty::Text),
        },
    ],
};

pub(crate) static EVENT_DEPLOY_STARTED: Layout = Layout {
    name: "noodle_event_deploy_started",
    size: size_of::<noodle_event_deploy_started>(),
    fields: &[
        Field { name: "revision", offset: offset_of!(noodle_event_deploy_started, revision), has: None, ty: Ty::U32 },
        Field { name: "instance", offset: offset_of!(noodle_event_deploy_started, instance), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EVENT_REVISION_READY: Layout = Layout {
    name: "noodle_event_revision_ready",
    size: size_of::<noodle_event_revision_ready>(),
    fields: &[
        Field { name: "revision", offset: offset_of!(noodle_event_revision_ready, revision), has: None, ty: Ty::U32 },
        Field {
            name: "verification",
            offset: offset_of!(noodle_event_revision_ready, verification),
            has: None,
            ty: Ty::Text,
        },
    ],
};

pub(crate) static EVENT_REVISION_FAILED: Layout = Layout {
    name: "noodle_event_revision_failed",
    size: size_of::<noodle_event_revision_failed>(),
    fields: &[
        Field { name: "revision", offset: offset_of!(noodle_event_revision_failed, revision), has: None, ty: Ty::U32 },
        Field { name: "cause", offset: offset_of!(noodle_event_revision_failed, cause), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EVENT_PROMOTED: Layout = Layout {
    name: "noodle_event_promoted",
    size: size_of::<noodle_event_promoted>(),
    fields: &[
        Field {
            name: "from",
            offset: offset_of!(noodle_event_promoted, from),
            has: Some(offset_of!(noodle_event_promoted, has_from)),
            ty: Ty::U32,
        },
        Field { name: "to", offset: offset_of!(noodle_event_promoted, to), has: None, ty: Ty::U32 },
    ],
};

pub(crate) static EVENT_ROLLED_BACK: Layout = Layout {
    name: "noodle_event_rolled_back",
    size: size_of::<noodle_event_rolled_back>(),
    fields: &[
        Field { name: "from", offset: offset_of!(noodle_event_rolled_back, from), has: None, ty: Ty::U32 },
        Field { name: "to", offset: offset_of!(noodle_event_rolled_back, to), has: None, ty: Ty::U32 },
        Field { name: "reason", offset: offset_of!(noodle_event_rolled_back, reason), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EVENT_SCALE_REQUESTED: Layout = Layout {
    name: "noodle_event_scale_requested",
    size: size_of::<noodle_event_scale_requested>(),
    fields: &[
        Field { name: "from", offset: offset_of!(noodle_event_scale_requested, from), has: None, ty: Ty::U32 },
        Field { name: "to", offset: offset_of!(noodle_event_scale_requested, to), has: None, ty: Ty::U32 },
        Field { name: "instance", offset: offset_of!(noodle_event_scale_requested, instance), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EVENT_SCALED: Layout = Layout {
    name: "noodle_event_scaled",
    size: size_of::<noodle_event_scaled>(),
    fields: &[Field { name: "replicas", offset: offset_of!(noodle_event_scaled, replicas), has: None, ty: Ty::U32 }],
};

pub(crate) static EVENT_SCALE_FAILED: Layout = Layout {
    name: "noodle_event_scale_failed",
    size: size_of::<noodle_event_scale_failed>(),
    fields: &[
        Field { name: "replicas", offset: offset_of!(noodle_event_scale_failed, replicas), has: None, ty: Ty::U32 },
        Field { name: "cause", offset: offset_of!(noodle_event_scale_failed, cause), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EVENT_STOP_REQUESTED: Layout = Layout {
    name: "noodle_event_stop_requested",
    size: size_of::<noodle_event_stop_requested>(),
    fields: &[
        Field { name: "force", offset: offset_of!(noodle_event_stop_requested, force), has: None, ty: Ty::Bool },
        Field { name: "instance", offset: offset_of!(noodle_event_stop_requested, instance), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EVENT_STOPPED: Layout =
    Layout { name: "noodle_event_stopped", size: size_of::<noodle_event_stopped>(), fields: &[] };

pub(crate) static EVENT_FAILED: Layout = Layout {
    name: "noodle_event_failed",
    size: size_of::<noodle_event_failed>(),
    fields: &[Field { name: "cause", offset: offset_of!(noodle_event_failed, cause), has: None, ty: Ty::Text }],
};

pub(crate) static EVENT_CHECKPOINT: Layout = Layout {
    name: "noodle_event_checkpoint",
    size: size_of::<noodle_event_checkpoint>(),
    fields: &[
        Field { name: "cut", offset: offset_of!(noodle_event_checkpoint, cut), has: None, ty: Ty::Struct(&HEAD) },
        Field { name: "state", offset: offset_of!(noodle_event_checkpoint, state), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EVENT_VERSION_EVALUATED: Layout = Layout {
    name: "noodle_event_version_evaluated",
    size: size_of::<noodle_event_version_evaluated>(),
    fields: &[
        Field { name: "version", offset: offset_of!(noodle_event_version_evaluated, version), has: None, ty: Ty::Text },
        Field {
            name: "evaluation",
            offset: offset_of!(noodle_event_version_evaluated, evaluation),
            has: None,
            ty: Ty::Struct(&EVALUATION),
        },
    ],
};

pub(crate) static EVENT_AUTOSCALE_SET: Layout = Layout {
    name: "noodle_event_autoscale_set",
    size: size_of::<noodle_event_autoscale_set>(),
    fields: &[Field {
        name: "autoscale",
        offset: offset_of!(noodle_event_autoscale_set, autoscale),
        has: None,
        ty: Ty::Struct(&AUTOSCALE_CONFIG),
    }],
};

pub(crate) static EVENT_ROLLOUT_STARTED: Layout = Layout {
    name: "noodle_event_rollout_started",
    size: size_of::<noodle_event_rollout_started>(),
    fields: &[
        Field { name: "baseline", offset: offset_of!(noodle_event_rollout_started, baseline), has: None, ty: Ty::U32 },
        Field {
            name: "candidate",
            offset: offset_of!(noodle_event_rollout_started, candidate),
            has: None,
            ty: Ty::U32,
        },
        Field { name: "salt", offset: offset_of!(noodle_event_rollout_started, salt), has: None, ty: Ty::Text },
        Field {
            name: "canary",
            offset: offset_of!(noodle_event_rollout_started, canary),
            has: None,
            ty: Ty::Struct(&CANARY_CONFIG),
        },
    ],
};

pub(crate) static EVENT_ROLLOUT_MARKED: Layout = Layout {
    name: "noodle_event_rollout_marked",
    size: size_of::<noodle_event_rollout_marked>(),
    fields: &[
        Field { name: "step", offset: offset_of!(noodle_event_rollout_marked, step), has: None, ty: Ty::U32 },
        Field { name: "from", offset: offset_of!(noodle_event_rollout_marked, from), has: None, ty: Ty::Struct(&SEEN) },
    ],
};

pub(crate) static EVENT_ROLLOUT_STEPPED: Layout = Layout {
    name: "noodle_event_rollout_stepped",
    size: size_of::<noodle_event_rollout_stepped>(),
    fields: &[
        Field { name: "step", offset: offset_of!(noodle_event_rollout_stepped, step), has: None, ty: Ty::U32 },
        Field { name: "weight", offset: offset_of!(noodle_event_rollout_stepped, weight), has: None, ty: Ty::U32 },
        Field { name: "reason", offset: offset_of!(noodle_event_rollout_stepped, reason), has: None, ty: Ty::Text },
        Field {
            name: "evidence",
            offset: offset_of!(noodle_event_rollout_stepped, evidence),
            has: None,
            ty: Ty::Struct(&EVIDENCE),
        },
        Field {
            name: "findings",
            offset: offset_of!(noodle_event_rollout_stepped, findings),
            has: None,
            ty: Ty::Struct(&FINDINGS),
        },
    ],
};

pub(crate) static EVENT_ROLLOUT_PHASE_CHANGED: Layout = Layout {
    name: "noodle_event_rollout_phase_changed",
    size: size_of::<noodle_event_rollout_phase_changed>(),
    fields: &[
        Field {
            name: "phase",
            offset: offset_of!(noodle_event_rollout_phase_changed, phase),
            has: None,
            ty: Ty::Enum(ROLLOUT_PHASE),
        },
        Field {
            name: "reason",
            offset: offset_of!(noodle_event_rollout_phase_changed, reason),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "evidence",
            offset: offset_of!(noodle_event_rollout_phase_changed, evidence),
            has: None,
            ty: Ty::Struct(&EVIDENCE),
        },
        Field {
            name: "findings",
            offset: offset_of!(noodle_event_rollout_phase_changed, findings),
            has: None,
            ty: Ty::Struct(&FINDINGS),
        },
    ],
};

pub(crate) static EVENT_EXPERIMENT_CREATED: Layout = Layout {
    name: "noodle_event_experiment_created",
    size: size_of::<noodle_event_experiment_created>(),
    fields: &[Field {
        name: "experiment",
        offset: offset_of!(noodle_event_experiment_created, experiment),
        has: None,
        ty: Ty::Struct(&EXPERIMENT),
    }],
};

pub(crate) static EVENT_EXPERIMENT_WEIGHTED: Layout = Layout {
    name: "noodle_event_experiment_weighted",
    size: size_of::<noodle_event_experiment_weighted>(),
    fields: &[
        Field {
            name: "weights",
            offset: offset_of!(noodle_event_experiment_weighted, weights),
            has: None,
            ty: Ty::List(&Ty::U32),
        },
        Field {
            name: "shares",
            offset: offset_of!(noodle_event_experiment_weighted, shares),
            has: None,
            ty: Ty::List(&Ty::Struct(&SHARE)),
        },
        Field { name: "reason", offset: offset_of!(noodle_event_experiment_weighted, reason), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EVENT_EXPERIMENT_PHASE_CHANGED: Layout = Layout {
    name: "noodle_event_experiment_phase_changed",
    size: size_of::<noodle_event_experiment_phase_changed>(),
    fields: &[
        Field {
            name: "phase",
            offset: offset_of!(noodle_event_experiment_phase_changed, phase),
            has: None,
            ty: Ty::Enum(EXPERIMENT_PHASE),
        },
        Field {
            name: "reason",
            offset: offset_of!(noodle_event_experiment_phase_changed, reason),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "winner",
            offset: offset_of!(noodle_event_experiment_phase_changed, winner),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "report",
            offset: offset_of!(noodle_event_experiment_phase_changed, report),
            has: None,
            ty: Ty::Struct(&EXPERIMENT_REPORT),
        },
    ],
};

pub(crate) static EVENT_RULES_SET: Layout = Layout {
    name: "noodle_event_rules_set",
    size: size_of::<noodle_event_rules_set>(),
    fields: &[Field {
        name: "rules",
        offset: offset_of!(noodle_event_rules_set, rules),
        has: None,
        ty: Ty::List(&Ty::Struct(&ROUTE_RULE)),
    }],
};

pub(crate) static EVENT_RECORD: Layout = Layout {
    name: "noodle_event_record",
    size: size_of::<noodle_event_record>(),
    fields: &[
        Field { name: "sequence", offset: offset_of!(noodle_event_record, sequence), has: None, ty: Ty::Text },
        Field { name: "stream", offset: offset_of!(noodle_event_record, stream), has: None, ty: Ty::Text },
        Field { name: "at", offset: offset_of!(noodle_event_record, at), has: None, ty: Ty::Text },
        Field { name: "actor", offset: offset_of!(noodle_event_record, actor), has: None, ty: Ty::Text },
        Field { name: "operation", offset: offset_of!(noodle_event_record, operation), has: None, ty: Ty::Text },
        Field { name: "request_id", offset: offset_of!(noodle_event_record, request_id), has: None, ty: Ty::Text },
        Field { name: "event", offset: offset_of!(noodle_event_record, event), has: None, ty: Ty::Union(&EVENT) },
        Field { name: "hash", offset: offset_of!(noodle_event_record, hash), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EVIDENCE: Layout = Layout {
    name: "noodle_evidence",
    size: size_of::<noodle_evidence>(),
    fields: &[
        Field {
            name: "fails_more",
            offset: offset_of!(noodle_evidence, fails_more),
            has: None,
            ty: Ty::Struct(&PROPORTION_EVIDENCE),
        },
        Field {
            name: "fails_no_more",
            offset: offset_of!(noodle_evidence, fails_no_more),
            has: None,
            ty: Ty::Struct(&PROPORTION_EVIDENCE),
        },
        Field {
            name: "slower_before",
            offset: offset_of!(noodle_evidence, slower_before),
            has: None,
            ty: Ty::Struct(&MEAN_EVIDENCE),
        },
        Field {
            name: "slower",
            offset: offset_of!(noodle_evidence, slower),
            has: None,
            ty: Ty::Struct(&MEAN_EVIDENCE),
        },
        Field {
            name: "mirror",
            offset: offset_of!(noodle_evidence, mirror),
            has: None,
            ty: Ty::Struct(&MIRROR_EVIDENCE),
        },
        Field {
            name: "metrics",
            offset: offset_of!(noodle_evidence, metrics),
            has: None,
            ty: Ty::List(&Ty::Struct(&METRIC_EVIDENCE)),
        },
        Field { name: "cost", offset: offset_of!(noodle_evidence, cost), has: None, ty: Ty::Struct(&METRIC_EVIDENCE) },
        Field {
            name: "drift",
            offset: offset_of!(noodle_evidence, drift),
            has: None,
            ty: Ty::List(&Ty::Struct(&METRIC_EVIDENCE)),
        },
        Field { name: "counted", offset: offset_of!(noodle_evidence, counted), has: None, ty: Ty::Struct(&SEEN) },
    ],
};

pub(crate) static EXPERIMENT: Layout = Layout {
    name: "noodle_experiment",
    size: size_of::<noodle_experiment>(),
    fields: &[
        Field { name: "number", offset: offset_of!(noodle_experiment, number), has: None, ty: Ty::U32 },
        Field { name: "name", offset: offset_of!(noodle_experiment, name), has: None, ty: Ty::Text },
        Field {
            name: "arms",
            offset: offset_of!(noodle_experiment, arms),
            has: None,
            ty: Ty::List(&Ty::Struct(&EXPERIMENT_ARM)),
        },
        Field { name: "holdout", offset: offset_of!(noodle_experiment, holdout), has: None, ty: Ty::U32 },
        Field {
            name: "metrics",
            offset: offset_of!(noodle_experiment, metrics),
            has: None,
            ty: Ty::List(&Ty::Struct(&METRIC_CONFIG)),
        },
        Field {
            name: "judgement",
            offset: offset_of!(noodle_experiment, judgement),
            has: None,
            ty: Ty::Struct(&JUDGEMENT_CONFIG),
        },
        Field {
            name: "shares",
            offset: offset_of!(noodle_experiment, shares),
            has: None,
            ty: Ty::List(&Ty::Struct(&SHARE)),
        },
        Field {
            name: "phase",
            offset: offset_of!(noodle_experiment, phase),
            has: None,
            ty: Ty::Enum(EXPERIMENT_PHASE),
        },
        Field { name: "reason", offset: offset_of!(noodle_experiment, reason), has: None, ty: Ty::Text },
        Field { name: "salt", offset: offset_of!(noodle_experiment, salt), has: None, ty: Ty::Text },
        Field { name: "started_at", offset: offset_of!(noodle_experiment, started_at), has: None, ty: Ty::Text },
        Field { name: "since", offset: offset_of!(noodle_experiment, since), has: None, ty: Ty::Text },
        Field { name: "winner", offset: offset_of!(noodle_experiment, winner), has: None, ty: Ty::Text },
        Field {
            name: "report",
            offset: offset_of!(noodle_experiment, report),
            has: None,
            ty: Ty::Struct(&EXPERIMENT_REPORT),
        },
        Field { name: "segments", offset: offset_of!(noodle_experiment, segments), has: None, ty: Ty::List(&Ty::Text) },
    ],
};

pub(crate) static EXPERIMENT_ARM: Layout = Layout {
    name: "noodle_experiment_arm",
    size: size_of::<noodle_experiment_arm>(),
    fields: &[
        Field { name: "name", offset: offset_of!(noodle_experiment_arm, name), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_experiment_arm, version), has: None, ty: Ty::Text },
        Field { name: "revision", offset: offset_of!(noodle_experiment_arm, revision), has: None, ty: Ty::U32 },
        Field { name: "weight", offset: offset_of!(noodle_experiment_arm, weight), has: None, ty: Ty::U32 },
    ],
};

pub(crate) static EXPERIMENT_INPUT: Layout = Layout {
    name: "noodle_experiment_input",
    size: size_of::<noodle_experiment_input>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_experiment_input, deployment), has: None, ty: Ty::Text },
        Field { name: "reason", offset: offset_of!(noodle_experiment_input, reason), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EXPERIMENT_PLAN: Layout = Layout {
    name: "noodle_experiment_plan",
    size: size_of::<noodle_experiment_plan>(),
    fields: &[
        Field { name: "values", offset: offset_of!(noodle_experiment_plan, values), has: None, ty: Ty::Text },
        Field { name: "difference", offset: offset_of!(noodle_experiment_plan, difference), has: None, ty: Ty::F64 },
        Field { name: "power", offset: offset_of!(noodle_experiment_plan, power), has: None, ty: Ty::F64 },
        Field { name: "level", offset: offset_of!(noodle_experiment_plan, level), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static EXPERIMENT_REPORT: Layout = Layout {
    name: "noodle_experiment_report",
    size: size_of::<noodle_experiment_report>(),
    fields: &[
        Field { name: "at", offset: offset_of!(noodle_experiment_report, at), has: None, ty: Ty::Text },
        Field {
            name: "exposures",
            offset: offset_of!(noodle_experiment_report, exposures),
            has: None,
            ty: Ty::List(&Ty::Struct(&EXPOSURE)),
        },
        Field {
            name: "sample_ratio_mismatch",
            offset: offset_of!(noodle_experiment_report, sample_ratio_mismatch),
            has: None,
            ty: Ty::Bool,
        },
        Field { name: "due", offset: offset_of!(noodle_experiment_report, due), has: None, ty: Ty::Bool },
        Field {
            name: "comparisons",
            offset: offset_of!(noodle_experiment_report, comparisons),
            has: None,
            ty: Ty::List(&Ty::Struct(&COMPARISON)),
        },
        Field { name: "leader", offset: offset_of!(noodle_experiment_report, leader), has: None, ty: Ty::Text },
        Field {
            name: "regret",
            offset: offset_of!(noodle_experiment_report, regret),
            has: Some(offset_of!(noodle_experiment_report, has_regret)),
            ty: Ty::F64,
        },
        Field { name: "summary", offset: offset_of!(noodle_experiment_report, summary), has: None, ty: Ty::Text },
        Field {
            name: "horizon",
            offset: offset_of!(noodle_experiment_report, horizon),
            has: None,
            ty: Ty::Struct(&HORIZON_TESTS),
        },
        Field {
            name: "segments",
            offset: offset_of!(noodle_experiment_report, segments),
            has: None,
            ty: Ty::List(&Ty::Struct(&SEGMENT_COMPARISON)),
        },
    ],
};

pub(crate) static EXPERIMENT_VIEW: Layout = Layout {
    name: "noodle_experiment_view",
    size: size_of::<noodle_experiment_view>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_experiment_view, deployment), has: None, ty: Ty::Text },
        Field {
            name: "experiment",
            offset: offset_of!(noodle_experiment_view, experiment),
            has: None,
            ty: Ty::Struct(&EXPERIMENT),
        },
        Field {
            name: "report",
            offset: offset_of!(noodle_experiment_view, report),
            has: None,
            ty: Ty::Struct(&EXPERIMENT_REPORT),
        },
        Field { name: "text", offset: offset_of!(noodle_experiment_view, text), has: None, ty: Ty::Text },
        Field {
            name: "history",
            offset: offset_of!(noodle_experiment_view, history),
            has: None,
            ty: Ty::List(&Ty::Struct(&INTERVAL_AT)),
        },
    ],
};

pub(crate) static EXPLAIN_REQUEST_INPUT: Layout = Layout {
    name: "noodle_explain_request_input",
    size: size_of::<noodle_explain_request_input>(),
    fields: &[
        Field {
            name: "deployment",
            offset: offset_of!(noodle_explain_request_input, deployment),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "request_id",
            offset: offset_of!(noodle_explain_request_input, request_id),
            has: None,
            ty: Ty::Text,
        },
    ],
};

pub(crate) static EXPLAIN_ROUTE_INPUT: Layout = Layout {
    name: "noodle_explain_route_input",
    size: size_of::<noodle_explain_route_input>(),
    fields: &[
        Field {
            name: "deployment",
            offset: offset_of!(noodle_explain_route_input, deployment),
            has: None,
            ty: Ty::Text,
        },
        Field { name: "key", offset: offset_of!(noodle_explain_route_input, key), has: None, ty: Ty::Text },
        Field {
            name: "attributes",
            offset: offset_of!(noodle_explain_route_input, attributes),
            has: None,
            ty: Ty::Map(&TEXT_ENTRY),
        },
        Field { name: "at", offset: offset_of!(noodle_explain_route_input, at), has: None, ty: Ty::Text },
    ],
};

pub(crate) static EXPOSURE: Layout = Layout {
    name: "noodle_exposure",
    size: size_of::<noodle_exposure>(),
    fields: &[
        Field { name: "arm", offset: offset_of!(noodle_exposure, arm), has: None, ty: Ty::Text },
        Field { name: "requests", offset: offset_of!(noodle_exposure, requests), has: None, ty: Ty::Text },
        Field { name: "share", offset: offset_of!(noodle_exposure, share), has: None, ty: Ty::F64 },
        Field { name: "mismatch", offset: offset_of!(noodle_exposure, mismatch), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static FED_TENSOR: Layout = Layout {
    name: "noodle_fed_tensor",
    size: size_of::<noodle_fed_tensor>(),
    fields: &[
        Field { name: "output", offset: offset_of!(noodle_fed_tensor, output), has: None, ty: Ty::Text },
        Field { name: "input", offset: offset_of!(noodle_fed_tensor, input), has: None, ty: Ty::Text },
    ],
};

pub(crate) static FIGURES: Layout = Layout {
    name: "noodle_figures",
    size: size_of::<noodle_figures>(),
    fields: &[
        Field { name: "control", offset: offset_of!(noodle_figures, control), has: None, ty: Ty::F64 },
        Field { name: "arm", offset: offset_of!(noodle_figures, arm), has: None, ty: Ty::F64 },
        Field { name: "difference", offset: offset_of!(noodle_figures, difference), has: None, ty: Ty::F64 },
        Field { name: "low", offset: offset_of!(noodle_figures, low), has: None, ty: Ty::F64 },
        Field { name: "high", offset: offset_of!(noodle_figures, high), has: None, ty: Ty::F64 },
        Field {
            name: "relative",
            offset: offset_of!(noodle_figures, relative),
            has: Some(offset_of!(noodle_figures, has_relative)),
            ty: Ty::F64,
        },
        Field { name: "p_value", offset: offset_of!(noodle_figures, p_value), has: None, ty: Ty::F64 },
        Field {
            name: "adjusted_p_value",
            offset: offset_of!(noodle_figures, adjusted_p_value),
            has: None,
            ty: Ty::F64,
        },
        Field { name: "chance_better", offset: offset_of!(noodle_figures, chance_better), has: None, ty: Ty::F64 },
        Field { name: "expected_loss", offset: offset_of!(noodle_figures, expected_loss), has: None, ty: Ty::F64 },
        Field {
            name: "variance_reduction",
            offset: offset_of!(noodle_figures, variance_reduction),
            has: Some(offset_of!(noodle_figures, has_variance_reduction)),
            ty: Ty::F64,
        },
    ],
};

pub(crate) static FINDINGS: Layout = Layout {
    name: "noodle_findings",
    size: size_of::<noodle_findings>(),
    fields: &[
        Field {
            name: "candidate_requests",
            offset: offset_of!(noodle_findings, candidate_requests),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "baseline_requests",
            offset: offset_of!(noodle_findings, baseline_requests),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "candidate_error_rate",
            offset: offset_of!(noodle_findings, candidate_error_rate),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "baseline_error_rate",
            offset: offset_of!(noodle_findings, baseline_error_rate),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "latency_ratio",
            offset: offset_of!(noodle_findings, latency_ratio),
            has: Some(offset_of!(noodle_findings, has_latency_ratio)),
            ty: Ty::F64,
        },
        Field { name: "fails_more", offset: offset_of!(noodle_findings, fails_more), has: None, ty: Ty::F64 },
        Field { name: "fails_no_more", offset: offset_of!(noodle_findings, fails_no_more), has: None, ty: Ty::F64 },
        Field { name: "slower", offset: offset_of!(noodle_findings, slower), has: None, ty: Ty::F64 },
        Field { name: "no_slower", offset: offset_of!(noodle_findings, no_slower), has: None, ty: Ty::F64 },
        Field { name: "to_abort", offset: offset_of!(noodle_findings, to_abort), has: None, ty: Ty::F64 },
        Field { name: "to_pass", offset: offset_of!(noodle_findings, to_pass), has: None, ty: Ty::F64 },
        Field {
            name: "mismatch",
            offset: offset_of!(noodle_findings, mismatch),
            has: Some(offset_of!(noodle_findings, has_mismatch)),
            ty: Ty::F64,
        },
        Field {
            name: "mirror",
            offset: offset_of!(noodle_findings, mirror),
            has: None,
            ty: Ty::Struct(&MIRROR_FINDINGS),
        },
        Field {
            name: "metrics",
            offset: offset_of!(noodle_findings, metrics),
            has: None,
            ty: Ty::List(&Ty::Struct(&METRIC_FINDINGS)),
        },
        Field { name: "cost", offset: offset_of!(noodle_findings, cost), has: None, ty: Ty::Struct(&COST_FINDINGS) },
        Field { name: "drift", offset: offset_of!(noodle_findings, drift), has: None, ty: Ty::Struct(&DRIFT_FINDINGS) },
        Field {
            name: "replay",
            offset: offset_of!(noodle_findings, replay),
            has: None,
            ty: Ty::Struct(&REPLAY_FINDINGS),
        },
    ],
};

pub(crate) static GARBAGE_REPORT: Layout = Layout {
    name: "noodle_garbage_report",
    size: size_of::<noodle_garbage_report>(),
    fields: &[
        Field { name: "removed", offset: offset_of!(noodle_garbage_report, removed), has: None, ty: Ty::U32 },
        Field { name: "bytes", offset: offset_of!(noodle_garbage_report, bytes), has: None, ty: Ty::Text },
        Field { name: "kept", offset: offset_of!(noodle_garbage_report, kept), has: None, ty: Ty::U32 },
    ],
};

pub(crate) static GATE: Layout = Layout {
    name: "noodle_gate",
    size: size_of::<noodle_gate>(),
    fields: &[
        Field { name: "name", offset: offset_of!(noodle_gate, name), has: None, ty: Ty::Text },
        Field { name: "bounds", offset: offset_of!(noodle_gate, bounds), has: None, ty: Ty::List(&Ty::Struct(&BOUND)) },
    ],
};

pub(crate) static GET_AUTOSCALE_INPUT: Layout = Layout {
    name: "noodle_get_autoscale_input",
    size: size_of::<noodle_get_autoscale_input>(),
    fields: &[Field {
        name: "deployment",
        offset: offset_of!(noodle_get_autoscale_input, deployment),
        has: None,
        ty: Ty::Text,
    }],
};

pub(crate) static GPU_READING: Layout = Layout {
    name: "noodle_gpu_reading",
    size: size_of::<noodle_gpu_reading>(),
    fields: &[
        Field { name: "index", offset: offset_of!(noodle_gpu_reading, index), has: None, ty: Ty::U32 },
        Field { name: "name", offset: offset_of!(noodle_gpu_reading, name), has: None, ty: Ty::Text },
        Field { name: "uuid", offset: offset_of!(noodle_gpu_reading, uuid), has: None, ty: Ty::Text },
        Field {
            name: "utilization_percent",
            offset: offset_of!(noodle_gpu_reading, utilization_percent),
            has: Some(offset_of!(noodle_gpu_reading, has_utilization_percent)),
            ty: Ty::U32,
        },
        Field {
            name: "memory_total_bytes",
            offset: offset_of!(noodle_gpu_reading, memory_total_bytes),
            has: Some(offset_of!(noodle_gpu_reading, has_memory_total_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "memory_used_bytes",
            offset: offset_of!(noodle_gpu_reading, memory_used_bytes),
            has: Some(offset_of!(noodle_gpu_reading, has_memory_used_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "temperature_celsius",
            offset: offset_of!(noodle_gpu_reading, temperature_celsius),
            has: Some(offset_of!(noodle_gpu_reading, has_temperature_celsius)),
            ty: Ty::U32,
        },
        Field {
            name: "power_watts",
            offset: offset_of!(noodle_gpu_reading, power_watts),
            has: Some(offset_of!(noodle_gpu_reading, has_power_watts)),
            ty: Ty::F64,
        },
    ],
};

pub(crate) static GPU_READINGS: Layout = Layout {
    name: "noodle_gpu_readings",
    size: size_of::<noodle_gpu_readings>(),
    fields: &[
        Field {
            name: "devices",
            offset: offset_of!(noodle_gpu_readings, devices),
            has: None,
            ty: Ty::List(&Ty::Struct(&GPU_READING)),
        },
        Field { name: "unavailable", offset: offset_of!(noodle_gpu_readings, unavailable), has: None, ty: Ty::Text },
    ],
};

pub(crate) static HEAD: Layout = Layout {
    name: "noodle_head",
    size: size_of::<noodle_head>(),
    fields: &[
        Field { name: "sequence", offset: offset_of!(noodle_head, sequence), has: None, ty: Ty::Text },
        Field { name: "hash", offset: offset_of!(noodle_head, hash), has: None, ty: Ty::Text },
    ],
};

pub(crate) static HEALTH_REPORT: Layout = Layout {
    name: "noodle_health_report",
    size: size_of::<noodle_health_report>(),
    fields: &[
        Field { name: "ready", offset: offset_of!(noodle_health_report, ready), has: None, ty: Ty::Bool },
        Field { name: "leader", offset: offset_of!(noodle_health_report, leader), has: None, ty: Ty::Bool },
        Field { name: "last_error", offset: offset_of!(noodle_health_report, last_error), has: None, ty: Ty::Text },
        Field {
            name: "deployments",
            offset: offset_of!(noodle_health_report, deployments),
            has: None,
            ty: Ty::List(&Ty::Struct(&DEPLOYMENT_HEALTH)),
        },
        Field {
            name: "memory_used_bytes",
            offset: offset_of!(noodle_health_report, memory_used_bytes),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "memory_limit_bytes",
            offset: offset_of!(noodle_health_report, memory_limit_bytes),
            has: None,
            ty: Ty::Text,
        },
    ],
};

pub(crate) static HISTORY_INPUT: Layout = Layout {
    name: "noodle_history_input",
    size: size_of::<noodle_history_input>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_history_input, deployment), has: None, ty: Ty::Text },
        Field { name: "model", offset: offset_of!(noodle_history_input, model), has: None, ty: Ty::Text },
        Field { name: "after", offset: offset_of!(noodle_history_input, after), has: None, ty: Ty::Text },
        Field {
            name: "limit",
            offset: offset_of!(noodle_history_input, limit),
            has: Some(offset_of!(noodle_history_input, has_limit)),
            ty: Ty::U32,
        },
    ],
};

pub(crate) static HISTORY_OUTPUT: Layout = Layout {
    name: "noodle_history_output",
    size: size_of::<noodle_history_output>(),
    fields: &[
        Field {
            name: "events",
            offset: offset_of!(noodle_history_output, events),
            has: None,
            ty: Ty::List(&Ty::Struct(&EVENT_RECORD)),
        },
        Field { name: "more", offset: offset_of!(noodle_history_output, more), has: None, ty: Ty::Bool },
        Field { name: "cut", offset: offset_of!(noodle_history_output, cut), has: None, ty: Ty::Struct(&HEAD) },
    ],
};

pub(crate) static HORIZON_TESTS: Layout = Layout {
    name: "noodle_horizon_tests",
    size: size_of::<noodle_horizon_tests>(),
    fields: &[
        Field {
            name: "proportions",
            offset: offset_of!(noodle_horizon_tests, proportions),
            has: None,
            ty: Ty::List(&Ty::Struct(&PROPORTIONS_TEST)),
        },
        Field {
            name: "ranks",
            offset: offset_of!(noodle_horizon_tests, ranks),
            has: None,
            ty: Ty::List(&Ty::Struct(&RANKS_TEST)),
        },
    ],
};

pub(crate) static INTERVAL_AT: Layout = Layout {
    name: "noodle_interval_at",
    size: size_of::<noodle_interval_at>(),
    fields: &[
        Field { name: "at", offset: offset_of!(noodle_interval_at, at), has: None, ty: Ty::Text },
        Field { name: "metric", offset: offset_of!(noodle_interval_at, metric), has: None, ty: Ty::Text },
        Field { name: "arm", offset: offset_of!(noodle_interval_at, arm), has: None, ty: Ty::Text },
        Field { name: "difference", offset: offset_of!(noodle_interval_at, difference), has: None, ty: Ty::F64 },
        Field { name: "low", offset: offset_of!(noodle_interval_at, low), has: None, ty: Ty::F64 },
        Field { name: "high", offset: offset_of!(noodle_interval_at, high), has: None, ty: Ty::F64 },
        Field { name: "values", offset: offset_of!(noodle_interval_at, values), has: None, ty: Ty::Text },
    ],
};

pub(crate) static JOURNAL_CONFIG: Layout = Layout {
    name: "noodle_journal_config",
    size: size_of::<noodle_journal_config>(),
    fields: &[
        Field {
            name: "requests",
            offset: offset_of!(noodle_journal_config, requests),
            has: Some(offset_of!(noodle_journal_config, has_requests)),
            ty: Ty::U32,
        },
        Field {
            name: "ms",
            offset: offset_of!(noodle_journal_config, ms),
            has: Some(offset_of!(noodle_journal_config, has_ms)),
            ty: Ty::U64,
        },
    ],
};

pub(crate) static JUDGEMENT_CONFIG: Layout = Layout {
    name: "noodle_judgement_config",
    size: size_of::<noodle_judgement_config>(),
    fields: &[
        Field { name: "method", offset: offset_of!(noodle_judgement_config, method), has: None, ty: Ty::Enum(METHOD) },
        Field {
            name: "level",
            offset: offset_of!(noodle_judgement_config, level),
            has: Some(offset_of!(noodle_judgement_config, has_level)),
            ty: Ty::F64,
        },
        Field {
            name: "correction",
            offset: offset_of!(noodle_judgement_config, correction),
            has: None,
            ty: Ty::Enum(CORRECTION),
        },
        Field { name: "horizon", offset: offset_of!(noodle_judgement_config, horizon), has: None, ty: Ty::Text },
        Field { name: "max_ms", offset: offset_of!(noodle_judgement_config, max_ms), has: None, ty: Ty::Text },
        Field {
            name: "stop_early",
            offset: offset_of!(noodle_judgement_config, stop_early),
            has: Some(offset_of!(noodle_judgement_config, has_stop_early)),
            ty: Ty::Bool,
        },
        Field {
            name: "allocation",
            offset: offset_of!(noodle_judgement_config, allocation),
            has: None,
            ty: Ty::Enum(ALLOCATION),
        },
    ],
};

pub(crate) static LABEL: Layout = Layout {
    name: "noodle_label",
    size: size_of::<noodle_label>(),
    fields: &[
        Field { name: "request_id", offset: offset_of!(noodle_label, request_id), has: None, ty: Ty::Text },
        Field { name: "label", offset: offset_of!(noodle_label, label), has: None, ty: Ty::Text },
    ],
};

pub(crate) static LATENCY_OBJECTIVE: Layout = Layout {
    name: "noodle_latency_objective",
    size: size_of::<noodle_latency_objective>(),
    fields: &[
        Field { name: "quantile", offset: offset_of!(noodle_latency_objective, quantile), has: None, ty: Ty::F64 },
        Field { name: "ms", offset: offset_of!(noodle_latency_objective, ms), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static LIMIT_READING: Layout = Layout {
    name: "noodle_limit_reading",
    size: size_of::<noodle_limit_reading>(),
    fields: &[
        Field {
            name: "cpus",
            offset: offset_of!(noodle_limit_reading, cpus),
            has: Some(offset_of!(noodle_limit_reading, has_cpus)),
            ty: Ty::U32,
        },
        Field {
            name: "memory_bytes",
            offset: offset_of!(noodle_limit_reading, memory_bytes),
            has: Some(offset_of!(noodle_limit_reading, has_memory_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "memory_left_bytes",
            offset: offset_of!(noodle_limit_reading, memory_left_bytes),
            has: Some(offset_of!(noodle_limit_reading, has_memory_left_bytes)),
            ty: Ty::U64,
        },
    ],
};

pub(crate) static LOAD_REPORT: Layout = Layout {
    name: "noodle_load_report",
    size: size_of::<noodle_load_report>(),
    fields: &[
        Field { name: "engine", offset: offset_of!(noodle_load_report, engine), has: None, ty: Ty::Text },
        Field { name: "plan", offset: offset_of!(noodle_load_report, plan), has: None, ty: Ty::Text },
        Field { name: "reason", offset: offset_of!(noodle_load_report, reason), has: None, ty: Ty::Text },
        Field { name: "plans", offset: offset_of!(noodle_load_report, plans), has: None, ty: Ty::U32 },
        Field { name: "memory_bytes", offset: offset_of!(noodle_load_report, memory_bytes), has: None, ty: Ty::U64 },
        Field { name: "load_ms", offset: offset_of!(noodle_load_report, load_ms), has: None, ty: Ty::U64 },
        Field {
            name: "choice",
            offset: offset_of!(noodle_load_report, choice),
            has: None,
            ty: Ty::Struct(&ENGINE_CHOICE),
        },
    ],
};

pub(crate) static MACHINE_FACTS: Layout = Layout {
    name: "noodle_machine_facts",
    size: size_of::<noodle_machine_facts>(),
    fields: &[
        Field { name: "architecture", offset: offset_of!(noodle_machine_facts, architecture), has: None, ty: Ty::Text },
        Field { name: "system", offset: offset_of!(noodle_machine_facts, system), has: None, ty: Ty::Text },
        Field { name: "processor", offset: offset_of!(noodle_machine_facts, processor), has: None, ty: Ty::Text },
        Field {
            name: "hardware_threads",
            offset: offset_of!(noodle_machine_facts, hardware_threads),
            has: None,
            ty: Ty::U32,
        },
    ],
};

pub(crate) static MACHINE_READING: Layout = Layout {
    name: "noodle_machine_reading",
    size: size_of::<noodle_machine_reading>(),
    fields: &[
        Field {
            name: "cores",
            offset: offset_of!(noodle_machine_reading, cores),
            has: Some(offset_of!(noodle_machine_reading, has_cores)),
            ty: Ty::U32,
        },
        Field {
            name: "cpu_percent",
            offset: offset_of!(noodle_machine_reading, cpu_percent),
            has: Some(offset_of!(noodle_machine_reading, has_cpu_percent)),
            ty: Ty::F64,
        },
        Field {
            name: "load_1m",
            offset: offset_of!(noodle_machine_reading, load_1m),
            has: Some(offset_of!(noodle_machine_reading, has_load_1m)),
            ty: Ty::F64,
        },
        Field {
            name: "load_5m",
            offset: offset_of!(noodle_machine_reading, load_5m),
            has: Some(offset_of!(noodle_machine_reading, has_load_5m)),
            ty: Ty::F64,
        },
        Field {
            name: "load_15m",
            offset: offset_of!(noodle_machine_reading, load_15m),
            has: Some(offset_of!(noodle_machine_reading, has_load_15m)),
            ty: Ty::F64,
        },
        Field {
            name: "memory_total_bytes",
            offset: offset_of!(noodle_machine_reading, memory_total_bytes),
            has: Some(offset_of!(noodle_machine_reading, has_memory_total_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "memory_available_bytes",
            offset: offset_of!(noodle_machine_reading, memory_available_bytes),
            has: Some(offset_of!(noodle_machine_reading, has_memory_available_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "swap_total_bytes",
            offset: offset_of!(noodle_machine_reading, swap_total_bytes),
            has: Some(offset_of!(noodle_machine_reading, has_swap_total_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "swap_used_bytes",
            offset: offset_of!(noodle_machine_reading, swap_used_bytes),
            has: Some(offset_of!(noodle_machine_reading, has_swap_used_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "disk_total_bytes",
            offset: offset_of!(noodle_machine_reading, disk_total_bytes),
            has: Some(offset_of!(noodle_machine_reading, has_disk_total_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "disk_available_bytes",
            offset: offset_of!(noodle_machine_reading, disk_available_bytes),
            has: Some(offset_of!(noodle_machine_reading, has_disk_available_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "network_received_bytes",
            offset: offset_of!(noodle_machine_reading, network_received_bytes),
            has: Some(offset_of!(noodle_machine_reading, has_network_received_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "network_sent_bytes",
            offset: offset_of!(noodle_machine_reading, network_sent_bytes),
            has: Some(offset_of!(noodle_machine_reading, has_network_sent_bytes)),
            ty: Ty::U64,
        },
    ],
};

pub(crate) static MEAN_EVIDENCE: Layout = Layout {
    name: "noodle_mean_evidence",
    size: size_of::<noodle_mean_evidence>(),
    fields: &[
        Field { name: "score", offset: offset_of!(noodle_mean_evidence, score), has: None, ty: Ty::F64 },
        Field { name: "information", offset: offset_of!(noodle_mean_evidence, information), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static MEMORY_BUDGET_VIEW: Layout = Layout {
    name: "noodle_memory_budget_view",
    size: size_of::<noodle_memory_budget_view>(),
    fields: &[
        Field {
            name: "limit_bytes",
            offset: offset_of!(noodle_memory_budget_view, limit_bytes),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "used_bytes",
            offset: offset_of!(noodle_memory_budget_view, used_bytes),
            has: None,
            ty: Ty::Text,
        },
    ],
};

pub(crate) static METRIC_CONFIG: Layout = Layout {
    name: "noodle_metric_config",
    size: size_of::<noodle_metric_config>(),
    fields: &[
        Field { name: "name", offset: offset_of!(noodle_metric_config, name), has: None, ty: Ty::Text },
        Field { name: "kind", offset: offset_of!(noodle_metric_config, kind), has: None, ty: Ty::Enum(METRIC_KIND) },
        Field { name: "goal", offset: offset_of!(noodle_metric_config, goal), has: None, ty: Ty::Enum(GOAL) },
        Field { name: "role", offset: offset_of!(noodle_metric_config, role), has: None, ty: Ty::Enum(METRIC_ROLE) },
        Field { name: "outcome", offset: offset_of!(noodle_metric_config, outcome), has: None, ty: Ty::Text },
        Field { name: "per", offset: offset_of!(noodle_metric_config, per), has: None, ty: Ty::Text },
        Field {
            name: "quantile",
            offset: offset_of!(noodle_metric_config, quantile),
            has: Some(offset_of!(noodle_metric_config, has_quantile)),
            ty: Ty::F64,
        },
        Field {
            name: "margin",
            offset: offset_of!(noodle_metric_config, margin),
            has: Some(offset_of!(noodle_metric_config, has_margin)),
            ty: Ty::F64,
        },
    ],
};

pub(crate) static METRIC_DIFFERENCE: Layout = Layout {
    name: "noodle_metric_difference",
    size: size_of::<noodle_metric_difference>(),
    fields: &[
        Field {
            name: "base",
            offset: offset_of!(noodle_metric_difference, base),
            has: Some(offset_of!(noodle_metric_difference, has_base)),
            ty: Ty::F64,
        },
        Field {
            name: "candidate",
            offset: offset_of!(noodle_metric_difference, candidate),
            has: Some(offset_of!(noodle_metric_difference, has_candidate)),
            ty: Ty::F64,
        },
        Field {
            name: "difference",
            offset: offset_of!(noodle_metric_difference, difference),
            has: Some(offset_of!(noodle_metric_difference, has_difference)),
            ty: Ty::F64,
        },
    ],
};

pub(crate) static METRIC_EVIDENCE: Layout = Layout {
    name: "noodle_metric_evidence",
    size: size_of::<noodle_metric_evidence>(),
    fields: &[
        Field {
            name: "before",
            offset: offset_of!(noodle_metric_evidence, before),
            has: None,
            ty: Ty::Struct(&MEAN_EVIDENCE),
        },
        Field {
            name: "now",
            offset: offset_of!(noodle_metric_evidence, now),
            has: None,
            ty: Ty::Struct(&MEAN_EVIDENCE),
        },
    ],
};

pub(crate) static METRIC_FINDINGS: Layout = Layout {
    name: "noodle_metric_findings",
    size: size_of::<noodle_metric_findings>(),
    fields: &[
        Field { name: "name", offset: offset_of!(noodle_metric_findings, name), has: None, ty: Ty::Text },
        Field {
            name: "candidate_values",
            offset: offset_of!(noodle_metric_findings, candidate_values),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "baseline_values",
            offset: offset_of!(noodle_metric_findings, baseline_values),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "candidate_mean",
            offset: offset_of!(noodle_metric_findings, candidate_mean),
            has: Some(offset_of!(noodle_metric_findings, has_candidate_mean)),
            ty: Ty::F64,
        },
        Field {
            name: "baseline_mean",
            offset: offset_of!(noodle_metric_findings, baseline_mean),
            has: Some(offset_of!(noodle_metric_findings, has_baseline_mean)),
            ty: Ty::F64,
        },
        Field { name: "worse", offset: offset_of!(noodle_metric_findings, worse), has: None, ty: Ty::F64 },
        Field { name: "no_worse", offset: offset_of!(noodle_metric_findings, no_worse), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static METRICS_REPORT: Layout = Layout {
    name: "noodle_metrics_report",
    size: size_of::<noodle_metrics_report>(),
    fields: &[Field {
        name: "deployments",
        offset: offset_of!(noodle_metrics_report, deployments),
        has: None,
        ty: Ty::Map(&REVISION_METRICS_LIST_ENTRY),
    }],
};

pub(crate) static MIRROR_CONFIG: Layout = Layout {
    name: "noodle_mirror_config",
    size: size_of::<noodle_mirror_config>(),
    fields: &[Field { name: "share", offset: offset_of!(noodle_mirror_config, share), has: None, ty: Ty::U32 }],
};

pub(crate) static MIRROR_EVIDENCE: Layout = Layout {
    name: "noodle_mirror_evidence",
    size: size_of::<noodle_mirror_evidence>(),
    fields: &[
        Field {
            name: "fails_more",
            offset: offset_of!(noodle_mirror_evidence, fails_more),
            has: None,
            ty: Ty::Struct(&RATE_EVIDENCE),
        },
        Field {
            name: "fails_no_more",
            offset: offset_of!(noodle_mirror_evidence, fails_no_more),
            has: None,
            ty: Ty::Struct(&RATE_EVIDENCE),
        },
        Field {
            name: "differs_more",
            offset: offset_of!(noodle_mirror_evidence, differs_more),
            has: None,
            ty: Ty::Struct(&RATE_EVIDENCE),
        },
        Field {
            name: "differs_no_more",
            offset: offset_of!(noodle_mirror_evidence, differs_no_more),
            has: None,
            ty: Ty::Struct(&RATE_EVIDENCE),
        },
    ],
};

pub(crate) static MIRROR_FINDINGS: Layout = Layout {
    name: "noodle_mirror_findings",
    size: size_of::<noodle_mirror_findings>(),
    fields: &[
        Field { name: "compared", offset: offset_of!(noodle_mirror_findings, compared), has: None, ty: Ty::Text },
        Field { name: "skipped", offset: offset_of!(noodle_mirror_findings, skipped), has: None, ty: Ty::Text },
        Field { name: "differing", offset: offset_of!(noodle_mirror_findings, differing), has: None, ty: Ty::F64 },
        Field {
            name: "mean_difference",
            offset: offset_of!(noodle_mirror_findings, mean_difference),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "largest_difference",
            offset: offset_of!(noodle_mirror_findings, largest_difference),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "differs_more",
            offset: offset_of!(noodle_mirror_findings, differs_more),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "differs_no_more",
            offset: offset_of!(noodle_mirror_findings, differs_no_more),
            has: None,
            ty: Ty::F64,
        },
    ],
};

pub(crate) static MODEL: Layout = Layout {
    name: "noodle_model",
    size: size_of::<noodle_model>(),
    fields: &[
        Field { name: "name", offset: offset_of!(noodle_model, name), has: None, ty: Ty::Text },
        Field { name: "model_type", offset: offset_of!(noodle_model, model_type), has: None, ty: Ty::Enum(MODEL_KIND) },
        Field { name: "latest", offset: offset_of!(noodle_model, latest), has: None, ty: Ty::Text },
        Field { name: "aliases", offset: offset_of!(noodle_model, aliases), has: None, ty: Ty::Map(&TEXT_ENTRY) },
        Field { name: "deleted", offset: offset_of!(noodle_model, deleted), has: None, ty: Ty::List(&Ty::Text) },
        Field { name: "created_at", offset: offset_of!(noodle_model, created_at), has: None, ty: Ty::Text },
    ],
};

pub(crate) static MODEL_LIST: Layout = Layout {
    name: "noodle_model_list",
    size: size_of::<noodle_model_list>(),
    fields: &[Field {
        name: "models",
        offset: offset_of!(noodle_model_list, models),
        has: None,
        ty: Ty::List(&Ty::Struct(&MODEL)),
    }],
};

pub(crate) static MODEL_MEMORY: Layout = Layout {
    name: "noodle_model_memory",
    size: size_of::<noodle_model_memory>(),
    fields: &[
        Field { name: "used_bytes", offset: offset_of!(noodle_model_memory, used_bytes), has: None, ty: Ty::U64 },
        Field {
            name: "limit_bytes",
            offset: offset_of!(noodle_model_memory, limit_bytes),
            has: Some(offset_of!(noodle_model_memory, has_limit_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "revisions",
            offset: offset_of!(noodle_model_memory, revisions),
            has: None,
            ty: Ty::List(&Ty::Struct(&REVISION_MEMORY)),
        },
    ],
};

pub(crate) static MODEL_REF: Layout = Layout {
    name: "noodle_model_ref",
    size: size_of::<noodle_model_ref>(),
    fields: &[Field { name: "model", offset: offset_of!(noodle_model_ref, model), has: None, ty: Ty::Text }],
};

pub(crate) static MOMENTS: Layout = Layout {
    name: "noodle_moments",
    size: size_of::<noodle_moments>(),
    fields: &[
        Field { name: "n", offset: offset_of!(noodle_moments, n), has: None, ty: Ty::F64 },
        Field { name: "sum", offset: offset_of!(noodle_moments, sum), has: None, ty: Ty::F64 },
        Field { name: "squares", offset: offset_of!(noodle_moments, squares), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static NODE_PROFILE: Layout = Layout {
    name: "noodle_node_profile",
    size: size_of::<noodle_node_profile>(),
    fields: &[
        Field { name: "name", offset: offset_of!(noodle_node_profile, name), has: None, ty: Ty::Text },
        Field { name: "op", offset: offset_of!(noodle_node_profile, op), has: None, ty: Ty::Text },
        Field { name: "calls", offset: offset_of!(noodle_node_profile, calls), has: None, ty: Ty::U32 },
        Field { name: "mean_us", offset: offset_of!(noodle_node_profile, mean_us), has: None, ty: Ty::F64 },
        Field { name: "total_us", offset: offset_of!(noodle_node_profile, total_us), has: None, ty: Ty::F64 },
        Field { name: "share", offset: offset_of!(noodle_node_profile, share), has: None, ty: Ty::F64 },
        Field { name: "output_bytes", offset: offset_of!(noodle_node_profile, output_bytes), has: None, ty: Ty::Text },
        Field { name: "shapes", offset: offset_of!(noodle_node_profile, shapes), has: None, ty: Ty::List(&Ty::Text) },
    ],
};

pub(crate) static OUTCOME: Layout = Layout {
    name: "noodle_outcome",
    size: size_of::<noodle_outcome>(),
    fields: &[
        Field { name: "name", offset: offset_of!(noodle_outcome, name), has: None, ty: Ty::Text },
        Field { name: "value", offset: offset_of!(noodle_outcome, value), has: None, ty: Ty::F64 },
        Field { name: "key", offset: offset_of!(noodle_outcome, key), has: None, ty: Ty::Text },
        Field {
            name: "revision",
            offset: offset_of!(noodle_outcome, revision),
            has: Some(offset_of!(noodle_outcome, has_revision)),
            ty: Ty::U32,
        },
        Field { name: "request_id", offset: offset_of!(noodle_outcome, request_id), has: None, ty: Ty::Text },
        Field {
            name: "attributes",
            offset: offset_of!(noodle_outcome, attributes),
            has: None,
            ty: Ty::Map(&TEXT_ENTRY),
        },
    ],
};

pub(crate) static OUTCOME_SUMS: Layout = Layout {
    name: "noodle_outcome_sums",
    size: size_of::<noodle_outcome_sums>(),
    fields: &[
        Field { name: "name", offset: offset_of!(noodle_outcome_sums, name), has: None, ty: Ty::Text },
        Field { name: "values", offset: offset_of!(noodle_outcome_sums, values), has: None, ty: Ty::Struct(&MOMENTS) },
    ],
};

pub(crate) static PADDING: Layout = Layout {
    name: "noodle_padding",
    size: size_of::<noodle_padding>(),
    fields: &[
        Field { name: "axis", offset: offset_of!(noodle_padding, axis), has: None, ty: Ty::Text },
        Field { name: "values", offset: offset_of!(noodle_padding, values), has: None, ty: Ty::Map(&F64_ENTRY) },
        Field {
            name: "multiple_of",
            offset: offset_of!(noodle_padding, multiple_of),
            has: Some(offset_of!(noodle_padding, has_multiple_of)),
            ty: Ty::U32,
        },
    ],
};

pub(crate) static PHASE: Layout = Layout {
    name: "noodle_phase",
    size: size_of::<noodle_phase>(),
    fields: &[
        Field { name: "mean_us", offset: offset_of!(noodle_phase, mean_us), has: None, ty: Ty::F64 },
        Field { name: "p50_us", offset: offset_of!(noodle_phase, p50_us), has: None, ty: Ty::F64 },
        Field { name: "p95_us", offset: offset_of!(noodle_phase, p95_us), has: None, ty: Ty::F64 },
        Field { name: "p99_us", offset: offset_of!(noodle_phase, p99_us), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static PHASE_METRICS: Layout = Layout {
    name: "noodle_phase_metrics",
    size: size_of::<noodle_phase_metrics>(),
    fields: &[
        Field { name: "queue", offset: offset_of!(noodle_phase_metrics, queue), has: None, ty: Ty::Struct(&PHASE) },
        Field {
            name: "batch_wait",
            offset: offset_of!(noodle_phase_metrics, batch_wait),
            has: None,
            ty: Ty::Struct(&PHASE),
        },
        Field { name: "input", offset: offset_of!(noodle_phase_metrics, input), has: None, ty: Ty::Struct(&PHASE) },
        Field { name: "compute", offset: offset_of!(noodle_phase_metrics, compute), has: None, ty: Ty::Struct(&PHASE) },
        Field { name: "output", offset: offset_of!(noodle_phase_metrics, output), has: None, ty: Ty::Struct(&PHASE) },
    ],
};

pub(crate) static PLAN_EXPERIMENT_INPUT: Layout = Layout {
    name: "noodle_plan_experiment_input",
    size: size_of::<noodle_plan_experiment_input>(),
    fields: &[
        Field { name: "baseline", offset: offset_of!(noodle_plan_experiment_input, baseline), has: None, ty: Ty::F64 },
        Field {
            name: "deviation",
            offset: offset_of!(noodle_plan_experiment_input, deviation),
            has: Some(offset_of!(noodle_plan_experiment_input, has_deviation)),
            ty: Ty::F64,
        },
        Field {
            name: "difference",
            offset: offset_of!(noodle_plan_experiment_input, difference),
            has: Some(offset_of!(noodle_plan_experiment_input, has_difference)),
            ty: Ty::F64,
        },
        Field { name: "values", offset: offset_of!(noodle_plan_experiment_input, values), has: None, ty: Ty::Text },
        Field {
            name: "level",
            offset: offset_of!(noodle_plan_experiment_input, level),
            has: Some(offset_of!(noodle_plan_experiment_input, has_level)),
            ty: Ty::F64,
        },
        Field {
            name: "power",
            offset: offset_of!(noodle_plan_experiment_input, power),
            has: Some(offset_of!(noodle_plan_experiment_input, has_power)),
            ty: Ty::F64,
        },
    ],
};

pub(crate) static PRIORITIES: Layout = Layout {
    name: "noodle_priorities",
    size: size_of::<noodle_priorities>(),
    fields: &[
        Field {
            name: "levels",
            offset: offset_of!(noodle_priorities, levels),
            has: Some(offset_of!(noodle_priorities, has_levels)),
            ty: Ty::U32,
        },
        Field {
            name: "default_level",
            offset: offset_of!(noodle_priorities, default_level),
            has: Some(offset_of!(noodle_priorities, has_default_level)),
            ty: Ty::U32,
        },
        Field {
            name: "patience_ms",
            offset: offset_of!(noodle_priorities, patience_ms),
            has: Some(offset_of!(noodle_priorities, has_patience_ms)),
            ty: Ty::U32,
        },
        Field {
            name: "policies",
            offset: offset_of!(noodle_priorities, policies),
            has: None,
            ty: Ty::List(&Ty::Struct(&QUEUE_POLICY)),
        },
    ],
};

pub(crate) static PROCESS_READING: Layout = Layout {
    name: "noodle_process_reading",
    size: size_of::<noodle_process_reading>(),
    fields: &[
        Field { name: "pid", offset: offset_of!(noodle_process_reading, pid), has: None, ty: Ty::U32 },
        Field {
            name: "cpu_time_ms",
            offset: offset_of!(noodle_process_reading, cpu_time_ms),
            has: Some(offset_of!(noodle_process_reading, has_cpu_time_ms)),
            ty: Ty::U64,
        },
        Field {
            name: "cpu_percent",
            offset: offset_of!(noodle_process_reading, cpu_percent),
            has: Some(offset_of!(noodle_process_reading, has_cpu_percent)),
            ty: Ty::F64,
        },
        Field {
            name: "resident_bytes",
            offset: offset_of!(noodle_process_reading, resident_bytes),
            has: Some(offset_of!(noodle_process_reading, has_resident_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "peak_resident_bytes",
            offset: offset_of!(noodle_process_reading, peak_resident_bytes),
            has: Some(offset_of!(noodle_process_reading, has_peak_resident_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "virtual_bytes",
            offset: offset_of!(noodle_process_reading, virtual_bytes),
            has: Some(offset_of!(noodle_process_reading, has_virtual_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "threads",
            offset: offset_of!(noodle_process_reading, threads),
            has: Some(offset_of!(noodle_process_reading, has_threads)),
            ty: Ty::U32,
        },
        Field {
            name: "open_files",
            offset: offset_of!(noodle_process_reading, open_files),
            has: Some(offset_of!(noodle_process_reading, has_open_files)),
            ty: Ty::U32,
        },
        Field {
            name: "disk_read_bytes",
            offset: offset_of!(noodle_process_reading, disk_read_bytes),
            has: Some(offset_of!(noodle_process_reading, has_disk_read_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "disk_written_bytes",
            offset: offset_of!(noodle_process_reading, disk_written_bytes),
            has: Some(offset_of!(noodle_process_reading, has_disk_written_bytes)),
            ty: Ty::U64,
        },
    ],
};

pub(crate) static PROFILE_INPUT: Layout = Layout {
    name: "noodle_profile_input",
    size: size_of::<noodle_profile_input>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_profile_input, model), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_profile_input, version), has: None, ty: Ty::Text },
        Field { name: "target", offset: offset_of!(noodle_profile_input, target), has: None, ty: Ty::Text },
        Field { name: "engine", offset: offset_of!(noodle_profile_input, engine), has: None, ty: Ty::Text },
        Field {
            name: "threads",
            offset: offset_of!(noodle_profile_input, threads),
            has: Some(offset_of!(noodle_profile_input, has_threads)),
            ty: Ty::U32,
        },
        Field {
            name: "batch",
            offset: offset_of!(noodle_profile_input, batch),
            has: Some(offset_of!(noodle_profile_input, has_batch)),
            ty: Ty::U32,
        },
        Field {
            name: "shapes",
            offset: offset_of!(noodle_profile_input, shapes),
            has: None,
            ty: Ty::Map(&U32_LIST_ENTRY),
        },
        Field {
            name: "runs",
            offset: offset_of!(noodle_profile_input, runs),
            has: Some(offset_of!(noodle_profile_input, has_runs)),
            ty: Ty::U32,
        },
    ],
};

pub(crate) static PROFILE_REPORT: Layout = Layout {
    name: "noodle_profile_report",
    size: size_of::<noodle_profile_report>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_profile_report, model), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_profile_report, version), has: None, ty: Ty::Text },
        Field { name: "digest", offset: offset_of!(noodle_profile_report, digest), has: None, ty: Ty::Text },
        Field { name: "engine", offset: offset_of!(noodle_profile_report, engine), has: None, ty: Ty::Text },
        Field {
            name: "machine",
            offset: offset_of!(noodle_profile_report, machine),
            has: None,
            ty: Ty::Struct(&MACHINE_FACTS),
        },
        Field { name: "inputs", offset: offset_of!(noodle_profile_report, inputs), has: None, ty: Ty::Text },
        Field { name: "runs", offset: offset_of!(noodle_profile_report, runs), has: None, ty: Ty::U32 },
        Field { name: "run_us", offset: offset_of!(noodle_profile_report, run_us), has: None, ty: Ty::F64 },
        Field {
            name: "attributed_us",
            offset: offset_of!(noodle_profile_report, attributed_us),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "unattributed_us",
            offset: offset_of!(noodle_profile_report, unattributed_us),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "peak_intermediate_bytes",
            offset: offset_of!(noodle_profile_report, peak_intermediate_bytes),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "memory_bytes",
            offset: offset_of!(noodle_profile_report, memory_bytes),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "nodes",
            offset: offset_of!(noodle_profile_report, nodes),
            has: None,
            ty: Ty::List(&Ty::Struct(&NODE_PROFILE)),
        },
        Field { name: "left_out", offset: offset_of!(noodle_profile_report, left_out), has: None, ty: Ty::U32 },
    ],
};

pub(crate) static PROGRESS: Layout = Layout {
    name: "noodle_progress",
    size: size_of::<noodle_progress>(),
    fields: &[
        Field { name: "stage", offset: offset_of!(noodle_progress, stage), has: None, ty: Ty::Enum(PROGRESS_STAGE) },
        Field { name: "done", offset: offset_of!(noodle_progress, done), has: None, ty: Ty::U64 },
        Field {
            name: "total",
            offset: offset_of!(noodle_progress, total),
            has: Some(offset_of!(noodle_progress, has_total)),
            ty: Ty::U64,
        },
        Field { name: "unit", offset: offset_of!(noodle_progress, unit), has: None, ty: Ty::Enum(PROGRESS_UNIT) },
    ],
};

pub(crate) static PROMOTE_INPUT: Layout = Layout {
    name: "noodle_promote_input",
    size: size_of::<noodle_promote_input>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_promote_input, deployment), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_promote_input, version), has: None, ty: Ty::Text },
    ],
};

pub(crate) static PROPORTION_EVIDENCE: Layout = Layout {
    name: "noodle_proportion_evidence",
    size: size_of::<noodle_proportion_evidence>(),
    fields: &[
        Field {
            name: "log_e",
            offset: offset_of!(noodle_proportion_evidence, log_e),
            has: None,
            ty: Ty::List(&Ty::F64),
        },
        Field { name: "control_n", offset: offset_of!(noodle_proportion_evidence, control_n), has: None, ty: Ty::F64 },
        Field {
            name: "control_hits",
            offset: offset_of!(noodle_proportion_evidence, control_hits),
            has: None,
            ty: Ty::F64,
        },
    ],
};

pub(crate) static PROPORTIONS_TEST: Layout = Layout {
    name: "noodle_proportions_test",
    size: size_of::<noodle_proportions_test>(),
    fields: &[
        Field { name: "metric", offset: offset_of!(noodle_proportions_test, metric), has: None, ty: Ty::Text },
        Field { name: "statistic", offset: offset_of!(noodle_proportions_test, statistic), has: None, ty: Ty::F64 },
        Field { name: "df", offset: offset_of!(noodle_proportions_test, df), has: None, ty: Ty::F64 },
        Field { name: "p_value", offset: offset_of!(noodle_proportions_test, p_value), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static QUEUE_POLICY: Layout = Layout {
    name: "noodle_queue_policy",
    size: size_of::<noodle_queue_policy>(),
    fields: &[
        Field { name: "level", offset: offset_of!(noodle_queue_policy, level), has: None, ty: Ty::U32 },
        Field {
            name: "max_queue",
            offset: offset_of!(noodle_queue_policy, max_queue),
            has: Some(offset_of!(noodle_queue_policy, has_max_queue)),
            ty: Ty::U32,
        },
        Field {
            name: "default_timeout_ms",
            offset: offset_of!(noodle_queue_policy, default_timeout_ms),
            has: Some(offset_of!(noodle_queue_policy, has_default_timeout_ms)),
            ty: Ty::U32,
        },
        Field {
            name: "timeout_action",
            offset: offset_of!(noodle_queue_policy, timeout_action),
            has: None,
            ty: Ty::Enum(TIMEOUT_ACTION),
        },
    ],
};

pub(crate) static RANKS_TEST: Layout = Layout {
    name: "noodle_ranks_test",
    size: size_of::<noodle_ranks_test>(),
    fields: &[
        Field { name: "metric", offset: offset_of!(noodle_ranks_test, metric), has: None, ty: Ty::Text },
        Field { name: "arm", offset: offset_of!(noodle_ranks_test, arm), has: None, ty: Ty::Text },
        Field { name: "u", offset: offset_of!(noodle_ranks_test, u), has: None, ty: Ty::F64 },
        Field { name: "z", offset: offset_of!(noodle_ranks_test, z), has: None, ty: Ty::F64 },
        Field { name: "p_value", offset: offset_of!(noodle_ranks_test, p_value), has: None, ty: Ty::F64 },
        Field { name: "superiority", offset: offset_of!(noodle_ranks_test, superiority), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static RATE_EVIDENCE: Layout = Layout {
    name: "noodle_rate_evidence",
    size: size_of::<noodle_rate_evidence>(),
    fields: &[Field {
        name: "log_e",
        offset: offset_of!(noodle_rate_evidence, log_e),
        has: None,
        ty: Ty::List(&Ty::F64),
    }],
};

pub(crate) static RECORD_LABELS_INPUT: Layout = Layout {
    name: "noodle_record_labels_input",
    size: size_of::<noodle_record_labels_input>(),
    fields: &[
        Field {
            name: "deployment",
            offset: offset_of!(noodle_record_labels_input, deployment),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "labels",
            offset: offset_of!(noodle_record_labels_input, labels),
            has: None,
            ty: Ty::List(&Ty::Struct(&LABEL)),
        },
    ],
};

pub(crate) static RECORD_OUTCOMES_INPUT: Layout = Layout {
    name: "noodle_record_outcomes_input",
    size: size_of::<noodle_record_outcomes_input>(),
    fields: &[
        Field {
            name: "deployment",
            offset: offset_of!(noodle_record_outcomes_input, deployment),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "outcomes",
            offset: offset_of!(noodle_record_outcomes_input, outcomes),
            has: None,
            ty: Ty::List(&Ty::Struct(&OUTCOME)),
        },
    ],
};

pub(crate) static RECORDED_LABELS: Layout = Layout {
    name: "noodle_recorded_labels",
    size: size_of::<noodle_recorded_labels>(),
    fields: &[
        Field { name: "known", offset: offset_of!(noodle_recorded_labels, known), has: None, ty: Ty::U32 },
        Field { name: "right", offset: offset_of!(noodle_recorded_labels, right), has: None, ty: Ty::U32 },
        Field { name: "recorded", offset: offset_of!(noodle_recorded_labels, recorded), has: None, ty: Ty::U32 },
        Field { name: "unknown", offset: offset_of!(noodle_recorded_labels, unknown), has: None, ty: Ty::U32 },
    ],
};

pub(crate) static RECORDED_OUTCOMES: Layout = Layout {
    name: "noodle_recorded_outcomes",
    size: size_of::<noodle_recorded_outcomes>(),
    fields: &[
        Field { name: "recorded", offset: offset_of!(noodle_recorded_outcomes, recorded), has: None, ty: Ty::U32 },
        Field { name: "held_out", offset: offset_of!(noodle_recorded_outcomes, held_out), has: None, ty: Ty::U32 },
        Field { name: "late", offset: offset_of!(noodle_recorded_outcomes, late), has: None, ty: Ty::U32 },
        Field { name: "unknown", offset: offset_of!(noodle_recorded_outcomes, unknown), has: None, ty: Ty::Text },
    ],
};

pub(crate) static RECORDING_CONFIG: Layout = Layout {
    name: "noodle_recording_config",
    size: size_of::<noodle_recording_config>(),
    fields: &[
        Field {
            name: "requests",
            offset: offset_of!(noodle_recording_config, requests),
            has: Some(offset_of!(noodle_recording_config, has_requests)),
            ty: Ty::U32,
        },
        Field {
            name: "bytes",
            offset: offset_of!(noodle_recording_config, bytes),
            has: Some(offset_of!(noodle_recording_config, has_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "ms",
            offset: offset_of!(noodle_recording_config, ms),
            has: Some(offset_of!(noodle_recording_config, has_ms)),
            ty: Ty::U64,
        },
    ],
};

pub(crate) static RECORDING_VIEW: Layout = Layout {
    name: "noodle_recording_view",
    size: size_of::<noodle_recording_view>(),
    fields: &[
        Field { name: "requests", offset: offset_of!(noodle_recording_view, requests), has: None, ty: Ty::Text },
        Field { name: "bytes", offset: offset_of!(noodle_recording_view, bytes), has: None, ty: Ty::Text },
        Field { name: "since", offset: offset_of!(noodle_recording_view, since), has: None, ty: Ty::Text },
        Field { name: "skipped", offset: offset_of!(noodle_recording_view, skipped), has: None, ty: Ty::Text },
    ],
};

pub(crate) static REGISTER_VERSION_INPUT: Layout = Layout {
    name: "noodle_register_version_input",
    size: size_of::<noodle_register_version_input>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_register_version_input, model), has: None, ty: Ty::Text },
        Field { name: "path", offset: offset_of!(noodle_register_version_input, path), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_register_version_input, version), has: None, ty: Ty::Text },
        Field {
            name: "model_type",
            offset: offset_of!(noodle_register_version_input, model_type),
            has: None,
            ty: Ty::Enum(MODEL_KIND),
        },
        Field {
            name: "labels",
            offset: offset_of!(noodle_register_version_input, labels),
            has: None,
            ty: Ty::List(&Ty::Text),
        },
        Field {
            name: "description",
            offset: offset_of!(noodle_register_version_input, description),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "tags",
            offset: offset_of!(noodle_register_version_input, tags),
            has: None,
            ty: Ty::Map(&TEXT_ENTRY),
        },
        Field {
            name: "metrics",
            offset: offset_of!(noodle_register_version_input, metrics),
            has: None,
            ty: Ty::Map(&F64_ENTRY),
        },
        Field { name: "parent", offset: offset_of!(noodle_register_version_input, parent), has: None, ty: Ty::Text },
        Field {
            name: "training_run",
            offset: offset_of!(noodle_register_version_input, training_run),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "probes_path",
            offset: offset_of!(noodle_register_version_input, probes_path),
            has: None,
            ty: Ty::Text,
        },
    ],
};

pub(crate) static REMOVE_ALIAS_INPUT: Layout = Layout {
    name: "noodle_remove_alias_input",
    size: size_of::<noodle_remove_alias_input>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_remove_alias_input, model), has: None, ty: Ty::Text },
        Field { name: "alias", offset: offset_of!(noodle_remove_alias_input, alias), has: None, ty: Ty::Text },
    ],
};

pub(crate) static REPLAY_CONFIG: Layout = Layout {
    name: "noodle_replay_config",
    size: size_of::<noodle_replay_config>(),
    fields: &[Field {
        name: "requests",
        offset: offset_of!(noodle_replay_config, requests),
        has: Some(offset_of!(noodle_replay_config, has_requests)),
        ty: Ty::U32,
    }],
};

pub(crate) static REPLAY_FINDINGS: Layout = Layout {
    name: "noodle_replay_findings",
    size: size_of::<noodle_replay_findings>(),
    fields: &[
        Field { name: "recorded", offset: offset_of!(noodle_replay_findings, recorded), has: None, ty: Ty::Text },
        Field { name: "run", offset: offset_of!(noodle_replay_findings, run), has: None, ty: Ty::Text },
    ],
};

pub(crate) static REPLICA_COUNTS: Layout = Layout {
    name: "noodle_replica_counts",
    size: size_of::<noodle_replica_counts>(),
    fields: &[
        Field { name: "candidate", offset: offset_of!(noodle_replica_counts, candidate), has: None, ty: Ty::U32 },
        Field { name: "baseline", offset: offset_of!(noodle_replica_counts, baseline), has: None, ty: Ty::U32 },
    ],
};

pub(crate) static REPLICA_LOAD: Layout = Layout {
    name: "noodle_replica_load",
    size: size_of::<noodle_replica_load>(),
    fields: &[
        Field { name: "runs", offset: offset_of!(noodle_replica_load, runs), has: None, ty: Ty::Text },
        Field { name: "busy_us", offset: offset_of!(noodle_replica_load, busy_us), has: None, ty: Ty::Text },
    ],
};

pub(crate) static REPLICA_STATUS: Layout = Layout {
    name: "noodle_replica_status",
    size: size_of::<noodle_replica_status>(),
    fields: &[
        Field { name: "replicas", offset: offset_of!(noodle_replica_status, replicas), has: None, ty: Ty::U32 },
        Field { name: "busy", offset: offset_of!(noodle_replica_status, busy), has: None, ty: Ty::U32 },
        Field { name: "waiting", offset: offset_of!(noodle_replica_status, waiting), has: None, ty: Ty::U32 },
        Field { name: "replaced", offset: offset_of!(noodle_replica_status, replaced), has: None, ty: Ty::Text },
        Field {
            name: "load",
            offset: offset_of!(noodle_replica_status, load),
            has: None,
            ty: Ty::Struct(&LOAD_REPORT),
        },
        Field {
            name: "batching",
            offset: offset_of!(noodle_replica_status, batching),
            has: None,
            ty: Ty::Struct(&BATCH_STATUS),
        },
        Field {
            name: "residency",
            offset: offset_of!(noodle_replica_status, residency),
            has: None,
            ty: Ty::Struct(&RESIDENCY_STATUS),
        },
    ],
};

pub(crate) static REQUEST_METRICS: Layout = Layout {
    name: "noodle_request_metrics",
    size: size_of::<noodle_request_metrics>(),
    fields: &[
        Field { name: "requests", offset: offset_of!(noodle_request_metrics, requests), has: None, ty: Ty::Text },
        Field {
            name: "errors",
            offset: offset_of!(noodle_request_metrics, errors),
            has: None,
            ty: Ty::Map(&U64_ENTRY),
        },
        Field {
            name: "latency_mean_us",
            offset: offset_of!(noodle_request_metrics, latency_mean_us),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "latency_p50_us",
            offset: offset_of!(noodle_request_metrics, latency_p50_us),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "latency_p95_us",
            offset: offset_of!(noodle_request_metrics, latency_p95_us),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "latency_p99_us",
            offset: offset_of!(noodle_request_metrics, latency_p99_us),
            has: None,
            ty: Ty::F64,
        },
        Field { name: "in_flight", offset: offset_of!(noodle_request_metrics, in_flight), has: None, ty: Ty::Text },
        Field {
            name: "phases",
            offset: offset_of!(noodle_request_metrics, phases),
            has: None,
            ty: Ty::Struct(&PHASE_METRICS),
        },
        Field {
            name: "batch_rows_mean",
            offset: offset_of!(noodle_request_metrics, batch_rows_mean),
            has: Some(offset_of!(noodle_request_metrics, has_batch_rows_mean)),
            ty: Ty::F64,
        },
    ],
};

pub(crate) static REQUEST_VIEW: Layout = Layout {
    name: "noodle_request_view",
    size: size_of::<noodle_request_view>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_request_view, deployment), has: None, ty: Ty::Text },
        Field { name: "request_id", offset: offset_of!(noodle_request_view, request_id), has: None, ty: Ty::Text },
        Field { name: "at", offset: offset_of!(noodle_request_view, at), has: None, ty: Ty::Text },
        Field { name: "revision", offset: offset_of!(noodle_request_view, revision), has: None, ty: Ty::U32 },
        Field { name: "version", offset: offset_of!(noodle_request_view, version), has: None, ty: Ty::Text },
        Field { name: "error", offset: offset_of!(noodle_request_view, error), has: None, ty: Ty::Text },
        Field { name: "label", offset: offset_of!(noodle_request_view, label), has: None, ty: Ty::Text },
    ],
};

pub(crate) static RESIDENCY_STATUS: Layout = Layout {
    name: "noodle_residency_status",
    size: size_of::<noodle_residency_status>(),
    fields: &[
        Field { name: "loaded", offset: offset_of!(noodle_residency_status, loaded), has: None, ty: Ty::Bool },
        Field { name: "cold_loads", offset: offset_of!(noodle_residency_status, cold_loads), has: None, ty: Ty::Text },
        Field { name: "evictions", offset: offset_of!(noodle_residency_status, evictions), has: None, ty: Ty::Text },
        Field {
            name: "idle_unloads",
            offset: offset_of!(noodle_residency_status, idle_unloads),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "last_load_ms",
            offset: offset_of!(noodle_residency_status, last_load_ms),
            has: Some(offset_of!(noodle_residency_status, has_last_load_ms)),
            ty: Ty::U32,
        },
    ],
};

pub(crate) static RESOURCE_REPORT: Layout = Layout {
    name: "noodle_resource_report",
    size: size_of::<noodle_resource_report>(),
    fields: &[
        Field {
            name: "interval_ms",
            offset: offset_of!(noodle_resource_report, interval_ms),
            has: Some(offset_of!(noodle_resource_report, has_interval_ms)),
            ty: Ty::U64,
        },
        Field {
            name: "process",
            offset: offset_of!(noodle_resource_report, process),
            has: None,
            ty: Ty::Struct(&PROCESS_READING),
        },
        Field {
            name: "machine",
            offset: offset_of!(noodle_resource_report, machine),
            has: None,
            ty: Ty::Struct(&MACHINE_READING),
        },
        Field {
            name: "limits",
            offset: offset_of!(noodle_resource_report, limits),
            has: None,
            ty: Ty::Struct(&LIMIT_READING),
        },
        Field {
            name: "gpus",
            offset: offset_of!(noodle_resource_report, gpus),
            has: None,
            ty: Ty::Struct(&GPU_READINGS),
        },
        Field {
            name: "models",
            offset: offset_of!(noodle_resource_report, models),
            has: None,
            ty: Ty::Struct(&MODEL_MEMORY),
        },
    ],
};

pub(crate) static RETAIN_INPUT: Layout = Layout {
    name: "noodle_retain_input",
    size: size_of::<noodle_retain_input>(),
    fields: &[
        Field {
            name: "keep_events",
            offset: offset_of!(noodle_retain_input, keep_events),
            has: Some(offset_of!(noodle_retain_input, has_keep_events)),
            ty: Ty::U32,
        },
        Field { name: "keep_ms", offset: offset_of!(noodle_retain_input, keep_ms), has: None, ty: Ty::Text },
    ],
};

pub(crate) static RETAIN_REPORT: Layout = Layout {
    name: "noodle_retain_report",
    size: size_of::<noodle_retain_report>(),
    fields: &[
        Field { name: "cut", offset: offset_of!(noodle_retain_report, cut), has: None, ty: Ty::Struct(&HEAD) },
        Field { name: "removed", offset: offset_of!(noodle_retain_report, removed), has: None, ty: Ty::Text },
        Field { name: "head", offset: offset_of!(noodle_retain_report, head), has: None, ty: Ty::Struct(&HEAD) },
    ],
};

pub(crate) static REVISION: Layout = Layout {
    name: "noodle_revision",
    size: size_of::<noodle_revision>(),
    fields: &[
        Field { name: "number", offset: offset_of!(noodle_revision, number), has: None, ty: Ty::U32 },
        Field { name: "version", offset: offset_of!(noodle_revision, version), has: None, ty: Ty::Text },
        Field { name: "threads", offset: offset_of!(noodle_revision, threads), has: None, ty: Ty::U32 },
        Field {
            name: "shapes",
            offset: offset_of!(noodle_revision, shapes),
            has: None,
            ty: Ty::List(&Ty::Map(&U32_LIST_ENTRY)),
        },
        Field { name: "engine", offset: offset_of!(noodle_revision, engine), has: None, ty: Ty::Text },
        Field { name: "status", offset: offset_of!(noodle_revision, status), has: None, ty: Ty::Enum(REVISION_STATUS) },
        Field { name: "note", offset: offset_of!(noodle_revision, note), has: None, ty: Ty::Text },
        Field {
            name: "batching",
            offset: offset_of!(noodle_revision, batching),
            has: None,
            ty: Ty::Struct(&BATCH_CONFIG),
        },
        Field { name: "cache", offset: offset_of!(noodle_revision, cache), has: None, ty: Ty::Struct(&CACHE_CONFIG) },
        Field { name: "loading", offset: offset_of!(noodle_revision, loading), has: None, ty: Ty::Enum(LOADING) },
        Field {
            name: "unload_after_ms",
            offset: offset_of!(noodle_revision, unload_after_ms),
            has: None,
            ty: Ty::Text,
        },
        Field { name: "tuning", offset: offset_of!(noodle_revision, tuning), has: None, ty: Ty::Struct(&TUNING) },
        Field { name: "state", offset: offset_of!(noodle_revision, state), has: None, ty: Ty::Struct(&STATE_CONFIG) },
        Field { name: "stream", offset: offset_of!(noodle_revision, stream), has: None, ty: Ty::Union(&STREAM_CONFIG) },
        Field {
            name: "canary",
            offset: offset_of!(noodle_revision, canary),
            has: None,
            ty: Ty::Struct(&CANARY_CONFIG),
        },
    ],
};

pub(crate) static REVISION_MEMORY: Layout = Layout {
    name: "noodle_revision_memory",
    size: size_of::<noodle_revision_memory>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_revision_memory, deployment), has: None, ty: Ty::Text },
        Field { name: "revision", offset: offset_of!(noodle_revision_memory, revision), has: None, ty: Ty::U32 },
        Field { name: "version", offset: offset_of!(noodle_revision_memory, version), has: None, ty: Ty::Text },
        Field { name: "bytes", offset: offset_of!(noodle_revision_memory, bytes), has: None, ty: Ty::U64 },
    ],
};

pub(crate) static REVISION_METRICS: Layout = Layout {
    name: "noodle_revision_metrics",
    size: size_of::<noodle_revision_metrics>(),
    fields: &[
        Field { name: "revision", offset: offset_of!(noodle_revision_metrics, revision), has: None, ty: Ty::U32 },
        Field { name: "version", offset: offset_of!(noodle_revision_metrics, version), has: None, ty: Ty::Text },
        Field {
            name: "requests",
            offset: offset_of!(noodle_revision_metrics, requests),
            has: None,
            ty: Ty::Struct(&REQUEST_METRICS),
        },
        Field {
            name: "cache",
            offset: offset_of!(noodle_revision_metrics, cache),
            has: None,
            ty: Ty::Struct(&CACHE_METRICS),
        },
        Field {
            name: "processes",
            offset: offset_of!(noodle_revision_metrics, processes),
            has: Some(offset_of!(noodle_revision_metrics, has_processes)),
            ty: Ty::U32,
        },
        Field {
            name: "replicas",
            offset: offset_of!(noodle_revision_metrics, replicas),
            has: None,
            ty: Ty::List(&Ty::Struct(&REPLICA_LOAD)),
        },
        Field {
            name: "sessions",
            offset: offset_of!(noodle_revision_metrics, sessions),
            has: None,
            ty: Ty::Struct(&SESSION_METRICS),
        },
    ],
};

pub(crate) static ROLLBACK_INPUT: Layout = Layout {
    name: "noodle_rollback_input",
    size: size_of::<noodle_rollback_input>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_rollback_input, deployment), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_rollback_input, version), has: None, ty: Ty::Text },
        Field { name: "reason", offset: offset_of!(noodle_rollback_input, reason), has: None, ty: Ty::Text },
    ],
};

pub(crate) static ROLLING_CONFIG: Layout = Layout {
    name: "noodle_rolling_config",
    size: size_of::<noodle_rolling_config>(),
    fields: &[
        Field {
            name: "max_surge",
            offset: offset_of!(noodle_rolling_config, max_surge),
            has: Some(offset_of!(noodle_rolling_config, has_max_surge)),
            ty: Ty::U32,
        },
        Field {
            name: "max_unavailable",
            offset: offset_of!(noodle_rolling_config, max_unavailable),
            has: Some(offset_of!(noodle_rolling_config, has_max_unavailable)),
            ty: Ty::U32,
        },
        Field { name: "min_ms", offset: offset_of!(noodle_rolling_config, min_ms), has: None, ty: Ty::Text },
        Field { name: "max_ms", offset: offset_of!(noodle_rolling_config, max_ms), has: None, ty: Ty::Text },
        Field {
            name: "analysis",
            offset: offset_of!(noodle_rolling_config, analysis),
            has: None,
            ty: Ty::Struct(&ANALYSIS_CONFIG),
        },
    ],
};

pub(crate) static ROLLOUT: Layout = Layout {
    name: "noodle_rollout",
    size: size_of::<noodle_rollout>(),
    fields: &[
        Field { name: "baseline", offset: offset_of!(noodle_rollout, baseline), has: None, ty: Ty::U32 },
        Field { name: "candidate", offset: offset_of!(noodle_rollout, candidate), has: None, ty: Ty::U32 },
        Field { name: "canary", offset: offset_of!(noodle_rollout, canary), has: None, ty: Ty::Struct(&CANARY_CONFIG) },
        Field { name: "step", offset: offset_of!(noodle_rollout, step), has: None, ty: Ty::U32 },
        Field { name: "weight", offset: offset_of!(noodle_rollout, weight), has: None, ty: Ty::U32 },
        Field { name: "phase", offset: offset_of!(noodle_rollout, phase), has: None, ty: Ty::Enum(ROLLOUT_PHASE) },
        Field { name: "reason", offset: offset_of!(noodle_rollout, reason), has: None, ty: Ty::Text },
        Field { name: "salt", offset: offset_of!(noodle_rollout, salt), has: None, ty: Ty::Text },
        Field { name: "since", offset: offset_of!(noodle_rollout, since), has: None, ty: Ty::Text },
        Field { name: "from", offset: offset_of!(noodle_rollout, from), has: None, ty: Ty::Struct(&SEEN) },
        Field { name: "evidence", offset: offset_of!(noodle_rollout, evidence), has: None, ty: Ty::Struct(&EVIDENCE) },
        Field { name: "findings", offset: offset_of!(noodle_rollout, findings), has: None, ty: Ty::Struct(&FINDINGS) },
    ],
};

pub(crate) static ROLLOUT_INPUT: Layout = Layout {
    name: "noodle_rollout_input",
    size: size_of::<noodle_rollout_input>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_rollout_input, deployment), has: None, ty: Ty::Text },
        Field { name: "reason", offset: offset_of!(noodle_rollout_input, reason), has: None, ty: Ty::Text },
    ],
};

pub(crate) static ROLLOUT_METRIC: Layout = Layout {
    name: "noodle_rollout_metric",
    size: size_of::<noodle_rollout_metric>(),
    fields: &[
        Field { name: "name", offset: offset_of!(noodle_rollout_metric, name), has: None, ty: Ty::Text },
        Field { name: "goal", offset: offset_of!(noodle_rollout_metric, goal), has: None, ty: Ty::Enum(GOAL) },
        Field { name: "margin", offset: offset_of!(noodle_rollout_metric, margin), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static ROLLOUT_VIEW: Layout = Layout {
    name: "noodle_rollout_view",
    size: size_of::<noodle_rollout_view>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_rollout_view, deployment), has: None, ty: Ty::Text },
        Field {
            name: "rollout",
            offset: offset_of!(noodle_rollout_view, rollout),
            has: None,
            ty: Ty::Struct(&ROLLOUT),
        },
        Field {
            name: "findings",
            offset: offset_of!(noodle_rollout_view, findings),
            has: None,
            ty: Ty::Struct(&FINDINGS),
        },
        Field {
            name: "recording",
            offset: offset_of!(noodle_rollout_view, recording),
            has: None,
            ty: Ty::Struct(&RECORDING_VIEW),
        },
    ],
};

pub(crate) static ROUTE_RULE: Layout = Layout {
    name: "noodle_route_rule",
    size: size_of::<noodle_route_rule>(),
    fields: &[
        Field {
            name: "when",
            offset: offset_of!(noodle_route_rule, when),
            has: None,
            ty: Ty::List(&Ty::Struct(&RULE_CONDITION)),
        },
        Field { name: "to", offset: offset_of!(noodle_route_rule, to), has: None, ty: Ty::Enum(RULE_TARGET) },
        Field { name: "version", offset: offset_of!(noodle_route_rule, version), has: None, ty: Ty::Text },
    ],
};

pub(crate) static RULE_CONDITION: Layout = Layout {
    name: "noodle_rule_condition",
    size: size_of::<noodle_rule_condition>(),
    fields: &[
        Field { name: "attribute", offset: offset_of!(noodle_rule_condition, attribute), has: None, ty: Ty::Text },
        Field { name: "any_of", offset: offset_of!(noodle_rule_condition, any_of), has: None, ty: Ty::List(&Ty::Text) },
    ],
};

pub(crate) static RULES_VIEW: Layout = Layout {
    name: "noodle_rules_view",
    size: size_of::<noodle_rules_view>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_rules_view, deployment), has: None, ty: Ty::Text },
        Field {
            name: "rules",
            offset: offset_of!(noodle_rules_view, rules),
            has: None,
            ty: Ty::List(&Ty::Struct(&ROUTE_RULE)),
        },
    ],
};

pub(crate) static SCALE_INPUT: Layout = Layout {
    name: "noodle_scale_input",
    size: size_of::<noodle_scale_input>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_scale_input, deployment), has: None, ty: Ty::Text },
        Field { name: "replicas", offset: offset_of!(noodle_scale_input, replicas), has: None, ty: Ty::U32 },
    ],
};

pub(crate) static SCALE_RECOMMENDATION: Layout = Layout {
    name: "noodle_scale_recommendation",
    size: size_of::<noodle_scale_recommendation>(),
    fields: &[
        Field { name: "at", offset: offset_of!(noodle_scale_recommendation, at), has: None, ty: Ty::Text },
        Field { name: "desired", offset: offset_of!(noodle_scale_recommendation, desired), has: None, ty: Ty::U32 },
        Field { name: "current", offset: offset_of!(noodle_scale_recommendation, current), has: None, ty: Ty::U32 },
        Field { name: "act", offset: offset_of!(noodle_scale_recommendation, act), has: None, ty: Ty::Bool },
        Field { name: "reason", offset: offset_of!(noodle_scale_recommendation, reason), has: None, ty: Ty::Text },
        Field {
            name: "limits",
            offset: offset_of!(noodle_scale_recommendation, limits),
            has: None,
            ty: Ty::List(&Ty::Text),
        },
        Field {
            name: "arrivals_per_s",
            offset: offset_of!(noodle_scale_recommendation, arrivals_per_s),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "expected_per_s",
            offset: offset_of!(noodle_scale_recommendation, expected_per_s),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "service_ms",
            offset: offset_of!(noodle_scale_recommendation, service_ms),
            has: Some(offset_of!(noodle_scale_recommendation, has_service_ms)),
            ty: Ty::F64,
        },
        Field { name: "offered", offset: offset_of!(noodle_scale_recommendation, offered), has: None, ty: Ty::F64 },
        Field {
            name: "target_in_flight",
            offset: offset_of!(noodle_scale_recommendation, target_in_flight),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "queue_budget_ms",
            offset: offset_of!(noodle_scale_recommendation, queue_budget_ms),
            has: Some(offset_of!(noodle_scale_recommendation, has_queue_budget_ms)),
            ty: Ty::F64,
        },
        Field {
            name: "late",
            offset: offset_of!(noodle_scale_recommendation, late),
            has: Some(offset_of!(noodle_scale_recommendation, has_late)),
            ty: Ty::F64,
        },
        Field {
            name: "late_allowed",
            offset: offset_of!(noodle_scale_recommendation, late_allowed),
            has: None,
            ty: Ty::F64,
        },
        Field {
            name: "unreachable",
            offset: offset_of!(noodle_scale_recommendation, unreachable),
            has: None,
            ty: Ty::Bool,
        },
        Field { name: "lead_ms", offset: offset_of!(noodle_scale_recommendation, lead_ms), has: None, ty: Ty::F64 },
        Field { name: "panic", offset: offset_of!(noodle_scale_recommendation, panic), has: None, ty: Ty::Bool },
        Field {
            name: "vertical",
            offset: offset_of!(noodle_scale_recommendation, vertical),
            has: None,
            ty: Ty::List(&Ty::Struct(&SIZE_CHANGE)),
        },
    ],
};

pub(crate) static SEEN: Layout = Layout {
    name: "noodle_seen",
    size: size_of::<noodle_seen>(),
    fields: &[
        Field { name: "candidate", offset: offset_of!(noodle_seen, candidate), has: None, ty: Ty::Struct(&ARM_COUNTS) },
        Field { name: "baseline", offset: offset_of!(noodle_seen, baseline), has: None, ty: Ty::Struct(&ARM_COUNTS) },
    ],
};

pub(crate) static SEGMENT_COMPARISON: Layout = Layout {
    name: "noodle_segment_comparison",
    size: size_of::<noodle_segment_comparison>(),
    fields: &[
        Field { name: "attribute", offset: offset_of!(noodle_segment_comparison, attribute), has: None, ty: Ty::Text },
        Field { name: "value", offset: offset_of!(noodle_segment_comparison, value), has: None, ty: Ty::Text },
        Field {
            name: "comparison",
            offset: offset_of!(noodle_segment_comparison, comparison),
            has: None,
            ty: Ty::Struct(&COMPARISON),
        },
    ],
};

pub(crate) static SESSION_METRICS: Layout = Layout {
    name: "noodle_session_metrics",
    size: size_of::<noodle_session_metrics>(),
    fields: &[
        Field { name: "open", offset: offset_of!(noodle_session_metrics, open), has: None, ty: Ty::U32 },
        Field { name: "bytes", offset: offset_of!(noodle_session_metrics, bytes), has: None, ty: Ty::Text },
        Field { name: "opened", offset: offset_of!(noodle_session_metrics, opened), has: None, ty: Ty::Text },
        Field { name: "expired", offset: offset_of!(noodle_session_metrics, expired), has: None, ty: Ty::Text },
        Field { name: "refused", offset: offset_of!(noodle_session_metrics, refused), has: None, ty: Ty::Text },
    ],
};

pub(crate) static SET_ALIAS_INPUT: Layout = Layout {
    name: "noodle_set_alias_input",
    size: size_of::<noodle_set_alias_input>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_set_alias_input, model), has: None, ty: Ty::Text },
        Field { name: "alias", offset: offset_of!(noodle_set_alias_input, alias), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_set_alias_input, version), has: None, ty: Ty::Text },
    ],
};

pub(crate) static SET_AUTOSCALE_INPUT: Layout = Layout {
    name: "noodle_set_autoscale_input",
    size: size_of::<noodle_set_autoscale_input>(),
    fields: &[
        Field {
            name: "deployment",
            offset: offset_of!(noodle_set_autoscale_input, deployment),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "autoscale",
            offset: offset_of!(noodle_set_autoscale_input, autoscale),
            has: None,
            ty: Ty::Struct(&AUTOSCALE_CONFIG),
        },
    ],
};

pub(crate) static SET_MEMORY_BUDGET_INPUT: Layout = Layout {
    name: "noodle_set_memory_budget_input",
    size: size_of::<noodle_set_memory_budget_input>(),
    fields: &[Field {
        name: "bytes",
        offset: offset_of!(noodle_set_memory_budget_input, bytes),
        has: None,
        ty: Ty::Text,
    }],
};

pub(crate) static SET_RULES_INPUT: Layout = Layout {
    name: "noodle_set_rules_input",
    size: size_of::<noodle_set_rules_input>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_set_rules_input, deployment), has: None, ty: Ty::Text },
        Field {
            name: "rules",
            offset: offset_of!(noodle_set_rules_input, rules),
            has: None,
            ty: Ty::List(&Ty::Struct(&ROUTE_RULE)),
        },
    ],
};

pub(crate) static SET_VERSION_STATUS_INPUT: Layout = Layout {
    name: "noodle_set_version_status_input",
    size: size_of::<noodle_set_version_status_input>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_set_version_status_input, model), has: None, ty: Ty::Text },
        Field {
            name: "version",
            offset: offset_of!(noodle_set_version_status_input, version),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "status",
            offset: offset_of!(noodle_set_version_status_input, status),
            has: None,
            ty: Ty::Enum(VERSION_STATUS),
        },
        Field { name: "reason", offset: offset_of!(noodle_set_version_status_input, reason), has: None, ty: Ty::Text },
    ],
};

pub(crate) static SETTINGS: Layout = Layout {
    name: "noodle_settings",
    size: size_of::<noodle_settings>(),
    fields: &[
        Field {
            name: "enabled",
            offset: offset_of!(noodle_settings, enabled),
            has: Some(offset_of!(noodle_settings, has_enabled)),
            ty: Ty::Bool,
        },
        Field { name: "default_target", offset: offset_of!(noodle_settings, default_target), has: None, ty: Ty::Text },
        Field {
            name: "default_strategy",
            offset: offset_of!(noodle_settings, default_strategy),
            has: None,
            ty: Ty::Enum(STRATEGY),
        },
        Field {
            name: "scale_enabled",
            offset: offset_of!(noodle_settings, scale_enabled),
            has: Some(offset_of!(noodle_settings, has_scale_enabled)),
            ty: Ty::Bool,
        },
        Field {
            name: "monitoring_enabled",
            offset: offset_of!(noodle_settings, monitoring_enabled),
            has: Some(offset_of!(noodle_settings, has_monitoring_enabled)),
            ty: Ty::Bool,
        },
        Field {
            name: "max_deployments",
            offset: offset_of!(noodle_settings, max_deployments),
            has: Some(offset_of!(noodle_settings, has_max_deployments)),
            ty: Ty::U32,
        },
        Field {
            name: "max_concurrent",
            offset: offset_of!(noodle_settings, max_concurrent),
            has: Some(offset_of!(noodle_settings, has_max_concurrent)),
            ty: Ty::U32,
        },
        Field {
            name: "memory_budget_bytes",
            offset: offset_of!(noodle_settings, memory_budget_bytes),
            has: Some(offset_of!(noodle_settings, has_memory_budget_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "plan_cache_bytes",
            offset: offset_of!(noodle_settings, plan_cache_bytes),
            has: Some(offset_of!(noodle_settings, has_plan_cache_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "max_artifact_bytes",
            offset: offset_of!(noodle_settings, max_artifact_bytes),
            has: Some(offset_of!(noodle_settings, has_max_artifact_bytes)),
            ty: Ty::U64,
        },
        Field {
            name: "max_queue",
            offset: offset_of!(noodle_settings, max_queue),
            has: Some(offset_of!(noodle_settings, has_max_queue)),
            ty: Ty::U32,
        },
        Field {
            name: "max_replicas",
            offset: offset_of!(noodle_settings, max_replicas),
            has: Some(offset_of!(noodle_settings, has_max_replicas)),
            ty: Ty::U32,
        },
        Field { name: "workers", offset: offset_of!(noodle_settings, workers), has: None, ty: Ty::U32 },
        Field {
            name: "drain_timeout_ms",
            offset: offset_of!(noodle_settings, drain_timeout_ms),
            has: Some(offset_of!(noodle_settings, has_drain_timeout_ms)),
            ty: Ty::U64,
        },
        Field {
            name: "poll_interval_ms",
            offset: offset_of!(noodle_settings, poll_interval_ms),
            has: Some(offset_of!(noodle_settings, has_poll_interval_ms)),
            ty: Ty::U64,
        },
        Field {
            name: "heartbeat_ms",
            offset: offset_of!(noodle_settings, heartbeat_ms),
            has: Some(offset_of!(noodle_settings, has_heartbeat_ms)),
            ty: Ty::U64,
        },
        Field {
            name: "lease_ttl_ms",
            offset: offset_of!(noodle_settings, lease_ttl_ms),
            has: Some(offset_of!(noodle_settings, has_lease_ttl_ms)),
            ty: Ty::U64,
        },
        Field {
            name: "keep_warm",
            offset: offset_of!(noodle_settings, keep_warm),
            has: Some(offset_of!(noodle_settings, has_keep_warm)),
            ty: Ty::U32,
        },
        Field {
            name: "failures_to_error",
            offset: offset_of!(noodle_settings, failures_to_error),
            has: Some(offset_of!(noodle_settings, has_failures_to_error)),
            ty: Ty::U32,
        },
        Field {
            name: "retain_events",
            offset: offset_of!(noodle_settings, retain_events),
            has: Some(offset_of!(noodle_settings, has_retain_events)),
            ty: Ty::U32,
        },
        Field { name: "read_only", offset: offset_of!(noodle_settings, read_only), has: None, ty: Ty::Bool },
        Field {
            name: "allow_network_fs",
            offset: offset_of!(noodle_settings, allow_network_fs),
            has: None,
            ty: Ty::Bool,
        },
        Field {
            name: "allow_unverified",
            offset: offset_of!(noodle_settings, allow_unverified),
            has: None,
            ty: Ty::Bool,
        },
        Field {
            name: "load_on_open",
            offset: offset_of!(noodle_settings, load_on_open),
            has: Some(offset_of!(noodle_settings, has_load_on_open)),
            ty: Ty::Bool,
        },
        Field { name: "actor", offset: offset_of!(noodle_settings, actor), has: None, ty: Ty::Text },
        Field { name: "default_engine", offset: offset_of!(noodle_settings, default_engine), has: None, ty: Ty::Text },
        Field { name: "onnxruntime", offset: offset_of!(noodle_settings, onnxruntime), has: None, ty: Ty::Text },
        Field {
            name: "onnxruntime_providers",
            offset: offset_of!(noodle_settings, onnxruntime_providers),
            has: None,
            ty: Ty::List(&Ty::Text),
        },
        Field {
            name: "cache_redis_url",
            offset: offset_of!(noodle_settings, cache_redis_url),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "default_loading",
            offset: offset_of!(noodle_settings, default_loading),
            has: None,
            ty: Ty::Enum(LOADING),
        },
        Field {
            name: "specialise",
            offset: offset_of!(noodle_settings, specialise),
            has: Some(offset_of!(noodle_settings, has_specialise)),
            ty: Ty::Bool,
        },
        Field {
            name: "journal",
            offset: offset_of!(noodle_settings, journal),
            has: None,
            ty: Ty::Struct(&JOURNAL_CONFIG),
        },
        Field {
            name: "shadow_cpu_percent",
            offset: offset_of!(noodle_settings, shadow_cpu_percent),
            has: Some(offset_of!(noodle_settings, has_shadow_cpu_percent)),
            ty: Ty::U32,
        },
        Field {
            name: "recording",
            offset: offset_of!(noodle_settings, recording),
            has: None,
            ty: Ty::Struct(&RECORDING_CONFIG),
        },
    ],
};

pub(crate) static SHARE: Layout = Layout {
    name: "noodle_share",
    size: size_of::<noodle_share>(),
    fields: &[
        Field { name: "below", offset: offset_of!(noodle_share, below), has: None, ty: Ty::U32 },
        Field { name: "arm", offset: offset_of!(noodle_share, arm), has: None, ty: Ty::U32 },
    ],
};

pub(crate) static SIGNATURE: Layout = Layout {
    name: "noodle_signature",
    size: size_of::<noodle_signature>(),
    fields: &[
        Field {
            name: "inputs",
            offset: offset_of!(noodle_signature, inputs),
            has: None,
            ty: Ty::List(&Ty::Struct(&TENSOR_SPEC)),
        },
        Field {
            name: "outputs",
            offset: offset_of!(noodle_signature, outputs),
            has: None,
            ty: Ty::List(&Ty::Struct(&TENSOR_SPEC)),
        },
    ],
};

pub(crate) static SIZE_CHANGE: Layout = Layout {
    name: "noodle_size_change",
    size: size_of::<noodle_size_change>(),
    fields: &[
        Field { name: "what", offset: offset_of!(noodle_size_change, what), has: None, ty: Ty::Text },
        Field { name: "from", offset: offset_of!(noodle_size_change, from), has: None, ty: Ty::U32 },
        Field { name: "to", offset: offset_of!(noodle_size_change, to), has: None, ty: Ty::U32 },
        Field { name: "reason", offset: offset_of!(noodle_size_change, reason), has: None, ty: Ty::Text },
    ],
};

pub(crate) static SIZE_STATUS: Layout = Layout {
    name: "noodle_size_status",
    size: size_of::<noodle_size_status>(),
    fields: &[
        Field { name: "rows", offset: offset_of!(noodle_size_status, rows), has: None, ty: Ty::U32 },
        Field { name: "mean_us", offset: offset_of!(noodle_size_status, mean_us), has: None, ty: Ty::F64 },
        Field { name: "times", offset: offset_of!(noodle_size_status, times), has: None, ty: Ty::U32 },
    ],
};

pub(crate) static STATE_CONFIG: Layout = Layout {
    name: "noodle_state_config",
    size: size_of::<noodle_state_config>(),
    fields: &[
        Field {
            name: "carried",
            offset: offset_of!(noodle_state_config, carried),
            has: None,
            ty: Ty::List(&Ty::Struct(&CARRIED_TENSOR)),
        },
        Field {
            name: "max_sessions",
            offset: offset_of!(noodle_state_config, max_sessions),
            has: Some(offset_of!(noodle_state_config, has_max_sessions)),
            ty: Ty::U32,
        },
        Field { name: "max_bytes", offset: offset_of!(noodle_state_config, max_bytes), has: None, ty: Ty::Text },
        Field { name: "idle_ms", offset: offset_of!(noodle_state_config, idle_ms), has: None, ty: Ty::Text },
    ],
};

pub(crate) static STOP_VALUE: Layout = Layout {
    name: "noodle_stop_value",
    size: size_of::<noodle_stop_value>(),
    fields: &[
        Field { name: "output", offset: offset_of!(noodle_stop_value, output), has: None, ty: Ty::Text },
        Field { name: "equals", offset: offset_of!(noodle_stop_value, equals), has: None, ty: Ty::F64 },
    ],
};

pub(crate) static STREAM_CONFIG_WINDOWS: Layout = Layout {
    name: "noodle_stream_config_windows",
    size: size_of::<noodle_stream_config_windows>(),
    fields: &[
        Field { name: "input", offset: offset_of!(noodle_stream_config_windows, input), has: None, ty: Ty::Text },
        Field { name: "axis", offset: offset_of!(noodle_stream_config_windows, axis), has: None, ty: Ty::U32 },
        Field { name: "length", offset: offset_of!(noodle_stream_config_windows, length), has: None, ty: Ty::U32 },
        Field { name: "hop", offset: offset_of!(noodle_stream_config_windows, hop), has: None, ty: Ty::U32 },
        Field { name: "context", offset: offset_of!(noodle_stream_config_windows, context), has: None, ty: Ty::U32 },
        Field {
            name: "pad_last",
            offset: offset_of!(noodle_stream_config_windows, pad_last),
            has: Some(offset_of!(noodle_stream_config_windows, has_pad_last)),
            ty: Ty::Bool,
        },
    ],
};

pub(crate) static STREAM_CONFIG_REPEAT: Layout = Layout {
    name: "noodle_stream_config_repeat",
    size: size_of::<noodle_stream_config_repeat>(),
    fields: &[
        Field {
            name: "feed",
            offset: offset_of!(noodle_stream_config_repeat, feed),
            has: None,
            ty: Ty::List(&Ty::Struct(&FED_TENSOR)),
        },
        Field { name: "max_steps", offset: offset_of!(noodle_stream_config_repeat, max_steps), has: None, ty: Ty::U32 },
        Field {
            name: "until",
            offset: offset_of!(noodle_stream_config_repeat, until),
            has: None,
            ty: Ty::Struct(&STOP_VALUE),
        },
    ],
};

pub(crate) static TENSOR_SPEC: Layout = Layout {
    name: "noodle_tensor_spec",
    size: size_of::<noodle_tensor_spec>(),
    fields: &[
        Field { name: "name", offset: offset_of!(noodle_tensor_spec, name), has: None, ty: Ty::Text },
        Field { name: "dtype", offset: offset_of!(noodle_tensor_spec, dtype), has: None, ty: Ty::Enum(DTYPE) },
        Field { name: "shape", offset: offset_of!(noodle_tensor_spec, shape), has: None, ty: Ty::List(&Ty::Text) },
    ],
};

pub(crate) static TOLERANCE: Layout = Layout {
    name: "noodle_tolerance",
    size: size_of::<noodle_tolerance>(),
    fields: &[
        Field {
            name: "rtol",
            offset: offset_of!(noodle_tolerance, rtol),
            has: Some(offset_of!(noodle_tolerance, has_rtol)),
            ty: Ty::F64,
        },
        Field {
            name: "atol",
            offset: offset_of!(noodle_tolerance, atol),
            has: Some(offset_of!(noodle_tolerance, has_atol)),
            ty: Ty::F64,
        },
    ],
};

pub(crate) static TUNING: Layout = Layout {
    name: "noodle_tuning",
    size: size_of::<noodle_tuning>(),
    fields: &[
        Field { name: "aim", offset: offset_of!(noodle_tuning, aim), has: None, ty: Ty::Enum(AIM) },
        Field { name: "machine", offset: offset_of!(noodle_tuning, machine), has: None, ty: Ty::Text },
        Field { name: "remembered", offset: offset_of!(noodle_tuning, remembered), has: None, ty: Ty::Bool },
        Field { name: "chosen", offset: offset_of!(noodle_tuning, chosen), has: None, ty: Ty::U32 },
        Field {
            name: "cases",
            offset: offset_of!(noodle_tuning, cases),
            has: None,
            ty: Ty::List(&Ty::Struct(&TUNING_CASE)),
        },
    ],
};

pub(crate) static TUNING_CASE: Layout = Layout {
    name: "noodle_tuning_case",
    size: size_of::<noodle_tuning_case>(),
    fields: &[
        Field { name: "threads", offset: offset_of!(noodle_tuning_case, threads), has: None, ty: Ty::U32 },
        Field { name: "replicas", offset: offset_of!(noodle_tuning_case, replicas), has: None, ty: Ty::U32 },
        Field { name: "rows", offset: offset_of!(noodle_tuning_case, rows), has: None, ty: Ty::U32 },
        Field { name: "latency_us", offset: offset_of!(noodle_tuning_case, latency_us), has: None, ty: Ty::F64 },
        Field {
            name: "rows_per_second",
            offset: offset_of!(noodle_tuning_case, rows_per_second),
            has: None,
            ty: Ty::F64,
        },
    ],
};

pub(crate) static UNDEPLOY_INPUT: Layout = Layout {
    name: "noodle_undeploy_input",
    size: size_of::<noodle_undeploy_input>(),
    fields: &[
        Field { name: "deployment", offset: offset_of!(noodle_undeploy_input, deployment), has: None, ty: Ty::Text },
        Field { name: "force", offset: offset_of!(noodle_undeploy_input, force), has: None, ty: Ty::Bool },
    ],
};

pub(crate) static VERSION_COMPARISON: Layout = Layout {
    name: "noodle_version_comparison",
    size: size_of::<noodle_version_comparison>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_version_comparison, model), has: None, ty: Ty::Text },
        Field { name: "base", offset: offset_of!(noodle_version_comparison, base), has: None, ty: Ty::Text },
        Field { name: "candidate", offset: offset_of!(noodle_version_comparison, candidate), has: None, ty: Ty::Text },
        Field {
            name: "same_artifact",
            offset: offset_of!(noodle_version_comparison, same_artifact),
            has: None,
            ty: Ty::Bool,
        },
        Field {
            name: "compatibility",
            offset: offset_of!(noodle_version_comparison, compatibility),
            has: None,
            ty: Ty::Enum(COMPATIBILITY),
        },
        Field {
            name: "differences",
            offset: offset_of!(noodle_version_comparison, differences),
            has: None,
            ty: Ty::List(&Ty::Text),
        },
        Field {
            name: "base_bytes",
            offset: offset_of!(noodle_version_comparison, base_bytes),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "candidate_bytes",
            offset: offset_of!(noodle_version_comparison, candidate_bytes),
            has: None,
            ty: Ty::Text,
        },
        Field {
            name: "metrics",
            offset: offset_of!(noodle_version_comparison, metrics),
            has: None,
            ty: Ty::Map(&METRIC_DIFFERENCE_ENTRY),
        },
    ],
};

pub(crate) static VERSION_LIST: Layout = Layout {
    name: "noodle_version_list",
    size: size_of::<noodle_version_list>(),
    fields: &[Field {
        name: "versions",
        offset: offset_of!(noodle_version_list, versions),
        has: None,
        ty: Ty::List(&Ty::Struct(&VERSION_RECORD)),
    }],
};

pub(crate) static VERSION_PIN: Layout = Layout {
    name: "noodle_version_pin",
    size: size_of::<noodle_version_pin>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_version_pin, model), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_version_pin, version), has: None, ty: Ty::Text },
    ],
};

pub(crate) static VERSION_RECORD: Layout = Layout {
    name: "noodle_version_record",
    size: size_of::<noodle_version_record>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_version_record, model), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_version_record, version), has: None, ty: Ty::Text },
        Field { name: "digest", offset: offset_of!(noodle_version_record, digest), has: None, ty: Ty::Text },
        Field { name: "bytes", offset: offset_of!(noodle_version_record, bytes), has: None, ty: Ty::Text },
        Field { name: "format", offset: offset_of!(noodle_version_record, format), has: None, ty: Ty::Text },
        Field {
            name: "signature",
            offset: offset_of!(noodle_version_record, signature),
            has: None,
            ty: Ty::Struct(&SIGNATURE),
        },
        Field { name: "labels", offset: offset_of!(noodle_version_record, labels), has: None, ty: Ty::List(&Ty::Text) },
        Field { name: "description", offset: offset_of!(noodle_version_record, description), has: None, ty: Ty::Text },
        Field { name: "tags", offset: offset_of!(noodle_version_record, tags), has: None, ty: Ty::Map(&TEXT_ENTRY) },
        Field {
            name: "metrics",
            offset: offset_of!(noodle_version_record, metrics),
            has: None,
            ty: Ty::Map(&F64_ENTRY),
        },
        Field { name: "parent", offset: offset_of!(noodle_version_record, parent), has: None, ty: Ty::Text },
        Field {
            name: "training_run",
            offset: offset_of!(noodle_version_record, training_run),
            has: None,
            ty: Ty::Text,
        },
        Field { name: "probes", offset: offset_of!(noodle_version_record, probes), has: None, ty: Ty::Text },
        Field { name: "probes_from", offset: offset_of!(noodle_version_record, probes_from), has: None, ty: Ty::Text },
        Field {
            name: "suspect",
            offset: offset_of!(noodle_version_record, suspect),
            has: None,
            ty: Ty::List(&Ty::Text),
        },
        Field {
            name: "status",
            offset: offset_of!(noodle_version_record, status),
            has: None,
            ty: Ty::Enum(VERSION_STATUS),
        },
        Field { name: "created_at", offset: offset_of!(noodle_version_record, created_at), has: None, ty: Ty::Text },
        Field {
            name: "evaluations",
            offset: offset_of!(noodle_version_record, evaluations),
            has: None,
            ty: Ty::List(&Ty::Struct(&EVALUATION)),
        },
        Field {
            name: "uses",
            offset: offset_of!(noodle_version_record, uses),
            has: None,
            ty: Ty::List(&Ty::Struct(&VERSION_PIN)),
        },
    ],
};

pub(crate) static VERSION_REF: Layout = Layout {
    name: "noodle_version_ref",
    size: size_of::<noodle_version_ref>(),
    fields: &[
        Field { name: "model", offset: offset_of!(noodle_version_ref, model), has: None, ty: Ty::Text },
        Field { name: "version", offset: offset_of!(noodle_version_ref, version), has: None, ty: Ty::Text },
    ],
};

pub(crate) static VERTICAL_CONFIG: Layout = Layout {
    name: "noodle_vertical_config",
    size: size_of::<noodle_vertical_config>(),
    fields: &[
        Field {
            name: "min_threads",
            offset: offset_of!(noodle_vertical_config, min_threads),
            has: Some(offset_of!(noodle_vertical_config, has_min_threads)),
            ty: Ty::U32,
        },
        Field {
            name: "max_threads",
            offset: offset_of!(noodle_vertical_config, max_threads),
            has: Some(offset_of!(noodle_vertical_config, has_max_threads)),
            ty: Ty::U32,
        },
        Field {
            name: "min_batch_size",
            offset: offset_of!(noodle_vertical_config, min_batch_size),
            has: Some(offset_of!(noodle_vertical_config, has_min_batch_size)),
            ty: Ty::U32,
        },
        Field {
            name: "max_batch_size",
            offset: offset_of!(noodle_vertical_config, max_batch_size),
            has: Some(offset_of!(noodle_vertical_config, has_max_batch_size)),
            ty: Ty::U32,
        },
        Field {
            name: "cooldown_ms",
            offset: offset_of!(noodle_vertical_config, cooldown_ms),
            has: Some(offset_of!(noodle_vertical_config, has_cooldown_ms)),
            ty: Ty::U32,
        },
    ],
};

/// Every struct with fields.
#[cfg(any(test, feature = "testing"))]
pub(crate) static ALL: &[&Layout] = &[
    &ANALYSIS_CONFIG,
    &ANNOTATE_VERSION_INPUT,
    &ANSWERS,
    &ARM,
    &ARM_CONFIG,
    &ARM_COUNTS,
    &AUDIT_REPORT,
    &AUDIT_VERIFY_INPUT,
    &AUTOSCALE_CONFIG,
    &AUTOSCALE_VIEW,
    &BACKUP_INPUT,
    &BACKUP_REPORT,
    &BATCH_CONFIG,
    &BATCH_STATUS,
    &BENCHMARK_CASE,
    &BENCHMARK_FIGURES,
    &BENCHMARK_INPUT,
    &BENCHMARK_REPORT,
    &BENCHMARK_ROW,
    &BOUND,
    &CACHE_CONFIG,
    &CACHE_METRICS,
    &CANARY_CONFIG,
    &CANARY_STEP,
    &CARRIED_TENSOR,
    &CHANGE,
    &COMPARE_VERSIONS_INPUT,
    &COMPARISON,
    &CONFUSION_ROW,
    &COST_FINDINGS,
    &CREATE_EXPERIMENT_INPUT,
    &DECLARE_WINNER_INPUT,
    &DELETE_VERSION_INPUT,
    &DELETED,
    &DEPLOY_INPUT,
    &DEPLOYMENT,
    &DEPLOYMENT_FILTER,
    &DEPLOYMENT_HEALTH,
    &DEPLOYMENT_LIST,
    &DEPLOYMENT_REF,
    &DEPLOYMENT_VIEW,
    &DIFFERENCES,
    &DRIFT_CONFIG,
    &DRIFT_FINDINGS,
    &ENGINE_CHOICE,
    &ENGINE_FIGURES,
    &ERROR_RECORD,
    &EVALUATE_INPUT,
    &EVALUATION,
    &EVALUATION_REPORT,
    &EVENT_VERSION_REGISTERED,
    &EVENT_VERSION_ANNOTATED,
    &EVENT_VERSION_PROBED,
    &EVENT_VERSION_STATUS_CHANGED,
    &EVENT_VERSION_DELETED,
    &EVENT_ALIAS_SET,
    &EVENT_ALIAS_REMOVED,
    &EVENT_DEPLOY_REQUESTED,
    &EVENT_DEPLOY_STARTED,
    &EVENT_REVISION_READY,
    &EVENT_REVISION_FAILED,
    &EVENT_PROMOTED,
    &EVENT_ROLLED_BACK,
    &EVENT_SCALE_REQUESTED,
    &EVENT_SCALED,
    &EVENT_SCALE_FAILED,
    &EVENT_STOP_REQUESTED,
    &EVENT_STOPPED,
    &EVENT_FAILED,
    &EVENT_CHECKPOINT,
    &EVENT_VERSION_EVALUATED,
    &EVENT_AUTOSCALE_SET,
    &EVENT_ROLLOUT_STARTED,
    &EVENT_ROLLOUT_MARKED,
    &EVENT_ROLLOUT_STEPPED,
    &EVENT_ROLLOUT_PHASE_CHANGED,
    &EVENT_EXPERIMENT_CREATED,
    &EVENT_EXPERIMENT_WEIGHTED,
    &EVENT_EXPERIMENT_PHASE_CHANGED,
    &EVENT_RULES_SET,
    &EVENT_RECORD,
    &EVIDENCE,
    &EXPERIMENT,
    &EXPERIMENT_ARM,
    &EXPERIMENT_INPUT,
    &EXPERIMENT_PLAN,
    &EXPERIMENT_REPORT,
    &EXPERIMENT_VIEW,
    &EXPLAIN_REQUEST_INPUT,
    &EXPLAIN_ROUTE_INPUT,
    &EXPOSURE,
    &FED_TENSOR,
    &FIGURES,
    &FINDINGS,
    &GARBAGE_REPORT,
    &GATE,
    &GET_AUTOSCALE_INPUT,
    &GPU_READING,
    &GPU_READINGS,
    &HEAD,
    &HEALTH_REPORT,
    &HISTORY_INPUT,
    &HISTORY_OUTPUT,
    &HORIZON_TESTS,
    &INTERVAL_AT,
    &JOURNAL_CONFIG,
    &JUDGEMENT_CONFIG,
    &LABEL,
    &LATENCY_OBJECTIVE,
    &LIMIT_READING,
    &LOAD_REPORT,
    &MACHINE_FACTS,
    &MACHINE_READING,
    &MEAN_EVIDENCE,
    &MEMORY_BUDGET_VIEW,
    &METRIC_CONFIG,
    &METRIC_DIFFERENCE,
    &METRIC_EVIDENCE,
    &METRIC_FINDINGS,
    &METRICS_REPORT,
    &MIRROR_CONFIG,
    &MIRROR_EVIDENCE,
    &MIRROR_FINDINGS,
    &MODEL,
    &MODEL_LIST,
    &MODEL_MEMORY,
    &MODEL_REF,
    &MOMENTS,
    &NODE_PROFILE,
    &OUTCOME,
    &OUTCOME_SUMS,
    &PADDING,
    &PHASE,
    &PHASE_METRICS,
    &PLAN_EXPERIMENT_INPUT,
    &PRIORITIES,
    &PROCESS_READING,
    &PROFILE_INPUT,
    &PROFILE_REPORT,
    &PROGRESS,
    &PROMOTE_INPUT,
    &PROPORTION_EVIDENCE,
    &PROPORTIONS_TEST,
    &QUEUE_POLICY,
    &RANKS_TEST,
    &RATE_EVIDENCE,
    &RECORD_LABELS_INPUT,
    &RECORD_OUTCOMES_INPUT,
    &RECORDED_LABELS,
    &RECORDED_OUTCOMES,
    &RECORDING_CONFIG,
    &RECORDING_VIEW,
    &REGISTER_VERSION_INPUT,
    &REMOVE_ALIAS_INPUT,
    &REPLAY_CONFIG,
    &REPLAY_FINDINGS,
    &REPLICA_COUNTS,
    &REPLICA_LOAD,
    &REPLICA_STATUS,
    &REQUEST_METRICS,
    &REQUEST_VIEW,
    &RESIDENCY_STATUS,
    &RESOURCE_REPORT,
    &RETAIN_INPUT,
    &RETAIN_REPORT,
    &REVISION,
    &REVISION_MEMORY,
    &REVISION_METRICS,
    &ROLLBACK_INPUT,
    &ROLLING_CONFIG,
    &ROLLOUT,
    &ROLLOUT_INPUT,
    &ROLLOUT_METRIC,
    &ROLLOUT_VIEW,
    &ROUTE_RULE,
    &RULE_CONDITION,
    &RULES_VIEW,
    &SCALE_INPUT,
    &SCALE_RECOMMENDATION,
    &SEEN,
    &SEGMENT_COMPARISON,
    &SESSION_METRICS,
    &SET_ALIAS_INPUT,
    &SET_AUTOSCALE_INPUT,
    &SET_MEMORY_BUDGET_INPUT,
    &SET_RULES_INPUT,
    &SET_VERSION_STATUS_INPUT,
    &SETTINGS,
    &SHARE,
    &SIGNATURE,
    &SIZE_CHANGE,
    &SIZE_STATUS,
    &STATE_CONFIG,
    &STOP_VALUE,
    &STREAM_CONFIG_WINDOWS,
    &STREAM_CONFIG_REPEAT,
    &TENSOR_SPEC,
    &TOLERANCE,
    &TUNING,
    &TUNING_CASE,
    &UNDEPLOY_INPUT,
    &VERSION_COMPARISON,
    &VERSION_LIST,
    &VERSION_PIN,
    &VERSION_RECORD,
    &VERSION_REF,
    &VERTICAL_CONFIG,
];
