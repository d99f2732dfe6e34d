//! Ten times the load that a deployment can answer, with a bounded queue: how long those wait that are let in, how fast
//! the others are refused, and what memory the process holds.
//!
//! Capacity, load at capacity and overload take turns. `--seconds N` measures that long.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::time::Duration;

use noodle_deploy_core::{BatchConfig, ErrorKind, Noodle, Settings};

#[path = "support/load.rs"]
mod load;
#[path = "support/stack.rs"]
mod stack;
mod support;

use load::{Offered, Outcome, closed, median, open};
use support::graph;

/// So many that ten times the load of the model leaves a core to it.
const LAYERS: usize = 16;
const QUEUE: u32 = 16;
/// Threads that carry arrivals: those that wait and those that run, and a few that are refused. More would take the
/// cores from the model.
const CARRIERS: usize = 2 * QUEUE as usize + 4;
const TIMES: f64 = 10.0;
const SEED: u64 = 20_261_126;
/// For one phase of a round.
const PHASE: Duration = Duration::from_millis(800);
const NAMES: [&str; 2] = ["without", "batched"];

/// Resident bytes of the process, where the system tells.
fn resident_kb() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()).and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[derive(Default)]
struct Rounds {
    capacity: Vec<f64>,
    at_capacity_p99: Vec<f64>,
    offered: Vec<f64>,
    answered: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    growth: Vec<f64>,
    refusals: u64,
    refused_p50: Vec<f64>,
    refused_p99: Vec<f64>,
}

/// One round of one deployment.
fn round(noodle: &Noodle, name: &str, seed: u64, rounds: &mut Rounds) {
    let ask = || stack::ask(noodle, name, 1).map(drop);
    // As many as can be let in at once; what is refused nevertheless asks again.
    let capacity = closed(QUEUE as usize, PHASE / 2, &|| {
        while let Err(error) = ask() {
            assert_eq!(error.kind(), ErrorKind::Overloaded, "{error}");
        }
    });
    let offer = |rate: f64| -> Outcome { open(Offered { rate, time: PHASE, seed, threads: CARRIERS }, &ask) };
    let (at, over) = (offer(capacity), offer(TIMES * capacity));
    rounds.capacity.push(capacity);
    rounds.at_capacity_p99.push(at.called.at_us(99.0));
    rounds.offered.push((over.called.count() + over.refused.count()) as f64 / over.seconds);
    rounds.answered.push(over.called.count() as f64 / over.seconds);
    rounds.p50.push(over.called.at_us(50.0));
    rounds.p99.push(over.called.at_us(99.0));
    rounds.growth.push(over.called.at_us(99.0) / at.called.at_us(99.0));
    rounds.refusals += over.refused.count();
    rounds.refused_p50.push(over.refused.at_us(50.0));
    rounds.refused_p99.push(over.refused.at_us(99.0));
}

fn main() {
    let seconds = load::seconds(20.0);
    let count = (seconds / (PHASE.as_secs_f64() * 2.5 * NAMES.len() as f64)).round().max(1.0) as u64;
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { specialise: false, max_queue: QUEUE, ..Settings::default() };
    let noodle = &Noodle::builder(dir.path().join("state")).settings(settings).open().unwrap();
    stack::register(noodle, dir.path(), LAYERS);
    stack::deploy(noodle, NAMES[0], None);
    stack::deploy(noodle, NAMES[1], Some(BatchConfig::default()));
    let before = load::load();
    let mut measured: [Rounds; NAMES.len()] = Default::default();
    // The first round brings memory to what it will be; it is not counted.
    NAMES.iter().for_each(|name| round(noodle, name, SEED, &mut Rounds::default()));
    let begin = resident_kb();
    let mut highest = begin;
    for n in 0..count {
        for (name, rounds) in NAMES.iter().zip(&mut measured) {
            round(noodle, name, SEED + n, rounds);
        }
        highest = highest.max(resident_kb());
    }
    let end = resident_kb();

    println!("queue of {QUEUE}, one replica, arrivals at random with seed {SEED}; medians of {count} rounds");
    println!("{:<46} {:>10} {:>10}", "", NAMES[0], NAMES[1]);
    let row = |title: &str, of: &dyn Fn(&Rounds) -> f64| {
        println!("{title:<46} {:>10.1} {:>10.1}", of(&measured[0]), of(&measured[1]));
    };
    row("capacity, answers/s", &|r| median(r.capacity.clone()));
    row("P99 at capacity, us", &|r| median(r.at_capacity_p99.clone()));
    row("offered in overload, requests/s", &|r| median(r.offered.clone()));
    row("answered in overload, answers/s", &|r| median(r.answered.clone()));
    row("P50 of the admitted, us", &|r| median(r.p50.clone()));
    row("P99 of the admitted, us", &|r| median(r.p99.clone()));
    row("P99 of the admitted over that at capacity", &|r| median(r.growth.clone()));
    row("refused", &|r| r.refusals as f64);
    row("P50 of a refusal, us", &|r| median(r.refused_p50.clone()));
    row("P99 of a refusal, us", &|r| median(r.refused_p99.clone()));
    println!("resident memory, kB: {begin} after the first round, {end} at the end, {highest} at most");
    println!("load of the machine: {before} before, {} after", load::load());
}
