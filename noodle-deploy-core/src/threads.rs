//! The one place that starts threads.

mod idle;

use std::thread::{Builder, JoinHandle};

use crate::error::{Error, ErrorKind, Result};

/// Starts a named thread.
///
/// # Errors
/// `resource_exhausted` where the system gives none.
#[allow(clippy::disallowed_methods)]
pub(crate) fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    Builder::new().name(name.to_owned()).spawn(body).map_err(|e| {
        Error::new(ErrorKind::ResourceExhausted, "the system gives no thread").with("thread", name).source(e)
    })
}

/// Starts a named thread that everything else on the machine goes before.
///
/// # Errors
/// As [`spawn`].
pub(crate) fn spawn_idle(name: &str, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    spawn(name, move || {
        idle::lower_priority();
        body();
    })
}
