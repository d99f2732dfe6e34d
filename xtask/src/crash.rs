//! `cargo xtask crash`: the kill test, as often as asked.

use crate::args::Args;
use crate::run::{self, Result};

pub(crate) fn main(mut args: Args) -> Result {
    let iterations = args.number("--iterations")?.unwrap_or(1000);
    args.done()?;
    let mut command = run::cargo("test");
    command.args(["--workspace", "--all-features", "--test", "crash", "--", "--nocapture"]);
    run::run(command.env("NOODLE_CRASH_ITERATIONS", iterations.to_string()))
}
