//! Many answers for one request, each made when it is asked for.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::Session;
use super::call::{Borrowed, Ticket};
use super::registry::Opened;
use super::window::cut;
use crate::clock::instant;
use crate::engine::Cancel;
use crate::error::{Error, ErrorKind, Result};
use crate::evaluation::rows::numbers;
use crate::machine::stream::{StreamPlan, Windows};
use crate::noodle::Handle;
use crate::serving::predict::{CancelToken, PredictOptions, Prediction, Served};
use crate::serving::submitted::{Submitted, on_worker};
use crate::tensor::Tensor;

/// The answers to one request, in order. Each is made when it is asked for, so whoever reads slowly slows nobody down and
/// keeps nothing waiting. An error is the last item. Dropping the stream ends it.
pub struct PredictionStream {
    shared: Arc<Shared>,
    served: Arc<Served>,
}

struct Shared {
    state: Mutex<State>,
    cancel: Option<CancelToken>,
    dropped: CancelToken,
    deadline: Option<Instant>,
    priority: u32,
}

struct State {
    /// None once the stream has ended.
    streaming: Option<Streaming>,
    inputs: Vec<(String, Tensor)>,
    cursor: Cursor,
}

/// Whose state a stream goes on with.
pub(super) enum Streaming {
    /// A session of its own.
    Own(Session),
    /// A session that goes on after it.
    Of(Borrowed),
}

enum Cursor {
    Windows { at: usize, axis: usize, windows: Windows, next: usize, count: usize, whole: Tensor, scratch: Vec<u8> },
    Repeat { feed: Vec<(usize, usize)>, until: Option<(usize, f64)>, left: u32 },
}

impl Streaming {
    fn opened(&self) -> &Arc<Opened> {
        match self {
            Streaming::Own(session) => &session.opened,
            Streaming::Of(borrowed) => &borrowed.opened,
        }
    }

    fn handle(&self) -> Result<Arc<Handle>> {
        let weak = match self {
            Streaming::Own(session) => &session.handle,
            Streaming::Of(borrowed) => &borrowed.handle,
        };
        weak.upgrade().ok_or_else(|| Error::new(ErrorKind::Closed, "the handle is closed"))
    }
}

impl PredictionStream {
    pub(super) fn new(streaming: Streaming, inputs: Vec<(String, Tensor)>, options: &PredictOptions) -> Result<Self> {
        let opened = streaming.opened().clone();
        let served = opened.served.clone();
        let cursor = cursor(&opened, &inputs).map_err(|e| e.with("deployment", &served.deployment))?;
        let state = State { streaming: Some(streaming), inputs, cursor };
        let shared = Shared {
            state: Mutex::new(state),
            cancel: options.cancel.clone(),
            dropped: CancelToken::new(),
            deadline: options.timeout.map(|timeout| instant() + timeout),
            priority: options.priority,
        };
        Ok(PredictionStream { shared: Arc::new(shared), served })
    }

    /// Who answers: the same version for every answer.
    pub fn served(&self) -> &Arc<Served> {
        &self.served
    }

    /// The next answer, made on a worker thread; none after the last one. The future never blocks its executor. Dropping
    /// it before it is done cancels the whole stream.
    ///
    /// # Errors
    /// As the iterator's items.
    pub fn next_async(&self) -> Submitted<Option<Prediction>> {
        let shared = self.shared.clone();
        let handle = match shared.state().streaming.as_ref().map(Streaming::handle) {
            None => return Submitted::done(Ok(None)),
            Some(Err(error)) => return Submitted::done(Err(error)),
            Some(Ok(handle)) => handle,
        };
        let dropped = shared.dropped.clone();
        on_worker(&handle.workers, dropped, move || shared.next().transpose())
    }
}

impl Iterator for PredictionStream {
    type Item = Result<Prediction>;

    fn next(&mut self) -> Option<Self::Item> {
        self.shared.next()
    }
}

impl Drop for PredictionStream {
    fn drop(&mut self) {
        // An answer that is being made on a worker is not waited for.
        self.shared.dropped.cancel();
        let ended = self.shared.state.try_lock().ok().and_then(|mut state| state.streaming.take());
        drop(ended);
    }
}

impl fmt::Debug for PredictionStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PredictionStream by {} {}", self.served.deployment, self.served.version)
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<Result<Prediction>> {
        let mut state = self.state();
        // Taken out while it runs: a panic ends the stream.
        let streaming = state.streaming.take()?;
        let result = self.step(&mut state, &streaming);
        match result {
            Ok(Some(prediction)) => {
                state.streaming = Some(streaming);
                Some(Ok(prediction))
            }
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }

    fn step(&self, state: &mut State, streaming: &Streaming) -> Result<Option<Prediction>> {
        let State { inputs, cursor, .. } = state;
        match cursor {
            Cursor::Windows { at, axis, windows, next, count, whole, scratch } => {
                if next == count {
                    return Ok(None);
                }
                inputs[*at].1 = cut(whole, *axis, &windows.window(*next, whole.shape()[*axis]), scratch)?;
                *next += 1;
            }
            Cursor::Repeat { left: 0, .. } => return Ok(None),
            Cursor::Repeat { left, .. } => *left -= 1,
        }
        let cancel = Cancel {
            flag: self.cancel.as_ref().map(CancelToken::flag),
            dropped: Some(self.dropped.flag()),
            deadline: self.deadline,
            priority: self.priority,
        };
        cancel.check()?;
        let handle = streaming.handle()?;
        let ticket = Ticket::join(streaming.opened(), &handle)?;
        ticket.wait(&cancel)?;
        let views: Vec<_> = inputs.iter().map(|(name, tensor)| (name.as_str(), tensor.view())).collect();
        let prediction = ticket.step(&handle, &views, &cancel)?;
        drop(views);
        if let Cursor::Repeat { feed, until, left } = cursor {
            let signature = &streaming.opened().served.signature;
            for (output, input) in feed {
                let name = &signature.inputs[*input].name;
                if let Some((_, tensor)) = inputs.iter_mut().find(|(given, _)| given == name) {
                    *tensor = prediction.outputs[*output].clone();
                }
            }
            if until.is_some_and(|(output, value)| all_are(&prediction.outputs[output], value)) {
                *left = 0;
            }
        }
        Ok(Some(prediction))
    }
}

/// Where a stream begins.
fn cursor(opened: &Opened, inputs: &[(String, Tensor)]) -> Result<Cursor> {
    opened.check_names(inputs.iter().map(|(name, _)| name.as_str()))?;
    match &opened.plan.stream {
        None => Err(Error::new(ErrorKind::Unsupported, "the deployment does not stream")
            .with("field", "stream")
            .with("value", "nothing")
            .with("allowed", "a deployment with `stream`")),
        Some(StreamPlan::Windows { input, axis, windows }) => {
            let spec = &opened.served.signature.inputs[*input];
            let missing = || Error::invalid("inputs", "nothing", spec).with("input", &spec.name);
            let at = inputs.iter().position(|(name, _)| *name == spec.name).ok_or_else(missing)?;
            let whole = &inputs[at].1;
            if whole.dtype() != spec.dtype {
                return Err(Error::invalid("dtype", whole.dtype(), spec.dtype).with("tensor", &spec.name));
            }
            if whole.shape().len() != spec.shape.len() {
                let shape = format!("{:?}", whole.shape());
                return Err(Error::invalid("shape", shape, format!("{} axes", spec.shape.len())).with("tensor", spec));
            }
            Ok(Cursor::Windows {
                at,
                axis: *axis,
                windows: *windows,
                next: 0,
                count: windows.count(whole.shape()[*axis]),
                whole: whole.clone(),
                scratch: Vec::new(),
            })
        }
        Some(StreamPlan::Repeat { feed, max_steps, until }) => {
            Ok(Cursor::Repeat { feed: feed.clone(), until: *until, left: *max_steps })
        }
    }
}

/// Whether every element has a value.
fn all_are(tensor: &Tensor, value: f64) -> bool {
    numbers(&tensor.view()).is_some_and(|elements| elements.iter().all(|element| *element == value))
}
