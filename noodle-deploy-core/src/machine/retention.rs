//! What stays of the log, and the event that vouches for what went.

use super::command::Decision;
use super::state::{State, misfit};
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::event::{Event, Stream};
use crate::store::{Hash, Head};

/// Bounds on the log. An event goes when every bound that is given lets it go, and every event before it goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keep {
    /// Keeps the last so many events, the checkpoint among them; at least 1.
    pub events: Option<u64>,
    /// Keeps events that are younger than so many milliseconds.
    pub ms: Option<Millis>,
}

impl Keep {
    /// # Errors
    /// `invalid_argument` where there is no bound, or one that keeps not even the checkpoint.
    pub fn check(&self) -> Result<()> {
        match self {
            Keep { events: None, ms: None } => {
                Err(Error::invalid("keep_events", "nothing", "1 or more, or keep_ms, or both"))
            }
            Keep { events: Some(0), .. } => Err(Error::invalid("keep_events", 0, "1 or more")),
            Keep { events: None, ms: Some(0) } => Err(Error::invalid("keep_ms", 0, "1 or more")),
            _ => Ok(()),
        }
    }

    /// Whether an event goes, of a log that was cut at `cut` and ends at `head`.
    pub fn lets_go(&self, cut: u64, head: u64, now: Millis, sequence: u64, at: Millis) -> bool {
        let too_many = |n: u64| head - cut > n && sequence.saturating_add(n) <= head + 1;
        let old = |ms: Millis| at.saturating_add(ms) <= now;
        self.events.is_none_or(too_many) && self.ms.is_none_or(old)
    }
}

/// Whether a log is so long that it is cut without being asked: at twice what is to stay, so that not every event cuts.
pub fn is_due(keep_events: u64, cut: u64, head: u64) -> bool {
    head - cut > keep_events.saturating_mul(2)
}

pub(super) fn checkpoint(state: &State, cut: Head, digest: Hash) -> Result<Decision> {
    if cut.sequence == 0 || cut.sequence > state.sequence {
        return Err(Error::invalid("cut", cut.sequence, format!("1 to {}", state.sequence)));
    }
    let event = Event::Checkpoint { cut, state: digest };
    Ok(Decision { reads: vec![Stream::Directory], all: false, events: vec![(Stream::Directory, event)] })
}

/// A checkpoint changes no row.
pub(super) fn apply(event: &Event) -> Result<()> {
    match event {
        Event::Checkpoint { .. } => Ok(()),
        _ => Err(misfit("another stream's event", "directory")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of a log of `head` events, one each 10 ms, that was cut at `cut`; the last event is of this moment.
    fn left(keep: Keep, cut: u64, head: u64) -> u64 {
        let now = head * 10;
        let gone = (cut + 1..=head).take_while(|n| keep.lets_go(cut, head, now, *n, n * 10)).count() as u64;
        head - cut - gone
    }

    #[test]
    fn the_last_events_stay_and_the_checkpoint_is_one_of_them() {
        let keep = |n| Keep { events: Some(n), ms: None };
        for (n, cut, head, stay) in [(1, 0, 10, 0), (4, 0, 10, 3), (4, 5, 10, 3), (10, 0, 10, 10), (11, 0, 10, 10)] {
            assert_eq!(left(keep(n), cut, head), stay, "{n} of {cut} to {head}");
        }
        // A second time, with the checkpoint, there is nothing to do.
        assert_eq!(left(keep(4), 7, 11), 4);
        assert_eq!(left(keep(u64::MAX), 0, 10), 10);
    }

    #[test]
    fn young_events_stay() {
        let keep = |ms| Keep { events: None, ms: Some(ms) };
        assert_eq!(left(keep(25), 0, 10), 3);
        assert_eq!(left(keep(0), 0, 10), 0);
        assert_eq!(left(keep(u64::MAX), 0, 10), 10);
        // The more careful bound decides.
        assert_eq!(left(Keep { events: Some(6), ms: Some(25) }, 0, 10), 5);
        assert_eq!(left(Keep { events: Some(2), ms: Some(75) }, 0, 10), 8);
    }

    #[test]
    fn a_bound_that_keeps_nothing_is_refused() {
        assert_eq!(Keep::default().check().unwrap_err().get("field"), Some("keep_events"));
        assert_eq!(Keep { events: Some(0), ms: Some(1) }.check().unwrap_err().get("value"), Some("0"));
        assert_eq!(Keep { events: None, ms: Some(0) }.check().unwrap_err().get("field"), Some("keep_ms"));
        Keep { events: Some(1), ms: Some(0) }.check().unwrap();
    }

    #[test]
    fn a_log_is_cut_by_itself_at_twice_its_length() {
        for keep in [1, 2, 100] {
            let first = (0..).find(|head| is_due(keep, 0, *head)).unwrap();
            assert_eq!(first, keep * 2 + 1);
            let stays = left(Keep { events: Some(keep), ms: None }, 0, first) + 1;
            assert_eq!(stays, keep);
            assert!(!is_due(keep, first + 1 - stays, first + 1));
        }
    }
}
