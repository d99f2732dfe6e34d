//! The directory as a whole: audit, backup, restore, garbage.

use std::collections::HashSet;
use std::path::Path;

use super::partial::Partial;
use crate::artifact::{ArtifactStore, Digest};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{EventRecord, Stream};
use crate::machine::{State, apply};
use crate::noodle::Noodle;
use crate::ops::audit::AuditReport;
use crate::ops::directory::{BackupReport, GarbageReport};
use crate::store::{Head, Store, verify_with};

impl Noodle {
    /// The head of the log: what to keep or sign, so that a later edit, reorder or cut shows.
    ///
    /// # Errors
    /// `storage`, `corrupt`.
    pub fn audit_head(&self) -> Result<Head> {
        self.inner.control.store().head()
    }

    /// Checks every event's hash and link, that the log still contains `since`, and that the stored rows are what the
    /// log folds to; with `artifacts`, every artifact's digest too.
    ///
    /// # Errors
    /// `corrupt` that names the first sequence or row that does not fit, `integrity_mismatch` for an artifact.
    pub fn verify(&self, since: Option<&Head>, artifacts: bool) -> Result<AuditReport> {
        let store = self.inner.control.store();
        let (head, state, rows) = verify_state(&**store, since)?;
        let mut checked = 0;
        if artifacts {
            for digest in state.referenced().collect::<HashSet<_>>() {
                self.inner.artifacts.read(&digest)?;
                checked += 1;
            }
        }
        Ok(AuditReport { events: head.sequence, head, rows, artifacts: checked })
    }

    /// Removes artifacts that no version refers to.
    ///
    /// # Errors
    /// `conflict` where registrations do not end within the lock's timeout, `storage`.
    pub fn collect_garbage(&self) -> Result<GarbageReport> {
        let report = self.inner.artifacts.gc(|| self.inner.referenced())?;
        Ok(GarbageReport { removed: report.removed as u32, bytes: report.bytes, kept: report.kept as u32 })
    }

    /// Writes a complete, verified copy of the directory while it goes on serving.
    ///
    /// # Errors
    /// `conflict` where `to` exists, `storage`, `corrupt`.
    pub fn backup(&self, to: &Path) -> Result<BackupReport> {
        // The copy is made under another name, so that a backup that exists is a whole one.
        let part = Partial::new(to)?;
        let report = self.write_copy(part.path())?;
        part.publish()?;
        Ok(report)
    }

    fn write_copy(&self, part: &Path) -> Result<BackupReport> {
        let inner = &*self.inner;
        // No collection may remove what the copied log refers to. A read-only handle cannot hold one back; then an
        // artifact that is missed fails the copy.
        let _pin = if inner.settings.read_only { None } else { Some(inner.artifacts.pin()?) };
        let database = part.join("noodle.db");
        inner.control.store().backup(&database)?;
        let copy = open_copy(&database)?;
        let (head, state, _) = verify_state(&*copy, None)?;
        let digests: HashSet<Digest> = state.referenced().collect();
        inner.artifacts.copy_to(&ArtifactStore::open(part.join("artifacts"))?, &digests)?;
        Ok(BackupReport { head, artifacts: digests.len() as u32 })
    }

    /// Copies a backup to a new directory, checked as a whole before it appears there.
    ///
    /// # Errors
    /// `not_found` where there is no backup, `conflict` where `to` exists, `corrupt`, `integrity_mismatch`.
    pub fn restore(backup: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<BackupReport> {
        let (backup, to) = (backup.as_ref(), to.as_ref());
        let database = backup.join("noodle.db");
        if !database.is_file() {
            return Err(Error::not_found("backup", backup.display()));
        }
        let part = Partial::new(to)?;
        let copy = part.path().join("noodle.db");
        open_copy(&database)?.backup(&copy)?;
        let (head, state, _) = verify_state(&*open_copy(&copy)?, None)?;
        let digests: HashSet<Digest> = state.referenced().collect();
        let from = ArtifactStore::open_read_only(backup.join("artifacts"))?;
        from.copy_to(&ArtifactStore::open(part.path().join("artifacts"))?, &digests)?;
        part.publish()?;
        Ok(BackupReport { head, artifacts: digests.len() as u32 })
    }
}

/// Folds the whole log again and compares with the stored rows. Returns the head, the state and the number of rows.
fn verify_state(store: &dyn Store, since: Option<&Head>) -> Result<(Head, State, u32)> {
    // Others may append meanwhile: rows are compared at the sequence at which they were read.
    let snapshot = store.load()?;
    let mut state = State::default();
    let mut at_snapshot = (snapshot.sequence == 0).then(State::default);
    let report = verify_with(store, since, &mut |stored| {
        let record = EventRecord::from_stored(stored)?;
        apply(&mut state, &Stream::parse(&record.stream)?, record.at, &record.event)?;
        if stored.sequence == snapshot.sequence {
            at_snapshot = Some(state.clone());
        }
        Ok(())
    })?;
    let folded = at_snapshot.ok_or_else(|| {
        Error::new(ErrorKind::Corrupt, "the log ends before the stored rows").with("sequence", snapshot.sequence)
    })?;
    let mut rows = State::default();
    snapshot.projections.iter().try_for_each(|row| rows.insert(row))?;
    for entity in folded.entities().iter().chain(&rows.entities()) {
        let (wanted, found) = (folded.project(entity)?, rows.project(entity)?);
        if wanted != found {
            return Err(Error::new(ErrorKind::Corrupt, "a stored row is not what the log folds to")
                .with("kind", wanted.kind)
                .with("key", wanted.key));
        }
    }
    Ok((report.head, state, rows.entities().len() as u32))
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
