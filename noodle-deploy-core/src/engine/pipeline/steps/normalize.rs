//! `normalize`: vectors of length one along an axis, so that a dot product is a cosine.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{ReadyStep, Step, Wired, around, axis_of, check_form, check_rank, elements, output, push, read};
use crate::engine::{Cancel, Outputs};
use crate::error::Result;
use crate::model::signature::TensorSpec;
use crate::tensor::{DType, TensorView};

/// Shorter vectors are divided by this, as PyTorch's `normalize` does.
const LEAST: f32 = 1e-12;

pub(super) struct Normalize;

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

impl Step for Normalize {
    fn name(&self) -> &str {
        "normalize"
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
                // In double precision: the squares of large numbers do not fit.
                let length = of_lane().map(|i| f64::from(block[i]).powi(2)).sum::<f64>().sqrt() as f32;
                of_lane().for_each(|i| block[i] /= length.max(LEAST));
            }
        }
        push(outputs, inputs[0].shape(), data)
    }
}
