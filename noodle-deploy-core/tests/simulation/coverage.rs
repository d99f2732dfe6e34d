//! What the histories reached: a generator that no longer reaches something would pass for the wrong reason.

use std::collections::BTreeMap;
use std::fmt;

use noodle_deploy_core::Error;

/// What every run of ten thousand histories has to meet.
const EXPECTED: [&str; 20] = [
    "appends that failed",
    "changes of the leader",
    "clock jumps",
    "crashes after an append",
    "crashes at rest",
    "crashes before an append",
    "crashes of the leader",
    "crashes while loading",
    "jobs that failed",
    "jobs that succeeded",
    "orphans that were claimed",
    "refused: conflict",
    "refused: fenced",
    "refused: not_found",
    "requests answered",
    "requests answered by what served before",
    "requests to what does not serve",
    "verdicts: inconclusive",
    "verdicts: no worse",
    "verdicts: worse",
];

#[derive(Default)]
pub struct Coverage {
    pub histories: u64,
    pub events: u64,
    met: BTreeMap<String, u64>,
}

impl Coverage {
    pub fn met(&mut self, what: &str) {
        match self.met.get_mut(what) {
            Some(times) => *times += 1,
            None => drop(self.met.insert(what.to_owned(), 1)),
        }
    }

    pub fn refused(&mut self, error: &Error) {
        self.met(&format!("refused: {}", error.kind().name()));
    }

    pub fn plus(mut self, other: Coverage) -> Coverage {
        self.histories += other.histories;
        self.events += other.events;
        other.met.into_iter().for_each(|(what, times)| *self.met.entry(what).or_default() += times);
        self
    }

    pub fn lacks(&self) -> Vec<&'static str> {
        EXPECTED.into_iter().filter(|what| !self.met.contains_key(*what)).collect()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} histories, {} events", self.histories, self.events)?;
        self.met.iter().try_for_each(|(what, times)| writeln!(f, "{times:>12}  {what}"))
    }
}
