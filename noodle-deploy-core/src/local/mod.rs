//! The local implementation of the six traits, over the event log and the replicas of this process.

use std::sync::Arc;

use crate::noodle::{Inner, Life};

mod deployer;
mod directory;
mod observe;
mod versioning;

/// Implements every trait; one is made whenever a host asks for one. It keeps the directory open as a handle does.
pub(crate) struct Local(pub(crate) Arc<Inner>, #[allow(dead_code)] pub(crate) Arc<Life>);
