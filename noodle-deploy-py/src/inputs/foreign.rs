//! Arrays of other libraries, and buffers.

use noodle_deploy_core::{Error, ErrorKind};
use numpy::PyUntypedArray;
use pyo3::exceptions::{PyBufferError, PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyList, PyMemoryView, PyString, PyTuple};

use crate::errors::raised;

/// An array over the memory of the value; none where it has no memory of its own: numbers, strings, lists.
pub(super) fn as_array<'py>(name: &str, value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyUntypedArray>>> {
    let py = value.py();
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() || value.is_instance_of::<PyString>() {
        return Ok(None);
    }
    let numpy = || py.import("numpy");
    let array = if value.is_instance_of::<PyBytes>() || value.is_instance_of::<PyByteArray>() {
        numpy()?.call_method1("frombuffer", (value, "uint8"))
    } else if value.hasattr("__dlpack__")? {
        from_dlpack(value, &numpy()?)
    } else if value.is_instance_of::<PyMemoryView>()
        || ["__array__", "__array_interface__", "__array_struct__", "typecode"]
            .iter()
            .try_fold(false, |found, attribute| PyResult::Ok(found || value.hasattr(*attribute)?))?
    {
        numpy()?.call_method1("asarray", (value,))
    } else {
        return Ok(None);
    };
    match array {
        Ok(array) => Ok(Some(array.cast_into::<PyUntypedArray>()?)),
        Err(error) if refused(py, &error) => {
            let error = Error::new(ErrorKind::Unsupported, "the value cannot be read as an array on the CPU")
                .with("input", name)
                .with("type", value.get_type())
                .with("reason", error.value(py));
            Err(raised(py, &error))
        }
        Err(error) => Err(error),
    }
}

/// NumPy asks for a versioned capsule first, and takes one without a version.
fn from_dlpack<'py>(value: &Bound<'py, PyAny>, numpy: &Bound<'py, PyModule>) -> PyResult<Bound<'py, PyAny>> {
    let (device, _): (i32, i32) = value.call_method0("__dlpack_device__")?.extract()?;
    const CPU: i32 = 1;
    if device != CPU {
        return Err(PyBufferError::new_err(format!("it lies on a device of the DLPack kind {device}, not on the CPU")));
    }
    numpy.call_method1("from_dlpack", (value,))
}

/// What exporters and NumPy raise where they cannot hand over memory.
fn refused(py: Python<'_>, error: &PyErr) -> bool {
    error.is_instance_of::<PyBufferError>(py)
        || error.is_instance_of::<PyRuntimeError>(py)
        || error.is_instance_of::<PyTypeError>(py)
        || error.is_instance_of::<PyValueError>(py)
}
