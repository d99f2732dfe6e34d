//! `cargo xtask faults`: every file operation of a program fails once, is the last one before a kill, and is the
//! moment of a power loss. The preload library and its model of a disk are in `xtask/shim/`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::args::Args;
use crate::json::Json;
use crate::models;
use crate::report::Skip;
use crate::run::{self, Result};
use crate::scenario::{Fault, Mode, Scenario};

const USAGE: &str = "\
usage: cargo xtask faults [--program COMMAND [--verify COMMAND]] [--modes LIST] [--seeds N] [--step K] [--at N] [--jobs N]
       cargo xtask faults --self-test

  --program   a command that works in the empty directory {dir}, one process; it prints what must survive
  --verify    a command that exits with 0 if {dir} is legal and holds what {out}, the file with what the
              program printed, says
  --modes     some of fail, full, kill, powerloss (default: all)
  --seeds     variants of each power loss: what survives besides what was synced (default 4)
  --step      every K-th operation only (default 1)
  --at        this operation only
  --jobs      how many at a time (default: one for each core)

Without --program the child of the crash test runs: `<test binary> --exact child --nocapture` with NOODLE_CRASH_CHILD
naming the directory, and then `--exact verify` with NOODLE_CRASH_VERIFY naming it and NOODLE_CRASH_OUT naming the file
with what the child printed. Other programs get these variables as well.";

pub(crate) fn main(mut args: Args) -> Result {
    if args.flag("--help") {
        println!("{USAGE}");
        return Ok(());
    }
    if args.flag("--self-test") {
        args.done()?;
        return self_test().map_err(|skip| match skip {
            Skip::Missing(message) | Skip::Error(message) => message,
        });
    }
    let program = args.option("--program")?;
    let verify = args.option("--verify")?;
    let modes = args.option("--modes")?.unwrap_or_else(|| "fail,full,kill,powerloss".to_owned());
    let modes = parse_modes(&modes, args.number("--seeds")?.unwrap_or(4))?;
    let step = args.number("--step")?.unwrap_or(1).max(1);
    let at = args.number("--at")?;
    let jobs = args.number("--jobs")?;
    args.done()?;
    let shim = build_shim()?;
    let scenario = match program {
        Some(program) => Scenario { program, verify },
        None => crash_test()?,
    };
    let count = scenario.count(&shim, &run::scratch("faults/count")?)?;
    println!("{count} file operations without a fault");
    let places: Vec<u64> = at.map_or_else(|| (1..=count).step_by(step as usize).collect(), |at| vec![at]);
    let faults: Vec<Fault> = modes.iter().flat_map(|&mode| places.iter().map(move |&at| Fault { mode, at })).collect();
    let bad = run_all(&scenario, &shim, &faults, jobs)?;
    for (fault, why) in &bad {
        println!("\n{}\n{why}", fault.shown());
    }
    println!("{} faults, {} bad", faults.len(), bad.len());
    if bad.is_empty() { Ok(()) } else { Err(format!("{} of {} faults left a bad directory", bad.len(), faults.len())) }
}

fn parse_modes(list: &str, seeds: u64) -> Result<Vec<Mode>> {
    let mut modes = Vec::new();
    for name in list.split(',') {
        match name {
            "fail" => modes.push(Mode::Fail { errno: "EIO", sticky: false }),
            "full" => modes.push(Mode::Fail { errno: "ENOSPC", sticky: true }),
            "kill" => modes.push(Mode::Kill),
            "powerloss" => modes.extend((0..seeds).map(|seed| Mode::PowerLoss { seed })),
            other => return Err(format!("--modes: `{other}` is none of fail, full, kill, powerloss")),
        }
    }
    Ok(modes)
}

/// Runs the scenario under each fault; returns those that ended badly, with the reason.
fn run_all(scenario: &Scenario, shim: &Path, faults: &[Fault], jobs: Option<u64>) -> Result<Vec<(Fault, String)>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = jobs.map_or(cores, |jobs| jobs.max(1) as usize);
    let (next, bad) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let places: Vec<PathBuf> = (0..jobs).map(|job| run::scratch(&format!("faults/{job}"))).collect::<Result<_>>()?;
    std::thread::scope(|scope| {
        for place in &places {
            scope.spawn(|| {
                while let Some(&fault) = faults.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(why) = scenario.run(shim, place, fault) {
                        bad.lock().expect("no thread panics").push((fault, why));
                    }
                }
            });
        }
    });
    Ok(bad.into_inner().expect("no thread panics"))
}

fn build_shim() -> Result<PathBuf> {
    if !cfg!(target_os = "linux") {
        return Err("fault injection needs Linux: it preloads a library over libc".into());
    }
    let source = run::root().join("xtask/shim/faults.c");
    let library = run::scratch("shim")?.join("faults.so");
    let mut command = Command::new("cc");
    command.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&library).arg(source);
    run::run(command.args(["-ldl", "-lpthread"]))?;
    Ok(library)
}

/// The child and the verdict of `noodle-deploy-core/tests/crash.rs`.
fn crash_test() -> Result<Scenario> {
    let mut command = run::cargo("test");
    command.args(["--workspace", "--all-features", "--test", "crash", "--no-run", "--message-format=json"]);
    for line in run::output(&mut command)?.lines() {
        let message = Json::parse(line)?;
        let is_crash = message.get("target").and_then(|target| target.text("name")) == Some("crash");
        if let (true, Some(program)) = (is_crash, message.text("executable")) {
            return Ok(Scenario {
                program: format!("'{program}' --exact child --nocapture"),
                verify: Some(format!("'{program}' --exact verify --nocapture")),
            });
        }
    }
    Err("cargo built no test program named `crash`".into())
}

/// Proves the preload library: SQLite and well-ordered file writes survive everything, and a power loss shows the same
/// programs without their syncs.
pub(crate) fn self_test() -> Result<(), Skip> {
    if !cfg!(target_os = "linux") || !run::has("cc") || !run::has("python3") {
        return Err(Skip::Missing("this step needs Linux, cc and python3".into()));
    }
    let shim = build_shim()?;
    let script = run::root().join("xtask/shim/selftest.py");
    let python = models::python()?;
    let command = format!("'{}' '{}'", python.display(), script.display());
    for (style, sound, step) in
        [("files", true, 1), ("files-nosync", false, 1), ("sqlite", true, 5), ("sqlite-nosync", false, 5)]
    {
        let scenario = Scenario {
            program: format!("{command} run {style} {{dir}}"),
            verify: Some(format!("{command} verify {style} {{dir}} {{out}}")),
        };
        let count = scenario.count(&shim, &run::scratch("faults/count")?)?;
        let modes = if sound { "fail,full,kill,powerloss" } else { "powerloss" };
        let modes = parse_modes(modes, if sound { 4 } else { 1 })?;
        let places = (1..=count).step_by(step);
        let faults: Vec<_> = places.flat_map(|at| modes.iter().map(move |&mode| Fault { mode, at })).collect();
        let bad = run_all(&scenario, &shim, &faults, None)?;
        println!("{style}: {count} file operations, {} faults, {} bad", faults.len(), bad.len());
        match bad.first() {
            Some((fault, why)) if sound => return Err(Skip::Error(format!("{style}: {}: {why}", fault.shown()))),
            None if !sound => return Err(Skip::Error(format!("{style}: a missing sync was not shown"))),
            _ => {}
        }
    }
    Ok(())
}
