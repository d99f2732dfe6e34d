//! A directory with a deployment whose versions are told apart by their answers, and processes that use it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, Promote, PromoteInput, Rollback, RollbackInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::{Noodle, Prediction, Result, TensorView};

use crate::support::tiny::scaled;

pub const DEPLOYMENT: &str = "d";
const INPUT: [f32; 4] = [1.0, 2.0, 3.0, 4.0];

/// Microseconds since 1970: one clock for all processes of a machine.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as u64
}

/// The model file whose answers are `factor` times the input.
pub fn file(directory: &Path, factor: u32) -> PathBuf {
    let path = directory.join(format!("{factor}.onnx"));
    std::fs::write(&path, scaled(factor as f32, 0)).unwrap();
    path
}

/// Version `n.0.0` multiplies by `n`: registers two, serves the first and keeps the second ready beside it.
pub fn make(noodle: &Noodle, files: &Path) {
    for factor in [1, 2] {
        let path = file(files, factor).to_str().unwrap().to_owned();
        let input = RegisterVersionInput { model: "m".into(), path, ..Default::default() };
        noodle.call::<RegisterVersion>(input).unwrap();
    }
    deploy(noodle, "1.0.0", Strategy::Immediate).unwrap();
    deploy(noodle, "2.0.0", Strategy::BlueGreen).unwrap();
}

pub fn deploy(noodle: &Noodle, version: &str, strategy: Strategy) -> Result<()> {
    let input =
        DeployInput { model: Some("m".into()), strategy: Some(strategy), ..DeployInput::new(DEPLOYMENT, version) };
    noodle.call::<Deploy>(input).map(drop)
}

pub fn promote(noodle: &Noodle, version: &str) -> Result<()> {
    let input = PromoteInput { deployment: DEPLOYMENT.into(), version: Some(version.into()) };
    noodle.call::<Promote>(input).map(drop)
}

pub fn rollback(noodle: &Noodle) -> Result<()> {
    let input = RollbackInput { deployment: DEPLOYMENT.into(), version: None, reason: None };
    noodle.call::<Rollback>(input).map(drop)
}

pub fn predict(noodle: &Noodle) -> Result<Prediction> {
    noodle.predict(DEPLOYMENT, &[("x", TensorView::new(&[1, 4], &INPUT)?)])
}

/// The major version of an answer, whose numbers must be those of the version that it claims.
pub fn major(answer: &Prediction) -> std::result::Result<u32, String> {
    let claimed: u32 = answer.version().split('.').next().and_then(|n| n.parse().ok()).ok_or("no version")?;
    let found = answer.output("y").and_then(|y| y.as_slice::<f32>()).map_err(|e| e.to_string())?;
    let fits = found.iter().zip(INPUT).all(|(y, x)| *y == x * claimed as f32) && found.len() == INPUT.len();
    if fits { Ok(claimed) } else { Err(format!("{} answers {found:?}", answer.version())) }
}

pub fn spawn(what: &str, state: &Path, said: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env("NOODLE_PROCESSES_CHILD", what)
        .env("NOODLE_PROCESSES_STATE", state)
        .stdin(Stdio::null())
        .stdout(std::fs::OpenOptions::new().create(true).append(true).open(said).unwrap())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

/// Says a line that is out when this returns, since the process may be killed at any time.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\n> {line}\n").as_bytes()).and_then(|()| out.flush()).unwrap();
}

/// What a process has said, without a torn last line.
pub fn said(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().filter_map(|line| line.strip_prefix("> ")).map(str::to_owned).collect()
}

pub fn wait_for(what: &str, limit: Duration, mut met: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !met() {
        assert!(begun.elapsed() < limit, "{what}: not within {limit:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
    begun.elapsed()
}

pub fn child() {
    let Ok(what) = std::env::var("NOODLE_PROCESSES_CHILD") else { return };
    let state = PathBuf::from(std::env::var_os("NOODLE_PROCESSES_STATE").unwrap());
    match what.as_str() {
        "predict" => super::fleet::child(&state),
        "lead" => super::lease::child(&state),
        "deploy" => super::orphans::child(&state),
        "count" => super::traffic::child(&state, 30, false),
        "count-on" => super::traffic::child(&state, 20, true),
        other => panic!("{other} is no child"),
    }
}
