//! How to split traffic while an experiment runs, so that better arms get more of it. Pure.

use super::distribution::{GAUSS, normal_cdf, normal_density};

/// How many standard deviations around its mean an arm counts: beyond lies less than 1e-18.
const REACH: f64 = 9.0;
/// Basis points of all traffic.
const ALL: u32 = 10_000;

/// Probability of each arm that its true mean is the largest, of the means and standard deviations of independent normal
/// posteriors, all in one unit: `∫ φ_i(x) Π Φ_j(x) dx`, by a Gauss–Legendre rule on pieces of at most a standard deviation.
/// Exact to about 1e-10; they add up to 1. Arms without spread that are equal share.
///
/// An arm whose mean is not finite, or whose standard deviation is not finite or below 0, gets 0; where all are such, all
/// get the same.
pub fn best_chances(arms: &[(f64, f64)]) -> Vec<f64> {
    let usable = |arm: &&(f64, f64)| arm.0.is_finite() && arm.1.is_finite() && arm.1 >= 0.0;
    let best = arms.iter().filter(usable).map(|arm| arm.0).fold(f64::NEG_INFINITY, f64::max);
    if best == f64::NEG_INFINITY {
        return vec![1.0 / arms.len() as f64; arms.len()];
    }
    // Scaled down, so that no distance overflows; from the best arm on, where the digits matter.
    let arms: Vec<Option<(f64, f64)>> = arms
        .iter()
        .map(|arm| Some(arm).filter(usable).map(|(mean, sd)| (mean / 64.0 - best / 64.0, sd / 64.0)))
        .collect();
    let spread = |(mean, sd): (f64, f64)| sd > 1e-12 * mean.abs() && sd >= f64::MIN_POSITIVE;
    let points = || arms.iter().flatten().filter(|arm| !spread(**arm)).map(|arm| arm.0);
    let floor = points().fold(f64::NEG_INFINITY, f64::max);
    let at_floor = points().filter(|mean| *mean == floor).count() as f64;
    // Below the lowest that an arm can be, and below an arm without spread, nothing can be the largest.
    let low = arms.iter().flatten().map(|(mean, sd)| mean - REACH * sd).fold(floor, f64::max);

    let all_below =
        |x: f64| arms.iter().flatten().filter(|arm| spread(**arm)).map(move |(mean, sd)| normal_cdf((x - mean) / sd));
    let mut chances: Vec<f64> = arms
        .iter()
        .map(|arm| match arm {
            Some(arm) if !spread(*arm) && arm.0 == floor => all_below(floor).product::<f64>() / at_floor,
            _ => 0.0,
        })
        .collect();
    let mut breaks = vec![low];
    for (mean, sd) in arms.iter().flatten().filter(|arm| spread(**arm)) {
        let steps = -(REACH as i32)..=REACH as i32;
        breaks.extend(steps.map(|step| mean + f64::from(step) * sd).filter(|x| *x > low));
    }
    breaks.sort_by(f64::total_cmp);
    for (from, to) in breaks.iter().zip(breaks.iter().skip(1)) {
        let half = 0.5 * (to - from);
        if half <= 0.0 {
            continue;
        }
        for (node, weight) in GAUSS {
            add_densities(&arms, spread, from + half * (1.0 + node), half * weight, &mut chances);
        }
    }
    let sum: f64 = chances.iter().sum();
    chances.into_iter().map(|chance| chance / sum).collect()
}

/// Adds, for each arm with spread, `weight` times the density that it is at `x` and all others are below.
fn add_densities(
    arms: &[Option<(f64, f64)>],
    spread: impl Fn((f64, f64)) -> bool,
    x: f64,
    weight: f64,
    chances: &mut [f64],
) {
    let values: Vec<(f64, f64)> = arms
        .iter()
        .map(|arm| match arm {
            Some((mean, sd)) if spread((*mean, *sd)) => {
                let z = (x - mean) / sd;
                (normal_density(z) / sd, normal_cdf(z))
            }
            // Below anything that is looked at.
            _ => (0.0, 1.0),
        })
        .collect();
    // Products over the arms before and after each: dividing by its own could divide by 0.
    let mut product = weight;
    let mut before = Vec::with_capacity(values.len());
    for (_, cdf) in &values {
        before.push(product);
        product *= cdf;
    }
    let mut after = 1.0;
    for ((chance, (density, cdf)), before) in chances.iter_mut().zip(&values).zip(before).rev() {
        *chance += density * before * after;
        after *= cdf;
    }
}

/// Upper bounds by which to choose the next arm, of the means, the standard deviations of single values and the numbers of
/// values: `mean + sd · sqrt(2 ln(total) / n)`, which is the bound of UCB1 (Auer, Cesa-Bianchi and Fischer 2002) for values
/// with that standard deviation; `total` is the number of values of all arms. An arm without values comes first: its bound
/// is infinite.
pub fn upper_bounds(arms: &[(f64, f64, u64)], total: u64) -> Vec<f64> {
    let twice = 2.0 * (total.max(1) as f64).ln();
    let bound = |(mean, sd, n): &(f64, f64, u64)| match n {
        0 => f64::INFINITY,
        n => mean + sd * (twice / *n as f64).sqrt(),
    };
    arms.iter().map(bound).collect()
}

/// Basis points of the traffic for each arm: in proportion to its chance, at least `floor_bp`, together exactly 10000. Arms
/// that would get less get the floor, and the others share the rest; what rounding leaves goes to the largest remainders,
/// the first of equal ones first. A floor that is too high for so many arms is lowered to an equal share. A chance that is
/// not finite, or below 0, counts as 0; where all are 0, all count the same.
pub fn shares(chances: &[f64], floor_bp: u32) -> Vec<u32> {
    let Ok(arms @ 1..) = u32::try_from(chances.len()) else { return vec![0; chances.len()] };
    let floor = floor_bp.min(ALL / arms);
    let largest = chances.iter().copied().filter(|chance| chance.is_finite()).fold(0.0, f64::max);
    let weight = |chance: &f64| match largest > 0.0 {
        true if chance.is_finite() && *chance > 0.0 => chance / largest,
        true => 0.0,
        false => 1.0,
    };
    // None for an arm that gets the floor.
    let mut weights: Vec<Option<f64>> = chances.iter().map(|chance| Some(weight(chance))).collect();
    let (rest, sum) = loop {
        let free = weights.iter().flatten().count() as u32;
        let rest = ALL - floor * (arms - free);
        let sum: f64 = weights.iter().flatten().sum();
        let mut changed = false;
        for weight in &mut weights {
            if weight.is_some_and(|weight| f64::from(rest) * (weight / sum) < f64::from(floor)) {
                *weight = None;
                changed = true;
            }
        }
        if !changed {
            break (rest, sum);
        }
    };
    let exact: Vec<Option<f64>> = weights.iter().map(|w| w.map(|w| f64::from(rest) * (w / sum))).collect();
    let mut shares: Vec<u32> = exact.iter().map(|share| share.map_or(floor, |share| share as u32)).collect();
    let missing = ALL.saturating_sub(shares.iter().sum());
    let mut order: Vec<(f64, &mut u32)> =
        exact.iter().zip(&mut shares).filter_map(|(share, whole)| share.map(|share| (share.fract(), whole))).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, share) in order.into_iter().take(missing as usize) {
        *share += 1;
    }
    shares
}
