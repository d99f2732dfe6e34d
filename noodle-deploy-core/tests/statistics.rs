//! The statistics of experiments, held against reference values that tools/statistics/vectors.py computes with scipy,
//! statsmodels, gbstats and mpmath; and what must hold for any data.

#![allow(clippy::disallowed_macros, reason = "a test has its own process")]

use std::collections::BTreeMap;

use noodle_deploy_core::statistics::fixed::Estimate;
use noodle_deploy_core::statistics::{
    bandit, bayes, correction, cuped, distribution as dist, fixed, power, sequential,
};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::Value;

const VECTORS: &str = include_str!("statistics/vectors.json");
/// What closed forms may be off, relative to the value.
const CLOSED: f64 = 1e-9;
/// What integrals and solutions may be off.
const NUMERIC: f64 = 1e-6;

/// Arguments of a function, by their places.
struct Arguments<'a>(&'a [Value]);

impl Arguments<'_> {
    fn get<T: DeserializeOwned>(&self, place: usize) -> T {
        serde_json::from_value(self.0[place].clone()).unwrap()
    }

    fn real(&self, place: usize) -> f64 {
        self.get(place)
    }

    fn estimate(&self, place: usize) -> Estimate {
        let (mean, variance, df) = self.get(place);
        Estimate { mean, variance, df }
    }

    fn clusters(&self, place: usize) -> Vec<cuped::Cluster> {
        let rows: Vec<[f64; 4]> = self.get(place);
        let of = |[num, den, before_num, before_den]: [f64; 4]| cuped::Cluster { num, den, before_num, before_den };
        rows.into_iter().map(of).collect()
    }
}

/// What a function says to the arguments of a vector.
type Function = fn(&Arguments<'_>) -> Option<Vec<f64>>;

fn parts(estimate: Estimate) -> Vec<f64> {
    vec![estimate.mean, estimate.variance, estimate.df]
}

/// Each function that has vectors, with what it may be off.
const FUNCTIONS: &[(&str, f64, Function)] = &[
    ("normal_density", CLOSED, |a| Some(vec![dist::normal_density(a.real(0))])),
    ("normal_cdf", CLOSED, |a| Some(vec![dist::normal_cdf(a.real(0))])),
    ("normal_sf", CLOSED, |a| Some(vec![dist::normal_sf(a.real(0))])),
    ("normal_quantile", CLOSED, |a| Some(vec![dist::normal_quantile(a.real(0))])),
    ("student_sf", CLOSED, |a| Some(vec![dist::student_sf(a.real(0), a.real(1))?])),
    ("student_quantile", CLOSED, |a| Some(vec![dist::student_quantile(a.real(0), a.real(1))?])),
    ("chi_square_sf", CLOSED, |a| Some(vec![dist::chi_square_sf(a.real(0), a.real(1))?])),
    ("incomplete_beta", CLOSED, |a| Some(vec![dist::incomplete_beta(a.real(0), a.real(1), a.real(2))?])),
    ("estimate", CLOSED, |a| Some(parts(Estimate::of(a.real(0), a.real(1), a.real(2))?))),
    ("welch", CLOSED, |a| {
        let test = fixed::welch(&a.estimate(0), &a.estimate(1), a.real(2))?;
        Some(vec![test.statistic, test.df?, test.p_value, test.difference, test.low, test.high])
    }),
    ("proportions", CLOSED, |a| {
        let test = fixed::proportions(a.get(0), a.get(1), a.real(2))?;
        Some(vec![test.statistic, test.p_value, test.difference, test.low, test.high])
    }),
    ("chi_square", CLOSED, |a| {
        let (statistic, p_value) = fixed::chi_square(&a.get::<Vec<f64>>(0), &a.get::<Vec<f64>>(1))?;
        Some(vec![statistic, p_value])
    }),
    ("independence", CLOSED, |a| {
        let (statistic, df, p_value) = fixed::independence(&a.get::<Vec<Vec<f64>>>(0))?;
        Some(vec![statistic, df, p_value])
    }),
    ("mann_whitney", CLOSED, |a| {
        let test = fixed::mann_whitney(&a.get::<Vec<(f64, u64)>>(0), &a.get::<Vec<(f64, u64)>>(1))?;
        Some(vec![test.u, test.z, test.p_value, test.superiority])
    }),
    ("log_e", CLOSED, |a| Some(vec![sequential::log_e(a.real(0), a.real(1), a.real(2))?])),
    ("sequential_p_value", CLOSED, |a| Some(vec![sequential::p_value(a.real(0), a.real(1), a.real(2))?])),
    ("half_width", CLOSED, |a| Some(vec![sequential::half_width(a.real(0), a.real(1), a.real(2))?])),
    ("scale_for", CLOSED, |a| Some(vec![sequential::scale_for(a.real(0), a.real(1))?])),
    ("posterior", CLOSED, |a| {
        let (mean, sd) = bayes::posterior(a.real(0), a.real(1), a.get(2));
        Some(vec![mean, sd])
    }),
    ("chance_above_zero", CLOSED, |a| Some(vec![bayes::chance_above_zero(a.real(0), a.real(1))])),
    ("expected_loss", CLOSED, |a| {
        let loss = bayes::expected_loss(a.real(0), a.real(1));
        Some(vec![loss.treatment, loss.control])
    }),
    ("beta_chance_better", NUMERIC, |a| Some(vec![bayes::beta_chance_better(a.get(0), a.get(1))?])),
    ("beta_expected_loss", NUMERIC, |a| {
        let loss = bayes::beta_expected_loss(a.get(0), a.get(1))?;
        Some(vec![loss.treatment, loss.control])
    }),
    ("ratio", CLOSED, |a| Some(parts(cuped::ratio(&a.clusters(0))?))),
    ("theta", CLOSED, |a| Some(vec![cuped::theta(&a.clusters(0), &a.clusters(1))?])),
    ("adjusted", CLOSED, |a| Some(parts(cuped::adjusted(&a.clusters(0), a.real(1), a.real(2))?))),
    ("bonferroni", CLOSED, |a| Some(correction::bonferroni(&a.get::<Vec<f64>>(0)))),
    ("holm", CLOSED, |a| Some(correction::holm(&a.get::<Vec<f64>>(0)))),
    ("benjamini_hochberg", CLOSED, |a| Some(correction::benjamini_hochberg(&a.get::<Vec<f64>>(0)))),
    ("means_power", CLOSED, |a| Some(vec![power::means_power(a.real(0), a.real(1), a.real(2), a.real(3), a.real(4))?])),
    ("means_size", NUMERIC, |a| Some(vec![power::means_size(a.real(0), a.real(1), a.real(2), a.real(3), a.real(4))?])),
    ("means_effect", NUMERIC, |a| {
        Some(vec![power::means_effect(a.real(0), a.real(1), a.real(2), a.real(3), a.real(4))?])
    }),
    ("proportions_power", CLOSED, |a| {
        Some(vec![power::proportions_power(a.real(0), a.real(1), a.real(2), a.real(3), a.real(4))?])
    }),
    ("proportions_size", NUMERIC, |a| {
        Some(vec![power::proportions_size(a.real(0), a.real(1), a.real(2), a.real(3), a.real(4))?])
    }),
    ("proportions_effect", NUMERIC, |a| {
        Some(vec![power::proportions_effect(a.real(0), a.real(1), a.real(2), a.real(3), a.real(4))?])
    }),
    ("best_chances", NUMERIC, |a| Some(bandit::best_chances(&a.get::<Vec<(f64, f64)>>(0)))),
    ("upper_bounds", CLOSED, |a| Some(bandit::upper_bounds(&a.get::<Vec<(f64, f64, u64)>>(0), a.get(1)))),
    ("shares", 0.0, |a| Some(bandit::shares(&a.get::<Vec<f64>>(0), a.get(1)).into_iter().map(f64::from).collect())),
];

/// How far two numbers are apart, relative to the expected one. Less than 1e-300 is nothing.
fn off(found: f64, expected: f64) -> f64 {
    match (found - expected).abs() <= 1e-300 {
        true => 0.0,
        false => (found - expected).abs() / expected.abs().max(1e-300),
    }
}

#[test]
fn functions_agree_with_reference_values() {
    let mut vectors: BTreeMap<String, Value> = serde_json::from_str(VECTORS).unwrap();
    vectors.remove("versions");
    let mut failures = Vec::new();
    for (name, tolerance, function) in FUNCTIONS {
        let rows: Vec<(Vec<Value>, Vec<f64>)> =
            vectors.remove(*name).map(|rows| serde_json::from_value(rows).unwrap()).unwrap_or_default();
        if rows.is_empty() {
            failures.push(format!("{name}: no vectors"));
        }
        let mut worst = 0.0_f64;
        for (arguments, expected) in &rows {
            let found = function(&Arguments(arguments)).unwrap_or_default();
            let apart = found.iter().zip(expected).map(|(found, expected)| off(*found, *expected));
            let apart = apart.fold(0.0, |most: f64, x| if x.is_nan() { f64::INFINITY } else { most.max(x) });
            worst = worst.max(apart);
            if found.len() != expected.len() || apart > *tolerance {
                let arguments = serde_json::to_string(arguments).unwrap();
                failures.push(format!("{name}{arguments}: {found:?} and not {expected:?}, off by {apart:.1e}"));
            }
        }
        println!("{name}: {} vectors, off by {worst:.1e} at most", rows.len());
    }
    failures.extend(vectors.keys().map(|name| format!("{name}: vectors that nothing is held against")));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Finite numbers of any size.
fn any_real() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), -1e3..1e3f64, -1.0..1.0f64, any::<f64>().prop_filter("finite", |x| x.is_finite()),]
}

/// Whether an interval, if there is one, contains the difference, and the p-value is one.
fn sound(test: Option<fixed::Test>) -> bool {
    test.is_none_or(|test| {
        test.low <= test.difference
            && test.difference <= test.high
            && (0.0..=1.0).contains(&test.p_value)
            && !test.statistic.is_nan()
    })
}

/// Whether a result, if there is one, is a probability.
fn probability(p: Option<f64>) -> bool {
    p.is_none_or(|p| (0.0..=1.0).contains(&p))
}

proptest! {
    #[test]
    fn distributions_give_probabilities(x in any_real(), a in any_real(), b in 0.0..1e6f64, p in 0.0..1.0f64) {
        for p in [dist::normal_cdf(x), dist::normal_sf(x)] {
            prop_assert!((0.0..=1.0).contains(&p));
        }
        prop_assert!(!dist::normal_quantile(x).is_nan() && !dist::normal_density(x).is_nan());
        let bounded = a % 1e6;
        prop_assert!(probability(dist::student_sf(x, bounded)) && probability(dist::student_sf(x, a)));
        prop_assert!(probability(dist::chi_square_sf(x, bounded)));
        prop_assert!(probability(dist::incomplete_beta(bounded, b, p)));
        prop_assert!(dist::student_quantile(p, bounded).is_none_or(|t| !t.is_nan()));
    }

    #[test]
    fn quantiles_undo_probabilities(p in 1e-9..0.999f64, df in 0.8..1e4f64) {
        let t = dist::student_quantile(p, df).unwrap();
        prop_assert!((dist::student_sf(-t, df).unwrap() / p - 1.0).abs() < 1e-9);
        prop_assert!((dist::normal_cdf(dist::normal_quantile(p)) / p - 1.0).abs() < 1e-9);
    }

    #[test]
    fn comparisons_are_sound(
        arms in prop::array::uniform2((any_real(), any_real(), any_real())), level in any_real(),
        hits in prop::array::uniform2((0u64..1000, 0u64..2000)), counts in prop::collection::vec((any_real(), 0u64..5), 0..8),
    ) {
        let estimate = |(mean, variance, df): (f64, f64, f64)| Estimate { mean, variance, df };
        for level in [0.05, level] {
            prop_assert!(sound(fixed::welch(&estimate(arms[0]), &estimate(arms[1]), level)));
            prop_assert!(sound(fixed::proportions(hits[0], hits[1], level)));
        }
        let of = |(n, sum, squares): (f64, f64, f64)| Estimate::of(n, sum, squares);
        prop_assert!(of(arms[0]).is_none_or(|found| found.mean.is_finite() && found.variance >= 0.0 && found.df > 0.0));
        let (some, others) = counts.split_at(counts.len() / 2);
        if let Some(found) = fixed::mann_whitney(some, others) {
            prop_assert!((0.0..=1.0).contains(&found.p_value) && (0.0..=1.0).contains(&found.superiority));
            let mirrored = fixed::mann_whitney(others, some).unwrap();
            prop_assert!((found.superiority + mirrored.superiority - 1.0).abs() < 1e-12 && found.p_value == mirrored.p_value);
        }
        let (one, other): (Vec<f64>, Vec<f64>) = counts.iter().map(|(value, count)| (value.abs(), *count as f64)).unzip();
        prop_assert!(probability(fixed::chi_square(&other, &one).map(|found| found.1)));
        prop_assert!(probability(fixed::independence(&[one, other]).map(|found| found.2)));
    }

    #[test]
    fn sequential_results_agree_with_each_other(
        difference in any_real(), variance in any_real(), scale in any_real(), level in 1e-9..0.9f64,
    ) {
        prop_assert!(probability(sequential::p_value(difference, variance, scale)));
        prop_assert!(sequential::scale_for(variance, level).is_none_or(|scale| scale > 0.0));
        // The end of the interval is where the e-value is one over the level.
        let (variance, scale) = (variance.abs().clamp(1e-6, 1e6), scale.abs().clamp(1e-6, 1e6));
        let width = sequential::half_width(variance, scale, level).unwrap();
        let log_e = sequential::log_e(width, variance, scale).unwrap();
        prop_assert!((log_e + level.ln()).abs() < 1e-9 * level.ln().abs().max(1.0) * (1.0 + width * width / variance));
    }

    #[test]
    fn beliefs_are_sound(
        mean in any_real(), sd in any_real(), prior in prop::option::of(any_real()),
        betas in prop::array::uniform4(-1.0..9.0f64),
    ) {
        let (shrunk, spread) = bayes::posterior(mean, sd, prior);
        prop_assert!(shrunk.abs() <= mean.abs() && spread >= 0.0);
        prop_assert!((0.0..=1.0).contains(&bayes::chance_above_zero(mean, sd)));
        let loss = bayes::expected_loss(mean, sd);
        prop_assert!(loss.treatment >= 0.0 && loss.control >= 0.0);
        let [a, b, c, d] = betas.map(|x| 10f64.powf(x).max(0.1));
        let chance = bayes::beta_chance_better((a, b), (c, d)).unwrap();
        let mirrored = bayes::beta_chance_better((c, d), (a, b)).unwrap();
        prop_assert!((chance + mirrored - 1.0).abs() < 1e-8, "{chance} and {mirrored}");
        let loss = bayes::beta_expected_loss((a, b), (c, d)).unwrap();
        prop_assert!(loss.treatment >= 0.0 && loss.control >= 0.0);
    }

    #[test]
    fn clusters_give_numbers(rows in prop::collection::vec(prop::array::uniform4(any_real()), 0..12), theta in any_real()) {
        let of = |row: [f64; 4]| cuped::Cluster { num: row[0], den: row[1], before_num: row[2], before_den: row[3] };
        let clusters: Vec<_> = rows.into_iter().map(of).collect();
        let (some, others) = clusters.split_at(clusters.len() / 2);
        for found in [cuped::ratio(&clusters), cuped::adjusted(some, theta, theta)].into_iter().flatten() {
            prop_assert!(found.mean.is_finite() && found.variance >= 0.0 && found.df >= 1.0);
        }
        prop_assert!(cuped::theta(some, others).is_none_or(f64::is_finite));
        prop_assert!(cuped::overall_before(&[some, others]).is_none_or(f64::is_finite));
    }

    #[test]
    fn corrections_are_ordered(p_values in prop::collection::vec(any_real(), 0..9)) {
        let (all, holm) = (correction::bonferroni(&p_values), correction::holm(&p_values));
        let found = correction::benjamini_hochberg(&p_values);
        for ((all, holm), found) in all.iter().zip(&holm).zip(&found) {
            prop_assert!((0.0..=1.0).contains(found) && *found <= holm + 1e-15 && *holm <= all + 1e-15 && *all <= 1.0);
        }
    }

    #[test]
    fn sizes_have_their_power(
        difference in any_real(), sd in any_real(), rates in prop::array::uniform2(0.001..0.999f64), ratio in 0.1..10.0f64,
        level in 0.001..0.2f64, wanted in 0.3..0.999f64,
    ) {
        if let Some(n) = power::means_size(difference, sd, ratio, level, wanted) {
            let reached = power::means_power(difference, sd, n, ratio, level);
            prop_assert!(reached.is_none_or(|reached| (reached - wanted).abs() < 1e-9), "{reached:?}");
        }
        if let Some(n) = power::proportions_size(rates[0], rates[1], ratio, level, wanted) {
            let reached = power::proportions_power(rates[0], rates[1], n, ratio, level).unwrap();
            prop_assert!((reached - wanted).abs() < 1e-9, "{reached}");
            if let Some(rise) = power::proportions_effect(rates[0], n, ratio, level, wanted) {
                prop_assert!(rise > 0.0 && rates[0] + rise <= 1.0 + 1e-12);
            }
        }
    }

    #[test]
    fn chances_and_shares_add_up(arms in prop::collection::vec((any_real(), any_real()), 1..7), floor in 0u32..12_000) {
        let chances = bandit::best_chances(&arms);
        prop_assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{chances:?}");
        let shares = bandit::shares(&chances, floor);
        prop_assert_eq!(shares.iter().sum::<u32>(), 10_000);
        let floor = floor.min(10_000 / arms.len() as u32);
        prop_assert!(shares.iter().all(|share| *share >= floor), "{shares:?}");
    }
}

#[test]
fn beta_posteriors_of_a_billion_take_no_longer() {
    // 1000 comparisons: a bound that only a loop over the counts would miss.
    for k in 0..1000 {
        let more = f64::from(k) * 1e3;
        let chance = bayes::beta_chance_better((1e8, 9e8), (1e8 + more, 9e8 - more)).unwrap();
        assert!(chance >= 0.5 - 1e-9, "{chance}");
    }
}
