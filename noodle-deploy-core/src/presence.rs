//! Which processes are there: each holds a lock on a file of its own for as long as it lives, so that its death shows at
//! once, however it died.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

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
        let path = dir.join(&id);
        let file = OpenOptions::new().create_new(true).write(true).open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Presence { id, dir, file }),
            Err(TryLockError::WouldBlock) => Err(Error::conflict("another handle has this id").with("id", id)),
            Err(TryLockError::Error(e)) => Err(Error::from(e).with("file", path.display())),
        }
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
        let file = File::open(self.dir.join(id)).ok()?;
        match file.try_lock() {
            Ok(()) => Some(false),
            Err(_) => Some(true),
        }
    }

    /// Removes the files of processes that are gone and returns their ids.
    pub(crate) fn sweep(&self) -> Result<Vec<String>> {
        let mut gone = Vec::new();
        for entry in std::fs::read_dir(&self.dir)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if self.is_alive(&name) == Some(false) {
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
