//! A line on the terminal that says how far a long operation is. It is gone when the operation has ended.

use std::io::{IsTerminal, Write, stderr};
use std::time::Duration;

use noodle_deploy_core::clock::instant;
use noodle_deploy_core::ops::Operation;
use noodle_deploy_core::progress::ProgressUnit;
use noodle_deploy_core::{Noodle, Progress, Result};

use crate::table::bytes;

/// What takes less is not worth a line.
const PATIENCE: Duration = Duration::from_millis(300);
/// To the beginning of the line, and nothing from there on.
const ERASE: &str = "\r\x1b[K";

/// Calls an operation; where the standard error is a terminal, shows there how far it is.
pub(crate) fn call<O: Operation>(noodle: &Noodle, input: O::Input) -> Result<O::Output> {
    if !stderr().is_terminal() {
        return noodle.call::<O>(input);
    }
    let begun = instant();
    let show = move |progress: &Progress| {
        if begun.elapsed() >= PATIENCE {
            say(&format!("{ERASE}{}", line(progress)));
        }
    };
    let answer = noodle.with_progress(show).call::<O>(input);
    if begun.elapsed() >= PATIENCE {
        say(ERASE);
    }
    answer
}

fn say(text: &str) {
    let mut to = stderr().lock();
    // A terminal that is gone hears nothing; the operation goes on.
    drop(to.write_all(text.as_bytes()).and_then(|()| to.flush()));
}

fn line(progress: &Progress) -> String {
    let figure = |n: u64| if progress.unit == ProgressUnit::Bytes { bytes(n) } else { n.to_string() };
    let unit = match progress.unit {
        ProgressUnit::Bytes => String::new(),
        unit => format!(" {unit:?}").to_lowercase(),
    };
    let of = progress.total.map(|total| format!(" of {}", figure(total))).unwrap_or_default();
    format!("{}: {}{of}{unit}", progress.stage.name().replace('_', " "), figure(progress.done))
}

#[cfg(test)]
mod tests {
    use noodle_deploy_core::progress::ProgressStage;

    use super::*;

    #[test]
    fn a_line_says_stage_figures_and_unit() {
        let of = |stage: ProgressStage, done, total| line(&Progress { stage, done, total, unit: stage.unit() });
        assert_eq!(of(ProgressStage::CopyArtifacts, 1_536, Some(2 << 20)), "copy artifacts: 1.5 KiB of 2.0 MiB");
        assert_eq!(of(ProgressStage::CheckLog, 7, None), "check log: 7 events");
    }
}
