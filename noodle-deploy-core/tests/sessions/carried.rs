//! What goes from call to call.

use std::sync::atomic::Ordering;
use std::time::Duration;

use noodle_deploy_core::error::ErrorKind;
use noodle_deploy_core::machine::cache::CacheConfig;
use noodle_deploy_core::ops::deployments::DeployInput;
use noodle_deploy_core::{BatchConfig, CancelToken, PredictOptions, Settings, Tensor};

use crate::world::{World, carries, first, growing, recurrent, row, say, settings, until, with_state};

/// Values that no short sum makes exact.
fn inputs() -> impl Iterator<Item = Tensor> {
    (0..40).map(|n| Tensor::new(&[1, 4], (0..4).map(|c| ((n * 7 + c * 3) as f32).sin()).collect()).unwrap())
}

#[test]
fn a_session_answers_as_a_loop_by_hand_bit_by_bit() {
    let world = World::with(Settings { default_engine: Some("tract".into()), ..settings() });
    world.register("m", "1.0.0", &recurrent(0.7, 1.3));
    world.deploy(with_state("m", "1.0.0")).unwrap();
    let session = world.session("m");
    let mut h = Tensor::new(&[1, 4], vec![0.0f32; 4]).unwrap();
    for x in inputs() {
        let by_hand = world.noodle.predict("m", &[("x", x.view()), ("h", h.view())]).unwrap();
        let answer = session.predict(&[("x", x.view())]).unwrap();
        assert_eq!(answer, by_hand);
        h = by_hand.output("h_next").unwrap().clone();
    }
    assert_eq!(session.served().version, "1.0.0");
}

#[test]
fn sessions_do_not_mix_and_begin_anew_when_told() {
    let world = World::new();
    let (a, b) = (world.session("m"), world.session("m"));
    assert_eq!((say(&a, 1.0).unwrap(), say(&a, 1.0).unwrap(), say(&b, 5.0).unwrap()), (1.0, 2.0, 5.0));
    a.reset().unwrap();
    assert_eq!((say(&a, 1.0).unwrap(), say(&b, 1.0).unwrap()), (1.0, 6.0));
}

#[test]
fn calls_of_one_session_run_one_after_the_other() {
    let world = World::new();
    let scaled = world.deploy(DeployInput { replicas: Some(4), ..with_state("m", "1.0.0") }).unwrap();
    assert_eq!(scaled.desired.replicas, 4);
    let session = world.session("m");
    world.script.most_running.store(0, Ordering::SeqCst);
    let answers = std::thread::scope(|scope| {
        let call = || (0..25).map(|_| say(&session, 1.0).unwrap()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(call)).collect();
        let mut answers: Vec<f32> = Vec::new();
        for thread in threads {
            let mine = thread.join().unwrap();
            assert!(mine.is_sorted());
            answers.extend(mine);
        }
        answers
    });
    let mut sums: Vec<u32> = answers.iter().map(|sum| *sum as u32).collect();
    sums.sort_unstable();
    assert_eq!(sums, (1..=200).collect::<Vec<_>>());
    assert_eq!(world.script.most_running.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn asynchronous_calls_are_answered_in_the_order_in_which_they_were_made() {
    let world = World::new();
    let session = world.session("m");
    let call = || session.predict_async(vec![("x".into(), row(1.0))], PredictOptions::default()).unwrap();
    let futures: Vec<_> = (0..100).map(|_| call()).collect();
    for (n, future) in futures.into_iter().enumerate() {
        assert_eq!(first(&future.await.unwrap()), (n + 1) as f32);
    }
    // One that nobody waits for does not happen.
    world.script.closed.store(true, Ordering::SeqCst);
    let held = call();
    until("it runs", || world.script.running.load(Ordering::SeqCst) == 1);
    drop((call(), held));
    world.script.closed.store(false, Ordering::SeqCst);
    assert_eq!(say(&session, 1.0).unwrap(), 101.0);
}

#[test]
fn a_call_that_fails_leaves_what_is_carried() {
    let world = World::new();
    let session = world.session("m");
    assert_eq!(say(&session, 1.0).unwrap(), 1.0);
    world.script.fails.store(1, Ordering::SeqCst);
    assert_eq!(say(&session, 10.0).unwrap_err().kind(), ErrorKind::EngineFailed);
    let wide = Tensor::new(&[1, 5], vec![0.0f32; 5]).unwrap();
    assert_eq!(session.predict(&[("x", wide.view())]).unwrap_err().kind(), ErrorKind::InvalidArgument);
    // The batch of what is carried is that of the call.
    let two = Tensor::new(&[2, 4], vec![0.0f32; 8]).unwrap();
    let error = session.predict(&[("x", two.view())]).unwrap_err();
    assert_eq!((error.kind(), error.get("symbol")), (ErrorKind::InvalidArgument, Some("batch = 2")));
    world.script.closed.store(true, Ordering::SeqCst);
    let x = row(10.0);
    let soon = PredictOptions { timeout: Some(Duration::from_millis(20)), ..PredictOptions::default() };
    let late = session.predict_with(&[("x", x.view())], &soon).unwrap_err();
    assert_eq!(late.kind(), ErrorKind::DeadlineExceeded);
    let token = CancelToken::new();
    let options = PredictOptions { cancel: Some(token.clone()), ..PredictOptions::default() };
    std::thread::scope(|scope| {
        let call = scope.spawn(|| session.predict_with(&[("x", x.view())], &options).unwrap_err());
        until("it runs", || world.script.running.load(Ordering::SeqCst) == 1);
        token.cancel();
        assert_eq!(call.join().unwrap().kind(), ErrorKind::Cancelled);
    });
    world.script.closed.store(false, Ordering::SeqCst);
    assert_eq!(say(&session, 1.0).unwrap(), 2.0);
}

#[test]
fn a_call_that_waits_for_its_turn_can_give_up() {
    let world = World::with(Settings { max_queue: 1, ..settings() });
    world.register("m", "1.0.0", &recurrent(1.0, 1.0));
    world.deploy(with_state("m", "1.0.0")).unwrap();
    let session = world.session("m");
    world.script.closed.store(true, Ordering::SeqCst);
    let x = row(1.0);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| say(&session, 1.0).unwrap());
        until("it runs", || world.script.running.load(Ordering::SeqCst) == 1);
        let soon = PredictOptions { timeout: Some(Duration::from_millis(20)), ..PredictOptions::default() };
        let late = session.predict_with(&[("x", x.view())], &soon).unwrap_err();
        assert_eq!(late.kind(), ErrorKind::DeadlineExceeded);
        let token = CancelToken::new();
        let options = PredictOptions { cancel: Some(token.clone()), ..PredictOptions::default() };
        let (session, view) = (&session, x.view());
        let second = scope.spawn(move || session.predict_with(&[("x", view)], &options));
        // As many as the settings say, beside the one that runs.
        std::thread::sleep(Duration::from_millis(100));
        let error = session.predict_with(&[("x", x.view())], &soon).unwrap_err();
        assert_eq!((error.kind(), error.get("max_queue")), (ErrorKind::Overloaded, Some("1")));
        token.cancel();
        assert_eq!(second.join().unwrap().unwrap_err().kind(), ErrorKind::Cancelled);
        world.script.closed.store(false, Ordering::SeqCst);
        assert_eq!(first.join().unwrap(), 1.0);
    });
    assert_eq!(say(&session, 1.0).unwrap(), 2.0);
}

#[test]
fn what_is_carried_is_not_given_and_the_version_not_chosen() {
    let world = World::new();
    let session = world.session("m");
    let x = row(1.0);
    let error = session.predict(&[("x", x.view()), ("h", x.view())]).unwrap_err();
    assert_eq!((error.get("field"), error.get("value"), error.get("allowed")), (Some("inputs"), Some("h"), Some("x")));
    let error = session.predict(&[("z", x.view())]).unwrap_err();
    assert_eq!((error.get("field"), error.get("value")), (Some("inputs"), Some("z")));
    let pinned = PredictOptions { version: Some("1.0.0".into()), ..PredictOptions::default() };
    let error = session.predict_with(&[("x", x.view())], &pinned).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some("version")));
    // Carried outputs can be read; without a session everything is given, as ever.
    let answer = session.predict(&[("x", x.view())]).unwrap();
    assert_eq!(answer.output("h_next").unwrap(), &x);
    let error = world.noodle.predict("m", &[("x", x.view())]).unwrap_err();
    assert_eq!(error.get("input"), Some("h"));
}

#[test]
fn without_state_a_session_keeps_its_version_alone() {
    let world = World::new();
    world.deploy(DeployInput { model: Some("m".into()), ..DeployInput::new("plain", "1.0.0") }).unwrap();
    let session = world.session("plain");
    let x = row(2.0);
    let answer = session.predict(&[("x", x.view()), ("h", x.view())]).unwrap();
    assert_eq!(first(&answer), 4.0);
    assert_eq!(world.metrics("plain", 1).sessions.unwrap().open, 1);
}

#[test]
fn answers_are_not_kept_and_batches_are_shared() {
    let world = World::new();
    let input = DeployInput {
        model: Some("m".into()),
        cache: Some(CacheConfig::default()),
        batching: Some(BatchConfig::default()),
        ..with_state("both", "1.0.0")
    };
    world.deploy(input).unwrap();
    std::thread::scope(|scope| {
        for n in 1..=8u8 {
            let session = world.session("both");
            scope.spawn(move || {
                for call in 1..=30u16 {
                    assert_eq!(say(&session, f32::from(n)).unwrap(), f32::from(n) * f32::from(call));
                }
            });
        }
    });
    let metrics = world.metrics("both", 1);
    assert_eq!((metrics.requests.requests, metrics.cache.unwrap().misses), (240, 0));
}

#[test]
fn what_is_carried_may_grow() {
    let world = World::new();
    world.register("g", "1.0.0", &growing());
    world
        .deploy(DeployInput { state: Some(carries("seen_next", "seen", &[0, 4])), ..DeployInput::new("g", "latest") })
        .unwrap();
    let session = world.session("g");
    for n in 1..=20u8 {
        assert_eq!(say(&session, 1.0).unwrap(), 4.0 * f32::from(n));
        assert_eq!(world.metrics("g", 1).sessions.unwrap().bytes, 16 * u64::from(n));
    }
}
