//! What each process says of its replicas, and whether those of a step are up everywhere.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::machine::rollout::{ReplicaCounts, Rollout};
use crate::noodle::Inner;

/// What a process says of itself with its heartbeat, as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Observed {
    /// Replicas of each loaded revision, by deployment and number.
    replicas: BTreeMap<String, BTreeMap<u32, u32>>,
}

impl Observed {
    /// Whether a process that serves a rollout's baseline has come to the counts of a step. One that serves nothing of the
    /// deployment has nothing to replace.
    fn has_come_to(&self, deployment: &str, rollout: &Rollout, counts: ReplicaCounts) -> bool {
        let Some(of) = self.replicas.get(deployment) else { return true };
        let Some(baseline) = of.get(&rollout.baseline) else { return true };
        let candidate = of.get(&rollout.candidate).copied().unwrap_or_default();
        candidate >= counts.candidate && *baseline <= counts.baseline
    }
}

impl Inner {
    /// What this process has loaded.
    pub(super) fn observe(&self) -> Observed {
        let mut replicas: BTreeMap<String, BTreeMap<u32, u32>> = BTreeMap::new();
        for live in self.reconciler.all_live() {
            let of = replicas.entry(live.served.deployment.clone()).or_default();
            let status = live.replicas.status();
            let unloaded = status.residency.is_some_and(|residency| !residency.loaded);
            // What is loaded on demand comes with as many as it should have.
            let wanted = || {
                let state = self.control.read();
                state.deployments.get(&live.served.deployment).map(|d| d.replicas_of(live.served.revision))
            };
            of.insert(live.served.revision, if unloaded { wanted().unwrap_or_default() } else { status.replicas });
        }
        Observed { replicas }
    }

    /// Whether every process that serves a rollout's baseline has the replicas of its step.
    pub(crate) fn replicas_are_up(&self, deployment: &str, rollout: &Rollout, counts: ReplicaCounts) -> Result<bool> {
        let here = self.observe();
        let mut all = here.has_come_to(deployment, rollout, counts);
        // One that says nothing that can be read is another release, and is not waited for.
        let parse = |text: &str| serde_json::from_str::<Observed>(text).unwrap_or_default();
        for instance in self.control.store().instances()? {
            let own = self.presence.as_ref().is_some_and(|presence| presence.id() == instance.id);
            all &= own || parse(&instance.observed).has_come_to(deployment, rollout, counts);
        }
        Ok(all)
    }
}
