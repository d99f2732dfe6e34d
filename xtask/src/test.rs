//! `cargo xtask test`: every test, in every language.

use crate::args::Args;
use crate::report::{Report, Skip};
use crate::run::{self, Result};
use crate::{bindings, editor, examples, faults, models, outside, package, parity, tree};

type Step = fn() -> Result<(), Skip>;

pub(crate) fn main(mut args: Args) -> Result {
    let quick = args.flag("--quick");
    let only = args.name();
    args.done()?;
    let steps: [(&'static str, Step); 11] = [
        ("models", models::fetch_or_skip),
        ("build", || Ok(tree::build()?)),
        ("rust", || Ok(rust()?)),
        ("examples", || Ok(examples::run()?)),
        ("python", bindings::python),
        ("node", bindings::node),
        ("c", bindings::c),
        ("parity", parity::check),
        ("faults", faults::self_test),
        ("packages", package::check),
        ("outside", || Ok(outside::check()?)),
    ];
    // A part of another step, too much to install for every run, or in need of an interpreter that few machines have.
    let alone: [(&'static str, Step); 4] = [
        ("operators", operators),
        ("torch", bindings::torch),
        ("free-threaded", bindings::free_threaded),
        ("editor", editor::test),
    ];
    let chosen: Vec<_> = match &only {
        _ if quick => steps.into_iter().filter(|(name, _)| *name == "rust").collect(),
        // A step runs what the build left.
        Some(only) => steps.into_iter().chain(alone).filter(|(name, _)| ["build", only].contains(name)).collect(),
        None => steps.to_vec(),
    };
    if let Some(only) = only
        && !steps.iter().chain(&alone).any(|(name, _)| *name == only)
    {
        let names: Vec<_> = steps.iter().chain(&alone).map(|(name, _)| *name).collect();
        return Err(format!("`{only}` is not a step of the tests; there are {}", names.join(", ")));
    }
    let mut report = Report::default();
    for (name, step) in chosen {
        report.step_or_skip(name, step);
    }
    report.finish()
}

/// The ONNX standard's node tests through every engine.
fn operators() -> Result<(), Skip> {
    models::fetch_or_skip()?;
    let mut command = run::cargo("test");
    command.args(["--workspace", "--all-features", "--test", "operators", "--", "--nocapture"]);
    Ok(run::run(models::known_to(&mut command))?)
}

/// Unit, integration and documentation tests.
fn rust() -> Result {
    let mut command = run::cargo("test");
    command.args(["--workspace", "--all-features", "--no-fail-fast"]);
    run::run(models::known_to(&mut command))
}
