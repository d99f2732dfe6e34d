//! `tokenizer`: texts become ids, with the `tokenizers` crate and its `tokenizer.json`.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};
use tokenizers::{PostProcessor, Tokenizer, TruncationDirection, TruncationParams, TruncationStrategy};

use super::{ReadyStep, Step, Wired, check_form, check_rank, check_same, misfit, output, push, read};
use crate::engine::guard::guarded;
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::{Dim, TensorSpec};
use crate::settings::shorten;
use crate::tensor::{DType, Data, TensorView};

/// Tokens of one text at most.
const MAX_LENGTH: usize = 1 << 20;

pub(super) struct TokenizerStep;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    /// Longer texts are cut to so many tokens.
    max_length: Option<usize>,
    #[serde(default)]
    pad: Pad,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Default)]
#[serde(rename_all = "snake_case")]
enum Pad {
    /// To the longest text of the request.
    #[default]
    Longest,
    /// To `max_length`.
    MaxLength,
}

struct Ready {
    tokenizer: Tokenizer,
    text: usize,
    pair: Option<usize>,
    max_length: usize,
    pad: Pad,
    pad_id: i64,
    pad_type_id: i64,
    outputs: [TensorSpec; 3],
}

/// What the crate says, as a source.
fn refused(error: tokenizers::Error) -> Error {
    Error::invalid("config/tokenizer", shorten(&error.to_string()), "the content of a tokenizer.json")
}

impl Step for TokenizerStep {
    fn name(&self) -> &str {
        "tokenizer"
    }

    fn version(&self) -> &str {
        "0.23.2"
    }

    fn prepare(&self, config: &Map<String, Value>, inputs: &[TensorSpec]) -> Result<Arc<dyn ReadyStep>> {
        // What a `tokenizer.json` holds is read where it is: it may take a hundred megabytes.
        let others = config.iter().filter(|(key, _)| *key != "tokenizer");
        let Config { max_length, pad } = read(&others.map(|(key, value)| (key.clone(), value.clone())).collect())?;
        let tokenizer = config
            .get("tokenizer")
            .ok_or_else(|| Error::invalid("config/tokenizer", "nothing", "the content of a tokenizer.json"))?;
        let wired = Wired::new(inputs, &["text", "pair"])?;
        let (text, spec) = wired.required("text")?;
        check_form(spec, &[DType::String], 1..=1)?;
        let pair = wired.optional("pair");
        if let Some((_, pair)) = pair {
            check_form(pair, &[DType::String], 1..=1)?;
            check_same(pair, &pair.shape[0], &spec.shape[0])?;
        }
        let mut tokenizer = guarded(ErrorKind::InvalidArgument, || {
            Tokenizer::deserialize(tokenizer).map_err(|e| refused(Box::new(e)))
        })?;
        let max_length = match max_length.or_else(|| tokenizer.get_truncation().map(|cut| cut.max_length)) {
            Some(length) if (1..=MAX_LENGTH).contains(&length) => length,
            found => {
                let found = found.map_or("nothing".to_owned(), |length| length.to_string());
                let allowed = format!("1 to {MAX_LENGTH}; required where tokenizer.json does not truncate");
                return Err(Error::invalid("config/max_length", found, allowed));
            }
        };
        let said = tokenizer.get_truncation().cloned();
        let truncation = TruncationParams {
            max_length,
            strategy: said.as_ref().map_or(TruncationStrategy::LongestFirst, |cut| cut.strategy),
            direction: said.as_ref().map_or(TruncationDirection::Right, |cut| cut.direction),
            stride: 0,
        };
        let added = tokenizer.get_post_processor().map_or(0, |processor| processor.added_tokens(pair.is_some()));
        if max_length <= added {
            let allowed = format!("more than the {added} tokens that the tokenizer adds");
            return Err(Error::invalid("config/max_length", max_length, allowed));
        }
        tokenizer.with_truncation(Some(truncation)).map_err(refused)?;
        let padding = tokenizer.get_padding().map(|pad| (pad.pad_id, pad.pad_type_id));
        let known = || ["[PAD]", "<pad>", "<|endoftext|>"].iter().find_map(|token| tokenizer.token_to_id(token));
        let (pad_id, pad_type_id) = padding.unwrap_or_else(|| (known().unwrap_or(0), 0));
        // Padded here: the crate pads in a pool of threads.
        tokenizer.with_padding(None);
        let length = match pad {
            Pad::Longest => Dim::Symbol("length".to_owned()),
            Pad::MaxLength => Dim::Fixed(max_length),
        };
        let shape = vec![spec.shape[0].clone(), length];
        Ok(Arc::new(Ready {
            tokenizer,
            text,
            pair: pair.map(|(position, _)| position),
            max_length,
            pad,
            pad_id: pad_id.into(),
            pad_type_id: pad_type_id.into(),
            outputs: ["ids", "mask", "type_ids"].map(|name| output(name, DType::I64, shape.clone())),
        }))
    }
}

fn texts<'a>(view: &TensorView<'a>) -> Result<&'a [String]> {
    check_rank("text", view, 1)?;
    match view.data() {
        Data::Strings(texts) => Ok(texts),
        Data::Bytes(_) => Err(Error::invalid("dtype", view.dtype(), DType::String)),
    }
}

impl ReadyStep for Ready {
    fn outputs(&self) -> &[TensorSpec] {
        &self.outputs
    }

    fn run(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()> {
        let first = texts(&inputs[self.text])?;
        let second = self.pair.map(|pair| texts(&inputs[pair])).transpose()?;
        if let Some(second) = second.filter(|second| second.len() != first.len()) {
            return Err(misfit("pair", &[second.len()], format!("[{}], as text", first.len())));
        }
        let mut encodings = Vec::with_capacity(first.len());
        for (row, text) in first.iter().enumerate() {
            cancel.check()?;
            let encoded = match second {
                Some(second) => self.tokenizer.encode_fast((text.as_str(), second[row].as_str()), true),
                None => self.tokenizer.encode_fast(text.as_str(), true),
            };
            let failed = |e| Error::new(ErrorKind::EngineFailed, "the tokenizer failed").with("row", row).source(e);
            encodings.push(encoded.map_err(failed)?);
        }
        let longest = encodings.iter().map(|encoding| encoding.get_ids().len()).max().unwrap_or(0);
        let length = if self.pad == Pad::MaxLength { self.max_length } else { longest };
        let shape = [first.len(), length];
        let table = |of: fn(&tokenizers::Encoding) -> &[u32], padding: i64| {
            let mut table = Vec::with_capacity(first.len() * length);
            for encoding in &encodings {
                let begun = table.len();
                table.extend(of(encoding).iter().map(|id| i64::from(*id)));
                table.resize(begun + length, padding);
            }
            table
        };
        push(outputs, &shape, table(|encoding| encoding.get_ids(), self.pad_id))?;
        push(outputs, &shape, table(|encoding| encoding.get_attention_mask(), 0))?;
        push(outputs, &shape, table(|encoding| encoding.get_type_ids(), self.pad_type_id))
    }
}
