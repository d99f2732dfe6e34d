//! Writing a file that nobody sees until it is whole.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::Digest;
use super::durable::{self, failed};
use crate::error::{Error, ErrorKind, Result};

/// Bytes that are hashed and written at a time.
const CHUNK: usize = 256 * 1024;

/// A file that is gone again unless it was renamed.
pub(super) struct Temporary {
    path: PathBuf,
    file: File,
    renamed: bool,
}

impl Temporary {
    /// A new file beside `path`.
    pub(super) fn new(path: &Path) -> Result<Self> {
        let (path, file) = durable::create_beside(path)?;
        Ok(Temporary { path, file, renamed: false })
    }

    /// Gives the file its name. It must be synced by then.
    pub(super) fn rename(&mut self, to: &Path) -> io::Result<()> {
        fs::rename(&self.path, to)?;
        self.renamed = true;
        Ok(())
    }

    /// Writes and syncs at most `limit` bytes, and returns the digest of what was written.
    pub(super) fn fill(&self, source: &mut dyn Read, limit: u64) -> Result<Digest> {
        let mut both = Both { file: &self.file, hasher: blake3::Hasher::new() };
        let written = copy(&mut source.take(limit.saturating_add(1)), &mut both)
            .and_then(|written| self.file.sync_all().map(|()| written))
            .map_err(|error| failed("writing the artifact failed", &self.path, error))?;
        match written > limit {
            true => Err(Error::new(ErrorKind::TooLarge, "the artifact is too large").with("limit", limit)),
            false => Ok(both.hasher.finalize().into()),
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.renamed {
            // A sweep takes what cannot be removed now.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes to a file and hashes what was written.
struct Both<'a> {
    file: &'a File,
    hasher: blake3::Hasher,
}

impl Write for Both<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Like [`io::copy`], in chunks that suit the hash.
pub(super) fn copy(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<u64> {
    let mut chunk = vec![0; CHUNK];
    let mut copied = 0;
    loop {
        match from.read(&mut chunk) {
            Ok(0) => return Ok(copied),
            Ok(read) => {
                to.write_all(&chunk[..read])?;
                copied += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
