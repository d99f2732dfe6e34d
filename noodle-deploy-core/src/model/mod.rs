//! What a model is before anything runs it: signature, manifest, formats, and the vocabulary of model types.

pub mod file;
pub mod kind;
pub mod onnx;
pub mod probe;
pub mod signature;
