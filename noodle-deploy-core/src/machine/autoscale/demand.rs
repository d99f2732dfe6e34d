//! How much work arrives.

use super::observation::{Observation, clean};
use super::policy::AutoscalePolicy;
use super::recommendation::Figures;
use super::staffing::Delay;
use super::state::{AutoscaleState, Bucket};

/// Standard deviations beyond which a difference is no chance.
const SIGNIFICANT: f64 = 3.0;
/// The same for the newest buckets, which are tested at each decision: one false alarm in hours, not minutes.
const ALARM: f64 = 4.0;
/// Buckets from which a trend can be told.
const TREND_BUCKETS: usize = 8;
/// Standard deviations beyond which a slope is a trend.
const TREND: f64 = 5.0;
/// Share of a replica's slots that is used without a target.
const USE: f64 = 0.85;
/// The quantile of the waits where no objective names one.
const QUANTILE: f64 = 0.95;
/// Of the requests that may be late, the share that may be so for waiting too long. Late requests come in clumps: a
/// moment that misses the objective has many times the share of late requests that the whole has.
const WAIT_SHARE: f64 = 0.1;
/// Waits of less than this share of the objective cannot be asked for.
const LEAST_BUDGET: f64 = 0.1;
/// Squared coefficient of variation of service times, as exponential ones have it: more than most models'.
const SERVICE_VARIABILITY: f64 = 1.0;

/// Arrivals as a line: a rate at the newest moment, in a millisecond, and its growth.
struct Line {
    rate: f64,
    slope: f64,
    /// Variance of the level at `centre_ms` before now, and of the slope.
    level_variance: f64,
    slope_variance: f64,
    centre_ms: f64,
    window_ms: u64,
}

impl Line {
    fn at(&self, ahead_ms: f64) -> f64 {
        (self.rate + self.slope * ahead_ms).max(0.0)
    }

    /// Standard deviation of the rate at the newest moment.
    fn deviation(&self) -> f64 {
        (self.level_variance + self.centre_ms * self.centre_ms * self.slope_variance).sqrt()
    }
}

fn rate(bucket: &Bucket) -> f64 {
    bucket.flow.arrivals / bucket.covered_ms as f64
}

/// Variance over mean of the arrivals, from differences of neighbours, so that neither a trend nor one jump counts:
/// the median of a squared normal difference is 0.455 of its mean. The newest bucket is left out, since what it shows
/// is what is to be judged.
fn dispersion(buckets: &[Bucket]) -> f64 {
    let older = &buckets[..buckets.len().saturating_sub(1)];
    let mut squares: Vec<f64> = older
        .windows(2)
        .filter_map(|pair| {
            let mean =
                (pair[0].flow.arrivals + pair[1].flow.arrivals) / (pair[0].covered_ms + pair[1].covered_ms) as f64;
            let noise = mean * (1.0 / pair[0].covered_ms as f64 + 1.0 / pair[1].covered_ms as f64);
            let counted = pair[0].flow.arrivals + pair[1].flow.arrivals >= 10.0;
            counted.then(|| (rate(&pair[0]) - rate(&pair[1])).powi(2) / noise)
        })
        .collect();
    if squares.len() < TREND_BUCKETS {
        return 1.0;
    }
    squares.sort_unstable_by(f64::total_cmp);
    (squares[squares.len() / 2] / 0.455).clamp(1.0, 20.0)
}

/// Fits a line through the last buckets by least squares, weighted by the time that each covers, and says whether the
/// history is one that such a line may have produced.
fn fit(buckets: &[Bucket], now_ms: u64, dispersion: f64) -> (Line, bool) {
    let covered: f64 = buckets.iter().map(|b| b.covered_ms as f64).sum();
    let mean = buckets.iter().map(|b| b.flow.arrivals).sum::<f64>() / covered;
    let age = |b: &Bucket| now_ms.saturating_sub(b.end_ms) as f64 + b.covered_ms as f64 / 2.0;
    let centre_ms = buckets.iter().map(|b| age(b) * b.covered_ms as f64).sum::<f64>() / covered;
    // One arrival in the whole window is the least that noise is reckoned from.
    let noise = dispersion * mean.max(1.0 / covered);
    let spread: f64 = buckets.iter().map(|b| b.covered_ms as f64 * (age(b) - centre_ms).powi(2)).sum();
    let mut line = Line {
        rate: mean,
        slope: 0.0,
        level_variance: noise / covered,
        slope_variance: 0.0,
        centre_ms,
        window_ms: covered as u64,
    };
    let mut freedom = buckets.len() as f64 - 1.0;
    if buckets.len() >= TREND_BUCKETS && spread > 0.0 {
        let slope = -buckets.iter().map(|b| b.covered_ms as f64 * (age(b) - centre_ms) * (rate(b) - mean)).sum::<f64>()
            / spread;
        let deviation = (noise / spread).sqrt();
        if slope.abs() > TREND * deviation {
            line.slope = slope;
            line.slope_variance = noise / spread;
            line.rate = (mean + slope * centre_ms).max(0.0);
            freedom -= 1.0;
        }
    }
    let expected = |b: &Bucket| line.at(-age(b)) * b.covered_ms as f64;
    let mut misfit = 0.0;
    let mut thin = 0.0;
    for b in buckets {
        let mean = (noise * b.covered_ms as f64).max(1e-9);
        misfit += (b.flow.arrivals - expected(b)).powi(2) / mean;
        thin += 1.0 / mean;
    }
    let fits = misfit <= freedom + SIGNIFICANT * (2.0 * freedom + thin).sqrt();
    // The newest buckets on their own.
    let agrees = [1, 2, 4].iter().filter(|n| **n * 2 <= buckets.len()).all(|n| {
        let newest = &buckets[buckets.len() - n..];
        let seen: f64 = newest.iter().map(|b| b.flow.arrivals).sum();
        let due: f64 = newest.iter().map(expected).sum();
        (scale(seen) - scale(due)).abs() <= ALARM * dispersion.sqrt()
    });
    (line, buckets.len() == 1 || fits && agrees)
}

/// The longest window whose history agrees with its newest part: long for steady traffic, so that noise cancels; short
/// after a change, so that what was before does not count. (Lepski's choice of a window, 1991.)
fn line(buckets: &[Bucket], now_ms: u64, dispersion: f64) -> Option<Line> {
    let mut count = buckets.len();
    while count > 0 {
        let (line, fits) = fit(&buckets[buckets.len() - count..], now_ms, dispersion);
        if fits {
            return Some(line);
        }
        // Powers of two below.
        count = (count - 1).checked_ilog2().map_or(0, |power| 1 << power);
    }
    None
}

/// Arrivals now, in a millisecond.
struct Level {
    rate: f64,
    /// A standard deviation more.
    upper: f64,
    slope: f64,
    window_ms: u64,
}

/// What the history foretells of the newest bucket, corrected by what came (a step of Kalman's filter, 1960); or what
/// came alone, where it is no chance. More arrivals never lower it: the history is judged without the newest bucket.
///
/// The line tells where demand is, without the lag of a mean, and not where it goes: traffic with memory drifts for a
/// while without going anywhere, and to follow each drift costs replicas (ADR 19).
fn level(buckets: &[Bucket], now_ms: u64, dispersion: f64) -> Option<Level> {
    let (newest, older) = buckets.split_last()?;
    let covered = newest.covered_ms as f64;
    let alone = rate(newest);
    let deviation = |rate: f64| (dispersion * rate.max(1.0 / covered) / covered).sqrt();
    let alone_upper = alone + deviation(alone);
    let Some(line) = line(older, now_ms, dispersion) else {
        return Some(Level { rate: alone, upper: alone_upper, slope: 0.0, window_ms: newest.covered_ms });
    };
    let foretold = line.at(-covered / 2.0);
    let (before, noise) = (line.deviation().powi(2), deviation(foretold).powi(2));
    let gain = before / (before + noise);
    let rate = (line.rate + gain * (alone - foretold)).max(0.0);
    let upper = rate + (gain * noise).sqrt();
    let difference = scale(newest.flow.arrivals) - scale(foretold * covered);
    if difference.abs() <= ALARM * dispersion.sqrt() {
        let window_ms = line.window_ms.saturating_add(newest.covered_ms);
        return Some(Level { rate, upper, slope: line.slope, window_ms });
    }
    let pick = if difference > 0.0 { f64::max } else { f64::min };
    let (rate, upper) = (pick(rate, alone), pick(upper, alone_upper));
    Some(Level { rate, upper, slope: 0.0, window_ms: newest.covered_ms })
}

/// A count on the scale on which Poisson's have one variance, 1 (Anscombe 1948).
fn scale(count: f64) -> f64 {
    2.0 * (count + 0.375).sqrt()
}

/// Mean service time: of the newest completions where they differ surely from the rest, else of the stable window.
fn service_ms(buckets: &[Bucket]) -> Option<f64> {
    let mean = |buckets: &[Bucket]| {
        let sum: f64 = buckets.iter().map(|b| b.flow.service_ms).sum();
        let count: f64 = buckets.iter().map(|b| b.flow.completions).sum();
        (count > 0.0 && sum > 0.0).then(|| (sum / count, count))
    };
    let (long, _) = mean(buckets)?;
    let newest = &buckets[buckets.len().saturating_sub(4)..];
    match mean(newest) {
        Some((short, count)) if count >= 16.0 && (short - long).abs() > SIGNIFICANT * long / count.sqrt() => {
            Some(short)
        }
        _ => Some(long),
    }
}

/// Everything that the decision reckons with.
pub(super) fn figures(policy: &AutoscalePolicy, state: &AutoscaleState, seen: &Observation, passed_ms: u64) -> Figures {
    let buckets = &state.buckets;
    let dispersion = dispersion(buckets);
    let start_up_ms = state.start_up_ms(policy);
    // A caller that was away is expected back at its pace.
    let lead_ms = start_up_ms + passed_ms.min(policy.panic_window_ms) as f64;
    let slots = seen.slots.clamp(1, 1_024);
    let mut figures = Figures {
        dispersion,
        lead_ms,
        slots,
        target_in_flight: policy.target_in_flight.map_or(USE * f64::from(slots), clean).clamp(0.001, f64::from(slots)),
        correction: state.correction(),
        ..Figures::default()
    };
    let service = service_ms(buckets).or(state.service_ms());
    figures.service_ms = service;
    if let Some(level) = level(buckets, state.elapsed_ms, dispersion) {
        figures.arrivals_per_s = clean(level.rate * 1_000.0);
        figures.trend_per_s2 = level.slope * 1_000_000.0;
        figures.expected_per_s = clean(level.upper * 1_000.0);
        figures.window_ms = level.window_ms;
    }
    match service {
        Some(ms) => {
            figures.offered = clean(figures.arrivals_per_s / 1_000.0 * ms);
            figures.expected = clean(figures.expected_per_s / 1_000.0 * ms);
        }
        // Until a request ended, those in flight are all that is known of the work.
        None => {
            figures.offered = clean(seen.in_flight).max(seen.queued as f64);
            figures.expected = figures.offered;
        }
    }
    judge_waits(policy, state, seen, &mut figures);
    figures
}

fn judge_waits(policy: &AutoscalePolicy, state: &AutoscaleState, seen: &Observation, figures: &mut Figures) {
    let quantile = policy.latency.map_or(QUANTILE, |l| l.quantile).clamp(0.5, 0.9999);
    figures.late_allowed = (1.0 - quantile) * WAIT_SHARE;
    let left = policy.latency.and_then(|latency| {
        let objective = clean(latency.ms);
        let service = state.service_quantile_ms().or(figures.service_ms).unwrap_or(0.0);
        // Replicas shorten waits, not service: where service alone misses the objective, none are spent on it.
        figures.unreachable = service > objective;
        (!figures.unreachable).then(|| (objective - service).max(LEAST_BUDGET * objective))
    });
    figures.queue_budget_ms = match (policy.target_queue_delay_ms.map(clean), left) {
        (Some(target), Some(left)) => Some(target.min(left)),
        (target, left) => target.or(left),
    };
    figures.late =
        delay(figures, figures.offered).map(|delay| delay.late(f64::from(seen.ready) * f64::from(figures.slots)));
}

/// The model of waits for a demand; none without a bound on waits or a measured service time.
pub(super) fn delay(figures: &Figures, erlangs: f64) -> Option<Delay> {
    let (budget, service) = (figures.queue_budget_ms?, figures.service_ms?);
    let variability = (figures.dispersion + SERVICE_VARIABILITY) / 2.0;
    Some(Delay { erlangs, wait: budget / service, variability })
}
