//! Threads that run asynchronous requests, so that no executor is ever blocked.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::error::{Error, ErrorKind, Result};
use crate::serving::predict::CancelToken;

type Job = Box<dyn FnOnce() + Send>;

pub(crate) struct Workers {
    shared: Arc<Shared>,
    wanted: usize,
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
    pub(crate) fn new(threads: usize, max_queue: usize) -> Self {
        let queue = Queue { jobs: VecDeque::new(), threads: 0, idle: 0, closed: false };
        let shared = Shared { queue: Mutex::new(queue), changed: Condvar::new(), max_queue };
        Workers { shared: Arc::new(shared), wanted: threads.max(1) }
    }

    /// Runs `work` on a worker. Dropping the future cancels through `cancel`.
    pub(crate) fn submit<T: Send + 'static>(
        &self,
        cancel: CancelToken,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Submitted<T> {
        let slot = Arc::new(Mutex::new(Slot { result: None, waker: None }));
        let done = slot.clone();
        let job: Job = Box::new(move || {
            let result = catch_unwind(AssertUnwindSafe(work))
                .unwrap_or_else(|_| Err(Error::new(ErrorKind::Internal, "a worker panicked")));
            let mut slot = done.lock().unwrap_or_else(PoisonError::into_inner);
            slot.result = Some(result);
            let waker = slot.waker.take();
            drop(slot);
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        if let Err(error) = self.enqueue(job) {
            slot.lock().unwrap_or_else(PoisonError::into_inner).result = Some(Err(error));
        }
        Submitted { slot, cancel, done: false }
    }

    fn enqueue(&self, job: Job) -> Result<()> {
        let mut queue = self.shared.queue();
        if queue.closed {
            return Err(Error::new(ErrorKind::Closed, "the handle is closed"));
        }
        if queue.jobs.len() >= self.shared.max_queue {
            return Err(Error::new(ErrorKind::Overloaded, "the queue of asynchronous requests is full")
                .with("max_queue", self.shared.max_queue));
        }
        queue.jobs.push_back(job);
        if queue.idle < queue.jobs.len() && queue.threads < self.wanted {
            let shared = self.shared.clone();
            let spawned = crate::threads::spawn("noodle-worker", move || run(&shared));
            match spawned {
                Ok(_) => queue.threads += 1,
                // Without any thread the job would wait for ever.
                Err(error) if queue.threads == 0 => {
                    queue.jobs.pop_back();
                    return Err(error);
                }
                Err(_) => {}
            }
        }
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

fn run(shared: &Shared) {
    let mut queue = shared.queue();
    loop {
        if let Some(job) = queue.jobs.pop_front() {
            drop(queue);
            job();
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

struct Slot<T> {
    result: Option<Result<T>>,
    waker: Option<Waker>,
}

/// The future of a submitted request. Dropping it cancels the request.
pub struct Submitted<T> {
    slot: Arc<Mutex<Slot<T>>>,
    cancel: CancelToken,
    done: bool,
}

impl<T> Submitted<T> {
    /// What needs no worker.
    pub(crate) fn done(result: Result<T>) -> Self {
        let slot = Slot { result: Some(result), waker: None };
        Submitted { slot: Arc::new(Mutex::new(slot)), cancel: CancelToken::new(), done: false }
    }
}

impl<T> Future for Submitted<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        match slot.result.take() {
            Some(result) => {
                drop(slot);
                self.done = true;
                Poll::Ready(result)
            }
            None => {
                slot.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for Submitted<T> {
    fn drop(&mut self) {
        if !self.done {
            self.cancel.cancel();
        }
    }
}
