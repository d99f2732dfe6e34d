//! `cargo xtask test`: every test, in every language.

use crate::args::Args;
use crate::report::Report;
use crate::run::{self, Result};
use crate::{bindings, examples, faults, models, outside, tree};

pub(crate) fn main(mut args: Args) -> Result {
    let quick = args.flag("--quick");
    let only = args.option("--only")?;
    args.done()?;
    let mut report = Report::default();
    if let Some(language) = only {
        match language.as_str() {
            "python" => report.step_or_skip("python", bindings::python),
            "node" => report.step_or_skip("node", bindings::node),
            "c" => report.step_or_skip("c", bindings::c),
            other => return Err(format!("`{other}` is no language; python, node or c")),
        }
        return report.finish();
    }
    if !quick {
        report.step_or_skip("models", models::fetch_or_skip);
        report.step("build", tree::build);
    }
    report.step("rust tests", rust);
    if !quick {
        report.step("examples", examples::run);
        report.step_or_skip("python", bindings::python);
        report.step_or_skip("node", bindings::node);
        report.step_or_skip("c", bindings::c);
        report.step_or_skip("fault injection", faults::self_test);
        report.step("outside crate", outside::check);
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
