//! An engine that counts, and a directory with versions that are told apart by their answers.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use noodle_deploy_core::engine::{Cancel, LoadOptions, LoadReport, Outputs, Runnable, Runtime, State};
use noodle_deploy_core::error::{Error, ErrorKind, Result};
use noodle_deploy_core::machine::cache::CacheConfig;
use noodle_deploy_core::model::onnx::{Budgets, inspect};
use noodle_deploy_core::model::signature::Signature;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput};
use noodle_deploy_core::ops::monitor::{CacheMetrics, DeploymentFilter, GetMetrics};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::tensor::{Tensor, TensorView};
use noodle_deploy_core::{Noodle, PredictOptions, Prediction, Settings};

use crate::support::tiny::scaled;

/// What the engine does next. Shared by every loaded model.
#[derive(Default)]
pub struct Script {
    pub runs: AtomicU32,
    pub panics: AtomicU32,
    pub fails: AtomicU32,
    /// A run waits until the gate opens; it looks at its cancel flag meanwhile.
    pub closed: AtomicBool,
    pub running: AtomicU32,
}

pub struct Counting {
    pub script: Arc<Script>,
    pub name: &'static str,
}

struct Loaded {
    signature: Signature,
    script: Arc<Script>,
    name: &'static str,
    /// Stands for the artifact in the answers: its length.
    mark: f32,
}

struct Running(Arc<Loaded>);

impl Runtime for Counting {
    fn name(&self) -> &'static str {
        self.name
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn load(&self, artifact: &[u8], _: &LoadOptions) -> Result<Arc<dyn Runnable>> {
        let signature = inspect(artifact, &Budgets::default())?.signature;
        let (script, name) = (self.script.clone(), self.name);
        Ok(Arc::new(Loaded { signature, script, name, mark: artifact.len() as f32 }))
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
        0
    }

    fn report(&self) -> LoadReport {
        LoadReport { engine: format!("{} 1", self.name), ..LoadReport::default() }
    }
}

fn take(counter: &AtomicU32) -> bool {
    counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok()
}

impl State for Running {
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()> {
        let script = &self.0.script;
        script.runs.fetch_add(1, Ordering::SeqCst);
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
        assert!(!take(&script.panics), "as the script says");
        if take(&script.fails) {
            return Err(Error::new(ErrorKind::EngineFailed, "as the script says"));
        }
        let data = inputs[0].into_slice::<f32>()?.iter().map(|x| x * self.0.mark).collect();
        outputs.push(Tensor::new(inputs[0].shape(), data)?);
        Ok(())
    }
}

/// The file of a version; `n` makes it longer.
pub fn file(n: u32) -> Vec<u8> {
    scaled(1.0, n as usize)
}

pub fn mark(n: u32) -> f32 {
    file(n).len() as f32
}

pub fn settings() -> Settings {
    Settings {
        default_engine: Some("counting".into()),
        failures_to_error: 1_000,
        poll_interval_ms: 10,
        ..Settings::default()
    }
}

pub fn open_with(dir: &Path, script: &Arc<Script>, settings: Settings) -> Noodle {
    let engine = |name| Arc::new(Counting { script: script.clone(), name });
    let builder = Noodle::builder(dir.join("state")).settings(settings);
    builder.engine(engine("counting")).engine(engine("other")).open().unwrap()
}

pub fn open(dir: &Path, script: &Arc<Script>) -> Noodle {
    open_with(dir, script, settings())
}

/// Registers version `n.0.0` of `m` with the file of `like`.
pub fn register_as(noodle: &Noodle, dir: &Path, n: u32, like: u32) {
    let path = dir.join(format!("{n}-{like}.onnx"));
    std::fs::write(&path, file(like)).unwrap();
    let input = RegisterVersionInput {
        model: "m".into(),
        path: path.display().to_string(),
        version: Some(format!("{n}.0.0")),
        ..RegisterVersionInput::default()
    };
    noodle.call::<RegisterVersion>(input).unwrap();
}

pub fn register(noodle: &Noodle, dir: &Path, n: u32) {
    register_as(noodle, dir, n, n);
}

pub fn try_deploy(noodle: &Noodle, n: u32, cache: CacheConfig) -> Result<()> {
    let input =
        DeployInput { model: Some("m".into()), cache: Some(cache), ..DeployInput::new("d", format!("{n}.0.0")) };
    noodle.call::<Deploy>(input).map(drop)
}

pub fn deploy(noodle: &Noodle, n: u32, cache: CacheConfig) {
    try_deploy(noodle, n, cache).unwrap();
}

/// A directory with versions 1 and 2, the first one deployed; runs are counted from here on.
pub fn ready(cache: CacheConfig) -> (tempfile::TempDir, Arc<Script>, Noodle) {
    let dir = tempfile::tempdir().unwrap();
    let script = Arc::<Script>::default();
    let noodle = open(dir.path(), &script);
    register(&noodle, dir.path(), 1);
    register(&noodle, dir.path(), 2);
    deploy(&noodle, 1, cache);
    script.runs.store(0, Ordering::SeqCst);
    (dir, script, noodle)
}

pub fn ask_with(noodle: &Noodle, x: f32, options: &PredictOptions) -> Result<Prediction> {
    let data = [x, 1.0, 2.0, 3.0];
    noodle.predict_with("d", &[("x", TensorView::new(&[1, 4], &data)?)], options)
}

pub fn ask(noodle: &Noodle, x: f32) -> Result<Prediction> {
    ask_with(noodle, x, &PredictOptions::default())
}

/// What version `n` answers.
pub fn answer(n: u32, x: f32) -> Tensor {
    let mark = mark(n);
    Tensor::new(&[1, 4], vec![x * mark, mark, 2.0 * mark, 3.0 * mark]).unwrap()
}

/// Asks, and checks that the answer is that of version `n`.
pub fn expect(noodle: &Noodle, x: f32, n: u32) {
    let found = ask(noodle, x).unwrap();
    assert_eq!(found.version(), format!("{n}.0.0"));
    assert!(*found.output("y").unwrap() == answer(n, x));
}

pub fn metrics(noodle: &Noodle) -> CacheMetrics {
    let report = noodle.call::<GetMetrics>(DeploymentFilter { deployment: Some("d".into()) }).unwrap();
    report.deployments["d"][0].cache.clone().expect("the newest revision has a cache")
}

pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
