//! The one build of everything: the whole workspace, all features, with the dependencies of the tests.
//!
//! Cargo compiles a dependency once for each set of features that a command selects. Every command here selects the
//! same, so that the expensive ones are compiled once.

use std::path::PathBuf;
use std::process::Command;

use crate::run::{self, Result};

const EVERYTHING: [&str; 7] =
    ["--workspace", "--all-features", "--lib", "--bins", "--examples", "--tests", "--benches"];

/// For a build against another interpreter than the usual one: what depends on it, and nothing else, is compiled beside
/// what was there and not in its place.
pub(crate) const OTHER_PYTHON: [&str; 2] = ["--config", "profile.dev.package.pyo3-ffi.opt-level=2"];

/// `cargo <verb>` over every package, target and feature.
pub(crate) fn everything(verb: &str) -> Command {
    let mut command = run::cargo(verb);
    command.args(EVERYTHING);
    command
}

pub(crate) fn build() -> Result {
    run::run(&mut everything("build"))
}

/// Where `build` leaves what it made.
pub(crate) fn debug() -> Result<PathBuf> {
    Ok(run::target()?.join("debug"))
}

/// A file that `build` left there.
pub(crate) fn built(name: &str) -> Result<PathBuf> {
    let path = debug()?.join(name);
    if path.exists() { Ok(path) } else { Err(format!("{} was not built", path.display())) }
}

/// File name of a shared library on this platform.
pub(crate) fn shared_library(name: &str) -> String {
    format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}

/// File name of a program on this platform.
pub(crate) fn program(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
