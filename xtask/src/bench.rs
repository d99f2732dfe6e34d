//! `cargo xtask bench`: criterion benchmarks under the profile in which sizes and overheads are stated.

use std::process::Command;

use crate::args::Args;
use crate::run::{self, Result};
use crate::tree;

pub(crate) fn main(mut args: Args) -> Result {
    let name = args.name();
    let profile = args.option("--profile")?.unwrap_or_else(|| "dist".into());
    args.done()?;
    if name.as_deref() == Some("c") {
        return c(&profile);
    }
    let mut command = run::cargo("bench");
    command.args(["--profile", &profile, "--workspace", "--all-features"]);
    match name {
        Some(name) => command.args(["--bench", &name]),
        None => command.arg("--benches"),
    };
    run::run(&mut command)
}

/// What a prediction costs through C over the same one in Rust.
fn c(profile: &str) -> Result {
    let mut command = run::cargo("build");
    command.args(["--package", "noodle-deploy-c", "--features", "testing", "--profile", profile]);
    run::run(&mut command)?;
    let built = run::target()?.join(if profile == "dev" { "debug" } else { profile });
    let (dir, package) = (run::scratch("bench-c")?, run::root().join("noodle-deploy-c"));
    crate::package::c::lay_out(&dir.join("prefix"), &built)?;
    let (program, lib) = (dir.join("overhead"), dir.join("prefix/lib"));
    let mut command = Command::new("cc");
    command.args(["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-I"]).arg(package.join("include"));
    command.arg(package.join("benches/overhead.c")).arg(lib.join(tree::shared_library("noodle_deploy")));
    command.arg(format!("-Wl,-rpath,{}", lib.display())).arg("-o").arg(&program);
    run::run(&mut command)?;
    run::run(Command::new(program).arg(run::root().join("conformance/models")).arg(run::scratch("bench-c-state")?))
}
