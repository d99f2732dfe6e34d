//! What happened and what happens.

use crate::error::Result;
use crate::ops::lifecycle::{HistoryInput, HistoryOutput};
use crate::subscription::Subscription;

/// History and events.
pub trait Lifecycle: Send + Sync {
    /// Reads the history, oldest first.
    ///
    /// Behavior:
    /// - Complete: every change with cause, actor and time.
    ///
    /// # Errors
    /// `invalid_argument` for a limit out of range or both filters at once.
    fn history(&self, input: &HistoryInput) -> Result<HistoryOutput>;

    /// Subscribes to events from now on, those of other processes too.
    ///
    /// Behavior:
    /// - Bounded: who pulls too slowly gets `Lagged(n)` and goes on from there.
    fn subscribe(&self) -> Subscription;
}
