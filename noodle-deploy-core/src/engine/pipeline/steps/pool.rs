//! `pool`: one vector for a sequence of them. `[batch, length, width]` becomes `[batch, width]`.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{ReadyStep, Step, Wired, check_form, check_rank, check_same, elements, misfit, output, push, read};
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, Result};
use crate::model::signature::TensorSpec;
use crate::tensor::{DType, TensorView};

pub(super) struct Pool;

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// The mean of the vectors that the mask keeps.
    Mean,
    /// The first vector.
    Cls,
    /// The largest number of each column, among the vectors that the mask keeps.
    Max,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    kind: Kind,
}

struct Ready {
    kind: Kind,
    hidden: usize,
    mask: Option<usize>,
    outputs: [TensorSpec; 1],
}

impl Step for Pool {
    fn name(&self) -> &str {
        "pool"
    }

    fn prepare(&self, config: &Map<String, Value>, inputs: &[TensorSpec]) -> Result<Arc<dyn ReadyStep>> {
        let Config { kind } = read(config)?;
        let wired = Wired::new(inputs, &["hidden", "mask"])?;
        let (hidden, spec) = wired.required("hidden")?;
        check_form(spec, &[DType::F32], 3..=3)?;
        let mask = wired.optional("mask");
        if let Some((_, mask)) = mask {
            if kind == Kind::Cls {
                return Err(Error::invalid("inputs/mask", "a wire", "nothing: cls takes the first vector"));
            }
            check_form(mask, &[DType::I64, DType::I32, DType::Bool], 2..=2)?;
            check_same(mask, &mask.shape[0], &spec.shape[0])?;
            check_same(mask, &mask.shape[1], &spec.shape[1])?;
        }
        let shape = vec![spec.shape[0].clone(), spec.shape[2].clone()];
        let mask = mask.map(|(position, _)| position);
        Ok(Arc::new(Ready { kind, hidden, mask, outputs: [output("output", DType::F32, shape)] }))
    }
}

/// Which positions count.
fn kept(mask: &TensorView<'_>, shape: &[usize]) -> Result<Vec<bool>> {
    if mask.shape() != shape {
        return Err(misfit("mask", mask.shape(), format!("{shape:?}")));
    }
    Ok(match mask.dtype() {
        DType::I64 => elements::<i64>(mask)?.iter().map(|m| *m != 0).collect(),
        DType::I32 => elements::<i32>(mask)?.iter().map(|m| *m != 0).collect(),
        _ => elements::<bool>(mask)?.to_vec(),
    })
}

impl ReadyStep for Ready {
    fn outputs(&self) -> &[TensorSpec] {
        &self.outputs
    }

    fn run(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, _: &Cancel<'_>) -> Result<()> {
        let hidden = &inputs[self.hidden];
        check_rank("hidden", hidden, 3)?;
        let &[batch, length, width] = hidden.shape() else { return Err(misfit("hidden", hidden.shape(), "rank 3")) };
        if length == 0 && batch > 0 {
            return Err(misfit("hidden", hidden.shape(), "one position or more"));
        }
        let data = elements::<f32>(hidden)?;
        let kept = self.mask.map(|mask| kept(&inputs[mask], &[batch, length])).transpose()?;
        let keeps = |row: usize, position: usize| kept.as_ref().is_none_or(|kept| kept[row * length + position]);
        let mut pooled = Vec::with_capacity(batch * width);
        for row in 0..batch {
            let vector = |position: usize| &data[(row * length + position) * width..][..width];
            if self.kind == Kind::Cls {
                pooled.extend_from_slice(vector(0));
                continue;
            }
            let begun = pooled.len();
            let start = if self.kind == Kind::Max { f32::NEG_INFINITY } else { 0.0 };
            pooled.resize(begun + width, start);
            let sums = &mut pooled[begun..];
            let mut counted = 0u32;
            for position in (0..length).filter(|&position| keeps(row, position)) {
                counted += 1;
                for (sum, x) in sums.iter_mut().zip(vector(position)) {
                    *sum = if self.kind == Kind::Max { sum.max(*x) } else { *sum + x };
                }
            }
            if counted == 0 {
                // Nothing to pool: zeros, as sums over nothing are.
                sums.fill(0.0);
            } else if self.kind == Kind::Mean {
                sums.iter_mut().for_each(|sum| *sum /= counted as f32);
            }
        }
        push(outputs, &[batch, width], pooled)
    }
}
