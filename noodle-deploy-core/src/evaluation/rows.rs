//! Rows of tensors: the first axis, where a model has it as its batch. Pure.

use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::{Dim, Signature};
use crate::serving::batch::batch_axis;
use crate::tensor::{DType, Data, Element, Shape, Tensor, TensorView, element_count};

/// What a model takes for rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowAxis {
    /// Everything begins with one free axis: any number of rows.
    Free,
    /// Everything begins with an axis of this size.
    Fixed(usize),
    /// Neither; why. A request is one row.
    None(String),
}

impl RowAxis {
    /// What the signature says.
    pub fn of(signature: &Signature) -> Self {
        let Err(error) = batch_axis(signature) else { return RowAxis::Free };
        let mut firsts = signature.inputs.iter().chain(&signature.outputs).map(|spec| match spec.shape.first() {
            Some(Dim::Fixed(rows)) if *rows > 0 => Some(*rows),
            _ => None,
        });
        match firsts.next().flatten() {
            Some(rows) if firsts.all(|other| other == Some(rows)) => RowAxis::Fixed(rows),
            _ => RowAxis::None(match (error.get("tensor"), error.get("reason")) {
                (Some(tensor), Some(reason)) => format!("{tensor}: {reason}"),
                _ => error.message().to_owned(),
            }),
        }
    }

    /// Checks a number of rows for one request.
    ///
    /// # Errors
    /// `unsupported` that names what the model takes.
    pub fn check(&self, rows: usize) -> Result<()> {
        let refuse = |allowed: String| {
            Err(Error::new(ErrorKind::Unsupported, "the model does not take so many rows at once")
                .with("field", "batch")
                .with("value", rows)
                .with("allowed", allowed))
        };
        match self {
            RowAxis::Free => Ok(()),
            RowAxis::Fixed(fixed) if *fixed == rows => Ok(()),
            RowAxis::Fixed(fixed) => refuse(fixed.to_string()),
            RowAxis::None(_) if rows == 1 => Ok(()),
            RowAxis::None(reason) => refuse(format!("1: the model has no batch axis ({reason})")),
        }
    }
}

fn bytes_of_row(shape: &[usize], dtype: DType) -> usize {
    element_count(&shape[1..]).unwrap_or(0) * dtype.size().unwrap_or(1)
}

/// Some rows of a tensor, with room for their shape.
///
/// # Errors
/// `invalid_argument` where the tensor does not have them.
pub fn slice<'a>(tensor: &'a Tensor, rows: &Range<usize>, shape: &'a mut Shape) -> Result<TensorView<'a>> {
    *shape = Shape::from_slice(tensor.shape());
    match shape.first_mut() {
        Some(first) if rows.end <= *first => *first = rows.len(),
        _ => return Err(Error::invalid("rows", format!("{rows:?}"), format!("rows of {:?}", tensor.shape()))),
    }
    let row = bytes_of_row(tensor.shape(), tensor.dtype());
    let range = rows.start * row..rows.end * row;
    match tensor.data() {
        Data::Bytes(bytes) => TensorView::from_bytes(tensor.dtype(), shape, &bytes[range]),
        Data::Strings(strings) => TensorView::strings(shape, &strings[range]),
    }
}

/// A tensor of one row without the axis that counts it.
///
/// # Errors
/// `invalid_argument` where it does not have one row.
pub fn drop_axis(tensor: &Tensor) -> Result<Tensor> {
    match (tensor.shape(), tensor.data()) {
        ([1, rest @ ..], Data::Bytes(bytes)) => Tensor::from_bytes(tensor.dtype(), rest, bytes),
        ([1, rest @ ..], Data::Strings(strings)) => Tensor::strings(rest, strings.to_vec()),
        (shape, _) => Err(Error::invalid("tensor", format!("{shape:?}"), "a tensor of one row")),
    }
}

/// So many rows: those of the tensor, from the first on, again and again.
///
/// # Errors
/// `invalid_argument` for a tensor without rows.
pub fn cycle(tensor: &Tensor, rows: usize) -> Result<Tensor> {
    let Some(&found) = tensor.shape().first().filter(|rows| **rows > 0) else {
        return Err(Error::invalid("tensor", format!("{:?}", tensor.shape()), "a tensor with rows"));
    };
    let mut shape = Shape::from_slice(tensor.shape());
    shape[0] = rows;
    let row = bytes_of_row(tensor.shape(), tensor.dtype());
    let ranges = (0..rows).map(|at| (at % found) * row..(at % found + 1) * row);
    match tensor.data() {
        Data::Bytes(bytes) => {
            let all: Vec<u8> = ranges.flat_map(|range| bytes[range].iter().copied()).collect();
            Tensor::from_bytes(tensor.dtype(), &shape, &all)
        }
        Data::Strings(strings) => {
            Tensor::strings(&shape, ranges.flat_map(|range| strings[range].iter().cloned()).collect())
        }
    }
}

/// The rows of tensors one after another. They agree in everything but the first axis.
///
/// # Errors
/// `invalid_argument` where they do not, or have no rows.
pub fn concatenate(parts: &[Tensor]) -> Result<Tensor> {
    let shape_of = |tensor: &Tensor| format!("{} {:?}", tensor.dtype(), tensor.shape());
    let first = parts.first().ok_or_else(|| Error::invalid("tensors", "nothing", "at least one"))?;
    let row = first.shape().get(1..).ok_or_else(|| Error::invalid("tensor", shape_of(first), "a tensor with rows"))?;
    let fits = |tensor: &&Tensor| tensor.dtype() == first.dtype() && tensor.shape().get(1..) == Some(row);
    if let Some(other) = parts.iter().find(|tensor| !fits(tensor)) {
        return Err(Error::invalid("tensor", shape_of(other), format!("rows as in {}", shape_of(first))));
    }
    let mut shape = Shape::from_slice(first.shape());
    shape[0] = parts.iter().map(|tensor| tensor.shape()[0]).sum();
    if first.dtype() == DType::String {
        let strings = parts.iter().map(Tensor::as_strings).collect::<Result<Vec<_>>>()?;
        return Tensor::strings(&shape, strings.concat());
    }
    let bytes = parts.iter().map(|tensor| match tensor.data() {
        Data::Bytes(bytes) => bytes,
        Data::Strings(_) => &[],
    });
    Tensor::from_bytes(first.dtype(), &shape, &bytes.collect::<Vec<_>>().concat())
}

/// The elements as numbers; bools are 0 and 1. 64-bit integers beyond 2⁵³ are rounded. `None` for strings.
pub fn numbers(tensor: &TensorView<'_>) -> Option<Vec<f64>> {
    let Data::Bytes(bytes) = tensor.data() else { return None };
    fn each<T: Element>(bytes: &[u8], convert: impl Fn(T) -> f64) -> Vec<f64> {
        // Chunks have the element's size, and a view's bytes were checked for valid bits when it was made.
        let read = |chunk: &[u8]| bytemuck::checked::try_pod_read_unaligned(chunk).ok();
        bytes.chunks_exact(size_of::<T>()).filter_map(read).map(convert).collect()
    }
    Some(match tensor.dtype() {
        DType::F16 => each::<half::f16>(bytes, f64::from),
        DType::F32 => each::<f32>(bytes, f64::from),
        DType::F64 => each::<f64>(bytes, |v| v),
        DType::I8 => each::<i8>(bytes, f64::from),
        DType::I16 => each::<i16>(bytes, f64::from),
        DType::I32 => each::<i32>(bytes, f64::from),
        DType::I64 => each::<i64>(bytes, |v| v as f64),
        DType::U8 => each::<u8>(bytes, f64::from),
        DType::U16 => each::<u16>(bytes, f64::from),
        DType::U32 => each::<u32>(bytes, f64::from),
        DType::U64 => each::<u64>(bytes, |v| v as f64),
        DType::Bool => each::<bool>(bytes, |v| f64::from(u8::from(v))),
        DType::String => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(input: &str, output: &str) -> RowAxis {
        let text = format!(
            r#"{{"inputs": [{{"name": "x", "dtype": "f32", "shape": {input}}}],
                 "outputs": [{{"name": "y", "dtype": "f32", "shape": {output}}}]}}"#
        );
        RowAxis::of(&serde_json::from_str(&text).unwrap())
    }

    #[test]
    fn the_signature_says_what_a_row_is() {
        assert_eq!(axis(r#"["n", "4"]"#, r#"["n", "2"]"#), RowAxis::Free);
        assert_eq!(axis(r#"["8", "4"]"#, r#"["8", "2"]"#), RowAxis::Fixed(8));
        for (input, output) in [(r#"["8", "4"]"#, r#"["4", "2"]"#), (r#"["n"]"#, r#"["m"]"#), ("[]", "[]")] {
            let none = axis(input, output);
            assert!(matches!(none, RowAxis::None(_)), "{none:?}");
            assert!(none.check(1).is_ok());
            assert_eq!(none.check(2).unwrap_err().kind(), ErrorKind::Unsupported);
        }
        assert_eq!(RowAxis::Fixed(8).check(2).unwrap_err().get("allowed"), Some("8"));
    }

    #[test]
    fn rows_are_cut_and_repeated() {
        let tensor = Tensor::new(&[3, 2], vec![0i64, 1, 2, 3, 4, 5]).unwrap();
        let mut shape = Shape::new();
        let view = slice(&tensor, &(1..3), &mut shape).unwrap().to_tensor().unwrap();
        assert_eq!((view.shape(), view.as_slice::<i64>().unwrap()), (&[2, 2][..], &[2, 3, 4, 5][..]));
        assert!(slice(&tensor, &(1..4), &mut Shape::new()).is_err());
        let four = cycle(&tensor, 4).unwrap();
        assert_eq!(four.as_slice::<i64>().unwrap(), &[0, 1, 2, 3, 4, 5, 0, 1]);
        let texts = Tensor::strings(&[2], vec!["a".into(), "b".into()]).unwrap();
        assert_eq!(cycle(&texts, 3).unwrap().as_strings().unwrap(), ["a", "b", "a"]);
        let both = concatenate(&[tensor.clone(), tensor.clone()]).unwrap();
        assert_eq!((both.shape(), numbers(&both.view()).unwrap()[7]), (&[6, 2][..], 1.0));
        assert_eq!(concatenate(&[texts.clone(), texts.clone()]).unwrap().as_strings().unwrap(), ["a", "b", "a", "b"]);
        assert!(concatenate(&[tensor, texts.clone()]).is_err() && numbers(&texts.view()).is_none());
        assert!(cycle(&Tensor::new::<f32>(&[0, 2], vec![]).unwrap(), 1).is_err());
    }
}
