// Operations of noodle-deploy in C++17. Written by `cargo xtask codegen`; do not edit. Include noodle_deploy.hpp.

#ifndef NOODLE_DEPLOY_OPS_HPP
#define NOODLE_DEPLOY_OPS_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "noodle_deploy.h"
#include "noodle_deploy_support.hpp"

namespace noodle {

/// What a deploy is tuned for.
enum class Aim : std::int32_t {
    /// Most rows in a second with every replica busy.
    throughput = 1,
    /// Least time of one request.
    latency = 2,
};

/// As on the wire.
inline const char *name(const Aim value) {
    switch (value) {
    case Aim::throughput: return "throughput";
    case Aim::latency: return "latency";
    }
    return "";
}

/// Who gets which share while an experiment runs.
enum class Allocation : std::int32_t {
    /// The weights as they were asked for.
    fixed = 1,
    /// The probability that an arm is the best one (Thompson 1933).
    thompson = 2,
    /// Most to the arm that may be the best one yet (upper confidence bounds, Auer, Cesa-Bianchi and Fischer 2002).
    ucb = 3,
};

/// As on the wire.
inline const char *name(const Allocation value) {
    switch (value) {
    case Allocation::fixed: return "fixed";
    case Allocation::thompson: return "thompson";
    case Allocation::ucb: return "ucb";
    }
    return "";
}

/// How far a number may be from the expected one: `|expected - found| <= atol + rtol * |expected|`. Integers, bools
/// and strings must be equal; an infinity must be the same one, and NaN must be where NaN is expected.
struct Tolerance {
    /// Relative part, 0 or more. Default 1e-4.
    double rtol = 0.0001;
    /// Absolute part, 0 or more. Default 1e-5.
    double atol = 0.00001;
};

/// Which way is better.
enum class Goal : std::int32_t {
    /// More.
    increase = 1,
    /// Less.
    decrease = 2,
};

/// As on the wire.
inline const char *name(const Goal value) {
    switch (value) {
    case Goal::increase: return "increase";
    case Goal::decrease: return "decrease";
    }
    return "";
}

/// A figure that the host records, which must not get worse.
struct RolloutMetric {
    /// Name of the outcome, as `record_outcomes` says it.
    std::string name;
    /// Which way is better.
    Goal goal{};
    /// How much worse its mean may be on the new revision, above 0, in units of the metric.
    double margin = 0;
};

/// How far answers to callers may move.
struct DriftConfig {
    /// Of versions with labels: by how much of all answers, above 0 and below 1, the share of any class that comes
    /// first may differ. Default 0.05.
    double max_class_shift = 0.05;
    /// Of the others: by how many standard deviations of the old revision's answers, above 0, the mean of an answer's
    /// numbers may differ. Default 0.25.
    double max_mean_shift = 0.25;
};

/// What is compared between the new revision and the one that serves, and how surely.
struct AnalysisConfig {
    /// Probability, over the whole rollout and however often it is looked at, that a revision which is no worse is
    /// aborted; and likewise that one which is worse by more than the margins passes. 0.0001 to 0.5, default 0.05.
    double level = 0.05;
    /// Share of requests, 0 to 1, that the new revision may fail beyond the share that the old one fails. Default
    /// 0.01.
    double error_margin = 0.01;
    /// Factor, above 1, by which the new revision's latency (geometric mean) may exceed that of the old one. Default
    /// 1.2.
    double latency_ratio = 1.2;
    /// Share of the answers in the shadow, above 0 and below 1, that may differ from those that callers got: by the
    /// class that comes first where the version has labels, else by numbers beyond the tolerance. Absent: differences
    /// are counted, and decide nothing.
    std::optional<double> max_differing;
    /// How far numbers of an answer in the shadow may be off; absent: as far as those of two engines, a thousandth of
    /// the largest.
    std::optional<Tolerance> tolerance;
    /// Figures that the host records for the requests of both revisions, at most 8.
    std::vector<RolloutMetric> metrics;
    /// Factor, above 1, by which the time in the engine that one request of the new revision takes (geometric mean)
    /// may exceed that of the old one: what it costs, where latency is what its caller waits. Absent: it decides
    /// nothing.
    std::optional<double> cost_ratio;
    /// How far the answers of the new revision may be distributed otherwise than those of the old one; absent: it
    /// decides nothing.
    std::optional<DriftConfig> drift;
};

/// Input of [`AnnotateVersion`]. Absent fields stay.
struct AnnotateVersionInput {
    /// The model.
    std::string model;
    /// A version, an alias, or `latest`.
    std::string version;
    /// New description.
    std::optional<std::string> description;
    /// Tags to set; an empty value removes the tag.
    std::map<std::string, std::string> tags;
    /// Metrics to set; finite.
    std::map<std::string, double> metrics;
};

/// Sums of values, which add up and can be subtracted.
struct Moments {
    /// How many.
    double n = 0;
    /// Their sum.
    double sum = 0;
    /// The sum of their squares.
    double squares = 0;
};

/// Answers of one revision. Addition merges.
struct Answers {
    /// How often each class came first, of the first row.
    std::vector<double> classes;
    /// Means of the first numbers of the first output, of answers without labels.
    Moments means;
};

/// Output of [`ExplainRoute`].
struct Arm {
    /// The deployment.
    std::string deployment;
    /// The revision that the key's requests go to.
    std::uint32_t revision = 0;
    /// Its version.
    std::string version;
    /// Share of the keys that go there, in basis points.
    std::uint32_t weight = 0;
    /// Why, in a sentence.
    std::string reason;
};

/// A version that gets a share of the traffic.
struct ArmConfig {
    /// Name of the arm.
    std::string name;
    /// Version or alias; a revision of it has to be up, or has to have served.
    std::string version;
    /// Share of the callers in basis points. All of them and `holdout` add up to 10000.
    std::uint32_t weight = 0;
};

/// Sums over requests, which add up over processes.
struct Differences {
    /// Requests that were answered by both, as a string.
    std::string compared;
    /// Those of them whose answers differ, as a string.
    std::string differing;
    /// Requests that were not run a second time, because too many waited, as a string.
    std::string skipped;
    /// Sum of the largest absolute difference of each request.
    double sum = 0;
    /// The largest of all.
    double largest = 0;
};

/// What the host recorded of one name.
struct OutcomeSums {
    /// The name.
    std::string name;
    /// The values.
    Moments values;
};

/// What one revision has got by a rollout.
struct ArmCounts {
    /// Requests that were answered, or failed by its own fault, as a string.
    std::string ended;
    /// Those of them that failed, as a string.
    std::string failed;
    /// Logarithms of the latencies of those that were answered, in nanoseconds.
    Moments log_latency;
    /// How far its answers in the shadow were from those that callers got; absent: it has given none.
    std::optional<Differences> differences;
    /// What the host recorded, by name.
    std::vector<OutcomeSums> outcomes;
    /// Logarithms of the times in the engine, in nanoseconds; absent: nothing has run.
    std::optional<Moments> log_compute;
    /// What its answers were like, where that is looked at; absent: nothing was.
    std::optional<Answers> answers;
};

/// The end of the log: what a host keeps or signs to find an edit, a reorder or a cut later.
struct Head {
    /// Number of the last event; 0 for an empty log.
    std::string sequence;
    /// Hash of the last event; all zeros for an empty log.
    std::string hash;
};

/// Output of [`AuditVerify`].
struct AuditReport {
    /// The head that the log leads to.
    Head head;
    /// Events checked, as a string: those that were not cut away.
    std::string events;
    /// Head of what `retain` cut away: the log was checked from there on. Absent for a whole log.
    std::optional<Head> cut;
    /// Rows of the state that were folded again and agree.
    std::uint32_t rows = 0;
    /// Artifacts whose digests were checked.
    std::uint32_t artifacts = 0;
};

/// Input of [`AuditVerify`].
struct AuditVerifyInput {
    /// A head that was kept; the log must still contain it. One below a cut of `retain` is refused.
    std::optional<Head> since;
    /// Read every artifact too, and check its digest.
    bool artifacts = false;
};

/// A promise about latency: at `quantile`, requests take `ms` or less.
struct LatencyObjective {
    /// Share of the requests, 0.5 to 0.9999.
    double quantile = 0;
    /// Time from arrival to answer.
    double ms = 0;
};

/// Between which bounds threads of a request and rows of a batch follow the objective; what has no `max` does not
/// change. Each change is a revision of the same version.
struct VerticalConfig {
    /// Threads of one request at least, 1 to 256. Default 1.
    std::optional<std::uint32_t> min_threads;
    /// Threads of one request at most, 1 to 256. Default: they do not change.
    std::optional<std::uint32_t> max_threads;
    /// Rows of one batch at least, 1 to 4096. Default 1.
    std::optional<std::uint32_t> min_batch_size;
    /// Rows of one batch at most, 1 to 4096, where the deployment batches. Default: they do not change.
    std::optional<std::uint32_t> max_batch_size;
    /// Time after such a change before the next one; at least a stable window counts. Default 60 000.
    std::optional<std::uint32_t> cooldown_ms;
};

/// When a deployment gets more replicas in each process, or fewer. Times are in milliseconds.
struct AutoscaleConfig {
    /// Replicas at least, 1 or more: a deployment that is loaded on demand goes when it is idle. Default 1.
    std::optional<std::uint32_t> min_replicas;
    /// Replicas at most, 1 to 1024. Default 16.
    std::optional<std::uint32_t> max_replicas;
    /// Requests that a replica should have in flight on average. Default: 85 % of what it works on at once.
    std::optional<double> target_in_flight;
    /// Time that requests should wait for a replica at most. Default: what the objective leaves beside the service
    /// time.
    std::optional<double> target_queue_delay_ms;
    /// What latency is promised. Default none.
    std::optional<LatencyObjective> latency;
    /// The longest look back. Default 60 000.
    std::optional<std::uint32_t> stable_window_ms;
    /// The shortest look back, for sudden changes. Default 2 000.
    std::optional<std::uint32_t> panic_window_ms;
    /// Need over ready replicas at which nothing is removed and no cooldown delays an addition. Default 2.
    std::optional<double> panic_threshold;
    /// Share by which demand may grow before a removal would be regretted. Default 0.1.
    std::optional<double> tolerance;
    /// Time for which the need has to stay low before replicas go. Default 60 000.
    std::optional<std::uint32_t> down_stabilisation_ms;
    /// Time for which replicas are kept at most for a burst that is expected back. Default 300 000.
    std::optional<std::uint32_t> burst_hold_ms;
    /// Time after any change before the next addition. Default 0.
    std::optional<std::uint32_t> cooldown_up_ms;
    /// Time after any change before the next removal. Default 0.
    std::optional<std::uint32_t> cooldown_down_ms;
    /// Whether recommendations are only shown. Default false.
    std::optional<bool> dry_run;
    /// How replicas themselves may change. Default: not at all.
    std::optional<VerticalConfig> vertical;
};

/// A change of the replicas themselves.
struct SizeChange {
    /// `threads` of one request, or `batch`: rows of one batch at most.
    std::string what;
    /// What it is.
    std::uint32_t from = 0;
    /// What it should be.
    std::uint32_t to = 0;
    /// What calls for it: `bounds`, `service` or `waiting`.
    std::string reason;
};

/// What should be done about the number of replicas, and the figures behind it, of the busiest process.
struct ScaleRecommendation {
    /// When it was made, in milliseconds since 1970, as a string.
    std::string at;
    /// Replicas that there should be in each process.
    std::uint32_t desired = 0;
    /// Replicas that there are.
    std::uint32_t current = 0;
    /// Whether the number is changed: it differs, and this is no dry run.
    bool act = false;
    /// The signal that called for the most replicas: `in_flight`, `queue_delay`, `latency`, `backlog`, `forecast`,
    /// `idle`, `first_arrival` or `no_demand`.
    std::string reason;
    /// What kept the number from being what was called for, in the order in which it did: `floor`, `ceiling`,
    /// `tolerance`, `stabilisation`, `recurrence`, `backlog`, `panic`, `cooldown`, `rate`.
    std::vector<std::string> limits;
    /// Requests in a second, now.
    double arrivals_per_s = 0;
    /// Requests in a second that are reckoned with.
    double expected_per_s = 0;
    /// Mean time on a replica, once it was measured.
    std::optional<double> service_ms;
    /// Requests that would be in flight if none waited.
    double offered = 0;
    /// Requests that a replica should have in flight.
    double target_in_flight = 0;
    /// Time that requests may wait, where it is bounded.
    std::optional<double> queue_budget_ms;
    /// Share of requests that wait longer with the replicas that there are, by the model.
    std::optional<double> late;
    /// Share of requests that may.
    double late_allowed = 0;
    /// Whether the time on a replica alone misses the objective, so that no number of replicas meets it.
    bool unreachable = false;
    /// Time until a replica that is ordered now serves.
    double lead_ms = 0;
    /// Whether nothing is removed, since need rose suddenly.
    bool panic = false;
    /// How replicas themselves should change.
    std::vector<SizeChange> vertical;
};

/// How a deployment scales, and what was recommended last.
struct AutoscaleView {
    /// The deployment.
    std::string deployment;
    /// Replicas wanted in each process.
    std::uint32_t replicas = 0;
    /// How it scales; absent where it does not by itself.
    std::optional<AutoscaleConfig> autoscale;
    /// The last recommendation; absent before the first, and in processes that do not decide.
    std::optional<ScaleRecommendation> recommendation;
};

/// Input of [`Backup`].
struct BackupInput {
    /// Directory to make, with those above it; it must not exist, nor lie in the one that is copied.
    std::string to;
};

/// Output of [`Backup`].
struct BackupReport {
    /// Head of the copied log.
    Head head;
    /// Artifacts copied.
    std::uint32_t artifacts = 0;
};

/// Pads inputs along one axis to the longest of a batch, and cuts outputs back.
struct Padding {
    /// Name of the axis in the model's signature, as in `length`.
    std::string axis;
    /// What each input is filled up with: the padding token for token ids, 0 for an attention mask. Every input that
    /// has the axis must be named.
    std::map<std::string, double> values;
    /// Lengths are rounded up to a multiple of this, so that fewer shapes occur. Default 1.
    std::uint32_t multiple_of = 1;
};

/// What becomes of a request that waited for `default_timeout_ms`.
enum class TimeoutAction : std::int32_t {
    /// It is refused with `deadline_exceeded`, as one that brought this timeout.
    reject = 1,
    /// It is put behind, as if it came at this moment with the least urgent level.
    delay = 2,
};

/// As on the wire.
inline const char *name(const TimeoutAction value) {
    switch (value) {
    case TimeoutAction::reject: return "reject";
    case TimeoutAction::delay: return "delay";
    }
    return "";
}

/// How requests of one level wait.
struct QueuePolicy {
    /// The level, 1 to `levels`.
    std::uint32_t level = 0;
    /// Requests of the level that may wait, from 1; one more is refused with `overloaded`. Default: the queue of the
    /// deployment alone sets the limit.
    std::optional<std::uint32_t> max_queue;
    /// Milliseconds that a request without a timeout of its own may wait, 1 to 3 600 000. Default: as long as it
    /// takes.
    std::optional<std::uint32_t> default_timeout_ms;
    /// What becomes of a request that waited so long. Default `reject`.
    TimeoutAction timeout_action = TimeoutAction::reject;
};

/// Levels of priority of a deployment's requests, and rules for each.
struct Priorities {
    /// Levels, 1 to 16. Default 3. Level 1 is the most urgent.
    std::uint32_t levels = 3;
    /// Level of a request that names none, 1 to `levels`. Default: the middle one, `levels` / 2 + 1.
    std::optional<std::uint32_t> default_level;
    /// Milliseconds after which a request that waits counts as one level more urgent, and again after as many more; 1
    /// to 3 600 000. Default 1000.
    std::uint32_t patience_ms = 1000;
    /// Rules for single levels. Default none: requests of every level share the queue, and wait as long as they may.
    std::vector<QueuePolicy> policies;
};

/// How requests of a deployment are batched. The defaults need no tuning.
struct BatchConfig {
    /// Rows of one batch at most, 1 to 4096. Default 32.
    std::uint32_t max_batch_size = 32;
    /// Microseconds that a request waits for others although a replica is free, up to 10 000 000. Default 0: requests
    /// wait for replicas alone.
    std::uint32_t max_delay_us = 0;
    /// Sizes at which a batch need not wait any longer, ascending, up to `max_batch_size`. Default none: the largest.
    std::vector<std::uint32_t> preferred_batch_sizes;
    /// Whether the size at which batches pay is learned from their times. Default true; else batches are as large as
    /// they may be.
    bool adaptive = true;
    /// How requests of different lengths share a batch. Default none: only those of equal lengths do.
    std::optional<Padding> padding;
    /// Levels of priority, and how long and how many requests of each may wait. Default none: three levels without
    /// rules of their own.
    std::optional<Priorities> priorities;
};

/// What batches of one size cost.
struct SizeStatus {
    /// Rows, rounded up to a power of two.
    std::uint32_t rows = 0;
    /// Microseconds of a batch of this size, a moving average.
    double mean_us = 0;
    /// How often it ran.
    std::uint32_t times = 0;
};

/// How a deployment batches in one process.
struct BatchStatus {
    /// Runs, those of a single request among them.
    std::string batches;
    /// Rows that they had together.
    std::string rows;
    /// Rows of the next batch at most, as learned.
    std::uint32_t max_batch_size = 0;
    /// Sizes that ran, rounded up to a power of two.
    std::vector<SizeStatus> sizes;
};

/// One case of a benchmark.
struct BenchmarkCase {
    /// Engine.
    std::string engine;
    /// Threads of one request.
    std::uint32_t threads = 0;
    /// Rows of one request.
    std::uint32_t batch = 0;
};

/// What the runs of a case gave.
struct BenchmarkFigures {
    /// Requests that were timed, as a string.
    std::string requests;
    /// Mean latency of one request in microseconds.
    double latency_mean_us = 0;
    /// Median latency; this and the others are off by at most 3.2 %.
    double latency_p50_us = 0;
    /// Latency that 95 % of the requests stay below.
    double latency_p95_us = 0;
    /// Latency that 99 % of the requests stay below.
    double latency_p99_us = 0;
    /// Rows in a second, one request after another: the median of the rounds.
    double rows_per_second = 0;
};

/// Input of [`Benchmark`].
struct BenchmarkInput {
    /// The model.
    std::string model;
    /// A version, an alias, or `latest`.
    std::string version = "latest";
    /// Where the model is to run; absent: the default target.
    std::optional<std::string> target;
    /// Engines, each once, at most 8; absent: those that a deploy would choose among.
    std::vector<std::string> engines;
    /// Threads of one request, 1 to 256, each number once, at most 16 numbers; absent: 1.
    std::vector<std::uint32_t> threads;
    /// Rows of one request, 1 to 4096, each number once, at most 16 numbers; absent: 1.
    std::vector<std::uint32_t> batches;
    /// Sizes of inputs where inputs are generated: input name to sizes; the first one gives way to the batch.
    std::map<std::string, std::vector<std::uint32_t>> shapes;
    /// Seconds to measure each case, 0.01 to 60; all cases together at most an hour. Absent: 1.
    std::optional<double> seconds_per_case;
};

/// The machine that measured.
struct MachineFacts {
    /// Architecture, as in `x86_64`.
    std::string architecture;
    /// Operating system, as in `linux`.
    std::string system;
    /// Name of the processor, where it can be told.
    std::string processor;
    /// Threads that run at once.
    std::uint32_t hardware_threads = 0;
};

/// A case and what came of it.
struct BenchmarkRow {
    /// Engine.
    std::string engine;
    /// Threads of one request.
    std::uint32_t threads = 0;
    /// Rows of one request.
    std::uint32_t batch = 0;
    /// Figures; absent where it did not run.
    std::optional<BenchmarkFigures> figures;
    /// Whether its answers are near enough to those of the reference; absent for the reference itself.
    std::optional<bool> agrees;
    /// Largest absolute difference from the reference, where they agree.
    std::optional<double> max_abs;
    /// Bytes that the loaded model holds with its plans, as a string.
    std::string memory_bytes;
    /// Why it did not run, or how it disagrees.
    std::optional<std::string> error;
};

/// Output of [`Benchmark`].
struct BenchmarkReport {
    /// The model.
    std::string model;
    /// The version.
    std::string version;
    /// Digest of its file.
    std::string digest;
    /// The machine that measured.
    MachineFacts machine;
    /// Where inputs come from: `probes` of the version, or `generated`.
    std::string inputs;
    /// What answers are compared with: `probes`, or the first case of each batch that ran.
    std::string reference;
    /// Every case: engines, then threads, then batches, in the order of the request.
    std::vector<BenchmarkRow> rows;
    /// The case with the least median latency, among those with right answers.
    std::optional<BenchmarkCase> best_latency;
    /// The case with the most rows in a second, among those with right answers.
    std::optional<BenchmarkCase> best_throughput;
};

/// What a metric must reach for a gate to be passed.
struct Bound {
    /// Name of the metric.
    std::string metric;
    /// It must be this or more.
    std::optional<double> at_least;
    /// It must be this or less.
    std::optional<double> at_most;
};

/// Where answers are kept.
enum class CacheLevel : std::int32_t {
    /// In this process, one cache for each loaded revision.
    memory = 1,
    /// In the Redis of the setting `cache_redis_url`, shared by every process that names it.
    redis = 2,
    /// In the directory's database, shared by its processes; survives them.
    store = 3,
};

/// As on the wire.
inline const char *name(const CacheLevel value) {
    switch (value) {
    case CacheLevel::memory: return "memory";
    case CacheLevel::redis: return "redis";
    case CacheLevel::store: return "store";
    }
    return "";
}

/// Which answer goes when memory is full.
enum class CachePolicy : std::int32_t {
    /// The one that was not asked for the longest.
    lru = 1,
    /// The one that was asked for the least; of equals the one that was not asked for the longest.
    lfu = 2,
    /// The one whose time is up first, to within a sixtieth of that time.
    ttl = 3,
    /// The one that is there the longest.
    fifo = 4,
};

/// As on the wire.
inline const char *name(const CachePolicy value) {
    switch (value) {
    case CachePolicy::lru: return "lru";
    case CachePolicy::lfu: return "lfu";
    case CachePolicy::ttl: return "ttl";
    case CachePolicy::fifo: return "fifo";
    }
    return "";
}

/// How a deployment keeps answers.
struct CacheConfig {
    /// Levels, the nearest first: memory, redis, store; each at most once. Empty: memory alone.
    std::vector<CacheLevel> levels;
    /// What goes first when memory is full; absent: lru. In the store the oldest goes first.
    std::optional<CachePolicy> policy;
    /// Bytes of answers at most, of each loaded revision in memory and of the deployment in the store, as a string;
    /// absent: 64 MiB.
    std::optional<std::string> max_bytes;
    /// Answers at most, counted as bytes are; absent: 65536.
    std::optional<std::uint32_t> max_entries;
    /// Milliseconds after which an answer is computed anew, as a string; absent: never.
    std::optional<std::string> ttl_ms;
    /// Whether identical requests that come at the same time wait for one computation.
    bool coalesce = true;
};

/// What the cache of one loaded revision did in this process, and what it holds.
struct CacheMetrics {
    /// Share of the requests that were answered without running the model, 0 to 1.
    double hit_rate = 0;
    /// Requests that memory answered, as a string.
    std::string memory_hits;
    /// Requests that Redis answered, as a string.
    std::string redis_hits;
    /// Requests that the store answered, as a string.
    std::string store_hits;
    /// Requests for which the model ran, as a string.
    std::string misses;
    /// Requests that got the answer of an identical one that was under way, as a string.
    std::string coalesced;
    /// Looks at a level that did not answer, or answered something else than what was kept; as a string.
    std::string failures;
    /// Answers that were not written to a farther level because too many waited for that; as a string.
    std::string dropped;
    /// Answers in memory, as a string.
    std::string entries;
    /// Bytes that they hold, as a string.
    std::string bytes;
};

/// Which requests run in the shadow.
struct MirrorConfig {
    /// Their share, in basis points, 1 to 10000.
    std::uint32_t share = 0;
};

/// Replicas of both revisions in each process while a step lasts.
struct ReplicaCounts {
    /// Of the revision that is brought in, 1 or more.
    std::uint32_t candidate = 0;
    /// Of the one that served before, 1 or more.
    std::uint32_t baseline = 0;
};

/// Which recorded requests run on the new revision.
struct ReplayConfig {
    /// How many at most, the newest first, 1 to 10000. Default 1000.
    std::uint32_t requests = 1000;
};

/// One step of a canary.
struct CanaryStep {
    /// Share of the traffic that the new revision gets, in basis points, 1 to 9999; no less than in the step before.
    /// 0 for a step in the shadow, which says what it mirrors or replays.
    std::uint32_t weight = 0;
    /// Requests that both revisions have to end within the step before it may pass. Default 100.
    std::uint32_t min_requests = 100;
    /// Milliseconds that the step lasts at least, as a string; absent: as long as the analysis takes.
    std::optional<std::string> min_ms;
    /// Milliseconds after which a step that has not passed is inconclusive, as a string; absent: it waits for as many
    /// requests as it takes.
    std::optional<std::string> max_ms;
    /// Whether the step waits for `advance_rollout` once the analysis has passed.
    bool gate = false;
    /// Requests that run a second time on the new revision once they are answered. Nobody gets its answers: they are
    /// compared with those that callers got. Absent: none.
    std::optional<MirrorConfig> mirror;
    /// Replicas of both revisions in each process while the step lasts. It passes once they are there, without
    /// evidence that the new revision is no worse; evidence that it is ends the rollout all the same. Absent: as many
    /// as the deployment has.
    std::optional<ReplicaCounts> replicas;
    /// Requests that were recorded, which run on the new revision: their answers are compared with those of the one
    /// that serves. A step that replays has the weight 0 and mirrors nothing. Absent: none.
    std::optional<ReplayConfig> replay;
};

/// A growing share of the traffic for a new revision, step by step, as long as the analysis finds it no worse.
struct CanaryConfig {
    /// Steps in order, 1 to 32; after the last one all traffic moves. Default: 1 %, 5 %, 25 % and 50 %.
    std::vector<CanaryStep> steps;
    /// What lets a step pass, and what ends the rollout; absent: with the defaults.
    std::optional<AnalysisConfig> analysis;
};

/// A tensor that a session carries: what comes out of one call goes into the next one.
struct CarriedTensor {
    /// The output whose value is kept.
    std::string output;
    /// The input that it is given to at the next call.
    std::string input;
    /// Sizes of what a session begins with, which is zeros; absent: those of the input, where all of them are fixed.
    std::optional<std::vector<std::uint32_t>> shape;
};

/// How a change of revision reaches the traffic.
enum class Strategy : std::int32_t {
    /// Load the new revision, then switch all traffic at once.
    immediate = 1,
    /// Replace replicas one after another.
    rolling = 2,
    /// Build a full second set of replicas, then switch and keep the first for a while.
    blue_green = 3,
    /// Give the new revision a growing share of the traffic while its metrics hold.
    canary = 4,
    /// Copy traffic to the new revision and throw its answers away.
    shadow = 5,
    /// Split the traffic in halves by sticky key until somebody decides.
    ab_testing = 6,
    /// Run recorded requests on the new revision before it gets any traffic.
    replay = 7,
};

/// As on the wire.
inline const char *name(const Strategy value) {
    switch (value) {
    case Strategy::immediate: return "immediate";
    case Strategy::rolling: return "rolling";
    case Strategy::blue_green: return "blue_green";
    case Strategy::canary: return "canary";
    case Strategy::shadow: return "shadow";
    case Strategy::ab_testing: return "ab_testing";
    case Strategy::replay: return "replay";
    }
    return "";
}

/// What a deploy changes besides the revision. It holds only once the revision is ready: a deploy that fails leaves
/// what served before as it was.
struct Change {
    /// How traffic moves to the revision.
    Strategy strategy{};
    /// Replicas wanted in each process.
    std::uint32_t replicas = 0;
    /// Gates that a version must have passed to be deployed or promoted.
    std::vector<std::string> required_gates;
};

/// Input of [`CompareVersions`].
struct CompareVersionsInput {
    /// The model.
    std::string model;
    /// The version to compare with: a version, an alias, or `latest`.
    std::string base;
    /// The version to judge: a version, an alias, or `latest`.
    std::string candidate;
};

/// What a metric is for.
enum class MetricRole : std::int32_t {
    /// Decides the experiment.
    primary = 1,
    /// Is shown.
    secondary = 2,
    /// Stops the traffic of an experiment where an arm is shown to be worse.
    guardrail = 3,
};

/// As on the wire.
inline const char *name(const MetricRole value) {
    switch (value) {
    case MetricRole::primary: return "primary";
    case MetricRole::secondary: return "secondary";
    case MetricRole::guardrail: return "guardrail";
    }
    return "";
}

/// What a comparison says.
enum class Finding : std::int32_t {
    /// There is not enough to say anything.
    too_few = 1,
    /// Nothing is shown yet.
    inconclusive = 2,
    /// The arm is better than the control.
    better = 3,
    /// The arm is worse than the control; of a guardrail: by more than its margin.
    worse = 4,
};

/// As on the wire.
inline const char *name(const Finding value) {
    switch (value) {
    case Finding::too_few: return "too_few";
    case Finding::inconclusive: return "inconclusive";
    case Finding::better: return "better";
    case Finding::worse: return "worse";
    }
    return "";
}

/// Figures of a comparison.
struct Figures {
    /// The metric on the control.
    double control = 0;
    /// The metric on the arm.
    double arm = 0;
    /// The arm's less the control's.
    double difference = 0;
    /// Lower end of the interval of the difference.
    double low = 0;
    /// Upper end.
    double high = 0;
    /// Difference over the control's; absent where that is 0.
    std::optional<double> relative;
    /// Probability of a difference as large where there is none, by itself.
    double p_value = 0;
    /// The same, corrected for how many primary metrics and arms are looked at.
    double adjusted_p_value = 0;
    /// Probability that the arm is better, if nothing was known before.
    double chance_better = 0;
    /// What choosing the arm costs on average, in units of the metric: how much worse it is where it is worse.
    double expected_loss = 0;
    /// Share of the variance that allowing for what was before takes away; absent: nothing was recorded before.
    std::optional<double> variance_reduction;
};

/// One metric of one arm beside the control's.
struct Comparison {
    /// The metric.
    std::string metric;
    /// What it is for.
    MetricRole role{};
    /// Which way is better.
    Goal goal{};
    /// The arm.
    std::string arm;
    /// Values of the control, as a string.
    std::string control_values;
    /// Values of the arm, as a string.
    std::string arm_values;
    /// What is shown.
    Finding finding{};
    /// The figures; absent where there is not enough.
    std::optional<Figures> figures;
};

/// Whether a version can take another's place without its callers noticing.
enum class Compatibility : std::int32_t {
    /// Same signature and labels.
    identical = 1,
    /// Every request to the base is one to the candidate, and every output is still there.
    compatible = 2,
    /// Some request or some reader of an answer breaks.
    incompatible = 3,
};

/// As on the wire.
inline const char *name(const Compatibility value) {
    switch (value) {
    case Compatibility::identical: return "identical";
    case Compatibility::compatible: return "compatible";
    case Compatibility::incompatible: return "incompatible";
    }
    return "";
}

/// Answers to the rows of one class.
struct ConfusionRow {
    /// The right class: its label, else its number.
    std::string label;
    /// Rows by the class that was answered, in the order of the rows of this table.
    std::vector<std::uint32_t> answered;
};

/// How p-values of several comparisons are corrected.
enum class Correction : std::int32_t {
    /// Not at all.
    none = 1,
    /// Times their number.
    bonferroni = 2,
    /// Step by step, for the same error (Holm 1979).
    holm = 3,
    /// The share of false discoveries (Benjamini and Hochberg 1995).
    benjamini_hochberg = 4,
};

/// As on the wire.
inline const char *name(const Correction value) {
    switch (value) {
    case Correction::none: return "none";
    case Correction::bonferroni: return "bonferroni";
    case Correction::holm: return "holm";
    case Correction::benjamini_hochberg: return "benjamini_hochberg";
    }
    return "";
}

/// What requests cost in a step.
struct CostFindings {
    /// The candidate's time in the engine over the baseline's (geometric means); absent before both have run.
    std::optional<double> ratio;
    /// Natural logarithm of the evidence that the candidate costs more than the ratio allows, over all steps.
    double costlier = 0;
    /// That it does not, in this step.
    double no_costlier = 0;
};

/// How a metric comes out of outcomes.
enum class MetricKind : std::int32_t {
    /// Mean of the values.
    mean = 1,
    /// Share of ones among values that are 0 or 1.
    proportion = 2,
    /// Sum of the values over the sum of another outcome.
    ratio = 3,
    /// Quantile of the values.
    quantile = 4,
};

/// As on the wire.
inline const char *name(const MetricKind value) {
    switch (value) {
    case MetricKind::mean: return "mean";
    case MetricKind::proportion: return "proportion";
    case MetricKind::ratio: return "ratio";
    case MetricKind::quantile: return "quantile";
    }
    return "";
}

/// Something that is compared between the arms.
struct MetricConfig {
    /// Name of the metric.
    std::string name;
    /// How it comes out of outcomes.
    MetricKind kind{};
    /// Which way is better.
    Goal goal{};
    /// What it is for.
    MetricRole role{};
    /// The outcome that it is of; absent: the one of the metric's name. `latency_ms` and `failed` are recorded for
    /// every request.
    std::optional<std::string> outcome;
    /// The outcome whose sum a ratio divides by; only with the kind ratio.
    std::optional<std::string> per;
    /// Which quantile, between 0 and 1; only with the kind quantile.
    std::optional<double> quantile;
    /// By how much, relative to the control, an arm may be worse before a guardrail counts it as worse. Default 0.
    std::optional<double> margin;
};

/// What the intervals and p-values of an experiment stand for.
enum class Method : std::int32_t {
    /// They hold at every moment, however often somebody looks.
    sequential = 1,
    /// They hold once, when every arm has been met `horizon` times.
    fixed = 2,
};

/// As on the wire.
inline const char *name(const Method value) {
    switch (value) {
    case Method::sequential: return "sequential";
    case Method::fixed: return "fixed";
    }
    return "";
}

/// How an experiment is judged.
struct JudgementConfig {
    /// What intervals and p-values stand for. Default sequential.
    std::optional<Method> method;
    /// Probability that a difference is found where there is none. 0.0001 to 0.5, default 0.05.
    std::optional<double> level;
    /// How p-values of the primary metrics are corrected. Default holm.
    std::optional<Correction> correction;
    /// How often every arm has to be met for the fixed method, as a string.
    std::optional<std::string> horizon;
    /// Milliseconds after its start when it stops by itself, as a string; absent: it does not.
    std::optional<std::string> max_ms;
    /// Whether it stops by itself once every primary metric is decided. Default false.
    std::optional<bool> stop_early;
    /// Who gets which share. Default fixed.
    std::optional<Allocation> allocation;
};

/// Input of [`CreateExperiment`].
struct CreateExperimentInput {
    /// The deployment.
    std::string deployment;
    /// Name of the experiment.
    std::string name;
    /// The versions that are compared, 2 to 10; the first one is the control, and has to be the one that serves.
    std::vector<ArmConfig> arms;
    /// What is compared, 1 to 16; at least one is primary.
    std::vector<MetricConfig> metrics;
    /// Share of the callers that take no part and get what serves, in basis points.
    std::uint32_t holdout = 0;
    /// How it is judged; absent: with the defaults.
    std::optional<JudgementConfig> judgement;
    /// Attributes of requests whose values are looked at by themselves too, up to 4. It decides nothing.
    std::vector<std::string> segments;
};

/// Element type of a tensor.
enum class DType : std::int32_t {
    /// IEEE 754 half precision.
    f16 = 1,
    /// IEEE 754 single precision.
    f32 = 2,
    /// IEEE 754 double precision.
    f64 = 3,
    /// Signed 8 bits.
    i8 = 4,
    /// Signed 16 bits.
    i16 = 5,
    /// Signed 32 bits.
    i32 = 6,
    /// Signed 64 bits.
    i64 = 7,
    /// Unsigned 8 bits.
    u8 = 8,
    /// Unsigned 16 bits.
    u16 = 9,
    /// Unsigned 32 bits.
    u32 = 10,
    /// Unsigned 64 bits.
    u64 = 11,
    /// One byte, 0 or 1.
    bool_ = 12,
    /// UTF-8 strings of any length.
    string = 13,
};

/// As on the wire.
inline const char *name(const DType value) {
    switch (value) {
    case DType::f16: return "f16";
    case DType::f32: return "f32";
    case DType::f64: return "f64";
    case DType::i8: return "i8";
    case DType::i16: return "i16";
    case DType::i32: return "i32";
    case DType::i64: return "i64";
    case DType::u8: return "u8";
    case DType::u16: return "u16";
    case DType::u32: return "u32";
    case DType::u64: return "u64";
    case DType::bool_: return "bool";
    case DType::string: return "string";
    }
    return "";
}

/// Input of [`DeclareWinner`].
struct DeclareWinnerInput {
    /// The deployment.
    std::string deployment;
    /// Name of the arm; absent: the one that the report shows to be the best.
    std::optional<std::string> arm;
    /// How sure the report has to be, 0.5 to 0.9999; absent: one less the experiment's level.
    std::optional<double> confidence;
    /// Whether the arm wins whatever the report shows.
    bool force = false;
    /// Why.
    std::optional<std::string> reason;
};

/// Input of [`DeleteVersion`].
struct DeleteVersionInput {
    /// The model.
    std::string model;
    /// A version, an alias, or `latest`. What deletes takes no default.
    std::string version;
};

/// Output of [`DeleteVersion`].
struct Deleted {
    /// The model.
    std::string model;
    /// The version that is gone; its artifact goes with the next collection.
    std::string version;
};

/// When a revision is loaded.
enum class Loading : std::int32_t {
    /// From its deploy on, and again when a process opens the directory; it stays.
    resident = 1,
    /// By the first request; it may be unloaded while no request runs.
    on_demand = 2,
};

/// As on the wire.
inline const char *name(const Loading value) {
    switch (value) {
    case Loading::resident: return "resident";
    case Loading::on_demand: return "on_demand";
    }
    return "";
}

/// What sessions of a deployment carry, and how many there may be in each process.
struct StateConfig {
    /// Tensors that go from call to call.
    std::vector<CarriedTensor> carried;
    /// Sessions that are open at once at most, 1 to 1048576; absent: 1024.
    std::optional<std::uint32_t> max_sessions;
    /// Bytes that they carry together at most, as a string; absent: 64 MiB.
    std::optional<std::string> max_bytes;
    /// Milliseconds without a call after which a session ends, as a string; absent: five minutes.
    std::optional<std::string> idle_ms;
};

/// An output that the next step is given as an input.
struct FedTensor {
    /// The output.
    std::string output;
    /// The input.
    std::string input;
};

/// A value that ends a stream.
struct StopValue {
    /// The output that is looked at: of numbers or bools.
    std::string output;
    /// The value that all its elements must have; 1 for true.
    double equals = 0;
};

/// One answer for each window of a long input, in order. The other inputs are given to every window.
struct StreamConfigWindows {
    /// The input that is cut.
    std::string input;
    /// The axis that it is cut along, from 0.
    std::uint32_t axis = 0;
    /// Elements of a window.
    std::uint32_t length = 0;
    /// Elements from the start of one window to the start of the next, 1 to `length`.
    std::uint32_t hop = 0;
    /// Elements before a window that come along in front of it; zeros before the first ones.
    std::uint32_t context = 0;
    /// Whether the last window is filled up with zeros; else what does not fill a window is left out.
    bool pad_last = true;
};

/// The model runs again on its own outputs.
struct StreamConfigRepeat {
    /// What is given to the next step; inputs that are not fed stay as they were.
    std::vector<FedTensor> feed;
    /// Steps at most, 1 to 1048576.
    std::uint32_t max_steps = 0;
    /// What ends the stream before that; the answer that meets it is the last one.
    std::optional<StopValue> until;
};

/// How one request gives many answers.
using StreamConfig = std::variant<
    StreamConfigWindows,
    StreamConfigRepeat>;

/// How replicas are replaced, in each process.
struct RollingConfig {
    /// Replicas that may be there beyond the number that the deployment has; absent: a quarter of it, rounded up.
    std::optional<std::uint32_t> max_surge;
    /// Replicas that may be missing meanwhile, less than the deployment has; absent: none.
    std::optional<std::uint32_t> max_unavailable;
    /// Milliseconds that each step lasts at least, as a string; absent: until its replicas are up.
    std::optional<std::string> min_ms;
    /// Milliseconds after which a step whose replicas are not up is inconclusive, as a string; absent: it waits.
    std::optional<std::string> max_ms;
    /// What ends the rollout while it is under way; absent: with the defaults.
    std::optional<AnalysisConfig> analysis;
};

/// Input of [`Deploy`].
struct DeployInput {
    /// Name of the deployment.
    std::string deployment;
    /// The model; absent: named like the deployment.
    std::optional<std::string> model;
    /// A version, an alias, or `latest`.
    std::string version = "latest";
    /// Where replicas live; absent: the default target.
    std::optional<std::string> target;
    /// `immediate` moves traffic when the revision is verified; `blue_green` waits for `promote`; `canary` moves it
    /// step by step while the revision is found to be no worse; `shadow` lets it answer nobody until somebody
    /// advances it; `rolling` replaces replicas a few at a time; `ab_testing` divides the traffic in halves until
    /// somebody decides. Absent: the default.
    std::optional<Strategy> strategy;
    /// Replicas in each process; absent: as before, 1 at first.
    std::optional<std::uint32_t> replicas;
    /// Threads that one request may use.
    std::uint32_t threads = 1;
    /// Input shapes to compile plans for before traffic: input name to sizes.
    std::vector<std::map<std::string, std::vector<std::uint32_t>>> shapes;
    /// Engine; absent: the default.
    std::optional<std::string> engine;
    /// How requests are batched; absent: not at all.
    std::optional<BatchConfig> batching;
    /// How answers are kept; absent: they are not.
    std::optional<CacheConfig> cache;
    /// Gates that a version must have passed, by an `evaluate` of each, to be deployed or promoted here, at most 16;
    /// absent: as before, none at first.
    std::optional<std::vector<std::string>> required_gates;
    /// When the revision is loaded; absent: as the one before, the default at first.
    std::optional<Loading> loading;
    /// Milliseconds without a request after which an `on_demand` revision is unloaded, as a string; absent: as the
    /// one before where `loading` is absent too, else only to make room.
    std::optional<std::string> unload_after_ms;
    /// Measures on this machine what gives the most of this, and takes it where the request leaves it open: `threads`
    /// where they are 1, `replicas` where they are absent, and with `throughput` the rows of a batch. Absent: nothing
    /// is measured.
    std::optional<Aim> tune;
    /// What sessions carry from call to call; absent: nothing.
    std::optional<StateConfig> state;
    /// How one request gives many answers; absent: it cannot.
    std::optional<StreamConfig> stream;
    /// How traffic moves to the revision with the strategy `canary`, which it implies; absent with that strategy: by
    /// the steps and the analysis that are the default.
    std::optional<CanaryConfig> canary;
    /// A deployment whose serving version is to be deployed here, configured as it is there where this input says
    /// nothing: from staging to production. Absent: what `version` says.
    std::optional<std::string> from;
    /// How replicas are replaced with the strategy `rolling`, which it implies; absent with that strategy: a quarter
    /// at a time, with none missing.
    std::optional<RollingConfig> rolling;
};

/// States of a deployment.
enum class DeploymentState : std::int32_t {
    /// Accepted.
    pending = 1,
    /// A revision is being brought up. An earlier one goes on serving.
    deploying = 2,
    /// Serves.
    running = 3,
    /// Serves while replicas come or go.
    scaling = 4,
    /// Drains.
    stopping = 5,
    /// Serves nothing.
    stopped = 6,
    /// Kept failing, or its first revision never came up.
    error = 7,
};

/// As on the wire.
inline const char *name(const DeploymentState value) {
    switch (value) {
    case DeploymentState::pending: return "pending";
    case DeploymentState::deploying: return "deploying";
    case DeploymentState::running: return "running";
    case DeploymentState::scaling: return "scaling";
    case DeploymentState::stopping: return "stopping";
    case DeploymentState::stopped: return "stopped";
    case DeploymentState::error: return "error";
    }
    return "";
}

/// States of a revision.
enum class RevisionStatus : std::int32_t {
    /// Being brought up.
    loading = 1,
    /// Loaded, verified, without traffic.
    ready = 2,
    /// Serves.
    active = 3,
    /// Served before.
    retired = 4,
    /// Could not be brought up, or kept failing.
    failed = 5,
    /// Overtaken by a rollback or a stop before it was ready.
    superseded = 6,
};

/// As on the wire.
inline const char *name(const RevisionStatus value) {
    switch (value) {
    case RevisionStatus::loading: return "loading";
    case RevisionStatus::ready: return "ready";
    case RevisionStatus::active: return "active";
    case RevisionStatus::retired: return "retired";
    case RevisionStatus::failed: return "failed";
    case RevisionStatus::superseded: return "superseded";
    }
    return "";
}

/// What a case gave.
struct TuningCase {
    /// Threads of one request.
    std::uint32_t threads = 0;
    /// Replicas that ran at once.
    std::uint32_t replicas = 0;
    /// Rows of one request.
    std::uint32_t rows = 0;
    /// Median time of a request in microseconds.
    double latency_us = 0;
    /// Rows in a second, all replicas together.
    double rows_per_second = 0;
};

/// What a deploy was tuned to, and the figures behind it.
struct Tuning {
    /// What it is tuned for.
    Aim aim{};
    /// The machine that measured: architecture, processor, threads that run at once.
    std::string machine;
    /// Whether the figures are of an earlier deploy of the same file on the same kind of machine.
    bool remembered = false;
    /// Position of the chosen case.
    std::uint32_t chosen = 0;
    /// Every case: by rows, then by threads.
    std::vector<TuningCase> cases;
};

/// A version with one configuration inside a deployment.
struct Revision {
    /// 1, 2, 3, …
    std::uint32_t number = 0;
    /// Version of the model.
    std::string version;
    /// Threads that one request may use.
    std::uint32_t threads = 0;
    /// Input shapes to compile plans for before traffic: input name to sizes.
    std::vector<std::map<std::string, std::vector<std::uint32_t>>> shapes;
    /// Engine asked for, or none for the default.
    std::optional<std::string> engine;
    /// Where it stands.
    RevisionStatus status{};
    /// Why it failed, or what verification found.
    std::optional<std::string> note;
    /// How requests are batched, where they are.
    std::optional<BatchConfig> batching;
    /// How answers are kept; absent: they are not.
    std::optional<CacheConfig> cache;
    /// When it is loaded; absent: it is resident.
    std::optional<Loading> loading;
    /// Milliseconds without a request after which it is unloaded, as a string; absent: only to make room.
    std::optional<std::string> unload_after_ms;
    /// What it was tuned to, and the figures behind it; absent: it was not.
    std::optional<Tuning> tuning;
    /// What sessions carry from call to call; absent: nothing.
    std::optional<StateConfig> state;
    /// How one request gives many answers; absent: it cannot.
    std::optional<StreamConfig> stream;
    /// How traffic moves to it, where that goes by steps.
    std::optional<CanaryConfig> canary;
};

/// Where a rollout stands.
enum class RolloutPhase : std::int32_t {
    /// The step is being judged.
    analysing = 1,
    /// The step has passed, and waits for `advance_rollout`.
    gated = 2,
    /// Somebody stopped it; the share of the traffic stays.
    paused = 3,
    /// The step took too long to be judged; the share of the traffic stays until somebody decides.
    inconclusive = 4,
    /// All traffic has moved.
    completed = 5,
    /// All traffic has moved back.
    aborted = 6,
};

/// As on the wire.
inline const char *name(const RolloutPhase value) {
    switch (value) {
    case RolloutPhase::analysing: return "analysing";
    case RolloutPhase::gated: return "gated";
    case RolloutPhase::paused: return "paused";
    case RolloutPhase::inconclusive: return "inconclusive";
    case RolloutPhase::completed: return "completed";
    case RolloutPhase::aborted: return "aborted";
    }
    return "";
}

/// What both revisions have got.
struct Seen {
    /// The one that is tried.
    ArmCounts candidate;
    /// The one that served before.
    ArmCounts baseline;
};

/// Evidence about the difference of two proportions.
struct ProportionEvidence {
    /// Logarithm of the e-value of each alternative.
    std::vector<double> log_e;
    /// Trials of the control so far.
    double control_n = 0;
    /// Its hits so far.
    double control_hits = 0;
};

/// What is known of a difference of means: score and information, which add up over strata.
struct MeanEvidence {
    /// Difference beyond the margin, times the information.
    double score = 0;
    /// One over the variance of the difference.
    double information = 0;
};

/// Evidence about one rate.
struct RateEvidence {
    /// Logarithm of the e-value of each alternative.
    std::vector<double> log_e;
};

/// What requests in the shadow have shown so far, over all steps of this kind.
struct MirrorEvidence {
    /// That the candidate fails more of what the baseline answered than the margin allows.
    RateEvidence fails_more;
    /// That it does not.
    RateEvidence fails_no_more;
    /// That more of its answers differ than are allowed.
    RateEvidence differs_more;
    /// That no more do.
    RateEvidence differs_no_more;
};

/// What one metric has shown: that its mean on the candidate is worse by more than the margin.
struct MetricEvidence {
    /// Of the steps before.
    MeanEvidence before;
    /// Of this step.
    MeanEvidence now;
};

/// What has been shown so far. Folds deterministically: the same blocks in the same order give the same bits.
struct Evidence {
    /// That the candidate fails more than the margin allows, over all steps.
    ProportionEvidence fails_more;
    /// That it does not, in this step.
    ProportionEvidence fails_no_more;
    /// That it is slower than the margin allows, of the steps before.
    MeanEvidence slower_before;
    /// Of this step.
    MeanEvidence slower;
    /// What requests in the shadow have shown; absent before the first.
    std::optional<MirrorEvidence> mirror;
    /// What the host's own figures have shown, in the order of the metrics.
    std::vector<MetricEvidence> metrics;
    /// What the time in the engine has shown; absent where it decides nothing.
    std::optional<MetricEvidence> cost;
    /// What answers have shown, of each class or the mean: that it has grown, and that it has fallen.
    std::vector<MetricEvidence> drift;
    /// What of the step under way is counted in; absent: nothing yet.
    std::optional<Seen> counted;
};

/// How far the candidate's answers are from the baseline's to the same requests.
struct MirrorFindings {
    /// Requests of the step that both have answered, as a string.
    std::string compared;
    /// Requests that were not run a second time, because too many waited; of recorded ones those that do not read, do
    /// not fit, or are not answered by the baseline. As a string.
    std::string skipped;
    /// Share of the answers that differ: another class first, or, of what is no classification, numbers beyond the
    /// tolerance.
    double differing = 0;
    /// The largest difference between numbers of an answer, on average over the requests.
    double mean_difference = 0;
    /// The largest of all.
    double largest_difference = 0;
    /// Natural logarithm of the evidence that more answers differ than are allowed; 0 where nothing is said about
    /// that.
    double differs_more = 0;
    /// That no more do; 0 likewise.
    double differs_no_more = 0;
};

/// One metric in a step.
struct MetricFindings {
    /// Name of the metric.
    std::string name;
    /// Values of the candidate, as a string.
    std::string candidate_values;
    /// Values of the baseline, as a string.
    std::string baseline_values;
    /// Mean of the candidate; absent without values.
    std::optional<double> candidate_mean;
    /// Mean of the baseline; absent likewise.
    std::optional<double> baseline_mean;
    /// Natural logarithm of the evidence that the candidate is worse by more than the margin, over all steps.
    double worse = 0;
    /// That it is not, in this step.
    double no_worse = 0;
};

/// How far the answers of both are apart in a step.
struct DriftFindings {
    /// Answers of the candidate, as a string.
    std::string candidate_answers;
    /// Answers of the baseline, as a string.
    std::string baseline_answers;
    /// The largest move: of a class's share of all answers, 0 to 1; of versions without labels of the mean answer, in
    /// standard deviations of the baseline's answers.
    double shift = 0;
    /// Number of the class that moved most, up to the remainder by 16; absent without labels.
    std::optional<std::uint32_t> class_index;
    /// Natural logarithm of the evidence that one moved by more than the margin, over all steps.
    double moved = 0;
    /// That none did, in this step.
    double not_moved = 0;
};

/// How far a replay is.
struct ReplayFindings {
    /// Recorded requests of the step, as a string.
    std::string recorded;
    /// Those of them that have run or were skipped, as a string.
    std::string run;
};

/// The figures of a step, and what they are held against.
struct Findings {
    /// Requests of the candidate in this step, as a string.
    std::string candidate_requests;
    /// Requests of the baseline in this step, as a string.
    std::string baseline_requests;
    /// Share of the candidate's requests that failed.
    double candidate_error_rate = 0;
    /// Share of the baseline's.
    double baseline_error_rate = 0;
    /// The candidate's latency over the baseline's (geometric means); absent before both have answered. In the shadow
    /// the time in the engine, which decides nothing: everything else on the machine goes before the shadow.
    std::optional<double> latency_ratio;
    /// Natural logarithm of the evidence that the candidate fails more than the margin allows, over all steps.
    double fails_more = 0;
    /// That it does not, in this step.
    double fails_no_more = 0;
    /// That it is slower than the margin allows, over all steps.
    double slower = 0;
    /// That it is not, in this step.
    double no_slower = 0;
    /// What evidence of the first kind has to reach to end the rollout: the kinds that are looked at share the level.
    double to_abort = 0;
    /// What both of the second kind have to reach for the step to pass.
    double to_pass = 0;
    /// Natural logarithm of the evidence that the candidate does not get the share of the requests that it should,
    /// since whoever decides began to look at the step.
    std::optional<double> mismatch;
    /// How far answers in the shadow are from those that callers got; absent in a step with traffic.
    std::optional<MirrorFindings> mirror;
    /// The host's own figures, in the order of the metrics.
    std::vector<MetricFindings> metrics;
    /// What requests cost; absent where that decides nothing, and in the shadow.
    std::optional<CostFindings> cost;
    /// How far answers are distributed otherwise; absent likewise.
    std::optional<DriftFindings> drift;
    /// How many of the recorded requests have run; absent in another step.
    std::optional<ReplayFindings> replay;
};

/// The move of a deployment's traffic from one revision to another.
struct Rollout {
    /// Revision that served before.
    std::uint32_t baseline = 0;
    /// Revision that is tried.
    std::uint32_t candidate = 0;
    /// How it proceeds.
    CanaryConfig canary;
    /// Number of the step, from 0.
    std::uint32_t step = 0;
    /// Share of the traffic that the candidate gets now, in basis points.
    std::uint32_t weight = 0;
    /// Where it stands.
    RolloutPhase phase{};
    /// Why, in a sentence.
    std::string reason;
    /// Secret that decides which keys are the first, as a string.
    std::string salt;
    /// When the step began, in milliseconds since 1970, as a string.
    std::string since;
    /// What was counted before the step and is not of it; absent until the step's first look.
    std::optional<Seen> from;
    /// What the steps so far have shown.
    Evidence evidence;
    /// The figures behind the last change.
    std::optional<Findings> findings;
};

/// One side of an experiment.
struct ExperimentArm {
    /// Name of the arm.
    std::string name;
    /// Its version.
    std::string version;
    /// Its revision.
    std::uint32_t revision = 0;
    /// Share of the callers that it gets now, in basis points.
    std::uint32_t weight = 0;
};

/// Points up to a bound, from the bound before.
struct Share {
    /// First point that is not of it.
    std::uint32_t below = 0;
    /// Index of the arm that gets it.
    std::uint32_t arm = 0;
};

/// Where an experiment stands.
enum class ExperimentPhase : std::int32_t {
    /// Has not begun. What is recorded by now says how its callers differ already.
    draft = 1,
    /// Its arms get their shares.
    running = 2,
    /// All traffic goes to what serves, until it is started again.
    paused = 3,
    /// It is over, and nobody has decided.
    stopped = 4,
    /// It is over, and one of its arms has won.
    decided = 5,
};

/// As on the wire.
inline const char *name(const ExperimentPhase value) {
    switch (value) {
    case ExperimentPhase::draft: return "draft";
    case ExperimentPhase::running: return "running";
    case ExperimentPhase::paused: return "paused";
    case ExperimentPhase::stopped: return "stopped";
    case ExperimentPhase::decided: return "decided";
    }
    return "";
}

/// How often an arm was met.
struct Exposure {
    /// Name of the arm.
    std::string arm;
    /// Requests that went to it, as a string.
    std::string requests;
    /// Its share of all of them; 0 before the first.
    double share = 0;
    /// Natural logarithm of the evidence that it does not get the share that it should.
    double mismatch = 0;
};

/// Whether the proportions of all arms are the same.
struct ProportionsTest {
    /// The metric.
    std::string metric;
    /// Pearson's chi-square, without a correction for continuity.
    double statistic = 0;
    /// Its degrees of freedom: the arms less one.
    double df = 0;
    /// Probability of proportions as far apart where all are the same.
    double p_value = 0;
};

/// Whether values of an arm tend to be larger or smaller than the control's (Mann and Whitney 1947), corrected for
/// ties.
struct RanksTest {
    /// The metric.
    std::string metric;
    /// The arm.
    std::string arm;
    /// Pairs of a value of the arm and one of the control of which the arm's is the larger, and half of those that
    /// are equal.
    double u = 0;
    /// How many standard errors that is above half of all pairs.
    double z = 0;
    /// Two-sided probability of a `z` as far from 0 where neither tends to be larger.
    double p_value = 0;
    /// Chance that a value of the arm exceeds one of the control, and half of that of equal ones (the common-language
    /// effect).
    double superiority = 0;
};

/// Tests that treat all values as independent, also those of one caller. They decide nothing, and are not corrected
/// for how many there are.
struct HorizonTests {
    /// Of each metric of the kind proportion, where every arm has values and not all are alike.
    std::vector<ProportionsTest> proportions;
    /// Of each metric of the kinds mean and quantile, and each arm but the control. Values count as they are kept:
    /// within a hundredth of their size, latencies within a thirtieth.
    std::vector<RanksTest> ranks;
};

/// A comparison among the callers whose requests say the same.
struct SegmentComparison {
    /// The attribute.
    std::string attribute;
    /// Its value; absent: all those that are not kept apart, together.
    std::optional<std::string> value;
    /// The comparison. Its adjusted p-value is corrected for all comparisons of all segments, as the experiment
    /// corrects.
    Comparison comparison;
};

/// What an experiment shows at one moment.
struct ExperimentReport {
    /// When, in milliseconds since 1970, as a string.
    std::string at;
    /// How often each arm was met, the control first.
    std::vector<Exposure> exposures;
    /// Whether an arm got another share than it should: then no figure here means anything.
    bool sample_ratio_mismatch = false;
    /// Whether the figures may be judged now: always with the method sequential, from its horizon on with the method
    /// fixed.
    bool due = false;
    /// Each metric of each arm but the control.
    std::vector<Comparison> comparisons;
    /// The arm that is shown to be the best by the primary metrics; absent: none is.
    std::optional<std::string> leader;
    /// What was lost so far to arms that are worse, in units of the first primary metric times its values; absent
    /// where there is not enough.
    std::optional<double> regret;
    /// All of it in a sentence.
    std::string summary;
    /// Further tests, which decide nothing; with the method fixed, once it is due.
    std::optional<HorizonTests> horizon;
    /// Each metric but quantiles of each arm but the control, in each segment of the callers. Exploratory: it decides
    /// nothing.
    std::vector<SegmentComparison> segments;
};

/// A comparison of versions on a deployment's traffic.
struct Experiment {
    /// 1, 2, 3, … within the deployment.
    std::uint32_t number = 0;
    /// Its name.
    std::string name;
    /// What is compared, the control first.
    std::vector<ExperimentArm> arms;
    /// Share of the callers that take no part, in basis points.
    std::uint32_t holdout = 0;
    /// By what.
    std::vector<MetricConfig> metrics;
    /// How surely.
    JudgementConfig judgement;
    /// Which points are whose; the number after the last arm is the holdout's.
    std::vector<Share> shares;
    /// Where it stands.
    ExperimentPhase phase{};
    /// Why, in a sentence.
    std::string reason;
    /// Secret that decides where keys lie, as a string.
    std::string salt;
    /// When it first began, in milliseconds since 1970, as a string.
    std::optional<std::string> started_at;
    /// When it came to where it stands, in milliseconds since 1970, as a string.
    std::string since;
    /// Name of the arm that has won.
    std::optional<std::string> winner;
    /// What was found when it stopped, or when somebody decided.
    std::optional<ExperimentReport> report;
    /// Attributes whose values are looked at by themselves too.
    std::vector<std::string> segments;
};

/// One attribute of a request.
struct RuleCondition {
    /// Name of the attribute.
    std::string attribute;
    /// Values of which it has to have one, 1 to 64.
    std::vector<std::string> any_of;
};

/// Who answers the requests that a rule is about.
enum class RuleTarget : std::int32_t {
    /// The revision that serves: they take no part in what is tried.
    serving = 1,
    /// The revision that a rollout tries; without one, the next rule counts.
    candidate = 2,
    /// The version that the rule names.
    version = 3,
};

/// As on the wire.
inline const char *name(const RuleTarget value) {
    switch (value) {
    case RuleTarget::serving: return "serving";
    case RuleTarget::candidate: return "candidate";
    case RuleTarget::version: return "version";
    }
    return "";
}

/// Where some requests go.
struct RouteRule {
    /// What a request has to say of itself, all of it; 1 to 8 conditions.
    std::vector<RuleCondition> when;
    /// Who answers it.
    RuleTarget to{};
    /// The version, with the target `version`: one that the deployment has brought up.
    std::optional<std::string> version;
};

/// A named endpoint that serves a model.
struct Deployment {
    /// The name.
    std::string name;
    /// The model.
    std::string model;
    /// Where replicas live.
    std::string target;
    /// How traffic moves to the newest revision.
    Strategy strategy{};
    /// Where it stands.
    DeploymentState state{};
    /// Why it is in `error`, or what the last change failed with.
    std::optional<std::string> cause;
    /// Replicas wanted in each process.
    std::uint32_t replicas = 0;
    /// What the change under way brings along once its revision is ready.
    std::optional<Change> change;
    /// Replicas before a scaling that goes on.
    std::optional<std::uint32_t> scaling_from;
    /// The last revisions, oldest first; at most [`deployment::MAX_REVISIONS`].
    std::vector<Revision> revisions;
    /// Number of the revision that serves.
    std::optional<std::uint32_t> active;
    /// Revisions that served before, the latest last.
    std::vector<std::uint32_t> previous;
    /// The process that works on the change under way.
    std::optional<std::string> worker;
    /// Highest revision number ever.
    std::uint32_t last_revision = 0;
    /// When it was first asked for, in milliseconds since 1970, as a string.
    std::string created_at;
    /// When it last changed, in milliseconds since 1970, as a string.
    std::string updated_at;
    /// Gates that a version must have passed to be deployed or promoted.
    std::vector<std::string> required_gates;
    /// How the number of replicas follows demand, where it does.
    std::optional<AutoscaleConfig> autoscale;
    /// The last move of traffic that went by steps.
    std::optional<Rollout> rollout;
    /// The last experiment on its traffic.
    std::optional<Experiment> experiment;
    /// Where requests go by what they say of themselves; the first rule that is about one counts.
    std::vector<RouteRule> rules;
};

/// Names a deployment, or none for all.
struct DeploymentFilter {
    /// Only this deployment.
    std::optional<std::string> deployment;
};

/// How a thing fares.
enum class Health : std::int32_t {
    /// As desired.
    healthy = 1,
    /// Serves, but not as desired.
    degraded = 2,
    /// Should serve and does not.
    unhealthy = 3,
};

/// As on the wire.
inline const char *name(const Health value) {
    switch (value) {
    case Health::healthy: return "healthy";
    case Health::degraded: return "degraded";
    case Health::unhealthy: return "unhealthy";
    }
    return "";
}

/// Health of one deployment in this process.
struct DeploymentHealth {
    /// The deployment.
    std::string deployment;
    /// The verdict.
    Health health{};
    /// Whether it answers here and now, with the desired revision.
    bool ready = false;
    /// State as desired.
    DeploymentState state{};
    /// The last error of a load or of the state, where there is one.
    std::optional<std::string> last_error;
};

/// What came of an engine.
enum class EngineVerdict : std::int32_t {
    /// It serves.
    chosen = 1,
    /// It gives the right answers and is not faster.
    slower = 2,
    /// Its answers are not near enough to the right ones.
    disagrees = 3,
    /// It does not load or run the model.
    refused = 4,
};

/// As on the wire.
inline const char *name(const EngineVerdict value) {
    switch (value) {
    case EngineVerdict::chosen: return "chosen";
    case EngineVerdict::slower: return "slower";
    case EngineVerdict::disagrees: return "disagrees";
    case EngineVerdict::refused: return "refused";
    }
    return "";
}

/// What a calibration found of one engine.
struct EngineFigures {
    /// Engine and version, as in `tract 0.23.9`.
    std::string engine;
    /// What came of it.
    EngineVerdict verdict{};
    /// Median time of one run in microseconds.
    std::optional<double> median_us;
    /// Largest absolute difference from the expected outputs.
    std::optional<double> max_abs;
    /// Why it does not serve, where it was not the time.
    std::optional<std::string> reason;
};

/// The engine that serves, and the figures behind it.
struct EngineChoice {
    /// Why this one, in a sentence.
    std::string reason;
    /// Inputs on which answers were compared.
    std::uint32_t inputs = 0;
    /// Whether the figures are of an earlier load of the same file on the same kind of machine.
    bool remembered = false;
    /// Every engine, in the order of preference.
    std::vector<EngineFigures> candidates;
};

/// Facts about a loaded model.
struct LoadReport {
    /// Engine and version, as in `tract 0.23.9`.
    std::string engine;
    /// `static` where the file fixes every size, `symbolic` where one plan serves every shape, else `per_shape`.
    std::string plan;
    /// Why there is no symbolic plan, where there is none.
    std::optional<std::string> reason;
    /// Number of plans held.
    std::uint32_t plans = 0;
    /// Bytes held.
    std::uint64_t memory_bytes = 0;
    /// Milliseconds that load and compile took.
    std::uint64_t load_ms = 0;
    /// How the engine was chosen, where the deploy names none and there are several.
    std::optional<EngineChoice> choice;
};

/// How an `on_demand` revision came and went in this process.
struct ResidencyStatus {
    /// Whether it is loaded.
    bool loaded = false;
    /// Loads that a request waited for, as a string.
    std::string cold_loads;
    /// Unloads that made room for another one, as a string.
    std::string evictions;
    /// Unloads because no request came for long enough, as a string.
    std::string idle_unloads;
    /// Milliseconds that the last load took, verification included; absent before the first one.
    std::optional<std::uint32_t> last_load_ms;
};

/// Observed replicas of one revision in one process.
struct ReplicaStatus {
    /// Replicas that can run.
    std::uint32_t replicas = 0;
    /// Replicas that run a request now.
    std::uint32_t busy = 0;
    /// Requests that wait.
    std::uint32_t waiting = 0;
    /// Replicas that were replaced after a failure or a panic.
    std::string replaced;
    /// What the engine says of the loaded model.
    LoadReport load;
    /// How requests are batched, where they are.
    std::optional<BatchStatus> batching;
    /// How an `on_demand` revision came and went; absent for a resident one.
    std::optional<ResidencyStatus> residency;
};

/// A deployment as desired and as this process observes it.
struct DeploymentView {
    /// As desired: what the log says.
    Deployment desired;
    /// Version that answers in this process, where one does.
    std::optional<std::string> serving;
    /// This process still serves an older revision than the desired one, and why.
    std::optional<std::string> lagging;
    /// Replicas of each loaded revision in this process, by revision number as text.
    std::map<std::string, ReplicaStatus> replicas;
};

/// Output of [`ListDeployments`].
struct DeploymentList {
    /// By name.
    std::vector<DeploymentView> deployments;
};

/// Names a deployment.
struct DeploymentRef {
    /// The deployment.
    std::string deployment;
};

/// An error as every surface shows it.
struct ErrorRecord {
    /// Four digits.
    std::uint32_t code = 0;
    /// Snake-case name of the kind.
    std::string kind;
    /// The message.
    std::string message;
    /// The operation, where known.
    std::optional<std::string> operation;
    /// Names and values.
    std::map<std::string, std::string> context;
    /// Whether the same call may succeed later.
    bool retryable = false;
};

/// A gate: a name, and what metrics must reach.
struct Gate {
    /// Name, as a deployment requires it.
    std::string name;
    /// What must hold, 1 to 64; a metric that is bounded is computed.
    std::vector<Bound> bounds;
};

/// Input of [`Evaluate`].
struct EvaluateInput {
    /// The model; absent: that of `deployment`.
    std::optional<std::string> model;
    /// A version, an alias, or `latest`; absent: the one that serves in `deployment`, else `latest`.
    std::optional<std::string> version;
    /// A deployment whose version, engine and threads are to be evaluated.
    std::optional<std::string> deployment;
    /// Path of the data set: an `.npz` file, a directory of `.npy` files, or a JSON file of probes.
    std::string data;
    /// Names of metrics.
    std::vector<std::string> metrics;
    /// The output that is judged; absent: the first one.
    std::optional<std::string> output;
    /// The array of what is expected; absent: the one named like the output, else `labels`, else `expected`.
    std::optional<std::string> target;
    /// Turn scores into probabilities first: softmax over classes, the logistic function of a single score.
    bool softmax = false;
    /// Classes that count for `top_k_accuracy`, 1 or more.
    std::uint32_t top_k = 5;
    /// For `within_tolerance`.
    std::optional<Tolerance> tolerance;
    /// The gate that this is for.
    std::optional<Gate> gate;
    /// Engine; absent: as a deploy would choose.
    std::optional<std::string> engine;
    /// Threads that one run may use, 1 to 256; absent: those of the deployment, else 1.
    std::optional<std::uint32_t> threads;
    /// Rows of one run, 1 to 4096, where the model takes any number; absent: 32.
    std::optional<std::uint32_t> batch;
};

/// What an evaluation of a version found.
struct Evaluation {
    /// The gate that it is for, where it is for one.
    std::optional<std::string> gate;
    /// Whether every bound holds; true without bounds.
    bool passed = false;
    /// Digest of the model file that was evaluated. An evaluation of another file does not count.
    std::string artifact;
    /// Digest of the data set.
    std::string data;
    /// Rows of the data set, as a string.
    std::string rows;
    /// Engine and version that gave the answers.
    std::string engine;
    /// Metrics that have a value.
    std::map<std::string, double> metrics;
    /// What the gate asked for.
    std::vector<Bound> bounds;
    /// When it was recorded, in milliseconds since 1970, as a string.
    std::string at;
};

/// Output of [`Evaluate`].
struct EvaluationReport {
    /// The model.
    std::string model;
    /// The version.
    std::string version;
    /// Digest of its file.
    std::string digest;
    /// Digest of the data set.
    std::string data;
    /// Rows, as a string.
    std::string rows;
    /// Engine and version that gave the answers.
    std::string engine;
    /// The output that was judged.
    std::string output;
    /// The array that it was compared with.
    std::string target;
    /// Metrics by name.
    std::map<std::string, double> metrics;
    /// Metrics that have no value for this data, and why.
    std::map<std::string, std::string> undefined;
    /// Rows by right and by answered class, where that was asked for.
    std::vector<ConfusionRow> confusion;
    /// The gate, where there is one.
    std::optional<std::string> gate;
    /// Whether every bound of the gate holds; true without a gate.
    bool passed = false;
    /// Bounds that do not hold.
    std::vector<Bound> broken;
};

/// What a model is for.
enum class ModelKind : std::int32_t {
    /// Continues code: scores for the next tokens.
    code_completion = 1,
    /// Writes text about code: scores for the next tokens.
    documentation_generation = 2,
    /// Sorts code into labels.
    code_analysis = 3,
    /// Finds defects in code, per text or per position.
    static_analysis = 4,
    /// Finds weaknesses in code, per text or per position.
    security_analysis = 5,
    /// Predicts cost or picks a choice from features.
    performance_optimization = 6,
    /// Scores how well a text answers a query.
    search = 7,
    /// Turns a text into a vector whose neighbours mean the same.
    semantic_search = 8,
    /// Adapts to feedback: values or choices from features.
    learning = 9,
    /// Judges traffic or topology from features.
    network = 10,
    /// Anything.
    custom = 11,
};

/// As on the wire.
inline const char *name(const ModelKind value) {
    switch (value) {
    case ModelKind::code_completion: return "code_completion";
    case ModelKind::documentation_generation: return "documentation_generation";
    case ModelKind::code_analysis: return "code_analysis";
    case ModelKind::static_analysis: return "static_analysis";
    case ModelKind::security_analysis: return "security_analysis";
    case ModelKind::performance_optimization: return "performance_optimization";
    case ModelKind::search: return "search";
    case ModelKind::semantic_search: return "semantic_search";
    case ModelKind::learning: return "learning";
    case ModelKind::network: return "network";
    case ModelKind::custom: return "custom";
    }
    return "";
}

/// One input or output.
struct TensorSpec {
    /// The name in the model.
    std::string name;
    /// Element type.
    DType dtype{};
    /// Sizes of the axes, outermost first.
    std::vector<std::string> shape;
};

/// Inputs and outputs of a model, in the model's order.
struct Signature {
    /// What goes in.
    std::vector<TensorSpec> inputs;
    /// What comes out.
    std::vector<TensorSpec> outputs;
};

/// Where a version stands.
enum class VersionStatus : std::int32_t {
    /// Registered.
    draft = 1,
    /// Being tried.
    testing = 2,
    /// Fit for traffic.
    approved = 3,
    /// Served by a deployment.
    deployed = 4,
    /// To be replaced; still serves.
    deprecated = 5,
    /// Not to be deployed again.
    retired = 6,
    /// Failed to load or to verify.
    failed = 7,
};

/// As on the wire.
inline const char *name(const VersionStatus value) {
    switch (value) {
    case VersionStatus::draft: return "draft";
    case VersionStatus::testing: return "testing";
    case VersionStatus::approved: return "approved";
    case VersionStatus::deployed: return "deployed";
    case VersionStatus::deprecated: return "deprecated";
    case VersionStatus::retired: return "retired";
    case VersionStatus::failed: return "failed";
    }
    return "";
}

/// One version of one model, by number.
struct VersionPin {
    /// The model.
    std::string model;
    /// Its version.
    std::string version;
};

/// One immutable artifact of a model and what is known of it.
struct VersionRecord {
    /// The model.
    std::string model;
    /// Semantic version.
    std::string version;
    /// Digest of the model file.
    std::string digest;
    /// Size of the model file in bytes, as a string.
    std::string bytes;
    /// Format of the model file.
    std::string format;
    /// Inputs and outputs.
    Signature signature;
    /// Names of the classes, in the order of the last output axis.
    std::vector<std::string> labels;
    /// Free text.
    std::string description;
    /// Free names and values.
    std::map<std::string, std::string> tags;
    /// Measured figures.
    std::map<std::string, double> metrics;
    /// Version of the same model that this one was made from.
    std::optional<std::string> parent;
    /// Identifies the training run.
    std::optional<std::string> training_run;
    /// Probe inputs and expected outputs, in the artifact store.
    std::optional<std::string> probes;
    /// Who gave the expected outputs: `registrar`, or the engine.
    std::optional<std::string> probes_from;
    /// Constructs that engines are known to get wrong; such a version deploys only with the registrar's probes.
    std::vector<std::string> suspect;
    /// Where it stands.
    VersionStatus status{};
    /// When it was registered, in milliseconds since 1970, as a string.
    std::string created_at;
    /// What evaluations found: the last one of each gate, the latest last.
    std::vector<Evaluation> evaluations;
    /// Versions that a pipeline is made of; they stay as long as it does.
    std::vector<VersionPin> uses;
};

/// A version was registered; the first one brings its model into being.
struct EventVersionRegistered {
    /// Type of the model.
    ModelKind model_type{};
    /// The version.
    VersionRecord record;
};

/// Description, tags or metrics of a version changed. Absent fields stay.
struct EventVersionAnnotated {
    /// The version.
    std::string version;
    /// New description.
    std::optional<std::string> description;
    /// Tags to set; an empty value removes the tag.
    std::map<std::string, std::string> tags;
    /// Metrics to set.
    std::map<std::string, double> metrics;
};

/// Probe inputs and outputs were recorded by the first engine that ran a version.
struct EventVersionProbed {
    /// The version.
    std::string version;
    /// The probe set, in the artifact store.
    std::string probes;
    /// Engine that gave the outputs.
    std::string engine;
};

/// The status of a version changed.
struct EventVersionStatusChanged {
    /// The version.
    std::string version;
    /// Status before.
    VersionStatus from{};
    /// Status after.
    VersionStatus to{};
    /// Why.
    std::optional<std::string> reason;
};

/// A version was deleted; its artifact goes with the next collection.
struct EventVersionDeleted {
    /// The version.
    std::string version;
};

/// An alias was set or moved.
struct EventAliasSet {
    /// The alias.
    std::string alias;
    /// What it names now.
    std::string version;
    /// What it named before.
    std::optional<std::string> previous;
};

/// An alias was removed.
struct EventAliasRemoved {
    /// The alias.
    std::string alias;
    /// What it named.
    std::string previous;
};

/// A deployment, or a further revision of one, was asked for.
struct EventDeployRequested {
    /// Model that the deployment serves.
    std::string model;
    /// Where replicas live.
    std::string target;
    /// How traffic moves to the revision.
    Strategy strategy{};
    /// Replicas wanted in each process.
    std::uint32_t replicas = 0;
    /// The revision.
    Revision revision;
    /// Gates that a version must have passed to be deployed or promoted.
    std::vector<std::string> required_gates;
};

/// A process took it upon itself to bring a revision up.
struct EventDeployStarted {
    /// Number of the revision.
    std::uint32_t revision = 0;
    /// The process.
    std::string instance;
};

/// A revision is loaded and verified.
struct EventRevisionReady {
    /// Number of the revision.
    std::uint32_t revision = 0;
    /// What verification found, for people.
    std::string verification;
};

/// A revision could not be brought up.
struct EventRevisionFailed {
    /// Number of the revision.
    std::uint32_t revision = 0;
    /// Why.
    std::string cause;
};

/// Traffic moved to a revision.
struct EventPromoted {
    /// Revision that served before.
    std::optional<std::uint32_t> from;
    /// Revision that serves now.
    std::uint32_t to = 0;
};

/// Traffic moved back to an earlier revision.
struct EventRolledBack {
    /// Revision that served before.
    std::uint32_t from = 0;
    /// Revision that serves now.
    std::uint32_t to = 0;
    /// Why.
    std::optional<std::string> reason;
};

/// Another number of replicas was asked for.
struct EventScaleRequested {
    /// Replicas before.
    std::uint32_t from = 0;
    /// Replicas wanted.
    std::uint32_t to = 0;
    /// The process that asked.
    std::string instance;
};

/// The replicas are there.
struct EventScaled {
    /// Replicas.
    std::uint32_t replicas = 0;
};

/// The replicas could not be had; the old number stays.
struct EventScaleFailed {
    /// Replicas that stay.
    std::uint32_t replicas = 0;
    /// Why.
    std::string cause;
};

/// The deployment is to stop.
struct EventStopRequested {
    /// Whether running requests are not waited for.
    bool force = false;
    /// The process that asked.
    std::string instance;
};

/// The deployment has stopped.
struct EventStopped {
};

/// The deployment kept failing and serves no more.
struct EventFailed {
    /// Why.
    std::string cause;
};

/// The log was cut: it goes on from a stored state.
struct EventCheckpoint {
    /// Head of what was cut away.
    Head cut;
    /// Digest of the state at the cut; see [`crate::store::chain::digest`].
    std::string state;
};

/// A version was evaluated over a data set.
struct EventVersionEvaluated {
    /// The version.
    std::string version;
    /// What was found.
    Evaluation evaluation;
};

/// How the number of replicas follows demand was changed.
struct EventAutoscaleSet {
    /// How; absent: it does not.
    std::optional<AutoscaleConfig> autoscale;
};

/// A revision that is ready began to get a share of the traffic.
struct EventRolloutStarted {
    /// Revision that serves.
    std::uint32_t baseline = 0;
    /// Revision that is tried.
    std::uint32_t candidate = 0;
    /// Secret that decides which keys are the first, as a string.
    std::string salt;
    /// How it proceeds.
    CanaryConfig canary;
};

/// The counting of a step began.
struct EventRolloutMarked {
    /// Number of the step.
    std::uint32_t step = 0;
    /// What was counted before.
    Seen from;
};

/// A step passed, and the next one began.
struct EventRolloutStepped {
    /// Number of the step that began.
    std::uint32_t step = 0;
    /// Share of the traffic that the candidate gets, in basis points.
    std::uint32_t weight = 0;
    /// Why, in a sentence.
    std::string reason;
    /// What the steps so far have shown, where they were judged.
    std::optional<Evidence> evidence;
    /// The figures, where it was judged.
    std::optional<Findings> findings;
};

/// A rollout stopped, went on, or ended.
struct EventRolloutPhaseChanged {
    /// Where it stands.
    RolloutPhase phase{};
    /// Why, in a sentence.
    std::string reason;
    /// What the steps so far have shown, where they were judged.
    std::optional<Evidence> evidence;
    /// The figures, where it was judged.
    std::optional<Findings> findings;
};

/// An experiment was asked for.
struct EventExperimentCreated {
    /// What it is.
    Experiment experiment;
};

/// The arms of an experiment got other shares.
struct EventExperimentWeighted {
    /// Weight of each arm, in basis points.
    std::vector<std::uint32_t> weights;
    /// Which points are whose.
    std::vector<Share> shares;
    /// Why, in a sentence.
    std::string reason;
};

/// An experiment began, paused or ended.
struct EventExperimentPhaseChanged {
    /// Where it stands.
    ExperimentPhase phase{};
    /// Why, in a sentence.
    std::string reason;
    /// Name of the arm that has won.
    std::optional<std::string> winner;
    /// What was found by then, where anything was.
    std::optional<ExperimentReport> report;
};

/// Requests go elsewhere by what they say of themselves.
struct EventRulesSet {
    /// In the order in which they count.
    std::vector<RouteRule> rules;
};

/// A fact about a model, a deployment or the directory.
using Event = std::variant<
    EventVersionRegistered,
    EventVersionAnnotated,
    EventVersionProbed,
    EventVersionStatusChanged,
    EventVersionDeleted,
    EventAliasSet,
    EventAliasRemoved,
    EventDeployRequested,
    EventDeployStarted,
    EventRevisionReady,
    EventRevisionFailed,
    EventPromoted,
    EventRolledBack,
    EventScaleRequested,
    EventScaled,
    EventScaleFailed,
    EventStopRequested,
    EventStopped,
    EventFailed,
    EventCheckpoint,
    EventVersionEvaluated,
    EventAutoscaleSet,
    EventRolloutStarted,
    EventRolloutMarked,
    EventRolloutStepped,
    EventRolloutPhaseChanged,
    EventExperimentCreated,
    EventExperimentWeighted,
    EventExperimentPhaseChanged,
    EventRulesSet>;

/// An event with its place in the log: an entry of the history.
struct EventRecord {
    /// Position in the log, from 1, as a string.
    std::string sequence;
    /// `model/NAME`, `deployment/NAME` or `directory`.
    std::string stream;
    /// When, in milliseconds since 1970, as a string.
    std::string at;
    /// Who.
    std::string actor;
    /// Operation that decided it.
    std::string operation;
    /// Identifies the call.
    std::string request_id;
    /// What.
    Event event;
    /// Hash of the event; the chain's head when it is the last one.
    std::string hash;
};

/// Names a deployment whose experiment is to change, and says why.
struct ExperimentInput {
    /// The deployment.
    std::string deployment;
    /// Why.
    std::optional<std::string> reason;
};

/// Output of [`PlanExperiment`].
struct ExperimentPlan {
    /// Values that each arm needs, as a string.
    std::string values;
    /// Difference that is found with the power.
    double difference = 0;
    /// Probability of finding it.
    double power = 0;
    /// Probability of finding a difference where there is none.
    double level = 0;
};

/// An interval as it was at one moment.
struct IntervalAt {
    /// When, in milliseconds since 1970, as a string.
    std::string at;
    /// The metric.
    std::string metric;
    /// The arm.
    std::string arm;
    /// The arm's less the control's.
    double difference = 0;
    /// Lower end of the interval of the difference.
    double low = 0;
    /// Upper end.
    double high = 0;
    /// Values of both arms by then, as a string.
    std::string values;
};

/// Output of the operations on experiments.
struct ExperimentView {
    /// The deployment.
    std::string deployment;
    /// The last experiment; absent: there was none.
    std::optional<Experiment> experiment;
    /// What it shows: now, while it is open; when it ended, once it is over.
    std::optional<ExperimentReport> report;
    /// The report as a person reads it.
    std::optional<std::string> text;
    /// How the intervals of its primary metrics narrowed, oldest first, at up to 64 moments; in the process that
    /// decides, as long as it is open.
    std::vector<IntervalAt> history;
};

/// Input of [`ExplainRequest`].
struct ExplainRequestInput {
    /// The deployment.
    std::string deployment;
    /// Name that the request had.
    std::string request_id;
};

/// Input of [`ExplainRoute`].
struct ExplainRouteInput {
    /// The deployment.
    std::string deployment;
    /// The caller's sticky key.
    std::string key;
    /// What the request says of itself: name to value.
    std::map<std::string, std::string> attributes;
    /// When, in milliseconds since 1970, as a string: who answered then is computed again from the log. Absent: now.
    std::optional<std::string> at;
};

/// Output of [`CollectGarbage`].
struct GarbageReport {
    /// Artifacts removed.
    std::uint32_t removed = 0;
    /// Bytes freed, as a string.
    std::string bytes;
    /// Artifacts kept.
    std::uint32_t kept = 0;
};

/// Input of [`GetAutoscale`].
struct GetAutoscaleInput {
    /// The deployment.
    std::string deployment;
};

/// One GPU.
struct GpuReading {
    /// Its number.
    std::uint32_t index = 0;
    /// As in `NVIDIA H100 PCIe`.
    std::optional<std::string> name;
    /// Stays the same over restarts.
    std::optional<std::string> uuid;
    /// Share of the last sampling period of the driver in which something ran, 0 to 100.
    std::optional<std::uint32_t> utilization_percent;
    /// Bytes of its memory.
    std::optional<std::uint64_t> memory_total_bytes;
    /// Bytes of it in use, by all processes.
    std::optional<std::uint64_t> memory_used_bytes;
    /// Degrees Celsius.
    std::optional<std::uint32_t> temperature_celsius;
    /// Watts.
    std::optional<double> power_watts;
};

/// GPUs that NVIDIA's management library (NVML) sees.
struct GpuReadings {
    /// One for each, in the library's order.
    std::vector<GpuReading> devices;
    /// Why nothing could be read; absent where the library answered.
    std::optional<std::string> unavailable;
};

/// Output of [`GetHealth`].
struct HealthReport {
    /// Every deployment that should run does, as desired.
    bool ready = false;
    /// Whether this process holds the deciding lease.
    bool leader = false;
    /// The last error of the background work, where there is one.
    std::optional<std::string> last_error;
    /// By name; stopped ones are left out.
    std::vector<DeploymentHealth> deployments;
    /// Bytes that loaded models hold, as a string.
    std::string memory_used_bytes;
    /// Bytes that they may hold, as a string; absent: no limit.
    std::optional<std::string> memory_limit_bytes;
};

/// Input of [`History`].
struct HistoryInput {
    /// Only this deployment.
    std::optional<std::string> deployment;
    /// Only this model.
    std::optional<std::string> model;
    /// Only events after this sequence, as a string.
    std::string after = "0";
    /// At most so many events, 1 to 1000; absent: 100.
    std::optional<std::uint32_t> limit;
};

/// Output of [`History`].
struct HistoryOutput {
    /// Oldest first.
    std::vector<EventRecord> events;
    /// Whether there are more: ask again after the last sequence.
    bool more = false;
    /// Head of what `retain` cut away, where that reaches beyond `after`: events that were asked for are gone.
    std::optional<Head> cut;
};

/// Requests that are remembered.
struct JournalConfig {
    /// How many at most; 0: none. Default 10 000.
    std::uint32_t requests = 10000;
    /// For how many milliseconds. Default a day.
    std::uint64_t ms = 86400000;
};

/// The right class of one request.
struct Label {
    /// Name that the request had.
    std::string request_id;
    /// Name of the class.
    std::string label;
};

/// What a control group (cgroup) or an affinity leaves to the process, where that is less than the machine has.
struct LimitReading {
    /// CPUs that it may use at once, rounded down, but one at least.
    std::optional<std::uint32_t> cpus;
    /// Bytes of memory that the processes of its group may use together.
    std::optional<std::uint64_t> memory_bytes;
    /// Bytes that are left until then. What the group has in the page cache counts as used.
    std::optional<std::uint64_t> memory_left_bytes;
};

/// What the machine has and uses.
struct MachineReading {
    /// Logical CPUs.
    std::optional<std::uint32_t> cores;
    /// Share of all CPUs that was used in the interval, 0 to 100.
    std::optional<double> cpu_percent;
    /// Threads that ran or waited for a CPU, on average over one minute.
    std::optional<double> load_1m;
    /// Over five minutes.
    std::optional<double> load_5m;
    /// Over fifteen minutes.
    std::optional<double> load_15m;
    /// Bytes of memory.
    std::optional<std::uint64_t> memory_total_bytes;
    /// Bytes of memory that can be had without swapping.
    std::optional<std::uint64_t> memory_available_bytes;
    /// Bytes of swap space.
    std::optional<std::uint64_t> swap_total_bytes;
    /// Bytes of it in use.
    std::optional<std::uint64_t> swap_used_bytes;
    /// Bytes of the file system on which the handle's directory lies.
    std::optional<std::uint64_t> disk_total_bytes;
    /// Bytes of it that may still be written.
    std::optional<std::uint64_t> disk_available_bytes;
    /// Bytes that all interfaces but loopback received since they came up.
    std::optional<std::uint64_t> network_received_bytes;
    /// Bytes that they sent.
    std::optional<std::uint64_t> network_sent_bytes;
};

/// Output of [`SetMemoryBudget`].
struct MemoryBudgetView {
    /// Bytes that models may hold, as a string; absent: no limit.
    std::optional<std::string> limit_bytes;
    /// Bytes that they hold, as a string. More than the limit as long as what is resident, or runs, does not fit.
    std::string used_bytes;
};

/// A figure of both versions.
struct MetricDifference {
    /// Of the base, where it has one.
    std::optional<double> base;
    /// Of the candidate, where it has one.
    std::optional<double> candidate;
    /// Candidate less base, where both have one.
    std::optional<double> difference;
};

/// One part of the latency, in microseconds; quantiles are off by at most 3.2 %.
struct Phase {
    /// Mean.
    double mean_us = 0;
    /// Median.
    double p50_us = 0;
    /// 95th percentile.
    double p95_us = 0;
    /// 99th percentile.
    double p99_us = 0;
};

/// The parts of a latency: their means add up to the mean latency of the requests that an engine ran.
struct PhaseMetrics {
    /// Waiting for a free replica.
    Phase queue;
    /// Waiting for a batch to begin.
    Phase batch_wait;
    /// Checking the inputs and putting them together.
    Phase input;
    /// In the engine.
    Phase compute;
    /// Splitting, keeping and handing over the answer.
    Phase output;
};

/// Requests of one revision.
struct RequestMetrics {
    /// Answered requests.
    std::string requests;
    /// Failed requests by kind.
    std::map<std::string, std::uint64_t> errors;
    /// Mean latency in microseconds.
    double latency_mean_us = 0;
    /// Median latency in microseconds, off by at most 3.2 %.
    double latency_p50_us = 0;
    /// 95th percentile in microseconds.
    double latency_p95_us = 0;
    /// 99th percentile in microseconds.
    double latency_p99_us = 0;
    /// Requests under way.
    std::string in_flight = "0";
    /// Where the time of the requests went that an engine ran; absent before the first.
    std::optional<PhaseMetrics> phases;
    /// Rows of a run that a request was part of, on average over requests; absent where requests are not batched.
    std::optional<double> batch_rows_mean;
};

/// What one replica did since it was started.
struct ReplicaLoad {
    /// Runs, whole batches among them.
    std::string runs;
    /// Microseconds in the engine.
    std::string busy_us;
};

/// Sessions of one loaded revision in this process. A stream outside a session is one of its own while it lasts.
struct SessionMetrics {
    /// Sessions that are open.
    std::uint32_t open = 0;
    /// Bytes that they carry, as a string.
    std::string bytes;
    /// Sessions that were opened, as a string.
    std::string opened;
    /// Sessions that ended because no call came for long enough, as a string.
    std::string expired;
    /// Sessions that were not opened, and calls that were not answered, because of a bound; as a string.
    std::string refused;
};

/// Requests of one revision.
struct RevisionMetrics {
    /// Number of the revision.
    std::uint32_t revision = 0;
    /// Its version.
    std::string version;
    /// Counts and latencies.
    RequestMetrics requests;
    /// What its cache did since it was loaded; absent where answers are not kept.
    std::optional<CacheMetrics> cache;
    /// Counts of open processes that it is the sum of; absent where only this one is asked.
    std::optional<std::uint32_t> processes;
    /// What each replica did; empty where the target does not tell them apart.
    std::vector<ReplicaLoad> replicas;
    /// Sessions and streams in this process; absent where there were none.
    std::optional<SessionMetrics> sessions;
};

/// Output of [`GetMetrics`].
struct MetricsReport {
    /// Revisions by deployment, newest first.
    std::map<std::string, std::vector<RevisionMetrics>> deployments;
};

/// A name with versions and aliases.
struct Model {
    /// The name.
    std::string name;
    /// Type, with its template.
    ModelKind model_type{};
    /// Highest version ever registered; the next automatic one follows it.
    std::string latest;
    /// Movable names.
    std::map<std::string, std::string> aliases;
    /// Versions that were deleted: a number is never used again for other bytes.
    std::vector<std::string> deleted;
    /// When the first version was registered, in milliseconds since 1970, as a string.
    std::string created_at;
};

/// Output of [`ListModels`].
struct ModelList {
    /// By name.
    std::vector<Model> models;
};

/// What one loaded revision holds.
struct RevisionMemory {
    /// The deployment.
    std::string deployment;
    /// Number of the revision.
    std::uint32_t revision = 0;
    /// Version of the model.
    std::string version;
    /// Bytes of its weights and plans, those that it shares with others too; 0 while an `on_demand` one is not
    /// loaded.
    std::uint64_t bytes = 0;
};

/// What loaded models hold in this process.
struct ModelMemory {
    /// Bytes that they are charged for together; what several share counts once.
    std::uint64_t used_bytes = 0;
    /// Bytes that they may hold; absent: no limit.
    std::optional<std::uint64_t> limit_bytes;
    /// Loaded revisions, by deployment and number.
    std::vector<RevisionMemory> revisions;
};

/// Names a model.
struct ModelRef {
    /// The model.
    std::string model;
};

/// One node over all runs.
struct NodeProfile {
    /// Name in the engine's plan; parts that the engine made out of a node carry its name and a suffix.
    std::string name;
    /// Operator of the engine's plan, which may be a fused or lowered one.
    std::string op;
    /// Evaluations over all runs.
    std::uint32_t calls = 0;
    /// Mean time of one evaluation in microseconds.
    double mean_us = 0;
    /// Time over all runs in microseconds.
    double total_us = 0;
    /// Share of the whole run time, 0 to 1.
    double share = 0;
    /// Bytes of its outputs in one evaluation, as a string.
    std::string output_bytes;
    /// Its outputs in the last evaluation, as in `f32[1, 64]`.
    std::vector<std::string> shapes;
};

/// What came of something. Exactly one of `key`, `revision` and `request_id` says of what.
struct Outcome {
    /// Name of the outcome, as metrics say it.
    std::string name;
    /// How much.
    double value = 0;
    /// The caller's sticky key: it says which arm it was.
    std::optional<std::string> key;
    /// Revision that answered, of a caller without a key. Two arms of one revision cannot be told apart by it.
    std::optional<std::uint32_t> revision;
    /// Name that the request had: what is remembered of it says which arm it was, and whose caller's. Only in the
    /// process that answered, and as long as it remembers.
    std::optional<std::string> request_id;
    /// What is known of it, as its request said it or from elsewhere: where the experiment has segments, it counts in
    /// those too, with values of up to 256 bytes each.
    std::map<std::string, std::string> attributes;
};

/// What an experiment is planned by: a proportion, or a mean with its deviation.
struct PlanExperimentInput {
    /// The metric on the control: a proportion between 0 and 1, or a mean.
    double baseline = 0;
    /// Standard deviation of the values of a mean; absent: it is a proportion.
    std::optional<double> deviation;
    /// Difference that is to be found, in units of the metric; absent: `values` is given, and the difference is asked
    /// for.
    std::optional<double> difference;
    /// Values that each arm gets, as a string; absent: it is asked for.
    std::optional<std::string> values;
    /// Probability of finding a difference where there is none, two-sided. Default 0.05.
    std::optional<double> level;
    /// Probability of finding the difference where it is there. Default 0.8.
    std::optional<double> power;
};

/// What this process uses.
struct ProcessReading {
    /// Its number.
    std::uint32_t pid = 0;
    /// Milliseconds that its threads ran on CPUs since it began, in the system's calls too.
    std::optional<std::uint64_t> cpu_time_ms;
    /// Share of a CPU that it used in the interval, in percent: 200 is two CPUs.
    std::optional<double> cpu_percent;
    /// Bytes in memory.
    std::optional<std::uint64_t> resident_bytes;
    /// Most bytes that it ever had in memory.
    std::optional<std::uint64_t> peak_resident_bytes;
    /// Bytes of its address space.
    std::optional<std::uint64_t> virtual_bytes;
    /// Threads.
    std::optional<std::uint32_t> threads;
    /// Open files and sockets.
    std::optional<std::uint32_t> open_files;
    /// Bytes that it caused to be read from disks since it began; what the page cache had is none.
    std::optional<std::uint64_t> disk_read_bytes;
    /// Bytes that it caused to be written to disks since it began.
    std::optional<std::uint64_t> disk_written_bytes;
};

/// Input of [`Profile`].
struct ProfileInput {
    /// The model.
    std::string model;
    /// A version, an alias, or `latest`.
    std::string version = "latest";
    /// Where the model is to run; absent: the default target.
    std::optional<std::string> target;
    /// Engine; absent: the default, else the reference engine.
    std::optional<std::string> engine;
    /// Threads that a run may use, 1 to 256.
    std::uint32_t threads = 1;
    /// Rows of a run, 1 to 4096.
    std::uint32_t batch = 1;
    /// Sizes of inputs where inputs are generated: input name to sizes; the first one gives way to the batch.
    std::map<std::string, std::vector<std::uint32_t>> shapes;
    /// Runs to add up, 1 to 1000; fewer where they take more than 30 seconds together.
    std::uint32_t runs = 20;
};

/// Output of [`Profile`].
struct ProfileReport {
    /// The model.
    std::string model;
    /// The version.
    std::string version;
    /// Digest of its file.
    std::string digest;
    /// Engine and version, as in `tract 0.23.9`.
    std::string engine;
    /// The machine that measured.
    MachineFacts machine;
    /// Where inputs come from: `probes` of the version, or `generated`.
    std::string inputs;
    /// Runs that were added up.
    std::uint32_t runs = 0;
    /// Mean time of a run from inputs to outputs in microseconds.
    double run_us = 0;
    /// Of that, within nodes.
    double attributed_us = 0;
    /// Of that, outside of nodes: inputs and outputs, the walk over the plan, the clock itself.
    double unattributed_us = 0;
    /// Largest number of bytes that outputs of nodes hold at once, as a string: an upper bound, since a node may
    /// write over what it reads.
    std::string peak_intermediate_bytes;
    /// Bytes that the loaded model holds, as a string: weights, plans, packed constants.
    std::string memory_bytes;
    /// Nodes of the engine's plan, the most expensive first.
    std::vector<NodeProfile> nodes;
    /// Nodes that are left out, those that cost least.
    std::uint32_t left_out = 0;
};

/// Stages of operations.
enum class ProgressStage : std::int32_t {
    /// Reads a model file, in bytes: the one that is registered, or the kept one that is deployed.
    read = 1,
    /// Hashes the model file, in bytes.
    hash = 2,
    /// Writes the model file to the directory, in bytes; absent where the directory has it.
    store = 3,
    /// Loads the model, in replicas that are ready.
    load = 4,
    /// Runs the loaded model and compares its answers, in probes.
    verify = 5,
    /// Loads what the deployment keeps beside the revision that serves, in revisions.
    keep_warm = 6,
    /// Waits for requests on what was stopped, in requests that have ended.
    drain = 7,
    /// Copies the database, in pages.
    copy_database = 8,
    /// Checks the log and folds the state again, in events.
    check_log = 9,
    /// Copies artifacts and checks them on the way, in bytes.
    copy_artifacts = 10,
    /// Reads artifacts and checks their digests, in bytes.
    check_artifacts = 11,
    /// Looks for artifacts to remove, in artifacts that were looked at.
    collect = 12,
    /// Measures cases in turn, in rounds of a case.
    benchmark = 13,
    /// Runs a model node by node, in runs.
    profile = 14,
    /// Runs a data set, in its rows.
    evaluate = 15,
};

/// As on the wire.
inline const char *name(const ProgressStage value) {
    switch (value) {
    case ProgressStage::read: return "read";
    case ProgressStage::hash: return "hash";
    case ProgressStage::store: return "store";
    case ProgressStage::load: return "load";
    case ProgressStage::verify: return "verify";
    case ProgressStage::keep_warm: return "keep_warm";
    case ProgressStage::drain: return "drain";
    case ProgressStage::copy_database: return "copy_database";
    case ProgressStage::check_log: return "check_log";
    case ProgressStage::copy_artifacts: return "copy_artifacts";
    case ProgressStage::check_artifacts: return "check_artifacts";
    case ProgressStage::collect: return "collect";
    case ProgressStage::benchmark: return "benchmark";
    case ProgressStage::profile: return "profile";
    case ProgressStage::evaluate: return "evaluate";
    }
    return "";
}

/// What the figures of a report count.
enum class ProgressUnit : std::int32_t {
    /// Bytes.
    bytes = 1,
    /// Running copies of a model.
    replicas = 2,
    /// Known inputs with their answers.
    probes = 3,
    /// Revisions of a deployment.
    revisions = 4,
    /// Requests to a deployment.
    requests = 5,
    /// Pages of the database.
    pages = 6,
    /// Events of the log.
    events = 7,
    /// Artifacts.
    artifacts = 8,
    /// Rounds of a measurement.
    rounds = 9,
    /// Runs of a model.
    runs = 10,
    /// Rows of a data set.
    rows = 11,
};

/// As on the wire.
inline const char *name(const ProgressUnit value) {
    switch (value) {
    case ProgressUnit::bytes: return "bytes";
    case ProgressUnit::replicas: return "replicas";
    case ProgressUnit::probes: return "probes";
    case ProgressUnit::revisions: return "revisions";
    case ProgressUnit::requests: return "requests";
    case ProgressUnit::pages: return "pages";
    case ProgressUnit::events: return "events";
    case ProgressUnit::artifacts: return "artifacts";
    case ProgressUnit::rounds: return "rounds";
    case ProgressUnit::runs: return "runs";
    case ProgressUnit::rows: return "rows";
    }
    return "";
}

/// How far a stage of an operation is. Within a stage `done` never falls. `total` is known from the first report on
/// or never, and grows where there turns out to be more. A stage that succeeds ends with `done` at `total`; one that
/// is not needed has no report.
struct Progress {
    /// What is being done.
    ProgressStage stage{};
    /// How much of it is done.
    std::uint64_t done = 0;
    /// How much there is to do; absent where that is not known.
    std::optional<std::uint64_t> total;
    /// What `done` and `total` count.
    ProgressUnit unit{};
};

/// Input of [`Promote`].
struct PromoteInput {
    /// The deployment.
    std::string deployment;
    /// A version or an alias among its revisions; absent: the candidate that is ready.
    std::optional<std::string> version;
};

/// Input of [`RecordLabels`].
struct RecordLabelsInput {
    /// The deployment.
    std::string deployment;
    /// Labels of its requests, at most 10000.
    std::vector<Label> labels;
};

/// Input of [`RecordOutcomes`].
struct RecordOutcomesInput {
    /// The deployment.
    std::string deployment;
    /// What came of its requests, at most 10000; all of them are taken, or none.
    std::vector<Outcome> outcomes;
};

/// Output of [`RecordLabels`].
struct RecordedLabels {
    /// Requests of this process that are remembered and had an answer with classes.
    std::uint32_t known = 0;
    /// Those of them whose first class was the right one.
    std::uint32_t right = 0;
    /// Labels that a rollout or an experiment took, as the outcome `accuracy`: 1 where the class was right, else 0.
    std::uint32_t recorded = 0;
    /// Labels of requests that are not remembered, or had no such answer, or their label already.
    std::uint32_t unknown = 0;
};

/// Output of [`RecordOutcomes`].
struct RecordedOutcomes {
    /// Outcomes that an arm got.
    std::uint32_t recorded = 0;
    /// Outcomes of callers who take no part.
    std::uint32_t held_out = 0;
    /// Outcomes that came when the experiment was over, or of requests that were part of an earlier one, and are not
    /// taken.
    std::uint32_t late = 0;
    /// Outcomes of requests that are not remembered, or not any more, as a string.
    std::string unknown;
};

/// Requests that are recorded, by deployment. What callers send is kept on the disk as they sent it.
struct RecordingConfig {
    /// How many of a deployment at most, up to 10 000; 0: none, and what is there is removed at the next open.
    /// Default 1 000.
    std::uint32_t requests = 1000;
    /// How many bytes of a deployment at most, 1 MiB or more. Default 256 MiB.
    std::uint64_t bytes = 268435456;
    /// For how many milliseconds each is kept. Default a day.
    std::uint64_t ms = 86400000;
};

/// Recorded requests of a deployment.
struct RecordingView {
    /// How many, as a string.
    std::string requests;
    /// Bytes of their files, as a string.
    std::string bytes;
    /// When the oldest was answered, in milliseconds since 1970, as a string; absent: there is none.
    std::optional<std::string> since;
    /// Requests that this process was to record since it opened the directory, and has not, as they were too large or
    /// came too fast, as a string.
    std::string skipped;
};

/// Input of [`RegisterVersion`].
struct RegisterVersionInput {
    /// The model; made by its first version.
    std::string model;
    /// Path of the model file.
    std::string path;
    /// Semantic version; absent: the next major version.
    std::optional<std::string> version;
    /// Type of the model; absent: the model's, `custom` for a new one.
    std::optional<ModelKind> model_type;
    /// Names of the classes; absent: those in the file's metadata.
    std::optional<std::vector<std::string>> labels;
    /// Free text.
    std::string description;
    /// Free names and values.
    std::map<std::string, std::string> tags;
    /// Measured figures.
    std::map<std::string, double> metrics;
    /// Version of the same model that this one was made from.
    std::optional<std::string> parent;
    /// Identifies the training run.
    std::optional<std::string> training_run;
    /// Path of a JSON file with probe inputs and expected outputs, which every deploy is checked against.
    std::optional<std::string> probes_path;
};

/// Input of [`RemoveAlias`].
struct RemoveAliasInput {
    /// The model.
    std::string model;
    /// The alias.
    std::string alias;
};

/// Output of [`ExplainRequest`].
struct RequestView {
    /// The deployment.
    std::string deployment;
    /// Name that the request had.
    std::string request_id;
    /// When it ended, in milliseconds since 1970, as a string.
    std::string at;
    /// The revision that it went to.
    std::uint32_t revision = 0;
    /// Its version.
    std::string version;
    /// Name of the error, where it failed.
    std::optional<std::string> error;
    /// The class that came first, of one row with classes that have names.
    std::optional<std::string> label;
};

/// What this process and its machine use now. Where a figure is absent, the platform does not tell it.
struct ResourceReport {
    /// Milliseconds that percentages of CPUs are taken over: since the reading before, at least 200; absent at the
    /// first reading of a handle, which has no percentages.
    std::optional<std::uint64_t> interval_ms;
    /// This process, with all that its host does in it.
    ProcessReading process;
    /// The machine, or what a container shows of it.
    MachineReading machine;
    /// What the system leaves to the process of the machine.
    LimitReading limits;
    /// GPUs.
    GpuReadings gpus;
    /// Memory of loaded models.
    ModelMemory models;
};

/// Input of [`Retain`]. An event goes when every bound that is given lets it go; at least one is given.
struct RetainInput {
    /// Keeps the last so many events, the new checkpoint among them; 1 or more.
    std::optional<std::uint32_t> keep_events;
    /// Keeps events younger than so many milliseconds, as a string.
    std::optional<std::string> keep_ms;
};

/// Output of [`Retain`].
struct RetainReport {
    /// Head of what was cut away; absent where nothing was.
    std::optional<Head> cut;
    /// Events removed, as a string.
    std::string removed;
    /// Head of the log: after a cut, the checkpoint's.
    Head head;
};

/// Input of [`Rollback`].
struct RollbackInput {
    /// The deployment.
    std::string deployment;
    /// A version that served before; absent: the last one, or, while a change is under way, the end of that change.
    std::optional<std::string> version;
    /// Why.
    std::optional<std::string> reason;
};

/// Names a deployment whose rollout is to change, and says why.
struct RolloutInput {
    /// The deployment.
    std::string deployment;
    /// Why.
    std::optional<std::string> reason;
};

/// Output of the operations on rollouts.
struct RolloutView {
    /// The deployment.
    std::string deployment;
    /// The last rollout; absent: none was begun.
    std::optional<Rollout> rollout;
    /// What the step under way shows, as of the last look of the process that decides; absent in other processes, and
    /// before the first look.
    std::optional<Findings> findings;
    /// What is recorded of the deployment's requests; absent: nothing.
    std::optional<RecordingView> recording;
};

/// Output of [`SetRules`].
struct RulesView {
    /// The deployment.
    std::string deployment;
    /// Its rules, in the order in which they count.
    std::vector<RouteRule> rules;
};

/// Input of [`Scale`].
struct ScaleInput {
    /// The deployment.
    std::string deployment;
    /// Replicas in each process, 1 to 1024.
    std::uint32_t replicas = 0;
};

/// Input of [`SetAlias`].
struct SetAliasInput {
    /// The model.
    std::string model;
    /// The alias, as in `production`.
    std::string alias;
    /// A version, another alias, or `latest`.
    std::string version;
};

/// Input of [`SetAutoscale`].
struct SetAutoscaleInput {
    /// The deployment.
    std::string deployment;
    /// How it scales; absent switches it off.
    std::optional<AutoscaleConfig> autoscale;
};

/// Input of [`SetMemoryBudget`].
struct SetMemoryBudgetInput {
    /// Bytes, 1 MiB or more, as a string; absent: no limit.
    std::optional<std::string> bytes;
};

/// Input of [`SetRules`].
struct SetRulesInput {
    /// The deployment.
    std::string deployment;
    /// At most 32; the first one that is about a request counts. They take the place of those before, so none takes
    /// them away.
    std::vector<RouteRule> rules;
};

/// Input of [`SetVersionStatus`].
struct SetVersionStatusInput {
    /// The model.
    std::string model;
    /// A version, an alias, or `latest`.
    std::string version;
    /// New status.
    VersionStatus status{};
    /// Why.
    std::optional<std::string> reason;
};

/// Settings of a handle. [`Settings::default`] suits an embedded host: no limit but what the host sets. Times are in
/// milliseconds, sizes in bytes. `None` means no limit.
struct Settings {
    /// Whether a directory may be opened at all. Default true.
    bool enabled = true;
    /// Target of a deployment that names none: `local`, or the name of a backend of the builder. Default `local`.
    std::string default_target = "local";
    /// Strategy of a change that names none. Default immediate.
    Strategy default_strategy = Strategy::immediate;
    /// Whether the number of replicas may change, by hand or by rule. Default true.
    bool scale_enabled = true;
    /// Whether requests are counted and timed. Default true.
    bool monitoring_enabled = true;
    /// Deployments at most. Default none.
    std::optional<std::uint32_t> max_deployments;
    /// Control operations that run at once. Default none.
    std::optional<std::uint32_t> max_concurrent;
    /// Memory for weights and plans of loaded models. Default none.
    std::optional<std::uint64_t> memory_budget_bytes;
    /// Memory for compiled plans of one loaded model, within the budget. Default 256 MiB.
    std::uint64_t plan_cache_bytes = 268435456;
    /// Size of one model artifact at most. Default 16 GiB.
    std::uint64_t max_artifact_bytes = 17179869184;
    /// Requests of one deployment that wait at most. Default 1024.
    std::uint32_t max_queue = 1024;
    /// Replicas of one deployment at most, 1 to 1024. Default 1024.
    std::uint32_t max_replicas = 1024;
    /// Threads for asynchronous predictions; 0 for one per core. Default 0.
    std::uint32_t workers = 0;
    /// Time that `undeploy` waits for running requests. Default 30 000.
    std::uint64_t drain_timeout_ms = 30000;
    /// Time between two looks at what other processes did to the directory. Default 100.
    std::uint64_t poll_interval_ms = 100;
    /// Time between two heartbeats of this process. Default 1 000.
    std::uint64_t heartbeat_ms = 1000;
    /// Time after which the deciding lease of a silent process lapses; more than two heartbeats. Default 3 000.
    std::uint64_t lease_ttl_ms = 3000;
    /// Previous revisions of a deployment that stay loaded, so that a rollback loads nothing. Default 1.
    std::uint32_t keep_warm = 1;
    /// Consecutive failures after which a deployment is marked as in error. Default 5.
    std::uint32_t failures_to_error = 5;
    /// Events of the log that stay when it has grown to twice as many; older ones are cut away. Default none: all
    /// stay.
    std::optional<std::uint32_t> retain_events;
    /// Whether the directory is only read: predictions work, every change is refused. Default false.
    bool read_only = false;
    /// Whether the directory may lie on a network file system, where file locks are often not kept. Default false.
    bool allow_network_fs = false;
    /// Whether a model without probes or references may be deployed unverified. Default false.
    bool allow_unverified = false;
    /// Whether an open waits until deployments are loaded, rather than loading them in the background or at their
    /// first request. Default true.
    bool load_on_open = true;
    /// Who acts, for the audit log, where the caller does not say. Default `local`.
    std::string actor = "local";
    /// Engine of a deployment that names none. Default none: the fastest one that gives the right answers.
    std::optional<std::string> default_engine;
    /// ONNX Runtime's shared library, which then stands for choice among the engines: `auto` for the one that is
    /// found, or the path of a file. Default none: `ort` serves where a deploy names it, with the library that is
    /// found.
    std::optional<std::string> onnxruntime;
    /// Execution providers of ONNX Runtime, the preferred one first, such as `cuda`. Default none: the CPU.
    std::vector<std::string> onnxruntime_providers;
    /// Redis for deployments that keep answers there, such as `redis://localhost:6379`. Default none.
    std::optional<std::string> cache_redis_url;
    /// When a deployment is loaded whose deploy does not say. Default resident.
    Loading default_loading = Loading::resident;
    /// Whether shapes that run often may get plans of their own, in the background. Answers then differ in the last
    /// digits from those before. Default true.
    bool specialise = true;
    /// Which requests with a name of their own are remembered, for labels that come later. Default: 10 000 for a day.
    std::optional<JournalConfig> journal;
    /// Share of one processor, in percent, 1 to 100, that runs of versions in the shadow may take. Default 10.
    std::uint32_t shadow_cpu_percent = 10;
    /// Which requests are kept in the directory, with their inputs and answers, for steps that replay them. Default
    /// none: nothing is recorded.
    std::optional<RecordingConfig> recording;
};

/// Input of [`Undeploy`].
struct UndeployInput {
    /// The deployment.
    std::string deployment;
    /// Do not wait for running requests.
    bool force = false;
};

/// Output of [`CompareVersions`].
struct VersionComparison {
    /// The model.
    std::string model;
    /// Version of the base.
    std::string base;
    /// Version of the candidate.
    std::string candidate;
    /// Same artifact.
    bool same_artifact = false;
    /// The verdict.
    Compatibility compatibility{};
    /// What differs in signature and labels, a sentence each.
    std::vector<std::string> differences;
    /// Size of the base in bytes, as a string.
    std::string base_bytes;
    /// Size of the candidate in bytes, as a string.
    std::string candidate_bytes;
    /// By name.
    std::map<std::string, MetricDifference> metrics;
};

/// Output of [`ListVersions`].
struct VersionList {
    /// By number, oldest first.
    std::vector<VersionRecord> versions;
};

/// Names a version.
struct VersionRef {
    /// The model.
    std::string model;
    /// A version, an alias, or `latest`; absent: `latest`.
    std::string version = "latest";
};

namespace detail {

void put(const AnalysisConfig &from, const noodle_analysis_config *&to, Arena &arena);
void get(const noodle_analysis_config *from, AnalysisConfig &to, Reader in);
void put(const AnnotateVersionInput &from, const noodle_annotate_version_input *&to, Arena &arena);
void get(const noodle_answers *from, Answers &to, Reader in);
void get(const noodle_arm *from, Arm &to, Reader in);
void put(const ArmConfig &from, const noodle_arm_config *&to, Arena &arena);
void get(const noodle_arm_counts *from, ArmCounts &to, Reader in);
void get(const noodle_audit_report *from, AuditReport &to, Reader in);
void put(const AuditVerifyInput &from, const noodle_audit_verify_input *&to, Arena &arena);
void put(const AutoscaleConfig &from, const noodle_autoscale_config *&to, Arena &arena);
void get(const noodle_autoscale_config *from, AutoscaleConfig &to, Reader in);
void get(const noodle_autoscale_view *from, AutoscaleView &to, Reader in);
void put(const BackupInput &from, const noodle_backup_input *&to, Arena &arena);
void get(const noodle_backup_report *from, BackupReport &to, Reader in);
void put(const BatchConfig &from, const noodle_batch_config *&to, Arena &arena);
void get(const noodle_batch_config *from, BatchConfig &to, Reader in);
void get(const noodle_batch_status *from, BatchStatus &to, Reader in);
void get(const noodle_benchmark_case *from, BenchmarkCase &to, Reader in);
void get(const noodle_benchmark_figures *from, BenchmarkFigures &to, Reader in);
void put(const BenchmarkInput &from, const noodle_benchmark_input *&to, Arena &arena);
void get(const noodle_benchmark_report *from, BenchmarkReport &to, Reader in);
void get(const noodle_benchmark_row *from, BenchmarkRow &to, Reader in);
void put(const Bound &from, const noodle_bound *&to, Arena &arena);
void get(const noodle_bound *from, Bound &to, Reader in);
void put(const CacheConfig &from, const noodle_cache_config *&to, Arena &arena);
void get(const noodle_cache_config *from, CacheConfig &to, Reader in);
void get(const noodle_cache_metrics *from, CacheMetrics &to, Reader in);
void put(const CanaryConfig &from, const noodle_canary_config *&to, Arena &arena);
void get(const noodle_canary_config *from, CanaryConfig &to, Reader in);
void put(const CanaryStep &from, const noodle_canary_step *&to, Arena &arena);
void get(const noodle_canary_step *from, CanaryStep &to, Reader in);
void put(const CarriedTensor &from, const noodle_carried_tensor *&to, Arena &arena);
void get(const noodle_carried_tensor *from, CarriedTensor &to, Reader in);
void get(const noodle_change *from, Change &to, Reader in);
void put(const CompareVersionsInput &from, const noodle_compare_versions_input *&to, Arena &arena);
void get(const noodle_comparison *from, Comparison &to, Reader in);
void get(const noodle_confusion_row *from, ConfusionRow &to, Reader in);
void get(const noodle_cost_findings *from, CostFindings &to, Reader in);
void put(const CreateExperimentInput &from, const noodle_create_experiment_input *&to, Arena &arena);
void put(const DeclareWinnerInput &from, const noodle_declare_winner_input *&to, Arena &arena);
void put(const DeleteVersionInput &from, const noodle_delete_version_input *&to, Arena &arena);
void get(const noodle_deleted *from, Deleted &to, Reader in);
void put(const DeployInput &from, const noodle_deploy_input *&to, Arena &arena);
void get(const noodle_deployment *from, Deployment &to, Reader in);
void put(const DeploymentFilter &from, const noodle_deployment_filter *&to, Arena &arena);
void get(const noodle_deployment_health *from, DeploymentHealth &to, Reader in);
void get(const noodle_deployment_list *from, DeploymentList &to, Reader in);
void put(const DeploymentRef &from, const noodle_deployment_ref *&to, Arena &arena);
void get(const noodle_deployment_view *from, DeploymentView &to, Reader in);
void get(const noodle_differences *from, Differences &to, Reader in);
void put(const DriftConfig &from, const noodle_drift_config *&to, Arena &arena);
void get(const noodle_drift_config *from, DriftConfig &to, Reader in);
void get(const noodle_drift_findings *from, DriftFindings &to, Reader in);
void get(const noodle_engine_choice *from, EngineChoice &to, Reader in);
void get(const noodle_engine_figures *from, EngineFigures &to, Reader in);
void get(const noodle_error_record *from, ErrorRecord &to, Reader in);
void put(const EvaluateInput &from, const noodle_evaluate_input *&to, Arena &arena);
void get(const noodle_evaluation *from, Evaluation &to, Reader in);
void get(const noodle_evaluation_report *from, EvaluationReport &to, Reader in);
void get(const noodle_event *from, Event &to, Reader in);
void get(const noodle_event_record *from, EventRecord &to, Reader in);
void get(const noodle_evidence *from, Evidence &to, Reader in);
void get(const noodle_experiment *from, Experiment &to, Reader in);
void get(const noodle_experiment_arm *from, ExperimentArm &to, Reader in);
void put(const ExperimentInput &from, const noodle_experiment_input *&to, Arena &arena);
void get(const noodle_experiment_plan *from, ExperimentPlan &to, Reader in);
void get(const noodle_experiment_report *from, ExperimentReport &to, Reader in);
void get(const noodle_experiment_view *from, ExperimentView &to, Reader in);
void put(const ExplainRequestInput &from, const noodle_explain_request_input *&to, Arena &arena);
void put(const ExplainRouteInput &from, const noodle_explain_route_input *&to, Arena &arena);
void get(const noodle_exposure *from, Exposure &to, Reader in);
void put(const FedTensor &from, const noodle_fed_tensor *&to, Arena &arena);
void get(const noodle_fed_tensor *from, FedTensor &to, Reader in);
void get(const noodle_figures *from, Figures &to, Reader in);
void get(const noodle_findings *from, Findings &to, Reader in);
void get(const noodle_garbage_report *from, GarbageReport &to, Reader in);
void put(const Gate &from, const noodle_gate *&to, Arena &arena);
void put(const GetAutoscaleInput &from, const noodle_get_autoscale_input *&to, Arena &arena);
void get(const noodle_gpu_reading *from, GpuReading &to, Reader in);
void get(const noodle_gpu_readings *from, GpuReadings &to, Reader in);
void put(const Head &from, const noodle_head *&to, Arena &arena);
void get(const noodle_head *from, Head &to, Reader in);
void get(const noodle_health_report *from, HealthReport &to, Reader in);
void put(const HistoryInput &from, const noodle_history_input *&to, Arena &arena);
void get(const noodle_history_output *from, HistoryOutput &to, Reader in);
void get(const noodle_horizon_tests *from, HorizonTests &to, Reader in);
void get(const noodle_interval_at *from, IntervalAt &to, Reader in);
void put(const JournalConfig &from, const noodle_journal_config *&to, Arena &arena);
void get(const noodle_journal_config *from, JournalConfig &to, Reader in);
void put(const JudgementConfig &from, const noodle_judgement_config *&to, Arena &arena);
void get(const noodle_judgement_config *from, JudgementConfig &to, Reader in);
void put(const Label &from, const noodle_label *&to, Arena &arena);
void put(const LatencyObjective &from, const noodle_latency_objective *&to, Arena &arena);
void get(const noodle_latency_objective *from, LatencyObjective &to, Reader in);
void get(const noodle_limit_reading *from, LimitReading &to, Reader in);
void get(const noodle_load_report *from, LoadReport &to, Reader in);
void get(const noodle_machine_facts *from, MachineFacts &to, Reader in);
void get(const noodle_machine_reading *from, MachineReading &to, Reader in);
void get(const noodle_mean_evidence *from, MeanEvidence &to, Reader in);
void get(const noodle_memory_budget_view *from, MemoryBudgetView &to, Reader in);
void put(const MetricConfig &from, const noodle_metric_config *&to, Arena &arena);
void get(const noodle_metric_config *from, MetricConfig &to, Reader in);
void get(const noodle_metric_difference *from, MetricDifference &to, Reader in);
void get(const noodle_metric_evidence *from, MetricEvidence &to, Reader in);
void get(const noodle_metric_findings *from, MetricFindings &to, Reader in);
void get(const noodle_metrics_report *from, MetricsReport &to, Reader in);
void put(const MirrorConfig &from, const noodle_mirror_config *&to, Arena &arena);
void get(const noodle_mirror_config *from, MirrorConfig &to, Reader in);
void get(const noodle_mirror_evidence *from, MirrorEvidence &to, Reader in);
void get(const noodle_mirror_findings *from, MirrorFindings &to, Reader in);
void get(const noodle_model *from, Model &to, Reader in);
void get(const noodle_model_list *from, ModelList &to, Reader in);
void get(const noodle_model_memory *from, ModelMemory &to, Reader in);
void put(const ModelRef &from, const noodle_model_ref *&to, Arena &arena);
void get(const noodle_moments *from, Moments &to, Reader in);
void get(const noodle_node_profile *from, NodeProfile &to, Reader in);
void put(const Outcome &from, const noodle_outcome *&to, Arena &arena);
void get(const noodle_outcome_sums *from, OutcomeSums &to, Reader in);
void put(const Padding &from, const noodle_padding *&to, Arena &arena);
void get(const noodle_padding *from, Padding &to, Reader in);
void get(const noodle_phase *from, Phase &to, Reader in);
void get(const noodle_phase_metrics *from, PhaseMetrics &to, Reader in);
void put(const PlanExperimentInput &from, const noodle_plan_experiment_input *&to, Arena &arena);
void put(const Priorities &from, const noodle_priorities *&to, Arena &arena);
void get(const noodle_priorities *from, Priorities &to, Reader in);
void get(const noodle_process_reading *from, ProcessReading &to, Reader in);
void put(const ProfileInput &from, const noodle_profile_input *&to, Arena &arena);
void get(const noodle_profile_report *from, ProfileReport &to, Reader in);
void get(const noodle_progress *from, Progress &to, Reader in);
void put(const PromoteInput &from, const noodle_promote_input *&to, Arena &arena);
void get(const noodle_proportion_evidence *from, ProportionEvidence &to, Reader in);
void get(const noodle_proportions_test *from, ProportionsTest &to, Reader in);
void put(const QueuePolicy &from, const noodle_queue_policy *&to, Arena &arena);
void get(const noodle_queue_policy *from, QueuePolicy &to, Reader in);
void get(const noodle_ranks_test *from, RanksTest &to, Reader in);
void get(const noodle_rate_evidence *from, RateEvidence &to, Reader in);
void put(const RecordLabelsInput &from, const noodle_record_labels_input *&to, Arena &arena);
void put(const RecordOutcomesInput &from, const noodle_record_outcomes_input *&to, Arena &arena);
void get(const noodle_recorded_labels *from, RecordedLabels &to, Reader in);
void get(const noodle_recorded_outcomes *from, RecordedOutcomes &to, Reader in);
void put(const RecordingConfig &from, const noodle_recording_config *&to, Arena &arena);
void get(const noodle_recording_config *from, RecordingConfig &to, Reader in);
void get(const noodle_recording_view *from, RecordingView &to, Reader in);
void put(const RegisterVersionInput &from, const noodle_register_version_input *&to, Arena &arena);
void put(const RemoveAliasInput &from, const noodle_remove_alias_input *&to, Arena &arena);
void put(const ReplayConfig &from, const noodle_replay_config *&to, Arena &arena);
void get(const noodle_replay_config *from, ReplayConfig &to, Reader in);
void get(const noodle_replay_findings *from, ReplayFindings &to, Reader in);
void put(const ReplicaCounts &from, const noodle_replica_counts *&to, Arena &arena);
void get(const noodle_replica_counts *from, ReplicaCounts &to, Reader in);
void get(const noodle_replica_load *from, ReplicaLoad &to, Reader in);
void get(const noodle_replica_status *from, ReplicaStatus &to, Reader in);
void get(const noodle_request_metrics *from, RequestMetrics &to, Reader in);
void get(const noodle_request_view *from, RequestView &to, Reader in);
void get(const noodle_residency_status *from, ResidencyStatus &to, Reader in);
void get(const noodle_resource_report *from, ResourceReport &to, Reader in);
void put(const RetainInput &from, const noodle_retain_input *&to, Arena &arena);
void get(const noodle_retain_report *from, RetainReport &to, Reader in);
void get(const noodle_revision *from, Revision &to, Reader in);
void get(const noodle_revision_memory *from, RevisionMemory &to, Reader in);
void get(const noodle_revision_metrics *from, RevisionMetrics &to, Reader in);
void put(const RollbackInput &from, const noodle_rollback_input *&to, Arena &arena);
void put(const RollingConfig &from, const noodle_rolling_config *&to, Arena &arena);
void get(const noodle_rollout *from, Rollout &to, Reader in);
void put(const RolloutInput &from, const noodle_rollout_input *&to, Arena &arena);
void put(const RolloutMetric &from, const noodle_rollout_metric *&to, Arena &arena);
void get(const noodle_rollout_metric *from, RolloutMetric &to, Reader in);
void get(const noodle_rollout_view *from, RolloutView &to, Reader in);
void put(const RouteRule &from, const noodle_route_rule *&to, Arena &arena);
void get(const noodle_route_rule *from, RouteRule &to, Reader in);
void put(const RuleCondition &from, const noodle_rule_condition *&to, Arena &arena);
void get(const noodle_rule_condition *from, RuleCondition &to, Reader in);
void get(const noodle_rules_view *from, RulesView &to, Reader in);
void put(const ScaleInput &from, const noodle_scale_input *&to, Arena &arena);
void get(const noodle_scale_recommendation *from, ScaleRecommendation &to, Reader in);
void get(const noodle_seen *from, Seen &to, Reader in);
void get(const noodle_segment_comparison *from, SegmentComparison &to, Reader in);
void get(const noodle_session_metrics *from, SessionMetrics &to, Reader in);
void put(const SetAliasInput &from, const noodle_set_alias_input *&to, Arena &arena);
void put(const SetAutoscaleInput &from, const noodle_set_autoscale_input *&to, Arena &arena);
void put(const SetMemoryBudgetInput &from, const noodle_set_memory_budget_input *&to, Arena &arena);
void put(const SetRulesInput &from, const noodle_set_rules_input *&to, Arena &arena);
void put(const SetVersionStatusInput &from, const noodle_set_version_status_input *&to, Arena &arena);
void put(const Settings &from, const noodle_settings *&to, Arena &arena);
void get(const noodle_settings *from, Settings &to, Reader in);
void get(const noodle_share *from, Share &to, Reader in);
void get(const noodle_signature *from, Signature &to, Reader in);
void get(const noodle_size_change *from, SizeChange &to, Reader in);
void get(const noodle_size_status *from, SizeStatus &to, Reader in);
void put(const StateConfig &from, const noodle_state_config *&to, Arena &arena);
void get(const noodle_state_config *from, StateConfig &to, Reader in);
void put(const StopValue &from, const noodle_stop_value *&to, Arena &arena);
void get(const noodle_stop_value *from, StopValue &to, Reader in);
void put(const StreamConfig &from, const noodle_stream_config *&to, Arena &arena);
void get(const noodle_stream_config *from, StreamConfig &to, Reader in);
void get(const noodle_tensor_spec *from, TensorSpec &to, Reader in);
void put(const Tolerance &from, const noodle_tolerance *&to, Arena &arena);
void get(const noodle_tolerance *from, Tolerance &to, Reader in);
void get(const noodle_tuning *from, Tuning &to, Reader in);
void get(const noodle_tuning_case *from, TuningCase &to, Reader in);
void put(const UndeployInput &from, const noodle_undeploy_input *&to, Arena &arena);
void get(const noodle_version_comparison *from, VersionComparison &to, Reader in);
void get(const noodle_version_list *from, VersionList &to, Reader in);
void get(const noodle_version_pin *from, VersionPin &to, Reader in);
void get(const noodle_version_record *from, VersionRecord &to, Reader in);
void put(const VersionRef &from, const noodle_version_ref *&to, Arena &arena);
void put(const VerticalConfig &from, const noodle_vertical_config *&to, Arena &arena);
void get(const noodle_vertical_config *from, VerticalConfig &to, Reader in);

inline void put(const AnalysisConfig &from, const noodle_analysis_config *&out, Arena &arena) {
    noodle_analysis_config &to = arena.make<noodle_analysis_config>();
    to.size = sizeof(to);
    to.has_level = true;
    put(from.level, to.level, arena);
    to.has_error_margin = true;
    put(from.error_margin, to.error_margin, arena);
    to.has_latency_ratio = true;
    put(from.latency_ratio, to.latency_ratio, arena);
    to.has_max_differing = from.max_differing.has_value();
    if (from.max_differing) put(*from.max_differing, to.max_differing, arena);
    if (from.tolerance) put(*from.tolerance, to.tolerance, arena);
    put(from.metrics, to.metrics, to.metrics_count, arena);
    to.has_cost_ratio = from.cost_ratio.has_value();
    if (from.cost_ratio) put(*from.cost_ratio, to.cost_ratio, arena);
    if (from.drift) put(*from.drift, to.drift, arena);
    out = &to;
}

inline void get(const noodle_analysis_config *given, AnalysisConfig &to, Reader in) {
    if (!given) return;
    const noodle_analysis_config from = whole(given);
    if (from.has_level) get(from.level, to.level, in);
    if (from.has_error_margin) get(from.error_margin, to.error_margin, in);
    if (from.has_latency_ratio) get(from.latency_ratio, to.latency_ratio, in);
    if (from.has_max_differing) get(from.max_differing, to.max_differing, in);
    get(from.tolerance, to.tolerance, in);
    get(from.metrics, from.metrics_count, to.metrics, in);
    if (from.has_cost_ratio) get(from.cost_ratio, to.cost_ratio, in);
    get(from.drift, to.drift, in);
}

inline void put(const AnnotateVersionInput &from, const noodle_annotate_version_input *&out, Arena &arena) {
    noodle_annotate_version_input &to = arena.make<noodle_annotate_version_input>();
    to.size = sizeof(to);
    put(from.model, to.model, arena);
    put(from.version, to.version, arena);
    if (from.description) put(*from.description, to.description, arena);
    put(from.tags, to.tags, to.tags_count, arena);
    put(from.metrics, to.metrics, to.metrics_count, arena);
    out = &to;
}

inline void get(const noodle_answers *given, Answers &to, Reader in) {
    if (!given) return;
    const noodle_answers from = whole(given);
    get(from.classes, from.classes_count, to.classes, in);
    get(from.means, to.means, in);
}

inline void get(const noodle_arm *given, Arm &to, Reader in) {
    if (!given) return;
    const noodle_arm from = whole(given);
    get(from.deployment, to.deployment, in);
    get(from.revision, to.revision, in);
    get(from.version, to.version, in);
    get(from.weight, to.weight, in);
    get(from.reason, to.reason, in);
}

inline void put(const ArmConfig &from, const noodle_arm_config *&out, Arena &arena) {
    noodle_arm_config &to = arena.make<noodle_arm_config>();
    to.size = sizeof(to);
    put(from.name, to.name, arena);
    put(from.version, to.version, arena);
    put(from.weight, to.weight, arena);
    out = &to;
}

inline void get(const noodle_arm_counts *given, ArmCounts &to, Reader in) {
    if (!given) return;
    const noodle_arm_counts from = whole(given);
    get(from.ended, to.ended, in);
    get(from.failed, to.failed, in);
    get(from.log_latency, to.log_latency, in);
    get(from.differences, to.differences, in);
    get(from.outcomes, from.outcomes_count, to.outcomes, in);
    get(from.log_compute, to.log_compute, in);
    get(from.answers, to.answers, in);
}

inline void get(const noodle_audit_report *given, AuditReport &to, Reader in) {
    if (!given) return;
    const noodle_audit_report from = whole(given);
    get(from.head, to.head, in);
    get(from.events, to.events, in);
    get(from.cut, to.cut, in);
    get(from.rows, to.rows, in);
    get(from.artifacts, to.artifacts, in);
}

inline void put(const AuditVerifyInput &from, const noodle_audit_verify_input *&out, Arena &arena) {
    noodle_audit_verify_input &to = arena.make<noodle_audit_verify_input>();
    to.size = sizeof(to);
    if (from.since) put(*from.since, to.since, arena);
    put(from.artifacts, to.artifacts, arena);
    out = &to;
}

inline void put(const AutoscaleConfig &from, const noodle_autoscale_config *&out, Arena &arena) {
    noodle_autoscale_config &to = arena.make<noodle_autoscale_config>();
    to.size = sizeof(to);
    to.has_min_replicas = from.min_replicas.has_value();
    if (from.min_replicas) put(*from.min_replicas, to.min_replicas, arena);
    to.has_max_replicas = from.max_replicas.has_value();
    if (from.max_replicas) put(*from.max_replicas, to.max_replicas, arena);
    to.has_target_in_flight = from.target_in_flight.has_value();
    if (from.target_in_flight) put(*from.target_in_flight, to.target_in_flight, arena);
    to.has_target_queue_delay_ms = from.target_queue_delay_ms.has_value();
    if (from.target_queue_delay_ms) put(*from.target_queue_delay_ms, to.target_queue_delay_ms, arena);
    if (from.latency) put(*from.latency, to.latency, arena);
    to.has_stable_window_ms = from.stable_window_ms.has_value();
    if (from.stable_window_ms) put(*from.stable_window_ms, to.stable_window_ms, arena);
    to.has_panic_window_ms = from.panic_window_ms.has_value();
    if (from.panic_window_ms) put(*from.panic_window_ms, to.panic_window_ms, arena);
    to.has_panic_threshold = from.panic_threshold.has_value();
    if (from.panic_threshold) put(*from.panic_threshold, to.panic_threshold, arena);
    to.has_tolerance = from.tolerance.has_value();
    if (from.tolerance) put(*from.tolerance, to.tolerance, arena);
    to.has_down_stabilisation_ms = from.down_stabilisation_ms.has_value();
    if (from.down_stabilisation_ms) put(*from.down_stabilisation_ms, to.down_stabilisation_ms, arena);
    to.has_burst_hold_ms = from.burst_hold_ms.has_value();
    if (from.burst_hold_ms) put(*from.burst_hold_ms, to.burst_hold_ms, arena);
    to.has_cooldown_up_ms = from.cooldown_up_ms.has_value();
    if (from.cooldown_up_ms) put(*from.cooldown_up_ms, to.cooldown_up_ms, arena);
    to.has_cooldown_down_ms = from.cooldown_down_ms.has_value();
    if (from.cooldown_down_ms) put(*from.cooldown_down_ms, to.cooldown_down_ms, arena);
    to.has_dry_run = from.dry_run.has_value();
    if (from.dry_run) put(*from.dry_run, to.dry_run, arena);
    if (from.vertical) put(*from.vertical, to.vertical, arena);
    out = &to;
}

inline void get(const noodle_autoscale_config *given, AutoscaleConfig &to, Reader in) {
    if (!given) return;
    const noodle_autoscale_config from = whole(given);
    if (from.has_min_replicas) get(from.min_replicas, to.min_replicas, in);
    if (from.has_max_replicas) get(from.max_replicas, to.max_replicas, in);
    if (from.has_target_in_flight) get(from.target_in_flight, to.target_in_flight, in);
    if (from.has_target_queue_delay_ms) get(from.target_queue_delay_ms, to.target_queue_delay_ms, in);
    get(from.latency, to.latency, in);
    if (from.has_stable_window_ms) get(from.stable_window_ms, to.stable_window_ms, in);
    if (from.has_panic_window_ms) get(from.panic_window_ms, to.panic_window_ms, in);
    if (from.has_panic_threshold) get(from.panic_threshold, to.panic_threshold, in);
    if (from.has_tolerance) get(from.tolerance, to.tolerance, in);
    if (from.has_down_stabilisation_ms) get(from.down_stabilisation_ms, to.down_stabilisation_ms, in);
    if (from.has_burst_hold_ms) get(from.burst_hold_ms, to.burst_hold_ms, in);
    if (from.has_cooldown_up_ms) get(from.cooldown_up_ms, to.cooldown_up_ms, in);
    if (from.has_cooldown_down_ms) get(from.cooldown_down_ms, to.cooldown_down_ms, in);
    if (from.has_dry_run) get(from.dry_run, to.dry_run, in);
    get(from.vertical, to.vertical, in);
}

inline void get(const noodle_autoscale_view *given, AutoscaleView &to, Reader in) {
    if (!given) return;
    const noodle_autoscale_view from = whole(given);
    get(from.deployment, to.deployment, in);
    get(from.replicas, to.replicas, in);
    get(from.autoscale, to.autoscale, in);
    get(from.recommendation, to.recommendation, in);
}

inline void put(const BackupInput &from, const noodle_backup_input *&out, Arena &arena) {
    noodle_backup_input &to = arena.make<noodle_backup_input>();
    to.size = sizeof(to);
    put(from.to, to.to, arena);
    out = &to;
}

inline void get(const noodle_backup_report *given, BackupReport &to, Reader in) {
    if (!given) return;
    const noodle_backup_report from = whole(given);
    get(from.head, to.head, in);
    get(from.artifacts, to.artifacts, in);
}

inline void put(const BatchConfig &from, const noodle_batch_config *&out, Arena &arena) {
    noodle_batch_config &to = arena.make<noodle_batch_config>();
    to.size = sizeof(to);
    to.has_max_batch_size = true;
    put(from.max_batch_size, to.max_batch_size, arena);
    put(from.max_delay_us, to.max_delay_us, arena);
    put(from.preferred_batch_sizes, to.preferred_batch_sizes, to.preferred_batch_sizes_count, arena);
    to.has_adaptive = true;
    put(from.adaptive, to.adaptive, arena);
    if (from.padding) put(*from.padding, to.padding, arena);
    if (from.priorities) put(*from.priorities, to.priorities, arena);
    out = &to;
}

inline void get(const noodle_batch_config *given, BatchConfig &to, Reader in) {
    if (!given) return;
    const noodle_batch_config from = whole(given);
    if (from.has_max_batch_size) get(from.max_batch_size, to.max_batch_size, in);
    get(from.max_delay_us, to.max_delay_us, in);
    get(from.preferred_batch_sizes, from.preferred_batch_sizes_count, to.preferred_batch_sizes, in);
    if (from.has_adaptive) get(from.adaptive, to.adaptive, in);
    get(from.padding, to.padding, in);
    get(from.priorities, to.priorities, in);
}

inline void get(const noodle_batch_status *given, BatchStatus &to, Reader in) {
    if (!given) return;
    const noodle_batch_status from = whole(given);
    get(from.batches, to.batches, in);
    get(from.rows, to.rows, in);
    get(from.max_batch_size, to.max_batch_size, in);
    get(from.sizes, from.sizes_count, to.sizes, in);
}

inline void get(const noodle_benchmark_case *given, BenchmarkCase &to, Reader in) {
    if (!given) return;
    const noodle_benchmark_case from = whole(given);
    get(from.engine, to.engine, in);
    get(from.threads, to.threads, in);
    get(from.batch, to.batch, in);
}

inline void get(const noodle_benchmark_figures *given, BenchmarkFigures &to, Reader in) {
    if (!given) return;
    const noodle_benchmark_figures from = whole(given);
    get(from.requests, to.requests, in);
    get(from.latency_mean_us, to.latency_mean_us, in);
    get(from.latency_p50_us, to.latency_p50_us, in);
    get(from.latency_p95_us, to.latency_p95_us, in);
    get(from.latency_p99_us, to.latency_p99_us, in);
    get(from.rows_per_second, to.rows_per_second, in);
}

inline void put(const BenchmarkInput &from, const noodle_benchmark_input *&out, Arena &arena) {
    noodle_benchmark_input &to = arena.make<noodle_benchmark_input>();
    to.size = sizeof(to);
    put(from.model, to.model, arena);
    put(from.version, to.version, arena);
    if (from.target) put(*from.target, to.target, arena);
    put(from.engines, to.engines, to.engines_count, arena);
    put(from.threads, to.threads, to.threads_count, arena);
    put(from.batches, to.batches, to.batches_count, arena);
    put(from.shapes, to.shapes, to.shapes_count, arena);
    to.has_seconds_per_case = from.seconds_per_case.has_value();
    if (from.seconds_per_case) put(*from.seconds_per_case, to.seconds_per_case, arena);
    out = &to;
}

inline void get(const noodle_benchmark_report *given, BenchmarkReport &to, Reader in) {
    if (!given) return;
    const noodle_benchmark_report from = whole(given);
    get(from.model, to.model, in);
    get(from.version, to.version, in);
    get(from.digest, to.digest, in);
    get(from.machine, to.machine, in);
    get(from.inputs, to.inputs, in);
    get(from.reference, to.reference, in);
    get(from.rows, from.rows_count, to.rows, in);
    get(from.best_latency, to.best_latency, in);
    get(from.best_throughput, to.best_throughput, in);
}

inline void get(const noodle_benchmark_row *given, BenchmarkRow &to, Reader in) {
    if (!given) return;
    const noodle_benchmark_row from = whole(given);
    get(from.engine, to.engine, in);
    get(from.threads, to.threads, in);
    get(from.batch, to.batch, in);
    get(from.figures, to.figures, in);
    if (from.has_agrees) get(from.agrees, to.agrees, in);
    if (from.has_max_abs) get(from.max_abs, to.max_abs, in);
    get(from.memory_bytes, to.memory_bytes, in);
    get(from.error, to.error, in);
}

inline void put(const Bound &from, const noodle_bound *&out, Arena &arena) {
    noodle_bound &to = arena.make<noodle_bound>();
    to.size = sizeof(to);
    put(from.metric, to.metric, arena);
    to.has_at_least = from.at_least.has_value();
    if (from.at_least) put(*from.at_least, to.at_least, arena);
    to.has_at_most = from.at_most.has_value();
    if (from.at_most) put(*from.at_most, to.at_most, arena);
    out = &to;
}

inline void get(const noodle_bound *given, Bound &to, Reader in) {
    if (!given) return;
    const noodle_bound from = whole(given);
    get(from.metric, to.metric, in);
    if (from.has_at_least) get(from.at_least, to.at_least, in);
    if (from.has_at_most) get(from.at_most, to.at_most, in);
}

inline void put(const CacheConfig &from, const noodle_cache_config *&out, Arena &arena) {
    noodle_cache_config &to = arena.make<noodle_cache_config>();
    to.size = sizeof(to);
    put(from.levels, to.levels, to.levels_count, arena);
    if (from.policy) put(*from.policy, to.policy, arena);
    if (from.max_bytes) put(*from.max_bytes, to.max_bytes, arena);
    to.has_max_entries = from.max_entries.has_value();
    if (from.max_entries) put(*from.max_entries, to.max_entries, arena);
    if (from.ttl_ms) put(*from.ttl_ms, to.ttl_ms, arena);
    to.has_coalesce = true;
    put(from.coalesce, to.coalesce, arena);
    out = &to;
}

inline void get(const noodle_cache_config *given, CacheConfig &to, Reader in) {
    if (!given) return;
    const noodle_cache_config from = whole(given);
    get(from.levels, from.levels_count, to.levels, in);
    get(from.policy, to.policy, in);
    get(from.max_bytes, to.max_bytes, in);
    if (from.has_max_entries) get(from.max_entries, to.max_entries, in);
    get(from.ttl_ms, to.ttl_ms, in);
    if (from.has_coalesce) get(from.coalesce, to.coalesce, in);
}

inline void get(const noodle_cache_metrics *given, CacheMetrics &to, Reader in) {
    if (!given) return;
    const noodle_cache_metrics from = whole(given);
    get(from.hit_rate, to.hit_rate, in);
    get(from.memory_hits, to.memory_hits, in);
    get(from.redis_hits, to.redis_hits, in);
    get(from.store_hits, to.store_hits, in);
    get(from.misses, to.misses, in);
    get(from.coalesced, to.coalesced, in);
    get(from.failures, to.failures, in);
    get(from.dropped, to.dropped, in);
    get(from.entries, to.entries, in);
    get(from.bytes, to.bytes, in);
}

inline void put(const CanaryConfig &from, const noodle_canary_config *&out, Arena &arena) {
    noodle_canary_config &to = arena.make<noodle_canary_config>();
    to.size = sizeof(to);
    put(from.steps, to.steps, to.steps_count, arena);
    if (from.analysis) put(*from.analysis, to.analysis, arena);
    out = &to;
}

inline void get(const noodle_canary_config *given, CanaryConfig &to, Reader in) {
    if (!given) return;
    const noodle_canary_config from = whole(given);
    get(from.steps, from.steps_count, to.steps, in);
    get(from.analysis, to.analysis, in);
}

inline void put(const CanaryStep &from, const noodle_canary_step *&out, Arena &arena) {
    noodle_canary_step &to = arena.make<noodle_canary_step>();
    to.size = sizeof(to);
    put(from.weight, to.weight, arena);
    to.has_min_requests = true;
    put(from.min_requests, to.min_requests, arena);
    if (from.min_ms) put(*from.min_ms, to.min_ms, arena);
    if (from.max_ms) put(*from.max_ms, to.max_ms, arena);
    put(from.gate, to.gate, arena);
    if (from.mirror) put(*from.mirror, to.mirror, arena);
    if (from.replicas) put(*from.replicas, to.replicas, arena);
    if (from.replay) put(*from.replay, to.replay, arena);
    out = &to;
}

inline void get(const noodle_canary_step *given, CanaryStep &to, Reader in) {
    if (!given) return;
    const noodle_canary_step from = whole(given);
    get(from.weight, to.weight, in);
    if (from.has_min_requests) get(from.min_requests, to.min_requests, in);
    get(from.min_ms, to.min_ms, in);
    get(from.max_ms, to.max_ms, in);
    get(from.gate, to.gate, in);
    get(from.mirror, to.mirror, in);
    get(from.replicas, to.replicas, in);
    get(from.replay, to.replay, in);
}

inline void put(const CarriedTensor &from, const noodle_carried_tensor *&out, Arena &arena) {
    noodle_carried_tensor &to = arena.make<noodle_carried_tensor>();
    to.size = sizeof(to);
    put(from.output, to.output, arena);
    put(from.input, to.input, arena);
    if (from.shape) put(*from.shape, to.shape, to.shape_count, arena);
    out = &to;
}

inline void get(const noodle_carried_tensor *given, CarriedTensor &to, Reader in) {
    if (!given) return;
    const noodle_carried_tensor from = whole(given);
    get(from.output, to.output, in);
    get(from.input, to.input, in);
    get(from.shape, from.shape_count, to.shape, in);
}

inline void get(const noodle_change *given, Change &to, Reader in) {
    if (!given) return;
    const noodle_change from = whole(given);
    get(from.strategy, to.strategy, in);
    get(from.replicas, to.replicas, in);
    get(from.required_gates, from.required_gates_count, to.required_gates, in);
}

inline void put(const CompareVersionsInput &from, const noodle_compare_versions_input *&out, Arena &arena) {
    noodle_compare_versions_input &to = arena.make<noodle_compare_versions_input>();
    to.size = sizeof(to);
    put(from.model, to.model, arena);
    put(from.base, to.base, arena);
    put(from.candidate, to.candidate, arena);
    out = &to;
}

inline void get(const noodle_comparison *given, Comparison &to, Reader in) {
    if (!given) return;
    const noodle_comparison from = whole(given);
    get(from.metric, to.metric, in);
    get(from.role, to.role, in);
    get(from.goal, to.goal, in);
    get(from.arm, to.arm, in);
    get(from.control_values, to.control_values, in);
    get(from.arm_values, to.arm_values, in);
    get(from.finding, to.finding, in);
    get(from.figures, to.figures, in);
}

inline void get(const noodle_confusion_row *given, ConfusionRow &to, Reader in) {
    if (!given) return;
    const noodle_confusion_row from = whole(given);
    get(from.label, to.label, in);
    get(from.answered, from.answered_count, to.answered, in);
}

inline void get(const noodle_cost_findings *given, CostFindings &to, Reader in) {
    if (!given) return;
    const noodle_cost_findings from = whole(given);
    if (from.has_ratio) get(from.ratio, to.ratio, in);
    get(from.costlier, to.costlier, in);
    get(from.no_costlier, to.no_costlier, in);
}

inline void put(const CreateExperimentInput &from, const noodle_create_experiment_input *&out, Arena &arena) {
    noodle_create_experiment_input &to = arena.make<noodle_create_experiment_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    put(from.name, to.name, arena);
    put(from.arms, to.arms, to.arms_count, arena);
    put(from.metrics, to.metrics, to.metrics_count, arena);
    put(from.holdout, to.holdout, arena);
    if (from.judgement) put(*from.judgement, to.judgement, arena);
    put(from.segments, to.segments, to.segments_count, arena);
    out = &to;
}

inline void put(const DeclareWinnerInput &from, const noodle_declare_winner_input *&out, Arena &arena) {
    noodle_declare_winner_input &to = arena.make<noodle_declare_winner_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    if (from.arm) put(*from.arm, to.arm, arena);
    to.has_confidence = from.confidence.has_value();
    if (from.confidence) put(*from.confidence, to.confidence, arena);
    put(from.force, to.force, arena);
    if (from.reason) put(*from.reason, to.reason, arena);
    out = &to;
}

inline void put(const DeleteVersionInput &from, const noodle_delete_version_input *&out, Arena &arena) {
    noodle_delete_version_input &to = arena.make<noodle_delete_version_input>();
    to.size = sizeof(to);
    put(from.model, to.model, arena);
    put(from.version, to.version, arena);
    out = &to;
}

inline void get(const noodle_deleted *given, Deleted &to, Reader in) {
    if (!given) return;
    const noodle_deleted from = whole(given);
    get(from.model, to.model, in);
    get(from.version, to.version, in);
}

inline void put(const DeployInput &from, const noodle_deploy_input *&out, Arena &arena) {
    noodle_deploy_input &to = arena.make<noodle_deploy_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    if (from.model) put(*from.model, to.model, arena);
    put(from.version, to.version, arena);
    if (from.target) put(*from.target, to.target, arena);
    if (from.strategy) put(*from.strategy, to.strategy, arena);
    to.has_replicas = from.replicas.has_value();
    if (from.replicas) put(*from.replicas, to.replicas, arena);
    to.has_threads = true;
    put(from.threads, to.threads, arena);
    put(from.shapes, to.shapes, to.shapes_count, arena);
    if (from.engine) put(*from.engine, to.engine, arena);
    if (from.batching) put(*from.batching, to.batching, arena);
    if (from.cache) put(*from.cache, to.cache, arena);
    if (from.required_gates) put(*from.required_gates, to.required_gates, to.required_gates_count, arena);
    if (from.loading) put(*from.loading, to.loading, arena);
    if (from.unload_after_ms) put(*from.unload_after_ms, to.unload_after_ms, arena);
    if (from.tune) put(*from.tune, to.tune, arena);
    if (from.state) put(*from.state, to.state, arena);
    if (from.stream) put(*from.stream, to.stream, arena);
    if (from.canary) put(*from.canary, to.canary, arena);
    if (from.from) put(*from.from, to.from, arena);
    if (from.rolling) put(*from.rolling, to.rolling, arena);
    out = &to;
}

inline void get(const noodle_deployment *given, Deployment &to, Reader in) {
    if (!given) return;
    const noodle_deployment from = whole(given);
    get(from.name, to.name, in);
    get(from.model, to.model, in);
    get(from.target, to.target, in);
    get(from.strategy, to.strategy, in);
    get(from.state, to.state, in);
    get(from.cause, to.cause, in);
    get(from.replicas, to.replicas, in);
    get(from.change, to.change, in);
    if (from.has_scaling_from) get(from.scaling_from, to.scaling_from, in);
    get(from.revisions, from.revisions_count, to.revisions, in);
    if (from.has_active) get(from.active, to.active, in);
    get(from.previous, from.previous_count, to.previous, in);
    get(from.worker, to.worker, in);
    get(from.last_revision, to.last_revision, in);
    get(from.created_at, to.created_at, in);
    get(from.updated_at, to.updated_at, in);
    get(from.required_gates, from.required_gates_count, to.required_gates, in);
    get(from.autoscale, to.autoscale, in);
    get(from.rollout, to.rollout, in);
    get(from.experiment, to.experiment, in);
    get(from.rules, from.rules_count, to.rules, in);
}

inline void put(const DeploymentFilter &from, const noodle_deployment_filter *&out, Arena &arena) {
    noodle_deployment_filter &to = arena.make<noodle_deployment_filter>();
    to.size = sizeof(to);
    if (from.deployment) put(*from.deployment, to.deployment, arena);
    out = &to;
}

inline void get(const noodle_deployment_health *given, DeploymentHealth &to, Reader in) {
    if (!given) return;
    const noodle_deployment_health from = whole(given);
    get(from.deployment, to.deployment, in);
    get(from.health, to.health, in);
    get(from.ready, to.ready, in);
    get(from.state, to.state, in);
    get(from.last_error, to.last_error, in);
}

inline void get(const noodle_deployment_list *given, DeploymentList &to, Reader in) {
    if (!given) return;
    const noodle_deployment_list from = whole(given);
    get(from.deployments, from.deployments_count, to.deployments, in);
}

inline void put(const DeploymentRef &from, const noodle_deployment_ref *&out, Arena &arena) {
    noodle_deployment_ref &to = arena.make<noodle_deployment_ref>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    out = &to;
}

inline void get(const noodle_deployment_view *given, DeploymentView &to, Reader in) {
    if (!given) return;
    const noodle_deployment_view from = whole(given);
    get(from.desired, to.desired, in);
    get(from.serving, to.serving, in);
    get(from.lagging, to.lagging, in);
    get(from.replicas, from.replicas_count, to.replicas, in);
}

inline void get(const noodle_differences *given, Differences &to, Reader in) {
    if (!given) return;
    const noodle_differences from = whole(given);
    get(from.compared, to.compared, in);
    get(from.differing, to.differing, in);
    get(from.skipped, to.skipped, in);
    get(from.sum, to.sum, in);
    get(from.largest, to.largest, in);
}

inline void put(const DriftConfig &from, const noodle_drift_config *&out, Arena &arena) {
    noodle_drift_config &to = arena.make<noodle_drift_config>();
    to.size = sizeof(to);
    to.has_max_class_shift = true;
    put(from.max_class_shift, to.max_class_shift, arena);
    to.has_max_mean_shift = true;
    put(from.max_mean_shift, to.max_mean_shift, arena);
    out = &to;
}

inline void get(const noodle_drift_config *given, DriftConfig &to, Reader in) {
    if (!given) return;
    const noodle_drift_config from = whole(given);
    if (from.has_max_class_shift) get(from.max_class_shift, to.max_class_shift, in);
    if (from.has_max_mean_shift) get(from.max_mean_shift, to.max_mean_shift, in);
}

inline void get(const noodle_drift_findings *given, DriftFindings &to, Reader in) {
    if (!given) return;
    const noodle_drift_findings from = whole(given);
    get(from.candidate_answers, to.candidate_answers, in);
    get(from.baseline_answers, to.baseline_answers, in);
    get(from.shift, to.shift, in);
    if (from.has_class_index) get(from.class_index, to.class_index, in);
    get(from.moved, to.moved, in);
    get(from.not_moved, to.not_moved, in);
}

inline void get(const noodle_engine_choice *given, EngineChoice &to, Reader in) {
    if (!given) return;
    const noodle_engine_choice from = whole(given);
    get(from.reason, to.reason, in);
    get(from.inputs, to.inputs, in);
    get(from.remembered, to.remembered, in);
    get(from.candidates, from.candidates_count, to.candidates, in);
}

inline void get(const noodle_engine_figures *given, EngineFigures &to, Reader in) {
    if (!given) return;
    const noodle_engine_figures from = whole(given);
    get(from.engine, to.engine, in);
    get(from.verdict, to.verdict, in);
    if (from.has_median_us) get(from.median_us, to.median_us, in);
    if (from.has_max_abs) get(from.max_abs, to.max_abs, in);
    get(from.reason, to.reason, in);
}

inline void get(const noodle_error_record *given, ErrorRecord &to, Reader in) {
    if (!given) return;
    const noodle_error_record from = whole(given);
    get(from.code, to.code, in);
    get(from.kind, to.kind, in);
    get(from.message, to.message, in);
    get(from.operation, to.operation, in);
    get(from.context, from.context_count, to.context, in);
    get(from.retryable, to.retryable, in);
}

inline void put(const EvaluateInput &from, const noodle_evaluate_input *&out, Arena &arena) {
    noodle_evaluate_input &to = arena.make<noodle_evaluate_input>();
    to.size = sizeof(to);
    if (from.model) put(*from.model, to.model, arena);
    if (from.version) put(*from.version, to.version, arena);
    if (from.deployment) put(*from.deployment, to.deployment, arena);
    put(from.data, to.data, arena);
    put(from.metrics, to.metrics, to.metrics_count, arena);
    if (from.output) put(*from.output, to.output, arena);
    if (from.target) put(*from.target, to.target, arena);
    put(from.softmax, to.softmax, arena);
    to.has_top_k = true;
    put(from.top_k, to.top_k, arena);
    if (from.tolerance) put(*from.tolerance, to.tolerance, arena);
    if (from.gate) put(*from.gate, to.gate, arena);
    if (from.engine) put(*from.engine, to.engine, arena);
    to.has_threads = from.threads.has_value();
    if (from.threads) put(*from.threads, to.threads, arena);
    to.has_batch = from.batch.has_value();
    if (from.batch) put(*from.batch, to.batch, arena);
    out = &to;
}

inline void get(const noodle_evaluation *given, Evaluation &to, Reader in) {
    if (!given) return;
    const noodle_evaluation from = whole(given);
    get(from.gate, to.gate, in);
    get(from.passed, to.passed, in);
    get(from.artifact, to.artifact, in);
    get(from.data, to.data, in);
    get(from.rows, to.rows, in);
    get(from.engine, to.engine, in);
    get(from.metrics, from.metrics_count, to.metrics, in);
    get(from.bounds, from.bounds_count, to.bounds, in);
    get(from.at, to.at, in);
}

inline void get(const noodle_evaluation_report *given, EvaluationReport &to, Reader in) {
    if (!given) return;
    const noodle_evaluation_report from = whole(given);
    get(from.model, to.model, in);
    get(from.version, to.version, in);
    get(from.digest, to.digest, in);
    get(from.data, to.data, in);
    get(from.rows, to.rows, in);
    get(from.engine, to.engine, in);
    get(from.output, to.output, in);
    get(from.target, to.target, in);
    get(from.metrics, from.metrics_count, to.metrics, in);
    get(from.undefined, from.undefined_count, to.undefined, in);
    get(from.confusion, from.confusion_count, to.confusion, in);
    get(from.gate, to.gate, in);
    get(from.passed, to.passed, in);
    get(from.broken, from.broken_count, to.broken, in);
}

inline void get(const noodle_event_version_registered *given, EventVersionRegistered &to, Reader in) {
    if (!given) return;
    const noodle_event_version_registered from = whole(given);
    get(from.model_type, to.model_type, in);
    get(from.record, to.record, in);
}

inline void get(const noodle_event_version_annotated *given, EventVersionAnnotated &to, Reader in) {
    if (!given) return;
    const noodle_event_version_annotated from = whole(given);
    get(from.version, to.version, in);
    get(from.description, to.description, in);
    get(from.tags, from.tags_count, to.tags, in);
    get(from.metrics, from.metrics_count, to.metrics, in);
}

inline void get(const noodle_event_version_probed *given, EventVersionProbed &to, Reader in) {
    if (!given) return;
    const noodle_event_version_probed from = whole(given);
    get(from.version, to.version, in);
    get(from.probes, to.probes, in);
    get(from.engine, to.engine, in);
}

inline void get(const noodle_event_version_status_changed *given, EventVersionStatusChanged &to, Reader in) {
    if (!given) return;
    const noodle_event_version_status_changed from = whole(given);
    get(from.version, to.version, in);
    get(from.from, to.from, in);
    get(from.to, to.to, in);
    get(from.reason, to.reason, in);
}

inline void get(const noodle_event_version_deleted *given, EventVersionDeleted &to, Reader in) {
    if (!given) return;
    const noodle_event_version_deleted from = whole(given);
    get(from.version, to.version, in);
}

inline void get(const noodle_event_alias_set *given, EventAliasSet &to, Reader in) {
    if (!given) return;
    const noodle_event_alias_set from = whole(given);
    get(from.alias, to.alias, in);
    get(from.version, to.version, in);
    get(from.previous, to.previous, in);
}

inline void get(const noodle_event_alias_removed *given, EventAliasRemoved &to, Reader in) {
    if (!given) return;
    const noodle_event_alias_removed from = whole(given);
    get(from.alias, to.alias, in);
    get(from.previous, to.previous, in);
}

inline void get(const noodle_event_deploy_requested *given, EventDeployRequested &to, Reader in) {
    if (!given) return;
    const noodle_event_deploy_requested from = whole(given);
    get(from.model, to.model, in);
    get(from.target, to.target, in);
    get(from.strategy, to.strategy, in);
    get(from.replicas, to.replicas, in);
    get(from.revision, to.revision, in);
    get(from.required_gates, from.required_gates_count, to.required_gates, in);
}

inline void get(const noodle_event_deploy_started *given, EventDeployStarted &to, Reader in) {
    if (!given) return;
    const noodle_event_deploy_started from = whole(given);
    get(from.revision, to.revision, in);
    get(from.instance, to.instance, in);
}

inline void get(const noodle_event_revision_ready *given, EventRevisionReady &to, Reader in) {
    if (!given) return;
    const noodle_event_revision_ready from = whole(given);
    get(from.revision, to.revision, in);
    get(from.verification, to.verification, in);
}

inline void get(const noodle_event_revision_failed *given, EventRevisionFailed &to, Reader in) {
    if (!given) return;
    const noodle_event_revision_failed from = whole(given);
    get(from.revision, to.revision, in);
    get(from.cause, to.cause, in);
}

inline void get(const noodle_event_promoted *given, EventPromoted &to, Reader in) {
    if (!given) return;
    const noodle_event_promoted from = whole(given);
    if (from.has_from) get(from.from, to.from, in);
    get(from.to, to.to, in);
}

inline void get(const noodle_event_rolled_back *given, EventRolledBack &to, Reader in) {
    if (!given) return;
    const noodle_event_rolled_back from = whole(given);
    get(from.from, to.from, in);
    get(from.to, to.to, in);
    get(from.reason, to.reason, in);
}

inline void get(const noodle_event_scale_requested *given, EventScaleRequested &to, Reader in) {
    if (!given) return;
    const noodle_event_scale_requested from = whole(given);
    get(from.from, to.from, in);
    get(from.to, to.to, in);
    get(from.instance, to.instance, in);
}

inline void get(const noodle_event_scaled *given, EventScaled &to, Reader in) {
    if (!given) return;
    const noodle_event_scaled from = whole(given);
    get(from.replicas, to.replicas, in);
}

inline void get(const noodle_event_scale_failed *given, EventScaleFailed &to, Reader in) {
    if (!given) return;
    const noodle_event_scale_failed from = whole(given);
    get(from.replicas, to.replicas, in);
    get(from.cause, to.cause, in);
}

inline void get(const noodle_event_stop_requested *given, EventStopRequested &to, Reader in) {
    if (!given) return;
    const noodle_event_stop_requested from = whole(given);
    get(from.force, to.force, in);
    get(from.instance, to.instance, in);
}

inline void get(const noodle_event_stopped *, EventStopped &, Reader) {}

inline void get(const noodle_event_failed *given, EventFailed &to, Reader in) {
    if (!given) return;
    const noodle_event_failed from = whole(given);
    get(from.cause, to.cause, in);
}

inline void get(const noodle_event_checkpoint *given, EventCheckpoint &to, Reader in) {
    if (!given) return;
    const noodle_event_checkpoint from = whole(given);
    get(from.cut, to.cut, in);
    get(from.state, to.state, in);
}

inline void get(const noodle_event_version_evaluated *given, EventVersionEvaluated &to, Reader in) {
    if (!given) return;
    const noodle_event_version_evaluated from = whole(given);
    get(from.version, to.version, in);
    get(from.evaluation, to.evaluation, in);
}

inline void get(const noodle_event_autoscale_set *given, EventAutoscaleSet &to, Reader in) {
    if (!given) return;
    const noodle_event_autoscale_set from = whole(given);
    get(from.autoscale, to.autoscale, in);
}

inline void get(const noodle_event_rollout_started *given, EventRolloutStarted &to, Reader in) {
    if (!given) return;
    const noodle_event_rollout_started from = whole(given);
    get(from.baseline, to.baseline, in);
    get(from.candidate, to.candidate, in);
    get(from.salt, to.salt, in);
    get(from.canary, to.canary, in);
}

inline void get(const noodle_event_rollout_marked *given, EventRolloutMarked &to, Reader in) {
    if (!given) return;
    const noodle_event_rollout_marked from = whole(given);
    get(from.step, to.step, in);
    get(from.from, to.from, in);
}

inline void get(const noodle_event_rollout_stepped *given, EventRolloutStepped &to, Reader in) {
    if (!given) return;
    const noodle_event_rollout_stepped from = whole(given);
    get(from.step, to.step, in);
    get(from.weight, to.weight, in);
    get(from.reason, to.reason, in);
    get(from.evidence, to.evidence, in);
    get(from.findings, to.findings, in);
}

inline void get(const noodle_event_rollout_phase_changed *given, EventRolloutPhaseChanged &to, Reader in) {
    if (!given) return;
    const noodle_event_rollout_phase_changed from = whole(given);
    get(from.phase, to.phase, in);
    get(from.reason, to.reason, in);
    get(from.evidence, to.evidence, in);
    get(from.findings, to.findings, in);
}

inline void get(const noodle_event_experiment_created *given, EventExperimentCreated &to, Reader in) {
    if (!given) return;
    const noodle_event_experiment_created from = whole(given);
    get(from.experiment, to.experiment, in);
}

inline void get(const noodle_event_experiment_weighted *given, EventExperimentWeighted &to, Reader in) {
    if (!given) return;
    const noodle_event_experiment_weighted from = whole(given);
    get(from.weights, from.weights_count, to.weights, in);
    get(from.shares, from.shares_count, to.shares, in);
    get(from.reason, to.reason, in);
}

inline void get(const noodle_event_experiment_phase_changed *given, EventExperimentPhaseChanged &to, Reader in) {
    if (!given) return;
    const noodle_event_experiment_phase_changed from = whole(given);
    get(from.phase, to.phase, in);
    get(from.reason, to.reason, in);
    get(from.winner, to.winner, in);
    get(from.report, to.report, in);
}

inline void get(const noodle_event_rules_set *given, EventRulesSet &to, Reader in) {
    if (!given) return;
    const noodle_event_rules_set from = whole(given);
    get(from.rules, from.rules_count, to.rules, in);
}

inline void get(const noodle_event *given, Event &to, Reader in) {
    if (!given) return;
    const noodle_event from = whole(given);
    switch (from.type) {
    case 1: get(from.of.version_registered, to.emplace<EventVersionRegistered>(), in); break;
    case 2: get(from.of.version_annotated, to.emplace<EventVersionAnnotated>(), in); break;
    case 3: get(from.of.version_probed, to.emplace<EventVersionProbed>(), in); break;
    case 4: get(from.of.version_status_changed, to.emplace<EventVersionStatusChanged>(), in); break;
    case 5: get(from.of.version_deleted, to.emplace<EventVersionDeleted>(), in); break;
    case 6: get(from.of.alias_set, to.emplace<EventAliasSet>(), in); break;
    case 7: get(from.of.alias_removed, to.emplace<EventAliasRemoved>(), in); break;
    case 8: get(from.of.deploy_requested, to.emplace<EventDeployRequested>(), in); break;
    case 9: get(from.of.deploy_started, to.emplace<EventDeployStarted>(), in); break;
    case 10: get(from.of.revision_ready, to.emplace<EventRevisionReady>(), in); break;
    case 11: get(from.of.revision_failed, to.emplace<EventRevisionFailed>(), in); break;
    case 12: get(from.of.promoted, to.emplace<EventPromoted>(), in); break;
    case 13: get(from.of.rolled_back, to.emplace<EventRolledBack>(), in); break;
    case 14: get(from.of.scale_requested, to.emplace<EventScaleRequested>(), in); break;
    case 15: get(from.of.scaled, to.emplace<EventScaled>(), in); break;
    case 16: get(from.of.scale_failed, to.emplace<EventScaleFailed>(), in); break;
    case 17: get(from.of.stop_requested, to.emplace<EventStopRequested>(), in); break;
    case 18: get(from.of.stopped, to.emplace<EventStopped>(), in); break;
    case 19: get(from.of.failed, to.emplace<EventFailed>(), in); break;
    case 20: get(from.of.checkpoint, to.emplace<EventCheckpoint>(), in); break;
    case 21: get(from.of.version_evaluated, to.emplace<EventVersionEvaluated>(), in); break;
    case 22: get(from.of.autoscale_set, to.emplace<EventAutoscaleSet>(), in); break;
    case 23: get(from.of.rollout_started, to.emplace<EventRolloutStarted>(), in); break;
    case 24: get(from.of.rollout_marked, to.emplace<EventRolloutMarked>(), in); break;
    case 25: get(from.of.rollout_stepped, to.emplace<EventRolloutStepped>(), in); break;
    case 26: get(from.of.rollout_phase_changed, to.emplace<EventRolloutPhaseChanged>(), in); break;
    case 27: get(from.of.experiment_created, to.emplace<EventExperimentCreated>(), in); break;
    case 28: get(from.of.experiment_weighted, to.emplace<EventExperimentWeighted>(), in); break;
    case 29: get(from.of.experiment_phase_changed, to.emplace<EventExperimentPhaseChanged>(), in); break;
    case 30: get(from.of.rules_set, to.emplace<EventRulesSet>(), in); break;
    default: break;
    }
}

inline void get(const noodle_event_record *given, EventRecord &to, Reader in) {
    if (!given) return;
    const noodle_event_record from = whole(given);
    get(from.sequence, to.sequence, in);
    get(from.stream, to.stream, in);
    get(from.at, to.at, in);
    get(from.actor, to.actor, in);
    get(from.operation, to.operation, in);
    get(from.request_id, to.request_id, in);
    get(from.event, to.event, in);
    get(from.hash, to.hash, in);
}

inline void get(const noodle_evidence *given, Evidence &to, Reader in) {
    if (!given) return;
    const noodle_evidence from = whole(given);
    get(from.fails_more, to.fails_more, in);
    get(from.fails_no_more, to.fails_no_more, in);
    get(from.slower_before, to.slower_before, in);
    get(from.slower, to.slower, in);
    get(from.mirror, to.mirror, in);
    get(from.metrics, from.metrics_count, to.metrics, in);
    get(from.cost, to.cost, in);
    get(from.drift, from.drift_count, to.drift, in);
    get(from.counted, to.counted, in);
}

inline void get(const noodle_experiment *given, Experiment &to, Reader in) {
    if (!given) return;
    const noodle_experiment from = whole(given);
    get(from.number, to.number, in);
    get(from.name, to.name, in);
    get(from.arms, from.arms_count, to.arms, in);
    get(from.holdout, to.holdout, in);
    get(from.metrics, from.metrics_count, to.metrics, in);
    get(from.judgement, to.judgement, in);
    get(from.shares, from.shares_count, to.shares, in);
    get(from.phase, to.phase, in);
    get(from.reason, to.reason, in);
    get(from.salt, to.salt, in);
    get(from.started_at, to.started_at, in);
    get(from.since, to.since, in);
    get(from.winner, to.winner, in);
    get(from.report, to.report, in);
    get(from.segments, from.segments_count, to.segments, in);
}

inline void get(const noodle_experiment_arm *given, ExperimentArm &to, Reader in) {
    if (!given) return;
    const noodle_experiment_arm from = whole(given);
    get(from.name, to.name, in);
    get(from.version, to.version, in);
    get(from.revision, to.revision, in);
    get(from.weight, to.weight, in);
}

inline void put(const ExperimentInput &from, const noodle_experiment_input *&out, Arena &arena) {
    noodle_experiment_input &to = arena.make<noodle_experiment_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    if (from.reason) put(*from.reason, to.reason, arena);
    out = &to;
}

inline void get(const noodle_experiment_plan *given, ExperimentPlan &to, Reader in) {
    if (!given) return;
    const noodle_experiment_plan from = whole(given);
    get(from.values, to.values, in);
    get(from.difference, to.difference, in);
    get(from.power, to.power, in);
    get(from.level, to.level, in);
}

inline void get(const noodle_experiment_report *given, ExperimentReport &to, Reader in) {
    if (!given) return;
    const noodle_experiment_report from = whole(given);
    get(from.at, to.at, in);
    get(from.exposures, from.exposures_count, to.exposures, in);
    get(from.sample_ratio_mismatch, to.sample_ratio_mismatch, in);
    get(from.due, to.due, in);
    get(from.comparisons, from.comparisons_count, to.comparisons, in);
    get(from.leader, to.leader, in);
    if (from.has_regret) get(from.regret, to.regret, in);
    get(from.summary, to.summary, in);
    get(from.horizon, to.horizon, in);
    get(from.segments, from.segments_count, to.segments, in);
}

inline void get(const noodle_experiment_view *given, ExperimentView &to, Reader in) {
    if (!given) return;
    const noodle_experiment_view from = whole(given);
    get(from.deployment, to.deployment, in);
    get(from.experiment, to.experiment, in);
    get(from.report, to.report, in);
    get(from.text, to.text, in);
    get(from.history, from.history_count, to.history, in);
}

inline void put(const ExplainRequestInput &from, const noodle_explain_request_input *&out, Arena &arena) {
    noodle_explain_request_input &to = arena.make<noodle_explain_request_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    put(from.request_id, to.request_id, arena);
    out = &to;
}

inline void put(const ExplainRouteInput &from, const noodle_explain_route_input *&out, Arena &arena) {
    noodle_explain_route_input &to = arena.make<noodle_explain_route_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    put(from.key, to.key, arena);
    put(from.attributes, to.attributes, to.attributes_count, arena);
    if (from.at) put(*from.at, to.at, arena);
    out = &to;
}

inline void get(const noodle_exposure *given, Exposure &to, Reader in) {
    if (!given) return;
    const noodle_exposure from = whole(given);
    get(from.arm, to.arm, in);
    get(from.requests, to.requests, in);
    get(from.share, to.share, in);
    get(from.mismatch, to.mismatch, in);
}

inline void put(const FedTensor &from, const noodle_fed_tensor *&out, Arena &arena) {
    noodle_fed_tensor &to = arena.make<noodle_fed_tensor>();
    to.size = sizeof(to);
    put(from.output, to.output, arena);
    put(from.input, to.input, arena);
    out = &to;
}

inline void get(const noodle_fed_tensor *given, FedTensor &to, Reader in) {
    if (!given) return;
    const noodle_fed_tensor from = whole(given);
    get(from.output, to.output, in);
    get(from.input, to.input, in);
}

inline void get(const noodle_figures *given, Figures &to, Reader in) {
    if (!given) return;
    const noodle_figures from = whole(given);
    get(from.control, to.control, in);
    get(from.arm, to.arm, in);
    get(from.difference, to.difference, in);
    get(from.low, to.low, in);
    get(from.high, to.high, in);
    if (from.has_relative) get(from.relative, to.relative, in);
    get(from.p_value, to.p_value, in);
    get(from.adjusted_p_value, to.adjusted_p_value, in);
    get(from.chance_better, to.chance_better, in);
    get(from.expected_loss, to.expected_loss, in);
    if (from.has_variance_reduction) get(from.variance_reduction, to.variance_reduction, in);
}

inline void get(const noodle_findings *given, Findings &to, Reader in) {
    if (!given) return;
    const noodle_findings from = whole(given);
    get(from.candidate_requests, to.candidate_requests, in);
    get(from.baseline_requests, to.baseline_requests, in);
    get(from.candidate_error_rate, to.candidate_error_rate, in);
    get(from.baseline_error_rate, to.baseline_error_rate, in);
    if (from.has_latency_ratio) get(from.latency_ratio, to.latency_ratio, in);
    get(from.fails_more, to.fails_more, in);
    get(from.fails_no_more, to.fails_no_more, in);
    get(from.slower, to.slower, in);
    get(from.no_slower, to.no_slower, in);
    get(from.to_abort, to.to_abort, in);
    get(from.to_pass, to.to_pass, in);
    if (from.has_mismatch) get(from.mismatch, to.mismatch, in);
    get(from.mirror, to.mirror, in);
    get(from.metrics, from.metrics_count, to.metrics, in);
    get(from.cost, to.cost, in);
    get(from.drift, to.drift, in);
    get(from.replay, to.replay, in);
}

inline void get(const noodle_garbage_report *given, GarbageReport &to, Reader in) {
    if (!given) return;
    const noodle_garbage_report from = whole(given);
    get(from.removed, to.removed, in);
    get(from.bytes, to.bytes, in);
    get(from.kept, to.kept, in);
}

inline void put(const Gate &from, const noodle_gate *&out, Arena &arena) {
    noodle_gate &to = arena.make<noodle_gate>();
    to.size = sizeof(to);
    put(from.name, to.name, arena);
    put(from.bounds, to.bounds, to.bounds_count, arena);
    out = &to;
}

inline void put(const GetAutoscaleInput &from, const noodle_get_autoscale_input *&out, Arena &arena) {
    noodle_get_autoscale_input &to = arena.make<noodle_get_autoscale_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    out = &to;
}

inline void get(const noodle_gpu_reading *given, GpuReading &to, Reader in) {
    if (!given) return;
    const noodle_gpu_reading from = whole(given);
    get(from.index, to.index, in);
    get(from.name, to.name, in);
    get(from.uuid, to.uuid, in);
    if (from.has_utilization_percent) get(from.utilization_percent, to.utilization_percent, in);
    if (from.has_memory_total_bytes) get(from.memory_total_bytes, to.memory_total_bytes, in);
    if (from.has_memory_used_bytes) get(from.memory_used_bytes, to.memory_used_bytes, in);
    if (from.has_temperature_celsius) get(from.temperature_celsius, to.temperature_celsius, in);
    if (from.has_power_watts) get(from.power_watts, to.power_watts, in);
}

inline void get(const noodle_gpu_readings *given, GpuReadings &to, Reader in) {
    if (!given) return;
    const noodle_gpu_readings from = whole(given);
    get(from.devices, from.devices_count, to.devices, in);
    get(from.unavailable, to.unavailable, in);
}

inline void put(const Head &from, const noodle_head *&out, Arena &arena) {
    noodle_head &to = arena.make<noodle_head>();
    to.size = sizeof(to);
    put(from.sequence, to.sequence, arena);
    put(from.hash, to.hash, arena);
    out = &to;
}

inline void get(const noodle_head *given, Head &to, Reader in) {
    if (!given) return;
    const noodle_head from = whole(given);
    get(from.sequence, to.sequence, in);
    get(from.hash, to.hash, in);
}

inline void get(const noodle_health_report *given, HealthReport &to, Reader in) {
    if (!given) return;
    const noodle_health_report from = whole(given);
    get(from.ready, to.ready, in);
    get(from.leader, to.leader, in);
    get(from.last_error, to.last_error, in);
    get(from.deployments, from.deployments_count, to.deployments, in);
    get(from.memory_used_bytes, to.memory_used_bytes, in);
    get(from.memory_limit_bytes, to.memory_limit_bytes, in);
}

inline void put(const HistoryInput &from, const noodle_history_input *&out, Arena &arena) {
    noodle_history_input &to = arena.make<noodle_history_input>();
    to.size = sizeof(to);
    if (from.deployment) put(*from.deployment, to.deployment, arena);
    if (from.model) put(*from.model, to.model, arena);
    put(from.after, to.after, arena);
    to.has_limit = from.limit.has_value();
    if (from.limit) put(*from.limit, to.limit, arena);
    out = &to;
}

inline void get(const noodle_history_output *given, HistoryOutput &to, Reader in) {
    if (!given) return;
    const noodle_history_output from = whole(given);
    get(from.events, from.events_count, to.events, in);
    get(from.more, to.more, in);
    get(from.cut, to.cut, in);
}

inline void get(const noodle_horizon_tests *given, HorizonTests &to, Reader in) {
    if (!given) return;
    const noodle_horizon_tests from = whole(given);
    get(from.proportions, from.proportions_count, to.proportions, in);
    get(from.ranks, from.ranks_count, to.ranks, in);
}

inline void get(const noodle_interval_at *given, IntervalAt &to, Reader in) {
    if (!given) return;
    const noodle_interval_at from = whole(given);
    get(from.at, to.at, in);
    get(from.metric, to.metric, in);
    get(from.arm, to.arm, in);
    get(from.difference, to.difference, in);
    get(from.low, to.low, in);
    get(from.high, to.high, in);
    get(from.values, to.values, in);
}

inline void put(const JournalConfig &from, const noodle_journal_config *&out, Arena &arena) {
    noodle_journal_config &to = arena.make<noodle_journal_config>();
    to.size = sizeof(to);
    to.has_requests = true;
    put(from.requests, to.requests, arena);
    to.has_ms = true;
    put(from.ms, to.ms, arena);
    out = &to;
}

inline void get(const noodle_journal_config *given, JournalConfig &to, Reader in) {
    if (!given) return;
    const noodle_journal_config from = whole(given);
    if (from.has_requests) get(from.requests, to.requests, in);
    if (from.has_ms) get(from.ms, to.ms, in);
}

inline void put(const JudgementConfig &from, const noodle_judgement_config *&out, Arena &arena) {
    noodle_judgement_config &to = arena.make<noodle_judgement_config>();
    to.size = sizeof(to);
    if (from.method) put(*from.method, to.method, arena);
    to.has_level = from.level.has_value();
    if (from.level) put(*from.level, to.level, arena);
    if (from.correction) put(*from.correction, to.correction, arena);
    if (from.horizon) put(*from.horizon, to.horizon, arena);
    if (from.max_ms) put(*from.max_ms, to.max_ms, arena);
    to.has_stop_early = from.stop_early.has_value();
    if (from.stop_early) put(*from.stop_early, to.stop_early, arena);
    if (from.allocation) put(*from.allocation, to.allocation, arena);
    out = &to;
}

inline void get(const noodle_judgement_config *given, JudgementConfig &to, Reader in) {
    if (!given) return;
    const noodle_judgement_config from = whole(given);
    get(from.method, to.method, in);
    if (from.has_level) get(from.level, to.level, in);
    get(from.correction, to.correction, in);
    get(from.horizon, to.horizon, in);
    get(from.max_ms, to.max_ms, in);
    if (from.has_stop_early) get(from.stop_early, to.stop_early, in);
    get(from.allocation, to.allocation, in);
}

inline void put(const Label &from, const noodle_label *&out, Arena &arena) {
    noodle_label &to = arena.make<noodle_label>();
    to.size = sizeof(to);
    put(from.request_id, to.request_id, arena);
    put(from.label, to.label, arena);
    out = &to;
}

inline void put(const LatencyObjective &from, const noodle_latency_objective *&out, Arena &arena) {
    noodle_latency_objective &to = arena.make<noodle_latency_objective>();
    to.size = sizeof(to);
    put(from.quantile, to.quantile, arena);
    put(from.ms, to.ms, arena);
    out = &to;
}

inline void get(const noodle_latency_objective *given, LatencyObjective &to, Reader in) {
    if (!given) return;
    const noodle_latency_objective from = whole(given);
    get(from.quantile, to.quantile, in);
    get(from.ms, to.ms, in);
}

inline void get(const noodle_limit_reading *given, LimitReading &to, Reader in) {
    if (!given) return;
    const noodle_limit_reading from = whole(given);
    if (from.has_cpus) get(from.cpus, to.cpus, in);
    if (from.has_memory_bytes) get(from.memory_bytes, to.memory_bytes, in);
    if (from.has_memory_left_bytes) get(from.memory_left_bytes, to.memory_left_bytes, in);
}

inline void get(const noodle_load_report *given, LoadReport &to, Reader in) {
    if (!given) return;
    const noodle_load_report from = whole(given);
    get(from.engine, to.engine, in);
    get(from.plan, to.plan, in);
    get(from.reason, to.reason, in);
    get(from.plans, to.plans, in);
    get(from.memory_bytes, to.memory_bytes, in);
    get(from.load_ms, to.load_ms, in);
    get(from.choice, to.choice, in);
}

inline void get(const noodle_machine_facts *given, MachineFacts &to, Reader in) {
    if (!given) return;
    const noodle_machine_facts from = whole(given);
    get(from.architecture, to.architecture, in);
    get(from.system, to.system, in);
    get(from.processor, to.processor, in);
    get(from.hardware_threads, to.hardware_threads, in);
}

inline void get(const noodle_machine_reading *given, MachineReading &to, Reader in) {
    if (!given) return;
    const noodle_machine_reading from = whole(given);
    if (from.has_cores) get(from.cores, to.cores, in);
    if (from.has_cpu_percent) get(from.cpu_percent, to.cpu_percent, in);
    if (from.has_load_1m) get(from.load_1m, to.load_1m, in);
    if (from.has_load_5m) get(from.load_5m, to.load_5m, in);
    if (from.has_load_15m) get(from.load_15m, to.load_15m, in);
    if (from.has_memory_total_bytes) get(from.memory_total_bytes, to.memory_total_bytes, in);
    if (from.has_memory_available_bytes) get(from.memory_available_bytes, to.memory_available_bytes, in);
    if (from.has_swap_total_bytes) get(from.swap_total_bytes, to.swap_total_bytes, in);
    if (from.has_swap_used_bytes) get(from.swap_used_bytes, to.swap_used_bytes, in);
    if (from.has_disk_total_bytes) get(from.disk_total_bytes, to.disk_total_bytes, in);
    if (from.has_disk_available_bytes) get(from.disk_available_bytes, to.disk_available_bytes, in);
    if (from.has_network_received_bytes) get(from.network_received_bytes, to.network_received_bytes, in);
    if (from.has_network_sent_bytes) get(from.network_sent_bytes, to.network_sent_bytes, in);
}

inline void get(const noodle_mean_evidence *given, MeanEvidence &to, Reader in) {
    if (!given) return;
    const noodle_mean_evidence from = whole(given);
    get(from.score, to.score, in);
    get(from.information, to.information, in);
}

inline void get(const noodle_memory_budget_view *given, MemoryBudgetView &to, Reader in) {
    if (!given) return;
    const noodle_memory_budget_view from = whole(given);
    get(from.limit_bytes, to.limit_bytes, in);
    get(from.used_bytes, to.used_bytes, in);
}

inline void put(const MetricConfig &from, const noodle_metric_config *&out, Arena &arena) {
    noodle_metric_config &to = arena.make<noodle_metric_config>();
    to.size = sizeof(to);
    put(from.name, to.name, arena);
    put(from.kind, to.kind, arena);
    put(from.goal, to.goal, arena);
    put(from.role, to.role, arena);
    if (from.outcome) put(*from.outcome, to.outcome, arena);
    if (from.per) put(*from.per, to.per, arena);
    to.has_quantile = from.quantile.has_value();
    if (from.quantile) put(*from.quantile, to.quantile, arena);
    to.has_margin = from.margin.has_value();
    if (from.margin) put(*from.margin, to.margin, arena);
    out = &to;
}

inline void get(const noodle_metric_config *given, MetricConfig &to, Reader in) {
    if (!given) return;
    const noodle_metric_config from = whole(given);
    get(from.name, to.name, in);
    get(from.kind, to.kind, in);
    get(from.goal, to.goal, in);
    get(from.role, to.role, in);
    get(from.outcome, to.outcome, in);
    get(from.per, to.per, in);
    if (from.has_quantile) get(from.quantile, to.quantile, in);
    if (from.has_margin) get(from.margin, to.margin, in);
}

inline void get(const noodle_metric_difference *given, MetricDifference &to, Reader in) {
    if (!given) return;
    const noodle_metric_difference from = whole(given);
    if (from.has_base) get(from.base, to.base, in);
    if (from.has_candidate) get(from.candidate, to.candidate, in);
    if (from.has_difference) get(from.difference, to.difference, in);
}

inline void get(const noodle_metric_evidence *given, MetricEvidence &to, Reader in) {
    if (!given) return;
    const noodle_metric_evidence from = whole(given);
    get(from.before, to.before, in);
    get(from.now, to.now, in);
}

inline void get(const noodle_metric_findings *given, MetricFindings &to, Reader in) {
    if (!given) return;
    const noodle_metric_findings from = whole(given);
    get(from.name, to.name, in);
    get(from.candidate_values, to.candidate_values, in);
    get(from.baseline_values, to.baseline_values, in);
    if (from.has_candidate_mean) get(from.candidate_mean, to.candidate_mean, in);
    if (from.has_baseline_mean) get(from.baseline_mean, to.baseline_mean, in);
    get(from.worse, to.worse, in);
    get(from.no_worse, to.no_worse, in);
}

inline void get(const noodle_metrics_report *given, MetricsReport &to, Reader in) {
    if (!given) return;
    const noodle_metrics_report from = whole(given);
    get(from.deployments, from.deployments_count, to.deployments, in);
}

inline void put(const MirrorConfig &from, const noodle_mirror_config *&out, Arena &arena) {
    noodle_mirror_config &to = arena.make<noodle_mirror_config>();
    to.size = sizeof(to);
    put(from.share, to.share, arena);
    out = &to;
}

inline void get(const noodle_mirror_config *given, MirrorConfig &to, Reader in) {
    if (!given) return;
    const noodle_mirror_config from = whole(given);
    get(from.share, to.share, in);
}

inline void get(const noodle_mirror_evidence *given, MirrorEvidence &to, Reader in) {
    if (!given) return;
    const noodle_mirror_evidence from = whole(given);
    get(from.fails_more, to.fails_more, in);
    get(from.fails_no_more, to.fails_no_more, in);
    get(from.differs_more, to.differs_more, in);
    get(from.differs_no_more, to.differs_no_more, in);
}

inline void get(const noodle_mirror_findings *given, MirrorFindings &to, Reader in) {
    if (!given) return;
    const noodle_mirror_findings from = whole(given);
    get(from.compared, to.compared, in);
    get(from.skipped, to.skipped, in);
    get(from.differing, to.differing, in);
    get(from.mean_difference, to.mean_difference, in);
    get(from.largest_difference, to.largest_difference, in);
    get(from.differs_more, to.differs_more, in);
    get(from.differs_no_more, to.differs_no_more, in);
}

inline void get(const noodle_model *given, Model &to, Reader in) {
    if (!given) return;
    const noodle_model from = whole(given);
    get(from.name, to.name, in);
    get(from.model_type, to.model_type, in);
    get(from.latest, to.latest, in);
    get(from.aliases, from.aliases_count, to.aliases, in);
    get(from.deleted, from.deleted_count, to.deleted, in);
    get(from.created_at, to.created_at, in);
}

inline void get(const noodle_model_list *given, ModelList &to, Reader in) {
    if (!given) return;
    const noodle_model_list from = whole(given);
    get(from.models, from.models_count, to.models, in);
}

inline void get(const noodle_model_memory *given, ModelMemory &to, Reader in) {
    if (!given) return;
    const noodle_model_memory from = whole(given);
    get(from.used_bytes, to.used_bytes, in);
    if (from.has_limit_bytes) get(from.limit_bytes, to.limit_bytes, in);
    get(from.revisions, from.revisions_count, to.revisions, in);
}

inline void put(const ModelRef &from, const noodle_model_ref *&out, Arena &arena) {
    noodle_model_ref &to = arena.make<noodle_model_ref>();
    to.size = sizeof(to);
    put(from.model, to.model, arena);
    out = &to;
}

inline void get(const noodle_moments *given, Moments &to, Reader in) {
    if (!given) return;
    const noodle_moments from = whole(given);
    get(from.n, to.n, in);
    get(from.sum, to.sum, in);
    get(from.squares, to.squares, in);
}

inline void get(const noodle_node_profile *given, NodeProfile &to, Reader in) {
    if (!given) return;
    const noodle_node_profile from = whole(given);
    get(from.name, to.name, in);
    get(from.op, to.op, in);
    get(from.calls, to.calls, in);
    get(from.mean_us, to.mean_us, in);
    get(from.total_us, to.total_us, in);
    get(from.share, to.share, in);
    get(from.output_bytes, to.output_bytes, in);
    get(from.shapes, from.shapes_count, to.shapes, in);
}

inline void put(const Outcome &from, const noodle_outcome *&out, Arena &arena) {
    noodle_outcome &to = arena.make<noodle_outcome>();
    to.size = sizeof(to);
    put(from.name, to.name, arena);
    put(from.value, to.value, arena);
    if (from.key) put(*from.key, to.key, arena);
    to.has_revision = from.revision.has_value();
    if (from.revision) put(*from.revision, to.revision, arena);
    if (from.request_id) put(*from.request_id, to.request_id, arena);
    put(from.attributes, to.attributes, to.attributes_count, arena);
    out = &to;
}

inline void get(const noodle_outcome_sums *given, OutcomeSums &to, Reader in) {
    if (!given) return;
    const noodle_outcome_sums from = whole(given);
    get(from.name, to.name, in);
    get(from.values, to.values, in);
}

inline void put(const Padding &from, const noodle_padding *&out, Arena &arena) {
    noodle_padding &to = arena.make<noodle_padding>();
    to.size = sizeof(to);
    put(from.axis, to.axis, arena);
    put(from.values, to.values, to.values_count, arena);
    to.has_multiple_of = true;
    put(from.multiple_of, to.multiple_of, arena);
    out = &to;
}

inline void get(const noodle_padding *given, Padding &to, Reader in) {
    if (!given) return;
    const noodle_padding from = whole(given);
    get(from.axis, to.axis, in);
    get(from.values, from.values_count, to.values, in);
    if (from.has_multiple_of) get(from.multiple_of, to.multiple_of, in);
}

inline void get(const noodle_phase *given, Phase &to, Reader in) {
    if (!given) return;
    const noodle_phase from = whole(given);
    get(from.mean_us, to.mean_us, in);
    get(from.p50_us, to.p50_us, in);
    get(from.p95_us, to.p95_us, in);
    get(from.p99_us, to.p99_us, in);
}

inline void get(const noodle_phase_metrics *given, PhaseMetrics &to, Reader in) {
    if (!given) return;
    const noodle_phase_metrics from = whole(given);
    get(from.queue, to.queue, in);
    get(from.batch_wait, to.batch_wait, in);
    get(from.input, to.input, in);
    get(from.compute, to.compute, in);
    get(from.output, to.output, in);
}

inline void put(const PlanExperimentInput &from, const noodle_plan_experiment_input *&out, Arena &arena) {
    noodle_plan_experiment_input &to = arena.make<noodle_plan_experiment_input>();
    to.size = sizeof(to);
    put(from.baseline, to.baseline, arena);
    to.has_deviation = from.deviation.has_value();
    if (from.deviation) put(*from.deviation, to.deviation, arena);
    to.has_difference = from.difference.has_value();
    if (from.difference) put(*from.difference, to.difference, arena);
    if (from.values) put(*from.values, to.values, arena);
    to.has_level = from.level.has_value();
    if (from.level) put(*from.level, to.level, arena);
    to.has_power = from.power.has_value();
    if (from.power) put(*from.power, to.power, arena);
    out = &to;
}

inline void put(const Priorities &from, const noodle_priorities *&out, Arena &arena) {
    noodle_priorities &to = arena.make<noodle_priorities>();
    to.size = sizeof(to);
    to.has_levels = true;
    put(from.levels, to.levels, arena);
    to.has_default_level = from.default_level.has_value();
    if (from.default_level) put(*from.default_level, to.default_level, arena);
    to.has_patience_ms = true;
    put(from.patience_ms, to.patience_ms, arena);
    put(from.policies, to.policies, to.policies_count, arena);
    out = &to;
}

inline void get(const noodle_priorities *given, Priorities &to, Reader in) {
    if (!given) return;
    const noodle_priorities from = whole(given);
    if (from.has_levels) get(from.levels, to.levels, in);
    if (from.has_default_level) get(from.default_level, to.default_level, in);
    if (from.has_patience_ms) get(from.patience_ms, to.patience_ms, in);
    get(from.policies, from.policies_count, to.policies, in);
}

inline void get(const noodle_process_reading *given, ProcessReading &to, Reader in) {
    if (!given) return;
    const noodle_process_reading from = whole(given);
    get(from.pid, to.pid, in);
    if (from.has_cpu_time_ms) get(from.cpu_time_ms, to.cpu_time_ms, in);
    if (from.has_cpu_percent) get(from.cpu_percent, to.cpu_percent, in);
    if (from.has_resident_bytes) get(from.resident_bytes, to.resident_bytes, in);
    if (from.has_peak_resident_bytes) get(from.peak_resident_bytes, to.peak_resident_bytes, in);
    if (from.has_virtual_bytes) get(from.virtual_bytes, to.virtual_bytes, in);
    if (from.has_threads) get(from.threads, to.threads, in);
    if (from.has_open_files) get(from.open_files, to.open_files, in);
    if (from.has_disk_read_bytes) get(from.disk_read_bytes, to.disk_read_bytes, in);
    if (from.has_disk_written_bytes) get(from.disk_written_bytes, to.disk_written_bytes, in);
}

inline void put(const ProfileInput &from, const noodle_profile_input *&out, Arena &arena) {
    noodle_profile_input &to = arena.make<noodle_profile_input>();
    to.size = sizeof(to);
    put(from.model, to.model, arena);
    put(from.version, to.version, arena);
    if (from.target) put(*from.target, to.target, arena);
    if (from.engine) put(*from.engine, to.engine, arena);
    to.has_threads = true;
    put(from.threads, to.threads, arena);
    to.has_batch = true;
    put(from.batch, to.batch, arena);
    put(from.shapes, to.shapes, to.shapes_count, arena);
    to.has_runs = true;
    put(from.runs, to.runs, arena);
    out = &to;
}

inline void get(const noodle_profile_report *given, ProfileReport &to, Reader in) {
    if (!given) return;
    const noodle_profile_report from = whole(given);
    get(from.model, to.model, in);
    get(from.version, to.version, in);
    get(from.digest, to.digest, in);
    get(from.engine, to.engine, in);
    get(from.machine, to.machine, in);
    get(from.inputs, to.inputs, in);
    get(from.runs, to.runs, in);
    get(from.run_us, to.run_us, in);
    get(from.attributed_us, to.attributed_us, in);
    get(from.unattributed_us, to.unattributed_us, in);
    get(from.peak_intermediate_bytes, to.peak_intermediate_bytes, in);
    get(from.memory_bytes, to.memory_bytes, in);
    get(from.nodes, from.nodes_count, to.nodes, in);
    get(from.left_out, to.left_out, in);
}

inline void get(const noodle_progress *given, Progress &to, Reader in) {
    if (!given) return;
    const noodle_progress from = whole(given);
    get(from.stage, to.stage, in);
    get(from.done, to.done, in);
    if (from.has_total) get(from.total, to.total, in);
    get(from.unit, to.unit, in);
}

inline void put(const PromoteInput &from, const noodle_promote_input *&out, Arena &arena) {
    noodle_promote_input &to = arena.make<noodle_promote_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    if (from.version) put(*from.version, to.version, arena);
    out = &to;
}

inline void get(const noodle_proportion_evidence *given, ProportionEvidence &to, Reader in) {
    if (!given) return;
    const noodle_proportion_evidence from = whole(given);
    get(from.log_e, from.log_e_count, to.log_e, in);
    get(from.control_n, to.control_n, in);
    get(from.control_hits, to.control_hits, in);
}

inline void get(const noodle_proportions_test *given, ProportionsTest &to, Reader in) {
    if (!given) return;
    const noodle_proportions_test from = whole(given);
    get(from.metric, to.metric, in);
    get(from.statistic, to.statistic, in);
    get(from.df, to.df, in);
    get(from.p_value, to.p_value, in);
}

inline void put(const QueuePolicy &from, const noodle_queue_policy *&out, Arena &arena) {
    noodle_queue_policy &to = arena.make<noodle_queue_policy>();
    to.size = sizeof(to);
    put(from.level, to.level, arena);
    to.has_max_queue = from.max_queue.has_value();
    if (from.max_queue) put(*from.max_queue, to.max_queue, arena);
    to.has_default_timeout_ms = from.default_timeout_ms.has_value();
    if (from.default_timeout_ms) put(*from.default_timeout_ms, to.default_timeout_ms, arena);
    put(from.timeout_action, to.timeout_action, arena);
    out = &to;
}

inline void get(const noodle_queue_policy *given, QueuePolicy &to, Reader in) {
    if (!given) return;
    const noodle_queue_policy from = whole(given);
    get(from.level, to.level, in);
    if (from.has_max_queue) get(from.max_queue, to.max_queue, in);
    if (from.has_default_timeout_ms) get(from.default_timeout_ms, to.default_timeout_ms, in);
    get(from.timeout_action, to.timeout_action, in);
}

inline void get(const noodle_ranks_test *given, RanksTest &to, Reader in) {
    if (!given) return;
    const noodle_ranks_test from = whole(given);
    get(from.metric, to.metric, in);
    get(from.arm, to.arm, in);
    get(from.u, to.u, in);
    get(from.z, to.z, in);
    get(from.p_value, to.p_value, in);
    get(from.superiority, to.superiority, in);
}

inline void get(const noodle_rate_evidence *given, RateEvidence &to, Reader in) {
    if (!given) return;
    const noodle_rate_evidence from = whole(given);
    get(from.log_e, from.log_e_count, to.log_e, in);
}

inline void put(const RecordLabelsInput &from, const noodle_record_labels_input *&out, Arena &arena) {
    noodle_record_labels_input &to = arena.make<noodle_record_labels_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    put(from.labels, to.labels, to.labels_count, arena);
    out = &to;
}

inline void put(const RecordOutcomesInput &from, const noodle_record_outcomes_input *&out, Arena &arena) {
    noodle_record_outcomes_input &to = arena.make<noodle_record_outcomes_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    put(from.outcomes, to.outcomes, to.outcomes_count, arena);
    out = &to;
}

inline void get(const noodle_recorded_labels *given, RecordedLabels &to, Reader in) {
    if (!given) return;
    const noodle_recorded_labels from = whole(given);
    get(from.known, to.known, in);
    get(from.right, to.right, in);
    get(from.recorded, to.recorded, in);
    get(from.unknown, to.unknown, in);
}

inline void get(const noodle_recorded_outcomes *given, RecordedOutcomes &to, Reader in) {
    if (!given) return;
    const noodle_recorded_outcomes from = whole(given);
    get(from.recorded, to.recorded, in);
    get(from.held_out, to.held_out, in);
    get(from.late, to.late, in);
    get(from.unknown, to.unknown, in);
}

inline void put(const RecordingConfig &from, const noodle_recording_config *&out, Arena &arena) {
    noodle_recording_config &to = arena.make<noodle_recording_config>();
    to.size = sizeof(to);
    to.has_requests = true;
    put(from.requests, to.requests, arena);
    to.has_bytes = true;
    put(from.bytes, to.bytes, arena);
    to.has_ms = true;
    put(from.ms, to.ms, arena);
    out = &to;
}

inline void get(const noodle_recording_config *given, RecordingConfig &to, Reader in) {
    if (!given) return;
    const noodle_recording_config from = whole(given);
    if (from.has_requests) get(from.requests, to.requests, in);
    if (from.has_bytes) get(from.bytes, to.bytes, in);
    if (from.has_ms) get(from.ms, to.ms, in);
}

inline void get(const noodle_recording_view *given, RecordingView &to, Reader in) {
    if (!given) return;
    const noodle_recording_view from = whole(given);
    get(from.requests, to.requests, in);
    get(from.bytes, to.bytes, in);
    get(from.since, to.since, in);
    get(from.skipped, to.skipped, in);
}

inline void put(const RegisterVersionInput &from, const noodle_register_version_input *&out, Arena &arena) {
    noodle_register_version_input &to = arena.make<noodle_register_version_input>();
    to.size = sizeof(to);
    put(from.model, to.model, arena);
    put(from.path, to.path, arena);
    if (from.version) put(*from.version, to.version, arena);
    if (from.model_type) put(*from.model_type, to.model_type, arena);
    if (from.labels) put(*from.labels, to.labels, to.labels_count, arena);
    put(from.description, to.description, arena);
    put(from.tags, to.tags, to.tags_count, arena);
    put(from.metrics, to.metrics, to.metrics_count, arena);
    if (from.parent) put(*from.parent, to.parent, arena);
    if (from.training_run) put(*from.training_run, to.training_run, arena);
    if (from.probes_path) put(*from.probes_path, to.probes_path, arena);
    out = &to;
}

inline void put(const RemoveAliasInput &from, const noodle_remove_alias_input *&out, Arena &arena) {
    noodle_remove_alias_input &to = arena.make<noodle_remove_alias_input>();
    to.size = sizeof(to);
    put(from.model, to.model, arena);
    put(from.alias, to.alias, arena);
    out = &to;
}

inline void put(const ReplayConfig &from, const noodle_replay_config *&out, Arena &arena) {
    noodle_replay_config &to = arena.make<noodle_replay_config>();
    to.size = sizeof(to);
    to.has_requests = true;
    put(from.requests, to.requests, arena);
    out = &to;
}

inline void get(const noodle_replay_config *given, ReplayConfig &to, Reader in) {
    if (!given) return;
    const noodle_replay_config from = whole(given);
    if (from.has_requests) get(from.requests, to.requests, in);
}

inline void get(const noodle_replay_findings *given, ReplayFindings &to, Reader in) {
    if (!given) return;
    const noodle_replay_findings from = whole(given);
    get(from.recorded, to.recorded, in);
    get(from.run, to.run, in);
}

inline void put(const ReplicaCounts &from, const noodle_replica_counts *&out, Arena &arena) {
    noodle_replica_counts &to = arena.make<noodle_replica_counts>();
    to.size = sizeof(to);
    put(from.candidate, to.candidate, arena);
    put(from.baseline, to.baseline, arena);
    out = &to;
}

inline void get(const noodle_replica_counts *given, ReplicaCounts &to, Reader in) {
    if (!given) return;
    const noodle_replica_counts from = whole(given);
    get(from.candidate, to.candidate, in);
    get(from.baseline, to.baseline, in);
}

inline void get(const noodle_replica_load *given, ReplicaLoad &to, Reader in) {
    if (!given) return;
    const noodle_replica_load from = whole(given);
    get(from.runs, to.runs, in);
    get(from.busy_us, to.busy_us, in);
}

inline void get(const noodle_replica_status *given, ReplicaStatus &to, Reader in) {
    if (!given) return;
    const noodle_replica_status from = whole(given);
    get(from.replicas, to.replicas, in);
    get(from.busy, to.busy, in);
    get(from.waiting, to.waiting, in);
    get(from.replaced, to.replaced, in);
    get(from.load, to.load, in);
    get(from.batching, to.batching, in);
    get(from.residency, to.residency, in);
}

inline void get(const noodle_request_metrics *given, RequestMetrics &to, Reader in) {
    if (!given) return;
    const noodle_request_metrics from = whole(given);
    get(from.requests, to.requests, in);
    get(from.errors, from.errors_count, to.errors, in);
    get(from.latency_mean_us, to.latency_mean_us, in);
    get(from.latency_p50_us, to.latency_p50_us, in);
    get(from.latency_p95_us, to.latency_p95_us, in);
    get(from.latency_p99_us, to.latency_p99_us, in);
    get(from.in_flight, to.in_flight, in);
    get(from.phases, to.phases, in);
    if (from.has_batch_rows_mean) get(from.batch_rows_mean, to.batch_rows_mean, in);
}

inline void get(const noodle_request_view *given, RequestView &to, Reader in) {
    if (!given) return;
    const noodle_request_view from = whole(given);
    get(from.deployment, to.deployment, in);
    get(from.request_id, to.request_id, in);
    get(from.at, to.at, in);
    get(from.revision, to.revision, in);
    get(from.version, to.version, in);
    get(from.error, to.error, in);
    get(from.label, to.label, in);
}

inline void get(const noodle_residency_status *given, ResidencyStatus &to, Reader in) {
    if (!given) return;
    const noodle_residency_status from = whole(given);
    get(from.loaded, to.loaded, in);
    get(from.cold_loads, to.cold_loads, in);
    get(from.evictions, to.evictions, in);
    get(from.idle_unloads, to.idle_unloads, in);
    if (from.has_last_load_ms) get(from.last_load_ms, to.last_load_ms, in);
}

inline void get(const noodle_resource_report *given, ResourceReport &to, Reader in) {
    if (!given) return;
    const noodle_resource_report from = whole(given);
    if (from.has_interval_ms) get(from.interval_ms, to.interval_ms, in);
    get(from.process, to.process, in);
    get(from.machine, to.machine, in);
    get(from.limits, to.limits, in);
    get(from.gpus, to.gpus, in);
    get(from.models, to.models, in);
}

inline void put(const RetainInput &from, const noodle_retain_input *&out, Arena &arena) {
    noodle_retain_input &to = arena.make<noodle_retain_input>();
    to.size = sizeof(to);
    to.has_keep_events = from.keep_events.has_value();
    if (from.keep_events) put(*from.keep_events, to.keep_events, arena);
    if (from.keep_ms) put(*from.keep_ms, to.keep_ms, arena);
    out = &to;
}

inline void get(const noodle_retain_report *given, RetainReport &to, Reader in) {
    if (!given) return;
    const noodle_retain_report from = whole(given);
    get(from.cut, to.cut, in);
    get(from.removed, to.removed, in);
    get(from.head, to.head, in);
}

inline void get(const noodle_revision *given, Revision &to, Reader in) {
    if (!given) return;
    const noodle_revision from = whole(given);
    get(from.number, to.number, in);
    get(from.version, to.version, in);
    get(from.threads, to.threads, in);
    get(from.shapes, from.shapes_count, to.shapes, in);
    get(from.engine, to.engine, in);
    get(from.status, to.status, in);
    get(from.note, to.note, in);
    get(from.batching, to.batching, in);
    get(from.cache, to.cache, in);
    get(from.loading, to.loading, in);
    get(from.unload_after_ms, to.unload_after_ms, in);
    get(from.tuning, to.tuning, in);
    get(from.state, to.state, in);
    get(from.stream, to.stream, in);
    get(from.canary, to.canary, in);
}

inline void get(const noodle_revision_memory *given, RevisionMemory &to, Reader in) {
    if (!given) return;
    const noodle_revision_memory from = whole(given);
    get(from.deployment, to.deployment, in);
    get(from.revision, to.revision, in);
    get(from.version, to.version, in);
    get(from.bytes, to.bytes, in);
}

inline void get(const noodle_revision_metrics *given, RevisionMetrics &to, Reader in) {
    if (!given) return;
    const noodle_revision_metrics from = whole(given);
    get(from.revision, to.revision, in);
    get(from.version, to.version, in);
    get(from.requests, to.requests, in);
    get(from.cache, to.cache, in);
    if (from.has_processes) get(from.processes, to.processes, in);
    get(from.replicas, from.replicas_count, to.replicas, in);
    get(from.sessions, to.sessions, in);
}

inline void put(const RollbackInput &from, const noodle_rollback_input *&out, Arena &arena) {
    noodle_rollback_input &to = arena.make<noodle_rollback_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    if (from.version) put(*from.version, to.version, arena);
    if (from.reason) put(*from.reason, to.reason, arena);
    out = &to;
}

inline void put(const RollingConfig &from, const noodle_rolling_config *&out, Arena &arena) {
    noodle_rolling_config &to = arena.make<noodle_rolling_config>();
    to.size = sizeof(to);
    to.has_max_surge = from.max_surge.has_value();
    if (from.max_surge) put(*from.max_surge, to.max_surge, arena);
    to.has_max_unavailable = from.max_unavailable.has_value();
    if (from.max_unavailable) put(*from.max_unavailable, to.max_unavailable, arena);
    if (from.min_ms) put(*from.min_ms, to.min_ms, arena);
    if (from.max_ms) put(*from.max_ms, to.max_ms, arena);
    if (from.analysis) put(*from.analysis, to.analysis, arena);
    out = &to;
}

inline void get(const noodle_rollout *given, Rollout &to, Reader in) {
    if (!given) return;
    const noodle_rollout from = whole(given);
    get(from.baseline, to.baseline, in);
    get(from.candidate, to.candidate, in);
    get(from.canary, to.canary, in);
    get(from.step, to.step, in);
    get(from.weight, to.weight, in);
    get(from.phase, to.phase, in);
    get(from.reason, to.reason, in);
    get(from.salt, to.salt, in);
    get(from.since, to.since, in);
    get(from.from, to.from, in);
    get(from.evidence, to.evidence, in);
    get(from.findings, to.findings, in);
}

inline void put(const RolloutInput &from, const noodle_rollout_input *&out, Arena &arena) {
    noodle_rollout_input &to = arena.make<noodle_rollout_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    if (from.reason) put(*from.reason, to.reason, arena);
    out = &to;
}

inline void put(const RolloutMetric &from, const noodle_rollout_metric *&out, Arena &arena) {
    noodle_rollout_metric &to = arena.make<noodle_rollout_metric>();
    to.size = sizeof(to);
    put(from.name, to.name, arena);
    put(from.goal, to.goal, arena);
    put(from.margin, to.margin, arena);
    out = &to;
}

inline void get(const noodle_rollout_metric *given, RolloutMetric &to, Reader in) {
    if (!given) return;
    const noodle_rollout_metric from = whole(given);
    get(from.name, to.name, in);
    get(from.goal, to.goal, in);
    get(from.margin, to.margin, in);
}

inline void get(const noodle_rollout_view *given, RolloutView &to, Reader in) {
    if (!given) return;
    const noodle_rollout_view from = whole(given);
    get(from.deployment, to.deployment, in);
    get(from.rollout, to.rollout, in);
    get(from.findings, to.findings, in);
    get(from.recording, to.recording, in);
}

inline void put(const RouteRule &from, const noodle_route_rule *&out, Arena &arena) {
    noodle_route_rule &to = arena.make<noodle_route_rule>();
    to.size = sizeof(to);
    put(from.when, to.when, to.when_count, arena);
    put(from.to, to.to, arena);
    if (from.version) put(*from.version, to.version, arena);
    out = &to;
}

inline void get(const noodle_route_rule *given, RouteRule &to, Reader in) {
    if (!given) return;
    const noodle_route_rule from = whole(given);
    get(from.when, from.when_count, to.when, in);
    get(from.to, to.to, in);
    get(from.version, to.version, in);
}

inline void put(const RuleCondition &from, const noodle_rule_condition *&out, Arena &arena) {
    noodle_rule_condition &to = arena.make<noodle_rule_condition>();
    to.size = sizeof(to);
    put(from.attribute, to.attribute, arena);
    put(from.any_of, to.any_of, to.any_of_count, arena);
    out = &to;
}

inline void get(const noodle_rule_condition *given, RuleCondition &to, Reader in) {
    if (!given) return;
    const noodle_rule_condition from = whole(given);
    get(from.attribute, to.attribute, in);
    get(from.any_of, from.any_of_count, to.any_of, in);
}

inline void get(const noodle_rules_view *given, RulesView &to, Reader in) {
    if (!given) return;
    const noodle_rules_view from = whole(given);
    get(from.deployment, to.deployment, in);
    get(from.rules, from.rules_count, to.rules, in);
}

inline void put(const ScaleInput &from, const noodle_scale_input *&out, Arena &arena) {
    noodle_scale_input &to = arena.make<noodle_scale_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    put(from.replicas, to.replicas, arena);
    out = &to;
}

inline void get(const noodle_scale_recommendation *given, ScaleRecommendation &to, Reader in) {
    if (!given) return;
    const noodle_scale_recommendation from = whole(given);
    get(from.at, to.at, in);
    get(from.desired, to.desired, in);
    get(from.current, to.current, in);
    get(from.act, to.act, in);
    get(from.reason, to.reason, in);
    get(from.limits, from.limits_count, to.limits, in);
    get(from.arrivals_per_s, to.arrivals_per_s, in);
    get(from.expected_per_s, to.expected_per_s, in);
    if (from.has_service_ms) get(from.service_ms, to.service_ms, in);
    get(from.offered, to.offered, in);
    get(from.target_in_flight, to.target_in_flight, in);
    if (from.has_queue_budget_ms) get(from.queue_budget_ms, to.queue_budget_ms, in);
    if (from.has_late) get(from.late, to.late, in);
    get(from.late_allowed, to.late_allowed, in);
    get(from.unreachable, to.unreachable, in);
    get(from.lead_ms, to.lead_ms, in);
    get(from.panic, to.panic, in);
    get(from.vertical, from.vertical_count, to.vertical, in);
}

inline void get(const noodle_seen *given, Seen &to, Reader in) {
    if (!given) return;
    const noodle_seen from = whole(given);
    get(from.candidate, to.candidate, in);
    get(from.baseline, to.baseline, in);
}

inline void get(const noodle_segment_comparison *given, SegmentComparison &to, Reader in) {
    if (!given) return;
    const noodle_segment_comparison from = whole(given);
    get(from.attribute, to.attribute, in);
    get(from.value, to.value, in);
    get(from.comparison, to.comparison, in);
}

inline void get(const noodle_session_metrics *given, SessionMetrics &to, Reader in) {
    if (!given) return;
    const noodle_session_metrics from = whole(given);
    get(from.open, to.open, in);
    get(from.bytes, to.bytes, in);
    get(from.opened, to.opened, in);
    get(from.expired, to.expired, in);
    get(from.refused, to.refused, in);
}

inline void put(const SetAliasInput &from, const noodle_set_alias_input *&out, Arena &arena) {
    noodle_set_alias_input &to = arena.make<noodle_set_alias_input>();
    to.size = sizeof(to);
    put(from.model, to.model, arena);
    put(from.alias, to.alias, arena);
    put(from.version, to.version, arena);
    out = &to;
}

inline void put(const SetAutoscaleInput &from, const noodle_set_autoscale_input *&out, Arena &arena) {
    noodle_set_autoscale_input &to = arena.make<noodle_set_autoscale_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    if (from.autoscale) put(*from.autoscale, to.autoscale, arena);
    out = &to;
}

inline void put(const SetMemoryBudgetInput &from, const noodle_set_memory_budget_input *&out, Arena &arena) {
    noodle_set_memory_budget_input &to = arena.make<noodle_set_memory_budget_input>();
    to.size = sizeof(to);
    if (from.bytes) put(*from.bytes, to.bytes, arena);
    out = &to;
}

inline void put(const SetRulesInput &from, const noodle_set_rules_input *&out, Arena &arena) {
    noodle_set_rules_input &to = arena.make<noodle_set_rules_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    put(from.rules, to.rules, to.rules_count, arena);
    out = &to;
}

inline void put(const SetVersionStatusInput &from, const noodle_set_version_status_input *&out, Arena &arena) {
    noodle_set_version_status_input &to = arena.make<noodle_set_version_status_input>();
    to.size = sizeof(to);
    put(from.model, to.model, arena);
    put(from.version, to.version, arena);
    put(from.status, to.status, arena);
    if (from.reason) put(*from.reason, to.reason, arena);
    out = &to;
}

inline void put(const Settings &from, const noodle_settings *&out, Arena &arena) {
    noodle_settings &to = arena.make<noodle_settings>();
    to.size = sizeof(to);
    to.has_enabled = true;
    put(from.enabled, to.enabled, arena);
    put(from.default_target, to.default_target, arena);
    put(from.default_strategy, to.default_strategy, arena);
    to.has_scale_enabled = true;
    put(from.scale_enabled, to.scale_enabled, arena);
    to.has_monitoring_enabled = true;
    put(from.monitoring_enabled, to.monitoring_enabled, arena);
    to.has_max_deployments = from.max_deployments.has_value();
    if (from.max_deployments) put(*from.max_deployments, to.max_deployments, arena);
    to.has_max_concurrent = from.max_concurrent.has_value();
    if (from.max_concurrent) put(*from.max_concurrent, to.max_concurrent, arena);
    to.has_memory_budget_bytes = from.memory_budget_bytes.has_value();
    if (from.memory_budget_bytes) put(*from.memory_budget_bytes, to.memory_budget_bytes, arena);
    to.has_plan_cache_bytes = true;
    put(from.plan_cache_bytes, to.plan_cache_bytes, arena);
    to.has_max_artifact_bytes = true;
    put(from.max_artifact_bytes, to.max_artifact_bytes, arena);
    to.has_max_queue = true;
    put(from.max_queue, to.max_queue, arena);
    to.has_max_replicas = true;
    put(from.max_replicas, to.max_replicas, arena);
    put(from.workers, to.workers, arena);
    to.has_drain_timeout_ms = true;
    put(from.drain_timeout_ms, to.drain_timeout_ms, arena);
    to.has_poll_interval_ms = true;
    put(from.poll_interval_ms, to.poll_interval_ms, arena);
    to.has_heartbeat_ms = true;
    put(from.heartbeat_ms, to.heartbeat_ms, arena);
    to.has_lease_ttl_ms = true;
    put(from.lease_ttl_ms, to.lease_ttl_ms, arena);
    to.has_keep_warm = true;
    put(from.keep_warm, to.keep_warm, arena);
    to.has_failures_to_error = true;
    put(from.failures_to_error, to.failures_to_error, arena);
    to.has_retain_events = from.retain_events.has_value();
    if (from.retain_events) put(*from.retain_events, to.retain_events, arena);
    put(from.read_only, to.read_only, arena);
    put(from.allow_network_fs, to.allow_network_fs, arena);
    put(from.allow_unverified, to.allow_unverified, arena);
    to.has_load_on_open = true;
    put(from.load_on_open, to.load_on_open, arena);
    put(from.actor, to.actor, arena);
    if (from.default_engine) put(*from.default_engine, to.default_engine, arena);
    if (from.onnxruntime) put(*from.onnxruntime, to.onnxruntime, arena);
    put(from.onnxruntime_providers, to.onnxruntime_providers, to.onnxruntime_providers_count, arena);
    if (from.cache_redis_url) put(*from.cache_redis_url, to.cache_redis_url, arena);
    put(from.default_loading, to.default_loading, arena);
    to.has_specialise = true;
    put(from.specialise, to.specialise, arena);
    if (from.journal) put(*from.journal, to.journal, arena);
    to.has_shadow_cpu_percent = true;
    put(from.shadow_cpu_percent, to.shadow_cpu_percent, arena);
    if (from.recording) put(*from.recording, to.recording, arena);
    out = &to;
}

inline void get(const noodle_settings *given, Settings &to, Reader in) {
    if (!given) return;
    const noodle_settings from = whole(given);
    if (from.has_enabled) get(from.enabled, to.enabled, in);
    get(from.default_target, to.default_target, in);
    get(from.default_strategy, to.default_strategy, in);
    if (from.has_scale_enabled) get(from.scale_enabled, to.scale_enabled, in);
    if (from.has_monitoring_enabled) get(from.monitoring_enabled, to.monitoring_enabled, in);
    if (from.has_max_deployments) get(from.max_deployments, to.max_deployments, in);
    if (from.has_max_concurrent) get(from.max_concurrent, to.max_concurrent, in);
    if (from.has_memory_budget_bytes) get(from.memory_budget_bytes, to.memory_budget_bytes, in);
    if (from.has_plan_cache_bytes) get(from.plan_cache_bytes, to.plan_cache_bytes, in);
    if (from.has_max_artifact_bytes) get(from.max_artifact_bytes, to.max_artifact_bytes, in);
    if (from.has_max_queue) get(from.max_queue, to.max_queue, in);
    if (from.has_max_replicas) get(from.max_replicas, to.max_replicas, in);
    get(from.workers, to.workers, in);
    if (from.has_drain_timeout_ms) get(from.drain_timeout_ms, to.drain_timeout_ms, in);
    if (from.has_poll_interval_ms) get(from.poll_interval_ms, to.poll_interval_ms, in);
    if (from.has_heartbeat_ms) get(from.heartbeat_ms, to.heartbeat_ms, in);
    if (from.has_lease_ttl_ms) get(from.lease_ttl_ms, to.lease_ttl_ms, in);
    if (from.has_keep_warm) get(from.keep_warm, to.keep_warm, in);
    if (from.has_failures_to_error) get(from.failures_to_error, to.failures_to_error, in);
    if (from.has_retain_events) get(from.retain_events, to.retain_events, in);
    get(from.read_only, to.read_only, in);
    get(from.allow_network_fs, to.allow_network_fs, in);
    get(from.allow_unverified, to.allow_unverified, in);
    if (from.has_load_on_open) get(from.load_on_open, to.load_on_open, in);
    get(from.actor, to.actor, in);
    get(from.default_engine, to.default_engine, in);
    get(from.onnxruntime, to.onnxruntime, in);
    get(from.onnxruntime_providers, from.onnxruntime_providers_count, to.onnxruntime_providers, in);
    get(from.cache_redis_url, to.cache_redis_url, in);
    get(from.default_loading, to.default_loading, in);
    if (from.has_specialise) get(from.specialise, to.specialise, in);
    get(from.journal, to.journal, in);
    if (from.has_shadow_cpu_percent) get(from.shadow_cpu_percent, to.shadow_cpu_percent, in);
    get(from.recording, to.recording, in);
}

inline void get(const noodle_share *given, Share &to, Reader in) {
    if (!given) return;
    const noodle_share from = whole(given);
    get(from.below, to.below, in);
    get(from.arm, to.arm, in);
}

inline void get(const noodle_signature *given, Signature &to, Reader in) {
    if (!given) return;
    const noodle_signature from = whole(given);
    get(from.inputs, from.inputs_count, to.inputs, in);
    get(from.outputs, from.outputs_count, to.outputs, in);
}

inline void get(const noodle_size_change *given, SizeChange &to, Reader in) {
    if (!given) return;
    const noodle_size_change from = whole(given);
    get(from.what, to.what, in);
    get(from.from, to.from, in);
    get(from.to, to.to, in);
    get(from.reason, to.reason, in);
}

inline void get(const noodle_size_status *given, SizeStatus &to, Reader in) {
    if (!given) return;
    const noodle_size_status from = whole(given);
    get(from.rows, to.rows, in);
    get(from.mean_us, to.mean_us, in);
    get(from.times, to.times, in);
}

inline void put(const StateConfig &from, const noodle_state_config *&out, Arena &arena) {
    noodle_state_config &to = arena.make<noodle_state_config>();
    to.size = sizeof(to);
    put(from.carried, to.carried, to.carried_count, arena);
    to.has_max_sessions = from.max_sessions.has_value();
    if (from.max_sessions) put(*from.max_sessions, to.max_sessions, arena);
    if (from.max_bytes) put(*from.max_bytes, to.max_bytes, arena);
    if (from.idle_ms) put(*from.idle_ms, to.idle_ms, arena);
    out = &to;
}

inline void get(const noodle_state_config *given, StateConfig &to, Reader in) {
    if (!given) return;
    const noodle_state_config from = whole(given);
    get(from.carried, from.carried_count, to.carried, in);
    if (from.has_max_sessions) get(from.max_sessions, to.max_sessions, in);
    get(from.max_bytes, to.max_bytes, in);
    get(from.idle_ms, to.idle_ms, in);
}

inline void put(const StopValue &from, const noodle_stop_value *&out, Arena &arena) {
    noodle_stop_value &to = arena.make<noodle_stop_value>();
    to.size = sizeof(to);
    put(from.output, to.output, arena);
    put(from.equals, to.equals, arena);
    out = &to;
}

inline void get(const noodle_stop_value *given, StopValue &to, Reader in) {
    if (!given) return;
    const noodle_stop_value from = whole(given);
    get(from.output, to.output, in);
    get(from.equals, to.equals, in);
}

inline void put(const StreamConfigWindows &from, const noodle_stream_config_windows *&out, Arena &arena) {
    noodle_stream_config_windows &to = arena.make<noodle_stream_config_windows>();
    to.size = sizeof(to);
    put(from.input, to.input, arena);
    put(from.axis, to.axis, arena);
    put(from.length, to.length, arena);
    put(from.hop, to.hop, arena);
    put(from.context, to.context, arena);
    to.has_pad_last = true;
    put(from.pad_last, to.pad_last, arena);
    out = &to;
}

inline void put(const StreamConfigRepeat &from, const noodle_stream_config_repeat *&out, Arena &arena) {
    noodle_stream_config_repeat &to = arena.make<noodle_stream_config_repeat>();
    to.size = sizeof(to);
    put(from.feed, to.feed, to.feed_count, arena);
    put(from.max_steps, to.max_steps, arena);
    if (from.until) put(*from.until, to.until, arena);
    out = &to;
}

inline void put(const StreamConfig &from, const noodle_stream_config *&out, Arena &arena) {
    noodle_stream_config &to = arena.make<noodle_stream_config>();
    to.size = sizeof(to);
    to.type = static_cast<std::int32_t>(from.index()) + 1;
    switch (from.index()) {
    case 0: put(std::get<0>(from), to.of.windows, arena); break;
    case 1: put(std::get<1>(from), to.of.repeat, arena); break;
    default: break;
    }
    out = &to;
}

inline void get(const noodle_stream_config_windows *given, StreamConfigWindows &to, Reader in) {
    if (!given) return;
    const noodle_stream_config_windows from = whole(given);
    get(from.input, to.input, in);
    get(from.axis, to.axis, in);
    get(from.length, to.length, in);
    get(from.hop, to.hop, in);
    get(from.context, to.context, in);
    if (from.has_pad_last) get(from.pad_last, to.pad_last, in);
}

inline void get(const noodle_stream_config_repeat *given, StreamConfigRepeat &to, Reader in) {
    if (!given) return;
    const noodle_stream_config_repeat from = whole(given);
    get(from.feed, from.feed_count, to.feed, in);
    get(from.max_steps, to.max_steps, in);
    get(from.until, to.until, in);
}

inline void get(const noodle_stream_config *given, StreamConfig &to, Reader in) {
    if (!given) return;
    const noodle_stream_config from = whole(given);
    switch (from.type) {
    case 1: get(from.of.windows, to.emplace<StreamConfigWindows>(), in); break;
    case 2: get(from.of.repeat, to.emplace<StreamConfigRepeat>(), in); break;
    default: break;
    }
}

inline void get(const noodle_tensor_spec *given, TensorSpec &to, Reader in) {
    if (!given) return;
    const noodle_tensor_spec from = whole(given);
    get(from.name, to.name, in);
    get(from.dtype, to.dtype, in);
    get(from.shape, from.shape_count, to.shape, in);
}

inline void put(const Tolerance &from, const noodle_tolerance *&out, Arena &arena) {
    noodle_tolerance &to = arena.make<noodle_tolerance>();
    to.size = sizeof(to);
    to.has_rtol = true;
    put(from.rtol, to.rtol, arena);
    to.has_atol = true;
    put(from.atol, to.atol, arena);
    out = &to;
}

inline void get(const noodle_tolerance *given, Tolerance &to, Reader in) {
    if (!given) return;
    const noodle_tolerance from = whole(given);
    if (from.has_rtol) get(from.rtol, to.rtol, in);
    if (from.has_atol) get(from.atol, to.atol, in);
}

inline void get(const noodle_tuning *given, Tuning &to, Reader in) {
    if (!given) return;
    const noodle_tuning from = whole(given);
    get(from.aim, to.aim, in);
    get(from.machine, to.machine, in);
    get(from.remembered, to.remembered, in);
    get(from.chosen, to.chosen, in);
    get(from.cases, from.cases_count, to.cases, in);
}

inline void get(const noodle_tuning_case *given, TuningCase &to, Reader in) {
    if (!given) return;
    const noodle_tuning_case from = whole(given);
    get(from.threads, to.threads, in);
    get(from.replicas, to.replicas, in);
    get(from.rows, to.rows, in);
    get(from.latency_us, to.latency_us, in);
    get(from.rows_per_second, to.rows_per_second, in);
}

inline void put(const UndeployInput &from, const noodle_undeploy_input *&out, Arena &arena) {
    noodle_undeploy_input &to = arena.make<noodle_undeploy_input>();
    to.size = sizeof(to);
    put(from.deployment, to.deployment, arena);
    put(from.force, to.force, arena);
    out = &to;
}

inline void get(const noodle_version_comparison *given, VersionComparison &to, Reader in) {
    if (!given) return;
    const noodle_version_comparison from = whole(given);
    get(from.model, to.model, in);
    get(from.base, to.base, in);
    get(from.candidate, to.candidate, in);
    get(from.same_artifact, to.same_artifact, in);
    get(from.compatibility, to.compatibility, in);
    get(from.differences, from.differences_count, to.differences, in);
    get(from.base_bytes, to.base_bytes, in);
    get(from.candidate_bytes, to.candidate_bytes, in);
    get(from.metrics, from.metrics_count, to.metrics, in);
}

inline void get(const noodle_version_list *given, VersionList &to, Reader in) {
    if (!given) return;
    const noodle_version_list from = whole(given);
    get(from.versions, from.versions_count, to.versions, in);
}

inline void get(const noodle_version_pin *given, VersionPin &to, Reader in) {
    if (!given) return;
    const noodle_version_pin from = whole(given);
    get(from.model, to.model, in);
    get(from.version, to.version, in);
}

inline void get(const noodle_version_record *given, VersionRecord &to, Reader in) {
    if (!given) return;
    const noodle_version_record from = whole(given);
    get(from.model, to.model, in);
    get(from.version, to.version, in);
    get(from.digest, to.digest, in);
    get(from.bytes, to.bytes, in);
    get(from.format, to.format, in);
    get(from.signature, to.signature, in);
    get(from.labels, from.labels_count, to.labels, in);
    get(from.description, to.description, in);
    get(from.tags, from.tags_count, to.tags, in);
    get(from.metrics, from.metrics_count, to.metrics, in);
    get(from.parent, to.parent, in);
    get(from.training_run, to.training_run, in);
    get(from.probes, to.probes, in);
    get(from.probes_from, to.probes_from, in);
    get(from.suspect, from.suspect_count, to.suspect, in);
    get(from.status, to.status, in);
    get(from.created_at, to.created_at, in);
    get(from.evaluations, from.evaluations_count, to.evaluations, in);
    get(from.uses, from.uses_count, to.uses, in);
}

inline void put(const VersionRef &from, const noodle_version_ref *&out, Arena &arena) {
    noodle_version_ref &to = arena.make<noodle_version_ref>();
    to.size = sizeof(to);
    put(from.model, to.model, arena);
    put(from.version, to.version, arena);
    out = &to;
}

inline void put(const VerticalConfig &from, const noodle_vertical_config *&out, Arena &arena) {
    noodle_vertical_config &to = arena.make<noodle_vertical_config>();
    to.size = sizeof(to);
    to.has_min_threads = from.min_threads.has_value();
    if (from.min_threads) put(*from.min_threads, to.min_threads, arena);
    to.has_max_threads = from.max_threads.has_value();
    if (from.max_threads) put(*from.max_threads, to.max_threads, arena);
    to.has_min_batch_size = from.min_batch_size.has_value();
    if (from.min_batch_size) put(*from.min_batch_size, to.min_batch_size, arena);
    to.has_max_batch_size = from.max_batch_size.has_value();
    if (from.max_batch_size) put(*from.max_batch_size, to.max_batch_size, arena);
    to.has_cooldown_ms = from.cooldown_ms.has_value();
    if (from.cooldown_ms) put(*from.cooldown_ms, to.cooldown_ms, arena);
    out = &to;
}

inline void get(const noodle_vertical_config *given, VerticalConfig &to, Reader in) {
    if (!given) return;
    const noodle_vertical_config from = whole(given);
    if (from.has_min_threads) get(from.min_threads, to.min_threads, in);
    if (from.has_max_threads) get(from.max_threads, to.max_threads, in);
    if (from.has_min_batch_size) get(from.min_batch_size, to.min_batch_size, in);
    if (from.has_max_batch_size) get(from.max_batch_size, to.max_batch_size, in);
    if (from.has_cooldown_ms) get(from.cooldown_ms, to.cooldown_ms, in);
}

} // namespace detail

} // namespace noodle

#include "noodle_deploy_error.hpp"

namespace noodle {

/// The operations as methods, for classes that can call.
template <class Self> class Operations {
public:
    /// Registers a model file as a version of a model. Asks for the role `deployer`.
    Returned<VersionRecord> register_version(const RegisterVersionInput &input) const {
        return self().template call<VersionRecord>(input, noodle_register_version, noodle_free_version_record);
    }

    /// Shows a version: signature, labels, metrics, lineage, status. Asks for the role `viewer`.
    Returned<VersionRecord> get_version(const VersionRef &input) const {
        return self().template call<VersionRecord>(input, noodle_get_version, noodle_free_version_record);
    }

    /// Lists the versions of a model. Asks for the role `viewer`.
    Returned<VersionList> list_versions(const ModelRef &input) const {
        return self().template call<VersionList>(input, noodle_list_versions, noodle_free_version_list);
    }

    /// Lists the models with their latest versions and aliases. Asks for the role `viewer`.
    Returned<ModelList> list_models() const {
        return self().template call<ModelList>(noodle_list_models, noodle_free_model_list);
    }

    /// Compares two versions: signature, labels, size, metrics, and whether one can replace the other. Asks for the
    /// role `viewer`.
    Returned<VersionComparison> compare_versions(const CompareVersionsInput &input) const {
        return self().template call<VersionComparison>(input, noodle_compare_versions, noodle_free_version_comparison);
    }

    /// Changes the description, tags or metrics of a version. Asks for the role `deployer`.
    Returned<VersionRecord> annotate_version(const AnnotateVersionInput &input) const {
        return self().template call<VersionRecord>(input, noodle_annotate_version, noodle_free_version_record);
    }

    /// Changes the status of a version, as in approved, deprecated or retired. Asks for the role `deployer`.
    Returned<VersionRecord> set_version_status(const SetVersionStatusInput &input) const {
        return self().template call<VersionRecord>(input, noodle_set_version_status, noodle_free_version_record);
    }

    /// Deletes a version that nothing refers to. Asks for the role `admin`.
    Returned<Deleted> delete_version(const DeleteVersionInput &input) const {
        return self().template call<Deleted>(input, noodle_delete_version, noodle_free_deleted);
    }

    /// Sets or moves an alias of a model. Asks for the role `deployer`.
    Returned<Model> set_alias(const SetAliasInput &input) const {
        return self().template call<Model>(input, noodle_set_alias, noodle_free_model);
    }

    /// Removes an alias of a model. Asks for the role `deployer`.
    Returned<Model> remove_alias(const RemoveAliasInput &input) const {
        return self().template call<Model>(input, noodle_remove_alias, noodle_free_model);
    }

    /// Loads, verifies and serves a version under a name. Asks for the role `deployer`.
    Returned<DeploymentView> deploy(const DeployInput &input) const {
        return self().template call<DeploymentView>(input, noodle_deploy, noodle_free_deployment_view);
    }

    /// Moves all traffic of a deployment to a version that is up beside the serving one. Asks for the role
    /// `deployer`.
    Returned<DeploymentView> promote(const PromoteInput &input) const {
        return self().template call<DeploymentView>(input, noodle_promote, noodle_free_deployment_view);
    }

    /// Moves all traffic of a deployment back to an earlier version, at once and from any state. Asks for the role
    /// `operator`.
    Returned<DeploymentView> rollback(const RollbackInput &input) const {
        return self().template call<DeploymentView>(input, noodle_rollback, noodle_free_deployment_view);
    }

    /// Changes the number of replicas of a deployment while it serves. Asks for the role `operator`.
    Returned<DeploymentView> scale(const ScaleInput &input) const {
        return self().template call<DeploymentView>(input, noodle_scale, noodle_free_deployment_view);
    }

    /// Switches autoscaling of a deployment on, changes it, or switches it off. Asks for the role `operator`.
    Returned<AutoscaleView> set_autoscale(const SetAutoscaleInput &input) const {
        return self().template call<AutoscaleView>(input, noodle_set_autoscale, noodle_free_autoscale_view);
    }

    /// Shows how a deployment scales, and the last recommendation with its figures. Asks for the role `viewer`.
    Returned<AutoscaleView> get_autoscale(const GetAutoscaleInput &input) const {
        return self().template call<AutoscaleView>(input, noodle_get_autoscale, noodle_free_autoscale_view);
    }

    /// Unloads an on_demand deployment in this process; its next request loads it again. Asks for the role
    /// `operator`.
    Returned<DeploymentView> unload(const DeploymentRef &input) const {
        return self().template call<DeploymentView>(input, noodle_unload, noodle_free_deployment_view);
    }

    /// Stops a deployment after its running requests have ended. Asks for the role `deployer`.
    Returned<DeploymentView> undeploy(const UndeployInput &input) const {
        return self().template call<DeploymentView>(input, noodle_undeploy, noodle_free_deployment_view);
    }

    /// Shows a deployment as desired and as this process observes it. Asks for the role `viewer`.
    Returned<DeploymentView> get_deployment(const DeploymentRef &input) const {
        return self().template call<DeploymentView>(input, noodle_get_deployment, noodle_free_deployment_view);
    }

    /// Lists the deployments. Asks for the role `viewer`.
    Returned<DeploymentList> list_deployments() const {
        return self().template call<DeploymentList>(noodle_list_deployments, noodle_free_deployment_list);
    }

    /// Says which revision the requests of a caller's key go to, or went to at some time, and why. Asks for the role
    /// `viewer`.
    Returned<Arm> explain_route(const ExplainRouteInput &input) const {
        return self().template call<Arm>(input, noodle_explain_route, noodle_free_arm);
    }

    /// Reads what happened, with actor, time and cause, oldest first. Asks for the role `viewer`.
    Returned<HistoryOutput> history(const HistoryInput &input) const {
        return self().template call<HistoryOutput>(input, noodle_history, noodle_free_history_output);
    }

    /// Shows whether every deployment that should run answers in this process, and the last errors. Asks for the role
    /// `viewer`.
    Returned<HealthReport> get_health(const DeploymentFilter &input) const {
        return self().template call<HealthReport>(input, noodle_get_health, noodle_free_health_report);
    }

    /// Shows requests, errors and latencies of the revisions loaded in this process. Asks for the role `viewer`.
    Returned<MetricsReport> get_metrics(const DeploymentFilter &input) const {
        return self().template call<MetricsReport>(input, noodle_get_metrics, noodle_free_metrics_report);
    }

    /// Shows requests, errors and latencies that all processes of the directory counted, those that are gone too.
    /// Asks for the role `viewer`.
    Returned<MetricsReport> get_traffic(const DeploymentFilter &input) const {
        return self().template call<MetricsReport>(input, noodle_get_traffic, noodle_free_metrics_report);
    }

    /// Shows the head of the log: what to keep or sign, so that a later change shows. Asks for the role `viewer`.
    Returned<Head> audit_head() const {
        return self().template call<Head>(noodle_audit_head, noodle_free_head);
    }

    /// Checks every event's hash, folds the state again and compares; on request checks every artifact. Asks for the
    /// role `viewer`.
    Returned<AuditReport> audit_verify(const AuditVerifyInput &input) const {
        return self().template call<AuditReport>(input, noodle_audit_verify, noodle_free_audit_report);
    }

    /// Cuts old events away; the log goes on from the state at the cut, for which a checkpoint vouches. Asks for the
    /// role `admin`.
    Returned<RetainReport> retain(const RetainInput &input) const {
        return self().template call<RetainReport>(input, noodle_retain, noodle_free_retain_report);
    }

    /// Writes a complete, verified copy of the directory while it goes on serving. Asks for the role `admin`.
    Returned<BackupReport> backup(const BackupInput &input) const {
        return self().template call<BackupReport>(input, noodle_backup, noodle_free_backup_report);
    }

    /// Removes artifacts that no version refers to. Asks for the role `admin`.
    Returned<GarbageReport> collect_garbage() const {
        return self().template call<GarbageReport>(noodle_collect_garbage, noodle_free_garbage_report);
    }

    /// Measures a version: latency against throughput over engines, threads and batches. Asks for the role
    /// `operator`.
    Returned<BenchmarkReport> benchmark(const BenchmarkInput &input) const {
        return self().template call<BenchmarkReport>(input, noodle_benchmark, noodle_free_benchmark_report);
    }

    /// Measures a version node by node: time, calls, bytes and shapes. Asks for the role `operator`.
    Returned<ProfileReport> profile(const ProfileInput &input) const {
        return self().template call<ProfileReport>(input, noodle_profile, noodle_free_profile_report);
    }

    /// Runs a version over a data set, computes metrics, and records whether it passes a gate. Asks for the role
    /// `deployer`.
    Returned<EvaluationReport> evaluate(const EvaluateInput &input) const {
        return self().template call<EvaluationReport>(input, noodle_evaluate, noodle_free_evaluation_report);
    }

    /// Shows CPU, memory, GPU, disk and network of this process and its machine, and what loaded models hold. Asks
    /// for the role `viewer`.
    Returned<ResourceReport> get_resources() const {
        return self().template call<ResourceReport>(noodle_get_resources, noodle_free_resource_report);
    }

    /// Shows how far traffic has moved to a new revision, and what the analysis finds. Asks for the role `viewer`.
    Returned<RolloutView> get_rollout(const DeploymentRef &input) const {
        return self().template call<RolloutView>(input, noodle_get_rollout, noodle_free_rollout_view);
    }

    /// Lets a rollout go on to its next step, or move all traffic after the last one, whatever it waits for. Asks for
    /// the role `deployer`.
    Returned<RolloutView> advance_rollout(const RolloutInput &input) const {
        return self().template call<RolloutView>(input, noodle_advance_rollout, noodle_free_rollout_view);
    }

    /// Stops a rollout where it is; the share of the traffic stays, and a breach still ends it. Asks for the role
    /// `operator`.
    Returned<RolloutView> pause_rollout(const RolloutInput &input) const {
        return self().template call<RolloutView>(input, noodle_pause_rollout, noodle_free_rollout_view);
    }

    /// Lets a rollout that is paused or inconclusive be judged again from now on. Asks for the role `deployer`.
    Returned<RolloutView> resume_rollout(const RolloutInput &input) const {
        return self().template call<RolloutView>(input, noodle_resume_rollout, noodle_free_rollout_view);
    }

    /// Moves all traffic back to the revision that served before, at once and from any phase. Asks for the role
    /// `operator`.
    Returned<RolloutView> abort_rollout(const RolloutInput &input) const {
        return self().template call<RolloutView>(input, noodle_abort_rollout, noodle_free_rollout_view);
    }

    /// Changes what loaded models of this process may hold together; what is on demand and idle makes room. Asks for
    /// the role `operator`.
    Returned<MemoryBudgetView> set_memory_budget(const SetMemoryBudgetInput &input) const {
        return self().template call<MemoryBudgetView>(input, noodle_set_memory_budget, noodle_free_memory_budget_view);
    }

    /// Asks for a comparison of versions on a deployment's traffic, which does not begin yet. Asks for the role
    /// `deployer`.
    Returned<ExperimentView> create_experiment(const CreateExperimentInput &input) const {
        return self().template call<ExperimentView>(input, noodle_create_experiment, noodle_free_experiment_view);
    }

    /// Shows the last experiment of a deployment, and what it shows. Asks for the role `viewer`.
    Returned<ExperimentView> get_experiment(const DeploymentRef &input) const {
        return self().template call<ExperimentView>(input, noodle_get_experiment, noodle_free_experiment_view);
    }

    /// Divides a deployment's traffic between the arms of its experiment. Asks for the role `deployer`.
    Returned<ExperimentView> start_experiment(const ExperimentInput &input) const {
        return self().template call<ExperimentView>(input, noodle_start_experiment, noodle_free_experiment_view);
    }

    /// Moves all traffic back to what serves, until the experiment is started again. Asks for the role `operator`.
    Returned<ExperimentView> pause_experiment(const ExperimentInput &input) const {
        return self().template call<ExperimentView>(input, noodle_pause_experiment, noodle_free_experiment_view);
    }

    /// Ends an experiment: all traffic goes to what serves, and what was found stays. Asks for the role `operator`.
    Returned<ExperimentView> stop_experiment(const ExperimentInput &input) const {
        return self().template call<ExperimentView>(input, noodle_stop_experiment, noodle_free_experiment_view);
    }

    /// Ends an experiment and moves all traffic to an arm that is shown to be better. Asks for the role `deployer`.
    Returned<ExperimentView> declare_winner(const DeclareWinnerInput &input) const {
        return self().template call<ExperimentView>(input, noodle_declare_winner, noodle_free_experiment_view);
    }

    /// Takes in what came of requests, for the experiment that is open. What is recorded before the start allows for
    /// how callers differ already. Asks for the role `operator`.
    Returned<RecordedOutcomes> record_outcomes(const RecordOutcomesInput &input) const {
        return self().template call<RecordedOutcomes>(input, noodle_record_outcomes, noodle_free_recorded_outcomes);
    }

    /// Says how many values each arm needs for a difference, or which difference is found. Asks for the role
    /// `viewer`.
    Returned<ExperimentPlan> plan_experiment(const PlanExperimentInput &input) const {
        return self().template call<ExperimentPlan>(input, noodle_plan_experiment, noodle_free_experiment_plan);
    }

    /// Sends requests that say certain things of themselves to a revision, whatever is tried with the others. Asks
    /// for the role `deployer`.
    Returned<RulesView> set_rules(const SetRulesInput &input) const {
        return self().template call<RulesView>(input, noodle_set_rules, noodle_free_rules_view);
    }

    /// Says which revision a request of this process went to, and what came of it, as long as that is remembered.
    /// Asks for the role `viewer`.
    Returned<RequestView> explain_request(const ExplainRequestInput &input) const {
        return self().template call<RequestView>(input, noodle_explain_request, noodle_free_request_view);
    }

    /// Takes in which classes would have been right, by the names of requests. A rollout or an experiment with a
    /// metric accuracy is judged by it. Asks for the role `operator`.
    Returned<RecordedLabels> record_labels(const RecordLabelsInput &input) const {
        return self().template call<RecordedLabels>(input, noodle_record_labels, noodle_free_recorded_labels);
    }

private:
    const Self &self() const { return static_cast<const Self &>(*this); }
};

} // namespace noodle

#endif // NOODLE_DEPLOY_OPS_HPP
