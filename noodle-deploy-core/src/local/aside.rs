//! Versions that are loaded to be looked at, beside whatever serves, and the inputs to run them on.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::backends::{ReplicaSet, RevisionSpec, Trial, TrialSource, machine};
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluation::rows::{RowAxis, cycle};
use crate::machine::state::{VersionPin, VersionRecord};
use crate::noodle::{Inner, Noodle};
use crate::ops::benchmark::MachineFacts;
use crate::progress::{ProgressStage, Sink};
use crate::reconcile::bind_shapes;
use crate::tensor::{Shape, Tensor};
use crate::verification;

/// Rows of one request at most, as with batching.
pub(super) const MAX_BATCH: u32 = 4_096;
/// Elements of one request at most.
const MAX_ELEMENTS: usize = 1 << 26;

/// A version with its file, on a target.
pub(super) struct Aside<'a> {
    pub(super) inner: &'a Inner,
    pub(super) record: VersionRecord,
    pub(super) target: String,
    pub(super) shapes: Vec<Vec<Shape>>,
    artifact: Arc<Vec<u8>>,
    pub(super) trials: Vec<Trial>,
}

impl<'a> Aside<'a> {
    /// Finds the version, checks shapes and target, and reads its file.
    pub(super) fn read(
        noodle: &'a Noodle,
        (model, version): (&str, &str),
        target: Option<&str>,
        shapes: &BTreeMap<String, Vec<u32>>,
        progress: &Sink,
    ) -> Result<Self> {
        let inner: &Inner = &noodle.inner;
        let record = inner.control.read().resolve(model, version)?.clone();
        let target = target.unwrap_or(&inner.settings.default_target).to_owned();
        inner.backend(&target)?;
        let given = if shapes.is_empty() { Vec::new() } else { vec![shapes.clone()] };
        let shapes = bind_shapes(&record.signature, &given)?;
        let mut reading = progress.stage(ProgressStage::Read, Some(record.bytes));
        let artifact = Arc::new(inner.artifacts.read_counted(&record.digest, &mut reading)?);
        reading.finish();
        let trials = verification::trials(inner, &record, &shapes)?;
        Ok(Aside { inner, record, target, shapes, artifact, trials })
    }

    /// One replica, as a deploy would load it; by the engine that a deploy would choose where none is named.
    pub(super) fn load(&self, engine: Option<&str>, threads: u32) -> Result<Arc<dyn ReplicaSet>> {
        let (inner, record) = (self.inner, &self.record);
        let engine = engine.map(str::to_owned).or_else(|| inner.settings.default_engine.clone());
        let spec = |record: &VersionRecord, artifact: Arc<Vec<u8>>, trials: Vec<Trial>, shapes: Vec<Vec<Shape>>| {
            RevisionSpec {
                deployment: String::new(),
                revision: 0,
                model: record.model.clone(),
                version: record.version.clone(),
                format: record.format.clone(),
                digest: record.digest.to_string(),
                artifact,
                signature: record.signature.clone(),
                trials: if engine.is_none() { trials } else { Vec::new() },
                engine: engine.clone(),
                replicas: 1,
                threads,
                shapes,
                max_queue: inner.settings.max_queue,
                plan_cache_bytes: inner.settings.plan_cache_bytes,
                specialise: inner.settings.specialise,
                budget: inner.budget.clone(),
                parts: Vec::new(),
            }
        };
        let part = |pin: &VersionPin| {
            let record = inner.control.read().resolve(&pin.model, &pin.version)?.clone();
            let artifact = Arc::new(inner.artifacts.read(&record.digest)?);
            let trials = verification::trials(inner, &record, &[])?;
            Ok(spec(&record, artifact, trials, Vec::new()))
        };
        let parts = record.uses.iter().map(part).collect::<Result<Vec<_>>>()?;
        let whole = spec(record, self.artifact.clone(), self.trials.clone(), self.shapes.clone());
        inner.backend(&self.target)?.start(&RevisionSpec { parts, ..whole })
    }

    /// Where the inputs of [`Aside::request`] come from.
    pub(super) fn source(&self) -> &'static str {
        if self.probed() { "probes" } else { "generated" }
    }

    /// Whether the first trial is one of the version's probes; shapes that were asked for go before them.
    fn probed(&self) -> bool {
        self.shapes.is_empty() && self.trials.first().is_some_and(|trial| !trial.expected.is_empty())
    }

    /// Inputs of so many rows, with the right answers where they are known.
    pub(super) fn request(&self, rows: u32) -> Result<Trial> {
        let wanted = |trial: &&Trial| {
            trial.source != TrialSource::Guessed && (self.shapes.is_empty() || trial.expected.is_empty())
        };
        let trial = self.trials.iter().find(wanted).ok_or_else(|| {
            Error::new(ErrorKind::TooLarge, "no inputs were generated: the shapes are too large")
                .with("field", "shapes")
                .with("allowed", format!("inputs of at most {MAX_ELEMENTS} elements"))
        })?;
        let axis = RowAxis::of(&self.record.signature);
        let rows = rows as usize;
        axis.check(rows)?;
        if axis != RowAxis::Free {
            return Ok(trial.clone());
        }
        let had = trial.inputs.first().and_then(|tensor| tensor.shape().first().copied()).unwrap_or(1).max(1);
        let elements: usize = trial.inputs.iter().map(|tensor| tensor.len() / had * rows).sum();
        if elements > MAX_ELEMENTS {
            return Err(Error::new(ErrorKind::TooLarge, "a request has too many elements")
                .with("field", "batch")
                .with("value", rows)
                .with("allowed", format!("at most {MAX_ELEMENTS} elements")));
        }
        let inputs = trial.inputs.iter().map(|tensor| cycle(tensor, rows)).collect::<Result<_>>()?;
        let expected = trial.expected.iter().map(|tensor| match tensor {
            // An answer that is not by rows says nothing of more rows.
            Some(tensor) if tensor.shape().first() == Some(&had) => cycle(tensor, rows).map(Some),
            _ => Ok(None),
        });
        Ok(Trial { inputs, expected: expected.collect::<Result<_>>()?, ..trial.clone() })
    }
}

pub(super) fn run(replicas: &dyn ReplicaSet, inputs: &[Tensor]) -> Result<Outputs> {
    let views: Vec<_> = inputs.iter().map(Tensor::view).collect();
    let mut outputs = Outputs::new();
    replicas.infer(&views, &mut outputs, &Cancel::NEVER)?;
    Ok(outputs)
}

/// Checks a number against its range.
pub(super) fn in_range(field: &'static str, value: u32, most: u32) -> Result<()> {
    if (1..=most).contains(&value) { Ok(()) } else { Err(Error::invalid(field, value, format!("1 to {most}"))) }
}

pub(super) fn machine_facts() -> MachineFacts {
    MachineFacts {
        architecture: std::env::consts::ARCH.to_owned(),
        system: std::env::consts::OS.to_owned(),
        processor: machine::processor().to_owned(),
        hardware_threads: machine::hardware_threads() as u32,
    }
}
