//! How throughput grows with threads: four replicas, one caller against two, in turns, tract alone beside it.
//!
//! On a busy machine a thread gets less than a core, so answers per second of processor time are shown too, where the
//! system tells it: they fall where threads get in each other's way.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use noodle_deploy_core::Noodle;

mod support;

use support::{MODELS, deploy, direct, plan, predict, trivial};

const WINDOW: Duration = Duration::from_millis(250);
const ROUNDS: usize = 15;

/// Nanoseconds that this thread has run, where the system tells.
fn processor_time() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

/// Answers a second of `threads` callers, by the wall clock and per core of processor time times `threads`.
fn window(threads: usize, worker: &(dyn Fn() -> Box<dyn FnMut()> + Sync)) -> (f64, Option<f64>) {
    let (begin, stop) = (Barrier::new(threads + 1), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let run = || {
            let mut call = worker();
            (0..50).for_each(|_| call());
            begin.wait();
            let (start, before) = (Instant::now(), processor_time());
            let mut calls = 0u64;
            while !stop.load(Ordering::Relaxed) {
                call();
                calls += 1;
            }
            let spent = processor_time().zip(before).map(|(after, before)| (after - before) as f64 / 1e9);
            (calls as f64 / start.elapsed().as_secs_f64(), spent.map(|spent| calls as f64 / spent))
        };
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        begin.wait();
        std::thread::sleep(WINDOW);
        stop.store(true, Ordering::Relaxed);
        let rates: Vec<_> = handles.into_iter().map(|h| h.join().unwrap()).collect();
        (rates.iter().map(|r| r.0).sum(), rates.iter().map(|r| r.1).sum())
    })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn compare(name: &str, worker: &(dyn Fn() -> Box<dyn FnMut()> + Sync)) {
    let rounds: Vec<_> = (0..ROUNDS).map(|_| (window(1, worker), window(2, worker))).collect();
    let wall = median(rounds.iter().map(|(one, two)| two.0 / one.0).collect());
    let processor = median(rounds.iter().filter_map(|(one, two)| Some(two.1? / one.1?)).collect());
    let one = median(rounds.iter().map(|(one, _)| one.0).collect());
    let two = median(rounds.iter().map(|(_, two)| two.0).collect());
    println!("{name:<24} {one:>12.0} {two:>12.0} {wall:>8.2} {processor:>16.2}");
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
        "{:<24} {:>12} {:>12} {:>8} {:>16}",
        "answers a second", "1 thread", "2 threads", "ratio", "by processor time"
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
