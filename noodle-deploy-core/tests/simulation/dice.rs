//! Chance, by a seed.

use noodle_deploy_core::rng::{Rng, SeededRng};

pub struct Dice(SeededRng);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(SeededRng::new(seed))
    }

    pub fn number(&self) -> u64 {
        self.0.next()
    }

    pub fn below(&self, n: usize) -> usize {
        (self.number() % n as u64) as usize
    }

    /// True once in `n` throws.
    pub fn one_in(&self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}
