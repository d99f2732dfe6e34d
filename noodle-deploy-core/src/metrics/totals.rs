//! Counts of requests that add up: over threads, processes and time.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::differences::Differences;
use super::histogram::Snapshot;
use super::outcomes::Outcomes;
use super::segments::Segments;

/// Everything that is counted of a revision's requests. Addition merges.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Totals {
    /// Requests that began.
    pub begun: u64,
    /// Failed requests by kind.
    pub errors: BTreeMap<String, u64>,
    /// Whole latencies of answered requests in nanoseconds.
    pub latency: Snapshot,
    /// Waits for a free replica, of requests that an engine ran.
    pub queue: Snapshot,
    /// Waits for a batch to begin, of the same.
    pub batch_wait: Snapshot,
    /// Checks of inputs and their way into a batch, of the same.
    pub input: Snapshot,
    /// Runs of the engine, of the same.
    pub compute: Snapshot,
    /// The way of the answer out, of the same.
    pub output: Snapshot,
    /// Rows of the runs, of batched requests.
    pub batch_rows: Snapshot,
    /// Callers by group, of requests that were divided between revisions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exposures: Vec<u64>,
    /// What came of them, as the host says it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub outcomes: BTreeMap<String, Outcomes>,
    /// How far answers were from those that callers got, of requests that ran a second time.
    #[serde(skip_serializing_if = "Differences::is_empty")]
    pub differences: Differences,
    /// What answers were like, where a rollout looks at that.
    #[serde(skip_serializing_if = "Answers::is_empty")]
    pub answers: Answers,
    /// What came of them, by what they said of themselves.
    #[serde(skip_serializing_if = "Segments::is_empty")]
    pub segments: Segments,
}

impl Totals {
    /// Adds another share.
    pub fn merge(&mut self, other: &Totals) {
        self.begun = self.begun.saturating_add(other.begun);
        for (kind, n) in &other.errors {
            let to = self.errors.entry(kind.clone()).or_default();
            *to = to.saturating_add(*n);
        }
        for (to, from) in self.histograms().into_iter().zip(other.clone().histograms()) {
            to.merge(from);
        }
        self.exposures.resize(self.exposures.len().max(other.exposures.len()), 0);
        self.exposures.iter_mut().zip(&other.exposures).for_each(|(to, n)| *to = to.saturating_add(*n));
        for (name, outcomes) in &other.outcomes {
            self.outcomes.entry(name.clone()).or_default().merge(outcomes);
        }
        self.differences.merge(&other.differences);
        self.answers.merge(&other.answers);
        self.segments.merge(&other.segments);
    }

    fn histograms(&mut self) -> [&mut Snapshot; 7] {
        [
            &mut self.latency,
            &mut self.queue,
            &mut self.batch_wait,
            &mut self.input,
            &mut self.compute,
            &mut self.output,
            &mut self.batch_rows,
        ]
    }

    /// What came since earlier totals of the same counts, without outcomes and segments; everything where there are none.
    pub fn since(&self, earlier: Option<&Totals>) -> Totals {
        let Some(earlier) = earlier else { return self.clone() };
        let errors = self.errors.iter().map(|(kind, n)| {
            let before = earlier.errors.get(kind).copied().unwrap_or_default();
            (kind.clone(), n.saturating_sub(before))
        });
        Totals {
            begun: self.begun.saturating_sub(earlier.begun),
            errors: errors.collect(),
            latency: self.latency.since(&earlier.latency),
            queue: self.queue.since(&earlier.queue),
            batch_wait: self.batch_wait.since(&earlier.batch_wait),
            input: self.input.since(&earlier.input),
            compute: self.compute.since(&earlier.compute),
            output: self.output.since(&earlier.output),
            batch_rows: self.batch_rows.since(&earlier.batch_rows),
            exposures: since(&self.exposures, &earlier.exposures),
            outcomes: BTreeMap::new(),
            differences: self.differences.since(&earlier.differences),
            answers: self.answers.since(&earlier.answers),
            segments: Segments::default(),
        }
    }

    /// Grows with everything that is counted.
    pub fn far(&self) -> u64 {
        let outcomes: u64 = self.outcomes.values().map(Outcomes::recorded).sum();
        let differences = self.differences.compared + self.differences.skipped;
        self.begun
            + self.ended()
            + self.exposures.iter().sum::<u64>()
            + outcomes
            + differences
            + self.segments.recorded()
    }

    /// Requests that ended, answered or not.
    pub fn ended(&self) -> u64 {
        self.latency.count() + self.errors.values().sum::<u64>()
    }

    /// The figures for people and dashboards.
    pub fn metrics(&self) -> RequestMetrics {
        let micros = |q| self.latency.quantile(q) as f64 / 1_000.0;
        RequestMetrics {
            requests: self.latency.count(),
            errors: self.errors.clone(),
            latency_mean_us: self.latency.mean() / 1_000.0,
            latency_p50_us: micros(0.50),
            latency_p95_us: micros(0.95),
            latency_p99_us: micros(0.99),
            in_flight: self.begun.saturating_sub(self.ended()),
            phases: (self.compute.count() > 0).then(|| PhaseMetrics {
                queue: Phase::of(&self.queue),
                batch_wait: Phase::of(&self.batch_wait),
                input: Phase::of(&self.input),
                compute: Phase::of(&self.compute),
                output: Phase::of(&self.output),
            }),
            batch_rows_mean: (self.batch_rows.count() > 0).then(|| self.batch_rows.mean()),
        }
    }
}

/// Counts by group that came since.
pub fn since(now: &[u64], earlier: &[u64]) -> Vec<u64> {
    let before = earlier.iter().copied().chain(std::iter::repeat(0));
    now.iter().zip(before).map(|(now, before)| now.saturating_sub(before)).collect()
}

/// Requests of one revision.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RequestMetrics {
    /// Answered requests.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub requests: u64,
    /// Failed requests by kind.
    pub errors: BTreeMap<String, u64>,
    /// Mean latency in microseconds.
    pub latency_mean_us: f64,
    /// Median latency in microseconds, off by at most 3.2 %.
    pub latency_p50_us: f64,
    /// 95th percentile in microseconds.
    pub latency_p95_us: f64,
    /// 99th percentile in microseconds.
    pub latency_p99_us: f64,
    /// Requests under way.
    #[serde(default, with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub in_flight: u64,
    /// Where the time of the requests went that an engine ran; absent before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phases: Option<PhaseMetrics>,
    /// Rows of a run that a request was part of, on average over requests; absent where requests are not batched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_rows_mean: Option<f64>,
}

/// The parts of a latency: their means add up to the mean latency of the requests that an engine ran.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PhaseMetrics {
    /// Waiting for a free replica.
    pub queue: Phase,
    /// Waiting for a batch to begin.
    pub batch_wait: Phase,
    /// Checking the inputs and putting them together.
    pub input: Phase,
    /// In the engine.
    pub compute: Phase,
    /// Splitting, keeping and handing over the answer.
    pub output: Phase,
}

/// One part of the latency, in microseconds; quantiles are off by at most 3.2 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Phase {
    /// Mean.
    pub mean_us: f64,
    /// Median.
    pub p50_us: f64,
    /// 95th percentile.
    pub p95_us: f64,
    /// 99th percentile.
    pub p99_us: f64,
}

impl Phase {
    fn of(snapshot: &Snapshot) -> Self {
        let micros = |q| snapshot.quantile(q) as f64 / 1_000.0;
        Phase { mean_us: snapshot.mean() / 1_000.0, p50_us: micros(0.50), p95_us: micros(0.95), p99_us: micros(0.99) }
    }
}
