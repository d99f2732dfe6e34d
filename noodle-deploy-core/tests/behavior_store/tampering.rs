//! An edit, a reorder, a removed row and a cut tail show, against the log itself or against a head that was kept.
#![cfg(feature = "store-sqlite")]

use std::path::Path;

use noodle_deploy_core::store::{Hash, Head, NewEvent, SqliteOptions, SqliteStore, Store, chain, verify, verify_with};
use noodle_deploy_core::{Error, ErrorKind};
use rusqlite::{Connection, params};

use super::support::{append, sqlite};

/// A log of ten events on two streams, closed, changed by `attack`, and opened again.
fn attacked(attack: impl FnOnce(&Connection)) -> (tempfile::TempDir, SqliteStore, Head) {
    let case = sqlite();
    case.store.append(&append("model/a", 0, 5)).unwrap();
    case.store.append(&append("model/b", 0, 5)).unwrap();
    let (path, kept) = (case.path().unwrap(), case.store.head().unwrap());
    drop(case.store);
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    attack(&conn);
    conn.close().unwrap();
    (case.directory.unwrap(), open(&path), kept)
}

fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path, &SqliteOptions::default()).unwrap()
}

fn corrupt(result: Result<noodle_deploy_core::store::VerifyReport, Error>) -> Error {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error:?}");
    error
}

/// Writes a whole log and its head anew, as one who knows how hashes are made would.
fn rewrite(conn: &Connection, events: &[(NewEvent, u64)]) {
    conn.execute_batch("DELETE FROM events").unwrap();
    let mut head = Head::EMPTY;
    for (event, version) in events {
        let sequence = head.sequence + 1;
        let hash = chain::hash(head.hash, sequence, *version, 1_000, event);
        conn.execute(
            "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                sequence as i64,
                event.stream,
                *version as i64,
                1_000,
                event.kind,
                event.payload,
                event.actor,
                event.operation,
                event.request,
                head.hash.0,
                hash.0
            ],
        )
        .unwrap();
        head = Head { sequence, hash };
    }
    conn.execute("UPDATE head SET sequence = ?1, hash = ?2", params![head.sequence as i64, head.hash.0]).unwrap();
}

fn honest() -> Vec<(NewEvent, u64)> {
    let of = |stream| append(stream, 0, 5).events.into_iter().zip(1..);
    of("model/a").chain(of("model/b")).collect()
}

#[test]
fn an_untouched_log_verifies_against_every_head_that_was_kept() {
    let (_directory, store, kept) = attacked(|_| {});
    assert_eq!(verify(&store, Some(&kept)).unwrap().head, kept);
    for event in store.read(0, 100).unwrap() {
        verify(&store, Some(&Head { sequence: event.sequence, hash: event.hash })).unwrap();
    }
    verify(&store, Some(&Head::EMPTY)).unwrap();
    let mut seen = 0;
    verify_with(&store, &Head::EMPTY, None, &mut |_| {
        seen += 1;
        Ok(())
    })
    .unwrap();
    assert_eq!(seen, 10);
}

#[test]
fn the_rewriting_of_these_tests_makes_the_honest_log() {
    let (_directory, store, kept) = attacked(|conn| rewrite(conn, &honest()));
    verify(&store, Some(&kept)).unwrap();
}

#[test]
fn an_edit_of_any_column_is_found() {
    let edits = [
        ("stream", "'model/b2'"),
        ("version", "77"),
        ("at", "1001"),
        ("kind", "'other'"),
        ("payload", "'{}'"),
        ("actor", "'somebody'"),
        ("operation", "'other'"),
        ("request", "'r-2'"),
        ("previous", "zeroblob(32)"),
        ("hash", "zeroblob(32)"),
    ];
    for (column, value) in edits {
        for sequence in [2, 7] {
            let sql = format!("UPDATE events SET {column} = {value} WHERE sequence = {sequence}");
            let (_directory, store, _) = attacked(|conn| assert_eq!(conn.execute(&sql, []).unwrap(), 1));
            let error = corrupt(verify(&store, None));
            assert_eq!(error.get("sequence"), Some(sequence.to_string().as_str()), "{column}: {error}");
        }
    }
}

#[test]
fn an_edited_last_event_is_found() {
    let (_directory, store, _) = attacked(|conn| {
        conn.execute("UPDATE events SET payload = '{}' WHERE sequence = 10", []).unwrap();
    });
    corrupt(verify(&store, None));
}

#[test]
fn a_reorder_is_found() {
    let (_directory, store, _) = attacked(|conn| {
        conn.execute_batch(
            "UPDATE events SET sequence = 99 WHERE sequence = 3;
             UPDATE events SET sequence = 3 WHERE sequence = 4;
             UPDATE events SET sequence = 4 WHERE sequence = 99;",
        )
        .unwrap();
    });
    assert_eq!(corrupt(verify(&store, None)).get("sequence"), Some("3"));
}

#[test]
fn a_removed_event_is_found() {
    for sequence in [1, 5, 9] {
        let (_directory, store, _) = attacked(|conn| {
            conn.execute("DELETE FROM events WHERE sequence = ?1", [sequence]).unwrap();
        });
        assert_eq!(corrupt(verify(&store, None)).get("sequence"), Some(sequence.to_string().as_str()));
    }
}

#[test]
fn an_inserted_event_is_found() {
    let (_directory, store, _) = attacked(|conn| {
        conn.execute_batch(
            "INSERT INTO events SELECT 11, stream, 6, at, kind, payload, actor, operation, request, previous, hash
             FROM events WHERE sequence = 10",
        )
        .unwrap();
    });
    corrupt(verify(&store, None));
    assert_eq!(store.head().unwrap_err().kind(), ErrorKind::Corrupt);
}

#[test]
fn a_cut_tail_is_found_by_reading_and_writing_alike() {
    let (_directory, store, _) = attacked(|conn| {
        conn.execute("DELETE FROM events WHERE sequence > 7", []).unwrap();
    });
    corrupt(verify(&store, None));
    assert_eq!(store.head().unwrap_err().kind(), ErrorKind::Corrupt);
    assert_eq!(store.load().unwrap_err().kind(), ErrorKind::Corrupt);
    let error = store.append(&append("model/a", 5, 1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.get("file").is_some());
}

#[test]
fn a_missing_head_row_is_found() {
    let (_directory, store, _) = attacked(|conn| {
        conn.execute("DELETE FROM head", []).unwrap();
    });
    assert_eq!(store.head().unwrap_err().kind(), ErrorKind::Corrupt);
    assert_eq!(store.append(&append("model/a", 5, 1)).unwrap_err().kind(), ErrorKind::Corrupt);
}

/// One who rewrites everything makes a log that is consistent in itself; only the head that was kept tells.
fn forged(change: impl FnOnce(&mut Vec<(NewEvent, u64)>)) -> Error {
    let mut events = honest();
    change(&mut events);
    let (_directory, store, kept) = attacked(|conn| rewrite(conn, &events));
    verify(&store, None).unwrap();
    corrupt(verify(&store, Some(&kept)))
}

#[test]
fn a_forger_who_recomputes_every_hash_is_found_against_the_kept_head() {
    let edited = forged(|events| events[3].0.payload = "{}".to_owned());
    assert_eq!(edited.get("sequence"), Some("10"));
    forged(|events| events.swap(1, 2));
    let thinned = forged(|events| {
        events.remove(6);
    });
    assert_eq!((thinned.get("log_sequence"), thinned.get("kept_sequence")), (Some("9"), Some("10")));
    forged(|events| events.truncate(4));
    forged(Vec::clear);
    // Cut, and filled up again with others.
    forged(|events| {
        events.truncate(8);
        events.extend(append("model/c", 0, 4).events.into_iter().zip(1..));
    });
}

#[test]
fn what_was_appended_after_the_kept_head_does_not_matter_to_it() {
    let (_directory, store, kept) = attacked(|_| {});
    store.append(&append("model/c", 0, 3)).unwrap();
    let report = verify(&store, Some(&kept)).unwrap();
    assert_eq!((report.events, report.head.sequence), (13, 13));
    let beyond = Head { sequence: 14, hash: Hash::ZERO };
    corrupt(verify(&store, Some(&beyond)));
}

/// The worked example of `docs/formats/state.md`.
#[test]
fn the_documented_example_of_the_chain_holds() {
    let text = include_str!("../../../docs/formats/state.md");
    let event = NewEvent {
        stream: "model/mnist".to_owned(),
        kind: "model_created".to_owned(),
        payload: "{}".to_owned(),
        actor: "alice".to_owned(),
        operation: "create_model".to_owned(),
        request: "r-1".to_owned(),
    };
    let first = chain::hash(Hash::ZERO, 1, 1, 1_700_000_000_000, &event);
    let second = chain::hash(first, 2, 2, 1_700_000_000_000, &event);
    for hash in [first, second] {
        assert!(text.contains(&hash.to_string()), "docs/formats/state.md lacks {hash}");
    }

    // The bytes as the page lists them, without this crate's code.
    let mut bytes = vec![0; 32];
    for number in [1_u64, 1, 1_700_000_000_000] {
        bytes.extend(number.to_le_bytes());
    }
    for field in ["model/mnist", "model_created", "{}", "alice", "create_model", "r-1"] {
        bytes.extend((field.len() as u64).to_le_bytes());
        bytes.extend(field.as_bytes());
    }
    assert_eq!(bytes.len(), 150);
    assert_eq!(Hash::of(&bytes), first);
}
