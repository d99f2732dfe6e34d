//! An answer as bytes, for the levels outside this process.
//!
//! ```text
//! "NDC1"  order of bytes: "l" or "b"  expiry: u64, 0 for none  hash: 16 bytes of BLAKE3 over what follows
//! count: u16, then of each tensor: element type: u8, rank: u8, sizes: u64 each, then its elements as they lie in memory,
//! or of each string its length: u32, and its UTF-8 bytes
//! ```
//!
//! Numbers are little-endian. What is read is believed only after it was checked: whatever is wrong is a typed error,
//! which counts as a miss.

use crate::clock::Millis;
use crate::engine::Outputs;
use crate::error::{Error, ErrorKind, Result};
use crate::tensor::{DType, Data, Shape, Tensor, bytes_of, element_count};

const MAGIC: [u8; 5] = if cfg!(target_endian = "big") { *b"NDC1b" } else { *b"NDC1l" };
const HASH: usize = 16;
/// Where the expiry ends.
pub(crate) const EXPIRY_END: usize = MAGIC.len() + 8;
const HEADER: usize = EXPIRY_END + HASH;
/// Bytes that the encoding takes at most beyond those of the elements, for each answer and for each tensor.
pub(crate) const MARGIN: u64 = 64 << 10;
/// What an entry costs in memory beside its tensors, and a tensor beside its elements.
const ENTRY_BYTES: u64 = 256;
const TENSOR_BYTES: u64 = 128;

/// Bytes that outputs hold, with what it takes to keep them.
pub(crate) fn bytes_held(outputs: &[Tensor]) -> u64 {
    ENTRY_BYTES + outputs.len() as u64 * TENSOR_BYTES + bytes_of(outputs)
}

/// Outputs that own their memory and no more of it: an engine's own buffer may be a part of something larger.
///
/// # Errors
/// `internal` where an engine hands out what is no tensor.
pub(crate) fn compact(outputs: &[Tensor]) -> Result<Outputs> {
    outputs
        .iter()
        .map(|tensor| match tensor.data() {
            Data::Bytes(bytes) => Tensor::from_bytes(tensor.dtype(), tensor.shape(), bytes),
            Data::Strings(strings) => Tensor::strings(tensor.shape(), strings.to_vec()),
        })
        .collect()
}

/// An answer as bytes.
///
/// # Errors
/// `too_large` for what the form cannot say: more than 65535 tensors, 255 axes, or 4 GiB in one string.
pub(crate) fn encode(outputs: &[Tensor], expires_at: Option<Millis>) -> Result<Vec<u8>> {
    let too_large =
        |what: &'static str| Error::new(ErrorKind::TooLarge, "an answer cannot be kept").with("field", what);
    let mut out = Vec::with_capacity(HEADER + bytes_held(outputs) as usize);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&expires_at.unwrap_or(0).to_le_bytes());
    out.extend_from_slice(&[0; HASH]);
    out.extend_from_slice(&u16::try_from(outputs.len()).map_err(|_| too_large("outputs"))?.to_le_bytes());
    for tensor in outputs {
        out.push(tensor.dtype() as u8);
        out.push(u8::try_from(tensor.shape().len()).map_err(|_| too_large("shape"))?);
        for size in tensor.shape() {
            out.extend_from_slice(&(*size as u64).to_le_bytes());
        }
        match tensor.data() {
            Data::Bytes(bytes) => out.extend_from_slice(bytes),
            Data::Strings(strings) => {
                for text in strings {
                    out.extend_from_slice(&u32::try_from(text.len()).map_err(|_| too_large("string"))?.to_le_bytes());
                    out.extend_from_slice(text.as_bytes());
                }
            }
        }
    }
    let hash = hash(&out);
    out[HEADER - HASH..HEADER].copy_from_slice(&hash);
    Ok(out)
}

/// Over everything but itself.
fn hash(bytes: &[u8]) -> [u8; HASH] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes[..HEADER - HASH]).update(&bytes[HEADER..]);
    let mut short = [0; HASH];
    short.copy_from_slice(&hasher.finalize().as_bytes()[..HASH]);
    short
}

/// Reads an answer, and when it goes.
///
/// # Errors
/// `corrupt` that says what is wrong. Nothing is allocated beyond what the bytes themselves can fill.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Outputs, Option<Millis>)> {
    let mut reader = Reader(bytes);
    if reader.take(MAGIC.len())? != MAGIC {
        return Err(corrupt("magic"));
    }
    let expires_at = reader.u64()?;
    if reader.take(HASH)? != hash(bytes) {
        return Err(corrupt("hash"));
    }
    let outputs = body(reader)?;
    Ok((outputs, (expires_at != 0).then_some(expires_at)))
}

/// When an answer goes, by its first bytes alone; none where they are no beginning of one.
pub(crate) fn expiry_of(begin: &[u8; EXPIRY_END]) -> Option<Millis> {
    let mut reader = Reader(begin);
    (reader.take(MAGIC.len()).ok()? == MAGIC).then(|| reader.u64().ok())?
}

fn corrupt(what: &'static str) -> Error {
    Error::new(ErrorKind::Corrupt, "a cached answer does not read").with("field", what)
}

/// What follows the hash.
fn body(mut reader: Reader<'_>) -> Result<Outputs> {
    let count = u16::from_le_bytes(reader.array()?);
    let mut outputs = Outputs::new();
    for _ in 0..count {
        outputs.push(tensor(&mut reader)?);
    }
    if reader.0.is_empty() { Ok(outputs) } else { Err(corrupt("length")) }
}

fn tensor(reader: &mut Reader<'_>) -> Result<Tensor> {
    let [dtype, rank] = reader.array()?;
    let dtype = DType::ALL.into_iter().find(|d| *d as u8 == dtype).ok_or_else(|| corrupt("dtype"))?;
    let mut shape = Shape::new();
    for _ in 0..rank {
        shape.push(usize::try_from(reader.u64()?).map_err(|_| corrupt("shape"))?);
    }
    let count = element_count(&shape).ok_or_else(|| corrupt("shape"))?;
    let Some(size) = dtype.size() else {
        // Each string has its length at least.
        if count > reader.0.len() / 4 {
            return Err(corrupt("length"));
        }
        let strings = (0..count).map(|_| reader.string()).collect::<Result<Vec<_>>>()?;
        return Tensor::strings(&shape, strings);
    };
    let length = count.checked_mul(size).ok_or_else(|| corrupt("shape"))?;
    Tensor::from_bytes(dtype, &shape, reader.take(length)?).map_err(|e| corrupt("elements").source(e))
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(|| corrupt("length"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(|| corrupt("length"))?;
        self.0 = rest;
        Ok(*taken)
    }

    fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn string(&mut self) -> Result<String> {
        let length = u32::from_le_bytes(self.array()?) as usize;
        let text = std::str::from_utf8(self.take(length)?).map_err(|e| corrupt("string").source(e))?;
        Ok(text.to_owned())
    }
}

/// Any bytes, read as an answer and as what follows the hash of one, and what is read as a recorded request. What is read once is written and read the same.
pub(crate) fn fuzz(data: &[u8]) {
    let read = [decode(data).map(|(outputs, _)| outputs), body(Reader(data))];
    for outputs in read.into_iter().flatten() {
        crate::serving::recorded::fuzz(outputs.clone());
        let bytes = encode(&outputs, Some(7)).expect("what was read can be written");
        let (again, expires_at) = decode(&bytes).expect("what was written can be read");
        assert_eq!(expires_at, Some(7));
        assert_eq!(again.len(), outputs.len());
        for (a, b) in again.iter().zip(&outputs) {
            assert!(a == b, "{a:?} is not {b:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample() -> Outputs {
        Outputs::from_iter([
            Tensor::new(&[2, 2], vec![1.0f32, -0.0, f32::NAN, 4.0]).unwrap(),
            Tensor::new(&[3], vec![true, false, true]).unwrap(),
            Tensor::new(&[0, 7], Vec::<i64>::new()).unwrap(),
            Tensor::new(&[], vec![7u16]).unwrap(),
            Tensor::strings(&[2], vec!["é".into(), String::new()]).unwrap(),
        ])
    }

    fn same(a: &[Tensor], b: &[Tensor]) -> bool {
        let bits = |t: &Tensor| (t.dtype(), t.shape().to_vec(), format!("{:?}", t.data()));
        a.iter().map(bits).eq(b.iter().map(bits))
    }

    #[test]
    fn answers_come_back_as_they_were() {
        for expires_at in [None, Some(1), Some(u64::MAX)] {
            let bytes = encode(&sample(), expires_at).unwrap();
            let (outputs, found) = decode(&bytes).unwrap();
            assert!(same(&outputs, &sample()));
            assert_eq!(found, expires_at);
            assert!(bytes.len() as u64 <= bytes_held(&sample()) + MARGIN);
        }
        assert!(decode(&encode(&[], None).unwrap()).unwrap().0.is_empty());
        assert!(same(&compact(&sample()).unwrap(), &sample()));
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_found() {
        let good = encode(&sample(), Some(5)).unwrap();
        for end in 0..good.len() {
            assert_eq!(decode(&good[..end]).unwrap_err().kind(), ErrorKind::Corrupt, "{end}");
        }
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            assert_eq!(decode(&bad).unwrap_err().kind(), ErrorKind::Corrupt, "{at}");
        }
        let longer = [good.as_slice(), &[0]].concat();
        assert_eq!(decode(&longer).unwrap_err().kind(), ErrorKind::Corrupt);
    }

    #[test]
    fn sizes_that_cannot_be_allocate_nothing() {
        // One tensor of strings with 2^60 of them, one of bytes with more than there are, one that overflows.
        for (dtype, sizes) in
            [(DType::String, vec![1u64 << 60]), (DType::U8, vec![1 << 40]), (DType::F64, vec![1 << 61])]
        {
            let mut bytes = vec![1, 0, dtype as u8, sizes.len() as u8];
            sizes.iter().for_each(|size| bytes.extend_from_slice(&size.to_le_bytes()));
            assert_eq!(body(Reader(&bytes)).unwrap_err().kind(), ErrorKind::Corrupt);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(data in prop::collection::vec(any::<u8>(), 0..200)) {
            fuzz(&data);
        }
    }
}
