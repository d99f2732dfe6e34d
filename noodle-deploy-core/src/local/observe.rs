//! History, events, health, metrics, routes.

use std::sync::Arc;

use super::Local;
use crate::api::{Lifecycle, Monitor};
use crate::error::{Error, Result};
use crate::event::{EventRecord, Stream};
use crate::machine::state::{Deployment, DeploymentState};
use crate::noodle::Inner;
use crate::ops::lifecycle::{HistoryInput, HistoryOutput};
use crate::ops::monitor::{
    DeploymentHealth, Health, HealthReport, MetricsReport, ModelMemory, ResourceReport, RevisionMemory, RevisionMetrics,
};
use crate::serving::revision::LiveRevision;
use crate::subscription::Subscription;

const DEFAULT_PAGE: u32 = 100;
const MAX_PAGE: u32 = 1_000;

impl Lifecycle for Local {
    fn history(&self, input: &HistoryInput) -> Result<HistoryOutput> {
        let limit = input.limit.unwrap_or(DEFAULT_PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Error::invalid("limit", limit, format!("1 to {MAX_PAGE}")));
        }
        let stream = match (&input.deployment, &input.model) {
            (Some(_), Some(_)) => return Err(Error::invalid("model", "given with deployment", "one of the two")),
            (Some(name), None) => Some((Stream::Deployment(name.clone()), "deployment", name)),
            (None, Some(name)) => Some((Stream::Model(name.clone()), "model", name)),
            (None, None) => None,
        };
        let store = self.0.control.store();
        let limit = limit as usize;
        // One more than asked for tells whether there are more.
        let mut stored = match stream {
            None => store.read(input.after, limit + 1)?,
            Some((stream, what, name)) => {
                let text = stream.to_string();
                if !self.0.control.read().streams.contains_key(&text) {
                    return Err(Error::not_found(what, name));
                }
                store.read_stream(&text, input.after, limit + 1)?
            }
        };
        let more = stored.len() > limit;
        stored.truncate(limit);
        // Read last: what a cut in between took away is not missing from this page.
        let cut = store.cut()?;
        let missing = input.after < cut.sequence && stored.first().is_none_or(|first| first.sequence > cut.sequence);
        Ok(HistoryOutput {
            events: stored.iter().map(EventRecord::from_stored).collect::<Result<_>>()?,
            more,
            cut: missing.then_some(cut),
        })
    }

    fn subscribe(&self) -> Subscription {
        self.0.control.hub.subscribe()
    }
}

impl Local {
    fn selected(&self, deployment: Option<&str>) -> Result<Vec<Deployment>> {
        let state = self.0.control.read();
        match deployment {
            Some(name) => Ok(vec![state.deployment(name)?.clone()]),
            None => Ok(state.deployments.values().filter(|d| d.state != DeploymentState::Stopped).cloned().collect()),
        }
    }

    fn health_of(&self, d: &Deployment) -> DeploymentHealth {
        let table = self.0.router.table();
        let route = table.routes.get(&d.name);
        let answers = route.is_some_and(|r| r.active.is_some());
        let lagging = route.is_some_and(|r| r.lagging);
        let ready = answers && !lagging;
        let should_answer = d.serves() || matches!(d.state, DeploymentState::Error);
        let settled = matches!(d.state, DeploymentState::Running | DeploymentState::Stopped);
        let health = match (should_answer, ready) {
            (true, false) if !answers => Health::Unhealthy,
            (true, true) if settled => Health::Healthy,
            (false, _) if settled => Health::Healthy,
            _ => Health::Degraded,
        };
        DeploymentHealth {
            deployment: d.name.clone(),
            health,
            ready,
            state: d.state,
            last_error: self.0.reconciler.load_error(&d.name).or_else(|| d.cause.clone()),
        }
    }
}

impl Monitor for Local {
    fn health(&self, deployment: Option<&str>) -> Result<HealthReport> {
        let inner = &*self.0;
        let deployments: Vec<_> = self.selected(deployment)?.iter().map(|d| self.health_of(d)).collect();
        Ok(HealthReport {
            ready: deployments.iter().all(|d| d.ready || d.state == DeploymentState::Stopped),
            leader: inner.reconciler.leads(),
            last_error: inner.reconciler.last_error(),
            deployments,
            memory_used_bytes: inner.budget.used(),
            memory_limit_bytes: limit_of(inner).map(|b| b.to_string()),
        })
    }

    fn metrics(&self, deployment: Option<&str>) -> Result<MetricsReport> {
        let of = |d: &Deployment| {
            let live = self.0.reconciler.live_of(&d.name);
            (d.name.clone(), live.iter().map(|live| metrics_here(&self.0, live)).collect())
        };
        Ok(MetricsReport { deployments: self.selected(deployment)?.iter().map(of).collect() })
    }

    fn traffic(&self, deployment: Option<&str>) -> Result<MetricsReport> {
        let of = |d: &Deployment| Ok((d.name.clone(), self.traffic_of(d)?));
        Ok(MetricsReport { deployments: self.selected(deployment)?.iter().map(of).collect::<Result<_>>()? })
    }

    fn resources(&self) -> Result<ResourceReport> {
        let inner = &*self.0;
        let of = |live: Arc<LiveRevision>| RevisionMemory {
            deployment: live.served.deployment.clone(),
            revision: live.served.revision,
            version: live.served.version.clone(),
            bytes: live.replicas.status().load.memory_bytes,
        };
        let models = ModelMemory {
            used_bytes: inner.budget.used(),
            limit_bytes: limit_of(inner),
            revisions: inner.reconciler.all_live().into_iter().map(of).collect(),
        };
        inner.resources.read(&inner.dir, models)
    }
}

/// What loaded models may hold now.
fn limit_of(inner: &Inner) -> Option<u64> {
    Some(inner.budget.limit()).filter(|limit| *limit != u64::MAX)
}

/// What this process says of a revision that is loaded.
fn metrics_here(inner: &Inner, live: &LiveRevision) -> RevisionMetrics {
    let of = &live.served;
    let requests = live.recorder.as_ref().map(|_| inner.traffic.here(&of.deployment, of.revision).metrics());
    RevisionMetrics {
        revision: live.served.revision,
        version: live.served.version.clone(),
        requests: requests.unwrap_or_default(),
        cache: live.cache.as_ref().map(|cache| cache.metrics()),
        processes: None,
        replicas: live.replicas.status().each,
        sessions: live.sessions.metrics(),
    }
}

impl Local {
    fn traffic_of(&self, d: &Deployment) -> Result<Vec<RevisionMetrics>> {
        let live = self.0.reconciler.live_of(&d.name);
        let version = |number| d.revisions.iter().find(|r| r.number == number).map(|r| r.version.clone());
        let all = self.0.traffic_of(&d.name)?.into_iter().map(|(revision, totals, processes)| {
            let here =
                live.iter().find(|live| live.served.revision == revision).map(|live| metrics_here(&self.0, live));
            let (cache, replicas, sessions) =
                here.map(|here| (here.cache, here.replicas, here.sessions)).unwrap_or_default();
            RevisionMetrics {
                revision,
                version: version(revision).unwrap_or_default(),
                requests: totals.metrics(),
                cache,
                processes: Some(processes),
                replicas,
                sessions,
            }
        });
        Ok(all.collect())
    }
}
