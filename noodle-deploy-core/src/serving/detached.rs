//! Asynchronous requests. Where requests are batched, one waits in the queue of its batcher and on no thread, so that as
//! many gather as may wait; elsewhere it runs on a worker.

use std::sync::Arc;
use std::time::Instant;

use smallvec::SmallVec;

use super::cache::Waits;
use super::journal::check_id;
use super::predict::{PredictOptions, Prediction};
use super::revision::LiveRevision;
use super::router::Picked;
use super::segmenting::Asker;
use super::submitted::{Reply, Submitted, promise};
use super::taken::Taken;
use super::ticket::{Answer, Detached, Ticket};
use crate::clock::instant;
use crate::engine::{Cancel, Outputs};
use crate::noodle::Handle;
use crate::tensor::{Tensor, TensorView};

/// An asynchronous request that has no revision yet.
struct Asked {
    handle: Arc<Handle>,
    deployment: String,
    inputs: Vec<(String, Tensor)>,
    options: PredictOptions,
    submitted: Instant,
    deadline: Option<Instant>,
    reply: Reply<Prediction>,
}

/// What is left to do once an answer is there.
struct Finish {
    handle: Arc<Handle>,
    revision: Arc<LiveRevision>,
    submitted: Instant,
    queued_ns: u64,
    input_ns: u64,
    taken: Option<Taken>,
    /// Name of the request.
    noted: Option<String>,
    /// Its caller's group.
    group: Option<usize>,
    /// What it says of itself, where that is counted.
    attributes: Vec<(String, String)>,
    reply: Reply<Prediction>,
}

impl Finish {
    fn with(self, answer: Answer) {
        let latency_ns = self.submitted.elapsed().as_nanos() as u64;
        let Finish { handle, revision, queued_ns, input_ns, taken, noted, group, attributes, reply, .. } = self;
        let answer = handle.conclude(&revision, latency_ns, queued_ns, input_ns, answer, taken);
        revision.segment(Asker { group, attributes: &attributes }, latency_ns, &answer);
        if let Some(id) = noted {
            handle.journal.note(&id, &revision, group, &answer, handle.clock.now());
        }
        reply.give(answer);
    }
}

/// Submits a request; nothing is waited for.
pub(crate) fn submit(
    handle: Arc<Handle>,
    deployment: String,
    inputs: Vec<(String, Tensor)>,
    options: PredictOptions,
) -> Submitted<Prediction> {
    if let Err(error) = check_id(options.request_id.as_deref()) {
        return Submitted::done(Err(error));
    }
    let (reply, future) = promise();
    let submitted = instant();
    let deadline = options.timeout.map(|timeout| submitted + timeout);
    let asked = Asked { handle, deployment, inputs, options, submitted, deadline, reply };
    // Without a look at kept answers, which may be far away, or a load, no thread but this one is needed.
    let takes = |revision: &LiveRevision| revision.batched && revision.cache.is_none();
    match asked.handle.router.pick_if(&asked.deployment, asked.options.wanted(), takes) {
        Ok(picked) if picked.taken => asked.detach(picked, false),
        _ => asked.queue(),
    }
    future
}

impl Asked {
    /// Goes on on a worker.
    fn queue(self) {
        let handle = self.handle.clone();
        handle.workers.run(Box::new(move |admitted| match admitted {
            Ok(()) => self.run(),
            Err(error) => self.reply.give(Err(error)),
        }));
    }

    /// On a worker, which may wait.
    fn run(self) {
        let dropped = self.reply.dropped();
        if dropped.is_set() {
            // Whoever dropped the future hears nothing, and a request that nobody waits for is not counted.
            return;
        }
        let handle = &**self.handle;
        let picked = match handle.pick(&self.deployment, self.options.wanted()) {
            Ok(picked) => picked,
            Err(error) => return self.reply.give(Err(error)),
        };
        if picked.revision.batched {
            return self.detach(picked, true);
        }
        let queued_ns = self.submitted.elapsed().as_nanos() as u64;
        let cancel = Cancel {
            flag: self.options.cancel.as_ref().map(super::predict::CancelToken::flag),
            dropped: Some(dropped.flag()),
            deadline: self.deadline,
            priority: self.options.priority,
        };
        let views: Vec<_> = self.inputs.iter().map(|(name, tensor)| (name.as_str(), tensor.view())).collect();
        let asker = Asker { group: picked.group, attributes: &self.options.attributes };
        let answer = handle.answer(&picked.revision, &views, &cancel, queued_ns, true, asker);
        drop(views);
        if let Some(id) = &self.options.request_id {
            handle.journal.note(id, &picked.revision, picked.group, &answer, handle.clock.now());
        }
        self.reply.give(answer);
    }

    /// Hands it to the batcher. Nothing is waited for where `may_wait` is false.
    fn detach(self, Picked { revision, group, .. }: Picked, may_wait: bool) {
        let Asked { handle, inputs, options, submitted, deadline, reply, .. } = self;
        let (began, queued_ns) = (instant(), submitted.elapsed().as_nanos() as u64);
        revision.begin();
        let views: Vec<_> = inputs.iter().map(|(name, tensor)| (name.as_str(), tensor.view())).collect();
        let checked = revision.admit(&Cancel { deadline, priority: options.priority, ..Cancel::NEVER });
        let mut taken = None;
        let checked = checked.and_then(|admitted| {
            let bound = revision.served.signature.bind(&views)?;
            taken = revision.take(&bound);
            Ok(admitted)
        });
        drop(views);
        let tie = reply.tie();
        let finish = Finish {
            handle: handle.clone(),
            revision: revision.clone(),
            submitted,
            queued_ns,
            input_ns: began.elapsed().as_nanos() as u64,
            taken,
            noted: options.request_id,
            group,
            attributes: if revision.segmenting.is_some() { options.attributes } else { Vec::new() },
            reply,
        };
        let (deadline, priority) = match checked {
            Ok(admitted) => (admitted.deadline, admitted.priority),
            Err(error) => return finish.with(Err(error)),
        };
        let finishers = handle.finishers.clone();
        let ticket = Ticket::new(options.cancel, deadline, priority, finishers, move |answer| finish.with(answer));
        tie(&ticket);
        handle.watch.add(&ticket);
        let request = Detached { inputs: in_order(&revision, inputs), ticket };
        if !may_wait {
            if let Err(request) = revision.replicas.submit(request, false) {
                let workers = handle.clone();
                workers.workers.run(Box::new(move |admitted| match admitted {
                    Ok(()) => run(&revision, request),
                    Err(error) => request.ticket.give_up(error),
                }));
            }
            return;
        }
        match revision.cache.clone() {
            None => run(&revision, request),
            Some(cache) => {
                let most = handle.settings.max_queue as usize;
                let workers = Arc::downgrade(&handle.workers);
                cache.answer_detached(request, Waits { most, workers }, move |request| run(&revision, request));
            }
        }
    }
}

/// Inputs that were checked, in the order of the signature.
fn in_order(revision: &LiveRevision, inputs: Vec<(String, Tensor)>) -> Vec<Tensor> {
    let of = |name: &str| inputs.iter().find(|(other, _)| other == name).map(|(_, tensor)| tensor.clone());
    revision.served.signature.inputs.iter().filter_map(|spec| of(&spec.name)).collect()
}

/// Queues a request, or runs it here where it can share no batch.
fn run(revision: &LiveRevision, request: Detached) {
    let Err(Detached { inputs, ticket }) = revision.replicas.submit(request, true) else { return };
    let views: SmallVec<[TensorView<'_>; 8]> = inputs.iter().map(Tensor::view).collect();
    let mut outputs = Outputs::new();
    let spent = revision.replicas.infer(&views, &mut outputs, &ticket.cancel());
    ticket.end(spent.map(|spent| (outputs, spent)));
}
