//! Inputs from nothing but a signature, the same for the same seed.

use half::f16;

use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::{Dim, Signature, TensorSpec};
use crate::rng::{Rng, SeededRng};
use crate::tensor::{DType, Shape, Tensor, element_count};

/// Elements that [`generate`] makes at most, over all inputs.
pub const MAX_GENERATED_ELEMENTS: usize = 64 << 20;

/// How far apart generated floats are. Integers are 0 or 1 always: they may be positions in a table of any length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// Uniform in [0, 1): every model takes these.
    Unit,
    /// Uniform in [-4, 4): as embeddings and normalised features have them.
    Wide,
    /// Floats as wide, and integers as their names say what they are: ids below 128 where a name says nothing, ones for
    /// masks, zeros for kinds of segments, 16,000 (a sample rate) for scalars. Not every model takes these.
    Tokens,
}

/// Inputs for a signature: floats as `spread` says, integers 0 or 1, bools alternating from false, strings `a`.
///
/// `sizes` gives the size of a symbol by name, and of an axis of any size as `?`. The same signature, seed and sizes
/// give the same inputs on every machine.
///
/// # Errors
/// `too_large` for more than [`MAX_GENERATED_ELEMENTS`] elements.
pub fn generate(
    signature: &Signature,
    seed: u64,
    spread: Spread,
    sizes: impl Fn(&str) -> usize,
) -> Result<Vec<(String, Tensor)>> {
    let rng = SeededRng::new(seed);
    let mut left = MAX_GENERATED_ELEMENTS;
    let mut inputs = Vec::with_capacity(signature.inputs.len());
    for spec in &signature.inputs {
        let size = |dim: &Dim| match dim {
            Dim::Fixed(size) => *size,
            Dim::Symbol(name) => sizes(name),
            Dim::Any => sizes("?"),
        };
        let shape: Shape = spec.shape.iter().map(size).collect();
        let count = element_count(&shape).filter(|count| *count <= left).ok_or_else(|| {
            Error::new(ErrorKind::TooLarge, "inputs have too many elements")
                .with("tensor", &spec.name)
                .with("value", format!("{:?}", &shape[..]))
                .with("allowed", format!("at most {MAX_GENERATED_ELEMENTS} over all inputs"))
        })?;
        left -= count;
        inputs.push((spec.name.clone(), tensor(spec, &shape, count, spread, &rng)?));
    }
    Ok(inputs)
}

/// What an integer input of this name and shape is, as exporters name them.
fn integer(name: &str, shape: &[usize], spread: Spread, rng: &SeededRng) -> u64 {
    let named = |part: &str| name.to_ascii_lowercase().contains(part);
    match spread {
        Spread::Unit | Spread::Wide => rng.next() >> 63,
        Spread::Tokens if shape.is_empty() => 16_000,
        Spread::Tokens if named("mask") => 1,
        Spread::Tokens if named("type") || named("segment") => 0,
        // Not 0, which pads.
        Spread::Tokens => 1 + rng.next() % 127,
    }
}

fn tensor(spec: &TensorSpec, shape: &[usize], count: usize, spread: Spread, rng: &SeededRng) -> Result<Tensor> {
    fn fill<T>(count: usize, next: impl FnMut() -> T) -> Vec<T> {
        std::iter::repeat_with(next).take(count).collect()
    }
    // The top bits, as many as the significand holds, scaled by a power of two: exact and below 1.
    let uniform = |bits: u32| {
        let unit = (rng.next() >> (64 - bits)) as f64 / (1u64 << bits) as f64;
        if spread == Spread::Unit { unit } else { 8.0 * unit - 4.0 }
    };
    let whole = || integer(&spec.name, shape, spread, rng);
    match spec.dtype {
        DType::F16 => Tensor::new(shape, fill(count, || f16::from_f64(uniform(11)))),
        DType::F32 => Tensor::new(shape, fill(count, || uniform(24) as f32)),
        DType::F64 => Tensor::new(shape, fill(count, || uniform(53))),
        DType::I8 => Tensor::new(shape, fill(count, || whole() as i8)),
        DType::I16 => Tensor::new(shape, fill(count, || whole() as i16)),
        DType::I32 => Tensor::new(shape, fill(count, || whole() as i32)),
        DType::I64 => Tensor::new(shape, fill(count, || whole() as i64)),
        DType::U8 => Tensor::new(shape, fill(count, || whole() as u8)),
        DType::U16 => Tensor::new(shape, fill(count, || whole() as u16)),
        DType::U32 => Tensor::new(shape, fill(count, || whole() as u32)),
        DType::U64 => Tensor::new(shape, fill(count, whole)),
        DType::Bool => Tensor::new(shape, (0..count).map(|i| i % 2 == 1).collect()),
        DType::String => Tensor::strings(shape, vec!["a".to_owned(); count]),
    }
}
