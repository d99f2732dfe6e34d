//! C memory to JSON.

use std::ffi::{CStr, c_char};

use noodle_deploy_core::{Error, ErrorKind, Result};
use serde_json::{Map as Object, Number, Value};

use super::{Layout, Slice, Ty, Union};

/// The JSON object of a struct.
///
/// # Errors
/// `invalid_argument` with a JSON pointer to the field that cannot be read; `unsupported` for a struct of a newer caller
/// that sets fields unknown here.
///
/// # Safety
/// `from` points to a struct of this layout, or to a shorter or longer one of another version of it, whose first field
/// is its size; every pointer within is null or valid.
pub(crate) unsafe fn read(layout: &Layout, from: *const u8) -> Result<Value> {
    // SAFETY: as the caller promises.
    unsafe { object(layout, from, &mut Path::default()) }.map(Value::Object)
}

/// A copy of a struct that begins with its size; what the caller's version lacks is zero.
///
/// # Errors
/// As [`read`].
///
/// # Safety
/// `from` is as [`read`] asks, and `T` is a struct of integers and pointers, for which any bytes are a value.
pub(crate) unsafe fn sized<T: Copy>(field: &'static str, from: *const T) -> Result<T> {
    // SAFETY: the struct begins with its size, and has that many bytes.
    if unsafe { from.cast::<usize>().read_unaligned() } == size_of::<T>() {
        // SAFETY: as above. A copy whose length the compiler knows takes a few instructions.
        return Ok(unsafe { from.read_unaligned() });
    }
    // SAFETY: as above.
    let size = unsafe { size_of_struct(from.cast(), size_of::<T>()) }.map_err(|e| e.with("argument", field))?;
    let mut copy = std::mem::MaybeUninit::<T>::zeroed();
    // SAFETY: both have `size` bytes at least, and any bytes are a value.
    unsafe {
        std::ptr::copy_nonoverlapping(from.cast::<u8>(), copy.as_mut_ptr().cast(), size);
        Ok(copy.assume_init())
    }
}

/// Writes as much of a struct as the caller's version of it has room for, and leaves its size as it is.
///
/// # Errors
/// As [`read`].
///
/// # Safety
/// `out` is null or points to a struct of its size; `T` is as [`sized`] asks.
pub(crate) unsafe fn fill<T: Copy>(value: T, out: *mut T) -> Result<()> {
    if out.is_null() {
        return Err(crate::text::null("out"));
    }
    // SAFETY: the struct begins with its size, and has that many bytes.
    unsafe {
        let own = size_of::<usize>();
        let room = size_of_struct(out.cast(), size_of::<T>())?;
        let from = (&raw const value).cast::<u8>();
        std::ptr::copy_nonoverlapping(from.add(own), out.cast::<u8>().add(own), room - own);
    }
    Ok(())
}

/// How many bytes of the struct both sides know.
unsafe fn size_of_struct(from: *const u8, known: usize) -> Result<usize> {
    // SAFETY: every struct begins with its size.
    let size = unsafe { from.cast::<usize>().read_unaligned() };
    if size < size_of::<usize>() || size > 1 << 16 {
        return Err(Error::invalid("size", size, "sizeof of the struct"));
    }
    // SAFETY: the caller vouches for `size` bytes.
    let beyond = (known..size).any(|i| unsafe { *from.add(i) } != 0);
    if beyond {
        return Err(Error::new(ErrorKind::Unsupported, "a struct has fields that this library does not know")
            .with("field", "size")
            .with("value", size)
            .with("allowed", known));
    }
    Ok(size.min(known))
}

/// Where the reader is, for errors.
#[derive(Default)]
struct Path(Vec<String>);

impl Path {
    fn error(&self, value: impl std::fmt::Display, allowed: &str) -> Error {
        let field: String = self.0.iter().map(|step| format!("/{step}")).collect();
        Error::new(ErrorKind::InvalidArgument, "the input is not valid")
            .with("field", if field.is_empty() { "input" } else { &field })
            .with("value", value)
            .with("allowed", allowed)
    }

    fn within<T>(&mut self, step: impl Into<String>, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.0.push(step.into());
        let result = read(self);
        self.0.pop();
        result
    }
}

unsafe fn object(layout: &Layout, from: *const u8, path: &mut Path) -> Result<Object<String, Value>> {
    // SAFETY: as the caller of `read` promises.
    let size = unsafe { size_of_struct(from, layout.size) }?;
    let mut object = Object::new();
    for field in layout.fields {
        if field.offset + field.ty.width() > size {
            continue;
        }
        // SAFETY: the flag lies before the field, within the struct.
        if field.has.is_some_and(|has| unsafe { *from.add(has) } == 0) {
            continue;
        }
        // SAFETY: the field lies within the struct.
        let value = path.within(field.name, |path| unsafe { value(&field.ty, from.add(field.offset), path) })?;
        if let Some(value) = value {
            object.insert(field.name.to_owned(), value);
        }
    }
    Ok(object)
}

/// Nothing where the memory says that nothing is there.
unsafe fn value(ty: &Ty, at: *const u8, path: &mut Path) -> Result<Option<Value>> {
    // SAFETY: `at` points to what `ty` says; reads are unaligned, and pointers are followed only when not null.
    unsafe {
        Ok(Some(match ty {
            Ty::Bool => match *at {
                0 => Value::Bool(false),
                1 => Value::Bool(true),
                other => return Err(path.error(other, "0 or 1")),
            },
            Ty::U32 => at.cast::<u32>().read_unaligned().into(),
            Ty::U64 => at.cast::<u64>().read_unaligned().into(),
            Ty::F64 => {
                let number = at.cast::<f64>().read_unaligned();
                Number::from_f64(number).map(Value::Number).ok_or_else(|| path.error(number, "a finite number"))?
            }
            Ty::Enum(names) => match at.cast::<i32>().read_unaligned() {
                0 => return Ok(None),
                n => {
                    let name = usize::try_from(n).ok().and_then(|n| names.get(n - 1));
                    (*name.ok_or_else(|| path.error(n, &format!("a constant for {}", names.join(", "))))?).into()
                }
            },
            Ty::Text => match text(at, path)? {
                Some(text) => text.into(),
                None => return Ok(None),
            },
            Ty::Struct(layout) => match at.cast::<*const u8>().read_unaligned() {
                from if from.is_null() => return Ok(None),
                from => Value::Object(object(layout, from, path)?),
            },
            Ty::Union(of) => match at.cast::<*const u8>().read_unaligned() {
                from if from.is_null() => return Ok(None),
                from => union(of, from, path)?,
            },
            Ty::List(item) => {
                let Some(slice) = slice(at, path)? else { return Ok(None) };
                let read =
                    |i| path.within(format!("{i}"), |path| required(item, slice.items.add(i * item.width()), path));
                (0..slice.count).map(read).collect::<Result<Vec<_>>>()?.into()
            }
            Ty::Map(map) => {
                let Some(slice) = slice(at, path)? else { return Ok(None) };
                let mut object = Object::new();
                for entry in (0..slice.count).map(|i| slice.items.add(i * map.stride)) {
                    let key = text(entry, path)?.ok_or_else(|| path.error("NULL", "a key"))?.to_owned();
                    let found =
                        path.within(key.as_str(), |path| required(&map.value, entry.add(map.value_at), path))?;
                    if object.insert(key.clone(), found).is_some() {
                        return Err(path.error(key, "each key once"));
                    }
                }
                Value::Object(object)
            }
        }))
    }
}

unsafe fn required(ty: &Ty, at: *const u8, path: &mut Path) -> Result<Value> {
    // SAFETY: as the caller promises.
    match unsafe { value(ty, at, path) }? {
        Some(value) => Ok(value),
        // Within a list or a map a list without elements is empty, not absent.
        None if matches!(ty, Ty::List(_)) => Ok(Value::Array(Vec::new())),
        None if matches!(ty, Ty::Map(_)) => Ok(Value::Object(Object::new())),
        None => Err(path.error("NULL or 0", "a value")),
    }
}

unsafe fn union(of: &Union, from: *const u8, path: &mut Path) -> Result<Value> {
    // SAFETY: `from` points to a struct of size, tag and pointer.
    unsafe {
        size_of_struct(from, of.size)?;
        let tag = from.add(of.tag).cast::<i32>().read_unaligned();
        let variant = usize::try_from(tag - 1).ok().and_then(|i| of.variants.get(i));
        let (name, layout) = variant.ok_or_else(|| path.error(tag, "a constant of the type"))?;
        let variant = from.add(of.of).cast::<*const u8>().read_unaligned();
        if variant.is_null() {
            return Err(path.error("NULL", "a pointer to the variant"));
        }
        let mut object = object(layout, variant, path)?;
        object.insert("type".to_owned(), (*name).into());
        Ok(Value::Object(object))
    }
}

unsafe fn slice(at: *const u8, path: &Path) -> Result<Option<Slice>> {
    // SAFETY: `at` points to a pointer and a count.
    let slice = unsafe { at.cast::<Slice>().read_unaligned() };
    match (slice.items.is_null(), slice.count) {
        (true, 0) => Ok(None),
        (true, count) => Err(path.error(format!("NULL with a count of {count}"), "a pointer to the elements")),
        (false, _) => Ok(Some(slice)),
    }
}

unsafe fn text<'a>(at: *const u8, path: &Path) -> Result<Option<&'a str>> {
    // SAFETY: `at` points to a pointer that is null or leads to a NUL-terminated string.
    unsafe {
        let pointer = at.cast::<*const c_char>().read_unaligned();
        if pointer.is_null() {
            return Ok(None);
        }
        let text = CStr::from_ptr(pointer);
        text.to_str().map(Some).map_err(|_| path.error(text.to_string_lossy(), "UTF-8"))
    }
}
