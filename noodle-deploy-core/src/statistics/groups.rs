//! Whether an arm gets the share that it should, where requests hang together.
//!
//! All requests of one caller go to one arm, so they are no independent draws: a heavy caller moves the count by itself.
//! Callers fall into groups that know nothing of arms. Groups of single requests would differ as Poisson counts do; how much
//! more they differ says how many requests a draw is worth (the index of dispersion), whatever arm they went to. With that,
//! the deviation of the arm's count is judged by the variance that chance would give it, mixed over sizes of the deviation by
//! a normal law, so that it may be looked at at any time.

/// Standard deviation of the deviations that are looked for, in those of a single draw.
const SCALE: f64 = 0.05;
/// Draws that either side is to have on average: below it counts are not near enough to a normal law.
const ENOUGH: f64 = 10.0;
/// Level of a mismatch: a false alarm stops an experiment, and a mismatch voids it.
pub const LEVEL: f64 = 0.001;

/// Logarithm of the evidence that an arm does not get its share of the requests: `counts` are what it and all arms got, group
/// by group, those that got nothing too; `share` is between 0 and 1.
pub fn log_e(counts: impl IntoIterator<Item = (u64, u64)>, share: f64) -> f64 {
    let (mut groups, mut sum, mut squares, mut beyond) = (0.0, 0.0, 0.0, 0.0);
    for (got, all) in counts {
        let all = all as f64;
        groups += 1.0;
        sum += all;
        squares += all * all;
        beyond += got as f64 - share * all;
    }
    if groups < 2.0 || sum <= 0.0 {
        return 0.0;
    }
    let dispersion = (squares - sum * sum / groups) / (groups - 1.0) / (sum / groups);
    let worth = dispersion.max(1.0);
    let (draws, spread) = (sum / worth, share * (1.0 - share));
    if draws * share.min(1.0 - share) < ENOUGH {
        return 0.0;
    }
    let square = beyond * beyond / (spread * sum * worth);
    let grown = draws * SCALE * SCALE;
    0.5 * square * grown / (1.0 + grown) - 0.5 * grown.ln_1p()
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
        // 45 % in place of half, and 6.5 % in place of 5 %.
        for (share, points) in [(0.5, 4_500), (0.05, 650)] {
            let found = (0..50).filter(|seed| most(*seed, 20_000, |_| 1, share, points) >= threshold(LEVEL)).count();
            assert!(found >= 48, "{found} of 50 at {share}");
        }
    }

    #[test]
    fn one_caller_alone_proves_nothing() {
        let mut alone = [(0, 0); GROUPS];
        alone[7] = (1_000_000, 1_000_000);
        assert_eq!(log_e(alone, 0.5), 0.0);
        assert_eq!(log_e([], 0.5), 0.0);
        assert!(log_e([(u64::MAX, u64::MAX), (0, u64::MAX)], 0.5).is_finite());
    }
}
