//! Rules that send requests to a revision by what they say of themselves, whatever is tried with the others.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::Decision;
use super::deployment::{decision, wrong_state};
use super::rollout::under_way;
use super::state::{Deployment, State};
use super::version::{check_name, refuse_retired};
use crate::error::{Error, Result};
use crate::event::{Event, Stream};

/// Rules of a deployment.
pub const MAX_RULES: usize = 32;
/// Conditions of a rule.
pub const MAX_CONDITIONS: usize = 8;
/// Values of a condition.
pub const MAX_VALUES: usize = 64;
/// Bytes of a value.
pub const MAX_VALUE: usize = 256;

/// Who answers the requests that a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleTarget {
    /// The revision that serves: they take no part in what is tried.
    Serving,
    /// The revision that a rollout tries; without one, the next rule counts.
    Candidate,
    /// The version that the rule names.
    Version,
}

/// One attribute of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleCondition {
    /// Name of the attribute.
    pub attribute: String,
    /// Values of which it has to have one, 1 to 64.
    pub any_of: Vec<String>,
}

/// Where some requests go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteRule {
    /// What a request has to say of itself, all of it; 1 to 8 conditions.
    pub when: Vec<RuleCondition>,
    /// Who answers it.
    pub to: RuleTarget,
    /// The version, with the target `version`: one that the deployment has brought up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl RuleCondition {
    /// Whether a request's attributes fulfil it.
    pub fn is_met(&self, attributes: &[(String, String)]) -> bool {
        attributes.iter().any(|(name, value)| *name == self.attribute && self.any_of.contains(value))
    }
}

impl RouteRule {
    /// Whether it is about a request.
    pub fn is_about(&self, attributes: &[(String, String)]) -> bool {
        self.when.iter().all(|condition| condition.is_met(attributes))
    }

    /// The revision of a deployment that answers now; none where it has none of this kind.
    pub fn revision(&self, d: &Deployment) -> Option<u32> {
        match self.to {
            RuleTarget::Serving => d.active,
            RuleTarget::Candidate => under_way(d).ok().map(|rollout| rollout.candidate),
            RuleTarget::Version => d.revision_of(self.version.as_deref()?).map(|revision| revision.number),
        }
    }

    fn validate(&self, at: usize) -> Result<()> {
        let field = |name: &str| format!("rules/{at}/{name}");
        let count = |name: &str, found: usize, most: usize| match (1..=most).contains(&found) {
            true => Ok(()),
            false => Err(Error::invalid(field(name), format!("{found} entries"), format!("1 to {most}"))),
        };
        count("when", self.when.len(), MAX_CONDITIONS)?;
        for (i, condition) in self.when.iter().enumerate() {
            check_name("rules/when/attribute", &condition.attribute)?;
            count(&format!("when/{i}/any_of"), condition.any_of.len(), MAX_VALUES)?;
            if let Some(long) = condition.any_of.iter().find(|value| value.len() > MAX_VALUE) {
                let name = field(&format!("when/{i}/any_of"));
                return Err(Error::invalid(
                    name,
                    format!("{} bytes", long.len()),
                    format!("at most {MAX_VALUE} bytes"),
                ));
            }
        }
        match (&self.version, self.to) {
            (None, RuleTarget::Version) => {
                Err(Error::invalid(field("version"), "nothing", "a version, as the target asks for"))
            }
            (Some(version), RuleTarget::Serving | RuleTarget::Candidate) => {
                Err(Error::invalid(field("version"), version, "nothing, or the target version"))
            }
            _ => Ok(()),
        }
    }
}

/// Replaces the rules of a deployment.
pub(super) fn set(state: &State, name: &str, rules: &[RouteRule]) -> Result<Decision> {
    let d = state.deployment(name)?;
    if rules.len() > MAX_RULES {
        return Err(Error::invalid("rules", format!("{} rules", rules.len()), format!("at most {MAX_RULES}")));
    }
    if !rules.is_empty() && !d.serves() {
        return Err(wrong_state(d, "one that serves"));
    }
    let mut settled = Vec::with_capacity(rules.len());
    for (i, rule) in rules.iter().enumerate() {
        rule.validate(i)?;
        let version = rule.version.as_ref().map(|version| {
            let record = state.resolve(&d.model, version)?;
            refuse_retired(record)?;
            d.revision_of(&record.version).map(|_| record.version.clone()).ok_or_else(|| {
                let up: Vec<&str> = d.revisions.iter().filter(|r| r.is_fit()).map(|r| r.version.as_str()).collect();
                Error::invalid(format!("rules/{i}/version"), version, up.join(", "))
            })
        });
        // An alias means what it means now.
        settled.push(RouteRule { version: version.transpose()?, ..rule.clone() });
    }
    if settled == d.rules {
        return Ok(decision(name, Vec::new()));
    }
    let mut decision = decision(name, vec![Event::RulesSet { rules: settled }]);
    decision.reads.push(Stream::Model(d.model.clone()));
    Ok(decision)
}
