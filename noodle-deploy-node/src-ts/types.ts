// Written by `cargo xtask codegen`; do not edit.
//
// Fields have the names that they have on the wire. 64-bit ids are strings.

/** What a deploy is tuned for. */
export type Aim =
  /** Most rows in a second with every replica busy. */
  | "throughput"
  /** Least time of one request. */
  | "latency";

/** Who gets which share while an experiment runs. */
export type Allocation =
  /** The weights as they were asked for. */
  | "fixed"
  /** The probability that an arm is the best one (Thompson 1933). */
  | "thompson"
  /** Most to the arm that may be the best one yet (upper confidence bounds, Auer, Cesa-Bianchi and Fischer 2002). */
  | "ucb";

/** What is compared between the new revision and the one that serves, and how surely. */
export interface AnalysisConfig {
  /**
   * Probability, over the whole rollout and however often it is looked at, that a revision which is no worse is
   * aborted; and likewise that one which is worse by more than the margins passes. 0.0001 to 0.5, default 0.05. Absent:
   * `0.05`.
   */
  level?: number;
  /**
   * Share of requests, 0 to 1, that the new revision may fail beyond the share that the old one fails. Default 0.01.
   */
  error_margin?: number;
  /**
   * Factor, above 1, by which the new revision's latency (geometric mean) may exceed that of the old one. Default 1.2.
   */
  latency_ratio?: number;
  /**
   * Share of the answers in the shadow, above 0 and below 1, that may differ from those that callers got: by the class
   * that comes first where the version has labels, else by numbers beyond the tolerance. Absent: differences are
   * counted, and decide nothing.
   */
  max_differing?: number;
  /**
   * How far numbers of an answer in the shadow may be off; absent: as far as those of two engines, a thousandth of the
   * largest.
   */
  tolerance?: Tolerance;
  /** Figures that the host records for the requests of both revisions, at most 8. Absent: `[]`. */
  metrics?: RolloutMetric[];
  /**
   * Factor, above 1, by which the time in the engine that one request of the new revision takes (geometric mean) may
   * exceed that of the old one: what it costs, where latency is what its caller waits. Absent: it decides nothing.
   */
  cost_ratio?: number;
  /**
   * How far the answers of the new revision may be distributed otherwise than those of the old one; absent: it decides
   * nothing.
   */
  drift?: DriftConfig;
}

/** Input of `AnnotateVersion`. Absent fields stay. */
export interface AnnotateVersionInput {
  /** The model. */
  model: string;
  /** A version, an alias, or `latest`. */
  version: string;
  /** New description. */
  description?: string | null;
  /** Tags to set; an empty value removes the tag. Absent: `{}`. */
  tags?: Record<string, string>;
  /** Metrics to set; finite. Absent: `{}`. */
  metrics?: Record<string, number>;
}

/** Answers of one revision. Addition merges. */
export interface Answers {
  /** How often each class came first, of the first row. Absent: `[]`. */
  classes?: number[];
  /** Means of the first numbers of the first output, of answers without labels. */
  means: Moments;
}

/** Output of `ExplainRoute`. */
export interface Arm {
  /** The deployment. */
  deployment: string;
  /** The revision that the key's requests go to. */
  revision: number;
  /** Its version. */
  version: string;
  /** Share of the keys that go there, in basis points. */
  weight: number;
  /** Why, in a sentence. */
  reason: string;
}

/** A version that gets a share of the traffic. */
export interface ArmConfig {
  /** Name of the arm. */
  name: string;
  /** Version or alias; a revision of it has to be up, or has to have served. */
  version: string;
  /** Share of the callers in basis points. All of them and `holdout` add up to 10000. */
  weight: number;
}

/** What one revision has got by a rollout. */
export interface ArmCounts {
  /** Requests that were answered, or failed by its own fault, as a string. */
  ended: string;
  /** Those of them that failed, as a string. */
  failed: string;
  /** Logarithms of the latencies of those that were answered, in nanoseconds. */
  log_latency: Moments;
  /** How far its answers in the shadow were from those that callers got; absent: it has given none. */
  differences?: Differences;
  /** What the host recorded, by name. Absent: `[]`. */
  outcomes?: OutcomeSums[];
  /** Logarithms of the times in the engine, in nanoseconds; absent: nothing has run. */
  log_compute?: Moments;
  /** What its answers were like, where that is looked at; absent: nothing was. */
  answers?: Answers;
}

/** Output of `AuditVerify`. */
export interface AuditReport {
  /** The head that the log leads to. */
  head: Head;
  /** Events checked, as a string: those that were not cut away. */
  events: string;
  /** Head of what `retain` cut away: the log was checked from there on. Absent for a whole log. */
  cut?: Head;
  /** Rows of the state that were folded again and agree. */
  rows: number;
  /** Artifacts whose digests were checked. */
  artifacts: number;
}

/** Input of `AuditVerify`. */
export interface AuditVerifyInput {
  /** A head that was kept; the log must still contain it. One below a cut of `retain` is refused. */
  since?: Head | null;
  /** Read every artifact too, and check its digest. Absent: `false`. */
  artifacts?: boolean;
}

/** When a deployment gets more replicas in each process, or fewer. Times are in milliseconds. */
export interface AutoscaleConfig {
  /** Replicas at least, 1 or more: a deployment that is loaded on demand goes when it is idle. Default 1. */
  min_replicas?: number;
  /** Replicas at most, 1 to 1024. Default 16. */
  max_replicas?: number;
  /** Requests that a replica should have in flight on average. Default: 85 % of what it works on at once. */
  target_in_flight?: number;
  /**
   * Time that requests should wait for a replica at most. Default: what the objective leaves beside the service time.
   */
  target_queue_delay_ms?: number;
  /** What latency is promised. Default none. */
  latency?: LatencyObjective;
  /** The longest look back. Default 60 000. */
  stable_window_ms?: number;
  /** The shortest look back, for sudden changes. Default 2 000. */
  panic_window_ms?: number;
  /** Need over ready replicas at which nothing is removed and no cooldown delays an addition. Default 2. */
  panic_threshold?: number;
  /** Share by which demand may grow before a removal would be regretted. Default 0.1. */
  tolerance?: number;
  /** Time for which the need has to stay low before replicas go. Default 60 000. */
  down_stabilisation_ms?: number;
  /** Time for which replicas are kept at most for a burst that is expected back. Default 300 000. */
  burst_hold_ms?: number;
  /** Time after any change before the next addition. Default 0. */
  cooldown_up_ms?: number;
  /** Time after any change before the next removal. Default 0. */
  cooldown_down_ms?: number;
  /** Whether recommendations are only shown. Default false. */
  dry_run?: boolean;
  /** How replicas themselves may change. Default: not at all. */
  vertical?: VerticalConfig;
}

/** How a deployment scales, and what was recommended last. */
export interface AutoscaleView {
  /** The deployment. */
  deployment: string;
  /** Replicas wanted in each process. */
  replicas: number;
  /** How it scales; absent where it does not by itself. */
  autoscale?: AutoscaleConfig;
  /** The last recommendation; absent before the first, and in processes that do not decide. */
  recommendation?: ScaleRecommendation;
}

/** Input of `Backup`. */
export interface BackupInput {
  /** Directory to make, with those above it; it must not exist, nor lie in the one that is copied. */
  to: string;
}

/** Output of `Backup`. */
export interface BackupReport {
  /** Head of the copied log. */
  head: Head;
  /** Artifacts copied. */
  artifacts: number;
}

/** How requests of a deployment are batched. The defaults need no tuning. */
export interface BatchConfig {
  /** Rows of one batch at most, 1 to 4096. Default 32. */
  max_batch_size?: number;
  /**
   * Microseconds that a request waits for others although a replica is free, up to 10 000 000. Default 0: requests wait
   * for replicas alone.
   */
  max_delay_us?: number;
  /** Sizes at which a batch need not wait any longer, ascending, up to `max_batch_size`. Default none: the largest. */
  preferred_batch_sizes?: number[];
  /**
   * Whether the size at which batches pay is learned from their times. Default true; else batches are as large as they
   * may be.
   */
  adaptive?: boolean;
  /** How requests of different lengths share a batch. Default none: only those of equal lengths do. */
  padding?: Padding;
  /**
   * Levels of priority, and how long and how many requests of each may wait. Default none: three levels without rules
   * of their own.
   */
  priorities?: Priorities;
}

/** How a deployment batches in one process. */
export interface BatchStatus {
  /** Runs, those of a single request among them. */
  batches: string;
  /** Rows that they had together. */
  rows: string;
  /** Rows of the next batch at most, as learned. */
  max_batch_size: number;
  /** Sizes that ran, rounded up to a power of two. */
  sizes: SizeStatus[];
}

/** One case of a benchmark. */
export interface BenchmarkCase {
  /** Engine. */
  engine: string;
  /** Threads of one request. */
  threads: number;
  /** Rows of one request. */
  batch: number;
}

/** What the runs of a case gave. */
export interface BenchmarkFigures {
  /** Requests that were timed, as a string. */
  requests: string;
  /** Mean latency of one request in microseconds. */
  latency_mean_us: number;
  /** Median latency; this and the others are off by at most 3.2 %. */
  latency_p50_us: number;
  /** Latency that 95 % of the requests stay below. */
  latency_p95_us: number;
  /** Latency that 99 % of the requests stay below. */
  latency_p99_us: number;
  /** Rows in a second, one request after another: the median of the rounds. */
  rows_per_second: number;
}

/** Input of `Benchmark`. */
export interface BenchmarkInput {
  /** The model. */
  model: string;
  /** A version, an alias, or `latest`. Absent: `"latest"`. */
  version?: string;
  /** Where the model is to run; absent: the default target. */
  target?: string | null;
  /** Engines, each once, at most 8; absent: those that a deploy would choose among. Absent: `[]`. */
  engines?: string[];
  /** Threads of one request, 1 to 256, each number once, at most 16 numbers; absent: 1. Absent: `[]`. */
  threads?: number[];
  /** Rows of one request, 1 to 4096, each number once, at most 16 numbers; absent: 1. Absent: `[]`. */
  batches?: number[];
  /**
   * Sizes of inputs where inputs are generated: input name to sizes; the first one gives way to the batch. Absent:
   * `{}`.
   */
  shapes?: Record<string, number[]>;
  /** Seconds to measure each case, 0.01 to 60; all cases together at most an hour. Absent: 1. */
  seconds_per_case?: number | null;
}

/** Output of `Benchmark`. */
export interface BenchmarkReport {
  /** The model. */
  model: string;
  /** The version. */
  version: string;
  /** Digest of its file. */
  digest: Digest;
  /** The machine that measured. */
  machine: MachineFacts;
  /** Where inputs come from: `probes` of the version, or `generated`. */
  inputs: string;
  /** What answers are compared with: `probes`, or the first case of each batch that ran. */
  reference: string;
  /** Every case: engines, then threads, then batches, in the order of the request. */
  rows: BenchmarkRow[];
  /** The case with the least median latency, among those with right answers. */
  best_latency?: BenchmarkCase;
  /** The case with the most rows in a second, among those with right answers. */
  best_throughput?: BenchmarkCase;
}

/** A case and what came of it. */
export interface BenchmarkRow {
  /** Engine. */
  engine: string;
  /** Threads of one request. */
  threads: number;
  /** Rows of one request. */
  batch: number;
  /** Figures; absent where it did not run. */
  figures?: BenchmarkFigures;
  /** Whether its answers are near enough to those of the reference; absent for the reference itself. */
  agrees?: boolean;
  /** Largest absolute difference from the reference, where they agree. */
  max_abs?: number;
  /** Bytes that the loaded model holds with its plans, as a string. */
  memory_bytes: string;
  /** Why it did not run, or how it disagrees. */
  error?: string;
}

/** What a metric must reach for a gate to be passed. */
export interface Bound {
  /** Name of the metric. */
  metric: string;
  /** It must be this or more. */
  at_least?: number;
  /** It must be this or less. */
  at_most?: number;
}

/** How a deployment keeps answers. */
export interface CacheConfig {
  /** Levels, the nearest first: memory, redis, store; each at most once. Empty: memory alone. Absent: `[]`. */
  levels?: CacheLevel[];
  /** What goes first when memory is full; absent: lru. In the store the oldest goes first. */
  policy?: CachePolicy;
  /**
   * Bytes of answers at most, of each loaded revision in memory and of the deployment in the store, as a string;
   * absent: 64 MiB.
   */
  max_bytes?: string;
  /** Answers at most, counted as bytes are; absent: 65536. */
  max_entries?: number;
  /** Milliseconds after which an answer is computed anew, as a string; absent: never. */
  ttl_ms?: string;
  /** Whether identical requests that come at the same time wait for one computation. Absent: `true`. */
  coalesce?: boolean;
}

/** Where answers are kept. */
export type CacheLevel =
  /** In this process, one cache for each loaded revision. */
  | "memory"
  /** In the Redis of the setting `cache_redis_url`, shared by every process that names it. */
  | "redis"
  /** In the directory's database, shared by its processes; survives them. */
  | "store";

/** What the cache of one loaded revision did in this process, and what it holds. */
export interface CacheMetrics {
  /** Share of the requests that were answered without running the model, 0 to 1. */
  hit_rate: number;
  /** Requests that memory answered, as a string. */
  memory_hits: string;
  /** Requests that Redis answered, as a string. */
  redis_hits: string;
  /** Requests that the store answered, as a string. */
  store_hits: string;
  /** Requests for which the model ran, as a string. */
  misses: string;
  /** Requests that got the answer of an identical one that was under way, as a string. */
  coalesced: string;
  /** Looks at a level that did not answer, or answered something else than what was kept; as a string. */
  failures: string;
  /** Answers that were not written to a farther level because too many waited for that; as a string. */
  dropped: string;
  /** Answers in memory, as a string. */
  entries: string;
  /** Bytes that they hold, as a string. */
  bytes: string;
}

/** Which answer goes when memory is full. */
export type CachePolicy =
  /** The one that was not asked for the longest. */
  | "lru"
  /** The one that was asked for the least; of equals the one that was not asked for the longest. */
  | "lfu"
  /** The one whose time is up first, to within a sixtieth of that time. */
  | "ttl"
  /** The one that is there the longest. */
  | "fifo";

/** A growing share of the traffic for a new revision, step by step, as long as the analysis finds it no worse. */
export interface CanaryConfig {
  /**
   * Steps in order, 1 to 32; after the last one all traffic moves. Default: 1 %, 5 %, 25 % and 50 %. Absent: `[ {
   * "weight": 100, "min_requests": 100, "gate": false }, { "weight": 500, "min_requests": 100, "gate": false }, {
   * "weight": 2500, "min_requests": 100, "gate": false }, { "weight": 5000, "min_requests": 100, "gate": false } ]`.
   */
  steps?: CanaryStep[];
  /** What lets a step pass, and what ends the rollout; absent: with the defaults. */
  analysis?: AnalysisConfig;
}

/** One step of a canary. */
export interface CanaryStep {
  /**
   * Share of the traffic that the new revision gets, in basis points, 1 to 9999; no less than in the step before. 0 for
   * a step in the shadow, which says what it mirrors or replays.
   */
  weight: number;
  /** Requests that both revisions have to end within the step before it may pass. Default 100. */
  min_requests?: number;
  /** Milliseconds that the step lasts at least, as a string; absent: as long as the analysis takes. */
  min_ms?: string;
  /**
   * Milliseconds after which a step that has not passed is inconclusive, as a string; absent: it waits for as many
   * requests as it takes.
   */
  max_ms?: string;
  /** Whether the step waits for `advance_rollout` once the analysis has passed. Absent: `false`. */
  gate?: boolean;
  /**
   * Requests that run a second time on the new revision once they are answered. Nobody gets its answers: they are
   * compared with those that callers got. Absent: none.
   */
  mirror?: MirrorConfig;
  /**
   * Replicas of both revisions in each process while the step lasts. It passes once they are there, without evidence
   * that the new revision is no worse; evidence that it is ends the rollout all the same. Absent: as many as the
   * deployment has.
   */
  replicas?: ReplicaCounts;
  /**
   * Requests that were recorded, which run on the new revision: their answers are compared with those of the one that
   * serves. A step that replays has the weight 0 and mirrors nothing. Absent: none.
   */
  replay?: ReplayConfig;
}

/** A tensor that a session carries: what comes out of one call goes into the next one. */
export interface CarriedTensor {
  /** The output whose value is kept. */
  output: string;
  /** The input that it is given to at the next call. */
  input: string;
  /** Sizes of what a session begins with, which is zeros; absent: those of the input, where all of them are fixed. */
  shape?: number[];
}

/**
 * What a deploy changes besides the revision. It holds only once the revision is ready: a deploy that fails leaves what
 * served before as it was.
 */
export interface Change {
  /** How traffic moves to the revision. */
  strategy: Strategy;
  /** Replicas wanted in each process. */
  replicas: number;
  /** Gates that a version must have passed to be deployed or promoted. Absent: `[]`. */
  required_gates?: string[];
}

/** Input of `CompareVersions`. */
export interface CompareVersionsInput {
  /** The model. */
  model: string;
  /** The version to compare with: a version, an alias, or `latest`. */
  base: string;
  /** The version to judge: a version, an alias, or `latest`. */
  candidate: string;
}

/** One metric of one arm beside the control's. */
export interface Comparison {
  /** The metric. */
  metric: string;
  /** What it is for. */
  role: MetricRole;
  /** Which way is better. */
  goal: Goal;
  /** The arm. */
  arm: string;
  /** Values of the control, as a string. */
  control_values: string;
  /** Values of the arm, as a string. */
  arm_values: string;
  /** What is shown. */
  finding: Finding;
  /** The figures; absent where there is not enough. */
  figures?: Figures;
}

/** Whether a version can take another's place without its callers noticing. */
export type Compatibility =
  /** Same signature and labels. */
  | "identical"
  /** Every request to the base is one to the candidate, and every output is still there. */
  | "compatible"
  /** Some request or some reader of an answer breaks. */
  | "incompatible";

/** Answers to the rows of one class. */
export interface ConfusionRow {
  /** The right class: its label, else its number. */
  label: string;
  /** Rows by the class that was answered, in the order of the rows of this table. */
  answered: number[];
}

/** How p-values of several comparisons are corrected. */
export type Correction =
  /** Not at all. */
  | "none"
  /** Times their number. */
  | "bonferroni"
  /** Step by step, for the same error (Holm 1979). */
  | "holm"
  /** The share of false discoveries (Benjamini and Hochberg 1995). */
  | "benjamini_hochberg";

/** What requests cost in a step. */
export interface CostFindings {
  /** The candidate's time in the engine over the baseline's (geometric means); absent before both have run. */
  ratio?: number;
  /** Natural logarithm of the evidence that the candidate costs more than the ratio allows, over all steps. */
  costlier: number;
  /** That it does not, in this step. */
  no_costlier: number;
}

/** Input of `CreateExperiment`. */
export interface CreateExperimentInput {
  /** The deployment. */
  deployment: string;
  /** Name of the experiment. */
  name: string;
  /** The versions that are compared, 2 to 10; the first one is the control, and has to be the one that serves. */
  arms: ArmConfig[];
  /** What is compared, 1 to 16; at least one is primary. */
  metrics: MetricConfig[];
  /** Share of the callers that take no part and get what serves, in basis points. Absent: `0`. */
  holdout?: number;
  /** How it is judged; absent: with the defaults. */
  judgement?: JudgementConfig | null;
  /** Attributes of requests whose values are looked at by themselves too, up to 4. It decides nothing. Absent: `[]`. */
  segments?: string[];
}

/** Element type of a tensor. */
export type DType =
  /** IEEE 754 half precision. */
  | "f16"
  /** IEEE 754 single precision. */
  | "f32"
  /** IEEE 754 double precision. */
  | "f64"
  /** Signed 8 bits. */
  | "i8"
  /** Signed 16 bits. */
  | "i16"
  /** Signed 32 bits. */
  | "i32"
  /** Signed 64 bits. */
  | "i64"
  /** Unsigned 8 bits. */
  | "u8"
  /** Unsigned 16 bits. */
  | "u16"
  /** Unsigned 32 bits. */
  | "u32"
  /** Unsigned 64 bits. */
  | "u64"
  /** One byte, 0 or 1. */
  | "bool"
  /** UTF-8 strings of any length. */
  | "string";

/** Input of `DeclareWinner`. */
export interface DeclareWinnerInput {
  /** The deployment. */
  deployment: string;
  /** Name of the arm; absent: the one that the report shows to be the best. */
  arm?: string | null;
  /** How sure the report has to be, 0.5 to 0.9999; absent: one less the experiment's level. */
  confidence?: number | null;
  /** Whether the arm wins whatever the report shows. Absent: `false`. */
  force?: boolean;
  /** Why. */
  reason?: string | null;
}

/** Input of `DeleteVersion`. */
export interface DeleteVersionInput {
  /** The model. */
  model: string;
  /** A version, an alias, or `latest`. What deletes takes no default. */
  version: string;
}

/** Output of `DeleteVersion`. */
export interface Deleted {
  /** The model. */
  model: string;
  /** The version that is gone; its artifact goes with the next collection. */
  version: string;
}

/** Input of `Deploy`. */
export interface DeployInput {
  /** Name of the deployment. */
  deployment: string;
  /** The model; absent: named like the deployment. */
  model?: string | null;
  /** A version, an alias, or `latest`. Absent: `"latest"`. */
  version?: string;
  /** Where replicas live; absent: the default target. */
  target?: string | null;
  /**
   * `immediate` moves traffic when the revision is verified; `blue_green` waits for `promote`; `canary` moves it step
   * by step while the revision is found to be no worse; `shadow` lets it answer nobody until somebody advances it;
   * `rolling` replaces replicas a few at a time; `ab_testing` divides the traffic in halves until somebody decides.
   * Absent: the default.
   */
  strategy?: Strategy | null;
  /** Replicas in each process; absent: as before, 1 at first. */
  replicas?: number | null;
  /** Threads that one request may use. Absent: `1`. */
  threads?: number;
  /** Input shapes to compile plans for before traffic: input name to sizes. Absent: `[]`. */
  shapes?: Record<string, number[]>[];
  /** Engine; absent: the default. */
  engine?: string | null;
  /** How requests are batched; absent: not at all. */
  batching?: BatchConfig | null;
  /** How answers are kept; absent: they are not. */
  cache?: CacheConfig | null;
  /**
   * Gates that a version must have passed, by an `evaluate` of each, to be deployed or promoted here, at most 16;
   * absent: as before, none at first.
   */
  required_gates?: string[] | null;
  /** When the revision is loaded; absent: as the one before, the default at first. */
  loading?: Loading | null;
  /**
   * Milliseconds without a request after which an `on_demand` revision is unloaded, as a string; absent: as the one
   * before where `loading` is absent too, else only to make room.
   */
  unload_after_ms?: string | null;
  /**
   * Measures on this machine what gives the most of this, and takes it where the request leaves it open: `threads`
   * where they are 1, `replicas` where they are absent, and with `throughput` the rows of a batch. Absent: nothing is
   * measured.
   */
  tune?: Aim | null;
  /** What sessions carry from call to call; absent: nothing. */
  state?: StateConfig | null;
  /** How one request gives many answers; absent: it cannot. */
  stream?: StreamConfig | null;
  /**
   * How traffic moves to the revision with the strategy `canary`, which it implies; absent with that strategy: by the
   * steps and the analysis that are the default.
   */
  canary?: CanaryConfig | null;
  /**
   * A deployment whose serving version is to be deployed here, configured as it is there where this input says nothing:
   * from staging to production. Absent: what `version` says.
   */
  from?: string | null;
  /**
   * How replicas are replaced with the strategy `rolling`, which it implies; absent with that strategy: a quarter at a
   * time, with none missing.
   */
  rolling?: RollingConfig | null;
}

/** A named endpoint that serves a model. */
export interface Deployment {
  /** The name. */
  name: string;
  /** The model. */
  model: string;
  /** Where replicas live. */
  target: string;
  /** How traffic moves to the newest revision. */
  strategy: Strategy;
  /** Where it stands. */
  state: DeploymentState;
  /** Why it is in `error`, or what the last change failed with. */
  cause?: string;
  /** Replicas wanted in each process. */
  replicas: number;
  /** What the change under way brings along once its revision is ready. */
  change?: Change;
  /** Replicas before a scaling that goes on. */
  scaling_from?: number;
  /** The last revisions, oldest first; at most `deployment::MAX_REVISIONS`. */
  revisions: Revision[];
  /** Number of the revision that serves. */
  active?: number;
  /** Revisions that served before, the latest last. Absent: `[]`. */
  previous?: number[];
  /** The process that works on the change under way. */
  worker?: string;
  /** Highest revision number ever. */
  last_revision: number;
  /** When it was first asked for, in milliseconds since 1970, as a string. */
  created_at: string;
  /** When it last changed, in milliseconds since 1970, as a string. */
  updated_at: string;
  /** Gates that a version must have passed to be deployed or promoted. Absent: `[]`. */
  required_gates?: string[];
  /** How the number of replicas follows demand, where it does. */
  autoscale?: AutoscaleConfig;
  /** The last move of traffic that went by steps. */
  rollout?: Rollout;
  /** The last experiment on its traffic. */
  experiment?: Experiment;
  /** Where requests go by what they say of themselves; the first rule that is about one counts. Absent: `[]`. */
  rules?: RouteRule[];
}

/** Names a deployment, or none for all. */
export interface DeploymentFilter {
  /** Only this deployment. */
  deployment?: string | null;
}

/** Health of one deployment in this process. */
export interface DeploymentHealth {
  /** The deployment. */
  deployment: string;
  /** The verdict. */
  health: Health;
  /** Whether it answers here and now, with the desired revision. */
  ready: boolean;
  /** State as desired. */
  state: DeploymentState;
  /** The last error of a load or of the state, where there is one. */
  last_error?: string;
}

/** Output of `ListDeployments`. */
export interface DeploymentList {
  /** By name. */
  deployments: DeploymentView[];
}

/** Names a deployment. */
export interface DeploymentRef {
  /** The deployment. */
  deployment: string;
}

/** States of a deployment. */
export type DeploymentState =
  /** Accepted. */
  | "pending"
  /** A revision is being brought up. An earlier one goes on serving. */
  | "deploying"
  /** Serves. */
  | "running"
  /** Serves while replicas come or go. */
  | "scaling"
  /** Drains. */
  | "stopping"
  /** Serves nothing. */
  | "stopped"
  /** Kept failing, or its first revision never came up. */
  | "error";

/** A deployment as desired and as this process observes it. */
export interface DeploymentView {
  /** As desired: what the log says. */
  desired: Deployment;
  /** Version that answers in this process, where one does. */
  serving?: string;
  /** This process still serves an older revision than the desired one, and why. */
  lagging?: string;
  /** Replicas of each loaded revision in this process, by revision number as text. */
  replicas: Record<string, ReplicaStatus>;
}

/** Sums over requests, which add up over processes. */
export interface Differences {
  /** Requests that were answered by both, as a string. */
  compared: string;
  /** Those of them whose answers differ, as a string. */
  differing: string;
  /** Requests that were not run a second time, because too many waited, as a string. */
  skipped: string;
  /** Sum of the largest absolute difference of each request. */
  sum: number;
  /** The largest of all. */
  largest: number;
}

/** BLAKE3 hash of an artifact's bytes */
export type Digest = string;

/** a size, a symbol's name, or ? for any size */
export type Dim = string;

/** How far answers to callers may move. */
export interface DriftConfig {
  /**
   * Of versions with labels: by how much of all answers, above 0 and below 1, the share of any class that comes first
   * may differ. Default 0.05.
   */
  max_class_shift?: number;
  /**
   * Of the others: by how many standard deviations of the old revision's answers, above 0, the mean of an answer's
   * numbers may differ. Default 0.25.
   */
  max_mean_shift?: number;
}

/** How far the answers of both are apart in a step. */
export interface DriftFindings {
  /** Answers of the candidate, as a string. */
  candidate_answers: string;
  /** Answers of the baseline, as a string. */
  baseline_answers: string;
  /**
   * The largest move: of a class's share of all answers, 0 to 1; of versions without labels of the mean answer, in
   * standard deviations of the baseline's answers.
   */
  shift: number;
  /** Number of the class that moved most, up to the remainder by 16; absent without labels. */
  class_index?: number;
  /** Natural logarithm of the evidence that one moved by more than the margin, over all steps. */
  moved: number;
  /** That none did, in this step. */
  not_moved: number;
}

/** The engine that serves, and the figures behind it. */
export interface EngineChoice {
  /** Why this one, in a sentence. */
  reason: string;
  /** Inputs on which answers were compared. */
  inputs: number;
  /** Whether the figures are of an earlier load of the same file on the same kind of machine. Absent: `false`. */
  remembered?: boolean;
  /** Every engine, in the order of preference. */
  candidates: EngineFigures[];
}

/** What a calibration found of one engine. */
export interface EngineFigures {
  /** Engine and version, as in `tract 0.23.9`. */
  engine: string;
  /** What came of it. */
  verdict: EngineVerdict;
  /** Median time of one run in microseconds. */
  median_us?: number;
  /** Largest absolute difference from the expected outputs. */
  max_abs?: number;
  /** Why it does not serve, where it was not the time. */
  reason?: string;
}

/** What came of an engine. */
export type EngineVerdict =
  /** It serves. */
  | "chosen"
  /** It gives the right answers and is not faster. */
  | "slower"
  /** Its answers are not near enough to the right ones. */
  | "disagrees"
  /** It does not load or run the model. */
  | "refused";

/** An error as every surface shows it. */
export interface ErrorRecord {
  /** Four digits. */
  code: number;
  /** Snake-case name of the kind. */
  kind: string;
  /** The message. */
  message: string;
  /** The operation, where known. */
  operation?: string;
  /** Names and values. Absent: `{}`. */
  context?: Record<string, string>;
  /** Whether the same call may succeed later. */
  retryable: boolean;
}

/** Input of `Evaluate`. */
export interface EvaluateInput {
  /** The model; absent: that of `deployment`. */
  model?: string | null;
  /** A version, an alias, or `latest`; absent: the one that serves in `deployment`, else `latest`. */
  version?: string | null;
  /** A deployment whose version, engine and threads are to be evaluated. */
  deployment?: string | null;
  /** Path of the data set: an `.npz` file, a directory of `.npy` files, or a JSON file of probes. */
  data: string;
  /** Names of metrics. Absent: `[]`. */
  metrics?: string[];
  /** The output that is judged; absent: the first one. */
  output?: string | null;
  /** The array of what is expected; absent: the one named like the output, else `labels`, else `expected`. */
  target?: string | null;
  /**
   * Turn scores into probabilities first: softmax over classes, the logistic function of a single score. Absent:
   * `false`.
   */
  softmax?: boolean;
  /** Classes that count for `top_k_accuracy`, 1 or more. Absent: `5`. */
  top_k?: number;
  /** For `within_tolerance`. */
  tolerance?: Tolerance | null;
  /** The gate that this is for. */
  gate?: Gate | null;
  /** Engine; absent: as a deploy would choose. */
  engine?: string | null;
  /** Threads that one run may use, 1 to 256; absent: those of the deployment, else 1. */
  threads?: number | null;
  /** Rows of one run, 1 to 4096, where the model takes any number; absent: 32. */
  batch?: number | null;
}

/** What an evaluation of a version found. */
export interface Evaluation {
  /** The gate that it is for, where it is for one. */
  gate?: string;
  /** Whether every bound holds; true without bounds. */
  passed: boolean;
  /** Digest of the model file that was evaluated. An evaluation of another file does not count. */
  artifact: Digest;
  /** Digest of the data set. */
  data: Digest;
  /** Rows of the data set, as a string. */
  rows: string;
  /** Engine and version that gave the answers. */
  engine: string;
  /** Metrics that have a value. Absent: `{}`. */
  metrics?: Record<string, number>;
  /** What the gate asked for. Absent: `[]`. */
  bounds?: Bound[];
  /** When it was recorded, in milliseconds since 1970, as a string. */
  at: string;
}

/** Output of `Evaluate`. */
export interface EvaluationReport {
  /** The model. */
  model: string;
  /** The version. */
  version: string;
  /** Digest of its file. */
  digest: Digest;
  /** Digest of the data set. */
  data: Digest;
  /** Rows, as a string. */
  rows: string;
  /** Engine and version that gave the answers. */
  engine: string;
  /** The output that was judged. */
  output: string;
  /** The array that it was compared with. */
  target: string;
  /** Metrics by name. */
  metrics: Record<string, number>;
  /** Metrics that have no value for this data, and why. Absent: `{}`. */
  undefined?: Record<string, string>;
  /** Rows by right and by answered class, where that was asked for. Absent: `[]`. */
  confusion?: ConfusionRow[];
  /** The gate, where there is one. */
  gate?: string;
  /** Whether every bound of the gate holds; true without a gate. */
  passed: boolean;
  /** Bounds that do not hold. Absent: `[]`. */
  broken?: Bound[];
}

/** A fact about a model, a deployment or the directory. */
export type Event =
  | EventVersionRegistered
  | EventVersionAnnotated
  | EventVersionProbed
  | EventVersionStatusChanged
  | EventVersionDeleted
  | EventAliasSet
  | EventAliasRemoved
  | EventDeployRequested
  | EventDeployStarted
  | EventRevisionReady
  | EventRevisionFailed
  | EventPromoted
  | EventRolledBack
  | EventScaleRequested
  | EventScaled
  | EventScaleFailed
  | EventStopRequested
  | EventStopped
  | EventFailed
  | EventCheckpoint
  | EventVersionEvaluated
  | EventAutoscaleSet
  | EventRolloutStarted
  | EventRolloutMarked
  | EventRolloutStepped
  | EventRolloutPhaseChanged
  | EventExperimentCreated
  | EventExperimentWeighted
  | EventExperimentPhaseChanged
  | EventRulesSet;

/** A version was registered; the first one brings its model into being. */
export interface EventVersionRegistered {
  type: "version_registered";
  /** Type of the model. */
  model_type: ModelKind;
  /** The version. */
  record: VersionRecord;
}

/** Description, tags or metrics of a version changed. Absent fields stay. */
export interface EventVersionAnnotated {
  type: "version_annotated";
  /** The version. */
  version: string;
  /** New description. */
  description?: string;
  /** Tags to set; an empty value removes the tag. Absent: `{}`. */
  tags?: Record<string, string>;
  /** Metrics to set. Absent: `{}`. */
  metrics?: Record<string, number>;
}

/** Probe inputs and outputs were recorded by the first engine that ran a version. */
export interface EventVersionProbed {
  type: "version_probed";
  /** The version. */
  version: string;
  /** The probe set, in the artifact store. */
  probes: Digest;
  /** Engine that gave the outputs. */
  engine: string;
}

/** The status of a version changed. */
export interface EventVersionStatusChanged {
  type: "version_status_changed";
  /** The version. */
  version: string;
  /** Status before. */
  from: VersionStatus;
  /** Status after. */
  to: VersionStatus;
  /** Why. */
  reason?: string;
}

/** A version was deleted; its artifact goes with the next collection. */
export interface EventVersionDeleted {
  type: "version_deleted";
  /** The version. */
  version: string;
}

/** An alias was set or moved. */
export interface EventAliasSet {
  type: "alias_set";
  /** The alias. */
  alias: string;
  /** What it names now. */
  version: string;
  /** What it named before. */
  previous?: string;
}

/** An alias was removed. */
export interface EventAliasRemoved {
  type: "alias_removed";
  /** The alias. */
  alias: string;
  /** What it named. */
  previous: string;
}

/** A deployment, or a further revision of one, was asked for. */
export interface EventDeployRequested {
  type: "deploy_requested";
  /** Model that the deployment serves. */
  model: string;
  /** Where replicas live. */
  target: string;
  /** How traffic moves to the revision. */
  strategy: Strategy;
  /** Replicas wanted in each process. */
  replicas: number;
  /** The revision. */
  revision: Revision;
  /** Gates that a version must have passed to be deployed or promoted. Absent: `[]`. */
  required_gates?: string[];
}

/** A process took it upon itself to bring a revision up. */
export interface EventDeployStarted {
  type: "deploy_started";
  /** Number of the revision. */
  revision: number;
  /** The process. */
  instance: string;
}

/** A revision is loaded and verified. */
export interface EventRevisionReady {
  type: "revision_ready";
  /** Number of the revision. */
  revision: number;
  /** What verification found, for people. */
  verification: string;
}

/** A revision could not be brought up. */
export interface EventRevisionFailed {
  type: "revision_failed";
  /** Number of the revision. */
  revision: number;
  /** Why. */
  cause: string;
}

/** Traffic moved to a revision. */
export interface EventPromoted {
  type: "promoted";
  /** Revision that served before. */
  from?: number;
  /** Revision that serves now. */
  to: number;
}

/** Traffic moved back to an earlier revision. */
export interface EventRolledBack {
  type: "rolled_back";
  /** Revision that served before. */
  from: number;
  /** Revision that serves now. */
  to: number;
  /** Why. */
  reason?: string;
}

/** Another number of replicas was asked for. */
export interface EventScaleRequested {
  type: "scale_requested";
  /** Replicas before. */
  from: number;
  /** Replicas wanted. */
  to: number;
  /** The process that asked. */
  instance: string;
}

/** The replicas are there. */
export interface EventScaled {
  type: "scaled";
  /** Replicas. */
  replicas: number;
}

/** The replicas could not be had; the old number stays. */
export interface EventScaleFailed {
  type: "scale_failed";
  /** Replicas that stay. */
  replicas: number;
  /** Why. */
  cause: string;
}

/** The deployment is to stop. */
export interface EventStopRequested {
  type: "stop_requested";
  /** Whether running requests are not waited for. */
  force: boolean;
  /** The process that asked. */
  instance: string;
}

/** The deployment has stopped. */
export interface EventStopped {
  type: "stopped";
}

/** The deployment kept failing and serves no more. */
export interface EventFailed {
  type: "failed";
  /** Why. */
  cause: string;
}

/** The log was cut: it goes on from a stored state. */
export interface EventCheckpoint {
  type: "checkpoint";
  /** Head of what was cut away. */
  cut: Head;
  /** Digest of the state at the cut; see `crate::store::chain::digest`. */
  state: Hash;
}

/** A version was evaluated over a data set. */
export interface EventVersionEvaluated {
  type: "version_evaluated";
  /** The version. */
  version: string;
  /** What was found. */
  evaluation: Evaluation;
}

/** How the number of replicas follows demand was changed. */
export interface EventAutoscaleSet {
  type: "autoscale_set";
  /** How; absent: it does not. */
  autoscale?: AutoscaleConfig;
}

/** A revision that is ready began to get a share of the traffic. */
export interface EventRolloutStarted {
  type: "rollout_started";
  /** Revision that serves. */
  baseline: number;
  /** Revision that is tried. */
  candidate: number;
  /** Secret that decides which keys are the first, as a string. */
  salt: string;
  /** How it proceeds. */
  canary: CanaryConfig;
}

/** The counting of a step began. */
export interface EventRolloutMarked {
  type: "rollout_marked";
  /** Number of the step. */
  step: number;
  /** What was counted before. */
  from: Seen;
}

/** A step passed, and the next one began. */
export interface EventRolloutStepped {
  type: "rollout_stepped";
  /** Number of the step that began. */
  step: number;
  /** Share of the traffic that the candidate gets, in basis points. */
  weight: number;
  /** Why, in a sentence. */
  reason: string;
  /** What the steps so far have shown, where they were judged. */
  evidence?: Evidence;
  /** The figures, where it was judged. */
  findings?: Findings;
}

/** A rollout stopped, went on, or ended. */
export interface EventRolloutPhaseChanged {
  type: "rollout_phase_changed";
  /** Where it stands. */
  phase: RolloutPhase;
  /** Why, in a sentence. */
  reason: string;
  /** What the steps so far have shown, where they were judged. */
  evidence?: Evidence;
  /** The figures, where it was judged. */
  findings?: Findings;
}

/** An experiment was asked for. */
export interface EventExperimentCreated {
  type: "experiment_created";
  /** What it is. */
  experiment: Experiment;
}

/** The arms of an experiment got other shares. */
export interface EventExperimentWeighted {
  type: "experiment_weighted";
  /** Weight of each arm, in basis points. */
  weights: number[];
  /** Which points are whose. */
  shares: Share[];
  /** Why, in a sentence. */
  reason: string;
}

/** An experiment began, paused or ended. */
export interface EventExperimentPhaseChanged {
  type: "experiment_phase_changed";
  /** Where it stands. */
  phase: ExperimentPhase;
  /** Why, in a sentence. */
  reason: string;
  /** Name of the arm that has won. */
  winner?: string;
  /** What was found by then, where anything was. */
  report?: ExperimentReport;
}

/** Requests go elsewhere by what they say of themselves. */
export interface EventRulesSet {
  type: "rules_set";
  /** In the order in which they count. */
  rules: RouteRule[];
}

/** An event with its place in the log: an entry of the history. */
export interface EventRecord {
  /** Position in the log, from 1, as a string. */
  sequence: string;
  /** `model/NAME`, `deployment/NAME` or `directory`. */
  stream: string;
  /** When, in milliseconds since 1970, as a string. */
  at: string;
  /** Who. */
  actor: string;
  /** Operation that decided it. */
  operation: string;
  /** Identifies the call. */
  request_id: string;
  /** What. */
  event: Event;
  /** Hash of the event; the chain's head when it is the last one. */
  hash: Hash;
}

/** What has been shown so far. Folds deterministically: the same blocks in the same order give the same bits. */
export interface Evidence {
  /** That the candidate fails more than the margin allows, over all steps. */
  fails_more: ProportionEvidence;
  /** That it does not, in this step. */
  fails_no_more: ProportionEvidence;
  /** That it is slower than the margin allows, of the steps before. */
  slower_before: MeanEvidence;
  /** Of this step. */
  slower: MeanEvidence;
  /** What requests in the shadow have shown; absent before the first. */
  mirror?: MirrorEvidence;
  /** What the host's own figures have shown, in the order of the metrics. Absent: `[]`. */
  metrics?: MetricEvidence[];
  /** What the time in the engine has shown; absent where it decides nothing. */
  cost?: MetricEvidence;
  /** What answers have shown, of each class or the mean: that it has grown, and that it has fallen. Absent: `[]`. */
  drift?: MetricEvidence[];
  /** What of the step under way is counted in; absent: nothing yet. */
  counted?: Seen;
}

/** A comparison of versions on a deployment's traffic. */
export interface Experiment {
  /** 1, 2, 3, … within the deployment. */
  number: number;
  /** Its name. */
  name: string;
  /** What is compared, the control first. */
  arms: ExperimentArm[];
  /** Share of the callers that take no part, in basis points. */
  holdout: number;
  /** By what. */
  metrics: MetricConfig[];
  /** How surely. */
  judgement: JudgementConfig;
  /** Which points are whose; the number after the last arm is the holdout's. */
  shares: Share[];
  /** Where it stands. */
  phase: ExperimentPhase;
  /** Why, in a sentence. */
  reason: string;
  /** Secret that decides where keys lie, as a string. */
  salt: string;
  /** When it first began, in milliseconds since 1970, as a string. */
  started_at?: string;
  /** When it came to where it stands, in milliseconds since 1970, as a string. */
  since: string;
  /** Name of the arm that has won. */
  winner?: string;
  /** What was found when it stopped, or when somebody decided. */
  report?: ExperimentReport;
  /** Attributes whose values are looked at by themselves too. Absent: `[]`. */
  segments?: string[];
}

/** One side of an experiment. */
export interface ExperimentArm {
  /** Name of the arm. */
  name: string;
  /** Its version. */
  version: string;
  /** Its revision. */
  revision: number;
  /** Share of the callers that it gets now, in basis points. */
  weight: number;
}

/** Names a deployment whose experiment is to change, and says why. */
export interface ExperimentInput {
  /** The deployment. */
  deployment: string;
  /** Why. */
  reason?: string | null;
}

/** Where an experiment stands. */
export type ExperimentPhase =
  /** Has not begun. What is recorded by now says how its callers differ already. */
  | "draft"
  /** Its arms get their shares. */
  | "running"
  /** All traffic goes to what serves, until it is started again. */
  | "paused"
  /** It is over, and nobody has decided. */
  | "stopped"
  /** It is over, and one of its arms has won. */
  | "decided";

/** Output of `PlanExperiment`. */
export interface ExperimentPlan {
  /** Values that each arm needs, as a string. */
  values: string;
  /** Difference that is found with the power. */
  difference: number;
  /** Probability of finding it. */
  power: number;
  /** Probability of finding a difference where there is none. */
  level: number;
}

/** What an experiment shows at one moment. */
export interface ExperimentReport {
  /** When, in milliseconds since 1970, as a string. */
  at: string;
  /** How often each arm was met, the control first. */
  exposures: Exposure[];
  /** Whether an arm got another share than it should: then no figure here means anything. */
  sample_ratio_mismatch: boolean;
  /**
   * Whether the figures may be judged now: always with the method sequential, from its horizon on with the method
   * fixed.
   */
  due: boolean;
  /** Each metric of each arm but the control. */
  comparisons: Comparison[];
  /** The arm that is shown to be the best by the primary metrics; absent: none is. */
  leader?: string;
  /**
   * What was lost so far to arms that are worse, in units of the first primary metric times its values; absent where
   * there is not enough.
   */
  regret?: number;
  /** All of it in a sentence. */
  summary: string;
  /** Further tests, which decide nothing; with the method fixed, once it is due. */
  horizon?: HorizonTests;
  /**
   * Each metric but quantiles of each arm but the control, in each segment of the callers. Exploratory: it decides
   * nothing. Absent: `[]`.
   */
  segments?: SegmentComparison[];
}

/** Output of the operations on experiments. */
export interface ExperimentView {
  /** The deployment. */
  deployment: string;
  /** The last experiment; absent: there was none. */
  experiment?: Experiment;
  /** What it shows: now, while it is open; when it ended, once it is over. */
  report?: ExperimentReport;
  /** The report as a person reads it. */
  text?: string;
  /**
   * How the intervals of its primary metrics narrowed, oldest first, at up to 64 moments; in the process that decides,
   * as long as it is open. Absent: `[]`.
   */
  history?: IntervalAt[];
}

/** Input of `ExplainRequest`. */
export interface ExplainRequestInput {
  /** The deployment. */
  deployment: string;
  /** Name that the request had. */
  request_id: string;
}

/** Input of `ExplainRoute`. */
export interface ExplainRouteInput {
  /** The deployment. */
  deployment: string;
  /** The caller's sticky key. */
  key: string;
  /** What the request says of itself: name to value. Absent: `{}`. */
  attributes?: Record<string, string>;
  /** When, in milliseconds since 1970, as a string: who answered then is computed again from the log. Absent: now. */
  at?: string | null;
}

/** How often an arm was met. */
export interface Exposure {
  /** Name of the arm. */
  arm: string;
  /** Requests that went to it, as a string. */
  requests: string;
  /** Its share of all of them; 0 before the first. */
  share: number;
  /** Natural logarithm of the evidence that it does not get the share that it should. */
  mismatch: number;
}

/** An output that the next step is given as an input. */
export interface FedTensor {
  /** The output. */
  output: string;
  /** The input. */
  input: string;
}

/** Figures of a comparison. */
export interface Figures {
  /** The metric on the control. */
  control: number;
  /** The metric on the arm. */
  arm: number;
  /** The arm's less the control's. */
  difference: number;
  /** Lower end of the interval of the difference. */
  low: number;
  /** Upper end. */
  high: number;
  /** Difference over the control's; absent where that is 0. */
  relative?: number;
  /** Probability of a difference as large where there is none, by itself. */
  p_value: number;
  /** The same, corrected for how many primary metrics and arms are looked at. */
  adjusted_p_value: number;
  /** Probability that the arm is better, if nothing was known before. */
  chance_better: number;
  /** What choosing the arm costs on average, in units of the metric: how much worse it is where it is worse. */
  expected_loss: number;
  /** Share of the variance that allowing for what was before takes away; absent: nothing was recorded before. */
  variance_reduction?: number;
}

/** What a comparison says. */
export type Finding =
  /** There is not enough to say anything. */
  | "too_few"
  /** Nothing is shown yet. */
  | "inconclusive"
  /** The arm is better than the control. */
  | "better"
  /** The arm is worse than the control; of a guardrail: by more than its margin. */
  | "worse";

/** The figures of a step, and what they are held against. */
export interface Findings {
  /** Requests of the candidate in this step, as a string. */
  candidate_requests: string;
  /** Requests of the baseline in this step, as a string. */
  baseline_requests: string;
  /** Share of the candidate's requests that failed. */
  candidate_error_rate: number;
  /** Share of the baseline's. */
  baseline_error_rate: number;
  /**
   * The candidate's latency over the baseline's (geometric means); absent before both have answered. In the shadow the
   * time in the engine, which decides nothing: everything else on the machine goes before the shadow.
   */
  latency_ratio?: number;
  /** Natural logarithm of the evidence that the candidate fails more than the margin allows, over all steps. */
  fails_more: number;
  /** That it does not, in this step. */
  fails_no_more: number;
  /** That it is slower than the margin allows, over all steps. */
  slower: number;
  /** That it is not, in this step. */
  no_slower: number;
  /** What evidence of the first kind has to reach to end the rollout: the kinds that are looked at share the level. */
  to_abort: number;
  /** What both of the second kind have to reach for the step to pass. */
  to_pass: number;
  /**
   * Natural logarithm of the evidence that the candidate does not get the share of the requests that it should, since
   * whoever decides began to look at the step.
   */
  mismatch?: number;
  /** How far answers in the shadow are from those that callers got; absent in a step with traffic. */
  mirror?: MirrorFindings;
  /** The host's own figures, in the order of the metrics. Absent: `[]`. */
  metrics?: MetricFindings[];
  /** What requests cost; absent where that decides nothing, and in the shadow. */
  cost?: CostFindings;
  /** How far answers are distributed otherwise; absent likewise. */
  drift?: DriftFindings;
  /** How many of the recorded requests have run; absent in another step. */
  replay?: ReplayFindings;
}

/** Output of `CollectGarbage`. */
export interface GarbageReport {
  /** Artifacts removed. */
  removed: number;
  /** Bytes freed, as a string. */
  bytes: string;
  /** Artifacts kept. */
  kept: number;
}

/** A gate: a name, and what metrics must reach. */
export interface Gate {
  /** Name, as a deployment requires it. */
  name: string;
  /** What must hold, 1 to 64; a metric that is bounded is computed. */
  bounds: Bound[];
}

/** Input of `GetAutoscale`. */
export interface GetAutoscaleInput {
  /** The deployment. */
  deployment: string;
}

/** Which way is better. */
export type Goal =
  /** More. */
  | "increase"
  /** Less. */
  | "decrease";

/** One GPU. */
export interface GpuReading {
  /** Its number. */
  index: number;
  /** As in `NVIDIA H100 PCIe`. */
  name?: string;
  /** Stays the same over restarts. */
  uuid?: string;
  /** Share of the last sampling period of the driver in which something ran, 0 to 100. */
  utilization_percent?: number;
  /** Bytes of its memory. */
  memory_total_bytes?: number;
  /** Bytes of it in use, by all processes. */
  memory_used_bytes?: number;
  /** Degrees Celsius. */
  temperature_celsius?: number;
  /** Watts. */
  power_watts?: number;
}

/** GPUs that NVIDIA's management library (NVML) sees. */
export interface GpuReadings {
  /** One for each, in the library's order. */
  devices: GpuReading[];
  /** Why nothing could be read; absent where the library answered. */
  unavailable?: string;
}

/** BLAKE3, hexadecimal */
export type Hash = string;

/** The end of the log: what a host keeps or signs to find an edit, a reorder or a cut later. */
export interface Head {
  /** Number of the last event; 0 for an empty log. */
  sequence: string;
  /** Hash of the last event; all zeros for an empty log. */
  hash: Hash;
}

/** How a thing fares. */
export type Health =
  /** As desired. */
  | "healthy"
  /** Serves, but not as desired. */
  | "degraded"
  /** Should serve and does not. */
  | "unhealthy";

/** Output of `GetHealth`. */
export interface HealthReport {
  /** Every deployment that should run does, as desired. */
  ready: boolean;
  /** Whether this process holds the deciding lease. */
  leader: boolean;
  /** The last error of the background work, where there is one. */
  last_error?: string;
  /** By name; stopped ones are left out. */
  deployments: DeploymentHealth[];
  /** Bytes that loaded models hold, as a string. */
  memory_used_bytes: string;
  /** Bytes that they may hold, as a string; absent: no limit. */
  memory_limit_bytes?: string;
}

/** Input of `History`. */
export interface HistoryInput {
  /** Only this deployment. */
  deployment?: string | null;
  /** Only this model. */
  model?: string | null;
  /** Only events after this sequence, as a string. Absent: `"0"`. */
  after?: string;
  /** At most so many events, 1 to 1000; absent: 100. */
  limit?: number | null;
}

/** Output of `History`. */
export interface HistoryOutput {
  /** Oldest first. */
  events: EventRecord[];
  /** Whether there are more: ask again after the last sequence. */
  more: boolean;
  /** Head of what `retain` cut away, where that reaches beyond `after`: events that were asked for are gone. */
  cut?: Head;
}

/**
 * Tests that treat all values as independent, also those of one caller. They decide nothing, and are not corrected for
 * how many there are.
 */
export interface HorizonTests {
  /** Of each metric of the kind proportion, where every arm has values and not all are alike. */
  proportions: ProportionsTest[];
  /**
   * Of each metric of the kinds mean and quantile, and each arm but the control. Values count as they are kept: within
   * a hundredth of their size, latencies within a thirtieth.
   */
  ranks: RanksTest[];
}

/** An interval as it was at one moment. */
export interface IntervalAt {
  /** When, in milliseconds since 1970, as a string. */
  at: string;
  /** The metric. */
  metric: string;
  /** The arm. */
  arm: string;
  /** The arm's less the control's. */
  difference: number;
  /** Lower end of the interval of the difference. */
  low: number;
  /** Upper end. */
  high: number;
  /** Values of both arms by then, as a string. */
  values: string;
}

/** Requests that are remembered. */
export interface JournalConfig {
  /** How many at most; 0: none. Default 10 000. */
  requests?: number;
  /** For how many milliseconds. Default a day. */
  ms?: number;
}

/** How an experiment is judged. */
export interface JudgementConfig {
  /** What intervals and p-values stand for. Default sequential. */
  method?: Method;
  /** Probability that a difference is found where there is none. 0.0001 to 0.5, default 0.05. */
  level?: number;
  /** How p-values of the primary metrics are corrected. Default holm. */
  correction?: Correction;
  /** How often every arm has to be met for the fixed method, as a string. */
  horizon?: string;
  /** Milliseconds after its start when it stops by itself, as a string; absent: it does not. */
  max_ms?: string;
  /** Whether it stops by itself once every primary metric is decided. Default false. */
  stop_early?: boolean;
  /** Who gets which share. Default fixed. */
  allocation?: Allocation;
}

/** The right class of one request. */
export interface Label {
  /** Name that the request had. */
  request_id: string;
  /** Name of the class. */
  label: string;
}

/** A promise about latency: at `quantile`, requests take `ms` or less. */
export interface LatencyObjective {
  /** Share of the requests, 0.5 to 0.9999. */
  quantile: number;
  /** Time from arrival to answer. */
  ms: number;
}

/** What a control group (cgroup) or an affinity leaves to the process, where that is less than the machine has. */
export interface LimitReading {
  /** CPUs that it may use at once, rounded down, but one at least. */
  cpus?: number;
  /** Bytes of memory that the processes of its group may use together. */
  memory_bytes?: number;
  /** Bytes that are left until then. What the group has in the page cache counts as used. */
  memory_left_bytes?: number;
}

/** Facts about a loaded model. */
export interface LoadReport {
  /** Engine and version, as in `tract 0.23.9`. */
  engine: string;
  /** `static` where the file fixes every size, `symbolic` where one plan serves every shape, else `per_shape`. */
  plan: string;
  /** Why there is no symbolic plan, where there is none. */
  reason?: string;
  /** Number of plans held. */
  plans: number;
  /** Bytes held. */
  memory_bytes: number;
  /** Milliseconds that load and compile took. */
  load_ms: number;
  /** How the engine was chosen, where the deploy names none and there are several. */
  choice?: EngineChoice;
}

/** When a revision is loaded. */
export type Loading =
  /** From its deploy on, and again when a process opens the directory; it stays. */
  | "resident"
  /** By the first request; it may be unloaded while no request runs. */
  | "on_demand";

/** The machine that measured. */
export interface MachineFacts {
  /** Architecture, as in `x86_64`. */
  architecture: string;
  /** Operating system, as in `linux`. */
  system: string;
  /** Name of the processor, where it can be told. */
  processor: string;
  /** Threads that run at once. */
  hardware_threads: number;
}

/** What the machine has and uses. */
export interface MachineReading {
  /** Logical CPUs. */
  cores?: number;
  /** Share of all CPUs that was used in the interval, 0 to 100. */
  cpu_percent?: number;
  /** Threads that ran or waited for a CPU, on average over one minute. */
  load_1m?: number;
  /** Over five minutes. */
  load_5m?: number;
  /** Over fifteen minutes. */
  load_15m?: number;
  /** Bytes of memory. */
  memory_total_bytes?: number;
  /** Bytes of memory that can be had without swapping. */
  memory_available_bytes?: number;
  /** Bytes of swap space. */
  swap_total_bytes?: number;
  /** Bytes of it in use. */
  swap_used_bytes?: number;
  /** Bytes of the file system on which the handle's directory lies. */
  disk_total_bytes?: number;
  /** Bytes of it that may still be written. */
  disk_available_bytes?: number;
  /** Bytes that all interfaces but loopback received since they came up. */
  network_received_bytes?: number;
  /** Bytes that they sent. */
  network_sent_bytes?: number;
}

/** What is known of a difference of means: score and information, which add up over strata. */
export interface MeanEvidence {
  /** Difference beyond the margin, times the information. */
  score: number;
  /** One over the variance of the difference. */
  information: number;
}

/** Output of `SetMemoryBudget`. */
export interface MemoryBudgetView {
  /** Bytes that models may hold, as a string; absent: no limit. */
  limit_bytes?: string;
  /** Bytes that they hold, as a string. More than the limit as long as what is resident, or runs, does not fit. */
  used_bytes: string;
}

/** What the intervals and p-values of an experiment stand for. */
export type Method =
  /** They hold at every moment, however often somebody looks. */
  | "sequential"
  /** They hold once, when every arm has been met `horizon` times. */
  | "fixed";

/** Something that is compared between the arms. */
export interface MetricConfig {
  /** Name of the metric. */
  name: string;
  /** How it comes out of outcomes. */
  kind: MetricKind;
  /** Which way is better. */
  goal: Goal;
  /** What it is for. */
  role: MetricRole;
  /**
   * The outcome that it is of; absent: the one of the metric's name. `latency_ms` and `failed` are recorded for every
   * request.
   */
  outcome?: string;
  /** The outcome whose sum a ratio divides by; only with the kind ratio. */
  per?: string;
  /** Which quantile, between 0 and 1; only with the kind quantile. */
  quantile?: number;
  /** By how much, relative to the control, an arm may be worse before a guardrail counts it as worse. Default 0. */
  margin?: number;
}

/** A figure of both versions. */
export interface MetricDifference {
  /** Of the base, where it has one. */
  base?: number;
  /** Of the candidate, where it has one. */
  candidate?: number;
  /** Candidate less base, where both have one. */
  difference?: number;
}

/** What one metric has shown: that its mean on the candidate is worse by more than the margin. */
export interface MetricEvidence {
  /** Of the steps before. */
  before: MeanEvidence;
  /** Of this step. */
  now: MeanEvidence;
}

/** One metric in a step. */
export interface MetricFindings {
  /** Name of the metric. */
  name: string;
  /** Values of the candidate, as a string. */
  candidate_values: string;
  /** Values of the baseline, as a string. */
  baseline_values: string;
  /** Mean of the candidate; absent without values. */
  candidate_mean?: number;
  /** Mean of the baseline; absent likewise. */
  baseline_mean?: number;
  /** Natural logarithm of the evidence that the candidate is worse by more than the margin, over all steps. */
  worse: number;
  /** That it is not, in this step. */
  no_worse: number;
}

/** How a metric comes out of outcomes. */
export type MetricKind =
  /** Mean of the values. */
  | "mean"
  /** Share of ones among values that are 0 or 1. */
  | "proportion"
  /** Sum of the values over the sum of another outcome. */
  | "ratio"
  /** Quantile of the values. */
  | "quantile";

/** What a metric is for. */
export type MetricRole =
  /** Decides the experiment. */
  | "primary"
  /** Is shown. */
  | "secondary"
  /** Stops the traffic of an experiment where an arm is shown to be worse. */
  | "guardrail";

/** Output of `GetMetrics`. */
export interface MetricsReport {
  /** Revisions by deployment, newest first. */
  deployments: Record<string, RevisionMetrics[]>;
}

/** Which requests run in the shadow. */
export interface MirrorConfig {
  /** Their share, in basis points, 1 to 10000. */
  share: number;
}

/** What requests in the shadow have shown so far, over all steps of this kind. */
export interface MirrorEvidence {
  /** That the candidate fails more of what the baseline answered than the margin allows. */
  fails_more: RateEvidence;
  /** That it does not. */
  fails_no_more: RateEvidence;
  /** That more of its answers differ than are allowed. */
  differs_more: RateEvidence;
  /** That no more do. */
  differs_no_more: RateEvidence;
}

/** How far the candidate's answers are from the baseline's to the same requests. */
export interface MirrorFindings {
  /** Requests of the step that both have answered, as a string. */
  compared: string;
  /**
   * Requests that were not run a second time, because too many waited; of recorded ones those that do not read, do not
   * fit, or are not answered by the baseline. As a string.
   */
  skipped: string;
  /**
   * Share of the answers that differ: another class first, or, of what is no classification, numbers beyond the
   * tolerance.
   */
  differing: number;
  /** The largest difference between numbers of an answer, on average over the requests. */
  mean_difference: number;
  /** The largest of all. */
  largest_difference: number;
  /**
   * Natural logarithm of the evidence that more answers differ than are allowed; 0 where nothing is said about that.
   */
  differs_more: number;
  /** That no more do; 0 likewise. */
  differs_no_more: number;
}

/** A name with versions and aliases. */
export interface Model {
  /** The name. */
  name: string;
  /** Type, with its template. */
  model_type: ModelKind;
  /** Highest version ever registered; the next automatic one follows it. */
  latest: string;
  /** Movable names. */
  aliases: Record<string, string>;
  /** Versions that were deleted: a number is never used again for other bytes. Absent: `[]`. */
  deleted?: string[];
  /** When the first version was registered, in milliseconds since 1970, as a string. */
  created_at: string;
}

/** What a model is for. */
export type ModelKind =
  /** Continues code: scores for the next tokens. */
  | "code_completion"
  /** Writes text about code: scores for the next tokens. */
  | "documentation_generation"
  /** Sorts code into labels. */
  | "code_analysis"
  /** Finds defects in code, per text or per position. */
  | "static_analysis"
  /** Finds weaknesses in code, per text or per position. */
  | "security_analysis"
  /** Predicts cost or picks a choice from features. */
  | "performance_optimization"
  /** Scores how well a text answers a query. */
  | "search"
  /** Turns a text into a vector whose neighbours mean the same. */
  | "semantic_search"
  /** Adapts to feedback: values or choices from features. */
  | "learning"
  /** Judges traffic or topology from features. */
  | "network"
  /** Anything. */
  | "custom";

/** Output of `ListModels`. */
export interface ModelList {
  /** By name. */
  models: Model[];
}

/** What loaded models hold in this process. */
export interface ModelMemory {
  /** Bytes that they are charged for together; what several share counts once. */
  used_bytes: number;
  /** Bytes that they may hold; absent: no limit. */
  limit_bytes?: number;
  /** Loaded revisions, by deployment and number. */
  revisions: RevisionMemory[];
}

/** Names a model. */
export interface ModelRef {
  /** The model. */
  model: string;
}

/** Sums of values, which add up and can be subtracted. */
export interface Moments {
  /** How many. */
  n: number;
  /** Their sum. */
  sum: number;
  /** The sum of their squares. */
  squares: number;
}

/** One node over all runs. */
export interface NodeProfile {
  /** Name in the engine's plan; parts that the engine made out of a node carry its name and a suffix. */
  name: string;
  /** Operator of the engine's plan, which may be a fused or lowered one. */
  op: string;
  /** Evaluations over all runs. */
  calls: number;
  /** Mean time of one evaluation in microseconds. */
  mean_us: number;
  /** Time over all runs in microseconds. */
  total_us: number;
  /** Share of the whole run time, 0 to 1. */
  share: number;
  /** Bytes of its outputs in one evaluation, as a string. */
  output_bytes: string;
  /** Its outputs in the last evaluation, as in `f32[1, 64]`. */
  shapes: string[];
}

/** What came of something. Exactly one of `key`, `revision` and `request_id` says of what. */
export interface Outcome {
  /** Name of the outcome, as metrics say it. */
  name: string;
  /** How much. */
  value: number;
  /** The caller's sticky key: it says which arm it was. */
  key?: string | null;
  /** Revision that answered, of a caller without a key. Two arms of one revision cannot be told apart by it. */
  revision?: number | null;
  /**
   * Name that the request had: what is remembered of it says which arm it was, and whose caller's. Only in the process
   * that answered, and as long as it remembers.
   */
  request_id?: string | null;
  /**
   * What is known of it, as its request said it or from elsewhere: where the experiment has segments, it counts in
   * those too, with values of up to 256 bytes each. Absent: `{}`.
   */
  attributes?: Record<string, string>;
}

/** What the host recorded of one name. */
export interface OutcomeSums {
  /** The name. */
  name: string;
  /** The values. */
  values: Moments;
}

/** Pads inputs along one axis to the longest of a batch, and cuts outputs back. */
export interface Padding {
  /** Name of the axis in the model's signature, as in `length`. */
  axis: string;
  /**
   * What each input is filled up with: the padding token for token ids, 0 for an attention mask. Every input that has
   * the axis must be named.
   */
  values: Record<string, number>;
  /** Lengths are rounded up to a multiple of this, so that fewer shapes occur. Default 1. */
  multiple_of?: number;
}

/** One part of the latency, in microseconds; quantiles are off by at most 3.2 %. */
export interface Phase {
  /** Mean. */
  mean_us: number;
  /** Median. */
  p50_us: number;
  /** 95th percentile. */
  p95_us: number;
  /** 99th percentile. */
  p99_us: number;
}

/** The parts of a latency: their means add up to the mean latency of the requests that an engine ran. */
export interface PhaseMetrics {
  /** Waiting for a free replica. */
  queue: Phase;
  /** Waiting for a batch to begin. */
  batch_wait: Phase;
  /** Checking the inputs and putting them together. */
  input: Phase;
  /** In the engine. */
  compute: Phase;
  /** Splitting, keeping and handing over the answer. */
  output: Phase;
}

/** What an experiment is planned by: a proportion, or a mean with its deviation. */
export interface PlanExperimentInput {
  /** The metric on the control: a proportion between 0 and 1, or a mean. */
  baseline: number;
  /** Standard deviation of the values of a mean; absent: it is a proportion. */
  deviation?: number | null;
  /**
   * Difference that is to be found, in units of the metric; absent: `values` is given, and the difference is asked for.
   */
  difference?: number | null;
  /** Values that each arm gets, as a string; absent: it is asked for. */
  values?: string | null;
  /** Probability of finding a difference where there is none, two-sided. Default 0.05. */
  level?: number | null;
  /** Probability of finding the difference where it is there. Default 0.8. */
  power?: number | null;
}

/** Levels of priority of a deployment's requests, and rules for each. */
export interface Priorities {
  /** Levels, 1 to 16. Default 3. Level 1 is the most urgent. */
  levels?: number;
  /** Level of a request that names none, 1 to `levels`. Default: the middle one, `levels` / 2 + 1. */
  default_level?: number;
  /**
   * Milliseconds after which a request that waits counts as one level more urgent, and again after as many more; 1 to 3
   * 600 000. Default 1000.
   */
  patience_ms?: number;
  /** Rules for single levels. Default none: requests of every level share the queue, and wait as long as they may. */
  policies?: QueuePolicy[];
}

/** What this process uses. */
export interface ProcessReading {
  /** Its number. */
  pid: number;
  /** Milliseconds that its threads ran on CPUs since it began, in the system's calls too. */
  cpu_time_ms?: number;
  /** Share of a CPU that it used in the interval, in percent: 200 is two CPUs. */
  cpu_percent?: number;
  /** Bytes in memory. */
  resident_bytes?: number;
  /** Most bytes that it ever had in memory. */
  peak_resident_bytes?: number;
  /** Bytes of its address space. */
  virtual_bytes?: number;
  /** Threads. */
  threads?: number;
  /** Open files and sockets. */
  open_files?: number;
  /** Bytes that it caused to be read from disks since it began; what the page cache had is none. */
  disk_read_bytes?: number;
  /** Bytes that it caused to be written to disks since it began. */
  disk_written_bytes?: number;
}

/** Input of `Profile`. */
export interface ProfileInput {
  /** The model. */
  model: string;
  /** A version, an alias, or `latest`. Absent: `"latest"`. */
  version?: string;
  /** Where the model is to run; absent: the default target. */
  target?: string | null;
  /** Engine; absent: the default, else the reference engine. */
  engine?: string | null;
  /** Threads that a run may use, 1 to 256. Absent: `1`. */
  threads?: number;
  /** Rows of a run, 1 to 4096. Absent: `1`. */
  batch?: number;
  /**
   * Sizes of inputs where inputs are generated: input name to sizes; the first one gives way to the batch. Absent:
   * `{}`.
   */
  shapes?: Record<string, number[]>;
  /** Runs to add up, 1 to 1000; fewer where they take more than 30 seconds together. Absent: `20`. */
  runs?: number;
}

/** Output of `Profile`. */
export interface ProfileReport {
  /** The model. */
  model: string;
  /** The version. */
  version: string;
  /** Digest of its file. */
  digest: Digest;
  /** Engine and version, as in `tract 0.23.9`. */
  engine: string;
  /** The machine that measured. */
  machine: MachineFacts;
  /** Where inputs come from: `probes` of the version, or `generated`. */
  inputs: string;
  /** Runs that were added up. */
  runs: number;
  /** Mean time of a run from inputs to outputs in microseconds. */
  run_us: number;
  /** Of that, within nodes. */
  attributed_us: number;
  /** Of that, outside of nodes: inputs and outputs, the walk over the plan, the clock itself. */
  unattributed_us: number;
  /**
   * Largest number of bytes that outputs of nodes hold at once, as a string: an upper bound, since a node may write
   * over what it reads.
   */
  peak_intermediate_bytes: string;
  /** Bytes that the loaded model holds, as a string: weights, plans, packed constants. */
  memory_bytes: string;
  /** Nodes of the engine's plan, the most expensive first. */
  nodes: NodeProfile[];
  /** Nodes that are left out, those that cost least. */
  left_out: number;
}

/**
 * How far a stage of an operation is.
 *
 * Within a stage `done` never falls. `total` is known from the first report on or never, and grows where there turns
 * out to be more. A stage that succeeds ends with `done` at `total`; one that is not needed has no report.
 */
export interface Progress {
  /** What is being done. */
  stage: ProgressStage;
  /** How much of it is done. */
  done: number;
  /** How much there is to do; absent where that is not known. */
  total?: number;
  /** What `done` and `total` count. */
  unit: ProgressUnit;
}

/** Stages of operations. */
export type ProgressStage =
  /** Reads a model file, in bytes: the one that is registered, or the kept one that is deployed. */
  | "read"
  /** Hashes the model file, in bytes. */
  | "hash"
  /** Writes the model file to the directory, in bytes; absent where the directory has it. */
  | "store"
  /** Loads the model, in replicas that are ready. */
  | "load"
  /** Runs the loaded model and compares its answers, in probes. */
  | "verify"
  /** Loads what the deployment keeps beside the revision that serves, in revisions. */
  | "keep_warm"
  /** Waits for requests on what was stopped, in requests that have ended. */
  | "drain"
  /** Copies the database, in pages. */
  | "copy_database"
  /** Checks the log and folds the state again, in events. */
  | "check_log"
  /** Copies artifacts and checks them on the way, in bytes. */
  | "copy_artifacts"
  /** Reads artifacts and checks their digests, in bytes. */
  | "check_artifacts"
  /** Looks for artifacts to remove, in artifacts that were looked at. */
  | "collect"
  /** Measures cases in turn, in rounds of a case. */
  | "benchmark"
  /** Runs a model node by node, in runs. */
  | "profile"
  /** Runs a data set, in its rows. */
  | "evaluate";

/** What the figures of a report count. */
export type ProgressUnit =
  /** Bytes. */
  | "bytes"
  /** Running copies of a model. */
  | "replicas"
  /** Known inputs with their answers. */
  | "probes"
  /** Revisions of a deployment. */
  | "revisions"
  /** Requests to a deployment. */
  | "requests"
  /** Pages of the database. */
  | "pages"
  /** Events of the log. */
  | "events"
  /** Artifacts. */
  | "artifacts"
  /** Rounds of a measurement. */
  | "rounds"
  /** Runs of a model. */
  | "runs"
  /** Rows of a data set. */
  | "rows";

/** Input of `Promote`. */
export interface PromoteInput {
  /** The deployment. */
  deployment: string;
  /** A version or an alias among its revisions; absent: the candidate that is ready. */
  version?: string | null;
}

/** Evidence about the difference of two proportions. */
export interface ProportionEvidence {
  /** Logarithm of the e-value of each alternative. */
  log_e: number[];
  /** Trials of the control so far. */
  control_n: number;
  /** Its hits so far. */
  control_hits: number;
}

/** Whether the proportions of all arms are the same. */
export interface ProportionsTest {
  /** The metric. */
  metric: string;
  /** Pearson's chi-square, without a correction for continuity. */
  statistic: number;
  /** Its degrees of freedom: the arms less one. */
  df: number;
  /** Probability of proportions as far apart where all are the same. */
  p_value: number;
}

/** How requests of one level wait. */
export interface QueuePolicy {
  /** The level, 1 to `levels`. */
  level: number;
  /**
   * Requests of the level that may wait, from 1; one more is refused with `overloaded`. Default: the queue of the
   * deployment alone sets the limit.
   */
  max_queue?: number;
  /**
   * Milliseconds that a request without a timeout of its own may wait, 1 to 3 600 000. Default: as long as it takes.
   */
  default_timeout_ms?: number;
  /** What becomes of a request that waited so long. Default `reject`. */
  timeout_action?: TimeoutAction;
}

/**
 * Whether values of an arm tend to be larger or smaller than the control's (Mann and Whitney 1947), corrected for ties.
 */
export interface RanksTest {
  /** The metric. */
  metric: string;
  /** The arm. */
  arm: string;
  /**
   * Pairs of a value of the arm and one of the control of which the arm's is the larger, and half of those that are
   * equal.
   */
  u: number;
  /** How many standard errors that is above half of all pairs. */
  z: number;
  /** Two-sided probability of a `z` as far from 0 where neither tends to be larger. */
  p_value: number;
  /**
   * Chance that a value of the arm exceeds one of the control, and half of that of equal ones (the common-language
   * effect).
   */
  superiority: number;
}

/** Evidence about one rate. */
export interface RateEvidence {
  /** Logarithm of the e-value of each alternative. */
  log_e: number[];
}

/** Input of `RecordLabels`. */
export interface RecordLabelsInput {
  /** The deployment. */
  deployment: string;
  /** Labels of its requests, at most 10000. */
  labels: Label[];
}

/** Input of `RecordOutcomes`. */
export interface RecordOutcomesInput {
  /** The deployment. */
  deployment: string;
  /** What came of its requests, at most 10000; all of them are taken, or none. */
  outcomes: Outcome[];
}

/** Output of `RecordLabels`. */
export interface RecordedLabels {
  /** Requests of this process that are remembered and had an answer with classes. */
  known: number;
  /** Those of them whose first class was the right one. */
  right: number;
  /** Labels that a rollout or an experiment took, as the outcome `accuracy`: 1 where the class was right, else 0. */
  recorded: number;
  /** Labels of requests that are not remembered, or had no such answer, or their label already. */
  unknown: number;
}

/** Output of `RecordOutcomes`. */
export interface RecordedOutcomes {
  /** Outcomes that an arm got. */
  recorded: number;
  /** Outcomes of callers who take no part. */
  held_out: number;
  /**
   * Outcomes that came when the experiment was over, or of requests that were part of an earlier one, and are not
   * taken.
   */
  late: number;
  /** Outcomes of requests that are not remembered, or not any more, as a string. */
  unknown: string;
}

/** Requests that are recorded, by deployment. What callers send is kept on the disk as they sent it. */
export interface RecordingConfig {
  /**
   * How many of a deployment at most, up to 10 000; 0: none, and what is there is removed at the next open. Default 1
   * 000. Absent: `1000`.
   */
  requests?: number;
  /** How many bytes of a deployment at most, 1 MiB or more. Default 256 MiB. */
  bytes?: number;
  /** For how many milliseconds each is kept. Default a day. */
  ms?: number;
}

/** Recorded requests of a deployment. */
export interface RecordingView {
  /** How many, as a string. */
  requests: string;
  /** Bytes of their files, as a string. */
  bytes: string;
  /** When the oldest was answered, in milliseconds since 1970, as a string; absent: there is none. */
  since?: string;
  /**
   * Requests that this process was to record since it opened the directory, and has not, as they were too large or came
   * too fast, as a string.
   */
  skipped: string;
}

/** Input of `RegisterVersion`. */
export interface RegisterVersionInput {
  /** The model; made by its first version. */
  model: string;
  /** Path of the model file. */
  path: string;
  /** Semantic version; absent: the next major version. */
  version?: string | null;
  /** Type of the model; absent: the model's, `custom` for a new one. */
  model_type?: ModelKind | null;
  /** Names of the classes; absent: those in the file's metadata. */
  labels?: string[] | null;
  /** Free text. Absent: `""`. */
  description?: string;
  /** Free names and values. Absent: `{}`. */
  tags?: Record<string, string>;
  /** Measured figures. Absent: `{}`. */
  metrics?: Record<string, number>;
  /** Version of the same model that this one was made from. */
  parent?: string | null;
  /** Identifies the training run. */
  training_run?: string | null;
  /** Path of a JSON file with probe inputs and expected outputs, which every deploy is checked against. */
  probes_path?: string | null;
}

/** Input of `RemoveAlias`. */
export interface RemoveAliasInput {
  /** The model. */
  model: string;
  /** The alias. */
  alias: string;
}

/** Which recorded requests run on the new revision. */
export interface ReplayConfig {
  /** How many at most, the newest first, 1 to 10000. Default 1000. */
  requests?: number;
}

/** How far a replay is. */
export interface ReplayFindings {
  /** Recorded requests of the step, as a string. */
  recorded: string;
  /** Those of them that have run or were skipped, as a string. */
  run: string;
}

/** Replicas of both revisions in each process while a step lasts. */
export interface ReplicaCounts {
  /** Of the revision that is brought in, 1 or more. */
  candidate: number;
  /** Of the one that served before, 1 or more. */
  baseline: number;
}

/** What one replica did since it was started. */
export interface ReplicaLoad {
  /** Runs, whole batches among them. */
  runs: string;
  /** Microseconds in the engine. */
  busy_us: string;
}

/** Observed replicas of one revision in one process. */
export interface ReplicaStatus {
  /** Replicas that can run. */
  replicas: number;
  /** Replicas that run a request now. */
  busy: number;
  /** Requests that wait. */
  waiting: number;
  /** Replicas that were replaced after a failure or a panic. */
  replaced: string;
  /** What the engine says of the loaded model. */
  load: LoadReport;
  /** How requests are batched, where they are. */
  batching?: BatchStatus;
  /** How an `on_demand` revision came and went; absent for a resident one. */
  residency?: ResidencyStatus;
}

/** Requests of one revision. */
export interface RequestMetrics {
  /** Answered requests. */
  requests: string;
  /** Failed requests by kind. */
  errors: Record<string, number>;
  /** Mean latency in microseconds. */
  latency_mean_us: number;
  /** Median latency in microseconds, off by at most 3.2 %. */
  latency_p50_us: number;
  /** 95th percentile in microseconds. */
  latency_p95_us: number;
  /** 99th percentile in microseconds. */
  latency_p99_us: number;
  /** Requests under way. Absent: `"0"`. */
  in_flight?: string;
  /** Where the time of the requests went that an engine ran; absent before the first. */
  phases?: PhaseMetrics;
  /** Rows of a run that a request was part of, on average over requests; absent where requests are not batched. */
  batch_rows_mean?: number;
}

/** Output of `ExplainRequest`. */
export interface RequestView {
  /** The deployment. */
  deployment: string;
  /** Name that the request had. */
  request_id: string;
  /** When it ended, in milliseconds since 1970, as a string. */
  at: string;
  /** The revision that it went to. */
  revision: number;
  /** Its version. */
  version: string;
  /** Name of the error, where it failed. */
  error?: string;
  /** The class that came first, of one row with classes that have names. */
  label?: string;
}

/** How an `on_demand` revision came and went in this process. */
export interface ResidencyStatus {
  /** Whether it is loaded. */
  loaded: boolean;
  /** Loads that a request waited for, as a string. */
  cold_loads: string;
  /** Unloads that made room for another one, as a string. */
  evictions: string;
  /** Unloads because no request came for long enough, as a string. */
  idle_unloads: string;
  /** Milliseconds that the last load took, verification included; absent before the first one. */
  last_load_ms?: number;
}

/** What this process and its machine use now. Where a figure is absent, the platform does not tell it. */
export interface ResourceReport {
  /**
   * Milliseconds that percentages of CPUs are taken over: since the reading before, at least 200; absent at the first
   * reading of a handle, which has no percentages.
   */
  interval_ms?: number;
  /** This process, with all that its host does in it. */
  process: ProcessReading;
  /** The machine, or what a container shows of it. */
  machine: MachineReading;
  /** What the system leaves to the process of the machine. */
  limits: LimitReading;
  /** GPUs. */
  gpus: GpuReadings;
  /** Memory of loaded models. */
  models: ModelMemory;
}

/** Input of `Retain`. An event goes when every bound that is given lets it go; at least one is given. */
export interface RetainInput {
  /** Keeps the last so many events, the new checkpoint among them; 1 or more. */
  keep_events?: number | null;
  /** Keeps events younger than so many milliseconds, as a string. */
  keep_ms?: string | null;
}

/** Output of `Retain`. */
export interface RetainReport {
  /** Head of what was cut away; absent where nothing was. */
  cut?: Head;
  /** Events removed, as a string. */
  removed: string;
  /** Head of the log: after a cut, the checkpoint's. */
  head: Head;
}

/** A version with one configuration inside a deployment. */
export interface Revision {
  /** 1, 2, 3, … */
  number: number;
  /** Version of the model. */
  version: string;
  /** Threads that one request may use. */
  threads: number;
  /** Input shapes to compile plans for before traffic: input name to sizes. Absent: `[]`. */
  shapes?: Record<string, number[]>[];
  /** Engine asked for, or none for the default. */
  engine?: string;
  /** Where it stands. */
  status: RevisionStatus;
  /** Why it failed, or what verification found. */
  note?: string;
  /** How requests are batched, where they are. */
  batching?: BatchConfig;
  /** How answers are kept; absent: they are not. */
  cache?: CacheConfig;
  /** When it is loaded; absent: it is resident. */
  loading?: Loading;
  /** Milliseconds without a request after which it is unloaded, as a string; absent: only to make room. */
  unload_after_ms?: string;
  /** What it was tuned to, and the figures behind it; absent: it was not. */
  tuning?: Tuning;
  /** What sessions carry from call to call; absent: nothing. */
  state?: StateConfig;
  /** How one request gives many answers; absent: it cannot. */
  stream?: StreamConfig;
  /** How traffic moves to it, where that goes by steps. */
  canary?: CanaryConfig;
}

/** What one loaded revision holds. */
export interface RevisionMemory {
  /** The deployment. */
  deployment: string;
  /** Number of the revision. */
  revision: number;
  /** Version of the model. */
  version: string;
  /** Bytes of its weights and plans, those that it shares with others too; 0 while an `on_demand` one is not loaded. */
  bytes: number;
}

/** Requests of one revision. */
export interface RevisionMetrics {
  /** Number of the revision. */
  revision: number;
  /** Its version. */
  version: string;
  /** Counts and latencies. */
  requests: RequestMetrics;
  /** What its cache did since it was loaded; absent where answers are not kept. */
  cache?: CacheMetrics;
  /** Counts of open processes that it is the sum of; absent where only this one is asked. */
  processes?: number;
  /** What each replica did; empty where the target does not tell them apart. Absent: `[]`. */
  replicas?: ReplicaLoad[];
  /** Sessions and streams in this process; absent where there were none. */
  sessions?: SessionMetrics;
}

/** States of a revision. */
export type RevisionStatus =
  /** Being brought up. */
  | "loading"
  /** Loaded, verified, without traffic. */
  | "ready"
  /** Serves. */
  | "active"
  /** Served before. */
  | "retired"
  /** Could not be brought up, or kept failing. */
  | "failed"
  /** Overtaken by a rollback or a stop before it was ready. */
  | "superseded";

/** Input of `Rollback`. */
export interface RollbackInput {
  /** The deployment. */
  deployment: string;
  /** A version that served before; absent: the last one, or, while a change is under way, the end of that change. */
  version?: string | null;
  /** Why. */
  reason?: string | null;
}

/** How replicas are replaced, in each process. */
export interface RollingConfig {
  /** Replicas that may be there beyond the number that the deployment has; absent: a quarter of it, rounded up. */
  max_surge?: number | null;
  /** Replicas that may be missing meanwhile, less than the deployment has; absent: none. */
  max_unavailable?: number | null;
  /** Milliseconds that each step lasts at least, as a string; absent: until its replicas are up. */
  min_ms?: string | null;
  /** Milliseconds after which a step whose replicas are not up is inconclusive, as a string; absent: it waits. */
  max_ms?: string | null;
  /** What ends the rollout while it is under way; absent: with the defaults. */
  analysis?: AnalysisConfig | null;
}

/** The move of a deployment's traffic from one revision to another. */
export interface Rollout {
  /** Revision that served before. */
  baseline: number;
  /** Revision that is tried. */
  candidate: number;
  /** How it proceeds. */
  canary: CanaryConfig;
  /** Number of the step, from 0. */
  step: number;
  /** Share of the traffic that the candidate gets now, in basis points. */
  weight: number;
  /** Where it stands. */
  phase: RolloutPhase;
  /** Why, in a sentence. */
  reason: string;
  /** Secret that decides which keys are the first, as a string. */
  salt: string;
  /** When the step began, in milliseconds since 1970, as a string. */
  since: string;
  /** What was counted before the step and is not of it; absent until the step's first look. */
  from?: Seen;
  /** What the steps so far have shown. */
  evidence: Evidence;
  /** The figures behind the last change. */
  findings?: Findings;
}

/** Names a deployment whose rollout is to change, and says why. */
export interface RolloutInput {
  /** The deployment. */
  deployment: string;
  /** Why. */
  reason?: string | null;
}

/** A figure that the host records, which must not get worse. */
export interface RolloutMetric {
  /** Name of the outcome, as `record_outcomes` says it. */
  name: string;
  /** Which way is better. */
  goal: Goal;
  /** How much worse its mean may be on the new revision, above 0, in units of the metric. */
  margin: number;
}

/** Where a rollout stands. */
export type RolloutPhase =
  /** The step is being judged. */
  | "analysing"
  /** The step has passed, and waits for `advance_rollout`. */
  | "gated"
  /** Somebody stopped it; the share of the traffic stays. */
  | "paused"
  /** The step took too long to be judged; the share of the traffic stays until somebody decides. */
  | "inconclusive"
  /** All traffic has moved. */
  | "completed"
  /** All traffic has moved back. */
  | "aborted";

/** Output of the operations on rollouts. */
export interface RolloutView {
  /** The deployment. */
  deployment: string;
  /** The last rollout; absent: none was begun. */
  rollout?: Rollout;
  /**
   * What the step under way shows, as of the last look of the process that decides; absent in other processes, and
   * before the first look.
   */
  findings?: Findings;
  /** What is recorded of the deployment's requests; absent: nothing. */
  recording?: RecordingView;
}

/** Where some requests go. */
export interface RouteRule {
  /** What a request has to say of itself, all of it; 1 to 8 conditions. */
  when: RuleCondition[];
  /** Who answers it. */
  to: RuleTarget;
  /** The version, with the target `version`: one that the deployment has brought up. */
  version?: string;
}

/** One attribute of a request. */
export interface RuleCondition {
  /** Name of the attribute. */
  attribute: string;
  /** Values of which it has to have one, 1 to 64. */
  any_of: string[];
}

/** Who answers the requests that a rule is about. */
export type RuleTarget =
  /** The revision that serves: they take no part in what is tried. */
  | "serving"
  /** The revision that a rollout tries; without one, the next rule counts. */
  | "candidate"
  /** The version that the rule names. */
  | "version";

/** Output of `SetRules`. */
export interface RulesView {
  /** The deployment. */
  deployment: string;
  /** Its rules, in the order in which they count. */
  rules: RouteRule[];
}

/** Input of `Scale`. */
export interface ScaleInput {
  /** The deployment. */
  deployment: string;
  /** Replicas in each process, 1 to 1024. */
  replicas: number;
}

/** What should be done about the number of replicas, and the figures behind it, of the busiest process. */
export interface ScaleRecommendation {
  /** When it was made, in milliseconds since 1970, as a string. */
  at: string;
  /** Replicas that there should be in each process. */
  desired: number;
  /** Replicas that there are. */
  current: number;
  /** Whether the number is changed: it differs, and this is no dry run. */
  act: boolean;
  /**
   * The signal that called for the most replicas: `in_flight`, `queue_delay`, `latency`, `backlog`, `forecast`, `idle`,
   * `first_arrival` or `no_demand`.
   */
  reason: string;
  /**
   * What kept the number from being what was called for, in the order in which it did: `floor`, `ceiling`, `tolerance`,
   * `stabilisation`, `recurrence`, `backlog`, `panic`, `cooldown`, `rate`.
   */
  limits: string[];
  /** Requests in a second, now. */
  arrivals_per_s: number;
  /** Requests in a second that are reckoned with. */
  expected_per_s: number;
  /** Mean time on a replica, once it was measured. */
  service_ms?: number;
  /** Requests that would be in flight if none waited. */
  offered: number;
  /** Requests that a replica should have in flight. */
  target_in_flight: number;
  /** Time that requests may wait, where it is bounded. */
  queue_budget_ms?: number;
  /** Share of requests that wait longer with the replicas that there are, by the model. */
  late?: number;
  /** Share of requests that may. */
  late_allowed: number;
  /** Whether the time on a replica alone misses the objective, so that no number of replicas meets it. */
  unreachable: boolean;
  /** Time until a replica that is ordered now serves. */
  lead_ms: number;
  /** Whether nothing is removed, since need rose suddenly. */
  panic: boolean;
  /** How replicas themselves should change. Absent: `[]`. */
  vertical?: SizeChange[];
}

/** What both revisions have got. */
export interface Seen {
  /** The one that is tried. */
  candidate: ArmCounts;
  /** The one that served before. */
  baseline: ArmCounts;
}

/** A comparison among the callers whose requests say the same. */
export interface SegmentComparison {
  /** The attribute. */
  attribute: string;
  /** Its value; absent: all those that are not kept apart, together. */
  value?: string;
  /**
   * The comparison. Its adjusted p-value is corrected for all comparisons of all segments, as the experiment corrects.
   */
  comparison: Comparison;
}

/** Sessions of one loaded revision in this process. A stream outside a session is one of its own while it lasts. */
export interface SessionMetrics {
  /** Sessions that are open. */
  open: number;
  /** Bytes that they carry, as a string. */
  bytes: string;
  /** Sessions that were opened, as a string. */
  opened: string;
  /** Sessions that ended because no call came for long enough, as a string. */
  expired: string;
  /** Sessions that were not opened, and calls that were not answered, because of a bound; as a string. */
  refused: string;
}

/** Input of `SetAlias`. */
export interface SetAliasInput {
  /** The model. */
  model: string;
  /** The alias, as in `production`. */
  alias: string;
  /** A version, another alias, or `latest`. */
  version: string;
}

/** Input of `SetAutoscale`. */
export interface SetAutoscaleInput {
  /** The deployment. */
  deployment: string;
  /** How it scales; absent switches it off. */
  autoscale?: AutoscaleConfig | null;
}

/** Input of `SetMemoryBudget`. */
export interface SetMemoryBudgetInput {
  /** Bytes, 1 MiB or more, as a string; absent: no limit. */
  bytes?: string | null;
}

/** Input of `SetRules`. */
export interface SetRulesInput {
  /** The deployment. */
  deployment: string;
  /**
   * At most 32; the first one that is about a request counts. They take the place of those before, so none takes them
   * away.
   */
  rules: RouteRule[];
}

/** Input of `SetVersionStatus`. */
export interface SetVersionStatusInput {
  /** The model. */
  model: string;
  /** A version, an alias, or `latest`. */
  version: string;
  /** New status. */
  status: VersionStatus;
  /** Why. */
  reason?: string | null;
}

/**
 * Settings of a handle. `Settings::default` suits an embedded host: no limit but what the host sets.
 *
 * Times are in milliseconds, sizes in bytes. `None` means no limit.
 */
export interface Settings {
  /** Whether a directory may be opened at all. Default true. */
  enabled?: boolean;
  /** Target of a deployment that names none: `local`, or the name of a backend of the builder. Default `local`. */
  default_target?: string;
  /** Strategy of a change that names none. Default immediate. */
  default_strategy?: Strategy;
  /** Whether the number of replicas may change, by hand or by rule. Default true. */
  scale_enabled?: boolean;
  /** Whether requests are counted and timed. Default true. */
  monitoring_enabled?: boolean;
  /** Deployments at most. Default none. */
  max_deployments?: number | null;
  /** Control operations that run at once. Default none. */
  max_concurrent?: number | null;
  /** Memory for weights and plans of loaded models. Default none. */
  memory_budget_bytes?: number | null;
  /** Memory for compiled plans of one loaded model, within the budget. Default 256 MiB. */
  plan_cache_bytes?: number;
  /** Size of one model artifact at most. Default 16 GiB. */
  max_artifact_bytes?: number;
  /** Requests of one deployment that wait at most. Default 1024. */
  max_queue?: number;
  /** Replicas of one deployment at most, 1 to 1024. Default 1024. */
  max_replicas?: number;
  /** Threads for asynchronous predictions; 0 for one per core. Default 0. */
  workers?: number;
  /** Time that `undeploy` waits for running requests. Default 30 000. */
  drain_timeout_ms?: number;
  /** Time between two looks at what other processes did to the directory. Default 100. */
  poll_interval_ms?: number;
  /** Time between two heartbeats of this process. Default 1 000. */
  heartbeat_ms?: number;
  /** Time after which the deciding lease of a silent process lapses; more than two heartbeats. Default 3 000. */
  lease_ttl_ms?: number;
  /** Previous revisions of a deployment that stay loaded, so that a rollback loads nothing. Default 1. */
  keep_warm?: number;
  /** Consecutive failures after which a deployment is marked as in error. Default 5. */
  failures_to_error?: number;
  /**
   * Events of the log that stay when it has grown to twice as many; older ones are cut away. Default none: all stay.
   */
  retain_events?: number | null;
  /** Whether the directory is only read: predictions work, every change is refused. Default false. */
  read_only?: boolean;
  /** Whether the directory may lie on a network file system, where file locks are often not kept. Default false. */
  allow_network_fs?: boolean;
  /** Whether a model without probes or references may be deployed unverified. Default false. */
  allow_unverified?: boolean;
  /**
   * Whether an open waits until deployments are loaded, rather than loading them in the background or at their first
   * request. Default true.
   */
  load_on_open?: boolean;
  /** Who acts, for the audit log, where the caller does not say. Default `local`. */
  actor?: string;
  /** Engine of a deployment that names none. Default none: the fastest one that gives the right answers. */
  default_engine?: string | null;
  /**
   * ONNX Runtime's shared library, which then stands for choice among the engines: `auto` for the one that is found, or
   * the path of a file. Default none: `ort` serves where a deploy names it, with the library that is found.
   */
  onnxruntime?: string | null;
  /** Execution providers of ONNX Runtime, the preferred one first, such as `cuda`. Default none: the CPU. */
  onnxruntime_providers?: string[];
  /** Redis for deployments that keep answers there, such as `redis://localhost:6379`. Default none. */
  cache_redis_url?: string | null;
  /** When a deployment is loaded whose deploy does not say. Default resident. */
  default_loading?: Loading;
  /**
   * Whether shapes that run often may get plans of their own, in the background. Answers then differ in the last digits
   * from those before. Default true.
   */
  specialise?: boolean;
  /** Which requests with a name of their own are remembered, for labels that come later. Default: 10 000 for a day. */
  journal?: JournalConfig | null;
  /** Share of one processor, in percent, 1 to 100, that runs of versions in the shadow may take. Default 10. */
  shadow_cpu_percent?: number;
  /**
   * Which requests are kept in the directory, with their inputs and answers, for steps that replay them. Default none:
   * nothing is recorded.
   */
  recording?: RecordingConfig | null;
}

/** Points up to a bound, from the bound before. */
export interface Share {
  /** First point that is not of it. */
  below: number;
  /** Index of the arm that gets it. */
  arm: number;
}

/** Inputs and outputs of a model, in the model's order. */
export interface Signature {
  /** What goes in. */
  inputs: TensorSpec[];
  /** What comes out. */
  outputs: TensorSpec[];
}

/** A change of the replicas themselves. */
export interface SizeChange {
  /** `threads` of one request, or `batch`: rows of one batch at most. */
  what: string;
  /** What it is. */
  from: number;
  /** What it should be. */
  to: number;
  /** What calls for it: `bounds`, `service` or `waiting`. */
  reason: string;
}

/** What batches of one size cost. */
export interface SizeStatus {
  /** Rows, rounded up to a power of two. */
  rows: number;
  /** Microseconds of a batch of this size, a moving average. */
  mean_us: number;
  /** How often it ran. */
  times: number;
}

/** What sessions of a deployment carry, and how many there may be in each process. */
export interface StateConfig {
  /** Tensors that go from call to call. Absent: `[]`. */
  carried?: CarriedTensor[];
  /** Sessions that are open at once at most, 1 to 1048576; absent: 1024. */
  max_sessions?: number;
  /** Bytes that they carry together at most, as a string; absent: 64 MiB. */
  max_bytes?: string;
  /** Milliseconds without a call after which a session ends, as a string; absent: five minutes. */
  idle_ms?: string;
}

/** A value that ends a stream. */
export interface StopValue {
  /** The output that is looked at: of numbers or bools. */
  output: string;
  /** The value that all its elements must have; 1 for true. */
  equals: number;
}

/** How a change of revision reaches the traffic. */
export type Strategy =
  /** Load the new revision, then switch all traffic at once. */
  | "immediate"
  /** Replace replicas one after another. */
  | "rolling"
  /** Build a full second set of replicas, then switch and keep the first for a while. */
  | "blue_green"
  /** Give the new revision a growing share of the traffic while its metrics hold. */
  | "canary"
  /** Copy traffic to the new revision and throw its answers away. */
  | "shadow"
  /** Split the traffic in halves by sticky key until somebody decides. */
  | "ab_testing"
  /** Run recorded requests on the new revision before it gets any traffic. */
  | "replay";

/** How one request gives many answers. */
export type StreamConfig =
  | StreamConfigWindows
  | StreamConfigRepeat;

/** One answer for each window of a long input, in order. The other inputs are given to every window. */
export interface StreamConfigWindows {
  type: "windows";
  /** The input that is cut. */
  input: string;
  /** The axis that it is cut along, from 0. */
  axis: number;
  /** Elements of a window. */
  length: number;
  /** Elements from the start of one window to the start of the next, 1 to `length`. */
  hop: number;
  /** Elements before a window that come along in front of it; zeros before the first ones. Absent: `0`. */
  context?: number;
  /** Whether the last window is filled up with zeros; else what does not fill a window is left out. Absent: `true`. */
  pad_last?: boolean;
}

/** The model runs again on its own outputs. */
export interface StreamConfigRepeat {
  type: "repeat";
  /** What is given to the next step; inputs that are not fed stay as they were. Absent: `[]`. */
  feed?: FedTensor[];
  /** Steps at most, 1 to 1048576. */
  max_steps: number;
  /** What ends the stream before that; the answer that meets it is the last one. */
  until?: StopValue;
}

/** One input or output. */
export interface TensorSpec {
  /** The name in the model. */
  name: string;
  /** Element type. */
  dtype: DType;
  /** Sizes of the axes, outermost first. */
  shape: Dim[];
}

/** What becomes of a request that waited for `default_timeout_ms`. */
export type TimeoutAction =
  /** It is refused with `deadline_exceeded`, as one that brought this timeout. */
  | "reject"
  /** It is put behind, as if it came at this moment with the least urgent level. */
  | "delay";

/**
 * How far a number may be from the expected one: `|expected - found| <= atol + rtol * |expected|`.
 *
 * Integers, bools and strings must be equal; an infinity must be the same one, and NaN must be where NaN is expected.
 */
export interface Tolerance {
  /** Relative part, 0 or more. Default 1e-4. */
  rtol?: number;
  /** Absolute part, 0 or more. Default 1e-5. */
  atol?: number;
}

/** What a deploy was tuned to, and the figures behind it. */
export interface Tuning {
  /** What it is tuned for. */
  aim: Aim;
  /** The machine that measured: architecture, processor, threads that run at once. */
  machine: string;
  /** Whether the figures are of an earlier deploy of the same file on the same kind of machine. Absent: `false`. */
  remembered?: boolean;
  /** Position of the chosen case. */
  chosen: number;
  /** Every case: by rows, then by threads. */
  cases: TuningCase[];
}

/** What a case gave. */
export interface TuningCase {
  /** Threads of one request. */
  threads: number;
  /** Replicas that ran at once. */
  replicas: number;
  /** Rows of one request. */
  rows: number;
  /** Median time of a request in microseconds. */
  latency_us: number;
  /** Rows in a second, all replicas together. */
  rows_per_second: number;
}

/** Input of `Undeploy`. */
export interface UndeployInput {
  /** The deployment. */
  deployment: string;
  /** Do not wait for running requests. Absent: `false`. */
  force?: boolean;
}

/** Output of `CompareVersions`. */
export interface VersionComparison {
  /** The model. */
  model: string;
  /** Version of the base. */
  base: string;
  /** Version of the candidate. */
  candidate: string;
  /** Same artifact. */
  same_artifact: boolean;
  /** The verdict. */
  compatibility: Compatibility;
  /** What differs in signature and labels, a sentence each. */
  differences: string[];
  /** Size of the base in bytes, as a string. */
  base_bytes: string;
  /** Size of the candidate in bytes, as a string. */
  candidate_bytes: string;
  /** By name. */
  metrics: Record<string, MetricDifference>;
}

/** Output of `ListVersions`. */
export interface VersionList {
  /** By number, oldest first. */
  versions: VersionRecord[];
}

/** One version of one model, by number. */
export interface VersionPin {
  /** The model. */
  model: string;
  /** Its version. */
  version: string;
}

/** One immutable artifact of a model and what is known of it. */
export interface VersionRecord {
  /** The model. */
  model: string;
  /** Semantic version. */
  version: string;
  /** Digest of the model file. */
  digest: Digest;
  /** Size of the model file in bytes, as a string. */
  bytes: string;
  /** Format of the model file. */
  format: string;
  /** Inputs and outputs. */
  signature: Signature;
  /** Names of the classes, in the order of the last output axis. Absent: `[]`. */
  labels?: string[];
  /** Free text. Absent: `""`. */
  description?: string;
  /** Free names and values. Absent: `{}`. */
  tags?: Record<string, string>;
  /** Measured figures. Absent: `{}`. */
  metrics?: Record<string, number>;
  /** Version of the same model that this one was made from. */
  parent?: string;
  /** Identifies the training run. */
  training_run?: string;
  /** Probe inputs and expected outputs, in the artifact store. */
  probes?: Digest;
  /** Who gave the expected outputs: `registrar`, or the engine. */
  probes_from?: string;
  /**
   * Constructs that engines are known to get wrong; such a version deploys only with the registrar's probes. Absent:
   * `[]`.
   */
  suspect?: string[];
  /** Where it stands. */
  status: VersionStatus;
  /** When it was registered, in milliseconds since 1970, as a string. */
  created_at: string;
  /** What evaluations found: the last one of each gate, the latest last. Absent: `[]`. */
  evaluations?: Evaluation[];
  /** Versions that a pipeline is made of; they stay as long as it does. Absent: `[]`. */
  uses?: VersionPin[];
}

/** Names a version. */
export interface VersionRef {
  /** The model. */
  model: string;
  /** A version, an alias, or `latest`; absent: `latest`. Absent: `"latest"`. */
  version?: string;
}

/** Where a version stands. */
export type VersionStatus =
  /** Registered. */
  | "draft"
  /** Being tried. */
  | "testing"
  /** Fit for traffic. */
  | "approved"
  /** Served by a deployment. */
  | "deployed"
  /** To be replaced; still serves. */
  | "deprecated"
  /** Not to be deployed again. */
  | "retired"
  /** Failed to load or to verify. */
  | "failed";

/**
 * Between which bounds threads of a request and rows of a batch follow the objective; what has no `max` does not
 * change. Each change is a revision of the same version.
 */
export interface VerticalConfig {
  /** Threads of one request at least, 1 to 256. Default 1. */
  min_threads?: number;
  /** Threads of one request at most, 1 to 256. Default: they do not change. */
  max_threads?: number;
  /** Rows of one batch at least, 1 to 4096. Default 1. */
  min_batch_size?: number;
  /** Rows of one batch at most, 1 to 4096, where the deployment batches. Default: they do not change. */
  max_batch_size?: number;
  /** Time after such a change before the next one; at least a stable window counts. Default 60 000. */
  cooldown_ms?: number;
}

/** What went wrong, coarsely enough to act on. */
export type ErrorKind =
  /** An argument is missing, malformed or out of range. Code 4000. */
  | "invalid_argument"
  /** The caller did not say who it is. Code 4001. */
  | "unauthenticated"
  /** The caller may not do this. Code 4003. */
  | "forbidden"
  /** The thing named does not exist. Code 4004. */
  | "not_found"
  /** The handle was opened read-only. Code 4005. */
  | "read_only"
  /** The state does not allow this now, or it changed meanwhile. Code 4009; the same call may succeed later. */
  | "conflict"
  /** A newer holder of the deciding lease exists. Code 4010. */
  | "fenced"
  /** More than a limit allows: bytes, nodes, rank, depth. Code 4013. */
  | "too_large"
  /** A format, operator, element type, strategy or target that this build does not support. Code 4015. */
  | "unsupported"
  /** The directory was written by a newer version of this library. Code 4016. */
  | "newer_format"
  /** Bytes do not have the digest or signature that they should have. Code 4022. */
  | "integrity_mismatch"
  /** The model file is damaged, hostile or not a model. Code 4023. */
  | "invalid_model"
  /** Outputs of the probe inputs disagree with the stored ones. Code 4024. */
  | "verification_failed"
  /** Too many requests from one principal. Code 4029; the same call may succeed later. */
  | "rate_limited"
  /** The caller cancelled. Code 4099. */
  | "cancelled"
  /** A fault of this library. Code 5000. */
  | "internal"
  /** The queue is full. Code 5003; the same call may succeed later. */
  | "overloaded"
  /** The deadline passed. Code 5004; the same call may succeed later. */
  | "deadline_exceeded"
  /** The deployment does not serve now. Code 5005; the same call may succeed later. */
  | "unavailable"
  /** The handle is closed. Code 5006. */
  | "closed"
  /** The memory budget does not suffice. Code 5007; the same call may succeed later. */
  | "resource_exhausted"
  /** The engine failed or panicked while it ran the model. Code 5010; the same call may succeed later. */
  | "engine_failed"
  /** The disk or the database failed. Code 5020; the same call may succeed later. */
  | "storage"
  /** The event log or the database is damaged. Code 5021. */
  | "corrupt";
