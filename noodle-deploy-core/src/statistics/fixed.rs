//! Tests with a fixed horizon: looked at once, when the planned number of values is there. Pure.
//!
//! Looked at more often they are wrong more often than their level says: [`super::sequential`] is for that.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::distribution::{chi_square_sf, normal_quantile, normal_sf, student_quantile, student_sf};

/// An estimate of one arm, in the unit of the metric.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    /// The mean, or whatever was estimated in its place.
    pub mean: f64,
    /// The variance of that mean: its standard error squared.
    pub variance: f64,
    /// Degrees of freedom of the variance.
    pub df: f64,
}

impl Estimate {
    /// The mean of `n` values, from their sum and the sum of their squares.
    ///
    /// `None` below two values, and where a result is not finite.
    pub fn of(n: f64, sum: f64, squares: f64) -> Option<Estimate> {
        let mean = sum / n;
        let variance = (squares - mean * sum).max(0.0) / (n - 1.0) / n;
        let fine = n > 1.0 && mean.is_finite() && (squares - mean * sum).is_finite() && variance.is_finite();
        fine.then_some(Estimate { mean, variance, df: n - 1.0 })
    }
}

/// What a comparison of two arms found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Test {
    /// The difference over its standard error: of t with degrees of freedom, of z without.
    pub statistic: f64,
    /// Degrees of freedom; none for a normal statistic.
    pub df: Option<f64>,
    /// Two-sided p-value.
    pub p_value: f64,
    /// Treatment less control, in the unit of the metric.
    pub difference: f64,
    /// Lower end of the confidence interval of the difference.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Test {
    /// The same, if all of it is finite.
    fn finite(self) -> Option<Test> {
        let Test { statistic, df, p_value, difference, low, high } = self;
        [statistic, df.unwrap_or(0.0), p_value, difference, low, high].iter().all(|x| x.is_finite()).then_some(self)
    }
}

/// The t test for unequal variances (Welch 1947), with the interval that misses the difference with probability `level`.
///
/// `None` unless `level` lies between 0 and 1, the degrees of freedom are positive, at least one variance is above 0 and
/// all results are finite.
pub fn welch(control: &Estimate, treatment: &Estimate, level: f64) -> Option<Test> {
    let variance = control.variance + treatment.variance;
    let fine = [control, treatment].iter().all(|arm| arm.df > 0.0 && arm.variance >= 0.0);
    if !fine || !variance.is_finite() || variance <= 0.0 || !within(level) {
        return None;
    }
    // In shares of the variance, so that no square of a small variance is lost.
    let (share, other) = (control.variance / variance, treatment.variance / variance);
    let df = 1.0 / (share * share / control.df + other * other / treatment.df);
    let df = df.is_finite().then_some(df);
    let difference = treatment.mean - control.mean;
    let error = variance.sqrt();
    let statistic = difference / error;
    let (tail, quantile) = match df {
        Some(df) => (student_sf(statistic.abs(), df)?, student_quantile(0.5 * level, df)?),
        None => (normal_sf(statistic.abs()), normal_quantile(0.5 * level)),
    };
    let half = -quantile * error;
    let (low, high) = (difference - half, difference + half);
    Test { statistic, df, p_value: (2.0 * tail).min(1.0), difference, low, high }.finite()
}

/// Two proportions, each of hits among trials: the z test with the pooled variance for the p-value, and the interval with
/// the variances of both arms (Wald). The interval misses the difference with probability `level`, roughly where an arm has
/// fewer than ten hits or misses.
///
/// `None` unless `level` lies between 0 and 1, each arm has trials and no more hits than those, and both together have a
/// hit and a miss.
pub fn proportions(control: (u64, u64), treatment: (u64, u64), level: f64) -> Option<Test> {
    let arm = |(hits, n): (u64, u64)| {
        (n > 0 && hits <= n).then(|| {
            let n_real = n as f64;
            (hits as f64, (n - hits) as f64, n_real)
        })
    };
    let ((hits, misses, n), (more, fewer, m)) = (arm(control)?, arm(treatment)?);
    if !within(level) {
        return None;
    }
    let pooled = (hits + more) / (n + m) * ((misses + fewer) / (n + m));
    let difference = more / m - hits / n;
    let statistic = difference / (pooled * (1.0 / n + 1.0 / m)).sqrt();
    let error = (hits / n * (misses / n) / n + more / m * (fewer / m) / m).sqrt();
    let half = -normal_quantile(0.5 * level) * error;
    let (low, high) = (difference - half, difference + half);
    let p_value = (2.0 * normal_sf(statistic.abs())).min(1.0);
    Test { statistic, df: None, p_value, difference, low, high }.finite()
}

/// Pearson's chi-square test of counts against expected counts: the statistic and the p-value, with one degree of freedom
/// fewer than there are counts.
///
/// `None` unless there are at least two counts, as many expected ones, all of these above 0, no count below 0, and both add
/// up to the same (to a hundred-millionth).
pub fn chi_square(observed: &[f64], expected: &[f64]) -> Option<(f64, f64)> {
    let fine = observed.len() == expected.len()
        && observed.len() >= 2
        && observed.iter().all(|count| count.is_finite() && *count >= 0.0)
        && expected.iter().all(|count| count.is_finite() && *count > 0.0);
    let (sum, other): (f64, f64) = (observed.iter().sum(), expected.iter().sum());
    if !fine || !sum.is_finite() || (sum - other).abs() > 1e-8 * sum.min(other) {
        return None;
    }
    let statistic: f64 = observed.iter().zip(expected).map(|(o, e)| (o - e) / e * (o - e)).sum();
    let p_value = chi_square_sf(statistic, (observed.len() - 1) as f64)?;
    statistic.is_finite().then_some((statistic, p_value))
}

/// Pearson's chi-square test of independence of the rows and columns of a table of counts, without a correction for
/// continuity: the statistic, its degrees of freedom and the p-value.
///
/// `None` unless the table has at least two rows and columns, all rows are of one length, no count is below 0, and each row
/// and column has a count above 0.
pub fn independence(table: &[Vec<f64>]) -> Option<(f64, f64, f64)> {
    let width = table.first()?.len();
    let fine = table.len() >= 2
        && width >= 2
        && table.iter().all(|row| row.len() == width && row.iter().all(|count| count.is_finite() && *count >= 0.0));
    if !fine {
        return None;
    }
    let rows: Vec<f64> = table.iter().map(|row| row.iter().sum()).collect();
    let mut columns = vec![0.0; width];
    for row in table {
        columns.iter_mut().zip(row).for_each(|(column, count)| *column += count);
    }
    let total: f64 = rows.iter().sum();
    if !total.is_finite() || rows.iter().chain(&columns).any(|sum| *sum <= 0.0) {
        return None;
    }
    let mut statistic = 0.0;
    for (row, sum) in table.iter().zip(&rows) {
        for (count, column) in row.iter().zip(&columns) {
            let expected = sum / total * column;
            statistic += (count - expected) / expected * (count - expected);
        }
    }
    let df = ((table.len() - 1) * (width - 1)) as f64;
    let p_value = chi_square_sf(statistic, df)?;
    statistic.is_finite().then_some((statistic, df, p_value))
}

/// What a comparison of ranks found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MannWhitney {
    /// Pairs of which the treatment's value is the larger, and half of those with equal values.
    pub u: f64,
    /// How many standard errors that is above half of all pairs.
    pub z: f64,
    /// Two-sided p-value.
    pub p_value: f64,
    /// Probability that a treatment's value is larger than a control's, and half of that of equal ones.
    pub superiority: f64,
}

/// The test of Mann and Whitney (1947) on values with how often each was seen: normal approximation, variance corrected for
/// ties, no correction for continuity. Values in any order, one may come more than once.
///
/// `None` unless each arm has a value that was seen, no value is NaN, and an arm has at most `i64::MAX` of them. Where all
/// values are equal the p-value is 1.
pub fn mann_whitney(control: &[(f64, u64)], treatment: &[(f64, u64)]) -> Option<MannWhitney> {
    // Values with how often the control and the treatment have them.
    let mut values: Vec<(f64, u64, u64)> = Vec::with_capacity(control.len() + treatment.len());
    values.extend(control.iter().map(|(value, count)| (*value, *count, 0)));
    values.extend(treatment.iter().map(|(value, count)| (*value, 0, *count)));
    if values.iter().any(|(value, ..)| value.is_nan()) {
        return None;
    }
    let total = |arm: &[(f64, u64)]| {
        let sum = arm.iter().try_fold(0_u64, |sum, (_, count)| sum.checked_add(*count))?;
        (sum > 0 && i64::try_from(sum).is_ok()).then_some(sum)
    };
    let (controls, treatments) = (total(control)?, total(treatment)?);
    values.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap_or(std::cmp::Ordering::Equal));

    let n = controls + treatments;
    let (mut below, mut balance, mut spread) = (0_u64, 0_i128, 0.0);
    for group in values.chunk_by(|a, b| a.0 == b.0) {
        let of = |count: fn(&(f64, u64, u64)) -> u64| group.iter().map(count).sum::<u64>();
        let (own, other) = (of(|value| value.1), of(|value| value.2));
        let above = controls - below - own;
        // Pairs won less pairs lost: exact, so that it is 0 where both are alike.
        balance += i128::from(other) * (i128::from(below) - i128::from(above));
        below += own;
        // n³ - Σ t³ as a sum of positive terms.
        let tied = own + other;
        spread += tied as f64 * (n - tied) as f64 * (n as f64 + tied as f64);
    }
    let pairs = controls as f64 * treatments as f64;
    let n = n as f64;
    let variance = pairs / 12.0 * (spread / n / (n - 1.0));
    let ahead = 0.5 * balance as f64;
    let z = if variance > 0.0 { ahead / variance.sqrt() } else { 0.0 };
    let u = 0.5 * pairs + ahead;
    let p_value = (2.0 * normal_sf(z.abs())).min(1.0);
    Some(MannWhitney { u, z, p_value, superiority: 0.5 + ahead / pairs })
}

/// Whether a level or a power may be one.
pub(super) fn within(level: f64) -> bool {
    level > 0.0 && level < 1.0
}
