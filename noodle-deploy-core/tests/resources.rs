//! What `get_resources` says, held against what this process does.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]
#![cfg(all(feature = "engine-tract", feature = "store-sqlite", feature = "backend-local", target_os = "linux"))]

use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use noodle_deploy_core::ops::Nothing;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput};
use noodle_deploy_core::ops::monitor::{GetResources, ResourceReport};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{Noodle, Settings};

const MIB: u64 = 1 << 20;

/// Figures of a process are those of all its tests: one at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A handle in a directory on a disk: of a file system in memory nothing is written to one.
fn open(settings: Settings) -> (tempfile::TempDir, Noodle) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let noodle = Noodle::builder(dir.path().join("state")).settings(settings).open().unwrap();
    (dir, noodle)
}

fn read(noodle: &Noodle) -> ResourceReport {
    noodle.call::<GetResources>(Nothing {}).unwrap()
}

fn spin(time: Duration) -> u64 {
    let begun = Instant::now();
    let mut n = 0u64;
    while begun.elapsed() < time {
        n = std::hint::black_box(n.wrapping_mul(31).wrapping_add(1));
    }
    n
}

/// A field of /proc/self/status in kibibytes, as bytes.
fn status(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap()
}

#[test]
fn time_on_a_cpu_is_counted_and_shows_as_a_percentage() {
    let _alone = alone();
    let (_dir, noodle) = open(Settings::default());
    let before = read(&noodle);
    assert_eq!((before.interval_ms, before.process.cpu_percent, before.machine.cpu_percent), (None, None, None));
    // On a busy machine a thread gets its share: until it had 250 ms, by the clock of the thread.
    let begun = Instant::now();
    let ms = |report: &ResourceReport| report.process.cpu_time_ms.unwrap();
    while ms(&read(&noodle)) < ms(&before) + 250 {
        spin(Duration::from_millis(20));
        assert!(begun.elapsed() < Duration::from_secs(30));
    }
    let after = read(&noodle);
    let wall = begun.elapsed().as_millis() as u64;
    let cores = u64::from(after.machine.cores.unwrap());
    assert!((250..=wall * cores + 20).contains(&(ms(&after) - ms(&before))), "{before:?} {after:?}");
    std::thread::sleep(Duration::from_millis(250));
    read(&noodle);
    spin(Duration::from_millis(400));
    let busy = read(&noodle);
    assert!(busy.interval_ms.unwrap() >= 200, "{busy:?}");
    let percent = busy.process.cpu_percent.unwrap();
    assert!((10.0..=100.0 * cores as f64 + 1.0).contains(&percent), "{busy:?}");
    let machine = busy.machine.cpu_percent.unwrap();
    assert!(machine > 0.0 && machine <= 100.0, "{busy:?}");
    std::thread::sleep(Duration::from_millis(400));
    let idle = read(&noodle);
    assert!(idle.process.cpu_percent.unwrap() < percent / 2.0, "{busy:?} {idle:?}");
}

#[test]
fn memory_that_is_touched_shows_and_memory_that_is_freed_goes() {
    let _alone = alone();
    let (_dir, noodle) = open(Settings::default());
    let before = read(&noodle).process;
    let resident = |report: &noodle_deploy_core::ops::monitor::ProcessReading| report.resident_bytes.unwrap();
    let held = std::hint::black_box(vec![1u8; 64 * MIB as usize]);
    let after = read(&noodle).process;
    let grown = resident(&after) - resident(&before);
    assert!((60 * MIB..=80 * MIB).contains(&grown), "{before:?} {after:?}");
    assert!(after.virtual_bytes.unwrap() >= before.virtual_bytes.unwrap() + 60 * MIB, "{before:?} {after:?}");
    assert!(after.peak_resident_bytes.unwrap() >= resident(&after) - MIB, "{after:?}");
    drop(held);
    let freed = read(&noodle).process;
    assert!(resident(&freed) + 60 * MIB <= resident(&after), "{after:?} {freed:?}");
    assert!(freed.peak_resident_bytes.unwrap() >= resident(&after) - MIB, "{freed:?}");
    assert!(status("VmRSS").abs_diff(resident(&freed) / 1024) < 4096);
}

#[test]
fn bytes_that_are_written_to_a_disk_are_counted() {
    let _alone = alone();
    let (dir, noodle) = open(Settings::default());
    let before = read(&noodle).process.disk_written_bytes.unwrap();
    let mut file = std::fs::File::create(dir.path().join("written")).unwrap();
    file.write_all(&vec![7u8; 8 * MIB as usize]).unwrap();
    file.sync_all().unwrap();
    let written = read(&noodle).process.disk_written_bytes.unwrap() - before;
    assert!((8 * MIB..=16 * MIB).contains(&written), "{written}");
}

#[test]
fn threads_and_files_are_counted() {
    let _alone = alone();
    let (dir, noodle) = open(Settings::default());
    let files =
        || -> Vec<_> { (0..9).map(|n| std::fs::File::create(dir.path().join(n.to_string())).unwrap()).collect() };
    // Threads of other tests come and go.
    let found = (0..50).any(|_| {
        let before = read(&noodle).process;
        let _held = files();
        let (stop, wait) = std::sync::mpsc::channel::<()>();
        let wait = Mutex::new(wait);
        std::thread::scope(|scope| {
            for _ in 0..5 {
                scope.spawn(|| wait.lock().unwrap().recv().is_err());
            }
            let (after, told) = (read(&noodle).process, status("Threads"));
            drop(stop);
            assert_eq!(after.open_files.unwrap(), before.open_files.unwrap() + 9);
            assert_eq!(after.pid, std::process::id());
            u64::from(after.threads.unwrap()) == told && after.threads.unwrap() == before.threads.unwrap() + 5
        })
    });
    assert!(found);
}

#[test]
fn the_machine_is_as_the_system_says() {
    let _alone = alone();
    let (_dir, noodle) = open(Settings::default());
    let ResourceReport { machine, limits, gpus, .. } = read(&noodle);
    let meminfo = std::fs::read_to_string("/proc/meminfo").unwrap();
    let total = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:")).unwrap();
    let total = total.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024;
    assert_eq!(machine.memory_total_bytes, Some(total));
    assert!(machine.memory_available_bytes.unwrap() <= total);
    assert!(machine.disk_available_bytes.unwrap() <= machine.disk_total_bytes.unwrap());
    assert!(machine.disk_total_bytes.unwrap() > 0 && machine.load_1m.unwrap() >= 0.0);
    assert!(machine.network_received_bytes.is_some() && machine.network_sent_bytes.is_some());
    let usable = std::thread::available_parallelism().unwrap().get() as u32;
    let cores = machine.cores.unwrap();
    assert_eq!(limits.cpus, (usable < cores).then_some(usable));
    assert!(limits.memory_bytes.is_none_or(|limit| limit < total), "{limits:?}");
    assert_eq!(gpus.unavailable.is_some(), gpus.devices.is_empty(), "{gpus:?}");
    assert!(cfg!(feature = "nvml") || gpus.unavailable.unwrap().contains("feature nvml"));
}

#[test]
fn models_are_held_against_their_budget() {
    let _alone = alone();
    let (_dir, noodle) = open(Settings { memory_budget_bytes: Some(512 * MIB), ..Settings::default() });
    assert_eq!(read(&noodle).models.revisions, []);
    let path = format!("{}/../examples/models/langid-v1.onnx", env!("CARGO_MANIFEST_DIR"));
    noodle.call::<RegisterVersion>(RegisterVersionInput { model: "m".into(), path, ..Default::default() }).unwrap();
    noodle.call::<Deploy>(DeployInput::new("m", "latest")).unwrap();
    let models = read(&noodle).models;
    assert_eq!(models.limit_bytes, Some(512 * MIB));
    let [only] = &models.revisions[..] else { panic!("{models:?}") };
    assert_eq!((only.deployment.as_str(), only.revision, only.version.as_str()), ("m", 1, "1.0.0"));
    assert!(only.bytes > 0 && models.used_bytes > 0 && models.used_bytes < 512 * MIB, "{models:?}");
}
