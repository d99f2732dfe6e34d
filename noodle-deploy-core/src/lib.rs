//! The SQLite of model deployment.

pub mod clock;
pub mod engine;
pub mod error;
pub mod model;
pub mod rng;
pub mod settings;
pub mod store;
pub mod tensor;

pub use error::{Error, ErrorKind, Result};
pub use tensor::{DType, Tensor, TensorView};
