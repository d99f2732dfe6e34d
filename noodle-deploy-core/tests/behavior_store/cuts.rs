//! Cutting old events away: what goes, what stays, and what the log begins from.

use noodle_deploy_core::ErrorKind;
use noodle_deploy_core::store::{Append, Base, Hash, Head, Store, verify};

use super::support::{append, each, event, fence, row};

/// An append of one event to `directory` that cuts the log after `sequence`.
fn cut(store: &dyn Store, sequence: u64) -> Append {
    let at = store.read(sequence - 1, 1).unwrap()[0].hash;
    let mut append = append("directory", 0, 0);
    append.expect[0].1 = store.load().unwrap().streams.iter().find(|(name, _)| name == "directory").map_or(0, |s| s.1);
    append.events = vec![event("directory", format!("cut {sequence}"))];
    let rows = vec![row("k", "model/a", Some("then"))];
    append.cut = Some(Base { head: Head { sequence, hash: at }, rows });
    append
}

#[test]
fn a_log_that_was_never_cut_begins_from_nothing() {
    each(|case| {
        case.store.append(&append("model/a", 0, 2)).unwrap();
        assert_eq!(case.store.cut().unwrap(), Head::EMPTY);
        assert_eq!(case.store.base().unwrap(), Base::EMPTY);
    });
}

#[test]
fn events_up_to_the_cut_go_and_numbers_go_on() {
    each(|case| {
        let mut first = append("model/a", 0, 5);
        first.projections.push(row("k", "model/a", Some("now")));
        case.store.append(&first).unwrap();
        case.store.append(&append("model/b", 0, 4)).unwrap();
        case.store.append(&append("model/a", 5, 1)).unwrap();
        let all = case.store.read(0, 100).unwrap();
        let before = case.store.load().unwrap();

        let cutting = cut(&*case.store, 7);
        let stored = case.store.append(&cutting).unwrap();
        assert_eq!(stored.iter().map(|e| (e.sequence, e.version)).collect::<Vec<_>>(), [(11, 1)]);
        for store in [case.store.clone(), case.second()] {
            assert_eq!(store.cut().unwrap(), Head { sequence: 7, hash: all[6].hash });
            assert_eq!(Some(store.base().unwrap()), cutting.cut);
            assert_eq!(store.head().unwrap(), Head { sequence: 11, hash: stored[0].hash });
            let left = [&all[7..], &stored[..]].concat();
            for after in [0, 3, 7] {
                assert_eq!(store.read(after, 100).unwrap(), left, "after {after}");
            }
            assert_eq!(store.read(8, 2).unwrap(), left[1..3]);
            assert!(store.read(11, 1).unwrap().is_empty());
            // What is left of a stream is found as before; of one, nothing is.
            let versions = |stream: &str, after| {
                let page = store.read_stream(stream, after, 100).unwrap();
                page.iter().map(|e| (e.sequence, e.version)).collect::<Vec<_>>()
            };
            assert_eq!(versions("model/a", 0), [(10, 6)]);
            assert_eq!(versions("model/b", 2), [(8, 3), (9, 4)]);
            assert_eq!(versions("model/b", 8), [(9, 4)]);
            // The rows are those of now, and every stream has its version.
            let snapshot = store.load().unwrap();
            assert_eq!((snapshot.sequence, &snapshot.projections), (11, &before.projections));
            assert_eq!(
                snapshot.streams,
                [("directory".to_owned(), 1), ("model/a".to_owned(), 6), ("model/b".to_owned(), 4)]
            );
        }
        let next = case.store.append(&append("model/b", 4, 1)).unwrap();
        assert_eq!((next[0].sequence, next[0].version, next[0].previous), (12, 5, stored[0].hash));
        assert_eq!(case.second().head().unwrap().sequence, 12);
    });
}

#[test]
fn a_log_is_cut_again_and_up_to_its_head() {
    each(|case| {
        case.store.append(&append("model/a", 0, 6)).unwrap();
        case.store.append(&cut(&*case.store, 2)).unwrap();
        case.store.append(&cut(&*case.store, 7)).unwrap();
        let left = case.store.read(0, 10).unwrap();
        assert_eq!(left.iter().map(|e| (e.sequence, e.version)).collect::<Vec<_>>(), [(8, 2)]);
        // Nothing is left but what the log begins from.
        let mut last = cut(&*case.store, 8);
        last.events.clear();
        assert!(case.store.append(&last).unwrap().is_empty());
        assert!(case.store.read(0, 10).unwrap().is_empty());
        let head = case.store.head().unwrap();
        assert_eq!((head, case.store.load().unwrap().sequence), (case.store.cut().unwrap(), 8));
        assert_eq!(verify(&*case.store, Some(&head)).unwrap().events, 0);
        assert_eq!(case.store.append(&append("model/a", 6, 1)).unwrap()[0].sequence, 9);
    });
}

#[test]
fn a_cut_that_does_not_fit_changes_nothing() {
    each(|case| {
        case.store.append(&append("model/a", 0, 6)).unwrap();
        let earlier = cut(&*case.store, 2);
        let good = cut(&*case.store, 4);
        case.store.append(&cut(&*case.store, 3)).unwrap();
        let before = (case.store.read(0, 10).unwrap(), case.store.base().unwrap(), case.store.head().unwrap());
        let refused = |change: fn(&mut Append), kind: ErrorKind| {
            let mut bad = good.clone();
            bad.expect[0].1 = 1;
            change(&mut bad);
            let error = case.store.append(&bad).unwrap_err();
            assert_eq!(error.kind(), kind, "{error}");
            error
        };
        refused(|bad| bad.expect[0].1 = 0, ErrorKind::Conflict);
        refused(|bad| bad.fence = fence("decide", 1), ErrorKind::Fenced);
        refused(|bad| bad.cut.as_mut().unwrap().head.hash = Hash::ZERO, ErrorKind::InvalidArgument);
        // Neither there yet nor ever.
        for sequence in [8, u64::MAX] {
            let mut bad = good.clone();
            bad.expect[0].1 = 1;
            bad.cut.as_mut().unwrap().head.sequence = sequence;
            assert_eq!(case.store.append(&bad).unwrap_err().kind(), ErrorKind::InvalidArgument);
        }
        refused(|bad| bad.cut.as_mut().unwrap().rows[0].value = None, ErrorKind::InvalidArgument);
        let mut late = earlier.clone();
        late.expect[0].1 = 1;
        let error = case.store.append(&late).unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Conflict, true));
        assert_eq!((error.get("cut"), error.get("found"), error.get("stream")), (Some("2"), Some("3"), None));
        let after = (case.store.read(0, 10).unwrap(), case.store.base().unwrap(), case.store.head().unwrap());
        assert_eq!(after, before);
    });
}

#[test]
fn a_cut_log_verifies_from_its_cut_on() {
    each(|case| {
        case.store.append(&append("model/a", 0, 6)).unwrap();
        let heads: Vec<Head> =
            case.store.read(0, 10).unwrap().iter().map(|e| Head { sequence: e.sequence, hash: e.hash }).collect();
        case.store.append(&cut(&*case.store, 4)).unwrap();
        let report = verify(&*case.store, None).unwrap();
        assert_eq!((report.head, report.events), (case.store.head().unwrap(), 3));
        for kept in &heads[3..] {
            verify(&*case.store, Some(kept)).unwrap();
        }
        // What vouched for events that are gone says what is left.
        for kept in [Head::EMPTY, heads[0], heads[2]] {
            let error = verify(&*case.store, Some(&kept)).unwrap_err();
            assert_eq!((error.kind(), error.get("field")), (ErrorKind::InvalidArgument, Some("since")));
            assert_eq!(error.get("value"), Some(kept.sequence.to_string().as_str()));
            assert_eq!(error.get("allowed"), Some("a head from 4 on: earlier events were cut away"));
        }
        let other = Head { hash: Hash::ZERO, ..heads[3] };
        assert_eq!(verify(&*case.store, Some(&other)).unwrap_err().kind(), ErrorKind::Corrupt);
    });
}
