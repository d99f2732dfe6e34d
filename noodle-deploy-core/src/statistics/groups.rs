//! Whether an arm gets the share that it should, where requests hang together.
//!
//! All requests of one caller go to one arm, so they are no independent draws: a heavy caller moves the count by itself.
//! Callers fall into groups that know nothing of arms. In each group, what the arm got beyond its share of the group has mean
//! zero, whoever is heavy there; the sum over groups is judged by what it would spread if every group's sign were chance
//! (self-normalised, de la Peña 1999), mixed over sizes of the deviation by a normal law.

/// Standard deviation of the deviations that are looked for, relative to the spread of one request.
const SCALE: f64 = 0.05;
/// Level of a mismatch: a false alarm stops an experiment, and a mismatch voids it.
pub const LEVEL: f64 = 0.001;

/// Logarithm of the evidence that an arm does not get its share of the requests: `counts` are what it and all arms got, group
/// by group; `share` is between 0 and 1.
pub fn log_e(counts: impl IntoIterator<Item = (u64, u64)>, share: f64) -> f64 {
    let (mut score, mut information) = (0.0, 0.0);
    for (got, all) in counts {
        let beyond = got as f64 - share * all as f64;
        score += beyond;
        information += beyond * beyond;
    }
    let grown = 1.0 + information * SCALE * SCALE;
    0.5 * (score * SCALE).powi(2) / grown - 0.5 * grown.ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Rng, SeededRng};
    use crate::serving::split::{GROUPS, Placing};
    use crate::statistics::threshold;

    /// The most evidence that was seen at any look, of callers with so many requests each.
    fn most(seed: u64, callers: u32, requests: impl Fn(u32) -> u64, share: f64, points: u32) -> f64 {
        let rng = SeededRng::new(seed);
        let placing = Placing::new(rng.next());
        let mut counts = [(0, 0); GROUPS];
        let mut most = f64::NEG_INFINITY;
        for caller in 0..callers {
            let place = placing.of(&caller.to_le_bytes());
            let n = requests(caller);
            counts[place.group].1 += n;
            counts[place.group].0 += if place.point < points { n } else { 0 };
            if caller.is_multiple_of(16) {
                most = most.max(log_e(counts, share));
            }
        }
        most
    }

    #[test]
    fn a_share_that_is_right_is_rarely_called_wrong() {
        for (share, points) in [(0.5, 5_000), (0.05, 500), (0.9, 9_000)] {
            for heavy in [1, 1_000] {
                // One caller in fifty is heavy.
                let requests = |caller: u32| if caller.is_multiple_of(50) { heavy } else { 1 };
                let alarms = (0..400).filter(|seed| most(*seed, 4_000, requests, share, points) >= threshold(LEVEL));
                let alarms = alarms.count();
                assert!(alarms <= 3, "{alarms} of 400 at {share}, heavy {heavy}");
            }
        }
    }

    #[test]
    fn a_share_that_is_wrong_is_found() {
        // 45 % in place of half, and 6 % in place of 5 %.
        for (share, points) in [(0.5, 4_500), (0.05, 650)] {
            let found = (0..50).filter(|seed| most(*seed, 20_000, |_| 1, share, points) >= threshold(LEVEL)).count();
            assert!(found >= 48, "{found} of 50 at {share}");
        }
    }

    #[test]
    fn one_caller_alone_proves_nothing() {
        assert!(log_e([(1_000_000, 1_000_000)], 0.5) < 1.0);
        assert_eq!(log_e([], 0.5), 0.0);
        assert!(log_e([(u64::MAX, u64::MAX), (0, u64::MAX)], 0.5).is_finite());
    }
}
