//! Which waiting requests run together, and when. Pure: times are nanoseconds since any moment, in one process.

use std::collections::HashSet;
use std::hash::Hash;

use crate::serving::priority::Levels;

/// Within a level, requests without a deadline are ordered as if they had this one: those that have one do not keep them
/// waiting for ever.
const PATIENCE_NS: u64 = 1_000_000_000;

/// A waiting request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Waiting<K, T> {
    /// Rows that it brings.
    pub(super) rows: u32,
    /// Only requests with the same key fit into one batch.
    pub(super) key: K,
    pub(super) arrived_ns: u64,
    pub(super) deadline_ns: Option<u64>,
    /// Level of priority, 1 the most urgent.
    pub(super) level: u32,
    /// When it is put behind the others, as if it came then.
    pub(super) delayed_ns: Option<u64>,
    pub(super) item: T,
}

impl<K, T> Waiting<K, T> {
    /// What it counts as now: its level, more urgent for what it waited, then its deadline. The smallest goes first.
    fn rank(&self, now_ns: u64, levels: &Levels) -> (u32, u64) {
        let (level, since) = match self.delayed_ns {
            Some(delayed) if delayed <= now_ns => (levels.count(), delayed),
            _ => (self.level, self.arrived_ns),
        };
        let order = self.deadline_ns.unwrap_or(since.saturating_add(PATIENCE_NS));
        (levels.aged(level, now_ns.saturating_sub(since)), order)
    }
}

/// What to form batches by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'a> {
    /// Rows at most.
    pub(super) most: u32,
    /// Sizes at which a batch need not wait any longer.
    pub(super) preferred: &'a [u32],
    /// How long the first request of a batch waits for others.
    pub(super) delay_ns: u64,
    /// Whether only powers of two run: each further size costs a compilation.
    pub(super) powers: bool,
    /// Which requests are more urgent than which.
    pub(super) levels: &'a Levels,
}

/// What to do now.
#[derive(Debug, PartialEq)]
pub(super) enum Decision<K, T> {
    /// Nothing waits.
    Idle,
    /// Nothing is due before this moment.
    Wait(u64),
    /// These run together; those that came too late are to be told so.
    Run { batch: Vec<Waiting<K, T>>, late: Vec<Waiting<K, T>> },
}

/// Waiting requests: as they were ordered by the last look, and those that came since.
#[derive(Debug)]
pub(super) struct Queue<K, T> {
    waiting: Vec<Waiting<K, T>>,
}

impl<K, T> Default for Queue<K, T> {
    fn default() -> Self {
        Queue { waiting: Vec::new() }
    }
}

impl<K: Clone + Eq + Hash, T> Queue<K, T> {
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Rows of all that waits.
    pub(super) fn rows(&self) -> u32 {
        self.waiting.iter().fold(0, |sum, waiting| sum.saturating_add(waiting.rows))
    }

    /// Rows of what is at least as urgent as a level now.
    pub(super) fn rows_before(&self, level: u32, now_ns: u64, levels: &Levels) -> u32 {
        let before = self.waiting.iter().filter(|waiting| waiting.rank(now_ns, levels).0 <= level);
        before.fold(0, |sum, waiting| sum.saturating_add(waiting.rows))
    }

    /// Requests that came with a level.
    pub(super) fn of_level(&self, level: u32) -> usize {
        self.waiting.iter().filter(|waiting| waiting.level == level).count()
    }

    pub(super) fn push(&mut self, waiting: Waiting<K, T>) {
        self.waiting.push(waiting);
    }

    /// Takes every request out.
    pub(super) fn drain(&mut self) -> Vec<Waiting<K, T>> {
        std::mem::take(&mut self.waiting)
    }

    /// Takes those out that nobody waits for any more.
    pub(super) fn forget(&mut self, gone: impl Fn(&T) -> bool) -> Vec<Waiting<K, T>> {
        self.waiting.extract_if(.., |waiting| gone(&waiting.item)).collect()
    }

    /// Takes the next batch out, where one is due.
    pub(super) fn take(&mut self, now_ns: u64, rules: Rules<'_>) -> Decision<K, T> {
        let late: Vec<_> =
            self.waiting.extract_if(.., |w| w.deadline_ns.is_some_and(|deadline| deadline <= now_ns)).collect();
        // Stable: equals go in the order in which they came. Cheap where little came since the last look.
        self.waiting.sort_by_key(|waiting| waiting.rank(now_ns, rules.levels));
        match self.due(now_ns, rules) {
            Some(Ok(chosen)) => {
                let mut index = 0;
                let mut take = |_: &mut Waiting<K, T>| {
                    let is = chosen.contains(&index);
                    index += 1;
                    is
                };
                Decision::Run { batch: self.waiting.extract_if(.., &mut take).collect(), late }
            }
            _ if !late.is_empty() => Decision::Run { batch: Vec::new(), late },
            Some(Err(until)) => Decision::Wait(until),
            None => Decision::Idle,
        }
    }

    /// Positions of the batch that is due, or when the next one is.
    fn due(&self, now_ns: u64, rules: Rules<'_>) -> Option<Result<HashSet<usize>, u64>> {
        let mut soonest: Option<u64> = None;
        let mut seen: HashSet<&K> = HashSet::new();
        // The most urgent request leads; where its kind still waits for company, another kind may be due.
        for leader in &self.waiting {
            if !seen.insert(&leader.key) {
                continue;
            }
            let (chosen, rows, oldest) = self.gather(&leader.key, rules);
            let full = rows >= rules.most || rules.preferred.contains(&rows);
            let until = oldest.saturating_add(rules.delay_ns);
            if full || until <= now_ns {
                return Some(Ok(chosen));
            }
            soonest = Some(soonest.map_or(until, |other| other.min(until)));
        }
        soonest.map(Err)
    }

    /// The most urgent requests of a kind that fit into one batch: their positions, rows, and the oldest arrival.
    fn gather(&self, key: &K, rules: Rules<'_>) -> (HashSet<usize>, u32, u64) {
        let members: Vec<(usize, &Waiting<K, T>)> =
            self.waiting.iter().enumerate().filter(|(_, waiting)| waiting.key == *key).collect();
        let available = members.iter().fold(0u32, |sum, (_, waiting)| sum.saturating_add(waiting.rows));
        let mut limit = available.min(rules.most);
        if let Some(preferred) = rules.preferred.iter().rev().find(|size| **size <= limit) {
            limit = *preferred;
        }
        if rules.powers && limit > 0 {
            limit = 1 << limit.ilog2();
        }
        let (mut chosen, mut rows, mut oldest) = (HashSet::new(), 0u32, u64::MAX);
        for (index, waiting) in members {
            // One that is larger than a batch by itself runs alone.
            if !chosen.is_empty() && rows.saturating_add(waiting.rows) > limit {
                continue;
            }
            rows = rows.saturating_add(waiting.rows);
            oldest = oldest.min(waiting.arrived_ns);
            chosen.insert(index);
            if rows >= limit {
                break;
            }
        }
        (chosen, rows, oldest)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::serving::priority::Priorities;

    fn waiting(item: u32, rows: u32, key: u8, arrived_ns: u64, deadline_ns: Option<u64>) -> Waiting<u8, u32> {
        Waiting { rows, key, arrived_ns, deadline_ns, level: 2, delayed_ns: None, item }
    }

    static LEVELS: LazyLock<Levels> = LazyLock::new(Levels::default);
    static AT_ONCE: LazyLock<Rules<'static>> =
        LazyLock::new(|| Rules { most: 8, preferred: &[], delay_ns: 0, powers: false, levels: &LEVELS });

    fn items(decision: Decision<u8, u32>) -> (Vec<u32>, Vec<u32>) {
        let names = |list: Vec<Waiting<u8, u32>>| list.into_iter().map(|w| w.item).collect();
        match decision {
            Decision::Run { batch, late } => (names(batch), names(late)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_waits_runs_together_up_to_the_limit() {
        let mut queue = Queue::default();
        (0..10).for_each(|n| queue.push(waiting(n, 1, 0, u64::from(n), None)));
        assert_eq!(items(queue.take(100, *AT_ONCE)).0, [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(items(queue.take(100, *AT_ONCE)).0, [8, 9]);
        assert_eq!(queue.take(100, *AT_ONCE), Decision::Idle);
    }

    #[test]
    fn the_nearest_deadline_goes_first_and_nobody_starves() {
        let mut queue = Queue::default();
        queue.push(waiting(0, 8, 0, 0, None));
        queue.push(waiting(1, 8, 0, 1, Some(5_000)));
        queue.push(waiting(2, 8, 0, 2, Some(4_000)));
        queue.push(waiting(3, 8, 0, 3, Some(2 * PATIENCE_NS)));
        let order: Vec<_> = (0..4).map(|_| items(queue.take(10, *AT_ONCE)).0[0]).collect();
        assert_eq!(order, [2, 1, 0, 3]);
    }

    #[test]
    fn a_late_request_is_told_and_does_not_run() {
        let mut queue = Queue::default();
        queue.push(waiting(0, 1, 0, 0, Some(50)));
        queue.push(waiting(1, 1, 0, 0, Some(150)));
        assert_eq!(items(queue.take(100, *AT_ONCE)), (vec![1], vec![0]));
    }

    #[test]
    fn a_batch_waits_for_company_no_longer_than_it_may() {
        let rules = Rules { delay_ns: 1_000, preferred: &[4], ..*AT_ONCE };
        let mut queue = Queue::default();
        queue.push(waiting(0, 1, 0, 100, None));
        queue.push(waiting(1, 1, 0, 500, None));
        assert_eq!(queue.take(900, rules), Decision::Wait(1_100));
        assert_eq!(items(queue.take(1_100, rules)).0, [0, 1]);
        // A preferred size does not wait.
        (0..5).for_each(|n| queue.push(waiting(n, 1, 0, 2_000, None)));
        assert_eq!(items(queue.take(2_001, rules)).0, [0, 1, 2, 3]);
        // Another kind is due while the first waits.
        queue.push(waiting(9, 8, 1, 2_000, None));
        assert_eq!(items(queue.take(2_002, rules)).0, [9]);
    }

    #[test]
    fn a_request_larger_than_a_batch_runs_alone() {
        let mut queue = Queue::default();
        queue.push(waiting(0, 20, 0, 0, None));
        queue.push(waiting(1, 1, 0, 1, None));
        assert_eq!(items(queue.take(10, *AT_ONCE)).0, [0]);
        assert_eq!(items(queue.take(10, *AT_ONCE)).0, [1]);
    }

    #[test]
    fn only_powers_of_two_where_each_size_is_compiled() {
        let rules = Rules { powers: true, ..*AT_ONCE };
        let mut queue = Queue::default();
        (0..7).for_each(|n| queue.push(waiting(n, 1, 0, 0, None)));
        let sizes: Vec<_> = (0..3).map(|_| items(queue.take(10, rules)).0.len()).collect();
        assert_eq!(sizes, [4, 2, 1]);
    }

    proptest! {
        #[test]
        fn every_request_comes_out_once_and_batches_keep_the_rules(
            requests in prop::collection::vec((1u32..12, 0u8..3, 0u64..10_000, prop::option::of(0u64..20_000)), 0..60),
            most in 1u32..16, delay_ns in 0u64..2_000, powers: bool,
        ) {
            let rules = Rules { most, preferred: &[], delay_ns, powers, levels: &LEVELS };
            let mut queue = Queue::default();
            for (item, (rows, key, arrived, deadline)) in requests.iter().enumerate() {
                queue.push(waiting(item as u32, *rows, *key, *arrived, *deadline));
            }
            let (mut now, mut seen) = (0, Vec::new());
            loop {
                match queue.take(now, rules) {
                    Decision::Idle => break,
                    Decision::Wait(until) => {
                        prop_assert!(until > now);
                        now = until;
                    }
                    Decision::Run { batch, late } => {
                        prop_assert!(!(batch.is_empty() && late.is_empty()));
                        let rows: u32 = batch.iter().map(|w| w.rows).sum();
                        prop_assert!(batch.len() <= 1 || rows <= most);
                        prop_assert!(batch.windows(2).all(|pair| pair[0].key == pair[1].key));
                        prop_assert!(batch.iter().all(|w| w.deadline_ns.is_none_or(|d| d > now)));
                        prop_assert!(late.iter().all(|w| w.deadline_ns.is_some_and(|d| d <= now)));
                        seen.extend(batch.iter().chain(&late).map(|w| w.item));
                    }
                }
            }
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..requests.len() as u32).collect::<Vec<_>>());
        }

        /// One request runs every microsecond, and as many come: what is promised of each order holds.
        #[test]
        fn levels_go_first_and_age_and_deadlines_order_within_them(
            requests in prop::collection::vec((1u32..=4, 0u64..400, prop::option::of(1u64..3_000)), 1..80),
            patience_ms in 1u32..4,
        ) {
            let levels = Priorities { levels: 4, patience_ms, ..Priorities::default() }.check().unwrap();
            let rules = Rules { most: 1, levels: &levels, ..*AT_ONCE };
            let (ms, us) = (1_000_000, 1_000);
            let mut coming: Vec<_> = requests.iter().enumerate().map(|(item, (level, at, deadline))| {
                let arrived_ns = at * 10 * us;
                let deadline_ns = deadline.map(|after| arrived_ns + after * ms);
                Waiting { level: *level, ..waiting(item as u32, 1, 0, arrived_ns, deadline_ns) }
            }).collect();
            coming.sort_by_key(|w| std::cmp::Reverse(w.arrived_ns));
            let (mut queue, mut now) = (Queue::default(), 0);
            while queue.len() > 0 || !coming.is_empty() {
                now += 100 * us;
                while coming.last().is_some_and(|w| w.arrived_ns <= now) {
                    queue.push(coming.pop().unwrap());
                }
                let waits = queue.waiting.clone();
                let Decision::Run { batch, late } = queue.take(now, rules) else { continue };
                prop_assert!(batch.len() + late.len() > 0);
                let Some(first) = batch.first() else { continue };
                let aged = |w: &Waiting<u8, u32>| levels.aged(w.level, now - w.arrived_ns);
                for other in waits.iter().filter(|w| w.item != first.item && !late.contains(w)) {
                    prop_assert!(aged(first) <= aged(other), "{first:?} before {other:?}");
                    if aged(first) == aged(other) && let (Some(a), Some(b)) = (first.deadline_ns, other.deadline_ns) {
                        prop_assert!(a <= b, "{first:?} before {other:?}");
                    }
                    // Nobody is passed by what came too much later.
                    let most = (u64::from(other.level) - 1) * u64::from(patience_ms) * ms;
                    let deadline = other.deadline_ns.map_or(PATIENCE_NS, |d| d - other.arrived_ns);
                    prop_assert!(first.arrived_ns <= other.arrived_ns + most.max(deadline), "{first:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_more_urgent_goes_first_and_fills_its_batch_with_what_is_less() {
        let mut queue = Queue::default();
        let at = |item, level| Waiting { level, ..waiting(item, 3, 0, 0, None) };
        [at(0, 3), at(1, 2), at(2, 1), at(3, 3), at(4, 1)].into_iter().for_each(|w| queue.push(w));
        assert_eq!(queue.rows_before(1, 10, &LEVELS), 6);
        assert_eq!((queue.rows_before(2, 10, &LEVELS), queue.of_level(3)), (9, 2));
        assert_eq!(items(queue.take(10, *AT_ONCE)).0, [2, 4]);
        assert_eq!(items(queue.take(10, *AT_ONCE)).0, [1, 0]);
    }

    #[test]
    fn one_that_waited_for_its_patience_is_passed_no_more() {
        let rules = Rules { most: 1, ..*AT_ONCE };
        let (mut queue, second) = (Queue::default(), 1_000_000_000);
        queue.push(Waiting { level: 3, ..waiting(0, 1, 0, 0, None) });
        queue.push(Waiting { level: 1, ..waiting(1, 1, 0, 1, None) });
        assert_eq!(items(queue.take(10, rules)).0, [1]);
        queue.push(Waiting { level: 2, ..waiting(2, 1, 0, second, None) });
        queue.push(Waiting { level: 1, ..waiting(3, 1, 0, second, None) });
        // It counts as level 2 by now, and came before the other one of it.
        let order: Vec<_> = (0..3).map(|_| items(queue.take(second, rules)).0[0]).collect();
        assert_eq!(order, [3, 0, 2]);
    }

    #[test]
    fn one_that_is_delayed_goes_behind_and_ages_from_there() {
        let rules = Rules { most: 1, ..*AT_ONCE };
        let second = 1_000_000_000;
        let delayed = || Waiting { level: 1, delayed_ns: Some(100), ..waiting(0, 1, 0, 0, None) };
        let mut queue = Queue::default();
        queue.push(delayed());
        queue.push(Waiting { level: 3, ..waiting(1, 1, 0, 50, None) });
        assert_eq!(items(queue.take(99, rules)).0, [0]);
        queue.push(delayed());
        assert_eq!(items(queue.take(100, rules)).0, [1]);
        // As if it came at 100 with level 3: after two seconds nothing newer passes it.
        queue.push(Waiting { level: 1, ..waiting(2, 1, 0, 2 * second, None) });
        assert_eq!(items(queue.take(2 * second + 100, rules)).0, [0]);
    }
}
