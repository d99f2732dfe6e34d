//! Sessions and streams: calls that belong together.
//!
//! A session keeps the version that it began on, and carries tensors from one call to the next. It is known to the
//! deployment's registry, so that its revision stays loaded, its bytes are bounded, and its time is up when nobody calls.
//! A stream gives many answers for one request; outside a session it is one of its own while it lasts.

mod call;
mod line;
mod plan;
mod registry;
mod stream;
mod window;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::journal::check_id;
use super::predict::{CancelToken, PredictOptions, Prediction, Served};
use super::router::Wanted;
use super::submitted::{Submitted, on_worker};
use crate::clock::instant;
use crate::engine::Cancel;
use crate::error::{Error, ErrorKind, Result};
use crate::noodle::{Handle, Noodle};
use crate::tensor::{Tensor, TensorView};

use call::Ticket;
pub(crate) use plan::Plan;
pub use plan::SessionMetrics;
use registry::Opened;
pub(crate) use registry::{End, Sessions};
pub use stream::PredictionStream;
use stream::Streaming;

/// What a session may say when it is opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionOptions {
    /// A version or an alias to begin on; none takes the revision that serves. It must be loaded.
    pub version: Option<String>,
    /// What the session is counted under, as a user or a tenant: while a rollout or an experiment divides the traffic, it
    /// begins on the revision of its key, and stays there. None: by itself.
    pub key: Option<String>,
    /// What it says of itself: the deployment's rules may begin it elsewhere by it, and segments of an experiment count it.
    pub attributes: Vec<(String, String)>,
    /// Name by which the session can be asked for later, and by which outcomes find the arm that it began on, 1 to 256
    /// bytes. None: it is not remembered.
    pub request_id: Option<String>,
}

impl SessionOptions {
    fn wanted(&self) -> Wanted<'_> {
        Wanted { version: self.version.as_deref(), key: self.key.as_deref(), attributes: &self.attributes }
    }
}

/// Calls that belong together: each begins with what the one before left. They run one after the other, in the order in
/// which they came.
///
/// All of them are answered by the version that the session began on, whatever is promoted, rolled back or scaled
/// meanwhile. The session ends when it is dropped, when no call comes for long enough, and when its deployment stops. It
/// does not keep the directory open.
pub struct Session {
    handle: Weak<Handle>,
    opened: Arc<Opened>,
    /// Held from joining the line to queueing for a worker: so both are in the same order.
    submitting: Mutex<()>,
}

impl Noodle {
    /// Begins a session on the revision that serves, on the one of its key while several do, or on the loaded one of a
    /// version.
    ///
    /// # Errors
    /// `not_found`, `unavailable`; `resource_exhausted` where too many are open or they carry too much; `invalid_argument`
    /// for a `request_id` that is too long.
    pub fn session(&self, deployment: &str, options: &SessionOptions) -> Result<Session> {
        check_id(options.request_id.as_deref())?;
        let session = self.begin(deployment, options.wanted())?;
        if let Some(id) = &options.request_id {
            let opened = &session.opened;
            self.inner.journal.note_session(id, &opened.served, opened.trial.zip(opened.group), self.inner.clock.now());
        }
        Ok(session)
    }

    fn begin(&self, deployment: &str, wanted: Wanted<'_>) -> Result<Session> {
        let opened = self.inner.open_session(deployment, wanted)?;
        Ok(Session { handle: Arc::downgrade(&self.inner), opened, submitting: Mutex::default() })
    }

    /// Answers one request many times, as the deployment's `stream` says: window by window, or step by step. Nothing runs
    /// before it is asked for. Every answer comes from one version; tensors that the deployment carries go from one to the
    /// next.
    ///
    /// The timeout of the options bounds the whole stream.
    ///
    /// # Errors
    /// As [`Noodle::session`]; `unsupported` where the deployment has no `stream`; `invalid_argument` for names and for
    /// the input that is cut.
    pub fn predict_stream(
        &self,
        deployment: &str,
        inputs: Vec<(String, Tensor)>,
        options: &PredictOptions,
    ) -> Result<PredictionStream> {
        let session = self.begin(deployment, options.wanted())?;
        PredictionStream::new(Streaming::Own(session), inputs, options)
    }
}

impl Session {
    /// Who answers.
    pub fn served(&self) -> &Arc<Served> {
        &self.opened.served
    }

    /// Answers a call on the caller's thread, with what the call before left. Inputs that are carried are not given;
    /// carried outputs can be read. A call that fails leaves what is carried as it was.
    ///
    /// # Errors
    /// As [`Noodle::predict`]; `not_found` with the reason `expired` once no call came for too long; `unavailable` where
    /// the deployment has stopped; `conflict` while a stream of the session goes on; `resource_exhausted` where sessions
    /// carry too much; `closed`.
    pub fn predict(&self, inputs: &[(&str, TensorView<'_>)]) -> Result<Prediction> {
        self.predict_with(inputs, &PredictOptions::default())
    }

    /// Like [`Session::predict`], with a timeout or a cancel token; both hold while it waits for its turn too.
    ///
    /// # Errors
    /// As [`Session::predict`], and `cancelled`, `deadline_exceeded`, `overloaded` where too many calls wait.
    pub fn predict_with(&self, inputs: &[(&str, TensorView<'_>)], options: &PredictOptions) -> Result<Prediction> {
        self.check(options)?;
        let handle = self.handle()?;
        let cancel = options.cancel();
        let ticket = Ticket::join(&self.opened, &handle)?;
        ticket.wait(&cancel)?;
        ticket.call(&handle, inputs, &cancel, 0)
    }

    /// Answers a call on a worker thread; the future never blocks its executor. Calls are answered in the order in which
    /// they were made. Dropping the future cancels the call.
    ///
    /// # Errors
    /// As [`Session::predict_with`].
    pub fn predict_async(
        &self,
        inputs: Vec<(String, Tensor)>,
        options: PredictOptions,
    ) -> Result<Submitted<Prediction>> {
        self.check(&options)?;
        let handle = self.handle()?;
        let dropped = CancelToken::new();
        let watched = dropped.clone();
        let submitted = instant();
        let deadline = options.timeout.map(|timeout| submitted + timeout);
        let _order = self.submitting.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = Ticket::join(&self.opened, &handle)?;
        let workers = handle.clone();
        Ok(on_worker(&workers.workers, dropped, move || {
            let cancel = Cancel {
                flag: options.cancel.as_ref().map(CancelToken::flag),
                dropped: Some(watched.flag()),
                deadline,
                priority: options.priority,
            };
            ticket.wait(&cancel)?;
            let queued_ns = submitted.elapsed().as_nanos() as u64;
            let views: Vec<_> = inputs.iter().map(|(name, tensor)| (name.as_str(), tensor.view())).collect();
            ticket.call(&handle, &views, &cancel, queued_ns)
        }))
    }

    /// Answers one request many times, as [`Noodle::predict_stream`] does, beginning with what the call before left. What
    /// is carried is that of the last answer, also where the stream is dropped before its end. Until it ends or is
    /// dropped, other calls of the session are refused.
    ///
    /// # Errors
    /// As [`Noodle::predict_stream`] and [`Session::predict`].
    pub fn predict_stream(&self, inputs: Vec<(String, Tensor)>, options: &PredictOptions) -> Result<PredictionStream> {
        self.check(options)?;
        let handle = self.handle()?;
        let borrowed = call::begin_stream(&self.opened, &self.handle, &handle, &options.cancel())?;
        PredictionStream::new(Streaming::Of(borrowed), inputs, options)
    }

    /// Begins anew, with zeros, after the calls before it.
    ///
    /// # Errors
    /// As [`Session::predict`].
    pub fn reset(&self) -> Result<()> {
        let handle = self.handle()?;
        let ticket = Ticket::join(&self.opened, &handle)?;
        ticket.wait(&Cancel::NEVER)?;
        ticket.reset(&handle)
    }

    /// Ends the session: what it carries goes. A drop does the same.
    pub fn end(self) {}

    fn handle(&self) -> Result<Arc<Handle>> {
        self.handle.upgrade().ok_or_else(|| Error::new(ErrorKind::Closed, "the handle is closed"))
    }

    /// A session keeps its version.
    fn check(&self, options: &PredictOptions) -> Result<()> {
        match &options.version {
            None => Ok(()),
            Some(version) => Err(Error::invalid("version", version, "none: a session keeps the version it began on")),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // With the handle everything goes.
        if let Some(handle) = self.handle.upgrade() {
            handle.sessions.end(&self.opened, End::Closed);
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session on {} {}", self.opened.served.deployment, self.opened.served.version)
    }
}
