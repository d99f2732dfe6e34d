//! Structs as the C header has them.

// Written by `cargo xtask codegen`; do not edit.

use std::ffi::{c_char, c_void};

#[repr(C)]
pub struct noodle_f64_entry {
    pub key: *const c_char,
    pub value: f64,
}

#[repr(C)]
pub struct noodle_metric_difference_entry {
    pub key: *const c_char,
    pub value: *const noodle_metric_difference,
}

#[repr(C)]
pub struct noodle_replica_status_entry {
    pub key: *const c_char,
    pub value: *const noodle_replica_status,
}

#[repr(C)]
pub struct noodle_text_entry {
    pub key: *const c_char,
    pub value: *const c_char,
}

#[repr(C)]
pub struct noodle_u64_entry {
    pub key: *const c_char,
    pub value: u64,
}

#[repr(C)]
pub struct noodle_revision_metrics_list {
    pub items: *const *const noodle_revision_metrics,
    pub count: usize,
}

#[repr(C)]
pub struct noodle_u32_list {
    pub items: *const u32,
    pub count: usize,
}

#[repr(C)]
pub struct noodle_revision_metrics_list_entry {
    pub key: *const c_char,
    pub value: noodle_revision_metrics_list,
}

#[repr(C)]
pub struct noodle_u32_list_entry {
    pub key: *const c_char,
    pub value: noodle_u32_list,
}

#[repr(C)]
pub struct noodle_u32_list_map {
    pub items: *const noodle_u32_list_entry,
    pub count: usize,
}

#[repr(C)]
pub struct noodle_analysis_config {
    pub size: usize,
    pub has_level: u8,
    pub level: f64,
    pub has_error_margin: u8,
    pub error_margin: f64,
    pub has_latency_ratio: u8,
    pub latency_ratio: f64,
    pub has_max_differing: u8,
    pub max_differing: f64,
    pub tolerance: *const noodle_tolerance,
    pub metrics: *const *const noodle_rollout_metric,
    pub metrics_count: usize,
    pub has_cost_ratio: u8,
    pub cost_ratio: f64,
    pub drift: *const noodle_drift_config,
}

#[repr(C)]
pub struct noodle_annotate_version_input {
    pub size: usize,
    pub model: *const c_char,
    pub version: *const c_char,
    pub description: *const c_char,
    pub tags: *const noodle_text_entry,
    pub tags_count: usize,
    pub metrics: *const noodle_f64_entry,
    pub metrics_count: usize,
}

#[repr(C)]
pub struct noodle_answers {
    pub size: usize,
    pub classes: *const f64,
    pub classes_count: usize,
    pub means: *const noodle_moments,
}

#[repr(C)]
pub struct noodle_arm {
    pub size: usize,
    pub deployment: *const c_char,
    pub revision: u32,
    pub version: *const c_char,
    pub weight: u32,
    pub reason: *const c_char,
}

#[repr(C)]
pub struct noodle_arm_config {
    pub size: usize,
    pub name: *const c_char,
    pub version: *const c_char,
    pub weight: u32,
}

#[repr(C)]
pub struct noodle_arm_counts {
    pub size: usize,
    pub ended: *const c_char,
    pub failed: *const c_char,
    pub log_latency: *const noodle_moments,
    pub differences: *const noodle_differences,
    pub outcomes: *const *const noodle_outcome_sums,
    pub outcomes_count: usize,
    pub log_compute: *const noodle_moments,
    pub answers: *const noodle_answers,
}

#[repr(C)]
pub struct noodle_audit_report {
    pub size: usize,
    pub head: *const noodle_head,
    pub events: *const c_char,
    pub cut: *const noodle_head,
    pub rows: u32,
    pub artifacts: u32,
}

#[repr(C)]
pub struct noodle_audit_verify_input {
    pub size: usize,
    pub since: *const noodle_head,
    pub artifacts: u8,
}

#[repr(C)]
pub struct noodle_autoscale_config {
    pub size: usize,
    pub has_min_replicas: u8,
    pub min_replicas: u32,
    pub has_max_replicas: u8,
    pub max_replicas: u32,
    pub has_target_in_flight: u8,
    pub target_in_flight: f64,
    pub has_target_queue_delay_ms: u8,
    pub target_queue_delay_ms: f64,
    pub latency: *const noodle_latency_objective,
    pub has_stable_window_ms: u8,
    pub stable_window_ms: u32,
    pub has_panic_window_ms: u8,
    pub panic_window_ms: u32,
    pub has_panic_threshold: u8,
    pub panic_threshold: f64,
    pub has_tolerance: u8,
    pub tolerance: f64,
    pub has_down_stabilisation_ms: u8,
    pub down_stabilisation_ms: u32,
    pub has_burst_hold_ms: u8,
    pub burst_hold_ms: u32,
    pub has_cooldown_up_ms: u8,
    pub cooldown_up_ms: u32,
    pub has_cooldown_down_ms: u8,
    pub cooldown_down_ms: u32,
    pub has_dry_run: u8,
    pub dry_run: u8,
    pub vertical: *const noodle_vertical_config,
}

#[repr(C)]
pub struct noodle_autoscale_view {
    pub size: usize,
    pub deployment: *const c_char,
    pub replicas: u32,
    pub autoscale: *const noodle_autoscale_config,
    pub recommendation: *const noodle_scale_recommendation,
}

#[repr(C)]
pub struct noodle_backup_input {
    pub size: usize,
    pub to: *const c_char,
}

#[repr(C)]
pub struct noodle_backup_report {
    pub size: usize,
    pub head: *const noodle_head,
    pub artifacts: u32,
}

#[repr(C)]
pub struct noodle_batch_config {
    pub size: usize,
    pub has_max_batch_size: u8,
    pub max_batch_size: u32,
    pub max_delay_us: u32,
    pub preferred_batch_sizes: *const u32,
    pub preferred_batch_sizes_count: usize,
    pub has_adaptive: u8,
    pub adaptive: u8,
    pub padding: *const noodle_padding,
    pub priorities: *const noodle_priorities,
}

#[repr(C)]
pub struct noodle_batch_status {
    pub size: usize,
    pub batches: *const c_char,
    pub rows: *const c_char,
    pub max_batch_size: u32,
    pub sizes: *const *const noodle_size_status,
    pub sizes_count: usize,
}

#[repr(C)]
pub struct noodle_benchmark_case {
    pub size: usize,
    pub engine: *const c_char,
    pub threads: u32,
    pub batch: u32,
}

#[repr(C)]
pub struct noodle_benchmark_figures {
    pub size: usize,
    pub requests: *const c_char,
    pub latency_mean_us: f64,
    pub latency_p50_us: f64,
    pub latency_p95_us: f64,
    pub latency_p99_us: f64,
    pub rows_per_second: f64,
}

#[repr(C)]
pub struct noodle_benchmark_input {
    pub size: usize,
    pub model: *const c_char,
    pub version: *const c_char,
    pub target: *const c_char,
    pub engines: *const *const c_char,
    pub engines_count: usize,
    pub threads: *const u32,
    pub threads_count: usize,
    pub batches: *const u32,
    pub batches_count: usize,
    pub shapes: *const noodle_u32_list_entry,
    pub shapes_count: usize,
    pub has_seconds_per_case: u8,
    pub seconds_per_case: f64,
}

#[repr(C)]
pub struct noodle_benchmark_report {
    pub size: usize,
    pub model: *const c_char,
    pub version: *const c_char,
    pub digest: *const c_char,
    pub machine: *const noodle_machine_facts,
    pub inputs: *const c_char,
    pub reference: *const c_char,
    pub rows: *const *const noodle_benchmark_row,
    pub rows_count: usize,
    pub best_latency: *const noodle_benchmark_case,
    pub best_throughput: *const noodle_benchmark_case,
}

#[repr(C)]
pub struct noodle_benchmark_row {
    pub size: usize,
    pub engine: *const c_char,
    pub threads: u32,
    pub batch: u32,
    pub figures: *const noodle_benchmark_figures,
    pub has_agrees: u8,
    pub agrees: u8,
    pub has_max_abs: u8,
    pub max_abs: f64,
    pub memory_bytes: *const c_char,
    pub error: *const c_char,
}

#[repr(C)]
pub struct noodle_bound {
    pub size: usize,
    pub metric: *const c_char,
    pub has_at_least: u8,
    pub at_least: f64,
    pub has_at_most: u8,
    pub at_most: f64,
}

#[repr(C)]
pub struct noodle_cache_config {
    pub size: usize,
    pub levels: *const i32,
    pub levels_count: usize,
    pub policy: i32,
    pub max_bytes: *const c_char,
    pub has_max_entries: u8,
    pub max_entries: u32,
    pub ttl_ms: *const c_char,
    pub has_coalesce: u8,
    pub coalesce: u8,
}

#[repr(C)]
pub struct noodle_cache_metrics {
    pub size: usize,
    pub hit_rate: f64,
    pub memory_hits: *const c_char,
    pub redis_hits: *const c_char,
    pub store_hits: *const c_char,
    pub misses: *const c_char,
    pub coalesced: *const c_char,
    pub failures: *const c_char,
    pub dropped: *const c_char,
    pub entries: *const c_char,
    pub bytes: *const c_char,
}

#[repr(C)]
pub struct noodle_canary_config {
    pub size: usize,
    pub steps: *const *const noodle_canary_step,
    pub steps_count: usize,
    pub analysis: *const noodle_analysis_config,
}

#[repr(C)]
pub struct noodle_canary_step {
    pub size: usize,
    pub weight: u32,
    pub has_min_requests: u8,
    pub min_requests: u32,
    pub min_ms: *const c_char,
    pub max_ms: *const c_char,
    pub gate: u8,
    pub mirror: *const noodle_mirror_config,
    pub replicas: *const noodle_replica_counts,
    pub replay: *const noodle_replay_config,
}

#[repr(C)]
pub struct noodle_carried_tensor {
    pub size: usize,
    pub output: *const c_char,
    pub input: *const c_char,
    pub shape: *const u32,
    pub shape_count: usize,
}

#[repr(C)]
pub struct noodle_change {
    pub size: usize,
    pub strategy: i32,
    pub replicas: u32,
    pub required_gates: *const *const c_char,
    pub required_gates_count: usize,
}

#[repr(C)]
pub struct noodle_compare_versions_input {
    pub size: usize,
    pub model: *const c_char,
    pub base: *const c_char,
    pub candidate: *const c_char,
}

#[repr(C)]
pub struct noodle_comparison {
    pub size: usize,
    pub metric: *const c_char,
    pub role: i32,
    pub goal: i32,
    pub arm: *const c_char,
    pub control_values: *const c_char,
    pub arm_values: *const c_char,
    pub finding: i32,
    pub figures: *const noodle_figures,
}

#[repr(C)]
pub struct noodle_confusion_row {
    pub size: usize,
    pub label: *const c_char,
    pub answered: *const u32,
    pub answered_count: usize,
}

#[repr(C)]
pub struct noodle_cost_findings {
    pub size: usize,
    pub has_ratio: u8,
    pub ratio: f64,
    pub costlier: f64,
    pub no_costlier: f64,
}

#[repr(C)]
pub struct noodle_create_experiment_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub name: *const c_char,
    pub arms: *const *const noodle_arm_config,
    pub arms_count: usize,
    pub metrics: *const *const noodle_metric_config,
    pub metrics_count: usize,
    pub holdout: u32,
    pub judgement: *const noodle_judgement_config,
    pub segments: *const *const c_char,
    pub segments_count: usize,
}

#[repr(C)]
pub struct noodle_declare_winner_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub arm: *const c_char,
    pub has_confidence: u8,
    pub confidence: f64,
    pub force: u8,
    pub reason: *const c_char,
}

#[repr(C)]
pub struct noodle_delete_version_input {
    pub size: usize,
    pub model: *const c_char,
    pub version: *const c_char,
}

#[repr(C)]
pub struct noodle_deleted {
    pub size: usize,
    pub model: *const c_char,
    pub version: *const c_char,
}

#[repr(C)]
pub struct noodle_deploy_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub model: *const c_char,
    pub version: *const c_char,
    pub target: *const c_char,
    pub strategy: i32,
    pub has_replicas: u8,
    pub replicas: u32,
    pub has_threads: u8,
    pub threads: u32,
    pub shapes: *const noodle_u32_list_map,
    pub shapes_count: usize,
    pub engine: *const c_char,
    pub batching: *const noodle_batch_config,
    pub cache: *const noodle_cache_config,
    pub required_gates: *const *const c_char,
    pub required_gates_count: usize,
    pub loading: i32,
    pub unload_after_ms: *const c_char,
    pub tune: i32,
    pub state: *const noodle_state_config,
    pub stream: *const noodle_stream_config,
    pub canary: *const noodle_canary_config,
    pub from: *const c_char,
    pub rolling: *const noodle_rolling_config,
}

#[repr(C)]
pub struct noodle_deployment {
    pub size: usize,
    pub name: *const c_char,
    pub model: *const c_char,
    pub target: *const c_char,
    pub strategy: i32,
    pub state: i32,
    pub cause: *const c_char,
    pub replicas: u32,
    pub change: *const noodle_change,
    pub has_scaling_from: u8,
    pub scaling_from: u32,
    pub revisions: *const *const noodle_revision,
    pub revisions_count: usize,
    pub has_active: u8,
    pub active: u32,
    pub previous: *const u32,
    pub previous_count: usize,
    pub worker: *const c_char,
    pub last_revision: u32,
    pub created_at: *const c_char,
    pub updated_at: *const c_char,
    pub required_gates: *const *const c_char,
    pub required_gates_count: usize,
    pub autoscale: *const noodle_autoscale_config,
    pub rollout: *const noodle_rollout,
    pub experiment: *const noodle_experiment,
    pub rules: *const *const noodle_route_rule,
    pub rules_count: usize,
}

#[repr(C)]
pub struct noodle_deployment_filter {
    pub size: usize,
    pub deployment: *const c_char,
}

#[repr(C)]
pub struct noodle_deployment_health {
    pub size: usize,
    pub deployment: *const c_char,
    pub health: i32,
    pub ready: u8,
    pub state: i32,
    pub last_error: *const c_char,
}

#[repr(C)]
pub struct noodle_deployment_list {
    pub size: usize,
    pub deployments: *const *const noodle_deployment_view,
    pub deployments_count: usize,
}

#[repr(C)]
pub struct noodle_deployment_ref {
    pub size: usize,
    pub deployment: *const c_char,
}

#[repr(C)]
pub struct noodle_deployment_view {
    pub size: usize,
    pub desired: *const noodle_deployment,
    pub serving: *const c_char,
    pub lagging: *const c_char,
    pub replicas: *const noodle_replica_status_entry,
    pub replicas_count: usize,
}

#[repr(C)]
pub struct noodle_differences {
    pub size: usize,
    pub compared: *const c_char,
    pub differing: *const c_char,
    pub skipped: *const c_char,
    pub sum: f64,
    pub largest: f64,
}

#[repr(C)]
pub struct noodle_drift_config {
    pub size: usize,
    pub has_max_class_shift: u8,
    pub max_class_shift: f64,
    pub has_max_mean_shift: u8,
    pub max_mean_shift: f64,
}

#[repr(C)]
pub struct noodle_drift_findings {
    pub size: usize,
    pub candidate_answers: *const c_char,
    pub baseline_answers: *const c_char,
    pub shift: f64,
    pub has_class_index: u8,
    pub class_index: u32,
    pub moved: f64,
    pub not_moved: f64,
}

#[repr(C)]
pub struct noodle_engine_choice {
    pub size: usize,
    pub reason: *const c_char,
    pub inputs: u32,
    pub remembered: u8,
    pub candidates: *const *const noodle_engine_figures,
    pub candidates_count: usize,
}

#[repr(C)]
pub struct noodle_engine_figures {
    pub size: usize,
    pub engine: *const c_char,
    pub verdict: i32,
    pub has_median_us: u8,
    pub median_us: f64,
    pub has_max_abs: u8,
    pub max_abs: f64,
    pub reason: *const c_char,
}

#[repr(C)]
pub struct noodle_error_record {
    pub size: usize,
    pub code: u32,
    pub kind: *const c_char,
    pub message: *const c_char,
    pub operation: *const c_char,
    pub context: *const noodle_text_entry,
    pub context_count: usize,
    pub retryable: u8,
}

#[repr(C)]
pub struct noodle_evaluate_input {
    pub size: usize,
    pub model: *const c_char,
    pub version: *const c_char,
    pub deployment: *const c_char,
    pub data: *const c_char,
    pub metrics: *const *const c_char,
    pub metrics_count: usize,
    pub output: *const c_char,
    pub target: *const c_char,
    pub softmax: u8,
    pub has_top_k: u8,
    pub top_k: u32,
    pub tolerance: *const noodle_tolerance,
    pub gate: *const noodle_gate,
    pub engine: *const c_char,
    pub has_threads: u8,
    pub threads: u32,
    pub has_batch: u8,
    pub batch: u32,
}

#[repr(C)]
pub struct noodle_evaluation {
    pub size: usize,
    pub gate: *const c_char,
    pub passed: u8,
    pub artifact: *const c_char,
    pub data: *const c_char,
    pub rows: *const c_char,
    pub engine: *const c_char,
    pub metrics: *const noodle_f64_entry,
    pub metrics_count: usize,
    pub bounds: *const *const noodle_bound,
    pub bounds_count: usize,
    pub at: *const c_char,
}

#[repr(C)]
pub struct noodle_evaluation_report {
    pub size: usize,
    pub model: *const c_char,
    pub version: *const c_char,
    pub digest: *const c_char,
    pub data: *const c_char,
    pub rows: *const c_char,
    pub engine: *const c_char,
    pub output: *const c_char,
    pub target: *const c_char,
    pub metrics: *const noodle_f64_entry,
    pub metrics_count: usize,
    pub undefined: *const noodle_text_entry,
    pub undefined_count: usize,
    pub confusion: *const *const noodle_confusion_row,
    pub confusion_count: usize,
    pub gate: *const c_char,
    pub passed: u8,
    pub broken: *const *const noodle_bound,
    pub broken_count: usize,
}

#[repr(C)]
pub struct noodle_event_version_registered {
    pub size: usize,
    pub model_type: i32,
    pub record: *const noodle_version_record,
}

#[repr(C)]
pub struct noodle_event_version_annotated {
    pub size: usize,
    pub version: *const c_char,
    pub description: *const c_char,
    pub tags: *const noodle_text_entry,
    pub tags_count: usize,
    pub metrics: *const noodle_f64_entry,
    pub metrics_count: usize,
}

#[repr(C)]
pub struct noodle_event_version_probed {
    pub size: usize,
    pub version: *const c_char,
    pub probes: *const c_char,
    pub engine: *const c_char,
}

#[repr(C)]
pub struct noodle_event_version_status_changed {
    pub size: usize,
    pub version: *const c_char,
    pub from: i32,
    pub to: i32,
    pub reason: *const c_char,
}

#[repr(C)]
pub struct noodle_event_version_deleted {
    pub size: usize,
    pub version: *const c_char,
}

#[repr(C)]
pub struct noodle_event_alias_set {
    pub size: usize,
    pub alias: *const c_char,
    pub version: *const c_char,
    pub previous: *const c_char,
}

#[repr(C)]
pub struct noodle_event_alias_removed {
    pub size: usize,
    pub alias: *const c_char,
    pub previous: *const c_char,
}

#[repr(C)]
pub struct noodle_event_deploy_requested {
    pub size: usize,
    pub model: *const c_char,
    pub target: *const c_char,
    pub strategy: i32,
    pub replicas: u32,
    pub revision: *const noodle_revision,
    pub required_gates: *const *const c_char,
    pub required_gates_count: usize,
}

#[repr(C)]
pub struct noodle_event_deploy_started {
    pub size: usize,
    pub revision: u32,
    pub instance: *const c_char,
}

#[repr(C)]
pub struct noodle_event_revision_ready {
    pub size: usize,
    pub revision: u32,
    pub verification: *const c_char,
}

#[repr(C)]
pub struct noodle_event_revision_failed {
    pub size: usize,
    pub revision: u32,
    pub cause: *const c_char,
}

#[repr(C)]
pub struct noodle_event_promoted {
    pub size: usize,
    pub has_from: u8,
    pub from: u32,
    pub to: u32,
}

#[repr(C)]
pub struct noodle_event_rolled_back {
    pub size: usize,
    pub from: u32,
    pub to: u32,
    pub reason: *const c_char,
}

#[repr(C)]
pub struct noodle_event_scale_requested {
    pub size: usize,
    pub from: u32,
    pub to: u32,
    pub instance: *const c_char,
}

#[repr(C)]
pub struct noodle_event_scaled {
    pub size: usize,
    pub replicas: u32,
}

#[repr(C)]
pub struct noodle_event_scale_failed {
    pub size: usize,
    pub replicas: u32,
    pub cause: *const c_char,
}

#[repr(C)]
pub struct noodle_event_stop_requested {
    pub size: usize,
    pub force: u8,
    pub instance: *const c_char,
}

#[repr(C)]
pub struct noodle_event_stopped {
    pub size: usize,
}

#[repr(C)]
pub struct noodle_event_failed {
    pub size: usize,
    pub cause: *const c_char,
}

#[repr(C)]
pub struct noodle_event_checkpoint {
    pub size: usize,
    pub cut: *const noodle_head,
    pub state: *const c_char,
}

#[repr(C)]
pub struct noodle_event_version_evaluated {
    pub size: usize,
    pub version: *const c_char,
    pub evaluation: *const noodle_evaluation,
}

#[repr(C)]
pub struct noodle_event_autoscale_set {
    pub size: usize,
    pub autoscale: *const noodle_autoscale_config,
}

#[repr(C)]
pub struct noodle_event_rollout_started {
    pub size: usize,
    pub baseline: u32,
    pub candidate: u32,
    pub salt: *const c_char,
    pub canary: *const noodle_canary_config,
}

#[repr(C)]
pub struct noodle_event_rollout_marked {
    pub size: usize,
    pub step: u32,
    pub from: *const noodle_seen,
}

#[repr(C)]
pub struct noodle_event_rollout_stepped {
    pub size: usize,
    pub step: u32,
    pub weight: u32,
    pub reason: *const c_char,
    pub evidence: *const noodle_evidence,
    pub findings: *const noodle_findings,
}

#[repr(C)]
pub struct noodle_event_rollout_phase_changed {
    pub size: usize,
    pub phase: i32,
    pub reason: *const c_char,
    pub evidence: *const noodle_evidence,
    pub findings: *const noodle_findings,
}

#[repr(C)]
pub struct noodle_event_experiment_created {
    pub size: usize,
    pub experiment: *const noodle_experiment,
}

#[repr(C)]
pub struct noodle_event_experiment_weighted {
    pub size: usize,
    pub weights: *const u32,
    pub weights_count: usize,
    pub shares: *const *const noodle_share,
    pub shares_count: usize,
    pub reason: *const c_char,
}

#[repr(C)]
pub struct noodle_event_experiment_phase_changed {
    pub size: usize,
    pub phase: i32,
    pub reason: *const c_char,
    pub winner: *const c_char,
    pub report: *const noodle_experiment_report,
}

#[repr(C)]
pub struct noodle_event_rules_set {
    pub size: usize,
    pub rules: *const *const noodle_route_rule,
    pub rules_count: usize,
}

#[repr(C)]
pub struct noodle_event {
    pub size: usize,
    pub r#type: i32,
    pub of: *const c_void,
}

#[repr(C)]
pub struct noodle_event_record {
    pub size: usize,
    pub sequence: *const c_char,
    pub stream: *const c_char,
    pub at: *const c_char,
    pub actor: *const c_char,
    pub operation: *const c_char,
    pub request_id: *const c_char,
    pub event: *const noodle_event,
    pub hash: *const c_char,
}

#[repr(C)]
pub struct noodle_evidence {
    pub size: usize,
    pub fails_more: *const noodle_proportion_evidence,
    pub fails_no_more: *const noodle_proportion_evidence,
    pub slower_before: *const noodle_mean_evidence,
    pub slower: *const noodle_mean_evidence,
    pub mirror: *const noodle_mirror_evidence,
    pub metrics: *const *const noodle_metric_evidence,
    pub metrics_count: usize,
    pub cost: *const noodle_metric_evidence,
    pub drift: *const *const noodle_metric_evidence,
    pub drift_count: usize,
    pub counted: *const noodle_seen,
}

#[repr(C)]
pub struct noodle_experiment {
    pub size: usize,
    pub number: u32,
    pub name: *const c_char,
    pub arms: *const *const noodle_experiment_arm,
    pub arms_count: usize,
    pub holdout: u32,
    pub metrics: *const *const noodle_metric_config,
    pub metrics_count: usize,
    pub judgement: *const noodle_judgement_config,
    pub shares: *const *const noodle_share,
    pub shares_count: usize,
    pub phase: i32,
    pub reason: *const c_char,
    pub salt: *const c_char,
    pub started_at: *const c_char,
    pub since: *const c_char,
    pub winner: *const c_char,
    pub report: *const noodle_experiment_report,
    pub segments: *const *const c_char,
    pub segments_count: usize,
}

#[repr(C)]
pub struct noodle_experiment_arm {
    pub size: usize,
    pub name: *const c_char,
    pub version: *const c_char,
    pub revision: u32,
    pub weight: u32,
}

#[repr(C)]
pub struct noodle_experiment_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub reason: *const c_char,
}

#[repr(C)]
pub struct noodle_experiment_plan {
    pub size: usize,
    pub values: *const c_char,
    pub difference: f64,
    pub power: f64,
    pub level: f64,
}

#[repr(C)]
pub struct noodle_experiment_report {
    pub size: usize,
    pub at: *const c_char,
    pub exposures: *const *const noodle_exposure,
    pub exposures_count: usize,
    pub sample_ratio_mismatch: u8,
    pub due: u8,
    pub comparisons: *const *const noodle_comparison,
    pub comparisons_count: usize,
    pub leader: *const c_char,
    pub has_regret: u8,
    pub regret: f64,
    pub summary: *const c_char,
    pub horizon: *const noodle_horizon_tests,
    pub segments: *const *const noodle_segment_comparison,
    pub segments_count: usize,
}

#[repr(C)]
pub struct noodle_experiment_view {
    pub size: usize,
    pub deployment: *const c_char,
    pub experiment: *const noodle_experiment,
    pub report: *const noodle_experiment_report,
    pub text: *const c_char,
    pub history: *const *const noodle_interval_at,
    pub history_count: usize,
}

#[repr(C)]
pub struct noodle_explain_request_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub request_id: *const c_char,
}

#[repr(C)]
pub struct noodle_explain_route_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub key: *const c_char,
    pub attributes: *const noodle_text_entry,
    pub attributes_count: usize,
    pub at: *const c_char,
}

#[repr(C)]
pub struct noodle_exposure {
    pub size: usize,
    pub arm: *const c_char,
    pub requests: *const c_char,
    pub share: f64,
    pub mismatch: f64,
}

#[repr(C)]
pub struct noodle_fed_tensor {
    pub size: usize,
    pub output: *const c_char,
    pub input: *const c_char,
}

#[repr(C)]
pub struct noodle_figures {
    pub size: usize,
    pub control: f64,
    pub arm: f64,
    pub difference: f64,
    pub low: f64,
    pub high: f64,
    pub has_relative: u8,
    pub relative: f64,
    pub p_value: f64,
    pub adjusted_p_value: f64,
    pub chance_better: f64,
    pub expected_loss: f64,
    pub has_variance_reduction: u8,
    pub variance_reduction: f64,
}

#[repr(C)]
pub struct noodle_findings {
    pub size: usize,
    pub candidate_requests: *const c_char,
    pub baseline_requests: *const c_char,
    pub candidate_error_rate: f64,
    pub baseline_error_rate: f64,
    pub has_latency_ratio: u8,
    pub latency_ratio: f64,
    pub fails_more: f64,
    pub fails_no_more: f64,
    pub slower: f64,
    pub no_slower: f64,
    pub to_abort: f64,
    pub to_pass: f64,
    pub has_mismatch: u8,
    pub mismatch: f64,
    pub mirror: *const noodle_mirror_findings,
    pub metrics: *const *const noodle_metric_findings,
    pub metrics_count: usize,
    pub cost: *const noodle_cost_findings,
    pub drift: *const noodle_drift_findings,
    pub replay: *const noodle_replay_findings,
}

#[repr(C)]
pub struct noodle_garbage_report {
    pub size: usize,
    pub removed: u32,
    pub bytes: *const c_char,
    pub kept: u32,
}

#[repr(C)]
pub struct noodle_gate {
    pub size: usize,
    pub name: *const c_char,
    pub bounds: *const *const noodle_bound,
    pub bounds_count: usize,
}

#[repr(C)]
pub struct noodle_get_autoscale_input {
    pub size: usize,
    pub deployment: *const c_char,
}

#[repr(C)]
pub struct noodle_gpu_reading {
    pub size: usize,
    pub index: u32,
    pub name: *const c_char,
    pub uuid: *const c_char,
    pub has_utilization_percent: u8,
    pub utilization_percent: u32,
    pub has_memory_total_bytes: u8,
    pub memory_total_bytes: u64,
    pub has_memory_used_bytes: u8,
    pub memory_used_bytes: u64,
    pub has_temperature_celsius: u8,
    pub temperature_celsius: u32,
    pub has_power_watts: u8,
    pub power_watts: f64,
}

#[repr(C)]
pub struct noodle_gpu_readings {
    pub size: usize,
    pub devices: *const *const noodle_gpu_reading,
    pub devices_count: usize,
    pub unavailable: *const c_char,
}

#[repr(C)]
pub struct noodle_head {
    pub size: usize,
    pub sequence: *const c_char,
    pub hash: *const c_char,
}

#[repr(C)]
pub struct noodle_health_report {
    pub size: usize,
    pub ready: u8,
    pub leader: u8,
    pub last_error: *const c_char,
    pub deployments: *const *const noodle_deployment_health,
    pub deployments_count: usize,
    pub memory_used_bytes: *const c_char,
    pub memory_limit_bytes: *const c_char,
}

#[repr(C)]
pub struct noodle_history_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub model: *const c_char,
    pub after: *const c_char,
    pub has_limit: u8,
    pub limit: u32,
}

#[repr(C)]
pub struct noodle_history_output {
    pub size: usize,
    pub events: *const *const noodle_event_record,
    pub events_count: usize,
    pub more: u8,
    pub cut: *const noodle_head,
}

#[repr(C)]
pub struct noodle_horizon_tests {
    pub size: usize,
    pub proportions: *const *const noodle_proportions_test,
    pub proportions_count: usize,
    pub ranks: *const *const noodle_ranks_test,
    pub ranks_count: usize,
}

#[repr(C)]
pub struct noodle_interval_at {
    pub size: usize,
    pub at: *const c_char,
    pub metric: *const c_char,
    pub arm: *const c_char,
    pub difference: f64,
    pub low: f64,
    pub high: f64,
    pub values: *const c_char,
}

#[repr(C)]
pub struct noodle_journal_config {
    pub size: usize,
    pub has_requests: u8,
    pub requests: u32,
    pub has_ms: u8,
    pub ms: u64,
}

#[repr(C)]
pub struct noodle_judgement_config {
    pub size: usize,
    pub method: i32,
    pub has_level: u8,
    pub level: f64,
    pub correction: i32,
    pub horizon: *const c_char,
    pub max_ms: *const c_char,
    pub has_stop_early: u8,
    pub stop_early: u8,
    pub allocation: i32,
}

#[repr(C)]
pub struct noodle_label {
    pub size: usize,
    pub request_id: *const c_char,
    pub label: *const c_char,
}

#[repr(C)]
pub struct noodle_latency_objective {
    pub size: usize,
    pub quantile: f64,
    pub ms: f64,
}

#[repr(C)]
pub struct noodle_limit_reading {
    pub size: usize,
    pub has_cpus: u8,
    pub cpus: u32,
    pub has_memory_bytes: u8,
    pub memory_bytes: u64,
    pub has_memory_left_bytes: u8,
    pub memory_left_bytes: u64,
}

#[repr(C)]
pub struct noodle_load_report {
    pub size: usize,
    pub engine: *const c_char,
    pub plan: *const c_char,
    pub reason: *const c_char,
    pub plans: u32,
    pub memory_bytes: u64,
    pub load_ms: u64,
    pub choice: *const noodle_engine_choice,
}

#[repr(C)]
pub struct noodle_machine_facts {
    pub size: usize,
    pub architecture: *const c_char,
    pub system: *const c_char,
    pub processor: *const c_char,
    pub hardware_threads: u32,
}

#[repr(C)]
pub struct noodle_machine_reading {
    pub size: usize,
    pub has_cores: u8,
    pub cores: u32,
    pub has_cpu_percent: u8,
    pub cpu_percent: f64,
    pub has_load_1m: u8,
    pub load_1m: f64,
    pub has_load_5m: u8,
    pub load_5m: f64,
    pub has_load_15m: u8,
    pub load_15m: f64,
    pub has_memory_total_bytes: u8,
    pub memory_total_bytes: u64,
    pub has_memory_available_bytes: u8,
    pub memory_available_bytes: u64,
    pub has_swap_total_bytes: u8,
    pub swap_total_bytes: u64,
    pub has_swap_used_bytes: u8,
    pub swap_used_bytes: u64,
    pub has_disk_total_bytes: u8,
    pub disk_total_bytes: u64,
    pub has_disk_available_bytes: u8,
    pub disk_available_bytes: u64,
    pub has_network_received_bytes: u8,
    pub network_received_bytes: u64,
    pub has_network_sent_bytes: u8,
    pub network_sent_bytes: u64,
}

#[repr(C)]
pub struct noodle_mean_evidence {
    pub size: usize,
    pub score: f64,
    pub information: f64,
}

#[repr(C)]
pub struct noodle_memory_budget_view {
    pub size: usize,
    pub limit_bytes: *const c_char,
    pub used_bytes: *const c_char,
}

#[repr(C)]
pub struct noodle_metric_config {
    pub size: usize,
    pub name: *const c_char,
    pub kind: i32,
    pub goal: i32,
    pub role: i32,
    pub outcome: *const c_char,
    pub per: *const c_char,
    pub has_quantile: u8,
    pub quantile: f64,
    pub has_margin: u8,
    pub margin: f64,
}

#[repr(C)]
pub struct noodle_metric_difference {
    pub size: usize,
    pub has_base: u8,
    pub base: f64,
    pub has_candidate: u8,
    pub candidate: f64,
    pub has_difference: u8,
    pub difference: f64,
}

#[repr(C)]
pub struct noodle_metric_evidence {
    pub size: usize,
    pub before: *const noodle_mean_evidence,
    pub now: *const noodle_mean_evidence,
}

#[repr(C)]
pub struct noodle_metric_findings {
    pub size: usize,
    pub name: *const c_char,
    pub candidate_values: *const c_char,
    pub baseline_values: *const c_char,
    pub has_candidate_mean: u8,
    pub candidate_mean: f64,
    pub has_baseline_mean: u8,
    pub baseline_mean: f64,
    pub worse: f64,
    pub no_worse: f64,
}

#[repr(C)]
pub struct noodle_metrics_report {
    pub size: usize,
    pub deployments: *const noodle_revision_metrics_list_entry,
    pub deployments_count: usize,
}

#[repr(C)]
pub struct noodle_mirror_config {
    pub size: usize,
    pub share: u32,
}

#[repr(C)]
pub struct noodle_mirror_evidence {
    pub size: usize,
    pub fails_more: *const noodle_rate_evidence,
    pub fails_no_more: *const noodle_rate_evidence,
    pub differs_more: *const noodle_rate_evidence,
    pub differs_no_more: *const noodle_rate_evidence,
}

#[repr(C)]
pub struct noodle_mirror_findings {
    pub size: usize,
    pub compared: *const c_char,
    pub skipped: *const c_char,
    pub differing: f64,
    pub mean_difference: f64,
    pub largest_difference: f64,
    pub differs_more: f64,
    pub differs_no_more: f64,
}

#[repr(C)]
pub struct noodle_model {
    pub size: usize,
    pub name: *const c_char,
    pub model_type: i32,
    pub latest: *const c_char,
    pub aliases: *const noodle_text_entry,
    pub aliases_count: usize,
    pub deleted: *const *const c_char,
    pub deleted_count: usize,
    pub created_at: *const c_char,
}

#[repr(C)]
pub struct noodle_model_list {
    pub size: usize,
    pub models: *const *const noodle_model,
    pub models_count: usize,
}

#[repr(C)]
pub struct noodle_model_memory {
    pub size: usize,
    pub used_bytes: u64,
    pub has_limit_bytes: u8,
    pub limit_bytes: u64,
    pub revisions: *const *const noodle_revision_memory,
    pub revisions_count: usize,
}

#[repr(C)]
pub struct noodle_model_ref {
    pub size: usize,
    pub model: *const c_char,
}

#[repr(C)]
pub struct noodle_moments {
    pub size: usize,
    pub n: f64,
    pub sum: f64,
    pub squares: f64,
}

#[repr(C)]
pub struct noodle_node_profile {
    pub size: usize,
    pub name: *const c_char,
    pub op: *const c_char,
    pub calls: u32,
    pub mean_us: f64,
    pub total_us: f64,
    pub share: f64,
    pub output_bytes: *const c_char,
    pub shapes: *const *const c_char,
    pub shapes_count: usize,
}

#[repr(C)]
pub struct noodle_outcome {
    pub size: usize,
    pub name: *const c_char,
    pub value: f64,
    pub key: *const c_char,
    pub has_revision: u8,
    pub revision: u32,
    pub request_id: *const c_char,
    pub attributes: *const noodle_text_entry,
    pub attributes_count: usize,
}

#[repr(C)]
pub struct noodle_outcome_sums {
    pub size: usize,
    pub name: *const c_char,
    pub values: *const noodle_moments,
}

#[repr(C)]
pub struct noodle_padding {
    pub size: usize,
    pub axis: *const c_char,
    pub values: *const noodle_f64_entry,
    pub values_count: usize,
    pub has_multiple_of: u8,
    pub multiple_of: u32,
}

#[repr(C)]
pub struct noodle_phase {
    pub size: usize,
    pub mean_us: f64,
    pub p50_us: f64,
    pub p95_us: f64,
    pub p99_us: f64,
}

#[repr(C)]
pub struct noodle_phase_metrics {
    pub size: usize,
    pub queue: *const noodle_phase,
    pub batch_wait: *const noodle_phase,
    pub input: *const noodle_phase,
    pub compute: *const noodle_phase,
    pub output: *const noodle_phase,
}

#[repr(C)]
pub struct noodle_plan_experiment_input {
    pub size: usize,
    pub baseline: f64,
    pub has_deviation: u8,
    pub deviation: f64,
    pub has_difference: u8,
    pub difference: f64,
    pub values: *const c_char,
    pub has_level: u8,
    pub level: f64,
    pub has_power: u8,
    pub power: f64,
}

#[repr(C)]
pub struct noodle_priorities {
    pub size: usize,
    pub has_levels: u8,
    pub levels: u32,
    pub has_default_level: u8,
    pub default_level: u32,
    pub has_patience_ms: u8,
    pub patience_ms: u32,
    pub policies: *const *const noodle_queue_policy,
    pub policies_count: usize,
}

#[repr(C)]
pub struct noodle_process_reading {
    pub size: usize,
    pub pid: u32,
    pub has_cpu_time_ms: u8,
    pub cpu_time_ms: u64,
    pub has_cpu_percent: u8,
    pub cpu_percent: f64,
    pub has_resident_bytes: u8,
    pub resident_bytes: u64,
    pub has_peak_resident_bytes: u8,
    pub peak_resident_bytes: u64,
    pub has_virtual_bytes: u8,
    pub virtual_bytes: u64,
    pub has_threads: u8,
    pub threads: u32,
    pub has_open_files: u8,
    pub open_files: u32,
    pub has_disk_read_bytes: u8,
    pub disk_read_bytes: u64,
    pub has_disk_written_bytes: u8,
    pub disk_written_bytes: u64,
}

#[repr(C)]
pub struct noodle_profile_input {
    pub size: usize,
    pub model: *const c_char,
    pub version: *const c_char,
    pub target: *const c_char,
    pub engine: *const c_char,
    pub has_threads: u8,
    pub threads: u32,
    pub has_batch: u8,
    pub batch: u32,
    pub shapes: *const noodle_u32_list_entry,
    pub shapes_count: usize,
    pub has_runs: u8,
    pub runs: u32,
}

#[repr(C)]
pub struct noodle_profile_report {
    pub size: usize,
    pub model: *const c_char,
    pub version: *const c_char,
    pub digest: *const c_char,
    pub engine: *const c_char,
    pub machine: *const noodle_machine_facts,
    pub inputs: *const c_char,
    pub runs: u32,
    pub run_us: f64,
    pub attributed_us: f64,
    pub unattributed_us: f64,
    pub peak_intermediate_bytes: *const c_char,
    pub memory_bytes: *const c_char,
    pub nodes: *const *const noodle_node_profile,
    pub nodes_count: usize,
    pub left_out: u32,
}

#[repr(C)]
pub struct noodle_progress {
    pub size: usize,
    pub stage: i32,
    pub done: u64,
    pub has_total: u8,
    pub total: u64,
    pub unit: i32,
}

#[repr(C)]
pub struct noodle_promote_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub version: *const c_char,
}

#[repr(C)]
pub struct noodle_proportion_evidence {
    pub size: usize,
    pub log_e: *const f64,
    pub log_e_count: usize,
    pub control_n: f64,
    pub control_hits: f64,
}

#[repr(C)]
pub struct noodle_proportions_test {
    pub size: usize,
    pub metric: *const c_char,
    pub statistic: f64,
    pub df: f64,
    pub p_value: f64,
}

#[repr(C)]
pub struct noodle_queue_policy {
    pub size: usize,
    pub level: u32,
    pub has_max_queue: u8,
    pub max_queue: u32,
    pub has_default_timeout_ms: u8,
    pub default_timeout_ms: u32,
    pub timeout_action: i32,
}

#[repr(C)]
pub struct noodle_ranks_test {
    pub size: usize,
    pub metric: *const c_char,
    pub arm: *const c_char,
    pub u: f64,
    pub z: f64,
    pub p_value: f64,
    pub superiority: f64,
}

#[repr(C)]
pub struct noodle_rate_evidence {
    pub size: usize,
    pub log_e: *const f64,
    pub log_e_count: usize,
}

#[repr(C)]
pub struct noodle_record_labels_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub labels: *const *const noodle_label,
    pub labels_count: usize,
}

#[repr(C)]
pub struct noodle_record_outcomes_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub outcomes: *const *const noodle_outcome,
    pub outcomes_count: usize,
}

#[repr(C)]
pub struct noodle_recorded_labels {
    pub size: usize,
    pub known: u32,
    pub right: u32,
    pub recorded: u32,
    pub unknown: u32,
}

#[repr(C)]
pub struct noodle_recorded_outcomes {
    pub size: usize,
    pub recorded: u32,
    pub held_out: u32,
    pub late: u32,
    pub unknown: *const c_char,
}

#[repr(C)]
pub struct noodle_recording_config {
    pub size: usize,
    pub has_requests: u8,
    pub requests: u32,
    pub has_bytes: u8,
    pub bytes: u64,
    pub has_ms: u8,
    pub ms: u64,
}

#[repr(C)]
pub struct noodle_recording_view {
    pub size: usize,
    pub requests: *const c_char,
    pub bytes: *const c_char,
    pub since: *const c_char,
    pub skipped: *const c_char,
}

#[repr(C)]
pub struct noodle_register_version_input {
    pub size: usize,
    pub model: *const c_char,
    pub path: *const c_char,
    pub version: *const c_char,
    pub model_type: i32,
    pub labels: *const *const c_char,
    pub labels_count: usize,
    pub description: *const c_char,
    pub tags: *const noodle_text_entry,
    pub tags_count: usize,
    pub metrics: *const noodle_f64_entry,
    pub metrics_count: usize,
    pub parent: *const c_char,
    pub training_run: *const c_char,
    pub probes_path: *const c_char,
}

#[repr(C)]
pub struct noodle_remove_alias_input {
    pub size: usize,
    pub model: *const c_char,
    pub alias: *const c_char,
}

#[repr(C)]
pub struct noodle_replay_config {
    pub size: usize,
    pub has_requests: u8,
    pub requests: u32,
}

#[repr(C)]
pub struct noodle_replay_findings {
    pub size: usize,
    pub recorded: *const c_char,
    pub run: *const c_char,
}

#[repr(C)]
pub struct noodle_replica_counts {
    pub size: usize,
    pub candidate: u32,
    pub baseline: u32,
}

#[repr(C)]
pub struct noodle_replica_load {
    pub size: usize,
    pub runs: *const c_char,
    pub busy_us: *const c_char,
}

#[repr(C)]
pub struct noodle_replica_status {
    pub size: usize,
    pub replicas: u32,
    pub busy: u32,
    pub waiting: u32,
    pub replaced: *const c_char,
    pub load: *const noodle_load_report,
    pub batching: *const noodle_batch_status,
    pub residency: *const noodle_residency_status,
}

#[repr(C)]
pub struct noodle_request_metrics {
    pub size: usize,
    pub requests: *const c_char,
    pub errors: *const noodle_u64_entry,
    pub errors_count: usize,
    pub latency_mean_us: f64,
    pub latency_p50_us: f64,
    pub latency_p95_us: f64,
    pub latency_p99_us: f64,
    pub in_flight: *const c_char,
    pub phases: *const noodle_phase_metrics,
    pub has_batch_rows_mean: u8,
    pub batch_rows_mean: f64,
}

#[repr(C)]
pub struct noodle_request_view {
    pub size: usize,
    pub deployment: *const c_char,
    pub request_id: *const c_char,
    pub at: *const c_char,
    pub revision: u32,
    pub version: *const c_char,
    pub error: *const c_char,
    pub label: *const c_char,
}

#[repr(C)]
pub struct noodle_residency_status {
    pub size: usize,
    pub loaded: u8,
    pub cold_loads: *const c_char,
    pub evictions: *const c_char,
    pub idle_unloads: *const c_char,
    pub has_last_load_ms: u8,
    pub last_load_ms: u32,
}

#[repr(C)]
pub struct noodle_resource_report {
    pub size: usize,
    pub has_interval_ms: u8,
    pub interval_ms: u64,
    pub process: *const noodle_process_reading,
    pub machine: *const noodle_machine_reading,
    pub limits: *const noodle_limit_reading,
    pub gpus: *const noodle_gpu_readings,
    pub models: *const noodle_model_memory,
}

#[repr(C)]
pub struct noodle_retain_input {
    pub size: usize,
    pub has_keep_events: u8,
    pub keep_events: u32,
    pub keep_ms: *const c_char,
}

#[repr(C)]
pub struct noodle_retain_report {
    pub size: usize,
    pub cut: *const noodle_head,
    pub removed: *const c_char,
    pub head: *const noodle_head,
}

#[repr(C)]
pub struct noodle_revision {
    pub size: usize,
    pub number: u32,
    pub version: *const c_char,
    pub threads: u32,
    pub shapes: *const noodle_u32_list_map,
    pub shapes_count: usize,
    pub engine: *const c_char,
    pub status: i32,
    pub note: *const c_char,
    pub batching: *const noodle_batch_config,
    pub cache: *const noodle_cache_config,
    pub loading: i32,
    pub unload_after_ms: *const c_char,
    pub tuning: *const noodle_tuning,
    pub state: *const noodle_state_config,
    pub stream: *const noodle_stream_config,
    pub canary: *const noodle_canary_config,
}

#[repr(C)]
pub struct noodle_revision_memory {
    pub size: usize,
    pub deployment: *const c_char,
    pub revision: u32,
    pub version: *const c_char,
    pub bytes: u64,
}

#[repr(C)]
pub struct noodle_revision_metrics {
    pub size: usize,
    pub revision: u32,
    pub version: *const c_char,
    pub requests: *const noodle_request_metrics,
    pub cache: *const noodle_cache_metrics,
    pub has_processes: u8,
    pub processes: u32,
    pub replicas: *const *const noodle_replica_load,
    pub replicas_count: usize,
    pub sessions: *const noodle_session_metrics,
}

#[repr(C)]
pub struct noodle_rollback_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub version: *const c_char,
    pub reason: *const c_char,
}

#[repr(C)]
pub struct noodle_rolling_config {
    pub size: usize,
    pub has_max_surge: u8,
    pub max_surge: u32,
    pub has_max_unavailable: u8,
    pub max_unavailable: u32,
    pub min_ms: *const c_char,
    pub max_ms: *const c_char,
    pub analysis: *const noodle_analysis_config,
}

#[repr(C)]
pub struct noodle_rollout {
    pub size: usize,
    pub baseline: u32,
    pub candidate: u32,
    pub canary: *const noodle_canary_config,
    pub step: u32,
    pub weight: u32,
    pub phase: i32,
    pub reason: *const c_char,
    pub salt: *const c_char,
    pub since: *const c_char,
    pub from: *const noodle_seen,
    pub evidence: *const noodle_evidence,
    pub findings: *const noodle_findings,
}

#[repr(C)]
pub struct noodle_rollout_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub reason: *const c_char,
}

#[repr(C)]
pub struct noodle_rollout_metric {
    pub size: usize,
    pub name: *const c_char,
    pub goal: i32,
    pub margin: f64,
}

#[repr(C)]
pub struct noodle_rollout_view {
    pub size: usize,
    pub deployment: *const c_char,
    pub rollout: *const noodle_rollout,
    pub findings: *const noodle_findings,
    pub recording: *const noodle_recording_view,
}

#[repr(C)]
pub struct noodle_route_rule {
    pub size: usize,
    pub when: *const *const noodle_rule_condition,
    pub when_count: usize,
    pub to: i32,
    pub version: *const c_char,
}

#[repr(C)]
pub struct noodle_rule_condition {
    pub size: usize,
    pub attribute: *const c_char,
    pub any_of: *const *const c_char,
    pub any_of_count: usize,
}

#[repr(C)]
pub struct noodle_rules_view {
    pub size: usize,
    pub deployment: *const c_char,
    pub rules: *const *const noodle_route_rule,
    pub rules_count: usize,
}

#[repr(C)]
pub struct noodle_scale_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub replicas: u32,
}

#[repr(C)]
pub struct noodle_scale_recommendation {
    pub size: usize,
    pub at: *const c_char,
    pub desired: u32,
    pub current: u32,
    pub act: u8,
    pub reason: *const c_char,
    pub limits: *const *const c_char,
    pub limits_count: usize,
    pub arrivals_per_s: f64,
    pub expected_per_s: f64,
    pub has_service_ms: u8,
    pub service_ms: f64,
    pub offered: f64,
    pub target_in_flight: f64,
    pub has_queue_budget_ms: u8,
    pub queue_budget_ms: f64,
    pub has_late: u8,
    pub late: f64,
    pub late_allowed: f64,
    pub unreachable: u8,
    pub lead_ms: f64,
    pub panic: u8,
    pub vertical: *const *const noodle_size_change,
    pub vertical_count: usize,
}

#[repr(C)]
pub struct noodle_seen {
    pub size: usize,
    pub candidate: *const noodle_arm_counts,
    pub baseline: *const noodle_arm_counts,
}

#[repr(C)]
pub struct noodle_segment_comparison {
    pub size: usize,
    pub attribute: *const c_char,
    pub value: *const c_char,
    pub comparison: *const noodle_comparison,
}

#[repr(C)]
pub struct noodle_session_metrics {
    pub size: usize,
    pub open: u32,
    pub bytes: *const c_char,
    pub opened: *const c_char,
    pub expired: *const c_char,
    pub refused: *const c_char,
}

#[repr(C)]
pub struct noodle_set_alias_input {
    pub size: usize,
    pub model: *const c_char,
    pub alias: *const c_char,
    pub version: *const c_char,
}

#[repr(C)]
pub struct noodle_set_autoscale_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub autoscale: *const noodle_autoscale_config,
}

#[repr(C)]
pub struct noodle_set_memory_budget_input {
    pub size: usize,
    pub bytes: *const c_char,
}

#[repr(C)]
pub struct noodle_set_rules_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub rules: *const *const noodle_route_rule,
    pub rules_count: usize,
}

#[repr(C)]
pub struct noodle_set_version_status_input {
    pub size: usize,
    pub model: *const c_char,
    pub version: *const c_char,
    pub status: i32,
    pub reason: *const c_char,
}

#[repr(C)]
pub struct noodle_settings {
    pub size: usize,
    pub has_enabled: u8,
    pub enabled: u8,
    pub default_target: *const c_char,
    pub default_strategy: i32,
    pub has_scale_enabled: u8,
    pub scale_enabled: u8,
    pub has_monitoring_enabled: u8,
    pub monitoring_enabled: u8,
    pub has_max_deployments: u8,
    pub max_deployments: u32,
    pub has_max_concurrent: u8,
    pub max_concurrent: u32,
    pub has_memory_budget_bytes: u8,
    pub memory_budget_bytes: u64,
    pub has_plan_cache_bytes: u8,
    pub plan_cache_bytes: u64,
    pub has_max_artifact_bytes: u8,
    pub max_artifact_bytes: u64,
    pub has_max_queue: u8,
    pub max_queue: u32,
    pub has_max_replicas: u8,
    pub max_replicas: u32,
    pub workers: u32,
    pub has_drain_timeout_ms: u8,
    pub drain_timeout_ms: u64,
    pub has_poll_interval_ms: u8,
    pub poll_interval_ms: u64,
    pub has_heartbeat_ms: u8,
    pub heartbeat_ms: u64,
    pub has_lease_ttl_ms: u8,
    pub lease_ttl_ms: u64,
    pub has_keep_warm: u8,
    pub keep_warm: u32,
    pub has_failures_to_error: u8,
    pub failures_to_error: u32,
    pub has_retain_events: u8,
    pub retain_events: u32,
    pub read_only: u8,
    pub allow_network_fs: u8,
    pub allow_unverified: u8,
    pub has_load_on_open: u8,
    pub load_on_open: u8,
    pub actor: *const c_char,
    pub default_engine: *const c_char,
    pub onnxruntime: *const c_char,
    pub onnxruntime_providers: *const *const c_char,
    pub onnxruntime_providers_count: usize,
    pub cache_redis_url: *const c_char,
    pub default_loading: i32,
    pub has_specialise: u8,
    pub specialise: u8,
    pub journal: *const noodle_journal_config,
    pub has_shadow_cpu_percent: u8,
    pub shadow_cpu_percent: u32,
    pub recording: *const noodle_recording_config,
}

#[repr(C)]
pub struct noodle_share {
    pub size: usize,
    pub below: u32,
    pub arm: u32,
}

#[repr(C)]
pub struct noodle_signature {
    pub size: usize,
    pub inputs: *const *const noodle_tensor_spec,
    pub inputs_count: usize,
    pub outputs: *const *const noodle_tensor_spec,
    pub outputs_count: usize,
}

#[repr(C)]
pub struct noodle_size_change {
    pub size: usize,
    pub what: *const c_char,
    pub from: u32,
    pub to: u32,
    pub reason: *const c_char,
}

#[repr(C)]
pub struct noodle_size_status {
    pub size: usize,
    pub rows: u32,
    pub mean_us: f64,
    pub times: u32,
}

#[repr(C)]
pub struct noodle_state_config {
    pub size: usize,
    pub carried: *const *const noodle_carried_tensor,
    pub carried_count: usize,
    pub has_max_sessions: u8,
    pub max_sessions: u32,
    pub max_bytes: *const c_char,
    pub idle_ms: *const c_char,
}

#[repr(C)]
pub struct noodle_stop_value {
    pub size: usize,
    pub output: *const c_char,
    pub equals: f64,
}

#[repr(C)]
pub struct noodle_stream_config_windows {
    pub size: usize,
    pub input: *const c_char,
    pub axis: u32,
    pub length: u32,
    pub hop: u32,
    pub context: u32,
    pub has_pad_last: u8,
    pub pad_last: u8,
}

#[repr(C)]
pub struct noodle_stream_config_repeat {
    pub size: usize,
    pub feed: *const *const noodle_fed_tensor,
    pub feed_count: usize,
    pub max_steps: u32,
    pub until: *const noodle_stop_value,
}

#[repr(C)]
pub struct noodle_stream_config {
    pub size: usize,
    pub r#type: i32,
    pub of: *const c_void,
}

#[repr(C)]
pub struct noodle_tensor_spec {
    pub size: usize,
    pub name: *const c_char,
    pub dtype: i32,
    pub shape: *const *const c_char,
    pub shape_count: usize,
}

#[repr(C)]
pub struct noodle_tolerance {
    pub size: usize,
    pub has_rtol: u8,
    pub rtol: f64,
    pub has_atol: u8,
    pub atol: f64,
}

#[repr(C)]
pub struct noodle_tuning {
    pub size: usize,
    pub aim: i32,
    pub machine: *const c_char,
    pub remembered: u8,
    pub chosen: u32,
    pub cases: *const *const noodle_tuning_case,
    pub cases_count: usize,
}

#[repr(C)]
pub struct noodle_tuning_case {
    pub size: usize,
    pub threads: u32,
    pub replicas: u32,
    pub rows: u32,
    pub latency_us: f64,
    pub rows_per_second: f64,
}

#[repr(C)]
pub struct noodle_undeploy_input {
    pub size: usize,
    pub deployment: *const c_char,
    pub force: u8,
}

#[repr(C)]
pub struct noodle_version_comparison {
    pub size: usize,
    pub model: *const c_char,
    pub base: *const c_char,
    pub candidate: *const c_char,
    pub same_artifact: u8,
    pub compatibility: i32,
    pub differences: *const *const c_char,
    pub differences_count: usize,
    pub base_bytes: *const c_char,
    pub candidate_bytes: *const c_char,
    pub metrics: *const noodle_metric_difference_entry,
    pub metrics_count: usize,
}

#[repr(C)]
pub struct noodle_version_list {
    pub size: usize,
    pub versions: *const *const noodle_version_record,
    pub versions_count: usize,
}

#[repr(C)]
pub struct noodle_version_pin {
    pub size: usize,
    pub model: *const c_char,
    pub version: *const c_char,
}

#[repr(C)]
pub struct noodle_version_record {
    pub size: usize,
    pub model: *const c_char,
    pub version: *const c_char,
    pub digest: *const c_char,
    pub bytes: *const c_char,
    pub format: *const c_char,
    pub signature: *const noodle_signature,
    pub labels: *const *const c_char,
    pub labels_count: usize,
    pub description: *const c_char,
    pub tags: *const noodle_text_entry,
    pub tags_count: usize,
    pub metrics: *const noodle_f64_entry,
    pub metrics_count: usize,
    pub parent: *const c_char,
    pub training_run: *const c_char,
    pub probes: *const c_char,
    pub probes_from: *const c_char,
    pub suspect: *const *const c_char,
    pub suspect_count: usize,
    pub status: i32,
    pub created_at: *const c_char,
    pub evaluations: *const *const noodle_evaluation,
    pub evaluations_count: usize,
    pub uses: *const *const noodle_version_pin,
    pub uses_count: usize,
}

#[repr(C)]
pub struct noodle_version_ref {
    pub size: usize,
    pub model: *const c_char,
    pub version: *const c_char,
}

#[repr(C)]
pub struct noodle_vertical_config {
    pub size: usize,
    pub has_min_threads: u8,
    pub min_threads: u32,
    pub has_max_threads: u8,
    pub max_threads: u32,
    pub has_min_batch_size: u8,
    pub min_batch_size: u32,
    pub has_max_batch_size: u8,
    pub max_batch_size: u32,
    pub has_cooldown_ms: u8,
    pub cooldown_ms: u32,
}
