//! Metrics of classes.

use super::{Figure, Matrix, mean};

/// Probabilities are kept so far from 0 and 1 before their logarithm is taken.
const CLIP: f64 = f64::EPSILON;
/// The probabilities of a row may sum to 1 but for so much.
const SUM: f64 = 1e-3;

/// Right and answered classes, row by row, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Classes {
    truth: Vec<usize>,
    answered: Vec<usize>,
    classes: usize,
}

impl Classes {
    /// Classes of rows; `None` where there is no row, the lengths differ, or a class is not below `classes`.
    pub fn new(truth: Vec<usize>, answered: Vec<usize>, classes: usize) -> Option<Self> {
        let fits = !truth.is_empty()
            && truth.len() == answered.len()
            && truth.iter().chain(&answered).all(|class| *class < classes);
        fits.then_some(Classes { truth, answered, classes })
    }

    /// Number of classes that there can be.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The right classes.
    pub fn truth(&self) -> &[usize] {
        &self.truth
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.truth.iter().copied().zip(self.answered.iter().copied())
    }

    /// Share of rows whose answered class is the right one. As `accuracy_score`; for one class a row it is precision,
    /// recall and F1 with `average="micro"` as well.
    pub fn accuracy(&self) -> f64 {
        self.pairs().filter(|(truth, answered)| truth == answered).count() as f64 / self.truth.len() as f64
    }

    /// Of each class that occurs in either: rows that are right, that were answered, that it has.
    fn counts(&self) -> Vec<(f64, f64, f64)> {
        let mut counts = vec![(0.0, 0.0, 0.0); self.classes];
        for (truth, answered) in self.pairs() {
            counts[truth].2 += 1.0;
            counts[answered].1 += 1.0;
            if truth == answered {
                counts[truth].0 += 1.0;
            }
        }
        counts.retain(|(_, answered, has)| *answered + *has > 0.0);
        counts
    }

    fn over_classes(&self, figure: impl Fn(f64, f64, f64) -> (f64, f64)) -> f64 {
        let counts = self.counts();
        let ratio = |(part, whole): (f64, f64)| if whole == 0.0 { 0.0 } else { part / whole };
        counts.iter().map(|&(right, answered, has)| ratio(figure(right, answered, has))).sum::<f64>()
            / counts.len() as f64
    }

    /// Mean over the classes that occur of right / answered; a class that was never answered counts 0. As
    /// `precision_score(average="macro", zero_division=0)`.
    pub fn precision_macro(&self) -> f64 {
        self.over_classes(|right, answered, _| (right, answered))
    }

    /// Mean over the classes that occur of right / there. As `recall_score(average="macro", zero_division=0)`.
    pub fn recall_macro(&self) -> f64 {
        self.over_classes(|right, _, has| (right, has))
    }

    /// Mean over the classes that occur of 2 right / (answered + there). As `f1_score(average="macro", zero_division=0)`.
    pub fn f1_macro(&self) -> f64 {
        self.over_classes(|right, answered, has| (2.0 * right, answered + has))
    }

    /// Rows by right class and, within, by answered class. As `confusion_matrix`.
    pub fn confusion(&self) -> Vec<Vec<u32>> {
        let mut counts = vec![vec![0u32; self.classes]; self.classes];
        for (truth, answered) in self.pairs() {
            counts[truth][answered] = counts[truth][answered].saturating_add(1);
        }
        counts
    }
}

/// The class of each row: the best score, the first of equals; with one score a row, 1 where it is 0.5 or more.
pub fn argmax(scores: &Matrix) -> Vec<usize> {
    if scores.columns() == 1 {
        return scores.values().iter().map(|score| usize::from(*score >= 0.5)).collect();
    }
    let best = |row: &[f64]| {
        row.iter()
            .enumerate()
            .fold((0, f64::NEG_INFINITY), |best, (at, score)| if *score > best.1 { (at, *score) } else { best })
            .0
    };
    scores.rows().map(best).collect()
}

/// Scores of two classes where there is one score a row: that of class 1, and the rest to 1.
pub fn two_columns(scores: Matrix) -> Matrix {
    if scores.columns() != 1 {
        return scores;
    }
    Matrix { columns: 2, values: scores.values().iter().flat_map(|score| [1.0 - score, *score]).collect() }
}

/// Turns scores into probabilities: the softmax of each row, or the logistic function of a single score.
pub fn to_probabilities(scores: &mut Matrix) {
    scores.map_rows(|row| {
        if let [one] = row {
            *one = 1.0 / (1.0 + (-*one).exp());
            return;
        }
        let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        row.iter_mut().for_each(|score| *score = (*score - most).exp());
        let sum: f64 = row.iter().sum();
        row.iter_mut().for_each(|score| *score /= sum);
    });
}

/// Share of rows whose right class is among the `k` best; of equal scores the first class counts as better. As
/// `top_k_accuracy_score`, which takes the last of equals.
pub fn top_k_accuracy(truth: &[usize], scores: &Matrix, k: usize) -> Figure {
    scores.finite("the output")?;
    mean(truth.iter().zip(scores.rows()).map(|(&class, row)| {
        let better = |(at, score): (usize, &f64)| *score > row[class] || (*score == row[class] && at < class);
        let before = row.iter().enumerate().filter(|pair| better(*pair)).count();
        if before < k { 1.0 } else { 0.0 }
    }))
}

/// Mean of -ln(p) of the right class, with p between 2.2e-16 and 1 - 2.2e-16. As `log_loss`.
pub fn log_loss(truth: &[usize], probabilities: &Matrix) -> Figure {
    probabilities.finite("the output")?;
    let fits =
        |row: &[f64]| row.iter().all(|p| (0.0..=1.0).contains(p)) && (row.iter().sum::<f64>() - 1.0).abs() <= SUM;
    if let Some(row) = probabilities.rows().position(|row| !fits(row)) {
        return Err(format!("the output of row {row} is no distribution: softmax may be missing"));
    }
    mean(truth.iter().zip(probabilities.rows()).map(|(&class, row)| -row[class].clamp(CLIP, 1.0 - CLIP).ln()))
}

/// Area under the receiver operating characteristic: the share of pairs of a row of the class and one of another where
/// the first has the higher score, equals counting half. With two classes that of class 1; with more the mean over
/// classes, each against the rest. As `roc_auc_score`, with `multi_class="ovr"` for more than two.
pub fn roc_auc(truth: &[usize], scores: &Matrix) -> Figure {
    scores.finite("the output")?;
    let one = |class: usize| {
        let column: Vec<f64> = scores.rows().map(|row| row[class]).collect();
        let is: Vec<bool> = truth.iter().map(|other| *other == class).collect();
        area(&is, &column).ok_or_else(|| format!("the data has no row of class {class}, or no other row"))
    };
    if scores.columns() == 2 {
        return one(1);
    }
    let areas = (0..scores.columns()).map(one).collect::<std::result::Result<Vec<f64>, String>>()?;
    mean(areas.into_iter())
}

/// Mann and Whitney's statistic over the number of pairs, by the ranks of the scores.
fn area(is: &[bool], scores: &[f64]) -> Option<f64> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let (mut ranks, mut at) = (0.0, 0);
    while at < order.len() {
        let equal = order[at..].iter().take_while(|i| scores[**i] == scores[order[at]]).count();
        // The mean of the ranks at + 1 to at + equal.
        let rank = at as f64 + (equal as f64 + 1.0) / 2.0;
        ranks += rank * order[at..at + equal].iter().filter(|i| is[**i]).count() as f64;
        at += equal;
    }
    let positive = is.iter().filter(|is| **is).count() as f64;
    let negative = is.len() as f64 - positive;
    (positive > 0.0 && negative > 0.0).then(|| (ranks - positive * (positive + 1.0) / 2.0) / (positive * negative))
}
