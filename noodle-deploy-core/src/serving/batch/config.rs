//! What a deploy says about batching, and what it means for a model.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::{Dim, Signature, TensorSpec};
use crate::serving::priority::{Levels, Priorities};
use crate::tensor::DType;

/// Rows of one batch at most.
const MOST_ROWS: u32 = 4096;
/// Microseconds that a request may wait for others at most: ten seconds.
const MOST_DELAY_US: u32 = 10_000_000;

/// How requests of a deployment are batched. The defaults need no tuning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BatchConfig {
    /// Rows of one batch at most, 1 to 4096. Default 32.
    pub max_batch_size: u32,
    /// Microseconds that a request waits for others although a replica is free, up to 10 000 000. Default 0: requests wait
    /// for replicas alone.
    pub max_delay_us: u32,
    /// Sizes at which a batch need not wait any longer, ascending, up to `max_batch_size`. Default none: the largest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub preferred_batch_sizes: Vec<u32>,
    /// Whether the size at which batches pay is learned from their times. Default true; else batches are as large as they
    /// may be.
    pub adaptive: bool,
    /// How requests of different lengths share a batch. Default none: only those of equal lengths do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub padding: Option<Padding>,
    /// Levels of priority, and how long and how many requests of each may wait. Default none: three levels without rules
    /// of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priorities: Option<Priorities>,
}

/// Pads inputs along one axis to the longest of a batch, and cuts outputs back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Padding {
    /// Name of the axis in the model's signature, as in `length`.
    pub axis: String,
    /// What each input is filled up with: the padding token for token ids, 0 for an attention mask. Every input that has
    /// the axis must be named.
    pub values: BTreeMap<String, f64>,
    /// Lengths are rounded up to a multiple of this, so that fewer shapes occur. Default 1.
    #[serde(default = "one")]
    pub multiple_of: u32,
}

fn one() -> u32 {
    1
}

impl Default for BatchConfig {
    fn default() -> Self {
        BatchConfig {
            max_batch_size: 32,
            max_delay_us: 0,
            preferred_batch_sizes: Vec::new(),
            adaptive: true,
            padding: None,
            priorities: None,
        }
    }
}

/// A configuration that fits a signature.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    pub(super) config: BatchConfig,
    pub(super) pads: Option<Pads>,
    pub(super) levels: Levels,
}

/// Where the padded axis is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pads {
    /// For each input: the position of the axis, and what fills it.
    pub(super) inputs: Vec<Option<(usize, f64)>>,
    /// For each output: the position of the axis.
    pub(super) outputs: Vec<Option<usize>>,
    pub(super) multiple_of: usize,
}

impl BatchConfig {
    /// Checks the configuration against a model.
    ///
    /// # Errors
    /// `invalid_argument` that names the field, its value and what is allowed; `unsupported` for a model without a batch
    /// axis: one that comes first in every input and output, with the same name or any size.
    pub(crate) fn plan(&self, signature: &Signature) -> Result<Plan> {
        let most = self.max_batch_size;
        if !(1..=MOST_ROWS).contains(&most) {
            return Err(Error::invalid("batching/max_batch_size", most, format!("1 to {MOST_ROWS}")));
        }
        if self.max_delay_us > MOST_DELAY_US {
            return Err(Error::invalid("batching/max_delay_us", self.max_delay_us, format!("0 to {MOST_DELAY_US}")));
        }
        let sizes = &self.preferred_batch_sizes;
        if !sizes.is_sorted_by(|a, b| a < b) || sizes.first() == Some(&0) || sizes.last().is_some_and(|s| *s > most) {
            return Err(Error::invalid(
                "batching/preferred_batch_sizes",
                format!("{sizes:?}"),
                format!("different sizes from 1 to {most}, ascending"),
            ));
        }
        batch_axis(signature)?;
        let pads = self.padding.as_ref().map(|padding| padding.pads(signature)).transpose()?;
        Ok(Plan { config: self.clone(), pads, levels: self.levels()? })
    }

    /// # Errors
    /// `invalid_argument` that names the field.
    pub(crate) fn levels(&self) -> Result<Levels> {
        self.priorities.as_ref().map_or_else(|| Ok(Levels::default()), Priorities::check)
    }
}

/// Checks that the first axis of everything is one and the same free axis.
pub(crate) fn batch_axis(signature: &Signature) -> Result<()> {
    let refuse = |spec: &TensorSpec, why: &str| {
        Error::new(ErrorKind::Unsupported, "the model has no batch axis")
            .with("field", "batching")
            .with("tensor", spec)
            .with("reason", why)
            .with("allowed", "no batching, or a model whose inputs and outputs begin with one free axis")
    };
    if signature.inputs.is_empty() {
        return Err(Error::new(ErrorKind::Unsupported, "the model has no batch axis: it has no input")
            .with("field", "batching"));
    }
    let mut name: Option<&str> = None;
    for spec in signature.inputs.iter().chain(&signature.outputs) {
        match spec.shape.first() {
            None => return Err(refuse(spec, "it has no axis, or does not tell")),
            Some(Dim::Fixed(_)) => return Err(refuse(spec, "its first axis has a fixed size")),
            Some(Dim::Any) => {}
            Some(Dim::Symbol(other)) if name.is_none_or(|name| name == other) => name = Some(other),
            Some(Dim::Symbol(_)) => return Err(refuse(spec, "its first axis has another name than the others'")),
        }
    }
    Ok(())
}

impl Padding {
    fn pads(&self, signature: &Signature) -> Result<Pads> {
        let place = |spec: &TensorSpec| {
            let has = |dim: &Dim| matches!(dim, Dim::Symbol(name) if *name == self.axis);
            let mut places = spec.shape.iter().enumerate().filter(|(_, dim)| has(dim)).map(|(at, _)| at);
            (places.next(), places.next())
        };
        let names = || {
            let free = signature.inputs.iter().flat_map(|spec| spec.shape.iter().skip(1));
            let names: Vec<_> =
                free.filter_map(|dim| if let Dim::Symbol(name) = dim { Some(name.as_str()) } else { None }).collect();
            if names.is_empty() {
                "no axis: the model has no named one beside the batch".to_owned()
            } else {
                names.join(", ")
            }
        };
        if self.multiple_of == 0 || self.multiple_of > 65_536 {
            return Err(Error::invalid("batching/padding/multiple_of", self.multiple_of, "1 to 65536"));
        }
        let mut inputs = Vec::with_capacity(signature.inputs.len());
        for spec in &signature.inputs {
            let value = self.values.get(&spec.name).copied();
            inputs.push(match place(spec) {
                (None, _) => None,
                (Some(0), _) => {
                    return Err(Error::invalid("batching/padding/axis", &self.axis, names()));
                }
                (Some(_), Some(_)) => {
                    return Err(Error::invalid("batching/padding/axis", &self.axis, "an axis that an input has once")
                        .with("input", spec));
                }
                (Some(at), None) => Some((at, fitting(spec, value)?)),
            });
        }
        if inputs.iter().all(Option::is_none) {
            return Err(Error::invalid("batching/padding/axis", &self.axis, names()));
        }
        let padded = || signature.inputs.iter().zip(&inputs).filter(|(_, at)| at.is_some()).map(|(spec, _)| &spec.name);
        if let Some(unknown) = self.values.keys().find(|name| !padded().any(|known| known == *name)) {
            let allowed = padded().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(Error::invalid("batching/padding/values", unknown, allowed));
        }
        let outputs = signature.outputs.iter().map(|spec| match place(spec) {
            (at, None) => Ok(at),
            _ => Err(Error::invalid("batching/padding/axis", &self.axis, "an axis that an output has once")
                .with("output", spec)),
        });
        let outputs = outputs.collect::<Result<_>>()?;
        Ok(Pads { inputs, outputs, multiple_of: self.multiple_of as usize })
    }
}

/// The padding value of an input, where its element type has it.
fn fitting(spec: &TensorSpec, value: Option<f64>) -> Result<f64> {
    let allowed = |what: &str| format!("{what} for the input {spec}");
    let Some(value) = value else {
        return Err(Error::invalid("batching/padding/values", "nothing", allowed("a value")).with("input", &spec.name));
    };
    let (low, high) = match spec.dtype {
        DType::F16 | DType::F32 | DType::F64 => return Ok(value),
        DType::Bool => (0.0, 1.0),
        DType::I8 => (f64::from(i8::MIN), f64::from(i8::MAX)),
        DType::I16 => (f64::from(i16::MIN), f64::from(i16::MAX)),
        DType::I32 => (f64::from(i32::MIN), f64::from(i32::MAX)),
        // Beyond 2^53 a float has not every integer.
        DType::I64 => (-9_007_199_254_740_992.0, 9_007_199_254_740_992.0),
        DType::U8 => (0.0, f64::from(u8::MAX)),
        DType::U16 => (0.0, f64::from(u16::MAX)),
        DType::U32 => (0.0, f64::from(u32::MAX)),
        DType::U64 => (0.0, 9_007_199_254_740_992.0),
        DType::String => {
            return Err(Error::invalid("batching/padding/axis", &spec.name, "an axis that no input of strings has"));
        }
    };
    if value.fract() != 0.0 || !(low..=high).contains(&value) {
        let allowed = allowed(&format!("a whole number from {low} to {high}"));
        return Err(Error::invalid("batching/padding/values", value, allowed).with("input", &spec.name));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(text: &str) -> TensorSpec {
        let (name, rest) = text.split_once(": ").unwrap();
        let (dtype, shape) = rest.split_once('[').unwrap();
        let dims = shape.trim_end_matches(']').split(", ").filter(|dim| !dim.is_empty());
        TensorSpec {
            name: name.into(),
            dtype: dtype.parse().unwrap(),
            shape: dims.map(|d| d.parse().unwrap()).collect(),
        }
    }

    fn signature(inputs: &[&str], outputs: &[&str]) -> Signature {
        let specs = |texts: &[&str]| texts.iter().map(|text| spec(text)).collect();
        Signature { inputs: specs(inputs), outputs: specs(outputs) }
    }

    fn text() -> Signature {
        signature(&["ids: i64[n, length]", "mask: i64[n, length]"], &["states: f32[n, length, 8]", "pooled: f32[n, 8]"])
    }

    fn padding(values: &[(&str, f64)]) -> BatchConfig {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        let padding = Padding { axis: "length".into(), values, multiple_of: 8 };
        BatchConfig { padding: Some(padding), ..BatchConfig::default() }
    }

    #[test]
    fn what_fits_is_planned() {
        let plan = padding(&[("ids", 1.0), ("mask", 0.0)]).plan(&text()).unwrap();
        let pads = plan.pads.unwrap();
        assert_eq!(pads.inputs, [Some((1, 1.0)), Some((1, 0.0))]);
        assert_eq!(pads.outputs, [Some(1), None]);
        assert!(BatchConfig::default().plan(&signature(&["x: f32[?, 3]"], &["y: f32[n, 3]"])).is_ok());
    }

    #[test]
    fn impossible_settings_are_named() {
        let base = BatchConfig::default;
        let cases = [
            (BatchConfig { max_batch_size: 0, ..base() }, "batching/max_batch_size"),
            (BatchConfig { max_batch_size: 5000, ..base() }, "batching/max_batch_size"),
            (BatchConfig { max_delay_us: 10_000_001, ..base() }, "batching/max_delay_us"),
            (BatchConfig { preferred_batch_sizes: vec![8, 4], ..base() }, "batching/preferred_batch_sizes"),
            (BatchConfig { preferred_batch_sizes: vec![0, 4], ..base() }, "batching/preferred_batch_sizes"),
            (BatchConfig { preferred_batch_sizes: vec![64], ..base() }, "batching/preferred_batch_sizes"),
            (padding(&[("ids", 1.0)]), "batching/padding/values"),
            (padding(&[("ids", 1.5), ("mask", 0.0)]), "batching/padding/values"),
            (padding(&[("ids", 1.0), ("mask", 0.0), ("other", 0.0)]), "batching/padding/values"),
        ];
        for (config, field) in cases {
            let error = config.plan(&text()).unwrap_err();
            assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some(field)), "{error}");
            assert!(error.get("allowed").is_some() && error.get("value").is_some(), "{error}");
        }
        for axis in ["n", "width"] {
            let mut config = padding(&[("ids", 1.0), ("mask", 0.0)]);
            if let Some(padding) = &mut config.padding {
                padding.axis = axis.into();
            }
            let error = config.plan(&text()).unwrap_err();
            assert_eq!(error.get("field"), Some("batching/padding/axis"), "{error}");
        }
    }

    #[test]
    fn a_model_without_a_batch_axis_says_so() {
        let cases = [
            signature(&["x: f32[1, 3]"], &["y: f32[n, 3]"]),
            signature(&["x: f32[n, 3]"], &["y: f32[1, 3]"]),
            signature(&["x: f32[n, 3]"], &["y: f32[m, 3]"]),
            signature(&["x: f32[n, 3]", "z: f32[]"], &["y: f32[n, 3]"]),
            signature(&[], &["y: f32[n, 3]"]),
        ];
        for signature in cases {
            let error = BatchConfig::default().plan(&signature).unwrap_err();
            assert_eq!((error.kind(), error.get("field")), (ErrorKind::Unsupported, Some("batching")), "{error}");
        }
    }
}
