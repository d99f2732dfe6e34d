//! For tests alone; not in a package: a clock that stands, ids that repeat, and a look at addresses.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use noodle_deploy_core::Builder;
use noodle_deploy_core::clock::ManualClock;
use noodle_deploy_core::rng::SeededRng;
use pyo3::prelude::*;

use crate::inputs::COPIES;
use crate::outputs::Prediction;

/// A clock and a generator that handles are opened with.
#[pyclass(frozen, module = "noodle_deploy._native")]
pub(crate) struct World {
    clock: Arc<ManualClock>,
    rng: Arc<SeededRng>,
}

impl World {
    pub(crate) fn enter(&self, builder: Builder) -> Builder {
        builder.clock(self.clock.clone()).rng(self.rng.clone())
    }
}

#[pymethods]
impl World {
    #[new]
    fn new(seed: u64, clock: u64) -> Self {
        World { clock: Arc::new(ManualClock::new(clock)), rng: Arc::new(SeededRng::new(seed)) }
    }

    /// Moves the clock on.
    fn advance(&self, milliseconds: u64) {
        self.clock.advance(Duration::from_millis(milliseconds));
    }
}

/// Where an output's elements lie.
#[pyfunction]
pub(crate) fn data_address(py: Python<'_>, prediction: &Bound<'_, Prediction>, name: &str) -> PyResult<usize> {
    prediction.get().address(py, name)
}

/// Arrays that were copied on their way in, so far.
#[pyfunction]
pub(crate) fn copies() -> usize {
    COPIES.load(Ordering::Relaxed)
}
