//! How far two tensors are apart, and whether that is near enough. Pure.

use half::f16;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Tolerance;
use crate::error::{Error, ErrorKind, Result};
use crate::tensor::{DType, Data, Element, TensorView};

/// How far one tensor is from the expected one. All numbers are finite.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Agreement {
    /// Largest `|expected - found|`. Bools and strings that differ count 1; infinities that differ count `f64::MAX`.
    pub max_abs: f64,
    /// Largest `|expected - found| / |expected|` where the expected number is neither 0 nor infinite.
    pub max_rel: f64,
    /// Elements that are not near enough.
    pub mismatches: u64,
    /// Elements.
    pub elements: u64,
    /// Flat position of the element that is furthest beyond or nearest to the tolerance; none where all are equal.
    pub worst_index: Option<u64>,
    /// Elements where exactly one of the two is NaN; they are mismatches too, and not part of the maxima.
    pub nan: u64,
}

impl Agreement {
    /// Whether every element is near enough.
    pub fn agrees(&self) -> bool {
        self.mismatches == 0
    }
}

/// What the agreements of several tensors say together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// Whether every element of every tensor is near enough.
    pub agrees: bool,
    /// Elements of all tensors.
    pub elements: u64,
    /// Elements that are not near enough.
    pub mismatches: u64,
    /// Largest absolute difference.
    pub max_abs: f64,
    /// Largest relative difference.
    pub max_rel: f64,
    /// Elements where exactly one of the two is NaN.
    pub nan: u64,
    /// The tensor with the largest share of mismatches, else the largest difference; none where all are equal.
    pub worst: Option<String>,
    /// Flat position within that tensor.
    pub worst_index: Option<u64>,
}

impl Verdict {
    /// The verdict as a result.
    ///
    /// # Errors
    /// `verification_failed` with the figures, where it does not agree.
    pub fn into_result(self) -> Result<Self> {
        if self.agrees {
            return Ok(self);
        }
        let mut error = Error::new(ErrorKind::VerificationFailed, "outputs are not near enough to the expected ones")
            .with("mismatches", format!("{} of {}", self.mismatches, self.elements))
            .with("max_abs", self.max_abs)
            .with("max_rel", self.max_rel);
        if self.nan > 0 {
            error = error.with("nan", self.nan);
        }
        if let (Some(name), Some(index)) = (self.worst, self.worst_index) {
            error = error.with("tensor", name).with("index", index);
        }
        Err(error)
    }
}

/// A tolerance for answers of another engine, where nobody said what is right: beside what `base` allows, an element may be
/// off by a thousandth of the largest number of its tensor. Engines add in different orders, and small numbers are
/// differences of large ones; a right engine was seen to be 4e-4 of the largest number off on MiniLM, and a wrong one is
/// off by the numbers themselves.
pub fn among_engines(expected: &TensorView<'_>, base: Tolerance) -> Tolerance {
    fn largest(numbers: impl Iterator<Item = f64>) -> f64 {
        numbers.map(f64::abs).filter(|number| number.is_finite()).fold(0.0, f64::max)
    }
    let largest = match expected.dtype() {
        DType::F16 => expected.into_slice::<f16>().map(|s| largest(s.iter().map(|x| f64::from(*x)))),
        DType::F32 => expected.into_slice::<f32>().map(|s| largest(s.iter().map(|x| f64::from(*x)))),
        DType::F64 => expected.into_slice::<f64>().map(|s| largest(s.iter().copied())),
        _ => return base,
    };
    Tolerance { atol: base.atol.max(1e-3 * largest.unwrap_or(0.0)), ..base }
}

/// Folds agreements, by tensor name, into one verdict. No tensor at all agrees.
pub fn verdict(agreements: &[(String, Agreement)]) -> Verdict {
    let mut all = Verdict { agrees: true, ..Verdict::default() };
    let mut worst: Option<(f64, f64)> = None;
    for (name, one) in agreements {
        all.agrees &= one.agrees();
        all.elements += one.elements;
        all.mismatches += one.mismatches;
        all.nan += one.nan;
        all.max_abs = all.max_abs.max(one.max_abs);
        all.max_rel = all.max_rel.max(one.max_rel);
        if one.worst_index.is_none() {
            continue;
        }
        let badness = (one.mismatches as f64 / one.elements.max(1) as f64, one.max_abs);
        if worst.is_none_or(|w| badness > w) {
            worst = Some(badness);
            all.worst = Some(name.clone());
            all.worst_index = one.worst_index;
        }
    }
    all
}

/// Compares two tensors element by element under a [`Tolerance`].
///
/// # Errors
/// `verification_failed` where element type or shape differ; `invalid_argument` for a tolerance that is none.
pub fn compare(expected: &TensorView<'_>, found: &TensorView<'_>, tolerance: Tolerance) -> Result<Agreement> {
    tolerance.validate()?;
    let differ = |what, found: String, expected: String| {
        Error::new(ErrorKind::VerificationFailed, format!("an output has another {what} than expected"))
            .with("field", what)
            .with("value", found)
            .with("allowed", expected)
    };
    if expected.dtype() != found.dtype() {
        return Err(differ("dtype", found.dtype().to_string(), expected.dtype().to_string()));
    }
    if expected.shape() != found.shape() {
        return Err(differ("shape", format!("{:?}", found.shape()), format!("{:?}", expected.shape())));
    }
    let mut tally = Tally { tolerance, ..Tally::default() };
    match (expected.data(), found.data()) {
        (Data::Strings(e), Data::Strings(f)) => e.iter().zip(f).for_each(|(e, f)| tally.exact(e == f, 1.0, None)),
        (Data::Bytes(e), Data::Bytes(f)) => match expected.dtype() {
            DType::F16 => pairs::<f16>(e, f, |e, f| tally.float(e.to_f64(), f.to_f64())),
            DType::F32 => pairs::<f32>(e, f, |e, f| tally.float(e.into(), f.into())),
            DType::F64 => pairs::<f64>(e, f, |e, f| tally.float(e, f)),
            DType::I8 => pairs::<i8>(e, f, |e, f| tally.integer(e.into(), f.into())),
            DType::I16 => pairs::<i16>(e, f, |e, f| tally.integer(e.into(), f.into())),
            DType::I32 => pairs::<i32>(e, f, |e, f| tally.integer(e.into(), f.into())),
            DType::I64 => pairs::<i64>(e, f, |e, f| tally.integer(e.into(), f.into())),
            DType::U8 => pairs::<u8>(e, f, |e, f| tally.integer(e.into(), f.into())),
            DType::U16 => pairs::<u16>(e, f, |e, f| tally.integer(e.into(), f.into())),
            DType::U32 => pairs::<u32>(e, f, |e, f| tally.integer(e.into(), f.into())),
            DType::U64 => pairs::<u64>(e, f, |e, f| tally.integer(e.into(), f.into())),
            DType::Bool => e.iter().zip(f).for_each(|(e, f)| tally.exact(e == f, 1.0, None)),
            DType::String => {}
        },
        // One element type has one kind of data.
        _ => return Err(differ("dtype", found.dtype().to_string(), expected.dtype().to_string())),
    }
    Ok(tally.agreement)
}

fn pairs<T: Element>(expected: &[u8], found: &[u8], mut each: impl FnMut(T, T)) {
    let size = size_of::<T>();
    let read = |chunk: &[u8]| bytemuck::checked::try_pod_read_unaligned::<T>(chunk).ok();
    for (e, f) in expected.chunks_exact(size).zip(found.chunks_exact(size)) {
        if let (Some(e), Some(f)) = (read(e), read(f)) {
            each(e, f);
        }
    }
}

#[derive(Default)]
struct Tally {
    tolerance: Tolerance,
    agreement: Agreement,
    worst: f64,
}

impl Tally {
    fn float(&mut self, expected: f64, found: f64) {
        if expected.is_nan() || found.is_nan() {
            let both = expected.is_nan() && found.is_nan();
            self.agreement.nan += u64::from(!both);
            self.count(both, 0.0, None, if both { 0.0 } else { f64::INFINITY });
            return;
        }
        if expected == found {
            self.count(true, 0.0, None, 0.0);
            return;
        }
        let abs = (expected - found).abs().min(f64::MAX);
        if expected.is_infinite() || found.is_infinite() {
            let rel = (expected.is_finite() && expected != 0.0).then_some(f64::MAX);
            self.count(false, abs, rel, f64::MAX);
            return;
        }
        let allowed = self.tolerance.atol + self.tolerance.rtol * expected.abs();
        let rel = (expected != 0.0).then(|| (abs / expected.abs()).min(f64::MAX));
        let excess = if allowed > 0.0 { (abs / allowed).min(f64::MAX) } else { f64::MAX };
        self.count(abs <= allowed, abs, rel, excess);
    }

    fn integer(&mut self, expected: i128, found: i128) {
        let abs = expected.abs_diff(found) as f64;
        let rel = (expected != 0).then(|| abs / expected.unsigned_abs() as f64);
        self.exact(expected == found, abs, rel);
    }

    fn exact(&mut self, equal: bool, abs: f64, rel: Option<f64>) {
        if equal {
            self.count(true, 0.0, None, 0.0);
        } else {
            self.count(false, abs, rel, abs);
        }
    }

    fn count(&mut self, near: bool, abs: f64, rel: Option<f64>, excess: f64) {
        let a = &mut self.agreement;
        a.max_abs = a.max_abs.max(abs);
        a.max_rel = a.max_rel.max(rel.unwrap_or(0.0));
        a.mismatches += u64::from(!near);
        if excess > self.worst {
            self.worst = excess;
            a.worst_index = Some(a.elements);
        }
        a.elements += 1;
    }
}
