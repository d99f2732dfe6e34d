//! Latency against throughput, and what nodes cost.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use super::aside::{Aside, MAX_BATCH, in_range, machine_facts, run};
use crate::backends::{ReplicaSet, Trial};
use crate::clock::instant;
use crate::engine::profile::Tally;
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, Result};
use crate::evaluation::figures::{Runs, best};
use crate::machine::deployment::MAX_THREADS;
use crate::noodle::Noodle;
use crate::ops::benchmark::{
    BenchmarkCase, BenchmarkInput, BenchmarkReport, BenchmarkRow, ProfileInput, ProfileReport,
};
use crate::progress::{ProgressStage, Sink};
use crate::tensor::Tensor;

/// Stretches that a case is measured in, with the others' between them.
const ROUNDS: u32 = 5;
const MAX_ENGINES: usize = 8;
/// Numbers of threads, and of rows, at most.
const MAX_NUMBERS: usize = 16;
const SECONDS: std::ops::RangeInclusive<f64> = 0.01..=60.0;
const DEFAULT_SECONDS: f64 = 1.0;
/// All cases together.
const MAX_SECONDS: f64 = 3_600.0;
/// Runs that are profiled at most, and how long that may take.
const MAX_RUNS: u32 = 1_000;
const PROFILING: Duration = Duration::from_secs(30);
/// Nodes that a report has at most.
const MAX_NODES: usize = 4_096;

/// A case under way.
struct Case {
    row: BenchmarkRow,
    /// Loaded, with its inputs; none where it does not run.
    ready: Option<(Arc<dyn ReplicaSet>, Arc<Trial>)>,
    runs: Runs,
}

impl Case {
    fn fail(&mut self, error: &Error) {
        self.row.error = Some(error.to_string());
        self.ready = None;
    }
}

/// Checks a list: so many entries at most, none twice; the default where it is empty.
fn list<T: Clone + PartialEq + Display>(
    field: &'static str,
    given: &[T],
    most: usize,
    default: impl FnOnce() -> Vec<T>,
) -> Result<Vec<T>> {
    if given.len() > most {
        return Err(Error::invalid(field, format!("{} entries", given.len()), format!("at most {most}")));
    }
    if let Some((_, twice)) = given.iter().enumerate().find(|(at, entry)| given[..*at].contains(entry)) {
        return Err(Error::invalid(field, twice, "each entry once"));
    }
    Ok(if given.is_empty() { default() } else { given.to_vec() })
}

fn seconds(input: &BenchmarkInput, cases: usize) -> Result<f64> {
    let seconds = input.seconds_per_case.unwrap_or(DEFAULT_SECONDS);
    let (least, most) = (*SECONDS.start(), SECONDS.end().min(MAX_SECONDS / cases.max(1) as f64));
    if (least..=most).contains(&seconds) {
        return Ok(seconds);
    }
    Err(Error::invalid("seconds_per_case", seconds, format!("{least} to {most:.2} for {cases} cases")))
}

impl Noodle {
    pub(crate) fn benchmark_as(&self, input: &BenchmarkInput, progress: &Sink) -> Result<BenchmarkReport> {
        let threads = list("threads", &input.threads, MAX_NUMBERS, || vec![1])?;
        threads.iter().try_for_each(|n| in_range("threads", *n, MAX_THREADS))?;
        let batches = list("batches", &input.batches, MAX_NUMBERS, || vec![1])?;
        batches.iter().try_for_each(|n| in_range("batches", *n, MAX_BATCH))?;
        let target = input.target.as_deref().unwrap_or(&self.inner.settings.default_target);
        let backend = self.inner.backend(target)?;
        let engines = list("engines", &input.engines, MAX_ENGINES, || backend.engines())?;
        engines.iter().try_for_each(|engine| backend.check(Some(engine)))?;
        let seconds = seconds(input, engines.len() * threads.len() * batches.len())?;
        let aside = Aside::read(self, (&input.model, &input.version), Some(target), &input.shapes, progress)?;
        let mut cases = prepare(&aside, &engines, &threads, &batches, progress);
        compare(&aside, &mut cases);
        measure(&mut cases, seconds, progress);
        let known = cases.iter().find_map(|case| case.ready.as_ref()).is_some_and(|(_, trial)| right(trial));
        let rows: Vec<BenchmarkRow> = cases.into_iter().map(finished).collect();
        let (latency, throughput) = best(&rows);
        let case = |at: usize| {
            let row = &rows[at];
            BenchmarkCase { engine: row.engine.clone(), threads: row.threads, batch: row.batch }
        };
        Ok(BenchmarkReport {
            model: aside.record.model.clone(),
            version: aside.record.version.clone(),
            digest: aside.record.digest,
            machine: machine_facts(),
            inputs: aside.source().to_owned(),
            reference: if known { "probes" } else { "the first case of each batch that ran" }.to_owned(),
            best_latency: latency.map(case),
            best_throughput: throughput.map(case),
            rows,
        })
    }

    pub(crate) fn profile_as(&self, input: &ProfileInput, progress: &Sink) -> Result<ProfileReport> {
        in_range("threads", input.threads, MAX_THREADS)?;
        in_range("batch", input.batch, MAX_BATCH)?;
        in_range("runs", input.runs, MAX_RUNS)?;
        let target = input.target.as_deref().unwrap_or(&self.inner.settings.default_target);
        let backend = self.inner.backend(target)?;
        let first = || self.inner.settings.default_engine.clone().or_else(|| backend.engines().into_iter().next());
        let engine = input.engine.clone().or_else(first);
        backend.check(engine.as_deref())?;
        let aside = Aside::read(self, (&input.model, &input.version), Some(target), &input.shapes, progress)?;
        let request = aside.request(input.batch)?;
        let loading = progress.stage(ProgressStage::Load, Some(1));
        let replicas = aside.load(engine.as_deref(), input.threads)?;
        loading.finish();
        let views: Vec<_> = request.inputs.iter().map(Tensor::view).collect();
        let once = || {
            let mut outputs = Outputs::new();
            let begun = instant();
            let run = replicas.profile(&views, &mut outputs, &Cancel::NEVER)?;
            Ok((run, begun.elapsed().as_nanos() as u64))
        };
        let named = |e: Error| engine.iter().fold(e, |e, engine| e.with("engine", engine));
        // The first run compiles and touches memory for the first time.
        once().map_err(named)?;
        let mut stage = progress.stage(ProgressStage::Profile, Some(input.runs.into()));
        let (mut tally, begun) = (Tally::default(), instant());
        while tally.runs() < input.runs && (tally.runs() == 0 || begun.elapsed() < PROFILING) {
            let (run, nanos) = once().map_err(named)?;
            tally.add(run, nanos);
            stage.add(1);
        }
        stage.finish();
        let (runs, mut nodes) = (f64::from(tally.runs()), tally.nodes());
        let left_out = nodes.len().saturating_sub(MAX_NODES);
        nodes.truncate(MAX_NODES);
        let load = replicas.status().load;
        Ok(ProfileReport {
            model: aside.record.model.clone(),
            version: aside.record.version.clone(),
            digest: aside.record.digest,
            engine: load.engine,
            machine: machine_facts(),
            inputs: aside.source().to_owned(),
            runs: tally.runs(),
            run_us: tally.total_us() / runs,
            attributed_us: tally.attributed_us() / runs,
            unattributed_us: (tally.total_us() - tally.attributed_us()) / runs,
            peak_intermediate_bytes: tally.peak_bytes(),
            memory_bytes: load.memory_bytes,
            nodes,
            left_out: left_out as u32,
        })
    }
}

/// Loads every engine with every number of threads, and makes the inputs of every batch.
fn prepare(aside: &Aside<'_>, engines: &[String], threads: &[u32], batches: &[u32], progress: &Sink) -> Vec<Case> {
    let mut stage = progress.stage(ProgressStage::Load, Some((engines.len() * threads.len()) as u64));
    let requests: Vec<_> = batches.iter().map(|batch| aside.request(*batch).map(Arc::new)).collect();
    let mut cases = Vec::new();
    for engine in engines {
        for &threads in threads {
            let loaded = aside.load(Some(engine), threads);
            for (&batch, request) in batches.iter().zip(&requests) {
                let (engine, memory_bytes) = (engine.clone(), 0);
                let row = BenchmarkRow {
                    engine,
                    threads,
                    batch,
                    figures: None,
                    agrees: None,
                    max_abs: None,
                    memory_bytes,
                    error: None,
                };
                let mut case = Case { row, ready: None, runs: Runs::default() };
                match (&loaded, request) {
                    (Ok(replicas), Ok(request)) => case.ready = Some((replicas.clone(), request.clone())),
                    (Err(error), _) | (_, Err(error)) => case.fail(error),
                }
                cases.push(case);
            }
            stage.add(1);
        }
    }
    stage.finish();
    cases
}

/// Whether the right answers are known beforehand.
fn right(trial: &Trial) -> bool {
    trial.expected.iter().any(Option::is_some)
}

/// Runs each case once, which also warms it up, and compares its answers.
fn compare(aside: &Aside<'_>, cases: &mut [Case]) {
    let mut references: Vec<(u32, Vec<Option<Tensor>>)> = Vec::new();
    for case in cases {
        let Some((replicas, trial)) = case.ready.clone() else { continue };
        let outputs = match run(&*replicas, &trial.inputs) {
            Ok(outputs) => outputs,
            Err(error) => {
                case.fail(&error);
                continue;
            }
        };
        let batch = case.row.batch;
        let reference = references.iter().find(|(of, _)| *of == batch).map(|(_, answers)| answers);
        let Some(expected) = right(&trial).then_some(&trial.expected).or(reference) else {
            references.push((batch, outputs.into_iter().map(Some).collect()));
            continue;
        };
        match trial.differ(expected, &outputs, &aside.record.signature) {
            Ok(largest) => (case.row.agrees, case.row.max_abs) = (Some(true), Some(largest)),
            Err(error) => (case.row.agrees, case.row.error) = (Some(false), Some(error.to_string())),
        }
    }
}

/// Times the cases in turn, round after round, so that what else the machine does meets them alike.
fn measure(cases: &mut [Case], seconds: f64, progress: &Sink) {
    let mut stage = progress.stage(ProgressStage::Benchmark, Some(cases.len() as u64 * u64::from(ROUNDS)));
    let each = Duration::from_secs_f64(seconds / f64::from(ROUNDS));
    for round in 0..ROUNDS {
        for case in cases.iter_mut() {
            stage.add(1);
            let Some((replicas, trial)) = case.ready.clone() else { continue };
            // A case whose runs are longer than its rounds ends early.
            if round > 0 && case.runs.spent() >= 2 * each * ROUNDS {
                continue;
            }
            let (begun, mut failed) = (instant(), None);
            case.runs.round(std::iter::from_fn(|| {
                let started = instant();
                if started > begun && started.duration_since(begun) >= each {
                    return None;
                }
                match run(&*replicas, &trial.inputs) {
                    Ok(_) => Some(started.elapsed().as_nanos() as u64),
                    Err(error) => {
                        failed = Some(error);
                        None
                    }
                }
            }));
            if let Some(error) = failed {
                case.fail(&error);
            }
        }
    }
    stage.finish();
}

fn finished(mut case: Case) -> BenchmarkRow {
    if let Some((replicas, _)) = &case.ready {
        case.row.memory_bytes = replicas.status().load.memory_bytes;
        case.row.figures = case.runs.figures(case.row.batch);
    }
    case.row
}
