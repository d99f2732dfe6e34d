//! The local implementation of the six traits, over the event log and the replicas of this process.

use std::sync::Arc;

use crate::noodle::Handle;

mod aside;
mod benchmark;
mod deployer;
mod directory;
mod evaluate;
mod experiment;
mod labels;
mod observe;
mod outcomes;
mod partial;
mod rollout;
mod routing;
mod tune;
mod versioning;

/// Implements every trait; one is made whenever a host asks for one.
pub(crate) struct Local(pub(crate) Arc<Handle>);
