//! What the artifact store promises.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a test has its own process")]

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use noodle_deploy_core::ErrorKind;
use noodle_deploy_core::artifact::{ArtifactStore, Digest};
use proptest::prelude::*;
use tempfile::TempDir;

fn store() -> (TempDir, ArtifactStore) {
    let directory = tempfile::tempdir().unwrap();
    let store = ArtifactStore::open(directory.path().join("artifacts")).unwrap();
    (directory, store)
}

fn file_of(store: &ArtifactStore, digest: &Digest) -> PathBuf {
    let hex = digest.hex();
    store.directory().join("blobs").join(&hex[..2]).join(hex)
}

fn temporaries(store: &ArtifactStore) -> usize {
    fs::read_dir(store.directory().join("tmp")).unwrap().count()
}

fn none() -> noodle_deploy_core::Result<HashSet<Digest>> {
    Ok(HashSet::new())
}

#[test]
fn bytes_come_back_under_their_digest() {
    let (_directory, store) = store();
    for bytes in [&b""[..], b"a", &vec![7; 1_000_000]] {
        let digest = store.put(bytes).unwrap();
        assert_eq!(digest, Digest::of(bytes));
        assert_eq!(store.read(&digest).unwrap(), bytes);
        assert_eq!(store.size(&digest).unwrap(), bytes.len() as u64);
        assert!(store.contains(&digest));
    }
    assert_eq!(store.list().unwrap().len(), 3);
    assert_eq!(temporaries(&store), 0);
}

#[test]
fn the_same_bytes_are_kept_once() {
    let (_directory, store) = store();
    let digest = store.put(b"model").unwrap();
    assert_eq!(store.put(b"model").unwrap(), digest);
    assert_eq!(store.list().unwrap(), [digest]);
}

#[test]
fn a_digest_has_one_text_form() {
    let digest = Digest::of(b"");
    let text = "blake3:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";
    assert_eq!(digest.to_string(), text);
    assert_eq!(text.parse::<Digest>().unwrap(), digest);
    assert_eq!(serde_json::to_string(&digest).unwrap(), format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<Digest>(&format!("\"{text}\"")).unwrap(), digest);
    let upper = text.to_uppercase();
    let upper_digits = text.replace('a', "A");
    for wrong in ["", "blake3:", &text[7..], &text[..70], &format!("{text}0"), &upper, &upper_digits, "sha256:00"] {
        let error = wrong.parse::<Digest>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert_eq!(error.get("value"), Some(wrong));
        assert!(serde_json::from_str::<Digest>(&format!("\"{wrong}\"")).is_err());
    }
}

#[test]
fn a_missing_artifact_is_not_found() {
    let (_directory, store) = store();
    let digest = Digest::of(b"never");
    assert!(!store.contains(&digest));
    for error in [store.read(&digest).unwrap_err(), store.size(&digest).unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(error.get("artifact"), Some(digest.to_string().as_str()));
    }
    assert!(!store.remove(&digest).unwrap());
}

#[test]
fn a_changed_or_torn_artifact_is_never_returned_and_put_heals_it() {
    let (directory, store) = store();
    let bytes = vec![42; 100_000];
    let digest = store.put(&bytes).unwrap();
    let path = file_of(&store, &digest);
    let source = directory.path().join("source");
    fs::write(&source, &bytes).unwrap();
    let mut edited = bytes.clone();
    edited[50_000] ^= 1;
    for wrong in [&bytes[..99_999], &bytes[..0], &edited, &[&bytes[..], &[0]].concat()] {
        for by_file in [false, true] {
            fs::write(&path, wrong).unwrap();
            let error = store.read(&digest).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::IntegrityMismatch);
            assert_eq!(error.get("expected"), Some(digest.to_string().as_str()));
            assert_eq!(error.get("found"), Some(Digest::of(wrong).to_string().as_str()));
            match by_file {
                false => assert_eq!(store.put(&bytes).unwrap(), digest),
                true => assert_eq!(store.put_file(&source, u64::MAX).unwrap(), digest),
            }
            assert_eq!(store.read(&digest).unwrap(), bytes);
        }
    }
    assert_eq!(temporaries(&store), 0);
}

#[test]
fn a_file_is_kept_up_to_its_limit() {
    let (directory, store) = store();
    let source = directory.path().join("source");
    fs::write(&source, vec![1; 1_000]).unwrap();
    assert_eq!(store.put_file(&source, 1_000).unwrap(), Digest::of(&vec![1; 1_000]));
    let error = store.put_file(&source, 999).unwrap_err();
    assert_eq!((error.kind(), error.get("limit")), (ErrorKind::TooLarge, Some("999")));
    let missing = store.put_file(directory.path().join("missing"), 1).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    assert_eq!((store.list().unwrap().len(), temporaries(&store)), (1, 0));
}

/// Something that never ends must not fill the disk.
#[cfg(unix)]
#[test]
fn an_endless_file_stops_at_the_limit() {
    let (_directory, store) = store();
    assert_eq!(store.put_file("/dev/zero", 1 << 20).unwrap_err().kind(), ErrorKind::TooLarge);
    assert_eq!(temporaries(&store), 0);
}

#[test]
fn gc_removes_what_is_not_live_and_what_was_left_over() {
    let (_directory, store) = store();
    let [a, b, c] = [b"aaa", b"bbb", b"ccc"].map(|bytes| store.put(bytes).unwrap());
    fs::write(store.directory().join("tmp/blob.1-0.tmp"), b"torn").unwrap();
    fs::write(store.directory().join("blobs/notes.txt"), b"not ours").unwrap();
    let report = store.gc(|| Ok(HashSet::from([a, c, Digest::of(b"absent")]))).unwrap();
    assert_eq!((report.removed, report.kept, report.temporaries, report.bytes), (1, 2, 1, 7));
    assert!(store.contains(&a) && !store.contains(&b) && store.contains(&c));
    assert!(store.directory().join("blobs/notes.txt").exists());
    assert_eq!(store.gc(|| Ok(HashSet::from([a, c]))).unwrap().removed, 0);
}

#[test]
fn gc_removes_nothing_when_the_log_cannot_be_read() {
    let (_directory, store) = store();
    let digest = store.put(b"a").unwrap();
    let error = store.gc(|| Err(noodle_deploy_core::Error::conflict("the log is busy"))).unwrap_err();
    assert_eq!(error.message(), "the log is busy");
    assert!(store.contains(&digest));
}

#[test]
fn gc_and_remove_wait_for_a_pin_and_then_give_up() {
    let (_directory, store) = store();
    let store = store.lock_timeout(Duration::from_millis(30));
    let digest = store.put(b"a").unwrap();
    let pin = store.pin().unwrap();
    let second = store.pin().unwrap();
    for error in [store.gc(none).unwrap_err(), store.remove(&digest).unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(error.is_retryable());
    }
    drop(pin);
    assert!(store.gc(none).is_err());
    drop(second);
    assert!(store.remove(&digest).unwrap());
    assert_eq!(store.gc(none).unwrap().removed, 0);
}

#[test]
fn gc_asks_what_is_live_only_under_its_lock() {
    let (_directory, store) = store();
    let other = store.clone().lock_timeout(Duration::from_millis(20));
    store
        .gc(|| {
            assert_eq!(other.pin().unwrap_err().kind(), ErrorKind::Conflict);
            assert_eq!(other.put(b"x").unwrap_err().kind(), ErrorKind::Conflict);
            none()
        })
        .unwrap();
    other.put(b"x").unwrap();
}

#[test]
fn concurrent_puts_of_the_same_bytes_agree() {
    let (_directory, store) = store();
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                start.wait();
                for n in 0..20_u32 {
                    let bytes = n.to_le_bytes().repeat(10_000);
                    let digest = store.put(&bytes).unwrap();
                    assert_eq!(store.read(&digest).unwrap(), bytes);
                }
            });
        }
    });
    assert_eq!((store.list().unwrap().len(), temporaries(&store)), (20, 0));
}

/// A registration as the core does it: pin, put, append the event (here: a file named by the digest), unpin.
fn register(store: &ArtifactStore, log: &std::path::Path, n: u32) -> Digest {
    let _pin = store.pin().unwrap();
    let digest = store.put(&n.to_le_bytes().repeat(1_000)).unwrap();
    // As long as a sweep takes, so that one without the pin would be seen.
    std::thread::sleep(Duration::from_millis(1));
    fs::write(log.join(digest.hex()), b"").unwrap();
    digest
}

fn live(log: &std::path::Path) -> noodle_deploy_core::Result<HashSet<Digest>> {
    let names = fs::read_dir(log)?.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    Ok(names.map(|hex| format!("blake3:{hex}").parse().unwrap()).collect())
}

const CHILD: &str = "NOODLE_ARTIFACT_CHILD";

/// Sweeps again and again until its standard input closes; does nothing unless started by a test below.
#[test]
fn child() {
    let Ok(root) = std::env::var(CHILD) else { return };
    let root = PathBuf::from(root);
    let store = ArtifactStore::open(root.join("artifacts")).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::io::stdin().read_line(&mut String::new()).unwrap();
            done.store(true, Ordering::Relaxed);
        });
        while !done.load(Ordering::Relaxed) {
            match store.gc(|| live(&root.join("log"))) {
                Ok(_) => std::thread::sleep(Duration::from_micros(300)),
                Err(error) => assert_eq!(error.kind(), ErrorKind::Conflict),
            }
        }
    });
}

fn sweeper(root: &std::path::Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(CHILD, root)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_sweep_never_takes_what_a_registration_is_about_to_name() {
    let (directory, store) = store();
    let log = directory.path().join("log");
    fs::create_dir(&log).unwrap();
    let mut child = sweeper(directory.path());
    let done = AtomicBool::new(false);
    let swept = std::thread::scope(|scope| {
        let sweep = scope.spawn(|| {
            let mut swept = 0;
            while !done.load(Ordering::Relaxed) {
                swept += store.gc(|| live(&log)).map_or(0, |report| report.removed);
                std::thread::sleep(Duration::from_micros(500));
            }
            swept
        });
        let registrations: Vec<_> = (0..4_u32)
            .map(|thread| {
                let (store, log) = (&store, &log);
                scope.spawn(move || {
                    for n in 0..60 {
                        // Bytes that nobody names: for the sweeps.
                        store.put(&(1_000_000 + thread * 1_000 + n).to_le_bytes()).unwrap();
                        // Two threads each register the same ones, so that names are found already there.
                        let digest = register(store, log, thread / 2 * 1_000 + n);
                        store.read(&digest).unwrap();
                    }
                })
            })
            .collect();
        let registered = registrations.into_iter().map(|one| one.join()).collect::<Vec<_>>();
        done.store(true, Ordering::Relaxed);
        assert!(registered.iter().all(Result::is_ok));
        sweep.join().unwrap()
    });
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    println!("swept here: {swept}");
    for digest in live(&log).unwrap() {
        store.read(&digest).unwrap();
    }
    store.gc(|| live(&log)).unwrap();
    assert_eq!(store.list().unwrap().len(), 120);
}

#[test]
fn a_copy_is_checked_on_the_way() {
    let (directory, store) = store();
    let [a, b] = [b"aaa", b"bbb"].map(|bytes| store.put(bytes).unwrap());
    let copy = ArtifactStore::open(directory.path().join("copy")).unwrap();
    assert_eq!(store.copy_to(&copy, [&a, &b]).unwrap(), 6);
    assert_eq!(copy.list().unwrap(), store.list().unwrap());
    // The copy shares nothing with the original.
    fs::write(file_of(&store, &a), b"xxx").unwrap();
    assert_eq!(copy.read(&a).unwrap(), b"aaa");

    let second = ArtifactStore::open(directory.path().join("second")).unwrap();
    assert_eq!(store.copy_to(&second, [&a]).unwrap_err().kind(), ErrorKind::IntegrityMismatch);
    assert_eq!(store.copy_to(&second, [&Digest::of(b"absent")]).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!((second.list().unwrap().len(), temporaries(&second)), (0, 0));
}

#[test]
fn a_read_only_handle_reads_and_refuses_the_rest() {
    let (directory, store) = store();
    let digest = store.put(b"a").unwrap();
    let reader = ArtifactStore::open_read_only(store.directory()).unwrap();
    assert_eq!(reader.read(&digest).unwrap(), b"a");
    for error in [
        reader.put(b"b").unwrap_err(),
        reader.remove(&digest).unwrap_err(),
        reader.gc(none).unwrap_err(),
        reader.pin().unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::ReadOnly);
    }
    let missing = ArtifactStore::open_read_only(directory.path().join("missing")).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    assert!(!directory.path().join("missing").exists());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_is_a_digest_or_a_typed_error(text in ".{0,80}") {
        match text.parse::<Digest>() {
            Ok(digest) => prop_assert_eq!(digest.to_string(), text),
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::InvalidArgument),
        }
    }
}
