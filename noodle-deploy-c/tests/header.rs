//! Compares the committed header with what the source gives; `cargo xtask codegen` runs this to write it.
#![allow(clippy::disallowed_methods, reason = "a test reads its own switch")]

use std::path::Path;

#[test]
fn header_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut fresh = Vec::new();
    cbindgen::generate(root).expect("cbindgen reads the crate").write(&mut fresh);
    let path = root.join("include/noodle_deploy.h");
    if std::env::var_os("NOODLE_CODEGEN_WRITE").is_some() {
        std::fs::write(&path, &fresh).expect("the header is written");
    }
    let committed = std::fs::read(&path).unwrap_or_default();
    assert!(committed == fresh, "include/noodle_deploy.h is out of date; run `cargo xtask codegen`");
}
