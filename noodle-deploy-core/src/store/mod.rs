//! Where the event log, the projections, the deciding lease and the instance rows live.
//!
//! A store keeps one chain of events. An append names the version of every stream that its decision read; events,
//! projections and the new head are written in one transaction, or not at all.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::error::{Error, ErrorKind, Result};
use crate::progress::Sink;

pub mod chain;
mod check;
pub mod memory;
#[cfg(feature = "store-sqlite")]
pub mod sqlite;

pub use chain::Hash;
pub use memory::MemoryStore;
#[cfg(feature = "store-sqlite")]
pub use sqlite::{SqliteOptions, SqliteStore};

/// The end of the log: what a host keeps or signs to find an edit, a reorder or a cut later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Head {
    /// Number of the last event; 0 for an empty log.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub sequence: u64,
    /// Hash of the last event; all zeros for an empty log.
    pub hash: Hash,
}

impl Head {
    /// The head of an empty log.
    pub const EMPTY: Head = Head { sequence: 0, hash: Hash::ZERO };
}

/// An event to be appended.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// `model/NAME` or `deployment/NAME`.
    pub stream: String,
    /// Type of the event, as in the payload's tag.
    pub kind: String,
    /// JSON.
    pub payload: String,
    /// Who did it.
    pub actor: String,
    /// The operation that decided it.
    pub operation: String,
    /// Identifies the call.
    pub request: String,
}

/// An event as the log keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEvent {
    /// Position in the log, from 1, without gaps.
    pub sequence: u64,
    /// Position in the stream, from 1, without gaps.
    pub version: u64,
    /// When it was appended.
    pub at: Millis,
    /// What was appended.
    pub event: NewEvent,
    /// Hash of the event before.
    pub previous: Hash,
    /// Hash of this event; see [`chain::hash`].
    pub hash: Hash,
}

/// One row of the state that the log folds to. Written with the events that change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    /// Kind of entity: `model`, `version`, `deployment`.
    pub kind: String,
    /// Key within the kind.
    pub key: String,
    /// The stream whose events alone change this row.
    pub stream: String,
    /// JSON; `None` removes the row.
    pub value: Option<String>,
}

/// One transaction.
#[derive(Debug, Clone, Default)]
pub struct Append {
    /// Streams that the decision read, each with the version it saw (0 for a stream without events). Every stream of
    /// `events` is among them. [`WHOLE_LOG`] is one too, for a decision that read everything.
    pub expect: Vec<(String, u64)>,
    /// What happened, in order.
    pub events: Vec<NewEvent>,
    /// Rows that change.
    pub projections: Vec<Projection>,
    /// Time of the events.
    pub at: Millis,
    /// The lease under which this was decided, if under one.
    pub fence: Option<Fence>,
    /// What the log is to begin from: the events up to its head go.
    pub cut: Option<Base>,
}

/// What a log begins from in place of the events that were cut away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// The last event that was cut away.
    pub head: Head,
    /// The rows that the events up to it had led to, by kind and key.
    pub rows: Vec<Projection>,
}

impl Base {
    /// Of a log that was never cut.
    pub const EMPTY: Base = Base { head: Head::EMPTY, rows: Vec::new() };
}

/// Stands in [`Append::expect`] for all streams, also those that are not there yet; its version is the sequence of the
/// last event.
pub const WHOLE_LOG: &str = "*";

/// Proof of a lease: an append with a token that is not the newest is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// Name of the lease.
    pub lease: String,
    /// Token of the holder.
    pub token: u64,
}

/// A lease as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Name of the lease.
    pub name: String,
    /// Instance that holds it.
    pub holder: String,
    /// Grows by one with every new holder.
    pub token: u64,
    /// When it ends unless renewed.
    pub expires_at: Millis,
}

/// What one process says of itself. Outside the chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// Random id of the open handle.
    pub id: String,
    /// Process id.
    pub pid: u32,
    /// When the handle was opened.
    pub started_at: Millis,
    /// Last sign of life.
    pub heartbeat_at: Millis,
    /// Observed replicas and the like: JSON that the core writes and reads.
    pub observed: String,
}

/// An answer of a model, to be kept beside the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheRow {
    /// What the answer is found by.
    pub key: [u8; 32],
    /// The deployment whose bounds count.
    pub owner: String,
    /// When the answer is of no use any more; none: never.
    pub expires_at: Option<Millis>,
    /// The answer.
    pub value: Vec<u8>,
    /// Bytes that the owner's answers have at most.
    pub max_bytes: u64,
    /// Answers that the owner has at most.
    pub max_entries: u64,
}

/// Answers of models beside the log: outside the chain, not durable, and any of them may go at any time.
pub trait CacheRows: Send + Sync {
    /// The answer of a key. Never waits for a writer.
    fn cached(&self, key: &[u8; 32]) -> Result<Option<Vec<u8>>>;

    /// Keeps answers, in one transaction.
    ///
    /// Behavior:
    /// - An answer takes the place of an earlier one with its key.
    /// - An owner's oldest answers go until the others are within its bounds; one that alone is beyond them is not kept.
    ///
    /// # Errors
    /// `read_only`, `storage`.
    fn keep(&self, rows: &[CacheRow]) -> Result<()>;

    /// Removes answers whose time is up, and those of owners that are not among `owners`: at most a thousand, so that
    /// nobody waits long. Returns how many went.
    ///
    /// # Errors
    /// As [`CacheRows::keep`].
    fn sweep(&self, owners: &[&str], now: Millis) -> Result<u64>;

    /// Answers of an owner, and their bytes.
    fn kept(&self, owner: &str) -> Result<(u64, u64)>;
}

/// What one process has counted of one revision's requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrafficRow {
    /// The deployment.
    pub deployment: String,
    /// Number of the revision.
    pub revision: u32,
    /// Id of the open handle; empty for all that are gone.
    pub instance: String,
    /// When it was written.
    pub at: Millis,
    /// The counts: JSON that the core writes and reads.
    pub value: String,
}

/// Counts of requests beside the log: outside the chain, not durable.
pub trait TrafficRows: Send + Sync {
    /// Removes rows by deployment, revision and instance, then writes others, in one transaction. A row takes the place
    /// of an earlier one of its deployment, revision and instance.
    ///
    /// # Errors
    /// `read_only`, `storage`.
    fn write(&self, put: &[TrafficRow], remove: &[TrafficRow]) -> Result<()>;

    /// Rows of one deployment, or of all, by deployment, revision and instance.
    ///
    /// # Errors
    /// `storage`.
    fn read(&self, deployment: Option<&str>) -> Result<Vec<TrafficRow>>;
}

/// Everything that an open reads, from one snapshot.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Sequence of the last event, 0 for none.
    pub sequence: u64,
    /// Versions of all streams.
    pub streams: Vec<(String, u64)>,
    /// All rows.
    pub projections: Vec<Projection>,
}

/// An event store.
///
/// Implementations are checked by one behaviour suite. They may be called from many threads.
pub trait Store: Send + Sync {
    /// Stable lower-case name.
    fn name(&self) -> &'static str;

    /// The head, from disk.
    ///
    /// Behavior:
    /// - `{0, zeros}` for an empty log.
    /// - Agrees with the last stored event, or with the cut where none is stored; `corrupt` where the two differ.
    fn head(&self) -> Result<Head>;

    /// Streams and projections, in one consistent read.
    fn load(&self) -> Result<Snapshot>;

    /// Head of what was cut away; `{0, zeros}` for a log that was never cut.
    fn cut(&self) -> Result<Head>;

    /// What the log begins from, with its rows.
    fn base(&self) -> Result<Base>;

    /// Events after a sequence, in order, at most `limit`. After one that was cut away: those that are left.
    fn read(&self, after: u64, limit: usize) -> Result<Vec<StoredEvent>>;

    /// Events of one stream after a sequence, in order, at most `limit`. Costs what it returns, however long the stream
    /// is.
    fn read_stream(&self, stream: &str, after: u64, limit: usize) -> Result<Vec<StoredEvent>>;

    /// Appends in one transaction and returns the stored events.
    ///
    /// Behavior:
    /// - Durable when it returns.
    /// - All or nothing, a cut too.
    /// - Numbers go on over a cut: of events, and of those in each stream.
    ///
    /// # Errors
    /// `conflict` (context `stream`, `expected`, `found`) where a stream moved on, or (context `cut`, `found`) where the
    /// log was cut there or beyond; `invalid_argument` where it does not contain the event to cut at, `fenced` where the token is not the
    /// newest, `read_only`, `storage`.
    fn append(&self, append: &Append) -> Result<Vec<StoredEvent>>;

    /// A number that changes whenever another connection or process has appended. Cheap enough to poll.
    fn data_version(&self) -> Result<u64>;

    /// Takes or renews a lease for `ttl` milliseconds from `now`.
    ///
    /// Behavior:
    /// - The holder renews and keeps its token.
    /// - Free or expired: the caller becomes the holder, with the next token.
    /// - Held by another and not expired: returned as it stands.
    fn lease(&self, name: &str, holder: &str, now: Millis, ttl: Millis) -> Result<Lease>;

    /// Ends a lease early; nothing happens where `holder` does not hold it. The token stays used.
    fn release(&self, name: &str, holder: &str) -> Result<()>;

    /// Writes an instance row. Need not be durable.
    fn put_instance(&self, instance: &Instance) -> Result<()>;

    /// Removes an instance row.
    fn remove_instance(&self, id: &str) -> Result<()>;

    /// All instance rows.
    fn instances(&self) -> Result<Vec<Instance>>;

    /// Keeps side files small: checkpoints a write-ahead log. Called now and then, never by a request.
    fn maintain(&self) -> Result<()>;

    /// Writes a consistent, complete copy to a new file while others read and write, and reports how far it is.
    ///
    /// # Errors
    /// `unsupported` where the store has no file form, `conflict` where the file exists.
    fn backup(&self, to: &Path, progress: &Sink) -> Result<()>;

    /// Where processes say what they have counted; none by default.
    fn traffic(&self) -> Option<&dyn TrafficRows> {
        None
    }

    /// Where answers of models can be kept; none by default.
    fn cache(&self) -> Option<&dyn CacheRows> {
        None
    }
}

/// What [`verify`] found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VerifyReport {
    /// The head that the whole log leads to.
    pub head: Head,
    /// Events read: those that were not cut away.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub events: u64,
}

/// Hands a reader of the log what it begins from; again where the log was cut under the reader.
///
/// # Errors
/// Those of the reader, and of the store.
pub fn from_base<T>(store: &dyn Store, mut read: impl FnMut(&Base) -> Result<T>) -> Result<T> {
    loop {
        let base = store.base()?;
        match read(&base) {
            Err(_) if store.cut()? != base.head => {}
            result => return result,
        }
    }
}

/// Reads the whole log and checks numbers, links and hashes, and, where `since` is given, that the log still contains
/// that head.
///
/// # Errors
/// `corrupt` that names the first sequence at which the log was edited, reordered, thinned or cut; `invalid_argument`
/// for a `since` whose event was cut away by an append that says so.
pub fn verify(store: &dyn Store, since: Option<&Head>) -> Result<VerifyReport> {
    from_base(store, |base| verify_with(store, &base.head, since, &mut |_| Ok(())))
}

/// Like [`verify`], from a head on, and hands each event on, so that a caller can fold the state in the same pass.
///
/// # Errors
/// As [`verify`].
pub fn verify_with(
    store: &dyn Store,
    from: &Head,
    since: Option<&Head>,
    each: &mut dyn FnMut(&StoredEvent) -> Result<()>,
) -> Result<VerifyReport> {
    const PAGE: usize = 1_000;
    let mut checker = chain::Checker::new(*from, since.copied())?;
    loop {
        let page = store.read(checker.sequence(), PAGE)?;
        for event in &page {
            checker.push(event)?;
            each(event)?;
        }
        if page.len() < PAGE {
            break;
        }
    }
    let found = checker.finish()?;
    let head = store.head()?;
    if head.sequence < found.sequence || (head.sequence == found.sequence && head.hash != found.hash) {
        return Err(Error::new(ErrorKind::Corrupt, "the stored head does not match the log")
            .with("head_sequence", head.sequence)
            .with("log_sequence", found.sequence));
    }
    Ok(VerifyReport { head: found, events: found.sequence - from.sequence })
}
