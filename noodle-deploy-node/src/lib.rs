//! The Node add-on of noodle-deploy: what the TypeScript sources beside it call.
//!
//! Nothing here decides anything. Control operations go through the table of the core as JSON values, tensors go in
//! borrowed and come out over the engine's own memory. A call that fails answers with the error instead of throwing;
//! the TypeScript side turns it into an exception.

mod answer;
mod call;
mod handle;
mod inputs;
mod log;
mod outputs;
mod port;
mod progress;
mod requests;
mod served;
mod session;
mod subscription;
#[cfg(feature = "testing")]
mod testing;
mod value;

use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;
use noodle_deploy_core::Noodle;
use noodle_deploy_core::error::ERROR_KINDS;

use answer::Answer;
use call::Call;
use value::Json;

/// Returns the version of the library.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Returns the table of the kinds of errors: name, code, whether a retry can help, description.
#[napi(catch_unwind)]
pub fn error_kinds() -> Json {
    let row = |row: &noodle_deploy_core::error::ErrorKindInfo| {
        serde_json::json!({
            "kind": row.name, "code": row.code, "retryable": row.retryable, "description": row.description,
        })
    };
    Json(ERROR_KINDS.iter().map(row).collect())
}

/// Copies a backup to a new directory.
#[napi(catch_unwind)]
pub fn restore(backup: String, to: String) -> AsyncTask<Call<Json>> {
    Call::task(move || Json::of(&Noodle::restore(backup, to)?))
}

/// Copies a backup to a new directory while the caller waits.
#[napi(catch_unwind)]
pub fn restore_sync(backup: String, to: String) -> Answer<Json> {
    Answer::of(|| Json::of(&Noodle::restore(backup, to)?))
}
