//! The Node add-on `noodle-deploy`.

use napi_derive::napi;

/// Returns the version of the library.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
