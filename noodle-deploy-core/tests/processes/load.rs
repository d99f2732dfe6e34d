//! Two threads predict without a pause while versions are swapped in the same process.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use noodle_deploy_core::Noodle;

use super::world::{major, make, predict, promote, rollback};

const SWAPS: usize = 200;

#[test]
fn two_hundred_swaps_under_load_fail_nothing_mix_nothing_and_are_used_at_once() {
    let scratch = tempfile::tempdir().unwrap();
    let noodle = Noodle::open(scratch.path().join("state")).unwrap();
    make(&noodle, scratch.path());
    // The number of the swap that was acknowledged last; its parity says which version serves.
    let acknowledged = Arc::new(AtomicU64::new(0));
    let begun_swaps = Arc::new(AtomicU64::new(0));
    let done = Arc::new(AtomicBool::new(false));
    let clock = Instant::now();
    let serves = |swap: u64| if swap.is_multiple_of(2) { 1 } else { 2 };
    let load = || {
        let (mut answers, mut firsts) = (0u64, Vec::new());
        let mut seen = 0;
        while !done.load(Ordering::SeqCst) {
            let before = acknowledged.load(Ordering::SeqCst);
            let answer = predict(&noodle).unwrap_or_else(|e| panic!("a request failed: {e}"));
            let used = clock.elapsed();
            let after = begun_swaps.load(Ordering::SeqCst);
            let version = major(&answer).unwrap();
            // A request that began after swap `before` was acknowledged, and ended before swap `after + 1` began.
            let fits = (before..=after).any(|swap| serves(swap) == version);
            assert!(fits, "{version} answered between swaps {before} and {after}");
            answers += 1;
            if before > seen && before == after {
                seen = before;
                firsts.push((before, used));
            }
        }
        (answers, firsts)
    };
    let mut published = vec![Duration::ZERO];
    let mut own = Vec::new();
    let (answers, firsts) = std::thread::scope(|scope| {
        let threads = [scope.spawn(load), scope.spawn(load)];
        for swap in 1..=SWAPS as u64 {
            begun_swaps.store(swap, Ordering::SeqCst);
            match serves(swap) {
                2 => promote(&noodle, "2.0.0").unwrap(),
                _ => rollback(&noodle).unwrap(),
            }
            published.push(clock.elapsed());
            acknowledged.store(swap, Ordering::SeqCst);
            // Also on the thread that swapped.
            assert_eq!(major(&predict(&noodle).unwrap()), Ok(serves(swap)));
            own.push(clock.elapsed() - published[swap as usize]);
            std::thread::sleep(Duration::from_millis(2));
        }
        done.store(true, Ordering::SeqCst);
        let results = threads.map(|thread| thread.join().unwrap());
        results.into_iter().fold((0, Vec::new()), |(sum, mut all), (answers, firsts)| {
            all.extend(firsts);
            (sum + answers, all)
        })
    });
    // From the return of the call to the end of the first request that began after it, on whatever thread: more than
    // the pointer takes.
    let mut first: BTreeMap<u64, Duration> = BTreeMap::new();
    for (swap, used) in firsts {
        let entry = first.entry(swap).or_insert(used);
        *entry = used.min(*entry);
    }
    let mut latencies: Vec<Duration> =
        first.iter().map(|(swap, used)| used.saturating_sub(published[*swap as usize])).collect();
    latencies.sort_unstable();
    own.sort_unstable();
    assert!(latencies.len() > SWAPS / 2 && answers > 1_000, "{} first uses, {answers} answers", latencies.len());
    let shown = |sorted: &[Duration]| {
        let at = |percent: usize| sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)];
        format!("{:?} (P50), {:?} (P99), {:?} (worst)", at(50), at(99), at(100))
    };
    println!(
        "{SWAPS} swaps, {answers} answers of 2 threads in {:.1} s; from the return of the call to the end of the first \
         request after it: {} on the same thread, {} on the others",
        clock.elapsed().as_secs_f64(),
        shown(&own),
        shown(&latencies),
    );
    let metrics = noodle.monitor().metrics(None).unwrap();
    let failures: u64 = metrics.deployments.values().flatten().map(|r| r.requests.errors.values().sum::<u64>()).sum();
    assert_eq!(failures, 0, "{metrics:?}");
}
