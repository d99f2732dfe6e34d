//! Kept answers for requests that wait on no thread.

use std::sync::{Arc, Weak};

use smallvec::SmallVec;

use super::flight::{Found, Leader};
use super::key::Key;
use super::{KEPT, ResponseCache, count};
use crate::engine::Outputs;
use crate::error::Result;
use crate::serving::ticket::Detached;
use crate::serving::workers::Workers;
use crate::tensor::{Tensor, TensorView};

/// How requests wait for the answer of an identical one.
#[derive(Clone)]
pub(crate) struct Waits {
    /// So many at most.
    pub(crate) most: usize,
    /// Where one goes on after the one that it waited for failed.
    pub(crate) workers: Weak<Workers>,
}

/// Computes the answer of a request.
type Run = Arc<dyn Fn(Detached) + Send + Sync>;

/// A request, and what is needed to go on with it at any time.
pub(super) struct Parked {
    request: Detached,
    cache: Arc<ResponseCache>,
    waits: Waits,
    run: Run,
}

impl Parked {
    /// Whether nobody waits for it any more.
    pub(super) fn has_ended(&self) -> bool {
        self.request.ticket.has_ended()
    }

    /// Goes on: with the answer of the request that it waited for, or to compute its own.
    pub(super) fn resume(self, landed: Option<Outputs>) {
        match landed {
            Some(found) => {
                count(&self.cache.counts.coalesced);
                self.request.ticket.end(Ok((found, KEPT)));
            }
            None => {
                let Some(workers) = self.waits.workers.upgrade() else { return };
                workers.run_admitted(Box::new(move |_| self.answer()));
            }
        }
    }

    fn key(&self) -> Result<Key> {
        let cancel = self.request.ticket.cancel();
        cancel.check()?;
        let views: SmallVec<[TensorView<'_>; 8]> = self.request.inputs.iter().map(Tensor::view).collect();
        Ok(Key::of(self.cache.scope(&cancel)?, &views))
    }

    fn answer(self) {
        let key = match self.key() {
            Ok(key) => key,
            Err(error) => return self.request.ticket.end(Err(error)),
        };
        if let Some(found) = self.cache.in_memory(&key) {
            return self.request.ticket.end(Ok((found, KEPT)));
        }
        let Some(flights) = self.cache.flights.clone() else { return self.lead(key, None) };
        match flights.join_or_park(key, self) {
            Ok(Found::Parked) => {}
            Ok(Found::Leads(leader, parked)) => parked.lead(key, Some(leader)),
            Err((error, parked)) => parked.request.ticket.end(Err(error)),
        }
    }

    /// Most requests that may wait for one.
    pub(super) fn most(&self) -> usize {
        self.waits.most
    }

    /// Looks farther away, else computes. A leader that goes without an answer hands over.
    fn lead(self, key: Key, leader: Option<Leader>) {
        let Parked { request, cache, run, .. } = self;
        // Another leader may have landed since the look into memory.
        let again = leader.is_some().then(|| cache.in_memory(&key)).flatten();
        if let Some(found) = again.or_else(|| cache.farther(key, &request.ticket.cancel())) {
            if let Some(leader) = leader {
                leader.land(found.clone());
            }
            return request.ticket.end(Ok((found, KEPT)));
        }
        request.ticket.wrap(move |answer| {
            if let Ok((outputs, _)) = &answer {
                cache.keep(key, outputs);
                if let Some(leader) = leader {
                    leader.land(outputs.clone());
                }
            }
            answer
        });
        run(request);
    }
}

impl ResponseCache {
    /// Ends a request with the answer that is kept, or with the one that `run` finds. On a thread that may wait for what is
    /// farther than memory.
    pub(crate) fn answer_detached(
        self: Arc<Self>,
        request: Detached,
        waits: Waits,
        run: impl Fn(Detached) + Send + Sync + 'static,
    ) {
        Parked { request, cache: self, waits, run: Arc::new(run) }.answer();
    }
}
