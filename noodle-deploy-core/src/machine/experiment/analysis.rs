//! What the figures of an experiment say, and what follows from them.

use super::metric::{Measured, measure};
use super::report::{Comparison, ExperimentReport, Exposure, Figures, Finding};
use super::{
    Act, Allocation, Correction, Experiment, ExperimentArm, Goal, Method, MetricConfig, MetricRole, horizon, segments,
};
use crate::clock::Millis;
use crate::machine::shares::WHOLE;
use crate::metrics::totals::Totals;
use crate::statistics::fixed::{Estimate, welch};
use crate::statistics::{bandit, bayes, correction, groups, sequential, threshold};

/// Values of both arms together at which a sequential interval is the narrowest.
const TUNED_FOR: f64 = 5_000.0;
/// Requests that each arm has to have before shares follow the figures.
const EXPLORED: u64 = 100;
/// Share that no arm falls below while shares follow the figures, in basis points.
const FLOOR: u32 = 500;
/// Change of a share, in basis points, that is worth moving callers for.
const WORTH: u32 = 200;

/// What was counted of one arm.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ArmData {
    /// Everything.
    pub totals: Totals,
    /// Requests by group since the shares changed last.
    pub exposures: Vec<u64>,
}

/// Computes what an experiment shows. `data` is by arm, the control first.
pub fn report(experiment: &Experiment, data: &[ArmData], now: Millis) -> ExperimentReport {
    let exposures = exposures(experiment, data);
    let mismatch = exposures.iter().any(|of| of.mismatch >= threshold(groups::LEVEL / experiment.arms.len() as f64));
    let due = match experiment.judgement.method() {
        Method::Sequential => true,
        Method::Fixed => exposures.iter().all(|of| of.requests >= experiment.judgement.horizon.unwrap_or(u64::MAX)),
    };
    let mut comparisons = Vec::new();
    for metric in &experiment.metrics {
        for (arm, treatment) in experiment.arms.iter().zip(data).skip(1) {
            if let Some(control) = data.first() {
                let measured = measure(metric, &control.totals, &treatment.totals);
                comparisons.push(compare(experiment, metric, arm, measured));
            }
        }
    }
    correct(experiment, &mut comparisons);
    let mut report = ExperimentReport {
        at: now,
        exposures,
        sample_ratio_mismatch: mismatch,
        due,
        leader: None,
        regret: regret(experiment, data),
        comparisons,
        summary: String::new(),
        horizon: (due && experiment.judgement.method() == Method::Fixed).then(|| horizon::tests(experiment, data)),
        segments: segments::comparisons(experiment, data),
    };
    report.leader = leader(experiment, &report).map(|arm| arm.name.clone());
    report.summary = summary(&report);
    report
}

fn exposures(experiment: &Experiment, data: &[ArmData]) -> Vec<Exposure> {
    let group = |counts: &[u64], group: usize| counts.get(group).copied().unwrap_or_default();
    let all = |at: usize| data.iter().map(|arm| group(&arm.exposures, at)).sum::<u64>();
    let met: Vec<u64> = data.iter().map(|arm| arm.totals.exposures.iter().sum()).collect();
    let (sum, whole) = (met.iter().sum::<u64>(), WHOLE.saturating_sub(experiment.holdout));
    let of = |((arm, data), requests): ((&ExperimentArm, &ArmData), &u64)| {
        let counts = (0..data.exposures.len()).map(|at| (group(&data.exposures, at), all(at)));
        Exposure {
            arm: arm.name.clone(),
            requests: *requests,
            share: if sum == 0 { 0.0 } else { *requests as f64 / sum as f64 },
            mismatch: groups::log_e(counts, f64::from(arm.weight) / f64::from(whole.max(1))),
        }
    };
    experiment.arms.iter().zip(data).zip(&met).map(of).collect()
}

pub(super) fn compare(
    experiment: &Experiment,
    metric: &MetricConfig,
    arm: &ExperimentArm,
    [control, treatment]: [Measured; 2],
) -> Comparison {
    let figures = control.estimate().zip(treatment.estimate()).and_then(|(of_control, of_arm)| {
        let mut figures = figures(experiment, metric, &of_control, &of_arm, control.n + treatment.n)?;
        let plain = control.plain.zip(treatment.plain).map(|(control, arm)| control.variance + arm.variance);
        let adjusted = control.adjusted.zip(treatment.adjusted).map(|(control, arm)| control.variance + arm.variance);
        figures.variance_reduction = adjusted.zip(plain).map(|(adjusted, plain)| 1.0 - adjusted / plain);
        Some(figures)
    });
    Comparison {
        metric: metric.name.clone(),
        role: metric.role,
        goal: metric.goal,
        arm: arm.name.clone(),
        control_values: control.n as u64,
        arm_values: treatment.n as u64,
        // Enough values that do not differ show nothing, whatever they are.
        finding: match control.plain.and(treatment.plain) {
            Some(_) => Finding::Inconclusive,
            None => Finding::TooFew,
        },
        figures,
    }
}

fn figures(
    experiment: &Experiment,
    metric: &MetricConfig,
    control: &Estimate,
    arm: &Estimate,
    values: f64,
) -> Option<Figures> {
    let level = experiment.judgement.level();
    let difference = arm.mean - control.mean;
    let variance = control.variance + arm.variance;
    if variance <= 0.0 || !variance.is_finite() {
        return None;
    }
    let (low, high, p_value) = match experiment.judgement.method() {
        Method::Fixed => {
            let test = welch(control, arm, level)?;
            (test.low, test.high, test.p_value)
        }
        Method::Sequential => {
            // The scale is that of the values, not of what was found: it does not follow the difference.
            let scale = sequential::scale_for(variance * values / TUNED_FOR, level)?;
            let half = sequential::half_width(variance, scale, level)?;
            (difference - half, difference + half, sequential::p_value(difference, variance, scale)?)
        }
    };
    let (mean, deviation) = bayes::posterior(difference, variance, None);
    let up = match metric.goal {
        Goal::Increase => mean,
        Goal::Decrease => -mean,
    };
    Some(Figures {
        control: control.mean,
        arm: arm.mean,
        difference,
        low,
        high,
        relative: (control.mean != 0.0).then(|| difference / control.mean.abs()),
        p_value,
        adjusted_p_value: p_value,
        chance_better: bayes::chance_above_zero(up, deviation),
        expected_loss: bayes::expected_loss(up, deviation).treatment,
        variance_reduction: None,
    })
}

/// P-values as the experiment corrects them.
pub(super) fn adjusted(experiment: &Experiment, p_values: &[f64]) -> Vec<f64> {
    match experiment.judgement.correction() {
        Correction::None => p_values.to_vec(),
        Correction::Bonferroni => correction::bonferroni(p_values),
        Correction::Holm => correction::holm(p_values),
        Correction::BenjaminiHochberg => correction::benjamini_hochberg(p_values),
    }
}

/// Corrects the p-values of the primary metrics, and says what each comparison shows.
fn correct(experiment: &Experiment, comparisons: &mut [Comparison]) {
    let level = experiment.judgement.level();
    let primary = |of: &&mut Comparison| of.role == MetricRole::Primary;
    let p_values: Vec<f64> = {
        let figures = comparisons.iter_mut().filter(primary).filter_map(|of| of.figures.as_ref());
        figures.map(|figures| figures.p_value).collect()
    };
    let adjusted = adjusted(experiment, &p_values);
    let figures = comparisons.iter_mut().filter(primary).filter_map(|of| of.figures.as_mut());
    figures.zip(adjusted).for_each(|(figures, adjusted)| figures.adjusted_p_value = adjusted);
    for comparison in comparisons {
        let Some(f) = &comparison.figures else { continue };
        let better = |difference: f64| match comparison.goal {
            Goal::Increase => difference > 0.0,
            Goal::Decrease => difference < 0.0,
        };
        let margin = experiment.metrics.iter().find(|metric| metric.name == comparison.metric);
        let margin = margin.and_then(|metric| metric.margin).unwrap_or(0.0) * f.control.abs();
        // How far the arm is surely worse than the control.
        let worse_by = match comparison.goal {
            Goal::Increase => -f.high,
            Goal::Decrease => f.low,
        };
        comparison.finding = match comparison.role {
            MetricRole::Guardrail if worse_by > margin => Finding::Worse,
            _ if f.adjusted_p_value > level => Finding::Inconclusive,
            _ if better(f.difference) => Finding::Better,
            MetricRole::Guardrail => Finding::Inconclusive,
            _ => Finding::Worse,
        };
    }
}

/// The arm that the primary metrics show to be the best: better in one, worse in none, and no guardrail broken.
fn leader<'a>(experiment: &'a Experiment, report: &ExperimentReport) -> Option<&'a ExperimentArm> {
    if report.sample_ratio_mismatch || !report.due {
        return None;
    }
    let of = |arm: &'a ExperimentArm| {
        let own = || report.comparisons.iter().filter(|of| of.arm == arm.name);
        let primary = || own().filter(|of| of.role == MetricRole::Primary);
        let better = primary().any(|of| of.finding == Finding::Better);
        let worse = own().any(|of| of.finding == Finding::Worse && of.role != MetricRole::Secondary);
        let figures = primary().find_map(|of| Some((of.goal, of.figures?.difference)));
        let (goal, difference) = figures.filter(|_| better && !worse)?;
        Some((arm, if goal == Goal::Increase { difference } else { -difference }))
    };
    let best = experiment.arms.iter().skip(1).filter_map(of).max_by(|a, b| a.1.total_cmp(&b.1));
    best.map(|(arm, _)| arm)
}

fn summary(report: &ExperimentReport) -> String {
    if report.sample_ratio_mismatch {
        return "an arm does not get the share of the requests that it should, so nothing can be concluded".to_owned();
    }
    if !report.due {
        return "the arms have not been met as often as was planned".to_owned();
    }
    let broken = report.comparisons.iter().find(|of| of.role == MetricRole::Guardrail && of.finding == Finding::Worse);
    if let Some(broken) = broken {
        return format!("{} is worse by the guardrail {}", broken.arm, broken.metric);
    }
    let sentence = |of: &Comparison| {
        let f = of.figures?;
        let relative = f.relative.map_or_else(String::new, |relative| format!(", {:+.2} %", 100.0 * relative));
        Some(format!("{:.5} against {:.5}{relative}, p {:.4}", f.arm, f.control, f.adjusted_p_value))
    };
    let primary = || report.comparisons.iter().filter(|of| of.role == MetricRole::Primary);
    if let Some(leader) = &report.leader {
        let found = primary().find(|of| &of.arm == leader && of.finding == Finding::Better);
        let figures = found.and_then(|of| Some((&of.metric, sentence(of)?)));
        return figures.map_or_else(
            || format!("{leader} is better"),
            |(metric, figures)| format!("{leader} is better by {metric}: {figures}"),
        );
    }
    let worse = |of: &Comparison| of.finding == Finding::Worse;
    match primary().count() {
        n if n > 0 && primary().all(worse) => "every arm is worse than the control".to_owned(),
        _ => "no arm is shown to be better than the control".to_owned(),
    }
}

/// The first primary metric of every arm; none where one has too little.
fn first_primary(experiment: &Experiment, data: &[ArmData]) -> Option<(Goal, Vec<(Estimate, f64)>)> {
    let metric = experiment.metrics.iter().find(|metric| metric.role == MetricRole::Primary)?;
    let of = |arm: &ArmData| {
        let [_, measured] = measure(metric, &data.first()?.totals, &arm.totals);
        Some((measured.plain?, measured.n))
    };
    Some((metric.goal, data.iter().map(of).collect::<Option<_>>()?))
}

/// What would have been gained, had every value come from the arm that looks the best.
fn regret(experiment: &Experiment, data: &[ArmData]) -> Option<f64> {
    let (goal, arms) = first_primary(experiment, data)?;
    let sign = if goal == Goal::Increase { 1.0 } else { -1.0 };
    let best = arms.iter().map(|(estimate, _)| sign * estimate.mean).max_by(f64::total_cmp)?;
    Some(arms.iter().map(|(estimate, n)| n * (best - sign * estimate.mean)).sum())
}

/// What a look at an experiment that runs leads to, and why; none: nothing yet.
pub fn verdict(
    experiment: &Experiment,
    report: &ExperimentReport,
    data: &[ArmData],
    now: Millis,
) -> Option<(Act, String)> {
    let primary = || report.comparisons.iter().filter(|of| of.role == MetricRole::Primary);
    let broken = report.comparisons.iter().any(|of| of.role == MetricRole::Guardrail && of.finding == Finding::Worse);
    let decided = |of: &Comparison| matches!(of.finding, Finding::Better | Finding::Worse);
    let lasted = experiment.started_at.map_or(0, |started| now.saturating_sub(started));
    let over = experiment.judgement.max_ms.filter(|max| lasted >= *max);
    if report.sample_ratio_mismatch || (broken && report.due) {
        return Some((Act::Pause, report.summary.clone()));
    }
    if let Some(max) = over {
        return Some((Act::Stop, format!("its {max} ms are over: {}", report.summary)));
    }
    if experiment.judgement.stop_early == Some(true) && report.due && primary().all(decided) {
        return Some((Act::Stop, report.summary.clone()));
    }
    let weights = follow(experiment, report, data)?;
    let said = experiment.arms.iter().zip(&weights).map(|(arm, weight)| format!("{} {weight}", arm.name));
    let said = format!("shares follow the figures: {}", said.collect::<Vec<_>>().join(", "));
    Some((Act::Weigh(weights), said))
}

/// Shares that follow the figures, where they are asked for and worth a move.
fn follow(experiment: &Experiment, report: &ExperimentReport, data: &[ArmData]) -> Option<Vec<u32>> {
    let allocation = experiment.judgement.allocation();
    if allocation == Allocation::Fixed || report.exposures.iter().any(|of| of.requests < EXPLORED) {
        return None;
    }
    let (goal, arms) = first_primary(experiment, data)?;
    let sign = if goal == Goal::Increase { 1.0 } else { -1.0 };
    let chances = match allocation {
        Allocation::Ucb => {
            let values: u64 = arms.iter().map(|(_, n)| *n as u64).sum();
            let of =
                |(estimate, n): &(Estimate, f64)| (sign * estimate.mean, (estimate.variance * n).sqrt(), *n as u64);
            let bounds = bandit::upper_bounds(&arms.iter().map(of).collect::<Vec<_>>(), values);
            let best = (0..).zip(&bounds).max_by(|a, b| a.1.total_cmp(b.1)).map(|(at, _): (usize, _)| at);
            (0..arms.len()).map(|at| if Some(at) == best { 1.0 } else { 0.0 }).collect()
        }
        _ => {
            let of = |(estimate, _): &(Estimate, f64)| (sign * estimate.mean, estimate.variance.sqrt());
            bandit::best_chances(&arms.iter().map(of).collect::<Vec<_>>())
        }
    };
    let part = f64::from(WHOLE.saturating_sub(experiment.holdout)) / f64::from(WHOLE);
    let mut weights: Vec<u32> =
        bandit::shares(&chances, FLOOR).iter().map(|share| (f64::from(*share) * part) as u32).collect();
    // What rounding left goes to the first arm.
    let rest = WHOLE.saturating_sub(experiment.holdout).saturating_sub(weights.iter().sum());
    *weights.first_mut()? += rest;
    let far = experiment.arms.iter().zip(&weights).any(|(arm, weight)| arm.weight.abs_diff(*weight) >= WORTH);
    weights.push(experiment.holdout);
    far.then_some(weights)
}
