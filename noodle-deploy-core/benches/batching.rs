//! What batching brings: throughput where callers never pause, beside what the model's own cost allows; latency at half
//! of the load; the adaptive mode beside settings tuned by hand; and asynchronous requests on few workers.
//!
//! Variants take turns in every round, so that all meet the same noise. `--seconds N` measures that long.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::time::{Duration, Instant};

use noodle_deploy_core::{BatchConfig, Noodle, PredictOptions, Settings, Tensor};

#[path = "support/load.rs"]
mod load;
#[path = "support/stack.rs"]
mod stack;
mod support;

use load::{Offered, closed, median, open};
use support::{graph, interleaved};

const LAYERS: usize = 4;
const ROUNDS: usize = 5;
const CALLERS: usize = 32;
const SEED: u64 = 20_261_126;

struct Variant {
    name: String,
    /// One of those that the adaptive mode is held against.
    by_hand: bool,
    /// Answers a second, by round.
    rates: Vec<f64>,
    /// Rows of a run, and the share of the time that the replica ran, by round.
    rows: Vec<f64>,
    busy: Vec<f64>,
    /// Microseconds at half load, by round.
    p50: Vec<f64>,
    p99: Vec<f64>,
}

fn variants(noodle: &Noodle) -> Vec<Variant> {
    let mut configs = vec![
        ("without".to_owned(), None),
        ("default".to_owned(), Some(BatchConfig::default())),
        ("at most 8".to_owned(), Some(BatchConfig { max_batch_size: 8, ..BatchConfig::default() })),
    ];
    for max_batch_size in [8, 32] {
        for max_delay_us in [0, 200, 1_000] {
            let config = BatchConfig { max_batch_size, max_delay_us, adaptive: false, ..BatchConfig::default() };
            configs.push((format!("by hand: {max_batch_size}, {max_delay_us} us"), Some(config)));
        }
    }
    let deploy = |(name, config): (String, Option<BatchConfig>)| {
        let by_hand = config.as_ref().is_some_and(|config| !config.adaptive);
        let deployment = name.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        stack::deploy(noodle, &deployment, config);
        Variant {
            name: deployment,
            by_hand,
            rates: Vec::new(),
            rows: Vec::new(),
            busy: Vec::new(),
            p50: Vec::new(),
            p99: Vec::new(),
        }
    };
    configs.into_iter().map(deploy).collect()
}

/// Microseconds of a run of each size, without batching.
fn costs(noodle: &Noodle) -> [f64; 6] {
    let call = |rows: usize| move || drop(stack::ask(noodle, "without", rows).unwrap());
    let [mut a, mut b, mut c, mut d, mut e, mut f] = [1, 2, 4, 8, 16, 32].map(call);
    interleaved(60, 10, [&mut a, &mut b, &mut c, &mut d, &mut e, &mut f]).map(|times| times.at(50.0) / 1e3)
}

/// Median of a variant's figures over another's of the same round.
fn ratio(ours: &[f64], theirs: &[f64]) -> f64 {
    median(ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect())
}

/// Answers a second to so many asynchronous requests at a time.
fn asynchronous(noodle: &Noodle, name: &'static str, requests: usize, time: Duration) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let input = Tensor::new(&[1, stack::WIDTH], vec![0.5f32; stack::WIDTH]).unwrap();
    let begun = Instant::now();
    let answers: u32 = runtime.block_on(async {
        let tasks: Vec<_> = (0..requests)
            .map(|_| {
                let (noodle, input) = (noodle.clone(), input.clone());
                tokio::spawn(async move {
                    let mut answers = 0;
                    while begun.elapsed() < time {
                        let inputs = vec![("x".to_owned(), input.clone())];
                        noodle.predict_async(name, inputs, PredictOptions::default()).await.unwrap();
                        answers += 1;
                    }
                    answers
                })
            })
            .collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await.unwrap();
        }
        sum
    });
    f64::from(answers) / begun.elapsed().as_secs_f64()
}

fn main() {
    let seconds = load::seconds(45.0);
    let dir = tempfile::tempdir().unwrap();
    // Plans made in the background would change costs while they are measured.
    let settings = Settings { specialise: false, workers: 2, ..Settings::default() };
    let noodle = &Noodle::builder(dir.path().join("state")).settings(settings).open().unwrap();
    stack::register(noodle, dir.path(), LAYERS);
    let mut variants = variants(noodle);
    let before = load::load();
    let cost = costs(noodle);
    print!("a run of 1, 2, 4, 8, 16, 32 rows takes, us:");
    cost.iter().for_each(|us| print!(" {us:.0}"));
    let allowed = |rows: f64, us: f64| rows * cost[0] / us;
    let (eight, most) = (allowed(8.0, cost[3]), allowed(32.0, cost[5]));
    println!("; eight rows at once allow {eight:.2} times the throughput, 32 allow {most:.2}");

    let slice = Duration::from_secs_f64(seconds / (ROUNDS * variants.len() * 2) as f64);
    for variant in &variants {
        closed(CALLERS, slice / 2, &|| drop(stack::ask(noodle, &variant.name, 1).unwrap()));
    }
    for round in 0..ROUNDS {
        for variant in &mut variants {
            let (start, before) = (Instant::now(), stack::work(noodle, &variant.name));
            let rate = closed(CALLERS, slice, &|| drop(stack::ask(noodle, &variant.name, 1).unwrap()));
            let after = stack::work(noodle, &variant.name);
            variant.rows.push((after.rows - before.rows) as f64 / (after.runs - before.runs) as f64);
            variant.busy.push((after.busy - before.busy) / start.elapsed().as_secs_f64());
            variant.rates.push(rate);
        }
        let rate = variants[0].rates[round] / 2.0;
        for variant in &mut variants {
            let offered = Offered { rate, time: slice, seed: SEED + round as u64, threads: 2 * CALLERS };
            let outcome = open(offered, &|| stack::ask(noodle, &variant.name, 1).map(drop));
            variant.p50.push(outcome.answered.at_us(50.0));
            variant.p99.push(outcome.answered.at_us(99.0));
        }
    }

    println!("{CALLERS} callers, then arrivals at half of the rate without batching; seed {SEED}; {ROUNDS} rounds");
    println!(
        "{:<22} {:>10} {:>8} {:>8} {:>8} {:>10} {:>10} {:>8}",
        "", "answers/s", "ratio", "rows", "busy", "P50 us", "P99 us", "ratio"
    );
    for variant in &variants {
        let (rates, p99) = (ratio(&variant.rates, &variants[0].rates), ratio(&variant.p99, &variants[0].p99));
        let of = |values: &Vec<f64>| median(values.clone());
        println!(
            "{:<22} {:>10.0} {rates:>8.2} {:>8.1} {:>8.2} {:>10.0} {:>10.0} {p99:>8.2}",
            variant.name,
            of(&variant.rates),
            of(&variant.rows),
            of(&variant.busy),
            of(&variant.p50),
            of(&variant.p99),
        );
    }
    let by_hand = || variants.iter().filter(|variant| variant.by_hand);
    let fastest = by_hand().max_by(|a, b| median(a.rates.clone()).total_cmp(&median(b.rates.clone()))).unwrap();
    let steadiest = by_hand().min_by(|a, b| median(a.p99.clone()).total_cmp(&median(b.p99.clone()))).unwrap();
    let [without, default, at_most_8] = [0, 1, 2].map(|index| &variants[index]);
    println!("of what eight rows allow, at most 8: {:.2}", ratio(&at_most_8.rates, &without.rates) / eight);
    println!("of what 32 rows allow, default: {:.2}", ratio(&default.rates, &without.rates) / most);
    println!("P99 at half load, default over without: {:.2}", ratio(&default.p99, &without.p99));
    println!("throughput, default over {}: {:.2}", fastest.name, ratio(&default.rates, &fastest.rates));
    println!("P99 at half load, default over {}: {:.2}", steadiest.name, ratio(&default.p99, &steadiest.p99));
    for name in ["without", "default"] {
        let before = stack::work(noodle, name);
        let rate = asynchronous(noodle, name, 2 * CALLERS, 4 * slice);
        let after = stack::work(noodle, name);
        let rows = (after.rows - before.rows) as f64 / (after.runs - before.runs) as f64;
        println!("{} asynchronous requests on 2 workers, {name}: {rate:.0} answers/s, {rows:.1} rows", 2 * CALLERS);
    }
    println!("load of the machine: {before} before, {} after", load::load());
}
