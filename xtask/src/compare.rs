//! `cargo xtask bench compare`: the same models on the same cores through libraries and servers of others.

use std::path::Path;
use std::process::Command;

use crate::args::Args;
use crate::bindings::{install_python, lay_out_python};
use crate::run::{self, Result};
use crate::{models, tree};

/// Environments of the peers: what one needs does not go together with what the next one does.
const ENVIRONMENTS: [&str; 5] = ["client", "mlserver", "bentoml", "litserve", "ray"];

pub(crate) fn main(mut args: Args, profile: &str) -> Result {
    let mut passed = Vec::new();
    for name in ["--rounds", "--seconds", "--only", "--peers"] {
        if let Some(value) = args.option(name)? {
            passed.extend([name.to_owned(), value]);
        }
    }
    if args.flag("--write") {
        passed.extend(["--write".to_owned(), run::root().join("benches/RESULTS.md").display().to_string()]);
    }
    args.done()?;
    let sources = run::root().join("tools/compare");
    for name in ENVIRONMENTS {
        let python = models::environment("python3", &format!("compare-{name}"))?;
        install_python(&python, &sources.join(format!("requirements/{name}.txt")))?;
    }
    models::fetch(&["--minilm", "--graphs"])?;
    // Under `dev` what every other step has built.
    match profile {
        "dev" => tree::build()?,
        other => run::run(run::cargo("build").args(["--package", "noodle-deploy-py", "--profile", other]))?,
    }
    let built = run::target()?.join(if profile == "dev" { "debug" } else { profile });
    let modules = lay_out_python(&run::root().join("noodle-deploy-py"), &built)?;
    run::run(command(&sources, &modules, profile).args(passed))
}

fn command(sources: &Path, modules: &Path, profile: &str) -> Command {
    let mut command = Command::new(run::cache().join("compare-client/bin/python"));
    command.arg(sources.join("compare.py")).arg("--fetched").arg(models::dir());
    command.arg("--environments").arg(run::cache()).arg("--modules").arg(modules).args(["--profile", profile]);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
