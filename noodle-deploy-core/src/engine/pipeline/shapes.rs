//! Which shapes fit which, before anything runs. Pure.
//!
//! A symbol is a size that the caller, or a step, is free to choose: it fits another symbol of the same name only. `?`
//! is a size that a model does not tell: it may turn out to be any, and is checked when the request runs.

use crate::error::{Error, Result};
use crate::model::signature::{Dim, Signature, TensorSpec};

/// Whether the sizes may be the same for every request.
pub fn agree(a: &Dim, b: &Dim) -> bool {
    matches!((a, b), (Dim::Any, _) | (_, Dim::Any)) || a == b
}

/// What is known of a size that both describe; `None` where they cannot agree.
pub fn merge(a: &Dim, b: &Dim) -> Option<Dim> {
    agree(a, b).then(|| if *a == Dim::Any { b.clone() } else { a.clone() })
}

/// What is known of a tensor that both describe.
pub(super) fn merge_specs(a: &TensorSpec, b: &TensorSpec) -> Option<TensorSpec> {
    if a.dtype != b.dtype || a.shape.len() != b.shape.len() {
        return None;
    }
    let shape = a.shape.iter().zip(&b.shape).map(|(a, b)| merge(a, b)).collect::<Option<_>>()?;
    Some(TensorSpec { name: a.name.clone(), dtype: a.dtype, shape })
}

/// What a model's symbols stand for in the pipeline.
type Bound<'a> = Vec<(&'a str, Dim)>;

/// The outputs of a model over inputs in its order.
///
/// # Errors
/// `invalid_argument` with the input, its form and what is allowed.
pub(super) fn outputs_of(signature: &Signature, inputs: &[TensorSpec]) -> Result<Vec<TensorSpec>> {
    let mut bound: Bound<'_> = Vec::new();
    for (wanted, found) in signature.inputs.iter().zip(inputs) {
        let misfit = || Error::invalid(format!("inputs/{}", wanted.name), form(found), form(wanted));
        if wanted.dtype != found.dtype || wanted.shape.len() != found.shape.len() {
            return Err(misfit());
        }
        for (wanted, found) in wanted.shape.iter().zip(&found.shape) {
            match wanted {
                Dim::Any => {}
                Dim::Fixed(_) => {
                    if !agree(wanted, found) {
                        return Err(misfit());
                    }
                }
                Dim::Symbol(name) => match bound.iter_mut().find(|(n, _)| n == name) {
                    None => bound.push((name, found.clone())),
                    Some((_, before)) => {
                        let stands_for = before.to_string();
                        *before = merge(before, found)
                            .ok_or_else(|| misfit().with("symbol", format!("{name} = {stands_for}")))?;
                    }
                },
            }
        }
    }
    let known = |dim: &Dim| match dim {
        Dim::Symbol(name) => bound.iter().find(|(n, _)| n == name).map_or(Dim::Any, |(_, dim)| dim.clone()),
        other => other.clone(),
    };
    let outputs = signature.outputs.iter();
    Ok(outputs.map(|spec| TensorSpec { shape: spec.shape.iter().map(known).collect(), ..spec.clone() }).collect())
}

/// Element type and shape, as in `f32[batch, 4]`.
pub(super) fn form(spec: &TensorSpec) -> String {
    let shape: Vec<String> = spec.shape.iter().map(shown).map(|dim| dim.to_string()).collect();
    format!("{}[{}]", spec.dtype, shape.join(", "))
}

/// The name of a nameless size of an input: one that no document can contain.
pub(super) fn nameless(input: usize, axis: usize) -> Dim {
    Dim::Symbol(format!("\0{input}.{axis}"))
}

/// As people and signatures see it.
pub(super) fn shown(dim: &Dim) -> Dim {
    match dim {
        Dim::Symbol(name) if name.starts_with('\0') => Dim::Any,
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::DType;

    fn spec(name: &str, dims: &[&str]) -> TensorSpec {
        let shape = dims.iter().map(|dim| dim.parse().unwrap()).collect();
        TensorSpec { name: name.to_owned(), dtype: DType::F32, shape }
    }

    #[test]
    fn symbols_of_a_model_become_those_of_its_inputs() {
        let signature = Signature {
            inputs: vec![spec("a", &["n", "4"]), spec("b", &["n", "m"])],
            outputs: vec![spec("y", &["n", "m", "4", "other"])],
        };
        let found = |a: &[&str], b: &[&str]| outputs_of(&signature, &[spec("x", a), spec("x", b)]);
        let shape =
            |a: &[&str], b: &[&str]| found(a, b).unwrap()[0].shape.iter().map(Dim::to_string).collect::<Vec<_>>();
        assert_eq!(shape(&["rows", "4"], &["rows", "2"]), ["rows", "2", "4", "?"]);
        assert_eq!(shape(&["?", "?"], &["3", "k"]), ["3", "k", "4", "?"]);
        // Sizes that the caller chooses one by one are not the same.
        let error = found(&["rows", "4"], &["columns", "2"]).unwrap_err();
        assert_eq!((error.get("symbol"), error.get("field")), (Some("n = rows"), Some("inputs/b")));
        // A size that the caller chooses is not always four.
        assert_eq!(found(&["rows", "k"], &["rows", "2"]).unwrap_err().get("allowed"), Some("f32[n, 4]"));
        assert!(found(&["rows"], &["rows", "2"]).is_err());
    }
}
