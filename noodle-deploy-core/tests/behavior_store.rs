//! What every store promises, run over each of them, and what the one in a file promises beyond.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]

mod behavior_store {
    pub mod support;

    mod appends;
    mod coordination;
    mod cuts;
    mod model;
    mod tampering;
    mod traffic;

    #[cfg(feature = "store-sqlite")]
    mod cache;
    #[cfg(feature = "store-sqlite")]
    mod files;
    #[cfg(feature = "store-sqlite")]
    mod formats;
    #[cfg(feature = "store-sqlite")]
    mod processes;
}
