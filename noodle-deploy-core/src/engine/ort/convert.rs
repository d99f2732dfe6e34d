//! Tensors in and out, borrowed both ways; strings are copied.

use half::f16;
use ort::session::SessionInputValue;
use ort::value::{DynValue, PrimitiveTensorElementType, TensorElementType, TensorRef};

use crate::engine::guard::Cause;
use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::TensorSpec;
use crate::tensor::{Buffer, DType, Data, Element, Shape, Tensor, TensorView};

/// An output in ONNX Runtime's memory.
struct Output {
    value: DynValue,
    dtype: DType,
}

impl Buffer for Output {
    fn data(&self) -> Data<'_> {
        fn typed<T: Element + PrimitiveTensorElementType>(value: &DynValue) -> Data<'_> {
            // Type and place were checked when the output was taken.
            Data::Bytes(value.try_extract_tensor::<T>().map_or(&[], |(_, data)| bytemuck::cast_slice(data)))
        }
        match self.dtype {
            DType::F16 => typed::<f16>(&self.value),
            DType::F32 => typed::<f32>(&self.value),
            DType::F64 => typed::<f64>(&self.value),
            DType::I8 => typed::<i8>(&self.value),
            DType::I16 => typed::<i16>(&self.value),
            DType::I32 => typed::<i32>(&self.value),
            DType::I64 => typed::<i64>(&self.value),
            DType::U8 => typed::<u8>(&self.value),
            DType::U16 => typed::<u16>(&self.value),
            DType::U32 => typed::<u32>(&self.value),
            DType::U64 => typed::<u64>(&self.value),
            DType::Bool => typed::<bool>(&self.value),
            DType::String => Data::Strings(&[]),
        }
    }
}

fn element_type(dtype: DType) -> TensorElementType {
    match dtype {
        DType::F16 => TensorElementType::Float16,
        DType::F32 => TensorElementType::Float32,
        DType::F64 => TensorElementType::Float64,
        DType::I8 => TensorElementType::Int8,
        DType::I16 => TensorElementType::Int16,
        DType::I32 => TensorElementType::Int32,
        DType::I64 => TensorElementType::Int64,
        DType::U8 => TensorElementType::Uint8,
        DType::U16 => TensorElementType::Uint16,
        DType::U32 => TensorElementType::Uint32,
        DType::U64 => TensorElementType::Uint64,
        DType::Bool => TensorElementType::Bool,
        DType::String => TensorElementType::String,
    }
}

/// A value over a view's own memory, or over `copy` where that is not aligned.
pub(super) fn input<'a>(view: &TensorView<'a>, copy: &'a mut Option<Tensor>) -> Result<SessionInputValue<'a>> {
    match view.dtype() {
        DType::F16 => borrow::<f16>(view, copy),
        DType::F32 => borrow::<f32>(view, copy),
        DType::F64 => borrow::<f64>(view, copy),
        DType::I8 => borrow::<i8>(view, copy),
        DType::I16 => borrow::<i16>(view, copy),
        DType::I32 => borrow::<i32>(view, copy),
        DType::I64 => borrow::<i64>(view, copy),
        DType::U8 => borrow::<u8>(view, copy),
        DType::U16 => borrow::<u16>(view, copy),
        DType::U32 => borrow::<u32>(view, copy),
        DType::U64 => borrow::<u64>(view, copy),
        DType::Bool => borrow::<bool>(view, copy),
        DType::String => {
            let Data::Strings(strings) = view.data() else {
                return Err(Error::invalid("dtype", view.dtype(), DType::String));
            };
            let tensor = ort::value::Tensor::from_string_array((view.shape(), strings)).map_err(|e| bad(&e))?;
            Ok(tensor.into())
        }
    }
}

fn borrow<'a, T>(view: &TensorView<'a>, copy: &'a mut Option<Tensor>) -> Result<SessionInputValue<'a>>
where
    T: Element + PrimitiveTensorElementType + std::fmt::Debug,
{
    let slice = match view.into_slice::<T>() {
        Ok(slice) => slice,
        Err(_) => copy.insert(view.to_tensor()?).as_slice::<T>()?,
    };
    Ok(TensorRef::from_array_view((view.shape(), slice)).map_err(|e| bad(&e))?.into())
}

fn bad(error: &ort::Error) -> Error {
    Error::new(ErrorKind::EngineFailed, "an input was refused").with("engine", "ort").source(Cause::of(error))
}

/// An owned tensor over the engine's memory.
pub(super) fn output(spec: &TensorSpec, value: DynValue) -> Result<Tensor> {
    let failed =
        |message| Error::new(ErrorKind::EngineFailed, message).with("engine", "ort").with("output", &spec.name);
    let refused = |e: ort::Error| failed("an output was refused").source(Cause::of(&e));
    let kind = value.dtype();
    if kind.tensor_type() != Some(element_type(spec.dtype)) {
        return Err(failed("an output has another element type than the file says")
            .with("value", kind)
            .with("allowed", spec.dtype));
    }
    let sizes = kind.tensor_shape().ok_or_else(|| failed("an output has no shape"))?;
    let shape: Option<Shape> = sizes.iter().map(|&size| usize::try_from(size).ok()).collect();
    let shape = shape.ok_or_else(|| failed("an output has a negative size"))?;
    if spec.dtype == DType::String {
        let (_, strings) = value.try_extract_strings().map_err(refused)?;
        return Tensor::strings(&shape, strings);
    }
    let output = Output { value, dtype: spec.dtype };
    let wanted = crate::tensor::element_count(&shape).zip(spec.dtype.size()).map(|(count, size)| count * size);
    match output.data() {
        Data::Bytes(bytes) if Some(bytes.len()) == wanted => {
            Ok(Tensor::from_buffer(spec.dtype, shape, std::sync::Arc::new(output)))
        }
        _ => Err(failed("an output has another length than its shape")),
    }
}
