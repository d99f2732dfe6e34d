//! What a request costs on each path beside the plain one: through the batcher, from the cache, past the cache, behind
//! an identical request; and what it costs to hand tensors to an engine and back, by their size.
//!
//! Prints medians of single calls, measured in turns; then criterion's own figures.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use noodle_deploy_core::engine::{Cancel, LoadOptions, LoadReport, Outputs, Runnable, Runtime, State};
use noodle_deploy_core::machine::cache::CacheConfig;
use noodle_deploy_core::model::onnx::{Budgets, inspect};
use noodle_deploy_core::model::signature::Signature;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput};
use noodle_deploy_core::ops::monitor::{DeploymentFilter, GetMetrics};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{BatchConfig, Noodle, Result, Settings, Tensor, TensorView};

#[path = "support/load.rs"]
mod load;
#[path = "support/stack.rs"]
mod stack;
mod support;
#[path = "../tests/support/tiny.rs"]
mod tiny;

use support::{Times, graph, interleaved, predict};

const SHAPE: [usize; 2] = [1, 4];
const DATA: [f32; 4] = [1.0, 2.0, 3.0, 4.0];

/// An engine that does what every engine has to and no more: it looks at its input, and gives the output that it has
/// where the input begins as the last one did.
struct Idle;
struct Loaded(Signature);
struct Ready(Option<Tensor>);

impl Runtime for Idle {
    fn name(&self) -> &'static str {
        "idle"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn load(&self, artifact: &[u8], _: &LoadOptions) -> Result<Arc<dyn Runnable>> {
        Ok(Arc::new(Loaded(inspect(artifact, &Budgets::default())?.signature)))
    }
}

impl Runnable for Loaded {
    fn signature(&self) -> &Signature {
        &self.0
    }

    fn spawn(self: Arc<Self>) -> Result<Box<dyn State>> {
        Ok(Box::new(Ready(None)))
    }

    fn memory_bytes(&self) -> u64 {
        0
    }

    fn report(&self) -> LoadReport {
        LoadReport { engine: "idle 1".into(), plan: "symbolic".into(), ..LoadReport::default() }
    }
}

impl State for Ready {
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, _: &Cancel<'_>) -> Result<()> {
        let (shape, x) = (inputs[0].shape(), inputs[0].into_slice::<f32>()?);
        let output = match self.0.take() {
            Some(last)
                if last.shape() == shape && last.as_slice::<f32>()?.first() == x.first().map(|x| 2.0 * x).as_ref() =>
            {
                last
            }
            _ => Tensor::new(shape, x.iter().map(|x| 2.0 * x).collect())?,
        };
        outputs.push(output.clone());
        self.0 = Some(output);
        Ok(())
    }
}

fn deploy(noodle: &Noodle, name: &str, engine: &str, batching: Option<BatchConfig>, cache: Option<CacheConfig>) {
    let (model, engine) = (Some("scaled".into()), Some(engine.into()));
    let input = DeployInput { model, engine, replicas: Some(1), batching, cache, ..DeployInput::new(name, "1.0.0") };
    noodle.call::<Deploy>(input).unwrap();
}

fn open(dir: &Path) -> Noodle {
    let path = dir.join("scaled.onnx");
    std::fs::write(&path, tiny::scaled(2.0, 0)).unwrap();
    let settings = Settings { specialise: false, ..Settings::default() };
    let noodle = Noodle::builder(dir.join("state")).settings(settings).engine(Arc::new(Idle)).open().unwrap();
    let (model, path, version) = ("scaled".into(), path.display().to_string(), Some("1.0.0".into()));
    let input = RegisterVersionInput { model, path, version, ..RegisterVersionInput::default() };
    noodle.call::<RegisterVersion>(input).unwrap();
    noodle
}

fn print(title: &str, rows: &[(&str, &Times)]) {
    println!("{title:<34} {:>8} {:>8} {:>8} {:>12}", "p50 ns", "p90", "p99", "p50 over");
    for (name, times) in rows {
        let (p50, p90, p99) = (times.at(50.0), times.at(90.0), times.at(99.0));
        println!("{name:<34} {p50:>8.0} {p90:>8.0} {p99:>8.0} {:>+12.0}", p50 - rows[0].1.at(50.0));
    }
    println!();
}

/// A request that finds an identical one under way: how long after that one it is answered.
fn coalesced(noodle: &Noodle, dir: &Path) {
    const TIMES: usize = 400;
    stack::register(noodle, dir, 8);
    let (model, engine) = (Some("stack".into()), Some("tract".into()));
    let cache = Some(CacheConfig::default());
    let input = DeployInput { model, engine, replicas: Some(1), cache, ..DeployInput::new("twins", "1.0.0") };
    noodle.call::<Deploy>(input).unwrap();
    let ask = |number: usize| {
        let data = vec![number as f32; stack::WIDTH];
        drop(predict(noodle, "twins", "x", &[1, stack::WIDTH], &data));
        Instant::now()
    };
    // Below 0 where the waiting one returns first.
    let mut behind: Vec<i128> = Vec::with_capacity(TIMES);
    for number in 0..TIMES {
        let (leads, follows) = std::thread::scope(|scope| {
            let leader = scope.spawn(|| ask(number));
            // Time for the first to begin; where it has ended by then, the second is a hit.
            std::thread::sleep(Duration::from_micros(100));
            let follows = ask(number);
            (leader.join().unwrap(), follows)
        });
        let later = follows.saturating_duration_since(leads).as_nanos() as i128;
        behind.push(later - leads.saturating_duration_since(follows).as_nanos() as i128);
    }
    behind.sort_unstable();
    let metrics = noodle.call::<GetMetrics>(DeploymentFilter::default()).unwrap();
    let cache = metrics.deployments["twins"][0].cache.as_ref().unwrap();
    let [p10, p50, p90] = [10, 50, 90].map(|percent| behind[TIMES * percent / 100]);
    println!("answered after the identical request, ns: p10 {p10}, p50 {p50}, p90 {p90}");
    println!("{} of {TIMES} waited, the others came too late\n", cache.coalesced);
}

/// The engine does nothing, so what grows with the tensors is the hand-over's.
fn hand_over(noodle: &Noodle) {
    let data = vec![1f32; 1 << 18];
    let call = |rows: usize| {
        let data = &data[..4 * rows];
        move || drop(black_box(predict(noodle, "idle", "x", &[rows, 4], black_box(data))))
    };
    let [mut small, mut middle, mut large] = [1, 1 << 8, 1 << 16].map(call);
    let [small, middle, large] = interleaved(60, 100, [&mut small, &mut middle, &mut large]);
    print("tensors to an idle engine and back", &[("16 bytes", &small), ("4 KiB", &middle), ("1 MiB", &large)]);
}

fn paths(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    let noodle = &open(dir.path());
    deploy(noodle, "plain", "tract", None, None);
    deploy(noodle, "idle", "idle", None, None);
    deploy(noodle, "batched", "tract", Some(BatchConfig::default()), None);
    // A delay sends every request through the queue, and the preferred size ends it at once.
    let queued = BatchConfig { max_delay_us: 1, preferred_batch_sizes: vec![1], ..BatchConfig::default() };
    deploy(noodle, "queued", "tract", Some(queued), None);
    deploy(noodle, "kept", "tract", None, Some(CacheConfig::default()));
    // Full after a moment, so that each new answer takes the place of another.
    let small = CacheConfig { max_entries: Some(1_024), ..CacheConfig::default() };
    deploy(noodle, "new", "tract", None, Some(small));

    let ask = |name: &'static str| move || drop(black_box(predict(noodle, name, "x", &SHAPE, black_box(&DATA))));
    let (mut plain, mut batched, mut queued, mut hit) = (ask("plain"), ask("batched"), ask("queued"), ask("kept"));
    let mut number = 0u32;
    let mut miss = || {
        number += 1;
        let data = [f32::from_bits(number), 2.0, 3.0, 4.0];
        drop(black_box(predict(noodle, "new", "x", &SHAPE, black_box(&data))));
    };
    let calls: [&mut dyn FnMut(); 5] = [&mut plain, &mut batched, &mut queued, &mut hit, &mut miss];
    let [one, two, three, four, five] = interleaved(100, 200, calls);
    print(
        "y = 2 x on 1 x 4",
        &[
            ("predict", &one),
            ("batcher, a replica is free", &two),
            ("batcher, through its queue", &three),
            ("cache, hit", &four),
            ("cache, miss", &five),
        ],
    );
    hand_over(noodle);
    coalesced(noodle, dir.path());
    println!("load of the machine: {}", load::load());

    let mut group = c.benchmark_group("paths");
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    group.bench_function("predict", |b| b.iter(&mut plain));
    group.bench_function("batcher_free", |b| b.iter(&mut batched));
    group.bench_function("batcher_queued", |b| b.iter(&mut queued));
    group.bench_function("cache_hit", |b| b.iter(&mut hit));
    group.bench_function("cache_miss", |b| b.iter(&mut miss));
    group.finish();
}

criterion_group!(benches, paths);
criterion_main!(benches);
