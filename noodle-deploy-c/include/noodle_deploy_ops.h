/* Operations of noodle-deploy in C. Written by `cargo xtask codegen`; do not edit. Include noodle_deploy.h. */

#ifndef NOODLE_DEPLOY_OPS_H
#define NOODLE_DEPLOY_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Structs begin with `size`, which says how much of them is there: set it to sizeof in what goes in, and look at it in
 * what comes out before a field that is newer than your program. Everything else may be zero, which means absent: NULL,
 * 0 for an enum, or a `has_` flag that is not set. A list with a pointer and a count of 0 is there and empty.
 *
 * What goes in belongs to the caller and is not needed after the call. What comes out is one block of memory: free the
 * struct that was handed out, never what it points to. Strings are UTF-8 and end with a NUL; 64-bit ids are decimal
 * digits.
 */

struct noodle_t;
struct noodle_caller;

/** What every function returns: 0, or the code of an error. */
typedef int32_t noodle_status;

enum {
    /** The call succeeded. */
    NOODLE_OK = 0,
    /** An argument is missing, malformed or out of range. */
    NOODLE_ERROR_INVALID_ARGUMENT = 4000,
    /** The caller did not say who it is. */
    NOODLE_ERROR_UNAUTHENTICATED = 4001,
    /** The caller may not do this. */
    NOODLE_ERROR_FORBIDDEN = 4003,
    /** The thing named does not exist. */
    NOODLE_ERROR_NOT_FOUND = 4004,
    /** The handle was opened read-only. */
    NOODLE_ERROR_READ_ONLY = 4005,
    /** The state does not allow this now, or it changed meanwhile. The same call may succeed later. */
    NOODLE_ERROR_CONFLICT = 4009,
    /** A newer holder of the deciding lease exists. */
    NOODLE_ERROR_FENCED = 4010,
    /** More than a limit allows: bytes, nodes, rank, depth. */
    NOODLE_ERROR_TOO_LARGE = 4013,
    /** A format, operator, element type, strategy or target that this build does not support. */
    NOODLE_ERROR_UNSUPPORTED = 4015,
    /** The directory was written by a newer version of this library. */
    NOODLE_ERROR_NEWER_FORMAT = 4016,
    /** Bytes do not have the digest or signature that they should have. */
    NOODLE_ERROR_INTEGRITY_MISMATCH = 4022,
    /** The model file is damaged, hostile or not a model. */
    NOODLE_ERROR_INVALID_MODEL = 4023,
    /** Outputs of the probe inputs disagree with the stored ones. */
    NOODLE_ERROR_VERIFICATION_FAILED = 4024,
    /** Too many requests from one principal. The same call may succeed later. */
    NOODLE_ERROR_RATE_LIMITED = 4029,
    /** The caller cancelled. */
    NOODLE_ERROR_CANCELLED = 4099,
    /** A fault of this library. */
    NOODLE_ERROR_INTERNAL = 5000,
    /** The queue is full. The same call may succeed later. */
    NOODLE_ERROR_OVERLOADED = 5003,
    /** The deadline passed. The same call may succeed later. */
    NOODLE_ERROR_DEADLINE_EXCEEDED = 5004,
    /** The deployment does not serve now. The same call may succeed later. */
    NOODLE_ERROR_UNAVAILABLE = 5005,
    /** The handle is closed. */
    NOODLE_ERROR_CLOSED = 5006,
    /** The memory budget does not suffice. */
    NOODLE_ERROR_RESOURCE_EXHAUSTED = 5007,
    /** The engine failed or panicked while it ran the model. The same call may succeed later. */
    NOODLE_ERROR_ENGINE_FAILED = 5010,
    /** The disk or the database failed. The same call may succeed later. */
    NOODLE_ERROR_STORAGE = 5020,
    /** The event log or the database is damaged. */
    NOODLE_ERROR_CORRUPT = 5021,
};

/** Where answers are kept. 0 where nothing is set. */
typedef int32_t noodle_cache_level;

enum {
    /** In this process, one cache for each loaded revision. */
    NOODLE_CACHE_LEVEL_MEMORY = 1,
    /** In the Redis of the setting `cache_redis_url`, shared by every process that names it. */
    NOODLE_CACHE_LEVEL_REDIS = 2,
    /** In the directory's database, shared by its processes; survives them. */
    NOODLE_CACHE_LEVEL_STORE = 3,
};

/** Which answer goes when memory is full. 0 where nothing is set. */
typedef int32_t noodle_cache_policy;

enum {
    /** The one that was not asked for the longest. */
    NOODLE_CACHE_POLICY_LRU = 1,
    /** The one that was asked for the least; of equals the one that was not asked for the longest. */
    NOODLE_CACHE_POLICY_LFU = 2,
    /** The one whose time is up first, to within a sixtieth of that time. */
    NOODLE_CACHE_POLICY_TTL = 3,
    /** The one that is there the longest. */
    NOODLE_CACHE_POLICY_FIFO = 4,
};

/** Whether a version can take another's place without its callers noticing. 0 where nothing is set. */
typedef int32_t noodle_compatibility;

enum {
    /** Same signature and labels. */
    NOODLE_COMPATIBILITY_IDENTICAL = 1,
    /** Every request to the base is one to the candidate, and every output is still there. */
    NOODLE_COMPATIBILITY_COMPATIBLE = 2,
    /** Some request or some reader of an answer breaks. */
    NOODLE_COMPATIBILITY_INCOMPATIBLE = 3,
};

/** Element type of a tensor. 0 where nothing is set. */
typedef int32_t noodle_dtype;

enum {
    /** IEEE 754 half precision. */
    NOODLE_DTYPE_F16 = 1,
    /** IEEE 754 single precision. */
    NOODLE_DTYPE_F32 = 2,
    /** IEEE 754 double precision. */
    NOODLE_DTYPE_F64 = 3,
    /** Signed 8 bits. */
    NOODLE_DTYPE_I8 = 4,
    /** Signed 16 bits. */
    NOODLE_DTYPE_I16 = 5,
    /** Signed 32 bits. */
    NOODLE_DTYPE_I32 = 6,
    /** Signed 64 bits. */
    NOODLE_DTYPE_I64 = 7,
    /** Unsigned 8 bits. */
    NOODLE_DTYPE_U8 = 8,
    /** Unsigned 16 bits. */
    NOODLE_DTYPE_U16 = 9,
    /** Unsigned 32 bits. */
    NOODLE_DTYPE_U32 = 10,
    /** Unsigned 64 bits. */
    NOODLE_DTYPE_U64 = 11,
    /** One byte, 0 or 1. */
    NOODLE_DTYPE_BOOL = 12,
    /** UTF-8 strings of any length. */
    NOODLE_DTYPE_STRING = 13,
};

/** States of a deployment. 0 where nothing is set. */
typedef int32_t noodle_deployment_state;

enum {
    /** Accepted. */
    NOODLE_DEPLOYMENT_STATE_PENDING = 1,
    /** A revision is being brought up. An earlier one goes on serving. */
    NOODLE_DEPLOYMENT_STATE_DEPLOYING = 2,
    /** Serves. */
    NOODLE_DEPLOYMENT_STATE_RUNNING = 3,
    /** Serves while replicas come or go. */
    NOODLE_DEPLOYMENT_STATE_SCALING = 4,
    /** Drains. */
    NOODLE_DEPLOYMENT_STATE_STOPPING = 5,
    /** Serves nothing. */
    NOODLE_DEPLOYMENT_STATE_STOPPED = 6,
    /** Kept failing, or its first revision never came up. */
    NOODLE_DEPLOYMENT_STATE_ERROR = 7,
};

/** What came of an engine. 0 where nothing is set. */
typedef int32_t noodle_engine_verdict;

enum {
    /** It serves. */
    NOODLE_ENGINE_VERDICT_CHOSEN = 1,
    /** It gives the right answers and is not faster. */
    NOODLE_ENGINE_VERDICT_SLOWER = 2,
    /** Its answers are not near enough to the right ones. */
    NOODLE_ENGINE_VERDICT_DISAGREES = 3,
    /** It does not load or run the model. */
    NOODLE_ENGINE_VERDICT_REFUSED = 4,
};

/** What a noodle_event can be. */
typedef int32_t noodle_event_type;

enum {
    /** A version was registered; the first one brings its model into being. */
    NOODLE_EVENT_VERSION_REGISTERED = 1,
    /** Description, tags or metrics of a version changed. Absent fields stay. */
    NOODLE_EVENT_VERSION_ANNOTATED = 2,
    /** Probe inputs and outputs were recorded by the first engine that ran a version. */
    NOODLE_EVENT_VERSION_PROBED = 3,
    /** The status of a version changed. */
    NOODLE_EVENT_VERSION_STATUS_CHANGED = 4,
    /** A version was deleted; its artifact goes with the next collection. */
    NOODLE_EVENT_VERSION_DELETED = 5,
    /** An alias was set or moved. */
    NOODLE_EVENT_ALIAS_SET = 6,
    /** An alias was removed. */
    NOODLE_EVENT_ALIAS_REMOVED = 7,
    /** A deployment, or a further revision of one, was asked for. */
    NOODLE_EVENT_DEPLOY_REQUESTED = 8,
    /** A process took it upon itself to bring a revision up. */
    NOODLE_EVENT_DEPLOY_STARTED = 9,
    /** A revision is loaded and verified. */
    NOODLE_EVENT_REVISION_READY = 10,
    /** A revision could not be brought up. */
    NOODLE_EVENT_REVISION_FAILED = 11,
    /** Traffic moved to a revision. */
    NOODLE_EVENT_PROMOTED = 12,
    /** Traffic moved back to an earlier revision. */
    NOODLE_EVENT_ROLLED_BACK = 13,
    /** Another number of replicas was asked for. */
    NOODLE_EVENT_SCALE_REQUESTED = 14,
    /** The replicas are there. */
    NOODLE_EVENT_SCALED = 15,
    /** The replicas could not be had; the old number stays. */
    NOODLE_EVENT_SCALE_FAILED = 16,
    /** The deployment is to stop. */
    NOODLE_EVENT_STOP_REQUESTED = 17,
    /** The deployment has stopped. */
    NOODLE_EVENT_STOPPED = 18,
    /** The deployment kept failing and serves no more. */
    NOODLE_EVENT_FAILED = 19,
    /** The log was cut: it goes on from a stored state. */
    NOODLE_EVENT_CHECKPOINT = 20,
};

/** How a thing fares. 0 where nothing is set. */
typedef int32_t noodle_health;

enum {
    /** As desired. */
    NOODLE_HEALTH_HEALTHY = 1,
    /** Serves, but not as desired. */
    NOODLE_HEALTH_DEGRADED = 2,
    /** Should serve and does not. */
    NOODLE_HEALTH_UNHEALTHY = 3,
};

/** What a model is for. 0 where nothing is set. */
typedef int32_t noodle_model_kind;

enum {
    /** Continues code: scores for the next tokens. */
    NOODLE_MODEL_KIND_CODE_COMPLETION = 1,
    /** Writes text about code: scores for the next tokens. */
    NOODLE_MODEL_KIND_DOCUMENTATION_GENERATION = 2,
    /** Sorts code into labels. */
    NOODLE_MODEL_KIND_CODE_ANALYSIS = 3,
    /** Finds defects in code, per text or per position. */
    NOODLE_MODEL_KIND_STATIC_ANALYSIS = 4,
    /** Finds weaknesses in code, per text or per position. */
    NOODLE_MODEL_KIND_SECURITY_ANALYSIS = 5,
    /** Predicts cost or picks a choice from features. */
    NOODLE_MODEL_KIND_PERFORMANCE_OPTIMIZATION = 6,
    /** Scores how well a text answers a query. */
    NOODLE_MODEL_KIND_SEARCH = 7,
    /** Turns a text into a vector whose neighbours mean the same. */
    NOODLE_MODEL_KIND_SEMANTIC_SEARCH = 8,
    /** Adapts to feedback: values or choices from features. */
    NOODLE_MODEL_KIND_LEARNING = 9,
    /** Judges traffic or topology from features. */
    NOODLE_MODEL_KIND_NETWORK = 10,
    /** Anything. */
    NOODLE_MODEL_KIND_CUSTOM = 11,
};

/** Stages of operations. 0 where nothing is set. */
typedef int32_t noodle_progress_stage;

enum {
    /** Reads a model file, in bytes: the one that is registered, or the kept one that is deployed. */
    NOODLE_PROGRESS_STAGE_READ = 1,
    /** Hashes the model file, in bytes. */
    NOODLE_PROGRESS_STAGE_HASH = 2,
    /** Writes the model file to the directory, in bytes; absent where the directory has it. */
    NOODLE_PROGRESS_STAGE_STORE = 3,
    /** Loads the model, in replicas that are ready. */
    NOODLE_PROGRESS_STAGE_LOAD = 4,
    /** Runs the loaded model and compares its answers, in probes. */
    NOODLE_PROGRESS_STAGE_VERIFY = 5,
    /** Loads what the deployment keeps beside the revision that serves, in revisions. */
    NOODLE_PROGRESS_STAGE_KEEP_WARM = 6,
    /** Waits for requests on what was stopped, in requests that have ended. */
    NOODLE_PROGRESS_STAGE_DRAIN = 7,
    /** Copies the database, in pages. */
    NOODLE_PROGRESS_STAGE_COPY_DATABASE = 8,
    /** Checks the log and folds the state again, in events. */
    NOODLE_PROGRESS_STAGE_CHECK_LOG = 9,
    /** Copies artifacts and checks them on the way, in bytes. */
    NOODLE_PROGRESS_STAGE_COPY_ARTIFACTS = 10,
    /** Reads artifacts and checks their digests, in bytes. */
    NOODLE_PROGRESS_STAGE_CHECK_ARTIFACTS = 11,
    /** Looks for artifacts to remove, in artifacts that were looked at. */
    NOODLE_PROGRESS_STAGE_COLLECT = 12,
};

/** What the figures of a report count. 0 where nothing is set. */
typedef int32_t noodle_progress_unit;

enum {
    /** Bytes. */
    NOODLE_PROGRESS_UNIT_BYTES = 1,
    /** Running copies of a model. */
    NOODLE_PROGRESS_UNIT_REPLICAS = 2,
    /** Known inputs with their answers. */
    NOODLE_PROGRESS_UNIT_PROBES = 3,
    /** Revisions of a deployment. */
    NOODLE_PROGRESS_UNIT_REVISIONS = 4,
    /** Requests to a deployment. */
    NOODLE_PROGRESS_UNIT_REQUESTS = 5,
    /** Pages of the database. */
    NOODLE_PROGRESS_UNIT_PAGES = 6,
    /** Events of the log. */
    NOODLE_PROGRESS_UNIT_EVENTS = 7,
    /** Artifacts. */
    NOODLE_PROGRESS_UNIT_ARTIFACTS = 8,
};

/** States of a revision. 0 where nothing is set. */
typedef int32_t noodle_revision_status;

enum {
    /** Being brought up. */
    NOODLE_REVISION_STATUS_LOADING = 1,
    /** Loaded, verified, without traffic. */
    NOODLE_REVISION_STATUS_READY = 2,
    /** Serves. */
    NOODLE_REVISION_STATUS_ACTIVE = 3,
    /** Served before. */
    NOODLE_REVISION_STATUS_RETIRED = 4,
    /** Could not be brought up, or kept failing. */
    NOODLE_REVISION_STATUS_FAILED = 5,
    /** Overtaken by a rollback or a stop before it was ready. */
    NOODLE_REVISION_STATUS_SUPERSEDED = 6,
};

/** How a change of revision reaches the traffic. 0 where nothing is set. */
typedef int32_t noodle_strategy;

enum {
    /** Load the new revision, then switch all traffic at once. */
    NOODLE_STRATEGY_IMMEDIATE = 1,
    /** Replace replicas one after another. */
    NOODLE_STRATEGY_ROLLING = 2,
    /** Build a full second set of replicas, then switch and keep the first for a while. */
    NOODLE_STRATEGY_BLUE_GREEN = 3,
    /** Give the new revision a growing share of the traffic while its metrics hold. */
    NOODLE_STRATEGY_CANARY = 4,
    /** Copy traffic to the new revision and throw its answers away. */
    NOODLE_STRATEGY_SHADOW = 5,
    /** Split the traffic by sticky key and compare the arms. */
    NOODLE_STRATEGY_AB_TESTING = 6,
};

/** Where a version stands. 0 where nothing is set. */
typedef int32_t noodle_version_status;

enum {
    /** Registered. */
    NOODLE_VERSION_STATUS_DRAFT = 1,
    /** Being tried. */
    NOODLE_VERSION_STATUS_TESTING = 2,
    /** Fit for traffic. */
    NOODLE_VERSION_STATUS_APPROVED = 3,
    /** Served by a deployment. */
    NOODLE_VERSION_STATUS_DEPLOYED = 4,
    /** To be replaced; still serves. */
    NOODLE_VERSION_STATUS_DEPRECATED = 5,
    /** Not to be deployed again. */
    NOODLE_VERSION_STATUS_RETIRED = 6,
    /** Failed to load or to verify. */
    NOODLE_VERSION_STATUS_FAILED = 7,
};

/* The structs, by their names. */
typedef struct noodle_annotate_version_input noodle_annotate_version_input;
typedef struct noodle_arm noodle_arm;
typedef struct noodle_audit_report noodle_audit_report;
typedef struct noodle_audit_verify_input noodle_audit_verify_input;
typedef struct noodle_backup_input noodle_backup_input;
typedef struct noodle_backup_report noodle_backup_report;
typedef struct noodle_batch_config noodle_batch_config;
typedef struct noodle_batch_status noodle_batch_status;
typedef struct noodle_cache_config noodle_cache_config;
typedef struct noodle_cache_metrics noodle_cache_metrics;
typedef struct noodle_change noodle_change;
typedef struct noodle_compare_versions_input noodle_compare_versions_input;
typedef struct noodle_delete_version_input noodle_delete_version_input;
typedef struct noodle_deleted noodle_deleted;
typedef struct noodle_deploy_input noodle_deploy_input;
typedef struct noodle_deployment noodle_deployment;
typedef struct noodle_deployment_filter noodle_deployment_filter;
typedef struct noodle_deployment_health noodle_deployment_health;
typedef struct noodle_deployment_list noodle_deployment_list;
typedef struct noodle_deployment_ref noodle_deployment_ref;
typedef struct noodle_deployment_view noodle_deployment_view;
typedef struct noodle_engine_choice noodle_engine_choice;
typedef struct noodle_engine_figures noodle_engine_figures;
typedef struct noodle_error_record noodle_error_record;
typedef struct noodle_event noodle_event;
typedef struct noodle_event_version_registered noodle_event_version_registered;
typedef struct noodle_event_version_annotated noodle_event_version_annotated;
typedef struct noodle_event_version_probed noodle_event_version_probed;
typedef struct noodle_event_version_status_changed noodle_event_version_status_changed;
typedef struct noodle_event_version_deleted noodle_event_version_deleted;
typedef struct noodle_event_alias_set noodle_event_alias_set;
typedef struct noodle_event_alias_removed noodle_event_alias_removed;
typedef struct noodle_event_deploy_requested noodle_event_deploy_requested;
typedef struct noodle_event_deploy_started noodle_event_deploy_started;
typedef struct noodle_event_revision_ready noodle_event_revision_ready;
typedef struct noodle_event_revision_failed noodle_event_revision_failed;
typedef struct noodle_event_promoted noodle_event_promoted;
typedef struct noodle_event_rolled_back noodle_event_rolled_back;
typedef struct noodle_event_scale_requested noodle_event_scale_requested;
typedef struct noodle_event_scaled noodle_event_scaled;
typedef struct noodle_event_scale_failed noodle_event_scale_failed;
typedef struct noodle_event_stop_requested noodle_event_stop_requested;
typedef struct noodle_event_stopped noodle_event_stopped;
typedef struct noodle_event_failed noodle_event_failed;
typedef struct noodle_event_checkpoint noodle_event_checkpoint;
typedef struct noodle_event_record noodle_event_record;
typedef struct noodle_explain_route_input noodle_explain_route_input;
typedef struct noodle_garbage_report noodle_garbage_report;
typedef struct noodle_head noodle_head;
typedef struct noodle_health_report noodle_health_report;
typedef struct noodle_history_input noodle_history_input;
typedef struct noodle_history_output noodle_history_output;
typedef struct noodle_load_report noodle_load_report;
typedef struct noodle_metric_difference noodle_metric_difference;
typedef struct noodle_metrics_report noodle_metrics_report;
typedef struct noodle_model noodle_model;
typedef struct noodle_model_list noodle_model_list;
typedef struct noodle_model_ref noodle_model_ref;
typedef struct noodle_padding noodle_padding;
typedef struct noodle_progress noodle_progress;
typedef struct noodle_promote_input noodle_promote_input;
typedef struct noodle_register_version_input noodle_register_version_input;
typedef struct noodle_remove_alias_input noodle_remove_alias_input;
typedef struct noodle_replica_status noodle_replica_status;
typedef struct noodle_request_metrics noodle_request_metrics;
typedef struct noodle_retain_input noodle_retain_input;
typedef struct noodle_retain_report noodle_retain_report;
typedef struct noodle_revision noodle_revision;
typedef struct noodle_revision_metrics noodle_revision_metrics;
typedef struct noodle_rollback_input noodle_rollback_input;
typedef struct noodle_scale_input noodle_scale_input;
typedef struct noodle_set_alias_input noodle_set_alias_input;
typedef struct noodle_set_version_status_input noodle_set_version_status_input;
typedef struct noodle_settings noodle_settings;
typedef struct noodle_signature noodle_signature;
typedef struct noodle_size_status noodle_size_status;
typedef struct noodle_tensor_spec noodle_tensor_spec;
typedef struct noodle_undeploy_input noodle_undeploy_input;
typedef struct noodle_version_comparison noodle_version_comparison;
typedef struct noodle_version_list noodle_version_list;
typedef struct noodle_version_pin noodle_version_pin;
typedef struct noodle_version_record noodle_version_record;
typedef struct noodle_version_ref noodle_version_ref;

/** A key and its value. */
typedef struct noodle_f64_entry {
    const char *key;
    double value;
} noodle_f64_entry;

/** A key and its value. */
typedef struct noodle_metric_difference_entry {
    const char *key;
    const noodle_metric_difference *value;
} noodle_metric_difference_entry;

/** A key and its value. */
typedef struct noodle_replica_status_entry {
    const char *key;
    const noodle_replica_status *value;
} noodle_replica_status_entry;

/** A key and its value. */
typedef struct noodle_text_entry {
    const char *key;
    const char *value;
} noodle_text_entry;

/** A key and its value. */
typedef struct noodle_u64_entry {
    const char *key;
    uint64_t value;
} noodle_u64_entry;

/** A pointer and a count. */
typedef struct noodle_revision_metrics_list {
    const noodle_revision_metrics *const *items;
    size_t count;
} noodle_revision_metrics_list;

/** A pointer and a count. */
typedef struct noodle_u32_list {
    const uint32_t *items;
    size_t count;
} noodle_u32_list;

/** A key and its value. */
typedef struct noodle_revision_metrics_list_entry {
    const char *key;
    noodle_revision_metrics_list value;
} noodle_revision_metrics_list_entry;

/** A key and its value. */
typedef struct noodle_u32_list_entry {
    const char *key;
    noodle_u32_list value;
} noodle_u32_list_entry;

/** A pointer and a count. */
typedef struct noodle_u32_list_map {
    const noodle_u32_list_entry *items;
    size_t count;
} noodle_u32_list_map;

/** Input of [`AnnotateVersion`]. Absent fields stay. */
struct noodle_annotate_version_input {
    /** sizeof(noodle_annotate_version_input). */
    size_t size;
    /** The model. */
    const char *model;
    /** A version, an alias, or `latest`. */
    const char *version;
    /** New description. NULL: absent. */
    const char *description;
    /** Tags to set; an empty value removes the tag. NULL: absent. */
    const noodle_text_entry *tags;
    size_t tags_count;
    /** Metrics to set; finite. NULL: absent. */
    const noodle_f64_entry *metrics;
    size_t metrics_count;
};

/** Output of [`ExplainRoute`]. */
struct noodle_arm {
    /** sizeof(noodle_arm). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** The revision that the key's requests go to. */
    uint32_t revision;
    /** Its version. */
    const char *version;
    /** Share of the keys that go there, in basis points. */
    uint32_t weight;
    /** Why, in a sentence. */
    const char *reason;
};

/** Output of [`AuditVerify`]. */
struct noodle_audit_report {
    /** sizeof(noodle_audit_report). */
    size_t size;
    /** The head that the log leads to. */
    const noodle_head *head;
    /** Events checked, as a string: those that were not cut away. */
    const char *events;
    /** Head of what `retain` cut away: the log was checked from there on. Absent for a whole log. NULL: absent. */
    const noodle_head *cut;
    /** Rows of the state that were folded again and agree. */
    uint32_t rows;
    /** Artifacts whose digests were checked. */
    uint32_t artifacts;
};

/** Input of [`AuditVerify`]. */
struct noodle_audit_verify_input {
    /** sizeof(noodle_audit_verify_input). */
    size_t size;
    /** A head that was kept; the log must still contain it. One below a cut of `retain` is refused. NULL: absent. */
    const noodle_head *since;
    /** Read every artifact too, and check its digest. */
    bool artifacts;
};

/** Input of [`Backup`]. */
struct noodle_backup_input {
    /** sizeof(noodle_backup_input). */
    size_t size;
    /** Directory to make, with those above it; it must not exist, nor lie in the one that is copied. */
    const char *to;
};

/** Output of [`Backup`]. */
struct noodle_backup_report {
    /** sizeof(noodle_backup_report). */
    size_t size;
    /** Head of the copied log. */
    const noodle_head *head;
    /** Artifacts copied. */
    uint32_t artifacts;
};

/** How requests of a deployment are batched. The defaults need no tuning. */
struct noodle_batch_config {
    /** sizeof(noodle_batch_config). */
    size_t size;
    /** Whether `max_batch_size` is there. */
    bool has_max_batch_size;
    /** Rows of one batch at most, 1 to 4096. Default 32. Without `has_max_batch_size`: 32. */
    uint32_t max_batch_size;
    /**
     * Microseconds that a request waits for others although a replica is free, up to 10 000 000. Default 0:
     * requests wait for replicas alone.
     */
    uint32_t max_delay_us;
    /**
     * Sizes at which a batch need not wait any longer, ascending, up to `max_batch_size`. Default none: the
     * largest. NULL: absent.
     */
    const uint32_t *preferred_batch_sizes;
    size_t preferred_batch_sizes_count;
    /** Whether `adaptive` is there. */
    bool has_adaptive;
    /**
     * Whether the size at which batches pay is learned from their times. Default true; else batches are as large as
     * they may be. Without `has_adaptive`: true.
     */
    bool adaptive;
    /** How requests of different lengths share a batch. Default none: only those of equal lengths do. NULL: absent. */
    const noodle_padding *padding;
};

/** How a deployment batches in one process. */
struct noodle_batch_status {
    /** sizeof(noodle_batch_status). */
    size_t size;
    /** Runs, those of a single request among them. */
    const char *batches;
    /** Rows that they had together. */
    const char *rows;
    /** Rows of the next batch at most, as learned. */
    uint32_t max_batch_size;
    /** Sizes that ran, rounded up to a power of two. */
    const noodle_size_status *const *sizes;
    size_t sizes_count;
};

/** How a deployment keeps answers. */
struct noodle_cache_config {
    /** sizeof(noodle_cache_config). */
    size_t size;
    /** Levels, the nearest first: memory, redis, store; each at most once. Empty: memory alone. NULL: absent. */
    const noodle_cache_level *levels;
    size_t levels_count;
    /** What goes first when memory is full; absent: lru. In the store the oldest goes first. 0: absent. */
    noodle_cache_policy policy;
    /**
     * Bytes of answers at most, of each loaded revision in memory and of the deployment in the store, as a string;
     * absent: 64 MiB. NULL: absent.
     */
    const char *max_bytes;
    /** Whether `max_entries` is there. */
    bool has_max_entries;
    /** Answers at most, counted as bytes are; absent: 65536. Without `has_max_entries`: absent. */
    uint32_t max_entries;
    /** Milliseconds after which an answer is computed anew, as a string; absent: never. NULL: absent. */
    const char *ttl_ms;
    /** Whether `coalesce` is there. */
    bool has_coalesce;
    /** Whether identical requests that come at the same time wait for one computation. Without `has_coalesce`: true. */
    bool coalesce;
};

/** What the cache of one loaded revision did in this process, and what it holds. */
struct noodle_cache_metrics {
    /** sizeof(noodle_cache_metrics). */
    size_t size;
    /** Share of the requests that were answered without running the model, 0 to 1. */
    double hit_rate;
    /** Requests that memory answered, as a string. */
    const char *memory_hits;
    /** Requests that Redis answered, as a string. */
    const char *redis_hits;
    /** Requests that the store answered, as a string. */
    const char *store_hits;
    /** Requests for which the model ran, as a string. */
    const char *misses;
    /** Requests that got the answer of an identical one that was under way, as a string. */
    const char *coalesced;
    /** Looks at a level that did not answer, or answered something else than what was kept; as a string. */
    const char *failures;
    /** Answers that were not written to a farther level because too many waited for that; as a string. */
    const char *dropped;
    /** Answers in memory, as a string. */
    const char *entries;
    /** Bytes that they hold, as a string. */
    const char *bytes;
};

/**
 * What a deploy changes besides the revision. It holds only once the revision is ready: a deploy that fails leaves
 * what served before as it was.
 */
struct noodle_change {
    /** sizeof(noodle_change). */
    size_t size;
    /** How traffic moves to the revision. */
    noodle_strategy strategy;
    /** Replicas wanted in each process. */
    uint32_t replicas;
};

/** Input of [`CompareVersions`]. */
struct noodle_compare_versions_input {
    /** sizeof(noodle_compare_versions_input). */
    size_t size;
    /** The model. */
    const char *model;
    /** The version to compare with: a version, an alias, or `latest`. */
    const char *base;
    /** The version to judge: a version, an alias, or `latest`. */
    const char *candidate;
};

/** Input of [`DeleteVersion`]. */
struct noodle_delete_version_input {
    /** sizeof(noodle_delete_version_input). */
    size_t size;
    /** The model. */
    const char *model;
    /** A version, an alias, or `latest`. What deletes takes no default. */
    const char *version;
};

/** Output of [`DeleteVersion`]. */
struct noodle_deleted {
    /** sizeof(noodle_deleted). */
    size_t size;
    /** The model. */
    const char *model;
    /** The version that is gone; its artifact goes with the next collection. */
    const char *version;
};

/** Input of [`Deploy`]. */
struct noodle_deploy_input {
    /** sizeof(noodle_deploy_input). */
    size_t size;
    /** Name of the deployment. */
    const char *deployment;
    /** The model; absent: named like the deployment. NULL: absent. */
    const char *model;
    /** A version, an alias, or `latest`. NULL: `latest`. */
    const char *version;
    /** Where replicas live; absent: the default target. NULL: absent. */
    const char *target;
    /**
     * `immediate` moves traffic when the revision is verified; `blue_green` waits for `promote`. Absent: the
     * default. 0: absent.
     */
    noodle_strategy strategy;
    /** Whether `replicas` is there. */
    bool has_replicas;
    /** Replicas in each process; absent: as before, 1 at first. Without `has_replicas`: absent. */
    uint32_t replicas;
    /** Whether `threads` is there. */
    bool has_threads;
    /** Threads that one request may use. Without `has_threads`: 1. */
    uint32_t threads;
    /** Input shapes to compile plans for before traffic: input name to sizes. NULL: absent. */
    const noodle_u32_list_map *shapes;
    size_t shapes_count;
    /** Engine; absent: the default. NULL: absent. */
    const char *engine;
    /** How requests are batched; absent: not at all. NULL: absent. */
    const noodle_batch_config *batching;
    /** How answers are kept; absent: they are not. NULL: absent. */
    const noodle_cache_config *cache;
};

/** A named endpoint that serves a model. */
struct noodle_deployment {
    /** sizeof(noodle_deployment). */
    size_t size;
    /** The name. */
    const char *name;
    /** The model. */
    const char *model;
    /** Where replicas live. */
    const char *target;
    /** How traffic moves to the newest revision. */
    noodle_strategy strategy;
    /** Where it stands. */
    noodle_deployment_state state;
    /** Why it is in `error`, or what the last change failed with. NULL: absent. */
    const char *cause;
    /** Replicas wanted in each process. */
    uint32_t replicas;
    /** What the change under way brings along once its revision is ready. NULL: absent. */
    const noodle_change *change;
    /** Whether `scaling_from` is there. */
    bool has_scaling_from;
    /** Replicas before a scaling that goes on. Without `has_scaling_from`: absent. */
    uint32_t scaling_from;
    /** The last revisions, oldest first; at most [`deployment::MAX_REVISIONS`]. */
    const noodle_revision *const *revisions;
    size_t revisions_count;
    /** Whether `active` is there. */
    bool has_active;
    /** Number of the revision that serves. Without `has_active`: absent. */
    uint32_t active;
    /** Revisions that served before, the latest last. NULL: absent. */
    const uint32_t *previous;
    size_t previous_count;
    /** The process that works on the change under way. NULL: absent. */
    const char *worker;
    /** Highest revision number ever. */
    uint32_t last_revision;
    /** When it was first asked for, in milliseconds since 1970, as a string. */
    const char *created_at;
    /** When it last changed, in milliseconds since 1970, as a string. */
    const char *updated_at;
};

/** Names a deployment, or none for all. */
struct noodle_deployment_filter {
    /** sizeof(noodle_deployment_filter). */
    size_t size;
    /** Only this deployment. NULL: absent. */
    const char *deployment;
};

/** Health of one deployment in this process. */
struct noodle_deployment_health {
    /** sizeof(noodle_deployment_health). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** The verdict. */
    noodle_health health;
    /** Whether it answers here and now, with the desired revision. */
    bool ready;
    /** State as desired. */
    noodle_deployment_state state;
    /** The last error of a load or of the state, where there is one. NULL: absent. */
    const char *last_error;
};

/** Output of [`ListDeployments`]. */
struct noodle_deployment_list {
    /** sizeof(noodle_deployment_list). */
    size_t size;
    /** By name. */
    const noodle_deployment_view *const *deployments;
    size_t deployments_count;
};

/** Names a deployment. */
struct noodle_deployment_ref {
    /** sizeof(noodle_deployment_ref). */
    size_t size;
    /** The deployment. */
    const char *deployment;
};

/** A deployment as desired and as this process observes it. */
struct noodle_deployment_view {
    /** sizeof(noodle_deployment_view). */
    size_t size;
    /** As desired: what the log says. */
    const noodle_deployment *desired;
    /** Version that answers in this process, where one does. NULL: absent. */
    const char *serving;
    /** This process still serves an older revision than the desired one, and why. NULL: absent. */
    const char *lagging;
    /** Replicas of each loaded revision in this process, by revision number as text. */
    const noodle_replica_status_entry *replicas;
    size_t replicas_count;
};

/** The engine that serves, and the figures behind it. */
struct noodle_engine_choice {
    /** sizeof(noodle_engine_choice). */
    size_t size;
    /** Why this one, in a sentence. */
    const char *reason;
    /** Inputs on which answers were compared. */
    uint32_t inputs;
    /** Whether the figures are of an earlier load of the same file on the same kind of machine. */
    bool remembered;
    /** Every engine, in the order of preference. */
    const noodle_engine_figures *const *candidates;
    size_t candidates_count;
};

/** What a calibration found of one engine. */
struct noodle_engine_figures {
    /** sizeof(noodle_engine_figures). */
    size_t size;
    /** Engine and version, as in `tract 0.23.9`. */
    const char *engine;
    /** What came of it. */
    noodle_engine_verdict verdict;
    /** Whether `median_us` is there. */
    bool has_median_us;
    /** Median time of one run in microseconds. Without `has_median_us`: absent. */
    double median_us;
    /** Whether `max_abs` is there. */
    bool has_max_abs;
    /** Largest absolute difference from the expected outputs. Without `has_max_abs`: absent. */
    double max_abs;
    /** Why it does not serve, where it was not the time. NULL: absent. */
    const char *reason;
};

/** An error as every surface shows it. */
struct noodle_error_record {
    /** sizeof(noodle_error_record). */
    size_t size;
    /** Four digits. */
    uint32_t code;
    /** Snake-case name of the kind. */
    const char *kind;
    /** The message. */
    const char *message;
    /** The operation, where known. NULL: absent. */
    const char *operation;
    /** Names and values. NULL: absent. */
    const noodle_text_entry *context;
    size_t context_count;
    /** Whether the same call may succeed later. */
    bool retryable;
};

/** A version was registered; the first one brings its model into being. */
struct noodle_event_version_registered {
    /** sizeof(noodle_event_version_registered). */
    size_t size;
    /** Type of the model. */
    noodle_model_kind model_type;
    /** The version. */
    const noodle_version_record *record;
};

/** Description, tags or metrics of a version changed. Absent fields stay. */
struct noodle_event_version_annotated {
    /** sizeof(noodle_event_version_annotated). */
    size_t size;
    /** The version. */
    const char *version;
    /** New description. NULL: absent. */
    const char *description;
    /** Tags to set; an empty value removes the tag. NULL: absent. */
    const noodle_text_entry *tags;
    size_t tags_count;
    /** Metrics to set. NULL: absent. */
    const noodle_f64_entry *metrics;
    size_t metrics_count;
};

/** Probe inputs and outputs were recorded by the first engine that ran a version. */
struct noodle_event_version_probed {
    /** sizeof(noodle_event_version_probed). */
    size_t size;
    /** The version. */
    const char *version;
    /** The probe set, in the artifact store. */
    const char *probes;
    /** Engine that gave the outputs. */
    const char *engine;
};

/** The status of a version changed. */
struct noodle_event_version_status_changed {
    /** sizeof(noodle_event_version_status_changed). */
    size_t size;
    /** The version. */
    const char *version;
    /** Status before. */
    noodle_version_status from;
    /** Status after. */
    noodle_version_status to;
    /** Why. NULL: absent. */
    const char *reason;
};

/** A version was deleted; its artifact goes with the next collection. */
struct noodle_event_version_deleted {
    /** sizeof(noodle_event_version_deleted). */
    size_t size;
    /** The version. */
    const char *version;
};

/** An alias was set or moved. */
struct noodle_event_alias_set {
    /** sizeof(noodle_event_alias_set). */
    size_t size;
    /** The alias. */
    const char *alias;
    /** What it names now. */
    const char *version;
    /** What it named before. NULL: absent. */
    const char *previous;
};

/** An alias was removed. */
struct noodle_event_alias_removed {
    /** sizeof(noodle_event_alias_removed). */
    size_t size;
    /** The alias. */
    const char *alias;
    /** What it named. */
    const char *previous;
};

/** A deployment, or a further revision of one, was asked for. */
struct noodle_event_deploy_requested {
    /** sizeof(noodle_event_deploy_requested). */
    size_t size;
    /** Model that the deployment serves. */
    const char *model;
    /** Where replicas live. */
    const char *target;
    /** How traffic moves to the revision. */
    noodle_strategy strategy;
    /** Replicas wanted in each process. */
    uint32_t replicas;
    /** The revision. */
    const noodle_revision *revision;
};

/** A process took it upon itself to bring a revision up. */
struct noodle_event_deploy_started {
    /** sizeof(noodle_event_deploy_started). */
    size_t size;
    /** Number of the revision. */
    uint32_t revision;
    /** The process. */
    const char *instance;
};

/** A revision is loaded and verified. */
struct noodle_event_revision_ready {
    /** sizeof(noodle_event_revision_ready). */
    size_t size;
    /** Number of the revision. */
    uint32_t revision;
    /** What verification found, for people. */
    const char *verification;
};

/** A revision could not be brought up. */
struct noodle_event_revision_failed {
    /** sizeof(noodle_event_revision_failed). */
    size_t size;
    /** Number of the revision. */
    uint32_t revision;
    /** Why. */
    const char *cause;
};

/** Traffic moved to a revision. */
struct noodle_event_promoted {
    /** sizeof(noodle_event_promoted). */
    size_t size;
    /** Whether `from` is there. */
    bool has_from;
    /** Revision that served before. Without `has_from`: absent. */
    uint32_t from;
    /** Revision that serves now. */
    uint32_t to;
};

/** Traffic moved back to an earlier revision. */
struct noodle_event_rolled_back {
    /** sizeof(noodle_event_rolled_back). */
    size_t size;
    /** Revision that served before. */
    uint32_t from;
    /** Revision that serves now. */
    uint32_t to;
    /** Why. NULL: absent. */
    const char *reason;
};

/** Another number of replicas was asked for. */
struct noodle_event_scale_requested {
    /** sizeof(noodle_event_scale_requested). */
    size_t size;
    /** Replicas before. */
    uint32_t from;
    /** Replicas wanted. */
    uint32_t to;
    /** The process that asked. */
    const char *instance;
};

/** The replicas are there. */
struct noodle_event_scaled {
    /** sizeof(noodle_event_scaled). */
    size_t size;
    /** Replicas. */
    uint32_t replicas;
};

/** The replicas could not be had; the old number stays. */
struct noodle_event_scale_failed {
    /** sizeof(noodle_event_scale_failed). */
    size_t size;
    /** Replicas that stay. */
    uint32_t replicas;
    /** Why. */
    const char *cause;
};

/** The deployment is to stop. */
struct noodle_event_stop_requested {
    /** sizeof(noodle_event_stop_requested). */
    size_t size;
    /** Whether running requests are not waited for. */
    bool force;
    /** The process that asked. */
    const char *instance;
};

/** The deployment has stopped. */
struct noodle_event_stopped {
    /** sizeof(noodle_event_stopped). */
    size_t size;
};

/** The deployment kept failing and serves no more. */
struct noodle_event_failed {
    /** sizeof(noodle_event_failed). */
    size_t size;
    /** Why. */
    const char *cause;
};

/** The log was cut: it goes on from a stored state. */
struct noodle_event_checkpoint {
    /** sizeof(noodle_event_checkpoint). */
    size_t size;
    /** Head of what was cut away. */
    const noodle_head *cut;
    /** Digest of the state at the cut; see [`crate::store::chain::digest`]. */
    const char *state;
};

/** A fact about a model, a deployment or the directory. `type` says which member of `of` is there. */
struct noodle_event {
    size_t size;
    noodle_event_type type;
    union {
        const noodle_event_version_registered *version_registered;
        const noodle_event_version_annotated *version_annotated;
        const noodle_event_version_probed *version_probed;
        const noodle_event_version_status_changed *version_status_changed;
        const noodle_event_version_deleted *version_deleted;
        const noodle_event_alias_set *alias_set;
        const noodle_event_alias_removed *alias_removed;
        const noodle_event_deploy_requested *deploy_requested;
        const noodle_event_deploy_started *deploy_started;
        const noodle_event_revision_ready *revision_ready;
        const noodle_event_revision_failed *revision_failed;
        const noodle_event_promoted *promoted;
        const noodle_event_rolled_back *rolled_back;
        const noodle_event_scale_requested *scale_requested;
        const noodle_event_scaled *scaled;
        const noodle_event_scale_failed *scale_failed;
        const noodle_event_stop_requested *stop_requested;
        const noodle_event_stopped *stopped;
        const noodle_event_failed *failed;
        const noodle_event_checkpoint *checkpoint;
    } of;
};

/** An event with its place in the log: an entry of the history. */
struct noodle_event_record {
    /** sizeof(noodle_event_record). */
    size_t size;
    /** Position in the log, from 1, as a string. */
    const char *sequence;
    /** `model/NAME`, `deployment/NAME` or `directory`. */
    const char *stream;
    /** When, in milliseconds since 1970, as a string. */
    const char *at;
    /** Who. */
    const char *actor;
    /** Operation that decided it. */
    const char *operation;
    /** Identifies the call. */
    const char *request_id;
    /** What. */
    const noodle_event *event;
    /** Hash of the event; the chain's head when it is the last one. */
    const char *hash;
};

/** Input of [`ExplainRoute`]. */
struct noodle_explain_route_input {
    /** sizeof(noodle_explain_route_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** The caller's sticky key. */
    const char *key;
};

/** Output of [`CollectGarbage`]. */
struct noodle_garbage_report {
    /** sizeof(noodle_garbage_report). */
    size_t size;
    /** Artifacts removed. */
    uint32_t removed;
    /** Bytes freed, as a string. */
    const char *bytes;
    /** Artifacts kept. */
    uint32_t kept;
};

/** The end of the log: what a host keeps or signs to find an edit, a reorder or a cut later. */
struct noodle_head {
    /** sizeof(noodle_head). */
    size_t size;
    /** Number of the last event; 0 for an empty log. */
    const char *sequence;
    /** Hash of the last event; all zeros for an empty log. */
    const char *hash;
};

/** Output of [`GetHealth`]. */
struct noodle_health_report {
    /** sizeof(noodle_health_report). */
    size_t size;
    /** Every deployment that should run does, as desired. */
    bool ready;
    /** Whether this process holds the deciding lease. */
    bool leader;
    /** The last error of the background work, where there is one. NULL: absent. */
    const char *last_error;
    /** By name; stopped ones are left out. */
    const noodle_deployment_health *const *deployments;
    size_t deployments_count;
    /** Bytes that loaded models hold, as a string. */
    const char *memory_used_bytes;
    /** Bytes that they may hold, as a string; absent: no limit. NULL: absent. */
    const char *memory_limit_bytes;
};

/** Input of [`History`]. */
struct noodle_history_input {
    /** sizeof(noodle_history_input). */
    size_t size;
    /** Only this deployment. NULL: absent. */
    const char *deployment;
    /** Only this model. NULL: absent. */
    const char *model;
    /** Only events after this sequence, as a string. NULL: `0`. */
    const char *after;
    /** Whether `limit` is there. */
    bool has_limit;
    /** At most so many events, 1 to 1000; absent: 100. Without `has_limit`: absent. */
    uint32_t limit;
};

/** Output of [`History`]. */
struct noodle_history_output {
    /** sizeof(noodle_history_output). */
    size_t size;
    /** Oldest first. */
    const noodle_event_record *const *events;
    size_t events_count;
    /** Whether there are more: ask again after the last sequence. */
    bool more;
    /**
     * Head of what `retain` cut away, where that reaches beyond `after`: events that were asked for are gone. NULL:
     * absent.
     */
    const noodle_head *cut;
};

/** Facts about a loaded model. */
struct noodle_load_report {
    /** sizeof(noodle_load_report). */
    size_t size;
    /** Engine and version, as in `tract 0.23.9`. */
    const char *engine;
    /** `static` where the file fixes every size, `symbolic` where one plan serves every shape, else `per_shape`. */
    const char *plan;
    /** Why there is no symbolic plan, where there is none. NULL: absent. */
    const char *reason;
    /** Number of plans held. */
    uint32_t plans;
    /** Bytes held. */
    uint64_t memory_bytes;
    /** Milliseconds that load and compile took. */
    uint64_t load_ms;
    /** How the engine was chosen, where the deploy names none and there are several. NULL: absent. */
    const noodle_engine_choice *choice;
};

/** A figure of both versions. */
struct noodle_metric_difference {
    /** sizeof(noodle_metric_difference). */
    size_t size;
    /** Whether `base` is there. */
    bool has_base;
    /** Of the base, where it has one. Without `has_base`: absent. */
    double base;
    /** Whether `candidate` is there. */
    bool has_candidate;
    /** Of the candidate, where it has one. Without `has_candidate`: absent. */
    double candidate;
    /** Whether `difference` is there. */
    bool has_difference;
    /** Candidate less base, where both have one. Without `has_difference`: absent. */
    double difference;
};

/** Output of [`GetMetrics`]. */
struct noodle_metrics_report {
    /** sizeof(noodle_metrics_report). */
    size_t size;
    /** Loaded revisions by deployment, newest first. */
    const noodle_revision_metrics_list_entry *deployments;
    size_t deployments_count;
};

/** A name with versions and aliases. */
struct noodle_model {
    /** sizeof(noodle_model). */
    size_t size;
    /** The name. */
    const char *name;
    /** Type, with its template. */
    noodle_model_kind model_type;
    /** Highest version ever registered; the next automatic one follows it. */
    const char *latest;
    /** Movable names. */
    const noodle_text_entry *aliases;
    size_t aliases_count;
    /** Versions that were deleted: a number is never used again for other bytes. NULL: absent. */
    const char *const *deleted;
    size_t deleted_count;
    /** When the first version was registered, in milliseconds since 1970, as a string. */
    const char *created_at;
};

/** Output of [`ListModels`]. */
struct noodle_model_list {
    /** sizeof(noodle_model_list). */
    size_t size;
    /** By name. */
    const noodle_model *const *models;
    size_t models_count;
};

/** Names a model. */
struct noodle_model_ref {
    /** sizeof(noodle_model_ref). */
    size_t size;
    /** The model. */
    const char *model;
};

/** Pads inputs along one axis to the longest of a batch, and cuts outputs back. */
struct noodle_padding {
    /** sizeof(noodle_padding). */
    size_t size;
    /** Name of the axis in the model's signature, as in `length`. */
    const char *axis;
    /**
     * What each input is filled up with: the padding token for token ids, 0 for an attention mask. Every input that
     * has the axis must be named.
     */
    const noodle_f64_entry *values;
    size_t values_count;
    /** Whether `multiple_of` is there. */
    bool has_multiple_of;
    /**
     * Lengths are rounded up to a multiple of this, so that fewer shapes occur. Default 1. Without
     * `has_multiple_of`: 1.
     */
    uint32_t multiple_of;
};

/**
 * How far a stage of an operation is.
 *
 * Within a stage `done` never falls. `total` is known from the first report on or never, and grows where there
 * turns out to be more. A stage that succeeds ends with `done` at `total`; one that is not needed has no report.
 */
struct noodle_progress {
    /** sizeof(noodle_progress). */
    size_t size;
    /** What is being done. */
    noodle_progress_stage stage;
    /** How much of it is done. */
    uint64_t done;
    /** Whether `total` is there. */
    bool has_total;
    /** How much there is to do; absent where that is not known. Without `has_total`: absent. */
    uint64_t total;
    /** What `done` and `total` count. */
    noodle_progress_unit unit;
};

/** Input of [`Promote`]. */
struct noodle_promote_input {
    /** sizeof(noodle_promote_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** A version or an alias among its revisions; absent: the candidate that is ready. NULL: absent. */
    const char *version;
};

/** Input of [`RegisterVersion`]. */
struct noodle_register_version_input {
    /** sizeof(noodle_register_version_input). */
    size_t size;
    /** The model; made by its first version. */
    const char *model;
    /** Path of the model file. */
    const char *path;
    /** Semantic version; absent: the next major version. NULL: absent. */
    const char *version;
    /** Type of the model; absent: the model's, `custom` for a new one. 0: absent. */
    noodle_model_kind model_type;
    /** Names of the classes; absent: those in the file's metadata. NULL: absent. */
    const char *const *labels;
    size_t labels_count;
    /** Free text. NULL: absent. */
    const char *description;
    /** Free names and values. NULL: absent. */
    const noodle_text_entry *tags;
    size_t tags_count;
    /** Measured figures. NULL: absent. */
    const noodle_f64_entry *metrics;
    size_t metrics_count;
    /** Version of the same model that this one was made from. NULL: absent. */
    const char *parent;
    /** Identifies the training run. NULL: absent. */
    const char *training_run;
    /**
     * Path of a JSON file with probe inputs and expected outputs, which every deploy is checked against. NULL:
     * absent.
     */
    const char *probes_path;
};

/** Input of [`RemoveAlias`]. */
struct noodle_remove_alias_input {
    /** sizeof(noodle_remove_alias_input). */
    size_t size;
    /** The model. */
    const char *model;
    /** The alias. */
    const char *alias;
};

/** Observed replicas of one revision in one process. */
struct noodle_replica_status {
    /** sizeof(noodle_replica_status). */
    size_t size;
    /** Replicas that can run. */
    uint32_t replicas;
    /** Replicas that run a request now. */
    uint32_t busy;
    /** Requests that wait. */
    uint32_t waiting;
    /** Replicas that were replaced after a failure or a panic. */
    const char *replaced;
    /** What the engine says of the loaded model. */
    const noodle_load_report *load;
    /** How requests are batched, where they are. NULL: absent. */
    const noodle_batch_status *batching;
};

/** Requests of one revision in this process since it was loaded. */
struct noodle_request_metrics {
    /** sizeof(noodle_request_metrics). */
    size_t size;
    /** Answered requests. */
    const char *requests;
    /** Failed requests by kind. */
    const noodle_u64_entry *errors;
    size_t errors_count;
    /** Mean latency in microseconds. */
    double latency_mean_us;
    /** Median latency in microseconds, off by at most 3.2 %. */
    double latency_p50_us;
    /** 95th percentile in microseconds. */
    double latency_p95_us;
    /** 99th percentile in microseconds. */
    double latency_p99_us;
};

/** Input of [`Retain`]. An event goes when every bound that is given lets it go; at least one is given. */
struct noodle_retain_input {
    /** sizeof(noodle_retain_input). */
    size_t size;
    /** Whether `keep_events` is there. */
    bool has_keep_events;
    /** Keeps the last so many events, the new checkpoint among them; 1 or more. Without `has_keep_events`: absent. */
    uint32_t keep_events;
    /** Keeps events younger than so many milliseconds, as a string. NULL: absent. */
    const char *keep_ms;
};

/** Output of [`Retain`]. */
struct noodle_retain_report {
    /** sizeof(noodle_retain_report). */
    size_t size;
    /** Head of what was cut away; absent where nothing was. NULL: absent. */
    const noodle_head *cut;
    /** Events removed, as a string. */
    const char *removed;
    /** Head of the log: after a cut, the checkpoint's. */
    const noodle_head *head;
};

/** A version with one configuration inside a deployment. */
struct noodle_revision {
    /** sizeof(noodle_revision). */
    size_t size;
    /** 1, 2, 3, … */
    uint32_t number;
    /** Version of the model. */
    const char *version;
    /** Threads that one request may use. */
    uint32_t threads;
    /** Input shapes to compile plans for before traffic: input name to sizes. NULL: absent. */
    const noodle_u32_list_map *shapes;
    size_t shapes_count;
    /** Engine asked for, or none for the default. NULL: absent. */
    const char *engine;
    /** Where it stands. */
    noodle_revision_status status;
    /** Why it failed, or what verification found. NULL: absent. */
    const char *note;
    /** How requests are batched, where they are. NULL: absent. */
    const noodle_batch_config *batching;
    /** How answers are kept; absent: they are not. NULL: absent. */
    const noodle_cache_config *cache;
};

/** Requests of one revision in this process. */
struct noodle_revision_metrics {
    /** sizeof(noodle_revision_metrics). */
    size_t size;
    /** Number of the revision. */
    uint32_t revision;
    /** Its version. */
    const char *version;
    /** Counts and latencies since it was loaded. */
    const noodle_request_metrics *requests;
    /** What its cache did since it was loaded; absent where answers are not kept. NULL: absent. */
    const noodle_cache_metrics *cache;
};

/** Input of [`Rollback`]. */
struct noodle_rollback_input {
    /** sizeof(noodle_rollback_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /**
     * A version that served before; absent: the last one, or, while a change is under way, the end of that change.
     * NULL: absent.
     */
    const char *version;
    /** Why. NULL: absent. */
    const char *reason;
};

/** Input of [`Scale`]. */
struct noodle_scale_input {
    /** sizeof(noodle_scale_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** Replicas in each process, 1 to 1024. */
    uint32_t replicas;
};

/** Input of [`SetAlias`]. */
struct noodle_set_alias_input {
    /** sizeof(noodle_set_alias_input). */
    size_t size;
    /** The model. */
    const char *model;
    /** The alias, as in `production`. */
    const char *alias;
    /** A version, another alias, or `latest`. */
    const char *version;
};

/** Input of [`SetVersionStatus`]. */
struct noodle_set_version_status_input {
    /** sizeof(noodle_set_version_status_input). */
    size_t size;
    /** The model. */
    const char *model;
    /** A version, an alias, or `latest`. */
    const char *version;
    /** New status. */
    noodle_version_status status;
    /** Why. NULL: absent. */
    const char *reason;
};

/**
 * Settings of a handle. [`Settings::default`] suits an embedded host: no limit but what the host sets.
 *
 * Times are in milliseconds, sizes in bytes. `None` means no limit.
 */
struct noodle_settings {
    /** sizeof(noodle_settings). */
    size_t size;
    /** Whether `enabled` is there. */
    bool has_enabled;
    /** Whether a directory may be opened at all. Default true. Without `has_enabled`: true. */
    bool enabled;
    /**
     * Target of a deployment that names none: `local`, or the name of a backend of the builder. Default `local`.
     * NULL: `local`.
     */
    const char *default_target;
    /** Strategy of a change that names none. Default immediate. 0: `immediate`. */
    noodle_strategy default_strategy;
    /** Whether `scale_enabled` is there. */
    bool has_scale_enabled;
    /**
     * Whether the number of replicas may change, by hand or by rule. Default true. Without `has_scale_enabled`:
     * true.
     */
    bool scale_enabled;
    /** Whether `monitoring_enabled` is there. */
    bool has_monitoring_enabled;
    /** Whether requests are counted and timed. Default true. Without `has_monitoring_enabled`: true. */
    bool monitoring_enabled;
    /** Whether `max_deployments` is there. */
    bool has_max_deployments;
    /** Deployments at most. Default none. Without `has_max_deployments`: absent. */
    uint32_t max_deployments;
    /** Whether `max_concurrent` is there. */
    bool has_max_concurrent;
    /** Control operations that run at once. Default none. Without `has_max_concurrent`: absent. */
    uint32_t max_concurrent;
    /** Whether `memory_budget_bytes` is there. */
    bool has_memory_budget_bytes;
    /** Memory for weights and plans of loaded models. Default none. Without `has_memory_budget_bytes`: absent. */
    uint64_t memory_budget_bytes;
    /** Whether `plan_cache_bytes` is there. */
    bool has_plan_cache_bytes;
    /**
     * Memory for compiled plans of one loaded model, within the budget. Default 256 MiB. Without
     * `has_plan_cache_bytes`: 268435456.
     */
    uint64_t plan_cache_bytes;
    /** Whether `max_artifact_bytes` is there. */
    bool has_max_artifact_bytes;
    /** Size of one model artifact at most. Default 16 GiB. Without `has_max_artifact_bytes`: 17179869184. */
    uint64_t max_artifact_bytes;
    /** Whether `max_queue` is there. */
    bool has_max_queue;
    /** Requests of one deployment that wait at most. Default 1024. Without `has_max_queue`: 1024. */
    uint32_t max_queue;
    /** Whether `max_replicas` is there. */
    bool has_max_replicas;
    /** Replicas of one deployment at most, 1 to 1024. Default 1024. Without `has_max_replicas`: 1024. */
    uint32_t max_replicas;
    /** Threads for asynchronous predictions; 0 for one per core. Default 0. */
    uint32_t workers;
    /** Whether `drain_timeout_ms` is there. */
    bool has_drain_timeout_ms;
    /** Time that `undeploy` waits for running requests. Default 30 000. Without `has_drain_timeout_ms`: 30000. */
    uint64_t drain_timeout_ms;
    /** Whether `poll_interval_ms` is there. */
    bool has_poll_interval_ms;
    /**
     * Time between two looks at what other processes did to the directory. Default 100. Without
     * `has_poll_interval_ms`: 100.
     */
    uint64_t poll_interval_ms;
    /** Whether `heartbeat_ms` is there. */
    bool has_heartbeat_ms;
    /** Time between two heartbeats of this process. Default 1 000. Without `has_heartbeat_ms`: 1000. */
    uint64_t heartbeat_ms;
    /** Whether `lease_ttl_ms` is there. */
    bool has_lease_ttl_ms;
    /**
     * Time after which the deciding lease of a silent process lapses; more than two heartbeats. Default 3 000.
     * Without `has_lease_ttl_ms`: 3000.
     */
    uint64_t lease_ttl_ms;
    /** Whether `keep_warm` is there. */
    bool has_keep_warm;
    /**
     * Previous revisions of a deployment that stay loaded, so that a rollback loads nothing. Default 1. Without
     * `has_keep_warm`: 1.
     */
    uint32_t keep_warm;
    /** Whether `failures_to_error` is there. */
    bool has_failures_to_error;
    /**
     * Consecutive failures after which a deployment is marked as in error. Default 5. Without
     * `has_failures_to_error`: 5.
     */
    uint32_t failures_to_error;
    /** Whether `retain_events` is there. */
    bool has_retain_events;
    /**
     * Events of the log that stay when it has grown to twice as many; older ones are cut away. Default none: all
     * stay. Without `has_retain_events`: absent.
     */
    uint32_t retain_events;
    /** Whether the directory is only read: predictions work, every change is refused. Default false. */
    bool read_only;
    /** Whether the directory may lie on a network file system, where file locks are often not kept. Default false. */
    bool allow_network_fs;
    /** Whether a model without probes or references may be deployed unverified. Default false. */
    bool allow_unverified;
    /** Whether `load_on_open` is there. */
    bool has_load_on_open;
    /**
     * Whether an open waits until deployments are loaded, rather than loading them in the background or at their
     * first request. Default true. Without `has_load_on_open`: true.
     */
    bool load_on_open;
    /** Who acts, for the audit log, where the caller does not say. Default `local`. NULL: `local`. */
    const char *actor;
    /**
     * Engine of a deployment that names none. Default none: the fastest one that gives the right answers. NULL:
     * absent.
     */
    const char *default_engine;
    /**
     * ONNX Runtime's shared library, which then stands for choice among the engines: `auto` for the one that is
     * found, or the path of a file. Default none: `ort` serves where a deploy names it, with the library that is
     * found. NULL: absent.
     */
    const char *onnxruntime;
    /**
     * Execution providers of ONNX Runtime, the preferred one first, such as `cuda`. Default none: the CPU. NULL:
     * absent.
     */
    const char *const *onnxruntime_providers;
    size_t onnxruntime_providers_count;
    /** Redis for deployments that keep answers there, such as `redis://localhost:6379`. Default none. NULL: absent. */
    const char *cache_redis_url;
};

/** Inputs and outputs of a model, in the model's order. */
struct noodle_signature {
    /** sizeof(noodle_signature). */
    size_t size;
    /** What goes in. */
    const noodle_tensor_spec *const *inputs;
    size_t inputs_count;
    /** What comes out. */
    const noodle_tensor_spec *const *outputs;
    size_t outputs_count;
};

/** What batches of one size cost. */
struct noodle_size_status {
    /** sizeof(noodle_size_status). */
    size_t size;
    /** Rows, rounded up to a power of two. */
    uint32_t rows;
    /** Microseconds of a batch of this size, a moving average. */
    double mean_us;
    /** How often it ran. */
    uint32_t times;
};

/** One input or output. */
struct noodle_tensor_spec {
    /** sizeof(noodle_tensor_spec). */
    size_t size;
    /** The name in the model. */
    const char *name;
    /** Element type. */
    noodle_dtype dtype;
    /** Sizes of the axes, outermost first. */
    const char *const *shape;
    size_t shape_count;
};

/** Input of [`Undeploy`]. */
struct noodle_undeploy_input {
    /** sizeof(noodle_undeploy_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** Do not wait for running requests. */
    bool force;
};

/** Output of [`CompareVersions`]. */
struct noodle_version_comparison {
    /** sizeof(noodle_version_comparison). */
    size_t size;
    /** The model. */
    const char *model;
    /** Version of the base. */
    const char *base;
    /** Version of the candidate. */
    const char *candidate;
    /** Same artifact. */
    bool same_artifact;
    /** The verdict. */
    noodle_compatibility compatibility;
    /** What differs in signature and labels, a sentence each. */
    const char *const *differences;
    size_t differences_count;
    /** Size of the base in bytes, as a string. */
    const char *base_bytes;
    /** Size of the candidate in bytes, as a string. */
    const char *candidate_bytes;
    /** By name. */
    const noodle_metric_difference_entry *metrics;
    size_t metrics_count;
};

/** Output of [`ListVersions`]. */
struct noodle_version_list {
    /** sizeof(noodle_version_list). */
    size_t size;
    /** By number, oldest first. */
    const noodle_version_record *const *versions;
    size_t versions_count;
};

/** One version of one model, by number. */
struct noodle_version_pin {
    /** sizeof(noodle_version_pin). */
    size_t size;
    /** The model. */
    const char *model;
    /** Its version. */
    const char *version;
};

/** One immutable artifact of a model and what is known of it. */
struct noodle_version_record {
    /** sizeof(noodle_version_record). */
    size_t size;
    /** The model. */
    const char *model;
    /** Semantic version. */
    const char *version;
    /** Digest of the model file. */
    const char *digest;
    /** Size of the model file in bytes, as a string. */
    const char *bytes;
    /** Format of the model file. */
    const char *format;
    /** Inputs and outputs. */
    const noodle_signature *signature;
    /** Names of the classes, in the order of the last output axis. NULL: absent. */
    const char *const *labels;
    size_t labels_count;
    /** Free text. NULL: absent. */
    const char *description;
    /** Free names and values. NULL: absent. */
    const noodle_text_entry *tags;
    size_t tags_count;
    /** Measured figures. NULL: absent. */
    const noodle_f64_entry *metrics;
    size_t metrics_count;
    /** Version of the same model that this one was made from. NULL: absent. */
    const char *parent;
    /** Identifies the training run. NULL: absent. */
    const char *training_run;
    /** Probe inputs and expected outputs, in the artifact store. NULL: absent. */
    const char *probes;
    /** Who gave the expected outputs: `registrar`, or the engine. NULL: absent. */
    const char *probes_from;
    /**
     * Constructs that engines are known to get wrong; such a version deploys only with the registrar's probes.
     * NULL: absent.
     */
    const char *const *suspect;
    size_t suspect_count;
    /** Where it stands. */
    noodle_version_status status;
    /** When it was registered, in milliseconds since 1970, as a string. */
    const char *created_at;
    /** Versions that a pipeline is made of; they stay as long as it does. NULL: absent. */
    const noodle_version_pin *const *uses;
    size_t uses_count;
};

/** Names a version. */
struct noodle_version_ref {
    /** sizeof(noodle_version_ref). */
    size_t size;
    /** The model. */
    const char *model;
    /** A version, an alias, or `latest`; absent: `latest`. NULL: `latest`. */
    const char *version;
};

/*
 * The operations. `caller` says who calls, and NULL is the host itself. On success `*out` is the caller's to free; else
 * it is NULL, the code says what was wrong, and noodle_last_error() the rest.
 */

/**
 * Registers a model file as a version of a model. Changes the directory; asks for the role `deployer`. Free `*out`
 * with noodle_free_version_record.
 */
noodle_status noodle_register_version(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_register_version_input *input, noodle_version_record **out);

/**
 * Shows a version: signature, labels, metrics, lineage, status. Changes nothing; asks for the role `viewer`. Free
 * `*out` with noodle_free_version_record.
 */
noodle_status noodle_get_version(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_version_ref *input, noodle_version_record **out);

/**
 * Lists the versions of a model. Changes nothing; asks for the role `viewer`. Free `*out` with
 * noodle_free_version_list.
 */
noodle_status noodle_list_versions(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_model_ref *input, noodle_version_list **out);

/**
 * Lists the models with their latest versions and aliases. Changes nothing; asks for the role `viewer`. Free `*out`
 * with noodle_free_model_list.
 */
noodle_status noodle_list_models(const struct noodle_t *noodle, const struct noodle_caller *caller,
    noodle_model_list **out);

/**
 * Compares two versions: signature, labels, size, metrics, and whether one can replace the other. Changes nothing;
 * asks for the role `viewer`. Free `*out` with noodle_free_version_comparison.
 */
noodle_status noodle_compare_versions(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_compare_versions_input *input, noodle_version_comparison **out);

/**
 * Changes the description, tags or metrics of a version. Changes the directory; asks for the role `deployer`. Free
 * `*out` with noodle_free_version_record.
 */
noodle_status noodle_annotate_version(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_annotate_version_input *input, noodle_version_record **out);

/**
 * Changes the status of a version, as in approved, deprecated or retired. Changes the directory; asks for the role
 * `deployer`. Free `*out` with noodle_free_version_record.
 */
noodle_status noodle_set_version_status(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_set_version_status_input *input, noodle_version_record **out);

/**
 * Deletes a version that nothing refers to. Changes the directory; asks for the role `admin`. Free `*out` with
 * noodle_free_deleted.
 */
noodle_status noodle_delete_version(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_delete_version_input *input, noodle_deleted **out);

/**
 * Sets or moves an alias of a model. Changes the directory; asks for the role `deployer`. Free `*out` with
 * noodle_free_model.
 */
noodle_status noodle_set_alias(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_set_alias_input *input, noodle_model **out);

/**
 * Removes an alias of a model. Changes the directory; asks for the role `deployer`. Free `*out` with
 * noodle_free_model.
 */
noodle_status noodle_remove_alias(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_remove_alias_input *input, noodle_model **out);

/**
 * Loads, verifies and serves a version under a name. Changes the directory; asks for the role `deployer`. Free
 * `*out` with noodle_free_deployment_view.
 */
noodle_status noodle_deploy(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_deploy_input *input, noodle_deployment_view **out);

/**
 * Moves all traffic of a deployment to a version that is up beside the serving one. Changes the directory; asks for
 * the role `deployer`. Free `*out` with noodle_free_deployment_view.
 */
noodle_status noodle_promote(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_promote_input *input, noodle_deployment_view **out);

/**
 * Moves all traffic of a deployment back to an earlier version, at once and from any state. Changes the directory;
 * asks for the role `operator`. Free `*out` with noodle_free_deployment_view.
 */
noodle_status noodle_rollback(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_rollback_input *input, noodle_deployment_view **out);

/**
 * Changes the number of replicas of a deployment while it serves. Changes the directory; asks for the role
 * `operator`. Free `*out` with noodle_free_deployment_view.
 */
noodle_status noodle_scale(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_scale_input *input, noodle_deployment_view **out);

/**
 * Stops a deployment after its running requests have ended. Changes the directory; asks for the role `deployer`.
 * Free `*out` with noodle_free_deployment_view.
 */
noodle_status noodle_undeploy(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_undeploy_input *input, noodle_deployment_view **out);

/**
 * Shows a deployment as desired and as this process observes it. Changes nothing; asks for the role `viewer`. Free
 * `*out` with noodle_free_deployment_view.
 */
noodle_status noodle_get_deployment(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_deployment_ref *input, noodle_deployment_view **out);

/** Lists the deployments. Changes nothing; asks for the role `viewer`. Free `*out` with noodle_free_deployment_list. */
noodle_status noodle_list_deployments(const struct noodle_t *noodle, const struct noodle_caller *caller,
    noodle_deployment_list **out);

/**
 * Says which revision the requests of a caller's key go to, and why. Changes nothing; asks for the role `viewer`.
 * Free `*out` with noodle_free_arm.
 */
noodle_status noodle_explain_route(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_explain_route_input *input, noodle_arm **out);

/**
 * Reads what happened, with actor, time and cause, oldest first. Changes nothing; asks for the role `viewer`. Free
 * `*out` with noodle_free_history_output.
 */
noodle_status noodle_history(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_history_input *input, noodle_history_output **out);

/**
 * Shows whether every deployment that should run answers in this process, and the last errors. Changes nothing;
 * asks for the role `viewer`. Free `*out` with noodle_free_health_report.
 */
noodle_status noodle_get_health(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_deployment_filter *input, noodle_health_report **out);

/**
 * Shows requests, errors and latencies of the revisions loaded in this process. Changes nothing; asks for the role
 * `viewer`. Free `*out` with noodle_free_metrics_report.
 */
noodle_status noodle_get_metrics(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_deployment_filter *input, noodle_metrics_report **out);

/**
 * Shows the head of the log: what to keep or sign, so that a later change shows. Changes nothing; asks for the role
 * `viewer`. Free `*out` with noodle_free_head.
 */
noodle_status noodle_audit_head(const struct noodle_t *noodle, const struct noodle_caller *caller,
    noodle_head **out);

/**
 * Checks every event's hash, folds the state again and compares; on request checks every artifact. Changes nothing;
 * asks for the role `viewer`. Free `*out` with noodle_free_audit_report.
 */
noodle_status noodle_audit_verify(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_audit_verify_input *input, noodle_audit_report **out);

/**
 * Cuts old events away; the log goes on from the state at the cut, for which a checkpoint vouches. Changes the
 * directory; asks for the role `admin`. Free `*out` with noodle_free_retain_report.
 */
noodle_status noodle_retain(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_retain_input *input, noodle_retain_report **out);

/**
 * Writes a complete, verified copy of the directory while it goes on serving. Changes nothing; asks for the role
 * `admin`. Free `*out` with noodle_free_backup_report.
 */
noodle_status noodle_backup(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_backup_input *input, noodle_backup_report **out);

/**
 * Removes artifacts that no version refers to. Changes the directory; asks for the role `admin`. Free `*out` with
 * noodle_free_garbage_report.
 */
noodle_status noodle_collect_garbage(const struct noodle_t *noodle, const struct noodle_caller *caller,
    noodle_garbage_report **out);

/* Each frees an answer and everything that it points to. NULL is allowed. */
void noodle_free_arm(noodle_arm *answer);
void noodle_free_audit_report(noodle_audit_report *answer);
void noodle_free_backup_report(noodle_backup_report *answer);
void noodle_free_deleted(noodle_deleted *answer);
void noodle_free_deployment_list(noodle_deployment_list *answer);
void noodle_free_deployment_view(noodle_deployment_view *answer);
void noodle_free_event_record(noodle_event_record *answer);
void noodle_free_garbage_report(noodle_garbage_report *answer);
void noodle_free_head(noodle_head *answer);
void noodle_free_health_report(noodle_health_report *answer);
void noodle_free_history_output(noodle_history_output *answer);
void noodle_free_metrics_report(noodle_metrics_report *answer);
void noodle_free_model(noodle_model *answer);
void noodle_free_model_list(noodle_model_list *answer);
void noodle_free_retain_report(noodle_retain_report *answer);
void noodle_free_settings(noodle_settings *answer);
void noodle_free_version_comparison(noodle_version_comparison *answer);
void noodle_free_version_list(noodle_version_list *answer);
void noodle_free_version_record(noodle_version_record *answer);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* NOODLE_DEPLOY_OPS_H */
