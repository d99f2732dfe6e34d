//! What Python code gives as tensors: arrays are borrowed, everything else is copied once.
#![allow(unsafe_code, reason = "borrows the memory of NumPy arrays")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use noodle_deploy_core::tensor::Shape;
use noodle_deploy_core::{DType, Error, ErrorKind, Noodle, Result, Served, Tensor, TensorView};
use numpy::{PyArrayDescrMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString};

use crate::errors::{OrRaise, raised};
use crate::inputs::asked::Asked;
use crate::inputs::lists::from_lists;

mod asked;
mod foreign;
mod lists;

/// Arrays that were copied: strided ones, those of another byte order, and those of asynchronous requests.
pub(crate) static COPIES: AtomicUsize = AtomicUsize::new(0);

/// Named inputs.
pub(crate) struct Inputs<'py>(Vec<(Bound<'py, PyString>, Input<'py>)>);

enum Input<'py> {
    /// Native byte order, dense and row-major.
    Array {
        array: Bound<'py, PyUntypedArray>,
        dtype: DType,
        shape: Shape,
    },
    Owned(Tensor),
}

impl<'py> Inputs<'py> {
    /// Reads a mapping. The element type of numbers and lists is the one of the version that would answer, and what is
    /// copied fits its signature: every array where `owned` says so, else those that cannot be borrowed.
    pub(crate) fn read(
        noodle: &Noodle,
        deployment: &str,
        version: Option<&str>,
        inputs: &Bound<'py, PyAny>,
        owned: bool,
    ) -> PyResult<Self> {
        Inputs::read_asked(&Asked::new(noodle, deployment, version, owned), inputs)
    }

    /// Reads a mapping for a stream, whose long input need not be of the size that the model takes.
    pub(crate) fn read_stream(
        noodle: &Noodle,
        deployment: &str,
        version: Option<&str>,
        inputs: &Bound<'py, PyAny>,
    ) -> PyResult<Self> {
        Inputs::read_asked(&Asked::new(noodle, deployment, version, true).of_any_size(), inputs)
    }

    /// Reads a mapping for a session, whose version is known.
    pub(crate) fn read_for(served: &Arc<Served>, inputs: &Bound<'py, PyAny>, owned: bool) -> PyResult<Self> {
        Inputs::read_asked(&Asked::of(served, owned), inputs)
    }

    fn read_asked(asked: &Asked<'_>, inputs: &Bound<'py, PyAny>) -> PyResult<Self> {
        let mut read = Vec::new();
        let mut add = |name: Bound<'py, PyAny>, value: Bound<'py, PyAny>| -> PyResult<()> {
            let py = value.py();
            let name = name.cast_into::<PyString>().map_err(|_| wrong(py, "an input's name that is no string"))?;
            let input = Input::read(text(&name).or_raise(py)?, value, asked)?;
            read.push((name, input));
            Ok(())
        };
        if let Ok(dict) = inputs.cast::<PyDict>() {
            for (name, value) in dict {
                add(name, value)?;
            }
        } else {
            let mapping = inputs.cast::<PyMapping>().map_err(|_| wrong(inputs.py(), "no mapping"))?;
            for pair in mapping.items()? {
                let (name, value) = pair.extract()?;
                add(name, value)?;
            }
        }
        Ok(Inputs(read))
    }

    /// Borrows; the arrays must not change meanwhile.
    pub(crate) fn views(&self) -> Result<Vec<(&str, TensorView<'_>)>> {
        self.0.iter().map(|(name, input)| Ok((text(name)?, input.view()?))).collect()
    }

    /// Copies, so that a caller may change its arrays at once.
    pub(crate) fn into_owned(self) -> Result<Vec<(String, Tensor)>> {
        let owned = |(name, input): (Bound<'py, PyString>, Input<'py>)| {
            let tensor = match input {
                Input::Owned(tensor) => tensor,
                array @ Input::Array { .. } => {
                    COPIES.fetch_add(1, Ordering::Relaxed);
                    array.view()?.to_tensor()?
                }
            };
            Ok((text(&name)?.to_owned(), tensor))
        };
        self.0.into_iter().map(owned).collect()
    }
}

impl<'py> Input<'py> {
    fn read(name: &str, value: Bound<'py, PyAny>, asked: &Asked<'_>) -> PyResult<Self> {
        let value = match value.cast_into::<PyUntypedArray>() {
            Ok(array) => return Self::of_array(name, array, asked),
            Err(error) => error.into_inner(),
        };
        if let Ok(fields) = value.cast::<PyDict>() {
            return lists::from_record(name, fields).map(Input::Owned);
        }
        match foreign::as_array(name, &value)? {
            Some(array) => Self::of_array(name, array, asked),
            None => {
                let dtype = asked.dtype(name).or_raise(value.py())?;
                from_lists(name, &value, dtype).map(Input::Owned)
            }
        }
    }

    fn of_array(name: &str, array: Bound<'py, PyUntypedArray>, asked: &Asked<'_>) -> PyResult<Self> {
        let py = array.py();
        let descr = array.dtype();
        let dtype = match (descr.kind(), descr.itemsize()) {
            (b'f', 4) => DType::F32,
            (b'i', 8) => DType::I64,
            (b'i', 4) => DType::I32,
            (b'f', 8) => DType::F64,
            (b'f', 2) => DType::F16,
            (b'i', 1) => DType::I8,
            (b'i', 2) => DType::I16,
            (b'u', 1) => DType::U8,
            (b'u', 2) => DType::U16,
            (b'u', 4) => DType::U32,
            (b'u', 8) => DType::U64,
            (b'b', 1) => DType::Bool,
            (b'O' | b'U' | b'T', _) => {
                asked.fits(name, DType::String, array.shape()).or_raise(py)?;
                let shape: Shape = array.shape().iter().copied().collect();
                return lists::strings(name, &array.call_method0("ravel")?.call_method0("tolist")?, &shape)
                    .map(Input::Owned);
            }
            _ => return Err(unsupported(py, name, &descr.to_string())),
        };
        let (swapped, strided) = (descr.is_native_byteorder() == Some(false), !array.is_c_contiguous());
        if swapped || strided || asked.owned {
            asked.fits(name, dtype, array.shape()).or_raise(py)?;
        }
        let array = if swapped {
            COPIES.fetch_add(1, Ordering::Relaxed);
            let native = descr.call_method1("newbyteorder", ("=",))?;
            array.call_method1("astype", (native, "C"))?.cast_into::<PyUntypedArray>()?
        } else if strided {
            COPIES.fetch_add(1, Ordering::Relaxed);
            array.call_method1("copy", ("C",))?.cast_into::<PyUntypedArray>()?
        } else {
            array
        };
        let shape = array.shape().iter().copied().collect();
        Ok(Input::Array { array, dtype, shape })
    }

    fn view(&self) -> Result<TensorView<'_>> {
        match self {
            Input::Owned(tensor) => Ok(tensor.view()),
            Input::Array { array, dtype, shape } => {
                let size = dtype.size().unwrap_or(0);
                // SAFETY: the object is an array, and NumPy has checked that its size in bytes fits.
                let bytes = unsafe {
                    let data = (*array.as_array_ptr()).fields.data.cast::<u8>();
                    let len = shape.iter().product::<usize>() * size;
                    // An empty array may point nowhere.
                    if len == 0 { &[] } else { std::slice::from_raw_parts(data, len) }
                };
                TensorView::from_bytes(*dtype, shape, bytes)
            }
        }
    }
}

fn text<'a>(name: &'a Bound<'_, PyString>) -> Result<&'a str> {
    name.to_str().map_err(|_| Error::invalid("inputs", "a name that is not Unicode", "Unicode"))
}

fn wrong(py: Python<'_>, what: &str) -> PyErr {
    raised(py, &Error::invalid("inputs", what, "a mapping from names to arrays"))
}

fn unsupported(py: Python<'_>, name: &str, dtype: &str) -> PyErr {
    let error = Error::new(ErrorKind::Unsupported, "the element type is not supported")
        .with("input", name)
        .with("dtype", dtype)
        .with("allowed", "f16, f32, f64, i8, i16, i32, i64, u8, u16, u32, u64, bool, strings");
    raised(py, &error)
}
