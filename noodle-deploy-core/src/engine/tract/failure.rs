//! tract's errors and panics as errors of this library.

use std::error::Error as StdError;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tract_onnx::prelude::TractError;

use crate::error::{Error, ErrorKind, Result};

// Messages may quote whole nodes and facts.
const LONGEST: usize = 400;

/// What tract said, outermost first, each part cut to a readable length.
#[derive(Debug)]
pub(super) struct Cause(String);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Cause {}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

pub(super) fn cause(error: &TractError) -> Cause {
    let mut parts: Vec<String> = Vec::new();
    for part in error.chain() {
        let text = part.to_string();
        let text = cut(text.trim());
        if parts.last().is_none_or(|last| last != text) {
            parts.push(text.to_owned());
        }
    }
    Cause(parts.join(": "))
}

/// An error while running.
pub(super) fn failed(message: &'static str, error: TractError) -> Error {
    Error::new(ErrorKind::EngineFailed, message).source(cause(&error))
}

/// Runs `f`; a panic becomes an error of this kind.
pub(super) fn guarded<T>(kind: ErrorKind, f: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|payload| {
        let text = payload
            .downcast_ref::<&str>()
            .map(|s| (*s).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        Err(Error::new(kind, "the engine panicked").source(Cause(cut(&text).to_owned())))
    })
}
