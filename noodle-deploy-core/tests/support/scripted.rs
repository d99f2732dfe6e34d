//! A model whose newer versions behave as a test says.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use noodle_deploy_core::engine::{Cancel, LoadOptions, LoadReport, Outputs, Runnable, Runtime, State};
use noodle_deploy_core::model::onnx::{Budgets, inspect};
use noodle_deploy_core::model::signature::Signature;
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::rng::SeededRng;
use noodle_deploy_core::tensor::{Tensor, TensorView};
use noodle_deploy_core::{Error, ErrorKind, Noodle, PredictOptions, Result, Settings};

use super::graph::*;

/// How the new version behaves; the old one always answers at once.
#[derive(Default)]
pub struct Script {
    runs: AtomicU64,
    /// Handles so far: each has a name of its own.
    opens: AtomicU64,
    /// Every so many runs of the new version fail; 0: none.
    pub fails_every: AtomicU32,
    pub micros: AtomicU32,
    /// Every so many answers of the new version are off by one; 0: none.
    pub differs_every: AtomicU32,
    /// Whether the new version fails whatever it is asked.
    pub broken: AtomicBool,
}

struct Scripted(Arc<Script>);
struct Loaded(Signature, bool, Arc<Script>);
struct Running(Arc<Loaded>);

impl Runtime for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn load(&self, artifact: &[u8], _: &LoadOptions) -> Result<Arc<dyn Runnable>> {
        let new = artifact.windows(5).any(|window| window == b"newer");
        Ok(Arc::new(Loaded(inspect(artifact, &Budgets::default())?.signature, new, self.0.clone())))
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
        LoadReport { engine: "scripted 1".into(), plan: "symbolic".into(), ..LoadReport::default() }
    }
}

impl State for Running {
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, _: &Cancel<'_>) -> Result<()> {
        let Loaded(_, new, script) = &*self.0;
        let x = inputs[0].into_slice::<f32>()?;
        if *new && script.broken.load(Ordering::SeqCst) {
            return Err(Error::new(ErrorKind::EngineFailed, "as the script says"));
        }
        let mut y = x.to_vec();
        // Probes, which are not a caller's ones, are answered by all.
        if *new && x == [1.0] {
            let run = script.runs.fetch_add(1, Ordering::SeqCst) + 1;
            let every = u64::from(script.fails_every.load(Ordering::SeqCst));
            if every > 0 && run % every == 0 {
                return Err(Error::new(ErrorKind::EngineFailed, "as the script says"));
            }
            let until = Instant::now() + Duration::from_micros(script.micros.load(Ordering::SeqCst).into());
            while Instant::now() < until {
                std::hint::spin_loop();
            }
            let every = u64::from(script.differs_every.load(Ordering::SeqCst));
            if every > 0 && run % every == 0 {
                y.iter_mut().for_each(|y| *y += 1.0);
            }
        }
        outputs.push(Tensor::new(inputs[0].shape(), y)?);
        Ok(())
    }
}

pub fn register(noodle: &Noodle, dir: &Path, name: &str) {
    let info = |name| value_info(name, F32, &["batch"]);
    let nodes = [node("Identity", &["x"], &[name], &[]), node("Identity", &[name], &["y"], &[])];
    let path = dir.join("model.onnx");
    std::fs::write(&path, model(&nodes, &[], &[info("x")], &[info("y")])).unwrap();
    let input = RegisterVersionInput { model: "m".into(), path: path.display().to_string(), ..Default::default() };
    noodle.call::<RegisterVersion>(input).unwrap();
}

pub fn open(dir: &Path, script: &Arc<Script>) -> Noodle {
    open_with(dir, script, Settings::default())
}

pub fn open_with(dir: &Path, script: &Arc<Script>, settings: Settings) -> Noodle {
    let settings = Settings { default_engine: Some("scripted".into()), poll_interval_ms: 20, ..settings };
    let engine = Arc::new(Scripted(script.clone()));
    // The same callers get the same arms in every run of a test: what it expects of chance has come true.
    let rng = Arc::new(SeededRng::new(20_261_126 + script.opens.fetch_add(1, Ordering::SeqCst)));
    Noodle::builder(dir.join("state")).settings(settings).engine(engine).rng(rng).open().unwrap()
}

/// Waits until version 1.0.0 answers everybody: a decision is in the log before the traffic has moved, by as long as it takes
/// to compute a table.
pub fn only_the_first_answers(noodle: &Noodle) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while (0..100).any(|_| !matches!(ask(noodle, None).as_deref(), Ok("1.0.0"))) {
        assert!(Instant::now() < deadline, "traffic did not move back");
    }
}

/// The version that answers a caller.
pub fn ask(noodle: &Noodle, key: Option<&str>) -> Result<String> {
    let view = TensorView::new(&[1], &[1.0_f32])?;
    let options = PredictOptions { key: key.map(str::to_owned), ..PredictOptions::default() };
    Ok(noodle.predict_with("m", &[("x", view)], &options)?.version().to_owned())
}
