//! When failures of a revision are too many.

/// Outcomes of the runs of one revision, as far as the verdict needs them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Health {
    /// Engine failures and panics since the last success.
    pub consecutive_failures: u32,
}

/// How a run ended, as far as health goes. A bad request is no sign of ill health.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An answer came.
    Success,
    /// The engine failed or panicked.
    Failure,
}

/// What to do about a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Serve,
    /// Take it out of service and say why.
    Fail,
}

impl Health {
    /// Takes one outcome in. `limit` failures in a row are too many.
    #[must_use]
    pub fn observe(self, outcome: Outcome, limit: u32) -> (Health, Verdict) {
        match outcome {
            Outcome::Success => (Health::default(), Verdict::Serve),
            Outcome::Failure => {
                let failures = self.consecutive_failures.saturating_add(1);
                let verdict = if failures >= limit { Verdict::Fail } else { Verdict::Serve };
                (Health { consecutive_failures: failures }, verdict)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_failures_in_a_row_count() {
        let mut health = Health::default();
        for outcome in [Outcome::Failure, Outcome::Failure, Outcome::Success, Outcome::Failure, Outcome::Failure] {
            let (next, verdict) = health.observe(outcome, 3);
            assert_eq!(verdict, Verdict::Serve);
            health = next;
        }
        assert_eq!(health.observe(Outcome::Failure, 3).1, Verdict::Fail);
    }
}
