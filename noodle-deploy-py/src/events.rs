//! Events as they happen.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use noodle_deploy_core::Pulled;
use noodle_deploy_core::clock::instant;
use pyo3::prelude::*;
use pyo3::types::PyBool;

use crate::arguments;
use crate::json::plain;
use crate::lifetime::{Generation, Running};

/// How long a pull waits before it looks for signals and for a close.
const SLICE: Duration = Duration::from_millis(50);

/// A place in the stream of events.
#[pyclass(frozen, module = "noodle_deploy._native")]
pub(crate) struct Subscription {
    inner: Mutex<noodle_deploy_core::Subscription>,
    closed: AtomicBool,
    born: Generation,
}

impl Subscription {
    pub(crate) fn new(inner: noodle_deploy_core::Subscription) -> Self {
        Subscription { inner: Mutex::new(inner), closed: AtomicBool::new(false), born: Generation::now() }
    }
}

#[pymethods]
impl Subscription {
    /// The next event as a dict, the number of events lost as an int, None where nothing came in `timeout` seconds, or
    /// False where the subscription or its handle is closed and everything was pulled.
    fn pull<'py>(&self, py: Python<'py>, timeout: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let wait = arguments::seconds("timeout", timeout)?;
        let begun = instant();
        loop {
            self.born.check(py)?;
            if self.closed.load(Ordering::Relaxed) {
                return Ok(closed(py));
            }
            let left = wait.saturating_sub(begun.elapsed());
            // At the interpreter's end there are no more events.
            let Some(running) = Running::enter() else { return Ok(closed(py)) };
            let pull = || self.inner.lock().unwrap_or_else(PoisonError::into_inner).pull(left.min(SLICE));
            let pulled = py.detach(pull);
            drop(running);
            match pulled {
                Pulled::Event(event) => return plain(py, &*event),
                Pulled::Lagged(lost) => return Ok(lost.into_pyobject(py)?.into_any()),
                Pulled::Closed => return Ok(closed(py)),
                Pulled::Empty if left <= SLICE => return Ok(py.None().into_bound(py)),
                Pulled::Empty => py.check_signals()?,
            }
        }
    }

    /// Ends the subscription; a pull that waits returns soon.
    fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }
}

fn closed(py: Python<'_>) -> Bound<'_, PyAny> {
    PyBool::new(py, false).to_owned().into_any()
}
