//! What a call of the C library tells and a portable crate does not.

use std::path::Path;

/// CPU time of the process in nanoseconds, and the most bytes that it had in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) cpu_ns: u64,
    pub(super) peak_bytes: u64,
}

/// Bytes of a file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Space {
    pub(super) total: u64,
    pub(super) available: u64,
}

#[cfg(unix)]
#[allow(unsafe_code)]
pub(super) fn usage() -> Option<Usage> {
    let mut found = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the struct is there for the call, and zeros are a valid one.
    let usage = unsafe { (libc::getrusage(libc::RUSAGE_SELF, found.as_mut_ptr()) == 0).then(|| found.assume_init()) }?;
    let ns = |time: libc::timeval| time.tv_sec as u64 * 1_000_000_000 + time.tv_usec as u64 * 1_000;
    // Kibibytes, but on Apple's systems bytes.
    let unit = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    Some(Usage { cpu_ns: ns(usage.ru_utime) + ns(usage.ru_stime), peak_bytes: usage.ru_maxrss as u64 * unit })
}

#[cfg(not(unix))]
pub(super) fn usage() -> Option<Usage> {
    None
}

/// Of the file system on which a directory lies.
#[cfg(unix)]
#[allow(unsafe_code, clippy::unnecessary_cast, reason = "types differ between systems")]
pub(super) fn space(directory: &Path) -> Option<Space> {
    use std::os::unix::ffi::OsStrExt;
    let path = std::ffi::CString::new(directory.as_os_str().as_bytes()).ok()?;
    let mut found = std::mem::MaybeUninit::<libc::statvfs>::zeroed();
    // SAFETY: the path ends with a NUL, the struct is there for the call, and zeros are a valid one.
    let stat = unsafe { (libc::statvfs(path.as_ptr(), found.as_mut_ptr()) == 0).then(|| found.assume_init()) }?;
    let block = stat.f_frsize as u64;
    let bytes = |blocks: u64| blocks.saturating_mul(block);
    Some(Space { total: bytes(stat.f_blocks as u64), available: bytes(stat.f_bavail as u64) })
}

#[cfg(not(unix))]
pub(super) fn space(_: &Path) -> Option<Space> {
    None
}

/// Whether the system tells a process what it read and wrote. Where it does not, zeros would be invented.
pub(super) fn tells_disk_usage() -> bool {
    !cfg!(target_os = "linux") || std::fs::File::open("/proc/self/io").is_ok()
}
