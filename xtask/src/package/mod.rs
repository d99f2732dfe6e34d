//! `cargo xtask package LANGUAGE`: what a host installs, built, and tried where there is no compiler.

mod licences;
mod node;
mod python;

use crate::args::Args;
use crate::report::Skip;
use crate::run::{self, Result};

pub(crate) fn main(mut args: Args) -> Result {
    let profile = args.option("--profile")?.unwrap_or_else(|| "dist".to_owned());
    let language = args.name();
    args.done()?;
    if !["dev", "dist"].contains(&profile.as_str()) {
        return Err(format!("--profile: `{profile}` is neither `dev` nor `dist`"));
    }
    match language.as_deref() {
        Some("python") => python::package(&profile),
        Some("node") => node::package(&profile),
        Some(other) => Err(format!("`{other}` is not a language; there are python and node")),
        None => Err("package which language? There are python and node".to_owned()),
    }
}

/// The wheel under the profile of the tests, whose dependencies are there already.
pub(crate) fn python_or_skip() -> Result<(), Skip> {
    match run::has("python3") {
        true => Ok(python::package("dev")?),
        false => Err(Skip::Missing("python3 is not installed".into())),
    }
}
