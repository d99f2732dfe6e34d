//! Makes what this process serves agree with what the log desires.
//!
//! `bring_up` loads one revision, `publish` puts what is loaded into the routing table, `converge` does both for all that
//! is missing. A background thread follows other processes, sweeps retired revisions and, while it holds the deciding
//! lease, finishes changes whose worker died.

mod observed;

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::backends::{ReplicaSet, RevisionSpec};
use crate::clock::instant;
use crate::control::CallContext;
use crate::engine::pipeline::FORMAT as PIPELINE;
use crate::error::{Error, ErrorKind, Result};
use crate::machine::Command;
use crate::machine::cache::CacheLevel;
use crate::machine::experiment::ExperimentPhase;
use crate::machine::residency::Loading;
use crate::machine::retention::{Keep, is_due};
use crate::machine::rollout::under_way;
use crate::machine::state::{Deployment, DeploymentState, Revision, RevisionStatus, VersionPin, VersionRecord};
use crate::machine::trial::Trial;
use crate::model::signature::{Signature, Symbols};
use crate::noodle::Inner;
use crate::progress::{ProgressStage, Sink, Stage};
use crate::rng::uuid;
use crate::serving::batch::Batcher;
use crate::serving::cache::ResponseCache;
use crate::serving::mirror::Mirror;
use crate::serving::residency::OnDemand;
use crate::serving::revision::{LiveRevision, Served};
use crate::serving::router::{LiveRule, Route, Table};
use crate::serving::session::{End, Plan};
use crate::serving::split::Split;
use crate::store::{Fence, Instance};
use crate::tensor::Shape;
use crate::verification;

/// The lease whose holder decides what no single caller does.
pub(crate) const LEASE: &str = "decider";
/// How often a write-ahead log is checkpointed.
const MAINTAIN_EVERY: Duration = Duration::from_secs(10);
/// First pause before a load that failed is tried again; doubles up to the last.
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_LAST: Duration = Duration::from_secs(60);

type Key = (String, u32);

/// What this process has loaded and what it is about to do.
#[derive(Default)]
pub(crate) struct Reconciler {
    live: Mutex<BTreeMap<Key, Arc<LiveRevision>>>,
    loading: Mutex<HashSet<Key>>,
    loaded: Condvar,
    /// Why a wanted revision is not loaded.
    failed: Mutex<BTreeMap<Key, FailedLoad>>,
    /// Held while a table is computed and swapped, so that tables follow each other as states do.
    publishing: Mutex<()>,
    retired: Mutex<Retired>,
    failing: Mutex<Vec<(String, u32, String)>>,
    /// Deployments that calls of this process are changing, one entry a call.
    working: Mutex<Vec<String>>,
    fence: Mutex<Option<Fence>>,
    last_error: Mutex<Option<String>>,
    signal: Arc<Signal>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Retired {
    tables: Vec<Arc<Table>>,
    revisions: Vec<Arc<LiveRevision>>,
}

/// A revision as the log desires it.
struct Desired {
    deployment: Deployment,
    revision: Revision,
    record: VersionRecord,
}

struct FailedLoad {
    error: String,
    next_try: Instant,
    pause: Duration,
}

#[derive(Default)]
struct Signal {
    state: Mutex<Woken>,
    changed: Condvar,
}

#[derive(Default)]
struct Woken {
    wake: bool,
    closed: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Signal {
    fn wake(&self) {
        lock(&self.state).wake = true;
        self.changed.notify_all();
    }

    fn close(&self) {
        lock(&self.state).closed = true;
        self.changed.notify_all();
    }

    fn is_closed(&self) -> bool {
        lock(&self.state).closed
    }

    /// False once closed.
    fn wait(&self, timeout: Duration) -> bool {
        let mut woken = lock(&self.state);
        if !woken.wake && !woken.closed {
            woken = self.changed.wait_timeout(woken, timeout).unwrap_or_else(PoisonError::into_inner).0;
        }
        woken.wake = false;
        !woken.closed
    }
}

impl Reconciler {
    /// Takes note that a revision fails too often; the background thread takes it out of service.
    pub(crate) fn report_failing(&self, served: &Served, cause: String) {
        let mut failing = lock(&self.failing);
        // Once for a revision, however many requests fail before the next round.
        match failing.iter_mut().find(|(d, r, _)| *d == served.deployment && *r == served.revision) {
            Some((_, _, known)) => *known = cause,
            None => failing.push((served.deployment.clone(), served.revision, cause)),
        }
        drop(failing);
        self.signal.wake();
    }

    pub(crate) fn live(&self, deployment: &str, revision: u32) -> Option<Arc<LiveRevision>> {
        lock(&self.live).get(&(deployment.to_owned(), revision)).cloned()
    }

    pub(crate) fn live_of(&self, deployment: &str) -> Vec<Arc<LiveRevision>> {
        let live = lock(&self.live);
        live.range((deployment.to_owned(), 0)..=(deployment.to_owned(), u32::MAX))
            .rev()
            .map(|(_, r)| r.clone())
            .collect()
    }

    /// Loaded revisions, by deployment and number.
    pub(crate) fn all_live(&self) -> Vec<Arc<LiveRevision>> {
        lock(&self.live).values().cloned().collect()
    }

    pub(crate) fn load_error(&self, deployment: &str) -> Option<String> {
        let failed = lock(&self.failed);
        failed
            .range((deployment.to_owned(), 0)..=(deployment.to_owned(), u32::MAX))
            .last()
            .map(|(_, f)| f.error.clone())
    }

    /// Takes note that a call changes a deployment, until the guard goes. A change of this process that no call works on
    /// any more was left over by an error, and the background thread finishes it.
    pub(crate) fn work_on(&self, deployment: &str) -> Working<'_> {
        lock(&self.working).push(deployment.to_owned());
        Working { reconciler: self, deployment: deployment.to_owned() }
    }

    fn works_on(&self, deployment: &str) -> bool {
        lock(&self.working).iter().any(|name| name == deployment)
    }

    pub(crate) fn leads(&self) -> bool {
        lock(&self.fence).is_some()
    }

    pub(crate) fn last_error(&self) -> Option<String> {
        lock(&self.last_error).clone()
    }
}

/// A call that changes a deployment.
pub(crate) struct Working<'a> {
    reconciler: &'a Reconciler,
    deployment: String,
}

impl Drop for Working<'_> {
    fn drop(&mut self) {
        let mut working = lock(&self.reconciler.working);
        if let Some(i) = working.iter().position(|name| *name == self.deployment) {
            working.swap_remove(i);
        }
    }
}

impl Inner {
    /// Brings up what should run and starts the background thread.
    pub(crate) fn start(self: &Arc<Self>) -> Result<()> {
        self.residency.attach(self);
        self.control.catch_up()?;
        if let Some(presence) = &self.presence {
            self.write_instance(presence.id())?;
            self.write_traffic()?;
            self.lead(presence.id());
        }
        if self.settings.load_on_open {
            self.converge();
        }
        self.publish();
        let weak = Arc::downgrade(self);
        let signal = self.reconciler.signal.clone();
        let poll = Duration::from_millis(self.settings.poll_interval_ms);
        let thread = crate::threads::spawn("noodle-reconcile", move || run(&weak, &signal, poll))?;
        *lock(&self.reconciler.thread) = Some(thread);
        tracing::debug!(directory = %self.dir.display(), read_only = self.settings.read_only, "opened");
        Ok(())
    }

    /// The name under which this process works on changes.
    pub(crate) fn worker(&self) -> String {
        self.presence.as_ref().map_or_else(String::new, |p| p.id().to_owned())
    }

    pub(crate) fn background(&self, operation: &'static str) -> CallContext {
        CallContext {
            actor: "noodle-deploy".to_owned(),
            operation,
            request_id: uuid(&*self.rng),
            progress: Sink::default(),
        }
    }

    /// Loads, verifies and warms a revision up, or returns it where it is loaded. Callers of the same revision wait for
    /// the first one.
    pub(crate) fn bring_up(
        &self,
        deployment: &str,
        revision: u32,
        progress: &Sink,
    ) -> Result<(Arc<LiveRevision>, String)> {
        let key = (deployment.to_owned(), revision);
        let r = &self.reconciler;
        let mut loading = lock(&r.loading);
        while loading.contains(&key) {
            loading = r.loaded.wait(loading).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(live) = r.live(deployment, revision) {
            return Ok((live, String::new()));
        }
        loading.insert(key.clone());
        drop(loading);
        let begun = instant();
        let result = self.load(deployment, revision, progress);
        match &result {
            Ok((live, _)) => {
                let (version, ms) = (&live.served.version, begun.elapsed().as_millis());
                tracing::info!(deployment, revision, version, ms, "revision is up");
                lock(&r.live).insert(key.clone(), live.clone());
                lock(&r.failed).remove(&key);
            }
            Err(error) => {
                tracing::warn!(deployment, revision, %error, "revision did not come up");
                self.note_failed(&key, error);
            }
        }
        lock(&r.loading).remove(&key);
        r.loaded.notify_all();
        result
    }

    /// Keeps why a revision did not load, and when that is tried again.
    fn note_failed(&self, key: &Key, error: &Error) {
        let mut failed = lock(&self.reconciler.failed);
        let before = failed.get(key);
        if before.is_some_and(|f| instant() < f.next_try) {
            return;
        }
        let pause = before.map_or(RETRY_FIRST, |f| (f.pause * 2).min(RETRY_LAST));
        failed.insert(key.clone(), FailedLoad { error: error.to_string(), next_try: instant() + pause, pause });
    }

    fn load(&self, name: &str, number: u32, progress: &Sink) -> Result<(Arc<LiveRevision>, String)> {
        let desired = self.desired(name, number)?;
        let (revision, record) = (&desired.revision, &desired.record);
        let served = Arc::new(Served {
            deployment: name.to_owned(),
            revision: number,
            model: record.model.clone(),
            version: record.version.clone(),
            signature: record.signature.clone(),
            labels: record.labels.clone(),
        });
        let recorder = || self.traffic.recorder(&served.deployment, served.revision, None);
        let recorder = self.settings.monitoring_enabled.then(recorder);
        let sessions = Arc::new(Plan::new(revision.state.as_ref(), revision.stream.as_ref(), &record.signature)?);
        let rule = revision.loading_rule();
        let digest = record.digest.to_string();
        if rule.when == Loading::OnDemand {
            let replicas = {
                let sessions = sessions.clone();
                OnDemand::new(&self.residency, served.clone(), rule, sessions, self.settings.max_queue)
            };
            // Verified once, by its deploy; from then on it is loaded when somebody asks for it.
            let asked = revision.status == RevisionStatus::Loading;
            let verified = if asked { replicas.load_and_verify(progress)? } else { String::new() };
            let cache = revision.cache.as_ref().map(|config| {
                let (levels, engine) = (self.caching.clone(), Box::new(replicas.engine()));
                Arc::new(ResponseCache::of_engine(levels, config, served.clone(), digest, engine))
            });
            let batching = revision.batching.as_ref();
            let live =
                LiveRevision::new(served, Arc::new(replicas), cache, sessions, recorder, batching, &self.settings)?;
            return Ok((Arc::new(live.recorded_on(self.recordings.tape(name))), verified));
        }
        let (replicas, verified) = self.start_replicas(&desired, None, true, progress)?;
        let cache = revision.cache.as_ref().map(|config| {
            let engine = replicas.status().load.engine;
            Arc::new(ResponseCache::new(self.caching.clone(), config, served.clone(), &digest, &engine))
        });
        let batching = revision.batching.as_ref();
        let live = LiveRevision::new(served, replicas, cache, sessions, recorder, batching, &self.settings)?;
        Ok((Arc::new(live.recorded_on(self.recordings.tape(name))), verified))
    }

    fn desired(&self, name: &str, number: u32) -> Result<Desired> {
        let state = self.control.read();
        let deployment = state.deployment(name)?.clone();
        let revision = deployment
            .revision(number)
            .ok_or_else(|| Error::not_found("revision", number).with("deployment", name))?
            .clone();
        let record = state.resolve(&deployment.model, &revision.version)?.clone();
        Ok(Desired { deployment, revision, record })
    }

    /// Starts the replicas of a revision and says what verification found, where it is asked for. `engine` is what an
    /// earlier load of the revision chose.
    fn start_replicas(
        &self,
        desired: &Desired,
        engine: Option<String>,
        verify: bool,
        progress: &Sink,
    ) -> Result<(Arc<dyn ReplicaSet>, String)> {
        let Desired { deployment, revision, record } = desired;
        let backend = self.backend(&deployment.target)?;
        let spec = self.spec(deployment, revision, record, engine, progress)?;
        let loading = progress.stage(ProgressStage::Load, Some(spec.replicas.into()));
        let replicas = backend.start(&spec)?;
        loading.finish();
        let verified = match verify {
            true => verification::verify(self, record, &spec.shapes, &*replicas, progress)
                .map_err(|e| e.with("model", &record.model).with("version", &record.version))?,
            false => String::new(),
        };
        let replicas: Arc<dyn ReplicaSet> = match &revision.batching {
            Some(batching) => {
                Arc::new(Batcher::new(replicas, batching.plan(&record.signature)?, self.settings.max_queue))
            }
            None => replicas,
        };
        Ok((replicas, verified))
    }

    /// Loads the replicas of an `on_demand` revision. What failed a moment ago is not tried again at every request.
    ///
    /// # Errors
    /// `unavailable` with the cause until it is tried again; what the load says.
    pub(crate) fn load_replicas(
        &self,
        served: &Served,
        engine: Option<String>,
        verify: bool,
        progress: &Sink,
    ) -> Result<(Arc<dyn ReplicaSet>, String)> {
        let key = (served.deployment.clone(), served.revision);
        if let Some(failed) = lock(&self.reconciler.failed).get(&key).filter(|f| instant() < f.next_try) {
            return Err(Error::new(ErrorKind::Unavailable, "the revision could not be loaded a moment ago")
                .with("cause", &failed.error));
        }
        let desired = self.desired(&served.deployment, served.revision)?;
        let result = self.start_replicas(&desired, engine, verify, progress);
        match &result {
            Ok(_) => drop(lock(&self.reconciler.failed).remove(&key)),
            // Memory may be there at any moment; whoever asks waits for it.
            Err(error) if error.kind() == ErrorKind::ResourceExhausted => {}
            Err(error) => {
                let (deployment, revision) = (&key.0, key.1);
                tracing::warn!(deployment, revision, %error, "revision could not be loaded");
                self.note_failed(&key, error);
            }
        }
        result
    }

    pub(crate) fn backend(&self, target: &str) -> Result<&Arc<dyn crate::backends::Backend>> {
        self.backends.get(target).ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, "no such target in this build")
                .with("field", "target")
                .with("value", target)
                .with("allowed", self.backends.keys().cloned().collect::<Vec<_>>().join(", "))
        })
    }

    fn spec(
        &self,
        deployment: &Deployment,
        revision: &Revision,
        record: &VersionRecord,
        chosen: Option<String>,
        progress: &Sink,
    ) -> Result<RevisionSpec> {
        let parts = {
            let state = self.control.read();
            let part = |pin: &VersionPin| state.resolve(&pin.model, &pin.version).cloned();
            record.uses.iter().map(part).collect::<Result<Vec<_>>>()?
        };
        let bytes = parts.iter().fold(record.bytes, |bytes, part| bytes.saturating_add(part.bytes));
        let mut reading = progress.stage(ProgressStage::Read, Some(bytes));
        let shapes = bind_shapes(&record.signature, &revision.shapes)?;
        let whole = self.spec_of(deployment, revision, record, shapes, chosen, &mut reading)?;
        let parts = parts.iter().map(|part| self.spec_of(deployment, revision, part, Vec::new(), None, &mut reading));
        let parts = parts.collect::<Result<_>>()?;
        reading.finish();
        Ok(RevisionSpec { parts, ..whole })
    }

    /// What a backend is to know of one version, whether it is deployed or a part of what is.
    fn spec_of(
        &self,
        deployment: &Deployment,
        revision: &Revision,
        record: &VersionRecord,
        shapes: Vec<Vec<Shape>>,
        chosen: Option<String>,
        reading: &mut Stage,
    ) -> Result<RevisionSpec> {
        let artifact = self.artifacts.read_counted(&record.digest, reading)?;
        // What served a pipeline is no engine of its own.
        let chosen = chosen.filter(|_| record.format != PIPELINE);
        let engine = revision.engine.clone().or_else(|| self.settings.default_engine.clone()).or(chosen);
        // Nothing is chosen for a pipeline itself.
        let choosing = engine.is_none() && record.format != PIPELINE;
        Ok(RevisionSpec {
            deployment: deployment.name.clone(),
            revision: revision.number,
            model: record.model.clone(),
            version: record.version.clone(),
            format: record.format.clone(),
            digest: record.digest.to_string(),
            artifact: Arc::new(artifact),
            signature: record.signature.clone(),
            trials: if choosing { verification::trials(self, record, &shapes)? } else { Vec::new() },
            engine,
            replicas: deployment.replicas_of(revision.number),
            threads: revision.threads,
            shapes,
            max_queue: self.settings.max_queue,
            plan_cache_bytes: self.settings.plan_cache_bytes,
            specialise: self.settings.specialise,
            budget: self.budget.clone(),
            parts: Vec::new(),
        })
    }

    /// Computes the routing table from the state and what is loaded, and swaps it in.
    pub(crate) fn publish(&self) {
        let r = &self.reconciler;
        let _publishing = lock(&r.publishing);
        let before = self.router.table();
        let mut table = Table::default();
        let mut stopped = Vec::new();
        {
            let state = self.control.read();
            let mut live = lock(&r.live);
            let mut keep: HashSet<Key> = HashSet::new();
            for (name, d) in &state.deployments {
                let wanted = d.wanted(self.settings.keep_warm as usize);
                let busy = d.revisions.iter().filter(|r| r.status == RevisionStatus::Loading).map(|r| r.number);
                keep.extend(wanted.iter().copied().chain(busy).map(|n| (name.clone(), n)));
                let desired = d.active.filter(|_| d.serves()).and_then(|n| live.get(&(name.clone(), n)).cloned());
                let fits = |live: &Arc<LiveRevision>| d.may_stand_in(&live.served.model, live.served.revision);
                let stale = || before.routes.get(name).and_then(|route| route.active.clone()).filter(fits);
                let lagging = desired.is_none() && d.serves();
                let active = desired.or_else(|| stale().map(LiveRevision::itself));
                let held = match d.serves() {
                    true => self.sessions.revisions(name),
                    false => Vec::new(),
                };
                let held: Vec<_> = held.into_iter().filter(|n| !wanted.contains(n)).collect();
                keep.extend(held.iter().map(|n| (name.clone(), *n)));
                let held = held.iter().filter_map(|n| live.get(&(name.clone(), *n)).cloned()).collect();
                let loaded = wanted.iter().filter_map(|n| live.get(&(name.clone(), *n)).cloned()).collect();
                let mut aliases = state.models.get(&d.model).map(|m| m.aliases.clone()).unwrap_or_default();
                if let Ok(latest) = state.resolve(&d.model, "latest") {
                    aliases.entry("latest".to_owned()).or_insert_with(|| latest.version.clone());
                }
                let unavailable = self.why_unavailable(d);
                if !d.serves() {
                    stopped.push((name.clone(), unavailable.clone()));
                }
                let split = self.split(d, &before, active.as_ref(), |n| live.get(&(name.clone(), n)).cloned());
                let active = active.map(|active| self.mirrored(d, active, |n| live.get(&(name.clone(), n)).cloned()));
                let rules = d.rules.iter().enumerate().filter_map(|(i, rule)| {
                    // What stops is let go.
                    let revision = rule.revision(d).filter(|_| d.serves())?;
                    let serves = active.as_ref().filter(|active| active.served.revision == revision).cloned();
                    let to = serves.or_else(|| live.get(&(name.clone(), revision)).cloned())?;
                    Some(LiveRule { number: i, rule: rule.clone(), to })
                });
                let rules = rules.collect();
                let route = Route { active, split, rules, loaded, held, aliases, unavailable, lagging };
                table.routes.insert(name.clone(), route);
            }
            // What still answers in place of a revision that is not loaded here stays.
            for route in table.routes.values() {
                if let Some(active) = &route.active {
                    keep.insert((active.served.deployment.clone(), active.served.revision));
                }
            }
            let mut retired = lock(&r.retired);
            live.retain(|key, revision| {
                let stays = keep.contains(key);
                if !stays {
                    retired.revisions.push(revision.clone());
                }
                stays
            });
            lock(&r.failed).retain(|key, _| keep.contains(key));
        }
        let old = self.router.publish(table);
        lock(&r.retired).tables.push(old);
        for (name, cause) in stopped {
            self.sessions.end_all(&name, &End::Stopped(cause));
        }
    }

    /// What serves, with requests that run a second time in the shadow, where a rollout asks for it and its candidate is loaded
    /// here.
    fn mirrored(
        &self,
        d: &Deployment,
        active: Arc<LiveRevision>,
        live: impl Fn(u32) -> Option<Arc<LiveRevision>>,
    ) -> Arc<LiveRevision> {
        let asked = d.mirrored().filter(|rollout| rollout.baseline == active.served.revision);
        let Some((rollout, candidate)) = asked.and_then(|rollout| Some((rollout, live(rollout.candidate)?))) else {
            return active;
        };
        if active.recorder.is_none() {
            return active;
        }
        if let Err(error) = self.shadow.start() {
            self.note_error(&error);
            return active;
        }
        let counted = [rollout.candidate, rollout.baseline]
            .map(|revision| self.traffic.recorder(&d.name, revision, Some(Trial::Mirror(rollout.candidate))));
        let (share, tolerance) = (rollout.mirror().unwrap_or_default(), rollout.canary.analysis().tolerance);
        active.mirrored_to(Mirror::new(self.shadow.clone(), candidate, counted, share, rollout.salt, tolerance))
    }

    /// How a rollout or an experiment divides the requests, once all revisions that it needs are loaded here. Where nothing
    /// of it changed, requests without a key go on where they were counted to.
    fn split(
        &self,
        d: &Deployment,
        before: &Table,
        active: Option<&Arc<LiveRevision>>,
        live: impl Fn(u32) -> Option<Arc<LiveRevision>>,
    ) -> Option<Arc<Split>> {
        let tried = d.division()?;
        // Without all that are to be compared nothing is split, nor where another one answers in place of what serves.
        active.filter(|live| Some(live.served.revision) == d.active)?;
        let arms: Vec<_> = tried.arms.iter().map(|(revision, _)| live(*revision)).collect::<Option<_>>()?;
        let known = before.routes.get(&d.name).and_then(|route| route.split.as_ref());
        if let Some(known) = known.filter(|split| split.is(&arms, &tried.shares, tried.salt)) {
            return Some(known.clone());
        }
        let watched = under_way(d).is_ok_and(|rollout| rollout.canary.analysis().drift.is_some());
        let compared = d.experiment.as_deref().filter(|of| of.phase == ExperimentPhase::Running);
        let segments = compared.and_then(|experiment| self.comparing.segments(&d.name, experiment));
        let counted = arms.iter().zip(&tried.arms).map(|(live, (_, trial))| {
            let of = &live.served;
            let counting = trial.as_ref().filter(|_| live.recorder.is_some());
            match counting {
                Some(trial) => {
                    let recorder = self.traffic.recorder(&of.deployment, of.revision, Some(*trial));
                    live.counting_to(Some(recorder), Some(*trial), watched, segments.clone())
                }
                None => live.counting_to(live.recorder.clone(), None, false, None),
            }
        });
        Some(Arc::new(Split::new(counted.collect(), tried.shares, tried.salt)))
    }

    /// Does something while no table is computed: what it changes, the next table has seen.
    pub(crate) fn between_tables<T>(&self, work: impl FnOnce() -> T) -> T {
        let _publishing = lock(&self.reconciler.publishing);
        work()
    }

    /// Ends the sessions whose time is up, and lets revisions go that no session is open on any more.
    fn round_of_sessions(&self) {
        self.sessions.round(self.clock.now());
        let table = self.router.table();
        let let_go = |live: &Arc<LiveRevision>| !live.sessions.are_open();
        if table.routes.values().any(|route| route.held.iter().any(let_go)) {
            drop(table);
            self.publish();
        }
    }

    /// Publishes after traffic has moved, and loads what the deployment now wants and lacks: the serving revision where a
    /// publish in between let it go, and the next one to roll back to.
    pub(crate) fn settle(&self, name: &str, progress: &Sink) {
        self.publish();
        let keep_warm = self.settings.keep_warm as usize;
        let wanted = self.control.read().deployments.get(name).map(|d| d.wanted(keep_warm)).unwrap_or_default();
        let missing: Vec<u32> =
            wanted.into_iter().filter(|revision| self.reconciler.live(name, *revision).is_none()).collect();
        if missing.is_empty() {
            return;
        }
        let mut stage = progress.stage(ProgressStage::KeepWarm, Some(missing.len() as u64));
        for revision in missing {
            // What does not load, the background work tries again.
            if self.bring_up(name, revision, &Sink::default()).is_ok() {
                self.publish();
            }
            stage.add(1);
        }
        stage.finish();
    }

    fn why_unavailable(&self, d: &Deployment) -> String {
        let state = format!("state {}", format!("{:?}", d.state).to_lowercase());
        match d.cause.clone().or_else(|| self.reconciler.load_error(&d.name)) {
            Some(cause) => format!("{state}: {cause}"),
            None => state,
        }
    }

    /// Loads what is wanted and missing, the serving revisions first, and fits replicas. Failures are kept for health.
    pub(crate) fn converge(&self) {
        let keep_warm = self.settings.keep_warm as usize;
        let wanted: Vec<(String, Vec<u32>)> = {
            let state = self.control.read();
            state.deployments.values().map(|d| (d.name.clone(), d.wanted(keep_warm))).collect()
        };
        let depth = wanted.iter().map(|(_, revisions)| revisions.len()).max().unwrap_or(0);
        for rank in 0..depth {
            let mut changed = false;
            for (name, revisions) in &wanted {
                let Some(&number) = revisions.get(rank) else { continue };
                if self.reconciler.signal.is_closed() {
                    // A close waits for this round, and for no more than the load under way.
                    return;
                }
                match self.reconciler.live(name, number) {
                    Some(live) => changed |= self.fit(name, &live),
                    None if self.is_due(name, number) => {
                        changed |= self.bring_up(name, number, &Sink::default()).is_ok()
                    }
                    None => {}
                }
            }
            if changed {
                self.publish();
            }
        }
    }

    /// Loads what a deployment should serve, the serving revision first. False where it should serve nothing, or where
    /// a load failed just now.
    pub(crate) fn load_asked(&self, name: &str) -> Result<bool> {
        let wanted = self.control.read().deployment(name)?.wanted(self.settings.keep_warm as usize);
        let Some((&active, rest)) = wanted.split_first().filter(|(active, _)| self.is_due(name, **active)) else {
            return Ok(false);
        };
        self.bring_up(name, active, &Sink::default())?;
        for &number in rest {
            // What is only kept warm may fail; the background work tries it again.
            drop(self.bring_up(name, number, &Sink::default()));
        }
        self.publish();
        Ok(true)
    }

    fn is_due(&self, name: &str, number: u32) -> bool {
        let failed = lock(&self.reconciler.failed);
        failed.get(&(name.to_owned(), number)).is_none_or(|f| instant() >= f.next_try)
    }

    /// Gives a loaded revision the desired number of replicas. True where that changed something.
    pub(crate) fn fit(&self, name: &str, live: &LiveRevision) -> bool {
        let (number, status) = (live.served.revision, live.replicas.status());
        let Some(replicas) = self.control.read().deployments.get(name).map(|d| d.replicas_of(number)) else {
            return false;
        };
        // What is not loaded takes the number on when it is.
        if status.replicas == replicas || status.residency.is_some_and(|residency| !residency.loaded) {
            return false;
        }
        match self.resize(name, number, live, replicas) {
            Ok(()) => true,
            Err(error) => {
                self.note_error(&error);
                false
            }
        }
    }

    pub(crate) fn resize(&self, name: &str, number: u32, live: &LiveRevision, replicas: u32) -> Result<()> {
        let scaled = Arc::new(live.with_replicas(live.replicas.scale(replicas)?));
        let old = lock(&self.reconciler.live).insert((name.to_owned(), number), scaled);
        lock(&self.reconciler.retired).revisions.extend(old);
        Ok(())
    }

    /// Requests that run or wait on retired revisions of a deployment.
    pub(crate) fn in_flight(&self, deployment: &str) -> u64 {
        let retired = lock(&self.reconciler.retired);
        let of = retired.revisions.iter().filter(|revision| revision.served.deployment == deployment);
        of.map(|revision| revision.replicas.status()).map(|s| u64::from(s.busy) + u64::from(s.waiting)).sum()
    }

    /// Drops retired tables and revisions that no request uses any more. True when none of a deployment's is left.
    pub(crate) fn sweep(&self, deployment: Option<&str>) -> bool {
        let mut retired = lock(&self.reconciler.retired);
        // Tables refer to revisions, so they go first.
        drop(extract(&mut retired.tables, |table| Arc::strong_count(table) == 1));
        let gone = extract(&mut retired.revisions, |revision| Arc::strong_count(revision) == 1);
        let done = deployment.is_none_or(|name| !retired.revisions.iter().any(|r| r.served.deployment == name));
        drop(retired);
        drop(gone);
        done
    }

    /// Whether requests still hold retired revisions.
    pub(crate) fn retires(&self) -> bool {
        self.sweep(None);
        !lock(&self.reconciler.retired).revisions.is_empty()
    }

    fn note_error(&self, error: &Error) {
        let error = error.to_string();
        let mut last = lock(&self.reconciler.last_error);
        // A disk that stays full is said once, not at every round.
        if last.as_ref() != Some(&error) {
            tracing::warn!(directory = %self.dir.display(), %error, "background work failed");
            *last = Some(error);
        }
    }

    fn write_instance(&self, id: &str) -> Result<()> {
        let now = self.clock.now();
        self.control.store().put_instance(&Instance {
            id: id.to_owned(),
            pid: std::process::id(),
            started_at: now,
            heartbeat_at: now,
            observed: serde_json::to_string(&self.observe()).unwrap_or_default(),
        })
    }

    /// Takes or renews the deciding lease, and finishes changes that nobody works on any more: those that this process
    /// left over, and, while it has the lease, those whose worker died.
    fn lead(&self, id: &str) {
        match self.try_lead(id) {
            Ok(fence) => {
                let leads = fence.is_some();
                let led = std::mem::replace(&mut *lock(&self.reconciler.fence), fence).is_some();
                if leads != led {
                    tracing::info!(directory = %self.dir.display(), leads, "the deciding lease changed hands");
                }
            }
            Err(error) => {
                *lock(&self.reconciler.fence) = None;
                self.note_error(&error);
            }
        }
        self.finish_orphans(id);
    }

    fn try_lead(&self, id: &str) -> Result<Option<Fence>> {
        let store = self.control.store();
        let ttl = self.settings.lease_ttl_ms;
        let mut lease = store.lease(LEASE, id, self.clock.now(), ttl)?;
        if lease.holder != id && !self.is_alive(&lease.holder)? {
            store.release(LEASE, &lease.holder)?;
            lease = store.lease(LEASE, id, self.clock.now(), ttl)?;
        }
        Ok((lease.holder == id).then_some(Fence { lease: LEASE.to_owned(), token: lease.token }))
    }

    /// Whether a process still works on its changes: by its lock on this machine, else by its heartbeat.
    fn is_alive(&self, id: &str) -> Result<bool> {
        if let Some(alive) = self.presence.as_ref().and_then(|p| p.is_alive(id)) {
            return Ok(alive);
        }
        let now = self.clock.now();
        let instances = self.control.store().instances()?;
        Ok(instances.iter().any(|i| i.id == id && i.heartbeat_at + self.settings.lease_ttl_ms > now))
    }

    fn finish_orphans(&self, id: &str) {
        let leads = self.reconciler.leads();
        let changing: Vec<Deployment> = {
            let state = self.control.read();
            let under_way = |d: &&Deployment| {
                use DeploymentState::*;
                matches!(d.state, Pending | Deploying | Scaling | Stopping)
            };
            state.deployments.values().filter(under_way).cloned().collect()
        };
        for d in changing {
            let orphan = match &d.worker {
                // A call that ended meanwhile has left another row.
                Some(worker) if worker == id => {
                    Ok(!self.reconciler.works_on(&d.name) && self.control.read().deployments.get(&d.name) == Some(&d))
                }
                Some(worker) if leads => self.is_alive(worker).map(|alive| !alive),
                _ => Ok(leads && d.worker.is_none()),
            };
            let result = orphan.and_then(|orphan| if orphan { self.finish(&d) } else { Ok(()) });
            if let Err(error) = result {
                self.note_error(&error);
            }
        }
    }

    fn finish(&self, d: &Deployment) -> Result<()> {
        let context = self.background("recover");
        let fence = lock(&self.reconciler.fence).clone();
        let run = |command: Command| self.control.execute(&context, &command, fence.as_ref());
        let (deployment, worker) = (d.name.clone(), self.worker());
        let claim = Command::Claim { deployment: deployment.clone(), worker: worker.clone() };
        let Some(ticket) = self.control.begin(&context, &claim, fence.as_ref())? else { return Ok(()) };
        match d.state {
            DeploymentState::Pending | DeploymentState::Deploying => {
                let Some(loading) = d.loading() else { return Ok(()) };
                let (revision, canary) = (loading.number, loading.canary.is_some());
                match self.bring_up(&deployment, revision, &Sink::default()) {
                    Ok((_, verification)) => {
                        let salt = if canary { self.rng.next() } else { 0 };
                        run(Command::RevisionReady { deployment, revision, worker, verification, salt })?;
                    }
                    Err(error) => {
                        run(Command::RevisionFailed { deployment, revision, worker, cause: error.to_string() })?;
                    }
                }
            }
            DeploymentState::Scaling => drop(run(Command::ScaleDone { deployment, worker, ticket })?),
            DeploymentState::Stopping => drop(run(Command::StopDone { deployment })?),
            _ => {}
        }
        self.publish();
        Ok(())
    }

    fn take_out_failing(&self) {
        let failing = std::mem::take(&mut *lock(&self.reconciler.failing));
        for (deployment, revision, cause) in failing {
            if self.still_answers(&deployment, revision) {
                tracing::warn!(
                    deployment,
                    revision,
                    cause,
                    "requests keep failing, and the revision passes its probes"
                );
                continue;
            }
            tracing::error!(deployment, revision, cause, "revision keeps failing");
            let command = Command::Fail { deployment, revision, cause };
            match self.control.execute(&self.background("monitor"), &command, None) {
                Ok(_) => self.publish(),
                // Somebody else took it out, or traffic has moved on.
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                Err(error) => self.note_error(&error),
            }
        }
    }

    /// Whether a revision whose requests keep failing passes its probes: then it is the requests that are wrong, and one
    /// caller's bad input must not take the deployment from all the others.
    fn still_answers(&self, deployment: &str, revision: u32) -> bool {
        let Some(live) = self.reconciler.live(deployment, revision) else { return false };
        let record = self.control.read().resolve(&live.served.model, &live.served.version).cloned();
        let answers = record.is_ok_and(|record| verification::passes_probes(self, &record, &*live.replicas));
        if answers {
            live.forget_failures();
        }
        answers
    }

    /// One round of the background thread.
    fn tick(&self, due: &mut Due) {
        self.take_out_failing();
        self.sweep(None);
        self.round_of_sessions();
        self.residency.round(self.clock.now());
        match self.follow(due) {
            Ok(()) => {}
            Err(error) => self.note_error(&error),
        }
    }

    fn follow(&self, due: &mut Due) -> Result<()> {
        let version = self.control.store().data_version()?;
        if due.data_version != Some(version) {
            // A call of this process may have folded already what others wrote, and have published nothing.
            self.control.catch_up()?;
            self.publish();
            due.data_version = Some(version);
        }
        self.converge();
        if self.reconciler.leads() && self.settings.scale_enabled {
            let fence = lock(&self.reconciler.fence).clone();
            self.autoscale(fence.as_ref())?;
        }
        if self.reconciler.leads() {
            let fence = lock(&self.reconciler.fence).clone();
            self.judge_rollouts(fence.as_ref())?;
            self.judge_experiments(fence.as_ref())?;
        } else {
            self.replays.stop();
        }
        let now = instant();
        if let Some(presence) = &self.presence
            && now >= due.heartbeat
        {
            due.heartbeat = now + Duration::from_millis(self.settings.heartbeat_ms);
            self.write_instance(presence.id())?;
            self.write_traffic()?;
            self.lead(presence.id());
            if self.reconciler.leads() {
                for id in presence.sweep()? {
                    self.control.store().remove_instance(&id)?;
                }
                self.settle_traffic()?;
                self.retain()?;
            }
        }
        if !self.settings.read_only && now >= due.maintain {
            due.maintain = now + MAINTAIN_EVERY;
            self.control.store().maintain()?;
            self.sweep_cache();
            self.sweep_recordings();
        }
        Ok(())
    }
}

impl Inner {
    /// Removes recorded requests of deployments that are no more. Only the holder of the lease does this.
    fn sweep_recordings(&self) {
        if self.reconciler.leads() {
            let state = self.control.read();
            let goes_on = |d: &&Deployment| d.state != DeploymentState::Stopped;
            self.recordings.sweep(state.deployments.values().filter(goes_on).map(|d| d.name.as_str()));
        }
    }

    /// Removes kept answers that nobody asks for any more. Only the holder of the lease does this.
    fn sweep_cache(&self) {
        let store = self.control.store();
        let Some(rows) = store.cache().filter(|_| self.reconciler.leads()) else { return };
        let state = self.control.read();
        let keeps = |d: &&Deployment| {
            let kept = |r: &Revision| r.cache.as_ref().is_some_and(|cache| cache.has(CacheLevel::Store));
            d.state != DeploymentState::Stopped && d.revisions.iter().any(kept)
        };
        let owners: Vec<String> = state.deployments.values().filter(keeps).map(|d| d.name.clone()).collect();
        drop(state);
        let owners: Vec<&str> = owners.iter().map(String::as_str).collect();
        if let Err(error) = rows.sweep(&owners, self.clock.now()) {
            // Another round comes; what is kept is bounded anyway.
            tracing::debug!(%error, "the cache was not swept");
        }
    }

    /// Cuts the log where the settings say so and it has grown too long. Only the holder of the lease does this unasked.
    fn retain(&self) -> Result<()> {
        let Some(keep) = self.settings.retain_events.map(u64::from) else { return Ok(()) };
        let cut = self.control.store().cut()?.sequence;
        if is_due(keep, cut, self.control.read().sequence) {
            let fence = lock(&self.reconciler.fence).clone();
            let keep = Keep { events: Some(keep), ms: None };
            self.control.retain(&self.background("retain"), &keep, fence.as_ref())?;
        }
        Ok(())
    }
}

fn extract<T>(items: &mut Vec<T>, mut out: impl FnMut(&T) -> bool) -> Vec<T> {
    let (gone, stay) = std::mem::take(items).into_iter().partition(|item| out(item));
    *items = stay;
    gone
}

/// When the background thread does what next.
struct Due {
    data_version: Option<u64>,
    heartbeat: Instant,
    maintain: Instant,
}

fn run(weak: &Weak<Inner>, signal: &Signal, poll: Duration) {
    let now = instant();
    let mut due = Due { data_version: None, heartbeat: now, maintain: now + MAINTAIN_EVERY };
    while signal.wait(poll) {
        // The handle may go at any time; the thread must not be what keeps it.
        let Some(inner) = weak.upgrade() else { return };
        inner.tick(&mut due);
    }
}

impl Inner {
    /// Ends the background work and waits for it.
    pub(crate) fn stop(&self) {
        self.reconciler.signal.close();
        self.shadow.close();
        self.control.hub.close();
        if let Some(thread) = lock(&self.reconciler.thread).take()
            && thread.thread().id() != std::thread::current().id()
        {
            // The background thread has no state of its own to lose.
            drop(thread.join());
            tracing::debug!(directory = %self.dir.display(), "closed");
        }
        self.caching.close();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop();
        if let Some(presence) = &self.presence {
            let store = self.control.store();
            // What cannot be said now, the next process concludes from the lock that is let go.
            let _written = self.write_traffic();
            let said = store.release(LEASE, presence.id()).and_then(|()| store.remove_instance(presence.id()));
            drop(said);
        }
    }
}

/// Declared shapes in the signature's order.
pub(crate) fn bind_shapes(signature: &Signature, shapes: &[BTreeMap<String, Vec<u32>>]) -> Result<Vec<Vec<Shape>>> {
    shapes
        .iter()
        .map(|by_name| {
            if let Some(unknown) = by_name.keys().find(|name| signature.input(name).is_none()) {
                let allowed = signature.inputs.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ");
                return Err(Error::invalid("shapes", unknown, allowed));
            }
            let mut symbols = Symbols::new();
            signature
                .inputs
                .iter()
                .map(|spec| {
                    let sizes = by_name
                        .get(&spec.name)
                        .ok_or_else(|| Error::invalid("shapes", "nothing", spec).with("input", &spec.name))?;
                    let shape: Shape = sizes.iter().map(|&n| n as usize).collect();
                    spec.fits(&shape, &mut symbols)?;
                    Ok(shape)
                })
                .collect()
        })
        .collect()
}
