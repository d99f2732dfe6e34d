//! Revisions that are loaded by their first request and may be unloaded again: `on_demand`.
//!
//! Such a revision stands in the routing table like any other. Only its replicas come and go, inside one
//! [`slot::OnDemand`], so that a load or an unload publishes nothing, and metrics and kept answers outlast both. Who goes
//! is decided in [`crate::machine::residency`].

mod slot;
mod turns;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::backends::ReplicaSet;
use crate::clock::{Millis, instant};
use crate::engine::{Cancel, Reclaim};
use crate::error::{Error, ErrorKind, Result};
use crate::machine::residency::{Resident, Room, idle, make_room};
use crate::noodle::Inner;
use crate::progress::Sink;

pub(crate) use slot::OnDemand;
use slot::Slot;
use turns::{Place, Turns};

/// How long a request without a deadline waits until others let memory go.
pub(crate) const MOST_WAIT: Duration = Duration::from_secs(10);
/// How long a waiting request sleeps before it looks at its cancel flag.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Milliseconds by which stamps may run ahead of the clock.
const MOST_AHEAD: Millis = 1_000;
/// Revisions that one round of the background thread unloads at most.
const UNLOADS_A_ROUND: usize = 32;

type Key = (String, u32);

/// How an `on_demand` revision came and went in this process.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResidencyStatus {
    /// Whether it is loaded.
    pub loaded: bool,
    /// Loads that a request waited for, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub cold_loads: u64,
    /// Unloads that made room for another one, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub evictions: u64,
    /// Unloads because no request came for long enough, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub idle_unloads: u64,
    /// Milliseconds that the last load took, verification included; absent before the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_load_ms: Option<u32>,
}

/// The `on_demand` revisions of a process.
#[derive(Default)]
pub(crate) struct Residency {
    inner: OnceLock<Weak<Inner>>,
    slots: Mutex<BTreeMap<Key, Weak<Slot>>>,
    /// Held while room is made, so that two that need room do not both make it.
    reclaiming: Mutex<()>,
    /// Milliseconds of the clock, as of the last load, unload or round, and one more for each load since: what a request
    /// stamps its revision with.
    coarse: AtomicU64,
    turns: Turns,
    loads: AtomicUsize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why a revision is unloaded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Room,
    Idle,
}

/// A load under way, until what it loaded stands in its slot.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Counted(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Whether a load failed because the budget is used up, and by how much.
fn missing(error: &Error) -> Option<u64> {
    if error.kind() != ErrorKind::ResourceExhausted {
        return None;
    }
    let number = |key| error.get(key).and_then(|text| text.parse::<u64>().ok());
    let (wanted, used, limit) = (number("wanted_bytes")?, number("used_bytes")?, number("limit_bytes")?);
    Some(used.saturating_add(wanted).saturating_sub(limit))
}

impl Residency {
    /// Names the process that loads. Only then can a revision be loaded, and room be made.
    pub(crate) fn attach(self: &Arc<Self>, inner: &Arc<Inner>) {
        self.inner.get_or_init(|| Arc::downgrade(inner));
        let this: Arc<dyn Reclaim> = self.clone();
        inner.budget.reclaim_from(Arc::downgrade(&this));
        self.look(inner.clock.now());
    }

    fn inner(&self) -> Result<Arc<Inner>> {
        let inner = self.inner.get().and_then(Weak::upgrade);
        inner.ok_or_else(|| Error::new(ErrorKind::Closed, "the handle is closed"))
    }

    fn look(&self, now: Millis) {
        let ahead = self.coarse.load(Ordering::Relaxed).saturating_sub(now);
        // A little ahead it is because of many loads, much ahead because the clock was set back.
        if ahead == 0 || ahead > MOST_AHEAD {
            self.coarse.store(now, Ordering::Relaxed);
        }
    }

    /// Tells the requests that follow a load from those before it.
    fn step(&self) {
        self.coarse.fetch_add(1, Ordering::Relaxed);
    }

    /// What a request stamps its revision with.
    fn stamp(&self) -> Millis {
        self.coarse.load(Ordering::Relaxed)
    }

    fn enter(&self, key: Key, slot: &Arc<Slot>) {
        lock(&self.slots).insert(key, Arc::downgrade(slot));
    }

    fn slots(&self) -> Vec<(Key, Arc<Slot>)> {
        let mut slots = lock(&self.slots);
        // What nobody serves any more is forgotten.
        slots.retain(|_, slot| slot.strong_count() > 0);
        slots.iter().filter_map(|(key, slot)| Some((key.clone(), slot.upgrade()?))).collect()
    }

    fn find(&self, deployment: &str, revision: u32) -> Option<Arc<Slot>> {
        lock(&self.slots).get(&(deployment.to_owned(), revision)).and_then(Weak::upgrade)
    }

    fn loaded(slots: &[(Key, Arc<Slot>)]) -> Vec<Resident> {
        slots.iter().filter_map(|(key, slot)| slot.resident(key)).collect()
    }

    /// Loads an `on_demand` revision now, where there is one that is not loaded.
    ///
    /// # Errors
    /// What its load says.
    pub(crate) fn warm(&self, deployment: &str, revision: u32, progress: &Sink) -> Result<()> {
        match self.find(deployment, revision) {
            Some(slot) => slot.bring_in(&Cancel::NEVER, false, progress).map(drop),
            None => Ok(()),
        }
    }

    /// Unloads the `on_demand` revisions of a deployment on which no request runs; the next request loads again. Returns
    /// how many went.
    pub(crate) fn unload(&self, deployment: &str) -> usize {
        let of = self.slots().into_iter().filter(|((name, _), _)| name == deployment);
        of.filter(|(_, slot)| slot.unload(Why::Idle)).count()
    }

    /// One round of the background thread: unloads what has been idle for long enough.
    pub(crate) fn round(&self, now: Millis) {
        self.look(now);
        let now = self.stamp();
        let slots = self.slots();
        slots.iter().for_each(|(_, slot)| slot.refresh(now));
        for name in idle(&Residency::loaded(&slots), now, UNLOADS_A_ROUND) {
            if let Some((_, slot)) = slots.iter().find(|(key, _)| *key == name) {
                slot.unload(Why::Idle);
            }
        }
    }

    /// Loads with what memory there is and can be had. Where requests hold what would have to go, it waits for them in
    /// the order of arrival: within the bounds of `cancel`, and no longer than until `give_up`.
    fn load_with_room(
        &self,
        slot: &Slot,
        cancel: &Cancel<'_>,
        give_up: Instant,
        progress: &Sink,
    ) -> Result<(Arc<dyn ReplicaSet>, String, Counted<'_>)> {
        let mut place: Option<Place<'_>> = None;
        let mut hopeless = false;
        loop {
            cancel.check()?;
            let seen = self.turns.seen();
            let mut short = None;
            if self.turns.is_first(place.as_ref()) {
                let inner = self.inner()?;
                let counted = Counted::new(&self.loads);
                let error = match slot.load(&inner, progress) {
                    Ok((replicas, verified)) => return Ok((replicas, verified, counted)),
                    Err(error) => error,
                };
                drop(counted);
                let Some(bytes) = missing(&error) else { return Err(error) };
                // Twice in a row: what was short at the first may have been held by a load that has ended since.
                let before = std::mem::replace(&mut hopeless, self.is_hopeless(&inner, bytes));
                match (before, hopeless) {
                    (true, true) => return Err(error),
                    (false, true) => continue,
                    _ => short = Some(error),
                }
            }
            let left = give_up.saturating_duration_since(instant());
            if left.is_zero() {
                let error = short.unwrap_or_else(|| {
                    Error::new(ErrorKind::ResourceExhausted, "other loads wait for memory, and came first")
                });
                return Err(error.with("waited_ms", MOST_WAIT.as_millis()));
            }
            place.get_or_insert_with(|| self.turns.queue());
            let left = cancel.deadline.map_or(left, |at| left.min(at.saturating_duration_since(instant())));
            self.turns.wait(seen, left.min(LOOK_EVERY));
        }
    }

    /// Whether waiting cannot help: no request and no other load holds memory that it gives back.
    fn is_hopeless(&self, inner: &Inner, bytes: u64) -> bool {
        // Whoever makes room holds what it takes out until it is gone.
        let _one = lock(&self.reclaiming);
        if self.loads.load(Ordering::Acquire) > 0 || inner.retires() {
            return false;
        }
        make_room(&Residency::loaded(&self.slots()), bytes) == Room::Never
    }
}

impl Reclaim for Residency {
    fn reclaim(&self, bytes: u64) -> bool {
        let Some(inner) = self.inner.get().and_then(Weak::upgrade) else { return false };
        let _one = lock(&self.reclaiming);
        // What no request uses any more goes before what one may still ask for.
        inner.sweep(None);
        let missing = inner.budget.used().saturating_add(bytes).saturating_sub(inner.budget.limit());
        if missing == 0 {
            // Somebody else made room meanwhile.
            return true;
        }
        let slots = self.slots();
        let Room::Unload(names) = make_room(&Residency::loaded(&slots), missing) else { return false };
        self.look(inner.clock.now());
        let unload = |name: &Key| slots.iter().any(|(key, slot)| key == name && slot.unload(Why::Room));
        names.iter().filter(|name| unload(name)).count() > 0
    }
}
