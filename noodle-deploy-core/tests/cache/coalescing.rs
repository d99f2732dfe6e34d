//! Identical requests at the same time: one computes, the others wait as long as they want to.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use noodle_deploy_core::machine::cache::CacheConfig;
use noodle_deploy_core::{CancelToken, ErrorKind, PredictOptions};

use crate::world::*;

const REQUESTS: usize = 16;

/// The gate closes, one request runs, the others come.
macro_rules! while_one_runs {
    ($script:ident, $noodle:ident, $first:expr, |$scope:ident, $leader:ident, $others:ident| $body:block) => {
        $script.closed.store(true, Ordering::SeqCst);
        std::thread::scope(|$scope| {
            let $leader = $scope.spawn(|| $first);
            until("the first runs", || $script.running.load(Ordering::SeqCst) == 1);
            let $others: Vec<_> = (1..REQUESTS).map(|_| $scope.spawn(|| ask(&$noodle, 1.0))).collect();
            // Long enough for all to come; were they not to wait, they would run.
            std::thread::sleep(Duration::from_millis(100));
            assert_eq!($script.running.load(Ordering::SeqCst), 1, "others run beside the first");
            $body
        });
    };
}

#[test]
fn identical_requests_run_once() {
    let (_dir, script, noodle) = ready(CacheConfig::default());
    while_one_runs!(script, noodle, ask(&noodle, 1.0), |scope, leader, others| {
        script.closed.store(false, Ordering::SeqCst);
        let mut answers = vec![leader.join().unwrap().unwrap()];
        answers.extend(others.into_iter().map(|other| other.join().unwrap().unwrap()));
        assert!(answers.iter().all(|a| *a.output("y").unwrap() == answer(1, 1.0)));
    });
    assert_eq!(script.runs.load(Ordering::SeqCst), 1);
    let found = metrics(&noodle);
    assert_eq!((found.misses, found.coalesced + found.memory_hits), (1, REQUESTS as u64 - 1));
    assert!(found.coalesced > 0);
}

#[test]
fn different_requests_do_not_wait_for_each_other() {
    let (_dir, script, noodle) = ready(CacheConfig::default());
    script.closed.store(true, Ordering::SeqCst);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| ask(&noodle, 1.0));
        until("the first runs", || script.running.load(Ordering::SeqCst) == 1);
        let late = PredictOptions { timeout: Some(Duration::from_millis(50)), ..PredictOptions::default() };
        // There is one replica: this one waits for it, and not for the first one's answer.
        assert_eq!(ask_with(&noodle, 2.0, &late).unwrap_err().kind(), ErrorKind::DeadlineExceeded);
        script.closed.store(false, Ordering::SeqCst);
        first.join().unwrap().unwrap();
    });
    expect(&noodle, 2.0, 1);
    assert_eq!(script.runs.load(Ordering::SeqCst), 2);
}

#[test]
fn without_coalescing_each_request_runs() {
    let (_dir, script, noodle) = ready(CacheConfig { coalesce: false, ..CacheConfig::default() });
    script.closed.store(true, Ordering::SeqCst);
    std::thread::scope(|scope| {
        let requests: Vec<_> = (0..2).map(|_| scope.spawn(|| ask(&noodle, 1.0))).collect();
        until("the first runs", || script.running.load(Ordering::SeqCst) == 1);
        std::thread::sleep(Duration::from_millis(100));
        script.closed.store(false, Ordering::SeqCst);
        requests.into_iter().for_each(|request| drop(request.join().unwrap().unwrap()));
    });
    assert_eq!((script.runs.load(Ordering::SeqCst), metrics(&noodle).coalesced), (2, 0));
}

#[test]
fn a_leader_that_fails_or_panics_hands_over_and_its_error_is_not_kept() {
    for panics in [false, true] {
        let (_dir, script, noodle) = ready(CacheConfig::default());
        while_one_runs!(script, noodle, ask(&noodle, 1.0), |scope, leader, others| {
            let counter = if panics { &script.panics } else { &script.fails };
            counter.store(1, Ordering::SeqCst);
            script.closed.store(false, Ordering::SeqCst);
            assert_eq!(leader.join().unwrap().unwrap_err().kind(), ErrorKind::EngineFailed);
            for other in others {
                assert!(*other.join().unwrap().unwrap().output("y").unwrap() == answer(1, 1.0));
            }
        });
        assert_eq!(script.runs.load(Ordering::SeqCst), 2, "the leader, and one of those that waited");
        expect(&noodle, 1.0, 1);
        assert_eq!(script.runs.load(Ordering::SeqCst), 2);
    }
}

#[test]
fn a_leader_that_is_cancelled_or_late_hands_over() {
    for cancels in [false, true] {
        let (_dir, script, noodle) = ready(CacheConfig::default());
        let token = CancelToken::new();
        let options = PredictOptions {
            timeout: (!cancels).then_some(Duration::from_millis(300)),
            cancel: cancels.then(|| token.clone()),
            ..PredictOptions::default()
        };
        while_one_runs!(script, noodle, ask_with(&noodle, 1.0, &options), |scope, leader, others| {
            token.cancel();
            let error = leader.join().unwrap().unwrap_err();
            let expected = if cancels { ErrorKind::Cancelled } else { ErrorKind::DeadlineExceeded };
            assert_eq!(error.kind(), expected);
            until("another one runs", || script.running.load(Ordering::SeqCst) == 1);
            script.closed.store(false, Ordering::SeqCst);
            for other in others {
                assert!(*other.join().unwrap().unwrap().output("y").unwrap() == answer(1, 1.0));
            }
        });
        assert_eq!(script.runs.load(Ordering::SeqCst), 2);
    }
}

#[test]
fn one_that_waits_keeps_its_own_deadline_and_cancel_token() {
    let (_dir, script, noodle) = ready(CacheConfig::default());
    script.closed.store(true, Ordering::SeqCst);
    std::thread::scope(|scope| {
        let leader = scope.spawn(|| ask(&noodle, 1.0));
        until("the first runs", || script.running.load(Ordering::SeqCst) == 1);
        let begun = Instant::now();
        let late = PredictOptions { timeout: Some(Duration::from_millis(50)), ..PredictOptions::default() };
        assert_eq!(ask_with(&noodle, 1.0, &late).unwrap_err().kind(), ErrorKind::DeadlineExceeded);
        assert!(begun.elapsed() < Duration::from_secs(5));
        let token = CancelToken::new();
        let options = PredictOptions { cancel: Some(token.clone()), ..PredictOptions::default() };
        let waits = scope.spawn(|| {
            let options = options;
            ask_with(&noodle, 1.0, &options)
        });
        std::thread::sleep(Duration::from_millis(30));
        token.cancel();
        assert_eq!(waits.join().unwrap().unwrap_err().kind(), ErrorKind::Cancelled);
        assert!(!leader.is_finished());
        script.closed.store(false, Ordering::SeqCst);
        leader.join().unwrap().unwrap();
    });
    assert_eq!(script.runs.load(Ordering::SeqCst), 1);
}

#[test]
fn asynchronous_requests_coalesce_too() {
    let (_dir, script, noodle) = ready(CacheConfig::default());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    script.closed.store(true, Ordering::SeqCst);
    let input = || {
        let data = vec![1.0f32, 1.0, 2.0, 3.0];
        vec![("x".to_owned(), noodle_deploy_core::Tensor::new(&[1, 4], data).unwrap())]
    };
    let requests: Vec<_> = (0..8).map(|_| noodle.predict_async("d", input(), PredictOptions::default())).collect();
    until("one runs", || script.running.load(Ordering::SeqCst) == 1);
    script.closed.store(false, Ordering::SeqCst);
    runtime.block_on(async {
        for request in requests {
            assert!(*request.await.unwrap().output("y").unwrap() == answer(1, 1.0));
        }
    });
    assert_eq!(script.runs.load(Ordering::SeqCst), 1);
}
