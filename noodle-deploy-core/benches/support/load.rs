//! Offers load: callers that ask again as soon as they are answered, or arrivals that wait for nobody.
#![allow(dead_code, unreachable_pub)]

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

use noodle_deploy_core::{ErrorKind, Result};

/// Buckets for each doubling: a percentile is right within 1.6 %.
const PARTS: u64 = 64;

/// Times in buckets, so that a run of any length holds the same memory.
pub struct Histogram(Box<[AtomicU64]>);

impl Default for Histogram {
    fn default() -> Self {
        Histogram((0..64 * PARTS).map(|_| AtomicU64::new(0)).collect())
    }
}

impl Histogram {
    pub fn add(&self, time: Duration) {
        let ns = time.as_nanos() as u64;
        let shift = ns.max(PARTS).ilog2() - PARTS.ilog2();
        let bucket = u64::from(shift) * PARTS + (ns >> shift);
        self.0[bucket as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub fn count(&self) -> u64 {
        self.0.iter().map(|bucket| bucket.load(Ordering::Relaxed)).sum()
    }

    /// Microseconds that so many percent were done within; NaN where nothing was.
    pub fn at_us(&self, percent: f64) -> f64 {
        let wanted = ((self.count() as f64 * percent / 100.0).ceil() as u64).max(1);
        let mut seen = 0;
        for (bucket, count) in self.0.iter().enumerate() {
            seen += count.load(Ordering::Relaxed);
            if seen >= wanted {
                let (bucket, shift) = (bucket as u64, (bucket as u64 / PARTS).saturating_sub(1));
                return ((bucket - shift * PARTS) << shift) as f64 / 1e3;
            }
        }
        f64::NAN
    }
}

/// Numbers that look random, the same for the same seed (splitmix64).
pub struct Seeded(pub u64);

impl Seeded {
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to 1, without 1.
    pub fn unit(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Seconds until the next of so many arrivals a second.
    fn gap(&mut self, rate: f64) -> f64 {
        -(1.0 - self.unit()).ln() / rate
    }
}

/// One call of each thread after the other, for so long. Answers a second.
pub fn closed(threads: usize, time: Duration, call: &(dyn Fn() + Sync)) -> f64 {
    let (begin, stop, calls) = (Barrier::new(threads + 1), AtomicBool::new(false), AtomicU64::new(0));
    let run = || {
        begin.wait();
        while !stop.load(Ordering::Relaxed) {
            call();
            calls.fetch_add(1, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        (0..threads).for_each(|_| drop(scope.spawn(run)));
        begin.wait();
        // The first tenth brings all of them to work.
        std::thread::sleep(time / 10);
        let (start, before) = (Instant::now(), calls.load(Ordering::Relaxed));
        std::thread::sleep(time);
        let (taken, after) = (start.elapsed(), calls.load(Ordering::Relaxed));
        stop.store(true, Ordering::Relaxed);
        (after - before) as f64 / taken.as_secs_f64()
    })
}

/// What arrives: so many a second, at random, for so long.
#[derive(Clone, Copy)]
pub struct Offered {
    pub rate: f64,
    pub time: Duration,
    pub seed: u64,
    /// Threads that carry arrivals; where all are busy, the next arrival is late.
    pub threads: usize,
}

/// What became of it.
#[derive(Default)]
pub struct Outcome {
    /// Of those that were answered, from the arrival on, also where no thread was free for it.
    pub answered: Histogram,
    /// Of those that were answered, from the call on.
    pub called: Histogram,
    /// Of those that were refused, from the call on.
    pub refused: Histogram,
    pub seconds: f64,
}

/// # Panics
/// Where a call fails in another way than `overloaded`.
pub fn open(offered: Offered, call: &(dyn Fn() -> Result<()> + Sync)) -> Outcome {
    let outcome = Outcome::default();
    let start = Instant::now();
    let arrivals = Mutex::new((Seeded(offered.seed), 0.0f64));
    let next = || {
        let mut arrivals = arrivals.lock().unwrap();
        let gap = arrivals.0.gap(offered.rate);
        arrivals.1 += gap;
        Duration::from_secs_f64(arrivals.1)
    };
    let run = || loop {
        let at = next();
        if at > offered.time || start.elapsed() > offered.time {
            return;
        }
        let late = start.elapsed() >= at;
        if !late {
            std::thread::sleep(at.saturating_sub(start.elapsed()));
        }
        let called = Instant::now();
        let result = call();
        let taken = called.elapsed();
        match result {
            Ok(()) => {
                outcome.called.add(taken);
                outcome.answered.add(if late { start.elapsed() - at } else { taken });
            }
            Err(error) if error.kind() == ErrorKind::Overloaded => outcome.refused.add(taken),
            Err(error) => panic!("{error}"),
        }
    };
    std::thread::scope(|scope| (0..offered.threads).for_each(|_| drop(scope.spawn(run))));
    Outcome { seconds: start.elapsed().as_secs_f64(), ..outcome }
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// `--seconds N`.
///
/// # Panics
/// On any other argument.
pub fn seconds(usual: f64) -> f64 {
    // Cargo says what the program is started for.
    let given: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match given.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => usual,
        ["--seconds", text] => text.parse().ok().filter(|s| *s > 0.0).expect("--seconds needs a number above 0"),
        ref other => panic!("unexpected arguments {other:?}; allowed: --seconds N"),
    }
}

/// Runnable tasks over the last minute, where the system tells.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().map_or_else(|| "unknown".into(), str::to_owned)
}
