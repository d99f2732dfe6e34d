//! `cargo xtask codegen`: writes the files that come from the operations table and from the C surface, or, with
//! `--check`, compares the committed ones with what would be written.

use std::process::Command;

use crate::args::Args;
use crate::json::Json;
use crate::run::{self, Result};
use crate::surface::{Surface, c, c_layout, c_rust, cpp, cpp_json, python, typescript};
use crate::{abi, docs, tree};

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    Write,
    Check,
}

pub(crate) fn main(mut args: Args) -> Result {
    let mode = if args.flag("--check") { Mode::Check } else { Mode::Write };
    // The surfaces must be there before the program that prints the schema can be built.
    let from_reference = args.flag("--from-reference");
    args.done()?;
    if from_reference {
        let schema = Json::parse(&run::read(&run::root().join("docs/reference/operations.json"))?)?;
        return settle(mode, &surfaces(&Surface::read(&schema)?)?).map(drop);
    }
    generate(mode)
}

/// The files of the languages.
fn surfaces(surface: &Surface) -> Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("noodle-deploy-c/include/noodle_deploy_ops.h", c::header(surface)),
        ("noodle-deploy-c/include/noodle_deploy_ops.hpp", cpp::header(surface)),
        ("noodle-deploy-c/tests/layout.c", c_layout::program(surface)),
        ("noodle-deploy-c/tests/conformance/ops.hpp", cpp_json::header(surface)),
        ("noodle-deploy-c/src/ops/types.rs", c_rust::types(surface)),
        ("noodle-deploy-c/src/ops/layouts.rs", c_rust::layouts(surface)),
        ("noodle-deploy-c/src/ops/functions.rs", c_rust::functions(surface)),
        ("noodle-deploy-py/python/noodle_deploy/types.py", python::types(surface)?),
        ("noodle-deploy-py/python/noodle_deploy/client.py", python::client(surface)),
        ("noodle-deploy-py/python/noodle_deploy/errors.py", python::errors(surface)?),
        ("noodle-deploy-node/src-ts/types.ts", typescript::types(surface)),
        ("noodle-deploy-node/src-ts/client.ts", typescript::client(surface)),
    ])
}

pub(crate) fn generate(mode: Mode) -> Result {
    tree::build()?;
    let program = tree::built(&tree::program("noodle-deploy"))?;
    let schema = docs::with_shared_types(Json::parse(&run::output(Command::new(program).arg("schema"))?)?)?;
    let operations = schema.get("operations").ok_or("`noodle-deploy schema` lists no operations")?;
    let surface = Surface::read(&schema)?;
    let mut files = surfaces(&surface)?;
    files.extend([
        ("docs/reference/operations.json", format!("{}\n", schema.pretty())),
        (
            "docs/reference/operations.md",
            docs::operations(operations, schema.get("$defs").map(Json::fields).unwrap_or_default())?,
        ),
        ("docs/reference/errors.md", docs::errors(schema.get("errors").ok_or("`schema` lists no errors")?)),
    ]);
    let mut stale = settle(mode, &files)?;
    if header(mode).is_err() {
        stale.push("noodle-deploy-c/include/noodle_deploy.h");
    }
    // Of the headers as they lie there now.
    stale.extend(settle(mode, &[(abi::FILE, abi::fresh()?)])?);
    if stale.is_empty() { Ok(()) } else { Err(format!("run `cargo xtask codegen`; out of date: {}", stale.join(", "))) }
}

/// Writes the files, or names those that differ.
fn settle(mode: Mode, files: &[(&'static str, String)]) -> Result<Vec<&'static str>> {
    let mut stale = Vec::new();
    for (name, fresh) in files {
        let fresh = &formatted(name, fresh)?;
        let path = run::root().join(name);
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        match mode {
            _ if committed == *fresh => {}
            Mode::Check => {
                println!("{name} is out of date{}", first_difference(&committed, fresh));
                stale.push(*name);
            }
            Mode::Write => {
                run::create(path.parent().expect("a file in a directory"))?;
                run::write(&path, fresh)?;
                println!("wrote {name}");
            }
        }
    }
    Ok(stale)
}

/// Rust as `cargo fmt` leaves it; anything else as it is.
fn formatted(name: &str, text: &str) -> Result<String> {
    if !name.ends_with(".rs") {
        return Ok(text.to_owned());
    }
    let place = run::scratch("codegen")?.join("file.rs");
    run::write(&place, text)?;
    let mut command = Command::new("rustfmt");
    command.args(["--quiet", "--edition", "2024", "--config-path"]).arg(run::root().join("rustfmt.toml")).arg(&place);
    run::output(&mut command)?;
    run::read(&place)
}

/// The C header is written by a test of the C surface, because cbindgen is a dependency of that test.
fn header(mode: Mode) -> Result {
    let mut command = run::cargo("test");
    command.args(["--quiet", "--workspace", "--all-features", "--test", "header"]);
    if mode == Mode::Write {
        command.env("NOODLE_CODEGEN_WRITE", "1");
    }
    run::run(&mut command)
}

fn first_difference(committed: &str, fresh: &str) -> String {
    if committed.is_empty() {
        return ": it is missing".into();
    }
    let (mut old, mut new) = (committed.lines(), fresh.lines());
    for line in 1.. {
        match (old.next(), new.next()) {
            (None, None) => break,
            (old, new) if old == new => {}
            (old, new) => {
                let (old, new) = (old.unwrap_or("(the end)"), new.unwrap_or("(the end)"));
                return format!(" from line {line}:\n  - {old}\n  + {new}");
            }
        }
    }
    String::new()
}
