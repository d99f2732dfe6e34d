//! A better and slower version answers a copy of the traffic that nobody hears: what it would change is counted, it
//! is shown to fail no more, and then somebody lets it serve.
//!
//! `cargo run --example shadow [DIRECTORY]`; without a directory it uses a temporary one.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::path::Path;
use std::time::Duration;

use noodle_deploy_core::machine::rollout::{AnalysisConfig, CanaryConfig, CanaryStep, Rollout, RolloutPhase};
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, DeploymentRef};
use noodle_deploy_core::ops::rollout::{AdvanceRollout, GetRollout, RolloutInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::{Error, ErrorKind, Noodle, Result, TensorView};

/// The models look at the first bytes of a file; 256 stands for "no byte".
const WINDOW: usize = 1024;

fn main() -> Result<()> {
    match std::env::args_os().nth(1) {
        Some(dir) => run(Path::new(&dir)),
        None => {
            let dir = std::env::temp_dir().join(format!("noodle-shadow-{}", std::process::id()));
            run(&dir)?;
            std::fs::remove_dir_all(dir)?;
            Ok(())
        }
    }
}

fn run(dir: &Path) -> Result<()> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/models");
    let noodle = Noodle::open(dir)?;
    let labels: Vec<String> = serde_json::from_slice(&std::fs::read(models.join("langid.labels.json"))?)
        .map_err(|e| Error::new(ErrorKind::Corrupt, "no labels").source(e))?;
    for version in ["1.0.0", "2.0.0"] {
        let path = models.join(format!("langid-v{}.onnx", &version[..1])).display().to_string();
        let (version, labels) = (Some(version.into()), Some(labels.clone()));
        let input = RegisterVersionInput { model: "langid".into(), path, version, labels, ..Default::default() };
        noodle.call::<RegisterVersion>(input)?;
    }
    noodle.call::<Deploy>(DeployInput::new("langid", "1.0.0"))?;
    let rollout = in_shadow(&noodle, &windows(&models.join("samples"))?)?;
    println!("{}: {}", rollout.phase.name(), rollout.reason);
    if rollout.phase != RolloutPhase::Gated {
        return Err(Error::new(ErrorKind::Internal, "the shadow does not wait for anybody"));
    }
    noodle.call::<AdvanceRollout>(RolloutInput { deployment: "langid".into(), reason: Some("looks right".into()) })?;
    let served = noodle.serving("langid", None)?;
    println!("{} serves", served.version);
    match served.version.as_str() {
        "2.0.0" => Ok(()),
        other => Err(Error::new(ErrorKind::Internal, "the wrong version serves").with("version", other)),
    }
}

/// The first bytes of each file of a directory.
fn windows(samples: &Path) -> Result<Vec<Vec<i32>>> {
    let mut windows = Vec::new();
    for entry in std::fs::read_dir(samples)? {
        let mut window = vec![256; WINDOW];
        let source = std::fs::read(entry?.path())?;
        window.iter_mut().zip(source).for_each(|(to, byte)| *to = byte.into());
        windows.push(window);
    }
    Ok(windows)
}

/// Lets half of the requests run a second time on version 2.0.0, until there is a verdict.
fn in_shadow(noodle: &Noodle, windows: &[Vec<i32>]) -> Result<Rollout> {
    let step = CanaryStep { min_requests: 50, gate: true, ..CanaryStep::in_shadow(5_000) };
    let analysis = AnalysisConfig { error_margin: 0.05, ..AnalysisConfig::default() };
    let canary = Some(CanaryConfig { steps: vec![step], analysis: Some(analysis) });
    let strategy = Some(Strategy::Shadow);
    noodle.call::<Deploy>(DeployInput { strategy, canary, ..DeployInput::new("langid", "2.0.0") })?;
    loop {
        for window in windows {
            let answer = noodle.predict("langid", &[("bytes", TensorView::new(&[1, WINDOW], window)?)])?;
            if answer.version() != "1.0.0" {
                return Err(Error::new(ErrorKind::Internal, "somebody heard the shadow"));
            }
        }
        // The shadow runs when nothing else does, on a quarter of one processor.
        std::thread::sleep(Duration::from_millis(20));
        let rollout = noodle.call::<GetRollout>(DeploymentRef { deployment: "langid".into() })?.rollout;
        let rollout = rollout.ok_or_else(|| Error::new(ErrorKind::Internal, "no rollout was begun"))?;
        if rollout.phase != RolloutPhase::Analysing {
            return Ok(rollout);
        }
    }
}
