//! Copies of a database, and the length of its log.

use std::ffi::c_int;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::connect::{Access, Connector, Role};
use super::error::Fault;
use super::read;
use crate::artifact::durable;
use crate::clock::instant;
use crate::error::{Error, ErrorKind, Result};
use crate::progress::{ProgressStage, Sink};

/// A log above this many pages (16 MB) is emptied, not only folded in.
const LONG_LOG: i64 = 4_096;
/// Pages (4 MB) that a copy writes between two looks at how far it is.
const PAGES_A_STEP: c_int = 1_024;

/// Folds the write-ahead log into the database as far as readers allow, without waiting for anyone.
pub(super) fn checkpoint(conn: &Connection, busy: Duration) -> Result<(), Fault> {
    let pages: i64 = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))?;
    if pages > LONG_LOG {
        conn.busy_timeout(Duration::ZERO)?;
        let result = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        conn.busy_timeout(busy)?;
        result?;
    }
    Ok(())
}

/// Copies the database to a new file: into a temporary one beside it, checked, synced, then moved into place.
pub(super) fn backup(from: &Connector, to: &Path, progress: &Sink) -> Result<()> {
    let to = std::path::absolute(to)?;
    if to.exists() {
        return Err(Error::conflict("the file exists").with("file", to.display()));
    }
    // The handle is closed at once: SQLite must be the only one with the file open.
    let (temporary, _) = durable::create_beside(&to)?;
    let result = copy(from, &temporary, progress).and_then(|()| durable::publish_new(&temporary, &to));
    if result.is_err() {
        // What is left of a failed copy; its own error matters more than a failure to remove it.
        let _ = fs::remove_file(&temporary);
    }
    result
}

fn copy(from: &Connector, temporary: &Path, progress: &Sink) -> Result<()> {
    let source = from.open(Role::Read).map_err(|fault| fault.named(&from.path))?;
    fill(&source, from.busy, temporary, progress).map_err(|fault| fault.named(temporary))?;
    durable::sync_file(temporary)
}

fn fill(source: &Connection, busy: Duration, temporary: &Path, progress: &Sink) -> Result<(), Fault> {
    let copy = Connector { path: PathBuf::from(temporary), access: Access::Write, busy };
    let mut copy = copy.open(Role::Append)?;
    let deadline = instant() + busy;
    // All steps within one read transaction copy one snapshot: writers go on, and the copy never starts again.
    let snapshot = source.unchecked_transaction()?;
    let pages: i64 = snapshot.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    let mut stage = progress.stage(ProgressStage::CopyDatabase, Some(pages.unsigned_abs()));
    let backup = Backup::new(&snapshot, &mut copy)?;
    loop {
        match backup.step(PAGES_A_STEP)? {
            StepResult::Done => break,
            StepResult::More => {
                let left = backup.progress();
                stage.reach(u64::from((left.pagecount - left.remaining).unsigned_abs()));
            }
            _ if instant() < deadline => std::thread::sleep(Duration::from_millis(5)),
            _ => return Err(Error::new(ErrorKind::Storage, "the database stayed locked during its backup").into()),
        }
    }
    drop(backup);
    snapshot.finish()?;
    stage.finish();
    // One file without side files: it can be moved, and read from a medium that cannot be written.
    copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    let verdict: String = copy.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(Error::new(ErrorKind::Corrupt, "the copy of the database is damaged")
            .with("reason", verdict)
            .into());
    }
    read::head(&copy)?;
    copy.close().map_err(|(_, error)| error.into())
}
