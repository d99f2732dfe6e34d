//! JSON to C memory.

use std::ptr::NonNull;

use bumpalo::Bump;
use noodle_deploy_core::{Error, ErrorKind, Result};
use serde_json::Value;

use super::arena::zeroed;
use super::{Layout, Slice, Ty, Union};

/// Writes an object over a struct that is all zero.
///
/// # Errors
/// `internal` where the value is not of this layout: then the table and the library disagree.
///
/// # Safety
/// `to` points to `layout.size` zero bytes of the arena, aligned for the struct.
pub(super) unsafe fn object(arena: &Bump, layout: &Layout, value: &Value, to: NonNull<u8>) -> Result<()> {
    let Value::Object(object) = value else { return Err(misfit(value)) };
    // SAFETY: offsets of the layout lie within the struct.
    unsafe {
        to.cast::<usize>().write(layout.size);
        for field in layout.fields {
            let Some(found) = object.get(field.name).filter(|found| !found.is_null()) else { continue };
            if let Some(has) = field.has {
                to.add(has).write(1);
            }
            write(arena, &field.ty, found, to.add(field.offset))?;
        }
    }
    Ok(())
}

unsafe fn write(arena: &Bump, ty: &Ty, value: &Value, to: NonNull<u8>) -> Result<()> {
    // SAFETY: `to` points to zero bytes of the arena for what `ty` says, aligned.
    unsafe {
        match (ty, value) {
            (Ty::Bool, Value::Bool(value)) => to.write(u8::from(*value)),
            (Ty::U32, Value::Number(n)) => {
                let number = n.as_u64().and_then(|n| u32::try_from(n).ok()).ok_or_else(|| misfit(value))?;
                to.cast::<u32>().write(number);
            }
            (Ty::U64, Value::Number(n)) => to.cast::<u64>().write(n.as_u64().ok_or_else(|| misfit(value))?),
            (Ty::F64, Value::Number(n)) => to.cast::<f64>().write(n.as_f64().ok_or_else(|| misfit(value))?),
            (Ty::Enum(names), Value::String(name)) => {
                let index = names.iter().position(|n| n == name).ok_or_else(|| misfit(value))?;
                to.cast::<i32>().write(index as i32 + 1);
            }
            (Ty::Text, Value::String(text)) => to.cast::<*const u8>().write(string(arena, text)),
            (Ty::Struct(layout), value) => {
                let inner = zeroed(arena, layout.size)?;
                object(arena, layout, value, inner)?;
                to.cast::<*const u8>().write(inner.as_ptr());
            }
            (Ty::Union(of), value) => to.cast::<*const u8>().write(union(arena, of, value)?),
            (Ty::List(item), Value::Array(values)) => {
                let items = zeroed(arena, values.len() * item.width())?;
                for (i, value) in values.iter().enumerate() {
                    write(arena, item, value, items.add(i * item.width()))?;
                }
                to.cast::<Slice>().write(Slice { items: items.as_ptr(), count: values.len() });
            }
            (Ty::Map(map), Value::Object(object)) => {
                let entries = zeroed(arena, object.len() * map.stride)?;
                for (i, (key, value)) in object.iter().enumerate() {
                    let entry = entries.add(i * map.stride);
                    entry.cast::<*const u8>().write(string(arena, key));
                    write(arena, &map.value, value, entry.add(map.value_at))?;
                }
                to.cast::<Slice>().write(Slice { items: entries.as_ptr(), count: object.len() });
            }
            _ => return Err(misfit(value)),
        }
    }
    Ok(())
}

unsafe fn union(arena: &Bump, of: &Union, value: &Value) -> Result<*const u8> {
    let tag = value.get("type").and_then(Value::as_str);
    let index = of.variants.iter().position(|(name, _)| Some(*name) == tag).ok_or_else(|| misfit(value))?;
    let layout = of.variants[index].1;
    let (outer, inner) = (zeroed(arena, of.size)?, zeroed(arena, layout.size)?);
    // SAFETY: both blocks have their struct's size.
    unsafe {
        object(arena, layout, value, inner)?;
        outer.cast::<usize>().write(of.size);
        outer.add(of.tag).cast::<i32>().write(index as i32 + 1);
        outer.add(of.of).cast::<*const u8>().write(inner.as_ptr());
    }
    Ok(outer.as_ptr())
}

/// A NUL within becomes U+FFFD, since C ends a string at the first one.
fn string(arena: &Bump, text: &str) -> *const u8 {
    let replaced = if text.contains('\0') { Some(text.replace('\0', "\u{fffd}")) } else { None };
    let text = replaced.as_deref().unwrap_or(text);
    let bytes = arena.alloc_slice_fill_copy(text.len() + 1, 0u8);
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes.as_ptr()
}

#[cold]
fn misfit(value: &Value) -> Error {
    Error::new(ErrorKind::Internal, "an answer does not have the form that C expects").with("value", value)
}
