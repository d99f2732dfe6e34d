//! Which engine serves a deployment that names none: the fastest one that gives the right answers.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "engine-rten", feature = "store-sqlite", feature = "backend-local"))]

#[path = "support/graph.rs"]
mod graph;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph::*;
use noodle_deploy_core::engine::choice::{EngineChoice, EngineVerdict};
use noodle_deploy_core::engine::tract::TractRuntime;
use noodle_deploy_core::engine::{Cancel, LoadOptions, LoadReport, Outputs, Runnable, Runtime, State};
use noodle_deploy_core::model::signature::Signature;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, DeploymentRef, GetDeployment};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::tensor::{Data, Tensor, TensorView};
use noodle_deploy_core::{Error, ErrorKind, Noodle, Result, Settings};

/// What a planted engine does with tract's answers.
#[derive(Clone, Copy, PartialEq)]
enum Plant {
    /// Gives them out of a table, without running the model again.
    Recalls,
    /// Gives them out of a table, and one of them is off by a hundredth.
    RecallsWrongly,
    /// Gives them, late.
    Dawdles,
    /// Does not load anything.
    Refuses,
}

type Table = HashMap<Vec<u8>, Vec<Tensor>>;

struct Planted {
    plant: Plant,
    loads: Arc<AtomicU32>,
}

struct Loaded {
    plant: Plant,
    model: Arc<dyn Runnable>,
    table: Mutex<Table>,
}

struct Running {
    loaded: Arc<Loaded>,
    state: Box<dyn State>,
}

impl Runtime for Planted {
    fn name(&self) -> &'static str {
        "planted"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn load(&self, artifact: &[u8], options: &LoadOptions) -> Result<Arc<dyn Runnable>> {
        self.loads.fetch_add(1, Ordering::SeqCst);
        if self.plant == Plant::Refuses {
            return Err(Error::new(ErrorKind::Unsupported, "as the test says"));
        }
        let model = TractRuntime::new().load(artifact, options)?;
        Ok(Arc::new(Loaded { plant: self.plant, model, table: Mutex::default() }))
    }
}

impl Runnable for Loaded {
    fn signature(&self) -> &Signature {
        self.model.signature()
    }

    fn spawn(self: Arc<Self>) -> Result<Box<dyn State>> {
        let state = self.model.clone().spawn()?;
        Ok(Box::new(Running { loaded: self, state }))
    }

    fn memory_bytes(&self) -> u64 {
        self.model.memory_bytes()
    }

    fn report(&self) -> LoadReport {
        LoadReport { engine: "planted 1".into(), ..LoadReport::default() }
    }
}

impl State for Running {
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()> {
        let Data::Bytes(key) = inputs[0].data() else { panic!("bytes") };
        let mut table = self.loaded.table.lock().unwrap();
        if let Some(known) = table.get(key) {
            outputs.extend(known.iter().cloned());
            return Ok(());
        }
        self.state.run(inputs, outputs, cancel)?;
        match self.loaded.plant {
            Plant::Dawdles => std::thread::sleep(Duration::from_millis(5)),
            Plant::RecallsWrongly => {
                let mut off = outputs[0].as_slice::<f32>()?.to_vec();
                off[0] += 0.01;
                outputs[0] = Tensor::new(outputs[0].shape(), off)?;
                table.insert(key.to_vec(), outputs.to_vec());
            }
            _ => drop(table.insert(key.to_vec(), outputs.to_vec())),
        }
        Ok(())
    }
}

/// A model that takes an engine long enough for the table to be faster by far: y = x w w w …
fn heavy() -> Vec<u8> {
    const WIDTH: usize = 256;
    let weights: Vec<f32> = (0..WIDTH * WIDTH).map(|i| ((i * 7 % 13) as f32 - 6.0) / 1000.0).collect();
    let names: Vec<String> =
        (0..24).map(|n| if n == 0 { "x".into() } else { format!("h{n}") }).chain(["y".into()]).collect();
    let nodes: Vec<_> = names.windows(2).map(|pair| node("MatMul", &[&pair[0], "w"], &[&pair[1]], &[])).collect();
    let info = |name| value_info(name, F32, &["64", "256"]);
    model(&nodes, &[floats("w", &[WIDTH as i64, WIDTH as i64], &weights)], &[info("x")], &[info("y")])
}

/// Only rten has loops.
fn looping() -> Vec<u8> {
    let body = graph(
        &[node("Add", &["carried", "carried"], &["next"], &[]), node("Identity", &["condition"], &["on"], &[])],
        &[],
        &[value_info("i", I64, &[]), value_info("condition", BOOL, &[]), value_info("carried", F32, &["n"])],
        &[value_info("on", BOOL, &[]), value_info("next", F32, &["n"])],
    );
    let nodes = [node("Loop", &["trips", "", "x"], &["y"], &[Attr::Graph("body", body)])];
    let trips = tensor("trips", I64, &[], &5i64.to_le_bytes());
    model(&nodes, &[trips], &[value_info("x", F32, &["n"])], &[value_info("y", F32, &["n"])])
}

struct Host {
    noodle: Noodle,
    loads: Arc<AtomicU32>,
}

fn open(dir: &Path, plant: Plant, settings: Settings) -> Host {
    let loads = Arc::new(AtomicU32::new(0));
    let engine = Arc::new(Planted { plant, loads: loads.clone() });
    Host { noodle: Noodle::builder(dir).settings(settings).engine(engine).open().unwrap(), loads }
}

fn register(noodle: &Noodle, dir: &Path, file: &[u8]) -> PathBuf {
    let path = dir.with_extension("onnx");
    std::fs::write(&path, file).unwrap();
    let input =
        RegisterVersionInput { model: "m".into(), path: path.display().to_string(), ..RegisterVersionInput::default() };
    noodle.call::<RegisterVersion>(input).unwrap();
    path
}

fn deploy(noodle: &Noodle, engine: Option<&str>) -> LoadReport {
    let input = DeployInput { engine: engine.map(Into::into), ..DeployInput::new("m", "latest") };
    let view = noodle.call::<Deploy>(input).unwrap();
    view.replicas.values().last().unwrap().load.clone()
}

fn verdict(choice: &EngineChoice, engine: &str) -> EngineVerdict {
    choice.candidates.iter().find(|c| c.engine.starts_with(engine)).unwrap().verdict
}

/// Deploys the heavy model beside a planted engine.
fn choose(plant: Plant) -> (LoadReport, EngineChoice) {
    let dir = tempfile::tempdir().unwrap();
    let host = open(&dir.path().join("state"), plant, Settings::default());
    register(&host.noodle, &dir.path().join("model"), &heavy());
    let load = deploy(&host.noodle, None);
    let choice = load.choice.clone().unwrap();
    (load, choice)
}

#[test]
fn a_faster_engine_that_is_right_serves() {
    let (load, choice) = choose(Plant::Recalls);
    assert_eq!(load.engine, "planted 1", "{choice:?}");
    assert_eq!(verdict(&choice, "planted"), EngineVerdict::Chosen);
    assert_eq!(verdict(&choice, "tract"), EngineVerdict::Slower);
    assert!(choice.inputs >= 2, "{choice:?}");
    for candidate in &choice.candidates {
        assert!(candidate.median_us.is_some_and(|us| us > 0.0), "{candidate:?}");
    }
    assert_eq!(choice.candidates[0].engine, "tract 0.23.9");
    assert_eq!(choice.candidates[0].max_abs, None, "tract is the reference");
    assert_eq!(choice.candidates.last().unwrap().max_abs, Some(0.0), "{choice:?}");
}

#[test]
fn a_wrong_engine_never_serves() {
    let (load, choice) = choose(Plant::RecallsWrongly);
    assert_ne!(load.engine, "planted 1");
    assert_eq!(verdict(&choice, "planted"), EngineVerdict::Disagrees);
    let reason = choice.candidates.last().unwrap().reason.clone().unwrap();
    assert!(reason.contains("mismatches: 1 of") && reason.contains("output: y"), "{reason}");
}

#[test]
fn a_slower_engine_and_one_that_refuses_do_not_serve() {
    let (load, choice) = choose(Plant::Dawdles);
    assert_ne!(load.engine, "planted 1");
    assert_eq!(verdict(&choice, "planted"), EngineVerdict::Slower);
    let (load, choice) = choose(Plant::Refuses);
    assert_ne!(load.engine, "planted 1");
    assert_eq!(verdict(&choice, "planted"), EngineVerdict::Refused);
    assert!(choice.candidates.last().unwrap().reason.as_ref().unwrap().contains("as the test says"));
}

#[test]
fn an_engine_that_is_asked_for_serves() {
    let dir = tempfile::tempdir().unwrap();
    let host = open(&dir.path().join("state"), Plant::Recalls, Settings::default());
    register(&host.noodle, &dir.path().join("model"), &heavy());
    for engine in ["rten", "tract", "planted"] {
        let load = deploy(&host.noodle, Some(engine));
        assert!(load.engine.starts_with(engine), "{load:?}");
        assert_eq!(load.choice, None);
    }
    let settings = Settings { default_engine: Some("rten".into()), ..Settings::default() };
    let host = open(&dir.path().join("other"), Plant::Recalls, settings);
    register(&host.noodle, &dir.path().join("model"), &heavy());
    assert!(deploy(&host.noodle, None).engine.starts_with("rten"));
    let settings = Settings { default_engine: Some("abacus".into()), ..Settings::default() };
    let host = open(&dir.path().join("third"), Plant::Recalls, settings);
    register(&host.noodle, &dir.path().join("model"), &heavy());
    let error = host.noodle.call::<Deploy>(DeployInput::new("m", "latest")).unwrap_err();
    assert_eq!((error.kind(), error.get("value")), (ErrorKind::Unsupported, Some("abacus")));
}

#[test]
fn a_choice_is_remembered_until_the_file_is_lost_or_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    let shown = |host: &Host| {
        let view = host.noodle.call::<GetDeployment>(DeploymentRef { deployment: "m".into() }).unwrap();
        view.replicas.values().last().unwrap().load.choice.clone().unwrap()
    };
    let host = open(&state, Plant::Recalls, Settings::default());
    register(&host.noodle, &dir.path().join("model"), &heavy());
    let first = deploy(&host.noodle, None).choice.unwrap();
    assert!(!first.remembered);
    drop(host);
    let host = open(&state, Plant::Recalls, Settings::default());
    assert_eq!(shown(&host), EngineChoice { remembered: true, ..first.clone() });
    assert_eq!(host.loads.load(Ordering::SeqCst), 1, "only the chosen engine loads");
    drop(host);
    std::fs::write(state.join("engines.json"), "{\"entries\": [").unwrap();
    let host = open(&state, Plant::Recalls, Settings::default());
    assert!(!shown(&host).remembered);
    drop(host);
    std::fs::remove_file(state.join("engines.json")).unwrap();
    // A handle that only reads chooses anew and keeps nothing.
    let reader = open(&state, Plant::Recalls, Settings { read_only: true, ..Settings::default() });
    assert!(!shown(&reader).remembered);
    assert!(!state.join("engines.json").exists());
}

#[test]
fn what_only_one_engine_loads_is_served_by_it() {
    let dir = tempfile::tempdir().unwrap();
    let host = open(&dir.path().join("state"), Plant::Refuses, Settings::default());
    register(&host.noodle, &dir.path().join("model"), &looping());
    let load = deploy(&host.noodle, None);
    assert!(load.engine.starts_with("rten"), "{load:?}");
    let choice = load.choice.unwrap();
    assert_eq!(choice.reason, "the only engine that gives the right answers");
    assert_eq!(verdict(&choice, "tract"), EngineVerdict::Refused);
    assert!(choice.candidates[0].reason.as_ref().unwrap().contains("Loop"), "{choice:?}");
    let x = [1f32, 3.0];
    let answer = host.noodle.predict("m", &[("x", TensorView::new(&[2], &x).unwrap())]).unwrap();
    assert_eq!(answer.output("y").unwrap().as_slice::<f32>().unwrap(), [32.0, 96.0]);
}
