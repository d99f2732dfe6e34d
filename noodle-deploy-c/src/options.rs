//! Who calls, and what a request says besides its inputs.

use std::ffi::{c_char, c_void};
use std::time::Duration;

use noodle_deploy_core::ops::{Caller, Role};
use noodle_deploy_core::{CancelToken, Error, Noodle, PredictOptions, Result};

use crate::handle::give;
use crate::marshal::sized;
use crate::ops::types::noodle_text_entry;
use crate::progress::noodle_on_progress;
use crate::status::{guard, noodle_status, quietly};
use crate::text::{null, optional};

/// May look. Values of `noodle_caller.role`; each role may do what the ones before it may.
pub const NOODLE_ROLE_VIEWER: i32 = 1;
/// May scale and roll back too.
pub const NOODLE_ROLE_OPERATOR: i32 = 2;
/// May register, deploy and promote too.
pub const NOODLE_ROLE_DEPLOYER: i32 = 3;
/// May do everything, deletion and backup too.
pub const NOODLE_ROLE_ADMIN: i32 = 4;

/// Who calls an operation: for the authorisation, and for the record; and who hears how far it is. NULL in its place is
/// the host itself, and nobody.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct noodle_caller {
    /// sizeof(noodle_caller).
    size: usize,
    /// The principal; NULL for the actor of the settings.
    actor: *const c_char,
    /// A NOODLE_ROLE_ constant; 0 for NOODLE_ROLE_ADMIN.
    role: i32,
    /// Identifies the call; NULL for a fresh UUID.
    request_id: *const c_char,
    /// Told now and then how far a long operation is; NULL for nobody.
    pub(crate) progress: noodle_on_progress,
    /// What `progress` is given.
    pub(crate) progress_context: *mut c_void,
}

/// # Safety
/// `caller` is null or points to a struct of its size with strings that are null or NUL-terminated.
pub(crate) unsafe fn caller(noodle: &Noodle, caller: *const noodle_caller) -> Result<Caller> {
    const ROLES: [(i32, Role); 4] = [
        (NOODLE_ROLE_VIEWER, Role::Viewer),
        (NOODLE_ROLE_OPERATOR, Role::Operator),
        (NOODLE_ROLE_DEPLOYER, Role::Deployer),
        (NOODLE_ROLE_ADMIN, Role::Admin),
    ];
    let host = || noodle.settings().actor.clone();
    if caller.is_null() {
        return Ok(Caller { actor: host(), role: Role::Admin, request_id: None });
    }
    // SAFETY: as the caller promises.
    let (given, actor, request_id) = unsafe {
        let given = sized("caller", caller)?;
        (given, optional("actor", given.actor)?, optional("request_id", given.request_id)?)
    };
    let role = match given.role {
        0 => Role::Admin,
        n => ROLES
            .iter()
            .find(|(role, _)| *role == n)
            .map(|(_, role)| *role)
            .ok_or_else(|| Error::invalid("role", n, "NOODLE_ROLE_VIEWER to NOODLE_ROLE_ADMIN"))?,
    };
    Ok(Caller { actor: actor.map_or_else(host, str::to_owned), role, request_id: request_id.map(str::to_owned) })
}

/// What a request says besides its inputs. NULL in its place, or zero in a field, asks for nothing.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct noodle_predict_options {
    /// sizeof(noodle_predict_options).
    size: usize,
    /// A version or an alias to pin; NULL for the revision that serves. It must be loaded.
    version: *const c_char,
    /// 1 where `timeout_us` counts.
    has_timeout: u8,
    /// Microseconds after which the answer is of no use.
    timeout_us: u64,
    /// Cancels the request; NULL for none. It may be freed while the request runs.
    cancel: *const noodle_cancel_t,
    /// Level of priority among requests that wait: 1 is the most urgent, 0 the deployment's default.
    priority: u32,
    /// What the request is counted under, as a user: while a rollout goes on, all requests of one key go to one revision;
    /// NULL for each by itself.
    key: *const c_char,
    /// What the request says of itself, as a segment or a header: the deployment's rules may send it elsewhere by it.
    attributes: *const noodle_text_entry,
    /// How many.
    attributes_count: usize,
    /// Name by which it can be asked for later, and by which labels find it, 1 to 256 bytes; NULL: it is not remembered.
    request_id: *const c_char,
}

/// # Safety
/// `given` points to a struct of its size, whose pointers are null or valid.
pub(crate) unsafe fn options(given: *const noodle_predict_options) -> Result<PredictOptions> {
    if given.is_null() {
        return Ok(PredictOptions::default());
    }
    // SAFETY: as the caller promises.
    unsafe {
        let given = sized("options", given)?;
        Ok(PredictOptions {
            version: optional("version", given.version)?.map(str::to_owned),
            timeout: (given.has_timeout != 0).then(|| Duration::from_micros(given.timeout_us)),
            cancel: given.cancel.as_ref().map(|cancel| cancel.0.clone()),
            priority: given.priority,
            key: optional("key", given.key)?.map(str::to_owned),
            attributes: attributes(given.attributes, given.attributes_count)?,
            request_id: optional("request_id", given.request_id)?.map(str::to_owned),
        })
    }
}

/// # Safety
/// `entries` points to `count` entries with valid texts, or `count` is 0.
pub(crate) unsafe fn attributes(entries: *const noodle_text_entry, count: usize) -> Result<Vec<(String, String)>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if entries.is_null() {
        return Err(Error::invalid("attributes", "NULL", format!("{count} entries, as attributes_count says")));
    }
    // SAFETY: as the caller promises.
    let entries = unsafe { std::slice::from_raw_parts(entries, count) };
    let read = |of: *const c_char| {
        // SAFETY: as the caller promises.
        let text = unsafe { optional("attributes", of)? };
        text.map(str::to_owned).ok_or_else(|| Error::invalid("attributes", "NULL", "a text"))
    };
    entries.iter().map(|entry| Ok((read(entry.key)?, read(entry.value)?))).collect()
}

/// A flag that cancels every request that carries it.
pub struct noodle_cancel_t(CancelToken);

/// Makes a flag that is not set. The caller frees it with noodle_cancel_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_cancel_new(out: *mut *mut noodle_cancel_t) -> noodle_status {
    // SAFETY: the pointer is null or valid, as the header asks.
    guard(|| unsafe { give(out, || Ok(noodle_cancel_t(CancelToken::new()))) })
}

/// Cancels the requests that carry the flag: before they start, or between two nodes of the model. From any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_cancel_set(cancel: *const noodle_cancel_t) -> noodle_status {
    guard(|| {
        // SAFETY: the pointer is null or valid, as the header asks.
        unsafe { cancel.as_ref() }.ok_or_else(|| null("cancel"))?.0.cancel();
        Ok(())
    })
}

/// Frees the flag; requests that carry it run on. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_cancel_free(cancel: *mut noodle_cancel_t) {
    // SAFETY: the pointer is null or came from noodle_cancel_new, and is not used again.
    quietly(|| unsafe { free(cancel) });
}

/// Drops what [`give`] handed out.
///
/// # Safety
/// `object` is null or came from `give`, and is not used again.
pub(crate) unsafe fn free<T>(object: *mut T) {
    if !object.is_null() {
        // SAFETY: as the caller promises.
        drop(unsafe { Box::from_raw(object) });
    }
}
