//! Paths that a host gives.

use std::path::Path;

use crate::error::{Error, Result};

/// Refuses what names no file on any system: nothing, and a NUL, at which the system's own calls would cut the path off.
///
/// # Errors
/// `invalid_argument` that names the field.
pub(crate) fn check_path(field: &'static str, path: &Path) -> Result<()> {
    let bytes = path.as_os_str().as_encoded_bytes();
    if bytes.is_empty() || bytes.contains(&0) {
        return Err(Error::invalid(field, format!("{path:?}"), "a path, not empty and without NUL"));
    }
    Ok(())
}
