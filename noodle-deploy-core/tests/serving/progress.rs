//! What a call says of how far it is.

use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, channel};

use noodle_deploy_core::clock::{Clock, ManualClock, Millis};
use noodle_deploy_core::ops::audit::{AuditVerify, AuditVerifyInput, Retain, RetainInput};
use noodle_deploy_core::ops::directory::{Backup, BackupInput, CollectGarbage};
use noodle_deploy_core::ops::{Caller, Nothing, OPERATIONS, Operation, Role, Watched};
use noodle_deploy_core::progress::ProgressStage::{self, *};
use noodle_deploy_core::progress::{EVERY_MS, Progress};
use serde_json::json;

use super::*;

/// Moves on with every look, so that each report is due.
struct Hasty(AtomicU64);

impl Clock for Hasty {
    fn now(&self) -> Millis {
        self.0.fetch_add(EVERY_MS, Ordering::SeqCst)
    }
}

fn with_clock(dir: &Path, clock: Arc<dyn Clock>) -> (Arc<Script>, Noodle) {
    let script = Arc::<Script>::default();
    let engine = Arc::new(Scripted(script.clone()));
    (script, Noodle::builder(dir).settings(settings()).clock(clock).engine(engine).open().unwrap())
}

fn heard(noodle: &Noodle) -> (Watched<'_>, Receiver<Progress>) {
    let (to, from) = channel();
    (noodle.with_progress(move |progress| to.send(*progress).unwrap()), from)
}

/// The stages that an operation reported, each with its last figures.
fn stages<O: Operation>(noodle: &Noodle, input: O::Input) -> Vec<(ProgressStage, u64)> {
    let (watched, reports) = heard(noodle);
    watched.call::<O>(input).unwrap();
    let reports: Vec<Progress> = reports.iter().collect();
    let mut found = Vec::new();
    for stage in reports.chunk_by(|a, b| a.stage == b.stage) {
        assert_eq!(stage[0].done, 0, "{stage:?}");
        assert!(stage.iter().all(|p| p.unit == p.stage.unit()), "{stage:?}");
        assert!(stage.is_sorted_by(|a, b| a.done <= b.done && a.total.is_some() == b.total.is_some()), "{stage:?}");
        let last = stage[stage.len() - 1];
        assert!(last.total.is_none_or(|total| total == last.done), "{stage:?}");
        found.push((last.stage, last.done));
    }
    assert!(O::PROGRESS, "{}", O::NAME);
    found
}

fn names(stages: &[(ProgressStage, u64)]) -> Vec<ProgressStage> {
    stages.iter().map(|(stage, _)| *stage).collect()
}

fn registration(number: u32, name: &str) -> RegisterVersionInput {
    let version = Some(name.to_owned());
    RegisterVersionInput { model: "m".into(), path: model(number), version, ..Default::default() }
}

fn deployment(version: &str, strategy: Strategy) -> DeployInput {
    DeployInput { strategy: Some(strategy), model: Some("m".into()), ..DeployInput::new("d", version) }
}

#[test]
fn every_stage_ends_with_the_figures_of_what_was_done() {
    let dir = tempfile::tempdir().unwrap();
    let (_, noodle) = with_clock(&dir.path().join("state"), Arc::new(Hasty(AtomicU64::new(1_000_000))));
    let bytes = [1, 2].map(|version| std::fs::metadata(model(version)).unwrap().len());

    let registered = stages::<RegisterVersion>(&noodle, registration(1, "1.0.0"));
    assert_eq!(registered, [(Read, bytes[0]), (Hash, bytes[0]), (Store, bytes[0])]);
    let registered = stages::<RegisterVersion>(&noodle, registration(2, "2.0.0"));
    assert_eq!(registered, [(Read, bytes[1]), (Hash, bytes[1]), (Store, bytes[1])]);
    // The directory has the file.
    assert_eq!(names(&stages::<RegisterVersion>(&noodle, registration(2, "3.0.0"))), [Read, Hash]);

    let input = DeployInput { replicas: Some(3), ..deployment("1.0.0", Strategy::Immediate) };
    assert_eq!(stages::<Deploy>(&noodle, input), [(Read, bytes[0]), (Load, 3), (Verify, 1)]);
    assert_eq!(
        stages::<Deploy>(&noodle, deployment("2.0.0", Strategy::BlueGreen)),
        [(Read, bytes[1]), (Load, 3), (Verify, 1)]
    );
    // What is loaded takes no time.
    let none = PromoteInput { deployment: "d".into(), version: None };
    assert_eq!(stages::<Promote>(&noodle, none), []);
    assert_eq!(stages::<Scale>(&noodle, ScaleInput { deployment: "d".into(), replicas: 2 }), [(Load, 4)]);
    let back = RollbackInput { deployment: "d".into(), version: None, reason: None };
    assert_eq!(stages::<Rollback>(&noodle, back), []);

    let events = noodle.audit_head().unwrap().sequence;
    let verified = stages::<AuditVerify>(&noodle, AuditVerifyInput { since: None, artifacts: true });
    assert_eq!(names(&verified), [CheckLog, CheckArtifacts]);
    assert_eq!(verified[0].1, events);
    assert!(verified[1].1 > bytes[0] + bytes[1], "the probes are artifacts too: {verified:?}");

    let to = dir.path().join("copy").to_str().unwrap().to_owned();
    let copied = stages::<Backup>(&noodle, BackupInput { to });
    assert_eq!(names(&copied), [CopyDatabase, CheckLog, CopyArtifacts]);
    assert_eq!(copied[1..], [(CheckLog, events), (CopyArtifacts, verified[1].1)]);
    // Two models, and the probes of each.
    assert_eq!(stages::<CollectGarbage>(&noodle, Nothing {}), [(Collect, 4)]);
    assert_eq!(stages::<Undeploy>(&noodle, UndeployInput { deployment: "d".into(), force: false }), [(Drain, 0)]);
    let events = noodle.audit_head().unwrap().sequence;
    let retained = stages::<Retain>(&noodle, RetainInput { keep_events: Some(3), keep_ms: None });
    assert_eq!(retained, [(CheckLog, events - 2)]);
}

#[test]
fn a_long_file_is_reported_on_the_way_and_a_clock_that_stands_gets_the_ends_alone() {
    let dir = tempfile::tempdir().unwrap();
    let reports = |clock: Arc<dyn Clock>, name: &str| {
        let (_, noodle) = with_clock(&dir.path().join(name), clock);
        let (watched, reports) = heard(&noodle);
        watched.call::<RegisterVersion>(registration(2, "1.0.0")).unwrap();
        reports.iter().filter(|p| p.stage == Store).map(|p| p.done).collect::<Vec<_>>()
    };
    let bytes = std::fs::metadata(model(2)).unwrap().len();
    let chunk = 256 * 1024;
    assert_eq!(reports(Arc::new(Hasty(AtomicU64::new(0))), "hasty"), [0, chunk, 2 * chunk, bytes]);
    assert_eq!(reports(Arc::new(ManualClock::new(0)), "still"), [0, bytes]);
}

#[test]
fn undeploy_counts_the_requests_that_still_run() {
    let (_dir, script, noodle) = ready();
    noodle.call::<Scale>(ScaleInput { deployment: "d".into(), replicas: 2 }).unwrap();
    script.closed.store(true, Ordering::SeqCst);
    std::thread::scope(|scope| {
        let asked = [(); 2].map(|()| scope.spawn(|| ask(&noodle)));
        until("both run", || script.running.load(Ordering::SeqCst) == 2);
        let (watched, reports) = heard(&noodle);
        let undeploy = UndeployInput { deployment: "d".into(), force: false };
        let undeployed = scope.spawn(move || watched.call::<Undeploy>(undeploy));
        let first = reports.recv_timeout(Duration::from_secs(20)).unwrap();
        assert_eq!((first.stage, first.done, first.total), (Drain, 0, Some(2)));
        script.closed.store(false, Ordering::SeqCst);
        undeployed.join().unwrap().unwrap();
        let last = reports.iter().last().unwrap();
        assert_eq!((last.stage, last.done, last.total), (Drain, 2, Some(2)));
        for request in asked {
            assert_eq!(request.join().unwrap().unwrap(), "1.0.0");
        }
    });
}

#[test]
fn a_callback_that_panics_harms_nothing_and_is_not_called_again() {
    let (_dir, _, noodle) = ready();
    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    let watched = noodle.with_progress(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        panic!("as the test says");
    });
    watched.call::<Deploy>(deployment("2.0.0", Strategy::Immediate)).unwrap();
    assert_eq!((ask(&noodle).unwrap().as_str(), calls.load(Ordering::SeqCst)), ("2.0.0", 1));
}

#[test]
fn a_call_by_name_reports_too_and_a_failed_one_says_how_far_it_came() {
    let (_dir, script, noodle) = ready();
    let caller = Caller { actor: "a".into(), role: Role::Admin, request_id: None };
    script.nan.store(true, Ordering::SeqCst);
    let (watched, reports) = heard(&noodle);
    let input = json!({"deployment": "d", "model": "m", "version": "2.0.0"});
    assert_eq!(watched.call_json(&caller, "deploy", input).unwrap_err().kind(), ErrorKind::VerificationFailed);
    let last = reports.iter().last().unwrap();
    assert_eq!((last.stage, last.done, last.total), (Verify, 0, Some(1)));
    // An operation that is not marked says nothing.
    let (watched, reports) = heard(&noodle);
    watched.call_json(&caller, "list_models", json!({})).unwrap();
    assert_eq!(reports.iter().count(), 0);
    let marked: Vec<_> = OPERATIONS.iter().filter(|o| o.progress).map(|o| o.name).collect();
    let names = "register_version deploy promote rollback scale undeploy audit_verify retain backup collect_garbage \
                 benchmark profile evaluate start_experiment declare_winner set_rules";
    assert_eq!(marked.join(" "), names);
}

#[test]
fn of_two_backups_to_one_name_at_once_the_later_one_meets_a_conflict() {
    let (dir, _, noodle) = ready();
    let copies = tempfile::tempdir().unwrap();
    let to = copies.path().join("copy").to_str().unwrap().to_owned();
    let (other, input) = (noodle.clone(), BackupInput { to: to.clone() });
    let (done, mut first) = (channel(), true);
    // The other one begins and ends while this one is about to copy artifacts.
    let watched = noodle.with_progress(move |progress| {
        if progress.stage == CopyArtifacts && std::mem::take(&mut first) {
            done.0.send(other.call::<Backup>(input.clone())).unwrap();
        }
    });
    let error = watched.call::<Backup>(BackupInput { to: to.clone() }).unwrap_err();
    assert_eq!((error.kind(), error.get("directory")), (ErrorKind::Conflict, Some(to.as_str())));
    done.1.recv().unwrap().unwrap();
    let copied: Vec<_> = std::fs::read_dir(copies.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(copied, ["copy"]);
    let inside = dir.path().join("copies/monday").to_str().unwrap().to_owned();
    let error = noodle.call::<Backup>(BackupInput { to: inside }).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some("to")));
}
