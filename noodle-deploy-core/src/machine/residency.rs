//! What is loaded when: the rule of a revision, who makes room for another, and who has been idle for long enough.

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::settings::vocabulary;

/// One year.
const MOST_MS: Millis = 31_536_000_000;

vocabulary! {
    /// When a revision is loaded.
    Loading as "loading", default Resident {
        Resident = "resident": "From its deploy on, and again when a process opens the directory; it stays.",
        OnDemand = "on_demand": "By the first request; it may be unloaded while no request runs.",
    }
}

/// When a revision is loaded and unloaded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoadingRule {
    /// When it is loaded.
    pub when: Loading,
    /// Milliseconds without a request after which it is unloaded; none: only to make room.
    pub unload_after_ms: Option<Millis>,
}

impl LoadingRule {
    /// Checks what the fields say, alone and together.
    ///
    /// # Errors
    /// `invalid_argument` that names the field, its value and what is allowed.
    pub fn validate(&self) -> Result<()> {
        let Some(ms) = self.unload_after_ms else { return Ok(()) };
        if self.when == Loading::Resident {
            return Err(Error::invalid("unload_after_ms", ms, "none, or the loading on_demand"));
        }
        if (1..=MOST_MS).contains(&ms) {
            Ok(())
        } else {
            Err(Error::invalid("unload_after_ms", ms, format!("1 to {MOST_MS}")))
        }
    }
}

/// What is loaded in a process, as far as it matters who goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resident {
    /// Deployment and revision.
    pub name: (String, u32),
    /// Its rule.
    pub rule: LoadingRule,
    /// Bytes of the budget that come back when it goes.
    pub bytes: u64,
    /// When the last request came.
    pub last_used: Millis,
    /// Whether a request holds it.
    pub busy: bool,
}

impl Resident {
    fn may_go(&self) -> bool {
        self.rule.when == Loading::OnDemand && !self.busy
    }
}

/// How room can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Room {
    /// Unload these, the one that was not asked for the longest first.
    Unload(Vec<(String, u32)>),
    /// Not now: requests hold what would have to go.
    Wait,
    /// Not at all: what stays for good takes the rest.
    Never,
}

/// Makes room for `need` bytes: the least recently used go first, equals by name, and no more than it takes.
pub fn make_room(loaded: &[Resident], need: u64) -> Room {
    let mut idle: Vec<&Resident> = loaded.iter().filter(|r| r.may_go() && r.bytes > 0).collect();
    idle.sort_unstable_by(|a, b| (a.last_used, &a.name).cmp(&(b.last_used, &b.name)));
    let mut freed = 0u64;
    let mut go = Vec::new();
    for resident in idle {
        if freed >= need {
            break;
        }
        freed = freed.saturating_add(resident.bytes);
        go.push(resident.name.clone());
    }
    if freed >= need {
        return Room::Unload(go);
    }
    let held = loaded.iter().filter(|r| r.rule.when == Loading::OnDemand && r.busy);
    let all = held.fold(freed, |all, r| all.saturating_add(r.bytes));
    if all >= need { Room::Wait } else { Room::Never }
}

/// Who has had no request for as long as its rule says; at most `most`, the longest idle first.
pub fn idle(loaded: &[Resident], now: Millis, most: usize) -> Vec<(String, u32)> {
    let due = |r: &&Resident| {
        r.may_go() && r.rule.unload_after_ms.is_some_and(|after| now.saturating_sub(r.last_used) >= after)
    };
    let mut due: Vec<&Resident> = loaded.iter().filter(due).collect();
    due.sort_unstable_by(|a, b| (a.last_used, &a.name).cmp(&(b.last_used, &b.name)));
    due.into_iter().take(most).map(|r| r.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn resident() -> impl Strategy<Value = (bool, u64, Millis, bool, Option<Millis>)> {
        (any::<bool>(), 0u64..100, 0u64..20, any::<bool>(), proptest::option::of(1u64..20))
    }

    fn named(all: Vec<(bool, u64, Millis, bool, Option<Millis>)>) -> Vec<Resident> {
        let make = |(n, (stays, bytes, last_used, busy, after)): (usize, _)| Resident {
            // Names in another order than the entries.
            name: (format!("d{:02}", n * 7 % 31), 1),
            rule: match stays {
                true => LoadingRule::default(),
                false => LoadingRule { when: Loading::OnDemand, unload_after_ms: after },
            },
            bytes,
            last_used,
            busy,
        };
        all.into_iter().enumerate().map(make).collect()
    }

    fn find<'a>(all: &'a [Resident], name: &(String, u32)) -> &'a Resident {
        all.iter().find(|r| r.name == *name).unwrap()
    }

    fn bytes<'a>(all: impl Iterator<Item = &'a Resident>) -> u64 {
        all.map(|r| r.bytes).sum()
    }

    proptest! {
        #[test]
        fn room_is_made_by_the_least_recently_used_and_no_more(
            all in proptest::collection::vec(resident(), 0..30),
            need in 0u64..1_500,
        ) {
            let all = named(all);
            let on_demand = || all.iter().filter(|r| r.rule.when == Loading::OnDemand);
            let can_go = bytes(on_demand().filter(|r| !r.busy));
            match make_room(&all, need) {
                Room::Unload(go) => {
                    let gone: Vec<&Resident> = go.iter().map(|name| find(&all, name)).collect();
                    // Never what stays, and never what a request holds.
                    prop_assert!(gone.iter().all(|r| r.rule.when == Loading::OnDemand && !r.busy));
                    // Each at most once.
                    let mut names = go.clone();
                    names.sort();
                    names.dedup();
                    prop_assert_eq!(names.len(), go.len());
                    // Enough, and not without the last one.
                    prop_assert!(bytes(gone.iter().copied()) >= need);
                    let but_last = &gone[..gone.len().saturating_sub(1)];
                    prop_assert!(gone.is_empty() || bytes(but_last.iter().copied()) < need);
                    // In order, and before everyone who could have gone and stays.
                    let key = |r: &Resident| (r.last_used, r.name.clone());
                    prop_assert!(gone.windows(2).all(|w| key(w[0]) < key(w[1])));
                    let stays = on_demand().filter(|r| !r.busy && r.bytes > 0 && !go.contains(&r.name));
                    for other in stays {
                        prop_assert!(gone.last().is_none_or(|last| key(last) < key(other)));
                    }
                }
                Room::Wait => {
                    prop_assert!(can_go < need);
                    prop_assert!(bytes(on_demand()) >= need);
                }
                Room::Never => prop_assert!(bytes(on_demand()) < need),
            }
        }

        #[test]
        fn only_those_go_whose_time_is_up(
            all in proptest::collection::vec(resident(), 0..30),
            now in 0u64..60,
            most in 0usize..40,
        ) {
            let all = named(all);
            let go = idle(&all, now, most);
            let due = |r: &Resident| {
                r.rule.when == Loading::OnDemand
                    && !r.busy
                    && r.rule.unload_after_ms.is_some_and(|after| r.last_used + after <= now)
            };
            prop_assert!(go.iter().all(|name| due(find(&all, name))));
            let waiting = all.iter().filter(|r| due(r)).count();
            prop_assert_eq!(go.len(), waiting.min(most));
            let longest = |name: &(String, u32)| (find(&all, name).last_used, name.clone());
            prop_assert!(go.windows(2).all(|w| longest(&w[0]) < longest(&w[1])));
        }
    }

    #[test]
    fn a_resident_revision_has_no_time() {
        let rule = LoadingRule { when: Loading::Resident, unload_after_ms: Some(1) };
        assert_eq!(rule.validate().unwrap_err().get("allowed"), Some("none, or the loading on_demand"));
        for ms in [0, MOST_MS + 1] {
            let rule = LoadingRule { when: Loading::OnDemand, unload_after_ms: Some(ms) };
            let error = rule.validate().unwrap_err();
            assert_eq!((error.get("field"), error.get("value")), (Some("unload_after_ms"), Some(&*ms.to_string())));
        }
        LoadingRule { when: Loading::OnDemand, unload_after_ms: Some(MOST_MS) }.validate().unwrap();
    }
}
