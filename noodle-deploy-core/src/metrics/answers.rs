//! What answers were like, as far as it shows whether two versions answer differently: which class came first, or, of what is
//! no classification, the mean of the numbers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evaluation::rows::numbers;
use crate::serving::predict::Prediction;
use crate::statistics::mean::Moments;
use crate::tensor::{Data, TensorView};

/// Counts of classes: of more labels than that, those share a count whose numbers leave the same remainder.
pub const CLASSES: usize = 16;
/// Numbers of an answer that its mean is taken of, at most.
const NUMBERS: usize = 1_024;

/// Answers of one revision. Addition merges.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answers {
    /// How often each class came first, of the first row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<f64>,
    /// Means of the first numbers of the first output, of answers without labels.
    pub means: Moments,
}

impl Answers {
    /// Takes an answer in. One whose mean is no finite number says nothing here.
    pub(crate) fn add(&mut self, answer: &Prediction) {
        if let Some(class) = answer.first_class() {
            self.classes.resize(CLASSES, 0.0);
            if let Some(count) = self.classes.get_mut(class % CLASSES) {
                *count += 1.0;
            }
        } else if let Some(mean) = mean(answer) {
            self.means.add(mean, 1.0);
        }
    }

    /// Takes in what was counted elsewhere.
    pub fn merge(&mut self, other: &Answers) {
        self.classes.resize(self.classes.len().max(other.classes.len()), 0.0);
        self.classes.iter_mut().zip(&other.classes).for_each(|(to, n)| *to += n);
        self.means.merge(&other.means);
    }

    /// What came since.
    pub fn since(&self, earlier: &Answers) -> Answers {
        let before = earlier.classes.iter().copied().chain(std::iter::repeat(0.0));
        let classes = self.classes.iter().zip(before).map(|(now, before)| (now - before).max(0.0));
        Answers { classes: classes.collect(), means: self.means.since(&earlier.means) }
    }

    /// How many there were.
    pub fn count(&self) -> f64 {
        self.classes.iter().sum::<f64>() + self.means.n
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty() && self.means.n == 0.0
    }
}

fn mean(answer: &Prediction) -> Option<f64> {
    let view = answer.outputs.first()?.view();
    let Data::Bytes(bytes) = view.data() else { return None };
    let n = view.shape().iter().product::<usize>();
    if n == 0 {
        return None;
    }
    let (taken, size) = (n.min(NUMBERS), bytes.len() / n);
    let first =
        TensorView::from_bytes(view.dtype(), &[taken], bytes.get(..taken * size)?).ok().and_then(|v| numbers(&v))?;
    let mean = first.iter().sum::<f64>() / first.len() as f64;
    Some(mean).filter(|mean| mean.is_finite())
}
