//! Sessions and streams: what is carried, what bounds it, and what it survives.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]

mod support;

#[path = "sessions/bounds.rs"]
mod bounds;
#[path = "sessions/carried.rs"]
mod carried;
#[path = "sessions/keys.rs"]
mod keys;
#[path = "sessions/rollouts.rs"]
mod rollouts;
#[path = "sessions/streams.rs"]
mod streams;
#[path = "sessions/world.rs"]
mod world;
