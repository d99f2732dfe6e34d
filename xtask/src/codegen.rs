//! `cargo xtask codegen`: writes the files that come from the operations table and from the C surface, or, with
//! `--check`, compares the committed ones with what would be written.

use std::process::Command;

use crate::args::Args;
use crate::json::Json;
use crate::run::{self, Result};
use crate::surface::{Surface, python, typescript};
use crate::{docs, tree};

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    Write,
    Check,
}

pub(crate) fn main(mut args: Args) -> Result {
    let mode = if args.flag("--check") { Mode::Check } else { Mode::Write };
    args.done()?;
    generate(mode)
}

pub(crate) fn generate(mode: Mode) -> Result {
    tree::build()?;
    let program = tree::built(&tree::program("noodle-deploy"))?;
    let schema = docs::with_shared_types(Json::parse(&run::output(Command::new(program).arg("schema"))?)?)?;
    let operations = schema.get("operations").ok_or("`noodle-deploy schema` lists no operations")?;
    let surface = Surface::read(&schema)?;
    println!(
        "{} operations, {} types, {} kinds of errors",
        surface.operations.len(),
        surface.types.len(),
        surface.errors.len()
    );
    let files = [
        ("docs/reference/operations.json", format!("{}\n", schema.pretty())),
        (
            "docs/reference/operations.md",
            docs::operations(operations, schema.get("$defs").map(Json::fields).unwrap_or_default())?,
        ),
        ("noodle-deploy-py/python/noodle_deploy/types.py", python::types(&surface)?),
        ("noodle-deploy-py/python/noodle_deploy/client.py", python::client(&surface)),
        ("noodle-deploy-py/python/noodle_deploy/errors.py", python::errors(&surface)?),
        ("noodle-deploy-node/src-ts/types.ts", typescript::types(&surface)),
        ("noodle-deploy-node/src-ts/client.ts", typescript::client(&surface)),
        ("docs/reference/errors.md", docs::errors(schema.get("errors").ok_or("`schema` lists no errors")?)),
    ];
    let mut stale = Vec::new();
    for (name, fresh) in files {
        let path = run::root().join(name);
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        match mode {
            _ if committed == fresh => {}
            Mode::Check => {
                println!("{name} is out of date{}", first_difference(&committed, &fresh));
                stale.push(name);
            }
            Mode::Write => {
                run::create(path.parent().expect("a file in a directory"))?;
                run::write(&path, &fresh)?;
                println!("wrote {name}");
            }
        }
    }
    if header(mode).is_err() {
        stale.push("noodle-deploy-c/include/noodle_deploy.h");
    }
    if stale.is_empty() { Ok(()) } else { Err(format!("run `cargo xtask codegen`; out of date: {}", stale.join(", "))) }
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
