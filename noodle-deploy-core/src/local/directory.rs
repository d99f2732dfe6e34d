//! The directory as a whole: audit, backup, restore, garbage.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use super::partial::Partial;
use crate::artifact::{ArtifactStore, Digest};
use crate::control::{CallContext, check_base};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{EventRecord, Stream};
use crate::machine::retention::Keep;
use crate::machine::{State, apply};
use crate::noodle::Noodle;
use crate::ops::audit::{AuditReport, RetainReport};
use crate::ops::directory::{BackupReport, GarbageReport};
use crate::paths::check_path;
use crate::progress::{ProgressStage, Sink};
use crate::store::{Head, Store, VerifyReport, from_base, verify_with};

impl Noodle {
    /// The head of the log: what to keep or sign, so that a later edit, reorder or cut shows.
    ///
    /// # Errors
    /// `storage`, `corrupt`.
    pub fn audit_head(&self) -> Result<Head> {
        self.inner.control.store().head()
    }

    /// Checks every event's hash and link, that the log still contains `since`, and that the stored rows and
    /// versions of streams are what the log folds to; with `artifacts`, every artifact's digest too.
    ///
    /// # Errors
    /// `corrupt` that names the first sequence or row that does not fit, `integrity_mismatch` for an artifact,
    /// `invalid_argument` for a `since` that was cut away by `retain`.
    pub fn verify(&self, since: Option<&Head>, artifacts: bool) -> Result<AuditReport> {
        self.verify_as(since, artifacts, &Sink::default())
    }

    pub(crate) fn verify_as(&self, since: Option<&Head>, artifacts: bool, progress: &Sink) -> Result<AuditReport> {
        let store = self.inner.control.store();
        let verified = verify_state(&**store, since, progress)?;
        let mut checked = 0;
        if artifacts {
            let digests: HashSet<Digest> = verified.state.referenced().collect();
            let total = bytes_of(&self.inner.artifacts, &digests, progress)?;
            let mut stage = progress.stage(ProgressStage::CheckArtifacts, total);
            for digest in digests {
                self.inner.artifacts.read_counted(&digest, &mut stage)?;
                checked += 1;
            }
            stage.finish();
        }
        let VerifyReport { head, events } = verified.report;
        let cut = (verified.cut != Head::EMPTY).then_some(verified.cut);
        Ok(AuditReport { head, events, cut, rows: verified.rows, artifacts: checked })
    }

    /// Cuts away the events that `keep` lets go, after having checked them: the log goes on from the state at the cut.
    /// History and `verify` then begin there, and heads that were kept from before say no more.
    ///
    /// # Errors
    /// `invalid_argument` for bounds that keep nothing, `corrupt` where the log does not verify, `conflict` where
    /// another process cut it meanwhile, `storage`.
    pub fn retain(&self, keep: &Keep) -> Result<RetainReport> {
        let context = CallContext {
            actor: self.host().actor,
            operation: "retain",
            request_id: self.new_id(),
            progress: Sink::default(),
        };
        self.retain_as(&context, keep)
    }

    pub(crate) fn retain_as(&self, context: &CallContext, keep: &Keep) -> Result<RetainReport> {
        let control = &self.inner.control;
        let before = control.store().cut()?.sequence;
        match control.retain(context, keep, None)? {
            Some((cut, head)) => Ok(RetainReport { cut: Some(cut), removed: cut.sequence - before, head }),
            None => Ok(RetainReport { cut: None, removed: 0, head: control.store().head()? }),
        }
    }

    /// Removes artifacts that no version refers to.
    ///
    /// # Errors
    /// `conflict` where registrations do not end within the lock's timeout, `storage`.
    pub fn collect_garbage(&self) -> Result<GarbageReport> {
        self.collect_garbage_as(&Sink::default())
    }

    pub(crate) fn collect_garbage_as(&self, progress: &Sink) -> Result<GarbageReport> {
        let report = self.inner.artifacts.gc_reported(|| self.inner.referenced(), progress)?;
        Ok(GarbageReport { removed: report.removed as u32, bytes: report.bytes, kept: report.kept as u32 })
    }

    /// Writes a complete, verified copy of the directory while it goes on serving. Directories above `to` that are
    /// missing are made.
    ///
    /// # Errors
    /// `conflict` where `to` exists, or another copy was there first; `invalid_argument` where it lies in the directory;
    /// `storage`, `corrupt`.
    pub fn backup(&self, to: &Path) -> Result<BackupReport> {
        self.backup_as(to, &Sink::default())
    }

    pub(crate) fn backup_as(&self, to: &Path, progress: &Sink) -> Result<BackupReport> {
        // The copy is made under another name, so that a backup that exists is a whole one.
        let part = Partial::new(&self.inner.dir, to)?;
        let report = self.write_copy(part.path(), progress)?;
        part.publish()?;
        Ok(report)
    }

    fn write_copy(&self, part: &Path, progress: &Sink) -> Result<BackupReport> {
        let inner = &*self.inner;
        // No collection may remove what the copied log refers to. A read-only handle cannot hold one back; then an
        // artifact that is missed fails the copy.
        let _pin = if inner.settings.read_only { None } else { Some(inner.artifacts.pin()?) };
        let database = part.join("noodle.db");
        inner.control.store().backup(&database, progress)?;
        let copy = open_copy(&database)?;
        let Verified { report, state, .. } = verify_state(&*copy, None, progress)?;
        let digests: HashSet<Digest> = state.referenced().collect();
        let total = bytes_of(&inner.artifacts, &digests, progress)?;
        let mut stage = progress.stage(ProgressStage::CopyArtifacts, total);
        inner.artifacts.copy_counted(&ArtifactStore::open(part.join("artifacts"))?, &digests, &mut stage)?;
        stage.finish();
        Ok(BackupReport { head: report.head, artifacts: digests.len() as u32 })
    }

    /// Copies a backup to a new directory, checked as a whole before it appears there. Directories above `to` that are
    /// missing are made.
    ///
    /// # Errors
    /// `not_found` where there is no backup, `conflict` where `to` exists, or another copy was there first;
    /// `invalid_argument` where it lies in the backup; `corrupt`, `integrity_mismatch`.
    pub fn restore(backup: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<BackupReport> {
        let (backup, to) = (backup.as_ref(), to.as_ref());
        check_path("backup", backup)?;
        let database = backup.join("noodle.db");
        if !database.is_file() {
            return Err(Error::not_found("backup", backup.display()));
        }
        let part = Partial::new(backup, to)?;
        let copy = part.path().join("noodle.db");
        open_copy(&database)?.backup(&copy, &Sink::default())?;
        let Verified { report, state, .. } = verify_state(&*open_copy(&copy)?, None, &Sink::default())?;
        let digests: HashSet<Digest> = state.referenced().collect();
        let from = ArtifactStore::open_read_only(backup.join("artifacts"))?;
        from.copy_to(&ArtifactStore::open(part.path().join("artifacts"))?, &digests)?;
        part.publish()?;
        Ok(BackupReport { head: report.head, artifacts: digests.len() as u32 })
    }
}

/// Folds the whole log again, from what it begins from, and compares with the stored rows. Returns what the log says,
/// its state and the number of rows.
fn verify_state(store: &dyn Store, since: Option<&Head>, progress: &Sink) -> Result<Verified> {
    // Begun once: where the log is cut under the reader, it is read again.
    let total = match progress.is_heard() {
        true => Some(store.head()?.sequence.saturating_sub(store.cut()?.sequence)),
        false => None,
    };
    let mut stage = progress.stage(ProgressStage::CheckLog, total);
    let verified = from_base(store, |base| {
        // Others may append meanwhile: rows are compared at the sequence at which they were read.
        let snapshot = store.load()?;
        let mut state = State::from_rows(&base.rows)?;
        let mut at_snapshot = (snapshot.sequence == base.head.sequence).then(|| state.clone());
        let (mut checkpoint, mut streams) = (None, BTreeMap::new());
        let report = verify_with(store, &base.head, since, &mut |stored| {
            let record = EventRecord::from_stored(stored)?;
            let stream = Stream::parse(&record.stream)?;
            apply(&mut state, &stream, record.at, &record.event)?;
            if stored.sequence <= snapshot.sequence {
                streams.insert(record.stream.clone(), stored.version);
            }
            if stored.sequence == snapshot.sequence {
                at_snapshot = Some(state.clone());
            }
            if stream == Stream::Directory {
                checkpoint = Some(record);
            }
            stage.reach(stored.sequence - base.head.sequence);
            Ok(())
        })?;
        check_base(base, checkpoint.as_ref())?;
        let folded = at_snapshot.ok_or_else(|| {
            Error::new(ErrorKind::Corrupt, "the log ends before the stored rows").with("sequence", snapshot.sequence)
        })?;
        let rows = State::from_rows(&snapshot.projections)?;
        for entity in folded.entities().iter().chain(&rows.entities()) {
            let (wanted, found) = (folded.project(entity)?, rows.project(entity)?);
            if wanted != found {
                return Err(Error::new(ErrorKind::Corrupt, "a stored row is not what the log folds to")
                    .with("kind", wanted.kind)
                    .with("key", wanted.key));
            }
        }
        check_streams(streams, &snapshot.streams, base.head == Head::EMPTY)?;
        Ok(Verified { report, cut: base.head, state, rows: rows.entities().len() as u32 })
    })?;
    stage.finish();
    Ok(verified)
}

/// What artifacts take together; found out only where somebody listens.
fn bytes_of(artifacts: &ArtifactStore, digests: &HashSet<Digest>, progress: &Sink) -> Result<Option<u64>> {
    let sizes = || digests.iter().map(|digest| artifacts.size(digest)).sum::<Result<u64>>();
    progress.is_heard().then(sizes).transpose()
}

/// Compares the versions of the streams with those of their last events. Nothing is left to compare the version of a
/// stream with whose events were all cut away: `whole` says that none were.
fn check_streams(mut folded: BTreeMap<String, u64>, stored: &[(String, u64)], whole: bool) -> Result<()> {
    let misfit = |stream: &str| {
        let error = Error::new(ErrorKind::Corrupt, "the version of a stream is not that of its last event");
        Err(error.with("stream", stream))
    };
    for (stream, version) in stored {
        match folded.remove(stream) {
            Some(last) if last == *version => {}
            None if !whole => {}
            _ => return misfit(stream),
        }
    }
    folded.keys().next().map_or(Ok(()), |stream| misfit(stream))
}

/// What [`verify_state`] found.
struct Verified {
    report: VerifyReport,
    cut: Head,
    state: State,
    rows: u32,
}

#[cfg(feature = "store-sqlite")]
fn open_copy(database: &Path) -> Result<Box<dyn Store>> {
    use crate::store::sqlite::{SqliteOptions, SqliteStore};
    Ok(Box::new(SqliteStore::open(database, &SqliteOptions { read_only: true, ..SqliteOptions::default() })?))
}

#[cfg(not(feature = "store-sqlite"))]
fn open_copy(_: &Path) -> Result<Box<dyn Store>> {
    Err(Error::new(ErrorKind::Unsupported, "this build has no embedded database"))
}
