//! Third-party models from public package registries, and the Python environment that fetches them.

use std::path::PathBuf;
use std::process::Command;

use crate::args::Args;
use crate::report::{Skip, forbid_skips};
use crate::run::{self, Result};

/// Version of the onnx package whose node tests the engines take.
const ONNX: &str = "1.23.2";

/// Version of the package whose library is the engine `ort` in tests.
const ONNXRUNTIME: &str = "1.32.0";

pub(crate) fn main(mut args: Args) -> Result {
    let more: Vec<&str> = ["--minilm", "--graphs"].into_iter().filter(|flag| args.flag(flag)).collect();
    args.done()?;
    fetch(&more)
}

/// Fetches what is not there yet. MiniLM is 84 MB more and its graph is built here; so are 552 MB of graphs with drawn
/// weights.
pub(crate) fn fetch(more: &[&str]) -> Result {
    let dir = dir();
    let mut command = Command::new(python()?);
    command.arg(run::root().join("tools/models/fetch.py")).arg("--dest").arg(&dir).args(more);
    run::run(&mut command)?;
    println!("NOODLE_MODELS_DIR={}", dir.display());
    Ok(())
}

/// Fetches what the tests need: everything, where none may be skipped.
pub(crate) fn fetch_or_skip() -> Result<(), Skip> {
    if !run::has("python3") {
        return Err(Skip::Missing("python3 is not installed".into()));
    }
    fetch(if forbid_skips() { &["--minilm"] } else { &[] })?;
    Ok(write_operators()?)
}

/// The Python environment with onnx and ONNX Runtime.
const OPERATORS: &str = "operators-venv";

/// The ONNX standard's node tests as files, written once for a version of the onnx package.
fn write_operators() -> Result {
    let dir = operators();
    if dir.join("done").exists() {
        return Ok(());
    }
    let python = environment("python3", OPERATORS)?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run::run(
        Command::new(&python).args(install).args([format!("onnx=={ONNX}"), format!("onnxruntime=={ONNXRUNTIME}")]),
    )?;
    run::remove(&dir)?;
    run::run(Command::new(&python).arg(run::root().join("tools/operators/export.py")).arg("--dest").arg(&dir))?;
    run::write(&dir.join("done"), "")
}

fn operators() -> PathBuf {
    run::cache().join(format!("operators-{ONNX}-{ONNXRUNTIME}"))
}

/// Tells a test where the fetched models lie, those that are there.
pub(crate) fn known_to(command: &mut Command) -> &mut Command {
    let environment = run::cache().join(OPERATORS);
    let known = [("NOODLE_MODELS_DIR", dir()), ("NOODLE_OPERATORS_DIR", operators()), ("VIRTUAL_ENV", environment)];
    for (name, dir) in known {
        if dir.exists() {
            command.env(name, dir);
        }
    }
    command
}

/// Where fetched models lie.
pub(crate) fn dir() -> PathBuf {
    std::env::var_os("NOODLE_MODELS_DIR").map_or_else(|| run::cache().join("models"), PathBuf::from)
}

/// The interpreter that fetches models and runs tests.
pub(crate) fn python() -> Result<PathBuf> {
    environment("python3", "venv")
}

/// The interpreter of a virtual environment under the cache directory, made by another one when it is not there.
pub(crate) fn environment(by: &str, name: &str) -> Result<PathBuf> {
    let dir = run::cache().join(name);
    let python = dir.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let works = |python: &PathBuf| run::output(Command::new(python).args(["-m", "pip", "--version"])).is_ok();
    if !python.exists() || !works(&python) {
        run::remove(&dir)?;
        run::run(Command::new(by).args(["-m", "venv"]).arg(&dir))?;
    }
    Ok(python)
}
