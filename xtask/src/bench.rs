//! `cargo xtask bench`: criterion benchmarks under the profile in which sizes and overheads are stated.

use crate::args::Args;
use crate::run::{self, Result};

pub(crate) fn main(mut args: Args) -> Result {
    let name = args.name();
    args.done()?;
    let mut command = run::cargo("bench");
    command.args(["--profile", "dist", "--workspace", "--all-features"]);
    match name {
        Some(name) => command.args(["--bench", &name]),
        None => command.arg("--benches"),
    };
    run::run(&mut command)
}
