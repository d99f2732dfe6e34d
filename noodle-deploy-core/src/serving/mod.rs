//! The data plane: which revision answers, on which replica, and what it cost. It never waits for the control plane.

pub mod batch;
pub(crate) mod cache;
pub(crate) mod detached;
pub(crate) mod journal;
pub(crate) mod mirror;
pub mod predict;
pub mod priority;
pub(crate) mod recorded;
pub(crate) mod recording;
pub(crate) mod replay;
pub mod residency;
pub(crate) mod revision;
pub(crate) mod router;
pub(crate) mod segmenting;
pub(crate) mod session;
pub(crate) mod shadow;
pub mod split;
pub mod submitted;
pub(crate) mod taken;
pub mod ticket;
pub(crate) mod workers;
