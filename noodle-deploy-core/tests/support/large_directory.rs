//! A state directory as a busy host leaves it behind: many deployments, a long log.
#![allow(dead_code)]

use std::path::Path;

use noodle_deploy_core::Noodle;
use noodle_deploy_core::event::Event;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::store::{Append, NewEvent, SqliteOptions, SqliteStore, Store};

/// Events in one transaction.
const BATCH: usize = 1_000;

/// Makes `deployments` models with a deployment each, then fills the log up to `events` in all. The file is registered
/// under every name.
pub fn make(dir: &Path, model: &Path, deployments: u32, events: u64) {
    let description = "annotated again and again ".repeat(8);
    let noodle = Noodle::open(dir).unwrap();
    for n in 0..deployments {
        let name = format!("service-{n}");
        let input = RegisterVersionInput {
            model: name.clone(),
            path: model.display().to_string(),
            version: Some("1.0.0".into()),
            description: description.clone(),
            ..RegisterVersionInput::default()
        };
        noodle.call::<RegisterVersion>(input).unwrap();
        noodle.call::<Deploy>(DeployInput::new(&name, "1.0.0")).unwrap();
    }
    noodle.close();

    // Annotations that say what is there already: they lengthen the log and leave the rows as they are.
    let event = Event::VersionAnnotated {
        version: "1.0.0".into(),
        description: Some(description),
        tags: Default::default(),
        metrics: Default::default(),
    };
    let payload = serde_json::to_string(&event).unwrap();
    let store = SqliteStore::open(dir.join("noodle.db"), &SqliteOptions::default()).unwrap();
    let snapshot = store.load().unwrap();
    let mut streams: Vec<_> = snapshot.streams.into_iter().filter(|(name, _)| name.starts_with("model/")).collect();
    let mut left = (events - snapshot.sequence) as usize;
    while left > 0 {
        let batch: Vec<_> = (0..left.min(BATCH))
            .map(|n| NewEvent {
                stream: streams[n % streams.len()].0.clone(),
                kind: event.kind().to_owned(),
                payload: payload.clone(),
                actor: "local".to_owned(),
                operation: "annotate_version".to_owned(),
                request: "00000000-0000-4000-8000-000000000000".to_owned(),
            })
            .collect();
        left -= batch.len();
        let stored = store.append(&Append { expect: streams.clone(), events: batch, at: 1, ..Append::default() });
        for event in stored.unwrap() {
            if let Some((_, version)) = streams.iter_mut().find(|(name, _)| *name == event.event.stream) {
                *version = event.version;
            }
        }
    }
    assert_eq!(store.head().unwrap().sequence, events);
}
