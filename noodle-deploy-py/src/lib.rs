//! The native half of the Python package `noodle_deploy`: handle, tensors, events, errors.
//!
//! Typed methods, data classes and exceptions are Python, in `python/noodle_deploy/`.

mod arguments;
mod errors;
mod events;
mod handle;
mod inputs;
mod json;
mod lifetime;
mod logging;
mod outputs;
mod pending;
mod progress;
mod session;
#[cfg(feature = "testing")]
mod testing;

use pyo3::prelude::*;

/// The native half of `noodle_deploy`; not a public interface.
///
/// It does not need the GIL: what is shared lies behind locks and atomics, and its classes are frozen.
#[pymodule(gil_used = false)]
mod _native {
    use super::*;

    #[pymodule_export]
    use super::arguments::check_caller;
    #[pymodule_export]
    use super::events::Subscription;
    #[pymodule_export]
    use super::handle::{CancelToken, Handle, restore};
    #[pymodule_export]
    use super::lifetime::leave;
    #[pymodule_export]
    use super::logging::{end_messages, take_messages};
    #[pymodule_export]
    use super::outputs::{DlpackOutput, Prediction, Served};
    #[pymodule_export]
    use super::pending::Pending;
    #[pymodule_export]
    use super::progress::check_progress;
    #[pymodule_export]
    use super::session::{PredictionStream, Session};
    #[cfg(feature = "testing")]
    #[pymodule_export]
    use super::testing::{World, copies, data_address, say, time_predict};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        lifetime::watch_forks();
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
