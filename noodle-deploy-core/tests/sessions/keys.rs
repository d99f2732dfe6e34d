//! Sessions while the traffic is divided: where they begin, and that they stay there.

use std::collections::BTreeMap;

use noodle_deploy_core::machine::rollout::{CanaryConfig, CanaryStep};
use noodle_deploy_core::ops::deployments::{Promote, PromoteInput};
use noodle_deploy_core::ops::experiment::{
    CreateExperiment, CreateExperimentInput, ExperimentInput, ExperimentView, GetExperiment, PauseExperiment,
    RecordOutcomes, RecordOutcomesInput, StartExperiment,
};
use noodle_deploy_core::ops::routing::{ExplainRequest, ExplainRequestInput, ExplainRoute, ExplainRouteInput};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::{ErrorKind, Session, SessionOptions};

use crate::world::{World, say, with_state};

fn of(world: &World, key: &str) -> Session {
    let options = SessionOptions {
        key: Some(key.into()),
        attributes: vec![("country".into(), "de".into())],
        request_id: Some(format!("s-{key}")),
        ..SessionOptions::default()
    };
    world.noodle.session("m", &options).unwrap()
}

fn arm_of(world: &World, key: &str) -> String {
    let input = ExplainRouteInput { deployment: "m".into(), key: key.into(), attributes: BTreeMap::new(), at: None };
    world.noodle.call::<ExplainRoute>(input).unwrap().version
}

fn named() -> ExperimentInput {
    ExperimentInput { deployment: "m".into(), reason: None }
}

fn view(world: &World) -> ExperimentView {
    let input = noodle_deploy_core::ops::deployments::DeploymentRef { deployment: "m".into() };
    world.noodle.call::<GetExperiment>(input).unwrap()
}

fn begin(world: &World) {
    let asked = serde_json::json!({
        "deployment": "m", "name": "trial", "segments": ["country"],
        "arms": [
            {"name": "control", "version": "1.0.0", "weight": 5000},
            {"name": "treatment", "version": "2.0.0", "weight": 5000},
        ],
        "metrics": [
            {"name": "bought", "kind": "proportion", "goal": "increase", "role": "primary"},
            {"name": "failed", "kind": "proportion", "goal": "decrease", "role": "secondary"},
        ],
    });
    let asked: CreateExperimentInput = serde_json::from_value(asked).unwrap();
    world.noodle.call::<CreateExperiment>(asked).unwrap();
    world.noodle.call::<StartExperiment>(named()).unwrap();
}

#[test]
fn a_session_begins_on_the_arm_of_its_key_and_stays() {
    let world = World::new();
    world
        .deploy(noodle_deploy_core::ops::deployments::DeployInput {
            strategy: Some(Strategy::BlueGreen),
            ..with_state("m", "2.0.0")
        })
        .unwrap();
    begin(&world);
    let keys: Vec<String> = (0..40).map(|n| format!("user-{n}")).collect();
    let sessions: Vec<Session> = keys.iter().map(|key| of(&world, key)).collect();
    for (key, session) in keys.iter().zip(&sessions) {
        assert_eq!(session.served().version, arm_of(&world, key));
        say(session, 1.0).unwrap();
        say(session, 1.0).unwrap();
    }
    let new = sessions.iter().filter(|session| session.served().version == "2.0.0").count();
    assert!((8..=32).contains(&new), "{new} of 40");
    let report = view(&world).report.unwrap();
    // Each session is met once, and every call of it counts.
    assert_eq!(report.exposures.iter().map(|arm| arm.requests).sum::<u64>(), 40);
    let failed = report.comparisons.iter().find(|of| of.metric == "failed").unwrap();
    assert_eq!((failed.control_values, failed.arm_values), (80 - 2 * new as u64, 2 * new as u64));
    let segment = report.segments.iter().find(|of| of.comparison.metric == "failed").unwrap();
    assert_eq!((segment.value.as_deref(), segment.comparison.arm_values), (Some("de"), 2 * new as u64));

    // It is found by its name.
    let asked = ExplainRequestInput { deployment: "m".into(), request_id: "s-user-3".into() };
    let shown = world.noodle.call::<ExplainRequest>(asked).unwrap();
    assert_eq!(shown.version, sessions[3].served().version);
    let outcomes = serde_json::json!([{"name": "bought", "value": 1, "request_id": "s-user-3"}]);
    let input = RecordOutcomesInput { deployment: "m".into(), outcomes: serde_json::from_value(outcomes).unwrap() };
    assert_eq!(world.noodle.call::<RecordOutcomes>(input).unwrap().recorded, 1);

    // Whatever moves: it stays where it began.
    world.noodle.call::<PauseExperiment>(named()).unwrap();
    let before: Vec<String> = sessions.iter().map(|session| session.served().version.clone()).collect();
    assert!(keys.iter().all(|key| of(&world, key).served().version == "1.0.0"));
    world.noodle.call::<Promote>(PromoteInput { deployment: "m".into(), version: Some("2.0.0".into()) }).unwrap();
    for (session, version) in sessions.iter().zip(&before) {
        let factor: f32 = version[..1].parse().unwrap();
        assert_eq!(say(session, 1.0).unwrap(), 3.0 * factor, "the version and its state");
    }
}

#[test]
fn a_session_begins_on_the_side_of_a_rollout_that_its_key_is_on() {
    let world = World::new();
    let canary = CanaryConfig {
        steps: vec![CanaryStep { min_requests: 1_000_000, ..CanaryStep::of(5_000) }],
        ..CanaryConfig::default()
    };
    world
        .deploy(noodle_deploy_core::ops::deployments::DeployInput { canary: Some(canary), ..with_state("m", "2.0.0") })
        .unwrap();
    let keys: Vec<String> = (0..40).map(|n| format!("user-{n}")).collect();
    let sessions: Vec<Session> = keys.iter().map(|key| of(&world, key)).collect();
    for (key, session) in keys.iter().zip(&sessions) {
        assert_eq!(session.served().version, arm_of(&world, key));
    }
    let new = sessions.iter().filter(|session| session.served().version == "2.0.0").count();
    assert!((8..=32).contains(&new), "{new} of 40");
}

#[test]
fn a_name_of_a_session_is_checked() {
    let world = World::new();
    let options = SessionOptions { request_id: Some("r".repeat(257)), ..SessionOptions::default() };
    let error = world.noodle.session("m", &options).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some("request_id")), "{error}");
}
