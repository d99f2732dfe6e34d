//! Metrics of numbers. With several numbers a row, each column has a figure and their mean is the result, as with
//! `multioutput="uniform_average"`.

use super::{Figure, Matrix, mean};

/// Expected numbers and answers of one shape.
fn pairs(expected: &Matrix, answered: &Matrix) -> Result<(), String> {
    if expected.columns() != answered.columns() || expected.len() != answered.len() {
        return Err(format!(
            "{} rows of {} numbers are expected, and {} of {} were answered",
            expected.len(),
            expected.columns(),
            answered.len(),
            answered.columns()
        ));
    }
    expected.finite("the target")?;
    answered.finite("the output")
}

fn over_columns(expected: &Matrix, answered: &Matrix, figure: impl Fn(&[(f64, f64)]) -> Figure) -> Figure {
    pairs(expected, answered)?;
    let columns = (0..expected.columns()).map(|column| {
        let numbers: Vec<(f64, f64)> =
            expected.rows().zip(answered.rows()).map(|(e, a)| (e[column], a[column])).collect();
        figure(&numbers)
    });
    mean(columns.collect::<Result<Vec<f64>, String>>()?.into_iter())
}

/// Mean of |e - a|. As `mean_absolute_error`.
pub fn mae(expected: &Matrix, answered: &Matrix) -> Figure {
    over_columns(expected, answered, |numbers| mean(numbers.iter().map(|(e, a)| (e - a).abs())))
}

/// Mean of (e - a)². As `mean_squared_error`.
pub fn mse(expected: &Matrix, answered: &Matrix) -> Figure {
    over_columns(expected, answered, squared)
}

/// Root of the mean of (e - a)². As `root_mean_squared_error`.
pub fn rmse(expected: &Matrix, answered: &Matrix) -> Figure {
    over_columns(expected, answered, |numbers| squared(numbers).map(f64::sqrt))
}

fn squared(numbers: &[(f64, f64)]) -> Figure {
    mean(numbers.iter().map(|(e, a)| (e - a).powi(2)))
}

/// 1 - Σ(e - a)² / Σ(e - ē)². As `r2_score`; not defined for a column whose expected numbers are all equal.
pub fn r2(expected: &Matrix, answered: &Matrix) -> Figure {
    over_columns(expected, answered, |numbers| {
        let centre = mean(numbers.iter().map(|(e, _)| *e))?;
        let spread: f64 = numbers.iter().map(|(e, _)| (e - centre).powi(2)).sum();
        let first = numbers.first().map(|(e, _)| *e);
        if numbers.iter().all(|(e, _)| Some(*e) == first) || spread == 0.0 {
            return Err("the expected numbers do not vary".to_owned());
        }
        Ok(1.0 - numbers.iter().map(|(e, a)| (e - a).powi(2)).sum::<f64>() / spread)
    })
}

/// Mean of |e - a| / max(|e|, 2.2e-16), as a share and not in percent. As `mean_absolute_percentage_error`.
pub fn mape(expected: &Matrix, answered: &Matrix) -> Figure {
    over_columns(expected, answered, |numbers| {
        mean(numbers.iter().map(|(e, a)| (e - a).abs() / e.abs().max(f64::EPSILON)))
    })
}
