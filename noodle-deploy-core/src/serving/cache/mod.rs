//! Answers that are kept: in memory, in Redis, in the store's database.
//!
//! A request is looked up level by level, the nearest first; what a farther level has goes to the nearer ones. What
//! none has, one of the identical requests computes. A level that fails is a level without the answer: no request fails,
//! and none waits long, because of a cache.

#[cfg(feature = "cache-redis")]
mod breaker;
mod detached;
mod flight;
mod key;
mod levels;
mod memory;
mod policy;
#[cfg(feature = "cache-redis")]
mod redis;
mod value;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::{Millis, instant};
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, ErrorKind, Result};
use crate::machine::cache::{CacheConfig, CacheLevel};
use crate::metrics::spent::Spent;
use crate::serving::revision::Served;
use crate::tensor::{Tensor, TensorView};

pub(crate) use detached::Waits;
use flight::{Flights, Joined};
use key::{Key, Scope};
pub(crate) use levels::Levels;
use levels::{Failure, Write};
use memory::{Memory, is_fresh};
pub(crate) use value::{EXPIRY_END, compact, decode as decode_tensors, encode as encode_tensors, expiry_of, fuzz};

/// What an answer has at most to leave this process: to bring a larger one back would take longer than a request should
/// wait for it.
const MOST_BYTES: u64 = 16 << 20;

/// Where the time of an answer went that was kept: nowhere.
const KEPT: Spent = Spent { queue_ns: 0, batch_wait_ns: 0, input_ns: 0, compute_ns: 0, batch_rows: 0, kept: true };

/// Names the engine that answers, with its version. It may have to load the revision for that.
pub(crate) type EngineOf = Box<dyn Fn(&Cancel<'_>) -> Result<String> + Send + Sync>;

/// The cache of one loaded revision.
pub(crate) struct ResponseCache {
    levels: Arc<Levels>,
    config: CacheConfig,
    scope: OnceLock<Scope>,
    /// Digest of the file, and what names the engine once it is needed.
    later: Option<(String, EngineOf)>,
    owner: Arc<str>,
    served: Arc<Served>,
    memory: Option<Memory>,
    flights: Option<Arc<Flights>>,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    memory: AtomicU64,
    redis: AtomicU64,
    store: AtomicU64,
    misses: AtomicU64,
    coalesced: AtomicU64,
    failures: AtomicU64,
    dropped: AtomicU64,
}

/// What the cache of one loaded revision did in this process, and what it holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CacheMetrics {
    /// Share of the requests that were answered without running the model, 0 to 1.
    pub hit_rate: f64,
    /// Requests that memory answered, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub memory_hits: u64,
    /// Requests that Redis answered, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub redis_hits: u64,
    /// Requests that the store answered, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub store_hits: u64,
    /// Requests for which the model ran, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub misses: u64,
    /// Requests that got the answer of an identical one that was under way, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub coalesced: u64,
    /// Looks at a level that did not answer, or answered something else than what was kept; as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub failures: u64,
    /// Answers that were not written to a farther level because too many waited for that; as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub dropped: u64,
    /// Answers in memory, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub entries: u64,
    /// Bytes that they hold, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub bytes: u64,
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl ResponseCache {
    /// A level that this process does not have is left out: another one deployed with it.
    pub(crate) fn new(
        levels: Arc<Levels>,
        config: &CacheConfig,
        served: Arc<Served>,
        digest: &str,
        engine: &str,
    ) -> Self {
        let scope = OnceLock::from(Scope::new(&served.model, &served.version, digest, engine));
        ResponseCache { scope, ..ResponseCache::of(levels, config, served, None) }
    }

    /// Of a revision whose engine is not known before the first request.
    pub(crate) fn of_engine(
        levels: Arc<Levels>,
        config: &CacheConfig,
        served: Arc<Served>,
        digest: String,
        engine: EngineOf,
    ) -> Self {
        ResponseCache::of(levels, config, served, Some((digest, engine)))
    }

    fn of(levels: Arc<Levels>, config: &CacheConfig, served: Arc<Served>, later: Option<(String, EngineOf)>) -> Self {
        levels.warm(config);
        ResponseCache {
            config: config.clone(),
            scope: OnceLock::new(),
            later,
            owner: served.deployment.as_str().into(),
            memory: config.has(CacheLevel::Memory).then(|| Memory::new(config)),
            flights: config.coalesce.then(Arc::<Flights>::default),
            counts: Counts::default(),
            levels,
            served,
        }
    }

    /// The answer that is kept, or the one that `run` appends to the outputs it is given.
    ///
    /// # Errors
    /// Those of `run`; `cancelled` and `deadline_exceeded` while the request waits for another one.
    pub(crate) fn answer(
        &self,
        inputs: &[TensorView<'_>],
        outputs: &mut Outputs,
        cancel: &Cancel<'_>,
        run: impl FnOnce(&mut Outputs) -> Result<Spent>,
    ) -> Result<Spent> {
        cancel.check()?;
        let key = Key::of(self.scope(cancel)?, inputs);
        if let Some(found) = self.in_memory(&key) {
            *outputs = found;
            return Ok(KEPT);
        }
        let Some(flights) = &self.flights else {
            let (found, spent) = self.lead(key, cancel, run)?;
            *outputs = found;
            return Ok(spent.unwrap_or(KEPT));
        };
        match flights.join(key, cancel)? {
            Joined::Landed(found) => {
                count(&self.counts.coalesced);
                *outputs = found;
                Ok(KEPT)
            }
            Joined::Leads(leader) => {
                // Another leader may have landed since the look into memory.
                let (found, spent) = match self.in_memory(&key) {
                    Some(found) => (found, None),
                    None => self.lead(key, cancel, run)?,
                };
                leader.land(found.clone());
                *outputs = found;
                Ok(spent.unwrap_or(KEPT))
            }
        }
    }

    fn scope(&self, cancel: &Cancel<'_>) -> Result<&Scope> {
        if let (None, Some((digest, engine))) = (self.scope.get(), &self.later) {
            let scope = Scope::new(&self.served.model, &self.served.version, digest, &engine(cancel)?);
            return Ok(self.scope.get_or_init(|| scope));
        }
        self.scope.get().ok_or_else(|| Error::new(ErrorKind::Internal, "a cache does not know its engine"))
    }

    fn in_memory(&self, key: &Key) -> Option<Outputs> {
        let found = self.memory.as_ref()?.get(key, self.levels.clock.now())?;
        count(&self.counts.memory);
        Some(found)
    }

    /// The answer, and where the time of its run went if it had to run.
    fn lead(
        &self,
        key: Key,
        cancel: &Cancel<'_>,
        run: impl FnOnce(&mut Outputs) -> Result<Spent>,
    ) -> Result<(Outputs, Option<Spent>)> {
        if let Some(found) = self.farther(key, cancel) {
            return Ok((found, None));
        }
        let mut outputs = Outputs::new();
        let spent = run(&mut outputs)?;
        self.keep(key, &outputs);
        Ok((outputs, Some(spent)))
    }

    /// Keeps an answer that was computed.
    fn keep(&self, key: Key, outputs: &Outputs) {
        count(&self.counts.misses);
        let now = self.levels.clock.now();
        // An answer that cannot be kept is an answer all the same.
        let Ok(kept) = value::compact(outputs) else { return };
        let expires_at = self.config.expiry(now);
        self.write(key, &kept, expires_at, CacheLevel::Store);
        if let Some(memory) = &self.memory {
            memory.put(key, kept, expires_at, now);
        }
    }

    /// Looks into Redis and the store, and brings what is there nearer.
    fn farther(&self, key: Key, cancel: &Cancel<'_>) -> Option<Outputs> {
        for level in [CacheLevel::Redis, CacheLevel::Store] {
            if !self.config.has(level) || !self.levels.has(level) {
                continue;
            }
            let bytes = match level {
                CacheLevel::Redis => {
                    let left = cancel.deadline.map_or(Duration::MAX, |end| end.saturating_duration_since(instant()));
                    // A request that has no time left says nothing of the level.
                    match self.levels.redis_get(&key, self.limit(), left) {
                        Err(Failure::Hurried) => Ok(None),
                        other => other.map_err(drop),
                    }
                }
                _ => self.levels.store_get(&key).map_err(drop),
            };
            match bytes.and_then(|bytes| bytes.map_or(Ok(None), |bytes| self.read(&bytes))) {
                Ok(None) => {}
                Ok(Some((outputs, expires_at))) => {
                    count(if level == CacheLevel::Redis { &self.counts.redis } else { &self.counts.store });
                    self.promote(key, &outputs, expires_at, level);
                    return Some(outputs);
                }
                Err(()) => count(&self.counts.failures),
            }
        }
        None
    }

    /// Bytes that an answer of a farther level has at most.
    fn limit(&self) -> u64 {
        self.config.bytes().min(MOST_BYTES) + value::MARGIN
    }

    /// An answer whose time is not up; an error where it does not read or does not fit the signature.
    fn read(&self, bytes: &[u8]) -> Result<Option<(Outputs, Option<Millis>)>, ()> {
        let (outputs, expires_at) = value::decode(bytes).map_err(drop)?;
        let views: Vec<_> = outputs.iter().map(Tensor::view).collect();
        self.served.signature.check_outputs(&views).map_err(drop)?;
        drop(views);
        let fresh = is_fresh(expires_at, self.levels.clock.now(), self.config.ttl_ms);
        Ok(fresh.then_some((outputs, expires_at)))
    }

    fn promote(&self, key: Key, outputs: &Outputs, expires_at: Option<Millis>, from: CacheLevel) {
        if from == CacheLevel::Store {
            self.write(key, outputs, expires_at, CacheLevel::Redis);
        }
        if let Some(memory) = &self.memory {
            memory.put(key, outputs.clone(), expires_at, self.levels.clock.now());
        }
    }

    /// Hands an answer to the thread that writes to the farther levels, up to one of them.
    fn write(&self, key: Key, outputs: &Outputs, expires_at: Option<Millis>, up_to: CacheLevel) {
        let to = |level| level <= up_to && self.config.has(level) && self.levels.has(level);
        let (to_redis, to_store) = (to(CacheLevel::Redis), to(CacheLevel::Store));
        if !to_redis && !to_store || value::bytes_held(outputs) > MOST_BYTES {
            return;
        }
        let taken = self.levels.submit(Write {
            key,
            owner: self.owner.clone(),
            outputs: outputs.clone(),
            expires_at,
            to_redis,
            to_store,
            max_bytes: self.config.bytes(),
            max_entries: self.config.entries(),
        });
        if !taken {
            count(&self.counts.dropped);
        }
    }

    pub(crate) fn metrics(&self) -> CacheMetrics {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counts = &self.counts;
        let (entries, bytes) = self.memory.as_ref().map(Memory::usage).unwrap_or_default();
        let (memory_hits, redis_hits, store_hits) = (read(&counts.memory), read(&counts.redis), read(&counts.store));
        let (misses, coalesced) = (read(&counts.misses), read(&counts.coalesced));
        let hits = memory_hits + redis_hits + store_hits + coalesced;
        CacheMetrics {
            hit_rate: if hits == 0 { 0.0 } else { hits as f64 / (hits + misses) as f64 },
            memory_hits,
            redis_hits,
            store_hits,
            misses,
            coalesced,
            failures: read(&counts.failures),
            dropped: read(&counts.dropped),
            entries,
            bytes,
        }
    }
}
