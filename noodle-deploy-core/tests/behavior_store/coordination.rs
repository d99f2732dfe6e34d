//! Leases, fences, instance rows, and noticing what others wrote.

use noodle_deploy_core::ErrorKind;
use noodle_deploy_core::store::Instance;

use super::support::{append, each, fence};

fn instance(id: &str, heartbeat_at: u64) -> Instance {
    Instance { id: id.to_owned(), pid: 42, started_at: 1, heartbeat_at, observed: "{\"replicas\":2}".to_owned() }
}

#[test]
fn a_free_lease_is_taken_and_the_holder_renews_it() {
    each(|case| {
        let first = case.store.lease("decide", "a", 1_000, 500).unwrap();
        assert_eq!((first.holder.as_str(), first.token, first.expires_at), ("a", 1, 1_500));
        let renewed = case.second().lease("decide", "a", 1_200, 500).unwrap();
        assert_eq!((renewed.token, renewed.expires_at), (1, 1_700));
        // Late, but nobody took it in between.
        assert_eq!(case.store.lease("decide", "a", 9_000, 500).unwrap().token, 1);
        // Another lease counts on its own.
        assert_eq!(case.store.lease("sweep", "b", 9_000, 500).unwrap().token, 1);
    });
}

#[test]
fn a_held_lease_is_returned_as_it_stands() {
    each(|case| {
        let held = case.store.lease("decide", "a", 1_000, 500).unwrap();
        assert_eq!(case.second().lease("decide", "b", 1_499, 500).unwrap(), held);
        assert_eq!(case.store.lease("decide", "b", 0, 500).unwrap(), held);
    });
}

#[test]
fn an_expired_lease_goes_to_the_next_with_the_next_token() {
    each(|case| {
        case.store.lease("decide", "a", 1_000, 500).unwrap();
        let taken = case.second().lease("decide", "b", 1_500, 500).unwrap();
        assert_eq!((taken.holder.as_str(), taken.token), ("b", 2));
        // The old holder is now one of the others.
        assert_eq!(case.store.lease("decide", "a", 1_600, 500).unwrap(), taken);
        assert_eq!(case.store.lease("decide", "a", 2_000, 500).unwrap().token, 3);
    });
}

#[test]
fn a_released_lease_is_free_and_its_token_stays_used() {
    each(|case| {
        case.store.lease("decide", "a", 1_000, 500).unwrap();
        case.store.release("decide", "b").unwrap();
        assert_eq!(case.store.lease("decide", "b", 1_100, 500).unwrap().holder, "a");
        case.store.release("decide", "a").unwrap();
        assert_eq!(case.store.lease("decide", "a", 1_100, 500).unwrap().token, 2);
        case.store.release("decide", "a").unwrap();
        assert_eq!(case.store.lease("decide", "b", 1_100, 500).unwrap().token, 3);
        case.store.release("no such", "a").unwrap();
    });
}

#[test]
fn odd_leases_are_refused_or_kept_in_range() {
    each(|case| {
        assert_eq!(case.store.lease("decide", "", 0, 1).unwrap_err().kind(), ErrorKind::InvalidArgument);
        assert_eq!(case.store.lease("decide", "a", u64::MAX, u64::MAX).unwrap().expires_at, i64::MAX as u64);
    });
}

#[test]
fn only_the_newest_token_may_append() {
    each(|case| {
        let mut decided = append("deployment/d", 0, 1);
        decided.fence = fence("decide", 1);
        let error = case.store.append(&decided).unwrap_err();
        assert_eq!((error.kind(), error.get("newest")), (ErrorKind::Fenced, Some("0")));
        decided.fence = fence("decide", 0);
        assert_eq!(case.store.append(&decided).unwrap_err().kind(), ErrorKind::Fenced);

        case.store.lease("decide", "a", 1_000, 500).unwrap();
        decided.fence = fence("decide", 1);
        case.store.append(&decided).unwrap();

        case.second().lease("decide", "b", 2_000, 500).unwrap();
        let mut late = append("deployment/d", 1, 1);
        late.fence = fence("decide", 1);
        let error = case.store.append(&late).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Fenced);
        assert_eq!((error.get("token"), error.get("newest")), (Some("1"), Some("2")));
        assert!(!error.is_retryable());
        assert_eq!(case.store.head().unwrap().sequence, 1);
        late.fence = fence("decide", 3);
        assert_eq!(case.store.append(&late).unwrap_err().kind(), ErrorKind::Fenced);
        late.fence = fence("decide", 2);
        case.store.append(&late).unwrap();
    });
}

#[test]
fn a_fenced_append_says_so_even_where_the_stream_moved_on_too() {
    each(|case| {
        case.store.append(&append("deployment/d", 0, 1)).unwrap();
        let mut late = append("deployment/d", 0, 1);
        late.fence = fence("decide", 1);
        assert_eq!(case.store.append(&late).unwrap_err().kind(), ErrorKind::Fenced);
    });
}

#[test]
fn data_version_moves_with_the_appends_of_others_and_not_with_heartbeats() {
    each(|case| {
        let other = case.second();
        let start = case.store.data_version().unwrap();
        assert_eq!(case.store.data_version().unwrap(), start);

        other.put_instance(&instance("i", 1)).unwrap();
        other.lease("decide", "i", 1, 1_000).unwrap();
        other.remove_instance("i").unwrap();
        assert_eq!(case.store.data_version().unwrap(), start);

        other.append(&append("model/a", 0, 2)).unwrap();
        let moved = case.store.data_version().unwrap();
        assert_ne!(moved, start);
        assert_eq!(moved, case.store.load().unwrap().sequence);
        assert_eq!(case.store.data_version().unwrap(), moved);

        other.append(&append("model/a", 0, 1)).unwrap_err();
        assert_eq!(case.store.data_version().unwrap(), moved);
        case.store.append(&append("model/a", 2, 1)).unwrap();
        assert_eq!(other.data_version().unwrap(), 3);
    });
}

#[test]
fn instances_are_written_replaced_and_removed() {
    each(|case| {
        let other = case.second();
        case.store.put_instance(&instance("b", 1)).unwrap();
        other.put_instance(&instance("a", 1)).unwrap();
        case.store.put_instance(&instance("b", 2)).unwrap();
        assert_eq!(other.instances().unwrap(), [instance("a", 1), instance("b", 2)]);
        other.remove_instance("b").unwrap();
        other.remove_instance("b").unwrap();
        assert_eq!(case.store.instances().unwrap(), [instance("a", 1)]);
        // None of this is part of the log.
        assert_eq!(case.store.head().unwrap().sequence, 0);
    });
}

#[test]
fn maintenance_changes_nothing_that_is_read() {
    each(|case| {
        case.store.append(&append("model/a", 0, 200)).unwrap();
        let before = (case.store.head().unwrap(), case.store.read(0, 1_000).unwrap());
        case.store.maintain().unwrap();
        case.store.maintain().unwrap();
        assert_eq!((case.store.head().unwrap(), case.store.read(0, 1_000).unwrap()), before);
    });
}
