//! Checks the core with no feature, each one alone, and all.

use crate::run::{self, Result};

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

/// Names in the `[features]` table of the core.
fn features() -> Result<Vec<String>> {
    let manifest = run::read(&run::root().join("noodle-deploy-core/Cargo.toml"))?;
    let table = manifest.lines().skip_while(|line| line.trim() != "[features]").skip(1);
    let lines = table.take_while(|line| !line.starts_with('['));
    let names = lines.filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim());
    let names: Vec<_> = names.filter(|name| !name.starts_with('#')).map(str::to_owned).collect();
    if names.is_empty() { Err("the core's manifest lists no features".into()) } else { Ok(names) }
}
