//! Requests into one batch, and its outputs back to them.

use std::ops::Range;
use std::sync::Arc;

use half::f16;
use smallvec::SmallVec;

use super::config::Pads;
use crate::engine::Outputs;
use crate::error::{Error, ErrorKind, Result};
use crate::tensor::{Buffer, DType, Data, Shape, Tensor, TensorView, element_count};

/// One input of a batch.
pub(super) struct Whole {
    dtype: DType,
    shape: Shape,
    storage: Storage,
}

enum Storage {
    /// Words, so that every element type is aligned, and how many of their bytes count.
    Words(Vec<u64>, usize),
    Strings(Vec<String>),
}

impl Whole {
    /// # Errors
    /// None for a batch that [`join`] made.
    pub(super) fn view(&self) -> Result<TensorView<'_>> {
        match &self.storage {
            Storage::Words(words, len) => {
                TensorView::from_bytes(self.dtype, &self.shape, &bytemuck::cast_slice(words)[..*len])
            }
            Storage::Strings(strings) => TensorView::strings(&self.shape, strings),
        }
    }
}

fn internal(message: &'static str) -> Error {
    Error::new(ErrorKind::Internal, message)
}

/// The length of a request along the padded axis; none without padding.
pub(super) fn length(inputs: &[Tensor], pads: Option<&Pads>) -> Option<usize> {
    let pads = pads?;
    pads.inputs.iter().zip(inputs).find_map(|(pad, tensor)| tensor.shape().get(pad.as_ref()?.0).copied())
}

/// The length that requests are padded to: the longest, rounded up.
pub(super) fn padded_length(lengths: impl Iterator<Item = Option<usize>>, pads: Option<&Pads>) -> Option<usize> {
    let longest = lengths.flatten().max()?;
    longest.checked_next_multiple_of(pads?.multiple_of)
}

/// Puts the rows of requests one after another. They agree in everything but the first axis and the padded one.
pub(super) fn join(requests: &[&[Tensor]], pads: Option<&Pads>, padded: Option<usize>) -> Result<Vec<Whole>> {
    let first = requests.first().ok_or_else(|| internal("a batch has no request"))?;
    (0..first.len())
        .map(|input| {
            let tensors: Vec<&Tensor> = requests.iter().map(|request| &request[input]).collect();
            let pad = pads.and_then(|pads| pads.inputs[input]).zip(padded);
            join_one(&tensors, pad)
        })
        .collect()
}

fn join_one(tensors: &[&Tensor], pad: Option<((usize, f64), usize)>) -> Result<Whole> {
    let dtype = tensors[0].dtype();
    let mut shape = Shape::from_slice(tensors[0].shape());
    shape[0] = tensors.iter().map(|tensor| tensor.shape()[0]).sum();
    if let Some(((axis, _), length)) = pad {
        shape[axis] = length;
    }
    let Some(size) = dtype.size() else {
        let mut strings = Vec::new();
        for tensor in tensors {
            strings.extend_from_slice(tensor.as_strings()?);
        }
        return Ok(Whole { dtype, shape, storage: Storage::Strings(strings) });
    };
    let len = element_count(&shape).and_then(|count| count.checked_mul(size));
    let len = len.ok_or_else(|| Error::new(ErrorKind::TooLarge, "a batch is too large"))?;
    let mut words = vec![0u64; len.div_ceil(8)];
    let mut rest: &mut [u8] = &mut bytemuck::cast_slice_mut(&mut words)[..len];
    for tensor in tensors {
        let Data::Bytes(bytes) = tensor.data() else { return Err(internal("numbers are strings")) };
        rest = match pad {
            Some(((axis, value), length)) if tensor.shape()[axis] != length => {
                let block = tensor.shape()[axis..].iter().product::<usize>() * size;
                let wide = length * tensor.shape()[axis + 1..].iter().product::<usize>() * size;
                let blocks = tensor.shape()[..axis].iter().product::<usize>();
                let pattern = pattern(dtype, value);
                for at in 0..blocks {
                    let (head, tail) = rest.split_at_mut(wide);
                    let (data, fill) = head.split_at_mut(block);
                    data.copy_from_slice(&bytes[at * block..(at + 1) * block]);
                    fill.chunks_exact_mut(size).for_each(|element| element.copy_from_slice(&pattern));
                    rest = tail;
                }
                rest
            }
            _ => {
                let (head, tail) = rest.split_at_mut(bytes.len());
                head.copy_from_slice(bytes);
                tail
            }
        };
    }
    Ok(Whole { dtype, shape, storage: Storage::Words(words, len) })
}

/// The bytes of an element. The configuration was checked: the value is one of the type.
fn pattern(dtype: DType, value: f64) -> SmallVec<[u8; 8]> {
    match dtype {
        DType::F16 => SmallVec::from_slice(&f16::from_f64(value).to_ne_bytes()),
        DType::F32 => SmallVec::from_slice(&(value as f32).to_ne_bytes()),
        DType::F64 => SmallVec::from_slice(&value.to_ne_bytes()),
        DType::I8 => SmallVec::from_slice(&(value as i8).to_ne_bytes()),
        DType::I16 => SmallVec::from_slice(&(value as i16).to_ne_bytes()),
        DType::I32 => SmallVec::from_slice(&(value as i32).to_ne_bytes()),
        DType::I64 => SmallVec::from_slice(&(value as i64).to_ne_bytes()),
        DType::U8 | DType::Bool => SmallVec::from_slice(&(value as u8).to_ne_bytes()),
        DType::U16 => SmallVec::from_slice(&(value as u16).to_ne_bytes()),
        DType::U32 => SmallVec::from_slice(&(value as u32).to_ne_bytes()),
        DType::U64 => SmallVec::from_slice(&(value as u64).to_ne_bytes()),
        DType::String => SmallVec::new(),
    }
}

/// A request's part of a batch's output, in the batch's own memory.
struct Part {
    whole: Tensor,
    range: Range<usize>,
}

impl Buffer for Part {
    fn data(&self) -> Data<'_> {
        match self.whole.data() {
            Data::Bytes(bytes) => Data::Bytes(&bytes[self.range.clone()]),
            Data::Strings(strings) => Data::Strings(&strings[self.range.clone()]),
        }
    }
}

/// A request's place in a batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) rows: usize,
    /// Its length along the padded axis.
    pub(super) length: Option<usize>,
}

/// Gives each request its rows of every output.
///
/// # Errors
/// `engine_failed` where an output has another number of rows than the batch, or another length than it was padded to.
pub(super) fn split(
    outputs: &Outputs,
    places: &[Place],
    pads: Option<&Pads>,
    padded: Option<usize>,
) -> Result<Vec<Outputs>> {
    let rows: usize = places.iter().map(|place| place.rows).sum();
    let mut parts: Vec<Outputs> = places.iter().map(|_| Outputs::new()).collect();
    for (index, whole) in outputs.iter().enumerate() {
        let differs = |what: &'static str, found: Option<usize>, allowed: usize| {
            Error::new(ErrorKind::EngineFailed, what)
                .with("output", index)
                .with("value", found.map_or_else(|| "none".to_owned(), |size| size.to_string()))
                .with("allowed", allowed)
        };
        let found = whole.shape().first().copied();
        if found != Some(rows) {
            return Err(differs("an output has another number of rows than the batch", found, rows));
        }
        let axis = pads.and_then(|pads| pads.outputs[index]).zip(padded);
        if let Some((axis, length)) = axis
            && whole.shape().get(axis) != Some(&length)
        {
            let found = whole.shape().get(axis).copied();
            return Err(differs("an output has another length than its batch was padded to", found, length));
        }
        let row = whole.shape()[1..].iter().product::<usize>() * whole.dtype().size().unwrap_or(1);
        let mut first = 0;
        for (place, part) in places.iter().zip(&mut parts) {
            let range = first * row..(first + place.rows) * row;
            first += place.rows;
            let mut shape = Shape::from_slice(whole.shape());
            shape[0] = place.rows;
            part.push(match axis.zip(place.length) {
                Some(((axis, padded), length)) if length != padded => cut(whole, range, shape, axis, length)?,
                _ => Tensor::from_buffer(whole.dtype(), shape, Arc::new(Part { whole: whole.clone(), range })),
            });
        }
    }
    Ok(parts)
}

/// A copy of a range without what was padded.
fn cut(whole: &Tensor, range: Range<usize>, mut shape: Shape, axis: usize, length: usize) -> Result<Tensor> {
    let Data::Bytes(bytes) = whole.data() else {
        return Err(Error::new(ErrorKind::EngineFailed, "an output of strings cannot be cut"));
    };
    let inner = shape[axis + 1..].iter().product::<usize>() * whole.dtype().size().unwrap_or(1);
    let (wide, narrow) = (shape[axis] * inner, length * inner);
    shape[axis] = length;
    let blocks = bytes[range].chunks_exact(wide.max(1));
    let kept: Vec<u8> = blocks.flat_map(|block| &block[..narrow]).copied().collect();
    Tensor::from_bytes(whole.dtype(), &shape, &kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pads(inputs: &[Option<(usize, f64)>], outputs: &[Option<usize>], multiple_of: usize) -> Pads {
        Pads { inputs: inputs.to_vec(), outputs: outputs.to_vec(), multiple_of }
    }

    #[test]
    fn rows_come_one_after_another_and_go_back_without_a_copy() {
        let a = [Tensor::new(&[1, 2], vec![1f32, 2.0]).unwrap(), Tensor::strings(&[1], vec!["a".into()]).unwrap()];
        let b = [
            Tensor::new(&[2, 2], vec![3f32, 4.0, 5.0, 6.0]).unwrap(),
            Tensor::strings(&[2], vec!["b".into(), "c".into()]).unwrap(),
        ];
        let whole = join(&[&a, &b], None, None).unwrap();
        let views: Vec<_> = whole.iter().map(|w| w.view().unwrap()).collect();
        assert_eq!(views[0].shape(), [3, 2]);
        assert_eq!(views[0].into_slice::<f32>().unwrap(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(views[1].data(), Data::Strings(&["a".into(), "b".into(), "c".into()]));
        let outputs: Outputs = [views[0].to_tensor().unwrap(), views[1].to_tensor().unwrap()].into_iter().collect();
        let places = [Place { rows: 1, length: None }, Place { rows: 2, length: None }];
        let parts = split(&outputs, &places, None, None).unwrap();
        assert_eq!(parts[0][0], a[0]);
        assert_eq!(parts[1][0], b[0]);
        assert_eq!(parts[1][1], b[1]);
        let within = outputs[0].as_slice::<f32>().unwrap().as_ptr_range();
        assert!(within.contains(&parts[1][0].as_slice::<f32>().unwrap().as_ptr()));
    }

    #[test]
    fn lengths_are_padded_and_cut_back() {
        let pads = pads(&[Some((1, -1.0)), None], &[Some(1), None], 4);
        let a = [Tensor::new(&[2, 1, 2], vec![1i64, 2, 3, 4]).unwrap(), Tensor::new(&[2], vec![true, false]).unwrap()];
        let b =
            [Tensor::new(&[1, 3, 2], (5..11).collect::<Vec<i64>>()).unwrap(), Tensor::new(&[1], vec![true]).unwrap()];
        let lengths = [length(&a, Some(&pads)), length(&b, Some(&pads))];
        assert_eq!(lengths, [Some(1), Some(3)]);
        let padded = padded_length(lengths.into_iter(), Some(&pads));
        assert_eq!(padded, Some(4));
        let whole = join(&[&a, &b], Some(&pads), padded).unwrap();
        let view = whole[0].view().unwrap();
        assert_eq!(view.shape(), [3, 4, 2]);
        let expected = [1, 2, -1, -1, -1, -1, -1, -1, 3, 4, -1, -1, -1, -1, -1, -1, 5, 6, 7, 8, 9, 10, -1, -1];
        assert_eq!(view.into_slice::<i64>().unwrap(), expected);
        assert_eq!(whole[1].view().unwrap().into_slice::<bool>().unwrap(), [true, false, true]);
        let outputs: Outputs =
            [view.to_tensor().unwrap(), Tensor::new(&[3], vec![7f32, 8.0, 9.0]).unwrap()].into_iter().collect();
        let places = [Place { rows: 2, length: Some(1) }, Place { rows: 1, length: Some(3) }];
        let parts = split(&outputs, &places, Some(&pads), padded).unwrap();
        assert_eq!(parts[0][0], a[0]);
        assert_eq!(parts[1][0], b[0]);
        assert_eq!(parts[1][1].as_slice::<f32>().unwrap(), [9.0]);
    }

    #[test]
    fn outputs_of_another_size_are_refused() {
        let outputs: Outputs = [Tensor::new(&[2, 3], vec![0f32; 6]).unwrap()].into_iter().collect();
        let rows = split(&outputs, &[Place { rows: 3, length: None }], None, None).unwrap_err();
        assert_eq!((rows.kind(), rows.get("allowed")), (ErrorKind::EngineFailed, Some("3")));
        let pads = pads(&[], &[Some(1)], 1);
        let place = [Place { rows: 2, length: Some(2) }];
        let length = split(&outputs, &place, Some(&pads), Some(4)).unwrap_err();
        assert_eq!(length.get("value"), Some("3"));
    }

    #[test]
    fn a_padding_value_has_the_bytes_of_its_type() {
        assert_eq!(&pattern(DType::F32, -0.5)[..], (-0.5f32).to_ne_bytes());
        assert_eq!(&pattern(DType::I16, -3.0)[..], (-3i16).to_ne_bytes());
        assert_eq!(&pattern(DType::Bool, 1.0)[..], [1]);
        assert_eq!(&pattern(DType::U64, 9e15)[..], 9_000_000_000_000_000u64.to_ne_bytes());
        for dtype in DType::ALL {
            assert_eq!(Some(pattern(dtype, 1.0).len()).filter(|len| *len > 0), dtype.size());
        }
    }
}
