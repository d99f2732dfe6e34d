//! For tests alone; not in a package: a clock that stands, ids that repeat, and a look at addresses.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use noodle_deploy_core::clock::{ManualClock, instant};
use noodle_deploy_core::rng::SeededRng;
use noodle_deploy_core::{Builder, Result};
use pyo3::prelude::*;

use crate::errors::OrRaise;
use crate::handle::Handle;
use crate::inputs::{COPIES, Inputs};
use crate::lifetime::outside;
use crate::logging;
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

/// The median time of a prediction in nanoseconds, measured without Python.
#[pyfunction]
pub(crate) fn time_predict(
    py: Python<'_>,
    handle: &Bound<'_, Handle>,
    deployment: &str,
    inputs: &Bound<'_, PyAny>,
    times: usize,
) -> PyResult<u64> {
    let noodle = handle.get().noodle(py)?;
    let inputs = Inputs::read(&noodle, deployment, None, inputs, false)?;
    let views = inputs.views().or_raise(py)?;
    let mut taken = outside(py, || {
        let time = |_| {
            let begun = instant();
            let answer = noodle.predict(deployment, &views);
            let took = begun.elapsed().as_nanos() as u64;
            answer.map(|_| took)
        };
        (0..times).map(time).collect::<Result<Vec<u64>>>()
    })?
    .or_raise(py)?;
    taken.sort_unstable();
    Ok(taken[taken.len() / 2])
}

/// Arrays that were copied on their way in, so far.
#[pyfunction]
pub(crate) fn copies() -> usize {
    COPIES.load(Ordering::Relaxed)
}

/// Says something as a thread of the core does, some times; fields are `name` and `time`.
#[pyfunction]
pub(crate) fn say(message: &str, times: usize) {
    for time in 0..times {
        logging::say(message, vec![("name", "of a field".to_owned()), ("time", time.to_string())]);
    }
}
