//! Synchronous predictions.

use std::ffi::c_char;

use noodle_deploy_core::{Result, Tensor, TensorView};
use smallvec::SmallVec;

use crate::handle::{handle, noodle_t};
use crate::options::{noodle_predict_options, options};
use crate::prediction::noodle_prediction_t;
use crate::status::{guard, noodle_status};
use crate::tensor::{Inputs, Strings, inputs, noodle_tensor};
use crate::text::{null, required};

/// Asks a deployment on the caller's thread.
///
/// `inputs` are `count` pointers to tensors, one for each input of the model, in any order; they belong to the caller
/// and are not needed after the call. `options` may be NULL. `*out` becomes a prediction that the caller frees with
/// noodle_prediction_free.
///
/// Errors: NOODLE_ERROR_NOT_FOUND, _UNAVAILABLE, _INVALID_ARGUMENT (names, element types, shapes), _OVERLOADED,
/// _ENGINE_FAILED, _CANCELLED, _DEADLINE_EXCEEDED, _CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_predict(
    noodle: *const noodle_t,
    deployment: *const c_char,
    inputs: *const *const noodle_tensor,
    count: usize,
    options: *const noodle_predict_options,
    out: *mut *mut noodle_prediction_t,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    guard(|| unsafe { predict(noodle, deployment, inputs, count, options, out) })
}

unsafe fn predict(
    noodle: *const noodle_t,
    deployment: *const c_char,
    given: *const *const noodle_tensor,
    count: usize,
    asked: *const noodle_predict_options,
    out: *mut *mut noodle_prediction_t,
) -> Result<()> {
    // SAFETY: as the caller promises.
    unsafe {
        let out = out.as_mut().ok_or_else(|| null("out"))?;
        *out = std::ptr::null_mut();
        let core = handle(noodle)?.core()?;
        let deployment = required("deployment", deployment)?;
        let prediction = with_views(given, count, |views| match asked.is_null() {
            true => core.predict(deployment, views),
            false => core.predict_with(deployment, views, &options(asked)?),
        });
        // Some 400 bytes, so it is moved once: from where the core leaves it to where it stays.
        let place = Box::<noodle_prediction_t>::new_uninit();
        *out = Box::into_raw(Box::write(place, noodle_prediction_t::new(prediction?)));
        Ok(())
    }
}

/// Inputs as the core borrows them.
///
/// # Safety
/// `given` is null or points to `count` pointers that are null or point to tensors, which are valid during the call.
pub(crate) unsafe fn with_views<T>(
    given: *const *const noodle_tensor,
    count: usize,
    call: impl FnOnce(&[(&str, TensorView<'_>)]) -> Result<T>,
) -> Result<T> {
    // SAFETY: as the caller promises.
    unsafe {
        let mut tensors = Inputs::new();
        inputs(given, count, &mut tensors)?;
        // Allocates for tensors of strings alone.
        let mut strings = Vec::<Strings>::new();
        for input in tensors.iter().filter(|input| input.has_strings()) {
            strings.push(input.strings()?);
        }
        let mut copies = strings.iter();
        let mut views = SmallVec::<[(&str, TensorView<'_>); 4]>::new();
        for input in &tensors {
            let strings = if input.has_strings() { copies.next() } else { None };
            views.push((input.name()?, input.view(strings.map_or(&[], |strings| strings.as_slice()))?));
        }
        call(&views)
    }
}

/// Inputs as the core keeps them: copied, but those with a value.
///
/// # Safety
/// As [`with_views`].
pub(crate) unsafe fn owned_inputs(given: *const *const noodle_tensor, count: usize) -> Result<Vec<(String, Tensor)>> {
    // SAFETY: as the caller promises.
    unsafe {
        let mut owned = Vec::with_capacity(count);
        let mut tensors = Inputs::new();
        inputs(given, count, &mut tensors)?;
        for input in tensors {
            let name = input.name()?;
            owned.push((name.to_owned(), input.to_owned()?));
        }
        Ok(owned)
    }
}
