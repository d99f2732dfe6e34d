//! Tells the child of a `fork` from the process that opened a handle.
//!
//! Threads do not survive a fork and locks may stay taken, so a handle is of no use in the child. A counter that the
//! child's first act raises costs a load a call; `getpid` would be a system call.

use std::sync::atomic::{AtomicU32, Ordering};

use noodle_deploy_core::{Error, ErrorKind, Result};

static GENERATION: AtomicU32 = AtomicU32::new(0);

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
    Error::new(ErrorKind::Closed, "the handle belongs to the process before the fork; open the directory anew")
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
    }
    static WATCHED: Once = Once::new();
    // SAFETY: the handler is a static function that touches nothing but an atomic number.
    WATCHED.call_once(|| unsafe {
        pthread_atfork(None, None, Some(child));
    });
}

#[cfg(not(unix))]
fn watch() {}
