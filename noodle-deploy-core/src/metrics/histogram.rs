//! A log-linear histogram over atomic counters.
//!
//! Values below 32 are exact; above, each power of two is cut into 32 equal buckets, so that a quantile is off by at most
//! 1/32 of its value (about 3.1 %), as in HdrHistogram with one and a half digits. Merging is addition.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

const SUB_BITS: u32 = 5;
const SUB: u64 = 1 << SUB_BITS;
/// Largest width of a bucket, relative to its values.
pub const RELATIVE: f64 = 1.0 / SUB as f64;
/// Values from 2^40 on (18 minutes in nanoseconds) share the last bucket.
const MAX_BITS: u32 = 40;
const BUCKETS: usize = ((MAX_BITS - SUB_BITS + 1) as u64 * SUB) as usize;

/// Counts values; any thread may record.
#[derive(Debug)]
pub struct Histogram {
    buckets: Box<[AtomicU64]>,
    sum: AtomicU64,
}

impl Default for Histogram {
    fn default() -> Self {
        Histogram { buckets: (0..BUCKETS).map(|_| AtomicU64::new(0)).collect(), sum: AtomicU64::new(0) }
    }
}

fn bucket(value: u64) -> usize {
    let value = value.min((1 << MAX_BITS) - 1);
    if value < SUB {
        return value as usize;
    }
    let shift = value.ilog2() - SUB_BITS;
    ((u64::from(shift) + 1) * SUB + (value >> shift) - SUB) as usize
}

/// The highest value of a bucket.
fn upper(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < SUB {
        return bucket;
    }
    let shift = bucket / SUB - 1;
    ((bucket % SUB + SUB + 1) << shift) - 1
}

impl Histogram {
    /// Counts one value.
    pub fn record(&self, value: u64) {
        self.buckets[bucket(value)].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// Adds this histogram's counts to a snapshot.
    pub fn add_to(&self, snapshot: &mut Snapshot) {
        for (to, from) in snapshot.buckets.iter_mut().zip(&self.buckets) {
            *to += from.load(Ordering::Relaxed);
        }
        snapshot.sum = snapshot.sum.saturating_add(self.sum.load(Ordering::Relaxed));
    }
}

/// Counts at one moment. Snapshots of several histograms add up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Sparse", into = "Sparse")]
pub struct Snapshot {
    buckets: Vec<u64>,
    sum: u64,
}

/// How a snapshot is kept: only the buckets that hold something, as pairs of index and count.
#[derive(Serialize, Deserialize)]
struct Sparse {
    sum: u64,
    buckets: Vec<(u16, u64)>,
}

impl From<Snapshot> for Sparse {
    fn from(from: Snapshot) -> Self {
        let held = from.buckets.iter().enumerate().filter(|(_, n)| **n > 0);
        Sparse { sum: from.sum, buckets: held.map(|(i, n)| (i as u16, *n)).collect() }
    }
}

impl TryFrom<Sparse> for Snapshot {
    type Error = String;

    fn try_from(from: Sparse) -> Result<Self, String> {
        let mut to = Snapshot { sum: from.sum, ..Snapshot::default() };
        for (index, n) in from.buckets {
            let bucket = to.buckets.get_mut(usize::from(index));
            *bucket.ok_or_else(|| format!("bucket {index}, and there are {BUCKETS}"))? = n;
        }
        Ok(to)
    }
}

impl Default for Snapshot {
    fn default() -> Self {
        Snapshot { buckets: vec![0; BUCKETS], sum: 0 }
    }
}

impl Snapshot {
    /// Adds the counts of another one.
    pub fn merge(&mut self, other: &Snapshot) {
        self.buckets.iter_mut().zip(&other.buckets).for_each(|(to, from)| *to = to.saturating_add(*from));
        self.sum = self.sum.saturating_add(other.sum);
    }

    /// Sum of the values.
    pub fn sum(&self) -> u64 {
        self.sum
    }

    /// What came since an earlier snapshot of the same histogram.
    pub fn since(&self, earlier: &Snapshot) -> Snapshot {
        let buckets = self.buckets.iter().zip(&earlier.buckets).map(|(now, then)| now.saturating_sub(*then));
        Snapshot { buckets: buckets.collect(), sum: self.sum.saturating_sub(earlier.sum) }
    }

    /// The values, each as the middle of its bucket, with how many they are.
    pub fn values(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let held = self.buckets.iter().enumerate().filter(|(_, n)| **n > 0);
        held.map(|(i, n)| (i.checked_sub(1).map_or(0, |below| (upper(below) + 1).midpoint(upper(i))), *n))
    }

    /// Counts `n` values of 0.
    pub fn add_zeros(&mut self, n: u64) {
        self.buckets[0] = self.buckets[0].saturating_add(n);
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// Arithmetic mean; 0 without values.
    pub fn mean(&self) -> f64 {
        match self.count() {
            0 => 0.0,
            n => self.sum as f64 / n as f64,
        }
    }

    /// The value below or at which a share `q` (0 to 1) of the values lie; 0 without values.
    pub fn quantile(&self, q: f64) -> u64 {
        let rank = ((q.clamp(0.0, 1.0) * self.count() as f64).ceil() as u64).max(1);
        let mut seen = 0;
        for (i, n) in self.buckets.iter().enumerate() {
            seen += n;
            if seen >= rank {
                return upper(i);
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn buckets_hold_their_values(value in 0u64..(1 << MAX_BITS)) {
            let b = bucket(value);
            prop_assert!(b < BUCKETS);
            prop_assert!(value <= upper(b));
            prop_assert!(b == 0 || value > upper(b - 1));
            prop_assert!((upper(b) - value) as f64 <= value as f64 / 32.0);
        }

        #[test]
        fn quantiles_are_close(mut values in prop::collection::vec(1u64..1_000_000_000, 1..500), q in 0.0f64..1.0) {
            let histogram = Histogram::default();
            values.iter().for_each(|v| histogram.record(*v));
            let mut snapshot = Snapshot::default();
            histogram.add_to(&mut snapshot);
            values.sort_unstable();
            let rank = ((q * values.len() as f64).ceil() as usize).max(1);
            let exact = values[rank - 1] as f64;
            let found = snapshot.quantile(q) as f64;
            prop_assert!(found >= exact && found <= exact * (1.0 + 1.0 / 32.0) + 1.0);
            prop_assert_eq!(snapshot.count(), values.len() as u64);
        }

        #[test]
        fn snapshots_add_up_and_read_back(
            values in prop::collection::vec(0u64..1_000_000_000, 0..200),
            cut in 0usize..200,
        ) {
            let (one, other, both) = (Histogram::default(), Histogram::default(), Histogram::default());
            for (i, value) in values.iter().enumerate() {
                if i < cut { one.record(*value) } else { other.record(*value) }
                both.record(*value);
            }
            let snapshot = |histogram: &Histogram| {
                let mut snapshot = Snapshot::default();
                histogram.add_to(&mut snapshot);
                snapshot
            };
            let mut merged = snapshot(&one);
            merged.merge(&snapshot(&other));
            prop_assert_eq!(&merged, &snapshot(&both));
            let text = serde_json::to_string(&merged).unwrap();
            prop_assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), merged);
        }
    }

    #[test]
    fn a_bucket_that_is_not_there_is_refused() {
        let error = serde_json::from_str::<Snapshot>(r#"{"sum": 1, "buckets": [[9999, 1]]}"#).unwrap_err();
        assert!(error.to_string().contains("bucket 9999"), "{error}");
    }
}
