//! Those that wait for a replica, in the order in which they came.
//!
//! Who comes while others wait may take a free replica before them: its thread runs already, theirs would have to be
//! woken first. Once the first in the line has waited for [`PATIENCE`], nobody does that any more.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::Thread;
use std::time::{Duration, Instant};

use crate::clock::instant;

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
    waiting: VecDeque<(u64, Thread)>,
}

/// A place in the line. Whoever leaves it wakes the one that is first then: more than one replica may be free.
pub(super) struct Place<'a> {
    line: &'a Line,
    number: u64,
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

    pub(super) fn join(&self) -> Place<'_> {
        let mut waiters = self.waiters();
        let number = waiters.next;
        waiters.next += 1;
        waiters.waiting.push_back((number, std::thread::current()));
        Place { line: self, number, since: instant(), impatient: false }
    }

    /// Wakes the first. A call before it sleeps keeps it awake.
    pub(super) fn wake_first(&self) {
        if let Some((_, thread)) = self.waiters().waiting.front() {
            thread.unpark();
        }
    }
}

impl Place<'_> {
    /// Whether it is this one's turn. Nobody passes it once it has been for long enough.
    pub(super) fn is_first(&mut self) -> bool {
        let first = self.line.waiters().waiting.front().is_some_and(|(number, _)| *number == self.number);
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
        if let Some(at) = waiters.waiting.iter().position(|(number, _)| *number == self.number) {
            waiters.waiting.remove(at);
        }
        drop(waiters);
        self.line.wake_first();
    }
}
