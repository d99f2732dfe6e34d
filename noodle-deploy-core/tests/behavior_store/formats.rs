//! Files of other programs, of damaged disks, and of other versions.

use std::fs;
use std::path::{Path, PathBuf};

use noodle_deploy_core::progress::Sink;
use noodle_deploy_core::store::sqlite::{APPLICATION_ID, FORMAT_VERSION};
use noodle_deploy_core::store::{Append, SqliteOptions, SqliteStore, Store, verify};
use noodle_deploy_core::{Error, ErrorKind};
use rusqlite::Connection;

use super::support::{append, event, row, sqlite};

fn fixture(version: i32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/behavior_store/fixtures/v{version}.db"))
}

/// What every fixture holds: written by the version that introduced the format.
fn content() -> Append {
    Append {
        expect: vec![("deployment/d".to_owned(), 0), ("model/m".to_owned(), 0)],
        events: vec![event("model/m", "{\"n\":1}"), event("model/m", "{\"n\":2}"), event("deployment/d", "{}")],
        projections: vec![row("m", "model/m", Some("{\"n\":2}")), row("d", "deployment/d", Some("{}"))],
        at: 1_700_000_000_000,
        fence: None,
        cut: None,
    }
}

/// Writes the fixture of the present format: `cargo test --test behavior_store -- --ignored write_fixture`.
#[test]
#[ignore = "writes a file that is committed"]
fn write_fixture() {
    let case = sqlite();
    case.store.append(&content()).unwrap();
    case.store.lease("decide", "i", 1_700_000_000_000, 1_000).unwrap();
    fs::create_dir_all(fixture(0).parent().unwrap()).unwrap();
    case.store.backup(&fixture(FORMAT_VERSION), &Sink::default()).unwrap();
}

#[test]
fn every_format_up_to_the_present_one_opens() {
    for version in 1..=FORMAT_VERSION {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state.db");
        fs::copy(fixture(version), &path).unwrap_or_else(|e| panic!("format {version} has no fixture: {e}"));
        let store = SqliteStore::open(&path, &SqliteOptions::default()).unwrap();
        let events: Vec<_> = store.read(0, 10).unwrap().into_iter().map(|stored| stored.event).collect();
        assert_eq!(events, content().events, "format {version}");
        let snapshot = store.load().unwrap();
        assert_eq!(snapshot.streams, [("deployment/d".to_owned(), 1), ("model/m".to_owned(), 2)]);
        assert_eq!(snapshot.projections.len(), 2);
        assert_eq!(store.lease("decide", "other", 1_700_000_000_000, 1).unwrap().holder, "i");
        let head = store.head().unwrap();
        assert_eq!(head.hash.to_string(), "bfb8ac6503d6f5a962f08c9c0dd2befb9d20510ad5961739c2a35b6a1689544c");
        store.append(&append("model/m", 2, 1)).unwrap();
        verify(&store, Some(&head)).unwrap();
        drop(store);
        let format: i32 =
            Connection::open(&path).unwrap().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(format, FORMAT_VERSION);
    }
}

fn open_error(path: &Path) -> Error {
    let reading = SqliteOptions { read_only: true, ..SqliteOptions::default() };
    let before = fs::read(path).unwrap();
    let error = SqliteStore::open(path, &SqliteOptions::default()).unwrap_err();
    let second = SqliteStore::open(path, &reading).unwrap_err();
    assert_eq!((second.kind(), second.get("file")), (error.kind(), path.to_str()), "{second:?}");
    assert_eq!(error.get("file"), path.to_str());
    assert_eq!(fs::read(path).unwrap(), before, "a file that is not ours was changed");
    error
}

#[test]
fn a_newer_format_is_refused_with_what_to_do() {
    let case = sqlite();
    let path = case.path().unwrap();
    drop(case.store);
    let conn = Connection::open(&path).unwrap();
    conn.pragma_update(None, "user_version", FORMAT_VERSION + 1).unwrap();
    conn.close().unwrap();
    let error = open_error(&path);
    assert_eq!(error.kind(), ErrorKind::NewerFormat);
    assert_eq!(error.get("found"), Some((FORMAT_VERSION + 1).to_string().as_str()));
    assert_eq!(error.get("supported"), Some(FORMAT_VERSION.to_string().as_str()));
    assert!(error.get("action").unwrap().contains("upgrade noodle-deploy"));
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    for (n, setup) in
        ["CREATE TABLE t (x)", "PRAGMA application_id = 7", "PRAGMA user_version = 3"].into_iter().enumerate()
    {
        let path = directory.path().join(format!("{n}.db"));
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch(setup).unwrap();
        conn.close().unwrap();
        let error = open_error(&path);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{setup}");
        assert_eq!(error.get("allowed"), Some(APPLICATION_ID.to_string().as_str()));
    }
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.db");
    fs::write(&path, "a text that somebody wrote\n".repeat(1_000)).unwrap();
    let error = open_error(&path);
    assert_eq!((error.kind(), error.message()), (ErrorKind::Corrupt, "the file is not a database"));
}

#[test]
fn a_format_without_a_number_is_damage() {
    let case = sqlite();
    let path = case.path().unwrap();
    drop(case.store);
    let conn = Connection::open(&path).unwrap();
    conn.pragma_update(None, "user_version", 0).unwrap();
    conn.close().unwrap();
    assert_eq!(open_error(&path).kind(), ErrorKind::Corrupt);
}

/// Whatever is torn: a typed error, never a panic, and never wrong rows.
#[test]
fn damaged_pages_and_missing_tables_are_typed_errors() {
    let case = sqlite();
    case.store.append(&append("model/a", 0, 400)).unwrap();
    let (path, whole) = (case.path().unwrap(), case.store.read(0, 1_000).unwrap());
    drop(case.store);
    let good = fs::read(&path).unwrap();
    let check = |what: &str| {
        let outcome = SqliteStore::open(&path, &SqliteOptions::default())
            .and_then(|store| verify(&store, None).and_then(|_| store.read(0, 1_000)));
        match outcome {
            Ok(events) => assert_eq!(events, whole, "{what}"),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Corrupt, "{what}: {error:?}");
                if error.get("sequence").is_none() && error.get("log_sequence").is_none() {
                    assert_eq!(error.get("file"), path.to_str(), "{what}");
                }
            }
        }
    };
    for page in 0..good.len() / 4_096 {
        for (offset, length) in [(0, 4_096), (0, 16), (100, 8), (2_048, 64)] {
            let mut bad = good.clone();
            bad[page * 4_096 + offset..][..length.min(4_096 - offset)].fill(0xA5);
            fs::write(&path, bad).unwrap();
            let _ = fs::remove_file(path.with_file_name("state.db-wal"));
            check(&format!("page {page} offset {offset}"));
        }
        fs::write(&path, &good[..page * 4_096 + 512]).unwrap();
        check(&format!("cut in page {page}"));
    }
    for table in ["events", "streams", "head", "projections"] {
        fs::write(&path, &good).unwrap();
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; DROP TABLE {table}")).unwrap();
        conn.close().unwrap();
        let store = SqliteStore::open(&path, &SqliteOptions::default()).unwrap();
        let error = store.append(&append("model/z", 0, 1)).and_then(|_| store.load()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt, "{table}: {error:?}");
    }
}

#[test]
fn values_that_cannot_be_are_damage() {
    let case = sqlite();
    case.store.append(&append("model/a", 0, 1)).unwrap();
    let conn = Connection::open(case.path().unwrap()).unwrap();
    conn.execute_batch("PRAGMA ignore_check_constraints = ON; UPDATE streams SET version = -1").unwrap();
    let error = case.store.load().unwrap_err();
    assert_eq!((error.kind(), error.get("column")), (ErrorKind::Corrupt, Some("version")));
    assert_eq!(error.get("file"), case.path().unwrap().to_str());
    conn.execute_batch("UPDATE streams SET version = 1; UPDATE events SET payload = CAST(x'ff' AS TEXT)").unwrap();
    assert_eq!(case.store.read(0, 1).unwrap_err().kind(), ErrorKind::Corrupt);
}
