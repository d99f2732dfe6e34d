//! Answers of models beside the log.

use noodle_deploy_core::ErrorKind;
use noodle_deploy_core::store::{CacheRow, MemoryStore, SqliteOptions, SqliteStore, Store, verify};

use super::support::{append, sqlite};

fn row(key: u8, owner: &str, length: usize) -> CacheRow {
    CacheRow {
        key: [key; 32],
        owner: owner.to_owned(),
        expires_at: None,
        value: vec![key; length],
        max_bytes: 1 << 20,
        max_entries: 1_000,
    }
}

#[test]
fn a_store_without_a_file_keeps_no_answers() {
    assert!(MemoryStore::new().cache().is_none());
}

#[test]
fn answers_are_found_by_every_handle_and_the_latest_counts() {
    let case = sqlite();
    let (first, second) = (case.store.cache().unwrap(), case.second());
    let second = second.cache().unwrap();
    assert_eq!(second.cached(&[1; 32]).unwrap(), None);
    first.keep(&[row(1, "d", 10), row(2, "d", 20)]).unwrap();
    assert_eq!(second.cached(&[1; 32]).unwrap(), Some(vec![1; 10]));
    second.keep(&[CacheRow { value: vec![9; 5], ..row(1, "other", 0) }]).unwrap();
    assert_eq!(first.cached(&[1; 32]).unwrap(), Some(vec![9; 5]));
    assert_eq!((first.kept("d").unwrap().0, first.kept("other").unwrap().0), (1, 1));
}

#[test]
fn the_oldest_goes_until_the_others_are_within_bounds() {
    let case = sqlite();
    let cache = case.store.cache().unwrap();
    let there = || (0..20u8).filter(|n| cache.cached(&[*n; 32]).unwrap().is_some()).collect::<Vec<_>>();
    cache.keep(&[row(19, "other", 10)]).unwrap();
    for n in 0..10 {
        cache.keep(&[CacheRow { max_entries: 4, ..row(n, "d", 10) }]).unwrap();
        assert!(cache.kept("d").unwrap().0 <= 4);
    }
    assert_eq!(there(), [6, 7, 8, 9, 19]);
    // By bytes: each row counts a little more than its value.
    let (entries, bytes) = cache.kept("d").unwrap();
    cache.keep(&[CacheRow { max_bytes: bytes, ..row(10, "d", 11) }]).unwrap();
    assert_eq!(there(), [8, 9, 10, 19], "{entries} in {bytes}");
    cache.keep(&[CacheRow { max_bytes: 1_000, ..row(11, "d", 2_000) }]).unwrap();
    assert_eq!(there(), [8, 9, 10, 19], "what is too large alone takes nothing away");
    // A smaller bound holds from the next answer on.
    cache.keep(&[CacheRow { max_entries: 1, ..row(12, "d", 1) }]).unwrap();
    assert_eq!((there(), cache.kept("d").unwrap().0), (vec![12, 19], 1));
}

#[test]
fn a_sweep_takes_what_is_over_and_what_nobody_owns() {
    let case = sqlite();
    let cache = case.store.cache().unwrap();
    cache.keep(&[row(1, "d", 1), row(2, "gone", 1), CacheRow { expires_at: Some(100), ..row(3, "d", 1) }]).unwrap();
    assert_eq!(cache.sweep(&["d"], 99).unwrap(), 1);
    assert_eq!(cache.cached(&[2; 32]).unwrap(), None);
    assert!(cache.cached(&[3; 32]).unwrap().is_some());
    assert_eq!(cache.sweep(&["d"], 100).unwrap(), 1);
    assert_eq!((cache.cached(&[3; 32]).unwrap(), cache.kept("d").unwrap().0), (None, 1));
    assert_eq!(cache.sweep(&[], 100).unwrap(), 1);
    assert_eq!(cache.kept("d").unwrap(), (0, 0));
    // More than one sweep takes: the rest goes with the next.
    let many: Vec<_> = (0..1_500u32)
        .map(|n| {
            let mut key = [0; 32];
            key[..4].copy_from_slice(&n.to_le_bytes());
            CacheRow { key, max_entries: 10_000, ..row(0, "many", 1) }
        })
        .collect();
    cache.keep(&many).unwrap();
    assert_eq!((cache.sweep(&[], 0).unwrap(), cache.sweep(&[], 0).unwrap()), (1_000, 500));
}

#[test]
fn the_log_knows_nothing_of_it() {
    let case = sqlite();
    case.store.append(&append("model/a", 0, 3)).unwrap();
    let head = case.store.head().unwrap();
    case.store.cache().unwrap().keep(&[row(1, "d", 10)]).unwrap();
    assert_eq!(case.store.head().unwrap(), head);
    verify(&*case.store, Some(&head)).unwrap();
}

#[test]
fn a_handle_that_only_reads_finds_answers_and_keeps_none() {
    let case = sqlite();
    case.store.cache().unwrap().keep(&[row(1, "d", 10)]).unwrap();
    let options = SqliteOptions { read_only: true, ..SqliteOptions::default() };
    let reading = SqliteStore::open(case.path().unwrap(), &options).unwrap();
    let cache = reading.cache().unwrap();
    assert_eq!(cache.cached(&[1; 32]).unwrap(), Some(vec![1; 10]));
    assert_eq!(cache.keep(&[row(2, "d", 10)]).unwrap_err().kind(), ErrorKind::ReadOnly);
    assert_eq!(cache.sweep(&[], 0).unwrap_err().kind(), ErrorKind::ReadOnly);
}
