//! How a handle is opened: settings are values, components are trait objects.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::api::{AbTest, Deployer, Lifecycle, Monitor, Optimizer, Versioning};
use crate::backends::Backend;
use crate::clock::{Clock, SystemClock};
use crate::engine::Runtime;
use crate::engine::pipeline::steps::Step;
use crate::error::Result;
use crate::noodle::Noodle;
use crate::rng::{Rng, SystemRng};
use crate::settings::Settings;
use crate::store::Store;

/// Opens a [`Noodle`] with settings and components of the host's choice.
#[must_use]
pub struct Builder {
    pub(crate) dir: PathBuf,
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) store: Option<Arc<dyn Store>>,
    pub(crate) engines: Vec<Arc<dyn Runtime>>,
    pub(crate) steps: Vec<Arc<dyn Step>>,
    pub(crate) backends: Vec<Arc<dyn Backend>>,
    pub(crate) components: Components,
}

/// Replacements for the local implementations.
#[derive(Default, Clone)]
pub(crate) struct Components {
    pub(crate) deployer: Option<Arc<dyn Deployer>>,
    pub(crate) lifecycle: Option<Arc<dyn Lifecycle>>,
    pub(crate) versioning: Option<Arc<dyn Versioning>>,
    pub(crate) ab_test: Option<Arc<dyn AbTest>>,
    pub(crate) optimizer: Option<Arc<dyn Optimizer>>,
    pub(crate) monitor: Option<Arc<dyn Monitor>>,
}

impl Builder {
    pub(crate) fn new(dir: &Path) -> Self {
        Builder {
            dir: dir.to_owned(),
            settings: Settings::default(),
            clock: Arc::new(SystemClock),
            rng: Arc::new(SystemRng::default()),
            store: None,
            engines: Vec::new(),
            steps: Vec::new(),
            backends: Vec::new(),
            components: Components::default(),
        }
    }

    /// Takes settings.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Takes settings from the `NOODLE_*` environment on top of those given so far.
    ///
    /// # Errors
    /// `invalid_argument` that names the variable, the value and what is allowed.
    pub fn env(mut self) -> Result<Self> {
        self.settings.apply_process_env()?;
        Ok(self)
    }

    /// Bytes that loaded models may hold together.
    pub fn memory_budget(mut self, bytes: u64) -> Self {
        self.settings.memory_budget_bytes = Some(bytes);
        self
    }

    /// Opens without writing anything: looks and predicts, and refuses every change.
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.settings.read_only = read_only;
        self
    }

    /// Takes the clock of records and decisions.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Takes the source of ids.
    pub fn rng(mut self, rng: Arc<dyn Rng>) -> Self {
        self.rng = rng;
        self
    }

    /// Takes a store in place of the embedded database. Artifacts stay in the directory.
    pub fn store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }

    /// Adds an engine to the target `local`, after the built-in ones. It serves where a deploy or
    /// [`Settings::default_engine`] names it, or where it is the fastest of those that give the right answers.
    pub fn engine(mut self, engine: Arc<dyn Runtime>) -> Self {
        self.engines.push(engine);
        self
    }

    /// Adds a step that pipelines may name, beside the built-in ones. Every process that loads such a pipeline needs it.
    pub fn step(mut self, step: Arc<dyn Step>) -> Self {
        self.steps.push(step);
        self
    }

    /// Adds a backend, or replaces the one of the same target.
    pub fn backend(mut self, backend: Arc<dyn Backend>) -> Self {
        self.backends.push(backend);
        self
    }

    /// Replaces the deployer.
    pub fn deployer(mut self, deployer: Arc<dyn Deployer>) -> Self {
        self.components.deployer = Some(deployer);
        self
    }

    /// Replaces the lifecycle.
    pub fn lifecycle(mut self, lifecycle: Arc<dyn Lifecycle>) -> Self {
        self.components.lifecycle = Some(lifecycle);
        self
    }

    /// Replaces the registry of versions.
    pub fn versioning(mut self, versioning: Arc<dyn Versioning>) -> Self {
        self.components.versioning = Some(versioning);
        self
    }

    /// Replaces the experiments.
    pub fn ab_test(mut self, ab_test: Arc<dyn AbTest>) -> Self {
        self.components.ab_test = Some(ab_test);
        self
    }

    /// Replaces the optimizer.
    pub fn optimizer(mut self, optimizer: Arc<dyn Optimizer>) -> Self {
        self.components.optimizer = Some(optimizer);
        self
    }

    /// Replaces the monitor.
    pub fn monitor(mut self, monitor: Arc<dyn Monitor>) -> Self {
        self.components.monitor = Some(monitor);
        self
    }

    /// Opens the directory, makes it where it is missing, and brings up what should run.
    ///
    /// # Errors
    /// `invalid_argument` (settings, a path that is empty or a file's), `newer_format`, `corrupt`, `storage`, `unsupported` (network file system), and
    /// `conflict` where the directory is open in this process with other settings.
    pub fn open(self) -> Result<Noodle> {
        Noodle::open_with(self)
    }
}
