//! How things fare.

use crate::error::Result;
use crate::ops::monitor::{HealthReport, MetricsReport, ResourceReport};

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

    /// Requests, errors and latencies of loaded revisions.
    ///
    /// # Errors
    /// `not_found` for an unknown deployment.
    fn metrics(&self, deployment: Option<&str>) -> Result<MetricsReport>;

    /// What all processes counted.
    ///
    /// Behavior:
    /// - This process counts up to now, another one up to its last heartbeat.
    /// - Processes that are gone count, for the last revisions.
    ///
    /// # Errors
    /// `not_found` for an unknown deployment.
    fn traffic(&self, deployment: Option<&str>) -> Result<MetricsReport>;

    /// What this process and its machine use.
    ///
    /// Behavior:
    /// - What the platform does not tell is absent.
    /// - Percentages are over the time since the reading before; the first one has none.
    ///
    /// # Errors
    /// `unsupported` on a system whose readings are not known.
    fn resources(&self) -> Result<ResourceReport>;
}
