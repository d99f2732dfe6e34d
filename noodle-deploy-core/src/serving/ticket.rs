//! Asynchronous requests that wait without a thread, and the one thread that looks after their deadlines.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::predict::CancelToken;
use super::workers::Workers;
use crate::clock::instant;
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, ErrorKind, Result};
use crate::metrics::spent::Spent;
use crate::tensor::Tensor;

/// How often cancel tokens are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Ended requests that are kept beside as many that wait, before they are swept out.
const SPARE: usize = 64;

pub(crate) type Answer = Result<(Outputs, Spent)>;
type Done = Box<dyn FnOnce(Answer) + Send>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A request whose answer no thread waits for: what a [`crate::backends::ReplicaSet`] may take over.
#[derive(Debug)]
pub struct Detached {
    /// Checked, in the signature's order.
    pub(crate) inputs: Vec<Tensor>,
    pub(crate) ticket: Arc<Ticket>,
}

/// Who keeps requests that may end before they are answered.
pub(crate) trait Holder: Send + Sync {
    /// Lets those go that have ended.
    fn forget_ended(&self);
}

/// The claim to one answer. It ends once: with the answer, at its deadline, by its cancel token, or because nobody waits.
pub(crate) struct Ticket {
    done: Mutex<Option<Done>>,
    ended: AtomicBool,
    token: Option<CancelToken>,
    deadline: Option<Instant>,
    priority: u32,
    holder: Mutex<Option<Weak<dyn Holder>>>,
    finishers: Arc<Workers>,
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("ended", &self.ended).field("priority", &self.priority).finish_non_exhaustive()
    }
}

impl Ticket {
    /// `done` runs on one of the finishers, whoever ends the request.
    pub(crate) fn new(
        token: Option<CancelToken>,
        deadline: Option<Instant>,
        priority: u32,
        finishers: Arc<Workers>,
        done: impl FnOnce(Answer) + Send + 'static,
    ) -> Arc<Self> {
        Arc::new(Ticket {
            done: Mutex::new(Some(Box::new(done))),
            ended: AtomicBool::new(false),
            token,
            deadline,
            priority,
            holder: Mutex::default(),
            finishers,
        })
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    pub(crate) fn priority(&self) -> u32 {
        self.priority
    }

    /// As one that waits on a thread sees it.
    pub(crate) fn cancel(&self) -> Cancel<'_> {
        Cancel {
            flag: self.token.as_ref().map(CancelToken::flag),
            dropped: Some(&self.ended),
            deadline: self.deadline,
            priority: self.priority,
        }
    }

    /// Set once it has ended.
    pub(crate) fn ended(&self) -> &AtomicBool {
        &self.ended
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Names who is to let it go when it ends early.
    pub(crate) fn held_by(&self, holder: Weak<dyn Holder>) {
        *lock(&self.holder) = Some(holder);
    }

    /// Puts something between an answer and what is done with it. Where it has ended, `between` is dropped.
    pub(crate) fn wrap(&self, between: impl FnOnce(Answer) -> Answer + Send + 'static) {
        let mut slot = lock(&self.done);
        if let Some(done) = slot.take() {
            *slot = Some(Box::new(move |answer| done(between(answer))));
        }
    }

    /// Gives the answer, unless it has ended.
    pub(crate) fn end(&self, answer: Answer) {
        self.finish(answer);
    }

    fn finish(&self, answer: Answer) -> bool {
        let Some(done) = lock(&self.done).take() else { return false };
        self.ended.store(true, Ordering::Release);
        // What is done may call the host, which must not hold up whoever answers.
        self.finishers.run_admitted(Box::new(move |_| done(answer)));
        true
    }

    /// Ends it before its answer.
    pub(crate) fn give_up(&self, error: Error) {
        if self.finish(Err(error))
            && let Some(holder) = lock(&self.holder).take().and_then(|holder| holder.upgrade())
        {
            holder.forget_ended();
        }
    }

    /// When to look at it next.
    fn next_look(&self, now: Instant) -> Option<Instant> {
        let look = self.token.is_some().then(|| now + LOOK_EVERY);
        match (look, self.deadline) {
            (Some(look), Some(deadline)) => Some(look.min(deadline)),
            (look, deadline) => look.or(deadline),
        }
    }
}

impl Drop for Ticket {
    /// Nobody may wait for ever, whatever happens to the request.
    fn drop(&mut self) {
        self.finish(Err(Error::new(ErrorKind::Internal, "a request ended without an answer")));
    }
}

/// Ends requests that wait without a thread, once it is time.
#[derive(Default)]
pub(crate) struct Watch {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    tickets: Vec<Weak<Ticket>>,
    /// Those of them that waited at the last sweep.
    waited: usize,
    /// Until when the thread sleeps; none while nothing waits.
    next: Option<Instant>,
    running: bool,
    closed: bool,
}

fn waits(ticket: &Weak<Ticket>) -> bool {
    ticket.upgrade().is_some_and(|ticket| !ticket.has_ended())
}

impl Watch {
    /// Looks after a request from now on.
    pub(crate) fn add(&self, ticket: &Arc<Ticket>) {
        let Some(next) = ticket.next_look(instant()) else { return };
        let mut state = lock(&self.shared.state);
        if state.tickets.len() >= 2 * state.waited + SPARE {
            state.tickets.retain(waits);
            state.waited = state.tickets.len();
        }
        state.tickets.push(Arc::downgrade(ticket));
        if !state.running && !state.closed {
            let shared = self.shared.clone();
            match crate::threads::spawn("noodle-watch", move || shared.run()) {
                Ok(_) => state.running = true,
                Err(error) => {
                    state.tickets.pop();
                    drop(state);
                    return ticket.give_up(error);
                }
            }
        }
        if state.next.is_none_or(|at| next < at) {
            state.next = Some(next);
            drop(state);
            self.shared.changed.notify_one();
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        lock(&self.shared.state).closed = true;
        self.shared.changed.notify_one();
    }
}

impl Shared {
    fn run(&self) {
        let mut state = lock(&self.state);
        while !state.closed {
            let now = instant();
            let mut over = Vec::new();
            let mut next: Option<Instant> = None;
            state.tickets.retain(|ticket| {
                let Some(ticket) = ticket.upgrade().filter(|ticket| !ticket.has_ended()) else { return false };
                if let Err(error) = ticket.cancel().check() {
                    over.push((ticket, error));
                    return false;
                }
                next = match (next, ticket.next_look(now)) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
                true
            });
            state.waited = state.tickets.len();
            state.next = next;
            if !over.is_empty() {
                drop(state);
                over.into_iter().for_each(|(ticket, error)| ticket.give_up(error));
                state = lock(&self.state);
                continue;
            }
            state = match next {
                Some(at) => {
                    let sleep = at.saturating_duration_since(now);
                    self.changed.wait_timeout(state, sleep).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}
