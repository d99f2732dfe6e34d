//! How things fare.

use crate::error::Result;
use crate::ops::monitor::{GetMetricsInput, HealthReport, MetricsReport};

/// Health and metrics of this process.
pub trait Monitor: Send + Sync {
    /// Readiness and last errors.
    ///
    /// Behavior:
    /// - `ready` is true when every deployment that should run answers here with the desired revision.
    ///
    /// # Errors
    /// `not_found` for an unknown deployment.
    fn health(&self, deployment: Option<&str>) -> Result<HealthReport>;

    /// Requests, errors and latencies of revisions.
    ///
    /// Behavior:
    /// - Without a scope: the revisions that are loaded in this process.
    /// - With `directory`: what all processes counted, those that are gone too.
    ///
    /// # Errors
    /// `not_found` for an unknown deployment.
    fn metrics(&self, input: &GetMetricsInput) -> Result<MetricsReport>;
}
