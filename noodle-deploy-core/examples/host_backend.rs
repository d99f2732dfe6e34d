//! A backend of the host's own: replicas live where the host says, here behind a counter in front of the built-in
//! engine.
//!
//! `cargo run --example host_backend`. A real one would speak to an accelerator, another process or another machine; the
//! registry, the log, verification, routing, promotion and metrics stay the library's.
#![allow(clippy::disallowed_macros)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use noodle_deploy_core::backends::local::LocalBackend;
use noodle_deploy_core::backends::{Backend, ReplicaSet, ReplicaStatus, RevisionSpec};
use noodle_deploy_core::engine::tract::TractRuntime;
use noodle_deploy_core::engine::{Cancel, Outputs};
use noodle_deploy_core::metrics::spent::Spent;
use noodle_deploy_core::model::signature::Signature;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, Scale, ScaleInput, Undeploy, UndeployInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{Error, ErrorKind, Noodle, Result, TensorView};

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/models/langid-v1.onnx");

/// The target `host`: counts requests, and refuses more replicas than it has slots for.
struct HostBackend {
    inner: LocalBackend,
    slots: u32,
    requests: Arc<AtomicU64>,
}

impl Backend for HostBackend {
    fn target(&self) -> &str {
        "host"
    }

    fn start(&self, spec: &RevisionSpec) -> Result<Arc<dyn ReplicaSet>> {
        check_slots(spec.replicas, self.slots)?;
        println!("  host: start {} {} with {} replicas", spec.model, spec.version, spec.replicas);
        Ok(Arc::new(HostReplicas {
            inner: self.inner.start(spec)?,
            slots: self.slots,
            requests: self.requests.clone(),
            name: format!("{} {}", spec.model, spec.version),
        }))
    }
}

fn check_slots(replicas: u32, slots: u32) -> Result<()> {
    if replicas <= slots {
        return Ok(());
    }
    Err(Error::new(ErrorKind::ResourceExhausted, "the host has too few slots")
        .with("replicas", replicas)
        .with("slots", slots))
}

struct HostReplicas {
    inner: Arc<dyn ReplicaSet>,
    slots: u32,
    requests: Arc<AtomicU64>,
    name: String,
}

impl ReplicaSet for HostReplicas {
    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn infer(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<Spent> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.inner.infer(inputs, outputs, cancel)
    }

    fn scale(&self, replicas: u32) -> Result<Arc<dyn ReplicaSet>> {
        check_slots(replicas, self.slots)?;
        println!("  host: scale {} to {replicas}", self.name);
        Ok(Arc::new(HostReplicas {
            inner: self.inner.scale(replicas)?,
            slots: self.slots,
            requests: self.requests.clone(),
            name: self.name.clone(),
        }))
    }

    fn status(&self) -> ReplicaStatus {
        self.inner.status()
    }
}

impl Drop for HostReplicas {
    fn drop(&mut self) {
        println!("  host: let go of a set of replicas of {}", self.name);
    }
}

fn main() -> Result<()> {
    let dir = std::env::temp_dir().join(format!("noodle-host-{}", std::process::id()));
    let requests = Arc::new(AtomicU64::new(0));
    let backend = HostBackend {
        inner: LocalBackend::new(vec![Arc::new(TractRuntime::default())]),
        slots: 4,
        requests: requests.clone(),
    };
    let noodle = Noodle::builder(&dir).backend(Arc::new(backend)).open()?;

    noodle.call::<RegisterVersion>(RegisterVersionInput {
        model: "langid".into(),
        path: MODEL.into(),
        ..RegisterVersionInput::default()
    })?;
    println!("deploy on the target host");
    noodle.call::<Deploy>(DeployInput { target: Some("host".into()), ..DeployInput::new("langid", "latest") })?;
    println!("predict: {}", guess(&noodle)?);

    println!("scale to 3");
    let view = noodle.call::<Scale>(ScaleInput { deployment: "langid".into(), replicas: 3 })?;
    println!("replicas: {}", view.desired.replicas);
    println!("predict: {}", guess(&noodle)?);

    println!("scale to 9");
    match noodle.call::<Scale>(ScaleInput { deployment: "langid".into(), replicas: 9 }) {
        Ok(_) => println!("scaled beyond the slots"),
        Err(error) => println!("refused: {error}"),
    }
    println!("predict: {}", guess(&noodle)?);

    println!("undeploy");
    let view = noodle.call::<Undeploy>(UndeployInput { deployment: "langid".into(), force: false })?;
    println!("state: {:?}", view.desired.state);
    println!("requests that the host saw, the check at deploy among them: {}", requests.load(Ordering::Relaxed));
    noodle.close();
    std::fs::remove_dir_all(dir)?;
    Ok(())
}

fn guess(noodle: &Noodle) -> Result<String> {
    let text = b"#!/bin/sh\nset -eu\nfor f in *.txt; do\n  echo \"$f\" | tr a-z A-Z\ndone\n";
    let mut bytes = vec![256i32; 512];
    bytes.iter_mut().zip(text).for_each(|(to, &byte)| *to = byte.into());
    let answer = noodle.predict("langid", &[("bytes", TensorView::new(&[1, 512], &bytes)?)])?;
    let best = answer.top(1)?;
    Ok(format!("{} {:.2} from version {}", best[0][0].0, best[0][0].1, answer.version()))
}
