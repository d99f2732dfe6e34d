//! Tells the child of a `fork` from the process that opened a handle.
//!
//! Threads do not survive a fork and locks may stay taken, so a handle is of no use in the child. A counter that the
//! child's first act raises costs a load a call; `getpid` would be a system call. What is open then stays open in the
//! child's memory, so the child can open nothing more.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

use noodle_deploy_core::{Error, ErrorKind, Result};

static GENERATION: AtomicU32 = AtomicU32::new(0);
/// Handles of this process that are open.
static OPEN: AtomicUsize = AtomicUsize::new(0);
/// Handles that were open when the process was forked cannot be closed here.
static OPEN_BEFORE_FORK: AtomicBool = AtomicBool::new(false);

/// Counts an open handle while it lives.
pub(crate) struct Counted(Generation);

impl Counted {
    pub(crate) fn new() -> Self {
        let generation = Generation::now();
        OPEN.fetch_add(1, Ordering::Relaxed);
        Counted(generation)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if self.0.is_current() {
            OPEN.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Refuses to open where a parent's handles are in this process's memory: they hold locks and files of the database.
///
/// # Errors
/// `unsupported`.
pub(crate) fn check_open() -> Result<()> {
    if !OPEN_BEFORE_FORK.load(Ordering::Relaxed) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Unsupported,
        "this process was forked while a directory was open; fork before the parent opens one",
    ))
}

/// The process that something belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Generation(u32);

impl Generation {
    pub(crate) fn now() -> Self {
        watch();
        Generation(GENERATION.load(Ordering::Relaxed))
    }

    pub(crate) fn is_current(self) -> bool {
        self.0 == GENERATION.load(Ordering::Relaxed)
    }

    /// # Errors
    /// `closed` in the child of a fork.
    pub(crate) fn check(self) -> Result<()> {
        if self.is_current() { Ok(()) } else { Err(forked()) }
    }
}

#[cold]
fn forked() -> Error {
    Error::new(
        ErrorKind::Closed,
        "the handle belongs to the process before the fork; open the directory in the child, and fork before the parent \
         opens one",
    )
}

#[cfg(unix)]
fn watch() {
    use std::sync::Once;

    unsafe extern "C" {
        fn pthread_atfork(
            prepare: Option<extern "C" fn()>,
            parent: Option<extern "C" fn()>,
            child: Option<extern "C" fn()>,
        ) -> libc::c_int;
    }
    extern "C" fn child() {
        GENERATION.fetch_add(1, Ordering::Relaxed);
        if OPEN.swap(0, Ordering::Relaxed) > 0 {
            OPEN_BEFORE_FORK.store(true, Ordering::Relaxed);
        }
    }
    static WATCHED: Once = Once::new();
    // SAFETY: the handler is a static function that touches nothing but atomic numbers.
    WATCHED.call_once(|| unsafe {
        pthread_atfork(None, None, Some(child));
    });
}

#[cfg(not(unix))]
fn watch() {}
