//! The models, each at one shape with batch 1 and, where that axis is free, 8.

use std::sync::Arc;

use noodle_deploy_core::tensor::Shape;
use noodle_deploy_core::{Tensor, TensorView};
use serde_json::Value;

use crate::recorded::{fill, list, recorded, shape_of};

/// Threads that one run may use.
pub const THREADS: [u32; 2] = [1, 2];

/// A model and the recorded cases that it is measured on.
pub struct Model {
    pub name: &'static str,
    /// With batch 1 and with batch 8.
    cases: &'static [&'static str],
}

const fn model(name: &'static str, cases: &'static [&'static str]) -> Model {
    Model { name, cases }
}

pub const MODELS: [Model; 14] = [
    model("magika", &["bytes-b1", "bytes-b8"]),
    model("ppocr-det", &["page-256x320-b1", "page-256x320-b8"]),
    model("ppocr-rec", &["page-48x320-b1", "page-48x320-b8"]),
    model("ppocr-cls", &["page-48x192-b1", "page-48x192-b8"]),
    model("silero-vad", &["warm-16000-b1", "warm-16000-b8"]),
    model("silero-vad-half", &["warm-16000-b1", "warm-16000-b8"]),
    model("silero-vad-16k-op15", &["warm-16000-b1", "warm-16000-b8"]),
    // Its outermost axis counts the frames of one recording.
    model("silero-vad-16k-sequence", &["warm-f1", "warm-f8"]),
    model("silero-vad-op18-ifless", &["warm-16000-b1", "warm-16000-b8"]),
    // Fixes the batch.
    model("silero-vad-openvino-16k", &["warm-16000-b1"]),
    model("minilm", &["full-b1-s128", "full-b8-s128"]),
    model("resnet50", &["noise-224x224-b1", "noise-224x224-b8"]),
    model("mobilenetv2", &["noise-224x224-b1", "noise-224x224-b8"]),
    model("bert-base", &["full-b1-s128", "full-b8-s128"]),
];

/// One model at one shape with so many threads.
pub struct Case {
    pub model: &'static str,
    name: &'static str,
    pub threads: u32,
    pub artifact: Arc<Vec<u8>>,
    /// What ONNX Runtime answered.
    pub recorded: Value,
    names: Vec<String>,
    inputs: Vec<Tensor>,
}

impl Model {
    pub fn cases(&self, artifact: &Arc<Vec<u8>>, threads: u32) -> Vec<Case> {
        let record = recorded(self.name).expect("recorded answers");
        let find = |name: &&'static str| {
            let recorded = list(&record, "cases").iter().find(|case| case["name"] == *name).expect("a recorded case");
            let inputs = list(recorded, "inputs");
            Case {
                model: self.name,
                name,
                threads,
                artifact: artifact.clone(),
                names: inputs.iter().map(|spec| spec["name"].as_str().unwrap().to_owned()).collect(),
                inputs: inputs.iter().map(fill).collect(),
                recorded: recorded.clone(),
            }
        };
        self.cases.iter().map(find).collect()
    }
}

impl Case {
    pub fn title(&self) -> String {
        format!("{} {}", self.model, self.name)
    }

    /// Inputs in the order of the file, which is the signature's.
    pub fn named(&self) -> Vec<(&str, TensorView<'_>)> {
        self.names.iter().map(String::as_str).zip(self.inputs.iter().map(Tensor::view)).collect()
    }

    /// The shapes that a deploy declares.
    pub fn shapes(&self) -> Vec<Shape> {
        list(&self.recorded, "inputs").iter().map(|spec| shape_of(spec).into()).collect()
    }
}
