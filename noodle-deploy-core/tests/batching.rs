//! Dynamic batching, on an engine that counts rows and takes as long as the test says.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "store-sqlite", feature = "backend-local"))]

#[path = "batching/asynchronous.rs"]
mod asynchronous;
#[path = "support/graph.rs"]
mod graph;
#[path = "batching/priorities.rs"]
mod priorities;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use graph::*;
use noodle_deploy_core::engine::{Cancel, LoadOptions, LoadReport, Outputs, Runnable, Runtime, State};
use noodle_deploy_core::machine::cache::CacheConfig;
use noodle_deploy_core::machine::residency::Loading;
use noodle_deploy_core::model::onnx::{Budgets, inspect};
use noodle_deploy_core::model::signature::Signature;
use noodle_deploy_core::ops::deployments::{
    Deploy, DeployInput, DeploymentRef, GetDeployment, Scale, ScaleInput, Unload,
};
use noodle_deploy_core::ops::monitor::{DeploymentFilter, GetMetrics};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::tensor::{Tensor, TensorView};
use noodle_deploy_core::{
    BatchConfig, BatchStatus, CancelToken, Error, ErrorKind, Noodle, Padding, PredictOptions, Prediction, Priorities,
    QueuePolicy, Result, Settings, Submitted, TimeoutAction,
};

/// What the engine does. Shared by every loaded model.
#[derive(Default)]
struct Script {
    /// Runs wait until the gate opens.
    closed: AtomicBool,
    entered: AtomicU32,
    /// Rows of each run, and its first number.
    ran: Mutex<Vec<usize>>,
    firsts: Mutex<Vec<f32>>,
    /// Milliseconds of a run, and of each pair of its rows.
    fixed_ms: AtomicU32,
    pair_ms: AtomicU32,
    /// A run that has this number among its inputs fails.
    poison: AtomicU32,
}

struct Counting(Arc<Script>);
struct Loaded(Signature, Arc<Script>);
struct Running(Arc<Loaded>);

impl Runtime for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn load(&self, artifact: &[u8], _: &LoadOptions) -> Result<Arc<dyn Runnable>> {
        Ok(Arc::new(Loaded(inspect(artifact, &Budgets::default())?.signature, self.0.clone())))
    }
}

impl Runnable for Loaded {
    fn signature(&self) -> &Signature {
        &self.0
    }

    fn spawn(self: Arc<Self>) -> Result<Box<dyn State>> {
        Ok(Box::new(Running(self)))
    }

    fn memory_bytes(&self) -> u64 {
        0
    }

    fn report(&self) -> LoadReport {
        LoadReport { engine: "counting 1".into(), plan: "symbolic".into(), ..LoadReport::default() }
    }
}

impl State for Running {
    /// Doubles its input.
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()> {
        let script = &self.0.1;
        script.entered.fetch_add(1, Ordering::SeqCst);
        while script.closed.load(Ordering::SeqCst) {
            cancel.check()?;
            std::thread::sleep(Duration::from_millis(1));
        }
        let shape = inputs[0].shape();
        let x = inputs[0].into_slice::<f32>()?;
        let poison = script.poison.load(Ordering::SeqCst) as f32;
        if poison != 0.0 && x.contains(&poison) {
            return Err(Error::new(ErrorKind::EngineFailed, "as the script says"));
        }
        script.ran.lock().unwrap().push(shape[0]);
        script.firsts.lock().unwrap().push(x[0]);
        let pairs = (shape[0] * shape[0]) as u32;
        let ms = script.fixed_ms.load(Ordering::SeqCst) + script.pair_ms.load(Ordering::SeqCst) * pairs;
        std::thread::sleep(Duration::from_millis(ms.into()));
        outputs.push(Tensor::new(shape, x.iter().map(|x| 2.0 * x).collect())?);
        Ok(())
    }
}

fn doubles() -> Vec<u8> {
    let info = |name| value_info(name, F32, &["batch", "length"]);
    model(&[node("Add", &["x", "x"], &["y"], &[])], &[], &[info("x")], &[info("y")])
}

/// Lets every run go, whatever becomes of the test.
struct Gate<'a>(&'a AtomicBool);

impl Drop for Gate<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

struct Host {
    noodle: Noodle,
    script: Arc<Script>,
    _dir: tempfile::TempDir,
}

fn register(noodle: &Noodle, dir: &Path, file: &[u8]) {
    let path = dir.join("model.onnx");
    std::fs::write(&path, file).unwrap();
    let input = RegisterVersionInput { model: "m".into(), path: path.display().to_string(), ..Default::default() };
    noodle.call::<RegisterVersion>(input).unwrap();
}

fn host(batching: BatchConfig, max_queue: u32) -> Host {
    host_with(Some(batching), Settings { max_queue, ..Settings::default() }, |_| {})
}

fn host_with(batching: Option<BatchConfig>, settings: Settings, change: impl FnOnce(&mut DeployInput)) -> Host {
    let dir = tempfile::tempdir().unwrap();
    let script = Arc::new(Script::default());
    let settings = Settings { default_engine: Some("counting".into()), ..settings };
    let engine = Arc::new(Counting(script.clone()));
    let noodle = Noodle::builder(dir.path().join("state")).settings(settings).engine(engine).open().unwrap();
    register(&noodle, dir.path(), &doubles());
    let mut input = DeployInput { batching, ..DeployInput::new("m", "latest") };
    change(&mut input);
    noodle.call::<Deploy>(input).unwrap();
    script.ran.lock().unwrap().clear();
    script.firsts.lock().unwrap().clear();
    script.entered.store(0, Ordering::SeqCst);
    Host { noodle, script, _dir: dir }
}

impl Host {
    fn ask(&self, value: f32, length: usize, options: &PredictOptions) -> Result<Vec<f32>> {
        let data = vec![value; length];
        let shape = [1, length];
        let view = TensorView::new(&shape, &data)?;
        let answer = self.noodle.predict_with("m", &[("x", view)], options)?;
        assert_eq!(answer.output("y")?.shape(), shape);
        Ok(answer.output("y")?.as_slice::<f32>()?.to_vec())
    }

    fn submit(&self, value: f32, options: PredictOptions) -> Submitted<Prediction> {
        let tensor = Tensor::new(&[1, 1], vec![value]).unwrap();
        self.noodle.predict_async("m", vec![("x".into(), tensor)], options)
    }

    /// Runs `meanwhile` while an asynchronous request holds the only replica.
    fn held<T>(&self, meanwhile: impl FnOnce() -> T) -> T {
        self.script.closed.store(true, Ordering::SeqCst);
        let gate = Gate(&self.script.closed);
        let first = self.submit(1.0, PredictOptions::default());
        until(|| self.script.entered.load(Ordering::SeqCst) > 0);
        let seen = meanwhile();
        drop(gate);
        assert_eq!(answer(first), Ok(2.0));
        seen
    }

    fn metrics(&self) -> (u64, BTreeMap<String, u64>) {
        let report = self.noodle.call::<GetMetrics>(DeploymentFilter { deployment: Some("m".into()) }).unwrap();
        let requests = report.deployments["m"].last().unwrap().requests.clone();
        (requests.requests, requests.errors)
    }

    fn status(&self) -> BatchStatus {
        let view = self.noodle.call::<GetDeployment>(DeploymentRef { deployment: "m".into() }).unwrap();
        view.replicas.values().last().unwrap().batching.clone().unwrap()
    }

    fn waiting(&self) -> u32 {
        let view = self.noodle.call::<GetDeployment>(DeploymentRef { deployment: "m".into() }).unwrap();
        view.replicas.values().last().unwrap().waiting
    }

    /// Runs `meanwhile` while a request holds the only replica and `requests` more wait; then lets them go.
    fn gather<T: Send>(&self, requests: &[(f32, usize)], meanwhile: impl FnOnce() -> T) -> (Vec<Result<Vec<f32>>>, T) {
        self.script.closed.store(true, Ordering::SeqCst);
        std::thread::scope(|scope| {
            let gate = Gate(&self.script.closed);
            let first = scope.spawn(|| self.ask(1.0, 1, &PredictOptions::default()));
            until(|| self.script.entered.load(Ordering::SeqCst) > 0);
            let mut others = Vec::new();
            for (n, (value, length)) in requests.iter().enumerate() {
                others.push(scope.spawn(|| self.ask(*value, *length, &PredictOptions::default())));
                until(|| self.waiting() as usize == n + 1);
            }
            let seen = meanwhile();
            drop(gate);
            assert_eq!(first.join().unwrap().unwrap(), [2.0]);
            (others.into_iter().map(|thread| thread.join().unwrap()).collect(), seen)
        })
    }
}

/// The number that a request was answered with. Blocks.
fn answer(submitted: Submitted<Prediction>) -> Result<f32, ErrorKind> {
    let answered = waited(submitted).map_err(|error| error.kind())?;
    Ok(answered.output("y").unwrap().as_slice::<f32>().unwrap()[0])
}

fn waited(submitted: Submitted<Prediction>) -> Result<Prediction> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        tokio::time::timeout(Duration::from_secs(20), submitted).await.expect("a request was never answered")
    })
}

fn of_level(priority: u32) -> PredictOptions {
    PredictOptions { priority, ..PredictOptions::default() }
}

/// Settings of a handle with two workers.
fn two_workers() -> Settings {
    Settings { workers: 2, ..Settings::default() }
}

fn until(mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < deadline, "it took too long");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn fixed(max_batch_size: u32) -> BatchConfig {
    BatchConfig { max_batch_size, adaptive: false, ..BatchConfig::default() }
}

#[test]
fn a_request_that_finds_a_replica_free_runs_at_once_and_alone() {
    let host = host(BatchConfig::default(), 64);
    for n in 1..=5 {
        assert_eq!(host.ask(n as f32, 3, &PredictOptions::default()).unwrap(), vec![2.0 * n as f32; 3]);
    }
    assert_eq!(*host.script.ran.lock().unwrap(), [1; 5]);
    assert_eq!((host.status().batches, host.status().rows), (5, 5));
}

#[test]
fn requests_that_wait_run_together_and_get_their_own_answers() {
    let host = host(fixed(4), 64);
    let requests: Vec<_> = (2..9).map(|n| (n as f32, 1)).collect();
    let (answers, ()) = host.gather(&requests, || ());
    for ((value, _), answer) in requests.iter().zip(answers) {
        assert_eq!(answer.unwrap(), [2.0 * value]);
    }
    assert_eq!(*host.script.ran.lock().unwrap(), [1, 4, 3]);
}

/// With full batches waiting, the first who is woken hands the others their answers, in whatever state it is.
#[test]
fn everybody_is_answered_while_full_batches_wait() {
    let host = host(fixed(4), 1_000);
    host.script.fixed_ms.store(2, Ordering::SeqCst);
    let (late, done) = (AtomicU32::new(0), AtomicU32::new(0));
    std::thread::scope(|scope| {
        for caller in 0..24_u32 {
            let (host, late, done) = (&host, &late, &done);
            scope.spawn(move || {
                for n in 1..60_u32 {
                    let value = (caller * 100 + n) as f32;
                    // Some give up at any moment, that of their answer among them.
                    let timeout = (caller % 3 == 0).then(|| Duration::from_millis(u64::from(4 + n % 12)));
                    let options = PredictOptions { timeout, ..PredictOptions::default() };
                    match host.ask(value, 1, &options) {
                        Ok(answer) => assert_eq!(answer, [2.0 * value]),
                        Err(error) => {
                            assert_eq!((error.kind(), timeout.is_some()), (ErrorKind::DeadlineExceeded, true));
                            late.fetch_add(1, Ordering::SeqCst);
                        }
                    }
                    done.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(done.load(Ordering::SeqCst), 24 * 59);
    assert!(late.load(Ordering::SeqCst) > 0);
    let full = host.script.ran.lock().unwrap().iter().filter(|rows| **rows == 4).count();
    assert!(full > 200, "{full} full batches");
}

#[test]
fn only_requests_of_one_shape_share_a_batch() {
    let host = host(fixed(8), 64);
    let (answers, ()) = host.gather(&[(2.0, 3), (3.0, 5), (4.0, 3), (5.0, 5)], || ());
    let lengths: Vec<_> = answers.into_iter().map(|answer| answer.unwrap().len()).collect();
    assert_eq!(lengths, [3, 5, 3, 5]);
    assert_eq!(*host.script.ran.lock().unwrap(), [1, 2, 2]);
}

#[test]
fn lengths_are_padded_where_the_deploy_says_with_what() {
    let padding = Padding { axis: "length".into(), values: BTreeMap::from([("x".into(), -1.0)]), multiple_of: 4 };
    let host = host(BatchConfig { padding: Some(padding), ..fixed(8) }, 64);
    let (answers, ()) = host.gather(&[(2.0, 3), (3.0, 5), (4.0, 1)], || ());
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers, [vec![4.0; 3], vec![6.0; 5], vec![8.0; 1]]);
    assert_eq!(*host.script.ran.lock().unwrap(), [1, 3]);
}

#[test]
fn one_bad_request_does_not_fail_the_others() {
    let host = host(fixed(8), 64);
    host.script.poison.store(3, Ordering::SeqCst);
    let (answers, ()) = host.gather(&[(2.0, 1), (3.0, 1), (4.0, 1)], || ());
    let kinds: Vec<_> = answers.iter().map(|a| a.as_ref().map(|v| v[0]).map_err(Error::kind)).collect();
    assert_eq!(kinds, [Ok(4.0), Err(ErrorKind::EngineFailed), Ok(8.0)]);
}

#[test]
fn a_full_queue_and_a_deadline_that_cannot_be_kept_are_refused_at_once() {
    let host = host(fixed(1), 3);
    host.script.fixed_ms.store(50, Ordering::SeqCst);
    // Learns what a run costs.
    (0..4).for_each(|_| drop(host.ask(1.0, 1, &PredictOptions::default()).unwrap()));
    host.script.entered.store(0, Ordering::SeqCst);
    let (answers, refused) = host.gather(&[(2.0, 1), (3.0, 1)], || {
        let begun = Instant::now();
        let short = PredictOptions { timeout: Some(Duration::from_millis(60)), ..PredictOptions::default() };
        let late = host.ask(9.0, 1, &short).unwrap_err();
        assert!(begun.elapsed() < Duration::from_millis(50), "{:?}", begun.elapsed());
        late
    });
    assert_eq!(refused.kind(), ErrorKind::DeadlineExceeded);
    assert_eq!(refused.get("rows_ahead"), Some("2"), "{refused}");
    assert!(answers.iter().all(Result::is_ok));
    host.script.entered.store(0, Ordering::SeqCst);
    let (_, refused) =
        host.gather(&[(2.0, 1), (3.0, 1), (4.0, 1)], || host.ask(9.0, 1, &PredictOptions::default()).unwrap_err());
    assert_eq!((refused.kind(), refused.get("max_queue")), (ErrorKind::Overloaded, Some("3")));
}

#[test]
fn a_request_that_gives_up_in_the_queue_does_not_run() {
    let host = host(fixed(8), 64);
    let (answers, late) = host.gather(&[(2.0, 1)], || {
        let soon = PredictOptions { timeout: Some(Duration::from_millis(30)), ..PredictOptions::default() };
        let late = host.ask(7.0, 1, &soon).unwrap_err();
        assert_eq!(host.waiting(), 1);
        late
    });
    assert_eq!(late.kind(), ErrorKind::DeadlineExceeded);
    assert_eq!(answers[0].as_ref().unwrap(), &[4.0]);
    assert_eq!(*host.script.ran.lock().unwrap(), [1, 1]);
}

#[test]
fn a_batch_waits_for_company_where_the_deploy_says_so() {
    let config = BatchConfig { max_delay_us: 300_000, preferred_batch_sizes: vec![3], ..fixed(8) };
    let host = host(config, 64);
    let barrier = Barrier::new(3);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for n in 0..3 {
            let (host, barrier) = (&host, &barrier);
            scope.spawn(move || {
                barrier.wait();
                assert_eq!(host.ask(n as f32, 1, &PredictOptions::default()).unwrap(), [2.0 * n as f32]);
            });
        }
    });
    assert!(begun.elapsed() < Duration::from_millis(290), "three are a preferred size: {:?}", begun.elapsed());
    let begun = Instant::now();
    host.ask(5.0, 1, &PredictOptions::default()).unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(300), "{:?}", begun.elapsed());
    assert_eq!(*host.script.ran.lock().unwrap(), [3, 1]);
}

/// Rows that each run had once callers were many and the size was learned.
fn learned(fixed_ms: u32, pair_ms: u32) -> (u32, Vec<usize>) {
    let host = host(BatchConfig { max_batch_size: 8, ..BatchConfig::default() }, 64);
    host.script.fixed_ms.store(fixed_ms, Ordering::SeqCst);
    host.script.pair_ms.store(pair_ms, Ordering::SeqCst);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| (0..12).for_each(|_| drop(host.ask(1.0, 1, &PredictOptions::default()).unwrap())));
        }
    });
    let ran = host.script.ran.lock().unwrap().clone();
    assert_eq!(ran.iter().sum::<usize>(), 16 * 12);
    (host.status().max_batch_size, ran)
}

#[test]
fn the_size_at_which_batches_pay_is_learned() {
    let (size, ran) = learned(4, 0);
    assert_eq!(size, 8, "{ran:?}");
    assert!(ran.iter().filter(|rows| **rows == 8).count() >= 8, "{ran:?}");
    // Eight rows take 64 times as long as one: they run one by one.
    let (size, ran) = learned(0, 2);
    assert_eq!(size, 1, "{ran:?}");
    assert!(ran.iter().filter(|rows| **rows > 1).count() <= 6, "{ran:?}");
}

#[test]
fn scaling_keeps_what_was_learned_and_loses_no_request() {
    let host = host(fixed(4), 64);
    host.script.fixed_ms.store(2, Ordering::SeqCst);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..40).for_each(|_| drop(host.ask(1.0, 1, &PredictOptions::default()).unwrap())));
        }
        for replicas in [2, 1, 3, 1] {
            host.noodle.call::<Scale>(ScaleInput { deployment: "m".into(), replicas }).unwrap();
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    assert_eq!(host.script.ran.lock().unwrap().iter().sum::<usize>(), 8 * 40);
    assert!(!host.status().sizes.is_empty());
}

#[test]
fn impossible_settings_are_refused_at_the_deploy() {
    let dir = tempfile::tempdir().unwrap();
    let noodle = Noodle::builder(dir.path().join("state")).open().unwrap();
    register(&noodle, dir.path(), &doubles());
    let deploy = |batching: BatchConfig| {
        noodle.call::<Deploy>(DeployInput { batching: Some(batching), ..DeployInput::new("m", "latest") })
    };
    let error = deploy(BatchConfig { max_batch_size: 0, ..BatchConfig::default() }).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some("batching/max_batch_size")));
    let padding = Padding { axis: "width".into(), values: BTreeMap::new(), multiple_of: 1 };
    let error = deploy(BatchConfig { padding: Some(padding), ..BatchConfig::default() }).unwrap_err();
    assert_eq!(error.get("field"), Some("batching/padding/axis"));
    assert_eq!(error.get("allowed"), Some("length"), "{error}");
    let info = |name| value_info(name, F32, &["1", "4"]);
    register(&noodle, dir.path(), &model(&[node("Add", &["x", "x"], &["y"], &[])], &[], &[info("x")], &[info("y")]));
    let error = deploy(BatchConfig::default()).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::Unsupported, Some("batching")), "{error}");
    assert!(noodle.call::<GetDeployment>(DeploymentRef { deployment: "m".into() }).is_err(), "nothing was recorded");
}

#[test]
fn a_real_model_answers_in_batches_as_it_does_alone() {
    let dir = tempfile::tempdir().unwrap();
    let noodle = Noodle::builder(dir.path()).open().unwrap();
    let path = format!("{}/../examples/models/langid-v2.onnx", env!("CARGO_MANIFEST_DIR"));
    let input = RegisterVersionInput { model: "m".into(), path, ..Default::default() };
    let spec = noodle.call::<RegisterVersion>(input).unwrap().signature.inputs[0].clone();
    noodle.call::<Deploy>(DeployInput::new("m", "latest")).unwrap();
    let texts: Vec<Vec<i32>> = (0..24).map(|n| (0..4096).map(|i| i * (n + 3) % 97 + 32).collect()).collect();
    let ask = |text: &[i32]| {
        let view = TensorView::new(&[1, 4096], text).unwrap();
        noodle.predict("m", &[(spec.name.as_str(), view)]).unwrap().into_outputs()[0]
            .as_slice::<f32>()
            .unwrap()
            .to_vec()
    };
    let alone: Vec<_> = texts.iter().map(|text| ask(text)).collect();
    noodle.call::<Deploy>(DeployInput { batching: Some(fixed(8)), ..DeployInput::new("m", "latest") }).unwrap();
    let together: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = texts.iter().map(|text| scope.spawn(|| ask(text))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for (a, b) in alone.iter().flatten().zip(together.iter().flatten()) {
        assert!((a - b).abs() <= 1e-5 + 1e-4 * a.abs(), "{a} {b}");
    }
    let view = noodle.call::<GetDeployment>(DeploymentRef { deployment: "m".into() }).unwrap();
    let status = view.replicas.values().last().unwrap().batching.clone().unwrap();
    assert!(status.batches < status.rows, "{status:?}");
}
