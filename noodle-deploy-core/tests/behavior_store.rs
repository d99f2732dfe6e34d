//! What every store promises, run over each of them, and what the one in a file promises beyond.

mod behavior_store {
    pub mod support;

    mod appends;
    mod coordination;
    mod model;
    mod tampering;

    #[cfg(feature = "store-sqlite")]
    mod files;
    #[cfg(feature = "store-sqlite")]
    mod formats;
    #[cfg(feature = "store-sqlite")]
    mod processes;
}
