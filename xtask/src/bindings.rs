//! Runs the tests of the other languages against the libraries that cargo built.

use std::path::Path;
use std::process::Command;

use crate::report::Skip;
use crate::run::{self, Result};
use crate::{models, tree};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn need(program: &str) -> Result<(), Skip> {
    if run::has(program) { Ok(()) } else { Err(Skip::Missing(format!("{program} is not installed"))) }
}

pub(crate) fn python() -> Result<(), Skip> {
    need("python3")?;
    let module = if cfg!(windows) { "noodle_deploy.pyd" } else { "noodle_deploy.abi3.so" };
    let dir = run::scratch("python")?;
    run::copy(&tree::built(&tree::shared_library("noodle_deploy_py"))?, &dir.join(module))?;
    let mut command = Command::new(models::python()?);
    command.args(["-m", "unittest", "discover", "--start-directory", "tests", "--verbose"]);
    command.current_dir(run::root().join("noodle-deploy-py")).env("PYTHONPATH", &dir);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(run::run(&mut command)?)
}

pub(crate) fn node() -> Result<(), Skip> {
    need("node")?;
    let package = run::root().join("noodle-deploy-node");
    run::copy(&tree::built(&tree::shared_library("noodle_deploy_node"))?, &package.join("noodle_deploy.node"))?;
    Ok(run::run(Command::new("node").args(["--test", "test/"]).current_dir(package))?)
}

pub(crate) fn c() -> Result<(), Skip> {
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
