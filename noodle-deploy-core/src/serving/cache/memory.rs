//! The first level: in this process, bounded in bytes and in entries, in shards that threads rarely meet in.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::key::{BuildKeyHasher, Key};
use super::policy::Order;
use super::value;
use crate::clock::Millis;
use crate::engine::Outputs;
use crate::machine::cache::CacheConfig;

const MOST_SHARDS: u64 = 16;
/// What a shard has at least, so that one answer does not fill it and the order of a small cache is exact.
const SHARD_BYTES: u64 = 4 << 20;
const SHARD_ENTRIES: u64 = 256;

pub(crate) struct Memory {
    shards: Box<[Mutex<Shard<Outputs>>]>,
    ttl: Option<Millis>,
}

impl Memory {
    pub(crate) fn new(config: &CacheConfig) -> Self {
        let (bytes, entries) = (config.bytes(), u64::from(config.entries()));
        let shards = (bytes / SHARD_BYTES).min(entries / SHARD_ENTRIES).clamp(1, MOST_SHARDS);
        let shard = || {
            let order = Order::new(config.policy.unwrap_or_default(), config.ttl_ms);
            Mutex::new(Shard::new(order, bytes / shards, entries / shards))
        };
        Memory { shards: (0..shards).map(|_| shard()).collect(), ttl: config.ttl_ms }
    }

    fn shard(&self, key: &Key) -> MutexGuard<'_, Shard<Outputs>> {
        self.shards[key.shard(self.shards.len())].lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get(&self, key: &Key, now: Millis) -> Option<Outputs> {
        self.shard(key).get(key, now, self.ttl).cloned()
    }

    /// Keeps an answer where it fits. `outputs` own their memory, and no more of it than they show.
    pub(crate) fn put(&self, key: Key, outputs: Outputs, expires_at: Option<Millis>, now: Millis) {
        let bytes = value::bytes_held(&outputs);
        // What goes is dropped outside the lock.
        let gone = self.shard(&key).put(key, outputs, bytes, expires_at, now);
        drop(gone);
    }

    /// Entries and their bytes.
    pub(crate) fn usage(&self) -> (u64, u64) {
        self.shards.iter().fold((0, 0), |(entries, bytes), shard| {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            (entries + shard.map.len() as u64, bytes + shard.bytes)
        })
    }
}

/// Whether an entry still counts. One that has longer to go than any can have was made before the clock was set back.
pub(crate) fn is_fresh(expires_at: Option<Millis>, now: Millis, ttl: Option<Millis>) -> bool {
    match (expires_at, ttl) {
        (Some(end), Some(ttl)) => now < end && end - now <= ttl,
        (Some(end), None) => now < end,
        (None, ttl) => ttl.is_none(),
    }
}

struct Entry<V> {
    key: Key,
    value: V,
    bytes: u64,
    expires_at: Option<Millis>,
}

struct Shard<V> {
    map: HashMap<Key, u32, BuildKeyHasher>,
    entries: Vec<Option<Entry<V>>>,
    free: Vec<u32>,
    order: Order,
    bytes: u64,
    max_bytes: u64,
    max_entries: u64,
}

impl<V> Shard<V> {
    fn new(order: Order, max_bytes: u64, max_entries: u64) -> Self {
        Shard {
            map: HashMap::default(),
            entries: Vec::new(),
            free: Vec::new(),
            order,
            bytes: 0,
            max_bytes,
            max_entries,
        }
    }

    fn get(&mut self, key: &Key, now: Millis, ttl: Option<Millis>) -> Option<&V> {
        let slot = *self.map.get(key)?;
        let fresh = self.entries[slot as usize].as_ref().is_some_and(|entry| is_fresh(entry.expires_at, now, ttl));
        if !fresh {
            self.remove(slot);
            return None;
        }
        self.order.touch(slot);
        self.entries[slot as usize].as_ref().map(|entry| &entry.value)
    }

    /// What had to go for it, or what does not fit.
    fn put(&mut self, key: Key, value: V, bytes: u64, expires_at: Option<Millis>, now: Millis) -> Vec<V> {
        if bytes > self.max_bytes {
            return vec![value];
        }
        let mut gone: Vec<V> = self.map.get(&key).copied().and_then(|slot| self.remove(slot)).into_iter().collect();
        while let Some(victim) = self.order.victim() {
            let fits = (self.map.len() as u64) < self.max_entries && self.bytes + bytes <= self.max_bytes;
            if fits && !self.is_over(victim, now) {
                break;
            }
            gone.extend(self.remove(victim));
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            self.entries.len() as u32 - 1
        });
        self.entries[slot as usize] = Some(Entry { key, value, bytes, expires_at });
        self.map.insert(key, slot);
        self.order.insert(slot, expires_at);
        self.bytes += bytes;
        gone
    }

    /// Whether the time of the next victim is up.
    fn is_over(&self, slot: u32, now: Millis) -> bool {
        self.entries[slot as usize].as_ref().is_some_and(|entry| entry.expires_at.is_some_and(|end| now >= end))
    }

    fn remove(&mut self, slot: u32) -> Option<V> {
        let entry = self.entries[slot as usize].take()?;
        self.order.remove(slot);
        self.map.remove(&entry.key);
        self.free.push(slot);
        self.bytes -= entry.bytes;
        Some(entry.value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::key::Scope;
    use super::*;
    use crate::machine::cache::CachePolicy;
    use crate::tensor::TensorView;

    const TTL: Millis = 1_000;

    fn key(n: u8) -> Key {
        let data = [n];
        Key::of(&Scope::new("m", "1", "d", "e"), &[TensorView::new(&[1], &data).unwrap()])
    }

    /// The same by brute force.
    struct Model {
        policy: CachePolicy,
        ttl: Option<Millis>,
        rows: Vec<Row>,
        step: u64,
    }

    #[derive(Debug, Clone)]
    struct Row {
        key: u8,
        value: u32,
        bytes: u64,
        expires_at: Option<Millis>,
        inserted: u64,
        used: u64,
        count: u64,
    }

    impl Model {
        fn rank(&self, row: &Row) -> (u64, u64) {
            match self.policy {
                CachePolicy::Lru => (0, row.used),
                CachePolicy::Lfu => (row.count.min(63), row.used),
                CachePolicy::Fifo => (0, row.inserted),
                CachePolicy::Ttl => (row.expires_at.unwrap() / (TTL / 62 + 1), row.inserted),
            }
        }

        fn get(&mut self, key: u8, now: Millis) -> Option<u32> {
            self.step += 1;
            let at = self.rows.iter().position(|row| row.key == key)?;
            if self.rows[at].expires_at.is_some_and(|end| now >= end) {
                self.rows.remove(at);
                return None;
            }
            let row = &mut self.rows[at];
            row.used = self.step;
            row.count += 1;
            Some(row.value)
        }

        fn put(&mut self, new: Row, now: Millis, max_bytes: u64, max_entries: usize) {
            self.step += 1;
            if new.bytes > max_bytes {
                return;
            }
            self.rows.retain(|row| row.key != new.key);
            while let Some(victim) = self.rows.iter().min_by_key(|row| self.rank(row)).cloned() {
                let held: u64 = self.rows.iter().map(|row| row.bytes).sum();
                let fits = self.rows.len() < max_entries && held + new.bytes <= max_bytes;
                if fits && victim.expires_at.is_none_or(|end| now < end) {
                    break;
                }
                self.rows.retain(|row| row.key != victim.key);
            }
            self.rows.push(Row { inserted: self.step, used: self.step, ..new });
        }
    }

    #[derive(Debug, Clone)]
    enum Step {
        Get(u8),
        Put { key: u8, bytes: u64, left: Millis },
        Pass(Millis),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            4 => (0u8..40).prop_map(Step::Get),
            3 => (0u8..40, 1u64..60, 1..=TTL).prop_map(|(key, bytes, left)| Step::Put { key, bytes, left }),
            // As a promoted answer: it has less time than a new one.
            3 => (0u8..40, 1u64..10).prop_map(|(key, bytes)| Step::Put { key, bytes, left: TTL }),
            1 => (0..TTL * 2).prop_map(Step::Pass),
            2 => (0..TTL / 10).prop_map(Step::Pass),
        ];
        prop::collection::vec(step, 1..400)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

        #[test]
        fn a_shard_is_its_model(
            steps in steps(),
            policy in prop::sample::select(CachePolicy::ALL),
            timed in any::<bool>(),
            max_entries in 1usize..20,
            max_bytes in 20u64..200,
        ) {
            let ttl = (timed || policy == CachePolicy::Ttl).then_some(TTL);
            let mut shard = Shard::new(Order::new(policy, ttl), max_bytes, max_entries as u64);
            let mut model = Model { policy, ttl, rows: Vec::new(), step: 0 };
            let mut now = 1_700_000_000_000;
            for (n, step) in steps.into_iter().enumerate() {
                match step {
                    Step::Pass(ms) => now += ms,
                    Step::Get(k) => {
                        prop_assert_eq!(shard.get(&key(k), now, ttl).copied(), model.get(k, now));
                    }
                    Step::Put { key: k, bytes, left } => {
                        let (value, expires_at) = (n as u32, model.ttl.map(|_| now + left));
                        shard.put(key(k), value, bytes, expires_at, now);
                        let row = Row { key: k, value, bytes, expires_at, inserted: 0, used: 0, count: 0 };
                        model.put(row, now, max_bytes, max_entries);
                    }
                }
                let mut found: Vec<u32> = shard.entries.iter().flatten().map(|entry| entry.value).collect();
                let mut expected: Vec<u32> = model.rows.iter().map(|row| row.value).collect();
                found.sort_unstable();
                expected.sort_unstable();
                prop_assert_eq!(found, expected);
                prop_assert!(shard.bytes <= max_bytes && shard.map.len() <= max_entries);
                prop_assert_eq!(shard.bytes, model.rows.iter().map(|row| row.bytes).sum::<u64>());
                prop_assert!(shard.entries.len() <= max_entries, "slots are used again");
            }
        }

        /// A clock that jumps may blur the order of TTL, and nothing else: bounds hold, and what is old is not answered.
        #[test]
        fn a_clock_that_jumps_breaks_no_bound(
            jumps in prop::collection::vec((0u8..40, 0u64..1_000_000), 1..300),
            policy in prop::sample::select(CachePolicy::ALL),
        ) {
            let mut shard = Shard::new(Order::new(policy, Some(TTL)), 100, 8);
            let mut made = HashMap::new();
            for (k, now) in jumps {
                if let Some(&value) = shard.get(&key(k), now, Some(TTL)) {
                    let at: u64 = value;
                    prop_assert!(now < at + TTL && at <= now, "made at {at}, answered at {now}");
                    prop_assert_eq!(made.get(&k), Some(&at));
                } else {
                    shard.put(key(k), now, 10, Some(now + TTL), now);
                    made.insert(k, now);
                }
                prop_assert!(shard.bytes <= 100 && shard.map.len() <= 8);
                prop_assert_eq!(shard.entries.iter().flatten().count(), shard.map.len());
            }
        }
    }

    #[test]
    fn small_caches_are_one_shard_and_shards_keep_to_the_whole() {
        for (bytes, entries, shards) in
            [(4 << 10, 10, 1), (64 << 20, 65_536, 16), (64 << 20, 300, 1), (9 << 20, 65_536, 2)]
        {
            let config = CacheConfig { max_bytes: Some(bytes), max_entries: Some(entries), ..CacheConfig::default() };
            let memory = Memory::new(&config);
            assert_eq!(memory.shards.len(), shards);
            let sum =
                |of: fn(&Shard<Outputs>) -> u64| memory.shards.iter().map(|s| of(&s.lock().unwrap())).sum::<u64>();
            assert!(sum(|s| s.max_bytes) <= bytes && sum(|s| s.max_entries) <= u64::from(entries));
        }
    }
}
