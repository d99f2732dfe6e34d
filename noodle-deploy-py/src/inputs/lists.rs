//! Numbers, strings and nested lists of them. The rules are those of tensors in JSON.

use noodle_deploy_core::model::probe::{MAX_RANK, Scalar, TensorData};
use noodle_deploy_core::{DType, Error, ErrorKind, Result, Tensor};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use crate::errors::{OrRaise, raised};
use crate::json::to_json;

/// A tensor of an element type.
pub(super) fn from_lists(name: &str, value: &Bound<'_, PyAny>, dtype: DType) -> PyResult<Tensor> {
    let mut lists = Lists { name, shape: Vec::new(), data: Vec::new(), leaves_at: None };
    lists.read(value, 0)?;
    let data = TensorData { dtype, shape: lists.shape, data: lists.data };
    data.to_tensor().map_err(|error| error.with("input", name)).or_raise(value.py())
}

/// A tensor from its form in JSON: `dtype`, `shape` and, flat, `data`.
pub(super) fn from_record(name: &str, fields: &Bound<'_, PyDict>) -> PyResult<Tensor> {
    let record: Result<TensorData> = serde_json::from_value(to_json(fields, "inputs", None)?)
        .map_err(|error| Error::invalid("inputs", "a dict", error).with("input", name));
    record.and_then(|data| data.to_tensor()).or_raise(fields.py())
}

/// A tensor of strings from a flat list.
pub(super) fn strings(name: &str, flat: &Bound<'_, PyAny>, shape: &[usize]) -> PyResult<Tensor> {
    let py = flat.py();
    let mut strings = Vec::new();
    for (index, item) in flat.try_iter()?.enumerate() {
        let item = item?;
        let Ok(text) = item.cast::<PyString>() else {
            let error = Error::invalid("data", kind(&item), "a string").with("input", name).with("index", index);
            return Err(raised(py, &error));
        };
        strings.push(read_text(name, text)?);
    }
    Tensor::strings(shape, strings).or_raise(py)
}

struct Lists<'a> {
    name: &'a str,
    shape: Vec<usize>,
    data: Vec<Scalar>,
    /// How deep the elements lie, once one was met or a list was empty.
    leaves_at: Option<usize>,
}

impl Lists<'_> {
    fn read(&mut self, value: &Bound<'_, PyAny>, depth: usize) -> PyResult<()> {
        let py = value.py();
        let items = match (value.cast::<PyList>(), value.cast::<PyTuple>()) {
            (Ok(list), _) => list.to_tuple(),
            (_, Ok(tuple)) => tuple.clone(),
            _ => {
                self.data.push(scalar(self.name, value)?);
                return self.leaf(py, depth);
            }
        };
        if depth == MAX_RANK {
            return Err(raised(
                py,
                &Error::new(ErrorKind::TooLarge, "lists are nested too deep").with("input", self.name),
            ));
        }
        match self.shape.get(depth) {
            None if self.leaves_at.is_some() => return Err(self.ragged(py)),
            None => self.shape.push(items.len()),
            Some(&size) if size == items.len() => {}
            Some(_) => return Err(self.ragged(py)),
        }
        if items.is_empty() {
            return self.leaf(py, depth + 1);
        }
        items.iter().try_for_each(|item| self.read(&item, depth + 1))
    }

    fn leaf(&mut self, py: Python<'_>, depth: usize) -> PyResult<()> {
        if *self.leaves_at.get_or_insert(depth) == depth && self.shape.len() == depth {
            Ok(())
        } else {
            Err(self.ragged(py))
        }
    }

    fn ragged(&self, py: Python<'_>) -> PyErr {
        let error = Error::invalid("inputs", "lists of different lengths or depths", "lists of one shape");
        raised(py, &error.with("input", self.name))
    }
}

fn scalar(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Scalar> {
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Scalar::Bool(flag.is_true()));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return read_text(name, text).map(Scalar::Text);
    }
    if let Ok(number) = value.cast::<PyFloat>() {
        let number = number.value();
        return Ok(match (number.is_nan(), number.is_infinite()) {
            (true, _) => Scalar::Text("nan".to_owned()),
            (_, true) => Scalar::Text(if number > 0.0 { "inf" } else { "-inf" }.to_owned()),
            _ => Scalar::Float(number),
        });
    }
    let py = value.py();
    let invalid = |what: String| {
        let error = Error::invalid("data", what, "a number, a bool, a string, or lists of them");
        raised(py, &error.with("input", name))
    };
    if value.is_instance_of::<PyInt>() {
        let number = value.extract::<i64>().map(Scalar::Int).or_else(|_| value.extract::<u64>().map(Scalar::Uint));
        return number.map_err(|_| invalid(value.to_string()));
    }
    // A scalar of NumPy.
    if value.hasattr("dtype")? && value.hasattr("item")? && value.getattr("ndim")?.extract::<usize>()? == 0 {
        return scalar(name, &value.call_method0("item")?);
    }
    Err(invalid(kind(value)))
}

fn read_text(name: &str, text: &Bound<'_, PyString>) -> PyResult<String> {
    let unicode = || Error::invalid("data", "a string with a lone surrogate", "Unicode").with("input", name);
    text.to_str().map(str::to_owned).map_err(|_| raised(text.py(), &unicode()))
}

fn kind(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "another type".to_owned(), |name| name.to_string())
}
