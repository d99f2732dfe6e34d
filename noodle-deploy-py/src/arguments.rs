//! Arguments of the hand-written calls, with errors that name them.

use std::path::PathBuf;
use std::time::Duration;

use noodle_deploy_core::Error;
use noodle_deploy_core::ops::Role;
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PyString};

use crate::errors::{OrRaise, raised};
use crate::json::type_name;

/// The text of a string.
///
/// # Errors
/// `invalid_argument` where it is no Unicode.
pub(crate) fn text<'a>(field: &'static str, value: &'a Bound<'_, PyString>) -> PyResult<&'a str> {
    let unicode = || Error::invalid(field, "a string with a lone surrogate", "text that is Unicode");
    value.to_str().map_err(|_| raised(value.py(), &unicode()))
}

/// As [`text`], where it is there.
pub(crate) fn optional<'a>(field: &'static str, value: Option<&'a Bound<'_, PyString>>) -> PyResult<Option<&'a str>> {
    value.map(|value| text(field, value)).transpose()
}

/// Names and values of text.
///
/// # Errors
/// `invalid_argument` for other values.
pub(crate) fn pairs(field: &'static str, given: &Bound<'_, PyMapping>) -> PyResult<Vec<(String, String)>> {
    let one = |item: Bound<'_, PyAny>| {
        let (name, value) = item.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
        let read = |value: &Bound<'_, PyAny>| match value.cast::<PyString>() {
            Ok(value) => text(field, value).map(str::to_owned),
            Err(_) => {
                let found = value.get_type().name()?.to_string();
                Err(raised(value.py(), &Error::invalid(field, found, "a mapping of str to str")))
            }
        };
        Ok((read(&name)?, read(&value)?))
    };
    given.items()?.iter().map(one).collect()
}

/// A path: a `str`, with the system's bytes as Python escapes them, or an `os.PathLike` of one.
///
/// # Errors
/// `invalid_argument` for everything else.
pub(crate) fn path(field: &'static str, value: &Bound<'_, PyAny>) -> PyResult<PathBuf> {
    let py = value.py();
    let refused = |found: &str| raised(py, &Error::invalid(field, found, "a path: a str or an os.PathLike of one"));
    let path = if value.hasattr("__fspath__")? { value.call_method0("__fspath__")? } else { value.clone() };
    if !path.is_instance_of::<PyString>() {
        return Err(refused(&type_name(&path)));
    }
    path.extract().map_err(|_| refused("a string with a lone surrogate"))
}

/// How long to wait, in seconds.
///
/// # Errors
/// `invalid_argument` for what is no number, or no time.
pub(crate) fn seconds(field: &'static str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let seconds = value.extract::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    match seconds {
        Some(seconds) => Ok(seconds),
        None => {
            let error = Error::invalid(field, value.repr()?, "seconds from 0 to 18446744073709551615, as a number");
            Err(raised(value.py(), &error))
        }
    }
}

/// A level of priority.
///
/// # Errors
/// `invalid_argument` for what is no whole number from 0.
pub(crate) fn level(field: &'static str, value: &Bound<'_, PyAny>) -> PyResult<u32> {
    let refused = |repr| raised(value.py(), &Error::invalid(field, repr, "a level from 1, or 0 for the default"));
    value.extract::<u32>().or_else(|_| Err(refused(value.repr()?)))
}

/// Checks who is to call, before they do.
#[pyfunction]
pub(crate) fn check_caller(
    py: Python<'_>,
    actor: &Bound<'_, PyString>,
    role: &Bound<'_, PyString>,
    request_id: Option<&Bound<'_, PyString>>,
) -> PyResult<()> {
    text("actor", actor)?;
    optional("request_id", request_id)?;
    text("role", role)?.parse::<Role>().map(drop).or_raise(py)
}
