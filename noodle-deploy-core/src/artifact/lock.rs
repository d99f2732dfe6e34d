//! Keeps a sweep away from registrations, in every process: registrations share a lock, a sweep has it alone.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use super::durable::failed;
use crate::clock::instant;
use crate::error::{Error, Result};

/// While it lives, nothing is removed from the store.
#[derive(Debug)]
#[must_use = "the artifacts are pinned only while this lives"]
pub struct PinGuard(#[expect(dead_code, reason = "closing the file gives the lock back")] File);

/// While it lives, nothing else writes to the store or pins it.
#[derive(Debug)]
pub(super) struct SweepGuard(#[expect(dead_code, reason = "closing the file gives the lock back")] File);

pub(super) fn shared(path: &Path, wait: Duration) -> Result<PinGuard> {
    take(path, wait, "the artifacts are being swept", File::try_lock_shared).map(PinGuard)
}

pub(super) fn exclusive(path: &Path, wait: Duration) -> Result<SweepGuard> {
    take(path, wait, "the artifacts are pinned by a registration", File::try_lock).map(SweepGuard)
}

/// Each call locks a handle of its own, since a lock belongs to the handle.
fn take(
    path: &Path,
    wait: Duration,
    held: &'static str,
    try_lock: fn(&File) -> Result<(), TryLockError>,
) -> Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|error| failed("opening the lock file failed", path, error))?;
    let deadline = instant() + wait;
    loop {
        match try_lock(&file) {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(failed("locking failed", path, error)),
            Err(TryLockError::WouldBlock) if instant() < deadline => std::thread::sleep(Duration::from_millis(5)),
            Err(TryLockError::WouldBlock) => {
                return Err(Error::conflict(held).with("file", path.display()).with("waited_ms", wait.as_millis()));
            }
        }
    }
}
