//! A deployment in simulated time: one queue, replicas with slots, replicas that take time to start.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use noodle_deploy_core::machine::autoscale::Observation;

use super::traces::{Request, Trace, WARM_UP_S};

const SECOND: u64 = 1_000_000;

/// What every controller deals with alike.
#[derive(Clone, Copy)]
pub struct World {
    pub slots: u32,
    pub start_up_ms: u64,
    pub max_replicas: u32,
    pub quantile: f64,
    pub objective_ms: f64,
}

/// Somebody who says how many replicas there should be.
pub trait Controller {
    /// Time between two decisions.
    fn tick_ms(&self) -> u64;
    /// Replicas, from what was seen since the decision before.
    fn decide(&mut self, seen: &Observation) -> u32;
}

/// What came of it, without the warm-up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    pub replica_seconds: f64,
    /// Seconds whose arrivals missed the objective: of those, more than the share that may took too long. A second that
    /// would have missed it without any wait is not counted, since no number of replicas could help it.
    pub outside_s: u32,
    pub late_share: f64,
    pub most_replicas: u32,
    pub changes: u32,
}

/// Sums of one interval of decisions.
#[derive(Default)]
struct Interval {
    arrivals: u64,
    in_flight_us: u64,
    busy_us: u64,
    capacity_us: u64,
    services: Vec<u64>,
    waits: Vec<u64>,
    latencies: Vec<u64>,
    start_up_us: Option<u64>,
}

struct Running {
    request: Request,
    begun_us: u64,
}

pub struct Simulation<'a> {
    world: World,
    trace: &'a Trace,
    now: u64,
    ready: u32,
    /// When ordered replicas will be ready, soonest first.
    starting: VecDeque<u64>,
    queue: VecDeque<Request>,
    ends: BinaryHeap<Reverse<(u64, usize)>>,
    running: Vec<Running>,
    free: Vec<usize>,
    interval: Interval,
    arrived: Vec<u32>,
    late: Vec<u32>,
    replica_us: u64,
    most: u32,
    changes: u32,
}

fn quantile_ms(values: &mut [u64], q: f64) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let rank = ((q * values.len() as f64).ceil() as usize).clamp(1, values.len()) - 1;
    Some(*values.select_nth_unstable(rank).1 as f64 / 1_000.0)
}

impl<'a> Simulation<'a> {
    pub fn new(world: World, trace: &'a Trace, replicas: u32) -> Self {
        let seconds = trace.seconds as usize;
        Simulation {
            world,
            trace,
            now: 0,
            ready: replicas,
            starting: VecDeque::new(),
            queue: VecDeque::new(),
            ends: BinaryHeap::new(),
            running: Vec::new(),
            free: Vec::new(),
            interval: Interval::default(),
            arrived: vec![0; seconds],
            late: vec![0; seconds],
            replica_us: 0,
            most: replicas,
            changes: 0,
        }
    }

    pub fn run(mut self, controller: &mut dyn Controller) -> Outcome {
        let end = self.trace.seconds * SECOND;
        let tick = controller.tick_ms() * 1_000;
        let mut next_tick = tick;
        let mut next = 0;
        loop {
            let arrival = self.trace.requests.get(next).map_or(u64::MAX, |r| r.at_us);
            let completion = self.ends.peek().map_or(u64::MAX, |e| e.0.0);
            let start = self.starting.front().copied().unwrap_or(u64::MAX);
            let at = arrival.min(completion).min(start).min(next_tick).min(end);
            self.advance(at);
            if at == end {
                break;
            } else if at == completion {
                self.complete();
            } else if at == start {
                self.starting.pop_front();
                self.ready += 1;
                self.interval.start_up_us = Some(self.world.start_up_ms * 1_000);
                self.fill();
            } else if at == arrival {
                let request = self.trace.requests[next];
                next += 1;
                self.interval.arrivals += 1;
                self.arrived[(at / SECOND) as usize] += 1;
                self.queue.push_back(request);
                self.fill();
            } else {
                next_tick += tick;
                let seen = self.observe(tick);
                let wanted = controller.decide(&seen).min(self.world.max_replicas);
                self.scale(wanted);
            }
        }
        self.outcome()
    }

    fn advance(&mut self, to: u64) {
        let passed = to - self.now;
        let busy = self.ends.len() as u64;
        let capacity = u64::from(self.ready * self.world.slots);
        // A removed replica ends what it runs.
        let held = u64::from(self.ready).max(busy.div_ceil(u64::from(self.world.slots)));
        if self.now >= WARM_UP_S * SECOND {
            self.replica_us += passed * (held + self.starting.len() as u64);
        }
        self.interval.in_flight_us += passed * (busy + self.queue.len() as u64);
        self.interval.busy_us += passed * busy.min(capacity);
        self.interval.capacity_us += passed * capacity;
        self.now = to;
    }

    fn fill(&mut self) {
        while self.ends.len() < (self.ready * self.world.slots) as usize {
            let Some(request) = self.queue.pop_front() else { return };
            let run = Running { request, begun_us: self.now };
            let slot = match self.free.pop() {
                Some(slot) => {
                    self.running[slot] = run;
                    slot
                }
                None => {
                    self.running.push(run);
                    self.running.len() - 1
                }
            };
            self.ends.push(Reverse((self.now + request.service_us, slot)));
        }
    }

    fn complete(&mut self) {
        let Reverse((_, slot)) = self.ends.pop().expect("a completion was due");
        self.free.push(slot);
        let Running { request, begun_us } = self.running[slot];
        let latency = self.now - request.at_us;
        self.interval.services.push(request.service_us);
        self.interval.waits.push(begun_us - request.at_us);
        self.interval.latencies.push(latency);
        self.judge(request.at_us, latency);
        self.fill();
    }

    fn judge(&mut self, at_us: u64, latency_us: u64) {
        if latency_us as f64 > self.world.objective_ms * 1_000.0 {
            self.late[(at_us / SECOND) as usize] += 1;
        }
    }

    fn observe(&mut self, tick_us: u64) -> Observation {
        let mut interval = std::mem::take(&mut self.interval);
        let q = self.world.quantile;
        let services = &mut interval.services;
        let mean = (!services.is_empty()).then(|| services.iter().sum::<u64>() as f64 / services.len() as f64 / 1e3);
        Observation {
            now: self.now / 1_000,
            ready: self.ready,
            starting: self.starting.len() as u32,
            slots: self.world.slots,
            arrivals: interval.arrivals,
            completions: services.len() as u64,
            in_flight: interval.in_flight_us as f64 / tick_us as f64,
            queued: self.queue.len() as u64,
            service_ms: mean,
            service_quantile_ms: quantile_ms(services, q),
            queue_delay_ms: quantile_ms(&mut interval.waits, q),
            latency_ms: quantile_ms(&mut interval.latencies, q),
            utilisation: (interval.capacity_us > 0).then(|| interval.busy_us as f64 / interval.capacity_us as f64),
            start_up_ms: interval.start_up_us.map(|us| us as f64 / 1_000.0),
            ..Observation::default()
        }
    }

    fn scale(&mut self, wanted: u32) {
        let current = self.ready + self.starting.len() as u32;
        if wanted > current {
            let at = self.now + self.world.start_up_ms * 1_000;
            self.starting.extend(std::iter::repeat_n(at, (wanted - current) as usize));
        }
        // The newest go first: what is not ready yet serves nobody.
        for _ in wanted..current {
            if self.starting.pop_back().is_none() {
                self.ready -= 1;
            }
        }
        if wanted != current && self.now >= WARM_UP_S * SECOND {
            self.changes += 1;
            self.most = self.most.max(wanted);
        }
    }

    /// Requests of each second, after the warm-up, that take longer than the objective even without a wait.
    fn slow(&self) -> Vec<u32> {
        let mut slow = vec![0; self.trace.seconds as usize];
        for request in &self.trace.requests {
            if request.service_us as f64 > self.world.objective_ms * 1_000.0 {
                slow[(request.at_us / SECOND) as usize] += 1;
            }
        }
        slow.split_off(WARM_UP_S as usize)
    }

    fn outcome(mut self) -> Outcome {
        let unfinished: Vec<Request> = self
            .queue
            .iter()
            .copied()
            .chain(self.ends.iter().map(|Reverse((_, slot))| self.running[*slot].request))
            .collect();
        for request in unfinished {
            self.judge(request.at_us, self.now - request.at_us);
        }
        let counted = WARM_UP_S as usize..;
        let (arrived, late) = (&self.arrived[counted.clone()], &self.late[counted]);
        let may = 1.0 - self.world.quantile;
        let slow = self.slow();
        let over = |late: u32, all: u32| f64::from(late) > may * f64::from(all);
        let sum = |counts: &[u32]| counts.iter().map(|n| f64::from(*n)).sum::<f64>();
        Outcome {
            replica_seconds: self.replica_us as f64 / 1e6,
            outside_s: (0..arrived.len())
                .filter(|n| over(late[*n], arrived[*n]) && !over(slow[*n], arrived[*n]))
                .count() as u32,
            late_share: sum(late) / sum(arrived).max(1.0),
            most_replicas: self.most,
            changes: self.changes,
        }
    }
}
