//! Who holds which constant: equal ones are kept once, and every byte is charged once.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tract_onnx::prelude::Tensor;
use tract_onnx::prelude::tract_linalg::mmm::{EagerPackedInput, MMMInputValue, PackedMatrixStorage};
use tract_onnx::prelude::tract_linalg::pack::PackedFormat;
use tract_onnx::tract_core::internal::Blob;

use crate::engine::Reservation;
use crate::error::Result;

/// Constants below this size are counted, but not looked for twice.
const SMALLEST_SHARED: u64 = 512;

/// The constants that a model's plans hold together, and the memory reserved for them.
#[derive(Debug)]
pub(super) struct Ledger {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    reservation: Reservation,
    entries: HashMap<usize, Entry>,
    by_content: HashMap<u64, Vec<usize>>,
}

#[derive(Debug)]
struct Entry {
    item: Item,
    bytes: u64,
    content: u64,
    holders: usize,
}

/// A constant: a node's tensor, or a matrix that tract packed into a product.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Tensor(Arc<Tensor>),
    Packed(Arc<Blob>, Panels),
}

/// How a packed matrix lies in its buffer. The end of each panel is room that tract neither fills nor reads, so it says
/// nothing about what was packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Panels {
    /// Bytes from one panel to the next.
    stride: usize,
    /// Bytes of a panel that hold the matrix.
    used: usize,
}

impl Panels {
    fn of(packed: &EagerPackedInput) -> Self {
        let stride = packed.panel_bytes.max(1);
        let used = match packed.fact.format.downcast_ref::<PackedFormat>() {
            Some(format) => packed.fact.k * format.r * format.dt.size_of(),
            None => stride,
        };
        Panels { stride, used: used.min(stride) }
    }

    fn filled(self, blob: &Blob) -> impl Iterator<Item = &[u8]> {
        blob.as_bytes().chunks(self.stride).map(move |panel| &panel[..self.used.min(panel.len())])
    }
}

/// What one plan holds; given back on drop.
#[derive(Debug)]
pub(super) struct Charge {
    ledger: Arc<Ledger>,
    /// Address and size of each constant.
    pub(super) held: Vec<(usize, u64)>,
    /// Bytes of the plan itself.
    pub(super) overhead: u64,
}

impl Item {
    pub(super) fn packed(matrix: &EagerPackedInput) -> Self {
        Item::Packed(matrix.packed.clone(), Panels::of(matrix))
    }

    fn address(&self) -> usize {
        match self {
            Item::Tensor(tensor) => Arc::as_ptr(tensor).cast::<u8>() as usize,
            Item::Packed(blob, _) => Arc::as_ptr(blob).cast::<u8>() as usize,
        }
    }

    /// Bytes of the constant, packed ones included.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Item::Tensor(tensor) => tensor_bytes(tensor),
            Item::Packed(blob, _) => blob.layout().size() as u64,
        }
    }

    fn content(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        match self {
            Item::Tensor(tensor) => match tensor.as_plain_ram_storage() {
                Some(plain) if tensor.datum_type().is_copy() => {
                    tensor.datum_type().hash(&mut hasher);
                    tensor.shape().hash(&mut hasher);
                    plain.as_bytes().hash(&mut hasher);
                }
                _ => tensor.hash(&mut hasher),
            },
            Item::Packed(blob, panels) => {
                panels.hash(&mut hasher);
                panels.filled(blob).for_each(|panel| panel.hash(&mut hasher));
            }
        }
        hasher.finish()
    }

    /// Equal to the bit, alignment included; `==` on floats would take 0 for -0.
    fn same(&self, other: &Item) -> bool {
        match (self, other) {
            (Item::Packed(a, x), Item::Packed(b, y)) => {
                x == y && a.layout() == b.layout() && x.filled(a).eq(y.filled(b))
            }
            (Item::Tensor(a), Item::Tensor(b)) => {
                a.datum_type() == b.datum_type()
                    && a.shape() == b.shape()
                    && match (a.as_plain_ram_storage(), b.as_plain_ram_storage()) {
                        (Some(x), Some(y)) if a.datum_type().is_copy() => {
                            x.layout().align() == y.layout().align() && x.as_bytes() == y.as_bytes()
                        }
                        _ => a == b,
                    }
            }
            _ => false,
        }
    }
}

fn tensor_bytes(tensor: &Tensor) -> u64 {
    if let Some(plain) = tensor.as_plain_ram_storage() {
        return plain.as_bytes().len() as u64;
    }
    let packed = tensor.storage_as::<PackedMatrixStorage>().map(|s| s.values()).unwrap_or_default();
    packed.iter().map(|value| input_bytes(&**value)).sum()
}

fn input_bytes(value: &dyn MMMInputValue) -> u64 {
    match value.downcast_ref::<EagerPackedInput>() {
        Some(eager) => eager.packed.layout().size() as u64,
        None => {
            let sizes = value.exotic_fact().buffer_sizes();
            sizes.iter().filter_map(|size| size.to_i64().ok()).map(|size| size.max(0) as u64).sum()
        }
    }
}

impl Ledger {
    pub(super) fn new(reservation: Reservation) -> Arc<Self> {
        let inner = Inner { reservation, entries: HashMap::new(), by_content: HashMap::new() };
        Arc::new(Ledger { inner: Mutex::new(inner) })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes charged now.
    pub(super) fn bytes(&self) -> u64 {
        self.lock().reservation.bytes()
    }

    /// Whether more than half of a limited budget is in use.
    pub(super) fn is_short(&self) -> bool {
        self.lock().reservation.budget().is_short()
    }

    /// The constant to hold instead of this one: an equal one that is held already, else itself.
    pub(super) fn find(&self, item: Item) -> Item {
        if item.bytes() < SMALLEST_SHARED || self.lock().entries.contains_key(&item.address()) {
            return item;
        }
        let content = item.content();
        let inner = self.lock();
        let candidates = inner.by_content.get(&content).into_iter().flatten();
        let found = candidates.filter_map(|at| inner.entries.get(at)).find(|entry| entry.item.same(&item));
        found.map_or(item, |entry| entry.item.clone())
    }

    /// Charges the parsed weights against what was reserved for them.
    pub(super) fn adopt(self: &Arc<Self>, tensors: Vec<Arc<Tensor>>) -> Result<Charge> {
        self.lock().reservation.resize(0)?;
        self.charge(&tensors.into_iter().map(Item::Tensor).collect::<Vec<_>>(), 0)
    }

    /// Charges the constants of a plan. Nothing changes where the budget does not suffice.
    pub(super) fn charge(self: &Arc<Self>, items: &[Item], overhead: u64) -> Result<Charge> {
        // Hashing large constants takes a while: not under the lock.
        let mut distinct: HashMap<usize, (&Item, u64, u64)> = HashMap::new();
        for item in items {
            distinct.entry(item.address()).or_insert_with(|| {
                let bytes = item.bytes();
                let known = bytes < SMALLEST_SHARED || self.lock().entries.contains_key(&item.address());
                (item, bytes, if known { 0 } else { item.content() })
            });
        }
        // Room may have to be made by dropping other models, or other plans of this one: not under the lock.
        let mut room = self.lock().reservation.budget().reserve(0)?;
        let mut guard = loop {
            let guard = self.lock();
            let new = distinct.iter().filter(|(at, _)| !guard.entries.contains_key(at));
            let wanted = new.map(|(_, (_, bytes, _))| bytes).sum::<u64>().saturating_add(overhead);
            if wanted == room.bytes() {
                break guard;
            }
            drop(guard);
            room.resize(wanted)?;
        };
        let inner = &mut *guard;
        inner.reservation.absorb(room);
        let mut held = Vec::with_capacity(distinct.len());
        for (at, (item, bytes, content)) in distinct {
            let entry = inner.entries.entry(at).or_insert_with(|| {
                if bytes >= SMALLEST_SHARED {
                    inner.by_content.entry(content).or_default().push(at);
                }
                Entry { item: item.clone(), bytes, content, holders: 0 }
            });
            entry.holders += 1;
            held.push((at, bytes));
        }
        drop(guard);
        Ok(Charge { ledger: self.clone(), held, overhead })
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        let mut guard = self.ledger.lock();
        let inner = &mut *guard;
        let mut freed = self.overhead;
        let mut gone = Vec::new();
        for (at, _) in &self.held {
            let Some(entry) = inner.entries.get_mut(at) else { continue };
            entry.holders -= 1;
            if entry.holders == 0 {
                freed += entry.bytes;
                if let Some(list) = inner.by_content.get_mut(&entry.content) {
                    list.retain(|other| other != at);
                    if list.is_empty() {
                        inner.by_content.remove(&entry.content);
                    }
                }
                gone.extend(inner.entries.remove(at));
            }
        }
        let left = inner.reservation.bytes().saturating_sub(freed);
        // Shrinking cannot fail.
        let _ = inner.reservation.resize(left);
        drop(guard);
        // Large buffers are freed outside the lock.
        drop(gone);
    }
}
