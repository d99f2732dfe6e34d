//! Whether the candidate's answers to callers are distributed as the baseline's: both answered requests that chance divided,
//! so what differs is the versions' doing.
//!
//! Each class's share is compared in both directions, as [`mean`](crate::statistics::mean) compares means: the mean of
//! e-values is one again, whatever they have to do with each other.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::DriftConfig;
use super::analysis::Seen;
use super::metric::MetricEvidence;
use crate::metrics::answers::Answers;
use crate::statistics::log_sum_exp;
use crate::statistics::mean::{MeanEvidence, Moments};

/// How far the answers of both are apart in a step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DriftFindings {
    /// Answers of the candidate, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub candidate_answers: u64,
    /// Answers of the baseline, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub baseline_answers: u64,
    /// The largest move: of a class's share of all answers, 0 to 1; of versions without labels of the mean answer, in standard
    /// deviations of the baseline's answers.
    pub shift: f64,
    /// Number of the class that moved most, up to the remainder by 16; absent without labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_index: Option<u32>,
    /// Natural logarithm of the evidence that one moved by more than the margin, over all steps.
    pub moved: f64,
    /// That none did, in this step.
    pub not_moved: f64,
}

/// What is compared: values of both, and the margin.
struct Pair {
    control: Moments,
    treatment: Moments,
    margin: f64,
}

/// Moments of `(value - centre) / unit`.
fn scaled(of: &Moments, centre: f64, unit: f64) -> Moments {
    let (Some(mean), variance) = (of.mean(), of.variance().unwrap_or(0.0)) else { return Moments::default() };
    let (mean, variance) = ((mean - centre) / unit, variance / (unit * unit));
    Moments { n: of.n, sum: of.n * mean, squares: (of.n - 1.0).max(0.0) * variance + of.n * mean * mean }
}

/// Pairs of a step, in an order that steps share.
fn pairs(config: &DriftConfig, step: &Seen) -> Vec<Pair> {
    let nothing = Answers::default();
    let (baseline, candidate) =
        (step.baseline.answers.as_ref().unwrap_or(&nothing), step.candidate.answers.as_ref().unwrap_or(&nothing));
    if baseline.classes.is_empty() && candidate.classes.is_empty() {
        let of = &baseline.means;
        // Answers that never change have no deviation: any other answer is far from them.
        let least = (1e-6 * of.mean().unwrap_or(0.0).abs()).max(1e-12);
        let unit = of.variance().unwrap_or(0.0).sqrt().max(least);
        let centre = of.mean().unwrap_or(0.0);
        let (control, treatment) = (scaled(of, centre, unit), scaled(&candidate.means, centre, unit));
        return vec![Pair { control, treatment, margin: config.max_mean_shift }];
    }
    let of = |counts: &Answers, class: usize| {
        let n = counts.classes.iter().sum::<f64>();
        let hits = counts.classes.get(class).copied().unwrap_or_default();
        // With a hit and a miss that were not: a class that was never met has a variance all the same.
        Moments { n: n + 2.0, sum: hits + 1.0, squares: hits + 1.0 }
    };
    let classes = baseline.classes.len().max(candidate.classes.len());
    let pair =
        |class| Pair { control: of(baseline, class), treatment: of(candidate, class), margin: config.max_class_shift };
    (0..classes).map(pair).collect()
}

/// Looks at all of a step.
pub(super) fn look(evidence: &mut Vec<MetricEvidence>, config: &DriftConfig, step: &Seen) {
    let pairs = pairs(config, step);
    evidence.resize(2 * pairs.len().max(evidence.len() / 2), MetricEvidence::default());
    for (shown, pair) in evidence.chunks_exact_mut(2).zip(&pairs) {
        let [up, down] = shown else { continue };
        up.now = MeanEvidence::of(&pair.control, &pair.treatment, pair.margin);
        down.now = MeanEvidence::of(&pair.treatment, &pair.control, pair.margin);
    }
}

impl DriftFindings {
    /// Of a step.
    pub(super) fn of(evidence: &[MetricEvidence], config: &DriftConfig, step: &Seen) -> Self {
        let pairs = pairs(config, step);
        let answers = |of: &Option<Answers>| of.as_ref().map_or(0, |of| of.count() as u64);
        let shift = |pair: &Pair| match (pair.control.mean(), pair.treatment.mean()) {
            (Some(control), Some(treatment)) => (treatment - control).abs(),
            _ => 0.0,
        };
        let most = pairs.iter().map(shift).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        // A move as large as the margin beyond it is what should be found soon.
        let scales: Vec<f64> = pairs.iter().flat_map(|pair| [pair.margin; 2]).collect();
        let n = scales.len().max(1) as f64;
        let moved = evidence.iter().zip(&scales).map(|(shown, scale)| shown.before.and(shown.now).log_e(*scale));
        let not_moved = evidence.iter().zip(&scales).map(|(shown, scale)| shown.now.mirrored().log_e(*scale));
        DriftFindings {
            candidate_answers: answers(&step.candidate.answers),
            baseline_answers: answers(&step.baseline.answers),
            shift: most.map_or(0.0, |(_, shift)| shift),
            class_index: most.filter(|_| pairs.len() > 1).map(|(class, _)| class as u32),
            moved: log_sum_exp(moved) - n.ln(),
            not_moved: not_moved.fold(f64::INFINITY, f64::min).min(f64::MAX),
        }
    }

    /// In words.
    pub(super) fn text(&self) -> String {
        match self.class_index {
            Some(class) => format!("the share of class {class} is off by {:.2} %", 100.0 * self.shift),
            None => format!("the mean answer is off by {:.3} standard deviations", self.shift),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::analysis::ArmCounts;
    use super::*;
    use crate::metrics::answers::CLASSES;
    use crate::rng::{Rng, SeededRng};

    fn config() -> DriftConfig {
        DriftConfig { max_class_shift: 0.05, max_mean_shift: 0.25 }
    }

    fn arm(answers: Answers) -> ArmCounts {
        ArmCounts { answers: Some(answers), ..ArmCounts::default() }
    }

    fn look_at(step: &Seen) -> DriftFindings {
        let mut evidence = Vec::new();
        look(&mut evidence, &config(), step);
        DriftFindings::of(&evidence, &config(), step)
    }

    /// Classes 0 to 3, the first with probability `p`.
    fn classes(rng: &SeededRng, n: u32, p: f64) -> Answers {
        let mut classes = vec![0.0; CLASSES];
        for _ in 0..n {
            let u = (rng.next() >> 11) as f64 / (1u64 << 53) as f64;
            classes[if u < p { 0 } else { 1 + (u * 1e6) as usize % 3 }] += 1.0;
        }
        Answers { classes, means: Moments::default() }
    }

    fn means(rng: &SeededRng, n: u32, mean: f64) -> Answers {
        let mut means = Moments::default();
        for _ in 0..n {
            // Uniform with a standard deviation of 1.
            let u = (rng.next() >> 11) as f64 / (1u64 << 53) as f64;
            means.add(mean + (u - 0.5) * 12f64.sqrt(), 1.0);
        }
        Answers { classes: Vec::new(), means }
    }

    #[test]
    fn a_class_that_grows_is_found_and_equal_shares_are_shown() {
        let rng = SeededRng::new(1);
        let moved =
            look_at(&Seen { baseline: arm(classes(&rng, 2_000, 0.2)), candidate: arm(classes(&rng, 2_000, 0.4)) });
        assert!(moved.moved > 20.0 && moved.not_moved < 0.0 && moved.class_index == Some(0), "{moved:?}");
        assert!((moved.shift - 0.2).abs() < 0.05, "{moved:?}");
        let same =
            look_at(&Seen { baseline: arm(classes(&rng, 20_000, 0.2)), candidate: arm(classes(&rng, 20_000, 0.2)) });
        assert!(same.moved < 0.0 && same.not_moved > 5.0, "{same:?}");
    }

    #[test]
    fn a_mean_that_falls_is_found_and_an_equal_one_is_shown() {
        let rng = SeededRng::new(2);
        let moved = look_at(&Seen { baseline: arm(means(&rng, 2_000, 1.0)), candidate: arm(means(&rng, 2_000, 0.4)) });
        assert!(moved.moved > 20.0 && moved.class_index.is_none(), "{moved:?}");
        assert!((moved.shift - 0.6).abs() < 0.1, "{moved:?}");
        let same = look_at(&Seen { baseline: arm(means(&rng, 2_000, 1.0)), candidate: arm(means(&rng, 2_000, 1.0)) });
        assert!(same.moved < 0.0 && same.not_moved > 5.0, "{same:?}");
    }

    /// Looked at after every fifty answers, shares that are at the margin are said to be beyond it in no more runs than the
    /// level allows.
    #[test]
    fn the_level_holds_however_often_it_is_looked_at() {
        let (runs, level) = (400, 0.05f64);
        let mut found = 0;
        for seed in 0..runs {
            let rng = SeededRng::new(1_000 + seed);
            let (mut baseline, mut candidate) = (Answers::default(), Answers::default());
            for _ in 0..40 {
                baseline.merge(&classes(&rng, 50, 0.3));
                candidate.merge(&classes(&rng, 50, 0.35));
                let step = Seen { baseline: arm(baseline.clone()), candidate: arm(candidate.clone()) };
                if look_at(&step).moved >= (1.0 / level).ln() {
                    found += 1;
                    break;
                }
            }
        }
        // 99 % bound of a binomial count at the level.
        let bound = f64::from(runs as u32) * level + 2.33 * (f64::from(runs as u32) * level * (1.0 - level)).sqrt();
        assert!(f64::from(found) <= bound, "{found} of {runs}");
    }

    #[test]
    fn little_says_nothing() {
        let rng = SeededRng::new(3);
        let few = look_at(&Seen { baseline: arm(classes(&rng, 20, 0.0)), candidate: arm(classes(&rng, 20, 1.0)) });
        assert_eq!((few.moved <= 0.0, few.not_moved), (true, 0.0), "{few:?}");
        let none = look_at(&Seen::default());
        assert_eq!((none.candidate_answers, none.not_moved), (0, 0.0));
    }
}
