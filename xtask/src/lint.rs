//! `cargo xtask lint`: everything that is checked besides tests.

use crate::args::Args;
use crate::report::Report;
use crate::run::{self, Result};
use crate::{codegen, features, tree};

pub(crate) fn main(args: Args) -> Result {
    args.done()?;
    let mut report = Report::default();
    report.step("format", || run::run(run::cargo("fmt").args(["--all", "--check"])));
    report.step("clippy", || run::run(tree::everything("clippy").args(["--", "-D", "warnings"])));
    report.step("docs", || {
        let mut command = run::cargo("doc");
        command.args(["--workspace", "--all-features", "--lib", "--no-deps"]);
        run::run(command.env("RUSTDOCFLAGS", "-D warnings"))
    });
    report.step("features", features::check);
    report.step("free-threaded Python", features::free_threaded);
    report.step("one tree", features::unified);
    report.step("generated files", || codegen::generate(codegen::Mode::Check));
    report.finish()
}
