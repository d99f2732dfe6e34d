//! Replacing replicas a few at a time: how many of each revision a process has, step by step.
//!
//! With `n` replicas, at most `n + max_surge` are there at any time, and at least `n - max_unavailable` can run. A step first
//! lets old ones go as far as the second bound allows, then brings new ones up as far as the first does; it has passed once
//! they are there. After the last step all traffic moves, which lets the rest of the old ones go.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::config::{AnalysisConfig, CanaryConfig, CanaryStep, MAX_STEPS};
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::machine::shares::WHOLE;
use crate::machine::state::{Deployment, RevisionStatus};

/// How replicas are replaced, in each process.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RollingConfig {
    /// Replicas that may be there beyond the number that the deployment has; absent: a quarter of it, rounded up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_surge: Option<u32>,
    /// Replicas that may be missing meanwhile, less than the deployment has; absent: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_unavailable: Option<u32>,
    /// Milliseconds that each step lasts at least, as a string; absent: until its replicas are up.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub min_ms: Option<Millis>,
    /// Milliseconds after which a step whose replicas are not up is inconclusive, as a string; absent: it waits.
    #[serde(default, with = "crate::store::chain::optional_u64_string", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub max_ms: Option<Millis>,
    /// What ends the rollout while it is under way; absent: with the defaults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub analysis: Option<AnalysisConfig>,
}

/// Replicas of both revisions in each process while a step lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplicaCounts {
    /// Of the revision that is brought in, 1 or more.
    pub candidate: u32,
    /// Of the one that served before, 1 or more.
    pub baseline: u32,
}

impl RollingConfig {
    /// The steps that replace `replicas` replicas.
    ///
    /// # Errors
    /// `invalid_argument` that names the bound which leaves no way, or too long a one.
    pub fn plan(&self, replicas: u32) -> Result<CanaryConfig> {
        let surge = self.max_surge.unwrap_or_else(|| match self.max_unavailable {
            // Whoever says what may be missing needs nothing beyond.
            Some(missing) if missing > 0 => 0,
            _ => replicas.div_ceil(4),
        });
        let missing = self.max_unavailable.unwrap_or(0);
        if missing >= replicas {
            let allowed = format!("less than the {replicas} replicas that are to be replaced");
            return Err(Error::invalid("rolling/max_unavailable", missing, allowed));
        }
        if surge == 0 && missing == 0 {
            return Err(Error::invalid("rolling/max_surge", 0, "1 or more where no replica may be missing"));
        }
        let counts = counts(replicas, surge, missing);
        if counts.len() > MAX_STEPS {
            let least = replicas.div_ceil(MAX_STEPS as u32).saturating_sub(missing);
            let allowed = format!("{least} or more, as {replicas} replicas take {MAX_STEPS} steps at most");
            return Err(Error::invalid("rolling/max_surge", surge, allowed));
        }
        let step = |counts: ReplicaCounts| CanaryStep {
            replicas: Some(counts),
            min_ms: self.min_ms,
            max_ms: self.max_ms,
            ..CanaryStep::of(counts.weight())
        };
        Ok(CanaryConfig { steps: counts.into_iter().map(step).collect(), analysis: self.analysis.clone() })
    }
}

/// Counts of each step; the last one leaves what only the move of all traffic can let go.
fn counts(replicas: u32, surge: u32, missing: u32) -> Vec<ReplicaCounts> {
    let needed = replicas.saturating_sub(missing);
    let most = replicas.saturating_add(surge);
    let (mut steps, mut candidate) = (Vec::new(), 0);
    while candidate < needed {
        let baseline = needed - candidate;
        candidate = replicas.min(most - baseline);
        steps.push(ReplicaCounts { candidate, baseline });
    }
    steps
}

impl ReplicaCounts {
    /// Share of the traffic that the candidate's replicas are of all, in basis points.
    pub fn weight(self) -> u32 {
        let (candidate, baseline) = (u64::from(self.candidate), u64::from(self.baseline));
        let whole = u64::from(WHOLE);
        (candidate * whole / (candidate + baseline).max(1)).clamp(1, whole - 1) as u32
    }
}

impl Deployment {
    /// Replicas that a revision is to have in each process now.
    pub fn replicas_of(&self, revision: u32) -> u32 {
        let loading = self.revision(revision).filter(|r| r.status == RevisionStatus::Loading);
        if let Some(loading) = loading {
            // Beside one that serves, a revision that replaces its replicas begins with the first few.
            let first = loading.canary.as_ref().and_then(|canary| canary.steps.first()?.replicas);
            let wanted = self.change.as_ref().map_or(self.replicas, |change| change.replicas);
            return first.filter(|_| self.active.is_some()).map_or(wanted, |counts| counts.candidate);
        }
        let rollout = self.rollout.as_ref().filter(|_| self.serves());
        match rollout.and_then(|rollout| Some((rollout, rollout.current()?.replicas?))) {
            Some((rollout, counts)) if revision == rollout.candidate => counts.candidate,
            Some((rollout, counts)) if revision == rollout.baseline => counts.baseline,
            _ => self.replicas,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rolling(surge: u32, missing: u32) -> RollingConfig {
        RollingConfig { max_surge: Some(surge), max_unavailable: Some(missing), ..RollingConfig::default() }
    }

    proptest! {
        /// Both bounds hold in each step and between any two, while old ones go and until new ones are up.
        #[test]
        fn bounds_hold_at_every_moment(replicas in 1u32..200, surge in 0u32..40, missing in 0u32..40) {
            prop_assume!(missing < replicas && surge + missing > 0);
            let Ok(plan) = rolling(surge, missing).plan(replicas) else {
                prop_assert!(replicas.div_ceil(surge + missing) > MAX_STEPS as u32 - 1);
                return Ok(());
            };
            plan.validate().unwrap();
            let mut before = ReplicaCounts { candidate: 0, baseline: replicas };
            for step in &plan.steps {
                let counts = step.replicas.unwrap();
                prop_assert!(counts.candidate > before.candidate && counts.baseline <= before.baseline);
                prop_assert!(counts.baseline + before.candidate >= replicas - missing, "too few, from {before:?} to {counts:?}");
                prop_assert!(counts.baseline + counts.candidate <= replicas + surge, "too many: {counts:?}");
                prop_assert!(counts.candidate <= replicas);
                before = counts;
            }
            // The end: all old ones go.
            prop_assert!(before.candidate >= replicas - missing, "{before:?}");
        }
    }

    #[test]
    fn plans_are_as_expected() {
        let counts = |config: RollingConfig, replicas| {
            let plan = config.plan(replicas).unwrap();
            plan.steps.iter().map(|step| step.replicas.unwrap()).map(|c| (c.candidate, c.baseline)).collect::<Vec<_>>()
        };
        assert_eq!(counts(rolling(1, 0), 4), [(1, 4), (2, 3), (3, 2), (4, 1)]);
        assert_eq!(counts(rolling(0, 1), 4), [(1, 3), (2, 2), (3, 1)]);
        assert_eq!(counts(rolling(1, 1), 4), [(2, 3), (4, 1)]);
        assert_eq!(counts(RollingConfig::default(), 1), [(1, 1)]);
        assert_eq!(counts(RollingConfig::default(), 8), [(2, 8), (4, 6), (6, 4), (8, 2)]);
        assert_eq!(counts(RollingConfig { max_unavailable: Some(2), ..RollingConfig::default() }, 3), [(2, 1)]);
    }

    #[test]
    fn bounds_that_leave_no_way_are_named() {
        let refused =
            |config: RollingConfig, replicas| config.plan(replicas).unwrap_err().get("field").unwrap().to_owned();
        assert_eq!(refused(rolling(0, 0), 3), "rolling/max_surge");
        assert_eq!(refused(rolling(1, 3), 3), "rolling/max_unavailable");
        assert_eq!(refused(rolling(1, 0), 1_024), "rolling/max_surge");
        rolling(32, 0).plan(1_024).unwrap();
    }
}
