//! Content-addressed blobs in a directory: the same bytes are kept once, and bytes that changed are never returned.
//!
//! ```text
//! artifacts/
//!   .lock                    shared by registrations, taken alone by a sweep
//!   tmp/                     files being written
//!   blobs/ab/abcd…           64 hexadecimal digits of the BLAKE3 hash
//! ```
//!
//! A blob is written to `tmp`, synced, renamed, and its directory synced: after a crash it is there whole or not at all.
//! Several processes may use one directory at once.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::progress::{ProgressStage, Sink, Stage};

mod digest;
pub(crate) mod durable;
mod lock;
mod temporary;

pub use digest::Digest;
pub use lock::PinGuard;

use durable::failed;
use temporary::{Temporary, copy};

/// A directory of blobs.
#[derive(Debug, Clone)]
pub struct ArtifactStore {
    directory: PathBuf,
    read_only: bool,
    lock_timeout: Duration,
}

/// What [`ArtifactStore::gc`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct GcReport {
    /// Blobs that were removed.
    pub removed: u64,
    /// Bytes that were removed, those of left-over temporary files included.
    pub bytes: u64,
    /// Blobs that stay.
    pub kept: u64,
    /// Left-over temporary files that were removed.
    pub temporaries: u64,
}

impl ArtifactStore {
    /// Opens a directory, and creates it where it is missing.
    pub fn open(directory: impl AsRef<Path>) -> Result<Self> {
        let store = Self::at(directory.as_ref(), false)?;
        for path in [store.blobs(), store.temporaries()] {
            fs::create_dir_all(&path).map_err(|error| failed("creating the directory failed", &path, error))?;
        }
        durable::sync_directory(&store.directory)?;
        durable::sync_directory(durable::directory_of(&store.directory))?;
        Ok(store)
    }

    /// Whether there is any blob in a directory; false where there is no directory.
    ///
    /// # Errors
    /// `storage`.
    pub fn holds_any(directory: impl AsRef<Path>) -> Result<bool> {
        let blobs = directory.as_ref().join("blobs");
        let list = |path: &Path| match path.read_dir() {
            Ok(entries) => entries.collect::<io::Result<Vec<_>>>().map_err(|e| failed("listing blobs failed", path, e)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(failed("listing blobs failed", path, error)),
        };
        for shard in list(&blobs)? {
            if !list(&shard.path())?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Opens a directory for reading; nothing is created.
    ///
    /// # Errors
    /// `not_found` where the directory is missing.
    pub fn open_read_only(directory: impl AsRef<Path>) -> Result<Self> {
        let store = Self::at(directory.as_ref(), true)?;
        match store.blobs().is_dir() {
            true => Ok(store),
            false => Err(Error::not_found("directory", store.blobs().display())),
        }
    }

    fn at(directory: &Path, read_only: bool) -> Result<Self> {
        let directory = std::path::absolute(directory)?;
        Ok(ArtifactStore { directory, read_only, lock_timeout: Duration::from_secs(10) })
    }

    /// How long [`pin`](Self::pin), [`gc`](Self::gc) and [`remove`](Self::remove) wait for each other; 10 s unless set.
    #[must_use]
    pub fn lock_timeout(mut self, wait: Duration) -> Self {
        self.lock_timeout = wait;
        self
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    fn blobs(&self) -> PathBuf {
        self.directory.join("blobs")
    }

    fn temporaries(&self) -> PathBuf {
        self.directory.join("tmp")
    }

    fn blob(&self, digest: &Digest) -> PathBuf {
        let hex = digest.hex();
        self.blobs().join(&hex[..2]).join(hex)
    }

    fn lock_file(&self) -> Result<PathBuf> {
        match self.read_only {
            false => Ok(self.directory.join(".lock")),
            true => Err(Error::new(ErrorKind::ReadOnly, "the artifacts were opened read-only")
                .with("directory", self.directory.display())),
        }
    }

    /// Keeps every blob while the guard lives. A registration pins from before its `put` until the event that names the
    /// digest is appended; otherwise a sweep in between, here or in another process, takes the blob away.
    ///
    /// # Errors
    /// `conflict` while a sweep runs for longer than the lock timeout, `read_only`.
    pub fn pin(&self) -> Result<PinGuard> {
        lock::shared(&self.lock_file()?, self.lock_timeout)
    }

    /// Keeps bytes and returns their name. Durable when it returns; bytes that are there already are not written again,
    /// unless the stored ones were damaged.
    pub fn put(&self, bytes: &[u8]) -> Result<Digest> {
        self.put_reported(bytes, &Sink::default())
    }

    pub(crate) fn put_reported(&self, bytes: &[u8], progress: &Sink) -> Result<Digest> {
        let _pin = self.pin()?;
        let total = Some(bytes.len() as u64);
        let digest = match progress.is_heard() {
            // In one go where nobody listens, which the hash likes best.
            false => Digest::of(bytes),
            true => {
                let mut hashing = progress.stage(ProgressStage::Hash, total);
                let mut hasher = blake3::Hasher::new();
                // A slice gives all that is asked for, and its hasher takes all that it is given.
                copy(&mut hashing.count(bytes), &mut hasher)?;
                hashing.finish();
                hasher.finalize().into()
            }
        };
        match self.holds(&digest) {
            true => self.sync_names(&digest)?,
            false => {
                let mut storing = progress.stage(ProgressStage::Store, total);
                self.write(&mut storing.count(bytes), u64::MAX, Some(&digest))?;
                storing.finish();
            }
        }
        Ok(digest)
    }

    /// Keeps the content of a file of at most `limit` bytes. The file is read once: what was hashed is what is kept,
    /// even where somebody writes to the file meanwhile.
    ///
    /// # Errors
    /// `not_found`, `too_large`.
    pub fn put_file(&self, path: impl AsRef<Path>, limit: u64) -> Result<Digest> {
        let _pin = self.pin()?;
        let path = path.as_ref();
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => Error::not_found("file", path.display()),
            _ => failed("opening the file failed", path, error),
        };
        let mut file = File::open(path).map_err(failed)?;
        self.write(&mut file, limit, None).map_err(|error| error.with("source", path.display()))
    }

    /// Writes what `source` gives to a temporary file, and that into place.
    fn write(&self, source: &mut dyn Read, limit: u64, expected: Option<&Digest>) -> Result<Digest> {
        let mut temporary = Temporary::new(&self.temporaries().join("blob"))?;
        let digest = temporary.fill(source, limit)?;
        if let Some(expected) = expected.filter(|&&expected| expected != digest) {
            return Err(mismatch(&self.blob(expected), expected, &digest));
        }
        let to = self.blob(&digest);
        let directory = durable::directory_of(&to);
        fs::create_dir_all(directory).map_err(|error| failed("creating the directory failed", directory, error))?;
        if !self.holds(&digest) {
            match temporary.rename(&to) {
                // Windows cannot replace a file that is being read; another call put the same bytes there.
                Err(_) if self.holds(&digest) => {}
                result => result.map_err(|error| failed("moving the artifact into place failed", &to, error))?,
            }
        }
        self.sync_names(&digest)?;
        Ok(digest)
    }

    /// Another process may have given the blob its name without having synced it yet, so every `put` does.
    fn sync_names(&self, digest: &Digest) -> Result<()> {
        durable::sync_directory(durable::directory_of(&self.blob(digest)))?;
        durable::sync_directory(&self.blobs())
    }

    /// Whether the right bytes are there.
    fn holds(&self, digest: &Digest) -> bool {
        let Ok(mut file) = File::open(self.blob(digest)) else { return false };
        let mut hasher = blake3::Hasher::new();
        copy(&mut file, &mut hasher).is_ok() && Digest::from(hasher.finalize()) == *digest
    }

    fn open_blob(&self, digest: &Digest) -> Result<(PathBuf, File)> {
        let path = self.blob(digest);
        match File::open(&path) {
            Ok(file) => Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::not_found("artifact", digest)),
            Err(error) => Err(failed("opening the artifact failed", &path, error)),
        }
    }

    /// The bytes of a blob; the very bytes that are returned were checked.
    ///
    /// # Errors
    /// `not_found`, `integrity_mismatch` (context `expected`, `found`) where the file was changed or torn.
    pub fn read(&self, digest: &Digest) -> Result<Vec<u8>> {
        self.read_counted(digest, &mut Sink::default().stage(ProgressStage::Read, None))
    }

    pub(crate) fn read_counted(&self, digest: &Digest, stage: &mut Stage) -> Result<Vec<u8>> {
        let (path, file) = self.open_blob(digest)?;
        let mut bytes = Vec::new();
        let length = file.metadata().map(|file| file.len() as usize);
        let room = length.and_then(|length| Ok(bytes.try_reserve_exact(length)?));
        room.and_then(|()| stage.count(file).read_to_end(&mut bytes))
            .map_err(|error| failed("reading the artifact failed", &path, error))?;
        match Digest::of(&bytes) {
            found if found == *digest => Ok(bytes),
            found => Err(mismatch(&path, digest, &found)),
        }
    }

    /// Whether a blob of that name is there. Its bytes are not checked.
    pub fn contains(&self, digest: &Digest) -> bool {
        self.blob(digest).is_file()
    }

    /// Bytes that a blob takes.
    ///
    /// # Errors
    /// `not_found`.
    pub fn size(&self, digest: &Digest) -> Result<u64> {
        let (path, file) = self.open_blob(digest)?;
        Ok(file.metadata().map_err(|error| failed("reading the artifact failed", &path, error))?.len())
    }

    /// All blobs, in order. Files with other names are left alone.
    pub fn list(&self) -> Result<Vec<Digest>> {
        let mut found = Vec::new();
        for directory in entries(&self.blobs())? {
            if directory.is_dir() {
                let names = entries(&directory)?.into_iter().filter_map(|path| {
                    let digest = Digest::from_hex(path.file_name()?.to_str()?)?;
                    (self.blob(&digest) == path).then_some(digest)
                });
                found.extend(names);
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Removes one blob, and says whether it was there. The caller knows that nothing needs it any more; where that
    /// takes reading the log, [`gc`](Self::gc) reads it at the right moment.
    ///
    /// # Errors
    /// `conflict` while a registration pins for longer than the lock timeout, `read_only`.
    pub fn remove(&self, digest: &Digest) -> Result<bool> {
        let _sweep = lock::exclusive(&self.lock_file()?, self.lock_timeout)?;
        remove_file(&self.blob(digest)).map(|bytes| bytes.is_some())
    }

    /// Removes every blob that is not live, and every left-over of an interrupted `put`.
    ///
    /// `live` runs once no registration is under way in any process and before a new one can start, so that what it
    /// reads from the log is complete. It must not call `pin` or `put`.
    ///
    /// # Errors
    /// `conflict` while a registration pins for longer than the lock timeout, `read_only`, and those of `live`; then
    /// nothing was removed.
    pub fn gc(&self, live: impl FnOnce() -> Result<HashSet<Digest>>) -> Result<GcReport> {
        self.gc_reported(live, &Sink::default())
    }

    pub(crate) fn gc_reported(
        &self,
        live: impl FnOnce() -> Result<HashSet<Digest>>,
        progress: &Sink,
    ) -> Result<GcReport> {
        let _sweep = lock::exclusive(&self.lock_file()?, self.lock_timeout)?;
        let live = live()?;
        let mut report = GcReport::default();
        let found = self.list()?;
        let mut stage = progress.stage(ProgressStage::Collect, Some(found.len() as u64));
        for digest in found {
            if live.contains(&digest) {
                report.kept += 1;
            } else if let Some(bytes) = remove_file(&self.blob(&digest))? {
                report.removed += 1;
                report.bytes += bytes;
            }
            stage.add(1);
        }
        stage.finish();
        // Whoever writes one holds a pin, so these belong to nobody.
        for path in entries(&self.temporaries())? {
            if let Some(bytes) = remove_file(&path)? {
                report.temporaries += 1;
                report.bytes += bytes;
            }
        }
        Ok(report)
    }

    /// Copies blobs into another store, checks them on the way, and returns how many bytes they have. Durable when it
    /// returns.
    ///
    /// # Errors
    /// `not_found`, `integrity_mismatch`.
    pub fn copy_to<'a>(&self, to: &ArtifactStore, digests: impl IntoIterator<Item = &'a Digest>) -> Result<u64> {
        self.copy_counted(to, digests, &mut Sink::default().stage(ProgressStage::CopyArtifacts, None))
    }

    pub(crate) fn copy_counted<'a>(
        &self,
        to: &ArtifactStore,
        digests: impl IntoIterator<Item = &'a Digest>,
        stage: &mut Stage,
    ) -> Result<u64> {
        let _pin = to.pin()?;
        let mut bytes = 0;
        for digest in digests {
            let (_, file) = self.open_blob(digest)?;
            to.write(&mut stage.count(file), u64::MAX, Some(digest)).map_err(|error| match error.kind() {
                // It is the source that lacks its digest.
                ErrorKind::IntegrityMismatch => misread(&self.blob(digest), digest, error.get("found")),
                _ => error,
            })?;
            bytes += to.size(digest)?;
        }
        Ok(bytes)
    }
}

fn mismatch(path: &Path, expected: &Digest, found: &Digest) -> Error {
    misread(path, expected, Some(&found.to_string()))
}

fn misread(path: &Path, expected: &Digest, found: Option<&str>) -> Error {
    Error::new(ErrorKind::IntegrityMismatch, "the artifact does not have its digest")
        .with("file", path.display())
        .with("expected", expected)
        .with("found", found.unwrap_or("unknown"))
}

fn entries(directory: &Path) -> Result<Vec<PathBuf>> {
    fs::read_dir(directory)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(|error| failed("reading the directory failed", directory, error))
}

/// Removes a file and returns its size, `None` where there is none.
fn remove_file(path: &Path) -> Result<Option<u64>> {
    let removed = fs::metadata(path).and_then(|file| fs::remove_file(path).map(|()| file.len()));
    match removed {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("removing the file failed", path, error)),
    }
}
