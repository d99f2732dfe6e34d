//! `cargo xtask fuzz`: runs the fuzz targets with cargo-fuzz, on the stable compiler.
//!
//! The corpora under `fuzz/corpus/` are replayed by `noodle-deploy-core/tests/fuzz_corpus.rs` in every test run. A run
//! here reads them and writes what it finds under the cache directory, so that the committed ones stay small; copy a
//! file over to keep it.

use std::path::PathBuf;
use std::process::Command;

use crate::args::Args;
use crate::run::{self, Result};

pub(crate) fn main(mut args: Args) -> Result {
    let seconds = args.number("--seconds")?.unwrap_or(60);
    let named = args.name();
    args.done()?;
    let targets = targets()?;
    let chosen: Vec<String> = match named {
        Some(name) if targets.contains(&name) => vec![name],
        Some(name) => return Err(format!("`{name}` is no fuzz target; there are {}", targets.join(", "))),
        None => targets,
    };
    let tool = cargo_fuzz()?;
    for target in chosen {
        let found = run::cache().join("fuzz").join(&target);
        let committed = run::root().join("fuzz/corpus").join(&target);
        run::create(&found)?;
        let mut command = Command::new(&tool);
        command.args(["fuzz", "run", &target]).arg(&found).arg(committed).current_dir(run::root());
        command.arg("--").arg(format!("-max_total_time={seconds}")).args(["-timeout=20", "-rss_limit_mb=4096"]);
        // The sanitised tree has a place of its own, which `cargo clean` and other profiles leave alone.
        command.env("CARGO_TARGET_DIR", run::cache().join("fuzz-target"));
        run::run(command.env("RUSTC_BOOTSTRAP", "1"))?;
    }
    Ok(())
}

/// Names of the files in `fuzz/fuzz_targets/`.
fn targets() -> Result<Vec<String>> {
    let dir = run::root().join("fuzz/fuzz_targets");
    let entries = std::fs::read_dir(&dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    let stems = entries.flatten().filter_map(|entry| entry.path().file_stem().map(|stem| stem.to_owned()));
    let mut names: Vec<_> = stems.map(|stem| stem.to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

/// cargo-fuzz from the cache directory, installed there when it is missing.
fn cargo_fuzz() -> Result<PathBuf> {
    let dir = run::cache().join("tools");
    let tool = dir.join(if cfg!(windows) { "bin/cargo-fuzz.exe" } else { "bin/cargo-fuzz" });
    if !tool.exists() {
        let mut command = run::cargo("install");
        run::run(command.args(["cargo-fuzz", "--locked", "--root"]).arg(&dir))?;
    }
    Ok(tool)
}
