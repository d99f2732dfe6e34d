//! Measures several calls in turns, so that all meet the same noise.

use std::time::{Duration, Instant};

/// Rounds at most.
const ROUNDS: usize = 60;
/// A turn lasts about so long where one call is shorter.
const TURN: Duration = Duration::from_millis(25);
/// Calls that take longer than this are not made once more before each turn to warm caches up.
const SLOW: Duration = Duration::from_millis(250);
/// A process whose threads ran for less than this share of a moment is quiet.
const QUIET: f64 = 0.1;
const MOMENT: Duration = Duration::from_millis(2);
const PATIENCE: Duration = Duration::from_millis(300);

/// Times of one call.
pub struct Times {
    /// Median over all calls, in milliseconds.
    pub median: f64,
    /// Distance of the quartiles of the rounds' medians, over the median.
    pub spread: f64,
}

/// How long to measure: rounds until the time is spent, and so many at least.
#[derive(Clone, Copy)]
pub struct Effort {
    pub time: Duration,
    pub rounds: usize,
}

pub type Call<'a> = Box<dyn FnMut() + 'a>;

/// Time that the threads of this process have run, where the system tells.
fn ran() -> Option<Duration> {
    let tasks = std::fs::read_dir("/proc/self/task").ok()?;
    let times = tasks.flatten().filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    });
    Some(times.sum())
}

/// Waits until the threads of the engine before have stopped: ONNX Runtime's go on looking for work for a while after a
/// run, on a core that the next engine needs.
fn settle() {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let (start, before) = (Instant::now(), ran());
        std::thread::sleep(MOMENT);
        let (Some(before), Some(after)) = (before, ran()) else { continue };
        if after.saturating_sub(before).as_secs_f64() < QUIET * start.elapsed().as_secs_f64() {
            return;
        }
    }
}

fn time(call: &mut Call<'_>) -> Duration {
    let start = Instant::now();
    call();
    start.elapsed()
}

fn quantile(sorted: &[f64], at: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * at).round() as usize]
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// Each round gives every call a turn, and each begins with another one.
pub fn in_turns(calls: &mut [Call<'_>], effort: Effort) -> Vec<Times> {
    let usual: Vec<Duration> = calls
        .iter_mut()
        .map(|call| {
            settle();
            let first = time(call);
            if first < SLOW { time(call) } else { first }
        })
        .collect();
    let begun = Instant::now();
    let mut rounds: Vec<Vec<Vec<f64>>> = calls.iter().map(|_| Vec::new()).collect();
    for round in 0..ROUNDS {
        for turn in 0..calls.len() {
            let index = (round + turn) % calls.len();
            let (call, usual) = (&mut calls[index], usual[index]);
            settle();
            if usual < SLOW {
                call();
            }
            let block = (TURN.as_secs_f64() / usual.as_secs_f64()).clamp(1.0, 1_000.0) as usize;
            rounds[index].push((0..block).map(|_| time(call).as_secs_f64() * 1e3).collect());
        }
        if round + 1 >= effort.rounds && begun.elapsed() > effort.time {
            break;
        }
    }
    let summary = |rounds: Vec<Vec<f64>>| {
        let median = |times: &[f64]| quantile(&sorted(times.to_vec()), 0.5);
        let medians = sorted(rounds.iter().map(|times| median(times)).collect());
        let median = median(&rounds.concat());
        Times { median, spread: (quantile(&medians, 0.75) - quantile(&medians, 0.25)) / median }
    };
    rounds.into_iter().map(summary).collect()
}
