//! The machine beside the baselines, on the same traces, with one policy.

use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use noodle_deploy_core::machine::autoscale::{AutoscalePolicy, AutoscaleState, LatencyObjective, Observation, decide};

use super::baselines::{Hpa, Kpa, Metric};
use super::simulator::{Controller, Outcome, Simulation, World};
use super::traces::{self, SERVICE_MS, Trace};

/// The machine in the place of a controller.
pub struct Machine {
    pub policy: AutoscalePolicy,
    pub state: AutoscaleState,
}

impl Machine {
    /// The default policy, with the bounds and the objective of the world.
    pub fn new(world: &World) -> Self {
        let policy = AutoscalePolicy {
            max_replicas: world.max_replicas,
            latency: Some(LatencyObjective { quantile: world.quantile, ms: world.objective_ms }),
            ..AutoscalePolicy::default()
        };
        policy.validate().unwrap();
        Machine { policy, state: AutoscaleState::default() }
    }
}

impl Controller for Machine {
    fn tick_ms(&self) -> u64 {
        500
    }

    fn decide(&mut self, seen: &Observation) -> u32 {
        let (state, recommendation) = decide(&self.policy, std::mem::take(&mut self.state), seen, None);
        self.state = state;
        recommendation.desired
    }
}

/// Share of a replica that the baselines aim at: Knative's default.
const USE: f64 = 0.7;

const HPA: &str = "HPA utilisation";
const HPA_IN_FLIGHT: &str = "HPA in flight";
const KPA: &str = "KPA";
pub const NAMES: [&str; 4] = ["ours", HPA, HPA_IN_FLIGHT, KPA];

/// Of the time that a baseline is outside the objective, what ours may be.
const LESS: f64 = 0.7;

/// Ours first, then the baselines, in the order of `NAMES`.
pub fn run(world: &World, trace: &Trace) -> [Outcome; 4] {
    let first = trace.requests.partition_point(|r| r.at_us < 100_000_000) as f64 / 100.0;
    let replicas = (first * SERVICE_MS / 1_000.0 / (USE * f64::from(world.slots))).ceil().max(1.0) as u32;
    let mut controllers: [Box<dyn Controller>; 4] = [
        Box::new(Machine::new(world)),
        Box::new(Hpa::new(world, Metric::Utilisation, USE)),
        Box::new(Hpa::new(world, Metric::InFlight, USE)),
        Box::new(Kpa::new(world, USE)),
    ];
    controllers.each_mut().map(|controller| Simulation::new(*world, trace, replicas).run(controller.as_mut()))
}

/// Seeds of the traces; a row is the sum over all of them.
pub const SEEDS: [u64; 3] = [0x6175_746f, 0x7363_616c, 0x6572_0001];
/// Times until a replica is ready: in this process, in another process, in a container.
pub const START_UPS_MS: [u64; 3] = [1_000, 5_000, 20_000];

/// One trace at one start-up time.
pub struct Row {
    pub trace: &'static str,
    pub start_up_ms: u64,
    pub outcomes: [Outcome; 4],
}

fn world(start_up_ms: u64) -> World {
    World { slots: 4, start_up_ms, max_replicas: 60, quantile: 0.95, objective_ms: 400.0 }
}

fn sum(all: [Outcome; SEEDS.len()]) -> Outcome {
    all.into_iter()
        .reduce(|a, b| Outcome {
            replica_seconds: a.replica_seconds + b.replica_seconds,
            outside_s: a.outside_s + b.outside_s,
            late_share: a.late_share + b.late_share / SEEDS.len() as f64,
            most_replicas: a.most_replicas.max(b.most_replicas),
            changes: a.changes + b.changes,
        })
        .unwrap()
}

/// Every trace at every start-up time.
pub fn rows() -> Vec<Row> {
    let traces = SEEDS.map(traces::all);
    let jobs: Vec<(usize, u64)> =
        (0..traces[0].len()).flat_map(|n| START_UPS_MS.map(|start_up_ms| (n, start_up_ms))).collect();
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut rows = std::thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            while let Some((n, start_up_ms)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                let runs = traces.each_ref().map(|seed| run(&world(*start_up_ms), &seed[*n]));
                let outcomes = std::array::from_fn(|who| sum(runs.map(|run| run[who])));
                done.push((*n, Row { trace: traces[0][*n].name, start_up_ms: *start_up_ms, outcomes }));
            }
            done
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|t| t.join().expect("a run panicked")).collect::<Vec<_>>()
    });
    rows.sort_by_key(|(n, row)| (*n, row.start_up_ms));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Replica-seconds / seconds outside the objective, for each.
pub fn markdown(rows: &[Row]) -> String {
    let mut text = format!("| Trace | Start-up | {} |\n|---|---|{}\n", NAMES.join(" | "), "---|".repeat(NAMES.len()));
    for Row { trace, start_up_ms, outcomes } in rows {
        let cells = outcomes.map(|o| format!("{:.0} / {}", o.replica_seconds, o.outside_s));
        let _ = writeln!(text, "| {trace} | {} s | {} |", start_up_ms / 1_000, cells.join(" | "));
    }
    text
}

/// Where the comparison does not hold.
pub struct Exception {
    pub trace: &'static str,
    /// Where it is absent, at every start-up time.
    pub start_up_ms: Option<u64>,
    pub baseline: &'static str,
    pub reason: Reason,
}

/// Why it does not.
#[derive(Clone, Copy, PartialEq)]
pub enum Reason {
    /// So many sudden rises, after each of which nothing helps until a replica has started: more than 0.7 of what the
    /// baseline misses.
    StartUp { rises: u32 },
    /// Nobody misses the objective for more than a second in an hour and a half, so that there is nothing to win.
    NothingToWin,
    /// Ours takes more replica-seconds, since it keeps what bursts need, and misses at most this share of the baseline's.
    Keeps { share: f64 },
}

const fn exception(trace: &'static str, start_up_ms: Option<u64>, baseline: &'static str, reason: Reason) -> Exception {
    Exception { trace, start_up_ms, baseline, reason }
}

/// Every exception, with its reason.
pub const EXCEPTIONS: &[Exception] = &[
    exception("step", Some(20_000), KPA, Reason::StartUp { rises: 1 }),
    exception("spike", Some(5_000), KPA, Reason::StartUp { rises: 4 }),
    exception("spike", Some(20_000), KPA, Reason::StartUp { rises: 4 }),
    exception("on-off bursts", Some(20_000), HPA, Reason::Keeps { share: 0.35 }),
    exception("heavy tails, many users", None, HPA, Reason::NothingToWin),
    exception("heavy tails, many users", None, HPA_IN_FLIGHT, Reason::NothingToWin),
    exception("heavy tails, many users", None, KPA, Reason::NothingToWin),
    exception("heavy tails, few users", None, HPA, Reason::Keeps { share: 0.1 }),
    exception("heavy tails, few users", Some(20_000), HPA_IN_FLIGHT, Reason::Keeps { share: 0.1 }),
];

impl Exception {
    pub fn is_for(&self, row: &Row, baseline: &str) -> bool {
        self.trace == row.trace && self.start_up_ms.is_none_or(|ms| ms == row.start_up_ms) && self.baseline == baseline
    }

    /// Whether the reason is one.
    pub fn is_so(&self, row: &Row, theirs: &Outcome) -> bool {
        let ours = &row.outcomes[0];
        match self.reason {
            // The rise comes on a whole second, and the second in which a replica becomes ready counts.
            Reason::StartUp { rises } => {
                let least = SEEDS.len() as u32 * rises * (row.start_up_ms / 1_000 + 1) as u32;
                f64::from(least) > LESS * f64::from(theirs.outside_s) && ours.outside_s >= least
            }
            Reason::NothingToWin => ours.outside_s.max(theirs.outside_s) <= SEEDS.len() as u32,
            Reason::Keeps { share } => {
                ours.replica_seconds > theirs.replica_seconds
                    && f64::from(ours.outside_s) <= share * f64::from(theirs.outside_s)
            }
        }
    }
}

impl Row {
    /// No more replica-seconds, and less time outside the objective.
    pub fn holds(&self, theirs: &Outcome) -> bool {
        let ours = &self.outcomes[0];
        ours.replica_seconds <= theirs.replica_seconds
            && f64::from(ours.outside_s) <= LESS * f64::from(theirs.outside_s)
    }
}
