//! Tests of the Python surface.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::need;
use crate::report::Skip;
use crate::run::{self, Result};
use crate::{models, tree};

pub(crate) fn test() -> Result<(), Skip> {
    need("python3")?;
    let python = environment()?;
    let sources = run::root().join("noodle-deploy-py");
    let modules = lay_out(&sources)?;
    let interpreter = |arguments: &[&str]| {
        let mut command = Command::new(&python);
        command.args(arguments).env("PYTHONPATH", &modules).env("PYTHONDONTWRITEBYTECODE", "1");
        command.current_dir(&sources);
        command
    };
    run::run(&mut interpreter(&["-m", "unittest", "discover", "--start-directory", "tests", "--verbose"]))?;
    let checked = ["python/noodle_deploy", "tests/typed.py", "../examples/python"];
    run::run(interpreter(&["-m", "mypy", "--cache-dir"]).arg(run::scratch("mypy")?).args(checked))?;
    for example in ["quickstart", "embed", "crash_recovery"] {
        run::run(&mut interpreter(&[&format!("../examples/python/{example}.py")]))?;
    }
    Ok(())
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
    let modules = lay_out(&run::root().join("noodle-deploy-py"))?;
    let mut command = Command::new(environment()?);
    command.args(["-c", ASK]).env("PYTHONPATH", modules).env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(run::output(&mut command)?.lines().map(str::to_owned).collect())
}

/// The interpreter, with the packages that the tests import.
pub(crate) fn environment() -> Result<PathBuf> {
    let python = models::python()?;
    let packages = run::root().join("noodle-deploy-py/tests/requirements.txt");
    run::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(packages))?;
    Ok(python)
}

/// A directory for `PYTHONPATH` with the package as it would be installed.
fn lay_out(sources: &Path) -> Result<PathBuf> {
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
    let native = if cfg!(windows) { "_native.pyd" } else { "_native.abi3.so" };
    run::copy(&tree::built(&tree::shared_library("noodle_deploy_py"))?, &package.join(native))?;
    Ok(modules)
}
