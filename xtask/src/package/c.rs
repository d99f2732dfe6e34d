//! The C package: headers, both libraries, and what pkg-config and CMake look for. ADR 0016.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{self, Result};
use crate::tree;

/// As in the soname of `noodle-deploy-c/build.rs`, and NOODLE_ABI_VERSION.
pub(crate) const ABI: u32 = 1;
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// What the archive needs. Assembly of the engine lacks the mark that its stack is not executable, so the option says it.
const SYSTEM: &str = "-lgcc_s -lm -ldl -lpthread -Wl,-z,noexecstack";

pub(crate) fn package(profile: &str, prefix: &Path) -> Result {
    run::run(run::cargo("build").args(["--package", "noodle-deploy-c", "--profile", profile]))?;
    let built = run::target()?.join(if profile == "dev" { "debug" } else { "dist" });
    lay_out(prefix, &built)?;
    symbols(prefix, false)?;
    println!("installed into {}", prefix.display());
    Ok(())
}

/// Copies and writes everything below the prefix.
pub(crate) fn lay_out(prefix: &Path, built: &Path) -> Result {
    let package = run::root().join("noodle-deploy-c");
    let (include, lib) = (prefix.join("include"), prefix.join("lib"));
    let (pc, cmake) = (lib.join("pkgconfig"), lib.join("cmake/noodle_deploy"));
    for dir in [&include, &pc, &cmake] {
        run::create(dir)?;
    }
    for header in headers()? {
        run::copy(&header, &include.join(header.file_name().unwrap_or_default()))?;
    }
    let shared = tree::shared_library("noodle_deploy");
    let real = if cfg!(target_os = "linux") { format!("{shared}.{ABI}") } else { shared.clone() };
    run::copy(&built.join(&shared), &lib.join(&real))?;
    run::copy(&built.join("libnoodle_deploy.a"), &lib.join("libnoodle_deploy.a"))?;
    #[cfg(unix)]
    if real != shared {
        let link = lib.join(&shared);
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(&real, &link).map_err(|error| format!("{}: {error}", link.display()))?;
    }
    for (template, place) in [
        ("noodle_deploy.pc.in", pc.join("noodle_deploy.pc")),
        ("noodle_deploy-config.cmake.in", cmake.join("noodle_deploy-config.cmake")),
        ("noodle_deploy-config-version.cmake.in", cmake.join("noodle_deploy-config-version.cmake")),
    ] {
        let text = run::read(&package.join("package").join(template))?;
        let text = text.replace("@VERSION@", VERSION).replace("@SHARED@", &real).replace("@SYSTEM@", SYSTEM);
        run::write(&place, &text)?;
    }
    run::copy(&run::root().join("LICENSE"), &prefix.join("LICENSE-noodle-deploy"))
}

fn headers() -> Result<Vec<PathBuf>> {
    let dir = run::root().join("noodle-deploy-c/include");
    let entries = std::fs::read_dir(&dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

/// That the shared library exports the functions of the headers and nothing else.
pub(crate) fn symbols(prefix: &Path, testing: bool) -> Result {
    let mut documented = BTreeSet::new();
    for header in headers()?.iter().filter(|path| path.extension().is_some_and(|extension| extension == "h")) {
        let text = run::read(header)?;
        for (at, _) in text.match_indices('(') {
            let name: String = text[..at].chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let name: String = name.chars().rev().collect();
            if name.starts_with("noodle_") {
                documented.insert(name);
            }
        }
    }
    let library = prefix.join("lib").join(tree::shared_library("noodle_deploy"));
    let mut command = Command::new("nm");
    command.args(["-D", "--defined-only", "--format=posix"]).arg(library);
    let listed = run::output(&mut command)?;
    let exported = listed.lines().filter_map(|line| line.split(' ').next()).map(|name| {
        // `name@@VERSION` where a version script names one.
        name.split('@').next().unwrap_or(name).to_owned()
    });
    let exported: BTreeSet<String> =
        exported.filter(|name| !(testing && name.starts_with("noodle_testing_"))).collect();
    let differ: Vec<_> = documented.symmetric_difference(&exported).cloned().collect();
    if differ.is_empty() {
        println!("{} functions are exported, all of them documented", exported.len());
        Ok(())
    } else {
        Err(format!("exported or documented, but not both: {}", differ.join(", ")))
    }
}
