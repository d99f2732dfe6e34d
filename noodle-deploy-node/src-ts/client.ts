// Written by `cargo xtask codegen`; do not edit.

import type {
  AnnotateVersionInput,
  Arm,
  AuditReport,
  AuditVerifyInput,
  AutoscaleView,
  BackupInput,
  BackupReport,
  BenchmarkInput,
  BenchmarkReport,
  CompareVersionsInput,
  CreateExperimentInput,
  DeclareWinnerInput,
  DeleteVersionInput,
  Deleted,
  DeployInput,
  DeploymentFilter,
  DeploymentList,
  DeploymentRef,
  DeploymentView,
  EvaluateInput,
  EvaluationReport,
  ExperimentInput,
  ExperimentPlan,
  ExperimentView,
  ExplainRequestInput,
  ExplainRouteInput,
  GarbageReport,
  GetAutoscaleInput,
  Head,
  HealthReport,
  HistoryInput,
  HistoryOutput,
  MemoryBudgetView,
  MetricsReport,
  Model,
  ModelList,
  ModelRef,
  PlanExperimentInput,
  ProfileInput,
  ProfileReport,
  Progress,
  PromoteInput,
  RecordLabelsInput,
  RecordOutcomesInput,
  RecordedLabels,
  RecordedOutcomes,
  RegisterVersionInput,
  RemoveAliasInput,
  RequestView,
  ResourceReport,
  RetainInput,
  RetainReport,
  RollbackInput,
  RolloutInput,
  RolloutView,
  RulesView,
  ScaleInput,
  SetAliasInput,
  SetAutoscaleInput,
  SetMemoryBudgetInput,
  SetRulesInput,
  SetVersionStatusInput,
  UndeployInput,
  VersionComparison,
  VersionList,
  VersionRecord,
  VersionRef,
} from "./types.js";

/** What a call of a long operation may say besides its input. */
export interface CallOptions {
  /**
   * Hears how far the operation is, on this thread, before the promise is settled. What it throws rejects the promise
   * when the operation has ended; the operation is not undone.
   */
  progress?: (progress: Progress) => void;
}

/** One method for each control operation. */
export abstract class Operations {
  /** Calls an operation by its name on the wire. The methods below do, with types. */
  abstract call(operation: string, input?: unknown, options?: CallOptions): Promise<unknown>;

  /**
   * Registers a model file as a version of a model.
   *
   * Role: `deployer`.
   */
  registerVersion(input: RegisterVersionInput, options?: CallOptions): Promise<VersionRecord> {
    return this.call("register_version", input, options) as Promise<VersionRecord>;
  }

  /**
   * Shows a version: signature, labels, metrics, lineage, status.
   *
   * Role: `viewer`. Changes nothing.
   */
  getVersion(input: VersionRef): Promise<VersionRecord> {
    return this.call("get_version", input) as Promise<VersionRecord>;
  }

  /**
   * Lists the versions of a model.
   *
   * Role: `viewer`. Changes nothing.
   */
  listVersions(input: ModelRef): Promise<VersionList> {
    return this.call("list_versions", input) as Promise<VersionList>;
  }

  /**
   * Lists the models with their latest versions and aliases.
   *
   * Role: `viewer`. Changes nothing.
   */
  listModels(): Promise<ModelList> {
    return this.call("list_models") as Promise<ModelList>;
  }

  /**
   * Compares two versions: signature, labels, size, metrics, and whether one can replace the other.
   *
   * Role: `viewer`. Changes nothing.
   */
  compareVersions(input: CompareVersionsInput): Promise<VersionComparison> {
    return this.call("compare_versions", input) as Promise<VersionComparison>;
  }

  /**
   * Changes the description, tags or metrics of a version.
   *
   * Role: `deployer`.
   */
  annotateVersion(input: AnnotateVersionInput): Promise<VersionRecord> {
    return this.call("annotate_version", input) as Promise<VersionRecord>;
  }

  /**
   * Changes the status of a version, as in approved, deprecated or retired.
   *
   * Role: `deployer`.
   */
  setVersionStatus(input: SetVersionStatusInput): Promise<VersionRecord> {
    return this.call("set_version_status", input) as Promise<VersionRecord>;
  }

  /**
   * Deletes a version that nothing refers to.
   *
   * Role: `admin`.
   */
  deleteVersion(input: DeleteVersionInput): Promise<Deleted> {
    return this.call("delete_version", input) as Promise<Deleted>;
  }

  /**
   * Sets or moves an alias of a model.
   *
   * Role: `deployer`.
   */
  setAlias(input: SetAliasInput): Promise<Model> {
    return this.call("set_alias", input) as Promise<Model>;
  }

  /**
   * Removes an alias of a model.
   *
   * Role: `deployer`.
   */
  removeAlias(input: RemoveAliasInput): Promise<Model> {
    return this.call("remove_alias", input) as Promise<Model>;
  }

  /**
   * Loads, verifies and serves a version under a name.
   *
   * Role: `deployer`.
   */
  deploy(input: DeployInput, options?: CallOptions): Promise<DeploymentView> {
    return this.call("deploy", input, options) as Promise<DeploymentView>;
  }

  /**
   * Moves all traffic of a deployment to a version that is up beside the serving one.
   *
   * Role: `deployer`.
   */
  promote(input: PromoteInput, options?: CallOptions): Promise<DeploymentView> {
    return this.call("promote", input, options) as Promise<DeploymentView>;
  }

  /**
   * Moves all traffic of a deployment back to an earlier version, at once and from any state.
   *
   * Role: `operator`.
   */
  rollback(input: RollbackInput, options?: CallOptions): Promise<DeploymentView> {
    return this.call("rollback", input, options) as Promise<DeploymentView>;
  }

  /**
   * Changes the number of replicas of a deployment while it serves.
   *
   * Role: `operator`.
   */
  scale(input: ScaleInput, options?: CallOptions): Promise<DeploymentView> {
    return this.call("scale", input, options) as Promise<DeploymentView>;
  }

  /**
   * Switches autoscaling of a deployment on, changes it, or switches it off.
   *
   * Role: `operator`.
   */
  setAutoscale(input: SetAutoscaleInput): Promise<AutoscaleView> {
    return this.call("set_autoscale", input) as Promise<AutoscaleView>;
  }

  /**
   * Shows how a deployment scales, and the last recommendation with its figures.
   *
   * Role: `viewer`. Changes nothing.
   */
  getAutoscale(input: GetAutoscaleInput): Promise<AutoscaleView> {
    return this.call("get_autoscale", input) as Promise<AutoscaleView>;
  }

  /**
   * Unloads an on_demand deployment in this process; its next request loads it again.
   *
   * Role: `operator`. Changes nothing.
   */
  unload(input: DeploymentRef): Promise<DeploymentView> {
    return this.call("unload", input) as Promise<DeploymentView>;
  }

  /**
   * Stops a deployment after its running requests have ended.
   *
   * Role: `deployer`.
   */
  undeploy(input: UndeployInput, options?: CallOptions): Promise<DeploymentView> {
    return this.call("undeploy", input, options) as Promise<DeploymentView>;
  }

  /**
   * Shows a deployment as desired and as this process observes it.
   *
   * Role: `viewer`. Changes nothing.
   */
  getDeployment(input: DeploymentRef): Promise<DeploymentView> {
    return this.call("get_deployment", input) as Promise<DeploymentView>;
  }

  /**
   * Lists the deployments.
   *
   * Role: `viewer`. Changes nothing.
   */
  listDeployments(): Promise<DeploymentList> {
    return this.call("list_deployments") as Promise<DeploymentList>;
  }

  /**
   * Says which revision the requests of a caller's key go to, or went to at some time, and why.
   *
   * Role: `viewer`. Changes nothing.
   */
  explainRoute(input: ExplainRouteInput): Promise<Arm> {
    return this.call("explain_route", input) as Promise<Arm>;
  }

  /**
   * Reads what happened, with actor, time and cause, oldest first.
   *
   * Role: `viewer`. Changes nothing.
   */
  history(input: HistoryInput = {}): Promise<HistoryOutput> {
    return this.call("history", input) as Promise<HistoryOutput>;
  }

  /**
   * Shows whether every deployment that should run answers in this process, and the last errors.
   *
   * Role: `viewer`. Changes nothing.
   */
  getHealth(input: DeploymentFilter = {}): Promise<HealthReport> {
    return this.call("get_health", input) as Promise<HealthReport>;
  }

  /**
   * Shows requests, errors and latencies of the revisions loaded in this process.
   *
   * Role: `viewer`. Changes nothing.
   */
  getMetrics(input: DeploymentFilter = {}): Promise<MetricsReport> {
    return this.call("get_metrics", input) as Promise<MetricsReport>;
  }

  /**
   * Shows requests, errors and latencies that all processes of the directory counted, those that are gone too.
   *
   * Role: `viewer`. Changes nothing.
   */
  getTraffic(input: DeploymentFilter = {}): Promise<MetricsReport> {
    return this.call("get_traffic", input) as Promise<MetricsReport>;
  }

  /**
   * Shows the head of the log: what to keep or sign, so that a later change shows.
   *
   * Role: `viewer`. Changes nothing.
   */
  auditHead(): Promise<Head> {
    return this.call("audit_head") as Promise<Head>;
  }

  /**
   * Checks every event's hash, folds the state again and compares; on request checks every artifact.
   *
   * Role: `viewer`. Changes nothing.
   */
  auditVerify(input: AuditVerifyInput = {}, options?: CallOptions): Promise<AuditReport> {
    return this.call("audit_verify", input, options) as Promise<AuditReport>;
  }

  /**
   * Cuts old events away; the log goes on from the state at the cut, for which a checkpoint vouches.
   *
   * Role: `admin`.
   */
  retain(input: RetainInput = {}, options?: CallOptions): Promise<RetainReport> {
    return this.call("retain", input, options) as Promise<RetainReport>;
  }

  /**
   * Writes a complete, verified copy of the directory while it goes on serving.
   *
   * Role: `admin`. Changes nothing.
   */
  backup(input: BackupInput, options?: CallOptions): Promise<BackupReport> {
    return this.call("backup", input, options) as Promise<BackupReport>;
  }

  /**
   * Removes artifacts that no version refers to.
   *
   * Role: `admin`.
   */
  collectGarbage(options?: CallOptions): Promise<GarbageReport> {
    return this.call("collect_garbage", {}, options) as Promise<GarbageReport>;
  }

  /**
   * Measures a version: latency against throughput over engines, threads and batches.
   *
   * Role: `operator`. Changes nothing.
   */
  benchmark(input: BenchmarkInput, options?: CallOptions): Promise<BenchmarkReport> {
    return this.call("benchmark", input, options) as Promise<BenchmarkReport>;
  }

  /**
   * Measures a version node by node: time, calls, bytes and shapes.
   *
   * Role: `operator`. Changes nothing.
   */
  profile(input: ProfileInput, options?: CallOptions): Promise<ProfileReport> {
    return this.call("profile", input, options) as Promise<ProfileReport>;
  }

  /**
   * Runs a version over a data set, computes metrics, and records whether it passes a gate.
   *
   * Role: `deployer`.
   */
  evaluate(input: EvaluateInput, options?: CallOptions): Promise<EvaluationReport> {
    return this.call("evaluate", input, options) as Promise<EvaluationReport>;
  }

  /**
   * Shows CPU, memory, GPU, disk and network of this process and its machine, and what loaded models hold.
   *
   * Role: `viewer`. Changes nothing.
   */
  getResources(): Promise<ResourceReport> {
    return this.call("get_resources") as Promise<ResourceReport>;
  }

  /**
   * Shows how far traffic has moved to a new revision, and what the analysis finds.
   *
   * Role: `viewer`. Changes nothing.
   */
  getRollout(input: DeploymentRef): Promise<RolloutView> {
    return this.call("get_rollout", input) as Promise<RolloutView>;
  }

  /**
   * Lets a rollout go on to its next step, or move all traffic after the last one, whatever it waits for.
   *
   * Role: `deployer`.
   */
  advanceRollout(input: RolloutInput): Promise<RolloutView> {
    return this.call("advance_rollout", input) as Promise<RolloutView>;
  }

  /**
   * Stops a rollout where it is; the share of the traffic stays, and a breach still ends it.
   *
   * Role: `operator`.
   */
  pauseRollout(input: RolloutInput): Promise<RolloutView> {
    return this.call("pause_rollout", input) as Promise<RolloutView>;
  }

  /**
   * Lets a rollout that is paused or inconclusive be judged again from now on.
   *
   * Role: `deployer`.
   */
  resumeRollout(input: RolloutInput): Promise<RolloutView> {
    return this.call("resume_rollout", input) as Promise<RolloutView>;
  }

  /**
   * Moves all traffic back to the revision that served before, at once and from any phase.
   *
   * Role: `operator`.
   */
  abortRollout(input: RolloutInput): Promise<RolloutView> {
    return this.call("abort_rollout", input) as Promise<RolloutView>;
  }

  /**
   * Changes what loaded models of this process may hold together; what is on demand and idle makes room.
   *
   * Role: `operator`. Changes nothing.
   */
  setMemoryBudget(input: SetMemoryBudgetInput = {}): Promise<MemoryBudgetView> {
    return this.call("set_memory_budget", input) as Promise<MemoryBudgetView>;
  }

  /**
   * Asks for a comparison of versions on a deployment's traffic, which does not begin yet.
   *
   * Role: `deployer`.
   */
  createExperiment(input: CreateExperimentInput): Promise<ExperimentView> {
    return this.call("create_experiment", input) as Promise<ExperimentView>;
  }

  /**
   * Shows the last experiment of a deployment, and what it shows.
   *
   * Role: `viewer`. Changes nothing.
   */
  getExperiment(input: DeploymentRef): Promise<ExperimentView> {
    return this.call("get_experiment", input) as Promise<ExperimentView>;
  }

  /**
   * Divides a deployment's traffic between the arms of its experiment.
   *
   * Role: `deployer`.
   */
  startExperiment(input: ExperimentInput, options?: CallOptions): Promise<ExperimentView> {
    return this.call("start_experiment", input, options) as Promise<ExperimentView>;
  }

  /**
   * Moves all traffic back to what serves, until the experiment is started again.
   *
   * Role: `operator`.
   */
  pauseExperiment(input: ExperimentInput): Promise<ExperimentView> {
    return this.call("pause_experiment", input) as Promise<ExperimentView>;
  }

  /**
   * Ends an experiment: all traffic goes to what serves, and what was found stays.
   *
   * Role: `operator`.
   */
  stopExperiment(input: ExperimentInput): Promise<ExperimentView> {
    return this.call("stop_experiment", input) as Promise<ExperimentView>;
  }

  /**
   * Ends an experiment and moves all traffic to an arm that is shown to be better.
   *
   * Role: `deployer`.
   */
  declareWinner(input: DeclareWinnerInput, options?: CallOptions): Promise<ExperimentView> {
    return this.call("declare_winner", input, options) as Promise<ExperimentView>;
  }

  /**
   * Takes in what came of requests, for the experiment that is open. What is recorded before the start allows for how
   * callers differ already.
   *
   * Role: `operator`.
   */
  recordOutcomes(input: RecordOutcomesInput): Promise<RecordedOutcomes> {
    return this.call("record_outcomes", input) as Promise<RecordedOutcomes>;
  }

  /**
   * Says how many values each arm needs for a difference, or which difference is found.
   *
   * Role: `viewer`. Changes nothing.
   */
  planExperiment(input: PlanExperimentInput): Promise<ExperimentPlan> {
    return this.call("plan_experiment", input) as Promise<ExperimentPlan>;
  }

  /**
   * Sends requests that say certain things of themselves to a revision, whatever is tried with the others.
   *
   * Role: `deployer`.
   */
  setRules(input: SetRulesInput, options?: CallOptions): Promise<RulesView> {
    return this.call("set_rules", input, options) as Promise<RulesView>;
  }

  /**
   * Says which revision a request of this process went to, and what came of it, as long as that is remembered.
   *
   * Role: `viewer`. Changes nothing.
   */
  explainRequest(input: ExplainRequestInput): Promise<RequestView> {
    return this.call("explain_request", input) as Promise<RequestView>;
  }

  /**
   * Takes in which classes would have been right, by the names of requests. A rollout or an experiment with a metric
   * accuracy is judged by it.
   *
   * Role: `operator`.
   */
  recordLabels(input: RecordLabelsInput): Promise<RecordedLabels> {
    return this.call("record_labels", input) as Promise<RecordedLabels>;
  }
}
