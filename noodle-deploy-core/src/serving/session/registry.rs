//! The sessions of a process by deployment: how many there are, what they hold, and how they end.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::line::Line;
use super::plan::Plan;
use crate::clock::Millis;
use crate::engine::{MemoryBudget, Reservation};
use crate::error::{Error, ErrorKind, Result};
use crate::machine::trial::Trial;
use crate::serving::revision::{LiveRevision, Served};
use crate::tensor::Tensor;

/// Sessions that are open in this process.
#[derive(Default)]
pub(crate) struct Sessions {
    pools: Mutex<BTreeMap<String, Pool>>,
    next: AtomicU64,
}

#[derive(Default)]
struct Pool {
    open: BTreeMap<u64, Arc<Opened>>,
    /// Bytes that all of them carry.
    bytes: Arc<AtomicU64>,
}

/// Why a session is not open any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// Its holder let it go.
    Closed,
    /// No call came for long enough.
    Expired,
    /// Its deployment does not serve any more.
    Stopped(String),
}

/// A session that was opened.
pub(super) struct Opened {
    id: u64,
    pub(super) served: Arc<Served>,
    pub(super) plan: Arc<Plan>,
    pub(super) line: Line,
    pub(super) carried: Mutex<Carried>,
    /// What it was counted for when it began, and its caller's group.
    pub(super) trial: Option<Trial>,
    pub(super) group: Option<usize>,
    /// What it says of itself.
    pub(super) attributes: Vec<(String, String)>,
    last_used: AtomicU64,
    ended: OnceLock<End>,
}

/// What a session carries. Only the call whose turn it is changes it; an end takes it away.
#[derive(Default)]
pub(super) struct Carried {
    /// Those of the model, in the order of the plan, and behind them the context of the next stream where there is one.
    pub(super) tensors: Vec<Tensor>,
    pub(super) held: Option<Held>,
    /// Whether a stream of the session goes on.
    pub(super) streams: bool,
}

/// Bytes that a session is charged with: in its deployment and in the memory budget.
pub(super) struct Held {
    plan: Arc<Plan>,
    pool: Arc<AtomicU64>,
    reserved: Reservation,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Held {
    /// Unchanged where it fails.
    ///
    /// # Errors
    /// `resource_exhausted` with the limit.
    pub(super) fn resize(&mut self, bytes: u64) -> Result<()> {
        let (before, most) = (self.reserved.bytes(), self.plan.config.bytes());
        let after = |all: u64| all.saturating_sub(before).saturating_add(bytes);
        let fits = |all: u64| (bytes <= before || after(all) <= most).then(|| after(all));
        let result = match self.pool.fetch_update(Ordering::AcqRel, Ordering::Acquire, fits) {
            Ok(_) => self.reserved.resize(bytes).inspect_err(|_| {
                self.pool.fetch_sub(bytes.saturating_sub(before), Ordering::AcqRel);
            }),
            Err(used) => Err(Error::new(ErrorKind::ResourceExhausted, "the sessions of the deployment carry too much")
                .with("field", "state/max_bytes")
                .with("wanted_bytes", bytes.saturating_sub(before))
                .with("used_bytes", used)
                .with("max_bytes", most)),
        };
        match &result {
            Ok(()) => {
                self.plan.bytes.fetch_add(bytes.wrapping_sub(before), Ordering::Relaxed);
            }
            Err(_) => drop(self.plan.refused.fetch_add(1, Ordering::Relaxed)),
        }
        result
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.pool.fetch_sub(self.reserved.bytes(), Ordering::AcqRel);
        self.plan.bytes.fetch_sub(self.reserved.bytes(), Ordering::Relaxed);
    }
}

impl Sessions {
    /// Revisions of a deployment that sessions are open on.
    pub(crate) fn revisions(&self, deployment: &str) -> Vec<u32> {
        let pools = lock(&self.pools);
        let mut revisions: Vec<u32> =
            pools.get(deployment).into_iter().flat_map(|pool| pool.open.values()).map(|o| o.served.revision).collect();
        revisions.sort_unstable();
        revisions.dedup();
        revisions
    }

    /// A session that carries nothing yet. `prepare` gives it what it begins with.
    ///
    /// # Errors
    /// `resource_exhausted` with the limit.
    pub(super) fn open(
        &self,
        live: &LiveRevision,
        group: Option<usize>,
        attributes: &[(String, String)],
        now: Millis,
    ) -> Result<Arc<Opened>> {
        let (served, plan) = (&live.served, &live.sessions);
        let most = plan.config.sessions() as usize;
        if lock(&self.pools).get(&served.deployment).is_some_and(|pool| pool.open.len() >= most) {
            // Those whose time is up have no part in the bound.
            self.round(now);
        }
        let mut pools = lock(&self.pools);
        let pool = pools.entry(served.deployment.clone()).or_default();
        if pool.open.len() >= most {
            plan.refused.fetch_add(1, Ordering::Relaxed);
            return Err(Error::new(ErrorKind::ResourceExhausted, "too many sessions are open")
                .with("deployment", &served.deployment)
                .with("field", "state/max_sessions")
                .with("max_sessions", most));
        }
        let opened = Arc::new(Opened {
            id: self.next.fetch_add(1, Ordering::Relaxed),
            served: served.clone(),
            plan: plan.clone(),
            line: Line::default(),
            carried: Mutex::default(),
            trial: live.trial,
            group,
            attributes: attributes.to_vec(),
            last_used: AtomicU64::new(now),
            ended: OnceLock::new(),
        });
        plan.open.fetch_add(1, Ordering::AcqRel);
        plan.opened.fetch_add(1, Ordering::Relaxed);
        pool.open.insert(opened.id, opened.clone());
        Ok(opened)
    }

    /// Charges a new session with what it begins with, and gives it that.
    ///
    /// # Errors
    /// `resource_exhausted` with the limit.
    pub(super) fn prepare(&self, opened: &Opened, budget: &Arc<MemoryBudget>) -> Result<()> {
        let pool = match lock(&self.pools).get(&opened.served.deployment) {
            Some(pool) => pool.bytes.clone(),
            None => return Err(opened.error()),
        };
        let mut held = Held { plan: opened.plan.clone(), pool, reserved: budget.reserve(0)? };
        held.resize(opened.plan.initial_bytes(&opened.served.signature))?;
        let tensors = opened.plan.zeros(&opened.served.signature)?;
        opened.keep(tensors, held)
    }

    /// Ends one session. The first reason stays.
    pub(super) fn end(&self, opened: &Opened, end: End) {
        let expired = end == End::Expired;
        if opened.ended.set(end).is_err() {
            return;
        }
        {
            let mut pools = lock(&self.pools);
            if let Some(pool) = pools.get_mut(&opened.served.deployment) {
                pool.open.remove(&opened.id);
                if pool.open.is_empty() {
                    pools.remove(&opened.served.deployment);
                }
            }
        }
        opened.plan.open.fetch_sub(1, Ordering::AcqRel);
        if expired {
            opened.plan.expired.fetch_add(1, Ordering::Relaxed);
        }
        drop(std::mem::take(&mut *lock(&opened.carried)));
    }

    /// Ends every session of a deployment.
    pub(crate) fn end_all(&self, deployment: &str, end: &End) {
        let of = |pools: &BTreeMap<String, Pool>| -> Vec<_> {
            pools.get(deployment).map(|pool| pool.open.values().cloned().collect()).unwrap_or_default()
        };
        let all = of(&lock(&self.pools));
        all.iter().for_each(|opened| self.end(opened, end.clone()));
    }

    /// Ends the sessions whose time is up.
    pub(crate) fn round(&self, now: Millis) {
        let over: Vec<_> = {
            let pools = lock(&self.pools);
            let all = pools.values().flat_map(|pool| pool.open.values());
            all.filter(|opened| opened.is_over(now)).cloned().collect()
        };
        over.iter().for_each(|opened| self.end(opened, End::Expired));
    }
}

impl Opened {
    pub(super) fn carried(&self) -> MutexGuard<'_, Carried> {
        lock(&self.carried)
    }

    /// Takes note of a call. A clock that was set back moves the stamp back too.
    pub(super) fn touch(&self, now: Millis) {
        self.last_used.store(now, Ordering::Relaxed);
    }

    /// Whether its time is up: no call runs or waits.
    fn is_over(&self, now: Millis) -> bool {
        self.line.is_empty() && self.is_late(now)
    }

    /// Whether no call came for long enough.
    pub(super) fn is_late(&self, now: Millis) -> bool {
        self.plan.config.is_over(self.last_used.load(Ordering::Relaxed), now)
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended.get().is_some()
    }

    /// Keeps what the next call begins with, and what it is charged with.
    ///
    /// # Errors
    /// Why it has ended, where it has.
    pub(super) fn keep(&self, tensors: Vec<Tensor>, held: Held) -> Result<()> {
        let mut carried = self.carried();
        // An end that comes now waits for the lock, and takes away what is put there.
        if self.has_ended() {
            return Err(self.error());
        }
        carried.tensors = tensors;
        carried.held = Some(held);
        Ok(())
    }

    /// Why a call is not answered.
    pub(super) fn error(&self) -> Error {
        let error = match self.ended.get() {
            None | Some(End::Closed) => Error::new(ErrorKind::Closed, "the session is closed"),
            Some(End::Expired) => Error::new(ErrorKind::NotFound, "the session has expired")
                .with("reason", "expired")
                .with("idle_ms", self.plan.config.idle()),
            Some(End::Stopped(cause)) => {
                Error::new(ErrorKind::Unavailable, "the session ended with its deployment").with("cause", cause)
            }
        };
        error.with("deployment", &self.served.deployment).with("version", &self.served.version)
    }
}
