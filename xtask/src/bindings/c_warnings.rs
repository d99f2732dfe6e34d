//! Every header by itself, every test, example and benchmark, with all warnings, by each compiler.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::need;
use crate::abi::Interface;
use crate::report::Skip;
use crate::run::{self, Result};

const WARNINGS: [&str; 5] = ["-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-pedantic"];

/// # Errors
/// What a compiler says; a skip where one of the compilers is not there.
pub(crate) fn check(scratch: &Path) -> Result<(), Skip> {
    let (c, cpp) = sources(scratch)?;
    for (compilers, standards, files) in
        [(["cc", "clang"], &["c99"] as &[_], &c), (["c++", "clang++"], &["c++17", "c++20"], &cpp)]
    {
        for compiler in compilers {
            need(compiler)?;
            for standard in standards {
                let mut command = Command::new(compiler);
                command.arg(format!("-std={standard}")).args(WARNINGS);
                command.arg("-I").arg(run::root().join("noodle-deploy-c/include"));
                run::run(command.args(files))?;
            }
        }
    }
    Ok(())
}

/// Files in C and in C++. A header is wrapped: compilers warn about a header that is compiled as a file of its own.
fn sources(scratch: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let (package, examples) = (run::root().join("noodle-deploy-c"), run::root().join("examples"));
    let mut c = vec![scratch.join("abi.c")];
    // The committed interface is what a compiler makes of the headers.
    run::write(&c[0], &Interface::current()?.program())?;
    let mut cpp = Vec::new();
    for header in files(&package.join("include"), &["h", "hpp"])? {
        let name = header.file_name().unwrap_or_default().to_string_lossy();
        let wrap = |extension: &str| -> Result<PathBuf> {
            let path = scratch.join(format!("{}.{extension}", name.replace('.', "_")));
            run::write(&path, &format!("#include \"{name}\"\n\nint main(void);\n"))?;
            Ok(path)
        };
        if header.extension() == Some(OsStr::new("h")) {
            c.push(wrap("c")?);
        }
        cpp.push(wrap("cpp")?);
    }
    for dir in [package.join("tests"), package.join("benches"), examples.join("c"), examples.join("cpp")] {
        c.extend(files(&dir, &["c"])?);
        cpp.extend(files(&dir, &["cpp"])?);
    }
    if Path::new(super::c::JSON).exists() {
        cpp.push(package.join("tests/conformance/main.cpp"));
    }
    Ok((c, cpp))
}

fn files(dir: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    let wanted = |path: &PathBuf| path.extension().and_then(OsStr::to_str).is_some_and(|e| extensions.contains(&e));
    let mut found: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(wanted).collect();
    found.sort();
    Ok(found)
}
