//! Threads, replicas and rows of a batch for an aim, by what each case gave on this machine. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::settings::vocabulary;

/// A larger case must give this much more than a smaller one: timings are noisy, and a choice should stand still.
const MARGIN: f64 = 0.05;
/// Larger batches are not tried once this many in a row gave no more than a smaller one.
const PATIENCE: usize = 2;

vocabulary! {
    /// What a deploy is tuned for.
    Aim as "tune", default Throughput {
        Throughput = "throughput": "Most rows in a second with every replica busy.",
        Latency = "latency": "Least time of one request.",
    }
}

/// A way to run a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// Threads of one request.
    pub threads: u32,
    /// Replicas that run at once.
    pub replicas: u32,
    /// Rows of one request.
    pub rows: u32,
}

/// What stands for choice.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// What is wanted.
    pub aim: Aim,
    /// Threads that run at once on this machine.
    pub cores: u32,
    /// Threads that are given.
    pub threads: Option<u32>,
    /// Replicas that are given.
    pub replicas: Option<u32>,
    /// Replicas at most.
    pub max_replicas: u32,
    /// Rows of a request by itself: what a model with a batch of fixed size takes, else 1.
    pub least_rows: u32,
    /// Rows of a batch at most; `least_rows` where requests cannot share one.
    pub max_rows: u32,
}

/// Numbers of threads with the replicas that fill the machine beside each other, the fewest threads first.
pub fn layouts(bounds: &Bounds) -> Vec<(u32, u32)> {
    let cores = bounds.cores.max(1);
    let mut threads: Vec<u32> = match bounds.threads {
        Some(given) => vec![given],
        None => std::iter::successors(Some(1u32), |n| n.checked_mul(2)).take_while(|n| *n < cores).collect(),
    };
    if bounds.threads.is_none() {
        threads.push(cores);
    }
    let most = bounds.max_replicas.max(1);
    let beside = |threads: u32| bounds.replicas.unwrap_or((cores / threads.max(1)).clamp(1, most));
    threads.into_iter().map(|threads| (threads, beside(threads))).collect()
}

/// Rows that are tried, ascending, each twice the one before, and the limit itself.
pub fn rows(bounds: &Bounds) -> Vec<u32> {
    let least = bounds.least_rows.max(1);
    let most = match bounds.aim {
        Aim::Throughput => bounds.max_rows.max(least),
        Aim::Latency => least,
    };
    let doubled = std::iter::successors(Some(least), |n| n.checked_mul(2)).take_while(|n| *n < most);
    doubled.chain([most]).collect()
}

/// Whether a larger batch is worth a try after those that were measured, in rows a second, ascending by rows.
pub fn goes_on(rates: &[f64]) -> bool {
    let Some(best) = (0..rates.len()).reduce(|best, at| if rates[at] > rates[best] { at } else { best }) else {
        return true;
    };
    rates.len() - 1 - best < PATIENCE
}

/// What a case gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TuningCase {
    /// Threads of one request.
    pub threads: u32,
    /// Replicas that ran at once.
    pub replicas: u32,
    /// Rows of one request.
    pub rows: u32,
    /// Median time of a request in microseconds.
    pub latency_us: f64,
    /// Rows in a second, all replicas together.
    pub rows_per_second: f64,
}

/// What a deploy was tuned to, and the figures behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tuning {
    /// What it is tuned for.
    pub aim: Aim,
    /// The machine that measured: architecture, processor, threads that run at once.
    pub machine: String,
    /// Whether the figures are of an earlier deploy of the same file on the same kind of machine.
    #[serde(default)]
    pub remembered: bool,
    /// Position of the chosen case.
    pub chosen: u32,
    /// Every case: by rows, then by threads.
    pub cases: Vec<TuningCase>,
}

/// Position of the best case; none where there is none.
///
/// A case with more threads or rows is taken where it gives more than 5 % more rows a second, or takes more than 5 % less
/// time.
pub fn choose(aim: Aim, cases: &[TuningCase]) -> Option<usize> {
    let gain = |new: &TuningCase, old: &TuningCase| match aim {
        Aim::Throughput => new.rows_per_second / old.rows_per_second,
        Aim::Latency => old.latency_us / new.latency_us,
    };
    let mut order: Vec<usize> = (0..cases.len()).collect();
    order.sort_by_key(|at| (cases[*at].rows, cases[*at].threads));
    order.into_iter().reduce(|best, at| if gain(&cases[at], &cases[best]) > 1.0 + MARGIN { at } else { best })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOUNDS: Bounds = Bounds {
        aim: Aim::Throughput,
        cores: 6,
        threads: None,
        replicas: None,
        max_replicas: 1024,
        least_rows: 1,
        max_rows: 1,
    };

    fn case(threads: u32, rows: u32, latency_us: f64, rows_per_second: f64) -> TuningCase {
        TuningCase { threads, replicas: 1, rows, latency_us, rows_per_second }
    }

    #[test]
    fn layouts_fill_the_machine() {
        assert_eq!(layouts(&BOUNDS), [(1, 6), (2, 3), (4, 1), (6, 1)]);
        assert_eq!(layouts(&Bounds { cores: 1, ..BOUNDS }), [(1, 1)]);
        assert_eq!(layouts(&Bounds { replicas: Some(9), ..BOUNDS })[1], (2, 9));
        assert_eq!(layouts(&Bounds { threads: Some(3), ..BOUNDS }), [(3, 2)]);
        assert_eq!(layouts(&Bounds { max_replicas: 2, ..BOUNDS })[0], (1, 2));
    }

    #[test]
    fn rows_go_up_to_the_limit() {
        assert_eq!(rows(&BOUNDS), [1]);
        assert_eq!(rows(&Bounds { max_rows: 12, ..BOUNDS }), [1, 2, 4, 8, 12]);
        assert_eq!(rows(&Bounds { max_rows: 12, aim: Aim::Latency, ..BOUNDS }), [1]);
        assert_eq!(rows(&Bounds { least_rows: 4, max_rows: 4, ..BOUNDS }), [4]);
        assert!(goes_on(&[]) && goes_on(&[1.0]) && goes_on(&[2.0, 1.0]));
        assert!(!goes_on(&[2.0, 1.0, 1.5]));
    }

    #[test]
    fn the_aim_decides_and_little_changes_nothing() {
        let cases = [case(1, 1, 100.0, 20_000.0), case(2, 1, 60.0, 16_600.0), case(1, 8, 500.0, 32_000.0)];
        assert_eq!(choose(Aim::Throughput, &cases), Some(2));
        assert_eq!(choose(Aim::Latency, &cases), Some(1));
        assert_eq!(choose(Aim::Throughput, &[case(2, 1, 1.0, 104.0), case(1, 1, 1.0, 100.0)]), Some(1));
        assert_eq!(choose(Aim::Latency, &[]), None);
    }

    proptest! {
        #[test]
        fn nothing_much_better_is_left(
            cases in prop::collection::vec((1u32..8, 1u32..64, 1.0f64..1e6, 1.0f64..1e6), 1..20),
            latency: bool,
        ) {
            let cases: Vec<_> = cases.into_iter().map(|(t, r, us, rate)| case(t, r, us, rate)).collect();
            let aim = if latency { Aim::Latency } else { Aim::Throughput };
            let chosen = &cases[choose(aim, &cases).unwrap()];
            // Each step may forgo up to the margin.
            let slack = (1.0 + MARGIN) * 1.000_001;
            for other in &cases {
                match aim {
                    Aim::Throughput => prop_assert!(other.rows_per_second <= chosen.rows_per_second * slack),
                    Aim::Latency => prop_assert!(chosen.latency_us <= other.latency_us * slack),
                }
            }
        }
    }
}
