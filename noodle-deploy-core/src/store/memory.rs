//! The store without a file: for tests, and for hosts that keep nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Append, Base, Head, Instance, Lease, Projection, Snapshot, Store, StoredEvent, WHOLE_LOG, chain, check};
use crate::clock::Millis;
use crate::error::{Error, ErrorKind, Result};
use crate::progress::Sink;

/// Keeps everything in the process, with the semantics of the stores on disk.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<State>);

#[derive(Debug)]
struct State {
    base: Base,
    /// Those after the base.
    events: Vec<StoredEvent>,
    streams: BTreeMap<String, OneStream>,
    /// By kind and key: stream and value.
    projections: BTreeMap<(String, String), (String, String)>,
    leases: BTreeMap<String, Lease>,
    instances: BTreeMap<String, Instance>,
}

#[derive(Debug, Default)]
struct OneStream {
    version: u64,
    /// Of its events after the base, in order.
    sequences: Vec<u64>,
}

impl Default for State {
    fn default() -> Self {
        State {
            base: Base::EMPTY,
            events: Vec::new(),
            streams: BTreeMap::new(),
            projections: BTreeMap::new(),
            leases: BTreeMap::new(),
            instances: BTreeMap::new(),
        }
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn head(&self) -> Head {
        self.events.last().map_or(self.base.head, |last| Head { sequence: last.sequence, hash: last.hash })
    }

    fn version(&self, stream: &str) -> u64 {
        self.streams.get(stream).map_or(0, |stream| stream.version)
    }

    /// The events after a sequence.
    fn after(&self, sequence: u64) -> &[StoredEvent] {
        let skipped = usize::try_from(sequence.saturating_sub(self.base.head.sequence)).unwrap_or(usize::MAX);
        self.events.get(skipped..).unwrap_or_default()
    }

    fn event(&self, sequence: u64) -> Option<&StoredEvent> {
        if sequence <= self.base.head.sequence { None } else { self.after(sequence - 1).first() }
    }

    fn cut(&mut self, base: &Base) {
        self.events = self.after(base.head.sequence).to_vec();
        for stream in self.streams.values_mut() {
            stream.sequences.retain(|sequence| *sequence > base.head.sequence);
        }
        self.base = base.clone();
    }

    fn append(&mut self, append: &Append) -> Result<Vec<StoredEvent>> {
        if let Some(fence) = &append.fence {
            check::fence(fence, self.leases.get(&fence.lease).map_or(0, |lease| lease.token))?;
        }
        for (stream, expected) in &append.expect {
            let found = if stream == WHOLE_LOG { self.head().sequence } else { self.version(stream) };
            if found != *expected {
                return Err(check::moved_on(stream, *expected, found));
            }
        }
        if let Some(cut) = &append.cut {
            check::cut(&cut.head, &self.base.head, self.event(cut.head.sequence).map(|event| event.hash))?;
        }
        for row in &append.projections {
            match self.projections.get(&(row.kind.clone(), row.key.clone())) {
                Some((owner, _)) if *owner != row.stream => {
                    return Err(check::foreign_row(&row.kind, &row.key, &row.stream));
                }
                _ => {}
            }
        }
        // Nothing below can fail.
        let first = self.head().sequence;
        for event in &append.events {
            let head = self.head();
            let (sequence, version) = (head.sequence + 1, self.version(&event.stream) + 1);
            let hash = chain::hash(head.hash, sequence, version, append.at, event);
            let event = event.clone();
            let stream = self.streams.entry(event.stream.clone()).or_default();
            stream.version = version;
            stream.sequences.push(sequence);
            self.events.push(StoredEvent { sequence, version, at: append.at, event, previous: head.hash, hash });
        }
        for row in &append.projections {
            let key = (row.kind.clone(), row.key.clone());
            match &row.value {
                Some(value) => self.projections.insert(key, (row.stream.clone(), value.clone())),
                None => self.projections.remove(&key),
            };
        }
        if let Some(base) = &append.cut {
            self.cut(base);
        }
        Ok(self.after(first).to_vec())
    }
}

impl Store for MemoryStore {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn head(&self) -> Result<Head> {
        Ok(self.lock().head())
    }

    fn cut(&self) -> Result<Head> {
        Ok(self.lock().base.head)
    }

    fn base(&self) -> Result<Base> {
        Ok(self.lock().base.clone())
    }

    fn load(&self) -> Result<Snapshot> {
        let state = self.lock();
        let row = |((kind, key), (stream, value)): (&(String, String), &(String, String))| Projection {
            kind: kind.clone(),
            key: key.clone(),
            stream: stream.clone(),
            value: Some(value.clone()),
        };
        Ok(Snapshot {
            sequence: state.head().sequence,
            streams: state.streams.iter().map(|(name, stream)| (name.clone(), stream.version)).collect(),
            projections: state.projections.iter().map(row).collect(),
        })
    }

    fn read(&self, after: u64, limit: usize) -> Result<Vec<StoredEvent>> {
        Ok(self.lock().after(after).iter().take(limit).cloned().collect())
    }

    fn read_stream(&self, stream: &str, after: u64, limit: usize) -> Result<Vec<StoredEvent>> {
        let state = self.lock();
        let Some(stream) = state.streams.get(stream) else { return Ok(Vec::new()) };
        let first = stream.sequences.partition_point(|sequence| *sequence <= after);
        Ok(stream.sequences[first..].iter().take(limit).filter_map(|n| state.event(*n).cloned()).collect())
    }

    fn append(&self, append: &Append) -> Result<Vec<StoredEvent>> {
        check::append(append)?;
        self.lock().append(append)
    }

    fn data_version(&self) -> Result<u64> {
        Ok(self.lock().head().sequence)
    }

    fn lease(&self, name: &str, holder: &str, now: Millis, ttl: Millis) -> Result<Lease> {
        let mut state = self.lock();
        let lease = check::next_lease(state.leases.get(name), name, holder, now, ttl)?;
        state.leases.insert(name.to_owned(), lease.clone());
        Ok(lease)
    }

    fn release(&self, name: &str, holder: &str) -> Result<()> {
        if let Some(lease) = self.lock().leases.get_mut(name).filter(|lease| lease.holder == holder) {
            lease.holder.clear();
            lease.expires_at = 0;
        }
        Ok(())
    }

    fn put_instance(&self, instance: &Instance) -> Result<()> {
        self.lock().instances.insert(instance.id.clone(), instance.clone());
        Ok(())
    }

    fn remove_instance(&self, id: &str) -> Result<()> {
        self.lock().instances.remove(id);
        Ok(())
    }

    fn instances(&self) -> Result<Vec<Instance>> {
        Ok(self.lock().instances.values().cloned().collect())
    }

    fn maintain(&self) -> Result<()> {
        Ok(())
    }

    fn backup(&self, _: &Path, _: &Sink) -> Result<()> {
        Err(Error::new(ErrorKind::Unsupported, "a store in memory has no file to copy").with("store", self.name()))
    }
}
