//! Dynamic batching: requests that wait anyway run together.
//!
//! A request that finds a replica free runs at once, on its caller's thread, as without batching. One that does not is
//! queued; threads of the batcher, one per replica, take what has gathered whenever a replica is free. What runs
//! together is decided in [`queue`] and [`curve`], which are pure; [`batcher`] waits and runs.

mod batcher;
mod config;
mod curve;
mod queue;
mod tensors;

pub(crate) use batcher::Batcher;
pub use batcher::{BatchStatus, SizeStatus};
pub(crate) use config::batch_axis;
pub use config::{BatchConfig, Padding};
