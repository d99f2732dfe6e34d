//! The handle of an open directory.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use napi::bindgen_prelude::{AsyncTask, JsValue, Unknown};
use napi::{Env, sys};
use napi_derive::napi;
use noodle_deploy_core::ops::{Caller, Role, find};
use noodle_deploy_core::{Error, ErrorKind, Noodle, PredictOptions, Prediction, Result, Served, Settings, Submitted};
use serde_json::Value;

use crate::answer::{Answer, failure, guarded};
use crate::call::Call;
use crate::port::Port;
use crate::progress::Reports;
use crate::served::ServedTable;
use crate::subscription::Subscription;
use crate::value::{self, Json, Made};
use crate::{inputs, outputs};

/// An open directory, as one JavaScript thread holds it.
#[napi]
pub struct Handle {
    noodle: RefCell<Option<Noodle>>,
    /// Requests that were submitted, by token.
    pending: RefCell<HashMap<u32, Submitted<Prediction>>>,
    served: ServedTable,
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
}

impl Request<'_> {
    fn served(&self, noodle: &Noodle) -> Result<Arc<Served>> {
        noodle.serving(&self.deployment, self.version.as_deref())
    }

    fn options(&self) -> Result<PredictOptions> {
        let timeout = match self.timeout_ms {
            None => None,
            Some(ms) => Some(
                Duration::try_from_secs_f64(ms / 1000.0)
                    .map_err(|_| Error::invalid("timeout_ms", ms, "milliseconds from 0"))?,
            ),
        };
        let priority = self.priority.unwrap_or(0.0);
        if !(0.0..=f64::from(u32::MAX)).contains(&priority) || priority.fract() != 0.0 {
            return Err(Error::invalid("priority", priority, "a level from 1, or 0 for the default"));
        }
        Ok(PredictOptions { version: self.version.clone(), timeout, cancel: None, priority: priority as u32 })
    }
}

impl Handle {
    pub(crate) fn new(noodle: Noodle) -> Self {
        Handle { noodle: RefCell::new(Some(noodle)), pending: RefCell::default(), served: ServedTable::default() }
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
        if request.version.is_none() && request.timeout_ms.is_none() && request.priority.is_none() {
            return noodle.predict(&request.deployment, &views);
        }
        noodle.predict_with(&request.deployment, &views, &request.options()?)
    }

    fn submit_now(&self, env: sys::napi_env, request: Request<'_>) -> Result<Submitted<Prediction>> {
        let noodle = self.noodle()?;
        let options = request.options()?;
        let mut tensors = Vec::new();
        for input in inputs::read(env, request.inputs.raw(), || request.served(&noodle))? {
            let tensor = input.view()?.to_tensor()?;
            tensors.push((input.name, tensor));
        }
        Ok(noodle.predict_async(request.deployment, tensors, options))
    }

    /// The answer, or a list with null alone where there is none yet.
    fn settle(&self, env: sys::napi_env, token: u32, mut submitted: Submitted<Prediction>, waker: &Waker) -> Made {
        match Pin::new(&mut submitted).poll(&mut Context::from_waker(waker)) {
            Poll::Ready(result) => self.answer(env, result),
            Poll::Pending => {
                self.pending.borrow_mut().insert(token, submitted);
                value::list(env, &[value::null(env)?])
            }
        }
    }

    fn answer(&self, env: sys::napi_env, result: Result<Prediction>) -> Made {
        match result {
            Ok(prediction) => outputs::answer(env, &self.served, prediction),
            Err(error) => failure(env, &error),
        }
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
    ) -> Made {
        let request = Request { deployment, inputs, version, timeout_ms, priority };
        let result = guarded(|| self.predict_now(env.raw(), &request));
        self.answer(env.raw(), result)
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
    ) -> Made {
        let request = Request { deployment, inputs, version, timeout_ms, priority };
        match guarded(|| self.submit_now(env.raw(), request)) {
            Ok(submitted) => self.settle(env.raw(), token, submitted, &port.waker(token)),
            Err(error) => failure(env.raw(), &error),
        }
    }

    /// Takes the answer of a request that was submitted.
    #[napi(catch_unwind)]
    pub fn take(&self, env: Env, port: &Port, token: u32) -> Made {
        let submitted = self.pending.borrow_mut().remove(&token);
        match submitted {
            Some(submitted) => self.settle(env.raw(), token, submitted, &port.waker(token)),
            None => failure(env.raw(), &cancelled()),
        }
    }

    /// Gives a submitted request up, and answers with the error of a request that was cancelled.
    #[napi(catch_unwind)]
    pub fn abandon(&self, token: u32) -> Answer<Json> {
        self.pending.borrow_mut().remove(&token);
        Answer(Err(cancelled()))
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

fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "the caller cancelled")
}
