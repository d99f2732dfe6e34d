//! What every store promises, run over each of them.

#[path = "behavior_store/support.rs"]
mod support;

#[path = "behavior_store/appends.rs"]
mod appends;
