//! How far the answers of a version that is tried in the shadow are from those that callers got.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sums over requests, which add up over processes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Differences {
    /// Requests that were answered by both, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub compared: u64,
    /// Those of them whose answers differ, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub differing: u64,
    /// Requests that were not run a second time, because too many waited, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub skipped: u64,
    /// Sum of the largest absolute difference of each request.
    pub sum: f64,
    /// The largest of all.
    pub largest: f64,
}

impl Differences {
    /// Takes one request in: whether its answers differ, and by how much at most.
    pub fn add(&mut self, differs: bool, most: f64) {
        self.compared = self.compared.saturating_add(1);
        self.differing = self.differing.saturating_add(u64::from(differs));
        // Infinities that differ are as far apart as numbers can be.
        self.sum = (self.sum + most).min(f64::MAX);
        self.largest = self.largest.max(most);
    }

    /// Takes in what was counted elsewhere.
    pub fn merge(&mut self, other: &Differences) {
        self.compared = self.compared.saturating_add(other.compared);
        self.differing = self.differing.saturating_add(other.differing);
        self.skipped = self.skipped.saturating_add(other.skipped);
        self.sum = (self.sum + other.sum).min(f64::MAX);
        self.largest = self.largest.max(other.largest);
    }

    /// What came since; the largest is that of all times.
    pub fn since(&self, earlier: &Differences) -> Differences {
        Differences {
            compared: self.compared.saturating_sub(earlier.compared),
            differing: self.differing.saturating_sub(earlier.differing),
            skipped: self.skipped.saturating_sub(earlier.skipped),
            sum: (self.sum - earlier.sum).max(0.0),
            largest: self.largest,
        }
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.compared == 0 && self.skipped == 0
    }
}
