//! Appending and reading back.

use noodle_deploy_core::ErrorKind;
use noodle_deploy_core::store::{Append, Head, StoredEvent, WHOLE_LOG, verify};

use super::support::{append, each, event, fence, row};

#[test]
fn empty_log_has_the_empty_head() {
    each(|case| {
        assert_eq!(case.store.head().unwrap(), Head::EMPTY);
        assert_eq!(case.store.load().unwrap().sequence, 0);
        assert!(case.store.read(0, 10).unwrap().is_empty());
        assert_eq!(verify(&*case.store, None).unwrap().events, 0);
    });
}

#[test]
fn append_returns_what_read_finds_and_moves_the_head() {
    each(|case| {
        let stored = case.store.append(&append("model/a", 0, 3)).unwrap();
        assert_eq!(stored.iter().map(|e| (e.sequence, e.version)).collect::<Vec<_>>(), [(1, 1), (2, 2), (3, 3)]);
        assert_eq!(case.store.read(0, 10).unwrap(), stored);
        assert_eq!(case.second().read(0, 10).unwrap(), stored);
        assert_eq!(case.store.head().unwrap(), Head { sequence: 3, hash: stored[2].hash });
        assert_eq!(verify(&*case.store, None).unwrap().head, case.store.head().unwrap());
    });
}

#[test]
fn a_stream_that_moved_on_is_a_conflict() {
    each(|case| {
        case.store.append(&append("model/a", 0, 2)).unwrap();
        for wrong in [0, 1, 3, i64::MAX as u64 + 1, u64::MAX] {
            let mut late = append("model/a", 0, 1);
            late.expect[0].1 = wrong;
            let error = case.store.append(&late).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Conflict);
            assert!(error.is_retryable());
            assert_eq!(error.get("stream"), Some("model/a"));
            assert_eq!(error.get("expected"), Some(wrong.to_string().as_str()));
            assert_eq!(error.get("found"), Some("2"));
        }
        assert_eq!(case.store.head().unwrap().sequence, 2);
    });
}

#[test]
fn a_decision_that_read_everything_meets_every_event() {
    each(|case| {
        case.store.append(&append("model/a", 0, 2)).unwrap();
        let mut all = append("model/a", 2, 1);
        all.expect.push((WHOLE_LOG.to_owned(), 2));
        // A stream that was not there when the decision was made.
        case.store.append(&append("deployment/d", 0, 1)).unwrap();
        let error = case.store.append(&all).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert_eq!((error.get("stream"), error.get("found")), (Some(WHOLE_LOG), Some("3")));
        all.expect[1].1 = 3;
        assert_eq!(case.store.append(&all).unwrap()[0].sequence, 4);
        let named = append(WHOLE_LOG, 4, 1);
        assert_eq!(case.store.append(&named).unwrap_err().kind(), ErrorKind::InvalidArgument);
    });
}

#[test]
fn a_stream_that_was_only_read_is_checked_too() {
    each(|case| {
        case.store.append(&append("model/a", 0, 1)).unwrap();
        let mut both = append("deployment/d", 0, 1);
        both.expect.push(("model/a".to_owned(), 0));
        assert_eq!(case.store.append(&both).unwrap_err().kind(), ErrorKind::Conflict);
        both.expect[1].1 = 1;
        assert_eq!(case.store.append(&both).unwrap()[0].sequence, 2);
        assert_eq!(case.store.load().unwrap().streams, [("deployment/d".to_owned(), 1), ("model/a".to_owned(), 1)]);
    });
}

#[test]
fn every_stream_of_the_events_must_be_expected() {
    each(|case| {
        let mut unnamed = append("model/a", 0, 1);
        unnamed.expect.clear();
        assert_eq!(case.store.append(&unnamed).unwrap_err().kind(), ErrorKind::InvalidArgument);
        let mut foreign = append("model/a", 0, 1);
        foreign.projections.push(row("k", "model/b", Some("1")));
        assert_eq!(case.store.append(&foreign).unwrap_err().kind(), ErrorKind::InvalidArgument);
        assert_eq!(case.store.head().unwrap(), Head::EMPTY);
    });
}

#[test]
fn an_append_is_all_or_nothing() {
    each(|case| {
        let mut first = append("model/a", 0, 1);
        first.projections.push(row("k", "model/a", Some("1")));
        case.store.append(&first).unwrap();
        let before = (case.store.head().unwrap(), case.store.load().unwrap().projections);

        // The row of another stream comes last, after events and rows that are fine.
        let mut wrong = append("model/b", 0, 2);
        wrong.projections = vec![row("new", "model/b", Some("2")), row("k", "model/b", Some("3"))];
        assert_eq!(case.store.append(&wrong).unwrap_err().kind(), ErrorKind::InvalidArgument);

        assert_eq!((case.store.head().unwrap(), case.store.load().unwrap().projections), before);
        assert_eq!(case.store.load().unwrap().streams, [("model/a".to_owned(), 1)]);
        assert!(case.store.read_stream("model/b", 0, 10).unwrap().is_empty());
    });
}

#[test]
fn events_of_several_streams_interleave() {
    each(|case| {
        let both = Append {
            expect: vec![("model/a".to_owned(), 0), ("model/b".to_owned(), 0)],
            events: vec![event("model/a", "1"), event("model/b", "2"), event("model/a", "3")],
            at: 5,
            ..Append::default()
        };
        let stored = case.store.append(&both).unwrap();
        assert_eq!(stored.iter().map(|e| e.version).collect::<Vec<_>>(), [1, 1, 2]);
        assert!(stored.iter().all(|e| e.at == 5));
        let payloads = |events: Vec<StoredEvent>| events.into_iter().map(|e| e.event.payload).collect::<Vec<_>>();
        assert_eq!(payloads(case.store.read_stream("model/a", 0, 10).unwrap()), ["1", "3"]);
        assert_eq!(payloads(case.store.read_stream("model/b", 0, 10).unwrap()), ["2"]);
    });
}

#[test]
fn an_append_without_events_only_checks() {
    each(|case| {
        let mut nothing = append("model/a", 0, 0);
        assert!(case.store.append(&nothing).unwrap().is_empty());
        nothing.expect[0].1 = 1;
        assert_eq!(case.store.append(&nothing).unwrap_err().kind(), ErrorKind::Conflict);
        nothing.expect[0].1 = 0;
        nothing.fence = fence("decide", 1);
        assert_eq!(case.store.append(&nothing).unwrap_err().kind(), ErrorKind::Fenced);
    });
}

#[test]
fn pages_are_in_order_and_within_the_limit() {
    each(|case| {
        case.store.append(&append("model/a", 0, 25)).unwrap();
        case.store.append(&append("model/b", 0, 5)).unwrap();
        case.store.append(&append("model/a", 25, 5)).unwrap();
        let mut seen = Vec::new();
        loop {
            let page = case.store.read(seen.len() as u64, 7).unwrap();
            assert!(page.len() <= 7);
            seen.extend(page.iter().map(|e| e.sequence));
            if page.len() < 7 {
                break;
            }
        }
        assert_eq!(seen, (1..=35).collect::<Vec<_>>());
        assert!(case.store.read(0, 0).unwrap().is_empty());
        assert!(case.store.read(35, 10).unwrap().is_empty());
        assert!(case.store.read(u64::MAX, usize::MAX).unwrap().is_empty());
        assert_eq!(case.store.read(0, usize::MAX).unwrap().len(), 35);

        let page = |after, limit| {
            let page = case.store.read_stream("model/a", after, limit).unwrap();
            page.iter().map(|e| (e.version, e.sequence)).collect::<Vec<_>>()
        };
        assert_eq!(page(23, 4), [(24, 24), (25, 25), (26, 31), (27, 32)]);
        // From events of other streams on, and from none.
        assert_eq!(page(28, 2), [(26, 31), (27, 32)]);
        assert_eq!(page(30, 2), [(26, 31), (27, 32)]);
        assert_eq!(page(34, 2), [(30, 35)]);
        assert_eq!(page(0, usize::MAX).len(), 30);
        for after in [35, u64::MAX] {
            assert!(page(after, 4).is_empty());
        }
        assert!(case.store.read_stream("no/such", 0, 4).unwrap().is_empty());
    });
}

#[test]
fn load_gives_the_rows_that_were_written() {
    each(|case| {
        let mut first = append("model/b", 0, 1);
        first.projections = vec![row("z", "model/b", Some("1")), row("a", "model/b", Some("{\"é\":\"\u{0}\"}"))];
        case.store.append(&first).unwrap();
        let mut second = append("model/b", 1, 2);
        second.projections =
            vec![row("z", "model/b", Some("2")), row("m", "model/b", Some("3")), row("a", "model/b", None)];
        case.store.append(&second).unwrap();
        for store in [case.store.clone(), case.second()] {
            let snapshot = store.load().unwrap();
            assert_eq!(snapshot.sequence, 3);
            assert_eq!(snapshot.streams, [("model/b".to_owned(), 3)]);
            assert_eq!(snapshot.projections, [row("m", "model/b", Some("3")), row("z", "model/b", Some("2"))]);
        }
        // A removed key is free for another stream.
        let mut third = append("model/c", 0, 1);
        third.projections = vec![row("a", "model/c", Some("4")), row("none", "model/c", None)];
        case.store.append(&third).unwrap();
        assert_eq!(case.store.load().unwrap().projections.len(), 3);
    });
}

#[test]
fn times_beyond_what_databases_hold_are_refused() {
    each(|case| {
        let mut late = append("model/a", 0, 1);
        late.at = u64::MAX;
        assert_eq!(case.store.append(&late).unwrap_err().kind(), ErrorKind::InvalidArgument);
        late.at = i64::MAX as u64;
        assert_eq!(case.store.append(&late).unwrap()[0].at, i64::MAX as u64);
        assert_eq!(case.store.read(0, 1).unwrap()[0].at, i64::MAX as u64);
    });
}

#[test]
fn texts_of_any_content_come_back_as_they_were() {
    each(|case| {
        for (n, text) in
            ["", "\u{0}a\u{0}", "'; DROP TABLE events; --", "日本語 🦀", &"x".repeat(300_000)].iter().enumerate()
        {
            let mut one = append("model/a", n as u64, 1);
            one.events[0].payload = (*text).to_owned();
            one.events[0].actor = (*text).to_owned();
            let stored = case.store.append(&one).unwrap();
            assert_eq!(case.store.read(n as u64, 1).unwrap(), stored);
        }
        verify(&*case.store, None).unwrap();
    });
}
