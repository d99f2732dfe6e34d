//! Which entry goes next. Knows slots by number, and nothing of what they hold; no clock, no allocation but for its
//! links, and constant time for every step.
//!
//! LRU and FIFO are one list. LFU is one list for each count, after Shah, Mitra and Matani, "An O(1) algorithm for
//! implementing the LFU cache eviction scheme" (2010), with counts that end at 63: above that it is LRU. TTL is one list
//! for each sixtieth of the time that answers have, in a ring.

use crate::clock::Millis;
use crate::machine::cache::CachePolicy;

const LISTS: usize = 64;
const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Link {
    previous: u32,
    next: u32,
    list: u8,
}

#[derive(Debug, Clone, Copy)]
struct List {
    head: u32,
    tail: u32,
}

/// Slots in the order in which they go.
#[derive(Debug)]
pub(crate) struct Order {
    policy: CachePolicy,
    links: Vec<Link>,
    lists: Box<[List]>,
    /// A bit for each list that is not empty.
    occupied: u64,
    /// Of TTL: milliseconds of one list, and the number of the first list's time.
    width: Millis,
    base: u64,
}

impl Order {
    /// `ttl` is the longest time that an entry has.
    pub(crate) fn new(policy: CachePolicy, ttl: Option<Millis>) -> Self {
        let lists = if matches!(policy, CachePolicy::Lru | CachePolicy::Fifo) { 1 } else { LISTS };
        Order {
            policy,
            links: Vec::new(),
            lists: vec![List { head: NONE, tail: NONE }; lists].into(),
            occupied: 0,
            // Times that are not up yet then span fewer lists than there are.
            width: ttl.unwrap_or(Millis::MAX) / 62 + 1,
            base: 0,
        }
    }

    /// Takes a slot in that is not in.
    pub(crate) fn insert(&mut self, slot: u32, expires_at: Option<Millis>) {
        let list = match self.policy {
            CachePolicy::Ttl => self.list_of(expires_at.unwrap_or(Millis::MAX)),
            _ => 0,
        };
        if self.links.len() <= slot as usize {
            self.links.resize(slot as usize + 1, Link { previous: NONE, next: NONE, list: 0 });
        }
        self.push(slot, list);
    }

    /// The slot was asked for.
    pub(crate) fn touch(&mut self, slot: u32) {
        let list = self.links[slot as usize].list;
        let next = match self.policy {
            CachePolicy::Lru => list,
            CachePolicy::Lfu => (list + 1).min(LISTS as u8 - 1),
            CachePolicy::Ttl | CachePolicy::Fifo => return,
        };
        self.remove(slot);
        self.push(slot, next);
    }

    /// Takes a slot out that is in.
    pub(crate) fn remove(&mut self, slot: u32) {
        let Link { previous, next, list } = self.links[slot as usize];
        match previous {
            NONE => self.lists[list as usize].head = next,
            other => self.links[other as usize].next = next,
        }
        match next {
            NONE => self.lists[list as usize].tail = previous,
            other => self.links[other as usize].previous = previous,
        }
        if self.lists[list as usize].head == NONE {
            self.occupied &= !(1 << list);
        }
    }

    /// The slot that goes next.
    pub(crate) fn victim(&self) -> Option<u32> {
        if self.occupied == 0 {
            return None;
        }
        let list = match self.policy {
            CachePolicy::Ttl => (self.first() + self.rotated().trailing_zeros()) % LISTS as u32,
            _ => self.occupied.trailing_zeros(),
        };
        Some(self.lists[list as usize].head)
    }

    fn push(&mut self, slot: u32, list: u8) {
        let ends = &mut self.lists[list as usize];
        let previous = std::mem::replace(&mut ends.tail, slot);
        match previous {
            NONE => ends.head = slot,
            other => self.links[other as usize].next = slot,
        }
        self.links[slot as usize] = Link { previous, next: NONE, list };
        self.occupied |= 1 << list;
    }

    /// Position of the first list in the ring.
    fn first(&self) -> u32 {
        (self.base % LISTS as u64) as u32
    }

    /// Lists that are not empty, the first one in bit 0.
    fn rotated(&self) -> u64 {
        self.occupied.rotate_right(self.first())
    }

    /// The list of a time in the ring. A time that is too far from the others, because a clock was set, counts as the
    /// nearest that fits.
    fn list_of(&mut self, expires_at: Millis) -> u8 {
        const LAST: u64 = LISTS as u64 - 1;
        let epoch = expires_at / self.width;
        if self.occupied == 0 {
            self.base = epoch;
        }
        self.base += u64::from(self.rotated().trailing_zeros() % LISTS as u32);
        let span = LAST - u64::from(self.rotated().leading_zeros().min(LAST as u32));
        if epoch < self.base && self.base - epoch + span <= LAST {
            self.base = epoch;
        }
        (epoch.clamp(self.base, self.base.saturating_add(LAST)) % LISTS as u64) as u8
    }
}
