//! Third-party models against ONNX Runtime's recorded answers.
//!
//! `NOODLE_MODELS_DIR` names a folder that `tools/models/fetch.py` filled; without it these tests are skipped, unless
//! `NOODLE_FORBID_SKIPS=1`. Answers must agree within 1e-4 + 1e-4 * |expected|.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(feature = "engine-tract")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use noodle_deploy_core::engine::tract::TractRuntime;
use noodle_deploy_core::engine::{Cancel, LoadOptions, Outputs, Runnable, Runtime};
use noodle_deploy_core::{Error, ErrorKind, Tensor, TensorView};
use serde_json::Value;

const TOLERANCE: f64 = 1e-4;

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

fn recorded(model: &str) -> Option<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tools/models/recorded");
    let text = std::fs::read_to_string(root.join(format!("{model}.json"))).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

struct SplitMix(u64);

impl SplitMix {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

fn shape_of(spec: &Value) -> Vec<usize> {
    spec["shape"].as_array().unwrap().iter().map(|d| d.as_u64().unwrap() as usize).collect()
}

/// Fills an input after the recipes of tools/models/README.md.
fn fill(spec: &Value) -> Tensor {
    let shape = shape_of(spec);
    let count: usize = shape.iter().product();
    let recipe = &spec["fill"];
    let mut random = SplitMix(recipe["seed"].as_u64().unwrap_or(0));
    let float = |name: &str| recipe[name].as_f64().unwrap() as f32;
    let int = |name: &str| recipe[name].as_i64().unwrap();
    let kind = recipe["kind"].as_str().unwrap();
    match spec["dtype"].as_str().unwrap() {
        "float32" => {
            let data: Vec<f32> = match kind {
                "constant" => vec![float("value"); count],
                "uniform" => {
                    let (lo, hi) = (float("lo"), float("hi"));
                    (0..count).map(|_| lo + (hi - lo) * ((random.draw() >> 40) as f32 / 16_777_216.0)).collect()
                }
                "page" => page(&shape, recipe, &mut random),
                other => panic!("no such fill: {other}"),
            };
            Tensor::new(&shape, data).unwrap()
        }
        dtype => {
            let data: Vec<i64> = match kind {
                "constant" => vec![int("value"); count],
                "integers" => {
                    let (lo, hi) = (int("lo"), int("hi"));
                    (0..count).map(|_| (random.draw() % (hi - lo) as u64) as i64 + lo).collect()
                }
                other => panic!("no such fill: {other}"),
            };
            match dtype {
                "int64" => Tensor::new(&shape, data).unwrap(),
                "int32" => Tensor::new(&shape, data.iter().map(|&v| v as i32).collect::<Vec<_>>()).unwrap(),
                other => panic!("no such type: {other}"),
            }
        }
    }
}

fn page(shape: &[usize], recipe: &Value, random: &mut SplitMix) -> Vec<f32> {
    let (n, c, h, w) = (shape[0], shape[1], shape[2], shape[3]);
    let (cell, band) = (recipe["cell"].as_u64().unwrap() as usize, recipe["band"].as_u64().unwrap() as usize);
    let (ink, paper) = (recipe["ink"].as_f64().unwrap() as f32, recipe["paper"].as_f64().unwrap() as f32);
    let (rows, columns) = (h.div_ceil(cell), w.div_ceil(cell));
    let mut data = vec![0.0; n * c * h * w];
    for image in 0..n {
        let cells: Vec<bool> = (0..rows * columns).map(|_| random.draw() >> 63 == 1).collect();
        for y in 0..h {
            for x in 0..w {
                let inked = (y / band) % 2 == 1 && cells[(y / cell) * columns + x / cell];
                for channel in 0..c {
                    data[((image * c + channel) * h + y) * w + x] = if inked { ink } else { paper };
                }
            }
        }
    }
    data
}

fn as_floats(tensor: &Tensor) -> Vec<f64> {
    match tensor.dtype().name() {
        "f32" => tensor.as_slice::<f32>().unwrap().iter().map(|&v| f64::from(v)).collect(),
        "i64" => tensor.as_slice::<i64>().unwrap().iter().map(|&v| v as f64).collect(),
        other => panic!("no such output type: {other}"),
    }
}

fn compare(found: &Tensor, wanted: &Value, place: &str) -> f64 {
    assert_eq!(found.shape(), shape_of(wanted), "{place}: shape");
    let found = as_floats(found);
    let mut worst = 0.0f64;
    let mut check = |index: usize, wanted: f64| {
        let difference = (found[index] - wanted).abs();
        assert!(
            difference <= TOLERANCE + TOLERANCE * wanted.abs(),
            "{place}[{index}]: {} instead of {wanted}",
            found[index]
        );
        worst = worst.max(difference);
    };
    let number = |v: &Value| v.as_f64().unwrap();
    let (offset, stride) = (wanted["offset"].as_u64().unwrap() as usize, wanted["stride"].as_u64().unwrap() as usize);
    for (i, value) in wanted["values"].as_array().unwrap().iter().enumerate() {
        check(offset + i * stride, number(value));
    }
    let picked = &wanted["picked"];
    for (index, value) in picked["indices"].as_array().unwrap().iter().zip(picked["values"].as_array().unwrap()) {
        check(index.as_u64().unwrap() as usize, number(value));
    }
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    let wanted_mean = number(&wanted["mean"]);
    assert!((mean - wanted_mean).abs() <= TOLERANCE + TOLERANCE * wanted_mean.abs(), "{place}: mean {mean}");
    worst
}

fn load(dir: &Path, model: &str, options: &LoadOptions) -> noodle_deploy_core::Result<Arc<dyn Runnable>> {
    let bytes = std::fs::read(dir.join(format!("{model}.onnx"))).unwrap();
    TractRuntime::new().load(&bytes, options)
}

/// Runs every recorded case and returns how many there were.
fn agree(dir: &Path, model: &str, declare: bool) -> Result<usize, Error> {
    let record = recorded(model).expect("recorded answers");
    let mut options = LoadOptions::default();
    if declare {
        let first = record["cases"][0]["inputs"].as_array().unwrap();
        options.shapes.push(first.iter().map(|spec| shape_of(spec).into()).collect());
    }
    let loaded = load(dir, model, &options)?;
    let report = loaded.report();
    println!(
        "{model}: {} plan, {} ms, {} bytes; {:?}",
        report.plan, report.load_ms, report.memory_bytes, report.reason
    );
    let mut state = loaded.clone().spawn()?;
    let cases = record["cases"].as_array().unwrap();
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let tensors: Vec<Tensor> = case["inputs"].as_array().unwrap().iter().map(fill).collect();
        for (tensor, spec) in tensors.iter().zip(case["inputs"].as_array().unwrap()) {
            let head = spec["head"].as_array().unwrap();
            let first: Vec<f64> = match tensor.dtype().name() {
                "i32" => tensor.as_slice::<i32>().unwrap().iter().take(head.len()).map(|&v| f64::from(v)).collect(),
                _ => as_floats(tensor).into_iter().take(head.len()).collect(),
            };
            for (a, b) in first.iter().zip(head) {
                assert!((a - b.as_f64().unwrap()).abs() <= 1e-6 * (1.0 + a.abs()), "{model} {name}: fill {a} {b}");
            }
        }
        let named: Vec<(&str, TensorView<'_>)> = case["inputs"]
            .as_array()
            .unwrap()
            .iter()
            .zip(&tensors)
            .map(|(spec, tensor)| (spec["name"].as_str().unwrap(), tensor.view()))
            .collect();
        let bound = loaded.signature().bind(&named)?;
        let mut outputs = Outputs::new();
        let started = Instant::now();
        state.run(&bound, &mut outputs, &Cancel::NEVER)?;
        let first = started.elapsed();
        let mut worst = 0.0f64;
        for (output, wanted) in outputs.iter().zip(case["outputs"].as_array().unwrap()) {
            worst = worst.max(compare(output, wanted, &format!("{model} {name} {}", wanted["name"])));
        }
        let started = Instant::now();
        outputs.clear();
        state.run(&bound, &mut outputs, &Cancel::NEVER)?;
        let warm = started.elapsed();
        println!("  {name}: worst difference {worst:.2e}, first {first:.0?}, warm {warm:.0?}");
    }
    println!("  holds {} bytes, {} plans", loaded.memory_bytes(), loaded.report().plans);
    Ok(cases.len())
}

fn must_agree(model: &str) {
    let Some(dir) = folder() else { return };
    let cases = agree(&dir, model, false).unwrap_or_else(|e| panic!("{model}: {e:?}"));
    assert!(cases > 0, "{model}: no cases");
}

#[test]
fn magika() {
    must_agree("magika");
}

#[test]
fn ppocr_det() {
    must_agree("ppocr-det");
}

#[test]
fn ppocr_rec() {
    must_agree("ppocr-rec");
}

#[test]
fn ppocr_cls() {
    must_agree("ppocr-cls");
}

#[test]
fn minilm() {
    must_agree("minilm");
}

/// What the engine cannot load says which node and operator; what it loads agrees.
#[test]
fn silero() {
    let Some(dir) = folder() else { return };
    for variant in
        ["", "-half", "-16k-op15", "-16k-sequence", "-op18-ifless", "-openvino-16k"].map(|s| format!("silero-vad{s}"))
    {
        match agree(&dir, &variant, true) {
            Ok(cases) => assert!(cases > 0),
            Err(error) => {
                println!("{variant}: {error:?}");
                assert_eq!(error.kind(), ErrorKind::Unsupported, "{variant}: {error:?}");
                assert!(error.get("node").is_some() && error.get("operator").is_some(), "{variant}: {error:?}");
            }
        }
    }
}
