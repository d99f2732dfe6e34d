//! Two versions on live traffic: does the larger model name more snippets of code right, and what does it cost? The
//! experiment stops by itself once that is shown, and the winner gets all traffic.
//!
//! `cargo run --example ab_test [DIRECTORY]`; without a directory it uses a temporary one.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::path::Path;

use noodle_deploy_core::machine::experiment::{
    ArmConfig, ExperimentPhase, Finding, Goal, JudgementConfig, MetricConfig, MetricKind, MetricRole,
};
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, DeploymentRef};
use noodle_deploy_core::ops::experiment::{
    CreateExperiment, CreateExperimentInput, DeclareWinner, DeclareWinnerInput, ExperimentInput, GetExperiment,
    Outcome, RecordOutcomes, RecordOutcomesInput, StartExperiment,
};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::{Error, ErrorKind, Noodle, PredictOptions, Result, TensorView};

/// Files, and the number of their language among the model's classes.
const SAMPLES: [(&str, usize); 10] = [
    ("hello.c", 0),
    ("hello.go", 5),
    ("Hello.java", 8),
    ("hello.js", 9),
    ("hello.py", 17),
    ("hello.rb", 19),
    ("hello.rs", 20),
    ("hello.sh", 21),
    ("hello.toml", 24),
    ("hello.ts", 25),
];
/// Bytes of a snippet; 256 stands for "no byte".
const SNIPPET: usize = 256;
const MOST_USERS: u32 = 20_000;

fn main() -> Result<()> {
    match std::env::args_os().nth(1) {
        Some(dir) => run(Path::new(&dir)),
        None => {
            let dir = std::env::temp_dir().join(format!("noodle-ab-test-{}", std::process::id()));
            run(&dir)?;
            std::fs::remove_dir_all(dir)?;
            Ok(())
        }
    }
}

fn run(dir: &Path) -> Result<()> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/models");
    let noodle = Noodle::open(dir)?;
    for version in ["1.0.0", "2.0.0"] {
        let path = models.join(format!("langid-v{}.onnx", &version[..1])).display().to_string();
        let input = RegisterVersionInput { path, version: Some(version.into()), ..Default::default() };
        noodle.call::<RegisterVersion>(RegisterVersionInput { model: "langid".into(), ..input })?;
    }
    noodle.call::<Deploy>(DeployInput::new("langid", "1.0.0"))?;
    // Up beside the one that serves, without traffic.
    let beside = DeployInput { strategy: Some(Strategy::BlueGreen), ..DeployInput::new("langid", "2.0.0") };
    noodle.call::<Deploy>(beside)?;
    noodle.call::<CreateExperiment>(experiment())?;
    noodle.call::<StartExperiment>(ExperimentInput { deployment: "langid".into(), reason: None })?;

    let mut user = 0;
    let of = || DeploymentRef { deployment: "langid".into() };
    while noodle.call::<GetExperiment>(of())?.experiment.is_some_and(|of| of.phase == ExperimentPhase::Running) {
        if user >= MOST_USERS {
            return Err(Error::new(ErrorKind::Internal, "nothing was shown").with("users", user));
        }
        let outcomes = (user..user + 200).map(|user| ask(&noodle, &models, user)).collect::<Result<_>>()?;
        noodle.call::<RecordOutcomes>(RecordOutcomesInput { deployment: "langid".into(), outcomes })?;
        user += 200;
    }
    let view = noodle.call::<GetExperiment>(of())?;
    println!("{}", view.text.unwrap_or_default());
    let winner =
        DeclareWinnerInput { deployment: "langid".into(), arm: None, confidence: None, force: false, reason: None };
    let decided = noodle.call::<DeclareWinner>(winner)?.experiment;
    let slower = view.report.is_some_and(|report| {
        report.comparisons.iter().any(|of| of.metric == "latency" && of.finding == Finding::Worse)
    });
    let served = noodle.serving("langid", None)?;
    println!("after {user} users {} serves; it is shown to be slower: {slower}", served.version);
    match decided.and_then(|experiment| experiment.winner) {
        Some(winner) if winner == "large" && served.version == "2.0.0" => Ok(()),
        other => Err(Error::new(ErrorKind::Internal, "the wrong arm won").with("winner", format!("{other:?}"))),
    }
}

fn experiment() -> CreateExperimentInput {
    let arm = |name: &str, version: &str| ArmConfig { name: name.into(), version: version.into(), weight: 5_000 };
    let metric = |name: &str, kind, goal, role| MetricConfig {
        name: name.into(),
        kind,
        goal,
        role,
        outcome: None,
        per: None,
        quantile: None,
        margin: None,
    };
    let right = metric("right", MetricKind::Proportion, Goal::Increase, MetricRole::Primary);
    let latency = MetricConfig {
        outcome: Some("latency_ms".into()),
        quantile: Some(0.5),
        ..metric("latency", MetricKind::Quantile, Goal::Decrease, MetricRole::Secondary)
    };
    let failed = MetricConfig {
        margin: Some(0.5),
        ..metric("failed", MetricKind::Proportion, Goal::Decrease, MetricRole::Guardrail)
    };
    CreateExperimentInput {
        deployment: "langid".into(),
        name: "size".into(),
        arms: vec![arm("small", "1.0.0"), arm("large", "2.0.0")],
        metrics: vec![right, latency, failed],
        holdout: 0,
        judgement: Some(JudgementConfig { stop_early: Some(true), ..JudgementConfig::default() }),
        segments: Vec::new(),
    }
}

/// A user shows a snippet, and says whether it was named right.
fn ask(noodle: &Noodle, models: &Path, user: u32) -> Result<Outcome> {
    let key = format!("user-{user}");
    let (file, language) = SAMPLES[user as usize % SAMPLES.len()];
    let source = std::fs::read(models.join("samples").join(file))?;
    let from = (user as usize).wrapping_mul(7_919) % source.len().saturating_sub(SNIPPET).max(1);
    let mut bytes = [256i32; SNIPPET];
    bytes.iter_mut().zip(&source[from..]).for_each(|(to, &byte)| *to = byte.into());
    // All requests of one user go to the same version.
    let options = PredictOptions { key: Some(key.clone()), ..PredictOptions::default() };
    let answer = noodle.predict_with("langid", &[("bytes", TensorView::new(&[1, SNIPPET], &bytes)?)], &options)?;
    let chances = answer.output("probabilities")?.as_slice::<f32>()?;
    let best = (0..chances.len()).max_by(|a, b| chances[*a].total_cmp(&chances[*b]));
    let value = if best == Some(language) { 1.0 } else { 0.0 };
    Ok(Outcome { name: "right".into(), value, key: Some(key), ..Outcome::default() })
}
