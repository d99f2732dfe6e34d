//! Reports of how far a long operation is.
//!
//! The caller gives a function ([`Noodle::with_progress`](crate::Noodle::with_progress)), the [`Sink`] in the call's
//! context takes it down to whatever works, and each [`Stage`] of the work reports there. Without a function nothing is
//! counted, allocated or timed.

use std::fmt;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::{Clock, Millis};

/// Between the first and the last report of a stage, so many milliseconds pass from the end of one to the next.
pub const EVERY_MS: Millis = 50;
/// Bytes that are read between two looks at whether a report is due.
const CHUNK: usize = 256 * 1024;

/// How far a stage of an operation is.
///
/// Within a stage `done` never falls. `total` is known from the first report on or never, and grows where there turns
/// out to be more. A stage that succeeds ends with `done` at `total`; one that is not needed has no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Progress {
    /// What is being done.
    pub stage: ProgressStage,
    /// How much of it is done.
    pub done: u64,
    /// How much there is to do; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// What `done` and `total` count.
    pub unit: ProgressUnit,
}

/// Stages of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgressStage {
    /// Reads a model file, in bytes: the one that is registered, or the kept one that is deployed.
    Read,
    /// Hashes the model file, in bytes.
    Hash,
    /// Writes the model file to the directory, in bytes; absent where the directory has it.
    Store,
    /// Loads the model, in replicas that are ready.
    Load,
    /// Runs the loaded model and compares its answers, in probes.
    Verify,
    /// Loads what the deployment keeps beside the revision that serves, in revisions.
    KeepWarm,
    /// Waits for requests on what was stopped, in requests that have ended.
    Drain,
    /// Copies the database, in pages.
    CopyDatabase,
    /// Checks the log and folds the state again, in events.
    CheckLog,
    /// Copies artifacts and checks them on the way, in bytes.
    CopyArtifacts,
    /// Reads artifacts and checks their digests, in bytes.
    CheckArtifacts,
    /// Looks for artifacts to remove, in artifacts that were looked at.
    Collect,
    /// Measures cases in turn, in rounds of a case.
    Benchmark,
    /// Runs a model node by node, in runs.
    Profile,
    /// Runs a data set, in its rows.
    Evaluate,
}

/// What the figures of a report count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgressUnit {
    /// Bytes.
    Bytes,
    /// Running copies of a model.
    Replicas,
    /// Known inputs with their answers.
    Probes,
    /// Revisions of a deployment.
    Revisions,
    /// Requests to a deployment.
    Requests,
    /// Pages of the database.
    Pages,
    /// Events of the log.
    Events,
    /// Artifacts.
    Artifacts,
    /// Rounds of a measurement.
    Rounds,
    /// Runs of a model.
    Runs,
    /// Rows of a data set.
    Rows,
}

impl ProgressStage {
    /// What this stage counts.
    pub fn unit(self) -> ProgressUnit {
        use ProgressStage::*;
        match self {
            Read | Hash | Store | CopyArtifacts | CheckArtifacts => ProgressUnit::Bytes,
            Load => ProgressUnit::Replicas,
            Verify => ProgressUnit::Probes,
            KeepWarm => ProgressUnit::Revisions,
            Drain => ProgressUnit::Requests,
            CopyDatabase => ProgressUnit::Pages,
            CheckLog => ProgressUnit::Events,
            Collect => ProgressUnit::Artifacts,
            Benchmark => ProgressUnit::Rounds,
            Profile => ProgressUnit::Runs,
            Evaluate => ProgressUnit::Rows,
        }
    }

    /// As on the wire.
    pub fn name(self) -> &'static str {
        use ProgressStage::*;
        match self {
            Read => "read",
            Hash => "hash",
            Store => "store",
            Load => "load",
            Verify => "verify",
            KeepWarm => "keep_warm",
            Drain => "drain",
            CopyDatabase => "copy_database",
            CheckLog => "check_log",
            CopyArtifacts => "copy_artifacts",
            CheckArtifacts => "check_artifacts",
            Collect => "collect",
            Benchmark => "benchmark",
            Profile => "profile",
            Evaluate => "evaluate",
        }
    }
}

/// Where an operation reports. Cheap to clone; the default one has no listener.
#[derive(Clone, Default)]
pub struct Sink(Option<Arc<Listener>>);

struct Listener {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

type Callback = Box<dyn FnMut(&Progress) + Send>;

#[derive(Default)]
struct State {
    /// None once the call has ended, or the function has panicked.
    callback: Option<Callback>,
    last: Option<Millis>,
}

impl Sink {
    pub(crate) fn new(clock: Arc<dyn Clock>, callback: impl FnMut(&Progress) + Send + 'static) -> Self {
        let state = State { callback: Some(Box::new(callback)), last: None };
        Sink(Some(Arc::new(Listener { clock, state: Mutex::new(state) })))
    }

    /// Begins a stage, and reports that nothing of it is done yet.
    pub fn stage(&self, stage: ProgressStage, total: Option<u64>) -> Stage {
        let now = Progress { stage, done: 0, total, unit: stage.unit() };
        let mut stage = Stage { sink: self.clone(), now, reported: None };
        stage.report(true);
        stage
    }

    /// Whether somebody listens: what costs something to find out is found out only then.
    pub fn is_heard(&self) -> bool {
        self.0.is_some()
    }

    /// No report leaves after this, whoever still has a clone.
    pub(crate) fn close(&self) {
        if let Some(listener) = &self.0 {
            listener.state.lock().unwrap_or_else(PoisonError::into_inner).callback = None;
        }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_heard() { "Sink(heard)" } else { "Sink" })
    }
}

impl Listener {
    /// True where the report left.
    fn report(&self, progress: &Progress, always: bool) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { callback: Some(callback), last } = &mut *state else { return false };
        let now = self.clock.now();
        // The wall clock may be set back; then a report is due as well.
        if !always && last.is_some_and(|last| now.abs_diff(last) < EVERY_MS) {
            return false;
        }
        let heard = catch_unwind(AssertUnwindSafe(|| callback(progress)));
        // Counted from the end: a function that takes longer than the interval is not called for every chunk.
        *last = Some(self.clock.now());
        if heard.is_err() {
            tracing::warn!("the function for progress panicked, and is not called again");
            state.callback = None;
        }
        true
    }
}

/// A stage that is under way.
#[derive(Debug)]
pub struct Stage {
    sink: Sink,
    now: Progress,
    reported: Option<Progress>,
}

impl Stage {
    /// So much more is done.
    pub fn add(&mut self, more: u64) {
        self.reach(self.now.done.saturating_add(more));
    }

    /// So much is done by now; less than before changes nothing.
    pub fn reach(&mut self, done: u64) {
        if self.sink.is_heard() && done > self.now.done {
            self.now.done = done;
            self.now.total = self.now.total.map(|total| total.max(done));
            self.report(false);
        }
    }

    /// All is done.
    pub fn finish(mut self) {
        self.now.done = self.now.total.unwrap_or(self.now.done);
        self.report(true);
    }

    /// Counts the bytes that are read from `source`.
    pub fn count<R: Read>(&mut self, source: R) -> Counted<'_, R> {
        Counted { stage: self, source }
    }

    fn report(&mut self, always: bool) {
        let Some(listener) = &self.sink.0 else { return };
        if self.reported != Some(self.now) && listener.report(&self.now, always) {
            self.reported = Some(self.now);
        }
    }
}

/// A reader whose bytes count as done.
pub struct Counted<'a, R> {
    stage: &'a mut Stage,
    source: R,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.stage.add(read as u64);
        Ok(read)
    }

    fn read_to_end(&mut self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        if !self.stage.sink.is_heard() {
            // A file knows its size, and is read faster whole.
            return self.source.read_to_end(bytes);
        }
        let before = bytes.len();
        let mut chunk = vec![0; CHUNK];
        loop {
            match self.read(&mut chunk) {
                Ok(0) => return Ok(bytes.len() - before),
                Ok(read) => bytes.extend_from_slice(&chunk[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::clock::ManualClock;

    fn heard() -> (Arc<ManualClock>, Sink, Arc<Mutex<Vec<Progress>>>) {
        let (clock, found) = (Arc::new(ManualClock::new(1_000)), Arc::new(Mutex::new(Vec::new())));
        let to = found.clone();
        (clock.clone(), Sink::new(clock, move |p| to.lock().unwrap().push(*p)), found)
    }

    fn figures(found: &Mutex<Vec<Progress>>) -> Vec<(u64, Option<u64>)> {
        std::mem::take(&mut *found.lock().unwrap()).iter().map(|p| (p.done, p.total)).collect()
    }

    #[test]
    fn reports_are_at_least_so_far_apart_but_for_the_first_and_the_last() {
        let (clock, sink, found) = heard();
        let mut stage = sink.stage(ProgressStage::Read, Some(100));
        for _ in 0..10 {
            stage.add(9);
            clock.advance(Duration::from_millis(EVERY_MS / 2));
        }
        stage.finish();
        let seen: Vec<u64> = figures(&found).iter().map(|(done, _)| *done).collect();
        assert_eq!(seen, [0, 27, 45, 63, 81, 100]);
        // A clock that is set back holds nothing up.
        let mut stage = sink.stage(ProgressStage::Read, None);
        clock.set(10);
        stage.add(1);
        assert_eq!(figures(&found), [(0, None), (1, None)]);
    }

    #[test]
    fn a_slow_function_leaves_the_work_as_much_time_as_a_quick_one() {
        let clock = Arc::new(ManualClock::new(1_000));
        let (slow, found) = (clock.clone(), Arc::new(Mutex::new(Vec::new())));
        let to = found.clone();
        let sink = Sink::new(clock.clone(), move |p| {
            slow.advance(Duration::from_millis(3 * EVERY_MS));
            to.lock().unwrap().push(*p);
        });
        let mut stage = sink.stage(ProgressStage::Read, Some(100));
        for _ in 0..10 {
            stage.add(9);
            clock.advance(Duration::from_millis(EVERY_MS / 2));
        }
        stage.finish();
        let seen: Vec<u64> = figures(&found).iter().map(|(done, _)| *done).collect();
        assert_eq!(seen, [0, 27, 45, 63, 81, 100]);
    }

    #[test]
    fn done_never_falls_and_never_passes_the_total() {
        let (clock, sink, found) = heard();
        let mut stage = sink.stage(ProgressStage::Drain, Some(3));
        for done in [2, 1, 5] {
            clock.advance(Duration::from_secs(1));
            stage.reach(done);
        }
        stage.finish();
        assert_eq!(figures(&found), [(0, Some(3)), (2, Some(3)), (5, Some(5))]);
        // Nothing to do is said once.
        sink.stage(ProgressStage::Drain, Some(0)).finish();
        assert_eq!(figures(&found), [(0, Some(0))]);
    }

    #[test]
    fn a_panic_ends_the_reports_and_nothing_else() {
        let calls = Arc::new(AtomicU32::new(0));
        let counted = calls.clone();
        let sink = Sink::new(Arc::new(ManualClock::new(0)), move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            panic!("no");
        });
        let stage = sink.stage(ProgressStage::Load, Some(1));
        stage.finish();
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn nothing_leaves_after_the_end_of_the_call() {
        let (_, sink, found) = heard();
        let mut stage = sink.clone().stage(ProgressStage::Load, Some(1));
        sink.close();
        stage.add(1);
        stage.finish();
        assert_eq!(figures(&found), [(0, Some(1))]);
    }

    #[test]
    fn nothing_is_counted_where_nobody_listens() {
        let mut stage = Sink::default().stage(ProgressStage::Read, Some(2));
        stage.add(1);
        assert_eq!((stage.now.done, stage.reported), (0, None));
        let mut bytes = Vec::new();
        stage.count(&[1u8, 2][..]).read_to_end(&mut bytes).unwrap();
        assert_eq!((bytes, stage.now.done), (vec![1, 2], 0));
    }

    #[test]
    fn names_are_those_on_the_wire() {
        let stages = [ProgressStage::Read, ProgressStage::KeepWarm, ProgressStage::CopyDatabase];
        for stage in stages {
            assert_eq!(serde_json::to_value(stage).unwrap(), stage.name());
        }
    }
}
