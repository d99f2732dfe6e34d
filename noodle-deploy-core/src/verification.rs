//! Runs a freshly loaded revision before it gets traffic: warms it up, and compares its answers with known ones.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::backends::{ReplicaSet, Trial};
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, ErrorKind, Result};
use crate::machine::Command;
use crate::machine::state::VersionRecord;
use crate::model::probe::{Probe, ProbeSet, Spread, TensorData, Tolerance, generate};
use crate::model::signature::{Dim, Signature};
use crate::noodle::Inner;
use crate::progress::{ProgressStage, Sink};
use crate::tensor::{DType, Data, Shape, Tensor, TensorView};

/// Seed of generated probe inputs: the same for every version, so that versions can be compared.
const SEED: u64 = 0x6e6f_6f64_6c65;
/// Size of a free axis in generated inputs where no declared shape says otherwise.
const FREE_AXIS: usize = 32;

/// Checks a loaded version against its probes and says what was found.
///
/// A version without probes is run on generated inputs; what the engine answers is kept as its probes, so that every
/// later load on whatever engine and machine is compared with the first one.
///
/// # Errors
/// `verification_failed` with the figures; what the engine says.
pub(crate) fn verify(
    inner: &Inner,
    record: &VersionRecord,
    shapes: &[Vec<Shape>],
    replicas: &dyn ReplicaSet,
    progress: &Sink,
) -> Result<String> {
    if let Some(digest) = &record.probes {
        let set = ProbeSet::from_json(&inner.artifacts.read(digest)?)?;
        let from = record.probes_from.as_deref().unwrap_or("registrar");
        return against(&set, record, replicas, progress).map(|note| format!("{note}, outputs from {from}"));
    }
    if !record.suspect.is_empty() && !inner.settings.allow_unverified {
        return Err(Error::new(
            ErrorKind::VerificationFailed,
            "the model has constructs that engines are known to get wrong; register it with probes",
        )
        .with("suspect", record.suspect.join("; ")));
    }
    let stage = progress.stage(ProgressStage::Verify, Some(1));
    let learnt = learn(inner, record, shapes, replicas)?;
    stage.finish();
    Ok(learnt)
}

/// Probes of a version that engines are compared on at most.
const MOST_TRIALS: usize = 8;
/// Elements of one generated trial at most: larger ones would take longer than the choice is worth.
const MOST_TRIAL_ELEMENTS: usize = 1 << 24;

/// Inputs to choose an engine by: the version's probes and their answers, and generated inputs beside them.
pub(crate) fn trials(inner: &Inner, record: &VersionRecord, shapes: &[Vec<Shape>]) -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    if let Some(digest) = &record.probes {
        let set = ProbeSet::from_json(&inner.artifacts.read(digest)?)?;
        for probe in set.probes.iter().take(MOST_TRIALS) {
            let by_name = |tensors: &BTreeMap<String, TensorData>, name: &str| {
                tensors.get(name).map(TensorData::to_tensor).transpose()
            };
            let inputs = record.signature.inputs.iter().map(|spec| by_name(&probe.inputs, &spec.name));
            let Some(inputs) = inputs.collect::<Result<Option<Vec<_>>>>()? else { continue };
            let expected = record.signature.outputs.iter().map(|spec| by_name(&probe.outputs, &spec.name));
            trials.push(Trial { inputs, expected: expected.collect::<Result<_>>()?, tolerance: set.tolerance });
        }
    }
    for spread in [Spread::Unit, Spread::Wide] {
        let Ok(inputs) = generate(&record.signature, SEED, spread, sizes(&record.signature, shapes.first())) else {
            break;
        };
        if inputs.iter().map(|(_, tensor)| tensor.len()).sum::<usize>() > MOST_TRIAL_ELEMENTS {
            break;
        }
        let inputs = inputs.into_iter().map(|(_, tensor)| tensor).collect();
        trials.push(Trial { inputs, expected: Vec::new(), tolerance: Tolerance::default() });
    }
    Ok(trials)
}

/// Whether a loaded version answers its probes as it should; false where it has none.
pub(crate) fn passes_probes(inner: &Inner, record: &VersionRecord, replicas: &dyn ReplicaSet) -> bool {
    let Some(digest) = &record.probes else { return false };
    let set = inner.artifacts.read(digest).and_then(|bytes| ProbeSet::from_json(&bytes));
    set.and_then(|set| against(&set, record, replicas, &Sink::default())).is_ok()
}

/// Runs every probe and compares.
fn against(set: &ProbeSet, record: &VersionRecord, replicas: &dyn ReplicaSet, progress: &Sink) -> Result<String> {
    let mut stage = progress.stage(ProgressStage::Verify, Some(set.probes.len() as u64));
    let (mut elements, mut worst) = (0, 0.0f64);
    for (i, probe) in set.probes.iter().enumerate() {
        let numbered = |e: Error| e.with("probe", i);
        let inputs = probe.tensors().map_err(numbered)?;
        let outputs = run(&record.signature, &inputs, replicas).map_err(numbered)?;
        let found: Vec<(&str, TensorView<'_>)> =
            record.signature.outputs.iter().map(|s| s.name.as_str()).zip(outputs.iter().map(Tensor::view)).collect();
        let verdict = probe.check(&found, set.tolerance).and_then(|v| v.into_result()).map_err(numbered)?;
        elements += verdict.elements;
        worst = worst.max(verdict.max_abs);
        stage.add(1);
    }
    stage.finish();
    Ok(format!("{} probes, {elements} elements agree, largest difference {worst:.2e}", set.probes.len()))
}

fn run(signature: &Signature, inputs: &[(String, Tensor)], replicas: &dyn ReplicaSet) -> Result<Outputs> {
    let views: Vec<_> = inputs.iter().map(|(name, tensor)| (name.as_str(), tensor.view())).collect();
    let bound = signature.bind(&views)?;
    let mut outputs = Outputs::new();
    replicas.infer(&bound, &mut outputs, &Cancel::NEVER)?;
    check_shapes(signature, &outputs)?;
    Ok(outputs)
}

fn check_shapes(signature: &Signature, outputs: &Outputs) -> Result<()> {
    if outputs.len() != signature.outputs.len() {
        return Err(Error::new(ErrorKind::VerificationFailed, "the engine gave another number of outputs")
            .with("found", outputs.len())
            .with("allowed", signature.outputs.len()));
    }
    for (spec, tensor) in signature.outputs.iter().zip(outputs) {
        // A file may leave the shape of an output open; then it stands empty in the signature.
        let fits = spec.shape.is_empty()
            || spec.shape.len() == tensor.shape().len()
                && spec.shape.iter().zip(tensor.shape()).all(|(dim, size)| !matches!(dim, Dim::Fixed(n) if n != size));
        if tensor.dtype() != spec.dtype || !fits {
            return Err(Error::new(ErrorKind::VerificationFailed, "an output is not as the signature says")
                .with("found", format!("{}{:?}", tensor.dtype(), tensor.shape()))
                .with("allowed", spec));
        }
    }
    Ok(())
}

/// Runs generated inputs and keeps the answers as the version's probes.
fn learn(inner: &Inner, record: &VersionRecord, shapes: &[Vec<Shape>], replicas: &dyn ReplicaSet) -> Result<String> {
    let inputs = generate(&record.signature, SEED, Spread::Unit, sizes(&record.signature, shapes.first()))?;
    let outputs = match run(&record.signature, &inputs, replicas) {
        Ok(outputs) => outputs,
        Err(error) if error.kind() == ErrorKind::VerificationFailed => return Err(error),
        // Sizes were guessed: a model that takes only some sizes is not wrong for refusing others.
        Err(error) if shapes.is_empty() && !record.signature.is_static() => {
            return Ok(format!("not verified: no probes, and generated inputs do not run: {error}"));
        }
        Err(error) => return Err(error),
    };
    for (spec, tensor) in record.signature.outputs.iter().zip(&outputs) {
        if count_nan(tensor) > 0 {
            return Err(Error::new(ErrorKind::VerificationFailed, "an output has NaN on ordinary inputs")
                .with("output", &spec.name)
                .with("nan", count_nan(tensor))
                .with("elements", tensor.len()));
        }
    }
    let engine = replicas.status().load.engine;
    let named = |tensors: &[(String, Tensor)]| {
        tensors.iter().map(|(n, t)| (n.clone(), TensorData::from_view(&t.view()))).collect::<BTreeMap<_, _>>()
    };
    let answers: Vec<(String, Tensor)> =
        record.signature.outputs.iter().map(|s| s.name.clone()).zip(outputs.iter().cloned()).collect();
    let probe = Probe { inputs: named(&inputs), outputs: named(&answers) };
    if !inner.settings.read_only {
        let set = ProbeSet { probes: vec![probe], tolerance: Tolerance::default() };
        keep(inner, record, &set, &engine)?;
    }
    Ok(format!("1 generated probe, no NaN, shapes as declared; outputs of {engine} kept for later loads"))
}

fn keep(inner: &Inner, record: &VersionRecord, set: &ProbeSet, engine: &str) -> Result<()> {
    let bytes =
        serde_json::to_vec(set).map_err(|e| Error::new(ErrorKind::Internal, "probes do not serialise").source(e))?;
    if bytes.len() > crate::model::probe::MAX_PROBE_FILE_BYTES {
        return Ok(());
    }
    let _pin = inner.artifacts.pin()?;
    let probes = inner.artifacts.put(&bytes)?;
    let command = Command::RecordProbes {
        model: record.model.clone(),
        version: record.version.clone(),
        probes,
        engine: engine.to_owned(),
    };
    inner.control.execute(&inner.background("verify"), &command, None).map(drop)
}

/// Sizes of free axes: those of the first declared shape; else 1 for what comes first, as the batch does, and
/// [`FREE_AXIS`] for the rest.
fn sizes<'a>(signature: &'a Signature, declared: Option<&'a Vec<Shape>>) -> impl Fn(&str) -> usize + 'a {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, spec) in signature.inputs.iter().enumerate() {
        for (axis, dim) in spec.shape.iter().enumerate() {
            if let Dim::Symbol(name) = dim {
                let declared = declared.and_then(|d| d.get(i)).and_then(|s| s.get(axis)).copied();
                known.entry(name).or_insert(declared.unwrap_or(if axis == 0 { 1 } else { FREE_AXIS }));
            }
        }
    }
    // Nameless axes come in the order in which the generator asks for them.
    let nameless = signature.inputs.iter().enumerate().flat_map(move |(i, spec)| {
        spec.shape.iter().enumerate().filter(|(_, d)| matches!(d, Dim::Any)).map(move |(axis, _)| (i, axis))
    });
    let nameless = RefCell::new(nameless.collect::<Vec<_>>().into_iter());
    move |name| {
        if name != "?" {
            return known.get(name).copied().unwrap_or(FREE_AXIS);
        }
        match nameless.borrow_mut().next() {
            Some((i, axis)) => declared
                .and_then(|d| d.get(i))
                .and_then(|s| s.get(axis))
                .copied()
                .unwrap_or(if axis == 0 { 1 } else { FREE_AXIS }),
            None => FREE_AXIS,
        }
    }
}

fn count_nan(tensor: &Tensor) -> usize {
    match (tensor.dtype(), tensor.data()) {
        (DType::F16, Data::Bytes(_)) => {
            tensor.as_slice::<half::f16>().map_or(0, |s| s.iter().filter(|x| x.is_nan()).count())
        }
        (DType::F32, Data::Bytes(_)) => tensor.as_slice::<f32>().map_or(0, |s| s.iter().filter(|x| x.is_nan()).count()),
        (DType::F64, Data::Bytes(_)) => tensor.as_slice::<f64>().map_or(0, |s| s.iter().filter(|x| x.is_nan()).count()),
        _ => 0,
    }
}
