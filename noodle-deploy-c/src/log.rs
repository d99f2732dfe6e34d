//! What the library has to say, told to a callback of the host: one for the process.

use std::ffi::{CString, c_char, c_void};
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwapOption;
use noodle_deploy_core::logging::{LogLevel, LogRecord, forward};
use noodle_deploy_core::{Error, Result};

use crate::fork::Generation;
use crate::ops::types::noodle_text_entry;
use crate::status::{guard, noodle_status};
use crate::text::owned;

/// Something stays broken until somebody acts. Values of `noodle_log_record.level`, and the least severe level that
/// noodle_set_log asks for; each asks for the ones before it too.
pub const NOODLE_LOG_ERROR: i32 = 1;
/// Something failed, and is tried again or replaced.
pub const NOODLE_LOG_WARN: i32 = 2;
/// What happens to revisions and processes.
pub const NOODLE_LOG_INFO: i32 = 3;
/// What a developer wants to know.
pub const NOODLE_LOG_DEBUG: i32 = 4;
/// Everything.
pub const NOODLE_LOG_TRACE: i32 = 5;

/// A message of the library. All of it belongs to the library and lives until the callback returns.
#[repr(C)]
pub struct noodle_log_record {
    /// sizeof(noodle_log_record) in the library.
    size: usize,
    /// A NOODLE_LOG_ constant.
    level: i32,
    /// Which part of the library speaks, such as "noodle_deploy_core::reconcile".
    target: *const c_char,
    /// What happened.
    message: *const c_char,
    /// The message, and in parentheses its names and values: a line for a log of text.
    text: *const c_char,
    /// Names and values, for a log with structure.
    fields: *const noodle_text_entry,
    /// How many.
    fields_count: usize,
}

/// Told each message, on the thread that has something to say: one of the library's, or one of the host's during a
/// call; several may speak at once. It must not throw, should be quick, and must not call this library, which may hold
/// locks of its own meanwhile.
pub type noodle_on_log = Option<unsafe extern "C" fn(context: *mut c_void, record: *const noodle_log_record)>;

/// Frees what the host gave as a context.
pub type noodle_release = Option<unsafe extern "C" fn(context: *mut c_void)>;

static SINK: ArcSwapOption<Sink> = ArcSwapOption::const_empty();

/// A callback of the host; dropped when no thread is inside it any more.
struct Sink {
    level: i32,
    call: unsafe extern "C" fn(*mut c_void, *const noodle_log_record),
    context: *mut c_void,
    release: noodle_release,
    generation: Generation,
}

// SAFETY: the header says that the callback runs on other threads, so the host gave the context away for that.
unsafe impl Send for Sink {}
// SAFETY: as above, and that several threads may be inside it at once.
unsafe impl Sync for Sink {}

impl Drop for Sink {
    fn drop(&mut self) {
        // The child of a fork has a copy of the parent's context, whose threads and locks are not there.
        if let Some(release) = self.release.filter(|_| self.generation.is_current()) {
            // SAFETY: the host gave the function for this context, and nothing uses it any more.
            unsafe { release(self.context) };
        }
    }
}

/// Tells the library's messages to `on_log`, for the whole process: those of every handle that are at least as severe as
/// `level`. It takes the place of the callback before; NULL for `on_log` tells nobody.
///
/// `release`, which may be NULL, is called once with `context` when `on_log` has been replaced and no thread is inside it
/// any more: before noodle_set_log returns, or on the last such thread as it leaves. Where this call fails, the context
/// stays the caller's. In the child of a fork nothing is told until the child calls this itself, and a context of the
/// parent is not released there.
///
/// Errors: NOODLE_ERROR_INVALID_ARGUMENT (level), _CONFLICT where a Rust host took the messages already.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_set_log(
    level: i32,
    on_log: noodle_on_log,
    context: *mut c_void,
    release: noodle_release,
) -> noodle_status {
    guard(|| {
        let sink = match on_log {
            None => None,
            Some(call) => {
                if !(NOODLE_LOG_ERROR..=NOODLE_LOG_TRACE).contains(&level) {
                    return Err(Error::invalid("level", level, "NOODLE_LOG_ERROR to NOODLE_LOG_TRACE"));
                }
                listen()?;
                Some(Arc::new(Sink { level, call, context, release, generation: Generation::now() }))
            }
        };
        drop(SINK.swap(sink));
        Ok(())
    })
}

/// Takes the core's messages, once. Which of them the host wants may change, so all of them are taken.
fn listen() -> Result<()> {
    static TAKEN: OnceLock<bool> = OnceLock::new();
    match TAKEN.get_or_init(|| forward(LogLevel::Trace, tell).is_ok()) {
        true => Ok(()),
        false => Err(Error::conflict("messages of this process go elsewhere already")),
    }
}

fn number(level: LogLevel) -> i32 {
    match level {
        LogLevel::Off | LogLevel::Error => NOODLE_LOG_ERROR,
        LogLevel::Warn => NOODLE_LOG_WARN,
        LogLevel::Info => NOODLE_LOG_INFO,
        LogLevel::Debug => NOODLE_LOG_DEBUG,
        LogLevel::Trace => NOODLE_LOG_TRACE,
    }
}

fn tell(record: LogRecord) {
    let sink = SINK.load();
    let level = number(record.level);
    let Some(sink) = sink.as_ref().filter(|sink| level <= sink.level && sink.generation.is_current()) else { return };
    let (target, message, text) = (owned(record.target), owned(&record.message), owned(&record.to_string()));
    let fields: Vec<(CString, CString)> =
        record.fields.iter().map(|(name, value)| (owned(name), owned(value))).collect();
    let entry = |(key, value): &(CString, CString)| noodle_text_entry { key: key.as_ptr(), value: value.as_ptr() };
    let entries: Vec<noodle_text_entry> = fields.iter().map(entry).collect();
    let seen = noodle_log_record {
        size: size_of::<noodle_log_record>(),
        level,
        target: target.as_ptr(),
        message: message.as_ptr(),
        text: text.as_ptr(),
        fields: entries.as_ptr(),
        fields_count: entries.len(),
    };
    // SAFETY: the host gave the function for this; what the record points to lives until it returns.
    unsafe { (sink.call)(sink.context, &raw const seen) };
}
