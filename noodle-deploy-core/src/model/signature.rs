//! Names, element types and shapes of what goes into a model and what comes out.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smallvec::SmallVec;

use crate::error::{Error, Result};
use crate::tensor::{DType, TensorView};

/// The size of one axis. Written as a string: `"3"`, `"batch"`, or `"?"`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Dim {
    /// Always this size.
    Fixed(usize),
    /// Any size; the same name means the same size within one call.
    Symbol(String),
    /// Any size.
    Any,
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Dim::Fixed(n) => write!(f, "{n}"),
            Dim::Symbol(name) => f.write_str(name),
            Dim::Any => f.write_str("?"),
        }
    }
}

impl std::str::FromStr for Dim {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "" => Err(Error::invalid("dim", "\"\"", "a size, a name or ?")),
            "?" => Ok(Dim::Any),
            _ if text.bytes().all(|b| b.is_ascii_digit()) => {
                text.parse().map(Dim::Fixed).map_err(|e| Error::invalid("dim", text, "a size that fits").source(e))
            }
            _ => Ok(Dim::Symbol(text.to_owned())),
        }
    }
}

impl Serialize for Dim {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Dim {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Dim {
    fn schema_name() -> Cow<'static, str> {
        "Dim".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "a size, a symbol's name, or ? for any size" })
    }
}

/// One input or output.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct TensorSpec {
    /// The name in the model.
    pub name: String,
    /// Element type.
    pub dtype: DType,
    /// Sizes of the axes, outermost first.
    pub shape: Vec<Dim>,
}

impl fmt::Display for TensorSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.dtype)?;
        write_shape(f, &self.shape)
    }
}

fn write_shape<D: fmt::Display>(f: &mut impl fmt::Write, shape: &[D]) -> fmt::Result {
    f.write_char('[')?;
    for (i, dim) in shape.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{dim}")?;
    }
    f.write_char(']')
}

fn shape_text<D: fmt::Display>(shape: &[D]) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    let _ = write_shape(&mut text, shape);
    text
}

/// Inputs and outputs of a model, in the model's order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// What goes in.
    pub inputs: Vec<TensorSpec>,
    /// What comes out.
    pub outputs: Vec<TensorSpec>,
}

impl Signature {
    /// Whether every size of every input is fixed.
    pub fn is_static(&self) -> bool {
        self.inputs.iter().flat_map(|spec| &spec.shape).all(|dim| matches!(dim, Dim::Fixed(_)))
    }

    /// Position of an input by name.
    pub fn input(&self, name: &str) -> Option<usize> {
        self.inputs.iter().position(|spec| spec.name == name)
    }

    /// Position of an output by name.
    pub fn output(&self, name: &str) -> Option<usize> {
        self.outputs.iter().position(|spec| spec.name == name)
    }

    /// Checks named inputs and returns them in the model's order. Does not allocate for up to eight inputs.
    ///
    /// # Errors
    /// `invalid_argument` that names the input: unknown (before one that is missing, since it may be the same, misspelt),
    /// given twice, missing, of another element type or shape, or
    /// with a symbol that stands for two sizes.
    pub fn bind<'a>(&self, inputs: &[(&str, TensorView<'a>)]) -> Result<SmallVec<[TensorView<'a>; 8]>> {
        let mut bound: SmallVec<[TensorView<'a>; 8]> = SmallVec::new();
        for spec in &self.inputs {
            let mut found = inputs.iter().filter(|(name, _)| *name == spec.name);
            let Some((_, view)) = found.next() else {
                return Err(self
                    .unknown(inputs)
                    .unwrap_or_else(|| Error::invalid("inputs", "nothing", spec).with("input", &spec.name)));
            };
            if found.next().is_some() {
                return Err(Error::invalid("inputs", "given twice", "each input once").with("input", &spec.name));
            }
            bound.push(*view);
        }
        if inputs.len() != self.inputs.len()
            && let Some(error) = self.unknown(inputs)
        {
            return Err(error);
        }
        check_specs(&self.inputs, &bound)?;
        Ok(bound)
    }

    /// The error of an input that the model does not have, where there is one.
    #[cold]
    fn unknown(&self, inputs: &[(&str, TensorView<'_>)]) -> Option<Error> {
        let (name, _) = inputs.iter().find(|(name, _)| self.input(name).is_none())?;
        let allowed = self.inputs.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ");
        Some(Error::invalid("inputs", name, allowed))
    }

    /// Checks inputs that are in the model's order.
    ///
    /// # Errors
    /// `invalid_argument` that names the input: its element type, its shape, a symbol that stands for two sizes.
    pub fn check_inputs(&self, inputs: &[TensorView<'_>]) -> Result<()> {
        if inputs.len() != self.inputs.len() {
            return Err(Error::invalid("inputs", inputs.len(), self.inputs.len()));
        }
        check_specs(&self.inputs, inputs)
    }

    /// Checks outputs against the signature: element types, ranks and fixed sizes.
    ///
    /// # Errors
    /// `invalid_argument` that names the output.
    pub fn check_outputs(&self, outputs: &[TensorView<'_>]) -> Result<()> {
        if outputs.len() != self.outputs.len() {
            return Err(Error::invalid("outputs", outputs.len(), self.outputs.len()));
        }
        check_specs(&self.outputs, outputs)
    }
}

fn check_specs(specs: &[TensorSpec], views: &[TensorView<'_>]) -> Result<()> {
    let mut symbols = Symbols::new();
    for (spec, view) in specs.iter().zip(views) {
        if view.dtype() != spec.dtype {
            return Err(Error::invalid("dtype", view.dtype(), spec.dtype).with("tensor", &spec.name));
        }
        spec.fits(view.shape(), &mut symbols)?;
    }
    Ok(())
}

/// What the symbols of one call stand for so far.
pub type Symbols<'a> = SmallVec<[(&'a str, usize); 8]>;

impl TensorSpec {
    /// Checks a shape, and binds the symbols that it meets first.
    ///
    /// # Errors
    /// `invalid_argument` that names the tensor, its shape and what is allowed.
    pub fn fits<'a>(&'a self, shape: &[usize], symbols: &mut Symbols<'a>) -> Result<()> {
        let wrong_shape =
            || Error::invalid("shape", shape_text(shape), shape_text(&self.shape)).with("tensor", &self.name);
        if shape.len() != self.shape.len() {
            return Err(wrong_shape());
        }
        for (&size, dim) in shape.iter().zip(&self.shape) {
            match dim {
                Dim::Any => {}
                Dim::Fixed(wanted) if *wanted == size => {}
                Dim::Fixed(_) => return Err(wrong_shape()),
                Dim::Symbol(name) => match symbols.iter().find(|(n, _)| n == name) {
                    Some((_, bound)) if *bound == size => {}
                    Some((_, bound)) => return Err(wrong_shape().with("symbol", format!("{name} = {bound}"))),
                    None => symbols.push((name, size)),
                },
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature() -> Signature {
        serde_json::from_str(
            r#"{"inputs": [{"name": "a", "dtype": "f32", "shape": ["n", "2"]},
                           {"name": "b", "dtype": "i64", "shape": ["n", "?"]}],
                "outputs": [{"name": "y", "dtype": "f32", "shape": ["n"]}]}"#,
        )
        .unwrap()
    }

    #[test]
    fn binds_by_name_in_order() {
        let (a, b) = ([1.0f32; 6], [1i64; 3]);
        let (sa, sb) = ([3, 2], [3, 1]);
        let (a, b) = (TensorView::new(&sa, &a).unwrap(), TensorView::new(&sb, &b).unwrap());
        let bound = signature().bind(&[("b", b), ("a", a)]).unwrap();
        assert_eq!(bound[0].dtype(), DType::F32);
        for (inputs, what) in [
            (vec![("a", a)], "missing"),
            (vec![("a", a), ("a", a)], "twice"),
            (vec![("a", a), ("b", b), ("c", b)], "unknown"),
            (vec![("a", b), ("b", b)], "dtype"),
        ] {
            assert!(signature().bind(&inputs).is_err(), "{what}");
        }
        // A misspelt name is what is wrong, not the input that it was meant for.
        let error = signature().bind(&[("a", a), ("B", b)]).unwrap_err();
        assert_eq!((error.get("value"), error.get("allowed")), (Some("B"), Some("a, b")));
        let error = signature().bind(&[("a", a)]).unwrap_err();
        assert_eq!((error.get("value"), error.get("input")), (Some("nothing"), Some("b")));
    }

    #[test]
    fn a_symbol_has_one_size_per_call() {
        let (a, b) = ([1.0f32; 6], [1i64; 2]);
        let (sa, sb) = ([3, 2], [2, 1]);
        let inputs = [("a", TensorView::new(&sa, &a).unwrap()), ("b", TensorView::new(&sb, &b).unwrap())];
        let error = signature().bind(&inputs).unwrap_err();
        assert_eq!(error.get("symbol"), Some("n = 3"));
    }
}
