//! The future of an asynchronous request, and the other end of it.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

use super::predict::CancelToken;
use super::ticket::Ticket;
use super::workers::Workers;
use crate::error::{Error, ErrorKind, Result};

struct Slot<T> {
    result: Option<Result<T>>,
    waker: Option<Waker>,
    /// What to end when nobody waits any more.
    ticket: Weak<Ticket>,
}

struct Shared<T> {
    slot: Mutex<Slot<T>>,
    dropped: CancelToken,
}

impl<T> Shared<T> {
    fn slot(&self) -> MutexGuard<'_, Slot<T>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn nobody_waits() -> Error {
    Error::new(ErrorKind::Cancelled, "the caller cancelled")
}

/// The future of a submitted request. Dropping it cancels the request.
pub struct Submitted<T> {
    shared: Arc<Shared<T>>,
    done: bool,
}

/// Answers the future of a request. Dropped without an answer, it answers with an error.
pub(crate) struct Reply<T> {
    shared: Arc<Shared<T>>,
    given: bool,
}

/// Makes the two ends.
pub(crate) fn promise<T>() -> (Reply<T>, Submitted<T>) {
    promise_with(CancelToken::new())
}

/// Makes the two ends; dropping the future sets the token.
fn promise_with<T>(dropped: CancelToken) -> (Reply<T>, Submitted<T>) {
    let slot = Mutex::new(Slot { result: None, waker: None, ticket: Weak::new() });
    let shared = Arc::new(Shared { slot, dropped });
    (Reply { shared: shared.clone(), given: false }, Submitted { shared, done: false })
}

/// Runs `work` on a worker; dropping the future sets the token.
pub(crate) fn on_worker<T: Send + 'static>(
    workers: &Workers,
    dropped: CancelToken,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Submitted<T> {
    let (reply, future) = promise_with(dropped);
    workers.run(Box::new(move |admitted| {
        let result = admitted.and_then(|()| work());
        reply.give(result);
    }));
    future
}

impl<T> Submitted<T> {
    /// What needs no worker.
    pub(crate) fn done(result: Result<T>) -> Self {
        let (reply, future) = promise();
        reply.give(result);
        future
    }
}

impl<T> Reply<T> {
    /// Set when nobody waits any more.
    pub(crate) fn dropped(&self) -> CancelToken {
        self.shared.dropped.clone()
    }

    pub(crate) fn give(mut self, result: Result<T>) {
        self.give_once(result);
    }

    fn give_once(&mut self, result: Result<T>) {
        if std::mem::replace(&mut self.given, true) {
            return;
        }
        let mut slot = self.shared.slot();
        slot.result = Some(result);
        let waker = slot.waker.take();
        drop(slot);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// What ends a ticket when nobody waits any more.
    pub(crate) fn tie(&self) -> impl FnOnce(&Arc<Ticket>) + use<T> {
        let shared = self.shared.clone();
        move |ticket| {
            shared.slot().ticket = Arc::downgrade(ticket);
            // Dropped before the slot knew of the ticket.
            if shared.dropped.is_set() {
                ticket.give_up(nobody_waits());
            }
        }
    }
}

impl<T> Drop for Reply<T> {
    fn drop(&mut self) {
        self.give_once(Err(Error::new(ErrorKind::Internal, "a worker panicked")));
    }
}

impl<T> Future for Submitted<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut slot = self.shared.slot();
        match slot.result.take() {
            Some(result) => {
                drop(slot);
                self.done = true;
                Poll::Ready(result)
            }
            None => {
                slot.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for Submitted<T> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        self.shared.dropped.cancel();
        let ticket = self.shared.slot().ticket.upgrade();
        if let Some(ticket) = ticket {
            ticket.give_up(nobody_waits());
        }
    }
}
