//! One program under one fault: run it with the preload library, then judge the directory that it leaves.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::run::{self, Result};

/// Longest time that a program or a verdict may take.
const LIMIT: Duration = Duration::from_secs(120);

/// A program that works in a directory, and one that judges the directory. `{dir}` in a command stands for the
/// directory and `{out}` for the file with what the program printed.
#[derive(Clone)]
pub(crate) struct Scenario {
    pub(crate) program: String,
    pub(crate) verify: Option<String>,
}

/// What happens at the `at`-th file operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) mode: Mode,
    pub(crate) at: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mode {
    Fail { errno: &'static str, sticky: bool },
    Kill,
    PowerLoss { seed: u64 },
}

impl Fault {
    fn variables(self) -> Vec<(&'static str, String)> {
        let mut variables = vec![("NOODLE_FAULT_AT", self.at.to_string())];
        variables.extend(match self.mode {
            Mode::Fail { errno, sticky } => vec![
                ("NOODLE_FAULT_MODE", "fail".to_owned()),
                ("NOODLE_FAULT_ERRNO", errno.to_owned()),
                ("NOODLE_FAULT_STICKY", u8::from(sticky).to_string()),
            ],
            Mode::Kill => vec![("NOODLE_FAULT_MODE", "kill".to_owned())],
            Mode::PowerLoss { seed } => {
                vec![("NOODLE_FAULT_MODE", "powerloss".to_owned()), ("NOODLE_FAULT_SEED", seed.to_string())]
            }
        });
        variables
    }

    /// The fault as words for a shell, to repeat it by hand.
    pub(crate) fn shown(self) -> String {
        self.variables().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    }
}

impl Scenario {
    /// How many file operations the program makes when nothing fails.
    pub(crate) fn count(&self, shim: &Path, work: &Path) -> Result<u64> {
        let place = Place::new(work)?;
        let file = work.join("count");
        let mut command = place.command(&self.program, "out", "errors")?;
        command.env("LD_PRELOAD", shim).env("NOODLE_FAULT_DIR", &place.dir).env("NOODLE_FAULT_MODE", "count");
        command.env("NOODLE_FAULT_COUNT_FILE", &file).env("NOODLE_FAULT_LOG", work.join("operations"));
        command.env("NOODLE_CRASH_CHILD", &place.dir);
        let status = place.wait(&mut command)?;
        if !status.success() {
            return Err(format!("without a fault the program fails ({status}):\n{}", place.printed()));
        }
        self.judge(&place).map_err(|why| format!("without a fault the verdict is bad: {why}"))?;
        let bytes = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let bytes = bytes.try_into().map_err(|_| format!("{} does not hold 8 bytes", file.display()))?;
        Ok(u64::from_ne_bytes(bytes))
    }

    /// Runs the program under the fault and then the verdict; the error says what was wrong.
    pub(crate) fn run(&self, shim: &Path, work: &Path, fault: Fault) -> Result {
        let place = Place::new(work)?;
        let mut command = place.command(&self.program, "out", "errors")?;
        command.env("LD_PRELOAD", shim).env("NOODLE_FAULT_DIR", &place.dir).envs(fault.variables());
        command.env("NOODLE_CRASH_CHILD", &place.dir);
        let status = place.wait(&mut command)?;
        let killed_by = signal(status);
        let expected = match fault.mode {
            Mode::Fail { .. } => killed_by.is_none(),
            // The last operations may not be reached when threads interleave otherwise than in the counting run.
            Mode::Kill | Mode::PowerLoss { .. } => killed_by.is_none_or(|signal| signal == 9),
        };
        if !expected || status.code() == Some(65) {
            return Err(format!("the program ended with {status}:\n{}", place.printed()));
        }
        self.judge(&place)
    }

    fn judge(&self, place: &Place) -> Result {
        let Some(verify) = &self.verify else { return Ok(()) };
        let mut command = place.command(verify, "verdict", "verdict-errors")?;
        command.env("NOODLE_CRASH_VERIFY", &place.dir).env("NOODLE_CRASH_OUT", &place.out);
        let status = place.wait(&mut command)?;
        if status.success() {
            return Ok(());
        }
        let text = |name: &str| std::fs::read_to_string(place.work.join(name)).unwrap_or_default();
        Err(format!("the verdict ended with {status}:\n{}{}", text("verdict"), text("verdict-errors")))
    }
}

/// The directory of one run, with the files around it.
struct Place {
    work: PathBuf,
    dir: PathBuf,
    out: PathBuf,
}

impl Place {
    fn new(work: &Path) -> Result<Self> {
        let dir = work.join("dir");
        run::remove(&dir)?;
        run::create(&dir)?;
        Ok(Self { work: work.to_owned(), out: work.join("out"), dir })
    }

    fn create(&self, name: &str) -> Result<File> {
        File::create(self.work.join(name)).map_err(|error| format!("{name}: {error}"))
    }

    /// The command for a shell, with its output going to files.
    fn command(&self, text: &str, out: &str, errors: &str) -> Result<Command> {
        let text = text.replace("{dir}", &quoted(&self.dir)).replace("{out}", &quoted(&self.out));
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("exec {text}")).stdin(Stdio::null());
        command.stdout(self.create(out)?).stderr(self.create(errors)?);
        Ok(command)
    }

    fn wait(&self, command: &mut Command) -> Result<ExitStatus> {
        let mut child = command.spawn().map_err(|error| format!("sh: {error}"))?;
        let begun = Instant::now();
        loop {
            if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
                return Ok(status);
            }
            if begun.elapsed() > LIMIT {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("still running after {} s:\n{}", LIMIT.as_secs(), self.printed()));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// The end of what the program printed.
    fn printed(&self) -> String {
        let mut text = String::new();
        for name in ["out", "errors"] {
            let bytes = std::fs::read(self.work.join(name)).unwrap_or_default();
            text.push_str(&String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(2000)..]));
        }
        text
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.display())
}
