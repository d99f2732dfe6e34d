//! Reports of an operation, to a C function.

use std::ffi::c_void;

use noodle_deploy_core::{Error, ErrorKind, Progress, Result};

use crate::marshal::{Record, sized};
use crate::ops::layouts;
use crate::ops::types::noodle_progress;
use crate::options::noodle_caller;

/// Told how far an operation is, on the thread of the call, which goes on when it has returned. The report is gone
/// then.
pub type noodle_on_progress = Option<unsafe extern "C" fn(context: *mut c_void, progress: *const noodle_progress)>;

/// A function of the host and what it is given.
pub(crate) struct Listener {
    call: unsafe extern "C" fn(*mut c_void, *const noodle_progress),
    context: *mut c_void,
}

// SAFETY: the function is called while the caller waits for the operation, one report after the other.
unsafe impl Send for Listener {}

impl Listener {
    /// What a caller wants to be told, if anything.
    ///
    /// # Safety
    /// `caller` is null or points to a struct of its size.
    pub(crate) unsafe fn of(caller: *const noodle_caller) -> Result<Option<Self>> {
        if caller.is_null() {
            return Ok(None);
        }
        // SAFETY: as the caller promises.
        let given = unsafe { sized("caller", caller)? };
        Ok(given.progress.map(|call| Listener { call, context: given.progress_context }))
    }

    /// Calls the function.
    pub(crate) fn hear(&self, progress: &Progress) {
        // What goes wrong here goes wrong at every report, so it ends them: the core contains the panic and says it.
        let record = record(progress).unwrap_or_else(|error| panic!("a report has no struct: {error}"));
        // SAFETY: the host gave the function and its context for as long as the call takes.
        unsafe { (self.call)(self.context, record.as_ptr()) };
    }
}

fn record(progress: &Progress) -> Result<Record> {
    let value = serde_json::to_value(progress)
        .map_err(|e| Error::new(ErrorKind::Internal, "a report does not serialise").source(e))?;
    Record::new(&layouts::PROGRESS, &value)
}
