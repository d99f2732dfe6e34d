//! The vocabulary of model types: what each expects of a signature, and how it is judged by default.

mod templates;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::signature::{Dim, Signature, TensorSpec};
use crate::error::{Error, ErrorKind, Result};
use crate::settings::{shorten, vocabulary};
use crate::tensor::DType;

vocabulary! {
    /// What a model is for.
    ModelKind as "model_type", default Custom {
        CodeCompletion = "code_completion": "Continues code: scores for the next tokens.",
        DocumentationGeneration = "documentation_generation": "Writes text about code: scores for the next tokens.",
        CodeAnalysis = "code_analysis": "Sorts code into labels.",
        StaticAnalysis = "static_analysis": "Finds defects in code, per text or per position.",
        SecurityAnalysis = "security_analysis": "Finds weaknesses in code, per text or per position.",
        PerformanceOptimization = "performance_optimization": "Predicts cost or picks a choice from features.",
        Search = "search": "Scores how well a text answers a query.",
        SemanticSearch = "semantic_search": "Turns a text into a vector whose neighbours mean the same.",
        Learning = "learning": "Adapts to feedback: values or choices from features.",
        Network = "network": "Judges traffic or topology from features.",
        Custom = "custom": "Anything.",
    }
}

vocabulary! {
    /// The framework that a model file comes from.
    Framework as "framework", default Onnx {
        Onnx = "onnx": "Open Neural Network Exchange.",
        Tensorflow = "tensorflow": "TensorFlow SavedModel.",
        Tflite = "tflite": "TensorFlow Lite.",
        Pytorch = "pytorch": "PyTorch.",
        Huggingface = "huggingface": "A Hugging Face repository.",
    }
}

impl Framework {
    /// Whether this build loads models of the framework.
    pub const fn is_loadable(self) -> bool {
        matches!(self, Framework::Onnx)
    }

    /// Checks that this build loads models of the framework.
    ///
    /// # Errors
    /// `unsupported` where it does not.
    pub fn check_loadable(self) -> Result<()> {
        if self.is_loadable() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Unsupported, "this build cannot load models of the framework")
            .with("field", "framework")
            .with("value", self)
            .with("allowed", Framework::Onnx))
    }
}

/// Element types that a template takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DTypeClass {
    /// f16, f32, f64.
    Float,
    /// Signed and unsigned integers.
    Integer,
    /// Integers or bools, as masks have them.
    Mask,
    /// Integers, or strings where the model has its tokenizer inside.
    Text,
    /// Floats, integers or bools.
    Number,
    /// Any.
    Any,
}

impl DTypeClass {
    /// Whether an element type belongs to the class.
    pub const fn contains(self, dtype: DType) -> bool {
        let float = matches!(dtype, DType::F16 | DType::F32 | DType::F64);
        let text = matches!(dtype, DType::String);
        let boolean = matches!(dtype, DType::Bool);
        let integer = !float && !text && !boolean;
        match self {
            DTypeClass::Float => float,
            DTypeClass::Integer => integer,
            DTypeClass::Mask => integer || boolean,
            DTypeClass::Text => integer || text,
            DTypeClass::Number => !text,
            DTypeClass::Any => true,
        }
    }
}

impl fmt::Display for DTypeClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DTypeClass::Float => "float",
            DTypeClass::Integer => "integer",
            DTypeClass::Mask => "integer or bool",
            DTypeClass::Text => "integer or string",
            DTypeClass::Number => "float, integer or bool",
            DTypeClass::Any => "any type",
        })
    }
}

/// What one input or output of a template may look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TensorPattern {
    /// What the tensor is for, such as `ids`, `mask` or `embedding`.
    pub role: &'static str,
    /// Element types.
    pub dtypes: DTypeClass,
    /// Fewest axes.
    pub min_rank: usize,
    /// Most axes.
    pub max_rank: usize,
    /// Meaning of the axes, outermost first, in the usual form.
    pub axes: &'static str,
    /// Whether a model must have such a tensor.
    pub required: bool,
}

impl TensorPattern {
    /// Whether a tensor fits.
    pub fn fits(&self, spec: &TensorSpec) -> bool {
        self.dtypes.contains(spec.dtype) && (self.min_rank..=self.max_rank).contains(&spec.shape.len())
    }
}

impl fmt::Display for TensorPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {} of ", self.role, self.dtypes, self.axes)?;
        match (self.min_rank, self.max_rank) {
            (a, b) if a == b => write!(f, "rank {a}"),
            (a, b) => write!(f, "rank {a} to {b}"),
        }
    }
}

/// What labels mean to a model type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabelUse {
    /// The answer is one of them: give them, so that answers can be named.
    Expected,
    /// Some models have them.
    Optional,
    /// The answer has none; giving some is an error.
    Unused,
}

/// Which way a metric is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    HigherIsBetter,
    /// Less is better.
    LowerIsBetter,
}

/// A metric that a model is judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuccessMetric {
    /// Name, as it is recorded.
    pub name: Cow<'static, str>,
    /// Which way is better.
    pub direction: Direction,
}

/// Side of the threshold that is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// The metric must not exceed the threshold.
    AtMost,
    /// The metric must not fall below the threshold.
    AtLeast,
}

/// What a threshold is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The threshold is a value of the metric.
    Absolute,
    /// The threshold is a factor of the metric's value at the revision that is compared with.
    Relative,
}

/// A limit that a change must not break.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Guardrail {
    /// The metric.
    pub metric: Cow<'static, str>,
    /// Which side is allowed.
    pub comparison: Comparison,
    /// The threshold.
    pub threshold: f64,
    /// What the threshold is measured against.
    pub basis: Basis,
}

impl Guardrail {
    /// Whether a value keeps the limit; `baseline` is the value that a relative threshold multiplies. A value that is
    /// NaN breaks it.
    pub fn holds(&self, value: f64, baseline: f64) -> bool {
        let threshold = match self.basis {
            Basis::Absolute => self.threshold,
            Basis::Relative => self.threshold * baseline,
        };
        match self.comparison {
            Comparison::AtMost => value <= threshold,
            Comparison::AtLeast => value >= threshold,
        }
    }
}

/// What a model type expects and how it is judged by default.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Template {
    /// One sentence.
    pub summary: &'static str,
    /// Every input must fit one of these, and each required one must be there. Empty: anything.
    pub inputs: &'static [TensorPattern],
    /// Each required one must be there; further outputs are fine. Empty: anything.
    pub outputs: &'static [TensorPattern],
    /// What labels mean.
    pub labels: LabelUse,
    /// Metrics that an experiment compares where the caller names none.
    pub metrics: &'static [SuccessMetric],
    /// Limits of a rollout where the caller sets none.
    pub guardrails: &'static [Guardrail],
}

impl ModelKind {
    /// What the type expects.
    pub fn template(self) -> &'static Template {
        templates::of(self)
    }

    /// Checks a model's signature, and its labels where it has some, against the type. `custom` takes anything, but no
    /// labels that fit none of its outputs.
    ///
    /// # Errors
    /// `invalid_argument` that names the tensor, its form and what the type allows; or the labels: given where the
    /// type has none, empty, twice the same, or not as many as the answer's last axis.
    pub fn check(&self, signature: &Signature, labels: Option<&[String]>) -> Result<()> {
        if *self == ModelKind::Custom {
            // The outputs that answers can be named by.
            let answers = signature.outputs.iter().filter(|spec| spec.dtype == DType::F32);
            return match labels.and_then(|labels| other_count(answers, labels.len())) {
                Some(error) => Err(error.with("model_type", self)),
                None => Ok(()),
            };
        }
        let template = self.template();
        let typed = |e: Error| e.with("model_type", self);
        for spec in &signature.inputs {
            if !template.inputs.is_empty() && !template.inputs.iter().any(|pattern| pattern.fits(spec)) {
                let error = Error::invalid("inputs", spec, one_of(template.inputs)).with("tensor", &spec.name);
                return Err(typed(error));
            }
        }
        require("inputs", template.inputs, &signature.inputs).map_err(typed)?;
        require("outputs", template.outputs, &signature.outputs).map_err(typed)?;
        labels.map_or(Ok(()), |labels| check_labels(template, signature, labels)).map_err(typed)
    }
}

fn one_of(patterns: &[TensorPattern]) -> String {
    patterns.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Each required pattern has a tensor.
fn require(field: &'static str, patterns: &[TensorPattern], specs: &[TensorSpec]) -> Result<()> {
    let Some(pattern) = patterns.iter().find(|p| p.required && !specs.iter().any(|spec| p.fits(spec))) else {
        return Ok(());
    };
    let found = specs.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let error = Error::invalid(field, if found.is_empty() { "nothing" } else { &found }, pattern);
    Err(match specs {
        [spec, ..] => error.with("tensor", &spec.name),
        [] => error,
    })
}

fn check_labels(template: &Template, signature: &Signature, labels: &[String]) -> Result<()> {
    if template.labels == LabelUse::Unused {
        return Err(Error::invalid("labels", format!("{} labels", labels.len()), "none for this type"));
    }
    let mut seen = BTreeSet::new();
    for label in labels {
        if label.is_empty() || !seen.insert(label) {
            return Err(Error::invalid("labels", format!("{:?}", shorten(label)), "different names, none empty"));
        }
    }
    let answers = signature.outputs.iter().filter(|spec| template.outputs.iter().any(|pattern| pattern.fits(spec)));
    match other_count(answers, labels.len()) {
        Some(error) => Err(error),
        None if labels.is_empty() => Err(no_labels()),
        None => Ok(()),
    }
}

/// The error of labels that are more or fewer than the last axis of every answer, where there are answers.
fn other_count<'a>(answers: impl Iterator<Item = &'a TensorSpec>, labels: usize) -> Option<Error> {
    let mut wrong: Option<(&TensorSpec, usize)> = None;
    for spec in answers {
        match spec.shape.last() {
            Some(Dim::Fixed(size)) if *size != labels => wrong = wrong.or(Some((spec, *size))),
            // A size that is open, or the right one.
            _ => return None,
        }
    }
    let (spec, size) = wrong?;
    Some(Error::invalid("labels", format!("{labels} labels"), format!("{size} labels")).with("tensor", &spec.name))
}

fn no_labels() -> Error {
    Error::invalid("labels", "0 labels", "at least one label, or no list")
}

#[cfg(test)]
mod tests;
