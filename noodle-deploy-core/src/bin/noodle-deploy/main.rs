//! `noodle-deploy`: a directory of deployed models from the command line.
//!
//! Every verb that controls something calls an operation of the table; `predict` goes through the data plane. A process
//! opens the directory, does its work and ends: what it deployed is served by whoever opens the directory next.

mod args;
mod control;
mod evaluate;
mod exit;
mod inputs;
mod predict;
mod progress;
mod registry;
mod schema;
mod show;
mod table;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use noodle_deploy_core::error::ErrorRecord;
use noodle_deploy_core::{Error, Result};
use serde::Serialize;

use args::{Args, Verb};

/// What a verb has to say, in the form that was asked for.
pub(crate) struct Answer {
    text: String,
    exit: u8,
}

impl Answer {
    /// The value as JSON where that was asked for, else what `text` makes of it.
    pub(crate) fn new<T: Serialize>(json: bool, value: &T, text: impl FnOnce(&T) -> String) -> Result<Self> {
        let text = if json { to_json(value)? } else { text(value) };
        Ok(Answer { text, exit: 0 })
    }

    /// Ends the process with another status than 0.
    pub(crate) fn exit(self, exit: u8) -> Self {
        Answer { exit, ..self }
    }
}

fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string_pretty(value)
        .map_err(|e| Error::new(noodle_deploy_core::ErrorKind::Internal, "an answer does not serialise").source(e))
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(answer) => {
            let end = if answer.text.is_empty() || answer.text.ends_with('\n') { "" } else { "\n" };
            match write!(std::io::stdout().lock(), "{}{end}", answer.text) {
                // Whoever read the beginning has had enough.
                Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => fail(args.json, &e.into()),
                _ => ExitCode::from(answer.exit),
            }
        }
        Err(error) => fail(args.json, &error),
    }
}

fn run(args: &Args) -> Result<Answer> {
    match &args.verb {
        Verb::Schema => schema::print(),
        Verb::Predict(input) => predict::run(args, input),
        verb => control::run(args, verb),
    }
}

fn fail(json: bool, error: &Error) -> ExitCode {
    let mut text = match json {
        true => to_json(&ErrorRecord::from(error)).unwrap_or_else(|e| e.to_string()),
        false => format!("error: {error}"),
    };
    let mut below = std::error::Error::source(error).filter(|_| !json);
    while let Some(source) = below {
        let said = source.to_string();
        if !text.contains(&said) {
            text.push_str(&format!("\n  caused by: {said}"));
        }
        below = source.source();
    }
    // Without a place to say it, the status says it alone.
    drop(writeln!(std::io::stderr().lock(), "{text}"));
    ExitCode::from(exit::code(error.kind()))
}
