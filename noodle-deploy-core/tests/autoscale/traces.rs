//! Synthetic traffic. None of it was recorded anywhere: each trace is drawn from the process that its comment names.

use noodle_deploy_core::rng::{Rng, SeededRng};

/// One request: when it arrives, and how long a replica takes for it.
#[derive(Clone, Copy)]
pub struct Request {
    pub at_us: u64,
    pub service_us: u64,
}

pub struct Trace {
    pub name: &'static str,
    pub seconds: u64,
    pub requests: Vec<Request>,
}

/// Seconds at the beginning of each trace that are not counted: a steady rate for every controller to settle on.
pub const WARM_UP_S: u64 = 120;
/// Mean time that a replica takes for a request.
pub const SERVICE_MS: f64 = 100.0;

/// Draws on the seeded generator of the crate.
pub struct Draw(SeededRng);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Draw(SeededRng::new(seed))
    }

    /// Over 0 and up to 1.
    pub fn unit(&self) -> f64 {
        ((self.0.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    pub fn exponential(&self, mean: f64) -> f64 {
        -mean * self.unit().ln()
    }

    /// Pareto with the shape `alpha` from `least` on.
    fn pareto(&self, alpha: f64, least: f64) -> f64 {
        least * self.unit().powf(-1.0 / alpha)
    }

    /// Log-normal with this mean and coefficient of variation.
    fn log_normal(&self, mean: f64, cv: f64) -> f64 {
        let sigma2 = (1.0 + cv * cv).ln();
        let normal = (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos();
        (mean.ln() - sigma2 / 2.0 + sigma2.sqrt() * normal).exp()
    }

    fn request(&self, at_s: f64, cv: f64) -> Request {
        let service_us = (self.log_normal(SERVICE_MS, cv) * 1_000.0) as u64;
        Request { at_us: (at_s * 1e6) as u64, service_us: service_us.max(1) }
    }
}

/// Poisson arrivals whose rate changes, by thinning (Lewis and Shedler 1979).
pub fn poisson(draw: &Draw, seconds: u64, most: f64, rate: impl Fn(f64) -> f64) -> Vec<Request> {
    let mut requests = Vec::new();
    let mut at = draw.exponential(1.0 / most);
    while at < seconds as f64 {
        if draw.unit() * most <= rate(at) {
            requests.push(draw.request(at, 0.5));
        }
        at += draw.exponential(1.0 / most);
    }
    requests
}

/// The rate triples at once, and falls back after 15 minutes.
fn step(draw: &Draw) -> Trace {
    let rate = |t: f64| if (420.0..1_320.0).contains(&t) { 300.0 } else { 100.0 };
    Trace { name: "step", seconds: 1_920, requests: poisson(draw, 1_920, 300.0, rate) }
}

/// The rate grows tenfold in ten minutes, stays for five and falls as it grew.
fn ramp(draw: &Draw) -> Trace {
    let rate = |t: f64| 60.0 + 540.0 * ((t - 240.0) / 600.0).min((1_740.0 - t) / 600.0).clamp(0.0, 1.0);
    Trace { name: "ramp", seconds: 1_920, requests: poisson(draw, 1_920, 600.0, rate) }
}

/// Five times the rate at once, gone with a time constant of 30 seconds; every seven minutes.
fn spike(draw: &Draw) -> Trace {
    let rate = |t: f64| {
        let since = if t < 300.0 { f64::INFINITY } else { (t - 300.0) % 420.0 };
        100.0 + 400.0 * (-since / 30.0).exp()
    };
    Trace { name: "spike", seconds: 1_920, requests: poisson(draw, 1_920, 500.0, rate) }
}

/// A day of 24 hours in two: a sine between 40 and 400 requests in a second.
fn day(draw: &Draw) -> Trace {
    let rate = |t: f64| 220.0 - 180.0 * (std::f64::consts::TAU * (t - 120.0).max(0.0) / 7_200.0).cos();
    Trace { name: "day cycle", seconds: 7_320, requests: poisson(draw, 7_320, 400.0, rate) }
}

/// Twelve times the rate while on; exponential times, 20 seconds on and 60 off in the mean (an interrupted Poisson
/// process beside a small steady one).
fn bursts(draw: &Draw) -> Trace {
    let mut ends = vec![200.0];
    while *ends.last().unwrap() < 1_920.0 {
        let mean = if ends.len() % 2 == 1 { 20.0 } else { 60.0 };
        ends.push(ends.last().unwrap() + draw.exponential(mean));
    }
    let rate = |t: f64| if ends.partition_point(|end| *end <= t) % 2 == 1 { 240.0 } else { 20.0 };
    Trace { name: "on-off bursts", seconds: 1_920, requests: poisson(draw, 1_920, 240.0, rate) }
}

/// Shaped like recorded traffic, which is bursty on every scale: sessions arrive as Poisson's, last as Pareto's with
/// shape 1.5 (15 seconds in the mean, 10 minutes at most) and send `rate` requests in a second each, so that counts
/// depend on each other over long times (Willinger, Taqqu, Sherman, Wilson 1997). Service times are log-normal with a
/// coefficient of variation of 1. 150 requests in a second in the mean.
fn sessions(draw: &Draw, name: &'static str, rate: f64) -> Trace {
    let seconds = 1_920;
    let mut requests = Vec::new();
    let mut begin = -600.0;
    while begin < seconds as f64 {
        begin += draw.exponential(rate / 10.0);
        let end = (begin + draw.pareto(1.5, 5.0).min(600.0)).min(seconds as f64);
        let mut at = begin + draw.exponential(1.0 / rate);
        while at < end {
            if at >= 0.0 {
                requests.push(draw.request(at, 1.0));
            }
            at += draw.exponential(1.0 / rate);
        }
    }
    requests.sort_by_key(|r| r.at_us);
    Trace { name, seconds, requests }
}

/// Many users who send little: 75 sessions at once in the mean.
fn many(draw: &Draw) -> Trace {
    sessions(draw, "heavy tails, many users", 2.0)
}

/// Few users who send much: 7.5 sessions at once in the mean.
fn few(draw: &Draw) -> Trace {
    sessions(draw, "heavy tails, few users", 20.0)
}

/// Every trace, from one seed.
pub fn all(seed: u64) -> Vec<Trace> {
    let makers: [fn(&Draw) -> Trace; 7] = [step, ramp, spike, day, bursts, many, few];
    makers.iter().enumerate().map(|(n, make)| make(&Draw::new(seed.wrapping_add(n as u64)))).collect()
}
