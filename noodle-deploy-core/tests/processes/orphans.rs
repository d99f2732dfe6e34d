//! Changes whose process died, or whose end could not be written down, are finished.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use noodle_deploy_core::clock::Millis;
use noodle_deploy_core::machine::state::DeploymentState;
use noodle_deploy_core::ops::deployments::{Scale, ScaleInput, Undeploy, UndeployInput};
use noodle_deploy_core::progress::Sink;
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::store::{
    Append, Base, Head, Instance, Lease, MemoryStore, Snapshot, SqliteOptions, SqliteStore, Store, StoredEvent,
};
use noodle_deploy_core::{Error, ErrorKind, Noodle, Result};

use super::world::{DEPLOYMENT, deploy, major, make, predict, said, say, spawn, wait_for};

type Hook = Box<dyn Fn(&Append) -> Result<()> + Send + Sync>;

/// A store whose appends meet a hook first.
struct Hooked<S> {
    store: S,
    hook: Hook,
}

impl<S: Store> Store for Hooked<S> {
    fn name(&self) -> &'static str {
        self.store.name()
    }
    fn head(&self) -> Result<Head> {
        self.store.head()
    }
    fn cut(&self) -> Result<Head> {
        self.store.cut()
    }
    fn base(&self) -> Result<Base> {
        self.store.base()
    }
    fn load(&self) -> Result<Snapshot> {
        self.store.load()
    }
    fn read(&self, after: u64, limit: usize) -> Result<Vec<StoredEvent>> {
        self.store.read(after, limit)
    }
    fn read_stream(&self, stream: &str, after: u64, limit: usize) -> Result<Vec<StoredEvent>> {
        self.store.read_stream(stream, after, limit)
    }
    fn append(&self, append: &Append) -> Result<Vec<StoredEvent>> {
        (self.hook)(append)?;
        self.store.append(append)
    }
    fn data_version(&self) -> Result<u64> {
        self.store.data_version()
    }
    fn lease(&self, name: &str, holder: &str, now: Millis, ttl: Millis) -> Result<Lease> {
        self.store.lease(name, holder, now, ttl)
    }
    fn release(&self, name: &str, holder: &str) -> Result<()> {
        self.store.release(name, holder)
    }
    fn put_instance(&self, instance: &Instance) -> Result<()> {
        self.store.put_instance(instance)
    }
    fn remove_instance(&self, id: &str) -> Result<()> {
        self.store.remove_instance(id)
    }
    fn instances(&self) -> Result<Vec<Instance>> {
        self.store.instances()
    }
    fn maintain(&self) -> Result<()> {
        self.store.maintain()
    }
    fn backup(&self, to: &Path, progress: &Sink) -> Result<()> {
        self.store.backup(to, progress)
    }
}

fn state_of(noodle: &Noodle) -> DeploymentState {
    noodle.deployer().get(DEPLOYMENT).unwrap().desired.state
}

fn has(append: &Append, kind: &str) -> bool {
    append.events.iter().any(|event| event.kind == kind)
}

/// Asks for a deployment and stops for ever before it is ready.
pub fn child(state: &Path) {
    let hook = Box::new(|append: &Append| {
        if has(append, "revision_ready") {
            say("stuck");
            loop {
                std::thread::park();
            }
        }
        Ok(())
    });
    let store = SqliteStore::open(state.join("noodle.db"), &SqliteOptions::default()).unwrap();
    let noodle = Noodle::builder(state).store(Arc::new(Hooked { store, hook })).open().unwrap();
    deploy(&noodle, "2.0.0", Strategy::Immediate).unwrap();
}

#[test]
fn a_deploy_of_a_killed_process_is_finished_by_another() {
    let scratch = tempfile::tempdir().unwrap();
    let state = scratch.path().join("state");
    let noodle = Noodle::open(&state).unwrap();
    make(&noodle, scratch.path());
    let log = scratch.path().join("said");
    let mut child = spawn("deploy", &state, &log);
    wait_for("the deploy under way", Duration::from_secs(30), || said(&log).iter().any(|line| line == "stuck"));
    wait_for("the deploy seen here", Duration::from_secs(5), || state_of(&noodle) == DeploymentState::Deploying);
    // What served goes on, and the change is its process's own as long as that lives.
    assert_eq!(major(&predict(&noodle).unwrap()), Ok(1));
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(state_of(&noodle), DeploymentState::Deploying);
    child.kill().unwrap();
    child.wait().unwrap();
    let took =
        wait_for("the end of the deploy", Duration::from_secs(10), || state_of(&noodle) == DeploymentState::Running);
    wait_for("the new version", Duration::from_secs(2), || major(&predict(&noodle).unwrap()) == Ok(2));
    noodle.verify(None, true).unwrap();
    println!("finished {took:?} after the kill");
}

#[test]
fn a_change_whose_end_could_not_be_written_is_finished_when_it_can() {
    for (end, settles) in [
        ("revision_ready", DeploymentState::Running),
        ("scaled", DeploymentState::Running),
        ("stopped", DeploymentState::Stopped),
    ] {
        let scratch = tempfile::tempdir().unwrap();
        let broken = Arc::new(AtomicBool::new(false));
        let failures = Arc::new(AtomicU32::new(0));
        let refused = Arc::new(Mutex::new(Vec::new()));
        let hook = {
            let (broken, failures, refused) = (broken.clone(), failures.clone(), refused.clone());
            Box::new(move |append: &Append| {
                if broken.load(Ordering::SeqCst) && has(append, end) {
                    failures.fetch_add(1, Ordering::SeqCst);
                    refused.lock().unwrap().push(append.clone());
                    return Err(Error::new(ErrorKind::Storage, "the disk is gone for a while"));
                }
                Ok(())
            })
        };
        let store = Hooked { store: MemoryStore::new(), hook };
        let noodle = Noodle::builder(scratch.path().join("state")).store(Arc::new(store)).open().unwrap();
        make(&noodle, scratch.path());
        broken.store(true, Ordering::SeqCst);
        let deployment = DEPLOYMENT.to_owned();
        let result = match end {
            "revision_ready" => deploy(&noodle, "2.0.0", Strategy::Immediate),
            "scaled" => noodle.call::<Scale>(ScaleInput { deployment, replicas: 2 }).map(drop),
            _ => noodle.call::<Undeploy>(UndeployInput { deployment, force: false }).map(drop),
        };
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Storage);
        assert_ne!(state_of(&noodle), settles);
        // It is tried again, and again refused, and it keeps.
        wait_for("another try", Duration::from_secs(10), || failures.load(Ordering::SeqCst) > 1);
        broken.store(false, Ordering::SeqCst);
        wait_for("the end of the change", Duration::from_secs(10), || state_of(&noodle) == settles);
        assert!(refused.lock().unwrap().len() > 1);
        noodle.verify(None, true).unwrap();
    }
}
