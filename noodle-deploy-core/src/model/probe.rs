//! Probes: inputs with the outputs that a right engine gives, and how near is near enough.
//!
//! A deploy runs the probes of a model and compares; nothing serves that disagrees. The file is JSON:
//!
//! ```json
//! {"probes": [{"inputs":  {"x": {"dtype": "f32", "shape": [1, 2], "data": [0.5, 1]}},
//!              "outputs": {"y": {"dtype": "f32", "shape": [1], "data": [0.25]}}}],
//!  "tolerance": {"rtol": 1e-4, "atol": 1e-5}}
//! ```

mod compare;
mod data;
mod generate;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::signature::{Signature, TensorSpec};
use crate::error::{Error, ErrorKind, Result};
use crate::tensor::{Tensor, TensorView};

pub use compare::{Agreement, Verdict, among_engines, compare, verdict};
pub use data::{MAX_RANK, Scalar, TensorData};
pub use generate::{MAX_GENERATED_ELEMENTS, Spread, generate};

/// Bytes of a probe file at most.
pub const MAX_PROBE_FILE_BYTES: usize = 16 << 20;

/// Probes of one set at most.
pub const MAX_PROBES: usize = 1024;

/// Inputs, and outputs, of one probe at most.
pub const MAX_PROBE_TENSORS: usize = 256;

/// How far a number may be from the expected one: `|expected - found| <= atol + rtol * |expected|`.
///
/// Integers, bools and strings must be equal; an infinity must be the same one, and NaN must be where NaN is expected.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Tolerance {
    /// Relative part, 0 or more. Default 1e-4.
    pub rtol: f64,
    /// Absolute part, 0 or more. Default 1e-5.
    pub atol: f64,
}

impl Default for Tolerance {
    fn default() -> Self {
        Tolerance { rtol: 1e-4, atol: 1e-5 }
    }
}

impl Tolerance {
    /// Checks both parts.
    ///
    /// # Errors
    /// `invalid_argument` where a part is negative, infinite or NaN.
    pub fn validate(&self) -> Result<()> {
        for (field, value) in [("rtol", self.rtol), ("atol", self.atol)] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(Error::invalid(field, value, "a finite number, 0 or more"));
            }
        }
        Ok(())
    }
}

/// Inputs and the outputs that they should give, by name. Outputs that are left out are not compared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Probe {
    /// One tensor per input of the model.
    pub inputs: BTreeMap<String, TensorData>,
    /// Expected outputs.
    pub outputs: BTreeMap<String, TensorData>,
}

impl Probe {
    /// The inputs as tensors.
    ///
    /// # Errors
    /// As [`TensorData::to_tensor`], with the tensor's name.
    pub fn tensors(&self) -> Result<Vec<(String, Tensor)>> {
        self.inputs.iter().map(|(name, data)| Ok((name.clone(), named(name, data)?))).collect()
    }

    /// Compares what the model gave with what this probe expects, output by output.
    ///
    /// # Errors
    /// `verification_failed` where an expected output is missing or has another element type or shape;
    /// `invalid_argument` where the probe's own tensor is damaged. Numbers that disagree are in the verdict.
    pub fn check(&self, found: &[(&str, TensorView<'_>)], tolerance: Tolerance) -> Result<Verdict> {
        self.check_each(found, |_| tolerance)
    }

    /// Like [`Probe::check`], with a tolerance that depends on the expected tensor.
    ///
    /// # Errors
    /// As [`Probe::check`].
    pub fn check_each(
        &self,
        found: &[(&str, TensorView<'_>)],
        tolerance: impl Fn(&TensorView<'_>) -> Tolerance,
    ) -> Result<Verdict> {
        let mut agreements = Vec::with_capacity(self.outputs.len());
        for (name, data) in &self.outputs {
            let Some((_, view)) = found.iter().find(|(other, _)| other == name) else {
                return Err(Error::new(ErrorKind::VerificationFailed, "an expected output is missing")
                    .with("tensor", name)
                    .with("value", "nothing")
                    .with("allowed", format!("{} {:?}", data.dtype, data.shape)));
            };
            let expected = named(name, data)?;
            let expected = expected.view();
            let agreement = compare(&expected, view, tolerance(&expected)).map_err(|e| e.with("tensor", name))?;
            agreements.push((name.clone(), agreement));
        }
        Ok(verdict(&agreements))
    }
}

fn named(name: &str, data: &TensorData) -> Result<Tensor> {
    data.to_tensor().map_err(|e| e.with("tensor", name))
}

/// The probes of a model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProbeSet {
    /// At least one.
    pub probes: Vec<Probe>,
    /// How near is near enough.
    #[serde(default)]
    pub tolerance: Tolerance,
}

impl ProbeSet {
    /// Reads a probe file and checks it ([`ProbeSet::validate`]).
    ///
    /// # Errors
    /// `too_large` where the file is larger than [`MAX_PROBE_FILE_BYTES`] or holds more than the other bounds;
    /// `invalid_argument` where it is not JSON of this form or a tensor's data does not fit its type and shape.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        at_most("probe file bytes", bytes.len(), MAX_PROBE_FILE_BYTES)?;
        let set: ProbeSet = serde_json::from_slice(bytes)
            .map_err(|e| Error::invalid("probe file", &e, "{\"probes\": [...], \"tolerance\": {...}}"))?;
        set.validate()?;
        Ok(set)
    }

    /// Checks counts, the tolerance, and every tensor against its own type and shape.
    ///
    /// # Errors
    /// `too_large` or `invalid_argument`, with the probe's number and the tensor's name.
    pub fn validate(&self) -> Result<()> {
        if self.probes.is_empty() {
            return Err(Error::invalid("probes", 0, format!("1 to {MAX_PROBES}")));
        }
        at_most("probes", self.probes.len(), MAX_PROBES)?;
        self.tolerance.validate()?;
        for (i, probe) in self.probes.iter().enumerate() {
            let numbered = |e: Error| e.with("probe", i);
            at_most("probe inputs", probe.inputs.len(), MAX_PROBE_TENSORS).map_err(numbered)?;
            at_most("probe outputs", probe.outputs.len(), MAX_PROBE_TENSORS).map_err(numbered)?;
            if probe.outputs.is_empty() {
                return Err(numbered(Error::invalid("outputs", "nothing", "at least one expected output")));
            }
            for (name, data) in probe.inputs.iter().chain(&probe.outputs) {
                named(name, data).map_err(numbered)?;
            }
        }
        Ok(())
    }

    /// Checks that the probes fit a model: each gives every input, and expects only outputs that there are.
    ///
    /// # Errors
    /// `invalid_argument` with the probe's number, the tensor's name and what the signature allows.
    pub fn check_signature(&self, signature: &Signature) -> Result<()> {
        for (i, probe) in self.probes.iter().enumerate() {
            let numbered = |e: Error| e.with("probe", i);
            let inputs = probe.tensors().map_err(numbered)?;
            let views: Vec<_> = inputs.iter().map(|(name, tensor)| (name.as_str(), tensor.view())).collect();
            signature.bind(&views).map_err(numbered)?;
            for (name, data) in &probe.outputs {
                let Some(position) = signature.output(name) else {
                    let allowed = signature.outputs.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ");
                    return Err(numbered(Error::invalid("outputs", name, allowed)));
                };
                check_output(&signature.outputs[position], data).map_err(numbered)?;
            }
        }
        Ok(())
    }
}

/// One expected output against its place in the signature.
fn check_output(spec: &TensorSpec, data: &TensorData) -> Result<()> {
    let alone = Signature { inputs: Vec::new(), outputs: vec![spec.clone()] };
    let tensor = named(&spec.name, data)?;
    alone.check_outputs(&[tensor.view()])
}

fn at_most(what: &'static str, found: usize, most: usize) -> Result<()> {
    if found <= most {
        return Ok(());
    }
    Err(Error::new(ErrorKind::TooLarge, format!("too many {what}"))
        .with("field", what)
        .with("value", found)
        .with("allowed", format!("at most {most}")))
}

#[cfg(test)]
mod tests;
