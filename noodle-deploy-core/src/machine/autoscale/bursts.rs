//! Demand that rises faster than replicas start, and comes back.
//!
//! Reacting cannot meet such a rise in time, so what it needed is kept where it was seen to return soon. A first burst
//! costs nothing extra, nor do bursts that are further apart than capacity is kept. (The idea is that of keep-alive by a
//! histogram of idle times: Shahrad et al., *Serverless in the Wild*, 2020.)

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::policy::AutoscalePolicy;

/// Bursts that are remembered.
const MOST: usize = 8;
/// Time kept beyond the longest gap that was seen.
const ROOM: f64 = 1.25;

/// The last bursts, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct Bursts(Vec<Burst>);

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Burst {
    at_ms: u64,
    peak: u32,
}

/// What is kept for the next burst.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    pub replicas: u32,
    /// The longest of the gaps that returned soon.
    pub gap_ms: u64,
    pub left_ms: u64,
}

impl Bursts {
    /// Takes a need in; `before` is the least need of the time in which a replica starts, `span_ms`.
    pub fn observe(&mut self, policy: &AutoscalePolicy, now_ms: u64, need: u32, before: u32, span_ms: u64) {
        let sudden = f64::from(need) >= policy.panic_threshold * f64::from(before.max(1));
        match self.0.last_mut() {
            Some(last) if now_ms.saturating_sub(last.at_ms) <= span_ms.max(policy.panic_window_ms) => {
                last.peak = last.peak.max(need);
            }
            _ if sudden => {
                self.0.push(Burst { at_ms: now_ms, peak: need });
                self.0.drain(..self.0.len().saturating_sub(MOST));
            }
            _ => {}
        }
    }

    /// What is kept now, if bursts return soon more often than not.
    pub fn kept(&self, policy: &AutoscalePolicy, now_ms: u64) -> Option<Kept> {
        let gaps: Vec<u64> = self.0.windows(2).map(|pair| pair[1].at_ms.saturating_sub(pair[0].at_ms)).collect();
        let soon = || gaps.iter().copied().filter(|gap| *gap <= policy.burst_hold_ms);
        if soon().count() * 2 <= gaps.len() {
            return None;
        }
        let gap_ms = soon().max()?;
        let hold_ms = ((gap_ms as f64 * ROOM) as u64).min(policy.burst_hold_ms);
        let left_ms = hold_ms.saturating_sub(now_ms.saturating_sub(self.0.last()?.at_ms));
        // The upper quartile: a usual burst, not the worst.
        let mut peaks: Vec<u32> = self.0.iter().map(|burst| burst.peak).collect();
        peaks.sort_unstable();
        let replicas = peaks[peaks.len() * 3 / 4];
        (left_ms > 0).then_some(Kept { replicas, gap_ms, left_ms })
    }
}
