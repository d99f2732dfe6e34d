//! See `tests/pipeline.rs` for pipelines over real models.
