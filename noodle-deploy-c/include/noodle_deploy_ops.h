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
    /** The memory budget does not suffice. The same call may succeed later. */
    NOODLE_ERROR_RESOURCE_EXHAUSTED = 5007,
    /** The engine failed or panicked while it ran the model. The same call may succeed later. */
    NOODLE_ERROR_ENGINE_FAILED = 5010,
    /** The disk or the database failed. The same call may succeed later. */
    NOODLE_ERROR_STORAGE = 5020,
    /** The event log or the database is damaged. */
    NOODLE_ERROR_CORRUPT = 5021,
};

/** What a deploy is tuned for. 0 where nothing is set. */
typedef int32_t noodle_aim;

enum {
    /** Most rows in a second with every replica busy. */
    NOODLE_AIM_THROUGHPUT = 1,
    /** Least time of one request. */
    NOODLE_AIM_LATENCY = 2,
};

/** Who gets which share while an experiment runs. 0 where nothing is set. */
typedef int32_t noodle_allocation;

enum {
    /** The weights as they were asked for. */
    NOODLE_ALLOCATION_FIXED = 1,
    /** The probability that an arm is the best one (Thompson 1933). */
    NOODLE_ALLOCATION_THOMPSON = 2,
    /** Most to the arm that may be the best one yet (upper confidence bounds, Auer, Cesa-Bianchi and Fischer 2002). */
    NOODLE_ALLOCATION_UCB = 3,
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

/** How p-values of several comparisons are corrected. 0 where nothing is set. */
typedef int32_t noodle_correction;

enum {
    /** Not at all. */
    NOODLE_CORRECTION_NONE = 1,
    /** Times their number. */
    NOODLE_CORRECTION_BONFERRONI = 2,
    /** Step by step, for the same error (Holm 1979). */
    NOODLE_CORRECTION_HOLM = 3,
    /** The share of false discoveries (Benjamini and Hochberg 1995). */
    NOODLE_CORRECTION_BENJAMINI_HOCHBERG = 4,
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
    /** A version was evaluated over a data set. */
    NOODLE_EVENT_VERSION_EVALUATED = 21,
    /** How the number of replicas follows demand was changed. */
    NOODLE_EVENT_AUTOSCALE_SET = 22,
    /** A revision that is ready began to get a share of the traffic. */
    NOODLE_EVENT_ROLLOUT_STARTED = 23,
    /** The counting of a step began. */
    NOODLE_EVENT_ROLLOUT_MARKED = 24,
    /** A step passed, and the next one began. */
    NOODLE_EVENT_ROLLOUT_STEPPED = 25,
    /** A rollout stopped, went on, or ended. */
    NOODLE_EVENT_ROLLOUT_PHASE_CHANGED = 26,
    /** An experiment was asked for. */
    NOODLE_EVENT_EXPERIMENT_CREATED = 27,
    /** The arms of an experiment got other shares. */
    NOODLE_EVENT_EXPERIMENT_WEIGHTED = 28,
    /** An experiment began, paused or ended. */
    NOODLE_EVENT_EXPERIMENT_PHASE_CHANGED = 29,
    /** Requests go elsewhere by what they say of themselves. */
    NOODLE_EVENT_RULES_SET = 30,
};

/** Where an experiment stands. 0 where nothing is set. */
typedef int32_t noodle_experiment_phase;

enum {
    /** Has not begun. What is recorded by now says how its callers differ already. */
    NOODLE_EXPERIMENT_PHASE_DRAFT = 1,
    /** Its arms get their shares. */
    NOODLE_EXPERIMENT_PHASE_RUNNING = 2,
    /** All traffic goes to what serves, until it is started again. */
    NOODLE_EXPERIMENT_PHASE_PAUSED = 3,
    /** It is over, and nobody has decided. */
    NOODLE_EXPERIMENT_PHASE_STOPPED = 4,
    /** It is over, and one of its arms has won. */
    NOODLE_EXPERIMENT_PHASE_DECIDED = 5,
};

/** What a comparison says. 0 where nothing is set. */
typedef int32_t noodle_finding;

enum {
    /** There is not enough to say anything. */
    NOODLE_FINDING_TOO_FEW = 1,
    /** Nothing is shown yet. */
    NOODLE_FINDING_INCONCLUSIVE = 2,
    /** The arm is better than the control. */
    NOODLE_FINDING_BETTER = 3,
    /** The arm is worse than the control; of a guardrail: by more than its margin. */
    NOODLE_FINDING_WORSE = 4,
};

/** Which way is better. 0 where nothing is set. */
typedef int32_t noodle_goal;

enum {
    /** More. */
    NOODLE_GOAL_INCREASE = 1,
    /** Less. */
    NOODLE_GOAL_DECREASE = 2,
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

/** When a revision is loaded. 0 where nothing is set. */
typedef int32_t noodle_loading;

enum {
    /** From its deploy on, and again when a process opens the directory; it stays. */
    NOODLE_LOADING_RESIDENT = 1,
    /** By the first request; it may be unloaded while no request runs. */
    NOODLE_LOADING_ON_DEMAND = 2,
};

/** What the intervals and p-values of an experiment stand for. 0 where nothing is set. */
typedef int32_t noodle_method;

enum {
    /** They hold at every moment, however often somebody looks. */
    NOODLE_METHOD_SEQUENTIAL = 1,
    /** They hold once, when every arm has been met `horizon` times. */
    NOODLE_METHOD_FIXED = 2,
};

/** How a metric comes out of outcomes. 0 where nothing is set. */
typedef int32_t noodle_metric_kind;

enum {
    /** Mean of the values. */
    NOODLE_METRIC_KIND_MEAN = 1,
    /** Share of ones among values that are 0 or 1. */
    NOODLE_METRIC_KIND_PROPORTION = 2,
    /** Sum of the values over the sum of another outcome. */
    NOODLE_METRIC_KIND_RATIO = 3,
    /** Quantile of the values. */
    NOODLE_METRIC_KIND_QUANTILE = 4,
};

/** What a metric is for. 0 where nothing is set. */
typedef int32_t noodle_metric_role;

enum {
    /** Decides the experiment. */
    NOODLE_METRIC_ROLE_PRIMARY = 1,
    /** Is shown. */
    NOODLE_METRIC_ROLE_SECONDARY = 2,
    /** Stops the traffic of an experiment where an arm is shown to be worse. */
    NOODLE_METRIC_ROLE_GUARDRAIL = 3,
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
    /** Measures cases in turn, in rounds of a case. */
    NOODLE_PROGRESS_STAGE_BENCHMARK = 13,
    /** Runs a model node by node, in runs. */
    NOODLE_PROGRESS_STAGE_PROFILE = 14,
    /** Runs a data set, in its rows. */
    NOODLE_PROGRESS_STAGE_EVALUATE = 15,
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
    /** Rounds of a measurement. */
    NOODLE_PROGRESS_UNIT_ROUNDS = 9,
    /** Runs of a model. */
    NOODLE_PROGRESS_UNIT_RUNS = 10,
    /** Rows of a data set. */
    NOODLE_PROGRESS_UNIT_ROWS = 11,
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

/** Where a rollout stands. 0 where nothing is set. */
typedef int32_t noodle_rollout_phase;

enum {
    /** The step is being judged. */
    NOODLE_ROLLOUT_PHASE_ANALYSING = 1,
    /** The step has passed, and waits for `advance_rollout`. */
    NOODLE_ROLLOUT_PHASE_GATED = 2,
    /** Somebody stopped it; the share of the traffic stays. */
    NOODLE_ROLLOUT_PHASE_PAUSED = 3,
    /** The step took too long to be judged; the share of the traffic stays until somebody decides. */
    NOODLE_ROLLOUT_PHASE_INCONCLUSIVE = 4,
    /** All traffic has moved. */
    NOODLE_ROLLOUT_PHASE_COMPLETED = 5,
    /** All traffic has moved back. */
    NOODLE_ROLLOUT_PHASE_ABORTED = 6,
};

/** Who answers the requests that a rule is about. 0 where nothing is set. */
typedef int32_t noodle_rule_target;

enum {
    /** The revision that serves: they take no part in what is tried. */
    NOODLE_RULE_TARGET_SERVING = 1,
    /** The revision that a rollout tries; without one, the next rule counts. */
    NOODLE_RULE_TARGET_CANDIDATE = 2,
    /** The version that the rule names. */
    NOODLE_RULE_TARGET_VERSION = 3,
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
    /** Split the traffic in halves by sticky key until somebody decides. */
    NOODLE_STRATEGY_AB_TESTING = 6,
    /** Run recorded requests on the new revision before it gets any traffic. */
    NOODLE_STRATEGY_REPLAY = 7,
};

/** What a noodle_stream_config can be. */
typedef int32_t noodle_stream_config_type;

enum {
    /** One answer for each window of a long input, in order. The other inputs are given to every window. */
    NOODLE_STREAM_CONFIG_WINDOWS = 1,
    /** The model runs again on its own outputs. */
    NOODLE_STREAM_CONFIG_REPEAT = 2,
};

/** What becomes of a request that waited for `default_timeout_ms`. 0 where nothing is set. */
typedef int32_t noodle_timeout_action;

enum {
    /** It is refused with `deadline_exceeded`, as one that brought this timeout. */
    NOODLE_TIMEOUT_ACTION_REJECT = 1,
    /** It is put behind, as if it came at this moment with the least urgent level. */
    NOODLE_TIMEOUT_ACTION_DELAY = 2,
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
typedef struct noodle_analysis_config noodle_analysis_config;
typedef struct noodle_annotate_version_input noodle_annotate_version_input;
typedef struct noodle_answers noodle_answers;
typedef struct noodle_arm noodle_arm;
typedef struct noodle_arm_config noodle_arm_config;
typedef struct noodle_arm_counts noodle_arm_counts;
typedef struct noodle_audit_report noodle_audit_report;
typedef struct noodle_audit_verify_input noodle_audit_verify_input;
typedef struct noodle_autoscale_config noodle_autoscale_config;
typedef struct noodle_autoscale_view noodle_autoscale_view;
typedef struct noodle_backup_input noodle_backup_input;
typedef struct noodle_backup_report noodle_backup_report;
typedef struct noodle_batch_config noodle_batch_config;
typedef struct noodle_batch_status noodle_batch_status;
typedef struct noodle_benchmark_case noodle_benchmark_case;
typedef struct noodle_benchmark_figures noodle_benchmark_figures;
typedef struct noodle_benchmark_input noodle_benchmark_input;
typedef struct noodle_benchmark_report noodle_benchmark_report;
typedef struct noodle_benchmark_row noodle_benchmark_row;
typedef struct noodle_bound noodle_bound;
typedef struct noodle_cache_config noodle_cache_config;
typedef struct noodle_cache_metrics noodle_cache_metrics;
typedef struct noodle_canary_config noodle_canary_config;
typedef struct noodle_canary_step noodle_canary_step;
typedef struct noodle_carried_tensor noodle_carried_tensor;
typedef struct noodle_change noodle_change;
typedef struct noodle_compare_versions_input noodle_compare_versions_input;
typedef struct noodle_comparison noodle_comparison;
typedef struct noodle_confusion_row noodle_confusion_row;
typedef struct noodle_cost_findings noodle_cost_findings;
typedef struct noodle_create_experiment_input noodle_create_experiment_input;
typedef struct noodle_declare_winner_input noodle_declare_winner_input;
typedef struct noodle_delete_version_input noodle_delete_version_input;
typedef struct noodle_deleted noodle_deleted;
typedef struct noodle_deploy_input noodle_deploy_input;
typedef struct noodle_deployment noodle_deployment;
typedef struct noodle_deployment_filter noodle_deployment_filter;
typedef struct noodle_deployment_health noodle_deployment_health;
typedef struct noodle_deployment_list noodle_deployment_list;
typedef struct noodle_deployment_ref noodle_deployment_ref;
typedef struct noodle_deployment_view noodle_deployment_view;
typedef struct noodle_differences noodle_differences;
typedef struct noodle_drift_config noodle_drift_config;
typedef struct noodle_drift_findings noodle_drift_findings;
typedef struct noodle_engine_choice noodle_engine_choice;
typedef struct noodle_engine_figures noodle_engine_figures;
typedef struct noodle_error_record noodle_error_record;
typedef struct noodle_evaluate_input noodle_evaluate_input;
typedef struct noodle_evaluation noodle_evaluation;
typedef struct noodle_evaluation_report noodle_evaluation_report;
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
typedef struct noodle_event_version_evaluated noodle_event_version_evaluated;
typedef struct noodle_event_autoscale_set noodle_event_autoscale_set;
typedef struct noodle_event_rollout_started noodle_event_rollout_started;
typedef struct noodle_event_rollout_marked noodle_event_rollout_marked;
typedef struct noodle_event_rollout_stepped noodle_event_rollout_stepped;
typedef struct noodle_event_rollout_phase_changed noodle_event_rollout_phase_changed;
typedef struct noodle_event_experiment_created noodle_event_experiment_created;
typedef struct noodle_event_experiment_weighted noodle_event_experiment_weighted;
typedef struct noodle_event_experiment_phase_changed noodle_event_experiment_phase_changed;
typedef struct noodle_event_rules_set noodle_event_rules_set;
typedef struct noodle_event_record noodle_event_record;
typedef struct noodle_evidence noodle_evidence;
typedef struct noodle_experiment noodle_experiment;
typedef struct noodle_experiment_arm noodle_experiment_arm;
typedef struct noodle_experiment_input noodle_experiment_input;
typedef struct noodle_experiment_plan noodle_experiment_plan;
typedef struct noodle_experiment_report noodle_experiment_report;
typedef struct noodle_experiment_view noodle_experiment_view;
typedef struct noodle_explain_request_input noodle_explain_request_input;
typedef struct noodle_explain_route_input noodle_explain_route_input;
typedef struct noodle_exposure noodle_exposure;
typedef struct noodle_fed_tensor noodle_fed_tensor;
typedef struct noodle_figures noodle_figures;
typedef struct noodle_findings noodle_findings;
typedef struct noodle_garbage_report noodle_garbage_report;
typedef struct noodle_gate noodle_gate;
typedef struct noodle_get_autoscale_input noodle_get_autoscale_input;
typedef struct noodle_gpu_reading noodle_gpu_reading;
typedef struct noodle_gpu_readings noodle_gpu_readings;
typedef struct noodle_head noodle_head;
typedef struct noodle_health_report noodle_health_report;
typedef struct noodle_history_input noodle_history_input;
typedef struct noodle_history_output noodle_history_output;
typedef struct noodle_horizon_tests noodle_horizon_tests;
typedef struct noodle_interval_at noodle_interval_at;
typedef struct noodle_journal_config noodle_journal_config;
typedef struct noodle_judgement_config noodle_judgement_config;
typedef struct noodle_label noodle_label;
typedef struct noodle_latency_objective noodle_latency_objective;
typedef struct noodle_limit_reading noodle_limit_reading;
typedef struct noodle_load_report noodle_load_report;
typedef struct noodle_machine_facts noodle_machine_facts;
typedef struct noodle_machine_reading noodle_machine_reading;
typedef struct noodle_mean_evidence noodle_mean_evidence;
typedef struct noodle_memory_budget_view noodle_memory_budget_view;
typedef struct noodle_metric_config noodle_metric_config;
typedef struct noodle_metric_difference noodle_metric_difference;
typedef struct noodle_metric_evidence noodle_metric_evidence;
typedef struct noodle_metric_findings noodle_metric_findings;
typedef struct noodle_metrics_report noodle_metrics_report;
typedef struct noodle_mirror_config noodle_mirror_config;
typedef struct noodle_mirror_evidence noodle_mirror_evidence;
typedef struct noodle_mirror_findings noodle_mirror_findings;
typedef struct noodle_model noodle_model;
typedef struct noodle_model_list noodle_model_list;
typedef struct noodle_model_memory noodle_model_memory;
typedef struct noodle_model_ref noodle_model_ref;
typedef struct noodle_moments noodle_moments;
typedef struct noodle_node_profile noodle_node_profile;
typedef struct noodle_outcome noodle_outcome;
typedef struct noodle_outcome_sums noodle_outcome_sums;
typedef struct noodle_padding noodle_padding;
typedef struct noodle_phase noodle_phase;
typedef struct noodle_phase_metrics noodle_phase_metrics;
typedef struct noodle_plan_experiment_input noodle_plan_experiment_input;
typedef struct noodle_priorities noodle_priorities;
typedef struct noodle_process_reading noodle_process_reading;
typedef struct noodle_profile_input noodle_profile_input;
typedef struct noodle_profile_report noodle_profile_report;
typedef struct noodle_progress noodle_progress;
typedef struct noodle_promote_input noodle_promote_input;
typedef struct noodle_proportion_evidence noodle_proportion_evidence;
typedef struct noodle_proportions_test noodle_proportions_test;
typedef struct noodle_queue_policy noodle_queue_policy;
typedef struct noodle_ranks_test noodle_ranks_test;
typedef struct noodle_rate_evidence noodle_rate_evidence;
typedef struct noodle_record_labels_input noodle_record_labels_input;
typedef struct noodle_record_outcomes_input noodle_record_outcomes_input;
typedef struct noodle_recorded_labels noodle_recorded_labels;
typedef struct noodle_recorded_outcomes noodle_recorded_outcomes;
typedef struct noodle_recording_config noodle_recording_config;
typedef struct noodle_recording_view noodle_recording_view;
typedef struct noodle_register_version_input noodle_register_version_input;
typedef struct noodle_remove_alias_input noodle_remove_alias_input;
typedef struct noodle_replay_config noodle_replay_config;
typedef struct noodle_replay_findings noodle_replay_findings;
typedef struct noodle_replica_counts noodle_replica_counts;
typedef struct noodle_replica_load noodle_replica_load;
typedef struct noodle_replica_status noodle_replica_status;
typedef struct noodle_request_metrics noodle_request_metrics;
typedef struct noodle_request_view noodle_request_view;
typedef struct noodle_residency_status noodle_residency_status;
typedef struct noodle_resource_report noodle_resource_report;
typedef struct noodle_retain_input noodle_retain_input;
typedef struct noodle_retain_report noodle_retain_report;
typedef struct noodle_revision noodle_revision;
typedef struct noodle_revision_memory noodle_revision_memory;
typedef struct noodle_revision_metrics noodle_revision_metrics;
typedef struct noodle_rollback_input noodle_rollback_input;
typedef struct noodle_rolling_config noodle_rolling_config;
typedef struct noodle_rollout noodle_rollout;
typedef struct noodle_rollout_input noodle_rollout_input;
typedef struct noodle_rollout_metric noodle_rollout_metric;
typedef struct noodle_rollout_view noodle_rollout_view;
typedef struct noodle_route_rule noodle_route_rule;
typedef struct noodle_rule_condition noodle_rule_condition;
typedef struct noodle_rules_view noodle_rules_view;
typedef struct noodle_scale_input noodle_scale_input;
typedef struct noodle_scale_recommendation noodle_scale_recommendation;
typedef struct noodle_seen noodle_seen;
typedef struct noodle_segment_comparison noodle_segment_comparison;
typedef struct noodle_session_metrics noodle_session_metrics;
typedef struct noodle_set_alias_input noodle_set_alias_input;
typedef struct noodle_set_autoscale_input noodle_set_autoscale_input;
typedef struct noodle_set_memory_budget_input noodle_set_memory_budget_input;
typedef struct noodle_set_rules_input noodle_set_rules_input;
typedef struct noodle_set_version_status_input noodle_set_version_status_input;
typedef struct noodle_settings noodle_settings;
typedef struct noodle_share noodle_share;
typedef struct noodle_signature noodle_signature;
typedef struct noodle_size_change noodle_size_change;
typedef struct noodle_size_status noodle_size_status;
typedef struct noodle_state_config noodle_state_config;
typedef struct noodle_stop_value noodle_stop_value;
typedef struct noodle_stream_config noodle_stream_config;
typedef struct noodle_stream_config_windows noodle_stream_config_windows;
typedef struct noodle_stream_config_repeat noodle_stream_config_repeat;
typedef struct noodle_tensor_spec noodle_tensor_spec;
typedef struct noodle_tolerance noodle_tolerance;
typedef struct noodle_tuning noodle_tuning;
typedef struct noodle_tuning_case noodle_tuning_case;
typedef struct noodle_undeploy_input noodle_undeploy_input;
typedef struct noodle_version_comparison noodle_version_comparison;
typedef struct noodle_version_list noodle_version_list;
typedef struct noodle_version_pin noodle_version_pin;
typedef struct noodle_version_record noodle_version_record;
typedef struct noodle_version_ref noodle_version_ref;
typedef struct noodle_vertical_config noodle_vertical_config;

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

/** What is compared between the new revision and the one that serves, and how surely. */
struct noodle_analysis_config {
    /** sizeof(noodle_analysis_config). */
    size_t size;
    /** Whether `level` is there. */
    bool has_level;
    /**
     * Probability, over the whole rollout and however often it is looked at, that a revision which is no worse is
     * aborted; and likewise that one which is worse by more than the margins passes. 0.0001 to 0.5, default 0.05.
     * Without `has_level`: 0.05.
     */
    double level;
    /** Whether `error_margin` is there. */
    bool has_error_margin;
    /**
     * Share of requests, 0 to 1, that the new revision may fail beyond the share that the old one fails. Default
     * 0.01. Without `has_error_margin`: 0.01.
     */
    double error_margin;
    /** Whether `latency_ratio` is there. */
    bool has_latency_ratio;
    /**
     * Factor, above 1, by which the new revision's latency (geometric mean) may exceed that of the old one. Default
     * 1.2. Without `has_latency_ratio`: 1.2.
     */
    double latency_ratio;
    /** Whether `max_differing` is there. */
    bool has_max_differing;
    /**
     * Share of the answers in the shadow, above 0 and below 1, that may differ from those that callers got: by the
     * class that comes first where the version has labels, else by numbers beyond the tolerance. Absent:
     * differences are counted, and decide nothing. Without `has_max_differing`: absent.
     */
    double max_differing;
    /**
     * How far numbers of an answer in the shadow may be off; absent: as far as those of two engines, a thousandth
     * of the largest. NULL: absent.
     */
    const noodle_tolerance *tolerance;
    /** Figures that the host records for the requests of both revisions, at most 8. NULL: absent. */
    const noodle_rollout_metric *const *metrics;
    size_t metrics_count;
    /** Whether `cost_ratio` is there. */
    bool has_cost_ratio;
    /**
     * Factor, above 1, by which the time in the engine that one request of the new revision takes (geometric mean)
     * may exceed that of the old one: what it costs, where latency is what its caller waits. Absent: it decides
     * nothing. Without `has_cost_ratio`: absent.
     */
    double cost_ratio;
    /**
     * How far the answers of the new revision may be distributed otherwise than those of the old one; absent: it
     * decides nothing. NULL: absent.
     */
    const noodle_drift_config *drift;
};

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

/** Answers of one revision. Addition merges. */
struct noodle_answers {
    /** sizeof(noodle_answers). */
    size_t size;
    /** How often each class came first, of the first row. NULL: absent. */
    const double *classes;
    size_t classes_count;
    /** Means of the first numbers of the first output, of answers without labels. */
    const noodle_moments *means;
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

/** A version that gets a share of the traffic. */
struct noodle_arm_config {
    /** sizeof(noodle_arm_config). */
    size_t size;
    /** Name of the arm. */
    const char *name;
    /** Version or alias; a revision of it has to be up, or has to have served. */
    const char *version;
    /** Share of the callers in basis points. All of them and `holdout` add up to 10000. */
    uint32_t weight;
};

/** What one revision has got by a rollout. */
struct noodle_arm_counts {
    /** sizeof(noodle_arm_counts). */
    size_t size;
    /** Requests that were answered, or failed by its own fault, as a string. */
    const char *ended;
    /** Those of them that failed, as a string. */
    const char *failed;
    /** Logarithms of the latencies of those that were answered, in nanoseconds. */
    const noodle_moments *log_latency;
    /** How far its answers in the shadow were from those that callers got; absent: it has given none. NULL: absent. */
    const noodle_differences *differences;
    /** What the host recorded, by name. NULL: absent. */
    const noodle_outcome_sums *const *outcomes;
    size_t outcomes_count;
    /** Logarithms of the times in the engine, in nanoseconds; absent: nothing has run. NULL: absent. */
    const noodle_moments *log_compute;
    /** What its answers were like, where that is looked at; absent: nothing was. NULL: absent. */
    const noodle_answers *answers;
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

/** When a deployment gets more replicas in each process, or fewer. Times are in milliseconds. */
struct noodle_autoscale_config {
    /** sizeof(noodle_autoscale_config). */
    size_t size;
    /** Whether `min_replicas` is there. */
    bool has_min_replicas;
    /**
     * Replicas at least, 1 or more: a deployment that is loaded on demand goes when it is idle. Default 1. Without
     * `has_min_replicas`: absent.
     */
    uint32_t min_replicas;
    /** Whether `max_replicas` is there. */
    bool has_max_replicas;
    /** Replicas at most, 1 to 1024. Default 16. Without `has_max_replicas`: absent. */
    uint32_t max_replicas;
    /** Whether `target_in_flight` is there. */
    bool has_target_in_flight;
    /**
     * Requests that a replica should have in flight on average. Default: 85 % of what it works on at once. Without
     * `has_target_in_flight`: absent.
     */
    double target_in_flight;
    /** Whether `target_queue_delay_ms` is there. */
    bool has_target_queue_delay_ms;
    /**
     * Time that requests should wait for a replica at most. Default: what the objective leaves beside the service
     * time. Without `has_target_queue_delay_ms`: absent.
     */
    double target_queue_delay_ms;
    /** What latency is promised. Default none. NULL: absent. */
    const noodle_latency_objective *latency;
    /** Whether `stable_window_ms` is there. */
    bool has_stable_window_ms;
    /** The longest look back. Default 60 000. Without `has_stable_window_ms`: absent. */
    uint32_t stable_window_ms;
    /** Whether `panic_window_ms` is there. */
    bool has_panic_window_ms;
    /** The shortest look back, for sudden changes. Default 2 000. Without `has_panic_window_ms`: absent. */
    uint32_t panic_window_ms;
    /** Whether `panic_threshold` is there. */
    bool has_panic_threshold;
    /**
     * Need over ready replicas at which nothing is removed and no cooldown delays an addition. Default 2. Without
     * `has_panic_threshold`: absent.
     */
    double panic_threshold;
    /** Whether `tolerance` is there. */
    bool has_tolerance;
    /**
     * Share by which demand may grow before a removal would be regretted. Default 0.1. Without `has_tolerance`:
     * absent.
     */
    double tolerance;
    /** Whether `down_stabilisation_ms` is there. */
    bool has_down_stabilisation_ms;
    /**
     * Time for which the need has to stay low before replicas go. Default 60 000. Without
     * `has_down_stabilisation_ms`: absent.
     */
    uint32_t down_stabilisation_ms;
    /** Whether `burst_hold_ms` is there. */
    bool has_burst_hold_ms;
    /**
     * Time for which replicas are kept at most for a burst that is expected back. Default 300 000. Without
     * `has_burst_hold_ms`: absent.
     */
    uint32_t burst_hold_ms;
    /** Whether `cooldown_up_ms` is there. */
    bool has_cooldown_up_ms;
    /** Time after any change before the next addition. Default 0. Without `has_cooldown_up_ms`: absent. */
    uint32_t cooldown_up_ms;
    /** Whether `cooldown_down_ms` is there. */
    bool has_cooldown_down_ms;
    /** Time after any change before the next removal. Default 0. Without `has_cooldown_down_ms`: absent. */
    uint32_t cooldown_down_ms;
    /** Whether `dry_run` is there. */
    bool has_dry_run;
    /** Whether recommendations are only shown. Default false. Without `has_dry_run`: absent. */
    bool dry_run;
    /** How replicas themselves may change. Default: not at all. NULL: absent. */
    const noodle_vertical_config *vertical;
};

/** How a deployment scales, and what was recommended last. */
struct noodle_autoscale_view {
    /** sizeof(noodle_autoscale_view). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** Replicas wanted in each process. */
    uint32_t replicas;
    /** How it scales; absent where it does not by itself. NULL: absent. */
    const noodle_autoscale_config *autoscale;
    /** The last recommendation; absent before the first, and in processes that do not decide. NULL: absent. */
    const noodle_scale_recommendation *recommendation;
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
    /**
     * Levels of priority, and how long and how many requests of each may wait. Default none: three levels without
     * rules of their own. NULL: absent.
     */
    const noodle_priorities *priorities;
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

/** One case of a benchmark. */
struct noodle_benchmark_case {
    /** sizeof(noodle_benchmark_case). */
    size_t size;
    /** Engine. */
    const char *engine;
    /** Threads of one request. */
    uint32_t threads;
    /** Rows of one request. */
    uint32_t batch;
};

/** What the runs of a case gave. */
struct noodle_benchmark_figures {
    /** sizeof(noodle_benchmark_figures). */
    size_t size;
    /** Requests that were timed, as a string. */
    const char *requests;
    /** Mean latency of one request in microseconds. */
    double latency_mean_us;
    /** Median latency; this and the others are off by at most 3.2 %. */
    double latency_p50_us;
    /** Latency that 95 % of the requests stay below. */
    double latency_p95_us;
    /** Latency that 99 % of the requests stay below. */
    double latency_p99_us;
    /** Rows in a second, one request after another: the median of the rounds. */
    double rows_per_second;
};

/** Input of [`Benchmark`]. */
struct noodle_benchmark_input {
    /** sizeof(noodle_benchmark_input). */
    size_t size;
    /** The model. */
    const char *model;
    /** A version, an alias, or `latest`. NULL: `latest`. */
    const char *version;
    /** Where the model is to run; absent: the default target. NULL: absent. */
    const char *target;
    /** Engines, each once, at most 8; absent: those that a deploy would choose among. NULL: absent. */
    const char *const *engines;
    size_t engines_count;
    /** Threads of one request, 1 to 256, each number once, at most 16 numbers; absent: 1. NULL: absent. */
    const uint32_t *threads;
    size_t threads_count;
    /** Rows of one request, 1 to 4096, each number once, at most 16 numbers; absent: 1. NULL: absent. */
    const uint32_t *batches;
    size_t batches_count;
    /**
     * Sizes of inputs where inputs are generated: input name to sizes; the first one gives way to the batch. NULL:
     * absent.
     */
    const noodle_u32_list_entry *shapes;
    size_t shapes_count;
    /** Whether `seconds_per_case` is there. */
    bool has_seconds_per_case;
    /**
     * Seconds to measure each case, 0.01 to 60; all cases together at most an hour. Absent: 1. Without
     * `has_seconds_per_case`: absent.
     */
    double seconds_per_case;
};

/** Output of [`Benchmark`]. */
struct noodle_benchmark_report {
    /** sizeof(noodle_benchmark_report). */
    size_t size;
    /** The model. */
    const char *model;
    /** The version. */
    const char *version;
    /** Digest of its file. */
    const char *digest;
    /** The machine that measured. */
    const noodle_machine_facts *machine;
    /** Where inputs come from: `probes` of the version, or `generated`. */
    const char *inputs;
    /** What answers are compared with: `probes`, or the first case of each batch that ran. */
    const char *reference;
    /** Every case: engines, then threads, then batches, in the order of the request. */
    const noodle_benchmark_row *const *rows;
    size_t rows_count;
    /** The case with the least median latency, among those with right answers. NULL: absent. */
    const noodle_benchmark_case *best_latency;
    /** The case with the most rows in a second, among those with right answers. NULL: absent. */
    const noodle_benchmark_case *best_throughput;
};

/** A case and what came of it. */
struct noodle_benchmark_row {
    /** sizeof(noodle_benchmark_row). */
    size_t size;
    /** Engine. */
    const char *engine;
    /** Threads of one request. */
    uint32_t threads;
    /** Rows of one request. */
    uint32_t batch;
    /** Figures; absent where it did not run. NULL: absent. */
    const noodle_benchmark_figures *figures;
    /** Whether `agrees` is there. */
    bool has_agrees;
    /**
     * Whether its answers are near enough to those of the reference; absent for the reference itself. Without
     * `has_agrees`: absent.
     */
    bool agrees;
    /** Whether `max_abs` is there. */
    bool has_max_abs;
    /** Largest absolute difference from the reference, where they agree. Without `has_max_abs`: absent. */
    double max_abs;
    /** Bytes that the loaded model holds with its plans, as a string. */
    const char *memory_bytes;
    /** Why it did not run, or how it disagrees. NULL: absent. */
    const char *error;
};

/** What a metric must reach for a gate to be passed. */
struct noodle_bound {
    /** sizeof(noodle_bound). */
    size_t size;
    /** Name of the metric. */
    const char *metric;
    /** Whether `at_least` is there. */
    bool has_at_least;
    /** It must be this or more. Without `has_at_least`: absent. */
    double at_least;
    /** Whether `at_most` is there. */
    bool has_at_most;
    /** It must be this or less. Without `has_at_most`: absent. */
    double at_most;
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

/** A growing share of the traffic for a new revision, step by step, as long as the analysis finds it no worse. */
struct noodle_canary_config {
    /** sizeof(noodle_canary_config). */
    size_t size;
    /**
     * Steps in order, 1 to 32; after the last one all traffic moves. Default: 1 %, 5 %, 25 % and 50 %. NULL:
     * absent.
     */
    const noodle_canary_step *const *steps;
    size_t steps_count;
    /** What lets a step pass, and what ends the rollout; absent: with the defaults. NULL: absent. */
    const noodle_analysis_config *analysis;
};

/** One step of a canary. */
struct noodle_canary_step {
    /** sizeof(noodle_canary_step). */
    size_t size;
    /**
     * Share of the traffic that the new revision gets, in basis points, 1 to 9999; no less than in the step before.
     * 0 for a step in the shadow, which says what it mirrors or replays.
     */
    uint32_t weight;
    /** Whether `min_requests` is there. */
    bool has_min_requests;
    /**
     * Requests that both revisions have to end within the step before it may pass. Default 100. Without
     * `has_min_requests`: 100.
     */
    uint32_t min_requests;
    /** Milliseconds that the step lasts at least, as a string; absent: as long as the analysis takes. NULL: absent. */
    const char *min_ms;
    /**
     * Milliseconds after which a step that has not passed is inconclusive, as a string; absent: it waits for as
     * many requests as it takes. NULL: absent.
     */
    const char *max_ms;
    /** Whether the step waits for `advance_rollout` once the analysis has passed. */
    bool gate;
    /**
     * Requests that run a second time on the new revision once they are answered. Nobody gets its answers: they are
     * compared with those that callers got. Absent: none. NULL: absent.
     */
    const noodle_mirror_config *mirror;
    /**
     * Replicas of both revisions in each process while the step lasts. It passes once they are there, without
     * evidence that the new revision is no worse; evidence that it is ends the rollout all the same. Absent: as
     * many as the deployment has. NULL: absent.
     */
    const noodle_replica_counts *replicas;
    /**
     * Requests that were recorded, which run on the new revision: their answers are compared with those of the one
     * that serves. A step that replays has the weight 0 and mirrors nothing. Absent: none. NULL: absent.
     */
    const noodle_replay_config *replay;
};

/** A tensor that a session carries: what comes out of one call goes into the next one. */
struct noodle_carried_tensor {
    /** sizeof(noodle_carried_tensor). */
    size_t size;
    /** The output whose value is kept. */
    const char *output;
    /** The input that it is given to at the next call. */
    const char *input;
    /**
     * Sizes of what a session begins with, which is zeros; absent: those of the input, where all of them are fixed.
     * NULL: absent.
     */
    const uint32_t *shape;
    size_t shape_count;
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
    /** Gates that a version must have passed to be deployed or promoted. NULL: absent. */
    const char *const *required_gates;
    size_t required_gates_count;
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

/** One metric of one arm beside the control's. */
struct noodle_comparison {
    /** sizeof(noodle_comparison). */
    size_t size;
    /** The metric. */
    const char *metric;
    /** What it is for. */
    noodle_metric_role role;
    /** Which way is better. */
    noodle_goal goal;
    /** The arm. */
    const char *arm;
    /** Values of the control, as a string. */
    const char *control_values;
    /** Values of the arm, as a string. */
    const char *arm_values;
    /** What is shown. */
    noodle_finding finding;
    /** The figures; absent where there is not enough. NULL: absent. */
    const noodle_figures *figures;
};

/** Answers to the rows of one class. */
struct noodle_confusion_row {
    /** sizeof(noodle_confusion_row). */
    size_t size;
    /** The right class: its label, else its number. */
    const char *label;
    /** Rows by the class that was answered, in the order of the rows of this table. */
    const uint32_t *answered;
    size_t answered_count;
};

/** What requests cost in a step. */
struct noodle_cost_findings {
    /** sizeof(noodle_cost_findings). */
    size_t size;
    /** Whether `ratio` is there. */
    bool has_ratio;
    /**
     * The candidate's time in the engine over the baseline's (geometric means); absent before both have run.
     * Without `has_ratio`: absent.
     */
    double ratio;
    /** Natural logarithm of the evidence that the candidate costs more than the ratio allows, over all steps. */
    double costlier;
    /** That it does not, in this step. */
    double no_costlier;
};

/** Input of [`CreateExperiment`]. */
struct noodle_create_experiment_input {
    /** sizeof(noodle_create_experiment_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** Name of the experiment. */
    const char *name;
    /** The versions that are compared, 2 to 10; the first one is the control, and has to be the one that serves. */
    const noodle_arm_config *const *arms;
    size_t arms_count;
    /** What is compared, 1 to 16; at least one is primary. */
    const noodle_metric_config *const *metrics;
    size_t metrics_count;
    /** Share of the callers that take no part and get what serves, in basis points. */
    uint32_t holdout;
    /** How it is judged; absent: with the defaults. NULL: absent. */
    const noodle_judgement_config *judgement;
    /**
     * Attributes of requests whose values are looked at by themselves too, up to 4. It decides nothing. NULL:
     * absent.
     */
    const char *const *segments;
    size_t segments_count;
};

/** Input of [`DeclareWinner`]. */
struct noodle_declare_winner_input {
    /** sizeof(noodle_declare_winner_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** Name of the arm; absent: the one that the report shows to be the best. NULL: absent. */
    const char *arm;
    /** Whether `confidence` is there. */
    bool has_confidence;
    /**
     * How sure the report has to be, 0.5 to 0.9999; absent: one less the experiment's level. Without
     * `has_confidence`: absent.
     */
    double confidence;
    /** Whether the arm wins whatever the report shows. */
    bool force;
    /** Why. NULL: absent. */
    const char *reason;
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
     * `immediate` moves traffic when the revision is verified; `blue_green` waits for `promote`; `canary` moves it
     * step by step while the revision is found to be no worse; `shadow` lets it answer nobody until somebody
     * advances it; `rolling` replaces replicas a few at a time; `ab_testing` divides the traffic in halves until
     * somebody decides. Absent: the default. 0: absent.
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
    /**
     * Gates that a version must have passed, by an `evaluate` of each, to be deployed or promoted here, at most 16;
     * absent: as before, none at first. NULL: absent.
     */
    const char *const *required_gates;
    size_t required_gates_count;
    /** When the revision is loaded; absent: as the one before, the default at first. 0: absent. */
    noodle_loading loading;
    /**
     * Milliseconds without a request after which an `on_demand` revision is unloaded, as a string; absent: as the
     * one before where `loading` is absent too, else only to make room. NULL: absent.
     */
    const char *unload_after_ms;
    /**
     * Measures on this machine what gives the most of this, and takes it where the request leaves it open:
     * `threads` where they are 1, `replicas` where they are absent, and with `throughput` the rows of a batch.
     * Absent: nothing is measured. 0: absent.
     */
    noodle_aim tune;
    /** What sessions carry from call to call; absent: nothing. NULL: absent. */
    const noodle_state_config *state;
    /** How one request gives many answers; absent: it cannot. NULL: absent. */
    const noodle_stream_config *stream;
    /**
     * How traffic moves to the revision with the strategy `canary`, which it implies; absent with that strategy: by
     * the steps and the analysis that are the default. NULL: absent.
     */
    const noodle_canary_config *canary;
    /**
     * A deployment whose serving version is to be deployed here, configured as it is there where this input says
     * nothing: from staging to production. Absent: what `version` says. NULL: absent.
     */
    const char *from;
    /**
     * How replicas are replaced with the strategy `rolling`, which it implies; absent with that strategy: a quarter
     * at a time, with none missing. NULL: absent.
     */
    const noodle_rolling_config *rolling;
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
    /** Gates that a version must have passed to be deployed or promoted. NULL: absent. */
    const char *const *required_gates;
    size_t required_gates_count;
    /** How the number of replicas follows demand, where it does. NULL: absent. */
    const noodle_autoscale_config *autoscale;
    /** The last move of traffic that went by steps. NULL: absent. */
    const noodle_rollout *rollout;
    /** The last experiment on its traffic. NULL: absent. */
    const noodle_experiment *experiment;
    /** Where requests go by what they say of themselves; the first rule that is about one counts. NULL: absent. */
    const noodle_route_rule *const *rules;
    size_t rules_count;
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

/** Sums over requests, which add up over processes. */
struct noodle_differences {
    /** sizeof(noodle_differences). */
    size_t size;
    /** Requests that were answered by both, as a string. */
    const char *compared;
    /** Those of them whose answers differ, as a string. */
    const char *differing;
    /** Requests that were not run a second time, because too many waited, as a string. */
    const char *skipped;
    /** Sum of the largest absolute difference of each request. */
    double sum;
    /** The largest of all. */
    double largest;
};

/** How far answers to callers may move. */
struct noodle_drift_config {
    /** sizeof(noodle_drift_config). */
    size_t size;
    /** Whether `max_class_shift` is there. */
    bool has_max_class_shift;
    /**
     * Of versions with labels: by how much of all answers, above 0 and below 1, the share of any class that comes
     * first may differ. Default 0.05. Without `has_max_class_shift`: 0.05.
     */
    double max_class_shift;
    /** Whether `max_mean_shift` is there. */
    bool has_max_mean_shift;
    /**
     * Of the others: by how many standard deviations of the old revision's answers, above 0, the mean of an
     * answer's numbers may differ. Default 0.25. Without `has_max_mean_shift`: 0.25.
     */
    double max_mean_shift;
};

/** How far the answers of both are apart in a step. */
struct noodle_drift_findings {
    /** sizeof(noodle_drift_findings). */
    size_t size;
    /** Answers of the candidate, as a string. */
    const char *candidate_answers;
    /** Answers of the baseline, as a string. */
    const char *baseline_answers;
    /**
     * The largest move: of a class's share of all answers, 0 to 1; of versions without labels of the mean answer,
     * in standard deviations of the baseline's answers.
     */
    double shift;
    /** Whether `class_index` is there. */
    bool has_class_index;
    /**
     * Number of the class that moved most, up to the remainder by 16; absent without labels. Without
     * `has_class_index`: absent.
     */
    uint32_t class_index;
    /** Natural logarithm of the evidence that one moved by more than the margin, over all steps. */
    double moved;
    /** That none did, in this step. */
    double not_moved;
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

/** Input of [`Evaluate`]. */
struct noodle_evaluate_input {
    /** sizeof(noodle_evaluate_input). */
    size_t size;
    /** The model; absent: that of `deployment`. NULL: absent. */
    const char *model;
    /** A version, an alias, or `latest`; absent: the one that serves in `deployment`, else `latest`. NULL: absent. */
    const char *version;
    /** A deployment whose version, engine and threads are to be evaluated. NULL: absent. */
    const char *deployment;
    /** Path of the data set: an `.npz` file, a directory of `.npy` files, or a JSON file of probes. */
    const char *data;
    /** Names of metrics. NULL: absent. */
    const char *const *metrics;
    size_t metrics_count;
    /** The output that is judged; absent: the first one. NULL: absent. */
    const char *output;
    /**
     * The array of what is expected; absent: the one named like the output, else `labels`, else `expected`. NULL:
     * absent.
     */
    const char *target;
    /** Turn scores into probabilities first: softmax over classes, the logistic function of a single score. */
    bool softmax;
    /** Whether `top_k` is there. */
    bool has_top_k;
    /** Classes that count for `top_k_accuracy`, 1 or more. Without `has_top_k`: 5. */
    uint32_t top_k;
    /** For `within_tolerance`. NULL: absent. */
    const noodle_tolerance *tolerance;
    /** The gate that this is for. NULL: absent. */
    const noodle_gate *gate;
    /** Engine; absent: as a deploy would choose. NULL: absent. */
    const char *engine;
    /** Whether `threads` is there. */
    bool has_threads;
    /**
     * Threads that one run may use, 1 to 256; absent: those of the deployment, else 1. Without `has_threads`:
     * absent.
     */
    uint32_t threads;
    /** Whether `batch` is there. */
    bool has_batch;
    /** Rows of one run, 1 to 4096, where the model takes any number; absent: 32. Without `has_batch`: absent. */
    uint32_t batch;
};

/** What an evaluation of a version found. */
struct noodle_evaluation {
    /** sizeof(noodle_evaluation). */
    size_t size;
    /** The gate that it is for, where it is for one. NULL: absent. */
    const char *gate;
    /** Whether every bound holds; true without bounds. */
    bool passed;
    /** Digest of the model file that was evaluated. An evaluation of another file does not count. */
    const char *artifact;
    /** Digest of the data set. */
    const char *data;
    /** Rows of the data set, as a string. */
    const char *rows;
    /** Engine and version that gave the answers. */
    const char *engine;
    /** Metrics that have a value. NULL: absent. */
    const noodle_f64_entry *metrics;
    size_t metrics_count;
    /** What the gate asked for. NULL: absent. */
    const noodle_bound *const *bounds;
    size_t bounds_count;
    /** When it was recorded, in milliseconds since 1970, as a string. */
    const char *at;
};

/** Output of [`Evaluate`]. */
struct noodle_evaluation_report {
    /** sizeof(noodle_evaluation_report). */
    size_t size;
    /** The model. */
    const char *model;
    /** The version. */
    const char *version;
    /** Digest of its file. */
    const char *digest;
    /** Digest of the data set. */
    const char *data;
    /** Rows, as a string. */
    const char *rows;
    /** Engine and version that gave the answers. */
    const char *engine;
    /** The output that was judged. */
    const char *output;
    /** The array that it was compared with. */
    const char *target;
    /** Metrics by name. */
    const noodle_f64_entry *metrics;
    size_t metrics_count;
    /** Metrics that have no value for this data, and why. NULL: absent. */
    const noodle_text_entry *undefined;
    size_t undefined_count;
    /** Rows by right and by answered class, where that was asked for. NULL: absent. */
    const noodle_confusion_row *const *confusion;
    size_t confusion_count;
    /** The gate, where there is one. NULL: absent. */
    const char *gate;
    /** Whether every bound of the gate holds; true without a gate. */
    bool passed;
    /** Bounds that do not hold. NULL: absent. */
    const noodle_bound *const *broken;
    size_t broken_count;
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
    /** Gates that a version must have passed to be deployed or promoted. NULL: absent. */
    const char *const *required_gates;
    size_t required_gates_count;
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

/** A version was evaluated over a data set. */
struct noodle_event_version_evaluated {
    /** sizeof(noodle_event_version_evaluated). */
    size_t size;
    /** The version. */
    const char *version;
    /** What was found. */
    const noodle_evaluation *evaluation;
};

/** How the number of replicas follows demand was changed. */
struct noodle_event_autoscale_set {
    /** sizeof(noodle_event_autoscale_set). */
    size_t size;
    /** How; absent: it does not. NULL: absent. */
    const noodle_autoscale_config *autoscale;
};

/** A revision that is ready began to get a share of the traffic. */
struct noodle_event_rollout_started {
    /** sizeof(noodle_event_rollout_started). */
    size_t size;
    /** Revision that serves. */
    uint32_t baseline;
    /** Revision that is tried. */
    uint32_t candidate;
    /** Secret that decides which keys are the first, as a string. */
    const char *salt;
    /** How it proceeds. */
    const noodle_canary_config *canary;
};

/** The counting of a step began. */
struct noodle_event_rollout_marked {
    /** sizeof(noodle_event_rollout_marked). */
    size_t size;
    /** Number of the step. */
    uint32_t step;
    /** What was counted before. */
    const noodle_seen *from;
};

/** A step passed, and the next one began. */
struct noodle_event_rollout_stepped {
    /** sizeof(noodle_event_rollout_stepped). */
    size_t size;
    /** Number of the step that began. */
    uint32_t step;
    /** Share of the traffic that the candidate gets, in basis points. */
    uint32_t weight;
    /** Why, in a sentence. */
    const char *reason;
    /** What the steps so far have shown, where they were judged. NULL: absent. */
    const noodle_evidence *evidence;
    /** The figures, where it was judged. NULL: absent. */
    const noodle_findings *findings;
};

/** A rollout stopped, went on, or ended. */
struct noodle_event_rollout_phase_changed {
    /** sizeof(noodle_event_rollout_phase_changed). */
    size_t size;
    /** Where it stands. */
    noodle_rollout_phase phase;
    /** Why, in a sentence. */
    const char *reason;
    /** What the steps so far have shown, where they were judged. NULL: absent. */
    const noodle_evidence *evidence;
    /** The figures, where it was judged. NULL: absent. */
    const noodle_findings *findings;
};

/** An experiment was asked for. */
struct noodle_event_experiment_created {
    /** sizeof(noodle_event_experiment_created). */
    size_t size;
    /** What it is. */
    const noodle_experiment *experiment;
};

/** The arms of an experiment got other shares. */
struct noodle_event_experiment_weighted {
    /** sizeof(noodle_event_experiment_weighted). */
    size_t size;
    /** Weight of each arm, in basis points. */
    const uint32_t *weights;
    size_t weights_count;
    /** Which points are whose. */
    const noodle_share *const *shares;
    size_t shares_count;
    /** Why, in a sentence. */
    const char *reason;
};

/** An experiment began, paused or ended. */
struct noodle_event_experiment_phase_changed {
    /** sizeof(noodle_event_experiment_phase_changed). */
    size_t size;
    /** Where it stands. */
    noodle_experiment_phase phase;
    /** Why, in a sentence. */
    const char *reason;
    /** Name of the arm that has won. NULL: absent. */
    const char *winner;
    /** What was found by then, where anything was. NULL: absent. */
    const noodle_experiment_report *report;
};

/** Requests go elsewhere by what they say of themselves. */
struct noodle_event_rules_set {
    /** sizeof(noodle_event_rules_set). */
    size_t size;
    /** In the order in which they count. */
    const noodle_route_rule *const *rules;
    size_t rules_count;
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
        const noodle_event_version_evaluated *version_evaluated;
        const noodle_event_autoscale_set *autoscale_set;
        const noodle_event_rollout_started *rollout_started;
        const noodle_event_rollout_marked *rollout_marked;
        const noodle_event_rollout_stepped *rollout_stepped;
        const noodle_event_rollout_phase_changed *rollout_phase_changed;
        const noodle_event_experiment_created *experiment_created;
        const noodle_event_experiment_weighted *experiment_weighted;
        const noodle_event_experiment_phase_changed *experiment_phase_changed;
        const noodle_event_rules_set *rules_set;
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

/** What has been shown so far. Folds deterministically: the same blocks in the same order give the same bits. */
struct noodle_evidence {
    /** sizeof(noodle_evidence). */
    size_t size;
    /** That the candidate fails more than the margin allows, over all steps. */
    const noodle_proportion_evidence *fails_more;
    /** That it does not, in this step. */
    const noodle_proportion_evidence *fails_no_more;
    /** That it is slower than the margin allows, of the steps before. */
    const noodle_mean_evidence *slower_before;
    /** Of this step. */
    const noodle_mean_evidence *slower;
    /** What requests in the shadow have shown; absent before the first. NULL: absent. */
    const noodle_mirror_evidence *mirror;
    /** What the host's own figures have shown, in the order of the metrics. NULL: absent. */
    const noodle_metric_evidence *const *metrics;
    size_t metrics_count;
    /** What the time in the engine has shown; absent where it decides nothing. NULL: absent. */
    const noodle_metric_evidence *cost;
    /** What answers have shown, of each class or the mean: that it has grown, and that it has fallen. NULL: absent. */
    const noodle_metric_evidence *const *drift;
    size_t drift_count;
    /** What of the step under way is counted in; absent: nothing yet. NULL: absent. */
    const noodle_seen *counted;
};

/** A comparison of versions on a deployment's traffic. */
struct noodle_experiment {
    /** sizeof(noodle_experiment). */
    size_t size;
    /** 1, 2, 3, … within the deployment. */
    uint32_t number;
    /** Its name. */
    const char *name;
    /** What is compared, the control first. */
    const noodle_experiment_arm *const *arms;
    size_t arms_count;
    /** Share of the callers that take no part, in basis points. */
    uint32_t holdout;
    /** By what. */
    const noodle_metric_config *const *metrics;
    size_t metrics_count;
    /** How surely. */
    const noodle_judgement_config *judgement;
    /** Which points are whose; the number after the last arm is the holdout's. */
    const noodle_share *const *shares;
    size_t shares_count;
    /** Where it stands. */
    noodle_experiment_phase phase;
    /** Why, in a sentence. */
    const char *reason;
    /** Secret that decides where keys lie, as a string. */
    const char *salt;
    /** When it first began, in milliseconds since 1970, as a string. NULL: absent. */
    const char *started_at;
    /** When it came to where it stands, in milliseconds since 1970, as a string. */
    const char *since;
    /** Name of the arm that has won. NULL: absent. */
    const char *winner;
    /** What was found when it stopped, or when somebody decided. NULL: absent. */
    const noodle_experiment_report *report;
    /** Attributes whose values are looked at by themselves too. NULL: absent. */
    const char *const *segments;
    size_t segments_count;
};

/** One side of an experiment. */
struct noodle_experiment_arm {
    /** sizeof(noodle_experiment_arm). */
    size_t size;
    /** Name of the arm. */
    const char *name;
    /** Its version. */
    const char *version;
    /** Its revision. */
    uint32_t revision;
    /** Share of the callers that it gets now, in basis points. */
    uint32_t weight;
};

/** Names a deployment whose experiment is to change, and says why. */
struct noodle_experiment_input {
    /** sizeof(noodle_experiment_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** Why. NULL: absent. */
    const char *reason;
};

/** Output of [`PlanExperiment`]. */
struct noodle_experiment_plan {
    /** sizeof(noodle_experiment_plan). */
    size_t size;
    /** Values that each arm needs, as a string. */
    const char *values;
    /** Difference that is found with the power. */
    double difference;
    /** Probability of finding it. */
    double power;
    /** Probability of finding a difference where there is none. */
    double level;
};

/** What an experiment shows at one moment. */
struct noodle_experiment_report {
    /** sizeof(noodle_experiment_report). */
    size_t size;
    /** When, in milliseconds since 1970, as a string. */
    const char *at;
    /** How often each arm was met, the control first. */
    const noodle_exposure *const *exposures;
    size_t exposures_count;
    /** Whether an arm got another share than it should: then no figure here means anything. */
    bool sample_ratio_mismatch;
    /**
     * Whether the figures may be judged now: always with the method sequential, from its horizon on with the method
     * fixed.
     */
    bool due;
    /** Each metric of each arm but the control. */
    const noodle_comparison *const *comparisons;
    size_t comparisons_count;
    /** The arm that is shown to be the best by the primary metrics; absent: none is. NULL: absent. */
    const char *leader;
    /** Whether `regret` is there. */
    bool has_regret;
    /**
     * What was lost so far to arms that are worse, in units of the first primary metric times its values; absent
     * where there is not enough. Without `has_regret`: absent.
     */
    double regret;
    /** All of it in a sentence. */
    const char *summary;
    /** Further tests, which decide nothing; with the method fixed, once it is due. NULL: absent. */
    const noodle_horizon_tests *horizon;
    /**
     * Each metric but quantiles of each arm but the control, in each segment of the callers. Exploratory: it
     * decides nothing. NULL: absent.
     */
    const noodle_segment_comparison *const *segments;
    size_t segments_count;
};

/** Output of the operations on experiments. */
struct noodle_experiment_view {
    /** sizeof(noodle_experiment_view). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** The last experiment; absent: there was none. NULL: absent. */
    const noodle_experiment *experiment;
    /** What it shows: now, while it is open; when it ended, once it is over. NULL: absent. */
    const noodle_experiment_report *report;
    /** The report as a person reads it. NULL: absent. */
    const char *text;
    /**
     * How the intervals of its primary metrics narrowed, oldest first, at up to 64 moments; in the process that
     * decides, as long as it is open. NULL: absent.
     */
    const noodle_interval_at *const *history;
    size_t history_count;
};

/** Input of [`ExplainRequest`]. */
struct noodle_explain_request_input {
    /** sizeof(noodle_explain_request_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** Name that the request had. */
    const char *request_id;
};

/** Input of [`ExplainRoute`]. */
struct noodle_explain_route_input {
    /** sizeof(noodle_explain_route_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** The caller's sticky key. */
    const char *key;
    /** What the request says of itself: name to value. NULL: absent. */
    const noodle_text_entry *attributes;
    size_t attributes_count;
    /**
     * When, in milliseconds since 1970, as a string: who answered then is computed again from the log. Absent: now.
     * NULL: absent.
     */
    const char *at;
};

/** How often an arm was met. */
struct noodle_exposure {
    /** sizeof(noodle_exposure). */
    size_t size;
    /** Name of the arm. */
    const char *arm;
    /** Requests that went to it, as a string. */
    const char *requests;
    /** Its share of all of them; 0 before the first. */
    double share;
    /** Natural logarithm of the evidence that it does not get the share that it should. */
    double mismatch;
};

/** An output that the next step is given as an input. */
struct noodle_fed_tensor {
    /** sizeof(noodle_fed_tensor). */
    size_t size;
    /** The output. */
    const char *output;
    /** The input. */
    const char *input;
};

/** Figures of a comparison. */
struct noodle_figures {
    /** sizeof(noodle_figures). */
    size_t size;
    /** The metric on the control. */
    double control;
    /** The metric on the arm. */
    double arm;
    /** The arm's less the control's. */
    double difference;
    /** Lower end of the interval of the difference. */
    double low;
    /** Upper end. */
    double high;
    /** Whether `relative` is there. */
    bool has_relative;
    /** Difference over the control's; absent where that is 0. Without `has_relative`: absent. */
    double relative;
    /** Probability of a difference as large where there is none, by itself. */
    double p_value;
    /** The same, corrected for how many primary metrics and arms are looked at. */
    double adjusted_p_value;
    /** Probability that the arm is better, if nothing was known before. */
    double chance_better;
    /** What choosing the arm costs on average, in units of the metric: how much worse it is where it is worse. */
    double expected_loss;
    /** Whether `variance_reduction` is there. */
    bool has_variance_reduction;
    /**
     * Share of the variance that allowing for what was before takes away; absent: nothing was recorded before.
     * Without `has_variance_reduction`: absent.
     */
    double variance_reduction;
};

/** The figures of a step, and what they are held against. */
struct noodle_findings {
    /** sizeof(noodle_findings). */
    size_t size;
    /** Requests of the candidate in this step, as a string. */
    const char *candidate_requests;
    /** Requests of the baseline in this step, as a string. */
    const char *baseline_requests;
    /** Share of the candidate's requests that failed. */
    double candidate_error_rate;
    /** Share of the baseline's. */
    double baseline_error_rate;
    /** Whether `latency_ratio` is there. */
    bool has_latency_ratio;
    /**
     * The candidate's latency over the baseline's (geometric means); absent before both have answered. In the
     * shadow the time in the engine, which decides nothing: everything else on the machine goes before the shadow.
     * Without `has_latency_ratio`: absent.
     */
    double latency_ratio;
    /** Natural logarithm of the evidence that the candidate fails more than the margin allows, over all steps. */
    double fails_more;
    /** That it does not, in this step. */
    double fails_no_more;
    /** That it is slower than the margin allows, over all steps. */
    double slower;
    /** That it is not, in this step. */
    double no_slower;
    /**
     * What evidence of the first kind has to reach to end the rollout: the kinds that are looked at share the
     * level.
     */
    double to_abort;
    /** What both of the second kind have to reach for the step to pass. */
    double to_pass;
    /** Whether `mismatch` is there. */
    bool has_mismatch;
    /**
     * Natural logarithm of the evidence that the candidate does not get the share of the requests that it should,
     * since whoever decides began to look at the step. Without `has_mismatch`: absent.
     */
    double mismatch;
    /** How far answers in the shadow are from those that callers got; absent in a step with traffic. NULL: absent. */
    const noodle_mirror_findings *mirror;
    /** The host's own figures, in the order of the metrics. NULL: absent. */
    const noodle_metric_findings *const *metrics;
    size_t metrics_count;
    /** What requests cost; absent where that decides nothing, and in the shadow. NULL: absent. */
    const noodle_cost_findings *cost;
    /** How far answers are distributed otherwise; absent likewise. NULL: absent. */
    const noodle_drift_findings *drift;
    /** How many of the recorded requests have run; absent in another step. NULL: absent. */
    const noodle_replay_findings *replay;
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

/** A gate: a name, and what metrics must reach. */
struct noodle_gate {
    /** sizeof(noodle_gate). */
    size_t size;
    /** Name, as a deployment requires it. */
    const char *name;
    /** What must hold, 1 to 64; a metric that is bounded is computed. */
    const noodle_bound *const *bounds;
    size_t bounds_count;
};

/** Input of [`GetAutoscale`]. */
struct noodle_get_autoscale_input {
    /** sizeof(noodle_get_autoscale_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
};

/** One GPU. */
struct noodle_gpu_reading {
    /** sizeof(noodle_gpu_reading). */
    size_t size;
    /** Its number. */
    uint32_t index;
    /** As in `NVIDIA H100 PCIe`. NULL: absent. */
    const char *name;
    /** Stays the same over restarts. NULL: absent. */
    const char *uuid;
    /** Whether `utilization_percent` is there. */
    bool has_utilization_percent;
    /**
     * Share of the last sampling period of the driver in which something ran, 0 to 100. Without
     * `has_utilization_percent`: absent.
     */
    uint32_t utilization_percent;
    /** Whether `memory_total_bytes` is there. */
    bool has_memory_total_bytes;
    /** Bytes of its memory. Without `has_memory_total_bytes`: absent. */
    uint64_t memory_total_bytes;
    /** Whether `memory_used_bytes` is there. */
    bool has_memory_used_bytes;
    /** Bytes of it in use, by all processes. Without `has_memory_used_bytes`: absent. */
    uint64_t memory_used_bytes;
    /** Whether `temperature_celsius` is there. */
    bool has_temperature_celsius;
    /** Degrees Celsius. Without `has_temperature_celsius`: absent. */
    uint32_t temperature_celsius;
    /** Whether `power_watts` is there. */
    bool has_power_watts;
    /** Watts. Without `has_power_watts`: absent. */
    double power_watts;
};

/** GPUs that NVIDIA's management library (NVML) sees. */
struct noodle_gpu_readings {
    /** sizeof(noodle_gpu_readings). */
    size_t size;
    /** One for each, in the library's order. */
    const noodle_gpu_reading *const *devices;
    size_t devices_count;
    /** Why nothing could be read; absent where the library answered. NULL: absent. */
    const char *unavailable;
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

/**
 * Tests that treat all values as independent, also those of one caller. They decide nothing, and are not corrected
 * for how many there are.
 */
struct noodle_horizon_tests {
    /** sizeof(noodle_horizon_tests). */
    size_t size;
    /** Of each metric of the kind proportion, where every arm has values and not all are alike. */
    const noodle_proportions_test *const *proportions;
    size_t proportions_count;
    /**
     * Of each metric of the kinds mean and quantile, and each arm but the control. Values count as they are kept:
     * within a hundredth of their size, latencies within a thirtieth.
     */
    const noodle_ranks_test *const *ranks;
    size_t ranks_count;
};

/** An interval as it was at one moment. */
struct noodle_interval_at {
    /** sizeof(noodle_interval_at). */
    size_t size;
    /** When, in milliseconds since 1970, as a string. */
    const char *at;
    /** The metric. */
    const char *metric;
    /** The arm. */
    const char *arm;
    /** The arm's less the control's. */
    double difference;
    /** Lower end of the interval of the difference. */
    double low;
    /** Upper end. */
    double high;
    /** Values of both arms by then, as a string. */
    const char *values;
};

/** Requests that are remembered. */
struct noodle_journal_config {
    /** sizeof(noodle_journal_config). */
    size_t size;
    /** Whether `requests` is there. */
    bool has_requests;
    /** How many at most; 0: none. Default 10 000. Without `has_requests`: 10000. */
    uint32_t requests;
    /** Whether `ms` is there. */
    bool has_ms;
    /** For how many milliseconds. Default a day. Without `has_ms`: 86400000. */
    uint64_t ms;
};

/** How an experiment is judged. */
struct noodle_judgement_config {
    /** sizeof(noodle_judgement_config). */
    size_t size;
    /** What intervals and p-values stand for. Default sequential. 0: absent. */
    noodle_method method;
    /** Whether `level` is there. */
    bool has_level;
    /**
     * Probability that a difference is found where there is none. 0.0001 to 0.5, default 0.05. Without `has_level`:
     * absent.
     */
    double level;
    /** How p-values of the primary metrics are corrected. Default holm. 0: absent. */
    noodle_correction correction;
    /** How often every arm has to be met for the fixed method, as a string. NULL: absent. */
    const char *horizon;
    /** Milliseconds after its start when it stops by itself, as a string; absent: it does not. NULL: absent. */
    const char *max_ms;
    /** Whether `stop_early` is there. */
    bool has_stop_early;
    /**
     * Whether it stops by itself once every primary metric is decided. Default false. Without `has_stop_early`:
     * absent.
     */
    bool stop_early;
    /** Who gets which share. Default fixed. 0: absent. */
    noodle_allocation allocation;
};

/** The right class of one request. */
struct noodle_label {
    /** sizeof(noodle_label). */
    size_t size;
    /** Name that the request had. */
    const char *request_id;
    /** Name of the class. */
    const char *label;
};

/** A promise about latency: at `quantile`, requests take `ms` or less. */
struct noodle_latency_objective {
    /** sizeof(noodle_latency_objective). */
    size_t size;
    /** Share of the requests, 0.5 to 0.9999. */
    double quantile;
    /** Time from arrival to answer. */
    double ms;
};

/** What a control group (cgroup) or an affinity leaves to the process, where that is less than the machine has. */
struct noodle_limit_reading {
    /** sizeof(noodle_limit_reading). */
    size_t size;
    /** Whether `cpus` is there. */
    bool has_cpus;
    /** CPUs that it may use at once, rounded down, but one at least. Without `has_cpus`: absent. */
    uint32_t cpus;
    /** Whether `memory_bytes` is there. */
    bool has_memory_bytes;
    /** Bytes of memory that the processes of its group may use together. Without `has_memory_bytes`: absent. */
    uint64_t memory_bytes;
    /** Whether `memory_left_bytes` is there. */
    bool has_memory_left_bytes;
    /**
     * Bytes that are left until then. What the group has in the page cache counts as used. Without
     * `has_memory_left_bytes`: absent.
     */
    uint64_t memory_left_bytes;
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

/** The machine that measured. */
struct noodle_machine_facts {
    /** sizeof(noodle_machine_facts). */
    size_t size;
    /** Architecture, as in `x86_64`. */
    const char *architecture;
    /** Operating system, as in `linux`. */
    const char *system;
    /** Name of the processor, where it can be told. */
    const char *processor;
    /** Threads that run at once. */
    uint32_t hardware_threads;
};

/** What the machine has and uses. */
struct noodle_machine_reading {
    /** sizeof(noodle_machine_reading). */
    size_t size;
    /** Whether `cores` is there. */
    bool has_cores;
    /** Logical CPUs. Without `has_cores`: absent. */
    uint32_t cores;
    /** Whether `cpu_percent` is there. */
    bool has_cpu_percent;
    /** Share of all CPUs that was used in the interval, 0 to 100. Without `has_cpu_percent`: absent. */
    double cpu_percent;
    /** Whether `load_1m` is there. */
    bool has_load_1m;
    /** Threads that ran or waited for a CPU, on average over one minute. Without `has_load_1m`: absent. */
    double load_1m;
    /** Whether `load_5m` is there. */
    bool has_load_5m;
    /** Over five minutes. Without `has_load_5m`: absent. */
    double load_5m;
    /** Whether `load_15m` is there. */
    bool has_load_15m;
    /** Over fifteen minutes. Without `has_load_15m`: absent. */
    double load_15m;
    /** Whether `memory_total_bytes` is there. */
    bool has_memory_total_bytes;
    /** Bytes of memory. Without `has_memory_total_bytes`: absent. */
    uint64_t memory_total_bytes;
    /** Whether `memory_available_bytes` is there. */
    bool has_memory_available_bytes;
    /** Bytes of memory that can be had without swapping. Without `has_memory_available_bytes`: absent. */
    uint64_t memory_available_bytes;
    /** Whether `swap_total_bytes` is there. */
    bool has_swap_total_bytes;
    /** Bytes of swap space. Without `has_swap_total_bytes`: absent. */
    uint64_t swap_total_bytes;
    /** Whether `swap_used_bytes` is there. */
    bool has_swap_used_bytes;
    /** Bytes of it in use. Without `has_swap_used_bytes`: absent. */
    uint64_t swap_used_bytes;
    /** Whether `disk_total_bytes` is there. */
    bool has_disk_total_bytes;
    /** Bytes of the file system on which the handle's directory lies. Without `has_disk_total_bytes`: absent. */
    uint64_t disk_total_bytes;
    /** Whether `disk_available_bytes` is there. */
    bool has_disk_available_bytes;
    /** Bytes of it that may still be written. Without `has_disk_available_bytes`: absent. */
    uint64_t disk_available_bytes;
    /** Whether `network_received_bytes` is there. */
    bool has_network_received_bytes;
    /**
     * Bytes that all interfaces but loopback received since they came up. Without `has_network_received_bytes`:
     * absent.
     */
    uint64_t network_received_bytes;
    /** Whether `network_sent_bytes` is there. */
    bool has_network_sent_bytes;
    /** Bytes that they sent. Without `has_network_sent_bytes`: absent. */
    uint64_t network_sent_bytes;
};

/** What is known of a difference of means: score and information, which add up over strata. */
struct noodle_mean_evidence {
    /** sizeof(noodle_mean_evidence). */
    size_t size;
    /** Difference beyond the margin, times the information. */
    double score;
    /** One over the variance of the difference. */
    double information;
};

/** Output of [`SetMemoryBudget`]. */
struct noodle_memory_budget_view {
    /** sizeof(noodle_memory_budget_view). */
    size_t size;
    /** Bytes that models may hold, as a string; absent: no limit. NULL: absent. */
    const char *limit_bytes;
    /** Bytes that they hold, as a string. More than the limit as long as what is resident, or runs, does not fit. */
    const char *used_bytes;
};

/** Something that is compared between the arms. */
struct noodle_metric_config {
    /** sizeof(noodle_metric_config). */
    size_t size;
    /** Name of the metric. */
    const char *name;
    /** How it comes out of outcomes. */
    noodle_metric_kind kind;
    /** Which way is better. */
    noodle_goal goal;
    /** What it is for. */
    noodle_metric_role role;
    /**
     * The outcome that it is of; absent: the one of the metric's name. `latency_ms` and `failed` are recorded for
     * every request. NULL: absent.
     */
    const char *outcome;
    /** The outcome whose sum a ratio divides by; only with the kind ratio. NULL: absent. */
    const char *per;
    /** Whether `quantile` is there. */
    bool has_quantile;
    /** Which quantile, between 0 and 1; only with the kind quantile. Without `has_quantile`: absent. */
    double quantile;
    /** Whether `margin` is there. */
    bool has_margin;
    /**
     * By how much, relative to the control, an arm may be worse before a guardrail counts it as worse. Default 0.
     * Without `has_margin`: absent.
     */
    double margin;
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

/** What one metric has shown: that its mean on the candidate is worse by more than the margin. */
struct noodle_metric_evidence {
    /** sizeof(noodle_metric_evidence). */
    size_t size;
    /** Of the steps before. */
    const noodle_mean_evidence *before;
    /** Of this step. */
    const noodle_mean_evidence *now;
};

/** One metric in a step. */
struct noodle_metric_findings {
    /** sizeof(noodle_metric_findings). */
    size_t size;
    /** Name of the metric. */
    const char *name;
    /** Values of the candidate, as a string. */
    const char *candidate_values;
    /** Values of the baseline, as a string. */
    const char *baseline_values;
    /** Whether `candidate_mean` is there. */
    bool has_candidate_mean;
    /** Mean of the candidate; absent without values. Without `has_candidate_mean`: absent. */
    double candidate_mean;
    /** Whether `baseline_mean` is there. */
    bool has_baseline_mean;
    /** Mean of the baseline; absent likewise. Without `has_baseline_mean`: absent. */
    double baseline_mean;
    /** Natural logarithm of the evidence that the candidate is worse by more than the margin, over all steps. */
    double worse;
    /** That it is not, in this step. */
    double no_worse;
};

/** Output of [`GetMetrics`]. */
struct noodle_metrics_report {
    /** sizeof(noodle_metrics_report). */
    size_t size;
    /** Revisions by deployment, newest first. */
    const noodle_revision_metrics_list_entry *deployments;
    size_t deployments_count;
};

/** Which requests run in the shadow. */
struct noodle_mirror_config {
    /** sizeof(noodle_mirror_config). */
    size_t size;
    /** Their share, in basis points, 1 to 10000. */
    uint32_t share;
};

/** What requests in the shadow have shown so far, over all steps of this kind. */
struct noodle_mirror_evidence {
    /** sizeof(noodle_mirror_evidence). */
    size_t size;
    /** That the candidate fails more of what the baseline answered than the margin allows. */
    const noodle_rate_evidence *fails_more;
    /** That it does not. */
    const noodle_rate_evidence *fails_no_more;
    /** That more of its answers differ than are allowed. */
    const noodle_rate_evidence *differs_more;
    /** That no more do. */
    const noodle_rate_evidence *differs_no_more;
};

/** How far the candidate's answers are from the baseline's to the same requests. */
struct noodle_mirror_findings {
    /** sizeof(noodle_mirror_findings). */
    size_t size;
    /** Requests of the step that both have answered, as a string. */
    const char *compared;
    /**
     * Requests that were not run a second time, because too many waited; of recorded ones those that do not read,
     * do not fit, or are not answered by the baseline. As a string.
     */
    const char *skipped;
    /**
     * Share of the answers that differ: another class first, or, of what is no classification, numbers beyond the
     * tolerance.
     */
    double differing;
    /** The largest difference between numbers of an answer, on average over the requests. */
    double mean_difference;
    /** The largest of all. */
    double largest_difference;
    /**
     * Natural logarithm of the evidence that more answers differ than are allowed; 0 where nothing is said about
     * that.
     */
    double differs_more;
    /** That no more do; 0 likewise. */
    double differs_no_more;
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

/** What loaded models hold in this process. */
struct noodle_model_memory {
    /** sizeof(noodle_model_memory). */
    size_t size;
    /** Bytes that they are charged for together; what several share counts once. */
    uint64_t used_bytes;
    /** Whether `limit_bytes` is there. */
    bool has_limit_bytes;
    /** Bytes that they may hold; absent: no limit. Without `has_limit_bytes`: absent. */
    uint64_t limit_bytes;
    /** Loaded revisions, by deployment and number. */
    const noodle_revision_memory *const *revisions;
    size_t revisions_count;
};

/** Names a model. */
struct noodle_model_ref {
    /** sizeof(noodle_model_ref). */
    size_t size;
    /** The model. */
    const char *model;
};

/** Sums of values, which add up and can be subtracted. */
struct noodle_moments {
    /** sizeof(noodle_moments). */
    size_t size;
    /** How many. */
    double n;
    /** Their sum. */
    double sum;
    /** The sum of their squares. */
    double squares;
};

/** One node over all runs. */
struct noodle_node_profile {
    /** sizeof(noodle_node_profile). */
    size_t size;
    /** Name in the engine's plan; parts that the engine made out of a node carry its name and a suffix. */
    const char *name;
    /** Operator of the engine's plan, which may be a fused or lowered one. */
    const char *op;
    /** Evaluations over all runs. */
    uint32_t calls;
    /** Mean time of one evaluation in microseconds. */
    double mean_us;
    /** Time over all runs in microseconds. */
    double total_us;
    /** Share of the whole run time, 0 to 1. */
    double share;
    /** Bytes of its outputs in one evaluation, as a string. */
    const char *output_bytes;
    /** Its outputs in the last evaluation, as in `f32[1, 64]`. */
    const char *const *shapes;
    size_t shapes_count;
};

/** What came of something. Exactly one of `key`, `revision` and `request_id` says of what. */
struct noodle_outcome {
    /** sizeof(noodle_outcome). */
    size_t size;
    /** Name of the outcome, as metrics say it. */
    const char *name;
    /** How much. */
    double value;
    /** The caller's sticky key: it says which arm it was. NULL: absent. */
    const char *key;
    /** Whether `revision` is there. */
    bool has_revision;
    /**
     * Revision that answered, of a caller without a key. Two arms of one revision cannot be told apart by it.
     * Without `has_revision`: absent.
     */
    uint32_t revision;
    /**
     * Name that the request had: what is remembered of it says which arm it was, and whose caller's. Only in the
     * process that answered, and as long as it remembers. NULL: absent.
     */
    const char *request_id;
    /**
     * What is known of it, as its request said it or from elsewhere: where the experiment has segments, it counts
     * in those too, with values of up to 256 bytes each. NULL: absent.
     */
    const noodle_text_entry *attributes;
    size_t attributes_count;
};

/** What the host recorded of one name. */
struct noodle_outcome_sums {
    /** sizeof(noodle_outcome_sums). */
    size_t size;
    /** The name. */
    const char *name;
    /** The values. */
    const noodle_moments *values;
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

/** One part of the latency, in microseconds; quantiles are off by at most 3.2 %. */
struct noodle_phase {
    /** sizeof(noodle_phase). */
    size_t size;
    /** Mean. */
    double mean_us;
    /** Median. */
    double p50_us;
    /** 95th percentile. */
    double p95_us;
    /** 99th percentile. */
    double p99_us;
};

/** The parts of a latency: their means add up to the mean latency of the requests that an engine ran. */
struct noodle_phase_metrics {
    /** sizeof(noodle_phase_metrics). */
    size_t size;
    /** Waiting for a free replica. */
    const noodle_phase *queue;
    /** Waiting for a batch to begin. */
    const noodle_phase *batch_wait;
    /** Checking the inputs and putting them together. */
    const noodle_phase *input;
    /** In the engine. */
    const noodle_phase *compute;
    /** Splitting, keeping and handing over the answer. */
    const noodle_phase *output;
};

/** What an experiment is planned by: a proportion, or a mean with its deviation. */
struct noodle_plan_experiment_input {
    /** sizeof(noodle_plan_experiment_input). */
    size_t size;
    /** The metric on the control: a proportion between 0 and 1, or a mean. */
    double baseline;
    /** Whether `deviation` is there. */
    bool has_deviation;
    /** Standard deviation of the values of a mean; absent: it is a proportion. Without `has_deviation`: absent. */
    double deviation;
    /** Whether `difference` is there. */
    bool has_difference;
    /**
     * Difference that is to be found, in units of the metric; absent: `values` is given, and the difference is
     * asked for. Without `has_difference`: absent.
     */
    double difference;
    /** Values that each arm gets, as a string; absent: it is asked for. NULL: absent. */
    const char *values;
    /** Whether `level` is there. */
    bool has_level;
    /**
     * Probability of finding a difference where there is none, two-sided. Default 0.05. Without `has_level`:
     * absent.
     */
    double level;
    /** Whether `power` is there. */
    bool has_power;
    /** Probability of finding the difference where it is there. Default 0.8. Without `has_power`: absent. */
    double power;
};

/** Levels of priority of a deployment's requests, and rules for each. */
struct noodle_priorities {
    /** sizeof(noodle_priorities). */
    size_t size;
    /** Whether `levels` is there. */
    bool has_levels;
    /** Levels, 1 to 16. Default 3. Level 1 is the most urgent. Without `has_levels`: 3. */
    uint32_t levels;
    /** Whether `default_level` is there. */
    bool has_default_level;
    /**
     * Level of a request that names none, 1 to `levels`. Default: the middle one, `levels` / 2 + 1. Without
     * `has_default_level`: absent.
     */
    uint32_t default_level;
    /** Whether `patience_ms` is there. */
    bool has_patience_ms;
    /**
     * Milliseconds after which a request that waits counts as one level more urgent, and again after as many more;
     * 1 to 3 600 000. Default 1000. Without `has_patience_ms`: 1000.
     */
    uint32_t patience_ms;
    /**
     * Rules for single levels. Default none: requests of every level share the queue, and wait as long as they may.
     * NULL: absent.
     */
    const noodle_queue_policy *const *policies;
    size_t policies_count;
};

/** What this process uses. */
struct noodle_process_reading {
    /** sizeof(noodle_process_reading). */
    size_t size;
    /** Its number. */
    uint32_t pid;
    /** Whether `cpu_time_ms` is there. */
    bool has_cpu_time_ms;
    /**
     * Milliseconds that its threads ran on CPUs since it began, in the system's calls too. Without
     * `has_cpu_time_ms`: absent.
     */
    uint64_t cpu_time_ms;
    /** Whether `cpu_percent` is there. */
    bool has_cpu_percent;
    /** Share of a CPU that it used in the interval, in percent: 200 is two CPUs. Without `has_cpu_percent`: absent. */
    double cpu_percent;
    /** Whether `resident_bytes` is there. */
    bool has_resident_bytes;
    /** Bytes in memory. Without `has_resident_bytes`: absent. */
    uint64_t resident_bytes;
    /** Whether `peak_resident_bytes` is there. */
    bool has_peak_resident_bytes;
    /** Most bytes that it ever had in memory. Without `has_peak_resident_bytes`: absent. */
    uint64_t peak_resident_bytes;
    /** Whether `virtual_bytes` is there. */
    bool has_virtual_bytes;
    /** Bytes of its address space. Without `has_virtual_bytes`: absent. */
    uint64_t virtual_bytes;
    /** Whether `threads` is there. */
    bool has_threads;
    /** Threads. Without `has_threads`: absent. */
    uint32_t threads;
    /** Whether `open_files` is there. */
    bool has_open_files;
    /** Open files and sockets. Without `has_open_files`: absent. */
    uint32_t open_files;
    /** Whether `disk_read_bytes` is there. */
    bool has_disk_read_bytes;
    /**
     * Bytes that it caused to be read from disks since it began; what the page cache had is none. Without
     * `has_disk_read_bytes`: absent.
     */
    uint64_t disk_read_bytes;
    /** Whether `disk_written_bytes` is there. */
    bool has_disk_written_bytes;
    /** Bytes that it caused to be written to disks since it began. Without `has_disk_written_bytes`: absent. */
    uint64_t disk_written_bytes;
};

/** Input of [`Profile`]. */
struct noodle_profile_input {
    /** sizeof(noodle_profile_input). */
    size_t size;
    /** The model. */
    const char *model;
    /** A version, an alias, or `latest`. NULL: `latest`. */
    const char *version;
    /** Where the model is to run; absent: the default target. NULL: absent. */
    const char *target;
    /** Engine; absent: the default, else the reference engine. NULL: absent. */
    const char *engine;
    /** Whether `threads` is there. */
    bool has_threads;
    /** Threads that a run may use, 1 to 256. Without `has_threads`: 1. */
    uint32_t threads;
    /** Whether `batch` is there. */
    bool has_batch;
    /** Rows of a run, 1 to 4096. Without `has_batch`: 1. */
    uint32_t batch;
    /**
     * Sizes of inputs where inputs are generated: input name to sizes; the first one gives way to the batch. NULL:
     * absent.
     */
    const noodle_u32_list_entry *shapes;
    size_t shapes_count;
    /** Whether `runs` is there. */
    bool has_runs;
    /** Runs to add up, 1 to 1000; fewer where they take more than 30 seconds together. Without `has_runs`: 20. */
    uint32_t runs;
};

/** Output of [`Profile`]. */
struct noodle_profile_report {
    /** sizeof(noodle_profile_report). */
    size_t size;
    /** The model. */
    const char *model;
    /** The version. */
    const char *version;
    /** Digest of its file. */
    const char *digest;
    /** Engine and version, as in `tract 0.23.9`. */
    const char *engine;
    /** The machine that measured. */
    const noodle_machine_facts *machine;
    /** Where inputs come from: `probes` of the version, or `generated`. */
    const char *inputs;
    /** Runs that were added up. */
    uint32_t runs;
    /** Mean time of a run from inputs to outputs in microseconds. */
    double run_us;
    /** Of that, within nodes. */
    double attributed_us;
    /** Of that, outside of nodes: inputs and outputs, the walk over the plan, the clock itself. */
    double unattributed_us;
    /**
     * Largest number of bytes that outputs of nodes hold at once, as a string: an upper bound, since a node may
     * write over what it reads.
     */
    const char *peak_intermediate_bytes;
    /** Bytes that the loaded model holds, as a string: weights, plans, packed constants. */
    const char *memory_bytes;
    /** Nodes of the engine's plan, the most expensive first. */
    const noodle_node_profile *const *nodes;
    size_t nodes_count;
    /** Nodes that are left out, those that cost least. */
    uint32_t left_out;
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

/** Evidence about the difference of two proportions. */
struct noodle_proportion_evidence {
    /** sizeof(noodle_proportion_evidence). */
    size_t size;
    /** Logarithm of the e-value of each alternative. */
    const double *log_e;
    size_t log_e_count;
    /** Trials of the control so far. */
    double control_n;
    /** Its hits so far. */
    double control_hits;
};

/** Whether the proportions of all arms are the same. */
struct noodle_proportions_test {
    /** sizeof(noodle_proportions_test). */
    size_t size;
    /** The metric. */
    const char *metric;
    /** Pearson's chi-square, without a correction for continuity. */
    double statistic;
    /** Its degrees of freedom: the arms less one. */
    double df;
    /** Probability of proportions as far apart where all are the same. */
    double p_value;
};

/** How requests of one level wait. */
struct noodle_queue_policy {
    /** sizeof(noodle_queue_policy). */
    size_t size;
    /** The level, 1 to `levels`. */
    uint32_t level;
    /** Whether `max_queue` is there. */
    bool has_max_queue;
    /**
     * Requests of the level that may wait, from 1; one more is refused with `overloaded`. Default: the queue of the
     * deployment alone sets the limit. Without `has_max_queue`: absent.
     */
    uint32_t max_queue;
    /** Whether `default_timeout_ms` is there. */
    bool has_default_timeout_ms;
    /**
     * Milliseconds that a request without a timeout of its own may wait, 1 to 3 600 000. Default: as long as it
     * takes. Without `has_default_timeout_ms`: absent.
     */
    uint32_t default_timeout_ms;
    /** What becomes of a request that waited so long. Default `reject`. 0: `reject`. */
    noodle_timeout_action timeout_action;
};

/**
 * Whether values of an arm tend to be larger or smaller than the control's (Mann and Whitney 1947), corrected for
 * ties.
 */
struct noodle_ranks_test {
    /** sizeof(noodle_ranks_test). */
    size_t size;
    /** The metric. */
    const char *metric;
    /** The arm. */
    const char *arm;
    /**
     * Pairs of a value of the arm and one of the control of which the arm's is the larger, and half of those that
     * are equal.
     */
    double u;
    /** How many standard errors that is above half of all pairs. */
    double z;
    /** Two-sided probability of a `z` as far from 0 where neither tends to be larger. */
    double p_value;
    /**
     * Chance that a value of the arm exceeds one of the control, and half of that of equal ones (the
     * common-language effect).
     */
    double superiority;
};

/** Evidence about one rate. */
struct noodle_rate_evidence {
    /** sizeof(noodle_rate_evidence). */
    size_t size;
    /** Logarithm of the e-value of each alternative. */
    const double *log_e;
    size_t log_e_count;
};

/** Input of [`RecordLabels`]. */
struct noodle_record_labels_input {
    /** sizeof(noodle_record_labels_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** Labels of its requests, at most 10000. */
    const noodle_label *const *labels;
    size_t labels_count;
};

/** Input of [`RecordOutcomes`]. */
struct noodle_record_outcomes_input {
    /** sizeof(noodle_record_outcomes_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** What came of its requests, at most 10000; all of them are taken, or none. */
    const noodle_outcome *const *outcomes;
    size_t outcomes_count;
};

/** Output of [`RecordLabels`]. */
struct noodle_recorded_labels {
    /** sizeof(noodle_recorded_labels). */
    size_t size;
    /** Requests of this process that are remembered and had an answer with classes. */
    uint32_t known;
    /** Those of them whose first class was the right one. */
    uint32_t right;
    /** Labels that a rollout or an experiment took, as the outcome `accuracy`: 1 where the class was right, else 0. */
    uint32_t recorded;
    /** Labels of requests that are not remembered, or had no such answer, or their label already. */
    uint32_t unknown;
};

/** Output of [`RecordOutcomes`]. */
struct noodle_recorded_outcomes {
    /** sizeof(noodle_recorded_outcomes). */
    size_t size;
    /** Outcomes that an arm got. */
    uint32_t recorded;
    /** Outcomes of callers who take no part. */
    uint32_t held_out;
    /**
     * Outcomes that came when the experiment was over, or of requests that were part of an earlier one, and are not
     * taken.
     */
    uint32_t late;
    /** Outcomes of requests that are not remembered, or not any more, as a string. */
    const char *unknown;
};

/** Requests that are recorded, by deployment. What callers send is kept on the disk as they sent it. */
struct noodle_recording_config {
    /** sizeof(noodle_recording_config). */
    size_t size;
    /** Whether `requests` is there. */
    bool has_requests;
    /**
     * How many of a deployment at most, up to 10 000; 0: none, and what is there is removed at the next open.
     * Default 1 000. Without `has_requests`: 1000.
     */
    uint32_t requests;
    /** Whether `bytes` is there. */
    bool has_bytes;
    /** How many bytes of a deployment at most, 1 MiB or more. Default 256 MiB. Without `has_bytes`: 268435456. */
    uint64_t bytes;
    /** Whether `ms` is there. */
    bool has_ms;
    /** For how many milliseconds each is kept. Default a day. Without `has_ms`: 86400000. */
    uint64_t ms;
};

/** Recorded requests of a deployment. */
struct noodle_recording_view {
    /** sizeof(noodle_recording_view). */
    size_t size;
    /** How many, as a string. */
    const char *requests;
    /** Bytes of their files, as a string. */
    const char *bytes;
    /** When the oldest was answered, in milliseconds since 1970, as a string; absent: there is none. NULL: absent. */
    const char *since;
    /**
     * Requests that this process was to record since it opened the directory, and has not, as they were too large
     * or came too fast, as a string.
     */
    const char *skipped;
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

/** Which recorded requests run on the new revision. */
struct noodle_replay_config {
    /** sizeof(noodle_replay_config). */
    size_t size;
    /** Whether `requests` is there. */
    bool has_requests;
    /** How many at most, the newest first, 1 to 10000. Default 1000. Without `has_requests`: 1000. */
    uint32_t requests;
};

/** How far a replay is. */
struct noodle_replay_findings {
    /** sizeof(noodle_replay_findings). */
    size_t size;
    /** Recorded requests of the step, as a string. */
    const char *recorded;
    /** Those of them that have run or were skipped, as a string. */
    const char *run;
};

/** Replicas of both revisions in each process while a step lasts. */
struct noodle_replica_counts {
    /** sizeof(noodle_replica_counts). */
    size_t size;
    /** Of the revision that is brought in, 1 or more. */
    uint32_t candidate;
    /** Of the one that served before, 1 or more. */
    uint32_t baseline;
};

/** What one replica did since it was started. */
struct noodle_replica_load {
    /** sizeof(noodle_replica_load). */
    size_t size;
    /** Runs, whole batches among them. */
    const char *runs;
    /** Microseconds in the engine. */
    const char *busy_us;
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
    /** How an `on_demand` revision came and went; absent for a resident one. NULL: absent. */
    const noodle_residency_status *residency;
};

/** Requests of one revision. */
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
    /** Requests under way. NULL: `0`. */
    const char *in_flight;
    /** Where the time of the requests went that an engine ran; absent before the first. NULL: absent. */
    const noodle_phase_metrics *phases;
    /** Whether `batch_rows_mean` is there. */
    bool has_batch_rows_mean;
    /**
     * Rows of a run that a request was part of, on average over requests; absent where requests are not batched.
     * Without `has_batch_rows_mean`: absent.
     */
    double batch_rows_mean;
};

/** Output of [`ExplainRequest`]. */
struct noodle_request_view {
    /** sizeof(noodle_request_view). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** Name that the request had. */
    const char *request_id;
    /** When it ended, in milliseconds since 1970, as a string. */
    const char *at;
    /** The revision that it went to. */
    uint32_t revision;
    /** Its version. */
    const char *version;
    /** Name of the error, where it failed. NULL: absent. */
    const char *error;
    /** The class that came first, of one row with classes that have names. NULL: absent. */
    const char *label;
};

/** How an `on_demand` revision came and went in this process. */
struct noodle_residency_status {
    /** sizeof(noodle_residency_status). */
    size_t size;
    /** Whether it is loaded. */
    bool loaded;
    /** Loads that a request waited for, as a string. */
    const char *cold_loads;
    /** Unloads that made room for another one, as a string. */
    const char *evictions;
    /** Unloads because no request came for long enough, as a string. */
    const char *idle_unloads;
    /** Whether `last_load_ms` is there. */
    bool has_last_load_ms;
    /**
     * Milliseconds that the last load took, verification included; absent before the first one. Without
     * `has_last_load_ms`: absent.
     */
    uint32_t last_load_ms;
};

/** What this process and its machine use now. Where a figure is absent, the platform does not tell it. */
struct noodle_resource_report {
    /** sizeof(noodle_resource_report). */
    size_t size;
    /** Whether `interval_ms` is there. */
    bool has_interval_ms;
    /**
     * Milliseconds that percentages of CPUs are taken over: since the reading before, at least 200; absent at the
     * first reading of a handle, which has no percentages. Without `has_interval_ms`: absent.
     */
    uint64_t interval_ms;
    /** This process, with all that its host does in it. */
    const noodle_process_reading *process;
    /** The machine, or what a container shows of it. */
    const noodle_machine_reading *machine;
    /** What the system leaves to the process of the machine. */
    const noodle_limit_reading *limits;
    /** GPUs. */
    const noodle_gpu_readings *gpus;
    /** Memory of loaded models. */
    const noodle_model_memory *models;
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
    /** When it is loaded; absent: it is resident. 0: absent. */
    noodle_loading loading;
    /**
     * Milliseconds without a request after which it is unloaded, as a string; absent: only to make room. NULL:
     * absent.
     */
    const char *unload_after_ms;
    /** What it was tuned to, and the figures behind it; absent: it was not. NULL: absent. */
    const noodle_tuning *tuning;
    /** What sessions carry from call to call; absent: nothing. NULL: absent. */
    const noodle_state_config *state;
    /** How one request gives many answers; absent: it cannot. NULL: absent. */
    const noodle_stream_config *stream;
    /** How traffic moves to it, where that goes by steps. NULL: absent. */
    const noodle_canary_config *canary;
};

/** What one loaded revision holds. */
struct noodle_revision_memory {
    /** sizeof(noodle_revision_memory). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** Number of the revision. */
    uint32_t revision;
    /** Version of the model. */
    const char *version;
    /**
     * Bytes of its weights and plans, those that it shares with others too; 0 while an `on_demand` one is not
     * loaded.
     */
    uint64_t bytes;
};

/** Requests of one revision. */
struct noodle_revision_metrics {
    /** sizeof(noodle_revision_metrics). */
    size_t size;
    /** Number of the revision. */
    uint32_t revision;
    /** Its version. */
    const char *version;
    /** Counts and latencies. */
    const noodle_request_metrics *requests;
    /** What its cache did since it was loaded; absent where answers are not kept. NULL: absent. */
    const noodle_cache_metrics *cache;
    /** Whether `processes` is there. */
    bool has_processes;
    /**
     * Counts of open processes that it is the sum of; absent where only this one is asked. Without `has_processes`:
     * absent.
     */
    uint32_t processes;
    /** What each replica did; empty where the target does not tell them apart. NULL: absent. */
    const noodle_replica_load *const *replicas;
    size_t replicas_count;
    /** Sessions and streams in this process; absent where there were none. NULL: absent. */
    const noodle_session_metrics *sessions;
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

/** How replicas are replaced, in each process. */
struct noodle_rolling_config {
    /** sizeof(noodle_rolling_config). */
    size_t size;
    /** Whether `max_surge` is there. */
    bool has_max_surge;
    /**
     * Replicas that may be there beyond the number that the deployment has; absent: a quarter of it, rounded up.
     * Without `has_max_surge`: absent.
     */
    uint32_t max_surge;
    /** Whether `max_unavailable` is there. */
    bool has_max_unavailable;
    /**
     * Replicas that may be missing meanwhile, less than the deployment has; absent: none. Without
     * `has_max_unavailable`: absent.
     */
    uint32_t max_unavailable;
    /** Milliseconds that each step lasts at least, as a string; absent: until its replicas are up. NULL: absent. */
    const char *min_ms;
    /**
     * Milliseconds after which a step whose replicas are not up is inconclusive, as a string; absent: it waits.
     * NULL: absent.
     */
    const char *max_ms;
    /** What ends the rollout while it is under way; absent: with the defaults. NULL: absent. */
    const noodle_analysis_config *analysis;
};

/** The move of a deployment's traffic from one revision to another. */
struct noodle_rollout {
    /** sizeof(noodle_rollout). */
    size_t size;
    /** Revision that served before. */
    uint32_t baseline;
    /** Revision that is tried. */
    uint32_t candidate;
    /** How it proceeds. */
    const noodle_canary_config *canary;
    /** Number of the step, from 0. */
    uint32_t step;
    /** Share of the traffic that the candidate gets now, in basis points. */
    uint32_t weight;
    /** Where it stands. */
    noodle_rollout_phase phase;
    /** Why, in a sentence. */
    const char *reason;
    /** Secret that decides which keys are the first, as a string. */
    const char *salt;
    /** When the step began, in milliseconds since 1970, as a string. */
    const char *since;
    /** What was counted before the step and is not of it; absent until the step's first look. NULL: absent. */
    const noodle_seen *from;
    /** What the steps so far have shown. */
    const noodle_evidence *evidence;
    /** The figures behind the last change. NULL: absent. */
    const noodle_findings *findings;
};

/** Names a deployment whose rollout is to change, and says why. */
struct noodle_rollout_input {
    /** sizeof(noodle_rollout_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** Why. NULL: absent. */
    const char *reason;
};

/** A figure that the host records, which must not get worse. */
struct noodle_rollout_metric {
    /** sizeof(noodle_rollout_metric). */
    size_t size;
    /** Name of the outcome, as `record_outcomes` says it. */
    const char *name;
    /** Which way is better. */
    noodle_goal goal;
    /** How much worse its mean may be on the new revision, above 0, in units of the metric. */
    double margin;
};

/** Output of the operations on rollouts. */
struct noodle_rollout_view {
    /** sizeof(noodle_rollout_view). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** The last rollout; absent: none was begun. NULL: absent. */
    const noodle_rollout *rollout;
    /**
     * What the step under way shows, as of the last look of the process that decides; absent in other processes,
     * and before the first look. NULL: absent.
     */
    const noodle_findings *findings;
    /** What is recorded of the deployment's requests; absent: nothing. NULL: absent. */
    const noodle_recording_view *recording;
};

/** Where some requests go. */
struct noodle_route_rule {
    /** sizeof(noodle_route_rule). */
    size_t size;
    /** What a request has to say of itself, all of it; 1 to 8 conditions. */
    const noodle_rule_condition *const *when;
    size_t when_count;
    /** Who answers it. */
    noodle_rule_target to;
    /** The version, with the target `version`: one that the deployment has brought up. NULL: absent. */
    const char *version;
};

/** One attribute of a request. */
struct noodle_rule_condition {
    /** sizeof(noodle_rule_condition). */
    size_t size;
    /** Name of the attribute. */
    const char *attribute;
    /** Values of which it has to have one, 1 to 64. */
    const char *const *any_of;
    size_t any_of_count;
};

/** Output of [`SetRules`]. */
struct noodle_rules_view {
    /** sizeof(noodle_rules_view). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** Its rules, in the order in which they count. */
    const noodle_route_rule *const *rules;
    size_t rules_count;
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

/** What should be done about the number of replicas, and the figures behind it, of the busiest process. */
struct noodle_scale_recommendation {
    /** sizeof(noodle_scale_recommendation). */
    size_t size;
    /** When it was made, in milliseconds since 1970, as a string. */
    const char *at;
    /** Replicas that there should be in each process. */
    uint32_t desired;
    /** Replicas that there are. */
    uint32_t current;
    /** Whether the number is changed: it differs, and this is no dry run. */
    bool act;
    /**
     * The signal that called for the most replicas: `in_flight`, `queue_delay`, `latency`, `backlog`, `forecast`,
     * `idle`, `first_arrival` or `no_demand`.
     */
    const char *reason;
    /**
     * What kept the number from being what was called for, in the order in which it did: `floor`, `ceiling`,
     * `tolerance`, `stabilisation`, `recurrence`, `backlog`, `panic`, `cooldown`, `rate`.
     */
    const char *const *limits;
    size_t limits_count;
    /** Requests in a second, now. */
    double arrivals_per_s;
    /** Requests in a second that are reckoned with. */
    double expected_per_s;
    /** Whether `service_ms` is there. */
    bool has_service_ms;
    /** Mean time on a replica, once it was measured. Without `has_service_ms`: absent. */
    double service_ms;
    /** Requests that would be in flight if none waited. */
    double offered;
    /** Requests that a replica should have in flight. */
    double target_in_flight;
    /** Whether `queue_budget_ms` is there. */
    bool has_queue_budget_ms;
    /** Time that requests may wait, where it is bounded. Without `has_queue_budget_ms`: absent. */
    double queue_budget_ms;
    /** Whether `late` is there. */
    bool has_late;
    /**
     * Share of requests that wait longer with the replicas that there are, by the model. Without `has_late`:
     * absent.
     */
    double late;
    /** Share of requests that may. */
    double late_allowed;
    /** Whether the time on a replica alone misses the objective, so that no number of replicas meets it. */
    bool unreachable;
    /** Time until a replica that is ordered now serves. */
    double lead_ms;
    /** Whether nothing is removed, since need rose suddenly. */
    bool panic;
    /** How replicas themselves should change. NULL: absent. */
    const noodle_size_change *const *vertical;
    size_t vertical_count;
};

/** What both revisions have got. */
struct noodle_seen {
    /** sizeof(noodle_seen). */
    size_t size;
    /** The one that is tried. */
    const noodle_arm_counts *candidate;
    /** The one that served before. */
    const noodle_arm_counts *baseline;
};

/** A comparison among the callers whose requests say the same. */
struct noodle_segment_comparison {
    /** sizeof(noodle_segment_comparison). */
    size_t size;
    /** The attribute. */
    const char *attribute;
    /** Its value; absent: all those that are not kept apart, together. NULL: absent. */
    const char *value;
    /**
     * The comparison. Its adjusted p-value is corrected for all comparisons of all segments, as the experiment
     * corrects.
     */
    const noodle_comparison *comparison;
};

/** Sessions of one loaded revision in this process. A stream outside a session is one of its own while it lasts. */
struct noodle_session_metrics {
    /** sizeof(noodle_session_metrics). */
    size_t size;
    /** Sessions that are open. */
    uint32_t open;
    /** Bytes that they carry, as a string. */
    const char *bytes;
    /** Sessions that were opened, as a string. */
    const char *opened;
    /** Sessions that ended because no call came for long enough, as a string. */
    const char *expired;
    /** Sessions that were not opened, and calls that were not answered, because of a bound; as a string. */
    const char *refused;
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

/** Input of [`SetAutoscale`]. */
struct noodle_set_autoscale_input {
    /** sizeof(noodle_set_autoscale_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /** How it scales; absent switches it off. NULL: absent. */
    const noodle_autoscale_config *autoscale;
};

/** Input of [`SetMemoryBudget`]. */
struct noodle_set_memory_budget_input {
    /** sizeof(noodle_set_memory_budget_input). */
    size_t size;
    /** Bytes, 1 MiB or more, as a string; absent: no limit. NULL: absent. */
    const char *bytes;
};

/** Input of [`SetRules`]. */
struct noodle_set_rules_input {
    /** sizeof(noodle_set_rules_input). */
    size_t size;
    /** The deployment. */
    const char *deployment;
    /**
     * At most 32; the first one that is about a request counts. They take the place of those before, so none takes
     * them away.
     */
    const noodle_route_rule *const *rules;
    size_t rules_count;
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
    /** When a deployment is loaded whose deploy does not say. Default resident. 0: `resident`. */
    noodle_loading default_loading;
    /** Whether `specialise` is there. */
    bool has_specialise;
    /**
     * Whether shapes that run often may get plans of their own, in the background. Answers then differ in the last
     * digits from those before. Default true. Without `has_specialise`: true.
     */
    bool specialise;
    /**
     * Which requests with a name of their own are remembered, for labels that come later. Default: 10 000 for a
     * day. NULL: absent.
     */
    const noodle_journal_config *journal;
    /** Whether `shadow_cpu_percent` is there. */
    bool has_shadow_cpu_percent;
    /**
     * Share of one processor, in percent, 1 to 100, that runs of versions in the shadow may take. Default 10.
     * Without `has_shadow_cpu_percent`: 10.
     */
    uint32_t shadow_cpu_percent;
    /**
     * Which requests are kept in the directory, with their inputs and answers, for steps that replay them. Default
     * none: nothing is recorded. NULL: absent.
     */
    const noodle_recording_config *recording;
};

/** Points up to a bound, from the bound before. */
struct noodle_share {
    /** sizeof(noodle_share). */
    size_t size;
    /** First point that is not of it. */
    uint32_t below;
    /** Index of the arm that gets it. */
    uint32_t arm;
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

/** A change of the replicas themselves. */
struct noodle_size_change {
    /** sizeof(noodle_size_change). */
    size_t size;
    /** `threads` of one request, or `batch`: rows of one batch at most. */
    const char *what;
    /** What it is. */
    uint32_t from;
    /** What it should be. */
    uint32_t to;
    /** What calls for it: `bounds`, `service` or `waiting`. */
    const char *reason;
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

/** What sessions of a deployment carry, and how many there may be in each process. */
struct noodle_state_config {
    /** sizeof(noodle_state_config). */
    size_t size;
    /** Tensors that go from call to call. NULL: absent. */
    const noodle_carried_tensor *const *carried;
    size_t carried_count;
    /** Whether `max_sessions` is there. */
    bool has_max_sessions;
    /** Sessions that are open at once at most, 1 to 1048576; absent: 1024. Without `has_max_sessions`: absent. */
    uint32_t max_sessions;
    /** Bytes that they carry together at most, as a string; absent: 64 MiB. NULL: absent. */
    const char *max_bytes;
    /** Milliseconds without a call after which a session ends, as a string; absent: five minutes. NULL: absent. */
    const char *idle_ms;
};

/** A value that ends a stream. */
struct noodle_stop_value {
    /** sizeof(noodle_stop_value). */
    size_t size;
    /** The output that is looked at: of numbers or bools. */
    const char *output;
    /** The value that all its elements must have; 1 for true. */
    double equals;
};

/** One answer for each window of a long input, in order. The other inputs are given to every window. */
struct noodle_stream_config_windows {
    /** sizeof(noodle_stream_config_windows). */
    size_t size;
    /** The input that is cut. */
    const char *input;
    /** The axis that it is cut along, from 0. */
    uint32_t axis;
    /** Elements of a window. */
    uint32_t length;
    /** Elements from the start of one window to the start of the next, 1 to `length`. */
    uint32_t hop;
    /** Elements before a window that come along in front of it; zeros before the first ones. */
    uint32_t context;
    /** Whether `pad_last` is there. */
    bool has_pad_last;
    /**
     * Whether the last window is filled up with zeros; else what does not fill a window is left out. Without
     * `has_pad_last`: true.
     */
    bool pad_last;
};

/** The model runs again on its own outputs. */
struct noodle_stream_config_repeat {
    /** sizeof(noodle_stream_config_repeat). */
    size_t size;
    /** What is given to the next step; inputs that are not fed stay as they were. NULL: absent. */
    const noodle_fed_tensor *const *feed;
    size_t feed_count;
    /** Steps at most, 1 to 1048576. */
    uint32_t max_steps;
    /** What ends the stream before that; the answer that meets it is the last one. NULL: absent. */
    const noodle_stop_value *until;
};

/** How one request gives many answers. `type` says which member of `of` is there. */
struct noodle_stream_config {
    size_t size;
    noodle_stream_config_type type;
    union {
        const noodle_stream_config_windows *windows;
        const noodle_stream_config_repeat *repeat;
    } of;
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

/**
 * How far a number may be from the expected one: `|expected - found| <= atol + rtol * |expected|`.
 *
 * Integers, bools and strings must be equal; an infinity must be the same one, and NaN must be where NaN is
 * expected.
 */
struct noodle_tolerance {
    /** sizeof(noodle_tolerance). */
    size_t size;
    /** Whether `rtol` is there. */
    bool has_rtol;
    /** Relative part, 0 or more. Default 1e-4. Without `has_rtol`: 0.0001. */
    double rtol;
    /** Whether `atol` is there. */
    bool has_atol;
    /** Absolute part, 0 or more. Default 1e-5. Without `has_atol`: 0.00001. */
    double atol;
};

/** What a deploy was tuned to, and the figures behind it. */
struct noodle_tuning {
    /** sizeof(noodle_tuning). */
    size_t size;
    /** What it is tuned for. */
    noodle_aim aim;
    /** The machine that measured: architecture, processor, threads that run at once. */
    const char *machine;
    /** Whether the figures are of an earlier deploy of the same file on the same kind of machine. */
    bool remembered;
    /** Position of the chosen case. */
    uint32_t chosen;
    /** Every case: by rows, then by threads. */
    const noodle_tuning_case *const *cases;
    size_t cases_count;
};

/** What a case gave. */
struct noodle_tuning_case {
    /** sizeof(noodle_tuning_case). */
    size_t size;
    /** Threads of one request. */
    uint32_t threads;
    /** Replicas that ran at once. */
    uint32_t replicas;
    /** Rows of one request. */
    uint32_t rows;
    /** Median time of a request in microseconds. */
    double latency_us;
    /** Rows in a second, all replicas together. */
    double rows_per_second;
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
    /** What evaluations found: the last one of each gate, the latest last. NULL: absent. */
    const noodle_evaluation *const *evaluations;
    size_t evaluations_count;
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

/**
 * Between which bounds threads of a request and rows of a batch follow the objective; what has no `max` does not
 * change. Each change is a revision of the same version.
 */
struct noodle_vertical_config {
    /** sizeof(noodle_vertical_config). */
    size_t size;
    /** Whether `min_threads` is there. */
    bool has_min_threads;
    /** Threads of one request at least, 1 to 256. Default 1. Without `has_min_threads`: absent. */
    uint32_t min_threads;
    /** Whether `max_threads` is there. */
    bool has_max_threads;
    /** Threads of one request at most, 1 to 256. Default: they do not change. Without `has_max_threads`: absent. */
    uint32_t max_threads;
    /** Whether `min_batch_size` is there. */
    bool has_min_batch_size;
    /** Rows of one batch at least, 1 to 4096. Default 1. Without `has_min_batch_size`: absent. */
    uint32_t min_batch_size;
    /** Whether `max_batch_size` is there. */
    bool has_max_batch_size;
    /**
     * Rows of one batch at most, 1 to 4096, where the deployment batches. Default: they do not change. Without
     * `has_max_batch_size`: absent.
     */
    uint32_t max_batch_size;
    /** Whether `cooldown_ms` is there. */
    bool has_cooldown_ms;
    /**
     * Time after such a change before the next one; at least a stable window counts. Default 60 000. Without
     * `has_cooldown_ms`: absent.
     */
    uint32_t cooldown_ms;
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
 * Switches autoscaling of a deployment on, changes it, or switches it off. Changes the directory; asks for the role
 * `operator`. Free `*out` with noodle_free_autoscale_view.
 */
noodle_status noodle_set_autoscale(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_set_autoscale_input *input, noodle_autoscale_view **out);

/**
 * Shows how a deployment scales, and the last recommendation with its figures. Changes nothing; asks for the role
 * `viewer`. Free `*out` with noodle_free_autoscale_view.
 */
noodle_status noodle_get_autoscale(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_get_autoscale_input *input, noodle_autoscale_view **out);

/**
 * Unloads an on_demand deployment in this process; its next request loads it again. Changes nothing; asks for the
 * role `operator`. Free `*out` with noodle_free_deployment_view.
 */
noodle_status noodle_unload(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_deployment_ref *input, noodle_deployment_view **out);

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
 * Says which revision the requests of a caller's key go to, or went to at some time, and why. Changes nothing; asks
 * for the role `viewer`. Free `*out` with noodle_free_arm.
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
 * Shows requests, errors and latencies that all processes of the directory counted, those that are gone too.
 * Changes nothing; asks for the role `viewer`. Free `*out` with noodle_free_metrics_report.
 */
noodle_status noodle_get_traffic(const struct noodle_t *noodle, const struct noodle_caller *caller,
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

/**
 * Measures a version: latency against throughput over engines, threads and batches. Changes nothing; asks for the
 * role `operator`. Free `*out` with noodle_free_benchmark_report.
 */
noodle_status noodle_benchmark(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_benchmark_input *input, noodle_benchmark_report **out);

/**
 * Measures a version node by node: time, calls, bytes and shapes. Changes nothing; asks for the role `operator`.
 * Free `*out` with noodle_free_profile_report.
 */
noodle_status noodle_profile(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_profile_input *input, noodle_profile_report **out);

/**
 * Runs a version over a data set, computes metrics, and records whether it passes a gate. Changes the directory;
 * asks for the role `deployer`. Free `*out` with noodle_free_evaluation_report.
 */
noodle_status noodle_evaluate(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_evaluate_input *input, noodle_evaluation_report **out);

/**
 * Shows CPU, memory, GPU, disk and network of this process and its machine, and what loaded models hold. Changes
 * nothing; asks for the role `viewer`. Free `*out` with noodle_free_resource_report.
 */
noodle_status noodle_get_resources(const struct noodle_t *noodle, const struct noodle_caller *caller,
    noodle_resource_report **out);

/**
 * Shows how far traffic has moved to a new revision, and what the analysis finds. Changes nothing; asks for the
 * role `viewer`. Free `*out` with noodle_free_rollout_view.
 */
noodle_status noodle_get_rollout(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_deployment_ref *input, noodle_rollout_view **out);

/**
 * Lets a rollout go on to its next step, or move all traffic after the last one, whatever it waits for. Changes the
 * directory; asks for the role `deployer`. Free `*out` with noodle_free_rollout_view.
 */
noodle_status noodle_advance_rollout(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_rollout_input *input, noodle_rollout_view **out);

/**
 * Stops a rollout where it is; the share of the traffic stays, and a breach still ends it. Changes the directory;
 * asks for the role `operator`. Free `*out` with noodle_free_rollout_view.
 */
noodle_status noodle_pause_rollout(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_rollout_input *input, noodle_rollout_view **out);

/**
 * Lets a rollout that is paused or inconclusive be judged again from now on. Changes the directory; asks for the
 * role `deployer`. Free `*out` with noodle_free_rollout_view.
 */
noodle_status noodle_resume_rollout(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_rollout_input *input, noodle_rollout_view **out);

/**
 * Moves all traffic back to the revision that served before, at once and from any phase. Changes the directory;
 * asks for the role `operator`. Free `*out` with noodle_free_rollout_view.
 */
noodle_status noodle_abort_rollout(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_rollout_input *input, noodle_rollout_view **out);

/**
 * Changes what loaded models of this process may hold together; what is on demand and idle makes room. Changes
 * nothing; asks for the role `operator`. Free `*out` with noodle_free_memory_budget_view.
 */
noodle_status noodle_set_memory_budget(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_set_memory_budget_input *input, noodle_memory_budget_view **out);

/**
 * Asks for a comparison of versions on a deployment's traffic, which does not begin yet. Changes the directory;
 * asks for the role `deployer`. Free `*out` with noodle_free_experiment_view.
 */
noodle_status noodle_create_experiment(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_create_experiment_input *input, noodle_experiment_view **out);

/**
 * Shows the last experiment of a deployment, and what it shows. Changes nothing; asks for the role `viewer`. Free
 * `*out` with noodle_free_experiment_view.
 */
noodle_status noodle_get_experiment(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_deployment_ref *input, noodle_experiment_view **out);

/**
 * Divides a deployment's traffic between the arms of its experiment. Changes the directory; asks for the role
 * `deployer`. Free `*out` with noodle_free_experiment_view.
 */
noodle_status noodle_start_experiment(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_experiment_input *input, noodle_experiment_view **out);

/**
 * Moves all traffic back to what serves, until the experiment is started again. Changes the directory; asks for the
 * role `operator`. Free `*out` with noodle_free_experiment_view.
 */
noodle_status noodle_pause_experiment(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_experiment_input *input, noodle_experiment_view **out);

/**
 * Ends an experiment: all traffic goes to what serves, and what was found stays. Changes the directory; asks for
 * the role `operator`. Free `*out` with noodle_free_experiment_view.
 */
noodle_status noodle_stop_experiment(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_experiment_input *input, noodle_experiment_view **out);

/**
 * Ends an experiment and moves all traffic to an arm that is shown to be better. Changes the directory; asks for
 * the role `deployer`. Free `*out` with noodle_free_experiment_view.
 */
noodle_status noodle_declare_winner(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_declare_winner_input *input, noodle_experiment_view **out);

/**
 * Takes in what came of requests, for the experiment that is open. What is recorded before the start allows for how
 * callers differ already. Changes the directory; asks for the role `operator`. Free `*out` with
 * noodle_free_recorded_outcomes.
 */
noodle_status noodle_record_outcomes(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_record_outcomes_input *input, noodle_recorded_outcomes **out);

/**
 * Says how many values each arm needs for a difference, or which difference is found. Changes nothing; asks for the
 * role `viewer`. Free `*out` with noodle_free_experiment_plan.
 */
noodle_status noodle_plan_experiment(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_plan_experiment_input *input, noodle_experiment_plan **out);

/**
 * Sends requests that say certain things of themselves to a revision, whatever is tried with the others. Changes
 * the directory; asks for the role `deployer`. Free `*out` with noodle_free_rules_view.
 */
noodle_status noodle_set_rules(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_set_rules_input *input, noodle_rules_view **out);

/**
 * Says which revision a request of this process went to, and what came of it, as long as that is remembered.
 * Changes nothing; asks for the role `viewer`. Free `*out` with noodle_free_request_view.
 */
noodle_status noodle_explain_request(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_explain_request_input *input, noodle_request_view **out);

/**
 * Takes in which classes would have been right, by the names of requests. A rollout or an experiment with a metric
 * accuracy is judged by it. Changes the directory; asks for the role `operator`. Free `*out` with
 * noodle_free_recorded_labels.
 */
noodle_status noodle_record_labels(const struct noodle_t *noodle, const struct noodle_caller *caller,
    const noodle_record_labels_input *input, noodle_recorded_labels **out);

/* Each frees an answer and everything that it points to. NULL is allowed. */
void noodle_free_arm(noodle_arm *answer);
void noodle_free_audit_report(noodle_audit_report *answer);
void noodle_free_autoscale_view(noodle_autoscale_view *answer);
void noodle_free_backup_report(noodle_backup_report *answer);
void noodle_free_benchmark_report(noodle_benchmark_report *answer);
void noodle_free_deleted(noodle_deleted *answer);
void noodle_free_deployment_list(noodle_deployment_list *answer);
void noodle_free_deployment_view(noodle_deployment_view *answer);
void noodle_free_evaluation_report(noodle_evaluation_report *answer);
void noodle_free_event_record(noodle_event_record *answer);
void noodle_free_experiment_plan(noodle_experiment_plan *answer);
void noodle_free_experiment_view(noodle_experiment_view *answer);
void noodle_free_garbage_report(noodle_garbage_report *answer);
void noodle_free_head(noodle_head *answer);
void noodle_free_health_report(noodle_health_report *answer);
void noodle_free_history_output(noodle_history_output *answer);
void noodle_free_memory_budget_view(noodle_memory_budget_view *answer);
void noodle_free_metrics_report(noodle_metrics_report *answer);
void noodle_free_model(noodle_model *answer);
void noodle_free_model_list(noodle_model_list *answer);
void noodle_free_profile_report(noodle_profile_report *answer);
void noodle_free_recorded_labels(noodle_recorded_labels *answer);
void noodle_free_recorded_outcomes(noodle_recorded_outcomes *answer);
void noodle_free_request_view(noodle_request_view *answer);
void noodle_free_resource_report(noodle_resource_report *answer);
void noodle_free_retain_report(noodle_retain_report *answer);
void noodle_free_rollout_view(noodle_rollout_view *answer);
void noodle_free_rules_view(noodle_rules_view *answer);
void noodle_free_settings(noodle_settings *answer);
void noodle_free_version_comparison(noodle_version_comparison *answer);
void noodle_free_version_list(noodle_version_list *answer);
void noodle_free_version_record(noodle_version_record *answer);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* NOODLE_DEPLOY_OPS_H */
