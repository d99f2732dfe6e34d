//! Several processes over one log, simulated: crashes, clock jumps, slow replicas, changes that overtake each other, and
//! requests throughout. A model that knows events only checks each history. See `docs/simulation.md`.
//!
//! `NOODLE_SIMULATION_SEEDS` says how many histories; a failure prints its seed, and `NOODLE_SIMULATION_SEED` runs that one
//! alone, with every step shown.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]

mod simulation {
    pub mod background;
    pub mod coverage;
    pub mod dice;
    pub mod history;
    pub mod log;
    pub mod process;
    pub mod users;
    pub mod world;

    /// A mistake that the model has to find.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub enum Mutant {
        /// The library as it is.
        None,
        /// A process goes on dividing requests as it did before an abort.
        IgnoresAborts,
        /// What a leader decides is appended whoever leads by now.
        NoFence,
        /// What served is let go before what is to serve is up.
        LetsGoAtOnce,
        /// Appends succeed whatever happened since the decision.
        ExpectsNothing,
        /// Nobody finishes what others left.
        LeavesOrphans,
        /// What a call folded of others is not published.
        PublishesNewsOnly,
    }
}

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use simulation::Mutant;
use simulation::coverage::Coverage;
use simulation::world::World;

/// The first seed where none is given.
const FIRST: u64 = 1;
/// Histories in an ordinary run.
const SEEDS: u64 = 5_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}

/// One history; the error says what did not hold.
fn run(seed: u64, shown: bool, mutant: Mutant, coverage: &mut Coverage) -> Result<(), String> {
    let run = || World::new(seed, shown, mutant, coverage).run();
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err("a machine panicked".to_owned()))
}

#[test]
fn no_history_breaks_a_promise() {
    if let Some(seed) = number("NOODLE_SIMULATION_SEED") {
        run(seed, true, Mutant::None, &mut Coverage::default())
            .unwrap_or_else(|why| panic!("NOODLE_SIMULATION_SEED={seed}: {why}"));
        return;
    }
    let seeds = number("NOODLE_SIMULATION_SEEDS").unwrap_or(SEEDS);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (next, begun) = (AtomicU64::new(0), std::time::Instant::now());
    let work = || {
        let mut coverage = Coverage::default();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= seeds {
                return coverage;
            }
            if let Err(why) = run(FIRST + n, false, Mutant::None, &mut coverage) {
                next.store(seeds, Ordering::Relaxed);
                panic!("after {n} histories: {why}\nreplay with NOODLE_SIMULATION_SEED={}", FIRST + n);
            }
        }
    };
    let coverage = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let all = workers.into_iter().map(|worker| worker.join().expect("the failure is printed above"));
        all.fold(Coverage::default(), Coverage::plus)
    });
    println!("{coverage}in {:.1} s", begun.elapsed().as_secs_f64());
    if seeds >= SEEDS {
        assert_eq!(coverage.lacks(), [""; 0]);
    }
}

/// The model finds what it is there to find.
#[test]
fn mistakes_are_found() {
    let mutants = [
        (Mutant::IgnoresAborts, "the log"),
        (Mutant::NoFence, "decided after one"),
        (Mutant::LetsGoAtOnce, "failed although it serves"),
        (Mutant::ExpectsNothing, ""),
        (Mutant::LeavesOrphans, "is stuck"),
        (Mutant::PublishesNewsOnly, ""),
    ];
    for (mutant, sign) in mutants {
        let find = |seed| run(seed, false, mutant, &mut Coverage::default()).err().map(|why| (seed, why));
        let found = (FIRST..FIRST + 60_000).find_map(find);
        let (seed, why) = found.unwrap_or_else(|| panic!("{mutant:?} passes"));
        println!("{mutant:?}, seed {seed}: {why}");
        assert!(why.contains(sign), "{mutant:?}, seed {seed}: {why}");
    }
}

/// The same seed is the same history.
#[test]
fn a_seed_reruns_exactly() {
    let shown = |seed| {
        let mut coverage = Coverage::default();
        run(seed, false, Mutant::None, &mut coverage).map(|()| coverage.to_string())
    };
    for seed in FIRST..FIRST + 20 {
        assert_eq!(shown(seed), shown(seed));
    }
}
