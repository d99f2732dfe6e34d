//! The thread that runs requests a second time. Whoever hands one over waits for nothing: not for a place, and not for a lock
//! that a thread holds which everything else goes before.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use super::predict::CancelToken;
use crate::clock::instant;
use crate::error::Result;

/// Requests that wait in one process; what comes beyond is skipped.
const WAITING: usize = 64;
/// Bytes of inputs that they may hold.
const HELD: u64 = 64 << 20;
/// Longest pause that keeps the thread within its share of the processor.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How often it looks for work while there is some: a wake-up would cost whoever hands work over more than the rest.
const POLL: Duration = Duration::from_millis(1);
/// Looks in a row without work after which it sleeps until it is woken.
const LOOKS: u32 = 1_000;

/// What runs in the shadow.
pub(crate) trait Job: Send {
    /// Bytes that it holds while it waits.
    fn bytes(&self) -> u64;

    /// Runs it. Nobody waits.
    fn run(self: Box<Self>);
}

/// Where the requests of all deployments of a handle run a second time.
pub(crate) struct Shadow {
    queue: Arc<Queue>,
    /// Share of one processor that it may take, in percent.
    percent: u32,
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    woken: Condvar,
    closed: CancelToken,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Box<dyn Job>>,
    bytes: u64,
    /// Whether the thread is there.
    runs: bool,
    /// Whether it has to be woken.
    sleeps: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job; none once closed.
    fn next(&self) -> Option<Box<dyn Job>> {
        let mut waiting = self.lock();
        let mut looks = 0;
        loop {
            if self.closed.is_set() {
                waiting.runs = false;
                return None;
            }
            if let Some(job) = waiting.jobs.pop_front() {
                waiting.bytes = waiting.bytes.saturating_sub(job.bytes());
                return Some(job);
            }
            looks += 1;
            waiting.sleeps = looks > LOOKS;
            waiting = match waiting.sleeps {
                true => self.woken.wait(waiting).unwrap_or_else(PoisonError::into_inner),
                false => self.woken.wait_timeout(waiting, POLL).unwrap_or_else(PoisonError::into_inner).0,
            };
            waiting.sleeps = false;
        }
    }
}

impl Shadow {
    pub(crate) fn new(percent: u32) -> Self {
        Shadow { queue: Arc::default(), percent: percent.clamp(1, 100) }
    }

    /// Starts the thread where there is none.
    ///
    /// # Errors
    /// `resource_exhausted` where the system gives none.
    pub(crate) fn start(&self) -> Result<()> {
        let mut waiting = self.queue.lock();
        if waiting.runs || self.queue.closed.is_set() {
            return Ok(());
        }
        let (queue, percent) = (self.queue.clone(), self.percent);
        crate::threads::spawn_idle("noodle-shadow", move || run(&queue, percent))?;
        waiting.runs = true;
        Ok(())
    }

    /// Hands a job over, or drops it where that would take time or room. Whether it was taken.
    pub(crate) fn give(&self, job: Box<dyn Job>) -> bool {
        let mut waiting = match self.queue.waiting.try_lock() {
            Ok(waiting) => waiting,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return false,
        };
        let bytes = waiting.bytes.saturating_add(job.bytes());
        if !waiting.runs || waiting.jobs.len() >= WAITING || bytes > HELD {
            return false;
        }
        waiting.bytes = bytes;
        waiting.jobs.push_back(job);
        let sleeps = waiting.sleeps;
        drop(waiting);
        if sleeps {
            self.queue.woken.notify_one();
        }
        true
    }

    /// Set once nothing is to run any more.
    pub(crate) fn closed(&self) -> &CancelToken {
        &self.queue.closed
    }

    /// Ends the thread after what it runs, and drops what waits.
    pub(crate) fn close(&self) {
        self.queue.closed.cancel();
        let jobs = std::mem::take(&mut self.queue.lock().jobs);
        self.queue.woken.notify_all();
        drop(jobs);
    }
}

impl Drop for Shadow {
    fn drop(&mut self) {
        self.close();
    }
}

fn run(queue: &Queue, percent: u32) {
    while let Some(job) = queue.next() {
        let begun = instant();
        if catch_unwind(AssertUnwindSafe(|| job.run())).is_err() {
            tracing::error!("a run in the shadow panicked");
        }
        rest(queue, begun, percent);
    }
}

/// Keeps the thread from more than its share: after it has worked for so long, it rests.
fn rest(queue: &Queue, begun: Instant, percent: u32) {
    let until = instant() + (begun.elapsed() * (100 - percent) / percent).min(LONGEST_PAUSE);
    let mut waiting = queue.lock();
    loop {
        let left = until.saturating_duration_since(instant());
        if left.is_zero() || queue.closed.is_set() {
            return;
        }
        waiting = queue.woken.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
    }
}
