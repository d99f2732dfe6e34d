//! A crate outside the workspace that depends on the core by path, as an application would.

use std::process::Command;

use crate::run::{self, Result};

/// A debug build may be this many times slower than one with optimisation.
const MOST: f64 = 2.0;

pub(crate) fn check() -> Result {
    warning_says_what_to_paste()?;
    debug_is_near_release()
}

/// Compiles the core's build script and runs it as cargo would without the profile lines.
fn warning_says_what_to_paste() -> Result {
    let program = run::scratch("build-script")?.join("build");
    let source = run::root().join("noodle-deploy-core/build.rs");
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    run::run(command.args(["--edition", "2024", "-o"]).arg(&program).arg(source))?;
    let says =
        |level: &str| run::output(Command::new(&program).env("OPT_LEVEL", level).env_remove("CARGO_ENCODED_RUSTFLAGS"));
    let slow = says("0")?;
    let warnings: Vec<_> = slow.lines().filter(|line| line.starts_with("cargo::warning=")).collect();
    let [warning] = warnings[..] else { return Err(format!("wanted one warning, got:\n{slow}")) };
    for line in profile_lines()? {
        if !warning.contains(&line) {
            return Err(format!("the warning lacks `{line}`: {warning}"));
        }
    }
    if says("3")?.contains("warning") {
        return Err("the core warns though it is optimised".into());
    }
    println!("{warning}");
    Ok(())
}

/// The documented profile lines, as the outside crate has them.
fn profile_lines() -> Result<Vec<String>> {
    let manifest = run::read(&run::root().join("examples/outside/Cargo.toml"))?;
    let lines = manifest.lines().skip_while(|line| !line.starts_with("[profile.dev.package"));
    Ok(lines.take_while(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// Runs the outside crate in a debug build and with the application's own code optimised, and compares.
///
/// The profile lines already optimise all that lies below the application, so both builds share it.
fn debug_is_near_release() -> Result {
    let (debug, release) = (nanoseconds(false)?, nanoseconds(true)?);
    let times = debug / release;
    println!("one prediction: {debug:.0} ns in a debug build, {release:.0} ns optimised: {times:.2} times");
    if times <= MOST { Ok(()) } else { Err(format!("a debug build is {times:.2} times slower; {MOST} is allowed")) }
}

fn nanoseconds(optimised: bool) -> Result<f64> {
    let dir = run::root().join("examples/outside");
    // The workspace's lock file, so that every dependency is the one that is built already.
    run::copy(&run::root().join("Cargo.lock"), &dir.join("Cargo.lock"))?;
    let mut command = run::cargo("test");
    command.current_dir(&dir).args(["--config", "profile.dev.split-debuginfo='off'"]);
    command.env("CARGO_TARGET_DIR", run::target()?);
    if optimised {
        command.args(["--config", "profile.dev.opt-level=3", "--config", "profile.dev.debug-assertions=false"]);
    }
    let printed = run::output(command.args(["--", "--nocapture"]))?;
    let found = printed.lines().find_map(|line| line.split_once("nanoseconds per prediction: "));
    let (_, text) = found.ok_or_else(|| format!("the outside crate printed no time:\n{printed}"))?;
    text.trim().parse().map_err(|_| format!("`{text}` is not a time"))
}
