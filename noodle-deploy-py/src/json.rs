//! Python values to what the operations take, and back, without text in between.

use noodle_deploy_core::{Error, Result};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};
use serde_json::{Map, Number, Value};

use crate::errors::raised;

/// Nesting of a value at most; what refers to itself ends here.
const MAX_DEPTH: usize = 64;
/// Errors show so many characters of a number at most.
const MAX_SHOWN: usize = 120;

/// What a value is read for, so that an error can name the field and the operation.
pub(crate) struct Reading {
    /// Names the value as a whole.
    whole: &'static str,
    operation: Option<&'static str>,
    /// Names of fields, and numbers in lists, down to what is being read.
    path: Vec<String>,
}

/// A value as JSON has it: also tuples, paths (`os.PathLike`) and data classes, whose fields that are `None` are left out.
///
/// # Errors
/// `invalid_argument` that names the field as the operations do: `metrics/accuracy`.
pub(crate) fn to_json(
    value: &Bound<'_, PyAny>,
    whole: &'static str,
    operation: Option<&'static str>,
) -> PyResult<Value> {
    Reading { whole, operation, path: Vec::new() }.read(value)
}

impl Reading {
    fn refuse(&self, py: Python<'_>, value: impl std::fmt::Display, allowed: &str) -> PyErr {
        let path =
            self.path.iter().map(|part| part.replace('~', "~0").replace('/', "~1")).collect::<Vec<_>>().join("/");
        let error = Error::invalid(if path.is_empty() { self.whole } else { &path }, value, allowed);
        raised(py, &self.operation.into_iter().fold(error, Error::operation))
    }

    fn field(&mut self, name: String, value: &Bound<'_, PyAny>) -> PyResult<Value> {
        self.path.push(name);
        let read = self.read(value)?;
        self.path.pop();
        Ok(read)
    }

    fn read(&mut self, value: &Bound<'_, PyAny>) -> PyResult<Value> {
        let py = value.py();
        if self.path.len() > MAX_DEPTH {
            // The path is as deep as the value, and says nothing.
            self.path.clear();
            return Err(self.refuse(py, type_name(value), "values nested at most 64 deep"));
        }
        if value.is_none() {
            return Ok(Value::Null);
        }
        if let Ok(flag) = value.cast::<PyBool>() {
            return Ok(flag.is_true().into());
        }
        if let Ok(text) = value.cast::<PyString>() {
            let unicode = |_| self.refuse(py, "a string with a lone surrogate", "text that is Unicode");
            return text.to_str().map(Value::from).map_err(unicode);
        }
        if value.is_instance_of::<PyInt>() {
            let number = value.extract::<i64>().map(Number::from).or_else(|_| value.extract::<u64>().map(Number::from));
            return number.map(Value::Number).map_err(|_| self.refuse(py, shown(value), "an integer of 64 bits"));
        }
        if let Ok(number) = value.cast::<PyFloat>() {
            let finite = Number::from_f64(number.value());
            return finite.map(Value::Number).ok_or_else(|| self.refuse(py, shown(value), "a finite number"));
        }
        if let Ok(fields) = value.cast::<PyMapping>() {
            let mut object = Map::new();
            for pair in fields.items()? {
                let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
                let Ok(text) = name.cast::<PyString>() else {
                    return Err(self.refuse(
                        py,
                        format!("a name of type {}", type_name(&name)),
                        "names that are strings",
                    ));
                };
                let Ok(name) = text.to_str() else {
                    return Err(self.refuse(py, "a name with a lone surrogate", "text that is Unicode"));
                };
                object.insert(name.to_owned(), self.field(name.to_owned(), &value)?);
            }
            return Ok(Value::Object(object));
        }
        if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
            let items = value.try_iter()?.enumerate().map(|(i, item)| self.field(i.to_string(), &item?));
            return items.collect::<PyResult<_>>().map(Value::Array);
        }
        if let Some(fields) = value.getattr_opt("__dataclass_fields__")? {
            let mut object = Map::new();
            for name in fields.try_iter()? {
                let name = name?.cast_into::<PyString>()?;
                let field = value.getattr(&name)?;
                if !field.is_none() {
                    let name = name.to_str()?.to_owned();
                    object.insert(name.clone(), self.field(name, &field)?);
                }
            }
            return Ok(Value::Object(object));
        }
        if value.hasattr("__fspath__")? {
            let path = value.call_method0("__fspath__")?;
            return match path.is_instance_of::<PyString>() {
                true => self.read(&path),
                false => Err(self.refuse(py, format!("a path of {}", type_name(&path)), "a path of text")),
            };
        }
        // Numbers of other libraries: NumPy's integers and floats, `Fraction`, `Decimal`.
        match py.import("operator")?.call_method1("index", (value,)) {
            Ok(whole) => return self.read(&whole),
            Err(error) if error.is_instance_of::<PyTypeError>(py) => {}
            Err(error) => return Err(error),
        }
        if value.hasattr("__float__")? {
            return self.read(&py.get_type::<PyFloat>().call1((value,))?);
        }
        Err(self.refuse(py, type_name(value), "None, a bool, a number, a string, a path, a list or a dict"))
    }
}

/// A number as errors show it; of an integer with thousands of digits, which Python does not write down, its type.
fn shown(number: &Bound<'_, PyAny>) -> String {
    let text = number.str().map(|text| text.to_string());
    text.map_or_else(
        |_| type_name(number),
        |text| match text.char_indices().nth(MAX_SHOWN) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        },
    )
}

pub(crate) fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "a value".to_owned(), |name| name.to_string())
}

/// What an operation answered, as plain Python values.
pub(crate) fn from_json<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(flag) => PyBool::new(py, *flag).to_owned().into_any(),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => number.into_pyobject(py)?.into_any(),
            (None, Some(number)) => number.into_pyobject(py)?.into_any(),
            (None, None) => PyFloat::new(py, number.as_f64().unwrap_or(f64::NAN)).into_any(),
        },
        Value::String(text) => PyString::new(py, text).into_any(),
        Value::Array(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(from_json(py, item)?)?;
            }
            list.into_any()
        }
        Value::Object(fields) => {
            let dict = PyDict::new(py);
            for (name, value) in fields {
                dict.set_item(name, from_json(py, value)?)?;
            }
            dict.into_any()
        }
    })
}

/// Any value of the library as plain Python values.
pub(crate) fn plain<'py>(py: Python<'py>, value: &impl serde::Serialize) -> PyResult<Bound<'py, PyAny>> {
    let value: Result<Value> = serde_json::to_value(value)
        .map_err(|e| Error::new(noodle_deploy_core::ErrorKind::Internal, "a value does not serialise").source(e));
    from_json(py, &value.map_err(|error| raised(py, &error))?)
}
