//! Whose file it is, which format it has, and how older formats become the present one.

use rusqlite::{Connection, TransactionBehavior};

use super::error::Fault;
use crate::error::{Error, ErrorKind};

/// `PRAGMA application_id` of every file of ours: "NOOD".
pub const APPLICATION_ID: i32 = 0x4E4F_4F44;

/// The format that this version writes: `PRAGMA user_version`, the number of migrations that made it.
pub const FORMAT_VERSION: i32 = MIGRATIONS.len() as i32;

/// The migration at place `n` turns format `n` into format `n + 1`. Never edited once released.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_initial.sql"),
    include_str!("../migrations/0002_streams.sql"),
    include_str!("../migrations/0003_base.sql"),
    include_str!("../migrations/0004_beside.sql"),
];

/// Brings an empty or older database to the present format, in one transaction.
pub(super) fn migrate(conn: &mut Connection) -> Result<(), Fault> {
    if format(conn)? == FORMAT_VERSION {
        return Ok(());
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Again, under the lock: another process may have done it meanwhile.
    for migration in &MIGRATIONS[format(&tx)? as usize..] {
        tx.execute_batch(migration)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", FORMAT_VERSION)?;
    tx.commit()?;
    Ok(())
}

/// Checks a database that must not be written.
pub(super) fn check(conn: &Connection) -> Result<(), Fault> {
    match format(conn)? {
        FORMAT_VERSION => Ok(()),
        0 => Err(Error::new(ErrorKind::NotFound, "the database is empty: open it for writing once").into()),
        found => Err(Error::new(ErrorKind::ReadOnly, "the database has an older format: open it for writing once")
            .with("found", found)
            .with("supported", FORMAT_VERSION)
            .into()),
    }
}

/// The format of the file, 0 for an empty one.
///
/// # Errors
/// The file is not ours, or newer than this version.
pub(super) fn format(conn: &Connection) -> Result<i32, Fault> {
    // One statement, one snapshot.
    let (application, version, tables): (i32, i32, i64) = conn.query_row(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
         FROM pragma_application_id, pragma_user_version",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    match (application, version) {
        (0, 0) if tables == 0 => Ok(0),
        (APPLICATION_ID, 1..=FORMAT_VERSION) => Ok(version),
        (APPLICATION_ID, newer) if newer > FORMAT_VERSION => {
            Err(Error::new(ErrorKind::NewerFormat, "the database was written by a newer version of noodle-deploy")
                .with("found", newer)
                .with("supported", FORMAT_VERSION)
                .with("action", "upgrade noodle-deploy or restore a backup")
                .into())
        }
        (APPLICATION_ID, _) => {
            Err(Error::new(ErrorKind::Corrupt, "the database has no format version").with("found", version).into())
        }
        _ => Err(Error::new(ErrorKind::InvalidArgument, "the file is a database of another program")
            .with("application_id", application)
            .with("allowed", APPLICATION_ID)
            .into()),
    }
}
