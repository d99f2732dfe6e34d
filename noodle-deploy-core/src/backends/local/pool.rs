//! A fixed set of replicas, leased one request at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use super::Shared;
use crate::backends::{ReplicaSet, ReplicaStatus};
use crate::clock::instant;
use crate::engine::choice::EngineChoice;
use crate::engine::{Cancel, LoadReport, Outputs, State};
use crate::error::{Error, ErrorKind, Result};
use crate::metrics::recorder::thread_number;
use crate::model::signature::Signature;
use crate::tensor::TensorView;

/// How long a waiting request sleeps before it looks at its cancel flag.
const LOOK_EVERY: Duration = Duration::from_millis(20);

pub(super) struct Pool {
    shared: Arc<Shared>,
    choice: Option<EngineChoice>,
    /// Leased by locking. An empty one is filled by its next lease.
    replicas: Box<[Replica]>,
    waiting: AtomicU32,
    max_queue: u32,
    replaced: AtomicU64,
    /// Counts releases, so that a waiter does not miss one.
    released: Mutex<u64>,
    on_release: Condvar,
}

/// On a cache line of its own: cores take different ones.
#[repr(align(128))]
struct Replica(Mutex<Option<Box<dyn State>>>);

impl Pool {
    pub(super) fn new(
        shared: Arc<Shared>,
        choice: Option<EngineChoice>,
        replicas: u32,
        max_queue: u32,
    ) -> Result<Self> {
        let replicas = (0..replicas)
            .map(|_| Ok(Replica(Mutex::new(Some(shared.0.clone().spawn()?)))))
            .collect::<Result<Box<[_]>>>()?;
        Ok(Pool {
            shared,
            choice,
            replicas,
            waiting: AtomicU32::new(0),
            max_queue,
            replaced: AtomicU64::new(0),
            released: Mutex::new(0),
            on_release: Condvar::new(),
        })
    }

    fn try_lease(&self) -> Option<MutexGuard<'_, Option<Box<dyn State>>>> {
        let n = self.replicas.len();
        let first = thread_number();
        (0..n).find_map(|i| match self.replicas[(first + i) % n].0.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        })
    }

    fn lease(&self, cancel: &Cancel<'_>) -> Result<MutexGuard<'_, Option<Box<dyn State>>>> {
        if let Some(guard) = self.try_lease() {
            return Ok(guard);
        }
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= self.max_queue {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            return Err(Error::new(ErrorKind::Overloaded, "every replica is busy and the queue is full")
                .with("replicas", self.replicas.len())
                .with("max_queue", self.max_queue));
        }
        let leased = self.wait(cancel);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        leased
    }

    fn wait(&self, cancel: &Cancel<'_>) -> Result<MutexGuard<'_, Option<Box<dyn State>>>> {
        loop {
            let seen = *self.released.lock().unwrap_or_else(PoisonError::into_inner);
            // A release after this point changes the count, so the sleep below ends at once.
            fence(Ordering::SeqCst);
            if let Some(guard) = self.try_lease() {
                return Ok(guard);
            }
            cancel.check()?;
            let mut sleep = LOOK_EVERY;
            if let Some(deadline) = cancel.deadline {
                sleep = sleep.min(deadline.saturating_duration_since(instant()));
            }
            let released = self.released.lock().unwrap_or_else(PoisonError::into_inner);
            if *released == seen {
                drop(self.on_release.wait_timeout(released, sleep).unwrap_or_else(PoisonError::into_inner));
            }
        }
    }

    fn release(&self) {
        fence(Ordering::SeqCst);
        if self.waiting.load(Ordering::SeqCst) > 0 {
            *self.released.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            self.on_release.notify_one();
        }
    }
}

impl ReplicaSet for Pool {
    fn signature(&self) -> &Signature {
        self.shared.0.signature()
    }

    fn infer(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()> {
        let mut replica = self.lease(cancel)?;
        let result = catch_unwind(AssertUnwindSafe(|| {
            let state = match replica.as_mut() {
                Some(state) => state,
                None => replica.insert(self.shared.0.clone().spawn()?),
            };
            state.run(inputs, outputs, cancel)
        }))
        .unwrap_or_else(|panic| {
            let reason = panic
                .downcast_ref::<&str>()
                .map(|s| (*s).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "unknown".to_owned());
            Err(Error::new(ErrorKind::EngineFailed, "the engine panicked").with("reason", reason))
        });
        if let Err(error) = &result {
            // Whatever the run left behind goes with its state; the next lease spawns a fresh one.
            *replica = None;
            outputs.clear();
            if error.kind() == ErrorKind::EngineFailed {
                self.replaced.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(%error, "the engine failed, and its replica is replaced");
            }
        }
        drop(replica);
        self.release();
        // Not every engine can stop within a run; an answer that nobody waits for any more is late with all of them.
        result.and_then(|()| cancel.check()).inspect_err(|_| outputs.clear())
    }

    fn scale(&self, replicas: u32) -> Result<Arc<dyn ReplicaSet>> {
        let pool = Pool::new(self.shared.clone(), self.choice.clone(), replicas, self.max_queue)?;
        pool.replaced.store(self.replaced.load(Ordering::Relaxed), Ordering::Relaxed);
        Ok(Arc::new(pool))
    }

    fn status(&self) -> ReplicaStatus {
        let busy = self.replicas.iter().filter(|r| matches!(r.0.try_lock(), Err(TryLockError::WouldBlock))).count();
        ReplicaStatus {
            replicas: self.replicas.len() as u32,
            busy: busy as u32,
            waiting: self.waiting.load(Ordering::Relaxed),
            replaced: self.replaced.load(Ordering::Relaxed),
            load: LoadReport { choice: self.choice.clone(), ..self.shared.0.report() },
            batching: None,
            residency: None,
        }
    }
}
