//! Cargo resolves build dependencies only of packages with a build script.

#![allow(clippy::disallowed_macros, reason = "cargo reads what a build script prints")]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
