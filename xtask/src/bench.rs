//! `cargo xtask bench`: criterion benchmarks under the profile in which sizes and overheads are stated.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::args::Args;
use crate::run::{self, Result};
use crate::{bindings, compare, models, tree};

/// Benches that measure as long as they are told.
const TIMED: [&str; 2] = ["batching", "overload"];

pub(crate) fn main(mut args: Args) -> Result {
    let name = args.name();
    let profile = args.option("--profile")?.unwrap_or_else(|| "dist".into());
    if name.as_deref() == Some("engines") {
        return engines(args, &profile);
    }
    if name.as_deref() == Some("compare") {
        return compare::main(args, &profile);
    }
    let seconds = args.option("--seconds")?;
    if seconds.is_some() && !name.as_deref().is_some_and(|name| TIMED.contains(&name)) {
        return Err(format!("--seconds goes with one of {}", TIMED.join(", ")));
    }
    args.done()?;
    if name.as_deref() == Some("c") {
        return c(&profile);
    }
    let mut command = cargo(&profile);
    match name {
        Some(name) => command.args(["--bench", &name]),
        None => command.arg("--benches"),
    };
    if let Some(seconds) = seconds {
        command.args(["--", "--seconds", &seconds]);
    }
    run::run(&mut command)
}

fn cargo(profile: &str) -> Command {
    let mut command = run::cargo("bench");
    command.args(["--profile", profile, "--workspace", "--all-features"]);
    command
}

/// Every engine on every model, beside ONNX Runtime: that of `ORT_DYLIB_PATH` or the active Python environment, else
/// one of our own.
fn engines(mut args: Args, profile: &str) -> Result {
    let mut passed: Vec<String> =
        ["--quick", "--write"].into_iter().filter(|flag| args.flag(flag)).map(Into::into).collect();
    if let Some(model) = args.option("--only")? {
        passed.extend(["--only".into(), model]);
    }
    args.done()?;
    models::fetch(&["--minilm", "--graphs"])?;
    let mut command = cargo(profile);
    command.args(["--bench", "engines", "--"]).args(passed).env("NOODLE_MODELS_DIR", models::dir());
    if ["ORT_DYLIB_PATH", "VIRTUAL_ENV"].iter().all(|name| std::env::var_os(name).is_none()) {
        command.env("ORT_DYLIB_PATH", onnxruntime()?);
    }
    run::run(&mut command)
}

/// What a prediction costs through C over the same one in Rust, and beside the same one through ONNX Runtime.
fn c(profile: &str) -> Result {
    let mut command = run::cargo("build");
    command.args(["--package", "noodle-deploy-c", "--features", "testing", "--profile", profile]);
    run::run(&mut command)?;
    let built = run::target()?.join(if profile == "dev" { "debug" } else { profile });
    let dir = run::scratch("bench-c")?;
    crate::package::c::lay_out(&dir.join("prefix"), &built)?;
    let models = run::root().join("conformance/models");
    run::run(Command::new(compiled(&dir, "overhead")?).arg(&models).arg(run::scratch("bench-c-state")?))?;
    let mut command = Command::new(compiled(&dir, "peers")?);
    command.arg(&models).arg(run::root().join("examples/models")).arg(run::scratch("bench-c-state")?);
    run::run(command.arg(onnxruntime()?))
}

/// A program of `noodle-deploy-c/benches`.
fn compiled(dir: &Path, name: &str) -> Result<PathBuf> {
    let (package, lib, program) = (run::root().join("noodle-deploy-c"), dir.join("prefix/lib"), dir.join(name));
    let mut command = Command::new("cc");
    command.args(["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-I"]).arg(package.join("include"));
    command.arg(package.join("benches").join(format!("{name}.c")));
    command.arg(lib.join(tree::shared_library("noodle_deploy"))).arg(format!("-Wl,-rpath,{}", lib.display()));
    run::run(command.args(["-lm", "-ldl", "-o"]).arg(&program))?;
    Ok(program)
}

/// The shared library in ONNX Runtime's package for Python.
fn onnxruntime() -> Result<PathBuf> {
    const FIND: &str = "\
import importlib.util, pathlib
folder = pathlib.Path(importlib.util.find_spec('onnxruntime').origin).parent / 'capi'
print(next(path for path in sorted(folder.iterdir()) if path.name.startswith('libonnxruntime.')))
";
    let found = run::output(Command::new(bindings::python_environment()?).args(["-c", FIND]))?;
    Ok(found.trim().into())
}
