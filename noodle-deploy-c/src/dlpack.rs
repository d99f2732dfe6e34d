//! DLPack, the exchange format of array libraries: <https://dmlc.github.io/dlpack/latest/>, version 1.

use std::ffi::c_void;
use std::sync::Arc;

use noodle_deploy_core::tensor::{Buffer, Data, Shape};
use noodle_deploy_core::{DType, Error, ErrorKind, Result, Tensor, TensorView};

use crate::tensor::elements;
use crate::text::null;

#[repr(C)]
#[derive(Clone, Copy)]
struct DLDevice {
    device_type: i32,
    device_id: i32,
}

#[repr(C)]
#[derive(Clone, Copy, PartialEq)]
struct DLDataType {
    code: u8,
    bits: u8,
    lanes: u16,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct DLTensor {
    data: *mut c_void,
    device: DLDevice,
    ndim: i32,
    dtype: DLDataType,
    shape: *mut i64,
    strides: *mut i64,
    byte_offset: u64,
}

/// cbindgen:ignore
#[repr(C)]
pub struct DLManagedTensor {
    dl_tensor: DLTensor,
    manager_ctx: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut DLManagedTensor)>,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct DLPackVersion {
    major: u32,
    minor: u32,
}

/// cbindgen:ignore
#[repr(C)]
pub struct DLManagedTensorVersioned {
    version: DLPackVersion,
    manager_ctx: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut DLManagedTensorVersioned)>,
    flags: u64,
    dl_tensor: DLTensor,
}

const MAJOR: u32 = 1;
const MINOR: u32 = 1;
const CPU: i32 = 1;
const READ_ONLY: u64 = 1;

/// Code and bits of each element type that both sides have.
const TYPES: [(DType, u8, u8); 12] = [
    (DType::I8, 0, 8),
    (DType::I16, 0, 16),
    (DType::I32, 0, 32),
    (DType::I64, 0, 64),
    (DType::U8, 1, 8),
    (DType::U16, 1, 16),
    (DType::U32, 1, 32),
    (DType::U64, 1, 64),
    (DType::F16, 2, 16),
    (DType::F32, 2, 32),
    (DType::F64, 2, 64),
    (DType::Bool, 6, 8),
];

/// Memory that a DLPack tensor lends until it is deleted.
struct Lent {
    data: *const u8,
    bytes: usize,
    delete: Option<Delete>,
}

enum Delete {
    Versioned(*mut DLManagedTensorVersioned),
    Unversioned(*mut DLManagedTensor),
}

// SAFETY: the lender gave the memory away until the deleter runs, and DLPack lets any thread call that.
unsafe impl Send for Lent {}
// SAFETY: the memory is only read.
unsafe impl Sync for Lent {}

impl Buffer for Lent {
    fn data(&self) -> Data<'_> {
        if self.bytes == 0 {
            return Data::Bytes(&[]);
        }
        // SAFETY: the tensor said that so many bytes are there, and lends them while this value lives.
        Data::Bytes(unsafe { std::slice::from_raw_parts(self.data, self.bytes) })
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // SAFETY: the deleter runs once, on the tensor that it came with.
        unsafe {
            match self.delete.take() {
                Some(Delete::Versioned(tensor)) => {
                    if let Some(deleter) = (*tensor).deleter {
                        deleter(tensor);
                    }
                }
                Some(Delete::Unversioned(tensor)) => {
                    if let Some(deleter) = (*tensor).deleter {
                        deleter(tensor);
                    }
                }
                None => {}
            }
        }
    }
}

/// # Safety
/// `tensor` is null or a DLPack tensor of version 1 or later.
pub(crate) unsafe fn import_versioned(tensor: *mut DLManagedTensorVersioned) -> Result<Tensor> {
    // SAFETY: as the caller promises; the version comes first in every version.
    let given = unsafe { tensor.as_ref() }.ok_or_else(|| null("tensor"))?;
    if given.version.major != MAJOR {
        return Err(unsupported("major version of DLPack", given.version.major, MAJOR));
    }
    // SAFETY: the tensor is of this version.
    unsafe { take(&given.dl_tensor, Delete::Versioned(tensor)) }
}

/// # Safety
/// `tensor` is null or a DLPack tensor of before version 1.
pub(crate) unsafe fn import(tensor: *mut DLManagedTensor) -> Result<Tensor> {
    // SAFETY: as the caller promises.
    let given = unsafe { tensor.as_ref() }.ok_or_else(|| null("tensor"))?;
    // SAFETY: as above.
    unsafe { take(&given.dl_tensor, Delete::Unversioned(tensor)) }
}

fn unsupported(what: &str, value: impl std::fmt::Display, allowed: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Unsupported, format!("a {what} that this library does not take"))
        .with("value", value)
        .with("allowed", allowed)
}

unsafe fn take(given: &DLTensor, delete: Delete) -> Result<Tensor> {
    if given.device.device_type != CPU {
        return Err(unsupported("device", given.device.device_type, "1, the host's memory"));
    }
    let DLDataType { code, bits, lanes } = given.dtype;
    let dtype = TYPES.iter().find(|(_, c, b)| (*c, *b) == (code, bits) && lanes == 1).map(|(dtype, ..)| *dtype);
    let dtype = dtype.ok_or_else(|| {
        unsupported("element type", format!("code {code}, {bits} bits, {lanes} lanes"), "a NOODLE_DTYPE_ constant's")
    })?;
    // SAFETY: shape and strides are null or have `ndim` numbers.
    let (shape, strides) =
        unsafe { (axes("shape", given.shape, given.ndim)?, axes("strides", given.strides, given.ndim)?) };
    let axis = |n: &i64| usize::try_from(*n).map_err(|_| Error::invalid("shape", n, "a size"));
    let sizes = shape.unwrap_or_default().iter().map(axis).collect::<Result<Shape>>()?;
    if sizes.len() != given.ndim as usize {
        return Err(null("shape"));
    }
    let width = dtype.size().unwrap_or(1);
    let count = elements(&sizes)?;
    let bytes =
        count.checked_mul(width).ok_or_else(|| Error::invalid("shape", format!("{sizes:?}"), "a size that fits"))?;
    if bytes > 0 && given.data.is_null() {
        return Err(null("data"));
    }
    // SAFETY: the elements begin so far into the tensor's memory.
    let data = unsafe { given.data.cast::<u8>().add(given.byte_offset as usize) }.cast_const();
    let strided = strides.filter(|strides| bytes > 0 && !dense(&sizes, strides));
    let Some(strides) = strided else {
        let mut lent = Lent { data, bytes, delete: None };
        // An engine trusts the values of bools.
        if let (DType::Bool, Data::Bytes(bytes)) = (dtype, lent.data()) {
            TensorView::from_bytes(dtype, &sizes, bytes)?;
        }
        // From here on the tensor is ours to delete.
        lent.delete = Some(delete);
        return Ok(Tensor::from_buffer(dtype, sizes, Arc::new(lent)));
    };
    // SAFETY: every element lies where shape and strides say.
    let copied = unsafe { gather(data, &sizes, strides, width, bytes) };
    let tensor = Tensor::from_bytes(dtype, &sizes, &copied)?;
    drop(Lent { data, bytes: 0, delete: Some(delete) });
    Ok(tensor)
}

/// # Safety
/// `numbers` is null or has `rank` numbers.
unsafe fn axes<'a>(field: &'static str, numbers: *const i64, rank: i32) -> Result<Option<&'a [i64]>> {
    const MAX: i32 = noodle_deploy_core::model::probe::MAX_RANK as i32;
    match rank {
        0 => Ok(Some(&[])),
        1..=MAX if numbers.is_null() => Ok(None),
        // SAFETY: not null and, as the caller promises, so long.
        1..=MAX => Ok(Some(unsafe { std::slice::from_raw_parts(numbers, rank as usize) })),
        _ => Err(Error::invalid(field, rank, format!("0 to {MAX} axes"))),
    }
}

/// Whether the elements lie one after another, row-major. The stride of an axis of one element says nothing.
fn dense(shape: &[usize], strides: &[i64]) -> bool {
    let mut expected = 1;
    shape.iter().zip(strides).rev().all(|(&size, &stride)| {
        let fits = size == 1 || usize::try_from(stride) == Ok(expected);
        expected *= size;
        fits
    })
}

/// Copies strided elements into row-major order.
unsafe fn gather(data: *const u8, shape: &[usize], strides: &[i64], width: usize, bytes: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes);
    let mut index = Shape::from_elem(0, shape.len());
    for _ in 0..bytes / width {
        let offset: i64 = index.iter().zip(strides).map(|(&i, &stride)| i as i64 * stride).sum();
        // SAFETY: the element lies within the tensor's memory, as the caller promises.
        out.extend_from_slice(unsafe {
            std::slice::from_raw_parts(data.offset(offset as isize * width as isize), width)
        });
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            if index[axis] < shape[axis] {
                break;
            }
            index[axis] = 0;
        }
    }
    out
}

/// What an exported tensor keeps alive.
struct Kept {
    managed: DLManagedTensorVersioned,
    shape: Vec<i64>,
    strides: Vec<i64>,
    tensor: Tensor,
}

/// A DLPack tensor over the tensor's memory.
///
/// # Errors
/// `unsupported` for strings.
pub(crate) fn export(tensor: Tensor) -> Result<*mut DLManagedTensorVersioned> {
    let row = TYPES.iter().find(|(dtype, ..)| *dtype == tensor.dtype());
    let (_, code, bits) =
        *row.ok_or_else(|| unsupported("element type of DLPack", tensor.dtype(), "numbers and bools"))?;
    let shape: Vec<i64> = tensor.shape().iter().map(|&n| n as i64).collect();
    let mut strides = vec![1i64; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis].saturating_mul(shape[axis].max(1));
    }
    let Data::Bytes(bytes) = tensor.data() else { return Err(null("data")) };
    let dl_tensor = DLTensor {
        data: bytes.as_ptr().cast_mut().cast(),
        device: DLDevice { device_type: CPU, device_id: 0 },
        ndim: shape.len() as i32,
        dtype: DLDataType { code, bits, lanes: 1 },
        shape: std::ptr::null_mut(),
        strides: std::ptr::null_mut(),
        byte_offset: 0,
    };
    let managed = DLManagedTensorVersioned {
        version: DLPackVersion { major: MAJOR, minor: MINOR },
        manager_ctx: std::ptr::null_mut(),
        deleter: Some(delete),
        flags: READ_ONLY,
        dl_tensor,
    };
    let kept = Box::into_raw(Box::new(Kept { managed, shape, strides, tensor }));
    // SAFETY: `kept` was just made, and its vectors stay where they are until it is deleted.
    unsafe {
        (*kept).managed.manager_ctx = kept.cast();
        (*kept).managed.dl_tensor.shape = (*kept).shape.as_mut_ptr();
        (*kept).managed.dl_tensor.strides = (*kept).strides.as_mut_ptr();
        Ok(&raw mut (*kept).managed)
    }
}

unsafe extern "C" fn delete(tensor: *mut DLManagedTensorVersioned) {
    // SAFETY: the context is the box that `export` made, and a consumer deletes once.
    crate::status::quietly(|| unsafe {
        if let Some(tensor) = tensor.as_ref() {
            let Kept { tensor, .. } = *Box::from_raw(tensor.manager_ctx.cast::<Kept>());
            drop(tensor);
        }
    });
}
