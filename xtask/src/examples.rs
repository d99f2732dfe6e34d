//! Runs every Rust example of the core.

use std::process::Command;

use crate::run::{self, Result};
use crate::{models, tree};

pub(crate) fn run() -> Result {
    let dir = run::root().join("noodle-deploy-core/examples");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_example = path.extension().is_some_and(|extension| extension == "rs") || path.join("main.rs").exists();
        if is_example {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    for name in &names {
        let program = tree::built(&format!("examples/{}", tree::program(name)))?;
        run::run(models::known_to(Command::new(program).current_dir(run::root())))?;
    }
    println!("{} examples ran", names.len());
    Ok(())
}
