//! The Python module `noodle_deploy`.

use pyo3::prelude::*;

/// Deploy, version, route and roll back AI models inside the host process.
#[pymodule]
mod noodle_deploy {
    use super::*;

    /// Returns the version of the library.
    #[pyfunction]
    fn version() -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", version())
    }
}
