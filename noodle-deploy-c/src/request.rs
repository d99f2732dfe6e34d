//! Asynchronous predictions: on threads of the handle, told by a callback.

use std::ffi::{c_char, c_void};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use noodle_deploy_core::{Error, ErrorKind, Prediction, Result, Submitted};

use crate::handle::{handle, noodle_t};
use crate::marshal::Record;
use crate::ops::types::noodle_error_record;
use crate::options::{free, noodle_predict_options, options};
use crate::predict::owned_inputs;
use crate::prediction::noodle_prediction_t;
use crate::status::{guard, noodle_status, quietly, told};
use crate::tensor::noodle_tensor;
use crate::text::{null, required};

/// Told how a request ended: `status` is 0 and `prediction` the callee's to free, or `prediction` is NULL and `error`
/// is there until the callback returns. It must not throw, and should be quick: it holds a thread that others wait for.
pub type noodle_done = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        status: noodle_status,
        prediction: *mut noodle_prediction_t,
        error: *const noodle_error_record,
    ),
>;

/// A request under way.
pub struct noodle_request_t(Arc<Request>);

struct Request {
    /// None when it has ended.
    submitted: Mutex<Option<Submitted<Prediction>>>,
    done: Done,
}

pub(crate) struct Done {
    call: unsafe extern "C" fn(*mut c_void, noodle_status, *mut noodle_prediction_t, *const noodle_error_record),
    context: *mut c_void,
}

// SAFETY: the header says that the callback runs on another thread, so the host gave the context away for that.
unsafe impl Send for Done {}
// SAFETY: as above; it is called once.
unsafe impl Sync for Done {}

impl Done {
    /// # Errors
    /// `invalid_argument` where there is no function.
    pub(crate) fn new(done: noodle_done, context: *mut c_void) -> Result<Self> {
        Ok(Done { call: done.ok_or_else(|| null("done"))?, context })
    }

    fn tell(&self, result: Result<Prediction>) {
        let (status, prediction, record) = match result {
            Ok(prediction) => (0, Box::into_raw(Box::new(noodle_prediction_t::new(prediction))), None),
            Err(error) => {
                let (status, record) = told(&error);
                (status, std::ptr::null_mut(), record)
            }
        };
        let error = record.as_ref().map_or(std::ptr::null(), Record::as_ptr);
        // SAFETY: the host gave the function for this.
        unsafe { (self.call)(self.context, status, prediction, error) };
    }
}

impl Wake for Request {
    fn wake(self: Arc<Self>) {
        quietly(|| self.advance());
    }
}

impl Request {
    /// Tells the host when the request has ended.
    fn advance(self: &Arc<Self>) {
        let waker = Waker::from(self.clone());
        let mut submitted = self.submitted.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(future) = submitted.as_mut() else { return };
        if let Poll::Ready(result) = Pin::new(future).poll(&mut Context::from_waker(&waker)) {
            *submitted = None;
            drop(submitted);
            self.done.tell(result);
        }
    }

    fn cancel(&self) {
        let submitted = self.submitted.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Dropping the future cancels the request.
        if submitted.is_some() {
            drop(submitted);
            self.done.tell(Err(Error::new(ErrorKind::Cancelled, "the request was cancelled").operation("predict")));
        }
    }
}

/// Asks a deployment on threads of the handle.
///
/// Inputs are copied, but those with a `value` share its memory; nothing is needed after this call returns. Where it
/// returns 0, `done` is called exactly once: on one of those threads, or before this returns on the calling thread where the request
/// has ended already. Else it is not called. `out` may be NULL; a request that is handed out is freed with
/// noodle_request_free.
///
/// Errors: as noodle_predict; they may come through `done`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_predict_async(
    noodle: *const noodle_t,
    deployment: *const c_char,
    inputs: *const *const noodle_tensor,
    count: usize,
    options: *const noodle_predict_options,
    done: noodle_done,
    context: *mut c_void,
    out: *mut *mut noodle_request_t,
) -> noodle_status {
    guard(|| {
        let done = Done::new(done, context)?;
        // SAFETY: pointers are null or valid, as the header asks.
        let submitted = unsafe { submit(noodle, deployment, inputs, count, options) }?;
        // SAFETY: as above.
        unsafe { start(submitted, done, out) };
        Ok(())
    })
}

/// Tells `done` how a request ends.
///
/// # Safety
/// `out` is null or valid for a write.
pub(crate) unsafe fn start(submitted: Submitted<Prediction>, done: Done, out: *mut *mut noodle_request_t) {
    let request = Arc::new(Request { submitted: Mutex::new(Some(submitted)), done });
    // SAFETY: as the caller promises. The handle is there before the callback can run.
    if let Some(out) = unsafe { out.as_mut() } {
        *out = Box::into_raw(Box::new(noodle_request_t(request.clone())));
    }
    request.advance();
}

unsafe fn submit(
    noodle: *const noodle_t,
    deployment: *const c_char,
    given: *const *const noodle_tensor,
    count: usize,
    asked: *const noodle_predict_options,
) -> Result<Submitted<Prediction>> {
    // SAFETY: as the caller promises.
    unsafe {
        let core = handle(noodle)?.core()?;
        let deployment = required("deployment", deployment)?;
        let owned = owned_inputs(given, count)?;
        Ok(core.predict_async(deployment, owned, options(asked)?))
    }
}

/// Cancels a request: `done` is called with NOODLE_ERROR_CANCELLED on the calling thread before this returns, and the
/// model stops at its next node. Where the request has ended, nothing happens.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_request_cancel(request: *const noodle_request_t) -> noodle_status {
    guard(|| {
        // SAFETY: the pointer is null or a request, as the header asks.
        unsafe { request.as_ref() }.ok_or_else(|| null("request"))?.0.cancel();
        Ok(())
    })
}

/// Frees the handle of a request; the request itself runs on, and `done` is called. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_request_free(request: *mut noodle_request_t) {
    // SAFETY: the pointer is null or a request that is not used again, as the header asks.
    quietly(|| unsafe { free(request) });
}
