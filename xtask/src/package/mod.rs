//! `cargo xtask package LANGUAGE`: what a host installs, built; Python's and Node's tried where there is no compiler.

pub(crate) mod c;
mod licences;
mod node;
mod python;

pub(crate) use node::package as node;

use crate::args::Args;
use crate::report::Skip;
use crate::run::{self, Result};

pub(crate) fn main(mut args: Args) -> Result {
    let profile = args.option("--profile")?.unwrap_or_else(|| "dist".to_owned());
    let prefix = args.option("--prefix")?;
    let language = args.name();
    args.done()?;
    if !["dev", "dist"].contains(&profile.as_str()) {
        return Err(format!("--profile: `{profile}` is neither `dev` nor `dist`"));
    }
    match (language.as_deref(), prefix) {
        (Some("python"), None) => python::package(&profile),
        (Some("node"), None) => node(&profile),
        (Some("c"), Some(prefix)) => c::package(&profile, prefix.as_ref()),
        (Some("c"), None) => Err("`package c` needs `--prefix DIR`: where to".to_owned()),
        (Some("python" | "node"), Some(_)) => Err("`--prefix` goes with `package c` alone".to_owned()),
        (Some(other), _) => Err(format!("`{other}` is not a language; there are python, node and c")),
        (None, _) => Err("package which language? There are python, node and c".to_owned()),
    }
}

/// The packages under the profile of the tests, whose dependencies are there already.
pub(crate) fn check() -> Result<(), Skip> {
    for program in ["python3", "node"] {
        if !run::has(program) {
            return Err(Skip::Missing(format!("{program} is not installed")));
        }
    }
    python::package("dev")?;
    Ok(node("dev")?)
}
