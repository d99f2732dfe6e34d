//! Requests that run a second time on a revision that is tried, on an engine that behaves as the test says.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "store-sqlite", feature = "backend-local"))]

#[path = "support/graph.rs"]
mod graph;
#[path = "support/scripted.rs"]
mod scripted;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use noodle_deploy_core::machine::experiment::Goal;
use noodle_deploy_core::machine::rollout::{
    AnalysisConfig, CanaryConfig, CanaryStep, Findings, Rollout, RolloutMetric, RolloutPhase,
};
use noodle_deploy_core::model::probe::Tolerance;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, DeploymentRef};
use noodle_deploy_core::ops::experiment::{Outcome, RecordOutcomes, RecordOutcomesInput};
use noodle_deploy_core::ops::monitor::{DeploymentFilter, GetMetrics};
use noodle_deploy_core::ops::rollout::{AbortRollout, AdvanceRollout, GetRollout, RolloutInput};

use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::tensor::{Tensor, TensorView};
use noodle_deploy_core::{BatchConfig, Error, ErrorKind, Noodle, PredictOptions, Result};
use scripted::{Script, ask, only_the_first_answers, open, register};

struct Host {
    noodle: Noodle,
    script: Arc<Script>,
    dir: tempfile::TempDir,
}

/// Version 1.0.0 serves, 2.0.0 is there.
fn host_with(first: impl FnOnce(&mut DeployInput)) -> Host {
    let dir = tempfile::tempdir().unwrap();
    let script = Arc::new(Script::default());
    let noodle = open(dir.path(), &script);
    ["older", "newer"].iter().for_each(|name| register(&noodle, dir.path(), name));
    let mut input = DeployInput::new("m", "1.0.0");
    first(&mut input);
    noodle.call::<Deploy>(input).unwrap();
    Host { noodle, script, dir }
}

fn host() -> Host {
    host_with(|_| {})
}

/// Every request runs a second time; a verdict waits for somebody.
fn shadow(analysis: AnalysisConfig) -> CanaryConfig {
    let step = CanaryStep { min_requests: 50, gate: true, ..CanaryStep::in_shadow(10_000) };
    CanaryConfig { steps: vec![step], analysis: Some(analysis) }
}

fn lenient() -> AnalysisConfig {
    AnalysisConfig { error_margin: 0.05, ..AnalysisConfig::default() }
}

fn rollout(noodle: &Noodle) -> (Rollout, Option<Findings>) {
    let view = noodle.call::<GetRollout>(DeploymentRef { deployment: "m".into() }).unwrap();
    (view.rollout.unwrap(), view.findings)
}

fn named() -> RolloutInput {
    RolloutInput { deployment: "m".into(), reason: None }
}

impl Host {
    fn deploy(&self, strategy: Strategy, canary: CanaryConfig) -> Result<()> {
        let input = DeployInput { strategy: Some(strategy), canary: Some(canary), ..DeployInput::new("m", "2.0.0") };
        self.noodle.call::<Deploy>(input).map(drop)
    }

    /// Asks until the rollout is somewhere else. Whoever answers is returned.
    fn drive(&self, until: impl Fn(&Rollout) -> bool) -> Vec<String> {
        let deadline = Instant::now() + Duration::from_secs(60);
        let mut answers = Vec::new();
        while !until(&rollout(&self.noodle).0) {
            assert!(Instant::now() < deadline, "{:#?}", rollout(&self.noodle));
            answers.extend((0..200).map(|_| ask(&self.noodle, None).unwrap()));
            // The shadow takes a part of one processor.
            std::thread::sleep(Duration::from_millis(2));
        }
        answers.sort();
        answers.dedup();
        answers
    }
}

#[test]
fn nobody_gets_an_answer_of_the_shadow_and_it_waits_for_somebody() {
    let host = host();
    host.deploy(Strategy::Shadow, shadow(lenient())).unwrap();
    let begun = rollout(&host.noodle).0;
    assert_eq!((begun.phase, begun.weight, begun.mirror()), (RolloutPhase::Analysing, 0, Some(10_000)));
    assert_eq!(host.drive(|rollout| rollout.phase != RolloutPhase::Analysing), ["1.0.0"]);
    let gated = rollout(&host.noodle).0;
    let findings = gated.findings.clone().unwrap();
    let mirror = findings.mirror.unwrap();
    assert_eq!((gated.phase, gated.weight), (RolloutPhase::Gated, 0), "{gated:#?}");
    assert!(mirror.compared >= 50 && mirror.differing == 0.0 && mirror.largest_difference == 0.0, "{mirror:?}");
    assert!(gated.reason.contains("it fails 0.00 % of"), "{}", gated.reason);
    assert!(gated.reason.contains("requests that the baseline has answered"), "{}", gated.reason);
    assert!(gated.reason.contains("answers differ"), "{}", gated.reason);
    // Runs in the shadow are no requests of callers.
    let metrics = host.noodle.call::<GetMetrics>(DeploymentFilter { deployment: Some("m".into()) }).unwrap();
    let of =
        |revision| metrics.deployments["m"].iter().find(|of| of.revision == revision).map(|of| of.requests.requests);
    assert_eq!(of(2), Some(0));
    assert!(of(1).unwrap() >= mirror.compared);
    host.noodle.call::<AdvanceRollout>(named()).unwrap();
    assert_eq!(ask(&host.noodle, None).unwrap(), "2.0.0");
    assert_eq!(rollout(&host.noodle).0.phase, RolloutPhase::Completed);
}

#[test]
fn a_shadow_that_fails_is_ended_and_callers_notice_nothing() {
    let host = host();
    host.script.fails_every.store(5, Ordering::SeqCst);
    host.deploy(Strategy::Shadow, shadow(lenient())).unwrap();
    assert_eq!(host.drive(|rollout| rollout.phase != RolloutPhase::Analysing), ["1.0.0"]);
    let ended = rollout(&host.noodle).0;
    assert_eq!(ended.phase, RolloutPhase::Aborted);
    assert!(
        ended.reason.contains("requests that the baseline has answered, more than 5.00 % above"),
        "{}",
        ended.reason
    );
}

#[test]
fn answers_that_differ_decide_only_where_somebody_says_how_many_may() {
    for (most, ends) in [(None, RolloutPhase::Gated), (Some(0.02), RolloutPhase::Aborted)] {
        let host = host();
        host.script.differs_every.store(8, Ordering::SeqCst);
        host.deploy(Strategy::Shadow, shadow(AnalysisConfig { max_differing: most, ..lenient() })).unwrap();
        host.drive(|rollout| rollout.phase != RolloutPhase::Analysing);
        let ended = rollout(&host.noodle).0;
        let mirror = ended.findings.clone().unwrap().mirror.unwrap();
        assert_eq!(ended.phase, ends, "{ended:#?}");
        assert!((0.05..0.25).contains(&mirror.differing) && mirror.largest_difference == 1.0, "{mirror:?}");
    }
    // What is allowed to be off by more is no difference.
    let host = host();
    host.script.differs_every.store(2, Ordering::SeqCst);
    let tolerance = Some(Tolerance { rtol: 0.0, atol: 1.5 });
    host.deploy(Strategy::Shadow, shadow(AnalysisConfig { max_differing: Some(0.05), tolerance, ..lenient() }))
        .unwrap();
    host.drive(|rollout| rollout.phase != RolloutPhase::Analysing);
    let ended = rollout(&host.noodle).0;
    assert_eq!(ended.phase, RolloutPhase::Gated, "{ended:#?}");
    assert_eq!(ended.findings.unwrap().mirror.unwrap().differing, 0.0);
}

#[test]
fn a_canary_may_begin_in_the_shadow() {
    let host = host();
    let steps = vec![
        CanaryStep { min_requests: 50, ..CanaryStep::in_shadow(5_000) },
        CanaryStep { min_requests: 50, ..CanaryStep::of(5_000) },
    ];
    let analysis = AnalysisConfig { latency_ratio: 4.0, ..lenient() };
    host.deploy(Strategy::Canary, CanaryConfig { steps, analysis: Some(analysis) }).unwrap();
    assert_eq!(host.drive(|rollout| rollout.step > 0), ["1.0.0"]);
    assert_eq!(rollout(&host.noodle).0.weight, 5_000);
    assert_eq!(host.drive(|rollout| !rollout.phase.is_under_way()), ["1.0.0", "2.0.0"]);
    let done = rollout(&host.noodle).0;
    assert_eq!(done.phase, RolloutPhase::Completed, "{done:#?}");
    // What the shadow has shown is kept with the rest.
    assert!(done.evidence.mirror.is_some());
}

#[test]
fn a_slow_shadow_keeps_nobody_waiting_and_what_is_too_much_is_skipped() {
    let host = host();
    host.script.micros.store(20_000, Ordering::SeqCst);
    let mut config = shadow(lenient());
    config.steps[0].min_requests = u32::MAX;
    host.deploy(Strategy::Shadow, config).unwrap();
    host.drive(|rollout| rollout.from.is_some());
    let begun = Instant::now();
    (0..2_000).for_each(|_| drop(ask(&host.noodle, None).unwrap()));
    // One after the other in the shadow they would take 40 s of its time, and 160 s of ours.
    assert!(begun.elapsed() < Duration::from_secs(20));
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let mirror = rollout(&host.noodle).1.and_then(|findings| findings.mirror);
        if mirror.is_some_and(|mirror| mirror.skipped > 1_000 && mirror.compared > 0) {
            break;
        }
        assert!(Instant::now() < deadline, "{mirror:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
    // What waits does not keep a rollout from its end, nor the handle from closing.
    let begun = Instant::now();
    host.noodle.call::<AbortRollout>(named()).unwrap();
    only_the_first_answers(&host.noodle);
    host.noodle.close();
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn requests_that_wait_on_no_thread_run_in_the_shadow_too() {
    for batching in [None, Some(BatchConfig::default())] {
        let host = host_with(|input| input.batching.clone_from(&batching));
        host.script.differs_every.store(3, Ordering::SeqCst);
        let step = CanaryStep { min_requests: u32::MAX, ..CanaryStep::in_shadow(10_000) };
        let canary = CanaryConfig { steps: vec![step], analysis: Some(lenient()) };
        let input = DeployInput { canary: Some(canary), batching, ..DeployInput::new("m", "2.0.0") };
        host.noodle.call::<Deploy>(input).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let deadline = Instant::now() + Duration::from_secs(30);
        let found = loop {
            let asked = (0..50).map(|_| {
                let inputs = vec![("x".to_owned(), Tensor::new(&[1], vec![1.0_f32]).unwrap())];
                host.noodle.predict_async("m", inputs, PredictOptions::default())
            });
            for answer in asked.collect::<Vec<_>>() {
                let answer = runtime.block_on(answer).unwrap();
                assert_eq!(
                    (answer.version(), answer.output("y").unwrap().as_slice::<f32>().unwrap()),
                    ("1.0.0", &[1.0][..])
                );
            }
            let found =
                rollout(&host.noodle).1.and_then(|findings| findings.mirror).filter(|found| found.compared > 20);
            if let Some(found) = found {
                break found;
            }
            assert!(Instant::now() < deadline);
            std::thread::sleep(Duration::from_millis(5));
        };
        assert!(found.differing > 0.2 && found.differing < 0.5, "{found:?}");
    }
}

#[test]
fn a_shadow_goes_on_after_a_restart() {
    let host = host();
    let mut config = shadow(lenient());
    config.steps[0].min_requests = 5_000;
    host.deploy(Strategy::Shadow, config).unwrap();
    host.drive(|rollout| rollout.from.is_some());
    let Host { noodle, script, dir } = host;
    noodle.close();
    let host = Host { noodle: open(dir.path(), &script), script, dir };
    let again = rollout(&host.noodle).0;
    assert_eq!((again.phase, again.mirror()), (RolloutPhase::Analysing, Some(10_000)));
    assert_eq!(host.drive(|rollout| rollout.phase != RolloutPhase::Analysing), ["1.0.0"]);
    assert_eq!(rollout(&host.noodle).0.phase, RolloutPhase::Gated);
}

#[test]
fn steps_that_make_no_sense_are_refused_by_field() {
    let host = host();
    let refused = |strategy, steps: Vec<CanaryStep>, analysis: AnalysisConfig| -> Error {
        host.deploy(strategy, CanaryConfig { steps, analysis: Some(analysis) }).unwrap_err()
    };
    let shadow = CanaryStep::in_shadow;
    let metric = |name: &str, margin| RolloutMetric { name: name.into(), goal: Goal::Increase, margin };
    let cases = [
        (Strategy::Shadow, vec![shadow(0)], lenient(), "canary/steps/0/mirror/share"),
        (Strategy::Shadow, vec![shadow(10_001)], lenient(), "canary/steps/0/mirror/share"),
        (Strategy::Shadow, vec![CanaryStep { weight: 1, ..shadow(1) }], lenient(), "canary/steps/0/weight"),
        (Strategy::Shadow, vec![shadow(1), CanaryStep::of(100)], lenient(), "canary/steps"),
        (Strategy::Canary, vec![CanaryStep::of(0)], lenient(), "canary/steps/0/weight"),
        (Strategy::Canary, vec![CanaryStep::of(100), shadow(100)], lenient(), "canary/steps/1/weight"),
        (Strategy::BlueGreen, vec![shadow(100)], lenient(), "canary"),
        (
            Strategy::Shadow,
            vec![shadow(1)],
            AnalysisConfig { max_differing: Some(1.0), ..lenient() },
            "canary/analysis/max_differing",
        ),
        (
            Strategy::Shadow,
            vec![shadow(1)],
            AnalysisConfig { tolerance: Some(Tolerance { rtol: -1.0, atol: 0.0 }), ..lenient() },
            "canary/analysis/tolerance/rtol",
        ),
        (
            Strategy::Canary,
            vec![CanaryStep::of(1)],
            AnalysisConfig { metrics: vec![metric("a", 0.1), metric("a", 0.1)], ..lenient() },
            "canary/analysis/metrics/1/name",
        ),
        (
            Strategy::Canary,
            vec![CanaryStep::of(1)],
            AnalysisConfig { metrics: vec![metric("a", 0.0)], ..lenient() },
            "canary/analysis/metrics/0/margin",
        ),
    ];
    for (strategy, steps, analysis, field) in cases {
        let error = refused(strategy, steps, analysis);
        assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some(field)), "{error}");
    }
}

/// A rollout that is judged by what the host says of the answers.
fn judged_by_host(value: impl Fn(&str, u32) -> f64) -> Rollout {
    let host = host();
    let metrics = vec![RolloutMetric { name: "accuracy".into(), goal: Goal::Increase, margin: 0.05 }];
    let analysis = AnalysisConfig { latency_ratio: 10.0, metrics, ..lenient() };
    let steps = vec![CanaryStep { min_requests: 50, ..CanaryStep::of(5_000) }];
    host.deploy(Strategy::Canary, CanaryConfig { steps, analysis: Some(analysis) }).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut n = 0;
    loop {
        let now = rollout(&host.noodle).0;
        if !now.phase.is_under_way() {
            return now;
        }
        assert!(Instant::now() < deadline, "{:#?}", rollout(&host.noodle));
        let outcomes = (0..200).map(|_| {
            n += 1;
            let view = TensorView::new(&[1], &[1.0_f32]).unwrap();
            let answer = host.noodle.predict("m", &[("x", view)]).unwrap();
            let served = answer.served();
            let value = value(&served.version, n);
            Outcome { name: "accuracy".into(), value, revision: Some(served.revision), ..Outcome::default() }
        });
        let input = RecordOutcomesInput { deployment: "m".into(), outcomes: outcomes.collect() };
        match host.noodle.call::<RecordOutcomes>(input) {
            Ok(done) => assert_eq!((done.held_out, done.late), (0, 0)),
            // It ended meanwhile, and nothing else takes outcomes.
            Err(error) => assert_eq!(error.kind(), ErrorKind::NotFound, "{error}"),
        }
    }
}

#[test]
fn figures_of_the_host_decide_with_the_rest() {
    // Right nine times of ten, and seven times of ten.
    let worse = judged_by_host(|version, n| f64::from(u8::from(n % 10 >= if version == "2.0.0" { 3 } else { 1 })));
    assert_eq!(worse.phase, RolloutPhase::Aborted, "{worse:#?}");
    assert!(
        worse.reason.contains("its accuracy is 0.") && worse.reason.ends_with("worse by more than 0.05"),
        "{}",
        worse.reason
    );
    let same = judged_by_host(|_, n| f64::from(u8::from(n % 10 >= 1)));
    assert_eq!(same.phase, RolloutPhase::Completed, "{same:#?}");
    assert!(same.reason.contains("its accuracy is 0."), "{}", same.reason);
}

#[test]
fn a_key_does_not_say_which_revision_of_a_rollout_answered() {
    let host = host();
    let metrics = vec![RolloutMetric { name: "accuracy".into(), goal: Goal::Increase, margin: 0.05 }];
    let analysis = AnalysisConfig { metrics, ..lenient() };
    host.deploy(Strategy::Canary, CanaryConfig { steps: vec![CanaryStep::of(5_000)], analysis: Some(analysis) })
        .unwrap();
    let record = |name: &str, key: Option<&str>, revision| {
        let outcome =
            Outcome { name: name.into(), value: 1.0, key: key.map(str::to_owned), revision, ..Outcome::default() };
        let input = RecordOutcomesInput { deployment: "m".into(), outcomes: vec![outcome] };
        host.noodle.call::<RecordOutcomes>(input).map_err(|error| error.get("field").unwrap().to_owned())
    };
    assert_eq!(record("accuracy", None, Some(2)).unwrap().recorded, 1);
    assert_eq!(record("accuracy", Some("ada"), None).unwrap_err(), "outcomes/0/key");
    assert_eq!(record("accuracy", None, Some(7)).unwrap_err(), "outcomes/0/revision");
    assert_eq!(record("other", None, Some(2)).unwrap_err(), "outcomes/0/name");
}
