//! An edit, a reorder, a removed row and a cut tail of a real directory, each found against a head that was kept.

use std::path::Path;

use noodle_deploy_core::machine::retention::Keep;
use noodle_deploy_core::store::Head;
use noodle_deploy_core::{ErrorKind, Noodle, Settings};
use rusqlite::Connection;

use super::work::Op;
use crate::support::tiny::scaled;

/// Makes a directory with some history, changes its database behind its back, and says what `verify` and a further
/// open say.
fn attacked(cut: bool, attack: impl FnOnce(&Connection)) -> (Head, Result<(), noodle_deploy_core::Error>) {
    let scratch = tempfile::tempdir().unwrap();
    let state = scratch.path().join("state");
    let kept = {
        let noodle = Noodle::open(&state).unwrap();
        for (n, factor) in [1.0, 2.0].into_iter().enumerate() {
            let path = scratch.path().join("model.onnx");
            std::fs::write(&path, scaled(factor, 0)).unwrap();
            let path = path.to_str().unwrap().to_owned();
            Op::Register { model: "m".into(), path }.run(&noodle, scratch.path()).unwrap();
            let version = format!("{}.0.0", n + 1);
            let model = "m".into();
            Op::SetAlias { model, alias: "production".into(), version }.run(&noodle, scratch.path()).unwrap();
        }
        let deploy = Op::Deploy {
            deployment: "d".into(),
            model: "m".into(),
            version: "2.0.0".into(),
            blue_green: false,
            replicas: None,
        };
        deploy.run(&noodle, scratch.path()).unwrap();
        if cut {
            noodle.retain(&Keep { events: Some(5), ms: None }).unwrap();
        }
        let kept = noodle.audit_head().unwrap();
        assert_eq!(noodle.verify(Some(&kept), true).unwrap().head, kept);
        kept
    };
    let connection = Connection::open(state.join("noodle.db")).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    attack(&connection);
    connection.close().unwrap();
    (kept, look(&state, &kept))
}

/// A read-only open, so that the look itself appends nothing.
fn look(state: &Path, kept: &Head) -> Result<(), noodle_deploy_core::Error> {
    let settings = Settings { load_on_open: false, ..Settings::default() };
    let noodle = Noodle::builder(state).settings(settings).read_only(true).open()?;
    noodle.verify(Some(kept), true).map(drop)
}

fn assert_found(what: &str, sql: &str) {
    assert_found_in(false, what, sql);
}

fn assert_found_in(cut: bool, what: &str, sql: &str) {
    let (kept, result) = attacked(cut, |connection| connection.execute_batch(sql).unwrap());
    let error = result.expect_err(what);
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{what}: {error}");
    println!("{what}, kept head {}: {error} {:?}", kept.sequence, error.context());
}

#[test]
fn changes_of_the_log_behind_its_back_are_found() {
    attacked(false, |_| {}).1.unwrap();
    assert_found("an edit", "UPDATE events SET actor = 'somebody else' WHERE sequence = 3");
    assert_found(
        "a reorder",
        "UPDATE events SET sequence = 99 WHERE sequence = 2;
         UPDATE events SET sequence = 2 WHERE sequence = 3;
         UPDATE events SET sequence = 3 WHERE sequence = 99;",
    );
    assert_found("a removed row", "DELETE FROM events WHERE sequence = 4");
    assert_found("a cut tail", "DELETE FROM events WHERE sequence > 4");
    assert_found(
        "a cut tail with a head to match",
        "DELETE FROM events WHERE sequence > 4;
         UPDATE head SET sequence = 4, hash = (SELECT hash FROM events WHERE sequence = 4);",
    );
    assert_found(
        "an edited row of the state",
        "UPDATE projections SET value = replace(value, '2.0.0', '1.0.0') WHERE kind = 'deployment'",
    );
    assert_found("a removed row of the state", "DELETE FROM projections WHERE kind = 'version' AND key = 'm@1.0.0'");
    assert_found("an edited version of a stream", "UPDATE streams SET version = version + 1 WHERE name = 'model/m'");
    assert_found("a stream without events", "INSERT INTO streams VALUES ('model/other', 1)");
    assert_found("a removed stream", "DELETE FROM streams WHERE name = 'model/m'");
}

#[test]
fn changes_of_a_log_that_was_cut_are_found() {
    attacked(true, |_| {}).1.unwrap();
    let found = |what, sql| assert_found_in(true, what, sql);
    found("an edit of the state at the cut", "UPDATE base_rows SET value = replace(value, '1.0.0', '7.0.0')");
    found("a row removed from the state at the cut", "DELETE FROM base_rows WHERE kind = 'version'");
    found("another place of the cut", "UPDATE base SET sequence = sequence + 1");
    found("another hash at the cut", "UPDATE base SET hash = zeroblob(32)");
    found("a further cut", "DELETE FROM events WHERE sequence = (SELECT min(sequence) FROM events)");
    found(
        "a further cut with a base to match",
        "UPDATE base SET (sequence, hash) = (SELECT sequence, hash FROM events ORDER BY sequence LIMIT 1);
         DELETE FROM events WHERE sequence = (SELECT min(sequence) FROM events);",
    );
    found("an edited version of a stream", "UPDATE streams SET version = version + 1 WHERE name = 'deployment/d'");
    found("an edited checkpoint", "UPDATE events SET payload = replace(payload, 'a', 'b') WHERE kind = 'checkpoint'");
    found(
        "the whole log, cut without a checkpoint",
        "UPDATE base SET (sequence, hash) = (SELECT sequence, hash FROM head); DELETE FROM events;
         DELETE FROM base_rows; INSERT INTO base_rows SELECT * FROM projections;",
    );
}
