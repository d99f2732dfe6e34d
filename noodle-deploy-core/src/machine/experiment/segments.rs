//! What an experiment shows of parts of its callers, by what their requests say of themselves. It decides nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::analysis::{ArmData, adjusted, compare};
use super::metric::in_segment;
use super::{Comparison, Experiment, ExperimentConfig, Finding, Goal, MetricKind};
use crate::error::{Error, Result};
use crate::machine::version::check_name;
use crate::metrics::segments::{Cell, Segment, merge, recorded};

/// Attributes of an experiment.
pub const MAX_SEGMENTS: usize = 4;
/// Values of an attribute that are kept apart; all others are taken together.
pub const KEPT: usize = 16;
/// Comparisons of all segments: they are part of the report, which is logged.
const MAX_COMPARISONS: usize = 1_024;

/// A comparison among the callers whose requests say the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SegmentComparison {
    /// The attribute.
    pub attribute: String,
    /// Its value; absent: all those that are not kept apart, together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The comparison. Its adjusted p-value is corrected for all comparisons of all segments, as the experiment corrects.
    pub comparison: Comparison,
}

pub(super) fn validate(config: &ExperimentConfig) -> Result<()> {
    let segments = &config.segments;
    if segments.len() > MAX_SEGMENTS {
        let found = format!("{} attributes", segments.len());
        return Err(Error::invalid("segments", found, format!("at most {MAX_SEGMENTS}")));
    }
    for (i, attribute) in segments.iter().enumerate() {
        check_name("segments", attribute)?;
        if segments[..i].contains(attribute) {
            return Err(Error::invalid(format!("segments/{i}"), attribute, "an attribute that is not named twice"));
        }
    }
    let metrics = config.metrics.iter().filter(|metric| metric.kind != MetricKind::Quantile).count();
    let most = segments.len() * (KEPT + 1) * metrics * config.arms.len().saturating_sub(1);
    if most > MAX_COMPARISONS {
        let found = format!("{} attributes: up to {most} comparisons", segments.len());
        let allowed = format!("fewer attributes, metrics or arms: at most {MAX_COMPARISONS} comparisons");
        return Err(Error::invalid("segments", found, allowed));
    }
    Ok(())
}

/// Compares every arm with the control in every segment, by every metric but quantiles. `data` is by arm, the control first.
pub(super) fn comparisons(experiment: &Experiment, data: &[ArmData]) -> Vec<SegmentComparison> {
    let mut all = Vec::new();
    for attribute in &experiment.segments {
        for (value, cells) in values(attribute, data) {
            let Some((control, treatments)) = cells.split_first() else { continue };
            for metric in experiment.metrics.iter().filter(|metric| metric.kind != MetricKind::Quantile) {
                for (arm, treatment) in experiment.arms.iter().skip(1).zip(treatments) {
                    let measured = in_segment(metric, [control, treatment]);
                    all.push(SegmentComparison {
                        attribute: attribute.clone(),
                        value: value.clone(),
                        comparison: compare(experiment, metric, arm, measured),
                    });
                }
            }
        }
    }
    judge(experiment, &mut all);
    all
}

/// The values of an attribute, those with the most first, each with its cells by arm; the rest, where there is one, last.
fn values(attribute: &str, data: &[ArmData]) -> Vec<(Option<String>, Vec<Cell>)> {
    let none = Segment::default();
    let of = |arm: &ArmData| arm.totals.segments.0.get(attribute).cloned().unwrap_or_else(|| none.clone());
    let mut arms: Vec<Segment> = data.iter().map(of).collect();
    let mut counts: BTreeMap<String, f64> = BTreeMap::new();
    for (value, cell) in arms.iter().flat_map(|arm| &arm.values) {
        *counts.entry(value.clone()).or_default() += recorded(cell);
    }
    let mut order: Vec<(String, f64)> = counts.into_iter().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (value, _) in order.split_off(order.len().min(KEPT)) {
        for arm in &mut arms {
            if let Some(cell) = arm.values.remove(&value) {
                merge(&mut arm.rest, &cell);
            }
        }
    }
    let mut found = Vec::with_capacity(order.len() + 1);
    for (value, _) in order {
        let cells = arms.iter_mut().map(|arm| arm.values.remove(&value).unwrap_or_default()).collect();
        found.push((Some(value), cells));
    }
    if arms.iter().any(|arm| !arm.rest.is_empty()) {
        found.push((None, arms.into_iter().map(|arm| arm.rest).collect()));
    }
    found
}

/// Corrects the p-values of all of them, and says what each shows. A margin of a guardrail has no part in it.
fn judge(experiment: &Experiment, all: &mut [SegmentComparison]) {
    let p_values: Vec<f64> = all.iter().filter_map(|of| Some(of.comparison.figures?.p_value)).collect();
    let figures = all.iter_mut().filter_map(|of| of.comparison.figures.as_mut());
    let adjusted = adjusted(experiment, &p_values);
    figures.zip(adjusted).for_each(|(figures, adjusted)| figures.adjusted_p_value = adjusted);
    for of in all.iter_mut().map(|of| &mut of.comparison) {
        let Some(f) = of.figures.filter(|f| f.adjusted_p_value <= experiment.judgement.level()) else { continue };
        let better = (of.goal == Goal::Increase) == (f.difference > 0.0);
        of.finding = if better { Finding::Better } else { Finding::Worse };
    }
}

/// The segments as a person reads them: a line a comparison.
pub(super) fn text(text: &mut String, all: &[SegmentComparison]) {
    if all.is_empty() {
        return;
    }
    // Writing to a string does not fail.
    let n = all.iter().filter(|of| of.comparison.figures.is_some()).count();
    let _ = writeln!(text, "segments (exploratory: they decide nothing; p corrected for {n} comparisons)");
    for SegmentComparison { attribute, value, comparison: of } in all {
        let value = value.as_ref().map_or_else(|| "others".to_owned(), |value| format!("{value:?}"));
        let _ = write!(text, "  {attribute} {value}, {}, {}: ", of.metric, of.arm);
        let _ = match &of.figures {
            Some(f) => writeln!(
                text,
                "{:.5} against {:.5}, {:+.5}, {:+.5} to {:+.5}, p {:.4}: {}",
                f.arm,
                f.control,
                f.difference,
                f.low,
                f.high,
                f.adjusted_p_value,
                of.finding.name()
            ),
            None => writeln!(text, "{} values, and {} of the control", of.arm_values, of.control_values),
        };
    }
}
