//! The handle of an open directory, and what it answers about itself.

use std::ffi::{CString, c_char};
use std::path::Path;
use std::sync::Arc;

use arc_swap::{ArcSwapOption, Guard};
use noodle_deploy_core::{Error, ErrorKind, Noodle, Result, Settings};
use serde_json::Value;

use crate::fork::{Counted, Generation, check_open};
use crate::marshal::{Record, read};
use crate::ops::layouts::{BACKUP_REPORT, SETTINGS};
use crate::ops::types::{noodle_backup_report, noodle_settings};
use crate::status::{guard, noodle_status, quietly};
use crate::text::null;
#[cfg(not(unix))]
use crate::text::{owned, required};

/// An open directory. Every function that takes one may be called from several threads at once; only noodle_free must
/// come after all other calls. In the child of a fork every call answers NOODLE_ERROR_CLOSED, and noodle_free leaves
/// the handle's memory alone; noodle_open answers NOODLE_ERROR_UNSUPPORTED there while a handle of the parent was open.
pub struct noodle_t {
    core: ArcSwapOption<(Noodle, Counted)>,
    dir: CString,
    generation: Generation,
}

/// An open handle during one call.
pub(crate) struct Open(Guard<Option<Arc<(Noodle, Counted)>>>);

impl noodle_t {
    pub(crate) fn new(noodle: Noodle) -> Self {
        let dir = path_for_c(noodle.dir());
        noodle_t { core: ArcSwapOption::from_pointee((noodle, Counted::new())), dir, generation: Generation::now() }
    }

    /// The core's handle.
    ///
    /// # Errors
    /// `closed`.
    pub(crate) fn core(&self) -> Result<Open> {
        self.generation.check()?;
        let core = self.core.load();
        if core.is_none() { Err(closed()) } else { Ok(Open(core)) }
    }
}

impl std::ops::Deref for Open {
    type Target = Noodle;

    fn deref(&self) -> &Noodle {
        match &*self.0 {
            Some(open) => &open.0,
            None => unreachable!("an `Open` is made of a handle that is there"),
        }
    }
}

#[cold]
fn closed() -> Error {
    Error::new(ErrorKind::Closed, "the handle is closed")
}

/// The handle behind a pointer.
///
/// # Safety
/// `noodle` is null or came from noodle_open and was not freed.
pub(crate) unsafe fn handle<'a>(noodle: *const noodle_t) -> Result<&'a noodle_t> {
    // SAFETY: as the caller promises.
    unsafe { noodle.as_ref() }.ok_or_else(|| null("noodle"))
}

/// Hands out a fresh object by pointer.
///
/// # Safety
/// `out` is null or valid for a write.
pub(crate) unsafe fn give<T>(out: *mut *mut T, make: impl FnOnce() -> Result<T>) -> Result<()> {
    // SAFETY: as the caller promises.
    let out = unsafe { out.as_mut() }.ok_or_else(|| null("out"))?;
    *out = std::ptr::null_mut();
    *out = Box::into_raw(Box::new(make()?));
    Ok(())
}

/// Opens a directory; makes it where it is missing, and brings up what ran when it was last open.
///
/// `settings` may be NULL for the defaults; fields that are not set keep theirs. `*out` becomes a handle that the caller
/// closes with noodle_close or noodle_free. Opens of one directory in one process share one core.
///
/// Errors: NOODLE_ERROR_INVALID_ARGUMENT (settings, a path that is empty or a file's), _CONFLICT (open in this process
/// with other settings), _NEWER_FORMAT, _CORRUPT, _STORAGE, _UNSUPPORTED (network file system, forked while a directory
/// was open).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_open(
    dir: *const c_char,
    settings: *const noodle_settings,
    out: *mut *mut noodle_t,
) -> noodle_status {
    guard(|| {
        // SAFETY: pointers are null or valid, as the header asks.
        unsafe {
            give(out, || {
                check_open()?;
                let builder = Noodle::builder(path("dir", dir)?).settings(read_settings(settings)?);
                Ok(noodle_t::new(builder.open()?))
            })
        }
    })
}

/// Settings that differ from the defaults; null for none.
///
/// # Safety
/// `settings` is null or points to a struct of its size.
pub(crate) unsafe fn read_settings(settings: *const noodle_settings) -> Result<Settings> {
    if settings.is_null() {
        return Ok(Settings::default());
    }
    // SAFETY: as the caller promises.
    Settings::from_json(&unsafe { read(&SETTINGS, settings.cast()) }?)
}

/// A path of the host: bytes on Unix, UTF-8 elsewhere.
///
/// # Safety
/// `dir` is null or a NUL-terminated string.
pub(crate) unsafe fn path<'a>(field: &'static str, dir: *const c_char) -> Result<&'a Path> {
    if dir.is_null() {
        return Err(null(field));
    }
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        // SAFETY: not null, so it is NUL-terminated.
        let bytes = unsafe { std::ffi::CStr::from_ptr(dir) }.to_bytes();
        Ok(Path::new(std::ffi::OsStr::from_bytes(bytes)))
    }
    #[cfg(not(unix))]
    // SAFETY: not null, so it is NUL-terminated.
    unsafe { required(field, dir) }.map(Path::new)
}

fn path_for_c(path: &Path) -> CString {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        // A path of Unix holds no NUL.
        CString::new(path.as_os_str().as_bytes()).unwrap_or_default()
    }
    #[cfg(not(unix))]
    owned(&path.to_string_lossy())
}

/// Closes the directory. Calls that run in other threads go on to their end, and the directory closes with the last of
/// them; later calls on the handle answer NOODLE_ERROR_CLOSED, and a second close does nothing. The handle itself lives
/// until noodle_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_close(noodle: *mut noodle_t) -> noodle_status {
    guard(|| {
        // SAFETY: the pointer is null or a handle, as the header asks.
        let noodle = unsafe { handle(noodle) }?;
        noodle.generation.check()?;
        drop(noodle.core.swap(None));
        Ok(())
    })
}

/// Closes the directory where it is open, and frees the handle: the pointer must not be used again. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free(noodle: *mut noodle_t) {
    quietly(|| {
        // SAFETY: the pointer is null or a handle, as the header asks.
        let Some(handle) = (unsafe { noodle.as_ref() }) else { return };
        if handle.generation.is_current() {
            // SAFETY: handles come from `Box::into_raw`, and this one is not used again.
            drop(unsafe { Box::from_raw(noodle) });
        }
    });
}

/// Returns the directory as an absolute path without links. It belongs to the handle and lives until noodle_free. NULL
/// for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_dir(noodle: *const noodle_t) -> *const c_char {
    // SAFETY: the pointer is null or a handle, as the header asks.
    unsafe { noodle.as_ref() }.map_or(std::ptr::null(), |noodle| noodle.dir.as_ptr())
}

/// Gives the settings in force. The caller frees `*out` with noodle_free_settings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_get_settings(noodle: *const noodle_t, out: *mut *mut noodle_settings) -> noodle_status {
    guard(|| {
        // SAFETY: pointers are null or valid, as the header asks.
        let (noodle, out) = unsafe { (handle(noodle)?.core()?, out.as_mut().ok_or_else(|| null("out"))?) };
        *out = Record::new(&SETTINGS, &json(noodle.settings())?)?.into_raw();
        Ok(())
    })
}

/// Copies a backup to a new directory, checked as a whole before it appears there. The caller frees `*out` with
/// noodle_free_backup_report.
///
/// Errors: NOODLE_ERROR_CONFLICT where `to` exists, _INVALID_ARGUMENT where it lies in the backup, _CORRUPT,
/// _INTEGRITY_MISMATCH, _STORAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_restore(
    backup: *const c_char,
    to: *const c_char,
    out: *mut *mut noodle_backup_report,
) -> noodle_status {
    guard(|| {
        // SAFETY: pointers are null or valid, as the header asks.
        let (backup, to) = unsafe { (path("backup", backup)?, path("to", to)?) };
        // SAFETY: as above.
        let out = unsafe { out.as_mut() }.ok_or_else(|| null("out"))?;
        *out = Record::new(&BACKUP_REPORT, &json(&Noodle::restore(backup, to)?)?)?.into_raw();
        Ok(())
    })
}

pub(crate) fn json(value: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|e| Error::new(ErrorKind::Internal, "a value does not serialise").source(e))
}
