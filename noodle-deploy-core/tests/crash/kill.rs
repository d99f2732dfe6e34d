//! `kill -9` at random instants, several times in a row on one directory.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use noodle_deploy_core::rng::{Rng, SeededRng};

use super::journal::Journal;
use super::judge::judge;

/// Kills of one directory before a fresh one is taken.
const PER_DIRECTORY: u64 = 25;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}

/// A child that works at random in `root` and says to `said` what it does.
fn spawn(root: &Path, said: &Path, seed: u64) -> Child {
    let out = OpenOptions::new().create(true).append(true).open(said).unwrap();
    let errors = File::create(root.with_extension("errors")).unwrap();
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env("NOODLE_CRASH_CHILD", root)
        .env("NOODLE_CRASH_RANDOM", seed.to_string())
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(errors)
        .spawn()
        .unwrap()
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

/// Lets the child come as far as chance says, and kills it there.
fn kill(child: &mut Child, said: &Path, rng: &SeededRng) {
    let below = |n: u64| rng.next() % n;
    // As often while it opens as after some operations; a slow machine gives it more time for the same way.
    let lines = if below(4) == 0 { 0 } else { below(24) };
    let deadline = Instant::now() + Duration::from_secs(20);
    let (mut seen, mut size) = (0, length(said));
    while seen < lines && Instant::now() < deadline && child.try_wait().unwrap().is_none() {
        let now = length(said);
        seen += u64::from(now != size);
        size = now;
        std::thread::sleep(Duration::from_micros(300));
    }
    std::thread::sleep(Duration::from_micros(if lines == 0 { below(80_000) } else { below(6_000) }));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_killed_process_leaves_one_legal_state_and_loses_nothing_acknowledged() {
    let iterations = number("NOODLE_CRASH_ITERATIONS").unwrap_or(100);
    let seed = number("NOODLE_CRASH_SEED").unwrap_or_else(|| u64::from(std::process::id()) << 20);
    println!("NOODLE_CRASH_SEED={seed} NOODLE_CRASH_ITERATIONS={iterations}");
    let rng = SeededRng::new(seed);
    let scratch = tempfile::tempdir().unwrap();
    let mut under_way: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut acknowledged, mut looks, mut events) = (0, 0, 0);
    let begun = Instant::now();
    let mut root = scratch.path().join("none");
    let mut journal = Journal::default();
    for n in 0..iterations {
        if n % PER_DIRECTORY == 0 {
            root = scratch.path().join(format!("kills-{n}"));
            std::fs::create_dir(&root).unwrap();
            journal = Journal::default();
        }
        let said = root.with_extension(format!("said-{n}"));
        let mut child = spawn(&root, &said, rng.next());
        kill(&mut child, &said, &rng);
        let fail = |why: String| -> ! {
            let kept = scratch.path().to_owned();
            let errors = std::fs::read_to_string(root.with_extension("errors")).unwrap_or_default();
            panic!("kill {n} of NOODLE_CRASH_SEED={seed}, in {}: {why}\n{errors}", kept.display());
        };
        let text = String::from_utf8_lossy(&std::fs::read(&said).unwrap()).into_owned();
        journal.extend(&text).unwrap_or_else(|why| fail(why));
        *under_way.entry(journal.last.unwrap_or("between operations")).or_default() += 1;
        // Often the next process opens the directory as it was left.
        let last = n + 1 == iterations || (n + 1) % PER_DIRECTORY == 0;
        if last || rng.next().is_multiple_of(2) {
            looks += 1;
            journal.rows = judge(&root, &journal).unwrap_or_else(|why| fail(why));
            journal.doubtful.clear();
            forget_copies(&root, &mut journal);
        }
        if last {
            acknowledged += journal.acknowledged;
            events += journal.head.map_or(0, |head| head.sequence);
            nothing_is_left_over(&root).unwrap_or_else(|why| fail(why));
        }
    }
    println!(
        "{iterations} kills, {looks} verdicts, {acknowledged} operations acknowledged, {events} events in {:.1} s; killed \
         during {under_way:?}",
        begun.elapsed().as_secs_f64()
    );
}

/// Copies were looked at; they would fill the disk.
fn forget_copies(root: &Path, journal: &mut Journal) {
    journal.copies.clear();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            // The lock of a copy that a kill cut short.
            std::fs::remove_file(path).unwrap();
        } else if path.file_name().is_some_and(|name| name != "state") {
            std::fs::remove_dir_all(path).unwrap();
        }
    }
}

/// An orderly close leaves the database, the artifacts and an empty room for processes.
fn nothing_is_left_over(root: &Path) -> Result<(), String> {
    let state = root.join("state");
    let noodle = noodle_deploy_core::Noodle::open(&state).map_err(|e| e.to_string())?;
    let deadline = Instant::now() + Duration::from_secs(10);
    let names = |path: &Path| -> Vec<String> {
        std::fs::read_dir(path).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    };
    // The leader sweeps what dead processes left; what they had only begun to make it keeps for a minute.
    let processes = || {
        let mut names = names(&state.join("instances"));
        names.retain(|name| !name.starts_with(".new-"));
        names
    };
    while processes().len() > 1 {
        if Instant::now() > deadline {
            return Err(format!("processes that are gone still show: {:?}", processes()));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    noodle.close();
    let mut left = names(&state);
    left.sort();
    let instances = processes();
    // Which engine was chosen for which file is there once something was deployed; half of it may be.
    left.retain(|name| !["engines.json", "engines.part", "tunings.json", "tunings.part"].contains(&name.as_str()));
    if left == ["artifacts", "instances", "noodle.db"] && instances.is_empty() {
        Ok(())
    } else {
        Err(format!("left over: {left:?}, {instances:?}"))
    }
}
