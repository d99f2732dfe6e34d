//! The registry of versions.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Local;
use crate::api::Versioning;
use crate::control::CallContext;
use crate::engine::pipeline::{FORMAT as PIPELINE, Node, PipelineDocument, check, is_document};
use crate::error::{Error, ErrorKind, Result};
use crate::machine::Command;
use crate::machine::state::{Model, RevisionStatus, State, VersionPin, VersionRecord, VersionStatus};
use crate::machine::version::{check_name, next_version, part};
use crate::model::kind::ModelKind;
use crate::model::onnx::{Budgets, inspect};
use crate::model::probe::ProbeSet;
use crate::model::signature::{Dim, Signature, TensorSpec};
use crate::ops::versions::{
    AnnotateVersionInput, Compatibility, Deleted, MetricDifference, RegisterVersionInput, SetVersionStatusInput,
    VersionComparison,
};
use crate::paths::check_path;
use crate::progress::{ProgressStage, Sink};
use crate::settings::shorten;

/// A next version that another registrar took first is chosen anew this often.
const ATTEMPTS: usize = 16;

impl Local {
    fn version(&self, model: &str, version: &str) -> Result<VersionRecord> {
        let state = self.0.control.read();
        Ok(shown(&state, state.resolve(model, version)?))
    }

    fn model(&self, name: &str) -> Result<Model> {
        self.0.control.read().models.get(name).cloned().ok_or_else(|| Error::not_found("model", name))
    }

    fn change(&self, context: &CallContext, command: &Command) -> Result<()> {
        self.0.control.execute(context, command, None).map(drop)
    }
}

/// A version that a deployment serves shows as deployed; its stored status is what it returns to.
fn shown(state: &State, record: &VersionRecord) -> VersionRecord {
    let serves = state.deployments.values().any(|d| {
        d.model == record.model
            && d.serves()
            && d.active_revision().is_some_and(|r| r.status == RevisionStatus::Active && r.version == record.version)
    });
    let mut record = record.clone();
    if serves && matches!(record.status, VersionStatus::Draft | VersionStatus::Testing | VersionStatus::Approved) {
        record.status = VersionStatus::Deployed;
    }
    record
}

/// Looked at before a file is opened: the open of a pipe waits for a writer.
fn regular(field: &'static str, path: &str) -> Result<()> {
    check_path(field, path.as_ref())?;
    match Path::new(path).metadata() {
        Ok(file) if !file.is_file() => Err(Error::invalid(field, path, "a regular file")),
        // What cannot be looked at says why when it is opened.
        Ok(_) | Err(_) => Ok(()),
    }
}

fn read_limited(field: &'static str, path: &str, limit: u64, progress: &Sink) -> Result<Vec<u8>> {
    use std::io::Read;
    let failed = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => Error::not_found("file", path).with("field", field).source(e),
        _ => Error::from(e).with("field", field).with("file", path),
    };
    regular(field, path)?;
    let file = std::fs::File::open(Path::new(path)).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let mut stage = progress.stage(ProgressStage::Read, Some(length));
    let mut bytes = Vec::new();
    stage.count(file.take(limit.saturating_add(1))).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(Error::new(ErrorKind::TooLarge, "the file is too large")
            .with("field", field)
            .with("value", path)
            .with("allowed", format!("at most {limit} bytes")));
    }
    stage.finish();
    Ok(bytes)
}

/// Labels that a file brings along: a JSON array in its metadata under `labels`.
fn labels_in(metadata: &BTreeMap<String, String>) -> Result<Vec<String>> {
    metadata.get("labels").map_or(Ok(Vec::new()), |text| {
        serde_json::from_str(text).map_err(|e| {
            Error::new(ErrorKind::InvalidModel, "the file's labels are not a JSON array of strings").source(e)
        })
    })
}

/// A version that a pipeline names.
///
/// # Errors
/// `not_found` that says which node names it, and what there is.
fn named_part(state: &State, document: &PipelineDocument, pin: &VersionPin) -> Result<VersionRecord> {
    part(state, pin).cloned().map_err(|error| {
        let names =
            |node: &Node| node.model.as_ref() == Some(&pin.model) && node.version.as_ref() == Some(&pin.version);
        let node = document.nodes.iter().position(names).unwrap_or_default();
        let (field, value, allowed): (_, _, Vec<&str>) = match state.models.contains_key(&pin.model) {
            true => ("version", &pin.version, state.versions_of(&pin.model).map(|v| v.version.as_str()).collect()),
            false => ("model", &pin.model, state.models.keys().map(String::as_str).collect()),
        };
        let error = error.with("field", format!("nodes/{node}/{field}")).with("value", value);
        error.with("allowed", shorten(&allowed.join(", ")))
    })
}

/// What a registrar's file says of itself.
struct Inspected {
    format: &'static str,
    signature: Signature,
    labels: Vec<String>,
    suspect: Vec<String>,
    uses: Vec<VersionPin>,
}

impl Local {
    fn inspect(&self, bytes: &[u8]) -> Result<Inspected> {
        if is_document(bytes) {
            return self.inspect_pipeline(bytes);
        }
        let info = inspect(bytes, &Budgets::default())?;
        Ok(Inspected {
            format: "onnx",
            signature: info.signature,
            labels: labels_in(&info.metadata)?,
            suspect: info.suspect,
            uses: Vec::new(),
        })
    }

    /// Everything that can be wrong with a pipeline shows here, before it is recorded.
    fn inspect_pipeline(&self, bytes: &[u8]) -> Result<Inspected> {
        let inner = &*self.0;
        let document = PipelineDocument::from_json(bytes)?;
        let uses = document.uses();
        inner.control.catch_up()?;
        let parts: Vec<VersionRecord> = {
            let state = inner.control.read();
            uses.iter().map(|pin| named_part(&state, &document, pin)).collect::<Result<_>>()?
        };
        if let Some(nested) = parts.iter().find(|part| part.format == PIPELINE) {
            return Err(Error::new(ErrorKind::Unsupported, "a pipeline cannot be made of pipelines")
                .with("field", "nodes")
                .with("value", format!("{} {}", nested.model, nested.version))
                .with("allowed", "models; put the other pipeline's nodes beside these"));
        }
        let signatures: Vec<&Signature> = parts.iter().map(|part| &part.signature).collect();
        let signature = check(&document, &signatures, &inner.steps)?;
        // Its parts' own probes say nothing of them within the pipeline.
        let suspect = |part: &VersionRecord| {
            let name = format!("{} {}", part.model, part.version);
            part.suspect.iter().map(|what| format!("{name}: {what}")).collect::<Vec<_>>()
        };
        let suspect = parts.iter().flat_map(suspect).collect();
        Ok(Inspected { format: PIPELINE, signature, labels: Vec::new(), suspect, uses })
    }
}

impl Versioning for Local {
    fn register(&self, context: &CallContext, input: RegisterVersionInput) -> Result<VersionRecord> {
        let inner = &*self.0;
        check_name("model", &input.model)?;
        let bytes = read_limited("path", &input.path, inner.settings.max_artifact_bytes, &context.progress)?;
        let info = self.inspect(&bytes).map_err(|e| e.with("path", &input.path))?;
        let model_type = match input.model_type {
            Some(model_type) => model_type,
            None => inner.control.read().models.get(&input.model).map_or(ModelKind::Custom, |m| m.model_type),
        };
        let labels = input.labels.unwrap_or(info.labels);
        model_type.check(&info.signature, (!labels.is_empty()).then_some(&labels))?;
        let probes = match &input.probes_path {
            None => None,
            Some(path) => {
                let limit = crate::model::probe::MAX_PROBE_FILE_BYTES as u64;
                let bytes = read_limited("probes_path", path, limit, &Sink::default())?;
                ProbeSet::from_json(&bytes)
                    .and_then(|set| set.check_signature(&info.signature))
                    .map_err(|e| e.with("probes_path", path))?;
                Some(bytes)
            }
        };
        // From here to the event, no collection may run: the artifact is not referred to yet.
        let _pin = inner.artifacts.pin()?;
        let digest = inner.artifacts.put_reported(&bytes, &context.progress)?;
        let probes = probes.map(|bytes| inner.artifacts.put(&bytes)).transpose()?;
        let mut record = VersionRecord {
            model: input.model,
            version: String::new(),
            digest,
            bytes: bytes.len() as u64,
            format: info.format.to_owned(),
            signature: info.signature,
            labels,
            description: input.description,
            tags: input.tags,
            metrics: input.metrics,
            parent: input.parent,
            training_run: input.training_run,
            probes_from: probes.map(|_| "registrar".to_owned()),
            probes,
            suspect: info.suspect,
            status: VersionStatus::Draft,
            created_at: 0,
            evaluations: Vec::new(),
            uses: info.uses,
        };
        if let Some((name, value)) = record.metrics.iter().find(|(_, v)| !v.is_finite()) {
            return Err(Error::invalid("metrics", value, "finite numbers").with("metric", name));
        }
        for _ in 0..ATTEMPTS {
            record.version = match &input.version {
                Some(version) => version.clone(),
                None => next_version(inner.control.read().models.get(&record.model).map(|m| m.latest.as_str()))?,
            };
            let command = Command::RegisterVersion { model_type, record: Box::new(record.clone()) };
            match self.change(context, &command) {
                Ok(()) => return self.version(&record.model, &record.version),
                Err(e) if input.version.is_none() && e.kind() == ErrorKind::Conflict && e.get("digest").is_some() => {}
                Err(e) => return Err(e),
            }
        }
        Err(Error::conflict("other registrars took every next version").with("attempts", ATTEMPTS))
    }

    fn get(&self, model: &str, version: &str) -> Result<VersionRecord> {
        self.version(model, version)
    }

    fn list(&self, model: &str) -> Result<Vec<VersionRecord>> {
        self.model(model)?;
        let state = self.0.control.read();
        let mut versions: Vec<VersionRecord> = state.versions_of(model).map(|v| shown(&state, v)).collect();
        versions.sort_by_cached_key(|v| semver::Version::parse(&v.version).ok());
        Ok(versions)
    }

    fn models(&self) -> Result<Vec<Model>> {
        Ok(self.0.control.read().models.values().cloned().collect())
    }

    fn compare(&self, model: &str, base: &str, candidate: &str) -> Result<VersionComparison> {
        let (base, candidate) = (self.version(model, base)?, self.version(model, candidate)?);
        Ok(compare(&base, &candidate))
    }

    fn annotate(&self, context: &CallContext, input: AnnotateVersionInput) -> Result<VersionRecord> {
        let AnnotateVersionInput { model, version, description, tags, metrics } = input;
        self.0.control.catch_up()?;
        let number = self.version(&model, &version)?.version;
        let command =
            Command::AnnotateVersion { model: model.clone(), version: number.clone(), description, tags, metrics };
        self.change(context, &command)?;
        self.version(&model, &number)
    }

    fn set_status(&self, context: &CallContext, input: SetVersionStatusInput) -> Result<VersionRecord> {
        if input.status == VersionStatus::Deployed {
            return Err(Error::invalid(
                "status",
                "deployed",
                "a status that is set by hand; deploy the version instead",
            ));
        }
        let SetVersionStatusInput { model, version, status, reason } = input;
        self.0.control.catch_up()?;
        let number = self.version(&model, &version)?.version;
        let command = Command::SetVersionStatus { model: model.clone(), version: number.clone(), status, reason };
        self.change(context, &command)?;
        self.version(&model, &number)
    }

    fn delete(&self, context: &CallContext, model: &str, version: &str) -> Result<Deleted> {
        self.0.control.catch_up()?;
        let number = self.version(model, version)?.version;
        self.change(context, &Command::DeleteVersion { model: model.to_owned(), version: number.clone() })?;
        Ok(Deleted { model: model.to_owned(), version: number })
    }

    fn set_alias(&self, context: &CallContext, model: &str, alias: &str, version: &str) -> Result<Model> {
        let command =
            Command::SetAlias { model: model.to_owned(), alias: alias.to_owned(), version: version.to_owned() };
        self.change(context, &command)?;
        self.0.publish();
        self.model(model)
    }

    fn remove_alias(&self, context: &CallContext, model: &str, alias: &str) -> Result<Model> {
        self.change(context, &Command::RemoveAlias { model: model.to_owned(), alias: alias.to_owned() })?;
        self.0.publish();
        self.model(model)
    }
}

/// What differs between two versions, and whether the candidate can take the base's place.
fn compare(base: &VersionRecord, candidate: &VersionRecord) -> VersionComparison {
    let mut differences = Vec::new();
    let mut breaks = false;
    breaks |= compare_specs("input", &base.signature.inputs, &candidate.signature.inputs, accepts, &mut differences);
    breaks |= compare_specs(
        "output",
        &base.signature.outputs,
        &candidate.signature.outputs,
        |b, c| accepts(c, b),
        &mut differences,
    );
    // A further input is one that today's callers do not give.
    breaks |= extra(&base.signature, &candidate.signature, &mut differences);
    if base.labels != candidate.labels {
        breaks |= !candidate.labels.starts_with(&base.labels);
        differences.push(format!(
            "labels: {} in the base, {} in the candidate",
            base.labels.len(),
            candidate.labels.len()
        ));
    }
    let compatibility = match (breaks, differences.is_empty()) {
        (true, _) => Compatibility::Incompatible,
        (false, true) => Compatibility::Identical,
        (false, false) => Compatibility::Compatible,
    };
    let names: BTreeSet<&String> = base.metrics.keys().chain(candidate.metrics.keys()).collect();
    let metrics = names
        .into_iter()
        .map(|name| {
            let (b, c) = (base.metrics.get(name).copied(), candidate.metrics.get(name).copied());
            let difference = b.zip(c).map(|(b, c)| c - b);
            (name.clone(), MetricDifference { base: b, candidate: c, difference })
        })
        .collect();
    VersionComparison {
        model: base.model.clone(),
        base: base.version.clone(),
        candidate: candidate.version.clone(),
        same_artifact: base.digest == candidate.digest,
        compatibility,
        differences,
        base_bytes: base.bytes,
        candidate_bytes: candidate.bytes,
        metrics,
    }
}

/// Whether every tensor that fits `narrow` fits `wide`.
fn accepts(narrow: &TensorSpec, wide: &TensorSpec) -> bool {
    narrow.dtype == wide.dtype
        && narrow.shape.len() == wide.shape.len()
        && narrow.shape.iter().zip(&wide.shape).all(|(n, w)| match (n, w) {
            (Dim::Fixed(n), Dim::Fixed(w)) => n == w,
            (_, Dim::Fixed(_)) => false,
            _ => true,
        })
}

fn compare_specs(
    what: &str,
    base: &[TensorSpec],
    candidate: &[TensorSpec],
    fits: impl Fn(&TensorSpec, &TensorSpec) -> bool,
    differences: &mut Vec<String>,
) -> bool {
    let mut breaks = false;
    for spec in base {
        match candidate.iter().find(|c| c.name == spec.name) {
            None => {
                breaks = true;
                differences.push(format!("{what} {} is gone", spec.name));
            }
            Some(other) if other != spec => {
                breaks |= !fits(spec, other);
                differences.push(format!("{what} {spec} became {other}"));
            }
            Some(_) => {}
        }
    }
    breaks
}

fn extra(base: &Signature, candidate: &Signature, differences: &mut Vec<String>) -> bool {
    let mut breaks = false;
    for spec in candidate.inputs.iter().filter(|s| base.input(&s.name).is_none()) {
        breaks = true;
        differences.push(format!("input {spec} is new"));
    }
    for spec in candidate.outputs.iter().filter(|s| base.output(&s.name).is_none()) {
        differences.push(format!("output {spec} is new"));
    }
    breaks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(inputs: &str, outputs: &str, labels: &[&str]) -> VersionRecord {
        let signature = format!("{{\"inputs\": {inputs}, \"outputs\": {outputs}}}");
        VersionRecord {
            model: "m".into(),
            version: "1.0.0".into(),
            digest: crate::artifact::Digest::of(b""),
            bytes: 0,
            format: "onnx".into(),
            signature: serde_json::from_str(&signature).unwrap(),
            labels: labels.iter().map(|s| (*s).to_owned()).collect(),
            description: String::new(),
            tags: BTreeMap::new(),
            metrics: BTreeMap::new(),
            parent: None,
            training_run: None,
            probes: None,
            probes_from: None,
            suspect: Vec::new(),
            status: VersionStatus::Draft,
            created_at: 0,
            evaluations: Vec::new(),
            uses: Vec::new(),
        }
    }

    #[test]
    fn the_verdict_follows_callers_and_readers() {
        let x = r#"[{"name": "x", "dtype": "f32", "shape": ["n", "4"]}]"#;
        let wider = r#"[{"name": "x", "dtype": "f32", "shape": ["n", "?"]}]"#;
        let other = r#"[{"name": "x", "dtype": "f64", "shape": ["n", "4"]}]"#;
        let more =
            r#"[{"name": "x", "dtype": "f32", "shape": ["n", "4"]}, {"name": "y", "dtype": "f32", "shape": []}]"#;
        let verdict = |a: &VersionRecord, b: &VersionRecord| compare(a, b).compatibility;
        let base = record(x, x, &["a", "b"]);
        assert_eq!(verdict(&base, &base), Compatibility::Identical);
        assert_eq!(verdict(&base, &record(wider, x, &["a", "b"])), Compatibility::Compatible);
        assert_eq!(verdict(&base, &record(x, wider, &["a", "b"])), Compatibility::Incompatible);
        assert_eq!(verdict(&base, &record(other, x, &["a", "b"])), Compatibility::Incompatible);
        assert_eq!(verdict(&base, &record(more, x, &["a", "b"])), Compatibility::Incompatible);
        assert_eq!(verdict(&base, &record(x, more, &["a", "b"])), Compatibility::Compatible);
        assert_eq!(verdict(&base, &record(x, x, &["a", "b", "c"])), Compatibility::Compatible);
        assert_eq!(verdict(&base, &record(x, x, &["b", "a"])), Compatibility::Incompatible);
    }
}
