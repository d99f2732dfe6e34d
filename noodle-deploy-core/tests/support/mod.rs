//! What several tests share.

pub mod graph;
pub mod tiny;
