//! Where requests go, and where they went.

use super::Local;
use crate::control::CallContext;
use crate::error::{Error, ErrorKind, Result};
use crate::machine::Command;
use crate::machine::shares::WHOLE;
use crate::machine::state::Deployment;
use crate::machine::trial::Division;
use crate::ops::routing::{Arm, ExplainRequestInput, ExplainRouteInput, RequestView, RulesView, SetRulesInput};
use crate::serving::revision::Served;
use crate::serving::router::Wanted;
use crate::serving::split::Placing;

fn undivided(revision: u32, deployment: &str, key: &str) -> String {
    format!("revision {revision} serves every key of {deployment}, {key:?} among them: no traffic is split")
}

fn divided(revision: u32, key: &str, point: u32, weight: u32) -> String {
    format!("{key:?} lies at {point} of {WHOLE}, one of the {weight} points of revision {revision}")
}

fn ruled(revision: u32, number: usize) -> String {
    format!("rule {number} sends such requests to revision {revision}")
}

/// Who answers a key by what the log says.
fn arm_of(d: &Deployment, key: &str, attributes: &[(String, String)]) -> Result<Arm> {
    let by_rule = || {
        let mut about = d.rules.iter().enumerate().filter(|(_, rule)| rule.is_about(attributes));
        about.find_map(|(number, rule)| rule.revision(d).map(|of| (of, WHOLE, ruled(of, number))))
    };
    let by_share = || {
        let Division { arms, shares, salt } = d.division()?;
        let point = Placing::new(salt).of(key.as_bytes()).point;
        let arm = shares.arm(point)?;
        let (of, _) = *arms.get(arm as usize)?;
        Some((of, shares.weight(arm), divided(of, key, point, shares.weight(arm))))
    };
    let serving = || -> Result<_> {
        let of = d.active.filter(|_| d.serves()).ok_or_else(|| {
            Error::new(ErrorKind::Unavailable, "the deployment did not serve then").with("deployment", &d.name)
        })?;
        Ok((of, WHOLE, undivided(of, &d.name, key)))
    };
    let (revision, weight, reason) = match Some(()).filter(|()| d.serves()).and_then(|()| by_rule().or_else(by_share)) {
        Some(found) => found,
        None => serving()?,
    };
    let version = d.revision(revision).map(|of| of.version.clone()).unwrap_or_default();
    Ok(Arm { deployment: d.name.clone(), revision, version, weight, reason })
}

impl Local {
    pub(super) fn explain_route(&self, input: &ExplainRouteInput) -> Result<Arm> {
        let ExplainRouteInput { deployment, key, attributes, at } = input;
        let attributes: Vec<(String, String)> = attributes.iter().map(|(n, v)| (n.clone(), v.clone())).collect();
        if let Some(at) = at {
            let state = self.0.control.state_at(*at)?;
            return arm_of(state.deployment(deployment)?, key, &attributes);
        }
        let table = self.0.router.table();
        let wanted = Wanted { version: None, key: Some(key), attributes: &attributes };
        let live = self.0.router.look(deployment, wanted)?;
        let Served { revision, version, .. } = &*live.served;
        let route = table.routes.get(deployment);
        let rule = route.and_then(|route| route.rule(&attributes));
        let (weight, reason) = match (rule, route.and_then(|route| route.split.as_ref())) {
            (Some(rule), _) => (WHOLE, ruled(*revision, rule.number)),
            (None, None) => (WHOLE, undivided(*revision, deployment, key)),
            (None, Some(split)) => {
                let (point, weight) = split.explain(key);
                (weight, divided(*revision, key, point, weight))
            }
        };
        Ok(Arm { deployment: deployment.clone(), revision: *revision, version: version.clone(), weight, reason })
    }

    pub(super) fn put_rules(&self, context: &CallContext, input: SetRulesInput) -> Result<RulesView> {
        let inner = &*self.0;
        inner.control.catch_up()?;
        let SetRulesInput { deployment, rules } = input;
        let command = Command::SetRules { deployment: deployment.clone(), rules };
        inner.control.execute(context, &command, None)?;
        // What they name is loaded before this returns, as far as it can be.
        inner.settle(&deployment, &context.progress);
        let rules = inner.control.read().deployment(&deployment)?.rules.clone();
        Ok(RulesView { deployment, rules })
    }

    pub(super) fn explain_request(&self, input: &ExplainRequestInput) -> Result<RequestView> {
        let ExplainRequestInput { deployment, request_id } = input;
        let inner = &*self.0;
        inner.control.read().deployment(deployment)?;
        let (entry, since) = inner.journal.find(deployment, request_id, inner.clock.now());
        let unknown = || {
            let since = since.map_or_else(|| "nothing is remembered".to_owned(), |since| since.to_string());
            Error::not_found("request", request_id).with("deployment", deployment).with("since", since)
        };
        let entry = entry.ok_or_else(unknown)?;
        Ok(RequestView {
            deployment: deployment.clone(),
            request_id: request_id.clone(),
            at: entry.at,
            revision: entry.served.revision,
            version: entry.served.version.clone(),
            error: entry.error.map(|kind| kind.name().to_owned()),
            label: entry.label,
        })
    }
}
