//! Confidence intervals of a difference that hold however often somebody looks. Pure.
//!
//! The difference is held against zero by the likelihood ratio mixed over differences with a normal distribution around
//! zero (Howard, Ramdas, McAuliffe and Sekhon 2021, the two-sided normal mixture); with an estimated variance the level
//! holds for large samples (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, asymptotic confidence sequences). The
//! standard deviation of the mixture, `scale`, is in the unit of the difference and must be chosen beforehand: it may not
//! change from look to look.

use super::fixed::within;

/// Logarithm of the e-value against a difference of zero: evidence at a level once it reaches [`super::threshold`]. With
/// information `I = 1 / variance` and score `S = difference · I` it is
/// `-½ ln(1 + I t²) + S² t² / (2 (1 + I t²))` for the scale `t`.
///
/// `None` unless the variance of the difference and the scale are above 0 and the results are finite.
pub fn log_e(difference: f64, variance: f64, scale: f64) -> Option<f64> {
    if !difference.is_finite() || !positive(variance) || !positive(scale) {
        return None;
    }
    let square = scale * scale;
    let share = square / (variance + square);
    let z = difference / variance.sqrt();
    let log_e = 0.5 * z * z * share - 0.5 * (square / variance).ln_1p();
    log_e.is_finite().then_some(log_e)
}

/// P-value against a difference of zero, valid at any moment: one over the e-value, at most 1. The smallest of all looks is
/// valid too.
///
/// `None` as for [`log_e`].
pub fn p_value(difference: f64, variance: f64, scale: f64) -> Option<f64> {
    Some((-log_e(difference, variance, scale)?).exp().min(1.0))
}

/// Half of the width of the interval around the difference that, over all looks together, misses the true one with at most
/// the probability `level`: `sqrt((1 + I t²) / (I² t²) · ln((1 + I t²) / level²))`. All that lies within it has an e-value
/// below `1 / level`.
///
/// `None` unless the variance of the difference and the scale are above 0, the level lies between 0 and 1 and the result is
/// finite.
pub fn half_width(variance: f64, scale: f64, level: f64) -> Option<f64> {
    if !positive(variance) || !positive(scale) || !within(level) {
        return None;
    }
    let ratio = variance.sqrt() / scale;
    // Half of it, in standard errors squared.
    let half = 0.5 * (1.0 / ratio / ratio).ln_1p() - level.ln();
    let width = (variance * (1.0 + ratio * ratio)).sqrt() * (2.0 * half).sqrt();
    width.is_finite().then_some(width)
}

/// The scale for which the interval is about narrowest when the difference has this variance: the scale squared over the
/// variance is `-2 ln(level) + ln(1 - 2 ln(level))` (Waudby-Smith et al., proposition on tuning; what GrowthBook does, whose
/// tuning parameter is the number of values at which the variance would be this one).
///
/// `None` unless the variance is above 0, the level lies between 0 and 1 and the result is finite.
pub fn scale_for(variance: f64, level: f64) -> Option<f64> {
    if !positive(variance) || !within(level) {
        return None;
    }
    let twice = -2.0 * level.ln();
    let scale = variance.sqrt() * (twice + twice.ln_1p()).sqrt();
    (scale.is_finite() && scale > 0.0).then_some(scale)
}

/// Whether a variance or a scale may be one.
fn positive(value: f64) -> bool {
    value > 0.0 && value.is_finite()
}
