//! What operations answer, for people.

use noodle_deploy_core::event::EventRecord;
use noodle_deploy_core::machine::state::{Model, RevisionStatus, VersionRecord};
use noodle_deploy_core::ops::autoscale::AutoscaleView;
use noodle_deploy_core::ops::deployments::DeploymentView;
use noodle_deploy_core::ops::experiment::ExperimentView;
use noodle_deploy_core::ops::lifecycle::HistoryOutput;
use noodle_deploy_core::ops::monitor::{HealthReport, MetricsReport, ResourceReport};
use noodle_deploy_core::ops::rollout::RolloutView;
use noodle_deploy_core::ops::versions::{MetricDifference, VersionComparison};
use serde::Serialize;

use crate::table::{Table, bytes, count, time};

/// The name that a value has in JSON.
fn name(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(error) => error.to_string(),
    }
}

pub(crate) fn deployments(views: &[DeploymentView]) -> String {
    let mut table =
        Table::new(&["deployment", "model", "version", "candidate", "state", "replicas", "updated", "note"]);
    for view in views {
        let d = &view.desired;
        let candidate = d.revisions.iter().rev().find(|r| {
            matches!(r.status, RevisionStatus::Ready | RevisionStatus::Loading) && Some(r.number) != d.active
        });
        table.row([
            d.name.clone(),
            d.model.clone(),
            d.active_revision().map(|r| r.version.clone()).unwrap_or_default(),
            candidate.map(|r| format!("{} {}", r.version, name(&r.status))).unwrap_or_default(),
            name(&d.state),
            d.replicas.to_string(),
            time(d.updated_at),
            d.cause.clone().unwrap_or_default(),
        ]);
    }
    table.or("no deployments")
}

pub(crate) fn models(models: &[Model]) -> String {
    let mut table = Table::new(&["model", "type", "latest", "aliases"]);
    for model in models {
        let aliases: Vec<String> = model.aliases.iter().map(|(alias, version)| format!("{alias}={version}")).collect();
        table.row([model.name.clone(), model.model_type.to_string(), model.latest.clone(), aliases.join(" ")]);
    }
    table.or("no models")
}

pub(crate) fn versions(records: &[VersionRecord]) -> String {
    let mut table = Table::new(&["model", "version", "status", "size", "labels", "registered", "digest"]);
    for v in records {
        table.row([
            v.model.clone(),
            v.version.clone(),
            name(&v.status),
            bytes(v.bytes),
            v.labels.len().to_string(),
            time(v.created_at),
            v.digest.hex()[..12].to_owned(),
        ]);
    }
    table.or("no versions")
}

pub(crate) fn comparison(c: &VersionComparison) -> String {
    let mut text = format!("{} {} against {}: {}\n", c.model, c.candidate, c.base, name(&c.compatibility));
    for difference in &c.differences {
        text.push_str(&format!("  {difference}\n"));
    }
    let mut table = Table::new(&["figure", "base", "candidate", "difference"]);
    let size = c.candidate_bytes as f64 - c.base_bytes as f64;
    table.row(["bytes".to_owned(), c.base_bytes.to_string(), c.candidate_bytes.to_string(), format!("{size:+}")]);
    for (metric, MetricDifference { base, candidate, difference }) in &c.metrics {
        let figure = |value: &Option<f64>| value.map(|v| format!("{v:.4}")).unwrap_or_default();
        let sign = difference.map(|d| format!("{d:+.4}")).unwrap_or_default();
        table.row([metric.clone(), figure(base), figure(candidate), sign]);
    }
    text + &table.text()
}

pub(crate) fn history(page: &HistoryOutput) -> String {
    let mut table = Table::new(&["sequence", "at", "actor", "stream", "event", "detail"]);
    for event in &page.events {
        let (kind, detail) = described(event);
        let at = noodle_deploy_core::clock::rfc3339(event.at);
        table.row([event.sequence.to_string(), at, event.actor.clone(), event.stream.clone(), kind, detail]);
    }
    let mut text = table.or("no events");
    if let Some(cut) = &page.cut {
        text.insert_str(0, &format!("events up to {} were cut away\n", cut.sequence));
    }
    if let (true, Some(last)) = (page.more, page.events.last()) {
        text.push_str(&format!("there are more: --after {}\n", last.sequence));
    }
    text
}

/// The kind of an event and its short fields.
fn described(record: &EventRecord) -> (String, String) {
    use serde_json::Value;
    let fields = match serde_json::to_value(&record.event) {
        Ok(Value::Object(fields)) => fields,
        _ => return (record.event.kind().to_owned(), String::new()),
    };
    let mut parts = Vec::new();
    for (key, value) in &fields {
        let nested = value.get("version").or_else(|| value.get("number"));
        match value {
            Value::String(text) if text == record.event.kind() => {}
            Value::String(text) => parts.push(format!("{key}={text}")),
            Value::Number(_) | Value::Bool(_) => parts.push(format!("{key}={value}")),
            Value::Object(_) => parts.extend(nested.and_then(Value::as_str).map(|v| format!("version={v}"))),
            _ => {}
        }
    }
    (record.event.kind().to_owned(), parts.join(" "))
}

pub(crate) fn health(report: &HealthReport) -> String {
    let mut table = Table::new(&["deployment", "health", "ready", "state", "last error"]);
    for d in &report.deployments {
        let ready = if d.ready { "yes" } else { "no" }.to_owned();
        let error = d.last_error.clone().unwrap_or_default();
        table.row([d.deployment.clone(), name(&d.health), ready, name(&d.state), error]);
    }
    let mut text = table.or("nothing should run");
    let limit = report.memory_limit_bytes.as_deref().and_then(|n| n.parse().ok()).map(bytes);
    let limit = limit.map(|limit| format!(" of {limit}")).unwrap_or_default();
    text.push_str(&format!("\nmodels hold {}{limit}\n", bytes(report.memory_used_bytes)));
    if let Some(error) = &report.last_error {
        text.push_str(&format!("last error of the background work: {error}\n"));
    }
    text
}

pub(crate) fn resources(report: &ResourceReport) -> String {
    let ResourceReport { process, machine, limits, gpus, models, .. } = report;
    let mut table = Table::new(&["", "process", "machine"]);
    let size = |n: Option<u64>| n.map(bytes).unwrap_or_default();
    let percent = |n: Option<f64>| n.map(|n| format!("{n:.0} %")).unwrap_or_default();
    let seconds = process.cpu_time_ms.map(|ms| format!("{:.2} s", ms as f64 / 1e3)).unwrap_or_default();
    let cores = machine.cores.map(|n| count(n.into(), "core")).unwrap_or_default();
    let of = |used: Option<u64>, total: Option<u64>| match (used, total) {
        (Some(used), Some(total)) => format!("{} of {}", bytes(used), bytes(total)),
        _ => String::new(),
    };
    let used = |free: Option<u64>, total: Option<u64>| Some(total?.saturating_sub(free?));
    table.row(["CPU time".to_owned(), seconds, cores]);
    table.row(["CPU".to_owned(), percent(process.cpu_percent), percent(machine.cpu_percent)]);
    let memory = of(used(machine.memory_available_bytes, machine.memory_total_bytes), machine.memory_total_bytes);
    table.row(["memory".to_owned(), size(process.resident_bytes), memory]);
    table.row(["swap".to_owned(), String::new(), of(machine.swap_used_bytes, machine.swap_total_bytes)]);
    let disk = of(used(machine.disk_available_bytes, machine.disk_total_bytes), machine.disk_total_bytes);
    table.row(["disk".to_owned(), String::new(), disk]);
    table.row(["disk read".to_owned(), size(process.disk_read_bytes), String::new()]);
    table.row(["disk written".to_owned(), size(process.disk_written_bytes), String::new()]);
    table.row(["received".to_owned(), String::new(), size(machine.network_received_bytes)]);
    table.row(["sent".to_owned(), String::new(), size(machine.network_sent_bytes)]);
    let load = machine.load_1m.map(|load| format!("{load:.2}")).unwrap_or_default();
    table.row(["load".to_owned(), String::new(), load]);
    let mut text = table.or("nothing is known");
    if let Some(cpus) = limits.cpus {
        text.push_str(&format!("\nlimited to {}", count(cpus.into(), "CPU")));
    }
    if let (Some(limit), Some(left)) = (limits.memory_bytes, limits.memory_left_bytes) {
        text.push_str(&format!("\nlimited to {} of memory, {} left", bytes(limit), bytes(left)));
    }
    for gpu in &gpus.devices {
        let name = gpu.name.as_deref().unwrap_or("GPU");
        let busy = gpu.utilization_percent.map(|n| format!(", {n} % busy")).unwrap_or_default();
        let memory = of(gpu.memory_used_bytes, gpu.memory_total_bytes);
        text.push_str(&format!("\nGPU {}: {name}{busy}, memory {memory}", gpu.index));
    }
    if let Some(why) = &gpus.unavailable {
        text.push_str(&format!("\nno GPU: {why}"));
    }
    let limit = models.limit_bytes.map(|limit| format!(" of {}", bytes(limit))).unwrap_or_default();
    text.push_str(&format!("\nmodels hold {}{limit}\n", bytes(models.used_bytes)));
    text
}

pub(crate) fn autoscale(view: &AutoscaleView) -> String {
    let Some(config) = &view.autoscale else {
        return format!("{}: {}, not scaled by itself", view.deployment, count(view.replicas.into(), "replica"));
    };
    let policy = config.policy();
    let objective = policy.latency.map_or(String::new(), |l| format!(", {} ms at {}", l.ms, l.quantile));
    let dry = if policy.dry_run { ", dry run" } else { "" };
    format!(
        "{}: {}, {} to {}{objective}{dry}",
        view.deployment,
        count(view.replicas.into(), "replica"),
        policy.min_replicas,
        policy.max_replicas
    )
}

pub(crate) fn rollout(view: &RolloutView) -> String {
    let Some(rollout) = &view.rollout else { return format!("{}: no rollout", view.deployment) };
    format!(
        "{}: revision {} beside {}, step {} of {}, {:.2} % of the traffic, {}\n{}",
        view.deployment,
        rollout.candidate,
        rollout.baseline,
        rollout.step + 1,
        rollout.canary.steps.len(),
        f64::from(rollout.weight) / 100.0,
        rollout.phase.name(),
        rollout.reason
    )
}

pub(crate) fn experiment(view: &ExperimentView) -> String {
    let Some(experiment) = &view.experiment else { return format!("{}: no experiment", view.deployment) };
    match &view.text {
        Some(text) => format!("{}: {}", view.deployment, text.trim_end()),
        None => format!("{}: {}, {}\n{}", view.deployment, experiment.name, experiment.phase.name(), experiment.reason),
    }
}

pub(crate) fn metrics(report: &MetricsReport) -> String {
    let mut table = Table::new(&[
        "deployment",
        "revision",
        "version",
        "requests",
        "errors",
        "mean us",
        "p50 us",
        "p95 us",
        "p99 us",
    ]);
    for (deployment, revisions) in &report.deployments {
        for r in revisions {
            let m = &r.requests;
            let us = |v: f64| format!("{v:.1}");
            table.row([
                deployment.clone(),
                r.revision.to_string(),
                r.version.clone(),
                m.requests.to_string(),
                m.errors.values().sum::<u64>().to_string(),
                us(m.latency_mean_us),
                us(m.latency_p50_us),
                us(m.latency_p95_us),
                us(m.latency_p99_us),
            ]);
        }
    }
    table.or("no requests were counted")
}
