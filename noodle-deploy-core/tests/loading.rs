//! Many models in little memory: loaded by the first request, unloaded to make room or when idle.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]

mod support;

#[path = "loading/changes.rs"]
mod changes;
#[path = "loading/many.rs"]
mod many;
#[path = "loading/requests.rs"]
mod requests;
#[path = "loading/world.rs"]
mod world;
