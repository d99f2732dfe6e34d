//! The handle of an open directory.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use napi::bindgen_prelude::{AsyncTask, JsValue, Unknown};
use napi::{Env, sys};
use napi_derive::napi;
use noodle_deploy_core::ops::{Caller, Role, find};
use noodle_deploy_core::{
    Error, ErrorKind, Noodle, PredictOptions, Prediction, Result, Served, SessionOptions, Settings, Submitted,
};
use serde_json::Value;

use crate::answer::{Answer, failure, guarded};
use crate::call::Call;
use crate::inputs;
use crate::port::Port;
use crate::progress::Reports;
use crate::requests::Requests;
use crate::session::{Session, Stream, one};
use crate::subscription::Subscription;
use crate::value::{self, Json, Made};

/// An open directory, as one JavaScript thread holds it.
#[napi]
pub struct Handle {
    noodle: RefCell<Option<Noodle>>,
    requests: Requests,
}

/// Opens a directory.
#[napi(catch_unwind)]
pub fn open(env: Env, dir: String, settings: Unknown<'_>) -> AsyncTask<Call<Handle>> {
    let settings = value::from_js(env.raw(), settings.raw());
    Call::task(move || open_now(&dir, settings))
}

/// Opens a directory while the caller waits.
#[napi(catch_unwind)]
pub fn open_sync(env: Env, dir: String, settings: Unknown<'_>) -> Answer<Handle> {
    Answer::of(|| open_now(&dir, value::from_js(env.raw(), settings.raw())))
}

fn open_now(dir: &str, settings: Result<Value>) -> Result<Handle> {
    Noodle::builder(dir).settings(Settings::from_json(&settings?)?).open().map(Handle::new)
}

/// Values of the host behind a request.
struct Request<'a> {
    deployment: String,
    inputs: Unknown<'a>,
    version: Option<String>,
    timeout_ms: Option<f64>,
    priority: Option<f64>,
    says: Says,
}

impl Request<'_> {
    fn served(&self, noodle: &Noodle) -> Result<Arc<Served>> {
        noodle.serving(&self.deployment, self.version.as_deref())
    }

    fn options(&self) -> Result<PredictOptions> {
        options(self.version.clone(), self.timeout_ms, self.priority, self.says.clone())
    }
}

/// What a request says of itself.
#[derive(Clone, Default)]
pub(crate) struct Says {
    key: Option<String>,
    attributes: Option<BTreeMap<String, String>>,
    request_id: Option<String>,
}

impl Says {
    fn is_nothing(&self) -> bool {
        self.key.is_none() && self.attributes.is_none() && self.request_id.is_none()
    }
}

/// What a request says besides its inputs.
pub(crate) fn options(
    version: Option<String>,
    timeout_ms: Option<f64>,
    priority: Option<f64>,
    Says { key, attributes, request_id }: Says,
) -> Result<PredictOptions> {
    let timeout = match timeout_ms {
        None => None,
        Some(ms) => Some(
            Duration::try_from_secs_f64(ms / 1000.0)
                .map_err(|_| Error::invalid("timeout_ms", ms, "milliseconds from 0"))?,
        ),
    };
    let priority = priority.unwrap_or(0.0);
    if !(0.0..=f64::from(u32::MAX)).contains(&priority) || priority.fract() != 0.0 {
        return Err(Error::invalid("priority", priority, "a level from 1, or 0 for the default"));
    }
    let attributes = attributes.unwrap_or_default().into_iter().collect();
    Ok(PredictOptions { version, timeout, cancel: None, priority: priority as u32, key, attributes, request_id })
}

impl Handle {
    pub(crate) fn new(noodle: Noodle) -> Self {
        Handle { noodle: RefCell::new(Some(noodle)), requests: Requests::default() }
    }

    pub(crate) fn noodle(&self) -> Result<Noodle> {
        self.noodle.borrow().clone().ok_or_else(|| Error::new(ErrorKind::Closed, "the handle is closed"))
    }

    fn predict_now(&self, env: sys::napi_env, request: &Request<'_>) -> Result<Prediction> {
        let noodle = self.noodle.borrow();
        let noodle = noodle.as_ref().ok_or_else(|| Error::new(ErrorKind::Closed, "the handle is closed"))?;
        let inputs = inputs::read(env, request.inputs.raw(), || request.served(noodle))?;
        let mut views = Vec::with_capacity(inputs.len());
        for input in &inputs {
            views.push((input.name.as_str(), input.view()?));
        }
        if request.version.is_none()
            && request.timeout_ms.is_none()
            && request.priority.is_none()
            && request.says.is_nothing()
        {
            return noodle.predict(&request.deployment, &views);
        }
        noodle.predict_with(&request.deployment, &views, &request.options()?)
    }

    fn submit_now(&self, env: sys::napi_env, request: Request<'_>) -> Result<Submitted<Prediction>> {
        let noodle = self.noodle()?;
        let options = request.options()?;
        let tensors = inputs::read_owned(env, request.inputs.raw(), || request.served(&noodle))?;
        Ok(noodle.predict_async(request.deployment, tensors, options))
    }
}

#[napi]
impl Handle {
    /// Calls an operation by name on the host's thread pool.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments, reason = "one value of the host each")]
    pub fn call(
        &self,
        env: Env,
        actor: Option<String>,
        role: Option<String>,
        request_id: Option<String>,
        name: String,
        input: Unknown<'_>,
        reports: Option<&Reports>,
    ) -> AsyncTask<Call<Json>> {
        let noodle = self.noodle();
        let input = value::from_js(env.raw(), input.raw());
        let listener = reports.map(Reports::listener);
        Call::task(move || {
            let noodle = noodle?;
            let operation = find(&name)?.name;
            let input = input.map_err(|error| error.operation(operation))?;
            let role = role.map_or(Ok(Role::Admin), |role| role.parse())?;
            let actor = actor.unwrap_or_else(|| noodle.settings().actor.clone());
            let caller = Caller { actor, role, request_id };
            let answer = match listener {
                Some(listener) => noodle.with_progress(listener).call_json(&caller, operation, input),
                None => noodle.call_json(&caller, operation, input),
            };
            answer.map(Json)
        })
    }

    /// Answers a request while the caller waits.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments, reason = "one value of the host each")]
    pub fn predict_sync(
        &self,
        env: Env,
        deployment: String,
        inputs: Unknown<'_>,
        version: Option<String>,
        timeout_ms: Option<f64>,
        priority: Option<f64>,
        key: Option<String>,
        attributes: Option<BTreeMap<String, String>>,
        request_id: Option<String>,
    ) -> Made {
        let says = Says { key, attributes, request_id };
        let request = Request { deployment, inputs, version, timeout_ms, priority, says };
        let result = guarded(|| self.predict_now(env.raw(), &request));
        self.requests.answer(env.raw(), result)
    }

    /// Submits a request to the workers of the library. The port sends the token once the answer can be taken.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments, reason = "one value of the host each")]
    pub fn submit(
        &self,
        env: Env,
        port: &Port,
        token: u32,
        deployment: String,
        inputs: Unknown<'_>,
        version: Option<String>,
        timeout_ms: Option<f64>,
        priority: Option<f64>,
        key: Option<String>,
        attributes: Option<BTreeMap<String, String>>,
        request_id: Option<String>,
    ) -> Made {
        let says = Says { key, attributes, request_id };
        let request = Request { deployment, inputs, version, timeout_ms, priority, says };
        match guarded(|| self.submit_now(env.raw(), request)) {
            Ok(submitted) => self.requests.submit(env.raw(), token, &port.waker(token), one(submitted)),
            Err(error) => failure(env.raw(), &error),
        }
    }

    /// Takes the answer of a request that was submitted.
    #[napi(catch_unwind)]
    pub fn take(&self, env: Env, port: &Port, token: u32) -> Made {
        self.requests.take(env.raw(), token, &port.waker(token))
    }

    /// Gives a submitted request up, and answers with the error of a request that was cancelled.
    #[napi(catch_unwind)]
    pub fn abandon(&self, token: u32) -> Answer<Json> {
        Answer(Err(self.requests.abandon(token)))
    }

    /// Begins a session.
    #[napi(catch_unwind)]
    pub fn session(
        &self,
        deployment: String,
        version: Option<String>,
        key: Option<String>,
        attributes: Option<BTreeMap<String, String>>,
        request_id: Option<String>,
    ) -> AsyncTask<Call<Session>> {
        let noodle = self.noodle();
        let attributes = attributes.unwrap_or_default().into_iter().collect();
        let options = SessionOptions { version, key, attributes, request_id };
        Call::task(move || noodle?.session(&deployment, &options).map(Session::new))
    }

    /// Begins a stream. Inputs are copied before this returns.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments, reason = "one value of the host each")]
    pub fn stream(
        &self,
        env: Env,
        deployment: String,
        inputs: Unknown<'_>,
        version: Option<String>,
        timeout_ms: Option<f64>,
        priority: Option<f64>,
        key: Option<String>,
        attributes: Option<BTreeMap<String, String>>,
        request_id: Option<String>,
    ) -> AsyncTask<Call<Stream>> {
        let says = Says { key, attributes, request_id };
        let request = Request { deployment, inputs, version, timeout_ms, priority, says };
        let begun = guarded(|| {
            let noodle = self.noodle()?;
            let tensors = inputs::read_owned(env.raw(), request.inputs.raw(), || request.served(&noodle))?;
            Ok((noodle, tensors, request.options()?))
        });
        let deployment = request.deployment;
        Call::task(move || {
            let (noodle, tensors, options) = begun?;
            noodle.predict_stream(&deployment, tensors, &options).map(Stream::new)
        })
    }

    /// Subscribes to events.
    #[napi(catch_unwind)]
    pub fn subscribe(&self) -> Answer<Subscription> {
        Answer::of(|| Ok(Subscription::new(self.noodle()?.lifecycle().subscribe())))
    }

    /// Where the directory is.
    #[napi(catch_unwind)]
    pub fn dir(&self) -> Answer<Json> {
        Answer::of(|| Json::of(&self.noodle()?.dir()))
    }

    /// The settings in force.
    #[napi(catch_unwind)]
    pub fn settings(&self) -> Answer<Json> {
        Answer::of(|| Json::of(self.noodle()?.settings()))
    }

    /// Lets the directory go, on the host's thread pool.
    #[napi(catch_unwind)]
    pub fn close(&self) -> AsyncTask<Call<Json>> {
        let noodle = self.noodle.take();
        Call::task(move || {
            drop(noodle);
            Ok(Json(Value::Null))
        })
    }

    /// Lets the directory go while the caller waits.
    #[napi(catch_unwind)]
    pub fn close_sync(&self) -> Answer<Json> {
        Answer::of(|| {
            self.noodle.take();
            Ok(Json(Value::Null))
        })
    }
}
