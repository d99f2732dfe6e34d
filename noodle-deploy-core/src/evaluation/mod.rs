//! What a model is worth and what it costs: metrics over a data set, figures of runs. Pure but for the files that
//! [`data`] reads.

pub mod figures;
pub mod rows;
