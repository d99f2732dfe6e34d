//! Traffic that moves to a revision step by step, on an engine that fails and dawdles as the test says.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "store-sqlite", feature = "backend-local"))]

#[path = "support/graph.rs"]
mod graph;
#[path = "support/scripted.rs"]
mod scripted;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use graph::{F32, model, node, value_info};
use noodle_deploy_core::machine::rollout::{
    AnalysisConfig, CanaryConfig, CanaryStep, DriftConfig, RollingConfig, RolloutPhase,
};
use noodle_deploy_core::ops::deployments::{
    Deploy, DeployInput, DeploymentRef, DeploymentView, GetDeployment, Promote, PromoteInput, Rollback, RollbackInput,
    Scale, ScaleInput,
};
use noodle_deploy_core::ops::lifecycle::{History, HistoryInput};
use noodle_deploy_core::ops::rollout::{
    AbortRollout, AdvanceRollout, GetRollout, PauseRollout, ResumeRollout, RolloutInput, RolloutView,
};
use noodle_deploy_core::ops::routing::{ExplainRoute, ExplainRouteInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::statistics::proportion::Side;
use noodle_deploy_core::{Error, ErrorKind, Noodle, Result};
use scripted::{Script, ask, only_the_first_answers, open, register};

struct Host {
    noodle: Noodle,
    script: Arc<Script>,
    dir: tempfile::TempDir,
}

/// Version 1.0.0 serves, 2.0.0 and 3.0.0 are there.
fn host() -> Host {
    let dir = tempfile::tempdir().unwrap();
    let script = Arc::new(Script::default());
    let noodle = open(dir.path(), &script);
    ["older", "newer", "newer-2"].iter().for_each(|name| register(&noodle, dir.path(), name));
    noodle.call::<Deploy>(DeployInput::new("m", "1.0.0")).unwrap();
    Host { noodle, script, dir }
}

/// Steps of a few requests; margins that the noise of a busy machine does not reach.
fn canary(weights: &[u32]) -> CanaryConfig {
    let step = |weight: &u32| CanaryStep { min_requests: 50, ..CanaryStep::of(*weight) };
    let analysis = AnalysisConfig { error_margin: 0.05, latency_ratio: 4.0, ..AnalysisConfig::default() };
    CanaryConfig { steps: weights.iter().map(step).collect(), analysis: Some(analysis) }
}

/// Steps that wait for somebody.
fn gated(weights: &[u32]) -> CanaryConfig {
    let mut canary = canary(weights);
    canary.steps.iter_mut().for_each(|step| step.min_requests = u32::MAX);
    canary
}

impl Host {
    fn deploy(&self, version: &str, canary: CanaryConfig) -> Result<DeploymentView> {
        self.noodle.call::<Deploy>(DeployInput { canary: Some(canary), ..DeployInput::new("m", version) })
    }

    /// The version that answers.
    fn ask(&self, key: Option<&str>) -> Result<String> {
        ask(&self.noodle, key)
    }

    fn rollout(&self) -> RolloutView {
        rollout(&self.noodle)
    }

    fn phase(&self) -> RolloutPhase {
        self.rollout().rollout.unwrap().phase
    }

    /// Two callers that never pause, until the rollout is somewhere; counts the answers by version.
    fn drive(&self, until: impl Fn(RolloutPhase) -> bool) -> BTreeMap<String, u32> {
        let deadline = Instant::now() + Duration::from_secs(60);
        let mut sum = BTreeMap::new();
        while !until(self.phase()) {
            assert!(Instant::now() < deadline, "{:#?}", self.rollout());
            for answers in std::thread::scope(|scope| {
                let call =
                    || (0..500).map(|_| self.ask(None).unwrap_or_else(|e| e.kind().to_string())).collect::<Vec<_>>();
                let callers = [scope.spawn(call), scope.spawn(call)];
                callers.map(|caller| caller.join().unwrap())
            }) {
                answers.into_iter().for_each(|answer| *sum.entry(answer).or_default() += 1);
            }
        }
        sum
    }

    fn events(&self) -> Vec<&'static str> {
        let input = HistoryInput { deployment: Some("m".into()), model: None, after: 0, limit: Some(1_000) };
        self.noodle.call::<History>(input).unwrap().events.iter().map(|record| record.event.kind()).collect()
    }
}

fn rollout(noodle: &Noodle) -> RolloutView {
    noodle.call::<GetRollout>(noodle_deploy_core::ops::deployments::DeploymentRef { deployment: "m".into() }).unwrap()
}

fn named() -> RolloutInput {
    RolloutInput { deployment: "m".into(), reason: None }
}

#[test]
fn a_version_that_is_no_worse_gets_all_traffic_step_by_step() {
    let host = host();
    let view = host.deploy("2.0.0", canary(&[1_000, 5_000])).unwrap();
    assert_eq!(view.serving.as_deref(), Some("1.0.0"));
    let begun = host.rollout().rollout.unwrap();
    assert_eq!((begun.phase, begun.step, begun.weight, begun.baseline), (RolloutPhase::Analysing, 0, 1_000, 1));
    let answers = host.drive(|phase| !phase.is_under_way());
    let done = host.rollout().rollout.unwrap();
    assert_eq!((done.phase, done.weight), (RolloutPhase::Completed, 10_000), "{done:#?}");
    assert!(
        done.reason.starts_with("the candidate is no worse at a level of 5.00 %: it fails 0.00 % of"),
        "{}",
        done.reason
    );
    let findings = done.findings.unwrap();
    assert!(findings.fails_no_more >= findings.to_pass && findings.no_slower >= findings.to_pass, "{findings:?}");
    assert!(findings.candidate_requests >= 50 && findings.baseline_requests >= 50);
    assert!(answers["1.0.0"] > 0 && answers["2.0.0"] > 0, "{answers:?}");
    assert_eq!(host.ask(None).unwrap(), "2.0.0");
    let events: Vec<_> = host.events().into_iter().skip_while(|kind| *kind != "rollout_started").collect();
    let expected =
        ["rollout_started", "rollout_marked", "rollout_stepped", "rollout_marked", "rollout_phase_changed", "promoted"];
    assert_eq!(events, expected);
    // And back at once.
    let back = RollbackInput { deployment: "m".into(), version: None, reason: None };
    assert_eq!(host.noodle.call::<Rollback>(back).unwrap().serving.as_deref(), Some("1.0.0"));
}

#[test]
fn a_version_that_fails_more_is_taken_back() {
    let host = host();
    host.script.fails_every.store(4, Ordering::SeqCst);
    host.deploy("2.0.0", canary(&[2_000])).unwrap();
    let answers = host.drive(|phase| !phase.is_under_way());
    let done = host.rollout().rollout.unwrap();
    assert_eq!((done.phase, done.weight), (RolloutPhase::Aborted, 0), "{done:#?}");
    assert!(done.reason.contains("the candidate is worse at a level of 5.00 %: it fails 2"), "{}", done.reason);
    assert!(answers["engine_failed"] > 0);
    only_the_first_answers(&host.noodle);
    let revision = host.noodle.call::<noodle_deploy_core::ops::deployments::GetDeployment>(
        noodle_deploy_core::ops::deployments::DeploymentRef { deployment: "m".into() },
    );
    let note = revision.unwrap().desired.revision(2).unwrap().note.clone().unwrap();
    assert_eq!(note, done.reason);
}

#[test]
fn a_version_that_keeps_failing_is_taken_back_without_statistics() {
    let host = host();
    host.deploy("2.0.0", gated(&[5_000])).unwrap();
    host.script.broken.store(true, Ordering::SeqCst);
    let deadline = Instant::now() + Duration::from_secs(30);
    while host.phase() != RolloutPhase::Aborted {
        assert!(Instant::now() < deadline, "{:#?}", host.rollout());
        (0..20).for_each(|_| drop(host.ask(None)));
    }
    let rollout = host.rollout().rollout.unwrap();
    assert!(rollout.reason.contains("the candidate keeps failing"), "{}", rollout.reason);
    only_the_first_answers(&host.noodle);
}

#[test]
fn a_version_that_is_slower_is_taken_back() {
    let host = host();
    host.script.micros.store(2_000, Ordering::SeqCst);
    host.deploy("2.0.0", canary(&[2_000])).unwrap();
    host.drive(|phase| !phase.is_under_way());
    let done = host.rollout().rollout.unwrap();
    assert_eq!(done.phase, RolloutPhase::Aborted, "{done:#?}");
    assert!(done.reason.contains("its latency is"), "{}", done.reason);
    assert!(done.findings.unwrap().latency_ratio.unwrap() > 4.0);
}

#[test]
fn silence_never_promotes() {
    let host = host();
    let mut canary = canary(&[5_000]);
    canary.steps[0].max_ms = Some(200);
    host.deploy("2.0.0", canary).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while host.phase() != RolloutPhase::Inconclusive {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(20));
    }
    let held = host.rollout().rollout.unwrap();
    assert!(held.reason.starts_with("nothing is shown within 200 ms"), "{}", held.reason);
    // The share stays, and a breach still ends it.
    assert_eq!(held.weight, 5_000);
    host.script.fails_every.store(2, Ordering::SeqCst);
    host.drive(|phase| !phase.is_under_way());
    assert_eq!(host.phase(), RolloutPhase::Aborted);
}

#[test]
fn keys_stay_with_their_version() {
    let host = host();
    host.deploy("2.0.0", gated(&[1_000, 2_000])).unwrap();
    let keys: Vec<String> = (0..2_000).map(|n| format!("user-{n}")).collect();
    let of = |version: &str| -> BTreeSet<&str> {
        keys.iter().map(String::as_str).filter(|key| host.ask(Some(key)).unwrap() == version).collect()
    };
    let first = of("2.0.0");
    // Six standard deviations around a tenth.
    assert!((120..=280).contains(&first.len()), "{}", first.len());
    assert_eq!(of("2.0.0"), first);
    for key in ["user-1", "user-2", "user-3", "user-4"] {
        let arm = host
            .noodle
            .call::<ExplainRoute>(ExplainRouteInput {
                deployment: "m".into(),
                key: key.into(),
                attributes: BTreeMap::new(),
                at: None,
            })
            .unwrap();
        let tried = first.contains(key);
        assert_eq!((arm.revision, arm.weight), if tried { (2, 1_000) } else { (1, 9_000) }, "{}", arm.reason);
        assert!(arm.reason.contains("points of revision"), "{}", arm.reason);
    }
    host.noodle.call::<AdvanceRollout>(named()).unwrap();
    let second = of("2.0.0");
    assert!(second.is_superset(&first) && (260..=540).contains(&second.len()), "{}", second.len());
    // Another process life, and the same arms.
    let Host { noodle, script, dir } = host;
    noodle.close();
    let noodle = open(dir.path(), &script);
    let again: BTreeSet<&str> =
        keys.iter().map(String::as_str).filter(|key| ask(&noodle, Some(key)).unwrap() == "2.0.0").collect();
    assert_eq!(again, second);
    assert_eq!(rollout(&noodle).rollout.unwrap().step, 1);
    noodle.call::<AbortRollout>(named()).unwrap();
    assert!(keys.iter().all(|key| ask(&noodle, Some(key)).unwrap() == "1.0.0"));
}

#[test]
fn somebody_moves_it() {
    let host = host();
    host.deploy("2.0.0", gated(&[1_000, 2_000])).unwrap();
    let phase = |view: RolloutView| view.rollout.map(|rollout| (rollout.phase, rollout.step)).unwrap();
    let refused = |error: Error, allowed: &str| {
        assert_eq!((error.kind(), error.get("allowed")), (ErrorKind::Conflict, Some(allowed)), "{error}");
    };
    let call = &host.noodle;
    refused(call.call::<ResumeRollout>(named()).unwrap_err(), "paused, inconclusive");
    let why = RolloutInput { reason: Some("lunch".into()), ..named() };
    let paused = call.call::<PauseRollout>(why).unwrap();
    assert_eq!(paused.rollout.as_ref().unwrap().reason, "lunch");
    assert_eq!(phase(paused), (RolloutPhase::Paused, 0));
    refused(call.call::<PauseRollout>(named()).unwrap_err(), "analysing, gated, inconclusive");
    assert_eq!(phase(call.call::<ResumeRollout>(named()).unwrap()), (RolloutPhase::Analysing, 0));
    assert_eq!(phase(call.call::<AdvanceRollout>(named()).unwrap()), (RolloutPhase::Analysing, 1));
    assert_eq!(phase(call.call::<AdvanceRollout>(named()).unwrap()), (RolloutPhase::Completed, 1));
    assert_eq!(host.ask(None).unwrap(), "2.0.0");
    let over = call.call::<AbortRollout>(named()).unwrap_err();
    assert_eq!((over.kind(), over.get("rollout")), (ErrorKind::Conflict, Some("completed")));

    // A newer revision takes the place of one that is tried.
    host.deploy("1.0.0", gated(&[5_000])).unwrap();
    host.deploy("3.0.0", gated(&[5_000])).unwrap();
    let now = host.rollout().rollout.unwrap();
    assert_eq!((now.baseline, now.candidate, now.phase), (2, 4, RolloutPhase::Analysing));
    let answers: BTreeSet<String> = (0..100).map(|_| host.ask(None).unwrap()).collect();
    assert_eq!(answers, BTreeSet::from(["2.0.0".to_owned(), "3.0.0".to_owned()]));
    // A rollback ends what is under way; traffic stays with what served.
    let back = RollbackInput { deployment: "m".into(), version: None, reason: Some("enough".into()) };
    assert_eq!(call.call::<Rollback>(back).unwrap().serving.as_deref(), Some("2.0.0"));
    let ended = host.rollout().rollout.unwrap();
    assert_eq!((ended.phase, ended.reason.as_str()), (RolloutPhase::Aborted, "enough"));
    // A promote ends the steps.
    host.deploy("3.0.0", gated(&[5_000])).unwrap();
    let promoted = call.call::<Promote>(PromoteInput { deployment: "m".into(), version: None }).unwrap();
    assert_eq!(promoted.serving.as_deref(), Some("3.0.0"));
    assert_eq!(host.phase(), RolloutPhase::Completed);
    assert!((0..100).all(|_| host.ask(None).unwrap() == "3.0.0"));
}

#[test]
fn what_is_shown_goes_on_counting() {
    let host = host();
    host.deploy("2.0.0", gated(&[5_000, 6_000])).unwrap();
    let drive = || (0..500).for_each(|_| drop(host.ask(None)));
    let until = |done: &dyn Fn(&RolloutView) -> bool| {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let view = host.rollout();
            if done(&view) {
                return view;
            }
            assert!(Instant::now() < deadline, "{view:#?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    until(&|view| view.rollout.as_ref().unwrap().from.is_some());
    drive();
    let view = until(&|view| view.findings.as_ref().is_some_and(|f| f.candidate_requests + f.baseline_requests == 500));
    let begun = view.rollout.unwrap().from;
    // A pause forgets nothing.
    host.noodle.call::<PauseRollout>(named()).unwrap();
    let resumed = host.noodle.call::<ResumeRollout>(named()).unwrap().rollout.unwrap();
    assert_eq!(resumed.from, begun);
    assert_eq!(resumed.findings.unwrap().candidate_requests, view.findings.unwrap().candidate_requests);
    drive();
    until(&|view| view.findings.as_ref().is_some_and(|f| f.candidate_requests + f.baseline_requests == 1_000));
    // Nor does who goes on without a verdict.
    let next = host.noodle.call::<AdvanceRollout>(named()).unwrap().rollout.unwrap();
    assert!(next.step == 1 && next.evidence.fails_more.log_e(Side::Above) < 0.0, "{:?}", next.evidence);
    assert!(next.evidence.slower_before.information > 0.0);
    assert_eq!(next.evidence.fails_no_more.log_e(Side::Below), 0.0);
}

#[test]
fn no_request_counts_twice_after_a_restart() {
    let Host { noodle, script, dir } = host();
    let look = |noodle: &Noodle| {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let view = rollout(noodle);
            if let Some(findings) = view.findings.as_ref()
                && findings.candidate_requests + findings.baseline_requests == 500
            {
                return (view.rollout.unwrap().phase, findings.fails_more, findings.fails_no_more);
            }
            assert!(Instant::now() < deadline, "{view:#?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    let input = DeployInput { canary: Some(gated(&[5_000])), ..DeployInput::new("m", "2.0.0") };
    noodle.call::<Deploy>(input).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while rollout(&noodle).rollout.unwrap().from.is_none() {
        assert!(Instant::now() < deadline, "nobody looks");
        std::thread::sleep(Duration::from_millis(10));
    }
    (0..500).for_each(|_| drop(ask(&noodle, None)));
    let before = look(&noodle);
    assert!(before.2 > 0.0, "{before:?}");
    noodle.call::<PauseRollout>(named()).unwrap();
    noodle.close();
    let noodle = open(dir.path(), &script);
    assert_eq!(look(&noodle), (RolloutPhase::Paused, before.1, before.2));
}

#[test]
fn a_gate_waits_for_somebody() {
    let host = host();
    let mut canary = canary(&[5_000]);
    canary.steps[0].gate = true;
    host.deploy("2.0.0", canary).unwrap();
    host.drive(|phase| phase == RolloutPhase::Gated);
    let view = host.noodle.call::<AdvanceRollout>(named()).unwrap();
    assert_eq!(view.rollout.unwrap().phase, RolloutPhase::Completed);
}

#[test]
fn what_does_not_fit_is_refused_at_the_deploy() {
    let host = host();
    let refused = |canary: CanaryConfig, field: &str| {
        let error = host.deploy("2.0.0", canary).unwrap_err();
        assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some(field)), "{error}");
    };
    refused(canary(&[]), "canary/steps");
    refused(canary(&[0]), "canary/steps/0/weight");
    refused(canary(&[10_000]), "canary/steps/0/weight");
    refused(canary(&[2_000, 1_000]), "canary/steps/1/weight");
    let with = |change: fn(&mut CanaryConfig)| {
        let mut canary = canary(&[1_000]);
        change(&mut canary);
        canary
    };
    refused(with(|c| c.steps[0].min_requests = 0), "canary/steps/0/min_requests");
    refused(with(|c| (c.steps[0].min_ms, c.steps[0].max_ms) = (Some(5), Some(5))), "canary/steps/0/max_ms");
    refused(with(|c| c.analysis.as_mut().unwrap().level = 0.0), "canary/analysis/level");
    refused(with(|c| c.analysis.as_mut().unwrap().error_margin = f64::NAN), "canary/analysis/error_margin");
    refused(with(|c| c.analysis.as_mut().unwrap().latency_ratio = 1.0), "canary/analysis/latency_ratio");
    let strategy = Some(Strategy::Immediate);
    let input = DeployInput { canary: Some(canary(&[1])), strategy, ..DeployInput::new("m", "2.0.0") };
    let error = host.noodle.call::<Deploy>(input).unwrap_err();
    assert_eq!((error.get("field"), error.get("value")), (Some("canary"), Some("immediate")), "{error}");
    // Another signature.
    let path = host.dir.path().join("other.onnx");
    let info = |name| value_info(name, F32, &["batch", "more"]);
    let nodes = [node("Identity", &["x"], &["y"], &[])];
    std::fs::write(&path, model(&nodes, &[], &[info("x")], &[info("y")])).unwrap();
    let input = RegisterVersionInput { model: "m".into(), path: path.display().to_string(), ..Default::default() };
    host.noodle.call::<RegisterVersion>(input).unwrap();
    let error = host.deploy("latest", canary(&[1])).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::Conflict, Some("version")), "{error}");
    assert_eq!(host.ask(None).unwrap(), "1.0.0");
    assert!(host.rollout().rollout.is_none());
}

/// Deploys version 2.0.0 in place of four replicas, and asks without a pause until it has ended. The largest and smallest
/// number of replicas that were there meanwhile.
fn roll(host: &Host, rolling: RollingConfig, until: impl Fn(RolloutPhase) -> bool) -> (u32, u32) {
    let four = DeployInput { replicas: Some(4), ..DeployInput::new("m", "1.0.0") };
    host.noodle.call::<Deploy>(four).unwrap();
    // The noise of a busy machine is to end none.
    let rolling = RollingConfig { analysis: canary(&[]).analysis, ..rolling };
    host.noodle.call::<Deploy>(DeployInput { rolling: Some(rolling), ..DeployInput::new("m", "2.0.0") }).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let (mut most, mut least) = (0, u32::MAX);
    let candidate = host.rollout().rollout.unwrap().candidate;
    while !until(host.phase()) {
        assert!(Instant::now() < deadline, "{:#?}", host.rollout());
        let view = host.noodle.call::<GetDeployment>(DeploymentRef { deployment: "m".into() }).unwrap();
        let of = |number: u32| view.replicas.get(&number.to_string()).map_or(0, |status| status.replicas);
        let all = of(candidate - 1) + of(candidate);
        (most, least) = (most.max(all), least.min(all));
        for _ in 0..20 {
            // A broken version is taken back; until then its callers hear of it.
            drop(host.ask(None));
        }
    }
    (most, least)
}

fn replicas(host: &Host) -> BTreeMap<String, u32> {
    let view = host.noodle.call::<GetDeployment>(DeploymentRef { deployment: "m".into() }).unwrap();
    view.replicas.iter().map(|(number, status)| (number.clone(), status.replicas)).collect()
}

#[test]
fn replicas_are_replaced_within_their_bounds() {
    let host = host();
    let rolling = RollingConfig { max_surge: Some(1), max_unavailable: Some(1), ..RollingConfig::default() };
    let (most, least) = roll(&host, rolling, |phase| !phase.is_under_way());
    let done = host.rollout().rollout.unwrap();
    assert_eq!(done.phase, RolloutPhase::Completed, "{done:#?}");
    assert!(
        done.reason.starts_with("4 replicas of the new revision beside 1 of the old one are up"),
        "{}",
        done.reason
    );
    assert_eq!(done.canary.steps.iter().map(|step| step.weight).collect::<Vec<_>>(), [4_000, 8_000]);
    assert!(most <= 5 && least >= 3, "{least} to {most}");
    // All traffic has moved, and the rollback target is warm again with as many.
    let deadline = Instant::now() + Duration::from_secs(30);
    while replicas(&host).values().any(|n| *n != 4) || host.ask(None).unwrap() != "2.0.0" {
        assert!(Instant::now() < deadline, "{:?}", replicas(&host));
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_broken_version_gives_its_replicas_back() {
    let host = host();
    let rolling = RollingConfig { min_ms: Some(60_000), ..RollingConfig::default() };
    host.script.fails_every.store(1, Ordering::SeqCst);
    roll(&host, rolling, |phase| phase == RolloutPhase::Aborted);
    only_the_first_answers(&host.noodle);
    let deadline = Instant::now() + Duration::from_secs(30);
    while replicas(&host).get("2") != Some(&4) {
        assert!(Instant::now() < deadline, "{:?}", replicas(&host));
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn replicas_that_somebody_holds_back_stay_until_they_are_let_on() {
    let host = host();
    let rolling = RollingConfig { max_surge: Some(2), min_ms: Some(600_000), ..RollingConfig::default() };
    roll(&host, rolling, |phase| phase == RolloutPhase::Analysing);
    host.noodle.call::<PauseRollout>(named()).unwrap();
    let fit = |host: &Host| (replicas(host).get("2").copied(), replicas(host).get("3").copied());
    let deadline = Instant::now() + Duration::from_secs(30);
    while fit(&host) != (Some(4), Some(2)) {
        assert!(Instant::now() < deadline, "{:?}", replicas(&host));
        std::thread::sleep(Duration::from_millis(10));
    }
    // A number that is asked for meanwhile is that of afterwards.
    host.noodle.call::<Scale>(ScaleInput { deployment: "m".into(), replicas: 3 }).unwrap();
    assert_eq!(fit(&host), (Some(4), Some(2)));
    host.noodle.call::<AdvanceRollout>(named()).unwrap();
    host.noodle.call::<AdvanceRollout>(named()).unwrap();
    assert_eq!(host.rollout().rollout.unwrap().phase, RolloutPhase::Completed);
    let deadline = Instant::now() + Duration::from_secs(30);
    while replicas(&host).get("3") != Some(&3) {
        assert!(Instant::now() < deadline, "{:?}", replicas(&host));
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn bounds_of_replicas_that_do_not_fit_are_refused() {
    let host = host();
    let refused = |input: DeployInput, field: &str| {
        let error = host.noodle.call::<Deploy>(input).unwrap_err();
        assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some(field)), "{error}");
    };
    let with = |max_surge, max_unavailable| DeployInput {
        rolling: Some(RollingConfig { max_surge, max_unavailable, ..RollingConfig::default() }),
        replicas: Some(3),
        ..DeployInput::new("m", "2.0.0")
    };
    refused(with(Some(0), None), "rolling/max_surge");
    refused(with(None, Some(3)), "rolling/max_unavailable");
    refused(DeployInput { replicas: Some(1_000), ..with(Some(1), None) }, "rolling/max_surge");
    refused(DeployInput { strategy: Some(Strategy::Canary), ..with(Some(1), None) }, "rolling");
    refused(DeployInput { canary: Some(canary(&[1])), ..with(Some(1), None) }, "canary");
    let strategy = Some(Strategy::Rolling);
    refused(DeployInput { strategy, canary: Some(canary(&[1])), ..DeployInput::new("m", "2.0.0") }, "canary/steps");
    assert!(host.rollout().rollout.is_none());
}

#[test]
fn halves_stay_until_somebody_decides() {
    let host = host();
    let strategy = Some(Strategy::AbTesting);
    host.noodle.call::<Deploy>(DeployInput { strategy, ..DeployInput::new("m", "2.0.0") }).unwrap();
    let begun = host.rollout().rollout.unwrap();
    assert_eq!((begun.weight, begun.canary.steps.len(), begun.canary.steps[0].gate), (5_000, 1, true));
    let answers: Vec<_> = (0..200).map(|_| host.ask(None).unwrap()).collect();
    let new = answers.iter().filter(|version| *version == "2.0.0").count();
    assert!((60..140).contains(&new), "{new}");
    host.noodle.call::<Promote>(PromoteInput { deployment: "m".into(), version: None }).unwrap();
    assert_eq!(host.ask(None).unwrap(), "2.0.0");
}

#[test]
fn a_version_that_costs_more_is_taken_back() {
    let host = host();
    host.script.micros.store(300, Ordering::SeqCst);
    let mut canary = canary(&[5_000]);
    // Whatever its callers wait.
    canary.analysis = Some(AnalysisConfig { latency_ratio: 1e9, cost_ratio: Some(2.0), ..canary.analysis.unwrap() });
    host.deploy("2.0.0", canary).unwrap();
    host.drive(|phase| !phase.is_under_way());
    let done = host.rollout().rollout.unwrap();
    assert_eq!(done.phase, RolloutPhase::Aborted, "{done:#?}");
    assert!(done.reason.contains("times the baseline's time in the engine, more than 2 times"), "{}", done.reason);
    assert!(done.findings.unwrap().cost.unwrap().ratio.unwrap() > 2.0);
}

#[test]
fn a_version_that_answers_otherwise_is_taken_back() {
    let host = host();
    host.script.differs_every.store(2, Ordering::SeqCst);
    let mut canary = canary(&[5_000]);
    canary.analysis = Some(AnalysisConfig { drift: Some(DriftConfig::default()), ..canary.analysis.unwrap() });
    host.deploy("2.0.0", canary.clone()).unwrap();
    host.drive(|phase| !phase.is_under_way());
    let done = host.rollout().rollout.unwrap();
    assert_eq!(done.phase, RolloutPhase::Aborted, "{done:#?}");
    assert!(done.reason.contains("the mean answer is off by"), "{}", done.reason);
    // One that answers as the old one did passes.
    host.script.differs_every.store(0, Ordering::SeqCst);
    host.deploy("3.0.0", canary).unwrap();
    host.drive(|phase| !phase.is_under_way());
    let done = host.rollout().rollout.unwrap();
    assert_eq!(done.phase, RolloutPhase::Completed, "{done:#?}");
    assert!(done.findings.unwrap().drift.unwrap().candidate_answers >= 50);
}
