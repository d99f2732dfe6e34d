//! Queries. Each function expects to run inside one transaction, or is one statement.

use rusqlite::{Connection, Params, Row, params};

use super::error::Fault;
use crate::error::{Error, ErrorKind};
use crate::store::check::MAX_NUMBER;
use crate::store::{Base, Hash, Head, Instance, Lease, NewEvent, Projection, Snapshot, StoredEvent};

/// A column that must not be negative.
pub(super) fn number(row: &Row<'_>, column: &'static str) -> Result<u64, Fault> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| {
        let error = Error::new(ErrorKind::Corrupt, "a stored number is negative");
        error.with("column", column).with("value", value).into()
    })
}

fn hash(row: &Row<'_>, column: &'static str) -> Result<Hash, Fault> {
    Ok(Hash::from_slice(row.get_ref(column)?.as_blob().map_err(rusqlite::Error::from)?)?)
}

fn head_of(row: &Row<'_>) -> Result<Head, Fault> {
    Ok(Head { sequence: number(row, "sequence")?, hash: hash(row, "hash")? })
}

/// All rows of a query.
fn all<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    of: impl Fn(&Row<'_>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(of(row)?);
    }
    Ok(found)
}

/// The first row of a query.
fn first<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    of: impl Fn(&Row<'_>) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(of).transpose()
}

/// The head of what was cut away.
pub(super) fn cut(conn: &Connection) -> Result<Head, Fault> {
    let head = first(conn, "SELECT sequence, hash FROM base WHERE id = 1", [], head_of)?;
    Ok(head.ok_or_else(|| Error::new(ErrorKind::Corrupt, "the database has no base row"))?)
}

pub(super) fn base(conn: &Connection) -> Result<Base, Fault> {
    let sql = "SELECT kind, key, stream, value FROM base_rows ORDER BY kind, key";
    Ok(Base { head: cut(conn)?, rows: all(conn, sql, [], projection)? })
}

/// Hash of one event.
pub(super) fn hash_of(conn: &Connection, sequence: u64) -> Result<Option<Hash>, Fault> {
    first(conn, "SELECT hash FROM events WHERE sequence = ?1", [clamp(sequence)], |row| hash(row, "hash"))
}

/// The head row, which must agree with the last event.
pub(super) fn head(conn: &Connection) -> Result<Head, Fault> {
    let head = first(conn, "SELECT sequence, hash FROM head WHERE id = 1", [], head_of)?
        .ok_or_else(|| Error::new(ErrorKind::Corrupt, "the database has no head row"))?;
    let last = first(conn, "SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1", [], head_of)?
        .map_or_else(|| cut(conn), Ok)?;
    if head != last {
        return Err(Error::new(ErrorKind::Corrupt, "the stored head does not match the last event")
            .with("head_sequence", head.sequence)
            .with("log_sequence", last.sequence)
            .into());
    }
    Ok(head)
}

/// The sequence in the head row, unchecked.
pub(super) fn head_sequence(conn: &Connection) -> Result<u64, Fault> {
    Ok(first(conn, "SELECT sequence FROM head WHERE id = 1", [], |row| number(row, "sequence"))?.unwrap_or(0))
}

/// Version of a stream, 0 for one without events.
pub(super) fn version(conn: &Connection, stream: &str) -> Result<u64, Fault> {
    let sql = "SELECT version FROM streams WHERE name = ?1";
    Ok(first(conn, sql, [stream], |row| number(row, "version"))?.unwrap_or(0))
}

pub(super) fn load(conn: &Connection) -> Result<Snapshot, Fault> {
    let stream = |row: &Row<'_>| Ok((row.get("name")?, number(row, "version")?));
    Ok(Snapshot {
        sequence: head(conn)?.sequence,
        streams: all(conn, "SELECT name, version FROM streams ORDER BY name", [], stream)?,
        projections: all(conn, "SELECT kind, key, stream, value FROM projections ORDER BY kind, key", [], projection)?,
    })
}

fn projection(row: &Row<'_>) -> Result<Projection, Fault> {
    Ok(Projection { kind: row.get(0)?, key: row.get(1)?, stream: row.get(2)?, value: Some(row.get(3)?) })
}

fn event(row: &Row<'_>) -> Result<StoredEvent, Fault> {
    Ok(StoredEvent {
        sequence: number(row, "sequence")?,
        version: number(row, "version")?,
        at: number(row, "at")?,
        event: NewEvent {
            stream: row.get("stream")?,
            kind: row.get("kind")?,
            payload: row.get("payload")?,
            actor: row.get("actor")?,
            operation: row.get("operation")?,
            request: row.get("request")?,
        },
        previous: hash(row, "previous")?,
        hash: hash(row, "hash")?,
    })
}

/// Events after a sequence.
pub(super) fn events(conn: &Connection, after: u64, limit: usize) -> Result<Vec<StoredEvent>, Fault> {
    let sql = "SELECT * FROM events WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
    all(conn, sql, params![clamp(after), clamp(limit as u64)], event)
}

const STREAM: &str = "SELECT * FROM events WHERE stream = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3";

/// Events of a stream after a sequence.
pub(super) fn stream(conn: &Connection, name: &str, after: u64, limit: usize) -> Result<Vec<StoredEvent>, Fault> {
    all(conn, STREAM, params![name, clamp(after), clamp(limit as u64)], event)
}

/// The largest number that SQLite knows stands for all above it: no row has one.
fn clamp(number: u64) -> i64 {
    number.min(MAX_NUMBER) as i64
}

pub(super) fn lease(conn: &Connection, name: &str) -> Result<Option<Lease>, Fault> {
    first(conn, "SELECT name, holder, token, expires_at FROM leases WHERE name = ?1", [name], |row| {
        Ok(Lease {
            name: row.get("name")?,
            holder: row.get("holder")?,
            token: number(row, "token")?,
            expires_at: number(row, "expires_at")?,
        })
    })
}

pub(super) fn instances(conn: &Connection) -> Result<Vec<Instance>, Fault> {
    all(conn, "SELECT id, pid, started_at, heartbeat_at, observed FROM instances ORDER BY id", [], |row| {
        Ok(Instance {
            id: row.get("id")?,
            pid: row.get("pid")?,
            started_at: number(row, "started_at")?,
            heartbeat_at: number(row, "heartbeat_at")?,
            observed: row.get("observed")?,
        })
    })
}

/// The stream that a projection belongs to.
pub(super) fn owner(conn: &Connection, kind: &str, key: &str) -> Result<Option<String>, Fault> {
    let sql = "SELECT stream FROM projections WHERE kind = ?1 AND key = ?2";
    first(conn, sql, [kind, key], |row| Ok(row.get(0)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::{SqliteOptions, SqliteStore};

    #[test]
    fn a_page_of_a_stream_is_found_by_an_index_in_its_order() {
        let directory = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(directory.path().join("state.db"), &SqliteOptions::default()).unwrap();
        let plan = store
            .read_with(|conn| {
                let sql = format!("EXPLAIN QUERY PLAN {STREAM}");
                all(conn, &sql, params!["model/a", 5, 10], |row| Ok(row.get::<_, String>("detail")?))
            })
            .unwrap();
        // No scan, and no sort behind it.
        assert_eq!(plan, ["SEARCH events USING INDEX events_by_stream (stream=? AND rowid>?)"]);
    }
}
