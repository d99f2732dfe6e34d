//! The binary interface of the C library, as a file that is committed: `noodle-deploy-c/abi.txt`.
//!
//! The file is written from the headers. Before it is, what it says is compared with what they say now: a program that
//! was compiled before must find every constant, field and function where it was. What breaks that is refused while
//! NOODLE_ABI_VERSION stays the same.

mod compare;
mod header;

use std::collections::BTreeMap;

use crate::package;
use crate::run::{self, Result};

/// The committed file.
pub(crate) const FILE: &str = "noodle-deploy-c/abi.txt";

const TOP: &str = "\
# The binary interface of the C library on 64-bit machines. Written by `cargo xtask codegen`, which refuses to write what
# breaks a program that is compiled already; do not edit.
";

const PROGRAM: &str = "\
#include \"noodle_deploy.h\"

#define HOLDS(n, condition) typedef char holds_##n[(condition) ? 1 : -1]
";

/// What a compiled program relies on.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Interface {
    constants: BTreeMap<String, i64>,
    /// Other names for a type, and types of callbacks.
    types: BTreeMap<String, String>,
    structs: BTreeMap<String, Struct>,
    /// Result and parameters.
    functions: BTreeMap<String, String>,
}

#[derive(Debug, Default, Clone, PartialEq)]
struct Struct {
    size: usize,
    align: usize,
    fields: Vec<Field>,
}

#[derive(Debug, Clone, PartialEq)]
struct Field {
    /// `of.name` for a member of a union.
    name: String,
    ty: String,
    at: usize,
}

const VERSION: &str = "NOODLE_ABI_VERSION";

impl Interface {
    /// What the headers of the package say.
    pub(crate) fn current() -> Result<Self> {
        let include = run::root().join("noodle-deploy-c/include");
        let text = run::read(&include.join("noodle_deploy_ops.h"))? + &run::read(&include.join("noodle_deploy.h"))?;
        header::parse(&text)
    }

    fn version(&self) -> Result<i64> {
        self.constants.get(VERSION).copied().ok_or_else(|| format!("the headers define no {VERSION}"))
    }

    fn text(&self) -> String {
        let mut lines = Vec::new();
        for (name, value) in &self.constants {
            lines.push(format!("constant {name} {value}"));
        }
        for (name, ty) in &self.types {
            lines.push(format!("type {name} {ty}"));
        }
        for (name, layout) in &self.structs {
            lines.push(format!("struct {name} {} {}", layout.size, layout.align));
            for field in &layout.fields {
                lines.push(format!("    {} {} {}", field.at, field.name, field.ty));
            }
        }
        for (name, signature) in &self.functions {
            lines.push(format!("function {name} {signature}"));
        }
        format!("{TOP}{}\n", lines.join("\n"))
    }

    fn read(text: &str) -> Result<Self> {
        let mut interface = Interface::default();
        let mut last = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            interface.read_line(line, &mut last).ok_or_else(|| format!("{FILE}: `{line}` is not understood"))?;
        }
        Ok(interface)
    }

    fn read_line(&mut self, line: &str, last: &mut String) -> Option<()> {
        let indented = line.starts_with(' ');
        let (kind, rest) = line.trim_start().split_once(' ')?;
        let (name, rest) = rest.split_once(' ')?;
        let (name, rest) = (name.to_owned(), rest.to_owned());
        match kind {
            "constant" => drop(self.constants.insert(name, rest.parse().ok()?)),
            "type" => drop(self.types.insert(name, rest)),
            "function" => drop(self.functions.insert(name, rest)),
            "struct" => {
                let (size, align) = rest.split_once(' ')?;
                let layout = Struct { size: size.parse().ok()?, align: align.parse().ok()?, fields: Vec::new() };
                self.structs.insert(name.clone(), layout);
                *last = name;
            }
            at if indented => {
                let field = Field { at: at.parse().ok()?, name, ty: rest };
                self.structs.get_mut(last.as_str())?.fields.push(field);
            }
            _ => return None,
        }
        Some(())
    }

    /// A C file that compiles where a compiler lays everything out as this says.
    pub(crate) fn program(&self) -> String {
        let constants = self.constants.iter().map(|(name, value)| format!("{name} == {value}"));
        let layouts = self.structs.iter().flat_map(|(name, layout)| {
            let fields = layout.fields.iter().map(move |f| format!("offsetof({name}, {}) == {}", f.name, f.at));
            fields.chain([format!("sizeof({name}) == {}", layout.size)])
        });
        let holds = |(n, condition)| format!("HOLDS({n}, {condition});");
        let lines: Vec<String> = constants.chain(layouts).enumerate().map(holds).collect();
        format!("{PROGRAM}{}\n", lines.join("\n"))
    }
}

/// The committed file as it should be.
///
/// # Errors
/// Each thing that breaks a program compiled before.
pub(crate) fn fresh() -> Result<String> {
    let current = Interface::current()?;
    let path = run::root().join(FILE);
    // Not there before the first one was written; afterwards its absence shows in the comparison of generated files.
    let before = if path.exists() { Interface::read(&run::read(&path)?)? } else { Interface::default() };
    settled(&before, &current)?;
    let (version, build) = (current.version()?, run::read(&run::root().join("noodle-deploy-c/build.rs"))?);
    if version != i64::from(package::c::ABI) || !build.contains(&format!("libnoodle_deploy.so.{version}\"")) {
        return Err(format!(
            "{VERSION} is {version}: the soname in noodle-deploy-c/build.rs and ABI in xtask/src/package/c.rs differ"
        ));
    }
    Ok(current.text())
}

fn settled(before: &Interface, current: &Interface) -> Result {
    let breaks = compare::breaks(before, current);
    if breaks.is_empty() || before.version()? != current.version()? {
        return Ok(());
    }
    Err(format!(
        "programs that are compiled already would break:\n  {}\nadd at the end instead, or raise NOODLE_ABI_VERSION in \
         noodle-deploy-c/src/lib.rs, the soname in noodle-deploy-c/build.rs and ABI in xtask/src/package/c.rs",
        breaks.join("\n  ")
    ))
}

#[cfg(test)]
mod tests;
