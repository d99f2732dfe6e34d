//! How the intervals of an experiment narrowed, for a plot.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ExperimentReport, MetricRole};
use crate::clock::Millis;

/// Moments that are kept.
const MOMENTS: usize = 64;

/// An interval as it was at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IntervalAt {
    /// When, in milliseconds since 1970, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub at: Millis,
    /// The metric.
    pub metric: String,
    /// The arm.
    pub arm: String,
    /// The arm's less the control's.
    pub difference: f64,
    /// Lower end of the interval of the difference.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Values of both arms by then, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub values: u64,
}

/// Intervals at some moments, evenly spread over all looks: when there are too many, every second one goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Intervals {
    moments: Vec<Vec<IntervalAt>>,
    /// Looks from one moment to the next.
    every: u64,
    looks: u64,
}

impl Default for Intervals {
    fn default() -> Self {
        Intervals { moments: Vec::new(), every: 1, looks: 0 }
    }
}

impl Intervals {
    /// Takes a look in.
    pub fn look(&mut self, report: &ExperimentReport) {
        let primary = report.comparisons.iter().filter(|of| of.role == MetricRole::Primary);
        let shown = primary.filter_map(|of| {
            let figures = of.figures?;
            Some(IntervalAt {
                at: report.at,
                metric: of.metric.clone(),
                arm: of.arm.clone(),
                difference: figures.difference,
                low: figures.low,
                high: figures.high,
                values: of.control_values.saturating_add(of.arm_values),
            })
        });
        let shown: Vec<_> = shown.collect();
        if shown.is_empty() {
            return;
        }
        if self.looks.is_multiple_of(self.every) {
            if self.moments.len() == MOMENTS {
                let mut nth = 0;
                self.moments.retain(|_| {
                    nth += 1;
                    nth % 2 == 1
                });
                self.every *= 2;
            }
            // What is kept lies at multiples of the new distance as well.
            if self.looks.is_multiple_of(self.every) {
                self.moments.push(shown);
            }
        }
        self.looks += 1;
    }

    /// Oldest first.
    pub fn all(&self) -> Vec<IntervalAt> {
        self.moments.iter().flatten().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Goal;
    use super::super::report::{Comparison, Figures, Finding};
    use super::*;

    fn report(at: Millis) -> ExperimentReport {
        let figures = Figures {
            control: 0.0,
            arm: 0.0,
            difference: 0.0,
            low: -1.0,
            high: 1.0,
            relative: None,
            p_value: 1.0,
            adjusted_p_value: 1.0,
            chance_better: 0.5,
            expected_loss: 0.0,
            variance_reduction: None,
        };
        let of = |role, metric: &str| Comparison {
            metric: metric.into(),
            role,
            goal: Goal::Increase,
            arm: "b".into(),
            control_values: at,
            arm_values: at,
            finding: Finding::Inconclusive,
            figures: Some(figures),
        };
        ExperimentReport {
            at,
            exposures: Vec::new(),
            sample_ratio_mismatch: false,
            due: true,
            comparisons: vec![of(MetricRole::Primary, "m"), of(MetricRole::Secondary, "s")],
            leader: None,
            regret: None,
            summary: String::new(),
            horizon: None,
            segments: Vec::new(),
        }
    }

    #[test]
    fn moments_are_spread_evenly_and_bounded() {
        let mut intervals = Intervals::default();
        for at in 0..1_000 {
            intervals.look(&report(at));
        }
        let all = intervals.all();
        assert!((32..=64).contains(&all.len()) && all.iter().all(|of| of.metric == "m"), "{}", all.len());
        let gaps: Vec<u64> = all.windows(2).map(|two| two[1].at - two[0].at).collect();
        assert!(gaps.iter().all(|gap| *gap == 16), "{gaps:?}");
        assert_eq!((all[0].at, all.last().unwrap().at), (0, 992));
    }
}
