//! Answers: NumPy arrays over the engine's own memory.
#![allow(unsafe_code, reason = "makes NumPy arrays over memory of the library")]

use std::ffi::{c_int, c_void};
use std::sync::Arc;

use noodle_deploy_core::tensor::Data;
use noodle_deploy_core::{DType, Prediction as Answer, Served as Facts, Tensor};
use numpy::npyffi::{NPY_ARRAY_ALIGNED, NPY_ARRAY_C_CONTIGUOUS, NpyTypes, PY_ARRAY_API, get_type_object, npy_intp};
use numpy::{PyArrayDescr, PyArrayDescrMethods, dtype};
use pyo3::exceptions::{PyKeyError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::errors::OrRaise;
use crate::json::plain;

/// The answer to a request: outputs of exactly one version, by name.
#[pyclass(frozen, mapping, module = "noodle_deploy")]
pub(crate) struct Prediction(Answer);

impl From<Answer> for Prediction {
    fn from(answer: Answer) -> Self {
        Prediction(answer)
    }
}

/// Keeps an output's memory while an array looks at it.
#[pyclass(frozen, module = "noodle_deploy._native")]
struct Memory {
    _tensor: Tensor,
}

impl Prediction {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.outputs().map(|(name, _)| name)
    }

    #[cfg(feature = "testing")]
    pub(crate) fn address(&self, py: Python<'_>, name: &str) -> PyResult<usize> {
        match self.0.output(name).or_raise(py)?.data() {
            Data::Bytes(bytes) => Ok(bytes.as_ptr() as usize),
            Data::Strings(strings) => Ok(strings.as_ptr() as usize),
        }
    }
}

#[pymethods]
impl Prediction {
    /// An output: a read-only array over the engine's memory, without a copy; strings are an array of objects.
    fn __getitem__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        match self.0.output(name) {
            Ok(tensor) => array(py, tensor),
            Err(_) => {
                let names = self.names().collect::<Vec<_>>().join(", ");
                Err(PyKeyError::new_err(format!("no output {name:?}; the outputs are {names}")))
            }
        }
    }

    fn __len__(&self) -> usize {
        self.0.served().signature.outputs.len()
    }

    fn __contains__(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.keys(py)?.try_iter()?.into_any())
    }

    /// Names of the outputs, in the model's order.
    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.names())
    }

    /// An output for readers of DLPack: new ones share the engine's memory, old ones get a copy.
    fn dlpack(&self, py: Python<'_>, name: &str) -> PyResult<DlpackOutput> {
        Ok(DlpackOutput(self.__getitem__(py, name)?.unbind()))
    }

    /// Outputs by name, in the model's order.
    #[getter]
    fn outputs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let outputs = PyDict::new(py);
        for (name, tensor) in self.0.outputs() {
            outputs.set_item(name, array(py, tensor)?)?;
        }
        Ok(outputs)
    }

    /// Who answered.
    #[getter]
    fn served(&self) -> Served {
        Served(self.0.served().clone())
    }

    /// Version of the model that answered.
    #[getter]
    fn version(&self) -> &str {
        self.0.version()
    }

    /// The `k` best labels of each row of the first f32 output whose last axis has one entry per label, best first.
    fn top(&self, py: Python<'_>, k: usize) -> PyResult<Vec<Vec<(String, f32)>>> {
        let rows = self.0.top(k).or_raise(py)?;
        Ok(rows.into_iter().map(|row| row.into_iter().map(|(label, p)| (label.to_owned(), p)).collect()).collect())
    }

    fn __repr__(&self) -> String {
        format!("<{:?}>", self.0)
    }

    fn _repr_html_(&self) -> String {
        let served = self.0.served();
        let rows = self.0.outputs().map(|(name, tensor)| {
            let shape = tensor.shape().iter().map(ToString::to_string).collect::<Vec<_>>().join(" × ");
            format!("<tr><td>{}</td><td>{}</td><td>{shape}</td></tr>", escape(name), tensor.dtype())
        });
        format!(
            "<table><caption>{} {} answered for {}</caption><tr><th>output</th><th>type</th><th>shape</th></tr>{}</table>",
            escape(&served.model),
            escape(&served.version),
            escape(&served.deployment),
            rows.collect::<String>()
        )
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err("a prediction cannot be pickled: it looks at the engine's memory; pickle its arrays"))
    }
}

/// An output that exports itself with DLPack, whether or not a reader knows versions.
#[pyclass(frozen, module = "noodle_deploy._native")]
pub(crate) struct DlpackOutput(Py<PyAny>);

#[pymethods]
impl DlpackOutput {
    /// A capsule: a versioned one over the engine's memory, marked as read-only, where the reader takes one; else an
    /// unversioned one over a copy, since it cannot say that memory is not to be written to.
    #[pyo3(signature = (*, stream=None, max_version=None, dl_device=None, copy=None))]
    fn __dlpack__<'py>(
        &self,
        py: Python<'py>,
        stream: Option<Bound<'py, PyAny>>,
        max_version: Option<(u32, u32)>,
        dl_device: Option<Bound<'py, PyAny>>,
        copy: Option<bool>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let versioned = max_version.is_some_and(|(major, _)| major >= 1);
        let options = PyDict::new(py);
        options.set_item("stream", stream)?;
        options.set_item("max_version", max_version)?;
        options.set_item("dl_device", dl_device)?;
        options.set_item("copy", copy.or((!versioned).then_some(true)))?;
        self.0.bind(py).call_method("__dlpack__", (), Some(&options))
    }

    /// Where it lies: on the CPU.
    fn __dlpack_device__(&self) -> (u32, u32) {
        (1, 0)
    }
}

/// Who answered a request.
#[pyclass(frozen, module = "noodle_deploy")]
pub(crate) struct Served(Arc<Facts>);

impl From<Arc<Facts>> for Served {
    fn from(facts: Arc<Facts>) -> Self {
        Served(facts)
    }
}

#[pymethods]
impl Served {
    /// The deployment.
    #[getter]
    fn deployment(&self) -> &str {
        &self.0.deployment
    }

    /// Number of the revision.
    #[getter]
    fn revision(&self) -> u32 {
        self.0.revision
    }

    /// The model.
    #[getter]
    fn model(&self) -> &str {
        &self.0.model
    }

    /// Version of the model.
    #[getter]
    fn version(&self) -> &str {
        &self.0.version
    }

    /// Names of the classes.
    #[getter]
    fn labels(&self) -> Vec<String> {
        self.0.labels.clone()
    }

    /// Inputs and outputs, as a `noodle_deploy.types.Signature`.
    #[getter]
    fn signature<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let signature = plain(py, &self.0.signature)?;
        py.import("noodle_deploy.types")?.getattr("Signature")?.call_method1("_read", (signature,))
    }

    fn __repr__(&self) -> String {
        let served = &self.0;
        format!(
            "<Served deployment={:?} revision={} model={:?} version={:?}>",
            served.deployment, served.revision, served.model, served.version
        )
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn array<'py>(py: Python<'py>, tensor: &Tensor) -> PyResult<Bound<'py, PyAny>> {
    match tensor.data() {
        Data::Bytes(bytes) => view(py, tensor, bytes),
        Data::Strings(strings) => {
            let flat = py.import("numpy")?.call_method1("empty", (strings.len(), "O"))?;
            for (index, text) in strings.iter().enumerate() {
                flat.set_item(index, text)?;
            }
            let shaped = flat.call_method1("reshape", (tensor.shape(),))?;
            shaped.call_method1("setflags", (false,))?;
            Ok(shaped)
        }
    }
}

fn view<'py>(py: Python<'py>, tensor: &Tensor, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let mut dims: Vec<npy_intp> = tensor.shape().iter().map(|&size| size as npy_intp).collect();
    let descr = descr(py, tensor.dtype());
    let owner = Bound::new(py, Memory { _tensor: tensor.clone() })?;
    // SAFETY: the data has the shape's size in elements of `descr`, dense and row-major; `Memory` keeps it in place
    // while the array lives, which takes over the references to `descr` and `owner`; without the flag for writing
    // NumPy does not change it.
    unsafe {
        let array = PY_ARRAY_API.PyArray_NewFromDescr(
            py,
            get_type_object(py, NpyTypes::PyArray_Type),
            descr.into_dtype_ptr(),
            dims.len() as c_int,
            dims.as_mut_ptr(),
            std::ptr::null_mut(),
            bytes.as_ptr().cast_mut().cast::<c_void>(),
            NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED,
            std::ptr::null_mut(),
        );
        let array = Bound::from_owned_ptr_or_err(py, array)?;
        if PY_ARRAY_API.PyArray_SetBaseObject(py, array.as_ptr().cast(), owner.into_ptr()) < 0 {
            return Err(PyErr::fetch(py));
        }
        Ok(array)
    }
}

fn descr(py: Python<'_>, of: DType) -> Bound<'_, PyArrayDescr> {
    match of {
        DType::F16 => dtype::<half::f16>(py),
        DType::F32 => dtype::<f32>(py),
        DType::F64 => dtype::<f64>(py),
        DType::I8 => dtype::<i8>(py),
        DType::I16 => dtype::<i16>(py),
        DType::I32 => dtype::<i32>(py),
        DType::I64 => dtype::<i64>(py),
        DType::U8 => dtype::<u8>(py),
        DType::U16 => dtype::<u16>(py),
        DType::U32 => dtype::<u32>(py),
        DType::U64 => dtype::<u64>(py),
        DType::Bool => dtype::<bool>(py),
        _ => PyArrayDescr::object(py),
    }
}
