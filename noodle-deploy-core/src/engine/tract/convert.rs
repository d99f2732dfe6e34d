//! Tensors in and out: without a copy where the memory is tract's already, else with one.

use std::any::Any;
use std::sync::Arc;

use half::f16;
use tract_onnx::prelude::{DatumType, IntoTValue, TValue, Tensor as TractTensor, tensor1};

use super::failure::failed;
use crate::error::{Error, ErrorKind, Result};
use crate::tensor::{Buffer, DType, Data, Element, Shape, Tensor, TensorView};

impl Buffer for TractTensor {
    fn data(&self) -> Data<'_> {
        // Only plain tensors leave this engine; anything else reads as empty.
        let Some(plain) = self.as_plain_ram() else { return Data::Bytes(&[]) };
        match self.datum_type() {
            DatumType::String => Data::Strings(plain.as_slice::<String>().unwrap_or(&[])),
            _ => Data::Bytes(plain.as_bytes()),
        }
    }
}

/// tract's name of an element type.
pub(super) fn datum_type(dtype: DType) -> DatumType {
    match dtype {
        DType::F16 => DatumType::F16,
        DType::F32 => DatumType::F32,
        DType::F64 => DatumType::F64,
        DType::I8 => DatumType::I8,
        DType::I16 => DatumType::I16,
        DType::I32 => DatumType::I32,
        DType::I64 => DatumType::I64,
        DType::U8 => DatumType::U8,
        DType::U16 => DatumType::U16,
        DType::U32 => DatumType::U32,
        DType::U64 => DatumType::U64,
        DType::Bool => DatumType::Bool,
        DType::String => DatumType::String,
    }
}

/// The element type that a tract tensor's memory holds; quantised types are their integers.
pub(super) fn dtype(datum: DatumType) -> Option<DType> {
    DType::ALL.into_iter().find(|d| datum_type(*d) == datum.unquantized())
}

/// A tract value of a view.
pub(super) fn input(view: &TensorView<'_>) -> Result<TValue> {
    if let Some(owner) = view.owner() {
        let any: Arc<dyn Any + Send + Sync> = owner.clone();
        if let Ok(tensor) = any.downcast::<TractTensor>()
            && tensor.shape() == view.shape()
            && tensor.datum_type() == datum_type(view.dtype())
        {
            return Ok(tensor.into_tvalue());
        }
    }
    copy(view).map(IntoTValue::into_tvalue)
}

fn copy(view: &TensorView<'_>) -> Result<TractTensor> {
    fn typed<T: Element + tract_onnx::prelude::Datum + Copy>(view: &TensorView<'_>) -> Result<TractTensor> {
        if let Ok(slice) = view.into_slice::<T>() {
            return TractTensor::from_shape(view.shape(), slice).map_err(|e| failed("an input was refused", e));
        }
        // Not aligned: through bytes.
        let mut tensor =
            TractTensor::zero_dt(T::datum_type(), view.shape()).map_err(|e| failed("an input was refused", e))?;
        if let Data::Bytes(bytes) = view.data() {
            tensor.as_bytes_mut().copy_from_slice(bytes);
        }
        Ok(tensor)
    }
    match view.dtype() {
        DType::F16 => typed::<f16>(view),
        DType::F32 => typed::<f32>(view),
        DType::F64 => typed::<f64>(view),
        DType::I8 => typed::<i8>(view),
        DType::I16 => typed::<i16>(view),
        DType::I32 => typed::<i32>(view),
        DType::I64 => typed::<i64>(view),
        DType::U8 => typed::<u8>(view),
        DType::U16 => typed::<u16>(view),
        DType::U32 => typed::<u32>(view),
        DType::U64 => typed::<u64>(view),
        DType::Bool => typed::<bool>(view),
        DType::String => {
            let Data::Strings(strings) = view.data() else {
                return Err(Error::invalid("dtype", view.dtype(), DType::String));
            };
            tensor1(strings).into_shape(view.shape()).map_err(|e| failed("an input was refused", e))
        }
    }
}

/// An owned tensor of a tract value, cast where tract computes in another type than the one declared.
pub(super) fn output(value: TValue, declared: DType, name: &str) -> Result<Tensor> {
    let wanted = datum_type(declared);
    let value: Arc<TractTensor> = tract_onnx::prelude::IntoArcTensor::into_arc_tensor(value);
    let same = value.datum_type() == wanted || dtype(value.datum_type()) == Some(declared);
    let tensor = if same && value.is_plain_ram() {
        value
    } else {
        let plain = if value.is_plain_ram() {
            value
        } else {
            Arc::new(Arc::unwrap_or_clone(value).into_plain_ram().map_err(|e| failed("an output was refused", e))?)
        };
        let cast = plain.cast_to_dt(wanted).map_err(|e| failed("an output was refused", e).with("output", name))?;
        Arc::new(cast.into_owned())
    };
    let shape = Shape::from_slice(tensor.shape());
    let expected = crate::tensor::element_count(&shape);
    let found = match tensor.data() {
        Data::Bytes(bytes) => declared.size().map(|size| bytes.len() / size),
        Data::Strings(strings) => Some(strings.len()),
    };
    if expected.is_none() || expected != found {
        return Err(
            Error::new(ErrorKind::EngineFailed, "an output has another length than its shape").with("output", name)
        );
    }
    Ok(Tensor::from_buffer(declared, shape, tensor))
}

/// Zeros, or empty strings.
pub(super) fn zeros(dtype: DType, shape: &[usize]) -> Result<TValue> {
    // Trials must not ask for more than a request could.
    let count = crate::tensor::element_count(shape).filter(|count| *count <= 1 << 26);
    let Some(count) = count else {
        return Err(Error::new(ErrorKind::TooLarge, "a trial input is too large").with("shape", format!("{shape:?}")));
    };
    let tensor = match dtype {
        DType::String => tensor1(&vec![String::new(); count]).into_shape(shape),
        _ => TractTensor::zero_dt(datum_type(dtype), shape),
    };
    tensor.map(IntoTValue::into_tvalue).map_err(|e| failed("an input was refused", e))
}
