//! Counts per revision, sharded by thread so that cores do not fight over a cache line.

use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::histogram::{Histogram, Snapshot};
use crate::error::{ERROR_KINDS, ErrorKind};

const SHARDS: usize = 16;

thread_local! {
    static SHARD: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// A small number of the calling thread, the same on every call.
pub(crate) fn thread_number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    SHARD.with(|shard| {
        if shard.get() == usize::MAX {
            shard.set(NEXT.fetch_add(1, Ordering::Relaxed));
        }
        shard.get()
    })
}

#[derive(Default)]
#[repr(align(128))]
struct Shard {
    latency_ns: Histogram,
}

/// Records the requests of one revision.
#[derive(Default)]
pub struct Recorder {
    /// Made when a thread first records into it: most revisions meet few threads.
    shards: [OnceLock<Box<Shard>>; SHARDS],
    errors: ErrorCounts,
}

#[derive(Default)]
struct ErrorCounts([AtomicU64; 32]);

impl Recorder {
    /// Counts an answered request.
    pub fn success(&self, latency_ns: u64) {
        self.shards[thread_number() % SHARDS].get_or_init(Box::default).latency_ns.record(latency_ns);
    }

    /// Counts a failed request.
    pub fn error(&self, kind: ErrorKind) {
        self.errors.0[kind as usize % 32].fetch_add(1, Ordering::Relaxed);
    }

    /// Adds the counts up.
    pub fn snapshot(&self) -> RequestMetrics {
        let mut latency = Snapshot::default();
        self.shards.iter().filter_map(OnceLock::get).for_each(|s| s.latency_ns.add_to(&mut latency));
        let errors = ERROR_KINDS
            .iter()
            .map(|row| (row.name.to_owned(), self.errors.0[row.kind as usize % 32].load(Ordering::Relaxed)))
            .filter(|(_, n)| *n > 0)
            .collect();
        let micros = |q| latency.quantile(q) as f64 / 1_000.0;
        RequestMetrics {
            requests: latency.count(),
            errors,
            latency_mean_us: latency.mean() / 1_000.0,
            latency_p50_us: micros(0.50),
            latency_p95_us: micros(0.95),
            latency_p99_us: micros(0.99),
        }
    }
}

/// Requests of one revision in this process since it was loaded.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RequestMetrics {
    /// Answered requests.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub requests: u64,
    /// Failed requests by kind.
    pub errors: std::collections::BTreeMap<String, u64>,
    /// Mean latency in microseconds.
    pub latency_mean_us: f64,
    /// Median latency in microseconds, off by at most 3.2 %.
    pub latency_p50_us: f64,
    /// 95th percentile in microseconds.
    pub latency_p95_us: f64,
    /// 99th percentile in microseconds.
    pub latency_p99_us: f64,
}

const _: () = assert!(ERROR_KINDS.len() <= 32, "one counter per kind");
