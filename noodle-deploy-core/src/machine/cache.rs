//! How a deployment keeps answers: which levels, how much of them, for how long, and what goes first.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::settings::vocabulary;

/// Bytes where a deploy names none: 64 MiB.
pub const DEFAULT_BYTES: u64 = 64 << 20;
/// Entries where a deploy names none.
pub const DEFAULT_ENTRIES: u32 = 65_536;
const LEAST_BYTES: u64 = 4 << 10;
const MOST_BYTES: u64 = 1 << 40;
const MOST_ENTRIES: u32 = 1 << 24;
/// One year.
const MOST_MS: Millis = 31_536_000_000;

vocabulary! {
    /// Where answers are kept.
    CacheLevel as "level", default Memory {
        Memory = "memory": "In this process, one cache for each loaded revision.",
        Redis = "redis": "In the Redis of the setting `cache_redis_url`, shared by every process that names it.",
        Store = "store": "In the directory's database, shared by its processes; survives them.",
    }
}

vocabulary! {
    /// Which answer goes when memory is full.
    CachePolicy as "policy", default Lru {
        Lru = "lru": "The one that was not asked for the longest.",
        Lfu = "lfu": "The one that was asked for the least; of equals the one that was not asked for the longest.",
        Ttl = "ttl": "The one whose time is up first, to within a sixtieth of that time.",
        Fifo = "fifo": "The one that is there the longest.",
    }
}

/// How a deployment keeps answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CacheConfig {
    /// Levels, the nearest first: memory, redis, store; each at most once. Empty: memory alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<CacheLevel>,
    /// What goes first when memory is full; absent: lru. In the store the oldest goes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<CachePolicy>,
    /// Bytes of answers at most, of each loaded revision in memory and of the deployment in the store, as a string;
    /// absent: 64 MiB.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub max_bytes: Option<u64>,
    /// Answers at most, counted as bytes are; absent: 65536.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_entries: Option<u32>,
    /// Milliseconds after which an answer is computed anew, as a string; absent: never.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub ttl_ms: Option<Millis>,
    /// Whether identical requests that come at the same time wait for one computation.
    #[serde(default = "yes")]
    pub coalesce: bool,
}

fn yes() -> bool {
    true
}

impl Default for CacheConfig {
    fn default() -> Self {
        CacheConfig {
            levels: Vec::new(),
            policy: None,
            max_bytes: None,
            max_entries: None,
            ttl_ms: None,
            coalesce: true,
        }
    }
}

impl CacheConfig {
    /// Whether a level is there.
    pub fn has(&self, level: CacheLevel) -> bool {
        if self.levels.is_empty() { level == CacheLevel::Memory } else { self.levels.contains(&level) }
    }

    /// Bytes at most.
    pub fn bytes(&self) -> u64 {
        self.max_bytes.unwrap_or(DEFAULT_BYTES)
    }

    /// Entries at most.
    pub fn entries(&self) -> u32 {
        self.max_entries.unwrap_or(DEFAULT_ENTRIES)
    }

    /// When an answer that is made now goes.
    pub fn expiry(&self, now: Millis) -> Option<Millis> {
        self.ttl_ms.map(|ttl| now.saturating_add(ttl))
    }

    /// Checks what the fields say, alone and together.
    ///
    /// # Errors
    /// `invalid_argument` that names the field, its value and what is allowed.
    pub fn validate(&self) -> Result<()> {
        let names = || self.levels.iter().map(|level| level.name()).collect::<Vec<_>>().join(", ");
        if !self.levels.is_sorted_by(|a, b| a < b) {
            return Err(Error::invalid(
                "cache/levels",
                names(),
                "memory, redis, store in this order, each at most once",
            ));
        }
        let bytes = self.bytes();
        if !(LEAST_BYTES..=MOST_BYTES).contains(&bytes) {
            return Err(Error::invalid("cache/max_bytes", bytes, format!("{LEAST_BYTES} to {MOST_BYTES}")));
        }
        if !(1..=MOST_ENTRIES).contains(&self.entries()) {
            return Err(Error::invalid("cache/max_entries", self.entries(), format!("1 to {MOST_ENTRIES}")));
        }
        let range = format!("1 to {MOST_MS}");
        match self.ttl_ms {
            Some(ttl) if !(1..=MOST_MS).contains(&ttl) => Err(Error::invalid("cache/ttl_ms", ttl, range)),
            None if self.policy == Some(CachePolicy::Ttl) => {
                Err(Error::invalid("cache/ttl_ms", "nothing", format!("{range}, with the policy ttl")))
            }
            // Nothing else would ever take an answer out of Redis.
            None if self.has(CacheLevel::Redis) => {
                Err(Error::invalid("cache/ttl_ms", "nothing", format!("{range}, with the level redis")))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_hold() {
        let config: CacheConfig = serde_json::from_str("{}").unwrap();
        assert_eq!(config, CacheConfig::default());
        config.validate().unwrap();
        assert!(config.has(CacheLevel::Memory) && !config.has(CacheLevel::Store) && !config.has(CacheLevel::Redis));
        let store = CacheConfig { levels: vec![CacheLevel::Store], ..config };
        store.validate().unwrap();
        assert!(store.has(CacheLevel::Store) && !store.has(CacheLevel::Memory));
    }

    #[test]
    fn what_cannot_be_is_named() {
        use CacheLevel::{Memory, Redis, Store};
        let base = CacheConfig::default;
        for (config, field, value) in [
            (CacheConfig { levels: vec![Store, Memory], ..base() }, "cache/levels", "store, memory"),
            (CacheConfig { levels: vec![Memory, Memory], ..base() }, "cache/levels", "memory, memory"),
            (CacheConfig { levels: vec![Memory, Redis], ..base() }, "cache/ttl_ms", "nothing"),
            (CacheConfig { policy: Some(CachePolicy::Ttl), ..base() }, "cache/ttl_ms", "nothing"),
            (CacheConfig { ttl_ms: Some(0), ..base() }, "cache/ttl_ms", "0"),
            (CacheConfig { ttl_ms: Some(MOST_MS + 1), ..base() }, "cache/ttl_ms", "31536000001"),
            (CacheConfig { max_bytes: Some(1), ..base() }, "cache/max_bytes", "1"),
            (CacheConfig { max_bytes: Some(u64::MAX), ..base() }, "cache/max_bytes", "18446744073709551615"),
            (CacheConfig { max_entries: Some(0), ..base() }, "cache/max_entries", "0"),
            (CacheConfig { max_entries: Some(u32::MAX), ..base() }, "cache/max_entries", "4294967295"),
        ] {
            let error = config.validate().unwrap_err();
            assert_eq!((error.get("field"), error.get("value")), (Some(field), Some(value)));
            assert!(!error.get("allowed").unwrap().is_empty());
        }
    }
}
