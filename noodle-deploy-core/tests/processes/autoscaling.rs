//! Replicas follow real traffic, up and down, and no request fails for it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use noodle_deploy_core::ops::autoscale::{
    AutoscaleConfig, AutoscaleView, GetAutoscale, GetAutoscaleInput, LatencyObjective, SetAutoscale, SetAutoscaleInput,
    VerticalConfig,
};
use noodle_deploy_core::ops::deployments::{DeploymentRef, GetDeployment};
use noodle_deploy_core::ops::lifecycle::{History, HistoryInput};
use noodle_deploy_core::{ErrorKind, Noodle, Result, Settings};

use super::world::{DEPLOYMENT, make, predict, wait_for};

fn set(noodle: &Noodle, autoscale: Option<AutoscaleConfig>) -> Result<AutoscaleView> {
    noodle.call::<SetAutoscale>(SetAutoscaleInput { deployment: DEPLOYMENT.into(), autoscale })
}

fn get(noodle: &Noodle) -> AutoscaleView {
    noodle.call::<GetAutoscale>(GetAutoscaleInput { deployment: DEPLOYMENT.into() }).unwrap()
}

/// Looks back shortly, so that a test need not wait for minutes.
fn quick() -> AutoscaleConfig {
    AutoscaleConfig {
        max_replicas: Some(4),
        stable_window_ms: Some(1_000),
        panic_window_ms: Some(100),
        down_stabilisation_ms: Some(500),
        burst_hold_ms: Some(0),
        ..AutoscaleConfig::default()
    }
}

/// Requests of four threads until `met`; how many were answered.
fn under_load(noodle: &Noodle, what: &str, met: impl FnMut() -> bool) -> u64 {
    let (done, answered) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    predict(noodle).unwrap();
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        wait_for(what, Duration::from_secs(30), met);
        done.store(true, Ordering::Relaxed);
    });
    answered.into_inner()
}

#[test]
fn replicas_follow_traffic() {
    let scratch = tempfile::tempdir().unwrap();
    let state = scratch.path().join("state");
    let settings = Settings { heartbeat_ms: 100, poll_interval_ms: 20, ..Settings::default() };
    let open = || Noodle::builder(&state).settings(settings.clone()).open().unwrap();
    let noodle = open();
    make(&noodle, scratch.path());
    assert_eq!((get(&noodle).autoscale, get(&noodle).recommendation), (None, None));

    // A dry run says what it would do, and does nothing.
    set(&noodle, Some(AutoscaleConfig { dry_run: Some(true), ..quick() })).unwrap();
    let mut last = None;
    under_load(&noodle, "advice", || {
        last = get(&noodle).recommendation;
        last.as_ref().is_some_and(|advice| advice.desired > 1 && advice.service_ms.is_some())
    });
    let advice = last.unwrap();
    assert!(!advice.act && advice.arrivals_per_s > 100.0 && advice.offered > 0.0, "{advice:?}");
    assert_eq!(get(&noodle).replicas, 1);

    set(&noodle, Some(quick())).unwrap();
    let answered = under_load(&noodle, "more replicas", || get(&noodle).replicas > 1);
    assert!(answered > 100, "{answered}");
    wait_for("fewer replicas", Duration::from_secs(30), || get(&noodle).replicas == 1);
    let history = noodle.call::<History>(HistoryInput { deployment: Some(DEPLOYMENT.into()), ..Default::default() });
    let by_itself = |operation: &str| history.as_ref().unwrap().events.iter().any(|e| e.operation == operation);
    assert!(by_itself("autoscale") && by_itself("set_autoscale"));

    noodle.close();
    let noodle = open();
    assert_eq!(get(&noodle).autoscale, Some(quick()));
    set(&noodle, None).unwrap();
    assert_eq!(get(&noodle).autoscale, None);
    under_load(&noodle, "a moment", {
        let begun = std::time::Instant::now();
        move || begun.elapsed() > Duration::from_millis(600)
    });
    assert_eq!(get(&noodle).replicas, 1, "it is switched off");
}

#[test]
fn threads_follow_the_objective_and_no_request_fails_for_it() {
    let scratch = tempfile::tempdir().unwrap();
    let settings = Settings { heartbeat_ms: 100, poll_interval_ms: 20, ..Settings::default() };
    let noodle = Noodle::builder(scratch.path().join("state")).settings(settings).open().unwrap();
    make(&noodle, scratch.path());
    // Hardly a run is as short as this, the slowest ones never, so more threads are called for; the bound is two.
    let config = |dry_run| AutoscaleConfig {
        max_replicas: Some(1),
        latency: Some(LatencyObjective { quantile: 0.9999, ms: 0.001 }),
        dry_run: Some(dry_run),
        vertical: Some(VerticalConfig { max_threads: Some(2), cooldown_ms: Some(1_000), ..VerticalConfig::default() }),
        ..quick()
    };
    let view = || noodle.call::<GetDeployment>(DeploymentRef { deployment: DEPLOYMENT.into() }).unwrap();
    set(&noodle, Some(config(true))).unwrap();
    let mut last = None;
    under_load(&noodle, "advice", || {
        last = get(&noodle).recommendation;
        last.as_ref().is_some_and(|advice| !advice.vertical.is_empty())
    });
    let change = last.unwrap().vertical.remove(0);
    assert_eq!((change.what.as_str(), change.from, change.to), ("threads", 1, 2));
    assert_eq!(change.reason, "service");
    assert_eq!(view().desired.active_revision().unwrap().threads, 1, "a dry run changes nothing");

    set(&noodle, Some(config(false))).unwrap();
    let threads = || view().desired.active_revision().unwrap().threads;
    under_load(&noodle, "more threads", || threads() == 2);
    let desired = view().desired;
    assert_eq!(desired.active_revision().unwrap().version, "1.0.0", "the version stays");
    assert_eq!((desired.replicas, desired.active), (1, Some(3)));
    let input = HistoryInput { deployment: Some(DEPLOYMENT.into()), ..Default::default() };
    let history = noodle.call::<History>(input).unwrap();
    assert!(history.events.iter().any(|e| e.operation == "autoscale" && e.event.kind() == "deploy_requested"));
}

#[test]
fn what_does_not_fit_is_refused_before_anything_is_recorded() {
    let scratch = tempfile::tempdir().unwrap();
    let noodle = Noodle::open(scratch.path().join("state")).unwrap();
    make(&noodle, scratch.path());
    let refused = |config: AutoscaleConfig, field: &str| {
        let error = set(&noodle, Some(config)).unwrap_err();
        assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some(field)), "{error}");
    };
    refused(AutoscaleConfig { min_replicas: Some(3), max_replicas: Some(2), ..quick() }, "autoscale/min_replicas");
    let latency = Some(LatencyObjective { quantile: 0.95, ms: -1.0 });
    refused(AutoscaleConfig { latency, ..quick() }, "autoscale/latency/ms");
    let unknown = SetAutoscaleInput { deployment: "absent".into(), autoscale: None };
    assert_eq!(noodle.call::<SetAutoscale>(unknown).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(get(&noodle).autoscale, None);
}
