//! The routing table: one atomic pointer to an immutable map.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::revision::LiveRevision;
use super::split::Split;
use crate::error::{Error, ErrorKind, Result};
use crate::machine::rules::RouteRule;
use crate::machine::trial::Trial;

/// What a request says of who is to answer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'a> {
    /// A version or an alias; none: the revision that serves, or the one that is tried beside it.
    pub(crate) version: Option<&'a str>,
    /// What decides between the two.
    pub(crate) key: Option<&'a str>,
    /// What it says of itself.
    pub(crate) attributes: &'a [(String, String)],
}

/// A rule whose revision is loaded.
pub(crate) struct LiveRule {
    /// Its number among the rules, from 0.
    pub(crate) number: usize,
    pub(crate) rule: RouteRule,
    pub(crate) to: Arc<LiveRevision>,
}

/// What requests to one deployment find.
pub(crate) struct Route {
    /// The revision that answers; none while nothing can.
    pub(crate) active: Option<Arc<LiveRevision>>,
    /// How requests are divided between it and others.
    pub(crate) split: Option<Arc<Split>>,
    /// Where requests go by what they say of themselves.
    pub(crate) rules: Vec<LiveRule>,
    /// Every loaded revision, newest first: what a request may pin.
    pub(crate) loaded: Vec<Arc<LiveRevision>>,
    /// Loaded for the sessions that are open on them, and for nothing else.
    pub(crate) held: Vec<Arc<LiveRevision>>,
    /// The model's aliases.
    pub(crate) aliases: BTreeMap<String, String>,
    /// Why nothing answers.
    pub(crate) unavailable: String,
    /// This process still serves an older revision than the one desired.
    pub(crate) lagging: bool,
}

impl Route {
    /// The first rule that is about a request.
    pub(crate) fn rule(&self, attributes: &[(String, String)]) -> Option<&LiveRule> {
        // Most requests say nothing, and most deployments have no rules.
        if attributes.is_empty() {
            return None;
        }
        self.rules.iter().find(|live| live.rule.is_about(attributes))
    }

    /// The revision that answers, and the group of the caller where the requests are divided.
    fn choose(&self, wanted: Wanted<'_>) -> Result<(&Arc<LiveRevision>, Option<usize>)> {
        let unavailable =
            || Error::new(ErrorKind::Unavailable, "the deployment does not serve").with("cause", &self.unavailable);
        let Some(version) = wanted.version else {
            if let Some(rule) = self.rule(wanted.attributes) {
                return Ok((&rule.to, None));
            }
            if let Some((arm, group)) = self.split.as_ref().and_then(|split| split.pick(wanted.key)) {
                return Ok((arm, Some(group)));
            }
            return self.active.as_ref().map(|active| (active, None)).ok_or_else(unavailable);
        };
        let number = self.aliases.get(version).map_or(version, String::as_str);
        let found = match &self.active {
            Some(active) if active.served.version == number => Some(active),
            Some(_) => self.loaded.iter().find(|r| r.served.version == number),
            None => return Err(unavailable()),
        };
        found.map(|found| (found, None)).ok_or_else(|| {
            let loaded = self.loaded.iter().map(|r| r.served.version.as_str()).collect::<Vec<_>>().join(", ");
            Error::not_found("version", version).with("loaded", loaded)
        })
    }
}

/// Who answers a request.
pub(crate) struct Picked {
    pub(crate) revision: Arc<LiveRevision>,
    /// Its caller's group, where the requests are divided.
    pub(crate) group: Option<usize>,
    /// Whether it counts.
    pub(crate) taken: bool,
}

#[derive(Default)]
pub(crate) struct Table {
    pub(crate) routes: HashMap<String, Route>,
}

#[derive(Default)]
pub(crate) struct Router {
    table: ArcSwap<Table>,
}

impl Router {
    /// The revision that answers a request, which counts. The table is let go before the request runs.
    pub(crate) fn pick(&self, deployment: &str, wanted: Wanted<'_>) -> Result<Picked> {
        self.pick_if(deployment, wanted, |_| true)
    }

    /// The revision that would answer.
    pub(crate) fn look(&self, deployment: &str, wanted: Wanted<'_>) -> Result<Arc<LiveRevision>> {
        self.pick_if(deployment, wanted, |_| false).map(|picked| picked.revision)
    }

    /// The revision that answers a request, which counts if the revision is one that takes it now.
    pub(crate) fn pick_if(
        &self,
        deployment: &str,
        wanted: Wanted<'_>,
        takes: impl FnOnce(&LiveRevision) -> bool,
    ) -> Result<Picked> {
        let table = self.table.load();
        let route = table.routes.get(deployment).ok_or_else(|| Error::not_found("deployment", deployment))?;
        let (revision, group) = route.choose(wanted).map_err(|e| e.with("deployment", deployment))?;
        let taken = takes(revision);
        if let Some(group) = group.filter(|_| taken) {
            revision.expose(group);
        }
        Ok(Picked { revision: revision.clone(), group, taken })
    }

    /// A revision that is loaded, whether or not a request may pin it: what a session goes on with. As long as that which the
    /// session is a part of goes on, it is counted there.
    pub(crate) fn loaded(&self, deployment: &str, revision: u32, trial: Option<Trial>) -> Option<Arc<LiveRevision>> {
        let table = self.table.load();
        let route = table.routes.get(deployment)?;
        if let Some(arm) = trial.and_then(|trial| route.split.as_ref()?.arm(revision, trial)) {
            return Some(arm.clone());
        }
        let all = route.active.iter().chain(&route.loaded).chain(&route.held);
        all.into_iter().find(|live| live.served.revision == revision).cloned()
    }

    pub(crate) fn table(&self) -> Arc<Table> {
        self.table.load_full()
    }

    /// Publishes a table and returns the one before.
    pub(crate) fn publish(&self, table: Table) -> Arc<Table> {
        self.table.swap(Arc::new(table))
    }
}
