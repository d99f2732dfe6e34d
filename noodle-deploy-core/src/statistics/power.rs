//! How many units an experiment needs, and how small a difference it can show. Pure.
//!
//! All of it is for the two-sided z test at a `level`: the power is the probability that it rejects when the difference is
//! there. The control has `n` units, the treatment `ratio` times as many. Sizes are real numbers: round them up. A level, a
//! power and a rate lie between 0 and 1, a standard deviation, a size and a ratio are above 0; otherwise, and where no
//! answer is finite, the result is `None`.

use super::distribution::{normal_cdf, normal_quantile, normal_sf};
use super::fixed::within;

/// Power to find a difference of means, with the standard deviation of a unit's value in both arms, in the same unit
/// (statsmodels' `NormalIndPower.power`).
pub fn means_power(difference: f64, sd: f64, n: f64, ratio: f64, level: f64) -> Option<f64> {
    if !positive(&[sd, n, ratio]) || !within(level) {
        return None;
    }
    let shift = difference.abs() / sd * effective(n, ratio).sqrt();
    shift.is_finite().then(|| power_at(critical(level), shift))
}

/// Units of the control at which a difference of means is found with a power (statsmodels' `zt_ind_solve_power`). `None`
/// too for a difference of 0, and for a power that is not above the level.
pub fn means_size(difference: f64, sd: f64, ratio: f64, level: f64, power: f64) -> Option<f64> {
    if !positive(&[sd, ratio]) {
        return None;
    }
    let root = shift_for(1.0, level, power)? * sd / difference;
    finite(root * root * (1.0 + ratio) / ratio)
}

/// The smallest difference of means that `n` units of the control find with a power. `None` too for a power that is not
/// above the level.
pub fn means_effect(sd: f64, n: f64, ratio: f64, level: f64, power: f64) -> Option<f64> {
    if !positive(&[sd, n, ratio]) {
        return None;
    }
    finite(shift_for(1.0, level, power)? * sd / effective(n, ratio).sqrt())
}

/// Power to find that two proportions differ. The variance is that of the pooled rate under the null hypothesis and that of
/// both rates under the alternative (statsmodels' `power_proportions_2indep`, with the control as its first sample).
pub fn proportions_power(control: f64, treatment: f64, n: f64, ratio: f64, level: f64) -> Option<f64> {
    if !positive(&[n, ratio]) || !within(level) {
        return None;
    }
    let (null, alternative) = deviations(control, treatment, ratio)?;
    let shift = (treatment - control).abs() * n.sqrt() / alternative;
    shift.is_finite().then(|| power_at(critical(level) * (null / alternative), shift))
}

/// Units of the control at which it is found with a power that two proportions differ: where [`proportions_power`] is that
/// power, the far tail included. `None` too for equal rates, and for a power that the test has with no units at all.
pub fn proportions_size(control: f64, treatment: f64, ratio: f64, level: f64, power: f64) -> Option<f64> {
    if !positive(&[ratio]) {
        return None;
    }
    let (null, alternative) = deviations(control, treatment, ratio)?;
    let root = shift_for(null / alternative, level, power)? * alternative / (treatment - control);
    finite(root * root)
}

/// The smallest rise over the control's rate that `n` units of the control find with a power. For the smallest fall give one
/// minus the rate. `None` too where even a rise to 1 is not found with that power.
pub fn proportions_effect(control: f64, n: f64, ratio: f64, level: f64, power: f64) -> Option<f64> {
    if !within(control) || !within(power) {
        return None;
    }
    let found = |rise: f64| Some(proportions_power(control, (control + rise).min(1.0), n, ratio, level)? >= power);
    let most = 1.0 - control;
    if !found(most)? {
        return None;
    }
    // Down by factors of two until it is not found, then to the last digit: the smallest also if there were several.
    let mut high = most;
    while found(0.5 * high)? {
        high *= 0.5;
        if high < 1e-15 * control {
            return None;
        }
    }
    bisect(0.5 * high, high, |rise| found(rise).unwrap_or(true))
}

/// What the z statistic has to reach.
fn critical(level: f64) -> f64 {
    -normal_quantile(0.5 * level)
}

/// Units of one arm against a known mean that know as much as both arms.
fn effective(n: f64, ratio: f64) -> f64 {
    n * (ratio / (1.0 + ratio))
}

/// Probability that a normal value around `shift`, at least 0, lies beyond a critical value on either side.
fn power_at(critical: f64, shift: f64) -> f64 {
    (normal_sf(critical - shift) + normal_cdf(-critical - shift)).min(1.0)
}

/// The shift of the statistic, in standard errors under the alternative, for which the power is as given; `stretch` is the
/// standard error under the null over that.
fn shift_for(stretch: f64, level: f64, power: f64) -> Option<f64> {
    if !within(level) || !within(power) {
        return None;
    }
    let critical = stretch * critical(level);
    if power_at(critical, 0.0) >= power {
        return None;
    }
    // With the far tail left out the shift is a bit larger.
    let most = (critical + normal_quantile(power)) * (1.0 + 1e-9) + 1e-9;
    // Near a power of 1 what is missing is the more precise.
    let missing = |shift: f64| normal_cdf(critical - shift) - normal_cdf(-critical - shift);
    bisect(0.0, most, |shift| missing(shift) <= 1.0 - power)
}

/// Standard deviations of the difference of rates under the null hypothesis and the alternative, for one unit of the
/// control. A rate of the treatment may be 0 or 1.
fn deviations(control: f64, treatment: f64, ratio: f64) -> Option<(f64, f64)> {
    if !within(control) || !(0.0..=1.0).contains(&treatment) {
        return None;
    }
    let pooled = (control + treatment * ratio) / (1.0 + ratio);
    let null = pooled * (1.0 - pooled) * (1.0 + 1.0 / ratio);
    let alternative = control * (1.0 - control) + treatment * (1.0 - treatment) / ratio;
    (null.is_finite() && alternative.is_finite() && alternative > 0.0).then(|| (null.sqrt(), alternative.sqrt()))
}

/// Where something starts to hold, to the last digit.
fn bisect(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> Option<f64> {
    if !low.is_finite() || !high.is_finite() {
        return None;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        match holds(middle) {
            true => high = middle,
            false => low = middle,
        }
    }
    Some(high)
}

/// Whether all are above 0 and finite.
fn positive(values: &[f64]) -> bool {
    values.iter().all(|value| *value > 0.0 && value.is_finite())
}

/// A size or a difference, if it is one with all of its digits.
fn finite(value: f64) -> Option<f64> {
    (value.is_normal() && value > 0.0).then_some(value)
}
