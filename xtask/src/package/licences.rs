//! The licences of everything that is linked into a package.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::json::Json;
use crate::run::{self, Result};

const RULE: &str = "--------------------------------------------------------------------------------";

struct Crate {
    name: String,
    licence: String,
    /// Texts of the files that it ships.
    texts: Vec<String>,
}

/// Writes the licences of all crates that a package of this workspace links, except the workspace's own.
pub(crate) fn write(package: &str, to: &Path) -> Result {
    let crates = linked(package)?;
    let mut by_text: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut out = format!(
        "This package is licensed under MIT or Apache-2.0, at your choice. It contains {} crates of others:\n\n{}",
        crates.len(),
        crates.iter().map(|one| format!("{}: {}\n", one.name, one.licence)).collect::<String>()
    );
    for one in &crates {
        one.texts.iter().for_each(|text| by_text.entry(text).or_default().push(&one.name));
    }
    let silent: Vec<_> = crates.iter().filter(|one| one.texts.is_empty()).map(|one| one.name.as_str()).collect();
    if !silent.is_empty() {
        out += &format!("\nThese state their licence and ship no text of it: {}\n", silent.join(", "));
    }
    for file in ["LICENSE-MIT", "LICENSE-APACHE"] {
        out += &format!("\n{RULE}\n\n{}\n", run::read(&run::root().join(file))?.trim());
    }
    for (text, names) in by_text {
        out += &format!("\n{RULE}\n{}\n\n{text}\n", names.join(", "));
    }
    println!("{} licences in {}", crates.len(), to.display());
    run::write(to, &out)
}

/// Crates below a package that are neither build scripts' nor macros', by name.
fn linked(package: &str) -> Result<Vec<Crate>> {
    let mut command = run::cargo("metadata");
    command.args(["--format-version", "1", "--locked", "--filter-platform", &host()?]);
    let metadata = Json::parse(&run::output(&mut command)?)?;
    let list = |of: &Json, name: &str| of.get(name).map(Json::items).unwrap_or_default().to_vec();
    let packages: BTreeMap<String, Json> =
        list(&metadata, "packages").into_iter().filter_map(|p| Some((p.text("id")?.to_owned(), p.clone()))).collect();
    let nodes: BTreeMap<String, Json> = metadata
        .get("resolve")
        .map(|resolve| list(resolve, "nodes"))
        .unwrap_or_default()
        .into_iter()
        .filter_map(|node| Some((node.text("id")?.to_owned(), node.clone())))
        .collect();
    let root = packages.iter().find(|(_, p)| p.text("name") == Some(package)).ok_or(format!("no package {package}"))?;
    let (mut seen, mut open) = (BTreeSet::new(), vec![root.0.clone()]);
    while let Some(id) = open.pop() {
        if is_macro(&packages[&id]) || !seen.insert(id.clone()) {
            continue;
        }
        for dependency in list(&nodes[&id], "deps") {
            // A kind of null is that of what is linked.
            let linked = list(&dependency, "dep_kinds").iter().any(|kind| kind.get("kind") == Some(&Json::Null));
            open.extend(dependency.text("pkg").filter(|_| linked).map(str::to_owned));
        }
    }
    let foreign = seen.iter().map(|id| &packages[id]).filter(|p| p.get("source") != Some(&Json::Null));
    let mut crates = foreign.map(read).collect::<Result<Vec<_>>>()?;
    crates.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(crates)
}

fn is_macro(package: &Json) -> bool {
    let targets = package.get("targets").map(Json::items).unwrap_or_default();
    let kinds = targets.iter().flat_map(|target| target.get("kind").map(Json::items).unwrap_or_default());
    kinds.into_iter().any(|kind| kind.as_text() == Some("proc-macro"))
}

fn read(package: &Json) -> Result<Crate> {
    let text = |name: &str| package.text(name).unwrap_or_default().to_owned();
    let name = format!("{} {}", text("name"), text("version"));
    let manifest = text("manifest_path");
    let dir = Path::new(&manifest).parent().ok_or(format!("{name} lies nowhere"))?;
    let licence = match (package.text("license"), package.text("license_file")) {
        (Some(licence), _) => licence.to_owned(),
        (None, Some(file)) => format!("see {file}"),
        (None, None) => return Err(format!("{name} states no licence")),
    };
    let mut files = BTreeSet::new();
    for entry in std::fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))?.flatten() {
        let file = entry.file_name().to_string_lossy().to_uppercase();
        let is_licence = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"].iter().any(|p| file.starts_with(p));
        if is_licence && entry.path().is_file() {
            files.insert(entry.path());
        }
    }
    files.extend(package.text("license_file").map(|file| dir.join(file)));
    let texts = files.iter().map(|file| Ok(run::read(file)?.trim().to_owned())).collect::<Result<_>>()?;
    Ok(Crate { name, licence, texts })
}

/// The platform that this machine compiles for.
fn host() -> Result<String> {
    let version = run::output(std::process::Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc names no host".to_owned())
}
