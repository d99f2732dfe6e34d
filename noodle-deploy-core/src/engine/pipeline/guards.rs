//! Under which conditions a tensor is there. Pure.
//!
//! A guard is a set of facts that must all hold. Two nodes with opposite conditions on the same scores cover every
//! request together; that is the only case where alternatives are known to be enough without one that is always there.

use std::collections::BTreeSet;

/// Facts, by number; none: the tensor is always there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Guard(BTreeSet<usize>);

impl Guard {
    pub fn is_always(&self) -> bool {
        self.0.is_empty()
    }

    pub fn and(&self, other: &Guard) -> Guard {
        Guard(&self.0 | &other.0)
    }
}

/// Facts that guards speak of.
#[derive(Debug, Default)]
pub(super) struct Guards(Vec<Fact>);

#[derive(Debug, PartialEq)]
enum Fact {
    /// Confidence of the scores in a slot.
    When { slot: usize, threshold: f64, below: bool },
    /// One of several alternatives is there.
    OneOf,
}

impl Guards {
    /// That a condition holds.
    pub fn when(&mut self, slot: usize, threshold: f64, below: bool) -> Guard {
        let fact = Fact::When { slot, threshold, below };
        let known = self.0.iter().position(|other| *other == fact);
        Guard(BTreeSet::from([known.unwrap_or_else(|| self.add(fact))]))
    }

    /// That one of two tensors is there.
    pub fn or(&mut self, a: &Guard, b: &Guard) -> Guard {
        let only = |a: &Guard, b: &Guard| (&a.0 - &b.0).into_iter().collect::<Vec<_>>();
        let (only_a, only_b) = (only(a, b), only(b, a));
        match (&only_a[..], &only_b[..]) {
            ([], _) | (_, []) => Guard(&a.0 & &b.0),
            ([x], [y]) if self.opposite(*x, *y) => Guard(&a.0 & &b.0),
            _ => {
                let common = &a.0 & &b.0;
                let one_of = self.add(Fact::OneOf);
                Guard(&common | &BTreeSet::from([one_of]))
            }
        }
    }

    fn add(&mut self, fact: Fact) -> usize {
        self.0.push(fact);
        self.0.len() - 1
    }

    fn opposite(&self, a: usize, b: usize) -> bool {
        match (&self.0[a], &self.0[b]) {
            (
                Fact::When { slot, threshold, below },
                Fact::When { slot: slot_b, threshold: threshold_b, below: below_b },
            ) => slot == slot_b && threshold == threshold_b && below != below_b,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opposite_conditions_cover_everything() {
        let mut guards = Guards::default();
        let (low, high) = (guards.when(3, 0.8, true), guards.when(3, 0.8, false));
        assert!(guards.or(&low, &high).is_always());
        assert!(guards.or(&low, &Guard::default()).is_always());
        assert_eq!(guards.or(&low, &low), low);
        // Another threshold leaves a gap, as other scores do.
        let (higher, other) = (guards.when(3, 0.9, false), guards.when(4, 0.8, false));
        assert!(!guards.or(&low, &higher).is_always());
        assert!(!guards.or(&low, &other).is_always());
        // What both need besides stays.
        let both = |guard: &Guard| other.and(guard);
        assert_eq!(guards.or(&both(&low), &both(&high)), other);
    }
}
