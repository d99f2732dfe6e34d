//! A directory that grows under another name until it is whole.
//!
//! `NAME.partial-PID-N` is the directory, and a file of that name with `.lock` is locked for as long as somebody fills
//! it. The file is there before the directory and goes after it, so a directory without a locked file is a left-over,
//! whatever process has its number now.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind as Io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::artifact::durable;
use crate::error::{Error, Result};
use crate::paths::check_path;

const LOCK: &str = ".lock";
/// A lock file without a directory is about to be locked, or was left by a process that died so early or so late.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);

/// The directory of a copy under way. Gone when dropped, unless it was published.
pub(super) struct Partial<'a> {
    to: &'a Path,
    dir: PathBuf,
    lock_path: PathBuf,
    /// Locked until the directory has its name, or is gone.
    lock: File,
}

impl<'a> Partial<'a> {
    /// Removes what killed processes left of copies of `from` to `to`, and makes an empty directory beside it.
    ///
    /// # Errors
    /// `conflict` where `to` exists, `invalid_argument` where it has no name or lies in `from`, `storage`.
    pub(super) fn new(from: &Path, to: &'a Path) -> Result<Self> {
        check_path("to", to)?;
        let name = to.file_name().ok_or_else(|| Error::invalid("to", to.display(), "a path that ends in a name"))?;
        let mut prefix = name.to_os_string();
        prefix.push(".partial-");
        let beside = durable::directory_of(to);
        if beside.is_dir() {
            sweep(beside, &prefix)?;
        }
        if to.exists() {
            return Err(taken(to));
        }
        // A copy in what it is a copy of would be no use when that is lost.
        if resolved(to)?.starts_with(resolved(from)?) {
            return Err(Error::invalid("to", to.display(), format!("a path outside {}", from.display())));
        }
        durable::create_directory(beside)?;
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            let mut name = prefix.clone();
            name.push(format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
            let dir = beside.join(name);
            let lock_path = lock_of(&dir);
            match OpenOptions::new().write(true).create_new(true).open(&lock_path) {
                Ok(lock) => {
                    lock.lock()?;
                    let partial = Partial { to, dir, lock_path, lock };
                    std::fs::create_dir(&partial.dir)?;
                    return Ok(partial);
                }
                // Of a process with the same number in another container.
                Err(e) if e.kind() == Io::AlreadyExists => {}
                Err(e) => return Err(Error::from(e).with("file", lock_path.display())),
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.dir
    }

    /// Gives the whole directory its name.
    ///
    /// # Errors
    /// `conflict` where somebody took the name meanwhile, `storage`.
    pub(super) fn publish(self) -> Result<()> {
        durable::publish(&self.dir, self.to).map_err(|error| {
            let moved = !self.dir.exists();
            if !moved && self.to.exists() { taken(self.to).source(error) } else { error }
        })
    }
}

fn taken(to: &Path) -> Error {
    Error::conflict("the directory exists").with("directory", to.display())
}

/// A path without links, whether it exists or not.
fn resolved(path: &Path) -> Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let mut missing = Vec::new();
    for ancestor in path.ancestors() {
        if let Ok(mut real) = ancestor.canonicalize() {
            // What is not there yet is made as it is written, and is no link.
            for part in missing.into_iter().rev() {
                match part {
                    Some(name) => real.push::<&OsStr>(name),
                    None => {
                        real.pop();
                    }
                }
            }
            return Ok(real);
        }
        missing.push(ancestor.file_name());
    }
    Ok(path)
}

impl Drop for Partial<'_> {
    fn drop(&mut self) {
        // What stays behind, the next copy of this name removes.
        let removed = (std::fs::remove_dir_all(&self.dir), std::fs::remove_file(&self.lock_path), self.lock.unlock());
        drop(removed);
    }
}

fn lock_of(dir: &Path) -> PathBuf {
    let mut path = dir.as_os_str().to_owned();
    path.push(LOCK);
    PathBuf::from(path)
}

/// Removes partial directories of a name that nobody fills any more.
fn sweep(beside: &Path, prefix: &OsStr) -> Result<()> {
    for entry in std::fs::read_dir(beside)? {
        let name = entry?.file_name();
        let rest = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
        let Some(rest) = rest.and_then(|rest| std::str::from_utf8(rest).ok()) else { continue };
        let number = rest.strip_suffix(LOCK).unwrap_or(rest);
        // Another target may be called `NAME.partial-x`.
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            continue;
        }
        let mut name = prefix.to_os_string();
        name.push(number);
        remove_if_left(&beside.join(name))?;
    }
    Ok(())
}

fn remove_if_left(dir: &Path) -> Result<()> {
    let lock_path = lock_of(dir);
    // Held over the removal, so that nobody takes the name meanwhile.
    let lock = match File::open(&lock_path) {
        Ok(lock) => Some(lock),
        Err(e) if e.kind() == Io::NotFound => None,
        Err(e) => return Err(Error::from(e).with("file", lock_path.display())),
    };
    let left = match &lock {
        Some(lock) => lock.try_lock().is_ok() && (dir.exists() || is_old(lock)),
        None => true,
    };
    if !left {
        return Ok(());
    }
    let gone = |result: std::io::Result<()>| match result {
        Err(e) if e.kind() != Io::NotFound => Err(Error::from(e).with("directory", dir.display())),
        _ => Ok(()),
    };
    gone(std::fs::remove_dir_all(dir))?;
    if lock.is_some() { gone(std::fs::remove_file(&lock_path)) } else { Ok(()) }
}

fn is_old(file: &File) -> bool {
    let modified = file.metadata().and_then(|metadata| metadata.modified());
    modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > ABANDONED_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// What is copied; not there, so that it is not counted among the names.
    fn state(dir: &tempfile::TempDir) -> PathBuf {
        dir.path().join("state")
    }

    fn leave(dir: &Path, name: &str) {
        std::fs::create_dir(dir.join(name)).unwrap();
        std::fs::write(dir.join(name).join("noodle.db"), "half").unwrap();
    }

    #[test]
    fn what_killed_processes_left_goes_with_the_next_copy_of_the_name() {
        let dir = tempfile::tempdir().unwrap();
        // A process that lives has the number of the dead one.
        let dead = format!("copy.partial-{}-7", std::process::id());
        leave(dir.path(), &dead);
        std::fs::write(dir.path().join(format!("{dead}.lock")), "").unwrap();
        leave(dir.path(), "copy.partial-12");
        let early = std::fs::File::create(dir.path().join("copy.partial-13-0.lock")).unwrap();
        early.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        // Not ours: just begun, of another name, of a target whose name looks like ours.
        std::fs::write(dir.path().join("copy.partial-14-0.lock"), "").unwrap();
        leave(dir.path(), "other.partial-12-0");
        leave(dir.path(), "copy.partial-notes");

        let to = dir.path().join("copy");
        let partial = Partial::new(&state(&dir), &to).unwrap();
        let own = partial.path().file_name().unwrap().to_str().unwrap().to_owned();
        let mut left = vec![
            own.clone(),
            format!("{own}.lock"),
            "copy.partial-14-0.lock".to_owned(),
            "copy.partial-notes".to_owned(),
            "other.partial-12-0".to_owned(),
        ];
        left.sort();
        assert_eq!(names(dir.path()), left);
    }

    #[test]
    fn a_copy_under_way_is_left_alone_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("copy");
        let first = Partial::new(&state(&dir), &to).unwrap();
        std::fs::write(first.path().join("noodle.db"), "whole").unwrap();
        let second = Partial::new(&state(&dir), &to).unwrap();
        assert!(first.path().join("noodle.db").exists());
        drop(second);
        first.publish().unwrap();
        assert_eq!(names(dir.path()), ["copy"]);
        assert_eq!(std::fs::read_to_string(to.join("noodle.db")).unwrap(), "whole");
    }

    #[test]
    fn left_overs_go_even_where_the_target_exists() {
        let dir = tempfile::tempdir().unwrap();
        leave(dir.path(), "copy");
        leave(dir.path(), "copy.partial-12-0");
        let error = Partial::new(&state(&dir), &dir.path().join("copy")).map(drop).unwrap_err();
        assert_eq!(error.message(), "the directory exists");
        assert_eq!(names(dir.path()), ["copy"]);
    }

    #[test]
    fn of_two_copies_to_one_name_the_later_one_meets_a_conflict() {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("copy");
        let [first, second] = [(); 2].map(|()| Partial::new(&state(&dir), &to).unwrap());
        for partial in [&first, &second] {
            std::fs::write(partial.path().join("noodle.db"), "whole").unwrap();
        }
        second.publish().unwrap();
        let error = first.publish().unwrap_err();
        assert_eq!((error.kind(), error.message()), (crate::error::ErrorKind::Conflict, "the directory exists"));
        assert_eq!(names(dir.path()), ["copy"]);
    }

    #[test]
    fn a_copy_does_not_lie_in_what_it_is_a_copy_of() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("state");
        std::fs::create_dir(&state).unwrap();
        let mut inside =
            vec![state.join("copy"), state.join("not/there/yet"), dir.path().join("not-there/../state/copy")];
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&state, dir.path().join("link")).unwrap();
            inside.push(dir.path().join("link/copy"));
        }
        for to in inside {
            let error = Partial::new(&state, &to).map(drop).unwrap_err();
            let allowed = format!("a path outside {}", state.display());
            assert_eq!((error.get("field"), error.get("allowed")), (Some("to"), Some(allowed.as_str())), "{to:?}");
        }
        assert_eq!(names(&state), [""; 0]);
        let beside = dir.path().join("state-copies/monday");
        Partial::new(&state, &beside).unwrap().publish().unwrap();
        assert!(beside.is_dir());
    }
}
