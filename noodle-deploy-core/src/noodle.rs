//! The one handle.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use crate::api::{AbTest, Deployer, Lifecycle, Monitor, Optimizer, Versioning};
use crate::artifact::{ArtifactStore, durable};
use crate::backends::Backend;
use crate::builder::{Builder, Components};
use crate::clock::{Clock, instant};
use crate::control::Control;
use crate::engine::pipeline::steps::Steps;
use crate::engine::{Cancel, MemoryBudget, Outputs};
use crate::error::{Error, ErrorKind, Result};
use crate::experiments::Comparing;
use crate::local::Local;
use crate::metrics::resources::Resources;
use crate::ops::{Caller, Role};
use crate::paths::check_path;
use crate::presence::Presence;
use crate::reconcile::Reconciler;
use crate::remembered::Remembered;
use crate::replays::Replays;
use crate::rng::{Rng, uuid};
use crate::rollouts::Judging;
use crate::scaling::Scaling;
use crate::serving::cache::Levels;
use crate::serving::detached;
use crate::serving::journal::{Journal, check_id};
use crate::serving::predict::{PredictOptions, Prediction, Served};
use crate::serving::recording::Recordings;
use crate::serving::residency::Residency;
use crate::serving::revision::LiveRevision;
use crate::serving::router::{Picked, Router, Wanted};
use crate::serving::segmenting::Asker;
use crate::serving::session::Sessions;
use crate::serving::shadow::Shadow;
use crate::serving::submitted::Submitted;
use crate::serving::taken::Taken;
use crate::serving::ticket::{Answer, Watch};
use crate::serving::workers::Workers;
use crate::settings::Settings;
use crate::store::Store;
use crate::tensor::{Tensor, TensorView};
use crate::traffic::Traffic;

/// An open directory. Cheap to clone; the last clone closes it.
///
/// Opens of one directory inside one process share one handle, whatever path leads there.
#[derive(Clone)]
pub struct Noodle {
    pub(crate) inner: Arc<Handle>,
}

/// What the clones of a [`Noodle`] share. The background thread does not: so it ends with the last of them, and whoever
/// drops that one waits for it.
pub(crate) struct Handle(Arc<Inner>);

impl std::ops::Deref for Handle {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.stop();
    }
}

pub(crate) struct Inner {
    pub(crate) dir: PathBuf,
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) control: Control,
    pub(crate) artifacts: ArtifactStore,
    pub(crate) backends: BTreeMap<String, Arc<dyn Backend>>,
    pub(crate) budget: Arc<MemoryBudget>,
    pub(crate) router: Router,
    pub(crate) presence: Option<Presence>,
    pub(crate) reconciler: Reconciler,
    pub(crate) residency: Arc<Residency>,
    pub(crate) sessions: Sessions,
    pub(crate) caching: Arc<Levels>,
    pub(crate) traffic: Traffic,
    pub(crate) scaling: Scaling,
    pub(crate) judging: Judging,
    pub(crate) replays: Replays,
    pub(crate) recordings: Recordings,
    pub(crate) comparing: Comparing,
    pub(crate) resources: Resources,
    pub(crate) steps: Steps,
    pub(crate) tunings: Remembered,
    components: Components,
    /// Run asynchronous requests.
    pub(crate) workers: Arc<Workers>,
    /// Finish those that waited on no thread. Beside the workers, all of which may be busy.
    pub(crate) finishers: Arc<Workers>,
    /// Runs requests a second time, on revisions that are tried.
    pub(crate) shadow: Arc<Shadow>,
    /// The last requests that said who they are.
    pub(crate) journal: Journal,
    pub(crate) watch: Watch,
    calls: AtomicU32,
}

/// A directory's open handle, where there is one; locked while it is being opened.
type Slot = Arc<Mutex<Weak<Handle>>>;

/// The slot of a directory in this process, by canonical path.
fn slot(dir: &Path) -> Slot {
    static SLOTS: OnceLock<Mutex<HashMap<PathBuf, Slot>>> = OnceLock::new();
    let mut slots = SLOTS.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    // A slot that only the map knows belongs to a handle that is closed, or to one that is open: the weak one tells.
    slots.retain(|_, slot| Arc::strong_count(slot) > 1 || slot.lock().is_ok_and(|handle| handle.strong_count() > 0));
    slots.entry(dir.to_owned()).or_insert_with(|| Arc::new(Mutex::new(Weak::new()))).clone()
}

impl Noodle {
    /// Opens a directory with the defaults; makes it where it is missing.
    ///
    /// # Errors
    /// As [`Builder::open`].
    pub fn open(dir: impl AsRef<Path>) -> Result<Self> {
        Noodle::builder(dir).open()
    }

    /// Begins to open a directory with settings and components of the host's choice.
    pub fn builder(dir: impl AsRef<Path>) -> Builder {
        Builder::new(dir.as_ref())
    }

    pub(crate) fn open_with(builder: Builder) -> Result<Self> {
        builder.settings.validate()?;
        if !builder.settings.enabled {
            return Err(
                Error::new(ErrorKind::Forbidden, "deployment is switched off by the settings").with("field", "enabled")
            );
        }
        check_path("dir", &builder.dir)?;
        if builder.dir.exists() && !builder.dir.is_dir() {
            return Err(Error::invalid("dir", builder.dir.display(), "a directory, or a path where one can be made"));
        }
        if builder.settings.read_only {
            // A look at a directory that is not there must not make it.
            if !builder.dir.is_dir() {
                return Err(Error::not_found("directory", builder.dir.display()));
            }
        } else {
            durable::create_directory(&builder.dir)?;
        }
        let dir = builder.dir.canonicalize().map_err(|e| Error::from(e).with("directory", builder.dir.display()))?;
        let slot = slot(&dir);
        let mut open = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(inner) = open.upgrade() {
            if inner.settings != builder.settings {
                return Err(Error::conflict("the directory is open in this process with other settings")
                    .with("directory", dir.display()));
            }
            return Ok(Noodle { inner });
        }
        let inner = Arc::new(Handle(Arc::new(Inner::new(dir, builder)?)));
        inner.0.start()?;
        *open = Arc::downgrade(&inner);
        Ok(Noodle { inner })
    }

    /// Answers a request on the caller's thread with the revision that serves.
    ///
    /// # Errors
    /// `not_found`, `unavailable`, `invalid_argument` (names, element types, shapes), `overloaded`, `engine_failed`.
    pub fn predict(&self, deployment: &str, inputs: &[(&str, TensorView<'_>)]) -> Result<Prediction> {
        self.inner.predict(deployment, inputs, Wanted::default(), &Cancel::NEVER)
    }

    /// Like [`Noodle::predict`], with a pinned version, a timeout or a cancel token.
    ///
    /// # Errors
    /// As [`Noodle::predict`], and `cancelled`, `deadline_exceeded`.
    pub fn predict_with(
        &self,
        deployment: &str,
        inputs: &[(&str, TensorView<'_>)],
        options: &PredictOptions,
    ) -> Result<Prediction> {
        let inner = &*self.inner;
        let Some(id) = &options.request_id else {
            return inner.predict(deployment, inputs, options.wanted(), &options.cancel());
        };
        check_id(Some(id))?;
        let picked = inner.pick(deployment, options.wanted())?;
        let asker = Asker { group: picked.group, attributes: &options.attributes };
        let answer = inner.answer(&picked.revision, inputs, &options.cancel(), 0, true, asker);
        inner.journal.note(id, &picked.revision, picked.group, &answer, inner.clock.now());
        answer
    }

    /// Submits a request; the future never blocks its executor. Dropping it cancels the request.
    ///
    /// With batching, it waits in the queue of its deployment and on no thread; else it runs on one of the handle's
    /// workers. Wakers are called on a thread of the handle.
    ///
    /// # Errors
    /// As [`Noodle::predict_with`]; `overloaded` where the queue is full.
    pub fn predict_async(
        &self,
        deployment: impl Into<String>,
        inputs: Vec<(String, Tensor)>,
        options: PredictOptions,
    ) -> Submitted<Prediction> {
        detached::submit(self.inner.clone(), deployment.into(), inputs, options)
    }

    /// Who would answer a request now: the revision that serves, or the loaded one of a version. Its signature says
    /// what goes in.
    ///
    /// # Errors
    /// `not_found`, `unavailable`.
    pub fn serving(&self, deployment: &str, version: Option<&str>) -> Result<Arc<Served>> {
        let inner = &*self.inner;
        Ok(inner.would_answer(deployment, Wanted { version, ..Wanted::default() })?.served.clone())
    }

    /// Where the handle's directory is.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Deployments.
    pub fn deployer(&self) -> Arc<dyn Deployer> {
        self.inner.components.deployer.clone().unwrap_or_else(|| self.local())
    }

    /// History and events.
    pub fn lifecycle(&self) -> Arc<dyn Lifecycle> {
        self.inner.components.lifecycle.clone().unwrap_or_else(|| self.local())
    }

    /// Models, versions, aliases.
    pub fn versioning(&self) -> Arc<dyn Versioning> {
        self.inner.components.versioning.clone().unwrap_or_else(|| self.local())
    }

    /// Traffic between revisions.
    pub fn ab_test(&self) -> Arc<dyn AbTest> {
        self.inner.components.ab_test.clone().unwrap_or_else(|| self.local())
    }

    /// Capacity.
    pub fn optimizer(&self) -> Arc<dyn Optimizer> {
        self.inner.components.optimizer.clone().unwrap_or_else(|| self.local())
    }

    /// Health and metrics.
    pub fn monitor(&self) -> Arc<dyn Monitor> {
        self.inner.components.monitor.clone().unwrap_or_else(|| self.local())
    }

    /// Lets this clone go. The last one stops the background work and waits for it, which takes bounded time.
    pub fn close(self) {}

    fn local(&self) -> Arc<Local> {
        Arc::new(Local(self.inner.clone()))
    }

    pub(crate) fn host(&self) -> Caller {
        Caller { actor: self.inner.settings.actor.clone(), role: Role::Admin, request_id: None }
    }

    pub(crate) fn new_id(&self) -> String {
        uuid(&*self.inner.rng)
    }

    /// Counts a control operation in, and out when the permit is dropped.
    pub(crate) fn enter(&self, mutates: bool) -> Result<Permit<'_>> {
        let inner = &*self.inner;
        if mutates && inner.settings.read_only {
            return Err(Error::new(ErrorKind::ReadOnly, "the handle is read-only"));
        }
        let running = inner.calls.fetch_add(1, Ordering::AcqRel);
        let permit = Permit(&inner.calls);
        match inner.settings.max_concurrent {
            Some(max) if running >= max => {
                Err(Error::new(ErrorKind::Overloaded, "too many control operations at once")
                    .with("max_concurrent", max))
            }
            _ => Ok(permit),
        }
    }
}

/// A control operation that runs.
pub(crate) struct Permit<'a>(&'a AtomicU32);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Which engine was chosen for which file, within the directory.
#[cfg(feature = "backend-local")]
const ENGINES: &str = "engines.json";

/// What deploys were tuned to, within the directory.
const TUNINGS: &str = "tunings.json";

impl Inner {
    fn new(dir: PathBuf, builder: Builder) -> Result<Self> {
        let settings = builder.settings;
        let store = match builder.store {
            Some(store) => store,
            None => default_store(&dir, &settings)?,
        };
        let artifacts = match settings.read_only {
            true => ArtifactStore::open_read_only(dir.join("artifacts"))?,
            false => ArtifactStore::open(dir.join("artifacts"))?,
        };
        let caching = Arc::new(Levels::new(&settings, store.clone(), builder.clock.clone())?);
        let control = Control::open(store, builder.clock.clone())?;
        let presence = match settings.read_only {
            true => None,
            false => Some(Presence::announce(&dir, uuid(&*builder.rng))?),
        };
        let steps = Steps::with(builder.steps)?;
        let mut backends = BTreeMap::new();
        #[cfg(feature = "backend-local")]
        {
            let engines = built_in_engines(&settings)?.into_iter().chain(builder.engines).collect();
            let local = crate::backends::local::LocalBackend::new(engines)
                .with_steps(steps.clone())
                .remembering(dir.join(ENGINES), !settings.read_only);
            let local: Arc<dyn Backend> = Arc::new(local);
            backends.insert(local.target().to_owned(), local);
        }
        backends.extend(builder.backends.into_iter().map(|b| (b.target().to_owned(), b)));
        let threads = match settings.workers {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            n => n as usize,
        };
        let shadow = Arc::new(Shadow::new(settings.shadow_cpu_percent));
        let recordings =
            Recordings::new(&dir, settings.recording, settings.read_only, builder.clock.clone(), shadow.clone());
        Ok(Inner {
            tunings: Remembered::in_file(dir.join(TUNINGS), !settings.read_only),
            workers: Arc::new(Workers::new("noodle-worker", threads, settings.max_queue as usize)),
            finishers: Arc::new(Workers::new("noodle-finish", threads, usize::MAX)),
            watch: Watch::default(),
            shadow,
            journal: Journal::new(settings.journal.unwrap_or_default()),
            budget: Arc::new(settings.memory_budget_bytes.map_or_else(MemoryBudget::unlimited, MemoryBudget::new)),
            dir,
            settings,
            clock: builder.clock,
            rng: builder.rng,
            control,
            artifacts,
            backends,
            router: Router::default(),
            presence,
            reconciler: Reconciler::default(),
            residency: Arc::default(),
            sessions: Sessions::default(),
            caching,
            traffic: Traffic::default(),
            scaling: Scaling::default(),
            judging: Judging::default(),
            replays: Replays::default(),
            recordings,
            comparing: Comparing::default(),
            resources: Resources::default(),
            steps,
            components: builder.components,
            calls: AtomicU32::new(0),
        })
    }

    fn predict(
        &self,
        deployment: &str,
        inputs: &[(&str, TensorView<'_>)],
        wanted: Wanted<'_>,
        cancel: &Cancel<'_>,
    ) -> Result<Prediction> {
        let Picked { revision, group, .. } = self.pick(deployment, wanted)?;
        self.answer(&revision, inputs, cancel, 0, true, Asker { group, attributes: wanted.attributes })
    }

    /// The revision that answers. It may have to be loaded first.
    pub(crate) fn pick(&self, deployment: &str, wanted: Wanted<'_>) -> Result<Picked> {
        let first = |e| self.load_at_first_request(deployment, e).and_then(|()| self.router.pick(deployment, wanted));
        self.router.pick(deployment, wanted).or_else(first)
    }

    /// The revision that would answer. It may have to be loaded first.
    pub(crate) fn would_answer(&self, deployment: &str, wanted: Wanted<'_>) -> Result<Arc<LiveRevision>> {
        let first = |e| self.load_at_first_request(deployment, e).and_then(|()| self.router.look(deployment, wanted));
        self.router.look(deployment, wanted).or_else(first)
    }

    /// Answers a request, which has waited for `queued_ns`, on the caller's thread. `keep` says whether the answer may be
    /// one that is kept, and may be kept: what a session asks is not, nor is it run or recorded elsewhere.
    pub(crate) fn answer(
        &self,
        revision: &LiveRevision,
        inputs: &[(&str, TensorView<'_>)],
        cancel: &Cancel<'_>,
        queued_ns: u64,
        keep: bool,
        asker: Asker<'_>,
    ) -> Result<Prediction> {
        let start = instant();
        revision.begin();
        let (mut outputs, mut input_ns, mut taken) = (Outputs::new(), 0, None);
        let result = revision.admit(cancel).and_then(|cancel| {
            let bound = revision.served.signature.bind(inputs)?;
            input_ns = start.elapsed().as_nanos() as u64;
            taken = if keep { revision.take(&bound) } else { None };
            match keep {
                true => revision.infer(&bound, &mut outputs, &cancel),
                false => revision.replicas.infer(&bound, &mut outputs, &cancel),
            }
        });
        let latency_ns = queued_ns + start.elapsed().as_nanos() as u64;
        let answer = result.map(|spent| (outputs, spent));
        let answer = self.conclude(revision, latency_ns, queued_ns, input_ns, answer, taken);
        revision.segment(asker, latency_ns, &answer);
        answer
    }

    /// Counts a request out, and hands it over where it is to run a second time or to be recorded.
    pub(crate) fn conclude(
        &self,
        revision: &LiveRevision,
        latency_ns: u64,
        queued_ns: u64,
        input_ns: u64,
        answer: Answer,
        taken: Option<Taken>,
    ) -> Result<Prediction> {
        match answer {
            Ok((outputs, mut spent)) => {
                spent.queue_ns += queued_ns;
                revision.succeeded(latency_ns, input_ns, &spent);
                let prediction = Prediction { outputs, served: revision.served.clone() };
                revision.answered(&prediction);
                if let Some(taken) = taken {
                    taken.hand_over(&prediction, &spent);
                }
                Ok(prediction)
            }
            Err(error) => {
                if let Some(cause) = revision.failed(&error) {
                    self.reconciler.report_failing(&revision.served, cause);
                }
                Err(error.with("deployment", &revision.served.deployment).with("version", &revision.served.version))
            }
        }
    }

    /// Where an open does not wait for loads: a request that comes before the background work loads for itself.
    #[cold]
    fn load_at_first_request(&self, deployment: &str, unavailable: Error) -> Result<()> {
        if self.settings.load_on_open || unavailable.kind() != ErrorKind::Unavailable {
            return Err(unavailable);
        }
        if !self.load_asked(deployment).map_err(|e| e.with("deployment", deployment))? {
            return Err(unavailable);
        }
        Ok(())
    }

    /// Digests that versions refer to, by the state as it is now on disk.
    pub(crate) fn referenced(&self) -> Result<HashSet<crate::artifact::Digest>> {
        self.control.catch_up()?;
        Ok(self.control.read().referenced().collect())
    }
}

#[cfg(feature = "store-sqlite")]
fn default_store(dir: &Path, settings: &Settings) -> Result<Arc<dyn Store>> {
    use crate::store::sqlite::{SqliteOptions, SqliteStore};
    let options = SqliteOptions {
        read_only: settings.read_only,
        allow_network_fs: settings.allow_network_fs,
        ..SqliteOptions::default()
    };
    let database = dir.join("noodle.db");
    // Looked for first: a database is there before the first artifact, whatever other processes do meanwhile.
    let artifacts = ArtifactStore::holds_any(dir.join("artifacts"))?;
    if artifacts && !settings.read_only && database.metadata().map_or(0, |file| file.len()) == 0 {
        return Err(Error::new(ErrorKind::Corrupt, "the database is lost, and artifacts are there")
            .with("database", database.display())
            .with("allowed", "restore a backup, or move `artifacts` away to begin anew"));
    }
    Ok(Arc::new(SqliteStore::open(database, &options)?))
}

#[cfg(not(feature = "store-sqlite"))]
fn default_store(_: &Path, _: &Settings) -> Result<Arc<dyn Store>> {
    Err(Error::new(ErrorKind::Unsupported, "this build has no embedded database; give the builder a store"))
}

/// Engines of this build, the reference first.
#[cfg(feature = "backend-local")]
fn built_in_engines(settings: &Settings) -> Result<Vec<Arc<dyn crate::engine::Runtime>>> {
    #[cfg(not(feature = "engine-ort"))]
    if settings.onnxruntime.is_some() {
        return Err(Error::new(ErrorKind::Unsupported, "this build has no ONNX Runtime engine")
            .with("field", "onnxruntime")
            .with("value", settings.onnxruntime.as_deref().unwrap_or_default())
            .with("allowed", "none, or a build with the feature engine-ort"));
    }
    Ok(vec![
        #[cfg(feature = "engine-tract")]
        Arc::new(crate::engine::tract::TractRuntime::default()),
        #[cfg(feature = "engine-rten")]
        Arc::new(crate::engine::rten::RtenRuntime::default()),
        #[cfg(feature = "engine-ort")]
        Arc::new(onnxruntime(settings)?),
    ])
}

#[cfg(all(feature = "backend-local", feature = "engine-ort"))]
fn onnxruntime(settings: &Settings) -> Result<crate::engine::ort::OrtRuntime> {
    let runtime = crate::engine::ort::OrtRuntime::new().with_providers(&settings.onnxruntime_providers)?;
    Ok(match settings.onnxruntime.as_deref() {
        None => runtime,
        Some("auto") => runtime.standing_for_choice(),
        Some(path) => runtime.with_library(path.into()).standing_for_choice(),
    })
}
