//! What an experiment shows, for programs and for people.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::horizon::{self, HorizonTests};
use super::segments::{self, SegmentComparison};
use super::{Experiment, Goal, MetricRole};
use crate::clock::Millis;

/// How often an arm was met.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exposure {
    /// Name of the arm.
    pub arm: String,
    /// Requests that went to it, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub requests: u64,
    /// Its share of all of them; 0 before the first.
    pub share: f64,
    /// Natural logarithm of the evidence that it does not get the share that it should.
    pub mismatch: f64,
}

/// What a comparison says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// There is not enough to say anything.
    TooFew,
    /// Nothing is shown yet.
    Inconclusive,
    /// The arm is better than the control.
    Better,
    /// The arm is worse than the control; of a guardrail: by more than its margin.
    Worse,
}

impl Finding {
    /// As on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Finding::TooFew => "too_few",
            Finding::Inconclusive => "inconclusive",
            Finding::Better => "better",
            Finding::Worse => "worse",
        }
    }
}

/// One metric of one arm beside the control's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The metric.
    pub metric: String,
    /// What it is for.
    pub role: MetricRole,
    /// Which way is better.
    pub goal: Goal,
    /// The arm.
    pub arm: String,
    /// Values of the control, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub control_values: u64,
    /// Values of the arm, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub arm_values: u64,
    /// What is shown.
    pub finding: Finding,
    /// The figures; absent where there is not enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<Figures>,
}

/// Figures of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figures {
    /// The metric on the control.
    pub control: f64,
    /// The metric on the arm.
    pub arm: f64,
    /// The arm's less the control's.
    pub difference: f64,
    /// Lower end of the interval of the difference.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Difference over the control's; absent where that is 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<f64>,
    /// Probability of a difference as large where there is none, by itself.
    pub p_value: f64,
    /// The same, corrected for how many primary metrics and arms are looked at.
    pub adjusted_p_value: f64,
    /// Probability that the arm is better, if nothing was known before.
    pub chance_better: f64,
    /// What choosing the arm costs on average, in units of the metric: how much worse it is where it is worse.
    pub expected_loss: f64,
    /// Share of the variance that allowing for what was before takes away; absent: nothing was recorded before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variance_reduction: Option<f64>,
}

/// What an experiment shows at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExperimentReport {
    /// When, in milliseconds since 1970, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub at: Millis,
    /// How often each arm was met, the control first.
    pub exposures: Vec<Exposure>,
    /// Whether an arm got another share than it should: then no figure here means anything.
    pub sample_ratio_mismatch: bool,
    /// Whether the figures may be judged now: always with the method sequential, from its horizon on with the method fixed.
    pub due: bool,
    /// Each metric of each arm but the control.
    pub comparisons: Vec<Comparison>,
    /// The arm that is shown to be the best by the primary metrics; absent: none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leader: Option<String>,
    /// What was lost so far to arms that are worse, in units of the first primary metric times its values; absent where
    /// there is not enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regret: Option<f64>,
    /// All of it in a sentence.
    pub summary: String,
    /// Further tests, which decide nothing; with the method fixed, once it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<HorizonTests>,
    /// Each metric but quantiles of each arm but the control, in each segment of the callers. Exploratory: it decides nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<SegmentComparison>,
}

/// Columns of an interval's plot.
const COLUMNS: usize = 41;

/// The report as a person reads it: a line a comparison, with its interval drawn around zero.
pub fn text(experiment: &Experiment, report: &ExperimentReport) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}: {}", experiment.name, experiment.phase.name());
    let _ = writeln!(text, "{}", report.summary);
    for (arm, exposure) in experiment.arms.iter().zip(&report.exposures) {
        let (share, asked) = (100.0 * exposure.share, f64::from(arm.weight) / 100.0);
        let _ = writeln!(
            text,
            "  {:<16} {:<12} {} requests, {share:.2} % (asked for: {asked:.2} % of all callers)",
            arm.name, arm.version, exposure.requests
        );
    }
    let mut metric = "";
    for comparison in &report.comparisons {
        if comparison.metric != metric {
            metric = &comparison.metric;
            let goal = match comparison.goal {
                Goal::Increase => "more is better",
                Goal::Decrease => "less is better",
            };
            let role = match comparison.role {
                MetricRole::Primary => "primary",
                MetricRole::Secondary => "secondary",
                MetricRole::Guardrail => "guardrail",
            };
            let _ = writeln!(text, "{metric} ({role}, {goal})");
        }
        line(&mut text, comparison, widest(report, metric));
    }
    if let Some(tests) = &report.horizon {
        horizon::text(&mut text, tests);
    }
    segments::text(&mut text, &report.segments);
    text
}

fn line(text: &mut String, comparison: &Comparison, widest: f64) {
    let Some(f) = &comparison.figures else {
        let (arm, control) = (comparison.arm_values, comparison.control_values);
        let what = match comparison.finding {
            Finding::TooFew => "too few values",
            _ => "no value differs",
        };
        let _ = writeln!(text, "  {:<16} {what}: {arm}, and {control} of the control", comparison.arm);
        return;
    };
    let relative = f.relative.map_or_else(String::new, |relative| format!(" ({:+.2} %)", 100.0 * relative));
    let _ = writeln!(
        text,
        "  {:<16} {:.5} against {:.5}: {:+.5}{relative}, {:+.5} to {:+.5}, p {:.4}: {}",
        comparison.arm,
        f.arm,
        f.control,
        f.difference,
        f.low,
        f.high,
        f.adjusted_p_value,
        comparison.finding.name()
    );
    let _ = writeln!(text, "  {:<16} {}", "", plot(f, widest));
}

/// The largest distance from zero that an interval of a metric reaches.
fn widest(report: &ExperimentReport, metric: &str) -> f64 {
    let figures = report.comparisons.iter().filter(|of| of.metric == metric).filter_map(|of| of.figures.as_ref());
    figures.fold(0.0, |widest: f64, f| widest.max(f.low.abs()).max(f.high.abs()))
}

fn plot(f: &Figures, widest: f64) -> String {
    let middle = COLUMNS / 2;
    let column = |value: f64| {
        let place = if widest > 0.0 { value / widest * middle as f64 } else { 0.0 };
        (middle as f64 + place).round().clamp(0.0, (COLUMNS - 1) as f64) as usize
    };
    let (low, high, point) = (column(f.low), column(f.high), column(f.difference));
    let draw = |at: usize| match at {
        _ if at == point => 'o',
        _ if at == low => '[',
        _ if at == high => ']',
        _ if at == middle => '|',
        _ if low < at && at < high => '=',
        _ => '.',
    };
    (0..COLUMNS).map(draw).collect()
}
