//! Files that survive a power cut: synced before they get their name, and the name synced after.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind as Io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{Error, ErrorKind, Result};

/// An error of the file system that names the file.
pub(crate) fn failed(action: &'static str, path: &Path, error: std::io::Error) -> Error {
    let (kind, message) = match error.kind() {
        Io::StorageFull | Io::QuotaExceeded => (ErrorKind::Storage, "the disk is full"),
        Io::ReadOnlyFilesystem => (ErrorKind::ReadOnly, "the file system is read-only"),
        _ => (ErrorKind::Storage, action),
    };
    Error::new(kind, message).with("file", path.display()).with("reason", &error).source(error)
}

/// Creates a file beside `path` under a name that no other process or thread has.
pub(crate) fn create_beside(path: &Path) -> Result<(PathBuf, File)> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}-{}.tmp", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        let name = PathBuf::from(name);
        match OpenOptions::new().read(true).write(true).create_new(true).open(&name) {
            Ok(file) => return Ok((name, file)),
            // Left over, or of a process with the same number in another container.
            Err(error) if error.kind() == Io::AlreadyExists => {}
            Err(error) => return Err(failed("creating a temporary file failed", &name, error)),
        }
    }
}

/// Puts the bytes of a file on the disk.
#[cfg(feature = "store-sqlite")]
pub(crate) fn sync_file(path: &Path) -> Result<()> {
    // Windows flushes only handles that may write.
    OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .and_then(|file| file.sync_all())
        .map_err(|error| failed("syncing the file failed", path, error))
}

/// Puts the names in a directory on the disk.
#[cfg(unix)]
pub(crate) fn sync_directory(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|directory| directory.sync_all())
        .map_err(|error| failed("syncing the directory failed", path, error))
}

/// Windows has no such call; its file systems journal names.
#[cfg(not(unix))]
pub(crate) fn sync_directory(_: &Path) -> Result<()> {
    Ok(())
}

/// Makes a directory with all above it, and puts their names on the disk. One that is there costs nothing.
pub(crate) fn create_directory(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let path = std::path::absolute(path)?;
    let missing: Vec<&Path> = path.ancestors().take_while(|p| !p.exists()).collect();
    fs::create_dir_all(&path).map_err(|error| failed("creating the directory failed", &path, error))?;
    missing.into_iter().try_for_each(|made| sync_directory(directory_of(made)))
}

/// The directory that a file lies in.
pub(crate) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Gives a synced temporary file its name, over a file of the same name.
pub(crate) fn publish(temporary: &Path, to: &Path) -> Result<()> {
    fs::rename(temporary, to).map_err(|error| failed("moving the file into place failed", to, error))?;
    sync_directory(directory_of(to))
}

/// Gives a synced temporary file its name, unless a file of that name exists.
///
/// # Errors
/// `conflict` where it exists.
#[cfg(feature = "store-sqlite")]
pub(crate) fn publish_new(temporary: &Path, to: &Path) -> Result<()> {
    match fs::hard_link(temporary, to) {
        Ok(()) => {
            fs::remove_file(temporary).map_err(|error| failed("removing the file failed", temporary, error))?;
            sync_directory(directory_of(to))
        }
        Err(error) if error.kind() == Io::AlreadyExists => {
            Err(Error::conflict("the file exists").with("file", to.display()))
        }
        // A file system without hard links.
        Err(_) => publish(temporary, to),
    }
}
