//! Plans per concrete shape: compiled once however many callers wait, the least recently used dropped first.

use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::plan::Plan;
use crate::engine::Cancel;
use crate::error::{Error, ErrorKind, Result};
use crate::tensor::Shape;

/// Shapes that did not compile are remembered, so that a caller who repeats them costs nothing.
const REFUSALS: usize = 32;

/// How often a waiting caller looks at its deadline.
const GLANCE: Duration = Duration::from_millis(5);

enum State {
    Compiling,
    Ready(Arc<Plan>),
    Refused(Error),
}

struct Slot {
    key: Vec<Shape>,
    pinned: bool,
    state: State,
}

pub(super) struct Cache {
    slots: Mutex<Vec<Slot>>,
    settled: Condvar,
    limit: u64,
}

fn matches(key: &[Shape], shapes: &[&[usize]]) -> bool {
    key.len() == shapes.len() && key.iter().zip(shapes).all(|(a, b)| a.as_slice() == *b)
}

fn again(error: &Error) -> Error {
    let copy = Error::new(error.kind(), error.message().to_owned());
    error.context().iter().fold(copy, |copy, (key, value)| copy.with(key, value))
}

/// Frees the slot of a compilation that did not end.
struct Unsettled<'c> {
    cache: &'c Cache,
    key: Option<Vec<Shape>>,
}

impl Drop for Unsettled<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.cache.lock().retain(|slot| slot.key != key);
            self.cache.settled.notify_all();
        }
    }
}

impl Cache {
    pub(super) fn new(limit: u64) -> Self {
        Cache { slots: Mutex::new(Vec::new()), settled: Condvar::new(), limit }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plans held.
    pub(super) fn len(&self) -> usize {
        self.lock().iter().filter(|slot| matches!(slot.state, State::Ready(_))).count()
    }

    /// A plan that is there already.
    pub(super) fn get(&self, shapes: &[&[usize]]) -> Option<Arc<Plan>> {
        self.lock().iter().find(|slot| matches(&slot.key, shapes)).and_then(|slot| match &slot.state {
            State::Ready(plan) => Some(plan.clone()),
            _ => None,
        })
    }

    /// The plan for these shapes; `compile` runs in one caller only, outside the lock. Returns whether others were
    /// dropped for it.
    pub(super) fn get_or_compile(
        &self,
        shapes: &[&[usize]],
        pinned: bool,
        cancel: &Cancel<'_>,
        fixed: &HashSet<usize>,
        compile: impl Fn(&[Shape]) -> Result<Plan>,
    ) -> Result<(Arc<Plan>, bool)> {
        let mut slots = self.lock();
        loop {
            match slots.iter().find(|slot| matches(&slot.key, shapes)).map(|slot| &slot.state) {
                Some(State::Ready(plan)) => return Ok((plan.clone(), false)),
                Some(State::Refused(error)) => return Err(again(error)),
                Some(State::Compiling) => {
                    let waited = self.settled.wait_timeout(slots, GLANCE).unwrap_or_else(PoisonError::into_inner);
                    slots = waited.0;
                    cancel.check()?;
                }
                None => break,
            }
        }
        let key: Vec<Shape> = shapes.iter().map(|s| Shape::from_slice(s)).collect();
        slots.push(Slot { key: key.clone(), pinned, state: State::Compiling });
        drop(slots);
        let mut unsettled = Unsettled { cache: self, key: Some(key.clone()) };
        let mut dropped = false;
        let mut result = compile(&key);
        if result.as_ref().is_err_and(|e| e.kind() == ErrorKind::ResourceExhausted) && self.shrink(0, None, fixed) {
            dropped = true;
            result = compile(&key);
        }
        let plan = match result {
            Ok(plan) => Arc::new(plan),
            // Memory may be there the next time; anything else stays as it is.
            Err(error) if error.kind() == ErrorKind::ResourceExhausted => return Err(error),
            Err(error) => {
                self.settle(&mut unsettled, State::Refused(again(&error)));
                return Err(error);
            }
        };
        self.settle(&mut unsettled, State::Ready(plan.clone()));
        dropped |= self.shrink(self.limit, Some(&plan), fixed);
        Ok((plan, dropped))
    }

    /// Adds a plan that was compiled elsewhere; drops others for it where they hold too much.
    pub(super) fn insert(&self, key: Vec<Shape>, plan: Arc<Plan>, pinned: bool, fixed: &HashSet<usize>) {
        let mut slots = self.lock();
        slots.retain(|slot| slot.key != key || matches!(slot.state, State::Compiling));
        slots.push(Slot { key, pinned, state: State::Ready(plan.clone()) });
        drop(slots);
        self.shrink(self.limit, Some(&plan), fixed);
    }

    fn settle(&self, unsettled: &mut Unsettled<'_>, state: State) {
        let Some(key) = unsettled.key.take() else { return };
        let mut slots = self.lock();
        if let Some(slot) = slots.iter_mut().find(|slot| slot.key == key) {
            slot.state = state;
        }
        let refused = |slot: &Slot| matches!(slot.state, State::Refused(_));
        if slots.iter().filter(|slot| refused(slot)).count() > REFUSALS
            && let Some(oldest) = slots.iter().position(refused)
        {
            slots.remove(oldest);
        }
        drop(slots);
        self.settled.notify_all();
    }

    /// Drops the least recently used plans until the rest holds at most `limit` bytes beyond the `fixed` constants. The
    /// one to `keep` stays even where it is larger alone. Returns whether any went.
    fn shrink(&self, limit: u64, keep: Option<&Arc<Plan>>, fixed: &HashSet<usize>) -> bool {
        let mut gone = Vec::new();
        let mut slots = self.lock();
        loop {
            let mut seen = HashSet::new();
            let mut bytes = 0;
            let mut oldest: Option<(u64, usize)> = None;
            for (index, slot) in slots.iter().enumerate() {
                let State::Ready(plan) = &slot.state else { continue };
                let new = plan.charge.held.iter().filter(|(at, _)| !fixed.contains(at) && seen.insert(*at));
                let held = new.map(|(_, bytes)| bytes).sum::<u64>() + plan.charge.overhead;
                if slot.pinned {
                    continue;
                }
                bytes += held;
                let used = plan.used.load(Ordering::Relaxed);
                if keep.is_none_or(|keep| !Arc::ptr_eq(keep, plan)) && oldest.is_none_or(|(at, _)| used < at) {
                    oldest = Some((used, index));
                }
            }
            match oldest {
                Some((_, index)) if bytes > limit => {
                    if let State::Ready(plan) = slots.remove(index).state {
                        plan.evicted.store(true, Ordering::Release);
                        gone.push(plan);
                    }
                }
                _ => break,
            }
        }
        drop(slots);
        !gone.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};

    use tract_onnx::prelude::{TypedModel, TypedSimplePlan};

    use super::super::ledger::Ledger;
    use super::*;
    use crate::engine::MemoryBudget;

    fn plan(ledger: &Arc<Ledger>, bytes: u64) -> Plan {
        Plan {
            plan: TypedSimplePlan::new(TypedModel::default()).unwrap(),
            charge: ledger.charge(&[], bytes).unwrap(),
            extents: Default::default(),
            used: AtomicU64::new(0),
            evicted: AtomicBool::new(false),
        }
    }

    fn ledger() -> (Arc<MemoryBudget>, Arc<Ledger>) {
        let budget = Arc::new(MemoryBudget::unlimited());
        let ledger = Ledger::new(budget.reserve(0).unwrap());
        (budget, ledger)
    }

    #[test]
    fn concurrent_callers_compile_once() {
        let (_, ledger) = ledger();
        let cache = Cache::new(u64::MAX);
        let compiled = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let compile = |_: &[Shape]| {
                        compiled.fetch_add(1, Ordering::SeqCst);
                        std::thread::sleep(Duration::from_millis(50));
                        Ok(plan(&ledger, 10))
                    };
                    cache.get_or_compile(&[&[2, 3]], false, &Cancel::NEVER, &HashSet::new(), compile).unwrap();
                });
            }
        });
        assert_eq!(compiled.load(Ordering::SeqCst), 1);
        assert_eq!(cache.len(), 1);
    }

    #[test]
    fn a_refusal_is_remembered_and_a_lack_of_memory_is_not() {
        let cache = Cache::new(u64::MAX);
        let compiled = AtomicUsize::new(0);
        for (kind, expected) in [(ErrorKind::Unsupported, 1), (ErrorKind::ResourceExhausted, 2)] {
            compiled.store(0, Ordering::SeqCst);
            for _ in 0..2 {
                let compile = |_: &[Shape]| {
                    compiled.fetch_add(1, Ordering::SeqCst);
                    Err(Error::new(kind, "no").with("node", "n"))
                };
                let shape = [kind.code() as usize];
                let result = cache.get_or_compile(&[&shape], false, &Cancel::NEVER, &HashSet::new(), compile);
                let error = result.map(|_| ()).unwrap_err();
                assert_eq!((error.kind(), error.get("node")), (kind, Some("n")));
            }
            assert_eq!(compiled.load(Ordering::SeqCst), expected);
        }
    }

    #[test]
    fn the_least_recently_used_goes_first_and_bytes_come_back() {
        let (budget, ledger) = ledger();
        let cache = Cache::new(250);
        let get = |size: usize, tick: u64| {
            let compile = |_: &[Shape]| Ok(plan(&ledger, 100));
            let (plan, _) = cache.get_or_compile(&[&[size]], false, &Cancel::NEVER, &HashSet::new(), compile).unwrap();
            plan.used.store(tick, Ordering::Relaxed);
        };
        get(1, 1);
        get(2, 2);
        get(1, 3);
        get(3, 4);
        assert!(cache.get(&[&[1]]).is_some() && cache.get(&[&[3]]).is_some());
        assert!(cache.get(&[&[2]]).is_none());
        assert_eq!(budget.used(), 200);
    }

    #[test]
    fn a_panic_while_compiling_frees_the_slot() {
        let (_, ledger) = ledger();
        let cache = Cache::new(u64::MAX);
        let panics = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let compile = |_: &[Shape]| -> Result<Plan> { panic!("on purpose") };
            let _ = cache.get_or_compile(&[&[1]], false, &Cancel::NEVER, &HashSet::new(), compile);
        }));
        assert!(panics.is_err());
        let compile = |_: &[Shape]| Ok(plan(&ledger, 1));
        assert!(cache.get_or_compile(&[&[1]], false, &Cancel::NEVER, &HashSet::new(), compile).is_ok());
    }
}
