//! The replays that this process has under way, while it decides: each is judged by what has run here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Millis;
use crate::error::Result;
use crate::machine::rollout::replay::ReplayFindings;
use crate::machine::rollout::{Rollout, RolloutPhase, Seen};
use crate::noodle::Inner;
use crate::serving::replay::Replay;

/// By deployment.
#[derive(Default)]
pub(crate) struct Replays(Mutex<BTreeMap<String, UnderWay>>);

/// What a replay is of: candidate, step, and when it began or somebody let it go on.
type Of = (u32, u32, Millis);

struct UnderWay {
    of: Of,
    replay: Arc<Replay>,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.replay.stop();
    }
}

fn of(rollout: &Rollout) -> Of {
    (rollout.candidate, rollout.step, rollout.since)
}

impl Replays {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, UnderWay>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a deployment's replay has shown.
    pub(crate) fn seen(&self, deployment: &str) -> Seen {
        self.lock().get(deployment).map(|under_way| under_way.replay.seen()).unwrap_or_default()
    }

    /// Stops those that no rollout asks for any more.
    pub(crate) fn retain(&self, rollouts: &[(String, Rollout)]) {
        let asks = |rollout: &Rollout| rollout.replay().is_some() && rollout.phase == RolloutPhase::Analysing;
        self.lock().retain(|name, under_way| {
            rollouts.iter().any(|(known, rollout)| known == name && asks(rollout) && of(rollout) == under_way.of)
        });
    }

    /// Stops all: another process decides.
    pub(crate) fn stop(&self) {
        self.lock().clear();
    }
}

impl Inner {
    /// Sees to it that the recorded requests of a step run, and says how far they are; none while a revision is missing
    /// here.
    pub(crate) fn replay(&self, name: &str, rollout: &Rollout) -> Result<Option<ReplayFindings>> {
        let asked = self.control.read().deployments.get(name).and_then(|d| d.replayed()).map(of);
        let live = |revision| self.reconciler.live(name, revision);
        let Some((candidate, baseline)) = live(rollout.candidate).zip(live(rollout.baseline)) else { return Ok(None) };
        let (Some(requests), true) = (rollout.replay(), asked == Some(of(rollout))) else { return Ok(None) };
        self.shadow.start()?;
        let mut replays = self.replays.lock();
        if replays.get(name).is_none_or(|under_way| under_way.of != of(rollout)) {
            let recorded = self.recordings.of(name).into_iter().take(requests as usize).collect();
            let tolerance = rollout.canary.analysis().tolerance;
            let replay = Arc::new(Replay::new(self.shadow.clone(), self.clock.clone(), recorded, tolerance));
            replays.insert(name.to_owned(), UnderWay { of: of(rollout), replay });
        }
        Ok(replays.get(name).map(|under_way| {
            under_way.replay.go_on(candidate, baseline);
            under_way.replay.far()
        }))
    }
}
