//! `cargo xtask package <python|node|c>`: what a language installs.

pub(crate) mod c;

use crate::args::Args;
use crate::run::Result;

pub(crate) fn main(mut args: Args) -> Result {
    match args.command().as_deref() {
        Some("c") => c::main(args),
        Some(other) => Err(format!("`{other}` has no package")),
        None => Err("package what? `cargo xtask package c --prefix DIR`".into()),
    }
}
