//! What a deployment that keeps answers promises, on an engine that counts its runs.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "store-sqlite", feature = "backend-local"))]

#[path = "cache/coalescing.rs"]
mod coalescing;
#[path = "cache/levels.rs"]
mod levels;
#[cfg(feature = "cache-redis")]
#[path = "cache/redis.rs"]
mod redis;
#[path = "support/mod.rs"]
mod support;
#[path = "cache/world.rs"]
mod world;

/// What another process does for a test of this program.
#[test]
#[ignore = "is run by the tests that need another process"]
fn child() {
    levels::child();
}
