//! Cargo resolves build dependencies only of packages with a build script.

#![allow(clippy::disallowed_macros, reason = "a build script speaks to cargo so")]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
