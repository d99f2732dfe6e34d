//! Whoever asks sees the requests of every process, also of those that are gone.

use std::path::Path;
use std::time::Duration;

use noodle_deploy_core::ops::Operation;
use noodle_deploy_core::ops::monitor::{DeploymentFilter, GetMetrics, GetTraffic, MetricsReport, RevisionMetrics};
use noodle_deploy_core::{Noodle, Settings};

use super::world::{make, predict, said, say, spawn, wait_for};

fn open(state: &Path) -> Noodle {
    let settings = Settings { heartbeat_ms: 100, poll_interval_ms: 20, ..Settings::default() };
    Noodle::builder(state).settings(settings).open().unwrap()
}

fn ask(noodle: &Noodle, times: usize) {
    (0..times).for_each(|_| drop(predict(noodle).unwrap()));
}

/// Predicts so often, says so, and goes, or stays until it is killed.
pub fn child(state: &Path, times: usize, stays: bool) {
    let noodle = open(state);
    ask(&noodle, times);
    say("done");
    if stays {
        loop {
            std::thread::sleep(Duration::from_secs(1));
        }
    }
    noodle.close();
}

/// Of the revision that serves, by one of the two operations.
fn counted<O: Operation<Input = DeploymentFilter, Output = MetricsReport>>(noodle: &Noodle) -> RevisionMetrics {
    let report = noodle.call::<O>(DeploymentFilter::default()).unwrap();
    report.deployments["d"].iter().find(|r| r.revision == 1).unwrap().clone()
}

#[test]
fn requests_of_every_process_are_counted() {
    let scratch = tempfile::tempdir().unwrap();
    let state = scratch.path().join("state");
    let noodle = open(&state);
    make(&noodle, scratch.path());
    ask(&noodle, 10);
    assert_eq!(counted::<GetTraffic>(&noodle).requests.requests, 10);

    let (gone, killed) = (scratch.path().join("gone"), scratch.path().join("killed"));
    assert!(spawn("count", &state, &gone).wait().unwrap().success());
    assert_eq!(counted::<GetTraffic>(&noodle).requests.requests, 40, "it wrote them when it closed");
    assert_eq!(counted::<GetMetrics>(&noodle).requests.requests, 10);

    let mut child = spawn("count-on", &state, &killed);
    wait_for("the child's requests", Duration::from_secs(30), || said(&killed).len() == 1);
    wait_for("its heartbeat", Duration::from_secs(30), || counted::<GetTraffic>(&noodle).requests.requests == 60);
    child.kill().unwrap();
    child.wait().unwrap();
    wait_for("the rows of the killed one to be settled", Duration::from_secs(60), || {
        counted::<GetTraffic>(&noodle).processes == Some(1)
    });
    let all = counted::<GetTraffic>(&noodle);
    let phases = all.requests.phases.unwrap();
    assert_eq!((all.requests.requests, all.requests.in_flight, all.requests.errors.len()), (60, 0, 0));
    let parts = [phases.queue, phases.batch_wait, phases.input, phases.compute, phases.output];
    let sum: f64 = parts.iter().map(|part| part.mean_us).sum();
    assert!((sum / all.requests.latency_mean_us - 1.0).abs() < 0.01, "{sum} of {}", all.requests.latency_mean_us);

    noodle.close();
    let noodle = open(&state);
    ask(&noodle, 1);
    assert_eq!(counted::<GetTraffic>(&noodle).requests.requests, 61);
    assert_eq!(counted::<GetMetrics>(&noodle).requests.requests, 1);
}
