//! Tensors that own their memory: what comes from DLPack, and inputs that several requests share.

use noodle_deploy_core::{Result, Tensor};

use crate::dlpack::{DLManagedTensor, DLManagedTensorVersioned, import, import_versioned};
use crate::handle::give;
use crate::options::free;
use crate::status::{guard, noodle_status, quietly};
use crate::tensor::{noodle_string, noodle_tensor, strings_of};
use crate::text::null;

/// A tensor that owns its memory. Immutable; several threads may use it at once.
pub struct noodle_value_t {
    tensor: Tensor,
    strings: Vec<noodle_string>,
}

impl noodle_value_t {
    fn new(tensor: Tensor) -> Self {
        noodle_value_t { strings: strings_of(&tensor), tensor }
    }

    pub(crate) fn tensor(&self) -> &Tensor {
        &self.tensor
    }
}

/// Copies a tensor into a value. The caller frees `*out` with noodle_value_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_value_copy(
    tensor: *const noodle_tensor,
    out: *mut *mut noodle_value_t,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    guard(|| unsafe {
        give(out, || {
            if tensor.is_null() {
                return Err(null("tensor"));
            }
            crate::marshal::sized("tensor", tensor)?.to_owned().map(noodle_value_t::new)
        })
    })
}

/// Takes over a DLPack tensor, without a copy where it is dense and row-major; strided data is copied. The library calls
/// its deleter once, from any thread: when the last user of the value is gone, or at once after a copy. Where this call
/// fails, the tensor stays the caller's. The caller frees `*out` with noodle_value_free.
///
/// Errors: NOODLE_ERROR_UNSUPPORTED for memory that is not the host's, element types that the library does not have, and
/// other major versions of DLPack; _INVALID_ARGUMENT for bad shapes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_value_from_dlpack(
    tensor: *mut DLManagedTensorVersioned,
    out: *mut *mut noodle_value_t,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    guard(|| unsafe { give(out, || import_versioned(tensor).map(noodle_value_t::new)) })
}

/// As noodle_value_from_dlpack, for the tensors of DLPack before version 1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_value_from_dlpack_unversioned(
    tensor: *mut DLManagedTensor,
    out: *mut *mut noodle_value_t,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    guard(|| unsafe { give(out, || import(tensor).map(noodle_value_t::new)) })
}

/// Fills `*out`, whose `size` the caller has set, with the value's tensor, to be given a name and used as an input. What
/// it points to belongs to the value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_value_tensor(value: *const noodle_value_t, out: *mut noodle_tensor) -> noodle_status {
    guard(|| -> Result<()> {
        // SAFETY: pointers are null or valid, as the header asks.
        unsafe {
            let given = value.as_ref().ok_or_else(|| null("value"))?;
            let mut filled = noodle_tensor::of(std::ptr::null(), &given.tensor, &given.strings);
            filled.value = value;
            filled.fill(out)
        }
    })
}

/// Frees the value; requests that use it run on. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_value_free(value: *mut noodle_value_t) {
    // SAFETY: the pointer is null or a value that is not used again, as the header asks.
    quietly(|| unsafe { free(value) });
}
