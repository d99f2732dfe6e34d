//! Whether one proportion exceeds another by more than a margin, looked at as often as anybody likes.
//!
//! The data come in blocks of trials of both arms. For a block, an alternative that was chosen before it is held against
//! the point of the null that is nearest to it in relative entropy; the likelihood ratio of the two is an e-value for the
//! whole null where that is convex (Turner, Ly and Grünwald 2021, theorem 1), and e-values of successive blocks multiply.
//! Alternatives are a fixed grid of differences beyond the margin, over the control's rate so far; their
//! weighted mean is an e-process again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::log_sum_exp;

/// Differences beyond the margin that are held against the null, with weights for either side that add up to 1. Above it one
/// point has most of the weight: it is what a rollout should find soon, and what is much larger is found soon anyway.
const GRID: [(f64, f64, f64); 8] = [
    (0.002, 0.02, 0.0625),
    (0.005, 0.04, 0.125),
    (0.01, 0.84, 0.5),
    (0.02, 0.04, 0.125),
    (0.05, 0.02, 0.0625),
    (0.1, 0.02, 0.0625),
    (0.2, 0.01, 0.03125),
    (0.4, 0.01, 0.03125),
];
/// Rates are kept this far from 0 and 1, where a single trial would decide everything.
const EDGE: f64 = 1e-4;

/// Trials, and how many of them were hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Trials {
    /// Trials.
    pub n: u64,
    /// Hits, at most as many.
    pub hits: u64,
}

/// Which side of the margin evidence is gathered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The treatment's rate exceeds the control's by more than the margin.
    Above,
    /// It exceeds it by less than the margin.
    Below,
}

/// Evidence about the difference of two proportions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProportionEvidence {
    /// Logarithm of the e-value of each alternative.
    log_e: Vec<f64>,
    /// Trials of the control so far.
    control_n: f64,
    /// Its hits so far.
    control_hits: f64,
}

impl Default for ProportionEvidence {
    fn default() -> Self {
        ProportionEvidence { log_e: vec![0.0; GRID.len()], control_n: 0.0, control_hits: 0.0 }
    }
}

impl ProportionEvidence {
    /// Takes a block in. Its size must not depend on its hits.
    pub fn add(&mut self, side: Side, margin: f64, control: Trials, treatment: Trials) {
        if control.n == 0 && treatment.n == 0 {
            return;
        }
        // Chosen before the block: half a hit in 50 trials stands for what was not seen yet.
        let rate = ((self.control_hits + 0.5) / (self.control_n + 50.0)).clamp(EDGE, 1.0 - EDGE);
        for (log_e, (difference, ..)) in self.log_e.iter_mut().zip(GRID) {
            let beyond = match side {
                Side::Above => margin + difference,
                // From half of the margin, over none of it, to better than the control.
                Side::Below => margin - margin * (0.5 + difference * 5.0),
            };
            let alternative = (rate, (rate + beyond).clamp(EDGE, 1.0 - EDGE));
            *log_e += log_ratio(alternative, margin, side, control, treatment);
        }
        self.control_n += control.n as f64;
        self.control_hits += control.hits as f64;
    }

    /// Evidence to be found anew, knowing what is known of the control.
    pub fn anew(&self) -> Self {
        ProportionEvidence { log_e: vec![0.0; GRID.len()], ..*self }
    }

    /// Logarithm of the e-value, for the side that it was gathered for.
    pub fn log_e(&self, side: Side) -> f64 {
        let weighted = self.log_e.iter().zip(GRID).map(|(log_e, (_, above, below))| match side {
            Side::Above => log_e + f64::ln(above),
            Side::Below => log_e + f64::ln(below),
        });
        log_sum_exp(weighted)
    }
}

/// Logarithm of the likelihood of a block under an alternative over that under the nearest point of the null.
fn log_ratio((p, q): (f64, f64), margin: f64, side: Side, control: Trials, treatment: Trials) -> f64 {
    let within_null = match side {
        Side::Above => q <= p + margin,
        Side::Below => q >= p + margin,
    };
    if within_null {
        return 0.0;
    }
    let (p0, q0) = nearest((p, q), margin, (control.n as f64, treatment.n as f64));
    let of = |Trials { n, hits }: Trials, rate: f64, null: f64| {
        let (hits, misses) = (hits as f64, n.saturating_sub(hits) as f64);
        hits * (rate / null).ln() + misses * ((1.0 - rate) / (1.0 - null)).ln()
    };
    of(control, p, p0) + of(treatment, q, q0)
}

/// The point `(x, x + margin)` that minimises `n · KL(p ‖ x) + m · KL(q ‖ x + margin)`, by bisection of the derivative,
/// which grows with `x`.
fn nearest((p, q): (f64, f64), margin: f64, (n, m): (f64, f64)) -> (f64, f64) {
    let slope = |rate: f64, at: f64| (at - rate) / (at * (1.0 - at));
    let (mut low, mut high) = (EDGE / 2.0, 1.0 - margin - EDGE / 2.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        match n * slope(p, middle) + m * slope(q, middle + margin) > 0.0 {
            true => high = middle,
            false => low = middle,
        }
    }
    let x = 0.5 * (low + high);
    (x, x + margin)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The expectation of a block's likelihood ratio at a point, over all outcomes.
    fn expectation(alternative: (f64, f64), margin: f64, side: Side, n: u64, m: u64, (p, q): (f64, f64)) -> f64 {
        let choose = |n: u64, k: u64| (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product::<f64>();
        let chance = |n: u64, k: u64, p: f64| choose(n, k) * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32);
        let mut sum = 0.0;
        for i in 0..=n {
            for j in 0..=m {
                let (control, treatment) = (Trials { n, hits: i }, Trials { n: m, hits: j });
                let e = log_ratio(alternative, margin, side, control, treatment).exp();
                sum += chance(n, i, p) * chance(m, j, q) * e;
            }
        }
        sum
    }

    proptest! {
        /// What makes it valid: under every point of the null the expectation of a block is at most 1.
        #[test]
        fn a_block_is_an_e_value(
            p in 0.001f64..0.9, difference in 0.002f64..0.4, margin in 0.0f64..0.1,
            n in 1u64..12, m in 1u64..12, x in 0.0f64..1.0, y in 0.0f64..1.0, above: bool,
        ) {
            let side = if above { Side::Above } else { Side::Below };
            let q = match side { Side::Above => p + margin + difference, Side::Below => p + margin - difference };
            prop_assume!((EDGE..1.0 - EDGE).contains(&q));
            // A point of the null: on the border, and anywhere beyond.
            let a = x * (1.0 - margin);
            let b = match side { Side::Above => y * (a + margin), Side::Below => a + margin + y * (1.0 - a - margin) };
            for null in [(a, a + margin), (a, b)] {
                let mean = expectation((p, q), margin, side, n, m, null);
                prop_assert!(mean <= 1.0 + 1e-6, "{mean} at {null:?}");
            }
        }

        #[test]
        fn extreme_counts_give_numbers(n in prop::sample::select(vec![0u64, 1, 1_000, u64::MAX / 4]), all: bool, above: bool) {
            let mut evidence = ProportionEvidence::default();
            let side = if above { Side::Above } else { Side::Below };
            for _ in 0..3 {
                let trials = Trials { n, hits: if all { n } else { 0 } };
                evidence.add(side, 0.01, trials, trials);
                prop_assert!(!evidence.log_e(side).is_nan());
            }
        }
    }

    #[test]
    fn a_point_worse_is_found_and_none_worse_is_shown() {
        // 1 % against 4 % beyond a margin of half a point, block by block as expected.
        let mut worse = ProportionEvidence::default();
        let mut same = ProportionEvidence::default();
        for _ in 0..100 {
            let control = Trials { n: 100, hits: 1 };
            worse.add(Side::Above, 0.005, control, Trials { n: 100, hits: 4 });
            same.add(Side::Below, 0.01, control, Trials { n: 100, hits: 1 });
        }
        assert!(worse.log_e(Side::Above) > 20.0, "{worse:?}");
        assert!(same.log_e(Side::Below) > 20.0, "{same:?}");
    }
}
