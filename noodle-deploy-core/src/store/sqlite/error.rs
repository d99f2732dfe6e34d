//! SQLite's errors as this crate's, each naming the file.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::error::{Error, ErrorKind};

/// What fails inside the store: SQLite, or a check of ours.
pub(super) enum Fault {
    Sqlite(rusqlite::Error),
    Own(Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Fault::Sqlite(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Own(error)
    }
}

impl Fault {
    /// Whether another connection holds a lock that it will give back.
    pub(super) fn is_busy(&self) -> bool {
        let Fault::Sqlite(error) = self else { return false };
        matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    }

    /// Whether the file, or a file beside it, could not be opened.
    pub(super) fn is_cannot_open(&self) -> bool {
        let Fault::Sqlite(error) = self else { return false };
        matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen))
    }

    /// The typed error.
    pub(super) fn named(self, file: &Path) -> Error {
        match self {
            Fault::Own(error) if error.kind() == ErrorKind::Corrupt && error.get("file").is_none() => {
                error.with("file", file.display())
            }
            Fault::Own(error) => error,
            Fault::Sqlite(error) => typed(error, file),
        }
    }
}

fn typed(error: rusqlite::Error, file: &Path) -> Error {
    use rusqlite::Error as E;
    let (kind, message) = match &error {
        E::SqliteFailure(failure, _) => classify(failure.code),
        // Rows that do not have the documented form, or tables that are not there.
        E::SqlInputError { .. }
        | E::FromSqlConversionFailure(..)
        | E::IntegralValueOutOfRange(..)
        | E::InvalidColumnType(..)
        | E::Utf8Error(..)
        | E::QueryReturnedNoRows => (ErrorKind::Corrupt, "the database does not have the expected rows"),
        E::InvalidPath(_) | E::NulError(_) => (ErrorKind::InvalidArgument, "the database path is not valid"),
        _ => (ErrorKind::Internal, "the database was used in a wrong way"),
    };
    let mut typed = Error::new(kind, message).with("file", file.display()).with("reason", &error);
    if let E::SqliteFailure(failure, _) = &error {
        typed = typed.with("sqlite_code", failure.extended_code);
    }
    typed.source(error)
}

fn classify(code: ErrorCode) -> (ErrorKind, &'static str) {
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            (ErrorKind::Storage, "the database is locked by another process for longer than the busy timeout")
        }
        ErrorCode::DiskFull => (ErrorKind::Storage, "the disk is full"),
        ErrorCode::SystemIoFailure => (ErrorKind::Storage, "reading or writing the database failed"),
        ErrorCode::CannotOpen => (ErrorKind::Storage, "the database cannot be opened"),
        ErrorCode::PermissionDenied | ErrorCode::ReadOnly => (ErrorKind::ReadOnly, "the database is not writable"),
        ErrorCode::DatabaseCorrupt => (ErrorKind::Corrupt, "the database is damaged: restore a backup"),
        ErrorCode::NotADatabase => (ErrorKind::Corrupt, "the file is not a database"),
        ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::Unknown => {
            (ErrorKind::Corrupt, "the tables of the database contradict each other")
        }
        ErrorCode::OutOfMemory => (ErrorKind::ResourceExhausted, "the database ran out of memory"),
        ErrorCode::TooBig => (ErrorKind::TooLarge, "a value is larger than the database allows"),
        _ => (ErrorKind::Storage, "the database failed"),
    }
}
