//! The log is cut by itself where the settings say so.

use std::time::Duration;

use noodle_deploy_core::ops::lifecycle::HistoryInput;
use noodle_deploy_core::{Noodle, Settings};

use super::world::{make, promote, rollback, wait_for};

const KEEP: u32 = 20;

#[test]
fn a_log_that_has_grown_too_long_is_cut_by_the_holder_of_the_lease() {
    let scratch = tempfile::tempdir().unwrap();
    let settings = Settings { retain_events: Some(KEEP), heartbeat_ms: 20, ..Settings::default() };
    let noodle = Noodle::builder(scratch.path().join("state")).settings(settings).open().unwrap();
    make(&noodle, scratch.path());
    let history = |after| noodle.lifecycle().history(&HistoryInput { after, ..HistoryInput::default() }).unwrap();
    assert_eq!(history(0).cut, None);
    while noodle.audit_head().unwrap().sequence <= u64::from(KEEP) * 2 {
        promote(&noodle, "2.0.0").unwrap();
        rollback(&noodle).unwrap();
        promote(&noodle, "2.0.0").unwrap();
        promote(&noodle, "1.0.0").unwrap();
    }
    wait_for("a cut", Duration::from_secs(10), || history(0).cut.is_some());
    let left = history(0);
    assert_eq!(left.events.len(), KEEP as usize);
    let last = left.events.last().unwrap();
    assert_eq!((last.event.kind(), &*last.actor, &*last.operation), ("checkpoint", "noodle-deploy", "retain"));
    let cut = left.cut.unwrap();
    assert_eq!(history(cut.sequence).cut, None);
    // It is let alone until it has grown as much again.
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(history(0), left);
    let report = noodle.verify(Some(&cut), true).unwrap();
    assert_eq!((report.cut, report.events), (Some(cut), KEEP.into()));
}
