//! Events as they happen: a bounded ring that subscribers pull from.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::instant;
use crate::event::EventRecord;

/// Events kept for slow subscribers. Older ones are in the history.
const CAPACITY: usize = 4_096;

pub(crate) struct Hub {
    ring: Mutex<Ring>,
    changed: Condvar,
}

struct Ring {
    events: VecDeque<Arc<EventRecord>>,
    /// Sequence of the event that was published last.
    last: u64,
    closed: bool,
}

impl Hub {
    pub(crate) fn new(last: u64) -> Self {
        Hub { ring: Mutex::new(Ring { events: VecDeque::new(), last, closed: false }), changed: Condvar::new() }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn publish(&self, records: impl IntoIterator<Item = EventRecord>) {
        let mut ring = self.ring();
        for record in records {
            ring.last = record.sequence;
            if ring.events.len() == CAPACITY {
                ring.events.pop_front();
            }
            ring.events.push_back(Arc::new(record));
        }
        drop(ring);
        self.changed.notify_all();
    }

    /// Takes note that events up to `last` cannot be had any more: subscribers are told with the next one.
    pub(crate) fn skip_to(&self, last: u64) {
        let mut ring = self.ring();
        ring.events.clear();
        ring.last = last;
    }

    pub(crate) fn close(&self) {
        self.ring().closed = true;
        self.changed.notify_all();
    }

    pub(crate) fn subscribe(self: &Arc<Self>) -> Subscription {
        Subscription { hub: self.clone(), next: self.ring().last + 1 }
    }
}

/// What a pull brings.
#[derive(Debug, Clone, PartialEq)]
pub enum Pulled {
    /// The next event.
    Event(Arc<EventRecord>),
    /// So many events were overwritten before they were pulled; they are in the history.
    Lagged(u64),
    /// Nothing came in time.
    Empty,
    /// The handle is closed, and everything was pulled.
    Closed,
}

/// A place in the stream of events. Bounded: who pulls too slowly is told how much was lost.
pub struct Subscription {
    hub: Arc<Hub>,
    next: u64,
}

impl Subscription {
    /// Pulls the next event; waits up to `timeout` for one.
    pub fn pull(&mut self, timeout: Duration) -> Pulled {
        let deadline = instant() + timeout;
        let mut ring = self.hub.ring();
        loop {
            if let Some(first) = ring.events.front().map(|e| e.sequence)
                && ring.last >= self.next
            {
                if self.next < first {
                    let lost = first - self.next;
                    self.next = first;
                    return Pulled::Lagged(lost);
                }
                if let Some(event) = ring.events.get((self.next - first) as usize) {
                    self.next += 1;
                    return Pulled::Event(event.clone());
                }
            }
            if ring.closed {
                return Pulled::Closed;
            }
            let Some(left) = deadline.checked_duration_since(instant()).filter(|left| !left.is_zero()) else {
                return Pulled::Empty;
            };
            ring = self.hub.changed.wait_timeout(ring, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;
    use crate::store::Hash;

    fn record(sequence: u64) -> EventRecord {
        EventRecord {
            sequence,
            stream: "deployment/a".into(),
            at: 0,
            actor: String::new(),
            operation: String::new(),
            request_id: String::new(),
            event: Event::Stopped {},
            hash: Hash::ZERO,
        }
    }

    #[test]
    fn a_slow_subscriber_is_told_what_it_lost() {
        let hub = Arc::new(Hub::new(7));
        let mut subscription = hub.subscribe();
        assert_eq!(subscription.pull(Duration::ZERO), Pulled::Empty);
        hub.publish((8..8 + CAPACITY as u64 + 10).map(record));
        assert_eq!(subscription.pull(Duration::ZERO), Pulled::Lagged(10));
        for sequence in 18..18 + CAPACITY as u64 {
            let Pulled::Event(event) = subscription.pull(Duration::ZERO) else { panic!("an event was due") };
            assert_eq!(event.sequence, sequence);
        }
        // Events that were cut away before anybody read them.
        let last = 17 + CAPACITY as u64;
        hub.skip_to(last + 100);
        assert_eq!(subscription.pull(Duration::ZERO), Pulled::Empty);
        hub.publish([record(last + 101)]);
        assert_eq!(subscription.pull(Duration::ZERO), Pulled::Lagged(100));
        assert!(matches!(subscription.pull(Duration::ZERO), Pulled::Event(event) if event.sequence == last + 101));
        hub.close();
        assert_eq!(subscription.pull(Duration::from_secs(5)), Pulled::Closed);
    }
}
