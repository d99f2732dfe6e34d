//! Tests of the Node surface.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::need;
use crate::report::Skip;
use crate::run::{self, Result};
use crate::{models, tree};

/// The package manager of Node.
pub(crate) const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// Builds the TypeScript sources beside the add-on that cargo built, and runs tests and examples.
pub(crate) fn test() -> Result<(), Skip> {
    need("node")?;
    need(NPM)?;
    let package = package();
    run::copy(&tree::built(&tree::shared_library("noodle_deploy_node"))?, &package.join("noodle_deploy.node"))?;
    sources()?;
    // Types are part of the surface: a program that uses all of them has to compile in both module formats.
    run::run(node(&package).args(["node_modules/typescript/bin/tsc", "--project", "test/types"]))?;
    run::run(node(&package).arg("--test").args(files(&package.join("test"), ".test.js")?))?;
    let examples = run::root().join("examples/node");
    // A link to the package; it has no dependencies of its own, so that nothing is fetched.
    run::run(npm(&examples).args(["install", "--ignore-scripts", "--offline"]))?;
    for example in files(&examples, ".mjs")? {
        run::run(models::known_to(node(run::root()).arg(example)))?;
    }
    Ok(extension()?)
}

/// Compiles the extension of VS Code, and tests it outside of the editor.
fn extension() -> Result {
    let dir = run::root().join("examples/node/vscode-extension");
    run::run(npm(&dir).args(["ci", "--ignore-scripts", "--prefer-offline"]))?;
    run::run(node(&dir).arg("scripts/build.mjs"))?;
    run::run(node(&dir).arg("--test").args(files(&dir.join("test"), ".test.js")?))
}

/// Packs the extension with the library of a tarball.
pub(crate) fn pack_extension(tarball: &Path) -> Result {
    extension()?;
    let dir = run::root().join("examples/node/vscode-extension");
    run::run(node(&dir).arg("scripts/package.mjs").arg(tarball))
}

/// Public names of the package: functions and classes as they are, members as `Class.member`, those
/// with options as `Class.member(options)` too, kinds of errors as `error KIND`. The package is as [`test`] left it.
pub(crate) fn names() -> Result<BTreeSet<String>, Skip> {
    need("node")?;
    const ASK: &str = "\
const library = require('.');
for (const [name, value] of Object.entries(library)) {
  console.log(name);
  for (let it = value.prototype; it && it !== Object.prototype; it = Object.getPrototypeOf(it))
    for (const [member, { value }] of Object.entries(Object.getOwnPropertyDescriptors(it))) {
      console.log(`${name}.${member}`);
      if (/^\\w+\\([^)]*\\boptions\\)/.test(value)) console.log(`${name}.${member}(options)`);
    }
  for (const [, field] of String(value).matchAll(/^ +(\\w+)(;| = )/gm)) console.log(`${name}.${field}`);
}
for (const { kind } of library.ERROR_KINDS) console.log(`error ${kind}`);
";
    Ok(run::output(node(&package()).args(["-e", ASK]))?.lines().map(str::to_owned).collect())
}

/// Compiles the TypeScript sources to `dist`.
pub(crate) fn sources() -> Result {
    let package = package();
    run::run(npm(&package).args(["ci", "--ignore-scripts", "--prefer-offline"]))?;
    run::run(node(&package).args(["scripts/build.mjs", "--no-addon"]))
}

fn package() -> PathBuf {
    run::root().join("noodle-deploy-node")
}

fn node(dir: &Path) -> Command {
    let mut command = Command::new("node");
    command.current_dir(dir);
    command
}

/// npm, which keeps what it fetches in the cache directory.
fn npm(dir: &Path) -> Command {
    let mut command = Command::new(NPM);
    command.current_dir(dir).env("npm_config_cache", run::cache().join("npm"));
    command.env("npm_config_audit", "false").env("npm_config_fund", "false");
    command
}

/// Files of a directory by the end of their names.
fn files(dir: &Path, end: &str) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(end))
        .collect();
    files.sort();
    Ok(files)
}
