//! What a version is worth, and the gates that it passes.

use std::collections::BTreeMap;
use std::path::Path;

use noodle_deploy_core::evaluation::judge::{Answers, Judged, Rules, judge};
use noodle_deploy_core::evaluation::metrics::Metric;
use noodle_deploy_core::machine::evaluation::Bound;
use noodle_deploy_core::model::probe::Tolerance;
use noodle_deploy_core::ops::deployments::{
    Deploy, DeployInput, DeploymentRef, GetDeployment, Promote, PromoteInput, Rollback, RollbackInput,
};
use noodle_deploy_core::ops::evaluate::{Evaluate, EvaluateInput, EvaluationReport, Gate};
use noodle_deploy_core::ops::versions::{GetVersion, RegisterVersion, RegisterVersionInput, VersionRef};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::{DType, ErrorKind, Noodle, Tensor};
use proptest::prelude::*;
use serde_json::Value;

use super::{opened, refused, repository};

fn rules(metrics: &[Metric]) -> Rules<'static> {
    let tolerance = Tolerance { rtol: 0.1, atol: 0.01 };
    Rules { metrics: metrics.to_vec(), labels: &[], softmax: false, top_k: 2, tolerance }
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn judged(rows: usize, answers: Vec<f64>, target: &Tensor, metrics: &[Metric]) -> Judged {
    let mut found = Answers::default();
    let columns = answers.len() / rows;
    found.add(&Tensor::new(&[rows, columns], answers).unwrap(), rows, false).unwrap();
    judge(&found, target, &rules(metrics)).unwrap()
}

fn labels(classes: &[i64]) -> Tensor {
    Tensor::new(&[classes.len()], classes.to_vec()).unwrap()
}

#[test]
fn figures_are_those_of_scikit_learn() {
    let reference: Value = serde_json::from_str(include_str!("reference.json")).unwrap();
    let mut compared = 0;
    let mut check = |case: &Value, found: &Judged| {
        for (name, wanted) in case["figures"].as_object().unwrap() {
            let wanted = wanted.as_f64().unwrap();
            let value = *found.metrics.get(name).unwrap_or_else(|| panic!("{name}: {:?}", found.undefined));
            assert!((value - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{name}: {value}, not {wanted}");
            compared += 1;
        }
    };
    for case in reference["classification"].as_array().unwrap() {
        let truth: Vec<i64> = floats(&case["truth"]).iter().map(|v| *v as i64).collect();
        let found = judged(truth.len(), floats(&case["scores"]), &labels(&truth), &Metric::ALL[..11]);
        check(case, &found);
        assert_eq!(serde_json::to_value(&found.confusion).unwrap(), case["confusion"]);
    }
    for case in reference["regression"].as_array().unwrap() {
        let expected = floats(&case["expected"]);
        let columns = case["columns"].as_u64().unwrap() as usize;
        let rows = expected.len() / columns;
        let target = Tensor::new(&[rows, columns], expected).unwrap();
        check(case, &judged(rows, floats(&case["answered"]), &target, &Metric::ALL[11..]));
    }
    assert!(compared > 170, "{compared}");
}

#[test]
fn what_is_not_defined_has_a_reason() {
    let why = |found: &Judged, metric: Metric| found.undefined.get(metric.name()).cloned().unwrap_or_default();
    // One class only: no pair to rank, and the others stand.
    let found = judged(2, vec![0.9, 0.1, 0.6, 0.4], &labels(&[0, 0]), &Metric::ALL[..11]);
    assert!(why(&found, Metric::RocAuc).contains("class 1"), "{found:?}");
    assert_eq!((found.metrics["accuracy"], found.metrics["f1_macro"], found.undefined.len()), (1.0, 1.0, 1));
    // Zero variance, a row of zeros, an expected zero.
    let target = Tensor::new(&[2, 1], vec![0.0, 0.0]).unwrap();
    let found = judged(2, vec![0.0, 1.0], &target, &Metric::ALL[11..]);
    assert!(why(&found, Metric::R2).contains("vary") && why(&found, Metric::CosineSimilarity).contains("row 0"));
    assert_eq!((found.metrics["mae"], found.metrics["within_tolerance"]), (0.5, 0.5));
    assert!((found.metrics["mape"] - 0.5 / f64::EPSILON).abs() < 1.0);
    // NaN in the answers.
    let found = judged(2, vec![f64::NAN, 0.1, 0.6, 0.4], &labels(&[0, 0]), &[Metric::Accuracy, Metric::LogLoss]);
    assert!(found.metrics.is_empty() && why(&found, Metric::Accuracy).contains("row 0"), "{found:?}");
    let target = Tensor::new(&[2, 1], vec![f64::NAN, 0.0]).unwrap();
    let found = judged(2, vec![f64::NAN, 0.0], &target, &Metric::ALL[11..]);
    assert_eq!((found.metrics["max_abs_difference"], found.metrics["within_tolerance"]), (0.0, 1.0));
    assert!(why(&found, Metric::Mse).contains("target of row 0"), "{found:?}");
    let found = judged(1, vec![f64::NAN], &Tensor::new(&[1], vec![1.0]).unwrap(), &[Metric::MaxAbsDifference]);
    assert!(why(&found, Metric::MaxAbsDifference).contains("NaN"), "{found:?}");
    // Scores that are no probabilities.
    let found = judged(1, vec![3.0, -1.0], &labels(&[0]), &[Metric::LogLoss]);
    assert!(why(&found, Metric::LogLoss).contains("softmax"), "{found:?}");
    let many: Vec<f64> = (0..65).map(f64::from).collect();
    let found = judged(1, many, &labels(&[64]), &[Metric::ConfusionMatrix, Metric::Accuracy]);
    assert!(why(&found, Metric::ConfusionMatrix).contains("65 classes") && found.confusion.is_empty());
}

#[test]
fn targets_that_do_not_fit_are_refused() {
    let mut answers = Answers::default();
    answers.add(&Tensor::new(&[2, 3], vec![0.0f32; 6]).unwrap(), 2, false).unwrap();
    let refuse = |target: Tensor, metric| {
        let error = judge(&answers, &target, &rules(&[metric])).unwrap_err();
        refused(&error, ErrorKind::InvalidArgument, "target");
        error
    };
    refuse(labels(&[0]), Metric::Accuracy);
    assert_eq!(refuse(labels(&[0, 3]), Metric::Accuracy).get("row"), Some("1"));
    refuse(labels(&[0, -1]), Metric::Accuracy);
    refuse(Tensor::new(&[2], vec![0.5f32, 1.0]).unwrap(), Metric::Accuracy);
    refuse(Tensor::strings(&[2], vec!["a".into(), "b".into()]).unwrap(), Metric::Accuracy);
    refuse(labels(&[0, 1]), Metric::Mae);
    refuse(Tensor::strings(&[6], vec!["a".into(); 6]).unwrap(), Metric::Mae);
    let mut image = Answers::default();
    image.add(&Tensor::new(&[2, 3, 3], vec![0.0f32; 18]).unwrap(), 2, false).unwrap();
    refused(
        &judge(&image, &labels(&[0, 1]), &rules(&[Metric::Accuracy])).unwrap_err(),
        ErrorKind::InvalidArgument,
        "output",
    );
}

#[test]
fn answers_may_name_classes() {
    let mut numbers = Answers::default();
    numbers.add(&labels(&[0, 2, 1, 1]), 4, false).unwrap();
    let found = judge(&numbers, &labels(&[0, 2, 2, 1]), &rules(&Metric::ALL[..11])).unwrap();
    assert_eq!((found.metrics["accuracy"], found.confusion[2].clone()), (0.75, vec![0, 1, 1]));
    assert!(found.undefined["roc_auc"].contains("no scores"));
    let names = |names: &[&str]| Tensor::strings(&[names.len()], names.iter().map(|n| (*n).into()).collect()).unwrap();
    let mut strings = Answers::default();
    strings.add(&names(&["cat", "dog", "cat"]), 3, false).unwrap();
    let found = judge(&strings, &names(&["cat", "cat", "cat"]), &rules(&[Metric::Accuracy])).unwrap();
    assert!((found.metrics["accuracy"] - 2.0 / 3.0).abs() < 1e-12);
    // A single score is that of class 1.
    let found = judged(4, vec![0.9, 0.5, 0.4, 0.1], &labels(&[1, 1, 0, 1]), &[Metric::Accuracy, Metric::LogLoss]);
    assert_eq!(found.metrics["accuracy"], 0.75);
    let wanted = -(0.9f64.ln() + 0.5f64.ln() + 0.6f64.ln() + 0.1f64.ln()) / 4.0;
    assert!((found.metrics["log_loss"] - wanted).abs() < 1e-12);
}

proptest! {
    #[test]
    fn figures_keep_to_their_ranges(
        cases in prop::collection::vec((0i64..4, prop::collection::vec(-5.0f64..5.0, 4)), 1..40),
    ) {
        let truth: Vec<i64> = cases.iter().map(|(class, _)| *class).collect();
        let scores: Vec<f64> = cases.iter().flat_map(|(_, row)| row.clone()).collect();
        let found = judged(truth.len(), scores.clone(), &labels(&truth), &Metric::ALL[..11]);
        for (name, value) in &found.metrics {
            prop_assert!((0.0..=1.0).contains(value), "{name} {value}");
        }
        prop_assert_eq!(found.metrics["accuracy"], found.metrics["f1_micro"]);
        prop_assert!(found.metrics["top_k_accuracy"] >= found.metrics["accuracy"]);
        let all: u32 = found.confusion.iter().flatten().sum();
        let right: u32 = (0..4).map(|class| found.confusion[class][class]).sum();
        prop_assert!((f64::from(right) / f64::from(all) - found.metrics["accuracy"]).abs() < 1e-12);
        // Softmax changes no order, so what follows from the order stays.
        let mut answers = Answers::default();
        answers.add(&Tensor::new(&[truth.len(), 4], scores).unwrap(), truth.len(), false).unwrap();
        let soft = Rules { softmax: true, ..rules(&[Metric::Accuracy, Metric::LogLoss]) };
        let soft = judge(&answers, &labels(&truth), &soft).unwrap();
        prop_assert_eq!(soft.metrics["accuracy"], found.metrics["accuracy"]);
        prop_assert!(soft.metrics["log_loss"] >= 0.0);
        // Against itself everything is right.
        let numbers: Vec<f64> = cases.iter().flat_map(|(_, row)| row.clone()).collect();
        let target = Tensor::new(&[truth.len(), 4], numbers.clone()).unwrap();
        let same = judged(truth.len(), numbers, &target, &Metric::ALL[11..]);
        prop_assert_eq!((same.metrics["mae"], same.metrics["within_tolerance"]), (0.0, 1.0));
        prop_assert!((same.metrics["cosine_similarity"] - 1.0).abs() < 1e-12);
    }
}

fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evaluation/data").join(name);
    path.to_str().unwrap().to_owned()
}

fn input(metrics: &[&str]) -> EvaluateInput {
    let metrics = metrics.iter().map(|name| (*name).to_owned()).collect();
    EvaluateInput { metrics, ..EvaluateInput::new("linear", data("linear.npz")) }
}

fn gated(name: &str, at_least: f64) -> EvaluateInput {
    let bounds = vec![Bound { metric: "accuracy".into(), at_least: Some(at_least), at_most: None }];
    EvaluateInput { gate: Some(Gate { name: name.into(), bounds }), ..input(&[]) }
}

fn version(noodle: &Noodle, version: &str) -> noodle_deploy_core::machine::state::VersionRecord {
    noodle.call::<GetVersion>(VersionRef { model: "linear".into(), version: version.into() }).unwrap()
}

#[test]
fn a_data_set_is_run_in_every_form_and_batch() {
    let (dir, noodle) = opened();
    let run = |input: EvaluateInput| noodle.call::<Evaluate>(input).unwrap();
    let report = run(input(&["accuracy", "confusion_matrix"]));
    assert_eq!((report.rows, report.metrics["accuracy"], report.passed), (4, 1.0, true));
    assert_eq!((report.output.as_str(), report.target.as_str()), ("y", "labels"));
    assert_eq!(report.confusion[0].answered, [3, 0]);
    let same = |other: EvaluationReport| assert_eq!(other.metrics["accuracy"], 1.0);
    for batch in [1, 3, 4, 100] {
        same(run(EvaluateInput { batch: Some(batch), ..input(&["accuracy"]) }));
    }
    for engine in ["tract", "rten"] {
        let found = run(EvaluateInput { engine: Some(engine.into()), ..input(&["accuracy"]) });
        assert!(found.engine.starts_with(engine));
        same(found);
    }
    // A directory of arrays, and probes.
    let arrays = noodle_deploy_core::evaluation::data::parse_npz(&std::fs::read(data("linear.npz")).unwrap()).unwrap();
    assert_eq!((arrays["names"].dtype(), arrays["fortran_free"].shape()), (DType::String, &[2, 3][..]));
    let probes = serde_json::json!({"probes": [
        {"inputs": {"x": {"dtype": "f32", "shape": [2, 4], "data": [1, 2, 3, 4, 0, 0, 0, 0]}},
         "outputs": {"y": {"dtype": "f32", "shape": [2, 2], "data": [10, -8, 0, 0]}}},
        {"inputs": {"x": {"dtype": "f32", "shape": [1, 4], "data": [4, 3, 2, 1]}},
         "outputs": {"y": {"dtype": "f32", "shape": [1, 2], "data": [-10, -7.5]}}}]});
    let path = dir.path().join("probes.json");
    std::fs::write(&path, probes.to_string()).unwrap();
    let found = run(EvaluateInput { data: path.to_str().unwrap().into(), ..input(&["mae", "max_abs_difference"]) });
    assert_eq!((found.rows, found.target.as_str(), found.metrics["max_abs_difference"]), (3, "y", 0.5));
    assert!((found.metrics["mae"] - 0.5 / 6.0).abs() < 1e-6);
    // Two rows at once and no others: the last request is filled up.
    let fixed = serde_json::json!({"probes": [
        {"inputs": {"x": {"dtype": "f32", "shape": [2, 3], "data": [1, -2, 3, 0, 0, 0]}},
         "outputs": {"y": {"dtype": "f32", "shape": [2, 3], "data": [1, 0, 3, 0, 0, 0]}}},
        {"inputs": {"x": {"dtype": "f32", "shape": [1, 3], "data": [-4, 5, 6]}},
         "outputs": {"y": {"dtype": "f32", "shape": [1, 3], "data": [0, 5, 6]}}}]});
    std::fs::write(&path, fixed.to_string()).unwrap();
    let of_fixed =
        EvaluateInput { data: path.to_str().unwrap().into(), model: Some("fixed".into()), ..input(&["mse"]) };
    assert_eq!(run(of_fixed).metrics["mse"], 0.0);
}

#[test]
fn impossible_evaluations_are_refused_before_anything_is_loaded() {
    let (dir, noodle) = opened();
    let base = || input(&["accuracy"]);
    let bound = |metric: &str, at_least, at_most| Bound { metric: metric.into(), at_least, at_most };
    let gate = |name: &str, bounds| EvaluateInput { gate: Some(Gate { name: name.into(), bounds }), ..base() };
    let cases = [
        ("metrics", input(&["beauty"])),
        ("metrics", input(&[])),
        ("target", EvaluateInput { target: Some("classes".into()), ..base() }),
        ("output", EvaluateInput { output: Some("z".into()), ..base() }),
        ("batch", EvaluateInput { batch: Some(0), ..base() }),
        ("batch", EvaluateInput { batch: Some(5_000), ..base() }),
        ("threads", EvaluateInput { threads: Some(0), ..base() }),
        ("top_k", EvaluateInput { top_k: 0, ..base() }),
        ("rtol", EvaluateInput { tolerance: Some(Tolerance { rtol: -1.0, atol: 0.0 }), ..base() }),
        ("model", EvaluateInput { model: None, ..base() }),
        ("data", EvaluateInput { data: String::new(), ..base() }),
        ("data", EvaluateInput { data: data("../reference.py"), ..base() }),
        ("data", EvaluateInput { target: Some("fortran_free".into()), ..base() }),
        ("gate/name", gate("no good", vec![bound("mae", None, Some(1.0))])),
        ("gate/bounds", gate("g", vec![])),
        ("gate/bounds", gate("g", vec![bound("mae", None, None)])),
        ("gate/bounds", gate("g", vec![bound("mae", Some(2.0), Some(1.0))])),
        ("gate/bounds", gate("g", vec![bound("mae", Some(f64::NAN), None)])),
        ("gate/bounds", gate("g", vec![bound("confusion_matrix", Some(1.0), None)])),
        ("metrics", gate("g", vec![bound("beauty", Some(1.0), None)])),
    ];
    for (field, input) in cases {
        let error = noodle.call::<Evaluate>(input).unwrap_err();
        if field == "data" && error.get("value").is_none() {
            assert_eq!(error.get("field"), Some("data"), "{error}");
            continue;
        }
        refused(&error, ErrorKind::InvalidArgument, field);
    }
    let error = noodle.call::<Evaluate>(EvaluateInput { data: data("compressed.npz"), ..base() }).unwrap_err();
    assert_eq!((error.kind(), error.get("value")), (ErrorKind::Unsupported, Some("x.npy")), "{error}");
    let error = noodle.call::<Evaluate>(EvaluateInput { data: data("absent.npz"), ..base() }).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::NotFound, Some("data")), "{error}");
    let error = noodle.call::<Evaluate>(EvaluateInput { engine: Some("steam".into()), ..base() }).unwrap_err();
    refused(&error, ErrorKind::Unsupported, "engine");
    // Shapes that do not fit the model.
    let error = noodle.call::<Evaluate>(EvaluateInput { model: Some("fixed".into()), ..base() }).unwrap_err();
    assert_eq!((error.kind(), error.get("tensor")), (ErrorKind::InvalidArgument, Some("x")), "{error}");
    // A directory without an array of an input.
    let empty = dir.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let error = noodle.call::<Evaluate>(EvaluateInput { data: empty.to_str().unwrap().into(), ..base() }).unwrap_err();
    refused(&error, ErrorKind::InvalidArgument, "data");
    assert!(version(&noodle, "latest").evaluations.is_empty());
}

#[test]
fn a_gate_holds_back_what_has_not_passed() {
    let (_dir, noodle) = opened();
    let path = repository().join("conformance/models/linear.onnx").to_str().unwrap().to_owned();
    let deploy = |version: &str, required_gates: Option<&[&str]>, strategy| {
        let required_gates = required_gates.map(|gates| gates.iter().map(|gate| (*gate).to_owned()).collect());
        noodle.call::<Deploy>(DeployInput {
            required_gates,
            strategy: Some(strategy),
            ..DeployInput::new("linear", version)
        })
    };
    let immediate = Strategy::Immediate;
    let error = deploy("1.0.0", Some(&["quality"]), immediate).unwrap_err();
    assert_eq!(
        (error.kind(), error.get("gate"), error.get("value")),
        (ErrorKind::Conflict, Some("quality"), Some("not evaluated")),
        "{error}"
    );
    // Nothing of it is kept.
    let absent = noodle.call::<GetDeployment>(DeploymentRef { deployment: "linear".into() }).unwrap_err();
    assert_eq!(absent.kind(), ErrorKind::NotFound);

    let report = noodle.call::<Evaluate>(gated("quality", 0.9)).unwrap();
    assert!(report.passed && report.broken.is_empty() && report.gate.as_deref() == Some("quality"));
    let view = deploy("1.0.0", Some(&["quality"]), immediate).unwrap();
    assert_eq!(view.desired.required_gates, ["quality"]);

    // The next version has the same file and is another version all the same: it needs an evaluation of its own.
    let next = RegisterVersionInput { model: "linear".into(), path, ..RegisterVersionInput::default() };
    noodle.call::<RegisterVersion>(next).unwrap();
    let error = deploy("2.0.0", None, immediate).unwrap_err();
    assert_eq!((error.get("gate"), error.get("version")), (Some("quality"), Some("2.0.0")), "{error}");
    let report = noodle.call::<Evaluate>(gated("quality", 1.5)).unwrap();
    assert_eq!((report.version.as_str(), report.passed, report.broken.len()), ("2.0.0", false, 1));
    let error = deploy("2.0.0", None, immediate).unwrap_err();
    let names = [error.get("gate"), error.get("metric"), error.get("value"), error.get("allowed")];
    assert_eq!(names, [Some("quality"), Some("accuracy"), Some("1"), Some("at least 1.5")], "{error}");

    // Passed, brought up beside, and then evaluated anew: promote looks at the last evaluation.
    noodle.call::<Evaluate>(gated("quality", 1.0)).unwrap();
    deploy("2.0.0", None, Strategy::BlueGreen).unwrap();
    noodle.call::<Evaluate>(gated("quality", 1.5)).unwrap();
    let promote = || noodle.call::<Promote>(PromoteInput { deployment: "linear".into(), version: None });
    let error = promote().unwrap_err();
    assert_eq!((error.kind(), error.get("metric")), (ErrorKind::Conflict, Some("accuracy")), "{error}");
    // Another gate does not stand for it.
    noodle.call::<Evaluate>(gated("speed", 1.0)).unwrap();
    assert!(promote().is_err());
    noodle.call::<Evaluate>(gated("quality", 1.0)).unwrap();
    assert_eq!(promote().unwrap().serving.as_deref(), Some("2.0.0"));
    // A way back is never held back.
    let mut worse = gated("quality", 1.5);
    worse.version = Some("1.0.0".into());
    noodle.call::<Evaluate>(worse).unwrap();
    let back = RollbackInput { deployment: "linear".into(), version: None, reason: None };
    assert_eq!(noodle.call::<Rollback>(back).unwrap().serving.as_deref(), Some("1.0.0"));

    // What serves can be evaluated by the name of the deployment; the version shows what was found.
    let of = EvaluateInput { model: None, deployment: Some("linear".into()), ..gated("speed", 0.5) };
    assert_eq!(noodle.call::<Evaluate>(of).unwrap().version, "1.0.0");
    let record = version(&noodle, "1.0.0");
    let gates: Vec<_> = record.evaluations.iter().map(|e| (e.gate.as_deref().unwrap(), e.passed)).collect();
    assert_eq!(gates, [("quality", false), ("speed", true)]);
    let last = record.evaluations.last().unwrap();
    assert!(last.at > 0 && last.artifact == record.digest && last.rows == 4 && last.metrics["accuracy"] == 1.0);
    assert_eq!(last.data.to_string(), format!("blake3:{}", blake3::hash(&std::fs::read(data("linear.npz")).unwrap())));

    // A deployment can let go of its gates, and an evaluation without a gate is kept beside the others.
    assert_eq!(deploy("1.0.0", Some(&[]), immediate).unwrap().desired.required_gates, [] as [String; 0]);
    noodle.call::<Evaluate>(input(&["accuracy"])).unwrap();
    noodle.call::<Evaluate>(input(&["mae", "accuracy"].map(|_| "accuracy"))).unwrap();
    let found = version(&noodle, "2.0.0").evaluations;
    assert_eq!(found.iter().filter(|e| e.gate.is_none()).count(), 1);
    let too_many: Vec<String> = (0..17).map(|n| format!("g{n}")).collect();
    let input = DeployInput { required_gates: Some(too_many), ..DeployInput::new("linear", "1.0.0") };
    refused(&noodle.call::<Deploy>(input).unwrap_err(), ErrorKind::InvalidArgument, "required_gates");
}

#[test]
fn no_gate_is_forgotten_for_another() {
    let (_dir, noodle) = opened();
    noodle.call::<Evaluate>(input(&["accuracy"])).unwrap();
    for n in 0..16 {
        noodle.call::<Evaluate>(gated(&format!("g{n}"), 0.9)).unwrap();
    }
    let error = noodle.call::<Evaluate>(gated("g16", 0.9)).unwrap_err();
    refused(&error, ErrorKind::InvalidArgument, "gate/name");
    assert_eq!(error.get("value"), Some("g16"));
    // One that is known is evaluated anew, and so is the version without a gate.
    noodle.call::<Evaluate>(gated("g0", 0.5)).unwrap();
    noodle.call::<Evaluate>(input(&["accuracy"])).unwrap();
    assert_eq!(version(&noodle, "1.0.0").evaluations.len(), 17);
}

#[test]
fn evaluations_survive_a_reopen() {
    let (dir, noodle) = opened();
    noodle.call::<Evaluate>(gated("quality", 0.9)).unwrap();
    let before = version(&noodle, "1.0.0").evaluations;
    noodle.close();
    let noodle = Noodle::open(dir.path().join("noodle")).unwrap();
    assert_eq!(version(&noodle, "1.0.0").evaluations, before);
    let metrics: BTreeMap<String, f64> = [("accuracy".to_owned(), 1.0)].into();
    assert_eq!(before[0].metrics, metrics);
    noodle.call::<noodle_deploy_core::ops::audit::AuditVerify>(Default::default()).unwrap();
}
