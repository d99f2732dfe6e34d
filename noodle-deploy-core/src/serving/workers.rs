//! Threads that run asynchronous requests, so that no executor is ever blocked.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, ErrorKind, Result};

/// What a worker runs. It is told where none can.
pub(crate) type Job = Box<dyn FnOnce(Result<()>) + Send>;

pub(crate) struct Workers {
    shared: Arc<Shared>,
    wanted: usize,
    name: &'static str,
}

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    max_queue: usize,
}

struct Queue {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
    closed: bool,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Workers {
    /// Threads start when there is work for them.
    pub(crate) fn new(name: &'static str, threads: usize, max_queue: usize) -> Self {
        let queue = Queue { jobs: VecDeque::new(), threads: 0, idle: 0, closed: false };
        let shared = Shared { queue: Mutex::new(queue), changed: Condvar::new(), max_queue };
        Workers { shared: Arc::new(shared), wanted: threads.max(1), name }
    }

    /// Runs a job on a worker; where it cannot, tells it so on the caller's thread: `overloaded` where the queue is full,
    /// `closed`.
    pub(crate) fn run(&self, job: Job) {
        let queue = self.shared.queue();
        let refused = if queue.closed {
            Err(Error::new(ErrorKind::Closed, "the handle is closed"))
        } else if queue.jobs.len() >= self.shared.max_queue {
            Err(Error::new(ErrorKind::Overloaded, "the queue of asynchronous requests is full")
                .with("max_queue", self.shared.max_queue))
        } else {
            Ok(())
        };
        let refused = match refused {
            Ok(()) => self.enqueue(queue, job).err(),
            Err(error) => {
                drop(queue);
                Some((error, job))
            }
        };
        if let Some((error, job)) = refused {
            job(Err(error));
        }
    }

    /// Runs a job of a request that was admitted before, whatever waits. On the caller's thread, where the system gives
    /// no other one.
    pub(crate) fn run_admitted(&self, job: Job) {
        if let Err((_, job)) = self.enqueue(self.shared.queue(), job) {
            run_one(job);
        }
    }

    fn enqueue(&self, mut queue: MutexGuard<'_, Queue>, job: Job) -> Result<(), (Error, Job)> {
        if queue.idle <= queue.jobs.len() && queue.threads < self.wanted {
            let shared = self.shared.clone();
            match crate::threads::spawn(self.name, move || run(&shared)) {
                Ok(_) => queue.threads += 1,
                // Without any thread the job would wait for ever.
                Err(error) if queue.threads == 0 => return Err((error, job)),
                Err(_) => {}
            }
        }
        queue.jobs.push_back(job);
        drop(queue);
        self.shared.changed.notify_one();
        Ok(())
    }

    pub(crate) fn close(&self) {
        let mut queue = self.shared.queue();
        queue.closed = true;
        drop(queue);
        self.shared.changed.notify_all();
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.close();
    }
}

/// Whoever waits for a job that panics is told by what the job owned.
fn run_one(job: Job) {
    if catch_unwind(AssertUnwindSafe(|| job(Ok(())))).is_err() {
        tracing::error!("a worker panicked");
    }
}

fn run(shared: &Shared) {
    let mut queue = shared.queue();
    loop {
        if let Some(job) = queue.jobs.pop_front() {
            drop(queue);
            run_one(job);
            queue = shared.queue();
        } else if queue.closed {
            queue.threads -= 1;
            return;
        } else {
            queue.idle += 1;
            queue = shared.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
            queue.idle -= 1;
        }
    }
}
