//! tract's errors as errors of this library.

use tract_onnx::prelude::TractError;

use crate::engine::guard::Cause;
use crate::error::{Error, ErrorKind};

pub(super) fn cause(error: &TractError) -> Cause {
    Cause::new(error.chain().map(ToString::to_string))
}

/// An error while running.
pub(super) fn failed(message: &'static str, error: TractError) -> Error {
    Error::new(ErrorKind::EngineFailed, message).source(cause(&error))
}
