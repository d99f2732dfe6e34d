//! What a session carries from one call to the next, within which bounds, and when its time is up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::model::signature::{Dim, Signature, Symbols, TensorSpec};
use crate::tensor::{DType, Shape, element_count};

/// Sessions where a deploy names no number.
pub const DEFAULT_SESSIONS: u32 = 1_024;
/// Bytes where a deploy names none: 64 MiB.
pub const DEFAULT_BYTES: u64 = 64 << 20;
/// Milliseconds where a deploy names none: five minutes.
pub const DEFAULT_IDLE_MS: Millis = 300_000;
const MOST_SESSIONS: u32 = 1 << 20;
const MOST_BYTES: u64 = 1 << 40;
/// One year.
const MOST_MS: Millis = 31_536_000_000;

/// A tensor that a session carries: what comes out of one call goes into the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CarriedTensor {
    /// The output whose value is kept.
    pub output: String,
    /// The input that it is given to at the next call.
    pub input: String,
    /// Sizes of what a session begins with, which is zeros; absent: those of the input, where all of them are fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Vec<u32>>,
}

/// What sessions of a deployment carry, and how many there may be in each process.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StateConfig {
    /// Tensors that go from call to call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<CarriedTensor>,
    /// Sessions that are open at once at most, 1 to 1048576; absent: 1024.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_sessions: Option<u32>,
    /// Bytes that they carry together at most, as a string; absent: 64 MiB.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub max_bytes: Option<u64>,
    /// Milliseconds without a call after which a session ends, as a string; absent: five minutes.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub idle_ms: Option<Millis>,
}

/// A carried tensor by its places in a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carry {
    /// Position of the output.
    pub output: usize,
    /// Position of the input.
    pub input: usize,
    /// Sizes of the zeros that a session begins with.
    pub shape: Shape,
}

impl StateConfig {
    /// Sessions at most.
    pub fn sessions(&self) -> u32 {
        self.max_sessions.unwrap_or(DEFAULT_SESSIONS)
    }

    /// Bytes at most.
    pub fn bytes(&self) -> u64 {
        self.max_bytes.unwrap_or(DEFAULT_BYTES)
    }

    /// Milliseconds without a call after which a session ends.
    pub fn idle(&self) -> Millis {
        self.idle_ms.unwrap_or(DEFAULT_IDLE_MS)
    }

    /// Whether the time of a session is up.
    pub fn is_over(&self, last_used: Millis, now: Millis) -> bool {
        now.saturating_sub(last_used) >= self.idle()
    }

    /// Checks the configuration against a model.
    ///
    /// # Errors
    /// `invalid_argument` that names the field, its value and what is allowed.
    pub fn plan(&self, signature: &Signature) -> Result<Vec<Carry>> {
        if !(1..=MOST_SESSIONS).contains(&self.sessions()) {
            return Err(Error::invalid("state/max_sessions", self.sessions(), format!("1 to {MOST_SESSIONS}")));
        }
        if !(1..=MOST_BYTES).contains(&self.bytes()) {
            return Err(Error::invalid("state/max_bytes", self.bytes(), format!("1 to {MOST_BYTES}")));
        }
        if !(1..=MOST_MS).contains(&self.idle()) {
            return Err(Error::invalid("state/idle_ms", self.idle(), format!("1 to {MOST_MS}")));
        }
        let mut symbols = Symbols::new();
        let mut plan: Vec<Carry> = Vec::with_capacity(self.carried.len().min(signature.inputs.len()));
        let mut bytes = 0u64;
        for (i, carried) in self.carried.iter().enumerate() {
            let at = |field: &str| format!("state/carried/{i}/{field}");
            let output = place(&signature.outputs, &carried.output, &at("output"))?;
            let input = place(&signature.inputs, &carried.input, &at("input"))?;
            if plan.iter().any(|other| other.input == input) {
                return Err(Error::invalid(at("input"), &carried.input, "each input at most once"));
            }
            let spec = &signature.inputs[input];
            agree(&signature.outputs[output], spec, &at("output"))?;
            let shape = match &carried.shape {
                Some(sizes) => sizes.iter().map(|&n| n as usize).collect(),
                None => fixed(spec).ok_or_else(|| Error::invalid(at("shape"), "nothing", spec))?,
            };
            spec.fits(&shape, &mut symbols).map_err(|e| renamed(e, at("shape")))?;
            let size = bytes_of(spec.dtype, &shape);
            bytes = size.and_then(|size| bytes.checked_add(size)).unwrap_or(u64::MAX);
            if bytes > self.bytes() {
                let allowed = format!("{} bytes in all, as max_bytes says", self.bytes());
                return Err(Error::invalid(at("shape"), format!("{:?}", &shape[..]), allowed));
            }
            plan.push(Carry { output, input, shape });
        }
        Ok(plan)
    }
}

/// The same error about another field.
pub(super) fn renamed(error: Error, field: String) -> Error {
    let of = |key| error.get(key).unwrap_or_default().to_owned();
    let renamed = Error::invalid(field, of("value"), of("allowed"));
    match error.get("symbol") {
        Some(symbol) => renamed.with("symbol", symbol),
        None => renamed,
    }
}

/// Position of a tensor by name.
pub(super) fn place(specs: &[TensorSpec], name: &str, field: &str) -> Result<usize> {
    specs.iter().position(|spec| spec.name == name).ok_or_else(|| {
        let allowed = specs.iter().map(|spec| spec.name.as_str()).collect::<Vec<_>>().join(", ");
        Error::invalid(field, name, allowed)
    })
}

/// Whether an output can be given to an input: the same element type, and no axis of which both say another size. An
/// output may not tell its axes.
pub(super) fn agree(output: &TensorSpec, input: &TensorSpec, field: &str) -> Result<()> {
    let differ = |pair: (&Dim, &Dim)| matches!(pair, (Dim::Fixed(a), Dim::Fixed(b)) if a != b);
    let shapes = output.shape.is_empty()
        || output.shape.len() == input.shape.len() && !output.shape.iter().zip(&input.shape).any(differ);
    match output.dtype == input.dtype && shapes {
        true => Ok(()),
        false => Err(Error::invalid(field, output, format!("an output that fits {input}"))),
    }
}

fn fixed(spec: &TensorSpec) -> Option<Shape> {
    let size = |dim: &Dim| if let Dim::Fixed(n) = dim { Some(*n) } else { None };
    spec.shape.iter().map(size).collect()
}

/// Bytes of zeros of a shape; none where they cannot be counted.
fn bytes_of(dtype: DType, shape: &[usize]) -> Option<u64> {
    let element = dtype.size().unwrap_or(size_of::<String>());
    element_count(shape)?.checked_mul(element).and_then(|bytes| u64::try_from(bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature() -> Signature {
        serde_json::from_str(
            r#"{"inputs": [{"name": "x", "dtype": "f32", "shape": ["?", "?"]},
                           {"name": "h", "dtype": "f32", "shape": ["2", "b", "4"]},
                           {"name": "c", "dtype": "f32", "shape": ["1", "b", "4"]},
                           {"name": "n", "dtype": "i64", "shape": ["1"]}],
                "outputs": [{"name": "y", "dtype": "f32", "shape": ["?", "1"]},
                            {"name": "h2", "dtype": "f32", "shape": ["2", "?", "?"]},
                            {"name": "c2", "dtype": "f32", "shape": []},
                            {"name": "n2", "dtype": "i64", "shape": ["1"]},
                            {"name": "wide", "dtype": "f32", "shape": ["2", "b", "5"]}]}"#,
        )
        .unwrap()
    }

    fn carried(output: &str, input: &str, shape: Option<&[u32]>) -> CarriedTensor {
        CarriedTensor { output: output.into(), input: input.into(), shape: shape.map(<[u32]>::to_vec) }
    }

    fn config(carried: Vec<CarriedTensor>) -> StateConfig {
        StateConfig { carried, ..StateConfig::default() }
    }

    #[test]
    fn the_defaults_hold() {
        let empty: StateConfig = serde_json::from_str("{}").unwrap();
        assert_eq!(empty, StateConfig::default());
        assert!(empty.plan(&signature()).unwrap().is_empty());
        assert!(!empty.is_over(5, DEFAULT_IDLE_MS + 4) && empty.is_over(5, DEFAULT_IDLE_MS + 5));
        // A clock that was set back ends nothing.
        assert!(!empty.is_over(5, 0));
        let plan = config(vec![
            carried("h2", "h", Some(&[2, 1, 4])),
            carried("c2", "c", Some(&[1, 1, 4])),
            carried("n2", "n", None),
        ]);
        let plan = plan.plan(&signature()).unwrap();
        let places: Vec<_> = plan.iter().map(|c| (c.output, c.input, c.shape.to_vec())).collect();
        assert_eq!(places, [(1, 1, vec![2, 1, 4]), (2, 2, vec![1, 1, 4]), (3, 3, vec![1])]);
    }

    #[test]
    fn what_cannot_be_is_named() {
        let h = || carried("h2", "h", Some(&[2, 1, 4]));
        for (config, field, value) in [
            (config(vec![carried("no", "h", None)]), "state/carried/0/output", "no"),
            (config(vec![h(), carried("h2", "no", None)]), "state/carried/1/input", "no"),
            (config(vec![h(), h()]), "state/carried/1/input", "h"),
            (config(vec![carried("n2", "h", None)]), "state/carried/0/output", "n2: i64[1]"),
            (config(vec![carried("wide", "h", None)]), "state/carried/0/output", "wide: f32[2, b, 5]"),
            (config(vec![carried("y", "h", None)]), "state/carried/0/output", "y: f32[?, 1]"),
            (config(vec![carried("h2", "h", None)]), "state/carried/0/shape", "nothing"),
            (config(vec![carried("h2", "h", Some(&[2, 1]))]), "state/carried/0/shape", "[2, 1]"),
            (config(vec![carried("h2", "h", Some(&[2, 1, 5]))]), "state/carried/0/shape", "[2, 1, 5]"),
            // One symbol, two sizes.
            (config(vec![h(), carried("c2", "c", Some(&[1, 2, 4]))]), "state/carried/1/shape", "[1, 2, 4]"),
            (config(vec![carried("h2", "h", Some(&[2, u32::MAX, 4]))]), "state/carried/0/shape", "[2, 4294967295, 4]"),
            (StateConfig { max_bytes: Some(31), ..config(vec![h()]) }, "state/carried/0/shape", "[2, 1, 4]"),
            (StateConfig { max_sessions: Some(0), ..config(vec![]) }, "state/max_sessions", "0"),
            (StateConfig { max_sessions: Some(u32::MAX), ..config(vec![]) }, "state/max_sessions", "4294967295"),
            (StateConfig { max_bytes: Some(0), ..config(vec![]) }, "state/max_bytes", "0"),
            (StateConfig { idle_ms: Some(0), ..config(vec![]) }, "state/idle_ms", "0"),
            (StateConfig { idle_ms: Some(MOST_MS + 1), ..config(vec![]) }, "state/idle_ms", "31536000001"),
        ] {
            let error = config.plan(&signature()).unwrap_err();
            assert_eq!((error.get("field"), error.get("value")), (Some(field), Some(value)));
            assert!(!error.get("allowed").unwrap().is_empty());
        }
        StateConfig { max_bytes: Some(32), ..config(vec![h()]) }.plan(&signature()).unwrap();
    }
}
