//! What a version costs.

use std::sync::{Arc, Mutex};

use noodle_deploy_core::ErrorKind;
use noodle_deploy_core::ops::benchmark::{Benchmark, BenchmarkInput, Profile, ProfileInput};
use noodle_deploy_core::progress::ProgressStage;

use super::{opened, refused};

fn quick(model: &str) -> BenchmarkInput {
    BenchmarkInput { seconds_per_case: Some(0.02), ..BenchmarkInput::new(model) }
}

#[test]
fn every_case_is_measured_and_compared() {
    let (_dir, noodle) = opened();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let to = seen.clone();
    let input = BenchmarkInput { threads: vec![1, 2], batches: vec![1, 3, 8], ..quick("langid") };
    let report = noodle.with_progress(move |p| to.lock().unwrap().push(*p)).call::<Benchmark>(input).unwrap();
    assert_eq!(
        (report.version.as_str(), report.inputs.as_str(), report.reference.as_str()),
        ("1.0.0", "probes", "probes")
    );
    assert!(report.machine.hardware_threads > 0 && !report.machine.processor.is_empty());
    let cases: Vec<_> = report.rows.iter().map(|row| (row.engine.as_str(), row.threads, row.batch)).collect();
    let mut wanted = Vec::new();
    for engine in ["tract", "rten"] {
        for threads in [1, 2] {
            wanted.extend([1, 3, 8].map(|batch| (engine, threads, batch)));
        }
    }
    assert_eq!(cases, wanted);
    for row in &report.rows {
        let figures = row.figures.as_ref().unwrap_or_else(|| panic!("{row:?}"));
        assert_eq!((row.agrees, &row.error), (Some(true), &None), "{row:?}");
        assert!(row.max_abs.unwrap() < 1e-3 && row.memory_bytes > 0, "{row:?}");
        assert!(figures.requests >= 1 && figures.latency_p50_us > 0.0, "{row:?}");
        assert!(figures.latency_p50_us <= figures.latency_p95_us && figures.latency_p95_us <= figures.latency_p99_us);
        assert!(figures.latency_mean_us > 0.0 && figures.rows_per_second > 0.0, "{row:?}");
    }
    let row = |engine: &str, threads, batch| {
        let found = report.rows.iter().find(|r| (r.engine.as_str(), r.threads, r.batch) == (engine, threads, batch));
        found.unwrap().figures.as_ref().unwrap()
    };
    let best = report.best_throughput.as_ref().unwrap();
    let most = row(&best.engine, best.threads, best.batch).rows_per_second;
    let best = report.best_latency.as_ref().unwrap();
    let least = row(&best.engine, best.threads, best.batch).latency_p50_us;
    for figures in report.rows.iter().filter_map(|row| row.figures.as_ref()) {
        assert!(figures.rows_per_second <= most && figures.latency_p50_us >= least);
    }
    let seen = seen.lock().unwrap();
    let last = seen.iter().rev().find(|p| p.stage == ProgressStage::Benchmark).unwrap();
    assert_eq!((last.done, last.total), (60, Some(60)));
}

#[test]
fn what_does_not_run_says_so_in_its_row() {
    let (_dir, noodle) = opened();
    let input = BenchmarkInput { batches: vec![2, 4], ..quick("fixed") };
    let report = noodle.call::<Benchmark>(input).unwrap();
    for row in report.rows.iter().filter(|row| row.batch == 4) {
        assert!(row.figures.is_none(), "{row:?}");
        assert!(row.error.as_ref().unwrap().contains("allowed: 2"), "{row:?}");
    }
    assert!(report.rows.iter().any(|row| row.batch == 2 && row.figures.is_some()), "{report:?}");
    assert_eq!(report.best_latency.as_ref().map(|best| best.batch), Some(2));
    assert_eq!((report.inputs.as_str(), report.rows[0].agrees), ("generated", None));
}

#[test]
fn impossible_requests_are_refused_before_anything_is_loaded() {
    let (_dir, noodle) = opened();
    let base = || quick("linear");
    let many: Vec<u32> = (1..=17).collect();
    let cases = [
        ("threads", BenchmarkInput { threads: vec![0], ..base() }),
        ("threads", BenchmarkInput { threads: vec![2, 2], ..base() }),
        ("threads", BenchmarkInput { threads: many, ..base() }),
        ("batches", BenchmarkInput { batches: vec![4_097], ..base() }),
        ("batches", BenchmarkInput { batches: vec![0], ..base() }),
        ("seconds_per_case", BenchmarkInput { seconds_per_case: Some(0.0), ..base() }),
        ("seconds_per_case", BenchmarkInput { seconds_per_case: Some(f64::NAN), ..base() }),
        (
            "seconds_per_case",
            BenchmarkInput {
                seconds_per_case: Some(60.0),
                threads: (1..=16).collect(),
                batches: (1..=16).collect(),
                ..base()
            },
        ),
        ("shapes", BenchmarkInput { shapes: [("z".to_owned(), vec![1])].into(), ..base() }),
    ];
    for (field, input) in cases {
        refused(&noodle.call::<Benchmark>(input).unwrap_err(), ErrorKind::InvalidArgument, field);
    }
    let input = BenchmarkInput { engines: vec!["steam".into()], ..base() };
    refused(&noodle.call::<Benchmark>(input).unwrap_err(), ErrorKind::Unsupported, "engine");
    let input = BenchmarkInput { target: Some("moon".into()), ..base() };
    refused(&noodle.call::<Benchmark>(input).unwrap_err(), ErrorKind::Unsupported, "target");
    assert_eq!(noodle.call::<Benchmark>(quick("absent")).unwrap_err().kind(), ErrorKind::NotFound);
    for (field, input) in [
        ("runs", ProfileInput { runs: 0, ..ProfileInput::new("linear") }),
        ("threads", ProfileInput { threads: 0, ..ProfileInput::new("linear") }),
        ("batch", ProfileInput { batch: 0, ..ProfileInput::new("linear") }),
    ] {
        refused(&noodle.call::<Profile>(input).unwrap_err(), ErrorKind::InvalidArgument, field);
    }
}

#[test]
fn the_nodes_add_up_to_the_run() {
    let (_dir, noodle) = opened();
    let report = noodle.call::<Profile>(ProfileInput { batch: 4, ..ProfileInput::new("langid") }).unwrap();
    assert!(report.engine.starts_with("tract "), "{}", report.engine);
    assert_eq!((report.runs, report.left_out), (20, 0));
    assert!((report.attributed_us + report.unattributed_us - report.run_us).abs() < 1e-6 * report.run_us);
    // A model with real work spends its time in its nodes.
    assert!(report.unattributed_us >= 0.0 && report.attributed_us > 0.5 * report.run_us, "{report:?}");
    let sum: f64 = report.nodes.iter().map(|node| node.total_us).sum();
    assert!((sum / 20.0 - report.attributed_us).abs() < 1e-6 * sum);
    for node in &report.nodes {
        assert_eq!(node.calls, 20, "{node:?}");
        assert!((node.mean_us * 20.0 - node.total_us).abs() < 1e-6 * node.total_us.max(1e-9), "{node:?}");
        assert!(!node.op.is_empty() && !node.shapes.is_empty(), "{node:?}");
    }
    assert!(report.nodes.is_sorted_by(|a, b| a.total_us >= b.total_us));
    // No less than the largest output, no more than all of them.
    let bytes = || report.nodes.iter().map(|node| node.output_bytes);
    assert!((bytes().max().unwrap()..=bytes().sum()).contains(&report.peak_intermediate_bytes), "{report:?}");
    let error = noodle
        .call::<Profile>(ProfileInput { engine: Some("rten".into()), ..ProfileInput::new("langid") })
        .unwrap_err();
    assert_eq!((error.kind(), error.get("engine")), (ErrorKind::Unsupported, Some("rten")), "{error}");
}
