//! `predict`.

use std::collections::BTreeMap;
use std::time::Duration;

use noodle_deploy_core::model::probe::TensorData;
use noodle_deploy_core::ops::deployments::{DeploymentRef, GetDeployment};
use noodle_deploy_core::ops::versions::{GetVersion, VersionRef};
use noodle_deploy_core::{Error, ErrorKind, Noodle, PredictOptions, Prediction, Result, TensorView};
use serde::Serialize;

use crate::args::{Args, Predict};
use crate::control::{Load, open};
use crate::{Answer, inputs};

/// Elements of a tensor that are printed for people.
const SHOWN: usize = 32;

#[derive(Serialize)]
struct Answered {
    deployment: String,
    revision: u32,
    model: String,
    version: String,
    outputs: BTreeMap<String, TensorData>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels: Vec<Vec<Scored>>,
}

#[derive(Serialize)]
struct Scored {
    label: String,
    score: f32,
}

pub(crate) fn run(args: &Args, input: &Predict) -> Result<Answer> {
    let noodle = open(&args.dir, Load::Change)?;
    let tensors = inputs::tensors(input, &signature(&noodle, input)?)?;
    let views: Vec<(&str, TensorView<'_>)> = tensors.iter().map(|(name, t)| (name.as_str(), t.view())).collect();
    let options = PredictOptions {
        version: input.version.clone(),
        timeout: input.timeout_ms.map(Duration::from_millis),
        cancel: None,
        priority: input.priority,
        key: input.key.clone(),
        attributes: input.attributes.clone(),
        request_id: None,
    };
    let prediction = noodle.predict_with(&input.name, &views, &options).map_err(|e| e.operation("predict"))?;
    let answer = Answer::new(args.json, &answered(&prediction, input.top), readable)?;
    noodle.close();
    Ok(answer)
}

/// The signature of the version that is to answer, to read inputs by.
fn signature(noodle: &Noodle, input: &Predict) -> Result<noodle_deploy_core::model::signature::Signature> {
    let view = noodle.call::<GetDeployment>(DeploymentRef { deployment: input.name.clone() })?;
    let active = view.desired.active_revision().map(|r| r.version.clone());
    let version = input.version.clone().or(active).ok_or_else(|| {
        Error::new(ErrorKind::Unavailable, "the deployment does not serve")
            .operation("predict")
            .with("deployment", &input.name)
            .with("cause", view.desired.cause.as_deref().unwrap_or("nothing was promoted, or it was undeployed"))
    })?;
    Ok(noodle.call::<GetVersion>(VersionRef { model: view.desired.model, version })?.signature)
}

fn answered(prediction: &Prediction, top: u16) -> Answered {
    let served = prediction.served();
    let rows = prediction.top(top.into()).unwrap_or_default();
    let scored = |(label, score): (&str, f32)| Scored { label: label.to_owned(), score };
    Answered {
        deployment: served.deployment.clone(),
        revision: served.revision,
        model: served.model.clone(),
        version: served.version.clone(),
        outputs: prediction.outputs().map(|(name, tensor)| (name.to_owned(), TensorData::from(tensor))).collect(),
        labels: rows.into_iter().map(|row| row.into_iter().map(scored).collect()).collect(),
    }
}

fn readable(answer: &Answered) -> String {
    let lines: Vec<String> = if answer.labels.is_empty() {
        answer.outputs.iter().map(|(name, tensor)| shown(name, tensor)).collect()
    } else {
        let row = |row: &Vec<Scored>| row.iter().map(|s| format!("{} {:.2}", s.label, s.score)).collect::<Vec<_>>();
        answer.labels.iter().map(|scores| row(scores).join("  ")).collect()
    };
    lines.join("\n")
}

fn shown(name: &str, tensor: &TensorData) -> String {
    let sizes: Vec<String> = tensor.shape.iter().map(usize::to_string).collect();
    let data: Vec<String> = tensor.data.iter().take(SHOWN).map(ToString::to_string).collect();
    let rest = match tensor.data.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" … {more} more"),
    };
    format!("{name} {} [{}]: {}{rest}", tensor.dtype, sizes.join(", "), data.join(" "))
}
