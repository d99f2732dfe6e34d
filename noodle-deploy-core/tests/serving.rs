//! What a deployment promises its callers, on an engine that does what the test says.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use noodle_deploy_core::engine::{Cancel, LoadOptions, LoadReport, Outputs, Runnable, Runtime, State};
use noodle_deploy_core::error::{Error, ErrorKind, Result};
use noodle_deploy_core::event::Event;
use noodle_deploy_core::machine::state::DeploymentState;
use noodle_deploy_core::model::onnx::{Budgets, inspect};
use noodle_deploy_core::model::signature::Signature;
use noodle_deploy_core::ops::deployments::{
    Deploy, DeployInput, DeploymentRef, GetDeployment, Promote, PromoteInput, Rollback, RollbackInput, Scale,
    ScaleInput, Undeploy, UndeployInput,
};
use noodle_deploy_core::ops::monitor::{DeploymentFilter, GetHealth, GetMetrics, Health};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::tensor::{Tensor, TensorView};
use noodle_deploy_core::{CancelToken, Noodle, PredictOptions, Pulled, Settings};

#[path = "serving/progress.rs"]
mod progress;

const LABELS: usize = 28;

/// What the engine does next. Shared by every loaded model.
#[derive(Default)]
struct Script {
    panics: AtomicU32,
    fails: AtomicU32,
    /// The only length that runs, where it is not 0.
    length: AtomicU32,
    nan: AtomicBool,
    wrong_shape: AtomicBool,
    /// A run waits until the gate opens; it looks at its cancel flag meanwhile.
    closed: AtomicBool,
    running: AtomicU32,
    spawned: AtomicU32,
    /// Milliseconds of a run.
    takes_ms: AtomicU32,
}

struct Scripted(Arc<Script>);
struct Loaded {
    signature: Signature,
    script: Arc<Script>,
    /// Stands for the artifact in the answers: its length.
    mark: f32,
    _reserved: Mutex<noodle_deploy_core::engine::Reservation>,
}
struct Running(Arc<Loaded>);

impl Runtime for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn load(&self, artifact: &[u8], options: &LoadOptions) -> Result<Arc<dyn Runnable>> {
        // Twice the file, so that the larger model does not fit the least budget.
        let reserved = Mutex::new(options.budget.reserve(2 * artifact.len() as u64)?);
        let signature = inspect(artifact, &Budgets::default())?.signature;
        let mark = artifact.len() as f32;
        Ok(Arc::new(Loaded { signature, script: self.0.clone(), mark, _reserved: reserved }))
    }
}

impl Runnable for Loaded {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn spawn(self: Arc<Self>) -> Result<Box<dyn State>> {
        self.script.spawned.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(Running(self)))
    }

    fn memory_bytes(&self) -> u64 {
        0
    }

    fn report(&self) -> LoadReport {
        LoadReport { engine: "scripted 1".into(), ..LoadReport::default() }
    }
}

fn take(counter: &AtomicU32) -> bool {
    counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok()
}

impl State for Running {
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()> {
        let script = &self.0.script;
        if take(&script.panics) {
            panic!("as the script says");
        }
        if take(&script.fails) {
            return Err(Error::new(ErrorKind::EngineFailed, "as the script says"));
        }
        let (length, only) = (inputs[0].shape()[1], script.length.load(Ordering::SeqCst));
        if only != 0 && length != only as usize {
            return Err(Error::new(ErrorKind::EngineFailed, "another length").with("found", length));
        }
        script.running.fetch_add(1, Ordering::SeqCst);
        while script.closed.load(Ordering::SeqCst) {
            if let Err(error) = cancel.check() {
                script.running.fetch_sub(1, Ordering::SeqCst);
                return Err(error);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(script.takes_ms.load(Ordering::SeqCst).into()));
        script.running.fetch_sub(1, Ordering::SeqCst);
        let value = if script.nan.load(Ordering::SeqCst) { f32::NAN } else { self.0.mark };
        let batch = inputs[0].shape()[0];
        let columns = if script.wrong_shape.load(Ordering::SeqCst) { LABELS + 1 } else { LABELS };
        outputs.push(Tensor::new(&[batch, columns], vec![value; batch * columns])?);
        Ok(())
    }
}

fn model(version: u32) -> String {
    format!("{}/../examples/models/langid-v{version}.onnx", env!("CARGO_MANIFEST_DIR"))
}

fn settings() -> Settings {
    Settings {
        default_engine: Some("scripted".into()),
        max_queue: 2,
        failures_to_error: 3,
        poll_interval_ms: 10,
        ..Settings::default()
    }
}

fn open(dir: &Path, script: &Arc<Script>) -> Noodle {
    Noodle::builder(dir).settings(settings()).engine(Arc::new(Scripted(script.clone()))).open().unwrap()
}

fn register(noodle: &Noodle, version: u32) {
    noodle
        .call::<RegisterVersion>(RegisterVersionInput {
            model: "m".into(),
            path: model(version),
            version: Some(format!("{version}.0.0")),
            ..RegisterVersionInput::default()
        })
        .unwrap();
}

fn deploy(noodle: &Noodle, version: &str, strategy: Strategy) -> Result<()> {
    let input = DeployInput { strategy: Some(strategy), model: Some("m".into()), ..DeployInput::new("d", version) };
    noodle.call::<Deploy>(input).map(drop)
}

/// A directory with both versions, the first one deployed.
fn ready() -> (tempfile::TempDir, Arc<Script>, Noodle) {
    let dir = tempfile::tempdir().unwrap();
    let script = Arc::<Script>::default();
    let noodle = open(dir.path(), &script);
    register(&noodle, 1);
    register(&noodle, 2);
    deploy(&noodle, "1.0.0", Strategy::Immediate).unwrap();
    (dir, script, noodle)
}

fn input() -> (&'static str, TensorView<'static>) {
    ("bytes", TensorView::new(&[1, 4], &[1i32, 2, 3, 256]).unwrap())
}

fn ask(noodle: &Noodle) -> Result<String> {
    noodle.predict("d", &[input()]).map(|answer| answer.version().to_owned())
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn state(noodle: &Noodle) -> DeploymentState {
    noodle.call::<GetDeployment>(DeploymentRef { deployment: "d".into() }).unwrap().desired.state
}

#[test]
fn a_replica_that_panics_is_replaced() {
    let (_dir, script, noodle) = ready();
    let before = script.spawned.load(Ordering::SeqCst);
    script.panics.store(1, Ordering::SeqCst);
    let error = ask(&noodle).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::EngineFailed);
    assert_eq!(error.get("reason"), Some("as the script says"));
    assert_eq!(ask(&noodle).unwrap(), "1.0.0");
    assert_eq!(script.spawned.load(Ordering::SeqCst), before + 1);
    let view = noodle.call::<GetDeployment>(DeploymentRef { deployment: "d".into() }).unwrap();
    assert_eq!(view.replicas["1"].replaced, 1);
    assert_eq!(view.desired.state, DeploymentState::Running);
}

#[test]
fn a_model_that_keeps_failing_is_marked_error_and_can_be_rolled_back() {
    let (_dir, script, noodle) = ready();
    deploy(&noodle, "2.0.0", Strategy::Immediate).unwrap();
    let mut events = noodle.lifecycle().subscribe();
    // The fourth is the probe that the model is tried with.
    script.fails.store(4, Ordering::SeqCst);
    for _ in 0..3 {
        assert_eq!(ask(&noodle).unwrap_err().kind(), ErrorKind::EngineFailed);
    }
    until("the deployment is in error", || state(&noodle) == DeploymentState::Error);
    let Pulled::Event(event) = events.pull(Duration::from_secs(5)) else { panic!("an event was due") };
    let Event::Failed { cause } = &event.event else { panic!("{event:?}") };
    assert!(cause.contains("3 failures in a row") && cause.contains("as the script says"), "{cause}");
    until("requests are refused", || ask(&noodle).is_err_and(|error| error.kind() == ErrorKind::Unavailable));
    assert!(ask(&noodle).unwrap_err().get("cause").unwrap().contains("3 failures"));
    let health = noodle.call::<GetHealth>(DeploymentFilter::default()).unwrap();
    assert_eq!((health.ready, health.deployments[0].health), (false, Health::Unhealthy));
    noodle.call::<Rollback>(RollbackInput { deployment: "d".into(), version: None, reason: None }).unwrap();
    assert_eq!(ask(&noodle).unwrap(), "1.0.0");
}

#[test]
fn requests_that_keep_failing_do_not_take_out_a_model_that_passes_its_probes() {
    let (_dir, script, noodle) = ready();
    for _ in 0..3 {
        let ran = script.spawned.load(Ordering::SeqCst);
        script.fails.store(3, Ordering::SeqCst);
        for _ in 0..3 {
            assert_eq!(ask(&noodle).unwrap_err().kind(), ErrorKind::EngineFailed);
        }
        // A failed run takes its replica's state along; the probe brings a fresh one.
        until("the model is tried with its probes", || script.spawned.load(Ordering::SeqCst) > ran + 2);
        assert_eq!(state(&noodle), DeploymentState::Running);
        assert_eq!(ask(&noodle).unwrap(), "1.0.0");
    }
}

#[test]
fn a_model_that_fails_the_same_way_for_every_size_is_not_deployed() {
    let (_dir, script, noodle) = ready();
    script.fails.store(u32::MAX, Ordering::SeqCst);
    let error = deploy(&noodle, "2.0.0", Strategy::Immediate).unwrap_err();
    assert_eq!((error.kind(), error.get("reason")), (ErrorKind::Unsupported, Some("as the script says")));
    script.fails.store(0, Ordering::SeqCst);
    assert_eq!(ask(&noodle).unwrap(), "1.0.0");
}

#[test]
fn a_model_that_takes_only_some_sizes_is_deployed() {
    let (_dir, script, noodle) = ready();
    let note = |revision: usize| {
        let view = noodle.call::<GetDeployment>(DeploymentRef { deployment: "d".into() }).unwrap();
        view.desired.revisions[revision].note.clone().unwrap_or_default()
    };
    // A size that no guess meets.
    script.length.store(4, Ordering::SeqCst);
    deploy(&noodle, "2.0.0", Strategy::Immediate).unwrap();
    assert!(note(1).starts_with("not verified"), "{}", note(1));
    assert_eq!(ask(&noodle).unwrap(), "2.0.0");
    // One that the second guess meets.
    script.length.store(1, Ordering::SeqCst);
    let third =
        RegisterVersionInput { version: Some("3.0.0".into()), model: "m".into(), path: model(2), ..Default::default() };
    noodle.call::<RegisterVersion>(third).unwrap();
    deploy(&noodle, "3.0.0", Strategy::Immediate).unwrap();
    assert!(note(2).starts_with("1 generated probe"), "{}", note(2));
}

#[test]
fn a_database_that_is_lost_is_not_replaced() {
    let (dir, script, noodle) = ready();
    noodle.close();
    for name in ["noodle.db", "noodle.db-wal", "noodle.db-shm"] {
        let _ = std::fs::remove_file(dir.path().join(name));
    }
    let lost = || Noodle::builder(dir.path()).settings(settings()).engine(Arc::new(Scripted(script.clone()))).open();
    assert_eq!(lost().err().map(|e| e.kind()), Some(ErrorKind::Corrupt));
    std::fs::write(dir.path().join("noodle.db"), "").unwrap();
    assert_eq!(lost().err().map(|e| e.kind()), Some(ErrorKind::Corrupt));
    std::fs::remove_dir_all(dir.path().join("artifacts")).unwrap();
    lost().unwrap();
}

#[test]
fn latest_can_be_pinned_where_it_is_loaded() {
    let (_dir, _script, noodle) = ready();
    let pin = |version: &str| PredictOptions { version: Some(version.into()), ..PredictOptions::default() };
    let answer = noodle.predict_with("d", &[input()], &pin("2.0.0")).map(|a| a.version().to_owned());
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::NotFound, "version 2.0.0 is not loaded");
    deploy(&noodle, "2.0.0", Strategy::BlueGreen).unwrap();
    assert_eq!(noodle.predict_with("d", &[input()], &pin("latest")).unwrap().version(), "2.0.0");
    assert_eq!(ask(&noodle).unwrap(), "1.0.0");
}

#[test]
fn answers_that_cannot_be_right_fail_the_deploy_and_leave_what_served() {
    let (_dir, script, noodle) = ready();
    script.nan.store(true, Ordering::SeqCst);
    let error = deploy(&noodle, "2.0.0", Strategy::Immediate).unwrap_err();
    assert_eq!((error.kind(), error.get("nan")), (ErrorKind::VerificationFailed, Some("28")), "{error}");
    script.nan.store(false, Ordering::SeqCst);
    script.wrong_shape.store(true, Ordering::SeqCst);
    let error = deploy(&noodle, "2.0.0", Strategy::Immediate).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VerificationFailed, "{error}");
    assert!(error.get("found").unwrap().contains("29"), "{error}");
    script.wrong_shape.store(false, Ordering::SeqCst);
    assert_eq!(ask(&noodle).unwrap(), "1.0.0");
    assert_eq!(state(&noodle), DeploymentState::Running);

    // The registrar's outputs are tract's; the script's are not.
    let probes = model(2).replace(".onnx", ".probe.json");
    noodle
        .call::<RegisterVersion>(RegisterVersionInput {
            model: "m".into(),
            path: model(2),
            version: Some("3.0.0".into()),
            probes_path: Some(probes),
            ..RegisterVersionInput::default()
        })
        .unwrap();
    let error = deploy(&noodle, "3.0.0", Strategy::Immediate).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VerificationFailed);
    assert!(error.get("max_abs").is_some() && error.get("mismatches").is_some(), "{error}");
    let tract =
        DeployInput { engine: Some("tract".into()), model: Some("m".into()), ..DeployInput::new("other", "3.0.0") };
    let view = noodle.call::<Deploy>(tract).unwrap();
    let note = view.desired.active_revision().unwrap().note.clone().unwrap();
    assert!(note.contains("agree") && note.contains("registrar"), "{note}");
}

#[test]
fn outputs_of_the_first_engine_are_kept_and_compared_later() {
    let (dir, script, noodle) = ready();
    noodle.close();
    // The same version on an engine that answers otherwise: the outputs that were kept disagree.
    script.nan.store(true, Ordering::SeqCst);
    let noodle = open(dir.path(), &script);
    let health = noodle.call::<GetHealth>(DeploymentFilter::default()).unwrap();
    assert!(!health.ready);
    assert!(
        health.deployments[0].last_error.as_ref().unwrap().contains("verification")
            || health.deployments[0].last_error.as_ref().unwrap().contains("not near enough"),
        "{health:?}"
    );
}

#[test]
fn a_full_queue_is_overloaded_and_the_others_are_answered() {
    let (_dir, script, noodle) = ready();
    script.closed.store(true, Ordering::SeqCst);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| ask(&noodle));
        until("the first runs", || script.running.load(Ordering::SeqCst) == 1);
        let waiting: Vec<_> = (0..2).map(|_| scope.spawn(|| ask(&noodle))).collect();
        let view = || noodle.call::<GetDeployment>(DeploymentRef { deployment: "d".into() }).unwrap();
        until("two wait", || view().replicas["1"].waiting == 2);
        let error = ask(&noodle).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Overloaded);
        assert!(error.is_retryable());
        assert_eq!(error.get("max_queue"), Some("2"));
        let late = PredictOptions { timeout: Some(Duration::from_millis(1)), ..PredictOptions::default() };
        script.closed.store(false, Ordering::SeqCst);
        assert_eq!(first.join().unwrap().unwrap(), "1.0.0");
        for answer in waiting {
            assert_eq!(answer.join().unwrap().unwrap(), "1.0.0");
        }
        script.closed.store(true, Ordering::SeqCst);
        let error = noodle.predict_with("d", &[input()], &late).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DeadlineExceeded);
        script.closed.store(false, Ordering::SeqCst);
    });
    let metrics = noodle.call::<GetMetrics>(DeploymentFilter::default()).unwrap();
    let requests = &metrics.deployments["d"][0].requests;
    assert_eq!(requests.requests, 3);
    assert_eq!((requests.errors["overloaded"], requests.errors["deadline_exceeded"]), (1, 1));
}

#[test]
fn those_that_wait_are_answered_in_the_order_in_which_they_came() {
    let (_dir, script, noodle) = ready();
    script.takes_ms.store(3, Ordering::SeqCst);
    let view = || noodle.call::<GetDeployment>(DeploymentRef { deployment: "d".into() }).unwrap();
    for _ in 0..5 {
        script.closed.store(true, Ordering::SeqCst);
        let order = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            scope.spawn(|| ask(&noodle).unwrap());
            until("the first runs", || script.running.load(Ordering::SeqCst) == 1);
            let (noodle, order) = (&noodle, &order);
            for number in 1..=2 {
                scope.spawn(move || {
                    ask(noodle).unwrap();
                    order.lock().unwrap().push(number);
                });
                until("one more waits", || view().replicas["1"].waiting == number);
                // They look at their cancel flags every 20 ms, and must not lose their places by it.
                std::thread::sleep(Duration::from_millis(12));
            }
            script.closed.store(false, Ordering::SeqCst);
        });
        assert_eq!(order.into_inner().unwrap(), [1, 2]);
    }
}

#[test]
fn a_caller_that_never_pauses_does_not_keep_another_waiting() {
    let (_dir, script, noodle) = ready();
    script.takes_ms.store(3, Ordering::SeqCst);
    let (stop, greedy) = (AtomicBool::new(false), AtomicU32::new(0));
    std::thread::scope(|scope| {
        let greed = || {
            while !stop.load(Ordering::SeqCst) {
                ask(&noodle).unwrap();
                greedy.fetch_add(1, Ordering::SeqCst);
            }
        };
        scope.spawn(greed);
        until("the other runs", || greedy.load(Ordering::SeqCst) > 0);
        let late = PredictOptions { timeout: Some(Duration::from_secs(10)), ..PredictOptions::default() };
        let before = greedy.load(Ordering::SeqCst);
        let answers: Vec<_> = (0..10).map(|_| noodle.predict_with("d", &[input()], &late).map(drop)).collect();
        let passed = greedy.load(Ordering::SeqCst) - before;
        stop.store(true, Ordering::SeqCst);
        assert!(answers.iter().all(std::result::Result::is_ok), "{answers:?}");
        assert!(passed <= 30, "the other was answered {passed} times before ten requests were");
    });
}

#[test]
fn a_cancelled_request_ends_and_its_replica_serves_on() {
    let (_dir, script, noodle) = ready();
    script.closed.store(true, Ordering::SeqCst);
    let token = CancelToken::new();
    let options = PredictOptions { cancel: Some(token.clone()), ..PredictOptions::default() };
    std::thread::scope(|scope| {
        let running = scope.spawn(|| noodle.predict_with("d", &[input()], &options));
        until("it runs", || script.running.load(Ordering::SeqCst) == 1);
        // A second one waits for the replica and is cancelled there.
        let waiting = scope.spawn(|| noodle.predict_with("d", &[input()], &options));
        token.cancel();
        assert_eq!(running.join().unwrap().unwrap_err().kind(), ErrorKind::Cancelled);
        assert_eq!(waiting.join().unwrap().unwrap_err().kind(), ErrorKind::Cancelled);
    });
    script.closed.store(false, Ordering::SeqCst);
    assert_eq!(ask(&noodle).unwrap(), "1.0.0");
    assert_eq!(state(&noodle), DeploymentState::Running);
}

#[tokio::test(flavor = "current_thread")]
async fn an_asynchronous_request_does_not_block_its_executor() {
    let (_dir, script, noodle) = ready();
    script.closed.store(true, Ordering::SeqCst);
    let inputs = || vec![("bytes".to_owned(), Tensor::new(&[1, 4], vec![1i32, 2, 3, 4]).unwrap())];
    let request = noodle.predict_async("d", inputs(), PredictOptions::default());
    // On one thread: if the request blocked, this would never be reached.
    tokio::time::sleep(Duration::from_millis(20)).await;
    script.closed.store(false, Ordering::SeqCst);
    assert_eq!(request.await.unwrap().version(), "1.0.0");

    script.closed.store(true, Ordering::SeqCst);
    let request = noodle.predict_async("d", inputs(), PredictOptions::default());
    until("it runs", || script.running.load(Ordering::SeqCst) == 1);
    drop(request);
    until("dropping it cancels it", || script.running.load(Ordering::SeqCst) == 0);
    script.closed.store(false, Ordering::SeqCst);
    assert_eq!(noodle.predict_async("d", inputs(), PredictOptions::default()).await.unwrap().version(), "1.0.0");
}

#[test]
fn requests_finish_on_the_revision_they_began_on_and_undeploy_waits_for_them() {
    let (_dir, script, noodle) = ready();
    deploy(&noodle, "2.0.0", Strategy::BlueGreen).unwrap();
    assert_eq!(ask(&noodle).unwrap(), "1.0.0");
    script.closed.store(true, Ordering::SeqCst);
    std::thread::scope(|scope| {
        let old = scope.spawn(|| ask(&noodle));
        until("it runs", || script.running.load(Ordering::SeqCst) == 1);
        noodle.call::<Promote>(PromoteInput { deployment: "d".into(), version: None }).unwrap();
        let new = scope.spawn(|| ask(&noodle));
        until("both run", || script.running.load(Ordering::SeqCst) == 2);
        let stopping = scope.spawn(|| {
            noodle.call::<Undeploy>(UndeployInput { deployment: "d".into(), force: false }).unwrap().desired.state
        });
        // The gate is closed, so a request that still gets in must not wait for it.
        let briefly = PredictOptions { timeout: Some(Duration::from_millis(5)), ..PredictOptions::default() };
        until("new requests are refused", || {
            noodle.predict_with("d", &[input()], &briefly).is_err_and(|error| error.kind() == ErrorKind::Unavailable)
        });
        std::thread::sleep(Duration::from_millis(50));
        assert!(!stopping.is_finished(), "it drains");
        script.closed.store(false, Ordering::SeqCst);
        assert_eq!(old.join().unwrap().unwrap(), "1.0.0");
        assert_eq!(new.join().unwrap().unwrap(), "2.0.0");
        assert_eq!(stopping.join().unwrap(), DeploymentState::Stopped);
    });
}

#[test]
fn replicas_come_and_go_while_requests_run() {
    let (_dir, script, noodle) = ready();
    let running = AtomicBool::new(true);
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    // At least once, however late the thread begins.
                    let mut answers = 0;
                    loop {
                        assert_eq!(ask(&noodle).unwrap(), "1.0.0");
                        answers += 1;
                        if !running.load(Ordering::SeqCst) {
                            return answers;
                        }
                    }
                })
            })
            .collect();
        for replicas in [4, 1, 8, 2, 2] {
            let view = noodle.call::<Scale>(ScaleInput { deployment: "d".into(), replicas }).unwrap();
            assert_eq!((view.desired.replicas, view.replicas["1"].replicas), (replicas, replicas));
        }
        running.store(false, Ordering::SeqCst);
        assert!(asking.into_iter().all(|thread| thread.join().unwrap() > 0));
    });
    assert_eq!(
        noodle.call::<Scale>(ScaleInput { deployment: "d".into(), replicas: 0 }).unwrap_err().get("allowed"),
        Some("1 to 1024")
    );
    drop(script);
}

#[test]
fn a_pinned_version_must_be_loaded() {
    let (_dir, _script, noodle) = ready();
    deploy(&noodle, "2.0.0", Strategy::BlueGreen).unwrap();
    noodle.versioning().set_alias(&context(), "m", "staging", "2.0.0").unwrap();
    let pinned = |version: &str| {
        let options = PredictOptions { version: Some(version.into()), ..PredictOptions::default() };
        noodle.predict_with("d", &[input()], &options).map(|answer| answer.version().to_owned())
    };
    assert_eq!(pinned("2.0.0").unwrap(), "2.0.0");
    assert_eq!(pinned("staging").unwrap(), "2.0.0");
    assert_eq!(pinned("1.0.0").unwrap(), "1.0.0");
    let error = pinned("9.0.0").unwrap_err();
    assert_eq!((error.kind(), error.get("loaded")), (ErrorKind::NotFound, Some("1.0.0, 2.0.0")), "{error}");
}

fn context() -> noodle_deploy_core::CallContext {
    noodle_deploy_core::CallContext {
        actor: "test".into(),
        operation: "set_alias",
        request_id: "r".into(),
        progress: Default::default(),
    }
}

#[test]
fn a_budget_refuses_before_anything_is_loaded() {
    let dir = tempfile::tempdir().unwrap();
    let script = Arc::<Script>::default();
    let noodle = Noodle::builder(dir.path())
        .settings(settings())
        .memory_budget(1 << 20)
        .engine(Arc::new(Scripted(script)))
        .open()
        .unwrap();
    register(&noodle, 1);
    register(&noodle, 2);
    deploy(&noodle, "1.0.0", Strategy::Immediate).unwrap();
    let error = deploy(&noodle, "2.0.0", Strategy::Immediate).unwrap_err();
    assert_eq!((error.kind(), error.get("limit_bytes")), (ErrorKind::ResourceExhausted, Some("1048576")), "{error}");
    assert_eq!(ask(&noodle).unwrap(), "1.0.0");
}

#[test]
fn a_read_only_handle_answers_and_refuses_changes() {
    let (dir, script, noodle) = ready();
    noodle.close();
    let read_only = Noodle::builder(dir.path())
        .settings(settings())
        .read_only(true)
        .engine(Arc::new(Scripted(script.clone())))
        .open()
        .unwrap();
    assert_eq!(ask(&read_only).unwrap(), "1.0.0");
    let error = deploy(&read_only, "2.0.0", Strategy::Immediate).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
    let other = Noodle::builder(dir.path()).settings(settings()).engine(Arc::new(Scripted(script))).open();
    assert_eq!(
        other.err().map(|e| e.kind()),
        Some(ErrorKind::Conflict),
        "one process, one handle, one set of settings"
    );
    read_only.close();
    let missing = Noodle::builder(dir.path().join("missing")).read_only(true).open();
    assert_eq!(missing.err().map(|e| e.kind()), Some(ErrorKind::NotFound));
    assert!(!dir.path().join("missing").exists());
}

#[test]
fn opens_of_one_directory_share_one_handle() {
    let (dir, script, noodle) = ready();
    let spawned = script.spawned.load(Ordering::SeqCst);
    let again = open(&dir.path().join("."), &script);
    assert_eq!(script.spawned.load(Ordering::SeqCst), spawned, "nothing was loaded again");
    deploy(&again, "2.0.0", Strategy::Immediate).unwrap();
    assert_eq!(ask(&noodle).unwrap(), "2.0.0");
}
