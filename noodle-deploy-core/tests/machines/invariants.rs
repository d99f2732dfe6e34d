//! What holds in every state that a log can fold to.
#![allow(dead_code, reason = "the tests that share it need a part of it")]

use noodle_deploy_core::machine::State;
use noodle_deploy_core::machine::deployment::{MAX_PREVIOUS, MAX_REVISIONS};
use noodle_deploy_core::machine::evaluation::MAX_EVALUATIONS;
use noodle_deploy_core::machine::experiment::ExperimentPhase;
use noodle_deploy_core::machine::rollout::{Evidence, RolloutPhase};
use noodle_deploy_core::machine::shares::Shares;
use noodle_deploy_core::machine::state::{
    Deployment, DeploymentState, Model, Revision, RevisionStatus, VersionRecord, VersionStatus,
};

/// States that may follow a state, one event later. `None` stands for a deployment that is not there yet.
pub fn may_follow(before: Option<DeploymentState>, after: DeploymentState) -> bool {
    use DeploymentState::*;
    match before {
        None => after == Pending,
        Some(Pending) => matches!(after, Deploying | Running | Stopping),
        // A claim by another process; ready; failed; rolled back; stopped.
        Some(Deploying) => matches!(after, Deploying | Running | Error | Stopping),
        Some(Running) => matches!(after, Running | Pending | Scaling | Stopping | Error),
        Some(Scaling) => matches!(after, Scaling | Running | Stopping | Error),
        Some(Stopping) => matches!(after, Stopping | Stopped),
        Some(Stopped) => after == Pending,
        Some(Error) => matches!(after, Pending | Running | Stopping),
    }
}

macro_rules! hold {
    ($condition:expr, $($why:tt)+) => {
        if !$condition {
            return Err(format!($($why)+));
        }
    };
}

/// Checks one state.
pub fn check(state: &State) -> Result<(), String> {
    state.models.keys().try_for_each(|name| check_model(state, name))?;
    for ((model, version), record) in &state.versions {
        hold!(
            (model, version) == (&record.model, &record.version),
            "row {model}@{version} is {}@{}",
            record.model,
            record.version
        );
        hold!(state.models.contains_key(model), "{model}@{version} has no model");
        let evaluations = &record.evaluations;
        hold!(evaluations.len() <= MAX_EVALUATIONS, "{model}@{version} has {} evaluations", evaluations.len());
        for (at, evaluation) in evaluations.iter().enumerate() {
            let once = evaluations[..at].iter().all(|other| other.gate != evaluation.gate);
            hold!(once, "{model}@{version} has two evaluations of {:?}", evaluation.gate);
            hold!(evaluation.artifact == record.digest, "{model}@{version} has an evaluation of another file");
            hold!(evaluation.passed == evaluation.broken().is_none(), "{model}@{version} passed what it broke");
        }
        if let Some(parent) = &record.parent {
            let found = state.versions.contains_key(&(model.clone(), parent.clone()));
            hold!(found, "{model}@{version} names {parent} as its parent, which is not there");
        }
        for pin in &record.uses {
            let part = state.versions.get(&(pin.model.clone(), pin.version.clone()));
            hold!(part.is_some(), "{model}@{version} is made of {}@{}, which is not there", pin.model, pin.version);
            let retired = |record: &VersionRecord| record.status == VersionStatus::Retired;
            hold!(retired(record) || !part.is_some_and(retired), "{model}@{version} is made of what is retired");
        }
    }
    state.deployments.iter().try_for_each(|(name, d)| {
        hold!(*name == d.name, "row {name} is deployment {}", d.name);
        check_deployment(d).and_then(|()| check_use(state, d)).map_err(|why| format!("deployment {name}: {why}"))
    })
}

fn check_model(state: &State, name: &str) -> Result<(), String> {
    let model = &state.models[name];
    hold!(model.name == name, "row {name} is model {}", model.name);
    for (alias, version) in &model.aliases {
        let found = state.versions.contains_key(&(name.to_owned(), version.clone()));
        hold!(found, "alias {name}@{alias} names {version}, which is not there");
    }
    let latest = semver::Version::parse(&model.latest).map_err(|e| format!("latest of {name}: {e}"))?;
    for record in state.versions_of(name) {
        let version = semver::Version::parse(&record.version).map_err(|e| format!("{}: {e}", record.version))?;
        hold!(version <= latest, "{name}@{version} is later than the latest, {latest}");
    }
    Ok(())
}

/// What a deployment says of itself.
pub fn check_deployment(d: &Deployment) -> Result<(), String> {
    use DeploymentState::*;
    let of = |status| d.revisions.iter().filter(move |r: &&Revision| r.status == status);
    hold!(d.revisions.len() <= MAX_REVISIONS, "{} revisions", d.revisions.len());
    hold!(d.previous.len() <= MAX_PREVIOUS, "{} rollback targets", d.previous.len());
    hold!(d.revisions.is_sorted_by(|a, b| a.number < b.number), "revisions are not in order");
    hold!(d.revisions.iter().all(|r| r.number <= d.last_revision), "a revision after the last, {}", d.last_revision);
    let loading = of(RevisionStatus::Loading).count();
    match d.state {
        Pending | Deploying => hold!(loading == 1, "{loading} revisions load in {:?}", d.state),
        Stopping => hold!(loading <= 1, "{loading} revisions load"),
        Running | Scaling | Stopped | Error => hold!(loading == 0, "{loading} revisions load in {:?}", d.state),
    }
    let newest = of(RevisionStatus::Ready).map(|r| r.number).max();
    let older = of(RevisionStatus::Ready).filter(|r| Some(r.number) != newest);
    let alone = older.filter(|r| !d.is_compared(r.number)).count() == 0;
    hold!(alone, "more than one candidate");
    let active: Vec<u32> = of(RevisionStatus::Active).map(|r| r.number).collect();
    hold!(active == Vec::from_iter(d.active), "active is {:?}, revisions {active:?} are", d.active);
    match d.state {
        Running | Scaling => hold!(d.active.is_some(), "{:?} without an active revision", d.state),
        Stopped => hold!(d.active.is_none(), "stopped with an active revision"),
        Pending | Deploying | Stopping | Error => {}
    }
    for (i, number) in d.previous.iter().enumerate() {
        hold!(d.revision(*number).is_some(), "rollback target {number} is not remembered");
        hold!(d.active != Some(*number), "rollback target {number} is active");
        hold!(!d.previous[..i].contains(number), "rollback target {number} is there twice");
    }
    hold!(d.scaling_from.is_some() == (d.state == Scaling), "scaling_from {:?} in {:?}", d.scaling_from, d.state);
    if let Some(rollout) = &d.rollout {
        let status = d.revision(rollout.candidate).map(|r| r.status);
        let steps = &rollout.canary.steps;
        hold!((rollout.step as usize) < steps.len(), "step {} of {}", rollout.step, steps.len());
        match rollout.phase {
            RolloutPhase::Completed => hold!(rollout.weight == 10_000, "completed with {}", rollout.weight),
            RolloutPhase::Aborted => {
                hold!(rollout.weight == 0, "aborted with {}", rollout.weight);
                hold!(status != Some(RevisionStatus::Ready), "what was aborted waits for traffic");
            }
            _ => {
                let weight = steps[rollout.step as usize].weight;
                hold!(rollout.weight == weight, "gets {} of {weight}", rollout.weight);
                hold!(d.active == Some(rollout.baseline), "rolls out beside {:?}", d.active);
                hold!(status == Some(RevisionStatus::Ready), "tries a revision that is {status:?}");
            }
        }
    }
    if let Some(experiment) = &d.experiment {
        let weights = experiment.weights();
        hold!(weights.iter().sum::<u32>() == 10_000, "weights {weights:?}");
        let shares = Shares::from(experiment.shares.clone());
        for (arm, weight) in (0..).zip(&weights) {
            hold!(shares.weight(arm) == *weight, "arm {arm} has {} of {weight}", shares.weight(arm));
        }
        let runs = experiment.phase == ExperimentPhase::Running;
        let rolling = d.rollout.as_ref().is_some_and(|rollout| rollout.phase.is_under_way());
        hold!(!runs || !rolling, "an experiment and a rollout divide the same traffic");
        if runs && d.serves() {
            hold!(d.active == Some(experiment.arms[0].revision), "compares with what does not serve");
            for arm in &experiment.arms {
                let fit = d.revision(arm.revision).is_some_and(Revision::is_fit);
                hold!(fit, "revision {} is an arm and unfit", arm.revision);
            }
        }
        hold!(runs || d.division().is_none() || rolling, "traffic is divided, and nothing is tried");
        let decided = experiment.phase == ExperimentPhase::Decided;
        hold!(decided == experiment.winner.is_some(), "{:?} with {:?}", experiment.phase, experiment.winner);
    }
    let works = matches!(d.state, Deploying | Scaling | Stopping);
    hold!(d.worker.is_some() == works, "worker {:?} in {:?}", d.worker, d.state);
    hold!(d.serves() == (d.active.is_some() && !matches!(d.state, Stopping | Stopped | Error)), "serves()");
    let wanted = d.wanted(MAX_PREVIOUS);
    hold!(wanted.first().copied() == d.active.filter(|_| d.serves()), "wants {wanted:?} first");
    hold!(wanted.iter().all(|n| d.revision(*n).is_some()), "wants {wanted:?}");
    Ok(())
}

/// Versions that a deployment serves, brings up or can return to are there and not retired.
fn check_use(state: &State, d: &Deployment) -> Result<(), String> {
    if d.state == DeploymentState::Stopped {
        return Ok(());
    }
    let used = |r: &&Revision| {
        matches!(r.status, RevisionStatus::Loading | RevisionStatus::Ready | RevisionStatus::Active)
            || d.previous.contains(&r.number)
    };
    for r in d.revisions.iter().filter(used) {
        let Some(record) = state.versions.get(&(d.model.clone(), r.version.clone())) else {
            return Err(format!("revision {} uses {}@{}, which is not there", r.number, d.model, r.version));
        };
        hold!(record.status != VersionStatus::Retired, "revision {} uses {}, which is retired", r.number, r.version);
    }
    Ok(())
}

/// Breaks a legal state in each way and expects to be told.
pub fn refusals() {
    let text = r#"{"name":"x","model":"m","target":"local","strategy":"immediate","state":"running","replicas":1,
        "revisions":[{"number":1,"version":"1.0.0","threads":1,"status":"retired"},
                     {"number":2,"version":"1.0.0","threads":1,"status":"active"}],
        "active":2,"previous":[1],"last_revision":2,"created_at":"0","updated_at":"0"}"#;
    let sound: Deployment = serde_json::from_str(text).unwrap();
    check_deployment(&sound).unwrap();
    type Break = (&'static str, fn(&mut Deployment));
    let breaks: [Break; 14] = [
        ("no active revision", |d| d.active = None),
        ("another active revision", |d| d.active = Some(1)),
        ("two active revisions", |d| d.revisions[0].status = RevisionStatus::Active),
        ("none that is active", |d| d.revisions[1].status = RevisionStatus::Ready),
        ("a revision that loads in running", |d| d.revisions[0].status = RevisionStatus::Loading),
        ("nothing that loads in deploying", |d| d.state = DeploymentState::Deploying),
        ("stopped and active", |d| d.state = DeploymentState::Stopped),
        ("scaling from nothing", |d| d.state = DeploymentState::Scaling),
        ("an unknown rollback target", |d| d.previous = vec![7]),
        ("a rollback target that serves", |d| d.previous = vec![2]),
        ("a rollback target twice", |d| d.previous = vec![1, 1]),
        ("a worker without work", |d| d.worker = Some("w".to_owned())),
        ("revisions out of order", |d| d.revisions.swap(0, 1)),
        ("a revision after the last", |d| d.last_revision = 1),
    ];
    for (what, change) in breaks {
        let mut broken = sound.clone();
        change(&mut broken);
        assert!(check_deployment(&broken).is_err(), "{what} passes");
    }
    let mut rolling = sound.clone();
    rolling.revisions[0].status = RevisionStatus::Ready;
    let text = r#"{"baseline":2,"candidate":1,"canary":{},"step":1,"weight":500,"phase":"paused","reason":"r",
        "salt":"7","since":"0"}"#;
    let mut rollout: serde_json::Value = serde_json::from_str(text).unwrap();
    rollout["evidence"] = serde_json::to_value(Evidence::default()).unwrap();
    rolling.rollout = Some(serde_json::from_value(rollout).unwrap());
    rolling.previous.clear();
    check_deployment(&rolling).unwrap();
    let breaks: [Break; 5] = [
        ("another share", |d| d.rollout.as_mut().unwrap().weight = 100),
        ("a step too many", |d| d.rollout.as_mut().unwrap().step = 4),
        ("a rollout beside what does not serve", |d| d.rollout.as_mut().unwrap().baseline = 1),
        ("a candidate that is gone", |d| d.revisions[0].status = RevisionStatus::Superseded),
        ("a candidate that stays", |d| {
            let rollout = d.rollout.as_mut().unwrap();
            (rollout.phase, rollout.weight) = (RolloutPhase::Aborted, 0);
        }),
    ];
    for (what, change) in breaks {
        let mut broken = rolling.clone();
        change(&mut broken);
        assert!(check_deployment(&broken).is_err(), "{what} passes");
    }
    let mut state = State::default();
    state.deployments.insert("x".to_owned(), sound);
    assert!(check(&state).is_err(), "a deployment of a version that is not there passes");
    let text = r#"{"name":"m","model_type":"custom","latest":"1.0.0","aliases":{},"created_at":"0"}"#;
    let model: Model = serde_json::from_str(text).unwrap();
    let text = r#"{"model":"m","version":"1.0.0","bytes":"1","format":"pipeline","status":"draft","created_at":"0",
        "digest":"blake3:0000000000000000000000000000000000000000000000000000000000000000",
        "signature":{"inputs":[],"outputs":[]},"uses":[{"model":"m","version":"0.1.0"}]}"#;
    let pipeline: VersionRecord = serde_json::from_str(text).unwrap();
    let mut part = VersionRecord { version: "0.1.0".to_owned(), uses: Vec::new(), ..pipeline.clone() };
    let mut state = State::default();
    state.models.insert("m".to_owned(), model);
    state.versions.insert(("m".to_owned(), "1.0.0".to_owned()), pipeline);
    assert!(check(&state).is_err(), "a pipeline of a version that is not there passes");
    state.versions.insert(("m".to_owned(), "0.1.0".to_owned()), part.clone());
    check(&state).unwrap();
    part.status = VersionStatus::Retired;
    state.versions.insert(("m".to_owned(), "0.1.0".to_owned()), part);
    assert!(check(&state).is_err(), "a pipeline of a retired version passes");
    assert!(!may_follow(Some(DeploymentState::Stopped), DeploymentState::Running));
}
