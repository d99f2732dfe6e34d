//! Every engine on every model, and what the automatic choice makes of it: time of a run beside ONNX Runtime's through
//! the same crate, answers compared with recorded ones.
//!
//! `NOODLE_MODELS_DIR` names a folder that has the models; `cargo xtask bench engines` fills one and finds ONNX
//! Runtime. `--quick` measures shortly, `--only NAME` one model, `--write` puts the result into `benches/RESULTS.md`.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use noodle_deploy_core::engine::Runtime;
use noodle_deploy_core::engine::ort::OrtRuntime;
use noodle_deploy_core::engine::rten::RtenRuntime;
use noodle_deploy_core::engine::tract::TractRuntime;

#[path = "engines/automatic.rs"]
mod automatic;
#[path = "engines/case.rs"]
mod case;
#[path = "engines/direct.rs"]
mod direct;
#[path = "../tests/support/recorded.rs"]
mod recorded;
#[path = "engines/report.rs"]
mod report;
#[path = "engines/results.rs"]
mod results;
#[path = "engines/turns.rs"]
mod turns;

use case::{Case, MODELS, THREADS};
use report::Row;
use turns::Effort;

/// For one comparison.
const WHOLE: Effort = Effort { time: Duration::from_secs(6), rounds: 5 };
const QUICK: Effort = Effort { time: Duration::from_millis(600), rounds: 2 };

struct Arguments {
    quick: bool,
    write: bool,
    only: Option<String>,
}

fn arguments() -> Result<Arguments, String> {
    let mut found = Arguments { quick: false, write: false, only: None };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--quick" => found.quick = true,
            "--write" => found.write = true,
            "--only" => found.only = Some(given.next().ok_or("--only needs the name of a model")?),
            // Cargo says what the program is started for.
            "--bench" => {}
            other => return Err(format!("unexpected argument `{other}`; allowed: --quick, --write, --only NAME")),
        }
    }
    if let Some(name) = found.only.as_deref().filter(|name| MODELS.iter().all(|model| model.name != *name)) {
        let allowed = MODELS.map(|model| model.name).join(", ");
        return Err(format!("--only: `{name}` is no model of the bench; allowed: {allowed}"));
    }
    if found.write && (found.quick || found.only.is_some()) {
        return Err("--write takes a whole run: without --quick and --only".to_owned());
    }
    Ok(found)
}

fn main() -> Result<(), String> {
    let arguments = arguments()?;
    let Some(dir) = std::env::var_os("NOODLE_MODELS_DIR").map(PathBuf::from) else {
        return Err("NOODLE_MODELS_DIR is not set; `cargo xtask bench engines` sets it".to_owned());
    };
    // The first that loads a model opens the library; without one there is nothing to compare with.
    let engines: [Arc<dyn Runtime>; 3] =
        [Arc::new(TractRuntime::new()), Arc::new(RtenRuntime::new()), Arc::new(OrtRuntime::new())];
    if engines[2].version() == "without a library" {
        return Err(format!("no ONNX Runtime library in {:?}", OrtRuntime::search()));
    }
    let effort = if arguments.quick { QUICK } else { WHOLE };
    let models = MODELS.iter().filter(|model| arguments.only.as_deref().is_none_or(|only| only == model.name));
    let before = results::load();
    let (mut rows, mut absent) = (Vec::new(), Vec::new());
    for model in models {
        let path = dir.join(format!("{}.onnx", model.name));
        if !path.is_file() {
            absent.push(model.name);
            continue;
        }
        let artifact = Arc::new(std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?);
        for threads in THREADS {
            for case in model.cases(&artifact, threads) {
                rows.push(measure(&engines, &case, effort)?);
            }
        }
    }
    let machine = results::machine(&engines, &before);
    let text = report::markdown(&rows, &absent, &machine);
    println!("\n{text}");
    if arguments.write {
        results::write(&text)?;
    }
    Ok(())
}

/// First the engines by themselves, then what a deploy chooses: never more models in memory than one comparison needs.
fn measure(engines: &[Arc<dyn Runtime>], case: &Case, effort: Effort) -> Result<Row, String> {
    let direct = direct::measure(engines, case, effort);
    let automatic = automatic::measure(engines, case, effort).map_err(|e| format!("{}: {e}", case.title()))?;
    let row = Row { model: case.model, title: case.title(), threads: case.threads, direct, automatic };
    eprintln!("{} ({} MB at most)", row.line(), results::peak_megabytes());
    Ok(row)
}
