//! C memory to JSON values and back, by layout tables that come from the operations table.
//!
//! One reader and one writer serve every struct. An absent field is NULL, 0 for an enum, or a `has_` flag that is not
//! set. A struct begins with its size: what lies beyond the caller's size is absent.

mod arena;
mod read;
mod write;

pub(crate) use arena::{Record, release};
pub(crate) use read::{fill, read, sized};

/// A struct of C and the object of JSON that it stands for.
pub(crate) struct Layout {
    /// As C names it.
    #[cfg_attr(not(feature = "testing"), allow(dead_code, reason = "the test of the header looks structs up"))]
    pub(crate) name: &'static str,
    pub(crate) size: usize,
    pub(crate) fields: &'static [Field],
}

pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) offset: usize,
    /// Offset of the flag that says whether a number or a bool is there.
    pub(crate) has: Option<usize>,
    pub(crate) ty: Ty,
}

pub(crate) enum Ty {
    Text,
    Bool,
    U32,
    U64,
    F64,
    /// Its strings; 1 stands for the first one.
    Enum(&'static [&'static str]),
    /// By pointer.
    Struct(&'static Layout),
    /// By pointer.
    Union(&'static Union),
    /// A pointer and a count.
    List(&'static Ty),
    /// A pointer to entries and a count.
    Map(&'static Map),
}

/// A struct of size, tag and pointer to the variant's struct.
pub(crate) struct Union {
    pub(crate) size: usize,
    pub(crate) tag: usize,
    pub(crate) of: usize,
    /// Values of `type`, in the order of their numbers from 1.
    pub(crate) variants: &'static [(&'static str, &'static Layout)],
}

/// Entries of key and value.
pub(crate) struct Map {
    pub(crate) stride: usize,
    pub(crate) value_at: usize,
    pub(crate) value: Ty,
}

impl Ty {
    /// Bytes that a field or an element takes.
    const fn width(&self) -> usize {
        match self {
            Ty::Bool => 1,
            Ty::U32 | Ty::Enum(_) => 4,
            Ty::U64 | Ty::F64 => 8,
            Ty::Text | Ty::Struct(_) | Ty::Union(_) => size_of::<*const u8>(),
            Ty::List(_) | Ty::Map(_) => size_of::<Slice>(),
        }
    }
}

/// How a list or a map lies in a struct.
#[repr(C)]
#[derive(Clone, Copy)]
struct Slice {
    items: *const u8,
    count: usize,
}
