//! The levels that all deployments of a handle share, and the thread that writes to them.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::key::Key;
#[cfg(feature = "cache-redis")]
use super::redis::Redis;
use super::value;
use crate::clock::{Clock, Millis, instant};
use crate::engine::Outputs;
use crate::error::{Error, ErrorKind, Result};
use crate::machine::cache::{CacheConfig, CacheLevel};
use crate::settings::Settings;
use crate::store::{CacheRow, Store};

/// Answers that wait to be written at most, and their bytes. What comes while it is full is not written.
const MAX_QUEUE: usize = 1_024;
const MAX_QUEUE_BYTES: u64 = 64 << 20;
/// What one transaction writes at most, so that an append waits for no more.
const BATCH: usize = 64;
const BATCH_BYTES: u64 = 4 << 20;
/// How long a close waits for what is still to be written.
const DRAIN: Duration = Duration::from_secs(1);

/// Why a level gave no answer. Whichever it is, the request goes on without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "cache-redis"), expect(dead_code, reason = "of Redis alone"))]
pub(crate) enum Failure {
    /// It is left alone because it failed.
    Down,
    /// It answered with an error.
    Refused,
    /// The request had no time to wait for it.
    Hurried,
}

/// An answer on its way to the levels outside this process.
pub(crate) struct Write {
    pub(crate) key: Key,
    pub(crate) owner: Arc<str>,
    pub(crate) outputs: Outputs,
    pub(crate) expires_at: Option<Millis>,
    pub(crate) to_redis: bool,
    pub(crate) to_store: bool,
    pub(crate) max_bytes: u64,
    pub(crate) max_entries: u32,
}

pub(crate) struct Levels {
    pub(crate) clock: Arc<dyn Clock>,
    #[cfg(feature = "cache-redis")]
    redis: Option<Arc<Redis>>,
    store: Arc<dyn Store>,
    read_only: bool,
    queue: Arc<Queue>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    writes: VecDeque<Write>,
    bytes: u64,
    started: bool,
    closed: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Levels {
    /// # Errors
    /// `unsupported` for a Redis that this build cannot speak to, `invalid_argument` for a URL that is none.
    pub(crate) fn new(settings: &Settings, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Result<Self> {
        #[cfg(not(feature = "cache-redis"))]
        if settings.cache_redis_url.is_some() {
            return Err(Error::new(ErrorKind::Unsupported, "this build has no Redis client")
                .with("field", "cache_redis_url")
                .with("allowed", "none, or a build with the feature cache-redis"));
        }
        Ok(Levels {
            clock,
            #[cfg(feature = "cache-redis")]
            redis: settings.cache_redis_url.as_deref().map(Redis::new).transpose()?.map(Arc::new),
            store,
            read_only: settings.read_only,
            queue: Arc::default(),
            thread: Mutex::new(None),
        })
    }

    /// Checks a configuration against what this process has.
    ///
    /// # Errors
    /// `invalid_argument` for fields that contradict each other or their ranges, `unsupported` for a level that is not
    /// there, with the levels that are.
    pub(crate) fn check(&self, config: &CacheConfig) -> Result<()> {
        config.validate()?;
        match CacheLevel::ALL.iter().find(|level| config.has(**level) && !self.has(**level)) {
            None => Ok(()),
            Some(level) => {
                let there = CacheLevel::ALL.iter().filter(|level| self.has(**level));
                let allowed = there.map(|level| level.name()).collect::<Vec<_>>().join(", ");
                let why = match level {
                    CacheLevel::Redis if cfg!(feature = "cache-redis") => "the setting cache_redis_url is not set",
                    CacheLevel::Redis => "this build has no Redis client",
                    CacheLevel::Memory | CacheLevel::Store => "the store of this handle keeps no answers",
                };
                Err(Error::new(ErrorKind::Unsupported, why)
                    .with("field", "cache/levels")
                    .with("value", level)
                    .with("allowed", allowed))
            }
        }
    }

    pub(crate) fn has(&self, level: CacheLevel) -> bool {
        match level {
            CacheLevel::Memory => true,
            #[cfg(feature = "cache-redis")]
            CacheLevel::Redis => self.redis.is_some(),
            #[cfg(not(feature = "cache-redis"))]
            CacheLevel::Redis => false,
            CacheLevel::Store => self.store.cache().is_some(),
        }
    }

    /// Connects to what a first request should not have to wait for.
    pub(crate) fn warm(&self, config: &CacheConfig) {
        #[cfg(feature = "cache-redis")]
        if let Some(redis) = self.redis.as_ref().filter(|_| config.has(CacheLevel::Redis)) {
            redis.warm();
        }
        #[cfg(not(feature = "cache-redis"))]
        let _all = config;
    }

    #[cfg(feature = "cache-redis")]
    pub(crate) fn redis_get(&self, key: &Key, limit: u64, patience: Duration) -> Result<Option<Vec<u8>>, Failure> {
        self.redis.as_ref().map_or(Ok(None), |redis| redis.get(key, limit, patience))
    }

    #[cfg(not(feature = "cache-redis"))]
    pub(crate) fn redis_get(&self, _: &Key, _: u64, _: Duration) -> Result<Option<Vec<u8>>, Failure> {
        Ok(None)
    }

    pub(crate) fn store_get(&self, key: &Key) -> Result<Option<Vec<u8>>> {
        self.store.cache().map_or(Ok(None), |rows| rows.cached(key.as_bytes()))
    }

    /// Takes an answer to be written in the background. False where that is too much at once.
    pub(crate) fn submit(&self, mut write: Write) -> bool {
        write.to_store &= !self.read_only;
        if !write.to_store && !write.to_redis {
            return true;
        }
        let bytes = value::bytes_held(&write.outputs);
        let mut state = lock(&self.queue.state);
        if state.closed || state.writes.len() >= MAX_QUEUE || state.bytes + bytes > MAX_QUEUE_BYTES {
            return false;
        }
        if !state.started {
            let Ok(thread) = self.start() else { return false };
            state.started = true;
            *lock(&self.thread) = Some(thread);
        }
        state.bytes += bytes;
        state.writes.push_back(write);
        drop(state);
        self.queue.changed.notify_one();
        true
    }

    fn start(&self) -> Result<JoinHandle<()>> {
        let writer = Writer {
            #[cfg(feature = "cache-redis")]
            redis: self.redis.clone(),
            store: self.store.clone(),
            clock: self.clock.clone(),
        };
        let queue = self.queue.clone();
        crate::threads::spawn("noodle-cache", move || writer.run(&queue))
    }

    /// Ends the thread and waits for it. What is still to be written has a second.
    pub(crate) fn close(&self) {
        lock(&self.queue.state).closed = true;
        self.queue.changed.notify_all();
        if let Some(thread) = lock(&self.thread).take() {
            // A writer has no state to lose.
            drop(thread.join());
        }
    }
}

impl Drop for Levels {
    fn drop(&mut self) {
        self.close();
    }
}

struct Writer {
    #[cfg(feature = "cache-redis")]
    redis: Option<Arc<Redis>>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

impl Writer {
    fn run(&self, queue: &Queue) {
        let mut last = None;
        loop {
            let mut state = lock(&queue.state);
            while state.writes.is_empty() && !state.closed {
                state = queue.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if state.closed && (state.writes.is_empty() || instant() > *last.get_or_insert(instant() + DRAIN)) {
                return;
            }
            let mut batch = Vec::new();
            let mut bytes = 0;
            while batch.len() < BATCH && bytes < BATCH_BYTES {
                let Some(write) = state.writes.pop_front() else { break };
                bytes += value::bytes_held(&write.outputs);
                batch.push(write);
            }
            state.bytes -= bytes;
            drop(state);
            self.write(batch);
        }
    }

    /// Whatever fails is computed again when it is asked for again.
    fn write(&self, batch: Vec<Write>) {
        let now = self.clock.now();
        let mut rows = Vec::new();
        for write in batch {
            let Ok(value) = value::encode(&write.outputs, write.expires_at) else { continue };
            #[cfg(feature = "cache-redis")]
            if let (true, Some(redis), Some(end)) = (write.to_redis, &self.redis, write.expires_at)
                && end > now
                && let Err(failure) = redis.put(&write.key, &value, end - now)
            {
                tracing::trace!(?failure, "an answer was not written to Redis");
            }
            if write.to_store {
                rows.push(CacheRow {
                    key: *write.key.as_bytes(),
                    owner: write.owner.to_string(),
                    expires_at: write.expires_at,
                    value,
                    max_bytes: write.max_bytes,
                    max_entries: write.max_entries.into(),
                });
            }
        }
        let written = match self.store.cache() {
            Some(cache) if !rows.is_empty() => cache.keep(&rows),
            _ => Ok(()),
        };
        if let Err(error) = written {
            tracing::debug!(%error, "answers were not written to the store");
        }
        #[cfg(not(feature = "cache-redis"))]
        let _only_redis = now;
    }
}
