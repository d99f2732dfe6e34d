//! Ratios of sums over clusters, and their adjustment by what the same clusters did before the experiment. Pure.
//!
//! A cluster is what was assigned to an arm at random: a user, with all of its requests. Its values depend on each other,
//! so the variance is that of the clusters' deviations from the ratio (delta method; Deng, Knoblich and Lu 2018). With a
//! denominator of 1 in each cluster all of it is the usual mean, its variance, and CUPED (Deng, Xu, Kohavi and Walker 2013).
//! A cluster without a denominator above 0 during the experiment does not count, whatever it did before.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fixed::Estimate;

/// Sums of one cluster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cluster {
    /// Numerator during the experiment, in the unit of the metric.
    pub num: f64,
    /// Denominator during the experiment: requests, say, or 1.
    pub den: f64,
    /// Numerator before the experiment; 0 of a cluster that was not there.
    pub before_num: f64,
    /// Denominator before the experiment; 0 of a cluster that was not there.
    pub before_den: f64,
}

/// The ratio of the sums of numerators and denominators, its variance between clusters
/// `B / (B - 1) · Σ (num - R den)² / (Σ den)²`, and the clusters less one as degrees of freedom.
///
/// `None` below two clusters that count, and where a result is not finite.
pub fn ratio(clusters: &[Cluster]) -> Option<Estimate> {
    let arm = Arm::of(clusters)?;
    estimate(arm.ratio, arm.clusters, counted(clusters).map(|cluster| arm.deviation(cluster)))
}

/// The coefficient with which the ratio before the experiment foretells that during it: the covariance of the clusters'
/// deviations over the variance of those before. Deviations are from the ratio of the cluster's own arm, so that a
/// difference between the arms does not enter; both arms are pooled.
///
/// `None` where an arm has fewer than two clusters that count or nothing from before, nothing varied before, or the result
/// is not finite.
pub fn theta(control: &[Cluster], treatment: &[Cluster]) -> Option<f64> {
    let (mut covariance, mut variance) = (0.0, 0.0);
    for clusters in [control, treatment] {
        let arm = Arm::of(clusters)?;
        let before = arm.before.as_ref()?;
        // A deviation is a cluster's part in the ratio's; times the clusters it is comparable between arms of any size.
        let square = arm.clusters * arm.clusters;
        for cluster in counted(clusters) {
            let earlier = before.deviation(cluster);
            covariance += square * arm.deviation(cluster) * earlier;
            variance += square * earlier * earlier;
        }
    }
    let theta = covariance / variance;
    (variance > 0.0 && theta.is_finite()).then_some(theta)
}

/// The ratio before the experiment over the clusters of all arms: what [`adjusted`] takes each arm's own against.
///
/// `None` where there is nothing from before, and where the result is not finite.
pub fn overall_before(arms: &[&[Cluster]]) -> Option<f64> {
    let (mut num, mut den) = (0.0, 0.0);
    for cluster in arms.iter().flat_map(|clusters| counted(clusters)) {
        num += cluster.before_num;
        den += cluster.before_den;
    }
    let ratio = num / den;
    (den > 0.0 && ratio.is_finite()).then_some(ratio)
}

/// The ratio less `theta` times what the arm's ratio before the experiment was above that of all arms; its variance is that
/// of the deviations less `theta` times those before. The same `theta` and overall ratio must be given for both arms: then
/// their difference has no bias.
///
/// `None` below two clusters that count, where none of them has anything from before, and where a result is not finite.
pub fn adjusted(clusters: &[Cluster], theta: f64, overall_before: f64) -> Option<Estimate> {
    let arm = Arm::of(clusters)?;
    let before = arm.before.as_ref()?;
    let deviations = counted(clusters).map(|cluster| arm.deviation(cluster) - theta * before.deviation(cluster));
    estimate(arm.ratio - theta * (before.ratio - overall_before), arm.clusters, deviations)
}

/// Sums of an arm.
struct Arm {
    /// Clusters that count.
    clusters: f64,
    /// Sum of the denominators during the experiment.
    den: f64,
    /// Ratio during the experiment.
    ratio: f64,
    /// What was before.
    before: Option<Before>,
}

/// Sums of an arm from before the experiment.
struct Before {
    /// Sum of the denominators.
    den: f64,
    /// Ratio.
    ratio: f64,
}

impl Arm {
    fn of(clusters: &[Cluster]) -> Option<Arm> {
        let (mut n, mut sum) = (0.0, Cluster::default());
        for cluster in counted(clusters) {
            n += 1.0;
            sum.num += cluster.num;
            sum.den += cluster.den;
            sum.before_num += cluster.before_num;
            sum.before_den += cluster.before_den;
        }
        let before =
            (sum.before_den > 0.0).then(|| Before { den: sum.before_den, ratio: sum.before_num / sum.before_den });
        (n >= 2.0).then(|| Arm { clusters: n, den: sum.den, ratio: sum.num / sum.den, before })
    }

    /// How far a cluster moves the ratio.
    fn deviation(&self, cluster: &Cluster) -> f64 {
        (cluster.num - self.ratio * cluster.den) / self.den
    }
}

impl Before {
    /// How far a cluster moves the ratio before the experiment.
    fn deviation(&self, cluster: &Cluster) -> f64 {
        (cluster.before_num - self.ratio * cluster.before_den) / self.den
    }
}

/// The clusters that count.
fn counted(clusters: &[Cluster]) -> impl Iterator<Item = &Cluster> {
    clusters.iter().filter(|cluster| cluster.den > 0.0)
}

/// An estimate with the variance of the deviations of `n` clusters.
fn estimate(mean: f64, n: f64, deviations: impl Iterator<Item = f64>) -> Option<Estimate> {
    let variance = n / (n - 1.0) * deviations.map(|deviation| deviation * deviation).sum::<f64>();
    (mean.is_finite() && variance.is_finite()).then_some(Estimate { mean, variance, df: n - 1.0 })
}
