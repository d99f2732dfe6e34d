//! Three processes predict; one of them is killed every second and started again; the parent promotes and rolls back.

use std::path::Path;
use std::time::{Duration, Instant};

use noodle_deploy_core::{Noodle, Settings};

use super::world::{major, make, now, predict, promote, rollback, said, say, spawn, wait_for};

/// Longest time for which another process may answer with a version after it was replaced.
const STALE: u64 = 2_000_000;
/// Swaps at least, however slow the machine.
const SWAPS: usize = 200;

/// A change of the version that serves, in microseconds.
struct Swap {
    begun: u64,
    acknowledged: u64,
    version: u32,
}

/// Predicts until it is killed, and says what it got and when it asked.
pub fn child(state: &Path) {
    let noodle = Noodle::open(state).unwrap();
    // Opened while a candidate is being loaded it may have nothing to answer with yet.
    say(&format!("{0} {0} open", now()));
    loop {
        let begun = now();
        match predict(&noodle).map_err(|e| e.to_string()).and_then(|answer| major(&answer)) {
            Ok(version) => say(&format!("{begun} {} {version}", now())),
            Err(why) => say(&format!("{begun} {} failed {why}", now())),
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn three_processes_follow_two_hundred_swaps_while_one_is_killed_every_second() {
    let seconds = std::env::var("NOODLE_PROCESSES_SECONDS").map_or(12, |text| text.parse().unwrap());
    let scratch = tempfile::tempdir().unwrap();
    let state = scratch.path().join("state");
    let noodle = Noodle::open(&state).unwrap();
    make(&noodle, scratch.path());
    let log = |n: usize| scratch.path().join(format!("said-{n}"));
    let mut children: Vec<_> = (0..3).map(|n| spawn("predict", &state, &log(n))).collect();
    for n in 0..3 {
        wait_for("the first answer", Duration::from_secs(30), || said(&log(n)).len() > 1);
    }

    let mut swaps = vec![Swap { begun: 0, acknowledged: 0, version: 1 }];
    let begun = Instant::now();
    let (mut kills, mut serving) = (0, 1);
    let pause = Duration::from_secs(seconds) / SWAPS as u32;
    while swaps.len() <= SWAPS || begun.elapsed() < Duration::from_secs(seconds) {
        let started = now();
        match serving {
            1 => promote(&noodle, "2.0.0").unwrap(),
            _ => rollback(&noodle).unwrap(),
        }
        serving = 3 - serving;
        swaps.push(Swap { begun: started, acknowledged: now(), version: serving });
        assert_eq!(major(&predict(&noodle).unwrap()), Ok(serving));
        let due = begun.elapsed().as_secs() as usize;
        if due > kills {
            let victim = &mut children[kills % 3];
            victim.kill().unwrap();
            victim.wait().unwrap();
            *victim = spawn("predict", &state, &log(kills % 3));
            kills += 1;
        }
        std::thread::sleep(pause.saturating_sub(Duration::from_millis(4)));
        if swaps.len() % 45 == 0 {
            // A version that stands long enough must be the only one.
            std::thread::sleep(Duration::from_millis(2_500));
        }
    }
    std::thread::sleep(Duration::from_millis(2_500));
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(
        noodle.deployer().get("d").unwrap().desired.active_revision().unwrap().version,
        format!("{serving}.0.0")
    );
    noodle.verify(None, true).unwrap();

    let (mut answers, mut opens, mut stale) = (0, 0, 0);
    let mut lags = Vec::new();
    for n in 0..3 {
        let mut shown: Vec<Option<u64>> = vec![None; swaps.len()];
        for line in said(&log(n)) {
            let mut words = line.splitn(3, ' ');
            let mut time = || words.next().unwrap().parse::<u64>().unwrap();
            let (asked, answered) = (time(), time());
            let what = words.next().unwrap();
            if what == "open" {
                opens += 1;
                continue;
            }
            let version: u32 = what.parse().unwrap_or_else(|_| panic!("a request failed: {line}"));
            answers += 1;
            let last = swaps.partition_point(|swap| swap.acknowledged <= asked) - 1;
            let since = asked - swaps[last].acknowledged;
            if version == swaps[last].version {
                shown[last].get_or_insert(since);
            } else if !swaps.get(last + 1).is_some_and(|next| next.version == version && next.begun <= answered) {
                // Not a swap that shows before it is acknowledged, so one that does not show yet.
                stale = stale.max(since);
                assert!(since <= STALE, "{version} answers {since} µs after {} served", swaps[last].version);
            }
        }
        lags.extend(shown.into_iter().skip(1).flatten());
    }
    lags.sort_unstable();
    assert!(!lags.is_empty() && answers > 1_000 && opens >= 3 + kills, "{answers} answers, {opens} opens");
    let ms = |micros: u64| micros as f64 / 1_000.0;
    println!(
        "{} swaps in {:.1} s, {kills} kills, {answers} answers of 3 processes; a swap showed after {:.1} ms (median), \
         {:.1} ms (P99), {:.1} ms (worst); stale at most {:.1} ms",
        swaps.len() - 1,
        begun.elapsed().as_secs_f64(),
        ms(lags[lags.len() / 2]),
        ms(lags[lags.len() * 99 / 100]),
        ms(lags[lags.len() - 1]),
        ms(stale),
    );
    drop(noodle);
    let settings = Settings { load_on_open: false, ..Settings::default() };
    Noodle::builder(&state).settings(settings).open().unwrap().verify(None, true).unwrap();
}
