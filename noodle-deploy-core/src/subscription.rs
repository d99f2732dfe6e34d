//! Events as they happen: a bounded ring that subscribers pull from.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
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
    /// Those who wait without a thread, by subscription.
    wakers: HashMap<u64, Waker>,
    subscriptions: u64,
}

impl Hub {
    pub(crate) fn new(last: u64) -> Self {
        let (events, wakers) = (VecDeque::new(), HashMap::new());
        let ring = Ring { events, last, closed: false, wakers, subscriptions: 0 };
        Hub { ring: Mutex::new(ring), changed: Condvar::new() }
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
        self.wake(ring);
    }

    /// Tells everybody who waits that something changed.
    fn wake(&self, mut ring: MutexGuard<'_, Ring>) {
        let wakers = std::mem::take(&mut ring.wakers);
        drop(ring);
        self.changed.notify_all();
        wakers.into_values().for_each(Waker::wake);
    }

    /// Takes note that events up to `last` cannot be had any more: subscribers are told with the next one.
    pub(crate) fn skip_to(&self, last: u64) {
        let mut ring = self.ring();
        ring.events.clear();
        ring.last = last;
    }

    pub(crate) fn close(&self) {
        let mut ring = self.ring();
        ring.closed = true;
        self.wake(ring);
    }

    pub(crate) fn subscribe(self: &Arc<Self>) -> Subscription {
        let mut ring = self.ring();
        ring.subscriptions += 1;
        Subscription { hub: self.clone(), id: ring.subscriptions, next: ring.last + 1 }
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
    id: u64,
    next: u64,
}

impl Subscription {
    /// Pulls the next event; waits up to `timeout` for one.
    pub fn pull(&mut self, timeout: Duration) -> Pulled {
        let deadline = instant() + timeout;
        let hub = self.hub.clone();
        let mut ring = hub.ring();
        loop {
            if let Some(pulled) = self.next(&ring) {
                return pulled;
            }
            let Some(left) = deadline.checked_duration_since(instant()).filter(|left| !left.is_zero()) else {
                return Pulled::Empty;
            };
            ring = hub.changed.wait_timeout(ring, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Pulls the next event without a thread that waits: where there is none yet, the waker is called once there may
    /// be one. Never [`Pulled::Empty`].
    pub fn poll_pull(&mut self, context: &mut Context<'_>) -> Poll<Pulled> {
        let hub = self.hub.clone();
        let mut ring = hub.ring();
        match self.next(&ring) {
            Some(pulled) => Poll::Ready(pulled),
            None => {
                ring.wakers.insert(self.id, context.waker().clone());
                Poll::Pending
            }
        }
    }

    /// What can be pulled now.
    fn next(&mut self, ring: &Ring) -> Option<Pulled> {
        if let Some(first) = ring.events.front().map(|e| e.sequence)
            && ring.last >= self.next
        {
            if self.next < first {
                let lost = first - self.next;
                self.next = first;
                return Some(Pulled::Lagged(lost));
            }
            if let Some(event) = ring.events.get((self.next - first) as usize) {
                self.next += 1;
                return Some(Pulled::Event(event.clone()));
            }
        }
        ring.closed.then_some(Pulled::Closed)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let waker = self.hub.ring().wakers.remove(&self.id);
        // Outside the lock: a waker is code of the host.
        drop(waker);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

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

    #[test]
    fn a_poll_wakes_when_something_comes_and_when_it_is_over() {
        struct Count(AtomicUsize);
        impl Wake for Count {
            fn wake(self: Arc<Self>) {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
        let woken = Arc::new(Count(AtomicUsize::new(0)));
        let waker = Waker::from(woken.clone());
        let mut context = Context::from_waker(&waker);
        let hub = Arc::new(Hub::new(0));
        let mut subscription = hub.subscribe();
        // Polling twice leaves one waker.
        assert!(subscription.poll_pull(&mut context).is_pending());
        assert!(subscription.poll_pull(&mut context).is_pending());
        hub.publish([record(1)]);
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
        assert!(
            matches!(subscription.poll_pull(&mut context), Poll::Ready(Pulled::Event(event)) if event.sequence == 1)
        );
        assert!(subscription.poll_pull(&mut context).is_pending());
        let mut dropped = hub.subscribe();
        assert!(dropped.poll_pull(&mut context).is_pending());
        drop(dropped);
        hub.close();
        assert_eq!(woken.0.load(Ordering::Relaxed), 2);
        assert_eq!(subscription.poll_pull(&mut context), Poll::Ready(Pulled::Closed));
    }
}
