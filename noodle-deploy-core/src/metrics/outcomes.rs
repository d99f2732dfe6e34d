//! What came of requests, as the host says it: sums by group of callers, which add up over processes.

use serde::{Deserialize, Serialize};

use crate::serving::split::GROUPS;
use crate::statistics::mean::Moments;

/// Whether something came of an experiment, or was there before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Before the experiment began: how its callers differed already.
    Before,
    /// While it ran.
    During,
}

/// Values of one name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outcomes {
    /// By group, while an experiment ran.
    pub during: Vec<Moments>,
    /// By group, before it began.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Moments>,
    /// How often each value occurred while it ran, within [`RELATIVE`] of the value.
    pub values: Values,
}

/// Largest relative distance of a value from the one that it is counted as.
pub const RELATIVE: f64 = 0.01;

/// Counts of values on a logarithmic scale, negative ones apart, as in DDSketch (Masson, Rim and Lee 2019). Values whose size
/// is below 1e-9 count as zero.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Values(std::collections::BTreeMap<i32, u64>);

const SMALLEST: f64 = 1e-9;
/// Indices of values of either sign begin here.
const OFFSET: i32 = 1;

fn gamma() -> f64 {
    ((1.0 + RELATIVE) / (1.0 - RELATIVE)).ln()
}

impl Values {
    fn add(&mut self, value: f64) {
        let index = match value.abs() {
            size if size < SMALLEST => 0,
            // Below 40,000 for every finite value.
            size => OFFSET + ((size.ln() - SMALLEST.ln()) / gamma()).floor() as i32,
        };
        *self.0.entry(if value < 0.0 { -index } else { index }).or_default() += 1;
    }

    /// Values in rising order, with how often each occurred.
    pub fn counts(&self) -> Vec<(f64, u64)> {
        let value = |index: i32| match index {
            0 => 0.0,
            _ => {
                let size = (SMALLEST.ln() + (f64::from(index.abs() - OFFSET) + 0.5) * gamma()).exp();
                size * f64::from(index.signum())
            }
        };
        self.0.iter().map(|(index, n)| (value(*index), *n)).collect()
    }

    fn merge(&mut self, other: &Values) {
        for (index, n) in &other.0 {
            *self.0.entry(*index).or_default() += n;
        }
    }
}

impl Outcomes {
    pub(crate) fn add(&mut self, group: usize, value: f64, when: When) {
        let groups = match when {
            When::Before => &mut self.before,
            When::During => &mut self.during,
        };
        groups.resize(GROUPS, Moments::default());
        if let Some(sums) = groups.get_mut(group % GROUPS) {
            sums.add(value, 1.0);
        }
        if when == When::During {
            self.values.add(value);
        }
    }

    pub(crate) fn merge(&mut self, other: &Outcomes) {
        for (to, from) in [(&mut self.during, &other.during), (&mut self.before, &other.before)] {
            to.resize(to.len().max(from.len()), Moments::default());
            to.iter_mut().zip(from).for_each(|(to, from)| to.merge(from));
        }
        self.values.merge(&other.values);
    }

    /// How many values came.
    pub fn recorded(&self) -> u64 {
        self.during.iter().chain(&self.before).map(|sums| sums.n as u64).sum()
    }

    /// All groups together, while an experiment ran.
    pub fn all(&self) -> Moments {
        let mut all = Moments::default();
        self.during.iter().for_each(|sums| all.merge(sums));
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn values_are_kept_within_a_hundredth(value in prop::sample::select(vec![1e-12, 1e-6, 0.37, 1.0, 42.0, 1e9, 1e300]), negative: bool) {
            let value: f64 = if negative { -value } else { value };
            let mut values = Values::default();
            values.add(value);
            let (found, n) = values.counts()[0];
            prop_assert_eq!(n, 1);
            let far = (found - value).abs();
            prop_assert!(far <= RELATIVE * value.abs() * 1.000_001 || far < SMALLEST, "{} became {}", value, found);
        }

        #[test]
        fn shares_add_up(values in prop::collection::vec((0usize..GROUPS, -5.0f64..50.0, any::<bool>()), 1..200)) {
            let (mut one, mut other, mut both) = (Outcomes::default(), Outcomes::default(), Outcomes::default());
            for (i, (group, value, before)) in values.iter().enumerate() {
                let when = if *before { When::Before } else { When::During };
                let half = if i % 2 == 0 { &mut one } else { &mut other };
                half.add(*group, *value, when);
                both.add(*group, *value, when);
            }
            one.merge(&other);
            prop_assert_eq!(one.recorded(), values.len() as u64);
            prop_assert!((one.all().sum - both.all().sum).abs() < 1e-9);
            prop_assert_eq!(one.values.counts(), both.values.counts());
            let text = serde_json::to_string(&one).unwrap();
            prop_assert_eq!(serde_json::from_str::<Outcomes>(&text).unwrap(), one);
        }
    }
}
