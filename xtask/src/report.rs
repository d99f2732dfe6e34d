//! Named steps, timed; all of them run, and the summary says which failed.

use std::time::Instant;

use crate::run::Result;

#[derive(Default)]
pub(crate) struct Report {
    steps: Vec<(&'static str, u64, Outcome)>,
}

enum Outcome {
    Passed,
    Skipped(String),
    Failed(String),
}

/// Why a step was not run.
pub(crate) enum Skip {
    /// Something that it needs is not on this machine.
    Missing(String),
    Error(String),
}

impl From<String> for Skip {
    fn from(message: String) -> Self {
        Self::Error(message)
    }
}

impl Report {
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result) {
        self.step_or_skip(name, || work().map_err(Skip::Error));
    }

    /// A step that may find that the machine lacks what it needs; with NOODLE_FORBID_SKIPS=1 that is a failure.
    pub(crate) fn step_or_skip(&mut self, name: &'static str, work: impl FnOnce() -> Result<(), Skip>) {
        println!("\n==> {name}");
        let begun = Instant::now();
        let outcome = match work() {
            Ok(()) => Outcome::Passed,
            Err(Skip::Missing(what)) if !forbid_skips() => Outcome::Skipped(what),
            Err(Skip::Missing(message) | Skip::Error(message)) => Outcome::Failed(message),
        };
        let seconds = begun.elapsed().as_secs();
        match &outcome {
            Outcome::Passed => println!("==> {name}: passed in {seconds} s"),
            Outcome::Skipped(why) => println!("==> {name}: skipped: {why}"),
            Outcome::Failed(why) => println!("==> {name}: FAILED in {seconds} s: {why}"),
        }
        self.steps.push((name, seconds, outcome));
    }

    pub(crate) fn finish(self) -> Result {
        println!();
        let (mut failed, mut skipped) = (Vec::new(), 0);
        for (name, seconds, outcome) in &self.steps {
            let verdict = match outcome {
                Outcome::Passed => "passed".to_owned(),
                Outcome::Skipped(why) => format!("skipped: {why}"),
                Outcome::Failed(why) => format!("FAILED: {why}"),
            };
            skipped += usize::from(matches!(outcome, Outcome::Skipped(_)));
            if matches!(outcome, Outcome::Failed(_)) {
                failed.push(*name);
            }
            println!("{name:<24} {seconds:>5} s  {verdict}");
        }
        let total: u64 = self.steps.iter().map(|(_, seconds, _)| seconds).sum();
        let passed = self.steps.len() - skipped - failed.len();
        println!("summary: {passed} steps passed, {} failed, {skipped} skipped, {total} s", failed.len());
        if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
    }
}

pub(crate) fn forbid_skips() -> bool {
    std::env::var_os("NOODLE_FORBID_SKIPS").is_some_and(|value| value == "1")
}
