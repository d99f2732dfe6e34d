//! Commands in, events out: decides on the folded state, appends to the store, folds what was appended.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use crate::clock::{Clock, Millis};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, EventRecord, Stream};
use crate::machine::command::Decision;
use crate::machine::retention::Keep;
use crate::machine::state::{Entity, touched};
use crate::machine::{Command, State, apply, decide};
use crate::progress::{ProgressStage, Sink, Stage};
use crate::store::chain::{Checker, digest};
use crate::store::{Append, Base, Fence, Head, NewEvent, Store, StoredEvent, WHOLE_LOG, from_base};
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
    /// Where the call reports how far it is.
    pub progress: Sink,
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
        let state = load(&*store)?;
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
        self.commit(context, command, fence, None)?.iter().map(EventRecord::from_stored).collect()
    }

    /// As [`Control::execute`]; returns the version that the last event made of its stream, which names the change that
    /// began with it, or nothing where nothing happened.
    ///
    /// # Errors
    /// As [`Control::execute`].
    pub(crate) fn begin(&self, context: &CallContext, command: &Command, fence: Option<&Fence>) -> Result<Option<u64>> {
        Ok(self.commit(context, command, fence, None)?.last().map(|event| event.version))
    }

    /// Cuts away what `keep` lets go, after having checked it: the log goes on from the state at the cut, and a
    /// checkpoint in it vouches for that state. Returns the cut and the new head, or nothing where everything stays.
    ///
    /// # Errors
    /// `invalid_argument`, `corrupt` where the log does not verify, `conflict` where others cut it meanwhile; else what
    /// the store says.
    pub(crate) fn retain(
        &self,
        context: &CallContext,
        keep: &Keep,
        fence: Option<&Fence>,
    ) -> Result<Option<(Head, Head)>> {
        keep.check()?;
        self.catch_up()?;
        // Begun once: where the log is cut under the reader, it is read again.
        let mut stage = context.progress.stage(ProgressStage::CheckLog, None);
        let base = from_base(&*self.store, |present| self.base_at(present, keep, &mut stage))?;
        stage.finish();
        let Some(base) = base else { return Ok(None) };
        let command = Command::Checkpoint { cut: base.head, state: digest(&base.rows) };
        let stored = self.commit(context, &command, fence, Some(&base))?;
        Ok(stored.last().map(|event| (base.head, Head { sequence: event.sequence, hash: event.hash })))
    }

    /// The state as it was at a time, folded again from the log.
    ///
    /// # Errors
    /// `not_found` where the log begins later: with `since`, when that is.
    pub(crate) fn state_at(&self, at: Millis) -> Result<State> {
        from_base(&*self.store, |base| {
            let mut state = State::from_rows(&base.rows)?;
            let mut after = base.head.sequence;
            loop {
                let page = self.store.read(after, PAGE)?;
                for stored in &page {
                    if stored.at > at {
                        // What was cut away may be older or newer than that time.
                        let is_first = base.head.sequence > 0 && after == base.head.sequence;
                        let gone = || Error::not_found("state", at).with("since", stored.at);
                        return if is_first { Err(gone()) } else { Ok(state) };
                    }
                    let record = EventRecord::from_stored(stored)?;
                    apply(&mut state, &Stream::parse(&record.stream)?, record.at, &record.event)?;
                    after = stored.sequence;
                }
                if page.len() < PAGE {
                    return Ok(state);
                }
            }
        })
    }

    /// What the log would begin from after the cut.
    fn base_at(&self, present: &Base, keep: &Keep, stage: &mut Stage) -> Result<Option<Base>> {
        let (head, now, cut) = (self.read().sequence, self.clock.now(), present.head.sequence);
        let last = self.store.read_stream(&Stream::Directory.to_string(), cut, usize::MAX)?;
        check_base(present, last.last().map(EventRecord::from_stored).transpose()?.as_ref())?;
        let mut state = State::from_rows(&present.rows)?;
        let mut checker = Checker::new(present.head, None)?;
        loop {
            let page = self.store.read(checker.sequence(), PAGE)?;
            let gone = page.iter().take_while(|e| keep.lets_go(cut, head, now, e.sequence, e.at));
            let gone: Vec<&StoredEvent> = gone.collect();
            for stored in &gone {
                checker.push(stored)?;
                let record = EventRecord::from_stored(stored)?;
                apply(&mut state, &Stream::parse(&record.stream)?, record.at, &record.event)?;
            }
            stage.reach(checker.sequence() - present.head.sequence);
            if gone.len() < PAGE {
                break;
            }
        }
        let head = checker.finish()?;
        if head == present.head { Ok(None) } else { Ok(Some(Base { head, rows: state.to_rows()? })) }
    }

    fn commit(
        &self,
        context: &CallContext,
        command: &Command,
        fence: Option<&Fence>,
        cut: Option<&Base>,
    ) -> Result<Vec<StoredEvent>> {
        let _writer = self.writer();
        for _ in 0..ATTEMPTS {
            let (mut append, entities, part) = {
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
            append.cut = cut.cloned();
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
            cut: None,
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

    fn load_anew(&self) -> Result<()> {
        let state = load(&*self.store)?;
        self.hub.skip_to(state.sequence);
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
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
            let Some(first) = page.first() else { return Ok(any) };
            any = true;
            if first.sequence > self.read().sequence + 1 {
                // Cut away by another process before this one had read it.
                self.load_anew()?;
                continue;
            }
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

/// Checks what a log begins from against its last checkpoint.
///
/// # Errors
/// `corrupt`.
pub(crate) fn check_base(base: &Base, checkpoint: Option<&EventRecord>) -> Result<()> {
    let said = checkpoint.map(|record| &record.event);
    let whole = base.head == Head::EMPTY && base.rows.is_empty();
    if whole && said.is_none() || said == Some(&Event::Checkpoint { cut: base.head, state: digest(&base.rows) }) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Corrupt, "the log does not begin where its last checkpoint says")
        .with("cut_sequence", base.head.sequence))
}

/// The state of the stored rows.
fn load(store: &dyn Store) -> Result<State> {
    let snapshot = store.load()?;
    let mut state = State::from_rows(&snapshot.projections)?;
    state.sequence = snapshot.sequence;
    state.streams.extend(snapshot.streams);
    Ok(state)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use crate::machine::state::{VersionRecord, VersionStatus};
    use crate::model::kind::ModelKind;
    use crate::store::{MemoryStore, verify};

    fn control(store: &Arc<dyn Store>) -> Control {
        Control::open(store.clone(), Arc::new(ManualClock::new(1_000))).unwrap()
    }

    fn context() -> CallContext {
        CallContext { actor: "a".into(), operation: "o", request_id: "r".into(), progress: Sink::default() }
    }

    fn register(control: &Control, version: u32) {
        let text = r#"{"model":"m","version":"","digest":"blake3:0000000000000000000000000000000000000000000000000000000000000000",
            "bytes":"1","format":"onnx","signature":{"inputs":[],"outputs":[]},"status":"draft","created_at":"0"}"#;
        let record: VersionRecord = serde_json::from_str(text).unwrap();
        let record = Box::new(VersionRecord { version: format!("{version}.0.0"), ..record });
        control.execute(&context(), &Command::RegisterVersion { model_type: ModelKind::Custom, record }, None).unwrap();
    }

    fn retain(control: &Control, events: u64) -> Result<Option<(Head, Head)>> {
        control.retain(&context(), &Keep { events: Some(events), ms: None }, None)
    }

    fn rows(control: &Control) -> Vec<crate::store::Projection> {
        control.read().to_rows().unwrap()
    }

    #[test]
    fn the_state_outlives_the_events_that_made_it() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let control = control(&store);
        (1..=5).for_each(|n| register(&control, n));
        let before = (rows(&control), store.read(0, 10).unwrap());
        let (cut, head) = retain(&control, 3).unwrap().unwrap();
        assert_eq!((cut.sequence, cut.hash, head), (3, before.1[2].hash, store.head().unwrap()));
        assert_eq!(store.read(0, 10).unwrap().len(), 3);
        assert_eq!(rows(&control), before.0);
        assert_eq!(rows(&super::tests::control(&store)), before.0);
        // The rows at the cut are those of the first three events, and the checkpoint vouches for them.
        let base = store.base().unwrap();
        assert_eq!(base.rows.iter().map(|r| &*r.key).collect::<Vec<_>>(), ["m", "m@1.0.0", "m@2.0.0", "m@3.0.0"]);
        let last = EventRecord::from_stored(&store.read(5, 1).unwrap()[0]).unwrap();
        assert_eq!((&*last.stream, &last.event), ("directory", &Event::Checkpoint { cut, state: digest(&base.rows) }));
        check_base(&base, Some(&last)).unwrap();
        assert_eq!(verify(&*store, None).unwrap().events, 3);
        // Again: nothing to do, then from the stored rows on, over the earlier checkpoint.
        assert_eq!(retain(&control, 3).unwrap(), None);
        register(&control, 6);
        assert_eq!(retain(&control, 1).unwrap().unwrap().0.sequence, 7);
        assert_eq!(store.base().unwrap().rows, rows(&control));
        register(&control, 7);
        assert_eq!(verify(&*store, None).unwrap().events, 2);
    }

    #[test]
    fn who_was_behind_the_cut_goes_on_from_the_rows() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let (ahead, behind) = (control(&store), control(&store));
        register(&ahead, 1);
        assert!(behind.catch_up().unwrap());
        (2..=4).for_each(|n| register(&ahead, n));
        retain(&ahead, 1).unwrap().unwrap();
        assert!(behind.catch_up().unwrap());
        assert_eq!(*behind.read(), *ahead.read());
        // And decides on what is there now.
        (5..=6).for_each(|n| register(&ahead, n));
        retain(&ahead, 1).unwrap().unwrap();
        let retire = Command::SetVersionStatus {
            model: "m".into(),
            version: "6.0.0".into(),
            status: VersionStatus::Retired,
            reason: None,
        };
        behind.execute(&context(), &retire, None).unwrap();
        ahead.catch_up().unwrap();
        assert_eq!(*behind.read(), *ahead.read());
    }

    #[test]
    fn a_cut_needs_the_newest_token_of_the_lease_that_it_names() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let control = control(&store);
        (1..=3).for_each(|n| register(&control, n));
        let token = store.lease("decider", "a", 0, 10).unwrap().token;
        store.lease("decider", "b", 20, 10).unwrap();
        let fence = Fence { lease: "decider".into(), token };
        let keep = Keep { events: Some(1), ms: None };
        assert_eq!(control.retain(&context(), &keep, Some(&fence)).unwrap_err().kind(), ErrorKind::Fenced);
        assert_eq!((store.cut().unwrap(), store.read(0, 10).unwrap().len()), (Head::EMPTY, 3));
    }

    #[cfg(feature = "store-sqlite")]
    #[test]
    fn what_does_not_verify_is_not_cut_away() {
        use crate::store::{SqliteOptions, SqliteStore};
        let attacks = [
            ("UPDATE events SET actor = 'b' WHERE sequence = 4", "an event was edited"),
            ("UPDATE base_rows SET value = replace(value, '1.0.0', '9.0.0')", "checkpoint says"),
            ("DELETE FROM base_rows WHERE kind = 'version'", "checkpoint says"),
            ("UPDATE base SET sequence = 3", "checkpoint says"),
        ];
        for (attack, message) in attacks {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("noodle.db");
            let open = || -> Arc<dyn Store> { Arc::new(SqliteStore::open(&path, &SqliteOptions::default()).unwrap()) };
            let first = open();
            let control = control(&first);
            (1..=3).for_each(|n| register(&control, n));
            retain(&control, 2).unwrap().unwrap();
            register(&control, 4);
            let base = first.base().unwrap();
            rusqlite::Connection::open(&path).unwrap().execute_batch(attack).unwrap();
            let error = retain(&control, 1).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Corrupt, "{attack}: {error}");
            assert!(error.to_string().contains(message), "{attack}: {error}");
            assert_eq!(first.head().unwrap().sequence, 5, "{attack}");
            assert!(first.base().unwrap() == base || attack.contains("base"), "{attack}");
        }
    }
}
