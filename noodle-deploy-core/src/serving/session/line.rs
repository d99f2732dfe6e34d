//! The calls of one session, in the order in which they came.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::instant;
use crate::engine::Cancel;
use crate::error::{Error, ErrorKind, Result};

/// How long a waiting call sleeps before it looks at its cancel flag.
const LOOK_EVERY: Duration = Duration::from_millis(20);

#[derive(Default)]
pub(super) struct Line {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<u64>,
    next: u64,
}

impl Line {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether no call runs or waits.
    pub(super) fn is_empty(&self) -> bool {
        self.state().queue.is_empty()
    }

    /// A place behind those that are there. It must be left.
    ///
    /// # Errors
    /// `overloaded` where too many wait.
    pub(super) fn join(&self, most: u32) -> Result<u64> {
        let mut state = self.state();
        // The first one runs.
        if state.queue.len() > most as usize {
            return Err(
                Error::new(ErrorKind::Overloaded, "too many calls wait for the session").with("max_queue", most)
            );
        }
        let place = state.next;
        state.next += 1;
        state.queue.push_back(place);
        Ok(place)
    }

    /// Sleeps until it is this place's turn.
    ///
    /// # Errors
    /// `cancelled`, `deadline_exceeded`.
    pub(super) fn wait(&self, place: u64, cancel: &Cancel<'_>) -> Result<()> {
        let mut state = self.state();
        while state.queue.front() != Some(&place) {
            cancel.check()?;
            let left = cancel.deadline.map_or(LOOK_EVERY, |at| at.saturating_duration_since(instant()));
            let slept = self.changed.wait_timeout(state, left.min(LOOK_EVERY));
            state = slept.unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(())
    }

    pub(super) fn leave(&self, place: u64) {
        self.state().queue.retain(|other| *other != place);
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_wait_come_in_order_and_are_bounded() {
        let line = Line::default();
        assert!(line.is_empty());
        let (a, b) = (line.join(1).unwrap(), line.join(1).unwrap());
        assert_eq!(line.join(1).unwrap_err().kind(), ErrorKind::Overloaded);
        line.wait(a, &Cancel::NEVER).unwrap();
        let soon = Cancel { deadline: Some(instant() + Duration::from_millis(5)), ..Cancel::NEVER };
        assert_eq!(line.wait(b, &soon).unwrap_err().kind(), ErrorKind::DeadlineExceeded);
        let c = line.join(2).unwrap();
        // Whoever gives up makes way.
        line.leave(b);
        line.leave(a);
        line.wait(c, &Cancel::NEVER).unwrap();
        line.leave(c);
        assert!(line.is_empty());
    }
}
