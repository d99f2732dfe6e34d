//! Who waits for memory, in the order of arrival: a large model must not starve behind small ones.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Default)]
pub(super) struct Turns {
    state: Mutex<State>,
    changed: Condvar,
    /// Length of the queue, so that a request looks at one number as it ends.
    waiting: AtomicUsize,
}

#[derive(Default)]
struct State {
    queue: VecDeque<u64>,
    next: u64,
    /// Counts what may have freed memory, so that a waiter does not miss it.
    released: u64,
}

/// A place in the queue, left on drop.
pub(super) struct Place<'a> {
    turns: &'a Turns,
    ticket: u64,
}

impl Turns {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody waits who came before.
    pub(super) fn is_first(&self, place: Option<&Place<'_>>) -> bool {
        self.state().queue.front().is_none_or(|first| place.is_some_and(|place| place.ticket == *first))
    }

    pub(super) fn queue(&self) -> Place<'_> {
        let mut state = self.state();
        let ticket = state.next;
        state.next += 1;
        state.queue.push_back(ticket);
        self.waiting.store(state.queue.len(), Ordering::Release);
        Place { turns: self, ticket }
    }

    pub(super) fn seen(&self) -> u64 {
        self.state().released
    }

    /// Sleeps until something was released after `seen`, at most for `most`.
    pub(super) fn wait(&self, seen: u64, most: Duration) {
        let state = self.state();
        if state.released == seen {
            drop(self.changed.wait_timeout(state, most).unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Tells those that wait that memory may be there. Costs one load where nobody does.
    pub(super) fn release(&self) {
        if self.waiting.load(Ordering::Acquire) > 0 {
            self.state().released += 1;
            self.changed.notify_all();
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.turns.state();
        state.queue.retain(|ticket| *ticket != self.ticket);
        state.released += 1;
        self.turns.waiting.store(state.queue.len(), Ordering::Release);
        drop(state);
        self.turns.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_wait_come_in_order_and_before_newcomers() {
        let turns = Turns::default();
        assert!(turns.is_first(None));
        let (a, b) = (turns.queue(), turns.queue());
        assert!(turns.is_first(Some(&a)) && !turns.is_first(Some(&b)) && !turns.is_first(None));
        let seen = turns.seen();
        drop(a);
        assert!(turns.is_first(Some(&b)) && !turns.is_first(None));
        // Not missed: it came after the look.
        turns.wait(seen, Duration::from_secs(3_600));
        drop(b);
        assert!(turns.is_first(None));
    }
}
