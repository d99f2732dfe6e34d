//! What kind of machine this is, as far as timings care.

use std::sync::LazyLock;

static MACHINE: LazyLock<String> = LazyLock::new(|| {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} {} {threads}", std::env::consts::ARCH, processor())
});

/// Architecture, processor and hardware threads.
pub(super) fn machine() -> &'static str {
    &MACHINE
}

#[cfg(target_os = "linux")]
fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    named.map_or_else(|| "unknown".to_owned(), |(_, name)| name.trim().to_owned())
}

/// Elsewhere the name of the processor needs a library; the directory rarely moves to another machine.
#[cfg(not(target_os = "linux"))]
fn processor() -> String {
    std::env::consts::OS.to_owned()
}
