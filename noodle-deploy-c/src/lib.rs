//! The C surface. `include/noodle_deploy.h` is written from this crate, `include/noodle_deploy_ops.h` and `src/ops/`
//! from the operations table.
//!
//! Nothing is decided here: pointers become Rust values, the core is called, and the answer becomes pointers again.

#![allow(unsafe_code, reason = "the crate is a border of raw pointers")]
#![allow(non_camel_case_types, reason = "types have the names that C sees")]

mod dlpack;
mod events;
mod fork;
mod handle;
mod log;
mod marshal;
/// cbindgen:ignore
mod ops;
mod options;
mod predict;
mod prediction;
mod progress;
mod request;
mod session;
mod status;
mod tensor;
/// cbindgen:ignore
#[cfg(feature = "testing")]
mod testing;
mod text;
mod value;

use std::ffi::{CStr, c_char};

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => panic!("the package version holds a NUL byte"),
};

/// Number of the binary interface that this header describes.
pub const NOODLE_ABI_VERSION: u32 = 1;

/// Returns the version of the library, such as "0.1.0". The string lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn noodle_version() -> *const c_char {
    VERSION.as_ptr()
}

/// Returns the number of the library's binary interface. A program that was compiled with another NOODLE_ABI_VERSION
/// must not call the library further. The number changes when functions, fields or constants change their meaning;
/// functions, and fields at the end of structs that begin with `size`, are added without that.
#[unsafe(no_mangle)]
pub extern "C" fn noodle_abi_version() -> u32 {
    NOODLE_ABI_VERSION
}
