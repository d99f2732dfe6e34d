//! Who gets which part of the traffic: points 0 to 9999, each given to an arm.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All of the traffic, in basis points.
pub const WHOLE: u32 = 10_000;

/// Points up to a bound, from the bound before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    /// First point that is not of it.
    pub below: u32,
    /// Index of the arm that gets it.
    pub arm: u32,
}

/// Every point and its arm. A change of weights moves no point but those that an arm has to give up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shares(Vec<Share>);

impl From<Vec<Share>> for Shares {
    fn from(shares: Vec<Share>) -> Self {
        Shares(shares)
    }
}

impl From<Shares> for Vec<Share> {
    fn from(shares: Shares) -> Self {
        shares.0
    }
}

impl Shares {
    /// One stretch of points after the other, as long as each weight says. Weights add up to [`WHOLE`].
    pub fn of(weights: &[u32]) -> Self {
        let mut shares = Shares::default();
        for (arm, weight) in (0..).zip(weights) {
            shares.push(*weight, arm);
        }
        shares
    }

    /// The arm of a point; the last one beyond the end.
    pub fn arm(&self, point: u32) -> Option<u32> {
        let at = self.0.partition_point(|share| share.below <= point);
        self.0.get(at).or(self.0.last()).map(|share| share.arm)
    }

    /// Basis points that an arm has.
    pub fn weight(&self, arm: u32) -> u32 {
        self.stretches().filter(|(_, of)| *of == arm).map(|(length, _)| length).sum()
    }

    /// As few points as can be moved from arms that have too many to arms that have too few.
    pub fn moved_to(&self, weights: &[u32]) -> Self {
        let mut missing: Vec<u32> = Vec::new();
        let mut over: Vec<u32> = Vec::new();
        for (arm, weight) in (0..).zip(weights) {
            let has = self.weight(arm);
            missing.push(weight.saturating_sub(has));
            over.push(has.saturating_sub(*weight));
        }
        let mut shares = Shares::default();
        let mut stretches = self.stretches().peekable();
        while let Some((length, arm)) = stretches.next() {
            let mut free = match over.get_mut(arm as usize) {
                Some(over) => {
                    let free = length.min(*over);
                    *over -= free;
                    free
                }
                // No such arm any more.
                None => length,
            };
            let kept = length - free;
            // Given up beside an arm that grows, where there is one: stretches stay long.
            let grows = |arm: u32| missing.get(arm as usize).is_some_and(|missing| *missing > 0);
            let at_end = stretches.peek().is_some_and(|(_, next)| grows(*next))
                && !shares.0.last().is_some_and(|last| grows(last.arm));
            if at_end {
                shares.push(kept, arm);
            }
            let beside = shares.0.last().map_or(0, |last| last.arm).min(weights.len() as u32);
            let order = (beside..weights.len() as u32).chain(0..beside);
            for to in order {
                let Some(missing) = missing.get_mut(to as usize) else { continue };
                let taken = free.min(*missing);
                *missing -= taken;
                free -= taken;
                shares.push(taken, to);
            }
            // Weights that add up to less: what is left stays where it is.
            shares.push(free, arm);
            if !at_end {
                shares.push(kept, arm);
            }
        }
        shares
    }

    /// Lengths and arms, in order.
    fn stretches(&self) -> impl Iterator<Item = (u32, u32)> {
        let from = std::iter::once(0).chain(self.0.iter().map(|share| share.below));
        self.0.iter().zip(from).map(|(share, from)| (share.below.saturating_sub(from), share.arm))
    }

    fn push(&mut self, length: u32, arm: u32) {
        let end = self.0.last().map_or(0, |share| share.below);
        match self.0.last_mut() {
            _ if length == 0 => {}
            Some(last) if last.arm == arm => last.below += length,
            _ => self.0.push(Share { below: end + length, arm }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Weights that add up.
    fn weights() -> impl Strategy<Value = Vec<u32>> {
        prop::collection::vec(0u32..=WHOLE, 1..9).prop_map(|mut cuts| {
            cuts.extend([0, WHOLE]);
            cuts.sort_unstable();
            cuts.windows(2).map(|pair| pair[1] - pair[0]).collect()
        })
    }

    proptest! {
        #[test]
        fn only_the_share_that_changes_moves(steps in prop::collection::vec(weights(), 1..8)) {
            let arms = steps.iter().map(Vec::len).max().unwrap_or_default();
            let padded = steps.iter().map(|weights| {
                let mut weights = weights.clone();
                weights.resize(arms, 0);
                weights
            });
            let mut before: Option<(Vec<u32>, Shares)> = None;
            for weights in padded {
                let Some((old, shares)) = before else {
                    before = Some((weights.clone(), Shares::of(&weights)));
                    continue;
                };
                let moved = shares.moved_to(&weights);
                for (arm, weight) in (0..).zip(&weights) {
                    prop_assert_eq!(moved.weight(arm), *weight);
                }
                let least: u32 = old.iter().zip(&weights).map(|(old, new)| old.saturating_sub(*new)).sum();
                let changed = (0..WHOLE).filter(|point| shares.arm(*point) != moved.arm(*point));
                let mut count = 0;
                for point in changed {
                    count += 1;
                    let grown = moved.arm(point).unwrap() as usize;
                    prop_assert!(weights[grown] > old[grown], "{point} moved to an arm that did not grow");
                }
                prop_assert_eq!(count, least);
                before = Some((weights, moved));
            }
        }
    }

    #[test]
    fn stretches_follow_each_other() {
        let shares = Shares::of(&[1_000, 0, 9_000]);
        let arms = [0, 999, 1_000, 9_999, 20_000].map(|point| shares.arm(point));
        assert_eq!(arms, [Some(0), Some(0), Some(2), Some(2), Some(2)]);
        assert_eq!(shares.moved_to(&[2_000, 0, 8_000]), Shares::of(&[2_000, 0, 8_000]));
    }
}
