//! `evaluate`, `benchmark` and `profile`.

use noodle_deploy_core::machine::evaluation::Bound;
use noodle_deploy_core::ops::benchmark::{
    Benchmark, BenchmarkCase, BenchmarkInput, BenchmarkReport, BenchmarkRow, Profile, ProfileInput, ProfileReport,
};
use noodle_deploy_core::ops::evaluate::{Evaluate, EvaluateInput, EvaluationReport, Gate};
use noodle_deploy_core::{Noodle, Result};

use crate::progress::call;
use crate::registry::text;
use crate::table::{Table, bytes, count};
use crate::{Answer, args, exit};

pub(crate) fn evaluate(noodle: &Noodle, json: bool, args: &args::Evaluate) -> Result<Answer> {
    let bounds = |pairs: &[(String, f64)], least: bool| {
        let bound = |(metric, number): &(String, f64)| Bound {
            metric: metric.clone(),
            at_least: least.then_some(*number),
            at_most: (!least).then_some(*number),
        };
        pairs.iter().map(bound).collect::<Vec<_>>()
    };
    let gate = args.gate.as_ref().map(|name| Gate {
        name: name.clone(),
        bounds: [bounds(&args.at_least, true), bounds(&args.at_most, false)].concat(),
    });
    let name = |deployment: bool| (deployment == args.deployment).then(|| args.name.clone());
    let report = call::<Evaluate>(
        noodle,
        EvaluateInput {
            model: name(false),
            deployment: name(true),
            version: args.version.clone(),
            metrics: args.metrics.clone(),
            output: args.output.clone(),
            target: args.target.clone(),
            softmax: args.softmax,
            top_k: args.top_k,
            gate,
            engine: args.engine.clone(),
            threads: args.threads,
            batch: args.batch,
            ..EvaluateInput::new("", text(&args.data)?)
        },
    )?;
    let exit = if report.passed { 0 } else { exit::GATE };
    Answer::new(json, &report, evaluation).map(|answer| answer.exit(exit))
}

fn evaluation(report: &EvaluationReport) -> String {
    let rows = count(report.rows, "row");
    let mut text = format!(
        "{} {}: {} against {}, {rows}, {}\n",
        report.model, report.version, report.output, report.target, report.engine
    );
    let mut table = Table::new(&["metric", "value"]);
    for (name, value) in &report.metrics {
        table.row([name.clone(), format!("{value:.6}")]);
    }
    for (name, reason) in &report.undefined {
        table.row([name.clone(), format!("none: {reason}")]);
    }
    text.push_str(&table.text());
    if !report.confusion.is_empty() {
        let labels = report.confusion.iter().map(|row| row.label.as_str());
        let mut table = Table::new(&["expected \\ answered"].into_iter().chain(labels).collect::<Vec<_>>());
        for row in &report.confusion {
            table.row([row.label.clone()].into_iter().chain(row.answered.iter().map(u32::to_string)));
        }
        text.push_str(&table.text());
    }
    if let Some(gate) = &report.gate {
        text.push_str(&format!("gate {gate}: {}\n", if report.passed { "passed" } else { "not passed" }));
    }
    for bound in &report.broken {
        let value = report.metrics.get(&bound.metric).map_or_else(|| "none".to_owned(), f64::to_string);
        text.push_str(&format!("  {} is {value}, and must be {}\n", bound.metric, bound.text()));
    }
    text
}

pub(crate) fn benchmark(noodle: &Noodle, json: bool, args: &args::Benchmark) -> Result<Answer> {
    let input = BenchmarkInput {
        version: args.version.clone(),
        engines: args.engines.clone(),
        threads: args.threads.clone(),
        batches: args.batches.clone(),
        shapes: args.shapes.clone().unwrap_or_default(),
        seconds_per_case: Some(args.seconds),
        ..BenchmarkInput::new(&args.model)
    };
    let report = call::<Benchmark>(noodle, input)?;
    let exit = if report.rows.iter().all(|row| row.figures.is_none()) { exit::FAILED } else { 0 };
    Answer::new(json, &report, measured).map(|answer| answer.exit(exit))
}

fn measured(report: &BenchmarkReport) -> String {
    let machine = &report.machine;
    let mut text = format!(
        "{} {} on {} ({} threads); inputs: {}\n",
        report.model, report.version, machine.processor, machine.hardware_threads, report.inputs
    );
    let heading = ["engine", "threads", "batch", "requests", "p50 us", "p95 us", "p99 us", "rows/s", "memory", "note"];
    let mut table = Table::new(&heading);
    for row in &report.rows {
        let of = |figure: fn(&noodle_deploy_core::ops::benchmark::BenchmarkFigures) -> f64| {
            row.figures.as_ref().map(|figures| format!("{:.1}", figure(figures))).unwrap_or_default()
        };
        table.row([
            row.engine.clone(),
            row.threads.to_string(),
            row.batch.to_string(),
            row.figures.as_ref().map(|figures| figures.requests.to_string()).unwrap_or_default(),
            of(|f| f.latency_p50_us),
            of(|f| f.latency_p95_us),
            of(|f| f.latency_p99_us),
            of(|f| f.rows_per_second),
            bytes(row.memory_bytes),
            note(row),
        ]);
    }
    text.push_str(&table.text());
    let case = |case: &BenchmarkCase| {
        format!("{}, {}, batch {}", case.engine, count(case.threads.into(), "thread"), case.batch)
    };
    for (what, best) in [("latency", &report.best_latency), ("throughput", &report.best_throughput)] {
        if let Some(best) = best {
            text.push_str(&format!("best {what}: {}\n", case(best)));
        }
    }
    text
}

fn note(row: &BenchmarkRow) -> String {
    match (&row.error, row.agrees, row.max_abs) {
        (Some(error), Some(false), _) => format!("wrong answers: {error}"),
        (Some(error), ..) => error.clone(),
        (None, Some(true), Some(largest)) => format!("differs by {largest:.1e}"),
        _ => String::new(),
    }
}

pub(crate) fn profile(noodle: &Noodle, json: bool, args: &args::Profile) -> Result<Answer> {
    let input = ProfileInput {
        version: args.version.clone(),
        engine: args.engine.clone(),
        threads: args.threads,
        batch: args.batch,
        shapes: args.shapes.clone().unwrap_or_default(),
        runs: args.runs,
        ..ProfileInput::new(&args.model)
    };
    Answer::new(json, &call::<Profile>(noodle, input)?, |report| nodes(report, args.top.into()))
}

fn nodes(report: &ProfileReport, top: usize) -> String {
    let mut table = Table::new(&["share", "mean us", "calls", "operator", "bytes", "output", "node"]);
    for node in report.nodes.iter().take(top) {
        table.row([
            format!("{:.1} %", 100.0 * node.share),
            format!("{:.1}", node.mean_us),
            node.calls.to_string(),
            node.op.clone(),
            bytes(node.output_bytes),
            node.shapes.join(" "),
            node.name.clone(),
        ]);
    }
    let more = report.nodes.len().saturating_sub(top) + report.left_out as usize;
    let more = if more > 0 { format!("and {}\n", count(more as u64, "more node")) } else { String::new() };
    format!(
        "{} {} on {}: {:.1} us a run over {}, of which {:.1} us outside of nodes\n\
         outputs of nodes hold {} at most, the model {}\n{}{more}",
        report.model,
        report.version,
        report.engine,
        report.run_us,
        count(report.runs.into(), "run"),
        report.unattributed_us,
        bytes(report.peak_intermediate_bytes),
        bytes(report.memory_bytes),
        table.text()
    )
}
