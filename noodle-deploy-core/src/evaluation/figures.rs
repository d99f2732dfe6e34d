//! Figures of one case of a benchmark, out of its runs. Pure.

use std::time::Duration;

use crate::metrics::histogram::{Histogram, Snapshot};
use crate::ops::benchmark::{BenchmarkFigures, BenchmarkRow};

/// Runs of one case, round by round. Takes the same memory however many there are.
#[derive(Debug, Default)]
pub struct Runs {
    latencies: Histogram,
    /// Runs and nanoseconds of each round.
    rounds: Vec<(u64, u64)>,
}

impl Runs {
    /// Adds one round: the nanoseconds of each run, and what the round took.
    pub fn round(&mut self, runs: impl IntoIterator<Item = u64>) {
        let (mut count, mut nanos) = (0, 0);
        for run in runs {
            self.latencies.record(run);
            count += 1;
            nanos += run;
        }
        self.rounds.push((count, nanos));
    }

    /// Time of all runs.
    pub fn spent(&self) -> Duration {
        Duration::from_nanos(self.rounds.iter().map(|(_, nanos)| nanos).sum())
    }

    /// Latencies over all runs, and the median of what the rounds got done, so that a round that something else
    /// disturbed counts no more than the others. `None` without runs.
    pub fn figures(&self, batch: u32) -> Option<BenchmarkFigures> {
        let mut all = Snapshot::default();
        self.latencies.add_to(&mut all);
        let us = |ns: u64| ns as f64 / 1e3;
        let per_second = |&(count, nanos): &(u64, u64)| count as f64 * f64::from(batch) * 1e9 / nanos.max(1) as f64;
        let mut throughputs: Vec<f64> = self.rounds.iter().filter(|(count, _)| *count > 0).map(per_second).collect();
        throughputs.sort_unstable_by(f64::total_cmp);
        Some(BenchmarkFigures {
            requests: all.count(),
            latency_mean_us: all.mean() / 1e3,
            latency_p50_us: us(all.quantile(0.50)),
            latency_p95_us: us(all.quantile(0.95)),
            latency_p99_us: us(all.quantile(0.99)),
            rows_per_second: median(&throughputs)?,
        })
    }
}

/// The middle of sorted numbers, or the mean of the two in the middle.
fn median(sorted: &[f64]) -> Option<f64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(sorted[sorted.len() / 2 - 1], upper))
}

/// Positions of the rows with the least median latency and with the most rows per second, among those that ran and gave
/// right answers; the first of equals.
pub fn best(rows: &[BenchmarkRow]) -> (Option<usize>, Option<usize>) {
    let fit = || {
        let right = rows.iter().enumerate().filter(|(_, row)| row.agrees != Some(false));
        right.filter_map(|(at, row)| row.figures.as_ref().map(|figures| (at, figures)))
    };
    let latency = fit().min_by(|(_, a), (_, b)| a.latency_p50_us.total_cmp(&b.latency_p50_us));
    let throughput = fit().min_by(|(_, a), (_, b)| b.rows_per_second.total_cmp(&a.rows_per_second));
    (latency.map(|(at, _)| at), throughput.map(|(at, _)| at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_disturbed_round_does_not_move_the_throughput() {
        let mut runs = Runs::default();
        assert_eq!(runs.figures(1), None);
        for disturbed in [false, true, false] {
            let one = if disturbed { 50_000_000 } else { 1_000_000 };
            runs.round([one; 10]);
        }
        let figures = runs.figures(4).unwrap();
        assert_eq!((figures.requests, figures.rows_per_second), (30, 4_000.0));
        assert!((figures.latency_p50_us - 1_000.0).abs() < 1_000.0 / 32.0, "{figures:?}");
        assert!(figures.latency_p99_us > 40_000.0, "{figures:?}");
        assert_eq!(median(&[1.0, 3.0]), Some(2.0));
    }

    #[test]
    fn the_best_rows_ran_and_were_right() {
        let row = |agrees, figures: Option<(f64, f64)>| BenchmarkRow {
            engine: "e".into(),
            threads: 1,
            batch: 1,
            figures: figures.map(|(latency_p50_us, rows_per_second)| BenchmarkFigures {
                latency_p50_us,
                rows_per_second,
                ..BenchmarkFigures::default()
            }),
            agrees,
            max_abs: None,
            memory_bytes: 0,
            error: None,
        };
        let rows = [
            row(None, None),
            row(Some(false), Some((1.0, 900.0))),
            row(Some(true), Some((5.0, 200.0))),
            row(None, Some((7.0, 400.0))),
            row(None, Some((5.0, 400.0))),
        ];
        assert_eq!(best(&rows), (Some(2), Some(3)));
        assert_eq!(best(&rows[..2]), (None, None));
    }
}
