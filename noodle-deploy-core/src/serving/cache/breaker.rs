//! When a level outside this process is asked, and when it is left alone. No clock and no I/O.

use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_millis(250);
const LAST: Duration = Duration::from_secs(30);

/// Lets requests through until one fails. Then none, while somebody tries again after pauses that double.
#[derive(Debug)]
pub(crate) struct Breaker {
    state: State,
    pause: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed,
    Open { until: Instant },
    Trying,
}

/// What a request may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permit {
    /// Ask.
    Ask,
    /// See to it that somebody tries whether the level is back, and do without.
    Try,
    /// Do without.
    Skip,
}

impl Breaker {
    /// Not connected yet: the first thing to do is to try.
    pub(crate) fn new(now: Instant) -> Self {
        Breaker { state: State::Open { until: now }, pause: FIRST }
    }

    pub(crate) fn permit(&mut self, now: Instant) -> Permit {
        match self.state {
            State::Closed => Permit::Ask,
            State::Open { until } if now >= until => {
                self.state = State::Trying;
                Permit::Try
            }
            State::Open { .. } | State::Trying => Permit::Skip,
        }
    }

    pub(crate) fn is_trying(&self) -> bool {
        self.state == State::Trying
    }

    /// A try succeeded.
    pub(crate) fn succeeded(&mut self) {
        *self = Breaker { state: State::Closed, pause: FIRST };
    }

    /// A request or a try failed. Requests that fail at the same time count once. True where that opened it.
    pub(crate) fn failed(&mut self, now: Instant) -> bool {
        let before = self.state;
        if !matches!(before, State::Open { .. }) {
            self.state = State::Open { until: now + self.pause };
            self.pause = (self.pause * 2).min(LAST);
        }
        before == State::Closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::instant;

    #[test]
    fn it_opens_at_a_failure_and_one_tries_after_each_pause() {
        let start = instant();
        let mut breaker = Breaker::new(start);
        assert_eq!(breaker.permit(start), Permit::Try);
        assert_eq!(breaker.permit(start), Permit::Skip, "somebody tries already");
        breaker.succeeded();
        assert_eq!(breaker.permit(start), Permit::Ask);
        let mut now = start;
        assert!(breaker.failed(now));
        assert!(!breaker.failed(now), "two requests failed at the same time");
        let mut pause = FIRST;
        for _ in 0..12 {
            assert_eq!(breaker.permit(now + pause - Duration::from_millis(1)), Permit::Skip);
            now += pause;
            assert_eq!(breaker.permit(now), Permit::Try);
            assert!(!breaker.failed(now));
            pause = (pause * 2).min(LAST);
        }
        assert_eq!(pause, LAST);
        now += pause;
        assert_eq!(breaker.permit(now), Permit::Try);
        breaker.succeeded();
        assert!(breaker.failed(now));
        assert_eq!(breaker.permit(now + FIRST), Permit::Try, "pauses begin anew");
    }
}
