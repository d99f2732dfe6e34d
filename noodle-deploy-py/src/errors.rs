//! The core's errors as the exceptions of `noodle_deploy.errors`.

use noodle_deploy_core::{Error, ErrorKind, Result};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

/// Turns an error of the core into an exception.
pub(crate) trait OrRaise<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> OrRaise<T> for Result<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|error| raised(py, &error))
    }
}

/// The exception for an error; what lies below it is in its notes.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error).unwrap_or_else(|failure| failure)
}

/// An exception of a kind.
pub(crate) fn raise(py: Python<'_>, kind: ErrorKind, message: &'static str) -> PyErr {
    raised(py, &Error::new(kind, message))
}

fn exception(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    static KINDS: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
    let kinds = KINDS.get_or_try_init(py, || {
        let kinds = py.import("noodle_deploy.errors")?.getattr("KINDS")?;
        PyResult::Ok(kinds.cast_into::<PyDict>()?.unbind())
    })?;
    let class = kinds.bind(py).as_any().get_item(error.kind().name())?;
    let context = PyDict::new(py);
    for (name, value) in error.context() {
        context.set_item(name, value)?;
    }
    let exception = class.call1((error.message(), error.operation_name(), context))?;
    let mut below = std::error::Error::source(error);
    while let Some(cause) = below {
        exception.call_method1("add_note", (format!("caused by: {cause}"),))?;
        below = cause.source();
    }
    Ok(PyErr::from_value(exception))
}
