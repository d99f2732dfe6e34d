//! What was measured once on this kind of machine, kept in a file beside the store, so that it is not measured again.
//!
//! The file is a help, not a truth: it can be deleted at any time, and what follows from it is checked again wherever it
//! matters.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Entries kept at most; the oldest go first.
const MOST: usize = 512;

/// A half-written file that is older than this was left by a process that died.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);

/// Larger files are not read.
const MOST_BYTES: u64 = 16 << 20;

/// Measurements of a directory by key, or of nothing where there is no file to keep them in.
#[derive(Default)]
pub(crate) struct Remembered {
    file: Option<PathBuf>,
    writable: bool,
    /// One writer at a time within the process; among processes the last one wins.
    writing: Mutex<()>,
}

#[derive(Serialize, Deserialize)]
struct Kept<T> {
    entries: BTreeMap<String, Entry<T>>,
    /// Counts writes, so that the oldest entry is known without a clock.
    turn: u64,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Kept { entries: BTreeMap::new(), turn: 0 }
    }
}

#[derive(Serialize, Deserialize)]
struct Entry<T> {
    turn: u64,
    value: T,
}

impl Remembered {
    pub(crate) fn in_file(file: PathBuf, writable: bool) -> Self {
        Remembered { file: Some(file), writable, writing: Mutex::default() }
    }

    fn read<T: DeserializeOwned>(&self) -> Kept<T> {
        let Some(file) = &self.file else { return Kept::default() };
        let small = std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.len() <= MOST_BYTES);
        let text = small.then(|| std::fs::read(file).ok()).flatten();
        // A damaged file means that everything is measured anew.
        text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    /// What was measured under the same key before.
    pub(crate) fn find<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        self.read().entries.remove(key).map(|entry| entry.value)
    }

    pub(crate) fn keep<T: Serialize + DeserializeOwned>(&self, key: String, value: T) {
        let Some(file) = self.file.as_ref().filter(|_| self.writable) else { return };
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept = self.read();
        kept.turn += 1;
        kept.entries.insert(key, Entry { turn: kept.turn, value });
        while kept.entries.len() > MOST {
            let oldest = kept.entries.iter().min_by_key(|(_, entry)| entry.turn).map(|(key, _)| key.clone());
            oldest.and_then(|key| kept.entries.remove(&key));
        }
        if let Err(error) = replace(file, &kept) {
            tracing::debug!(file = %file.display(), %error, "what was measured is not kept");
        }
    }
}

/// A key for everything that a measurement depends on.
pub(crate) fn key(of: &str) -> String {
    blake3::hash(of.as_bytes()).to_hex()[..32].to_owned()
}

/// Writes beside the file, and puts it in its place at once. Only one process does so at a time: what another one
/// measured is measured again.
fn replace<T: Serialize>(file: &Path, kept: &Kept<T>) -> std::io::Result<()> {
    let part = file.with_extension("part");
    if let Ok(left) = std::fs::metadata(&part).and_then(|meta| meta.modified())
        && left.elapsed().is_ok_and(|age| age > ABANDONED_AFTER)
    {
        std::fs::remove_file(&part)?;
    }
    let mut out = OpenOptions::new().write(true).create_new(true).open(&part)?;
    let written = serde_json::to_vec(kept).map_err(std::io::Error::other).and_then(|bytes| out.write_all(&bytes));
    written.and_then(|()| std::fs::rename(&part, file)).inspect_err(|_| drop(std::fs::remove_file(&part)))
}
