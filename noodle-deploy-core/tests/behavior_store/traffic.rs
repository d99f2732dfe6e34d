//! Counts of requests beside the log.

use noodle_deploy_core::ErrorKind;
use noodle_deploy_core::store::{SqliteOptions, SqliteStore, Store, TrafficRow, verify};

use super::support::{append, sqlite};

fn row(deployment: &str, revision: u32, instance: &str, value: &str) -> TrafficRow {
    TrafficRow {
        deployment: deployment.to_owned(),
        revision,
        instance: instance.to_owned(),
        at: 7,
        value: value.to_owned(),
    }
}

#[test]
fn rows_replace_each_other_and_are_seen_by_others() {
    let case = sqlite();
    let (first, second) = (case.store.traffic().unwrap(), case.second());
    first.write(&[row("d", 1, "a", "1"), row("d", 1, "b", "2"), row("e", 2, "a", "3")], &[]).unwrap();
    first.write(&[row("d", 1, "a", "4")], &[]).unwrap();
    let second = second.traffic().unwrap();
    assert_eq!(second.read(Some("d")).unwrap(), [row("d", 1, "a", "4"), row("d", 1, "b", "2")]);
    assert_eq!(second.read(None).unwrap().len(), 3);
    assert_eq!(second.read(Some("absent")).unwrap(), []);
    // Removed and put again in one transaction, as those of processes that are gone.
    second.write(&[row("d", 1, "", "6")], &[row("d", 1, "a", ""), row("d", 1, "b", "")]).unwrap();
    assert_eq!(first.read(Some("d")).unwrap(), [row("d", 1, "", "6")]);
}

#[test]
fn the_log_knows_nothing_of_it() {
    let case = sqlite();
    case.store.append(&append("model/a", 0, 3)).unwrap();
    let head = case.store.head().unwrap();
    case.store.traffic().unwrap().write(&[row("d", 1, "a", "1")], &[]).unwrap();
    assert_eq!(case.store.head().unwrap(), head);
    verify(&*case.store, Some(&head)).unwrap();
}

#[test]
fn a_handle_that_only_reads_writes_nothing() {
    let case = sqlite();
    case.store.traffic().unwrap().write(&[row("d", 1, "a", "1")], &[]).unwrap();
    let options = SqliteOptions { read_only: true, ..SqliteOptions::default() };
    let reading = SqliteStore::open(case.path().unwrap(), &options).unwrap();
    let traffic = reading.traffic().unwrap();
    assert_eq!(traffic.read(None).unwrap().len(), 1);
    assert_eq!(traffic.write(&[row("d", 1, "b", "1")], &[]).unwrap_err().kind(), ErrorKind::ReadOnly);
}
