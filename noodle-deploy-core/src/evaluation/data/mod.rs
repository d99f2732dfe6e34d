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

/// Arrays by name.
pub type Arrays = BTreeMap<String, Tensor>;

/// Arrays by name, and what identifies them.
#[derive(Debug, Clone, PartialEq)]
pub struct DataSet {
    /// One set of arrays after another, of the same names; each array has at least one axis. Only probes of different
    /// lengths have more than one.
    pub parts: Vec<Arrays>,
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
            Some("npz") => npz::parse(&bytes).map(|arrays| vec![arrays]),
            Some("json") => probes(&bytes),
            _ => {
                Err(Error::invalid("data", path, "an .npz file, a .json file of probes, or a directory of .npy files"))
            }
        };
        DataSet { parts: arrays.map_err(named)?, digest: Digest::of(&bytes) }.checked().map_err(named)
    }

    fn checked(self) -> Result<Self> {
        for arrays in &self.parts {
            if let Some((name, _)) = arrays.iter().find(|(_, tensor)| tensor.shape().is_empty()) {
                return Err(Error::invalid("data", name, "arrays whose first axis counts the rows"));
            }
        }
        match self.parts.first() {
            Some(arrays) if !arrays.is_empty() => Ok(self),
            _ => Err(Error::invalid("data", "no array", "at least one array")),
        }
    }

    /// Whether every part has an array of this name.
    pub fn has(&self, name: &str) -> bool {
        self.parts.iter().all(|arrays| arrays.contains_key(name))
    }

    /// The names, for people.
    pub fn names(&self) -> String {
        let names = self.parts.first().map(|arrays| arrays.keys().map(String::as_str).collect::<Vec<_>>());
        names.unwrap_or_default().join(", ")
    }

    /// All rows of an array.
    ///
    /// # Errors
    /// `invalid_argument` where a part lacks it, or the parts do not fit together.
    pub fn whole(&self, name: &str) -> Result<Tensor> {
        let parts = self.parts.iter().map(|arrays| arrays.get(name).cloned());
        let parts = parts.collect::<Option<Vec<_>>>().ok_or_else(|| Error::invalid("data", name, self.names()))?;
        match &parts[..] {
            [one] => Ok(one.clone()),
            _ => concatenate(&parts).map_err(|e| e.with("array", name)),
        }
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
    DataSet { parts: vec![arrays], digest: hasher.finalize().into() }.checked()
}

/// Probes, each with its inputs and outputs; neighbours with rows of the same shapes become one part.
fn probes(bytes: &[u8]) -> Result<Vec<Arrays>> {
    if bytes.len() > MAX_PROBE_FILE_BYTES {
        return Err(too_large(format!("{} bytes", bytes.len()), format!("{MAX_PROBE_FILE_BYTES} bytes of JSON")));
    }
    let set = ProbeSet::from_json(bytes)?;
    let mut groups: Vec<Vec<Arrays>> = Vec::new();
    for (i, probe) in set.probes.iter().enumerate() {
        let mut arrays = Arrays::new();
        for (name, data) in probe.inputs.iter().chain(&probe.outputs) {
            if arrays.insert(name.clone(), data.to_tensor()?).is_some() {
                return Err(Error::invalid("data", name, "other names for outputs than for inputs").with("probe", i));
            }
        }
        match groups.last_mut().filter(|group| alike(&group[0], &arrays)) {
            Some(group) => group.push(arrays),
            None => groups.push(vec![arrays]),
        }
    }
    groups.iter().map(|group| joined(group)).collect()
}

/// Whether two parts can be one.
fn alike(a: &Arrays, b: &Arrays) -> bool {
    let row = |tensor: &Tensor| tensor.shape().get(1..).map(<[usize]>::to_vec);
    a.len() == b.len()
        && a.iter().zip(b).all(|((name, x), (other, y))| {
            name == other && x.dtype() == y.dtype() && row(x).is_some() && row(x) == row(y)
        })
}

fn joined(group: &[Arrays]) -> Result<Arrays> {
    let names = group[0].keys();
    names
        .map(|name| {
            let parts: Vec<Tensor> = group.iter().filter_map(|arrays| arrays.get(name).cloned()).collect();
            // A lone scalar is refused by name later.
            let whole = if parts.len() == 1 { Ok(parts[0].clone()) } else { concatenate(&parts) };
            Ok((name.clone(), whole.map_err(|e| e.with("array", name))?))
        })
        .collect()
}
