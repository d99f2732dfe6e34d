//! Deploys that are tuned, on an engine whose times the test sets.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "store-sqlite", feature = "backend-local"))]

#[path = "support/graph.rs"]
mod graph;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph::*;
use noodle_deploy_core::engine::{Cancel, LoadOptions, LoadReport, Outputs, Runnable, Runtime, State};
use noodle_deploy_core::machine::state::Revision;
use noodle_deploy_core::machine::tuning::{Aim, Tuning};
use noodle_deploy_core::model::onnx::{Budgets, inspect};
use noodle_deploy_core::model::signature::Signature;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, DeploymentView};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::tensor::{Tensor, TensorView};
use noodle_deploy_core::{BatchConfig, ErrorKind, Noodle, Result, Settings};

/// A run sleeps `fixed_us`, and `row_us` for each row; threads share that, replicas take turns where `alone` holds.
#[derive(Default)]
struct Script {
    fixed_us: u32,
    row_us: u32,
    alone: bool,
    turn: Mutex<()>,
    runs: AtomicU32,
}

struct Sleeping(Arc<Script>);
struct Loaded(Signature, Arc<Script>, u32);
struct Running(Arc<Loaded>);

impl Runtime for Sleeping {
    fn name(&self) -> &'static str {
        "sleeping"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn load(&self, artifact: &[u8], options: &LoadOptions) -> Result<Arc<dyn Runnable>> {
        let signature = inspect(artifact, &Budgets::default())?.signature;
        Ok(Arc::new(Loaded(signature, self.0.clone(), options.threads as u32)))
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
        LoadReport { engine: "sleeping 1".into(), plan: "symbolic".into(), ..LoadReport::default() }
    }
}

impl State for Running {
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, _: &Cancel<'_>) -> Result<()> {
        let Loaded(_, script, threads) = &*self.0;
        script.runs.fetch_add(1, Ordering::SeqCst);
        let rows = inputs[0].shape()[0] as u32;
        let _turn = script.alone.then(|| script.turn.lock().unwrap());
        std::thread::sleep(Duration::from_micros((script.fixed_us + script.row_us * rows).div_ceil(*threads).into()));
        outputs.push(inputs[0].to_tensor()?);
        Ok(())
    }
}

struct Host {
    noodle: Noodle,
    script: Arc<Script>,
    _dir: tempfile::TempDir,
}

fn host(script: Script, first_axis: &str) -> Host {
    let dir = tempfile::tempdir().unwrap();
    let script = Arc::new(script);
    let settings = Settings { default_engine: Some("sleeping".into()), ..Settings::default() };
    let engine = Arc::new(Sleeping(script.clone()));
    let noodle = Noodle::builder(dir.path().join("state")).settings(settings).engine(engine).open().unwrap();
    let info = |name| value_info(name, F32, &[first_axis, "4"]);
    let path = dir.path().join("model.onnx");
    let file = model(&[node("Identity", &["x"], &["y"], &[])], &[], &[info("x")], &[info("y")]);
    std::fs::write(&path, file).unwrap();
    let input = RegisterVersionInput { model: "m".into(), path: path.display().to_string(), ..Default::default() };
    noodle.call::<RegisterVersion>(input).unwrap();
    Host { noodle, script, _dir: dir }
}

impl Host {
    fn deploy(&self, aim: Aim, change: impl FnOnce(&mut DeployInput)) -> Result<DeploymentView> {
        let mut input = DeployInput { tune: Some(aim), ..DeployInput::new("m", "latest") };
        change(&mut input);
        self.noodle.call::<Deploy>(input)
    }
}

fn newest(view: &DeploymentView) -> (&Revision, &Tuning) {
    let revision = view.desired.revisions.last().unwrap();
    (revision, revision.tuning.as_ref().unwrap())
}

fn cores() -> u32 {
    std::thread::available_parallelism().map_or(1, usize::from) as u32
}

#[test]
fn batches_that_pay_are_turned_on_and_replicas_fill_the_machine() {
    let host = host(Script { fixed_us: 4_000, row_us: 100, ..Script::default() }, "batch");
    let view = host.deploy(Aim::Throughput, |_| {}).unwrap();
    let (revision, tuning) = newest(&view);
    let best = &tuning.cases[tuning.chosen as usize];
    assert_eq!((revision.threads, view.desired.replicas), (best.threads, best.replicas));
    assert_eq!(revision.batching.as_ref().unwrap().max_batch_size, best.rows);
    assert!(best.rows >= 16, "{tuning:#?}");
    assert_eq!(best.threads * best.replicas, cores());
    assert!(best.rows_per_second > 0.0 && best.latency_us > 1_000.0 && !tuning.remembered, "{tuning:#?}");
    // What was measured serves.
    let x = Tensor::new(&[1, 4], vec![1f32; 4]).unwrap();
    let answer = host.noodle.predict("m", &[("x", x.view())]).unwrap();
    assert_eq!(answer.output("y").unwrap().as_slice::<f32>().unwrap(), [1.0; 4]);
}

#[test]
fn batches_that_do_not_pay_stay_off() {
    let host = host(Script { row_us: 10_000, ..Script::default() }, "batch");
    let view = host.deploy(Aim::Throughput, |_| {}).unwrap();
    let (revision, tuning) = newest(&view);
    assert_eq!((revision.batching.as_ref(), tuning.cases[tuning.chosen as usize].rows), (None, 1), "{tuning:#?}");
    // Asked for all the same, they are as large as pays: not at all.
    let view = host.deploy(Aim::Throughput, |input| input.batching = Some(BatchConfig::default())).unwrap();
    assert_eq!(newest(&view).0.batching.as_ref().unwrap().max_batch_size, 1);
}

#[test]
fn replicas_that_wait_for_each_other_give_way_to_threads() {
    let host = host(Script { fixed_us: 4_000, alone: true, ..Script::default() }, "4");
    let view = host.deploy(Aim::Throughput, |_| {}).unwrap();
    let (revision, tuning) = newest(&view);
    assert_eq!((revision.threads, view.desired.replicas), (cores(), 1), "{tuning:#?}");
    assert!(revision.batching.is_none(), "the model has no batch axis");
}

#[test]
fn latency_takes_the_threads_that_help() {
    let host = host(Script { fixed_us: 6_000, ..Script::default() }, "batch");
    let view = host.deploy(Aim::Latency, |_| {}).unwrap();
    let (revision, tuning) = newest(&view);
    assert_eq!((revision.threads, view.desired.replicas), (cores(), 1), "{tuning:#?}");
    assert!(tuning.cases.iter().all(|case| case.rows == 1) && revision.batching.is_none());
}

#[test]
fn what_the_deploy_says_stays_and_what_was_measured_is_remembered() {
    let host = host(Script { fixed_us: 1_000, ..Script::default() }, "batch");
    let given = |input: &mut DeployInput| {
        (input.threads, input.replicas) = (2, Some(3));
        input.batching = Some(BatchConfig { max_batch_size: 4, max_delay_us: 7, ..BatchConfig::default() });
    };
    let view = host.deploy(Aim::Throughput, given).unwrap();
    let (revision, tuning) = newest(&view);
    assert_eq!((revision.threads, view.desired.replicas), (2, 3));
    let batching = revision.batching.as_ref().unwrap();
    assert_eq!((batching.max_batch_size, batching.max_delay_us), (4, 7), "{tuning:#?}");
    assert!(tuning.cases.iter().all(|case| (case.threads, case.replicas) == (2, 3)));
    let (before, first) = (host.script.runs.load(Ordering::SeqCst), tuning.clone());
    let view = host.deploy(Aim::Throughput, given).unwrap();
    let (_, tuning) = newest(&view);
    assert_eq!(*tuning, Tuning { remembered: true, ..first });
    assert!(host.script.runs.load(Ordering::SeqCst) - before < 8, "it was measured again");
}

#[test]
fn impossible_wishes_are_refused_before_anything_is_measured() {
    let host = host(Script::default(), "4");
    let error = host.deploy(Aim::Latency, |input| input.threads = 0).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some("threads")), "{error}");
    let error = host.deploy(Aim::Latency, |input| input.replicas = Some(0)).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some("replicas")), "{error}");
    let error = host.deploy(Aim::Throughput, |input| input.batching = Some(BatchConfig::default())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert_eq!(host.script.runs.load(Ordering::SeqCst), 0);
}
