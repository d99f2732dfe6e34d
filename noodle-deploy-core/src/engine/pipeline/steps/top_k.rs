//! `top_k`: the largest scores along the last axis, in descending order, with their positions and labels.

use std::cmp::Ordering;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{ReadyStep, Step, Wired, check_form, check_rank, elements, misfit, output, push, read};
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, Result};
use crate::model::signature::{Dim, TensorSpec};
use crate::tensor::{DType, Tensor, TensorView};

pub(super) struct TopK;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    k: usize,
    labels: Option<Vec<String>>,
}

struct Ready {
    k: usize,
    labels: Option<Vec<String>>,
    outputs: Vec<TensorSpec>,
}

impl Step for TopK {
    fn name(&self) -> &str {
        "top_k"
    }

    fn prepare(&self, config: &Map<String, Value>, inputs: &[TensorSpec]) -> Result<Arc<dyn ReadyStep>> {
        let Config { k, labels } = read(config)?;
        let (_, spec) = Wired::new(inputs, &["scores"])?.required("scores")?;
        check_form(spec, &[DType::F32], 1..=usize::MAX)?;
        let classes = match (spec.shape.last(), &labels) {
            (Some(Dim::Fixed(size)), Some(labels)) if *size != labels.len() => {
                return Err(Error::invalid(
                    "config/labels",
                    format!("{} labels", labels.len()),
                    format!("{size} labels"),
                ));
            }
            (Some(Dim::Fixed(size)), _) => Some(*size),
            (_, labels) => labels.as_ref().map(Vec::len),
        };
        if k == 0 || classes.is_some_and(|classes| k > classes) {
            let most = classes.map_or("the number of classes".to_owned(), |classes| classes.to_string());
            return Err(Error::invalid("config/k", k, format!("1 to {most}")));
        }
        let mut shape = spec.shape.clone();
        shape.pop();
        shape.push(Dim::Fixed(k));
        let mut outputs =
            vec![output("scores", DType::F32, shape.clone()), output("indices", DType::I64, shape.clone())];
        if labels.is_some() {
            outputs.push(output("labels", DType::String, shape));
        }
        Ok(Arc::new(Ready { k, labels, outputs }))
    }
}

/// Larger scores first, NaN last; among equal ones the first position.
fn order(a: (usize, f32), b: (usize, f32)) -> Ordering {
    let by_score = b.1.partial_cmp(&a.1).unwrap_or_else(|| a.1.is_nan().cmp(&b.1.is_nan()));
    by_score.then(a.0.cmp(&b.0))
}

impl ReadyStep for Ready {
    fn outputs(&self) -> &[TensorSpec] {
        &self.outputs
    }

    fn run(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, _: &Cancel<'_>) -> Result<()> {
        let view = &inputs[0];
        check_rank("scores", view, self.outputs[0].shape.len())?;
        let classes = *view.shape().last().ok_or_else(|| misfit("scores", view.shape(), "rank 1 or more"))?;
        let fits = match &self.labels {
            Some(labels) => labels.len() == classes,
            None => classes >= self.k,
        };
        if !fits {
            let allowed = self.labels.as_ref().map_or(format!("{} classes or more", self.k), |labels| {
                format!("{} classes: as many as labels", labels.len())
            });
            return Err(misfit("scores", view.shape(), allowed));
        }
        let data = elements::<f32>(view)?;
        let mut shape = view.shape().to_vec();
        shape.pop();
        shape.push(self.k);
        let count = data.len() / classes * self.k;
        let (mut scores, mut indices) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut row: Vec<(usize, f32)> = Vec::with_capacity(classes);
        for scored in data.chunks_exact(classes) {
            row.clear();
            row.extend(scored.iter().copied().enumerate());
            if self.k < classes {
                row.select_nth_unstable_by(self.k - 1, |a, b| order(*a, *b));
                row.truncate(self.k);
            }
            row.sort_unstable_by(|a, b| order(*a, *b));
            scores.extend(row.iter().map(|(_, score)| *score));
            indices.extend(row.iter().map(|(index, _)| *index as i64));
        }
        let named = self.labels.as_ref().map(|labels| indices.iter().map(|i| labels[*i as usize].clone()).collect());
        push(outputs, &shape, scores)?;
        push(outputs, &shape, indices)?;
        if let Some(named) = named {
            outputs.push(Tensor::strings(&shape, named)?);
        }
        Ok(())
    }
}
