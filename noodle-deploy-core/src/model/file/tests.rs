use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::settings::Strategy;

fn read(value: Value) -> Result<ModelFile> {
    ModelFile::from_json(value.to_string().as_bytes())
}

fn full() -> Value {
    json!({
        "model_config": {
            "model_name": "langid", "model_type": "code_analysis", "model_version": "1.0.0", "framework": "onnx",
            "model_path": "models/langid-v1.onnx", "model_description": "which language", "input_format": "bytes",
            "output_format": "probabilities", "labels": ["c", "rust"], "tags": ["small"],
            "metrics": {"accuracy": 0.97, "classes": 2}, "lineage": {"commit": "abc"},
            "probe_path": "langid-v1.probe.json", "later_field": [1]
        },
        "deployment_config": {
            "deployment_name": "editor", "deployment_target": "local", "deployment_strategy": "canary",
            "replicas": 2, "threads": 1,
            "resource_requirements": {"cpu_cores": 2, "memory_gb": 1.5, "gpu_enabled": false, "storage_gb": 0.5}
        },
        "monitoring_config": {"metrics_enabled": true, "alerts_enabled": false, "scaling_enabled": null},
        "another_field": {}
    })
}

/// The full file with one field, by pointer, set to another value.
fn with(pointer: &str, value: Value) -> Value {
    let mut file = full();
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    match file.pointer_mut(parent).unwrap() {
        Value::Object(fields) => {
            fields.insert(field.to_owned(), value);
        }
        Value::Array(values) => values[field.parse::<usize>().unwrap()] = value,
        _ => unreachable!("{pointer}"),
    }
    file
}

#[test]
fn the_model_file_is_read_in_full() {
    let file = read(full()).unwrap();
    assert_eq!(
        file,
        ModelFile {
            model_name: "langid".to_owned(),
            model_type: ModelKind::CodeAnalysis,
            model_version: Some("1.0.0".to_owned()),
            framework: Some(Framework::Onnx),
            model_path: "models/langid-v1.onnx".to_owned(),
            model_description: Some("which language".to_owned()),
            input_format: Some("bytes".to_owned()),
            output_format: Some("probabilities".to_owned()),
            labels: Some(vec!["c".to_owned(), "rust".to_owned()]),
            tags: vec!["small".to_owned()],
            metrics: [("accuracy".to_owned(), 0.97), ("classes".to_owned(), 2.0)].into(),
            lineage: [("commit".to_owned(), "abc".to_owned())].into(),
            probe_path: Some("langid-v1.probe.json".to_owned()),
            deployment: DeploymentConfig {
                name: Some("editor".to_owned()),
                target: Some(Target::Local),
                strategy: Some(Strategy::Canary),
                replicas: Some(2),
                threads: Some(1),
                resources: Resources {
                    cpu_cores: Some(2.0),
                    memory_gb: Some(1.5),
                    gpu_enabled: Some(false),
                    storage_gb: Some(0.5),
                },
            },
            monitoring: MonitoringConfig {
                metrics_enabled: Some(true),
                alerts_enabled: Some(false),
                scaling_enabled: None,
            },
        }
    );
    let text = serde_json::to_string(&file).unwrap();
    assert_eq!(serde_json::from_str::<ModelFile>(&text).unwrap(), file);
}

#[test]
fn the_flat_deploy_body_says_the_same() {
    let body = json!({
        "model_config": {"model_name": "m", "model_path": "hf://org/model"},
        "deployment_target": "kubernetes",
        "deployment_strategy": "blue_green",
        "resource_allocation": {"cpu_cores": 0.5}
    });
    let file = read(body).unwrap();
    assert_eq!((file.model_type, file.framework, file.model_version), (ModelKind::Custom, None, None));
    assert_eq!(file.deployment.target, Some(Target::Kubernetes));
    assert_eq!(file.deployment.strategy, Some(Strategy::BlueGreen));
    assert_eq!(file.deployment.resources, Resources { cpu_cores: Some(0.5), ..Resources::default() });
    assert_eq!(file.monitoring, MonitoringConfig::default());
}

#[test]
fn the_outer_field_counts() {
    let mut both = full();
    both["deployment_strategy"] = json!("rolling");
    both["resource_allocation"] = json!({"memory_gb": 4});
    let file = read(both).unwrap();
    assert_eq!(file.deployment.strategy, Some(Strategy::Rolling));
    assert_eq!(file.deployment.replicas, Some(2));
    assert_eq!((file.deployment.resources.memory_gb, file.deployment.resources.cpu_cores), (Some(4.0), Some(2.0)));
}

#[test]
fn what_is_wrong_is_named_by_pointer() {
    let long = "x".repeat(5000);
    for (pointer, value, shown) in [
        ("/model_config", json!(3), "3"),
        ("/model_config/model_name", json!(1), "1"),
        ("/model_config/model_name", json!(""), ""),
        ("/model_config/model_name", json!("../up"), "../up"),
        ("/model_config/model_type", json!("code_analyzis"), "code_analyzis"),
        ("/model_config/model_type", json!(["code_analysis"]), "a list of 1"),
        ("/model_config/model_version", json!(1.5), "1.5"),
        ("/model_config/model_version", json!("1 2"), "1 2"),
        ("/model_config/framework", json!("ONNX"), "ONNX"),
        ("/model_config/model_path", json!("http://plain/m.onnx"), "http://plain/m.onnx"),
        ("/model_config/model_path", json!("s3://"), "s3://"),
        ("/model_config/model_path", json!("a\u{0}b"), "a\u{0}b"),
        ("/model_config/model_description", json!(false), "false"),
        ("/model_config/labels", json!("c"), "c"),
        ("/model_config/labels/1", json!(2), "2"),
        ("/model_config/tags", json!({"a": "b"}), "an object of 1 fields"),
        ("/model_config/metrics/accuracy", json!("high"), "high"),
        ("/model_config/lineage/commit", json!(1), "1"),
        ("/model_config/probe_path", json!(""), ""),
        ("/deployment_config", json!("canary"), "canary"),
        ("/deployment_config/deployment_target", json!("moon"), "moon"),
        ("/deployment_config/deployment_strategy", json!("big_bang"), "big_bang"),
        ("/deployment_config/replicas", json!(0), "0"),
        ("/deployment_config/replicas", json!(1.5), "1.5"),
        ("/deployment_config/threads", json!(-1), "-1"),
        ("/deployment_config/resource_requirements/cpu_cores", json!(0), "0"),
        ("/deployment_config/resource_requirements/memory_gb", json!(-2.5), "-2.5"),
        ("/deployment_config/resource_requirements/storage_gb", json!("10"), "10"),
        ("/deployment_config/resource_requirements/gpu_enabled", json!("no"), "no"),
        ("/deployment_strategy", json!("recreate"), "recreate"),
        ("/monitoring_config/metrics_enabled", json!(1), "1"),
        ("/monitoring_config", json!([]), "a list of 0"),
    ] {
        let error = read(with(pointer, value)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{pointer}");
        assert_eq!((error.get("field"), error.get("value")), (Some(pointer), Some(shown)));
        assert!(error.get("allowed").is_some_and(|allowed| !allowed.is_empty()), "{pointer}");
    }
    let error = read(with("/model_config/model_type", json!(long))).unwrap_err();
    assert!(error.get("value").unwrap().len() < 200);
    assert_eq!(error.get("allowed"), Some(ModelKind::ALLOWED));
}

#[test]
fn what_is_missing_is_named() {
    for pointer in ["/model_config", "/model_config/model_name", "/model_config/model_path"] {
        let error = read(with(pointer, json!(null))).unwrap_err();
        assert_eq!(error.get("field"), Some(pointer));
    }
    let error = read(json!({"model_config": {"model_name": "m"}})).unwrap_err();
    assert_eq!(error.get("field"), Some("/model_config/model_path"));
    assert_eq!(error.get("value"), Some("nothing"));
}

#[test]
fn a_gpu_is_not_supported_yet() {
    let error = read(with("/deployment_config/resource_requirements/gpu_enabled", json!(true))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(error.get("field"), Some("/deployment_config/resource_requirements/gpu_enabled"));
}

#[test]
fn size_and_depth_are_bounded() {
    assert_eq!(ModelFile::from_json(&vec![b' '; MAX_MODEL_FILE_BYTES + 1]).unwrap_err().kind(), ErrorKind::TooLarge);
    let deep = format!("{{\"x\": {}", "[".repeat(10_000));
    for bad in ["", "[]", "null", "{", "{\"model_config\": 1e999}", deep.as_str()] {
        assert_eq!(ModelFile::from_json(bad.as_bytes()).unwrap_err().kind(), ErrorKind::InvalidArgument);
    }
}

#[test]
fn pointers_are_escaped() {
    let error = read(with("/model_config/lineage", json!({"a/b~c": 1}))).unwrap_err();
    assert_eq!(error.get("field"), Some("/model_config/lineage/a~1b~0c"));
}

proptest! {
    #[test]
    fn any_bytes_are_a_file_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = ModelFile::from_json(&bytes);
    }

    #[test]
    fn any_damage_is_a_file_or_an_error(at in 0usize..600, byte in any::<u8>()) {
        let mut text = full().to_string().into_bytes();
        let at = at % text.len();
        text[at] = byte;
        let _ = ModelFile::from_json(&text);
    }
}
