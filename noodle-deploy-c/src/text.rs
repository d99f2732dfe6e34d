//! Strings as C has them.

use std::ffi::{CStr, CString, c_char};

use noodle_deploy_core::{Error, Result};

/// A string argument that must be there.
///
/// # Safety
/// `text` is null or points to a NUL-terminated string that lives for `'a`.
pub(crate) unsafe fn required<'a>(field: &'static str, text: *const c_char) -> Result<&'a str> {
    // SAFETY: as the caller promises.
    unsafe { optional(field, text) }?.ok_or_else(|| null(field))
}

/// A string argument, where null means that there is none.
///
/// # Safety
/// As [`required`].
pub(crate) unsafe fn optional<'a>(field: &'static str, text: *const c_char) -> Result<Option<&'a str>> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: not null, so it is NUL-terminated and lives for `'a`.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map(Some).map_err(|e| Error::invalid(field, text.to_string_lossy(), "UTF-8").source(e))
}

/// The error of a pointer that must not be null.
#[cold]
pub(crate) fn null(field: &'static str) -> Error {
    Error::invalid(field, "NULL", "a pointer")
}

/// A string for C. C ends a string at its first NUL, so a NUL within becomes U+FFFD.
pub(crate) fn owned(text: &str) -> CString {
    CString::new(text).unwrap_or_else(|_| CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default())
}
