//! What a model is worth and what it costs: data sets, metrics over their rows, figures of runs. Pure but for the files
//! that [`data`] reads.

pub mod data;
pub mod figures;
pub mod judge;
pub mod metrics;
pub mod rows;
