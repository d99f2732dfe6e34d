//! Replicas inside the host's process, on an engine linked into it. All replicas of a version share its weights.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::{Backend, ReplicaSet, RevisionSpec};
use crate::engine::{LoadOptions, Runnable, Runtime};
use crate::error::{Error, ErrorKind, Result};

mod pool;

use pool::Pool;

/// Name of the target.
pub const TARGET: &str = "local";

/// The backend of the target `local`.
pub struct LocalBackend {
    engines: Vec<Arc<dyn Runtime>>,
    /// Loaded models by what was loaded and how, so that deployments of one artifact share weights too.
    loaded: Mutex<HashMap<Key, Weak<Shared>>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    digest: String,
    engine: &'static str,
    threads: u32,
    shapes: Vec<Vec<crate::tensor::Shape>>,
}

/// A loaded model. A type of its own, so that it can be found again through a weak reference.
struct Shared(Arc<dyn Runnable>);

impl LocalBackend {
    /// A backend over engines; the first one is the default.
    pub fn new(engines: Vec<Arc<dyn Runtime>>) -> Self {
        LocalBackend { engines, loaded: Mutex::default() }
    }

    fn engine(&self, name: Option<&str>) -> Result<&Arc<dyn Runtime>> {
        let found = match name {
            None => self.engines.first(),
            Some(name) => self.engines.iter().find(|e| e.name() == name),
        };
        found.ok_or_else(|| {
            let allowed = self.engines.iter().map(|e| e.name()).collect::<Vec<_>>().join(", ");
            Error::new(ErrorKind::Unsupported, "no such engine in this build")
                .with("field", "engine")
                .with("value", name.unwrap_or("default"))
                .with("allowed", allowed)
        })
    }
}

impl Backend for LocalBackend {
    fn target(&self) -> &str {
        TARGET
    }

    fn check(&self, engine: Option<&str>) -> Result<()> {
        self.engine(engine).map(drop)
    }

    fn start(&self, spec: &RevisionSpec) -> Result<Arc<dyn ReplicaSet>> {
        let engine = self.engine(spec.engine.as_deref())?;
        let key = Key {
            digest: spec.digest.clone(),
            engine: engine.name(),
            threads: spec.threads,
            shapes: spec.shapes.clone(),
        };
        let lock = || self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let found = lock().get(&key).and_then(Weak::upgrade);
        let shared = match found {
            Some(shared) => shared,
            None => {
                let options = LoadOptions {
                    threads: spec.threads as usize,
                    shapes: spec.shapes.clone(),
                    plan_cache_bytes: spec.plan_cache_bytes,
                    budget: spec.budget.clone(),
                };
                let shared = Arc::new(Shared(engine.load(&spec.artifact, &options)?));
                let mut loaded = lock();
                loaded.retain(|_, weak| weak.strong_count() > 0);
                loaded.insert(key, Arc::downgrade(&shared));
                shared
            }
        };
        Ok(Arc::new(Pool::new(shared, spec.replicas, spec.max_queue)?))
    }
}
