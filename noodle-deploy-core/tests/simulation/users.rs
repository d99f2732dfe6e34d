//! What users ask for.

use noodle_deploy_core::machine::Command;
use noodle_deploy_core::machine::command::Deploy;
use noodle_deploy_core::machine::experiment::{
    Act, ArmConfig, ExperimentConfig, Goal, JudgementConfig, MetricConfig, MetricKind, MetricRole,
};
use noodle_deploy_core::machine::residency::LoadingRule;
use noodle_deploy_core::machine::rollout::{AnalysisConfig, CanaryConfig, CanaryStep, Grounds, Move, RollingConfig};
use noodle_deploy_core::machine::state::{Deployment, State, VersionRecord};
use noodle_deploy_core::model::kind::ModelKind;
use noodle_deploy_core::settings::Strategy;

use super::dice::Dice;

pub const DEPLOYMENTS: [&str; 2] = ["d", "e"];
pub const VERSIONS: [(&str, &str); 4] = [("m", "1.0.0"), ("m", "2.0.0"), ("m", "3.0.0"), ("n", "1.0.0")];

pub fn registration(model: &str, version: &str) -> Command {
    let text = format!(
        r#"{{"model":"{model}","version":"{version}","bytes":"1","format":"onnx","status":"draft","created_at":"0",
        "digest":"blake3:0000000000000000000000000000000000000000000000000000000000000000",
        "signature":{{"inputs":[],"outputs":[]}}}}"#
    );
    let record: VersionRecord = serde_json::from_str(&text).expect("the text is a record");
    Command::RegisterVersion { model_type: ModelKind::Custom, record: Box::new(record) }
}

const STRATEGIES: [Strategy; 4] = [Strategy::Immediate, Strategy::BlueGreen, Strategy::Canary, Strategy::Canary];

pub fn deploy(dice: &Dice, d: Option<&Deployment>, deployment: &str, worker: &str) -> Command {
    let model = match d {
        Some(d) if !dice.one_in(8) => d.model.clone(),
        _ => if dice.one_in(4) { "n" } else { "m" }.to_owned(),
    };
    let versions: Vec<&str> = VERSIONS.iter().filter(|(of, _)| *of == model).map(|(_, version)| *version).collect();
    let strategy = if dice.one_in(8) { Strategy::Rolling } else { *dice.pick(&STRATEGIES) };
    Command::Deploy(Box::new(Deploy {
        deployment: deployment.to_owned(),
        version: (*dice.pick(&versions)).to_owned(),
        model,
        target: "local".to_owned(),
        strategy,
        replicas: 1 + dice.below(3) as u32,
        threads: 1,
        shapes: Vec::new(),
        engine: None,
        batching: None,
        worker: worker.to_owned(),
        max_deployments: dice.one_in(8).then_some(2),
        cache: None,
        required_gates: None,
        loading: LoadingRule::default(),
        tuning: None,
        state: None,
        stream: None,
        canary: match strategy {
            Strategy::Canary => Some(canary(dice)),
            // Within every bound that it may have.
            Strategy::Rolling => RollingConfig::default().plan(1 + dice.below(3) as u32).ok(),
            _ => None,
        },
    }))
}

fn canary(dice: &Dice) -> CanaryConfig {
    let step = |weight| CanaryStep {
        gate: dice.one_in(4),
        max_ms: dice.one_in(4).then_some(60_000),
        ..CanaryStep::of(weight)
    };
    let ladders: [&[u32]; 3] = [&[5_000], &[2_000, 5_000], &[1, 9_999]];
    let steps = *dice.pick(&ladders);
    // A loose analysis: few requests have to show something.
    let analysis = AnalysisConfig { level: 0.3, error_margin: 0.05, latency_ratio: 1.5, ..AnalysisConfig::default() };
    CanaryConfig { steps: steps.iter().map(|weight| step(*weight)).collect(), analysis: Some(analysis) }
}

pub fn rollout(deployment: String, of: Option<(u32, u32)>, moved: Move, grounds: Grounds) -> Command {
    Command::Rollout { deployment, of, moved, grounds: Box::new(grounds) }
}

pub fn experiment(deployment: String, of: Option<u32>, act: Act) -> Command {
    Command::Experiment { deployment, of, act, reason: String::new(), report: None }
}

fn create(dice: &Dice, d: &Deployment) -> Command {
    let active = d.active_revision().map_or_else(|| "1.0.0".to_owned(), |active| active.version.clone());
    let other = dice.pick(&d.revisions).version.clone();
    let holdout = *dice.pick(&[0, 1_000]);
    let weight = (10_000 - holdout) / 2;
    let arm = |(name, version): (&str, String)| ArmConfig { name: name.to_owned(), version, weight };
    let metric = MetricConfig {
        name: "worth".to_owned(),
        kind: MetricKind::Mean,
        goal: Goal::Increase,
        role: MetricRole::Primary,
        outcome: None,
        per: None,
        quantile: None,
        margin: None,
    };
    let config = ExperimentConfig {
        name: "trial".to_owned(),
        arms: [("old", active), ("new", other)].map(arm).into(),
        holdout,
        metrics: vec![metric],
        judgement: JudgementConfig::default(),
        segments: Vec::new(),
    };
    Command::CreateExperiment { deployment: d.name.clone(), experiment: Box::new(config), salt: dice.number() }
}

/// The next call; most fit what the user's process knows.
pub fn command(dice: &Dice, state: &State, worker: &str) -> Command {
    let name = if dice.one_in(5) { DEPLOYMENTS[1] } else { DEPLOYMENTS[0] };
    let Some(d) = state.deployments.get(name) else { return deploy(dice, None, name, worker) };
    let deployment = name.to_owned();
    let rolling = d.rollout.as_ref().is_some_and(|rollout| rollout.phase.is_under_way());
    let compares = d.experiment.as_ref().is_some_and(|experiment| experiment.phase.is_open());
    match dice.below(20) {
        0..=4 => deploy(dice, Some(d), name, worker),
        5 => {
            let revision = dice.pick(&d.revisions).number;
            let candidate = d.wanted(0).into_iter().find(|number| Some(*number) != d.active);
            Command::Promote { deployment, revision: candidate.unwrap_or(revision) }
        }
        6 | 7 => {
            let to = d.previous.last().copied().filter(|_| dice.one_in(3));
            Command::Rollback { deployment, to, reason: None }
        }
        8 => Command::Scale { deployment, replicas: 1 + dice.below(4) as u32, worker: worker.to_owned() },
        9 => match dice.one_in(2) {
            true => Command::Stop { deployment, force: dice.one_in(2), worker: worker.to_owned() },
            false => {
                let revision = d.active.filter(|_| !dice.one_in(3)).unwrap_or(d.last_revision);
                Command::Fail { deployment, revision, cause: "it keeps failing".to_owned() }
            }
        },
        _ if rolling => {
            let moves = [Move::Advance, Move::Advance, Move::Pause, Move::Resume, Move::Abort];
            rollout(deployment, None, dice.pick(&moves).clone(), Grounds::default())
        }
        _ if compares => {
            let winner = Act::Decide((*dice.pick(&["old", "new"])).to_owned());
            let acts = [Act::Start, Act::Start, Act::Start, Act::Pause, Act::Stop, winner];
            experiment(deployment, None, dice.pick(&acts).clone())
        }
        10..=13 => deploy(dice, Some(d), name, worker),
        _ => create(dice, d),
    }
}
