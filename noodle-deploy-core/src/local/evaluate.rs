//! A version over a data set: runs its rows, judges one output, records what was found.

use std::collections::{BTreeMap, BTreeSet};

use super::aside::{Aside, MAX_BATCH, in_range};
use crate::backends::ReplicaSet;
use crate::control::CallContext;
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluation::data::DataSet;
use crate::evaluation::judge::{Answers, Judged, Rules, judge};
use crate::evaluation::metrics::Metric;
use crate::evaluation::rows::{RowAxis, cycle, drop_axis, slice};
use crate::machine::Command;
use crate::machine::deployment::MAX_THREADS;
use crate::machine::evaluation::{Evaluation, check_gate};
use crate::machine::state::VersionRecord;
use crate::model::signature::Signature;
use crate::noodle::Noodle;
use crate::ops::evaluate::{ConfusionRow, EvaluateInput, EvaluationReport};
use crate::progress::{ProgressStage, Sink};
use crate::tensor::{Shape, Tensor, TensorView};

const DEFAULT_BATCH: u32 = 32;
/// Arrays that hold what is expected, where none is named.
const TARGETS: [&str; 2] = ["labels", "expected"];

/// What is evaluated.
struct Subject {
    model: String,
    version: String,
    target: Option<String>,
    engine: Option<String>,
    threads: u32,
}

impl Noodle {
    fn subject(&self, input: &EvaluateInput) -> Result<Subject> {
        let state = self.inner.control.read();
        let version =
            |serving: Option<&str>| input.version.clone().unwrap_or_else(|| serving.unwrap_or("latest").to_owned());
        let Some(name) = &input.deployment else {
            let model = input.model.clone();
            let model = model.ok_or_else(|| Error::invalid("model", "nothing", "a model or a deployment"))?;
            let threads = input.threads.unwrap_or(1);
            return Ok(Subject { model, version: version(None), target: None, engine: input.engine.clone(), threads });
        };
        let d = state.deployment(name)?;
        if let Some(model) = input.model.as_ref().filter(|model| **model != d.model) {
            return Err(Error::invalid("model", model, &d.model).with("deployment", name));
        }
        let active = d.active_revision().filter(|_| d.serves());
        if active.is_none() && input.version.is_none() {
            return Err(Error::new(ErrorKind::Unavailable, "the deployment does not serve").with("deployment", name));
        }
        Ok(Subject {
            model: d.model.clone(),
            version: version(active.map(|r| r.version.as_str())),
            target: Some(d.target.clone()),
            engine: input.engine.clone().or_else(|| active.and_then(|r| r.engine.clone())),
            threads: input.threads.or(active.map(|r| r.threads)).unwrap_or(1),
        })
    }

    pub(crate) fn evaluate_as(&self, context: &CallContext, input: &EvaluateInput) -> Result<EvaluationReport> {
        let inner = &*self.inner;
        let progress = &context.progress;
        let metrics = metrics(input)?;
        let batch = input.batch.unwrap_or(DEFAULT_BATCH);
        in_range("batch", batch, MAX_BATCH)?;
        in_range("top_k", input.top_k, u32::MAX)?;
        let tolerance = input.tolerance.unwrap_or_default();
        tolerance.validate()?;
        inner.control.catch_up()?;
        let subject = self.subject(input)?;
        in_range("threads", subject.threads, MAX_THREADS)?;
        let of = (subject.model.as_str(), subject.version.as_str());
        let signature = inner.control.read().resolve(of.0, of.1)?.signature.clone();
        let output = output(&signature, input.output.as_deref())?;
        let name = &signature.outputs[output].name;
        let data = DataSet::read(&input.data, progress)?;
        let target = target(&data, input.target.as_deref(), name)?;
        let truth = &data.whole(&target)?;
        let parts = parts(&data, &signature, &target)?;
        let rows = truth.shape()[0];
        let axis = RowAxis::of(&signature);
        // What does not fit is said before anything is loaded.
        for part in &parts {
            let first = Request::of(&part.inputs, &axis, batch as usize, 0)?;
            signature.bind(&first.named(&signature))?;
        }

        let aside = Aside::read(self, of, subject.target.as_deref(), &BTreeMap::new(), progress)?;
        inner.backend(&aside.target)?.check(subject.engine.as_deref())?;
        let loading = progress.stage(ProgressStage::Load, Some(1));
        let replicas = aside.load(subject.engine.as_deref(), subject.threads)?;
        loading.finish();
        let answers = answers(&*replicas, &parts, (&axis, batch as usize), output, progress)?;
        let rules = Rules {
            metrics,
            labels: &aside.record.labels,
            softmax: input.softmax,
            top_k: input.top_k as usize,
            tolerance,
        };
        let judged = judge(&answers, truth, &rules).map_err(|e| e.with("target", &target))?;
        let engine = replicas.status().load.engine;
        self.record(context, &aside.record, input, &data, rows, engine, judged, (name, target))
    }

    #[allow(clippy::too_many_arguments, reason = "one call, of what its caller found")]
    fn record(
        &self,
        context: &CallContext,
        version: &VersionRecord,
        input: &EvaluateInput,
        data: &DataSet,
        rows: usize,
        engine: String,
        judged: Judged,
        (output, target): (&str, String),
    ) -> Result<EvaluationReport> {
        let bounds = input.gate.as_ref().map(|gate| gate.bounds.clone()).unwrap_or_default();
        let mut evaluation = Evaluation {
            gate: input.gate.as_ref().map(|gate| gate.name.clone()),
            passed: false,
            artifact: version.digest,
            data: data.digest,
            rows: rows as u64,
            engine,
            metrics: judged.metrics,
            bounds,
            at: 0,
        };
        evaluation.passed = evaluation.broken().is_none();
        let command = Command::RecordEvaluation {
            model: version.model.clone(),
            version: version.version.clone(),
            evaluation: Box::new(evaluation.clone()),
        };
        self.inner.control.execute(context, &command, None)?;
        let holds =
            |bound: &&crate::machine::evaluation::Bound| !bound.holds(evaluation.metrics.get(&bound.metric).copied());
        let broken = evaluation.bounds.iter().filter(holds).cloned().collect();
        let label = |class: usize| version.labels.get(class).cloned().unwrap_or_else(|| class.to_string());
        let confusion = judged.confusion.into_iter().enumerate();
        Ok(EvaluationReport {
            model: version.model.clone(),
            version: version.version.clone(),
            digest: version.digest,
            data: data.digest,
            rows: rows as u64,
            engine: evaluation.engine,
            output: output.to_owned(),
            target,
            metrics: evaluation.metrics,
            undefined: judged.undefined,
            confusion: confusion.map(|(class, answered)| ConfusionRow { label: label(class), answered }).collect(),
            gate: evaluation.gate,
            passed: evaluation.passed,
            broken,
        })
    }
}

/// The metrics that are asked for, those of the gate among them.
fn metrics(input: &EvaluateInput) -> Result<Vec<Metric>> {
    let bounds = match &input.gate {
        Some(gate) => {
            check_gate(&gate.name, &gate.bounds)?;
            &gate.bounds[..]
        }
        None => &[],
    };
    let mut metrics = BTreeSet::new();
    for name in &input.metrics {
        metrics.insert(name.parse::<Metric>()?);
    }
    for bound in bounds {
        let metric: Metric = bound.metric.parse()?;
        if metric == Metric::ConfusionMatrix {
            return Err(Error::invalid("gate/bounds", metric.name(), "metrics that are one number"));
        }
        metrics.insert(metric);
    }
    if metrics.is_empty() {
        return Err(Error::invalid("metrics", "nothing", Metric::ALL.map(Metric::name).join(", ")));
    }
    Ok(metrics.into_iter().collect())
}

fn output(signature: &Signature, name: Option<&str>) -> Result<usize> {
    match name {
        None if !signature.outputs.is_empty() => Ok(0),
        _ => signature.output(name.unwrap_or_default()).ok_or_else(|| {
            let allowed = signature.outputs.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ");
            Error::invalid("output", name.unwrap_or("nothing"), allowed)
        }),
    }
}

fn target(data: &DataSet, name: Option<&str>, output: &str) -> Result<String> {
    let mut wanted = name.into_iter().chain([output].into_iter().chain(TARGETS).filter(|_| name.is_none()));
    wanted.find(|name| data.has(name)).map(str::to_owned).ok_or_else(|| {
        let value = name.map_or_else(|| format!("none of {output}, {}", TARGETS.join(", ")), str::to_owned);
        Error::invalid("target", value, data.names())
    })
}

/// Rows that run one after another, with the inputs of a model in its order.
struct Part<'a> {
    inputs: Vec<&'a Tensor>,
    rows: usize,
}

/// The parts of a data set; within each, every array that counts has the same number of rows.
fn parts<'a>(data: &'a DataSet, signature: &Signature, target: &str) -> Result<Vec<Part<'a>>> {
    data.parts
        .iter()
        .map(|arrays| {
            let rows = arrays[target].shape()[0];
            if rows == 0 {
                return Err(Error::invalid("data", "no rows", "1 or more").with("array", target));
            }
            let inputs = signature.inputs.iter().map(|spec| {
                let array = arrays.get(&spec.name).ok_or_else(|| {
                    let allowed = format!("an array for each input: {spec}");
                    Error::invalid("data", data.names(), allowed).with("input", &spec.name)
                })?;
                if array.shape()[0] != rows {
                    let allowed = format!("{rows} rows, as {target} has");
                    return Err(
                        Error::invalid("data", format!("{} rows", array.shape()[0]), allowed).with("array", &spec.name)
                    );
                }
                Ok(array)
            });
            Ok(Part { inputs: inputs.collect::<Result<_>>()?, rows })
        })
        .collect()
}

/// Rows as one request takes them.
struct Request {
    tensors: Vec<Tensor>,
    /// Rows that are asked for; a model of a fixed number may get more.
    rows: usize,
}

impl Request {
    fn of(inputs: &[&Tensor], axis: &RowAxis, batch: usize, from: usize) -> Result<Self> {
        let rows = inputs.first().and_then(|tensor| tensor.shape().first()).copied().unwrap_or(0);
        let (most, fill) = match axis {
            RowAxis::Free => (batch, None),
            RowAxis::Fixed(fixed) => (*fixed, Some(*fixed)),
            RowAxis::None(_) => (1, None),
        };
        let range = from..rows.min(from + most);
        let tensors = inputs.iter().map(|tensor| {
            let mut shape = Shape::new();
            let view = slice(tensor, &range, &mut shape)?;
            let part = view.to_tensor()?;
            match (axis, fill) {
                (RowAxis::None(_), _) => drop_axis(&part),
                (_, Some(fill)) if fill != range.len() => cycle(&part, fill),
                _ => Ok(part),
            }
        });
        Ok(Request { tensors: tensors.collect::<Result<_>>()?, rows: range.len() })
    }

    fn named<'a>(&'a self, signature: &'a Signature) -> Vec<(&'a str, TensorView<'a>)> {
        signature.inputs.iter().map(|spec| spec.name.as_str()).zip(self.tensors.iter().map(Tensor::view)).collect()
    }
}

/// Runs every row.
fn answers(
    replicas: &dyn ReplicaSet,
    parts: &[Part<'_>],
    (axis, batch): (&RowAxis, usize),
    output: usize,
    progress: &Sink,
) -> Result<Answers> {
    let rows = parts.iter().map(|part| part.rows as u64).sum();
    let mut stage = progress.stage(ProgressStage::Evaluate, Some(rows));
    let (mut answers, mut before) = (Answers::default(), 0);
    for part in parts {
        let mut at = 0;
        while at < part.rows {
            let numbered = |e: Error| e.with("row", before + at);
            let request = Request::of(&part.inputs, axis, batch, at)?;
            let views: Vec<_> = request.tensors.iter().map(Tensor::view).collect();
            let mut outputs = Outputs::new();
            replicas.infer(&views, &mut outputs, &Cancel::NEVER).map_err(numbered)?;
            let found = outputs.get(output).ok_or_else(|| {
                Error::new(ErrorKind::EngineFailed, "the engine gave another number of outputs")
                    .with("found", outputs.len())
            })?;
            answers.add(found, request.rows, matches!(axis, RowAxis::None(_))).map_err(numbered)?;
            at += request.rows;
            stage.add(request.rows as u64);
        }
        before += part.rows;
    }
    stage.finish();
    Ok(answers)
}
