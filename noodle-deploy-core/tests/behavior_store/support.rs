//! Stores to test, and short ways to write to them.
#![allow(dead_code)]

use std::path::PathBuf;
use std::sync::Arc;

use noodle_deploy_core::store::{Append, Fence, MemoryStore, NewEvent, Projection, Store};
#[cfg(feature = "store-sqlite")]
use noodle_deploy_core::store::{SqliteOptions, SqliteStore};
use tempfile::TempDir;

/// A store under test, with its directory where it has one.
pub struct Case {
    pub store: Arc<dyn Store>,
    pub directory: Option<TempDir>,
}

impl Case {
    pub fn path(&self) -> Option<PathBuf> {
        self.directory.as_ref().map(|directory| directory.path().join("state.db"))
    }

    /// Another handle on the same state, as another process would open it.
    pub fn second(&self) -> Arc<dyn Store> {
        match self.path() {
            #[cfg(feature = "store-sqlite")]
            Some(path) => Arc::new(SqliteStore::open(path, &SqliteOptions::default()).unwrap()),
            _ => self.store.clone(),
        }
    }
}

pub fn memory() -> Case {
    Case { store: Arc::new(MemoryStore::new()), directory: None }
}

#[cfg(feature = "store-sqlite")]
pub fn sqlite() -> Case {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("state.db"), &SqliteOptions::default()).unwrap();
    Case { store: Arc::new(store), directory: Some(directory) }
}

/// Runs a check over every store.
pub fn each(check: impl Fn(&Case)) {
    let cases = [
        memory(),
        #[cfg(feature = "store-sqlite")]
        sqlite(),
    ];
    for case in cases {
        println!("store: {}", case.store.name());
        check(&case);
    }
}

pub fn event(stream: &str, payload: impl Into<String>) -> NewEvent {
    NewEvent {
        stream: stream.to_owned(),
        kind: "noted".to_owned(),
        payload: payload.into(),
        actor: "tester".to_owned(),
        operation: "note".to_owned(),
        request: "r-1".to_owned(),
    }
}

pub fn row(key: &str, stream: &str, value: Option<&str>) -> Projection {
    Projection {
        kind: "note".to_owned(),
        key: key.to_owned(),
        stream: stream.to_owned(),
        value: value.map(str::to_owned),
    }
}

/// `count` events on one stream that is at `version`.
pub fn append(stream: &str, version: u64, count: u64) -> Append {
    Append {
        expect: vec![(stream.to_owned(), version)],
        events: (1..=count).map(|n| event(stream, format!("{{\"n\":{}}}", version + n))).collect(),
        projections: Vec::new(),
        at: 1_000,
        fence: None,
        cut: None,
    }
}

pub fn fence(lease: &str, token: u64) -> Option<Fence> {
    Some(Fence { lease: lease.to_owned(), token })
}
