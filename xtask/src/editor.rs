//! `cargo xtask test editor`: the extension of VS Code, used in a real editor.

use std::process::Command;

use crate::report::Skip;
use crate::run::{self, Result};
use crate::{bindings, package};

/// Packs the extension, installs an editor in the cache directory, and uses both in a browser.
pub(crate) fn test() -> Result<(), Skip> {
    for program in ["node", bindings::NPM] {
        bindings::need(program)?;
    }
    if !["chromium", "chromium-browser"].into_iter().any(run::has) {
        return Err(Skip::Missing("chromium is not installed".to_owned()));
    }
    package::node("dev")?;
    let (dir, editor) = (run::root().join("examples/node/vscode-extension"), run::cache().join("editor"));
    let node = |args: &[&str]| {
        let mut command = Command::new("node");
        command.args(args).current_dir(&dir).env("npm_config_cache", run::cache().join("npm"));
        command
    };
    run::run(node(&["scripts/editor.mjs"]).arg(&editor)).map_err(Skip::Missing)?;
    Ok(run::run(node(&["--test", "test/editor/editor.test.js"]).env("NOODLE_EDITOR", &editor))?)
}
