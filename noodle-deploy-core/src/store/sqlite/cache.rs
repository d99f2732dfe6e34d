//! Answers of models: their own tables and their own connection, so that an append waits for no more than one batch.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::connect::{Access, Role};
use super::error::Fault;
use super::write::{integer, run, transaction};
use super::{SqliteStore, lock};
use crate::clock::Millis;
use crate::error::{Error, ErrorKind, Result};
use crate::store::{CacheRow, CacheRows};

/// How long a batch waits for another process's lock; it is not worth more.
const BUSY: Duration = Duration::from_millis(250);
/// What a row takes beside its value.
const ROW_BYTES: u64 = 128;
/// Rows that one sweep removes at most.
const SWEEP: u32 = 1_000;

impl CacheRows for SqliteStore {
    fn cached(&self, key: &[u8; 32]) -> Result<Option<Vec<u8>>> {
        self.read_with(|conn| {
            let mut statement = conn.prepare_cached("SELECT value FROM cache WHERE key = ?1")?;
            Ok(statement.query_row([key], |row| row.get(0)).optional()?)
        })
    }

    fn keep(&self, rows: &[CacheRow]) -> Result<()> {
        self.beside(|conn| rows.iter().try_for_each(|row| keep(conn, row)))
    }

    fn sweep(&self, owners: &[&str], now: Millis) -> Result<u64> {
        self.beside(|conn| {
            let mut ids = of_others(conn, owners)?;
            let mut statement = conn.prepare_cached("SELECT id FROM cache WHERE expires_at <= ?1 LIMIT ?2")?;
            let over = statement.query_map(params![integer("now", now)?, SWEEP], |row| row.get(0))?;
            ids.extend(over.collect::<rusqlite::Result<Vec<i64>>>()?);
            ids.truncate(SWEEP as usize);
            for id in &ids {
                remove(conn, *id)?;
            }
            run(conn, "DELETE FROM cache_owners WHERE entries = 0", [])?;
            Ok(ids.len() as u64)
        })
    }

    fn kept(&self, owner: &str) -> Result<(u64, u64)> {
        self.read_with(|conn| kept(conn, owner))
    }
}

impl SqliteStore {
    pub(super) fn beside<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T> {
        if self.connector.access != Access::Write {
            return Err(Error::new(ErrorKind::ReadOnly, "the store was opened read-only")
                .with("file", self.connector.path.display()));
        }
        let mut place = lock(&self.beside);
        let run = || {
            let mut conn = match place.take() {
                Some(conn) => conn,
                None => {
                    let conn = self.connector.open(Role::Side)?;
                    conn.busy_timeout(BUSY)?;
                    conn
                }
            };
            let value = transaction(&mut conn, work)?;
            // A connection that failed does not come back.
            *place = Some(conn);
            Ok(value)
        };
        run().map_err(|fault: Fault| fault.named(&self.connector.path))
    }
}

fn kept(conn: &Connection, owner: &str) -> Result<(u64, u64), Fault> {
    let mut statement = conn.prepare_cached("SELECT entries, bytes FROM cache_owners WHERE owner = ?1")?;
    let found = statement.query_row([owner], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))).optional()?;
    Ok(found.map_or((0, 0), |(entries, bytes)| (entries.unsigned_abs(), bytes.unsigned_abs())))
}

fn keep(conn: &Connection, row: &CacheRow) -> Result<(), Fault> {
    let mut statement = conn.prepare_cached("SELECT id FROM cache WHERE key = ?1")?;
    if let Some(id) = statement.query_row([row.key], |found| found.get(0)).optional()? {
        remove(conn, id)?;
    }
    let bytes = row.value.len() as u64 + ROW_BYTES;
    if bytes > row.max_bytes || row.max_entries == 0 {
        return Ok(());
    }
    loop {
        let (entries, held) = kept(conn, &row.owner)?;
        if entries < row.max_entries && held + bytes <= row.max_bytes {
            break;
        }
        let sql = "SELECT id FROM cache WHERE owner = ?1 ORDER BY id LIMIT 1";
        match conn.prepare_cached(sql)?.query_row([&row.owner], |found| found.get(0)).optional()? {
            Some(oldest) => remove(conn, oldest)?,
            // The count says that there are rows, and there are none.
            None => drop(run(conn, "DELETE FROM cache_owners WHERE owner = ?1", [&row.owner])?),
        }
    }
    let expires_at = row.expires_at.map(|at| integer("expires_at", at)).transpose()?;
    let bytes = integer("bytes", bytes)?;
    let sql = "INSERT INTO cache (key, owner, expires_at, bytes, value) VALUES (?1, ?2, ?3, ?4, ?5)";
    run(conn, sql, params![row.key, row.owner, expires_at, bytes, row.value])?;
    let sql = "INSERT INTO cache_owners (owner, entries, bytes) VALUES (?1, 1, ?2)
               ON CONFLICT (owner) DO UPDATE SET entries = entries + 1, bytes = bytes + excluded.bytes";
    run(conn, sql, params![row.owner, bytes])?;
    Ok(())
}

fn remove(conn: &Connection, id: i64) -> Result<(), Fault> {
    let mut statement = conn.prepare_cached("DELETE FROM cache WHERE id = ?1 RETURNING owner, bytes")?;
    let gone = statement.query_row([id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).optional()?;
    if let Some((owner, bytes)) = gone {
        let sql = "UPDATE cache_owners SET entries = max(entries - 1, 0), bytes = max(bytes - ?2, 0) WHERE owner = ?1";
        run(conn, sql, params![owner, bytes])?;
    }
    Ok(())
}

/// Rows of owners that are not named.
fn of_others(conn: &Connection, owners: &[&str]) -> Result<Vec<i64>, Fault> {
    let mut statement = conn.prepare_cached("SELECT owner FROM cache_owners")?;
    let all = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    let mut ids = Vec::new();
    for other in all.iter().filter(|owner| !owners.contains(&owner.as_str())) {
        let mut statement = conn.prepare_cached("SELECT id FROM cache WHERE owner = ?1 LIMIT ?2")?;
        let found = statement.query_map(params![other, SWEEP], |row| row.get(0))?;
        ids.extend(found.collect::<rusqlite::Result<Vec<i64>>>()?);
        if ids.len() >= SWEEP as usize {
            break;
        }
    }
    Ok(ids)
}
