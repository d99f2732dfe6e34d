//! Decisions without waiting: `decide` turns a state and a command into events, `apply` folds an event into the state.
//!
//! Nothing here reads a clock, draws a random number, waits or touches the disk.

pub mod autoscale;
pub mod cache;
pub mod command;
pub mod deployment;
pub mod evaluation;
pub mod experiment;
pub mod health;
pub mod residency;
pub mod retention;
pub mod rollout;
pub mod rules;
pub mod session;
pub mod shares;
pub mod state;
pub mod stream;
pub mod trial;
pub mod tuning;
pub mod version;

pub use command::{Command, decide};
pub use state::{State, apply};
