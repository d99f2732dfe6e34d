//! How throughput grows with threads: four replicas, one caller against two, in turns, tract alone beside it.
//!
//! A machine that does other work too gives a thread less than a core. So the ratio is taken twice: over the windows in
//! which every caller had a core to itself, and, over all windows, per second of processor time.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use noodle_deploy_core::Noodle;

mod support;

use support::{MODELS, deploy, direct, plan, predict, trivial};

const WINDOW: Duration = Duration::from_millis(3);
const ROUNDS: usize = 400;
/// Share of a window that a caller must have run for the window to count as undisturbed.
const UNDISTURBED: f64 = 0.95;

/// Time that this thread has run, where the system tells.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

type Worker<'a> = &'a (dyn Fn() -> Box<dyn FnMut()> + Sync);

/// Answers a second of so many callers together.
struct Rate {
    /// By the clock; `None` where a caller was disturbed.
    clock: Option<f64>,
    /// By the processor time of each, as if each had a core.
    processor: f64,
}

fn window(threads: usize, worker: Worker<'_>) -> Rate {
    let (begin, stop) = (Barrier::new(threads + 1), AtomicBool::new(false));
    let run = || {
        let mut call = worker();
        (0..20).for_each(|_| call());
        begin.wait();
        let (start, before) = (Instant::now(), processor_time());
        let mut calls = 0u64;
        while !stop.load(Ordering::Relaxed) {
            call();
            calls += 1;
        }
        let (taken, after) = (start.elapsed(), processor_time());
        let spent = before.zip(after).map_or(taken, |(before, after)| after - before).as_secs_f64();
        let undisturbed = spent >= WINDOW.as_secs_f64().max(taken.as_secs_f64()) * UNDISTURBED;
        let clock = undisturbed.then_some(calls as f64 / taken.as_secs_f64());
        Rate { clock, processor: calls as f64 / spent }
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        begin.wait();
        std::thread::sleep(WINDOW);
        stop.store(true, Ordering::Relaxed);
        let rates: Vec<_> = handles.into_iter().map(|h| h.join().unwrap()).collect();
        Rate { clock: rates.iter().map(|r| r.clock).sum(), processor: rates.iter().map(|r| r.processor).sum() }
    })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn compare(name: &str, worker: Worker<'_>) {
    let (one, two): (Vec<_>, Vec<_>) = (0..ROUNDS).map(|_| (window(1, worker), window(2, worker))).unzip();
    let clock = |rates: &[Rate]| rates.iter().filter_map(|r| r.clock).collect::<Vec<_>>();
    let processor = |rates: &[Rate]| median(rates.iter().map(|r| r.processor).collect());
    let (windows, ratio) = (clock(&two).len(), processor(&two) / processor(&one));
    let (one, two) = (median(clock(&one)), median(clock(&two)));
    println!("{name:<24} {one:>10.0} {two:>10.0} {:>8.2} {windows:>8} {ratio:>18.2}", two / one);
}

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("trivial.onnx");
    std::fs::write(&path, trivial()).unwrap();
    let noodle = &Noodle::open(dir.path().join("state")).unwrap();
    deploy(noodle, "trivial", &path, 4);
    let langid = std::path::Path::new(MODELS).join("langid-v1.onnx");
    deploy(noodle, "langid", &langid, 4);
    let langid = std::fs::read(langid).unwrap();

    println!(
        "{:<24} {:>10} {:>10} {:>8} {:>8} {:>18}",
        "answers a second", "1 thread", "2 threads", "ratio", "windows", "by processor time"
    );
    const SMALL: [usize; 2] = [1, 4];
    const FILE: [usize; 2] = [1, 1024];
    let plan_small = plan(&trivial(), &SMALL);
    compare("trivial, tract alone", &|| {
        let mut state = plan_small.spawn().unwrap();
        Box::new(move || drop(direct(&mut state, &SMALL, &[1f32; 4])))
    });
    compare("trivial", &|| {
        let noodle = noodle.clone();
        Box::new(move || drop(predict(&noodle, "trivial", "x", &SMALL, &[1f32; 4])))
    });
    let plan_file = plan(&langid, &FILE);
    let bytes = |i: usize| (i % 90) as i32 + 32;
    compare("langid-v1, tract alone", &|| {
        let mut state = plan_file.spawn().unwrap();
        let data: Vec<i32> = (0..FILE[1]).map(bytes).collect();
        Box::new(move || drop(direct(&mut state, &FILE, &data)))
    });
    compare("langid-v1", &|| {
        let noodle = noodle.clone();
        let data: Vec<i32> = (0..FILE[1]).map(bytes).collect();
        Box::new(move || drop(predict(&noodle, "langid", "bytes", &FILE, &data)))
    });
}
