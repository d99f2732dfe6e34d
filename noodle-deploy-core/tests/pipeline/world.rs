//! A directory with small models, and steps of the host's own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use noodle_deploy_core::engine::pipeline::steps::{ReadyStep, Step};
use noodle_deploy_core::engine::{Cancel, Outputs};
use noodle_deploy_core::error::{Error, Result};
use noodle_deploy_core::machine::state::VersionRecord;
use noodle_deploy_core::model::signature::TensorSpec;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::tensor::{Tensor, TensorView};
use noodle_deploy_core::{Noodle, Prediction};
use serde_json::{Map, Value, json};

use crate::graph;

/// Gives its input on as it is, and counts its runs.
#[derive(Clone, Default)]
pub struct Counted(pub Arc<AtomicU32>);

struct Same {
    runs: Arc<AtomicU32>,
    outputs: [TensorSpec; 1],
}

impl Step for Counted {
    fn name(&self) -> &str {
        "counted"
    }

    fn prepare(&self, config: &Map<String, Value>, inputs: &[TensorSpec]) -> Result<Arc<dyn ReadyStep>> {
        if let Some(field) = config.keys().next() {
            return Err(Error::invalid(format!("config/{field}"), "a value", "no fields"));
        }
        let [only] = inputs else { return Err(Error::invalid("inputs", inputs.len(), 1)) };
        Ok(Arc::new(Same { runs: self.0.clone(), outputs: [TensorSpec { name: "same".to_owned(), ..only.clone() }] }))
    }
}

impl ReadyStep for Same {
    fn outputs(&self) -> &[TensorSpec] {
        &self.outputs
    }

    fn run(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, _: &Cancel<'_>) -> Result<()> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        outputs.push(inputs[0].to_tensor()?);
        Ok(())
    }
}

pub struct World {
    pub dir: tempfile::TempDir,
    pub noodle: Noodle,
    pub counted: Counted,
}

impl World {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let counted = Counted::default();
        let noodle = Noodle::builder(dir.path().join("dir")).step(Arc::new(counted.clone())).open().unwrap();
        World { dir, noodle, counted }
    }

    pub fn runs(&self) -> u32 {
        self.counted.0.swap(0, Ordering::SeqCst)
    }

    pub fn register(&self, model: &str, version: &str, bytes: &[u8]) -> Result<VersionRecord> {
        let path = self.dir.path().join(format!("{model}-{version}"));
        std::fs::write(&path, bytes).unwrap();
        self.noodle.call::<RegisterVersion>(RegisterVersionInput {
            model: model.to_owned(),
            path: path.to_str().unwrap().to_owned(),
            version: Some(version.to_owned()),
            ..RegisterVersionInput::default()
        })
    }

    pub fn register_pipeline(&self, document: &Value) -> Result<VersionRecord> {
        self.register("whole", "1.0.0", document.to_string().as_bytes())
    }

    /// `x` f32[batch, 4] times weights of its own is `y` f32[batch, 2].
    pub fn linear(&self, model: &str, weights: [f32; 8]) {
        use graph::{F32, floats, node, value_info};
        let bytes = graph::model(
            &[node("MatMul", &["x", "w"], &["y"], &[])],
            &[floats("w", &[4, 2], &weights)],
            &[value_info("x", F32, &["batch", "4"])],
            &[value_info("y", F32, &["batch", "2"])],
        );
        self.register(model, "1.0.0", &bytes).unwrap();
    }

    pub fn deploy(&self) -> Result<()> {
        self.noodle.call::<Deploy>(DeployInput::new("whole", "1.0.0")).map(drop)
    }

    pub fn ask(&self, rows: &[[f32; 4]]) -> Result<Prediction> {
        let tensor = Tensor::new(&[rows.len(), 4], rows.concat()).unwrap();
        self.noodle.predict("whole", &[("x", tensor.view())])
    }
}

/// The weights of models whose outputs differ.
pub const LEFT: [f32; 8] = [1.0, 0.0, 0.0, 1.0, 0.5, 0.0, 0.0, 0.5];
pub const RIGHT: [f32; 8] = [0.0, 1.0, 1.0, 0.0, 0.0, 2.0, 2.0, 0.0];

pub fn x() -> Value {
    json!({"name": "x", "dtype": "f32", "shape": ["batch", "4"]})
}

pub fn model(name: &str, model: &str) -> Value {
    json!({"name": name, "model": model, "version": "1.0.0", "inputs": {"x": "inputs.x"}})
}

/// Two models, the mean of their answers, and the best class by name.
pub fn ensemble() -> Value {
    json!({
        "pipeline": 1,
        "inputs": [x()],
        "nodes": [
            {"name": "best", "step": "top_k", "config": {"k": 1, "labels": ["up", "down"]},
             "inputs": {"scores": "sure.output"}},
            {"name": "sure", "step": "softmax", "inputs": {"input": "both.output"}},
            {"name": "both", "step": "mean", "config": {"weights": {"a": 3}}, "inputs": {"a": "a.y", "b": "b.y"}},
            model("a", "left"),
            model("b", "right"),
        ],
        "outputs": [
            {"name": "label", "from": "best.labels"},
            {"name": "score", "from": "best.scores"},
            {"name": "probabilities", "from": "sure.output"},
        ],
    })
}

/// A small model, and a large one where the small one is not sure.
pub fn cascade() -> Value {
    json!({
        "pipeline": 1,
        "inputs": [x()],
        "nodes": [
            model("small", "left"),
            {"name": "guess", "step": "softmax", "inputs": {"input": "small.y"}},
            {"name": "asked", "step": "counted", "inputs": {"x": "inputs.x"},
             "when": {"confidence": "guess.output", "below": 0.75}},
            {"name": "large", "model": "right", "version": "1.0.0", "inputs": {"x": "asked.same"}},
            {"name": "second", "step": "softmax", "inputs": {"input": "large.y"}},
            {"name": "best", "step": "top_k", "config": {"k": 1},
             "inputs": {"scores": {"first_of": ["second.output", "guess.output"]}}},
        ],
        "outputs": [
            {"name": "probabilities", "from": {"first_of": ["second.output", "guess.output"]}},
            {"name": "class", "from": "best.indices"},
        ],
    })
}

/// The models that [`ensemble`] and [`cascade`] are made of.
pub fn with_models() -> World {
    let world = World::new();
    world.linear("left", LEFT);
    world.linear("right", RIGHT);
    world
}
