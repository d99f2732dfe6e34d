//! ONNX Runtime as an engine, out of the library that is found.
//!
//! Without one these tests are skipped, unless `NOODLE_FORBID_SKIPS=1`.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-ort", feature = "store-sqlite", feature = "backend-local"))]

#[path = "support/graph.rs"]
mod graph;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use graph::*;
use half::f16;
use noodle_deploy_core::engine::choice::EngineVerdict;
use noodle_deploy_core::engine::ort::OrtRuntime;
use noodle_deploy_core::engine::{Cancel, LoadOptions, MemoryBudget, Outputs, Runnable, Runtime};
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, Scale, ScaleInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::tensor::Element;
use noodle_deploy_core::{Error, ErrorKind, Noodle, Settings, Tensor, TensorView};

/// Whether there is a library; says so where not.
fn found() -> bool {
    if OrtRuntime::search().iter().any(|path| path.is_file()) {
        return true;
    }
    assert!(
        std::env::var("NOODLE_FORBID_SKIPS").as_deref() != Ok("1"),
        "no ONNX Runtime library was found and skips are forbidden"
    );
    println!("skipped: no ONNX Runtime library; pip install onnxruntime, or set ORT_DYLIB_PATH");
    false
}

fn load(file: &[u8]) -> Arc<dyn Runnable> {
    OrtRuntime::new().load(file, &LoadOptions::default()).unwrap()
}

fn run(model: &Arc<dyn Runnable>, inputs: &[TensorView<'_>]) -> Result<Outputs, Error> {
    let mut outputs = Outputs::new();
    model.clone().spawn()?.run(inputs, &mut outputs, &Cancel::NEVER)?;
    Ok(outputs)
}

fn identity(number: i64) -> Vec<u8> {
    let info = |name| value_info(name, number, &["n"]);
    model(&[node("Identity", &["x"], &["y"], &[])], &[], &[info("x")], &[info("y")])
}

fn round_trip<T: Element + PartialEq + std::fmt::Debug>(number: i64, values: Vec<T>) {
    let model = load(&identity(number));
    let len = values.len();
    let tensor = Tensor::new(&[len], values.clone()).unwrap();
    let outputs = run(&model, &[tensor.view()]).unwrap();
    assert_eq!(outputs[0].as_slice::<T>().unwrap(), values);
    // What the engine gave out goes in again.
    assert_eq!(run(&model, &[outputs[0].view()]).unwrap()[0].as_slice::<T>().unwrap(), values);
    // Bytes at an odd address.
    let mut odd = vec![0u8];
    odd.extend_from_slice(bytemuck::cast_slice(&values));
    let shape = [len];
    let view = TensorView::from_bytes(T::DTYPE, &shape, &odd[1..]).unwrap();
    assert_eq!(run(&model, &[view]).unwrap()[0].as_slice::<T>().unwrap(), values);
}

#[test]
fn every_element_type_goes_through() {
    if !found() {
        return;
    }
    round_trip::<f32>(F32, vec![1.5, -0.0, f32::INFINITY]);
    round_trip::<f64>(F64, vec![1.5, f64::MIN]);
    round_trip::<f16>(F16, vec![f16::from_f32(0.5), f16::MAX]);
    round_trip::<i8>(I8, vec![i8::MIN, 3]);
    round_trip::<i16>(I16, vec![i16::MIN, 3]);
    round_trip::<i32>(I32, vec![i32::MIN, 3]);
    round_trip::<i64>(I64, vec![i64::MIN, 3]);
    round_trip::<u8>(U8, vec![255, 3]);
    round_trip::<u16>(U16, vec![u16::MAX, 3]);
    round_trip::<u32>(U32, vec![u32::MAX, 3]);
    round_trip::<u64>(U64, vec![u64::MAX, 3]);
    round_trip::<bool>(BOOL, vec![true, false]);
    let words = Tensor::strings(&[2], vec!["ja".to_owned(), String::new()]).unwrap();
    let outputs = run(&load(&identity(STRING)), &[words.view()]).unwrap();
    assert_eq!(outputs[0].as_strings().unwrap(), words.as_strings().unwrap());
}

#[test]
fn empty_tensors_and_scalars_go_through() {
    if !found() {
        return;
    }
    let empty = Tensor::new(&[0], Vec::<f32>::new()).unwrap();
    assert_eq!(run(&load(&identity(F32)), &[empty.view()]).unwrap()[0].shape(), [0]);
    let nodes = [node("Neg", &["x"], &["y"], &[])];
    let file = graph::model(&nodes, &[], &[value_info("x", F32, &[])], &[value_info("y", F32, &[])]);
    let scalar = Tensor::new(&[], vec![2f32]).unwrap();
    let outputs = run(&load(&file), &[scalar.view()]).unwrap();
    assert_eq!((outputs[0].shape(), outputs[0].as_slice::<f32>().unwrap()), (&[][..], &[-2f32][..]));
}

#[test]
fn answers_outlive_the_model() {
    if !found() {
        return;
    }
    let model = load(&identity(F32));
    let x = Tensor::new(&[2], vec![1f32, 2.0]).unwrap();
    let outputs = run(&model, &[x.view()]).unwrap();
    drop(model);
    assert_eq!(outputs[0].as_slice::<f32>().unwrap(), [1.0, 2.0]);
}

#[test]
fn refusals_are_typed() {
    if !found() {
        return;
    }
    let unknown = model(
        &[node("Frobnicate", &["x"], &["y"], &[])],
        &[],
        &[value_info("x", F32, &["n"])],
        &[value_info("y", F32, &["n"])],
    );
    let error = OrtRuntime::new().load(&unknown, &LoadOptions::default()).err().unwrap();
    assert_eq!((error.kind(), error.get("engine")), (ErrorKind::Unsupported, Some("ort")), "{error}");
    let names = ["quantum".to_owned()];
    let error = OrtRuntime::new().with_providers(&names).unwrap_err();
    assert_eq!((error.kind(), error.get("value")), (ErrorKind::InvalidArgument, Some("quantum")));
    // This build of ONNX Runtime is one for processors alone.
    let cuda = OrtRuntime::new().with_providers(&["cuda".to_owned()]).unwrap();
    let error = cuda.load(&identity(F32), &LoadOptions::default()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    let elsewhere = OrtRuntime::new().with_library("/nowhere/libonnxruntime.so".into());
    load(&identity(F32));
    let error = elsewhere.load(&identity(F32), &LoadOptions::default()).err().unwrap();
    assert_eq!((error.kind(), error.get("value")), (ErrorKind::Unsupported, Some("/nowhere/libonnxruntime.so")));
    // Out of the table.
    let gather = graph::model(
        &[node("Gather", &["c", "x"], &["y"], &[])],
        &[ints("c", &[3, 5])],
        &[value_info("x", I64, &["n"])],
        &[value_info("y", I64, &["n"])],
    );
    let model = load(&gather);
    let mut state = model.spawn().unwrap();
    let far = Tensor::new(&[1], vec![9i64]).unwrap();
    let error = state.run(&[far.view()], &mut Outputs::new(), &Cancel::NEVER).unwrap_err();
    assert_eq!((error.kind(), error.get("shapes")), (ErrorKind::EngineFailed, Some("[1]")), "{error}");
    // The same session serves on.
    let near = Tensor::new(&[1], vec![1i64]).unwrap();
    let mut outputs = Outputs::new();
    state.run(&[near.view()], &mut outputs, &Cancel::NEVER).unwrap();
    assert_eq!(outputs[0].as_slice::<i64>().unwrap(), [5]);
    let flag = AtomicBool::new(true);
    let cancel = Cancel { flag: Some(&flag), ..Cancel::NEVER };
    let error = state.run(&[near.view()], &mut Outputs::new(), &cancel).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn memory_is_charged_for_each_session_and_given_back() {
    if !found() {
        return;
    }
    let budget = Arc::new(MemoryBudget::unlimited());
    let options = LoadOptions { budget: budget.clone(), ..LoadOptions::default() };
    let model = OrtRuntime::new().load(&linear(256, 256), &options).unwrap();
    let one = budget.used();
    assert!(one > 2 * 256 * 256 * 4, "{one}");
    let first = model.clone().spawn().unwrap();
    assert_eq!(budget.used(), one, "the first session was made at load");
    let second = model.clone().spawn().unwrap();
    assert!(budget.used() > one);
    drop((first, second, model));
    assert_eq!(budget.used(), 0);
}

#[test]
fn it_stands_for_choice_where_the_settings_say_so() {
    if !found() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { onnxruntime: Some("auto".into()), ..Settings::default() };
    let noodle = Noodle::builder(dir.path()).settings(settings).open().unwrap();
    let path = format!("{}/../examples/models/langid-v2.onnx", env!("CARGO_MANIFEST_DIR"));
    let input = RegisterVersionInput { model: "m".into(), path, ..RegisterVersionInput::default() };
    let spec = noodle.call::<RegisterVersion>(input).unwrap().signature.inputs[0].clone();
    let view = noodle.call::<Deploy>(DeployInput::new("m", "latest")).unwrap();
    let load = &view.replicas.values().last().unwrap().load;
    let choice = load.choice.as_ref().unwrap();
    println!("{choice:#?}");
    let ort = choice.candidates.iter().find(|c| c.engine.starts_with("ort ")).unwrap();
    assert!(ort.median_us.is_some_and(|us| us > 0.0), "{ort:?}");
    assert!(matches!(ort.verdict, EngineVerdict::Chosen | EngineVerdict::Slower), "{ort:?}");
    // Asked for, it serves whatever the figures, on several replicas.
    let named = DeployInput { engine: Some("ort".into()), ..DeployInput::new("m", "latest") };
    let view = noodle.call::<Deploy>(named).unwrap();
    assert!(view.replicas.values().last().unwrap().load.engine.starts_with("ort "));
    noodle.call::<Scale>(ScaleInput { deployment: "m".into(), replicas: 2 }).unwrap();
    let shape = [1, 4096];
    assert_eq!(spec.shape.len(), 2, "{spec}");
    let bytes = vec![32i32; 4096];
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let view = TensorView::new(&shape, &bytes);
                    noodle.predict("m", &[(spec.name.as_str(), view.unwrap())]).unwrap();
                }
            });
        }
    });
}
