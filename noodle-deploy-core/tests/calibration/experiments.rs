//! The error rates that an experiment states: with callers who come again, some of them far more often than others, looked
//! at all the time.

use noodle_deploy_core::machine::experiment::analysis::{ArmData, report};
use noodle_deploy_core::machine::experiment::{Experiment, Finding};
use noodle_deploy_core::metrics::outcomes::When;
use noodle_deploy_core::metrics::recorder::Recorder;
use noodle_deploy_core::rng::{Rng, SeededRng};

use super::{SEED, World, at_most, rollouts};

/// Who comes, and what a value of theirs is worth.
#[derive(Clone, Copy)]
struct Crowd {
    /// Values of one caller in a visit: one in ten comes that often, the others once.
    heavy: u32,
    /// Standard deviation of what callers are worth, beside that of a single value, which is 1.
    spread: f64,
    /// What the treatment adds.
    better: f64,
}

fn experiment(arms: u32, method: &str) -> Experiment {
    let weight = 10_000 / arms;
    let arm =
        |n: u32| serde_json::json!({"name": format!("arm-{n}"), "version": "1.0.0", "revision": n, "weight": weight});
    let shares = |n: u32| serde_json::json!({"below": weight * (n + 1), "arm": n});
    let metric = serde_json::json!({"name": "worth", "kind": "mean", "goal": "increase", "role": "primary"});
    serde_json::from_value(serde_json::json!({
        "number": 1, "name": "trial", "holdout": 0, "metrics": [metric], "phase": "running", "reason": "", "salt": "0",
        "arms": (0..arms).map(arm).collect::<Vec<_>>(), "shares": (0..arms).map(shares).collect::<Vec<_>>(),
        "judgement": {"method": method, "horizon": if method == "fixed" { Some("1") } else { None }}, "since": "0",
    }))
    .unwrap()
}

/// What was found first, and after how many values; an alarm of the sample ratio counts by itself.
fn run(seed: u64, arms: u32, crowd: Crowd, visits: u32) -> (Option<Finding>, bool, u32) {
    let experiment = experiment(arms, "sequential");
    let mut world = World { rng: SeededRng::new(seed), spare: None };
    let recorders: Vec<Recorder> = (0..arms).map(|_| Recorder::default()).collect();
    let mut values = 0;
    for visit in 1..=visits {
        let (arm, group) = (world.rng.next() % u64::from(arms), world.rng.next() as usize % 128);
        let worth = crowd.spread * world.normal() + if arm > 0 { crowd.better } else { 0.0 };
        let times = if visit.is_multiple_of(10) { crowd.heavy } else { 1 };
        for _ in 0..times {
            recorders[arm as usize].expose(group);
            recorders[arm as usize].outcome("worth", group, worth + world.normal(), When::During);
            values += 1;
        }
        if visit.is_multiple_of(100) {
            let data = recorders.iter().map(|of| {
                let totals = of.totals();
                ArmData { exposures: totals.exposures.clone(), totals }
            });
            let report = report(&experiment, &data.collect::<Vec<_>>(), 0);
            let found = report.comparisons.iter().map(|of| of.finding);
            let found = found.into_iter().find(|found| matches!(found, Finding::Better | Finding::Worse));
            if found.is_some() || report.sample_ratio_mismatch {
                return (found, report.sample_ratio_mismatch, values);
            }
        }
    }
    (None, false, values)
}

/// Shares of false findings and of alarms, and values until half had found what is there.
fn simulate(arms: u32, crowd: Crowd, visits: u32) -> (f64, f64, Option<u32>) {
    let n = rollouts();
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u32;
    let mut ends: Vec<_> = std::thread::scope(|scope| {
        let work = |thread| {
            let own = (thread..n).step_by(threads as usize);
            own.map(|i| run(SEED + u64::from(i), arms, crowd, visits)).collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    ends.sort_by_key(|(found, _, values)| (found.is_none(), *values));
    let share = |count: usize| count as f64 / f64::from(n);
    let found = share(ends.iter().filter(|(found, _, _)| found.is_some()).count());
    let alarms = share(ends.iter().filter(|(_, alarm, _)| *alarm).count());
    let middle = ends[ends.len() / 2];
    (found, alarms, middle.0.map(|_| middle.2))
}

#[test]
fn nothing_is_found_where_nothing_is() {
    let crowds = [
        ("single values", 2, Crowd { heavy: 1, spread: 0.0, better: 0.0 }),
        ("callers who differ", 2, Crowd { heavy: 5, spread: 1.0, better: 0.0 }),
        ("heavy callers", 2, Crowd { heavy: 100, spread: 1.0, better: 0.0 }),
        ("five arms", 5, Crowd { heavy: 1, spread: 0.0, better: 0.0 }),
    ];
    for (what, arms, crowd) in crowds {
        let (found, alarms, _) = simulate(arms, crowd, 4_000);
        println!("A/A, {what}: found {found:.4} at a level of 0.05, alarms {alarms:.4} at 0.001");
        assert!(found <= at_most(0.05), "{what}: {found}");
        assert!(alarms <= at_most(0.001).max(2.0 / f64::from(rollouts())), "{what}: alarms {alarms}");
    }
}

#[test]
fn what_is_there_is_found_soon() {
    // A tenth and a fifth of a deviation; Welch's test with a power of 80 % needs as many values on both arms together.
    for (better, welch) in [(0.1, 3_142), (0.2, 788)] {
        let (found, _, median) = simulate(2, Crowd { heavy: 1, spread: 0.0, better }, 12_000);
        let ratio = median.map(|median| f64::from(median) / f64::from(welch));
        println!("{better} deviations: found {found:.3}, half after {median:?} values, {ratio:?} of Welch's {welch}");
        assert!(found >= 0.95, "{better}: {found}");
        assert!(ratio.is_some_and(|ratio| ratio <= 1.5), "{better}: {ratio:?}");
    }
}
