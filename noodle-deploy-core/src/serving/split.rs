//! Which of several revisions a request goes to.

use std::hash::Hasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use siphasher::sip::SipHasher13;

use super::revision::LiveRevision;
use crate::machine::shares::{Shares, WHOLE};
use crate::machine::trial::Trial;

/// Groups that callers fall into, whatever arm they get: figures of a group hang together, those of two do not.
pub const GROUPS: usize = 128;

/// The requests of a deployment are divided among revisions. What each gets by this is counted by itself.
pub(crate) struct Split {
    /// By the number that shares name them with.
    arms: Vec<Arc<LiveRevision>>,
    shares: Shares,
    placing: Placing,
    /// Requests without a key, so that they come out as evenly as those with one.
    unkeyed: AtomicU64,
}

impl Split {
    pub(crate) fn new(arms: Vec<Arc<LiveRevision>>, shares: Shares, salt: u64) -> Self {
        Split { arms, shares, placing: Placing::new(salt), unkeyed: AtomicU64::new(0) }
    }

    /// Whether it is of the same revisions, as they are loaded now, with the same shares and secret.
    pub(crate) fn is(&self, arms: &[Arc<LiveRevision>], shares: &Shares, salt: u64) -> bool {
        let of =
            |(arm, live): (&Arc<LiveRevision>, &Arc<LiveRevision>)| arm.of().is_some_and(|of| Arc::ptr_eq(of, live));
        let same = self.arms.len() == arms.len() && self.arms.iter().zip(arms).all(of);
        same && &self.shares == shares && self.placing.salt == salt
    }

    /// The revision that a request goes to, and its caller's group.
    pub(crate) fn pick(&self, key: Option<&str>) -> Option<(&Arc<LiveRevision>, usize)> {
        let place = match key {
            Some(key) => self.placing.of(key.as_bytes()),
            None => self.placing.of(&self.unkeyed.fetch_add(1, Ordering::Relaxed).to_le_bytes()),
        };
        let arm = self.shares.arm(place.point)?;
        Some((self.arms.get(arm as usize)?, place.group))
    }

    /// The arm of a revision that is counted for something.
    pub(crate) fn arm(&self, revision: u32, trial: Trial) -> Option<&Arc<LiveRevision>> {
        self.arms.iter().find(|arm| arm.served.revision == revision && arm.trial == Some(trial))
    }

    /// Where a key lies, 0 to 9999, and how much of that its arm has.
    pub(crate) fn explain(&self, key: &str) -> (u32, u32) {
        let point = self.placing.of(key.as_bytes()).point;
        (point, self.shares.arm(point).map_or(0, |arm| self.shares.weight(arm)))
    }
}

/// Where somebody's requests lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// 0 to 9999: decides the arm.
    pub(crate) point: u32,
    /// Below [`GROUPS`], and not to be told from the point.
    pub(crate) group: usize,
}

/// Gives every key its place, by SipHash-1-3 (Aumasson and Bernstein 2012) under a secret: who chooses keys cannot choose
/// arms, and the same callers are not the first every time. A share of `w` basis points is the keys below `w`: those of a
/// smaller share stay in a larger one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placing {
    salt: u64,
}

impl Placing {
    pub(crate) fn new(salt: u64) -> Self {
        Placing { salt }
    }

    pub(crate) fn of(&self, key: &[u8]) -> Place {
        let mut hasher = SipHasher13::new_with_keys(self.salt, self.salt.rotate_left(32) ^ 0x6e6f_6f64_6c65);
        hasher.write(key);
        let hash = hasher.finish();
        // The high half of a product spreads 64 bits evenly over any number of points (Lemire 2019); the lowest bits of the
        // hash have next to no part in it.
        let point = ((u128::from(hash) * u128::from(WHOLE)) >> 64) as u32;
        Place { point, group: hash as usize % GROUPS }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Rng, SeededRng};

    /// Share of a million keys below each weight.
    fn below(salt: u64, weight: u32) -> u32 {
        let placing = Placing::new(salt);
        (0..1_000_000u32).filter(|n| placing.of(format!("user-{n}").as_bytes()).point < weight).count() as u32
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
    fn a_tenth_more_moves_a_tenth_and_nobody_else() {
        let placing = Placing::new(3);
        let before = Shares::of(&[1_000, 9_000]);
        let after = before.moved_to(&[2_000, 8_000]);
        let mut moved = 0u32;
        for n in 0..1_000_000u32 {
            let point = placing.of(format!("user-{n}").as_bytes()).point;
            match (before.arm(point), after.arm(point)) {
                (Some(1), Some(0)) => moved += 1,
                (old, new) => assert_eq!(old, new, "user-{n}"),
            }
        }
        let far = 6.0 * (1e6f64 * 0.1 * 0.9).sqrt();
        assert!((f64::from(moved) - 1e5).abs() <= far, "{moved}");
    }

    #[test]
    fn groups_know_nothing_of_arms() {
        let placing = Placing::new(9);
        let mut groups = [[0u32; 2]; GROUPS];
        for n in 0..256_000u32 {
            let place = placing.of(&n.to_le_bytes());
            groups[place.group][usize::from(place.point < 5_000)] += 1;
        }
        // 1,000 of each on average; six standard deviations.
        assert!(groups.iter().flatten().all(|n| (810..=1_190).contains(n)), "{groups:?}");
    }

    /// What callers do, whoever they are, has nothing to do with their arm: over many secrets the difference between two
    /// arms is spread as a normal law has it.
    #[test]
    fn arms_know_nothing_of_what_callers_do() {
        const CALLERS: u64 = 4_000;
        let rng = SeededRng::new(5);
        let does: Vec<bool> = (0..CALLERS).map(|_| (rng.next() >> 11) as f64 / ((1u64 << 53) as f64) < 0.2).collect();
        let keys: Vec<String> = (0..CALLERS).map(|n| format!("caller-{n}")).collect();
        let secrets = SeededRng::new(77);
        let (mut far, mut very_far) = (0, 0);
        for _ in 0..1_000 {
            let placing = Placing::new(secrets.next());
            let (mut n, mut hits) = ([0.0; 2], [0.0; 2]);
            for (key, does) in keys.iter().zip(&does) {
                let arm = usize::from(placing.of(key.as_bytes()).point < 5_000);
                n[arm] += 1.0;
                hits[arm] += f64::from(u8::from(*does));
            }
            let rate = (hits[0] + hits[1]) / (n[0] + n[1]);
            let deviation = (rate * (1.0 - rate) * (1.0 / n[0] + 1.0 / n[1])).sqrt();
            let z = ((hits[0] / n[0] - hits[1] / n[1]) / deviation).abs();
            far += u32::from(z > 1.96);
            very_far += u32::from(z > 3.29);
        }
        // Of a thousand 50 and 1 on average; six standard deviations.
        assert!((9..=91).contains(&far) && very_far <= 7, "{far} beyond 1.96, {very_far} beyond 3.29");
    }

    #[test]
    fn another_rollout_begins_with_other_keys() {
        let (one, other) = (Placing::new(1), Placing::new(2));
        let both = (0..100_000u32).filter(|n| {
            let key = n.to_le_bytes();
            one.of(&key).point < 1_000 && other.of(&key).point < 1_000
        });
        // One in a hundred, if the two know nothing of each other.
        assert!((800..1_200).contains(&both.count()));
    }

    #[test]
    fn a_key_keeps_its_point_for_ever() {
        // Computed by this code once: a change of the hash would move every caller of every rollout that runs.
        let points: Vec<u32> =
            ["", "a", "user-1", "ключ"].iter().map(|key| Placing::new(42).of(key.as_bytes()).point).collect();
        assert_eq!(points, [5_113, 737, 4_638, 1_196]);
    }
}
