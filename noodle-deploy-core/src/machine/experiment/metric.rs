//! What a metric is on an arm, by what was counted.

use super::config::{FAILED, LATENCY, MetricConfig, MetricKind};
use crate::machine::rollout::ArmCounts;
use crate::metrics::histogram;
use crate::metrics::outcomes::{Outcomes, RELATIVE};
use crate::metrics::segments::{Cell, Sums};
use crate::metrics::totals::Totals;
use crate::serving::split::GROUPS;
use crate::statistics::cuped::{self, Cluster};
use crate::statistics::fixed::Estimate;
use crate::statistics::mean::Moments;

/// Values of an arm below which nothing is concluded.
const ENOUGH: f64 = 50.0;
/// Groups of callers that have to have something: their spread is what everything is judged by.
const ENOUGH_GROUPS: usize = 20;

/// A metric of one arm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    /// Values that it is made of.
    pub(super) n: f64,
    /// What it is without regard to what was before; none: too little.
    pub(super) plain: Option<Estimate>,
    /// The same once what was before is allowed for; none: nothing was recorded before.
    pub(super) adjusted: Option<Estimate>,
}

impl Measured {
    /// What is compared.
    pub(super) fn estimate(&self) -> Option<Estimate> {
        self.adjusted.or(self.plain)
    }
}

/// A metric of the control and of a treatment.
pub(super) fn measure(metric: &MetricConfig, control: &Totals, treatment: &Totals) -> [Measured; 2] {
    let arms = [control, treatment];
    if metric.kind == MetricKind::Quantile {
        return arms.map(|arm| quantile(metric, arm));
    }
    match metric.outcome() {
        LATENCY => arms.map(latency),
        FAILED => arms.map(failed),
        _ => recorded(metric, arms),
    }
}

/// A metric of the control and of a treatment in a segment of the callers, but for quantiles.
pub(super) fn in_segment(metric: &MetricConfig, cells: [&Cell; 2]) -> [Measured; 2] {
    let none = Sums::default();
    cells.map(|cell| {
        let sums = |name: &str| cell.get(name).unwrap_or(&none).groups();
        let (values, divisors) = (sums(metric.outcome()), metric.per.as_deref().map(sums));
        let of = |(group, sums): (usize, &Moments)| Cluster {
            num: sums.sum,
            den: divisors.map_or(sums.n, |divisors| divisors[group].sum),
            before_num: 0.0,
            before_den: 0.0,
        };
        let clusters: Vec<_> = values.iter().enumerate().map(of).filter(|cluster| cluster.den != 0.0).collect();
        let n = values.iter().map(|sums| sums.n).sum();
        let plain = if clusters.len() < ENOUGH_GROUPS { None } else { cuped::ratio(&clusters) };
        enough(n, plain)
    })
}

fn enough(n: f64, estimate: Option<Estimate>) -> Measured {
    Measured { n, plain: estimate.filter(|_| n >= ENOUGH), adjusted: None }
}

fn latency(totals: &Totals) -> Measured {
    let mut moments = Moments::default();
    for (ns, n) in totals.latency.values() {
        moments.add(ns as f64 / 1e6, n as f64);
    }
    enough(moments.n, Estimate::of(moments.n, moments.sum, moments.squares))
}

fn failed(totals: &Totals) -> Measured {
    let (n, hits) = failures(totals);
    enough(n, Estimate::of(n, hits, hits))
}

/// Requests that ended, and those of them that failed by the arm's fault.
fn failures(totals: &Totals) -> (f64, f64) {
    let counts = ArmCounts::of(totals);
    (counts.ended as f64, counts.failed as f64)
}

/// Values of a proportion, and the ones among them.
pub(super) fn trials(metric: &MetricConfig, totals: &Totals) -> (f64, f64) {
    match metric.outcome() {
        FAILED => failures(totals),
        outcome => totals.outcomes.get(outcome).map(Outcomes::all).map_or((0.0, 0.0), |all| (all.n, all.sum)),
    }
}

/// Values in rising order with how often each occurred, as they are kept.
pub(super) fn counts(metric: &MetricConfig, totals: &Totals) -> Vec<(f64, u64)> {
    match metric.outcome() {
        LATENCY => totals.latency.values().map(|(ns, n)| (ns as f64 / 1e6, n)).collect(),
        outcome => totals.outcomes.get(outcome).map(|outcomes| outcomes.values.counts()).unwrap_or_default(),
    }
}

fn recorded(metric: &MetricConfig, arms: [&Totals; 2]) -> [Measured; 2] {
    let (outcome, per) = (metric.outcome(), metric.per.as_deref());
    let clusters = arms.map(|arm| clusters(arm, outcome, per));
    let theta = cuped::theta(&clusters[0], &clusters[1]);
    let before = |of: fn(&Cluster) -> f64| clusters.iter().flatten().map(of).sum::<f64>();
    let overall = before(|cluster| cluster.before_num) / before(|cluster| cluster.before_den);
    let mut at = 0;
    arms.map(|arm| {
        let own = &clusters[at];
        at += 1;
        let n = arm.outcomes.get(outcome).map_or(0.0, |outcomes| outcomes.all().n);
        let groups = own.iter().filter(|cluster| cluster.den != 0.0).count();
        if n < ENOUGH || groups < ENOUGH_GROUPS {
            return Measured { n, plain: None, adjusted: None };
        }
        let adjusted = theta.filter(|_| overall.is_finite()).and_then(|theta| cuped::adjusted(own, theta, overall));
        Measured { n, plain: cuped::ratio(own), adjusted }
    })
}

fn clusters(totals: &Totals, outcome: &str, per: Option<&str>) -> Vec<Cluster> {
    let none = Outcomes::default();
    let values = totals.outcomes.get(outcome).unwrap_or(&none);
    let divisors = per.map(|per| totals.outcomes.get(per).unwrap_or(&none));
    let group = |sums: &[Moments], group: usize| sums.get(group).copied().unwrap_or_default();
    let of = |n: usize| {
        let (during, before) = (group(&values.during, n), group(&values.before, n));
        let (den, before_den) = match divisors {
            Some(divisors) => (group(&divisors.during, n).sum, group(&divisors.before, n).sum),
            None => (during.n, before.n),
        };
        Cluster { num: during.sum, den, before_num: before.sum, before_den }
    };
    (0..GROUPS).map(of).filter(|cluster| cluster.den != 0.0).collect()
}

/// A quantile, with the spread that the ranks one standard deviation around its own have (Woodruff 1952).
fn quantile(metric: &MetricConfig, totals: &Totals) -> Measured {
    let counts = counts(metric, totals);
    // How far apart the steps are that values are counted in.
    let step = if metric.outcome() == LATENCY { histogram::RELATIVE } else { 2.0 * RELATIVE };
    let n = counts.iter().map(|(_, n)| *n as f64).sum::<f64>();
    let q = metric.quantile.unwrap_or(0.5);
    let spread = (q * (1.0 - q) * n).sqrt();
    let at = |rank: f64| {
        let mut seen = 0.0;
        let found = counts.iter().find(|(_, n)| {
            seen += *n as f64;
            seen >= rank
        });
        found.or(counts.last()).map(|(value, _)| *value)
    };
    let estimate = || {
        let (low, middle, high) = (at(q * n - spread)?, at(q * n)?, at(q * n + spread)?);
        // Values are not known better than that: a step over the root of twelve, as of a uniform law.
        let deviation = ((high - low) / 2.0).max(middle.abs() * step / 12.0_f64.sqrt());
        Some(Estimate { mean: middle, variance: deviation * deviation, df: n - 1.0 })
    };
    // Both ranks have to be among the values.
    let within = q * n - spread >= 1.0 && q * n + spread <= n;
    enough(n, if within { estimate() } else { None })
}
