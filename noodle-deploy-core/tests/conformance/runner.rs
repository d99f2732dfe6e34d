//! Runs one case in a directory of its own, with a clock that stands and ids that repeat.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use noodle_deploy_core::clock::ManualClock;
use noodle_deploy_core::error::ErrorRecord;
use noodle_deploy_core::model::probe::TensorData;
use noodle_deploy_core::ops::{Caller, Role};
use noodle_deploy_core::rng::SeededRng;
use noodle_deploy_core::{
    Noodle, PredictOptions, Prediction, Result, Served, Session, SessionOptions, Settings, Tensor, TensorView,
};
use serde_json::{Value, json};

use crate::case::{Action, Case, Predict, Reopen, Step};
use crate::matching::{difference, draft, replace};

/// What a step answered, and how that differs from what the case expects.
pub struct Found {
    pub output: Option<Value>,
    pub error: Option<Value>,
    pub progress: Option<Value>,
    pub mismatch: Option<String>,
}

struct Runner<'a> {
    case: &'a Case,
    clock: Arc<ManualClock>,
    rng: Arc<SeededRng>,
    noodle: Option<Noodle>,
    sessions: HashMap<String, Session>,
    /// Names of the case, and the paths that they stand for.
    paths: Vec<(&'static str, String)>,
}

pub fn run(case: &Case, root: &Path) -> Vec<Found> {
    let temporary = tempfile::tempdir().unwrap();
    let tmp = temporary.path().canonicalize().unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let examples = root.join("../examples/models").canonicalize().unwrap();
    let mut runner = Runner {
        case,
        clock: Arc::new(ManualClock::new(case.clock)),
        rng: Arc::new(SeededRng::new(case.seed)),
        noodle: None,
        sessions: HashMap::new(),
        // The directory before the one that it lies in.
        paths: vec![
            ("$DIR", text(&tmp.join("dir"))),
            ("$TMP", text(&tmp)),
            ("$EXAMPLES", text(&examples)),
            ("$MODELS", text(&root.join("models"))),
        ],
    };
    for (name, content) in &case.files {
        let content = match content {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        std::fs::write(tmp.join(name), content).unwrap();
    }
    runner.open(&Reopen { directory: None, settings: case.settings.clone() }).unwrap_or_else(|e| panic!("{e:?}"));
    case.steps.iter().enumerate().map(|(i, step)| runner.step(i, step)).collect()
}

impl Runner<'_> {
    fn resolve(&self, value: &Value) -> Value {
        let pairs: Vec<(&str, &str)> = self.paths.iter().map(|(name, path)| (*name, path.as_str())).collect();
        replace(value, &pairs)
    }

    fn name(&self, value: &Value) -> Value {
        let pairs: Vec<(&str, &str)> = self.paths.iter().map(|(name, path)| (path.as_str(), *name)).collect();
        replace(value, &pairs)
    }

    fn path(&self, text: &str) -> String {
        self.resolve(&text.into()).as_str().unwrap().to_owned()
    }

    fn open(&mut self, reopen: &Reopen) -> Result<()> {
        // The last handle must be closed, or an open of the same directory shares it.
        self.noodle = None;
        let directory = self.path(reopen.directory.as_deref().unwrap_or("$DIR"));
        let mut settings = serde_json::to_value(Settings::default()).unwrap();
        for (name, value) in reopen.settings.as_object().into_iter().flatten() {
            settings[name] = value.clone();
        }
        let settings = serde_json::from_value(settings).expect("settings of the case");
        let builder = Noodle::builder(directory).settings(settings);
        self.noodle = Some(builder.clock(self.clock.clone()).rng(self.rng.clone()).open()?);
        Ok(())
    }

    fn step(&mut self, index: usize, step: &Step) -> Found {
        self.clock.advance(Duration::from_millis(step.advance_ms.unwrap_or(0)));
        let (report, reports) = channel();
        let result = match &step.action {
            Action::Operation { op, input } => {
                let noodle = self.noodle.as_ref().expect("an open directory");
                let caller = Caller {
                    actor: step.actor.clone().unwrap_or_else(|| noodle.settings().actor.clone()),
                    role: step.role.unwrap_or(Role::Admin),
                    request_id: None,
                };
                match &step.progress {
                    None => noodle.call_json(&caller, op, self.resolve(input)),
                    Some(_) => noodle
                        .with_progress(move |p| report.send(serde_json::to_value(p).unwrap()).unwrap())
                        .call_json(&caller, op, self.resolve(input)),
                }
            }
            Action::Predict { predict } => self.predict(predict),
            Action::Session { session } => {
                let noodle = self.noodle.as_ref().expect("an open directory");
                let options = SessionOptions { version: session.version.clone(), ..SessionOptions::default() };
                noodle.session(&session.deployment, &options).map(|opened| {
                    let shown = who(opened.served());
                    self.sessions.insert(session.name.clone(), opened);
                    shown
                })
            }
            Action::ResetSession { reset_session } => self.sessions[reset_session].reset().map(|()| json!({})),
            Action::EndSession { end_session } => {
                self.sessions.remove(end_session);
                Ok(json!({}))
            }
            Action::Reopen { reopen } => self.open(reopen).map(|()| json!({})),
            Action::Write { write } => {
                std::fs::write(self.path(&write.path), &write.text).unwrap();
                Ok(json!({}))
            }
        };
        let (output, error) = match result {
            Ok(output) => (Some(self.name(&output)), None),
            Err(e) => (None, Some(self.name(&serde_json::to_value(ErrorRecord::from(&e)).unwrap()))),
        };
        let progress = step.progress.as_ref().map(|_| Value::Array(reports.iter().collect()));
        let tolerance = step.tolerance.unwrap_or(0.0);
        let compare = |expected: &Option<Value>, found: &Option<Value>, what: &str| match (expected, found) {
            (None, None) => None,
            (Some(expected), Some(found)) => difference(expected, found, tolerance, what),
            (None, Some(found)) => Some(format!("{what}: expected none, found {found}")),
            (Some(expected), None) => Some(format!("{what}: expected {expected}, found none")),
        };
        let mismatch = compare(&step.error, &error, "error")
            .or_else(|| compare(&step.output, &output, "output"))
            .or_else(|| compare(&step.progress, &progress, "progress"));
        let mismatch = mismatch.map(|m| format!("{}, step {index}\n  {m}", self.case.name));
        Found { output: output.as_ref().map(|output| draft(output, tolerance)), error, progress, mismatch }
    }

    fn predict(&self, predict: &Predict) -> Result<Value> {
        let noodle = self.noodle.as_ref().expect("an open directory");
        let tensors = predict
            .inputs
            .iter()
            .map(|(name, data)| Ok((name.as_str(), data.to_tensor()?)))
            .collect::<Result<Vec<(&str, Tensor)>>>()?;
        let session = predict.session.as_ref().map(|name| &self.sessions[name]);
        let options = PredictOptions {
            version: predict.version.clone(),
            timeout: predict.timeout_ms.map(Duration::from_millis),
            cancel: None,
            priority: predict.priority.unwrap_or(0),
            key: predict.key.clone(),
            attributes: predict.attributes.clone().into_iter().collect(),
            request_id: predict.request_id.clone(),
        };
        if predict.stream {
            let inputs = tensors.into_iter().map(|(name, tensor)| (name.to_owned(), tensor)).collect();
            let stream = match session {
                Some(session) => session.predict_stream(inputs, &options),
                None => noodle.predict_stream(&predict.deployment, inputs, &options),
            };
            return Ok(json!({"answers": stream?.map(|a| a.map(|a| shown(&a))).collect::<Result<Vec<_>>>()?}));
        }
        let views: Vec<(&str, TensorView<'_>)> = tensors.iter().map(|(name, t)| (*name, t.view())).collect();
        let answer = match session {
            Some(session) => session.predict_with(&views, &options),
            None => noodle.predict_with(&predict.deployment, &views, &options),
        };
        answer.map(|answer| shown(&answer))
    }
}

fn who(served: &Served) -> Value {
    json!({
        "deployment": served.deployment,
        "revision": served.revision,
        "model": served.model,
        "version": served.version,
    })
}

fn shown(answer: &Prediction) -> Value {
    let outputs: serde_json::Map<String, Value> = answer
        .outputs()
        .map(|(name, tensor)| (name.to_owned(), serde_json::to_value(TensorData::from(tensor)).unwrap()))
        .collect();
    let mut shown = who(answer.served());
    shown["outputs"] = Value::Object(outputs);
    if let Ok(rows) = answer.top(1) {
        shown["labels"] = rows.iter().map(|row| row[0].0).collect();
    }
    shown
}
