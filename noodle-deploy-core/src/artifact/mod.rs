//! Content-addressed blobs in a directory.

pub(crate) mod durable;
