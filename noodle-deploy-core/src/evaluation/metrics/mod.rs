//! Metrics of answers against what was expected. Pure.
//!
//! Each is as scikit-learn has it (named at each function), but one that is not defined for the data has no value here and
//! a reason, where scikit-learn warns and gives 0, 1 or NaN.

pub mod classification;
pub mod regression;
pub mod similarity;

use crate::error::{Error, Result};

/// A figure, or why there is none.
pub type Figure = std::result::Result<f64, String>;

/// A metric by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Share of rows whose best class is the right one.
    Accuracy,
    /// Share of rows whose right class is among the best `top_k`.
    TopKAccuracy,
    /// Precision, the mean over classes.
    PrecisionMacro,
    /// Precision over all rows.
    PrecisionMicro,
    /// Recall, the mean over classes.
    RecallMacro,
    /// Recall over all rows.
    RecallMicro,
    /// Harmonic mean of precision and recall, the mean over classes.
    F1Macro,
    /// Harmonic mean of precision and recall over all rows.
    F1Micro,
    /// Mean negative logarithm of the right class's probability.
    LogLoss,
    /// Area under the receiver operating characteristic.
    RocAuc,
    /// Rows by right and by answered class.
    ConfusionMatrix,
    /// Mean absolute error.
    Mae,
    /// Mean squared error.
    Mse,
    /// Root of the mean squared error.
    Rmse,
    /// Coefficient of determination.
    R2,
    /// Mean absolute error relative to the expected number.
    Mape,
    /// Largest absolute difference.
    MaxAbsDifference,
    /// Share of numbers within the tolerance.
    WithinTolerance,
    /// Mean cosine of the angle between rows.
    CosineSimilarity,
}

/// What a metric compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// The class of each row.
    Classification,
    /// All numbers of each row.
    Numbers,
}

impl Metric {
    /// Every metric.
    pub const ALL: [Metric; 19] = [
        Metric::Accuracy,
        Metric::TopKAccuracy,
        Metric::PrecisionMacro,
        Metric::PrecisionMicro,
        Metric::RecallMacro,
        Metric::RecallMicro,
        Metric::F1Macro,
        Metric::F1Micro,
        Metric::LogLoss,
        Metric::RocAuc,
        Metric::ConfusionMatrix,
        Metric::Mae,
        Metric::Mse,
        Metric::Rmse,
        Metric::R2,
        Metric::Mape,
        Metric::MaxAbsDifference,
        Metric::WithinTolerance,
        Metric::CosineSimilarity,
    ];

    /// As on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Metric::Accuracy => "accuracy",
            Metric::TopKAccuracy => "top_k_accuracy",
            Metric::PrecisionMacro => "precision_macro",
            Metric::PrecisionMicro => "precision_micro",
            Metric::RecallMacro => "recall_macro",
            Metric::RecallMicro => "recall_micro",
            Metric::F1Macro => "f1_macro",
            Metric::F1Micro => "f1_micro",
            Metric::LogLoss => "log_loss",
            Metric::RocAuc => "roc_auc",
            Metric::ConfusionMatrix => "confusion_matrix",
            Metric::Mae => "mae",
            Metric::Mse => "mse",
            Metric::Rmse => "rmse",
            Metric::R2 => "r2",
            Metric::Mape => "mape",
            Metric::MaxAbsDifference => "max_abs_difference",
            Metric::WithinTolerance => "within_tolerance",
            Metric::CosineSimilarity => "cosine_similarity",
        }
    }

    /// What it compares.
    pub const fn family(self) -> Family {
        match self {
            Metric::Mae
            | Metric::Mse
            | Metric::Rmse
            | Metric::R2
            | Metric::Mape
            | Metric::MaxAbsDifference
            | Metric::WithinTolerance
            | Metric::CosineSimilarity => Family::Numbers,
            _ => Family::Classification,
        }
    }

    /// Whether it needs a score of each class, and not the best class alone.
    pub const fn needs_scores(self) -> bool {
        matches!(self, Metric::TopKAccuracy | Metric::LogLoss | Metric::RocAuc)
    }
}

impl std::str::FromStr for Metric {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Metric::ALL
            .into_iter()
            .find(|metric| metric.name() == name)
            .ok_or_else(|| Error::invalid("metrics", name, Metric::ALL.map(Metric::name).join(", ")))
    }
}

/// Numbers by rows and columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    columns: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// A matrix of so many columns, its rows one after another; `None` where they do not fit.
    pub fn new(columns: usize, values: Vec<f64>) -> Option<Self> {
        (columns > 0 && values.len().is_multiple_of(columns)).then_some(Matrix { columns, values })
    }

    /// Numbers in a row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.values.len() / self.columns
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The rows.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.columns)
    }

    /// All numbers.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Changes every row in place.
    pub fn map_rows(&mut self, change: impl Fn(&mut [f64])) {
        self.values.chunks_exact_mut(self.columns).for_each(change);
    }

    /// Says which row has a number that is not finite.
    ///
    /// # Errors
    /// The reason that a figure over it has no value.
    pub(crate) fn finite(&self, what: &str) -> std::result::Result<(), String> {
        match self.rows().position(|row| row.iter().any(|value| !value.is_finite())) {
            Some(row) => Err(format!("{what} of row {row} has NaN or an infinity")),
            None => Ok(()),
        }
    }
}

/// The mean of figures.
fn mean(values: impl Iterator<Item = f64>) -> Figure {
    let (sum, count) = values.fold((0.0, 0u64), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { Err("there is nothing to take a mean of".to_owned()) } else { Ok(sum / count as f64) }
}
