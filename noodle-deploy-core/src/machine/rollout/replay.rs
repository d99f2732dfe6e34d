//! A step of recorded requests: each runs on the candidate, and, where another version has answered it, on the baseline too.
//! They are judged as pairs in the shadow are, and when all have run there is nothing more to wait for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Rollout;
use super::analysis::{Look, Verdict};
use crate::clock::Millis;

/// How far a replay is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplayFindings {
    /// Recorded requests of the step, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub recorded: u64,
    /// Those of them that have run or were skipped, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub run: u64,
}

impl ReplayFindings {
    /// Whether nothing is left to run.
    pub fn is_over(&self) -> bool {
        self.run >= self.recorded
    }
}

/// The look at a step of recorded requests, with how far they are: where all have run and nothing is shown, more waiting
/// shows no more.
pub fn conclude(rollout: &Rollout, look: Look, far: ReplayFindings, now: Millis) -> Look {
    let mut look = look;
    look.findings.replay = Some(far);
    let lasts = |min| now.saturating_sub(rollout.since) < min;
    let waits = rollout.current().and_then(|step| step.min_ms).is_some_and(lasts);
    if look.verdict != Verdict::Wait || !far.is_over() || waits || rollout.replay().is_none() {
        return look;
    }
    let text = match far.recorded {
        0 => {
            "no request of the deployment is recorded: switch the setting `recording` on, let requests come and resume \
              the rollout, or advance it"
                .to_owned()
        }
        of => format!("{} of {of} recorded requests have run, and nothing is shown: {}", far.run, look.findings.text()),
    };
    Look { verdict: Verdict::GiveUp, reason: text, ..look }
}

#[cfg(test)]
mod tests {
    use super::super::{
        CanaryConfig, CanaryStep, Evidence, RolloutPhase, Seen,
        analysis::{Moment, judge},
    };
    use super::*;

    fn rollout(step: CanaryStep) -> Rollout {
        Rollout {
            baseline: 1,
            candidate: 2,
            canary: CanaryConfig { steps: vec![step], analysis: None },
            step: 0,
            weight: 0,
            phase: RolloutPhase::Analysing,
            reason: String::new(),
            salt: 7,
            since: 1_000,
            from: None,
            evidence: Evidence::default(),
            findings: None,
        }
    }

    /// Of `n` pairs, `failed` of which the candidate failed.
    fn pairs(n: u64, failed: u64) -> Seen {
        let mut seen = Seen::default();
        (seen.candidate.ended, seen.candidate.failed, seen.baseline.ended) = (n, failed, n);
        seen
    }

    fn look(rollout: &Rollout, seen: &Seen, far: (u64, u64), now: Millis) -> Look {
        let look = judge(rollout, &Evidence::default(), seen, Moment { met: None, up: true, now });
        conclude(rollout, look, ReplayFindings { recorded: far.1, run: far.0 }, now)
    }

    #[test]
    fn a_replay_that_is_over_waits_for_nothing_more() {
        let rollout = rollout(CanaryStep::of_recorded(1_000));
        let waits = look(&rollout, &pairs(40, 0), (40, 60), 2_000);
        assert_eq!((waits.verdict, waits.findings.replay.unwrap().run), (Verdict::Wait, 40));
        let over = look(&rollout, &pairs(60, 0), (60, 60), 2_000);
        assert_eq!(over.verdict, Verdict::GiveUp);
        assert!(over.reason.starts_with("60 of 60 recorded requests have run"), "{}", over.reason);
        let none = look(&rollout, &pairs(0, 0), (0, 0), 2_000);
        assert!(none.verdict == Verdict::GiveUp && none.reason.contains("`recording`"), "{}", none.reason);
    }

    #[test]
    fn what_is_shown_decides_before_the_end() {
        let rollout = rollout(CanaryStep::of_recorded(1_000));
        assert_eq!(look(&rollout, &pairs(900, 0), (900, 1_000), 2_000).verdict, Verdict::Pass);
        assert_eq!(look(&rollout, &pairs(900, 0), (1_000, 1_000), 2_000).verdict, Verdict::Pass);
        assert_eq!(look(&rollout, &pairs(200, 100), (200, 1_000), 2_000).verdict, Verdict::Abort);
    }

    #[test]
    fn a_step_that_has_to_last_lasts() {
        let rollout = rollout(CanaryStep { min_ms: Some(5_000), ..CanaryStep::of_recorded(1_000) });
        assert_eq!(look(&rollout, &pairs(900, 0), (900, 900), 2_000).verdict, Verdict::Wait);
        assert_eq!(look(&rollout, &pairs(900, 0), (900, 900), 6_000).verdict, Verdict::Pass);
        assert_eq!(look(&rollout, &pairs(60, 0), (60, 60), 6_000).verdict, Verdict::GiveUp);
    }
}
