//! One call of a session: its turn, what it is given, what it leaves.

use std::sync::{Arc, Weak};

use smallvec::SmallVec;

use super::registry::{End, Opened};
use crate::engine::Cancel;
use crate::error::{Error, ErrorKind, Result};
use crate::noodle::{Handle, Inner};
use crate::serving::cache::compact;
use crate::serving::predict::Prediction;
use crate::serving::router::{Picked, Wanted};
use crate::serving::segmenting::Asker;
use crate::tensor::{Tensor, TensorView, bytes_of};

impl Inner {
    /// Begins a session.
    pub(super) fn open_session(&self, deployment: &str, wanted: Wanted<'_>) -> Result<Arc<Opened>> {
        // May load, so not while tables wait.
        self.would_answer(deployment, wanted)?;
        // A table that is computed after this knows that the revision is needed.
        let opened = self.between_tables(|| {
            let Picked { revision, group, .. } = self.router.pick(deployment, wanted)?;
            self.sessions.open(&revision, group, wanted.attributes, self.clock.now())
        })?;
        match self.sessions.prepare(&opened, &self.budget) {
            Ok(()) => Ok(opened),
            Err(error) => {
                self.sessions.end(&opened, End::Closed);
                Err(error.with("deployment", deployment))
            }
        }
    }
}

/// A place in the line of a session, left on drop.
pub(super) struct Ticket {
    opened: Arc<Opened>,
    place: u64,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.opened.line.leave(self.place);
    }
}

/// A stream of a session that goes on until this is dropped.
pub(super) struct Borrowed {
    pub(super) handle: Weak<Handle>,
    pub(super) opened: Arc<Opened>,
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        self.opened.carried().streams = false;
    }
}

/// Waits for its turn, and keeps other calls out from then on.
pub(super) fn begin_stream(
    opened: &Arc<Opened>,
    weak: &Weak<Handle>,
    handle: &Handle,
    cancel: &Cancel<'_>,
) -> Result<Borrowed> {
    let ticket = Ticket::join(opened, handle)?;
    ticket.wait(cancel)?;
    ticket.begin(handle, false)?;
    opened.carried().streams = true;
    Ok(Borrowed { handle: weak.clone(), opened: opened.clone() })
}

impl Ticket {
    pub(super) fn join(opened: &Arc<Opened>, inner: &Inner) -> Result<Self> {
        let place = opened.line.join(inner.settings.max_queue)?;
        Ok(Ticket { opened: opened.clone(), place })
    }

    pub(super) fn wait(&self, cancel: &Cancel<'_>) -> Result<()> {
        self.opened.line.wait(self.place, cancel)
    }

    /// Whether the session can be called now. A step of its own stream is.
    fn begin(&self, inner: &Inner, of_stream: bool) -> Result<()> {
        let (opened, now) = (&self.opened, inner.clock.now());
        if opened.is_late(now) {
            inner.sessions.end(opened, End::Expired);
        }
        if opened.has_ended() {
            return Err(opened.error());
        }
        if !of_stream && opened.carried().streams {
            return Err(
                Error::conflict("a stream of the session goes on").with("deployment", &opened.served.deployment)
            );
        }
        opened.touch(now);
        Ok(())
    }

    pub(super) fn call(
        &self,
        inner: &Inner,
        inputs: &[(&str, TensorView<'_>)],
        cancel: &Cancel<'_>,
        queued_ns: u64,
    ) -> Result<Prediction> {
        self.begin(inner, false)?;
        self.run(inner, inputs, cancel, queued_ns, None)
    }

    /// One answer of a stream. `context` is what the next stream of the session hears before its first window.
    pub(super) fn step(
        &self,
        inner: &Inner,
        inputs: &[(&str, TensorView<'_>)],
        cancel: &Cancel<'_>,
        context: Option<Tensor>,
    ) -> Result<Prediction> {
        self.begin(inner, true)?;
        self.run(inner, inputs, cancel, 0, context)
    }

    fn run(
        &self,
        inner: &Inner,
        inputs: &[(&str, TensorView<'_>)],
        cancel: &Cancel<'_>,
        queued_ns: u64,
        context: Option<Tensor>,
    ) -> Result<Prediction> {
        let opened = &*self.opened;
        opened.check_names(inputs.iter().map(|(name, _)| *name))?;
        let served = &opened.served;
        let live = inner.router.loaded(&served.deployment, served.revision, opened.trial).ok_or_else(|| {
            let error = Error::new(ErrorKind::Unavailable, "the revision of the session is not loaded");
            error.with("deployment", &served.deployment).with("version", &served.version)
        })?;
        let before: SmallVec<[Tensor; 4]> = opened.carried().tensors.iter().cloned().collect();
        let mut all: SmallVec<[(&str, TensorView<'_>); 8]> = inputs.iter().copied().collect();
        for (carry, tensor) in opened.plan.carried.iter().zip(&before) {
            all.push((served.signature.inputs[carry.input].name.as_str(), tensor.view()));
        }
        // Nobody else will ask the same again: what a session carries is not kept as an answer.
        let asker = Asker { group: opened.group, attributes: &opened.attributes };
        let prediction = inner.answer(&live, &all, cancel, queued_ns, false, asker)?;
        self.keep(&prediction, context)?;
        opened.touch(inner.clock.now());
        Ok(prediction)
    }

    /// Keeps what the next call begins with, or fails and keeps what this one began with.
    fn keep(&self, prediction: &Prediction, context: Option<Tensor>) -> Result<()> {
        let (opened, signature) = (&*self.opened, &self.opened.served.signature);
        let context = context.or_else(|| opened.context());
        if opened.plan.carried.is_empty() && context.is_none() {
            return Ok(());
        }
        let mut next: Vec<Tensor> = Vec::with_capacity(opened.plan.carried.len() + 1);
        for carry in &opened.plan.carried {
            let (output, input) = (&signature.outputs[carry.output], &signature.inputs[carry.input]);
            let misfit = |found: String| {
                let error =
                    Error::new(ErrorKind::EngineFailed, "an output does not fit the input that it is carried to");
                error.with("output", &output.name).with("value", found).with("allowed", input)
            };
            let tensor = prediction.outputs.get(carry.output).ok_or_else(|| misfit("nothing".into()))?;
            if tensor.dtype() != input.dtype || input.fits(tensor.shape(), &mut SmallVec::new()).is_err() {
                return Err(misfit(format!("{} {:?}", tensor.dtype(), tensor.shape())));
            }
            next.push(tensor.clone());
        }
        next.extend(context);
        // Only whoever has the turn resizes, so it can be taken out meanwhile: making room takes its time.
        let Some(mut held) = opened.carried().held.take() else { return Err(opened.error()) };
        let resized = held.resize(bytes_of(&next)).and_then(|()| compact(&next));
        match resized {
            // An engine's own buffer may be a part of something larger.
            Ok(next) => opened.keep(next.into_vec(), held),
            Err(error) => {
                let before = opened.carried().tensors.clone();
                let kept = held.resize(bytes_of(&before)).and_then(|()| opened.keep(before, held));
                Err(kept.err().unwrap_or(error).with("deployment", &opened.served.deployment))
            }
        }
    }

    /// Begins anew.
    pub(super) fn reset(&self, inner: &Inner) -> Result<()> {
        self.begin(inner, false)?;
        let (opened, signature) = (&*self.opened, &self.opened.served.signature);
        let zeros = opened.plan.zeros(signature)?;
        let Some(mut held) = opened.carried().held.take() else { return Err(opened.error()) };
        match held.resize(opened.plan.initial_bytes(signature)) {
            Ok(()) => opened.keep(zeros, held),
            Err(error) => {
                let before = opened.carried().tensors.clone();
                opened.keep(before, held)?;
                Err(error)
            }
        }
    }
}

impl Opened {
    /// The end of what the last stream of the session heard, behind the tensors of the model.
    pub(super) fn context(&self) -> Option<Tensor> {
        self.carried().tensors.get(self.plan.carried.len()).cloned()
    }

    /// What is carried is not given.
    ///
    /// # Errors
    /// `invalid_argument` that lists what can be given.
    pub(super) fn check_names<'a>(&self, mut names: impl Iterator<Item = &'a str>) -> Result<()> {
        let inputs = &self.served.signature.inputs;
        let is_carried = |name: &str| self.plan.carried.iter().any(|carry| inputs[carry.input].name == name);
        match names.find(|name| is_carried(name)) {
            None => Ok(()),
            Some(name) => {
                let free = inputs.iter().map(|spec| spec.name.as_str()).filter(|name| !is_carried(name));
                Err(Error::invalid("inputs", name, free.collect::<Vec<_>>().join(", "))
                    .with("reason", "the session carries it"))
            }
        }
    }
}
