//! Requests that load, that wait for a load, and that wait for memory.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use noodle_deploy_core::error::ErrorKind;
use noodle_deploy_core::machine::residency::Loading;
use noodle_deploy_core::ops::deployments::{DeployInput, DeploymentRef, Unload};
use noodle_deploy_core::ops::memory::{SetMemoryBudget, SetMemoryBudgetInput};
use noodle_deploy_core::ops::monitor::{DeploymentFilter, GetHealth, GetMetrics, Health};
use noodle_deploy_core::{CancelToken, PredictOptions, Settings, Tensor};

use crate::world::{FIT, SIZE, World, answered, ask_with, settings, until};

const ALL: [&str; 3] = ["a", "b", "c"];

fn timeout(ms: u64) -> PredictOptions {
    PredictOptions { timeout: Some(Duration::from_millis(ms)), ..PredictOptions::default() }
}

#[test]
fn the_least_recently_used_goes() {
    // Two fit: the deploy of the third let the first one go.
    let world = World::deployed(&ALL);
    assert_eq!(world.loaded(&ALL), [false, true, true]);
    world.ask("b", 2);
    world.ask("a", 1);
    assert_eq!(world.loaded(&ALL), [true, true, false]);
    world.ask("c", 3);
    assert_eq!(world.loaded(&ALL), [true, false, true]);
    let a = world.residency("a");
    assert_eq!((a.cold_loads, a.evictions, a.idle_unloads), (1, 1, 0));
    assert!(a.last_load_ms.is_some());
    // What was counted outlasts the unload; what is not loaded is ready all the same.
    let metrics = world.noodle.call::<GetMetrics>(DeploymentFilter { deployment: Some("b".into()) }).unwrap();
    assert_eq!(metrics.deployments["b"][0].requests.requests, 1);
    let health = world.noodle.call::<GetHealth>(DeploymentFilter { deployment: None }).unwrap();
    assert!(health.ready && health.deployments.iter().all(|d| d.health == Health::Healthy));
    assert_eq!(health.memory_used_bytes, FIT * SIZE);
    let status = world.status("b");
    assert_eq!((status.replicas, status.load.memory_bytes, &*status.load.engine), (0, 0, "scripted 1"));
}

#[test]
fn the_budget_follows_its_host() {
    let world = World::deployed(&ALL);
    let set = |bytes: Option<u64>| {
        world.noodle.call::<SetMemoryBudget>(SetMemoryBudgetInput { bytes }).map(|view| view.used_bytes)
    };
    // Less: who was asked the longest ago goes at once.
    world.ask("b", 2);
    assert_eq!(set(Some(SIZE)).unwrap(), SIZE);
    assert_eq!(world.loaded(&ALL), [false, true, false]);
    world.ask("c", 3);
    assert_eq!(world.loaded(&ALL), [false, false, true]);
    // More: all fit.
    set(Some(3 * SIZE)).unwrap();
    ALL.iter().zip([1, 2, 3]).for_each(|(name, factor)| world.ask(name, factor));
    assert_eq!(world.loaded(&ALL), [true, true, true]);
    let health = world.noodle.call::<GetHealth>(DeploymentFilter { deployment: None }).unwrap();
    assert_eq!(health.memory_limit_bytes, Some((3 * SIZE).to_string()));
    set(None).unwrap();
    let health = world.noodle.call::<GetHealth>(DeploymentFilter { deployment: None }).unwrap();
    assert_eq!((health.memory_limit_bytes, health.memory_used_bytes), (None, 3 * SIZE));
    let error = set(Some(1)).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some("bytes")));
}

#[test]
fn a_resident_one_stays_and_makes_room_for_itself() {
    let world = World::deployed(&["a", "b"]);
    world.register("r", 5);
    let resident = |name: &str| DeployInput { loading: Some(Loading::Resident), ..DeployInput::new(name, "latest") };
    world.deploy(resident("r")).unwrap();
    assert_eq!(world.loaded(&["a", "b"]), [false, true]);
    assert!(world.status("r").residency.is_none());
    world.ask("a", 1);
    assert_eq!(world.loaded(&["a", "b"]), [true, false]);
    world.register("s", 6);
    world.deploy(resident("s")).unwrap();
    // Nothing that may go is left, and nobody waits for what never comes.
    let begun = Instant::now();
    let error = ask_with(&world.noodle, "a", &PredictOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResourceExhausted);
    assert!(error.is_retryable() && begun.elapsed() < Duration::from_secs(5));
    world.ask("r", 5);
    world.ask("s", 6);
    let error = world.noodle.call::<Unload>(DeploymentRef { deployment: "r".into() }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[test]
fn concurrent_requests_share_one_load_and_different_ones_load_side_by_side() {
    let world = World::deployed(&ALL);
    for name in ALL {
        world.noodle.call::<Unload>(DeploymentRef { deployment: name.into() }).unwrap();
    }
    assert_eq!(world.loaded(&ALL), [false; 3]);
    let before = world.loads();
    world.script.slow.store(true, Ordering::SeqCst);
    std::thread::scope(|scope| {
        for (name, n) in [("a", 1), ("a", 1), ("a", 1), ("b", 2)] {
            let noodle = &world.noodle;
            scope.spawn(move || answered(&ask_with(noodle, name, &PredictOptions::default()).unwrap(), n));
        }
        until("two loads go on", || world.script.loading.load(Ordering::SeqCst) == 2);
        until("two requests wait", || world.status("a").waiting == 2);
        // One more would be too many; one whose time is up goes.
        let error = ask_with(&world.noodle, "a", &PredictOptions::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Overloaded);
        world.script.slow.store(false, Ordering::SeqCst);
    });
    assert_eq!(world.loads(), before + 2);
    assert_eq!(world.residency("a").cold_loads, 1);
}

#[test]
fn who_waits_for_a_load_can_give_up() {
    let world = World::deployed(&["a"]);
    world.noodle.call::<Unload>(DeploymentRef { deployment: "a".into() }).unwrap();
    world.script.slow.store(true, Ordering::SeqCst);
    std::thread::scope(|scope| {
        let noodle = &world.noodle;
        let loads = scope.spawn(|| ask_with(noodle, "a", &PredictOptions::default()));
        until("a load goes on", || world.script.loading.load(Ordering::SeqCst) == 1);
        assert_eq!(ask_with(&world.noodle, "a", &timeout(30)).unwrap_err().kind(), ErrorKind::DeadlineExceeded);
        let cancel = CancelToken::new();
        let options = PredictOptions { cancel: Some(cancel.clone()), ..PredictOptions::default() };
        let waits = scope.spawn(move || ask_with(noodle, "a", &options));
        until("it waits", || world.status("a").waiting == 1);
        cancel.cancel();
        assert_eq!(waits.join().unwrap().unwrap_err().kind(), ErrorKind::Cancelled);
        world.script.slow.store(false, Ordering::SeqCst);
        answered(&loads.join().unwrap().unwrap(), 1);
    });
}

#[test]
fn what_runs_is_kept_and_who_needs_its_memory_waits() {
    let world = World::deployed(&ALL);
    world.script.closed.store(true, Ordering::SeqCst);
    std::thread::scope(|scope| {
        let run = |name: &'static str| {
            let noodle = &world.noodle;
            scope.spawn(move || ask_with(noodle, name, &PredictOptions::default()))
        };
        let (b, c) = (run("b"), run("c"));
        until("both run", || world.script.running.load(Ordering::SeqCst) == 2);
        // Within its deadline.
        assert_eq!(ask_with(&world.noodle, "a", &timeout(50)).unwrap_err().kind(), ErrorKind::DeadlineExceeded);
        let a = run("a");
        std::thread::sleep(Duration::from_millis(50));
        assert!(!a.is_finished() && world.loaded(&ALL) == [false, true, true]);
        // Nor are they unloaded by hand.
        world.noodle.call::<Unload>(DeploymentRef { deployment: "b".into() }).unwrap();
        assert!(world.residency("b").loaded);
        world.script.closed.store(false, Ordering::SeqCst);
        for (request, n) in [(a, 1), (b, 2), (c, 3)] {
            answered(&request.join().unwrap().unwrap(), n);
        }
    });
    assert!(world.residency("a").loaded);
}

#[test]
fn a_wait_for_memory_ends() {
    let world = World::deployed(&ALL);
    world.script.closed.store(true, Ordering::SeqCst);
    std::thread::scope(|scope| {
        let run = |name: &'static str| {
            let noodle = &world.noodle;
            scope.spawn(move || ask_with(noodle, name, &PredictOptions::default()))
        };
        let (b, c) = (run("b"), run("c"));
        until("both run", || world.script.running.load(Ordering::SeqCst) == 2);
        let begun = Instant::now();
        let error = ask_with(&world.noodle, "a", &PredictOptions::default()).unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::ResourceExhausted, true));
        assert_eq!(error.get("waited_ms"), Some("10000"));
        assert!((10..15).contains(&begun.elapsed().as_secs()));
        world.script.closed.store(false, Ordering::SeqCst);
        answered(&b.join().unwrap().unwrap(), 2);
        answered(&c.join().unwrap().unwrap(), 3);
    });
    world.ask("a", 1);
}

#[test]
fn what_is_idle_goes_after_its_time() {
    let world = World::deployed(&["a"]);
    world.register("b", 2);
    let input = DeployInput {
        loading: Some(Loading::OnDemand),
        unload_after_ms: Some(60_000),
        ..DeployInput::new("b", "latest")
    };
    world.deploy(input).unwrap();
    world.clock.advance(Duration::from_secs(59));
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(world.loaded(&["a", "b"]), [true, true]);
    world.clock.advance(Duration::from_secs(1));
    until("b is unloaded", || !world.residency("b").loaded);
    // The other one has no time, and a clock that is set back unloads nothing.
    assert!(world.residency("a").loaded);
    world.ask("b", 2);
    world.clock.set(5);
    std::thread::sleep(Duration::from_millis(50));
    assert!(world.residency("b").loaded);
    let b = world.residency("b");
    assert_eq!((b.cold_loads, b.evictions, b.idle_unloads), (1, 0, 1));
    world.clock.advance(Duration::from_secs(60));
    until("b is unloaded again", || !world.residency("b").loaded);
}

#[test]
fn a_load_that_fails_is_not_repeated_at_every_request() {
    let world = World::deployed(&["a"]);
    world.noodle.call::<Unload>(DeploymentRef { deployment: "a".into() }).unwrap();
    world.script.fails.store(1, Ordering::SeqCst);
    let error = ask_with(&world.noodle, "a", &PredictOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidModel);
    let loads = world.loads();
    let error = ask_with(&world.noodle, "a", &PredictOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.get("cause").unwrap().contains("as the script says"));
    let health = world.noodle.call::<GetHealth>(DeploymentFilter { deployment: Some("a".into()) }).unwrap();
    assert!(health.deployments[0].last_error.as_ref().unwrap().contains("as the script says"));
    assert_eq!(world.loads(), loads);
    until("it is tried again", || ask_with(&world.noodle, "a", &PredictOptions::default()).is_ok());
}

struct Unparks(std::thread::Thread);

impl Wake for Unparks {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unparks(std::thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn an_asynchronous_request_loads_on_its_worker() {
    let world = World::deployed(&ALL);
    let x = Tensor::new(&[1, 4], vec![1.0f32, 2.0, 3.0, 4.0]).unwrap();
    let answer = world.noodle.predict_async("a", vec![("x".into(), x)], PredictOptions::default());
    answered(&block_on(answer).unwrap(), 1);
    assert_eq!(world.residency("a").cold_loads, 1);
}

#[test]
fn a_model_that_fits_nowhere_fails_at_once() {
    let world = World::with(Settings { memory_budget_bytes: Some(1 << 20), ..settings() });
    world.register("a", 1);
    world.deploy(DeployInput::new("a", "latest")).unwrap();
    world.register("big", 2);
    let two = DeployInput { threads: 2, ..DeployInput::new("big", "latest") };
    // The one makes room for the other.
    world.deploy(two).unwrap();
    assert_eq!(world.loaded(&["a", "big"]), [false, true]);
}

/// What a request pays for being able to load: `cargo test … --test loading -- --ignored --nocapture pays`.
#[test]
#[ignore = "a measurement"]
fn what_a_request_to_a_loaded_revision_pays() {
    let world = World::new();
    world.register("on-demand", 1);
    world.register("resident", 2);
    world.deploy(DeployInput::new("on-demand", "latest")).unwrap();
    let resident = DeployInput { loading: Some(Loading::Resident), ..DeployInput::new("resident", "latest") };
    world.deploy(resident).unwrap();
    let mut best = [u128::MAX; 2];
    // In turn, so that what else the machine does meets both alike.
    for _ in 0..200 {
        for (name, best) in ["resident", "on-demand"].iter().zip(&mut best) {
            let begun = Instant::now();
            for _ in 0..1_000 {
                ask_with(&world.noodle, name, &PredictOptions::default()).unwrap();
            }
            *best = (*best).min(begun.elapsed().as_nanos() / 1_000);
        }
    }
    let [resident, on_demand] = best;
    eprintln!("resident {resident} ns, on demand {on_demand} ns, the best of 200 turns");
    assert!(on_demand < resident * 2);
}
