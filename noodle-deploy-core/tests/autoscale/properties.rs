//! What holds for any input.

use noodle_deploy_core::machine::autoscale::{
    AutoscalePolicy, AutoscaleState, ByteRange, Forecast, LatencyObjective, Limit, Observation, RateLimit, Reason,
    Recommendation, Span, VerticalBounds, VerticalChange, decide,
};
use noodle_deploy_core::machine::deployment::MAX_REPLICAS;
use proptest::collection::vec;
use proptest::prelude::*;

use super::comparison::Machine;
use super::simulator::{Simulation, World};
use super::traces::{Draw, Trace, poisson};

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(-1.0),
        Just(f64::MAX),
        Just(f64::MIN_POSITIVE),
        0.0..1e4,
    ]
}

fn count() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), Just(u64::MAX), 0_u64..10_000]
}

prop_compose! {
    /// Anything that the types allow.
    fn observation()(
        now in prop_oneof![Just(0), Just(u64::MAX), 0_u64..10_000_000],
        ready in prop_oneof![Just(u32::MAX), 0_u32..100],
        starting in prop_oneof![Just(u32::MAX), 0_u32..100],
        slots in prop_oneof![Just(u32::MAX), 0_u32..8],
        counts in (count(), count(), count()),
        in_flight in number(),
        measured in vec(proptest::option::of(number()), 7),
        sizes in (proptest::option::of(0_u32..64), proptest::option::of(0_u32..64)),
        memory in (proptest::option::of(count()), proptest::option::of(count())),
    ) -> Observation {
        Observation {
            now, ready, starting, slots, in_flight,
            arrivals: counts.0,
            completions: counts.1,
            queued: counts.2,
            service_ms: measured[0],
            service_quantile_ms: measured[1],
            queue_delay_ms: measured[2],
            latency_ms: measured[3],
            utilisation: measured[4],
            start_up_ms: measured[5],
            batch_size: measured[6],
            threads: sizes.0,
            batch_limit: sizes.1,
            memory_used_bytes: memory.0,
            memory_limit_bytes: memory.1,
        }
    }
}

prop_compose! {
    /// A policy that passes validation.
    fn policy()(
        max_replicas in 1..=MAX_REPLICAS,
        least in 0.0..1.0,
        latency in proptest::option::of((0.5..0.9999, 0.1..10_000.0)),
        target_in_flight in proptest::option::of(0.1..100.0),
        stable_window_ms in 1_000_u64..600_000,
        share in 2_u64..=100,
        times in (0_u64..600_000, 0_u64..60_000, 0_u64..60_000, 0_u64..600_000),
        rates in (1_u32..1_000, 0_u32..50),
        vertical in any::<bool>(),
        dry_run in any::<bool>(),
    ) -> AutoscalePolicy {
        AutoscalePolicy {
            min_replicas: (f64::from(max_replicas) * least) as u32,
            max_replicas,
            latency: latency.map(|(quantile, ms)| LatencyObjective { quantile, ms }),
            target_in_flight,
            stable_window_ms,
            panic_window_ms: (stable_window_ms / share).max(stable_window_ms / 300).max(100),
            down_stabilisation_ms: times.0,
            cooldown_up_ms: times.1,
            cooldown_down_ms: times.2,
            burst_hold_ms: times.3,
            up: RateLimit { percent: rates.0, replicas: rates.1, period_ms: 15_000 },
            down: RateLimit { percent: rates.0.min(100), replicas: rates.1, period_ms: 15_000 },
            vertical: vertical.then(|| VerticalBounds {
                threads: Some(Span { min: 2, max: 16 }),
                batch: Some(Span { min: 1, max: 32 }),
                memory: Some(ByteRange { min: 1_000, max: 1 << 40 }),
                ..VerticalBounds::default()
            }),
            dry_run,
            ..AutoscalePolicy::default()
        }
    }
}

/// The size of a state, in the bytes that it takes when it is stored.
fn size(state: &AutoscaleState) -> usize {
    serde_json::to_string(state).unwrap().len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_input_gives_an_answer_within_the_bounds(
        policy in policy(),
        seen in vec(observation(), 1..40),
        forecast in proptest::option::of((count(), count(), number())),
    ) {
        policy.validate().unwrap();
        let forecast = forecast.map(|(at, spread_ms, arrivals_per_s)| Forecast { at, spread_ms, arrivals_per_s });
        let mut state = AutoscaleState::default();
        for seen in &seen {
            let (next, answer) = decide(&policy, state.clone(), seen, forecast.as_ref());
            let (again, same) = decide(&policy, state, seen, forecast.as_ref());
            prop_assert_eq!(&next, &again);
            prop_assert_eq!(&answer, &same);
            prop_assert!(answer.desired <= policy.max_replicas && answer.desired >= policy.min_replicas);
            prop_assert!(!policy.dry_run || !answer.act && !answer.act_vertically);
            // What it says and remembers can be written down and read back: every figure is a number.
            let text = serde_json::to_string(&answer).unwrap();
            prop_assert!(!text.contains("NaN"));
            prop_assert_eq!(serde_json::from_str::<Recommendation>(&text).unwrap().desired, answer.desired);
            let stored = serde_json::to_string(&next).unwrap();
            prop_assert!(serde_json::from_str::<AutoscaleState>(&stored).is_ok(), "{}", stored);
            for change in &answer.vertical {
                let within = match change {
                    VerticalChange::Threads { to, .. } => (2..=16).contains(to),
                    VerticalChange::Batch { to, .. } => (1..=32).contains(to),
                    VerticalChange::Memory { to, .. } => (1_000..=1 << 40).contains(to),
                };
                prop_assert!(within, "{:?}", change);
            }
            state = next;
        }
    }

    #[test]
    fn a_dry_run_decides_the_same(policy in policy(), seen in vec(observation(), 1..20)) {
        let [live, dry] = [false, true].map(|dry_run| AutoscalePolicy { dry_run, ..policy.clone() });
        let (mut a, mut b) = (AutoscaleState::default(), AutoscaleState::default());
        for seen in &seen {
            let (one, two) = (decide(&live, a, seen, None), decide(&dry, b, seen, None));
            prop_assert_eq!(&one.0, &two.0);
            prop_assert_eq!(one.1.act, one.1.desired != one.1.current);
            prop_assert!(!two.1.act && !two.1.act_vertically);
            prop_assert_eq!(Recommendation { act: false, act_vertically: false, ..one.1 }, two.1);
            (a, b) = (one.0, two.0);
        }
    }

    /// More arrivals in the last interval never call for fewer replicas, whatever was before.
    #[test]
    fn more_arrivals_call_for_no_fewer_replicas(
        past in vec(0_u64..400, 0..70),
        last in 0_u64..2_000,
        more in 0_u64..2_000,
        ready in 1_u32..40,
    ) {
        let policy = served();
        let mut state = AutoscaleState::default();
        for (n, arrivals) in past.iter().enumerate() {
            state = decide(&policy, state, &second(n as u64, *arrivals, ready), None).0;
        }
        let desired = |arrivals| {
            decide(&policy, state.clone(), &second(past.len() as u64, arrivals, ready), None).1.desired
        };
        let (few, many) = (desired(last), desired(last + more));
        prop_assert!(few <= many, "{} for {}, {} for {}", few, last, many, last + more);
    }

    /// Panic removes nothing.
    #[test]
    fn panic_never_removes(seen in vec((0_u64..3_000, 0_u64..500, 1_u32..40), 1..60)) {
        let policy = served();
        let mut state = AutoscaleState::default();
        for (n, (arrivals, queued, ready)) in seen.into_iter().enumerate() {
            let seen = Observation { queued, ..second(n as u64, arrivals, ready) };
            let (next, answer) = decide(&policy, state, &seen, None);
            prop_assert!(!answer.figures.panic || answer.desired >= answer.current.min(policy.max_replicas));
            state = next;
        }
    }

    /// A forecast adds, and never removes.
    #[test]
    fn a_forecast_never_calls_for_fewer(past in vec(0_u64..400, 1..40), expected in number(), ready in 1_u32..40) {
        let policy = served();
        let mut state = AutoscaleState::default();
        for (n, arrivals) in past.iter().enumerate() {
            let seen = second(n as u64, *arrivals, ready);
            let forecast = Forecast { at: seen.now, spread_ms: 10_000, arrivals_per_s: expected };
            let without = decide(&policy, state.clone(), &seen, None);
            let with = decide(&policy, state, &seen, Some(&forecast));
            prop_assert!(with.1.desired >= without.1.desired);
            state = without.0;
        }
    }
}

fn served() -> AutoscalePolicy {
    AutoscalePolicy {
        max_replicas: 50,
        latency: Some(LatencyObjective { quantile: 0.95, ms: 400.0 }),
        ..AutoscalePolicy::default()
    }
}

/// One second of a deployment that keeps up: requests of 100 ms on four slots a replica.
fn second(n: u64, arrivals: u64, ready: u32) -> Observation {
    Observation {
        now: 1_700_000_000_000 + n * 1_000,
        ready,
        slots: 4,
        arrivals,
        completions: arrivals,
        in_flight: arrivals as f64 * 0.1,
        service_ms: (arrivals > 0).then_some(100.0),
        service_quantile_ms: (arrivals > 0).then_some(200.0),
        queue_delay_ms: (arrivals > 0).then_some(0.0),
        latency_ms: (arrivals > 0).then_some(200.0),
        ..Observation::default()
    }
}

/// Runs seconds of arrivals, doing at once what is recommended, and hands each answer to `each`.
fn follow(policy: &AutoscalePolicy, arrivals: impl Iterator<Item = u64>, mut each: impl FnMut(u64, &Recommendation)) {
    let (mut state, mut ready) = (AutoscaleState::default(), 1);
    for (n, arrivals) in arrivals.enumerate() {
        let (next, answer) = decide(policy, state, &second(n as u64, arrivals, ready), None);
        each(n as u64, &answer);
        (state, ready) = (next, answer.desired);
    }
}

#[test]
fn constant_load_changes_nothing_once_it_is_settled() {
    for arrivals in [1, 7, 40, 95, 134, 500, 900] {
        let mut settled = None;
        follow(&served(), std::iter::repeat_n(arrivals, 3_600), |n, answer| {
            if n == 120 {
                settled = Some(answer.desired);
            } else if n > 120 {
                assert_eq!(Some(answer.desired), settled, "{arrivals} in a second, after {n} s");
            }
        });
    }
}

/// With Poisson's noise a change now and then is due, a swing is not.
#[test]
fn noise_does_not_make_it_swing() {
    let world = World { slots: 4, start_up_ms: 5_000, max_replicas: 60, quantile: 0.95, objective_ms: 400.0 };
    for (seed, rate) in [(1, 30.0), (2, 100.0), (3, 160.0), (4, 400.0)] {
        let seconds = 3_720;
        let trace = Trace { name: "constant", seconds, requests: poisson(&Draw::new(seed), seconds, rate, |_| rate) };
        let outcome = Simulation::new(world, &trace, 12).run(&mut Machine::new(&world));
        println!("{rate} in a second: {outcome:?}");
        assert!(outcome.changes <= 12, "seed {seed}: {} changes in an hour", outcome.changes);
        assert!(outcome.outside_s <= 3, "seed {seed}: {} s outside", outcome.outside_s);
    }
}

#[test]
fn higher_loads_settle_on_no_fewer_replicas() {
    let mut last = 0;
    for arrivals in (0..1_000).step_by(20) {
        let mut desired = 0;
        follow(&served(), std::iter::repeat_n(arrivals, 200), |_, answer| desired = answer.desired);
        assert!(desired >= last, "{desired} for {arrivals} in a second, {last} for fewer");
        last = desired;
    }
    assert!(last > 20);
}

#[test]
fn to_zero_after_the_idle_time_only_and_back_at_the_first_arrival() {
    let policy = AutoscalePolicy { min_replicas: 0, idle_ms: 90_000, ..served() };
    policy.validate().unwrap();
    // Busy for a minute, idle for two, one request.
    let arrivals = std::iter::repeat_n(50, 60).chain(std::iter::repeat_n(0, 120)).chain([1]);
    let mut zero_at = None;
    follow(&policy, arrivals, |n, answer| match n {
        0..60 => assert!(answer.desired >= 1),
        60..180 if answer.desired == 0 => {
            let first = *zero_at.get_or_insert(n);
            if first == n {
                assert_eq!(answer.reason, Reason::Idle { idle_ms: 90_000, target_ms: 90_000 });
            }
        }
        60..180 => assert_eq!(zero_at, None, "back without an arrival"),
        _ => {
            assert!(answer.act && answer.desired == 1 && answer.current == 0);
            assert!(matches!(answer.reason, Reason::FirstArrival { waiting: 1, .. }), "{:?}", answer.reason);
        }
    });
    // The last request came in the interval that ended after 59 s.
    assert_eq!(zero_at, Some(149));

    let kept = AutoscalePolicy { min_replicas: 1, ..policy };
    follow(&kept, std::iter::repeat_n(50, 60).chain(std::iter::repeat_n(0, 600)), |_, a| assert!(a.desired >= 1));
}

#[test]
fn the_state_does_not_grow() {
    for (stable_window_ms, panic_window_ms) in [(60_000, 2_000), (600_000, 2_000), (1_000, 500)] {
        let policy = AutoscalePolicy { stable_window_ms, panic_window_ms, ..served() };
        policy.validate().unwrap();
        let (mut state, mut early, mut late) = (AutoscaleState::default(), 0, 0);
        let draw = Draw::new(7);
        let mut now = 0;
        for n in 0..40_000 {
            // Intervals of every length, some of them back in time.
            now = if n % 97 == 0 { now / 2 } else { now + (draw.unit() * 400.0) as u64 };
            let arrivals = (draw.unit() * if n % 500 < 60 { 400.0 } else { 40.0 }) as u64;
            state = decide(&policy, state, &Observation { now, ..second(0, arrivals, 3) }, None).0;
            let seen = if n < 20_000 { &mut early } else { &mut late };
            *seen = size(&state).max(*seen);
        }
        assert!(late as f64 <= early as f64 * 1.05 && late < 200_000, "{early} bytes, then {late}");
    }
}

#[test]
fn a_clock_that_is_set_back_changes_nothing_of_a_steady_load() {
    let policy = served();
    let (mut state, mut ready) = (AutoscaleState::default(), 1);
    let mut settled = None;
    for n in 0..600_u64 {
        let mut seen = second(n, 200, ready);
        if n >= 300 {
            seen.now -= 200_000;
        }
        let (next, answer) = decide(&policy, state, &seen, None);
        if n == 299 {
            settled = Some(answer.desired);
        } else if n >= 300 {
            assert_eq!(Some(answer.desired), settled, "after {n} s");
        }
        (state, ready) = (next, answer.desired);
    }
}

#[test]
fn a_full_replica_does_not_hide_the_demand() {
    // Two replicas of four slots do 80 requests of 100 ms in a second; 200 arrive, and 120 more wait each second.
    let policy = served();
    let mut state = AutoscaleState::default();
    let mut last = None;
    for n in 0..3 {
        let queued = 120 * (n + 1);
        let seen = Observation { completions: 80, in_flight: 8.0, queued, utilisation: Some(1.0), ..second(n, 200, 2) };
        let (next, answer) = decide(&policy, state, &seen, None);
        (state, last) = (next, Some(answer));
    }
    let answer = last.unwrap();
    assert!((answer.figures.offered - 20.0).abs() < 0.5, "{:?}", answer.figures);
    assert!(answer.desired >= 6 && answer.figures.panic, "{answer:?}");
    assert!(matches!(answer.reason, Reason::Backlog { queued: 360, .. }), "{:?}", answer.reason);
}

/// Where the objective is missed for waits that the model does not see, demand is counted for more; where service alone
/// misses it, no replica is spent on it.
#[test]
fn a_missed_objective_counts_where_replicas_can_help() {
    let after = |missed: &dyn Fn(&mut Observation)| {
        let (mut state, mut answer) = (AutoscaleState::default(), None);
        for n in 0..300 {
            let mut seen = second(n, 380, 13);
            missed(&mut seen);
            let (next, last) = decide(&served(), state, &seen, None);
            (state, answer) = (next, Some(last));
        }
        answer.unwrap()
    };
    let met = after(&|_| {});
    assert_eq!(met.figures.correction, 1.0);
    let waits = after(&|seen| (seen.latency_ms, seen.queue_delay_ms) = (Some(900.0), Some(700.0)));
    assert!(waits.figures.correction > 1.2 && waits.figures.correction <= 1.5, "{:?}", waits.figures);
    assert!(waits.desired > met.desired && matches!(waits.reason, Reason::Latency { .. }), "{waits:?}");
    let slow = after(&|seen| (seen.latency_ms, seen.service_quantile_ms) = (Some(900.0), Some(900.0)));
    assert!(slow.figures.unreachable && slow.figures.correction == 1.0);
    assert!(matches!(slow.reason, Reason::InFlight { .. }) && slow.desired <= met.desired, "{slow:?}");
}

/// The seam for forecasts: replicas are there before the demand is.
#[test]
fn a_forecast_starts_replicas_ahead_and_even_from_zero() {
    let policy = AutoscalePolicy { min_replicas: 0, ..served() };
    let mut state = AutoscaleState::default();
    for n in 0..60 {
        state = decide(&policy, state, &second(n, 40, 2), None).0;
    }
    let seen = second(60, 40, 2);
    let at = |at, arrivals_per_s| Forecast { at, spread_ms: 1_000, arrivals_per_s };
    let (_, soon) = decide(&policy, state.clone(), &seen, Some(&at(seen.now + 5_000, 400.0)));
    assert!(soon.desired >= 12 && matches!(soon.reason, Reason::Forecast { .. }), "{soon:?}");
    let (_, later) = decide(&policy, state.clone(), &seen, Some(&at(seen.now + 60_000, 400.0)));
    assert!(later.desired <= 2, "{later:?}");
    let idle = Observation { now: seen.now + 400_000, ready: 0, ..second(0, 0, 0) };
    assert_eq!(decide(&policy, state.clone(), &idle, None).1.desired, 0);
    let (_, ahead) = decide(&policy, state, &idle, Some(&at(idle.now, 100.0)));
    assert!(ahead.desired >= 1 && matches!(ahead.reason, Reason::Forecast { .. }), "{ahead:?}");
}

#[test]
fn each_limit_is_named_with_its_figures() {
    let limits = |policy: &AutoscalePolicy, arrivals: &[u64], ready: u32| {
        let mut state = AutoscaleState::default();
        let mut found = Vec::new();
        for (n, arrivals) in arrivals.iter().enumerate() {
            let (next, answer) = decide(policy, state, &second(n as u64, *arrivals, ready), None);
            (state, found) = (next, answer.limits);
        }
        found
    };
    let steady = |arrivals| vec![arrivals; 70];
    let few = AutoscalePolicy { max_replicas: 3, ..served() };
    assert!(matches!(limits(&few, &steady(400), 3)[..], [Limit::Ceiling { wanted: 12.., most: 3 }]));
    let many = AutoscalePolicy { min_replicas: 8, ..served() };
    assert!(limits(&many, &steady(40), 8).iter().any(|l| matches!(l, Limit::Floor { least: 8, .. })));
    let slow = AutoscalePolicy { up: RateLimit { percent: 0, replicas: 2, period_ms: 60_000 }, ..served() };
    assert!(matches!(limits(&slow, &steady(400), 3)[..], [Limit::Rate { allowed: 2, period_ms: 60_000, .. }]));
    let mut fall = steady(400);
    fall.extend([10; 20]);
    let found = limits(&served(), &fall, 13);
    assert!(found.iter().any(|l| matches!(l, Limit::Stabilisation { window_ms: 60_000, .. })), "{found:?}");
}

/// Vertical scaling in its own small world.
mod vertical {
    use super::*;

    fn policy() -> AutoscalePolicy {
        let vertical = VerticalBounds {
            threads: Some(Span { min: 1, max: 8 }),
            batch: Some(Span { min: 1, max: 32 }),
            memory: Some(ByteRange { min: 100, max: 10_000 }),
            ..VerticalBounds::default()
        };
        let policy = AutoscalePolicy { max_replicas: 2, vertical: Some(vertical), ..served() };
        policy.validate().unwrap();
        policy
    }

    /// Follows `world` for an hour, doing what is recommended; the changes that were made.
    fn hour(mut seen: Observation, world: impl Fn(&mut Observation)) -> (Observation, Vec<VerticalChange>) {
        let (mut state, mut made) = (AutoscaleState::default(), Vec::new());
        for n in 0..3_600 {
            seen.now = n * 1_000;
            world(&mut seen);
            let (next, answer) = decide(&policy(), state, &seen, None);
            state = next;
            for change in answer.vertical {
                match &change {
                    VerticalChange::Threads { to, .. } => seen.threads = Some(*to),
                    VerticalChange::Batch { to, .. } => seen.batch_limit = Some(*to),
                    VerticalChange::Memory { to, .. } => seen.memory_limit_bytes = Some(*to),
                }
                made.push(change);
            }
        }
        (seen, made)
    }

    /// Service that gains from threads wholly, partly or not at all: threads settle, none goes back and forth.
    #[test]
    fn threads_settle_where_service_fits_the_objective() {
        for (one_thread_ms, parallel, settled) in [(900.0, 1.0, 4), (900.0, 0.0, 8), (50.0, 1.0, 1), (200.0, 0.9, 1)] {
            let start = Observation { threads: Some(1), ..second(0, 10, 1) };
            let (end, made) = hour(start, |seen| {
                let threads = f64::from(seen.threads.unwrap());
                seen.service_quantile_ms = Some(one_thread_ms * (1.0 - parallel + parallel / threads));
            });
            assert_eq!(end.threads, Some(settled), "{one_thread_ms} ms, {parallel}: {made:?}");
            assert!(made.len() <= 3, "{made:?}");
        }
        let (end, _) = hour(Observation { threads: Some(8), ..second(0, 10, 1) }, |seen| {
            seen.service_quantile_ms = Some(80.0 / f64::from(seen.threads.unwrap()));
        });
        assert_eq!(end.threads, Some(1));
    }

    /// Full batches, waits, no further replica: batches grow as far as the objective lets service grow, and stay.
    #[test]
    fn batches_grow_while_requests_wait_and_service_fits() {
        let start = Observation { batch_limit: Some(1), ..second(0, 400, 2) };
        let (end, made) = hour(start, |seen| {
            let limit = f64::from(seen.batch_limit.unwrap());
            seen.batch_size = Some(limit);
            seen.service_quantile_ms = Some(20.0 + 20.0 * limit);
            seen.queue_delay_ms = Some(1_000.0);
            seen.latency_ms = Some(1_200.0);
            seen.queued = 100;
        });
        let service = 20.0 + 20.0 * f64::from(end.batch_limit.unwrap());
        assert!(service <= 400.0 && service * 1.5 > 400.0, "{made:?}");
        let (end, _) = hour(Observation { batch_limit: Some(32), ..second(0, 40, 2) }, |seen| {
            let limit = f64::from(seen.batch_limit.unwrap());
            seen.batch_size = Some(limit);
            seen.service_quantile_ms = Some(20.0 + 20.0 * limit);
            seen.latency_ms = seen.service_quantile_ms;
        });
        assert!(20.0 + 20.0 * f64::from(end.batch_limit.unwrap()) <= 400.0, "{end:?}");
    }

    #[test]
    fn memory_follows_what_is_used_and_then_rests() {
        for (used, start) in [(950, 1_000), (100, 1_000), (700, 1_000), (9_900, 5_000), (1, 400)] {
            let begin = Observation { memory_limit_bytes: Some(start), ..second(0, 10, 1) };
            let (end, made) = hour(begin, |seen| seen.memory_used_bytes = Some(used));
            assert!(made.len() <= 1, "{made:?}");
            let limit = end.memory_limit_bytes.unwrap();
            assert!(limit >= used && (100..=10_000).contains(&limit), "{used} of {limit}");
            assert_eq!(made.is_empty(), used == 700, "{made:?}");
        }
    }
}
