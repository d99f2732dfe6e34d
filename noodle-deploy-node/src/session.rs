//! Sessions and streams: calls that belong together.

use std::cell::RefCell;
use std::sync::Arc;

use napi::bindgen_prelude::{AsyncTask, JsValue, Unknown};
use napi::{Env, sys};
use napi_derive::napi;
use noodle_deploy_core::{Error, ErrorKind, Prediction, PredictionStream, Result, Session as Calls, Submitted, Tensor};
use serde_json::Value;

use crate::answer::{Answer, failure, guarded};
use crate::call::Call;
use crate::handle::{Says, options};
use crate::inputs;
use crate::port::Port;
use crate::requests::Requests;
use crate::served::told;
use crate::value::{Json, Made};

/// A session, as one JavaScript thread holds it.
#[napi]
pub struct Session {
    calls: RefCell<Option<Arc<Calls>>>,
    requests: Requests,
}

impl Session {
    pub(crate) fn new(calls: Calls) -> Self {
        Session { calls: RefCell::new(Some(Arc::new(calls))), requests: Requests::default() }
    }

    fn calls(&self) -> Result<Arc<Calls>> {
        self.calls.borrow().clone().ok_or_else(|| Error::new(ErrorKind::Closed, "the session is closed"))
    }

    fn owned(&self, env: sys::napi_env, inputs: &Unknown<'_>) -> Result<Vec<(String, Tensor)>> {
        let calls = self.calls()?;
        inputs::read_owned(env, inputs.raw(), || Ok(calls.served().clone()))
    }
}

#[napi]
impl Session {
    /// Answers a call while the caller waits.
    #[napi(catch_unwind)]
    pub fn predict_sync(&self, env: Env, inputs: Unknown<'_>, timeout_ms: Option<f64>, priority: Option<f64>) -> Made {
        let result = guarded(|| {
            let calls = self.calls()?;
            let inputs = inputs::read(env.raw(), inputs.raw(), || Ok(calls.served().clone()))?;
            let views =
                inputs.iter().map(|input| Ok((input.name.as_str(), input.view()?))).collect::<Result<Vec<_>>>()?;
            calls.predict_with(&views, &options(None, timeout_ms, priority, Says::default())?)
        });
        self.requests.answer(env.raw(), result)
    }

    /// Submits a call to the workers of the library. The port sends the token once the answer can be taken.
    #[napi(catch_unwind)]
    pub fn submit(
        &self,
        env: Env,
        port: &Port,
        token: u32,
        inputs: Unknown<'_>,
        timeout_ms: Option<f64>,
        priority: Option<f64>,
    ) -> Made {
        let submitted = guarded(|| {
            let tensors = self.owned(env.raw(), &inputs)?;
            self.calls()?.predict_async(tensors, options(None, timeout_ms, priority, Says::default())?)
        });
        match submitted {
            Ok(submitted) => self.requests.submit(env.raw(), token, &port.waker(token), one(submitted)),
            Err(error) => failure(env.raw(), &error),
        }
    }

    /// Takes the answer of a call that was submitted.
    #[napi(catch_unwind)]
    pub fn take(&self, env: Env, port: &Port, token: u32) -> Made {
        self.requests.take(env.raw(), token, &port.waker(token))
    }

    /// Gives a submitted call up, and answers with the error of a call that was cancelled.
    #[napi(catch_unwind)]
    pub fn abandon(&self, token: u32) -> Answer<Json> {
        Answer(Err(self.requests.abandon(token)))
    }

    /// Begins a stream that goes on with what the session carries.
    #[napi(catch_unwind)]
    pub fn stream(
        &self,
        env: Env,
        inputs: Unknown<'_>,
        timeout_ms: Option<f64>,
        priority: Option<f64>,
    ) -> AsyncTask<Call<Stream>> {
        let begun = guarded(|| {
            Ok((self.calls()?, self.owned(env.raw(), &inputs)?, options(None, timeout_ms, priority, Says::default())?))
        });
        Call::task(move || {
            let (calls, tensors, options) = begun?;
            calls.predict_stream(tensors, &options).map(Stream::new)
        })
    }

    /// Begins anew.
    #[napi(catch_unwind)]
    pub fn reset(&self) -> AsyncTask<Call<Json>> {
        let calls = self.calls();
        Call::task(move || {
            calls?.reset()?;
            Ok(Json(Value::Null))
        })
    }

    /// Who answers.
    #[napi(catch_unwind)]
    pub fn served(&self) -> Answer<Json> {
        Answer::of(|| Ok(Json(told(self.calls()?.served()))))
    }

    /// Ends the session.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.calls.take();
    }
}

/// A stream, as one JavaScript thread holds it.
#[napi]
pub struct Stream {
    stream: RefCell<Option<PredictionStream>>,
    requests: Requests,
}

impl Stream {
    pub(crate) fn new(stream: PredictionStream) -> Self {
        Stream { stream: RefCell::new(Some(stream)), requests: Requests::default() }
    }
}

#[napi]
impl Stream {
    /// Asks for the next answer: a list with two nulls after the last one. The port sends the token once it can be taken.
    #[napi(catch_unwind)]
    pub fn submit(&self, env: Env, port: &Port, token: u32) -> Made {
        let submitted = self.stream.borrow().as_ref().map(PredictionStream::next_async);
        let next = async move {
            match submitted {
                Some(submitted) => submitted.await,
                None => Ok(None),
            }
        };
        self.requests.submit(env.raw(), token, &port.waker(token), next)
    }

    /// Takes the answer that was asked for.
    #[napi(catch_unwind)]
    pub fn take(&self, env: Env, port: &Port, token: u32) -> Made {
        self.requests.take(env.raw(), token, &port.waker(token))
    }

    /// Gives the answer that was asked for up, and answers with the error of a request that was cancelled.
    #[napi(catch_unwind)]
    pub fn abandon(&self, token: u32) -> Answer<Json> {
        Answer(Err(self.requests.abandon(token)))
    }

    /// Ends the stream.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.stream.take();
    }
}

/// As what may be the end of a stream.
pub(crate) async fn one(submitted: Submitted<Prediction>) -> Result<Option<Prediction>> {
    submitted.await.map(Some)
}
