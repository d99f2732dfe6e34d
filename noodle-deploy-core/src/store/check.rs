//! What every store checks in the same way, whatever it keeps its rows in.

use super::{Append, Fence, Hash, Head, Lease, WHOLE_LOG};
use crate::clock::Millis;
use crate::error::{Error, ErrorKind, Result};

/// The largest number that every store can hold: databases count in signed 64-bit integers.
pub(crate) const MAX_NUMBER: u64 = i64::MAX as u64;

/// Checks what an append says of itself, before the store is looked at.
pub(crate) fn append(append: &Append) -> Result<()> {
    if append.at > MAX_NUMBER {
        return Err(Error::invalid("at", append.at, format!("0 to {MAX_NUMBER} milliseconds")));
    }
    for event in &append.events {
        if event.stream == WHOLE_LOG {
            return Err(Error::invalid("stream", WHOLE_LOG, "the name of one stream"));
        }
        if !append.expect.iter().any(|(stream, _)| *stream == event.stream) {
            return Err(Error::invalid("expect", &event.stream, "every stream of the events, with its version"));
        }
    }
    for row in &append.projections {
        if !append.events.iter().any(|event| event.stream == row.stream) {
            return Err(Error::invalid("projections", &row.stream, "streams of the events in the same append"));
        }
    }
    let rows = append.cut.iter().flat_map(|base| &base.rows);
    match rows.clone().find(|row| row.value.is_none()) {
        Some(row) => {
            Err(Error::invalid("cut", format!("{} {} without a value", row.kind, row.key), "rows that are there"))
        }
        None => Ok(()),
    }
}

/// Checks a cut against the one that there is and the event at it.
pub(crate) fn cut(to: &Head, present: &Head, found: Option<Hash>) -> Result<()> {
    if to.sequence <= present.sequence {
        return Err(Error::conflict("the log was cut there or beyond")
            .with("cut", to.sequence)
            .with("found", present.sequence));
    }
    if found == Some(to.hash) {
        return Ok(());
    }
    Err(Error::invalid("cut", format!("{}:{}", to.sequence, to.hash), "the head of an event in the log"))
}

/// The stream moved on since the decision read it.
pub(crate) fn moved_on(stream: &str, expected: u64, found: u64) -> Error {
    Error::conflict("the stream has changed since it was read")
        .with("stream", stream)
        .with("expected", expected)
        .with("found", found)
}

/// Checks a fence against the newest token of its lease, 0 where nobody ever held it.
pub(crate) fn fence(fence: &Fence, newest: u64) -> Result<()> {
    if fence.token == newest && newest > 0 {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Fenced, "the lease has a newer holder")
        .with("lease", &fence.lease)
        .with("token", fence.token)
        .with("newest", newest))
}

/// The row belongs to another stream.
pub(crate) fn foreign_row(kind: &str, key: &str, stream: &str) -> Error {
    Error::invalid("projections", format!("{kind} {key} by {stream}"), "rows of the stream that created them")
}

/// The lease after `holder` asked for it: unchanged where another holds it.
pub(crate) fn next_lease(current: Option<&Lease>, name: &str, holder: &str, now: Millis, ttl: Millis) -> Result<Lease> {
    if holder.is_empty() {
        return Err(Error::invalid("holder", "\"\"", "the id of an instance"));
    }
    let token = match current {
        Some(lease) if lease.holder == holder => lease.token,
        Some(lease) if !lease.holder.is_empty() && lease.expires_at > now => return Ok(lease.clone()),
        Some(lease) => lease.token + 1,
        None => 1,
    };
    let expires_at = now.saturating_add(ttl).min(MAX_NUMBER);
    Ok(Lease { name: name.to_owned(), holder: holder.to_owned(), token, expires_at })
}
