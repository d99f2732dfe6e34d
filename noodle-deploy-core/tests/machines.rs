//! The pure machines under generated sequences of commands: what must hold after each step, and after all of them.
//!
//! `NOODLE_MACHINE_SEQUENCES` says how many sequences; a failure prints the seed of its sequence, and
//! `NOODLE_MACHINE_SEED` runs that one alone, with every step shown.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

mod machines {
    pub mod generate;
    pub mod invariants;
    pub mod simulation;
}

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use machines::simulation::{Checks, Coverage, Simulation};

/// Seed of the sequences when none is given: the same in every run, so that a run can be compared with the last one.
const SEED: u64 = 0x6d61_6368_696e_6573;
/// Sequences in an ordinary run.
const SEQUENCES: u64 = 1_000_000;

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    let parsed = text.strip_prefix("0x").map_or_else(|| text.parse(), |hex| u64::from_str_radix(hex, 16));
    Some(parsed.unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}

/// Runs one sequence; the error says what did not hold, and at which step.
fn run(seed: u64, shown: bool, checks: Checks, coverage: &mut Coverage) -> Result<(), String> {
    let run = || Simulation::new(seed, shown, checks).run(coverage);
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err("a machine panicked".to_owned()))
}

#[test]
fn generated_sequences_keep_every_invariant() {
    if let Some(seed) = number("NOODLE_MACHINE_SEED") {
        run(seed, true, Checks::Everything, &mut Coverage::default())
            .unwrap_or_else(|why| panic!("NOODLE_MACHINE_SEED={seed}: {why}"));
        return;
    }
    let sequences = number("NOODLE_MACHINE_SEQUENCES").unwrap_or(SEQUENCES);
    let next = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let begun = std::time::Instant::now();
    let coverage = std::thread::scope(|scope| {
        let work = || {
            let mut coverage = Coverage::default();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= sequences {
                    return coverage;
                }
                let seed = SEED.wrapping_add(n);
                if let Err(why) = run(seed, false, Checks::Everything, &mut coverage) {
                    next.store(sequences, Ordering::Relaxed);
                    panic!("after {n} sequences: {why}\nreplay with NOODLE_MACHINE_SEED={seed}");
                }
            }
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let results: Vec<_> = threads.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        results
            .into_iter()
            .fold(Coverage::default(), |sum, result| sum.plus(result.expect("the failure is printed above")))
    });
    println!("{sequences} sequences in {:.1} s: {coverage}", begun.elapsed().as_secs_f64());
    // A generator that no longer reaches something would pass for the wrong reason.
    if sequences >= 10_000 {
        coverage.is_complete().unwrap();
    }
}

/// The sequences find what they are there to find: a store that checks less than it should, too.
#[test]
fn a_store_that_checks_less_is_found_out() {
    for checks in [Checks::Streams, Checks::Nothing] {
        let found = (0..100_000).find_map(|n| run(SEED + n, false, checks, &mut Coverage::default()).err());
        let why = found.unwrap_or_else(|| panic!("a store that checks {checks:?} passes"));
        println!("{checks:?}: {}", why.lines().next().unwrap_or_default());
    }
}

/// The checks can fail: each is shown a state that breaks it.
#[test]
fn every_invariant_refuses_a_state_that_breaks_it() {
    machines::invariants::refusals();
}

/// A process whose scale was overtaken reports late, while it works on its next one.
#[test]
fn a_late_report_does_not_end_the_next_scale() {
    use noodle_deploy_core::ErrorKind;
    use noodle_deploy_core::machine::{Command, State, apply, decide};

    fn run(state: &mut State, command: &Command) -> u64 {
        let mut version = 0;
        for (stream, event) in decide(state, command).unwrap().events {
            apply(state, &stream, 0, &event).unwrap();
            version = *state.streams.entry(stream.to_string()).and_modify(|v| *v += 1).or_insert(1);
        }
        version
    }

    let mut state = machines::generate::serving("d", "w");
    let (deployment, worker) = (|| "d".to_owned(), || "w".to_owned());
    let scale = Command::Scale { deployment: deployment(), replicas: 3, worker: worker() };
    let first = run(&mut state, &scale);
    run(&mut state, &Command::Rollback { deployment: deployment(), to: None, reason: None });
    // The same number of replicas by the same process.
    let second = run(&mut state, &scale);
    let done = |ticket| Command::ScaleDone { deployment: deployment(), worker: worker(), ticket };
    let failed = |ticket| {
        let cause = "no memory".to_owned();
        Command::ScaleFailed { deployment: deployment(), worker: worker(), ticket, cause }
    };
    for late in [done(first), failed(first)] {
        let error = decide(&state, &late).unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Conflict, "the change was overtaken"), "{late:?}");
    }
    decide(&state, &failed(second)).unwrap();
    run(&mut state, &done(second));
    assert_eq!(state.deployments["d"].replicas, 3);
}

/// A process that reads of a failure and of what came after it at once does not go on with what was taken out.
#[test]
fn what_was_taken_out_of_service_stands_in_for_nothing() {
    let mut d = machines::generate::serving("d", "w").deployments.remove("d").unwrap();
    assert!(d.may_stand_in("d", 1) && d.may_stand_in("d", 2));
    assert!(!d.may_stand_in("other", 1), "it serves another model");
    d.revisions[0].status = noodle_deploy_core::machine::state::RevisionStatus::Failed;
    assert!(!d.may_stand_in("d", 1) && d.may_stand_in("d", 2));
    d.state = noodle_deploy_core::machine::state::DeploymentState::Stopping;
    assert!(!d.may_stand_in("d", 2), "it does not serve");
}
