//! Many threads, many processes, and processes that are killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;

use noodle_deploy_core::ErrorKind;
use noodle_deploy_core::store::{Append, SqliteOptions, SqliteStore, Store, verify};

use super::support::{each, event, row, sqlite};

const CHILD: &str = "NOODLE_STORE_CHILD";

fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path, &SqliteOptions { busy_timeout_ms: 30_000, ..SqliteOptions::default() }).unwrap()
}

/// Appends one event to a stream that everybody wants and one to its own, again until nobody was faster.
fn contend(store: &dyn Store, writer: &str, n: u64) -> u64 {
    let own = format!("model/{writer}");
    loop {
        let snapshot = store.load().unwrap();
        let version = |name: &str| snapshot.streams.iter().find(|(n, _)| n == name).map_or(0, |(_, v)| *v);
        let append = Append {
            expect: vec![("model/shared".to_owned(), version("model/shared")), (own.clone(), version(&own))],
            events: vec![event("model/shared", format!("{writer} {n}")), event(&own, format!("{n}"))],
            projections: vec![row(writer, &own, Some(&n.to_string()))],
            at: n,
            fence: None,
            cut: None,
        };
        match store.append(&append) {
            Ok(stored) => return stored[1].sequence,
            Err(error) => assert_eq!(error.kind(), ErrorKind::Conflict, "{error:?}"),
        }
    }
}

/// Every writer's numbers are there once and in order, in both streams, and the rows are the last ones.
fn check(store: &dyn Store, writers: &[(String, u64)]) {
    verify(store, None).unwrap();
    let total: u64 = writers.iter().map(|(_, count)| count).sum();
    let shared = store.read_stream("model/shared", 0, usize::MAX).unwrap();
    assert_eq!(shared.len() as u64, total);
    let rows = store.load().unwrap().projections;
    for (writer, count) in writers {
        let own = store.read_stream(&format!("model/{writer}"), 0, usize::MAX).unwrap();
        let numbers: Vec<_> = own.iter().map(|stored| stored.event.payload.clone()).collect();
        assert_eq!(numbers, (0..*count).map(|n| n.to_string()).collect::<Vec<_>>());
        let prefix = format!("{writer} ");
        let of_shared: Vec<_> = shared.iter().filter_map(|s| s.event.payload.strip_prefix(&prefix)).collect();
        assert_eq!(of_shared, numbers);
        let last = rows.iter().find(|row| row.key == *writer).unwrap();
        assert_eq!(last.value, numbers.last().cloned());
    }
}

#[test]
fn appends_from_eight_threads_are_neither_lost_nor_doubled() {
    each(|case| {
        let start = Barrier::new(8);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (start, case) = (&start, case);
                scope.spawn(move || {
                    // Half of them over a handle of their own.
                    let store = if thread % 2 == 0 { case.store.clone() } else { case.second() };
                    start.wait();
                    for n in 0..15 {
                        contend(&*store, &format!("w{thread}"), n);
                    }
                });
            }
        });
        check(&*case.store, &(0..8).map(|thread| (format!("w{thread}"), 15)).collect::<Vec<_>>());
    });
}

/// Appends, and prints the sequence of each event once it was acknowledged; does nothing unless started below.
#[test]
fn child() {
    let Ok(text) = std::env::var(CHILD) else { return };
    let (path, rest) = text.split_once('|').unwrap();
    let (writer, count) = rest.split_once('|').unwrap();
    let store = open(Path::new(path));
    for n in 0..count.parse().unwrap() {
        let sequence = contend(&store, writer, n);
        println!("\nacknowledged {sequence}");
        if n % 5 == 0 {
            store.maintain().unwrap();
        }
    }
}

fn spawn(path: &Path, writer: &str, count: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "behavior_store::processes::child", "--nocapture"])
        .env(CHILD, format!("{}|{writer}|{count}", path.display()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn processes_create_one_file_together_and_lose_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.db");
    // The file does not exist: all of them try to make it.
    let children: Vec<_> = (0..4).map(|n| spawn(&path, &format!("p{n}"), 15)).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    check(&open(&path), &(0..4).map(|n| (format!("p{n}"), 15)).collect::<Vec<_>>());
}

#[test]
fn threads_open_a_new_file_together() {
    for _ in 0..10 {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state.db");
        let start = Barrier::new(8);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    assert_eq!(open(&path).head().unwrap().sequence, 0);
                });
            }
        });
    }
}

#[test]
fn what_a_killed_process_was_told_is_there() {
    for round in 0..6 {
        let case = sqlite();
        let path = case.path().unwrap();
        let mut child = spawn(&path, "p", 1_000_000);
        let (mut acknowledged, mut killed) = (0, false);
        // Also what it said before it died and had no reader for yet; the last line may be torn.
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            let sequence = line.strip_prefix("acknowledged ").and_then(|text| text.parse::<u64>().ok());
            acknowledged = sequence.unwrap_or(0).max(acknowledged);
            if acknowledged >= 10 + 7 * round && !killed {
                child.kill().unwrap();
                killed = true;
            }
        }
        child.wait().unwrap();
        assert!(killed);

        let store = open(&path);
        let found = store.head().unwrap().sequence;
        assert!(found >= acknowledged, "{found} of {acknowledged}");
        assert_eq!(found % 2, 0, "half of an append was kept");
        check(&store, &[("p".to_owned(), found / 2)]);
        contend(&store, "p", found / 2);
        check(&*case.store, &[("p".to_owned(), found / 2 + 1)]);
    }
}
