//! Deploys a real model, predicts, puts a better version beside it, compares, promotes, and rolls back.
//!
//! `cargo run --example quickstart [DIRECTORY]`; without a directory it uses a temporary one.
#![allow(clippy::disallowed_macros)]

use std::path::Path;

use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, Promote, PromoteInput, Rollback, RollbackInput};
use noodle_deploy_core::ops::versions::{CompareVersions, CompareVersionsInput, RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::{Noodle, Result, TensorView};

const MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/models");
/// The models look at the first bytes of a file; 256 stands for "no byte".
const WINDOW: usize = 8192;

fn main() -> Result<()> {
    let temporary = std::env::temp_dir().join(format!("noodle-quickstart-{}", std::process::id()));
    let dir = std::env::args_os().nth(1).map_or(temporary.clone(), Into::into);
    let noodle = Noodle::open(&dir)?;

    register(&noodle, "1.0.0")?;
    noodle.call::<Deploy>(DeployInput::new("langid", "1.0.0"))?;
    let mut rows = vec![guess(&noodle, "deployed 1.0.0")?];

    // The second version comes up beside the first one; traffic stays where it is until somebody promotes.
    register(&noodle, "2.0.0")?;
    noodle
        .call::<Deploy>(DeployInput { strategy: Some(Strategy::BlueGreen), ..DeployInput::new("langid", "2.0.0") })?;
    let comparison = noodle.call::<CompareVersions>(CompareVersionsInput {
        model: "langid".into(),
        base: "1.0.0".into(),
        candidate: "2.0.0".into(),
    })?;

    noodle.call::<Promote>(PromoteInput { deployment: "langid".into(), version: None })?;
    rows.push(guess(&noodle, "promoted 2.0.0")?);

    noodle.call::<Rollback>(RollbackInput { deployment: "langid".into(), version: None, reason: None })?;
    rows.push(guess(&noodle, "rolled back")?);

    println!("2.0.0 against 1.0.0: {:?}", comparison.compatibility);
    for (metric, m) in &comparison.metrics {
        if let (Some(base), Some(candidate)) = (m.base, m.candidate) {
            println!("  {metric:<28} {base:>9.4} -> {candidate:>9.4}");
        }
    }
    println!("\n{:<16} {:<8} {:<24} {:<24} {:<24}", "step", "version", "hello.rs", "hello.py", "hello.go");
    for (step, version, guesses) in &rows {
        println!("{step:<16} {version:<8} {:<24} {:<24} {:<24}", guesses[0], guesses[1], guesses[2]);
    }

    let head = noodle.audit_head()?;
    println!("\nthe log has {} events and verifies: {}", head.sequence, noodle.verify(Some(&head), true)?.head == head);
    noodle.close();
    if dir == temporary {
        std::fs::remove_dir_all(dir)?;
    }
    Ok(())
}

fn register(noodle: &Noodle, version: &str) -> Result<()> {
    let stem = format!("{MODELS}/langid-v{}", &version[..1]);
    let manifest: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(format!("{stem}.json"))?)
        .map_err(|e| noodle_deploy_core::Error::invalid("manifest", e, "JSON"))?;
    let metrics = manifest["metrics"].as_object().into_iter().flatten();
    noodle.call::<RegisterVersion>(RegisterVersionInput {
        model: "langid".into(),
        path: format!("{stem}.onnx"),
        version: Some(version.into()),
        probes_path: Some(format!("{stem}.probe.json")),
        metrics: metrics.filter_map(|(k, v)| Some((k.clone(), v.as_f64()?))).collect(),
        ..RegisterVersionInput::default()
    })?;
    Ok(())
}

/// Asks the deployment about three files: who answered, and the best label of each.
fn guess(noodle: &Noodle, step: &'static str) -> Result<(&'static str, String, Vec<String>)> {
    let samples = ["hello.rs", "hello.py", "hello.go"];
    let mut bytes = vec![256i32; samples.len() * WINDOW];
    for (row, sample) in bytes.chunks_exact_mut(WINDOW).zip(samples) {
        let text = std::fs::read(Path::new(MODELS).join("samples").join(sample))?;
        row.iter_mut().zip(text).for_each(|(to, byte)| *to = byte.into());
    }
    let shape = [samples.len(), WINDOW];
    let answer = noodle.predict("langid", &[("bytes", TensorView::new(&shape, &bytes)?)])?;
    let guesses = answer.top(1)?.iter().map(|best| format!("{} {:.2}", best[0].0, best[0].1)).collect();
    Ok((step, answer.version().to_owned(), guesses))
}
