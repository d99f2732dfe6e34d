//! What kind of machine this is, as far as timings care.

use std::sync::LazyLock;

static MACHINE: LazyLock<String> =
    LazyLock::new(|| format!("{} {} {}", std::env::consts::ARCH, processor(), hardware_threads()));

static PROCESSOR: LazyLock<String> = LazyLock::new(named);

/// Architecture, processor and hardware threads.
pub(crate) fn machine() -> &'static str {
    &MACHINE
}

/// Threads that run at once.
pub(crate) fn hardware_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Name of the processor.
pub(crate) fn processor() -> &'static str {
    &PROCESSOR
}

#[cfg(target_os = "linux")]
fn named() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    named.map_or_else(|| "unknown".to_owned(), |(_, name)| name.trim().to_owned())
}

/// Elsewhere the name of the processor needs a library; the directory rarely moves to another machine.
#[cfg(not(target_os = "linux"))]
fn named() -> String {
    std::env::consts::OS.to_owned()
}
