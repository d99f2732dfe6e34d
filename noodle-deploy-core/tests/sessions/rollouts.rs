//! Sessions while versions change, replicas come and go, deployments stop and handles close.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use noodle_deploy_core::error::ErrorKind;
use noodle_deploy_core::ops::deployments::{
    DeployInput, Promote, PromoteInput, Rollback, RollbackInput, Scale, ScaleInput, Undeploy, UndeployInput,
};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::{Session, SessionOptions};

use crate::world::{World, say, until, with_state};

fn beside(version: &str) -> DeployInput {
    DeployInput { strategy: Some(Strategy::BlueGreen), ..with_state("m", version) }
}

fn promote(world: &World) {
    world.noodle.call::<Promote>(PromoteInput { deployment: "m".into(), version: None }).unwrap();
}

fn rollback(world: &World) {
    world.noodle.call::<Rollback>(RollbackInput { deployment: "m".into(), version: None, reason: None }).unwrap();
}

fn scale(world: &World, replicas: u32) {
    world.noodle.call::<Scale>(ScaleInput { deployment: "m".into(), replicas }).unwrap();
}

fn on(world: &World, version: &str) -> Session {
    let options = SessionOptions { version: Some(version.into()), ..SessionOptions::default() };
    world.noodle.session("m", &options).unwrap()
}

#[test]
fn a_session_keeps_its_version_and_its_state() {
    let world = World::new();
    let one = world.session("m");
    assert_eq!(say(&one, 1.0).unwrap(), 1.0);
    world.deploy(beside("2.0.0")).unwrap();
    let two = on(&world, "2.0.0");
    assert_eq!((say(&one, 1.0).unwrap(), say(&two, 1.0).unwrap()), (2.0, 2.0));
    promote(&world);
    assert_eq!(world.session("m").served().version, "2.0.0");
    world.deploy(beside("3.0.0")).unwrap();
    promote(&world);
    // Two revisions that nothing but sessions asks for, neither of them a target to roll back to that is kept warm.
    assert_eq!((say(&one, 1.0).unwrap(), say(&two, 1.0).unwrap()), (3.0, 4.0));
    scale(&world, 3);
    assert_eq!(
        world.view("m").replicas.iter().map(|(n, r)| (n.as_str(), r.replicas)).collect::<Vec<_>>(),
        [("1", 3), ("2", 3), ("3", 3)]
    );
    assert_eq!((say(&one, 1.0).unwrap(), say(&two, 1.0).unwrap()), (4.0, 6.0));
    rollback(&world);
    assert_eq!((say(&one, 1.0).unwrap(), say(&two, 1.0).unwrap()), (5.0, 8.0));
    scale(&world, 1);
    assert_eq!((one.served().version.as_str(), say(&one, 1.0).unwrap()), ("1.0.0", 6.0));
    // With its last session a revision goes.
    drop(one);
    until("the first one goes", || !world.view("m").replicas.contains_key("1"));
    assert_eq!(say(&two, 1.0).unwrap(), 10.0);
}

#[test]
fn sessions_go_on_while_everything_moves() {
    let world = World::new();
    world.deploy(beside("2.0.0")).unwrap();
    let (stop, calls) = (AtomicBool::new(false), AtomicU32::new(0));
    std::thread::scope(|scope| {
        for thread in 0..4u8 {
            let (world, stop, calls) = (&world, &stop, &calls);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    // Beside what serves, where it is loaded at this moment.
                    let options =
                        SessionOptions { version: (thread == 0).then(|| "1.0.0".into()), ..SessionOptions::default() };
                    let session = world.noodle.session("m", &options).unwrap_or_else(|_| world.session("m"));
                    let factor: f32 = session.served().version[..1].parse().unwrap();
                    for n in 1..=50u8 {
                        assert_eq!(say(&session, 1.0).unwrap(), factor * f32::from(n));
                        calls.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        let until = Instant::now() + Duration::from_secs(3);
        let mut rounds = 0;
        while Instant::now() < until || rounds < 3 {
            promote(&world);
            scale(&world, 2);
            rollback(&world);
            scale(&world, 1);
            world.deploy(beside("2.0.0")).unwrap();
            rounds += 1;
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!(calls.load(Ordering::Relaxed) > 200);
    until("nothing is held", || world.view("m").replicas.len() <= 2);
}

#[test]
fn a_stop_ends_sessions_and_waits_for_none_that_is_idle() {
    let world = World::new();
    let (idle, busy) = (world.session("m"), world.session("m"));
    say(&idle, 1.0).unwrap();
    world.script.closed.store(true, Ordering::SeqCst);
    std::thread::scope(|scope| {
        let call = scope.spawn(|| say(&busy, 1.0));
        until("it runs", || world.script.running.load(Ordering::SeqCst) == 1);
        let stop = UndeployInput { deployment: "m".into(), force: false };
        let stopping = scope.spawn(|| world.noodle.call::<Undeploy>(stop).unwrap());
        until("it stops", || world.view("m").serving.is_none());
        assert_eq!(say(&idle, 1.0).unwrap_err().kind(), ErrorKind::Unavailable);
        world.script.closed.store(false, Ordering::SeqCst);
        // A call that runs is answered; its session has ended all the same.
        let answered = call.join().unwrap();
        assert!(answered.is_ok() || answered.unwrap_err().kind() == ErrorKind::Unavailable);
        let begun = Instant::now();
        stopping.join().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(5), "an idle session was waited for");
    });
    for session in [&idle, &busy] {
        let error = say(session, 1.0).unwrap_err();
        assert_eq!((error.kind(), error.get("version")), (ErrorKind::Unavailable, Some("1.0.0")));
        assert!(error.get("cause").unwrap().contains("stop"));
    }
    let refused = world.noodle.session("m", &SessionOptions::default()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unavailable);
    // Another deploy is another life.
    world.deploy(with_state("m", "1.0.0")).unwrap();
    assert_eq!(say(&idle, 1.0).unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(say(&world.session("m"), 1.0).unwrap(), 1.0);
}

#[test]
fn a_session_does_not_keep_the_directory_open() {
    let world = World::new();
    let session = world.session("m");
    let stream = session.predict_stream(Vec::new(), &Default::default());
    assert_eq!(stream.unwrap_err().kind(), ErrorKind::Unsupported);
    let World { noodle, dir: _dir, .. } = world;
    noodle.close();
    assert_eq!(say(&session, 1.0).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(session.reset().unwrap_err().kind(), ErrorKind::Closed);
}

#[test]
fn what_cannot_be_opened_says_why() {
    let world = World::new();
    let open = |deployment: &str, version: Option<&str>| {
        let options = SessionOptions { version: version.map(str::to_owned), ..SessionOptions::default() };
        world.noodle.session(deployment, &options).unwrap_err()
    };
    assert_eq!(open("no", None).kind(), ErrorKind::NotFound);
    let error = open("m", Some("2.0.0"));
    assert_eq!((error.kind(), error.get("loaded")), (ErrorKind::NotFound, Some("1.0.0")));
}
