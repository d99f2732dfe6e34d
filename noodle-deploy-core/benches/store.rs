//! What the embedded store costs: `cargo xtask bench store`.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, missing_docs, reason = "a bench measures and prints")]

use std::time::Instant;

use noodle_deploy_core::artifact::ArtifactStore;
use noodle_deploy_core::progress::Sink;
use noodle_deploy_core::store::{Append, Instance, NewEvent, Projection, SqliteOptions, SqliteStore, Store, verify};

fn measure<T>(what: &str, times: u32, mut work: impl FnMut(u32) -> T) {
    let mut taken: Vec<_> = (0..times)
        .map(|n| {
            let start = Instant::now();
            std::hint::black_box(work(n));
            start.elapsed()
        })
        .collect();
    taken.sort();
    let at = |percent: usize| taken[(taken.len() - 1) * percent / 100];
    println!("{what:<48} p50 {:>10.1?}   p99 {:>10.1?}", at(50), at(99));
}

fn append(deployment: u64, version: u64, events: u64) -> Append {
    let stream = format!("deployment/d{deployment}");
    let event = NewEvent {
        stream: stream.clone(),
        kind: "traffic_shifted".to_owned(),
        payload: format!("{{\"weights\":{{\"a\":{version},\"b\":1}},\"reason\":\"{}\"}}", "x".repeat(200)),
        actor: "alice".to_owned(),
        operation: "set_traffic".to_owned(),
        request: "r-1".to_owned(),
    };
    let value = format!("{{\"version\":{version},\"spec\":\"{}\"}}", "y".repeat(2_000));
    Append {
        expect: vec![(stream.clone(), version)],
        events: vec![event; events as usize],
        projections: vec![Projection {
            kind: "deployment".to_owned(),
            key: format!("d{deployment}"),
            stream,
            value: Some(value),
        }],
        at: 1,
        fence: None,
        cut: None,
    }
}

fn main() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.db");
    let open = || SqliteStore::open(&path, &SqliteOptions::default()).unwrap();
    let store = open();
    measure("append: 1 event, 1 row of 2 kB, synced", 1_000, |n| store.append(&append(0, n.into(), 1)).unwrap());
    let instance = Instance { id: "i".into(), pid: 1, started_at: 1, heartbeat_at: 1, observed: "{}".into() };
    measure("put_instance (not synced)", 1_000, |_| store.put_instance(&instance).unwrap());
    measure("lease renewed (not synced)", 1_000, |n| store.lease("decide", "i", n.into(), 1_000).unwrap());
    measure("data_version, nothing new", 1_000, |_| store.data_version().unwrap());
    measure("head", 1_000, |_| store.head().unwrap());

    for deployment in 1..=100 {
        for page in 0..10 {
            store.append(&append(deployment, page * 99, 99)).unwrap();
        }
    }
    println!("{} events, 101 deployments", store.head().unwrap().sequence);
    measure("open (another handle is open)", 50, |_| open());
    measure("load", 50, |_| store.load().unwrap());
    measure("read, 1000 events", 50, |n| store.read(u64::from(n) * 1_000, 1_000).unwrap());
    measure("verify", 5, |_| verify(&store, None).unwrap());
    measure("backup", 5, |n| store.backup(&directory.path().join(format!("{n}.db")), &Sink::default()).unwrap());
    measure("append: 1 event, with 100k events", 500, |n| store.append(&append(0, 1_000 + u64::from(n), 1)).unwrap());
    drop(store);
    measure("open and close (no other handle is open)", 20, |_| open());
    println!("{} bytes", std::fs::metadata(&path).unwrap().len());

    let artifacts = ArtifactStore::open(directory.path().join("artifacts")).unwrap();
    let bytes = |n: u32| n.to_le_bytes().repeat(4 << 20);
    let digest = artifacts.put(&bytes(0)).unwrap();
    measure("artifact: put 16 MB", 10, |n| artifacts.put(&bytes(n + 1)).unwrap());
    let again = bytes(0);
    measure("artifact: put 16 MB that are there", 10, |_| artifacts.put(&again).unwrap());
    measure("artifact: read 16 MB", 10, |_| artifacts.read(&digest).unwrap());
}
