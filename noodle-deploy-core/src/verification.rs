//! Runs a freshly loaded revision before it gets traffic: warms it up, and compares its answers with known ones.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use crate::backends::{ReplicaSet, Trial, TrialSource};
use crate::clock::instant;
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, ErrorKind, Result};
use crate::machine::Command;
use crate::machine::state::VersionRecord;
use crate::model::probe::{Probe, ProbeSet, Spread, TensorData, Tolerance, among_engines, generate};
use crate::model::signature::{Dim, Signature};
use crate::noodle::Inner;
use crate::progress::{ProgressStage, Sink};
use crate::tensor::{DType, Data, Shape, Tensor, TensorView};

/// Seed of generated probe inputs: the same for every version, so that versions can be compared.
const SEED: u64 = 0x6e6f_6f64_6c65;
/// Sizes of free axes in generated inputs where no declared shape says otherwise: of those that come first, as the batch
/// does, and of the others.
const FREE_AXES: (usize, usize) = (1, 32);
/// Sizes to try where those do not run, in the same order.
const OTHER_SIZES: &[(usize, usize)] = &[(1, 1), (2, 3), (1, 16), (1, 64), (1, 224), (1, 512)];
/// Trying may take so long.
const TRYING: Duration = Duration::from_secs(5);

/// Tensors by name.
type Named = Vec<(String, Tensor)>;

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
        let source = if is_registrars(record) { TrialSource::Registrar } else { TrialSource::Recorded };
        for probe in set.probes.iter().take(MOST_TRIALS) {
            let by_name = |tensors: &BTreeMap<String, TensorData>, name: &str| {
                tensors.get(name).map(TensorData::to_tensor).transpose()
            };
            let inputs = record.signature.inputs.iter().map(|spec| by_name(&probe.inputs, &spec.name));
            let Some(inputs) = inputs.collect::<Result<Option<Vec<_>>>>()? else { continue };
            let expected = record.signature.outputs.iter().map(|spec| by_name(&probe.outputs, &spec.name));
            trials.push(Trial { inputs, expected: expected.collect::<Result<_>>()?, tolerance: set.tolerance, source });
        }
    }
    let (batch, length) = FREE_AXES;
    let free = shapes.is_empty() && !record.signature.is_static();
    // Zeros and ones for every integer are an unusual path of a model of tokens, and a poor one to compare on.
    let tokens = record.signature.inputs.iter().any(|spec| spec.dtype.is_integer());
    let usual = match tokens {
        true => [(Spread::Tokens, TrialSource::Guessed); 2],
        false => [(Spread::Unit, TrialSource::Generated), (Spread::Wide, TrialSource::Generated)],
    };
    let mut kinds: Vec<_> = usual.into_iter().map(|kind| (kind, (batch, length))).collect();
    if free {
        // A second batch where there can be one.
        kinds.push((usual[1], (2, length)));
    }
    if tokens {
        kinds.extend([Spread::Unit, Spread::Wide].map(|spread| ((spread, TrialSource::Fallback), (batch, length))));
    }
    for (n, ((spread, source), guess)) in kinds.into_iter().enumerate() {
        let sizes = sizes(&record.signature, shapes.first(), guess);
        let Ok(inputs) = generate(&record.signature, SEED + n as u64, spread, sizes) else { break };
        if inputs.iter().map(|(_, tensor)| tensor.len()).sum::<usize>() > MOST_TRIAL_ELEMENTS {
            break;
        }
        let inputs = inputs.into_iter().map(|(_, tensor)| tensor).collect();
        trials.push(Trial { inputs, expected: Vec::new(), tolerance: Tolerance::default(), source });
    }
    Ok(trials)
}

/// Whether a loaded version answers its probes as it should; false where it has none.
pub(crate) fn passes_probes(inner: &Inner, record: &VersionRecord, replicas: &dyn ReplicaSet) -> bool {
    let Some(digest) = &record.probes else { return false };
    let set = inner.artifacts.read(digest).and_then(|bytes| ProbeSet::from_json(&bytes));
    set.and_then(|set| against(&set, record, replicas, &Sink::default())).is_ok()
}

/// Whether the version's probes say what is right, and not only what an engine answered first.
fn is_registrars(record: &VersionRecord) -> bool {
    record.probes_from.as_deref().is_none_or(|from| from == "registrar")
}

/// Runs every probe and compares.
fn against(set: &ProbeSet, record: &VersionRecord, replicas: &dyn ReplicaSet, progress: &Sink) -> Result<String> {
    let mut stage = progress.stage(ProgressStage::Verify, Some(set.probes.len() as u64));
    let exact = is_registrars(record);
    let (mut elements, mut worst) = (0, 0.0f64);
    for (i, probe) in set.probes.iter().enumerate() {
        let numbered = |e: Error| e.with("probe", i);
        let inputs = probe.tensors().map_err(numbered)?;
        let outputs = run(&record.signature, &inputs, replicas).map_err(numbered)?;
        let found: Vec<(&str, TensorView<'_>)> =
            record.signature.outputs.iter().map(|s| s.name.as_str()).zip(outputs.iter().map(Tensor::view)).collect();
        let verdict = probe
            .check_each(&found, |expected| if exact { set.tolerance } else { among_engines(expected, set.tolerance) })
            .and_then(|v| v.into_result())
            .map_err(numbered)?;
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
    let signature = &record.signature;
    let inputs = generate(signature, SEED, Spread::Unit, sizes(signature, shapes.first(), FREE_AXES))?;
    let (inputs, outputs) = match run(signature, &inputs, replicas) {
        Ok(outputs) => (inputs, outputs),
        Err(error) if error.kind() == ErrorKind::VerificationFailed => return Err(error),
        // Sizes were guessed: a model that takes only some sizes is not wrong for refusing others.
        Err(error) if shapes.is_empty() && !signature.is_static() => {
            match try_other_sizes(signature, replicas, &error)? {
                Some(ran) => ran,
                None => return Ok(format!("not verified: no probes, and generated inputs do not run: {error}")),
            }
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

/// Runs generated inputs of other sizes after those of [`FREE_AXES`] have failed with `first`. None where what the engine
/// says depends on the size: there may be one that runs.
///
/// # Errors
/// `unsupported` where the engine says the same for every size: no request would be answered.
fn try_other_sizes(
    signature: &Signature,
    replicas: &dyn ReplicaSet,
    first: &Error,
) -> Result<Option<(Named, Outputs)>> {
    let begun = instant();
    let of_the_engine = matches!(first.kind(), ErrorKind::EngineFailed | ErrorKind::Unsupported);
    let shapes = |inputs: &[(String, Tensor)]| inputs.iter().map(|(_, tensor)| tensor.shape().into()).collect();
    let mut tried: Vec<Vec<Shape>> =
        vec![shapes(&generate(signature, SEED, Spread::Unit, sizes(signature, None, FREE_AXES))?)];
    for &size in OTHER_SIZES {
        if !of_the_engine || begun.elapsed() > TRYING {
            return Ok(None);
        }
        let inputs = generate(signature, SEED, Spread::Unit, sizes(signature, None, size))?;
        let these = shapes(&inputs);
        if tried.contains(&these) {
            continue;
        }
        tried.push(these);
        match run(signature, &inputs, replicas) {
            Ok(outputs) => return Ok(Some((inputs, outputs))),
            Err(error) if error.kind() == ErrorKind::VerificationFailed => return Err(error),
            Err(error) if said(&error) == said(first) => {}
            Err(_) => return Ok(None),
        }
    }
    let error =
        Error::new(ErrorKind::Unsupported, "the engine cannot run the model, whatever the sizes of its free axes");
    let named = ["node", "operator"].into_iter().filter_map(|key| first.get(key).map(|value| (key, value)));
    Err(named
        .fold(error, |error, (key, value)| error.with(key, value))
        .with("reason", said(first))
        .with("allowed", "a model that runs, or `shapes` for which it does"))
}

/// What an engine says of a failure, but for the shapes of the inputs.
fn said(error: &Error) -> String {
    let context = error.context().iter().filter(|(key, _)| *key != "shapes");
    let mut text = context.fold(error.message().to_owned(), |text, (key, value)| format!("{text}, {key}: {value}"));
    let mut below = std::error::Error::source(error);
    while let Some(cause) = below {
        text = format!("{text}: {cause}");
        below = cause.source();
    }
    text
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

/// Sizes of free axes: those of the first declared shape; else `outer` for what comes first, as the batch does, and
/// `inner` for the rest.
fn sizes<'a>(
    signature: &'a Signature,
    declared: Option<&'a Vec<Shape>>,
    (outer, inner): (usize, usize),
) -> impl Fn(&str) -> usize + 'a {
    let guess = move |axis: usize| if axis == 0 { outer } else { inner };
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, spec) in signature.inputs.iter().enumerate() {
        for (axis, dim) in spec.shape.iter().enumerate() {
            if let Dim::Symbol(name) = dim {
                let declared = declared.and_then(|d| d.get(i)).and_then(|s| s.get(axis)).copied();
                known.entry(name).or_insert(declared.unwrap_or(guess(axis)));
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
            return known.get(name).copied().unwrap_or(inner);
        }
        match nameless.borrow_mut().next() {
            Some((i, axis)) => {
                declared.and_then(|d| d.get(i)).and_then(|s| s.get(axis)).copied().unwrap_or(guess(axis))
            }
            None => inner,
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
