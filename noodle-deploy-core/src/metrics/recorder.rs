//! Counts per revision, sharded by thread so that cores do not fight over a cache line.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::answers::Answers;
use super::differences::Differences;
use super::histogram::{Histogram, Snapshot};
use super::outcomes::{Outcomes, When};
use super::segments::Segments;
use super::spent::Spent;
use super::totals::Totals;
use crate::error::{ERROR_KINDS, ErrorKind};
use crate::serving::predict::Prediction;
use crate::serving::split::GROUPS;

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
    begun: AtomicU64,
    latency: Histogram,
    input: Histogram,
    compute: Histogram,
    output: Histogram,
    /// Most requests wait for nothing: zeros are not counted one by one, and most shards hold none of these.
    queue: OnceLock<Histogram>,
    batch_wait: OnceLock<Histogram>,
    batch_rows: OnceLock<Histogram>,
    /// Callers by group, while requests are divided between revisions.
    exposures: OnceLock<Box<[AtomicU64; GROUPS]>>,
}

/// Records the requests of one revision.
#[derive(Default)]
pub struct Recorder {
    /// Made when a thread first records into it: most revisions meet few threads.
    shards: [OnceLock<Box<Shard>>; SHARDS],
    errors: ErrorCounts,
    outcomes: Mutex<BTreeMap<String, Outcomes>>,
    differences: Mutex<Differences>,
    answers: Mutex<Answers>,
    segments: Mutex<Segments>,
    /// Apart from the others: whoever skips waits for nobody.
    skipped: AtomicU64,
}

#[derive(Default)]
struct ErrorCounts([AtomicU64; 32]);

fn unless_zero(histogram: &OnceLock<Histogram>, value: u64) {
    if value > 0 {
        histogram.get_or_init(Histogram::default).record(value);
    }
}

impl Recorder {
    fn shard(&self) -> &Shard {
        self.shards[thread_number() % SHARDS].get_or_init(Box::default)
    }

    /// Counts a caller of a group in.
    pub fn expose(&self, group: usize) {
        let exposures = self.shard().exposures.get_or_init(|| Box::new([const { AtomicU64::new(0) }; GROUPS]));
        exposures[group % GROUPS].fetch_add(1, Ordering::Relaxed);
    }

    /// Takes in what came of something that this arm did for a caller of a group.
    pub fn outcome(&self, name: &str, group: usize, value: f64, when: When) {
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        if !outcomes.contains_key(name) {
            outcomes.insert(name.to_owned(), Outcomes::default());
        }
        if let Some(outcomes) = outcomes.get_mut(name) {
            outcomes.add(group, value, when);
        }
    }

    /// Takes in what came of a request that said something of itself; no value: one of those that are not kept apart.
    pub fn segment(&self, attribute: &str, value: Option<&str>, outcome: &str, group: usize, x: f64) {
        let mut segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        segments.add(attribute, value, outcome, group, x);
    }

    /// Takes in how far an answer is from that which its caller got.
    pub fn differ(&self, differs: bool, most: f64) {
        self.differences.lock().unwrap_or_else(PoisonError::into_inner).add(differs, most);
    }

    /// Takes in what an answer is like.
    pub(crate) fn answered(&self, answer: &Prediction) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).add(answer);
    }

    /// Counts a request that is not run a second time.
    pub fn skip(&self) {
        self.skipped.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a request in.
    pub fn begin(&self) {
        self.shard().begun.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an answered request: `input_ns` went before whoever filled `spent` was asked.
    pub fn success(&self, latency_ns: u64, input_ns: u64, spent: &Spent) {
        let shard = self.shard();
        shard.latency.record(latency_ns);
        if spent.kept {
            return;
        }
        let input_ns = input_ns + spent.input_ns;
        let known = input_ns + spent.queue_ns + spent.batch_wait_ns + spent.compute_ns;
        shard.input.record(input_ns);
        shard.compute.record(spent.compute_ns);
        shard.output.record(latency_ns.saturating_sub(known));
        unless_zero(&shard.queue, spent.queue_ns);
        unless_zero(&shard.batch_wait, spent.batch_wait_ns);
        unless_zero(&shard.batch_rows, u64::from(spent.batch_rows));
    }

    /// Counts a failed request.
    pub fn error(&self, kind: ErrorKind) {
        self.errors.0[kind as usize % 32].fetch_add(1, Ordering::Relaxed);
    }

    /// Adds the counts up. What began is read last: a request that is answered meanwhile does not make it negative.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for shard in self.shards.iter().filter_map(OnceLock::get) {
            shard.latency.add_to(&mut totals.latency);
            shard.input.add_to(&mut totals.input);
            shard.compute.add_to(&mut totals.compute);
            shard.output.add_to(&mut totals.output);
            let add = |from: &OnceLock<Histogram>, to: &mut Snapshot| {
                if let Some(histogram) = from.get() {
                    histogram.add_to(to);
                }
            };
            add(&shard.queue, &mut totals.queue);
            add(&shard.batch_wait, &mut totals.batch_wait);
            add(&shard.batch_rows, &mut totals.batch_rows);
            if let Some(exposures) = shard.exposures.get() {
                totals.exposures.resize(GROUPS, 0);
                totals.exposures.iter_mut().zip(&**exposures).for_each(|(to, n)| *to += n.load(Ordering::Relaxed));
            }
        }
        totals.outcomes.clone_from(&self.outcomes.lock().unwrap_or_else(PoisonError::into_inner));
        totals.segments.clone_from(&self.segments.lock().unwrap_or_else(PoisonError::into_inner));
        totals.differences = *self.differences.lock().unwrap_or_else(PoisonError::into_inner);
        totals.answers.clone_from(&self.answers.lock().unwrap_or_else(PoisonError::into_inner));
        totals.differences.skipped = self.skipped.load(Ordering::Relaxed);
        let runs = totals.compute.count();
        totals.queue.add_zeros(runs.saturating_sub(totals.queue.count()));
        totals.batch_wait.add_zeros(runs.saturating_sub(totals.batch_wait.count()));
        let of = |kind| self.errors.0[kind as usize % 32].load(Ordering::Relaxed);
        let errors = ERROR_KINDS.iter().map(|row| (row.name.to_owned(), of(row.kind)));
        totals.errors = errors.filter(|(_, n)| *n > 0).collect();
        totals.begun = self.shards.iter().filter_map(OnceLock::get).map(|s| s.begun.load(Ordering::Relaxed)).sum();
        totals
    }
}

const _: () = assert!(ERROR_KINDS.len() <= 32, "one counter per kind");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_to_the_whole() {
        let recorder = Recorder::default();
        for n in 1..=100_u64 {
            recorder.begin();
            let spent = Spent {
                queue_ns: if n % 4 == 0 { 1_000 } else { 0 },
                batch_wait_ns: 0,
                input_ns: 100,
                compute_ns: 10_000 * n,
                batch_rows: 0,
                kept: false,
            };
            recorder.success(10_000 * n + 2_000, 50, &spent);
        }
        let totals = recorder.totals();
        let metrics = totals.metrics();
        let phases = metrics.phases.unwrap();
        let parts = [phases.queue, phases.batch_wait, phases.input, phases.compute, phases.output];
        let sum: f64 = parts.iter().map(|part| part.mean_us).sum();
        assert!((sum - metrics.latency_mean_us).abs() < 1e-6, "{sum} of {}", metrics.latency_mean_us);
        assert_eq!((phases.queue.mean_us, phases.queue.p50_us, phases.batch_wait.p99_us), (0.25, 0.0, 0.0));
        assert!((phases.queue.p95_us - 1.0).abs() < 0.05, "{phases:?}");
        assert_eq!((metrics.requests, metrics.in_flight, metrics.batch_rows_mean), (100, 0, None));
    }

    #[test]
    fn kept_answers_count_as_requests_and_not_as_runs() {
        let recorder = Recorder::default();
        (0..3).for_each(|_| recorder.begin());
        recorder.success(500, 100, &Spent { kept: true, ..Spent::default() });
        recorder.error(ErrorKind::Overloaded);
        let metrics = recorder.totals().metrics();
        assert_eq!((metrics.requests, metrics.in_flight, metrics.phases), (1, 1, None));
        assert_eq!(metrics.errors["overloaded"], 1);
    }

    #[test]
    fn shares_of_processes_add_up() {
        let (one, other, both) = (Recorder::default(), Recorder::default(), Recorder::default());
        for (n, recorder) in [&one, &other, &one].into_iter().enumerate() {
            for recorder in [recorder, &both] {
                recorder.begin();
                let spent = Spent { compute_ns: 1_000 << n, batch_rows: 4, ..Spent::default() };
                recorder.success(5_000 << n, 10, &spent);
                recorder.error(ErrorKind::EngineFailed);
            }
        }
        let mut sum = one.totals();
        sum.merge(&other.totals());
        assert_eq!(sum, both.totals());
        let text = serde_json::to_string(&sum).unwrap();
        assert_eq!(serde_json::from_str::<Totals>(&text).unwrap(), sum);
    }
}
