//! What a model is before anything runs it: signature, manifest, formats, and the vocabulary of model types.

pub mod onnx;
pub mod signature;
