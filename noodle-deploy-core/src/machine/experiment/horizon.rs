//! Tests of an experiment that is looked at once, at its horizon, beside what decides it: of the proportions of all arms
//! together, and of the ranks of values.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::analysis::ArmData;
use super::metric::{counts, trials};
use super::{Experiment, MetricKind};
use crate::statistics::fixed::{independence, mann_whitney};

/// Whether the proportions of all arms are the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProportionsTest {
    /// The metric.
    pub metric: String,
    /// Pearson's chi-square, without a correction for continuity.
    pub statistic: f64,
    /// Its degrees of freedom: the arms less one.
    pub df: f64,
    /// Probability of proportions as far apart where all are the same.
    pub p_value: f64,
}

/// Whether values of an arm tend to be larger or smaller than the control's (Mann and Whitney 1947), corrected for ties.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RanksTest {
    /// The metric.
    pub metric: String,
    /// The arm.
    pub arm: String,
    /// Pairs of a value of the arm and one of the control of which the arm's is the larger, and half of those that are
    /// equal.
    pub u: f64,
    /// How many standard errors that is above half of all pairs.
    pub z: f64,
    /// Two-sided probability of a `z` as far from 0 where neither tends to be larger.
    pub p_value: f64,
    /// Chance that a value of the arm exceeds one of the control, and half of that of equal ones (the common-language
    /// effect).
    pub superiority: f64,
}

/// Tests that treat all values as independent, also those of one caller. They decide nothing, and are not corrected for how
/// many there are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HorizonTests {
    /// Of each metric of the kind proportion, where every arm has values and not all are alike.
    pub proportions: Vec<ProportionsTest>,
    /// Of each metric of the kinds mean and quantile, and each arm but the control. Values count as they are kept: within a
    /// hundredth of their size, latencies within a thirtieth.
    pub ranks: Vec<RanksTest>,
}

/// All tests, on what was counted by arm, the control first.
pub(super) fn tests(experiment: &Experiment, data: &[ArmData]) -> HorizonTests {
    let mut tests = HorizonTests::default();
    for metric in &experiment.metrics {
        match metric.kind {
            MetricKind::Proportion => {
                let row = |arm: &ArmData| {
                    let (n, hits) = trials(metric, &arm.totals);
                    vec![hits, n - hits]
                };
                let found = independence(&data.iter().map(row).collect::<Vec<_>>());
                tests.proportions.extend(found.map(|(statistic, df, p_value)| ProportionsTest {
                    metric: metric.name.clone(),
                    statistic,
                    df,
                    p_value,
                }));
            }
            MetricKind::Mean | MetricKind::Quantile => {
                let Some(control) = data.first().map(|arm| counts(metric, &arm.totals)) else { continue };
                for (arm, treatment) in experiment.arms.iter().zip(data).skip(1) {
                    let found = mann_whitney(&control, &counts(metric, &treatment.totals));
                    tests.ranks.extend(found.map(|found| RanksTest {
                        metric: metric.name.clone(),
                        arm: arm.name.clone(),
                        u: found.u,
                        z: found.z,
                        p_value: found.p_value,
                        superiority: found.superiority,
                    }));
                }
            }
            MetricKind::Ratio => {}
        }
    }
    tests
}

/// The tests as a person reads them: a line each.
pub(super) fn text(text: &mut String, tests: &HorizonTests) {
    if tests.proportions.is_empty() && tests.ranks.is_empty() {
        return;
    }
    // Writing to a string does not fail.
    let _ = writeln!(text, "tests at the horizon, with values taken as independent; they decide nothing");
    for of in &tests.proportions {
        let (metric, statistic, df, p) = (&of.metric, of.statistic, of.df, of.p_value);
        let _ = writeln!(text, "  {metric}, all arms: chi-square {statistic:.3}, df {df}, p {p:.4}");
    }
    for RanksTest { metric, arm, u, z, p_value, superiority } in &tests.ranks {
        let chance = 100.0 * superiority;
        let _ = writeln!(
            text,
            "  {metric}, {arm}: Mann-Whitney U {u:.1}, z {z:.3}, p {p_value:.4}; larger than the control's with a chance of \
             {chance:.2} %"
        );
    }
}
