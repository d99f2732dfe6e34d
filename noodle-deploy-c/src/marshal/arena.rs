//! A result and everything that it points to, freed at once.

use std::alloc::Layout as Block;
use std::ptr::NonNull;

use bumpalo::Bump;
use noodle_deploy_core::{Error, ErrorKind, Result};
use serde_json::Value;

use super::{Layout, write};

/// What lies before the root: the arena that holds both.
#[repr(C, align(16))]
struct Header(NonNull<Bump>);

/// An owned result.
pub(crate) struct Record(NonNull<u8>);

// SAFETY: a record is immutable, and nothing else refers to its arena.
unsafe impl Send for Record {}
// SAFETY: as above.
unsafe impl Sync for Record {}

impl Record {
    /// Writes the JSON of a struct as C memory.
    ///
    /// # Errors
    /// `internal` where the value is not of this layout.
    pub(crate) fn new(layout: &'static Layout, value: &Value) -> Result<Self> {
        let arena = Box::new(Bump::new());
        let block = zeroed(&arena, size_of::<Header>() + layout.size)?;
        // SAFETY: the block has room for the header and the struct, and is aligned for both.
        let root = unsafe { block.add(size_of::<Header>()) };
        // SAFETY: as above, and all of it is zero.
        unsafe { write::object(&arena, layout, value, root) }?;
        let arena = NonNull::from(Box::leak(arena));
        // SAFETY: the header lies before the root, in the same block.
        unsafe { block.cast::<Header>().write(Header(arena)) };
        Ok(Record(root))
    }

    pub(crate) fn as_ptr<T>(&self) -> *const T {
        self.0.as_ptr().cast()
    }

    /// Hands it to the caller, who gives it back to [`release`].
    pub(crate) fn into_raw<T>(self) -> *mut T {
        std::mem::ManuallyDrop::new(self).0.as_ptr().cast()
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        // SAFETY: the root came from `Record::new`, and is dropped once. The arena holds the header too, so its address
        // is read before.
        unsafe {
            let arena = self.0.sub(size_of::<Header>()).cast::<Header>().read().0;
            drop(Box::from_raw(arena.as_ptr()));
        }
    }
}

/// Frees a result that was handed out; null is nothing.
///
/// # Safety
/// `root` is null or came from [`Record::into_raw`], and was not given back before.
pub(crate) unsafe fn release<T>(root: *mut T) {
    drop(NonNull::new(root.cast::<u8>()).map(Record));
}

/// Memory of the arena that is zero, aligned for every field.
///
/// # Errors
/// `resource_exhausted` where there is no memory.
pub(super) fn zeroed(arena: &Bump, size: usize) -> Result<NonNull<u8>> {
    let block = Block::from_size_align(size, align_of::<Header>()).ok();
    let memory = block.and_then(|block| arena.try_alloc_layout(block).ok());
    let memory = memory
        .ok_or_else(|| Error::new(ErrorKind::ResourceExhausted, "no memory for an answer").with("bytes", size))?;
    // SAFETY: the block has `size` bytes.
    unsafe { memory.write_bytes(0, size) };
    Ok(memory)
}
