//! A fixed set of replicas, leased one request at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::time::Duration;

use super::Shared;
use super::line::Line;
use crate::backends::{ReplicaLoad, ReplicaSet, ReplicaStatus};
use crate::clock::instant;
use crate::engine::choice::EngineChoice;
use crate::engine::profile::RunProfile;
use crate::engine::{Cancel, LoadReport, Outputs, State};
use crate::error::{Error, ErrorKind, Result};
use crate::metrics::recorder::thread_number;
use crate::metrics::spent::Spent;
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
    line: Line,
}

/// On a cache line of its own: cores take different ones.
#[repr(align(128))]
struct Replica {
    state: Mutex<Option<Box<dyn State>>>,
    /// Written by the holder of the lease alone.
    runs: AtomicU64,
    busy_ns: AtomicU64,
}

/// A replica, for one request.
struct Lease<'a> {
    replica: &'a Replica,
    state: MutexGuard<'a, Option<Box<dyn State>>>,
}

impl Lease<'_> {
    fn count(&self, ns: u64) {
        let add = |counter: &AtomicU64, n| counter.store(counter.load(Ordering::Relaxed) + n, Ordering::Relaxed);
        add(&self.replica.runs, 1);
        add(&self.replica.busy_ns, ns);
    }
}

impl Pool {
    pub(super) fn new(
        shared: Arc<Shared>,
        choice: Option<EngineChoice>,
        replicas: u32,
        max_queue: u32,
    ) -> Result<Self> {
        let replicas = (0..replicas)
            .map(|_| {
                let state = Mutex::new(Some(shared.0.clone().spawn()?));
                Ok(Replica { state, runs: AtomicU64::new(0), busy_ns: AtomicU64::new(0) })
            })
            .collect::<Result<Box<[_]>>>()?;
        Ok(Pool {
            shared,
            choice,
            replicas,
            waiting: AtomicU32::new(0),
            max_queue,
            replaced: AtomicU64::new(0),
            line: Line::default(),
        })
    }

    fn try_lease(&self) -> Option<Lease<'_>> {
        let n = self.replicas.len();
        let first = thread_number();
        (0..n).find_map(|i| {
            let replica = &self.replicas[(first + i) % n];
            match replica.state.try_lock() {
                Ok(state) => Some(Lease { replica, state }),
                Err(TryLockError::Poisoned(poisoned)) => Some(Lease { replica, state: poisoned.into_inner() }),
                Err(TryLockError::WouldBlock) => None,
            }
        })
    }

    /// A replica, and the nanoseconds that it took to get one.
    fn lease(&self, cancel: &Cancel<'_>) -> Result<(Lease<'_>, u64)> {
        if self.line.may_be_passed()
            && let Some(lease) = self.try_lease()
        {
            return Ok((lease, 0));
        }
        let began = instant();
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= self.max_queue {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            return Err(Error::new(ErrorKind::Overloaded, "every replica is busy and the queue is full")
                .with("replicas", self.replicas.len())
                .with("max_queue", self.max_queue));
        }
        let leased = self.wait(cancel);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        Ok((leased?, began.elapsed().as_nanos() as u64))
    }

    fn wait(&self, cancel: &Cancel<'_>) -> Result<Lease<'_>> {
        let mut place = self.line.join(cancel.priority);
        loop {
            // A release after this point finds this one waiting, so the sleep below ends at once.
            fence(Ordering::SeqCst);
            let first = place.is_first();
            if first && let Some(lease) = self.try_lease() {
                return Ok(lease);
            }
            cancel.check()?;
            let mut sleep = LOOK_EVERY;
            if let Some(deadline) = cancel.deadline {
                sleep = sleep.min(deadline.saturating_duration_since(instant()));
            }
            place.sleep(first, sleep);
        }
    }

    fn release(&self) {
        fence(Ordering::SeqCst);
        if self.waiting.load(Ordering::SeqCst) > 0 {
            self.line.wake_first();
        }
    }

    /// Leases a replica and works on its state; whatever fails there is replaced. Returns where the time went, too.
    fn with_state<T>(
        &self,
        outputs: &mut Outputs,
        cancel: &Cancel<'_>,
        work: impl FnOnce(&mut Box<dyn State>, &mut Outputs) -> Result<T>,
    ) -> Result<(T, Spent)> {
        let (mut lease, queue_ns) = self.lease(cancel)?;
        let began = instant();
        let result = catch_unwind(AssertUnwindSafe(|| {
            let state = match lease.state.as_mut() {
                Some(state) => state,
                None => lease.state.insert(self.shared.0.clone().spawn()?),
            };
            work(state, outputs)
        }))
        .unwrap_or_else(|panic| {
            let reason = panic
                .downcast_ref::<&str>()
                .map(|s| (*s).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "unknown".to_owned());
            Err(Error::new(ErrorKind::EngineFailed, "the engine panicked").with("reason", reason))
        });
        let compute_ns = began.elapsed().as_nanos() as u64;
        lease.count(compute_ns);
        if let Err(error) = &result {
            // Whatever the run left behind goes with its state; the next lease spawns a fresh one.
            *lease.state = None;
            outputs.clear();
            if error.kind() == ErrorKind::EngineFailed {
                self.replaced.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(%error, "the engine failed, and its replica is replaced");
            }
        }
        drop(lease);
        self.release();
        // Not every engine can stop within a run; an answer that nobody waits for any more is late with all of them.
        let found = result.and_then(|found| cancel.check().map(|()| found)).inspect_err(|_| outputs.clear())?;
        Ok((found, Spent { queue_ns, compute_ns, ..Spent::default() }))
    }
}

impl ReplicaSet for Pool {
    fn signature(&self) -> &Signature {
        self.shared.0.signature()
    }

    fn infer(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<Spent> {
        self.with_state(outputs, cancel, |state, outputs| state.run(inputs, outputs, cancel)).map(|((), spent)| spent)
    }

    fn profile(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<RunProfile> {
        let work = |state: &mut Box<dyn State>, outputs: &mut Outputs| state.profile(inputs, outputs, cancel);
        self.with_state(outputs, cancel, work).map(|(profile, _)| profile)
    }

    fn scale(&self, replicas: u32) -> Result<Arc<dyn ReplicaSet>> {
        let pool = Pool::new(self.shared.clone(), self.choice.clone(), replicas, self.max_queue)?;
        pool.replaced.store(self.replaced.load(Ordering::Relaxed), Ordering::Relaxed);
        Ok(Arc::new(pool))
    }

    fn status(&self) -> ReplicaStatus {
        let busy = self.replicas.iter().filter(|r| matches!(r.state.try_lock(), Err(TryLockError::WouldBlock))).count();
        let each = self.replicas.iter().map(|replica| ReplicaLoad {
            runs: replica.runs.load(Ordering::Relaxed),
            busy_us: replica.busy_ns.load(Ordering::Relaxed) / 1_000,
        });
        ReplicaStatus {
            replicas: self.replicas.len() as u32,
            busy: busy as u32,
            waiting: self.waiting.load(Ordering::Relaxed),
            replaced: self.replaced.load(Ordering::Relaxed),
            load: LoadReport { choice: self.choice.clone(), ..self.shared.0.report() },
            batching: None,
            each: each.collect(),
            residency: None,
        }
    }
}
