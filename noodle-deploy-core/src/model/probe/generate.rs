//! Inputs from nothing but a signature, the same for the same seed.

use half::f16;

use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::{Dim, Signature};
use crate::rng::{Rng, SeededRng};
use crate::tensor::{DType, Shape, Tensor, element_count};

/// Elements that [`generate`] makes at most, over all inputs.
pub const MAX_GENERATED_ELEMENTS: usize = 64 << 20;

/// How far apart generated numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// Floats uniform in [0, 1), integers 0 or 1: every model takes these.
    Unit,
    /// Floats uniform in [-4, 4), integers 0 to 100: as embeddings and tokens have them.
    Wide,
    /// Floats as with `Wide`; integers of 64 bits just above 2^31, others near their largest: what a narrower type
    /// loses.
    Large,
}

/// Inputs for a signature: numbers as `spread` says, bools alternating from false, strings `a`.
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
        inputs.push((spec.name.clone(), tensor(spec.dtype, &shape, count, spread, &rng)?));
    }
    Ok(inputs)
}

fn tensor(dtype: DType, shape: &[usize], count: usize, spread: Spread, rng: &SeededRng) -> Result<Tensor> {
    fn fill<T>(count: usize, next: impl FnMut() -> T) -> Vec<T> {
        std::iter::repeat_with(next).take(count).collect()
    }
    // The top bits, as many as the significand holds, scaled by a power of two: exact and below 1.
    let uniform = |bits: u32| {
        let unit = (rng.next() >> (64 - bits)) as f64 / (1u64 << bits) as f64;
        if spread == Spread::Unit { unit } else { 8.0 * unit - 4.0 }
    };
    // `most` is the largest value of the type.
    let int = |most: u64| match spread {
        Spread::Unit => rng.next() >> 63,
        Spread::Wide => rng.next() % 101,
        Spread::Large => most.min((1 << 31) + 100) - rng.next() % 101,
    };
    match dtype {
        DType::F16 => Tensor::new(shape, fill(count, || f16::from_f64(uniform(11)))),
        DType::F32 => Tensor::new(shape, fill(count, || uniform(24) as f32)),
        DType::F64 => Tensor::new(shape, fill(count, || uniform(53))),
        DType::I8 => Tensor::new(shape, fill(count, || int(i8::MAX as u64) as i8)),
        DType::I16 => Tensor::new(shape, fill(count, || int(i16::MAX as u64) as i16)),
        DType::I32 => Tensor::new(shape, fill(count, || int(i32::MAX as u64) as i32)),
        DType::I64 => Tensor::new(shape, fill(count, || int(i64::MAX as u64) as i64)),
        DType::U8 => Tensor::new(shape, fill(count, || int(u8::MAX as u64) as u8)),
        DType::U16 => Tensor::new(shape, fill(count, || int(u16::MAX as u64) as u16)),
        DType::U32 => Tensor::new(shape, fill(count, || int(u32::MAX as u64) as u32)),
        DType::U64 => Tensor::new(shape, fill(count, || int(u64::MAX))),
        DType::Bool => Tensor::new(shape, (0..count).map(|i| i % 2 == 1).collect()),
        DType::String => Tensor::strings(shape, vec!["a".to_owned(); count]),
    }
}
