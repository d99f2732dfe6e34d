//! Waits for replicas and runs batches on them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::config::Plan;
use super::curve::Curve;
use super::queue::{Decision, Queue, Rules, Waiting};
use super::tensors::{self, Place};
use crate::backends::{ReplicaSet, ReplicaStatus};
use crate::clock::instant;
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, ErrorKind, Result};
use crate::metrics::spent::Spent;
use crate::model::signature::Signature;
use crate::serving::ticket::{Answer, Detached, Holder, Ticket};
use crate::tensor::{Shape, Tensor, TensorView};

/// How long a waiting request sleeps before it looks at its cancel flag.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Shapes of a request beyond what a batch joins.
type Key = SmallVec<[Shape; 4]>;
type Request = Waiting<Key, Job>;

/// A queued request and where its answer goes.
#[derive(Debug)]
struct Job {
    inputs: Vec<Tensor>,
    /// None once it is answered.
    waiter: Option<Waiter>,
}

/// Who waits for an answer.
#[derive(Debug)]
enum Waiter {
    Thread(Arc<Slot>),
    /// Nobody's thread.
    Ticket(Arc<Ticket>),
}

impl Waiter {
    /// Set when nobody waits any more.
    fn gone(&self) -> &AtomicBool {
        match self {
            Waiter::Thread(slot) => &slot.abandoned,
            Waiter::Ticket(ticket) => ticket.ended(),
        }
    }

    fn answer(self, answer: Answer) {
        match self {
            Waiter::Thread(slot) => slot.give(Given { answer, others: Handout::default() }),
            Waiter::Ticket(ticket) => ticket.end(answer),
        }
    }
}

impl Job {
    fn new(inputs: Vec<Tensor>, waiter: Waiter) -> Self {
        Job { inputs, waiter: Some(waiter) }
    }

    /// Set when nobody waits any more.
    fn gone(&self) -> Option<&AtomicBool> {
        self.waiter.as_ref().map(Waiter::gone)
    }

    fn is_gone(&self) -> bool {
        self.gone().is_none_or(|gone| gone.load(Ordering::Acquire))
    }

    fn answer(mut self, answer: Answer) {
        if let Some(waiter) = self.waiter.take() {
            waiter.answer(answer);
        }
    }
}

impl Drop for Job {
    /// Nobody may wait for ever, whatever happens to the batch.
    fn drop(&mut self) {
        if let Some(waiter) = self.waiter.take() {
            waiter.answer(Err(Error::new(ErrorKind::Internal, "a batch ended without an answer")));
        }
    }
}

#[derive(Debug, Default)]
struct Slot {
    answer: Mutex<Option<Given>>,
    answered: Condvar,
    /// Nobody waits any more.
    abandoned: AtomicBool,
}

impl Slot {
    fn give(&self, given: Given) {
        *lock(&self.answer) = Some(given);
        self.answered.notify_one();
    }
}

/// An answer, and those of others that whoever takes it hands out.
#[derive(Debug)]
struct Given {
    answer: Answer,
    others: Handout,
}

/// Answers on the way to those who wait. They get there whoever drops this.
#[derive(Debug, Default)]
struct Handout(Vec<(Job, Answer)>);

impl Drop for Handout {
    fn drop(&mut self) {
        self.0.drain(..).for_each(|(job, answer)| job.answer(answer));
    }
}

/// A replica set whose requests run together where they would wait anyway.
pub(crate) struct Batcher {
    shared: Arc<Shared>,
}

struct Shared {
    replicas: Arc<dyn ReplicaSet>,
    plan: Plan,
    count: u32,
    max_queue: u32,
    /// Whether each size of a batch costs a compilation.
    powers: bool,
    origin: Instant,
    state: Mutex<State>,
    changed: Condvar,
    /// Learned costs outlive a change of the number of replicas.
    curve: Arc<Mutex<Curve>>,
    batches: AtomicU64,
    rows: AtomicU64,
}

#[derive(Default)]
struct State {
    queue: Queue<Key, Job>,
    /// Requests and batches that run now.
    running: u32,
    threads: u32,
    closed: bool,
}

/// A run that ends when this is dropped.
struct Running<'a>(&'a Shared);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.running -= 1;
        let more = state.queue.len() > 0;
        drop(state);
        if more {
            self.0.changed.notify_one();
        }
    }
}

/// Rows that a request brings.
struct Rows {
    count: u32,
    /// Whether it has nothing to share a batch with: more than one holds, nothing at all, or inputs that do not agree.
    alone: bool,
}

impl Holder for Shared {
    fn forget_ended(&self) {
        self.forget_gone();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn now_ns(&self) -> u64 {
        instant().saturating_duration_since(self.origin).as_nanos() as u64
    }

    /// Takes a place among the running, where a replica is free and nobody waits for it.
    fn enter(&self) -> Option<Running<'_>> {
        if self.plan.config.max_delay_us > 0 && self.plan.config.max_batch_size > 1 {
            return None;
        }
        let mut state = self.state();
        if state.running >= self.count || state.queue.len() > 0 {
            return None;
        }
        state.running += 1;
        Some(Running(self))
    }

    fn record(&self, rows: u32, began: Instant) {
        lock(&self.curve).record(rows, began.elapsed().as_nanos() as u64);
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.rows.fetch_add(u64::from(rows), Ordering::Relaxed);
    }

    fn most(&self) -> u32 {
        let most = self.plan.config.max_batch_size;
        if self.plan.config.adaptive { lock(&self.curve).cap(most) } else { most }
    }

    fn rows(&self, inputs: &[TensorView<'_>]) -> Rows {
        let rows = inputs.first().and_then(|view| view.shape().first()).copied().unwrap_or(0);
        let same = inputs.iter().all(|view| view.shape().first() == Some(&rows));
        let count = u32::try_from(rows).unwrap_or(u32::MAX);
        Rows { count, alone: rows == 0 || count > self.plan.config.max_batch_size || !same }
    }

    fn key(&self, inputs: &[TensorView<'_>]) -> Key {
        let pads = self.plan.pads.as_ref();
        let shape = |(index, view): (usize, &TensorView<'_>)| {
            let mut shape = Shape::from_slice(view.shape());
            shape[0] = 0;
            if let Some((axis, _)) = pads.and_then(|pads| pads.inputs[index]) {
                shape[axis] = 0;
            }
            shape
        };
        inputs.iter().enumerate().map(shape).collect()
    }

    /// Queues a request. It is dropped after the lock is let go, since it may hold what drops this set.
    fn enqueue(
        self: &Arc<Self>,
        job: Job,
        key: Key,
        rows: u32,
        deadline: Option<Instant>,
        priority: u32,
    ) -> Result<(), (Error, Job)> {
        let levels = &self.plan.levels;
        let level = levels.nearest(priority);
        let now_ns = self.now_ns();
        let deadline_ns = deadline.map(|deadline| deadline.saturating_duration_since(self.origin).as_nanos() as u64);
        let delayed = levels.delay(level).filter(|_| deadline.is_none());
        let delayed_ns = delayed.map(|after| now_ns.saturating_add(after.as_nanos() as u64));
        let mut state = self.state();
        if let Err(error) = self.admit(&state, level, rows, now_ns, deadline_ns) {
            return Err((error, job));
        }
        if state.threads < self.count {
            let shared = self.clone();
            match crate::threads::spawn("noodle-batch", move || shared.work()) {
                Ok(_) => state.threads += 1,
                // Without any thread the request would wait for ever.
                Err(error) if state.threads == 0 => return Err((error, job)),
                Err(_) => {}
            }
        }
        let arrived_ns = now_ns;
        state.queue.push(Waiting { rows, key, arrived_ns, deadline_ns, level, delayed_ns, item: job });
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// Whether one more request may wait.
    fn admit(&self, state: &State, level: u32, rows: u32, now_ns: u64, deadline_ns: Option<u64>) -> Result<()> {
        if state.closed {
            return Err(Error::new(ErrorKind::Unavailable, "the revision is being taken down"));
        }
        let full = |message, max_queue: u32| {
            Error::new(ErrorKind::Overloaded, message).with("replicas", self.count).with("max_queue", max_queue)
        };
        if state.queue.len() >= self.max_queue as usize {
            return Err(full("every replica is busy and the queue is full", self.max_queue));
        }
        let levels = &self.plan.levels;
        if let Some(max) = levels.max_queue(level)
            && state.queue.of_level(level) >= max as usize
        {
            return Err(full("as many requests of the priority wait as may", max).with("priority", level));
        }
        if let Some(deadline_ns) = deadline_ns {
            let rows_ahead = state.queue.rows_before(level, now_ns, levels);
            let ahead = rows_ahead.saturating_add(rows) / self.count.max(1);
            let wait = lock(&self.curve).estimate_ns(ahead, self.plan.config.max_batch_size).unwrap_or(0);
            if now_ns.saturating_add(wait) > deadline_ns {
                return Err(Error::new(ErrorKind::DeadlineExceeded, "the deadline would pass while the request waits")
                    .with("rows_ahead", rows_ahead)
                    .with("estimate_ms", wait / 1_000_000)
                    .with("left_ms", deadline_ns.saturating_sub(now_ns) / 1_000_000));
            }
        }
        Ok(())
    }

    /// Takes those out of the queue that nobody waits for any more.
    fn forget_gone(&self) {
        let gone = self.state().queue.forget(Job::is_gone);
        // Outside the lock: a request may hold what drops this set.
        drop(gone);
    }

    /// Waits for an answer within the bounds of `cancel`.
    fn wait(&self, slot: &Slot, cancel: &Cancel<'_>) -> Result<(Outputs, Spent)> {
        let mut answer = lock(&slot.answer);
        loop {
            if let Some(Given { answer: found, others }) = answer.take() {
                drop(answer);
                drop(others);
                return found;
            }
            if let Err(error) = cancel.check() {
                slot.abandoned.store(true, Ordering::Release);
                drop(answer);
                self.forget_gone();
                return Err(error);
            }
            let mut sleep = LOOK_EVERY;
            if let Some(deadline) = cancel.deadline {
                sleep = sleep.min(deadline.saturating_duration_since(instant()));
            }
            answer = slot.answered.wait_timeout(answer, sleep).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Runs batches until the set is closed and nothing waits.
    fn work(&self) {
        let mut state = self.state();
        loop {
            let decision = match state.running < self.count {
                true => {
                    let rules = Rules {
                        most: self.most(),
                        preferred: &self.plan.config.preferred_batch_sizes,
                        delay_ns: if state.closed { 0 } else { u64::from(self.plan.config.max_delay_us) * 1_000 },
                        powers: self.powers,
                        levels: &self.plan.levels,
                    };
                    state.queue.take(self.now_ns(), rules)
                }
                false => Decision::Idle,
            };
            match decision {
                Decision::Run { batch, late } => {
                    state.running += 1;
                    let more = state.queue.len() > 0;
                    drop(state);
                    let running = Running(self);
                    if more {
                        self.changed.notify_one();
                    }
                    for request in late {
                        let late = Error::new(ErrorKind::DeadlineExceeded, "the deadline passed in the queue");
                        request.item.answer(Err(late));
                    }
                    // What panics in an engine is an error of the replica; this is for our own mistakes.
                    if catch_unwind(AssertUnwindSafe(|| self.run(batch))).is_err() {
                        tracing::error!("a batch panicked");
                    }
                    drop(running);
                    state = self.state();
                }
                Decision::Wait(until) => {
                    let sleep = Duration::from_nanos(until.saturating_sub(self.now_ns()));
                    state = self.changed.wait_timeout(state, sleep).unwrap_or_else(PoisonError::into_inner).0;
                }
                Decision::Idle if state.closed && state.queue.len() == 0 => {
                    state.threads -= 1;
                    return;
                }
                Decision::Idle => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn run(&self, mut batch: Vec<Request>) {
        batch.retain(|request| !request.item.is_gone());
        let together = match &batch[..] {
            [] | [_] => Err(None),
            several => self.run_together(several).map_err(Some),
        };
        match together {
            Ok(parts) => {
                let jobs = batch.into_iter().map(|request| request.item);
                self.hand_out(Handout(jobs.zip(parts.into_iter().map(Ok)).collect()));
            }
            // One of them may be to blame: the others must not fail for it.
            Err(error) => {
                if let Some(error) = error {
                    tracing::debug!(%error, requests = batch.len(), "a batch failed, and its requests run alone");
                }
                for request in batch {
                    let answer = self.run_alone(&request);
                    request.item.answer(answer);
                }
            }
        }
    }

    /// Gives everybody their answer. To wake a thread takes as long as a small model runs: where a full batch waits
    /// already, the first who is woken wakes the others, and the replica does not stand still. Where none does, all are
    /// woken first, since those who come back fill the next batch.
    fn hand_out(&self, mut answers: Handout) {
        let on_a_thread = |(job, _): &(Job, Answer)| matches!(job.waiter, Some(Waiter::Thread(_))) && !job.is_gone();
        if answers.0.len() < 3 || self.state().queue.rows() < self.most() {
            return;
        }
        let Some(first) = answers.0.iter().position(on_a_thread) else { return };
        let (mut job, answer) = answers.0.swap_remove(first);
        if let Some(Waiter::Thread(slot)) = job.waiter.take() {
            slot.give(Given { answer, others: answers });
        }
    }

    fn run_alone(&self, request: &Request) -> Answer {
        let waited = self.now_ns().saturating_sub(request.arrived_ns);
        let views: SmallVec<[TensorView<'_>; 8]> = request.item.inputs.iter().map(Tensor::view).collect();
        let mut outputs = Outputs::new();
        let began = instant();
        let cancel = Cancel { dropped: request.item.gone(), priority: request.level, ..Cancel::NEVER };
        let spent = self.replicas.infer(&views, &mut outputs, &cancel)?;
        self.record(request.rows, began);
        Ok((outputs, Spent { batch_wait_ns: waited, batch_rows: request.rows, ..spent }))
    }

    fn run_together(&self, requests: &[Request]) -> Result<Vec<(Outputs, Spent)>> {
        let pads = self.plan.pads.as_ref();
        let inputs: Vec<&[Tensor]> = requests.iter().map(|request| &request.item.inputs[..]).collect();
        let lengths = inputs.iter().map(|inputs| tensors::length(inputs, pads));
        let padded = tensors::padded_length(lengths.clone(), pads);
        let rows = requests.iter().map(|request| request.rows);
        let places = rows.clone().zip(lengths).map(|(rows, length)| Place { rows: rows as usize, length });
        let places: Vec<Place> = places.collect();
        let (began, began_ns) = (instant(), self.now_ns());
        let whole = tensors::join(&inputs, pads, padded)?;
        let views = whole.iter().map(tensors::Whole::view).collect::<Result<SmallVec<[_; 8]>>>()?;
        let mut outputs = Outputs::new();
        let input_ns = began.elapsed().as_nanos() as u64;
        let spent = self.replicas.infer(&views, &mut outputs, &Cancel::NEVER)?;
        let parts = tensors::split(&outputs, &places, pads, padded)?;
        let batch_rows = rows.sum();
        self.record(batch_rows, began);
        let of = |request: &Request| Spent {
            batch_wait_ns: began_ns.saturating_sub(request.arrived_ns),
            input_ns,
            batch_rows,
            ..spent
        };
        Ok(parts.into_iter().zip(requests).map(|(part, request)| (part, of(request))).collect())
    }
}

impl Batcher {
    pub(crate) fn new(replicas: Arc<dyn ReplicaSet>, plan: Plan, max_queue: u32) -> Self {
        Batcher::with_curve(replicas, plan, max_queue, Arc::default())
    }

    fn with_curve(replicas: Arc<dyn ReplicaSet>, plan: Plan, max_queue: u32, curve: Arc<Mutex<Curve>>) -> Self {
        let status = replicas.status();
        let shared = Shared {
            count: status.replicas,
            powers: status.load.plan == "per_shape",
            replicas,
            plan,
            max_queue,
            origin: instant(),
            state: Mutex::default(),
            changed: Condvar::new(),
            curve,
            batches: AtomicU64::new(0),
            rows: AtomicU64::new(0),
        };
        Batcher { shared: Arc::new(shared) }
    }
}

impl Drop for Batcher {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.closed = true;
        // Whoever waits holds the set, so nobody does; what was abandoned is still here.
        let left = state.queue.drain();
        drop(state);
        drop(left);
        self.shared.changed.notify_all();
    }
}

impl ReplicaSet for Batcher {
    fn signature(&self) -> &Signature {
        self.shared.replicas.signature()
    }

    fn infer(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<Spent> {
        let shared = &self.shared;
        let rows = shared.rows(inputs);
        let entered = shared.enter();
        if rows.alone || entered.is_some() {
            let rows = rows.count;
            let began = instant();
            let spent = shared.replicas.infer(inputs, outputs, cancel)?;
            shared.record(rows, began);
            return Ok(Spent { batch_rows: rows, ..spent });
        }
        let slot = Arc::new(Slot::default());
        // Copied outside the lock: a batch is put together on another thread.
        let owned = inputs.iter().map(TensorView::to_tensor).collect::<Result<Vec<_>>>()?;
        let job = Job::new(owned, Waiter::Thread(slot.clone()));
        shared
            .enqueue(job, shared.key(inputs), rows.count, cancel.deadline, cancel.priority)
            .map_err(|(error, _)| error)?;
        let (found, spent) = shared.wait(&slot, cancel)?;
        outputs.extend(found);
        Ok(spent)
    }

    /// Never runs a request on the caller's thread: one of few threads would wait for each, and none could gather.
    fn submit(&self, request: Detached, _: bool) -> Result<(), Detached> {
        let shared = &self.shared;
        let views: SmallVec<[TensorView<'_>; 8]> = request.inputs.iter().map(Tensor::view).collect();
        let rows = shared.rows(&views);
        if rows.alone {
            drop(views);
            return Err(request);
        }
        let key = shared.key(&views);
        drop(views);
        let Detached { inputs, ticket } = request;
        let holder: Weak<dyn Holder> = Arc::downgrade(shared) as Weak<dyn Holder>;
        ticket.held_by(holder);
        let (deadline, priority) = (ticket.deadline(), ticket.priority());
        let job = Job::new(inputs, Waiter::Ticket(ticket.clone()));
        if let Err((error, job)) = shared.enqueue(job, key, rows.count, deadline, priority) {
            job.answer(Err(error));
        } else if ticket.has_ended() {
            // It ended before it was in the queue, so nobody took it out.
            shared.forget_ended();
        }
        Ok(())
    }

    fn scale(&self, replicas: u32) -> Result<Arc<dyn ReplicaSet>> {
        let shared = &self.shared;
        let scaled = shared.replicas.scale(replicas)?;
        Ok(Arc::new(Batcher::with_curve(scaled, shared.plan.clone(), shared.max_queue, shared.curve.clone())))
    }

    fn status(&self) -> ReplicaStatus {
        let shared = &self.shared;
        let status = shared.replicas.status();
        let waiting = shared.state().queue.len() as u32;
        let most = shared.most();
        let curve = lock(&shared.curve).clone();
        let sizes = curve.sizes().map(|(size, ns, times)| SizeStatus { rows: size, mean_us: ns / 1e3, times });
        let batching = BatchStatus {
            batches: shared.batches.load(Ordering::Relaxed),
            rows: shared.rows.load(Ordering::Relaxed),
            max_batch_size: most,
            sizes: sizes.collect(),
        };
        ReplicaStatus { waiting: status.waiting + waiting, batching: Some(batching), ..status }
    }
}

/// How a deployment batches in one process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BatchStatus {
    /// Runs, those of a single request among them.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub batches: u64,
    /// Rows that they had together.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub rows: u64,
    /// Rows of the next batch at most, as learned.
    pub max_batch_size: u32,
    /// Sizes that ran, rounded up to a power of two.
    pub sizes: Vec<SizeStatus>,
}

/// What batches of one size cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SizeStatus {
    /// Rows, rounded up to a power of two.
    pub rows: u32,
    /// Microseconds of a batch of this size, a moving average.
    pub mean_us: f64,
    /// How often it ran.
    pub times: u32,
}
