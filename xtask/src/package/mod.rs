//! `cargo xtask package LANGUAGE`: what a host installs, checked on an environment without a compiler.

mod licences;
mod python;

use crate::args::Args;
use crate::run::Result;

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
