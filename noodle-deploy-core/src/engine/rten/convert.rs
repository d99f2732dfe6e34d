//! Tensors in and out. f32, i32, i8 and u8 are borrowed on the way in and handed on on the way out; i64 and bool become
//! i32 and back.

use rten::{Value, ValueOrView, ValueView};
use rten_tensor::Layout as _;

use super::scan::Range;
use crate::engine::guard::Cause;
use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::TensorSpec;
use crate::tensor::{DType, Data, Element, Shape, Tensor, TensorView};

/// A value of a view; borrows where it can.
pub(super) fn input<'a>(spec: &TensorSpec, view: &TensorView<'a>, range: Range) -> Result<ValueOrView<'a>> {
    match view.dtype() {
        DType::F32 => same::<f32>(view),
        DType::I32 => same::<i32>(view),
        DType::I8 => same::<i8>(view),
        DType::U8 => same::<u8>(view),
        DType::I64 => {
            let Data::Bytes(bytes) = view.data() else { return Err(Error::invalid("dtype", view.dtype(), DType::I64)) };
            let (wide, _) = bytes.as_chunks::<8>();
            let narrow = |bytes: &[u8; 8]| {
                let value = i64::from_ne_bytes(*bytes);
                match i32::try_from(value) {
                    Ok(narrow) if range.contains(value) => Ok(narrow),
                    _ => Err(Error::new(ErrorKind::Unsupported, "the engine computes with 32-bit integers")
                        .with("engine", "rten")
                        .with("input", &spec.name)
                        .with("value", value)
                        .with("allowed", format!("{} to {}", range.low, range.high))),
                }
            };
            owned(view.shape(), wide.iter().map(narrow).collect::<Result<Vec<i32>>>()?)
        }
        DType::Bool => {
            let Data::Bytes(bytes) = view.data() else {
                return Err(Error::invalid("dtype", view.dtype(), DType::Bool));
            };
            owned(view.shape(), bytes.iter().map(|&byte| i32::from(byte != 0)).collect::<Vec<i32>>())
        }
        other => Err(Error::invalid("dtype", other, spec.dtype).with("input", &spec.name)),
    }
}

fn same<'a, T>(view: &TensorView<'a>) -> Result<ValueOrView<'a>>
where
    T: Element + Copy,
    ValueView<'a>: From<rten_tensor::TensorView<'a, T>>,
    Value: From<rten_tensor::Tensor<T>>,
{
    match view.into_slice::<T>() {
        Ok(slice) => ValueView::from_shape(view.shape(), slice).map(ValueOrView::from).map_err(|e| bad(&e)),
        // Not aligned.
        Err(_) => owned(view.shape(), view.to_tensor()?.as_slice::<T>()?.to_vec()),
    }
}

fn owned<'a, T>(shape: &[usize], data: Vec<T>) -> Result<ValueOrView<'a>>
where
    Value: From<rten_tensor::Tensor<T>>,
{
    Value::from_shape(shape, data).map(ValueOrView::from).map_err(|e| bad(&e))
}

fn bad(error: &(dyn std::error::Error + 'static)) -> Error {
    Error::new(ErrorKind::EngineFailed, "an input was refused").source(Cause::of(error))
}

/// An owned tensor of a value; no copy but for i64 and bool.
pub(super) fn output(spec: &TensorSpec, value: Value) -> Result<Tensor> {
    let shape = Shape::from_slice(&value.shape());
    let tensor = match (spec.dtype, value) {
        (DType::F32, Value::FloatTensor(t)) => Tensor::new(&shape, t.into_data()),
        (DType::I32, Value::Int32Tensor(t)) => Tensor::new(&shape, t.into_data()),
        (DType::I8, Value::Int8Tensor(t)) => Tensor::new(&shape, t.into_data()),
        (DType::U8, Value::UInt8Tensor(t)) => Tensor::new(&shape, t.into_data()),
        (DType::I64, Value::Int32Tensor(t)) => {
            Tensor::new(&shape, t.into_data().into_iter().map(i64::from).collect::<Vec<_>>())
        }
        (DType::Bool, Value::Int32Tensor(t)) => {
            Tensor::new(&shape, t.into_data().into_iter().map(|x| x != 0).collect::<Vec<_>>())
        }
        (_, other) => {
            return Err(Error::new(ErrorKind::EngineFailed, "an output has another element type than the file says")
                .with("output", &spec.name)
                .with("value", other.dtype())
                .with("allowed", spec.dtype));
        }
    };
    tensor.map_err(|e| {
        Error::new(ErrorKind::EngineFailed, "an output has another length than its shape")
            .with("output", &spec.name)
            .source(e)
    })
}
