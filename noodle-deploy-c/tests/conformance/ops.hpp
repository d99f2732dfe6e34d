// What the conformance runner knows of the operations. Written by `cargo xtask codegen`; do not edit.

#ifndef NOODLE_CONFORMANCE_OPS_HPP
#define NOODLE_CONFORMANCE_OPS_HPP

#include "json.hpp"

namespace conformance {

inline constexpr const char *strings_of_Aim[] = {"throughput", "latency"};
inline constexpr const char *strings_of_Allocation[] = {"fixed", "thompson", "ucb"};
void fill(const Json &from, const noodle_analysis_config *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_annotate_version_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_arm_config *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_audit_verify_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_autoscale_config *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_backup_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_batch_config *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_benchmark_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_bound *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_cache_config *&out, noodle::detail::Arena &arena);
inline constexpr const char *strings_of_CacheLevel[] = {"memory", "redis", "store"};
inline constexpr const char *strings_of_CachePolicy[] = {"lru", "lfu", "ttl", "fifo"};
void fill(const Json &from, const noodle_canary_config *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_canary_step *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_carried_tensor *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_compare_versions_input *&out, noodle::detail::Arena &arena);
inline constexpr const char *strings_of_Correction[] = {"none", "bonferroni", "holm", "benjamini_hochberg"};
void fill(const Json &from, const noodle_create_experiment_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_declare_winner_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_delete_version_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_deploy_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_deployment_filter *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_deployment_ref *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_drift_config *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_evaluate_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_experiment_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_explain_request_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_explain_route_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_fed_tensor *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_gate *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_get_autoscale_input *&out, noodle::detail::Arena &arena);
inline constexpr const char *strings_of_Goal[] = {"increase", "decrease"};
void fill(const Json &from, const noodle_head *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_history_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_journal_config *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_judgement_config *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_label *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_latency_objective *&out, noodle::detail::Arena &arena);
inline constexpr const char *strings_of_Loading[] = {"resident", "on_demand"};
inline constexpr const char *strings_of_Method[] = {"sequential", "fixed"};
void fill(const Json &from, const noodle_metric_config *&out, noodle::detail::Arena &arena);
inline constexpr const char *strings_of_MetricKind[] = {"mean", "proportion", "ratio", "quantile"};
inline constexpr const char *strings_of_MetricRole[] = {"primary", "secondary", "guardrail"};
void fill(const Json &from, const noodle_mirror_config *&out, noodle::detail::Arena &arena);
inline constexpr const char *strings_of_ModelKind[] = {"code_completion", "documentation_generation", "code_analysis", "static_analysis", "security_analysis", "performance_optimization", "search", "semantic_search", "learning", "network", "custom"};
void fill(const Json &from, const noodle_model_ref *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_outcome *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_padding *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_plan_experiment_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_priorities *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_profile_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_promote_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_queue_policy *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_record_labels_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_record_outcomes_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_recording_config *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_register_version_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_remove_alias_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_replay_config *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_replica_counts *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_retain_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_rollback_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_rolling_config *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_rollout_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_rollout_metric *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_route_rule *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_rule_condition *&out, noodle::detail::Arena &arena);
inline constexpr const char *strings_of_RuleTarget[] = {"serving", "candidate", "version"};
void fill(const Json &from, const noodle_scale_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_set_alias_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_set_autoscale_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_set_memory_budget_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_set_rules_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_set_version_status_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_settings *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_state_config *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_stop_value *&out, noodle::detail::Arena &arena);
inline constexpr const char *strings_of_Strategy[] = {"immediate", "rolling", "blue_green", "canary", "shadow", "ab_testing", "replay"};
void fill(const Json &from, const noodle_stream_config *&out, noodle::detail::Arena &arena);
inline constexpr const char *strings_of_TimeoutAction[] = {"reject", "delay"};
void fill(const Json &from, const noodle_tolerance *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_undeploy_input *&out, noodle::detail::Arena &arena);
void fill(const Json &from, const noodle_version_ref *&out, noodle::detail::Arena &arena);
inline constexpr const char *strings_of_VersionStatus[] = {"draft", "testing", "approved", "deployed", "deprecated", "retired", "failed"};
void fill(const Json &from, const noodle_vertical_config *&out, noodle::detail::Arena &arena);

inline void fill(const Json &from, const noodle_analysis_config *&out, noodle::detail::Arena &arena) {
    only(from, {"level", "error_margin", "latency_ratio", "max_differing", "tolerance", "metrics", "cost_ratio", "drift"});
    noodle_analysis_config &to = arena.make<noodle_analysis_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "level")) to.has_level = true, fill(*found, to.level, arena);
    if (const Json *found = there(from, "error_margin")) to.has_error_margin = true, fill(*found, to.error_margin, arena);
    if (const Json *found = there(from, "latency_ratio")) to.has_latency_ratio = true, fill(*found, to.latency_ratio, arena);
    if (const Json *found = there(from, "max_differing")) to.has_max_differing = true, fill(*found, to.max_differing, arena);
    if (const Json *found = there(from, "tolerance")) fill(*found, to.tolerance, arena);
    if (const Json *found = there(from, "metrics")) fill(*found, to.metrics, to.metrics_count, arena);
    if (const Json *found = there(from, "cost_ratio")) to.has_cost_ratio = true, fill(*found, to.cost_ratio, arena);
    if (const Json *found = there(from, "drift")) fill(*found, to.drift, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_annotate_version_input *&out, noodle::detail::Arena &arena) {
    only(from, {"model", "version", "description", "tags", "metrics"});
    noodle_annotate_version_input &to = arena.make<noodle_annotate_version_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    if (const Json *found = there(from, "description")) fill(*found, to.description, arena);
    if (const Json *found = there(from, "tags")) fill(*found, to.tags, to.tags_count, arena);
    if (const Json *found = there(from, "metrics")) fill(*found, to.metrics, to.metrics_count, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_arm_config *&out, noodle::detail::Arena &arena) {
    only(from, {"name", "version", "weight"});
    noodle_arm_config &to = arena.make<noodle_arm_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "name")) fill(*found, to.name, arena);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    if (const Json *found = there(from, "weight")) fill(*found, to.weight, arena);
    else throw Inexpressible{"a missing `weight`"};
    out = &to;
}

inline void fill(const Json &from, const noodle_audit_verify_input *&out, noodle::detail::Arena &arena) {
    only(from, {"since", "artifacts"});
    noodle_audit_verify_input &to = arena.make<noodle_audit_verify_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "since")) fill(*found, to.since, arena);
    if (const Json *found = there(from, "artifacts")) fill(*found, to.artifacts, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_autoscale_config *&out, noodle::detail::Arena &arena) {
    only(from, {"min_replicas", "max_replicas", "target_in_flight", "target_queue_delay_ms", "latency", "stable_window_ms", "panic_window_ms", "panic_threshold", "tolerance", "down_stabilisation_ms", "burst_hold_ms", "cooldown_up_ms", "cooldown_down_ms", "dry_run", "vertical"});
    noodle_autoscale_config &to = arena.make<noodle_autoscale_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "min_replicas")) to.has_min_replicas = true, fill(*found, to.min_replicas, arena);
    if (const Json *found = there(from, "max_replicas")) to.has_max_replicas = true, fill(*found, to.max_replicas, arena);
    if (const Json *found = there(from, "target_in_flight")) to.has_target_in_flight = true, fill(*found, to.target_in_flight, arena);
    if (const Json *found = there(from, "target_queue_delay_ms")) to.has_target_queue_delay_ms = true, fill(*found, to.target_queue_delay_ms, arena);
    if (const Json *found = there(from, "latency")) fill(*found, to.latency, arena);
    if (const Json *found = there(from, "stable_window_ms")) to.has_stable_window_ms = true, fill(*found, to.stable_window_ms, arena);
    if (const Json *found = there(from, "panic_window_ms")) to.has_panic_window_ms = true, fill(*found, to.panic_window_ms, arena);
    if (const Json *found = there(from, "panic_threshold")) to.has_panic_threshold = true, fill(*found, to.panic_threshold, arena);
    if (const Json *found = there(from, "tolerance")) to.has_tolerance = true, fill(*found, to.tolerance, arena);
    if (const Json *found = there(from, "down_stabilisation_ms")) to.has_down_stabilisation_ms = true, fill(*found, to.down_stabilisation_ms, arena);
    if (const Json *found = there(from, "burst_hold_ms")) to.has_burst_hold_ms = true, fill(*found, to.burst_hold_ms, arena);
    if (const Json *found = there(from, "cooldown_up_ms")) to.has_cooldown_up_ms = true, fill(*found, to.cooldown_up_ms, arena);
    if (const Json *found = there(from, "cooldown_down_ms")) to.has_cooldown_down_ms = true, fill(*found, to.cooldown_down_ms, arena);
    if (const Json *found = there(from, "dry_run")) to.has_dry_run = true, fill(*found, to.dry_run, arena);
    if (const Json *found = there(from, "vertical")) fill(*found, to.vertical, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_backup_input *&out, noodle::detail::Arena &arena) {
    only(from, {"to"});
    noodle_backup_input &to = arena.make<noodle_backup_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "to")) fill(*found, to.to, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_batch_config *&out, noodle::detail::Arena &arena) {
    only(from, {"max_batch_size", "max_delay_us", "preferred_batch_sizes", "adaptive", "padding", "priorities"});
    noodle_batch_config &to = arena.make<noodle_batch_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "max_batch_size")) to.has_max_batch_size = true, fill(*found, to.max_batch_size, arena);
    if (const Json *found = there(from, "max_delay_us")) fill(*found, to.max_delay_us, arena);
    if (const Json *found = there(from, "preferred_batch_sizes")) fill(*found, to.preferred_batch_sizes, to.preferred_batch_sizes_count, arena);
    if (const Json *found = there(from, "adaptive")) to.has_adaptive = true, fill(*found, to.adaptive, arena);
    if (const Json *found = there(from, "padding")) fill(*found, to.padding, arena);
    if (const Json *found = there(from, "priorities")) fill(*found, to.priorities, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_benchmark_input *&out, noodle::detail::Arena &arena) {
    only(from, {"model", "version", "target", "engines", "threads", "batches", "shapes", "seconds_per_case"});
    noodle_benchmark_input &to = arena.make<noodle_benchmark_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    if (const Json *found = there(from, "target")) fill(*found, to.target, arena);
    if (const Json *found = there(from, "engines")) fill(*found, to.engines, to.engines_count, arena);
    if (const Json *found = there(from, "threads")) fill(*found, to.threads, to.threads_count, arena);
    if (const Json *found = there(from, "batches")) fill(*found, to.batches, to.batches_count, arena);
    if (const Json *found = there(from, "shapes")) fill(*found, to.shapes, to.shapes_count, arena);
    if (const Json *found = there(from, "seconds_per_case")) to.has_seconds_per_case = true, fill(*found, to.seconds_per_case, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_bound *&out, noodle::detail::Arena &arena) {
    only(from, {"metric", "at_least", "at_most"});
    noodle_bound &to = arena.make<noodle_bound>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "metric")) fill(*found, to.metric, arena);
    if (const Json *found = there(from, "at_least")) to.has_at_least = true, fill(*found, to.at_least, arena);
    if (const Json *found = there(from, "at_most")) to.has_at_most = true, fill(*found, to.at_most, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_cache_config *&out, noodle::detail::Arena &arena) {
    only(from, {"levels", "policy", "max_bytes", "max_entries", "ttl_ms", "coalesce"});
    noodle_cache_config &to = arena.make<noodle_cache_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "levels")) fill(*found, to.levels, to.levels_count, arena, strings_of_CacheLevel);
    if (const Json *found = there(from, "policy")) fill(*found, to.policy, strings_of_CachePolicy);
    if (const Json *found = there(from, "max_bytes")) fill(*found, to.max_bytes, arena);
    if (const Json *found = there(from, "max_entries")) to.has_max_entries = true, fill(*found, to.max_entries, arena);
    if (const Json *found = there(from, "ttl_ms")) fill(*found, to.ttl_ms, arena);
    if (const Json *found = there(from, "coalesce")) to.has_coalesce = true, fill(*found, to.coalesce, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_canary_config *&out, noodle::detail::Arena &arena) {
    only(from, {"steps", "analysis"});
    noodle_canary_config &to = arena.make<noodle_canary_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "steps")) fill(*found, to.steps, to.steps_count, arena);
    if (const Json *found = there(from, "analysis")) fill(*found, to.analysis, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_canary_step *&out, noodle::detail::Arena &arena) {
    only(from, {"weight", "min_requests", "min_ms", "max_ms", "gate", "mirror", "replicas", "replay"});
    noodle_canary_step &to = arena.make<noodle_canary_step>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "weight")) fill(*found, to.weight, arena);
    else throw Inexpressible{"a missing `weight`"};
    if (const Json *found = there(from, "min_requests")) to.has_min_requests = true, fill(*found, to.min_requests, arena);
    if (const Json *found = there(from, "min_ms")) fill(*found, to.min_ms, arena);
    if (const Json *found = there(from, "max_ms")) fill(*found, to.max_ms, arena);
    if (const Json *found = there(from, "gate")) fill(*found, to.gate, arena);
    if (const Json *found = there(from, "mirror")) fill(*found, to.mirror, arena);
    if (const Json *found = there(from, "replicas")) fill(*found, to.replicas, arena);
    if (const Json *found = there(from, "replay")) fill(*found, to.replay, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_carried_tensor *&out, noodle::detail::Arena &arena) {
    only(from, {"output", "input", "shape"});
    noodle_carried_tensor &to = arena.make<noodle_carried_tensor>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "output")) fill(*found, to.output, arena);
    if (const Json *found = there(from, "input")) fill(*found, to.input, arena);
    if (const Json *found = there(from, "shape")) fill(*found, to.shape, to.shape_count, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_compare_versions_input *&out, noodle::detail::Arena &arena) {
    only(from, {"model", "base", "candidate"});
    noodle_compare_versions_input &to = arena.make<noodle_compare_versions_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    if (const Json *found = there(from, "base")) fill(*found, to.base, arena);
    if (const Json *found = there(from, "candidate")) fill(*found, to.candidate, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_create_experiment_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "name", "arms", "metrics", "holdout", "judgement", "segments"});
    noodle_create_experiment_input &to = arena.make<noodle_create_experiment_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "name")) fill(*found, to.name, arena);
    if (const Json *found = there(from, "arms")) fill(*found, to.arms, to.arms_count, arena);
    if (const Json *found = there(from, "metrics")) fill(*found, to.metrics, to.metrics_count, arena);
    if (const Json *found = there(from, "holdout")) fill(*found, to.holdout, arena);
    if (const Json *found = there(from, "judgement")) fill(*found, to.judgement, arena);
    if (const Json *found = there(from, "segments")) fill(*found, to.segments, to.segments_count, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_declare_winner_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "arm", "confidence", "force", "reason"});
    noodle_declare_winner_input &to = arena.make<noodle_declare_winner_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "arm")) fill(*found, to.arm, arena);
    if (const Json *found = there(from, "confidence")) to.has_confidence = true, fill(*found, to.confidence, arena);
    if (const Json *found = there(from, "force")) fill(*found, to.force, arena);
    if (const Json *found = there(from, "reason")) fill(*found, to.reason, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_delete_version_input *&out, noodle::detail::Arena &arena) {
    only(from, {"model", "version"});
    noodle_delete_version_input &to = arena.make<noodle_delete_version_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_deploy_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "model", "version", "target", "strategy", "replicas", "threads", "shapes", "engine", "batching", "cache", "required_gates", "loading", "unload_after_ms", "tune", "state", "stream", "canary", "from", "rolling"});
    noodle_deploy_input &to = arena.make<noodle_deploy_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    if (const Json *found = there(from, "target")) fill(*found, to.target, arena);
    if (const Json *found = there(from, "strategy")) fill(*found, to.strategy, strings_of_Strategy);
    if (const Json *found = there(from, "replicas")) to.has_replicas = true, fill(*found, to.replicas, arena);
    if (const Json *found = there(from, "threads")) to.has_threads = true, fill(*found, to.threads, arena);
    if (const Json *found = there(from, "shapes")) fill(*found, to.shapes, to.shapes_count, arena);
    if (const Json *found = there(from, "engine")) fill(*found, to.engine, arena);
    if (const Json *found = there(from, "batching")) fill(*found, to.batching, arena);
    if (const Json *found = there(from, "cache")) fill(*found, to.cache, arena);
    if (const Json *found = there(from, "required_gates")) fill(*found, to.required_gates, to.required_gates_count, arena);
    if (const Json *found = there(from, "loading")) fill(*found, to.loading, strings_of_Loading);
    if (const Json *found = there(from, "unload_after_ms")) fill(*found, to.unload_after_ms, arena);
    if (const Json *found = there(from, "tune")) fill(*found, to.tune, strings_of_Aim);
    if (const Json *found = there(from, "state")) fill(*found, to.state, arena);
    if (const Json *found = there(from, "stream")) fill(*found, to.stream, arena);
    if (const Json *found = there(from, "canary")) fill(*found, to.canary, arena);
    if (const Json *found = there(from, "from")) fill(*found, to.from, arena);
    if (const Json *found = there(from, "rolling")) fill(*found, to.rolling, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_deployment_filter *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment"});
    noodle_deployment_filter &to = arena.make<noodle_deployment_filter>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_deployment_ref *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment"});
    noodle_deployment_ref &to = arena.make<noodle_deployment_ref>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_drift_config *&out, noodle::detail::Arena &arena) {
    only(from, {"max_class_shift", "max_mean_shift"});
    noodle_drift_config &to = arena.make<noodle_drift_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "max_class_shift")) to.has_max_class_shift = true, fill(*found, to.max_class_shift, arena);
    if (const Json *found = there(from, "max_mean_shift")) to.has_max_mean_shift = true, fill(*found, to.max_mean_shift, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_evaluate_input *&out, noodle::detail::Arena &arena) {
    only(from, {"model", "version", "deployment", "data", "metrics", "output", "target", "softmax", "top_k", "tolerance", "gate", "engine", "threads", "batch"});
    noodle_evaluate_input &to = arena.make<noodle_evaluate_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "data")) fill(*found, to.data, arena);
    if (const Json *found = there(from, "metrics")) fill(*found, to.metrics, to.metrics_count, arena);
    if (const Json *found = there(from, "output")) fill(*found, to.output, arena);
    if (const Json *found = there(from, "target")) fill(*found, to.target, arena);
    if (const Json *found = there(from, "softmax")) fill(*found, to.softmax, arena);
    if (const Json *found = there(from, "top_k")) to.has_top_k = true, fill(*found, to.top_k, arena);
    if (const Json *found = there(from, "tolerance")) fill(*found, to.tolerance, arena);
    if (const Json *found = there(from, "gate")) fill(*found, to.gate, arena);
    if (const Json *found = there(from, "engine")) fill(*found, to.engine, arena);
    if (const Json *found = there(from, "threads")) to.has_threads = true, fill(*found, to.threads, arena);
    if (const Json *found = there(from, "batch")) to.has_batch = true, fill(*found, to.batch, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_experiment_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "reason"});
    noodle_experiment_input &to = arena.make<noodle_experiment_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "reason")) fill(*found, to.reason, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_explain_request_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "request_id"});
    noodle_explain_request_input &to = arena.make<noodle_explain_request_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "request_id")) fill(*found, to.request_id, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_explain_route_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "key", "attributes", "at"});
    noodle_explain_route_input &to = arena.make<noodle_explain_route_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "key")) fill(*found, to.key, arena);
    if (const Json *found = there(from, "attributes")) fill(*found, to.attributes, to.attributes_count, arena);
    if (const Json *found = there(from, "at")) fill(*found, to.at, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_fed_tensor *&out, noodle::detail::Arena &arena) {
    only(from, {"output", "input"});
    noodle_fed_tensor &to = arena.make<noodle_fed_tensor>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "output")) fill(*found, to.output, arena);
    if (const Json *found = there(from, "input")) fill(*found, to.input, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_gate *&out, noodle::detail::Arena &arena) {
    only(from, {"name", "bounds"});
    noodle_gate &to = arena.make<noodle_gate>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "name")) fill(*found, to.name, arena);
    if (const Json *found = there(from, "bounds")) fill(*found, to.bounds, to.bounds_count, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_get_autoscale_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment"});
    noodle_get_autoscale_input &to = arena.make<noodle_get_autoscale_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_head *&out, noodle::detail::Arena &arena) {
    only(from, {"sequence", "hash"});
    noodle_head &to = arena.make<noodle_head>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "sequence")) fill(*found, to.sequence, arena);
    if (const Json *found = there(from, "hash")) fill(*found, to.hash, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_history_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "model", "after", "limit"});
    noodle_history_input &to = arena.make<noodle_history_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    if (const Json *found = there(from, "after")) fill(*found, to.after, arena);
    if (const Json *found = there(from, "limit")) to.has_limit = true, fill(*found, to.limit, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_journal_config *&out, noodle::detail::Arena &arena) {
    only(from, {"requests", "ms"});
    noodle_journal_config &to = arena.make<noodle_journal_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "requests")) to.has_requests = true, fill(*found, to.requests, arena);
    if (const Json *found = there(from, "ms")) to.has_ms = true, fill(*found, to.ms, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_judgement_config *&out, noodle::detail::Arena &arena) {
    only(from, {"method", "level", "correction", "horizon", "max_ms", "stop_early", "allocation"});
    noodle_judgement_config &to = arena.make<noodle_judgement_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "method")) fill(*found, to.method, strings_of_Method);
    if (const Json *found = there(from, "level")) to.has_level = true, fill(*found, to.level, arena);
    if (const Json *found = there(from, "correction")) fill(*found, to.correction, strings_of_Correction);
    if (const Json *found = there(from, "horizon")) fill(*found, to.horizon, arena);
    if (const Json *found = there(from, "max_ms")) fill(*found, to.max_ms, arena);
    if (const Json *found = there(from, "stop_early")) to.has_stop_early = true, fill(*found, to.stop_early, arena);
    if (const Json *found = there(from, "allocation")) fill(*found, to.allocation, strings_of_Allocation);
    out = &to;
}

inline void fill(const Json &from, const noodle_label *&out, noodle::detail::Arena &arena) {
    only(from, {"request_id", "label"});
    noodle_label &to = arena.make<noodle_label>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "request_id")) fill(*found, to.request_id, arena);
    if (const Json *found = there(from, "label")) fill(*found, to.label, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_latency_objective *&out, noodle::detail::Arena &arena) {
    only(from, {"quantile", "ms"});
    noodle_latency_objective &to = arena.make<noodle_latency_objective>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "quantile")) fill(*found, to.quantile, arena);
    else throw Inexpressible{"a missing `quantile`"};
    if (const Json *found = there(from, "ms")) fill(*found, to.ms, arena);
    else throw Inexpressible{"a missing `ms`"};
    out = &to;
}

inline void fill(const Json &from, const noodle_metric_config *&out, noodle::detail::Arena &arena) {
    only(from, {"name", "kind", "goal", "role", "outcome", "per", "quantile", "margin"});
    noodle_metric_config &to = arena.make<noodle_metric_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "name")) fill(*found, to.name, arena);
    if (const Json *found = there(from, "kind")) fill(*found, to.kind, strings_of_MetricKind);
    if (const Json *found = there(from, "goal")) fill(*found, to.goal, strings_of_Goal);
    if (const Json *found = there(from, "role")) fill(*found, to.role, strings_of_MetricRole);
    if (const Json *found = there(from, "outcome")) fill(*found, to.outcome, arena);
    if (const Json *found = there(from, "per")) fill(*found, to.per, arena);
    if (const Json *found = there(from, "quantile")) to.has_quantile = true, fill(*found, to.quantile, arena);
    if (const Json *found = there(from, "margin")) to.has_margin = true, fill(*found, to.margin, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_mirror_config *&out, noodle::detail::Arena &arena) {
    only(from, {"share"});
    noodle_mirror_config &to = arena.make<noodle_mirror_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "share")) fill(*found, to.share, arena);
    else throw Inexpressible{"a missing `share`"};
    out = &to;
}

inline void fill(const Json &from, const noodle_model_ref *&out, noodle::detail::Arena &arena) {
    only(from, {"model"});
    noodle_model_ref &to = arena.make<noodle_model_ref>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_outcome *&out, noodle::detail::Arena &arena) {
    only(from, {"name", "value", "key", "revision", "request_id", "attributes"});
    noodle_outcome &to = arena.make<noodle_outcome>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "name")) fill(*found, to.name, arena);
    if (const Json *found = there(from, "value")) fill(*found, to.value, arena);
    else throw Inexpressible{"a missing `value`"};
    if (const Json *found = there(from, "key")) fill(*found, to.key, arena);
    if (const Json *found = there(from, "revision")) to.has_revision = true, fill(*found, to.revision, arena);
    if (const Json *found = there(from, "request_id")) fill(*found, to.request_id, arena);
    if (const Json *found = there(from, "attributes")) fill(*found, to.attributes, to.attributes_count, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_padding *&out, noodle::detail::Arena &arena) {
    only(from, {"axis", "values", "multiple_of"});
    noodle_padding &to = arena.make<noodle_padding>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "axis")) fill(*found, to.axis, arena);
    if (const Json *found = there(from, "values")) fill(*found, to.values, to.values_count, arena);
    if (const Json *found = there(from, "multiple_of")) to.has_multiple_of = true, fill(*found, to.multiple_of, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_plan_experiment_input *&out, noodle::detail::Arena &arena) {
    only(from, {"baseline", "deviation", "difference", "values", "level", "power"});
    noodle_plan_experiment_input &to = arena.make<noodle_plan_experiment_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "baseline")) fill(*found, to.baseline, arena);
    else throw Inexpressible{"a missing `baseline`"};
    if (const Json *found = there(from, "deviation")) to.has_deviation = true, fill(*found, to.deviation, arena);
    if (const Json *found = there(from, "difference")) to.has_difference = true, fill(*found, to.difference, arena);
    if (const Json *found = there(from, "values")) fill(*found, to.values, arena);
    if (const Json *found = there(from, "level")) to.has_level = true, fill(*found, to.level, arena);
    if (const Json *found = there(from, "power")) to.has_power = true, fill(*found, to.power, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_priorities *&out, noodle::detail::Arena &arena) {
    only(from, {"levels", "default_level", "patience_ms", "policies"});
    noodle_priorities &to = arena.make<noodle_priorities>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "levels")) to.has_levels = true, fill(*found, to.levels, arena);
    if (const Json *found = there(from, "default_level")) to.has_default_level = true, fill(*found, to.default_level, arena);
    if (const Json *found = there(from, "patience_ms")) to.has_patience_ms = true, fill(*found, to.patience_ms, arena);
    if (const Json *found = there(from, "policies")) fill(*found, to.policies, to.policies_count, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_profile_input *&out, noodle::detail::Arena &arena) {
    only(from, {"model", "version", "target", "engine", "threads", "batch", "shapes", "runs"});
    noodle_profile_input &to = arena.make<noodle_profile_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    if (const Json *found = there(from, "target")) fill(*found, to.target, arena);
    if (const Json *found = there(from, "engine")) fill(*found, to.engine, arena);
    if (const Json *found = there(from, "threads")) to.has_threads = true, fill(*found, to.threads, arena);
    if (const Json *found = there(from, "batch")) to.has_batch = true, fill(*found, to.batch, arena);
    if (const Json *found = there(from, "shapes")) fill(*found, to.shapes, to.shapes_count, arena);
    if (const Json *found = there(from, "runs")) to.has_runs = true, fill(*found, to.runs, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_promote_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "version"});
    noodle_promote_input &to = arena.make<noodle_promote_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_queue_policy *&out, noodle::detail::Arena &arena) {
    only(from, {"level", "max_queue", "default_timeout_ms", "timeout_action"});
    noodle_queue_policy &to = arena.make<noodle_queue_policy>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "level")) fill(*found, to.level, arena);
    else throw Inexpressible{"a missing `level`"};
    if (const Json *found = there(from, "max_queue")) to.has_max_queue = true, fill(*found, to.max_queue, arena);
    if (const Json *found = there(from, "default_timeout_ms")) to.has_default_timeout_ms = true, fill(*found, to.default_timeout_ms, arena);
    if (const Json *found = there(from, "timeout_action")) fill(*found, to.timeout_action, strings_of_TimeoutAction);
    out = &to;
}

inline void fill(const Json &from, const noodle_record_labels_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "labels"});
    noodle_record_labels_input &to = arena.make<noodle_record_labels_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "labels")) fill(*found, to.labels, to.labels_count, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_record_outcomes_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "outcomes"});
    noodle_record_outcomes_input &to = arena.make<noodle_record_outcomes_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "outcomes")) fill(*found, to.outcomes, to.outcomes_count, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_recording_config *&out, noodle::detail::Arena &arena) {
    only(from, {"requests", "bytes", "ms"});
    noodle_recording_config &to = arena.make<noodle_recording_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "requests")) to.has_requests = true, fill(*found, to.requests, arena);
    if (const Json *found = there(from, "bytes")) to.has_bytes = true, fill(*found, to.bytes, arena);
    if (const Json *found = there(from, "ms")) to.has_ms = true, fill(*found, to.ms, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_register_version_input *&out, noodle::detail::Arena &arena) {
    only(from, {"model", "path", "version", "model_type", "labels", "description", "tags", "metrics", "parent", "training_run", "probes_path"});
    noodle_register_version_input &to = arena.make<noodle_register_version_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    if (const Json *found = there(from, "path")) fill(*found, to.path, arena);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    if (const Json *found = there(from, "model_type")) fill(*found, to.model_type, strings_of_ModelKind);
    if (const Json *found = there(from, "labels")) fill(*found, to.labels, to.labels_count, arena);
    if (const Json *found = there(from, "description")) fill(*found, to.description, arena);
    if (const Json *found = there(from, "tags")) fill(*found, to.tags, to.tags_count, arena);
    if (const Json *found = there(from, "metrics")) fill(*found, to.metrics, to.metrics_count, arena);
    if (const Json *found = there(from, "parent")) fill(*found, to.parent, arena);
    if (const Json *found = there(from, "training_run")) fill(*found, to.training_run, arena);
    if (const Json *found = there(from, "probes_path")) fill(*found, to.probes_path, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_remove_alias_input *&out, noodle::detail::Arena &arena) {
    only(from, {"model", "alias"});
    noodle_remove_alias_input &to = arena.make<noodle_remove_alias_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    if (const Json *found = there(from, "alias")) fill(*found, to.alias, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_replay_config *&out, noodle::detail::Arena &arena) {
    only(from, {"requests"});
    noodle_replay_config &to = arena.make<noodle_replay_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "requests")) to.has_requests = true, fill(*found, to.requests, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_replica_counts *&out, noodle::detail::Arena &arena) {
    only(from, {"candidate", "baseline"});
    noodle_replica_counts &to = arena.make<noodle_replica_counts>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "candidate")) fill(*found, to.candidate, arena);
    else throw Inexpressible{"a missing `candidate`"};
    if (const Json *found = there(from, "baseline")) fill(*found, to.baseline, arena);
    else throw Inexpressible{"a missing `baseline`"};
    out = &to;
}

inline void fill(const Json &from, const noodle_retain_input *&out, noodle::detail::Arena &arena) {
    only(from, {"keep_events", "keep_ms"});
    noodle_retain_input &to = arena.make<noodle_retain_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "keep_events")) to.has_keep_events = true, fill(*found, to.keep_events, arena);
    if (const Json *found = there(from, "keep_ms")) fill(*found, to.keep_ms, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_rollback_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "version", "reason"});
    noodle_rollback_input &to = arena.make<noodle_rollback_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    if (const Json *found = there(from, "reason")) fill(*found, to.reason, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_rolling_config *&out, noodle::detail::Arena &arena) {
    only(from, {"max_surge", "max_unavailable", "min_ms", "max_ms", "analysis"});
    noodle_rolling_config &to = arena.make<noodle_rolling_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "max_surge")) to.has_max_surge = true, fill(*found, to.max_surge, arena);
    if (const Json *found = there(from, "max_unavailable")) to.has_max_unavailable = true, fill(*found, to.max_unavailable, arena);
    if (const Json *found = there(from, "min_ms")) fill(*found, to.min_ms, arena);
    if (const Json *found = there(from, "max_ms")) fill(*found, to.max_ms, arena);
    if (const Json *found = there(from, "analysis")) fill(*found, to.analysis, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_rollout_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "reason"});
    noodle_rollout_input &to = arena.make<noodle_rollout_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "reason")) fill(*found, to.reason, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_rollout_metric *&out, noodle::detail::Arena &arena) {
    only(from, {"name", "goal", "margin"});
    noodle_rollout_metric &to = arena.make<noodle_rollout_metric>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "name")) fill(*found, to.name, arena);
    if (const Json *found = there(from, "goal")) fill(*found, to.goal, strings_of_Goal);
    if (const Json *found = there(from, "margin")) fill(*found, to.margin, arena);
    else throw Inexpressible{"a missing `margin`"};
    out = &to;
}

inline void fill(const Json &from, const noodle_route_rule *&out, noodle::detail::Arena &arena) {
    only(from, {"when", "to", "version"});
    noodle_route_rule &to = arena.make<noodle_route_rule>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "when")) fill(*found, to.when, to.when_count, arena);
    if (const Json *found = there(from, "to")) fill(*found, to.to, strings_of_RuleTarget);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_rule_condition *&out, noodle::detail::Arena &arena) {
    only(from, {"attribute", "any_of"});
    noodle_rule_condition &to = arena.make<noodle_rule_condition>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "attribute")) fill(*found, to.attribute, arena);
    if (const Json *found = there(from, "any_of")) fill(*found, to.any_of, to.any_of_count, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_scale_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "replicas"});
    noodle_scale_input &to = arena.make<noodle_scale_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "replicas")) fill(*found, to.replicas, arena);
    else throw Inexpressible{"a missing `replicas`"};
    out = &to;
}

inline void fill(const Json &from, const noodle_set_alias_input *&out, noodle::detail::Arena &arena) {
    only(from, {"model", "alias", "version"});
    noodle_set_alias_input &to = arena.make<noodle_set_alias_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    if (const Json *found = there(from, "alias")) fill(*found, to.alias, arena);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_set_autoscale_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "autoscale"});
    noodle_set_autoscale_input &to = arena.make<noodle_set_autoscale_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "autoscale")) fill(*found, to.autoscale, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_set_memory_budget_input *&out, noodle::detail::Arena &arena) {
    only(from, {"bytes"});
    noodle_set_memory_budget_input &to = arena.make<noodle_set_memory_budget_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "bytes")) fill(*found, to.bytes, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_set_rules_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "rules"});
    noodle_set_rules_input &to = arena.make<noodle_set_rules_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "rules")) fill(*found, to.rules, to.rules_count, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_set_version_status_input *&out, noodle::detail::Arena &arena) {
    only(from, {"model", "version", "status", "reason"});
    noodle_set_version_status_input &to = arena.make<noodle_set_version_status_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    if (const Json *found = there(from, "status")) fill(*found, to.status, strings_of_VersionStatus);
    if (const Json *found = there(from, "reason")) fill(*found, to.reason, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_settings *&out, noodle::detail::Arena &arena) {
    only(from, {"enabled", "default_target", "default_strategy", "scale_enabled", "monitoring_enabled", "max_deployments", "max_concurrent", "memory_budget_bytes", "plan_cache_bytes", "max_artifact_bytes", "max_queue", "max_replicas", "workers", "drain_timeout_ms", "poll_interval_ms", "heartbeat_ms", "lease_ttl_ms", "keep_warm", "failures_to_error", "retain_events", "read_only", "allow_network_fs", "allow_unverified", "load_on_open", "actor", "default_engine", "onnxruntime", "onnxruntime_providers", "cache_redis_url", "default_loading", "specialise", "journal", "shadow_cpu_percent", "recording"});
    noodle_settings &to = arena.make<noodle_settings>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "enabled")) to.has_enabled = true, fill(*found, to.enabled, arena);
    if (const Json *found = there(from, "default_target")) fill(*found, to.default_target, arena);
    if (const Json *found = there(from, "default_strategy")) fill(*found, to.default_strategy, strings_of_Strategy);
    if (const Json *found = there(from, "scale_enabled")) to.has_scale_enabled = true, fill(*found, to.scale_enabled, arena);
    if (const Json *found = there(from, "monitoring_enabled")) to.has_monitoring_enabled = true, fill(*found, to.monitoring_enabled, arena);
    if (const Json *found = there(from, "max_deployments")) to.has_max_deployments = true, fill(*found, to.max_deployments, arena);
    if (const Json *found = there(from, "max_concurrent")) to.has_max_concurrent = true, fill(*found, to.max_concurrent, arena);
    if (const Json *found = there(from, "memory_budget_bytes")) to.has_memory_budget_bytes = true, fill(*found, to.memory_budget_bytes, arena);
    if (const Json *found = there(from, "plan_cache_bytes")) to.has_plan_cache_bytes = true, fill(*found, to.plan_cache_bytes, arena);
    if (const Json *found = there(from, "max_artifact_bytes")) to.has_max_artifact_bytes = true, fill(*found, to.max_artifact_bytes, arena);
    if (const Json *found = there(from, "max_queue")) to.has_max_queue = true, fill(*found, to.max_queue, arena);
    if (const Json *found = there(from, "max_replicas")) to.has_max_replicas = true, fill(*found, to.max_replicas, arena);
    if (const Json *found = there(from, "workers")) fill(*found, to.workers, arena);
    if (const Json *found = there(from, "drain_timeout_ms")) to.has_drain_timeout_ms = true, fill(*found, to.drain_timeout_ms, arena);
    if (const Json *found = there(from, "poll_interval_ms")) to.has_poll_interval_ms = true, fill(*found, to.poll_interval_ms, arena);
    if (const Json *found = there(from, "heartbeat_ms")) to.has_heartbeat_ms = true, fill(*found, to.heartbeat_ms, arena);
    if (const Json *found = there(from, "lease_ttl_ms")) to.has_lease_ttl_ms = true, fill(*found, to.lease_ttl_ms, arena);
    if (const Json *found = there(from, "keep_warm")) to.has_keep_warm = true, fill(*found, to.keep_warm, arena);
    if (const Json *found = there(from, "failures_to_error")) to.has_failures_to_error = true, fill(*found, to.failures_to_error, arena);
    if (const Json *found = there(from, "retain_events")) to.has_retain_events = true, fill(*found, to.retain_events, arena);
    if (const Json *found = there(from, "read_only")) fill(*found, to.read_only, arena);
    if (const Json *found = there(from, "allow_network_fs")) fill(*found, to.allow_network_fs, arena);
    if (const Json *found = there(from, "allow_unverified")) fill(*found, to.allow_unverified, arena);
    if (const Json *found = there(from, "load_on_open")) to.has_load_on_open = true, fill(*found, to.load_on_open, arena);
    if (const Json *found = there(from, "actor")) fill(*found, to.actor, arena);
    if (const Json *found = there(from, "default_engine")) fill(*found, to.default_engine, arena);
    if (const Json *found = there(from, "onnxruntime")) fill(*found, to.onnxruntime, arena);
    if (const Json *found = there(from, "onnxruntime_providers")) fill(*found, to.onnxruntime_providers, to.onnxruntime_providers_count, arena);
    if (const Json *found = there(from, "cache_redis_url")) fill(*found, to.cache_redis_url, arena);
    if (const Json *found = there(from, "default_loading")) fill(*found, to.default_loading, strings_of_Loading);
    if (const Json *found = there(from, "specialise")) to.has_specialise = true, fill(*found, to.specialise, arena);
    if (const Json *found = there(from, "journal")) fill(*found, to.journal, arena);
    if (const Json *found = there(from, "shadow_cpu_percent")) to.has_shadow_cpu_percent = true, fill(*found, to.shadow_cpu_percent, arena);
    if (const Json *found = there(from, "recording")) fill(*found, to.recording, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_state_config *&out, noodle::detail::Arena &arena) {
    only(from, {"carried", "max_sessions", "max_bytes", "idle_ms"});
    noodle_state_config &to = arena.make<noodle_state_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "carried")) fill(*found, to.carried, to.carried_count, arena);
    if (const Json *found = there(from, "max_sessions")) to.has_max_sessions = true, fill(*found, to.max_sessions, arena);
    if (const Json *found = there(from, "max_bytes")) fill(*found, to.max_bytes, arena);
    if (const Json *found = there(from, "idle_ms")) fill(*found, to.idle_ms, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_stop_value *&out, noodle::detail::Arena &arena) {
    only(from, {"output", "equals"});
    noodle_stop_value &to = arena.make<noodle_stop_value>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "output")) fill(*found, to.output, arena);
    if (const Json *found = there(from, "equals")) fill(*found, to.equals, arena);
    else throw Inexpressible{"a missing `equals`"};
    out = &to;
}

inline void fill(const Json &from, const noodle_stream_config_windows *&out, noodle::detail::Arena &arena) {
    only(from, {"input", "axis", "length", "hop", "context", "pad_last"});
    noodle_stream_config_windows &to = arena.make<noodle_stream_config_windows>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "input")) fill(*found, to.input, arena);
    if (const Json *found = there(from, "axis")) fill(*found, to.axis, arena);
    else throw Inexpressible{"a missing `axis`"};
    if (const Json *found = there(from, "length")) fill(*found, to.length, arena);
    else throw Inexpressible{"a missing `length`"};
    if (const Json *found = there(from, "hop")) fill(*found, to.hop, arena);
    else throw Inexpressible{"a missing `hop`"};
    if (const Json *found = there(from, "context")) fill(*found, to.context, arena);
    if (const Json *found = there(from, "pad_last")) to.has_pad_last = true, fill(*found, to.pad_last, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_stream_config_repeat *&out, noodle::detail::Arena &arena) {
    only(from, {"feed", "max_steps", "until"});
    noodle_stream_config_repeat &to = arena.make<noodle_stream_config_repeat>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "feed")) fill(*found, to.feed, to.feed_count, arena);
    if (const Json *found = there(from, "max_steps")) fill(*found, to.max_steps, arena);
    else throw Inexpressible{"a missing `max_steps`"};
    if (const Json *found = there(from, "until")) fill(*found, to.until, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_stream_config *&out, noodle::detail::Arena &arena) {
    if (!from.is_object()) throw Inexpressible{from.dump() + " for a variant"};
    Json rest = from;
    const Json type = from.value("type", Json());
    rest.erase("type");
    noodle_stream_config &to = arena.make<noodle_stream_config>();
    to.size = sizeof(to);
    if (type == "windows") to.type = 1, fill(rest, to.of.windows, arena);
    if (type == "repeat") to.type = 2, fill(rest, to.of.repeat, arena);
    if (to.type == 0) throw Inexpressible{type.dump() + " for a variant"};
    out = &to;
}

inline void fill(const Json &from, const noodle_tolerance *&out, noodle::detail::Arena &arena) {
    only(from, {"rtol", "atol"});
    noodle_tolerance &to = arena.make<noodle_tolerance>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "rtol")) to.has_rtol = true, fill(*found, to.rtol, arena);
    if (const Json *found = there(from, "atol")) to.has_atol = true, fill(*found, to.atol, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_undeploy_input *&out, noodle::detail::Arena &arena) {
    only(from, {"deployment", "force"});
    noodle_undeploy_input &to = arena.make<noodle_undeploy_input>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "deployment")) fill(*found, to.deployment, arena);
    if (const Json *found = there(from, "force")) fill(*found, to.force, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_version_ref *&out, noodle::detail::Arena &arena) {
    only(from, {"model", "version"});
    noodle_version_ref &to = arena.make<noodle_version_ref>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "model")) fill(*found, to.model, arena);
    if (const Json *found = there(from, "version")) fill(*found, to.version, arena);
    out = &to;
}

inline void fill(const Json &from, const noodle_vertical_config *&out, noodle::detail::Arena &arena) {
    only(from, {"min_threads", "max_threads", "min_batch_size", "max_batch_size", "cooldown_ms"});
    noodle_vertical_config &to = arena.make<noodle_vertical_config>();
    to.size = sizeof(to);
    if (const Json *found = there(from, "min_threads")) to.has_min_threads = true, fill(*found, to.min_threads, arena);
    if (const Json *found = there(from, "max_threads")) to.has_max_threads = true, fill(*found, to.max_threads, arena);
    if (const Json *found = there(from, "min_batch_size")) to.has_min_batch_size = true, fill(*found, to.min_batch_size, arena);
    if (const Json *found = there(from, "max_batch_size")) to.has_max_batch_size = true, fill(*found, to.max_batch_size, arena);
    if (const Json *found = there(from, "cooldown_ms")) to.has_cooldown_ms = true, fill(*found, to.cooldown_ms, arena);
    out = &to;
}

struct Show {
    static Json show(noodle::Aim from) { return noodle::name(from); }

    static Json show(noodle::Allocation from) { return noodle::name(from); }

    static Json show(const noodle::AnalysisConfig &from) {
        Json to = Json::object();
        to["level"] = show(from.level);
        to["error_margin"] = show(from.error_margin);
        to["latency_ratio"] = show(from.latency_ratio);
        if (from.max_differing) to["max_differing"] = show(*from.max_differing);
        if (from.tolerance) to["tolerance"] = show(*from.tolerance);
        to["metrics"] = show(from.metrics);
        if (from.cost_ratio) to["cost_ratio"] = show(*from.cost_ratio);
        if (from.drift) to["drift"] = show(*from.drift);
        return to;
    }

    static Json show(const noodle::Answers &from) {
        Json to = Json::object();
        to["classes"] = show(from.classes);
        to["means"] = show(from.means);
        return to;
    }

    static Json show(const noodle::Arm &from) {
        Json to = Json::object();
        to["deployment"] = show(from.deployment);
        to["revision"] = show(from.revision);
        to["version"] = show(from.version);
        to["weight"] = show(from.weight);
        to["reason"] = show(from.reason);
        return to;
    }

    static Json show(const noodle::ArmCounts &from) {
        Json to = Json::object();
        to["ended"] = show(from.ended);
        to["failed"] = show(from.failed);
        to["log_latency"] = show(from.log_latency);
        if (from.differences) to["differences"] = show(*from.differences);
        to["outcomes"] = show(from.outcomes);
        if (from.log_compute) to["log_compute"] = show(*from.log_compute);
        if (from.answers) to["answers"] = show(*from.answers);
        return to;
    }

    static Json show(const noodle::AuditReport &from) {
        Json to = Json::object();
        to["head"] = show(from.head);
        to["events"] = show(from.events);
        if (from.cut) to["cut"] = show(*from.cut);
        to["rows"] = show(from.rows);
        to["artifacts"] = show(from.artifacts);
        return to;
    }

    static Json show(const noodle::AutoscaleConfig &from) {
        Json to = Json::object();
        if (from.min_replicas) to["min_replicas"] = show(*from.min_replicas);
        if (from.max_replicas) to["max_replicas"] = show(*from.max_replicas);
        if (from.target_in_flight) to["target_in_flight"] = show(*from.target_in_flight);
        if (from.target_queue_delay_ms) to["target_queue_delay_ms"] = show(*from.target_queue_delay_ms);
        if (from.latency) to["latency"] = show(*from.latency);
        if (from.stable_window_ms) to["stable_window_ms"] = show(*from.stable_window_ms);
        if (from.panic_window_ms) to["panic_window_ms"] = show(*from.panic_window_ms);
        if (from.panic_threshold) to["panic_threshold"] = show(*from.panic_threshold);
        if (from.tolerance) to["tolerance"] = show(*from.tolerance);
        if (from.down_stabilisation_ms) to["down_stabilisation_ms"] = show(*from.down_stabilisation_ms);
        if (from.burst_hold_ms) to["burst_hold_ms"] = show(*from.burst_hold_ms);
        if (from.cooldown_up_ms) to["cooldown_up_ms"] = show(*from.cooldown_up_ms);
        if (from.cooldown_down_ms) to["cooldown_down_ms"] = show(*from.cooldown_down_ms);
        if (from.dry_run) to["dry_run"] = show(*from.dry_run);
        if (from.vertical) to["vertical"] = show(*from.vertical);
        return to;
    }

    static Json show(const noodle::AutoscaleView &from) {
        Json to = Json::object();
        to["deployment"] = show(from.deployment);
        to["replicas"] = show(from.replicas);
        if (from.autoscale) to["autoscale"] = show(*from.autoscale);
        if (from.recommendation) to["recommendation"] = show(*from.recommendation);
        return to;
    }

    static Json show(const noodle::BackupReport &from) {
        Json to = Json::object();
        to["head"] = show(from.head);
        to["artifacts"] = show(from.artifacts);
        return to;
    }

    static Json show(const noodle::BatchConfig &from) {
        Json to = Json::object();
        to["max_batch_size"] = show(from.max_batch_size);
        to["max_delay_us"] = show(from.max_delay_us);
        to["preferred_batch_sizes"] = show(from.preferred_batch_sizes);
        to["adaptive"] = show(from.adaptive);
        if (from.padding) to["padding"] = show(*from.padding);
        if (from.priorities) to["priorities"] = show(*from.priorities);
        return to;
    }

    static Json show(const noodle::BatchStatus &from) {
        Json to = Json::object();
        to["batches"] = show(from.batches);
        to["rows"] = show(from.rows);
        to["max_batch_size"] = show(from.max_batch_size);
        to["sizes"] = show(from.sizes);
        return to;
    }

    static Json show(const noodle::BenchmarkCase &from) {
        Json to = Json::object();
        to["engine"] = show(from.engine);
        to["threads"] = show(from.threads);
        to["batch"] = show(from.batch);
        return to;
    }

    static Json show(const noodle::BenchmarkFigures &from) {
        Json to = Json::object();
        to["requests"] = show(from.requests);
        to["latency_mean_us"] = show(from.latency_mean_us);
        to["latency_p50_us"] = show(from.latency_p50_us);
        to["latency_p95_us"] = show(from.latency_p95_us);
        to["latency_p99_us"] = show(from.latency_p99_us);
        to["rows_per_second"] = show(from.rows_per_second);
        return to;
    }

    static Json show(const noodle::BenchmarkReport &from) {
        Json to = Json::object();
        to["model"] = show(from.model);
        to["version"] = show(from.version);
        to["digest"] = show(from.digest);
        to["machine"] = show(from.machine);
        to["inputs"] = show(from.inputs);
        to["reference"] = show(from.reference);
        to["rows"] = show(from.rows);
        if (from.best_latency) to["best_latency"] = show(*from.best_latency);
        if (from.best_throughput) to["best_throughput"] = show(*from.best_throughput);
        return to;
    }

    static Json show(const noodle::BenchmarkRow &from) {
        Json to = Json::object();
        to["engine"] = show(from.engine);
        to["threads"] = show(from.threads);
        to["batch"] = show(from.batch);
        if (from.figures) to["figures"] = show(*from.figures);
        if (from.agrees) to["agrees"] = show(*from.agrees);
        if (from.max_abs) to["max_abs"] = show(*from.max_abs);
        to["memory_bytes"] = show(from.memory_bytes);
        if (from.error) to["error"] = show(*from.error);
        return to;
    }

    static Json show(const noodle::Bound &from) {
        Json to = Json::object();
        to["metric"] = show(from.metric);
        if (from.at_least) to["at_least"] = show(*from.at_least);
        if (from.at_most) to["at_most"] = show(*from.at_most);
        return to;
    }

    static Json show(const noodle::CacheConfig &from) {
        Json to = Json::object();
        to["levels"] = show(from.levels);
        if (from.policy) to["policy"] = show(*from.policy);
        if (from.max_bytes) to["max_bytes"] = show(*from.max_bytes);
        if (from.max_entries) to["max_entries"] = show(*from.max_entries);
        if (from.ttl_ms) to["ttl_ms"] = show(*from.ttl_ms);
        to["coalesce"] = show(from.coalesce);
        return to;
    }

    static Json show(noodle::CacheLevel from) { return noodle::name(from); }

    static Json show(const noodle::CacheMetrics &from) {
        Json to = Json::object();
        to["hit_rate"] = show(from.hit_rate);
        to["memory_hits"] = show(from.memory_hits);
        to["redis_hits"] = show(from.redis_hits);
        to["store_hits"] = show(from.store_hits);
        to["misses"] = show(from.misses);
        to["coalesced"] = show(from.coalesced);
        to["failures"] = show(from.failures);
        to["dropped"] = show(from.dropped);
        to["entries"] = show(from.entries);
        to["bytes"] = show(from.bytes);
        return to;
    }

    static Json show(noodle::CachePolicy from) { return noodle::name(from); }

    static Json show(const noodle::CanaryConfig &from) {
        Json to = Json::object();
        to["steps"] = show(from.steps);
        if (from.analysis) to["analysis"] = show(*from.analysis);
        return to;
    }

    static Json show(const noodle::CanaryStep &from) {
        Json to = Json::object();
        to["weight"] = show(from.weight);
        to["min_requests"] = show(from.min_requests);
        if (from.min_ms) to["min_ms"] = show(*from.min_ms);
        if (from.max_ms) to["max_ms"] = show(*from.max_ms);
        to["gate"] = show(from.gate);
        if (from.mirror) to["mirror"] = show(*from.mirror);
        if (from.replicas) to["replicas"] = show(*from.replicas);
        if (from.replay) to["replay"] = show(*from.replay);
        return to;
    }

    static Json show(const noodle::CarriedTensor &from) {
        Json to = Json::object();
        to["output"] = show(from.output);
        to["input"] = show(from.input);
        if (from.shape) to["shape"] = show(*from.shape);
        return to;
    }

    static Json show(const noodle::Change &from) {
        Json to = Json::object();
        to["strategy"] = show(from.strategy);
        to["replicas"] = show(from.replicas);
        to["required_gates"] = show(from.required_gates);
        return to;
    }

    static Json show(const noodle::Comparison &from) {
        Json to = Json::object();
        to["metric"] = show(from.metric);
        to["role"] = show(from.role);
        to["goal"] = show(from.goal);
        to["arm"] = show(from.arm);
        to["control_values"] = show(from.control_values);
        to["arm_values"] = show(from.arm_values);
        to["finding"] = show(from.finding);
        if (from.figures) to["figures"] = show(*from.figures);
        return to;
    }

    static Json show(noodle::Compatibility from) { return noodle::name(from); }

    static Json show(const noodle::ConfusionRow &from) {
        Json to = Json::object();
        to["label"] = show(from.label);
        to["answered"] = show(from.answered);
        return to;
    }

    static Json show(noodle::Correction from) { return noodle::name(from); }

    static Json show(const noodle::CostFindings &from) {
        Json to = Json::object();
        if (from.ratio) to["ratio"] = show(*from.ratio);
        to["costlier"] = show(from.costlier);
        to["no_costlier"] = show(from.no_costlier);
        return to;
    }

    static Json show(noodle::DType from) { return noodle::name(from); }

    static Json show(const noodle::Deleted &from) {
        Json to = Json::object();
        to["model"] = show(from.model);
        to["version"] = show(from.version);
        return to;
    }

    static Json show(const noodle::Deployment &from) {
        Json to = Json::object();
        to["name"] = show(from.name);
        to["model"] = show(from.model);
        to["target"] = show(from.target);
        to["strategy"] = show(from.strategy);
        to["state"] = show(from.state);
        if (from.cause) to["cause"] = show(*from.cause);
        to["replicas"] = show(from.replicas);
        if (from.change) to["change"] = show(*from.change);
        if (from.scaling_from) to["scaling_from"] = show(*from.scaling_from);
        to["revisions"] = show(from.revisions);
        if (from.active) to["active"] = show(*from.active);
        to["previous"] = show(from.previous);
        if (from.worker) to["worker"] = show(*from.worker);
        to["last_revision"] = show(from.last_revision);
        to["created_at"] = show(from.created_at);
        to["updated_at"] = show(from.updated_at);
        to["required_gates"] = show(from.required_gates);
        if (from.autoscale) to["autoscale"] = show(*from.autoscale);
        if (from.rollout) to["rollout"] = show(*from.rollout);
        if (from.experiment) to["experiment"] = show(*from.experiment);
        to["rules"] = show(from.rules);
        return to;
    }

    static Json show(const noodle::DeploymentHealth &from) {
        Json to = Json::object();
        to["deployment"] = show(from.deployment);
        to["health"] = show(from.health);
        to["ready"] = show(from.ready);
        to["state"] = show(from.state);
        if (from.last_error) to["last_error"] = show(*from.last_error);
        return to;
    }

    static Json show(const noodle::DeploymentList &from) {
        Json to = Json::object();
        to["deployments"] = show(from.deployments);
        return to;
    }

    static Json show(noodle::DeploymentState from) { return noodle::name(from); }

    static Json show(const noodle::DeploymentView &from) {
        Json to = Json::object();
        to["desired"] = show(from.desired);
        if (from.serving) to["serving"] = show(*from.serving);
        if (from.lagging) to["lagging"] = show(*from.lagging);
        to["replicas"] = show(from.replicas);
        return to;
    }

    static Json show(const noodle::Differences &from) {
        Json to = Json::object();
        to["compared"] = show(from.compared);
        to["differing"] = show(from.differing);
        to["skipped"] = show(from.skipped);
        to["sum"] = show(from.sum);
        to["largest"] = show(from.largest);
        return to;
    }

    static Json show(const noodle::DriftConfig &from) {
        Json to = Json::object();
        to["max_class_shift"] = show(from.max_class_shift);
        to["max_mean_shift"] = show(from.max_mean_shift);
        return to;
    }

    static Json show(const noodle::DriftFindings &from) {
        Json to = Json::object();
        to["candidate_answers"] = show(from.candidate_answers);
        to["baseline_answers"] = show(from.baseline_answers);
        to["shift"] = show(from.shift);
        if (from.class_index) to["class_index"] = show(*from.class_index);
        to["moved"] = show(from.moved);
        to["not_moved"] = show(from.not_moved);
        return to;
    }

    static Json show(const noodle::EngineChoice &from) {
        Json to = Json::object();
        to["reason"] = show(from.reason);
        to["inputs"] = show(from.inputs);
        to["remembered"] = show(from.remembered);
        to["candidates"] = show(from.candidates);
        return to;
    }

    static Json show(const noodle::EngineFigures &from) {
        Json to = Json::object();
        to["engine"] = show(from.engine);
        to["verdict"] = show(from.verdict);
        if (from.median_us) to["median_us"] = show(*from.median_us);
        if (from.max_abs) to["max_abs"] = show(*from.max_abs);
        if (from.reason) to["reason"] = show(*from.reason);
        return to;
    }

    static Json show(noodle::EngineVerdict from) { return noodle::name(from); }

    static Json show(const noodle::ErrorRecord &from) {
        Json to = Json::object();
        to["code"] = show(from.code);
        to["kind"] = show(from.kind);
        to["message"] = show(from.message);
        if (from.operation) to["operation"] = show(*from.operation);
        to["context"] = show(from.context);
        to["retryable"] = show(from.retryable);
        return to;
    }

    static Json show(const noodle::Evaluation &from) {
        Json to = Json::object();
        if (from.gate) to["gate"] = show(*from.gate);
        to["passed"] = show(from.passed);
        to["artifact"] = show(from.artifact);
        to["data"] = show(from.data);
        to["rows"] = show(from.rows);
        to["engine"] = show(from.engine);
        to["metrics"] = show(from.metrics);
        to["bounds"] = show(from.bounds);
        to["at"] = show(from.at);
        return to;
    }

    static Json show(const noodle::EvaluationReport &from) {
        Json to = Json::object();
        to["model"] = show(from.model);
        to["version"] = show(from.version);
        to["digest"] = show(from.digest);
        to["data"] = show(from.data);
        to["rows"] = show(from.rows);
        to["engine"] = show(from.engine);
        to["output"] = show(from.output);
        to["target"] = show(from.target);
        to["metrics"] = show(from.metrics);
        to["undefined"] = show(from.undefined);
        to["confusion"] = show(from.confusion);
        if (from.gate) to["gate"] = show(*from.gate);
        to["passed"] = show(from.passed);
        to["broken"] = show(from.broken);
        return to;
    }

    static Json show(const noodle::EventVersionRegistered &from) {
        Json to = Json::object();
        to["type"] = "version_registered";
        to["model_type"] = show(from.model_type);
        to["record"] = show(from.record);
        return to;
    }

    static Json show(const noodle::EventVersionAnnotated &from) {
        Json to = Json::object();
        to["type"] = "version_annotated";
        to["version"] = show(from.version);
        if (from.description) to["description"] = show(*from.description);
        to["tags"] = show(from.tags);
        to["metrics"] = show(from.metrics);
        return to;
    }

    static Json show(const noodle::EventVersionProbed &from) {
        Json to = Json::object();
        to["type"] = "version_probed";
        to["version"] = show(from.version);
        to["probes"] = show(from.probes);
        to["engine"] = show(from.engine);
        return to;
    }

    static Json show(const noodle::EventVersionStatusChanged &from) {
        Json to = Json::object();
        to["type"] = "version_status_changed";
        to["version"] = show(from.version);
        to["from"] = show(from.from);
        to["to"] = show(from.to);
        if (from.reason) to["reason"] = show(*from.reason);
        return to;
    }

    static Json show(const noodle::EventVersionDeleted &from) {
        Json to = Json::object();
        to["type"] = "version_deleted";
        to["version"] = show(from.version);
        return to;
    }

    static Json show(const noodle::EventAliasSet &from) {
        Json to = Json::object();
        to["type"] = "alias_set";
        to["alias"] = show(from.alias);
        to["version"] = show(from.version);
        if (from.previous) to["previous"] = show(*from.previous);
        return to;
    }

    static Json show(const noodle::EventAliasRemoved &from) {
        Json to = Json::object();
        to["type"] = "alias_removed";
        to["alias"] = show(from.alias);
        to["previous"] = show(from.previous);
        return to;
    }

    static Json show(const noodle::EventDeployRequested &from) {
        Json to = Json::object();
        to["type"] = "deploy_requested";
        to["model"] = show(from.model);
        to["target"] = show(from.target);
        to["strategy"] = show(from.strategy);
        to["replicas"] = show(from.replicas);
        to["revision"] = show(from.revision);
        to["required_gates"] = show(from.required_gates);
        return to;
    }

    static Json show(const noodle::EventDeployStarted &from) {
        Json to = Json::object();
        to["type"] = "deploy_started";
        to["revision"] = show(from.revision);
        to["instance"] = show(from.instance);
        return to;
    }

    static Json show(const noodle::EventRevisionReady &from) {
        Json to = Json::object();
        to["type"] = "revision_ready";
        to["revision"] = show(from.revision);
        to["verification"] = show(from.verification);
        return to;
    }

    static Json show(const noodle::EventRevisionFailed &from) {
        Json to = Json::object();
        to["type"] = "revision_failed";
        to["revision"] = show(from.revision);
        to["cause"] = show(from.cause);
        return to;
    }

    static Json show(const noodle::EventPromoted &from) {
        Json to = Json::object();
        to["type"] = "promoted";
        if (from.from) to["from"] = show(*from.from);
        to["to"] = show(from.to);
        return to;
    }

    static Json show(const noodle::EventRolledBack &from) {
        Json to = Json::object();
        to["type"] = "rolled_back";
        to["from"] = show(from.from);
        to["to"] = show(from.to);
        if (from.reason) to["reason"] = show(*from.reason);
        return to;
    }

    static Json show(const noodle::EventScaleRequested &from) {
        Json to = Json::object();
        to["type"] = "scale_requested";
        to["from"] = show(from.from);
        to["to"] = show(from.to);
        to["instance"] = show(from.instance);
        return to;
    }

    static Json show(const noodle::EventScaled &from) {
        Json to = Json::object();
        to["type"] = "scaled";
        to["replicas"] = show(from.replicas);
        return to;
    }

    static Json show(const noodle::EventScaleFailed &from) {
        Json to = Json::object();
        to["type"] = "scale_failed";
        to["replicas"] = show(from.replicas);
        to["cause"] = show(from.cause);
        return to;
    }

    static Json show(const noodle::EventStopRequested &from) {
        Json to = Json::object();
        to["type"] = "stop_requested";
        to["force"] = show(from.force);
        to["instance"] = show(from.instance);
        return to;
    }

    static Json show(const noodle::EventStopped &) {
        Json to = Json::object();
        to["type"] = "stopped";
        return to;
    }

    static Json show(const noodle::EventFailed &from) {
        Json to = Json::object();
        to["type"] = "failed";
        to["cause"] = show(from.cause);
        return to;
    }

    static Json show(const noodle::EventCheckpoint &from) {
        Json to = Json::object();
        to["type"] = "checkpoint";
        to["cut"] = show(from.cut);
        to["state"] = show(from.state);
        return to;
    }

    static Json show(const noodle::EventVersionEvaluated &from) {
        Json to = Json::object();
        to["type"] = "version_evaluated";
        to["version"] = show(from.version);
        to["evaluation"] = show(from.evaluation);
        return to;
    }

    static Json show(const noodle::EventAutoscaleSet &from) {
        Json to = Json::object();
        to["type"] = "autoscale_set";
        if (from.autoscale) to["autoscale"] = show(*from.autoscale);
        return to;
    }

    static Json show(const noodle::EventRolloutStarted &from) {
        Json to = Json::object();
        to["type"] = "rollout_started";
        to["baseline"] = show(from.baseline);
        to["candidate"] = show(from.candidate);
        to["salt"] = show(from.salt);
        to["canary"] = show(from.canary);
        return to;
    }

    static Json show(const noodle::EventRolloutMarked &from) {
        Json to = Json::object();
        to["type"] = "rollout_marked";
        to["step"] = show(from.step);
        to["from"] = show(from.from);
        return to;
    }

    static Json show(const noodle::EventRolloutStepped &from) {
        Json to = Json::object();
        to["type"] = "rollout_stepped";
        to["step"] = show(from.step);
        to["weight"] = show(from.weight);
        to["reason"] = show(from.reason);
        if (from.evidence) to["evidence"] = show(*from.evidence);
        if (from.findings) to["findings"] = show(*from.findings);
        return to;
    }

    static Json show(const noodle::EventRolloutPhaseChanged &from) {
        Json to = Json::object();
        to["type"] = "rollout_phase_changed";
        to["phase"] = show(from.phase);
        to["reason"] = show(from.reason);
        if (from.evidence) to["evidence"] = show(*from.evidence);
        if (from.findings) to["findings"] = show(*from.findings);
        return to;
    }

    static Json show(const noodle::EventExperimentCreated &from) {
        Json to = Json::object();
        to["type"] = "experiment_created";
        to["experiment"] = show(from.experiment);
        return to;
    }

    static Json show(const noodle::EventExperimentWeighted &from) {
        Json to = Json::object();
        to["type"] = "experiment_weighted";
        to["weights"] = show(from.weights);
        to["shares"] = show(from.shares);
        to["reason"] = show(from.reason);
        return to;
    }

    static Json show(const noodle::EventExperimentPhaseChanged &from) {
        Json to = Json::object();
        to["type"] = "experiment_phase_changed";
        to["phase"] = show(from.phase);
        to["reason"] = show(from.reason);
        if (from.winner) to["winner"] = show(*from.winner);
        if (from.report) to["report"] = show(*from.report);
        return to;
    }

    static Json show(const noodle::EventRulesSet &from) {
        Json to = Json::object();
        to["type"] = "rules_set";
        to["rules"] = show(from.rules);
        return to;
    }

    static Json show(const noodle::EventRecord &from) {
        Json to = Json::object();
        to["sequence"] = show(from.sequence);
        to["stream"] = show(from.stream);
        to["at"] = show(from.at);
        to["actor"] = show(from.actor);
        to["operation"] = show(from.operation);
        to["request_id"] = show(from.request_id);
        to["event"] = show(from.event);
        to["hash"] = show(from.hash);
        return to;
    }

    static Json show(const noodle::Evidence &from) {
        Json to = Json::object();
        to["fails_more"] = show(from.fails_more);
        to["fails_no_more"] = show(from.fails_no_more);
        to["slower_before"] = show(from.slower_before);
        to["slower"] = show(from.slower);
        if (from.mirror) to["mirror"] = show(*from.mirror);
        to["metrics"] = show(from.metrics);
        if (from.cost) to["cost"] = show(*from.cost);
        to["drift"] = show(from.drift);
        if (from.counted) to["counted"] = show(*from.counted);
        return to;
    }

    static Json show(const noodle::Experiment &from) {
        Json to = Json::object();
        to["number"] = show(from.number);
        to["name"] = show(from.name);
        to["arms"] = show(from.arms);
        to["holdout"] = show(from.holdout);
        to["metrics"] = show(from.metrics);
        to["judgement"] = show(from.judgement);
        to["shares"] = show(from.shares);
        to["phase"] = show(from.phase);
        to["reason"] = show(from.reason);
        to["salt"] = show(from.salt);
        if (from.started_at) to["started_at"] = show(*from.started_at);
        to["since"] = show(from.since);
        if (from.winner) to["winner"] = show(*from.winner);
        if (from.report) to["report"] = show(*from.report);
        to["segments"] = show(from.segments);
        return to;
    }

    static Json show(const noodle::ExperimentArm &from) {
        Json to = Json::object();
        to["name"] = show(from.name);
        to["version"] = show(from.version);
        to["revision"] = show(from.revision);
        to["weight"] = show(from.weight);
        return to;
    }

    static Json show(noodle::ExperimentPhase from) { return noodle::name(from); }

    static Json show(const noodle::ExperimentPlan &from) {
        Json to = Json::object();
        to["values"] = show(from.values);
        to["difference"] = show(from.difference);
        to["power"] = show(from.power);
        to["level"] = show(from.level);
        return to;
    }

    static Json show(const noodle::ExperimentReport &from) {
        Json to = Json::object();
        to["at"] = show(from.at);
        to["exposures"] = show(from.exposures);
        to["sample_ratio_mismatch"] = show(from.sample_ratio_mismatch);
        to["due"] = show(from.due);
        to["comparisons"] = show(from.comparisons);
        if (from.leader) to["leader"] = show(*from.leader);
        if (from.regret) to["regret"] = show(*from.regret);
        to["summary"] = show(from.summary);
        if (from.horizon) to["horizon"] = show(*from.horizon);
        to["segments"] = show(from.segments);
        return to;
    }

    static Json show(const noodle::ExperimentView &from) {
        Json to = Json::object();
        to["deployment"] = show(from.deployment);
        if (from.experiment) to["experiment"] = show(*from.experiment);
        if (from.report) to["report"] = show(*from.report);
        if (from.text) to["text"] = show(*from.text);
        to["history"] = show(from.history);
        return to;
    }

    static Json show(const noodle::Exposure &from) {
        Json to = Json::object();
        to["arm"] = show(from.arm);
        to["requests"] = show(from.requests);
        to["share"] = show(from.share);
        to["mismatch"] = show(from.mismatch);
        return to;
    }

    static Json show(const noodle::FedTensor &from) {
        Json to = Json::object();
        to["output"] = show(from.output);
        to["input"] = show(from.input);
        return to;
    }

    static Json show(const noodle::Figures &from) {
        Json to = Json::object();
        to["control"] = show(from.control);
        to["arm"] = show(from.arm);
        to["difference"] = show(from.difference);
        to["low"] = show(from.low);
        to["high"] = show(from.high);
        if (from.relative) to["relative"] = show(*from.relative);
        to["p_value"] = show(from.p_value);
        to["adjusted_p_value"] = show(from.adjusted_p_value);
        to["chance_better"] = show(from.chance_better);
        to["expected_loss"] = show(from.expected_loss);
        if (from.variance_reduction) to["variance_reduction"] = show(*from.variance_reduction);
        return to;
    }

    static Json show(noodle::Finding from) { return noodle::name(from); }

    static Json show(const noodle::Findings &from) {
        Json to = Json::object();
        to["candidate_requests"] = show(from.candidate_requests);
        to["baseline_requests"] = show(from.baseline_requests);
        to["candidate_error_rate"] = show(from.candidate_error_rate);
        to["baseline_error_rate"] = show(from.baseline_error_rate);
        if (from.latency_ratio) to["latency_ratio"] = show(*from.latency_ratio);
        to["fails_more"] = show(from.fails_more);
        to["fails_no_more"] = show(from.fails_no_more);
        to["slower"] = show(from.slower);
        to["no_slower"] = show(from.no_slower);
        to["to_abort"] = show(from.to_abort);
        to["to_pass"] = show(from.to_pass);
        if (from.mismatch) to["mismatch"] = show(*from.mismatch);
        if (from.mirror) to["mirror"] = show(*from.mirror);
        to["metrics"] = show(from.metrics);
        if (from.cost) to["cost"] = show(*from.cost);
        if (from.drift) to["drift"] = show(*from.drift);
        if (from.replay) to["replay"] = show(*from.replay);
        return to;
    }

    static Json show(const noodle::GarbageReport &from) {
        Json to = Json::object();
        to["removed"] = show(from.removed);
        to["bytes"] = show(from.bytes);
        to["kept"] = show(from.kept);
        return to;
    }

    static Json show(noodle::Goal from) { return noodle::name(from); }

    static Json show(const noodle::GpuReading &from) {
        Json to = Json::object();
        to["index"] = show(from.index);
        if (from.name) to["name"] = show(*from.name);
        if (from.uuid) to["uuid"] = show(*from.uuid);
        if (from.utilization_percent) to["utilization_percent"] = show(*from.utilization_percent);
        if (from.memory_total_bytes) to["memory_total_bytes"] = show(*from.memory_total_bytes);
        if (from.memory_used_bytes) to["memory_used_bytes"] = show(*from.memory_used_bytes);
        if (from.temperature_celsius) to["temperature_celsius"] = show(*from.temperature_celsius);
        if (from.power_watts) to["power_watts"] = show(*from.power_watts);
        return to;
    }

    static Json show(const noodle::GpuReadings &from) {
        Json to = Json::object();
        to["devices"] = show(from.devices);
        if (from.unavailable) to["unavailable"] = show(*from.unavailable);
        return to;
    }

    static Json show(const noodle::Head &from) {
        Json to = Json::object();
        to["sequence"] = show(from.sequence);
        to["hash"] = show(from.hash);
        return to;
    }

    static Json show(noodle::Health from) { return noodle::name(from); }

    static Json show(const noodle::HealthReport &from) {
        Json to = Json::object();
        to["ready"] = show(from.ready);
        to["leader"] = show(from.leader);
        if (from.last_error) to["last_error"] = show(*from.last_error);
        to["deployments"] = show(from.deployments);
        to["memory_used_bytes"] = show(from.memory_used_bytes);
        if (from.memory_limit_bytes) to["memory_limit_bytes"] = show(*from.memory_limit_bytes);
        return to;
    }

    static Json show(const noodle::HistoryOutput &from) {
        Json to = Json::object();
        to["events"] = show(from.events);
        to["more"] = show(from.more);
        if (from.cut) to["cut"] = show(*from.cut);
        return to;
    }

    static Json show(const noodle::HorizonTests &from) {
        Json to = Json::object();
        to["proportions"] = show(from.proportions);
        to["ranks"] = show(from.ranks);
        return to;
    }

    static Json show(const noodle::IntervalAt &from) {
        Json to = Json::object();
        to["at"] = show(from.at);
        to["metric"] = show(from.metric);
        to["arm"] = show(from.arm);
        to["difference"] = show(from.difference);
        to["low"] = show(from.low);
        to["high"] = show(from.high);
        to["values"] = show(from.values);
        return to;
    }

    static Json show(const noodle::JudgementConfig &from) {
        Json to = Json::object();
        if (from.method) to["method"] = show(*from.method);
        if (from.level) to["level"] = show(*from.level);
        if (from.correction) to["correction"] = show(*from.correction);
        if (from.horizon) to["horizon"] = show(*from.horizon);
        if (from.max_ms) to["max_ms"] = show(*from.max_ms);
        if (from.stop_early) to["stop_early"] = show(*from.stop_early);
        if (from.allocation) to["allocation"] = show(*from.allocation);
        return to;
    }

    static Json show(const noodle::LatencyObjective &from) {
        Json to = Json::object();
        to["quantile"] = show(from.quantile);
        to["ms"] = show(from.ms);
        return to;
    }

    static Json show(const noodle::LimitReading &from) {
        Json to = Json::object();
        if (from.cpus) to["cpus"] = show(*from.cpus);
        if (from.memory_bytes) to["memory_bytes"] = show(*from.memory_bytes);
        if (from.memory_left_bytes) to["memory_left_bytes"] = show(*from.memory_left_bytes);
        return to;
    }

    static Json show(const noodle::LoadReport &from) {
        Json to = Json::object();
        to["engine"] = show(from.engine);
        to["plan"] = show(from.plan);
        if (from.reason) to["reason"] = show(*from.reason);
        to["plans"] = show(from.plans);
        to["memory_bytes"] = show(from.memory_bytes);
        to["load_ms"] = show(from.load_ms);
        if (from.choice) to["choice"] = show(*from.choice);
        return to;
    }

    static Json show(noodle::Loading from) { return noodle::name(from); }

    static Json show(const noodle::MachineFacts &from) {
        Json to = Json::object();
        to["architecture"] = show(from.architecture);
        to["system"] = show(from.system);
        to["processor"] = show(from.processor);
        to["hardware_threads"] = show(from.hardware_threads);
        return to;
    }

    static Json show(const noodle::MachineReading &from) {
        Json to = Json::object();
        if (from.cores) to["cores"] = show(*from.cores);
        if (from.cpu_percent) to["cpu_percent"] = show(*from.cpu_percent);
        if (from.load_1m) to["load_1m"] = show(*from.load_1m);
        if (from.load_5m) to["load_5m"] = show(*from.load_5m);
        if (from.load_15m) to["load_15m"] = show(*from.load_15m);
        if (from.memory_total_bytes) to["memory_total_bytes"] = show(*from.memory_total_bytes);
        if (from.memory_available_bytes) to["memory_available_bytes"] = show(*from.memory_available_bytes);
        if (from.swap_total_bytes) to["swap_total_bytes"] = show(*from.swap_total_bytes);
        if (from.swap_used_bytes) to["swap_used_bytes"] = show(*from.swap_used_bytes);
        if (from.disk_total_bytes) to["disk_total_bytes"] = show(*from.disk_total_bytes);
        if (from.disk_available_bytes) to["disk_available_bytes"] = show(*from.disk_available_bytes);
        if (from.network_received_bytes) to["network_received_bytes"] = show(*from.network_received_bytes);
        if (from.network_sent_bytes) to["network_sent_bytes"] = show(*from.network_sent_bytes);
        return to;
    }

    static Json show(const noodle::MeanEvidence &from) {
        Json to = Json::object();
        to["score"] = show(from.score);
        to["information"] = show(from.information);
        return to;
    }

    static Json show(const noodle::MemoryBudgetView &from) {
        Json to = Json::object();
        if (from.limit_bytes) to["limit_bytes"] = show(*from.limit_bytes);
        to["used_bytes"] = show(from.used_bytes);
        return to;
    }

    static Json show(noodle::Method from) { return noodle::name(from); }

    static Json show(const noodle::MetricConfig &from) {
        Json to = Json::object();
        to["name"] = show(from.name);
        to["kind"] = show(from.kind);
        to["goal"] = show(from.goal);
        to["role"] = show(from.role);
        if (from.outcome) to["outcome"] = show(*from.outcome);
        if (from.per) to["per"] = show(*from.per);
        if (from.quantile) to["quantile"] = show(*from.quantile);
        if (from.margin) to["margin"] = show(*from.margin);
        return to;
    }

    static Json show(const noodle::MetricDifference &from) {
        Json to = Json::object();
        if (from.base) to["base"] = show(*from.base);
        if (from.candidate) to["candidate"] = show(*from.candidate);
        if (from.difference) to["difference"] = show(*from.difference);
        return to;
    }

    static Json show(const noodle::MetricEvidence &from) {
        Json to = Json::object();
        to["before"] = show(from.before);
        to["now"] = show(from.now);
        return to;
    }

    static Json show(const noodle::MetricFindings &from) {
        Json to = Json::object();
        to["name"] = show(from.name);
        to["candidate_values"] = show(from.candidate_values);
        to["baseline_values"] = show(from.baseline_values);
        if (from.candidate_mean) to["candidate_mean"] = show(*from.candidate_mean);
        if (from.baseline_mean) to["baseline_mean"] = show(*from.baseline_mean);
        to["worse"] = show(from.worse);
        to["no_worse"] = show(from.no_worse);
        return to;
    }

    static Json show(noodle::MetricKind from) { return noodle::name(from); }

    static Json show(noodle::MetricRole from) { return noodle::name(from); }

    static Json show(const noodle::MetricsReport &from) {
        Json to = Json::object();
        to["deployments"] = show(from.deployments);
        return to;
    }

    static Json show(const noodle::MirrorConfig &from) {
        Json to = Json::object();
        to["share"] = show(from.share);
        return to;
    }

    static Json show(const noodle::MirrorEvidence &from) {
        Json to = Json::object();
        to["fails_more"] = show(from.fails_more);
        to["fails_no_more"] = show(from.fails_no_more);
        to["differs_more"] = show(from.differs_more);
        to["differs_no_more"] = show(from.differs_no_more);
        return to;
    }

    static Json show(const noodle::MirrorFindings &from) {
        Json to = Json::object();
        to["compared"] = show(from.compared);
        to["skipped"] = show(from.skipped);
        to["differing"] = show(from.differing);
        to["mean_difference"] = show(from.mean_difference);
        to["largest_difference"] = show(from.largest_difference);
        to["differs_more"] = show(from.differs_more);
        to["differs_no_more"] = show(from.differs_no_more);
        return to;
    }

    static Json show(const noodle::Model &from) {
        Json to = Json::object();
        to["name"] = show(from.name);
        to["model_type"] = show(from.model_type);
        to["latest"] = show(from.latest);
        to["aliases"] = show(from.aliases);
        to["deleted"] = show(from.deleted);
        to["created_at"] = show(from.created_at);
        return to;
    }

    static Json show(noodle::ModelKind from) { return noodle::name(from); }

    static Json show(const noodle::ModelList &from) {
        Json to = Json::object();
        to["models"] = show(from.models);
        return to;
    }

    static Json show(const noodle::ModelMemory &from) {
        Json to = Json::object();
        to["used_bytes"] = show(from.used_bytes);
        if (from.limit_bytes) to["limit_bytes"] = show(*from.limit_bytes);
        to["revisions"] = show(from.revisions);
        return to;
    }

    static Json show(const noodle::Moments &from) {
        Json to = Json::object();
        to["n"] = show(from.n);
        to["sum"] = show(from.sum);
        to["squares"] = show(from.squares);
        return to;
    }

    static Json show(const noodle::NodeProfile &from) {
        Json to = Json::object();
        to["name"] = show(from.name);
        to["op"] = show(from.op);
        to["calls"] = show(from.calls);
        to["mean_us"] = show(from.mean_us);
        to["total_us"] = show(from.total_us);
        to["share"] = show(from.share);
        to["output_bytes"] = show(from.output_bytes);
        to["shapes"] = show(from.shapes);
        return to;
    }

    static Json show(const noodle::OutcomeSums &from) {
        Json to = Json::object();
        to["name"] = show(from.name);
        to["values"] = show(from.values);
        return to;
    }

    static Json show(const noodle::Padding &from) {
        Json to = Json::object();
        to["axis"] = show(from.axis);
        to["values"] = show(from.values);
        to["multiple_of"] = show(from.multiple_of);
        return to;
    }

    static Json show(const noodle::Phase &from) {
        Json to = Json::object();
        to["mean_us"] = show(from.mean_us);
        to["p50_us"] = show(from.p50_us);
        to["p95_us"] = show(from.p95_us);
        to["p99_us"] = show(from.p99_us);
        return to;
    }

    static Json show(const noodle::PhaseMetrics &from) {
        Json to = Json::object();
        to["queue"] = show(from.queue);
        to["batch_wait"] = show(from.batch_wait);
        to["input"] = show(from.input);
        to["compute"] = show(from.compute);
        to["output"] = show(from.output);
        return to;
    }

    static Json show(const noodle::Priorities &from) {
        Json to = Json::object();
        to["levels"] = show(from.levels);
        if (from.default_level) to["default_level"] = show(*from.default_level);
        to["patience_ms"] = show(from.patience_ms);
        to["policies"] = show(from.policies);
        return to;
    }

    static Json show(const noodle::ProcessReading &from) {
        Json to = Json::object();
        to["pid"] = show(from.pid);
        if (from.cpu_time_ms) to["cpu_time_ms"] = show(*from.cpu_time_ms);
        if (from.cpu_percent) to["cpu_percent"] = show(*from.cpu_percent);
        if (from.resident_bytes) to["resident_bytes"] = show(*from.resident_bytes);
        if (from.peak_resident_bytes) to["peak_resident_bytes"] = show(*from.peak_resident_bytes);
        if (from.virtual_bytes) to["virtual_bytes"] = show(*from.virtual_bytes);
        if (from.threads) to["threads"] = show(*from.threads);
        if (from.open_files) to["open_files"] = show(*from.open_files);
        if (from.disk_read_bytes) to["disk_read_bytes"] = show(*from.disk_read_bytes);
        if (from.disk_written_bytes) to["disk_written_bytes"] = show(*from.disk_written_bytes);
        return to;
    }

    static Json show(const noodle::ProfileReport &from) {
        Json to = Json::object();
        to["model"] = show(from.model);
        to["version"] = show(from.version);
        to["digest"] = show(from.digest);
        to["engine"] = show(from.engine);
        to["machine"] = show(from.machine);
        to["inputs"] = show(from.inputs);
        to["runs"] = show(from.runs);
        to["run_us"] = show(from.run_us);
        to["attributed_us"] = show(from.attributed_us);
        to["unattributed_us"] = show(from.unattributed_us);
        to["peak_intermediate_bytes"] = show(from.peak_intermediate_bytes);
        to["memory_bytes"] = show(from.memory_bytes);
        to["nodes"] = show(from.nodes);
        to["left_out"] = show(from.left_out);
        return to;
    }

    static Json show(const noodle::Progress &from) {
        Json to = Json::object();
        to["stage"] = show(from.stage);
        to["done"] = show(from.done);
        if (from.total) to["total"] = show(*from.total);
        to["unit"] = show(from.unit);
        return to;
    }

    static Json show(noodle::ProgressStage from) { return noodle::name(from); }

    static Json show(noodle::ProgressUnit from) { return noodle::name(from); }

    static Json show(const noodle::ProportionEvidence &from) {
        Json to = Json::object();
        to["log_e"] = show(from.log_e);
        to["control_n"] = show(from.control_n);
        to["control_hits"] = show(from.control_hits);
        return to;
    }

    static Json show(const noodle::ProportionsTest &from) {
        Json to = Json::object();
        to["metric"] = show(from.metric);
        to["statistic"] = show(from.statistic);
        to["df"] = show(from.df);
        to["p_value"] = show(from.p_value);
        return to;
    }

    static Json show(const noodle::QueuePolicy &from) {
        Json to = Json::object();
        to["level"] = show(from.level);
        if (from.max_queue) to["max_queue"] = show(*from.max_queue);
        if (from.default_timeout_ms) to["default_timeout_ms"] = show(*from.default_timeout_ms);
        if (static_cast<int>(from.timeout_action)) to["timeout_action"] = show(from.timeout_action);
        return to;
    }

    static Json show(const noodle::RanksTest &from) {
        Json to = Json::object();
        to["metric"] = show(from.metric);
        to["arm"] = show(from.arm);
        to["u"] = show(from.u);
        to["z"] = show(from.z);
        to["p_value"] = show(from.p_value);
        to["superiority"] = show(from.superiority);
        return to;
    }

    static Json show(const noodle::RateEvidence &from) {
        Json to = Json::object();
        to["log_e"] = show(from.log_e);
        return to;
    }

    static Json show(const noodle::RecordedLabels &from) {
        Json to = Json::object();
        to["known"] = show(from.known);
        to["right"] = show(from.right);
        to["recorded"] = show(from.recorded);
        to["unknown"] = show(from.unknown);
        return to;
    }

    static Json show(const noodle::RecordedOutcomes &from) {
        Json to = Json::object();
        to["recorded"] = show(from.recorded);
        to["held_out"] = show(from.held_out);
        to["late"] = show(from.late);
        to["unknown"] = show(from.unknown);
        return to;
    }

    static Json show(const noodle::RecordingView &from) {
        Json to = Json::object();
        to["requests"] = show(from.requests);
        to["bytes"] = show(from.bytes);
        if (from.since) to["since"] = show(*from.since);
        to["skipped"] = show(from.skipped);
        return to;
    }

    static Json show(const noodle::ReplayConfig &from) {
        Json to = Json::object();
        to["requests"] = show(from.requests);
        return to;
    }

    static Json show(const noodle::ReplayFindings &from) {
        Json to = Json::object();
        to["recorded"] = show(from.recorded);
        to["run"] = show(from.run);
        return to;
    }

    static Json show(const noodle::ReplicaCounts &from) {
        Json to = Json::object();
        to["candidate"] = show(from.candidate);
        to["baseline"] = show(from.baseline);
        return to;
    }

    static Json show(const noodle::ReplicaLoad &from) {
        Json to = Json::object();
        to["runs"] = show(from.runs);
        to["busy_us"] = show(from.busy_us);
        return to;
    }

    static Json show(const noodle::ReplicaStatus &from) {
        Json to = Json::object();
        to["replicas"] = show(from.replicas);
        to["busy"] = show(from.busy);
        to["waiting"] = show(from.waiting);
        to["replaced"] = show(from.replaced);
        to["load"] = show(from.load);
        if (from.batching) to["batching"] = show(*from.batching);
        if (from.residency) to["residency"] = show(*from.residency);
        return to;
    }

    static Json show(const noodle::RequestMetrics &from) {
        Json to = Json::object();
        to["requests"] = show(from.requests);
        to["errors"] = show(from.errors);
        to["latency_mean_us"] = show(from.latency_mean_us);
        to["latency_p50_us"] = show(from.latency_p50_us);
        to["latency_p95_us"] = show(from.latency_p95_us);
        to["latency_p99_us"] = show(from.latency_p99_us);
        to["in_flight"] = show(from.in_flight);
        if (from.phases) to["phases"] = show(*from.phases);
        if (from.batch_rows_mean) to["batch_rows_mean"] = show(*from.batch_rows_mean);
        return to;
    }

    static Json show(const noodle::RequestView &from) {
        Json to = Json::object();
        to["deployment"] = show(from.deployment);
        to["request_id"] = show(from.request_id);
        to["at"] = show(from.at);
        to["revision"] = show(from.revision);
        to["version"] = show(from.version);
        if (from.error) to["error"] = show(*from.error);
        if (from.label) to["label"] = show(*from.label);
        return to;
    }

    static Json show(const noodle::ResidencyStatus &from) {
        Json to = Json::object();
        to["loaded"] = show(from.loaded);
        to["cold_loads"] = show(from.cold_loads);
        to["evictions"] = show(from.evictions);
        to["idle_unloads"] = show(from.idle_unloads);
        if (from.last_load_ms) to["last_load_ms"] = show(*from.last_load_ms);
        return to;
    }

    static Json show(const noodle::ResourceReport &from) {
        Json to = Json::object();
        if (from.interval_ms) to["interval_ms"] = show(*from.interval_ms);
        to["process"] = show(from.process);
        to["machine"] = show(from.machine);
        to["limits"] = show(from.limits);
        to["gpus"] = show(from.gpus);
        to["models"] = show(from.models);
        return to;
    }

    static Json show(const noodle::RetainReport &from) {
        Json to = Json::object();
        if (from.cut) to["cut"] = show(*from.cut);
        to["removed"] = show(from.removed);
        to["head"] = show(from.head);
        return to;
    }

    static Json show(const noodle::Revision &from) {
        Json to = Json::object();
        to["number"] = show(from.number);
        to["version"] = show(from.version);
        to["threads"] = show(from.threads);
        to["shapes"] = show(from.shapes);
        if (from.engine) to["engine"] = show(*from.engine);
        to["status"] = show(from.status);
        if (from.note) to["note"] = show(*from.note);
        if (from.batching) to["batching"] = show(*from.batching);
        if (from.cache) to["cache"] = show(*from.cache);
        if (from.loading) to["loading"] = show(*from.loading);
        if (from.unload_after_ms) to["unload_after_ms"] = show(*from.unload_after_ms);
        if (from.tuning) to["tuning"] = show(*from.tuning);
        if (from.state) to["state"] = show(*from.state);
        if (from.stream) to["stream"] = show(*from.stream);
        if (from.canary) to["canary"] = show(*from.canary);
        return to;
    }

    static Json show(const noodle::RevisionMemory &from) {
        Json to = Json::object();
        to["deployment"] = show(from.deployment);
        to["revision"] = show(from.revision);
        to["version"] = show(from.version);
        to["bytes"] = show(from.bytes);
        return to;
    }

    static Json show(const noodle::RevisionMetrics &from) {
        Json to = Json::object();
        to["revision"] = show(from.revision);
        to["version"] = show(from.version);
        to["requests"] = show(from.requests);
        if (from.cache) to["cache"] = show(*from.cache);
        if (from.processes) to["processes"] = show(*from.processes);
        to["replicas"] = show(from.replicas);
        if (from.sessions) to["sessions"] = show(*from.sessions);
        return to;
    }

    static Json show(noodle::RevisionStatus from) { return noodle::name(from); }

    static Json show(const noodle::Rollout &from) {
        Json to = Json::object();
        to["baseline"] = show(from.baseline);
        to["candidate"] = show(from.candidate);
        to["canary"] = show(from.canary);
        to["step"] = show(from.step);
        to["weight"] = show(from.weight);
        to["phase"] = show(from.phase);
        to["reason"] = show(from.reason);
        to["salt"] = show(from.salt);
        to["since"] = show(from.since);
        if (from.from) to["from"] = show(*from.from);
        to["evidence"] = show(from.evidence);
        if (from.findings) to["findings"] = show(*from.findings);
        return to;
    }

    static Json show(const noodle::RolloutMetric &from) {
        Json to = Json::object();
        to["name"] = show(from.name);
        to["goal"] = show(from.goal);
        to["margin"] = show(from.margin);
        return to;
    }

    static Json show(noodle::RolloutPhase from) { return noodle::name(from); }

    static Json show(const noodle::RolloutView &from) {
        Json to = Json::object();
        to["deployment"] = show(from.deployment);
        if (from.rollout) to["rollout"] = show(*from.rollout);
        if (from.findings) to["findings"] = show(*from.findings);
        if (from.recording) to["recording"] = show(*from.recording);
        return to;
    }

    static Json show(const noodle::RouteRule &from) {
        Json to = Json::object();
        to["when"] = show(from.when);
        to["to"] = show(from.to);
        if (from.version) to["version"] = show(*from.version);
        return to;
    }

    static Json show(const noodle::RuleCondition &from) {
        Json to = Json::object();
        to["attribute"] = show(from.attribute);
        to["any_of"] = show(from.any_of);
        return to;
    }

    static Json show(noodle::RuleTarget from) { return noodle::name(from); }

    static Json show(const noodle::RulesView &from) {
        Json to = Json::object();
        to["deployment"] = show(from.deployment);
        to["rules"] = show(from.rules);
        return to;
    }

    static Json show(const noodle::ScaleRecommendation &from) {
        Json to = Json::object();
        to["at"] = show(from.at);
        to["desired"] = show(from.desired);
        to["current"] = show(from.current);
        to["act"] = show(from.act);
        to["reason"] = show(from.reason);
        to["limits"] = show(from.limits);
        to["arrivals_per_s"] = show(from.arrivals_per_s);
        to["expected_per_s"] = show(from.expected_per_s);
        if (from.service_ms) to["service_ms"] = show(*from.service_ms);
        to["offered"] = show(from.offered);
        to["target_in_flight"] = show(from.target_in_flight);
        if (from.queue_budget_ms) to["queue_budget_ms"] = show(*from.queue_budget_ms);
        if (from.late) to["late"] = show(*from.late);
        to["late_allowed"] = show(from.late_allowed);
        to["unreachable"] = show(from.unreachable);
        to["lead_ms"] = show(from.lead_ms);
        to["panic"] = show(from.panic);
        to["vertical"] = show(from.vertical);
        return to;
    }

    static Json show(const noodle::Seen &from) {
        Json to = Json::object();
        to["candidate"] = show(from.candidate);
        to["baseline"] = show(from.baseline);
        return to;
    }

    static Json show(const noodle::SegmentComparison &from) {
        Json to = Json::object();
        to["attribute"] = show(from.attribute);
        if (from.value) to["value"] = show(*from.value);
        to["comparison"] = show(from.comparison);
        return to;
    }

    static Json show(const noodle::SessionMetrics &from) {
        Json to = Json::object();
        to["open"] = show(from.open);
        to["bytes"] = show(from.bytes);
        to["opened"] = show(from.opened);
        to["expired"] = show(from.expired);
        to["refused"] = show(from.refused);
        return to;
    }

    static Json show(const noodle::Share &from) {
        Json to = Json::object();
        to["below"] = show(from.below);
        to["arm"] = show(from.arm);
        return to;
    }

    static Json show(const noodle::Signature &from) {
        Json to = Json::object();
        to["inputs"] = show(from.inputs);
        to["outputs"] = show(from.outputs);
        return to;
    }

    static Json show(const noodle::SizeChange &from) {
        Json to = Json::object();
        to["what"] = show(from.what);
        to["from"] = show(from.from);
        to["to"] = show(from.to);
        to["reason"] = show(from.reason);
        return to;
    }

    static Json show(const noodle::SizeStatus &from) {
        Json to = Json::object();
        to["rows"] = show(from.rows);
        to["mean_us"] = show(from.mean_us);
        to["times"] = show(from.times);
        return to;
    }

    static Json show(const noodle::StateConfig &from) {
        Json to = Json::object();
        to["carried"] = show(from.carried);
        if (from.max_sessions) to["max_sessions"] = show(*from.max_sessions);
        if (from.max_bytes) to["max_bytes"] = show(*from.max_bytes);
        if (from.idle_ms) to["idle_ms"] = show(*from.idle_ms);
        return to;
    }

    static Json show(const noodle::StopValue &from) {
        Json to = Json::object();
        to["output"] = show(from.output);
        to["equals"] = show(from.equals);
        return to;
    }

    static Json show(noodle::Strategy from) { return noodle::name(from); }

    static Json show(const noodle::StreamConfigWindows &from) {
        Json to = Json::object();
        to["type"] = "windows";
        to["input"] = show(from.input);
        to["axis"] = show(from.axis);
        to["length"] = show(from.length);
        to["hop"] = show(from.hop);
        to["context"] = show(from.context);
        to["pad_last"] = show(from.pad_last);
        return to;
    }

    static Json show(const noodle::StreamConfigRepeat &from) {
        Json to = Json::object();
        to["type"] = "repeat";
        to["feed"] = show(from.feed);
        to["max_steps"] = show(from.max_steps);
        if (from.until) to["until"] = show(*from.until);
        return to;
    }

    static Json show(const noodle::TensorSpec &from) {
        Json to = Json::object();
        to["name"] = show(from.name);
        to["dtype"] = show(from.dtype);
        to["shape"] = show(from.shape);
        return to;
    }

    static Json show(noodle::TimeoutAction from) { return noodle::name(from); }

    static Json show(const noodle::Tolerance &from) {
        Json to = Json::object();
        to["rtol"] = show(from.rtol);
        to["atol"] = show(from.atol);
        return to;
    }

    static Json show(const noodle::Tuning &from) {
        Json to = Json::object();
        to["aim"] = show(from.aim);
        to["machine"] = show(from.machine);
        to["remembered"] = show(from.remembered);
        to["chosen"] = show(from.chosen);
        to["cases"] = show(from.cases);
        return to;
    }

    static Json show(const noodle::TuningCase &from) {
        Json to = Json::object();
        to["threads"] = show(from.threads);
        to["replicas"] = show(from.replicas);
        to["rows"] = show(from.rows);
        to["latency_us"] = show(from.latency_us);
        to["rows_per_second"] = show(from.rows_per_second);
        return to;
    }

    static Json show(const noodle::VersionComparison &from) {
        Json to = Json::object();
        to["model"] = show(from.model);
        to["base"] = show(from.base);
        to["candidate"] = show(from.candidate);
        to["same_artifact"] = show(from.same_artifact);
        to["compatibility"] = show(from.compatibility);
        to["differences"] = show(from.differences);
        to["base_bytes"] = show(from.base_bytes);
        to["candidate_bytes"] = show(from.candidate_bytes);
        to["metrics"] = show(from.metrics);
        return to;
    }

    static Json show(const noodle::VersionList &from) {
        Json to = Json::object();
        to["versions"] = show(from.versions);
        return to;
    }

    static Json show(const noodle::VersionPin &from) {
        Json to = Json::object();
        to["model"] = show(from.model);
        to["version"] = show(from.version);
        return to;
    }

    static Json show(const noodle::VersionRecord &from) {
        Json to = Json::object();
        to["model"] = show(from.model);
        to["version"] = show(from.version);
        to["digest"] = show(from.digest);
        to["bytes"] = show(from.bytes);
        to["format"] = show(from.format);
        to["signature"] = show(from.signature);
        to["labels"] = show(from.labels);
        to["description"] = show(from.description);
        to["tags"] = show(from.tags);
        to["metrics"] = show(from.metrics);
        if (from.parent) to["parent"] = show(*from.parent);
        if (from.training_run) to["training_run"] = show(*from.training_run);
        if (from.probes) to["probes"] = show(*from.probes);
        if (from.probes_from) to["probes_from"] = show(*from.probes_from);
        to["suspect"] = show(from.suspect);
        to["status"] = show(from.status);
        to["created_at"] = show(from.created_at);
        to["evaluations"] = show(from.evaluations);
        to["uses"] = show(from.uses);
        return to;
    }

    static Json show(noodle::VersionStatus from) { return noodle::name(from); }

    static Json show(const noodle::VerticalConfig &from) {
        Json to = Json::object();
        if (from.min_threads) to["min_threads"] = show(*from.min_threads);
        if (from.max_threads) to["max_threads"] = show(*from.max_threads);
        if (from.min_batch_size) to["min_batch_size"] = show(*from.min_batch_size);
        if (from.max_batch_size) to["max_batch_size"] = show(*from.max_batch_size);
        if (from.cooldown_ms) to["cooldown_ms"] = show(*from.cooldown_ms);
        return to;
    }

static Json show(const std::string &from) { return from; }
    static Json show(bool from) { return from; }
    static Json show(std::uint32_t from) { return from; }
    static Json show(std::uint64_t from) { return from; }
    static Json show(double from) { return from; }
    template <class... T> static Json show(const std::variant<T...> &from) {
        return std::visit([](const auto &variant) { return show(variant); }, from);
    }
    template <class T> static Json show(const std::vector<T> &from) {
        Json to = Json::array();
        for (const T &item : from) to.push_back(show(item));
        return to;
    }
    template <class T> static Json show(const std::map<std::string, T> &from) {
        Json to = Json::object();
        for (const auto &[key, value] : from) to[key] = show(value);
        return to;
    }
};

template <class T, class C> Json shown(C *answer, void (*free)(C *)) {
    T value;
    noodle::detail::get(static_cast<const C *>(answer), value, noodle::detail::Reader{});
    free(answer);
    return Show::show(value);
}

/// Calls an operation by name through its typed C function.
inline noodle::Result<Json> call(const noodle_t *handle, const noodle_caller *caller, const std::string &name,
                                 const Json &input) {
    noodle::detail::Arena arena;
    if (name == "register_version") {
        const noodle_register_version_input *given = nullptr;
        fill(input, given, arena);
        noodle_version_record *answer = nullptr;
        if (noodle_register_version(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::VersionRecord>(answer, noodle_free_version_record);
    }
    if (name == "get_version") {
        const noodle_version_ref *given = nullptr;
        fill(input, given, arena);
        noodle_version_record *answer = nullptr;
        if (noodle_get_version(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::VersionRecord>(answer, noodle_free_version_record);
    }
    if (name == "list_versions") {
        const noodle_model_ref *given = nullptr;
        fill(input, given, arena);
        noodle_version_list *answer = nullptr;
        if (noodle_list_versions(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::VersionList>(answer, noodle_free_version_list);
    }
    if (name == "list_models") {
        only(input, {});
        noodle_model_list *answer = nullptr;
        if (noodle_list_models(handle, caller, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::ModelList>(answer, noodle_free_model_list);
    }
    if (name == "compare_versions") {
        const noodle_compare_versions_input *given = nullptr;
        fill(input, given, arena);
        noodle_version_comparison *answer = nullptr;
        if (noodle_compare_versions(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::VersionComparison>(answer, noodle_free_version_comparison);
    }
    if (name == "annotate_version") {
        const noodle_annotate_version_input *given = nullptr;
        fill(input, given, arena);
        noodle_version_record *answer = nullptr;
        if (noodle_annotate_version(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::VersionRecord>(answer, noodle_free_version_record);
    }
    if (name == "set_version_status") {
        const noodle_set_version_status_input *given = nullptr;
        fill(input, given, arena);
        noodle_version_record *answer = nullptr;
        if (noodle_set_version_status(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::VersionRecord>(answer, noodle_free_version_record);
    }
    if (name == "delete_version") {
        const noodle_delete_version_input *given = nullptr;
        fill(input, given, arena);
        noodle_deleted *answer = nullptr;
        if (noodle_delete_version(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::Deleted>(answer, noodle_free_deleted);
    }
    if (name == "set_alias") {
        const noodle_set_alias_input *given = nullptr;
        fill(input, given, arena);
        noodle_model *answer = nullptr;
        if (noodle_set_alias(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::Model>(answer, noodle_free_model);
    }
    if (name == "remove_alias") {
        const noodle_remove_alias_input *given = nullptr;
        fill(input, given, arena);
        noodle_model *answer = nullptr;
        if (noodle_remove_alias(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::Model>(answer, noodle_free_model);
    }
    if (name == "deploy") {
        const noodle_deploy_input *given = nullptr;
        fill(input, given, arena);
        noodle_deployment_view *answer = nullptr;
        if (noodle_deploy(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::DeploymentView>(answer, noodle_free_deployment_view);
    }
    if (name == "promote") {
        const noodle_promote_input *given = nullptr;
        fill(input, given, arena);
        noodle_deployment_view *answer = nullptr;
        if (noodle_promote(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::DeploymentView>(answer, noodle_free_deployment_view);
    }
    if (name == "rollback") {
        const noodle_rollback_input *given = nullptr;
        fill(input, given, arena);
        noodle_deployment_view *answer = nullptr;
        if (noodle_rollback(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::DeploymentView>(answer, noodle_free_deployment_view);
    }
    if (name == "scale") {
        const noodle_scale_input *given = nullptr;
        fill(input, given, arena);
        noodle_deployment_view *answer = nullptr;
        if (noodle_scale(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::DeploymentView>(answer, noodle_free_deployment_view);
    }
    if (name == "set_autoscale") {
        const noodle_set_autoscale_input *given = nullptr;
        fill(input, given, arena);
        noodle_autoscale_view *answer = nullptr;
        if (noodle_set_autoscale(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::AutoscaleView>(answer, noodle_free_autoscale_view);
    }
    if (name == "get_autoscale") {
        const noodle_get_autoscale_input *given = nullptr;
        fill(input, given, arena);
        noodle_autoscale_view *answer = nullptr;
        if (noodle_get_autoscale(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::AutoscaleView>(answer, noodle_free_autoscale_view);
    }
    if (name == "unload") {
        const noodle_deployment_ref *given = nullptr;
        fill(input, given, arena);
        noodle_deployment_view *answer = nullptr;
        if (noodle_unload(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::DeploymentView>(answer, noodle_free_deployment_view);
    }
    if (name == "undeploy") {
        const noodle_undeploy_input *given = nullptr;
        fill(input, given, arena);
        noodle_deployment_view *answer = nullptr;
        if (noodle_undeploy(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::DeploymentView>(answer, noodle_free_deployment_view);
    }
    if (name == "get_deployment") {
        const noodle_deployment_ref *given = nullptr;
        fill(input, given, arena);
        noodle_deployment_view *answer = nullptr;
        if (noodle_get_deployment(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::DeploymentView>(answer, noodle_free_deployment_view);
    }
    if (name == "list_deployments") {
        only(input, {});
        noodle_deployment_list *answer = nullptr;
        if (noodle_list_deployments(handle, caller, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::DeploymentList>(answer, noodle_free_deployment_list);
    }
    if (name == "explain_route") {
        const noodle_explain_route_input *given = nullptr;
        fill(input, given, arena);
        noodle_arm *answer = nullptr;
        if (noodle_explain_route(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::Arm>(answer, noodle_free_arm);
    }
    if (name == "history") {
        const noodle_history_input *given = nullptr;
        fill(input, given, arena);
        noodle_history_output *answer = nullptr;
        if (noodle_history(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::HistoryOutput>(answer, noodle_free_history_output);
    }
    if (name == "get_health") {
        const noodle_deployment_filter *given = nullptr;
        fill(input, given, arena);
        noodle_health_report *answer = nullptr;
        if (noodle_get_health(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::HealthReport>(answer, noodle_free_health_report);
    }
    if (name == "get_metrics") {
        const noodle_deployment_filter *given = nullptr;
        fill(input, given, arena);
        noodle_metrics_report *answer = nullptr;
        if (noodle_get_metrics(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::MetricsReport>(answer, noodle_free_metrics_report);
    }
    if (name == "get_traffic") {
        const noodle_deployment_filter *given = nullptr;
        fill(input, given, arena);
        noodle_metrics_report *answer = nullptr;
        if (noodle_get_traffic(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::MetricsReport>(answer, noodle_free_metrics_report);
    }
    if (name == "audit_head") {
        only(input, {});
        noodle_head *answer = nullptr;
        if (noodle_audit_head(handle, caller, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::Head>(answer, noodle_free_head);
    }
    if (name == "audit_verify") {
        const noodle_audit_verify_input *given = nullptr;
        fill(input, given, arena);
        noodle_audit_report *answer = nullptr;
        if (noodle_audit_verify(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::AuditReport>(answer, noodle_free_audit_report);
    }
    if (name == "retain") {
        const noodle_retain_input *given = nullptr;
        fill(input, given, arena);
        noodle_retain_report *answer = nullptr;
        if (noodle_retain(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::RetainReport>(answer, noodle_free_retain_report);
    }
    if (name == "backup") {
        const noodle_backup_input *given = nullptr;
        fill(input, given, arena);
        noodle_backup_report *answer = nullptr;
        if (noodle_backup(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::BackupReport>(answer, noodle_free_backup_report);
    }
    if (name == "collect_garbage") {
        only(input, {});
        noodle_garbage_report *answer = nullptr;
        if (noodle_collect_garbage(handle, caller, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::GarbageReport>(answer, noodle_free_garbage_report);
    }
    if (name == "benchmark") {
        const noodle_benchmark_input *given = nullptr;
        fill(input, given, arena);
        noodle_benchmark_report *answer = nullptr;
        if (noodle_benchmark(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::BenchmarkReport>(answer, noodle_free_benchmark_report);
    }
    if (name == "profile") {
        const noodle_profile_input *given = nullptr;
        fill(input, given, arena);
        noodle_profile_report *answer = nullptr;
        if (noodle_profile(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::ProfileReport>(answer, noodle_free_profile_report);
    }
    if (name == "evaluate") {
        const noodle_evaluate_input *given = nullptr;
        fill(input, given, arena);
        noodle_evaluation_report *answer = nullptr;
        if (noodle_evaluate(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::EvaluationReport>(answer, noodle_free_evaluation_report);
    }
    if (name == "get_resources") {
        only(input, {});
        noodle_resource_report *answer = nullptr;
        if (noodle_get_resources(handle, caller, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::ResourceReport>(answer, noodle_free_resource_report);
    }
    if (name == "get_rollout") {
        const noodle_deployment_ref *given = nullptr;
        fill(input, given, arena);
        noodle_rollout_view *answer = nullptr;
        if (noodle_get_rollout(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::RolloutView>(answer, noodle_free_rollout_view);
    }
    if (name == "advance_rollout") {
        const noodle_rollout_input *given = nullptr;
        fill(input, given, arena);
        noodle_rollout_view *answer = nullptr;
        if (noodle_advance_rollout(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::RolloutView>(answer, noodle_free_rollout_view);
    }
    if (name == "pause_rollout") {
        const noodle_rollout_input *given = nullptr;
        fill(input, given, arena);
        noodle_rollout_view *answer = nullptr;
        if (noodle_pause_rollout(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::RolloutView>(answer, noodle_free_rollout_view);
    }
    if (name == "resume_rollout") {
        const noodle_rollout_input *given = nullptr;
        fill(input, given, arena);
        noodle_rollout_view *answer = nullptr;
        if (noodle_resume_rollout(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::RolloutView>(answer, noodle_free_rollout_view);
    }
    if (name == "abort_rollout") {
        const noodle_rollout_input *given = nullptr;
        fill(input, given, arena);
        noodle_rollout_view *answer = nullptr;
        if (noodle_abort_rollout(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::RolloutView>(answer, noodle_free_rollout_view);
    }
    if (name == "set_memory_budget") {
        const noodle_set_memory_budget_input *given = nullptr;
        fill(input, given, arena);
        noodle_memory_budget_view *answer = nullptr;
        if (noodle_set_memory_budget(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::MemoryBudgetView>(answer, noodle_free_memory_budget_view);
    }
    if (name == "create_experiment") {
        const noodle_create_experiment_input *given = nullptr;
        fill(input, given, arena);
        noodle_experiment_view *answer = nullptr;
        if (noodle_create_experiment(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::ExperimentView>(answer, noodle_free_experiment_view);
    }
    if (name == "get_experiment") {
        const noodle_deployment_ref *given = nullptr;
        fill(input, given, arena);
        noodle_experiment_view *answer = nullptr;
        if (noodle_get_experiment(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::ExperimentView>(answer, noodle_free_experiment_view);
    }
    if (name == "start_experiment") {
        const noodle_experiment_input *given = nullptr;
        fill(input, given, arena);
        noodle_experiment_view *answer = nullptr;
        if (noodle_start_experiment(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::ExperimentView>(answer, noodle_free_experiment_view);
    }
    if (name == "pause_experiment") {
        const noodle_experiment_input *given = nullptr;
        fill(input, given, arena);
        noodle_experiment_view *answer = nullptr;
        if (noodle_pause_experiment(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::ExperimentView>(answer, noodle_free_experiment_view);
    }
    if (name == "stop_experiment") {
        const noodle_experiment_input *given = nullptr;
        fill(input, given, arena);
        noodle_experiment_view *answer = nullptr;
        if (noodle_stop_experiment(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::ExperimentView>(answer, noodle_free_experiment_view);
    }
    if (name == "declare_winner") {
        const noodle_declare_winner_input *given = nullptr;
        fill(input, given, arena);
        noodle_experiment_view *answer = nullptr;
        if (noodle_declare_winner(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::ExperimentView>(answer, noodle_free_experiment_view);
    }
    if (name == "record_outcomes") {
        const noodle_record_outcomes_input *given = nullptr;
        fill(input, given, arena);
        noodle_recorded_outcomes *answer = nullptr;
        if (noodle_record_outcomes(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::RecordedOutcomes>(answer, noodle_free_recorded_outcomes);
    }
    if (name == "plan_experiment") {
        const noodle_plan_experiment_input *given = nullptr;
        fill(input, given, arena);
        noodle_experiment_plan *answer = nullptr;
        if (noodle_plan_experiment(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::ExperimentPlan>(answer, noodle_free_experiment_plan);
    }
    if (name == "set_rules") {
        const noodle_set_rules_input *given = nullptr;
        fill(input, given, arena);
        noodle_rules_view *answer = nullptr;
        if (noodle_set_rules(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::RulesView>(answer, noodle_free_rules_view);
    }
    if (name == "explain_request") {
        const noodle_explain_request_input *given = nullptr;
        fill(input, given, arena);
        noodle_request_view *answer = nullptr;
        if (noodle_explain_request(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::RequestView>(answer, noodle_free_request_view);
    }
    if (name == "record_labels") {
        const noodle_record_labels_input *given = nullptr;
        fill(input, given, arena);
        noodle_recorded_labels *answer = nullptr;
        if (noodle_record_labels(handle, caller, given, &answer) != NOODLE_OK) return noodle::Error::last();
        return shown<noodle::RecordedLabels>(answer, noodle_free_recorded_labels);
    }
throw Inexpressible{"the operation `" + name + "`"};
}

} // namespace conformance

#endif // NOODLE_CONFORMANCE_OPS_HPP
