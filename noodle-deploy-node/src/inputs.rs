//! Tensors that go in: borrowed from the host's memory for the length of one call.

#![allow(unsafe_code, reason = "memory of the host is borrowed through its C interface")]

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::Arc;

use napi::sys;
use noodle_deploy_core::model::probe::{Scalar, TensorData};
use noodle_deploy_core::model::signature::{Dim, TensorSpec};
use noodle_deploy_core::tensor::Shape;
use noodle_deploy_core::{DType, Error, Result, Served, Tensor, TensorView};
use serde::Deserialize;

use crate::outputs::class;
use crate::value::{self, Made, check, host_error, made};

/// One input. `'call` is the running call of the host, which cannot touch the memory before the call returns.
pub(crate) struct Input<'call> {
    pub(crate) name: String,
    dtype: DType,
    shape: Shape,
    data: Held<'call>,
}

enum Held<'call> {
    Bytes(&'call [u8]),
    Strings(Vec<String>),
    /// From a list of numbers or bools.
    Tensor(Tensor),
}

impl Input<'_> {
    pub(crate) fn view(&self) -> Result<TensorView<'_>> {
        match &self.data {
            Held::Bytes(bytes) => TensorView::from_bytes(self.dtype, &self.shape, bytes),
            Held::Strings(strings) => TensorView::strings(&self.shape, strings),
            Held::Tensor(tensor) => Ok(tensor.view()),
        }
    }
}

/// As [`read`], copied.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_owned(
    env: sys::napi_env,
    list: sys::napi_value,
    served: impl Fn() -> Result<Arc<Served>>,
) -> Result<Vec<(String, Tensor)>> {
    let owned = |input: Input<'_>| {
        let tensor = input.view()?.to_tensor()?;
        Ok((input.name, tensor))
    };
    read(env, list, served)?.into_iter().map(owned).collect()
}

/// What was read of an input before its memory is looked at.
struct Named {
    name: String,
    dtype: Option<DType>,
    shape: Option<Shape>,
    data: Raw,
}

enum Raw {
    Typed(sys::napi_value),
    Strings(Vec<String>),
    List(Vec<Scalar>),
}

/// Reads name, element type, shape and data of each input from a flat list. What is undefined follows from the typed
/// array and from the signature of who is about to answer, which is asked for then only.
///
/// # Errors
/// `invalid_argument` that names the input, and what `served` says.
pub(crate) fn read<'call>(
    env: sys::napi_env,
    list: sys::napi_value,
    served: impl Fn() -> Result<Arc<Served>>,
) -> Result<Vec<Input<'call>>> {
    let broken = |_: napi::Error| host_error(env, &["inputs".to_owned()]);
    let length = value::length(env, list).map_err(broken)?;
    let mut named = Vec::with_capacity(length as usize / 4);
    for i in (0..length).step_by(4) {
        let item = |offset| value::element(env, list, i + offset).map_err(broken);
        let name = value::text(env, item(0)?).map_err(broken)?;
        let input = read_one(env, item(1)?, item(2)?, item(3)?).map_err(|e| e.with("input", &name));
        let (dtype, shape, data) = input?;
        named.push(Named { name, dtype, shape, data });
    }
    let open = |input: &Named| input.shape.is_none() || input.dtype.is_none();
    let served = if named.iter().any(open) { Some(served()?) } else { None };
    // Lists and shapes of the caller may run code of the caller when they are read. From here on none runs until the
    // call of the host returns, so that no memory below can be detached or resized.
    let borrow = |input: Named| {
        let specs = served.as_ref().map(|served| served.signature.inputs.as_slice()).unwrap_or_default();
        let spec = specs.iter().find(|spec| spec.name == input.name);
        let shape = |count| {
            let inferred = || spec.and_then(|spec| shape_for(spec, count));
            input.shape.clone().or_else(inferred).unwrap_or_else(|| Shape::from_slice(&[count]))
        };
        let declared = spec.map(|spec| spec.dtype);
        Ok(match input.data {
            Raw::Strings(data) => {
                let (dtype, shape) = (DType::String, shape(data.len()));
                Input { name: input.name, dtype, shape, data: Held::Strings(data) }
            }
            Raw::List(data) => {
                let shape = shape(data.len());
                let dtype = input.dtype.or(declared).unwrap_or(DType::F64);
                let tensor = TensorData { dtype, shape: shape.to_vec(), data }.to_tensor()?;
                Input { name: input.name, dtype, shape, data: Held::Tensor(tensor) }
            }
            Raw::Typed(array) => {
                let borrowed = borrow(env, array, input.dtype, declared);
                let (dtype, bytes) = borrowed.map_err(|e| e.with("input", &input.name))?;
                let shape = shape(bytes.len() / dtype.size().unwrap_or(1));
                Input { name: input.name, dtype, shape, data: Held::Bytes(bytes) }
            }
        })
    };
    named.into_iter().map(borrow).collect()
}

/// The one shape of a signature that has so many elements, where it leaves at most one axis open.
fn shape_for(spec: &TensorSpec, count: usize) -> Option<Shape> {
    let mut open = None;
    let mut shape = Shape::new();
    for (axis, dim) in spec.shape.iter().enumerate() {
        match dim {
            Dim::Fixed(size) => shape.push(*size),
            Dim::Symbol(_) | Dim::Any if open.is_some() => return None,
            Dim::Symbol(_) | Dim::Any => {
                open = Some(axis);
                shape.push(1);
            }
        }
    }
    let fixed = noodle_deploy_core::tensor::element_count(&shape)?;
    match open {
        None => (fixed == count).then_some(shape),
        Some(axis) => {
            shape[axis] = (fixed > 0 && count.is_multiple_of(fixed)).then(|| count / fixed)?;
            Some(shape)
        }
    }
}

type Parts = (Option<DType>, Option<Shape>, Raw);

fn read_one(
    env: sys::napi_env,
    dtype: sys::napi_value,
    shape: sys::napi_value,
    data: sys::napi_value,
) -> Result<Parts> {
    let broken = |_: napi::Error| host_error(env, &["inputs".to_owned()]);
    let is = |value, kind| value::kind(env, value).map(|found| found == kind).map_err(broken);
    let dtype: Option<DType> = if is(dtype, sys::ValueType::napi_string)? {
        Some(value::text(env, dtype).map_err(broken)?.parse()?)
    } else if is(dtype, sys::ValueType::napi_undefined)? {
        None
    } else {
        return Err(Error::invalid("dtype", "no string", "the name of an element type"));
    };
    let shape = if is(shape, sys::ValueType::napi_undefined)? { None } else { Some(read_shape(env, shape)?) };
    let typed = made!(false, |out| sys::napi_is_typedarray(env, data, out)).map_err(broken)?;
    let data = if typed {
        Raw::Typed(data)
    } else if value::is_list(env, data).map_err(broken)? {
        let begins = || is(value::element(env, data, 0).map_err(broken)?, sys::ValueType::napi_string);
        let strings = match dtype {
            Some(dtype) => dtype == DType::String,
            None => begins()?,
        };
        if strings { Raw::Strings(read_strings(env, data)?) } else { Raw::List(read_scalars(env, data)?) }
    } else {
        return Err(Error::invalid("data", "something else", "a typed array or a list"));
    };
    Ok((dtype, shape, data))
}

fn read_shape(env: sys::napi_env, shape: sys::napi_value) -> Result<Shape> {
    let broken = |_: napi::Error| host_error(env, &["shape".to_owned()]);
    let axes = value::length(env, shape)
        .map_err(|_| Error::invalid("shape", "something else", "a list of the sizes of the axes"))?;
    let mut sizes = Shape::new();
    for i in 0..axes {
        let size = value::element(env, shape, i).map_err(broken)?;
        let size = made!(0.0, |out| sys::napi_get_value_double(env, size, out))
            .map_err(|_| Error::invalid("shape", "something else than a number", "sizes of the axes"))?;
        if size.trunc() != size || !(0.0..=9_007_199_254_740_991.0).contains(&size) {
            return Err(Error::invalid("shape", size, "whole numbers from 0"));
        }
        sizes.push(size as usize);
    }
    Ok(sizes)
}

fn read_strings(env: sys::napi_env, list: sys::napi_value) -> Result<Vec<String>> {
    let broken = |_: napi::Error| host_error(env, &["data".to_owned()]);
    let count = value::length(env, list).map_err(broken)?;
    let string = |i| {
        let item = value::element(env, list, i).map_err(broken)?;
        value::text(env, item).map_err(|_| Error::invalid("data", "no string", "strings").with("index", i))
    };
    (0..count).map(string).collect()
}

fn read_scalars(env: sys::napi_env, list: sys::napi_value) -> Result<Vec<Scalar>> {
    let list = value::from_js(env, list)?;
    Vec::deserialize(list).map_err(|e| Error::invalid("data", e, "numbers, bools or strings"))
}

/// The memory of a typed array, and the element type that it is read as: the one that was said, the declared one where
/// the array is of its class, or the array's own.
fn borrow<'call>(
    env: sys::napi_env,
    array: sys::napi_value,
    dtype: Option<DType>,
    declared: Option<DType>,
) -> Result<(DType, &'call [u8])> {
    let (mut found, mut count, mut start, mut buffer, mut offset) = (0, 0usize, null_mut::<c_void>(), null_mut(), 0);
    // SAFETY: `array` is a typed array of the running call; the host writes what it knows of it.
    let status = unsafe {
        sys::napi_get_typedarray_info(env, array, &mut found, &mut count, &mut start, &mut buffer, &mut offset)
    };
    check(status).map_err(|_| Error::invalid("data", "a typed array of another kind", ALLOWED))?;
    let natural = natural(found).ok_or_else(|| Error::invalid("data", "a typed array of another kind", ALLOWED))?;
    let declared = declared.filter(|declared| class(*declared) == class(natural));
    let dtype = dtype.or(declared).unwrap_or(natural);
    let clamped = found == sys::TypedarrayType::uint8_clamped_array && natural.size() == dtype.size();
    if class(dtype) != Some(found) && !(clamped && class(dtype) == class(natural)) {
        return Err(Error::invalid("data", format!("a typed array of {natural}"), array_of(dtype)));
    }
    if !is_private(env, buffer).map_err(|_| Error::invalid("data", "a buffer of another kind", ALLOWED))? {
        return Err(Error::invalid("data", "memory that threads share, or a detached buffer", ALLOWED));
    }
    if count == 0 || start.is_null() {
        return Ok((dtype, &[]));
    }
    let length = count * natural.size().unwrap_or(1);
    // SAFETY: the host says that `count` elements lie at `start`. It is alive and still for the running call: the array
    // is one of its arguments, no other thread sees the buffer, and no JavaScript runs before the call returns.
    Ok((dtype, unsafe { std::slice::from_raw_parts(start.cast::<u8>(), length) }))
}

const ALLOWED: &str = "a typed array over an ArrayBuffer of its own";

/// Whether a buffer is this thread's alone, and still there.
fn is_private(env: sys::napi_env, buffer: sys::napi_value) -> Made<bool> {
    let own = made!(false, |out| sys::napi_is_arraybuffer(env, buffer, out))?;
    Ok(own && !made!(false, |out| sys::napi_is_detached_arraybuffer(env, buffer, out))?)
}

/// The element type that a typed array has by itself.
fn natural(class: sys::napi_typedarray_type) -> Option<DType> {
    use sys::TypedarrayType as array;
    Some(match class {
        array::int8_array => DType::I8,
        array::uint8_array | array::uint8_clamped_array => DType::U8,
        array::int16_array => DType::I16,
        array::uint16_array => DType::U16,
        array::int32_array => DType::I32,
        array::uint32_array => DType::U32,
        array::float32_array => DType::F32,
        array::float64_array => DType::F64,
        array::bigint64_array => DType::I64,
        array::biguint64_array => DType::U64,
        _ => return None,
    })
}

fn array_of(dtype: DType) -> String {
    match class(dtype).and_then(natural) {
        Some(natural) if natural == dtype => format!("a typed array of {dtype}"),
        Some(natural) => format!("a typed array of {natural} for {dtype}"),
        None => format!("a list for {dtype}"),
    }
}
