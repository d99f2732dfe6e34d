//! Measures ways to run a version before it is deployed. What follows from the figures is decided in
//! [`crate::machine::tuning`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Local;
use super::aside::{Aside, run};
use crate::backends::machine::{hardware_threads, machine};
use crate::backends::{ReplicaSet, Trial};
use crate::clock::instant;
use crate::error::{Error, ErrorKind, Result};
use crate::evaluation::rows::RowAxis;
use crate::machine::tuning::{Aim, Bounds, Case, Tuning, TuningCase, choose, goes_on, layouts, rows};
use crate::noodle::Noodle;
use crate::ops::deployments::DeployInput;
use crate::progress::{ProgressStage, Sink};
use crate::remembered;
use crate::serving::batch::BatchConfig;

/// Turns of each case at most.
const TURNS: usize = 5;
/// A turn ends after so long, or one run that takes longer.
const TURN: Duration = Duration::from_millis(10);
/// Timing stops after so long, once every case had a turn.
const TIMING: Duration = Duration::from_millis(400);
/// Larger batches are not tried once a run takes so long.
const LONGEST: Duration = Duration::from_millis(250);

/// What a deploy leaves open, and what it is of.
pub(super) struct Wanted<'a> {
    pub(super) input: &'a DeployInput,
    pub(super) model: &'a str,
    pub(super) version: &'a str,
    pub(super) target: &'a str,
    pub(super) aim: Aim,
    /// Replicas that are given, or that a rule decides.
    pub(super) replicas: Option<u32>,
    /// What a request takes for rows.
    pub(super) axis: RowAxis,
}

/// A case that is measured.
struct Measured {
    case: Case,
    replicas: Arc<dyn ReplicaSet>,
    trial: Arc<Trial>,
    latencies: Vec<u64>,
    rates: Vec<f64>,
}

impl Local {
    /// The best way to run a version on this machine, as far as the deploy leaves it open.
    ///
    /// # Errors
    /// Why the version does not load or run.
    pub(super) fn tune(&self, wanted: &Wanted<'_>, progress: &Sink) -> Result<Tuning> {
        let input = wanted.input;
        let most = input.batching.as_ref().map_or_else(|| BatchConfig::default().max_batch_size, |b| b.max_batch_size);
        let least_rows = match wanted.axis {
            RowAxis::Fixed(rows) => u32::try_from(rows).unwrap_or(u32::MAX),
            RowAxis::Free | RowAxis::None(_) => 1,
        };
        let bounds = Bounds {
            aim: wanted.aim,
            cores: hardware_threads() as u32,
            threads: (input.threads != 1).then_some(input.threads),
            replicas: wanted.replicas,
            max_replicas: self.0.settings.max_replicas,
            least_rows,
            max_rows: if wanted.axis == RowAxis::Free { most } else { least_rows },
        };
        let noodle = Noodle { inner: self.0.clone() };
        let shapes = input.shapes.first().cloned().unwrap_or_default();
        let aside = Aside::read(&noodle, (wanted.model, wanted.version), Some(wanted.target), &shapes, progress)?;
        let key = remembered::key(&format!(
            "{}|{:?}|{}|{:?}|{bounds:?}|{}",
            aside.record.digest,
            input.engine,
            wanted.target,
            input.shapes,
            machine()
        ));
        if let Some(tuning) = self.0.tunings.find::<Tuning>(&key) {
            return Ok(Tuning { remembered: true, ..tuning });
        }
        let cases = measure(&aside, &bounds, input.engine.as_deref(), progress)?;
        let chosen = choose(wanted.aim, &cases)
            .ok_or_else(|| Error::new(ErrorKind::Internal, "nothing was measured").with("field", "tune"))?;
        let machine = machine().to_owned();
        let tuning = Tuning { aim: wanted.aim, machine, remembered: false, chosen: chosen as u32, cases };
        self.0.tunings.keep(key, tuning.clone());
        Ok(tuning)
    }
}

/// Every case, loaded once for each number of threads and timed in turn, so that what else the machine does meets them
/// alike.
fn measure(aside: &Aside<'_>, bounds: &Bounds, engine: Option<&str>, progress: &Sink) -> Result<Vec<TuningCase>> {
    let (layouts, rows) = (layouts(bounds), rows(bounds));
    // More than run at once say nothing more.
    let at_once = |replicas: u32| match bounds.aim {
        Aim::Throughput => replicas.min(bounds.cores.max(1)),
        Aim::Latency => 1,
    };
    let mut stage = progress.stage(ProgressStage::Load, Some(layouts.len() as u64));
    let mut loaded = Vec::new();
    let mut failed = None;
    for (threads, replicas) in layouts {
        match aside.load(engine, threads).and_then(|one| one.scale(at_once(replicas))) {
            Ok(set) => loaded.push((threads, replicas, set)),
            Err(error) => failed = failed.or(Some(error)),
        }
        stage.add(1);
    }
    stage.finish();
    let mut stage = progress.stage(ProgressStage::Benchmark, Some((loaded.len() * rows.len() * TURNS) as u64));
    let begun = instant();
    let mut measured: Vec<Measured> = Vec::new();
    for (threads, replicas, set) in loaded {
        let mut rates = Vec::new();
        for &rows in &rows {
            let first = || {
                let trial = Arc::new(aside.request(rows)?);
                // The first run compiles and touches memory for the first time.
                run(&*set, &trial.inputs)?;
                let case = Case { threads, replicas, rows };
                let replicas = set.clone();
                let mut one = Measured { case, replicas, trial, latencies: Vec::new(), rates: Vec::new() };
                one.turn(at_once(case.replicas))?;
                Ok(one)
            };
            match first() {
                Ok(one) => {
                    rates.extend(one.rates.first());
                    let longest = one.latencies.iter().max().is_some_and(|ns| *ns > LONGEST.as_nanos() as u64);
                    measured.push(one);
                    stage.add(1);
                    if longest || !goes_on(&rates) {
                        break;
                    }
                }
                Err(error) => {
                    failed = failed.or(Some(error));
                    break;
                }
            }
        }
    }
    for _ in 1..TURNS {
        if begun.elapsed() > TIMING {
            break;
        }
        for one in &mut measured {
            // A run that worked is an answer; that one fails later says nothing of its time.
            drop(one.turn(at_once(one.case.replicas)));
            stage.add(1);
        }
    }
    stage.finish();
    match (measured.is_empty(), failed) {
        (true, Some(error)) => Err(error),
        _ => Ok(measured.into_iter().map(Measured::figures).collect()),
    }
}

impl Measured {
    /// Runs on so many replicas at once for a while.
    fn turn(&mut self, at_once: u32) -> Result<()> {
        let begun = instant();
        let work = || -> Result<(Vec<u64>, Duration)> {
            let mut times = Vec::new();
            let mut now: Instant = instant();
            while times.is_empty() || now.duration_since(begun) < TURN {
                run(&*self.replicas, &self.trial.inputs)?;
                let ended = instant();
                times.push(ended.duration_since(now).as_nanos() as u64);
                now = ended;
            }
            Ok((times, now.duration_since(begun)))
        };
        let found: Vec<(Vec<u64>, Duration)> = match at_once {
            0 | 1 => vec![work()?],
            several => std::thread::scope(|scope| {
                let threads: Vec<_> = (0..several).map(|_| scope.spawn(work)).collect();
                let panicked = || Error::new(ErrorKind::Internal, "a measurement panicked");
                threads
                    .into_iter()
                    .map(|thread| thread.join().unwrap_or_else(|_| Err(panicked())))
                    .collect::<Result<_>>()
            })?,
        };
        let rows = f64::from(self.case.rows);
        let rate = found.iter().map(|(times, took)| times.len() as f64 * rows / took.as_secs_f64().max(1e-9)).sum();
        self.rates.push(rate);
        self.latencies.extend(found.into_iter().flat_map(|(times, _)| times));
        Ok(())
    }

    fn figures(mut self) -> TuningCase {
        self.latencies.sort_unstable();
        self.rates.sort_unstable_by(f64::total_cmp);
        let Case { threads, replicas, rows } = self.case;
        TuningCase {
            threads,
            replicas,
            rows,
            latency_us: self.latencies.get(self.latencies.len() / 2).map_or(0.0, |ns| *ns as f64 / 1e3),
            rows_per_second: self.rates.get(self.rates.len() / 2).copied().unwrap_or_default(),
        }
    }
}

impl Tuning {
    /// Puts the chosen case into a deploy, where that leaves it open.
    pub(super) fn apply(&self, input: &mut DeployInput, replicas: &mut u32, axis: &RowAxis) {
        let Some(best) = self.cases.get(self.chosen as usize) else { return };
        input.threads = best.threads;
        *replicas = best.replicas;
        if self.aim == Aim::Latency || *axis != RowAxis::Free {
            return;
        }
        match &mut input.batching {
            // Batches that do not pay are none, but what the host asked for stays what it is otherwise.
            Some(batching) => {
                batching.preferred_batch_sizes.retain(|size| *size <= best.rows);
                batching.max_batch_size = best.rows;
            }
            None if best.rows > 1 => {
                input.batching = Some(BatchConfig { max_batch_size: best.rows, ..BatchConfig::default() });
            }
            None => {}
        }
    }
}
