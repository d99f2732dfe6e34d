//! `cargo xtask simulate`: histories of several processes, and the error rates that are stated, in full.

use std::time::Instant;

use crate::args::Args;
use crate::run::{self, Result};

pub(crate) fn main(mut args: Args) -> Result {
    let seeds = args.number("--seeds")?.unwrap_or(1_000_000);
    let seed = args.number("--seed")?;
    let rollouts = args.number("--rollouts")?.unwrap_or(10_000);
    args.done()?;
    if let Some(seed) = seed {
        return test("simulation", "no_history_breaks_a_promise", "NOODLE_SIMULATION_SEED", seed);
    }
    let parts = [
        ("histories", "simulation", "NOODLE_SIMULATION_SEEDS", seeds),
        ("calibrations of each kind", "calibration", "NOODLE_ROLLOUTS", rollouts),
    ];
    let mut rows = Vec::new();
    for (what, program, variable, number) in parts {
        let begun = Instant::now();
        let done = test(program, "", variable, number);
        let verdict = if done.is_ok() { "passed" } else { "FAILED" };
        rows.push((format!("{number:>10}  {what:<28} {verdict} in {:.0} s", begun.elapsed().as_secs_f64()), done));
    }
    println!();
    rows.iter().for_each(|(row, _)| println!("{row}"));
    rows.into_iter().try_for_each(|(_, done)| done)
}

/// One test program, without the engines, which nothing here needs.
fn test(program: &str, only: &str, variable: &str, number: u64) -> Result {
    let mut command = run::cargo("test");
    command.args(["--package", "noodle-deploy-core", "--no-default-features", "--test", program, "--"]);
    command.args(["--nocapture", "--test-threads=1"]);
    if !only.is_empty() {
        command.arg(only);
    }
    run::run(command.env(variable, number.to_string()))
}
