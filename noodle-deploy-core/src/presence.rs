//! Which processes are there: each holds a lock on a file of its own for as long as it lives, so that its death shows at
//! once, however it died.

use std::fs::{DirEntry, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, Result};

/// Prefix of a file that is being made.
const NEW: &str = ".new-";
/// A file that is being made for so long was left by a process that died over it.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);

pub(crate) struct Presence {
    id: String,
    dir: PathBuf,
    /// Locked until the process ends.
    file: File,
}

impl Presence {
    pub(crate) fn announce(dir: &Path, id: String) -> Result<Self> {
        let dir = dir.join("instances");
        std::fs::create_dir_all(&dir)?;
        // The file gets its name only when it is locked: an unlocked one of that name belongs to a dead process.
        let new = dir.join(format!("{NEW}{id}"));
        let file = OpenOptions::new().create_new(true).write(true).open(&new)?;
        file.try_lock().map_err(|e| match e {
            TryLockError::WouldBlock => Error::conflict("another handle has this id").with("id", &id),
            TryLockError::Error(e) => Error::from(e).with("file", new.display()),
        })?;
        std::fs::rename(&new, dir.join(&id))?;
        Ok(Presence { id, dir, file })
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Whether a process is there. `None` where this machine cannot tell: it has no file.
    pub(crate) fn is_alive(&self, id: &str) -> Option<bool> {
        if id == self.id {
            return Some(true);
        }
        // Ids come from the store: only a plain name is one of ours.
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return None;
        }
        is_locked(&self.dir.join(id))
    }

    /// Removes the files of processes that are gone and returns their ids.
    pub(crate) fn sweep(&self) -> Result<Vec<String>> {
        let mut gone = Vec::new();
        for entry in std::fs::read_dir(&self.dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let dead = match name.strip_prefix(NEW) {
                // Between its making and its locking a file looks dead; nobody takes this long for it.
                Some(_) => is_old(&entry) && is_locked(&entry.path()) == Some(false),
                None => self.is_alive(&name) == Some(false),
            };
            if dead {
                match std::fs::remove_file(self.dir.join(&name)) {
                    Ok(()) => gone.push(name),
                    Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                    Err(e) => return Err(e.into()),
                }
            }
        }
        Ok(gone)
    }
}

/// Whether some process holds the lock of a file. `None` where there is no such file.
fn is_locked(path: &Path) -> Option<bool> {
    let file = File::open(path).ok()?;
    Some(file.try_lock().is_err())
}

fn is_old(entry: &DirEntry) -> bool {
    let modified = entry.metadata().and_then(|metadata| metadata.modified());
    modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > ABANDONED_AFTER))
}

impl Drop for Presence {
    fn drop(&mut self) {
        // A file that stays behind is found unlocked and swept by the next process.
        let removed = std::fs::remove_file(self.dir.join(&self.id));
        let unlocked = self.file.unlock();
        drop((removed, unlocked));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn death_shows_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let a = Presence::announce(dir.path(), "a".into()).unwrap();
        let b = Presence::announce(dir.path(), "b".into()).unwrap();
        assert_eq!(a.is_alive("b"), Some(true));
        b.file.unlock().unwrap();
        assert_eq!(a.is_alive("b"), Some(false));
        assert_eq!(a.sweep().unwrap(), ["b"]);
        assert_eq!(a.is_alive("b"), None);
        assert_eq!(a.is_alive("../a"), None);
    }
}
