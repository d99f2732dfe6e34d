//! Asynchronous requests, which gather on no thread.

use super::*;

#[test]
fn asynchronous_requests_gather_beyond_the_number_of_workers() {
    let host = host_with(Some(fixed(32)), two_workers(), |_| {});
    let others = host.held(|| {
        let others: Vec<_> = (0..64).map(|n| host.submit(n as f32, PredictOptions::default())).collect();
        until(|| host.waiting() == 64);
        others
    });
    for (n, other) in others.into_iter().enumerate() {
        assert_eq!(answer(other), Ok(2.0 * n as f32));
    }
    assert_eq!(*host.script.ran.lock().unwrap(), [1, 32, 32]);
    let (requests, errors) = host.metrics();
    assert_eq!((requests, errors.is_empty()), (65, true), "{errors:?}");
}

#[test]
fn an_asynchronous_request_that_nobody_waits_for_leaves_the_queue() {
    let host = host_with(Some(fixed(8)), two_workers(), |_| {});
    let token = CancelToken::new();
    let (kept, ended) = host.held(|| {
        let with = |options| host.submit(3.0, options);
        let dropped = with(PredictOptions::default());
        let cancelled = with(PredictOptions { cancel: Some(token.clone()), ..PredictOptions::default() });
        let soon = Some(Duration::from_millis(40));
        let late = with(PredictOptions { timeout: soon, ..PredictOptions::default() });
        let kept = with(PredictOptions { timeout: Some(Duration::from_secs(60)), ..PredictOptions::default() });
        until(|| host.waiting() == 4);
        drop(dropped);
        until(|| host.waiting() == 3);
        // While the replica still runs: nobody waits for it to end.
        token.cancel();
        let ended = [answer(cancelled), answer(late)];
        until(|| host.waiting() == 1);
        (kept, ended)
    });
    assert_eq!(ended, [Err(ErrorKind::Cancelled), Err(ErrorKind::DeadlineExceeded)]);
    assert_eq!(answer(kept), Ok(6.0));
    assert_eq!(*host.script.ran.lock().unwrap(), [1, 1]);
    let count = |name: &str| host.metrics().1.get(name).copied();
    until(|| count("cancelled") == Some(2) && count("deadline_exceeded") == Some(1));
    assert_eq!(host.metrics().0, 2);
}

#[test]
fn an_asynchronous_request_may_be_dropped_while_its_batch_runs_and_at_any_other_time() {
    let host = host_with(Some(fixed(8)), two_workers(), |_| {});
    host.held(|| drop(host.submit(2.0, PredictOptions::default())));
    std::thread::scope(|scope| {
        for thread in 0..4u32 {
            let host = &host;
            scope.spawn(move || {
                for n in 0..200u32 {
                    let asked = host.submit(n as f32, PredictOptions::default());
                    match (n + thread) % 3 {
                        0 => drop(asked),
                        _ => assert_eq!(answer(asked), Ok(2.0 * n as f32)),
                    }
                }
            });
        }
    });
    until(|| host.waiting() == 0);
}

#[test]
fn asynchronous_requests_fail_for_themselves_and_are_refused_where_the_queue_is_full() {
    let host = host_with(Some(fixed(8)), Settings { max_queue: 3, ..two_workers() }, |_| {});
    host.script.poison.store(3, Ordering::SeqCst);
    let (asked, refused) = host.held(|| {
        let asked: Vec<_> = [2.0, 3.0, 4.0].map(|n| host.submit(n, PredictOptions::default())).into();
        until(|| host.waiting() == 3);
        (asked, waited(host.submit(5.0, PredictOptions::default())).unwrap_err())
    });
    assert_eq!((refused.kind(), refused.get("max_queue")), (ErrorKind::Overloaded, Some("3")));
    assert_eq!(refused.get("deployment"), Some("m"));
    let answers: Vec<_> = asked.into_iter().map(answer).collect();
    assert_eq!(answers, [Ok(4.0), Err(ErrorKind::EngineFailed), Ok(8.0)]);
    let wrong =
        host.noodle.predict_async("m", vec![("z".into(), Tensor::new(&[1, 1], vec![1f32]).unwrap())], of_level(0));
    assert_eq!(waited(wrong).unwrap_err().kind(), ErrorKind::InvalidArgument);
}

#[test]
fn asynchronous_requests_that_share_no_batch_are_answered_too() {
    let host = host_with(Some(fixed(4)), two_workers(), |_| {});
    let ask = |rows: usize| {
        let tensor = Tensor::new(&[rows, 1], vec![1f32; rows]).unwrap();
        waited(host.noodle.predict_async("m", vec![("x".into(), tensor)], PredictOptions::default())).unwrap()
    };
    for rows in [9, 1, 4, 5] {
        assert_eq!(ask(rows).output("y").unwrap().shape(), [rows, 1]);
    }
    assert_eq!(*host.script.ran.lock().unwrap(), [9, 1, 4, 5]);
}

#[test]
fn asynchronous_requests_of_an_on_demand_deployment_gather_once_it_is_loaded() {
    let loading = |input: &mut DeployInput| {
        input.loading = Some(Loading::OnDemand);
    };
    let host = host_with(Some(fixed(32)), two_workers(), loading);
    let unload = || host.noodle.call::<Unload>(DeploymentRef { deployment: "m".into() }).unwrap();
    unload();
    let cold: Vec<_> = (0..8).map(|n| host.submit(n as f32, PredictOptions::default())).collect();
    for (n, asked) in cold.into_iter().enumerate() {
        assert_eq!(answer(asked), Ok(2.0 * n as f32));
    }
    host.script.ran.lock().unwrap().clear();
    host.script.entered.store(0, Ordering::SeqCst);
    let others = host.held(|| {
        let others: Vec<_> = (0..20).map(|n| host.submit(n as f32, PredictOptions::default())).collect();
        until(|| host.waiting() == 20);
        others
    });
    others.into_iter().for_each(|other| assert!(answer(other).is_ok()));
    assert_eq!(*host.script.ran.lock().unwrap(), [1, 20]);
    // Nothing is held once all have ended.
    until(|| {
        unload();
        let view = host.noodle.call::<GetDeployment>(DeploymentRef { deployment: "m".into() }).unwrap();
        !view.replicas.values().last().unwrap().residency.as_ref().unwrap().loaded
    });
}

#[test]
fn identical_asynchronous_requests_are_computed_once_and_block_no_worker() {
    let cached = |input: &mut DeployInput| input.cache = Some(CacheConfig::default());
    let host = host_with(Some(fixed(32)), two_workers(), cached);
    let (same, others) = host.held(|| {
        let same: Vec<_> = (0..10).map(|_| host.submit(7.0, PredictOptions::default())).collect();
        let others: Vec<_> = (20..30).map(|n| host.submit(n as f32, PredictOptions::default())).collect();
        // One of the identical ones, and all others: more than there are workers.
        until(|| host.waiting() == 11);
        (same, others)
    });
    same.into_iter().for_each(|asked| assert_eq!(answer(asked), Ok(14.0)));
    others.into_iter().zip(20..).for_each(|(asked, n)| assert_eq!(answer(asked), Ok(2.0 * n as f32)));
    assert_eq!(*host.script.ran.lock().unwrap(), [1, 11]);
    assert_eq!(answer(host.submit(7.0, PredictOptions::default())), Ok(14.0));
    assert_eq!(host.script.ran.lock().unwrap().len(), 2, "it was kept");
}

#[test]
fn where_the_first_of_identical_requests_gives_up_another_one_computes() {
    let cached = |input: &mut DeployInput| input.cache = Some(CacheConfig::default());
    let host = host_with(Some(fixed(32)), two_workers(), cached);
    let same = host.held(|| {
        let leader = host.submit(7.0, PredictOptions::default());
        until(|| host.waiting() == 1);
        let same: Vec<_> = (0..4).map(|_| host.submit(7.0, PredictOptions::default())).collect();
        // A look into the cache ends on a worker; give the four time to get there.
        std::thread::sleep(Duration::from_millis(50));
        drop(leader);
        until(|| host.waiting() == 1);
        same
    });
    same.into_iter().for_each(|asked| assert_eq!(answer(asked), Ok(14.0)));
    assert_eq!(*host.script.ran.lock().unwrap(), [1, 1]);
}

#[test]
fn what_was_submitted_is_answered_after_the_handle_is_let_go_and_holds_nothing_then() {
    for cache in [None, Some(CacheConfig::default())] {
        let Host { noodle, script, _dir: dir } = host_with(Some(fixed(4)), two_workers(), |input| input.cache = cache);
        script.closed.store(true, Ordering::SeqCst);
        let gate = Gate(&script.closed);
        let ask = |n: u32| {
            let tensor = Tensor::new(&[1, 1], vec![(n % 7) as f32]).unwrap();
            noodle.predict_async("m", vec![("x".into(), tensor)], PredictOptions::default())
        };
        let asked: Vec<_> = (0..20).map(ask).collect();
        let dropped: Vec<_> = (0..5).map(ask).collect();
        drop(noodle);
        drop(dropped);
        drop(gate);
        for (n, asked) in (0..).zip(asked) {
            assert_eq!(answer(asked), Ok(2.0 * (n % 7) as f32));
        }
        // While the handle is open, it is the only one, and keeps its settings.
        let settings = Settings { default_engine: Some("counting".into()), workers: 1, ..Settings::default() };
        until(|| {
            let engine = Arc::new(Counting(script.clone()));
            let again = Noodle::builder(dir.path().join("state")).settings(settings.clone()).engine(engine).open();
            again.is_ok()
        });
    }
}
