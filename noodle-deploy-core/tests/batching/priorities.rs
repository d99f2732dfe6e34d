//! Levels of priority, with batching and without.

use super::*;

#[test]
fn what_is_more_urgent_passes_what_is_less() {
    let host = host_with(Some(fixed(1)), two_workers(), |_| {});
    let asked = host.held(|| {
        let mut asked = Vec::new();
        for (n, level) in [(10.0, 3), (20.0, 0), (30.0, 1), (40.0, 2), (50.0, 1)] {
            asked.push(host.submit(n, of_level(level)));
            until(|| host.waiting() as usize == asked.len());
        }
        asked
    });
    asked.into_iter().for_each(|asked| assert!(answer(asked).is_ok()));
    assert_eq!(*host.script.firsts.lock().unwrap(), [1.0, 30.0, 50.0, 20.0, 40.0, 10.0]);
}

#[test]
fn what_is_more_urgent_gets_the_next_replica_without_batching_too() {
    let host = host_with(None, two_workers(), |_| {});
    host.script.closed.store(true, Ordering::SeqCst);
    std::thread::scope(|scope| {
        let gate = Gate(&host.script.closed);
        let ask = |n: f32, level| {
            let host = &host;
            scope.spawn(move || host.ask(n, 1, &of_level(level)).unwrap())
        };
        ask(1.0, 0);
        until(|| host.script.entered.load(Ordering::SeqCst) > 0);
        for (count, (n, level)) in (1..).zip([(10.0, 3), (20.0, 0), (30.0, 1), (40.0, 2), (50.0, 1)]) {
            ask(n, level);
            until(|| host.waiting() == count);
        }
        drop(gate);
    });
    assert_eq!(*host.script.firsts.lock().unwrap(), [1.0, 30.0, 50.0, 20.0, 40.0, 10.0]);
}

#[test]
fn under_load_the_urgent_wait_less_and_the_others_no_longer_than_their_patience() {
    let priorities = Priorities { levels: 2, patience_ms: 100, ..Priorities::default() };
    let host = host(BatchConfig { priorities: Some(priorities), ..fixed(1) }, 64);
    host.script.fixed_ms.store(2, Ordering::SeqCst);
    let stop = AtomicBool::new(false);
    let (mut high, mut low) = (Vec::new(), Vec::new());
    std::thread::scope(|scope| {
        // Twelve that ask without a pause keep twelve times two milliseconds in the queue.
        let urgent: Vec<_> = (0..12)
            .map(|_| {
                scope.spawn(|| {
                    let mut times = Vec::new();
                    while !stop.load(Ordering::SeqCst) {
                        let begun = Instant::now();
                        host.ask(1.0, 1, &of_level(1)).unwrap();
                        times.push(begun.elapsed());
                    }
                    times
                })
            })
            .collect();
        until(|| host.waiting() >= 8);
        for _ in 0..8 {
            let begun = Instant::now();
            host.ask(2.0, 1, &of_level(2)).unwrap();
            low.push(begun.elapsed());
        }
        stop.store(true, Ordering::SeqCst);
        urgent.into_iter().for_each(|thread| high.extend(thread.join().unwrap()));
    });
    high.sort_unstable();
    low.sort_unstable();
    let (high, low) = (high[high.len() / 2], (low[low.len() / 2], low[low.len() - 1]));
    assert!(high < Duration::from_millis(80), "{high:?} {low:?}");
    // Passed until they have waited for 100 ms; a second then would be all of the queue thirty times over.
    assert!(low.0 >= Duration::from_millis(95) && low.1 < Duration::from_millis(1_000), "{high:?} {low:?}");
}

#[test]
fn levels_have_limits_of_their_own() {
    let policies = vec![
        QueuePolicy { level: 3, max_queue: Some(2), ..QueuePolicy::default() },
        QueuePolicy { level: 1, default_timeout_ms: Some(30), ..QueuePolicy::default() },
        QueuePolicy {
            level: 2,
            default_timeout_ms: Some(30),
            timeout_action: TimeoutAction::Delay,
            ..QueuePolicy::default()
        },
    ];
    let priorities = Priorities { policies, ..Priorities::default() };
    let host = host_with(Some(BatchConfig { priorities: Some(priorities), ..fixed(1) }), two_workers(), |_| {});
    let asked = host.held(|| {
        let mut asked = vec![host.submit(20.0, of_level(2))];
        asked.extend([30.0, 40.0].map(|n| host.submit(n, of_level(3))));
        until(|| host.waiting() == 3);
        let refused = waited(host.submit(50.0, of_level(3))).unwrap_err();
        assert_eq!((refused.kind(), refused.get("max_queue")), (ErrorKind::Overloaded, Some("2")), "{refused}");
        assert_eq!(refused.get("priority"), Some("3"));
        assert_eq!(answer(host.submit(60.0, of_level(1))), Err(ErrorKind::DeadlineExceeded));
        let late = host.ask(70.0, 1, &of_level(1)).unwrap_err();
        assert_eq!(late.kind(), ErrorKind::DeadlineExceeded);
        // By now the first one has been put behind.
        std::thread::sleep(Duration::from_millis(30));
        asked
    });
    asked.into_iter().for_each(|asked| assert!(answer(asked).is_ok()));
    assert_eq!(*host.script.firsts.lock().unwrap(), [1.0, 30.0, 40.0, 20.0]);
}

#[test]
fn a_level_that_is_not_there_is_refused() {
    let priorities = Priorities { levels: 5, ..Priorities::default() };
    let with = host(BatchConfig { priorities: Some(priorities), ..fixed(4) }, 64);
    let without = host_with(None, two_workers(), |_| {});
    for (host, levels) in [(with, 5), (without, 3)] {
        host.ask(1.0, 1, &of_level(levels)).unwrap();
        let errors = [
            host.ask(1.0, 1, &of_level(levels + 1)).unwrap_err(),
            waited(host.submit(1.0, of_level(levels + 1))).unwrap_err(),
        ];
        for error in errors {
            assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some("priority")), "{error}");
            assert_eq!(error.get("value"), Some((levels + 1).to_string().as_str()));
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let noodle = Noodle::builder(dir.path().join("state")).open().unwrap();
    register(&noodle, dir.path(), &doubles());
    let batching = BatchConfig { priorities: Some(Priorities { levels: 0, ..Priorities::default() }), ..fixed(4) };
    let error =
        noodle.call::<Deploy>(DeployInput { batching: Some(batching), ..DeployInput::new("m", "latest") }).unwrap_err();
    assert_eq!(error.get("field"), Some("batching/priorities/levels"), "{error}");
}
