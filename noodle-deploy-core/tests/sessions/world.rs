//! Models with state on tract, behind a gate that the test opens and closes.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use noodle_deploy_core::clock::ManualClock;
use noodle_deploy_core::engine::tract::TractRuntime;
use noodle_deploy_core::engine::{Cancel, LoadOptions, LoadReport, Outputs, Runnable, Runtime, State};
use noodle_deploy_core::error::{Error, ErrorKind, Result};
use noodle_deploy_core::machine::session::{CarriedTensor, StateConfig};
use noodle_deploy_core::model::signature::Signature;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, DeploymentRef, DeploymentView, GetDeployment};
use noodle_deploy_core::ops::monitor::{DeploymentFilter, GetMetrics, RevisionMetrics};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{Noodle, Prediction, Session, SessionOptions, Settings, Tensor, TensorView};

use crate::support::graph::{Attr, F32, floats, model, node, value_info};

/// What the engine does next. Shared by every loaded model.
#[derive(Default)]
pub struct Script {
    pub runs: AtomicU32,
    /// So many runs fail.
    pub fails: AtomicU32,
    /// A run waits while this is set; it looks at its cancel flag meanwhile.
    pub closed: AtomicBool,
    pub running: AtomicU32,
    pub most_running: AtomicU32,
}

struct Gated(Arc<Script>);
struct Loaded(Arc<dyn Runnable>, Arc<Script>);
struct Running(Box<dyn State>, Arc<Script>);

impl Runtime for Gated {
    fn name(&self) -> &'static str {
        "gated"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn load(&self, artifact: &[u8], options: &LoadOptions) -> Result<Arc<dyn Runnable>> {
        Ok(Arc::new(Loaded(TractRuntime::new().load(artifact, options)?, self.0.clone())))
    }
}

impl Runnable for Loaded {
    fn signature(&self) -> &Signature {
        self.0.signature()
    }

    fn spawn(self: Arc<Self>) -> Result<Box<dyn State>> {
        Ok(Box::new(Running(self.0.clone().spawn()?, self.1.clone())))
    }

    fn memory_bytes(&self) -> u64 {
        self.0.memory_bytes()
    }

    fn report(&self) -> LoadReport {
        self.0.report()
    }
}

impl State for Running {
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()> {
        let script = &self.1;
        script.runs.fetch_add(1, Ordering::SeqCst);
        let now = script.running.fetch_add(1, Ordering::SeqCst) + 1;
        script.most_running.fetch_max(now, Ordering::SeqCst);
        let mut result = Ok(());
        while result.is_ok() && script.closed.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
            result = cancel.check();
        }
        script.running.fetch_sub(1, Ordering::SeqCst);
        result?;
        if script.fails.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok() {
            return Err(Error::new(ErrorKind::EngineFailed, "as the script says"));
        }
        self.0.run(inputs, outputs, cancel)
    }
}

/// h_next = h · decay + x and y = h_next · factor, each of `[batch, 4]`.
pub fn recurrent(decay: f32, factor: f32) -> Vec<u8> {
    model(
        &[
            node("Mul", &["h", "d"], &["kept"], &[]),
            node("Add", &["kept", "x"], &["h_next"], &[]),
            node("Mul", &["h_next", "f"], &["y"], &[]),
        ],
        &[floats("d", &[1], &[decay]), floats("f", &[1], &[factor])],
        &[value_info("x", F32, &["batch", "4"]), value_info("h", F32, &["batch", "4"])],
        &[value_info("y", F32, &["batch", "4"]), value_info("h_next", F32, &["batch", "4"])],
    )
}

/// seen_next = seen ‖ x along the first axis, and y = its sum: what is carried grows by a row a call.
pub fn growing() -> Vec<u8> {
    model(
        &[
            node("Concat", &["seen", "x"], &["seen_next"], &[Attr::Int("axis", 0)]),
            node("ReduceSum", &["seen_next"], &["y"], &[Attr::Int("keepdims", 1)]),
        ],
        &[],
        &[value_info("x", F32, &["1", "4"]), value_info("seen", F32, &["rows", "4"])],
        &[value_info("y", F32, &["1", "1"]), value_info("seen_next", F32, &["more", "4"])],
    )
}

pub fn carries(output: &str, input: &str, shape: &[u32]) -> StateConfig {
    let one = CarriedTensor { output: output.into(), input: input.into(), shape: Some(shape.to_vec()) };
    StateConfig { carried: vec![one], ..StateConfig::default() }
}

/// A deploy of a version of [`recurrent`] with its state.
pub fn with_state(deployment: &str, version: &str) -> DeployInput {
    DeployInput { state: Some(carries("h_next", "h", &[1, 4])), ..DeployInput::new(deployment, version) }
}

pub struct World {
    pub script: Arc<Script>,
    pub clock: Arc<ManualClock>,
    pub noodle: Noodle,
    pub dir: tempfile::TempDir,
}

pub fn settings() -> Settings {
    Settings {
        default_engine: Some("gated".into()),
        poll_interval_ms: 10,
        workers: 2,
        keep_warm: 0,
        ..Settings::default()
    }
}

pub fn open(dir: &Path, script: &Arc<Script>, clock: &Arc<ManualClock>, settings: Settings) -> Noodle {
    let builder = Noodle::builder(dir.join("state")).settings(settings).clock(clock.clone());
    builder.engine(Arc::new(Gated(script.clone()))).open().unwrap()
}

impl World {
    pub fn with(settings: Settings) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (script, clock) = (Arc::<Script>::default(), Arc::new(ManualClock::new(1_000_000)));
        let noodle = open(dir.path(), &script, &clock, settings);
        World { script, clock, noodle, dir }
    }

    /// `m` with the versions 1.0.0 to 3.0.0, which sum up and multiply by their number; the first one is deployed.
    pub fn new() -> Self {
        let world = World::with(settings());
        for n in 1..=3u8 {
            world.register("m", &format!("{n}.0.0"), &recurrent(1.0, f32::from(n)));
        }
        world.deploy(with_state("m", "1.0.0")).unwrap();
        world
    }

    pub fn register(&self, model: &str, version: &str, bytes: &[u8]) {
        let path = self.dir.path().join(format!("{model}-{version}.onnx"));
        std::fs::write(&path, bytes).unwrap();
        let input = RegisterVersionInput {
            model: model.into(),
            path: path.display().to_string(),
            version: Some(version.into()),
            ..RegisterVersionInput::default()
        };
        self.noodle.call::<RegisterVersion>(input).unwrap();
    }

    pub fn deploy(&self, input: DeployInput) -> Result<DeploymentView> {
        self.noodle.call::<Deploy>(input)
    }

    pub fn view(&self, deployment: &str) -> DeploymentView {
        self.noodle.call::<GetDeployment>(DeploymentRef { deployment: deployment.into() }).unwrap()
    }

    pub fn session(&self, deployment: &str) -> Session {
        self.noodle.session(deployment, &SessionOptions::default()).unwrap()
    }

    pub fn metrics(&self, deployment: &str, revision: u32) -> RevisionMetrics {
        let filter = DeploymentFilter { deployment: Some(deployment.into()) };
        let mut report = self.noodle.call::<GetMetrics>(filter).unwrap();
        let all = report.deployments.remove(deployment).unwrap();
        all.into_iter().find(|metrics| metrics.revision == revision).unwrap()
    }
}

pub fn row(x: f32) -> Tensor {
    Tensor::new(&[1, 4], vec![x; 4]).unwrap()
}

/// One call with a row of one number; the number that comes out.
pub fn say(session: &Session, x: f32) -> Result<f32> {
    session.predict(&[("x", row(x).view())]).map(|answer| first(&answer))
}

pub fn first(answer: &Prediction) -> f32 {
    answer.output("y").unwrap().as_slice::<f32>().unwrap()[0]
}

pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
