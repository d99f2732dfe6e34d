//! One process decides; when it dies another one does, with a greater token.

use std::path::Path;
use std::process::Child;
use std::time::Duration;

use noodle_deploy_core::Noodle;
use noodle_deploy_core::store::{SqliteOptions, SqliteStore, Store};

use super::world::{now, said, say, spawn, wait_for};

/// Name of the lease, as `docs/formats/state.md` has it in the table `leases`.
const LEASE: &str = "decider";

/// Says whenever it begins or ends to lead.
pub fn child(state: &Path) {
    let noodle = Noodle::open(state).unwrap();
    let mut leads = None;
    loop {
        let now_leads = noodle.monitor().health(None).unwrap().leader;
        if leads.replace(now_leads) != Some(now_leads) {
            say(&format!("{} {}", now(), if now_leads { "leads" } else { "follows" }));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn another_process_takes_over_from_a_leader_that_is_killed() {
    let scratch = tempfile::tempdir().unwrap();
    let state = scratch.path().join("state");
    drop(Noodle::open(&state).unwrap());
    // Only looks: another instance than the processes', which takes no lease.
    let store = SqliteStore::open(state.join("noodle.db"), &SqliteOptions { read_only: true, ..Default::default() });
    let store = store.unwrap();
    let holder = || (lease_row(&state), store.instances().unwrap());
    let log = |n: usize| scratch.path().join(format!("said-{n}"));
    let mut children: Vec<Option<Child>> = (0..3).map(|n| Some(spawn("lead", &state, &log(n)))).collect();
    let leads = |n: usize| said(&log(n)).last().is_some_and(|line| line.ends_with("leads"));
    let (mut token, mut takeovers) = (0, Vec::new());
    for _ in 0..3 {
        let alive: Vec<usize> = (0..3).filter(|n| children[*n].is_some()).collect();
        let taken = wait_for("a leader", Duration::from_secs(10), || alive.iter().any(|n| leads(*n)));
        takeovers.push(taken);
        wait_for("one leader", Duration::from_secs(10), || alive.iter().filter(|n| leads(**n)).count() == 1);
        let ((name, next), instances) = holder();
        assert!(next > token, "token {next} after {token}");
        token = next;
        let leader = *alive.iter().find(|n| leads(**n)).unwrap();
        let pid = children[leader].as_ref().unwrap().id();
        assert!(instances.iter().any(|i| i.id == name && i.pid == pid), "{name} is not process {pid}: {instances:?}");
        let mut child = children[leader].take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }
    println!("a leader after {takeovers:?}, tokens up to {token}");
}

/// Holder and token.
fn lease_row(state: &Path) -> (String, u64) {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let connection = rusqlite::Connection::open_with_flags(state.join("noodle.db"), flags).unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64));
    connection.query_row("SELECT holder, token FROM leases WHERE name = ?1", [LEASE], row).unwrap()
}
