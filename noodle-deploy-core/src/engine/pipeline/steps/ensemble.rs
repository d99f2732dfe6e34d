//! `mean` and `vote`: several models' scores become one. Inputs may have any names; all have one form.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{ReadyStep, Step, check_form, check_rank, elements, misfit, output, push, read};
use crate::engine::pipeline::shapes::{form, merge_specs};
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, Result};
use crate::model::signature::TensorSpec;
use crate::tensor::{DType, TensorView, element_count};

/// The weighted mean of the inputs.
pub(super) struct Mean;

/// For each class the share of the inputs whose largest score it has; the first one among equal scores.
pub(super) struct Vote;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    #[serde(default)]
    weights: BTreeMap<String, f32>,
}

struct Ready {
    votes: bool,
    /// One per input; together 1.
    weights: Vec<f32>,
    outputs: [TensorSpec; 1],
}

fn prepare(
    votes: bool,
    config: &Map<String, Value>,
    inputs: &[TensorSpec],
    least_rank: usize,
) -> Result<Arc<dyn ReadyStep>> {
    let Config { weights } = read(config)?;
    if let Some(unknown) = weights.keys().find(|name| !inputs.iter().any(|spec| spec.name == **name)) {
        let allowed = inputs.iter().map(|spec| spec.name.as_str()).collect::<Vec<_>>().join(", ");
        return Err(Error::invalid("config/weights", unknown, allowed));
    }
    let Some((first, others)) = inputs.split_first() else {
        return Err(Error::invalid("inputs", "nothing", "one input or more"));
    };
    check_form(first, &[DType::F32], least_rank..=usize::MAX)?;
    let mut whole = first.clone();
    for spec in others {
        whole = merge_specs(&whole, spec)
            .ok_or_else(|| Error::invalid(format!("inputs/{}", spec.name), form(spec), form(&whole)))?;
    }
    let weights: Vec<f32> = inputs.iter().map(|spec| weights.get(&spec.name).copied().unwrap_or(1.0)).collect();
    let total: f32 = weights.iter().sum();
    if let Some(wrong) = weights.iter().find(|weight| !weight.is_finite() || **weight < 0.0) {
        return Err(Error::invalid("config/weights", wrong, "finite numbers, 0 or more"));
    }
    if !total.is_finite() || total <= 0.0 {
        return Err(Error::invalid("config/weights", total, "a finite sum above 0"));
    }
    let weights = weights.into_iter().map(|weight| weight / total).collect();
    Ok(Arc::new(Ready { votes, weights, outputs: [output("output", DType::F32, whole.shape)] }))
}

impl Step for Mean {
    fn name(&self) -> &str {
        "mean"
    }

    fn prepare(&self, config: &Map<String, Value>, inputs: &[TensorSpec]) -> Result<Arc<dyn ReadyStep>> {
        prepare(false, config, inputs, 0)
    }
}

impl Step for Vote {
    fn name(&self) -> &str {
        "vote"
    }

    fn prepare(&self, config: &Map<String, Value>, inputs: &[TensorSpec]) -> Result<Arc<dyn ReadyStep>> {
        prepare(true, config, inputs, 1)
    }
}

impl ReadyStep for Ready {
    fn outputs(&self) -> &[TensorSpec] {
        &self.outputs
    }

    fn run(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, _: &Cancel<'_>) -> Result<()> {
        let shape = inputs[0].shape();
        for view in inputs {
            check_rank("inputs", view, self.outputs[0].shape.len())?;
            if view.shape() != shape {
                return Err(misfit("inputs", view.shape(), format!("{shape:?}, as the first input")));
            }
        }
        let mut sums = vec![0.0f32; element_count(shape).unwrap_or(0)];
        for (view, weight) in inputs.iter().zip(&self.weights) {
            let data = elements::<f32>(view)?;
            if !self.votes {
                sums.iter_mut().zip(data.iter()).for_each(|(sum, x)| *sum += weight * x);
                continue;
            }
            let classes = shape.last().copied().unwrap_or(1).max(1);
            for (sums, row) in sums.chunks_exact_mut(classes).zip(data.chunks_exact(classes)) {
                let largest = (1..classes).fold(0, |best, i| if row[i] > row[best] { i } else { best });
                sums[largest] += weight;
            }
        }
        push(outputs, shape, sums)
    }
}
