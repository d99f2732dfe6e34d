//! Where the figures are from, and where they go.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use noodle_deploy_core::clock::rfc3339;
use noodle_deploy_core::engine::Runtime;

const HEADING: &str = "## engines\n";

/// Programs that ran or waited for a core in the last minute, on average.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_owned()
}

/// Bytes that the process held at most, in millions.
pub fn peak_megabytes() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
    peak.unwrap_or(0u64) * 1024 / 1_000_000
}

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    named.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.trim().to_owned())
}

fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let text = output.ok().and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
    text.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

/// Date, machine, versions, and how busy the machine was.
pub fn machine(engines: &[Arc<dyn Runtime>], load_before: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
    let versions: Vec<_> = engines.iter().map(|engine| format!("{} {}", engine.name(), engine.version())).collect();
    let profile = if cfg!(debug_assertions) { "`dev`" } else { "optimised" };
    format!(
        "{}. {}, {} hardware threads; {}, {}; profile {profile}; load {load_before} before and {} after.\n\
         `cargo xtask bench engines --write` writes this section; [README.md](README.md) says how to read it.",
        &rfc3339(now)[..10],
        processor(),
        std::thread::available_parallelism().map_or(1, usize::from),
        versions.join(", "),
        compiler(),
        load(),
    )
}

/// Puts the section in the place of the one that is there, else at the end.
fn replaced(all: &str, section: &str) -> String {
    let section = format!("{HEADING}\n{}\n", section.trim_end());
    let Some(begin) = all.find(&format!("\n{HEADING}")).map(|at| at + 1) else {
        return format!("{}\n\n{section}", all.trim_end());
    };
    let rest = &all[begin + HEADING.len()..];
    match rest.find("\n## ") {
        Some(end) => format!("{}{section}{}", &all[..begin], &rest[end..]),
        None => format!("{}{section}", &all[..begin]),
    }
}

pub fn write(section: &str) -> Result<(), String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../benches/RESULTS.md");
    let failed = |e: std::io::Error| format!("{}: {e}", file.display());
    let all = std::fs::read_to_string(&file).map_err(failed)?;
    std::fs::write(&file, replaced(&all, section)).map_err(failed)
}
