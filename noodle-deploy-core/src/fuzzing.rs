//! What the fuzz targets call, so that the same code replays their corpora as an ordinary test.

use crate::engine::pipeline::steps::Steps;
use crate::engine::pipeline::{self, PipelineDocument};
use crate::model::file::ModelFile;
use crate::model::probe::ProbeSet;
use crate::model::signature::{Dim, Signature, TensorSpec};
use crate::ops::OPERATIONS;
use crate::tensor::DType;

/// Bytes that the engine may hold while it loads a fuzzed model.
#[cfg(feature = "engine-tract")]
const MEMORY: u64 = 64 << 20;

/// Any bytes: read as an ONNX file and loaded, within small budgets. Typed errors, no panic, bounded memory.
#[cfg(feature = "engine-tract")]
pub fn model_load(data: &[u8]) {
    let budgets = crate::model::onnx::Budgets::small();
    drop(crate::engine::tract::dry_run(data, &budgets, MEMORY));
}

/// Any bytes: read as the input of an operation, as a model file and as a probe file.
///
/// The first line names the operation; where it names none, the first byte picks one. The rest is the JSON.
pub fn operation_decode(data: &[u8]) {
    let line = data.iter().position(|&b| b == b'\n').map(|end| (&data[..end], &data[end + 1..]));
    let named = line.and_then(|(name, json)| Some((OPERATIONS.iter().find(|o| o.name.as_bytes() == name)?, json)));
    let picked = || data.split_first().map(|(&b, json)| (&OPERATIONS[usize::from(b) % OPERATIONS.len()], json));
    let Some((operation, json)) = named.or_else(picked) else { return };
    if let Ok(value) = serde_json::from_slice(json)
        && let Ok(input) = (operation.decode)(value)
    {
        // What was accepted once is accepted in its own form, and that form stays as it is.
        let again = (operation.decode)(input.clone());
        assert!(again.is_ok_and(|again| again == input), "{} does not read what it wrote: {input}", operation.name);
    }
    drop(ModelFile::from_json(json));
    if let Ok(probes) = ProbeSet::from_json(json) {
        for probe in &probes.probes {
            drop(probe.tensors());
        }
    }
}

/// Any bytes: read as a pipeline over models of one small signature. A typed error, no panic; what is read is written and
/// read the same.
pub fn pipeline_document(data: &[u8]) {
    let Ok(document) = PipelineDocument::from_json(data) else { return };
    let text = serde_json::to_vec(&document).unwrap_or_default();
    assert!(PipelineDocument::from_json(&text).is_ok_and(|again| again == document), "it does not read what it wrote");
    let spec = |name: &str| TensorSpec {
        name: name.to_owned(),
        dtype: DType::F32,
        shape: vec![Dim::Symbol("batch".to_owned()), Dim::Fixed(4)],
    };
    let signature = Signature { inputs: vec![spec("x")], outputs: vec![spec("y")] };
    let signatures = vec![&signature; document.uses().len()];
    if let Err(error) = pipeline::check(&document, &signatures, &Steps::default()) {
        assert!(!error.message().contains("panicked"), "{error:?}");
    }
}

/// Any bytes: read as an answer that a cache kept, and as a recorded request. A typed error, no panic, bounded memory; what is read is written and
/// read the same.
pub fn cache_decode(data: &[u8]) {
    crate::serving::cache::fuzz(data);
}
