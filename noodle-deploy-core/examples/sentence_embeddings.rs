//! Embeds sentences from text with MiniLM: tokenizer, encoder, pooling and normalisation as one version, in one process.
//!
//! `cargo run --features step-tokenizer --example sentence_embeddings [MODELS]`; MODELS holds `minilm.onnx` and
//! `minilm-vocab.txt`, as `cargo xtask models --minilm` fetches them.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::path::{Path, PathBuf};

use noodle_deploy_core::ops::deployments::{Deploy, DeployInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{Error, Noodle, Result, Tensor};
use serde_json::{Map, Value, json};

const SENTENCES: [&str; 6] = [
    "A man is eating food.",
    "A man is eating a piece of bread.",
    "The girl is carrying a baby.",
    "Two men pushed carts through the woods.",
    "How do I reset my account password?",
    "Steps to recover a forgotten login.",
];

fn main() -> Result<()> {
    let Some(models) = models() else {
        println!("MiniLM is not there: fetch it with `cargo xtask models --minilm`, or name its folder");
        return Ok(());
    };
    let dir = std::env::temp_dir().join(format!("noodle-sentences-{}", std::process::id()));
    let noodle = Noodle::open(&dir)?;

    register(&noodle, "minilm", &models.join("minilm.onnx"))?;
    let vocabulary = std::fs::read_to_string(models.join("minilm-vocab.txt"))?;
    let document = dir.join("sentences.json");
    std::fs::write(&document, pipeline(&vocabulary).to_string())?;
    register(&noodle, "sentences", &document)?;
    noodle.call::<Deploy>(DeployInput::new("sentences", "1.0.0"))?;

    let texts = Tensor::strings(&[SENTENCES.len()], SENTENCES.map(str::to_owned).to_vec())?;
    let answer = noodle.predict("sentences", &[("text", texts.view())])?;
    let embedding = answer.output("embedding")?;
    let width = embedding.shape()[1];
    let rows: Vec<&[f32]> = embedding.as_slice::<f32>()?.chunks_exact(width).collect();
    println!("{} sentences, {width} numbers each; cosines:", rows.len());
    for (sentence, row) in SENTENCES.iter().zip(&rows) {
        let cosines: Vec<String> = rows.iter().map(|other| format!("{:6.3}", cosine(row, other))).collect();
        println!("{}  {sentence}", cosines.join(" "));
    }
    // What means the same is near, whatever its words.
    if cosine(rows[4], rows[5]) < cosine(rows[4], rows[0]) + 0.3 {
        return Err(Error::invalid("embedding", "unrelated sentences are near", "the numbers of MiniLM"));
    }
    noodle.close();
    std::fs::remove_dir_all(dir)?;
    Ok(())
}

/// The folder that is named, or where `cargo xtask models` puts it.
fn models() -> Option<PathBuf> {
    let named = std::env::args_os().nth(1).or_else(|| std::env::var_os("NOODLE_MODELS_DIR")).map(PathBuf::from);
    let fetched = || std::env::home_dir().map(|home| home.join(".cache/noodle-deploy/models"));
    named.or_else(fetched).filter(|dir| dir.join("minilm.onnx").is_file())
}

fn register(noodle: &Noodle, model: &str, path: &Path) -> Result<()> {
    noodle.call::<RegisterVersion>(RegisterVersionInput {
        model: model.into(),
        path: path.display().to_string(),
        version: Some("1.0.0".into()),
        ..RegisterVersionInput::default()
    })?;
    Ok(())
}

/// Texts to unit vectors. The vectors' dot products are cosines.
fn pipeline(vocabulary: &str) -> Value {
    json!({
        "pipeline": 1,
        "inputs": [{"name": "text", "dtype": "string", "shape": ["batch"]}],
        "nodes": [
            {"name": "tokens", "step": "tokenizer", "inputs": {"text": "inputs.text"},
             "config": {"tokenizer": tokenizer(vocabulary), "max_length": 256}},
            {"name": "encoder", "model": "minilm", "version": "1.0.0",
             "inputs": {"input_ids": "tokens.ids", "attention_mask": "tokens.mask", "token_type_ids": "tokens.type_ids"}},
            {"name": "sentence", "step": "pool", "config": {"kind": "mean"},
             "inputs": {"hidden": "encoder.last_hidden_state", "mask": "tokens.mask"}},
            {"name": "unit", "step": "normalize", "inputs": {"input": "sentence.output"}},
        ],
        "outputs": [{"name": "embedding", "from": "unit.output"}],
    })
}

/// What the `tokenizer.json` of MiniLM holds, from its vocabulary. A model that comes with the file needs none of this.
fn tokenizer(vocabulary: &str) -> Value {
    let ids: Map<String, Value> =
        vocabulary.lines().zip(0..).map(|(token, id)| (token.to_owned(), id.into())).collect();
    let special = |token: &str| {
        json!({"id": ids[token], "content": token, "single_word": false, "lstrip": false, "rstrip": false,
               "normalized": false, "special": true})
    };
    let added = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map(special);
    let around = |token: &str| json!({"SpecialToken": {"id": token, "type_id": 0}});
    let known = |token: &str| json!({"id": token, "ids": [ids[token]], "tokens": [token]});
    json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": added,
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                       "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [around("[CLS]"), {"Sequence": {"id": "A", "type_id": 0}}, around("[SEP]")],
            "pair": [around("[CLS]"), {"Sequence": {"id": "A", "type_id": 0}}, around("[SEP]"),
                     {"Sequence": {"id": "B", "type_id": 1}}, {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
            "special_tokens": {"[CLS]": known("[CLS]"), "[SEP]": known("[SEP]")},
        },
        "decoder": null,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": ids},
    })
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
