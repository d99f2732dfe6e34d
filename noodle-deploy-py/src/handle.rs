//! The handle: opens a directory, calls operations, predicts.

use std::path::PathBuf;
use std::sync::Arc;

use noodle_deploy_core::ops::{Caller, Role, find};
use noodle_deploy_core::{Noodle, PredictOptions, Settings, TensorView};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString};

use crate::arguments::{self, optional, text};
use crate::errors::OrRaise;
use crate::events::Subscription;
use crate::inputs::Inputs;
use crate::json::{from_json, plain, to_json};
use crate::lifetime::{Slot, check_open, outside};
use crate::logging;
use crate::outputs::Prediction;
use crate::pending::Pending;
use crate::progress::Ear;
use crate::session::{PredictionStream, Session, session_options};

/// An open directory.
#[pyclass(frozen, subclass, weakref, module = "noodle_deploy._native")]
pub(crate) struct Handle(Arc<Slot>);

/// A flag that cancels requests.
#[pyclass(frozen, module = "noodle_deploy")]
#[derive(Default)]
pub(crate) struct CancelToken(noodle_deploy_core::CancelToken);

#[pymethods]
impl CancelToken {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Cancels every request that carries the flag: before it starts, or between two nodes of the model.
    fn cancel(&self) {
        self.0.cancel();
    }
}

impl Handle {
    /// The open handle, for one call.
    pub(crate) fn noodle(&self, py: Python<'_>) -> PyResult<Noodle> {
        self.0.noodle(py)
    }
}

#[pymethods]
impl Handle {
    #[new]
    #[pyo3(signature = (dir, settings, world=None))]
    fn new(
        py: Python<'_>,
        dir: &Bound<'_, PyAny>,
        settings: &Bound<'_, PyDict>,
        world: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        check_open(py)?;
        let dir = arguments::path("dir", dir)?;
        let settings = Settings::from_json(&to_json(settings, "settings", None)?).or_raise(py)?;
        logging::install(py)?;
        let builder = in_world(Noodle::builder(dir).settings(settings), world)?;
        Ok(Handle(Slot::new(outside(py, || builder.open())?.or_raise(py)?)))
    }

    /// Lets the handle go, and hands over what it has said. Twice does no harm.
    fn close(&self, py: Python<'_>) {
        self.0.close(py);
        py.detach(logging::settle);
    }

    /// Whether the handle is closed.
    #[getter]
    fn closed(&self, py: Python<'_>) -> PyResult<bool> {
        self.0.is_closed(py)
    }

    #[getter]
    fn _dir(&self, py: Python<'_>) -> PyResult<PathBuf> {
        Ok(self.noodle(py)?.dir().to_owned())
    }

    #[getter]
    fn _settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        plain(py, self.noodle(py)?.settings())
    }

    /// Calls an operation by name with plain values, as somebody or as the host. `progress` hears how far it is; what
    /// it raises is raised when the operation has ended.
    #[pyo3(signature = (name, input, actor=None, role=None, request_id=None, progress=None))]
    #[allow(clippy::too_many_arguments, reason = "keywords of Python")]
    fn call<'py>(
        &self,
        py: Python<'py>,
        name: &Bound<'py, PyString>,
        input: &Bound<'py, PyAny>,
        actor: Option<&Bound<'py, PyString>>,
        role: Option<&Bound<'py, PyString>>,
        request_id: Option<&Bound<'py, PyString>>,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let noodle = self.noodle(py)?;
        let name = find(text("name", name)?).or_raise(py)?.name;
        let input = to_json(input, "input", Some(name))?;
        let role = optional("role", role)?.map_or(Ok(Role::Admin), str::parse).or_raise(py)?;
        let actor = optional("actor", actor)?.unwrap_or(noodle.settings().actor.as_str()).to_owned();
        let caller = Caller { actor, role, request_id: optional("request_id", request_id)?.map(str::to_owned) };
        let Some(progress) = progress else {
            let output = outside(py, move || noodle.call_json(&caller, name, input))?.or_raise(py)?;
            return from_json(py, &output);
        };
        let ear = Ear::new(progress)?;
        let hears = ear.clone();
        let call = move || noodle.with_progress(move |report| hears.hear(report)).call_json(&caller, name, input);
        let output = ear.answer(py, outside(py, call)?.or_raise(py))?;
        from_json(py, &output)
    }

    /// Asks a deployment, on this thread.
    ///
    /// `inputs` are by name: NumPy arrays, objects with `__dlpack__`, or numbers, strings and lists. Arrays are borrowed
    /// until the call returns. `version` pins a version or an alias; `timeout` is in seconds; `priority`
    /// is a level, 1 the most urgent; all requests of one `key` go to the same revision of a rollout; the deployment's rules
    /// look at `attributes`; a `request_id` is remembered for labels that come later.
    #[pyo3(signature = (deployment, inputs, *, version=None, timeout=None, cancel=None, priority=None, key=None, attributes=None, request_id=None))]
    #[allow(clippy::too_many_arguments, reason = "keywords of Python")]
    fn predict(
        &self,
        py: Python<'_>,
        deployment: &Bound<'_, PyString>,
        inputs: &Bound<'_, PyAny>,
        version: Option<&Bound<'_, PyString>>,
        timeout: Option<&Bound<'_, PyAny>>,
        cancel: Option<&CancelToken>,
        priority: Option<&Bound<'_, PyAny>>,
        key: Option<&Bound<'_, PyString>>,
        attributes: Option<&Bound<'_, PyMapping>>,
        request_id: Option<&Bound<'_, PyString>>,
    ) -> PyResult<Prediction> {
        let noodle = self.noodle(py)?;
        let (deployment, version) = (text("deployment", deployment)?, optional("version", version)?);
        let inputs = Inputs::read(&noodle, deployment, version, inputs, false)?;
        let views = inputs.views().or_raise(py)?;
        let views: &[(&str, TensorView<'_>)] = &views;
        let says = says(key, attributes, request_id)?;
        let plain =
            version.is_none() && timeout.is_none() && cancel.is_none() && priority.is_none() && says.is_nothing();
        let result = if plain {
            outside(py, move || noodle.predict(deployment, views))?
        } else {
            let options = options(version, timeout, cancel, priority, says)?;
            outside(py, move || noodle.predict_with(deployment, views, &options))?
        };
        result.or_raise(py).map(Prediction::from)
    }

    /// Submits a request; no thread of Python waits for it. Inputs are copied.
    #[pyo3(signature = (deployment, inputs, version, timeout, cancel, priority=None, key=None, attributes=None, request_id=None))]
    #[allow(clippy::too_many_arguments, reason = "keywords of Python")]
    fn _submit(
        &self,
        py: Python<'_>,
        deployment: &Bound<'_, PyString>,
        inputs: &Bound<'_, PyAny>,
        version: Option<&Bound<'_, PyString>>,
        timeout: Option<&Bound<'_, PyAny>>,
        cancel: Option<&CancelToken>,
        priority: Option<&Bound<'_, PyAny>>,
        key: Option<&Bound<'_, PyString>>,
        attributes: Option<&Bound<'_, PyMapping>>,
        request_id: Option<&Bound<'_, PyString>>,
    ) -> PyResult<Pending> {
        let noodle = self.noodle(py)?;
        let (deployment, version) = (text("deployment", deployment)?, optional("version", version)?);
        let inputs = Inputs::read(&noodle, deployment, version, inputs, true)?.into_owned().or_raise(py)?;
        let options = options(version, timeout, cancel, priority, says(key, attributes, request_id)?)?;
        let submitted = noodle.predict_async(deployment, inputs, options);
        Ok(Pending::new(async { submitted.await.map(Some) }))
    }

    /// Begins a session on the revision that serves, on the one of its key while several do, or on the loaded one of a
    /// version.
    #[pyo3(signature = (deployment, *, version=None, key=None, attributes=None, request_id=None))]
    fn session(
        &self,
        py: Python<'_>,
        deployment: &Bound<'_, PyString>,
        version: Option<&Bound<'_, PyString>>,
        key: Option<&Bound<'_, PyString>>,
        attributes: Option<&Bound<'_, PyMapping>>,
        request_id: Option<&Bound<'_, PyString>>,
    ) -> PyResult<Session> {
        let noodle = self.noodle(py)?;
        let deployment = text("deployment", deployment)?;
        let options = session_options(version, says(key, attributes, request_id)?)?;
        outside(py, move || noodle.session(deployment, &options))?.or_raise(py).map(Session::new)
    }

    /// Answers one request many times, as the deployment's `stream` says: window by window, or step by step. Inputs are
    /// copied; each answer is made when it is asked for. `timeout` bounds the whole stream.
    #[pyo3(signature = (deployment, inputs, *, version=None, timeout=None, cancel=None, priority=None, key=None, attributes=None, request_id=None))]
    #[allow(clippy::too_many_arguments, reason = "keywords of Python")]
    fn predict_stream(
        &self,
        py: Python<'_>,
        deployment: &Bound<'_, PyString>,
        inputs: &Bound<'_, PyAny>,
        version: Option<&Bound<'_, PyString>>,
        timeout: Option<&Bound<'_, PyAny>>,
        cancel: Option<&CancelToken>,
        priority: Option<&Bound<'_, PyAny>>,
        key: Option<&Bound<'_, PyString>>,
        attributes: Option<&Bound<'_, PyMapping>>,
        request_id: Option<&Bound<'_, PyString>>,
    ) -> PyResult<PredictionStream> {
        let noodle = self.noodle(py)?;
        let (deployment, version) = (text("deployment", deployment)?, optional("version", version)?);
        let inputs = Inputs::read_stream(&noodle, deployment, version, inputs)?.into_owned().or_raise(py)?;
        let options = options(version, timeout, cancel, priority, says(key, attributes, request_id)?)?;
        let stream = outside(py, move || noodle.predict_stream(deployment, inputs, &options))?.or_raise(py)?;
        Ok(PredictionStream::new(stream))
    }

    fn _subscribe(&self, py: Python<'_>) -> PyResult<Subscription> {
        Ok(Subscription::new(self.noodle(py)?.lifecycle().subscribe()))
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "an open directory cannot be pickled: it holds threads and locks of this process; send its path, and open it there",
        ))
    }
}

/// Restores a backup into a directory that does not exist yet.
#[pyfunction]
pub(crate) fn restore<'py>(
    py: Python<'py>,
    backup: &Bound<'py, PyAny>,
    to: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let (backup, to) = (arguments::path("backup", backup)?, arguments::path("to", to)?);
    let report = outside(py, || Noodle::restore(backup, to))?.or_raise(py)?;
    plain(py, &report)
}

/// What a request says of itself.
#[derive(Default)]
pub(crate) struct Says {
    pub(crate) key: Option<String>,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) request_id: Option<String>,
}

impl Says {
    fn is_nothing(&self) -> bool {
        self.key.is_none() && self.attributes.is_empty() && self.request_id.is_none()
    }
}

fn says(
    key: Option<&Bound<'_, PyString>>,
    attributes: Option<&Bound<'_, PyMapping>>,
    request_id: Option<&Bound<'_, PyString>>,
) -> PyResult<Says> {
    Ok(Says {
        key: optional("key", key)?.map(str::to_owned),
        attributes: attributes.map_or_else(|| Ok(Vec::new()), |given| arguments::pairs("attributes", given))?,
        request_id: optional("request_id", request_id)?.map(str::to_owned),
    })
}

pub(crate) fn options(
    version: Option<&str>,
    timeout: Option<&Bound<'_, PyAny>>,
    cancel: Option<&CancelToken>,
    priority: Option<&Bound<'_, PyAny>>,
    Says { key, attributes, request_id }: Says,
) -> PyResult<PredictOptions> {
    Ok(PredictOptions {
        version: version.map(str::to_owned),
        timeout: timeout.map(|timeout| arguments::seconds("timeout", timeout)).transpose()?,
        cancel: cancel.map(|token| token.0.clone()),
        priority: priority.map_or(Ok(0), |level| arguments::level("priority", level))?,
        key,
        attributes,
        request_id,
    })
}

#[cfg(feature = "testing")]
fn in_world(
    builder: noodle_deploy_core::Builder,
    world: Option<&Bound<'_, PyAny>>,
) -> PyResult<noodle_deploy_core::Builder> {
    match world {
        Some(world) => Ok(world.cast::<crate::testing::World>()?.get().enter(builder)),
        None => Ok(builder),
    }
}

#[cfg(not(feature = "testing"))]
fn in_world(
    builder: noodle_deploy_core::Builder,
    world: Option<&Bound<'_, PyAny>>,
) -> PyResult<noodle_deploy_core::Builder> {
    match world {
        Some(_) => Err(PyTypeError::new_err("this build has no clock and no ids for tests")),
        None => Ok(builder),
    }
}
