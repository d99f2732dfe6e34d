//! Messages of the core on their way to Python's `logging`.
//!
//! The core's threads put them into a queue and never wait for Python; the thread of `noodle_deploy/_logging.py` takes
//! them out. A forked child has a queue of its own, since the parent's may be locked by a thread that is not there.
#![allow(unsafe_code, reason = "reads the pointer to the queue")]

use std::collections::VecDeque;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, Once, PoisonError};
use std::thread::ThreadId;
use std::time::Duration;

use noodle_deploy_core::clock::{Clock, Millis, SystemClock};
use noodle_deploy_core::logging::{LogLevel, LogRecord, forward};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::errors::OrRaise;
use crate::lifetime::Generation;

/// Messages that wait at most; further ones are counted.
const CAPACITY: usize = 1_000;
/// How long a close waits for messages to be handled.
const PATIENCE: Duration = Duration::from_secs(1);

struct Queue {
    born: Generation,
    state: Mutex<State>,
    changed: Condvar,
    has_reader: AtomicBool,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<(Millis, LogRecord)>,
    dropped: u64,
    /// Messages ever put in, and those of them that `logging` has seen.
    put: u64,
    handled: u64,
    reader: Option<ThreadId>,
    ended: bool,
}

impl Queue {
    /// The queue of this process. It is never freed: threads of the core may write to it until the process ends.
    fn current() -> &'static Queue {
        static CURRENT: AtomicPtr<Queue> = AtomicPtr::new(null_mut());
        let found = CURRENT.load(Ordering::Acquire);
        // SAFETY: null, or from `Box::leak`.
        if let Some(queue) = unsafe { found.as_ref() }
            && queue.born == Generation::now()
        {
            return queue;
        }
        let new = Box::into_raw(Box::new(Queue {
            born: Generation::now(),
            state: Mutex::default(),
            changed: Condvar::new(),
            has_reader: AtomicBool::new(false),
        }));
        match CURRENT.compare_exchange(found, new, Ordering::AcqRel, Ordering::Acquire) {
            // SAFETY: made above, and from here on never freed.
            Ok(_) => unsafe { &*new },
            Err(others) => {
                // SAFETY: nobody has seen `new`; what another thread has put there is leaked as well.
                unsafe {
                    drop(Box::from_raw(new));
                    &*others
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, record: LogRecord) {
        let mut state = self.lock();
        if state.ended {
            return;
        }
        if state.waiting.len() == CAPACITY {
            state.dropped += 1;
            return;
        }
        state.put += 1;
        state.waiting.push_back((SystemClock.now(), record));
        drop(state);
        self.changed.notify_all();
    }

    /// Waits for messages; none at the end. To come back for more says that those before were handled.
    fn take(&self) -> Option<(VecDeque<(Millis, LogRecord)>, u64)> {
        let mut state = self.lock();
        state.reader = Some(std::thread::current().id());
        state.handled = state.put - state.waiting.len() as u64;
        self.changed.notify_all();
        while state.waiting.is_empty() && state.dropped == 0 && !state.ended {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let taken = (std::mem::take(&mut state.waiting), std::mem::take(&mut state.dropped));
        if taken.0.is_empty() && taken.1 == 0 { None } else { Some(taken) }
    }

    /// Waits until what was put in before is handled, a bounded time.
    fn settle(&self) {
        let state = self.lock();
        // A handler of `logging` that closes a directory would wait for itself.
        if !self.has_reader.load(Ordering::Relaxed) || state.reader == Some(std::thread::current().id()) {
            return;
        }
        let put = state.put;
        let waits = |state: &mut State| state.handled < put && !state.ended;
        drop(self.changed.wait_timeout_while(state, PATIENCE, waits));
    }

    fn end(&self) {
        self.lock().ended = true;
        self.changed.notify_all();
    }
}

/// Has the core's messages handed to Python's `logging` from now on.
pub(crate) fn install(py: Python<'_>) -> PyResult<()> {
    static FORWARDED: Once = Once::new();
    let queue = Queue::current();
    let mut result = Ok(());
    // Loggers decide what is severe enough, so that their levels may change at any time.
    FORWARDED.call_once(|| result = forward(LogLevel::Trace, |record| Queue::current().put(record)));
    result.or_raise(py)?;
    if !queue.has_reader.swap(true, Ordering::Relaxed) {
        py.import("noodle_deploy._logging")?.call_method0("start")?;
    }
    Ok(())
}

/// Waits a bounded time until `logging` has what was said so far.
pub(crate) fn settle() {
    Queue::current().settle();
}

/// Waits for messages: a list of them as `(level, target, text, fields, time)`, and the number of those that were lost
/// after them. None at the end.
#[pyfunction]
pub(crate) fn take_messages(py: Python<'_>) -> PyResult<Option<(Bound<'_, PyList>, u64)>> {
    let Some((records, dropped)) = py.detach(|| Queue::current().take()) else { return Ok(None) };
    let list = PyList::empty(py);
    for (at, record) in records {
        let fields = PyDict::new(py);
        for (name, value) in &record.fields {
            fields.set_item(name, value)?;
        }
        list.append((level(record.level), record.target, record.to_string(), fields, at as f64 / 1000.0))?;
    }
    Ok(Some((list, dropped)))
}

/// Lets the reader of messages end, once it has taken what is there.
#[pyfunction]
pub(crate) fn end_messages() {
    Queue::current().end();
}

/// A level as `logging` counts.
fn level(level: LogLevel) -> u8 {
    match level {
        LogLevel::Off | LogLevel::Trace => 5,
        LogLevel::Debug => 10,
        LogLevel::Info => 20,
        LogLevel::Warn => 30,
        LogLevel::Error => 40,
    }
}

/// Messages for tests.
#[cfg(feature = "testing")]
pub(crate) fn say(message: &str, fields: Vec<(&'static str, String)>) {
    let target = "noodle_deploy_core::test";
    Queue::current().put(LogRecord { level: LogLevel::Warn, target, message: message.to_owned(), fields });
}
