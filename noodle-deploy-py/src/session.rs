//! Sessions and streams: calls that belong together.

use std::sync::{Arc, Mutex, PoisonError};

use noodle_deploy_core::{ErrorKind, Served as Facts, SessionOptions};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::arguments::optional;
use crate::errors::{OrRaise, raise};
use crate::handle::{CancelToken, Says, options};
use crate::inputs::Inputs;
use crate::lifetime::{Generation, outside};
use crate::outputs::{Prediction, Served};
use crate::pending::Pending;

/// What is open until it is closed. A forked child lets go of nothing: its locks may be held by threads that are not there.
struct Open<T> {
    value: Mutex<Option<Arc<T>>>,
    born: Generation,
}

impl<T> Open<T> {
    fn new(value: T) -> Self {
        Open { value: Mutex::new(Some(Arc::new(value))), born: Generation::now() }
    }

    /// For one call; none once it is closed.
    fn get(&self, py: Python<'_>) -> PyResult<Option<Arc<T>>> {
        self.born.check(py)?;
        Ok(self.value.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn take(&self) -> Option<Arc<T>> {
        if self.born != Generation::now() {
            return None;
        }
        self.value.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<T> Drop for Open<T> {
    fn drop(&mut self) {
        if self.born != Generation::now() {
            std::mem::forget(self.value.get_mut().map(Option::take));
        }
    }
}

/// Calls that belong together: each begins with what the one before left.
#[pyclass(frozen, weakref, module = "noodle_deploy")]
pub(crate) struct Session {
    open: Open<noodle_deploy_core::Session>,
    served: Arc<Facts>,
}

impl Session {
    pub(crate) fn new(session: noodle_deploy_core::Session) -> Self {
        let served = session.served().clone();
        Session { open: Open::new(session), served }
    }

    fn get(&self, py: Python<'_>) -> PyResult<Arc<noodle_deploy_core::Session>> {
        self.open.get(py)?.ok_or_else(|| raise(py, ErrorKind::Closed, "the session is closed"))
    }
}

#[pymethods]
impl Session {
    /// Answers a call with what the one before left, on this thread. Inputs that are carried are not given.
    #[pyo3(signature = (inputs, *, timeout=None, cancel=None, priority=None))]
    fn predict(
        &self,
        py: Python<'_>,
        inputs: &Bound<'_, PyAny>,
        timeout: Option<&Bound<'_, PyAny>>,
        cancel: Option<&CancelToken>,
        priority: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Prediction> {
        let session = self.get(py)?;
        let inputs = Inputs::read_for(&self.served, inputs, false)?;
        let views = inputs.views().or_raise(py)?;
        let options = options(None, timeout, cancel, priority, Says::default())?;
        let views = &views;
        outside(py, || session.predict_with(views, &options))?.or_raise(py).map(Prediction::from)
    }

    /// Answers one request many times, as the deployment's `stream` says, beginning with what the call before left.
    #[pyo3(signature = (inputs, *, timeout=None, cancel=None, priority=None))]
    fn predict_stream(
        &self,
        py: Python<'_>,
        inputs: &Bound<'_, PyAny>,
        timeout: Option<&Bound<'_, PyAny>>,
        cancel: Option<&CancelToken>,
        priority: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PredictionStream> {
        let session = self.get(py)?;
        let inputs = Inputs::read_for(&self.served, inputs, true)?.into_owned().or_raise(py)?;
        let options = options(None, timeout, cancel, priority, Says::default())?;
        let stream = outside(py, || session.predict_stream(inputs, &options))?.or_raise(py)?;
        Ok(PredictionStream::new(stream))
    }

    /// Hands a call to the handle's workers. Inputs are copied.
    #[pyo3(signature = (inputs, timeout, cancel, priority))]
    fn _submit(
        &self,
        py: Python<'_>,
        inputs: &Bound<'_, PyAny>,
        timeout: Option<&Bound<'_, PyAny>>,
        cancel: Option<&CancelToken>,
        priority: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Pending> {
        let session = self.get(py)?;
        let inputs = Inputs::read_for(&self.served, inputs, true)?.into_owned().or_raise(py)?;
        let options = options(None, timeout, cancel, priority, Says::default())?;
        let submitted = outside(py, || session.predict_async(inputs, options))?.or_raise(py)?;
        Ok(Pending::new(async { submitted.await.map(Some) }))
    }

    /// Begins anew, with zeros, after the calls before it.
    fn reset(&self, py: Python<'_>) -> PyResult<()> {
        let session = self.get(py)?;
        outside(py, || session.reset())?.or_raise(py)
    }

    /// Ends the session. Twice does no harm.
    fn close(&self, py: Python<'_>) {
        let session = self.open.take();
        py.detach(|| drop(session));
    }

    /// Whether the session is closed.
    #[getter]
    fn closed(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.open.get(py)?.is_none())
    }

    /// Who answers.
    #[getter]
    fn served(&self) -> Served {
        Served::from(self.served.clone())
    }

    /// Version of the model that answers.
    #[getter]
    fn version(&self) -> &str {
        &self.served.version
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_raised))]
    fn __exit__(&self, py: Python<'_>, _raised: &Bound<'_, pyo3::types::PyTuple>) {
        self.close(py);
    }

    fn __repr__(&self) -> String {
        format!("<Session on {} {}>", self.served.deployment, self.served.version)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err("a session cannot be pickled: what it carries belongs to an open directory"))
    }
}

/// The answers to one request, in order; each is made when it is asked for.
#[pyclass(frozen, weakref, module = "noodle_deploy")]
pub(crate) struct PredictionStream {
    open: Open<Mutex<noodle_deploy_core::PredictionStream>>,
    served: Arc<Facts>,
}

impl PredictionStream {
    pub(crate) fn new(stream: noodle_deploy_core::PredictionStream) -> Self {
        let served = stream.served().clone();
        PredictionStream { open: Open::new(Mutex::new(stream)), served }
    }
}

#[pymethods]
impl PredictionStream {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Prediction>> {
        let Some(stream) = self.open.get(py)? else { return Ok(None) };
        let next = outside(py, || stream.lock().unwrap_or_else(PoisonError::into_inner).next())?;
        next.transpose().or_raise(py).map(|answer| answer.map(Prediction::from))
    }

    /// The next answer, made on a worker; its result is None after the last one.
    fn _next(&self, py: Python<'_>) -> PyResult<Pending> {
        match self.open.get(py)? {
            None => Ok(Pending::new(async { Ok(None) })),
            Some(stream) => Ok(Pending::new(stream.lock().unwrap_or_else(PoisonError::into_inner).next_async())),
        }
    }

    /// Ends the stream. Twice does no harm.
    fn close(&self, py: Python<'_>) {
        let stream = self.open.take();
        py.detach(|| drop(stream));
    }

    /// Who answers: the same version for every answer.
    #[getter]
    fn served(&self) -> Served {
        Served::from(self.served.clone())
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_raised))]
    fn __exit__(&self, py: Python<'_>, _raised: &Bound<'_, pyo3::types::PyTuple>) {
        self.close(py);
    }

    fn __repr__(&self) -> String {
        format!("<PredictionStream by {} {}>", self.served.deployment, self.served.version)
    }
}

/// What a session says when it is opened.
pub(crate) fn session_options(
    version: Option<&Bound<'_, PyString>>,
    Says { key, attributes, request_id }: Says,
) -> PyResult<SessionOptions> {
    let version = optional("version", version)?.map(str::to_owned);
    Ok(SessionOptions { version, key, attributes, request_id })
}
