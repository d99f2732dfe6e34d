//! Tests of the C surface.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use super::{VERSION, need};
use crate::report::Skip;
use crate::run::{self, Result};
use crate::tree;

pub(crate) fn test() -> Result<(), Skip> {
    if !cfg!(unix) {
        return Err(Skip::Missing("this step compiles with a Unix compiler driver".into()));
    }
    need("cc")?;
    let dir = run::scratch("c")?;
    let libraries = run::target()?.join("debug");
    let shared = tree::built(&tree::shared_library("noodle_deploy"))?;
    let archive = tree::built("libnoodle_deploy.a")?;
    link(&dir.join("shared"), &shared, &[&format!("-Wl,-rpath,{}", libraries.display())])?;
    let system: &[&str] = if cfg!(target_os = "linux") {
        &["-lgcc_s", "-lm", "-ldl", "-lpthread"]
    } else {
        &["-framework", "CoreFoundation", "-framework", "Security"]
    };
    Ok(link(&dir.join("static"), &archive, system)?)
}

/// Compiles `tests/version.c` with one of the libraries, and runs it.
fn link(program: &Path, library: &Path, options: &[&str]) -> Result {
    let package = run::root().join("noodle-deploy-c");
    let mut command = Command::new("cc");
    command.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-I"]).arg(package.join("include"));
    command.arg(package.join("tests/version.c")).arg(library).args(options).arg("-o").arg(program);
    run::run(&mut command)?;
    run::run(Command::new(program).arg(VERSION))
}

/// Names that the shared library exports.
pub(crate) fn symbols() -> Result<BTreeSet<String>, Skip> {
    need("nm")?;
    let shared = tree::built(&tree::shared_library("noodle_deploy"))?;
    let listed = run::output(Command::new("nm").args(["--dynamic", "--defined-only"]).arg(shared))?;
    Ok(listed.lines().filter_map(|line| line.split_whitespace().nth(2)).map(str::to_owned).collect())
}
