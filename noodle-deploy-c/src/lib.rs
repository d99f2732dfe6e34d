//! The C surface. `include/noodle_deploy.h` is written from this crate.

#![allow(unsafe_code, reason = "exported symbols need `unsafe(no_mangle)`")]

use std::ffi::{CStr, c_char};

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => panic!("the package version holds a NUL byte"),
};

/// Returns the version of the library, such as "0.1.0". The string lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn noodle_deploy_version() -> *const c_char {
    VERSION.as_ptr()
}
