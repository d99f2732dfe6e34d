//! Work on the host's thread pool, with a promise for its answer.

use napi::bindgen_prelude::{AsyncTask, ToNapiValue};
use napi::{Env, Task};
use noodle_deploy_core::{Error, ErrorKind, Result};

use crate::answer::{Answer, guarded};

type Work<T> = Box<dyn FnOnce() -> Result<T> + Send>;

/// Work that waits for a thread of the pool.
pub struct Call<T>(Option<Work<T>>);

impl<T: ToNapiValue + Send + 'static> Call<T> {
    pub(crate) fn task(work: impl FnOnce() -> Result<T> + Send + 'static) -> AsyncTask<Self> {
        AsyncTask::new(Call(Some(Box::new(work))))
    }
}

impl<T: ToNapiValue + Send + 'static> Task for Call<T> {
    type Output = Result<T>;
    type JsValue = Answer<T>;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        let work = self.0.take();
        Ok(match work {
            Some(work) => guarded(work),
            None => Err(Error::new(ErrorKind::Internal, "work ran twice")),
        })
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> napi::Result<Self::JsValue> {
        Ok(Answer(output))
    }
}
