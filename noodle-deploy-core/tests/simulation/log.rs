//! The one log of all processes: the real store in memory, whose events are decoded once and shown to the model.

use noodle_deploy_core::Error;
use noodle_deploy_core::clock::Millis;
use noodle_deploy_core::event::{Event, Stream};
use noodle_deploy_core::machine::{State, apply};
use noodle_deploy_core::store::{Append, MemoryStore, Store, StoredEvent};

use super::history::{Checked, History};

pub struct Entry {
    pub stream: Stream,
    pub version: u64,
    pub at: Millis,
    pub event: Event,
}

#[derive(Default)]
pub struct Log {
    pub store: MemoryStore,
    /// By sequence, from 1.
    pub entries: Vec<Entry>,
    /// What they fold to.
    pub state: State,
    pub history: History,
    pub shown: bool,
}

impl Log {
    /// The outer error is a violation, the inner one what the store says.
    pub fn append(&mut self, append: &Append) -> Checked<Result<Vec<StoredEvent>, Error>> {
        let stored = match self.store.append(append) {
            Ok(stored) => stored,
            Err(error) => return Ok(Err(error)),
        };
        for stored in &stored {
            let event: Event = serde_json::from_str(&stored.event.payload).map_err(|e| e.to_string())?;
            let stream = Stream::parse(&stored.event.stream).map_err(|e| e.to_string())?;
            if self.shown {
                println!("    {} {stream} {event:?}", stored.sequence);
            }
            let entry = Entry { stream, version: stored.version, at: stored.at, event };
            fold(&mut self.state, &entry)?;
            let token = stored.event.request.parse().ok();
            self.history.event(stored.sequence, &entry.stream, &entry.event, token, &self.state)?;
            self.entries.push(entry);
        }
        Ok(Ok(stored))
    }

    /// Folds what a state lacks. True where there was something.
    pub fn catch_up(&self, state: &mut State) -> Checked<bool> {
        let missing = &self.entries[state.sequence as usize..];
        missing.iter().try_for_each(|entry| fold(state, entry))?;
        Ok(!missing.is_empty())
    }
}

fn fold(state: &mut State, entry: &Entry) -> Checked {
    apply(state, &entry.stream, entry.at, &entry.event).map_err(|e| format!("an event does not fold: {e}"))?;
    state.streams.insert(entry.stream.to_string(), entry.version);
    state.sequence += 1;
    Ok(())
}
