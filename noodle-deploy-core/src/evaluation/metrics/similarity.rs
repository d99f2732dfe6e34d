//! How near answers are to expected ones: number by number, and by angle.

use super::{Figure, Matrix, mean};
use crate::model::probe::{Agreement, Tolerance, compare};
use crate::tensor::TensorView;

/// Number by number, as probes are compared: NaN fits where NaN is expected.
///
/// # Errors
/// The reason that there are no figures: another number of rows or columns.
pub fn agreement(expected: &Matrix, answered: &Matrix, tolerance: Tolerance) -> Result<Agreement, String> {
    let (e, a) = ([expected.len(), expected.columns()], [answered.len(), answered.columns()]);
    let view = |shape, matrix| TensorView::new::<f64>(shape, Matrix::values(matrix)).map_err(|e| e.to_string());
    compare(&view(&e, expected)?, &view(&a, answered)?, tolerance).map_err(|error| error.to_string())
}

/// Mean over rows of e·a / (‖e‖ ‖a‖). As the diagonal of `cosine_similarity`; not defined for a row of zeros.
pub fn cosine(expected: &Matrix, answered: &Matrix) -> Figure {
    if expected.columns() != answered.columns() || expected.len() != answered.len() {
        return Err("the target has another shape than the output".to_owned());
    }
    expected.finite("the target")?;
    answered.finite("the output")?;
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let rows = expected.rows().zip(answered.rows()).enumerate().map(|(row, (e, a))| {
        let lengths = dot(e, e).sqrt() * dot(a, a).sqrt();
        if lengths == 0.0 || !lengths.is_finite() {
            Err(format!("row {row} has no direction"))
        } else {
            Ok(dot(e, a) / lengths)
        }
    });
    mean(rows.collect::<Result<Vec<f64>, String>>()?.into_iter())
}
