//! 1,000 models registered and deployed, 64 MiB of memory: eviction works, memory stays inside the budget, and no
//! request fails for it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use noodle_deploy_core::machine::residency::Loading;
use noodle_deploy_core::ops::Nothing;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, ListDeployments};
use noodle_deploy_core::ops::monitor::{DeploymentFilter, GetHealth, GetMetrics};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::rng::{Rng, SeededRng};
use noodle_deploy_core::{ErrorKind, Noodle, Settings, TensorView};

use crate::support::graph::{F32, floats, model, node, value_info};

const BUDGET: u64 = 64 << 20;
const THREADS: u64 = 8;

/// y = x @ w with every weight `constant`: a request that picks one row is answered by nothing but that constant.
fn constant(constant: f32, rows: usize, columns: usize) -> Vec<u8> {
    model(
        &[node("MatMul", &["x", "w"], &["y"], &[])],
        &[floats("w", &[rows as i64, columns as i64], &vec![constant; rows * columns])],
        &[value_info("x", F32, &["batch", &rows.to_string()])],
        &[value_info("y", F32, &["batch", &columns.to_string()])],
    )
}

/// Rows of a model's weights: many are small, some hold half a megabyte.
fn rows(n: usize) -> usize {
    match n % 10 {
        0 => 512,
        1 | 2 => 128,
        3 => 16,
        _ => 4,
    }
}

const COLUMNS: usize = 256;

fn name(n: usize) -> String {
    format!("m-{n:04}")
}

/// Bytes of the process that are in memory.
fn resident_set() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}

fn used(noodle: &Noodle) -> u64 {
    match noodle.call::<GetHealth>(DeploymentFilter { deployment: Some(name(0)) }) {
        Ok(report) => report.memory_used_bytes,
        // The first one is being deployed.
        Err(error) if error.kind() == ErrorKind::NotFound => 0,
        Err(error) => panic!("{error}"),
    }
}

fn deploy_some(noodle: &Noodle, dir: &Path, numbers: impl Iterator<Item = usize>, engine: Option<&str>) {
    for n in numbers {
        let path = dir.join(format!("{n}.onnx"));
        std::fs::write(&path, constant(n as f32 + 1.0, rows(n), COLUMNS)).unwrap();
        let input = RegisterVersionInput {
            model: name(n),
            path: path.display().to_string(),
            ..RegisterVersionInput::default()
        };
        noodle.call::<RegisterVersion>(input).unwrap();
        let input = DeployInput {
            loading: Some(Loading::OnDemand),
            engine: engine.map(str::to_owned),
            ..DeployInput::new(name(n), "latest")
        };
        noodle.call::<Deploy>(input).unwrap_or_else(|error| panic!("{}: {error:?}", name(n)));
        assert!(used(noodle) <= BUDGET);
        std::fs::remove_file(&path).unwrap();
    }
}

/// A model by Zipf's law with exponent 1: the k-th most popular one is asked for in proportion to 1/k. Popularity has
/// nothing to do with size.
struct Zipf(Vec<f64>);

impl Zipf {
    fn new(models: usize) -> Self {
        let mut sum = 0.0;
        Zipf(
            (1..=models)
                .map(|k| {
                    sum += 1.0 / k as f64;
                    sum
                })
                .collect(),
        )
    }

    fn draw(&self, rng: &SeededRng) -> usize {
        let models = self.0.len();
        let at = (rng.next() >> 11) as f64 / (1u64 << 53) as f64 * self.0[models - 1];
        self.0.partition_point(|sum| *sum < at).min(models - 1) * 37 % models
    }
}

fn ask(noodle: &Noodle, n: usize) {
    let mut x = vec![0.0f32; rows(n)];
    x[n % rows(n)] = 1.0;
    let shape = [1, rows(n)];
    let view = TensorView::new(&shape, &x).unwrap();
    let answer = noodle.predict(&name(n), &[("x", view)]).unwrap_or_else(|error| panic!("{}: {error:?}", name(n)));
    let y = answer.output("y").unwrap().as_slice::<f32>().unwrap();
    assert!(y.len() == COLUMNS && y.iter().all(|y| *y == n as f32 + 1.0), "{} answered {}", name(n), y[0]);
}

fn many(models: usize, engine: Option<&str>, traffic: Duration) {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { memory_budget_bytes: Some(BUDGET), ..Settings::default() };
    let noodle = Noodle::builder(dir.path().join("state")).settings(settings).open().unwrap();
    let before = resident_set();
    let begun = Instant::now();
    // Side by side: a deploy waits for the disk most of the time.
    std::thread::scope(|scope| {
        for thread in 0..THREADS as usize {
            let (noodle, dir) = (&noodle, dir.path());
            scope.spawn(move || deploy_some(noodle, dir, (thread..models).step_by(THREADS as usize), engine));
        }
    });
    let deployed = begun.elapsed();

    let (over, requests) = (AtomicBool::new(false), AtomicU64::new(0));
    let (mut most_used, mut most_resident) = (0, 0);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (noodle, over, requests) = (&noodle, &over, &requests);
            scope.spawn(move || {
                let (zipf, rng) = (Zipf::new(models), SeededRng::new(thread + 1));
                while !over.load(Ordering::Relaxed) {
                    ask(noodle, zipf.draw(&rng));
                    requests.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let until = Instant::now() + traffic;
        while Instant::now() < until {
            let used = used(&noodle);
            assert!(used <= BUDGET, "{used} bytes");
            most_used = most_used.max(used);
            most_resident = most_resident.max(resident_set());
            std::thread::sleep(Duration::from_millis(1));
        }
        over.store(true, Ordering::Relaxed);
    });

    let requests = requests.into_inner();
    let list = noodle.call::<ListDeployments>(Nothing {}).unwrap().deployments;
    let residencies = || list.iter().filter_map(|d| d.replicas["1"].residency.as_ref());
    assert_eq!(residencies().count(), models);
    let loaded = residencies().filter(|r| r.loaded).count();
    let cold: u64 = residencies().map(|r| r.cold_loads).sum();
    let evictions: u64 = residencies().map(|r| r.evictions).sum();
    assert!(evictions > 0 && cold > 0 && loaded < models, "{evictions} evictions, {cold} cold loads, {loaded} loaded");
    // What was counted outlasts every unload, and nothing failed.
    let metrics = noodle.call::<GetMetrics>(DeploymentFilter::default()).unwrap();
    let counted = || metrics.deployments.values().map(|revisions| &revisions[0].requests);
    assert_eq!(counted().map(|r| r.requests).sum::<u64>(), requests);
    assert!(counted().all(|r| r.errors.is_empty()));
    // Every deployment is ready, loaded or not.
    let health = noodle.call::<GetHealth>(DeploymentFilter { deployment: None }).unwrap();
    assert!(health.ready && health.deployments.iter().all(|d| d.ready));
    eprintln!(
        "{models} models in {} MiB: deployed in {:.1} s; {requests} requests in {:.1} s, {cold} of them loaded, \
         {evictions} evictions; {loaded} loaded in the end; most used {:.1} MiB; resident set {:.0} MiB, {:.0} MiB before",
        BUDGET >> 20,
        deployed.as_secs_f64(),
        traffic.as_secs_f64(),
        most_used as f64 / 1048576.0,
        most_resident as f64 / 1048576.0,
        before as f64 / 1048576.0,
    );
}

#[test]
fn a_thousand_models_in_64_mib() {
    many(1_000, Some("tract"), Duration::from_secs(5));
}

#[test]
#[ignore = "takes minutes: each model is tried on every engine"]
fn a_thousand_models_in_64_mib_on_the_engines_that_are_chosen() {
    many(1_000, None, Duration::from_secs(30));
}
