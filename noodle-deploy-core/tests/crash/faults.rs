//! A sample of what `cargo xtask faults` does for every operation: the preload library of `xtask/shim` lets the n-th
//! file operation fail, fill the disk, kill, or lose power.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::journal::Journal;
use super::judge::judge;

/// Operations of each mode that meet a fault in an ordinary run; `NOODLE_FAULT_SAMPLES` says otherwise.
const SAMPLES: u64 = 40;

#[derive(Debug, Clone, Copy)]
struct Fault {
    mode: &'static str,
    variant: u64,
    at: u64,
}

fn build_shim(to: &Path) -> Result<PathBuf, String> {
    if !cfg!(target_os = "linux") {
        return Err("fault injection needs Linux: it preloads a library over libc".to_owned());
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../xtask/shim/faults.c");
    let library = to.join("faults.so");
    let mut command = Command::new("cc");
    command.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).args(["-ldl", "-lpthread"]);
    match command.status() {
        Ok(status) if status.success() => Ok(library),
        Ok(status) => Err(format!("cc ended with {status}")),
        Err(error) => Err(format!("cc: {error}")),
    }
}

/// Runs the child's fixed sequence in a new directory below `place`.
fn run(shim: &Path, place: &Path, fault: Option<Fault>) -> (PathBuf, ExitStatus, String) {
    let root = place.join("dir");
    if root.exists() {
        std::fs::remove_dir_all(&root).unwrap();
    }
    std::fs::create_dir_all(&root).unwrap();
    let said = place.join("said");
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "child", "--nocapture"])
        .env("NOODLE_CRASH_CHILD", &root)
        .env("NOODLE_FAULT_DIR", &root)
        .env("LD_PRELOAD", shim)
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(std::fs::File::create(&said).unwrap())
        .stderr(std::fs::File::create(place.join("errors")).unwrap());
    match fault {
        None => command.env("NOODLE_FAULT_MODE", "count").env("NOODLE_FAULT_COUNT_FILE", place.join("count")),
        Some(Fault { mode: "full", at, .. }) => command
            .env("NOODLE_FAULT_MODE", "fail")
            .env("NOODLE_FAULT_ERRNO", "ENOSPC")
            .env("NOODLE_FAULT_STICKY", "1")
            .env("NOODLE_FAULT_AT", at.to_string()),
        Some(Fault { mode, variant, at }) => command
            .env("NOODLE_FAULT_MODE", mode)
            .env("NOODLE_FAULT_SEED", variant.to_string())
            .env("NOODLE_FAULT_AT", at.to_string()),
    };
    let status = command.status().unwrap();
    let text = std::fs::read(&said).unwrap();
    (root, status, String::from_utf8_lossy(&text).into_owned())
}

fn verdict(root: &Path, status: ExitStatus, text: &str, fault: Option<Fault>) -> Result<Journal, String> {
    use std::os::unix::process::ExitStatusExt;
    let mut journal = Journal::default();
    journal.extend(text)?;
    let dies = fault.is_some_and(|fault| matches!(fault.mode, "kill" | "powerloss"));
    match status.signal() {
        Some(9) if dies => {}
        None if status.success() => {}
        _ => return Err(format!("the process ended with {status}")),
    }
    judge(root, &journal)?;
    Ok(journal)
}

#[test]
fn failing_file_operations_and_power_loss_lose_nothing_acknowledged() {
    let scratch = tempfile::tempdir().unwrap();
    let shim = match build_shim(scratch.path()) {
        Ok(shim) => shim,
        Err(why) => {
            let forbidden = cfg!(target_os = "linux") && std::env::var_os("NOODLE_FORBID_SKIPS").is_some();
            assert!(!forbidden, "skips are forbidden: {why}");
            println!("skipped: {why}");
            return;
        }
    };
    let (root, status, text) = run(&shim, &scratch.path().join("count"), None);
    let journal = verdict(&root, status, &text, None).unwrap();
    assert_eq!(journal.acknowledged, 16, "the sequence does not run to its end:\n{text}");
    let bytes = std::fs::read(scratch.path().join("count/count")).unwrap();
    let count = u64::from_ne_bytes(bytes.try_into().unwrap());
    let samples = std::env::var("NOODLE_FAULT_SAMPLES").map_or(SAMPLES, |text| text.parse().unwrap()).min(count);

    let mut faults = Vec::new();
    for (n, mode) in ["fail", "full", "kill", "powerloss", "powerloss"].into_iter().enumerate() {
        // Every mode takes other operations, and power loss other remains each time.
        faults.extend((0..samples).map(|i| Fault {
            mode,
            variant: i + n as u64,
            at: 1 + (i * count + n as u64 * count / 5) / samples % count,
        }));
    }
    let begun = Instant::now();
    let (next, bad) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for job in 0..jobs {
            let (place, shim, faults, next, bad) =
                (scratch.path().join(format!("job-{job}")), &shim, &faults, &next, &bad);
            scope.spawn(move || {
                while let Some(&fault) = faults.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (root, status, text) = run(shim, &place, Some(fault));
                    if let Err(why) = verdict(&root, status, &text, Some(fault)) {
                        let errors = std::fs::read_to_string(place.join("errors")).unwrap_or_default();
                        bad.lock().unwrap().push(format!("{fault:?}: {why}\n{errors}"));
                    }
                }
            });
        }
    });
    let bad = bad.into_inner().unwrap();
    println!(
        "{count} file operations; {} faults in {:.1} s, {} bad",
        faults.len(),
        begun.elapsed().as_secs_f64(),
        bad.len()
    );
    assert!(bad.is_empty(), "{} bad, the first:\n{}", bad.len(), bad[..bad.len().min(5)].join("\n"));
}
