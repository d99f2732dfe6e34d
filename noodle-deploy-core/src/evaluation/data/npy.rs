//! Arrays in NumPy's format, versions 1 to 3 (`numpy.lib.format`): little-endian, row-major numbers, bools and strings.

use crate::error::{Error, ErrorKind, Result};
use crate::model::probe::MAX_RANK;
use crate::tensor::{DType, Shape, Tensor, element_count};

const MAGIC: &[u8] = b"\x93NUMPY";

fn damaged(reason: &'static str) -> Error {
    Error::invalid("data", reason, "an array in NumPy's format")
}

fn unsupported(field: &str, value: &str, allowed: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported, "the array is written in a way that is not read")
        .with("field", field)
        .with("value", value)
        .with("allowed", allowed)
}

/// Reads an array.
///
/// # Errors
/// `invalid_argument` for bytes that are none; `unsupported` for element types, byte orders and layouts.
pub fn parse(bytes: &[u8]) -> Result<Tensor> {
    let (magic, rest) = bytes.split_at_checked(MAGIC.len()).ok_or_else(|| damaged("a file that ends too soon"))?;
    if magic != MAGIC {
        return Err(damaged("a file of another kind"));
    }
    let (length, at) = match rest {
        [1, _, a, b, ..] => (usize::from(u16::from_le_bytes([*a, *b])), 4),
        [2 | 3, _, a, b, c, d, ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, 6),
        _ => return Err(damaged("another version of the format")),
    };
    let cut = rest.get(at..).and_then(|rest| rest.split_at_checked(length));
    let (header, data) = cut.ok_or_else(|| damaged("a file that ends too soon"))?;
    let header = std::str::from_utf8(header).map_err(|_| damaged("a header that is no text"))?;
    let descr = value(header, "descr").ok_or_else(|| damaged("a header without `descr`"))?;
    let descr = descr.strip_prefix('\'').and_then(|text| text.split('\'').next());
    let descr = descr.ok_or_else(|| unsupported("descr", "fields", "an array of one element type"))?;
    let shape = shape(value(header, "shape").ok_or_else(|| damaged("a header without `shape`"))?)?;
    let fortran = value(header, "fortran_order").ok_or_else(|| damaged("a header without `fortran_order`"))?;
    if fortran.starts_with("True") && shape.len() > 1 {
        return Err(unsupported("fortran_order", "True", "row-major arrays: numpy.ascontiguousarray makes one"));
    }
    let count = element_count(&shape).ok_or_else(|| damaged("a shape that overflows"))?;
    if let Some(width) = descr.strip_prefix("<U").and_then(|n| n.parse::<usize>().ok()) {
        return strings(&shape, count, width, data);
    }
    let dtype = dtype(descr)?;
    let wanted = count.checked_mul(dtype.size().unwrap_or(1));
    if wanted != Some(data.len()) {
        return Err(damaged("another number of elements than its shape has"));
    }
    Tensor::from_bytes(dtype, &shape, data)
}

fn dtype(descr: &str) -> Result<DType> {
    Ok(match descr {
        "<f2" => DType::F16,
        "<f4" => DType::F32,
        "<f8" => DType::F64,
        "|i1" => DType::I8,
        "<i2" => DType::I16,
        "<i4" => DType::I32,
        "<i8" => DType::I64,
        "|u1" => DType::U8,
        "<u2" => DType::U16,
        "<u4" => DType::U32,
        "<u8" => DType::U64,
        "|b1" => DType::Bool,
        _ => return Err(unsupported("descr", descr, "<f2, <f4, <f8, |i1, <i2, <i4, <i8, |u1, <u2, <u4, <u8, |b1, <U")),
    })
}

/// What follows `'key':` in the header, a Python dictionary of three entries.
fn value<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = header.split_once(&format!("'{key}':"))?;
    Some(rest.trim_start())
}

fn shape(text: &str) -> Result<Shape> {
    let inside = text.strip_prefix('(').and_then(|text| text.split(')').next());
    let sizes = inside.ok_or_else(|| damaged("a shape that is no tuple"))?.split(',').map(str::trim);
    let sizes: Shape = sizes
        .filter(|size| !size.is_empty())
        .map(|size| size.parse().map_err(|_| damaged("a shape that is no tuple of sizes")))
        .collect::<Result<_>>()?;
    if sizes.len() > MAX_RANK {
        return Err(damaged("more axes than are read"));
    }
    Ok(sizes)
}

/// Strings of `width` code points of 32 bits each, filled up with NUL.
fn strings(shape: &[usize], count: usize, width: usize, data: &[u8]) -> Result<Tensor> {
    let size = width.checked_mul(4).filter(|size| *size > 0);
    if size.and_then(|size| size.checked_mul(count)) != Some(data.len()) {
        return Err(damaged("another number of elements than its shape has"));
    }
    let read = |text: &[u8]| {
        let points = text.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]]));
        let read: Option<String> = points.map(char::from_u32).collect();
        read.map(|text| text.trim_end_matches('\0').to_owned()).ok_or_else(|| damaged("a string that is no text"))
    };
    Tensor::strings(shape, data.chunks_exact(size.unwrap_or(4)).map(read).collect::<Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(version: u8, descr: &str, fortran: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
        let mut bytes = [MAGIC, &[version, 0]].concat();
        match version {
            1 => bytes.extend((header.len() as u16).to_le_bytes()),
            _ => bytes.extend((header.len() as u32).to_le_bytes()),
        }
        [bytes, header.into_bytes(), data.to_vec()].concat()
    }

    #[test]
    fn arrays_are_read() {
        let data: Vec<u8> = [1.5f32, -2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        for version in [1, 2, 3] {
            let tensor = parse(&file(version, "<f4", "False", "(2, 1)", &data)).unwrap();
            assert_eq!((tensor.shape(), tensor.as_slice::<f32>().unwrap()), (&[2, 1][..], &[1.5, -2.0][..]));
        }
        assert_eq!(parse(&file(1, "|u1", "True", "(3,)", &[1, 2, 3])).unwrap().shape(), [3]);
        assert_eq!(parse(&file(1, "<i8", "False", "()", &7i64.to_le_bytes())).unwrap().shape(), [] as [usize; 0]);
        let names: Vec<u8> = "ab\0cde".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        assert_eq!(parse(&file(1, "<U3", "False", "(2,)", &names)).unwrap().as_strings().unwrap(), ["ab", "cde"]);
    }

    #[test]
    fn what_is_not_read_says_so() {
        for (bytes, field) in [
            (file(1, ">f4", "False", "(1,)", &[0; 4]), "descr"),
            (file(1, "|O", "False", "(1,)", &[0; 4]), "descr"),
            (file(1, "<f4", "True", "(1, 1)", &[0; 4]), "fortran_order"),
        ] {
            let error = parse(&bytes).unwrap_err();
            assert_eq!((error.kind(), error.get("field")), (ErrorKind::Unsupported, Some(field)), "{error}");
        }
        for bytes in [
            b"PK\x03\x04".to_vec(),
            b"".to_vec(),
            file(9, "<f4", "False", "(1,)", &[0; 4]),
            file(1, "<f4", "False", "(2,)", &[0; 4]),
            file(1, "<f4", "False", "(99999999999999999999,)", &[0; 4]),
            file(1, "<f4", "False", "(4294967295, 4294967295, 4294967295)", &[0; 4]),
            file(1, "<U0", "False", "(1,)", &[]),
            file(1, "|b1", "False", "(1,)", &[2]),
        ] {
            assert_eq!(parse(&bytes).unwrap_err().kind(), ErrorKind::InvalidArgument, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_array_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200), shape in "[(),0-9 ]{0,20}") {
            let _ = parse(&[MAGIC, &[1, 0], &bytes[..]].concat());
            let _ = parse(&file(1, "<f4", "False", &shape, &bytes));
        }
    }
}
