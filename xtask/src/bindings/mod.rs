//! The tests of the other languages, against the libraries that cargo built.

mod c;
mod c_warnings;
mod node;
mod python;

pub(crate) use c::{symbols as c_symbols, test as c};
pub(crate) use node::{NPM, names as node_names, pack_extension, sources as node_sources, test as node};
pub(crate) use python::{
    environment as python_environment, free_threaded, install as install_python, lay_out as lay_out_python,
    names as python_names, test as python, torch,
};

use crate::report::Skip;
use crate::run;

/// What every library says its version is.
const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(crate) fn need(program: &str) -> Result<(), Skip> {
    if run::has(program) { Ok(()) } else { Err(Skip::Missing(format!("{program} is not installed"))) }
}
