//! The npm package: a tarball with the compiled add-on, installed and used without a compiler; and the extension of
//! VS Code with it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::bindings;
use crate::json::Json;
use crate::run::{self, Result};
use crate::tree;

/// From the begin of the installation to the first answer.
const AT_MOST: Duration = Duration::from_secs(60);

/// Builds the tarball, installs it in an empty project without a compiler, and predicts there.
pub(crate) fn package(profile: &str) -> Result {
    let mut build = run::cargo("build");
    run::run(build.args(["--package", "noodle-deploy-node", "--profile", profile]))?;
    let directory = if profile == "dev" { "debug" } else { profile };
    let library = run::target()?.join(directory).join(tree::shared_library("noodle_deploy_node"));
    bindings::node_sources()?;
    let stage = stage(&library)?;
    let out = run::target()?.join("package");
    run::create(&out)?;
    let mut pack = npm(&stage, "pack");
    let name = run::output(pack.args(["--silent", "--pack-destination"]).arg(&out))?;
    let tarball = out.join(name.trim());
    let bytes = std::fs::metadata(&tarball).map_err(|error| format!("{}: {error}", tarball.display()))?.len();
    println!("{}: {:.1} MiB", tarball.display(), bytes as f64 / f64::from(1 << 20));
    try_out(&tarball)?;
    // The tests of the extension run with the add-on of the tarball.
    run::copy(&library, &run::root().join("noodle-deploy-node/noodle_deploy.node"))?;
    bindings::pack_extension(&tarball)
}

/// What goes into the tarball.
fn stage(library: &Path) -> Result<PathBuf> {
    let (package, stage) = (run::root().join("noodle-deploy-node"), run::scratch("package-node")?);
    run::copy(library, &stage.join("noodle_deploy.node"))?;
    run::copy(&package.join("README.md"), &stage.join("README.md"))?;
    for name in ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"] {
        run::copy(&run::root().join(name), &stage.join(name))?;
    }
    copy_tree(&package.join("dist"), &stage.join("dist"))?;
    let manifest = Json::parse(&run::read(&package.join("package.json"))?)?;
    run::write(&stage.join("package.json"), &format!("{}\n", packed(&manifest).pretty()))?;
    Ok(stage)
}

/// The manifest of a package that is compiled already, for this kind of machine.
fn packed(manifest: &Json) -> Json {
    let unused = ["scripts", "devDependencies", "private", "files"];
    let mut fields: Vec<_> =
        manifest.fields().iter().filter(|(name, _)| !unused.contains(&name.as_str())).cloned().collect();
    let one = |text: &str| Json::List(vec![Json::Text(text.to_owned())]);
    let os = if cfg!(target_os = "macos") {
        "darwin"
    } else if cfg!(windows) {
        "win32"
    } else {
        "linux"
    };
    let cpu = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    fields.push(("os".to_owned(), one(os)));
    fields.push(("cpu".to_owned(), one(cpu)));
    if cfg!(target_env = "gnu") {
        fields.push(("libc".to_owned(), one("glibc")));
    }
    Json::Object(fields)
}

fn copy_tree(from: &Path, to: &Path) -> Result {
    run::create(to)?;
    for entry in std::fs::read_dir(from).map_err(|error| format!("{}: {error}", from.display()))? {
        let path = entry.map_err(|error| format!("{}: {error}", from.display()))?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() { copy_tree(&path, &to.join(name))? } else { run::copy(&path, &to.join(name))? }
    }
    Ok(())
}

/// An empty project, and a PATH on which there is Node and a shell only.
fn try_out(tarball: &Path) -> Result {
    if !cfg!(unix) {
        return Err("the package is tried on Unix only".into());
    }
    let project = run::scratch("package-node-project")?;
    let bin = project.join("bin");
    run::create(&bin)?;
    for program in ["node", "npm", "sh", "env"] {
        link(program, &bin)?;
    }
    run::write(&project.join("package.json"), "{ \"private\": true }\n")?;
    let models = run::root().join("examples/models");
    for name in ["langid-v1.onnx", "langid-v1.probe.json"] {
        run::copy(&models.join(name), &project.join(name))?;
    }
    run::write(&project.join("predict.mjs"), PROGRAM)?;
    for compiler in ["cargo", "rustc", "cc", "gcc", "clang", "python3"] {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("command -v {compiler}")]).env("PATH", &bin);
        if command.output().is_ok_and(|output| output.status.success()) {
            return Err(format!("{compiler} is on the PATH that should have none"));
        }
    }
    let begun = Instant::now();
    let mut install = Command::new(bin.join("npm"));
    install.args(["install", "--no-audit", "--no-fund", "--offline"]).arg(tarball);
    run::run(install.current_dir(&project).env("PATH", &bin))?;
    run::run(Command::new(bin.join("node")).arg("predict.mjs").current_dir(&project).env("PATH", &bin))?;
    let took = begun.elapsed();
    println!("installed and asked in {:.1} s", took.as_secs_f64());
    if took > AT_MOST { Err(format!("that is more than {} s", AT_MOST.as_secs())) } else { Ok(()) }
}

const PROGRAM: &str = "\
import { open } from \"noodle-deploy\";

const noodle = await open(\"data\");
await noodle.registerVersion({ model: \"langid\", path: \"langid-v1.onnx\", probes_path: \"langid-v1.probe.json\" });
await noodle.deploy({ deployment: \"langid\" });
const data = new Int32Array(8192).fill(256);
data.set(Buffer.from(\"def main():\\n    print('hello')\\n\\nmain()\\n\"));
const answer = noodle.predictSync(\"langid\", { bytes: { shape: [1, 8192], data } });
console.log(answer.top(1)[0][0], \"says version\", answer.version);
await noodle.close();
";

/// Puts a program of this machine into a directory of its own.
#[cfg(unix)]
fn link(program: &str, bin: &Path) -> Result {
    let path = run::output(Command::new("sh").args(["-c", &format!("command -v {program}")]))?;
    let real = std::fs::canonicalize(path.trim()).map_err(|error| format!("{program}: {error}"))?;
    std::os::unix::fs::symlink(real, bin.join(program)).map_err(|error| format!("{program}: {error}"))
}

#[cfg(not(unix))]
fn link(program: &str, _: &Path) -> Result {
    Err(format!("{program} cannot be linked here"))
}

fn npm(dir: &Path, verb: &str) -> Command {
    let mut command = Command::new(bindings::NPM);
    command.arg(verb).current_dir(dir);
    command
}
