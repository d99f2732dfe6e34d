//! What became of the last requests that said who they are: for labels that come later, and for who asks.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::predict::Prediction;
use super::revision::{LiveRevision, Served};
use crate::clock::Millis;
use crate::error::{Error, ErrorKind, Result};
use crate::machine::trial::Trial;
use crate::settings::JournalConfig;

/// Bytes of a request's name.
pub(crate) const MAX_ID: usize = 256;

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) served: Arc<Served>,
    /// What it was counted for, and the group of its caller.
    pub(crate) trial: Option<(Trial, usize)>,
    pub(crate) at: Millis,
    /// The class that came first, of one row.
    pub(crate) label: Option<String>,
    pub(crate) error: Option<ErrorKind>,
    pub(crate) labelled: bool,
}

/// The requests that are remembered, up to a number of them and for a time.
pub(crate) struct Journal {
    kept: Mutex<Kept>,
    config: JournalConfig,
}

type Key = (String, String);

#[derive(Default)]
struct Kept {
    entries: HashMap<Key, (u64, Entry)>,
    /// Oldest first. Keys that came again are here more than once; the number says which is theirs.
    order: VecDeque<(u64, Key)>,
    next: u64,
}

/// Checks a request's name.
///
/// # Errors
/// `invalid_argument`.
pub(crate) fn check_id(id: Option<&str>) -> Result<()> {
    match id {
        Some(id) if id.is_empty() || id.len() > MAX_ID => {
            Err(Error::invalid("request_id", format!("{} bytes", id.len()), format!("1 to {MAX_ID} bytes")))
        }
        _ => Ok(()),
    }
}

impl Journal {
    pub(crate) fn new(config: JournalConfig) -> Self {
        Journal { kept: Mutex::default(), config }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers what became of a request. A name that comes again means the latest.
    pub(crate) fn note(
        &self,
        id: &str,
        revision: &LiveRevision,
        group: Option<usize>,
        answer: &Result<Prediction>,
        at: Millis,
    ) {
        if self.config.requests == 0 {
            return;
        }
        let first = |answer: &Prediction| {
            let rows = answer.top(1).ok()?;
            let [row] = rows.as_slice() else { return None };
            row.first().map(|(label, _)| (*label).to_owned())
        };
        let entry = Entry {
            served: revision.served.clone(),
            trial: revision.trial.zip(group),
            at,
            label: answer.as_ref().ok().and_then(first),
            error: answer.as_ref().err().map(Error::kind),
            labelled: false,
        };
        self.keep(id, entry);
    }

    /// Remembers where a session began.
    pub(crate) fn note_session(&self, id: &str, served: &Arc<Served>, trial: Option<(Trial, usize)>, at: Millis) {
        if self.config.requests > 0 {
            self.keep(id, Entry { served: served.clone(), trial, at, label: None, error: None, labelled: false });
        }
    }

    fn keep(&self, id: &str, entry: Entry) {
        let key = (entry.served.deployment.clone(), id.to_owned());
        let mut kept = self.lock();
        let number = kept.next;
        kept.next += 1;
        kept.entries.insert(key.clone(), (number, entry));
        kept.order.push_back((number, key));
        while kept.order.len() > self.config.requests as usize {
            kept.drop_oldest();
        }
    }

    /// What became of a request, where it is known, and since when requests are.
    pub(crate) fn find(&self, deployment: &str, id: &str, now: Millis) -> (Option<Entry>, Option<Millis>) {
        let mut kept = self.lock();
        kept.expire(now.saturating_sub(self.config.ms));
        let entry = kept.entries.get(&(deployment.to_owned(), id.to_owned())).map(|(_, entry)| entry.clone());
        let since = kept.order.front().and_then(|(_, key)| kept.entries.get(key)).map(|(_, oldest)| oldest.at);
        (entry, since)
    }

    /// Takes note that a request has got its label. False where it had one, or is not known any more.
    pub(crate) fn label(&self, deployment: &str, id: &str) -> bool {
        let mut kept = self.lock();
        let entry = kept.entries.get_mut(&(deployment.to_owned(), id.to_owned()));
        entry.is_some_and(|(_, entry)| !std::mem::replace(&mut entry.labelled, true))
    }
}

impl Kept {
    fn drop_oldest(&mut self) {
        if let Some((number, key)) = self.order.pop_front()
            && self.entries.get(&key).is_some_and(|(of, _)| *of == number)
        {
            self.entries.remove(&key);
        }
    }

    fn expire(&mut self, before: Millis) {
        // A clock that was set back keeps some longer.
        let is_past = |kept: &Kept| {
            kept.order.front().is_some_and(|(number, key)| {
                kept.entries.get(key).is_none_or(|(of, entry)| of != number || entry.at < before)
            })
        };
        while is_past(self) {
            self.drop_oldest();
        }
    }
}
