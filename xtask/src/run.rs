//! Places, and running other programs.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

pub(crate) type Result<T = (), E = String> = std::result::Result<T, E>;

/// The repository. Cargo says at run time where this package lies: the compiled-in place may be that of another
/// checkout with the same target directory.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        Path::new(&package).parent().expect("xtask lies in the repository").to_owned()
    })
}

/// What survives a `cargo clean`: fetched models, the Python environment, installed tools.
pub(crate) fn cache() -> PathBuf {
    if let Some(dir) = env::var_os("NOODLE_CACHE_DIR") {
        return dir.into();
    }
    let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    base.unwrap_or_else(|| home().join(".cache")).join("noodle-deploy")
}

fn home() -> PathBuf {
    env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).map_or_else(env::temp_dir, PathBuf::from)
}

/// Cargo's target directory: this program lies in `<target>/debug/`.
pub(crate) fn target() -> Result<PathBuf> {
    let program = env::current_exe().map_err(|error| format!("no path to this program: {error}"))?;
    let target = program.ancestors().nth(2).ok_or("this program lies in no target directory")?;
    Ok(target.to_owned())
}

/// A fresh, empty directory under cargo's target directory.
pub(crate) fn scratch(name: &str) -> Result<PathBuf> {
    let dir = target()?.join("xtask").join(name);
    remove(&dir)?;
    create(&dir)?;
    Ok(dir)
}

pub(crate) fn create(dir: &Path) -> Result {
    std::fs::create_dir_all(dir).map_err(|error| format!("{}: {error}", dir.display()))
}

pub(crate) fn remove(dir: &Path) -> Result {
    match std::fs::remove_dir_all(dir) {
        Err(error) if dir.exists() => Err(format!("{}: {error}", dir.display())),
        _ => Ok(()),
    }
}

pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

pub(crate) fn write(path: &Path, text: &str) -> Result {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result {
    // A program may have the old file mapped: replace it rather than write into it.
    let _ = std::fs::remove_file(to);
    std::fs::copy(from, to).map(drop).map_err(|error| format!("{} to {}: {error}", from.display(), to.display()))
}

/// Cargo, in the repository, without the variables that the outer cargo set for this program.
pub(crate) fn cargo(verb: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.arg(verb).current_dir(root());
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Shows the command, runs it, and fails when it does.
pub(crate) fn run(command: &mut Command) -> Result {
    let shown = show(command);
    println!("$ {shown}");
    let status = command.stdin(Stdio::null()).status().map_err(|error| format!("{shown}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed ({status})")) }
}

/// Runs the command and returns what it prints to stdout.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("{shown}: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{shown}` failed ({})", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{shown}` printed bytes that are not UTF-8"))
}

/// Whether a program of that name can be started.
pub(crate) fn has(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn show(command: &Command) -> String {
    let word = |text: &OsStr| {
        let text = text.to_string_lossy();
        if text.contains(' ') { format!("'{text}'") } else { text.into_owned() }
    };
    let mut words = vec![word(command.get_program())];
    words.extend(command.get_args().map(word));
    words.join(" ")
}
