//! Which arm a caller gets, and experiments, as somebody asks for them.

use super::Local;
use crate::api::AbTest;
use crate::control::CallContext;
use crate::error::{Error, Result};
use crate::machine::Command;
use crate::machine::experiment::report::text;
use crate::machine::experiment::{
    self, Act, Experiment, ExperimentConfig, ExperimentPhase, ExperimentReport, Finding, MetricRole,
};
use crate::ops::experiment::{
    CreateExperimentInput, DeclareWinnerInput, ExperimentInput, ExperimentPlan, ExperimentView, PlanExperimentInput,
    RecordOutcomesInput, RecordedOutcomes,
};
use crate::ops::routing::{
    Arm, ExplainRequestInput, ExplainRouteInput, RecordLabelsInput, RecordedLabels, RequestView, RulesView,
    SetRulesInput,
};
use crate::statistics::power;

impl AbTest for Local {
    fn arm(&self, input: &ExplainRouteInput) -> Result<Arm> {
        self.explain_route(input)
    }

    fn set_rules(&self, context: &CallContext, input: SetRulesInput) -> Result<RulesView> {
        self.put_rules(context, input)
    }

    fn request(&self, input: &ExplainRequestInput) -> Result<RequestView> {
        self.explain_request(input)
    }

    fn record_labels(&self, input: &RecordLabelsInput) -> Result<RecordedLabels> {
        self.take_labels(input)
    }

    fn create(&self, context: &CallContext, input: CreateExperimentInput) -> Result<ExperimentView> {
        let CreateExperimentInput { deployment, name, arms, metrics, holdout, judgement, segments } = input;
        self.0.control.catch_up()?;
        let judgement = judgement.unwrap_or_default();
        let experiment = Box::new(ExperimentConfig { name, arms, holdout, metrics, judgement, segments });
        // Checked before a number is drawn: what is refused leaves no trace.
        experiment.validate()?;
        let salt = self.0.rng.next();
        let command = Command::CreateExperiment { deployment: deployment.clone(), experiment, salt };
        self.0.control.execute(context, &command, None)?;
        self.experiment(&deployment)
    }

    fn experiment(&self, deployment: &str) -> Result<ExperimentView> {
        let experiment = self.0.control.read().deployment(deployment)?.experiment.as_deref().cloned();
        let report = experiment.as_ref().map(|experiment| self.shown(deployment, experiment)).transpose()?.flatten();
        let text = experiment.as_ref().zip(report.as_ref()).map(|(experiment, report)| text(experiment, report));
        let number = experiment.as_ref().map_or(0, |experiment| experiment.number);
        let history = self.0.comparing.history(deployment, number);
        Ok(ExperimentView { deployment: deployment.to_owned(), experiment, report, text, history })
    }

    fn start(&self, context: &CallContext, input: ExperimentInput) -> Result<ExperimentView> {
        let inner = &*self.0;
        inner.control.catch_up()?;
        let name = &input.deployment;
        let arms: Vec<u32> = {
            let state = inner.control.read();
            experiment::of(state.deployment(name)?)?.arms.iter().map(|arm| arm.revision).collect()
        };
        // Loaded first, so that every arm gets its share from the first request on.
        for revision in arms {
            inner.bring_up(name, revision, &context.progress)?;
            inner.residency.warm(name, revision, &context.progress)?;
        }
        self.act(context, input, Act::Start, "began it")
    }

    fn pause(&self, context: &CallContext, input: ExperimentInput) -> Result<ExperimentView> {
        self.act(context, input, Act::Pause, "paused it")
    }

    fn stop(&self, context: &CallContext, input: ExperimentInput) -> Result<ExperimentView> {
        self.act(context, input, Act::Stop, "stopped it")
    }

    fn declare_winner(&self, context: &CallContext, input: DeclareWinnerInput) -> Result<ExperimentView> {
        let inner = &*self.0;
        inner.control.catch_up()?;
        let DeclareWinnerInput { deployment, arm, confidence, force, reason } = input;
        let experiment = experiment::of(inner.control.read().deployment(&deployment)?)?.clone();
        let report = self.shown(&deployment, &experiment)?;
        let confidence = confidence.unwrap_or(1.0 - experiment.judgement.level());
        if !(0.5..=0.9999).contains(&confidence) {
            return Err(Error::invalid("confidence", confidence, "0.5 to 0.9999"));
        }
        let leader = || {
            let leader = report.as_ref().and_then(|report| report.leader.clone());
            leader.ok_or_else(|| undecided(&experiment, report.as_ref(), confidence))
        };
        let winner = arm.map_or_else(leader, Ok)?;
        let (_, arm) = experiment.arm(&winner)?;
        if !force && !is_shown(&winner, report.as_ref(), confidence) {
            return Err(undecided(&experiment, report.as_ref(), confidence).with("arm", &winner));
        }
        inner.bring_up(&deployment, arm.revision, &context.progress)?;
        inner.residency.warm(&deployment, arm.revision, &context.progress)?;
        let input = ExperimentInput { deployment, reason };
        let said = if force { "declared it the winner whatever is shown" } else { "declared the winner" };
        self.act(context, input, Act::Decide(winner), said)
    }

    fn record(&self, input: RecordOutcomesInput) -> Result<RecordedOutcomes> {
        self.record_outcomes(&input)
    }

    fn plan(&self, input: &PlanExperimentInput) -> Result<ExperimentPlan> {
        plan(input)
    }
}

impl Local {
    /// What an experiment shows: now while it is open, else what was found last.
    fn shown(&self, deployment: &str, experiment: &Experiment) -> Result<Option<ExperimentReport>> {
        match experiment.phase {
            ExperimentPhase::Draft => Ok(None),
            phase if phase.is_open() => self.0.report_of(deployment, experiment).map(|(report, _)| Some(report)),
            _ if experiment.report.is_some() => Ok(experiment.report.as_deref().cloned()),
            // Something else ended it, and nobody looked: what was counted is there until the next experiment.
            _ if experiment.started_at.is_some() => {
                self.0.report_of(deployment, experiment).map(|(report, _)| Some(report))
            }
            _ => Ok(None),
        }
    }

    fn act(&self, context: &CallContext, input: ExperimentInput, act: Act, said: &str) -> Result<ExperimentView> {
        let inner = &*self.0;
        inner.control.catch_up()?;
        let ExperimentInput { deployment, reason } = input;
        let reason = reason.unwrap_or_else(|| format!("{} {said}", context.actor));
        let experiment = experiment::of(inner.control.read().deployment(&deployment)?)?.clone();
        // What is shown by now goes along.
        let report = self.shown(&deployment, &experiment)?.map(Box::new);
        let command = Command::Experiment { deployment: deployment.clone(), of: None, act, reason, report };
        let done = inner.control.execute(context, &command, None);
        inner.settle(&deployment, &context.progress);
        done?;
        self.experiment(&deployment)
    }
}

/// Whether a report shows an arm to be better at a confidence, and by nothing that counts to be worse.
fn is_shown(winner: &str, report: Option<&ExperimentReport>, confidence: f64) -> bool {
    let Some(report) = report.filter(|report| report.due && !report.sample_ratio_mismatch) else { return false };
    let own = || report.comparisons.iter().filter(|of| of.arm == winner && of.role != MetricRole::Secondary);
    let sure = own().filter(|of| of.role == MetricRole::Primary && of.finding != Finding::Worse).any(|of| {
        // The finding holds at the experiment's level; the confidence may ask for more, or for less.
        of.figures.is_some_and(|f| f.adjusted_p_value <= 1.0 - confidence && f.chance_better > 0.5)
    });
    sure && own().all(|of| of.finding != Finding::Worse)
}

fn undecided(experiment: &Experiment, report: Option<&ExperimentReport>, confidence: f64) -> Error {
    let shown = report.map_or("it has not begun", |report| &report.summary);
    Error::conflict("the experiment does not show it")
        .with("experiment", &experiment.name)
        .with("confidence", confidence)
        .with("shown", shown)
        .with("allowed", "an arm that is shown to be better, or `force`")
}

fn plan(input: &PlanExperimentInput) -> Result<ExperimentPlan> {
    let level = input.level.unwrap_or(0.05);
    let wanted = input.power.unwrap_or(0.8);
    let within = |field: &'static str, value: f64, fits: bool, allowed: &str| match fits {
        true => Ok(()),
        false => Err(Error::invalid(field, value, allowed)),
    };
    within("level", level, (1e-4..=0.5).contains(&level), "0.0001 to 0.5")?;
    within("power", wanted, (0.5..=0.9999).contains(&wanted), "0.5 to 0.9999")?;
    let baseline = input.baseline;
    match input.deviation {
        None => within("baseline", baseline, 0.0 < baseline && baseline < 1.0, "between 0 and 1, or a `deviation`")?,
        Some(deviation) => {
            within("baseline", baseline, baseline.is_finite(), "a number")?;
            within("deviation", deviation, deviation.is_finite() && deviation > 0.0, "more than 0")?;
        }
    }
    let found = |difference: f64, n: f64| match input.deviation {
        Some(deviation) => power::means_power(difference, deviation, n, 1.0, level),
        None => power::proportions_power(baseline, baseline + difference, n, 1.0, level),
    };
    let (difference, values) = match (input.difference, input.values) {
        (Some(difference), None) => {
            within("difference", difference, difference.is_finite() && difference != 0.0, "other than 0")?;
            if input.deviation.is_none() {
                let fits = (0.0..=1.0).contains(&(baseline + difference));
                within("difference", difference, fits, "a proportion between 0 and 1 on both arms")?;
            }
            let n = match input.deviation {
                Some(deviation) => power::means_size(difference, deviation, 1.0, level, wanted),
                None => power::proportions_size(baseline, baseline + difference, 1.0, level, wanted),
            };
            let most = || Error::invalid("difference", difference, "one that at most 1e15 values find");
            (difference, n.filter(|n| *n <= 1e15).ok_or_else(most)?.ceil().max(2.0) as u64)
        }
        (None, Some(values)) => {
            within("values", values as f64, values >= 2, "2 or more")?;
            let n = values as f64;
            let difference = match input.deviation {
                Some(deviation) => power::means_effect(deviation, n, 1.0, level, wanted),
                None => power::proportions_effect(baseline, n, 1.0, level, wanted),
            };
            let none = || Error::invalid("values", values, "more: no difference is found with as few");
            (difference.ok_or_else(none)?, values)
        }
        (Some(_), Some(values)) => {
            return Err(Error::invalid("values", values, "one of `values` and `difference`"));
        }
        (None, None) => return Err(Error::invalid("difference", "nothing", "one of `values` and `difference`")),
    };
    let power = found(difference, values as f64).unwrap_or(wanted);
    Ok(ExperimentPlan { values, difference, power, level })
}
