//! One error type for every surface, and the one table of its kinds.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Shorthand for a result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn StdError + Send + Sync + 'static>;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident = ($code:literal, $name:literal, $http:literal, $retryable:literal),)+) => {
        /// What went wrong, coarsely enough to act on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[doc = $doc])+ $variant,)+
        }

        /// Every kind with its code, name, HTTP status, whether a retry can help, and a description.
        /// Each surface loops over this table; none matches by hand.
        pub const ERROR_KINDS: &[ErrorKindInfo] = &[
            $(ErrorKindInfo {
                kind: ErrorKind::$variant,
                code: $code,
                name: $name,
                http_status: $http,
                retryable: $retryable,
                description: concat!($($doc),+),
            },)+
        ];
    };
}

kinds! {
    /// An argument is missing, malformed or out of range.
    InvalidArgument = (4000, "invalid_argument", 400, false),
    /// The caller did not say who it is.
    Unauthenticated = (4001, "unauthenticated", 401, false),
    /// The caller may not do this.
    Forbidden = (4003, "forbidden", 403, false),
    /// The thing named does not exist.
    NotFound = (4004, "not_found", 404, false),
    /// The handle was opened read-only.
    ReadOnly = (4005, "read_only", 403, false),
    /// The state does not allow this now, or it changed meanwhile.
    Conflict = (4009, "conflict", 409, true),
    /// A newer holder of the deciding lease exists.
    Fenced = (4010, "fenced", 409, false),
    /// More than a limit allows: bytes, nodes, rank, depth.
    TooLarge = (4013, "too_large", 413, false),
    /// A format, operator, element type, strategy or target that this build does not support.
    Unsupported = (4015, "unsupported", 415, false),
    /// The directory was written by a newer version of this library.
    NewerFormat = (4016, "newer_format", 409, false),
    /// Bytes do not have the digest or signature that they should have.
    IntegrityMismatch = (4022, "integrity_mismatch", 422, false),
    /// The model file is damaged, hostile or not a model.
    InvalidModel = (4023, "invalid_model", 422, false),
    /// Outputs of the probe inputs disagree with the stored ones.
    VerificationFailed = (4024, "verification_failed", 422, false),
    /// Too many requests from one principal.
    RateLimited = (4029, "rate_limited", 429, true),
    /// The caller cancelled.
    Cancelled = (4099, "cancelled", 499, false),
    /// A fault of this library.
    Internal = (5000, "internal", 500, false),
    /// The queue is full.
    Overloaded = (5003, "overloaded", 503, true),
    /// The deadline passed.
    DeadlineExceeded = (5004, "deadline_exceeded", 504, true),
    /// The deployment does not serve now.
    Unavailable = (5005, "unavailable", 503, true),
    /// The handle is closed.
    Closed = (5006, "closed", 503, false),
    /// The memory budget does not suffice.
    ResourceExhausted = (5007, "resource_exhausted", 507, true),
    /// The engine failed or panicked while it ran the model.
    EngineFailed = (5010, "engine_failed", 500, true),
    /// The disk or the database failed.
    Storage = (5020, "storage", 500, true),
    /// The event log or the database is damaged.
    Corrupt = (5021, "corrupt", 500, false),
}

/// One row of [`ERROR_KINDS`].
#[derive(Debug, Clone, Copy)]
pub struct ErrorKindInfo {
    /// The kind.
    pub kind: ErrorKind,
    /// Four digits, stable for ever.
    pub code: u16,
    /// Stable snake-case name.
    pub name: &'static str,
    /// HTTP status of the kind where a route has none of its own.
    pub http_status: u16,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// One sentence.
    pub description: &'static str,
}

impl ErrorKind {
    /// The row of the table.
    pub fn info(self) -> &'static ErrorKindInfo {
        &ERROR_KINDS[self as usize]
    }

    /// The four-digit code.
    pub fn code(self) -> u16 {
        self.info().code
    }

    /// The snake-case name.
    pub fn name(self) -> &'static str {
        self.info().name
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The error of every call.
///
/// Messages are lower-case sentences without a final period; [`Error::context`] holds the names and values that a
/// program wants to read (`field`, `value`, `allowed`, `model`, …).
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    operation: Option<&'static str>,
    context: Vec<(&'static str, String)>,
    source: Option<Source>,
}

impl Error {
    /// An error of a kind with a message.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Error(Box::new(Inner { kind, message: message.into(), operation: None, context: Vec::new(), source: None }))
    }

    /// An argument that is not allowed: names the field, the value and what is allowed.
    pub fn invalid(field: impl fmt::Display, value: impl fmt::Display, allowed: impl fmt::Display) -> Self {
        Error::new(ErrorKind::InvalidArgument, format!("{field} is not valid"))
            .with("field", &field)
            .with("value", value)
            .with("allowed", allowed)
    }

    /// Something that was named and does not exist.
    pub fn not_found(what: &'static str, name: impl fmt::Display) -> Self {
        Error::new(ErrorKind::NotFound, format!("no such {what}")).with(what, name)
    }

    /// A state that forbids the call.
    pub fn conflict(message: impl Into<Cow<'static, str>>) -> Self {
        Error::new(ErrorKind::Conflict, message)
    }

    /// Adds a name and a value.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        self.0.context.push((key, value.to_string()));
        self
    }

    /// Puts a prefix before the field that the error names.
    #[must_use]
    pub(crate) fn within(mut self, prefix: &str) -> Self {
        let Inner { message, context, .. } = &mut *self.0;
        if let Some((_, field)) = context.iter_mut().find(|(key, _)| *key == "field") {
            let whole = format!("{prefix}/{field}");
            if let Some(rest) = message.strip_prefix(field.as_str()) {
                *message = format!("{whole}{rest}").into();
            }
            *field = whole;
        }
        self
    }

    /// Sets the operation, unless an inner call set it already.
    #[must_use]
    pub fn operation(mut self, operation: &'static str) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Sets the error below.
    #[must_use]
    pub fn source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The four-digit code of the kind.
    pub fn code(&self) -> u16 {
        self.0.kind.code()
    }

    /// The message alone, without context or source.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The operation that failed, where known.
    pub fn operation_name(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Names and values, in the order in which they were added.
    pub fn context(&self) -> &[(&'static str, String)] {
        &self.0.context
    }

    /// The value of one context key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.context.iter().find(|(k, _)| *k == key).map(|(_, v)| v.as_str())
    }

    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.0.kind.info().retryable
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.0.message)?;
        for (i, (key, value)) in self.0.context.iter().enumerate() {
            f.write_str(if i == 0 { " (" } else { ", " })?;
            write!(f, "{key}: {value}")?;
        }
        if !self.0.context.is_empty() {
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} {}] {self}", self.code(), self.kind())?;
        let mut below = StdError::source(self);
        while let Some(error) = below {
            write!(f, "\n  caused by: {error}")?;
            below = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|s| s as &(dyn StdError + 'static))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Error::new(ErrorKind::Storage, "input or output failed").with("reason", &error).source(error)
    }
}

/// An error as every surface shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ErrorRecord {
    /// Four digits.
    pub code: u16,
    /// Snake-case name of the kind.
    pub kind: String,
    /// The message.
    pub message: String,
    /// The operation, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Names and values.
    #[serde(default)]
    pub context: std::collections::BTreeMap<String, String>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
}

impl From<&Error> for ErrorRecord {
    fn from(error: &Error) -> Self {
        ErrorRecord {
            code: error.code(),
            kind: error.kind().name().to_owned(),
            message: error.message().to_owned(),
            operation: error.operation_name().map(str::to_owned),
            context: error.context().iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect(),
            retryable: error.is_retryable(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_consistent() {
        for (i, row) in ERROR_KINDS.iter().enumerate() {
            assert_eq!(row.kind as usize, i);
            assert!((1000..10_000).contains(&row.code));
            assert!(ERROR_KINDS.iter().skip(i + 1).all(|other| other.code != row.code && other.name != row.name));
        }
    }

    #[test]
    fn display_names_field_value_and_allowed() {
        let error = Error::invalid("replicas", 0, "1 to 1024").operation("deploy");
        assert_eq!(error.to_string(), "deploy: replicas is not valid (field: replicas, value: 0, allowed: 1 to 1024)");
        assert_eq!(error.code(), 4000);
    }
}
