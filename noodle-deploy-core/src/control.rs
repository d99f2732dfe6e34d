//! Commands in, events out: decides on the folded state, appends to the store, folds what was appended.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, EventRecord, Stream};
use crate::machine::command::Decision;
use crate::machine::state::{Entity, touched};
use crate::machine::{Command, State, apply, decide};
use crate::store::{Append, Fence, NewEvent, Store, StoredEvent, WHOLE_LOG};
use crate::subscription::Hub;

/// Who asks, for the record.
#[derive(Debug, Clone)]
pub struct CallContext {
    /// The principal.
    pub actor: String,
    /// Name of the operation.
    pub operation: &'static str,
    /// Identifies the call.
    pub request_id: String,
}

/// A decision that meets other writers this often in a row gives up with `conflict`.
const ATTEMPTS: usize = 64;
const PAGE: usize = 1_000;

pub(crate) struct Control {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    state: RwLock<State>,
    /// Held while the state moves on, so that events are folded in order.
    writer: Mutex<()>,
    pub(crate) hub: Arc<Hub>,
}

impl Control {
    /// Reads the projections; the log itself is not read.
    pub(crate) fn open(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Result<Self> {
        let snapshot = store.load()?;
        let mut state = State { sequence: snapshot.sequence, ..State::default() };
        state.streams.extend(snapshot.streams);
        snapshot.projections.iter().try_for_each(|row| state.insert(row))?;
        let hub = Arc::new(Hub::new(state.sequence));
        Ok(Control { store, clock, state: RwLock::new(state), writer: Mutex::new(()), hub })
    }

    pub(crate) fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decides, appends and folds. Decides anew where another writer was faster.
    ///
    /// # Errors
    /// What the decision says, and what the store says.
    pub(crate) fn execute(
        &self,
        context: &CallContext,
        command: &Command,
        fence: Option<&Fence>,
    ) -> Result<Vec<EventRecord>> {
        self.commit(context, command, fence)?.iter().map(EventRecord::from_stored).collect()
    }

    /// As [`Control::execute`]; returns the version that the last event made of its stream, which names the change that
    /// began with it, or nothing where nothing happened.
    ///
    /// # Errors
    /// As [`Control::execute`].
    pub(crate) fn begin(&self, context: &CallContext, command: &Command, fence: Option<&Fence>) -> Result<Option<u64>> {
        Ok(self.commit(context, command, fence)?.last().map(|event| event.version))
    }

    fn commit(&self, context: &CallContext, command: &Command, fence: Option<&Fence>) -> Result<Vec<StoredEvent>> {
        let _writer = self.writer();
        for _ in 0..ATTEMPTS {
            let (append, entities, part) = {
                let state = self.read();
                let decision = decide(&state, command);
                let decision = match decision {
                    Ok(decision) => decision,
                    Err(error) => {
                        // The refusal may rest on a state that another process has left behind.
                        drop(state);
                        if self.fold_new()? {
                            continue;
                        }
                        return Err(error);
                    }
                };
                if decision.events.is_empty() {
                    return Ok(Vec::new());
                }
                self.prepare(&state, context, &decision, fence)?
            };
            match self.store.append(&append) {
                Ok(stored) => {
                    self.fold_own(&stored, &entities, &part)?;
                    return Ok(stored);
                }
                Err(error) if error.kind() == ErrorKind::Conflict && error.get("stream").is_some() => {
                    self.fold_new()?;
                }
                Err(error) => return Err(error),
            }
        }
        Err(Error::conflict("other writers were faster every time").with("attempts", ATTEMPTS))
    }

    fn prepare(
        &self,
        state: &State,
        context: &CallContext,
        decision: &Decision,
        fence: Option<&Fence>,
    ) -> Result<(Append, Vec<Entity>, State)> {
        let at = self.clock.now();
        let mut entities: Vec<Entity> = decision.events.iter().flat_map(|(s, e)| touched(s, e)).collect();
        entities.sort();
        entities.dedup();
        let mut part = state.extract(&entities);
        for (stream, event) in &decision.events {
            apply(&mut part, stream, at, event)?;
        }
        let mut streams: Vec<String> =
            decision.reads.iter().chain(decision.events.iter().map(|(s, _)| s)).map(Stream::to_string).collect();
        streams.sort();
        streams.dedup();
        let whole = decision.all.then(|| (WHOLE_LOG.to_owned(), state.sequence));
        let version = |stream: &String| state.streams.get(stream).copied().unwrap_or(0);
        let append = Append {
            expect: streams.into_iter().map(|s| (s.clone(), version(&s))).chain(whole).collect(),
            events: decision
                .events
                .iter()
                .map(|(stream, event)| new_event(stream, event, context))
                .collect::<Result<_>>()?,
            projections: entities.iter().map(|e| part.project(e)).collect::<Result<_>>()?,
            at,
            fence: fence.cloned(),
        };
        Ok((append, entities, part))
    }

    fn fold_own(&self, stored: &[StoredEvent], entities: &[Entity], part: &State) -> Result<()> {
        let records = stored.iter().map(EventRecord::from_stored).collect::<Result<Vec<_>>>()?;
        let next = stored.first().map_or(0, |e| e.sequence);
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if next == state.sequence + 1 {
            state.absorb(entities, part);
            for event in stored {
                state.streams.insert(event.event.stream.clone(), event.version);
                state.sequence = event.sequence;
            }
            drop(state);
            self.hub.publish(records);
        } else {
            // Another process appended to other streams in between.
            drop(state);
            self.fold_new()?;
        }
        Ok(())
    }

    /// Folds what other processes appended. True where there was something.
    pub(crate) fn catch_up(&self) -> Result<bool> {
        let _writer = self.writer();
        self.fold_new()
    }

    fn fold_new(&self) -> Result<bool> {
        let mut any = false;
        loop {
            let page = self.store.read(self.read().sequence, PAGE)?;
            if page.is_empty() {
                return Ok(any);
            }
            any = true;
            let mut records = Vec::with_capacity(page.len());
            {
                let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
                for stored in &page {
                    let record = EventRecord::from_stored(stored)?;
                    apply(&mut state, &Stream::parse(&stored.event.stream)?, stored.at, &record.event)?;
                    state.streams.insert(stored.event.stream.clone(), stored.version);
                    state.sequence = stored.sequence;
                    records.push(record);
                }
            }
            self.hub.publish(records);
            if page.len() < PAGE {
                return Ok(any);
            }
        }
    }
}

fn new_event(stream: &Stream, event: &Event, context: &CallContext) -> Result<NewEvent> {
    Ok(NewEvent {
        stream: stream.to_string(),
        kind: event.kind().to_owned(),
        payload: serde_json::to_string(event)
            .map_err(|e| Error::new(ErrorKind::Internal, "an event does not serialise").source(e))?,
        actor: context.actor.clone(),
        operation: context.operation.to_owned(),
        request: context.request_id.clone(),
    })
}
