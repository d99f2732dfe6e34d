//! An engine that takes the memory, and the time, that the test says.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use noodle_deploy_core::backends::ReplicaStatus;
use noodle_deploy_core::clock::ManualClock;
use noodle_deploy_core::engine::{Cancel, LoadOptions, LoadReport, Outputs, Reservation, Runnable, Runtime, State};
use noodle_deploy_core::error::{Error, ErrorKind, Result};
use noodle_deploy_core::machine::residency::Loading;
use noodle_deploy_core::model::onnx::{Budgets, inspect};
use noodle_deploy_core::model::signature::Signature;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, DeploymentRef, DeploymentView, GetDeployment};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{Noodle, PredictOptions, Prediction, ResidencyStatus, Settings, Tensor, TensorView};

use crate::support::tiny::scaled;

/// Bytes that every loaded model takes, and how many of them fit.
pub const SIZE: u64 = 1 << 20;
pub const FIT: u64 = 2;

/// What the engine does. Shared by every loaded model.
#[derive(Default)]
pub struct Script {
    pub loads: AtomicU32,
    /// A load waits while this is set.
    pub slow: AtomicBool,
    pub loading: AtomicU32,
    pub most_loading: AtomicU32,
    /// So many loads fail.
    pub fails: AtomicU32,
    /// A run waits while this is set.
    pub closed: AtomicBool,
    pub running: AtomicU32,
}

struct Scripted(Arc<Script>);
struct Loaded {
    signature: Signature,
    script: Arc<Script>,
    /// The factor of the model: it stands at the end of the file's name for its constant.
    factor: f32,
    reserved: Mutex<Reservation>,
}
struct Running(Arc<Loaded>);

/// Where the file keeps its padding: its length is the factor.
fn factor_of(artifact: &[u8]) -> f32 {
    artifact.iter().rev().take_while(|byte| **byte == b'p').count() as f32
}

impl Runtime for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn load(&self, artifact: &[u8], options: &LoadOptions) -> Result<Arc<dyn Runnable>> {
        let script = &self.0;
        let reserved = Mutex::new(options.budget.reserve(SIZE)?);
        script.loads.fetch_add(1, Ordering::SeqCst);
        let now = script.loading.fetch_add(1, Ordering::SeqCst) + 1;
        script.most_loading.fetch_max(now, Ordering::SeqCst);
        while script.slow.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        script.loading.fetch_sub(1, Ordering::SeqCst);
        if script.fails.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok() {
            return Err(Error::new(ErrorKind::InvalidModel, "as the script says"));
        }
        let signature = inspect(artifact, &Budgets::default())?.signature;
        Ok(Arc::new(Loaded { signature, script: script.clone(), factor: factor_of(artifact), reserved }))
    }
}

impl Runnable for Loaded {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn spawn(self: Arc<Self>) -> Result<Box<dyn State>> {
        Ok(Box::new(Running(self)))
    }

    fn memory_bytes(&self) -> u64 {
        self.reserved.lock().unwrap().bytes()
    }

    fn report(&self) -> LoadReport {
        LoadReport { engine: "scripted 1".into(), memory_bytes: self.memory_bytes(), ..LoadReport::default() }
    }
}

impl State for Running {
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()> {
        let script = &self.0.script;
        script.running.fetch_add(1, Ordering::SeqCst);
        let result = loop {
            if !script.closed.load(Ordering::SeqCst) {
                break Ok(());
            }
            if let Err(error) = cancel.check() {
                break Err(error);
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        script.running.fetch_sub(1, Ordering::SeqCst);
        result?;
        let y: Vec<f32> = inputs[0].to_tensor()?.as_slice::<f32>()?.iter().map(|x| x * self.0.factor).collect();
        outputs.push(Tensor::new(inputs[0].shape(), y)?);
        Ok(())
    }
}

pub fn settings() -> Settings {
    Settings {
        default_engine: Some("scripted".into()),
        default_loading: Loading::OnDemand,
        memory_budget_bytes: Some(FIT * SIZE + SIZE / 2),
        poll_interval_ms: 10,
        max_queue: 2,
        workers: 4,
        ..Settings::default()
    }
}

pub struct World {
    pub script: Arc<Script>,
    pub clock: Arc<ManualClock>,
    pub noodle: Noodle,
    pub dir: tempfile::TempDir,
}

pub fn open_with(dir: &Path, script: &Arc<Script>, clock: &Arc<ManualClock>, settings: Settings) -> Noodle {
    let builder = Noodle::builder(dir.join("state")).settings(settings).clock(clock.clone());
    builder.engine(Arc::new(Scripted(script.clone()))).open().unwrap()
}

impl World {
    pub fn new() -> Self {
        World::with(settings())
    }

    pub fn with(settings: Settings) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (script, clock) = (Arc::<Script>::default(), Arc::new(ManualClock::new(1_000_000)));
        let noodle = open_with(dir.path(), &script, &clock, settings);
        World { script, clock, noodle, dir }
    }

    /// Registers version `n` of a model, whose answer is `n` times the input.
    pub fn register(&self, model: &str, n: usize) {
        let path = self.dir.path().join(format!("{model}-{n}.onnx"));
        std::fs::write(&path, scaled(n as f32, n)).unwrap();
        let input = RegisterVersionInput {
            model: model.into(),
            path: path.display().to_string(),
            version: Some(format!("{n}.0.0")),
            ..RegisterVersionInput::default()
        };
        self.noodle.call::<RegisterVersion>(input).unwrap();
    }

    pub fn deploy(&self, input: DeployInput) -> Result<DeploymentView> {
        self.noodle.call::<Deploy>(input)
    }

    /// A model of its own for each name, told by its factor, deployed a second apart.
    pub fn deployed(names: &[&str]) -> Self {
        let world = World::new();
        for (n, name) in names.iter().enumerate() {
            world.register(name, n + 1);
            world.deploy(DeployInput::new(*name, "latest")).unwrap();
            world.clock.advance(Duration::from_secs(1));
        }
        world
    }

    pub fn ask(&self, name: &str, n: usize) {
        answered(&ask_with(&self.noodle, name, &PredictOptions::default()).unwrap(), n);
        self.clock.advance(Duration::from_secs(1));
    }

    pub fn status(&self, name: &str) -> ReplicaStatus {
        let view = self.noodle.call::<GetDeployment>(DeploymentRef { deployment: name.into() }).unwrap();
        view.replicas.into_values().next_back().unwrap()
    }

    pub fn residency(&self, name: &str) -> ResidencyStatus {
        self.status(name).residency.unwrap()
    }

    pub fn loaded(&self, names: &[&str]) -> Vec<bool> {
        names.iter().map(|name| self.residency(name).loaded).collect()
    }

    pub fn loads(&self) -> u32 {
        self.script.loads.load(Ordering::SeqCst)
    }
}

pub fn ask_with(noodle: &Noodle, name: &str, options: &PredictOptions) -> Result<Prediction> {
    noodle.predict_with(name, &[("x", TensorView::new(&[1, 4], &[1.0f32, 2.0, 3.0, 4.0])?)], options)
}

pub fn answered(answer: &Prediction, n: usize) {
    let y = answer.output("y").unwrap().as_slice::<f32>().unwrap();
    assert_eq!(y, [1.0, 2.0, 3.0, 4.0].map(|x| x * n as f32));
}

pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
