//! Commands, sensible and senseless, for a small world in which they meet often.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use noodle_deploy_core::artifact::Digest;
use noodle_deploy_core::event::Stream;
use noodle_deploy_core::machine::cache::CacheConfig;
use noodle_deploy_core::machine::command::{Command, Deploy};
use noodle_deploy_core::machine::deployment::{MAX_REPLICAS, MAX_THREADS};
use noodle_deploy_core::machine::evaluation::{Bound, Evaluation};
use noodle_deploy_core::machine::experiment::{
    Act, ArmConfig, ExperimentConfig, Goal, JudgementConfig, MetricConfig, MetricKind, MetricRole,
};
use noodle_deploy_core::machine::residency::{Loading, LoadingRule};
use noodle_deploy_core::machine::rollout::{
    AnalysisConfig, CanaryConfig, CanaryStep, Evidence, Grounds, Move, ReplicaCounts,
};
use noodle_deploy_core::machine::rules::{RouteRule, RuleCondition, RuleTarget};
use noodle_deploy_core::machine::session::StateConfig;
use noodle_deploy_core::machine::state::{Deployment, State, VersionPin, VersionRecord, VersionStatus};
use noodle_deploy_core::machine::tuning::{Aim, Tuning, TuningCase};
use noodle_deploy_core::machine::{apply, decide};
use noodle_deploy_core::model::kind::ModelKind;
use noodle_deploy_core::rng::{Rng, SeededRng};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::store::{Hash, Head};
use smallvec::SmallVec;

pub const WORKERS: [&str; 3] = ["w1", "w2", ""];
const MODELS: [&str; 2] = ["m", "n"];
const DEPLOYMENTS: [&str; 3] = ["x", "y", "z"];
const VERSIONS: [&str; 5] = ["1.0.0", "2.0.0", "1.1.0", "3.0.0-rc.1", "10.0.0"];
const ALIASES: [&str; 2] = ["production", "staging"];
const GATES: [&str; 20] = [
    "g00", "g01", "g02", "g03", "g04", "g05", "g06", "g07", "g08", "g09", "g10", "g11", "g12", "g13", "g14", "g15",
    "g16", "g17", "g18", "g19",
];
const BAD_NAMES: [&str; 6] = ["", "-x", "a b", ".", "ä", "a/b"];
const BAD_VERSIONS: [&str; 6] = ["", "1", "01.0.0", "v1.0.0", "1.0.0 ", "99999999999999999999.0.0"];
const STATUSES: [VersionStatus; 7] = [
    VersionStatus::Draft,
    VersionStatus::Testing,
    VersionStatus::Approved,
    VersionStatus::Deployed,
    VersionStatus::Deprecated,
    VersionStatus::Retired,
    VersionStatus::Failed,
];

pub struct Dice(SeededRng);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(SeededRng::new(seed))
    }

    pub fn below(&self, n: u64) -> u64 {
        self.0.next() % n
    }

    /// True once in `n` throws.
    pub fn one_in(&self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    fn text(&self, items: &[&str]) -> String {
        (*self.pick(items)).to_owned()
    }

    fn name(&self, good: &[&str]) -> String {
        if self.one_in(40) { self.text(&BAD_NAMES) } else { self.text(good) }
    }

    fn model(&self) -> String {
        // One model more often than the other, so that things meet.
        if self.one_in(3) { self.name(&MODELS) } else { MODELS[0].to_owned() }
    }

    /// Mostly one that is there.
    fn deployment(&self, state: &State) -> String {
        match state.deployments.len() as u64 {
            n if n > 0 && !self.one_in(8) => {
                state.deployments.keys().nth(self.below(n) as usize).expect("there are n").clone()
            }
            _ => self.name(&DEPLOYMENTS),
        }
    }

    /// A version, an alias or `latest`: mostly of what is there.
    fn version(&self, state: &State, model: &str) -> String {
        match self.below(24) {
            0 => self.text(&BAD_VERSIONS),
            1..=3 => self.text(&ALIASES),
            4 | 5 => "latest".to_owned(),
            6 => self.text(&VERSIONS),
            _ => {
                let there: SmallVec<[&str; 8]> = state.versions_of(model).map(|v| v.version.as_str()).collect();
                if there.is_empty() { self.text(&VERSIONS) } else { self.text(&there) }
            }
        }
    }

    fn worker(&self) -> String {
        self.text(&WORKERS)
    }

    /// Mostly the worker that the deployment has.
    fn worker_of(&self, d: Option<&Deployment>) -> String {
        match d.and_then(|d| d.worker.clone()) {
            Some(worker) if !self.one_in(6) => worker,
            _ => self.worker(),
        }
    }

    /// Mostly that of the scale that goes on.
    fn ticket(&self, state: &State, deployment: &str) -> u64 {
        let version = ticket(state, deployment);
        if self.one_in(8) { self.below(version + 2) } else { version }
    }

    fn replicas(&self) -> u32 {
        match self.below(16) {
            0 => 0,
            1 => MAX_REPLICAS + 1,
            2 => MAX_REPLICAS,
            n => n as u32 % 4 + 1,
        }
    }

    /// Mostly a revision that the deployment remembers.
    fn revision(&self, d: Option<&Deployment>) -> u32 {
        match d.filter(|d| !d.revisions.is_empty()) {
            Some(d) if !self.one_in(8) => self.pick(&d.revisions).number,
            _ => self.below(40) as u32,
        }
    }
}

fn record(dice: &Dice, state: &State) -> Box<VersionRecord> {
    static TEMPLATE: OnceLock<VersionRecord> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let text = r#"{"model":"","version":"","digest":"blake3:0000000000000000000000000000000000000000000000000000000000000000",
            "bytes":"1","format":"onnx","signature":{"inputs":[],"outputs":[]},"status":"draft","created_at":"0"}"#;
        serde_json::from_str(text).expect("the template is a record")
    });
    let version = if dice.one_in(20) { dice.text(&BAD_VERSIONS) } else { dice.text(&VERSIONS) };
    let model = dice.model();
    // Now and then a pipeline, of whatever there is.
    let of = |dice: &Dice| {
        let model = dice.model();
        VersionPin { version: dice.version(state, &model), model }
    };
    let uses = if dice.one_in(5) { (0..=dice.below(2)).map(|_| of(dice)).collect() } else { Vec::new() };
    Box::new(VersionRecord {
        uses,
        parent: dice.one_in(4).then(|| dice.version(state, &model)),
        model,
        version,
        digest: digest(dice),
        ..template.clone()
    })
}

fn digest(dice: &Dice) -> Digest {
    static DIGESTS: OnceLock<[Digest; 4]> = OnceLock::new();
    *dice.pick(DIGESTS.get_or_init(|| [0, 1, 2, 3].map(|n| Digest::of(&[n]))))
}

fn evaluation(dice: &Dice, of: Option<&VersionRecord>) -> Evaluation {
    let bound = || Bound {
        metric: dice.text(&["accuracy", "mae"]),
        at_least: dice.one_in(2).then_some(0.5),
        at_most: dice.one_in(4).then(|| *dice.pick(&[0.9, 0.1, f64::NAN])),
    };
    Evaluation {
        gate: (!dice.one_in(6)).then(|| dice.name(&GATES)),
        passed: dice.one_in(2),
        artifact: of.filter(|_| !dice.one_in(8)).map_or_else(|| digest(dice), |record| record.digest),
        data: digest(dice),
        rows: 1,
        engine: "tract".to_owned(),
        metrics: BTreeMap::from([("accuracy".to_owned(), *dice.pick(&[0.4, 0.8, 1.0, f64::INFINITY]))]),
        bounds: (0..dice.below(3)).map(|_| bound()).collect(),
        at: 0,
    }
}

fn deploy(dice: &Dice, state: &State, deployment: String) -> Deploy {
    let d = state.deployments.get(&deployment);
    let model = d.filter(|_| !dice.one_in(8)).map_or_else(|| dice.model(), |d| d.model.clone());
    let strategies = [Strategy::Immediate, Strategy::BlueGreen, *dice.pick(Strategy::ALL)];
    let mut strategy = *dice.pick(&strategies);
    let canary = dice.one_in(3).then(|| canary(dice));
    if canary.is_some() && !dice.one_in(10) {
        strategy = *dice.pick(&[Strategy::Canary, Strategy::Canary, Strategy::Rolling, Strategy::AbTesting]);
    }
    Deploy {
        deployment,
        version: dice.version(state, &model),
        model,
        target: if dice.one_in(30) { "elsewhere" } else { "local" }.to_owned(),
        strategy,
        replicas: dice.replicas(),
        threads: *dice.pick(&[1, 1, 1, 1, 1, 2, 2, MAX_THREADS, MAX_THREADS + 1, 0]),
        shapes: Vec::new(),
        engine: None,
        batching: None,
        worker: dice.worker(),
        max_deployments: dice.one_in(8).then(|| dice.below(3) as u32 + 1),
        cache: dice.one_in(8).then(CacheConfig::default),
        required_gates: dice.one_in(8).then(|| (0..dice.below(3)).map(|_| dice.name(&GATES)).collect()),
        loading: LoadingRule {
            when: *dice.pick(Loading::ALL),
            unload_after_ms: dice.one_in(4).then(|| *dice.pick(&[0, 1, 60_000])),
        },
        tuning: dice.one_in(8).then(|| Tuning {
            aim: *dice.pick(Aim::ALL),
            machine: "a machine".to_owned(),
            remembered: dice.one_in(2),
            chosen: 0,
            cases: vec![TuningCase { threads: 2, replicas: 1, rows: 8, latency_us: 1.5, rows_per_second: 5e6 }],
        }),
        state: dice.one_in(8).then(|| {
            let max_sessions = dice.one_in(2).then(|| *dice.pick(&[0, 1, u32::MAX]));
            StateConfig { max_sessions, ..StateConfig::default() }
        }),
        stream: None,
        canary,
    }
}

fn canary(dice: &Dice) -> CanaryConfig {
    let steps = 1 + dice.below(3) as u32;
    let rolling = dice.one_in(4);
    let step = |n: u32| CanaryStep {
        weight: if dice.one_in(12) { *dice.pick(&[0, 1, 10_000]) } else { 100 * n },
        gate: dice.one_in(3),
        max_ms: dice.one_in(4).then_some(1_000),
        replicas: rolling.then(|| ReplicaCounts { candidate: n, baseline: if dice.one_in(20) { 0 } else { 4 - n } }),
        ..CanaryStep::of(1)
    };
    let analysis = AnalysisConfig {
        level: if dice.one_in(30) { *dice.pick(&[0.0, f64::NAN]) } else { 0.05 },
        ..AnalysisConfig::default()
    };
    let shadow = (!rolling && dice.one_in(4)).then(|| {
        let step = if dice.one_in(2) { CanaryStep::in_shadow(500) } else { CanaryStep::of_recorded(500) };
        CanaryStep { gate: dice.one_in(3), ..step }
    });
    CanaryConfig { steps: shadow.into_iter().chain((1..=steps).map(step)).collect(), analysis: Some(analysis) }
}

fn rules(dice: &Dice, version: String) -> Vec<RouteRule> {
    let rule = |_| {
        let to = *dice.pick(&[RuleTarget::Serving, RuleTarget::Candidate, RuleTarget::Version]);
        let any_of = if dice.one_in(20) { Vec::new() } else { vec!["v".to_owned()] };
        let when = vec![RuleCondition { attribute: "a".to_owned(), any_of }];
        RouteRule { when, to, version: (to == RuleTarget::Version).then(|| version.clone()) }
    };
    (0..dice.below(3)).map(rule).collect()
}

fn moved(dice: &Dice) -> Move {
    match dice.below(8) {
        0 => Move::Mark(Box::default()),
        1 | 2 => Move::Pass,
        3 => Move::Abort,
        4 => Move::GiveUp,
        5 => Move::Advance,
        6 => Move::Pause,
        _ => Move::Resume,
    }
}

/// The next command. It looks at the state to be sensible more often than chance would have it.
pub fn command(dice: &Dice, state: &State) -> Command {
    let deployment = dice.deployment(state);
    let d = state.deployments.get(&deployment);
    let model = dice.model();
    let version = || dice.version(state, &model);
    // An empty world has nothing to talk about.
    if state.versions.len() < 3 && !dice.one_in(4) {
        return Command::RegisterVersion { model_type: ModelKind::Custom, record: record(dice, state) };
    }
    match dice.below(40) {
        0..=2 => Command::RegisterVersion {
            model_type: if dice.one_in(20) { ModelKind::CodeCompletion } else { ModelKind::Custom },
            record: record(dice, state),
        },
        3 => Command::AnnotateVersion {
            version: version(),
            model,
            description: dice.one_in(2).then(|| "text".to_owned()),
            tags: BTreeMap::from([("k".to_owned(), dice.text(&["", "v"]))]),
            metrics: BTreeMap::from([("m".to_owned(), *dice.pick(&[0.5, -0.0, f64::MAX, f64::NAN, f64::INFINITY]))]),
        },
        4 => Command::RecordProbes { version: version(), model, probes: digest(dice), engine: "tract".to_owned() },
        5 if dice.one_in(2) => Command::RecordEvaluation {
            evaluation: Box::new(evaluation(dice, state.resolve(&model, "latest").ok())),
            version: version(),
            model,
        },
        5 | 6 => Command::SetVersionStatus { version: version(), model, status: *dice.pick(&STATUSES), reason: None },
        7 | 8 => Command::DeleteVersion { version: version(), model },
        9 | 10 => Command::SetAlias {
            alias: if dice.one_in(10) { version() } else { dice.text(&ALIASES) },
            version: version(),
            model,
        },
        11 => Command::RemoveAlias { model, alias: dice.text(&ALIASES) },
        12..=15 => Command::Deploy(Box::new(deploy(dice, state, deployment))),
        16 if dice.one_in(4) => Command::SetRules { rules: rules(dice, version()), deployment },
        16 => Command::Claim { deployment, worker: dice.worker() },
        17..=20 => {
            let loading = d.and_then(Deployment::loading).map(|r| r.number);
            Command::RevisionReady {
                revision: loading.filter(|_| !dice.one_in(8)).unwrap_or_else(|| dice.revision(d)),
                worker: dice.worker_of(d),
                verification: "verified".to_owned(),
                salt: dice.below(u64::MAX),
                deployment,
            }
        }
        21 => {
            let loading = d.and_then(Deployment::loading).map(|r| r.number);
            Command::RevisionFailed {
                revision: loading.filter(|_| !dice.one_in(8)).unwrap_or_else(|| dice.revision(d)),
                worker: dice.worker_of(d),
                cause: "cause".to_owned(),
                deployment,
            }
        }
        22..=24 => Command::Promote { revision: dice.revision(d), deployment },
        25 | 26 => Command::Rollback {
            to: dice.one_in(3).then(|| dice.revision(d)),
            reason: dice.one_in(2).then(|| "reason".to_owned()),
            deployment,
        },
        27 => Command::Scale { deployment, replicas: dice.replicas(), worker: dice.worker() },
        28 => Command::ScaleDone { worker: dice.worker_of(d), ticket: dice.ticket(state, &deployment), deployment },
        29 => Command::ScaleFailed {
            worker: dice.worker_of(d),
            ticket: dice.ticket(state, &deployment),
            cause: "cause".to_owned(),
            deployment,
        },
        30 => match dice.below(3) {
            0 => Command::Stop { deployment, force: dice.one_in(2), worker: dice.worker() },
            1 => Command::StopDone { deployment },
            _ => Command::Checkpoint {
                cut: Head { sequence: dice.below(state.sequence + 2), hash: Hash::ZERO },
                state: Hash::ZERO,
            },
        },
        31..=34 => {
            let rollout = d.and_then(|d| d.rollout.as_ref());
            let of =
                || rollout.map_or((dice.below(4) as u32, 0), |r| (r.candidate, r.step + u32::from(dice.one_in(8))));
            Command::Rollout {
                of: dice.one_in(2).then(of),
                moved: moved(dice),
                grounds: Box::new(Grounds {
                    reason: "reason".to_owned(),
                    evidence: dice.one_in(2).then(Evidence::default),
                    findings: None,
                }),
                deployment,
            }
        }
        35..=38 => experiment(dice, d, deployment),
        _ => Command::Fail {
            revision: d.and_then(|d| d.active).filter(|_| !dice.one_in(4)).unwrap_or_else(|| dice.revision(d)),
            cause: "cause".to_owned(),
            deployment,
        },
    }
}

/// Something that somebody, or a look, wants of an experiment.
fn experiment(dice: &Dice, d: Option<&Deployment>, deployment: String) -> Command {
    let known = d.and_then(|d| d.experiment.as_ref());
    if known.is_none_or(|known| !known.phase.is_open()) && !dice.one_in(4) {
        let serves = d.and_then(Deployment::active_revision).map(|r| r.version.clone());
        let version = |control: bool| match &serves {
            Some(version) if control && !dice.one_in(8) => version.clone(),
            _ => d.map_or_else(
                || dice.text(&VERSIONS),
                |d| if d.revisions.is_empty() { dice.text(&VERSIONS) } else { dice.pick(&d.revisions).version.clone() },
            ),
        };
        let arms = dice.below(3) as u32 + 1;
        let weight = if dice.one_in(12) { 1 } else { 10_000 / (arms + 1) };
        let arm = |n: u32| ArmConfig { name: format!("arm-{n}"), version: version(n == 0), weight };
        let metric = MetricConfig {
            name: "worth".to_owned(),
            kind: MetricKind::Mean,
            goal: Goal::Increase,
            role: MetricRole::Primary,
            outcome: None,
            per: None,
            quantile: None,
            margin: None,
        };
        let config = ExperimentConfig {
            name: dice.name(&["trial", "other"]),
            arms: (0..=arms).map(arm).collect(),
            holdout: 10_000u32.saturating_sub(weight * (arms + 1)),
            metrics: vec![metric],
            judgement: JudgementConfig::default(),
            segments: Vec::new(),
        };
        return Command::CreateExperiment { experiment: Box::new(config), salt: dice.0.next(), deployment };
    }
    let weights = known.map(|known| {
        let mut weights = known.weights();
        let (last, moved) = (weights.len() - 2, weights[0] / 3);
        weights[0] -= moved;
        weights[last] += moved;
        weights
    });
    let act = match dice.below(9) {
        0..=3 => Act::Start,
        4 => Act::Pause,
        5 => Act::Stop,
        6 => Act::Weigh(weights.unwrap_or_default()),
        _ => Act::Decide(dice.text(&["arm-0", "arm-1", "arm-9"])),
    };
    Command::Experiment {
        of: dice.one_in(3).then(|| known.map_or(1, |known| known.number) + u32::from(dice.one_in(8))),
        act,
        reason: "reason".to_owned(),
        report: None,
        deployment,
    }
}

/// A deployment whose second revision serves with one replica, brought up by `worker`.
pub fn serving(deployment: &str, worker: &str) -> State {
    let dice = Dice::new(0);
    let mut state = State::default();
    let mut run = |command: &Command| {
        for (stream, event) in decide(&state, command).expect("the command fits").events {
            apply(&mut state, &stream, 0, &event).expect("the event fits");
            *state.streams.entry(stream.to_string()).or_default() += 1;
        }
    };
    for revision in 1..=2 {
        let record = VersionRecord {
            model: deployment.to_owned(),
            version: format!("{revision}.0.0"),
            parent: None,
            uses: Vec::new(),
            ..*record(&dice, &State::default())
        };
        run(&Command::RegisterVersion { model_type: ModelKind::Custom, record: Box::new(record.clone()) });
        run(&Command::Deploy(Box::new(Deploy {
            deployment: deployment.to_owned(),
            model: record.model,
            version: record.version,
            target: "local".to_owned(),
            strategy: Strategy::Immediate,
            replicas: 1,
            threads: 1,
            shapes: Vec::new(),
            engine: None,
            batching: None,
            worker: worker.to_owned(),
            max_deployments: None,
            cache: None,
            required_gates: None,
            loading: LoadingRule::default(),
            tuning: None,
            state: None,
            stream: None,
            canary: None,
        })));
        run(&Command::RevisionReady {
            deployment: deployment.to_owned(),
            revision,
            worker: worker.to_owned(),
            verification: String::new(),
            salt: 0,
        });
    }
    state
}

/// The ticket of a scale that goes on in a deployment.
pub fn ticket(state: &State, deployment: &str) -> u64 {
    let stream = Stream::Deployment(deployment.to_owned()).to_string();
    state.streams.get(&stream).copied().unwrap_or_default()
}

/// Whether it takes a revision out of a deployment's way.
pub fn ends_something(command: &Command) -> bool {
    use Command::{Fail, RevisionFailed, Rollback, Rollout, Stop};
    matches!(command, Fail { .. } | RevisionFailed { .. } | Rollback { .. } | Stop { .. })
        || matches!(command, Rollout { moved: Move::Abort, .. })
}
