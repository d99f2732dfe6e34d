//! `register` and `deploy`.

use std::path::{Path, PathBuf};

use noodle_deploy_core::artifact::Digest;
use noodle_deploy_core::machine::state::{VersionRecord, VersionStatus};
use noodle_deploy_core::model::file::{DeploymentConfig, MAX_MODEL_FILE_BYTES, ModelFile};
use noodle_deploy_core::ops::deployments::{self, DeployInput, DeploymentView};
use noodle_deploy_core::ops::versions::{ListVersions, ModelRef, RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{Error, ErrorKind, Noodle, Result};

use crate::args::{About, Deploy, Register};
use crate::inputs::{read, unreadable};
use crate::progress::call;

pub(crate) fn register(noodle: &Noodle, args: &Register) -> Result<VersionRecord> {
    call::<RegisterVersion>(
        noodle,
        RegisterVersionInput {
            model: args.model.clone(),
            path: text(&args.path)?,
            description: args.description.clone(),
            tags: args.tags.iter().cloned().collect(),
            metrics: args.metrics.iter().cloned().collect(),
            parent: args.parent.clone(),
            training_run: args.training_run.clone(),
            ..about(&args.about)?
        },
    )
}

pub(crate) fn deploy(noodle: &Noodle, args: &Deploy) -> Result<DeploymentView> {
    let (deployment, model, version, config) = match &args.path {
        None => {
            let model = args.model.clone();
            let name = args.name.clone().or_else(|| model.clone()).ok_or_else(|| {
                Error::invalid("deploy", "nothing", "a model file, or --model, or --name of a deployment")
            })?;
            (name, model, args.about.version.clone(), DeploymentConfig::default())
        }
        Some(path) => {
            let (input, config) = if is_json(path) { from_model_file(path, args)? } else { from_file(path, args)? };
            let name = args.name.clone().or_else(|| config.name.clone()).unwrap_or_else(|| input.model.clone());
            let model = input.model.clone();
            (name, Some(model), Some(ensure(noodle, input, &args.about)?), config)
        }
    };
    call::<deployments::Deploy>(
        noodle,
        DeployInput {
            model,
            target: args.target.clone().or_else(|| config.target.map(|t| t.name().to_owned())),
            strategy: args.strategy.or(config.strategy),
            replicas: args.replicas.or(config.replicas),
            threads: args.threads.or(config.threads).unwrap_or(1),
            shapes: args.shapes.clone(),
            engine: args.engine.clone(),
            batching: args.batching.clone(),
            cache: args.cache.clone(),
            required_gates: (!args.required_gates.is_empty()).then(|| args.required_gates.clone()),
            loading: args.loading,
            unload_after_ms: args.unload_after,
            tune: args.tune,
            state: args.state.clone(),
            stream: args.stream.clone(),
            canary: args.canary.clone(),
            rolling: args.rolling.clone(),
            ..DeployInput::new(deployment, version.unwrap_or_else(|| "latest".to_owned()))
        },
    )
}

/// The version of the model that has this very file, registered where there is none.
fn ensure(noodle: &Noodle, input: RegisterVersionInput, said: &About) -> Result<String> {
    let versions = match noodle.call::<ListVersions>(ModelRef { model: input.model.clone() }) {
        Ok(list) => list.versions,
        Err(e) if e.kind() == ErrorKind::NotFound => Vec::new(),
        Err(e) => return Err(e),
    };
    let digest = digest(Path::new(&input.path))?;
    let same = |v: &&VersionRecord| {
        v.digest == digest
            && v.status != VersionStatus::Retired
            && input.version.as_ref().is_none_or(|version| *version == v.version)
    };
    match versions.iter().rev().find(same) {
        Some(found) => {
            // A version does not change: what is said of it now would be dropped without a word.
            let other = |field, value: String| {
                let has = format!("nothing else: version {} has this file; `register` makes another", found.version);
                Err(Error::invalid(field, value, has))
            };
            match said {
                About { probes: Some(probes), .. } => other("probes", probes.display().to_string()),
                About { labels: Some(labels), .. } if *labels != found.labels => other("labels", labels.join(",")),
                _ => Ok(found.version.clone()),
            }
        }
        None => call::<RegisterVersion>(noodle, input).map(|record| record.version),
    }
}

fn digest(path: &Path) -> Result<Digest> {
    // Before it is opened: the open of a pipe waits for a writer.
    if !path.metadata().map_err(|e| unreadable(path, e))?.is_file() {
        return Err(Error::invalid("path", path.display(), "a regular file"));
    }
    let mut hasher = blake3::Hasher::new();
    let mut file = std::fs::File::open(path).map_err(|e| unreadable(path, e))?;
    hasher.update_reader(&mut file).map_err(|e| unreadable(path, e))?;
    Ok(hasher.finalize().into())
}

fn from_file(path: &Path, args: &Deploy) -> Result<(RegisterVersionInput, DeploymentConfig)> {
    let stem = || path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let input = RegisterVersionInput {
        model: args.model.clone().or_else(|| args.name.clone()).unwrap_or_else(stem),
        path: text(path)?,
        ..about(&args.about)?
    };
    Ok((input, DeploymentConfig::default()))
}

fn from_model_file(path: &Path, args: &Deploy) -> Result<(RegisterVersionInput, DeploymentConfig)> {
    let file =
        ModelFile::from_json(&read(path, MAX_MODEL_FILE_BYTES as u64)?).map_err(|e| e.with("file", path.display()))?;
    if let Some(framework) = file.framework {
        framework.check_loadable()?;
    }
    let beside = |name: &str| -> Result<PathBuf> {
        if name.contains("://") {
            return Err(Error::new(ErrorKind::Unsupported, "this build reads models from files only")
                .with("field", "model_path")
                .with("value", name)
                .with("allowed", "a path"));
        }
        Ok(path.parent().unwrap_or(Path::new("")).join(name))
    };
    let said = about(&args.about)?;
    let probes = file.probe_path.as_deref().map(|p| beside(p).and_then(|p| text(&p))).transpose()?;
    let mut lineage = file.lineage;
    let input = RegisterVersionInput {
        model: args.model.clone().unwrap_or(file.model_name),
        path: text(&beside(&file.model_path)?)?,
        version: said.version.or(file.model_version),
        model_type: said.model_type.or(Some(file.model_type)),
        labels: said.labels.or(file.labels),
        description: file.model_description.unwrap_or_default(),
        metrics: file.metrics,
        parent: lineage.remove("parent"),
        training_run: lineage.remove("training_run"),
        // Words and lineage have no values or fields of their own in the registry.
        tags: file.tags.into_iter().map(|word| (word, "yes".to_owned())).chain(lineage).collect(),
        probes_path: said.probes_path.or(probes),
    };
    Ok((input, file.deployment))
}

fn about(about: &About) -> Result<RegisterVersionInput> {
    Ok(RegisterVersionInput {
        version: about.version.clone(),
        model_type: about.model_type,
        labels: about.labels.clone(),
        probes_path: about.probes.as_deref().map(text).transpose()?,
        ..RegisterVersionInput::default()
    })
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"))
}

/// Operations take paths as text.
pub(crate) fn text(path: &Path) -> Result<String> {
    path.to_str().map(str::to_owned).ok_or_else(|| Error::invalid("path", path.display(), "a path in UTF-8"))
}
