//! Which classes would have been right, as the host says it later.

use super::Local;
use super::outcomes::{Taken, check_count};
use crate::error::Result;
use crate::machine::experiment;
use crate::machine::rollout::under_way;
use crate::metrics::outcomes::When;
use crate::ops::routing::{RecordLabelsInput, RecordedLabels};

/// The outcome that labels become.
const ACCURACY: &str = "accuracy";

impl Local {
    /// Takes in which classes would have been right.
    pub(super) fn take_labels(&self, input: &RecordLabelsInput) -> Result<RecordedLabels> {
        let RecordLabelsInput { deployment, labels } = input;
        check_count("labels", labels.len())?;
        let open = {
            let state = self.0.control.read();
            let d = state.deployment(deployment)?;
            let open = under_way(d).map(Taken::by_rollout);
            let open = open.or_else(|_| experiment::of(d).map(Taken::by_experiment)).ok();
            open.filter(|taken| taken.when == Some(When::During) && taken.names.iter().any(|name| name == ACCURACY))
        };
        let mut done = RecordedLabels { known: 0, right: 0, recorded: 0, unknown: 0 };
        for label in labels {
            let (entry, _) = self.0.journal.find(deployment, &label.request_id, self.0.clock.now());
            let Some((entry, found)) = entry.and_then(|entry| entry.label.clone().map(|found| (entry, found))) else {
                done.unknown += 1;
                continue;
            };
            if !self.0.journal.label(deployment, &label.request_id) {
                done.unknown += 1;
                continue;
            }
            let right = found == label.label;
            done.known += 1;
            done.right += u32::from(right);
            let revision = entry.served.revision;
            if let Some((trial, group)) = entry.trial
                && open.as_ref().is_some_and(|taken| taken.arm(revision, trial).is_some())
            {
                let recorder = self.0.traffic.recorder(deployment, revision, Some(trial));
                recorder.outcome(ACCURACY, group, f64::from(u8::from(right)), When::During);
                done.recorded += 1;
            }
        }
        Ok(done)
    }
}
