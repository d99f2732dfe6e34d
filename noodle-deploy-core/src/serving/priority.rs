//! How urgent a request is among those that wait. Pure: times are nanoseconds.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Levels where a deployment says nothing: high, normal, low.
pub(crate) const LEVELS: u32 = 3;
/// Levels at most.
const MOST_LEVELS: u32 = 16;
/// Milliseconds after which a waiting request counts as one level more urgent, by default.
const PATIENCE_MS: u32 = 1_000;
/// Milliseconds that patience and timeouts may have at most: an hour.
const MOST_MS: u32 = 3_600_000;

/// Levels of priority of a deployment's requests, and rules for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Priorities {
    /// Levels, 1 to 16. Default 3. Level 1 is the most urgent.
    pub levels: u32,
    /// Level of a request that names none, 1 to `levels`. Default: the middle one, `levels` / 2 + 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_level: Option<u32>,
    /// Milliseconds after which a request that waits counts as one level more urgent, and again after as many more; 1 to
    /// 3 600 000. Default 1000.
    pub patience_ms: u32,
    /// Rules for single levels. Default none: requests of every level share the queue, and wait as long as they may.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<QueuePolicy>,
}

impl Default for Priorities {
    fn default() -> Self {
        Priorities { levels: LEVELS, default_level: None, patience_ms: PATIENCE_MS, policies: Vec::new() }
    }
}

/// How requests of one level wait.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QueuePolicy {
    /// The level, 1 to `levels`.
    pub level: u32,
    /// Requests of the level that may wait, from 1; one more is refused with `overloaded`. Default: the queue of the
    /// deployment alone sets the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_queue: Option<u32>,
    /// Milliseconds that a request without a timeout of its own may wait, 1 to 3 600 000. Default: as long as it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_timeout_ms: Option<u32>,
    /// What becomes of a request that waited so long. Default `reject`.
    #[serde(default)]
    pub timeout_action: TimeoutAction,
}

/// What becomes of a request that waited for `default_timeout_ms`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeoutAction {
    /// It is refused with `deadline_exceeded`, as one that brought this timeout.
    #[default]
    Reject,
    /// It is put behind, as if it came at this moment with the least urgent level.
    Delay,
}

/// The levels of a deployment, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Levels {
    count: u32,
    default: u32,
    patience_ns: u64,
    policies: Vec<Policy>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Policy {
    level: u32,
    max_queue: Option<u32>,
    timeout: Option<(Duration, TimeoutAction)>,
}

impl Default for Levels {
    fn default() -> Self {
        let patience_ns = u64::from(PATIENCE_MS) * 1_000_000;
        Levels { count: LEVELS, default: LEVELS / 2 + 1, patience_ns, policies: Vec::new() }
    }
}

fn within(field: &'static str, value: u32, low: u32, high: u32) -> Result<()> {
    if (low..=high).contains(&value) { Ok(()) } else { Err(Error::invalid(field, value, format!("{low} to {high}"))) }
}

impl Priorities {
    /// # Errors
    /// `invalid_argument` that names the field, its value and what is allowed.
    pub(crate) fn check(&self) -> Result<Levels> {
        within("batching/priorities/levels", self.levels, 1, MOST_LEVELS)?;
        let default = self.default_level.unwrap_or(self.levels / 2 + 1);
        within("batching/priorities/default_level", default, 1, self.levels)?;
        within("batching/priorities/patience_ms", self.patience_ms, 1, MOST_MS)?;
        let mut policies: Vec<Policy> = Vec::with_capacity(self.policies.len());
        for policy in &self.policies {
            within("batching/priorities/policies/level", policy.level, 1, self.levels)?;
            let level = policy.level;
            if policies.iter().any(|other| other.level == level) {
                return Err(Error::invalid("batching/priorities/policies/level", level, "each level once"));
            }
            if let Some(max) = policy.max_queue {
                within("batching/priorities/policies/max_queue", max, 1, u32::MAX)?;
            }
            if let Some(ms) = policy.default_timeout_ms {
                within("batching/priorities/policies/default_timeout_ms", ms, 1, MOST_MS)?;
            } else if policy.timeout_action == TimeoutAction::Delay {
                let field = "batching/priorities/policies/default_timeout_ms";
                return Err(Error::invalid(field, "nothing", "milliseconds, where requests are delayed after them"));
            }
            let after = |ms: u32| (Duration::from_millis(ms.into()), policy.timeout_action);
            let timeout = policy.default_timeout_ms.map(after);
            policies.push(Policy { level, max_queue: policy.max_queue, timeout });
        }
        let patience_ns = u64::from(self.patience_ms) * 1_000_000;
        Ok(Levels { count: self.levels, default, patience_ns, policies })
    }
}

impl Levels {
    /// The level that a request asks for; 0 is the default one.
    ///
    /// # Errors
    /// `invalid_argument` for one that is not there.
    pub(crate) fn level(&self, asked: u32) -> Result<u32> {
        match asked {
            0 => Ok(self.default),
            level if level <= self.count => Ok(level),
            beyond => {
                let allowed = format!("1 to {}, or 0 for the default of {}", self.count, self.default);
                Err(Error::invalid("priority", beyond, allowed))
            }
        }
    }

    /// The level of a request that was checked before, or never: one of another number of levels fits all the same.
    pub(crate) fn nearest(&self, asked: u32) -> u32 {
        if asked == 0 { self.default } else { asked.min(self.count) }
    }

    /// How many levels there are.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// What the level of a request counts as once it has waited for so long.
    pub(crate) fn aged(&self, level: u32, waited_ns: u64) -> u32 {
        let steps = waited_ns / self.patience_ns;
        u64::from(level).saturating_sub(steps).max(1) as u32
    }

    fn policy(&self, level: u32) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.level == level)
    }

    /// Requests of the level that may wait.
    pub(crate) fn max_queue(&self, level: u32) -> Option<u32> {
        self.policy(level)?.max_queue
    }

    /// The timeout of a request that brings none.
    pub(crate) fn timeout(&self, level: u32) -> Option<Duration> {
        self.policy(level)?.timeout.filter(|(_, action)| *action == TimeoutAction::Reject).map(|(after, _)| after)
    }

    /// When a request that brings no timeout is put behind.
    pub(crate) fn delay(&self, level: u32) -> Option<Duration> {
        self.policy(level)?.timeout.filter(|(_, action)| *action == TimeoutAction::Delay).map(|(after, _)| after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn levels_are_those_of_the_deploy() {
        let levels = Levels::default();
        assert_eq!(levels, Priorities::default().check().unwrap());
        assert_eq!([0, 1, 2, 3].map(|asked| levels.level(asked).unwrap()), [2, 1, 2, 3]);
        let error = levels.level(4).unwrap_err();
        assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some("priority")));
        assert_eq!(error.get("value"), Some("4"));
        for (count, middle) in [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3)] {
            let levels = Priorities { levels: count, ..Priorities::default() }.check().unwrap();
            assert_eq!(levels.level(0).unwrap(), middle);
        }
    }

    #[test]
    fn one_that_waits_counts_as_more_urgent_step_by_step() {
        let levels = Priorities { levels: 4, patience_ms: 10, ..Priorities::default() }.check().unwrap();
        let ms = 1_000_000;
        let aged: Vec<_> = [0, 9, 10, 25, 30, 1_000].iter().map(|waited| levels.aged(4, waited * ms)).collect();
        assert_eq!(aged, [4, 4, 3, 2, 1, 1]);
        assert_eq!(levels.aged(1, u64::MAX), 1);
    }

    #[test]
    fn impossible_rules_are_named() {
        let base = Priorities::default;
        let policy = |policy: QueuePolicy| Priorities { policies: vec![policy], ..base() };
        let of = |level| QueuePolicy { level, ..QueuePolicy::default() };
        let delay = TimeoutAction::Delay;
        let cases = [
            (Priorities { levels: 0, ..base() }, "levels"),
            (Priorities { levels: 17, ..base() }, "levels"),
            (Priorities { default_level: Some(0), ..base() }, "default_level"),
            (Priorities { default_level: Some(4), ..base() }, "default_level"),
            (Priorities { patience_ms: 0, ..base() }, "patience_ms"),
            (policy(of(0)), "policies/level"),
            (policy(of(4)), "policies/level"),
            (Priorities { policies: vec![of(1), of(1)], ..base() }, "policies/level"),
            (policy(QueuePolicy { max_queue: Some(0), ..of(1) }), "policies/max_queue"),
            (policy(QueuePolicy { default_timeout_ms: Some(0), ..of(1) }), "policies/default_timeout_ms"),
            (policy(QueuePolicy { timeout_action: delay, ..of(1) }), "policies/default_timeout_ms"),
        ];
        for (priorities, field) in cases {
            let error = priorities.check().unwrap_err();
            let field = format!("batching/priorities/{field}");
            assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some(&*field)), "{error}");
            assert!(error.get("allowed").is_some() && error.get("value").is_some(), "{error}");
        }
    }
}
