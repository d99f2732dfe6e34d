use super::*;

fn spec(text: &str) -> TensorSpec {
    let (name, rest) = text.split_once(':').unwrap();
    let (dtype, shape) = rest.trim_end_matches(']').split_once('[').unwrap();
    let shape = shape.split(',').map(str::trim).filter(|d| !d.is_empty()).map(|d| d.parse().unwrap()).collect();
    TensorSpec { name: name.to_owned(), dtype: dtype.trim().parse().unwrap(), shape }
}

fn signature(inputs: &[&str], outputs: &[&str]) -> Signature {
    Signature { inputs: inputs.iter().map(|t| spec(t)).collect(), outputs: outputs.iter().map(|t| spec(t)).collect() }
}

fn labels(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("l{i}")).collect()
}

#[test]
fn names_are_those_of_the_vocabulary() {
    let names: Vec<&str> = ModelKind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(
        names,
        [
            "code_completion",
            "documentation_generation",
            "code_analysis",
            "static_analysis",
            "security_analysis",
            "performance_optimization",
            "search",
            "semantic_search",
            "learning",
            "network",
            "custom"
        ]
    );
    for kind in ModelKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        assert_eq!(kind.name().parse::<ModelKind>().unwrap(), *kind);
    }
    let error = "CodeCompletion".parse::<ModelKind>().unwrap_err();
    assert_eq!((error.get("field"), error.get("allowed")), (Some("model_type"), Some(ModelKind::ALLOWED)));
    assert_eq!(Framework::ALLOWED, "onnx, tensorflow, tflite, pytorch, huggingface");
}

#[test]
fn only_onnx_loads() {
    for framework in Framework::ALL {
        match framework.check_loadable() {
            Ok(()) => assert_eq!(*framework, Framework::Onnx),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Unsupported);
                assert_eq!(error.get("value"), Some(framework.name()));
            }
        }
    }
}

#[test]
fn templates_are_well_formed() {
    for kind in ModelKind::ALL {
        let template = kind.template();
        assert!(!template.summary.is_empty() && !template.metrics.is_empty() && !template.guardrails.is_empty());
        for pattern in template.inputs.iter().chain(template.outputs) {
            assert!(pattern.min_rank <= pattern.max_rank, "{kind} {pattern}");
        }
        if *kind != ModelKind::Custom {
            assert!(template.inputs.iter().any(|p| p.required) && template.outputs.iter().any(|p| p.required));
        }
        serde_json::to_string(template).unwrap();
    }
}

#[test]
fn labels_of_a_custom_model_fit_one_of_its_float_outputs() {
    let custom = |outputs: &[&str], count: usize| {
        ModelKind::Custom.check(&signature(&["x: f32[n, 4]"], outputs), Some(&labels(count)))
    };
    custom(&["y: f32[n, 2]"], 2).unwrap();
    let error = custom(&["y: f32[n, 2]"], 3).unwrap_err();
    assert_eq!(
        (error.get("field"), error.get("value"), error.get("allowed"), error.get("tensor")),
        (Some("labels"), Some("3 labels"), Some("2 labels"), Some("y"))
    );
    // The classifier of scikit-learn: what names the class is no row of scores.
    custom(&["label: i64[n]", "probabilities: f32[n, 3]"], 3).unwrap();
    custom(&["label: i64[n]", "probabilities: f32[n, 3]"], 2).unwrap_err();
    // One of several, one whose size is open, and no scores at all.
    custom(&["a: f32[n, 8]", "b: f32[n, 3]"], 3).unwrap();
    custom(&["y: f32[n, c]"], 3).unwrap();
    custom(&["label: i64[n]"], 3).unwrap();
    ModelKind::Custom.check(&signature(&["x: f32[n]"], &["y: f32[n, 2]"]), None).unwrap();
}

#[test]
fn real_signatures_fit_their_type() {
    let bert = ["input_ids: i64[batch, length]", "attention_mask: i64[batch, length]"];
    for (kind, inputs, outputs) in [
        (ModelKind::CodeAnalysis, &["bytes: i32[1, 64]"][..], &["probabilities: f32[1, 7]"][..]),
        (ModelKind::CodeAnalysis, &["text: string[n]"], &["label: i64[n]", "probabilities: f32[n, 7]"]),
        (ModelKind::SemanticSearch, &bert, &["last_hidden_state: f32[batch, length, 384]"]),
        (ModelKind::Search, &bert, &["logits: f32[batch, 1]"]),
        (ModelKind::StaticAnalysis, &bert, &["logits: f32[batch, length, 9]"]),
        (
            ModelKind::CodeCompletion,
            &["input_ids: i64[b, l]", "past.0.key: f16[b, 8, p, 64]", "use_cache: bool[1]"],
            &["logits: f16[b, l, 50257]", "present.0.key: f16[b, 8, t, 64]"],
        ),
        (ModelKind::Network, &["x: f32[?, 10]"], &["y: f64[?]"]),
        (ModelKind::Custom, &["image: u8[h, w, 3]"], &["boxes: i64[n, 4]"]),
        (ModelKind::Custom, &[], &[]),
    ] {
        kind.check(&signature(inputs, outputs), None).unwrap();
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let ids = "ids: i64[b, l]";
    for (kind, inputs, outputs, field, tensor) in [
        (ModelKind::CodeAnalysis, &["image: f32[b, 3, 224, 224, 1]"][..], &["y: f32[b, 7]"][..], "inputs", "image"),
        (ModelKind::CodeAnalysis, &["mask: f32[b, l]"], &["y: f32[b, 7]"], "inputs", "mask"),
        (ModelKind::CodeAnalysis, &[ids], &["y: i64[b]"], "outputs", "y"),
        (ModelKind::CodeCompletion, &[ids], &["y: f32[b]"], "outputs", "y"),
        (ModelKind::SemanticSearch, &[ids], &["y: i64[b, 384]"], "outputs", "y"),
        (ModelKind::Learning, &["x: string[b]"], &["y: f32[b]"], "inputs", "x"),
    ] {
        let error = kind.check(&signature(inputs, outputs), None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{kind}");
        assert_eq!((error.get("field"), error.get("tensor")), (Some(field), Some(tensor)), "{kind}");
        assert!(error.get("value").unwrap().contains(tensor));
        assert!(error.get("allowed").unwrap().contains("rank"), "{error}");
        assert_eq!(error.get("model_type"), Some(kind.name()));
    }
    let error = ModelKind::Search.check(&signature(&[], &["y: f32[b]"]), None).unwrap_err();
    assert_eq!((error.get("field"), error.get("value")), (Some("inputs"), Some("nothing")));
}

#[test]
fn labels_count_as_the_answer_does() {
    let fixed = signature(&["ids: i64[b, l]"], &["y: f32[b, 3]"]);
    let kind = ModelKind::CodeAnalysis;
    kind.check(&fixed, Some(&labels(3))).unwrap();
    let error = kind.check(&fixed, Some(&labels(4))).unwrap_err();
    assert_eq!((error.get("field"), error.get("tensor")), (Some("labels"), Some("y")));
    assert_eq!((error.get("value"), error.get("allowed")), (Some("4 labels"), Some("3 labels")));
    let open = signature(&["ids: i64[b, l]"], &["y: f32[b, n]"]);
    kind.check(&open, Some(&labels(4))).unwrap();
    assert!(kind.check(&open, Some(&[])).is_err());
    assert!(kind.check(&open, Some(&["a".to_owned(), "a".to_owned()])).is_err());
    assert!(kind.check(&open, Some(&[String::new()])).is_err());
    let two = signature(&["ids: i64[b, l]"], &["hidden: f32[b, 16]", "y: f32[b, 3]"]);
    kind.check(&two, Some(&labels(3))).unwrap();
    assert!(kind.check(&two, Some(&labels(4))).is_err());
    let vectors = signature(&["ids: i64[b, l]"], &["y: f32[b, 3]"]);
    assert!(ModelKind::SemanticSearch.check(&vectors, Some(&labels(3))).is_err());
}

#[test]
fn guardrails_hold_on_their_side() {
    let most = Guardrail {
        metric: "latency_p95".into(),
        comparison: Comparison::AtMost,
        threshold: 1.25,
        basis: Basis::Relative,
    };
    assert!(most.holds(12.5, 10.0) && !most.holds(12.6, 10.0) && !most.holds(f64::NAN, 10.0));
    let least = Guardrail { comparison: Comparison::AtLeast, threshold: 0.9, basis: Basis::Absolute, ..most };
    assert!(least.holds(0.9, 0.0) && !least.holds(0.89, 0.0));
    let json = serde_json::to_string(&least).unwrap();
    assert_eq!(serde_json::from_str::<Guardrail>(&json).unwrap(), least);
}
