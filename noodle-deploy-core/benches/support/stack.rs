//! A model whose batches pay: layers that read all their weights for each run, however many rows it has.
#![allow(dead_code, unreachable_pub)]

use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, DeploymentRef, GetDeployment};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{BatchConfig, Noodle, Prediction, Result, TensorView};

use super::graph;

pub const WIDTH: usize = 512;

fn stack(layers: usize) -> Vec<u8> {
    // Of this size, numbers stay near 1 from layer to layer.
    let weight = |i: usize| if (i * 2_654_435_761) >> 13 & 1 == 0 { 0.04f32 } else { -0.04 };
    let side = WIDTH as i64;
    let name = |layer: usize| if layer == 0 { "x".into() } else { format!("h{layer}") };
    let weights = (0..layers).map(|layer| {
        let values: Vec<f32> = (0..WIDTH * WIDTH).map(|i| weight(i + layer)).collect();
        graph::floats(&format!("w{layer}"), &[side, side], &values)
    });
    let nodes =
        (0..layers).map(|layer| graph::node("MatMul", &[&name(layer), &format!("w{layer}")], &[&name(layer + 1)], &[]));
    let info = |name: &str| graph::value_info(name, graph::F32, &["batch", &WIDTH.to_string()]);
    let weights: Vec<_> = weights.collect();
    graph::model(&nodes.collect::<Vec<_>>(), &weights, &[info("x")], &[info(&name(layers))])
}

/// Registers the model, with so many layers, as `stack`.
pub fn register(noodle: &Noodle, dir: &std::path::Path, layers: usize) {
    let path = dir.join("stack.onnx");
    std::fs::write(&path, stack(layers)).unwrap();
    let input = RegisterVersionInput {
        model: "stack".into(),
        path: path.display().to_string(),
        version: Some("1.0.0".into()),
        ..RegisterVersionInput::default()
    };
    noodle.call::<RegisterVersion>(input).unwrap();
}

/// Deploys it with one replica; deployments share the weights.
pub fn deploy(noodle: &Noodle, name: &str, batching: Option<BatchConfig>) {
    let (model, engine) = (Some("stack".into()), Some("tract".into()));
    let input = DeployInput { model, engine, replicas: Some(1), batching, ..DeployInput::new(name, "1.0.0") };
    noodle.call::<Deploy>(input).unwrap();
}

/// What the replica of a deployment did so far: its runs, their rows where requests are batched, and seconds in the
/// engine.
#[derive(Clone, Copy)]
pub struct Work {
    pub runs: u64,
    pub rows: u64,
    pub busy: f64,
}

pub fn work(noodle: &Noodle, name: &str) -> Work {
    let view = noodle.call::<GetDeployment>(DeploymentRef { deployment: name.into() }).unwrap();
    let status = view.replicas.into_values().next().unwrap();
    let (runs, busy_us) = status.each.iter().fold((0, 0), |(runs, us), each| (runs + each.runs, us + each.busy_us));
    Work { runs, rows: status.batching.map_or(runs, |batching| batching.rows), busy: busy_us as f64 / 1e6 }
}

/// Asks for the answers to so many rows.
pub fn ask(noodle: &Noodle, name: &str, rows: usize) -> Result<Prediction> {
    const MOST: usize = 32;
    static DATA: [f32; MOST * WIDTH] = [0.5; MOST * WIDTH];
    noodle.predict(name, &[("x", TensorView::new(&[rows, WIDTH], &DATA[..rows * WIDTH])?)])
}
