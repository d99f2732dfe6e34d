//! Which arm a caller gets.

use crate::error::Result;
use crate::ops::routing::Arm;

/// Traffic between revisions, by caller.
pub trait AbTest: Send + Sync {
    /// The revision that the requests of a key go to.
    ///
    /// Behavior:
    /// - The same key gets the same answer until traffic is moved.
    /// - Names the reason in a sentence.
    ///
    /// # Errors
    /// `not_found` for an unknown deployment, `unavailable` for one that does not serve.
    fn arm(&self, deployment: &str, key: &str) -> Result<Arm>;
}
