//! The one place that starts threads.

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
