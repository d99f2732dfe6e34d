//! Opening connections, all with the same settings.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::Fault;
use super::schema;
use crate::clock::instant;
use crate::error::{Error, ErrorKind};

/// Of every connection. The log is folded into the database each 1000 pages (4 MB) and cut to 16 MB afterwards;
/// `fullfsync` makes macOS write through the disk's cache, and means nothing elsewhere.
const SETTINGS: &str = "
    PRAGMA cell_size_check = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA wal_autocheckpoint = 1000;
    PRAGMA journal_size_limit = 16777216;
";

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Appends: each commit is on the disk when it returns.
    Append,
    /// Leases and instance rows: a commit survives the process, and may be lost with the power.
    Side,
    /// Reads.
    Read,
}

/// How the file may be touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Write,
    Read,
    /// Without locks and side files, for a directory in which nothing can be created.
    Immutable,
}

/// Opens connections to one file.
#[derive(Debug)]
pub(super) struct Connector {
    pub(super) path: PathBuf,
    pub(super) access: Access,
    pub(super) busy: Duration,
}

impl Connector {
    /// The first connection: makes the file what it should be, however many processes do so at once.
    pub(super) fn first(&mut self) -> Result<Connection, Fault> {
        let deadline = instant() + self.busy;
        loop {
            match self.prepare() {
                // SQLite does not wait for every lock that a change of the journal mode meets.
                Err(fault) if fault.is_busy() && instant() < deadline => std::thread::sleep(Duration::from_millis(5)),
                Err(fault) if fault.is_cannot_open() && self.access == Access::Read && !self.has_log() => {
                    self.access = Access::Immutable;
                }
                result => return result,
            }
        }
    }

    fn prepare(&self) -> Result<Connection, Fault> {
        if self.access != Access::Write {
            let conn = self.open(Role::Read)?;
            schema::check(&conn)?;
            return Ok(conn);
        }
        let mut conn = self.open(Role::Append)?;
        if conn.is_readonly("main")? {
            return Err(Error::new(ErrorKind::ReadOnly, "the database is not writable")
                .with("file", self.path.display())
                .into());
        }
        // Before anything is written, the mode of the journal included.
        schema::format(&conn)?;
        let mode: String = conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        if mode != "wal" {
            return Err(Error::new(ErrorKind::Unsupported, "the file system cannot keep a write-ahead log")
                .with("file", self.path.display())
                .with("journal_mode", mode)
                .into());
        }
        schema::migrate(&mut conn)?;
        Ok(conn)
    }

    /// Whether a write-ahead log with something in it lies beside the file.
    fn has_log(&self) -> bool {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
    }

    /// One more connection.
    pub(super) fn open(&self, role: Role) -> Result<Connection, Fault> {
        let conn = match self.access {
            Access::Write => {
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
                Connection::open_with_flags(&self.path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?
            }
            Access::Read => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                Connection::open_with_flags(&self.path, flags)?
            }
            Access::Immutable => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                Connection::open_with_flags(immutable_uri(&self.path)?, flags | OpenFlags::SQLITE_OPEN_URI)?
            }
        };
        conn.busy_timeout(self.busy)?;
        conn.set_prepared_statement_cache_capacity(32);
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        conn.execute_batch(SETTINGS)?;
        conn.execute_batch(match role {
            Role::Append => "PRAGMA synchronous = FULL",
            Role::Side => "PRAGMA synchronous = NORMAL",
            Role::Read => "PRAGMA query_only = ON",
        })?;
        Ok(conn)
    }
}

/// `file:` with everything escaped that a URI could take for its own.
fn immutable_uri(path: &Path) -> Result<String, Fault> {
    let text = path.to_str().ok_or_else(|| Error::invalid("path", path.display(), "a path in UTF-8"))?;
    let mut uri = String::from(if cfg!(windows) { "file:///" } else { "file:" });
    for byte in text.bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' | b':' => uri.push(byte.into()),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(uri + "?immutable=1")
}
