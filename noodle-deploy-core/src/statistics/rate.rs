//! Whether a rate exceeds a margin, of trials that come one after the other, looked at as often as anybody likes.
//!
//! The likelihood of each alternative of a fixed grid is held against that of the margin itself. The ratio falls with the
//! rate on the side of the null, so its expectation is at most 1 all over the null, and ratios of successive trials
//! multiply; the weighted mean over the grid is an e-process again (Robbins 1970).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::log_sum_exp;
use super::proportion::{Side, Trials};

/// How far alternatives lie from the margin towards the end of the scale on their side, as a share of the way.
const GRID: [f64; 8] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 0.95];
/// Rates are kept this far from 0 and 1, where a single trial would decide everything.
const EDGE: f64 = 1e-6;

/// Evidence about one rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RateEvidence {
    /// Logarithm of the e-value of each alternative.
    log_e: Vec<f64>,
}

impl Default for RateEvidence {
    fn default() -> Self {
        RateEvidence { log_e: vec![0.0; GRID.len()] }
    }
}

impl RateEvidence {
    /// Takes trials in, against a rate on the other side of the margin.
    pub fn add(&mut self, side: Side, margin: f64, trials: Trials) {
        let margin = margin.clamp(2.0 * EDGE, 1.0 - 2.0 * EDGE);
        let (hits, misses) = (trials.hits as f64, trials.n.saturating_sub(trials.hits) as f64);
        for (log_e, way) in self.log_e.iter_mut().zip(GRID) {
            let rate = match side {
                Side::Above => margin + way * (1.0 - margin),
                Side::Below => margin - way * margin,
            };
            let rate = rate.clamp(EDGE, 1.0 - EDGE);
            *log_e += hits * (rate / margin).ln() + misses * ((1.0 - rate) / (1.0 - margin)).ln();
        }
    }

    /// Logarithm of the e-value.
    pub fn log_e(&self) -> f64 {
        log_sum_exp(self.log_e.iter().map(|log_e| log_e - (GRID.len() as f64).ln()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(side: Side, margin: f64, n: u64, hits: u64) -> f64 {
        let mut evidence = RateEvidence::default();
        evidence.add(side, margin, Trials { n, hits });
        evidence.log_e()
    }

    proptest! {
        /// What makes it valid: under every rate of the null the expectation is at most 1.
        #[test]
        fn it_is_an_e_value(margin in 0.001f64..0.9, x in 0.0f64..1.0, n in 1u64..30, above: bool) {
            let side = if above { Side::Above } else { Side::Below };
            let null = match side { Side::Above => x * margin, Side::Below => margin + x * (1.0 - margin) };
            let choose = |k: u64| (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product::<f64>();
            let chance = |k: u64| choose(k) * null.powi(k as i32) * (1.0 - null).powi((n - k) as i32);
            let mean: f64 = (0..=n).map(|hits| chance(hits) * of(side, margin, n, hits).exp()).sum();
            prop_assert!(mean <= 1.0 + 1e-9, "{mean} at {null}");
        }

        #[test]
        fn extreme_counts_give_numbers(n in prop::sample::select(vec![0u64, 1, 1_000, u64::MAX / 4]), all: bool, above: bool) {
            let side = if above { Side::Above } else { Side::Below };
            let hits = if all { n } else { 0 };
            prop_assert!(!of(side, 0.01, n, hits).is_nan());
        }
    }

    #[test]
    fn what_is_there_is_found() {
        let enough = super::super::threshold(0.025);
        assert!(of(Side::Above, 0.01, 300, 15) > enough);
        assert!(of(Side::Above, 0.01, 300, 3) < enough);
        // That there are fewer than one in a hundred takes some hundred trials without any.
        assert!(of(Side::Below, 0.01, 700, 0) > enough);
        assert!(of(Side::Below, 0.01, 100, 0) < enough);
    }
}
