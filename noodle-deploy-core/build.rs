//! Warns an application that compiles this crate without optimisation: predictions would be many times slower.

#![allow(clippy::disallowed_macros, clippy::disallowed_methods, reason = "a build script speaks to cargo so")]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("OPT_LEVEL").is_ok_and(|level| level == "0") {
        println!(
            "cargo::warning=compiled without optimisation, so predictions are many times slower; put these lines into \
             the Cargo.toml of your workspace: [profile.dev.package.\"*\"] opt-level = 3; debug = false; \
             debug-assertions = false; overflow-checks = false (each setting on a line of its own)"
        );
    }
}
