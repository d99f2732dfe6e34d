//! What is kept where, for whom, and for how long.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use noodle_deploy_core::clock::ManualClock;
use noodle_deploy_core::machine::cache::CacheLevel::{Memory, Redis, Store};
use noodle_deploy_core::machine::cache::{CacheConfig, CachePolicy};
use noodle_deploy_core::ops::deployments::{
    Deploy, DeployInput, DeploymentRef, GetDeployment, Rollback, RollbackInput, Undeploy, UndeployInput,
};
use noodle_deploy_core::ops::monitor::{DeploymentFilter, GetMetrics};
use noodle_deploy_core::store::{MemoryStore, SqliteOptions, SqliteStore, Store as _};
use noodle_deploy_core::{CancelToken, ErrorKind, Noodle, PredictOptions, Settings, TensorView};

use crate::world::*;

fn stored() -> CacheConfig {
    CacheConfig { levels: vec![Memory, Store], ..CacheConfig::default() }
}

#[test]
fn a_second_request_is_answered_from_memory_with_the_same_tensors() {
    let (_dir, script, noodle) = ready(CacheConfig::default());
    for x in [1.0, 2.0, 1.0, 1.0, 2.0] {
        expect(&noodle, x, 1);
    }
    assert_eq!(script.runs.load(Ordering::SeqCst), 2);
    let found = metrics(&noodle);
    assert_eq!((found.misses, found.memory_hits, found.entries), (2, 3, 2));
    assert!((found.hit_rate - 0.6).abs() < 1e-9 && found.bytes > 0);
    // What is answered is counted as every request is.
    let report = noodle.call::<GetMetrics>(DeploymentFilter::default()).unwrap();
    assert_eq!(report.deployments["d"][0].requests.requests, 5);
}

#[test]
fn without_a_cache_each_request_runs_and_nothing_is_shown() {
    let (_dir, script, noodle) = ready(CacheConfig::default());
    noodle.call::<Deploy>(DeployInput { model: Some("m".into()), ..DeployInput::new("d", "2.0.0") }).unwrap();
    script.runs.store(0, Ordering::SeqCst);
    expect(&noodle, 1.0, 2);
    expect(&noodle, 1.0, 2);
    assert_eq!(script.runs.load(Ordering::SeqCst), 2);
    let report = noodle.call::<GetMetrics>(DeploymentFilter::default()).unwrap();
    assert_eq!(report.deployments["d"][0].cache, None);
    assert!(report.deployments["d"][1].cache.is_some(), "the revision before still has its own");
}

#[test]
fn a_cancelled_request_is_not_answered_from_memory() {
    let (_dir, _script, noodle) = ready(CacheConfig::default());
    expect(&noodle, 1.0, 1);
    let token = CancelToken::new();
    token.cancel();
    let options = PredictOptions { cancel: Some(token), ..PredictOptions::default() };
    assert_eq!(ask_with(&noodle, 1.0, &options).unwrap_err().kind(), ErrorKind::Cancelled);
}

#[test]
fn no_answer_crosses_versions_while_they_are_swapped_under_load() {
    let (_dir, _script, noodle) = ready(stored());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let askers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = [0u32; 3];
                    while !done.load(Ordering::SeqCst) {
                        for x in 0..8 {
                            let found = ask(&noodle, x as f32).unwrap();
                            let n: u32 = found.version().split('.').next().unwrap().parse().unwrap();
                            assert!(*found.output("y").unwrap() == answer(n, x as f32), "version {n}");
                            seen[n as usize] += 1;
                        }
                    }
                    seen
                })
            })
            .collect();
        for swap in 0..12 {
            deploy(&noodle, swap % 2 + 1, stored());
            std::thread::sleep(Duration::from_millis(15));
        }
        done.store(true, Ordering::SeqCst);
        for asker in askers {
            let seen = asker.join().unwrap();
            assert!(seen[1] > 0 && seen[2] > 0, "{seen:?}");
        }
    });
    // A later revision of a version begins with what the store has of it.
    assert!(metrics(&noodle).store_hits > 0);
}

#[test]
fn the_same_file_as_another_version_and_another_engine_are_computed_anew() {
    let (dir, script, noodle) = ready(stored());
    expect(&noodle, 1.0, 1);
    register_as(&noodle, dir.path(), 3, 1);
    deploy(&noodle, 3, stored());
    script.runs.store(0, Ordering::SeqCst);
    let found = ask(&noodle, 1.0).unwrap();
    assert_eq!((found.version(), script.runs.load(Ordering::SeqCst)), ("3.0.0", 1));
    let input = DeployInput {
        model: Some("m".into()),
        engine: Some("other".into()),
        cache: Some(stored()),
        ..DeployInput::new("d", "1.0.0")
    };
    noodle.call::<Deploy>(input).unwrap();
    script.runs.store(0, Ordering::SeqCst);
    expect(&noodle, 1.0, 1);
    assert_eq!(script.runs.load(Ordering::SeqCst), 1);
}

#[test]
fn a_rollback_finds_the_cache_of_its_revision() {
    let (_dir, script, noodle) = ready(CacheConfig::default());
    expect(&noodle, 1.0, 1);
    deploy(&noodle, 2, CacheConfig::default());
    expect(&noodle, 1.0, 2);
    noodle.call::<Rollback>(RollbackInput { deployment: "d".into(), version: None, reason: None }).unwrap();
    script.runs.store(0, Ordering::SeqCst);
    expect(&noodle, 1.0, 1);
    assert_eq!(script.runs.load(Ordering::SeqCst), 0);
}

#[test]
fn bounds_hold_for_every_policy() {
    for policy in CachePolicy::ALL {
        let config = CacheConfig {
            policy: Some(*policy),
            max_entries: Some(10),
            ttl_ms: Some(60_000),
            ..CacheConfig::default()
        };
        let (_dir, script, noodle) = ready(config);
        for x in 0..50 {
            expect(&noodle, x as f32, 1);
        }
        assert_eq!(metrics(&noodle).entries, 10, "{policy}");
        let bytes = metrics(&noodle).bytes;
        deploy(
            &noodle,
            2,
            CacheConfig {
                max_bytes: Some(4 << 10),
                policy: Some(*policy),
                ttl_ms: Some(60_000),
                ..CacheConfig::default()
            },
        );
        for x in 0..50 {
            expect(&noodle, x as f32, 2);
        }
        let found = metrics(&noodle);
        assert!(found.bytes <= 4 << 10 && found.entries == (4 << 10) / (bytes / 10), "{policy}: {found:?}");
        // The last one is still there.
        script.runs.store(0, Ordering::SeqCst);
        expect(&noodle, 49.0, 2);
        assert_eq!(script.runs.load(Ordering::SeqCst), 0, "{policy}");
    }
}

#[test]
fn an_answer_goes_when_its_time_is_up_at_every_level() {
    let dir = tempfile::tempdir().unwrap();
    let script = Arc::<Script>::default();
    let clock = Arc::new(ManualClock::new(1_700_000_000_000));
    let open = || {
        let engine = Arc::new(Counting { script: script.clone(), name: "counting" });
        Noodle::builder(dir.path().join("state"))
            .settings(settings())
            .clock(clock.clone())
            .engine(engine)
            .open()
            .unwrap()
    };
    let runs = |expected: u32, what: &str| assert_eq!(script.runs.swap(0, Ordering::SeqCst), expected, "{what}");
    let noodle = open();
    register(&noodle, dir.path(), 1);
    deploy(&noodle, 1, CacheConfig { ttl_ms: Some(1_000), ..stored() });
    script.runs.store(0, Ordering::SeqCst);
    expect(&noodle, 1.0, 1);
    clock.advance(Duration::from_millis(999));
    expect(&noodle, 1.0, 1);
    runs(1, "kept for its time");
    noodle.close();
    let noodle = open();
    script.runs.store(0, Ordering::SeqCst);
    expect(&noodle, 1.0, 1);
    runs(0, "from the store");
    assert_eq!(metrics(&noodle).store_hits, 1);
    // What came from the store has no more time than it had there.
    clock.advance(Duration::from_millis(1));
    expect(&noodle, 1.0, 1);
    runs(1, "its time is up");
    clock.set(1_600_000_000_000);
    expect(&noodle, 1.0, 1);
    runs(1, "the clock was set back");
    assert_eq!(metrics(&noodle).failures, 0);
}

#[test]
fn the_store_answers_the_next_handle_and_memory_the_request_after_it() {
    let (dir, script, noodle) = ready(stored());
    expect(&noodle, 1.0, 1);
    noodle.close();
    let noodle = open(dir.path(), &script);
    let view = noodle.call::<GetDeployment>(DeploymentRef { deployment: "d".into() }).unwrap();
    assert_eq!(view.desired.active_revision().unwrap().cache, Some(stored()));
    script.runs.store(0, Ordering::SeqCst);
    expect(&noodle, 1.0, 1);
    expect(&noodle, 1.0, 1);
    let found = metrics(&noodle);
    assert_eq!((found.store_hits, found.memory_hits, found.misses), (1, 1, 0));
    assert_eq!(script.runs.load(Ordering::SeqCst), 0);
}

const CHILD: &str = "NOODLE_TEST_CACHE_DIR";

/// Opens the directory beside its parent, and is answered without a run.
pub fn child() {
    let dir = std::env::var_os(CHILD).expect("the directory");
    let script = Arc::<Script>::default();
    let noodle = open(Path::new(&dir), &script);
    script.runs.store(0, Ordering::SeqCst);
    expect(&noodle, 1.0, 1);
    assert_eq!((metrics(&noodle).store_hits, script.runs.load(Ordering::SeqCst)), (1, 0));
    expect(&noodle, 7.0, 1);
}

#[test]
fn processes_share_what_the_store_has() {
    let config = CacheConfig { levels: vec![Store], ..CacheConfig::default() };
    let (dir, script, noodle) = ready(config);
    expect(&noodle, 1.0, 1);
    until("the answer is written", || {
        expect(&noodle, 1.0, 1);
        metrics(&noodle).store_hits > 0
    });
    let mut other = Command::new(std::env::current_exe().unwrap());
    let ended = other.args(["child", "--exact", "--ignored"]).env(CHILD, dir.path()).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stdout));
    script.runs.store(0, Ordering::SeqCst);
    expect(&noodle, 7.0, 1);
    assert_eq!(script.runs.load(Ordering::SeqCst), 0, "the other process wrote it before it ended");
}

#[test]
fn what_is_damaged_in_the_store_is_a_miss_and_is_made_good() {
    let (dir, script, noodle) = ready(stored());
    expect(&noodle, 1.0, 1);
    noodle.close();
    let conn = rusqlite::Connection::open(dir.path().join("state/noodle.db")).unwrap();
    assert_eq!(
        conn.execute("UPDATE cache SET value = CAST(substr(value, 1, length(value) - 1) || x'55' AS BLOB)", [])
            .unwrap(),
        1
    );
    conn.close().unwrap();
    let again = |failures: u64, runs: u32| {
        let noodle = open(dir.path(), &script);
        script.runs.store(0, Ordering::SeqCst);
        expect(&noodle, 1.0, 1);
        assert_eq!((metrics(&noodle).failures, script.runs.load(Ordering::SeqCst)), (failures, runs));
    };
    again(1, 1);
    again(0, 0);
    let conn = rusqlite::Connection::open(dir.path().join("state/noodle.db")).unwrap();
    conn.execute_batch("DROP TABLE cache; DROP TABLE cache_owners").unwrap();
    conn.close().unwrap();
    again(1, 1);
    again(1, 1);
}

#[test]
fn an_undeploy_lets_the_stored_answers_go() {
    let (_dir, _script, noodle) = ready(stored());
    expect(&noodle, 1.0, 1);
    let path = noodle.dir().join("noodle.db");
    let options = SqliteOptions { read_only: true, ..SqliteOptions::default() };
    let kept = || SqliteStore::open(&path, &options).unwrap().cache().unwrap().kept("d").unwrap().0;
    until("the answer is written", || kept() == 1);
    noodle.call::<Undeploy>(UndeployInput { deployment: "d".into(), force: true }).unwrap();
    // The background work sweeps every ten seconds.
    until("the sweep", || kept() == 0);
}

#[test]
fn what_cannot_be_is_refused_at_deploy() {
    let (dir, script, noodle) = ready(CacheConfig::default());
    let before = noodle.call::<GetDeployment>(DeploymentRef { deployment: "d".into() }).unwrap().desired;
    let base = CacheConfig::default;
    for (config, kind, field, value) in [
        (CacheConfig { max_bytes: Some(1), ..base() }, ErrorKind::InvalidArgument, "cache/max_bytes", "1"),
        (CacheConfig { max_entries: Some(0), ..base() }, ErrorKind::InvalidArgument, "cache/max_entries", "0"),
        (
            CacheConfig { policy: Some(CachePolicy::Ttl), ..base() },
            ErrorKind::InvalidArgument,
            "cache/ttl_ms",
            "nothing",
        ),
        (
            CacheConfig { levels: vec![Store, Memory], ..base() },
            ErrorKind::InvalidArgument,
            "cache/levels",
            "store, memory",
        ),
        (
            CacheConfig { levels: vec![Redis], ttl_ms: Some(1), ..base() },
            ErrorKind::Unsupported,
            "cache/levels",
            "redis",
        ),
    ] {
        let error = try_deploy(&noodle, 2, config).unwrap_err();
        assert_eq!((error.kind(), error.get("field"), error.get("value")), (kind, Some(field), Some(value)));
        assert!(error.get("allowed").is_some());
    }
    let after = noodle.call::<GetDeployment>(DeploymentRef { deployment: "d".into() }).unwrap().desired;
    assert_eq!(before, after);
    drop(noodle);
    let engine = Arc::new(Counting { script, name: "counting" });
    let noodle = Noodle::builder(dir.path().join("memory"))
        .settings(Settings { default_engine: Some("counting".into()), ..Settings::default() })
        .store(Arc::new(MemoryStore::new()))
        .engine(engine)
        .open()
        .unwrap();
    register(&noodle, dir.path(), 1);
    let error = try_deploy(&noodle, 1, stored()).unwrap_err();
    let found = (error.kind(), error.get("value"), error.get("allowed"));
    assert_eq!(found, (ErrorKind::Unsupported, Some("store"), Some("memory")));
}

#[test]
fn an_answer_that_is_too_large_to_bring_back_stays_in_memory() {
    let (dir, script, noodle) = ready(stored());
    let rows = (16 << 20) / 16 + 1;
    let data = vec![1.0f32; rows * 4];
    let shape = [rows, 4];
    let large = |noodle: &Noodle| {
        let found = noodle.predict("d", &[("x", TensorView::new(&shape, &data).unwrap())]).unwrap();
        assert_eq!(found.output("y").unwrap().shape(), shape);
    };
    // One shard is as large as the whole.
    deploy(&noodle, 1, CacheConfig { max_entries: Some(100), ..stored() });
    script.runs.store(0, Ordering::SeqCst);
    large(&noodle);
    large(&noodle);
    expect(&noodle, 1.0, 1);
    assert_eq!((script.runs.load(Ordering::SeqCst), metrics(&noodle).memory_hits), (2, 1));
    noodle.close();
    let noodle = open(dir.path(), &script);
    script.runs.store(0, Ordering::SeqCst);
    expect(&noodle, 1.0, 1);
    large(&noodle);
    assert_eq!((script.runs.load(Ordering::SeqCst), metrics(&noodle).store_hits), (1, 1));
}
