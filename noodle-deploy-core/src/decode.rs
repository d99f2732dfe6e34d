//! Reads values of a host, with errors that name the field.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};
use crate::settings::shorten;

/// What does not fit.
pub(crate) struct Misfit {
    /// JSON pointer to it; empty for the whole value.
    pub(crate) pointer: String,
    found: String,
    allowed: serde_json::Error,
}

impl Misfit {
    /// `invalid_argument` with the field, its value and what is allowed.
    pub(crate) fn error(self, message: &'static str, field: &str) -> Error {
        Error::new(ErrorKind::InvalidArgument, message)
            .with("field", field)
            .with("value", shorten(&self.found))
            .with("allowed", self.allowed)
    }
}

pub(crate) fn decode<T: DeserializeOwned>(value: &Value) -> Result<T, Misfit> {
    serde_path_to_error::deserialize(value).map_err(|e| {
        let pointer = pointer(e.path());
        let found = value.pointer(&pointer).unwrap_or(value).to_string();
        Misfit { pointer, found, allowed: e.into_inner() }
    })
}

/// A path as a JSON pointer (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } | Segment::Enum { variant: key } => {
            format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
        }
        Segment::Unknown => pointer,
    })
}
