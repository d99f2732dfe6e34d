//! What a directory is worth after its process was killed, met a failing disk, or lost power; and what its log shows of
//! an attack.
//!
//! `cargo xtask crash` kills a thousand times (`NOODLE_CRASH_ITERATIONS`), `cargo xtask faults` fails every file
//! operation. `NOODLE_CRASH_SEED` repeats a run's choices; the instants of the kills are the machine's.
#![cfg(all(feature = "engine-tract", feature = "store-sqlite", feature = "backend-local"))]
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

mod crash {
    pub mod attack;
    pub mod child;
    pub mod faults;
    pub mod journal;
    pub mod judge;
    pub mod kill;
    pub mod work;
}
#[path = "machines/invariants.rs"]
mod invariants;
mod support;

/// Works in the directory that `NOODLE_CRASH_CHILD` names until it is done or killed; else does nothing.
#[test]
fn child() {
    crash::child::main();
}

/// Judges the directory that `NOODLE_CRASH_VERIFY` names by what the child printed to `NOODLE_CRASH_OUT`; else does
/// nothing.
#[test]
fn verify() {
    let Some(root) = std::env::var_os("NOODLE_CRASH_VERIFY") else { return };
    let printed = std::env::var_os("NOODLE_CRASH_OUT").expect("NOODLE_CRASH_OUT names what the child printed");
    let journal = crash::journal::Journal::read(printed.as_ref()).unwrap();
    crash::judge::judge(root.as_ref(), &journal).unwrap();
}
