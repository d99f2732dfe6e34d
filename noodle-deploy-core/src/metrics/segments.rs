//! What came of requests by what they said of themselves: sums by attribute, value, outcome and group of callers, which add up
//! over processes. Bounded, whatever requests say: `serving::segmenting` picks the values that are kept apart
//! in a process, and [`MOST`] bounds those of all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::statistics::mean::Moments;

/// Groups of callers: fewer than of what decides, as there are many segments.
pub const GROUPS: usize = 32;
/// Values of an attribute that are kept apart once processes are added up; further ones are with the rest.
pub const MOST: usize = 64;

/// Sums by group of callers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(usize, f64, f64, f64)>", into = "Vec<(usize, f64, f64, f64)>")]
pub struct Sums([Moments; GROUPS]);

impl Default for Sums {
    fn default() -> Self {
        Sums([Moments::default(); GROUPS])
    }
}

impl From<Sums> for Vec<(usize, f64, f64, f64)> {
    fn from(from: Sums) -> Self {
        let held = from.0.iter().enumerate().filter(|(_, sums)| sums.n > 0.0);
        held.map(|(group, sums)| (group, sums.n, sums.sum, sums.squares)).collect()
    }
}

impl TryFrom<Vec<(usize, f64, f64, f64)>> for Sums {
    type Error = String;

    fn try_from(from: Vec<(usize, f64, f64, f64)>) -> Result<Self, String> {
        let mut to = Sums::default();
        for (group, n, sum, squares) in from {
            let sums = to.0.get_mut(group).ok_or_else(|| format!("group {group}, and there are {GROUPS}"))?;
            *sums = Moments { n, sum, squares };
        }
        Ok(to)
    }
}

impl Sums {
    /// By group.
    pub fn groups(&self) -> &[Moments; GROUPS] {
        &self.0
    }

    /// How many values came.
    pub fn n(&self) -> f64 {
        self.0.iter().map(|sums| sums.n).sum()
    }

    fn add(&mut self, group: usize, value: f64) {
        self.0[group % GROUPS].add(value, 1.0);
    }

    fn merge(&mut self, other: &Sums) {
        self.0.iter_mut().zip(&other.0).for_each(|(to, from)| to.merge(from));
    }
}

/// Sums by the name of the outcome.
pub type Cell = BTreeMap<String, Sums>;

/// Adds another cell.
pub fn merge(to: &mut Cell, from: &Cell) {
    for (outcome, sums) in from {
        to.entry(outcome.clone()).or_default().merge(sums);
    }
}

/// Values that came, of all outcomes.
pub fn recorded(cell: &Cell) -> f64 {
    cell.values().map(Sums::n).sum()
}

/// One attribute.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Segment {
    /// By value.
    pub values: BTreeMap<String, Cell>,
    /// All other values together.
    pub rest: Cell,
}

/// By attribute.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Segments(pub BTreeMap<String, Segment>);

impl Segments {
    /// Whether nothing came.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes what came of a request in; no value: one of the rest.
    pub(crate) fn add(&mut self, attribute: &str, value: Option<&str>, outcome: &str, group: usize, x: f64) {
        let segment = known(&mut self.0, attribute);
        let cell = match value {
            Some(value) => known(&mut segment.values, value),
            None => &mut segment.rest,
        };
        known(cell, outcome).add(group, x);
    }

    /// Adds another share. Beyond [`MOST`] the values that come last by name go to the rest: the same of every arm.
    pub(crate) fn merge(&mut self, other: &Segments) {
        for (attribute, from) in &other.0 {
            let to = known(&mut self.0, attribute);
            merge(&mut to.rest, &from.rest);
            from.values.iter().for_each(|(value, cell)| merge(known(&mut to.values, value), cell));
            while to.values.len() > MOST
                && let Some((_, cell)) = to.values.pop_last()
            {
                merge(&mut to.rest, &cell);
            }
        }
    }

    /// How many values came.
    pub fn recorded(&self) -> u64 {
        let of = |segment: &Segment| segment.values.values().chain([&segment.rest]).map(recorded).sum::<f64>();
        self.0.values().map(of).sum::<f64>() as u64
    }
}

/// The entry of a name, made where it is new.
fn known<'a, T: Default>(map: &'a mut BTreeMap<String, T>, name: &str) -> &'a mut T {
    map.entry(name.to_owned()).or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_stay_bounded() {
        let (mut one, mut other, mut both) = (Segments::default(), Segments::default(), Segments::default());
        for n in 0..1_000usize {
            let half = if n % 2 == 0 { &mut one } else { &mut other };
            for to in [half, &mut both] {
                let value = format!("v{:02}", n % 20);
                to.add("country", Some(&value).filter(|_| n % 3 > 0).map(String::as_str), "bought", n, 1.5);
            }
        }
        one.merge(&other);
        assert_eq!((one.recorded(), &one), (1_000, &both));
        let text = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<Segments>(&text).unwrap(), one);
        assert!(serde_json::from_str::<Segments>(r#"{"a":{"rest":{"b":[[32,1.0,1.0,1.0]]}}}"#).is_err());

        let mut all = Segments::default();
        for process in 0..100 {
            let mut share = Segments::default();
            (0..16).for_each(|n| share.add("user", Some(&format!("{process}-{n}")), "bought", n, 1.0));
            all.merge(&share);
        }
        assert_eq!((all.recorded(), all.0["user"].values.len()), (1_600, MOST));
    }
}
