//! Changes of deployments that are not loaded: promote, roll back, pin, scale, stop, batching, caches, other processes.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use noodle_deploy_core::error::ErrorKind;
use noodle_deploy_core::machine::cache::CacheConfig;
use noodle_deploy_core::machine::residency::Loading;
use noodle_deploy_core::ops::deployments::{
    DeployInput, DeploymentRef, GetDeployment, Promote, PromoteInput, Rollback, RollbackInput, Scale, ScaleInput,
    Undeploy, UndeployInput, Unload,
};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::{BatchConfig, PredictOptions, Settings};

use crate::world::{World, answered, ask_with, open_with, settings, until};

/// Two versions of one model, the second beside the first.
fn two_versions() -> World {
    let world = World::new();
    world.register("m", 1);
    world.register("m", 2);
    world.deploy(DeployInput::new("m", "1.0.0")).unwrap();
    let beside = DeployInput { strategy: Some(Strategy::BlueGreen), ..DeployInput::new("m", "2.0.0") };
    world.deploy(beside).unwrap();
    unload(&world);
    world
}

fn unload(world: &World) {
    let view = world.noodle.call::<Unload>(DeploymentRef { deployment: "m".into() }).unwrap();
    assert!(view.replicas.values().all(|status| !status.residency.as_ref().unwrap().loaded));
}

fn pinned(version: &str) -> PredictOptions {
    PredictOptions { version: Some(version.into()), ..PredictOptions::default() }
}

#[test]
fn promote_and_rollback_load_what_they_move_to() {
    let world = two_versions();
    world.noodle.call::<Promote>(PromoteInput { deployment: "m".into(), version: None }).unwrap();
    // Traffic moved to what is loaded.
    let loads = world.loads();
    world.ask("m", 2);
    assert_eq!(world.loads(), loads);
    unload(&world);
    let back = RollbackInput { deployment: "m".into(), version: None, reason: None };
    world.noodle.call::<Rollback>(back).unwrap();
    let loads = world.loads();
    world.ask("m", 1);
    assert_eq!(world.loads(), loads);
}

#[test]
fn a_promote_to_what_does_not_load_is_refused() {
    let world = two_versions();
    world.script.fails.store(1, Ordering::SeqCst);
    let promote = PromoteInput { deployment: "m".into(), version: None };
    assert_eq!(world.noodle.call::<Promote>(promote).unwrap_err().kind(), ErrorKind::InvalidModel);
    world.ask("m", 1);
}

#[test]
fn a_pinned_version_is_loaded_by_its_request() {
    let world = two_versions();
    answered(&ask_with(&world.noodle, "m", &pinned("2.0.0")).unwrap(), 2);
    answered(&ask_with(&world.noodle, "m", &pinned("latest")).unwrap(), 2);
    answered(&ask_with(&world.noodle, "m", &PredictOptions::default()).unwrap(), 1);
    let view = world.noodle.call::<GetDeployment>(DeploymentRef { deployment: "m".into() }).unwrap();
    assert_eq!(view.serving.as_deref(), Some("1.0.0"));
    let cold = |n: &str| view.replicas[n].residency.as_ref().unwrap().cold_loads;
    assert_eq!((cold("1"), cold("2")), (1, 1));
}

#[test]
fn scale_holds_for_the_next_load() {
    let world = World::deployed(&["m"]);
    let scale = |replicas| world.noodle.call::<Scale>(ScaleInput { deployment: "m".into(), replicas }).unwrap();
    assert_eq!(scale(2).replicas["1"].replicas, 2);
    unload(&world);
    let view = scale(3);
    assert_eq!((view.desired.replicas, view.replicas["1"].replicas), (3, 0));
    world.ask("m", 1);
    assert_eq!(world.status("m").replicas, 3);
    assert_eq!(world.residency("m").cold_loads, 1);
}

#[test]
fn an_unloaded_one_stops_and_comes_back_with_its_rule() {
    let world = World::deployed(&["m"]);
    unload(&world);
    world.noodle.call::<Undeploy>(UndeployInput { deployment: "m".into(), force: false }).unwrap();
    assert_eq!(ask_with(&world.noodle, "m", &pinned("latest")).unwrap_err().kind(), ErrorKind::Unavailable);
    // Said once, it holds for the deploys that say nothing.
    let rule = |input| world.deploy(input).unwrap().desired.revisions.last().unwrap().clone();
    let input = DeployInput { unload_after_ms: Some(5_000), ..DeployInput::new("m", "latest") };
    assert_eq!(rule(input).unload_after_ms, Some(5_000));
    let again = rule(DeployInput::new("m", "latest"));
    assert_eq!((again.loading, again.unload_after_ms), (Some(Loading::OnDemand), Some(5_000)));
    let resident = DeployInput { loading: Some(Loading::Resident), ..DeployInput::new("m", "latest") };
    let resident = rule(resident);
    assert_eq!((resident.loading, resident.unload_after_ms), (None, None));
    world.ask("m", 1);
    assert!(world.status("m").residency.is_none());
}

#[test]
fn batching_and_a_cache_outlast_an_unload() {
    let world = World::new();
    world.register("m", 1);
    let input = DeployInput {
        batching: Some(BatchConfig::default()),
        cache: Some(CacheConfig::default()),
        ..DeployInput::new("m", "latest")
    };
    world.deploy(input).unwrap();
    world.ask("m", 1);
    assert!(world.status("m").batching.is_some());
    unload(&world);
    // The answer is kept: nobody has to load for it.
    world.ask("m", 1);
    assert_eq!(world.residency("m").cold_loads, 0);
    let other = noodle_deploy_core::Tensor::new(&[1, 4], vec![9.0f32; 4]).unwrap();
    let answer = world.noodle.predict("m", &[("x", other.view())]).unwrap();
    assert_eq!(answer.output("y").unwrap().as_slice::<f32>().unwrap(), [9.0; 4]);
    assert_eq!(world.residency("m").cold_loads, 1);
}

#[test]
fn an_open_loads_nothing_and_the_first_request_does() {
    let world = World::deployed(&["a", "b", "c"]);
    let World { script, clock, noodle, dir } = world;
    noodle.close();
    let loads = script.loads.load(Ordering::SeqCst);
    let noodle = open_with(dir.path(), &script, &clock, settings());
    let again = World { script, clock, noodle, dir };
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert_eq!(again.loads(), loads);
    assert_eq!(again.loaded(&["a", "b", "c"]), [false; 3]);
    for (n, name) in ["a", "b", "c"].into_iter().enumerate() {
        again.ask(name, n + 1);
    }
    // The state is as if nothing had been unloaded: so is one that is opened without loading.
    let World { script, clock, noodle, dir } = again;
    noodle.close();
    let noodle = open_with(dir.path(), &script, &clock, Settings { load_on_open: false, ..settings() });
    answered(&ask_with(&noodle, "b", &PredictOptions::default()).unwrap(), 2);
}

/// Two processes on one directory are two handles with stores of their own: here, over the same memory.
#[test]
fn another_process_loads_for_itself() {
    use noodle_deploy_core::Noodle;
    use noodle_deploy_core::store::{SqliteOptions, SqliteStore};

    let world = World::deployed(&["m"]);
    let state = world.dir.path().join("state");
    // Another directory for the artifacts' lock and the presence, the same database and files.
    let other = world.dir.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::os::unix::fs::symlink(state.join("artifacts"), other.join("artifacts")).unwrap();
    let store = SqliteStore::open(state.join("noodle.db"), &SqliteOptions::default()).unwrap();
    let noodle = Noodle::builder(&other).store(Arc::new(store)).open().unwrap();
    let view = noodle.call::<GetDeployment>(DeploymentRef { deployment: "m".into() }).unwrap();
    assert!(!view.replicas["1"].residency.as_ref().unwrap().loaded);
    answered(&ask_with(&noodle, "m", &PredictOptions::default()).unwrap(), 1);
    until("loaded", || {
        let view = noodle.call::<GetDeployment>(DeploymentRef { deployment: "m".into() }).unwrap();
        view.replicas["1"].residency.as_ref().unwrap().loaded
    });
    // The first one holds what it held.
    assert!(world.residency("m").loaded && world.residency("m").cold_loads == 0);
}
