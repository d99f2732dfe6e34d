//! Data sets on disk: arrays by name, whose first axis counts the rows.
//!
//! A path is an `.npz` file of NumPy (`numpy.savez`), a directory of `.npy` files, or a JSON file of probes, whose inputs
//! and outputs are put one after another.

mod npy;
mod npz;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::artifact::Digest;
use crate::error::{Error, ErrorKind, Result};
use crate::model::probe::{MAX_PROBE_FILE_BYTES, ProbeSet};
use crate::paths::check_path;
use crate::progress::{ProgressStage, Sink};
use crate::tensor::Tensor;

use super::rows::concatenate;

pub use npy::parse as parse_npy;
pub use npz::parse as parse_npz;

/// Bytes of a data set at most.
pub const MAX_DATA_BYTES: u64 = 1 << 30;
/// Arrays of a data set at most.
pub const MAX_ARRAYS: usize = 256;

/// Arrays by name, and what identifies them.
#[derive(Debug, Clone, PartialEq)]
pub struct DataSet {
    /// The arrays; each has at least one axis.
    pub arrays: BTreeMap<String, Tensor>,
    /// BLAKE3 of the file; of a directory that of the names and digests of its files.
    pub digest: Digest,
}

impl DataSet {
    /// Reads a data set.
    ///
    /// # Errors
    /// `not_found`, `invalid_argument` for a file that is none, `unsupported` for what NumPy writes and this does not
    /// read, `too_large` beyond [`MAX_DATA_BYTES`].
    pub fn read(path: &str, progress: &Sink) -> Result<Self> {
        let named = |e: Error| e.with("path", path);
        check_path("data", path.as_ref())?;
        let found = Path::new(path);
        let about = found.metadata().map_err(|e| missing(path, e))?;
        if about.is_dir() {
            return directory(found, progress).map_err(named);
        }
        if !about.is_file() {
            return Err(Error::invalid("data", path, "a regular file or a directory"));
        }
        let bytes = read_file(found, MAX_DATA_BYTES, progress)?;
        let arrays = match found.extension().and_then(|e| e.to_str()) {
            Some("npz") => npz::parse(&bytes),
            Some("json") => probes(&bytes),
            _ => {
                Err(Error::invalid("data", path, "an .npz file, a .json file of probes, or a directory of .npy files"))
            }
        };
        DataSet { arrays: arrays.map_err(named)?, digest: Digest::of(&bytes) }.checked().map_err(named)
    }

    fn checked(self) -> Result<Self> {
        if let Some((name, _)) = self.arrays.iter().find(|(_, tensor)| tensor.shape().is_empty()) {
            return Err(Error::invalid("data", name, "arrays whose first axis counts the rows"));
        }
        if self.arrays.is_empty() {
            return Err(Error::invalid("data", "no array", "at least one array"));
        }
        Ok(self)
    }

    /// The names, for people.
    pub fn names(&self) -> String {
        self.arrays.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

fn missing(path: &str, error: std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::NotFound => Error::not_found("file", path).with("field", "data").source(error),
        _ => Error::from(error).with("field", "data").with("file", path),
    }
}

fn too_large(found: impl std::fmt::Display, most: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::TooLarge, "the data set is too large")
        .with("field", "data")
        .with("value", found)
        .with("allowed", format!("at most {most}"))
}

fn read_file(path: &Path, most: u64, progress: &Sink) -> Result<Vec<u8>> {
    let shown = path.display().to_string();
    let file = File::open(path).map_err(|e| missing(&shown, e))?;
    let length = file.metadata().map_err(|e| missing(&shown, e))?.len();
    if length > most {
        return Err(too_large(format!("{length} bytes"), format!("{MAX_DATA_BYTES} bytes")));
    }
    let mut stage = progress.stage(ProgressStage::Read, Some(length));
    let mut bytes = Vec::new();
    // A file that grows meanwhile is cut where it ended.
    stage.count(file.take(length)).read_to_end(&mut bytes).map_err(|e| missing(&shown, e))?;
    stage.finish();
    Ok(bytes)
}

fn directory(path: &Path, progress: &Sink) -> Result<DataSet> {
    let shown = path.display().to_string();
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in path.read_dir().map_err(|e| missing(&shown, e))? {
        let file = entry.map_err(|e| missing(&shown, e))?.path();
        if file.extension().is_some_and(|e| e == "npy") {
            files.push(file);
        }
        if files.len() > MAX_ARRAYS {
            return Err(too_large(format!("more than {MAX_ARRAYS} arrays"), format!("{MAX_ARRAYS} arrays")));
        }
    }
    files.sort_unstable();
    let (mut arrays, mut hasher, mut left) = (BTreeMap::new(), blake3::Hasher::new(), MAX_DATA_BYTES);
    for file in files {
        let name = file
            .file_stem()
            .and_then(|stem| stem.to_str())
            .ok_or_else(|| Error::invalid("data", file.display(), "names of files in UTF-8"))?;
        if !file.metadata().map_err(|e| missing(&file.display().to_string(), e))?.is_file() {
            return Err(Error::invalid("data", file.display(), "regular files"));
        }
        let bytes = read_file(&file, left, progress)?;
        left -= bytes.len() as u64;
        hasher.update(&(name.len() as u64).to_le_bytes()).update(name.as_bytes());
        hasher.update(blake3::hash(&bytes).as_bytes());
        arrays.insert(name.to_owned(), npy::parse(&bytes).map_err(|e| e.with("array", name))?);
    }
    DataSet { arrays, digest: hasher.finalize().into() }.checked()
}

/// Inputs and outputs of probes, each put together along the first axis.
fn probes(bytes: &[u8]) -> Result<BTreeMap<String, Tensor>> {
    if bytes.len() > MAX_PROBE_FILE_BYTES {
        return Err(too_large(format!("{} bytes", bytes.len()), format!("{MAX_PROBE_FILE_BYTES} bytes of JSON")));
    }
    let set = ProbeSet::from_json(bytes)?;
    let mut parts: BTreeMap<&String, Vec<Tensor>> = BTreeMap::new();
    for (i, probe) in set.probes.iter().enumerate() {
        for (name, data) in &probe.inputs {
            if probe.outputs.contains_key(name) {
                return Err(Error::invalid("data", name, "other names for outputs than for inputs").with("probe", i));
            }
            parts.entry(name).or_default().push(data.to_tensor()?);
        }
        for (name, data) in &probe.outputs {
            parts.entry(name).or_default().push(data.to_tensor()?);
        }
    }
    parts
        .into_iter()
        .map(|(name, parts)| Ok((name.clone(), concatenate(&parts).map_err(|e| e.with("array", name))?)))
        .collect()
}
