//! Forks, and the end of the interpreter.
//!
//! A forked child has the handle's memory but not its threads, so nothing of a handle may run there. At the interpreter's
//! end no thread may go back into Python: [`leave`] turns new calls away, and waits for those that run.
#![allow(unsafe_code, reason = "registers a handler with the C library")]

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError, Weak};
use std::time::Duration;

use noodle_deploy_core::clock::instant;
use noodle_deploy_core::{ErrorKind, Noodle};
use pyo3::prelude::*;

use crate::errors::raise;

/// Forks that lie between the process that loaded the library and this one.
static GENERATION: AtomicU32 = AtomicU32::new(0);
static LEAVING: AtomicBool = AtomicBool::new(false);
/// Calls that are in the core, or wake an event loop.
static RUNNING: AtomicUsize = AtomicUsize::new(0);
static OPEN: Mutex<Vec<Weak<Slot>>> = Mutex::new(Vec::new());
/// Handles that were open when the process was forked cannot be closed here.
static OPEN_BEFORE_FORK: AtomicBool = AtomicBool::new(false);
static HANDLES: AtomicUsize = AtomicUsize::new(0);

/// How long the end of the interpreter waits for calls that run.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a handle's [`Noodle`] is until it is closed.
pub(crate) struct Slot {
    noodle: Mutex<Option<Noodle>>,
    born: Generation,
}

/// The process in which something was made.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Generation(u32);

impl Generation {
    pub(crate) fn now() -> Self {
        Generation(GENERATION.load(Ordering::Relaxed))
    }

    /// Refuses to go on in a forked child.
    pub(crate) fn check(self, py: Python<'_>) -> PyResult<()> {
        if self == Generation::now() {
            return Ok(());
        }
        Err(raise(
            py,
            ErrorKind::Closed,
            "the handle was opened before a fork; open the directory in the child, and fork before the parent opens one \
             (multiprocessing: start method `spawn`)",
        ))
    }
}

impl Slot {
    pub(crate) fn new(noodle: Noodle) -> Arc<Self> {
        HANDLES.fetch_add(1, Ordering::Relaxed);
        let slot = Arc::new(Slot { noodle: Mutex::new(Some(noodle)), born: Generation::now() });
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|slot| slot.strong_count() > 0);
        open.push(Arc::downgrade(&slot));
        slot
    }

    /// The handle, for one call.
    pub(crate) fn noodle(&self, py: Python<'_>) -> PyResult<Noodle> {
        self.born.check(py)?;
        let noodle = self.noodle.lock().unwrap_or_else(PoisonError::into_inner).clone();
        noodle.ok_or_else(|| raise(py, ErrorKind::Closed, "the handle is closed"))
    }

    pub(crate) fn is_closed(&self, py: Python<'_>) -> PyResult<bool> {
        self.born.check(py)?;
        Ok(self.noodle.lock().unwrap_or_else(PoisonError::into_inner).is_none())
    }

    fn take(&self) -> Option<Noodle> {
        // In a child the lock may be held by a thread that is not there, and what it guards must not be dropped.
        if self.born != Generation::now() {
            return None;
        }
        let noodle = self.noodle.lock().unwrap_or_else(PoisonError::into_inner).take();
        if noodle.is_some() {
            HANDLES.fetch_sub(1, Ordering::Relaxed);
        }
        noodle
    }

    /// Lets the handle go; the last one of its directory waits for the background work.
    pub(crate) fn close(&self, py: Python<'_>) {
        let noodle = self.take();
        py.detach(|| drop(noodle));
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if self.born == Generation::now() {
            drop(self.take());
        } else {
            std::mem::forget(self.noodle.get_mut().map(Option::take));
        }
    }
}

/// Counts a call in while it lives.
pub(crate) struct Running;

impl Running {
    /// None at the end of the interpreter.
    pub(crate) fn enter() -> Option<Self> {
        RUNNING.fetch_add(1, Ordering::SeqCst);
        let running = Running;
        if LEAVING.load(Ordering::SeqCst) { None } else { Some(running) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Runs work of the core while other Python threads go on.
pub(crate) fn outside<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    let running = Running::enter().ok_or_else(|| raise(py, ErrorKind::Closed, "the interpreter ends"))?;
    let result = py.detach(work);
    // Only now is this thread in Python again.
    drop(running);
    Ok(result)
}

/// Refuses to open where a parent's handles are in this process's memory: they hold locks and files of the database.
pub(crate) fn check_open(py: Python<'_>) -> PyResult<()> {
    if !OPEN_BEFORE_FORK.load(Ordering::Relaxed) {
        return Ok(());
    }
    Err(raise(
        py,
        ErrorKind::Unsupported,
        "this process was forked while a directory was open; fork before the parent opens one (multiprocessing: start \
         method `spawn`)",
    ))
}

/// Closes every handle, and waits a bounded time for calls that run. For `atexit`.
#[pyfunction]
pub(crate) fn leave(py: Python<'_>) {
    LEAVING.store(true, Ordering::SeqCst);
    let open = std::mem::take(&mut *OPEN.lock().unwrap_or_else(PoisonError::into_inner));
    for slot in open.iter().filter_map(Weak::upgrade) {
        slot.close(py);
    }
    py.detach(|| {
        let begun = instant();
        while RUNNING.load(Ordering::SeqCst) > 0 && begun.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(1));
        }
    });
}

#[cfg(unix)]
pub(crate) fn watch_forks() {
    extern "C" fn in_child() {
        GENERATION.fetch_add(1, Ordering::Relaxed);
        if HANDLES.swap(0, Ordering::Relaxed) > 0 {
            OPEN_BEFORE_FORK.store(true, Ordering::Relaxed);
        }
        RUNNING.store(0, Ordering::Relaxed);
    }
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the handler lives as long as the process, and only touches atomics, which a forked child may.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
}

#[cfg(not(unix))]
pub(crate) fn watch_forks() {}
