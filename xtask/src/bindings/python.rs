//! Tests of the Python surface.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::need;
use crate::report::Skip;
use crate::run::{self, Result};
use crate::{models, tree};

const DISCOVER: [&str; 5] = ["-m", "unittest", "discover", "--verbose", "--start-directory"];

pub(crate) fn test() -> Result<(), Skip> {
    need("python3")?;
    let python = environment()?;
    let sources = run::root().join("noodle-deploy-py");
    let modules = lay_out(&sources, &tree::debug()?)?;
    let interpreter = |arguments: &[&str]| interpreter(&python, &modules, &sources, arguments);
    run::run(interpreter(&DISCOVER).arg("tests"))?;
    let checked = ["python/noodle_deploy", "tests/typed.py", "../examples/python"];
    run::run(interpreter(&["-m", "mypy", "--cache-dir"]).arg(run::scratch("mypy")?).args(checked))?;
    for example in [
        "quickstart",
        "embed",
        "crash_recovery",
        "sentence_embeddings",
        "voice_activity",
        "canary",
        "ab_test",
        "shadow",
    ] {
        run::run(models::known_to(&mut interpreter(&[&format!("../examples/python/{example}.py")])))?;
    }
    Ok(())
}

/// Conversions of PyTorch modules and of transformers, in an environment of their own: several gigabytes.
pub(crate) fn torch() -> Result<(), Skip> {
    need("python3")?;
    let sources = run::root().join("noodle-deploy-py");
    let python = models::environment("python3", "venv-torch")?;
    install(&python, &sources.join("tests/pytorch/requirements.txt"))?;
    Ok(run::run(interpreter(&python, &lay_out(&sources, &tree::debug()?)?, &sources, &DISCOVER).arg("tests/pytorch"))?)
}

/// The same tests on an interpreter without the GIL, against a library that is built for it.
pub(crate) fn free_threaded() -> Result<(), Skip> {
    let Some(found) = ["python3.14t", "python3.13t"].into_iter().find(|name| run::has(name)) else {
        return Err(Skip::Missing("neither python3.14t nor python3.13t is installed".into()));
    };
    run::run(tree::everything("build").args(tree::OTHER_PYTHON).env("PYO3_PYTHON", found))?;
    let sources = run::root().join("noodle-deploy-py");
    let python = models::environment(found, &format!("venv-{found}"))?;
    install(&python, &sources.join("tests/requirements.txt"))?;
    Ok(run::run(interpreter(&python, &lay_out(&sources, &tree::debug()?)?, &sources, &DISCOVER).arg("tests"))?)
}

fn interpreter(python: &Path, modules: &Path, sources: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(python);
    command.args(arguments).env("PYTHONPATH", modules).env("PYTHONDONTWRITEBYTECODE", "1").current_dir(sources);
    command
}

/// Public names of the package: functions and classes as they are, members as `Class.member`, those that report as
/// `Class.member(progress)` too, kinds of errors as `errors.Class`, and events as `event TYPE`.
pub(crate) fn names() -> Result<BTreeSet<String>, Skip> {
    need("python3")?;
    const ASK: &str = "\
import noodle_deploy as package
from noodle_deploy import errors, types
for name in dir(package):
    value = getattr(package, name)
    print(name)
    if isinstance(value, type):
        print('\\n'.join(f'{name}.{member}' for member in dir(value)))
        for member in dir(value):
            code = getattr(getattr(value, member), '__code__', None)
            if code and 'progress' in code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]:
                print(f'{name}.{member}(progress)')
print('\\n'.join(f'errors.{name}' for name in dir(errors)))
for value in vars(types).values():
    tag = isinstance(value, type) and getattr(value, '__dataclass_fields__', {}).get('type')
    if tag:
        print(f'event {tag.default}')
";
    let modules = lay_out(&run::root().join("noodle-deploy-py"), &tree::debug()?)?;
    let mut command = Command::new(environment()?);
    command.args(["-c", ASK]).env("PYTHONPATH", modules).env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(run::output(&mut command)?.lines().map(str::to_owned).collect())
}

/// The interpreter, with the packages that the tests import.
pub(crate) fn environment() -> Result<PathBuf> {
    let python = models::python()?;
    install(&python, &run::root().join("noodle-deploy-py/tests/requirements.txt"))?;
    Ok(python)
}

pub(crate) fn install(python: &Path, packages: &Path) -> Result {
    run::run(Command::new(python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(packages))
}

/// A directory for `PYTHONPATH` with the package as it would be installed; the library is among what was `built`.
pub(crate) fn lay_out(sources: &Path, built: &Path) -> Result<PathBuf> {
    let modules = run::scratch("python")?;
    let package = modules.join("noodle_deploy");
    run::create(&package)?;
    let from = sources.join("python/noodle_deploy");
    for entry in std::fs::read_dir(&from).map_err(|error| format!("{}: {error}", from.display()))? {
        let entry = entry.map_err(|error| format!("{}: {error}", from.display()))?;
        if entry.path().is_file() {
            run::copy(&entry.path(), &package.join(entry.file_name()))?;
        }
    }
    // An interpreter without the GIL takes no `.abi3.so`; each takes this.
    let native = if cfg!(windows) { "_native.pyd" } else { "_native.so" };
    run::copy(&built.join(tree::shared_library("noodle_deploy_py")), &package.join(native))?;
    Ok(modules)
}
