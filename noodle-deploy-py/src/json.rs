//! Python values to what the operations take, and back, without text in between.

use noodle_deploy_core::{Error, Result};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};
use serde_json::{Map, Number, Value};

use crate::errors::raised;

/// Nesting of a value at most; what refers to itself ends here.
const MAX_DEPTH: usize = 64;

/// A value as JSON has it: also tuples, paths (`os.PathLike`) and data classes, whose fields that are `None` are left out.
pub(crate) fn to_json(value: &Bound<'_, PyAny>) -> PyResult<Value> {
    convert(value, 0)
}

fn convert(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
    let py = value.py();
    let invalid = |what: &str| raised(py, &Error::invalid("input", type_name(value), what));
    if depth > MAX_DEPTH {
        return Err(invalid("values nested at most 64 deep"));
    }
    if value.is_none() {
        return Ok(Value::Null);
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(flag.is_true().into());
    }
    if let Ok(text) = value.cast::<PyString>() {
        return text.to_str().map(Value::from).map_err(|_| invalid("text that is Unicode"));
    }
    if value.is_instance_of::<PyInt>() {
        let number = value.extract::<i64>().map(Number::from).or_else(|_| value.extract::<u64>().map(Number::from));
        return number.map(Value::Number).map_err(|_| invalid("an integer of 64 bits"));
    }
    if let Ok(number) = value.cast::<PyFloat>() {
        let finite = Number::from_f64(number.value());
        return finite.map(Value::Number).ok_or_else(|| invalid("a finite number"));
    }
    if let Ok(fields) = value.cast::<PyMapping>() {
        let mut object = Map::new();
        for pair in fields.items()? {
            let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
            let name = name.cast::<PyString>().map_err(|_| invalid("names that are strings"))?;
            object.insert(name.to_str()?.to_owned(), convert(&value, depth + 1)?);
        }
        return Ok(Value::Object(object));
    }
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        return value.try_iter()?.map(|item| convert(&item?, depth + 1)).collect::<PyResult<_>>().map(Value::Array);
    }
    if let Some(fields) = value.getattr_opt("__dataclass_fields__")? {
        let mut object = Map::new();
        for name in fields.try_iter()? {
            let name = name?.cast_into::<PyString>()?;
            let field = value.getattr(&name)?;
            if !field.is_none() {
                object.insert(name.to_str()?.to_owned(), convert(&field, depth + 1)?);
            }
        }
        return Ok(Value::Object(object));
    }
    if value.hasattr("__fspath__")? {
        return convert(&value.call_method0("__fspath__")?, depth + 1);
    }
    // Numbers of other libraries: NumPy's integers and floats, `Fraction`, `Decimal`.
    match py.import("operator")?.call_method1("index", (value,)) {
        Ok(whole) => return convert(&whole, depth + 1),
        Err(error) if error.is_instance_of::<PyTypeError>(py) => {}
        Err(error) => return Err(error),
    }
    if value.hasattr("__float__")? {
        return convert(&py.get_type::<PyFloat>().call1((value,))?, depth + 1);
    }
    Err(invalid("None, a bool, a number, a string, a path, a list or a dict"))
}

fn type_name(value: &Bound<'_, PyAny>) -> String {
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
