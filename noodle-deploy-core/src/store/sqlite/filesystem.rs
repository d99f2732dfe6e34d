//! Where a file lies. SQLite's locks and its shared memory do not reach other machines, so a write-ahead log on a
//! network file system can be damaged by a second machine.

use std::path::Path;

use crate::artifact::durable::directory_of;
use crate::error::{Error, ErrorKind, Result};

/// Refuses a path on a network file system. Where the type cannot be told, the file counts as local.
pub(super) fn refuse_network(path: &Path) -> Result<()> {
    match network_type(directory_of(path)) {
        None => Ok(()),
        Some(found) => Err(Error::new(
            ErrorKind::Unsupported,
            "the database lies on a network file system, where another machine's locks are not seen",
        )
        .with("file", path.display())
        .with("file_system", found)
        .with("allowed", "a local disk, or allow_network_fs where one machine at a time opens the file")),
    }
}

#[cfg(target_os = "linux")]
fn network_type(directory: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let device = std::fs::metadata(directory).ok()?.dev();
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    let found = mount_type(&mounts, libc::major(device), libc::minor(device))?;
    is_network(found).then(|| found.to_owned())
}

/// The file system type of a device, from the lines of proc_pid_mountinfo(5).
#[cfg(any(target_os = "linux", test))]
fn mount_type(mounts: &str, major: u32, minor: u32) -> Option<&str> {
    let device = format!("{major}:{minor}");
    mounts.lines().find_map(|line| {
        let (mount, source) = line.split_once(" - ")?;
        (mount.split(' ').nth(2)? == device).then(|| source.split(' ').next())?
    })
}

/// Local ones behind a driver in user space (`fuse`, `fuseblk`) or a virtual machine's share (`9p`, `virtiofs`) are not
/// refused: one kernel's locks cover them unless the other side opens the file too.
#[cfg(any(target_os = "linux", test))]
fn is_network(kind: &str) -> bool {
    const KINDS: &[&str] =
        &["nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "lustre", "glusterfs", "beegfs"];
    const USER_SPACE: &[&str] = &[
        "sshfs",
        "glusterfs",
        "ceph-fuse",
        "ceph",
        "s3fs",
        "gcsfuse",
        "goofys",
        "mountpoint-s3",
        "rclone",
        "blobfuse",
        "blobfuse2",
        "davfs",
        "juicefs",
        "smbnetfs",
        "curlftpfs",
    ];
    KINDS.contains(&kind) || kind.strip_prefix("fuse.").is_some_and(|kind| USER_SPACE.contains(&kind))
}

#[cfg(target_vendor = "apple")]
#[allow(unsafe_code)]
fn network_type(directory: &Path) -> Option<String> {
    use std::ffi::CString;
    use std::os::unix::ffi::OsStrExt;
    let path = CString::new(directory.as_os_str().as_bytes()).ok()?;
    let mut found = std::mem::MaybeUninit::<libc::statfs>::uninit();
    // SAFETY: `path` ends with a zero and outlives the call; `found` is large enough, and is read only after the call
    // said that it filled it.
    let found = unsafe {
        if libc::statfs(path.as_ptr(), found.as_mut_ptr()) != 0 {
            return None;
        }
        found.assume_init()
    };
    let name: Vec<u8> = found.f_fstypename.iter().take_while(|&&c| c != 0).map(|&c| c as u8).collect();
    let local = found.f_flags & libc::MNT_LOCAL as u32 != 0;
    (!local).then(|| String::from_utf8_lossy(&name).into_owned())
}

#[cfg(windows)]
fn network_type(directory: &Path) -> Option<String> {
    use std::path::{Component, Prefix};
    match directory.components().next() {
        Some(Component::Prefix(prefix)) => match prefix.kind() {
            Prefix::UNC(..) | Prefix::VerbatimUNC(..) => Some("unc".to_owned()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple", windows)))]
fn network_type(_: &Path) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 21 0:35 / /mnt/a\\040b rw,relatime shared:7 master:2 - nfs4 server:/export rw,vers=4.2
41 21 0:36 / /mnt/ssh rw,nosuid - fuse.sshfs me@host: rw
42 21 0:37 /sub /mnt/win rw - fuseblk /dev/sdb1 rw
";

    #[test]
    fn mounts_are_found_by_device() {
        assert_eq!(mount_type(MOUNTS, 254, 0), Some("ext4"));
        assert_eq!(mount_type(MOUNTS, 0, 35), Some("nfs4"));
        assert_eq!(mount_type(MOUNTS, 0, 36), Some("fuse.sshfs"));
        assert_eq!(mount_type(MOUNTS, 0, 99), None);
    }

    #[test]
    fn network_types_are_told_from_local_ones() {
        for kind in ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "ceph"] {
            assert!(is_network(kind), "{kind}");
        }
        for kind in ["ext4", "xfs", "btrfs", "overlay", "tmpfs", "fuseblk", "9p", "virtiofs", "fuse.mergerfs"] {
            assert!(!is_network(kind), "{kind}");
        }
    }

    #[test]
    fn a_temporary_directory_is_local() {
        refuse_network(&std::env::temp_dir().join("state.db")).unwrap();
    }
}
