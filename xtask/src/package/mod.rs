//! `cargo xtask package <language>`: what a user installs, built and tried where there is no compiler.

mod node;

use crate::args::Args;
use crate::run::Result;

pub(crate) fn main(mut args: Args) -> Result {
    let language = args.name();
    let profile = args.option("--profile")?.unwrap_or_else(|| "dist".to_owned());
    args.done()?;
    if !["dev", "dist"].contains(&profile.as_str()) {
        return Err(format!("--profile: `{profile}` is neither `dev` nor `dist`"));
    }
    match language.as_deref() {
        Some("node") => node::package(&profile),
        Some(other) => Err(format!("`{other}` has no package; try `node`")),
        None => Err("package what? `cargo xtask package node`".to_owned()),
    }
}
