//! Requests that JavaScript waits for, by token.

use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use napi::sys;
use noodle_deploy_core::{Error, ErrorKind, Prediction, Result};

use crate::answer::failure;
use crate::outputs;
use crate::served::ServedTable;
use crate::value::{self, Made};

/// An answer, or none after the last one of a stream.
type Future = Pin<Box<dyn std::future::Future<Output = Result<Option<Prediction>>> + Send>>;

/// Requests under way, and who answered before.
#[derive(Default)]
pub(crate) struct Requests {
    pending: RefCell<HashMap<u32, Future>>,
    served: ServedTable,
}

impl Requests {
    /// The answer of what was submitted, or a list with null alone where there is none yet.
    pub(crate) fn submit(
        &self,
        env: sys::napi_env,
        token: u32,
        waker: &Waker,
        submitted: impl std::future::Future<Output = Result<Option<Prediction>>> + Send + 'static,
    ) -> Made {
        self.settle(env, token, Box::pin(submitted), waker)
    }

    /// As [`Requests::submit`], of what was submitted before.
    pub(crate) fn take(&self, env: sys::napi_env, token: u32, waker: &Waker) -> Made {
        let submitted = self.pending.borrow_mut().remove(&token);
        match submitted {
            Some(submitted) => self.settle(env, token, submitted, waker),
            None => failure(env, &cancelled()),
        }
    }

    /// Gives a request up: the error of one that was cancelled.
    pub(crate) fn abandon(&self, token: u32) -> Error {
        self.pending.borrow_mut().remove(&token);
        cancelled()
    }

    fn settle(&self, env: sys::napi_env, token: u32, mut submitted: Future, waker: &Waker) -> Made {
        match submitted.as_mut().poll(&mut Context::from_waker(waker)) {
            Poll::Ready(Ok(None)) => value::list(env, &[value::null(env)?, value::null(env)?]),
            Poll::Ready(result) => self.answer(env, result.and_then(|answer| answer.ok_or_else(cancelled))),
            Poll::Pending => {
                self.pending.borrow_mut().insert(token, submitted);
                value::list(env, &[value::null(env)?])
            }
        }
    }

    /// What came of a request.
    pub(crate) fn answer(&self, env: sys::napi_env, result: Result<Prediction>) -> Made {
        match result {
            Ok(prediction) => outputs::answer(env, &self.served, prediction),
            Err(error) => failure(env, &error),
        }
    }
}

fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "the caller cancelled")
}
