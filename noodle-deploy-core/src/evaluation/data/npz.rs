//! Archives of arrays as `numpy.savez` writes them: a ZIP file without compression, one `.npy` file for each array.

use std::collections::BTreeMap;

use super::{MAX_ARRAYS, npy, too_large};
use crate::error::{Error, ErrorKind, Result};
use crate::tensor::Tensor;

/// End of the central directory, an entry of it, and an entry's own header (APPNOTE 4.3.16, 4.3.12, 4.3.7).
const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
const END_BYTES: usize = 22;
/// The comment behind the end is at most so long.
const MAX_COMMENT: usize = 65_535;

fn damaged(reason: &'static str) -> Error {
    Error::invalid("data", reason, "a file that numpy.savez wrote")
}

/// A number of 16 or 32 bits at a place.
fn number<const N: usize>(bytes: &[u8], at: usize) -> Result<usize> {
    let found =
        bytes.get(at..).and_then(|rest| rest.first_chunk::<N>()).ok_or_else(|| damaged("a file that ends too soon"))?;
    Ok(found.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

fn at(bytes: &[u8], from: usize, length: usize) -> Result<&[u8]> {
    let range = from.checked_add(length).and_then(|end| bytes.get(from..end));
    range.ok_or_else(|| damaged("a file that ends too soon"))
}

/// Reads every array of an archive.
///
/// # Errors
/// `invalid_argument` for bytes that are none; `unsupported` for compressed archives and what [`npy::parse`] refuses.
pub fn parse(bytes: &[u8]) -> Result<BTreeMap<String, Tensor>> {
    let earliest = bytes.len().saturating_sub(END_BYTES + MAX_COMMENT);
    let last = bytes.len().saturating_sub(END_BYTES - END.len());
    let end = bytes[earliest..last].windows(END.len()).rposition(|window| window == END);
    let end = earliest + end.ok_or_else(|| damaged("a file of another kind"))?;
    let (count, mut place) = (number::<2>(bytes, end + 10)?, number::<4>(bytes, end + 16)?);
    if count > MAX_ARRAYS {
        return Err(too_large(format!("{count} arrays"), format!("{MAX_ARRAYS} arrays")));
    }
    let mut arrays = BTreeMap::new();
    for _ in 0..count {
        if at(bytes, place, ENTRY.len())? != ENTRY {
            return Err(damaged("an archive whose directory is damaged"));
        }
        let (flags, method) = (number::<2>(bytes, place + 8)?, number::<2>(bytes, place + 10)?);
        let (length, header) = (number::<4>(bytes, place + 24)?, number::<4>(bytes, place + 42)?);
        let name_length = number::<2>(bytes, place + 28)?;
        let name =
            std::str::from_utf8(at(bytes, place + 46, name_length)?).map_err(|_| damaged("a name that is no text"))?;
        place += 46 + name_length + number::<2>(bytes, place + 30)? + number::<2>(bytes, place + 32)?;
        if method != 0 || flags & 1 != 0 {
            return Err(Error::new(ErrorKind::Unsupported, "the archive is compressed or encrypted")
                .with("field", "data")
                .with("value", name)
                .with("allowed", "numpy.savez, not numpy.savez_compressed"));
        }
        if at(bytes, header, LOCAL.len())? != LOCAL {
            return Err(damaged("an archive whose entries are damaged"));
        }
        let data = header + 30 + number::<2>(bytes, header + 26)? + number::<2>(bytes, header + 28)?;
        let name = name.strip_suffix(".npy").ok_or_else(|| damaged("an entry that is no array"))?;
        let array = npy::parse(at(bytes, data, length)?).map_err(|e| e.with("array", name))?;
        if arrays.insert(name.to_owned(), array).is_some() {
            return Err(damaged("two arrays of one name"));
        }
    }
    Ok(arrays)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_arrays_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..100), tail in prop::collection::vec(any::<u8>(), 0..30)) {
            let _ = parse(&bytes);
            let _ = parse(&[&bytes[..], END, &tail].concat());
        }
    }
}
