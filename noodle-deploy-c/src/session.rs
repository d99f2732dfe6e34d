//! Sessions and streams: calls that belong together.

use std::ffi::{c_char, c_void};
use std::sync::{Mutex, OnceLock, PoisonError};

use noodle_deploy_core::{PredictionStream, Result, Session, SessionOptions};

use crate::fork::Generation;
use crate::handle::{give, handle, noodle_t};
use crate::marshal::{Record, sized};
use crate::ops::types::noodle_text_entry;
use crate::options::{attributes, noodle_predict_options, options};
use crate::predict::{owned_inputs, with_views};
use crate::prediction::{noodle_prediction_t, noodle_served, served_record};
use crate::request::{Done, noodle_done, noodle_request_t, start};
use crate::status::{guard, noodle_status, quietly};
use crate::tensor::noodle_tensor;
use crate::text::{null, optional, required};

/// What a session says when it is opened. NULL in its place, or zero in a field, asks for nothing.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct noodle_session_options {
    /// sizeof(noodle_session_options).
    size: usize,
    /// A version or an alias to begin on; NULL for the revision that serves. It must be loaded.
    version: *const c_char,
    /// What the session is counted under, as a user: while a rollout or an experiment divides the traffic, it begins on the
    /// revision of its key and stays there; NULL: by itself.
    key: *const c_char,
    /// What it says of itself: the deployment's rules may begin it elsewhere by it, and segments of an experiment count it.
    attributes: *const noodle_text_entry,
    /// How many.
    attributes_count: usize,
    /// Name by which outcomes find the arm that it began on, 1 to 256 bytes; NULL: it is not remembered.
    request_id: *const c_char,
}

/// Calls that belong together: each begins with what the one before left. They run one after the other, all on the
/// version that the session began on. It ends when it is freed, when no call comes for long enough, and when its
/// deployment stops; it does not keep the directory open.
pub struct noodle_session_t {
    session: Session,
    served: OnceLock<Record>,
    generation: Generation,
}

/// The answers to one request, in order; each is made when it is asked for.
pub struct noodle_stream_t {
    stream: Mutex<PredictionStream>,
    generation: Generation,
}

impl noodle_stream_t {
    fn new(stream: PredictionStream) -> Self {
        noodle_stream_t { stream: Mutex::new(stream), generation: Generation::now() }
    }
}

/// # Safety
/// `session` is null or came from noodle_session_open and was not freed.
unsafe fn session<'a>(session: *const noodle_session_t) -> Result<&'a noodle_session_t> {
    // SAFETY: as the caller promises.
    let session = unsafe { session.as_ref() }.ok_or_else(|| null("session"))?;
    session.generation.check()?;
    Ok(session)
}

/// # Safety
/// Its texts and attributes are null or valid.
unsafe fn session_options(given: &noodle_session_options) -> Result<SessionOptions> {
    // SAFETY: as the caller promises.
    unsafe {
        Ok(SessionOptions {
            version: optional("version", given.version)?.map(str::to_owned),
            key: optional("key", given.key)?.map(str::to_owned),
            attributes: attributes(given.attributes, given.attributes_count)?,
            request_id: optional("request_id", given.request_id)?.map(str::to_owned),
        })
    }
}

/// Begins a session on the revision that serves, on the one of its key while several do, or on the loaded one of a version.
/// `options` may be NULL. `*out` becomes a session that the caller ends with noodle_session_free.
///
/// Errors: NOODLE_ERROR_NOT_FOUND, _UNAVAILABLE, _RESOURCE_EXHAUSTED (too many are open, or they carry too much),
/// _INVALID_ARGUMENT (a request_id of another length), _CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_session_open(
    noodle: *const noodle_t,
    deployment: *const c_char,
    options: *const noodle_session_options,
    out: *mut *mut noodle_session_t,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    guard(|| unsafe {
        give(out, || {
            let core = handle(noodle)?.core()?;
            let deployment = required("deployment", deployment)?;
            let given = match options.is_null() {
                true => SessionOptions::default(),
                false => session_options(&sized("options", options)?)?,
            };
            let session = core.session(deployment, &given)?;
            Ok(noodle_session_t { session, served: OnceLock::new(), generation: Generation::now() })
        })
    })
}

/// Answers a call on the caller's thread, with what the call before left. Inputs as for noodle_predict, without those
/// that are carried; a call that fails leaves what is carried as it was. `options` may be NULL and names no version. The
/// caller frees `*out` with noodle_prediction_free.
///
/// Errors: as noodle_predict, and NOODLE_ERROR_NOT_FOUND where no call came for too long, _UNAVAILABLE where the
/// deployment has stopped, _CONFLICT while a stream of the session goes on, _RESOURCE_EXHAUSTED where sessions carry too
/// much.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_session_predict(
    from: *const noodle_session_t,
    inputs: *const *const noodle_tensor,
    count: usize,
    options: *const noodle_predict_options,
    out: *mut *mut noodle_prediction_t,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    guard(|| unsafe {
        give(out, || {
            let (from, options) = (session(from)?, self::options(options)?);
            let answer = with_views(inputs, count, |views| from.session.predict_with(views, &options))?;
            Ok(noodle_prediction_t::new(answer))
        })
    })
}

/// Answers a call on a worker thread of the handle; calls are answered in the order in which they were made. Inputs, `done`
/// and `out` are those of noodle_predict_async.
///
/// Errors: as noodle_session_predict; they may come through `done`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_session_predict_async(
    from: *const noodle_session_t,
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
        unsafe {
            let (from, options) = (session(from)?, self::options(options)?);
            let submitted = from.session.predict_async(owned_inputs(inputs, count)?, options)?;
            start(submitted, done, out);
        }
        Ok(())
    })
}

/// Begins anew, with zeros, after the calls before it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_session_reset(from: *const noodle_session_t) -> noodle_status {
    // SAFETY: the pointer is null or a session, as the header asks.
    guard(|| unsafe { session(from) }?.session.reset())
}

/// Gives who answers. `*out` belongs to the session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_session_served(
    from: *const noodle_session_t,
    out: *mut *const noodle_served,
) -> noodle_status {
    guard(|| {
        // SAFETY: pointers are null or valid, as the header asks.
        let (from, out) = unsafe { (session(from)?, out.as_mut().ok_or_else(|| null("out"))?) };
        *out = std::ptr::null();
        if from.served.get().is_none() {
            // Another thread may have been faster; both records say the same.
            drop(from.served.set(served_record(from.session.served())?));
        }
        *out = from.served.get().map_or(std::ptr::null(), Record::as_ptr);
        Ok(())
    })
}

/// Ends the session and frees it: the pointer must not be used again. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_session_free(from: *mut noodle_session_t) {
    quietly(|| {
        // SAFETY: the pointer is null or a session, as the header asks.
        let current = unsafe { from.as_ref() }.is_some_and(|session| session.generation.is_current());
        if current {
            // SAFETY: sessions come from `Box::into_raw`, and this one is not used again.
            drop(unsafe { Box::from_raw(from) });
        }
    });
}

/// Answers one request many times, as the deployment's `stream` says: window by window, or step by step. Inputs are copied,
/// but those with a `value` share its memory. `options` may be NULL; its timeout bounds the whole stream. The caller ends
/// `*out` with noodle_stream_free.
///
/// Errors: as noodle_session_open; NOODLE_ERROR_UNSUPPORTED where the deployment has no `stream`; _INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_predict_stream(
    noodle: *const noodle_t,
    deployment: *const c_char,
    inputs: *const *const noodle_tensor,
    count: usize,
    options: *const noodle_predict_options,
    out: *mut *mut noodle_stream_t,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    guard(|| unsafe {
        give(out, || {
            let core = handle(noodle)?.core()?;
            let (deployment, options) = (required("deployment", deployment)?, self::options(options)?);
            core.predict_stream(deployment, owned_inputs(inputs, count)?, &options).map(noodle_stream_t::new)
        })
    })
}

/// As noodle_predict_stream, beginning with what the session's call before left. Until the stream ends or is freed, other
/// calls of the session answer NOODLE_ERROR_CONFLICT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_session_predict_stream(
    from: *const noodle_session_t,
    inputs: *const *const noodle_tensor,
    count: usize,
    options: *const noodle_predict_options,
    out: *mut *mut noodle_stream_t,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    guard(|| unsafe {
        give(out, || {
            let (from, options) = (session(from)?, self::options(options)?);
            from.session.predict_stream(owned_inputs(inputs, count)?, &options).map(noodle_stream_t::new)
        })
    })
}

/// Makes the next answer on the caller's thread. `*out` becomes a prediction that the caller frees with
/// noodle_prediction_free, or NULL after the last one. An error ends the stream. Threads that ask one stream take turns.
///
/// Errors: as noodle_session_predict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_stream_next(
    from: *const noodle_stream_t,
    out: *mut *mut noodle_prediction_t,
) -> noodle_status {
    guard(|| {
        // SAFETY: pointers are null or valid, as the header asks.
        let (from, out) =
            unsafe { (from.as_ref().ok_or_else(|| null("stream"))?, out.as_mut().ok_or_else(|| null("out"))?) };
        *out = std::ptr::null_mut();
        from.generation.check()?;
        let next = from.stream.lock().unwrap_or_else(PoisonError::into_inner).next().transpose()?;
        if let Some(answer) = next {
            *out = Box::into_raw(Box::new(noodle_prediction_t::new(answer)));
        }
        Ok(())
    })
}

/// Ends the stream and frees it: the pointer must not be used again. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_stream_free(from: *mut noodle_stream_t) {
    quietly(|| {
        // SAFETY: the pointer is null or a stream, as the header asks.
        let current = unsafe { from.as_ref() }.is_some_and(|stream| stream.generation.is_current());
        if current {
            // SAFETY: streams come from `Box::into_raw`, and this one is not used again.
            drop(unsafe { Box::from_raw(from) });
        }
    });
}
