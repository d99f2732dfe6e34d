//! The wheel: built, checked, and installed where there is no compiler.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::licences;
use crate::bindings;
use crate::run::{self, Result};

/// What a user waits for at most, from the install's begin to the first answer.
const PATIENCE_SECONDS: u64 = 60;

pub(crate) fn package(profile: &str) -> Result {
    let package = run::root().join("noodle-deploy-py");
    let python = bindings::python_environment()?;
    let tools = package.join("requirements-package.txt");
    run::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(tools))?;

    let licences = package.join("python/noodle_deploy/THIRD-PARTY-LICENSES.txt");
    licences::write("noodle-deploy-py", &licences)?;
    let out = run::scratch("wheel")?;
    let mut build = Command::new(&python);
    build.args(["-m", "maturin", "build", "--locked", "--profile", profile, "--auditwheel", "check", "--out"]);
    build.arg(&out).current_dir(&package).env("CARGO_TARGET_DIR", run::target()?);
    let built = run::run(&mut build);
    std::fs::remove_file(&licences).map_err(|error| format!("{}: {error}", licences.display()))?;
    built?;

    let wheel = only_file(&out)?;
    let size = std::fs::metadata(&wheel).map_err(|error| format!("{}: {error}", wheel.display()))?.len();
    println!("{}: {:.1} MB", wheel.display(), size as f64 / 1e6);
    if cfg!(target_os = "linux") {
        run::run(Command::new(&python).args(["-m", "auditwheel", "show"]).arg(&wheel))?;
    }
    try_out(&wheel)
}

/// Installs the wheel into a fresh environment whose path has no compiler, and predicts.
fn try_out(wheel: &Path) -> Result {
    let environment = run::scratch("wheel-environment")?;
    run::run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    let programs = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let bare = |arguments: &[&str]| {
        let mut command = Command::new(programs.join(if cfg!(windows) { "python.exe" } else { "python" }));
        command.args(arguments).env("PATH", &programs).env_remove("PYTHONPATH").current_dir(&environment);
        command
    };
    let no_compiler = "import shutil; found = [p for p in ('cargo', 'rustc', 'cc', 'gcc', 'clang') if shutil.which(p)]; \
                       assert not found, found";
    run::run(&mut bare(&["-c", no_compiler]))?;
    let begun = Instant::now();
    run::run(bare(&["-m", "pip", "install", "--quiet", "--only-binary", ":all:"]).arg(wheel))?;
    run::run(bare(&[]).arg(run::root().join("examples/python/embed.py")))?;
    let seconds = begun.elapsed().as_secs();
    println!("from the install's begin to the first answer: {seconds} s");
    if seconds > PATIENCE_SECONDS {
        return Err(format!("the first answer came after {seconds} s, not {PATIENCE_SECONDS}"));
    }
    let licences = "import noodle_deploy, pathlib; from noodle_deploy import _native; dir = pathlib.Path(noodle_deploy.__file__).parent; \
                    text = (dir / 'THIRD-PARTY-LICENSES.txt').read_text(); assert 'tract-core' in text; \
                    assert (dir / 'py.typed').exists(); \
                    assert not hasattr(_native, 'World'), 'the package has what is for tests'";
    run::run(&mut bare(&["-c", licences]))
}

fn only_file(dir: &Path) -> Result<PathBuf> {
    let entries = std::fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    let files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    match files.as_slice() {
        [file] => Ok(file.clone()),
        _ => Err(format!("{} files in {}, not one", files.len(), dir.display())),
    }
}
