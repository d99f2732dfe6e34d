"""What operations take and answer. Written by `cargo xtask codegen` from the operations table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, TypedDict

Aim: TypeAlias = Literal[
    "throughput",
    "latency",
]
"""What a deploy is tuned for.

- `throughput`: Most rows in a second with every replica busy.
- `latency`: Least time of one request.
"""

Allocation: TypeAlias = Literal[
    "fixed",
    "thompson",
    "ucb",
]
"""Who gets which share while an experiment runs.

- `fixed`: The weights as they were asked for.
- `thompson`: The probability that an arm is the best one (Thompson 1933).
- `ucb`: Most to the arm that may be the best one yet (upper confidence bounds, Auer, Cesa-Bianchi and Fischer 2002).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisConfig:
    """What is compared between the new revision and the one that serves, and how surely."""

    level: float = 0.05
    """Probability, over the whole rollout and however often it is looked at, that a revision which is no worse is
    aborted; and likewise that one which is worse by more than the margins passes. 0.0001 to 0.5, default 0.05.
    """
    error_margin: float = 0.01
    """Share of requests, 0 to 1, that the new revision may fail beyond the share that the old one fails. Default 0.01."""
    latency_ratio: float = 1.2
    """Factor, above 1, by which the new revision's latency (geometric mean) may exceed that of the old one. Default
    1.2.
    """
    max_differing: float | None = None
    """Share of the answers in the shadow, above 0 and below 1, that may differ from those that callers got: by the
    class that
    comes first where the version has labels, else by numbers beyond the tolerance. Absent: differences are counted,
    and
    decide nothing.
    """
    tolerance: Tolerance | None = None
    """How far numbers of an answer in the shadow may be off; absent: as far as those of two engines, a thousandth of
    the
    largest.
    """
    metrics: list[RolloutMetric] = field(default_factory=list)
    """Figures that the host records for the requests of both revisions, at most 8."""
    cost_ratio: float | None = None
    """Factor, above 1, by which the time in the engine that one request of the new revision takes (geometric mean) may
    exceed
    that of the old one: what it costs, where latency is what its caller waits. Absent: it decides nothing.
    """
    drift: DriftConfig | None = None
    """How far the answers of the new revision may be distributed otherwise than those of the old one; absent: it
    decides
    nothing.
    """

    @classmethod
    def _read(cls, wire: Any) -> AnalysisConfig:
        return cls(
            level=wire.get("level", 0.05),
            error_margin=wire.get("error_margin", 0.01),
            latency_ratio=wire.get("latency_ratio", 1.2),
            max_differing=wire.get("max_differing"),
            tolerance=None if (it := wire.get("tolerance")) is None else Tolerance._read(it),
            metrics=[RolloutMetric._read(item) for item in wire.get("metrics", [])],
            cost_ratio=wire.get("cost_ratio"),
            drift=None if (it := wire.get("drift")) is None else DriftConfig._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers of one revision. Addition merges."""

    classes: list[float] = field(default_factory=list)
    """How often each class came first, of the first row."""
    means: Moments
    """Means of the first numbers of the first output, of answers without labels."""

    @classmethod
    def _read(cls, wire: Any) -> Answers:
        return cls(
            classes=wire.get("classes", []),
            means=Moments._read(wire["means"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Output of `ExplainRoute`."""

    deployment: str
    """The deployment."""
    revision: int
    """The revision that the key's requests go to."""
    version: str
    """Its version."""
    weight: int
    """Share of the keys that go there, in basis points."""
    reason: str
    """Why, in a sentence."""

    @classmethod
    def _read(cls, wire: Any) -> Arm:
        return cls(
            deployment=wire["deployment"],
            revision=wire["revision"],
            version=wire["version"],
            weight=wire["weight"],
            reason=wire["reason"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmConfig:
    """A version that gets a share of the traffic."""

    name: str
    """Name of the arm."""
    version: str
    """Version or alias; a revision of it has to be up, or has to have served."""
    weight: int
    """Share of the callers in basis points. All of them and `holdout` add up to 10000."""

    @classmethod
    def _read(cls, wire: Any) -> ArmConfig:
        return cls(
            name=wire["name"],
            version=wire["version"],
            weight=wire["weight"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCounts:
    """What one revision has got by a rollout."""

    ended: str
    """Requests that were answered, or failed by its own fault, as a string."""
    failed: str
    """Those of them that failed, as a string."""
    log_latency: Moments
    """Logarithms of the latencies of those that were answered, in nanoseconds."""
    differences: Differences | None = None
    """How far its answers in the shadow were from those that callers got; absent: it has given none."""
    outcomes: list[OutcomeSums] = field(default_factory=list)
    """What the host recorded, by name."""
    log_compute: Moments | None = None
    """Logarithms of the times in the engine, in nanoseconds; absent: nothing has run."""
    answers: Answers | None = None
    """What its answers were like, where that is looked at; absent: nothing was."""

    @classmethod
    def _read(cls, wire: Any) -> ArmCounts:
        return cls(
            ended=wire["ended"],
            failed=wire["failed"],
            log_latency=Moments._read(wire["log_latency"]),
            differences=None if (it := wire.get("differences")) is None else Differences._read(it),
            outcomes=[OutcomeSums._read(item) for item in wire.get("outcomes", [])],
            log_compute=None if (it := wire.get("log_compute")) is None else Moments._read(it),
            answers=None if (it := wire.get("answers")) is None else Answers._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """Output of `AuditVerify`."""

    head: Head
    """The head that the log leads to."""
    events: str
    """Events checked, as a string: those that were not cut away."""
    cut: Head | None = None
    """Head of what `retain` cut away: the log was checked from there on. Absent for a whole log."""
    rows: int
    """Rows of the state that were folded again and agree."""
    artifacts: int
    """Artifacts whose digests were checked."""

    @classmethod
    def _read(cls, wire: Any) -> AuditReport:
        return cls(
            head=Head._read(wire["head"]),
            events=wire["events"],
            cut=None if (it := wire.get("cut")) is None else Head._read(it),
            rows=wire["rows"],
            artifacts=wire["artifacts"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoscaleConfig:
    """When a deployment gets more replicas in each process, or fewer. Times are in milliseconds."""

    min_replicas: int | None = None
    """Replicas at least, 1 or more: a deployment that is loaded on demand goes when it is idle. Default 1."""
    max_replicas: int | None = None
    """Replicas at most, 1 to 1024. Default 16."""
    target_in_flight: float | None = None
    """Requests that a replica should have in flight on average. Default: 85 % of what it works on at once."""
    target_queue_delay_ms: float | None = None
    """Time that requests should wait for a replica at most. Default: what the objective leaves beside the service time."""
    latency: LatencyObjective | None = None
    """What latency is promised. Default none."""
    stable_window_ms: int | None = None
    """The longest look back. Default 60 000."""
    panic_window_ms: int | None = None
    """The shortest look back, for sudden changes. Default 2 000."""
    panic_threshold: float | None = None
    """Need over ready replicas at which nothing is removed and no cooldown delays an addition. Default 2."""
    tolerance: float | None = None
    """Share by which demand may grow before a removal would be regretted. Default 0.1."""
    down_stabilisation_ms: int | None = None
    """Time for which the need has to stay low before replicas go. Default 60 000."""
    burst_hold_ms: int | None = None
    """Time for which replicas are kept at most for a burst that is expected back. Default 300 000."""
    cooldown_up_ms: int | None = None
    """Time after any change before the next addition. Default 0."""
    cooldown_down_ms: int | None = None
    """Time after any change before the next removal. Default 0."""
    dry_run: bool | None = None
    """Whether recommendations are only shown. Default false."""
    vertical: VerticalConfig | None = None
    """How replicas themselves may change. Default: not at all."""

    @classmethod
    def _read(cls, wire: Any) -> AutoscaleConfig:
        return cls(
            min_replicas=wire.get("min_replicas"),
            max_replicas=wire.get("max_replicas"),
            target_in_flight=wire.get("target_in_flight"),
            target_queue_delay_ms=wire.get("target_queue_delay_ms"),
            latency=None if (it := wire.get("latency")) is None else LatencyObjective._read(it),
            stable_window_ms=wire.get("stable_window_ms"),
            panic_window_ms=wire.get("panic_window_ms"),
            panic_threshold=wire.get("panic_threshold"),
            tolerance=wire.get("tolerance"),
            down_stabilisation_ms=wire.get("down_stabilisation_ms"),
            burst_hold_ms=wire.get("burst_hold_ms"),
            cooldown_up_ms=wire.get("cooldown_up_ms"),
            cooldown_down_ms=wire.get("cooldown_down_ms"),
            dry_run=wire.get("dry_run"),
            vertical=None if (it := wire.get("vertical")) is None else VerticalConfig._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoscaleView:
    """How a deployment scales, and what was recommended last."""

    deployment: str
    """The deployment."""
    replicas: int
    """Replicas wanted in each process."""
    autoscale: AutoscaleConfig | None = None
    """How it scales; absent where it does not by itself."""
    recommendation: ScaleRecommendation | None = None
    """The last recommendation; absent before the first, and in processes that do not decide."""

    @classmethod
    def _read(cls, wire: Any) -> AutoscaleView:
        return cls(
            deployment=wire["deployment"],
            replicas=wire["replicas"],
            autoscale=None if (it := wire.get("autoscale")) is None else AutoscaleConfig._read(it),
            recommendation=None if (it := wire.get("recommendation")) is None else ScaleRecommendation._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """Output of `Backup`."""

    head: Head
    """Head of the copied log."""
    artifacts: int
    """Artifacts copied."""

    @classmethod
    def _read(cls, wire: Any) -> BackupReport:
        return cls(
            head=Head._read(wire["head"]),
            artifacts=wire["artifacts"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchConfig:
    """How requests of a deployment are batched. The defaults need no tuning."""

    max_batch_size: int = 32
    """Rows of one batch at most, 1 to 4096. Default 32."""
    max_delay_us: int = 0
    """Microseconds that a request waits for others although a replica is free, up to 10 000 000. Default 0: requests
    wait
    for replicas alone.
    """
    preferred_batch_sizes: list[int] = field(default_factory=list)
    """Sizes at which a batch need not wait any longer, ascending, up to `max_batch_size`. Default none: the largest."""
    adaptive: bool = True
    """Whether the size at which batches pay is learned from their times. Default true; else batches are as large as
    they
    may be.
    """
    padding: Padding | None = None
    """How requests of different lengths share a batch. Default none: only those of equal lengths do."""
    priorities: Priorities | None = None
    """Levels of priority, and how long and how many requests of each may wait. Default none: three levels without rules
    of their own.
    """

    @classmethod
    def _read(cls, wire: Any) -> BatchConfig:
        return cls(
            max_batch_size=wire.get("max_batch_size", 32),
            max_delay_us=wire.get("max_delay_us", 0),
            preferred_batch_sizes=wire.get("preferred_batch_sizes", []),
            adaptive=wire.get("adaptive", True),
            padding=None if (it := wire.get("padding")) is None else Padding._read(it),
            priorities=None if (it := wire.get("priorities")) is None else Priorities._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStatus:
    """How a deployment batches in one process."""

    batches: str
    """Runs, those of a single request among them."""
    rows: str
    """Rows that they had together."""
    max_batch_size: int
    """Rows of the next batch at most, as learned."""
    sizes: list[SizeStatus]
    """Sizes that ran, rounded up to a power of two."""

    @classmethod
    def _read(cls, wire: Any) -> BatchStatus:
        return cls(
            batches=wire["batches"],
            rows=wire["rows"],
            max_batch_size=wire["max_batch_size"],
            sizes=[SizeStatus._read(item) for item in wire["sizes"]],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkCase:
    """One case of a benchmark."""

    engine: str
    """Engine."""
    threads: int
    """Threads of one request."""
    batch: int
    """Rows of one request."""

    @classmethod
    def _read(cls, wire: Any) -> BenchmarkCase:
        return cls(
            engine=wire["engine"],
            threads=wire["threads"],
            batch=wire["batch"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkFigures:
    """What the runs of a case gave."""

    requests: str
    """Requests that were timed, as a string."""
    latency_mean_us: float
    """Mean latency of one request in microseconds."""
    latency_p50_us: float
    """Median latency; this and the others are off by at most 3.2 %."""
    latency_p95_us: float
    """Latency that 95 % of the requests stay below."""
    latency_p99_us: float
    """Latency that 99 % of the requests stay below."""
    rows_per_second: float
    """Rows in a second, one request after another: the median of the rounds."""

    @classmethod
    def _read(cls, wire: Any) -> BenchmarkFigures:
        return cls(
            requests=wire["requests"],
            latency_mean_us=wire["latency_mean_us"],
            latency_p50_us=wire["latency_p50_us"],
            latency_p95_us=wire["latency_p95_us"],
            latency_p99_us=wire["latency_p99_us"],
            rows_per_second=wire["rows_per_second"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkReport:
    """Output of `Benchmark`."""

    model: str
    """The model."""
    version: str
    """The version."""
    digest: Digest
    """Digest of its file."""
    machine: MachineFacts
    """The machine that measured."""
    inputs: str
    """Where inputs come from: `probes` of the version, or `generated`."""
    reference: str
    """What answers are compared with: `probes`, or the first case of each batch that ran."""
    rows: list[BenchmarkRow]
    """Every case: engines, then threads, then batches, in the order of the request."""
    best_latency: BenchmarkCase | None = None
    """The case with the least median latency, among those with right answers."""
    best_throughput: BenchmarkCase | None = None
    """The case with the most rows in a second, among those with right answers."""

    @classmethod
    def _read(cls, wire: Any) -> BenchmarkReport:
        return cls(
            model=wire["model"],
            version=wire["version"],
            digest=wire["digest"],
            machine=MachineFacts._read(wire["machine"]),
            inputs=wire["inputs"],
            reference=wire["reference"],
            rows=[BenchmarkRow._read(item) for item in wire["rows"]],
            best_latency=None if (it := wire.get("best_latency")) is None else BenchmarkCase._read(it),
            best_throughput=None if (it := wire.get("best_throughput")) is None else BenchmarkCase._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkRow:
    """A case and what came of it."""

    engine: str
    """Engine."""
    threads: int
    """Threads of one request."""
    batch: int
    """Rows of one request."""
    figures: BenchmarkFigures | None = None
    """Figures; absent where it did not run."""
    agrees: bool | None = None
    """Whether its answers are near enough to those of the reference; absent for the reference itself."""
    max_abs: float | None = None
    """Largest absolute difference from the reference, where they agree."""
    memory_bytes: str
    """Bytes that the loaded model holds with its plans, as a string."""
    error: str | None = None
    """Why it did not run, or how it disagrees."""

    @classmethod
    def _read(cls, wire: Any) -> BenchmarkRow:
        return cls(
            engine=wire["engine"],
            threads=wire["threads"],
            batch=wire["batch"],
            figures=None if (it := wire.get("figures")) is None else BenchmarkFigures._read(it),
            agrees=wire.get("agrees"),
            max_abs=wire.get("max_abs"),
            memory_bytes=wire["memory_bytes"],
            error=wire.get("error"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a metric must reach for a gate to be passed."""

    metric: str
    """Name of the metric."""
    at_least: float | None = None
    """It must be this or more."""
    at_most: float | None = None
    """It must be this or less."""

    @classmethod
    def _read(cls, wire: Any) -> Bound:
        return cls(
            metric=wire["metric"],
            at_least=wire.get("at_least"),
            at_most=wire.get("at_most"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheConfig:
    """How a deployment keeps answers."""

    levels: list[CacheLevel] = field(default_factory=list)
    """Levels, the nearest first: memory, redis, store; each at most once. Empty: memory alone."""
    policy: CachePolicy | None = None
    """What goes first when memory is full; absent: lru. In the store the oldest goes first."""
    max_bytes: str | None = None
    """Bytes of answers at most, of each loaded revision in memory and of the deployment in the store, as a string;
    absent: 64 MiB.
    """
    max_entries: int | None = None
    """Answers at most, counted as bytes are; absent: 65536."""
    ttl_ms: str | None = None
    """Milliseconds after which an answer is computed anew, as a string; absent: never."""
    coalesce: bool = True
    """Whether identical requests that come at the same time wait for one computation."""

    @classmethod
    def _read(cls, wire: Any) -> CacheConfig:
        return cls(
            levels=wire.get("levels", []),
            policy=wire.get("policy"),
            max_bytes=wire.get("max_bytes"),
            max_entries=wire.get("max_entries"),
            ttl_ms=wire.get("ttl_ms"),
            coalesce=wire.get("coalesce", True),
        )

CacheLevel: TypeAlias = Literal[
    "memory",
    "redis",
    "store",
]
"""Where answers are kept.

- `memory`: In this process, one cache for each loaded revision.
- `redis`: In the Redis of the setting `cache_redis_url`, shared by every process that names it.
- `store`: In the directory's database, shared by its processes; survives them.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheMetrics:
    """What the cache of one loaded revision did in this process, and what it holds."""

    hit_rate: float
    """Share of the requests that were answered without running the model, 0 to 1."""
    memory_hits: str
    """Requests that memory answered, as a string."""
    redis_hits: str
    """Requests that Redis answered, as a string."""
    store_hits: str
    """Requests that the store answered, as a string."""
    misses: str
    """Requests for which the model ran, as a string."""
    coalesced: str
    """Requests that got the answer of an identical one that was under way, as a string."""
    failures: str
    """Looks at a level that did not answer, or answered something else than what was kept; as a string."""
    dropped: str
    """Answers that were not written to a farther level because too many waited for that; as a string."""
    entries: str
    """Answers in memory, as a string."""
    bytes: str
    """Bytes that they hold, as a string."""

    @classmethod
    def _read(cls, wire: Any) -> CacheMetrics:
        return cls(
            hit_rate=wire["hit_rate"],
            memory_hits=wire["memory_hits"],
            redis_hits=wire["redis_hits"],
            store_hits=wire["store_hits"],
            misses=wire["misses"],
            coalesced=wire["coalesced"],
            failures=wire["failures"],
            dropped=wire["dropped"],
            entries=wire["entries"],
            bytes=wire["bytes"],
        )

CachePolicy: TypeAlias = Literal[
    "lru",
    "lfu",
    "ttl",
    "fifo",
]
"""Which answer goes when memory is full.

- `lru`: The one that was not asked for the longest.
- `lfu`: The one that was asked for the least; of equals the one that was not asked for the longest.
- `ttl`: The one whose time is up first, to within a sixtieth of that time.
- `fifo`: The one that is there the longest.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryConfig:
    """A growing share of the traffic for a new revision, step by step, as long as the analysis finds it no worse."""

    steps: list[CanaryStep] = field(default_factory=list)
    """Steps in order, 1 to 32; after the last one all traffic moves. Default: 1 %, 5 %, 25 % and 50 %."""
    analysis: AnalysisConfig | None = None
    """What lets a step pass, and what ends the rollout; absent: with the defaults."""

    @classmethod
    def _read(cls, wire: Any) -> CanaryConfig:
        return cls(
            steps=[CanaryStep._read(item) for item in wire.get("steps", [{"weight": 100, "min_requests": 100, "gate": False}, {"weight": 500, "min_requests": 100, "gate": False}, {"weight": 2500, "min_requests": 100, "gate": False}, {"weight": 5000, "min_requests": 100, "gate": False}])],
            analysis=None if (it := wire.get("analysis")) is None else AnalysisConfig._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryStep:
    """One step of a canary."""

    weight: int
    """Share of the traffic that the new revision gets, in basis points, 1 to 9999; no less than in the step before. 0
    for
    a step in the shadow, which says what it mirrors or replays.
    """
    min_requests: int = 100
    """Requests that both revisions have to end within the step before it may pass. Default 100."""
    min_ms: str | None = None
    """Milliseconds that the step lasts at least, as a string; absent: as long as the analysis takes."""
    max_ms: str | None = None
    """Milliseconds after which a step that has not passed is inconclusive, as a string; absent: it waits for as many
    requests as it takes.
    """
    gate: bool = False
    """Whether the step waits for `advance_rollout` once the analysis has passed."""
    mirror: MirrorConfig | None = None
    """Requests that run a second time on the new revision once they are answered. Nobody gets its answers: they are
    compared with those that callers got. Absent: none.
    """
    replicas: ReplicaCounts | None = None
    """Replicas of both revisions in each process while the step lasts. It passes once they are there, without evidence
    that
    the new revision is no worse; evidence that it is ends the rollout all the same. Absent: as many as the
    deployment has.
    """
    replay: ReplayConfig | None = None
    """Requests that were recorded, which run on the new revision: their answers are compared with those of the one that
    serves. A step that replays has the weight 0 and mirrors nothing. Absent: none.
    """

    @classmethod
    def _read(cls, wire: Any) -> CanaryStep:
        return cls(
            weight=wire["weight"],
            min_requests=wire.get("min_requests", 100),
            min_ms=wire.get("min_ms"),
            max_ms=wire.get("max_ms"),
            gate=wire.get("gate", False),
            mirror=None if (it := wire.get("mirror")) is None else MirrorConfig._read(it),
            replicas=None if (it := wire.get("replicas")) is None else ReplicaCounts._read(it),
            replay=None if (it := wire.get("replay")) is None else ReplayConfig._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedTensor:
    """A tensor that a session carries: what comes out of one call goes into the next one."""

    output: str
    """The output whose value is kept."""
    input: str
    """The input that it is given to at the next call."""
    shape: list[int] | None = None
    """Sizes of what a session begins with, which is zeros; absent: those of the input, where all of them are fixed."""

    @classmethod
    def _read(cls, wire: Any) -> CarriedTensor:
        return cls(
            output=wire["output"],
            input=wire["input"],
            shape=wire.get("shape"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a deploy changes besides the revision. It holds only once the revision is ready: a deploy that fails leaves
    what
    served before as it was.
    """

    strategy: Strategy
    """How traffic moves to the revision."""
    replicas: int
    """Replicas wanted in each process."""
    required_gates: list[str] = field(default_factory=list)
    """Gates that a version must have passed to be deployed or promoted."""

    @classmethod
    def _read(cls, wire: Any) -> Change:
        return cls(
            strategy=wire["strategy"],
            replicas=wire["replicas"],
            required_gates=wire.get("required_gates", []),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One metric of one arm beside the control's."""

    metric: str
    """The metric."""
    role: MetricRole
    """What it is for."""
    goal: Goal
    """Which way is better."""
    arm: str
    """The arm."""
    control_values: str
    """Values of the control, as a string."""
    arm_values: str
    """Values of the arm, as a string."""
    finding: Finding
    """What is shown."""
    figures: Figures | None = None
    """The figures; absent where there is not enough."""

    @classmethod
    def _read(cls, wire: Any) -> Comparison:
        return cls(
            metric=wire["metric"],
            role=wire["role"],
            goal=wire["goal"],
            arm=wire["arm"],
            control_values=wire["control_values"],
            arm_values=wire["arm_values"],
            finding=wire["finding"],
            figures=None if (it := wire.get("figures")) is None else Figures._read(it),
        )

Compatibility: TypeAlias = Literal[
    "identical",
    "compatible",
    "incompatible",
]
"""Whether a version can take another's place without its callers noticing.

- `identical`: Same signature and labels.
- `compatible`: Every request to the base is one to the candidate, and every output is still there.
- `incompatible`: Some request or some reader of an answer breaks.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusionRow:
    """Answers to the rows of one class."""

    label: str
    """The right class: its label, else its number."""
    answered: list[int]
    """Rows by the class that was answered, in the order of the rows of this table."""

    @classmethod
    def _read(cls, wire: Any) -> ConfusionRow:
        return cls(
            label=wire["label"],
            answered=wire["answered"],
        )

Correction: TypeAlias = Literal[
    "none",
    "bonferroni",
    "holm",
    "benjamini_hochberg",
]
"""How p-values of several comparisons are corrected.

- `none`: Not at all.
- `bonferroni`: Times their number.
- `holm`: Step by step, for the same error (Holm 1979).
- `benjamini_hochberg`: The share of false discoveries (Benjamini and Hochberg 1995).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFindings:
    """What requests cost in a step."""

    ratio: float | None = None
    """The candidate's time in the engine over the baseline's (geometric means); absent before both have run."""
    costlier: float
    """Natural logarithm of the evidence that the candidate costs more than the ratio allows, over all steps."""
    no_costlier: float
    """That it does not, in this step."""

    @classmethod
    def _read(cls, wire: Any) -> CostFindings:
        return cls(
            ratio=wire.get("ratio"),
            costlier=wire["costlier"],
            no_costlier=wire["no_costlier"],
        )

DType: TypeAlias = Literal[
    "f16",
    "f32",
    "f64",
    "i8",
    "i16",
    "i32",
    "i64",
    "u8",
    "u16",
    "u32",
    "u64",
    "bool",
    "string",
]
"""Element type of a tensor.

- `f16`: IEEE 754 half precision.
- `f32`: IEEE 754 single precision.
- `f64`: IEEE 754 double precision.
- `i8`: Signed 8 bits.
- `i16`: Signed 16 bits.
- `i32`: Signed 32 bits.
- `i64`: Signed 64 bits.
- `u8`: Unsigned 8 bits.
- `u16`: Unsigned 16 bits.
- `u32`: Unsigned 32 bits.
- `u64`: Unsigned 64 bits.
- `bool`: One byte, 0 or 1.
- `string`: UTF-8 strings of any length.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """Output of `DeleteVersion`."""

    model: str
    """The model."""
    version: str
    """The version that is gone; its artifact goes with the next collection."""

    @classmethod
    def _read(cls, wire: Any) -> Deleted:
        return cls(
            model=wire["model"],
            version=wire["version"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A named endpoint that serves a model."""

    name: str
    """The name."""
    model: str
    """The model."""
    target: str
    """Where replicas live."""
    strategy: Strategy
    """How traffic moves to the newest revision."""
    state: DeploymentState
    """Where it stands."""
    cause: str | None = None
    """Why it is in `error`, or what the last change failed with."""
    replicas: int
    """Replicas wanted in each process."""
    change: Change | None = None
    """What the change under way brings along once its revision is ready."""
    scaling_from: int | None = None
    """Replicas before a scaling that goes on."""
    revisions: list[Revision]
    """The last revisions, oldest first; at most `deployment::MAX_REVISIONS`."""
    active: int | None = None
    """Number of the revision that serves."""
    previous: list[int] = field(default_factory=list)
    """Revisions that served before, the latest last."""
    worker: str | None = None
    """The process that works on the change under way."""
    last_revision: int
    """Highest revision number ever."""
    created_at: str
    """When it was first asked for, in milliseconds since 1970, as a string."""
    updated_at: str
    """When it last changed, in milliseconds since 1970, as a string."""
    required_gates: list[str] = field(default_factory=list)
    """Gates that a version must have passed to be deployed or promoted."""
    autoscale: AutoscaleConfig | None = None
    """How the number of replicas follows demand, where it does."""
    rollout: Rollout | None = None
    """The last move of traffic that went by steps."""
    experiment: Experiment | None = None
    """The last experiment on its traffic."""
    rules: list[RouteRule] = field(default_factory=list)
    """Where requests go by what they say of themselves; the first rule that is about one counts."""

    @classmethod
    def _read(cls, wire: Any) -> Deployment:
        return cls(
            name=wire["name"],
            model=wire["model"],
            target=wire["target"],
            strategy=wire["strategy"],
            state=wire["state"],
            cause=wire.get("cause"),
            replicas=wire["replicas"],
            change=None if (it := wire.get("change")) is None else Change._read(it),
            scaling_from=wire.get("scaling_from"),
            revisions=[Revision._read(item) for item in wire["revisions"]],
            active=wire.get("active"),
            previous=wire.get("previous", []),
            worker=wire.get("worker"),
            last_revision=wire["last_revision"],
            created_at=wire["created_at"],
            updated_at=wire["updated_at"],
            required_gates=wire.get("required_gates", []),
            autoscale=None if (it := wire.get("autoscale")) is None else AutoscaleConfig._read(it),
            rollout=None if (it := wire.get("rollout")) is None else Rollout._read(it),
            experiment=None if (it := wire.get("experiment")) is None else Experiment._read(it),
            rules=[RouteRule._read(item) for item in wire.get("rules", [])],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentHealth:
    """Health of one deployment in this process."""

    deployment: str
    """The deployment."""
    health: Health
    """The verdict."""
    ready: bool
    """Whether it answers here and now, with the desired revision."""
    state: DeploymentState
    """State as desired."""
    last_error: str | None = None
    """The last error of a load or of the state, where there is one."""

    @classmethod
    def _read(cls, wire: Any) -> DeploymentHealth:
        return cls(
            deployment=wire["deployment"],
            health=wire["health"],
            ready=wire["ready"],
            state=wire["state"],
            last_error=wire.get("last_error"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentList:
    """Output of `ListDeployments`."""

    deployments: list[DeploymentView]
    """By name."""

    @classmethod
    def _read(cls, wire: Any) -> DeploymentList:
        return cls(
            deployments=[DeploymentView._read(item) for item in wire["deployments"]],
        )

DeploymentState: TypeAlias = Literal[
    "pending",
    "deploying",
    "running",
    "scaling",
    "stopping",
    "stopped",
    "error",
]
"""States of a deployment.

- `pending`: Accepted.
- `deploying`: A revision is being brought up. An earlier one goes on serving.
- `running`: Serves.
- `scaling`: Serves while replicas come or go.
- `stopping`: Drains.
- `stopped`: Serves nothing.
- `error`: Kept failing, or its first revision never came up.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentView:
    """A deployment as desired and as this process observes it."""

    desired: Deployment
    """As desired: what the log says."""
    serving: str | None = None
    """Version that answers in this process, where one does."""
    lagging: str | None = None
    """This process still serves an older revision than the desired one, and why."""
    replicas: dict[str, ReplicaStatus]
    """Replicas of each loaded revision in this process, by revision number as text."""

    @classmethod
    def _read(cls, wire: Any) -> DeploymentView:
        return cls(
            desired=Deployment._read(wire["desired"]),
            serving=wire.get("serving"),
            lagging=wire.get("lagging"),
            replicas={key: ReplicaStatus._read(item) for key, item in wire["replicas"].items()},
        )

    def _repr_html_(self) -> str:
        from .html import deployment

        return deployment(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Sums over requests, which add up over processes."""

    compared: str
    """Requests that were answered by both, as a string."""
    differing: str
    """Those of them whose answers differ, as a string."""
    skipped: str
    """Requests that were not run a second time, because too many waited, as a string."""
    sum: float
    """Sum of the largest absolute difference of each request."""
    largest: float
    """The largest of all."""

    @classmethod
    def _read(cls, wire: Any) -> Differences:
        return cls(
            compared=wire["compared"],
            differing=wire["differing"],
            skipped=wire["skipped"],
            sum=wire["sum"],
            largest=wire["largest"],
        )

Digest: TypeAlias = str
"""BLAKE3 hash of an artifact's bytes"""

Dim: TypeAlias = str
"""a size, a symbol's name, or ? for any size"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftConfig:
    """How far answers to callers may move."""

    max_class_shift: float = 0.05
    """Of versions with labels: by how much of all answers, above 0 and below 1, the share of any class that comes first
    may
    differ. Default 0.05.
    """
    max_mean_shift: float = 0.25
    """Of the others: by how many standard deviations of the old revision's answers, above 0, the mean of an answer's
    numbers
    may differ. Default 0.25.
    """

    @classmethod
    def _read(cls, wire: Any) -> DriftConfig:
        return cls(
            max_class_shift=wire.get("max_class_shift", 0.05),
            max_mean_shift=wire.get("max_mean_shift", 0.25),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftFindings:
    """How far the answers of both are apart in a step."""

    candidate_answers: str
    """Answers of the candidate, as a string."""
    baseline_answers: str
    """Answers of the baseline, as a string."""
    shift: float
    """The largest move: of a class's share of all answers, 0 to 1; of versions without labels of the mean answer, in
    standard
    deviations of the baseline's answers.
    """
    class_index: int | None = None
    """Number of the class that moved most, up to the remainder by 16; absent without labels."""
    moved: float
    """Natural logarithm of the evidence that one moved by more than the margin, over all steps."""
    not_moved: float
    """That none did, in this step."""

    @classmethod
    def _read(cls, wire: Any) -> DriftFindings:
        return cls(
            candidate_answers=wire["candidate_answers"],
            baseline_answers=wire["baseline_answers"],
            shift=wire["shift"],
            class_index=wire.get("class_index"),
            moved=wire["moved"],
            not_moved=wire["not_moved"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChoice:
    """The engine that serves, and the figures behind it."""

    reason: str
    """Why this one, in a sentence."""
    inputs: int
    """Inputs on which answers were compared."""
    remembered: bool = False
    """Whether the figures are of an earlier load of the same file on the same kind of machine."""
    candidates: list[EngineFigures]
    """Every engine, in the order of preference."""

    @classmethod
    def _read(cls, wire: Any) -> EngineChoice:
        return cls(
            reason=wire["reason"],
            inputs=wire["inputs"],
            remembered=wire.get("remembered", False),
            candidates=[EngineFigures._read(item) for item in wire["candidates"]],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFigures:
    """What a calibration found of one engine."""

    engine: str
    """Engine and version, as in `tract 0.23.9`."""
    verdict: EngineVerdict
    """What came of it."""
    median_us: float | None = None
    """Median time of one run in microseconds."""
    max_abs: float | None = None
    """Largest absolute difference from the expected outputs."""
    reason: str | None = None
    """Why it does not serve, where it was not the time."""

    @classmethod
    def _read(cls, wire: Any) -> EngineFigures:
        return cls(
            engine=wire["engine"],
            verdict=wire["verdict"],
            median_us=wire.get("median_us"),
            max_abs=wire.get("max_abs"),
            reason=wire.get("reason"),
        )

EngineVerdict: TypeAlias = Literal[
    "chosen",
    "slower",
    "disagrees",
    "refused",
]
"""What came of an engine.

- `chosen`: It serves.
- `slower`: It gives the right answers and is not faster.
- `disagrees`: Its answers are not near enough to the right ones.
- `refused`: It does not load or run the model.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What an evaluation of a version found."""

    gate: str | None = None
    """The gate that it is for, where it is for one."""
    passed: bool
    """Whether every bound holds; true without bounds."""
    artifact: Digest
    """Digest of the model file that was evaluated. An evaluation of another file does not count."""
    data: Digest
    """Digest of the data set."""
    rows: str
    """Rows of the data set, as a string."""
    engine: str
    """Engine and version that gave the answers."""
    metrics: dict[str, float] = field(default_factory=dict)
    """Metrics that have a value."""
    bounds: list[Bound] = field(default_factory=list)
    """What the gate asked for."""
    at: str
    """When it was recorded, in milliseconds since 1970, as a string."""

    @classmethod
    def _read(cls, wire: Any) -> Evaluation:
        return cls(
            gate=wire.get("gate"),
            passed=wire["passed"],
            artifact=wire["artifact"],
            data=wire["data"],
            rows=wire["rows"],
            engine=wire["engine"],
            metrics=wire.get("metrics", {}),
            bounds=[Bound._read(item) for item in wire.get("bounds", [])],
            at=wire["at"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReport:
    """Output of `Evaluate`."""

    model: str
    """The model."""
    version: str
    """The version."""
    digest: Digest
    """Digest of its file."""
    data: Digest
    """Digest of the data set."""
    rows: str
    """Rows, as a string."""
    engine: str
    """Engine and version that gave the answers."""
    output: str
    """The output that was judged."""
    target: str
    """The array that it was compared with."""
    metrics: dict[str, float]
    """Metrics by name."""
    undefined: dict[str, str] = field(default_factory=dict)
    """Metrics that have no value for this data, and why."""
    confusion: list[ConfusionRow] = field(default_factory=list)
    """Rows by right and by answered class, where that was asked for."""
    gate: str | None = None
    """The gate, where there is one."""
    passed: bool
    """Whether every bound of the gate holds; true without a gate."""
    broken: list[Bound] = field(default_factory=list)
    """Bounds that do not hold."""

    @classmethod
    def _read(cls, wire: Any) -> EvaluationReport:
        return cls(
            model=wire["model"],
            version=wire["version"],
            digest=wire["digest"],
            data=wire["data"],
            rows=wire["rows"],
            engine=wire["engine"],
            output=wire["output"],
            target=wire["target"],
            metrics=wire["metrics"],
            undefined=wire.get("undefined", {}),
            confusion=[ConfusionRow._read(item) for item in wire.get("confusion", [])],
            gate=wire.get("gate"),
            passed=wire["passed"],
            broken=[Bound._read(item) for item in wire.get("broken", [])],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRegistered:
    """A version was registered; the first one brings its model into being."""

    model_type: ModelKind
    """Type of the model."""
    record: VersionRecord
    """The version."""
    type: Literal["version_registered"] = "version_registered"

    @classmethod
    def _read(cls, wire: Any) -> VersionRegistered:
        return cls(
            model_type=wire["model_type"],
            record=VersionRecord._read(wire["record"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionAnnotated:
    """Description, tags or metrics of a version changed. Absent fields stay."""

    version: str
    """The version."""
    description: str | None = None
    """New description."""
    tags: dict[str, str] = field(default_factory=dict)
    """Tags to set; an empty value removes the tag."""
    metrics: dict[str, float] = field(default_factory=dict)
    """Metrics to set."""
    type: Literal["version_annotated"] = "version_annotated"

    @classmethod
    def _read(cls, wire: Any) -> VersionAnnotated:
        return cls(
            version=wire["version"],
            description=wire.get("description"),
            tags=wire.get("tags", {}),
            metrics=wire.get("metrics", {}),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionProbed:
    """Probe inputs and outputs were recorded by the first engine that ran a version."""

    version: str
    """The version."""
    probes: Digest
    """The probe set, in the artifact store."""
    engine: str
    """Engine that gave the outputs."""
    type: Literal["version_probed"] = "version_probed"

    @classmethod
    def _read(cls, wire: Any) -> VersionProbed:
        return cls(
            version=wire["version"],
            probes=wire["probes"],
            engine=wire["engine"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionStatusChanged:
    """The status of a version changed."""

    version: str
    """The version."""
    from_: VersionStatus
    """Status before."""
    to: VersionStatus
    """Status after."""
    reason: str | None = None
    """Why."""
    type: Literal["version_status_changed"] = "version_status_changed"

    @classmethod
    def _read(cls, wire: Any) -> VersionStatusChanged:
        return cls(
            version=wire["version"],
            from_=wire["from"],
            to=wire["to"],
            reason=wire.get("reason"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDeleted:
    """A version was deleted; its artifact goes with the next collection."""

    version: str
    """The version."""
    type: Literal["version_deleted"] = "version_deleted"

    @classmethod
    def _read(cls, wire: Any) -> VersionDeleted:
        return cls(
            version=wire["version"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasSet:
    """An alias was set or moved."""

    alias: str
    """The alias."""
    version: str
    """What it names now."""
    previous: str | None = None
    """What it named before."""
    type: Literal["alias_set"] = "alias_set"

    @classmethod
    def _read(cls, wire: Any) -> AliasSet:
        return cls(
            alias=wire["alias"],
            version=wire["version"],
            previous=wire.get("previous"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRemoved:
    """An alias was removed."""

    alias: str
    """The alias."""
    previous: str
    """What it named."""
    type: Literal["alias_removed"] = "alias_removed"

    @classmethod
    def _read(cls, wire: Any) -> AliasRemoved:
        return cls(
            alias=wire["alias"],
            previous=wire["previous"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployRequested:
    """A deployment, or a further revision of one, was asked for."""

    model: str
    """Model that the deployment serves."""
    target: str
    """Where replicas live."""
    strategy: Strategy
    """How traffic moves to the revision."""
    replicas: int
    """Replicas wanted in each process."""
    revision: Revision
    """The revision."""
    required_gates: list[str] = field(default_factory=list)
    """Gates that a version must have passed to be deployed or promoted."""
    type: Literal["deploy_requested"] = "deploy_requested"

    @classmethod
    def _read(cls, wire: Any) -> DeployRequested:
        return cls(
            model=wire["model"],
            target=wire["target"],
            strategy=wire["strategy"],
            replicas=wire["replicas"],
            revision=Revision._read(wire["revision"]),
            required_gates=wire.get("required_gates", []),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployStarted:
    """A process took it upon itself to bring a revision up."""

    revision: int
    """Number of the revision."""
    instance: str
    """The process."""
    type: Literal["deploy_started"] = "deploy_started"

    @classmethod
    def _read(cls, wire: Any) -> DeployStarted:
        return cls(
            revision=wire["revision"],
            instance=wire["instance"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionReady:
    """A revision is loaded and verified."""

    revision: int
    """Number of the revision."""
    verification: str
    """What verification found, for people."""
    type: Literal["revision_ready"] = "revision_ready"

    @classmethod
    def _read(cls, wire: Any) -> RevisionReady:
        return cls(
            revision=wire["revision"],
            verification=wire["verification"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionFailed:
    """A revision could not be brought up."""

    revision: int
    """Number of the revision."""
    cause: str
    """Why."""
    type: Literal["revision_failed"] = "revision_failed"

    @classmethod
    def _read(cls, wire: Any) -> RevisionFailed:
        return cls(
            revision=wire["revision"],
            cause=wire["cause"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """Traffic moved to a revision."""

    from_: int | None = None
    """Revision that served before."""
    to: int
    """Revision that serves now."""
    type: Literal["promoted"] = "promoted"

    @classmethod
    def _read(cls, wire: Any) -> Promoted:
        return cls(
            from_=wire.get("from"),
            to=wire["to"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack:
    """Traffic moved back to an earlier revision."""

    from_: int
    """Revision that served before."""
    to: int
    """Revision that serves now."""
    reason: str | None = None
    """Why."""
    type: Literal["rolled_back"] = "rolled_back"

    @classmethod
    def _read(cls, wire: Any) -> RolledBack:
        return cls(
            from_=wire["from"],
            to=wire["to"],
            reason=wire.get("reason"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleRequested:
    """Another number of replicas was asked for."""

    from_: int
    """Replicas before."""
    to: int
    """Replicas wanted."""
    instance: str
    """The process that asked."""
    type: Literal["scale_requested"] = "scale_requested"

    @classmethod
    def _read(cls, wire: Any) -> ScaleRequested:
        return cls(
            from_=wire["from"],
            to=wire["to"],
            instance=wire["instance"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled:
    """The replicas are there."""

    replicas: int
    """Replicas."""
    type: Literal["scaled"] = "scaled"

    @classmethod
    def _read(cls, wire: Any) -> Scaled:
        return cls(
            replicas=wire["replicas"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleFailed:
    """The replicas could not be had; the old number stays."""

    replicas: int
    """Replicas that stay."""
    cause: str
    """Why."""
    type: Literal["scale_failed"] = "scale_failed"

    @classmethod
    def _read(cls, wire: Any) -> ScaleFailed:
        return cls(
            replicas=wire["replicas"],
            cause=wire["cause"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRequested:
    """The deployment is to stop."""

    force: bool
    """Whether running requests are not waited for."""
    instance: str
    """The process that asked."""
    type: Literal["stop_requested"] = "stop_requested"

    @classmethod
    def _read(cls, wire: Any) -> StopRequested:
        return cls(
            force=wire["force"],
            instance=wire["instance"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The deployment has stopped."""

    type: Literal["stopped"] = "stopped"

    @classmethod
    def _read(cls, wire: Any) -> Stopped:
        return cls()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The deployment kept failing and serves no more."""

    cause: str
    """Why."""
    type: Literal["failed"] = "failed"

    @classmethod
    def _read(cls, wire: Any) -> Failed:
        return cls(
            cause=wire["cause"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The log was cut: it goes on from a stored state."""

    cut: Head
    """Head of what was cut away."""
    state: Hash
    """Digest of the state at the cut; see `crate::store::chain::digest`."""
    type: Literal["checkpoint"] = "checkpoint"

    @classmethod
    def _read(cls, wire: Any) -> Checkpoint:
        return cls(
            cut=Head._read(wire["cut"]),
            state=wire["state"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionEvaluated:
    """A version was evaluated over a data set."""

    version: str
    """The version."""
    evaluation: Evaluation
    """What was found."""
    type: Literal["version_evaluated"] = "version_evaluated"

    @classmethod
    def _read(cls, wire: Any) -> VersionEvaluated:
        return cls(
            version=wire["version"],
            evaluation=Evaluation._read(wire["evaluation"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoscaleSet:
    """How the number of replicas follows demand was changed."""

    autoscale: AutoscaleConfig | None = None
    """How; absent: it does not."""
    type: Literal["autoscale_set"] = "autoscale_set"

    @classmethod
    def _read(cls, wire: Any) -> AutoscaleSet:
        return cls(
            autoscale=None if (it := wire.get("autoscale")) is None else AutoscaleConfig._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutStarted:
    """A revision that is ready began to get a share of the traffic."""

    baseline: int
    """Revision that serves."""
    candidate: int
    """Revision that is tried."""
    salt: str
    """Secret that decides which keys are the first, as a string."""
    canary: CanaryConfig
    """How it proceeds."""
    type: Literal["rollout_started"] = "rollout_started"

    @classmethod
    def _read(cls, wire: Any) -> RolloutStarted:
        return cls(
            baseline=wire["baseline"],
            candidate=wire["candidate"],
            salt=wire["salt"],
            canary=CanaryConfig._read(wire["canary"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutMarked:
    """The counting of a step began."""

    step: int
    """Number of the step."""
    from_: Seen
    """What was counted before."""
    type: Literal["rollout_marked"] = "rollout_marked"

    @classmethod
    def _read(cls, wire: Any) -> RolloutMarked:
        return cls(
            step=wire["step"],
            from_=Seen._read(wire["from"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutStepped:
    """A step passed, and the next one began."""

    step: int
    """Number of the step that began."""
    weight: int
    """Share of the traffic that the candidate gets, in basis points."""
    reason: str
    """Why, in a sentence."""
    evidence: Evidence | None = None
    """What the steps so far have shown, where they were judged."""
    findings: Findings | None = None
    """The figures, where it was judged."""
    type: Literal["rollout_stepped"] = "rollout_stepped"

    @classmethod
    def _read(cls, wire: Any) -> RolloutStepped:
        return cls(
            step=wire["step"],
            weight=wire["weight"],
            reason=wire["reason"],
            evidence=None if (it := wire.get("evidence")) is None else Evidence._read(it),
            findings=None if (it := wire.get("findings")) is None else Findings._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutPhaseChanged:
    """A rollout stopped, went on, or ended."""

    phase: RolloutPhase
    """Where it stands."""
    reason: str
    """Why, in a sentence."""
    evidence: Evidence | None = None
    """What the steps so far have shown, where they were judged."""
    findings: Findings | None = None
    """The figures, where it was judged."""
    type: Literal["rollout_phase_changed"] = "rollout_phase_changed"

    @classmethod
    def _read(cls, wire: Any) -> RolloutPhaseChanged:
        return cls(
            phase=wire["phase"],
            reason=wire["reason"],
            evidence=None if (it := wire.get("evidence")) is None else Evidence._read(it),
            findings=None if (it := wire.get("findings")) is None else Findings._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentCreated:
    """An experiment was asked for."""

    experiment: Experiment
    """What it is."""
    type: Literal["experiment_created"] = "experiment_created"

    @classmethod
    def _read(cls, wire: Any) -> ExperimentCreated:
        return cls(
            experiment=Experiment._read(wire["experiment"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentWeighted:
    """The arms of an experiment got other shares."""

    weights: list[int]
    """Weight of each arm, in basis points."""
    shares: list[Share]
    """Which points are whose."""
    reason: str
    """Why, in a sentence."""
    type: Literal["experiment_weighted"] = "experiment_weighted"

    @classmethod
    def _read(cls, wire: Any) -> ExperimentWeighted:
        return cls(
            weights=wire["weights"],
            shares=[Share._read(item) for item in wire["shares"]],
            reason=wire["reason"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentPhaseChanged:
    """An experiment began, paused or ended."""

    phase: ExperimentPhase
    """Where it stands."""
    reason: str
    """Why, in a sentence."""
    winner: str | None = None
    """Name of the arm that has won."""
    report: ExperimentReport | None = None
    """What was found by then, where anything was."""
    type: Literal["experiment_phase_changed"] = "experiment_phase_changed"

    @classmethod
    def _read(cls, wire: Any) -> ExperimentPhaseChanged:
        return cls(
            phase=wire["phase"],
            reason=wire["reason"],
            winner=wire.get("winner"),
            report=None if (it := wire.get("report")) is None else ExperimentReport._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesSet:
    """Requests go elsewhere by what they say of themselves."""

    rules: list[RouteRule]
    """In the order in which they count."""
    type: Literal["rules_set"] = "rules_set"

    @classmethod
    def _read(cls, wire: Any) -> RulesSet:
        return cls(
            rules=[RouteRule._read(item) for item in wire["rules"]],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """An event with its place in the log: an entry of the history."""

    sequence: str
    """Position in the log, from 1, as a string."""
    stream: str
    """`model/NAME`, `deployment/NAME` or `directory`."""
    at: str
    """When, in milliseconds since 1970, as a string."""
    actor: str
    """Who."""
    operation: str
    """Operation that decided it."""
    request_id: str
    """Identifies the call."""
    event: Event
    """What."""
    hash: Hash
    """Hash of the event; the chain's head when it is the last one."""

    @classmethod
    def _read(cls, wire: Any) -> EventRecord:
        return cls(
            sequence=wire["sequence"],
            stream=wire["stream"],
            at=wire["at"],
            actor=wire["actor"],
            operation=wire["operation"],
            request_id=wire["request_id"],
            event=_read_event(wire["event"]),
            hash=wire["hash"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What has been shown so far. Folds deterministically: the same blocks in the same order give the same bits."""

    fails_more: ProportionEvidence
    """That the candidate fails more than the margin allows, over all steps."""
    fails_no_more: ProportionEvidence
    """That it does not, in this step."""
    slower_before: MeanEvidence
    """That it is slower than the margin allows, of the steps before."""
    slower: MeanEvidence
    """Of this step."""
    mirror: MirrorEvidence | None = None
    """What requests in the shadow have shown; absent before the first."""
    metrics: list[MetricEvidence] = field(default_factory=list)
    """What the host's own figures have shown, in the order of the metrics."""
    cost: MetricEvidence | None = None
    """What the time in the engine has shown; absent where it decides nothing."""
    drift: list[MetricEvidence] = field(default_factory=list)
    """What answers have shown, of each class or the mean: that it has grown, and that it has fallen."""
    counted: Seen | None = None
    """What of the step under way is counted in; absent: nothing yet."""

    @classmethod
    def _read(cls, wire: Any) -> Evidence:
        return cls(
            fails_more=ProportionEvidence._read(wire["fails_more"]),
            fails_no_more=ProportionEvidence._read(wire["fails_no_more"]),
            slower_before=MeanEvidence._read(wire["slower_before"]),
            slower=MeanEvidence._read(wire["slower"]),
            mirror=None if (it := wire.get("mirror")) is None else MirrorEvidence._read(it),
            metrics=[MetricEvidence._read(item) for item in wire.get("metrics", [])],
            cost=None if (it := wire.get("cost")) is None else MetricEvidence._read(it),
            drift=[MetricEvidence._read(item) for item in wire.get("drift", [])],
            counted=None if (it := wire.get("counted")) is None else Seen._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A comparison of versions on a deployment's traffic."""

    number: int
    """1, 2, 3, … within the deployment."""
    name: str
    """Its name."""
    arms: list[ExperimentArm]
    """What is compared, the control first."""
    holdout: int
    """Share of the callers that take no part, in basis points."""
    metrics: list[MetricConfig]
    """By what."""
    judgement: JudgementConfig
    """How surely."""
    shares: list[Share]
    """Which points are whose; the number after the last arm is the holdout's."""
    phase: ExperimentPhase
    """Where it stands."""
    reason: str
    """Why, in a sentence."""
    salt: str
    """Secret that decides where keys lie, as a string."""
    started_at: str | None = None
    """When it first began, in milliseconds since 1970, as a string."""
    since: str
    """When it came to where it stands, in milliseconds since 1970, as a string."""
    winner: str | None = None
    """Name of the arm that has won."""
    report: ExperimentReport | None = None
    """What was found when it stopped, or when somebody decided."""
    segments: list[str] = field(default_factory=list)
    """Attributes whose values are looked at by themselves too."""

    @classmethod
    def _read(cls, wire: Any) -> Experiment:
        return cls(
            number=wire["number"],
            name=wire["name"],
            arms=[ExperimentArm._read(item) for item in wire["arms"]],
            holdout=wire["holdout"],
            metrics=[MetricConfig._read(item) for item in wire["metrics"]],
            judgement=JudgementConfig._read(wire["judgement"]),
            shares=[Share._read(item) for item in wire["shares"]],
            phase=wire["phase"],
            reason=wire["reason"],
            salt=wire["salt"],
            started_at=wire.get("started_at"),
            since=wire["since"],
            winner=wire.get("winner"),
            report=None if (it := wire.get("report")) is None else ExperimentReport._read(it),
            segments=wire.get("segments", []),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentArm:
    """One side of an experiment."""

    name: str
    """Name of the arm."""
    version: str
    """Its version."""
    revision: int
    """Its revision."""
    weight: int
    """Share of the callers that it gets now, in basis points."""

    @classmethod
    def _read(cls, wire: Any) -> ExperimentArm:
        return cls(
            name=wire["name"],
            version=wire["version"],
            revision=wire["revision"],
            weight=wire["weight"],
        )

ExperimentPhase: TypeAlias = Literal[
    "draft",
    "running",
    "paused",
    "stopped",
    "decided",
]
"""Where an experiment stands.

- `draft`: Has not begun. What is recorded by now says how its callers differ already.
- `running`: Its arms get their shares.
- `paused`: All traffic goes to what serves, until it is started again.
- `stopped`: It is over, and nobody has decided.
- `decided`: It is over, and one of its arms has won.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentPlan:
    """Output of `PlanExperiment`."""

    values: str
    """Values that each arm needs, as a string."""
    difference: float
    """Difference that is found with the power."""
    power: float
    """Probability of finding it."""
    level: float
    """Probability of finding a difference where there is none."""

    @classmethod
    def _read(cls, wire: Any) -> ExperimentPlan:
        return cls(
            values=wire["values"],
            difference=wire["difference"],
            power=wire["power"],
            level=wire["level"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentReport:
    """What an experiment shows at one moment."""

    at: str
    """When, in milliseconds since 1970, as a string."""
    exposures: list[Exposure]
    """How often each arm was met, the control first."""
    sample_ratio_mismatch: bool
    """Whether an arm got another share than it should: then no figure here means anything."""
    due: bool
    """Whether the figures may be judged now: always with the method sequential, from its horizon on with the method
    fixed.
    """
    comparisons: list[Comparison]
    """Each metric of each arm but the control."""
    leader: str | None = None
    """The arm that is shown to be the best by the primary metrics; absent: none is."""
    regret: float | None = None
    """What was lost so far to arms that are worse, in units of the first primary metric times its values; absent where
    there is not enough.
    """
    summary: str
    """All of it in a sentence."""
    horizon: HorizonTests | None = None
    """Further tests, which decide nothing; with the method fixed, once it is due."""
    segments: list[SegmentComparison] = field(default_factory=list)
    """Each metric but quantiles of each arm but the control, in each segment of the callers. Exploratory: it decides
    nothing.
    """

    @classmethod
    def _read(cls, wire: Any) -> ExperimentReport:
        return cls(
            at=wire["at"],
            exposures=[Exposure._read(item) for item in wire["exposures"]],
            sample_ratio_mismatch=wire["sample_ratio_mismatch"],
            due=wire["due"],
            comparisons=[Comparison._read(item) for item in wire["comparisons"]],
            leader=wire.get("leader"),
            regret=wire.get("regret"),
            summary=wire["summary"],
            horizon=None if (it := wire.get("horizon")) is None else HorizonTests._read(it),
            segments=[SegmentComparison._read(item) for item in wire.get("segments", [])],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentView:
    """Output of the operations on experiments."""

    deployment: str
    """The deployment."""
    experiment: Experiment | None = None
    """The last experiment; absent: there was none."""
    report: ExperimentReport | None = None
    """What it shows: now, while it is open; when it ended, once it is over."""
    text: str | None = None
    """The report as a person reads it."""
    history: list[IntervalAt] = field(default_factory=list)
    """How the intervals of its primary metrics narrowed, oldest first, at up to 64 moments; in the process that
    decides, as
    long as it is open.
    """

    @classmethod
    def _read(cls, wire: Any) -> ExperimentView:
        return cls(
            deployment=wire["deployment"],
            experiment=None if (it := wire.get("experiment")) is None else Experiment._read(it),
            report=None if (it := wire.get("report")) is None else ExperimentReport._read(it),
            text=wire.get("text"),
            history=[IntervalAt._read(item) for item in wire.get("history", [])],
        )

    def _repr_html_(self) -> str:
        from .html import experiment

        return experiment(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """How often an arm was met."""

    arm: str
    """Name of the arm."""
    requests: str
    """Requests that went to it, as a string."""
    share: float
    """Its share of all of them; 0 before the first."""
    mismatch: float
    """Natural logarithm of the evidence that it does not get the share that it should."""

    @classmethod
    def _read(cls, wire: Any) -> Exposure:
        return cls(
            arm=wire["arm"],
            requests=wire["requests"],
            share=wire["share"],
            mismatch=wire["mismatch"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FedTensor:
    """An output that the next step is given as an input."""

    output: str
    """The output."""
    input: str
    """The input."""

    @classmethod
    def _read(cls, wire: Any) -> FedTensor:
        return cls(
            output=wire["output"],
            input=wire["input"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures of a comparison."""

    control: float
    """The metric on the control."""
    arm: float
    """The metric on the arm."""
    difference: float
    """The arm's less the control's."""
    low: float
    """Lower end of the interval of the difference."""
    high: float
    """Upper end."""
    relative: float | None = None
    """Difference over the control's; absent where that is 0."""
    p_value: float
    """Probability of a difference as large where there is none, by itself."""
    adjusted_p_value: float
    """The same, corrected for how many primary metrics and arms are looked at."""
    chance_better: float
    """Probability that the arm is better, if nothing was known before."""
    expected_loss: float
    """What choosing the arm costs on average, in units of the metric: how much worse it is where it is worse."""
    variance_reduction: float | None = None
    """Share of the variance that allowing for what was before takes away; absent: nothing was recorded before."""

    @classmethod
    def _read(cls, wire: Any) -> Figures:
        return cls(
            control=wire["control"],
            arm=wire["arm"],
            difference=wire["difference"],
            low=wire["low"],
            high=wire["high"],
            relative=wire.get("relative"),
            p_value=wire["p_value"],
            adjusted_p_value=wire["adjusted_p_value"],
            chance_better=wire["chance_better"],
            expected_loss=wire["expected_loss"],
            variance_reduction=wire.get("variance_reduction"),
        )

Finding: TypeAlias = Literal[
    "too_few",
    "inconclusive",
    "better",
    "worse",
]
"""What a comparison says.

- `too_few`: There is not enough to say anything.
- `inconclusive`: Nothing is shown yet.
- `better`: The arm is better than the control.
- `worse`: The arm is worse than the control; of a guardrail: by more than its margin.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The figures of a step, and what they are held against."""

    candidate_requests: str
    """Requests of the candidate in this step, as a string."""
    baseline_requests: str
    """Requests of the baseline in this step, as a string."""
    candidate_error_rate: float
    """Share of the candidate's requests that failed."""
    baseline_error_rate: float
    """Share of the baseline's."""
    latency_ratio: float | None = None
    """The candidate's latency over the baseline's (geometric means); absent before both have answered. In the shadow
    the time
    in the engine, which decides nothing: everything else on the machine goes before the shadow.
    """
    fails_more: float
    """Natural logarithm of the evidence that the candidate fails more than the margin allows, over all steps."""
    fails_no_more: float
    """That it does not, in this step."""
    slower: float
    """That it is slower than the margin allows, over all steps."""
    no_slower: float
    """That it is not, in this step."""
    to_abort: float
    """What evidence of the first kind has to reach to end the rollout: the kinds that are looked at share the level."""
    to_pass: float
    """What both of the second kind have to reach for the step to pass."""
    mismatch: float | None = None
    """Natural logarithm of the evidence that the candidate does not get the share of the requests that it should, since
    whoever decides began to look at the step.
    """
    mirror: MirrorFindings | None = None
    """How far answers in the shadow are from those that callers got; absent in a step with traffic."""
    metrics: list[MetricFindings] = field(default_factory=list)
    """The host's own figures, in the order of the metrics."""
    cost: CostFindings | None = None
    """What requests cost; absent where that decides nothing, and in the shadow."""
    drift: DriftFindings | None = None
    """How far answers are distributed otherwise; absent likewise."""
    replay: ReplayFindings | None = None
    """How many of the recorded requests have run; absent in another step."""

    @classmethod
    def _read(cls, wire: Any) -> Findings:
        return cls(
            candidate_requests=wire["candidate_requests"],
            baseline_requests=wire["baseline_requests"],
            candidate_error_rate=wire["candidate_error_rate"],
            baseline_error_rate=wire["baseline_error_rate"],
            latency_ratio=wire.get("latency_ratio"),
            fails_more=wire["fails_more"],
            fails_no_more=wire["fails_no_more"],
            slower=wire["slower"],
            no_slower=wire["no_slower"],
            to_abort=wire["to_abort"],
            to_pass=wire["to_pass"],
            mismatch=wire.get("mismatch"),
            mirror=None if (it := wire.get("mirror")) is None else MirrorFindings._read(it),
            metrics=[MetricFindings._read(item) for item in wire.get("metrics", [])],
            cost=None if (it := wire.get("cost")) is None else CostFindings._read(it),
            drift=None if (it := wire.get("drift")) is None else DriftFindings._read(it),
            replay=None if (it := wire.get("replay")) is None else ReplayFindings._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GarbageReport:
    """Output of `CollectGarbage`."""

    removed: int
    """Artifacts removed."""
    bytes: str
    """Bytes freed, as a string."""
    kept: int
    """Artifacts kept."""

    @classmethod
    def _read(cls, wire: Any) -> GarbageReport:
        return cls(
            removed=wire["removed"],
            bytes=wire["bytes"],
            kept=wire["kept"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A gate: a name, and what metrics must reach."""

    name: str
    """Name, as a deployment requires it."""
    bounds: list[Bound]
    """What must hold, 1 to 64; a metric that is bounded is computed."""

    @classmethod
    def _read(cls, wire: Any) -> Gate:
        return cls(
            name=wire["name"],
            bounds=[Bound._read(item) for item in wire["bounds"]],
        )

Goal: TypeAlias = Literal[
    "increase",
    "decrease",
]
"""Which way is better.

- `increase`: More.
- `decrease`: Less.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuReading:
    """One GPU."""

    index: int
    """Its number."""
    name: str | None = None
    """As in `NVIDIA H100 PCIe`."""
    uuid: str | None = None
    """Stays the same over restarts."""
    utilization_percent: int | None = None
    """Share of the last sampling period of the driver in which something ran, 0 to 100."""
    memory_total_bytes: int | None = None
    """Bytes of its memory."""
    memory_used_bytes: int | None = None
    """Bytes of it in use, by all processes."""
    temperature_celsius: int | None = None
    """Degrees Celsius."""
    power_watts: float | None = None
    """Watts."""

    @classmethod
    def _read(cls, wire: Any) -> GpuReading:
        return cls(
            index=wire["index"],
            name=wire.get("name"),
            uuid=wire.get("uuid"),
            utilization_percent=wire.get("utilization_percent"),
            memory_total_bytes=wire.get("memory_total_bytes"),
            memory_used_bytes=wire.get("memory_used_bytes"),
            temperature_celsius=wire.get("temperature_celsius"),
            power_watts=wire.get("power_watts"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuReadings:
    """GPUs that NVIDIA's management library (NVML) sees."""

    devices: list[GpuReading]
    """One for each, in the library's order."""
    unavailable: str | None = None
    """Why nothing could be read; absent where the library answered."""

    @classmethod
    def _read(cls, wire: Any) -> GpuReadings:
        return cls(
            devices=[GpuReading._read(item) for item in wire["devices"]],
            unavailable=wire.get("unavailable"),
        )

Hash: TypeAlias = str
"""BLAKE3, hexadecimal"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of the log: what a host keeps or signs to find an edit, a reorder or a cut later."""

    sequence: str
    """Number of the last event; 0 for an empty log."""
    hash: Hash
    """Hash of the last event; all zeros for an empty log."""

    @classmethod
    def _read(cls, wire: Any) -> Head:
        return cls(
            sequence=wire["sequence"],
            hash=wire["hash"],
        )

Health: TypeAlias = Literal[
    "healthy",
    "degraded",
    "unhealthy",
]
"""How a thing fares.

- `healthy`: As desired.
- `degraded`: Serves, but not as desired.
- `unhealthy`: Should serve and does not.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """Output of `GetHealth`."""

    ready: bool
    """Every deployment that should run does, as desired."""
    leader: bool
    """Whether this process holds the deciding lease."""
    last_error: str | None = None
    """The last error of the background work, where there is one."""
    deployments: list[DeploymentHealth]
    """By name; stopped ones are left out."""
    memory_used_bytes: str
    """Bytes that loaded models hold, as a string."""
    memory_limit_bytes: str | None = None
    """Bytes that they may hold, as a string; absent: no limit."""

    @classmethod
    def _read(cls, wire: Any) -> HealthReport:
        return cls(
            ready=wire["ready"],
            leader=wire["leader"],
            last_error=wire.get("last_error"),
            deployments=[DeploymentHealth._read(item) for item in wire["deployments"]],
            memory_used_bytes=wire["memory_used_bytes"],
            memory_limit_bytes=wire.get("memory_limit_bytes"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryOutput:
    """Output of `History`."""

    events: list[EventRecord]
    """Oldest first."""
    more: bool
    """Whether there are more: ask again after the last sequence."""
    cut: Head | None = None
    """Head of what `retain` cut away, where that reaches beyond `after`: events that were asked for are gone."""

    @classmethod
    def _read(cls, wire: Any) -> HistoryOutput:
        return cls(
            events=[EventRecord._read(item) for item in wire["events"]],
            more=wire["more"],
            cut=None if (it := wire.get("cut")) is None else Head._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HorizonTests:
    """Tests that treat all values as independent, also those of one caller. They decide nothing, and are not corrected
    for how
    many there are.
    """

    proportions: list[ProportionsTest]
    """Of each metric of the kind proportion, where every arm has values and not all are alike."""
    ranks: list[RanksTest]
    """Of each metric of the kinds mean and quantile, and each arm but the control. Values count as they are kept:
    within a
    hundredth of their size, latencies within a thirtieth.
    """

    @classmethod
    def _read(cls, wire: Any) -> HorizonTests:
        return cls(
            proportions=[ProportionsTest._read(item) for item in wire["proportions"]],
            ranks=[RanksTest._read(item) for item in wire["ranks"]],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalAt:
    """An interval as it was at one moment."""

    at: str
    """When, in milliseconds since 1970, as a string."""
    metric: str
    """The metric."""
    arm: str
    """The arm."""
    difference: float
    """The arm's less the control's."""
    low: float
    """Lower end of the interval of the difference."""
    high: float
    """Upper end."""
    values: str
    """Values of both arms by then, as a string."""

    @classmethod
    def _read(cls, wire: Any) -> IntervalAt:
        return cls(
            at=wire["at"],
            metric=wire["metric"],
            arm=wire["arm"],
            difference=wire["difference"],
            low=wire["low"],
            high=wire["high"],
            values=wire["values"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalConfig:
    """Requests that are remembered."""

    requests: int = 10000
    """How many at most; 0: none. Default 10 000."""
    ms: int = 86400000
    """For how many milliseconds. Default a day."""

    @classmethod
    def _read(cls, wire: Any) -> JournalConfig:
        return cls(
            requests=wire.get("requests", 10000),
            ms=wire.get("ms", 86400000),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementConfig:
    """How an experiment is judged."""

    method: Method | None = None
    """What intervals and p-values stand for. Default sequential."""
    level: float | None = None
    """Probability that a difference is found where there is none. 0.0001 to 0.5, default 0.05."""
    correction: Correction | None = None
    """How p-values of the primary metrics are corrected. Default holm."""
    horizon: str | None = None
    """How often every arm has to be met for the fixed method, as a string."""
    max_ms: str | None = None
    """Milliseconds after its start when it stops by itself, as a string; absent: it does not."""
    stop_early: bool | None = None
    """Whether it stops by itself once every primary metric is decided. Default false."""
    allocation: Allocation | None = None
    """Who gets which share. Default fixed."""

    @classmethod
    def _read(cls, wire: Any) -> JudgementConfig:
        return cls(
            method=wire.get("method"),
            level=wire.get("level"),
            correction=wire.get("correction"),
            horizon=wire.get("horizon"),
            max_ms=wire.get("max_ms"),
            stop_early=wire.get("stop_early"),
            allocation=wire.get("allocation"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The right class of one request."""

    request_id: str
    """Name that the request had."""
    label: str
    """Name of the class."""

    @classmethod
    def _read(cls, wire: Any) -> Label:
        return cls(
            request_id=wire["request_id"],
            label=wire["label"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyObjective:
    """A promise about latency: at `quantile`, requests take `ms` or less."""

    quantile: float
    """Share of the requests, 0.5 to 0.9999."""
    ms: float
    """Time from arrival to answer."""

    @classmethod
    def _read(cls, wire: Any) -> LatencyObjective:
        return cls(
            quantile=wire["quantile"],
            ms=wire["ms"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitReading:
    """What a control group (cgroup) or an affinity leaves to the process, where that is less than the machine has."""

    cpus: int | None = None
    """CPUs that it may use at once, rounded down, but one at least."""
    memory_bytes: int | None = None
    """Bytes of memory that the processes of its group may use together."""
    memory_left_bytes: int | None = None
    """Bytes that are left until then. What the group has in the page cache counts as used."""

    @classmethod
    def _read(cls, wire: Any) -> LimitReading:
        return cls(
            cpus=wire.get("cpus"),
            memory_bytes=wire.get("memory_bytes"),
            memory_left_bytes=wire.get("memory_left_bytes"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """Facts about a loaded model."""

    engine: str
    """Engine and version, as in `tract 0.23.9`."""
    plan: str
    """`static` where the file fixes every size, `symbolic` where one plan serves every shape, else `per_shape`."""
    reason: str | None = None
    """Why there is no symbolic plan, where there is none."""
    plans: int
    """Number of plans held."""
    memory_bytes: int
    """Bytes held."""
    load_ms: int
    """Milliseconds that load and compile took."""
    choice: EngineChoice | None = None
    """How the engine was chosen, where the deploy names none and there are several."""

    @classmethod
    def _read(cls, wire: Any) -> LoadReport:
        return cls(
            engine=wire["engine"],
            plan=wire["plan"],
            reason=wire.get("reason"),
            plans=wire["plans"],
            memory_bytes=wire["memory_bytes"],
            load_ms=wire["load_ms"],
            choice=None if (it := wire.get("choice")) is None else EngineChoice._read(it),
        )

Loading: TypeAlias = Literal[
    "resident",
    "on_demand",
]
"""When a revision is loaded.

- `resident`: From its deploy on, and again when a process opens the directory; it stays.
- `on_demand`: By the first request; it may be unloaded while no request runs.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineFacts:
    """The machine that measured."""

    architecture: str
    """Architecture, as in `x86_64`."""
    system: str
    """Operating system, as in `linux`."""
    processor: str
    """Name of the processor, where it can be told."""
    hardware_threads: int
    """Threads that run at once."""

    @classmethod
    def _read(cls, wire: Any) -> MachineFacts:
        return cls(
            architecture=wire["architecture"],
            system=wire["system"],
            processor=wire["processor"],
            hardware_threads=wire["hardware_threads"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineReading:
    """What the machine has and uses."""

    cores: int | None = None
    """Logical CPUs."""
    cpu_percent: float | None = None
    """Share of all CPUs that was used in the interval, 0 to 100."""
    load_1m: float | None = None
    """Threads that ran or waited for a CPU, on average over one minute."""
    load_5m: float | None = None
    """Over five minutes."""
    load_15m: float | None = None
    """Over fifteen minutes."""
    memory_total_bytes: int | None = None
    """Bytes of memory."""
    memory_available_bytes: int | None = None
    """Bytes of memory that can be had without swapping."""
    swap_total_bytes: int | None = None
    """Bytes of swap space."""
    swap_used_bytes: int | None = None
    """Bytes of it in use."""
    disk_total_bytes: int | None = None
    """Bytes of the file system on which the handle's directory lies."""
    disk_available_bytes: int | None = None
    """Bytes of it that may still be written."""
    network_received_bytes: int | None = None
    """Bytes that all interfaces but loopback received since they came up."""
    network_sent_bytes: int | None = None
    """Bytes that they sent."""

    @classmethod
    def _read(cls, wire: Any) -> MachineReading:
        return cls(
            cores=wire.get("cores"),
            cpu_percent=wire.get("cpu_percent"),
            load_1m=wire.get("load_1m"),
            load_5m=wire.get("load_5m"),
            load_15m=wire.get("load_15m"),
            memory_total_bytes=wire.get("memory_total_bytes"),
            memory_available_bytes=wire.get("memory_available_bytes"),
            swap_total_bytes=wire.get("swap_total_bytes"),
            swap_used_bytes=wire.get("swap_used_bytes"),
            disk_total_bytes=wire.get("disk_total_bytes"),
            disk_available_bytes=wire.get("disk_available_bytes"),
            network_received_bytes=wire.get("network_received_bytes"),
            network_sent_bytes=wire.get("network_sent_bytes"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanEvidence:
    """What is known of a difference of means: score and information, which add up over strata."""

    score: float
    """Difference beyond the margin, times the information."""
    information: float
    """One over the variance of the difference."""

    @classmethod
    def _read(cls, wire: Any) -> MeanEvidence:
        return cls(
            score=wire["score"],
            information=wire["information"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryBudgetView:
    """Output of `SetMemoryBudget`."""

    limit_bytes: str | None = None
    """Bytes that models may hold, as a string; absent: no limit."""
    used_bytes: str
    """Bytes that they hold, as a string. More than the limit as long as what is resident, or runs, does not fit."""

    @classmethod
    def _read(cls, wire: Any) -> MemoryBudgetView:
        return cls(
            limit_bytes=wire.get("limit_bytes"),
            used_bytes=wire["used_bytes"],
        )

Method: TypeAlias = Literal[
    "sequential",
    "fixed",
]
"""What the intervals and p-values of an experiment stand for.

- `sequential`: They hold at every moment, however often somebody looks.
- `fixed`: They hold once, when every arm has been met `horizon` times.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricConfig:
    """Something that is compared between the arms."""

    name: str
    """Name of the metric."""
    kind: MetricKind
    """How it comes out of outcomes."""
    goal: Goal
    """Which way is better."""
    role: MetricRole
    """What it is for."""
    outcome: str | None = None
    """The outcome that it is of; absent: the one of the metric's name. `latency_ms` and `failed` are recorded for every
    request.
    """
    per: str | None = None
    """The outcome whose sum a ratio divides by; only with the kind ratio."""
    quantile: float | None = None
    """Which quantile, between 0 and 1; only with the kind quantile."""
    margin: float | None = None
    """By how much, relative to the control, an arm may be worse before a guardrail counts it as worse. Default 0."""

    @classmethod
    def _read(cls, wire: Any) -> MetricConfig:
        return cls(
            name=wire["name"],
            kind=wire["kind"],
            goal=wire["goal"],
            role=wire["role"],
            outcome=wire.get("outcome"),
            per=wire.get("per"),
            quantile=wire.get("quantile"),
            margin=wire.get("margin"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDifference:
    """A figure of both versions."""

    base: float | None = None
    """Of the base, where it has one."""
    candidate: float | None = None
    """Of the candidate, where it has one."""
    difference: float | None = None
    """Candidate less base, where both have one."""

    @classmethod
    def _read(cls, wire: Any) -> MetricDifference:
        return cls(
            base=wire.get("base"),
            candidate=wire.get("candidate"),
            difference=wire.get("difference"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricEvidence:
    """What one metric has shown: that its mean on the candidate is worse by more than the margin."""

    before: MeanEvidence
    """Of the steps before."""
    now: MeanEvidence
    """Of this step."""

    @classmethod
    def _read(cls, wire: Any) -> MetricEvidence:
        return cls(
            before=MeanEvidence._read(wire["before"]),
            now=MeanEvidence._read(wire["now"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFindings:
    """One metric in a step."""

    name: str
    """Name of the metric."""
    candidate_values: str
    """Values of the candidate, as a string."""
    baseline_values: str
    """Values of the baseline, as a string."""
    candidate_mean: float | None = None
    """Mean of the candidate; absent without values."""
    baseline_mean: float | None = None
    """Mean of the baseline; absent likewise."""
    worse: float
    """Natural logarithm of the evidence that the candidate is worse by more than the margin, over all steps."""
    no_worse: float
    """That it is not, in this step."""

    @classmethod
    def _read(cls, wire: Any) -> MetricFindings:
        return cls(
            name=wire["name"],
            candidate_values=wire["candidate_values"],
            baseline_values=wire["baseline_values"],
            candidate_mean=wire.get("candidate_mean"),
            baseline_mean=wire.get("baseline_mean"),
            worse=wire["worse"],
            no_worse=wire["no_worse"],
        )

MetricKind: TypeAlias = Literal[
    "mean",
    "proportion",
    "ratio",
    "quantile",
]
"""How a metric comes out of outcomes.

- `mean`: Mean of the values.
- `proportion`: Share of ones among values that are 0 or 1.
- `ratio`: Sum of the values over the sum of another outcome.
- `quantile`: Quantile of the values.
"""

MetricRole: TypeAlias = Literal[
    "primary",
    "secondary",
    "guardrail",
]
"""What a metric is for.

- `primary`: Decides the experiment.
- `secondary`: Is shown.
- `guardrail`: Stops the traffic of an experiment where an arm is shown to be worse.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsReport:
    """Output of `GetMetrics`."""

    deployments: dict[str, list[RevisionMetrics]]
    """Revisions by deployment, newest first."""

    @classmethod
    def _read(cls, wire: Any) -> MetricsReport:
        return cls(
            deployments={key: [RevisionMetrics._read(item) for item in item] for key, item in wire["deployments"].items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorConfig:
    """Which requests run in the shadow."""

    share: int
    """Their share, in basis points, 1 to 10000."""

    @classmethod
    def _read(cls, wire: Any) -> MirrorConfig:
        return cls(
            share=wire["share"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorEvidence:
    """What requests in the shadow have shown so far, over all steps of this kind."""

    fails_more: RateEvidence
    """That the candidate fails more of what the baseline answered than the margin allows."""
    fails_no_more: RateEvidence
    """That it does not."""
    differs_more: RateEvidence
    """That more of its answers differ than are allowed."""
    differs_no_more: RateEvidence
    """That no more do."""

    @classmethod
    def _read(cls, wire: Any) -> MirrorEvidence:
        return cls(
            fails_more=RateEvidence._read(wire["fails_more"]),
            fails_no_more=RateEvidence._read(wire["fails_no_more"]),
            differs_more=RateEvidence._read(wire["differs_more"]),
            differs_no_more=RateEvidence._read(wire["differs_no_more"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorFindings:
    """How far the candidate's answers are from the baseline's to the same requests."""

    compared: str
    """Requests of the step that both have answered, as a string."""
    skipped: str
    """Requests that were not run a second time, because too many waited; of recorded ones those that do not read, do
    not
    fit, or are not answered by the baseline. As a string.
    """
    differing: float
    """Share of the answers that differ: another class first, or, of what is no classification, numbers beyond the
    tolerance.
    """
    mean_difference: float
    """The largest difference between numbers of an answer, on average over the requests."""
    largest_difference: float
    """The largest of all."""
    differs_more: float
    """Natural logarithm of the evidence that more answers differ than are allowed; 0 where nothing is said about that."""
    differs_no_more: float
    """That no more do; 0 likewise."""

    @classmethod
    def _read(cls, wire: Any) -> MirrorFindings:
        return cls(
            compared=wire["compared"],
            skipped=wire["skipped"],
            differing=wire["differing"],
            mean_difference=wire["mean_difference"],
            largest_difference=wire["largest_difference"],
            differs_more=wire["differs_more"],
            differs_no_more=wire["differs_no_more"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A name with versions and aliases."""

    name: str
    """The name."""
    model_type: ModelKind
    """Type, with its template."""
    latest: str
    """Highest version ever registered; the next automatic one follows it."""
    aliases: dict[str, str]
    """Movable names."""
    deleted: list[str] = field(default_factory=list)
    """Versions that were deleted: a number is never used again for other bytes."""
    created_at: str
    """When the first version was registered, in milliseconds since 1970, as a string."""

    @classmethod
    def _read(cls, wire: Any) -> Model:
        return cls(
            name=wire["name"],
            model_type=wire["model_type"],
            latest=wire["latest"],
            aliases=wire["aliases"],
            deleted=wire.get("deleted", []),
            created_at=wire["created_at"],
        )

ModelKind: TypeAlias = Literal[
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
]
"""What a model is for.

- `code_completion`: Continues code: scores for the next tokens.
- `documentation_generation`: Writes text about code: scores for the next tokens.
- `code_analysis`: Sorts code into labels.
- `static_analysis`: Finds defects in code, per text or per position.
- `security_analysis`: Finds weaknesses in code, per text or per position.
- `performance_optimization`: Predicts cost or picks a choice from features.
- `search`: Scores how well a text answers a query.
- `semantic_search`: Turns a text into a vector whose neighbours mean the same.
- `learning`: Adapts to feedback: values or choices from features.
- `network`: Judges traffic or topology from features.
- `custom`: Anything.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelList:
    """Output of `ListModels`."""

    models: list[Model]
    """By name."""

    @classmethod
    def _read(cls, wire: Any) -> ModelList:
        return cls(
            models=[Model._read(item) for item in wire["models"]],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMemory:
    """What loaded models hold in this process."""

    used_bytes: int
    """Bytes that they are charged for together; what several share counts once."""
    limit_bytes: int | None = None
    """Bytes that they may hold; absent: no limit."""
    revisions: list[RevisionMemory]
    """Loaded revisions, by deployment and number."""

    @classmethod
    def _read(cls, wire: Any) -> ModelMemory:
        return cls(
            used_bytes=wire["used_bytes"],
            limit_bytes=wire.get("limit_bytes"),
            revisions=[RevisionMemory._read(item) for item in wire["revisions"]],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Sums of values, which add up and can be subtracted."""

    n: float
    """How many."""
    sum: float
    """Their sum."""
    squares: float
    """The sum of their squares."""

    @classmethod
    def _read(cls, wire: Any) -> Moments:
        return cls(
            n=wire["n"],
            sum=wire["sum"],
            squares=wire["squares"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeProfile:
    """One node over all runs."""

    name: str
    """Name in the engine's plan; parts that the engine made out of a node carry its name and a suffix."""
    op: str
    """Operator of the engine's plan, which may be a fused or lowered one."""
    calls: int
    """Evaluations over all runs."""
    mean_us: float
    """Mean time of one evaluation in microseconds."""
    total_us: float
    """Time over all runs in microseconds."""
    share: float
    """Share of the whole run time, 0 to 1."""
    output_bytes: str
    """Bytes of its outputs in one evaluation, as a string."""
    shapes: list[str]
    """Its outputs in the last evaluation, as in `f32[1, 64]`."""

    @classmethod
    def _read(cls, wire: Any) -> NodeProfile:
        return cls(
            name=wire["name"],
            op=wire["op"],
            calls=wire["calls"],
            mean_us=wire["mean_us"],
            total_us=wire["total_us"],
            share=wire["share"],
            output_bytes=wire["output_bytes"],
            shapes=wire["shapes"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of something. Exactly one of `key`, `revision` and `request_id` says of what."""

    name: str
    """Name of the outcome, as metrics say it."""
    value: float
    """How much."""
    key: str | None = None
    """The caller's sticky key: it says which arm it was."""
    revision: int | None = None
    """Revision that answered, of a caller without a key. Two arms of one revision cannot be told apart by it."""
    request_id: str | None = None
    """Name that the request had: what is remembered of it says which arm it was, and whose caller's. Only in the
    process that
    answered, and as long as it remembers.
    """
    attributes: dict[str, str] = field(default_factory=dict)
    """What is known of it, as its request said it or from elsewhere: where the experiment has segments, it counts in
    those
    too, with values of up to 256 bytes each.
    """

    @classmethod
    def _read(cls, wire: Any) -> Outcome:
        return cls(
            name=wire["name"],
            value=wire["value"],
            key=wire.get("key"),
            revision=wire.get("revision"),
            request_id=wire.get("request_id"),
            attributes=wire.get("attributes", {}),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSums:
    """What the host recorded of one name."""

    name: str
    """The name."""
    values: Moments
    """The values."""

    @classmethod
    def _read(cls, wire: Any) -> OutcomeSums:
        return cls(
            name=wire["name"],
            values=Moments._read(wire["values"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Padding:
    """Pads inputs along one axis to the longest of a batch, and cuts outputs back."""

    axis: str
    """Name of the axis in the model's signature, as in `length`."""
    values: dict[str, float]
    """What each input is filled up with: the padding token for token ids, 0 for an attention mask. Every input that has
    the axis must be named.
    """
    multiple_of: int = 1
    """Lengths are rounded up to a multiple of this, so that fewer shapes occur. Default 1."""

    @classmethod
    def _read(cls, wire: Any) -> Padding:
        return cls(
            axis=wire["axis"],
            values=wire["values"],
            multiple_of=wire.get("multiple_of", 1),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One part of the latency, in microseconds; quantiles are off by at most 3.2 %."""

    mean_us: float
    """Mean."""
    p50_us: float
    """Median."""
    p95_us: float
    """95th percentile."""
    p99_us: float
    """99th percentile."""

    @classmethod
    def _read(cls, wire: Any) -> Phase:
        return cls(
            mean_us=wire["mean_us"],
            p50_us=wire["p50_us"],
            p95_us=wire["p95_us"],
            p99_us=wire["p99_us"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseMetrics:
    """The parts of a latency: their means add up to the mean latency of the requests that an engine ran."""

    queue: Phase
    """Waiting for a free replica."""
    batch_wait: Phase
    """Waiting for a batch to begin."""
    input: Phase
    """Checking the inputs and putting them together."""
    compute: Phase
    """In the engine."""
    output: Phase
    """Splitting, keeping and handing over the answer."""

    @classmethod
    def _read(cls, wire: Any) -> PhaseMetrics:
        return cls(
            queue=Phase._read(wire["queue"]),
            batch_wait=Phase._read(wire["batch_wait"]),
            input=Phase._read(wire["input"]),
            compute=Phase._read(wire["compute"]),
            output=Phase._read(wire["output"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Priorities:
    """Levels of priority of a deployment's requests, and rules for each."""

    levels: int = 3
    """Levels, 1 to 16. Default 3. Level 1 is the most urgent."""
    default_level: int | None = None
    """Level of a request that names none, 1 to `levels`. Default: the middle one, `levels` / 2 + 1."""
    patience_ms: int = 1000
    """Milliseconds after which a request that waits counts as one level more urgent, and again after as many more; 1 to
    3 600 000. Default 1000.
    """
    policies: list[QueuePolicy] = field(default_factory=list)
    """Rules for single levels. Default none: requests of every level share the queue, and wait as long as they may."""

    @classmethod
    def _read(cls, wire: Any) -> Priorities:
        return cls(
            levels=wire.get("levels", 3),
            default_level=wire.get("default_level"),
            patience_ms=wire.get("patience_ms", 1000),
            policies=[QueuePolicy._read(item) for item in wire.get("policies", [])],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessReading:
    """What this process uses."""

    pid: int
    """Its number."""
    cpu_time_ms: int | None = None
    """Milliseconds that its threads ran on CPUs since it began, in the system's calls too."""
    cpu_percent: float | None = None
    """Share of a CPU that it used in the interval, in percent: 200 is two CPUs."""
    resident_bytes: int | None = None
    """Bytes in memory."""
    peak_resident_bytes: int | None = None
    """Most bytes that it ever had in memory."""
    virtual_bytes: int | None = None
    """Bytes of its address space."""
    threads: int | None = None
    """Threads."""
    open_files: int | None = None
    """Open files and sockets."""
    disk_read_bytes: int | None = None
    """Bytes that it caused to be read from disks since it began; what the page cache had is none."""
    disk_written_bytes: int | None = None
    """Bytes that it caused to be written to disks since it began."""

    @classmethod
    def _read(cls, wire: Any) -> ProcessReading:
        return cls(
            pid=wire["pid"],
            cpu_time_ms=wire.get("cpu_time_ms"),
            cpu_percent=wire.get("cpu_percent"),
            resident_bytes=wire.get("resident_bytes"),
            peak_resident_bytes=wire.get("peak_resident_bytes"),
            virtual_bytes=wire.get("virtual_bytes"),
            threads=wire.get("threads"),
            open_files=wire.get("open_files"),
            disk_read_bytes=wire.get("disk_read_bytes"),
            disk_written_bytes=wire.get("disk_written_bytes"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileReport:
    """Output of `Profile`."""

    model: str
    """The model."""
    version: str
    """The version."""
    digest: Digest
    """Digest of its file."""
    engine: str
    """Engine and version, as in `tract 0.23.9`."""
    machine: MachineFacts
    """The machine that measured."""
    inputs: str
    """Where inputs come from: `probes` of the version, or `generated`."""
    runs: int
    """Runs that were added up."""
    run_us: float
    """Mean time of a run from inputs to outputs in microseconds."""
    attributed_us: float
    """Of that, within nodes."""
    unattributed_us: float
    """Of that, outside of nodes: inputs and outputs, the walk over the plan, the clock itself."""
    peak_intermediate_bytes: str
    """Largest number of bytes that outputs of nodes hold at once, as a string: an upper bound, since a node may write
    over what it reads.
    """
    memory_bytes: str
    """Bytes that the loaded model holds, as a string: weights, plans, packed constants."""
    nodes: list[NodeProfile]
    """Nodes of the engine's plan, the most expensive first."""
    left_out: int
    """Nodes that are left out, those that cost least."""

    @classmethod
    def _read(cls, wire: Any) -> ProfileReport:
        return cls(
            model=wire["model"],
            version=wire["version"],
            digest=wire["digest"],
            engine=wire["engine"],
            machine=MachineFacts._read(wire["machine"]),
            inputs=wire["inputs"],
            runs=wire["runs"],
            run_us=wire["run_us"],
            attributed_us=wire["attributed_us"],
            unattributed_us=wire["unattributed_us"],
            peak_intermediate_bytes=wire["peak_intermediate_bytes"],
            memory_bytes=wire["memory_bytes"],
            nodes=[NodeProfile._read(item) for item in wire["nodes"]],
            left_out=wire["left_out"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a stage of an operation is.

    Within a stage `done` never falls. `total` is known from the first report on or never, and grows where there
    turns
    out to be more. A stage that succeeds ends with `done` at `total`; one that is not needed has no report.
    """

    stage: ProgressStage
    """What is being done."""
    done: int
    """How much of it is done."""
    total: int | None = None
    """How much there is to do; absent where that is not known."""
    unit: ProgressUnit
    """What `done` and `total` count."""

    @classmethod
    def _read(cls, wire: Any) -> Progress:
        return cls(
            stage=wire["stage"],
            done=wire["done"],
            total=wire.get("total"),
            unit=wire["unit"],
        )

ProgressStage: TypeAlias = Literal[
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
]
"""Stages of operations.

- `read`: Reads a model file, in bytes: the one that is registered, or the kept one that is deployed.
- `hash`: Hashes the model file, in bytes.
- `store`: Writes the model file to the directory, in bytes; absent where the directory has it.
- `load`: Loads the model, in replicas that are ready.
- `verify`: Runs the loaded model and compares its answers, in probes.
- `keep_warm`: Loads what the deployment keeps beside the revision that serves, in revisions.
- `drain`: Waits for requests on what was stopped, in requests that have ended.
- `copy_database`: Copies the database, in pages.
- `check_log`: Checks the log and folds the state again, in events.
- `copy_artifacts`: Copies artifacts and checks them on the way, in bytes.
- `check_artifacts`: Reads artifacts and checks their digests, in bytes.
- `collect`: Looks for artifacts to remove, in artifacts that were looked at.
- `benchmark`: Measures cases in turn, in rounds of a case.
- `profile`: Runs a model node by node, in runs.
- `evaluate`: Runs a data set, in its rows.
"""

ProgressUnit: TypeAlias = Literal[
    "bytes",
    "replicas",
    "probes",
    "revisions",
    "requests",
    "pages",
    "events",
    "artifacts",
    "rounds",
    "runs",
    "rows",
]
"""What the figures of a report count.

- `bytes`: Bytes.
- `replicas`: Running copies of a model.
- `probes`: Known inputs with their answers.
- `revisions`: Revisions of a deployment.
- `requests`: Requests to a deployment.
- `pages`: Pages of the database.
- `events`: Events of the log.
- `artifacts`: Artifacts.
- `rounds`: Rounds of a measurement.
- `runs`: Runs of a model.
- `rows`: Rows of a data set.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionEvidence:
    """Evidence about the difference of two proportions."""

    log_e: list[float]
    """Logarithm of the e-value of each alternative."""
    control_n: float
    """Trials of the control so far."""
    control_hits: float
    """Its hits so far."""

    @classmethod
    def _read(cls, wire: Any) -> ProportionEvidence:
        return cls(
            log_e=wire["log_e"],
            control_n=wire["control_n"],
            control_hits=wire["control_hits"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionsTest:
    """Whether the proportions of all arms are the same."""

    metric: str
    """The metric."""
    statistic: float
    """Pearson's chi-square, without a correction for continuity."""
    df: float
    """Its degrees of freedom: the arms less one."""
    p_value: float
    """Probability of proportions as far apart where all are the same."""

    @classmethod
    def _read(cls, wire: Any) -> ProportionsTest:
        return cls(
            metric=wire["metric"],
            statistic=wire["statistic"],
            df=wire["df"],
            p_value=wire["p_value"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePolicy:
    """How requests of one level wait."""

    level: int
    """The level, 1 to `levels`."""
    max_queue: int | None = None
    """Requests of the level that may wait, from 1; one more is refused with `overloaded`. Default: the queue of the
    deployment alone sets the limit.
    """
    default_timeout_ms: int | None = None
    """Milliseconds that a request without a timeout of its own may wait, 1 to 3 600 000. Default: as long as it takes."""
    timeout_action: TimeoutAction = "reject"
    """What becomes of a request that waited so long. Default `reject`."""

    @classmethod
    def _read(cls, wire: Any) -> QueuePolicy:
        return cls(
            level=wire["level"],
            max_queue=wire.get("max_queue"),
            default_timeout_ms=wire.get("default_timeout_ms"),
            timeout_action=wire.get("timeout_action", "reject"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RanksTest:
    """Whether values of an arm tend to be larger or smaller than the control's (Mann and Whitney 1947), corrected for
    ties.
    """

    metric: str
    """The metric."""
    arm: str
    """The arm."""
    u: float
    """Pairs of a value of the arm and one of the control of which the arm's is the larger, and half of those that are
    equal.
    """
    z: float
    """How many standard errors that is above half of all pairs."""
    p_value: float
    """Two-sided probability of a `z` as far from 0 where neither tends to be larger."""
    superiority: float
    """Chance that a value of the arm exceeds one of the control, and half of that of equal ones (the common-language
    effect).
    """

    @classmethod
    def _read(cls, wire: Any) -> RanksTest:
        return cls(
            metric=wire["metric"],
            arm=wire["arm"],
            u=wire["u"],
            z=wire["z"],
            p_value=wire["p_value"],
            superiority=wire["superiority"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RateEvidence:
    """Evidence about one rate."""

    log_e: list[float]
    """Logarithm of the e-value of each alternative."""

    @classmethod
    def _read(cls, wire: Any) -> RateEvidence:
        return cls(
            log_e=wire["log_e"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedLabels:
    """Output of `RecordLabels`."""

    known: int
    """Requests of this process that are remembered and had an answer with classes."""
    right: int
    """Those of them whose first class was the right one."""
    recorded: int
    """Labels that a rollout or an experiment took, as the outcome `accuracy`: 1 where the class was right, else 0."""
    unknown: int
    """Labels of requests that are not remembered, or had no such answer, or their label already."""

    @classmethod
    def _read(cls, wire: Any) -> RecordedLabels:
        return cls(
            known=wire["known"],
            right=wire["right"],
            recorded=wire["recorded"],
            unknown=wire["unknown"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedOutcomes:
    """Output of `RecordOutcomes`."""

    recorded: int
    """Outcomes that an arm got."""
    held_out: int
    """Outcomes of callers who take no part."""
    late: int
    """Outcomes that came when the experiment was over, or of requests that were part of an earlier one, and are not
    taken.
    """
    unknown: str
    """Outcomes of requests that are not remembered, or not any more, as a string."""

    @classmethod
    def _read(cls, wire: Any) -> RecordedOutcomes:
        return cls(
            recorded=wire["recorded"],
            held_out=wire["held_out"],
            late=wire["late"],
            unknown=wire["unknown"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingConfig:
    """Requests that are recorded, by deployment. What callers send is kept on the disk as they sent it."""

    requests: int = 1000
    """How many of a deployment at most, up to 10 000; 0: none, and what is there is removed at the next open. Default
    1 000.
    """
    bytes: int = 268435456
    """How many bytes of a deployment at most, 1 MiB or more. Default 256 MiB."""
    ms: int = 86400000
    """For how many milliseconds each is kept. Default a day."""

    @classmethod
    def _read(cls, wire: Any) -> RecordingConfig:
        return cls(
            requests=wire.get("requests", 1000),
            bytes=wire.get("bytes", 268435456),
            ms=wire.get("ms", 86400000),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingView:
    """Recorded requests of a deployment."""

    requests: str
    """How many, as a string."""
    bytes: str
    """Bytes of their files, as a string."""
    since: str | None = None
    """When the oldest was answered, in milliseconds since 1970, as a string; absent: there is none."""
    skipped: str
    """Requests that this process was to record since it opened the directory, and has not, as they were too large or
    came
    too fast, as a string.
    """

    @classmethod
    def _read(cls, wire: Any) -> RecordingView:
        return cls(
            requests=wire["requests"],
            bytes=wire["bytes"],
            since=wire.get("since"),
            skipped=wire["skipped"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayConfig:
    """Which recorded requests run on the new revision."""

    requests: int = 1000
    """How many at most, the newest first, 1 to 10000. Default 1000."""

    @classmethod
    def _read(cls, wire: Any) -> ReplayConfig:
        return cls(
            requests=wire.get("requests", 1000),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayFindings:
    """How far a replay is."""

    recorded: str
    """Recorded requests of the step, as a string."""
    run: str
    """Those of them that have run or were skipped, as a string."""

    @classmethod
    def _read(cls, wire: Any) -> ReplayFindings:
        return cls(
            recorded=wire["recorded"],
            run=wire["run"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaCounts:
    """Replicas of both revisions in each process while a step lasts."""

    candidate: int
    """Of the revision that is brought in, 1 or more."""
    baseline: int
    """Of the one that served before, 1 or more."""

    @classmethod
    def _read(cls, wire: Any) -> ReplicaCounts:
        return cls(
            candidate=wire["candidate"],
            baseline=wire["baseline"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaLoad:
    """What one replica did since it was started."""

    runs: str
    """Runs, whole batches among them."""
    busy_us: str
    """Microseconds in the engine."""

    @classmethod
    def _read(cls, wire: Any) -> ReplicaLoad:
        return cls(
            runs=wire["runs"],
            busy_us=wire["busy_us"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaStatus:
    """Observed replicas of one revision in one process."""

    replicas: int
    """Replicas that can run."""
    busy: int
    """Replicas that run a request now."""
    waiting: int
    """Requests that wait."""
    replaced: str
    """Replicas that were replaced after a failure or a panic."""
    load: LoadReport
    """What the engine says of the loaded model."""
    batching: BatchStatus | None = None
    """How requests are batched, where they are."""
    residency: ResidencyStatus | None = None
    """How an `on_demand` revision came and went; absent for a resident one."""

    @classmethod
    def _read(cls, wire: Any) -> ReplicaStatus:
        return cls(
            replicas=wire["replicas"],
            busy=wire["busy"],
            waiting=wire["waiting"],
            replaced=wire["replaced"],
            load=LoadReport._read(wire["load"]),
            batching=None if (it := wire.get("batching")) is None else BatchStatus._read(it),
            residency=None if (it := wire.get("residency")) is None else ResidencyStatus._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMetrics:
    """Requests of one revision."""

    requests: str
    """Answered requests."""
    errors: dict[str, int]
    """Failed requests by kind."""
    latency_mean_us: float
    """Mean latency in microseconds."""
    latency_p50_us: float
    """Median latency in microseconds, off by at most 3.2 %."""
    latency_p95_us: float
    """95th percentile in microseconds."""
    latency_p99_us: float
    """99th percentile in microseconds."""
    in_flight: str = "0"
    """Requests under way."""
    phases: PhaseMetrics | None = None
    """Where the time of the requests went that an engine ran; absent before the first."""
    batch_rows_mean: float | None = None
    """Rows of a run that a request was part of, on average over requests; absent where requests are not batched."""

    @classmethod
    def _read(cls, wire: Any) -> RequestMetrics:
        return cls(
            requests=wire["requests"],
            errors=wire["errors"],
            latency_mean_us=wire["latency_mean_us"],
            latency_p50_us=wire["latency_p50_us"],
            latency_p95_us=wire["latency_p95_us"],
            latency_p99_us=wire["latency_p99_us"],
            in_flight=wire.get("in_flight", "0"),
            phases=None if (it := wire.get("phases")) is None else PhaseMetrics._read(it),
            batch_rows_mean=wire.get("batch_rows_mean"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """Output of `ExplainRequest`."""

    deployment: str
    """The deployment."""
    request_id: str
    """Name that the request had."""
    at: str
    """When it ended, in milliseconds since 1970, as a string."""
    revision: int
    """The revision that it went to."""
    version: str
    """Its version."""
    error: str | None = None
    """Name of the error, where it failed."""
    label: str | None = None
    """The class that came first, of one row with classes that have names."""

    @classmethod
    def _read(cls, wire: Any) -> RequestView:
        return cls(
            deployment=wire["deployment"],
            request_id=wire["request_id"],
            at=wire["at"],
            revision=wire["revision"],
            version=wire["version"],
            error=wire.get("error"),
            label=wire.get("label"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidencyStatus:
    """How an `on_demand` revision came and went in this process."""

    loaded: bool
    """Whether it is loaded."""
    cold_loads: str
    """Loads that a request waited for, as a string."""
    evictions: str
    """Unloads that made room for another one, as a string."""
    idle_unloads: str
    """Unloads because no request came for long enough, as a string."""
    last_load_ms: int | None = None
    """Milliseconds that the last load took, verification included; absent before the first one."""

    @classmethod
    def _read(cls, wire: Any) -> ResidencyStatus:
        return cls(
            loaded=wire["loaded"],
            cold_loads=wire["cold_loads"],
            evictions=wire["evictions"],
            idle_unloads=wire["idle_unloads"],
            last_load_ms=wire.get("last_load_ms"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceReport:
    """What this process and its machine use now. Where a figure is absent, the platform does not tell it."""

    interval_ms: int | None = None
    """Milliseconds that percentages of CPUs are taken over: since the reading before, at least 200; absent at the first
    reading of a handle, which has no percentages.
    """
    process: ProcessReading
    """This process, with all that its host does in it."""
    machine: MachineReading
    """The machine, or what a container shows of it."""
    limits: LimitReading
    """What the system leaves to the process of the machine."""
    gpus: GpuReadings
    """GPUs."""
    models: ModelMemory
    """Memory of loaded models."""

    @classmethod
    def _read(cls, wire: Any) -> ResourceReport:
        return cls(
            interval_ms=wire.get("interval_ms"),
            process=ProcessReading._read(wire["process"]),
            machine=MachineReading._read(wire["machine"]),
            limits=LimitReading._read(wire["limits"]),
            gpus=GpuReadings._read(wire["gpus"]),
            models=ModelMemory._read(wire["models"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RetainReport:
    """Output of `Retain`."""

    cut: Head | None = None
    """Head of what was cut away; absent where nothing was."""
    removed: str
    """Events removed, as a string."""
    head: Head
    """Head of the log: after a cut, the checkpoint's."""

    @classmethod
    def _read(cls, wire: Any) -> RetainReport:
        return cls(
            cut=None if (it := wire.get("cut")) is None else Head._read(it),
            removed=wire["removed"],
            head=Head._read(wire["head"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A version with one configuration inside a deployment."""

    number: int
    """1, 2, 3, …"""
    version: str
    """Version of the model."""
    threads: int
    """Threads that one request may use."""
    shapes: list[dict[str, list[int]]] = field(default_factory=list)
    """Input shapes to compile plans for before traffic: input name to sizes."""
    engine: str | None = None
    """Engine asked for, or none for the default."""
    status: RevisionStatus
    """Where it stands."""
    note: str | None = None
    """Why it failed, or what verification found."""
    batching: BatchConfig | None = None
    """How requests are batched, where they are."""
    cache: CacheConfig | None = None
    """How answers are kept; absent: they are not."""
    loading: Loading | None = None
    """When it is loaded; absent: it is resident."""
    unload_after_ms: str | None = None
    """Milliseconds without a request after which it is unloaded, as a string; absent: only to make room."""
    tuning: Tuning | None = None
    """What it was tuned to, and the figures behind it; absent: it was not."""
    state: StateConfig | None = None
    """What sessions carry from call to call; absent: nothing."""
    stream: StreamConfig | None = None
    """How one request gives many answers; absent: it cannot."""
    canary: CanaryConfig | None = None
    """How traffic moves to it, where that goes by steps."""

    @classmethod
    def _read(cls, wire: Any) -> Revision:
        return cls(
            number=wire["number"],
            version=wire["version"],
            threads=wire["threads"],
            shapes=wire.get("shapes", []),
            engine=wire.get("engine"),
            status=wire["status"],
            note=wire.get("note"),
            batching=None if (it := wire.get("batching")) is None else BatchConfig._read(it),
            cache=None if (it := wire.get("cache")) is None else CacheConfig._read(it),
            loading=wire.get("loading"),
            unload_after_ms=wire.get("unload_after_ms"),
            tuning=None if (it := wire.get("tuning")) is None else Tuning._read(it),
            state=None if (it := wire.get("state")) is None else StateConfig._read(it),
            stream=None if (it := wire.get("stream")) is None else _read_streamconfig(it),
            canary=None if (it := wire.get("canary")) is None else CanaryConfig._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionMemory:
    """What one loaded revision holds."""

    deployment: str
    """The deployment."""
    revision: int
    """Number of the revision."""
    version: str
    """Version of the model."""
    bytes: int
    """Bytes of its weights and plans, those that it shares with others too; 0 while an `on_demand` one is not loaded."""

    @classmethod
    def _read(cls, wire: Any) -> RevisionMemory:
        return cls(
            deployment=wire["deployment"],
            revision=wire["revision"],
            version=wire["version"],
            bytes=wire["bytes"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionMetrics:
    """Requests of one revision."""

    revision: int
    """Number of the revision."""
    version: str
    """Its version."""
    requests: RequestMetrics
    """Counts and latencies."""
    cache: CacheMetrics | None = None
    """What its cache did since it was loaded; absent where answers are not kept."""
    processes: int | None = None
    """Counts of open processes that it is the sum of; absent where only this one is asked."""
    replicas: list[ReplicaLoad] = field(default_factory=list)
    """What each replica did; empty where the target does not tell them apart."""
    sessions: SessionMetrics | None = None
    """Sessions and streams in this process; absent where there were none."""

    @classmethod
    def _read(cls, wire: Any) -> RevisionMetrics:
        return cls(
            revision=wire["revision"],
            version=wire["version"],
            requests=RequestMetrics._read(wire["requests"]),
            cache=None if (it := wire.get("cache")) is None else CacheMetrics._read(it),
            processes=wire.get("processes"),
            replicas=[ReplicaLoad._read(item) for item in wire.get("replicas", [])],
            sessions=None if (it := wire.get("sessions")) is None else SessionMetrics._read(it),
        )

RevisionStatus: TypeAlias = Literal[
    "loading",
    "ready",
    "active",
    "retired",
    "failed",
    "superseded",
]
"""States of a revision.

- `loading`: Being brought up.
- `ready`: Loaded, verified, without traffic.
- `active`: Serves.
- `retired`: Served before.
- `failed`: Could not be brought up, or kept failing.
- `superseded`: Overtaken by a rollback or a stop before it was ready.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollingConfig:
    """How replicas are replaced, in each process."""

    max_surge: int | None = None
    """Replicas that may be there beyond the number that the deployment has; absent: a quarter of it, rounded up."""
    max_unavailable: int | None = None
    """Replicas that may be missing meanwhile, less than the deployment has; absent: none."""
    min_ms: str | None = None
    """Milliseconds that each step lasts at least, as a string; absent: until its replicas are up."""
    max_ms: str | None = None
    """Milliseconds after which a step whose replicas are not up is inconclusive, as a string; absent: it waits."""
    analysis: AnalysisConfig | None = None
    """What ends the rollout while it is under way; absent: with the defaults."""

    @classmethod
    def _read(cls, wire: Any) -> RollingConfig:
        return cls(
            max_surge=wire.get("max_surge"),
            max_unavailable=wire.get("max_unavailable"),
            min_ms=wire.get("min_ms"),
            max_ms=wire.get("max_ms"),
            analysis=None if (it := wire.get("analysis")) is None else AnalysisConfig._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """The move of a deployment's traffic from one revision to another."""

    baseline: int
    """Revision that served before."""
    candidate: int
    """Revision that is tried."""
    canary: CanaryConfig
    """How it proceeds."""
    step: int
    """Number of the step, from 0."""
    weight: int
    """Share of the traffic that the candidate gets now, in basis points."""
    phase: RolloutPhase
    """Where it stands."""
    reason: str
    """Why, in a sentence."""
    salt: str
    """Secret that decides which keys are the first, as a string."""
    since: str
    """When the step began, in milliseconds since 1970, as a string."""
    from_: Seen | None = None
    """What was counted before the step and is not of it; absent until the step's first look."""
    evidence: Evidence
    """What the steps so far have shown."""
    findings: Findings | None = None
    """The figures behind the last change."""

    @classmethod
    def _read(cls, wire: Any) -> Rollout:
        return cls(
            baseline=wire["baseline"],
            candidate=wire["candidate"],
            canary=CanaryConfig._read(wire["canary"]),
            step=wire["step"],
            weight=wire["weight"],
            phase=wire["phase"],
            reason=wire["reason"],
            salt=wire["salt"],
            since=wire["since"],
            from_=None if (it := wire.get("from")) is None else Seen._read(it),
            evidence=Evidence._read(wire["evidence"]),
            findings=None if (it := wire.get("findings")) is None else Findings._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutMetric:
    """A figure that the host records, which must not get worse."""

    name: str
    """Name of the outcome, as `record_outcomes` says it."""
    goal: Goal
    """Which way is better."""
    margin: float
    """How much worse its mean may be on the new revision, above 0, in units of the metric."""

    @classmethod
    def _read(cls, wire: Any) -> RolloutMetric:
        return cls(
            name=wire["name"],
            goal=wire["goal"],
            margin=wire["margin"],
        )

RolloutPhase: TypeAlias = Literal[
    "analysing",
    "gated",
    "paused",
    "inconclusive",
    "completed",
    "aborted",
]
"""Where a rollout stands.

- `analysing`: The step is being judged.
- `gated`: The step has passed, and waits for `advance_rollout`.
- `paused`: Somebody stopped it; the share of the traffic stays.
- `inconclusive`: The step took too long to be judged; the share of the traffic stays until somebody decides.
- `completed`: All traffic has moved.
- `aborted`: All traffic has moved back.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutView:
    """Output of the operations on rollouts."""

    deployment: str
    """The deployment."""
    rollout: Rollout | None = None
    """The last rollout; absent: none was begun."""
    findings: Findings | None = None
    """What the step under way shows, as of the last look of the process that decides; absent in other processes, and
    before the first look.
    """
    recording: RecordingView | None = None
    """What is recorded of the deployment's requests; absent: nothing."""

    @classmethod
    def _read(cls, wire: Any) -> RolloutView:
        return cls(
            deployment=wire["deployment"],
            rollout=None if (it := wire.get("rollout")) is None else Rollout._read(it),
            findings=None if (it := wire.get("findings")) is None else Findings._read(it),
            recording=None if (it := wire.get("recording")) is None else RecordingView._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRule:
    """Where some requests go."""

    when: list[RuleCondition]
    """What a request has to say of itself, all of it; 1 to 8 conditions."""
    to: RuleTarget
    """Who answers it."""
    version: str | None = None
    """The version, with the target `version`: one that the deployment has brought up."""

    @classmethod
    def _read(cls, wire: Any) -> RouteRule:
        return cls(
            when=[RuleCondition._read(item) for item in wire["when"]],
            to=wire["to"],
            version=wire.get("version"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCondition:
    """One attribute of a request."""

    attribute: str
    """Name of the attribute."""
    any_of: list[str]
    """Values of which it has to have one, 1 to 64."""

    @classmethod
    def _read(cls, wire: Any) -> RuleCondition:
        return cls(
            attribute=wire["attribute"],
            any_of=wire["any_of"],
        )

RuleTarget: TypeAlias = Literal[
    "serving",
    "candidate",
    "version",
]
"""Who answers the requests that a rule is about.

- `serving`: The revision that serves: they take no part in what is tried.
- `candidate`: The revision that a rollout tries; without one, the next rule counts.
- `version`: The version that the rule names.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesView:
    """Output of `SetRules`."""

    deployment: str
    """The deployment."""
    rules: list[RouteRule]
    """Its rules, in the order in which they count."""

    @classmethod
    def _read(cls, wire: Any) -> RulesView:
        return cls(
            deployment=wire["deployment"],
            rules=[RouteRule._read(item) for item in wire["rules"]],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleRecommendation:
    """What should be done about the number of replicas, and the figures behind it, of the busiest process."""

    at: str
    """When it was made, in milliseconds since 1970, as a string."""
    desired: int
    """Replicas that there should be in each process."""
    current: int
    """Replicas that there are."""
    act: bool
    """Whether the number is changed: it differs, and this is no dry run."""
    reason: str
    """The signal that called for the most replicas: `in_flight`, `queue_delay`, `latency`, `backlog`, `forecast`,
    `idle`, `first_arrival` or `no_demand`.
    """
    limits: list[str]
    """What kept the number from being what was called for, in the order in which it did: `floor`, `ceiling`,
    `tolerance`, `stabilisation`, `recurrence`, `backlog`, `panic`, `cooldown`, `rate`.
    """
    arrivals_per_s: float
    """Requests in a second, now."""
    expected_per_s: float
    """Requests in a second that are reckoned with."""
    service_ms: float | None = None
    """Mean time on a replica, once it was measured."""
    offered: float
    """Requests that would be in flight if none waited."""
    target_in_flight: float
    """Requests that a replica should have in flight."""
    queue_budget_ms: float | None = None
    """Time that requests may wait, where it is bounded."""
    late: float | None = None
    """Share of requests that wait longer with the replicas that there are, by the model."""
    late_allowed: float
    """Share of requests that may."""
    unreachable: bool
    """Whether the time on a replica alone misses the objective, so that no number of replicas meets it."""
    lead_ms: float
    """Time until a replica that is ordered now serves."""
    panic: bool
    """Whether nothing is removed, since need rose suddenly."""
    vertical: list[SizeChange] = field(default_factory=list)
    """How replicas themselves should change."""

    @classmethod
    def _read(cls, wire: Any) -> ScaleRecommendation:
        return cls(
            at=wire["at"],
            desired=wire["desired"],
            current=wire["current"],
            act=wire["act"],
            reason=wire["reason"],
            limits=wire["limits"],
            arrivals_per_s=wire["arrivals_per_s"],
            expected_per_s=wire["expected_per_s"],
            service_ms=wire.get("service_ms"),
            offered=wire["offered"],
            target_in_flight=wire["target_in_flight"],
            queue_budget_ms=wire.get("queue_budget_ms"),
            late=wire.get("late"),
            late_allowed=wire["late_allowed"],
            unreachable=wire["unreachable"],
            lead_ms=wire["lead_ms"],
            panic=wire["panic"],
            vertical=[SizeChange._read(item) for item in wire.get("vertical", [])],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What both revisions have got."""

    candidate: ArmCounts
    """The one that is tried."""
    baseline: ArmCounts
    """The one that served before."""

    @classmethod
    def _read(cls, wire: Any) -> Seen:
        return cls(
            candidate=ArmCounts._read(wire["candidate"]),
            baseline=ArmCounts._read(wire["baseline"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentComparison:
    """A comparison among the callers whose requests say the same."""

    attribute: str
    """The attribute."""
    value: str | None = None
    """Its value; absent: all those that are not kept apart, together."""
    comparison: Comparison
    """The comparison. Its adjusted p-value is corrected for all comparisons of all segments, as the experiment
    corrects.
    """

    @classmethod
    def _read(cls, wire: Any) -> SegmentComparison:
        return cls(
            attribute=wire["attribute"],
            value=wire.get("value"),
            comparison=Comparison._read(wire["comparison"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMetrics:
    """Sessions of one loaded revision in this process. A stream outside a session is one of its own while it lasts."""

    open: int
    """Sessions that are open."""
    bytes: str
    """Bytes that they carry, as a string."""
    opened: str
    """Sessions that were opened, as a string."""
    expired: str
    """Sessions that ended because no call came for long enough, as a string."""
    refused: str
    """Sessions that were not opened, and calls that were not answered, because of a bound; as a string."""

    @classmethod
    def _read(cls, wire: Any) -> SessionMetrics:
        return cls(
            open=wire["open"],
            bytes=wire["bytes"],
            opened=wire["opened"],
            expired=wire["expired"],
            refused=wire["refused"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Points up to a bound, from the bound before."""

    below: int
    """First point that is not of it."""
    arm: int
    """Index of the arm that gets it."""

    @classmethod
    def _read(cls, wire: Any) -> Share:
        return cls(
            below=wire["below"],
            arm=wire["arm"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Inputs and outputs of a model, in the model's order."""

    inputs: list[TensorSpec]
    """What goes in."""
    outputs: list[TensorSpec]
    """What comes out."""

    @classmethod
    def _read(cls, wire: Any) -> Signature:
        return cls(
            inputs=[TensorSpec._read(item) for item in wire["inputs"]],
            outputs=[TensorSpec._read(item) for item in wire["outputs"]],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeChange:
    """A change of the replicas themselves."""

    what: str
    """`threads` of one request, or `batch`: rows of one batch at most."""
    from_: int
    """What it is."""
    to: int
    """What it should be."""
    reason: str
    """What calls for it: `bounds`, `service` or `waiting`."""

    @classmethod
    def _read(cls, wire: Any) -> SizeChange:
        return cls(
            what=wire["what"],
            from_=wire["from"],
            to=wire["to"],
            reason=wire["reason"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeStatus:
    """What batches of one size cost."""

    rows: int
    """Rows, rounded up to a power of two."""
    mean_us: float
    """Microseconds of a batch of this size, a moving average."""
    times: int
    """How often it ran."""

    @classmethod
    def _read(cls, wire: Any) -> SizeStatus:
        return cls(
            rows=wire["rows"],
            mean_us=wire["mean_us"],
            times=wire["times"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StateConfig:
    """What sessions of a deployment carry, and how many there may be in each process."""

    carried: list[CarriedTensor] = field(default_factory=list)
    """Tensors that go from call to call."""
    max_sessions: int | None = None
    """Sessions that are open at once at most, 1 to 1048576; absent: 1024."""
    max_bytes: str | None = None
    """Bytes that they carry together at most, as a string; absent: 64 MiB."""
    idle_ms: str | None = None
    """Milliseconds without a call after which a session ends, as a string; absent: five minutes."""

    @classmethod
    def _read(cls, wire: Any) -> StateConfig:
        return cls(
            carried=[CarriedTensor._read(item) for item in wire.get("carried", [])],
            max_sessions=wire.get("max_sessions"),
            max_bytes=wire.get("max_bytes"),
            idle_ms=wire.get("idle_ms"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StopValue:
    """A value that ends a stream."""

    output: str
    """The output that is looked at: of numbers or bools."""
    equals: float
    """The value that all its elements must have; 1 for true."""

    @classmethod
    def _read(cls, wire: Any) -> StopValue:
        return cls(
            output=wire["output"],
            equals=wire["equals"],
        )

Strategy: TypeAlias = Literal[
    "immediate",
    "rolling",
    "blue_green",
    "canary",
    "shadow",
    "ab_testing",
    "replay",
]
"""How a change of revision reaches the traffic.

- `immediate`: Load the new revision, then switch all traffic at once.
- `rolling`: Replace replicas one after another.
- `blue_green`: Build a full second set of replicas, then switch and keep the first for a while.
- `canary`: Give the new revision a growing share of the traffic while its metrics hold.
- `shadow`: Copy traffic to the new revision and throw its answers away.
- `ab_testing`: Split the traffic in halves by sticky key until somebody decides.
- `replay`: Run recorded requests on the new revision before it gets any traffic.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """One answer for each window of a long input, in order. The other inputs are given to every window."""

    input: str
    """The input that is cut."""
    axis: int
    """The axis that it is cut along, from 0."""
    length: int
    """Elements of a window."""
    hop: int
    """Elements from the start of one window to the start of the next, 1 to `length`."""
    context: int = 0
    """Elements before a window that come along in front of it; zeros before the first ones."""
    pad_last: bool = True
    """Whether the last window is filled up with zeros; else what does not fill a window is left out."""
    type: Literal["windows"] = "windows"

    @classmethod
    def _read(cls, wire: Any) -> Windows:
        return cls(
            input=wire["input"],
            axis=wire["axis"],
            length=wire["length"],
            hop=wire["hop"],
            context=wire.get("context", 0),
            pad_last=wire.get("pad_last", True),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """The model runs again on its own outputs."""

    feed: list[FedTensor] = field(default_factory=list)
    """What is given to the next step; inputs that are not fed stay as they were."""
    max_steps: int
    """Steps at most, 1 to 1048576."""
    until: StopValue | None = None
    """What ends the stream before that; the answer that meets it is the last one."""
    type: Literal["repeat"] = "repeat"

    @classmethod
    def _read(cls, wire: Any) -> Repeat:
        return cls(
            feed=[FedTensor._read(item) for item in wire.get("feed", [])],
            max_steps=wire["max_steps"],
            until=None if (it := wire.get("until")) is None else StopValue._read(it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorSpec:
    """One input or output."""

    name: str
    """The name in the model."""
    dtype: DType
    """Element type."""
    shape: list[Dim]
    """Sizes of the axes, outermost first."""

    @classmethod
    def _read(cls, wire: Any) -> TensorSpec:
        return cls(
            name=wire["name"],
            dtype=wire["dtype"],
            shape=wire["shape"],
        )

TimeoutAction: TypeAlias = Literal[
    "reject",
    "delay",
]
"""What becomes of a request that waited for `default_timeout_ms`.

- `reject`: It is refused with `deadline_exceeded`, as one that brought this timeout.
- `delay`: It is put behind, as if it came at this moment with the least urgent level.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far a number may be from the expected one: `|expected - found| <= atol + rtol * |expected|`.

    Integers, bools and strings must be equal; an infinity must be the same one, and NaN must be where NaN is
    expected.
    """

    rtol: float = 0.0001
    """Relative part, 0 or more. Default 1e-4."""
    atol: float = 0.00001
    """Absolute part, 0 or more. Default 1e-5."""

    @classmethod
    def _read(cls, wire: Any) -> Tolerance:
        return cls(
            rtol=wire.get("rtol", 0.0001),
            atol=wire.get("atol", 0.00001),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """What a deploy was tuned to, and the figures behind it."""

    aim: Aim
    """What it is tuned for."""
    machine: str
    """The machine that measured: architecture, processor, threads that run at once."""
    remembered: bool = False
    """Whether the figures are of an earlier deploy of the same file on the same kind of machine."""
    chosen: int
    """Position of the chosen case."""
    cases: list[TuningCase]
    """Every case: by rows, then by threads."""

    @classmethod
    def _read(cls, wire: Any) -> Tuning:
        return cls(
            aim=wire["aim"],
            machine=wire["machine"],
            remembered=wire.get("remembered", False),
            chosen=wire["chosen"],
            cases=[TuningCase._read(item) for item in wire["cases"]],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningCase:
    """What a case gave."""

    threads: int
    """Threads of one request."""
    replicas: int
    """Replicas that ran at once."""
    rows: int
    """Rows of one request."""
    latency_us: float
    """Median time of a request in microseconds."""
    rows_per_second: float
    """Rows in a second, all replicas together."""

    @classmethod
    def _read(cls, wire: Any) -> TuningCase:
        return cls(
            threads=wire["threads"],
            replicas=wire["replicas"],
            rows=wire["rows"],
            latency_us=wire["latency_us"],
            rows_per_second=wire["rows_per_second"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionComparison:
    """Output of `CompareVersions`."""

    model: str
    """The model."""
    base: str
    """Version of the base."""
    candidate: str
    """Version of the candidate."""
    same_artifact: bool
    """Same artifact."""
    compatibility: Compatibility
    """The verdict."""
    differences: list[str]
    """What differs in signature and labels, a sentence each."""
    base_bytes: str
    """Size of the base in bytes, as a string."""
    candidate_bytes: str
    """Size of the candidate in bytes, as a string."""
    metrics: dict[str, MetricDifference]
    """By name."""

    @classmethod
    def _read(cls, wire: Any) -> VersionComparison:
        return cls(
            model=wire["model"],
            base=wire["base"],
            candidate=wire["candidate"],
            same_artifact=wire["same_artifact"],
            compatibility=wire["compatibility"],
            differences=wire["differences"],
            base_bytes=wire["base_bytes"],
            candidate_bytes=wire["candidate_bytes"],
            metrics={key: MetricDifference._read(item) for key, item in wire["metrics"].items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionList:
    """Output of `ListVersions`."""

    versions: list[VersionRecord]
    """By number, oldest first."""

    @classmethod
    def _read(cls, wire: Any) -> VersionList:
        return cls(
            versions=[VersionRecord._read(item) for item in wire["versions"]],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPin:
    """One version of one model, by number."""

    model: str
    """The model."""
    version: str
    """Its version."""

    @classmethod
    def _read(cls, wire: Any) -> VersionPin:
        return cls(
            model=wire["model"],
            version=wire["version"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """One immutable artifact of a model and what is known of it."""

    model: str
    """The model."""
    version: str
    """Semantic version."""
    digest: Digest
    """Digest of the model file."""
    bytes: str
    """Size of the model file in bytes, as a string."""
    format: str
    """Format of the model file."""
    signature: Signature
    """Inputs and outputs."""
    labels: list[str] = field(default_factory=list)
    """Names of the classes, in the order of the last output axis."""
    description: str = ""
    """Free text."""
    tags: dict[str, str] = field(default_factory=dict)
    """Free names and values."""
    metrics: dict[str, float] = field(default_factory=dict)
    """Measured figures."""
    parent: str | None = None
    """Version of the same model that this one was made from."""
    training_run: str | None = None
    """Identifies the training run."""
    probes: Digest | None = None
    """Probe inputs and expected outputs, in the artifact store."""
    probes_from: str | None = None
    """Who gave the expected outputs: `registrar`, or the engine."""
    suspect: list[str] = field(default_factory=list)
    """Constructs that engines are known to get wrong; such a version deploys only with the registrar's probes."""
    status: VersionStatus
    """Where it stands."""
    created_at: str
    """When it was registered, in milliseconds since 1970, as a string."""
    evaluations: list[Evaluation] = field(default_factory=list)
    """What evaluations found: the last one of each gate, the latest last."""
    uses: list[VersionPin] = field(default_factory=list)
    """Versions that a pipeline is made of; they stay as long as it does."""

    @classmethod
    def _read(cls, wire: Any) -> VersionRecord:
        return cls(
            model=wire["model"],
            version=wire["version"],
            digest=wire["digest"],
            bytes=wire["bytes"],
            format=wire["format"],
            signature=Signature._read(wire["signature"]),
            labels=wire.get("labels", []),
            description=wire.get("description", ""),
            tags=wire.get("tags", {}),
            metrics=wire.get("metrics", {}),
            parent=wire.get("parent"),
            training_run=wire.get("training_run"),
            probes=wire.get("probes"),
            probes_from=wire.get("probes_from"),
            suspect=wire.get("suspect", []),
            status=wire["status"],
            created_at=wire["created_at"],
            evaluations=[Evaluation._read(item) for item in wire.get("evaluations", [])],
            uses=[VersionPin._read(item) for item in wire.get("uses", [])],
        )

VersionStatus: TypeAlias = Literal[
    "draft",
    "testing",
    "approved",
    "deployed",
    "deprecated",
    "retired",
    "failed",
]
"""Where a version stands.

- `draft`: Registered.
- `testing`: Being tried.
- `approved`: Fit for traffic.
- `deployed`: Served by a deployment.
- `deprecated`: To be replaced; still serves.
- `retired`: Not to be deployed again.
- `failed`: Failed to load or to verify.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerticalConfig:
    """Between which bounds threads of a request and rows of a batch follow the objective; what has no `max` does not
    change. Each change is a revision of the same version.
    """

    min_threads: int | None = None
    """Threads of one request at least, 1 to 256. Default 1."""
    max_threads: int | None = None
    """Threads of one request at most, 1 to 256. Default: they do not change."""
    min_batch_size: int | None = None
    """Rows of one batch at least, 1 to 4096. Default 1."""
    max_batch_size: int | None = None
    """Rows of one batch at most, 1 to 4096, where the deployment batches. Default: they do not change."""
    cooldown_ms: int | None = None
    """Time after such a change before the next one; at least a stable window counts. Default 60 000."""

    @classmethod
    def _read(cls, wire: Any) -> VerticalConfig:
        return cls(
            min_threads=wire.get("min_threads"),
            max_threads=wire.get("max_threads"),
            min_batch_size=wire.get("min_batch_size"),
            max_batch_size=wire.get("max_batch_size"),
            cooldown_ms=wire.get("cooldown_ms"),
        )


Event: TypeAlias = (
    VersionRegistered
    | VersionAnnotated
    | VersionProbed
    | VersionStatusChanged
    | VersionDeleted
    | AliasSet
    | AliasRemoved
    | DeployRequested
    | DeployStarted
    | RevisionReady
    | RevisionFailed
    | Promoted
    | RolledBack
    | ScaleRequested
    | Scaled
    | ScaleFailed
    | StopRequested
    | Stopped
    | Failed
    | Checkpoint
    | VersionEvaluated
    | AutoscaleSet
    | RolloutStarted
    | RolloutMarked
    | RolloutStepped
    | RolloutPhaseChanged
    | ExperimentCreated
    | ExperimentWeighted
    | ExperimentPhaseChanged
    | RulesSet
)
"""A fact about a model, a deployment or the directory."""

_EVENT: dict[str, Any] = {
    "version_registered": VersionRegistered,
    "version_annotated": VersionAnnotated,
    "version_probed": VersionProbed,
    "version_status_changed": VersionStatusChanged,
    "version_deleted": VersionDeleted,
    "alias_set": AliasSet,
    "alias_removed": AliasRemoved,
    "deploy_requested": DeployRequested,
    "deploy_started": DeployStarted,
    "revision_ready": RevisionReady,
    "revision_failed": RevisionFailed,
    "promoted": Promoted,
    "rolled_back": RolledBack,
    "scale_requested": ScaleRequested,
    "scaled": Scaled,
    "scale_failed": ScaleFailed,
    "stop_requested": StopRequested,
    "stopped": Stopped,
    "failed": Failed,
    "checkpoint": Checkpoint,
    "version_evaluated": VersionEvaluated,
    "autoscale_set": AutoscaleSet,
    "rollout_started": RolloutStarted,
    "rollout_marked": RolloutMarked,
    "rollout_stepped": RolloutStepped,
    "rollout_phase_changed": RolloutPhaseChanged,
    "experiment_created": ExperimentCreated,
    "experiment_weighted": ExperimentWeighted,
    "experiment_phase_changed": ExperimentPhaseChanged,
    "rules_set": RulesSet,
}


def _read_event(wire: Any) -> Event:
    variant: Event = _EVENT[wire["type"]]._read(wire)
    return variant


StreamConfig: TypeAlias = (
    Windows
    | Repeat
)
"""How one request gives many answers."""

_STREAMCONFIG: dict[str, Any] = {
    "windows": Windows,
    "repeat": Repeat,
}


def _read_streamconfig(wire: Any) -> StreamConfig:
    variant: StreamConfig = _STREAMCONFIG[wire["type"]]._read(wire)
    return variant


class Settings(TypedDict, total=False):
    """Settings of a handle. `Settings::default` suits an embedded host: no limit but what the host sets.

    Times are in milliseconds, sizes in bytes. `None` means no limit.
    """

    enabled: bool
    """Whether a directory may be opened at all. Default true."""
    default_target: str
    """Target of a deployment that names none: `local`, or the name of a backend of the builder. Default `local`."""
    default_strategy: Strategy
    """Strategy of a change that names none. Default immediate."""
    scale_enabled: bool
    """Whether the number of replicas may change, by hand or by rule. Default true."""
    monitoring_enabled: bool
    """Whether requests are counted and timed. Default true."""
    max_deployments: int | None
    """Deployments at most. Default none."""
    max_concurrent: int | None
    """Control operations that run at once. Default none."""
    memory_budget_bytes: int | None
    """Memory for weights and plans of loaded models. Default none."""
    plan_cache_bytes: int
    """Memory for compiled plans of one loaded model, within the budget. Default 256 MiB."""
    max_artifact_bytes: int
    """Size of one model artifact at most. Default 16 GiB."""
    max_queue: int
    """Requests of one deployment that wait at most. Default 1024."""
    max_replicas: int
    """Replicas of one deployment at most, 1 to 1024. Default 1024."""
    workers: int
    """Threads for asynchronous predictions; 0 for one per core. Default 0."""
    drain_timeout_ms: int
    """Time that `undeploy` waits for running requests. Default 30 000."""
    poll_interval_ms: int
    """Time between two looks at what other processes did to the directory. Default 100."""
    heartbeat_ms: int
    """Time between two heartbeats of this process. Default 1 000."""
    lease_ttl_ms: int
    """Time after which the deciding lease of a silent process lapses; more than two heartbeats. Default 3 000."""
    keep_warm: int
    """Previous revisions of a deployment that stay loaded, so that a rollback loads nothing. Default 1."""
    failures_to_error: int
    """Consecutive failures after which a deployment is marked as in error. Default 5."""
    retain_events: int | None
    """Events of the log that stay when it has grown to twice as many; older ones are cut away. Default none: all stay."""
    read_only: bool
    """Whether the directory is only read: predictions work, every change is refused. Default false."""
    allow_network_fs: bool
    """Whether the directory may lie on a network file system, where file locks are often not kept. Default false."""
    allow_unverified: bool
    """Whether a model without probes or references may be deployed unverified. Default false."""
    load_on_open: bool
    """Whether an open waits until deployments are loaded, rather than loading them in the background or at their first
    request. Default true.
    """
    actor: str
    """Who acts, for the audit log, where the caller does not say. Default `local`."""
    default_engine: str | None
    """Engine of a deployment that names none. Default none: the fastest one that gives the right answers."""
    onnxruntime: str | None
    """ONNX Runtime's shared library, which then stands for choice among the engines: `auto` for the one that is found,
    or
    the path of a file. Default none: `ort` serves where a deploy names it, with the library that is found.
    """
    onnxruntime_providers: list[str]
    """Execution providers of ONNX Runtime, the preferred one first, such as `cuda`. Default none: the CPU."""
    cache_redis_url: str | None
    """Redis for deployments that keep answers there, such as `redis://localhost:6379`. Default none."""
    default_loading: Loading
    """When a deployment is loaded whose deploy does not say. Default resident."""
    specialise: bool
    """Whether shapes that run often may get plans of their own, in the background. Answers then differ in the last
    digits from those before. Default true.
    """
    journal: JournalConfig | None
    """Which requests with a name of their own are remembered, for labels that come later. Default: 10 000 for a day."""
    shadow_cpu_percent: int
    """Share of one processor, in percent, 1 to 100, that runs of versions in the shadow may take. Default 10."""
    recording: RecordingConfig | None
    """Which requests are kept in the directory, with their inputs and answers, for steps that replay them. Default
    none:
    nothing is recorded.
    """
