//! Texts in, ids and embeddings out: against Hugging Face's `tokenizers` and ONNX Runtime, recorded by
//! `tools/models/record_pipelines.py`.

#![cfg(feature = "step-tokenizer")]

use std::path::PathBuf;

use noodle_deploy_core::engine::pipeline::PipelineRuntime;
use noodle_deploy_core::engine::{Cancel, LoadOptions, Outputs, Runtime};
use noodle_deploy_core::error::Result;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput};
use noodle_deploy_core::tensor::Tensor;
use serde_json::{Value, json};

use crate::world::World;

fn recorded() -> Value {
    serde_json::from_str(include_str!("recorded/sentences.json")).unwrap()
}

/// The tokenizer of BERT without case around a vocabulary, as `tokenizer.json` has it.
fn tokenizer(vocabulary: &[&str]) -> Value {
    let ids: serde_json::Map<String, Value> =
        vocabulary.iter().enumerate().map(|(i, token)| ((*token).to_owned(), i.into())).collect();
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].iter().filter(|token| ids.contains_key(**token));
    let added: Vec<Value> = special
        .clone()
        .map(|token| {
            json!({"id": ids[*token], "content": token, "single_word": false, "lstrip": false, "rstrip": false,
                   "normalized": false, "special": true})
        })
        .collect();
    let piece = |token: &str, kind: u32| json!({"SpecialToken": {"id": token, "type_id": kind}});
    let text = |name: &str, kind: u32| json!({"Sequence": {"id": name, "type_id": kind}});
    let known = |token: &str| json!({"id": token, "ids": [ids[token]], "tokens": [token]});
    json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": added,
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                       "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [piece("[CLS]", 0), text("A", 0), piece("[SEP]", 0)],
            "pair": [piece("[CLS]", 0), text("A", 0), piece("[SEP]", 0), text("B", 1), piece("[SEP]", 1)],
            "special_tokens": {"[CLS]": known("[CLS]"), "[SEP]": known("[SEP]")},
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": ids},
    })
}

const SMALL: [&str; 9] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "cat", "s", "##at", "##s"];

fn texts(texts: &[&str]) -> Tensor {
    Tensor::strings(&[texts.len()], texts.iter().map(|text| (*text).to_owned()).collect()).unwrap()
}

/// Token ids, mask and types of texts.
fn tokens(config: Value, inputs: &[(&str, Tensor)]) -> Result<Outputs> {
    let specs: Vec<Value> =
        inputs.iter().map(|(name, _)| json!({"name": name, "dtype": "string", "shape": ["n"]})).collect();
    let wires: serde_json::Map<String, Value> =
        inputs.iter().map(|(name, _)| ((*name).to_owned(), format!("inputs.{name}").into())).collect();
    let output = |name: &str| json!({"name": name, "from": format!("t.{name}")});
    let document = json!({
        "pipeline": 1,
        "inputs": specs,
        "nodes": [{"name": "t", "step": "tokenizer", "config": config, "inputs": wires}],
        "outputs": [output("ids"), output("mask"), output("type_ids")],
    });
    let loaded = PipelineRuntime::default().load(document.to_string().as_bytes(), &LoadOptions::default())?;
    let views: Vec<_> = inputs.iter().map(|(_, tensor)| tensor.view()).collect();
    let mut outputs = Outputs::new();
    loaded.spawn()?.run(&views, &mut outputs, &Cancel::NEVER)?;
    Ok(outputs)
}

fn ints(tensor: &Tensor) -> &[i64] {
    tensor.as_slice().unwrap()
}

#[test]
fn texts_become_ids_that_are_cut_and_padded() {
    let config = |more: Value| {
        let mut config = json!({"tokenizer": tokenizer(&SMALL), "max_length": 6});
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        config
    };
    let input = [("text", texts(&["The cat", "the cats sat on the cat", ""]))];
    let found = tokens(config(json!({})), &input).unwrap();
    assert_eq!(found[0].shape(), [3, 6]);
    assert_eq!(ints(&found[0]), [2, 4, 5, 3, 0, 0, 2, 4, 5, 8, 6, 3, 2, 3, 0, 0, 0, 0]);
    assert_eq!(ints(&found[1]), [1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
    assert_eq!(ints(&found[2]), [0; 18]);
    // To the longest text of the request, or to a length that a model fixes.
    let short = [("text", texts(&["The cat"]))];
    assert_eq!(tokens(config(json!({})), &short).unwrap()[0].shape(), [1, 4]);
    assert_eq!(tokens(config(json!({"pad": "max_length"})), &short).unwrap()[0].shape(), [1, 6]);
    assert_eq!(tokens(config(json!({})), &[("text", texts(&[]))]).unwrap()[0].shape(), [0, 0]);
    // A second text has types of its own.
    let pair = [("pair", texts(&["cats"])), ("text", texts(&["the"]))];
    let found = tokens(config(json!({})), &pair).unwrap();
    assert_eq!(ints(&found[0]), [2, 4, 3, 5, 8, 3]);
    assert_eq!(ints(&found[2]), [0, 0, 0, 1, 1, 1]);
}

#[test]
fn a_tokenizer_that_is_none_is_refused_when_the_pipeline_is_read() {
    let input = [("text", texts(&["a"]))];
    let missing = {
        let mut tokenizer = tokenizer(&SMALL);
        tokenizer.as_object_mut().unwrap().remove("model");
        tokenizer
    };
    for (config, field) in [
        (json!({}), "nodes/0/config/tokenizer"),
        (json!({"tokenizer": 7, "max_length": 8}), "nodes/0/config/tokenizer"),
        (json!({"tokenizer": {}, "max_length": 8}), "nodes/0/config/tokenizer"),
        (json!({"tokenizer": missing, "max_length": 8}), "nodes/0/config/tokenizer"),
        (json!({"tokenizer": tokenizer(&SMALL)}), "nodes/0/config/max_length"),
        (json!({"tokenizer": tokenizer(&SMALL), "max_length": 0}), "nodes/0/config/max_length"),
        (json!({"tokenizer": tokenizer(&SMALL), "max_length": 2}), "nodes/0/config/max_length"),
        (json!({"tokenizer": tokenizer(&SMALL), "max_length": 9, "pad": "left"}), "nodes/0/config/pad"),
    ] {
        let error = tokens(config, &input).unwrap_err();
        assert_eq!(error.get("field"), Some(field), "{error:?}");
        assert!(error.get("allowed").is_some() && error.get("value").is_some(), "{error:?}");
    }
}

/// MiniLM and its vocabulary, where they were fetched.
fn minilm() -> Option<(Vec<u8>, String)> {
    let dir = std::env::var_os("NOODLE_MODELS_DIR").map(PathBuf::from);
    let read = |dir: &PathBuf| {
        let vocabulary = std::fs::read_to_string(dir.join("minilm-vocab.txt")).ok()?;
        Some((std::fs::read(dir.join("minilm.onnx")).ok()?, vocabulary))
    };
    let found = dir.as_ref().and_then(read);
    if found.is_none() {
        assert!(
            std::env::var("NOODLE_FORBID_SKIPS").as_deref() != Ok("1"),
            "MiniLM is not there and skips are forbidden"
        );
        println!("skipped: MiniLM is not there; fetch it with cargo xtask models --minilm");
    }
    found
}

#[test]
fn ids_of_minilm_are_those_of_hugging_face() {
    let Some((_, vocabulary)) = minilm() else { return };
    let vocabulary: Vec<&str> = vocabulary.lines().collect();
    let recorded = recorded();
    let sentences: Vec<&str> =
        recorded["texts"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    let config = json!({"tokenizer": tokenizer(&vocabulary), "max_length": 256});
    let found = tokens(config.clone(), &[("text", texts(&sentences))]).unwrap();
    let length = found[0].shape()[1];
    for (row, wanted) in recorded["ids"].as_array().unwrap().iter().enumerate() {
        let wanted: Vec<i64> = serde_json::from_value(wanted.clone()).unwrap();
        assert_eq!(ints(&found[0])[row * length..][..wanted.len()], wanted, "{}", sentences[row]);
        let kept: i64 = ints(&found[1])[row * length..][..length].iter().sum();
        assert_eq!(kept as usize, wanted.len());
    }
    let pairs = [("pair", texts(&["He eats bread.", "two three"])), ("text", texts(&["A man is eating.", "One"]))];
    let found = tokens(config, &pairs).unwrap();
    for (output, key) in found.iter().zip(["ids", "mask", "type_ids"]) {
        let wanted: Vec<i64> = recorded["pairs"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|pair| serde_json::from_value::<Vec<i64>>(pair[key].clone()).unwrap())
            .collect();
        assert_eq!(ints(output), wanted, "{key}");
    }
}

#[test]
fn sentence_embeddings_are_those_of_onnxruntime() {
    let Some((model, vocabulary)) = minilm() else { return };
    let vocabulary: Vec<&str> = vocabulary.lines().collect();
    let world = World::new();
    world.register("minilm", "1.0.0", &model).unwrap();
    let document = json!({
        "pipeline": 1,
        "inputs": [{"name": "text", "dtype": "string", "shape": ["batch"]}],
        "nodes": [
            {"name": "tokens", "step": "tokenizer", "config": {"tokenizer": tokenizer(&vocabulary), "max_length": 256},
             "inputs": {"text": "inputs.text"}},
            {"name": "encoder", "model": "minilm", "version": "1.0.0",
             "inputs": {"input_ids": "tokens.ids", "attention_mask": "tokens.mask", "token_type_ids": "tokens.type_ids"}},
            {"name": "sentence", "step": "pool", "config": {"kind": "mean"},
             "inputs": {"hidden": "encoder.last_hidden_state", "mask": "tokens.mask"}},
            {"name": "unit", "step": "normalize", "inputs": {"input": "sentence.output"}},
        ],
        "outputs": [{"name": "embedding", "from": "unit.output"}],
    });
    let record = world.register_pipeline(&document).unwrap();
    assert_eq!(record.signature.outputs[0].to_string(), "embedding: f32[batch, 384]");
    let recorded = recorded();
    let sentences: Vec<&str> =
        recorded["texts"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    for engine in ["tract", "rten"] {
        if engine == "rten" && cfg!(not(feature = "engine-rten")) {
            continue;
        }
        let engine = Some(engine.to_owned());
        world.noodle.call::<Deploy>(DeployInput { engine, ..DeployInput::new("whole", "1.0.0") }).unwrap();
        let input = texts(&sentences);
        let answer = world.noodle.predict("whole", &[("text", input.view())]).unwrap();
        let found = answer.output("embedding").unwrap();
        assert_eq!(found.shape(), [sentences.len(), 384]);
        let rows: Vec<&[f32]> = found.as_slice::<f32>().unwrap().chunks_exact(384).collect();
        let mut worst = 0.0f64;
        for (row, wanted) in rows.iter().zip(recorded["embeddings"].as_array().unwrap()) {
            for (found, wanted) in row.iter().step_by(6).zip(wanted.as_array().unwrap()) {
                worst = worst.max((f64::from(*found) - wanted.as_f64().unwrap()).abs());
            }
        }
        for (i, wanted) in recorded["cosines"].as_array().unwrap().iter().enumerate() {
            for (j, wanted) in wanted.as_array().unwrap().iter().enumerate() {
                let cosine: f32 = rows[i].iter().zip(rows[j]).map(|(a, b)| a * b).sum();
                worst = worst.max((f64::from(cosine) - wanted.as_f64().unwrap()).abs());
            }
        }
        println!("largest difference {worst:.2e}");
        assert!(worst < 1e-5, "{worst}");
        // Alone, without padding, a sentence is the same.
        let alone = world.noodle.predict("whole", &[("text", texts(&sentences[2..3]).view())]).unwrap();
        let alone = alone.output("embedding").unwrap().as_slice::<f32>().unwrap().to_vec();
        assert!(alone.iter().zip(rows[2]).all(|(a, b)| (a - b).abs() < 1e-5));
    }
}
