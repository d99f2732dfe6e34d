//! What batches of each size cost, learned from those that ran. Pure.

/// Weight of the newest time in the average.
const NEWEST: f64 = 0.2;
/// Share by which one time raises the average at most. A thread that lost its core in the middle of a run says nothing of
/// the size, and a size that looks dear is not tried again for long.
const RAISE: f64 = 0.05;
/// Times after which a size is known.
const KNOWN: u32 = 3;
/// A larger size must answer so many more rows a second to be worth its latency.
const GAIN: f64 = 1.03;
/// Batches after which a size that did not pay is tried again: machines and models change.
const TRY_AGAIN: u32 = 512;

/// Sizes are kept by power of two: 1, 2, 3 to 4, 5 to 8, …
const SIZES: usize = 13;

/// Cost of batches by size.
#[derive(Debug, Clone, Default)]
pub(super) struct Curve {
    sizes: [Size; SIZES],
    /// Batches since a size beyond the best one was tried.
    since_tried: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Size {
    /// Nanoseconds for one row.
    row_ns: f64,
    times: u32,
}

fn slot(rows: u32) -> usize {
    rows.clamp(1, 1 << (SIZES - 1)).next_power_of_two().trailing_zeros() as usize
}

impl Curve {
    /// Takes note of a batch that ran.
    pub(super) fn record(&mut self, rows: u32, ns: u64) {
        let row_ns = ns as f64 / f64::from(rows.max(1));
        let size = &mut self.sizes[slot(rows)];
        size.row_ns = match size.times {
            0 => row_ns,
            1..KNOWN => size.row_ns.min(row_ns),
            _ => size.row_ns + (NEWEST * (row_ns - size.row_ns)).min(RAISE * size.row_ns),
        };
        size.times = size.times.saturating_add(1);
        self.since_tried = self.since_tried.saturating_add(1);
        if slot(rows) > self.best(u32::MAX) {
            self.since_tried = 0;
        }
    }

    fn known(&self, slot: usize) -> Option<f64> {
        self.sizes.get(slot).filter(|size| size.times >= KNOWN).map(|size| size.row_ns)
    }

    /// The smallest size than which no larger one that is known is better by [`GAIN`].
    fn best(&self, most: u32) -> usize {
        // Numbers that are always there, and not the insides of an option that may be none: compilers read those before they
        // know, which is right and which valgrind reports.
        let mut best = 0;
        for next in 1..=slot(most) {
            let (row, best_row) = (self.sizes[next], self.sizes[best]);
            if row.times >= KNOWN && best_row.times >= KNOWN && row.row_ns * GAIN < best_row.row_ns {
                best = next;
            }
        }
        best
    }

    /// Rows that a batch should have at most, of `most`. One size beyond the best is tried where it is not known, and again
    /// now and then.
    pub(super) fn cap(&self, most: u32) -> u32 {
        let best = self.best(most);
        let next = best + 1;
        let unknown = self.sizes.get(next).is_some_and(|size| size.times < KNOWN);
        let slot = if unknown || self.since_tried >= TRY_AGAIN { next } else { best };
        most.min(1u32.checked_shl(slot as u32).unwrap_or(most))
    }

    /// Nanoseconds that so many rows take in batches of the best size; none before anything ran.
    pub(super) fn estimate_ns(&self, rows: u32, most: u32) -> Option<u64> {
        let best = self.best(most);
        let row_ns = self.known(best).or_else(|| self.sizes.iter().find(|size| size.times > 0).map(|s| s.row_ns))?;
        Some((row_ns * f64::from(rows)) as u64)
    }

    /// Sizes that ran, with nanoseconds for a batch of the size and how often.
    pub(super) fn sizes(&self) -> impl Iterator<Item = (u32, f64, u32)> + '_ {
        let ran = self.sizes.iter().enumerate().filter(|(_, size)| size.times > 0);
        ran.map(|(slot, size)| (1 << slot, size.row_ns * f64::from(1u32 << slot), size.times))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Runs batches as the curve asks for them, there being always enough requests.
    fn settle(cost_ns: impl Fn(u32) -> u64, most: u32, batches: u32) -> (Curve, Vec<u32>) {
        let mut curve = Curve::default();
        let ran = (0..batches).map(|_| {
            let rows = curve.cap(most);
            curve.record(rows, cost_ns(rows));
            rows
        });
        let ran = ran.collect();
        (curve, ran)
    }

    #[test]
    fn batches_grow_while_they_pay() {
        // A fixed cost, and one for each row: larger is better, ever less so.
        let (curve, _) = settle(|rows| 1_000_000 + 100_000 * u64::from(rows), 32, 200);
        assert_eq!(curve.cap(32), 32);
        // From 4 on the rows cost the same.
        let (curve, ran) = settle(|rows| 100_000 * u64::from(rows) + if rows < 4 { 400_000 } else { 0 }, 32, 200);
        assert_eq!(1 << curve.best(32), 4, "{ran:?}");
    }

    #[test]
    fn a_model_that_loses_by_batching_runs_alone() {
        // As a convolution on tract: eight rows take twelve times as long as one.
        let (curve, ran) = settle(|rows| (1_000_000.0 * f64::from(rows).powf(1.2)) as u64, 32, 400);
        assert_eq!(curve.cap(32), 1);
        assert!(ran.iter().filter(|rows| **rows > 1).count() <= 3, "{ran:?}");
    }

    #[test]
    fn runs_that_were_interrupted_do_not_shrink_batches() {
        // Every seventh run takes five times as long, whatever its size.
        let mut run = 0;
        let mut curve = Curve::default();
        let ran: Vec<u32> = (0..1_000)
            .map(|_| {
                run += 1;
                let rows = curve.cap(32);
                let ns = 150_000 + 28_000 * u64::from(rows);
                curve.record(rows, if run % 7 == 0 { 5 * ns } else { ns });
                rows
            })
            .collect();
        let full = ran[100..].iter().filter(|rows| **rows == 32).count();
        assert!(full > 850, "{full} of 900 batches were full");
    }

    #[test]
    fn a_change_is_noticed() {
        let (mut curve, _) = settle(|rows| 1_000_000 * u64::from(rows), 32, 100);
        assert_eq!(1 << curve.best(32), 1);
        for _ in 0..4000 {
            let rows = curve.cap(32);
            curve.record(rows, 1_000_000 + 10_000 * u64::from(rows));
        }
        assert_eq!(1 << curve.best(32), 32);
    }

    proptest! {
        #[test]
        fn the_cap_stays_within_bounds(batches in prop::collection::vec((1u32..5000, 1u64..1 << 40), 0..100), most in 1u32..4097) {
            let mut curve = Curve::default();
            for (rows, ns) in batches {
                curve.record(rows, ns);
                prop_assert!((1..=most).contains(&curve.cap(most)));
                prop_assert!(curve.estimate_ns(7, most).is_some());
            }
        }
    }
}
