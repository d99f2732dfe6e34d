//! One output of a model against what was expected of it. Pure.

use std::collections::BTreeMap;

use super::metrics::classification::{self, Classes, argmax, to_probabilities, two_columns};
use super::metrics::{Family, Figure, Matrix, Metric, regression, similarity};
use super::rows::numbers;
use crate::error::{Error, ErrorKind, Result};
use crate::model::probe::Tolerance;
use crate::tensor::{DType, Tensor, TensorView};

/// Numbers of the answers together at most.
const MAX_NUMBERS: usize = 1 << 27;
/// Classes of a confusion matrix at most.
pub const MAX_CONFUSION: usize = 64;
/// Classes that there may be where only the best class is answered.
const MAX_CLASSES: usize = 1 << 16;

/// Answers to the rows of a data set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    /// Sizes of an answer to one row.
    shape: Vec<usize>,
    /// Whether answers are integers, bools or strings: classes, not scores.
    names_classes: bool,
    rows: usize,
    numbers: Vec<f64>,
    strings: Vec<String>,
}

impl Answers {
    /// Adds the first `rows` rows of an output, or the whole of it as one row.
    ///
    /// # Errors
    /// `engine_failed` where it has too few rows or another shape than the ones before; `too_large`.
    pub fn add(&mut self, output: &Tensor, rows: usize, whole: bool) -> Result<()> {
        let found = || format!("{:?}", output.shape());
        let shape = if whole { Some(output.shape()) } else { output.shape().get(1..) };
        let had = if whole { Some(1) } else { output.shape().first().copied() };
        let (Some(shape), Some(had)) = (shape, had.filter(|had| *had >= rows)) else {
            return Err(Error::new(ErrorKind::EngineFailed, "the output has too few rows")
                .with("value", found())
                .with("allowed", format!("{rows} rows")));
        };
        if self.rows == 0 {
            self.shape = shape.to_vec();
            self.names_classes = !matches!(output.dtype(), DType::F16 | DType::F32 | DType::F64);
        } else if self.shape != shape {
            return Err(Error::new(ErrorKind::EngineFailed, "the output has another shape than those of rows before")
                .with("value", found())
                .with("allowed", format!("rows of {:?}", self.shape)));
        }
        let elements = output.len() / had.max(1) * rows;
        if self.numbers.len() + self.strings.len() + elements > MAX_NUMBERS {
            return Err(Error::new(ErrorKind::TooLarge, "the answers have too many numbers")
                .with("field", "data")
                .with("value", self.rows + rows)
                .with("allowed", format!("rows whose answers have at most {MAX_NUMBERS} numbers together")));
        }
        match numbers(&output.view()) {
            Some(all) => self.numbers.extend(&all[..elements]),
            None => self.strings.extend_from_slice(&output.as_strings()?[..elements]),
        }
        self.rows += rows;
        Ok(())
    }

    fn columns(&self) -> usize {
        self.shape.iter().product()
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Rules<'a> {
    /// The metrics.
    pub metrics: Vec<Metric>,
    /// Names of the classes, where the version has them.
    pub labels: &'a [String],
    /// Turn scores into probabilities first.
    pub softmax: bool,
    /// Classes that count for `top_k_accuracy`.
    pub top_k: usize,
    /// For `within_tolerance`.
    pub tolerance: Tolerance,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// Metrics that have a value.
    pub metrics: BTreeMap<String, f64>,
    /// Metrics that have none, and why.
    pub undefined: BTreeMap<String, String>,
    /// Rows by right and by answered class.
    pub confusion: Vec<Vec<u32>>,
}

/// Computes every metric.
///
/// # Errors
/// `invalid_argument` where the target does not fit the answers: another number of classes or numbers, an unknown label.
pub fn judge(answers: &Answers, target: &Tensor, rules: &Rules<'_>) -> Result<Judged> {
    let mut judged = Judged::default();
    let of = |family| rules.metrics.iter().copied().filter(move |metric| metric.family() == family);
    if of(Family::Classification).next().is_some() {
        classes(answers, target, rules, of(Family::Classification).collect(), &mut judged)?;
    }
    if of(Family::Numbers).next().is_some() {
        let (expected, answered) = matrices(answers, target)?;
        for metric in of(Family::Numbers) {
            judged.note(metric, compared(metric, &expected, &answered, rules.tolerance));
        }
    }
    Ok(judged)
}

impl Judged {
    fn note(&mut self, metric: Metric, figure: Figure) {
        let name = metric.name().to_owned();
        match figure {
            Ok(value) if value.is_finite() => drop(self.metrics.insert(name, value)),
            Ok(_) => drop(self.undefined.insert(name, "the figure is too large for a number".to_owned())),
            Err(reason) => drop(self.undefined.insert(name, reason)),
        }
    }
}

fn compared(metric: Metric, expected: &Matrix, answered: &Matrix, tolerance: Tolerance) -> Figure {
    let agreement = || similarity::agreement(expected, answered, tolerance);
    match metric {
        Metric::Mae => regression::mae(expected, answered),
        Metric::Mse => regression::mse(expected, answered),
        Metric::Rmse => regression::rmse(expected, answered),
        Metric::R2 => regression::r2(expected, answered),
        Metric::Mape => regression::mape(expected, answered),
        Metric::CosineSimilarity => similarity::cosine(expected, answered),
        Metric::MaxAbsDifference => agreement().and_then(|a| match a.nan {
            0 => Ok(a.max_abs),
            nan => Err(format!("{nan} numbers are NaN where the others are not")),
        }),
        _ => agreement().map(|a| 1.0 - a.mismatches as f64 / a.elements.max(1) as f64),
    }
}

fn matrices(answers: &Answers, target: &Tensor) -> Result<(Matrix, Matrix)> {
    let refuse = |value: String| {
        let allowed = format!("{} rows of {} numbers, as the output has", answers.rows, answers.columns());
        Error::invalid("target", value, allowed)
    };
    let expected = numbers(&target.view()).ok_or_else(|| refuse("strings".to_owned()))?;
    let shape = || format!("{:?}", target.shape());
    if !answers.strings.is_empty() || expected.len() != answers.numbers.len() {
        return Err(refuse(shape()));
    }
    let columns = answers.columns();
    let matrix = |values| Matrix::new(columns, values).ok_or_else(|| refuse(shape()));
    Ok((matrix(expected)?, matrix(answers.numbers.clone())?))
}

fn classes(
    answers: &Answers,
    target: &Tensor,
    rules: &Rules<'_>,
    metrics: Vec<Metric>,
    judged: &mut Judged,
) -> Result<()> {
    if target.len() != answers.rows {
        let value = format!("{:?}", target.shape());
        return Err(Error::invalid("target", value, format!("one class for each of {} rows", answers.rows)));
    }
    if answers.shape.len() > 1 && answers.columns() != 1 || answers.columns() == 0 {
        let allowed = "an output with one class, or one score of each class, for each row";
        return Err(Error::invalid("output", format!("rows of {:?}", answers.shape), allowed));
    }
    let scores = (!answers.names_classes).then(|| Matrix::new(answers.columns(), answers.numbers.clone())).flatten();
    let Some(mut scores) = scores else { return named_classes(answers, target, rules, &metrics, judged) };
    if rules.softmax {
        to_probabilities(&mut scores);
    }
    let count = scores.columns().max(2);
    let truth = numbered(&target.view(), rules.labels, count)?;
    let answered = argmax(&scores);
    let finite = scores.finite("the output");
    let scores = two_columns(scores);
    let found = Classes::new(truth, answered, count);
    let found = found.ok_or_else(|| Error::invalid("target", "no rows", "1 or more"))?;
    for metric in metrics {
        let figure = match metric {
            Metric::TopKAccuracy => classification::top_k_accuracy(found.truth(), &scores, rules.top_k),
            Metric::LogLoss => classification::log_loss(found.truth(), &scores),
            Metric::RocAuc => classification::roc_auc(found.truth(), &scores),
            _ => finite.clone().and_then(|()| counted(metric, &found, judged)),
        };
        if let (Metric::ConfusionMatrix, Ok(_)) = (metric, &figure) {
            continue;
        }
        judged.note(metric, figure);
    }
    Ok(())
}

/// A metric of classes alone. The confusion matrix goes to `judged`, and its figure means nothing.
fn counted(metric: Metric, classes: &Classes, judged: &mut Judged) -> Figure {
    Ok(match metric {
        Metric::PrecisionMacro => classes.precision_macro(),
        Metric::RecallMacro => classes.recall_macro(),
        Metric::F1Macro => classes.f1_macro(),
        Metric::ConfusionMatrix if classes.classes() > MAX_CONFUSION => {
            return Err(format!("there are {} classes; at most {MAX_CONFUSION} fit a table", classes.classes()));
        }
        Metric::ConfusionMatrix => {
            judged.confusion = classes.confusion();
            0.0
        }
        // With one class a row, what was not answered rightly was answered wrongly: all of these are the same share.
        _ => classes.accuracy(),
    })
}

/// Answers that name the class of each row.
fn named_classes(
    answers: &Answers,
    target: &Tensor,
    rules: &Rules<'_>,
    metrics: &[Metric],
    judged: &mut Judged,
) -> Result<()> {
    if answers.columns() != 1 {
        let allowed = "an output with one class for each row";
        return Err(Error::invalid("output", format!("rows of {:?}", answers.shape), allowed));
    }
    let (truth, answered) = if answers.strings.is_empty() {
        let shape = [answers.numbers.len()];
        let found = TensorView::new::<f64>(&shape, &answers.numbers)?;
        let truth = numbered(&target.view(), rules.labels, MAX_CLASSES)?;
        (truth, numbered(&found, rules.labels, MAX_CLASSES).map_err(|e| e.with("reason", "the model answered so"))?)
    } else {
        // Names that no list knows still are the same or not.
        let truth =
            target.as_strings().map_err(|_| Error::invalid("target", target.dtype(), "strings, as the output has"))?;
        let known = rules.labels.iter().chain(truth).chain(&answers.strings);
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        for name in known {
            let next = numbers.len();
            numbers.entry(name).or_insert(next);
        }
        let of = |names: &[String]| names.iter().map(|name| numbers[name.as_str()]).collect::<Vec<usize>>();
        (of(truth), of(&answers.strings))
    };
    let count = truth.iter().chain(&answered).max().map_or(0, |most| most + 1).max(rules.labels.len());
    let found = Classes::new(truth, answered, count);
    let found = found.ok_or_else(|| Error::invalid("target", "no rows", "1 or more"))?;
    for &metric in metrics {
        let figure = match metric.needs_scores() {
            true => Err("the output names classes and gives no scores".to_owned()),
            false => counted(metric, &found, judged),
        };
        if let (Metric::ConfusionMatrix, Ok(_)) = (metric, &figure) {
            continue;
        }
        judged.note(metric, figure);
    }
    Ok(())
}

/// Classes by number; strings are looked up among the labels.
fn numbered(target: &TensorView<'_>, labels: &[String], count: usize) -> Result<Vec<usize>> {
    if let Some(numbers) = numbers(target) {
        let class = |(row, number): (usize, f64)| {
            let fits = number.fract() == 0.0 && (0.0..count as f64).contains(&number);
            if fits {
                Ok(number as usize)
            } else {
                Err(Error::invalid("target", number, format!("a class, 0 to {}", count - 1)).with("row", row))
            }
        };
        return numbers.into_iter().enumerate().map(class).collect();
    }
    let tensor = target.to_tensor()?;
    let class = |(row, name): (usize, &String)| {
        let found = labels.iter().take(count).position(|label| label == name);
        found.ok_or_else(|| {
            let allowed = if labels.is_empty() {
                "classes by number: the version has no labels".to_owned()
            } else {
                labels.join(", ")
            };
            Error::invalid("target", name, allowed).with("row", row)
        })
    };
    tensor.as_strings()?.iter().enumerate().map(class).collect()
}
