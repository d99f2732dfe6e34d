//! Reports of an operation, to a Python function.

use std::sync::{Arc, Mutex, PoisonError};

use noodle_deploy_core::Progress;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::json::plain;

/// Refuses what can hear no reports. Nobody would wait for what a coroutine function returns.
#[pyfunction]
pub(crate) fn check_progress(progress: &Bound<'_, PyAny>) -> PyResult<()> {
    let inspect = progress.py().import("inspect")?;
    if progress.is_callable() && !inspect.call_method1("iscoroutinefunction", (progress,))?.is_truthy()? {
        return Ok(());
    }
    let found = progress.repr()?;
    Err(PyTypeError::new_err(format!("progress: {found}, allowed: a function of one argument, not async, or None")))
}

/// A Python function that hears reports, and what it has raised. It is called on the thread of the operation.
pub(crate) struct Ear {
    callback: Py<PyAny>,
    raised: Mutex<Option<PyErr>>,
}

impl Ear {
    pub(crate) fn new(callback: Bound<'_, PyAny>) -> PyResult<Arc<Self>> {
        check_progress(&callback)?;
        Ok(Arc::new(Ear { callback: callback.unbind(), raised: Mutex::default() }))
    }

    /// After an exception nothing more is heard.
    pub(crate) fn hear(&self, progress: &Progress) {
        let raised = || self.raised.lock().unwrap_or_else(PoisonError::into_inner);
        if raised().is_some() {
            return;
        }
        // At the interpreter's end nobody listens any more.
        Python::try_attach(|py| {
            let heard = plain(py, progress).and_then(|report| self.callback.call1(py, (report,)));
            if let Err(error) = heard {
                *raised() = Some(error);
            }
        });
    }

    /// The answer of the operation, or what the function has raised. An error of the operation goes first.
    pub(crate) fn answer<T>(&self, py: Python<'_>, answer: PyResult<T>) -> PyResult<T> {
        let Some(raised) = self.raised.lock().unwrap_or_else(PoisonError::into_inner).take() else { return answer };
        match answer {
            Ok(_) => Err(raised),
            Err(error) => {
                error.value(py).setattr("__context__", raised.value(py))?;
                Err(error)
            }
        }
    }
}
