//! A better and slower version gets a growing share of the traffic: held to the old one's speed it is taken back, allowed
//! to be slower it is shown to fail no more, and serves.
//!
//! `cargo run --example canary [DIRECTORY]`; without a directory it uses a temporary one.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::path::Path;

use noodle_deploy_core::machine::rollout::{AnalysisConfig, CanaryConfig, CanaryStep, Rollout};
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, DeploymentRef};
use noodle_deploy_core::ops::rollout::GetRollout;
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{Error, ErrorKind, Noodle, PredictOptions, Result, TensorView};

const USERS: u32 = 200;
/// The models look at the first bytes of a file; 256 stands for "no byte".
const WINDOW: usize = 8192;

fn main() -> Result<()> {
    match std::env::args_os().nth(1) {
        Some(dir) => run(Path::new(&dir)),
        None => {
            let dir = std::env::temp_dir().join(format!("noodle-canary-{}", std::process::id()));
            run(&dir)?;
            std::fs::remove_dir_all(dir)?;
            Ok(())
        }
    }
}

fn run(dir: &Path) -> Result<()> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/models");
    let noodle = Noodle::open(dir)?;
    for version in ["1.0.0", "2.0.0"] {
        let path = models.join(format!("langid-v{}.onnx", &version[..1])).display().to_string();
        let input = RegisterVersionInput { path, version: Some(version.into()), ..Default::default() };
        noodle.call::<RegisterVersion>(RegisterVersionInput { model: "langid".into(), ..input })?;
    }
    noodle.call::<Deploy>(DeployInput::new("langid", "1.0.0"))?;
    let source = std::fs::read(models.join("samples/hello.rs"))?;
    println!("no slower than 1.2 times: {}", told(&roll_out(&noodle, &source, 1.2)?));
    println!("up to 100 times:          {}", told(&roll_out(&noodle, &source, 100.0)?));
    let served = noodle.serving("langid", None)?;
    println!("{} serves", served.version);
    match served.version.as_str() {
        "2.0.0" => Ok(()),
        other => Err(Error::new(ErrorKind::Internal, "the wrong version serves").with("version", other)),
    }
}

/// Deploys version 2.0.0 by steps, and asks for all users until the rollout has ended.
fn roll_out(noodle: &Noodle, source: &[u8], latency_ratio: f64) -> Result<Rollout> {
    let steps = [2_000, 5_000].map(|weight| CanaryStep { min_requests: 50, ..CanaryStep::of(weight) }).to_vec();
    let analysis = AnalysisConfig { error_margin: 0.05, latency_ratio, ..AnalysisConfig::default() };
    let canary = Some(CanaryConfig { steps, analysis: Some(analysis) });
    noodle.call::<Deploy>(DeployInput { canary, ..DeployInput::new("langid", "2.0.0") })?;
    let mut bytes = vec![256i32; WINDOW];
    bytes.iter_mut().zip(source).for_each(|(to, &byte)| *to = byte.into());
    loop {
        for user in 0..USERS {
            // All requests of one user go to the same version while it lasts.
            let options = PredictOptions { key: Some(format!("user-{user}")), ..PredictOptions::default() };
            noodle.predict_with("langid", &[("bytes", TensorView::new(&[1, WINDOW], &bytes)?)], &options)?;
        }
        let rollout = noodle.call::<GetRollout>(DeploymentRef { deployment: "langid".into() })?.rollout;
        let rollout = rollout.ok_or_else(|| Error::new(ErrorKind::Internal, "no rollout was begun"))?;
        if !rollout.phase.is_under_way() {
            return Ok(rollout);
        }
    }
}

fn told(rollout: &Rollout) -> String {
    format!("{}: {}", rollout.phase.name(), rollout.reason)
}
