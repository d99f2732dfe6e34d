//! The one tool for people who work on noodle-deploy: `cargo xtask`.

#![allow(clippy::disallowed_macros, clippy::disallowed_methods, reason = "a program that talks to a terminal")]

mod abi;
mod args;
mod bench;
mod bindings;
mod codegen;
mod compare;
mod crash;
mod docs;
mod editor;
mod examples;
mod faults;
mod features;
mod fuzz;
mod json;
mod lint;
mod models;
mod outside;
mod package;
mod parity;
mod report;
mod run;
mod scenario;
mod simulate;
mod surface;
mod test;
mod tree;

use std::process::ExitCode;

use args::Args;

const USAGE: &str = "\
usage: cargo xtask <command>

  test [STEP] [--quick]    install what the tests need and pass all of them, in every language
                           (STEP: one of models, rust, examples, python, node, c, parity, packages, faults,
                           outside; and alone, torch, which fetches several gigabytes, free-threaded, which needs a
                           Python without the GIL, and editor, the extension of VS Code in a real editor;
                           --quick: the Rust tests only, nothing is fetched)
  lint                     format, clippy, docs, every feature alone, generated files
  features                 check the core with no feature, each one alone, and all, and Python without the GIL
  codegen [--check]        write the generated files, or only compare them
  models [--minilm] [--graphs]   fetch the third-party models that tests use (--minilm: 84 MB more; --graphs: build
                           552 MB of well-known networks for `bench engines`)
  crash [--iterations N]   kill the crash test's child at random instants (1000 times)
  simulate [--seeds N] [--seed S] [--rollouts N]   histories of several processes under crashes and clock jumps
                           (1000000; --seed: that one alone, step by step), and calibrations (10000 of each kind)
  faults [options]         fail, kill or lose power at every file operation of a program; `faults --help`
  fuzz [TARGET] [--seconds N]   run the fuzz targets (60 seconds each)
  bench [NAME] [--profile dev|dist]   run the benchmarks (`dist`); `c` is the overhead of the C surface,
                           `engines` every engine on every model and takes --quick, --only MODEL and --write;
                           `compare` other libraries and servers: [--rounds N] [--seconds S] [--only MODEL] [--peers
                           KIND,KIND] [--write]
  parity                   prove that no operation, error, event or call is missing in a language
  package LANGUAGE [--profile dev|dist] [--prefix DIR]   build what a host installs: python and node as packages, tried
                           where there is no compiler; c into DIR

Environment: CARGO_TARGET_DIR, NOODLE_CACHE_DIR (default ~/.cache/noodle-deploy), NOODLE_FORBID_SKIPS=1 (a test that
would be skipped fails).";

fn main() -> ExitCode {
    let mut args = Args::from_env();
    let result = match args.command().as_deref() {
        Some("test") => test::main(args),
        Some("lint") => lint::main(args),
        Some("features") => args
            .done()
            .and_then(|()| features::check())
            .and_then(|()| features::free_threaded())
            .and_then(|()| features::unified()),
        Some("codegen") => codegen::main(args),
        Some("models") => models::main(args),
        Some("crash") => crash::main(args),
        Some("simulate") => simulate::main(args),
        Some("faults") => faults::main(args),
        Some("fuzz") => fuzz::main(args),
        Some("bench") => bench::main(args),
        Some("parity") => args.done().and_then(|()| parity::run()),
        Some("package") => package::main(args),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        Some(other) => Err(format!("`{other}` is not a command\n\n{USAGE}")),
        None => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}
