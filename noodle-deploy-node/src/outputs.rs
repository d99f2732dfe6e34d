//! Tensors that go out: over the engine's own memory where the host allows it and nobody else holds it, else copied.

#![allow(unsafe_code, reason = "memory is lent to the host through its C interface")]

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use napi::sys;
use noodle_deploy_core::tensor::Data;
use noodle_deploy_core::{DType, Prediction, Tensor};

use crate::served::ServedTable;
use crate::value::{self, Made, check, made};

/// Smaller outputs are copied: that is quicker than to lend them.
const LENT_FROM: usize = 16 << 10;
/// Memory that may be lent at once. The host gives it back in its event loop, so that a loop that never yields would
/// otherwise hold every answer; what is copied goes with the garbage collection.
const LENT_AT_MOST: usize = 256 << 20;

/// Bytes that the host holds now.
static LENT: AtomicUsize = AtomicUsize::new(0);
/// Set where the host said that it takes no memory of others, as hosts with pointer compression do.
pub(crate) static REFUSED: AtomicBool = AtomicBool::new(false);

/// Where memory was lent, for tests.
#[cfg(feature = "testing")]
static TRACE: std::sync::Mutex<Vec<usize>> = std::sync::Mutex::new(Vec::new());

/// Where memory was lent since the last call.
#[cfg(feature = "testing")]
pub(crate) fn lent_addresses() -> Vec<usize> {
    std::mem::take(&mut *TRACE.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

/// Null, who answered, and a shape and data for each output in the order of the signature.
pub(crate) fn answer(env: sys::napi_env, table: &ServedTable, answer: Prediction) -> Made {
    let mut items = vec![value::null(env)?, table.tell(env, &answer)?];
    for tensor in answer.into_outputs() {
        let shape = tensor.shape().iter().map(|&n| value::number(env, n as f64)).collect::<Made<Vec<_>>>()?;
        items.push(value::list(env, &shape)?);
        items.push(data(env, tensor)?);
    }
    value::list(env, &items)
}

fn data(env: sys::napi_env, tensor: Tensor) -> Made {
    match tensor.data() {
        Data::Strings(strings) => {
            let strings = strings.iter().map(|text| value::string(env, text)).collect::<Made<Vec<_>>>()?;
            value::list(env, &strings)
        }
        Data::Bytes(bytes) => {
            let (dtype, length) = (tensor.dtype(), bytes.len());
            let Some(class) = class(dtype) else { return value::undefined(env) };
            let buffer = if lendable(&tensor, length) { lend(env, tensor)? } else { copied(env, bytes)? };
            let count = length / dtype.size().unwrap_or(1);
            made!(null_mut(), |out| sys::napi_create_typedarray(env, class, count, buffer, 0, out))
        }
    }
}

/// The typed array of an element type; strings have none.
pub(crate) fn class(dtype: DType) -> Option<sys::napi_typedarray_type> {
    use sys::TypedarrayType as class;
    Some(match dtype {
        DType::F16 | DType::U16 => class::uint16_array,
        DType::F32 => class::float32_array,
        DType::F64 => class::float64_array,
        DType::I8 => class::int8_array,
        DType::I16 => class::int16_array,
        DType::I32 => class::int32_array,
        DType::I64 => class::bigint64_array,
        DType::U8 | DType::Bool => class::uint8_array,
        DType::U32 => class::uint32_array,
        DType::U64 => class::biguint64_array,
        // An element type that this version of the binding does not know is handed out as bytes would be: not at all.
        _ => return None,
    })
}

/// The host may write to what it is lent, so nobody else may hold it: a constant of a model stays with the model.
fn lendable(tensor: &Tensor, length: usize) -> bool {
    let alone = || {
        let view = tensor.view();
        view.owner().is_some_and(|owner| Arc::strong_count(owner) == 1 && Arc::weak_count(owner) == 0)
    };
    length >= LENT_FROM
        && !REFUSED.load(Ordering::Relaxed)
        && LENT.load(Ordering::Relaxed).saturating_add(length) <= LENT_AT_MOST
        && alone()
}

fn copied(env: sys::napi_env, bytes: &[u8]) -> Made {
    let mut start = null_mut();
    let buffer = made!(null_mut(), |out| sys::napi_create_arraybuffer(env, bytes.len(), &mut start, out))?;
    if !bytes.is_empty() {
        // SAFETY: the host has just allocated `bytes.len()` bytes at `start`, which nobody else has seen.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), start.cast(), bytes.len()) };
    }
    Ok(buffer)
}

/// Hands the tensor's memory to the host, which gives the tensor back through [`give_back`].
fn lend(env: sys::napi_env, tensor: Tensor) -> Made {
    let Data::Bytes(bytes) = tensor.data() else { return value::undefined(env) };
    let (start, length) = (bytes.as_ptr().cast_mut().cast::<c_void>(), bytes.len());
    let hint = Box::into_raw(Box::new(tensor)).cast::<c_void>();
    let mut buffer = null_mut();
    // SAFETY: `start` points at `length` bytes that the boxed tensor keeps alive until `give_back`. The tensor is the
    // only owner (`lendable`), and nothing of this library reads it again, so that the host may write.
    let status =
        unsafe { sys::napi_create_external_arraybuffer(env, start, length, Some(give_back), hint, &mut buffer) };
    if status == sys::Status::napi_ok {
        LENT.fetch_add(length, Ordering::Relaxed);
        #[cfg(feature = "testing")]
        TRACE.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(start as usize);
        return Ok(buffer);
    }
    // SAFETY: the host refused, so it calls no finaliser and the box is still ours.
    let tensor = unsafe { Box::from_raw(hint.cast::<Tensor>()) };
    if status != sys::Status::napi_no_external_buffers_allowed {
        check(status)?;
    }
    REFUSED.store(true, Ordering::Relaxed);
    match tensor.data() {
        Data::Bytes(bytes) => copied(env, bytes),
        Data::Strings(_) => value::undefined(env),
    }
}

unsafe extern "C" fn give_back(_: sys::napi_env, _: *mut c_void, hint: *mut c_void) {
    // SAFETY: `hint` is the box that `lend` made, and the host calls this once.
    let tensor = unsafe { Box::from_raw(hint.cast::<Tensor>()) };
    if let Data::Bytes(bytes) = tensor.data() {
        LENT.fetch_sub(bytes.len(), Ordering::Relaxed);
    }
}
