//! What the benches share: small models, deployed beside the same models in plain tract, and percentiles.
#![allow(dead_code, unreachable_pub)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use noodle_deploy_core::ops::deployments::{Deploy, DeployInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{Noodle, TensorView};
use tract_onnx::prelude::{
    Fact, Framework, InferenceModelExt, IntoRunnable, IntoTValue, TValue, TVec, Tensor, TypedSimplePlan,
    TypedSimpleState, tvec,
};

#[path = "../../tests/support/graph.rs"]
pub mod graph;

pub const MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/models");

/// `y = x + 1` on f32 of shape 1 x 4: as little work as a model can be.
pub fn trivial() -> Vec<u8> {
    graph::model(
        &[graph::node("Add", &["x", "one"], &["y"], &[])],
        &[graph::floats("one", &[1, 4], &[1.0; 4])],
        &[graph::value_info("x", graph::F32, &["1", "4"])],
        &[graph::value_info("y", graph::F32, &["1", "4"])],
    )
}

/// Registers and deploys a file under one name.
pub fn deploy(noodle: &Noodle, name: &str, path: &Path, replicas: u32) {
    deploy_with(noodle, name, path, replicas, Vec::new());
}

/// Registers and deploys a file with shapes that plans are made for.
pub fn deploy_with(noodle: &Noodle, name: &str, path: &Path, replicas: u32, shapes: Vec<BTreeMap<String, Vec<u32>>>) {
    let input = RegisterVersionInput {
        model: name.into(),
        path: path.display().to_string(),
        version: Some("1.0.0".into()),
        ..RegisterVersionInput::default()
    };
    noodle.call::<RegisterVersion>(input).unwrap();
    let engine = Some("tract".into());
    let input = DeployInput { replicas: Some(replicas), shapes, engine, ..DeployInput::new(name, "1.0.0") };
    noodle.call::<Deploy>(input).unwrap();
}

/// A model in plain tract, as a host would hold it without us: one plan, a state that is kept.
pub fn plan(file: &[u8], shape: &[usize]) -> Arc<TypedSimplePlan> {
    let mut model = tract_onnx::onnx().model_for_read(&mut &file[..]).unwrap();
    let datum = model.input_fact(0).unwrap().datum_type().unwrap();
    model.set_input_fact(0, tract_onnx::prelude::InferenceFact::dt_shape(datum, shape)).unwrap();
    model.into_optimized().unwrap().into_runnable().unwrap()
}

/// What a host does for one answer with tract alone: copy the input, run, take the output.
pub fn direct<T: tract_onnx::prelude::Datum + Copy>(
    state: &mut TypedSimpleState,
    shape: &[usize],
    data: &[T],
) -> TVec<TValue> {
    state.run(tvec!(Tensor::from_shape(shape, data).unwrap().into_tvalue())).unwrap()
}

/// One call of a deployment.
pub fn predict<T: noodle_deploy_core::tensor::Element>(
    noodle: &Noodle,
    name: &str,
    input: &str,
    shape: &[usize],
    data: &[T],
) -> noodle_deploy_core::Prediction {
    noodle.predict(name, &[(input, TensorView::new(shape, data).unwrap())]).unwrap()
}

/// Times of single calls, sorted.
pub struct Times(Vec<Duration>);

impl Times {
    pub fn at(&self, percent: f64) -> f64 {
        let index = ((self.0.len() - 1) as f64 * percent / 100.0).round() as usize;
        self.0[index].as_secs_f64() * 1e9
    }
}

/// Measures several calls in turns, `rounds` rounds of `block` calls each, so that all meet the same noise.
#[allow(clippy::disallowed_methods)]
pub fn interleaved<const N: usize>(rounds: usize, block: usize, calls: [&mut dyn FnMut(); N]) -> [Times; N] {
    let mut calls = calls;
    let mut times: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::with_capacity(rounds * block));
    for round in 0..rounds {
        for (call, times) in calls.iter_mut().zip(&mut times) {
            for _ in 0..block {
                let start = Instant::now();
                call();
                let taken = start.elapsed();
                // The first round warms caches up.
                if round > 0 {
                    times.push(taken);
                }
            }
        }
    }
    times.map(|mut times| {
        times.sort_unstable();
        Times(times)
    })
}
