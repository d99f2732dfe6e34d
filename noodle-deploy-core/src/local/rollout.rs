//! Rollouts, as somebody moves them.

use super::Local;
use crate::control::CallContext;
use crate::error::Result;
use crate::machine::Command;
use crate::machine::rollout::{Grounds, Move};
use crate::ops::rollout::{RolloutInput, RolloutView};

impl Local {
    pub(super) fn rollout_view(&self, deployment: &str) -> Result<RolloutView> {
        let rollout = self.0.control.read().deployment(deployment)?.rollout.as_deref().cloned();
        let last = rollout.as_ref().and_then(|rollout| self.0.judging.last(deployment, rollout));
        let (findings, recording) = (last.map(|(_, findings)| findings), self.0.recordings.view(deployment));
        Ok(RolloutView { deployment: deployment.to_owned(), rollout, findings, recording })
    }

    pub(super) fn move_rollout(
        &self,
        context: &CallContext,
        input: RolloutInput,
        moved: Move,
        said: &str,
    ) -> Result<RolloutView> {
        let inner = &*self.0;
        inner.control.catch_up()?;
        let deployment = input.deployment;
        let reason = input.reason.unwrap_or_else(|| format!("{} {said}", context.actor));
        // What is shown by now goes along, whatever is decided.
        let rollout = inner.control.read().deployment(&deployment)?.rollout.clone();
        let last = rollout.and_then(|rollout| inner.judging.last(&deployment, &rollout)).unzip();
        let grounds = Box::new(Grounds { reason, evidence: last.0, findings: last.1 });
        let command = Command::Rollout { deployment: deployment.clone(), of: None, moved, grounds };
        let done = inner.control.execute(context, &command, None);
        inner.settle(&deployment, &context.progress);
        done?;
        self.rollout_view(&deployment)
    }
}
