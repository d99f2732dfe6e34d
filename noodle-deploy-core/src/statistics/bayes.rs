//! What is believed of a difference, given the data and what was believed before. Pure.
//!
//! Of means: a normal posterior, in closed form. Of proportions: independent beta posteriors, by integration on the scale of
//! the logit, where their densities are smooth and have one peak; exact to about 1e-9, in a time that does not grow with the
//! counts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::distribution::{BetaKernel, GAUSS, normal_cdf, normal_density, normal_sf};

/// Smallest parameter of a beta posterior: below it there is mass nearer to 0 than numbers go.
const LEAST: f64 = 0.1;
/// Largest parameter of a beta posterior.
const MOST: f64 = 1e12;
/// How far the logarithm of a density falls below that of its peak before it counts as 0.
const DROP: f64 = 45.0;
/// Pieces of each side of a peak: each is about one standard deviation wide.
const PIECES: u32 = 10;

/// What choosing an arm is expected to cost: how much better the other one is if it is better, and 0 if not. In the unit of
/// the metric, for a metric of which more is better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Loss {
    /// Of choosing the treatment.
    pub treatment: f64,
    /// Of choosing the control.
    pub control: f64,
}

/// Mean and standard deviation of the posterior of a difference: of an estimate with its variance, and a normal prior with
/// mean 0 and the standard deviation `prior_sd`, or a flat one. A negative variance counts as 0.
pub fn posterior(difference: f64, variance: f64, prior_sd: Option<f64>) -> (f64, f64) {
    let error = variance.max(0.0).sqrt();
    let Some(prior) = prior_sd else { return (difference, error) };
    let ratio = error / prior.abs();
    // Neither known nor believed to differ from 0: the prior was there first.
    if ratio.is_nan() {
        return (0.0, 0.0);
    }
    let share = 1.0 / (1.0 + ratio * ratio);
    (difference * share, error * share.sqrt())
}

/// Probability that a value of a normal distribution is above 0. Of one without spread it is 1, 0 or, at 0, one half.
pub fn chance_above_zero(mean: f64, sd: f64) -> f64 {
    match mean / sd.abs() {
        z if z.is_nan() => 0.5,
        z => normal_cdf(z),
    }
}

/// What choosing an arm is expected to cost when the difference of the treatment from the control is normal with this mean
/// and standard deviation: `sd φ(z) - mean Φ(-z)` with `z = mean / sd` for the treatment.
pub fn expected_loss(mean: f64, sd: f64) -> Loss {
    let sd = sd.abs();
    let z = mean / sd;
    if !z.is_finite() {
        return Loss { treatment: (-mean).max(0.0), control: mean.max(0.0) };
    }
    // Of the arm that seems to be better; the other one costs the difference more.
    let least = (sd * (normal_density(z) - z.abs() * normal_sf(z.abs()))).max(0.0);
    let most = least + mean.abs();
    match mean >= 0.0 {
        true => Loss { treatment: least, control: most },
        false => Loss { treatment: most, control: least },
    }
}

/// Probability that the treatment's proportion is above the control's, each with a beta posterior of the given parameters
/// (hits and misses, each with that of the prior added).
///
/// `None` unless all parameters lie between 0.1 and 1e12.
pub fn beta_chance_better(control: (f64, f64), treatment: (f64, f64)) -> Option<f64> {
    Some(compare(control, treatment)?.0)
}

/// What choosing an arm is expected to cost, as a difference of proportions, with beta posteriors as in
/// [`beta_chance_better`].
///
/// `None` as there.
pub fn beta_expected_loss(control: (f64, f64), treatment: (f64, f64)) -> Option<Loss> {
    Some(compare(control, treatment)?.1)
}

/// Both, in one pass from the lowest proportion to the highest.
fn compare(control: (f64, f64), treatment: (f64, f64)) -> Option<(f64, Loss)> {
    let valid = |(a, b): (f64, f64)| [a, b].iter().all(|x| (LEAST..=MOST).contains(x)).then(|| BetaKernel::of(a, b));
    let (one, other) = (valid(control)?, valid(treatment)?);
    // Mean of the treatment less that of the control.
    let difference = (other.a * one.b - one.a * other.b) / ((one.a + one.b) * (other.a + other.b));

    let mut breaks = Vec::with_capacity(80);
    add_breaks(&one, &mut breaks);
    add_breaks(&other, &mut breaks);
    breaks.sort_by(f64::total_cmp);
    let weights = running_integral();
    // Probabilities below where the pass is, of the control and the treatment.
    let (mut below, mut below_other) = (0.0, 0.0);
    let (mut chance, mut least) = (0.0, 0.0);
    for (from, to) in breaks.iter().zip(breaks.iter().skip(1)) {
        let half = 0.5 * (to - from);
        if half <= 0.0 {
            continue;
        }
        let points = GAUSS.map(|(node, _)| logistic(from + half * (1.0 + node)));
        let densities = points.map(|(x, y)| (one.at(x, y), other.at(x, y)));
        for (((x, y), (_, density)), (row, (_, weight))) in
            points.into_iter().zip(densities).zip(weights.into_iter().zip(GAUSS))
        {
            let (mut at, mut at_other) = (below, below_other);
            for (weight, (density, density_other)) in row.into_iter().zip(densities) {
                at += half * weight * density;
                at_other += half * weight * density_other;
            }
            chance += half * weight * density * at;
            // Of the arm that seems to be better: one is at most this proportion, the other one above it.
            let apart = if difference >= 0.0 { at_other * (1.0 - at) } else { at * (1.0 - at_other) };
            least += half * weight * apart.max(0.0) * x * y;
        }
        for ((density, density_other), (_, weight)) in densities.into_iter().zip(GAUSS) {
            below += half * weight * density;
            below_other += half * weight * density_other;
        }
    }
    let most = least + difference.abs();
    let loss = match difference >= 0.0 {
        true => Loss { treatment: least, control: most },
        false => Loss { treatment: most, control: least },
    };
    Some((chance.clamp(0.0, 1.0), loss))
}

/// A proportion and what it lacks to 1, of a logit.
fn logistic(logit: f64) -> (f64, f64) {
    let small = (-logit.abs()).exp();
    let (large, small) = (1.0 / (1.0 + small), small / (1.0 + small));
    if logit >= 0.0 { (large, small) } else { (small, large) }
}

/// Where to cut the scale of the logit, so that the density is smooth in each piece: where its logarithm has fallen by
/// growing amounts, and at growing distances from the peak.
fn add_breaks(kernel: &BetaKernel, breaks: &mut Vec<f64>) {
    let peak = (kernel.a / kernel.b).ln();
    let sd = ((kernel.a + kernel.b) / kernel.a / kernel.b).sqrt();
    breaks.push(peak);
    for side in [-1.0, 1.0] {
        let drop = |distance: f64| {
            let (x, y) = logistic(peak + side * distance);
            kernel.drop(x, y)
        };
        let mut reached = 0.0;
        for piece in 1..=PIECES {
            let part = f64::from(piece) / f64::from(PIECES);
            let (mut near, mut far) = (reached, reached + sd);
            while drop(far) < DROP * part * part {
                (near, far) = (far, far + far - reached);
            }
            for _ in 0..20 {
                let middle = 0.5 * (near + far);
                match drop(middle) < DROP * part * part {
                    true => near = middle,
                    false => far = middle,
                }
            }
            reached = far;
            breaks.push(peak + side * reached);
        }
        breaks.extend([1.0, 2.0, 4.0, 8.0, 16.0].into_iter().filter(|x| *x < reached).map(|x| peak + side * x));
    }
}

/// Weights with which the values at the nodes of [`GAUSS`] give the integral from -1 to each node: that of the polynomial
/// through them, as a sum of Legendre polynomials.
fn running_integral() -> [[f64; 8]; 8] {
    GAUSS.map(|(to, _)| {
        GAUSS.map(|(node, weight)| {
            // The polynomials of degree k - 1 and k, at the end and at the node.
            let (mut before, mut now) = (1.0, to);
            let (mut node_before, mut node_now) = (0.0, 1.0);
            let mut sum = 0.5 * (1.0 + to);
            for k in 1..8 {
                let k = f64::from(k);
                let next = ((2.0 * k + 1.0) * to * now - k * before) / (k + 1.0);
                (node_before, node_now) = (node_now, ((2.0 * k - 1.0) * node * node_now - (k - 1.0) * node_before) / k);
                // The integral of a polynomial is made of its neighbours.
                sum += 0.5 * node_now * (next - before);
                (before, now) = (now, next);
            }
            weight * sum
        })
    })
}
