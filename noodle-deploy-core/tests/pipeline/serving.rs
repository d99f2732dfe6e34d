//! Pipelines as versions: deploy, predict, roll back, delete, collect.

use std::collections::BTreeMap;
use std::time::Duration;

use noodle_deploy_core::BatchConfig;
use noodle_deploy_core::machine::state::VersionStatus;
use noodle_deploy_core::ops::deployments::{
    Deploy, DeployInput, DeploymentRef, GetDeployment, Undeploy, UndeployInput,
};
use noodle_deploy_core::ops::directory::CollectGarbage;
use noodle_deploy_core::ops::versions::{DeleteVersion, DeleteVersionInput, SetVersionStatus, SetVersionStatusInput};
use noodle_deploy_core::tensor::{DType, Tensor};
use noodle_deploy_core::{CancelToken, ErrorKind, Noodle, PredictOptions, Settings};
use serde_json::json;

use crate::world::{LEFT, RIGHT, World, cascade, ensemble, model, with_models, x};

fn near(found: &[f32], wanted: &[f32]) {
    assert_eq!(found.len(), wanted.len());
    assert!(found.iter().zip(wanted).all(|(f, w)| (f - w).abs() < 1e-6), "{found:?} is not near {wanted:?}");
}

fn linear(row: &[f32; 4], weights: &[f32; 8]) -> [f32; 2] {
    let column = |c: usize| (0..4).map(|i| row[i] * weights[2 * i + c]).sum();
    [column(0), column(1)]
}

fn softmax([a, b]: [f32; 2]) -> [f32; 2] {
    let (ea, eb) = (a.exp(), b.exp());
    [ea / (ea + eb), eb / (ea + eb)]
}

#[test]
fn an_ensemble_answers_what_its_parts_together_say() {
    let world = with_models();
    let record = world.register_pipeline(&ensemble()).unwrap();
    assert_eq!(record.format, "pipeline");
    let uses: Vec<_> = record.uses.iter().map(|pin| format!("{} {}", pin.model, pin.version)).collect();
    assert_eq!(uses, ["left 1.0.0", "right 1.0.0"]);
    let outputs: Vec<_> = record.signature.outputs.iter().map(ToString::to_string).collect();
    assert_eq!(outputs, ["label: string[batch, 1]", "score: f32[batch, 1]", "probabilities: f32[batch, 2]"]);

    world.deploy().unwrap();
    let rows = [[1.0, -2.0, 0.5, 3.0], [0.0, 1.0, 4.0, -1.0]];
    let answer = world.ask(&rows).unwrap();
    let wanted: Vec<[f32; 2]> = rows
        .iter()
        .map(|row| {
            let (a, b) = (linear(row, &LEFT), linear(row, &RIGHT));
            softmax([0.75 * a[0] + 0.25 * b[0], 0.75 * a[1] + 0.25 * b[1]])
        })
        .collect();
    near(answer.output("probabilities").unwrap().as_slice().unwrap(), &wanted.concat());
    let labels: Vec<_> = wanted.iter().map(|row| if row[0] >= row[1] { "up" } else { "down" }).collect();
    assert_eq!(answer.output("label").unwrap().as_strings().unwrap(), &labels);
    assert_eq!(labels[0], "up");
    assert_eq!(labels[1], "down");

    let view = world.noodle.call::<GetDeployment>(DeploymentRef { deployment: "whole".into() }).unwrap();
    let load = &view.replicas["1"].load;
    assert!(load.engine.starts_with("pipeline 1 (left 1.0.0: "), "{}", load.engine);
    assert!(load.engine.contains("top_k 1"), "{}", load.engine);
    assert!(load.memory_bytes > 0);
}

#[test]
fn a_cascade_asks_the_large_model_only_where_the_small_one_is_not_sure() {
    let world = with_models();
    world.register_pipeline(&cascade()).unwrap();
    world.deploy().unwrap();
    world.runs();

    let sure = [2.0, 0.0, 0.0, 0.0];
    let answer = world.ask(&[sure]).unwrap();
    near(answer.output("probabilities").unwrap().as_slice().unwrap(), &softmax(linear(&sure, &LEFT)));
    assert_eq!((world.runs(), answer.output("class").unwrap().as_slice::<i64>().unwrap()), (0, &[0i64][..]));

    let unsure = [0.1, 0.0, 0.0, 0.0];
    let answer = world.ask(&[unsure]).unwrap();
    near(answer.output("probabilities").unwrap().as_slice().unwrap(), &softmax(linear(&unsure, &RIGHT)));
    assert_eq!((world.runs(), answer.output("class").unwrap().as_slice::<i64>().unwrap()), (1, &[1i64][..]));

    // One row that is not sure is enough: the request is judged as a whole.
    let answer = world.ask(&[sure, unsure]).unwrap();
    let wanted = [softmax(linear(&sure, &RIGHT)), softmax(linear(&unsure, &RIGHT))].concat();
    near(answer.output("probabilities").unwrap().as_slice().unwrap(), &wanted);
    assert_eq!(world.runs(), 1);

    let batching = Some(BatchConfig::default());
    let error =
        world.noodle.call::<Deploy>(DeployInput { batching, ..DeployInput::new("whole", "1.0.0") }).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::Unsupported, Some("batching")));
}

#[test]
fn either_of_two_opposite_branches_is_enough() {
    let world = with_models();
    let branch = |name: &str, of: &str, side: &str| {
        json!({"name": name, "model": of, "version": "1.0.0", "inputs": {"x": "inputs.x"},
               "when": {"confidence": "sure.output", side: 0.75}})
    };
    let mut document = json!({
        "pipeline": 1,
        "inputs": [x()],
        "nodes": [
            model("first", "left"),
            {"name": "sure", "step": "softmax", "inputs": {"input": "first.y"}},
            branch("l", "left", "at_least"),
            branch("r", "right", "below"),
        ],
        "outputs": [{"name": "y", "from": {"first_of": ["l.y", "r.y"]}}],
    });
    world.register_pipeline(&document).unwrap();
    world.deploy().unwrap();
    for (row, weights) in [([2.0, 0.0, 0.0, 0.0], LEFT), ([0.1, 0.0, 0.0, 0.0], RIGHT)] {
        near(world.ask(&[row]).unwrap().output("y").unwrap().as_slice().unwrap(), &linear(&row, &weights));
    }
    // NaN is not sure: it goes below, and no request is left without an answer.
    let answer = world.ask(&[[f32::NAN, 0.0, 0.0, 0.0]]).unwrap();
    assert!(answer.output("y").unwrap().as_slice::<f32>().unwrap()[0].is_nan());
    // With a gap between the thresholds nobody may answer.
    document["nodes"][2]["when"]["at_least"] = json!(0.8);
    let error = world.register("gap", "1.0.0", document.to_string().as_bytes()).unwrap_err();
    assert_eq!(error.get("field"), Some("outputs/0/from"));
}

#[test]
fn batches_answer_as_single_requests_do() {
    let world = with_models();
    world.register_pipeline(&ensemble()).unwrap();
    let batching = Some(BatchConfig::default());
    world.noodle.call::<Deploy>(DeployInput { batching, ..DeployInput::new("whole", "1.0.0") }).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let world = &world;
            scope.spawn(move || {
                for i in 0..50 {
                    let row = [thread as f32, i as f32 / 10.0, -1.0, 0.5];
                    let (a, b) = (linear(&row, &LEFT), linear(&row, &RIGHT));
                    let wanted = softmax([0.75 * a[0] + 0.25 * b[0], 0.75 * a[1] + 0.25 * b[1]]);
                    let answer = world.ask(&[row]).unwrap();
                    near(answer.output("probabilities").unwrap().as_slice().unwrap(), &wanted);
                }
            });
        }
    });
}

#[test]
fn what_a_pipeline_is_made_of_stays_as_long_as_it_does() {
    let world = with_models();
    world.register_pipeline(&ensemble()).unwrap();
    let delete = |model: &str| {
        let input = DeleteVersionInput { model: model.to_owned(), version: "1.0.0".to_owned() };
        world.noodle.call::<DeleteVersion>(input)
    };
    let retire = |model: &str| {
        world.noodle.call::<SetVersionStatus>(SetVersionStatusInput {
            model: model.to_owned(),
            version: "1.0.0".to_owned(),
            status: VersionStatus::Retired,
            reason: None,
        })
    };
    for error in [delete("left").unwrap_err(), retire("right").unwrap_err()] {
        assert_eq!((error.kind(), error.get("pipeline")), (ErrorKind::Conflict, Some("whole 1.0.0")));
    }
    assert_eq!(world.noodle.call::<CollectGarbage>(Default::default()).unwrap().removed, 0);
    world.deploy().unwrap();
    world.ask(&[[1.0; 4]]).unwrap();
    world.noodle.call::<Undeploy>(UndeployInput { deployment: "whole".into(), force: true }).unwrap();
    delete("whole").unwrap();
    delete("left").unwrap();
    retire("right").unwrap();
    // A retired version is no part of a new pipeline, and neither is one that is gone.
    let mut document = ensemble();
    let error = world.register("again", "1.0.0", document.to_string().as_bytes()).unwrap_err();
    assert_eq!((error.kind(), error.get("model")), (ErrorKind::NotFound, Some("left")));
    document["nodes"][3] = model("a", "right");
    document["nodes"][4] = model("b", "right");
    let error = world.register("again", "1.0.0", document.to_string().as_bytes()).unwrap_err();
    assert_eq!((error.kind(), error.get("model")), (ErrorKind::Conflict, Some("right")));
}

#[test]
fn a_pipeline_comes_back_after_a_reopen_and_says_when_a_part_is_damaged() {
    let World { dir, noodle, counted } = with_models();
    let world = World { dir, noodle, counted };
    world.register_pipeline(&ensemble()).unwrap();
    world.deploy().unwrap();
    let before = world.ask(&[[1.0, 2.0, 3.0, 4.0]]).unwrap();
    let World { dir, noodle, .. } = world;
    noodle.close();
    let noodle = Noodle::open(dir.path().join("dir")).unwrap();
    let world = World { dir, noodle, counted: Default::default() };
    let after = world.ask(&[[1.0, 2.0, 3.0, 4.0]]).unwrap();
    assert_eq!(after.output("probabilities").unwrap(), before.output("probabilities").unwrap());

    let World { dir, noodle, .. } = world;
    let record = noodle.versioning().get("left", "1.0.0").unwrap();
    let hex = record.digest.to_string().trim_start_matches("blake3:").to_owned();
    noodle.close();
    let damaged = walk(&dir.path().join("dir/artifacts")).into_iter().find(|path| path.ends_with(&hex)).unwrap();
    std::fs::write(damaged, b"something else").unwrap();
    let noodle = Noodle::open(dir.path().join("dir")).unwrap();
    let world = World { dir, noodle, counted: Default::default() };
    let error = world.ask(&[[1.0, 2.0, 3.0, 4.0]]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.to_string().contains("the artifact does not have its digest"), "{error}");
}

fn walk(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn tensors_are_lent_and_not_copied() {
    let world = with_models();
    let same = |name: &str, from: &str| json!({"name": name, "step": "counted", "inputs": {"x": from}});
    let document = json!({
        "pipeline": 1,
        "inputs": [x()],
        "nodes": [same("one", "inputs.x"), same("two", "one.same"), same("three", "two.same")],
        "outputs": [{"name": "y", "from": "three.same"}, {"name": "also", "from": "one.same"},
                    {"name": "itself", "from": "inputs.x"}],
    });
    world.register_pipeline(&document).unwrap();
    world.deploy().unwrap();
    let tensor = Tensor::new(&[1, 4], vec![1.0f32, 2.0, 3.0, 4.0]).unwrap();
    let answer = world.noodle.predict("whole", &[("x", tensor.view())]).unwrap();
    let at = |tensor: &Tensor| tensor.as_slice::<f32>().unwrap().as_ptr();
    for name in ["y", "also", "itself"] {
        assert_eq!(at(answer.output(name).unwrap()), at(&tensor), "{name}");
    }
}

#[test]
fn declared_shapes_run_once_at_load() {
    let world = with_models();
    let mut document = cascade();
    // The counted step runs for every request.
    document["nodes"][2].as_object_mut().unwrap().remove("when");
    document["nodes"][5]["inputs"]["scores"] = json!("second.output");
    document["outputs"][0]["from"] = json!("guess.output");
    world.register_pipeline(&document).unwrap();
    world.deploy().unwrap();
    let without = world.runs();
    let shapes = [3, 5].map(|rows| BTreeMap::from([("x".to_owned(), vec![rows, 4])])).to_vec();
    world.noodle.call::<Deploy>(DeployInput { shapes, ..DeployInput::new("whole", "1.0.0") }).unwrap();
    assert_eq!(world.runs(), without + 2);
}

/// The first document of the guide, over the models that it names.
#[test]
fn the_document_of_the_guide_deploys_and_answers() {
    let world = World::new();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    for version in ["1", "2"] {
        let bytes = std::fs::read(format!("{root}/examples/models/langid-v{version}.onnx")).unwrap();
        world.register("langid", &format!("{version}.0.0"), &bytes).unwrap();
    }
    let guide = std::fs::read_to_string(format!("{root}/docs/guide/pipelines.md")).unwrap();
    let (_, document) = guide.split_once("```json\n").unwrap();
    let (document, _) = document.split_once("```").unwrap();
    world.register("whole", "1.0.0", document.as_bytes()).unwrap();
    world.deploy().unwrap();
    let text = b"fn main() { println!(\"Hello\"); }".map(i32::from);
    let tensor = Tensor::new(&[1, text.len()], text.to_vec()).unwrap();
    let answer = world.noodle.predict("whole", &[("bytes", tensor.view())]).unwrap();
    assert_eq!(answer.output("classes").unwrap().shape(), [1, 3]);
    let scores = answer.output("scores").unwrap().as_slice::<f32>().unwrap();
    assert!(scores.is_sorted_by(|a, b| a >= b) && scores[0] > 0.0, "{scores:?}");
}

#[test]
fn a_cancelled_request_stops_between_nodes() {
    let world = with_models();
    world.register_pipeline(&ensemble()).unwrap();
    world.deploy().unwrap();
    let token = CancelToken::new();
    token.cancel();
    let tensor = Tensor::new(&[1, 4], vec![1.0f32; 4]).unwrap();
    let options = PredictOptions { cancel: Some(token), ..PredictOptions::default() };
    let error = world.noodle.predict_with("whole", &[("x", tensor.view())], &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let options = PredictOptions { timeout: Some(Duration::ZERO), ..PredictOptions::default() };
    let error = world.noodle.predict_with("whole", &[("x", tensor.view())], &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DeadlineExceeded);
}

#[test]
fn a_pipeline_shares_the_memory_budget() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { memory_budget_bytes: Some(1 << 20), ..Settings::default() };
    let noodle = Noodle::builder(dir.path().join("dir")).settings(settings).open().unwrap();
    let world = World { dir, noodle, counted: Default::default() };
    world.linear("left", LEFT);
    world.linear("right", RIGHT);
    world.register_pipeline(&ensemble()).unwrap();
    world.deploy().unwrap();
    world.noodle.call::<Undeploy>(UndeployInput { deployment: "whole".into(), force: true }).unwrap();
    // Held eight times.
    let mut document = ensemble();
    document["nodes"][0]["config"]["labels"] = json!(["up".repeat(1 << 16), "down"]);
    world.register("large", "1.0.0", document.to_string().as_bytes()).unwrap();
    let error = world.noodle.call::<Deploy>(DeployInput::new("large", "1.0.0")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResourceExhausted, "{error:?}");
}

#[test]
fn a_request_is_checked_like_that_of_any_version() {
    let world = with_models();
    world.register_pipeline(&ensemble()).unwrap();
    world.deploy().unwrap();
    let tensor = Tensor::new(&[1, 3], vec![1.0f32; 3]).unwrap();
    let error = world.noodle.predict("whole", &[("x", tensor.view())]).unwrap_err();
    assert_eq!((error.kind(), error.get("tensor")), (ErrorKind::InvalidArgument, Some("x")));
    let tensor = Tensor::new(&[1, 4], vec![1i64; 4]).unwrap();
    let error = world.noodle.predict("whole", &[("x", tensor.view())]).unwrap_err();
    assert_eq!(error.get("allowed"), Some(DType::F32.name()));
    // No rows: every step takes them.
    assert_eq!(world.ask(&[]).unwrap().output("probabilities").unwrap().shape(), [0, 2]);
}
