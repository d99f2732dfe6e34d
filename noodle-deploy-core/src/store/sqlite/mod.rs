//! The embedded store: one SQLite file with a write-ahead log.
//!
//! Several processes may open one file at once. Do not open it with another copy of SQLite inside a process that has it
//! open here, and do not fork while a directory is open: see `docs/formats/state.md`.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use super::{Append, Base, CacheRows, Head, Instance, Lease, Snapshot, Store, StoredEvent, TrafficRows, check};
use crate::clock::Millis;
use crate::error::{Error, ErrorKind, Result};
use crate::progress::Sink;

mod backup;
mod cache;
mod connect;
mod error;
mod filesystem;
mod read;
mod schema;
mod traffic;
mod write;

pub use schema::{APPLICATION_ID, FORMAT_VERSION};

use connect::{Access, Connector, Role};
use error::Fault;

/// How a file is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteOptions {
    /// Only read; the file must exist. Where nothing can be created in its directory and no write-ahead log lies
    /// there, the file is taken for immutable.
    pub read_only: bool,
    /// How long to wait for another process's lock, in milliseconds.
    pub busy_timeout_ms: u64,
    /// Open on a network file system too. Safe only while one machine at a time has the file open and the file system
    /// honours locks and syncs.
    pub allow_network_fs: bool,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        SqliteOptions { read_only: false, busy_timeout_ms: 5_000, allow_network_fs: false }
    }
}

/// A store in one SQLite file.
pub struct SqliteStore {
    connector: Connector,
    /// Connections that wait for a reader.
    idle: Mutex<Vec<Connection>>,
    watch: Mutex<Watch>,
    /// Writes answers of models; opened by the first of them.
    /// For what lies beside the chain.
    beside: Mutex<Option<Connection>>,
    // Last, so that the log is folded into the file when this is the last handle.
    writers: Option<Mutex<Writers>>,
}

struct Writers {
    append: Connection,
    side: Connection,
}

/// Polls for commits of others.
struct Watch {
    conn: Connection,
    seen: Option<i64>,
    sequence: u64,
}

/// Idle readers that are kept.
const MAX_IDLE: usize = 4;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SqliteStore {
    /// Opens a file, creates it where it is missing, and brings an older format up to date.
    ///
    /// # Errors
    /// `not_found` for a missing file that is opened read-only, `newer_format`, `invalid_argument` for another
    /// program's database, `corrupt`, `unsupported` on a network file system, `read_only`, `storage`.
    pub fn open(path: impl AsRef<Path>, options: &SqliteOptions) -> Result<Self> {
        let path = std::path::absolute(path.as_ref())?;
        if options.read_only && !path.exists() {
            return Err(Error::not_found("file", path.display()));
        }
        if !options.allow_network_fs {
            filesystem::refuse_network(&path)?;
        }
        let access = if options.read_only { Access::Read } else { Access::Write };
        let busy = Duration::from_millis(options.busy_timeout_ms.min(i32::MAX as u64));
        Self::connect(Connector { path: path.clone(), access, busy }).map_err(|fault| match fault.named(&path) {
            error if error.get("file").is_none() => error.with("file", path.display()),
            error => error,
        })
    }

    fn connect(mut connector: Connector) -> Result<Self, Fault> {
        let first = connector.first()?;
        let watch = Mutex::new(Watch { conn: connector.open(Role::Read)?, seen: None, sequence: 0 });
        let (idle, writers) = match connector.access {
            Access::Write => (vec![], Some(Mutex::new(Writers { append: first, side: connector.open(Role::Side)? }))),
            Access::Read | Access::Immutable => (vec![first], None),
        };
        Ok(SqliteStore { connector, idle: Mutex::new(idle), watch, beside: Mutex::new(None), writers })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.connector.path
    }

    /// Runs `work` on a connection that nobody else uses, in one snapshot.
    fn read_with<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T> {
        let run = || {
            let idle = lock(&self.idle).pop();
            let conn = idle.map_or_else(|| self.connector.open(Role::Read), Ok)?;
            let snapshot = conn.unchecked_transaction()?;
            let value = work(&snapshot)?;
            snapshot.commit()?;
            // A connection that failed does not come back.
            let mut idle = lock(&self.idle);
            if idle.len() < MAX_IDLE {
                idle.push(conn);
            }
            Ok(value)
        };
        run().map_err(|fault: Fault| fault.named(&self.connector.path))
    }

    /// Runs `work` in a write transaction on the connection that `of` picks.
    fn write_with<T>(
        &self,
        of: impl FnOnce(&mut Writers) -> &mut Connection,
        work: impl FnOnce(&Connection) -> Result<T, Fault>,
    ) -> Result<T> {
        let mut writers = self.writers()?;
        write::transaction(of(&mut writers), work).map_err(|fault| fault.named(&self.connector.path))
    }

    fn writers(&self) -> Result<MutexGuard<'_, Writers>> {
        self.writers.as_ref().map(lock).ok_or_else(|| {
            Error::new(ErrorKind::ReadOnly, "the store was opened read-only")
                .with("file", self.connector.path.display())
        })
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").field("connector", &self.connector).finish_non_exhaustive()
    }
}

impl Store for SqliteStore {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn head(&self) -> Result<Head> {
        self.read_with(read::head)
    }

    fn cut(&self) -> Result<Head> {
        self.read_with(read::cut)
    }

    fn base(&self) -> Result<Base> {
        self.read_with(read::base)
    }

    fn load(&self) -> Result<Snapshot> {
        self.read_with(read::load)
    }

    fn read(&self, after: u64, limit: usize) -> Result<Vec<StoredEvent>> {
        self.read_with(|conn| read::events(conn, after, limit))
    }

    fn read_stream(&self, stream: &str, after: u64, limit: usize) -> Result<Vec<StoredEvent>> {
        self.read_with(|conn| read::stream(conn, stream, after, limit))
    }

    fn append(&self, append: &Append) -> Result<Vec<StoredEvent>> {
        check::append(append)?;
        self.write_with(|writers| &mut writers.append, |conn| write::append(conn, append))
    }

    fn data_version(&self) -> Result<u64> {
        lock(&self.watch).poll().map_err(|fault| fault.named(&self.connector.path))
    }

    fn lease(&self, name: &str, holder: &str, now: Millis, ttl: Millis) -> Result<Lease> {
        self.write_with(|writers| &mut writers.side, |conn| write::lease(conn, name, holder, now, ttl))
    }

    fn release(&self, name: &str, holder: &str) -> Result<()> {
        self.write_with(|writers| &mut writers.side, |conn| write::release(conn, name, holder))
    }

    fn put_instance(&self, instance: &Instance) -> Result<()> {
        self.write_with(|writers| &mut writers.side, |conn| write::put_instance(conn, instance))
    }

    fn remove_instance(&self, id: &str) -> Result<()> {
        self.write_with(|writers| &mut writers.side, |conn| write::remove_instance(conn, id))
    }

    fn instances(&self) -> Result<Vec<Instance>> {
        self.read_with(read::instances)
    }

    fn maintain(&self) -> Result<()> {
        let Some(writers) = &self.writers else { return Ok(()) };
        backup::checkpoint(&lock(writers).side, self.connector.busy).map_err(|fault| fault.named(&self.connector.path))
    }

    fn backup(&self, to: &Path, progress: &Sink) -> Result<()> {
        backup::backup(&self.connector, to, progress)
    }

    fn traffic(&self) -> Option<&dyn TrafficRows> {
        Some(self)
    }

    fn cache(&self) -> Option<&dyn CacheRows> {
        Some(self)
    }
}

impl Watch {
    /// The sequence of the head, read again only where another connection has committed something.
    fn poll(&mut self) -> Result<u64, Fault> {
        let now: i64 = self.conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if self.seen != Some(now) {
            self.sequence = read::head_sequence(&self.conn)?;
            self.seen = Some(now);
        }
        Ok(self.sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{NewEvent, verify};

    fn append(version: u64, bytes: usize) -> Append {
        let text = String::new;
        let payload = "x".repeat(bytes);
        let event = NewEvent {
            stream: "model/a".to_owned(),
            kind: text(),
            payload,
            actor: text(),
            operation: text(),
            request: text(),
        };
        Append { expect: vec![(event.stream.clone(), version)], events: vec![event], ..Append::default() }
    }

    #[test]
    fn a_full_disk_changes_nothing_and_says_so() {
        let directory = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(directory.path().join("state.db"), &SqliteOptions::default()).unwrap();
        store.append(&append(0, 10)).unwrap();
        let before = store.head().unwrap();
        // SQLite reports a file that may not grow as it reports a disk that is full.
        let limit = |pages: i64| {
            let writers = store.writers().unwrap();
            writers.append.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
        };
        limit(1);
        let error = store.append(&append(1, 1_000_000)).unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Storage, "the disk is full"));
        assert!(error.is_retryable());
        assert_eq!(error.get("file"), store.path().to_str());
        assert_eq!(store.head().unwrap(), before);
        limit(1_000_000);
        store.append(&append(1, 1_000_000)).unwrap();
        assert_eq!(verify(&store, Some(&before)).unwrap().events, 2);
    }

    #[test]
    fn connections_have_the_documented_settings() {
        let directory = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(directory.path().join("state.db"), &SqliteOptions::default()).unwrap();
        let writers = store.writers().unwrap();
        let setting = |conn: &Connection, name: &str| {
            conn.query_row(&format!("PRAGMA {name}"), [], |row| {
                Ok(row.get::<_, i64>(0).map_or_else(|_| row.get::<_, String>(0), |number| Ok(number.to_string())))
            })
            .unwrap()
            .unwrap()
        };
        for (name, value) in [
            ("journal_mode", "wal"),
            ("foreign_keys", "1"),
            ("trusted_schema", "0"),
            ("cell_size_check", "1"),
            ("busy_timeout", "5000"),
            ("wal_autocheckpoint", "1000"),
            ("journal_size_limit", "16777216"),
            ("application_id", "1313820484"),
            ("user_version", "4"),
        ] {
            assert_eq!(setting(&writers.append, name), value, "{name}");
        }
        // 2 is FULL: the log is synced at each commit. 1 is NORMAL: at each checkpoint.
        assert_eq!(setting(&writers.append, "synchronous"), "2");
        assert_eq!(setting(&writers.side, "synchronous"), "1");
        assert_eq!(setting(&lock(&store.watch).conn, "query_only"), "1");
    }
}
