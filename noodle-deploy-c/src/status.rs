//! What every function returns, and the last error of each thread.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use noodle_deploy_core::error::ErrorRecord;
use noodle_deploy_core::{Error, ErrorKind, Result};

use crate::marshal::Record;
use crate::ops::layouts::ERROR_RECORD;
use crate::ops::types::noodle_error_record;

/// 0 where a call succeeded, else the four-digit code of the error: a constant NOODLE_ERROR_….
pub type noodle_status = i32;

thread_local! {
    static LAST: RefCell<Last> = const { RefCell::new(Last { error: None, record: None }) };
}

/// The record is made when somebody asks: many errors are told by their code alone.
struct Last {
    error: Option<Error>,
    record: Option<Record>,
}

/// Runs the body of an exported function: no panic crosses the border, and an error is kept for the thread.
pub(crate) fn guard(body: impl FnOnce() -> Result<()>) -> noodle_status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => 0,
        Ok(Err(error)) => remember(error),
        Err(_) => remember(Error::new(ErrorKind::Internal, "the library panicked")),
    }
}

/// For functions that return nothing: a panic ends here.
pub(crate) fn quietly(body: impl FnOnce()) {
    // A panic while something is freed leaves nothing that a caller could do about it.
    drop(catch_unwind(AssertUnwindSafe(body)));
}

#[cold]
fn remember(error: Error) -> noodle_status {
    let status = error.code().into();
    // A thread that is ending has no place for it any more.
    let _ = LAST.try_with(|last| *last.borrow_mut() = Last { error: Some(error), record: None });
    status
}

/// The status and the record of an error that goes to a callback.
pub(crate) fn told(error: &Error) -> (noodle_status, Option<Record>) {
    (error.code().into(), record(error))
}

/// A C program mostly prints the message alone, so that has the operation and the names and values too.
fn record(error: &Error) -> Option<Record> {
    let shown = ErrorRecord { message: error.to_string(), ..ErrorRecord::from(error) };
    let value = serde_json::to_value(shown).ok()?;
    Record::new(&ERROR_RECORD, &value).ok()
}

/// Returns the error of the thread's last call that failed; NULL where none did. It belongs to the library and is valid
/// until the thread's next call that fails. `message` is a line to print: operation, what went wrong, and in parentheses
/// the names and values that `context` has too.
#[unsafe(no_mangle)]
pub extern "C" fn noodle_last_error() -> *const noodle_error_record {
    let last = |last: &RefCell<Last>| {
        let last = &mut *last.borrow_mut();
        if last.record.is_none() {
            last.record = last.error.as_ref().and_then(record);
        }
        last.record.as_ref().map_or(std::ptr::null(), Record::as_ptr)
    };
    catch_unwind(|| LAST.try_with(last).unwrap_or(std::ptr::null())).unwrap_or(std::ptr::null())
}
