//! What every call answers: a list that begins with the error, or with null and then the value.

#![allow(unsafe_code, reason = "values of the host are made through its C interface")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use napi::bindgen_prelude::{ToNapiValue, TypeName};
use napi::{ValueType, sys};
use noodle_deploy_core::error::ErrorRecord;
use noodle_deploy_core::{Error, ErrorKind, Result};
use serde_json::Value;

use crate::value::{self, Made};

/// A result on its way to the host.
pub struct Answer<T>(pub Result<T>);

impl<T> Answer<T> {
    /// Runs `work`; a panic becomes an error.
    pub fn of(work: impl FnOnce() -> Result<T>) -> Self {
        Answer(guarded(work))
    }
}

/// Runs `work`; a panic becomes an error.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::new(ErrorKind::Internal, "the library panicked")))
}

impl<T> TypeName for Answer<T> {
    fn type_name() -> &'static str {
        "Answer"
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}

impl<T: ToNapiValue> ToNapiValue for Answer<T> {
    unsafe fn to_napi_value(env: sys::napi_env, answer: Self) -> napi::Result<sys::napi_value> {
        match answer.0 {
            Ok(value) => {
                // SAFETY: the caller vouches for `env`.
                let value = unsafe { T::to_napi_value(env, value)? };
                let null = value::null(env)?;
                value::list(env, &[null, value])
            }
            Err(error) => failure(env, &error),
        }
    }
}

/// The answer of a call that failed.
pub(crate) fn failure(env: sys::napi_env, error: &Error) -> Made {
    let record = value::to_js(env, &record(error))?;
    value::list(env, &[record])
}

/// An error as the host sees it: the record of every surface, and the texts of the errors below.
fn record(error: &Error) -> Value {
    let record = serde_json::to_value(ErrorRecord::from(error));
    // A record holds strings, numbers and a bool, so it always serialises.
    let mut record = record.unwrap_or(Value::Null);
    let mut causes = Vec::new();
    let mut below = std::error::Error::source(error);
    while let Some(error) = below {
        causes.push(error.to_string());
        below = error.source();
    }
    record["text"] = Value::from(error.to_string());
    record["causes"] = Value::from(causes);
    record
}
