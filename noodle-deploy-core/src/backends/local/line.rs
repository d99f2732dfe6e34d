//! Those that wait for a replica: by level of priority, and within a level in the order in which they came. Who waits ages
//! as in a batcher's queue.
//!
//! Who comes while others wait may take a free replica before them: its thread runs already, theirs would have to be
//! woken first. Once the first in the line has waited for [`PATIENCE`], nobody does that any more.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::Thread;
use std::time::{Duration, Instant};

use crate::clock::instant;
use crate::serving::priority::{LEVELS, Levels};

/// Long beside waking a thread, short beside what a caller notices.
const PATIENCE: Duration = Duration::from_millis(1);

#[derive(Default)]
pub(super) struct Line {
    waiters: Mutex<Waiters>,
    impatient: AtomicU32,
}

#[derive(Default)]
struct Waiters {
    next: u64,
    rules: Levels,
    /// One queue for each level, the most urgent first.
    levels: [VecDeque<Waiter>; LEVELS as usize],
}

struct Waiter {
    number: u64,
    since: Instant,
    thread: Thread,
}

impl Waiters {
    /// The most urgent. Within a level it is the one that waits longest, so that one of each is to be looked at.
    fn first(&self) -> Option<&Waiter> {
        let mut fronts = (1..).zip(&self.levels).filter_map(|(level, queue)| Some((level, queue.front()?)));
        let only = fronts.next()?;
        let Some(second) = fronts.next() else { return Some(only.1) };
        let now = instant();
        let rank = |(level, waiter): &(u32, &Waiter)| {
            let waited = now.saturating_duration_since(waiter.since).as_nanos() as u64;
            (self.rules.aged(*level, waited), waiter.number)
        };
        [only, second].into_iter().chain(fronts).min_by_key(rank).map(|(_, waiter)| waiter)
    }
}

/// A place in the line. Whoever leaves it wakes the one that is first then: more than one replica may be free.
pub(super) struct Place<'a> {
    line: &'a Line,
    number: u64,
    level: usize,
    since: Instant,
    impatient: bool,
}

impl Line {
    fn waiters(&self) -> MutexGuard<'_, Waiters> {
        self.waiters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether one who comes now may take a free replica.
    pub(super) fn may_be_passed(&self) -> bool {
        self.impatient.load(Ordering::Relaxed) == 0
    }

    pub(super) fn join(&self, priority: u32) -> Place<'_> {
        let mut waiters = self.waiters();
        let (number, since) = (waiters.next, instant());
        waiters.next += 1;
        let level = waiters.rules.nearest(priority) as usize - 1;
        waiters.levels[level].push_back(Waiter { number, since, thread: std::thread::current() });
        Place { line: self, number, level, since, impatient: false }
    }

    /// Wakes the first. A call before it sleeps keeps it awake.
    pub(super) fn wake_first(&self) {
        if let Some(first) = self.waiters().first() {
            first.thread.unpark();
        }
    }
}

impl Place<'_> {
    /// Whether it is this one's turn. Nobody passes it once it has been for long enough.
    pub(super) fn is_first(&mut self) -> bool {
        let first = self.line.waiters().first().is_some_and(|first| first.number == self.number);
        if first && !self.impatient && self.since.elapsed() >= PATIENCE {
            self.impatient = true;
            self.line.impatient.fetch_add(1, Ordering::Relaxed);
        }
        first
    }

    /// Sleeps until it is woken, no longer than `most`, and not beyond its patience where it is first.
    pub(super) fn sleep(&self, first: bool, most: Duration) {
        let most = match first && !self.impatient {
            true => most.min(PATIENCE.saturating_sub(self.since.elapsed())),
            false => most,
        };
        std::thread::park_timeout(most);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.impatient {
            self.line.impatient.fetch_sub(1, Ordering::Relaxed);
        }
        let mut waiters = self.line.waiters();
        let queue = &mut waiters.levels[self.level];
        // Numbers rise along a queue.
        if let Ok(at) = queue.binary_search_by_key(&self.number, |waiter| waiter.number) {
            queue.remove(at);
        }
        drop(waiters);
        self.line.wake_first();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_urgent_is_first_and_equals_go_in_order() {
        let line = Line::default();
        let mut places: Vec<_> = [3, 0, 2, 1, 1].map(|priority| line.join(priority)).into_iter().collect();
        let mut order = Vec::new();
        while !places.is_empty() {
            let at = places.iter_mut().position(Place::is_first).unwrap();
            assert!(places.iter_mut().skip(at + 1).all(|place| !place.is_first()));
            order.push(places.remove(at).number);
        }
        assert_eq!(order, [3, 4, 1, 2, 0]);
    }

    #[test]
    fn one_that_waited_for_long_is_passed_no_more() {
        let line = Line::default();
        let mut low = line.join(3);
        let long_ago = instant().checked_sub(Duration::from_secs(2)).unwrap();
        line.waiters().levels[2][0].since = long_ago;
        let mut high = line.join(1);
        assert!(low.is_first() && !high.is_first());
        drop(low);
        assert!(high.is_first());
    }
}
