//! A request that runs on the library's workers; an event loop is woken when it is done.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use noodle_deploy_core::{Prediction as Answer, Result};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::errors::OrRaise;
use crate::lifetime::{Generation, Running};
use crate::outputs::Prediction;

/// A request under way.
#[pyclass(frozen, module = "noodle_deploy._native")]
pub(crate) struct Pending {
    state: Mutex<State>,
    born: Generation,
}

/// An answer, or none after the last one of a stream.
type Future = Pin<Box<dyn std::future::Future<Output = Result<Option<Answer>>> + Send>>;

enum State {
    Runs(Future),
    Done(Box<Result<Option<Answer>>>),
    Taken,
}

impl Pending {
    pub(crate) fn new(submitted: impl std::future::Future<Output = Result<Option<Answer>>> + Send + 'static) -> Self {
        Pending { state: Mutex::new(State::Runs(Box::pin(submitted))), born: Generation::now() }
    }
}

#[pymethods]
impl Pending {
    /// Whether the answer is there; else `wake` is called, once, on another thread, when it is.
    fn poll(&self, py: Python<'_>, wake: Py<PyAny>) -> PyResult<bool> {
        self.born.check(py)?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State::Runs(submitted) = &mut *state else { return Ok(true) };
        let waker = Waker::from(Arc::new(Notice(wake)));
        match submitted.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(result) => {
                *state = State::Done(Box::new(result));
                Ok(true)
            }
            Poll::Pending => Ok(false),
        }
    }

    /// Takes the answer, once; None after the last one of a stream.
    fn result(&self, py: Python<'_>) -> PyResult<Option<Prediction>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Taken) {
            State::Done(result) => result.or_raise(py).map(|answer| answer.map(Prediction::from)),
            other => {
                *state = other;
                Err(PyRuntimeError::new_err("the answer is not there, or was taken"))
            }
        }
    }

    /// Cancels the request.
    fn cancel(&self, py: Python<'_>) -> PyResult<()> {
        self.born.check(py)?;
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State::Taken;
        Ok(())
    }
}

/// Calls a Python function from a worker.
struct Notice(Py<PyAny>);

impl Wake for Notice {
    fn wake(self: Arc<Self>) {
        // At the interpreter's end nobody waits any more.
        let Some(_running) = Running::enter() else { return };
        Python::try_attach(|py| {
            if let Err(error) = self.0.call0(py) {
                error.write_unraisable(py, Some(self.0.bind(py)));
            }
        });
    }
}
