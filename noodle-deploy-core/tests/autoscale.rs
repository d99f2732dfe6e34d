//! The autoscaling machine in simulated time: beside two well-known autoscalers, and under generated input.
//!
//! `-- --nocapture` prints the table of ADR 19.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

mod autoscale {
    pub mod baselines;
    pub mod comparison;
    pub mod properties;
    pub mod simulator;
    pub mod traces;
}

use autoscale::comparison::{self, EXCEPTIONS, NAMES};

/// Against each baseline on each trace: no more replica-seconds and at most 0.7 of the time outside the objective. Where
/// that does not hold, the trace is named with a reason that is checked; the test fails when it holds after all.
#[test]
fn no_more_replica_seconds_and_less_time_outside_the_objective() {
    let rows = comparison::rows();
    println!("{}", comparison::markdown(&rows));
    let mut wrong = Vec::new();
    for row in &rows {
        for (name, theirs) in NAMES.iter().zip(&row.outcomes).skip(1) {
            let pair = || format!("{} at {} ms against {name}", row.trace, row.start_up_ms);
            match EXCEPTIONS.iter().find(|exception| exception.is_for(row, name)) {
                None if !row.holds(theirs) => wrong.push(format!("{}: {:?}, {theirs:?}", pair(), row.outcomes[0])),
                Some(_) if row.holds(theirs) => wrong.push(format!("{} holds: take it off the list", pair())),
                Some(exception) if !exception.is_so(row, theirs) => {
                    wrong.push(format!("{}: the reason is none: {:?}, {theirs:?}", pair(), row.outcomes[0]));
                }
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "seeds {:x?}\n{}", comparison::SEEDS, wrong.join("\n"));
}
