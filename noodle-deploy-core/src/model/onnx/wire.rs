//! The protobuf wire format: just enough to walk a message without decoding it.

use crate::error::{Error, ErrorKind, Result};

/// A field's payload.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    /// Wire type 0.
    Varint(u64),
    /// Wire type 1.
    Fixed64([u8; 8]),
    /// Wire type 2.
    Bytes(&'a [u8]),
    /// Wire type 5.
    Fixed32([u8; 4]),
}

pub(super) fn damaged(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidModel, "the file is not a well-formed ONNX protobuf").with("reason", what)
}

impl<'a> Value<'a> {
    pub(super) fn bytes(self) -> Result<&'a [u8]> {
        match self {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(damaged("a field has another wire type than its own")),
        }
    }

    pub(super) fn text(self) -> Result<&'a str> {
        std::str::from_utf8(self.bytes()?).map_err(|e| damaged("a string is not utf-8").source(e))
    }

    pub(super) fn int(self) -> Result<i64> {
        match self {
            Value::Varint(value) => Ok(value as i64),
            _ => Err(damaged("a field has another wire type than its own")),
        }
    }
}

/// The fields of one message, in the file's order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn new(message: &'a [u8]) -> Self {
        Fields { rest: message }
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(len).ok_or_else(|| damaged("a field ends after its message"))?;
        self.rest = rest;
        Ok(head)
    }

    fn field(&mut self) -> Result<(u32, Value<'a>)> {
        let key = varint(&mut self.rest)?;
        let key = u32::try_from(key).map_err(|_| damaged("a field key does not fit 32 bits"))?;
        let (number, wire) = (key >> 3, key & 7);
        if number == 0 {
            return Err(damaged("a field has number 0"));
        }
        let value = match wire {
            0 => Value::Varint(varint(&mut self.rest)?),
            1 => {
                let mut fixed = [0; 8];
                fixed.copy_from_slice(self.take(8)?);
                Value::Fixed64(fixed)
            }
            2 => {
                let len = varint(&mut self.rest)?;
                let len = usize::try_from(len).map_err(|_| damaged("a field ends after its message"))?;
                Value::Bytes(self.take(len)?)
            }
            5 => {
                let mut fixed = [0; 4];
                fixed.copy_from_slice(self.take(4)?);
                Value::Fixed32(fixed)
            }
            // ONNX has no groups; unknown ones would have to be walked to be skipped.
            _ => return Err(damaged("a field has a wire type that ONNX does not use")),
        };
        Ok((number, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// Reads one varint off the front.
pub(super) fn varint(bytes: &mut &[u8]) -> Result<u64> {
    let mut value = 0u64;
    for (i, &byte) in bytes.iter().enumerate().take(10) {
        if i == 9 && byte > 1 {
            return Err(damaged("a varint does not fit 64 bits"));
        }
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte < 0x80 {
            *bytes = &bytes[i + 1..];
            return Ok(value);
        }
    }
    Err(damaged("a varint does not end"))
}

/// Calls `each` with every number of a repeated varint field, packed or not, and returns how many there were.
pub(super) fn varints(value: Value<'_>, mut each: impl FnMut(i64)) -> Result<u64> {
    match value {
        Value::Varint(value) => {
            each(value as i64);
            Ok(1)
        }
        Value::Bytes(mut packed) => {
            let mut count = 0;
            while !packed.is_empty() {
                each(varint(&mut packed)? as i64);
                count += 1;
            }
            Ok(count)
        }
        _ => Err(damaged("a field has another wire type than its own")),
    }
}

/// How many fixed-width numbers a repeated field's payload has, packed or not.
pub(super) fn fixed_count(value: Value<'_>, width: usize) -> Result<u64> {
    match value {
        Value::Fixed32(_) if width == 4 => Ok(1),
        Value::Fixed64(_) if width == 8 => Ok(1),
        Value::Bytes(packed) if packed.len().is_multiple_of(width) => Ok((packed.len() / width) as u64),
        _ => Err(damaged("a field has another wire type or length than its own")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_are_bounded() {
        let mut bytes: &[u8] = &[0xff; 11];
        assert!(varint(&mut bytes).is_err());
        let mut bytes: &[u8] = &[0x80; 3];
        assert!(varint(&mut bytes).is_err());
        let mut bytes: &[u8] = &[0xac, 0x02, 7];
        assert_eq!(varint(&mut bytes).unwrap(), 300);
        assert_eq!(bytes, [7]);
        let mut bytes: &[u8] = &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
        assert_eq!(varint(&mut bytes).unwrap(), u64::MAX);
    }

    #[test]
    fn a_field_must_end_inside_its_message() {
        assert!(Fields::new(&[0x0a, 5, 1]).next().unwrap().is_err());
        assert!(Fields::new(&[0x0b]).next().unwrap().is_err());
        assert!(Fields::new(&[0x00, 0]).next().unwrap().is_err());
        let mut fields = Fields::new(&[0x0a, 1, b'x', 0x10, 3]);
        assert_eq!(fields.next().unwrap().unwrap().1.text().unwrap(), "x");
        assert_eq!(fields.next().unwrap().unwrap().1.int().unwrap(), 3);
        assert!(fields.next().is_none());
    }
}
