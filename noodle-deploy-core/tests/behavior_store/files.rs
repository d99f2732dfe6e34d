//! Files: read-only handles, backups, errors that name the file.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use noodle_deploy_core::ErrorKind;
use noodle_deploy_core::progress::Sink;
use noodle_deploy_core::store::{Instance, MemoryStore, SqliteOptions, SqliteStore, Store, verify};

use super::support::{append, row, sqlite};

fn reading() -> SqliteOptions {
    SqliteOptions { read_only: true, ..SqliteOptions::default() }
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_read_only_handle_reads_beside_a_writer_and_refuses_to_write() {
    let case = sqlite();
    case.store.append(&append("model/a", 0, 2)).unwrap();
    let reader = SqliteStore::open(case.path().unwrap(), &reading()).unwrap();
    assert_eq!(reader.head().unwrap(), case.store.head().unwrap());
    case.store.append(&append("model/a", 2, 1)).unwrap();
    assert_eq!(reader.data_version().unwrap(), 3);
    assert_eq!(reader.load().unwrap().sequence, 3);
    let instance = Instance { id: "i".into(), pid: 1, started_at: 1, heartbeat_at: 1, observed: "{}".into() };
    for error in [
        reader.append(&append("model/a", 3, 1)).unwrap_err(),
        reader.lease("decide", "a", 1, 1).unwrap_err(),
        reader.release("decide", "a").unwrap_err(),
        reader.put_instance(&instance).unwrap_err(),
        reader.remove_instance("i").unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::ReadOnly);
    }
    reader.maintain().unwrap();
}

#[test]
fn a_read_only_handle_creates_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.db");
    let error = SqliteStore::open(&path, &reading()).unwrap_err();
    assert_eq!((error.kind(), error.get("file")), (ErrorKind::NotFound, path.to_str()));
    fs::write(&path, b"").unwrap();
    assert_eq!(SqliteStore::open(&path, &reading()).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(fs::metadata(&path).unwrap().len(), 0);
}

/// Only for those whom the file system stops: root may write everywhere.
#[cfg(unix)]
#[test]
fn a_directory_without_write_permission_can_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let case = sqlite();
    case.store.append(&append("model/a", 0, 2)).unwrap();
    let (directory, path) = (case.directory.as_ref().unwrap().path().to_owned(), case.path().unwrap());
    drop(case.store);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o555)).unwrap();
    let reader = SqliteStore::open(&path, &reading()).unwrap();
    assert_eq!(verify(&reader, None).unwrap().events, 2);
    drop(reader);
    if fs::write(directory.join("probe"), b"").is_err() {
        assert_eq!(names(&directory), ["state.db"]);
        let error = SqliteStore::open(&path, &SqliteOptions::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ReadOnly, "{error:?}");
    }
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_missing_directory_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("no/such/state.db");
    let error = SqliteStore::open(&path, &SqliteOptions::default()).unwrap_err();
    assert_eq!((error.kind(), error.get("file")), (ErrorKind::Storage, path.to_str()));
}

#[test]
fn closing_leaves_one_file() {
    let case = sqlite();
    case.store.append(&append("model/a", 0, 50)).unwrap();
    case.store.load().unwrap();
    drop(case.store);
    assert_eq!(names(case.directory.as_ref().unwrap().path()), ["state.db"]);
}

#[test]
fn a_long_log_is_cut_by_maintenance() {
    let case = sqlite();
    // A reader in the middle keeps the log from being folded in by the writer itself.
    let reader = rusqlite::Connection::open(case.path().unwrap()).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM events;").unwrap();
    let mut big = append("model/a", 0, 1);
    big.events[0].payload = "x".repeat(30_000_000);
    case.store.append(&big).unwrap();
    let log = case.directory.as_ref().unwrap().path().join("state.db-wal");
    assert!(fs::metadata(&log).unwrap().len() > 30_000_000);
    case.store.maintain().unwrap();
    reader.execute_batch("COMMIT").unwrap();
    case.store.maintain().unwrap();
    assert_eq!(fs::metadata(&log).unwrap().len(), 0);
}

#[test]
fn a_locked_file_is_a_retryable_error_after_the_busy_timeout() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.db");
    let options = SqliteOptions { busy_timeout_ms: 50, ..SqliteOptions::default() };
    let store = SqliteStore::open(&path, &options).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.append(&append("model/a", 0, 1)).unwrap_err();
    assert_eq!((error.kind(), error.get("file")), (ErrorKind::Storage, path.to_str()));
    assert!(error.is_retryable() && error.message().contains("locked"));
    // Readers are not in anybody's way.
    assert_eq!(store.load().unwrap().sequence, 0);
    other.execute_batch("ROLLBACK").unwrap();
    store.append(&append("model/a", 0, 1)).unwrap();
}

#[test]
fn a_backup_is_one_complete_file_and_never_replaces_another() {
    let case = sqlite();
    let mut first = append("model/a", 0, 300);
    first.projections.push(row("k", "model/a", Some("1")));
    case.store.append(&first).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let to = directory.path().join("copy.db");
    case.store.backup(&to, &Sink::default()).unwrap();
    assert_eq!(names(directory.path()), ["copy.db"]);

    let copy = SqliteStore::open(&to, &reading()).unwrap();
    assert_eq!(copy.read(0, 1_000).unwrap(), case.store.read(0, 1_000).unwrap());
    assert_eq!(copy.load().unwrap().projections, case.store.load().unwrap().projections);
    drop(copy);

    let error = case.store.backup(&to, &Sink::default()).unwrap_err();
    assert_eq!((error.kind(), error.get("file")), (ErrorKind::Conflict, to.to_str()));
    let nowhere = directory.path().join("no/such/copy.db");
    assert_eq!(case.store.backup(&nowhere, &Sink::default()).unwrap_err().kind(), ErrorKind::Storage);

    // A restored copy goes on where it was taken.
    let restored = SqliteStore::open(&to, &SqliteOptions::default()).unwrap();
    restored.append(&append("model/a", 300, 1)).unwrap();
    verify(&restored, Some(&case.store.head().unwrap())).unwrap();
}

#[test]
fn a_backup_while_others_append_verifies() {
    let case = sqlite();
    case.store.append(&append("model/a", 0, 500)).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let other = case.second();
        let (store, done) = (&case.store, &done);
        scope.spawn(move || {
            let mut version = 500;
            while !done.load(Ordering::Relaxed) {
                let writer = if version % 2 == 0 { store } else { &other };
                writer.append(&append("model/a", version, 1)).unwrap();
                version += 1;
            }
        });
        for n in 0..5 {
            let before = case.store.head().unwrap();
            let to = directory.path().join(format!("{n}.db"));
            case.store.backup(&to, &Sink::default()).unwrap();
            let copy = SqliteStore::open(&to, &reading()).unwrap();
            let report = verify(&copy, Some(&before)).unwrap();
            assert_eq!(report.head, copy.head().unwrap());
            verify(&*case.store, Some(&report.head)).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_damaged_database_is_not_handed_on_as_a_backup() {
    let case = sqlite();
    case.store.append(&append("model/a", 0, 5)).unwrap();
    let path = case.path().unwrap();
    rusqlite::Connection::open(&path).unwrap().execute("DELETE FROM events WHERE sequence = 5", []).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let error = case.store.backup(&directory.path().join("copy.db"), &Sink::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(names(directory.path()).is_empty());
}

#[test]
fn a_store_in_memory_has_no_backup() {
    let directory = tempfile::tempdir().unwrap();
    let error = MemoryStore::new().backup(&directory.path().join("copy.db"), &Sink::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[test]
fn odd_paths_work() {
    let directory = tempfile::tempdir().unwrap();
    let odd = directory.path().join("a?b#c%20d é'\"");
    fs::create_dir(&odd).unwrap();
    let path = odd.join("state.db");
    let store = SqliteStore::open(&path, &SqliteOptions::default()).unwrap();
    store.append(&append("model/a", 0, 1)).unwrap();
    store.backup(&odd.join("copy file.db"), &Sink::default()).unwrap();
    drop(store);
    assert_eq!(SqliteStore::open(&path, &reading()).unwrap().head().unwrap().sequence, 1);
    // A read-only handle cannot take its side files away again.
    assert_eq!(names(&odd), ["copy file.db", "state.db", "state.db-shm", "state.db-wal"]);
}
