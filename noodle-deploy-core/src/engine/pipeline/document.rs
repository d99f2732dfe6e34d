//! The document of a pipeline, as it is registered. Reading checks its form; [`super::plan`] checks what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::decode::decode;
use crate::error::{Error, ErrorKind, Result};
use crate::machine::state::VersionPin;
use crate::model::signature::TensorSpec;

/// Bytes of a document at most, tokenizers included.
pub const MAX_PIPELINE_BYTES: usize = 32 << 20;
/// Nodes of a pipeline at most.
pub const MAX_NODES: usize = 256;
/// Inputs, outputs, and tensors of one node at most.
pub const MAX_TENSORS: usize = 64;
/// Different versions of models in a pipeline at most.
pub const MAX_PARTS: usize = 32;
/// The version of the document's form.
const FORM: u32 = 1;
/// The name by which nodes refer to the pipeline's own inputs.
pub(super) const INPUTS: &str = "inputs";

/// A graph of models and steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipelineDocument {
    /// Version of the document's form: 1.
    pub pipeline: u32,
    /// What goes in.
    pub inputs: Vec<TensorSpec>,
    /// What runs; the order does not matter.
    pub nodes: Vec<Node>,
    /// What comes out, in this order.
    pub outputs: Vec<Output>,
}

/// A model or a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its name: letters, digits, `_` and `-`; not `inputs`.
    pub name: String,
    /// A model of the same directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The model's version: its number, so that an answer never mixes versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// A step, built in or the host's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// What the step wants to know.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub config: Map<String, Value>,
    /// Where each input comes from.
    pub inputs: BTreeMap<String, Wire>,
    /// When it runs; always where there is no condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// An output of the pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub from: Wire,
}

/// Runs a node by how sure another one is. Exactly one of `below` and `at_least` is there.
///
/// The confidence of a row is the largest number of the last axis; that of the request is the smallest over its rows.
/// NaN is below everything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Scores, as in `small.probabilities`.
    pub confidence: String,
    /// The node runs where the confidence is below this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// The node runs where the confidence is at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
}

/// Where a tensor comes from: `node.output` or `inputs.name`; with several, the first one whose node ran.
///
/// In JSON a string, or `{"first_of": ["a.y", "b.y"]}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire(pub Vec<String>);

const WIRE: &str = "a reference as in node.output, or {\"first_of\": [\"a.y\", \"b.y\"]}";

impl Serialize for Wire {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0[..] {
            [only] => serializer.serialize_str(only),
            several => serializer.collect_map([("first_of", several)]),
        }
    }
}

impl<'de> Deserialize<'de> for Wire {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrSeveral;
        impl<'de> Visitor<'de> for OneOrSeveral {
            type Value = Wire;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(WIRE)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Wire, E> {
                Ok(Wire(vec![text.to_owned()]))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Wire, A::Error> {
                let Some(key) = map.next_key::<String>()? else { return Err(de::Error::invalid_length(0, &self)) };
                if key != "first_of" {
                    return Err(de::Error::unknown_field(&key, &["first_of"]));
                }
                let several: Vec<String> = map.next_value()?;
                if map.next_key::<String>()?.is_some() {
                    return Err(de::Error::invalid_length(2, &self));
                }
                match (1..=MAX_TENSORS).contains(&several.len()) {
                    true => Ok(Wire(several)),
                    false => Err(de::Error::invalid_length(several.len(), &WIRE)),
                }
            }
        }
        deserializer.deserialize_any(OneOrSeveral)
    }
}

/// Whether bytes are meant as a document, and not as an ONNX file: no such file begins with a brace.
pub fn is_document(bytes: &[u8]) -> bool {
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

impl PipelineDocument {
    /// Reads a document, and checks names, counts and what a node must have.
    ///
    /// # Errors
    /// `too_large`, or `invalid_argument` with the field, its value and what is allowed.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_PIPELINE_BYTES {
            return Err(Error::new(ErrorKind::TooLarge, "the pipeline is too large")
                .with("field", "pipeline bytes")
                .with("value", bytes.len())
                .with("allowed", format!("at most {MAX_PIPELINE_BYTES}")));
        }
        let value: Value =
            serde_json::from_slice(bytes).map_err(|e| Error::invalid("pipeline", e, "a JSON object with nodes"))?;
        let document: PipelineDocument = decode(&value).map_err(|misfit| misfit.error("pipeline"))?;
        document.check()?;
        Ok(document)
    }

    /// The versions that it is made of, each once, in the order of the nodes.
    pub fn uses(&self) -> Vec<VersionPin> {
        let mut uses: Vec<VersionPin> = Vec::new();
        for node in &self.nodes {
            let (Some(model), Some(version)) = (&node.model, &node.version) else { continue };
            let pin = VersionPin { model: model.clone(), version: version.clone() };
            if !uses.contains(&pin) {
                uses.push(pin);
            }
        }
        uses
    }

    /// Whether the rows of a request decide together which nodes run.
    pub fn is_conditional(&self) -> bool {
        self.nodes.iter().any(|node| node.when.is_some())
    }

    fn check(&self) -> Result<()> {
        if self.pipeline != FORM {
            return Err(Error::invalid("pipeline", self.pipeline, FORM));
        }
        count("inputs", self.inputs.len(), 0, MAX_TENSORS)?;
        count("nodes", self.nodes.len(), 1, MAX_NODES)?;
        count("outputs", self.outputs.len(), 1, MAX_TENSORS)?;
        let inputs = self.inputs.iter().map(|spec| spec.name.as_str());
        different("inputs", inputs, is_tensor_name, "1 to 128 bytes without control characters")?;
        let outputs = self.outputs.iter().map(|output| output.name.as_str());
        different("outputs", outputs, is_tensor_name, "1 to 128 bytes without control characters")?;
        let nodes = self.nodes.iter().map(|node| node.name.as_str());
        different("nodes", nodes, is_node_name, "1 to 64 letters, digits, '_' and '-', and not inputs")?;
        for (i, spec) in self.inputs.iter().enumerate() {
            count(&format!("inputs/{i}/shape"), spec.shape.len(), 0, MAX_TENSORS)?;
        }
        self.nodes.iter().enumerate().try_for_each(|(i, node)| node.check(i))?;
        count("models", self.uses().len(), 0, MAX_PARTS)
    }
}

impl Node {
    fn check(&self, i: usize) -> Result<()> {
        count(&format!("nodes/{i}/inputs"), self.inputs.len(), 0, MAX_TENSORS)?;
        match (&self.model, &self.step) {
            (Some(_), None) => {
                let field = format!("nodes/{i}/version");
                let Some(version) = &self.version else {
                    return Err(Error::invalid(field, "nothing", "the number of a version"));
                };
                // An alias moves; what a version is made of does not.
                if semver::Version::parse(version).is_err() {
                    return Err(Error::invalid(field, version, "the number of a version, as in 1.4.0"));
                }
                if !self.config.is_empty() {
                    return Err(Error::invalid(format!("nodes/{i}/config"), "an object", "nothing: models have none"));
                }
            }
            (None, Some(_)) => {
                if let Some(version) = &self.version {
                    return Err(Error::invalid(format!("nodes/{i}/version"), version, "nothing: steps have none"));
                }
            }
            (both, _) => {
                let found = if both.is_some() { "model and step" } else { "nothing" };
                return Err(Error::invalid(format!("nodes/{i}"), found, "either model or step"));
            }
        }
        let Some(when) = &self.when else { return Ok(()) };
        match (when.below, when.at_least) {
            (Some(threshold), None) | (None, Some(threshold)) if threshold.is_finite() => Ok(()),
            (below, at_least) => {
                let bound = |name, bound: Option<f64>| bound.map(|value| format!("{name} {value}"));
                let both: Vec<String> =
                    [bound("below", below), bound("at_least", at_least)].into_iter().flatten().collect();
                let found = if both.is_empty() { "nothing".to_owned() } else { both.join(" and ") };
                Err(Error::invalid(format!("nodes/{i}/when"), found, "either below or at_least"))
            }
        }
    }
}

fn count(field: &str, found: usize, least: usize, most: usize) -> Result<()> {
    match (least..=most).contains(&found) {
        true => Ok(()),
        false => Err(Error::invalid(field, found, format!("{least} to {most}"))),
    }
}

fn different<'a>(
    list: &str,
    names: impl Iterator<Item = &'a str>,
    fits: impl Fn(&str) -> bool,
    allowed: &str,
) -> Result<()> {
    let mut seen = BTreeSet::new();
    for (i, name) in names.enumerate() {
        let field = || format!("{list}/{i}/name");
        if !fits(name) {
            return Err(Error::invalid(field(), format!("{:?}", crate::settings::shorten(name)), allowed));
        }
        if !seen.insert(name) {
            return Err(Error::invalid(field(), name, "a name that no other one has"));
        }
    }
    Ok(())
}

fn is_tensor_name(name: &str) -> bool {
    (1..=128).contains(&name.len()) && !name.contains(char::is_control)
}

fn is_node_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        && name != INPUTS
}
