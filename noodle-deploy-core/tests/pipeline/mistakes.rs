//! What is wrong with a pipeline shows when it is registered, by field, value and what is allowed.

use noodle_deploy_core::ErrorKind;
use serde_json::{Value, json};

use crate::world::{cascade, ensemble, with_models};

/// Puts a value into a document: a JSON pointer and what stands there then; null takes it away.
fn changed(document: Value, changes: &[(&str, Value)]) -> Value {
    let mut document = document;
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap() {
            Value::Object(fields) if value.is_null() => drop(fields.remove(key).unwrap()),
            Value::Object(fields) => drop(fields.insert(key.to_owned(), value.clone())),
            Value::Array(list) if value.is_null() => drop(list.remove(key.parse().unwrap())),
            Value::Array(list) if key == "-" => list.push(value.clone()),
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value.clone(),
            other => panic!("{other} has no parts"),
        }
    }
    document
}

#[test]
fn every_mistake_names_field_value_and_what_is_allowed() {
    let world = with_models();
    world.register("named", "1.0.0", ensemble().to_string().as_bytes()).unwrap();
    let same = |from: &str| json!({"name": "more", "step": "counted", "inputs": {"x": from}});
    // Nodes of the ensemble: 0 best, 1 sure, 2 both, 3 a, 4 b. Of the cascade: 0 small, 1 guess, 2 asked, 3 large,
    // 4 second, 5 best.
    let cases: Vec<(Value, &str, &str, &str)> = vec![
        // Form.
        (changed(ensemble(), &[("/pipeline", json!(2))]), "pipeline", "2", "1"),
        (changed(ensemble(), &[("/nodes", Value::Null)]), "nodes", "nothing", "a value"),
        (changed(ensemble(), &[("/nodes", json!([]))]), "nodes", "0", "1 to 256"),
        (changed(ensemble(), &[("/outputs", json!([]))]), "outputs", "0", "1 to 64"),
        (changed(ensemble(), &[("/extra", json!(1))]), "extra", "1", "pipeline, inputs, nodes, outputs"),
        (
            changed(ensemble(), &[("/nodes/0/name", json!("in.valid"))]),
            "nodes/0/name",
            "\"in.valid\"",
            "1 to 64 letters",
        ),
        (changed(ensemble(), &[("/nodes/0/name", json!("inputs"))]), "nodes/0/name", "\"inputs\"", "and not inputs"),
        (
            changed(ensemble(), &[("/nodes/3/version", Value::Null)]),
            "nodes/3/version",
            "nothing",
            "the number of a version",
        ),
        (changed(ensemble(), &[("/nodes/3/version", json!("latest"))]), "nodes/3/version", "latest", "as in 1.4.0"),
        (changed(ensemble(), &[("/nodes/3/model", Value::Null)]), "nodes/3", "nothing", "either model or step"),
        (changed(ensemble(), &[("/nodes/3/step", json!("mean"))]), "nodes/3", "model and step", "either model or step"),
        (changed(ensemble(), &[("/nodes/3/config", json!({"k": 1}))]), "nodes/3/config", "an object", "nothing"),
        (changed(ensemble(), &[("/nodes/1/version", json!("1.0.0"))]), "nodes/1/version", "1.0.0", "nothing"),
        (changed(ensemble(), &[("/nodes/1/inputs/input", json!(7))]), "nodes/1/inputs/input", "7", "a reference"),
        (
            changed(ensemble(), &[("/outputs/0/from", json!({"first_of": []}))]),
            "outputs/0/from",
            "{\"first_of\":[]}",
            "a reference",
        ),
        (
            changed(cascade(), &[("/nodes/2/when/below", Value::Null)]),
            "nodes/2/when",
            "nothing",
            "either below or at_least",
        ),
        (
            changed(cascade(), &[("/nodes/2/when/at_least", json!(1))]),
            "nodes/2/when",
            "below 0.75 and at_least 1",
            "either below or at_least",
        ),
        // Names.
        (changed(ensemble(), &[("/nodes/4/name", json!("a"))]), "nodes/4/name", "a", "a name that no other one has"),
        (
            changed(ensemble(), &[("/outputs/1/name", json!("label"))]),
            "outputs/1/name",
            "label",
            "a name that no other one has",
        ),
        (
            changed(ensemble(), &[("/inputs/-", json!({"name": "x", "dtype": "f32", "shape": []}))]),
            "inputs/1/name",
            "x",
            "a name that no other one has",
        ),
        (
            changed(ensemble(), &[("/nodes/1/inputs/input", json!("bth.output"))]),
            "nodes/1/inputs/input",
            "bth.output",
            "inputs, best, sure, both, a, b",
        ),
        (
            changed(ensemble(), &[("/nodes/1/inputs/input", json!("both.y"))]),
            "nodes/1/inputs/input",
            "both.y",
            "both.output",
        ),
        (
            changed(ensemble(), &[("/nodes/1/inputs/input", json!("both"))]),
            "nodes/1/inputs/input",
            "both",
            "both.output",
        ),
        (changed(ensemble(), &[("/nodes/3/inputs/x", json!("inputs.z"))]), "nodes/3/inputs/x", "inputs.z", "inputs.x"),
        (
            changed(ensemble(), &[("/outputs/0/from", json!("best.names"))]),
            "outputs/0/from",
            "best.names",
            "best.scores, best.indices, best.labels",
        ),
        (changed(ensemble(), &[("/nodes/1/step", json!("sofmax"))]), "nodes/1/step", "sofmax", "softmax"),
        (
            changed(cascade(), &[("/nodes/2/when/confidence", json!("guess.y"))]),
            "nodes/2/when/confidence",
            "guess.y",
            "guess.output",
        ),
        // Missing, too many, not used.
        (
            changed(ensemble(), &[("/nodes/3/inputs/x", Value::Null)]),
            "nodes/3/inputs/x",
            "nothing",
            "a wire to f32[batch, 4]",
        ),
        (
            changed(ensemble(), &[("/nodes/1/inputs", json!({}))]),
            "nodes/1/inputs/input",
            "nothing",
            "a wire; inputs: input",
        ),
        (changed(ensemble(), &[("/nodes/3/inputs/z", json!("inputs.x"))]), "nodes/3/inputs", "z", "x"),
        (changed(ensemble(), &[("/nodes/1/inputs/z", json!("inputs.x"))]), "nodes/1/inputs/z", "a wire", "input"),
        (
            changed(ensemble(), &[("/nodes/-", same("inputs.x"))]),
            "nodes/5/name",
            "more",
            "nodes that an output comes from",
        ),
        (
            changed(ensemble(), &[("/inputs/-", json!({"name": "z", "dtype": "f32", "shape": []}))]),
            "inputs/1/name",
            "z",
            "inputs that an output comes from",
        ),
        // Cycles.
        (
            changed(ensemble(), &[("/nodes/3/inputs/x", json!("best.scores"))]),
            "nodes",
            "best reads sure reads both reads a reads best",
            "a graph without a cycle",
        ),
        (
            changed(ensemble(), &[("/nodes/1/inputs/input", json!("sure.output"))]),
            "nodes",
            "sure reads sure",
            "a graph without a cycle",
        ),
        (
            changed(cascade(), &[("/nodes/0/when", json!({"confidence": "best.scores", "below": 1}))]),
            "nodes",
            "small reads best reads",
            "a graph without a cycle",
        ),
        // Tensors.
        (
            changed(ensemble(), &[("/inputs/0/dtype", json!("f64"))]),
            "nodes/3/inputs/x",
            "f64[batch, 4]",
            "f32[batch, 4]",
        ),
        (changed(ensemble(), &[("/inputs/0/shape", json!(["4"]))]), "nodes/3/inputs/x", "f32[4]", "f32[batch, 4]"),
        (
            changed(ensemble(), &[("/inputs/0/shape", json!(["batch", "5"]))]),
            "nodes/3/inputs/x",
            "f32[batch, 5]",
            "f32[batch, 4]",
        ),
        (
            changed(ensemble(), &[("/inputs/0/shape", json!(["batch", "any"]))]),
            "nodes/3/inputs/x",
            "f32[batch, any]",
            "f32[batch, 4]",
        ),
        (
            changed(ensemble(), &[("/inputs/0/shape", json!(["?", "?"]))]),
            "nodes/3/inputs/x",
            "f32[?, ?]",
            "f32[batch, 4]",
        ),
        (
            changed(ensemble(), &[("/nodes/2/inputs/b", json!("inputs.x"))]),
            "nodes/2/inputs/b",
            "f32[batch, 4]",
            "f32[batch, 2]",
        ),
        (
            changed(
                ensemble(),
                &[("/nodes/1/inputs/input", json!("best.labels")), ("/nodes/0/inputs/scores", json!("both.output"))],
            ),
            "nodes/1/inputs/input",
            "string[batch, 1]",
            "f32 of rank 1 or more",
        ),
        (
            changed(ensemble(), &[("/nodes/0/config/labels", json!(["up"]))]),
            "nodes/0/config/labels",
            "1 labels",
            "2 labels",
        ),
        (changed(ensemble(), &[("/nodes/0/config/k", json!(3))]), "nodes/0/config/k", "3", "1 to 2"),
        (changed(ensemble(), &[("/nodes/1/config", json!({"axes": 1}))]), "nodes/1/config/axes", "1", "axis"),
        (
            changed(cascade(), &[("/nodes/2/when/confidence", json!("inputs.x")), ("/inputs/0/dtype", json!("f32"))]),
            "",
            "",
            "",
        ),
        // What may not be there.
        (
            changed(cascade(), &[("/outputs/0/from", json!("second.output"))]),
            "outputs/0/from",
            "second.output",
            "a tensor that is always there",
        ),
        (
            changed(cascade(), &[("/outputs/0/from", json!({"first_of": ["guess.output", "second.output"]}))]),
            "outputs/0/from/first_of/1",
            "second.output",
            "nothing: an earlier one is always there",
        ),
        (
            changed(cascade(), &[("/outputs/0/from", json!({"first_of": ["second.output", "inputs.x"]}))]),
            "outputs/0/from/first_of/1",
            "f32[batch, 4]",
            "f32[batch, 2]",
        ),
    ];
    for (i, (document, field, value, allowed)) in cases.iter().enumerate() {
        let name = format!("p{i}");
        let result = world.register(&name, "1.0.0", document.to_string().as_bytes());
        if field.is_empty() {
            result.unwrap();
            continue;
        }
        let error = result.expect_err(&format!("case {i}: {document}"));
        assert!(matches!(error.kind(), ErrorKind::InvalidArgument | ErrorKind::Unsupported), "case {i}: {error:?}");
        assert_eq!(error.get("field"), Some(*field), "case {i}: {error:?}");
        let has = |key: &str, part: &str| error.get(key).is_some_and(|text| text.contains(part));
        assert!(has("value", value), "case {i}: {error:?}");
        assert!(has("allowed", allowed), "case {i}: {error:?}");
        assert!(error.get("path").is_some(), "case {i}: {error:?}");
        // Nothing of it is there.
        assert_eq!(world.noodle.versioning().get(&name, "1.0.0").unwrap_err().kind(), ErrorKind::NotFound);
    }
}

#[test]
fn what_a_pipeline_refers_to_must_be_there_and_be_a_model() {
    let world = with_models();
    let version = changed(ensemble(), &[("/nodes/3/version", json!("2.0.0"))]);
    let error = world.register_pipeline(&version).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::NotFound, Some("nodes/3/version")));
    assert_eq!((error.get("value"), error.get("allowed")), (Some("2.0.0"), Some("1.0.0")));
    let model = changed(ensemble(), &[("/nodes/3/model", json!("nobody"))]);
    let error = world.register_pipeline(&model).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::NotFound, Some("nodes/3/model")));
    assert_eq!((error.get("value"), error.get("allowed")), (Some("nobody"), Some("left, right")));
    world.register_pipeline(&ensemble()).unwrap();
    let nested = changed(ensemble(), &[("/nodes/3/model", json!("whole"))]);
    let error = world.register("nested", "1.0.0", nested.to_string().as_bytes()).unwrap_err();
    assert_eq!((error.kind(), error.get("value")), (ErrorKind::Unsupported, Some("whole 1.0.0")));
}

#[test]
fn what_is_no_document_is_refused_and_not_taken_for_onnx() {
    let world = with_models();
    for (bytes, kind) in [
        (&b"{"[..], ErrorKind::InvalidArgument),
        (b"  {} ", ErrorKind::InvalidArgument),
        (b"{\"pipeline\": 1}", ErrorKind::InvalidArgument),
        (b"[]", ErrorKind::InvalidModel),
        (b"", ErrorKind::InvalidModel),
    ] {
        assert_eq!(world.register("p", "1.0.0", bytes).unwrap_err().kind(), kind, "{bytes:?}");
    }
    let deep = format!("{{\"nodes\": {}", "[".repeat(100_000));
    assert_eq!(world.register("p", "1.0.0", deep.as_bytes()).unwrap_err().kind(), ErrorKind::InvalidArgument);
    let large = format!("{{\"nodes\": \"{}\"}}", "x".repeat(33 << 20));
    assert_eq!(world.register("p", "1.0.0", large.as_bytes()).unwrap_err().kind(), ErrorKind::TooLarge);
}
