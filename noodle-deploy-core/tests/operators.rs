//! The ONNX standard's node tests through every engine: an engine may refuse an operator, but it may not get it wrong.
//!
//! `NOODLE_OPERATORS_DIR` names a folder that `tools/operators/export.py` filled; without it this test is skipped, unless
//! `NOODLE_FORBID_SKIPS=1`.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "engine-rten"))]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use noodle_deploy_core::engine::rten::RtenRuntime;
use noodle_deploy_core::engine::tract::TractRuntime;
use noodle_deploy_core::engine::{Cancel, LoadOptions, Outputs, Runtime};
use noodle_deploy_core::model::probe::{ProbeSet, Tolerance};
use noodle_deploy_core::{Error, Tensor};

/// Cases whose outputs are drawn at random, so that no second implementation gives the same.
const RANDOM: &[&str] = &["bernoulli", "training_dropout"];

/// What an engine does otherwise and cannot be told from the file: these are named in the guide of engines.
const KNOWN: &[(&str, &str)] = &[
    // The maximum over nothing but -inf is the lowest finite number.
    ("tract", "test_attention_23_boolmask_fullymasked_row_nan_robustness_expanded"),
    ("tract", "test_attention_23_fullymasked_qk_matmul_output_mode3_zero_expanded"),
    ("tract", "test_attention_4d_causal_nonpad_negative_offset_structural_empty_expanded"),
    // A number halfway between two steps is rounded to the other one.
    ("rten", "test_dynamicquantizelinear"),
    ("rten", "test_dynamicquantizelinear_expanded"),
    // The maximum over no bools at all is true.
    ("rten", "test_reduce_max_empty_set_bool"),
    // ONNX Runtime 1.32: discrete Fourier transforms in single precision, and others that it computes its own way.
    ("ort", "test_attention_4d_with_past_and_present_qk_matmul_bias_3d_mask_causal"),
    ("ort", "test_attention_4d_with_past_and_present_qk_matmul_bias_4d_mask_causal"),
    ("ort", "test_dft"),
    ("ort", "test_dft_axis"),
    ("ort", "test_dft_axis_opset19"),
    ("ort", "test_dft_opset19"),
    ("ort", "test_dft_rfft"),
    ("ort", "test_dft_rfft_opset19"),
    ("ort", "test_maxunpool_export_with_output_shape"),
    ("ort", "test_resize_downsample_scales_cubic_align_corners"),
    ("ort", "test_resize_downsample_scales_linear_align_corners"),
    ("ort", "test_stft"),
    ("ort", "test_stft_with_window"),
];

/// The reference computes in single or double precision with a rounding of its own.
fn tolerance(name: &str, stated: Tolerance) -> Tolerance {
    let half = name.contains("fp16") || name.contains("float16");
    let (rtol, atol) = if half { (4e-3, 4e-3) } else { (0.0, 2e-5) };
    Tolerance { rtol: stated.rtol.max(rtol), atol: stated.atol.max(atol) }
}

#[derive(Debug, PartialEq)]
enum Found {
    Agrees,
    Refuses,
    Wrong(String),
}

fn folder() -> Option<PathBuf> {
    let dir = std::env::var_os("NOODLE_OPERATORS_DIR").map(PathBuf::from);
    if dir.is_none() {
        assert!(
            std::env::var("NOODLE_FORBID_SKIPS").as_deref() != Ok("1"),
            "NOODLE_OPERATORS_DIR is not set and skips are forbidden"
        );
        println!("skipped: NOODLE_OPERATORS_DIR is not set; fill a folder with tools/operators/export.py");
    }
    dir
}

fn try_case(engine: &dyn Runtime, file: &[u8], set: &ProbeSet) -> Result<Found, Error> {
    let model = engine.load(file, &LoadOptions::default())?;
    let signature = model.signature().clone();
    for probe in &set.probes {
        let tensors = probe.tensors()?;
        let views: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor.view())).collect();
        let bound = signature.bind(&views)?;
        let mut outputs = Outputs::new();
        model.clone().spawn()?.run(&bound, &mut outputs, &Cancel::NEVER)?;
        let names = signature.outputs.iter().map(|spec| spec.name.as_str());
        let found: Vec<_> = names.zip(outputs.iter().map(Tensor::view)).collect();
        match probe.check(&found, set.tolerance).and_then(|verdict| verdict.into_result()) {
            Ok(_) => {}
            Err(error) => return Ok(Found::Wrong(error.to_string())),
        }
    }
    Ok(Found::Agrees)
}

fn cases(dir: &Path) -> BTreeMap<String, PathBuf> {
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let models = files.filter(|path| path.extension().is_some_and(|e| e == "onnx"));
    models.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path)).collect()
}

#[test]
fn no_engine_gets_an_operator_wrong() {
    let Some(dir) = folder() else { return };
    let cases = cases(&dir);
    assert!(cases.len() > 1000, "{} cases in {}", cases.len(), dir.display());
    let (tract, rten) = (TractRuntime::new(), RtenRuntime::new());
    let mut engines: Vec<&dyn Runtime> = vec![&tract, &rten];
    #[cfg(feature = "engine-ort")]
    let ort = noodle_deploy_core::engine::ort::OrtRuntime::new();
    #[cfg(feature = "engine-ort")]
    engines.push(&ort);
    let mut wrong = Vec::new();
    for engine in engines {
        let (mut agrees, mut refuses, mut known) = (0, 0, 0);
        for (name, path) in cases.iter().filter(|(name, _)| !RANDOM.iter().any(|random| name.contains(random))) {
            let mut set = ProbeSet::from_json(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
            set.tolerance = tolerance(name, set.tolerance);
            match try_case(engine, &std::fs::read(path).unwrap(), &set).unwrap_or(Found::Refuses) {
                Found::Agrees => agrees += 1,
                Found::Refuses => refuses += 1,
                Found::Wrong(_) if KNOWN.contains(&(engine.name(), name)) => known += 1,
                Found::Wrong(why) => wrong.push(format!("{} {name}: {why}", engine.name())),
            }
        }
        println!("{}: {agrees} cases agree, {refuses} are refused, {known} differ as known", engine.name());
        assert_eq!(known, KNOWN.iter().filter(|(of, _)| *of == engine.name()).count(), "of {}", engine.name());
        assert!(agrees > cases.len() / 4, "{} agrees on {agrees} of {}", engine.name(), cases.len());
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
