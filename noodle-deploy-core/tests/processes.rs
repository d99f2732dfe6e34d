//! Several processes on one directory, and several threads in one process, while versions change under them.
//!
//! `NOODLE_PROCESSES_SECONDS` says for how long the processes predict.
#![cfg(all(feature = "engine-tract", feature = "store-sqlite", feature = "backend-local"))]
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

mod processes {
    mod autoscaling;
    pub mod fleet;
    pub mod lease;
    pub mod load;
    pub mod orphans;
    mod retention;
    pub mod traffic;
    pub mod world;
}
mod support;

/// What `NOODLE_PROCESSES_CHILD` says; else nothing.
#[test]
fn child() {
    processes::world::child();
}
