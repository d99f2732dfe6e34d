//! The error rates that a rollout states, held against simulation: looked at all the time, over and over.
//!
//! `NOODLE_ROLLOUTS=10000 cargo test --workspace --all-features --test calibration -- --nocapture` simulates as many of each
//! kind and prints the figures; without it there are fewer.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]

#[path = "calibration/experiments.rs"]
mod experiments;

use noodle_deploy_core::machine::rollout::analysis::{Moment, Verdict, judge};
use noodle_deploy_core::machine::rollout::{
    AnalysisConfig, ArmCounts, CanaryConfig, CanaryStep, Evidence, Rollout, RolloutPhase, Seen,
};
use noodle_deploy_core::rng::{Rng, SeededRng};

const SEED: u64 = 20_261_126;

fn rollouts() -> u32 {
    std::env::var("NOODLE_ROLLOUTS").ok().map_or(300, |n| n.parse().expect("a number"))
}

/// One revision: the share that it fails, and its latencies, log-normal.
#[derive(Clone, Copy)]
struct Arm {
    errors: f64,
    median_ns: f64,
    sigma: f64,
}

const PLAIN: Arm = Arm { errors: 0.01, median_ns: 1e6, sigma: 0.5 };

struct World {
    rng: SeededRng,
    spare: Option<f64>,
}

impl World {
    fn uniform(&self) -> f64 {
        (self.rng.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// By Box and Muller's method.
    fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        let angle = std::f64::consts::TAU * self.uniform();
        self.spare = Some(radius * angle.sin());
        radius * angle.cos()
    }

    fn ask(&mut self, arm: Arm, counts: &mut ArmCounts) {
        counts.ended += 1;
        if self.uniform() < arm.errors {
            counts.failed += 1;
        } else {
            counts.log_latency.add(arm.median_ns.ln() + arm.sigma * self.normal(), 1.0);
        }
    }
}

/// How a rollout of one step ended, and after how many requests.
fn run(seed: u64, analysis: &AnalysisConfig, weight: f64, (old, new): (Arm, Arm), most: u32) -> (Verdict, u32) {
    let mut world = World { rng: SeededRng::new(seed), spare: None };
    let step = CanaryStep { min_requests: 1, ..CanaryStep::of(5_000) };
    let rollout = Rollout {
        baseline: 1,
        candidate: 2,
        canary: CanaryConfig { steps: vec![step], analysis: Some(analysis.clone()) },
        step: 0,
        weight: 5_000,
        phase: RolloutPhase::Analysing,
        reason: String::new(),
        salt: 0,
        since: 0,
        from: None,
        evidence: Evidence::default(),
        findings: None,
    };
    let (mut seen, mut evidence) = (Seen::default(), Evidence::default());
    for request in 1..=most {
        if world.uniform() < weight {
            world.ask(new, &mut seen.candidate);
        } else {
            world.ask(old, &mut seen.baseline);
        }
        // A look every few requests, at any number of them.
        if request % 7 == 0 {
            let look = judge(&rollout, &evidence, &seen, Moment::default());
            if look.verdict != Verdict::Wait {
                return (look.verdict, request);
            }
            evidence = look.evidence;
        }
    }
    (Verdict::Wait, most)
}

struct Rates {
    aborted: f64,
    passed: f64,
    /// Requests until the verdict, in the middle; none where most had none.
    median: Option<u32>,
}

fn simulate(analysis: &AnalysisConfig, weight: f64, arms: (Arm, Arm), most: u32) -> Rates {
    let n = rollouts();
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u32;
    let mut ends: Vec<(Verdict, u32)> = std::thread::scope(|scope| {
        let work = |thread| {
            (thread..n)
                .step_by(threads as usize)
                .map(move |i| run(SEED + u64::from(i), analysis, weight, arms, most))
                .collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    ends.sort_by_key(|(verdict, requests)| (*verdict == Verdict::Wait, *requests));
    let share = |of: Verdict| ends.iter().filter(|(verdict, _)| *verdict == of).count() as f64 / f64::from(n);
    let middle = ends[ends.len() / 2];
    Rates {
        aborted: share(Verdict::Abort),
        passed: share(Verdict::Pass),
        median: (middle.0 != Verdict::Wait).then_some(middle.1),
    }
}

/// The rate that is exceeded by one simulation in a hundred where the true one is `level`.
fn at_most(level: f64) -> f64 {
    level + 2.326 * (level * (1.0 - level) / f64::from(rollouts())).sqrt()
}

fn analysis(level: f64, error_margin: f64, latency_ratio: f64) -> AnalysisConfig {
    AnalysisConfig { level, error_margin, latency_ratio, ..AnalysisConfig::default() }
}

#[test]
fn what_is_within_the_margins_is_aborted_no_more_often_than_stated() {
    for (level, weight) in [(0.05, 0.5), (0.05, 0.1), (0.2, 0.5)] {
        // At the margins: a tenth slower where that is allowed, one point more errors where that is.
        let worst = Arm { errors: 0.02, median_ns: 1.1e6, ..PLAIN };
        for (what, new) in [("the same", PLAIN), ("at the margins", worst)] {
            let rates = simulate(&analysis(level, 0.01, 1.1), weight, (PLAIN, new), 8_000);
            println!(
                "level {level}, {weight} of the traffic, {what}: aborted {:.4}, passed {:.4}",
                rates.aborted, rates.passed
            );
            assert!(rates.aborted <= at_most(level), "{what}: {}", rates.aborted);
        }
    }
}

#[test]
fn what_is_beyond_a_margin_passes_no_more_often_than_stated() {
    for (level, weight) in [(0.05, 0.5), (0.05, 0.1)] {
        // Just beyond one margin, and far within the other.
        let fails = Arm { errors: 0.0201, ..PLAIN };
        let slow = Arm { median_ns: 1.101e6, errors: 0.0, ..PLAIN };
        for (what, new) in [("fails", fails), ("slow", slow)] {
            let rates = simulate(&analysis(level, 0.01, 1.1), weight, (PLAIN, new), 8_000);
            println!(
                "level {level}, {weight} of the traffic, {what}: passed {:.4}, aborted {:.4}",
                rates.passed, rates.aborted
            );
            assert!(rates.passed <= at_most(level), "{what}: {}", rates.passed);
        }
    }
}

/// Requests of both arms together that a one-sided test of fixed size would need at the level, with a power of 0.8.
fn fixed(effect: f64, variance: f64, level_z: f64) -> f64 {
    2.0 * 2.0 * variance * ((level_z + 0.8416) / effect).powi(2)
}

#[test]
fn regressions_are_found_with_little_traffic() {
    // Half of the level for each of two questions: z of 0.025.
    let (level, z) = (0.05, 1.96);
    let slower = Arm { median_ns: 1.1e6, ..PLAIN };
    let rates = simulate(&analysis(level, 0.01, 1.001), 0.5, (PLAIN, slower), 20_000);
    let welch = fixed((1.1f64 / 1.001).ln(), 0.25, z);
    println!(
        "a tenth slower: aborted {:.3}, median {:?} requests, Welch's test {welch:.0}",
        rates.aborted, rates.median
    );
    assert!(rates.aborted > 0.95, "{}", rates.aborted);
    let failing = Arm { errors: 0.02, ..PLAIN };
    let rates = simulate(&analysis(level, 0.0001, 1.5), 0.5, (PLAIN, failing), 60_000);
    let z_test = fixed(0.01 - 0.0001, 0.5 * (0.01 * 0.99 + 0.02 * 0.98), z);
    println!(
        "one point more errors: aborted {:.3}, median {:?} requests, a z test {z_test:.0}",
        rates.aborted, rates.median
    );
    assert!(rates.aborted > 0.9, "{}", rates.aborted);
    let rates = simulate(&analysis(level, 0.01, 1.2), 0.5, (PLAIN, PLAIN), 60_000);
    println!("no worse, default margins: passed {:.3}, median {:?} requests", rates.passed, rates.median);
    assert!(rates.passed > 0.9, "{}", rates.passed);
}
