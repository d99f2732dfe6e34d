//! What runs inside a write transaction.

use std::collections::BTreeMap;

use rusqlite::{Connection, TransactionBehavior, params};

use super::error::Fault;
use super::read;
use crate::clock::Millis;
use crate::error::Error;
use crate::store::check::{self, MAX_NUMBER};
use crate::store::{Append, Base, Head, Instance, Lease, Projection, StoredEvent, WHOLE_LOG, chain};

/// Runs `work` alone among writers, and commits what it did or nothing.
pub(super) fn transaction<T>(
    conn: &mut Connection,
    work: impl FnOnce(&Connection) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = work(&tx)?;
    tx.commit()?;
    Ok(value)
}

pub(super) fn integer(field: &'static str, number: u64) -> Result<i64, Error> {
    i64::try_from(number).map_err(|_| Error::invalid(field, number, format!("0 to {MAX_NUMBER}")))
}

pub(super) fn run(conn: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<usize, Fault> {
    Ok(conn.prepare_cached(sql)?.execute(params)?)
}

pub(super) fn append(conn: &Connection, append: &Append) -> Result<Vec<StoredEvent>, Fault> {
    if let Some(fence) = &append.fence {
        check::fence(fence, read::lease(conn, &fence.lease)?.map_or(0, |lease| lease.token))?;
    }
    let mut head = read::head(conn)?;
    let mut versions = BTreeMap::new();
    for (stream, expected) in &append.expect {
        let found = if stream == WHOLE_LOG { head.sequence } else { read::version(conn, stream)? };
        if found != *expected {
            return Err(check::moved_on(stream, *expected, found).into());
        }
        versions.insert(stream.as_str(), found);
    }
    if let Some(cut) = &append.cut {
        check::cut(&cut.head, &read::cut(conn)?, read::hash_of(conn, cut.head.sequence)?)?;
    }
    let mut stored = Vec::with_capacity(append.events.len());
    for event in &append.events {
        let version = versions.entry(&event.stream).or_default();
        *version += 1;
        put_version(conn, &event.stream, *version)?;
        let sequence = head.sequence + 1;
        let hash = chain::hash(head.hash, sequence, *version, append.at, event);
        let event = event.clone();
        let next = StoredEvent { sequence, version: *version, at: append.at, event, previous: head.hash, hash };
        put_event(conn, &next)?;
        head = Head { sequence, hash };
        stored.push(next);
    }
    for row in &append.projections {
        put_projection(conn, row)?;
    }
    if !stored.is_empty() {
        let sequence = integer("sequence", head.sequence)?;
        run(conn, "UPDATE head SET sequence = ?1, hash = ?2 WHERE id = 1", params![sequence, head.hash.0])?;
    }
    if let Some(base) = &append.cut {
        put_base(conn, base)?;
    }
    Ok(stored)
}

/// Lets the log begin anew.
fn put_base(conn: &Connection, base: &Base) -> Result<(), Fault> {
    let sequence = integer("cut", base.head.sequence)?;
    run(conn, "DELETE FROM events WHERE sequence <= ?1", [sequence])?;
    run(conn, "UPDATE base SET sequence = ?1, hash = ?2 WHERE id = 1", params![sequence, base.head.hash.0])?;
    run(conn, "DELETE FROM base_rows", [])?;
    for row in &base.rows {
        let sql = "INSERT INTO base_rows (kind, key, stream, value) VALUES (?1, ?2, ?3, ?4)";
        run(conn, sql, params![row.kind, row.key, row.stream, row.value])?;
    }
    Ok(())
}

fn put_version(conn: &Connection, stream: &str, version: u64) -> Result<(), Fault> {
    let sql = "INSERT INTO streams (name, version) VALUES (?1, ?2)
               ON CONFLICT (name) DO UPDATE SET version = excluded.version";
    run(conn, sql, params![stream, integer("version", version)?])?;
    Ok(())
}

fn put_event(conn: &Connection, stored: &StoredEvent) -> Result<(), Fault> {
    let sql = "INSERT INTO events
               (sequence, stream, version, at, kind, payload, actor, operation, request, previous, hash)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let event = &stored.event;
    run(
        conn,
        sql,
        params![
            integer("sequence", stored.sequence)?,
            event.stream,
            integer("version", stored.version)?,
            integer("at", stored.at)?,
            event.kind,
            event.payload,
            event.actor,
            event.operation,
            event.request,
            stored.previous.0,
            stored.hash.0,
        ],
    )?;
    Ok(())
}

fn put_projection(conn: &Connection, row: &Projection) -> Result<(), Fault> {
    let owner = read::owner(conn, &row.kind, &row.key)?;
    if owner.is_some_and(|owner| owner != row.stream) {
        return Err(check::foreign_row(&row.kind, &row.key, &row.stream).into());
    }
    match &row.value {
        Some(value) => {
            let sql = "INSERT INTO projections (kind, key, stream, value) VALUES (?1, ?2, ?3, ?4)
                       ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value";
            run(conn, sql, params![row.kind, row.key, row.stream, value])?
        }
        None => run(conn, "DELETE FROM projections WHERE kind = ?1 AND key = ?2", params![row.kind, row.key])?,
    };
    Ok(())
}

pub(super) fn lease(conn: &Connection, name: &str, holder: &str, now: Millis, ttl: Millis) -> Result<Lease, Fault> {
    let current = read::lease(conn, name)?;
    let lease = check::next_lease(current.as_ref(), name, holder, now, ttl)?;
    if current.as_ref() != Some(&lease) {
        let sql = "INSERT INTO leases (name, holder, token, expires_at) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (name) DO UPDATE
                   SET holder = excluded.holder, token = excluded.token, expires_at = excluded.expires_at";
        let (token, expires_at) = (integer("token", lease.token)?, integer("expires_at", lease.expires_at)?);
        run(conn, sql, params![lease.name, lease.holder, token, expires_at])?;
    }
    Ok(lease)
}

pub(super) fn release(conn: &Connection, name: &str, holder: &str) -> Result<(), Fault> {
    run(conn, "UPDATE leases SET holder = '', expires_at = 0 WHERE name = ?1 AND holder = ?2", params![name, holder])?;
    Ok(())
}

pub(super) fn put_instance(conn: &Connection, instance: &Instance) -> Result<(), Fault> {
    let sql = "INSERT INTO instances (id, pid, started_at, heartbeat_at, observed) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (id) DO UPDATE SET pid = excluded.pid, started_at = excluded.started_at,
               heartbeat_at = excluded.heartbeat_at, observed = excluded.observed";
    let started_at = integer("started_at", instance.started_at)?;
    let heartbeat_at = integer("heartbeat_at", instance.heartbeat_at)?;
    run(conn, sql, params![instance.id, instance.pid, started_at, heartbeat_at, instance.observed])?;
    Ok(())
}

pub(super) fn remove_instance(conn: &Connection, id: &str) -> Result<(), Fault> {
    run(conn, "DELETE FROM instances WHERE id = ?1", [id])?;
    Ok(())
}
