//! `softmax`: exp(x - max) over its sum, along one axis.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{ReadyStep, Step, Wired, around, axis_of, check_form, check_rank, elements, output, push, read};
use crate::engine::{Cancel, Outputs};
use crate::error::Result;
use crate::model::signature::TensorSpec;
use crate::tensor::{DType, TensorView};

pub(super) struct Softmax;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    #[serde(default = "last")]
    axis: i64,
}

fn last() -> i64 {
    -1
}

struct Ready {
    axis: usize,
    outputs: [TensorSpec; 1],
}

impl Step for Softmax {
    fn name(&self) -> &str {
        "softmax"
    }

    fn prepare(&self, config: &Map<String, Value>, inputs: &[TensorSpec]) -> Result<Arc<dyn ReadyStep>> {
        let config: Config = read(config)?;
        let (_, spec) = Wired::new(inputs, &["input"])?.required("input")?;
        check_form(spec, &[DType::F32], 1..=usize::MAX)?;
        let axis = axis_of(config.axis, spec.shape.len())?;
        Ok(Arc::new(Ready { axis, outputs: [output("output", DType::F32, spec.shape.clone())] }))
    }
}

impl ReadyStep for Ready {
    fn outputs(&self) -> &[TensorSpec] {
        &self.outputs
    }

    fn run(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, _: &Cancel<'_>) -> Result<()> {
        check_rank("input", &inputs[0], self.outputs[0].shape.len())?;
        let mut data = elements::<f32>(&inputs[0])?.into_owned();
        let (_, size, inner) = around(inputs[0].shape(), self.axis);
        if data.is_empty() {
            return push(outputs, inputs[0].shape(), data);
        }
        for block in data.chunks_exact_mut(size * inner) {
            for lane in 0..inner {
                let of_lane = || (lane..size * inner).step_by(inner);
                let largest = of_lane().map(|i| block[i]).fold(f32::NEG_INFINITY, f32::max);
                let mut sum = 0.0f32;
                for i in of_lane() {
                    block[i] = (block[i] - largest).exp();
                    sum += block[i];
                }
                of_lane().for_each(|i| block[i] /= sum);
            }
        }
        push(outputs, inputs[0].shape(), data)
    }
}
