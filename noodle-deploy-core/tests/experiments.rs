//! Versions that are compared on live traffic: who gets which, what is shown, and what follows.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "store-sqlite", feature = "backend-local"))]

#[path = "support/graph.rs"]
mod graph;
#[path = "experiments/horizon.rs"]
mod horizon;
#[path = "experiments/requests.rs"]
mod requests;
#[path = "support/scripted.rs"]
mod scripted;
#[path = "experiments/segments.rs"]
mod segments;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use noodle_deploy_core::machine::experiment::{
    Allocation, ArmConfig, Experiment, ExperimentPhase, Finding, Goal, JudgementConfig, Method, MetricConfig,
    MetricKind, MetricRole,
};
use noodle_deploy_core::machine::rollout::CanaryConfig;
use noodle_deploy_core::ops::deployments::{
    Deploy, DeployInput, DeploymentRef, GetDeployment, Promote, PromoteInput, Undeploy, UndeployInput,
};
use noodle_deploy_core::ops::experiment::{
    CreateExperiment, CreateExperimentInput, DeclareWinner, DeclareWinnerInput, ExperimentInput, ExperimentView,
    GetExperiment, Outcome, PauseExperiment, PlanExperiment, PlanExperimentInput, RecordOutcomes, RecordOutcomesInput,
    RecordedOutcomes, StartExperiment, StopExperiment,
};
use noodle_deploy_core::rng::{Rng, SeededRng};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::{ErrorKind, Noodle, Result};
use scripted::{Script, ask, only_the_first_answers, open, register};

struct Host {
    noodle: Noodle,
    script: Arc<Script>,
    dir: tempfile::TempDir,
}

/// Version 1.0.0 serves, 2.0.0 is up beside it.
fn host() -> Host {
    let dir = tempfile::tempdir().unwrap();
    let script = Arc::new(Script::default());
    let noodle = open(dir.path(), &script);
    ["older", "newer"].iter().for_each(|name| register(&noodle, dir.path(), name));
    noodle.call::<Deploy>(DeployInput::new("m", "1.0.0")).unwrap();
    let beside = DeployInput { strategy: Some(Strategy::BlueGreen), ..DeployInput::new("m", "2.0.0") };
    noodle.call::<Deploy>(beside).unwrap();
    Host { noodle, script, dir }
}

fn arm(name: &str, version: &str, weight: u32) -> ArmConfig {
    ArmConfig { name: name.into(), version: version.into(), weight }
}

fn metric(name: &str, kind: MetricKind, role: MetricRole) -> MetricConfig {
    MetricConfig {
        name: name.into(),
        kind,
        goal: Goal::Increase,
        role,
        outcome: None,
        per: None,
        quantile: None,
        margin: None,
    }
}

fn halves() -> CreateExperimentInput {
    CreateExperimentInput {
        deployment: "m".into(),
        name: "trial".into(),
        arms: vec![arm("control", "1.0.0", 5_000), arm("treatment", "2.0.0", 5_000)],
        metrics: vec![metric("bought", MetricKind::Proportion, MetricRole::Primary)],
        holdout: 0,
        judgement: None,
        segments: Vec::new(),
    }
}

fn named() -> ExperimentInput {
    ExperimentInput { deployment: "m".into(), reason: None }
}

fn of() -> DeploymentRef {
    DeploymentRef { deployment: "m".into() }
}

fn outcome(name: &str, key: &str, value: f64) -> Outcome {
    Outcome { name: name.into(), value, key: Some(key.into()), ..Outcome::default() }
}

impl Host {
    fn begin(&self, input: CreateExperimentInput) {
        self.noodle.call::<CreateExperiment>(input).unwrap();
        self.noodle.call::<StartExperiment>(named()).unwrap();
    }

    fn view(&self) -> ExperimentView {
        self.noodle.call::<GetExperiment>(of()).unwrap()
    }

    fn experiment(&self) -> Experiment {
        self.view().experiment.unwrap()
    }

    fn record(&self, outcomes: Vec<Outcome>) -> Result<RecordedOutcomes> {
        self.noodle.call::<RecordOutcomes>(RecordOutcomesInput { deployment: "m".into(), outcomes })
    }

    fn ask(&self, key: &str) -> String {
        ask(&self.noodle, Some(key)).unwrap()
    }

    /// Callers that ask and then buy, with the chance that the version that they got gives them.
    fn trade(&self, callers: std::ops::Range<u32>, old: f64, new: f64) {
        let rng = SeededRng::new(u64::from(callers.start) + 5);
        let mut outcomes = Vec::new();
        for caller in callers {
            let key = format!("caller-{caller}");
            let chance = if self.ask(&key) == "1.0.0" { old } else { new };
            let bought = ((rng.next() >> 11) as f64 / (1u64 << 53) as f64) < chance;
            outcomes.push(outcome("bought", &key, f64::from(u8::from(bought))));
        }
        for part in outcomes.chunks(1_000) {
            self.record(part.to_vec()).unwrap();
        }
    }

    fn wait(&self, phase: ExperimentPhase) -> ExperimentView {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let view = self.view();
            if view.experiment.as_ref().unwrap().phase == phase {
                return view;
            }
            assert!(Instant::now() < deadline, "{view:#?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn the_better_version_is_found_and_wins() {
    let host = host();
    host.begin(halves());
    let winner = |force| DeclareWinnerInput {
        deployment: "m".into(),
        arm: Some("treatment".into()),
        confidence: None,
        force,
        reason: None,
    };
    host.trade(0..100, 0.1, 0.3);
    let early = host.noodle.call::<DeclareWinner>(winner(false)).unwrap_err();
    assert_eq!(early.kind(), ErrorKind::Conflict, "{early}");
    host.trade(100..6_000, 0.1, 0.15);
    let view = host.view();
    let report = view.report.unwrap();
    let found = &report.comparisons[0];
    let f = found.figures.unwrap();
    assert_eq!((found.finding, report.leader.as_deref()), (Finding::Better, Some("treatment")), "{report:#?}");
    assert!(f.low > 0.0 && f.low < 0.05 && f.high > 0.05, "{f:?}");
    assert!(f.chance_better > 0.999 && f.expected_loss < 1e-4, "{f:?}");
    assert!(!report.sample_ratio_mismatch);
    assert_eq!(report.exposures.iter().map(|arm| arm.requests).sum::<u64>(), 6_000);
    let text = view.text.unwrap();
    assert!(text.contains("treatment is better by bought") && text.contains('['), "{text}");
    let decided = host.noodle.call::<DeclareWinner>(winner(false)).unwrap().experiment.unwrap();
    assert_eq!((decided.phase, decided.winner.as_deref()), (ExperimentPhase::Decided, Some("treatment")));
    assert!(decided.report.is_some(), "what was found stays");
    assert_eq!(host.noodle.call::<GetDeployment>(of()).unwrap().desired.active, Some(2));
    assert!((0..50).all(|n| host.ask(&format!("caller-{n}")) == "2.0.0"));
}

#[test]
fn callers_keep_their_arm_through_a_pause_and_a_restart() {
    let mut host = host();
    host.begin(CreateExperimentInput {
        arms: vec![arm("control", "1.0.0", 5_000), arm("treatment", "2.0.0", 3_000)],
        holdout: 2_000,
        ..halves()
    });
    let keys: Vec<String> = (0..400).map(|n| format!("caller-{n}")).collect();
    let answers = |host: &Host| keys.iter().map(|key| host.ask(key)).collect::<Vec<_>>();
    let first = answers(&host);
    let new = first.iter().filter(|version| *version == "2.0.0").count();
    assert!((75..=165).contains(&new), "{new} of 400 at 30 %");
    let recorded = host.record(keys.iter().map(|key| outcome("bought", key, 1.0)).collect()).unwrap();
    assert!((45..=120).contains(&recorded.held_out), "{recorded:?}");
    assert_eq!(recorded.recorded + recorded.held_out, 400);
    let met = |host: &Host| host.view().report.unwrap().exposures.iter().map(|arm| arm.requests).sum::<u64>();
    assert_eq!(met(&host), u64::from(recorded.recorded), "who is held out is not counted");

    host.noodle.call::<PauseExperiment>(named()).unwrap();
    assert!(answers(&host).iter().all(|version| version == "1.0.0"));
    host.noodle.call::<StartExperiment>(named()).unwrap();
    assert_eq!(answers(&host), first);

    let before = host.view().report.unwrap();
    let Host { noodle, script, dir } = host;
    drop(noodle);
    host = Host { noodle: open(dir.path(), &script), script, dir };
    assert_eq!(answers(&host), first);
    let after = host.view().report.unwrap();
    let values = |report: &noodle_deploy_core::machine::experiment::ExperimentReport| {
        let of = &report.comparisons[0];
        (of.control_values, of.arm_values)
    };
    assert_eq!(values(&after), values(&before), "what was recorded is there after a restart");
}

#[test]
fn what_was_before_is_allowed_for() {
    let host = host();
    let worth = metric("worth", MetricKind::Mean, MetricRole::Primary);
    host.noodle.call::<CreateExperiment>(CreateExperimentInput { metrics: vec![worth], ..halves() }).unwrap();
    let rng = SeededRng::new(11);
    let draw = || (rng.next() >> 11) as f64 / (1u64 << 53) as f64;
    let habits: Vec<f64> = (0..3_000).map(|_| 100.0 * draw()).collect();
    let all = |noise: f64| -> Vec<Outcome> {
        let of = |(n, habit): (usize, &f64)| outcome("worth", &format!("c{n}"), habit + noise * draw());
        habits.iter().enumerate().map(of).collect()
    };
    host.record(all(5.0)).unwrap();
    host.noodle.call::<StartExperiment>(named()).unwrap();
    host.record(all(5.0)).unwrap();
    let f = host.view().report.unwrap().comparisons[0].figures.unwrap();
    assert!(f.variance_reduction.unwrap() > 0.95, "{f:?}");
    // Nothing differs but the callers.
    assert!(f.low < 0.0 && f.high > 0.0 && f.difference.abs() < 1.0, "{f:?}");
}

#[test]
fn two_arms_of_one_version_are_alike() {
    let host = host();
    host.begin(CreateExperimentInput { arms: vec![arm("a", "1.0.0", 5_000), arm("b", "1.0.0", 5_000)], ..halves() });
    host.trade(0..4_000, 0.2, 0.9);
    let report = host.view().report.unwrap();
    assert_eq!(report.comparisons[0].finding, Finding::Inconclusive, "{report:#?}");
    assert_eq!(report.exposures.iter().map(|arm| arm.requests).sum::<u64>(), 4_000);
    let unclear = Outcome { key: None, revision: Some(1), ..outcome("bought", "", 1.0) };
    assert_eq!(host.record(vec![unclear]).unwrap_err().get("field"), Some("outcomes/0/revision"));
}

#[test]
fn ratios_and_quantiles_are_compared_too() {
    let host = host();
    let quantile = MetricConfig {
        outcome: Some("seconds".into()),
        quantile: Some(0.9),
        goal: Goal::Decrease,
        ..metric("slowest", MetricKind::Quantile, MetricRole::Secondary)
    };
    let latency = MetricConfig {
        outcome: Some("latency_ms".into()),
        quantile: Some(0.5),
        goal: Goal::Decrease,
        ..metric("latency", MetricKind::Quantile, MetricRole::Secondary)
    };
    let ratio = MetricConfig { per: Some("visits".into()), ..metric("spent", MetricKind::Ratio, MetricRole::Primary) };
    host.script.micros.store(500, Ordering::SeqCst);
    host.begin(CreateExperimentInput { metrics: vec![ratio, quantile, latency], ..halves() });
    let rng = SeededRng::new(3);
    for caller in 0..3_000u32 {
        let key = format!("caller-{caller}");
        let new = host.ask(&key) == "2.0.0";
        let draw = (rng.next() >> 11) as f64 / (1u64 << 53) as f64;
        let visits = 1.0 + f64::from(caller % 5);
        host.record(vec![
            outcome("visits", &key, visits),
            outcome("spent", &key, visits * if new { 2.2 } else { 2.0 } + draw),
            outcome("seconds", &key, draw * if new { 2.0 } else { 1.0 }),
        ])
        .unwrap();
    }
    let report = host.view().report.unwrap();
    let by = |name: &str| report.comparisons.iter().find(|of| of.metric == name).unwrap().clone();
    let (spent, slowest, latency) = (by("spent"), by("slowest"), by("latency"));
    assert_eq!((spent.finding, slowest.finding, latency.finding), (Finding::Better, Finding::Worse, Finding::Worse));
    let f = spent.figures.unwrap();
    // Two, and half a unit over three visits on average.
    assert!((f.control - (2.0 + 0.5 / 3.0)).abs() < 0.03 && (f.difference - 0.2).abs() < 0.03, "{f:?}");
    let f = slowest.figures.unwrap();
    assert!((f.control - 0.9).abs() < 0.03 && (f.arm - 1.8).abs() < 0.06, "{f:?}");
    assert!(latency.figures.unwrap().arm > 0.5, "{latency:?}");
}

#[test]
fn a_broken_guardrail_takes_the_traffic_back() {
    let host = host();
    let failures = MetricConfig {
        goal: Goal::Decrease,
        margin: Some(0.1),
        ..metric("failed", MetricKind::Proportion, MetricRole::Guardrail)
    };
    let bought = metric("bought", MetricKind::Proportion, MetricRole::Primary);
    host.script.fails_every.store(3, Ordering::SeqCst);
    host.begin(CreateExperimentInput { metrics: vec![bought, failures], ..halves() });
    let deadline = Instant::now() + Duration::from_secs(30);
    while host.experiment().phase == ExperimentPhase::Running {
        assert!(Instant::now() < deadline, "{:#?}", host.view());
        (0..200).for_each(|_| drop(ask(&host.noodle, None)));
    }
    let view = host.wait(ExperimentPhase::Paused);
    let experiment = view.experiment.unwrap();
    assert!(experiment.reason.contains("guardrail failed"), "{}", experiment.reason);
    assert!(experiment.report.is_some(), "the figures go along");
    only_the_first_answers(&host.noodle);
}

#[test]
fn an_arm_that_keeps_failing_is_taken_out_without_statistics() {
    let host = host();
    host.begin(halves());
    host.script.broken.store(true, Ordering::SeqCst);
    let deadline = Instant::now() + Duration::from_secs(30);
    while host.experiment().phase == ExperimentPhase::Running {
        assert!(Instant::now() < deadline);
        (0..20).for_each(|_| drop(ask(&host.noodle, None)));
    }
    assert!(host.experiment().reason.contains("revision 2 keeps failing"), "{}", host.experiment().reason);
}

#[test]
fn it_stops_by_itself_when_it_is_decided_or_its_time_is_over() {
    let host = host();
    let judgement = JudgementConfig { stop_early: Some(true), ..JudgementConfig::default() };
    host.begin(CreateExperimentInput { judgement: Some(judgement), ..halves() });
    host.trade(0..3_000, 0.1, 0.3);
    let view = host.wait(ExperimentPhase::Stopped);
    assert_eq!(view.report.unwrap().leader.as_deref(), Some("treatment"));
    only_the_first_answers(&host.noodle);
    let late = host.record(vec![outcome("bought", "caller-1", 1.0)]).unwrap();
    assert_eq!((late.recorded, late.late), (0, 1));
    // What was found is still worth a decision.
    let winner = DeclareWinnerInput { deployment: "m".into(), arm: None, confidence: None, force: false, reason: None };
    assert_eq!(host.noodle.call::<DeclareWinner>(winner).unwrap().experiment.unwrap().winner.unwrap(), "treatment");

    let timed = JudgementConfig { max_ms: Some(300), ..JudgementConfig::default() };
    let arms = vec![arm("now", "2.0.0", 5_000), arm("before", "1.0.0", 5_000)];
    host.begin(CreateExperimentInput { judgement: Some(timed), arms, ..halves() });
    let reason = host.wait(ExperimentPhase::Stopped).experiment.unwrap().reason;
    assert!(reason.contains("300 ms are over"), "{reason}");
}

#[test]
fn shares_follow_the_figures_and_only_the_moved_share_moves() {
    let host = host();
    let judgement = JudgementConfig { allocation: Some(Allocation::Thompson), ..JudgementConfig::default() };
    host.begin(CreateExperimentInput { judgement: Some(judgement), ..halves() });
    let keys: Vec<String> = (0..300).map(|n| format!("reader-{n}")).collect();
    let before: Vec<String> = keys.iter().map(|key| host.ask(key)).collect();
    host.trade(0..2_000, 0.1, 0.3);
    let deadline = Instant::now() + Duration::from_secs(30);
    while host.experiment().arms[1].weight < 9_000 {
        assert!(Instant::now() < deadline, "{:#?}", host.view());
        std::thread::sleep(Duration::from_millis(50));
    }
    let after: Vec<String> = keys.iter().map(|key| host.ask(key)).collect();
    let back = before.iter().zip(&after).filter(|(before, after)| *before == "2.0.0" && *after == "1.0.0");
    assert_eq!(back.count(), 0, "nobody leaves the arm that grows");
    assert!(host.experiment().arms[0].weight >= 500, "no arm starves");
    host.trade(2_000..4_000, 0.1, 0.3);
    let report = host.view().report.unwrap();
    assert!(!report.sample_ratio_mismatch, "{report:#?}");
    assert!(report.regret.unwrap() > 0.0);
    assert_eq!(report.leader.as_deref(), Some("treatment"));
}

#[test]
fn the_fixed_method_waits_for_its_horizon() {
    let host = host();
    let fixed = JudgementConfig { method: Some(Method::Fixed), horizon: Some(1_000), ..JudgementConfig::default() };
    host.begin(CreateExperimentInput { judgement: Some(fixed), ..halves() });
    host.trade(0..1_000, 0.1, 0.3);
    let report = host.view().report.unwrap();
    assert!(!report.due && report.leader.is_none(), "{report:#?}");
    let winner = DeclareWinnerInput { deployment: "m".into(), arm: None, confidence: None, force: false, reason: None };
    assert_eq!(host.noodle.call::<DeclareWinner>(winner).unwrap_err().kind(), ErrorKind::Conflict);
    host.trade(1_000..2_300, 0.1, 0.3);
    let report = host.view().report.unwrap();
    assert!(report.due && report.leader.as_deref() == Some("treatment"), "{report:#?}");
}

#[test]
fn traffic_is_tried_with_one_thing_at_a_time() {
    let host = host();
    host.noodle.call::<CreateExperiment>(halves()).unwrap();
    let second = host.noodle.call::<CreateExperiment>(CreateExperimentInput { name: "other".into(), ..halves() });
    let error = second.unwrap_err();
    assert_eq!((error.kind(), error.get("experiment")), (ErrorKind::Conflict, Some("trial")), "{error}");
    let canary = DeployInput { canary: Some(CanaryConfig::default()), ..DeployInput::new("m", "2.0.0") };
    let error = host.noodle.call::<Deploy>(canary.clone()).unwrap_err();
    assert_eq!((error.kind(), error.get("experiment")), (ErrorKind::Conflict, Some("trial")), "{error}");
    host.noodle.call::<StopExperiment>(named()).unwrap();
    host.noodle.call::<Deploy>(canary).unwrap();
    host.noodle.call::<CreateExperiment>(halves()).unwrap();
    let error = host.noodle.call::<StartExperiment>(named()).unwrap_err();
    assert_eq!((error.kind(), error.get("candidate")), (ErrorKind::Conflict, Some("3")), "{error}");
    // A promote ends the rollout, and the control does not serve any more.
    host.noodle.call::<Promote>(PromoteInput { deployment: "m".into(), version: Some("2.0.0".into()) }).unwrap();
    let error = host.noodle.call::<StartExperiment>(named()).unwrap_err();
    assert!(error.to_string().contains("the control does not serve"), "{error}");
}

#[test]
fn what_moves_all_traffic_ends_it() {
    let host = host();
    host.begin(halves());
    host.trade(0..200, 0.1, 0.3);
    host.noodle.call::<Promote>(PromoteInput { deployment: "m".into(), version: Some("2.0.0".into()) }).unwrap();
    let ended = host.experiment();
    assert_eq!((ended.phase, ended.reason.as_str()), (ExperimentPhase::Stopped, "all traffic was moved by a promote"));
    assert!(host.view().report.unwrap().comparisons[0].control_values > 0, "what was counted is shown");
    assert!((0..50).all(|n| host.ask(&format!("k{n}")) == "2.0.0"));
    let back = CreateExperimentInput {
        arms: vec![arm("control", "2.0.0", 5_000), arm("treatment", "1.0.0", 5_000)],
        ..halves()
    };
    host.begin(back);
    assert_eq!(host.experiment().number, 2);
    host.noodle.call::<Undeploy>(UndeployInput { deployment: "m".into(), force: false }).unwrap();
    assert_eq!(host.experiment().phase, ExperimentPhase::Stopped);
    let error = host.noodle.call::<CreateExperiment>(halves()).unwrap_err();
    assert_eq!((error.kind(), error.get("state")), (ErrorKind::Conflict, Some("stopped")), "{error}");
}

#[test]
fn every_mistake_names_its_field() {
    let host = host();
    type Change = fn(&mut CreateExperimentInput);
    let mistakes: [(&str, Change); 15] = [
        ("arms", |of| of.arms.truncate(1)),
        ("arms/weight", |of| of.arms[0].weight = 4_000),
        ("arms/1/weight", |of| of.arms[1].weight = 0),
        ("arms/1/name", |of| of.arms[1].name = "control".into()),
        ("arms/0/version", |of| of.arms.swap(0, 1)),
        ("metrics", |of| of.metrics.clear()),
        ("metrics/role", |of| of.metrics[0].role = MetricRole::Secondary),
        ("metrics/0/per", |of| of.metrics[0].kind = MetricKind::Ratio),
        ("metrics/0/quantile", |of| of.metrics[0].kind = MetricKind::Quantile),
        ("metrics/0/margin", |of| of.metrics[0].margin = Some(0.1)),
        ("metrics/0/kind", |of| of.metrics[0].outcome = Some("latency_ms".into())),
        ("judgement/level", |of| {
            of.judgement = Some(JudgementConfig { level: Some(0.0), ..JudgementConfig::default() });
        }),
        ("judgement/horizon", |of| {
            of.judgement = Some(JudgementConfig { method: Some(Method::Fixed), ..JudgementConfig::default() });
        }),
        ("name", |of| of.name = "a b".into()),
        ("arms/weight", |of| (of.arms[0].weight, of.holdout) = (u32::MAX, u32::MAX)),
    ];
    for (field, change) in mistakes {
        let mut input = halves();
        change(&mut input);
        let error = host.noodle.call::<CreateExperiment>(input).unwrap_err();
        assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some(field)), "{error}");
    }
    let unknown = CreateExperimentInput { arms: vec![arm("a", "1.0.0", 5_000), arm("b", "9.0.0", 5_000)], ..halves() };
    assert_eq!(host.noodle.call::<CreateExperiment>(unknown).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(host.noodle.call::<StartExperiment>(named()).unwrap_err().kind(), ErrorKind::NotFound);
    assert!(host.view().experiment.is_none(), "nothing of what was refused is there");

    host.begin(halves());
    let refused = |change: fn(&mut Outcome)| {
        let mut second = outcome("bought", "k", 1.0);
        change(&mut second);
        let error = host.record(vec![outcome("bought", "k", 1.0), second]).unwrap_err();
        (error.kind(), error.get("field").unwrap_or_default().to_owned())
    };
    let invalid = |field: &str| (ErrorKind::InvalidArgument, field.to_owned());
    assert_eq!(refused(|of| of.name = "sold".into()), invalid("outcomes/1/name"));
    assert_eq!(refused(|of| of.value = 0.5), invalid("outcomes/1/value"));
    assert_eq!(refused(|of| of.value = f64::NAN), invalid("outcomes/1/value"));
    assert_eq!(refused(|of| of.key = None), invalid("outcomes/1/key"));
    assert_eq!(refused(|of| of.key = Some("k".repeat(2_000))), invalid("outcomes/1/key"));
    assert_eq!(refused(|of| of.revision = Some(1)), invalid("outcomes/1/revision"));
    assert_eq!(refused(|of| (of.key, of.revision) = (None, Some(9))), invalid("outcomes/1/revision"));
    let many = vec![outcome("bought", "k", 1.0); 10_001];
    assert_eq!(host.record(many).unwrap_err().kind(), ErrorKind::TooLarge);
    let taken = &host.view().report.unwrap().comparisons[0];
    assert_eq!(taken.control_values + taken.arm_values, 0, "nothing of what was refused is taken");
}

#[test]
fn a_plan_says_how_many_values_it_takes() {
    let host = host();
    let plan = |input| host.noodle.call::<PlanExperiment>(input);
    let ask = PlanExperimentInput {
        baseline: 0.1,
        deviation: None,
        difference: Some(0.01),
        values: None,
        level: None,
        power: None,
    };
    let found = plan(ask.clone()).unwrap();
    // Textbook figure for 10 % against 11 % at 5 % and 80 %.
    assert!((14_700..14_800).contains(&found.values), "{found:?}");
    assert!((found.power - 0.8).abs() < 1e-3, "{found:?}");
    let back = plan(PlanExperimentInput { difference: None, values: Some(found.values), ..ask.clone() }).unwrap();
    assert!((back.difference - 0.01).abs() < 1e-5, "{back:?}");
    let mean = plan(PlanExperimentInput { baseline: 5.0, deviation: Some(2.0), difference: Some(0.5), ..ask.clone() });
    assert_eq!(mean.unwrap().values, 252);
    for (field, wrong) in [
        ("baseline", PlanExperimentInput { baseline: 1.5, ..ask.clone() }),
        ("difference", PlanExperimentInput { difference: Some(0.95), ..ask.clone() }),
        ("difference", PlanExperimentInput { difference: None, ..ask.clone() }),
        ("values", PlanExperimentInput { values: Some(10), ..ask.clone() }),
        ("power", PlanExperimentInput { power: Some(1.0), ..ask.clone() }),
        ("level", PlanExperimentInput { level: Some(f64::NAN), ..ask }),
    ] {
        let error = plan(wrong).unwrap_err();
        assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some(field)), "{error}");
    }
}
