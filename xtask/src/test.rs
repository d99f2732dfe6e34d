//! `cargo xtask test`: every test, in every language.

use crate::args::Args;
use crate::report::{Report, Skip};
use crate::run::{self, Result};
use crate::{bindings, editor, examples, faults, models, outside, package, parity, tree};

/// An editor and a browser are much to install: for those who ask for it by name.
const EDITOR: &str = "editor";

type Step = fn() -> Result<(), Skip>;

pub(crate) fn main(mut args: Args) -> Result {
    let quick = args.flag("--quick");
    let only = args.name();
    args.done()?;
    let steps: [(&'static str, Step); 12] = [
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
        (EDITOR, editor::test),
    ];
    let chosen: Vec<_> = match &only {
        _ if quick => steps.into_iter().filter(|(name, _)| *name == "rust").collect(),
        // A step runs what the build left.
        Some(only) => steps.into_iter().filter(|(name, _)| ["build", only].contains(name)).collect(),
        None => steps.into_iter().filter(|(name, _)| *name != EDITOR).collect(),
    };
    if let Some(only) = only
        && !steps.iter().any(|(name, _)| *name == only)
    {
        let names: Vec<_> = steps.iter().map(|(name, _)| *name).collect();
        return Err(format!("`{only}` is not a step of the tests; there are {}", names.join(", ")));
    }
    let mut report = Report::default();
    for (name, step) in chosen {
        report.step_or_skip(name, step);
    }
    report.finish()
}

/// Unit, integration and documentation tests.
fn rust() -> Result {
    let mut command = run::cargo("test");
    command.args(["--workspace", "--all-features", "--no-fail-fast"]);
    let models = models::dir();
    if models.exists() {
        command.env("NOODLE_MODELS_DIR", models);
    }
    run::run(&mut command)
}
