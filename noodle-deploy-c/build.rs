//! Names the shared library as the loader looks it up: with the number of its binary interface.

#![allow(clippy::disallowed_macros, clippy::disallowed_methods, reason = "a build script speaks to cargo so")]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libnoodle_deploy.so.1");
    }
}
