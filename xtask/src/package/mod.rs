//! `cargo xtask package LANGUAGE`: what a host installs, checked on an environment without a compiler.

mod licences;
mod python;

use crate::args::Args;
use crate::report::Skip;
use crate::run::{self, Result};

pub(crate) fn main(mut args: Args) -> Result {
    let profile = args.option("--profile")?.unwrap_or_else(|| "dist".to_owned());
    let language = args.name();
    args.done()?;
    match language.as_deref() {
        Some("python") => python::package(&profile),
        Some(other) => Err(format!("`{other}` is not a language; there are: python")),
        None => Err("package which language? There are: python".into()),
    }
}

/// The wheel under the profile of the tests, whose dependencies are there already.
pub(crate) fn python_or_skip() -> Result<(), Skip> {
    match run::has("python3") {
        true => Ok(python::package("dev")?),
        false => Err(Skip::Missing("python3 is not installed".into())),
    }
}
