//! Tests of the C and C++ surface: compiled by each compiler that is there, against both libraries, and run, under
//! valgrind and the address sanitizer too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{VERSION, c_warnings, need};
use crate::report::Skip;
use crate::run::{self, Result};
use crate::{models as fetched, package, tree};

/// Programs that take `conformance/models` and a directory.
const TESTS: [&str; 6] = ["data_plane", "sessions", "events", "log", "dlpack", "exit_while_busy"];
/// What the conformance runner reads its cases with.
pub(super) const JSON: &str = "/usr/include/nlohmann/json.hpp";
const WARNINGS: [&str; 4] = ["-g", "-Wall", "-Wextra", "-Werror"];

pub(crate) fn test() -> Result<(), Skip> {
    if !cfg!(unix) {
        return Err(Skip::Missing("this step compiles with a Unix compiler driver".into()));
    }
    for program in ["cc", "c++"] {
        need(program)?;
    }
    let place = Place::new()?;
    for library in [Library::Shared, Library::Static] {
        place.version(library)?;
        place.layout(library)?;
        for name in TESTS {
            place.run_test(&place.compile("cc", name, library, &[])?, &[])?;
        }
    }
    place.examples()?;
    place.readme()?;
    if cfg!(target_os = "linux") {
        package::c::symbols(&place.prefix, true)?;
        place.sanitized()?;
    }
    // What a machine may lack comes last, so that all else has run.
    place.conformance()?;
    place.found_by_pkg_config()?;
    place.found_by_cmake()?;
    if cfg!(target_os = "linux") {
        place.valgrind()?;
    }
    c_warnings::check(&place.dir)?;
    place.clang()?;
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Library {
    Shared,
    Static,
}

/// Where programs are built and run.
struct Place {
    dir: PathBuf,
    root: &'static Path,
    package: PathBuf,
    /// The library as it is installed: everything here is compiled against that.
    prefix: PathBuf,
}

impl Place {
    fn new() -> Result<Self> {
        let (root, dir) = (run::root(), run::scratch("c")?);
        let prefix = dir.join("prefix");
        let built = tree::built(&tree::shared_library("noodle_deploy"))?;
        package::c::lay_out(&prefix, built.parent().unwrap_or(&built))?;
        Ok(Self { dir, root, package: root.join("noodle-deploy-c"), prefix })
    }

    /// Compiles a source file into a program.
    fn build(
        &self,
        compiler: &str,
        standard: &str,
        source: &Path,
        library: Library,
        options: &[&str],
    ) -> Result<PathBuf> {
        let stem = source.file_stem().unwrap_or_default().to_string_lossy();
        let kind = if library == Library::Shared { "shared" } else { "static" };
        let program =
            self.dir.join(format!("{stem}-{compiler}-{standard}-{kind}{}", options.concat().replace('/', "_")));
        let mut command = Command::new(compiler);
        command.arg(format!("-std={standard}")).args(WARNINGS).args(options);
        command.arg("-I").arg(self.prefix.join("include")).arg(source).args(self.link(library)).arg("-o").arg(&program);
        run::run(&mut command)?;
        Ok(program)
    }

    fn compile(&self, compiler: &str, name: &str, library: Library, options: &[&str]) -> Result<PathBuf> {
        let source = self.package.join("tests").join(format!("{name}.c"));
        self.build(compiler, "c99", &source, library, options)
    }

    /// A fresh directory for a program.
    fn fresh(&self) -> Result<PathBuf> {
        let dir = self.dir.join("state");
        run::remove(&dir)?;
        run::create(&dir)?;
        Ok(dir)
    }

    /// Runs a test, below another program where one is given.
    fn run_test(&self, program: &Path, below: &[&str]) -> Result {
        let mut command = Command::new(below.first().map_or(program.as_os_str(), |outer| outer.as_ref()));
        if let Some(options) = below.get(1..) {
            command.args(options).arg(program);
        }
        command.arg(self.root.join("conformance/models")).arg(self.fresh()?).env("RUST_BACKTRACE", "0");
        run::run(&mut command)
    }

    fn version(&self, library: Library) -> Result {
        run::run(Command::new(self.compile("cc", "version", library, &[])?).arg(VERSION))
    }

    /// That the header and the library agree on where each field lies.
    fn layout(&self, library: Library) -> Result {
        run::run(&mut Command::new(self.compile("cc", "layout", library, &[])?))
    }

    fn examples(&self) -> Result {
        let models = self.root.join("examples/models");
        for name in ["quickstart", "embed", "crash_recovery", "voice_activity", "canary", "ab_test", "shadow"] {
            let source = self.root.join("examples/c").join(format!("{name}.c"));
            let program = self.build("cc", "c99", &source, Library::Shared, &[])?;
            let mut command = Command::new(program);
            match name {
                "embed" => command.arg(models.join("langid-v2.onnx")).arg(models.join("samples/hello.py")),
                "voice_activity" => command.arg(fetched::dir()),
                _ => command.arg(&models),
            };
            run::run(command.arg(self.fresh()?))?;
        }
        let source = self.root.join("examples/cpp/quickstart.cpp");
        for standard in ["c++17", "c++20"] {
            let program = self.build("c++", standard, &source, Library::Shared, &[])?;
            run::run(Command::new(program).arg(&models).arg(self.fresh()?))?;
        }
        // The same surface without exceptions.
        let source = self.package.join("tests/no_exceptions.cpp");
        let program = self.build("c++", "c++17", &source, Library::Static, &["-fno-exceptions"])?;
        self.run_test(&program, &[])
    }

    /// The programs of the package's page.
    fn readme(&self) -> Result {
        let page = run::read(&self.package.join("README.md"))?;
        for (compiler, standard, language, file) in
            [("cc", "c99", "c", "readme.c"), ("c++", "c++17", "cpp", "readme.cpp")]
        {
            let block = page.split(&format!("\n```{language}\n")).nth(1).and_then(|rest| rest.split("```").next());
            let source = self.dir.join(file);
            run::write(&source, block.ok_or(format!("the page has no program in {language}"))?)?;
            let program = self.build(compiler, standard, &source, Library::Shared, &[])?;
            run::run(Command::new(program).current_dir(self.fresh()?))?;
        }
        Ok(())
    }

    fn conformance(&self) -> Result<(), Skip> {
        let source = self.package.join("tests/conformance/main.cpp");
        if !Path::new(JSON).exists() {
            return Err(Skip::Missing("nlohmann-json3-dev is not installed".into()));
        }
        let program = self.build("c++", "c++17", &source, Library::Shared, &[])?;
        let mut command = Command::new(program);
        command.arg(self.root.join("conformance")).arg(self.root.join("examples/models")).arg(self.fresh()?);
        Ok(run::run(command.env("RUST_BACKTRACE", "0"))?)
    }

    /// The address sanitizer sees what our C does; the library's own code is not instrumented.
    fn sanitized(&self) -> Result {
        for name in TESTS {
            let program = self.compile("cc", name, Library::Shared, &["-fsanitize=address,undefined"])?;
            self.run_test(&program, &[])?;
        }
        Ok(())
    }

    fn clang(&self) -> Result {
        self.run_test(&self.compile("clang", "data_plane", Library::Shared, &[])?, &[])
    }

    fn valgrind(&self) -> Result<(), Skip> {
        need("valgrind")?;
        // Caches that live as long as the process are reachable through pointers into their middle: "possibly lost".
        let options = [
            "valgrind",
            "--quiet",
            "--leak-check=full",
            "--show-leak-kinds=definite",
            "--errors-for-leak-kinds=definite",
            "--error-exitcode=1",
        ];
        // A process that ends in the middle of a call leaves memory by design, so that test is not among these.
        for name in ["data_plane", "events", "log", "dlpack"] {
            self.run_test(&self.compile("cc", name, Library::Shared, &[])?, &options)?;
        }
        Ok(())
    }

    fn found_by_pkg_config(&self) -> Result<(), Skip> {
        need("pkg-config")?;
        let mut command = Command::new("pkg-config");
        command.args(["--cflags", "--libs", "noodle_deploy"]).env("PKG_CONFIG_PATH", self.prefix.join("lib/pkgconfig"));
        let found = run::output(&mut command)?;
        let program = self.dir.join("outside-pkg-config");
        let mut command = Command::new("cc");
        command.arg("-std=c99").args(WARNINGS).arg(self.package.join("tests/cmake-outside/main.c"));
        command.args(found.split_whitespace()).arg("-o").arg(&program);
        run::run(&mut command)?;
        let mut command = Command::new(program);
        Ok(run::run(command.arg(self.fresh()?).env("LD_LIBRARY_PATH", self.prefix.join("lib")))?)
    }

    /// A project of its own, with nothing but a C compiler.
    fn found_by_cmake(&self) -> Result<(), Skip> {
        need("cmake")?;
        let build = self.dir.join("outside-cmake");
        let mut command = Command::new("cmake");
        command.arg("-S").arg(self.package.join("tests/cmake-outside")).arg("-B").arg(&build);
        run::run(command.arg(format!("-DCMAKE_PREFIX_PATH={}", self.prefix.display())))?;
        run::run(Command::new("cmake").arg("--build").arg(&build))?;
        for program in ["outside", "outside_static"] {
            run::run(Command::new(build.join(program)).arg(self.fresh()?))?;
        }
        Ok(())
    }

    /// How a program is linked with the library.
    fn link(&self, library: Library) -> Vec<String> {
        let lib = self.prefix.join("lib");
        let mut options = match library {
            Library::Shared => vec![
                lib.join(tree::shared_library("noodle_deploy")).display().to_string(),
                format!("-Wl,-rpath,{}", lib.display()),
            ],
            Library::Static => vec![lib.join("libnoodle_deploy.a").display().to_string()],
        };
        let system: &[&str] = if cfg!(target_os = "linux") {
            &["-lgcc_s", "-lm", "-ldl", "-lpthread"]
        } else {
            &["-framework", "CoreFoundation", "-framework", "Security"]
        };
        options.extend(system.iter().map(|option| (*option).to_owned()));
        options
    }
}

/// Names that the shared library exports.
pub(crate) fn symbols() -> Result<BTreeSet<String>, Skip> {
    need("nm")?;
    let shared = tree::built(&tree::shared_library("noodle_deploy"))?;
    let listed = run::output(Command::new("nm").args(["--dynamic", "--defined-only"]).arg(shared))?;
    Ok(listed.lines().filter_map(|line| line.split_whitespace().nth(2)).map(str::to_owned).collect())
}
