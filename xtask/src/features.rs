//! Checks the core with no feature, each one alone, and all; and that a build of one surface selects the features that a
//! build of the workspace selects.

use std::collections::BTreeSet;

use crate::run::{self, Result};
use crate::tree;

/// The surfaces, each of which is also built alone, by its language's packager.
const SURFACES: [&str; 3] = ["noodle-deploy-py", "noodle-deploy-node", "noodle-deploy-c"];

/// That no surface alone selects other features of a dependency than the workspace does. ADR 0013.
pub(crate) fn unified() -> Result {
    let workspace = resolved(&["--workspace", "--edges", "normal,build,dev"])?;
    let mut wrong = Vec::new();
    for surface in SURFACES {
        let alone = resolved(&["--package", surface, "--edges", "normal,build"])?;
        let strays = alone.difference(&workspace).filter(|line| !line.starts_with("noodle-deploy-core "));
        wrong.extend(strays.map(|line| format!("{surface}: {line}")));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!(
        "add the missing features to xtask/unify/Cargo.toml; selected for one surface alone:\n{}",
        wrong.join("\n")
    ))
}

/// Packages with the features that cargo selects.
fn resolved(selection: &[&str]) -> Result<BTreeSet<String>> {
    let mut command = run::cargo("tree");
    command.args(["--all-features", "--prefix", "none", "--no-dedupe", "--format", "{p} {f}"]).args(selection);
    let text = run::output(&mut command)?;
    Ok(text.lines().map(|line| line.replace(" (proc-macro)", "").trim_end_matches(" (*)").to_owned()).collect())
}

pub(crate) fn check() -> Result {
    let mut sets = vec![vec!["--no-default-features".to_owned()]];
    for feature in features()? {
        sets.push(vec!["--no-default-features".to_owned(), "--features".to_owned(), feature]);
    }
    sets.push(vec!["--all-features".to_owned()]);
    let mut failed = Vec::new();
    for set in sets {
        let mut command = run::cargo("clippy");
        command.args(["--quiet", "--package", "noodle-deploy-core", "--lib", "--bins"]).args(&set);
        if run::run(command.args(["--", "-D", "warnings"])).is_err() {
            failed.push(format!("`{}`", set.join(" ")));
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("the core does not check with {}", failed.join(", "))) }
}

/// That the Python surface is right for an interpreter without the GIL too. None needs to be there.
pub(crate) fn free_threaded() -> Result {
    let config = run::scratch("free-threaded")?.join("pyo3.txt");
    let text = "implementation=CPython\nversion=3.14\nshared=true\npointer_width=64\nbuild_flags=Py_GIL_DISABLED\n\
                suppress_build_script_link_lines=true\n";
    run::write(&config, text)?;
    let mut command = tree::everything("clippy");
    command.args(tree::OTHER_PYTHON).args(["--", "-D", "warnings"]).env("PYO3_CONFIG_FILE", &config);
    run::run(&mut command)
}

/// Names in the `[features]` table of the core.
fn features() -> Result<Vec<String>> {
    let manifest = run::read(&run::root().join("noodle-deploy-core/Cargo.toml"))?;
    let table = manifest.lines().skip_while(|line| line.trim() != "[features]").skip(1);
    let lines = table.take_while(|line| !line.starts_with('['));
    let names = lines.filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim());
    let names: Vec<_> = names.filter(|name| !name.starts_with('#')).map(str::to_owned).collect();
    if names.is_empty() { Err("the core's manifest lists no features".into()) } else { Ok(names) }
}
