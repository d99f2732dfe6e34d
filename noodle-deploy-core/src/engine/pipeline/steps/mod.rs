//! Steps: what turns tensors into tensors without a model. Built in, or the host's.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::shapes::{agree, form, shown};
use crate::decode::decode;
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, ErrorKind, Result};
use crate::model::signature::{Dim, TensorSpec};
use crate::tensor::{DType, Data, Element, Tensor, TensorView};

mod ensemble;
mod image;
mod normalize;
mod pool;
mod softmax;
#[cfg(feature = "step-tokenizer")]
mod tokenizer;
mod top_k;

/// A kind of step, known by its name.
pub trait Step: Send + Sync {
    /// The name in documents.
    fn name(&self) -> &str;

    /// Version of what it computes: another one means that kept answers are no longer right.
    fn version(&self) -> &str {
        "1"
    }

    /// Reads the configuration, checks the inputs, and says what comes out.
    ///
    /// `inputs` are named as the document wires them, in the order of their names. A size is a number, a symbol (any,
    /// the same for the same name), or `?` (told by nobody before the request runs).
    ///
    /// Behavior:
    /// - Runs when a pipeline is registered and whenever it is loaded.
    /// - Symbols that the outputs bring along are the node's own.
    ///
    /// # Errors
    /// `invalid_argument` with the field (`config/…` or `inputs/…`), its value and what is allowed.
    fn prepare(&self, config: &Map<String, Value>, inputs: &[TensorSpec]) -> Result<Arc<dyn ReadyStep>>;
}

/// A step with its configuration, shared by all requests.
pub trait ReadyStep: Send + Sync {
    /// What comes out, in order.
    fn outputs(&self) -> &[TensorSpec];

    /// Runs. `inputs` have the element types that were promised, in the order of [`Step::prepare`], and come in shapes
    /// that fit unless a size was `?`.
    ///
    /// Behavior:
    /// - Appends one tensor per output.
    ///
    /// # Errors
    /// `invalid_argument` for inputs that do not fit; `cancelled`, `deadline_exceeded`, `engine_failed`.
    fn run(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()>;
}

/// The steps of a handle, by name.
#[derive(Clone)]
pub struct Steps(Arc<BTreeMap<String, Arc<dyn Step>>>);

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Default for Steps {
    fn default() -> Self {
        let built_in: Vec<Arc<dyn Step>> = vec![
            Arc::new(ensemble::Mean),
            Arc::new(ensemble::Vote),
            Arc::new(image::Resize),
            Arc::new(image::Standardize),
            Arc::new(normalize::Normalize),
            Arc::new(pool::Pool),
            Arc::new(softmax::Softmax),
            #[cfg(feature = "step-tokenizer")]
            Arc::new(tokenizer::TokenizerStep),
            Arc::new(top_k::TopK),
        ];
        Steps(Arc::new(built_in.into_iter().map(|step| (step.name().to_owned(), step)).collect()))
    }
}

impl Steps {
    /// The built-in steps and the host's.
    ///
    /// # Errors
    /// `invalid_argument` for a name that another step has.
    pub fn with(host: Vec<Arc<dyn Step>>) -> Result<Self> {
        let mut steps = (*Steps::default().0).clone();
        for step in host {
            let name = step.name().to_owned();
            if name.is_empty() || steps.contains_key(&name) {
                return Err(Error::invalid("step", format!("{name:?}"), "a name that no other step has"));
            }
            steps.insert(name, step);
        }
        Ok(Steps(Arc::new(steps)))
    }

    /// A step by name.
    ///
    /// # Errors
    /// `unsupported` that lists the steps.
    pub fn get(&self, name: &str) -> Result<&Arc<dyn Step>> {
        self.0.get(name).ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, "no such step in this build")
                .with("field", "step")
                .with("value", name)
                .with("allowed", self.0.keys().cloned().collect::<Vec<_>>().join(", "))
        })
    }
}

/// Reads a step's configuration.
fn read<T: DeserializeOwned>(config: &Map<String, Value>) -> Result<T> {
    let whole = serde_json::json!({ "config": config });
    #[derive(serde::Deserialize)]
    struct Whole<T> {
        config: T,
    }
    decode::<Whole<T>>(&whole).map(|whole| whole.config).map_err(|misfit| misfit.error("config"))
}

/// The wired inputs, taken by name.
struct Wired<'a> {
    specs: &'a [TensorSpec],
    known: &'a [&'static str],
}

impl<'a> Wired<'a> {
    /// # Errors
    /// `invalid_argument` for an input that the step does not have.
    fn new(specs: &'a [TensorSpec], known: &'a [&'static str]) -> Result<Self> {
        match specs.iter().find(|spec| !known.contains(&spec.name.as_str())) {
            Some(unknown) => Err(Error::invalid(format!("inputs/{}", unknown.name), "a wire", known.join(", "))),
            None => Ok(Wired { specs, known }),
        }
    }

    fn optional(&self, name: &str) -> Option<(usize, &'a TensorSpec)> {
        self.specs.iter().enumerate().find(|(_, spec)| spec.name == name)
    }

    /// # Errors
    /// `invalid_argument` where it is not wired.
    fn required(&self, name: &str) -> Result<(usize, &'a TensorSpec)> {
        let missing = || {
            Error::invalid(format!("inputs/{name}"), "nothing", format!("a wire; inputs: {}", self.known.join(", ")))
        };
        self.optional(name).ok_or_else(missing)
    }
}

/// # Errors
/// `invalid_argument` for another element type, or a rank outside the range.
fn check_form(spec: &TensorSpec, dtypes: &[DType], ranks: std::ops::RangeInclusive<usize>) -> Result<()> {
    if dtypes.contains(&spec.dtype) && ranks.contains(&spec.shape.len()) {
        return Ok(());
    }
    let dtypes = dtypes.iter().map(|dtype| dtype.name()).collect::<Vec<_>>().join(" or ");
    let allowed = match (ranks.start(), ranks.end()) {
        (least, &usize::MAX) => format!("{dtypes} of rank {least} or more"),
        (least, most) if least == most => format!("{dtypes} of rank {least}"),
        (least, most) => format!("{dtypes} of rank {least} to {most}"),
    };
    Err(Error::invalid(format!("inputs/{}", spec.name), form(spec), allowed))
}

/// # Errors
/// `invalid_argument` where two sizes cannot be the same.
fn check_same(spec: &TensorSpec, found: &Dim, wanted: &Dim) -> Result<()> {
    match agree(found, wanted) {
        true => Ok(()),
        false => {
            Err(Error::invalid(format!("inputs/{}", spec.name), form(spec), format!("the size {}", shown(wanted))))
        }
    }
}

/// The position of an axis that may count from the end.
///
/// # Errors
/// `invalid_argument` beyond the rank.
fn axis_of(axis: i64, rank: usize) -> Result<usize> {
    let rank = rank as i64;
    let position = if axis < 0 { axis + rank } else { axis };
    match (0..rank).contains(&position) {
        true => Ok(position as usize),
        false => Err(Error::invalid("config/axis", axis, format!("{} to {}", -rank, rank - 1))),
    }
}

/// The elements; copied only where the memory is not aligned.
pub(super) fn elements<'a, T: Element>(view: &TensorView<'a>) -> Result<Cow<'a, [T]>> {
    let misfit = match (view.into_slice::<T>(), view.data()) {
        (Ok(slice), _) => return Ok(Cow::Borrowed(slice)),
        (Err(_), Data::Bytes(bytes)) if view.dtype() == T::DTYPE => {
            // The bytes alone: a tensor over the same buffer would be no better aligned.
            return Ok(Cow::Owned(
                TensorView::from_bytes(T::DTYPE, view.shape(), bytes)?.to_tensor()?.as_slice()?.to_vec(),
            ));
        }
        (Err(misfit), _) => misfit,
    };
    Err(misfit)
}

/// A shape that a request has and that the step cannot take.
fn misfit(input: &str, found: &[usize], allowed: impl fmt::Display) -> Error {
    Error::invalid("shape", format!("{found:?}"), allowed).with("tensor", input)
}

/// A spec of an output.
fn output(name: &str, dtype: DType, shape: Vec<Dim>) -> TensorSpec {
    TensorSpec { name: name.to_owned(), dtype, shape }
}

/// Elements before an axis, along it, and after it.
fn around(shape: &[usize], axis: usize) -> (usize, usize, usize) {
    (shape[..axis].iter().product(), shape[axis], shape[axis + 1..].iter().product())
}

/// The rank that was promised.
fn check_rank(input: &str, view: &TensorView<'_>, rank: usize) -> Result<()> {
    match view.shape().len() == rank {
        true => Ok(()),
        false => Err(misfit(input, view.shape(), format!("rank {rank}"))),
    }
}

fn push<T: Element>(outputs: &mut Outputs, shape: &[usize], data: Vec<T>) -> Result<()> {
    outputs.push(Tensor::new(shape, data)?);
    Ok(())
}
