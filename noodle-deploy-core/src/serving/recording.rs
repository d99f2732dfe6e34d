//! Real requests with their answers, kept in the directory, so that a new revision can be tried on them. Callers wait for none
//! of it: the thread that runs what nobody waits for writes the files.
//!
//! Each request is one file, `recordings/<deployment>/<time>-<process>-<number>.rec`. As long as there is room all are taken;
//! from then on one every so often replaces the oldest, so that what is kept is spread over the time for which it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use smallvec::SmallVec;

use super::predict::Prediction;
use super::recorded::{Recorded, encode, expires_at};
use super::shadow::{Job, Shadow};
use crate::artifact::durable;
use crate::clock::{Clock, Millis};
use crate::error::Result;
use crate::metrics::spent::Spent;
use crate::ops::rollout::RecordingView;
use crate::remembered::key;
use crate::settings::RecordingConfig;
use crate::tensor::{Data, Tensor, TensorView, bytes_of};

/// Where they lie, within the directory.
const DIRECTORY: &str = "recordings";
/// Of each file.
const SUFFIX: &str = ".rec";
/// Bytes of one request with its answer at most; larger ones are not recorded.
const LARGEST: u64 = 16 << 20;
/// Requests of a deployment that wait for being written; what comes beyond is skipped.
const WAITING: u32 = 8;
/// Files that are written between two looks at what is there, which others may write to as well.
const LOOK_EVERY: u32 = 16;
/// A half-written file that is older than this was left by a process that died.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);

/// What is recorded of all deployments of a handle.
pub(crate) struct Recordings {
    dir: PathBuf,
    /// None where nothing is recorded here.
    config: Option<RecordingConfig>,
    clock: Arc<dyn Clock>,
    shadow: Arc<Shadow>,
    tapes: Mutex<BTreeMap<String, Arc<Tape>>>,
}

/// A recorded request on the disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// When it was answered.
    pub(crate) at: Millis,
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
}

impl Recordings {
    /// Of a directory. What is there is removed where the settings say so.
    pub(crate) fn new(
        dir: &Path,
        config: Option<RecordingConfig>,
        read_only: bool,
        clock: Arc<dyn Clock>,
        shadow: Arc<Shadow>,
    ) -> Self {
        let dir = dir.join(DIRECTORY);
        let config = config.filter(|_| !read_only);
        if config.is_some_and(|config| config.requests == 0) {
            remove(&dir);
        }
        let config = config.filter(|config| config.requests > 0);
        Recordings { dir, config, clock, shadow, tapes: Mutex::default() }
    }

    fn dir_of(&self, deployment: &str) -> PathBuf {
        // Names that differ by case alone are one on some systems, and a few are none.
        self.dir.join(key(deployment))
    }

    /// Where the requests of a deployment are recorded; none where they are not.
    pub(crate) fn tape(&self, deployment: &str) -> Option<Arc<Tape>> {
        let config = self.config?;
        if let Err(error) = self.shadow.start() {
            tracing::warn!(deployment, %error, "requests are not recorded");
            return None;
        }
        let mut tapes = self.tapes.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            Arc::new(Tape {
                dir: self.dir_of(deployment),
                config,
                clock: self.clock.clone(),
                shadow: self.shadow.clone(),
                next: AtomicU64::new(0),
                full: AtomicU32::new(0),
                waiting: AtomicU32::new(0),
                written: AtomicU32::new(0),
                held: Mutex::default(),
                skipped: AtomicU64::new(0),
            })
        };
        Some(tapes.entry(deployment.to_owned()).or_insert_with(new).clone())
    }

    /// What is recorded of a deployment, the newest first.
    pub(crate) fn of(&self, deployment: &str) -> Vec<Entry> {
        list(&self.dir_of(deployment))
    }

    /// The same in figures; none where there is nothing.
    pub(crate) fn view(&self, deployment: &str) -> Option<RecordingView> {
        let entries = self.of(deployment);
        let skipped = {
            let tapes = self.tapes.lock().unwrap_or_else(PoisonError::into_inner);
            tapes.get(deployment).map_or(0, |tape| tape.skipped.load(Ordering::Relaxed))
        };
        let bytes = entries.iter().map(|entry| entry.bytes).sum();
        let since = entries.last().map(|entry| entry.at);
        let view = RecordingView { requests: entries.len() as u64, bytes, since, skipped };
        Some(view).filter(|view| view.requests > 0 || view.skipped > 0)
    }

    /// Removes what is recorded of deployments that are no more, and of the others what is too old: requests may come no
    /// more, and what they would replace with them. Only the holder of the lease does this.
    pub(crate) fn sweep<'a>(&self, deployments: impl Iterator<Item = &'a str>) {
        let Ok(found) = std::fs::read_dir(&self.dir) else { return };
        let stays: Vec<String> = deployments.map(key).collect();
        for entry in found.flatten() {
            if !entry.file_name().to_str().is_some_and(|name| stays.iter().any(|stays| stays == name)) {
                remove(&entry.path());
            } else {
                expire(&entry.path(), self.clock.now());
            }
        }
    }

    /// Removes what is recorded of a deployment.
    pub(crate) fn forget(&self, deployment: &str) {
        let tape = self.tapes.lock().unwrap_or_else(PoisonError::into_inner).remove(deployment);
        let mut held = tape.as_ref().map(|tape| tape.held());
        if let Some(held) = &mut held {
            held.gone = true;
        }
        remove(&self.dir_of(deployment));
    }
}

fn remove(dir: &Path) {
    match std::fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(directory = %dir.display(), %error, "recorded requests were not removed");
        }
        _ => {}
    }
}

/// Removes what is too old by what each file says of itself, whatever the settings are now.
fn expire(dir: &Path, now: Millis) {
    let Ok(found) = std::fs::read_dir(dir) else { return };
    let mut names: Vec<_> = found.flatten().map(|entry| entry.file_name()).collect();
    names.retain(|name| name.to_str().and_then(time_of).is_some());
    // The oldest first.
    names.sort_unstable();
    for path in names.iter().map(|name| dir.join(name)) {
        if expires_at(&path).is_some_and(|at| now < at) {
            return;
        }
        drop(std::fs::remove_file(&path));
    }
}

/// Time that a file's name says.
fn time_of(name: &str) -> Option<Millis> {
    name.strip_suffix(SUFFIX)?.split('-').next()?.parse().ok()
}

/// The files of a directory, the newest first. One that is missing has none.
fn list(dir: &Path) -> Vec<Entry> {
    let Ok(found) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut entries: Vec<Entry> = found
        .flatten()
        .filter_map(|entry| {
            let at = time_of(entry.file_name().to_str()?)?;
            let about = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
            Some(Entry { at, path: entry.path(), bytes: about.len() })
        })
        .collect();
    entries.sort_unstable_by(|a, b| b.cmp(a));
    entries
}

/// Where the requests of one deployment are recorded.
pub(crate) struct Tape {
    dir: PathBuf,
    config: RecordingConfig,
    clock: Arc<dyn Clock>,
    shadow: Arc<Shadow>,
    /// When the next request is taken.
    next: AtomicU64,
    /// 1: there is no room, so that each replaces another.
    full: AtomicU32,
    waiting: AtomicU32,
    written: AtomicU32,
    held: Mutex<Held>,
    /// Requests that were to be recorded, and were too large or came too fast.
    skipped: AtomicU64,
}

/// What is there, as far as this process knows. Locked while something is written or removed.
#[derive(Default)]
struct Held {
    /// Files and their bytes; none before somebody has looked.
    known: Option<(u32, u64)>,
    /// The deployment is no more: what still waits is not written.
    gone: bool,
}

impl Tape {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a request is to be recorded.
    pub(crate) fn takes(&self, inputs: &[TensorView<'_>]) -> bool {
        let now = self.clock.now();
        let next = self.next.load(Ordering::Relaxed);
        let pause = if self.full.load(Ordering::Relaxed) == 0 { 0 } else { self.pause() };
        // A clock that was set back keeps nobody waiting for it.
        if now < next && next - now <= pause {
            return false;
        }
        if self.waiting.load(Ordering::Relaxed) >= WAITING || bytes_of_views(inputs) > self.largest() {
            self.skip();
            return false;
        }
        pause == 0 || self.next.compare_exchange(next, now + pause, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Milliseconds between two requests that are taken once there is no room.
    fn pause(&self) -> Millis {
        self.config.ms / u64::from(self.config.requests)
    }

    fn largest(&self) -> u64 {
        LARGEST.min(self.config.bytes)
    }

    fn skip(&self) {
        self.skipped.fetch_add(1, Ordering::Relaxed);
    }

    /// Hands a request over with its answer.
    pub(crate) fn hand_over(self: &Arc<Self>, inputs: SmallVec<[Tensor; 4]>, answer: &Prediction, spent: &Spent) {
        let bytes = bytes_of(&inputs).saturating_add(bytes_of(&answer.outputs));
        if bytes > self.largest() {
            return self.skip();
        }
        let request = Recorded {
            model: answer.served.model.clone(),
            version: answer.served.version.clone(),
            inputs: answer.served.signature.inputs.iter().map(|spec| spec.name.clone()).zip(inputs).collect(),
            outputs: answer.outputs.clone(),
            at: self.clock.now(),
            compute_ns: spent.compute_ns,
        };
        self.waiting.fetch_add(1, Ordering::Relaxed);
        // Dropped with the job, whether or not that was taken.
        let waits = Waits(self.clone());
        if !self.shadow.give(Box::new(Write { waits, request, bytes })) {
            self.skip();
        }
    }

    fn write(&self, request: &Recorded) -> Result<()> {
        let bytes = encode(request, request.at.saturating_add(self.config.ms))?;
        let mut held = self.held();
        if held.gone {
            return Ok(());
        }
        durable::create_directory(&self.dir)?;
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let path = self.dir.join(format!("{:020}-{}-{number}{SUFFIX}", request.at, std::process::id()));
        // Not synced: what a power cut takes was a sample, and what it damages is found.
        let (part, mut file) = durable::create_beside(&path)?;
        let written = std::io::Write::write_all(&mut file, &bytes).and_then(|()| std::fs::rename(&part, &path));
        if let Err(error) = written {
            drop(std::fs::remove_file(&part));
            return Err(durable::failed("writing a recorded request failed", &path, error));
        }
        held.known = held.known.map(|(files, sum)| (files + 1, sum.saturating_add(bytes.len() as u64)));
        let room = held.known.is_some_and(|(files, sum)| files <= self.config.requests && sum <= self.config.bytes);
        if !room || number.is_multiple_of(LOOK_EVERY) {
            held.known = Some(self.trim());
        }
        Ok(())
    }

    /// Removes the oldest, as far as there is more than there may be, and what is too old. Returns what is left.
    fn trim(&self) -> (u32, u64) {
        let before = self.clock.now().saturating_sub(self.config.ms);
        let entries = list(&self.dir);
        let (mut bytes, mut kept) = (0_u64, 0_u32);
        for entry in &entries {
            let with = bytes.saturating_add(entry.bytes);
            if kept < self.config.requests && with <= self.config.bytes && entry.at >= before {
                (kept, bytes) = (kept + 1, with);
            } else if let Err(error) = std::fs::remove_file(&entry.path) {
                tracing::debug!(file = %entry.path.display(), %error, "a recorded request was not removed");
            }
        }
        self.full
            .store(u32::from(kept >= self.config.requests || bytes > self.config.bytes / 8 * 7), Ordering::Relaxed);
        let Ok(found) = std::fs::read_dir(&self.dir) else { return (kept, bytes) };
        for part in found.flatten().filter(|entry| entry.path().extension().is_some_and(|end| end == "tmp")) {
            let age = part.metadata().and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
            if age.is_some_and(|age| age > ABANDONED_AFTER) {
                drop(std::fs::remove_file(part.path()));
            }
        }
        (kept, bytes)
    }
}

fn bytes_of_views(views: &[TensorView<'_>]) -> u64 {
    let of = |view: &TensorView<'_>| match view.data() {
        Data::Bytes(bytes) => bytes.len(),
        Data::Strings(strings) => strings.iter().map(|text| text.len() + size_of::<String>()).sum(),
    };
    views.iter().map(|view| of(view) as u64).sum()
}

/// Counts one that waits.
struct Waits(Arc<Tape>);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A request that is to be written.
struct Write {
    waits: Waits,
    request: Recorded,
    bytes: u64,
}

impl Job for Write {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn run(self: Box<Self>) {
        if let Err(error) = self.waits.0.write(&self.request) {
            tracing::warn!(%error, "a request was not recorded");
        }
    }
}
