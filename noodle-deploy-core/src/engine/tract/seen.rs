//! What a state remembers of the shapes that it ran by the plan that serves every shape.

use std::time::Duration;

use smallvec::SmallVec;

use super::special::{RUNS, SPENT};
use crate::tensor::{Shape, TensorView};

/// Shapes that ran lately; one request is like the one before as a rule.
#[derive(Debug, Default)]
pub(super) struct Seen {
    shapes: Vec<Runs>,
    next: usize,
}

#[derive(Debug)]
struct Runs {
    key: SmallVec<[Shape; 4]>,
    runs: u32,
    spent: Duration,
    settled: bool,
    general: bool,
}

impl Runs {
    fn is_of(&self, inputs: &[TensorView<'_>]) -> bool {
        self.key.iter().zip(inputs).all(|(shape, view)| shape.as_slice() == view.shape())
    }
}

impl Seen {
    const KEPT: usize = 32;

    pub(super) fn has(&self, inputs: &[TensorView<'_>]) -> bool {
        self.shapes.iter().any(|runs| runs.is_of(inputs))
    }

    pub(super) fn add(&mut self, inputs: &[TensorView<'_>]) {
        let key = inputs.iter().map(|view| Shape::from_slice(view.shape())).collect();
        let new = Runs { key, runs: 0, spent: Duration::ZERO, settled: false, general: false };
        if self.shapes.len() < Self::KEPT {
            self.shapes.push(new);
        } else {
            self.shapes[self.next] = new;
            self.next = (self.next + 1) % Self::KEPT;
        }
    }

    /// Whether the shape is known to have no plan of its own.
    pub(super) fn is_general(&self, inputs: &[TensorView<'_>]) -> bool {
        self.shapes.iter().any(|runs| runs.general && runs.is_of(inputs))
    }

    /// The shape has no plan of its own now.
    pub(super) fn stays_general(&mut self, inputs: &[TensorView<'_>]) {
        self.shapes.iter_mut().filter(|runs| runs.is_of(inputs)).for_each(|runs| runs.general = true);
    }

    /// Any shape may have one by now.
    pub(super) fn look_again(&mut self) {
        self.shapes.iter_mut().for_each(|runs| runs.general = false);
    }

    /// Counts a run. Whether the shape has come to be worth a plan of its own, and `look` did not take it up before.
    pub(super) fn ran(&mut self, inputs: &[TensorView<'_>], took: Duration, look: impl FnOnce() -> bool) {
        let Some(runs) = self.shapes.iter_mut().find(|runs| runs.is_of(inputs)) else { return };
        runs.runs = runs.runs.saturating_add(1);
        runs.spent = runs.spent.saturating_add(took);
        if !runs.settled && runs.runs >= RUNS && runs.spent >= SPENT {
            runs.settled = look();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_looked_at_once_it_is_worth_it_and_once_only() {
        let data = [0f32; 6];
        let view = |shape: &'static [usize]| [TensorView::new(shape, &data[..shape.iter().product()]).unwrap()];
        let mut seen = Seen::default();
        let (often, rare) = (view(&[2, 3]), view(&[1, 3]));
        seen.add(&often);
        seen.add(&rare);
        let mut looks = 0;
        for n in 1..=100 {
            seen.ran(&often, Duration::from_millis(20), || {
                looks += 1;
                assert!(n >= RUNS, "{n}");
                // The first look is not taken up.
                looks == 2
            });
            seen.ran(&rare, Duration::from_micros(10), || panic!("it takes no time"));
        }
        assert_eq!(looks, 2);
    }

    #[test]
    fn only_so_many_are_kept() {
        let data = [0f32; 1000];
        let mut seen = Seen::default();
        for n in 1..=1000 {
            let shape = [n];
            seen.add(&[TensorView::new(&shape, &data[..n]).unwrap()]);
        }
        assert_eq!(seen.shapes.len(), Seen::KEPT);
        assert!(seen.has(&[TensorView::new(&[1000], &data).unwrap()]));
        assert!(!seen.has(&[TensorView::new(&[1], &data[..1]).unwrap()]));
    }
}
