//! How many sessions there may be, what they may hold, and how long they may be idle.

use std::time::Duration;

use noodle_deploy_core::error::{Error, ErrorKind};
use noodle_deploy_core::machine::residency::Loading;
use noodle_deploy_core::machine::session::StateConfig;
use noodle_deploy_core::machine::stream::StreamConfig;
use noodle_deploy_core::ops::deployments::{DeployInput, DeploymentRef, Unload};
use noodle_deploy_core::ops::monitor::{DeploymentFilter, GetHealth};
use noodle_deploy_core::{Session, SessionOptions, Settings};

use crate::world::{World, carries, growing, recurrent, say, settings, until, with_state};

fn try_open(world: &World, deployment: &str) -> Result<Session, Error> {
    world.noodle.session(deployment, &SessionOptions::default())
}

fn memory(world: &World) -> u64 {
    world.noodle.call::<GetHealth>(DeploymentFilter::default()).unwrap().memory_used_bytes
}

#[test]
fn no_more_are_open_than_a_deploy_says() {
    let world = World::new();
    let state = StateConfig { max_sessions: Some(2), ..carries("h_next", "h", &[1, 4]) };
    world.deploy(DeployInput { state: Some(state), ..DeployInput::new("m", "1.0.0") }).unwrap();
    let (a, _b) = (world.session("m"), world.session("m"));
    let error = try_open(&world, "m").unwrap_err();
    assert_eq!((error.kind(), error.get("max_sessions")), (ErrorKind::ResourceExhausted, Some("2")));
    a.end();
    let c = world.session("m");
    assert_eq!(say(&c, 1.0).unwrap(), 1.0);
    // Those whose time is up make room at once.
    world.clock.advance(Duration::from_secs(300));
    let d = world.session("m");
    assert_eq!(say(&d, 1.0).unwrap(), 1.0);
    let sessions = world.metrics("m", 2).sessions.unwrap();
    assert_eq!((sessions.open, sessions.opened, sessions.expired, sessions.refused), (1, 4, 2, 1));
}

#[test]
fn what_they_carry_is_bounded_and_charged() {
    let world = World::new();
    world.register("g", "1.0.0", &growing());
    let state = StateConfig { max_bytes: Some(64), ..carries("seen_next", "seen", &[1, 4]) };
    world.deploy(DeployInput { state: Some(state), ..DeployInput::new("g", "latest") }).unwrap();
    // Compiles for the shapes that are to come.
    let warm = world.session("g");
    for _ in 0..3 {
        say(&warm, 0.0).unwrap();
    }
    warm.end();
    let before = memory(&world);
    let (a, b) = (world.session("g"), world.session("g"));
    assert_eq!(memory(&world) - before, 32);
    assert_eq!((say(&a, 1.0).unwrap(), say(&a, 1.0).unwrap()), (4.0, 8.0));
    assert_eq!(memory(&world) - before, 64);
    // One more row is one too many, and nothing changed.
    for _ in 0..3 {
        let error = say(&a, 1.0).unwrap_err();
        assert_eq!((error.kind(), error.get("max_bytes")), (ErrorKind::ResourceExhausted, Some("64")));
    }
    assert_eq!(try_open(&world, "g").unwrap_err().kind(), ErrorKind::ResourceExhausted);
    assert_eq!(memory(&world) - before, 64);
    b.end();
    assert_eq!(say(&a, 1.0).unwrap(), 12.0);
    a.reset().unwrap();
    assert_eq!(memory(&world) - before, 16);
    assert_eq!(say(&a, 1.0).unwrap(), 4.0);
    drop(a);
    assert_eq!(memory(&world), before);
    assert_eq!(world.metrics("g", 1).sessions.unwrap().bytes, 0);
}

#[test]
fn the_memory_budget_bounds_them_too() {
    let world = World::with(Settings { memory_budget_bytes: Some(1 << 20), ..settings() });
    world.register("m", "1.0.0", &recurrent(1.0, 1.0));
    let state = Some(carries("h_next", "h", &[60_000, 4]));
    world.deploy(DeployInput { state, ..DeployInput::new("m", "latest") }).unwrap();
    let first = world.session("m");
    let error = try_open(&world, "m").unwrap_err();
    assert_eq!((error.kind(), error.get("limit_bytes")), (ErrorKind::ResourceExhausted, Some("1048576")));
    assert_eq!(world.metrics("m", 1).sessions.unwrap().open, 1);
    drop(first);
    world.session("m");
}

#[test]
fn a_session_that_nobody_calls_expires() {
    let world = World::new();
    let state = StateConfig { idle_ms: Some(1_000), ..carries("h_next", "h", &[1, 4]) };
    world.deploy(DeployInput { state: Some(state), ..DeployInput::new("m", "1.0.0") }).unwrap();
    let session = world.session("m");
    for n in 1..=5u8 {
        // Every call begins the time anew.
        world.clock.advance(Duration::from_millis(999));
        assert_eq!(say(&session, 1.0).unwrap(), f32::from(n));
    }
    world.clock.advance(Duration::from_millis(1_000));
    for _ in 0..2 {
        let error = say(&session, 1.0).unwrap_err();
        assert_eq!((error.kind(), error.get("reason")), (ErrorKind::NotFound, Some("expired")));
        assert_eq!(error.get("idle_ms"), Some("1000"));
    }
    assert_eq!(session.reset().unwrap_err().kind(), ErrorKind::NotFound);
    // Also where nobody calls at all.
    let _other = world.session("m");
    world.clock.advance(Duration::from_millis(1_000));
    until("the background work ends it", || world.metrics("m", 2).sessions.unwrap().expired == 2);
    let sessions = world.metrics("m", 2).sessions.unwrap();
    assert_eq!((sessions.open, sessions.bytes), (0, 0));
}

#[test]
fn a_revision_on_demand_stays_while_a_session_is_open() {
    let world = World::new();
    let input = DeployInput {
        model: Some("m".into()),
        loading: Some(Loading::OnDemand),
        unload_after_ms: Some(1_000),
        ..with_state("d", "1.0.0")
    };
    world.deploy(input).unwrap();
    let unload = || {
        let view = world.noodle.call::<Unload>(DeploymentRef { deployment: "d".into() }).unwrap();
        !view.replicas["1"].residency.as_ref().unwrap().loaded
    };
    assert!(unload());
    let session = world.session("d");
    assert_eq!(say(&session, 1.0).unwrap(), 1.0);
    assert!(!unload());
    world.clock.advance(Duration::from_secs(10));
    // Rounds of the background work pass.
    std::thread::sleep(Duration::from_millis(100));
    assert!(world.view("d").replicas["1"].residency.as_ref().unwrap().loaded);
    assert_eq!(say(&session, 1.0).unwrap(), 2.0);
    drop(session);
    world.clock.advance(Duration::from_secs(10));
    until("idle, it goes", || !world.view("d").replicas["1"].residency.as_ref().unwrap().loaded);
    assert_eq!(say(&world.session("d"), 1.0).unwrap(), 1.0);
}

#[test]
fn what_does_not_fit_the_model_is_refused_at_deploy() {
    let world = World::new();
    let stream = |text: &str| serde_json::from_str::<StreamConfig>(text).unwrap();
    let cases = [
        (Some(carries("h_next", "no", &[1, 4])), None, "state/carried/0/input"),
        (Some(carries("h_next", "h", &[1, 5])), None, "state/carried/0/shape"),
        (Some(StateConfig { idle_ms: Some(0), ..StateConfig::default() }), None, "state/idle_ms"),
        (None, Some(stream(r#"{"type": "windows", "input": "x", "axis": 1, "length": 3, "hop": 3}"#)), "stream/length"),
        (
            Some(carries("h_next", "h", &[1, 4])),
            Some(stream(r#"{"type": "repeat", "feed": [{"output": "y", "input": "h"}], "max_steps": 3}"#)),
            "stream/feed/0/input",
        ),
    ];
    for (state, stream, field) in cases {
        let error = world.deploy(DeployInput { state, stream, ..DeployInput::new("m", "2.0.0") }).unwrap_err();
        assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some(field)));
    }
    let view = world.view("m");
    assert_eq!((view.desired.last_revision, view.serving.as_deref()), (1, Some("1.0.0")));
}
