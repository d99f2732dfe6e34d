//! Pipelines: graphs of models and steps that deploy, answer and fail like any version.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "store-sqlite", feature = "backend-local"))]

#[path = "support/graph.rs"]
mod graph;
#[path = "pipeline/mistakes.rs"]
mod mistakes;
#[path = "pipeline/random.rs"]
mod random;
#[path = "pipeline/sentences.rs"]
mod sentences;
#[path = "pipeline/serving.rs"]
mod serving;
#[path = "pipeline/steps.rs"]
mod steps;
#[path = "pipeline/world.rs"]
mod world;
