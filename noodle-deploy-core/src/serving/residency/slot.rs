//! The place of one revision's replicas: full or empty.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use arc_swap::ArcSwapOption;

use super::{Key, LOOK_EVERY, MOST_WAIT, Residency, ResidencyStatus, Why, lock};
use crate::backends::{ReplicaSet, ReplicaStatus};
use crate::clock::{Millis, instant};
use crate::engine::{Cancel, LoadReport, Outputs};
use crate::error::{Error, ErrorKind, Result};
use crate::machine::residency::{LoadingRule, Resident};
use crate::metrics::spent::Spent;
use crate::model::signature::Signature;
use crate::noodle::Inner;
use crate::progress::Sink;
use crate::serving::revision::Served;
use crate::serving::session::Plan;
use crate::serving::ticket::Detached;
use crate::tensor::TensorView;

/// Replicas that are loaded when they are asked for.
pub(crate) struct OnDemand {
    slot: Arc<Slot>,
}

pub(super) struct Slot {
    served: Arc<Served>,
    rule: LoadingRule,
    sessions: Arc<Plan>,
    max_queue: u32,
    residency: Arc<Residency>,
    /// A request that runs holds what it found here, so that nothing is taken from it.
    loaded: ArcSwapOption<Loaded>,
    last_used: AtomicU64,
    /// Whether a load goes on.
    loading: Mutex<bool>,
    ended: Condvar,
    waiting: AtomicU32,
    /// A process runs the probes at its first load.
    verified: AtomicBool,
    facts: Mutex<Facts>,
    cold_loads: AtomicU64,
    evictions: AtomicU64,
    idle_unloads: AtomicU64,
}

pub(super) struct Loaded {
    replicas: Arc<dyn ReplicaSet>,
    /// Bytes held, as of the last look: a look takes a lock of the engine, which whoever asks for room may hold.
    bytes: AtomicU64,
}

/// What outlasts an unload.
#[derive(Default)]
struct Facts {
    last_load_ms: Option<u32>,
    /// As it was when it was last unloaded, with an engine's choice from the first load.
    report: LoadReport,
    replaced: u64,
}

/// A load that ends when this is dropped.
struct Under<'a>(&'a Slot);

impl Drop for Under<'_> {
    fn drop(&mut self) {
        *lock(&self.0.loading) = false;
        self.0.ended.notify_all();
    }
}

/// A request that waits for another one's load.
struct Waits<'a>(&'a AtomicU32);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl OnDemand {
    /// Replicas that are not loaded yet.
    pub(crate) fn new(
        residency: &Arc<Residency>,
        served: Arc<Served>,
        rule: LoadingRule,
        sessions: Arc<Plan>,
        max_queue: u32,
    ) -> Self {
        let key = (served.deployment.clone(), served.revision);
        let slot = Arc::new(Slot {
            served,
            rule,
            sessions,
            max_queue,
            residency: residency.clone(),
            loaded: ArcSwapOption::empty(),
            last_used: AtomicU64::new(residency.stamp()),
            loading: Mutex::new(false),
            ended: Condvar::new(),
            waiting: AtomicU32::new(0),
            verified: AtomicBool::new(false),
            facts: Mutex::default(),
            cold_loads: AtomicU64::new(0),
            evictions: AtomicU64::new(0),
            idle_unloads: AtomicU64::new(0),
        });
        residency.enter(key, &slot);
        OnDemand { slot }
    }

    /// Loads for a deploy, and says what verification found.
    pub(crate) fn load_and_verify(&self, progress: &Sink) -> Result<String> {
        self.slot.bring_in(&Cancel::NEVER, false, progress).map(|(_, verified)| verified)
    }

    /// Engine and version that answer: those of the first load of this process, which this waits for. Later loads take the
    /// same engine.
    pub(crate) fn engine(&self) -> impl Fn(&Cancel<'_>) -> Result<String> + Send + Sync + use<> {
        let slot = self.slot.clone();
        move |cancel| {
            if lock(&slot.facts).report.engine.is_empty() {
                slot.bring_in(cancel, true, &Sink::default())?;
            }
            Ok(lock(&slot.facts).report.engine.clone())
        }
    }
}

impl Slot {
    fn touch(&self) {
        self.last_used.store(self.residency.stamp(), Ordering::Relaxed);
    }

    /// As the decision who goes sees it; none while it is not loaded.
    pub(super) fn resident(&self, key: &Key) -> Option<Resident> {
        let loaded = self.loaded.load();
        let loaded = loaded.as_ref()?;
        Some(Resident {
            name: key.clone(),
            rule: self.rule,
            bytes: loaded.bytes.load(Ordering::Relaxed),
            last_used: self.last_used.load(Ordering::Relaxed),
            // The slot holds it once, and every request once more.
            busy: Arc::strong_count(loaded) > 1 || self.sessions.are_open(),
        })
    }

    /// Looks how many bytes are held now, and keeps stamps from lying in the future of a clock that was set back.
    pub(super) fn refresh(&self, now: Millis) {
        self.last_used.fetch_min(now, Ordering::Relaxed);
        if let Some(loaded) = &*self.loaded.load() {
            loaded.bytes.store(loaded.replicas.status().load.memory_bytes, Ordering::Relaxed);
        }
    }

    /// Takes the replicas out, unless a request runs on them or a session is open. One that comes at this very moment keeps it there.
    pub(super) fn unload(&self, why: Why) -> bool {
        if self.sessions.are_open() || self.loaded.load().as_ref().is_none_or(|loaded| Arc::strong_count(loaded) > 1) {
            return false;
        }
        let Some(loaded) = self.loaded.swap(None) else { return false };
        if Arc::strong_count(&loaded) > 1 {
            // Unless its next request has loaded it anew meanwhile.
            self.loaded.compare_and_swap(&None::<Arc<Loaded>>, Some(loaded));
            return false;
        }
        lock(&self.facts).replaced += loaded.replicas.status().replaced;
        let count = if why == Why::Room { &self.evictions } else { &self.idle_unloads };
        count.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(
            deployment = self.served.deployment,
            revision = self.served.revision,
            bytes = loaded.bytes.load(Ordering::Relaxed),
            idle = why == Why::Idle,
            "unloaded"
        );
        drop(loaded);
        self.residency.turns.release();
        true
    }

    /// The loaded replicas; where there are none, this loads them or waits for whoever does. `cold` counts the load as one
    /// that a request waited for.
    pub(super) fn bring_in(&self, cancel: &Cancel<'_>, cold: bool, progress: &Sink) -> Result<(Arc<Loaded>, String)> {
        let give_up = instant() + MOST_WAIT;
        let under = loop {
            if let Some(under) = self.begin(cancel)? {
                break under;
            }
            if let Some(loaded) = self.loaded.load_full() {
                return Ok((loaded, String::new()));
            }
            // It was unloaded between the two looks.
        };
        let (replicas, verified, counted) = self.residency.load_with_room(self, cancel, give_up, progress)?;
        let bytes = AtomicU64::new(replicas.status().load.memory_bytes);
        let loaded = Arc::new(Loaded { replicas, bytes });
        self.touch();
        self.residency.step();
        self.loaded.store(Some(loaded.clone()));
        drop(counted);
        if cold {
            self.cold_loads.fetch_add(1, Ordering::Relaxed);
        }
        drop(under);
        self.residency.turns.release();
        Ok((loaded, verified))
    }

    /// The right to load; none where it is loaded by now. A request waits here while another one loads, and loads for
    /// itself where that failed.
    fn begin(&self, cancel: &Cancel<'_>) -> Result<Option<Under<'_>>> {
        let mut waits = None;
        let mut loading = lock(&self.loading);
        while *loading {
            if waits.is_none() {
                waits = Some(self.wait_for_load()?);
            }
            let left = cancel.deadline.map_or(LOOK_EVERY, |at| at.saturating_duration_since(instant()).min(LOOK_EVERY));
            loading = self.ended.wait_timeout(loading, left).unwrap_or_else(PoisonError::into_inner).0;
            if *loading {
                cancel.check()?;
            }
        }
        if self.loaded.load().is_some() {
            return Ok(None);
        }
        *loading = true;
        Ok(Some(Under(self)))
    }

    fn wait_for_load(&self) -> Result<Waits<'_>> {
        let waits = Waits(&self.waiting);
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= self.max_queue {
            return Err(Error::new(ErrorKind::Overloaded, "too many requests wait for the revision to be loaded")
                .with("max_queue", self.max_queue));
        }
        Ok(waits)
    }

    /// Loads once, with the engine of the first load and, at the first load, the probes.
    pub(super) fn load(&self, inner: &Inner, progress: &Sink) -> Result<(Arc<dyn ReplicaSet>, String)> {
        self.residency.look(inner.clock.now());
        let engine = lock(&self.facts).chosen();
        let verify = !self.verified.load(Ordering::Acquire);
        let begun = instant();
        let (replicas, verified) = inner.load_replicas(&self.served, engine, verify, progress)?;
        self.verified.store(true, Ordering::Release);
        let mut facts = lock(&self.facts);
        facts.last_load_ms = Some(u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX));
        facts.learn(replicas.status().load);
        Ok((replicas, verified))
    }

    fn status(&self) -> ReplicaStatus {
        let loaded = self.loaded.load_full();
        let now = loaded.as_ref().map(|loaded| loaded.replicas.status());
        let facts = lock(&self.facts);
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let residency = Some(ResidencyStatus {
            loaded: now.is_some(),
            cold_loads: count(&self.cold_loads),
            evictions: count(&self.evictions),
            idle_unloads: count(&self.idle_unloads),
            last_load_ms: facts.last_load_ms,
        });
        let waiting = self.waiting.load(Ordering::Relaxed);
        let now = now.unwrap_or_else(|| ReplicaStatus {
            load: LoadReport { memory_bytes: 0, plans: 0, ..facts.report.clone() },
            ..ReplicaStatus::default()
        });
        ReplicaStatus {
            waiting: now.waiting + waiting,
            replaced: now.replaced + facts.replaced,
            load: LoadReport { choice: now.load.choice.or_else(|| facts.report.choice.clone()), ..now.load },
            residency,
            ..now
        }
    }
}

impl Facts {
    /// The engine that was chosen at the first load: a later one does not choose anew.
    fn chosen(&self) -> Option<String> {
        self.report.choice.as_ref()?;
        self.report.engine.split(' ').next().map(str::to_owned)
    }

    fn learn(&mut self, report: LoadReport) {
        let choice = report.choice.or_else(|| self.report.choice.take());
        self.report = LoadReport { choice, ..report };
    }
}

impl ReplicaSet for OnDemand {
    fn signature(&self) -> &Signature {
        &self.slot.served.signature
    }

    fn infer(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<Spent> {
        let slot = &*self.slot;
        slot.touch();
        let (loaded, load_ns) = match slot.loaded.load_full() {
            Some(loaded) => (loaded, 0),
            None => {
                let began = instant();
                (slot.bring_in(cancel, true, &Sink::default())?.0, began.elapsed().as_nanos() as u64)
            }
        };
        let result = loaded.replicas.infer(inputs, outputs, cancel);
        drop(loaded);
        slot.residency.turns.release();
        // Whoever waits for a load waits for a replica.
        result.map(|spent| Spent { queue_ns: spent.queue_ns + load_ns, ..spent })
    }

    fn submit(&self, request: Detached, may_wait: bool) -> Result<(), Detached> {
        let slot = &*self.slot;
        slot.touch();
        let began = instant();
        let (loaded, load_ns) = match slot.loaded.load_full() {
            Some(loaded) => (loaded, 0),
            None if !may_wait => return Err(request),
            None => match slot.bring_in(&request.ticket.cancel(), true, &Sink::default()) {
                Ok((loaded, _)) => (loaded, began.elapsed().as_nanos() as u64),
                Err(error) => {
                    request.ticket.end(Err(error));
                    return Ok(());
                }
            },
        };
        // Nothing is taken from a request before it has ended.
        let (held, residency) = (loaded.clone(), slot.residency.clone());
        request.ticket.wrap(move |answer| {
            drop(held);
            residency.turns.release();
            answer.map(|(outputs, spent)| (outputs, Spent { queue_ns: spent.queue_ns + load_ns, ..spent }))
        });
        loaded.replicas.submit(request, may_wait)
    }

    /// What is not loaded takes the number on at its next load.
    fn scale(&self, replicas: u32) -> Result<Arc<dyn ReplicaSet>> {
        // No load comes between the look and the store.
        let _loading = lock(&self.slot.loading);
        if let Some(loaded) = self.slot.loaded.load_full() {
            let scaled = loaded.replicas.scale(replicas)?;
            let bytes = AtomicU64::new(scaled.status().load.memory_bytes);
            self.slot.loaded.store(Some(Arc::new(Loaded { replicas: scaled, bytes })));
        }
        Ok(Arc::new(OnDemand { slot: self.slot.clone() }))
    }

    fn status(&self) -> ReplicaStatus {
        self.slot.status()
    }
}
