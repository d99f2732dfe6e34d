//! Which of two revisions a request goes to.

use std::hash::Hasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use siphasher::sip::SipHasher13;

use super::revision::LiveRevision;

/// All of the traffic, in basis points.
pub const WHOLE: u32 = 10_000;

/// A part of the requests goes to a second revision. What either gets by this is counted by itself.
pub(crate) struct Split {
    pub(crate) baseline: Arc<LiveRevision>,
    pub(crate) candidate: Arc<LiveRevision>,
    /// Share of the candidate in basis points.
    pub(crate) weight: u32,
    placing: Placing,
    /// Requests without a key, so that they come out as evenly as those with one.
    unkeyed: AtomicU64,
}

impl Split {
    pub(crate) fn new(baseline: Arc<LiveRevision>, candidate: Arc<LiveRevision>, weight: u32, salt: u64) -> Self {
        Split { baseline, candidate, weight, placing: Placing::new(salt), unkeyed: AtomicU64::new(0) }
    }

    /// Whether it is of the same revisions, as they are loaded now, with the same share and secret.
    pub(crate) fn is(
        &self,
        baseline: &Arc<LiveRevision>,
        candidate: &Arc<LiveRevision>,
        weight: u32,
        salt: u64,
    ) -> bool {
        let of = |arm: &LiveRevision, live| arm.of().is_some_and(|of| Arc::ptr_eq(of, live));
        of(&self.baseline, baseline)
            && of(&self.candidate, candidate)
            && (self.weight, self.placing.salt) == (weight, salt)
    }

    /// The revision that a request goes to.
    pub(crate) fn pick(&self, key: Option<&str>) -> &Arc<LiveRevision> {
        if self.takes(key) { &self.candidate } else { &self.baseline }
    }

    /// Where a key lies, 0 to 9999.
    pub(crate) fn point(&self, key: &str) -> u32 {
        self.placing.of(key.as_bytes())
    }

    /// Whether a request goes to the candidate.
    pub(crate) fn takes(&self, key: Option<&str>) -> bool {
        let point = match key {
            Some(key) => self.point(key),
            None => self.placing.of(&self.unkeyed.fetch_add(1, Ordering::Relaxed).to_le_bytes()),
        };
        point < self.weight
    }
}

/// Gives every key a point on 0 to 9999, by SipHash-1-3 (Aumasson and Bernstein 2012) under a secret of the rollout: who
/// chooses keys cannot choose arms, and the same callers are not the first in every rollout. A share of `w` basis points
/// is the keys below `w`: those of a smaller share stay in a larger one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placing {
    salt: u64,
}

impl Placing {
    pub(crate) fn new(salt: u64) -> Self {
        Placing { salt }
    }

    pub(crate) fn of(&self, key: &[u8]) -> u32 {
        let mut hasher = SipHasher13::new_with_keys(self.salt, self.salt.rotate_left(32) ^ 0x6e6f_6f64_6c65);
        hasher.write(key);
        // The high half of a product spreads 64 bits evenly over any number of points (Lemire 2019).
        ((u128::from(hasher.finish()) * u128::from(WHOLE)) >> 64) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Share of a million keys below each weight.
    fn below(salt: u64, weight: u32) -> u32 {
        let placing = Placing::new(salt);
        (0..1_000_000u32).filter(|n| placing.of(format!("user-{n}").as_bytes()) < weight).count() as u32
    }

    #[test]
    fn shares_are_within_binomial_bounds() {
        for (salt, weight) in [(1, 1_000), (2, 2_000), (u64::MAX, 1), (7, 5_000)] {
            let (n, p) = (1e6, f64::from(weight) / f64::from(WHOLE));
            // Six standard deviations.
            let far = 6.0 * (n * p * (1.0 - p)).sqrt();
            let found = f64::from(below(salt, weight));
            assert!((found - n * p).abs() <= far, "{found} of {n} at {weight}, salt {salt}");
        }
    }

    #[test]
    fn another_rollout_begins_with_other_keys() {
        let (one, other) = (Placing::new(1), Placing::new(2));
        let both = (0..100_000u32).filter(|n| {
            let key = n.to_le_bytes();
            one.of(&key) < 1_000 && other.of(&key) < 1_000
        });
        // One in a hundred, if the two know nothing of each other.
        assert!((800..1_200).contains(&both.count()));
    }

    #[test]
    fn a_key_keeps_its_point_for_ever() {
        // Computed by this code once: a change of the hash would move every caller of every rollout that runs.
        let points: Vec<u32> =
            ["", "a", "user-1", "ключ"].iter().map(|key| Placing::new(42).of(key.as_bytes())).collect();
        assert_eq!(points, [5_113, 737, 4_638, 1_196]);
    }
}
