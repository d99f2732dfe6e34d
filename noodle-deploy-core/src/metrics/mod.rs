//! What requests cost, at a price that nobody notices.

pub mod answers;
pub mod differences;
pub mod histogram;
pub mod outcomes;
pub mod recorder;
pub mod resources;
pub mod segments;
pub mod spent;
pub mod totals;
