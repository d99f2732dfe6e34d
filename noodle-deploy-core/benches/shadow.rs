//! What a shadow costs the callers of the version that serves: latency at half load with every request in the shadow over
//! that without, in pairs of the same arrivals.
//!
//! `--seconds N` measures that long.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::time::Duration;

use noodle_deploy_core::ops::decode;
use noodle_deploy_core::ops::deployments::Deploy;
use noodle_deploy_core::{Noodle, Settings};

#[path = "support/load.rs"]
mod load;
#[path = "support/stack.rs"]
mod stack;
mod support;

use load::{Offered, closed, median, open};
use support::graph;

const LAYERS: usize = 4;
const ROUNDS: usize = 24;
const CALLERS: usize = 2;
const SEED: u64 = 20_261_127;
/// Of Student's t with 23 degrees of freedom, one-sided.
const T_95: f64 = 1.714;

/// Mean of logarithms of ratios, as a ratio, with the upper 95 % bound.
fn bound(ratios: &[f64]) -> (f64, f64) {
    let logs: Vec<f64> = ratios.iter().map(|ratio| ratio.ln()).collect();
    let n = logs.len() as f64;
    let mean = logs.iter().sum::<f64>() / n;
    let variance = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean.exp(), (mean + T_95 * (variance / n).sqrt()).exp())
}

fn mirror(noodle: &Noodle, deployment: &str) {
    let step = serde_json::json!({"weight": 0, "mirror": {"share": 10_000}, "min_requests": u32::MAX});
    let asked = serde_json::json!({"deployment": deployment, "model": "stack", "engine": "tract", "strategy": "shadow",
        "canary": {"steps": [step]}});
    noodle.call::<Deploy>(decode::<Deploy>(asked).unwrap()).unwrap();
}

fn main() {
    let seconds = load::seconds(48.0);
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { specialise: false, ..Settings::default() };
    let noodle = &Noodle::builder(dir.path().join("state")).settings(settings).open().unwrap();
    stack::register(noodle, dir.path(), LAYERS);
    for name in ["plain", "again", "mirrored"] {
        stack::deploy(noodle, name, None);
    }
    mirror(noodle, "mirrored");
    let slice = Duration::from_secs_f64(seconds / (3 * ROUNDS) as f64);
    let ask = |name: &'static str| move || stack::ask(noodle, name, 1).map(drop);
    let before = load::load();
    closed(CALLERS, slice, &|| ask("mirrored")().unwrap());
    let capacity = median((0..5).map(|_| closed(CALLERS, slice, &|| ask("plain")().unwrap())).collect());
    let names = ["plain", "again", "mirrored"];
    let mut p50 = [const { Vec::new() }; 3];
    let mut p99 = [const { Vec::new() }; 3];
    for round in 0..ROUNDS {
        // Each comes first as often as the others.
        for turn in 0..3 {
            let which = (round + turn) % 3;
            let offered = Offered { rate: capacity / 2.0, time: slice, seed: SEED + round as u64, threads: 8 };
            let outcome = open(offered, &ask(names[which]));
            p50[which].push(outcome.answered.at_us(50.0));
            p99[which].push(outcome.answered.at_us(99.0));
        }
    }
    println!("arrivals at half of {capacity:.0} a second, {ROUNDS} rounds in pairs, seed {SEED}");
    println!("{:<12} {:>10} {:>10}", "", "P50 us", "P99 us");
    for (which, name) in names.iter().enumerate() {
        println!("{name:<12} {:>10.0} {:>10.0}", median(p50[which].clone()), median(p99[which].clone()));
    }
    let over = |of: &[Vec<f64>; 3], which: usize| {
        bound(&of[which].iter().zip(&of[0]).map(|(ours, plain)| ours / plain).collect::<Vec<_>>())
    };
    for (title, which) in [("plain again (noise)", 1), ("mirrored", 2)] {
        let ((p50, p50_most), (p99, p99_most)) = (over(&p50, which), over(&p99, which));
        println!(
            "{title} over plain: P50 {p50:.3} (95 %: at most {p50_most:.3}), P99 {p99:.3} (at most {p99_most:.3})"
        );
    }
    println!("load of the machine: {before} before, {} after", load::load());
}
