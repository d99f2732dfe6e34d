//! Recorded requests that run on a revision before it gets any traffic, on an engine that behaves as the test says.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "store-sqlite", feature = "backend-local"))]

#[path = "support/graph.rs"]
mod graph;
#[path = "support/scripted.rs"]
mod scripted;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use noodle_deploy_core::machine::rollout::{
    AnalysisConfig, CanaryConfig, CanaryStep, MirrorConfig, Rollout, RolloutPhase,
};
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, DeploymentRef, Undeploy, UndeployInput};
use noodle_deploy_core::ops::rollout::{
    AbortRollout, AdvanceRollout, GetRollout, PauseRollout, ResumeRollout, RolloutInput, RolloutView,
};
use noodle_deploy_core::settings::{RecordingConfig, Strategy};
use noodle_deploy_core::tensor::TensorView;
use noodle_deploy_core::{ErrorKind, Noodle, Result, Settings};
use scripted::{Script, ask, only_the_first_answers, open, open_with, register};

struct Host {
    noodle: Noodle,
    script: Arc<Script>,
    dir: tempfile::TempDir,
}

fn settings(recording: Option<RecordingConfig>) -> Settings {
    Settings { recording, shadow_cpu_percent: 100, ..Settings::default() }
}

/// Version 1.0.0 serves, 2.0.0 and 3.0.0 are there.
fn host_with(recording: Option<RecordingConfig>) -> Host {
    let dir = tempfile::tempdir().unwrap();
    let script = Arc::new(Script::default());
    let noodle = open_with(dir.path(), &script, settings(recording));
    ["older", "newer", "newer_still"].iter().for_each(|name| register(&noodle, dir.path(), name));
    noodle.call::<Deploy>(DeployInput::new("m", "1.0.0")).unwrap();
    Host { noodle, script, dir }
}

fn host() -> Host {
    host_with(Some(RecordingConfig::default()))
}

fn analysis() -> AnalysisConfig {
    AnalysisConfig { error_margin: 0.05, max_differing: Some(0.05), ..AnalysisConfig::default() }
}

fn replay() -> CanaryConfig {
    let step = CanaryStep { min_requests: 50, gate: true, ..CanaryStep::of_recorded(1_000) };
    CanaryConfig { steps: vec![step], analysis: Some(analysis()) }
}

fn named() -> RolloutInput {
    RolloutInput { deployment: "m".into(), reason: None }
}

fn view(noodle: &Noodle) -> RolloutView {
    noodle.call::<GetRollout>(DeploymentRef { deployment: "m".into() }).unwrap()
}

fn rollout(noodle: &Noodle) -> Rollout {
    view(noodle).rollout.unwrap()
}

fn recorded(noodle: &Noodle) -> u64 {
    view(noodle).recording.map_or(0, |recording| recording.requests)
}

impl Host {
    fn deploy(&self, version: &str, canary: CanaryConfig) -> Result<()> {
        let input =
            DeployInput { strategy: Some(Strategy::Replay), canary: Some(canary), ..DeployInput::new("m", version) };
        self.noodle.call::<Deploy>(input).map(drop)
    }

    /// Asks until so many requests are recorded.
    fn record(&self, requests: u64) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while recorded(&self.noodle) < requests {
            assert!(Instant::now() < deadline, "{} are recorded", recorded(&self.noodle));
            (0..20).for_each(|_| drop(ask(&self.noodle, None).unwrap()));
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits, without any request, until the rollout is somewhere else.
    fn until(&self, is: impl Fn(&RolloutView) -> bool) -> Rollout {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let now = view(&self.noodle);
            if is(&now) {
                return now.rollout.unwrap();
            }
            assert!(Instant::now() < deadline, "{now:#?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn judged(&self) -> Rollout {
        self.until(|view| view.rollout.as_ref().is_some_and(|rollout| rollout.phase != RolloutPhase::Analysing))
    }

    fn files(&self) -> Vec<PathBuf> {
        let Ok(deployments) = std::fs::read_dir(self.dir.path().join("state/recordings")) else { return Vec::new() };
        let files = deployments.flat_map(|dir| std::fs::read_dir(dir.unwrap().path()).unwrap());
        files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "rec")).collect()
    }

    fn again(self, recording: Option<RecordingConfig>) -> Host {
        let Host { noodle, script, dir } = self;
        noodle.close();
        Host { noodle: open_with(dir.path(), &script, settings(recording)), script, dir }
    }
}

#[test]
fn nothing_is_recorded_unless_somebody_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let script = Arc::new(Script::default());
    let noodle = open(dir.path(), &script);
    register(&noodle, dir.path(), "older");
    noodle.call::<Deploy>(DeployInput::new("m", "1.0.0")).unwrap();
    let host = Host { noodle, script, dir };
    (0..200).for_each(|_| drop(ask(&host.noodle, None).unwrap()));
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(view(&host.noodle).recording, None);
    assert!(!host.dir.path().join("state/recordings").exists());
}

#[test]
fn a_revision_that_answers_alike_passes_and_waits_for_somebody() {
    let host = host();
    host.record(200);
    host.deploy("2.0.0", replay()).unwrap();
    let gated = host.judged();
    assert_eq!((gated.phase, gated.weight), (RolloutPhase::Gated, 0), "{gated:#?}");
    let findings = gated.findings.unwrap();
    let (mirror, replay) = (findings.mirror.unwrap(), findings.replay.unwrap());
    assert!(mirror.compared >= 50 && mirror.compared <= replay.recorded, "{mirror:?} {replay:?}");
    assert_eq!((mirror.differing, mirror.skipped), (0.0, 0));
    assert_eq!(ask(&host.noodle, None).unwrap(), "1.0.0");
    host.noodle.call::<AdvanceRollout>(named()).unwrap();
    assert_eq!(ask(&host.noodle, None).unwrap(), "2.0.0");
}

#[test]
fn one_that_answers_otherwise_or_fails_is_ended_before_any_traffic() {
    for fails in [false, true] {
        let host = host();
        host.record(200);
        let every = if fails { &host.script.fails_every } else { &host.script.differs_every };
        every.store(3, Ordering::SeqCst);
        host.deploy("2.0.0", replay()).unwrap();
        let ended = host.judged();
        assert_eq!(ended.phase, RolloutPhase::Aborted, "{ended:#?}");
        assert!(ended.reason.contains("the candidate is worse"), "{}", ended.reason);
        only_the_first_answers(&host.noodle);
    }
}

#[test]
fn a_canary_may_begin_with_what_was_recorded() {
    let host = host();
    host.record(200);
    let steps = vec![
        CanaryStep { min_requests: 50, ..CanaryStep::of_recorded(1_000) },
        CanaryStep { min_requests: 50, ..CanaryStep::of(5_000) },
    ];
    let canary = CanaryConfig { steps, analysis: Some(AnalysisConfig { latency_ratio: 4.0, ..analysis() }) };
    host.noodle.call::<Deploy>(DeployInput { canary: Some(canary), ..DeployInput::new("m", "2.0.0") }).unwrap();
    let next = host.until(|view| view.rollout.as_ref().is_some_and(|rollout| rollout.step == 1));
    assert_eq!((next.weight, next.evidence.mirror.is_some()), (5_000, true));
}

#[test]
fn without_anything_recorded_it_says_what_to_do() {
    let host = host();
    host.deploy("2.0.0", replay()).unwrap();
    let nothing = host.judged();
    assert_eq!(nothing.phase, RolloutPhase::Inconclusive);
    assert!(nothing.reason.contains("no request of the deployment is recorded"), "{}", nothing.reason);
    // Too few show too little.
    host.record(20);
    host.noodle.call::<ResumeRollout>(named()).unwrap();
    let few = host.judged();
    assert_eq!(few.phase, RolloutPhase::Inconclusive);
    assert!(few.reason.contains("recorded requests have run, and nothing is shown"), "{}", few.reason);
    host.record(200);
    host.noodle.call::<ResumeRollout>(named()).unwrap();
    let gated = host.judged();
    assert_eq!(gated.phase, RolloutPhase::Gated, "{gated:#?}");
    let findings = gated.findings.unwrap();
    assert!(findings.mirror.unwrap().compared <= findings.replay.unwrap().recorded, "counted twice");
}

#[test]
fn answers_of_another_version_are_not_what_is_compared() {
    let host = host();
    host.record(200);
    host.noodle.call::<Deploy>(DeployInput::new("m", "2.0.0")).unwrap();
    // Runs of both newer ones alternate: of each pair the second is off.
    host.script.differs_every.store(2, Ordering::SeqCst);
    host.deploy("3.0.0", replay()).unwrap();
    let ended = host.judged();
    let mirror = ended.findings.unwrap().mirror.unwrap();
    assert_eq!((ended.phase, mirror.differing), (RolloutPhase::Aborted, 1.0), "{mirror:?}");
}

#[test]
fn a_process_that_records_nothing_replays_what_another_has_recorded() {
    let host = host();
    host.record(200);
    let host = host.again(None);
    let held = recorded(&host.noodle);
    (0..200).for_each(|_| drop(ask(&host.noodle, None).unwrap()));
    host.deploy("2.0.0", replay()).unwrap();
    assert_eq!(host.judged().phase, RolloutPhase::Gated);
    assert_eq!(recorded(&host.noodle), held);
}

#[test]
fn a_replay_begins_again_after_a_restart_and_counts_nothing_twice() {
    let host = host();
    host.record(200);
    host.script.micros.store(5_000, Ordering::SeqCst);
    let mut canary = replay();
    canary.steps[0].min_requests = 150;
    host.deploy("2.0.0", canary).unwrap();
    let compared = |view: &RolloutView| {
        view.findings.as_ref().and_then(|findings| findings.mirror).map_or(0, |mirror| mirror.compared)
    };
    host.until(|view| compared(view) >= 20);
    // What is stopped runs nothing.
    host.noodle.call::<PauseRollout>(named()).unwrap();
    let paused = compared(&view(&host.noodle));
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!((compared(&view(&host.noodle)), rollout(&host.noodle).evidence.mirror), (paused, None));
    let host = host.again(Some(RecordingConfig::default()));
    assert_eq!(rollout(&host.noodle).phase, RolloutPhase::Paused);
    host.noodle.call::<ResumeRollout>(named()).unwrap();
    host.until(|view| compared(view) >= 20);
    let host = host.again(Some(RecordingConfig::default()));
    let gated = host.judged();
    assert_eq!(gated.phase, RolloutPhase::Gated, "{gated:#?}");
    let findings = gated.findings.unwrap();
    let (mirror, replay) = (findings.mirror.unwrap(), findings.replay.unwrap());
    assert!(mirror.compared >= 150 && mirror.compared <= replay.recorded, "{mirror:?} {replay:?}");
}

#[test]
fn an_abort_and_a_newer_deploy_stop_it() {
    for newer in [false, true] {
        let host = host();
        host.record(200);
        host.script.micros.store(20_000, Ordering::SeqCst);
        host.deploy("2.0.0", replay()).unwrap();
        host.until(|view| view.findings.is_some());
        let begun = Instant::now();
        if newer {
            host.noodle.call::<Deploy>(DeployInput::new("m", "3.0.0")).unwrap();
            assert_eq!(ask(&host.noodle, None).unwrap(), "3.0.0");
        } else {
            host.noodle.call::<AbortRollout>(named()).unwrap();
            only_the_first_answers(&host.noodle);
        }
        assert!(!rollout(&host.noodle).phase.is_under_way());
        host.noodle.close();
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn damaged_files_are_skipped() {
    let host = host();
    host.record(200);
    let host = host.again(None);
    let mut files = host.files();
    // The newest are the first to run.
    files.sort();
    let damaged: Vec<_> = files.iter().rev().take(9).collect();
    for (n, path) in damaged.iter().enumerate() {
        let mut bytes = std::fs::read(path).unwrap();
        match n % 3 {
            0 => bytes.truncate(bytes.len() / 2),
            1 => bytes[40] ^= 1,
            _ => bytes.clear(),
        }
        std::fs::write(path, bytes).unwrap();
    }
    host.deploy("2.0.0", replay()).unwrap();
    let gated = host.judged();
    assert_eq!(gated.phase, RolloutPhase::Gated, "{gated:#?}");
    assert_eq!(gated.findings.unwrap().mirror.unwrap().skipped, 9);
}

#[test]
fn what_is_recorded_is_bounded_and_goes_with_its_deployment() {
    let few = RecordingConfig { requests: 20, ..RecordingConfig::default() };
    let host = host_with(Some(few));
    host.record(20);
    for _ in 0..20 {
        (0..50).for_each(|_| drop(ask(&host.noodle, None).unwrap()));
        std::thread::sleep(Duration::from_millis(5));
        assert!(recorded(&host.noodle) <= 21, "one is there until the oldest is gone");
    }
    let held = view(&host.noodle).recording.unwrap();
    assert!(held.bytes > 20 * 100 && held.bytes < 20 * 1_000 && held.since.is_some(), "{held:?}");
    host.noodle.call::<Undeploy>(UndeployInput { deployment: "m".into(), force: false }).unwrap();
    assert_eq!((recorded(&host.noodle), host.files().len()), (0, 0));
}

#[test]
fn the_oldest_make_room_one_every_so_often() {
    let config = RecordingConfig { requests: 10, ms: 2_000, ..RecordingConfig::default() };
    let host = host_with(Some(config));
    host.record(10);
    // What waits to be written may still come.
    let mut before = host.files();
    loop {
        std::thread::sleep(Duration::from_millis(300));
        let now = host.files();
        if now == before {
            break;
        }
        before = now;
    }
    let begun = Instant::now();
    while host.files().iter().any(|path| before.contains(path)) {
        assert!(begun.elapsed() < Duration::from_secs(20));
        (0..20).for_each(|_| drop(ask(&host.noodle, None).unwrap()));
        std::thread::sleep(Duration::from_millis(10));
    }
    // Ten in two seconds, and no more.
    assert!(begun.elapsed() > Duration::from_millis(1_500), "{:?}", begun.elapsed());
}

/// Whoever decides removes what is too old, whether or not it records itself.
#[test]
fn what_is_too_old_goes_though_no_request_comes() {
    let config = RecordingConfig { ms: 1_000, ..RecordingConfig::default() };
    let host = host_with(Some(config));
    host.record(10);
    let host = host.again(None);
    let deadline = Instant::now() + Duration::from_secs(30);
    while !host.files().is_empty() {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn requests_that_are_too_large_are_skipped_and_counted() {
    let host = host_with(Some(RecordingConfig { bytes: 1 << 20, ..RecordingConfig::default() }));
    let many = vec![2.0_f32; 1 << 18];
    let large = TensorView::new(&[1 << 18], &many).unwrap();
    (0..3).for_each(|_| drop(host.noodle.predict("m", &[("x", large)]).unwrap()));
    let recording = view(&host.noodle).recording.unwrap();
    assert_eq!((recording.requests, recording.since, recording.skipped), (0, None, 3));
}

#[test]
fn zero_requests_remove_what_is_there() {
    let host = host();
    host.record(10);
    let host = host.again(Some(RecordingConfig { requests: 0, ..RecordingConfig::default() }));
    assert_eq!((recorded(&host.noodle), host.files().len()), (0, 0));
    (0..100).for_each(|_| drop(ask(&host.noodle, None).unwrap()));
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(recorded(&host.noodle), 0);
}

#[test]
fn steps_that_make_no_sense_are_refused_by_field() {
    let host = host();
    let of = CanaryStep::of_recorded;
    let cases = [
        (vec![of(0)], "canary/steps/0/replay/requests"),
        (vec![of(10_001)], "canary/steps/0/replay/requests"),
        (vec![of(50)], "canary/steps/0/min_requests"),
        (vec![CanaryStep { weight: 1, ..of(500) }], "canary/steps/0/weight"),
        (vec![CanaryStep { mirror: Some(MirrorConfig { share: 1 }), ..of(500) }], "canary/steps/0/replay"),
        (vec![CanaryStep::in_shadow(100)], "canary/steps"),
        (vec![of(500), CanaryStep::of(100)], "canary/steps"),
    ];
    for (steps, field) in cases {
        let error = host.deploy("2.0.0", CanaryConfig { steps, analysis: None }).unwrap_err();
        assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some(field)), "{error}");
    }
}
