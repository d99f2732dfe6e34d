//! One computation for identical requests that come at the same time: the first leads, the others wait for its answer.
//!
//! A leader that fails, is cancelled or panics hands over to one that waits; its error is its own. Whoever waits does so
//! within its own deadline and cancel flag.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::detached::Parked;
use super::key::{BuildKeyHasher, Key};
use crate::clock::instant;
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, ErrorKind, Result};

const SHARDS: usize = 16;
/// How long one that waits sleeps before it looks at its cancel flag.
const LOOK_EVERY: Duration = Duration::from_millis(20);

type Shard = Mutex<HashMap<Key, Entry, BuildKeyHasher>>;

/// Computations under way. Holds no more than there are requests.
pub(crate) struct Flights {
    shards: [Shard; SHARDS],
}

impl Default for Flights {
    fn default() -> Self {
        Flights { shards: std::array::from_fn(|_| Shard::default()) }
    }
}

struct Entry {
    flight: Arc<Flight>,
    /// Whether somebody computes.
    led: bool,
    waiting: u32,
    /// Those that wait on no thread.
    parked: Vec<Parked>,
}

#[derive(Default)]
struct Flight {
    landed: OnceLock<Outputs>,
    /// Belongs to the lock of the shard.
    changed: Condvar,
}

/// What becomes of a request.
#[allow(clippy::large_enum_variant, reason = "it lives for one call, and a box would be an allocation of its own")]
pub(crate) enum Joined {
    /// It computes.
    Leads(Leader),
    /// Another one computed it.
    Landed(Outputs),
}

/// What becomes of a request that waits on no thread.
pub(super) enum Found {
    /// It computes.
    Leads(Leader, Parked),
    /// It is resumed later.
    Parked,
}

/// The right, and the duty, to compute. Dropped without an answer, it goes to one that waits.
pub(crate) struct Leader {
    flights: Arc<Flights>,
    key: Key,
    flight: Arc<Flight>,
}

fn lock(shard: &Shard) -> MutexGuard<'_, HashMap<Key, Entry, BuildKeyHasher>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Flights {
    /// Leads, or waits for the leader.
    ///
    /// # Errors
    /// `cancelled`, `deadline_exceeded` while it waits.
    pub(crate) fn join(self: &Arc<Self>, key: Key, cancel: &Cancel<'_>) -> Result<Joined> {
        let mut entries = lock(self.shard(&key));
        let Some(entry) = entries.get_mut(&key) else {
            return Ok(Joined::Leads(self.lead(&mut entries, key)));
        };
        let flight = entry.flight.clone();
        entry.waiting += 1;
        loop {
            if let Some(outputs) = flight.landed.get() {
                return Ok(Joined::Landed(outputs.clone()));
            }
            // Not landed, so it is there: it stays while somebody waits.
            if let Some(entry) = entries.get_mut(&key).filter(|entry| !entry.led) {
                entry.led = true;
                entry.waiting -= 1;
                return Ok(Joined::Leads(Leader { flights: self.clone(), key, flight }));
            }
            if let Err(error) = cancel.check() {
                leave(&mut entries, &key);
                return Err(error);
            }
            let mut sleep = LOOK_EVERY;
            if let Some(deadline) = cancel.deadline {
                sleep = sleep.min(deadline.saturating_duration_since(instant()));
            }
            entries = flight.changed.wait_timeout(entries, sleep).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// As [`Flights::join`], on no thread: where another one leads, the request is resumed once that one has ended.
    ///
    /// # Errors
    /// `overloaded` where as many wait as may.
    pub(super) fn join_or_park(self: &Arc<Self>, key: Key, request: Parked) -> Result<Found, (Error, Parked)> {
        let mut entries = lock(self.shard(&key));
        let Some(entry) = entries.get_mut(&key) else {
            return Ok(Found::Leads(self.lead(&mut entries, key), request));
        };
        if !entry.led {
            entry.led = true;
            return Ok(Found::Leads(Leader { flights: self.clone(), key, flight: entry.flight.clone() }, request));
        }
        let gone: Vec<Parked> = entry.parked.extract_if(.., |parked| parked.has_ended()).collect();
        let most = request.most();
        let refused = if entry.parked.len() < most {
            entry.parked.push(request);
            None
        } else {
            Some(request)
        };
        drop(entries);
        // Outside the lock: a request may hold much.
        drop(gone);
        match refused {
            None => Ok(Found::Parked),
            Some(request) => {
                let error = Error::new(ErrorKind::Overloaded, "too many identical requests wait for one answer");
                Err((error.with("max_queue", most), request))
            }
        }
    }

    fn shard(&self, key: &Key) -> &Shard {
        &self.shards[key.shard(SHARDS)]
    }

    fn lead(self: &Arc<Self>, entries: &mut HashMap<Key, Entry, BuildKeyHasher>, key: Key) -> Leader {
        let flight = Arc::<Flight>::default();
        entries.insert(key, Entry { flight: flight.clone(), led: true, waiting: 0, parked: Vec::new() });
        Leader { flights: self.clone(), key, flight }
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).len()).sum()
    }

    #[cfg(test)]
    fn waiting(&self) -> u32 {
        self.shards.iter().flat_map(|shard| lock(shard).values().map(|e| e.waiting).collect::<Vec<_>>()).sum()
    }
}

/// One that waited gives up, while somebody leads.
fn leave(entries: &mut HashMap<Key, Entry, BuildKeyHasher>, key: &Key) {
    if let Some(entry) = entries.get_mut(key) {
        entry.waiting -= 1;
    }
}

impl Leader {
    /// Gives the answer to all that wait.
    pub(crate) fn land(self, outputs: Outputs) {
        // Set by leaders alone, of which there is one.
        let _first = self.flight.landed.set(outputs);
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        let landed = self.flight.landed.get();
        let mut entries = lock(self.flights.shard(&self.key));
        let parked = entries.get_mut(&self.key).map(|entry| std::mem::take(&mut entry.parked)).unwrap_or_default();
        let nobody = entries.get(&self.key).is_none_or(|entry| entry.waiting == 0);
        if nobody || landed.is_some() {
            entries.remove(&self.key);
        } else if let Some(entry) = entries.get_mut(&self.key) {
            entry.led = false;
        }
        // All, since the one that is woken may be about to give up.
        self.flight.changed.notify_all();
        drop(entries);
        parked.into_iter().for_each(|parked| parked.resume(landed.cloned()));
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

    use super::super::key::Scope;
    use super::*;
    use crate::tensor::Tensor;

    fn key(n: &str) -> Key {
        Key::of(&Scope::new(n, "", "", ""), &[])
    }

    fn answer(n: f32) -> Outputs {
        Outputs::from_iter([Tensor::new(&[1], vec![n]).unwrap()])
    }

    fn until(mut holds: impl FnMut() -> bool) {
        let deadline = instant() + Duration::from_secs(20);
        while !holds() {
            assert!(instant() < deadline);
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// The answer of a request, which counts when it leads.
    fn request(flights: &Arc<Flights>, led: &AtomicU32, cancel: &Cancel<'_>) -> Result<Outputs> {
        match flights.join(key("a"), cancel)? {
            Joined::Landed(outputs) => Ok(outputs),
            Joined::Leads(leader) => {
                led.fetch_add(1, Ordering::SeqCst);
                leader.land(answer(1.0));
                Ok(answer(1.0))
            }
        }
    }

    fn led_by(flights: &Arc<Flights>) -> Leader {
        match flights.join(key("a"), &Cancel::NEVER).unwrap() {
            Joined::Leads(leader) => leader,
            Joined::Landed(_) => panic!("somebody else led"),
        }
    }

    #[test]
    fn all_that_wait_have_the_answer_of_the_one_that_leads() {
        let (flights, led) = (Arc::<Flights>::default(), AtomicU32::new(0));
        let leader = led_by(&flights);
        std::thread::scope(|scope| {
            let requests: Vec<_> = (0..8).map(|_| scope.spawn(|| request(&flights, &led, &Cancel::NEVER))).collect();
            until(|| flights.waiting() == 8);
            leader.land(answer(7.0));
            for request in requests {
                assert_eq!(request.join().unwrap().unwrap()[0], answer(7.0)[0]);
            }
        });
        assert_eq!((led.load(Ordering::SeqCst), flights.len()), (0, 0));
        assert!(matches!(flights.join(key("b"), &Cancel::NEVER), Ok(Joined::Leads(_))), "another key does not wait");
        assert_eq!(flights.len(), 0);
    }

    #[test]
    fn a_leader_that_gives_up_or_panics_hands_over_to_one_that_waits() {
        for panics in [false, true] {
            let (flights, led) = (Arc::<Flights>::default(), AtomicU32::new(0));
            let leader = led_by(&flights);
            std::thread::scope(|scope| {
                let requests: Vec<_> =
                    (0..8).map(|_| scope.spawn(|| request(&flights, &led, &Cancel::NEVER))).collect();
                until(|| flights.waiting() == 8);
                let died = catch_unwind(AssertUnwindSafe(move || {
                    let _leader = leader;
                    assert!(!panics, "as the test says");
                }));
                assert_eq!(died.is_err(), panics);
                for request in requests {
                    assert_eq!(request.join().unwrap().unwrap()[0], answer(1.0)[0]);
                }
            });
            assert_eq!((led.load(Ordering::SeqCst), flights.len()), (1, 0));
        }
    }

    #[test]
    fn one_that_waits_keeps_its_own_deadline_and_cancel_flag() {
        let (flights, led) = (Arc::<Flights>::default(), AtomicU32::new(0));
        let leader = led_by(&flights);
        let flag = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let late = scope.spawn(|| {
                let deadline = Some(instant() + Duration::from_millis(30));
                request(&flights, &led, &Cancel { deadline, ..Cancel::NEVER })
            });
            let cancelled = scope.spawn(|| request(&flights, &led, &Cancel { flag: Some(&flag), ..Cancel::NEVER }));
            assert_eq!(late.join().unwrap().unwrap_err().kind(), ErrorKind::DeadlineExceeded);
            until(|| flights.waiting() == 1);
            flag.store(true, Ordering::SeqCst);
            assert_eq!(cancelled.join().unwrap().unwrap_err().kind(), ErrorKind::Cancelled);
        });
        assert_eq!((flights.waiting(), flights.len()), (0, 1));
        drop(leader);
        assert_eq!(flights.len(), 0);
    }

    /// Leaders that fail at random, and requests that give up at random: nobody waits for ever, and nothing stays.
    #[test]
    fn nothing_is_left_after_many_failures() {
        let (flights, turn) = (Arc::<Flights>::default(), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for thread in 0..8u32 {
                let (flights, turn) = (&flights, &turn);
                scope.spawn(move || {
                    for n in 0..2_000u32 {
                        let deadline = (n % 3 == 0).then(|| instant() + Duration::from_micros(u64::from(n % 50)));
                        let result = flights.join(key("a"), &Cancel { deadline, ..Cancel::NEVER });
                        if let Ok(Joined::Leads(leader)) = result
                            && turn.fetch_add(1, Ordering::Relaxed) % 3 == thread % 3
                        {
                            leader.land(answer(0.0));
                        }
                    }
                });
            }
        });
        assert_eq!(flights.len(), 0);
    }
}
