//! Third-party models against ONNX Runtime's recorded answers.
//!
//! `NOODLE_MODELS_DIR` names a folder that `tools/models/fetch.py` filled; without it these tests are skipped, unless
//! `NOODLE_FORBID_SKIPS=1`. Answers must agree within 1e-4 + 1e-4 * |expected|.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(feature = "engine-tract")]

#[path = "support/recorded.rs"]
mod recorded;

use std::path::{Path, PathBuf};
use std::time::Instant;

use noodle_deploy_core::engine::tract::TractRuntime;
use noodle_deploy_core::engine::{Cancel, LoadOptions, Outputs, Runtime};
use noodle_deploy_core::{Error, ErrorKind, Tensor, TensorView};
use recorded::{compare_all, fill, list, recorded, shape_of};

/// Models that must run on every engine.
const PLAIN: [&str; 5] = ["magika", "ppocr-det", "ppocr-rec", "ppocr-cls", "minilm"];

/// One network, exported in six ways.
const SILERO: [&str; 6] = [
    "silero-vad",
    "silero-vad-half",
    "silero-vad-16k-op15",
    "silero-vad-16k-sequence",
    "silero-vad-op18-ifless",
    "silero-vad-openvino-16k",
];

fn folder() -> Option<PathBuf> {
    match std::env::var_os("NOODLE_MODELS_DIR") {
        Some(dir) => Some(PathBuf::from(dir)),
        None => {
            assert!(
                std::env::var("NOODLE_FORBID_SKIPS").as_deref() != Ok("1"),
                "NOODLE_MODELS_DIR is not set and skips are forbidden"
            );
            println!("skipped: NOODLE_MODELS_DIR is not set; fill a folder with tools/models/fetch.py");
            None
        }
    }
}

/// Runs every recorded case and returns how many there were.
fn agree(engine: &dyn Runtime, dir: &Path, model: &str, declare: bool) -> Result<usize, Error> {
    let record = recorded(model).expect("recorded answers");
    let cases = list(&record, "cases");
    let mut options = LoadOptions::default();
    if declare {
        options.shapes.push(list(&cases[0], "inputs").iter().map(|spec| shape_of(spec).into()).collect());
    }
    let bytes = std::fs::read(dir.join(format!("{model}.onnx"))).unwrap();
    let loaded = engine.load(&bytes, &options)?;
    let report = loaded.report();
    println!(
        "{model}, {}: {} plan, {} ms, {} bytes; {:?}",
        report.engine, report.plan, report.load_ms, report.memory_bytes, report.reason
    );
    let mut state = loaded.clone().spawn()?;
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let inputs = list(case, "inputs");
        let tensors: Vec<Tensor> = inputs.iter().map(fill).collect();
        let named: Vec<(&str, TensorView<'_>)> =
            inputs.iter().zip(&tensors).map(|(spec, tensor)| (spec["name"].as_str().unwrap(), tensor.view())).collect();
        let bound = loaded.signature().bind(&named)?;
        let mut outputs = Outputs::new();
        let started = Instant::now();
        state.run(&bound, &mut outputs, &Cancel::NEVER)?;
        let first = started.elapsed();
        let worst = compare_all(&outputs, case).unwrap_or_else(|e| panic!("{model}, {}, {name}: {e}", report.engine));
        let started = Instant::now();
        outputs.clear();
        state.run(&bound, &mut outputs, &Cancel::NEVER)?;
        let warm = started.elapsed();
        println!("  {name}: worst difference {worst:.2e}, first {first:.0?}, warm {warm:.0?}");
    }
    println!("  holds {} bytes, {} plans", loaded.memory_bytes(), loaded.report().plans);
    Ok(cases.len())
}

/// Whether the model lies in the folder: MiniLM is only there where it was asked for.
fn is_there(dir: &Path, model: &str) -> bool {
    let there = dir.join(format!("{model}.onnx")).is_file();
    if !there {
        assert!(
            std::env::var("NOODLE_FORBID_SKIPS").as_deref() != Ok("1"),
            "{model}.onnx is not there and skips are forbidden"
        );
        println!("skipped: {model}.onnx is not there; fetch it with tools/models/fetch.py");
    }
    there
}

/// Checks what an engine makes of the models: every case of each must agree, but for models that it must refuse, naming
/// node or tensor, for the reason given here.
fn run_all(engine: &dyn Runtime, models: &[&str], refused: &[(&str, &str)]) {
    let Some(dir) = folder() else { return };
    let mut wrong = Vec::new();
    for model in models.iter().filter(|model| is_there(&dir, model)) {
        let expected = refused.iter().find(|(name, _)| name == model).map(|(_, why)| why);
        match (agree(engine, &dir, model, SILERO.contains(model)), expected) {
            (Ok(cases), None) => assert!(cases > 0, "{model}: no cases"),
            (Ok(_), Some(why)) => wrong.push(format!("{model} runs, and was refused: {why}")),
            (Err(error), None) => wrong.push(format!("{model}: {error:?}")),
            (Err(error), Some(why)) => {
                println!("{model}, {}: {error:?}", engine.name());
                let named = error.get("node").or(error.get("tensor")).is_some();
                if error.kind() != ErrorKind::Unsupported || !named || !format!("{error:?}").contains(why) {
                    wrong.push(format!("{model} is refused, and not because: {why}: {error:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", engine.name(), wrong.join("\n"));
}

#[test]
fn tract() {
    run_all(&TractRuntime::new(), &PLAIN, &[]);
}

#[test]
fn tract_silero() {
    // The branches of a conditional give tensors of different rank.
    let refused =
        [("silero-vad", "operator: If"), ("silero-vad-half", "operator: If"), ("silero-vad-16k-op15", "operator: If")];
    run_all(&TractRuntime::new(), &SILERO, &refused);
}

#[cfg(feature = "engine-rten")]
#[test]
fn rten() {
    run_all(&noodle_deploy_core::engine::rten::RtenRuntime::new(), &PLAIN, &[]);
}

#[cfg(feature = "engine-rten")]
#[test]
fn rten_silero() {
    run_all(&noodle_deploy_core::engine::rten::RtenRuntime::new(), &SILERO, &[]);
}
