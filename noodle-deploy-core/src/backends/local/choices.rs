//! Remembers which engine serves which file on this kind of machine, so that one calibration is enough.
//!
//! The file is a help, not a truth: it can be deleted at any time, and what it says is verified again at every load.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::backends::RevisionSpec;
use crate::backends::machine::machine;
use crate::engine::choice::EngineChoice;

/// Choices kept at most; the oldest go first.
const MOST: usize = 512;

/// A half-written file that is older than this was left by a process that died.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);

/// Larger files are not read.
const MOST_BYTES: u64 = 16 << 20;

/// The choices of a directory, or of nothing where there is no file to keep them in.
#[derive(Default)]
pub(super) struct Choices {
    file: Option<PathBuf>,
    writable: bool,
    /// One writer at a time within the process; among processes the last one wins.
    writing: Mutex<()>,
}

#[derive(Default, Serialize, Deserialize)]
struct Kept {
    choices: BTreeMap<String, Entry>,
    /// Counts writes, so that the oldest entry is known without a clock.
    turn: u64,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    turn: u64,
    engine: String,
    choice: EngineChoice,
}

impl Choices {
    pub(super) fn in_file(file: PathBuf, writable: bool) -> Self {
        Choices { file: Some(file), writable, writing: Mutex::default() }
    }

    fn read(&self) -> Kept {
        let Some(file) = &self.file else { return Kept::default() };
        let small = std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.len() <= MOST_BYTES);
        let text = small.then(|| std::fs::read(file).ok()).flatten();
        // A damaged file means that models are calibrated anew.
        text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    /// The name of the engine that was chosen for the same load before.
    pub(super) fn find(&self, key: &str) -> Option<(String, EngineChoice)> {
        let entry = self.read().choices.remove(key)?;
        Some((entry.engine, EngineChoice { remembered: true, ..entry.choice }))
    }

    pub(super) fn keep(&self, key: String, engine: &str, choice: &EngineChoice) {
        let Some(file) = self.file.as_ref().filter(|_| self.writable) else { return };
        let _one = self.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut kept = self.read();
        kept.turn += 1;
        let entry = Entry { turn: kept.turn, engine: engine.to_owned(), choice: choice.clone() };
        kept.choices.insert(key, entry);
        while kept.choices.len() > MOST {
            let oldest = kept.choices.iter().min_by_key(|(_, entry)| entry.turn).map(|(key, _)| key.clone());
            oldest.and_then(|key| kept.choices.remove(&key));
        }
        if let Err(error) = replace(file, &kept) {
            tracing::debug!(file = %file.display(), %error, "the choice of the engine is not kept");
        }
    }
}

/// Writes beside the file, and puts it in its place at once. Only one process does so at a time: another one's choice is
/// made again at its next load.
fn replace(file: &Path, kept: &Kept) -> std::io::Result<()> {
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

/// What a choice is for: the file, how it runs, the engines that stood for choice, and the kind of machine.
pub(super) fn key(spec: &RevisionSpec, engines: &[String]) -> String {
    let text = format!("{}|{}|{:?}|{}|{}", spec.digest, spec.threads, spec.shapes, engines.join(","), machine());
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}
