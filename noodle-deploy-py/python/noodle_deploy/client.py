"""A method for each operation. Written by `cargo xtask codegen` from the operations table."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from .types import (
        Aim,
        Arm,
        ArmConfig,
        AuditReport,
        AutoscaleConfig,
        AutoscaleView,
        BackupReport,
        BatchConfig,
        BenchmarkReport,
        CacheConfig,
        CanaryConfig,
        Deleted,
        DeploymentList,
        DeploymentView,
        EvaluationReport,
        ExperimentPlan,
        ExperimentView,
        GarbageReport,
        Gate,
        Head,
        HealthReport,
        HistoryOutput,
        JudgementConfig,
        Label,
        Loading,
        MemoryBudgetView,
        MetricConfig,
        MetricsReport,
        Model,
        ModelKind,
        ModelList,
        Outcome,
        ProfileReport,
        Progress,
        RecordedLabels,
        RecordedOutcomes,
        RequestView,
        ResourceReport,
        RetainReport,
        RollingConfig,
        RolloutView,
        RouteRule,
        RulesView,
        StateConfig,
        Strategy,
        StreamConfig,
        Tolerance,
        VersionComparison,
        VersionList,
        VersionRecord,
        VersionStatus,
    )


class Operations:
    """The operations, for threads."""

    __slots__ = ()

    def _call(
        self, name: str, input: Mapping[str, Any], progress: Callable[[Progress], object] | None = None
    ) -> Any:
        raise NotImplementedError

    def register_version(
        self,
        *,
        model: str,
        path: str | os.PathLike[str],
        version: str | None = None,
        model_type: ModelKind | None = None,
        labels: Sequence[str] | None = None,
        description: str = "",
        tags: Mapping[str, str] | None = None,
        metrics: Mapping[str, float] | None = None,
        parent: str | None = None,
        training_run: str | None = None,
        probes_path: str | os.PathLike[str] | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> VersionRecord:
        """Registers a model file as a version of a model.

        Needs the role `deployer`.

        Args:
            model: The model; made by its first version.
            path: Path of the model file.
            version: Semantic version; absent: the next major version.
            model_type: Type of the model; absent: the model's, `custom` for a new one.
            labels: Names of the classes; absent: those in the file's metadata.
            description: Free text.
            tags: Free names and values.
            metrics: Measured figures.
            parent: Version of the same model that this one was made from.
            training_run: Identifies the training run.
            probes_path: Path of a JSON file with probe inputs and expected outputs, which every deploy is checked
                against.
            progress: Called now and then with how far the operation is.
        """
        from .types import VersionRecord

        input = {
            "model": model,
            "path": path,
            "version": version,
            "model_type": model_type,
            "labels": labels,
            "description": description,
            "tags": tags,
            "metrics": metrics,
            "parent": parent,
            "training_run": training_run,
            "probes_path": probes_path,
        }
        return VersionRecord._read(self._call("register_version", input, progress))

    def get_version(
        self,
        *,
        model: str,
        version: str = "latest",
    ) -> VersionRecord:
        """Shows a version: signature, labels, metrics, lineage, status.

        Needs the role `viewer`. Changes nothing.

        Args:
            model: The model.
            version: A version, an alias, or `latest`; absent: `latest`.
        """
        from .types import VersionRecord

        input = {
            "model": model,
            "version": version,
        }
        return VersionRecord._read(self._call("get_version", input))

    def list_versions(
        self,
        *,
        model: str,
    ) -> VersionList:
        """Lists the versions of a model.

        Needs the role `viewer`. Changes nothing.

        Args:
            model: The model.
        """
        from .types import VersionList

        input = {
            "model": model,
        }
        return VersionList._read(self._call("list_versions", input))

    def list_models(self) -> ModelList:
        """Lists the models with their latest versions and aliases.

        Needs the role `viewer`. Changes nothing.
        """
        from .types import ModelList

        return ModelList._read(self._call("list_models", {}))

    def compare_versions(
        self,
        *,
        model: str,
        base: str,
        candidate: str,
    ) -> VersionComparison:
        """Compares two versions: signature, labels, size, metrics, and whether one can replace the other.

        Needs the role `viewer`. Changes nothing.

        Args:
            model: The model.
            base: The version to compare with: a version, an alias, or `latest`.
            candidate: The version to judge: a version, an alias, or `latest`.
        """
        from .types import VersionComparison

        input = {
            "model": model,
            "base": base,
            "candidate": candidate,
        }
        return VersionComparison._read(self._call("compare_versions", input))

    def annotate_version(
        self,
        *,
        model: str,
        version: str,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        metrics: Mapping[str, float] | None = None,
    ) -> VersionRecord:
        """Changes the description, tags or metrics of a version.

        Needs the role `deployer`.

        Args:
            model: The model.
            version: A version, an alias, or `latest`.
            description: New description.
            tags: Tags to set; an empty value removes the tag.
            metrics: Metrics to set; finite.
        """
        from .types import VersionRecord

        input = {
            "model": model,
            "version": version,
            "description": description,
            "tags": tags,
            "metrics": metrics,
        }
        return VersionRecord._read(self._call("annotate_version", input))

    def set_version_status(
        self,
        *,
        model: str,
        version: str,
        status: VersionStatus,
        reason: str | None = None,
    ) -> VersionRecord:
        """Changes the status of a version, as in approved, deprecated or retired.

        Needs the role `deployer`.

        Args:
            model: The model.
            version: A version, an alias, or `latest`.
            status: New status.
            reason: Why.
        """
        from .types import VersionRecord

        input = {
            "model": model,
            "version": version,
            "status": status,
            "reason": reason,
        }
        return VersionRecord._read(self._call("set_version_status", input))

    def delete_version(
        self,
        *,
        model: str,
        version: str,
    ) -> Deleted:
        """Deletes a version that nothing refers to.

        Needs the role `admin`.

        Args:
            model: The model.
            version: A version, an alias, or `latest`. What deletes takes no default.
        """
        from .types import Deleted

        input = {
            "model": model,
            "version": version,
        }
        return Deleted._read(self._call("delete_version", input))

    def set_alias(
        self,
        *,
        model: str,
        alias: str,
        version: str,
    ) -> Model:
        """Sets or moves an alias of a model.

        Needs the role `deployer`.

        Args:
            model: The model.
            alias: The alias, as in `production`.
            version: A version, another alias, or `latest`.
        """
        from .types import Model

        input = {
            "model": model,
            "alias": alias,
            "version": version,
        }
        return Model._read(self._call("set_alias", input))

    def remove_alias(
        self,
        *,
        model: str,
        alias: str,
    ) -> Model:
        """Removes an alias of a model.

        Needs the role `deployer`.

        Args:
            model: The model.
            alias: The alias.
        """
        from .types import Model

        input = {
            "model": model,
            "alias": alias,
        }
        return Model._read(self._call("remove_alias", input))

    def deploy(
        self,
        *,
        deployment: str,
        model: str | None = None,
        version: str = "latest",
        target: str | None = None,
        strategy: Strategy | None = None,
        replicas: int | None = None,
        threads: int = 1,
        shapes: Sequence[Mapping[str, Sequence[int]]] | None = None,
        engine: str | None = None,
        batching: BatchConfig | None = None,
        cache: CacheConfig | None = None,
        required_gates: Sequence[str] | None = None,
        loading: Loading | None = None,
        unload_after_ms: str | None = None,
        tune: Aim | None = None,
        state: StateConfig | None = None,
        stream: StreamConfig | None = None,
        canary: CanaryConfig | None = None,
        from_: str | None = None,
        rolling: RollingConfig | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> DeploymentView:
        """Loads, verifies and serves a version under a name.

        Needs the role `deployer`.

        Args:
            deployment: Name of the deployment.
            model: The model; absent: named like the deployment.
            version: A version, an alias, or `latest`.
            target: Where replicas live; absent: the default target.
            strategy: `immediate` moves traffic when the revision is verified; `blue_green` waits for `promote`;
                `canary` moves it step by
        step while the revision is found to be no worse; `shadow` lets it answer nobody until somebody advances it;
        `rolling`
        replaces replicas a few at a time; `ab_testing` divides the traffic in halves until somebody decides. Absent:
        the
        default.
            replicas: Replicas in each process; absent: as before, 1 at first.
            threads: Threads that one request may use.
            shapes: Input shapes to compile plans for before traffic: input name to sizes.
            engine: Engine; absent: the default.
            batching: How requests are batched; absent: not at all.
            cache: How answers are kept; absent: they are not.
            required_gates: Gates that a version must have passed, by an `evaluate` of each, to be deployed or
                promoted here, at most 16;
        absent: as before, none at first.
            loading: When the revision is loaded; absent: as the one before, the default at first.
            unload_after_ms: Milliseconds without a request after which an `on_demand` revision is unloaded, as a
                string; absent: as the one
        before where `loading` is absent too, else only to make room.
            tune: Measures on this machine what gives the most of this, and takes it where the request leaves it
                open: `threads` where
        they are 1, `replicas` where they are absent, and with `throughput` the rows of a batch. Absent: nothing is
        measured.
            state: What sessions carry from call to call; absent: nothing.
            stream: How one request gives many answers; absent: it cannot.
            canary: How traffic moves to the revision with the strategy `canary`, which it implies; absent with that
                strategy: by the
        steps and the analysis that are the default.
            from: A deployment whose serving version is to be deployed here, configured as it is there where this
                input says nothing:
        from staging to production. Absent: what `version` says.
            rolling: How replicas are replaced with the strategy `rolling`, which it implies; absent with that
                strategy: a quarter at a
        time, with none missing.
            progress: Called now and then with how far the operation is.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
            "model": model,
            "version": version,
            "target": target,
            "strategy": strategy,
            "replicas": replicas,
            "threads": threads,
            "shapes": shapes,
            "engine": engine,
            "batching": batching,
            "cache": cache,
            "required_gates": required_gates,
            "loading": loading,
            "unload_after_ms": unload_after_ms,
            "tune": tune,
            "state": state,
            "stream": stream,
            "canary": canary,
            "from": from_,
            "rolling": rolling,
        }
        return DeploymentView._read(self._call("deploy", input, progress))

    def promote(
        self,
        *,
        deployment: str,
        version: str | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> DeploymentView:
        """Moves all traffic of a deployment to a version that is up beside the serving one.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            version: A version or an alias among its revisions; absent: the candidate that is ready.
            progress: Called now and then with how far the operation is.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
            "version": version,
        }
        return DeploymentView._read(self._call("promote", input, progress))

    def rollback(
        self,
        *,
        deployment: str,
        version: str | None = None,
        reason: str | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> DeploymentView:
        """Moves all traffic of a deployment back to an earlier version, at once and from any state.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            version: A version that served before; absent: the last one, or, while a change is under way, the end of
                that change.
            reason: Why.
            progress: Called now and then with how far the operation is.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
            "version": version,
            "reason": reason,
        }
        return DeploymentView._read(self._call("rollback", input, progress))

    def scale(
        self,
        *,
        deployment: str,
        replicas: int,
        progress: Callable[[Progress], object] | None = None,
    ) -> DeploymentView:
        """Changes the number of replicas of a deployment while it serves.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            replicas: Replicas in each process, 1 to 1024.
            progress: Called now and then with how far the operation is.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
            "replicas": replicas,
        }
        return DeploymentView._read(self._call("scale", input, progress))

    def set_autoscale(
        self,
        *,
        deployment: str,
        autoscale: AutoscaleConfig | None = None,
    ) -> AutoscaleView:
        """Switches autoscaling of a deployment on, changes it, or switches it off.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            autoscale: How it scales; absent switches it off.
        """
        from .types import AutoscaleView

        input = {
            "deployment": deployment,
            "autoscale": autoscale,
        }
        return AutoscaleView._read(self._call("set_autoscale", input))

    def get_autoscale(
        self,
        *,
        deployment: str,
    ) -> AutoscaleView:
        """Shows how a deployment scales, and the last recommendation with its figures.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: The deployment.
        """
        from .types import AutoscaleView

        input = {
            "deployment": deployment,
        }
        return AutoscaleView._read(self._call("get_autoscale", input))

    def unload(
        self,
        *,
        deployment: str,
    ) -> DeploymentView:
        """Unloads an on_demand deployment in this process; its next request loads it again.

        Needs the role `operator`. Changes nothing.

        Args:
            deployment: The deployment.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
        }
        return DeploymentView._read(self._call("unload", input))

    def undeploy(
        self,
        *,
        deployment: str,
        force: bool = False,
        progress: Callable[[Progress], object] | None = None,
    ) -> DeploymentView:
        """Stops a deployment after its running requests have ended.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            force: Do not wait for running requests.
            progress: Called now and then with how far the operation is.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
            "force": force,
        }
        return DeploymentView._read(self._call("undeploy", input, progress))

    def get_deployment(
        self,
        *,
        deployment: str,
    ) -> DeploymentView:
        """Shows a deployment as desired and as this process observes it.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: The deployment.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
        }
        return DeploymentView._read(self._call("get_deployment", input))

    def list_deployments(self) -> DeploymentList:
        """Lists the deployments.

        Needs the role `viewer`. Changes nothing.
        """
        from .types import DeploymentList

        return DeploymentList._read(self._call("list_deployments", {}))

    def explain_route(
        self,
        *,
        deployment: str,
        key: str,
        attributes: Mapping[str, str] | None = None,
        at: str | None = None,
    ) -> Arm:
        """Says which revision the requests of a caller's key go to, or went to at some time, and why.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: The deployment.
            key: The caller's sticky key.
            attributes: What the request says of itself: name to value.
            at: When, in milliseconds since 1970, as a string: who answered then is computed again from the log.
                Absent: now.
        """
        from .types import Arm

        input = {
            "deployment": deployment,
            "key": key,
            "attributes": attributes,
            "at": at,
        }
        return Arm._read(self._call("explain_route", input))

    def history(
        self,
        *,
        deployment: str | None = None,
        model: str | None = None,
        after: str = "0",
        limit: int | None = None,
    ) -> HistoryOutput:
        """Reads what happened, with actor, time and cause, oldest first.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: Only this deployment.
            model: Only this model.
            after: Only events after this sequence, as a string.
            limit: At most so many events, 1 to 1000; absent: 100.
        """
        from .types import HistoryOutput

        input = {
            "deployment": deployment,
            "model": model,
            "after": after,
            "limit": limit,
        }
        return HistoryOutput._read(self._call("history", input))

    def get_health(
        self,
        *,
        deployment: str | None = None,
    ) -> HealthReport:
        """Shows whether every deployment that should run answers in this process, and the last errors.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: Only this deployment.
        """
        from .types import HealthReport

        input = {
            "deployment": deployment,
        }
        return HealthReport._read(self._call("get_health", input))

    def get_metrics(
        self,
        *,
        deployment: str | None = None,
    ) -> MetricsReport:
        """Shows requests, errors and latencies of the revisions loaded in this process.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: Only this deployment.
        """
        from .types import MetricsReport

        input = {
            "deployment": deployment,
        }
        return MetricsReport._read(self._call("get_metrics", input))

    def get_traffic(
        self,
        *,
        deployment: str | None = None,
    ) -> MetricsReport:
        """Shows requests, errors and latencies that all processes of the directory counted, those that are gone too.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: Only this deployment.
        """
        from .types import MetricsReport

        input = {
            "deployment": deployment,
        }
        return MetricsReport._read(self._call("get_traffic", input))

    def audit_head(self) -> Head:
        """Shows the head of the log: what to keep or sign, so that a later change shows.

        Needs the role `viewer`. Changes nothing.
        """
        from .types import Head

        return Head._read(self._call("audit_head", {}))

    def audit_verify(
        self,
        *,
        since: Head | None = None,
        artifacts: bool = False,
        progress: Callable[[Progress], object] | None = None,
    ) -> AuditReport:
        """Checks every event's hash, folds the state again and compares; on request checks every artifact.

        Needs the role `viewer`. Changes nothing.

        Args:
            since: A head that was kept; the log must still contain it. One below a cut of `retain` is refused.
            artifacts: Read every artifact too, and check its digest.
            progress: Called now and then with how far the operation is.
        """
        from .types import AuditReport

        input = {
            "since": since,
            "artifacts": artifacts,
        }
        return AuditReport._read(self._call("audit_verify", input, progress))

    def retain(
        self,
        *,
        keep_events: int | None = None,
        keep_ms: str | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> RetainReport:
        """Cuts old events away; the log goes on from the state at the cut, for which a checkpoint vouches.

        Needs the role `admin`.

        Args:
            keep_events: Keeps the last so many events, the new checkpoint among them; 1 or more.
            keep_ms: Keeps events younger than so many milliseconds, as a string.
            progress: Called now and then with how far the operation is.
        """
        from .types import RetainReport

        input = {
            "keep_events": keep_events,
            "keep_ms": keep_ms,
        }
        return RetainReport._read(self._call("retain", input, progress))

    def backup(
        self,
        *,
        to: str | os.PathLike[str],
        progress: Callable[[Progress], object] | None = None,
    ) -> BackupReport:
        """Writes a complete, verified copy of the directory while it goes on serving.

        Needs the role `admin`. Changes nothing.

        Args:
            to: Directory to make, with those above it; it must not exist, nor lie in the one that is copied.
            progress: Called now and then with how far the operation is.
        """
        from .types import BackupReport

        input = {
            "to": to,
        }
        return BackupReport._read(self._call("backup", input, progress))

    def collect_garbage(
        self,
        *,
        progress: Callable[[Progress], object] | None = None,
    ) -> GarbageReport:
        """Removes artifacts that no version refers to.

        Needs the role `admin`.

        Args:
            progress: Called now and then with how far the operation is.
        """
        from .types import GarbageReport

        return GarbageReport._read(self._call("collect_garbage", {}, progress))

    def benchmark(
        self,
        *,
        model: str,
        version: str = "latest",
        target: str | None = None,
        engines: Sequence[str] | None = None,
        threads: Sequence[int] | None = None,
        batches: Sequence[int] | None = None,
        shapes: Mapping[str, Sequence[int]] | None = None,
        seconds_per_case: float | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> BenchmarkReport:
        """Measures a version: latency against throughput over engines, threads and batches.

        Needs the role `operator`. Changes nothing.

        Args:
            model: The model.
            version: A version, an alias, or `latest`.
            target: Where the model is to run; absent: the default target.
            engines: Engines, each once, at most 8; absent: those that a deploy would choose among.
            threads: Threads of one request, 1 to 256, each number once, at most 16 numbers; absent: 1.
            batches: Rows of one request, 1 to 4096, each number once, at most 16 numbers; absent: 1.
            shapes: Sizes of inputs where inputs are generated: input name to sizes; the first one gives way to the
                batch.
            seconds_per_case: Seconds to measure each case, 0.01 to 60; all cases together at most an hour. Absent:
                1.
            progress: Called now and then with how far the operation is.
        """
        from .types import BenchmarkReport

        input = {
            "model": model,
            "version": version,
            "target": target,
            "engines": engines,
            "threads": threads,
            "batches": batches,
            "shapes": shapes,
            "seconds_per_case": seconds_per_case,
        }
        return BenchmarkReport._read(self._call("benchmark", input, progress))

    def profile(
        self,
        *,
        model: str,
        version: str = "latest",
        target: str | None = None,
        engine: str | None = None,
        threads: int = 1,
        batch: int = 1,
        shapes: Mapping[str, Sequence[int]] | None = None,
        runs: int = 20,
        progress: Callable[[Progress], object] | None = None,
    ) -> ProfileReport:
        """Measures a version node by node: time, calls, bytes and shapes.

        Needs the role `operator`. Changes nothing.

        Args:
            model: The model.
            version: A version, an alias, or `latest`.
            target: Where the model is to run; absent: the default target.
            engine: Engine; absent: the default, else the reference engine.
            threads: Threads that a run may use, 1 to 256.
            batch: Rows of a run, 1 to 4096.
            shapes: Sizes of inputs where inputs are generated: input name to sizes; the first one gives way to the
                batch.
            runs: Runs to add up, 1 to 1000; fewer where they take more than 30 seconds together.
            progress: Called now and then with how far the operation is.
        """
        from .types import ProfileReport

        input = {
            "model": model,
            "version": version,
            "target": target,
            "engine": engine,
            "threads": threads,
            "batch": batch,
            "shapes": shapes,
            "runs": runs,
        }
        return ProfileReport._read(self._call("profile", input, progress))

    def evaluate(
        self,
        *,
        data: str,
        model: str | None = None,
        version: str | None = None,
        deployment: str | None = None,
        metrics: Sequence[str] | None = None,
        output: str | None = None,
        target: str | None = None,
        softmax: bool = False,
        top_k: int = 5,
        tolerance: Tolerance | None = None,
        gate: Gate | None = None,
        engine: str | None = None,
        threads: int | None = None,
        batch: int | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> EvaluationReport:
        """Runs a version over a data set, computes metrics, and records whether it passes a gate.

        Needs the role `deployer`.

        Args:
            data: Path of the data set: an `.npz` file, a directory of `.npy` files, or a JSON file of probes.
            model: The model; absent: that of `deployment`.
            version: A version, an alias, or `latest`; absent: the one that serves in `deployment`, else `latest`.
            deployment: A deployment whose version, engine and threads are to be evaluated.
            metrics: Names of metrics.
            output: The output that is judged; absent: the first one.
            target: The array of what is expected; absent: the one named like the output, else `labels`, else
                `expected`.
            softmax: Turn scores into probabilities first: softmax over classes, the logistic function of a single
                score.
            top_k: Classes that count for `top_k_accuracy`, 1 or more.
            tolerance: For `within_tolerance`.
            gate: The gate that this is for.
            engine: Engine; absent: as a deploy would choose.
            threads: Threads that one run may use, 1 to 256; absent: those of the deployment, else 1.
            batch: Rows of one run, 1 to 4096, where the model takes any number; absent: 32.
            progress: Called now and then with how far the operation is.
        """
        from .types import EvaluationReport

        input = {
            "data": data,
            "model": model,
            "version": version,
            "deployment": deployment,
            "metrics": metrics,
            "output": output,
            "target": target,
            "softmax": softmax,
            "top_k": top_k,
            "tolerance": tolerance,
            "gate": gate,
            "engine": engine,
            "threads": threads,
            "batch": batch,
        }
        return EvaluationReport._read(self._call("evaluate", input, progress))

    def get_resources(self) -> ResourceReport:
        """Shows CPU, memory, GPU, disk and network of this process and its machine, and what loaded models hold.

        Needs the role `viewer`. Changes nothing.
        """
        from .types import ResourceReport

        return ResourceReport._read(self._call("get_resources", {}))

    def get_rollout(
        self,
        *,
        deployment: str,
    ) -> RolloutView:
        """Shows how far traffic has moved to a new revision, and what the analysis finds.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: The deployment.
        """
        from .types import RolloutView

        input = {
            "deployment": deployment,
        }
        return RolloutView._read(self._call("get_rollout", input))

    def advance_rollout(
        self,
        *,
        deployment: str,
        reason: str | None = None,
    ) -> RolloutView:
        """Lets a rollout go on to its next step, or move all traffic after the last one, whatever it waits for.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            reason: Why.
        """
        from .types import RolloutView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return RolloutView._read(self._call("advance_rollout", input))

    def pause_rollout(
        self,
        *,
        deployment: str,
        reason: str | None = None,
    ) -> RolloutView:
        """Stops a rollout where it is; the share of the traffic stays, and a breach still ends it.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            reason: Why.
        """
        from .types import RolloutView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return RolloutView._read(self._call("pause_rollout", input))

    def resume_rollout(
        self,
        *,
        deployment: str,
        reason: str | None = None,
    ) -> RolloutView:
        """Lets a rollout that is paused or inconclusive be judged again from now on.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            reason: Why.
        """
        from .types import RolloutView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return RolloutView._read(self._call("resume_rollout", input))

    def abort_rollout(
        self,
        *,
        deployment: str,
        reason: str | None = None,
    ) -> RolloutView:
        """Moves all traffic back to the revision that served before, at once and from any phase.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            reason: Why.
        """
        from .types import RolloutView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return RolloutView._read(self._call("abort_rollout", input))

    def set_memory_budget(
        self,
        *,
        bytes: str | None = None,
    ) -> MemoryBudgetView:
        """Changes what loaded models of this process may hold together; what is on demand and idle makes room.

        Needs the role `operator`. Changes nothing.

        Args:
            bytes: Bytes, 1 MiB or more, as a string; absent: no limit.
        """
        from .types import MemoryBudgetView

        input = {
            "bytes": bytes,
        }
        return MemoryBudgetView._read(self._call("set_memory_budget", input))

    def create_experiment(
        self,
        *,
        deployment: str,
        name: str,
        arms: Sequence[ArmConfig],
        metrics: Sequence[MetricConfig],
        holdout: int = 0,
        judgement: JudgementConfig | None = None,
        segments: Sequence[str] | None = None,
    ) -> ExperimentView:
        """Asks for a comparison of versions on a deployment's traffic, which does not begin yet.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            name: Name of the experiment.
            arms: The versions that are compared, 2 to 10; the first one is the control, and has to be the one that
                serves.
            metrics: What is compared, 1 to 16; at least one is primary.
            holdout: Share of the callers that take no part and get what serves, in basis points.
            judgement: How it is judged; absent: with the defaults.
            segments: Attributes of requests whose values are looked at by themselves too, up to 4. It decides
                nothing.
        """
        from .types import ExperimentView

        input = {
            "deployment": deployment,
            "name": name,
            "arms": arms,
            "metrics": metrics,
            "holdout": holdout,
            "judgement": judgement,
            "segments": segments,
        }
        return ExperimentView._read(self._call("create_experiment", input))

    def get_experiment(
        self,
        *,
        deployment: str,
    ) -> ExperimentView:
        """Shows the last experiment of a deployment, and what it shows.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: The deployment.
        """
        from .types import ExperimentView

        input = {
            "deployment": deployment,
        }
        return ExperimentView._read(self._call("get_experiment", input))

    def start_experiment(
        self,
        *,
        deployment: str,
        reason: str | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> ExperimentView:
        """Divides a deployment's traffic between the arms of its experiment.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            reason: Why.
            progress: Called now and then with how far the operation is.
        """
        from .types import ExperimentView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return ExperimentView._read(self._call("start_experiment", input, progress))

    def pause_experiment(
        self,
        *,
        deployment: str,
        reason: str | None = None,
    ) -> ExperimentView:
        """Moves all traffic back to what serves, until the experiment is started again.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            reason: Why.
        """
        from .types import ExperimentView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return ExperimentView._read(self._call("pause_experiment", input))

    def stop_experiment(
        self,
        *,
        deployment: str,
        reason: str | None = None,
    ) -> ExperimentView:
        """Ends an experiment: all traffic goes to what serves, and what was found stays.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            reason: Why.
        """
        from .types import ExperimentView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return ExperimentView._read(self._call("stop_experiment", input))

    def declare_winner(
        self,
        *,
        deployment: str,
        arm: str | None = None,
        confidence: float | None = None,
        force: bool = False,
        reason: str | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> ExperimentView:
        """Ends an experiment and moves all traffic to an arm that is shown to be better.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            arm: Name of the arm; absent: the one that the report shows to be the best.
            confidence: How sure the report has to be, 0.5 to 0.9999; absent: one less the experiment's level.
            force: Whether the arm wins whatever the report shows.
            reason: Why.
            progress: Called now and then with how far the operation is.
        """
        from .types import ExperimentView

        input = {
            "deployment": deployment,
            "arm": arm,
            "confidence": confidence,
            "force": force,
            "reason": reason,
        }
        return ExperimentView._read(self._call("declare_winner", input, progress))

    def record_outcomes(
        self,
        *,
        deployment: str,
        outcomes: Sequence[Outcome],
    ) -> RecordedOutcomes:
        """Takes in what came of requests, for the experiment that is open. What is recorded before the start allows for
        how callers differ already.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            outcomes: What came of its requests, at most 10000; all of them are taken, or none.
        """
        from .types import RecordedOutcomes

        input = {
            "deployment": deployment,
            "outcomes": outcomes,
        }
        return RecordedOutcomes._read(self._call("record_outcomes", input))

    def plan_experiment(
        self,
        *,
        baseline: float,
        deviation: float | None = None,
        difference: float | None = None,
        values: str | None = None,
        level: float | None = None,
        power: float | None = None,
    ) -> ExperimentPlan:
        """Says how many values each arm needs for a difference, or which difference is found.

        Needs the role `viewer`. Changes nothing.

        Args:
            baseline: The metric on the control: a proportion between 0 and 1, or a mean.
            deviation: Standard deviation of the values of a mean; absent: it is a proportion.
            difference: Difference that is to be found, in units of the metric; absent: `values` is given, and the
                difference is asked for.
            values: Values that each arm gets, as a string; absent: it is asked for.
            level: Probability of finding a difference where there is none, two-sided. Default 0.05.
            power: Probability of finding the difference where it is there. Default 0.8.
        """
        from .types import ExperimentPlan

        input = {
            "baseline": baseline,
            "deviation": deviation,
            "difference": difference,
            "values": values,
            "level": level,
            "power": power,
        }
        return ExperimentPlan._read(self._call("plan_experiment", input))

    def set_rules(
        self,
        *,
        deployment: str,
        rules: Sequence[RouteRule],
        progress: Callable[[Progress], object] | None = None,
    ) -> RulesView:
        """Sends requests that say certain things of themselves to a revision, whatever is tried with the others.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            rules: At most 32; the first one that is about a request counts. They take the place of those before, so
                none takes them away.
            progress: Called now and then with how far the operation is.
        """
        from .types import RulesView

        input = {
            "deployment": deployment,
            "rules": rules,
        }
        return RulesView._read(self._call("set_rules", input, progress))

    def explain_request(
        self,
        *,
        deployment: str,
        request_id: str,
    ) -> RequestView:
        """Says which revision a request of this process went to, and what came of it, as long as that is remembered.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: The deployment.
            request_id: Name that the request had.
        """
        from .types import RequestView

        input = {
            "deployment": deployment,
            "request_id": request_id,
        }
        return RequestView._read(self._call("explain_request", input))

    def record_labels(
        self,
        *,
        deployment: str,
        labels: Sequence[Label],
    ) -> RecordedLabels:
        """Takes in which classes would have been right, by the names of requests. A rollout or an experiment with a
        metric accuracy is judged by it.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            labels: Labels of its requests, at most 10000.
        """
        from .types import RecordedLabels

        input = {
            "deployment": deployment,
            "labels": labels,
        }
        return RecordedLabels._read(self._call("record_labels", input))


class AsyncOperations:
    """The operations, for coroutines."""

    __slots__ = ()

    async def _call(
        self, name: str, input: Mapping[str, Any], progress: Callable[[Progress], object] | None = None
    ) -> Any:
        raise NotImplementedError

    async def register_version(
        self,
        *,
        model: str,
        path: str | os.PathLike[str],
        version: str | None = None,
        model_type: ModelKind | None = None,
        labels: Sequence[str] | None = None,
        description: str = "",
        tags: Mapping[str, str] | None = None,
        metrics: Mapping[str, float] | None = None,
        parent: str | None = None,
        training_run: str | None = None,
        probes_path: str | os.PathLike[str] | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> VersionRecord:
        """Registers a model file as a version of a model.

        Needs the role `deployer`.

        Args:
            model: The model; made by its first version.
            path: Path of the model file.
            version: Semantic version; absent: the next major version.
            model_type: Type of the model; absent: the model's, `custom` for a new one.
            labels: Names of the classes; absent: those in the file's metadata.
            description: Free text.
            tags: Free names and values.
            metrics: Measured figures.
            parent: Version of the same model that this one was made from.
            training_run: Identifies the training run.
            probes_path: Path of a JSON file with probe inputs and expected outputs, which every deploy is checked
                against.
            progress: Called now and then with how far the operation is.
        """
        from .types import VersionRecord

        input = {
            "model": model,
            "path": path,
            "version": version,
            "model_type": model_type,
            "labels": labels,
            "description": description,
            "tags": tags,
            "metrics": metrics,
            "parent": parent,
            "training_run": training_run,
            "probes_path": probes_path,
        }
        return VersionRecord._read(await self._call("register_version", input, progress))

    async def get_version(
        self,
        *,
        model: str,
        version: str = "latest",
    ) -> VersionRecord:
        """Shows a version: signature, labels, metrics, lineage, status.

        Needs the role `viewer`. Changes nothing.

        Args:
            model: The model.
            version: A version, an alias, or `latest`; absent: `latest`.
        """
        from .types import VersionRecord

        input = {
            "model": model,
            "version": version,
        }
        return VersionRecord._read(await self._call("get_version", input))

    async def list_versions(
        self,
        *,
        model: str,
    ) -> VersionList:
        """Lists the versions of a model.

        Needs the role `viewer`. Changes nothing.

        Args:
            model: The model.
        """
        from .types import VersionList

        input = {
            "model": model,
        }
        return VersionList._read(await self._call("list_versions", input))

    async def list_models(self) -> ModelList:
        """Lists the models with their latest versions and aliases.

        Needs the role `viewer`. Changes nothing.
        """
        from .types import ModelList

        return ModelList._read(await self._call("list_models", {}))

    async def compare_versions(
        self,
        *,
        model: str,
        base: str,
        candidate: str,
    ) -> VersionComparison:
        """Compares two versions: signature, labels, size, metrics, and whether one can replace the other.

        Needs the role `viewer`. Changes nothing.

        Args:
            model: The model.
            base: The version to compare with: a version, an alias, or `latest`.
            candidate: The version to judge: a version, an alias, or `latest`.
        """
        from .types import VersionComparison

        input = {
            "model": model,
            "base": base,
            "candidate": candidate,
        }
        return VersionComparison._read(await self._call("compare_versions", input))

    async def annotate_version(
        self,
        *,
        model: str,
        version: str,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        metrics: Mapping[str, float] | None = None,
    ) -> VersionRecord:
        """Changes the description, tags or metrics of a version.

        Needs the role `deployer`.

        Args:
            model: The model.
            version: A version, an alias, or `latest`.
            description: New description.
            tags: Tags to set; an empty value removes the tag.
            metrics: Metrics to set; finite.
        """
        from .types import VersionRecord

        input = {
            "model": model,
            "version": version,
            "description": description,
            "tags": tags,
            "metrics": metrics,
        }
        return VersionRecord._read(await self._call("annotate_version", input))

    async def set_version_status(
        self,
        *,
        model: str,
        version: str,
        status: VersionStatus,
        reason: str | None = None,
    ) -> VersionRecord:
        """Changes the status of a version, as in approved, deprecated or retired.

        Needs the role `deployer`.

        Args:
            model: The model.
            version: A version, an alias, or `latest`.
            status: New status.
            reason: Why.
        """
        from .types import VersionRecord

        input = {
            "model": model,
            "version": version,
            "status": status,
            "reason": reason,
        }
        return VersionRecord._read(await self._call("set_version_status", input))

    async def delete_version(
        self,
        *,
        model: str,
        version: str,
    ) -> Deleted:
        """Deletes a version that nothing refers to.

        Needs the role `admin`.

        Args:
            model: The model.
            version: A version, an alias, or `latest`. What deletes takes no default.
        """
        from .types import Deleted

        input = {
            "model": model,
            "version": version,
        }
        return Deleted._read(await self._call("delete_version", input))

    async def set_alias(
        self,
        *,
        model: str,
        alias: str,
        version: str,
    ) -> Model:
        """Sets or moves an alias of a model.

        Needs the role `deployer`.

        Args:
            model: The model.
            alias: The alias, as in `production`.
            version: A version, another alias, or `latest`.
        """
        from .types import Model

        input = {
            "model": model,
            "alias": alias,
            "version": version,
        }
        return Model._read(await self._call("set_alias", input))

    async def remove_alias(
        self,
        *,
        model: str,
        alias: str,
    ) -> Model:
        """Removes an alias of a model.

        Needs the role `deployer`.

        Args:
            model: The model.
            alias: The alias.
        """
        from .types import Model

        input = {
            "model": model,
            "alias": alias,
        }
        return Model._read(await self._call("remove_alias", input))

    async def deploy(
        self,
        *,
        deployment: str,
        model: str | None = None,
        version: str = "latest",
        target: str | None = None,
        strategy: Strategy | None = None,
        replicas: int | None = None,
        threads: int = 1,
        shapes: Sequence[Mapping[str, Sequence[int]]] | None = None,
        engine: str | None = None,
        batching: BatchConfig | None = None,
        cache: CacheConfig | None = None,
        required_gates: Sequence[str] | None = None,
        loading: Loading | None = None,
        unload_after_ms: str | None = None,
        tune: Aim | None = None,
        state: StateConfig | None = None,
        stream: StreamConfig | None = None,
        canary: CanaryConfig | None = None,
        from_: str | None = None,
        rolling: RollingConfig | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> DeploymentView:
        """Loads, verifies and serves a version under a name.

        Needs the role `deployer`.

        Args:
            deployment: Name of the deployment.
            model: The model; absent: named like the deployment.
            version: A version, an alias, or `latest`.
            target: Where replicas live; absent: the default target.
            strategy: `immediate` moves traffic when the revision is verified; `blue_green` waits for `promote`;
                `canary` moves it step by
        step while the revision is found to be no worse; `shadow` lets it answer nobody until somebody advances it;
        `rolling`
        replaces replicas a few at a time; `ab_testing` divides the traffic in halves until somebody decides. Absent:
        the
        default.
            replicas: Replicas in each process; absent: as before, 1 at first.
            threads: Threads that one request may use.
            shapes: Input shapes to compile plans for before traffic: input name to sizes.
            engine: Engine; absent: the default.
            batching: How requests are batched; absent: not at all.
            cache: How answers are kept; absent: they are not.
            required_gates: Gates that a version must have passed, by an `evaluate` of each, to be deployed or
                promoted here, at most 16;
        absent: as before, none at first.
            loading: When the revision is loaded; absent: as the one before, the default at first.
            unload_after_ms: Milliseconds without a request after which an `on_demand` revision is unloaded, as a
                string; absent: as the one
        before where `loading` is absent too, else only to make room.
            tune: Measures on this machine what gives the most of this, and takes it where the request leaves it
                open: `threads` where
        they are 1, `replicas` where they are absent, and with `throughput` the rows of a batch. Absent: nothing is
        measured.
            state: What sessions carry from call to call; absent: nothing.
            stream: How one request gives many answers; absent: it cannot.
            canary: How traffic moves to the revision with the strategy `canary`, which it implies; absent with that
                strategy: by the
        steps and the analysis that are the default.
            from: A deployment whose serving version is to be deployed here, configured as it is there where this
                input says nothing:
        from staging to production. Absent: what `version` says.
            rolling: How replicas are replaced with the strategy `rolling`, which it implies; absent with that
                strategy: a quarter at a
        time, with none missing.
            progress: Called now and then with how far the operation is.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
            "model": model,
            "version": version,
            "target": target,
            "strategy": strategy,
            "replicas": replicas,
            "threads": threads,
            "shapes": shapes,
            "engine": engine,
            "batching": batching,
            "cache": cache,
            "required_gates": required_gates,
            "loading": loading,
            "unload_after_ms": unload_after_ms,
            "tune": tune,
            "state": state,
            "stream": stream,
            "canary": canary,
            "from": from_,
            "rolling": rolling,
        }
        return DeploymentView._read(await self._call("deploy", input, progress))

    async def promote(
        self,
        *,
        deployment: str,
        version: str | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> DeploymentView:
        """Moves all traffic of a deployment to a version that is up beside the serving one.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            version: A version or an alias among its revisions; absent: the candidate that is ready.
            progress: Called now and then with how far the operation is.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
            "version": version,
        }
        return DeploymentView._read(await self._call("promote", input, progress))

    async def rollback(
        self,
        *,
        deployment: str,
        version: str | None = None,
        reason: str | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> DeploymentView:
        """Moves all traffic of a deployment back to an earlier version, at once and from any state.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            version: A version that served before; absent: the last one, or, while a change is under way, the end of
                that change.
            reason: Why.
            progress: Called now and then with how far the operation is.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
            "version": version,
            "reason": reason,
        }
        return DeploymentView._read(await self._call("rollback", input, progress))

    async def scale(
        self,
        *,
        deployment: str,
        replicas: int,
        progress: Callable[[Progress], object] | None = None,
    ) -> DeploymentView:
        """Changes the number of replicas of a deployment while it serves.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            replicas: Replicas in each process, 1 to 1024.
            progress: Called now and then with how far the operation is.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
            "replicas": replicas,
        }
        return DeploymentView._read(await self._call("scale", input, progress))

    async def set_autoscale(
        self,
        *,
        deployment: str,
        autoscale: AutoscaleConfig | None = None,
    ) -> AutoscaleView:
        """Switches autoscaling of a deployment on, changes it, or switches it off.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            autoscale: How it scales; absent switches it off.
        """
        from .types import AutoscaleView

        input = {
            "deployment": deployment,
            "autoscale": autoscale,
        }
        return AutoscaleView._read(await self._call("set_autoscale", input))

    async def get_autoscale(
        self,
        *,
        deployment: str,
    ) -> AutoscaleView:
        """Shows how a deployment scales, and the last recommendation with its figures.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: The deployment.
        """
        from .types import AutoscaleView

        input = {
            "deployment": deployment,
        }
        return AutoscaleView._read(await self._call("get_autoscale", input))

    async def unload(
        self,
        *,
        deployment: str,
    ) -> DeploymentView:
        """Unloads an on_demand deployment in this process; its next request loads it again.

        Needs the role `operator`. Changes nothing.

        Args:
            deployment: The deployment.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
        }
        return DeploymentView._read(await self._call("unload", input))

    async def undeploy(
        self,
        *,
        deployment: str,
        force: bool = False,
        progress: Callable[[Progress], object] | None = None,
    ) -> DeploymentView:
        """Stops a deployment after its running requests have ended.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            force: Do not wait for running requests.
            progress: Called now and then with how far the operation is.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
            "force": force,
        }
        return DeploymentView._read(await self._call("undeploy", input, progress))

    async def get_deployment(
        self,
        *,
        deployment: str,
    ) -> DeploymentView:
        """Shows a deployment as desired and as this process observes it.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: The deployment.
        """
        from .types import DeploymentView

        input = {
            "deployment": deployment,
        }
        return DeploymentView._read(await self._call("get_deployment", input))

    async def list_deployments(self) -> DeploymentList:
        """Lists the deployments.

        Needs the role `viewer`. Changes nothing.
        """
        from .types import DeploymentList

        return DeploymentList._read(await self._call("list_deployments", {}))

    async def explain_route(
        self,
        *,
        deployment: str,
        key: str,
        attributes: Mapping[str, str] | None = None,
        at: str | None = None,
    ) -> Arm:
        """Says which revision the requests of a caller's key go to, or went to at some time, and why.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: The deployment.
            key: The caller's sticky key.
            attributes: What the request says of itself: name to value.
            at: When, in milliseconds since 1970, as a string: who answered then is computed again from the log.
                Absent: now.
        """
        from .types import Arm

        input = {
            "deployment": deployment,
            "key": key,
            "attributes": attributes,
            "at": at,
        }
        return Arm._read(await self._call("explain_route", input))

    async def history(
        self,
        *,
        deployment: str | None = None,
        model: str | None = None,
        after: str = "0",
        limit: int | None = None,
    ) -> HistoryOutput:
        """Reads what happened, with actor, time and cause, oldest first.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: Only this deployment.
            model: Only this model.
            after: Only events after this sequence, as a string.
            limit: At most so many events, 1 to 1000; absent: 100.
        """
        from .types import HistoryOutput

        input = {
            "deployment": deployment,
            "model": model,
            "after": after,
            "limit": limit,
        }
        return HistoryOutput._read(await self._call("history", input))

    async def get_health(
        self,
        *,
        deployment: str | None = None,
    ) -> HealthReport:
        """Shows whether every deployment that should run answers in this process, and the last errors.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: Only this deployment.
        """
        from .types import HealthReport

        input = {
            "deployment": deployment,
        }
        return HealthReport._read(await self._call("get_health", input))

    async def get_metrics(
        self,
        *,
        deployment: str | None = None,
    ) -> MetricsReport:
        """Shows requests, errors and latencies of the revisions loaded in this process.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: Only this deployment.
        """
        from .types import MetricsReport

        input = {
            "deployment": deployment,
        }
        return MetricsReport._read(await self._call("get_metrics", input))

    async def get_traffic(
        self,
        *,
        deployment: str | None = None,
    ) -> MetricsReport:
        """Shows requests, errors and latencies that all processes of the directory counted, those that are gone too.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: Only this deployment.
        """
        from .types import MetricsReport

        input = {
            "deployment": deployment,
        }
        return MetricsReport._read(await self._call("get_traffic", input))

    async def audit_head(self) -> Head:
        """Shows the head of the log: what to keep or sign, so that a later change shows.

        Needs the role `viewer`. Changes nothing.
        """
        from .types import Head

        return Head._read(await self._call("audit_head", {}))

    async def audit_verify(
        self,
        *,
        since: Head | None = None,
        artifacts: bool = False,
        progress: Callable[[Progress], object] | None = None,
    ) -> AuditReport:
        """Checks every event's hash, folds the state again and compares; on request checks every artifact.

        Needs the role `viewer`. Changes nothing.

        Args:
            since: A head that was kept; the log must still contain it. One below a cut of `retain` is refused.
            artifacts: Read every artifact too, and check its digest.
            progress: Called now and then with how far the operation is.
        """
        from .types import AuditReport

        input = {
            "since": since,
            "artifacts": artifacts,
        }
        return AuditReport._read(await self._call("audit_verify", input, progress))

    async def retain(
        self,
        *,
        keep_events: int | None = None,
        keep_ms: str | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> RetainReport:
        """Cuts old events away; the log goes on from the state at the cut, for which a checkpoint vouches.

        Needs the role `admin`.

        Args:
            keep_events: Keeps the last so many events, the new checkpoint among them; 1 or more.
            keep_ms: Keeps events younger than so many milliseconds, as a string.
            progress: Called now and then with how far the operation is.
        """
        from .types import RetainReport

        input = {
            "keep_events": keep_events,
            "keep_ms": keep_ms,
        }
        return RetainReport._read(await self._call("retain", input, progress))

    async def backup(
        self,
        *,
        to: str | os.PathLike[str],
        progress: Callable[[Progress], object] | None = None,
    ) -> BackupReport:
        """Writes a complete, verified copy of the directory while it goes on serving.

        Needs the role `admin`. Changes nothing.

        Args:
            to: Directory to make, with those above it; it must not exist, nor lie in the one that is copied.
            progress: Called now and then with how far the operation is.
        """
        from .types import BackupReport

        input = {
            "to": to,
        }
        return BackupReport._read(await self._call("backup", input, progress))

    async def collect_garbage(
        self,
        *,
        progress: Callable[[Progress], object] | None = None,
    ) -> GarbageReport:
        """Removes artifacts that no version refers to.

        Needs the role `admin`.

        Args:
            progress: Called now and then with how far the operation is.
        """
        from .types import GarbageReport

        return GarbageReport._read(await self._call("collect_garbage", {}, progress))

    async def benchmark(
        self,
        *,
        model: str,
        version: str = "latest",
        target: str | None = None,
        engines: Sequence[str] | None = None,
        threads: Sequence[int] | None = None,
        batches: Sequence[int] | None = None,
        shapes: Mapping[str, Sequence[int]] | None = None,
        seconds_per_case: float | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> BenchmarkReport:
        """Measures a version: latency against throughput over engines, threads and batches.

        Needs the role `operator`. Changes nothing.

        Args:
            model: The model.
            version: A version, an alias, or `latest`.
            target: Where the model is to run; absent: the default target.
            engines: Engines, each once, at most 8; absent: those that a deploy would choose among.
            threads: Threads of one request, 1 to 256, each number once, at most 16 numbers; absent: 1.
            batches: Rows of one request, 1 to 4096, each number once, at most 16 numbers; absent: 1.
            shapes: Sizes of inputs where inputs are generated: input name to sizes; the first one gives way to the
                batch.
            seconds_per_case: Seconds to measure each case, 0.01 to 60; all cases together at most an hour. Absent:
                1.
            progress: Called now and then with how far the operation is.
        """
        from .types import BenchmarkReport

        input = {
            "model": model,
            "version": version,
            "target": target,
            "engines": engines,
            "threads": threads,
            "batches": batches,
            "shapes": shapes,
            "seconds_per_case": seconds_per_case,
        }
        return BenchmarkReport._read(await self._call("benchmark", input, progress))

    async def profile(
        self,
        *,
        model: str,
        version: str = "latest",
        target: str | None = None,
        engine: str | None = None,
        threads: int = 1,
        batch: int = 1,
        shapes: Mapping[str, Sequence[int]] | None = None,
        runs: int = 20,
        progress: Callable[[Progress], object] | None = None,
    ) -> ProfileReport:
        """Measures a version node by node: time, calls, bytes and shapes.

        Needs the role `operator`. Changes nothing.

        Args:
            model: The model.
            version: A version, an alias, or `latest`.
            target: Where the model is to run; absent: the default target.
            engine: Engine; absent: the default, else the reference engine.
            threads: Threads that a run may use, 1 to 256.
            batch: Rows of a run, 1 to 4096.
            shapes: Sizes of inputs where inputs are generated: input name to sizes; the first one gives way to the
                batch.
            runs: Runs to add up, 1 to 1000; fewer where they take more than 30 seconds together.
            progress: Called now and then with how far the operation is.
        """
        from .types import ProfileReport

        input = {
            "model": model,
            "version": version,
            "target": target,
            "engine": engine,
            "threads": threads,
            "batch": batch,
            "shapes": shapes,
            "runs": runs,
        }
        return ProfileReport._read(await self._call("profile", input, progress))

    async def evaluate(
        self,
        *,
        data: str,
        model: str | None = None,
        version: str | None = None,
        deployment: str | None = None,
        metrics: Sequence[str] | None = None,
        output: str | None = None,
        target: str | None = None,
        softmax: bool = False,
        top_k: int = 5,
        tolerance: Tolerance | None = None,
        gate: Gate | None = None,
        engine: str | None = None,
        threads: int | None = None,
        batch: int | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> EvaluationReport:
        """Runs a version over a data set, computes metrics, and records whether it passes a gate.

        Needs the role `deployer`.

        Args:
            data: Path of the data set: an `.npz` file, a directory of `.npy` files, or a JSON file of probes.
            model: The model; absent: that of `deployment`.
            version: A version, an alias, or `latest`; absent: the one that serves in `deployment`, else `latest`.
            deployment: A deployment whose version, engine and threads are to be evaluated.
            metrics: Names of metrics.
            output: The output that is judged; absent: the first one.
            target: The array of what is expected; absent: the one named like the output, else `labels`, else
                `expected`.
            softmax: Turn scores into probabilities first: softmax over classes, the logistic function of a single
                score.
            top_k: Classes that count for `top_k_accuracy`, 1 or more.
            tolerance: For `within_tolerance`.
            gate: The gate that this is for.
            engine: Engine; absent: as a deploy would choose.
            threads: Threads that one run may use, 1 to 256; absent: those of the deployment, else 1.
            batch: Rows of one run, 1 to 4096, where the model takes any number; absent: 32.
            progress: Called now and then with how far the operation is.
        """
        from .types import EvaluationReport

        input = {
            "data": data,
            "model": model,
            "version": version,
            "deployment": deployment,
            "metrics": metrics,
            "output": output,
            "target": target,
            "softmax": softmax,
            "top_k": top_k,
            "tolerance": tolerance,
            "gate": gate,
            "engine": engine,
            "threads": threads,
            "batch": batch,
        }
        return EvaluationReport._read(await self._call("evaluate", input, progress))

    async def get_resources(self) -> ResourceReport:
        """Shows CPU, memory, GPU, disk and network of this process and its machine, and what loaded models hold.

        Needs the role `viewer`. Changes nothing.
        """
        from .types import ResourceReport

        return ResourceReport._read(await self._call("get_resources", {}))

    async def get_rollout(
        self,
        *,
        deployment: str,
    ) -> RolloutView:
        """Shows how far traffic has moved to a new revision, and what the analysis finds.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: The deployment.
        """
        from .types import RolloutView

        input = {
            "deployment": deployment,
        }
        return RolloutView._read(await self._call("get_rollout", input))

    async def advance_rollout(
        self,
        *,
        deployment: str,
        reason: str | None = None,
    ) -> RolloutView:
        """Lets a rollout go on to its next step, or move all traffic after the last one, whatever it waits for.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            reason: Why.
        """
        from .types import RolloutView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return RolloutView._read(await self._call("advance_rollout", input))

    async def pause_rollout(
        self,
        *,
        deployment: str,
        reason: str | None = None,
    ) -> RolloutView:
        """Stops a rollout where it is; the share of the traffic stays, and a breach still ends it.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            reason: Why.
        """
        from .types import RolloutView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return RolloutView._read(await self._call("pause_rollout", input))

    async def resume_rollout(
        self,
        *,
        deployment: str,
        reason: str | None = None,
    ) -> RolloutView:
        """Lets a rollout that is paused or inconclusive be judged again from now on.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            reason: Why.
        """
        from .types import RolloutView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return RolloutView._read(await self._call("resume_rollout", input))

    async def abort_rollout(
        self,
        *,
        deployment: str,
        reason: str | None = None,
    ) -> RolloutView:
        """Moves all traffic back to the revision that served before, at once and from any phase.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            reason: Why.
        """
        from .types import RolloutView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return RolloutView._read(await self._call("abort_rollout", input))

    async def set_memory_budget(
        self,
        *,
        bytes: str | None = None,
    ) -> MemoryBudgetView:
        """Changes what loaded models of this process may hold together; what is on demand and idle makes room.

        Needs the role `operator`. Changes nothing.

        Args:
            bytes: Bytes, 1 MiB or more, as a string; absent: no limit.
        """
        from .types import MemoryBudgetView

        input = {
            "bytes": bytes,
        }
        return MemoryBudgetView._read(await self._call("set_memory_budget", input))

    async def create_experiment(
        self,
        *,
        deployment: str,
        name: str,
        arms: Sequence[ArmConfig],
        metrics: Sequence[MetricConfig],
        holdout: int = 0,
        judgement: JudgementConfig | None = None,
        segments: Sequence[str] | None = None,
    ) -> ExperimentView:
        """Asks for a comparison of versions on a deployment's traffic, which does not begin yet.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            name: Name of the experiment.
            arms: The versions that are compared, 2 to 10; the first one is the control, and has to be the one that
                serves.
            metrics: What is compared, 1 to 16; at least one is primary.
            holdout: Share of the callers that take no part and get what serves, in basis points.
            judgement: How it is judged; absent: with the defaults.
            segments: Attributes of requests whose values are looked at by themselves too, up to 4. It decides
                nothing.
        """
        from .types import ExperimentView

        input = {
            "deployment": deployment,
            "name": name,
            "arms": arms,
            "metrics": metrics,
            "holdout": holdout,
            "judgement": judgement,
            "segments": segments,
        }
        return ExperimentView._read(await self._call("create_experiment", input))

    async def get_experiment(
        self,
        *,
        deployment: str,
    ) -> ExperimentView:
        """Shows the last experiment of a deployment, and what it shows.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: The deployment.
        """
        from .types import ExperimentView

        input = {
            "deployment": deployment,
        }
        return ExperimentView._read(await self._call("get_experiment", input))

    async def start_experiment(
        self,
        *,
        deployment: str,
        reason: str | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> ExperimentView:
        """Divides a deployment's traffic between the arms of its experiment.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            reason: Why.
            progress: Called now and then with how far the operation is.
        """
        from .types import ExperimentView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return ExperimentView._read(await self._call("start_experiment", input, progress))

    async def pause_experiment(
        self,
        *,
        deployment: str,
        reason: str | None = None,
    ) -> ExperimentView:
        """Moves all traffic back to what serves, until the experiment is started again.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            reason: Why.
        """
        from .types import ExperimentView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return ExperimentView._read(await self._call("pause_experiment", input))

    async def stop_experiment(
        self,
        *,
        deployment: str,
        reason: str | None = None,
    ) -> ExperimentView:
        """Ends an experiment: all traffic goes to what serves, and what was found stays.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            reason: Why.
        """
        from .types import ExperimentView

        input = {
            "deployment": deployment,
            "reason": reason,
        }
        return ExperimentView._read(await self._call("stop_experiment", input))

    async def declare_winner(
        self,
        *,
        deployment: str,
        arm: str | None = None,
        confidence: float | None = None,
        force: bool = False,
        reason: str | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> ExperimentView:
        """Ends an experiment and moves all traffic to an arm that is shown to be better.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            arm: Name of the arm; absent: the one that the report shows to be the best.
            confidence: How sure the report has to be, 0.5 to 0.9999; absent: one less the experiment's level.
            force: Whether the arm wins whatever the report shows.
            reason: Why.
            progress: Called now and then with how far the operation is.
        """
        from .types import ExperimentView

        input = {
            "deployment": deployment,
            "arm": arm,
            "confidence": confidence,
            "force": force,
            "reason": reason,
        }
        return ExperimentView._read(await self._call("declare_winner", input, progress))

    async def record_outcomes(
        self,
        *,
        deployment: str,
        outcomes: Sequence[Outcome],
    ) -> RecordedOutcomes:
        """Takes in what came of requests, for the experiment that is open. What is recorded before the start allows for
        how callers differ already.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            outcomes: What came of its requests, at most 10000; all of them are taken, or none.
        """
        from .types import RecordedOutcomes

        input = {
            "deployment": deployment,
            "outcomes": outcomes,
        }
        return RecordedOutcomes._read(await self._call("record_outcomes", input))

    async def plan_experiment(
        self,
        *,
        baseline: float,
        deviation: float | None = None,
        difference: float | None = None,
        values: str | None = None,
        level: float | None = None,
        power: float | None = None,
    ) -> ExperimentPlan:
        """Says how many values each arm needs for a difference, or which difference is found.

        Needs the role `viewer`. Changes nothing.

        Args:
            baseline: The metric on the control: a proportion between 0 and 1, or a mean.
            deviation: Standard deviation of the values of a mean; absent: it is a proportion.
            difference: Difference that is to be found, in units of the metric; absent: `values` is given, and the
                difference is asked for.
            values: Values that each arm gets, as a string; absent: it is asked for.
            level: Probability of finding a difference where there is none, two-sided. Default 0.05.
            power: Probability of finding the difference where it is there. Default 0.8.
        """
        from .types import ExperimentPlan

        input = {
            "baseline": baseline,
            "deviation": deviation,
            "difference": difference,
            "values": values,
            "level": level,
            "power": power,
        }
        return ExperimentPlan._read(await self._call("plan_experiment", input))

    async def set_rules(
        self,
        *,
        deployment: str,
        rules: Sequence[RouteRule],
        progress: Callable[[Progress], object] | None = None,
    ) -> RulesView:
        """Sends requests that say certain things of themselves to a revision, whatever is tried with the others.

        Needs the role `deployer`.

        Args:
            deployment: The deployment.
            rules: At most 32; the first one that is about a request counts. They take the place of those before, so
                none takes them away.
            progress: Called now and then with how far the operation is.
        """
        from .types import RulesView

        input = {
            "deployment": deployment,
            "rules": rules,
        }
        return RulesView._read(await self._call("set_rules", input, progress))

    async def explain_request(
        self,
        *,
        deployment: str,
        request_id: str,
    ) -> RequestView:
        """Says which revision a request of this process went to, and what came of it, as long as that is remembered.

        Needs the role `viewer`. Changes nothing.

        Args:
            deployment: The deployment.
            request_id: Name that the request had.
        """
        from .types import RequestView

        input = {
            "deployment": deployment,
            "request_id": request_id,
        }
        return RequestView._read(await self._call("explain_request", input))

    async def record_labels(
        self,
        *,
        deployment: str,
        labels: Sequence[Label],
    ) -> RecordedLabels:
        """Takes in which classes would have been right, by the names of requests. A rollout or an experiment with a
        metric accuracy is judged by it.

        Needs the role `operator`.

        Args:
            deployment: The deployment.
            labels: Labels of its requests, at most 10000.
        """
        from .types import RecordedLabels

        input = {
            "deployment": deployment,
            "labels": labels,
        }
        return RecordedLabels._read(await self._call("record_labels", input))
