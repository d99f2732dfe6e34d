//! Whether one mean exceeds another by more than a margin, of values without bounds and with unknown variance, looked at
//! as often as anybody likes.
//!
//! The score `S` of the difference and its information `I` (one over the variance of its estimate) behave as a Brownian
//! motion with drift once there are enough values (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024). Mixed over drifts
//! above 0 with a half-normal of scale `t`, the likelihood ratio is
//! `2 / sqrt(1 + I t²) · exp(S² t² / (2 (1 + I t²))) · Φ(S t / sqrt(1 + I t²))` (Howard, Ramdas, McAuliffe and Sekhon 2021,
//! the one-sided normal mixture). The level holds for large samples: below [`ENOUGH`] values nothing is concluded.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Values of each arm below which nothing is concluded.
pub const ENOUGH: f64 = 50.0;

/// Sums of values, which add up and can be subtracted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moments {
    /// How many.
    pub n: f64,
    /// Their sum.
    pub sum: f64,
    /// The sum of their squares.
    pub squares: f64,
}

impl Moments {
    /// Takes `n` equal values in.
    pub fn add(&mut self, value: f64, n: f64) {
        self.n += n;
        self.sum += n * value;
        self.squares += n * value * value;
    }

    /// Takes other values in.
    pub fn merge(&mut self, other: &Moments) {
        self.n += other.n;
        self.sum += other.sum;
        self.squares += other.squares;
    }

    /// What came since earlier moments of the same values.
    pub fn since(&self, earlier: &Moments) -> Moments {
        Moments {
            n: (self.n - earlier.n).max(0.0),
            sum: self.sum - earlier.sum,
            squares: (self.squares - earlier.squares).max(0.0),
        }
    }

    /// The mean; none without values.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0.0).then(|| self.sum / self.n)
    }

    /// The variance (unbiased); none below two values.
    pub fn variance(&self) -> Option<f64> {
        (self.n > 1.0).then(|| ((self.squares - self.sum * self.sum / self.n) / (self.n - 1.0)).max(0.0))
    }
}

/// What is known of a difference of means: score and information, which add up over strata.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MeanEvidence {
    /// Difference beyond the margin, times the information.
    pub score: f64,
    /// One over the variance of the difference.
    pub information: f64,
}

impl MeanEvidence {
    /// Of one stratum: how far the treatment's mean lies above the control's, beyond a margin. Nothing below [`ENOUGH`]
    /// values of either.
    pub fn of(control: &Moments, treatment: &Moments, margin: f64) -> Self {
        let nothing = MeanEvidence::default();
        if control.n < ENOUGH || treatment.n < ENOUGH {
            return nothing;
        }
        let of = |moments: &Moments| Some((moments.mean()?, moments.variance()? / moments.n));
        let (Some((mean, square)), Some((other, more))) = (of(control), of(treatment)) else { return nothing };
        // A width of a bucket of the histogram: values are not known better than that.
        let variance = (square + more).max(1e-12);
        MeanEvidence { score: (other - mean - margin) / variance, information: 1.0 / variance }
    }

    /// Both together.
    pub fn and(self, other: Self) -> Self {
        MeanEvidence { score: self.score + other.score, information: self.information + other.information }
    }

    /// The same seen from the other side of the margin.
    pub fn mirrored(self) -> Self {
        MeanEvidence { score: -self.score, ..self }
    }

    /// Logarithm of the e-value against a difference at or below the margin, best for a difference of about `scale`.
    pub fn log_e(&self, scale: f64) -> f64 {
        let MeanEvidence { score, information } = *self;
        let square = scale * scale;
        let grown = 1.0 + information * square;
        let x = score * scale / grown.sqrt();
        std::f64::consts::LN_2 - 0.5 * grown.ln() + 0.5 * x * x + log_normal_cdf(x)
    }
}

/// Logarithm of the standard normal distribution function: by its continued fraction (Abramowitz and Stegun 26.2.14) where
/// it is small, and there the value is what matters.
fn log_normal_cdf(x: f64) -> f64 {
    let density = |x: f64| -0.5 * x * x - 0.5 * (2.0 * std::f64::consts::PI).ln();
    let tail = |x: f64| {
        // x > 0: the tail above x over the density, from the inside out.
        let fraction = (1..=60).rev().fold(x, |inner, k| x + f64::from(k) / inner);
        density(x) - fraction.ln()
    };
    match x {
        x if x <= -2.0 => tail(-x),
        x if x >= 2.0 => (-tail(x).exp()).ln_1p(),
        // The power series of the distribution function (26.2.11) converges quickly here.
        x => {
            let (mut term, mut sum) = (x, x);
            for k in 1..60 {
                term *= x * x / f64::from(2 * k + 1);
                sum += term;
            }
            (0.5 + sum * density(x).exp()).ln()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_distribution_function_agrees_with_the_error_function() {
        // From the complementary error function of a C library.
        let known = [
            (-20.0, -203.91715537109724),
            (-5.0, -15.064998393988724),
            (-2.0, -3.783184333682031),
            (-1.0, -1.8410216450092634),
            (0.0, -std::f64::consts::LN_2),
            (1.5, -0.069143455612234),
            (2.0, -0.0230129093289635),
            (6.0, -9.865876455243787e-10),
        ];
        for (x, expected) in known {
            let found = log_normal_cdf(x);
            assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{x}: {found} and not {expected}");
        }
    }

    #[test]
    fn strata_add_up_and_sides_mirror() {
        let moments = |mean: f64, n: f64| {
            let mut moments = Moments::default();
            moments.add(mean - 0.5, n / 2.0);
            moments.add(mean + 0.5, n / 2.0);
            moments
        };
        let one = MeanEvidence::of(&moments(1.0, 1_000.0), &moments(1.1, 1_000.0), 0.02);
        assert!((one.score / one.information - 0.08).abs() < 1e-12);
        let both = one.and(one);
        assert_eq!((both.score, both.information), (2.0 * one.score, 2.0 * one.information));
        assert!(one.log_e(0.1) > 3.0 && one.mirrored().log_e(0.1) < 0.0, "{one:?}");
        assert_eq!(MeanEvidence::of(&moments(1.0, 40.0), &moments(9.0, 1_000.0), 0.0), MeanEvidence::default());
        assert_eq!(MeanEvidence::default().log_e(0.1), 0.0);
    }

    proptest! {
        #[test]
        fn no_counts_give_anything_but_numbers(
            n in prop::sample::select(vec![0.0, 1.0, 2.0, 1e3, 1e18]), value in -1e3f64..1e3, other in -1e3f64..1e3,
        ) {
            let (mut a, mut b) = (Moments::default(), Moments::default());
            a.add(value, n);
            b.add(other, n);
            let evidence = MeanEvidence::of(&a, &b, 0.1);
            prop_assert!(!evidence.log_e(0.1).is_nan() && !evidence.mirrored().log_e(0.1).is_nan(), "{evidence:?}");
        }

        #[test]
        fn what_came_since_is_what_was_added(values in prop::collection::vec(5.0f64..25.0, 2..100), more in prop::collection::vec(5.0f64..25.0, 2..100)) {
            let mut before = Moments::default();
            values.iter().for_each(|value| before.add(*value, 1.0));
            let (mut all, mut alone) = (before, Moments::default());
            for value in &more {
                all.add(*value, 1.0);
                alone.add(*value, 1.0);
            }
            let since = all.since(&before);
            prop_assert_eq!(since.n, alone.n);
            prop_assert!((since.mean().unwrap() - alone.mean().unwrap()).abs() < 1e-9);
            prop_assert!((since.variance().unwrap() - alone.variance().unwrap()).abs() < 1e-7);
        }
    }
}
